"""Third-party vectors of revocation hashes, Bloom filters and lists of shortened hashes."""

import hashlib
import json
import struct
from base64 import b64decode
from functools import cache
from typing import Any

import pytest
from support.conformance import conformance
from support.revocation import bloom_words, size_of_bloom, size_of_short_hashes

from trustlists.revocation.filters import (
    bit_index,
    pack_short_hashes,
    rate_of_bloom,
    read_bloom,
    read_short_hashes,
)
from verifier import scan
from verifier.envelope import Envelope
from verifier.revocation import HASH_BYTES, Method, counted, texts_of
from verifier.signature import VerifiedEnvelope


@cache
def vectors(name: str) -> Any:
    return json.loads(conformance("revocation", name).read_text())


def opened(text: str) -> tuple[Envelope, Any]:
    scanned = scan.read_scan(text)
    envelope = scanned.format.open(scanned.text, scanned.container)
    return envelope, scanned.format.read_claims(envelope.container, envelope.payload)


@pytest.mark.parametrize("place", range(3))
def test_hashes_of_all_three_kinds(place: int) -> None:
    from support.specimens import specimen_keys  # noqa: PLC0415 - any key does

    case = vectors("hash-vectors.json")[place]
    envelope, claims = opened(case["barcodeData"])
    verified = VerifiedEnvelope(envelope, specimen_keys()[0], weak=False)
    for method, expected in (
        (Method.UCI, "expUCI"),
        (Method.COUNTRY_AND_UCI, "expCOUNTRYCODEUCI"),
        (Method.SIGNATURE, "expSIGNATURE"),
    ):
        [text] = texts_of({method}, verified, claims)
        assert hashlib.sha256(text).digest()[:HASH_BYTES].hex() == case[expected], method


def test_the_other_half_of_a_signature_does_not_count() -> None:
    envelope, _ = opened(vectors("hash-vectors.json")[0]["barcodeData"])
    half = len(envelope.signature) // 2
    negated = envelope.signature[:half] + bytes(half)
    assert counted(negated, envelope.algorithm) == counted(envelope.signature, envelope.algorithm)


def test_bloom_filters_are_sized_as_their_writers_do() -> None:
    for case in vectors("bloom-vectors.json")["sizing"]:
        rounds, words = size_of_bloom(case["n"], case["p"])
        assert (rounds, words * 32) == (case["k"], case["bits"])


def test_bits_are_chosen_as_their_writers_do() -> None:
    for case in vectors("bloom-vectors.json")["index"]:
        element = bytes.fromhex(case["elementHex"])
        assert bit_index(element, case["round"], case["bits"]) == case["index"]


def test_bloom_filters_come_out_word_for_word() -> None:
    for case in vectors("bloom-vectors.json")["construction"]:
        data = [text.encode() for text in case["data"]]
        rounds, words = size_of_bloom(len(data), case["p"])
        written = [each for each, taken in zip(data, case["written"], strict=True) if taken]
        made = bloom_words(written, rounds, words)
        assert [struct.unpack(">i", struct.pack(">I", each))[0] for each in made] == case["words"]
        head = struct.pack(">HBBfIII", 1, rounds, 0, case["p"], len(data), len(written), words)
        read = read_bloom(head + struct.pack(f">{words}I", *made))
        assert [int(read.may_hold(each)) for each in data] == case["exists"]


def test_a_serialised_bloom_filter_holds_its_members_alone() -> None:
    case = vectors("bloom-vectors.json")["serialised"]
    read = read_bloom(b64decode(case["base64"]))
    members = {name: value for name, value in case.items() if isinstance(value, list)}
    assert all(read.may_hold(bytes.fromhex(each)) for each in members["contains"])
    assert not any(read.may_hold(bytes.fromhex(each)) for each in members["absent"])
    assert 0 < rate_of_bloom(read) < 1


def test_a_serialised_list_holds_its_members_alone() -> None:
    case = vectors("variable-hash-list-vectors.json")["serialised"]
    packed = pack_short_hashes(bytes.fromhex(case["hex"]))
    read = read_short_hashes(packed, 0, len(packed))
    assert (read.width, read.size) == (case["elementSize"], case["count"])
    assert all(read.may_hold(bytes.fromhex(each)) for each in case["contains"])
    assert not any(read.may_hold(bytes.fromhex(each)) for each in case["absent"])


def test_elements_are_sized_as_their_writers_do() -> None:
    for case in vectors("variable-hash-list-vectors.json")["sizing"]:
        size = size_of_short_hashes(case["n"], case["mode"], case["p"], case["minSize"])
        assert size == case["size"]
