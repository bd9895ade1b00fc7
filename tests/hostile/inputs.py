"""Inputs that are made to hurt: each a text that a code, or a pipe, could bring to a desk."""

import itertools
import zlib
from collections.abc import Iterator

import base45
from support import envelopes

from fixtures.cbor import Pairs, Raw, Tag, encode
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import claims, sign1
from fixtures.smart_health_card import content as card_says
from fixtures.smart_health_card import issue as cards
from fixtures.smart_health_card.world import MINISTRY
from fixtures.vds_nc.authorities import signer
from fixtures.vds_nc.issue import issue, url_text, vaccination
from fixtures.world import listed
from verifier.limits import HEALTH_CARD_BYTES, INFLATED_BYTES, SCAN_CHARACTERS, SEAL_CHARACTERS

SIGNER = listed()["all-uses"]
ROOM = INFLATED_BYTES - 600  # what an envelope leaves for its payload
BYTES_IN_A_SCAN = (SCAN_CHARACTERS - 4) // 3 * 2
_PRIME = 2**61 - 1  # Python's hash of an integer is its rest by this


def _envelope(
    payload: bytes = b"\xa0", protected: bytes | None = None, unprotected: bytes = b"\xa0"
) -> bytes:
    header = encode({1: -7, 4: SIGNER.kid}) if protected is None else protected
    return encode(Tag(18, [header, Raw(unprotected), payload, bytes(64)]))


def _colliding(maps: int, keys: int, length: int) -> bytes:
    """Maps whose keys all have one hash: to Python, -1 and -2 have the same one.

    So have the arrays of them, and a map of such keys compares each with each. They pack so well
    that one code holds thousands.
    """
    arrays = itertools.islice(itertools.product((-1, -2), repeat=length), keys)
    one = encode(Pairs([(Raw(encode(list(array))), 0) for array in arrays]))
    return encode([Raw(one)] * maps)


def _text(cose: bytes) -> str:
    """Pack as tightly as can be: what is too long for a code is refused for that alone."""
    return envelopes.text_of(cose, level=9)


def _stream(data: bytes) -> str:
    return "HC1:" + base45.b45encode(data).decode()


def _texts() -> Iterator[tuple[str, str | bytes]]:
    yield "a scan of a hundred megabytes", "HC1:" + "0" * 100_000_000
    yield "bytes of a hundred megabytes", b"\xff" * 100_000_000
    yield "line ends of ten megabytes", "\r\n" * 5_000_000
    yield "the longest scan", "HC1:".ljust(SCAN_CHARACTERS, ":")
    yield "the longest scan of zeros", "HC1:".ljust(SCAN_CHARACTERS, "0")
    yield "surrogates", "HC1:" + "\ud800" * 4_000
    yield "characters beyond the basic plane", "HC1:" + "\U0001f600" * 4_000
    yield "byte order marks", "\ufeff" * 4_000 + "HC1:"


def _streams() -> Iterator[tuple[str, str]]:
    yield "a bomb", _stream(zlib.compress(bytes(2_800_000), 9)[:BYTES_IN_A_SCAN])
    yield "a bomb to the ceiling", _stream(zlib.compress(bytes(INFLATED_BYTES), 9))
    yield "a bomb in a bomb", _stream(zlib.compress(zlib.compress(bytes(50_000_000), 9), 9))
    empty = b"\x00\x00\x00\xff\xff"
    yield "empty blocks without end", _stream(b"\x78\x9c" + empty * (BYTES_IN_A_SCAN // 5 - 1))
    tree = bytes.fromhex("05c08101000000009056bfea")
    yield "code tables", _stream((b"\x78\x9c" + tree * 200)[:BYTES_IN_A_SCAN])


def _cbor() -> Iterator[tuple[str, bytes]]:
    for name, opening in (
        ("arrays", b"\x81"),
        ("maps", b"\xa1\x00"),
        ("maps as keys", b"\xa1"),
        ("arrays as keys", b"\xa1\x81"),
        ("tags", b"\xc1"),
        ("foreign tags", b"\xc2"),
        ("shared tags", b"\xd8\x1c\x81"),
        ("set tags", b"\xd9\x01\x02\x81"),
        ("open arrays", b"\x9f"),
        ("open maps", b"\xbf\x00"),
    ):
        yield f"nested {name}", opening * (ROOM // len(opening)) + b"\0"
    for name, head in (("array", 0x9B), ("map", 0xBB), ("bytes", 0x5B), ("text", 0x7B)):
        for length in (2**16, 2**31, 2**32, 2**63 - 1, 2**64 - 1):
            yield f"{name} of {length}", bytes((head,)) + length.to_bytes(8, "big") + b"\0" * 9
    yield "an array of nulls", encode([None] * (ROOM - 10))
    yield "arrays of arrays", encode([[[]] * 1_000] * 30)
    yield "a map of numbers", encode(dict.fromkeys(range(ROOM // 4), 0))
    yield "keys of one hash", _colliding(maps=4, keys=1_024, length=13)
    yield "many maps with keys of one hash", _colliding(maps=16, keys=256, length=13)
    yield "numbers of one hash", encode({times * _PRIME: 0 for times in range(-8, 9)})
    yield "one key over and over", encode(Pairs([(0, 0)] * (ROOM // 2 - 10)))
    yield "one long key twice", encode(Pairs([("a" * 30_000, 0), ("a" * 30_000, 1)]))
    yield "a huge number", encode(Tag(2, b"\xff" * (ROOM - 10)))
    yield "a huge negative number", encode(Tag(3, b"\xff" * (ROOM - 10)))
    yield "a huge fraction", encode(Tag(4, [2**64 - 1, 2**64 - 1]))
    yield "a huge binary fraction", encode(Tag(5, [2**64 - 1, 1]))
    yield "a ratio", encode(Tag(30, [1, 0]))
    yield "a slow pattern", encode(Tag(35, "(a+)+" * 10_000))
    yield "a message", encode(Tag(36, "Content-Type: multipart/mixed\n" * 2_000))
    yield "a cycle", b"\xd8\x1c\x81\xd8\x1d\x00"
    yield "a cycle in a map", b"\xd8\x1c\xa1\x00\xd8\x1d\x00"
    yield "references that double", _doubling()
    yield "string references", b"\xd9\x01\x00\x82\x78\xff" + b"a" * 255 + b"\xd8\x19\x00" * 10
    yield "a date far away", encode(Tag(1, 2**64 - 1))
    yield "a long date", encode(Tag(0, "2026-11-02T08:00:00." + "9" * 60_000 + "Z"))
    yield "a long text", encode("\0" * (ROOM - 10))
    yield "a text of what looks like long heads", encode("\x1b\0\0\0\0" * (ROOM // 5 - 10))
    yield (
        "bytes of what looks like long heads",
        encode(b"\x18\0\x19\0\x1a\0\x1b\0" * (ROOM // 8 - 9)),
    )
    yield "bad UTF-8", b"\x79\xff\x00" + b"\xff" * 0xFF00
    yield "a bad tag", b"\xdb" + b"\xff" * 8 + b"\0"


def _doubling() -> bytes:
    """Each list holds the one before it twice: 2 to the 40th items if it were written out."""
    inner = b"\xd8\x1c\x82\0\0"
    for number in range(40):
        inner = b"\xd8\x1c\x82" + inner + b"\xd8\x1d" + encode(number)
    return inner


def _members() -> Iterator[tuple[str, dict[object, object]]]:
    """Members of a certificate, each as hard to read as its type allows."""
    entry, swab = says.vaccination(), says.negative_test()
    long = "9" * 55_000
    for name, value in (
        ("digits", long),
        ("spaces", " " * 55_000),
        ("dashes", "-" * 55_000),
        ("a date and digits", "2026-11-02T08:00:00." + long),
        ("dotted digits", "1." * 27_000),
        ("a big number", 2**64 - 1),
        ("a big float", 1.7e308),
        ("not a number", float("nan")),
    ):
        yield f"doses: {name}", says.content("v", {**entry, "dn": value})
        yield f"day: {name}", says.content("v", {**entry, "dt": value})
        yield f"sample: {name}", says.content("t", {**swab, "sc": value})
        yield f"birth: {name}", says.content("v", entry, born=value)
        yield f"version: {name}", says.content("v", entry, version=value)
        yield f"name: {name}", says.content("v", entry, name={**says.VERA, "fn": value})


def _cards() -> Iterator[tuple[str, str]]:
    """Health cards: texts that are hard to take apart, and payloads that are hard to read."""
    room = HEALTH_CARD_BYTES
    yield "card: digits without end", "shc:/" + "5" * 60_000
    yield "card: very many codes", "\n".join(f"shc:/{at}/20/56" for at in range(1, 21)) * 150
    yield "card: very many blanks", "shc:/" + " " * 60_000 + "56"
    yield "card: a token of dots", "eyJ" + "." * 60_000
    yield "card: a token of letters", "eyJ" + "A" * 30_000 + "." + "A" * 30_000 + ".AA"
    yield "card: a file of empty lists", '{"verifiableCredential":[' + "[]," * 20_000 + "[]]}"
    yield "card: a nested file", '{"verifiableCredential":' + "[" * 60_000
    yield "card: an escaped link", "https://x.example/#verifiableCredential" + "%7B" * 20_000
    yield "card: a link of links", "https://x.example/#" + "shlink:/" * 500
    yield "card: a link in brackets", "shlink:/" + "W1tb" * 1_000
    for name, payload in (
        ("blanks", b" " * (10 * room)),
        ("nested lists", b'{"iss":' + b"[" * (room - 10)),
        ("nested objects", b'{"iss":' * (room // 7)),
        ("empty lists", b'{"x":[' + b"[]," * (room // 3 - 9) + b"[]]}"),
        ("empty objects", b'{"x":[' + b"{}," * (room // 3 - 9) + b"{}]}"),
        ("many members", b"{" + b",".join(b'"%x":0' % number for number in range(25_000)) + b"}"),
        ("one member over and over", b"{" + b'"a":0,' * (room // 6 - 2) + b'"a":0}'),
        ("a long number", b'{"nbf":' + b"9" * (room - 20) + b"}"),
        ("a long fraction", b'{"nbf":0.' + b"9" * (room - 20) + b"}"),
        ("escapes", b'{"iss":"' + b"\\u0041" * (room // 6 - 9) + b'"}'),
        ("half surrogates", b'{"iss":"' + b"\\ud83d" * (room // 6 - 9) + b'"}'),
        ("quotes", b'{"iss":"' + b'\\"' * (room // 2 - 9) + b'"}'),
    ):
        packed = zlib.compressobj(9, wbits=-15)
        stream = packed.compress(payload) + packed.flush()
        yield f"card: {name}", cards.token(None, MINISTRY, packed=stream)
    person = card_says.patient()
    for name, resource in (
        ("doses", [person] + [card_says.dose()] * 700),
        ("codings", [person, card_says.dose(vaccineCode={"coding": [{"code": "1"}] * 15_000})]),
        ("names", [card_says.patient(name=[{"given": ["x"] * 50_000}]), card_says.dose()]),
        ("a long date", [person, card_says.dose(day="2026-01-01T" + "0" * 900)]),
    ):
        content = card_says.payload(card_says.bundle(*resource))
        packed = zlib.compressobj(9, wbits=-15)
        stream = packed.compress(cards.minified(content)) + packed.flush()
        yield f"card: {name}", cards.token(None, MINISTRY, packed=stream)


def _seals() -> Iterator[tuple[str, str]]:
    """Health seals as hard to read as 8 KiB of JSON and 3 KiB of a certificate allow."""
    good = issue(vaccination())
    start, end = good[: good.index('"sex"')], good[good.index('"i":') :]

    def filled(value: str) -> str:
        room = SEAL_CHARACTERS - len(start) - len(end) - len('"sex":,')
        return f'{start}"sex":{value[:room]},{end}'

    yield "seal: digits", filled("9" * SEAL_CHARACTERS)
    yield "seal: a fraction of digits", filled("0." + "9" * SEAL_CHARACTERS)
    yield "seal: a huge exponent", filled("1e999999999")
    yield "seal: nested arrays", filled("[" * SEAL_CHARACTERS)
    yield "seal: nested objects", filled('{"":' * SEAL_CHARACTERS)
    yield "seal: backslashes", filled('"' + "\\" * SEAL_CHARACTERS)
    yield "seal: escapes", filled('"' + "\\ud800" * SEAL_CHARACTERS)
    yield "seal: one member over and over", filled('{"a":0,' * SEAL_CHARACTERS)
    yield "seal: empty objects", filled("[" + "{}," * SEAL_CHARACTERS)
    yield "seal: blanks", filled(" " * SEAL_CHARACTERS)
    yield "seal: quotation marks", filled('"' * SEAL_CHARACTERS)
    yield (
        "seal: a letter after blanks",
        f"{good}{' ' * SEAL_CHARACTERS}"[: SEAL_CHARACTERS - 1] + "x",
    )
    yield "seal: types without end", '{"t":"icao.' * 700
    yield "seal: blanks before a type", "{" + '"t"' + " " * 8_000 + "x"
    yield "seal: wide characters", filled('"' + "\U0001f600" * SEAL_CHARACTERS)
    for name, value in (
        ("lengths", b"\x30\x84\xff\xff\xff\xff" * 500),
        ("nested", b"\x30\x80" * 1_500),
        ("identifiers", b"\x06\x81\xff" + b"\x80" * 3_000),
        ("hints", b"\x06\x03\x55\x1d\x23" * 600),
    ):
        yield f"seal: a certificate of {name}", _with_certificate(value)
        yield (
            f"seal: a certificate with {name}",
            _with_certificate(_certificate_with(value[:2_000])),
        )


def _with_certificate(certificate: bytes) -> str:
    return issue(
        vaccination(), change=lambda sealed: sealed["sig"].update(cer=url_text(certificate))
    )


def _certificate_with(value: bytes) -> bytes:
    """Let an authority sign an odd extension."""
    return signer("odd", foreign=(value, True)).certificate


def hostile_inputs() -> dict[str, str | bytes]:
    """Give every hostile input by its name."""
    found: dict[str, str | bytes] = {**dict(_texts()), **dict(_streams()), **dict(_cards())}
    for name, data in _cbor():
        found[f"envelope: {name}"] = _text(data)
        found[f"protected header: {name}"] = _text(_envelope(protected=data))
        found[f"unprotected header: {name}"] = _text(_envelope(unprotected=data))
        found[f"unsigned claims: {name}"] = _text(_envelope(payload=data))
        found[f"signed claims: {name}"] = _text(sign1(data, SIGNER))
        inside = encode({1: "XS", 4: 2**32 - 1, 6: 1, -260: {1: Raw(data)}})
        found[f"signed content: {name}"] = _text(sign1(inside, SIGNER))
    for name, content in _members():
        found[name] = _text(sign1(encode(claims(content)), SIGNER))
    found |= dict(_seals())
    huge = bytes(ROOM)
    found["a huge signature"] = _text(sign1(b"\xa0", SIGNER, signature=huge))
    found["a huge payload"] = _text(_envelope(payload=huge))
    found["a huge key id"] = _text(_envelope(protected=encode({1: -7, 4: huge})))
    return found
