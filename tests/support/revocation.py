"""Batches, filters and descriptions of withdrawn certificates, made by hand."""

import gzip
import hashlib
import io
import json
import math
import struct
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from support.certificates import Key, b64, certificate, ec_key, name, pem
from support.cms import by_serial, signed_data, signer_info

from trustlists import TrustStore, import_sources
from trustlists.importing import ImportReport
from verifier.algorithms import PS256
from verifier.claims import Claims
from verifier.envelope import Envelope
from verifier.revocation import Standing
from verifier.signature import VerifiedEnvelope
from verifier.trust import Environment, TrustedKey, TrustList

NOW = 1_795_000_000
OFFICE_NAME = name(country="DE", common="Specimen office")
OFFICE = certificate(ec_key("office"), subject=OFFICE_NAME)
LATER = NOW + 86_400


def when(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


def cms(content: bytes, key: Key, signer: bytes, signer_name: bytes) -> bytes:
    info = signer_info(key, content, by_serial(signer_name))
    return signed_data([info], content=content, certificates=[signer])


def batch_json(
    hashes: Iterable[bytes],
    *,
    country: str = "DE",
    kid: bytes | None = None,
    kind: str = "UCI",
    expires: int = LATER,
    **members: object,
) -> bytes:
    said = {
        "country": country,
        "expires": when(expires),
        "kid": "UNKNOWN_KID" if kid is None else b64(kid),
        "hashType": kind,
        "entries": [{"hash": b64(hashed[:16])} for hashed in hashes],
        **members,
    }
    return json.dumps(said).encode()


def batch(
    hashes: Iterable[bytes],
    *,
    key: Key | None = None,
    signer: bytes = OFFICE,
    signer_name: bytes = OFFICE_NAME,
    **members: Any,
) -> bytes:
    content = batch_json(hashes, **members)
    return b64(cms(content, key or ec_key("office"), signer, signer_name)).encode()


def write_set(folder: Path, files: Mapping[str, bytes], **members: Any) -> Path:
    """Write files and their signed description."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        (folder / file).write_bytes(data)
    described = {file: hashlib.sha256(data).hexdigest() for file, data in files.items()}
    describe(folder, described, **members)
    return folder


def describe(
    folder: Path,
    described: object,
    *,
    key: Key | None = None,
    signer: bytes = OFFICE,
    signer_name: bytes = OFFICE_NAME,
    date: int = NOW - 3600,
    **members: object,
) -> None:
    said = {
        "schema": "pratique.revocations/1",
        "name": "specimen",
        "number": 1,
        "date": when(date),
        "complete": ["DE"],
        "files": described,
        **members,
    }
    data = cms(json.dumps(said).encode(), key or ec_key("office"), signer, signer_name)
    (folder / "revocations.cms").write_bytes(data)


def anchor_file(folder: Path, der: bytes = OFFICE, called: str = "office.pem") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / called
    path.write_text(pem(der))
    return path


# Filters, written as the notes say (dcc-revocation notes, 4 and 5).


def size_of_bloom(count: int, rate: float) -> tuple[int, int]:
    """Give rounds and words for so many elements."""
    rate = struct.unpack(">f", struct.pack(">f", rate))[0]
    bits = math.ceil(count * math.log(rate) / math.log(1 / 2 ** math.log(2)))
    whole = bits // 8 + 1
    words = whole // 4 + whole % 4
    return max(1, math.floor(words * 32 / count * math.log(2) + 0.5)), words


def bloom_words(elements: Sequence[bytes], rounds: int, words: int) -> list[int]:
    """Set bits, in arithmetic of its own: remainders of signed numbers, made positive."""
    found = [0] * words
    bits = words * 32
    for element in elements:
        for number in range(rounds):
            value = int(hashlib.sha256(element + bytes([number])).hexdigest(), 16)
            if value >= 1 << 255:
                value -= 1 << 256
            index = value % bits
            found[index >> 5] |= 1 << (31 - (index & 31))
    return found


def bloom(
    elements: Sequence[bytes], *, rate: float = 1e-9, planned: int = 0, swapped: bool = False
) -> bytes:
    planned = planned or len(elements)
    rounds, words = size_of_bloom(planned, rate)
    order = (0, rounds) if swapped else (rounds, 0)
    head = struct.pack(">HBBfIII", 1, *order, rate, planned, len(elements), words)
    return head + struct.pack(f">{words}I", *bloom_words(elements, rounds, words))


def short_hashes(elements: Iterable[bytes], width: int = 5, *, rate: float = 1e-6) -> bytes:
    listed = [element[:width] for element in elements]
    return struct.pack(">HfIB", 1, rate, len(listed), width) + b"".join(listed)


def archive(slices: Iterable[bytes], *, whole: bool = True, names: str = "kid/null/0/{}") -> bytes:
    """Pack slices as the service does: without the two blocks that end a tar, if not whole."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for number, data in enumerate(slices):
            member = tarfile.TarInfo(names.format(number))
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        end = tar.offset
    return gzip.compress(packed.getvalue() if whole else packed.getvalue()[:end])


def digits_of(hashed: bytes, mode: str) -> tuple[str | None, str]:
    """Give partition and chunk of a hash."""
    text = hashed.hex()
    return {
        "POINT": (None, text[0]),
        "VECTOR": (text[0], text[1]),
        "COORDINATE": (text[:2], text[2]),
    }[mode]


def distribution(
    kid: bytes,
    hashes: Sequence[bytes],
    *,
    mode: str = "POINT",
    form: str = "BLOOMFILTER",
    kinds: Sequence[str] = ("UCI",),
    expires: int = LATER,
    rate: float = 1e-9,
    loose: bool = False,
) -> dict[str, bytes]:
    """Write lists, partitions and slices of one key id, as the EU's service does."""
    chunks: dict[str | None, dict[str, list[bytes]]] = {None: {}} if mode == "POINT" else {}
    for hashed in hashes:
        partition, chunk = digits_of(hashed, mode)
        chunks.setdefault(partition, {}).setdefault(chunk, []).append(hashed[:16])
    slices: list[bytes] = []
    partitions = []
    for partition, members in chunks.items():
        described = {}
        for chunk, elements in members.items():
            made = bloom(elements, rate=rate) if form == "BLOOMFILTER" else short_hashes(elements)
            slices.append(made)
            described[chunk] = {
                when(expires): {
                    "type": form,
                    "version": "1.0",
                    "hash": hashlib.sha256(made).hexdigest(),
                }
            }
        partitions.append({"kid": b64(kid), "id": partition, "chunks": described})
    listed = [{"kid": b64(kid), "mode": mode, "hashTypes": list(kinds)}]
    files = {"lists.json": listed, "partitions.json": partitions}
    found = {file: json.dumps(said).encode() for file, said in files.items()}
    if loose:
        return found | {f"slice{number}": data for number, data in enumerate(slices)}
    return found | {"slices.tar.gz": archive(slices, whole=False)}


def size_of_short_hashes(count: int, mode: str, rate: float, smallest: int) -> int:
    """Choose the bytes of an element as the service does."""
    bits = math.ceil(math.log2(count))
    offset = ("POINT", "VECTOR", "COORDINATE").index(mode)
    return max(smallest, math.ceil(bits / 8 + bits % 8 - offset + rate))


# Importing and asking.

KID = bytes.fromhex("0011223344556677")
OTHER = bytes.fromhex("8899aabbccddeeff")


def key(kid: bytes = KID, country: str = "DE") -> TrustedKey:
    source = TrustList("list", Environment.PRODUCTION, NOW)
    return TrustedKey(kid, b"", frozenset(), frozenset(), country, "", None, None, True, source)  # noqa: FBT003 - its place says it


class Hashed(bytes):
    """A hash that still knows what it is the hash of."""

    text: bytes


def hashed_of(text: bytes) -> Hashed:
    made = Hashed(hashlib.sha256(text).digest())
    made.text = text
    return made


def hashes(*texts: str) -> list[Hashed]:
    return [hashed_of(text.encode()) for text in texts]


def take(folder: Path, *sources: Path, **options: Any) -> ImportReport:
    options = {"anchors": [anchor_file(folder)], "now": NOW, **options}
    return import_sources(folder / "trust.sqlite", sources, **options)


def standing(
    folder: Path, hashed: Hashed, *, of: TrustedKey | None = None, at: int = NOW
) -> Standing | None:
    with TrustStore.open(folder / "trust.sqlite") as store:
        of = of or key()
        known = store.withdrawals(of, "eu-dcc")
        assert store.withdrawals(of, "eu-dcc") is known
        return known and known.standing(*document(hashed.text), at)


def document(text: bytes) -> tuple[VerifiedEnvelope, Claims]:
    """Make a document of which lists hold this text by each method of the DCC."""
    envelope = SimpleNamespace(signature=text, algorithm=PS256, certificate=b"")
    claims = SimpleNamespace(identifier=text.decode(), country="", entry_country="", issued=None)
    verified = VerifiedEnvelope(cast("Envelope", envelope), key(country=""), weak=False)
    return verified, cast("Claims", claims)
