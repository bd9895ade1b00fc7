"""CMS SignedData made by hand and signed by pycryptodome, each part replaceable by a wrong one."""

import hashlib
from collections.abc import Sequence

from support.certificates import NULL, Key, algorithm_of, oid, seq, sign, tlv

DATA = "2a864886f70d010701"
SIGNED_DATA = "2a864886f70d010702"
MASTER_LIST = "678108010102"
CONTENT_TYPE = "2a864886f70d010903"
MESSAGE_DIGEST = "2a864886f70d010904"
SIGNING_TIME = "2a864886f70d010905"

DIGESTS = {
    "sha1": "2b0e03021a",
    "sha256": "608648016503040201",
    "sha384": "608648016503040202",
    "sha512": "608648016503040203",
}
AT = tlv(0x17, b"261101120000Z")


def attribute(kind: str, *values: bytes) -> bytes:
    return seq(oid(kind), tlv(0x31, *values))


def attributes(
    content: bytes,
    *,
    content_type: str = DATA,
    digest: str = "sha256",
    signing_time: bytes | None = AT,
) -> list[bytes]:
    listed = [
        attribute(CONTENT_TYPE, oid(content_type)),
        attribute(MESSAGE_DIGEST, tlv(0x04, hashlib.new(digest, content).digest())),
    ]
    return [*listed, attribute(SIGNING_TIME, signing_time)] if signing_time else listed


def by_serial(issuer: bytes, serial: bytes = b"\x02\x01\x05") -> bytes:
    return seq(issuer, serial)


def by_key_id(key_id: bytes) -> bytes:
    return tlv(0x80, key_id)


def signer_info(
    key: Key,
    content: bytes,
    name: bytes,
    *,
    digest: str = "sha256",
    salt: int | None = None,
    listed: Sequence[bytes] | None = None,
    content_type: str = DATA,
    algorithm: bytes | None = None,
    signature: bytes | None = None,
    digest_algorithm: bytes | None = None,
    tail: bytes = b"",
) -> bytes:
    """Write a SignerInfo. ``listed`` are its signed attributes; an empty list leaves them out."""
    if listed is None:
        listed = attributes(content, content_type=content_type, digest=digest)
    signed = tlv(0x31, *sorted(listed)) if listed else content
    return seq(
        b"\x02\x01\x01",
        name,
        digest_algorithm or seq(oid(DIGESTS[digest]), NULL),
        tlv(0xA0, *listed) if listed else b"",
        algorithm or algorithm_of(key, digest, salt=salt),
        tlv(0x04, signature or sign(key, signed, digest, salt=salt)),
        tail,
    )


def signed_data(
    infos: Sequence[bytes],
    *,
    content: bytes | None = None,
    content_type: str = DATA,
    certificates: Sequence[bytes] = (),
    crls: bytes = b"",
    outer: str = SIGNED_DATA,
) -> bytes:
    """Write SignedData, detached where there is no content."""
    wrapped = tlv(0xA0, tlv(0x04, content)) if content is not None else b""
    body = seq(
        b"\x02\x01\x03",
        tlv(0x31, seq(oid(DIGESTS["sha256"]), NULL)),
        seq(oid(content_type), wrapped),
        tlv(0xA0, *certificates) if certificates else b"",
        crls,
        tlv(0x31, *infos),
    )
    return seq(oid(outer), tlv(0xA0, body))


def open_ended(tag: int, *parts: bytes) -> bytes:
    """Write an element of indefinite length, as gateways do."""
    return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"
