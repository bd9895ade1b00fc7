"""The pairs of other people: a short run has no false "same", and would see one."""

from collections import Counter

from hostile import pairs
from hypothesis import given, settings
from hypothesis import strategies as st
from support.zones import WIDTH_OF_NAME, Passport, name_field

from verifier.claims import Holder, PartialDate
from verifier.identity import Match, compare

PAIRS = 10_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORD = st.text(LETTERS, min_size=2, max_size=12)
WORDS = st.lists(WORD, min_size=1, max_size=4).map("<".join)
PERSON = st.tuples(
    WORDS, WORDS, st.dates().map(lambda day: day.replace(year=day.year % 1000 + 1900))
)
KIND = st.sampled_from(sorted(WIDTH_OF_NAME))


def test_a_short_run_has_no_false_same_and_says_all_three() -> None:
    counted = pairs.count_matches(pairs.pairs(PAIRS, seed=7))
    assert pairs.false_same(counted) == 0
    assert sum(counted.values()) == PAIRS
    assert {differ for differ, _ in counted} == {"birth", "name", "birth name"}
    for differ in ("birth", "name", "birth name"):
        assert counted[differ, "different"] > PAIRS // 100


def test_people_with_their_own_passports_are_never_different_and_mostly_the_same() -> None:
    counted = pairs.count_matches(pairs.own(PAIRS // 5, seed=7))
    assert pairs.false_different(counted) == 0
    assert counted["", "same"] > PAIRS // 5 * 0.8
    assert counted["spelling", "same"] == 0


def test_a_false_same_would_be_counted() -> None:
    assert pairs.false_same(Counter({("birth", "same"): 2, ("", "same"): 5})) == 2
    assert pairs.false_different(Counter({("spelling", "different"): 2, ("", "same"): 5})) == 2


def holder_of(family: str, given_names: str, born: object) -> Holder:
    return Holder("", "", family, given_names, PartialDate(str(born)))


@given(PERSON, KIND)
def test_a_person_s_own_passport_is_the_same_or_was_cut(
    who: tuple[str, str, object], kind: str
) -> None:
    family, given_names, born = who
    written = Passport(family, given_names, f"{born:%y%m%d}", kind=kind)
    match = compare(holder_of(*who), "", written.zone()).match
    width = WIDTH_OF_NAME[kind]
    room = width - len(f"{family}<<{given_names}")
    marks = {"FNU", "LNU", "XXX", "UNKNOWN", "MR", "MRS", "MS", "MISS", "DR", "PROF"}
    # A first of January is written as any other day here, and both sides have it.
    if room > 0 and not marks & {*family.split("<"), *given_names.split("<")}:
        assert match is Match.SAME
    assert match is not Match.DIFFERENT


@given(PERSON, KIND, st.dates())
def test_another_birth_date_is_never_the_same(
    who: tuple[str, str, object], kind: str, other: object
) -> None:
    family, given_names, born = who
    written = Passport(family, given_names, f"{other:%y%m%d}", kind=kind)
    match = compare(holder_of(*who), "", written.zone()).match
    if f"{other:%y%m%d}" != f"{born:%y%m%d}":
        assert match is not Match.SAME


@settings(max_examples=300)
@given(PERSON, PERSON, KIND)
def test_people_with_other_names_are_never_the_same(
    one: tuple[str, str, object], other: tuple[str, str, object], kind: str
) -> None:
    family, given_names, _ = one
    written = Passport(family, given_names, f"{other[2]:%y%m%d}", kind=kind)
    printed = name_field(family, given_names, WIDTH_OF_NAME[kind]).rstrip("<").replace("<<", "|")
    if printed.replace("<", "") != f"{other[0]}|{other[1]}".replace("<", ""):
        assert compare(holder_of(*other), "", written.zone()).match is not Match.SAME
