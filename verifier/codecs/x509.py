"""X.509 certificates: the facts that a trust list needs, read by a small walk (RFC 5280, 4.1).

Libraries refuse a certificate as a whole for an extension that they dislike; whole countries have
issued such certificates (hcert-dcc notes, section 8). Here the structure has to be right, while an
extension that cannot be read costs nothing but itself. Nothing is verified by reading;
``signed_by`` is a check of its own. ``NotACertificate`` is the one error and quotes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, dotted, ends, span
from verifier.codecs.pkix import algorithm_of, verifies

# The largest of 1,439 published document signers has 2.2 KB; 64 KiB leaves room for post-quantum
# signatures.
CERTIFICATE_BYTES: Final = 64 * 1024

_NAME_CHARACTERS: Final = 80
_UTC_PIVOT: Final = 50  # RFC 5280, 4.1.2.5.1
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_UTC_HEAD: Final = b"\x17\x0d"
_USUAL_VALIDITY: Final = 32  # two times in the short form
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()

_COUNTRY: Final = b"\x55\x04\x06"
_ORGANISATION: Final = b"\x55\x04\x0a"
_COMMON_NAME: Final = b"\x55\x04\x03"
_BASIC_CONSTRAINTS: Final = b"\x55\x1d\x13"
_EXTENDED_KEY_USAGE: Final = b"\x55\x1d\x25"
_KEY_USAGE: Final = b"\x55\x1d\x0f"
_SUBJECT_KEY_ID: Final = b"\x55\x1d\x0e"
_AUTHORITY_KEY_ID: Final = b"\x55\x1d\x23"
_AUTHORITY_KEY_ID_HEAD: Final = b"\x06\x03" + _AUTHORITY_KEY_ID
_DOCUMENT_TYPES: Final = bytes.fromhex("67810801010602")  # 2.23.136.1.1.6.2, Doc 9303-12, 7.1.3
_KEY_IDENTIFIER: Final = 0x80

# How nearly all attributes of names and all extensions begin: an identifier below 2.5.4 or 2.5.29.
_OF_NAMES: Final = b"\x06\x03\x55\x04"
_OF_EXTENSIONS: Final = b"\x06\x03\x55\x1d"
_TRUE: Final = b"\x01\x01\xff"
_SHORT: Final = 0x80  # what is shorter has one byte for its length

# A certificate: what is signed, algorithm, signature (RFC 5280, 4.1). What is signed, after its
# version: serial number, algorithm, issuer, validity, subject, key (4.1.2).
_PARTS: Final = bytes((der.SEQUENCE, der.SEQUENCE, der.BIT_STRING))
_SIGNED_PARTS: Final = bytes((der.INTEGER, *[der.SEQUENCE] * 5))

_VERSION: Final = 0xA0
_VERSION_TAG: Final = bytes((_VERSION,))
_ISSUER_ID: Final = 0x81
_SUBJECT_ID: Final = 0x82
_EXTENSIONS: Final = 0xA3

_PRINTABLE_STRING: Final = 0x13
_ENCODINGS: Final = {
    _PRINTABLE_STRING: "ascii",
    0x0C: "utf-8",
    0x14: "latin-1",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}

# hcert-dcc notes, section 8: the arc as registered, and with the slip of many real certificates.
_ARCS: Final = {
    "1.3.6.1.4.1.1847.2021.1": bytes.fromhex("2b060104018e378f6501"),
    "1.3.6.1.4.1.0.1847.2021.1": bytes.fromhex("2b06010401008e378f6501"),
}
_KINDS: Final = {1: "test", 2: "vaccination", 3: "recovery"}
_USES: Final = {f"{arc}.{number}": use for arc in _ARCS for number, use in _KINDS.items()}
# Writing one out digit by digit takes longer than reading the rest of its extension.
_PURPOSES: Final = {
    content + bytes((number,)): f"{arc}.{number}"
    for arc, content in _ARCS.items()
    for number in _KINDS
}

# RFC 5280, 4.2.1.3: what a key may be used for, by the number of its bit.
_RIGHTS: Final = {0: "digital_signature", 5: "certificate_signature", 6: "crl_signature"}


class NotACertificate(ValueError):
    """The bytes are no X.509 certificate."""


class CertificateFacts(NamedTuple):
    """What a certificate says of itself.

    ``country`` and ``name`` are empty when the subject names none; ``name`` is printable and short.
    ``issuer`` and ``subject`` are DER names,
    ``signed`` the DER under the signature; ``signature_algorithm`` is DER, and empty when the two
    places that name it differ. ``extensions`` are as they stand, by DER object identifier, and are
    read when they are asked for; ``critical_kinds`` are those that a reader has to understand.
    """

    der: bytes
    spki: bytes
    country: str
    name: str
    not_before: int
    not_after: int
    issuer: bytes
    subject: bytes
    signature_algorithm: bytes
    signed: bytes
    signature: bytes
    serial: int
    version: int
    extensions: tuple[tuple[bytes, bytes], ...]
    critical_kinds: frozenset[bytes]

    @property
    def kid(self) -> bytes:
        """The start of the hash of the certificate (T1, appendix A)."""
        return hashlib.sha256(self.der).digest()[:8]

    @property
    def extended_key_usage(self) -> tuple[str, ...]:
        """The purposes that its key is limited to, in dotted form, as far as they can be read."""
        return _purposes(dict(self.extensions).get(_EXTENDED_KEY_USAGE, b""))

    @property
    def is_ca(self) -> bool:
        """Whether BasicConstraints say that it may sign certificates."""
        return _is_ca(dict(self.extensions).get(_BASIC_CONSTRAINTS, b""))

    @property
    def subject_key_id(self) -> bytes:
        """The id that the certificate states for its own key, empty when it states none."""
        return _key_id(dict(self.extensions).get(_SUBJECT_KEY_ID, b""))

    @property
    def authority_key_id(self) -> bytes:
        """The id that it states for the key that has signed it, empty when it states none."""
        return key_id_in(dict(self.extensions).get(_AUTHORITY_KEY_ID, b""))

    @property
    def key_usage(self) -> frozenset[str] | None:
        """Those rights that matter here, None when none are stated."""
        return _rights(dict(self.extensions).get(_KEY_USAGE))

    @property
    def critical(self) -> frozenset[str]:
        """The extensions that a reader has to understand, in dotted form."""
        return frozenset(map(dotted, self.critical_kinds))

    @property
    def document_types(self) -> frozenset[str]:
        """The codes of the documents that it may sign, where it is limited to some.

        ICAO Doc 9303-12, 7.1.3.
        """
        return _document_types(dict(self.extensions).get(_DOCUMENT_TYPES, b""))


def read_certificate(certificate: bytes) -> CertificateFacts:
    """Read the facts of a DER certificate. Raises ``NotACertificate`` and nothing else."""
    if len(certificate) > CERTIFICATE_BYTES:
        message = "longer than any certificate"
        raise NotACertificate(message)
    try:
        return _read(certificate)
    except NotDer:
        message = "not a DER certificate"
        raise NotACertificate(message) from None


def uses_of(purposes: Iterable[str]) -> frozenset[str]:
    """Tell the kinds of certificate that an extended key usage limits its key to.

    Empty means all: also when only purposes of other trades are named (hcert-dcc notes, 8).
    """
    return frozenset(_USES[purpose] for purpose in purposes if purpose in _USES)


def hinted_authority(certificate: bytes) -> bytes:
    """Look for the key id of the authority without reading the certificate; empty for none.

    A hint and no more: what looks like that extension may stand elsewhere in the bytes.
    """
    _, found, rest = certificate.partition(_AUTHORITY_KEY_ID_HEAD)
    extension = DerReader(rest)
    try:
        if found and extension.has(der.BOOLEAN):
            extension.content(der.BOOLEAN)
        return key_id_in(extension.content(der.OCTET_STRING)) if found else b""
    except NotDer:
        return b""


def country_of(name: bytes) -> str:
    """Read the country of a ``subject`` or ``issuer``; empty when it names none."""
    try:
        return _country_and_name(name)[0]
    except NotDer:
        return ""


def common_name(name: bytes) -> str:
    """Read the common name of a ``subject`` or ``issuer``; empty when it has none."""
    return _printable(_texts(name).get(_COMMON_NAME))


def signed_by(certificate: CertificateFacts, authority: CertificateFacts) -> bool:
    """Tell whether an authority, one that may sign certificates, has signed this certificate.

    Checks names and signature (RFC 5280, 6.1.3), by ECDSA or RSA with SHA-256, SHA-384 or SHA-512.
    Dates are the caller's business. Whatever cannot be checked is not signed.
    """
    if not authority.is_ca or not same_name(certificate.issuer, authority.subject):
        return False
    return signed_by_key(certificate, authority.spki)


def same_name(one: bytes, other: bytes) -> bool:
    """Tell whether two DER names are the same, however their texts are encoded and spaced.

    Case and white space do not count (RFC 5280, 7.1). What cannot be read equals only itself.
    """
    if one == other:
        return True
    try:
        return _comparable(one) == _comparable(other)
    except NotDer:
        return False


def signed_by_key(certificate: CertificateFacts, spki: bytes, *, weak: bool = False) -> bool:
    """Tell whether this very key has signed the certificate, whatever its name is.

    ``weak`` lets SHA-1 count, which proves nothing about the content.
    """
    algorithm = algorithm_of(certificate.signature_algorithm)
    return algorithm is not None and verifies(
        spki, algorithm, certificate.signature, certificate.signed, weak=weak
    )


def key_id_in(value: bytes) -> bytes:
    """Read the key id from the extension that names an authority (RFC 5280, 4.2.1.1), if any.

    The names and numbers that may stand there too are not needed.
    """
    try:
        parts = DerReader(value).enter(der.SEQUENCE)
        return parts.content(_KEY_IDENTIFIER) if parts.has(_KEY_IDENTIFIER) else b""
    except NotDer:
        return b""


def _read(whole: bytes) -> CertificateFacts:
    """Go through the certificate once by places, without a reader for each part of it."""
    first, end = span(whole, 0, len(whole), der.SEQUENCE)
    signed_to, algorithm_to, signature_to = ends(whole, first, end, _PARTS)
    if end != len(whole) or signature_to != end:
        raise NotDer
    signature, _ = span(whole, algorithm_to, end, der.BIT_STRING)

    at, _ = span(whole, first, signed_to, der.SEQUENCE)
    version = b"\0"
    if whole[at : at + 1] == _VERSION_TAG:
        inner, outer_to = span(whole, at, signed_to, _VERSION)
        start, stop = span(whole, inner, outer_to, der.INTEGER)
        version, at = whole[start:stop], outer_to
    serial, _ = span(whole, at, signed_to, der.INTEGER)
    places = ends(whole, at, signed_to, _SIGNED_PARTS)
    serial_to, *_, at = places
    algorithm, issuer, validity, subject, spki = (
        whole[start:stop] for start, stop in pairwise(places)
    )
    for identifier in (_ISSUER_ID, _SUBJECT_ID):
        if at < signed_to and whole[at] == identifier:
            _, at = span(whole, at, signed_to, identifier)
    extensions, critical = _extensions(whole, at, signed_to)
    not_before, not_after = _validity(validity)
    country, name = _country_and_name(subject)
    return CertificateFacts(
        der=whole,
        spki=spki,
        country=country,
        name=name,
        not_before=not_before,
        not_after=not_after,
        issuer=issuer,
        subject=subject,
        signature_algorithm=algorithm if algorithm == whole[signed_to:algorithm_to] else b"",
        signed=whole[first:signed_to],
        signature=der.bits(whole[signature:end]),
        serial=int.from_bytes(whole[serial:serial_to], "big", signed=True),
        version=int.from_bytes(version, "big") + 1,
        extensions=tuple(extensions.items()),
        critical_kinds=critical,
    )


def _validity(validity: bytes) -> tuple[int, int]:
    if len(validity) == _USUAL_VALIDITY and validity[2:4] == validity[17:19] == _UTC_HEAD:
        return _instant(der.UTC_TIME, validity[4:17]), _instant(der.UTC_TIME, validity[19:])
    reader = DerReader(validity).enter(der.SEQUENCE)
    not_before, not_after = instant(reader), instant(reader)
    reader.finish()
    return not_before, not_after


def instant(reader: DerReader) -> int:
    """Read a time, in the two forms that RFC 5280, 4.1.2.5 allows. Raises ``NotDer``."""
    return _instant(*reader.text())


def _instant(tag: int, content: bytes) -> int:
    digits = content[:-1]
    long = tag == der.GENERALIZED_TIME
    if content[-1:] != b"Z" or not digits.isdigit() or len(digits) != (14 if long else 12):
        raise NotDer
    if not long:
        if tag != der.UTC_TIME:
            raise NotDer
        digits = (b"19" if int(digits[:2]) >= _UTC_PIVOT else b"20") + digits
    day, time = divmod(int(digits), 1_000_000)
    (hour, minute), second = divmod(time // 100, 100), time % 100
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or second > _LAST_MINUTE:
        raise NotDer
    try:
        days = date(day // 10_000, day // 100 % 100, day % 100).toordinal() - _FIRST_DAY
    except ValueError:
        raise NotDer from None
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _country_and_name(subject: bytes) -> tuple[str, str]:
    """Read from a name the country, and what an issuer is best shown as."""
    found = _texts(subject)
    name = _printable(found.get(_ORGANISATION)) or _printable(found.get(_COMMON_NAME))
    return _printable(found.get(_COUNTRY)), name


def _texts(name: bytes) -> dict[bytes, tuple[int, bytes]]:
    """Read the texts of a name, tag and content; the first of a kind counts."""
    found: dict[bytes, tuple[int, bytes]] = {}
    for part in _attributes(name):
        for kind, tag, content in part:
            found.setdefault(kind, (tag, content))
    return found


def _attributes(name: bytes) -> Iterator[list[tuple[bytes, int, bytes]]]:
    """Read the parts of a name, each a set of kind, tag and text (RFC 5280, 4.1.2.4)."""
    at, end = span(name, 0, len(name), der.SEQUENCE)
    while at < end:
        if name[at + 4 : at + 8] == _OF_NAMES:
            size = name[at + 1]
            to = at + 2 + size
            if (
                9 <= size < _SHORT  # noqa: PLR2004 - identifier, tag and length
                and to <= end
                and name[at] == der.SET
                and name[at + 2] == der.SEQUENCE
                and name[at + 3] == size - 2
                and name[at + 10] == size - 9
                and name[at + 9] in _ENCODINGS
            ):
                yield [(name[at + 6 : at + 9], name[at + 9], name[at + 11 : to])]
                at = to
                continue
        member, part_to = span(name, at, end, der.SET)
        at = part_to
        read = []
        while member < part_to:
            kind_at, member_to = span(name, member, part_to, der.SEQUENCE)
            start, stop = span(name, kind_at, member_to, der.OBJECT_ID)
            if stop >= member_to:
                raise NotDer
            tag = name[stop]
            text_at, text_to = span(name, stop, member_to, tag)
            if text_to != member_to:
                raise NotDer
            read.append((name[start:stop], tag, name[text_at:text_to]))
            member = member_to
        yield read


def _comparable(name: bytes) -> list[frozenset[tuple[bytes, str]]]:
    return [
        frozenset(
            (
                kind,
                " ".join(
                    content.decode(_ENCODINGS.get(tag, "ascii"), "backslashreplace").split()
                ).casefold(),
            )
            for kind, tag, content in part
        )
        for part in _attributes(name)
    ]


def _printable(found: tuple[int, bytes] | None) -> str:
    """Write a text of a name so that it can be shown anywhere; nothing where there is none."""
    if found is None:
        return ""
    tag, content = found
    text = content[: 4 * _NAME_CHARACTERS].decode(_ENCODINGS.get(tag, "ascii"), "replace")
    shown = text
    if not text.isprintable():
        shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_NAME_CHARACTERS].rstrip()


def _extensions(whole: bytes, at: int, end: int) -> tuple[dict[bytes, bytes], frozenset[bytes]]:
    """Read the extensions as they stand, and which are critical; the first of a kind counts."""
    found: dict[bytes, bytes] = {}
    if at == end:
        return found, frozenset()
    critical: list[bytes] = []
    inner, stop = span(whole, at, end, _EXTENSIONS)
    at, last = span(whole, inner, stop, der.SEQUENCE)
    if stop != end or last != stop:
        raise NotDer
    while at < last:
        if whole[at + 2 : at + 6] == _OF_EXTENSIONS:
            size = whole[at + 1]
            to = at + 2 + size
            demanded = whole[at + 7 : at + 10] == _TRUE
            value_at = at + 10 if demanded else at + 7
            if (
                size < _SHORT
                and value_at + 2 <= to <= last
                and whole[at] == der.SEQUENCE
                and whole[at + 6] < _SHORT
                and whole[value_at] == der.OCTET_STRING
                and whole[value_at + 1] == to - value_at - 2
            ):
                kind = whole[at + 4 : at + 7]
                if demanded:
                    critical.append(kind)
                if kind not in found:
                    found[kind] = whole[value_at + 2 : to]
                at = to
                continue
        kind, demanded, value_at, to = _extension(whole, at, last)
        if demanded:
            dotted(kind)  # raises where it cannot be named
            critical.append(kind)
        found.setdefault(kind, whole[value_at:to])
        at = to
    return found, frozenset(critical)


def _extension(whole: bytes, at: int, last: int) -> tuple[bytes, bool, int, int]:
    """Read an extension of any shape: its kind, whether it is critical, where its value is."""
    kind_at, at_next = span(whole, at, last, der.SEQUENCE)
    start, value_at = span(whole, kind_at, at_next, der.OBJECT_ID)
    kind, demanded = whole[start:value_at], False
    if value_at < at_next and whole[value_at] == der.BOOLEAN:
        start, value_at = span(whole, value_at, at_next, der.BOOLEAN)
        demanded = whole[start:value_at] != b"\0"
    start, to = span(whole, value_at, at_next, der.OCTET_STRING)
    if to != at_next:
        raise NotDer
    return kind, demanded, start, to


def _purposes(value: bytes) -> tuple[str, ...]:
    """Read the extended key usage as far as it can be read."""
    found: list[str] = []
    if not value:
        return ()
    try:
        at, end = span(value, 0, len(value), der.SEQUENCE)
        while at < end:
            start, at = span(value, at, end, der.OBJECT_ID)
            purpose = value[start:at]
            found.append(_PURPOSES.get(purpose) or dotted(purpose))
    except NotDer:
        return tuple(found)
    return tuple(found)


def _document_types(value: bytes) -> frozenset[str]:
    """Read the list of document types: a version and a set. What cannot be read names none."""
    found: set[str] = set()
    try:
        outer = DerReader(value)
        parts = outer.enter(der.SEQUENCE)
        outer.finish()
        parts.content(der.INTEGER)
        kinds = parts.enter(der.SET)
        parts.finish()
        while kinds.more():
            found.add(kinds.content(_PRINTABLE_STRING).decode("ascii"))
    except (NotDer, UnicodeDecodeError):
        return frozenset()
    return frozenset(found)


def _is_ca(value: bytes) -> bool:
    """Read from BasicConstraints whether the subject may sign certificates."""
    try:
        constraints = DerReader(value).enter(der.SEQUENCE)
        # One state writes TRUE as 01, which BER allows and DER does not.
        return constraints.has(der.BOOLEAN) and constraints.content(der.BOOLEAN) != b"\0"
    except NotDer:
        return False


def _rights(value: bytes | None) -> frozenset[str] | None:
    """Read the key usage; a stated one that cannot be read gives no right."""
    if value is None:
        return None
    try:
        bits = DerReader(value).content(der.BIT_STRING)[1:]
    except NotDer:
        return frozenset()
    return frozenset(right for bit, right in _RIGHTS.items() if bits[:1] and bits[0] << bit & 0x80)


def _key_id(value: bytes) -> bytes:
    try:
        return DerReader(value).content(der.OCTET_STRING)
    except NotDer:
        return b""
