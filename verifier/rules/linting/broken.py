"""Certificates such as none should be, to find out whether a rule keeps any of them out.

Beside a few that are broken in themselves they are made of the very codes that a rule names, with
doses and dates at which no rule should be content.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final

from verifier.clock import Instant, day_of
from verifier.rules.linting.reading import literals

_WRONG: Final = {"tg": "0", "mp": "0", "ma": "0", "vp": "0", "tt": "0", "tr": "0", "co": "XX"}
_PLAIN: Final[tuple[Mapping[str, object], ...]] = (
    {},
    {"v": [], "t": [], "r": []},
    *({group: [{}]} for group in "vtr"),
    *({group: [_WRONG, _WRONG]} for group in "vtr"),
    {"v": [_WRONG], "t": [_WRONG], "r": [_WRONG]},
)
# Of the combinations of codes that a rule names: so many that it is quick.
_MOST: Final = 60
_DOSES: Final = ((0, 1), (1, 1), (2, 1), (1, 2), (2, 2), (3, 3), (1, 9))
_YEAR: Final = 365 * 86_400
_DEPTH: Final = 4  # payload, group, index, member


def broken_certificates(logic: object, at: Instant) -> Iterator[Mapping[str, object]]:
    """Give payloads that are broken, as of an instant, for a rule of this logic."""
    yield from _PLAIN
    named: dict[str, dict[str, list[str]]] = {group: {} for group in "vtr"}
    for _, path, code in literals(logic):
        parts = path.split(".")
        if len(parts) == _DEPTH and parts[1] in named:
            named[parts[1]].setdefault(parts[3], [_WRONG.get(parts[3], "0")]).append(code)
    past, today, future = day_of(0), day_of(at), day_of(at + _YEAR)
    for group, members in named.items():
        for codes in islice(product(*members.values()), _MOST):
            entry = {**_WRONG, **dict(zip(members, codes, strict=True))}
            yield {group: [dict(zip(members, codes, strict=True))]}
            for day, (dose, doses), born in product((past, today, future), _DOSES, (past, today)):
                dated = {"dt": day, "sc": f"{day}T00:00:00Z", "fr": day, "df": day, "du": day}
                yield {group: [{**entry, **dated, "dn": dose, "sd": doses}], "dob": born}
