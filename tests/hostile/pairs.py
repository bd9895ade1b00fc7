"""Compares certificates with passports of other people, by the million, and counts a false "same".

``PYTHONPATH=.:tests python tests/hostile/pairs.py --pairs 1000000``

People are invented from words for "sample" and the like in many languages, each with the spellings
that Doc 9303 allows, written down here by hand and not taken from the code under test. Two people
of a pair differ in birth date, or in more than transliteration and truncation allow: most are
near, as relatives, namesakes and twins are, because strangers are told apart too easily.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from support.zones import WIDTH_OF_NAME, Passport, name_field

from verifier.claims import Holder, PartialDate
from verifier.identity import Match, compare

# A word as a certificate writes it, and all that a passport may make of it.
FAMILY = {
    "Muster": "MUSTER", "Müster": "MUESTER MUSTER MUXXSTER", "Mustermann": "MUSTERMANN",
    "Musterman": "MUSTERMAN", "Mustér": "MUSTER", "Beispiel": "BEISPIEL", "Beispiél": "BEISPIEL",
    "Örnek": "OERNEK ORNEK", "Ornek": "ORNEK", "Oernek": "OERNEK", "Näyte": "NAEYTE NAYTE",
    "Nayte": "NAYTE", "Przykład": "PRZYKLAD", "Vzor": "VZOR", "Vzorek": "VZOREK", "Minta": "MINTA",
    "Uzorak": "UZORAK", "Proba": "PROBA", "Próba": "PROBA", "Probe": "PROBE",
    "O'Sample": "OSAMPLE", "Osample": "OSAMPLE", "Sample": "SAMPLE", "Samples": "SAMPLES",
    "Ejemplo": "EJEMPLO", "Exemplo": "EXEMPLO", "Esempio": "ESEMPIO", "Eksempel": "EKSEMPEL",
    "Exempel": "EXEMPEL", "Voorbeeld": "VOORBEELD", "Specimen": "SPECIMEN",
    "Пример": "PRIMER PRYMER", "Приклад": "PRIKLAD PRYKLAD", "Зразок": "ZRAZOK",
    "Образец": "OBRAZETS OBRAZEC", "Ørsted": "OERSTED", "Orsted": "ORSTED",
    "Langermusterbeispielname": "LANGERMUSTERBEISPIELNAME",
    "Langermusterbeispielnamen": "LANGERMUSTERBEISPIELNAMEN",
}  # fmt: skip
GIVEN = {
    "Ann": "ANN", "Anna": "ANNA", "Anne": "ANNE", "Jo": "JO", "Joe": "JOE", "Vera": "VERA",
    "Věra": "VERA", "Wera": "WERA", "Veronika": "VERONIKA", "Åse": "AASE ASE", "Ase": "ASE",
    "Aase": "AASE", "Zoë": "ZOE", "Zoe": "ZOE", "Зоя": "ZOIA", "Юрий": "IURII IURYI YURII YURYI",
    "Max": "MAX", "Maxi": "MAXI", "Maria": "MARIA", "Mária": "MARIA", "Marie": "MARIE",
    "Ñusta": "NUSTA NXXUSTA", "Nusta": "NUSTA", "Otto": "OTTO", "Erika": "ERIKA",
    "Lea": "LEA", "Leah": "LEAH", "Li": "LI", "Lian": "LIAN", "An": "AN",
    "Bartholomäusbeispiel": "BARTHOLOMAEUSBEISPIEL BARTHOLOMAUSBEISPIEL",
}  # fmt: skip
FIRST_DAY, DAYS = date(1930, 1, 1), 34_000


class Person(NamedTuple):
    """An invented person."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    born: date


class Pair(NamedTuple):
    """A certificate, a passport, and what is known of the two people."""

    holder: Holder
    passport: Passport
    differ_in: str


def person(dice: random.Random) -> Person:
    """Invent a person."""
    family = dice.choices(list(FAMILY), k=dice.choice([1, 1, 1, 2]))
    given = dice.choices(list(GIVEN), k=dice.choice([0, 1, 1, 1, 2, 2, 3]))
    return Person(tuple(family), tuple(given), FIRST_DAY + timedelta(dice.randrange(DAYS)))


def relative(one: Person, dice: random.Random) -> Person:
    """Invent somebody who is nearly the same."""
    family, given, born = list(one.family), list(one.given), one.born
    change = dice.randrange(9)
    if change == 0:
        born += timedelta(dice.choice([-366, -365, -31, -30, -10, -1, 1, 10, 30, 31, 365, 366]))
    elif change == 1:
        born = born.replace(year=born.year + dice.choice([-10, -1, 1, 10]), day=min(born.day, 28))
    elif change == 2:
        born = born.replace(month=(born.day - 1) % 12 + 1, day=born.month)
    elif change == 3:
        family[dice.randrange(len(family))] = dice.choice(list(FAMILY))
    elif change == 4:
        family.append(dice.choice(list(FAMILY)))
    elif change == 5 and given:
        given[dice.randrange(len(given))] = dice.choice(list(GIVEN))
    elif change == 6:
        given.append(dice.choice(list(GIVEN)))
    elif change == 7:
        dice.shuffle(given)
        dice.shuffle(family)
    else:
        family, given = family[:1], given[:1]
    return Person(tuple(family), tuple(given), born)


def passport_of(one: Person, dice: random.Random) -> Passport:
    """Issue a passport: one spelling for each letter, whichever the state likes."""
    return Passport(
        "<".join(dice.choice(FAMILY[word].split()) for word in one.family),
        "<".join(dice.choice(GIVEN[word].split()) for word in one.given),
        f"{one.born:%y%m%d}",
        kind=dice.choice(list(WIDTH_OF_NAME)),
    )


def certificate_of(one: Person, dice: random.Random) -> tuple[Holder, set[tuple[str, str]]]:
    """Issue a certificate, and give all names that a passport may have for it, undivided words."""
    born = PartialDate(one.born.isoformat())
    family, given = " ".join(one.family), "-".join(one.given)
    families = {"".join(each) for each in product(*(FAMILY[word].split() for word in one.family))}
    givens = {"".join(each) for each in product(*(GIVEN[word].split() for word in one.given))}
    names = set(product(families, givens))
    form = dice.randrange(4)
    if form == 0:
        # The issuer of a DCC chooses a spelling too, and gives the name as it is written.
        spelt = passport_of(one, dice)
        return Holder(family, given, spelt.primary, spelt.secondary, born), names
    if form == 1:
        spelt = passport_of(one, dice)
        only = {(spelt.primary.replace("<", ""), spelt.secondary.replace("<", ""))}
        return Holder("", "", spelt.primary, spelt.secondary, born), only
    if form == 2:
        text = " ".join(dice.choice([(family, given), (given, family)])).strip()
        return Holder("", text, "", "", born, undivided=True), names
    return Holder(family, given, "", "", born), names


def pairs(count: int, seed: int) -> Iterator[Pair]:
    """Pair certificates with passports of other people."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    while count:
        one = person(dice)
        other = person(dice) if dice.random() < 0.2 else relative(one, dice)
        holder, names = certificate_of(one, dice)
        passport = passport_of(other, dice)
        differs = ("birth " if f"{one.born:%y%m%d}" != passport.birth else "") + (
            "" if _may_be(names, passport, holder) else "name"
        )
        if differs:
            count -= 1
            yield Pair(holder, passport, differs.strip())


def _may_be(names: set[tuple[str, str]], passport: Passport, holder: Holder) -> bool:
    """Tell whether every letter that is printed may be the holder's, in the order of a text too.

    A name that was cut just after its last common letter cannot be told from the holder's own.
    """
    field = name_field(passport.primary, passport.secondary, WIDTH_OF_NAME[passport.kind])
    primary, _, secondary = field.rstrip("<").partition("<<")
    primary, secondary = primary.replace("<", ""), secondary.replace("<", "")
    if not holder.undivided:
        return (primary, secondary) in names
    texts = {text for family, given in names for text in (family + given, given + family)}
    return primary + secondary in texts or secondary + primary in texts


def own(count: int, seed: int) -> Iterator[Pair]:
    """Pair certificates with passports of the same people."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    for _ in range(count):
        one = person(dice)
        holder, names = certificate_of(one, dice)
        passport = passport_of(one, dice)
        # With one spelling alone, as in some DCC, another state's may be no regular one of it.
        known = _may_be(names, passport, holder)
        yield Pair(holder, passport, "" if known else "spelling")


def count_matches(found: Iterator[Pair]) -> Counter[tuple[str, str]]:
    """Compare each pair and count by what differs and what was said."""
    counted: Counter[tuple[str, str]] = Counter()
    for pair in found:
        match = compare(pair.holder, "", pair.passport.zone()).match
        counted[pair.differ_in, match.value] += 1
    return counted


def false_same(counted: Counter[tuple[str, str]]) -> int:
    """Count different people that were called the same."""
    return sum(number for (differ, match), number in counted.items()
               if differ and match == Match.SAME.value)  # fmt: skip


def false_different(counted: Counter[tuple[str, str]]) -> int:
    """Count people whose own passport was called another's."""
    return sum(number for (_, match), number in counted.items() if match == Match.DIFFERENT.value)


def main() -> int:
    """Run from the command line; 1 when two people were taken for one, or one for two."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--pairs", type=int, default=50_000)
    reader.add_argument("--seed", type=int, default=9303)
    asked = reader.parse_args()
    started = time.perf_counter()
    counted = count_matches(pairs(asked.pairs, asked.seed))
    seconds = time.perf_counter() - started
    same = count_matches(own(asked.pairs // 10, asked.seed))
    lines = [f"{asked.pairs} pairs of different people, {seconds:.0f} s"]
    lines += [f"  differ in {differ:<11} {match:<14} {number}"
              for (differ, match), number in sorted(counted.items())]  # fmt: skip
    lines.append(f"{asked.pairs // 10} people with their own passports")
    lines += [f"  {differ or 'regular':<21} {match:<14} {number}"
              for (differ, match), number in sorted(same.items())]  # fmt: skip
    lines.append(f"false same: {false_same(counted)}, false different: {false_different(same)}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if false_same(counted) or false_different(same) else 0


if __name__ == "__main__":
    sys.exit(main())
