"""The format of docs/adding-a-format.md, put into a copy of the package and loaded from outside."""

import base64
import json
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.command import run_process
from support.keys import LIST, MemoryKeys
from support.specimens import memory_keys, vaccination

from fixtures.cbor import encode
from fixtures.keys import curve_key, sign_ecdsa, spki
from fixtures.world import DEMO
from trustlists import import_sources
from verifier import Outcome, PrivacyPolicy, Reason, Verifier, extensions, verify
from verifier.errors import SetupError
from verifier.inspection import inspect
from verifier.privacy import Disclosure
from verifier.trust import Environment, TrustedKey

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-format.md").read_text("utf-8")
NOW = int(DEMO.timestamp())
KID = bytes(range(1, 9))


def toy_file() -> str:
    (found,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def toy_pass(*, key: str = "toy", kid: bytes = KID, **changes: object) -> str:
    said = {
        "country": "XS", "holder": "Vera Musterfrau-Specimen", "born": "1980-05-17",
        "from": NOW - 1_000, "until": NOW + 1_000,
    }  # fmt: skip
    content = encode({**said, **changes})
    data = kid + sign_ecdsa(curve_key(key), content) + content
    return "TOYPASS:1/" + base64.b32encode(data).decode().rstrip("=")


def toy_key(scheme: str = "toy-pass") -> TrustedKey:
    return TrustedKey(
        kid=KID, spki=spki(curve_key("toy")), schemes=frozenset({scheme}), uses=frozenset(),
        country="XS", name="Toy", not_before=None, not_after=None, authenticated=True, list=LIST,
    )  # fmt: skip


Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package that offers the format of the page, with changes to its text."""
    site = tmp_path / "site"

    def installed(
        *changes: tuple[str, str], offers: str = "toy-pass", package: str = "toy_pass"
    ) -> Path:
        text = toy_file()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        facts = site / f"{package}-1.0.dist-info"
        facts.mkdir(parents=True)
        (site / f"{package}.py").write_text(text)
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text(
            f"[pratique.formats]\n{offers} = {package}:FORMAT\n"
        )
        return site

    monkeypatch.syspath_prepend(str(site))
    yield installed
    for name in ("toy_pass", "toy_twin"):
        sys.modules.pop(name, None)


def judged(text: str, trust: MemoryKeys, **options: object) -> Outcome:
    return Verifier(trust=trust, extensions=("toy-pass",), **options).verify(text, at=DEMO).outcome


def test_the_page_has_a_format_for_a_copy_of_the_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "verifier", tmp_path / "verifier")
    (tmp_path / "verifier" / "formats" / "toy_pass.py").write_text(toy_file())
    script = (
        "import json, sys; from datetime import datetime; sys.path.insert(0, sys.argv[1]); "
        "import verifier; assert verifier.__file__.startswith(sys.argv[1]); "
        "from support.keys import MemoryKeys; from unit.test_extensions import DEMO, toy_key; "
        "judge = verifier.Verifier(trust=MemoryKeys([toy_key()])); "
        "told = [judge.verify(text, at=DEMO) for text in json.load(sys.stdin)]; "
        "print(json.dumps([[each.outcome, each.format] for each in told]))"
    )
    texts = [toy_pass(), toy_pass(key="other"), toy_pass(until=NOW - 1), "TOYPASS:2/AA"]
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    assert json.loads(ran.stdout) == [
        ["authentic", "toy-pass"], ["not_authentic", "toy-pass"],
        ["does_not_meet_rules", "toy-pass"], ["refer", None],
    ]  # fmt: skip


def test_being_installed_enables_nothing(install: Install) -> None:
    install()
    verdict = Verifier(trust=MemoryKeys([toy_key()])).verify(toy_pass(), at=DEMO)
    assert [found.code for found in verdict.findings] == [Reason.NOT_RECOGNISED]
    assert "toy_pass" not in sys.modules


def test_a_format_that_is_named_is_used(install: Install) -> None:
    install()
    trust = MemoryKeys([toy_key()])
    shown = PrivacyPolicy(Disclosure.IDENTITY)
    judge = Verifier(trust=trust, extensions=("toy-pass",), policy=shown)
    verdict = judge.verify(toy_pass(), at=DEMO)
    assert (verdict.outcome, verdict.format) == (Outcome.AUTHENTIC, "toy-pass")
    with verdict.holder() as holder:
        assert holder.name == "Vera Musterfrau-Specimen"
    assert judged(toy_pass(until=NOW - 1), trust) is Outcome.DOES_NOT_MEET_RULES
    assert judged(toy_pass(key="other"), trust) is Outcome.NOT_AUTHENTIC
    assert judged(toy_pass(kid=bytes(8)), trust) is Outcome.REFER
    assert judged("TOYPASS:1/AAAA", trust) is Outcome.REFER
    assert judged(toy_pass(holder=5), trust) is not Outcome.AUTHENTIC
    assert verify(toy_pass(), trust=trust, extensions=("toy-pass",), at=DEMO).outcome is (
        Outcome.AUTHENTIC
    )
    assert judge.verify("https://specimen.example", at=DEMO).findings[0].code is Reason.WEB_ADDRESS
    looked = inspect(toy_pass(), trust=trust, extensions=("toy-pass",), at=DEMO)
    assert "Signed content" in [section.title for section in looked.sections]


def test_batches_and_processes_use_it_too(install: Install) -> None:
    install()
    judge = Verifier(trust=MemoryKeys([toy_key()]), extensions=("toy-pass",))
    for processes in (1, 2):
        verdicts = judge.verify_many([toy_pass(), vaccination()], processes=processes, at=DEMO)
        assert [verdict.outcome for verdict in verdicts] == [Outcome.AUTHENTIC, Outcome.REFER]
    again = pickle.loads(pickle.dumps(judge))  # noqa: S301 - what was just made here
    assert again.verify(toy_pass(), at=DEMO).outcome is Outcome.AUTHENTIC


def test_keys_of_other_schemes_sign_nothing_of_it(install: Install) -> None:
    install()
    for scheme in ("eu-dcc", "nz-covid-pass", "toy-pass-2"):
        assert judged(toy_pass(), MemoryKeys([toy_key(scheme)])) is Outcome.NOT_AUTHENTIC


@pytest.mark.parametrize("part", ["format=NAME", "scheme=FORMAT.containers[container]"])
def test_its_claims_are_held_to_its_name_whatever_they_say(install: Install, part: str) -> None:
    install((part, f'{part.partition("=")[0]}="eu-dcc"'))
    assert judged(toy_pass(), MemoryKeys([toy_key()])) is Outcome.AUTHENTIC
    assert judged(toy_pass(), MemoryKeys([toy_key("eu-dcc")])) is Outcome.NOT_AUTHENTIC


def test_a_text_of_ours_never_reaches_it(install: Install) -> None:
    install(("CONTAINER if text.startswith(_PREFIX) else None", "CONTAINER"))
    judge = Verifier(trust=memory_keys(), extensions=("toy-pass",))
    assert judge.verify(vaccination(), at=DEMO).format == "eu-dcc"
    assert judge.verify("HC2:ABC").findings[0].code is Reason.NEWER_VERSION


@pytest.mark.parametrize(
    "change",
    [
        ('NAME: Final = "toy-pass"', 'NAME: Final = "other-pass"'),
        ('CONTAINER: Final = "TOYPASS"', 'CONTAINER: Final = "HC1"'),
        ("containers={CONTAINER: NAME}", 'containers={CONTAINER: "eu-dcc"}'),
        ("containers={CONTAINER: NAME}", "containers={}"),
        ("FORMAT: Final = Format(", "FORMAT: Final = dict("),
        ("from verifier.algorithms", "from verifier.nowhere"),
        ("from verifier.algorithms", "raise RuntimeError\nfrom verifier.algorithms"),
    ],
)
def test_what_claims_too_much_or_cannot_be_loaded_is_no_format(
    install: Install, change: tuple[str, str]
) -> None:
    install(change)
    with pytest.raises(SetupError, match="toy-pass") as caught:
        extensions.load("toy-pass")
    assert len(str(caught.value).splitlines()) == 2
    assert caught.value.__context__ is None


def test_a_name_of_ours_is_not_to_be_had(install: Install) -> None:
    install(('NAME: Final = "toy-pass"', 'NAME: Final = "eu-dcc"'), offers="eu-dcc")
    with pytest.raises(SetupError, match="not its own"):
        extensions.load("eu-dcc")


@pytest.mark.parametrize("name", ["", "Toy", "toy pass", "toy_pass", "../toy", "a" * 41, "-a"])
def test_a_name_is_plain(name: str) -> None:
    with pytest.raises(SetupError, match="small letters"):
        extensions.load(name)


def test_one_package_offers_a_name(install: Install) -> None:
    with pytest.raises(SetupError, match="No package"):
        Verifier(trust=memory_keys(), extensions=("toy-pass",))
    install()
    install(package="toy_twin")
    with pytest.raises(SetupError, match="More than one"):
        extensions.load("toy-pass")


@pytest.mark.parametrize(
    "part",
    [
        "_recognise(text: str) -> str | None:",
        "_open(text: str, container: str) -> Envelope:",
    ],
)
def test_what_it_raises_stays_here(install: Install, part: str) -> None:
    install((part, f"{part}\n    raise ZeroDivisionError"))
    verdict = Verifier(trust=MemoryKeys([toy_key()]), extensions=("toy-pass",)).verify(toy_pass())
    assert verdict.outcome is Outcome.REFER
    assert [found.code for found in verdict.findings] == [Reason.UNFORESEEN]


def test_a_container_that_it_does_not_have_stays_here(install: Install) -> None:
    install(("return CONTAINER if", 'return "HC1" if'))
    assert judged(toy_pass(), MemoryKeys([toy_key()])) is Outcome.REFER


def test_the_command_enables_it_by_name(install: Install, tmp_path: Path) -> None:
    site = install()
    pem = tmp_path / "toy.pem"
    encoded = base64.encodebytes(spki(curve_key("toy"))).decode()
    pem.write_text(f"-----BEGIN PUBLIC KEY-----\n{encoded}-----END PUBLIC KEY-----\n")
    store = tmp_path / "trust.sqlite"
    import_sources(
        store,
        [pem],
        now=NOW,
        scheme="toy-pass",
        country="XS",
        kid=base64.b64encode(KID).decode(),
        anchors=[pem],
        environment=Environment.SPECIMEN,
    )
    at = DEMO.isoformat()
    path = {"PYTHONPATH": str(site)}
    scan = f"{toy_pass()}\n".encode()
    common = ("--store", store, "--at", at, "--json")
    enabled = ("--enable-format", "toy-pass")
    assert run_process("verify", *common, stdin=scan, env=path).status == 12
    for command in ("verify", "inspect"):
        ran = run_process(command, *common, *enabled, stdin=scan, env=path)
        assert ran.status == 0, ran.err
        assert '"toy-pass"' in ran.out
    unknown = run_process("verify", *common, "--enable-format", "other", stdin=scan, env=path)
    assert unknown.status == 3
    assert "No package here offers" in unknown.err
