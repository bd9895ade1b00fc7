"""What the benchmarks measure with: certificates, their keys, and the bare verification."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures.cases import DEMO, load_cases
from fixtures.demo import build_store
from trustlists import TrustStore
from verifier import Outcome, Verifier, chain
from verifier.envelope import Envelope
from verifier.scan import read_scan
from verifier.signature import ES256, der_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
_POINT = 26  # where the point of a P-256 SubjectPublicKeyInfo begins


class Sample(NamedTuple):
    """One certificate, and what a bare verification of it needs."""

    text: str
    key: ec.EllipticCurvePublicKey
    signature: bytes
    signed: bytes

    def verify_bare(self) -> None:
        """Check the signature and nothing else: the baseline."""
        self.key.verify(self.signature, self.signed, ES256_CHECK)


ES256_CHECK = ec.ECDSA(hashes.SHA256())


def production_root() -> Path | None:
    """Name the production root of WHO's trust network among the third-party data, if it is here."""
    return _third_party("gdhcn", "prod", "v2", "trustlist", "did.json")


def country_rules() -> Path | None:
    """Name the folder of rules that countries shared, if it is here."""
    return _third_party("rules", "country-rules")


def _third_party(*parts: str) -> Path | None:
    beside = FIXTURES.parents[1] / "shared" / "conformance"
    path = Path(os.environ.get("PRATIQUE_CONFORMANCE", beside)).joinpath(*parts)
    return path if path.exists() else None


@contextmanager
def specimen_store() -> Iterator[Path]:
    """Build the specimen trust store for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "specimen.sqlite"
        build_store(path)
        yield path


def samples(store: TrustStore, at: datetime = DEMO, *, family: str = "eu_dcc") -> list[Sample]:
    """Give every ES256 specimen of a family that is authentic."""
    verifier = Verifier(trust=store)
    found = []
    for case in load_cases(FIXTURES / family):
        if verifier.verify(case.text, at=at).outcome is Outcome.AUTHENTIC:
            scanned = read_scan(case.text)
            envelope = scanned.format.open(scanned.text, scanned.container)
            if envelope.algorithm != ES256:
                continue
            for spki in _keys(envelope, store):
                point = spki[_POINT:]
                key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
                sample = Sample(case.text, key, der_of(envelope.signature), envelope.signed)
                if _holds(sample):
                    found.append(sample)
                    break
    return found


def _keys(envelope: Envelope, store: TrustStore) -> list[bytes]:
    if envelope.certificate:
        return [chain.public_key_of(envelope.certificate)]
    return [each.spki for each in store.find(envelope.kid or b"", envelope.issuer)]


def _holds(sample: Sample) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - once, while preparing

    try:
        sample.verify_bare()
    except InvalidSignature:
        return False
    return True
