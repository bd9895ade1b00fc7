from typing import Any

import pytest
from Crypto.Hash import SHA1, SHA256, SHA384, SHA512
from Crypto.PublicKey import ECC, RSA
from Crypto.Signature import DSS, eddsa, pkcs1_15, pss
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.specimens import key_named

from fixtures.cbor import encode
from fixtures.eu_dcc.issue import sign1
from fixtures.keys import curve_key, rsa_key, sign, sign_ecdsa, spki
from fixtures.world import Signer, listed, unvouched
from verifier import signature
from verifier.algorithms import KeyKind
from verifier.codecs import cose
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.limits import KEYS_PER_KID
from verifier.reasons import Reason
from verifier.signature import Checker, VerifiedEnvelope, der_of, load_key
from verifier.trust import TrustedKey

ES256, PS256 = -7, -37
MESSAGE = b"what was signed"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def opened(data: bytes) -> Envelope:
    parts = cose.open_sign1(data)
    return Envelope("HC1", parts.algorithm, parts.kid, parts.signed, parts.signature, parts.payload)


def issued(name: str, **parts: object) -> Envelope:
    return opened(sign1(encode({1: "XS"}), listed()[name], **parts))


def reason_of(envelope: Envelope, *keys: TrustedKey) -> Reason | None:
    try:
        signature.verify(envelope, keys)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


def checker_of(der: bytes) -> Checker:
    checker = load_key(der)
    assert isinstance(checker, Checker)
    return checker


def replaced(key: TrustedKey, der: bytes) -> TrustedKey:
    return key._replace(spki=der)


GOOD = key_named("all-uses")
RSA_KEY = key_named("rsa-2048")


@pytest.mark.parametrize("name", ["all-uses", "rsa-2048"])
def test_the_key_that_signed_gives_a_verified_envelope(name: str) -> None:
    envelope, key = issued(name), key_named(name)
    verified = signature.verify(envelope, [key])
    assert isinstance(verified, VerifiedEnvelope)
    assert verified.key is key
    assert verified.envelope is envelope


@pytest.mark.parametrize(("bits", "weak"), [(1024, True), (2048, False)])
def test_a_short_rsa_key_verifies_and_is_told_to_be_weak(bits: int, *, weak: bool) -> None:
    assert checker_of(spki(rsa_key(bits))).weak is weak
    assert signature.verify(issued(f"rsa-{bits}"), [key_named(f"rsa-{bits}")]).weak is weak


def test_the_second_of_two_keys_with_one_id_is_found() -> None:
    other = replaced(GOOD, spki(unvouched()["other-twin"].key))
    for keys in ([other, GOOD], [GOOD, other], [other, other, other, GOOD]):
        assert signature.verify(issued("all-uses"), keys).key is GOOD


def test_keys_beyond_the_cap_are_not_tried() -> None:
    other = replaced(GOOD, spki(unvouched()["other-twin"].key))
    assert signature.verify(issued("all-uses"), [other] * (KEYS_PER_KID - 1) + [GOOD])
    assert reason_of(issued("all-uses"), *[other] * KEYS_PER_KID, GOOD) is Reason.SIGNATURE_BAD


def test_a_key_that_cannot_be_read_does_not_stop_the_others() -> None:
    broken = replaced(GOOD, b"no key at all")
    off_curve = replaced(GOOD, GOOD.spki[:-1] + bytes((GOOD.spki[-1] ^ 1,)))
    p_384 = replaced(GOOD, spki(curve_key("p-384", "P-384")))
    verified = signature.verify(issued("all-uses"), [broken, off_curve, p_384, RSA_KEY, GOOD])
    assert verified.key is GOOD


@pytest.mark.parametrize(
    ("name", "keys", "reason"),
    [
        ("all-uses", ["twin"], Reason.SIGNATURE_BAD),
        ("all-uses", ["rsa-2048"], Reason.ALGORITHM_MISMATCH),
        ("rsa-2048", ["all-uses"], Reason.ALGORITHM_MISMATCH),
        ("p-384", ["p-384"], Reason.KEY_TYPE_NOT_ALLOWED),
        ("unreadable", ["unreadable"], Reason.KEY_UNREADABLE),
        ("all-uses", ["unreadable", "p-384"], Reason.KEY_TYPE_NOT_ALLOWED),
        ("all-uses", ["unreadable", "p-384", "rsa-2048"], Reason.ALGORITHM_MISMATCH),
        ("all-uses", ["unreadable", "p-384", "rsa-2048", "twin"], Reason.SIGNATURE_BAD),
        ("all-uses", ["twin", "rsa-2048", "p-384", "unreadable"], Reason.SIGNATURE_BAD),
    ],
)
def test_the_weightiest_reason_is_named(name: str, keys: list[str], reason: Reason) -> None:
    assert reason_of(issued(name), *map(key_named, keys)) is reason


@pytest.mark.parametrize("algorithm", [None, -37, -8, -35, -257, 0, 7, -(2**63)])
def test_the_header_has_to_agree_with_the_key(algorithm: int | None) -> None:
    envelope = issued("all-uses")
    envelope.algorithm = algorithm
    assert reason_of(envelope, GOOD) is Reason.ALGORITHM_MISMATCH


def test_the_header_never_chooses_another_algorithm_for_a_key() -> None:
    envelope = issued("rsa-2048")
    envelope.algorithm = ES256
    assert reason_of(envelope, RSA_KEY) is Reason.ALGORITHM_MISMATCH


def test_a_changed_part_of_what_was_signed_is_noticed() -> None:
    for name in ("all-uses", "rsa-2048"):
        for part in ("signed", "signature"):
            envelope = issued(name)
            whole = getattr(envelope, part)
            for place in range(0, len(whole), 7):
                changed = bytearray(whole)
                changed[place] ^= 0x40
                setattr(envelope, part, bytes(changed))
                assert reason_of(envelope, key_named(name)) is Reason.SIGNATURE_BAD


@pytest.mark.parametrize("length", [0, 1, 3, 32, 63, 65, 72, 96, 128, 256, 60_000])
def test_a_signature_of_another_length_is_simply_bad(length: int) -> None:
    for name in ("all-uses", "rsa-2048"):
        envelope = issued(name)
        envelope.signature = b"\x01" * length
        assert reason_of(envelope, key_named(name)) is Reason.SIGNATURE_BAD


@pytest.mark.parametrize("r", [0, 1, P256_ORDER - 1, P256_ORDER, P256_ORDER + 1, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, P256_ORDER - 1, P256_ORDER, P256_ORDER + 1, 2**256 - 1])
def test_extreme_numbers_in_a_signature_are_simply_bad(r: int, s: int) -> None:
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert not checker_of(GOOD.spki).holds(raw, MESSAGE)


def test_the_mirrored_signature_holds_too() -> None:
    raw = sign_ecdsa(curve_key("all-uses"), MESSAGE)
    mirrored = P256_ORDER - int.from_bytes(raw[32:], "big")
    assert checker_of(GOOD.spki).holds(raw[:32] + mirrored.to_bytes(32, "big"), MESSAGE)


def test_a_der_signature_is_refused_in_an_envelope() -> None:
    der = sign_ecdsa(curve_key("all-uses"), MESSAGE, form="der")
    assert not checker_of(GOOD.spki).holds(der, MESSAGE)


@pytest.mark.parametrize(
    ("scheme", "hashed"),
    [
        (pss.new(rsa_key(2048), salt_bytes=20), SHA256),
        (pss.new(rsa_key(2048), salt_bytes=0), SHA256),
        (pss.new(rsa_key(2048), salt_bytes=64), SHA256),
        (pss.new(rsa_key(2048), salt_bytes=32), SHA384),
        (pss.new(rsa_key(2048), salt_bytes=32), SHA1),
        (pkcs1_15.new(rsa_key(2048)), SHA256),
    ],
)
def test_rsa_signatures_other_than_ps256_are_bad(scheme: object, hashed: object) -> None:
    raw = scheme.sign(hashed.new(MESSAGE))
    assert not checker_of(RSA_KEY.spki).holds(raw, MESSAGE)


def test_an_ecdsa_signature_with_another_hash_is_bad() -> None:
    key = curve_key("all-uses")
    raw = DSS.new(key, "deterministic-rfc6979").sign(SHA384.new(MESSAGE))
    assert not checker_of(GOOD.spki).holds(raw, MESSAGE)


def compressed(key: ECC.EccKey) -> bytes:
    return key.public_key().export_key(format="DER", compress=True)


def test_the_key_decides_what_it_can_do() -> None:
    assert checker_of(spki(curve_key("all-uses"))).algorithm == ES256
    assert checker_of(spki(rsa_key(2048))).algorithm == PS256
    raw = sign(curve_key("all-uses"), MESSAGE)
    for der in (spki(curve_key("all-uses")), compressed(curve_key("all-uses"))):
        assert checker_of(der).holds(raw, MESSAGE)
        assert not checker_of(der).holds(raw, MESSAGE + b"!")


@pytest.mark.parametrize(
    ("curve", "kind", "algorithm", "hashed"),
    [
        ("P-384", KeyKind.P384, -35, SHA384),
        ("P-521", KeyKind.P521, -36, SHA512),
    ],
)
def test_larger_curves_verify_with_the_hash_of_their_size(
    curve: str, kind: KeyKind, algorithm: int, hashed: object
) -> None:
    key = ECC.generate(curve=curve)
    checker = checker_of(key.public_key().export_key(format="DER"))
    raw = DSS.new(key, "deterministic-rfc6979").sign(hashed.new(MESSAGE))
    assert (checker.kind, checker.algorithm) == (kind, algorithm)
    assert checker.holds(raw, MESSAGE)
    assert not checker.holds(raw, MESSAGE + b"!")
    for wrong in (b"", raw[:-1], raw + b"\0", bytes(len(raw)), raw[::-1]):
        assert not checker.holds(wrong, MESSAGE)


# pycryptodome has no such curves: the one place where one library signs and verifies.
@pytest.mark.parametrize(
    ("curve", "kind", "algorithm", "hashed"),
    [
        (ec.BrainpoolP256R1, KeyKind.BRAINPOOL_P256, -7, hashes.SHA256),
        (ec.BrainpoolP384R1, KeyKind.BRAINPOOL_P384, -35, hashes.SHA384),
        (ec.BrainpoolP512R1, KeyKind.BRAINPOOL_P512, -36, hashes.SHA512),
    ],
)
def test_brainpool_curves_use_the_names_of_their_size(
    curve: Any, kind: KeyKind, algorithm: int, hashed: Any
) -> None:
    key = ec.generate_private_key(curve())
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    checker = checker_of(der)
    half = key.key_size // 8
    numbers = utils.decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(hashed())))
    raw = b"".join(number.to_bytes(half, "big") for number in numbers)
    assert (checker.kind, checker.algorithm) == (kind, algorithm)
    assert checker.holds(raw, MESSAGE)
    assert not checker.holds(raw, MESSAGE + b"!")
    assert not checker.holds(raw + b"\0", MESSAGE)


def test_an_edwards_key_verifies_what_it_signed() -> None:
    key = ECC.generate(curve="Ed25519")
    checker = checker_of(key.public_key().export_key(format="DER"))
    raw = eddsa.new(key, "rfc8032").sign(MESSAGE)
    assert (checker.kind, checker.algorithm) == (KeyKind.ED25519, -8)
    assert checker.holds(raw, MESSAGE)
    for wrong in (b"", raw[:-1], raw + b"\0", bytes(64), raw[::-1]):
        assert not checker.holds(wrong, MESSAGE)


@pytest.mark.parametrize("curve", ["P-224", "P-192", "Ed448"])
def test_other_kinds_of_key_are_not_allowed(curve: str) -> None:
    der = ECC.generate(curve=curve).public_key().export_key(format="DER")
    assert load_key(der) is Reason.KEY_TYPE_NOT_ALLOWED


def test_a_format_says_which_kinds_of_key_may_sign() -> None:
    envelope = issued("p-384")
    envelope.algorithm = -35
    assert reason_of(envelope, key_named("p-384")) is Reason.KEY_TYPE_NOT_ALLOWED
    with pytest.raises(DocumentError) as refused:
        signature.verify(issued("all-uses"), [GOOD], frozenset({KeyKind.RSA}))
    assert refused.value.reason is Reason.KEY_TYPE_NOT_ALLOWED


def rsa_of(bits: int) -> bytes:
    # No need for primes: a public key is two numbers.
    return RSA.construct((2 ** (bits - 1) + 1, 65_537), consistency_check=False).export_key("DER")


def test_rsa_keys_are_allowed_between_two_sizes() -> None:
    assert checker_of(rsa_of(2047)).weak
    assert not checker_of(rsa_of(2048)).weak
    assert not checker_of(rsa_of(3072)).weak
    assert not checker_of(rsa_of(4096)).weak
    for bits in (4097, 4104, 8192, 16_384):
        assert load_key(rsa_of(bits)) is Reason.KEY_TYPE_NOT_ALLOWED


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\0",
        b"0",
        GOOD.spki[:-1],
        GOOD.spki + b"\0",
        GOOD.spki[:-1] + bytes((GOOD.spki[-1] ^ 1,)),
        GOOD.spki[:27] + bytes(64),
        GOOD.spki[:27] + b"\xff" * 64,
        RSA_KEY.spki[:-1],
        bytes(91),
        b"\x30\x80" + GOOD.spki[2:],
    ],
)
def test_what_is_no_key_is_told_and_raises_nothing(der: bytes) -> None:
    assert load_key(der) is Reason.KEY_UNREADABLE


def test_every_cut_of_a_key_is_told_and_raises_nothing() -> None:
    for whole in (GOOD.spki, RSA_KEY.spki, spki(curve_key("p-384", "P-384"))):
        for end in range(len(whole)):
            assert isinstance(load_key(whole[:end]), Reason)


def test_every_changed_byte_of_a_key_raises_nothing() -> None:
    for whole in (GOOD.spki, RSA_KEY.spki[:60] + RSA_KEY.spki[60:]):
        for place in range(min(len(whole), 120)):
            for mask in (0x01, 0x80, 0xFF):
                changed = bytearray(whole)
                changed[place] ^= mask
                loaded = load_key(bytes(changed))
                if isinstance(loaded, Checker):
                    raw = sign(curve_key("all-uses"), MESSAGE)
                    assert not loaded.holds(raw, MESSAGE) or whole != GOOD.spki


@pytest.mark.parametrize(
    ("raw", "der"),
    [
        (b"\1" * 64, bytes.fromhex("3044" + "0220" + "01" * 32 + "0220" + "01" * 32)),
        (b"\x80" * 64, bytes.fromhex("3046" + "022100" + "80" * 32 + "022100" + "80" * 32)),
        (b"\0" * 31 + b"\1" + b"\0" * 31 + b"\2", bytes.fromhex("3006020101020102")),
        (b"\0" * 31 + b"\x80" + b"\0" * 31 + b"\2", bytes.fromhex("300702020080020102")),
        (b"\0" * 64, b""),
        (b"\0" * 32 + b"\1" * 32, b""),
        (b"\1" * 32 + b"\0" * 32, b""),
        (b"", b""),
        (b"\1" * 63, b""),
        (b"\1" * 65, b""),
    ],
)
def test_raw_signatures_are_written_as_der_with_the_shortest_numbers(
    raw: bytes, der: bytes
) -> None:
    assert der_of(raw) == der


def test_a_verified_envelope_is_masked() -> None:
    verified = signature.verify(issued("all-uses"), [GOOD])
    assert "XS" not in f"{verified!r} {verified}"


def test_signers_of_the_specimen_world_fit_their_listed_keys() -> None:
    signers: dict[str, Signer] = listed()
    for name, signer in signers.items():
        if name == "p-384":
            continue  # signs with the hash of P-256, as the one specimen that needs it
        loaded = load_key(key_named(name).spki)
        if isinstance(loaded, Checker):
            assert loaded.holds(sign(signer.key, MESSAGE), MESSAGE)


def test_a_contradiction_is_found_by_the_key_that_a_document_brings() -> None:
    envelope = issued("all-uses")
    right = spki(listed()["all-uses"].key)
    kinds = frozenset({KeyKind.P256})
    assert signature.contradiction(envelope, right, kinds) is None
    other = spki(listed()["twin"].key)
    assert signature.contradiction(envelope, other, kinds) is Reason.SIGNATURE_BAD
    envelope.algorithm = PS256
    assert signature.contradiction(envelope, right, kinds) is Reason.ALGORITHM_MISMATCH
    # Of a key that does not count, or cannot be read, nothing follows.
    assert signature.contradiction(envelope, other, frozenset({KeyKind.P384})) is None
    assert signature.contradiction(envelope, b"no key", kinds) is None
