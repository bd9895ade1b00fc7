"""The tests of one document as rules see them (``t`` of an EU certificate).

Source: code crosswalk, section 4 and tests. A result is never taken from its absence, and a test
that does not tell who is infected (antibodies, T cells, cultures, typing) has no type: it proves
nothing. The latest test counts, of each type the latest: which type is enough is for the rules.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from verifier.claims import Coded, Test
from verifier.limits import LAST_SECOND
from verifier.privacy import private
from verifier.reasons import Reason
from verifier.rules.sample_codes import NOT_DETECTED, Meaning, kind_of, result_of
from verifier.rules.unknown import UNKNOWN

# A day begins first, and ends last, so far from UTC.
_EARLIEST: Final = "T00:00:00+14:00"
_LATEST: Final = "T23:59:59-12:00"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SECOND: Final = -62_135_596_800  # of the year 1, the first that calendars know

_DEVICES: Final = "eu-dcc-device"
_NO_SYSTEM: Final = frozenset(("unstated", "other"))


@private
class Sample:
    """One test: what it is, what it found (empty: not known), and when."""

    __slots__ = ("event", "meaning", "result")

    def __init__(self, event: Test, meaning: Meaning, result: str) -> None:
        """Take the event and what its codes mean."""
        self.event = event
        self.meaning = meaning
        self.result = result

    @property
    def type(self) -> object:
        """The type as rules see it: null for a test that proves nothing."""
        if self.meaning.proves_nothing:
            return None
        return self.meaning.tt or UNKNOWN

    def moment(self) -> tuple[str, int]:
        """Tell when it was, so that later ones are greater."""
        return self.event.date.latest(), self.event.sampled or 0


def read_sample(event: Test) -> Sample:
    """Look a test up in the tables."""
    codes = event.codes or _stated(event.method)
    answers = event.answers or _stated(event.result)
    return Sample(event, kind_of(codes), result_of(codes, answers))


def _stated(code: Coded | None) -> Sequence[Coded]:
    return (code,) if code else ()


def latest(samples: Sequence[Sample]) -> list[Sample]:
    """Give the latest test of each type, of those that prove something if there are any.

    Two of one time that found different things leave the result open.
    """
    able = [each for each in samples if not each.meaning.proves_nothing] or samples
    by_type: dict[object, Sample] = {}
    for sample in sorted(able, key=Sample.moment):
        before = by_type.get(sample.type)
        differs = before and before.moment() == sample.moment() and before.result != sample.result
        result = "" if differs else sample.result
        by_type[sample.type] = Sample(sample.event, sample.meaning, result)
    return [*by_type.values()]


def may_be_positive(sample: Sample) -> bool:
    """Tell whether a test may have found something, for all that is known."""
    return sample.result != NOT_DETECTED


class Members(NamedTuple):
    """The members of an entry that a test decides, once for each end of its time."""

    entries: list[dict[str, object]]
    reasons: list[Reason]


def members_of(sample: Sample) -> Members:
    """Write a test as the members of an entry."""
    event, result = sample.event, sample.result
    reasons = []
    if sample.meaning.proves_nothing:
        result = ""
        reasons.append(Reason.TEST_PROVES_NOTHING)
    elif sample.type is UNKNOWN:
        reasons.append(Reason.TEST_KIND_UNKNOWN)
    if not result:
        reasons.append(Reason.RESULT_UNCLEAR)
    times = _times(event)
    if times == [UNKNOWN]:
        reasons.append(Reason.EVENT_DATE_UNKNOWN)
    elif len(times) > 1:
        reasons.append(Reason.EVENT_DATE_IN_PART)
    said = {
        "tt": sample.type,
        "nm": event.name or UNKNOWN,
        "ma": _device(event.device) or UNKNOWN,
        "tr": result or UNKNOWN,
        "tc": event.centre or UNKNOWN,
    }
    return Members([{**said, "sc": time} for time in times], reasons)


def _device(device: Coded | None) -> str:
    """Give the number of a device in the EU's common list, empty for whatever is none."""
    if device is None:
        return ""
    system, code = device
    numbered = system in _NO_SYSTEM and code.isascii() and code.isdecimal()
    return code if system == _DEVICES or numbered else ""


def _times(event: Test) -> list[object]:
    """Give the instant of the sample, or the first and the last that it can have been."""
    sampled = event.sampled
    if sampled is not None and _FIRST_SECOND <= sampled <= LAST_SECOND:
        instant = _EPOCH + timedelta(seconds=sampled)
        return [f"{instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"]
    if not event.date.text:
        return [UNKNOWN]
    return [event.date.earliest() + _EARLIEST, event.date.latest() + _LATEST]
