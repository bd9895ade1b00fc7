"""A passport's machine-readable zone is as private as a certificate: canaries in every field."""

import copy
import json
import pickle
import traceback
from collections.abc import Callable

import pytest
from support.canaries import Canaries, good_documents
from support.specimens import store
from support.zones import Passport

from fixtures.world import DEMO
from verifier import Disclosure, PrivacyPolicy, Reason, Verdict, Verifier, mrz, transliteration
from verifier.errors import DocumentError, PolicyViolation
from verifier.findings import FINDINGS
from verifier.names import read_passport_name
from verifier.privacy import MASK

CANARIES = Canaries()
BORN = CANARIES.born.replace("-", "")[2:]
PASSPORT = Passport(
    f"{CANARIES.stem}FNT", f"{CANARIES.stem}GNT", BORN, number=CANARIES.stem[:9], optional="CANARY"
)
ZONE = PASSPORT.zone()
# Each line, and what of a line no other text has; the birth date with its check digit.
PRIVATE = [*ZONE.split("\r\n"), CANARIES.stem, CANARIES.stem[:9], ZONE[45 + 14 :][:7], "CANARY"]
BROKEN: dict[str, Callable[[str], str]] = {
    "whole": str,
    "short": lambda zone: zone[:-1],
    "other signs": lambda zone: zone.replace("<", "{", 1),
    "misread": lambda zone: zone[:-1] + "A",
    "slip": lambda zone: zone[:-1] + "O",
    "name": lambda zone: zone.replace("FNT<<", "FNT<<<", 1).replace("<\r\n", "\r\n", 1),
}
EACH = pytest.mark.parametrize("zone", [make(ZONE) for make in BROKEN.values()], ids=list(BROKEN))


def leaks(shown: str | bytes) -> list[str]:
    text = shown.decode("latin-1") if isinstance(shown, bytes) else shown
    return [each for each in PRIVATE if each.casefold() in text.casefold()]


def judge(zone: str, disclosure: Disclosure, *, later: bool = False) -> list[Verdict]:
    held = Verifier(trust=store(), policy=PrivacyPolicy(disclosure), compare_later=later)
    return [held.verify(each.text, at=DEMO, mrz=zone) for each in good_documents(CANARIES)]


def test_some_are_the_same_so_that_there_is_something_to_leak() -> None:
    assert leaks(ZONE)
    told = [FINDINGS[Reason.SAME_PERSON] in each.findings for each in judge(ZONE, Disclosure.NONE)]
    assert any(told)


@EACH
@pytest.mark.parametrize("disclosure", list(Disclosure))
@pytest.mark.parametrize("later", [False, True])
def test_no_verdict_shows_a_zone(zone: str, disclosure: Disclosure, *, later: bool) -> None:
    for verdict in judge(zone, disclosure, later=later):
        shown = [repr(verdict), str(verdict), json.dumps(verdict.to_json()), repr(verdict.findings)]
        assert not leaks(" ".join(shown))
        assert not leaks(pickle.dumps(verdict))


@EACH
def test_no_comparison_shows_a_zone(zone: str) -> None:
    for verdict in judge(ZONE, Disclosure.NONE, later=True):
        comparison = verdict.compare(zone)
        shown = [repr(comparison), str(comparison), json.dumps(comparison), f"{comparison}"]
        assert not leaks(" ".join(shown))
        assert not leaks(pickle.dumps(comparison))
        assert not leaks(repr(verdict.with_identity(comparison)))


@EACH
def test_an_error_in_a_zone_is_a_code_and_nothing_else(zone: str) -> None:
    try:
        mrz.read(zone)
    except DocumentError as error:
        assert error.args == (error.reason.value,)
        assert (error.__cause__, error.__context__) == (None, None)
        assert not leaks("".join(traceback.format_exception(error)) + repr(error))


def private_values() -> list[object]:
    read = mrz.read(ZONE.replace(BORN, "O" + BORN[1:]) if BORN[0] == "0" else f"{ZONE[:-1]}O")
    name = read_passport_name(read.name)
    word = transliteration.spell(CANARIES.stem)
    slip = mrz.Slip(2, 15, "O", "0")
    return [read, name, word, slip]


@pytest.mark.parametrize("value", private_values(), ids=lambda value: type(value).__name__)
def test_what_is_read_of_a_zone_masks_itself(value: object) -> None:
    assert value is not None
    for shown in (repr(value), str(value), f"{value}", repr([value]), f"{value!r:>20}"):
        assert MASK in shown
        assert not leaks(shown)
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(PolicyViolation):
            take(value)
    with pytest.raises(TypeError):
        vars(value)
