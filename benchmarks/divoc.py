"""``python -m benchmarks.divoc``: DIVOC against bare verifications, and where the time goes."""

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from benchmarks.material import FIXTURES, specimen_store
from benchmarks.measure import ratio_of
from fixtures.cases import DEMO, Case, load_cases
from trustlists import TrustStore
from verifier import Disclosure, PrivacyPolicy, Verifier, validity
from verifier.codecs import divoc_credential, json_strict, zip_entry
from verifier.codecs.json_ld import canonical
from verifier.formats.divoc import FORMAT
from verifier.scan import read_scan

_SPECIMENS = {"PS256, RSA-2048": "divoc::vaccination", "Ed25519": "divoc::ed25519"}
_SHA256 = hashes.SHA256()
_PSS = padding.PSS(mgf=padding.MGF1(_SHA256), salt_length=32)


def _bare(case: Case, store: TrustStore) -> Callable[[object], object]:
    """Give the verification of the signature and nothing else, with a key that is parsed."""
    scanned = read_scan(case.scan)
    envelope = FORMAT.open(scanned.text, scanned.container)
    key = load_der_public_key(store.find(envelope.kid or b"")[0].spki)
    signature, signed = envelope.signature, envelope.signed
    if isinstance(key, rsa.RSAPublicKey):
        return lambda _: key.verify(signature, signed, _PSS, _SHA256)
    assert isinstance(key, ed25519.Ed25519PublicKey)  # noqa: S101 - the other kind there is
    return lambda _: key.verify(signature, signed)


def _stages(case: Case, store: TrustStore) -> dict[str, Callable[[object], object]]:
    """Give each step by itself, on what the step before it gives."""
    scanned = read_scan(case.scan)
    envelope = FORMAT.open(scanned.text, scanned.container)
    data = envelope.payload
    document = json_strict.decode(data, integers=True)
    credential = divoc_credential.read(document)
    packed = _packed(scanned.text)
    (key, *_) = store.find(envelope.kid or b"", envelope.issuer) or store.find(envelope.kid or b"")
    claims = FORMAT.read_claims(scanned.container, data)
    graph = credential.canonical()
    return {
        "tidy and recognise": lambda _: read_scan(case.scan),
        "base64": lambda _: _packed(scanned.text),
        "zip, inflate, CRC-32": lambda _: zip_entry.read_only_file(
            packed, b"certificate.json", packed=4_096, limit=16_384
        ),
        "strict JSON": lambda _: json_strict.decode(data, integers=True),
        "closed shape to statements": lambda _: divoc_credential.read(document),
        "canonical order (URDNA2015)": lambda _: canonical(credential.statements),
        "hash": lambda _: sha256(graph).digest(),
        "find the key in the store": lambda _: store.find(key.kid, envelope.issuer),
        "signature": _bare(case, store),
        "claims (JSON and shape once more)": lambda _: FORMAT.read_claims("DIVOC", data),
        "issuer, key use, dates": lambda _: (
            validity.judge_issuer(claims, key, key.list.freshness(0)),
            validity.judge_key_use(claims, key),
            validity.judge_dates(claims, key, 1_800_000_000, None),
        ),
    }


def _packed(text: str) -> bytes:
    from verifier.formats import divoc  # noqa: PLC0415 - its own step, by its own name

    return divoc._decoded(text[4:])  # noqa: SLF001 - a step of its own here


def main() -> None:
    """Print both tables."""
    with specimen_store() as path, TrustStore.open(path) as store:
        cases = {case.id: case for case in load_cases(FIXTURES / "divoc")}
        policy = PrivacyPolicy(Disclosure.CLINICAL)
        verifier = Verifier(trust=store, policy=policy)
        for name, wanted in _SPECIMENS.items():
            case = cases[wanted]
            bare = _bare(case, store)
            ratio, micros = ratio_of(
                [case],
                lambda case: verifier.verify(case.scan, at=DEMO),
                bare,
                rounds=2_000,
            )
            print(f"{name}: {ratio:.1f} times a bare verification of {micros:.0f} us")
            for step, work in _stages(case, store).items():
                share, _ = ratio_of([case], work, bare, rounds=1_000)
                print(f"  {share * micros:6.1f} us  {step}")


if __name__ == "__main__":
    main()
