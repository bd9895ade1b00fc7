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
    "ED25519",
    "P256",
    "Curve",
    "NotAKey",
    "canonical",
    "ed25519_point",
    "from_coordinates",
    "from_ed25519",
    "from_modulus",
    "from_point",
    "kind_of",
    "modulus_of",
    "point_of",
    "point_or_numbers",
    "rsa_exponent",
]


class NotAKey(ValueError):
    """The bytes or numbers are no public key."""


_EC: Final = bytes.fromhex("2a8648ce3d0201")
_RSA: Final = bytes.fromhex("2a864886f70d010101")
_RSA_PSS: Final = bytes.fromhex("2a864886f70d01010a")
_ED25519: Final = bytes.fromhex("2b6570")
_NULL: Final = b"\x05\x00"

ED25519: Final = "Ed25519"
P256: Final = CURVES[0]

_UNCOMPRESSED: Final = 4

# RFC 8032, 5.1: the prime of the field and the constant of the curve.
_EDWARDS_PRIME: Final = 2**255 - 19
_EDWARDS_CONSTANT: Final = -121_665 * pow(121_666, -1, _EDWARDS_PRIME) % _EDWARDS_PRIME
_EDWARDS_BYTES: Final = 32

# Nearly every key is this: P-256 by its name, and a point with both coordinates (RFC 5480, 2).
_USUAL: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_USUAL_BYTES: Final = len(_USUAL) + 2 * P256.size


def canonical(spki: bytes) -> bytes:
    """Give the same key in its usual form: on a named curve, and on P-256 with both coordinates.

    Numbers written out in place of a curve's name become the name when they are exactly its own
    (icao-trust notes, 5). Other keys are given back as they came. Raises ``NotAKey`` when it is no
    public key at all.
    """
    if len(spki) == _USUAL_BYTES and spki.startswith(_USUAL):
        return spki
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


def from_coordinates(x: bytes, y: bytes) -> bytes:
    """Write the P-256 key at a point; leading zero bytes may be missing from its coordinates.

    Raises ``NotAKey`` when the point is not on the curve.
    """
    right, up = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if (
        max(len(x), len(y)) > P256.size
        or max(right, up) >= P256.p
        or up * up % P256.p != _rise(right)
    ):
        message = "not a point of the curve"
        raise NotAKey(message)
    return from_point(P256, x.rjust(P256.size, b"\0"), y.rjust(P256.size, b"\0"))


def from_ed25519(key: bytes) -> bytes:
    """Write an Ed25519 key (RFC 8410, 4), given as RFC 8032, 5.1.2 encodes its point.

    Raises ``NotAKey`` for what is no point in its one encoding, and for the points of small order,
    under which one signature holds for many messages.
    """
    if len(key) != _EDWARDS_BYTES or _is_useless_point(key):
        message = "not a point that signs"
        raise NotAKey(message)
    algorithm = der.element(der.SEQUENCE, der.element(der.OBJECT_ID, _ED25519))
    return der.element(der.SEQUENCE, algorithm, der.element(der.BIT_STRING, b"\0", key))


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


def ed25519_point(spki: bytes) -> bytes:
    """Give the encoded point of an Ed25519 key, empty for a key of another kind."""
    oid, _, key = _parts(spki)
    return key if oid == _ED25519 else b""


def rsa_exponent(spki: bytes) -> int:
    """Give the public exponent of an RSA key, 0 for a key of another kind."""
    oid, _, key = _parts(spki)
    if oid != _RSA:
        return 0
    try:
        numbers = DerReader(key).enter(der.SEQUENCE)
        numbers.content(der.INTEGER)
        return int.from_bytes(numbers.content(der.INTEGER), "big")
    except NotDer:
        return 0


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
    """Name the kind of a key for people, such as ``P-256``, ``Ed25519`` or ``RSA 2048``."""
    try:
        oid, parameters, key = _parts(spki)
        if oid == _EC:
            return _curve_name(parameters)
        if oid in {_RSA, _RSA_PSS}:
            modulus = DerReader(key).enter(der.SEQUENCE).content(der.INTEGER)
            kind = "RSA" if oid == _RSA else "RSA-PSS"
            return f"{kind} {int.from_bytes(modulus, 'big').bit_length()}"
        return ED25519 if oid == _ED25519 else dotted(oid)
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
    square = _rise(number)
    root = pow(square, (P256.p + 1) // 4, P256.p)
    if number >= P256.p or root * root % P256.p != square:
        message = "not a point of the curve"
        raise NotAKey(message)
    return (root if root & 1 == odd else P256.p - root).to_bytes(P256.size, "big")


def _rise(x: int) -> int:
    """Give the square of the other coordinate of a point of P-256 (SEC 1, 2.2.1)."""
    return (x**3 + P256.a * x + P256.b) % P256.p


def _is_useless_point(key: bytes) -> bool:
    """Tell whether an encoding is of no point of edwards25519, or of one of small order.

    Doubling a point needs the square of x alone, so that no root is taken: with u for that square,
    x becomes 2xy / (y² - u) and y becomes (y² + u) / (2 - y² + u).
    """
    prime = _EDWARDS_PRIME
    y = int.from_bytes(key, "little") & (1 << 255) - 1  # the top bit is the sign of x
    u = (y * y - 1) * pow(_EDWARDS_CONSTANT * y * y + 1, -1, prime) % prime
    if y >= prime or (u and pow(u, prime >> 1, prime) != 1):
        return True
    for _ in range(3):
        square = y * y
        y = (square + u) * pow(2 - square + u, -1, prime) % prime
        u = 4 * u * square * pow(square - u, -2, prime) % prime
    return y == 1
