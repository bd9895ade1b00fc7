"""After a verdict no living object of the process holds anything of a document.

Only what Python can promise: objects that something still refers to. What is left in memory that
was given back is no part of the promise (README, limits). The search runs in a process of its own,
which learns the scans through a pipe and the stem of the canaries backwards, so that it never
holds what it looks for.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.canaries import Canaries, all_documents
from support.specimens import store_path
from support.zones import Passport

ROOT = Path(__file__).parents[2]

SEARCH = """
import gc, json, os, sys
from datetime import datetime

order = json.load(sys.stdin)
backwards = order.pop("stem").casefold()
from trustlists import TrustStore
from verifier import Disclosure, PrivacyPolicy, Verifier
from verifier.inspection import inspect

at = datetime.fromisoformat(order["at"])
store = TrustStore.open(order["store"])
policy = PrivacyPolicy(Disclosure(order["disclosure"]))
verifier = Verifier(trust=store, policy=policy, compare_later=order["later"])
keep = order["keep"]
zone = order.pop("zone")
same = 0
kept = []
read = 0
texts = order.pop("texts")
count = len(texts)
while texts:
    text = texts.pop()
    verdict = verifier.verify(text, at=at, mrz=zone)
    same += "IDN-000" in repr(verdict)
    if verdict.compares_holder:
        kept.append(verdict.compare(zone))
        kept.append(verdict.with_identity(kept[-1]))
    if order["read"] and verdict.discloses_holder:
        with verdict.holder() as holder:
            read += bool(f"{holder.name}{holder.birth_date}{holder.clinical}")
        kept.append(holder)
        del holder
    if order["inspect"]:
        kept.append(inspect(text, trust=store, at=at))
    kept.append(verdict)
    if not keep:
        kept.clear()
    del text, verdict
del zone
list(verifier.verify_many([], at=at))
if order["plant"]:
    planted = {"here": ["x" + backwards[::-1].upper()]}
gc.collect()


def spelt(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    return ""


def reachable():
    seen = set()
    waiting = [*gc.get_objects(), *(frame.f_locals for frame in sys._current_frames().values())]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if not isinstance(value, (str, bytes, bytearray, int, float)):
            waiting.extend(gc.get_referents(value))


found = set()
objects = 0
for value in reachable():
    objects += 1
    text = spelt(value).casefold()
    if len(text) >= len(backwards) and backwards in text[::-1]:
        # What follows the stem names the field.
        field = text[len(text) - text[::-1].index(backwards) :][:12]
        found.add(f"{type(value).__name__} of {len(text)}: {field}")
    elif len(text) > 200 and text.startswith(("hc1:", "at1:")):
        found.add(f"scan of {len(text)}")
print(json.dumps({"found": sorted(found), "objects": objects, "documents": count, "read": read,
                  "same": same}))
"""


def search(canaries: Canaries, **order: object) -> dict[str, object]:
    whole = {
        "stem": canaries.stem[::-1],
        "texts": [document.text for document in all_documents(canaries)],
        "at": "2026-12-01T12:00:00+00:00",
        "store": os.fspath(store_path()),
        "disclosure": "identity",
        "keep": True,
        "read": False,
        "inspect": False,
        "plant": False,
        "later": False,
        "zone": None,
        **order,
    }
    done = subprocess.run(
        [sys.executable, "-c", SEARCH],
        input=json.dumps(whole),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stderr == ""
    found: dict[str, object] = json.loads(done.stdout)
    assert int(str(found["objects"])) > 10_000
    assert int(str(found["documents"])) > 80
    return found


def test_the_search_finds_what_is_planted() -> None:
    assert search(Canaries(), plant=True)["found"]


def test_the_search_finds_a_holder_that_was_not_read() -> None:
    """A verdict that discloses a holder does hold one: until it is read, or let go of."""
    assert search(Canaries(), disclosure="clinical", keep=True)["found"]


def test_a_holder_that_was_not_read_is_names_and_birth_date_and_nothing_else() -> None:
    found = search(Canaries(), disclosure="identity", keep=True)["found"]
    fields = {str(each).rpartition(": ")[2] for each in found}
    assert {field.lstrip("0123456789") for field in fields} <= {"fn", "gn", "fnt", "gnt"}


@pytest.mark.parametrize("disclosure", ["none", "identity", "clinical"])
def test_nothing_is_left_when_the_verdicts_are_let_go_of(disclosure: str) -> None:
    assert search(Canaries(), disclosure=disclosure, keep=False)["found"] == []


def test_nothing_is_left_in_verdicts_that_disclose_nothing() -> None:
    assert search(Canaries(), disclosure="none", keep=True)["found"] == []


@pytest.mark.parametrize("disclosure", ["identity", "clinical"])
def test_nothing_is_left_in_verdicts_whose_holder_was_read(disclosure: str) -> None:
    found = search(Canaries(), disclosure=disclosure, keep=True, read=True)
    assert int(str(found["read"])) > 4
    assert found["found"] == []


def zone_of(canaries: Canaries) -> str:
    family, given_names = f"{canaries.stem}FNT", f"{canaries.stem}GNT"
    born = canaries.born.replace("-", "")[2:]
    return Passport(family, given_names, born, number=canaries.stem[:9]).zone()


def test_nothing_is_left_of_a_passport_that_documents_were_compared_with() -> None:
    canaries = Canaries()
    found = search(canaries, disclosure="none", keep=True, zone=zone_of(canaries))
    assert int(str(found["same"])) >= 1
    assert found["found"] == []


@pytest.mark.parametrize("zone", ["", "misread", "slip"])
def test_nothing_is_left_of_a_passport_that_cannot_be_read(zone: str) -> None:
    canaries = Canaries()
    lines = zone_of(canaries)
    number = lines.partition("\r\n")[2][:9]
    lines = {
        "": lines[:-1],
        "misread": lines.replace(number, number[::-1]),
        "slip": f"{lines[:-1]}O",
    }[zone]
    assert search(canaries, disclosure="none", keep=True, zone=lines)["found"] == []


def test_whom_a_verdict_compares_later_goes_with_it() -> None:
    canaries = Canaries()
    zone = zone_of(canaries)
    held = search(canaries, disclosure="none", keep=True, later=True, zone=zone)
    assert held["found"]
    gone = search(canaries, disclosure="none", keep=False, later=True, zone=zone)
    assert gone["found"] == []


def test_nothing_is_left_of_an_inspection() -> None:
    assert search(Canaries(), disclosure="none", keep=True, inspect=True)["found"] == []
