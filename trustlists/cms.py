"""CMS SignedData, read strictly and verified: lists, and certificates, that somebody has signed.

RFC 5652: content inside or beside, signed attributes, signer named by issuer and serial number or
by key id, certificates inside. A certificate inside proves nothing by being there: whether its key
may be believed is the caller's question, of ``anchors.vouching``. Counter-signatures and unsigned
attributes are not looked at. ``CmsInvalid`` is the one error; it quotes nothing.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from trustlists.ber import definite
from trustlists.faults import FAULT_WORDS, Fault
from verifier.clock import Instant
from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, dotted
from verifier.codecs.pkix import Algorithm, algorithm_of, digest_of, verifies
from verifier.codecs.x509 import (
    CertificateFacts,
    NotACertificate,
    instant,
    read_certificate,
    signed_by,
)
from verifier.limits import AUTHORITY_RSA_BITS

DATA: Final = "1.2.840.113549.1.7.1"
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"

_CONTENT: Final = 0xA0
_CERTIFICATES: Final = 0xA0
_REVOCATION_LISTS: Final = 0xA1
_SIGNED_ATTRIBUTES: Final = 0xA0
_UNSIGNED_ATTRIBUTES: Final = 0xA1
_KEY_ID: Final = 0x80

# A list has one signer, or two while its key is changed; a chain of certificates a handful.
_SIGNERS: Final = 3
_INSIDE: Final = 16

# RFC 8017, 9.2, note 1: DigestInfo whose hash has no parameters, as ICAO writes it.
_BARE_DIGEST_INFO: Final = {
    "SHA256": bytes.fromhex("302f300b06096086480165030402010420"),
    "SHA384": bytes.fromhex("303f300b06096086480165030402020430"),
    "SHA512": bytes.fromhex("304f300b06096086480165030402030440"),
}


class CmsInvalid(ValueError):
    """The bytes are no SignedData, or no signature of it holds. ``fault`` tells which."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault; its words are those of a list that is refused for it."""
        super().__init__(FAULT_WORDS[fault][0])
        self.fault = fault


class Certificate(NamedTuple):
    """A certificate as it came, in DER, and what it says."""

    der: bytes
    facts: CertificateFacts


class Signer(NamedTuple):
    """Who has signed, and how.

    ``signed_at`` is the signer's own word, None when it gives none. ``weak`` tells that it rests
    on SHA-1, ``bare_digest`` that the hash stands in the RSA signature without its parameters.
    """

    certificate: Certificate
    signed_at: Instant | None
    weak: bool = False
    bare_digest: bool = False


class Signed(NamedTuple):
    """Content whose signatures hold: at least one signer, and all certificates that came along."""

    content_type: str
    content: bytes
    signers: tuple[Signer, ...]
    certificates: tuple[Certificate, ...]

    def chain(self, signer: Signer) -> tuple[CertificateFacts, ...]:
        """Give a signer's certificate and the issuers among those inside, as ``vouching`` asks."""
        chain = [signer.certificate.facts]
        while issuer := self._issuer(chain):
            chain.append(issuer)
        return tuple(chain)

    def _issuer(self, chain: Sequence[CertificateFacts]) -> CertificateFacts | None:
        others = (each.facts for each in self.certificates if each.facts not in chain)
        return next((facts for facts in others if signed_by(chain[-1], facts)), None)


class _Info(NamedTuple):
    """A SignerInfo as read. ``attributes`` is the DER SET that is signed, empty for none."""

    issuer: bytes
    serial: int
    key_id: bytes
    digest: str | None
    attributes: bytes
    told: dict[str, bytes]
    algorithm: bytes
    signature: bytes


class _Parts(NamedTuple):
    content_type: str
    content: bytes | None
    certificates: tuple[Certificate, ...]
    infos: tuple[_Info, ...]


def verify_cms(  # noqa: PLR0913 - one argument a choice of the caller
    data: bytes,
    *,
    content: bytes | None = None,
    content_type: str = DATA,
    known: Sequence[Certificate] = (),
    weak: bool = False,
    bare_digest: bool = False,
) -> Signed:
    """Verify SignedData and give what it signs.

    ``content`` is what a detached signature stands beside; content that is inside all the same has
    to be equal to it. Content of another type than ``content_type`` is refused. ``known`` are
    certificates of signers that need not be inside. ``weak`` lets SHA-1 count, ``bare_digest`` an
    RSA signature without the parameters of its hash.

    Raises ``CmsInvalid`` with the fault of the first signer when no signature holds:
    ``MALFORMED``, ``CONTENT_TYPE_WRONG``, ``SIGNER_UNKNOWN`` (its certificate is not there),
    ``DIGEST_WRONG``, ``SIGNATURE_WRONG`` or ``ALGORITHM_REFUSED``, in this order.
    """
    try:
        parts = _read(data)
    except NotDer:
        raise CmsInvalid(Fault.MALFORMED) from None
    if parts.content_type != content_type:
        raise CmsInvalid(Fault.CONTENT_TYPE_WRONG)
    signed = parts.content if content is None else content
    if signed is None:
        raise CmsInvalid(Fault.MALFORMED)
    if parts.content not in {None, signed}:
        raise CmsInvalid(Fault.DIGEST_WRONG)
    good: list[Signer] = []
    faults: list[Fault] = []
    for info in parts.infos:
        signer = _signer(info, parts, signed, known)
        if isinstance(signer, Fault):
            faults.append(signer)
        elif (signer.weak and not weak) or (signer.bare_digest and not bare_digest):
            faults.append(Fault.ALGORITHM_REFUSED)
        else:
            good.append(signer)
    if not good:
        raise CmsInvalid(faults[0])
    return Signed(content_type, signed, tuple(good), parts.certificates)


def _read(data: bytes) -> _Parts:
    """Read ContentInfo and SignedData (RFC 5652, 3 and 5.1). Raises ``NotDer``."""
    outer = DerReader(definite(data))
    wrapped = outer.enter(der.SEQUENCE)
    outer.finish()
    if dotted(wrapped.content(der.OBJECT_ID)) != _SIGNED_DATA:
        raise NotDer
    inside = wrapped.enter(_CONTENT)
    wrapped.finish()
    parts = inside.enter(der.SEQUENCE)
    inside.finish()
    parts.content(der.INTEGER)  # the version follows from what else is there
    parts.whole(der.SET)  # the hashes are named once more by each signer
    content_type, content = _content(parts.enter(der.SEQUENCE))
    certificates = _certificates(parts.enter(_CERTIFICATES)) if parts.has(_CERTIFICATES) else ()
    if parts.has(_REVOCATION_LISTS):
        parts.whole(_REVOCATION_LISTS)
    signers = parts.enter(der.SET)
    parts.finish()
    infos = tuple(_infos(signers))
    if not 1 <= len(infos) <= _SIGNERS:
        raise NotDer
    return _Parts(content_type, content, certificates, infos)


def _content(parts: DerReader) -> tuple[str, bytes | None]:
    content_type = dotted(parts.content(der.OBJECT_ID))
    if not parts.more():
        return content_type, None
    wrapped = parts.enter(_CONTENT)
    parts.finish()
    content = wrapped.content(der.OCTET_STRING)
    wrapped.finish()
    return content_type, content


def _certificates(reader: DerReader) -> tuple[Certificate, ...]:
    """Read the certificates that came along; one that cannot be read helps nobody."""
    found: list[Certificate] = []
    for _ in range(_INSIDE):
        if not reader.more():
            break
        if not reader.has(der.SEQUENCE):
            reader.text()  # another kind of certificate (RFC 5652, 10.2.2)
            continue
        certificate = reader.whole(der.SEQUENCE)
        try:
            found.append(Certificate(certificate, read_certificate(certificate)))
        except NotACertificate:
            continue
    reader.finish()
    return tuple(found)


def _infos(signers: DerReader) -> Iterator[_Info]:
    while signers.more():
        yield _info(signers.enter(der.SEQUENCE))


def _info(parts: DerReader) -> _Info:
    """Read a SignerInfo (RFC 5652, 5.3)."""
    parts.content(der.INTEGER)
    issuer, serial, key_id = b"", 0, b""
    if parts.has(_KEY_ID):
        key_id = parts.content(_KEY_ID)
    else:
        named = parts.enter(der.SEQUENCE)
        issuer = named.whole(der.SEQUENCE)
        serial = int.from_bytes(named.content(der.INTEGER), "big", signed=True)
        named.finish()
    digest = digest_of(parts.whole(der.SEQUENCE))
    has_attributes = parts.has(_SIGNED_ATTRIBUTES)
    listed = list(_elements(parts.enter(_SIGNED_ATTRIBUTES))) if has_attributes else []
    if has_attributes and not listed:
        raise NotDer
    algorithm = parts.whole(der.SEQUENCE)
    signature = parts.content(der.OCTET_STRING)
    if parts.has(_UNSIGNED_ATTRIBUTES):
        parts.whole(_UNSIGNED_ATTRIBUTES)
    parts.finish()
    # What is signed is the set in the order of DER (X.690, 11.6), with the tag of a set.
    attributes = der.element(der.SET, *sorted(listed)) if listed else b""
    return _Info(issuer, serial, key_id, digest, attributes, _told(listed), algorithm, signature)


def _elements(attributes: DerReader) -> Iterator[bytes]:
    while attributes.more():
        yield attributes.whole(der.SEQUENCE)


def _told(attributes: Sequence[bytes]) -> dict[str, bytes]:
    """Read the attributes, each once; of those used here each has one value (RFC 5652, 11)."""
    told: dict[str, bytes] = {}
    for attribute in attributes:
        parts = DerReader(attribute).enter(der.SEQUENCE)
        kind = dotted(parts.content(der.OBJECT_ID))
        values = parts.content(der.SET)
        parts.finish()
        if kind in told:
            raise NotDer
        told[kind] = values
    return told


def _signer(
    info: _Info, parts: _Parts, content: bytes, known: Sequence[Certificate]
) -> Signer | Fault:
    """Check one signature; give who made it, or what is wrong with it."""
    matching = {each.der: each for each in (*parts.certificates, *known) if _is_named(info, each)}
    if len(matching) != 1:
        return Fault.SIGNER_UNKNOWN
    (certificate,) = matching.values()
    algorithm = algorithm_of(info.algorithm, info.digest)
    try:
        fault = _attributes_fault(info, parts.content_type, content)
        signed_at = _signed_at(info)
    except NotDer:
        return Fault.MALFORMED
    if fault or algorithm is None or algorithm.digest != info.digest:
        return fault or Fault.ALGORITHM_REFUSED
    spki, signed = certificate.facts.spki, info.attributes or content
    holds = verifies(spki, algorithm, info.signature, signed, weak=True)
    if holds or _holds_bare_digest(spki, algorithm, info.signature, signed):
        return Signer(certificate, signed_at, weak=algorithm.weak, bare_digest=not holds)
    return Fault.SIGNATURE_WRONG


def _is_named(info: _Info, certificate: Certificate) -> bool:
    facts = certificate.facts
    if info.key_id:
        return info.key_id == facts.subject_key_id
    return (info.issuer, info.serial) == (facts.issuer, facts.serial)


def _attributes_fault(info: _Info, content_type: str, content: bytes) -> Fault | None:
    """Compare the signed attributes with the content (RFC 5652, 5.6). Raises ``NotDer``."""
    if info.digest is None:
        return Fault.ALGORITHM_REFUSED
    if not info.attributes:
        return None if content_type == DATA else Fault.MALFORMED
    kind = _only(info.told.get(_CONTENT_TYPE, b""), der.OBJECT_ID)
    digest = _only(info.told.get(_MESSAGE_DIGEST, b""), der.OCTET_STRING)
    if hashlib.new(info.digest, content, usedforsecurity=False).digest() != digest:
        return Fault.DIGEST_WRONG
    return None if dotted(kind) == content_type else Fault.CONTENT_TYPE_WRONG


def _signed_at(info: _Info) -> Instant | None:
    values = info.told.get(_SIGNING_TIME)
    if values is None:
        return None
    reader = DerReader(values)
    when = instant(reader)
    reader.finish()
    return when


def _only(values: bytes, tag: int) -> bytes:
    """Give what the one value of an attribute holds."""
    reader = DerReader(values)
    content = reader.content(tag)
    reader.finish()
    return content


def _holds_bare_digest(spki: bytes, algorithm: Algorithm, signature: bytes, signed: bytes) -> bool:
    """Tell whether an RSA signature holds the hash without its parameters, and nothing else.

    The padding is checked by the library, and the rest compared whole; it is never parsed, for that
    is how forgeries with small exponents got through (icao-trust notes, 4).
    """
    prefix = _BARE_DIGEST_INFO.get(algorithm.digest)
    if prefix is None or algorithm.elliptic or algorithm.salt is not None:
        return False
    # Imported here: the list of dialects is read also when nothing is verified.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        key = load_der_public_key(spki)
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in AUTHORITY_RSA_BITS:
            return False
        found = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return found == prefix + hashlib.new(algorithm.digest, signed).digest()
