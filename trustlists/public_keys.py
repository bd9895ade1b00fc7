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
_RSA_PSS: Final = bytes.fromhex("2a864886f70d01010a")
_ED25519: Final = bytes.fromhex("2b6570")
_NULL: Final = b"\x05\x00"

ED25519: Final = "Ed25519"
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

# RFC 8032, 5.1: the prime of the field and the constant of the curve.
_EDWARDS_PRIME: Final = 2**255 - 19
_EDWARDS_CONSTANT: Final = -121_665 * pow(121_666, -1, _EDWARDS_PRIME) % _EDWARDS_PRIME
_EDWARDS_BYTES: Final = 32


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


def from_coordinates(x: bytes, y: bytes) -> bytes:
    """Write the P-256 key at a point; leading zero bytes may be missing from its coordinates.

    Raises ``NotAKey`` when the point is not on the curve.
    """
    right, up = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if (
        max(len(x), len(y)) > P256.size
        or max(right, up) >= _PRIME
        or up * up % _PRIME != _rise(right)
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
    square = _rise(number)
    root = pow(square, (_PRIME + 1) // 4, _PRIME)
    if number >= _PRIME or root * root % _PRIME != square:
        message = "not a point of the curve"
        raise NotAKey(message)
    return (root if root & 1 == odd else _PRIME - root).to_bytes(P256.size, "big")


def _rise(x: int) -> int:
    """Give the square of the other coordinate of a point of P-256 (FIPS 186-5)."""
    return (x**3 - 3 * x + _CONSTANT) % _PRIME


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
