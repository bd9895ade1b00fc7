"""The specimen world for tests: keys in memory, a trust store, documents issued on the spot."""

import atexit
import os
import shutil
from functools import cache
from pathlib import Path
from ssl import PEM_cert_to_DER_cert
from tempfile import mkdtemp

from support.credentials import credential_keys
from support.keys import MemoryKeys, authority_of, key_of

from fixtures.cases import Case, dialect_of, families, lists_of, load_cases
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import certificate
from fixtures.families import FAMILIES
from fixtures.vds_nc.authorities import authorities as seal_authorities
from fixtures.world import DEMO, Signer, exempting, listed, of_who
from trustlists import TrustStore, import_sources
from verifier.trust import Authority, Environment, TrustedKey

FIXTURES = Path(__file__).parents[2] / "fixtures"
TRUST = FIXTURES / "trust"
NOW = int(DEMO.timestamp())

# The world's lists were imported on the morning of its day.
IMPORTED = NOW - 6 * 3600


@cache
def cases() -> tuple[Case, ...]:
    """Read the cases of all formats."""
    return tuple(case for folder in families() for case in load_cases(folder))


def case(name: str) -> Case:
    """Give the case of the EU DCC with this name."""
    return case_of("eu_dcc", name)


def case_of(family: str, name: str) -> Case:
    """Give the case of a family with this name."""
    return next(each for each in cases() if each.id == f"{family}::{name}")


@cache
def specimen_keys() -> tuple[TrustedKey, ...]:
    """Give the keys that the authority of the specimen world vouches for."""
    return tuple(
        key_of(PEM_cert_to_DER_cert(content.decode()), scheme=scheme)
        for family in FAMILIES.values()
        for folder, scheme, anchor in family.LISTS
        if anchor == "csca.pem"
        for path, content in family.trust_files().items()
        if path.startswith(f"{folder}/") and path.endswith(".pem")
    )


@cache
def specimen_authorities() -> tuple[Authority, ...]:
    """Give the authorities above the signers of health seals."""
    return tuple(
        authority_of(authority.certificate, authenticated=name != "unvouched")
        for name, authority in seal_authorities().items()
    )


@cache
def hcert_signers() -> tuple[Signer, ...]:
    """Give everybody who signs in the envelope of the HCERT and whom the authority vouches for."""
    who = [signer for signers in of_who().values() for signer in signers.values()]
    return (*listed().values(), *exempting().values(), *who)


def memory_keys(**options: int) -> MemoryKeys:
    """Give a key source in memory that has all of these, and those of credentials."""
    keys = (*specimen_keys(), *credential_keys())
    return MemoryKeys(keys, authorities=specimen_authorities(), **options)


def key_named(name: str) -> TrustedKey:
    """Give the key of the signer with this name."""
    signer = (listed() | exempting())[name]
    return next(key for key in specimen_keys() if key.kid == signer.kid)


def make_store(path: Path, *, now: int = IMPORTED) -> Path:
    """Import the whole trust folder of the specimen world, as an operator would."""
    for family in families():
        for folder, scheme, anchor in lists_of(family):
            import_sources(
                path,
                [TRUST / folder],
                now=now,
                dialect=dialect_of(scheme),
                scheme=scheme,
                anchors=[TRUST / (anchor or "csca.pem")],
                environment=Environment.SPECIMEN,
            )
    return path


@cache
def store_path() -> Path:
    """Make a store once for the whole run and give its path."""
    folder = Path(mkdtemp(prefix="pratique-tests-"))
    # Since Python 3.13 forked workers run exit handlers too; the folder is not theirs to remove.
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(folder) if os.getpid() == owner else None)
    return make_store(folder / "trust.sqlite")


@cache
def store() -> TrustStore:
    """Open the store that ``store_path`` made."""
    opened = TrustStore.open(store_path())
    atexit.register(opened.close)
    return opened


def vaccination(signer: str = "all-uses", **parts: object) -> str:
    """Issue a vaccination; ``parts`` are arguments of the content or of the claims."""
    outer = {"issuer", "issued", "expires", "container"}
    claimed = {name: value for name, value in parts.items() if name in outer}
    said = {name: value for name, value in parts.items() if name not in outer}
    return certificate(
        says.content("v", says.vaccination(900), **said), listed()[signer], **claimed
    )
