"""The mutation fuzzer for SMART Health Cards and for the links that are no cards.

    PYTHONPATH=.:tests python tests/hostile/fuzz_cards.py --inputs 100000

Changes specimens at every layer: the text of codes, parts of several codes, files, tokens, headers,
packed bytes, payloads as bytes and as trees; with the signature that they had, and signed anew.
What is watched for is said in ``fuzz.py``.
"""

import json
import sys
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from Crypto.Hash import SHA256
from Crypto.Signature import DSS
from hostile import fuzz
from hostile.fuzz import EVEN, MOSTLY, RARE, Chance, Input, Watch
from support.cards import CardParts, numeric, packed, parts_of
from support.specimens import cases, store

from fixtures.cases import Case
from fixtures.keys import sign_ecdsa
from fixtures.smart_health_card.issue import pieces
from fixtures.smart_health_card.world import CLINIC, MINISTRY, PHARMACY, UNLISTED, Issuer

_SIGNERS = (MINISTRY, MINISTRY, MINISTRY, CLINIC, PHARMACY, UNLISTED)
_LETTERS = (
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= \n\u0661\ud800{}[]":,#%'
)
_BEGINNINGS = (
    "shc:/", "SHC:/", "shc:", "shc:/1/2/", "shc:/2/2/", "shc:/1/1/", "shc:/21/21/", "shlink:/",
    "https://x.example/#shlink:/", 'https://x.example/#{"verifiableCredential":["', "HC1:", "eyJ",
    '{"verifiableCredential":["', '{"resourceType":"Parameters","parameter":[', "",
)  # fmt: skip
_DANGEROUS = (
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"NaN", b"1e999", b"-0", b"[" * 80, b'{"a":' * 80, b'""',
    b"\\ud800", b"9" * 400, b"null", b"true", b'"iss":"x",', b",", b"}", b"]", b'"', b"\\",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e300, 2**63, 10**400, 1_793_520_000_000, "", " ", "\0",
    "completed", "resource:0", "resource:1", "2026-02-30", "2026-13", "9999-12-31", "0000-01-01",
    "2026-10-31T25:00", "2026-10-31T08:00:00+99:99", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "9" * 1_001, "https://x.example/", [], {}, [[]], [{}],
    {"coding": []}, ["x"], [None], "\u202e", "\U0001f600",
)  # fmt: skip


class _Seed(NamedTuple):
    """A specimen, taken apart as far as it goes."""

    text: str
    instant: datetime
    parts: CardParts | None
    tree: Any


def _seed(case: Case) -> _Seed:
    parts, tree = None, None
    try:
        parts = parts_of(case.text)
        tree = json.loads(parts.content)
    except (ValueError, zlib.error, KeyError, IndexError, TypeError, RecursionError):
        pass  # many specimens are broken on purpose
    return _Seed(case.text, case.instant, parts, tree if isinstance(tree, dict) else None)


class CardMutator:
    """Makes inputs from the specimens."""

    def __init__(self) -> None:
        found = [case for case in cases() if case.id.startswith("smart_health_card::")]
        self._seeds = [_seed(case) for case in found]
        self._texts = [seed.text for seed in self._seeds]
        self._whole = [seed for seed in self._seeds if seed.parts and seed.tree]
        self._makers: tuple[tuple[int, Callable[[Chance], Input]], ...] = (
            (20, self._text),
            (10, self._several_codes),
            (15, self._token),
            (10, self._packed),
            (10, self._header),
            (15, self._bytes),
            (20, self._tree),
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

    def _several_codes(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        found = pieces(parts.token, chance.randrange(1, 22))
        other = pieces(self._any_whole(chance)[1].token, chance.randrange(1, 5))
        chance.shuffle(found)
        if chance.random() < EVEN:
            found[chance.randrange(len(found))] = chance.choice(other)
        if chance.random() < EVEN:
            place = chance.randrange(len(found))
            found[place] = _changed_text(found[place], chance, other)
        return Input("several codes", chance.choice(("\n", " ", "\r\n")).join(found), seed.instant)

    def _token(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        token = _changed_text(parts.token, chance, self._texts)
        return Input("token", token, seed.instant)

    def _packed(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        changed = parts._replace(payload=_changed_bytes(parts.payload, chance))
        return self._finished("packed bytes", changed, seed, chance)

    def _header(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        members = {"zip": "DEF", "alg": "ES256", "kid": MINISTRY.kid}
        name = chance.choice(("zip", "alg", "kid", "crit", "b64", "x5c", "jku"))
        header = json.dumps({**members, name: chance.choice(_VALUES)}).encode()
        if chance.random() < EVEN:
            header = _changed_bytes(header, chance)
        return self._finished("header", parts._replace(protected=header), seed, chance)

    def _bytes(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        content = _changed_bytes(parts.content, chance)
        return self._finished(
            "payload bytes", parts._replace(payload=packed(content, 1)), seed, chance
        )

    def _tree(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        tree = seed.tree
        for _ in range(chance.choice((1, 1, 2, 4))):
            tree = _changed_tree(tree, chance)
        content = json.dumps(tree, ensure_ascii=chance.random() < EVEN).encode("utf-8", "replace")
        return self._finished("payload", parts._replace(payload=packed(content, 1)), seed, chance)

    def _any_whole(self, chance: Chance) -> tuple[_Seed, CardParts]:
        seed = chance.choice(self._whole)
        assert seed.parts
        return seed, seed.parts

    def _finished(self, kind: str, parts: CardParts, seed: _Seed, chance: Chance) -> Input:
        """Leave the signature as it was, or sign anew with some key."""
        if chance.random() < MOSTLY:
            signer: Issuer = chance.choice(_SIGNERS)
            if kind != "header":
                header = {"zip": "DEF", "alg": "ES256", "kid": signer.kid}
                parts = parts._replace(protected=json.dumps(header).encode())
            parts = parts._replace(signature=sign_ecdsa(signer.key, parts.signed))
            kind = f"{kind}, signed"
        text = numeric(parts.token) if chance.random() < EVEN else parts.token
        return Input(kind, text, seed.instant)


def _changed_text(text: str, chance: Chance, others: list[str]) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(text) + 1)
        match chance.randrange(9):
            case 0 | 1:
                text = text[:place] + chance.choice(_LETTERS) + text[place + 1 :]
            case 2:
                text = text[:place] + text[place + chance.choice((1, 2, 3, 30)) :]
            case 3:
                text = text[:place] + chance.choice(_LETTERS) + text[place:]
            case 4:
                text = text[:place]
            case 5:
                text = chance.choice(_BEGINNINGS) + text[5:]
            case 6:
                text = text[:place] + chance.choice(others)[place : place + 3_000]
            case 7:
                text = (text + text[place:])[:100_000]
            case _:
                text = chance.choice((text.upper(), f" {text} ", f"{text}\r\n", text[::-1]))
    return text


def _changed_bytes(data: bytes, chance: Chance) -> bytes:
    whole = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(whole) + 1)
        match chance.randrange(5):
            case 0 if place < len(whole):
                whole[place] ^= 1 << chance.randrange(8)
            case 1:
                del whole[place : place + chance.choice((1, 2, 20))]
            case 2:
                whole[place:place] = chance.choice(_DANGEROUS)
            case 3:
                piece = whole[place : place + chance.randrange(1, 60)]
                whole[place:place] = piece * chance.choice((1, 2, 300))
            case _:
                whole.insert(place, chance.randrange(256))
    return bytes(whole)


def _changed_tree(tree: Any, chance: Chance) -> Any:
    """Change one value somewhere, or one member of an object."""
    path: list[Any] = []
    inner = tree
    while isinstance(inner, dict | list) and inner and chance.random() < 0.85:
        step = chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        path.append(step)
        inner = inner[step]
    changed = chance.choice(_VALUES)
    if isinstance(inner, dict) and inner and chance.random() < EVEN:
        changed = {**inner, chance.choice(list(inner)): chance.choice(_VALUES)}
        del changed[chance.choice(list(changed))]
    elif isinstance(inner, list) and chance.random() < EVEN:
        changed = inner * chance.choice((0, 2, 40))
    return _with(tree, path, changed)


def _with(tree: Any, path: list[Any], value: Any) -> Any:
    if not path:
        return value
    copied = dict(tree) if isinstance(tree, dict) else list(tree)
    copied[path[0]] = _with(tree[path[0]], path[1:], value)
    return copied


def really_signed(document: str | bytes) -> bool:
    """Tell whether a specimen key signed a card, by other libraries than the verifier's."""
    text = document.decode() if isinstance(document, bytes) else document
    try:
        parts = parts_of(text.strip("\r\n\t\0\ufeff "))
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    digest = SHA256.new(parts.signed)
    for issuer in (MINISTRY, CLINIC, UNLISTED):  # the pharmacy has the clinic's key
        try:
            DSS.new(issuer.key.public_key(), "fips-186-3").verify(digest, parts.signature)
        except ValueError:
            continue
        return True
    return False


def watch_cards() -> Watch:
    """Watch what is made of health cards."""
    return Watch(CardMutator(), store(), really_signed)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    return fuzz.main(arguments, about=__doc__, inputs=100_000, make_watch=watch_cards)


if __name__ == "__main__":
    from hostile import fuzz_cards  # so that other processes find what they are to run

    sys.exit(fuzz_cards.main())
