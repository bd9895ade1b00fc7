"""Public keys as SubjectPublicKeyInfo: brought into one form, made from numbers, named.

The desk knows a P-256 key by the first bytes of its usual form (RFC 5480, 2). A key of another
kind or size stays as it came: it verifies nothing, and a verdict can say why.
"""

from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, dotted


class NotAKey(ValueError):
    """The bytes or numbers are no public key."""


class Curve(NamedTuple):
    """A named curve: the name that JSON Web Keys use, its identifier, the size of a coordinate."""

    name: str
    oid: str
    identifier: bytes
    size: int


_EC: Final = bytes.fromhex("2a8648ce3d0201")
_RSA: Final = bytes.fromhex("2a864886f70d010101")
_NULL: Final = b"\x05\x00"

P256: Final = Curve("P-256", "1.2.840.10045.3.1.7", bytes.fromhex("2a8648ce3d030107"), 32)
CURVES: Final = (
    P256,
    Curve("P-384", "1.3.132.0.34", bytes.fromhex("2b81040022"), 48),
    Curve("P-521", "1.3.132.0.35", bytes.fromhex("2b81040023"), 66),
    Curve("secp256k1", "1.3.132.0.10", bytes.fromhex("2b8104000a"), 32),
)

# SEC 2, 2.4.2: the prime and the constant of P-256.
_PRIME: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_CONSTANT: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

_UNCOMPRESSED: Final = 4


def canonical(spki: bytes) -> bytes:
    """Give the same key in its usual form: P-256 with both coordinates written out.

    Other kinds are given back as they came. Raises ``NotAKey`` when it is no public key at all.
    """
    oid, parameters, key = _parts(spki)
    if oid != _EC or parameters != der.element(der.OBJECT_ID, P256.identifier):
        return spki
    if len(key) == 1 + P256.size and key[0] in {2, 3}:
        x = key[1:]
        return from_point(P256, x, _other_coordinate(x, odd=key[0] == 3))  # noqa: PLR2004 - SEC 1
    return spki


def from_point(curve: Curve, x: bytes, y: bytes) -> bytes:
    """Write the key at a point of a curve (RFC 5480, 2). Coordinates have the curve's size."""
    if len(x) != curve.size or len(y) != curve.size:
        message = "a coordinate has the wrong length"
        raise NotAKey(message)
    algorithm = der.element(
        der.SEQUENCE,
        der.element(der.OBJECT_ID, _EC),
        der.element(der.OBJECT_ID, curve.identifier),
    )
    point = der.element(der.BIT_STRING, bytes((0, _UNCOMPRESSED)), x, y)
    return der.element(der.SEQUENCE, algorithm, point)


def from_modulus(modulus: bytes, exponent: bytes) -> bytes:
    """Write an RSA key (RFC 3279, 2.3.1); leading zero bytes do not matter."""
    numbers = [number.lstrip(b"\0") for number in (modulus, exponent)]
    if not all(numbers):
        message = "a number is missing"
        raise NotAKey(message)
    integers = (
        der.element(der.INTEGER, b"\0" if number[0] >> 7 else b"", number) for number in numbers
    )
    algorithm = der.element(der.SEQUENCE, der.element(der.OBJECT_ID, _RSA), _NULL)
    key = der.element(der.SEQUENCE, *integers)
    return der.element(der.SEQUENCE, algorithm, der.element(der.BIT_STRING, b"\0", key))


def point_of(spki: bytes) -> tuple[Curve, bytes, bytes] | None:
    """Give curve and coordinates of a key on a curve named here, None for any other key.

    The coordinates have the curve's size. Raises ``NotAKey`` when it is no public key at all.
    """
    oid, parameters, key = _parts(spki)
    for curve in CURVES if oid == _EC else ():
        named = parameters == der.element(der.OBJECT_ID, curve.identifier)
        if named and len(key) == 1 + 2 * curve.size and key[0] == _UNCOMPRESSED:
            return curve, key[1 : 1 + curve.size], key[1 + curve.size :]
    return None


def modulus_of(spki: bytes) -> tuple[bytes, bytes] | None:
    """Give modulus and exponent of an RSA key in as few bytes as can be, None for any other key.

    Raises ``NotAKey`` when it is no public key at all.
    """
    oid, _, key = _parts(spki)
    if oid != _RSA:
        return None
    try:
        numbers = DerReader(key).enter(der.SEQUENCE)
        modulus, exponent = (numbers.content(der.INTEGER).lstrip(b"\0") for _ in range(2))
    except NotDer:
        message = "not an RSA key"
        raise NotAKey(message) from None
    return modulus, exponent


def kind_of(spki: bytes) -> str:
    """Name the kind of a key for people, such as ``P-256`` or ``RSA 2048``."""
    try:
        oid, parameters, key = _parts(spki)
        if oid == _EC:
            return _curve_name(parameters)
        if oid == _RSA:
            modulus = DerReader(key).enter(der.SEQUENCE).content(der.INTEGER)
            return f"RSA {int.from_bytes(modulus, 'big').bit_length()}"
        return dotted(oid)
    except (NotDer, NotAKey):
        return "unreadable"


def _parts(spki: bytes) -> tuple[bytes, bytes, bytes]:
    """Split a SubjectPublicKeyInfo into algorithm, its parameters (DER), and the key."""
    try:
        outer = DerReader(spki)
        parts = outer.enter(der.SEQUENCE)
        outer.finish()
        algorithm = parts.enter(der.SEQUENCE)
        oid = algorithm.content(der.OBJECT_ID)
        parameters = b""
        if algorithm.more():
            tag, content = algorithm.text()
            parameters = der.element(tag, content)
        algorithm.finish()
        key = der.bits(parts.content(der.BIT_STRING))
        parts.finish()
    except NotDer:
        message = "not a public key"
        raise NotAKey(message) from None
    return oid, parameters, key


def _curve_name(parameters: bytes) -> str:
    if parameters[:1] != bytes((der.OBJECT_ID,)):
        return "EC"
    oid = DerReader(parameters).content(der.OBJECT_ID)
    names = (curve.name for curve in CURVES if curve.identifier == oid)
    return next(names, "EC " + dotted(oid))


def _other_coordinate(x: bytes, *, odd: bool) -> bytes:
    """Find y for a compressed point of P-256 (SEC 1, 2.3.4)."""
    number = int.from_bytes(x, "big")
    square = (number**3 - 3 * number + _CONSTANT) % _PRIME
    root = pow(square, (_PRIME + 1) // 4, _PRIME)
    if number >= _PRIME or root * root % _PRIME != square:
        message = "not a point of the curve"
        raise NotAKey(message)
    return (root if root & 1 == odd else _PRIME - root).to_bytes(P256.size, "big")
