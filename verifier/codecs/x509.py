"""X.509 certificates: the facts that a trust list needs, read by a small walk (RFC 5280, 4.1).

Libraries refuse a certificate as a whole for an extension that they dislike; whole countries have
issued such certificates (hcert-dcc notes, section 8). Here the structure has to be right, while an
extension that cannot be read costs nothing but itself. Nothing is verified by reading;
``signed_by`` is a check of its own. ``NotACertificate`` is the one error and quotes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, dotted
from verifier.codecs.pkix import algorithm_of, verifies

# The largest of 1,439 published document signers has 2.2 KB; 64 KiB leaves room for post-quantum
# signatures.
CERTIFICATE_BYTES: Final = 64 * 1024

_NAME_CHARACTERS: Final = 80
_UTC_PIVOT: Final = 50  # RFC 5280, 4.1.2.5.1

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

_VERSION: Final = 0xA0
_ISSUER_ID: Final = 0x81
_SUBJECT_ID: Final = 0x82
_EXTENSIONS: Final = 0xA3

_PRINTABLE_STRING: Final = 0x13
_ENCODINGS: Final = {0x0C: "utf-8", 0x14: "latin-1", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}

# hcert-dcc notes, section 8: the arc as registered, and with the slip of many real certificates.
_USES: Final = {
    f"1.3.6.1.4.1.{arc}.{number}": use
    for arc in ("1847.2021.1", "0.1847.2021.1")
    for number, use in ((1, "test"), (2, "vaccination"), (3, "recovery"))
}


# RFC 5280, 4.2.1.3: what a key may be used for, by the number of its bit.
_RIGHTS: Final = {0: "digital_signature", 5: "certificate_signature", 6: "crl_signature"}


class NotACertificate(ValueError):
    """The bytes are no X.509 certificate."""


class CertificateFacts(NamedTuple):
    """What a certificate says of itself.

    ``kid`` is the start of the hash of its DER (T1, appendix A). ``country`` and ``name`` are empty
    when the subject names none; ``name`` is printable and short. ``is_ca`` is true when
    BasicConstraints say so. ``issuer`` and ``subject`` are DER names, ``signed`` the DER under the
    signature; ``signature_algorithm`` is DER, and empty when the two places that name it differ.
    The two key ids are those that the certificate states, empty when it states none. ``key_usage``
    holds those rights that matter here, None when none are stated. ``critical`` lists the
    extensions that a reader has to understand. ``document_types`` are the codes of the documents
    that it may sign (ICAO Doc 9303-12, 7.1.3), where it is limited to some.
    """

    kid: bytes
    spki: bytes
    country: str
    name: str
    not_before: int
    not_after: int
    extended_key_usage: tuple[str, ...]
    is_ca: bool
    issuer: bytes
    subject: bytes
    signature_algorithm: bytes
    signed: bytes
    signature: bytes
    serial: int = 0
    version: int = 3
    subject_key_id: bytes = b""
    authority_key_id: bytes = b""
    key_usage: frozenset[str] | None = None
    critical: frozenset[str] = frozenset()
    document_types: frozenset[str] = frozenset()


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
    return _texts(name).get(_COMMON_NAME, "")


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


def _read(certificate: bytes) -> CertificateFacts:
    outer = DerReader(certificate)
    parts = outer.enter(der.SEQUENCE)
    outer.finish()
    signed = parts.whole(der.SEQUENCE)
    algorithm = parts.whole(der.SEQUENCE)
    signature = der.bits(parts.content(der.BIT_STRING))
    parts.finish()

    body = DerReader(signed).enter(der.SEQUENCE)
    version = body.enter(_VERSION).content(der.INTEGER) if body.has(_VERSION) else b"\0"
    serial = body.content(der.INTEGER)
    inner_algorithm = body.whole(der.SEQUENCE)
    issuer = body.whole(der.SEQUENCE)
    validity = body.enter(der.SEQUENCE)
    not_before, not_after = instant(validity), instant(validity)
    validity.finish()
    subject = body.whole(der.SEQUENCE)
    country, name = _country_and_name(subject)
    spki = body.whole(der.SEQUENCE)
    for identifier in (_ISSUER_ID, _SUBJECT_ID):
        if body.has(identifier):
            body.whole(identifier)
    extensions, critical = _extensions(body)
    body.finish()
    return CertificateFacts(
        kid=hashlib.sha256(certificate).digest()[:8],
        spki=spki,
        country=country,
        name=name,
        not_before=not_before,
        not_after=not_after,
        extended_key_usage=_purposes(extensions.get(_EXTENDED_KEY_USAGE, b"")),
        is_ca=_is_ca(extensions.get(_BASIC_CONSTRAINTS, b"")),
        issuer=issuer,
        subject=subject,
        signature_algorithm=algorithm if algorithm == inner_algorithm else b"",
        signed=signed,
        signature=signature,
        serial=int.from_bytes(serial, "big", signed=True),
        version=int.from_bytes(version, "big") + 1,
        subject_key_id=_key_id(extensions.get(_SUBJECT_KEY_ID, b"")),
        authority_key_id=key_id_in(extensions.get(_AUTHORITY_KEY_ID, b"")),
        key_usage=_rights(extensions.get(_KEY_USAGE)),
        critical=critical,
        document_types=_document_types(extensions.get(_DOCUMENT_TYPES, b"")),
    )


def instant(reader: DerReader) -> int:
    """Read a time, in the two forms that RFC 5280, 4.1.2.5 allows. Raises ``NotDer``."""
    tag, content = reader.text()
    digits = content[:-1]
    long = tag == der.GENERALIZED_TIME
    if content[-1:] != b"Z" or not digits.isdigit() or len(digits) != (14 if long else 12):
        raise NotDer
    if not long:
        if tag != der.UTC_TIME:
            raise NotDer
        digits = (b"19" if int(digits[:2]) >= _UTC_PIVOT else b"20") + digits
    year, *rest = int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2))
    month, day, hour, minute, second = rest
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        raise NotDer from None


def _country_and_name(subject: bytes) -> tuple[str, str]:
    """Read from a name the country, and what an issuer is best shown as."""
    found = _texts(subject)
    return found.get(_COUNTRY, ""), found.get(_ORGANISATION) or found.get(_COMMON_NAME, "")


def _texts(name: bytes) -> dict[bytes, str]:
    """Read the texts of a name; the first of a kind counts."""
    found: dict[bytes, str] = {}
    for attributes in _attributes(name):
        for kind, tag, content in attributes:
            found.setdefault(kind, _printable(tag, content))
    return found


def _attributes(name: bytes) -> Iterator[list[tuple[bytes, int, bytes]]]:
    """Read the parts of a name, each a set of kind, tag and text (RFC 5280, 4.1.2.4)."""
    sets = DerReader(name).enter(der.SEQUENCE)
    while sets.more():
        members = sets.enter(der.SET)
        read = []
        while members.more():
            member = members.enter(der.SEQUENCE)
            read.append((member.content(der.OBJECT_ID), *member.text()))
            member.finish()
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


def _printable(tag: int, content: bytes) -> str:
    """Write a text of a name so that it can be shown anywhere."""
    text = content[: 4 * _NAME_CHARACTERS].decode(_ENCODINGS.get(tag, "ascii"), "replace")
    shown = text
    if not text.isprintable():
        shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_NAME_CHARACTERS].rstrip()


def _extensions(body: DerReader) -> tuple[dict[bytes, bytes], frozenset[str]]:
    """Read the extensions as they stand, and which are critical; the first of a kind counts."""
    found: dict[bytes, bytes] = {}
    critical: set[str] = set()
    if not body.has(_EXTENSIONS):
        return found, frozenset()
    wrapped = body.enter(_EXTENSIONS)
    extensions = wrapped.enter(der.SEQUENCE)
    wrapped.finish()
    while extensions.more():
        extension = extensions.enter(der.SEQUENCE)
        kind = extension.content(der.OBJECT_ID)
        if extension.has(der.BOOLEAN) and extension.content(der.BOOLEAN) != b"\0":
            critical.add(dotted(kind))
        found.setdefault(kind, extension.content(der.OCTET_STRING))
        extension.finish()
    return found, frozenset(critical)


def _purposes(value: bytes) -> tuple[str, ...]:
    """Read the extended key usage as far as it can be read."""
    found: list[str] = []
    try:
        purposes = DerReader(value).enter(der.SEQUENCE)
        while purposes.more():
            found.append(dotted(purposes.content(der.OBJECT_ID)))
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
