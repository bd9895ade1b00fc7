"""The mutation fuzzer for NZ COVID Passes.

    PYTHONPATH=.:tests python tests/hostile/fuzz_passes.py --inputs 100000

Changes specimens as text, as envelope, in their headers and in their claims; with the signature
that they had, and signed anew. What is watched for is said in ``fuzz.py``.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import cbor2
from hostile import fuzz
from hostile.fuzz import EVEN, MOSTLY, RARE, Chance, Input, Watch
from support.passes import PassParts, envelope_in, parts_of, really_signed, text_of
from support.specimens import cases, store

from fixtures.cases import Case
from fixtures.cbor import encode
from fixtures.keys import curve_key, sign_ecdsa
from fixtures.nz_covid_pass.issue import KID

_BEGINNINGS = ("NZCP:/1/", "NZCP:/2/", "NZCP:/01/", "nzcp:/1/", "NZCP:/", "HC1:", "NZCP:1/", "")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=01 \r\n\0\ufeff\u0661\ud800abc/:"
_KEYS = ("nzcp", "nzcp", "nzcp", "nzcp-withdrawn", "nzcp-other")


class _Seed(NamedTuple):
    """A specimen, taken apart as far as it goes."""

    text: str
    instant: datetime
    envelope: bytes
    parts: PassParts | None
    tree: Any


def _seed(case: Case) -> _Seed:
    envelope, parts, tree = b"", None, None
    try:
        envelope = envelope_in(case.text)
        parts = parts_of(case.text)
        tree = cbor2.loads(parts.payload)
    except (ValueError, TypeError, cbor2.CBORError):
        pass  # many specimens are broken on purpose
    return _Seed(case.text, case.instant, envelope, parts, tree if isinstance(tree, dict) else None)


def _changed_text(text: str, chance: Chance, others: list[str]) -> str:
    for _ in range(chance.choice((1, 1, 2, 5))):
        place = chance.randrange(len(text) + 1)
        match chance.randrange(6):
            case 0 | 1:
                text = text[:place] + chance.choice(_LETTERS) + text[place + 1 :]
            case 2:
                text = text[:place] + text[place + chance.choice((1, 2, 8, 40)) :]
            case 3:
                text = text[:place] + chance.choice(others)[place:]
            case 4:
                text = chance.choice(_BEGINNINGS) + text[8:]
            case _:
                text = chance.choice((text + text[place:], text.lower(), f"{text}\r\n", f" {text}"))
    return text


class PassMutator:
    """Makes inputs from the specimens."""

    def __init__(self) -> None:
        found = [case for case in cases() if case.id.startswith("nz_covid_pass::")]
        self._seeds = [_seed(case) for case in found]
        self._texts = [seed.text for seed in self._seeds]
        self._open = [seed for seed in self._seeds if seed.envelope]
        self._whole = [seed for seed in self._seeds if seed.parts and seed.tree]
        self._makers: tuple[tuple[int, Callable[[Chance], Input]], ...] = (
            (20, self._text),
            (20, self._envelope),
            (15, self._headers),
            (15, self._bytes),
            (30, self._tree),
        )

    def make(self, chance: Chance) -> Input:
        """Make one input."""
        return fuzz.made_by_one_of(self._makers, chance)

    def _text(self, chance: Chance) -> Input:
        seed = chance.choice(self._seeds)
        text = _changed_text(seed.text, chance, self._texts)
        if chance.random() < RARE:
            return Input("bytes of a text", text.encode("utf-8", "replace"), seed.instant)
        return Input("text", text, seed.instant)

    def _envelope(self, chance: Chance) -> Input:
        seed = chance.choice(self._open)
        others = [each.envelope for each in self._open]
        changed = fuzz._changed_bytes(seed.envelope, chance, others)
        return Input("envelope", text_of(changed), seed.instant)

    def _headers(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        usual: dict[Any, Any] = {4: KID.encode(), 1: -7}
        written = [
            fuzz._changed_tree(header, chance) if chance.random() < MOSTLY else encode(header)
            for header in (usual, {})
        ]
        changed = parts._replace(protected=written[0], unprotected=written[1])
        return self._finished("headers", changed, seed, chance)

    def _bytes(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        payload = fuzz._changed_bytes(parts.payload, chance, [parts.payload])
        return self._finished("claim bytes", parts._replace(payload=payload), seed, chance)

    def _tree(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        payload = fuzz._changed_tree(seed.tree, chance)
        return self._finished("claims", parts._replace(payload=payload), seed, chance)

    def _any_whole(self, chance: Chance) -> tuple[_Seed, PassParts]:
        seed = chance.choice(self._whole)
        assert seed.parts
        return seed, seed.parts

    @staticmethod
    def _finished(kind: str, parts: PassParts, seed: _Seed, chance: Chance) -> Input:
        """Sign it anew, or leave the signature that it had."""
        if chance.random() < EVEN:
            return Input(kind, parts.text, seed.instant)
        key = curve_key(chance.choice(_KEYS))
        parts = parts._replace(signature=sign_ecdsa(key, parts.signed))
        return Input(f"{kind}, signed", parts.text, seed.instant)


def watch_passes() -> Watch:
    """Watch what is made of the specimens of passes, with the store of their world."""
    return Watch(PassMutator(), store(), really_signed)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    return fuzz.main(arguments, about=__doc__, inputs=100_000, make_watch=watch_passes)


if __name__ == "__main__":
    sys.exit(main())
