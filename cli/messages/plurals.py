"""Which plural form a whole number demands (facts of Unicode CLDR, "Language Plural Rules").

The place of a form is that of gettext's catalogues. The form that Spanish, French and Portuguese
have for whole millions is left out: no count of a desk comes near.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Plurals(NamedTuple):
    """How many forms there are, which one a number takes, and the same as gettext writes it."""

    forms: int
    form_of: Callable[[int], int]
    header: str


def _arabic(n: int) -> int:
    if n <= 2:  # noqa: PLR2004 - none, one, a pair
        return n
    rest = n % 100
    return 3 if 3 <= rest <= 10 else 4 if rest >= 11 else 5  # noqa: PLR2004 - few, many, other


def _russian(n: int) -> int:
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004 - 1, 21, 31, but 11
        return 0
    few = 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14  # noqa: PLR2004 - 2 to 4, 22, but 12
    return 1 if few else 2


_ONE_AND_OTHER: Final = Plurals(2, lambda n: int(n != 1), "nplurals=2; plural=(n != 1);")
_NONE_LIKE_ONE: Final = Plurals(2, lambda n: int(n > 1), "nplurals=2; plural=(n > 1);")

PLURALS: Final[Mapping[str, Plurals]] = {
    "ar": Plurals(
        6,
        _arabic,
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 ? 4 : 5);",
    ),
    "de": _ONE_AND_OTHER,
    "es": _ONE_AND_OTHER,
    "fr": _NONE_LIKE_ONE,
    "pt": _NONE_LIKE_ONE,
    "ru": Plurals(
        3,
        _russian,
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
        "(n%100<12 || n%100>14) ? 1 : 2);",
    ),
    "zh": Plurals(1, lambda _: 0, "nplurals=1; plural=0;"),
}
