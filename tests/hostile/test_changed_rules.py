"""Lists of rules with bytes changed: refused or harmless, and what is signed stays as it was."""

import random
from pathlib import Path

import pytest
from support.dcc_lists import SIGNER, austrian_signature
from support.rules import (
    anchor,
    austrian_rules,
    cms,
    encoded,
    gateway,
    german,
    german_key,
    german_signature,
    rule,
    take,
    upload,
    value_set,
)

from fixtures.cbor import encode
from trustlists import TrustStore

TIMES = 60
RULES = [rule("GR-FR-0001"), rule("VR-FR-0002")]
_GERMAN, _AUSTRIAN = encode(RULES), austrian_rules(*RULES)

SOURCES = {
    "gateway": [gateway(*RULES)],
    "germany": [german(RULES)],
    "export": [_GERMAN, german_signature(_GERMAN)],
    "austria": [_AUSTRIAN, austrian_signature(_AUSTRIAN, label=-65537, version=1)],
    "cms": [cms(encoded(RULES))],
    "json": [encoded(RULES)],
    "rule": [encoded(RULES[0])],
    "values": [encoded(value_set())],
}
BODIES = {write(each) for each in RULES for write in (encoded, encode)}


def changed(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 3))):
        place = chance.randrange(len(found))
        found[place] = chance.choice(
            (found[place] ^ 1 << chance.randrange(8), chance.randrange(256))
        )
    return bytes(
        found[: chance.choice((len(found), len(found), chance.randrange(len(found)))) or 1]
    )


@pytest.mark.parametrize("name", SOURCES)
def test_changed_bytes_are_refused_or_harmless(name: str, tmp_path: Path) -> None:
    anchors = [
        anchor(tmp_path, upload("FR")),
        german_key(tmp_path),
        anchor(tmp_path, SIGNER, "v.pem"),
    ]
    chance = random.Random(f"rules {name}")  # noqa: S311 - the same changes each time
    for number in range(TIMES):
        source = tmp_path / str(number)
        source.mkdir()
        files = list(SOURCES[name])
        place = chance.randrange(len(files))
        files[place] = changed(files[place], chance)
        for called, data in enumerate(files):
            (source / f"file{called}").write_bytes(data)
        store = tmp_path / f"{number}.sqlite"
        done = take(store, source, anchors=anchors, keep_going=True)
        if not store.exists():
            assert not done.complete
            continue
        with TrustStore.open(store) as opened:
            found = opened.rule_set("FR")
            if any(each.anchor for each in done.lists):
                assert {body for (body,) in opened.rows("SELECT body FROM rules")} <= BODIES
                assert found
                assert not found.incomplete
