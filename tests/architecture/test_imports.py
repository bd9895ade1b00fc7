"""Reads the sources and holds them to the house style: who imports whom, who may do what."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.specimens import store_path, vaccination

ROOT = Path(__file__).parents[2]
PACKAGES = ("verifier", "trustlists", "cli")

# House style 2.8. What each module of the core may use of the others; a folder stands for what is
# in it. Any other arrow is a mistake, whatever it is good for.
LEAVES = {"errors", "reasons", "limits", "privacy"}
MAY_IMPORT = {
    "reasons": set(),
    "limits": set(),
    "errors": {"reasons"},
    "privacy": {"errors"},
    "algorithms": set(),
    "clinical_codes": set(),
    "findings": {"reasons"},
    "countries": set(),
    "clock": {"errors", "limits"},
    "trust": {"clock", "codecs", *LEAVES},
    "envelope": LEAVES,
    "claims": {"clock", *LEAVES},
    "codecs": {"algorithms", "codecs", "envelope", *LEAVES},
    "formats": {
        "formats", "algorithms", "clinical_codes", "codecs", "envelope", "claims", "countries",
        *LEAVES,
    },
    "lookalikes": {"reasons"},
    "extensions": {"claims", "envelope", "formats", *LEAVES},
    "scan": {"formats", "lookalikes", *LEAVES},
    "collecting": {"codecs", *LEAVES},
    "signature": {"algorithms", "envelope", "trust", "clock", *LEAVES},
    "chain": {"clock", "codecs", "countries", "trust", *LEAVES},
    "validity": {"claims", "trust", "clock", "countries", "findings", *LEAVES},
    "revocation": {
        "algorithms", "clock", "codecs", "envelope", "findings", "trust", *LEAVES,
    },
    "mrz": LEAVES,
    "transliteration": LEAVES,
    "names": {"claims", "mrz", "transliteration", *LEAVES},
    "identity": {"claims", "findings", "mrz", "names", *LEAVES},
    # The report of the rules is a part of a verdict, and loaded only with it.
    "verdict": {
        "claims", "trust", "clock", "findings", "identity", "rules", "transliteration", *LEAVES,
    },
    # A rule set says from which list it is, as a key does.
    "rules": {"claims", "clock", "countries", "rules", "trust", *LEAVES},
    "batch": {"verdict", "verifier"},
    "sealing": {"sealing", *LEAVES},
    # Only these two see everything: the one that runs the stages, the one that shows them.
    "verifier": {
        "batch", "chain", "claims", "clock", "envelope", "extensions", "findings", "formats",
        "identity", "revocation", "rules", "scan", "signature", "trust", "validity", "verdict",
        *LEAVES,
    },
    "inspection": {
        "clock", "codecs", "envelope", "findings", "formats", "scan", "signature", "trust",
        "verdict", "verifier", *LEAVES,
    },
    "__init__": {
        "errors", "findings", "identity", "privacy", "reasons", "sealing", "verdict", "verifier",
    },
}  # fmt: skip

# What the other two packages may use of the core.
LISTS_MAY_IMPORT = {"trust", "clock", "codecs", "countries", "revocation", "rules", *LEAVES}
COMMAND_MAY_IMPORT = {
    "__init__", "collecting", "findings", "verdict", "verifier", "inspection", "scan",
    "lookalikes", "clock", "identity", "mrz", "sealing",
    "countries", "rules", "trust", *LEAVES,
}  # fmt: skip

THIRD_PARTY = {
    "verifier": {"cryptography", "cbor2"},
    "trustlists": {"cryptography", "tuf", "securesystemslib"},
    "cli": {"click", "cv2", "PIL", "pypdfium2", "zxingcpp"},
}

# The self-test issues its own specimens, and needs what issuers need; no other command does.
SELF_TEST = "cli/selftest/"
ISSUERS = {"cbor2", "cryptography"}

# The framework that signs bundles for desks without a network has one place, which nothing else of
# the lists imports: the office makes bundles and the desk takes them there, and verifies without.
FRAMEWORK = {"tuf", "securesystemslib"}
ITS_PLACE = "trustlists/airgap/"

NETWORK = {
    "asyncio", "ftplib", "http", "imaplib", "nntplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib", "urllib3", "webbrowser", "wsgiref", "xmlrpc",
}  # fmt: skip
THE_ONE_WITH_A_SOCKET = "trustlists/fetch.py"

# What the core does not import, because of what it would do or keep there.
NOT_IN_THE_CORE = {
    "asyncio", "builtins", "cmd", "code", "ctypes", "dbm", "getpass", "glob", "inspect", "io",
    "locale", "logging", "mmap", "pathlib", "pickle", "platform", "random", "readline", "resource",
    "secrets", "shelve", "shutil", "sqlite3", "subprocess", "sys", "tempfile", "threading",
    "traceback", "warnings",
} | NETWORK  # fmt: skip

# But for sealing the process: its limits, the kernel by way of the C library, the audit hook, and
# the frames that tell which module did what is refused.
FOR_SEALING = {
    "verifier/sealing/__init__.py": {"resource"},
    "verifier/sealing/kernel.py": {"ctypes", "resource", "sys"},
    "verifier/sealing/audit.py": {"sys"},
}
# Reads the rules that the package ships, from its own folder.
THE_ONE_WITH_FILES = "verifier/rules/bundled/__init__.py"

# Who in the core may use a module that can do more than the core should.
ONLY_THERE = {
    "time": {"verifier/clock.py"},
    "os": {
        "verifier/formats/__init__.py",
        "verifier/codecs/cbor.py",
        "verifier/sealing/kernel.py",
        "verifier/sealing/audit.py",
    },
    "importlib": {
        "verifier/formats/__init__.py",
        "verifier/extensions.py",
        THE_ONE_WITH_FILES,
    },
    "multiprocessing": {"verifier/batch.py"},
    "concurrent": {"verifier/batch.py"},
    "signal": {"verifier/batch.py"},
}
USES_OF_OS = {
    "verifier/formats/__init__.py": {"listdir", "path"},  # finds the formats of its own folder
    "verifier/codecs/cbor.py": {"urandom"},
    # Asks for this machine's kind, reads what the kernel states of the process, tries two seals.
    "verifier/sealing/kernel.py": {
        "O_CLOEXEC", "O_CREAT", "O_RDONLY", "O_WRONLY", "close", "devnull", "memfd_create", "open",
        "pwrite", "read", "strerror", "uname",
    },
    "verifier/sealing/audit.py": {"O_CREAT", "O_RDWR", "O_TRUNC", "O_WRONLY"},
}  # fmt: skip

FORBIDDEN_CALLS = {
    "open", "print", "input", "eval", "exec", "compile", "breakpoint", "globals", "locals",
    "__import__",
}  # fmt: skip
FORBIDDEN_METHODS = {
    "now", "today", "utcnow", "getLogger", "getenv", "putenv", "intern", "write", "writelines",
    "read_text", "write_text", "read_bytes", "write_bytes", "urlopen", "add_note",
}  # fmt: skip
# The clock asks the system; a verifier asks its clock, by a method of the same name.
MAY_ASK_FOR_NOW = {"verifier/verifier.py", "verifier/inspection.py"}

# Caches outlive documents, so that nothing of a document may go into one. These hold codes,
# formats, and keys of trust lists; and certificates of signers, once an authority of the trust
# store is found to have signed them: they name an issuer and no traveller (decision 0024).
CACHED = {
    "verifier/codecs/json_strict.py": {"_decoder"},
    "verifier/chain.py": {"_chained"},
    "verifier/formats/__init__.py": {"_load", "_schemes", "reading"},
    "verifier/signature.py": {"load_key"},
    "verifier/verdict.py": {"outcome_of", "issuer_of", "trust_of"},
    "trustlists/dialects/__init__.py": {"dialects"},
    "verifier/sealing/audit.py": {"_install"},
    "cli/post/layouts.py": {"_openings", "layouts", "row_of_digits"},  # the table beside it
    "verifier/rules/bundled/__init__.py": {"regulations"},
    "cli/messages/__init__.py": {"_catalogue"},  # words of the interface, one file a language
}

# These read certificates of trust lists and no documents; what they raise may have a context.
NOT_STAGES = {"verifier/codecs/x509.py", "verifier/codecs/der.py", "verifier/batch.py"}

# Loaded late on purpose: each costs a start more than it gives.
NOT_AT_START = {
    "argparse", "click", "concurrent.futures", "cryptography.x509", "dataclasses", "email", "json",
    "inspect", "logging", "multiprocessing", "pathlib", "pickle", "shutil", "socket", "sqlite3",
    "ssl", "subprocess", "tempfile", "tomllib", "traceback", "unicodedata", "urllib", "warnings",
    "cryptography.hazmat.primitives.serialization", "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.hazmat.primitives.asymmetric.padding", "verifier.batch", "verifier.chain",
    "verifier.inspection", "verifier.codecs.json_ld", "verifier.codecs.zip_entry",
    "verifier.rules", "verifier.formats.divoc", "verifier.codecs.x509", "verifier.codecs.der",
    "trustlists", "cli", "PIL", "zxingcpp",
    "tuf", "securesystemslib", "urllib3",
    "pypdfium2", "verifier.lookalikes", "importlib.metadata", "verifier.sealing", "ctypes",
    "verifier.identity", "verifier.mrz", "verifier.names", "verifier.transliteration",
}  # fmt: skip

Source = tuple[str, ast.Module]


def _sources(*packages: str) -> list[Source]:
    return [
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text()))
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


SOURCES = _sources(*PACKAGES)
CORE = [source for source in SOURCES if source[0].startswith("verifier/")]


def _imported(tree: ast.AST) -> Iterator[str]:
    """Name every module that is imported anywhere, and every name that may be one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules() -> dict[str, str]:
    """Give for every dotted name of ours the file that it stands for."""
    found = {}
    for name, _ in SOURCES:
        dotted = name.removesuffix(".py").replace("/", ".")
        found[dotted.removesuffix(".__init__")] = name
    return found


MODULES = _modules()


def _ours(tree: ast.AST) -> Iterator[str]:
    """Name the modules of ours that are imported, in dotted form."""
    for name in _imported(tree):
        if name.partition(".")[0] in PACKAGES:
            yield name if name in MODULES else name.rpartition(".")[0]


def _part(dotted: str) -> str:
    """Name the part of the core that a module belongs to: its own name, or its folder's."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _called(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name_of(node: ast.expr) -> str:
    return (
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else ""
    )


def test_the_table_names_every_part_of_the_core() -> None:
    assert {_part(dotted) for dotted in MODULES if dotted.startswith("verifier")} == set(MAY_IMPORT)


@pytest.mark.parametrize(("name", "tree"), CORE, ids=[name for name, _ in CORE])
def test_the_core_imports_of_itself_what_the_table_allows(name: str, tree: ast.Module) -> None:
    own = _part(name.removesuffix(".py").replace("/", "."))
    for dotted in _ours(tree):
        assert dotted.startswith("verifier"), f"the core knows nothing of {dotted}"
        # `from verifier import x` names x; a bare package is no part.
        if dotted != "verifier":
            assert _part(dotted) in MAY_IMPORT[own], f"{name} imports {dotted}"


@pytest.mark.parametrize(
    ("name", "tree"),
    [source for source in SOURCES if source not in CORE],
    ids=[source[0] for source in SOURCES if source not in CORE],
)
def test_lists_and_command_import_what_they_may(name: str, tree: ast.Module) -> None:
    package = name.partition("/")[0]
    allowed = LISTS_MAY_IMPORT if package == "trustlists" else COMMAND_MAY_IMPORT
    if name.startswith(SELF_TEST):
        allowed = allowed | {"codecs"}
    for dotted in _ours(tree):
        where = dotted.partition(".")[0]
        if where == "verifier":
            assert _part(dotted) in allowed, f"{name} imports {dotted}"
        else:
            assert where == package or (package, where) == ("cli", "trustlists"), (
                f"{name}: {dotted}"
            )


@pytest.mark.parametrize(("name", "tree"), SOURCES, ids=[name for name, _ in SOURCES])
def test_other_people_s_packages_are_few(name: str, tree: ast.Module) -> None:
    allowed = THIRD_PARTY[name.partition("/")[0]] | set(PACKAGES) | sys.stdlib_module_names
    if name.startswith(SELF_TEST):
        allowed = allowed | ISSUERS
    assert {dotted.partition(".")[0] for dotted in _imported(tree)} <= allowed


@pytest.mark.parametrize(("name", "tree"), SOURCES, ids=[name for name, _ in SOURCES])
def test_only_one_file_of_the_project_may_open_a_connection(name: str, tree: ast.Module) -> None:
    if name != THE_ONE_WITH_A_SOCKET:
        assert not {dotted.partition(".")[0] for dotted in _imported(tree)} & NETWORK


def test_only_bundles_know_the_framework_that_signs_them() -> None:
    for name, tree in SOURCES:
        if not name.startswith(ITS_PLACE):
            assert not {dotted.partition(".")[0] for dotted in _imported(tree)} & FRAMEWORK, name
            # The command loads it when it is asked for; the library only by its name.
            inside = {dotted for dotted in _ours(tree) if dotted.startswith("trustlists.airgap")}
            assert not inside or name.startswith("cli/trust") or name == "trustlists/__init__.py"


def test_only_the_back_office_goes_online() -> None:
    users = {
        name for name, tree in SOURCES if any(each == "trustlists.fetch" for each in _ours(tree))
    }
    assert users == {"trustlists/refreshing.py"}
    online = {
        name
        for name, tree in SOURCES
        if any(each == "trustlists.refreshing" for each in _ours(tree))
    }
    # The last two name its types and the package's public names.
    assert online == {
        "cli/trust.py", "cli/trust_refresh.py", "cli/trust_reports.py", "trustlists/__init__.py",
    }  # fmt: skip


def test_claims_of_formats_never_see_trust_or_time() -> None:
    for name, tree in CORE:
        if name.startswith("verifier/formats/"):
            assert not {_part(dotted) for dotted in _ours(tree)} & {"trust", "clock", "signature"}


def test_a_verified_envelope_is_made_in_one_file_alone() -> None:
    makers = {
        name
        for name, tree in SOURCES
        for call in _called(tree)
        if _name_of(call.func) == "VerifiedEnvelope"
    }
    assert makers == {"verifier/signature.py"}


def test_each_stage_is_the_only_maker_of_its_type() -> None:
    for made, only in (
        ("ScannedText", {"verifier/scan.py"}),
        # A comparison with a passport makes another verdict of one.
        ("Verdict", {"verifier/verifier.py", "verifier/verdict.py"}),
        ("HolderBox", {"verifier/verifier.py"}),
        ("Zone", {"verifier/mrz.py"}),
        ("Comparison", {"verifier/identity.py"}),
    ):
        makers = {
            name for name, tree in SOURCES for call in _called(tree) if _name_of(call.func) == made
        }
        assert makers == only, made


def test_an_envelope_is_made_by_the_file_of_its_format_or_by_what_formats_share() -> None:
    makers = {
        name
        for name, tree in SOURCES
        for call in _called(tree)
        if _name_of(call.func) == "Envelope"
    }
    assert {name for name in makers if not name.startswith("verifier/formats/")} == {
        "verifier/codecs/cose.py"
    }


def test_formats_are_files_with_one_format_each() -> None:
    for name, tree in CORE:
        if name.startswith("verifier/formats/") and not name.endswith(("__init__.py", "base.py")):
            made = [call for call in _called(tree) if _name_of(call.func) == "Format"]
            named = [
                node
                for node in tree.body
                if isinstance(node, ast.AnnAssign | ast.Assign)
                and "FORMAT" in {_name_of(target) for target in _targets(node)}
            ]
            assert len(made) == len(named) == 1, name


def _targets(node: ast.AnnAssign | ast.Assign) -> list[ast.expr]:
    return [node.target] if isinstance(node, ast.AnnAssign) else node.targets


@pytest.mark.parametrize(("name", "tree"), CORE, ids=[name for name, _ in CORE])
def test_the_core_neither_reads_nor_writes_nor_prints_nor_logs(name: str, tree: ast.Module) -> None:
    roots = {dotted.partition(".")[0] for dotted in _imported(tree)}
    assert not roots & NOT_IN_THE_CORE - FOR_SEALING.get(name, set())
    for module, places in ONLY_THERE.items():
        assert module not in roots or name in places, f"{name} imports {module}"
    for call in _called(tree):
        called = _name_of(call.func)
        assert not (isinstance(call.func, ast.Name) and called in FORBIDDEN_CALLS), (
            f"{name}: {called}"
        )
        if isinstance(call.func, ast.Attribute) and called in FORBIDDEN_METHODS:
            if called == "read_text":
                assert name == THE_ONE_WITH_FILES, f"{name} reads a file"
                continue
            assert called == "now", f"{name}: {called}"
            assert name in MAY_ASK_FOR_NOW, f"{name} asks for the time"


@pytest.mark.parametrize(("name", "tree"), CORE, ids=[name for name, _ in CORE])
def test_the_core_uses_little_of_the_system(name: str, tree: ast.Module) -> None:
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _name_of(node.value) == "os"
    }
    assert used <= USES_OF_OS.get(name, set())


@pytest.mark.parametrize(("name", "tree"), SOURCES, ids=[name for name, _ in SOURCES])
def test_caches_hold_codes_and_listed_keys_alone(name: str, tree: ast.Module) -> None:
    caches = {"lru_cache", "cache", "cached_property"}
    decorated = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if _name_of(decorator.func if isinstance(decorator, ast.Call) else decorator) in caches
    }
    assert decorated <= CACHED.get(name, set())
    # Nor is a function wrapped into a cache by hand.
    calls = [call for call in _called(tree) if _name_of(call.func) in caches]
    assert len(calls) <= len(decorated)


@pytest.mark.parametrize(
    ("name", "tree"),
    [source for source in CORE if source[0] not in NOT_STAGES],
    ids=[name for name, _ in CORE if name not in NOT_STAGES],
)
def test_a_stage_raises_outside_its_except_blocks_and_gives_no_cause(
    name: str, tree: ast.Module
) -> None:
    # An error raised inside such a block carries the one before it, and that one the document.
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            assert node.cause is None, f"{name}:{node.lineno}"
        if isinstance(node, ast.ExceptHandler):
            inside = [inner for each in node.body for inner in ast.walk(each)]
            assert not any(isinstance(inner, ast.Raise) for inner in inside), (
                f"{name}:{node.lineno}"
            )


@pytest.mark.parametrize(("name", "tree"), CORE, ids=[name for name, _ in CORE])
def test_patterns_and_attribute_names_are_literals(name: str, tree: ast.Module) -> None:
    for call in _called(tree):
        if isinstance(call.func, ast.Attribute) and _name_of(call.func.value) == "re":
            assert isinstance(call.args[0], ast.Constant), f"{name}:{call.lineno}"
        if _name_of(call.func) == "setattr" and isinstance(call.func, ast.Name):
            assert name == "verifier/privacy.py", f"{name}:{call.lineno}"
        if _name_of(call.func) == "import_module":
            assert name == "verifier/formats/__init__.py", f"{name}:{call.lineno}"


@pytest.mark.parametrize(("name", "tree"), CORE, ids=[name for name, _ in CORE])
def test_nothing_is_stored_in_modules_but_constants(name: str, tree: ast.Module) -> None:
    assert not any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(tree)), name


def test_nothing_is_left_to_do() -> None:
    marks = ["TO" + "DO", "FIX" + "ME", "X" * 3 + ":", "HA" + "CK:"]
    for folder in (*PACKAGES, "fixtures", "tests", "benchmarks", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".toml", ".json"}:
                text = path.read_text()
                assert not [mark for mark in marks if mark in text], path


def _loaded(code: str) -> set[str]:
    """Name the modules that a fresh interpreter has loaded after some code."""
    prologue = f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{prologue}{code}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


# What comes along with any use of the libraries is not ours to avoid.
LIBRARIES = (
    "import cbor2; from cryptography.hazmat.primitives import hashes; "
    "from cryptography.hazmat.primitives.asymmetric import ec; ec.ECDSA(hashes.SHA256())"
)


def _heavy(loaded: set[str]) -> set[str]:
    return {
        module
        for module in loaded
        if any(module == heavy or module.startswith(f"{heavy}.") for heavy in NOT_AT_START)
    }


def test_starting_the_core_loads_nothing_heavy() -> None:
    assert not _heavy(_loaded("import verifier") - _loaded(LIBRARIES))


def test_opening_a_trust_store_loads_next_to_nothing() -> None:
    more = _loaded("import verifier, trustlists") - _loaded(f"{LIBRARIES}; import sqlite3")
    assert _heavy(more) <= {"trustlists", "trustlists.store"}


def test_verifying_an_ordinary_document_loads_nothing_heavy_either() -> None:
    code = (
        "from trustlists import TrustStore; from verifier import Verifier; "
        f"held = Verifier(trust=TrustStore.open({str(store_path())!r})); "
        f"verdict = held.verify({vaccination()!r}); "
        "assert 'SIG-000' in repr(verdict)"
    )
    more = _loaded(code) - _loaded(f"{LIBRARIES}; import sqlite3")
    assert not _heavy(more) - {"trustlists", "trustlists.store"}
