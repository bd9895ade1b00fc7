"""The curves that keys of travel and health documents lie on, by name and by their numbers.

State authorities write the numbers of a curve where its name would do (RFC 3279, 2.3.5). Numbers
stand for a named curve only when every one of them agrees: a curve of one's own that shares prime
and order with a known one lets its author make signatures for any key (icao-trust notes, 5).
"""

from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer

_PRIME_FIELD: Final = bytes.fromhex("2a8648ce3d0101")
_UNCOMPRESSED: Final = 4
_LARGEST_POSITIVE: Final = 0x7F


class Curve(NamedTuple):
    """A curve y² = x³ + ax + b over the integers modulo ``p``.

    ``name`` is what JSON Web Keys or its authors call it, ``identifier`` the content of its object
    identifier, ``size`` the bytes of a coordinate, ``x`` and ``y`` its generator, of order ``n``.
    """

    name: str
    oid: str
    identifier: bytes
    size: int
    p: int
    a: int
    b: int
    x: int
    y: int
    n: int


def _curve(name: str, oid: str, identifier: str, **numbers: str) -> Curve:
    size = len(numbers["p"]) // 2
    values = {letter: int(digits, 16) for letter, digits in numbers.items()}
    return Curve(name, oid, bytes.fromhex(identifier), size, **values)


# SEC 2, version 2, chapter 2; RFC 5639, chapter 3.
CURVES: Final = (
    _curve(
        "P-256",
        "1.2.840.10045.3.1.7",
        "2a8648ce3d030107",
        p="ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        a="ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
        b="5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        x="6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        y="4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        n="ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ),
    _curve(
        "P-384",
        "1.3.132.0.34",
        "2b81040022",
        p="fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
        "ffffffff0000000000000000ffffffff",
        a="fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
        "ffffffff0000000000000000fffffffc",
        b="b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
        "c656398d8a2ed19d2a85c8edd3ec2aef",
        x="aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
        "5502f25dbf55296c3a545e3872760ab7",
        y="3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0"
        "0a60b1ce1d7e819d7a431d7c90ea0e5f",
        n="ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
        "581a0db248b0a77aecec196accc52973",
    ),
    _curve(
        "P-521",
        "1.3.132.0.35",
        "2b81040023",
        p="01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ffff",
        a="01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "fffc",
        b="0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef1"
        "09e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b50"
        "3f00",
        x="00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d"
        "3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5"
        "bd66",
        y="011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e"
        "662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd1"
        "6650",
        n="01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138"
        "6409",
    ),
    _curve(
        "secp256k1",
        "1.3.132.0.10",
        "2b8104000a",
        p="fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        a="0000000000000000000000000000000000000000000000000000000000000000",
        b="0000000000000000000000000000000000000000000000000000000000000007",
        x="79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        y="483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        n="fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    ),
    _curve(
        "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.7",
        "2b2403030208010107",
        p="a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
        a="7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
        b="26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
        x="8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
        y="547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
        n="a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
    ),
    _curve(
        "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.11",
        "2b240303020801010b",
        p="8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123"
        "acd3a729901d1a71874700133107ec53",
        a="7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f"
        "8aa5814a503ad4eb04a8c7dd22ce2826",
        b="04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d5"
        "7cb4390295dbc9943ab78696fa504c11",
        x="1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8"
        "e826e03436d646aaef87b2e247d4af1e",
        y="8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff9912928"
        "0e4646217791811142820341263c5315",
        n="8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7"
        "cf3ab6af6b7fc3103b883202e9046565",
    ),
    _curve(
        "brainpoolP512r1",
        "1.3.36.3.3.2.8.1.1.13",
        "2b240303020801010d",
        p="aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871"
        "7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
        a="7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc"
        "2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
        b="3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a7"
        "2bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
        x="81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098e"
        "ff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
        y="7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111"
        "b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
        n="aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870"
        "553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
    ),
)

_BY_PRIME: Final = {curve.p: curve for curve in CURVES}
_BY_IDENTIFIER: Final = {curve.identifier: curve for curve in CURVES}


def curve_of(parameters: bytes) -> Curve | None:
    """Find the curve that parameters (DER) name or describe; None for any other, or none at all."""
    reader = DerReader(parameters)
    try:
        if reader.has(der.OBJECT_ID):
            return _BY_IDENTIFIER.get(reader.content(der.OBJECT_ID))
        return _described(reader.enter(der.SEQUENCE))
    except NotDer:
        return None


def _described(numbers: DerReader) -> Curve | None:
    """Compare ECParameters (SEC 1, C.2) with the known curves in all but the seed."""
    numbers.content(der.INTEGER)  # the version tells nothing about the curve
    field = numbers.enter(der.SEQUENCE)
    if field.content(der.OBJECT_ID) != _PRIME_FIELD:
        return None
    curve = _BY_PRIME.get(_integer(field))
    field.finish()
    coefficients = numbers.enter(der.SEQUENCE)
    a, b = (int.from_bytes(coefficients.content(der.OCTET_STRING), "big") for _ in "ab")
    if coefficients.has(der.BIT_STRING):
        coefficients.content(der.BIT_STRING)
    coefficients.finish()
    generator = numbers.content(der.OCTET_STRING)
    order = _integer(numbers)
    cofactor = _integer(numbers) if numbers.has(der.INTEGER) else 1
    numbers.finish()
    if curve is None:
        return None
    same = (a, b, order, cofactor) == (curve.a, curve.b, curve.n, 1)
    return curve if same and generator == point(curve, curve.x, curve.y) else None


def point(curve: Curve, x: int, y: int) -> bytes:
    """Write a point with both coordinates (SEC 1, 2.3.3)."""
    size = curve.size
    return b"%c%b%b" % (_UNCOMPRESSED, x.to_bytes(size, "big"), y.to_bytes(size, "big"))


def _integer(reader: DerReader) -> int:
    """Read an integer; a negative one is no number of a curve."""
    content = reader.content(der.INTEGER)
    if not content or content[0] > _LARGEST_POSITIVE:
        raise NotDer
    return int.from_bytes(content, "big")
