"""Certificates of nobody, in the shape that rules see.

What else would meet a rule, and whom a rule set shuts out, is found by asking the rules about
certificates that nobody holds. The shape is that of an EU DCC (schema 1.3.0); members that a
family of certificates cannot state are given as ``UNKNOWN``.
"""

from typing import Final, NamedTuple

from verifier.rules.unknown import Unknown

COVID_19: Final = "840539006"

_NOWHERE: Final = "XX"

NAAT: Final = "LP6464-4"
ANTIGEN: Final = "LP217198-3"
NOT_DETECTED: Final = "260415000"
DETECTED: Final = "260373001"

Payload = dict[str, object]
Code = str | Unknown


class VaccineCodes(NamedTuple):
    """What a DCC writes for a vaccine: product, class, holder of the authorisation."""

    mp: Code
    vp: Code
    ma: Code


# The most given of all: what a person who asks for "a vaccination" is likeliest to get.
COMIRNATY: Final = VaccineCodes("EU/1/20/1528", "1119349007", "ORG-100030215")


def vaccinated(  # noqa: PLR0913 - one argument a fact
    codes: VaccineCodes,
    day: str,
    *,
    dose: int | Unknown,
    doses: int | Unknown,
    born: Code,
    country: Code = _NOWHERE,
) -> Payload:
    """Imagine a dose given on a day (``YYYY-MM-DD``), number ``dose`` of ``doses``."""
    entry: Payload = {
        **codes._asdict(),
        "tg": COVID_19,
        "dn": dose,
        "sd": doses,
        "dt": day,
        "co": country,
        "is": "",
        "ci": "",
    }
    return _of(born, v=[entry])


def tested(kind: Code, result: Code, sampled: str, *, born: Code, device: Code | None) -> Payload:
    """Imagine a test whose sample was taken at ``sampled`` (RFC 3339)."""
    entry: Payload = {
        "tg": COVID_19,
        "tt": kind,
        "tr": result,
        "sc": sampled,
        "tc": "",
        "co": _NOWHERE,
        "is": "",
        "ci": "",
    }
    if device is not None:
        entry["ma"] = device
    return _of(born, t=[entry])


def recovered(first_positive: str, first: str, last: str, *, born: Code) -> Payload:
    """Imagine a recovery: day of the first positive test, and from when until when it counts."""
    entry: Payload = {
        "tg": COVID_19,
        "fr": first_positive,
        "df": first,
        "du": last,
        "co": _NOWHERE,
        "is": "",
        "ci": "",
    }
    return _of(born, r=[entry])


def _of(born: Code, **group: list[Payload]) -> Payload:
    return {"ver": "1.3.0", "nam": {"fnt": "NOBODY", "gnt": "IMAGINED"}, "dob": born, **group}
