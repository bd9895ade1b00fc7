"""What each screen of the desk says: ready, a verdict, guidance, a slip for port health."""

from collections.abc import Iterable
from functools import partial
from typing import Final, NamedTuple

from cli.messages import meaning, word
from cli.post.judging import Judged
from cli.post.keys import Key
from cli.post.screens import MAY, MUST, SHOULD, SPARE, Band, Painter, Part, Screen, legend, safe
from cli.post.texts import Texts
from cli.render import LOOKS, telling
from cli.rules_words import rule_lines
from verifier.privacy import HolderView
from verifier.reasons import Reason
from verifier.trust import Environment, Freshness, TrustList
from verifier.verdict import Outcome, Verdict

_INDENT: Final = "  "
_GUIDED: Final = (Key.NO_CERTIFICATE, Key.WAIVER, Key.PROTECTION, Key.ILL, Key.HELP)
_AT_READY: Final = legend(Key.PASSPORT)
_AT_VERDICT: Final = (Key.PROTECTION, Key.ILL, Key.AGAIN, Key.SLIP, Key.ANY)
_ONLY_CLEARS: Final = (Key.ANY,)


class Words(NamedTuple):
    """Whose words: the officer's and the traveller's language, and an authority's own texts."""

    painter: Painter
    texts: Texts
    lang: str
    traveller_lang: str

    def text(self, key: str, **filled: object) -> str:
        """Give guidance in the officer's language, without what could steer a terminal."""
        return safe(self.texts.get(key, self.lang).format(**filled))

    def traveller(self, key: str) -> str:
        """Give words for the traveller; the same language as the officer's says them once."""
        return safe(self.texts.get(key, self.traveller_lang))


class Basis(NamedTuple):
    """What every verdict of this desk rests on, for the line at the bottom of an idle screen."""

    list: TrustList | None
    freshness: Freshness | None
    day: str
    at: str  # the instant of --at, empty for now


def ready(words: Words, basis: Basis, notes: Iterable[str], *, status: str = "") -> Screen:
    """Lay out the screen between two travellers."""
    painter = words.painter
    parts = [Part(note, SHOULD, _INDENT) for note in notes]
    parts += [
        Part(status or painter.word("desk.ready"), MUST, _INDENT, ahead=True, strong=True),
        *_basis(painter, basis),
    ]
    station = words.text("desk.text.station")
    if station:
        parts.append(Part(station, SPARE, _INDENT))
    environment = basis.list.environment if basis.list else None
    return Screen(_drill(painter, environment) + parts, keys=_AT_READY)


def verdict_screen(
    words: Words,
    judged: Judged,
    holder: Iterable[Part],
    notes: Iterable[str],
    *,
    passport: bool = False,
) -> Screen:
    """Lay out a verdict with what ``holder_parts`` gave; ``passport`` offers to compare one."""
    painter, verdict = words.painter, judged.verdict
    parts = _drill(painter, verdict.trust.environment)
    parts += [Part(note, SHOULD, _INDENT) for note in notes]
    said = words.text(f"desk.say.{verdict.outcome.value}")
    parts.append(Part(said, MAY, _INDENT, ahead=True))
    parts += holder
    parts += _reasons(words, judged)
    if verdict.rules is not None:
        parts += [
            Part(paragraph, SHOULD, _INDENT)
            if paragraph
            else Part(item, SHOULD, f"{_INDENT * 2}- ")
            for paragraph, item in rule_lines(verdict.rules, painter.word, words.lang)
        ]
    if verdict.valid_from:
        day = painter.word("valid_from", day=verdict.valid_from)
        parts.append(Part(day, MUST, _INDENT))
    if words.traveller_lang != words.lang:
        told = words.traveller(f"desk.tell.{verdict.outcome.value}")
        parts.append(Part(told, MAY, _INDENT, ahead=True))
    parts += _subject(painter, verdict)
    if judged.undone:
        undone = painter.word("desk.undone", layout=judged.undone)
        parts.append(Part(undone, MAY, _INDENT))
    keys = (*_AT_VERDICT[:-1], Key.PASSPORT, Key.ANY) if passport else _AT_VERDICT
    return Screen(parts, outcome_band(words, verdict.outcome), keys)


def holder_parts(words: Words, verdict: Verdict) -> list[Part]:
    """Read the holder, which can be done once, if the policy discloses any."""
    if not verdict.discloses_holder:
        return []
    with verdict.holder() as holder:
        return _holder(words.painter, holder)


def outcome_band(words: Words, outcome: Outcome) -> Band:
    """Give the band of an outcome."""
    sign, colour = LOOKS[outcome]
    return Band(sign, words.painter.word(f"desk.big.{outcome.value}"), colour)


def crashed(words: Words, basis: Basis) -> Screen:
    """Lay out what is shown when a worker died: this desk cannot tell, and why."""
    said = meaning(Reason.UNFORESEEN, words.lang)
    parts = [
        Part(words.painter.word("desk.crashed"), MUST, _INDENT, ahead=True),
        Part(said.next, SHOULD, f"{_INDENT}{words.painter.arrow()}"),
        *_basis(words.painter, basis),
    ]
    return Screen(parts, outcome_band(words, Outcome.REFER), _AT_READY)


def guidance(words: Words, key: Key) -> Screen:
    """Lay out what an authority has to say to a key."""
    number = words.text("desk.text.ill_number") if key is Key.ILL else ""
    text = words.text(f"desk.text.{key.word}", number=number)
    return Screen([Part(text, MUST, _INDENT, ahead=True, strong=True)], keys=_ONLY_CLEARS)


def _pair(lang: str, label: str, value: str) -> str:
    return word("pair", lang, label=label, value=value)


def slip(words: Words, verdict: Verdict | None) -> Screen:
    """Lay out a slip to be copied or photographed: two languages, a code, a station, no name."""
    code = "" if verdict is None else _deciding(verdict)
    lines: list[Part] = []
    for lang in dict.fromkeys((words.lang, words.traveller_lang)):
        texts = {
            name: safe(words.texts.get(f"desk.text.slip_{name}", lang))
            for name in ("title", "hand", "reason", "station", "none")
        }
        station = safe(words.texts.get("desk.text.station", lang))
        reason = words.painter.code(code) or texts["none"]
        pair = partial(_pair, lang)
        lines += [
            Part(texts["title"].upper(), MUST, _INDENT, ahead=True, strong=True),
            Part(pair(texts["reason"], reason), MUST, _INDENT),
            *([Part(pair(texts["station"], station), MUST, _INDENT)] if station else []),
            Part(texts["hand"], MUST, _INDENT),
        ]
    return Screen(lines, keys=_ONLY_CLEARS)


def passport_asked(words: Words, count: int, note: str = "") -> Screen:
    """Lay out the question for the passport's lines; what was typed is counted, never shown."""
    painter = words.painter
    parts = [Part(note, MUST, _INDENT)] if note else []
    parts.append(Part(painter.word("desk.passport_ask"), MUST, _INDENT, ahead=True, strong=True))
    if count:
        parts.append(Part(painter.word("desk.passport_heard", count=count), MUST, _INDENT))
    return Screen(parts)


def has_guidance(key: Key) -> bool:
    """Tell whether a key stands for guidance alone."""
    return key in _GUIDED


def _holder(painter: Painter, holder: HolderView) -> list[Part]:
    rows = [
        (painter.word("name_mrz"), painter.code(safe(holder.name_mrz))),
        (painter.word("name"), safe(holder.name)),
        (painter.word("birth_date"), painter.code(safe(holder.birth_date))),
    ]
    rows += [
        (
            painter.word(f"clinical.{label}"),
            painter.word(f"disease.{value}") if label == "disease" else safe(value),
        )
        for label, value in holder.clinical
    ]
    widest = max(len(label) for label, _ in rows)
    parts = [Part(painter.word("compare"), MAY, _INDENT, ahead=True)]
    for at, (label, value) in enumerate(rows):
        shown = value or painter.word("unknown")
        weight = MUST if at <= len(("name_mrz", "name")) else MAY
        parts.append(Part(shown, weight, f"{_INDENT * 2}{label:<{widest}}  ", strong=True))
    return parts


def _reasons(words: Words, judged: Judged) -> list[Part]:
    parts: list[Part] = []
    for at, finding in enumerate(telling(judged.verdict)):
        said = meaning(finding.code, words.lang)
        what = f"{said.what} ({words.painter.code(finding.code.value)})"
        parts += [
            Part(what, SHOULD if at else MUST, _INDENT, ahead=not at),
            Part(said.next, SHOULD if at else MUST, f"{_INDENT}{words.painter.arrow()}"),
        ]
    if judged.looks_like:
        looks = words.painter.word("desk.layout", layout=judged.looks_like)
        parts.append(Part(looks, SHOULD, f"{_INDENT}{words.painter.arrow()}"))
    return parts


def _subject(painter: Painter, verdict: Verdict) -> list[Part]:
    subject = []
    if verdict.format:
        subject.append(painter.word(f"format.{verdict.format}"))
    if verdict.kind:
        subject.append(painter.word(f"kind.{verdict.kind.value}"))
    issuer = verdict.issuer and (verdict.issuer.name or verdict.issuer.country)
    if issuer:
        subject.append(painter.word("issued_by", issuer=safe(issuer)))
    parts = [Part(" - ".join(subject), MAY, _INDENT, ahead=True)] if subject else []
    trust = verdict.trust
    parts.append(
        Part(
            _list_line(painter, trust.as_of or "", trust.freshness, trust.environment), MAY, _INDENT
        )
    )
    return parts


def _basis(painter: Painter, basis: Basis) -> list[Part]:
    environment = basis.list.environment if basis.list else None
    line = _list_line(painter, basis.day, basis.freshness, environment)
    parts = [Part(line, MAY, _INDENT, ahead=True)]
    if basis.at:
        parts.append(Part(painter.word("desk.at", instant=painter.code(basis.at)), MUST, _INDENT))
    return parts


def _list_line(
    painter: Painter, day: str, freshness: Freshness | None, environment: Environment | None
) -> str:
    if not day:
        return painter.word("list_none")
    parts = [painter.word("list_of", day=painter.code(day))]
    if freshness:
        parts.append(painter.word(f"freshness.{freshness.value}"))
    if environment:
        parts.append(painter.word(f"environment.{environment.value}"))
    return " - ".join(part for part in parts if part)


def _drill(painter: Painter, environment: Environment | None) -> list[Part]:
    """Mark a desk with keys that are not for travellers, so that nobody takes it for a real one."""
    if environment is None or environment is Environment.PRODUCTION:
        return []
    key = "desk.specimen" if environment is Environment.SPECIMEN else "desk.test_keys"
    return [Part(painter.word(key), MUST, _INDENT, strong=True)]


def _deciding(verdict: Verdict) -> str:
    found = telling(verdict)
    return found[0].code.value if found else word(f"outcome.{verdict.outcome.value}")
