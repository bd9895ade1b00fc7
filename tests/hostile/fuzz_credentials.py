"""Mutations of DIVOC's credentials, for the fuzzer: container, text, tree and proof."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from support.credentials import document_in
from support.specimens import cases

from fixtures.divoc.issue import Signer, listed, scan, signed, text
from fixtures.divoc.zips import zipped

Chance = random.Random
Made = tuple[str, str | bytes, datetime]

EVEN = 0.5
MOSTLY = 0.8

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 21, 2**53 - 1, 2**53, 2**63, 0.5, 1e300, "", " ", "1", "2",
    "true", "Person", ["Person"], [], {}, [[]], [{}], [None], {"id": "did:x"}, "did:Passport:X1",
    "did:x>", "did:x y", "_:b0", "schema:x", "https://specimen.example/", "x" * 513, "\0", "\t",
    "\u202e", "\U00010384", "\uffee", "2026-10-20", "2026-10-20T09:30:00Z", "2026-13-01",
    "XM9QW8", "COVISHIELD", "\u0661", '"', "\\", "a\nb",
)  # fmt: skip
MEMBERS = (
    "id", "type", "name", "dob", "dose", "totalDoses", "date", "uhid", "address", "facility",
    "verifier", "icd11Code", "@context", "@id", "@graph", "proof", "jws", "created", "evidence",
    "x",
)  # fmt: skip
ODD_BYTES = (
    b"PK\3\4",
    b"PK\5\6",
    b"PK\1\2",
    b"PK\7\x08",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x08\0",
)
ODD_TEXTS = (
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\ud800",
    "1e9",
    "NaN",
    "-0",
    "\u00e9",
    "\t",
    "",
)


def _changed_bytes(data: bytes, chance: Chance) -> bytes:
    whole = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place = chance.randrange(len(whole) + 1)
        match chance.randrange(5):
            case 0 if place < len(whole):
                whole[place] ^= 1 << chance.randrange(8)
            case 1:
                whole[place : place + 4] = chance.choice(ODD_BYTES)
            case 2:
                del whole[place : place + chance.choice((1, 2, 9, 40))]
            case 3:
                whole[place:place] = whole[place : place + chance.randrange(1, 60)]
            case _:
                # The last records, where the numbers are.
                near = max(0, len(whole) - chance.randrange(1, 90))
                whole[near : near + 1] = bytes((chance.randrange(256),))
    return bytes(whole)


def _changed_text(whole: str, chance: Chance) -> str:
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(whole) + 1)
        whole = (
            whole[:place] + chance.choice(ODD_TEXTS) + whole[place + chance.choice((0, 1, 1, 5)) :]
        )
    return whole


def _nodes(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _nodes(value)


def _changed_tree(tree: Any, chance: Chance) -> Any:
    tree = json.loads(json.dumps(tree))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        node = chance.choice([*_nodes(tree)])
        value = chance.choice((*VALUES, tree) if chance.random() < EVEN else VALUES)
        value = json.loads(json.dumps(value))
        if isinstance(node, list):
            node.append(value)
        elif not node or chance.random() < EVEN / 2:
            node[chance.choice(MEMBERS)] = value
        elif chance.random() < EVEN / 2:
            del node[chance.choice([*node])]
        else:
            one, other = chance.choice([*node]), chance.choice([*node])
            node[one] = node[other] if chance.random() < EVEN else value
    return tree


class CredentialMutator:
    """Makes inputs from the specimens."""

    def __init__(self) -> None:
        self._seeds = [*self._read_seeds()]
        self._signers = [*listed().values()]
        self.makers: tuple[Callable[[Chance], Made], ...] = (
            self._container,
            self._text,
            self._unsigned,
            self._signed,
            self._proof,
        )

    @staticmethod
    def _read_seeds() -> Iterator[tuple[Any, datetime]]:
        """Take apart what can be taken apart; many specimens are broken on purpose."""
        for case in cases():
            if case.id.startswith("divoc::"):
                try:
                    document = document_in(case.scan)
                    text(document).encode()
                except Exception:  # noqa: BLE001, S112 - as said
                    continue
                if isinstance(document, dict) and isinstance(document.get("proof"), dict):
                    yield document, case.instant

    def _carried(self, data: bytes, chance: Chance) -> str | bytes:
        packed = zipped(data, flags=chance.choice((0, 8)), method=chance.choice((0, 8, 8)))
        match chance.randrange(4):
            case 0:
                return packed
            case 1:
                return packed.decode("latin-1").encode()
            case 2:
                return data.decode("utf-8", "surrogatepass")
            case _:
                return "B64:" + base64.b64encode(packed).decode()

    def _container(self, chance: Chance) -> Made:
        document, instant = chance.choice(self._seeds)
        carried = self._carried(text(document).encode("utf-8", "replace"), chance)
        if isinstance(carried, bytes):
            return "credential container", _changed_bytes(carried, chance), instant
        packed = _changed_bytes(zipped(text(document).encode("utf-8", "replace")), chance)
        return (
            "credential container",
            "B64:" + base64.b64encode(packed).decode(),
            instant,
        )

    def _text(self, chance: Chance) -> Made:
        document, instant = chance.choice(self._seeds)
        changed = _changed_text(text(document), chance)
        return "credential text", self._carried(changed.encode("utf-8", "replace"), chance), instant

    def _unsigned(self, chance: Chance) -> Made:
        document, instant = chance.choice(self._seeds)
        changed = _changed_tree(document, chance)
        data = json.dumps(changed, separators=(",", ":")).encode()
        return "credential unsigned", self._carried(data, chance), instant

    def _signed(self, chance: Chance) -> Made:
        document, instant = chance.choice(self._seeds)
        content = {name: value for name, value in document.items() if name != "proof"}
        changed = _changed_tree(content, chance)
        signer: Signer = chance.choice(
            self._signers[1:] if chance.random() < MOSTLY else self._signers
        )
        try:
            changed = signed(changed, signer)
        except Exception:  # noqa: BLE001 - no issuer could sign that
            changed = {**changed, "proof": document["proof"]} if isinstance(changed, dict) else {}
        return "credential signed", scan(changed), instant

    def _proof(self, chance: Chance) -> Made:
        document, instant = chance.choice(self._seeds)
        other, _ = chance.choice(self._seeds)
        proof = dict(chance.choice((document, other))["proof"])
        if chance.random() < EVEN:
            proof = _changed_tree(proof, chance)
        else:
            jws = proof.get("jws")
            proof["jws"] = _changed_text(jws, chance) if isinstance(jws, str) else None
        return "credential proof", scan({**document, "proof": proof}), instant
