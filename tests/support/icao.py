"""State authorities, signers of seals, master lists and revocation lists, all invented."""

from collections.abc import Sequence

from support.certificates import (
    CA,
    Key,
    algorithm_of,
    certificate,
    ec_key,
    eku,
    extension,
    name,
    oid,
    seq,
    sign,
    tlv,
)
from support.cms import MASTER_LIST, attributes, by_serial, signed_data, signer_info

TRUE = b"\x01\x01\xff"
CERTIFY = extension("551d0f", b"\x03\x02\x01\x06", critical=TRUE)
DIGITAL = extension("551d0f", b"\x03\x02\x07\x80", critical=TRUE)
LIST_SIGNER = extension("551d25", seq(oid("678108010103")), critical=TRUE)
HEALTH_AUTHORITY = "6781080101" + "0e01"
SEAL_SIGNER = "6781080101" + "0e02"
VALID = (tlv(0x17, b"200101000000Z"), tlv(0x17, b"360101000000Z"))


def own_id(value: bytes) -> bytes:
    return extension("551d0e", tlv(0x04, value))


def id_above(value: bytes) -> bytes:
    return extension("551d23", seq(tlv(0x80, value)))


def state(country: str = "AU", common: str = "CSCA") -> bytes:
    return name(country=country, common=common)


def csca(
    country: str = "AU",
    *,
    key: Key | None = None,
    key_id: bytes | None = None,
    extensions: Sequence[bytes] | None = None,
    **parts: object,
) -> bytes:
    """Write an authority; its key id is its country's code, its key is named after the country."""
    listed = [CA, CERTIFY, own_id(key_id or country.encode())] if extensions is None else extensions
    how = {"subject": state(country), "not_before": VALID[0], "not_after": VALID[1]} | parts
    return certificate(key or ec_key(country), extensions=listed, **how)  # type: ignore[arg-type]


def link(country: str = "AU", *, old: str = "old", **parts: object) -> bytes:
    """Write the certificate by which an authority's older key vouches for its newer one."""
    listed = [CA, CERTIFY, own_id(country.encode()), id_above(old.encode())]
    return csca(country, extensions=listed, signer=ec_key(old), **parts)


def below(
    country: str = "AU",
    *,
    purposes: Sequence[str] = (SEAL_SIGNER,),
    extensions: Sequence[bytes] = (),
    **parts: object,
) -> bytes:
    """Write a signer below an authority."""
    listed = [id_above(country.encode()), *([eku(*purposes)] if purposes else []), *extensions]
    how: dict[str, object] = {
        "signer": ec_key(country),
        "issuer": state(country),
        "subject": state(country, "BSC"),
        "not_before": VALID[0],
        "not_after": VALID[1],
    } | parts
    return certificate(ec_key("bsc"), extensions=listed, **how)  # type: ignore[arg-type]


def list_signer(
    *, key: Key | None = None, extensions: Sequence[bytes] | None = None, **parts: object
) -> bytes:
    """Write the certificate of a list signer below the authority of UN."""
    listed = [id_above(b"UN"), DIGITAL, LIST_SIGNER] if extensions is None else extensions
    how: dict[str, object] = {
        "signer": ec_key("UN"),
        "issuer": state("UN"),
        "subject": state("UN", "ML signer"),
        "serial": b"\x02\x01\x07",
        "not_before": VALID[0],
        "not_after": VALID[1],
    } | parts
    return certificate(key or ec_key("ml"), extensions=listed, **how)  # type: ignore[arg-type]


def content_of(*certificates: bytes, version: bytes = b"\x02\x01\x00", tail: bytes = b"") -> bytes:
    return seq(version, tlv(0x31, *certificates), tail)


def master_list(
    *certificates: bytes,
    signer: bytes | None = None,
    key: Key | None = None,
    content: bytes | None = None,
    signing_time: bytes | None = tlv(0x17, b"261101120000Z"),
    digest: str = "sha256",
    signature: bytes | None = None,
) -> bytes:
    content = content_of(*certificates) if content is None else content
    listed = attributes(content, content_type=MASTER_LIST, digest=digest, signing_time=signing_time)
    info = signer_info(
        key or ec_key("ml"),
        content,
        by_serial(state("UN"), b"\x02\x01\x07"),
        listed=listed,
        digest=digest,
        signature=signature,
    )
    return signed_data(
        [info],
        content=content,
        content_type=MASTER_LIST,
        certificates=[signer or list_signer(), csca("UN")],
    )


def revoked(serial: int, *extensions: bytes) -> bytes:
    number = tlv(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
    listed = seq(*extensions) if extensions else b""
    return seq(number, tlv(0x17, b"261001000000Z"), listed)


def crl(
    country: str = "AU",
    *entries: bytes,
    key: Key | None = None,
    number: int | None = 5,
    digest: str = "sha256",
    this_update: bytes = tlv(0x17, b"261101000000Z"),
    next_update: bytes = tlv(0x17, b"270101000000Z"),
    extensions: Sequence[bytes] = (),
    version: bytes = b"\x02\x01\x01",
    inner: bytes | None = None,
    issuer: bytes | None = None,
    key_id: bytes | None = None,
) -> bytes:
    """Write a revocation list; without entries it has no field for them."""
    signer = key or ec_key(country)
    algorithm = algorithm_of(signer, digest)
    listed = [id_above(country.encode() if key_id is None else key_id), *extensions]
    if number is not None:
        listed.append(extension("551d14", tlv(0x02, number.to_bytes(2, "big"))))
    body = seq(
        version,
        inner or algorithm,
        issuer or state(country),
        this_update,
        next_update,
        seq(*entries) if entries else b"",
        tlv(0xA0, seq(*listed)),
    )
    return seq(body, algorithm, tlv(0x03, b"\0", sign(signer, body, digest)))
