"""How many documents of a manifest came out how, and nothing of any of them."""

from collections import Counter

from cli.json_lines import json_text
from cli.messages import word
from cli.request import Request
from verifier import Outcome, Verdict

SCHEMA = "pratique.counts/1"


class Counts:
    """Counts verdicts by their outcome. The order of the documents is nowhere kept."""

    __slots__ = ("_counted", "_request")

    def __init__(self, request: Request) -> None:
        """Begin with none."""
        self._request = request
        self._counted: Counter[Outcome] = Counter()

    def add(self, verdict: Verdict) -> str:
        """Count one verdict and show nothing of it."""
        self._counted[verdict.outcome] += 1
        return ""

    def write(self) -> str:
        """Write the counts, as a table or as one JSON object."""
        total = sum(self._counted.values())
        if self._request.json:
            members = {
                "schema": SCHEMA,
                "rules": self._request.rules,
                "documents": total,
                "outcomes": {each.value: self._counted[each] for each in Outcome},
            }
            return json_text(members) + "\n"
        lang = self._request.lang
        rows = [(word(f"outcome.{each.value}", lang), self._counted[each]) for each in Outcome]
        rows.append((word("counts.all", lang), total))
        return "".join(f"{count:>7}  {words}\n" for words, count in rows)
