"""Health seals for the fuzzer: as text, as JSON, in their certificates, and signed again."""

import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from support.seals import Members, put_together, seal_cases, signers, taken_apart

from fixtures.vds_nc.issue import canonical, sign, url_text

Chance = random.Random

EVEN = 0.5
MARKS = '{}[]",:\\\n\t 0123456789-+.eEnulltruefalseNaN\ud800\u202e\ufeff\0é😀=_/-'
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 1e300, 2**53, -(2**53), 2**70, "", " ", "\0", "\ud800", "XS",
    "XSS", "AUS", "JPN", "UTO", "D", "1980-05-17", "1980-13-40", "0000-00-00", "9999-12-31",
    "2026-11-30T09:00:00+08:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "9" * 400, "x" * 513, "\u202e", "A  B", "  ", [], {}, [[]], [{}], {"": {}}, [None], [1] * 33,
    "icao.vacc", "icao.test", "icao.other", "ES256", "ES384", "ES512", "none", "AAAA", "====",
)  # fmt: skip


class Made(NamedTuple):
    """One text, how it was made, and the instant to judge it for."""

    kind: str
    text: str
    instant: datetime


class SealMutator:
    """Makes texts from the specimens of health seals."""

    def __init__(self) -> None:
        self._cases = list(seal_cases())
        self._texts = [case.text for case in self._cases]
        read = [(case, taken_apart(case.text)) for case in self._cases]
        self._seals = [(case, seal) for case, seal in read if seal and "cer" in seal["sig"]]
        self._signers = list(signers().values())
        self.makers: tuple[Callable[[Chance], Made], ...] = (
            self._as_text,
            self._as_json,
            self._certificate,
            self._signed_again,
            self._signed_again,
        )

    def _as_text(self, chance: Chance) -> Made:
        case = chance.choice(self._cases)
        text = case.text
        for _ in range(chance.choice((1, 1, 2, 5))):
            place = chance.randrange(len(text) + 1)
            match chance.randrange(6):
                case 0:
                    text = text[:place] + chance.choice(MARKS) + text[place + 1 :]
                case 1:
                    text = text[:place] + chance.choice(MARKS) + text[place:]
                case 2:
                    text = text[:place] + text[place + chance.choice((1, 2, 30)) :]
                case 3:
                    text = text[:place] + chance.choice(self._texts)[place:]
                case 4:
                    text = text[:place] + chance.choice("[{") * chance.choice((2, 20, 3_000))
                case _:
                    text = text[:place] + json.dumps(chance.choice(VALUES)) + text[place:]
        return Made("seal text", text, case.instant)

    def _as_json(self, chance: Chance) -> Made:
        case, seal = chance.choice(self._seals)
        return Made("seal unsigned", put_together(_changed(seal, chance)), case.instant)

    def _certificate(self, chance: Chance) -> Made:
        case, seal = chance.choice(self._seals)
        certificate = bytearray(chance.choice(self._signers).certificate)
        for _ in range(chance.choice((1, 1, 2, 4))):
            place = chance.randrange(len(certificate))
            match chance.randrange(4):
                case 0:
                    certificate[place] ^= 1 << chance.randrange(8)
                case 1:
                    certificate[place] = chance.randrange(256)
                case 2:
                    del certificate[place : place + chance.choice((1, 2, 40))]
                case _:
                    certificate[place:place] = bytes(
                        chance.choice(((0x30, 0x84), (0x80,), (0xFF, 0xFF), (0x06, 0x81)))
                    )
            if not certificate:
                break
        signature = {**seal["sig"], "cer": url_text(bytes(certificate))}
        return Made("seal certificate", put_together({**seal, "sig": signature}), case.instant)

    def _signed_again(self, chance: Chance) -> Made:
        case, seal = chance.choice(self._seals)
        seal = _changed({"data": seal["data"]}, chance)
        signer = self._signers[0] if chance.random() < EVEN else chance.choice(self._signers)
        try:
            algorithm, raw = sign(signer, canonical(seal.get("data")))
        except UnicodeEncodeError:
            algorithm, raw = "ES256", bytes(64)
        seal["sig"] = {
            "alg": algorithm,
            "cer": url_text(signer.certificate),
            "sigvl": url_text(raw, padded=chance.random() < EVEN),
        }
        return Made("seal signed", put_together(seal), case.instant)


def _copied(value: Any) -> Any:
    """Copy what JSON can hold, however deep it is: ``deepcopy`` gives up sooner."""
    return json.loads(json.dumps(value))


def _changed(seal: Members, chance: Chance) -> Members:
    """Change some values of a seal."""
    seal = _copied(seal)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        holder: Any = seal
        while True:
            names = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not names:
                break
            name = chance.choice(names)
            inner = holder[name]
            if isinstance(inner, dict | list) and inner and chance.random() < 0.9:
                holder = inner
                continue
            match chance.randrange(5):
                case 0:
                    del holder[name]
                case 1 if isinstance(holder, dict):
                    holder[chance.choice(("more", "é", "i", "dob", "", "t"))] = _copied(inner)
                case 2 if isinstance(inner, str):
                    place = chance.randrange(len(inner) + 1)
                    holder[name] = inner[:place] + chance.choice(MARKS) + inner[place + 1 :]
                case 3 if isinstance(inner, dict | list):
                    holder[name] = [inner]
                case _:
                    holder[name] = _copied(chance.choice(VALUES))
            break
    return seal
