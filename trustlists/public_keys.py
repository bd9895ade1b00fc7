"""Public keys as SubjectPublicKeyInfo: brought into one form, made from numbers, named.

The desk knows a P-256 key by the first bytes of its usual form (RFC 5480, 2). A key of another
kind or size stays as it came: it verifies nothing, and a verdict can say why.
"""

from typing import Final

from verifier.codecs import der
from verifier.codecs.curves import CURVES, Curve, curve_of
from verifier.codecs.der import DerReader, NotDer, dotted

__all__ = [
    "CURVES",
    "P256",
    "Curve",
    "NotAKey",
    "canonical",
    "from_modulus",
    "from_point",
    "kind_of",
    "point_or_numbers",
]


class NotAKey(ValueError):
    """The bytes or numbers are no public key."""


_EC: Final = bytes.fromhex("2a8648ce3d0201")
_RSA: Final = bytes.fromhex("2a864886f70d010101")
_NULL: Final = b"\x05\x00"

P256: Final = CURVES[0]

_UNCOMPRESSED: Final = 4


def canonical(spki: bytes) -> bytes:
    """Give the same key in its usual form: on a named curve, and on P-256 with both coordinates.

    Numbers written out in place of a curve's name become the name when they are exactly its own
    (icao-trust notes, 5). Other keys are given back as they came. Raises ``NotAKey`` when it is no
    public key at all.
    """
    oid, parameters, key = _parts(spki)
    curve = curve_of(parameters) if oid == _EC else None
    if curve is P256 and len(key) == 1 + P256.size and key[0] in {2, 3}:
        x = key[1:]
        return from_point(P256, x, _other_coordinate(x, odd=key[0] == 3))  # noqa: PLR2004 - SEC 1
    if curve is None or parameters.startswith(bytes((der.OBJECT_ID,))):
        return spki
    return _on_curve(curve, key)


def from_point(curve: Curve, x: bytes, y: bytes) -> bytes:
    """Write the key at a point of a curve (RFC 5480, 2). Coordinates have the curve's size."""
    if len(x) != curve.size or len(y) != curve.size:
        message = "a coordinate has the wrong length"
        raise NotAKey(message)
    return _on_curve(curve, bytes((_UNCOMPRESSED,)) + x + y)


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


def point_or_numbers(spki: bytes) -> bytes:
    """Give what stands in the bit string of a key: a point, or the numbers of RSA."""
    return _parts(spki)[2]


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


def _on_curve(curve: Curve, point: bytes) -> bytes:
    """Write the key at an encoded point of a named curve (RFC 5480, 2)."""
    algorithm = der.element(
        der.SEQUENCE,
        der.element(der.OBJECT_ID, _EC),
        der.element(der.OBJECT_ID, curve.identifier),
    )
    return der.element(der.SEQUENCE, algorithm, der.element(der.BIT_STRING, b"\0", point))


def _curve_name(parameters: bytes) -> str:
    curve = curve_of(parameters)
    if curve:
        return curve.name
    if parameters[:1] != bytes((der.OBJECT_ID,)):
        return "EC"
    return "EC " + dotted(DerReader(parameters).content(der.OBJECT_ID))


def _other_coordinate(x: bytes, *, odd: bool) -> bytes:
    """Find y for a compressed point of P-256 (SEC 1, 2.3.4)."""
    number = int.from_bytes(x, "big")
    square = (number**3 + P256.a * number + P256.b) % P256.p
    root = pow(square, (P256.p + 1) // 4, P256.p)
    if number >= P256.p or root * root % P256.p != square:
        message = "not a point of the curve"
        raise NotAKey(message)
    return (root if root & 1 == odd else P256.p - root).to_bytes(P256.size, "big")
