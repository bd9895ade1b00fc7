import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import ec_key, explicit_spki, oid, seq, tlv

from verifier.codecs.curves import CURVES, Curve, curve_of, point
from verifier.codecs.pkix import named_key

KEY = ec_key("described")
PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1


def parameters(spki: bytes) -> bytes:
    """Cut the parameters out of a key that describes its curve."""
    start = spki.index(bytes.fromhex("2a8648ce3d0201")) + 7
    length = 2 + spki[start + 1] if spki[start + 1] < 0x80 else 3 + spki[start + 2]
    return spki[start : start + length]


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_the_generator_is_a_point_of_its_curve_and_the_library_knows_it(curve: Curve) -> None:
    assert (curve.y**2 - curve.x**3 - curve.a * curve.x - curve.b) % curve.p == 0
    classes = {one.name.lower(): one for one in ec._CURVE_TYPES.values()}
    names = {"P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1"}
    chosen = classes[names.get(curve.name, curve.name).lower()]
    one = ec.derive_private_key(1, chosen).public_key()
    assert one.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) == point(
        curve, curve.x, curve.y
    )
    spki = one.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    named = named_key(spki)
    assert named is not None
    assert named.curve is curve
    # The order: one point further on is the generator's mirror image.
    last = ec.derive_private_key(curve.n - 1, chosen).public_key().public_numbers()
    assert (last.x, last.y) == (curve.x, curve.p - curve.y)


@pytest.mark.parametrize("name", ["P-256", "P-384", "P-521"])
@pytest.mark.parametrize("how", [{}, {"seed": b"any"}, {"cofactor": None}], ids=str)
def test_numbers_that_are_all_those_of_a_curve_name_it(name: str, how: dict[str, bytes]) -> None:
    spki = explicit_spki(ec_key("described", name), **how)
    named = named_key(spki)
    assert named is not None
    assert named.curve.name == name
    assert named.point == ec_key("described", name).public_key().export_key(format="raw")


@pytest.mark.parametrize(
    "how",
    [
        {"a": 7},
        {"b": 7},
        {"g": b"\4" + bytes(64)},
        {"g": b"\2" + bytes(32)},
        {"n": 7},
        {"cofactor": 2},
        {"p": PRIME - 2},
    ],
    ids=str,
)
def test_numbers_of_which_one_differs_name_nothing(how: dict[str, int | bytes]) -> None:
    assert named_key(explicit_spki(KEY, **how)) is None


@pytest.mark.parametrize(
    "described",
    [
        b"",
        b"\5\0",
        seq(b"\2\1\1", seq(oid("2a8648ce3d0102"), b"\2\1\7")),
        seq(b"\2\1\1", seq(oid("2a8648ce3d0101"), b"\2\1\xff")),
        seq(b"\2\1\1", seq(oid("2a8648ce3d0101"), b"\2\0")),
        oid("2a8648ce3d030101"),
    ],
    ids=["nothing", "null", "another field", "negative", "no number", "unknown name"],
)
def test_what_is_no_known_curve_is_none(described: bytes) -> None:
    assert curve_of(described) is None


def test_other_keys_have_no_curve() -> None:
    assert named_key(b"") is None
    assert named_key(seq(seq(oid("2a8648ce3d0201")), tlv(0x03, b"\0"))) is None
    assert named_key(seq(seq(oid("2a864886f70d010101"), b"\5\0"), tlv(0x03, b"\0"))) is None


@given(st.binary(max_size=120), st.integers(0, 400))
def test_no_bytes_raise_anything(data: bytes, at: int) -> None:
    whole = parameters(explicit_spki(KEY))
    curve_of(data)
    changed = whole[: at % len(whole)] + data + whole[at % len(whole) :]
    assert curve_of(changed) in {None, CURVES[0]}
    named_key(data)
