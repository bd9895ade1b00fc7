import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import NULL, ec_key, oid, rsa_key, seq, sign, spki_of, tlv

from verifier.codecs.pkix import Algorithm, algorithm_of, digest_of, verifies

SHA1, SHA256, SHA384 = "2b0e03021a", "608648016503040201", "608648016503040202"
PSS, MGF1 = "2a864886f70d01010a", "2a864886f70d010108"
SIGNED = b"what is signed"


def pss(*parts: bytes) -> bytes:
    return seq(oid(PSS), seq(*parts))


def hashed(name: str, *tail: bytes) -> bytes:
    return tlv(0xA0, seq(oid(name), *tail))


def masks(name: str) -> bytes:
    return tlv(0xA1, seq(oid(MGF1), seq(oid(name), NULL)))


@pytest.mark.parametrize(
    ("identifier", "algorithm"),
    [
        (seq(oid("2a8648ce3d040302")), Algorithm("SHA256", elliptic=True)),
        (seq(oid("2a8648ce3d040303"), NULL), Algorithm("SHA384", elliptic=True)),
        (seq(oid("2a8648ce3d0401")), Algorithm("SHA1", elliptic=True)),
        (seq(oid("2a864886f70d01010d"), NULL), Algorithm("SHA512", elliptic=False)),
        (pss(), Algorithm("SHA1", elliptic=False, salt=20)),
        (pss(hashed(SHA256), masks(SHA256)), Algorithm("SHA256", elliptic=False, salt=20)),
        (
            pss(hashed(SHA256, NULL), masks(SHA256), tlv(0xA2, b"\2\1\x20"), tlv(0xA3, b"\2\1\1")),
            Algorithm("SHA256", elliptic=False, salt=32),
        ),
        (pss(hashed(SHA256), masks(SHA256), tlv(0xA3, b"\2\1\2")), None),
        (pss(hashed(SHA256)), None),
        (pss(hashed(SHA256), masks(SHA384)), None),
        (pss(hashed("2a03"), masks("2a03")), None),
        (pss(hashed(SHA256, b"\2\1\1"), masks(SHA256)), None),
        (pss(hashed(SHA256), masks(SHA256), tlv(0xA4, b"")), None),
        (seq(oid("2a8648ce3d040302"), b"\2\1\1"), None),
        (seq(oid("2a8648ce3d040302")) + b"\0", None),
        (seq(oid("2a8648ce3d0201")), None),
        (seq(oid("2a03")), None),
        (b"", None),
    ],
)
def test_identifiers_are_read_or_refused(identifier: bytes, algorithm: Algorithm | None) -> None:
    assert algorithm_of(identifier) == algorithm


def test_a_kind_of_key_needs_the_hash_from_elsewhere() -> None:
    key = seq(oid("2a8648ce3d0201"))
    assert algorithm_of(key, "SHA256") == Algorithm("SHA256", elliptic=True)
    assert algorithm_of(seq(oid("2a03")), "SHA256") is None
    assert algorithm_of(seq(oid("2a8648ce3d040302")), "SHA512") == Algorithm(
        "SHA256", elliptic=True
    )


def test_hashes_are_read_or_refused() -> None:
    assert digest_of(seq(oid(SHA1))) == "SHA1"
    assert digest_of(seq(oid(SHA256), NULL)) == "SHA256"
    assert digest_of(seq(oid("2a03"))) is None
    assert digest_of(b"") is None


@pytest.mark.parametrize(
    "curve",
    [ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.BrainpoolP512R1(), ec.SECP256K1()],
    ids=lambda curve: curve.name,
)
def test_other_curves_verify(curve: ec.EllipticCurve) -> None:
    key = ec.derive_private_key(2**200 + 7, curve)
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signature = key.sign(SIGNED, ec.ECDSA(hashes.SHA512()))
    algorithm = Algorithm("SHA512", elliptic=True)
    assert verifies(spki, algorithm, signature, SIGNED)
    assert not verifies(spki, algorithm, signature, SIGNED + b"!")
    assert not verifies(spki, Algorithm("SHA512", elliptic=False), signature, SIGNED)


def test_sha1_counts_on_request_alone() -> None:
    key = rsa_key(2048)
    signature = sign(key, SIGNED, "sha1")
    algorithm = Algorithm("SHA1", elliptic=False)
    assert algorithm.weak
    assert not verifies(spki_of(key), algorithm, signature, SIGNED)
    assert verifies(spki_of(key), algorithm, signature, SIGNED, weak=True)


def test_keys_that_do_not_fit_verify_nothing() -> None:
    elliptic, plain = Algorithm("SHA256", elliptic=True), Algorithm("SHA256", elliptic=False)
    key, small = ec_key("fits"), rsa_key(1024)
    assert verifies(spki_of(key), elliptic, sign(key, SIGNED), SIGNED)
    assert not verifies(spki_of(key), plain, sign(key, SIGNED), SIGNED)
    assert not verifies(spki_of(small), plain, sign(small, SIGNED), SIGNED)
    off_curve = spki_of(key)[:-1] + b"\0"
    assert not verifies(off_curve, elliptic, sign(key, SIGNED), SIGNED)


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything(data: bytes) -> None:
    algorithm_of(data)
    algorithm_of(seq(oid(PSS), data), "SHA256")
    digest_of(data)
    for elliptic in (True, False):
        assert not verifies(data, Algorithm("SHA256", elliptic=elliptic), data, SIGNED)
