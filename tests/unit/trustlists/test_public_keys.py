import pytest
from Crypto.PublicKey import ECC
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import NULL, ec_key, oid, rsa_key, seq, spki_of, tlv

from trustlists.public_keys import (
    CURVES,
    P256,
    NotAKey,
    canonical,
    ed25519_point,
    from_coordinates,
    from_ed25519,
    from_modulus,
    from_point,
    kind_of,
    rsa_exponent,
)

PSS_OID = "2a864886f70d01010a"
EC_OID, P256_OID = "2a8648ce3d0201", "2a8648ce3d030107"


def _compressed(key: ECC.EccKey) -> bytes:
    point: bytes = key.public_key().export_key(format="SEC1", compress=True)
    return seq(seq(oid(EC_OID), oid(P256_OID)), tlv(0x03, b"\0", point))


@given(st.integers(1, 10**60))
def test_a_compressed_point_becomes_the_usual_form(scalar: int) -> None:
    key = ECC.construct(curve="P-256", d=scalar)
    assert canonical(_compressed(key)) == spki_of(key)
    assert canonical(spki_of(key)) == spki_of(key)
    assert len(spki_of(key)) == 91


def test_a_compressed_point_off_the_curve_is_no_key() -> None:
    too_large = _with_x(2**256 - 1)
    no_root = next(spki for spki in map(_with_x, range(2, 200)) if _is_off(spki))
    for wrong in (too_large, no_root):
        with pytest.raises(NotAKey):
            canonical(wrong)


def _with_x(x: int) -> bytes:
    return seq(seq(oid(EC_OID), oid(P256_OID)), tlv(0x03, b"\0\2", x.to_bytes(32, "big")))


def _is_off(spki: bytes) -> bool:
    try:
        ECC.import_key(spki)
    except ValueError:
        return True
    return False


def test_other_keys_stay_as_they_came() -> None:
    off_curve = spki_of(ec_key("a"))[:-1] + b"?"
    odd = seq(seq(oid(EC_OID), oid(P256_OID)), tlv(0x03, b"\0\6", bytes(64)))
    explicit = seq(seq(oid(EC_OID), seq(b"\x02\x01\x01")), tlv(0x03, b"\0\4", bytes(64)))
    bare = seq(seq(oid("2b6570")), tlv(0x03, b"\0", bytes(32)))
    keys = (ec_key("a", "P-384"), ec_key("a", "P-521"), rsa_key(1024), rsa_key(2048))
    for spki in (off_curve, odd, explicit, bare, *map(spki_of, keys)):
        assert canonical(spki) == spki


@pytest.mark.parametrize(
    "wrong", [b"", b"\x30\x00", seq(seq(oid(EC_OID), NULL, NULL), tlv(0x03, b"\0"))]
)
def test_what_is_no_key_is_refused(wrong: bytes) -> None:
    with pytest.raises(NotAKey):
        canonical(wrong)


@pytest.mark.parametrize("curve", CURVES[:3], ids=lambda curve: curve.name)
def test_a_key_is_made_from_a_point(curve: object) -> None:
    key = ec_key("a", curve.name)
    x, y = (int(number).to_bytes(curve.size, "big") for number in key.pointQ.xy)
    assert from_point(curve, x, y) == spki_of(key)
    with pytest.raises(NotAKey):
        from_point(curve, x[1:], y)


@given(st.integers(1, 10**60))
def test_coordinates_may_lack_leading_zeros(scalar: int) -> None:
    key = ECC.construct(curve="P-256", d=scalar)
    x, y = (int(number).to_bytes(32, "big") for number in key.pointQ.xy)
    assert from_coordinates(x, y) == spki_of(key)
    assert from_coordinates(x.lstrip(b"\0"), y.lstrip(b"\0")) == spki_of(key)
    for wrong in ((x, y[:-1] + bytes((y[-1] ^ 1,))), (b"\0" + x, y), (x, b""), (b"\xff" * 32, y)):
        with pytest.raises(NotAKey):
            from_coordinates(*wrong)


@given(st.binary(min_size=32, max_size=32))
def test_an_edwards_key_is_made_from_its_point(seed: bytes) -> None:
    key = ECC.construct(curve="Ed25519", seed=seed)
    point = key.public_key().export_key(format="raw")
    assert from_ed25519(point) == spki_of(key)
    assert ed25519_point(spki_of(key)) == point


@given(st.binary(min_size=32, max_size=32))
def test_what_is_no_point_is_no_edwards_key(encoding: bytes) -> None:
    y = int.from_bytes(encoding, "little") & (1 << 255) - 1
    try:
        ECC.import_key(seq(seq(oid("2b6570")), tlv(0x03, b"\0", encoding)))
    except ValueError:
        sound = False
    else:
        sound = 1 < y < FIELD - 1
    if sound:
        assert ed25519_point(from_ed25519(encoding)) == encoding
    else:
        with pytest.raises(NotAKey):
            from_ed25519(encoding)


FIELD = 2**255 - 19


def _small_order() -> set[int]:
    """Find the y of the points of order 1, 2, 4 and 8 from the equation of the curve.

    Order 8 means that doubling gives x = 1 or -1 and y = 0, so that x² = -y² at such a point.
    """
    constant = -121_665 * pow(121_666, -1, FIELD) % FIELD
    # -x² + y² = 1 + d x² y² with x² = -y²: d z² + 2 z - 1 = 0 for z = y².
    root = _root(1 + constant)
    assert root is not None
    squares = [(sign * root - 1) * pow(constant, -1, FIELD) % FIELD for sign in (1, -1)]
    eighths = [found for found in map(_root, squares) if found is not None]
    return {0, 1, FIELD - 1} | {sign * y % FIELD for y in eighths for sign in (1, -1)}


def _root(number: int) -> int | None:
    candidate = pow(number, (FIELD + 3) // 8, FIELD)
    for factor in (1, pow(2, (FIELD - 1) // 4, FIELD)):
        if pow(candidate * factor, 2, FIELD) == number % FIELD:
            return candidate * factor % FIELD
    return None


def test_points_of_small_order_are_no_edwards_keys() -> None:
    small = _small_order()
    assert len(small) == 5  # with both signs of x, the eight points
    again = {y + FIELD for y in small if y + FIELD < 1 << 255}  # written with a number too large
    for y in small | again:
        for sign in (0, 1 << 255):
            with pytest.raises(NotAKey):
                from_ed25519((y | sign).to_bytes(32, "little"))
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(NotAKey):
            from_ed25519(wrong)


def test_the_exponent_of_a_key() -> None:
    assert rsa_exponent(spki_of(rsa_key(1024))) == 65_537
    assert rsa_exponent(spki_of(ec_key("a"))) == 0
    assert rsa_exponent(seq(seq(oid("2a864886f70d010101"), NULL), tlv(0x03, b"\0"))) == 0
    assert ed25519_point(spki_of(ec_key("a"))) == b""


def test_a_key_is_made_from_a_modulus() -> None:
    key = rsa_key(2048)
    modulus, exponent = key.n.to_bytes(257, "big"), key.e.to_bytes(3, "big")
    assert from_modulus(modulus, exponent) == spki_of(key)
    assert from_modulus(modulus[1:], exponent) == spki_of(key)
    with pytest.raises(NotAKey):
        from_modulus(b"", exponent)


@pytest.mark.parametrize(
    ("spki", "kind"),
    [
        (spki_of(ec_key("a")), "P-256"),
        (spki_of(ec_key("a", "P-384")), "P-384"),
        (spki_of(rsa_key(1024)), "RSA 1024"),
        (from_point(CURVES[3], bytes(32), bytes(32)), "secp256k1"),
        (seq(seq(oid(EC_OID), oid("2b24030302080101")), tlv(0x03, b"\0")), "EC 1.3.36.3.3.2.8.1.1"),
        (seq(seq(oid(EC_OID), seq()), tlv(0x03, b"\0")), "EC"),
        (seq(seq(oid("2b6570")), tlv(0x03, b"\0")), "Ed25519"),
        (seq(seq(oid("2b6571")), tlv(0x03, b"\0")), "1.3.101.113"),
        (seq(seq(oid(PSS_OID), NULL), tlv(0x03, b"\0", seq(b"\x02\x02\x40\x00"))), "RSA-PSS 15"),
        (seq(seq(oid("2a864886f70d010101"), NULL), tlv(0x03, b"\0")), "unreadable"),
        (b"", "unreadable"),
    ],
)
def test_kinds_are_named(spki: bytes, kind: str) -> None:
    assert kind_of(spki) == kind


def test_p256_is_the_first_curve() -> None:
    assert CURVES[0] is P256
