"""The EU DCC as it is read once its signature holds: tables of one-field changes.

Texts stand here as payloads; how they get into a scan is for the specimens.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.cbor import Raw, Tag, encode
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import ABSENT, EXPIRES, ISSUED, claims
from verifier import formats
from verifier.claims import Claims, Exemption, Kind, Recovery, Test, Vaccination
from verifier.errors import DocumentError
from verifier.formats import eu_dcc
from verifier.limits import TEXT_CHARACTERS
from verifier.reasons import Reason

UNDEFINED = Raw(b"\xf7")
JAB = says.vaccination()
SWAB = says.negative_test()
PAST = says.recovery()
WAIVER = says.exemption()


def read(content: object, prefix: str = "HC1", **parts: object) -> Claims:
    return eu_dcc.FORMAT.read_claims(prefix, encode(claims(content, **parts)))


def reasons(content: object, prefix: str = "HC1", **parts: object) -> list[Reason]:
    try:
        return list(read(content, prefix, **parts).doubts)
    except DocumentError as error:
        assert error.__cause__ is None
        return [error.reason]


def in_group(group: str, entry: object, **parts: Any) -> dict[object, object]:
    version = "AT-1.0.0" if group == "ve" else "1.3.0"
    return says.content(group, entry, **{"version": version, **parts})


def jab(**changes: object) -> dict[object, object]:
    members = {**JAB, **changes}
    return in_group("v", {name: value for name, value in members.items() if value is not ABSENT})


def swab(**changes: object) -> dict[object, object]:
    members = {**SWAB, **changes}
    return in_group("t", {name: value for name, value in members.items() if value is not ABSENT})


def event_of(content: object, prefix: str = "HC1") -> Any:
    (event,) = read(content, prefix).events
    return event


def test_the_formats_are_found_in_their_folder_by_name() -> None:
    found_formats = list(formats.each())
    names = [found.name for found in found_formats]
    assert "eu-dcc" in names
    assert len(set(names)) == len(names)
    for found in found_formats:
        for container in found.containers:
            assert found in formats.reading(container)
            assert found.containers[container] in formats.schemes(found, container)


def test_each_container_has_a_trust_scheme_of_its_own() -> None:
    assert dict(eu_dcc.FORMAT.containers) == {"HC1": "eu-dcc", "AT1": "at-exemption"}


def test_the_envelope_is_told_with_its_dates_and_country() -> None:
    told = read(jab())
    assert (told.format, told.scheme, told.country) == ("eu-dcc", "eu-dcc", "XS")
    assert (told.issued, told.expires, told.specimen) == (ISSUED, EXPIRES, False)
    assert told.kind is Kind.VACCINATION
    assert told.identifier == JAB["ci"]


@pytest.mark.parametrize(
    ("issuer", "country"),
    [("XS", "XS"), ("de", "DE"), ("EL", "GR"), ("CH BAG", ""), ("", ""), (ABSENT, ""), (None, "")],
)
def test_the_issuer_is_a_country_where_it_is_one(issuer: object, country: str) -> None:
    assert read(jab(), issuer=issuer).country == country


@pytest.mark.parametrize("issuer", [5, b"XS", ["XS"], {}, True, 1.5])
def test_an_issuer_that_is_no_text_is_malformed(issuer: object) -> None:
    assert reasons(jab(), issuer=issuer) == [Reason.CLAIMS_MALFORMED]


def test_the_dutch_end_marks_a_specimen() -> None:
    assert read(jab(), expires=42).specimen
    assert read(jab(), expires=42.0).specimen
    assert not read(jab(), expires=43).specimen


@pytest.mark.parametrize("dates", [{"issued": ABSENT}, {"expires": ABSENT}])
def test_a_missing_date_is_left_for_the_dates_to_say(dates: dict[str, object]) -> None:
    assert reasons(jab(), **dates) == []


def test_a_vaccination_is_read_whole() -> None:
    event = event_of(jab())
    assert isinstance(event, Vaccination)
    assert dict(event.facts()) == {
        "disease": "840539006",
        "vaccine": "1119349007",
        "product": "EU/1/20/1528",
        "manufacturer": "ORG-100030215",
        "date": "2026-10-20",
        "dose": "2",
        "doses": "2",
        **({"country": event.country} if event.country else {}),
    }


@pytest.mark.parametrize(
    ("member", "value", "fact", "system"),
    [
        ("vp", "1119349007", "vaccine", "snomed"),
        ("vp", "J07BX03", "vaccine", "atc"),
        ("mp", "EU/1/20/1528", "product", "ema"),
        ("mp", "Covaxin", "product", "eu-dcc-mp"),
        ("ma", "ORG-100030215", "manufacturer", "ema-org"),
        ("ma", "Bharat-Biotech", "manufacturer", "eu-dcc-ma"),
    ],
)
def test_codes_keep_the_system_that_they_come_from(
    member: str, value: str, fact: str, system: str
) -> None:
    assert tuple(getattr(event_of(jab(**{member: value})), fact)) == (system, value)


@pytest.mark.parametrize("member", ["vp", "mp", "ma"])
@pytest.mark.parametrize("value", [None, UNDEFINED, "", "  "])
def test_codes_that_are_absent_are_none(member: str, value: object) -> None:
    fact = {"vp": "vaccine", "mp": "product", "ma": "manufacturer"}[member]
    assert getattr(event_of(jab(**{member: value})), fact) is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, 1),
        (0, 0),
        (9, 9),
        (999, 999),
        (2.0, 2),
        (None, None),
        (UNDEFINED, None),
        (2.5, "malformed"),
        (-1, "malformed"),
        (1_000, "malformed"),
        (2**63, "malformed"),
        (1e300, "malformed"),
        (float("nan"), "malformed"),
        (float("inf"), "malformed"),
        ("2", "malformed"),
        (True, "malformed"),
        (False, "malformed"),
        ([2], "malformed"),
        (Tag(1, 2), "malformed"),
    ],
)
def test_doses_are_small_whole_numbers(number: object, expected: object) -> None:
    for member, fact in (("dn", "dose"), ("sd", "doses")):
        if expected == "malformed":
            assert reasons(jab(**{member: number})) == [Reason.FIELD_MALFORMED]
        else:
            assert getattr(event_of(jab(**{member: number})), fact) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-20", "2026-10-20"),
        ("2026-10-20T00:00:00", "2026-10-20"),
        ("2026-10-20T23:59:59Z", "2026-10-20"),
        ("2026-10-20T00:00:00+02:00", "2026-10-20"),
        ("2026-10-20T00:00:00.123456789Z", "2026-10-20"),
        ("2026-10-20 00:00:00", "2026-10-20"),
        (" 2026-10-20 ", "2026-10-20"),
        ("2024-02-29", "2024-02-29"),
        ("2026-02-29", Reason.FIELD_MALFORMED),
        ("2026-13-01", Reason.FIELD_MALFORMED),
        ("2026-00-10", Reason.FIELD_MALFORMED),
        ("2026-10-00", Reason.FIELD_MALFORMED),
        ("0000-10-10", Reason.FIELD_MALFORMED),
        ("2026-10", Reason.FIELD_MALFORMED),
        ("2026", Reason.FIELD_MALFORMED),
        ("20261020", Reason.FIELD_MALFORMED),
        ("2026-W42-2", Reason.FIELD_MALFORMED),
        ("2026W42-22", Reason.FIELD_MALFORMED),
        ("2026/10/20", Reason.FIELD_MALFORMED),
        ("20.10.2026", Reason.FIELD_MALFORMED),
        ("2026-10-20x", Reason.FIELD_MALFORMED),
        ("2026-10-201", Reason.FIELD_MALFORMED),
        ("yesterday", Reason.FIELD_MALFORMED),
        ("２０２６-10-20", Reason.FIELD_MALFORMED),
        ("2026-1\u0660-20", Reason.FIELD_MALFORMED),
        ("", Reason.FIELD_MISSING),
        (ABSENT, Reason.FIELD_MISSING),
        (None, Reason.FIELD_MISSING),
        (UNDEFINED, Reason.FIELD_MISSING),
        (20_261_020, Reason.FIELD_MALFORMED),
        (Tag(0, "2026-10-20T00:00:00Z"), Reason.FIELD_MALFORMED),
        (["2026-10-20"], Reason.FIELD_MALFORMED),
    ],
)
def test_a_day_is_a_calendar_day_whatever_time_follows(text: object, expected: object) -> None:
    if isinstance(expected, Reason):
        assert reasons(jab(dt=text)) == [expected]
    else:
        assert event_of(jab(dt=text)).date.text == expected


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "day", "sampled"),
    [
        ("2026-11-02T08:00:00Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00+00:00", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00+02:00", "2026-11-02", instant(2026, 11, 2, 6)),
        ("2026-11-02T08:00:00+0200", "2026-11-02", instant(2026, 11, 2, 6)),
        ("2026-11-02T08:00:00+02", "2026-11-02", instant(2026, 11, 2, 6)),
        ("2026-11-02T00:30:00+02:00", "2026-11-02", instant(2026, 11, 1, 22, 30)),
        ("2026-11-02T08:00:00", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00.1Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00.123Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00.123456Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00:00.123456789Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02T08:00Z", "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02 08:00:00Z", "2026-11-02", instant(2026, 11, 2, 8)),
        (" 2026-11-02T08:00:00Z ", "2026-11-02", instant(2026, 11, 2, 8)),
        (Tag(0, "2026-11-02T08:00:00Z"), "2026-11-02", instant(2026, 11, 2, 8)),
        ("2026-11-02", "2026-11-02", None),
    ],
)
def test_a_sample_time_is_read_in_every_form_that_issuers_write(
    text: object, day: str, sampled: int | None
) -> None:
    event = event_of(swab(sc=text))
    assert isinstance(event, Test)
    assert (event.date.text, event.sampled) == (day, sampled)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ABSENT, Reason.FIELD_MISSING),
        (None, Reason.FIELD_MISSING),
        (UNDEFINED, Reason.FIELD_MISSING),
        (Tag(0, None), Reason.FIELD_MISSING),
        ("", None),
        ("2026-11-02T25:00:00Z", Reason.FIELD_MALFORMED),
        ("2026-13-02T08:00:00Z", Reason.FIELD_MALFORMED),
        ("2026-11", Reason.FIELD_MALFORMED),
        ("20261102T080000Z", Reason.FIELD_MALFORMED),
        ("2026-W45-1T08:00:00Z", Reason.FIELD_MALFORMED),
        ("2026-11-02T08:00:00Zx", Reason.FIELD_MALFORMED),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("soon", Reason.FIELD_MALFORMED),
        ("x" * 5_000, Reason.FIELD_MALFORMED),
        (1_793_606_400, Reason.FIELD_MALFORMED),
        (1.5, Reason.FIELD_MALFORMED),
        (Tag(1, 1_793_606_400), Reason.FIELD_MALFORMED),
        (Tag(0, 5), Reason.FIELD_MALFORMED),
        (Tag(0, Tag(0, "2026-11-02T08:00:00Z")), Reason.FIELD_MALFORMED),
        (["2026-11-02T08:00:00Z"], Reason.FIELD_MALFORMED),
    ],
)
def test_a_sample_time_that_is_none_is_refused(text: object, reason: Reason | None) -> None:
    found = reasons(swab(sc=text))
    # An empty time, and one at the ends of the calendar, may be judged in more than one way.
    allowed = ([], [Reason.FIELD_MALFORMED], [Reason.FIELD_MISSING])
    assert found == [reason] if reason else found in allowed


@pytest.mark.parametrize("member", ["nm", "ma", "tc"])
@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, "", " "])
def test_members_of_a_test_that_may_be_absent(member: str, value: object) -> None:
    assert reasons(swab(**{member: value})) == []


@pytest.mark.parametrize("member", ["tt", "tr", "co"])
@pytest.mark.parametrize("value", [None, UNDEFINED, "", " "])
def test_members_of_a_test_that_may_say_nothing(member: str, value: object) -> None:
    assert reasons(swab(**{member: value})) == []


@pytest.mark.parametrize(
    ("group", "entry", "kind", "type_", "container"),
    [
        ("v", JAB, Kind.VACCINATION, Vaccination, "HC1"),
        ("t", SWAB, Kind.TEST, Test, "HC1"),
        ("r", PAST, Kind.RECOVERY, Recovery, "HC1"),
        ("ve", WAIVER, Kind.EXEMPTION, Exemption, "AT1"),
    ],
)
def test_each_group_gives_its_kind(
    group: str, entry: dict[str, object], kind: Kind, type_: type, container: str
) -> None:
    told = read(in_group(group, entry), container)
    assert told.kind is kind
    assert told.doubts == ()
    assert isinstance(told.events[0], type_)


# What has to be there, and of that what has to say something.
REQUIRED = [
    ("v", JAB, ("tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"), ("tg", "dt", "ci")),
    ("t", SWAB, ("tg", "tt", "sc", "tr", "co", "is", "ci"), ("tg", "sc", "ci")),
    ("r", PAST, ("tg", "fr", "co", "is", "df", "du", "ci"), ("tg", "fr", "df", "du", "ci")),
    ("ve", WAIVER, ("tg", "du", "co", "is", "ci"), ("tg", "du", "ci")),
]


@pytest.mark.parametrize(
    ("group", "entry", "member"),
    [(group, entry, member) for group, entry, members, _ in REQUIRED for member in members],
)
def test_a_required_member_that_is_absent_is_missing_and_the_kind_stays_known(
    group: str, entry: dict[str, object], member: str
) -> None:
    told = read(in_group(group, says.without(entry, member)), "AT1" if group == "ve" else "HC1")
    assert list(told.doubts) == [Reason.FIELD_MISSING]
    assert told.kind is not None
    assert told.holder is None


@pytest.mark.parametrize("value", [None, UNDEFINED, "", " "])
@pytest.mark.parametrize(
    ("group", "entry", "member"),
    [(group, entry, member) for group, entry, _, members in REQUIRED for member in members],
)
def test_a_required_member_that_says_nothing_is_missing(
    group: str, entry: dict[str, object], member: str, value: object
) -> None:
    content = in_group(group, {**entry, member: value})
    found = reasons(content, "AT1" if group == "ve" else "HC1")
    # An empty time of a sample is no time either way.
    assert found == [Reason.FIELD_MISSING] or (member == "sc" and found == [Reason.FIELD_MALFORMED])


@pytest.mark.parametrize(
    ("group", "entry", "member"),
    [
        (group, entry, member)
        for group, entry, _, _ in REQUIRED
        for member in entry
        if member not in {"dn", "sd", "is"}
    ],
)
@pytest.mark.parametrize("value", [5, 1.5, True, b"bytes", ["text"], {}, Tag(0, 5)])
def test_a_member_of_a_senseless_type_is_malformed(
    group: str, entry: dict[str, object], member: str, value: object
) -> None:
    container = "AT1" if group == "ve" else "HC1"
    content = in_group(group, {**entry, member: value})
    assert reasons(content, container) == [Reason.FIELD_MALFORMED]


def test_texts_are_read_to_their_limit_and_no_further() -> None:
    assert reasons(jab(mp="x" * TEXT_CHARACTERS)) == []
    assert reasons(jab(mp="x" * (TEXT_CHARACTERS + 1))) == [Reason.FIELD_MALFORMED]


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({1: in_group("v", JAB)}, []),
        ({1: in_group("v", JAB), 2: {}}, []),
        (ABSENT, [Reason.NO_CERTIFICATE_INSIDE]),
        ({}, [Reason.NO_CERTIFICATE_INSIDE]),
        ({2: {}}, [Reason.OTHER_CERTIFICATE_INSIDE]),
        ({-6: {}, 4: []}, [Reason.SEVERAL_CERTIFICATES]),
        ({-6: {}}, [Reason.OTHER_CERTIFICATE_INSIDE]),
        ({1: None, -6: {}}, [Reason.OTHER_CERTIFICATE_INSIDE]),
        ({1: UNDEFINED}, [Reason.NO_CERTIFICATE_INSIDE]),
        (UNDEFINED, [Reason.NO_CERTIFICATE_INSIDE]),
        ({1: in_group("v", JAB), -6: {}}, [Reason.SEVERAL_CERTIFICATES]),
        ({1: in_group("v", JAB), -6: None}, []),
        ({"1": in_group("v", JAB)}, [Reason.UNUSUAL_FORM]),
        ({1: in_group("v", JAB), "1": {}}, []),
        ({"-6": {}}, [Reason.OTHER_CERTIFICATE_INSIDE]),
        ({1: []}, [Reason.CLAIMS_MALFORMED]),
        ({1: b"\xa0"}, [Reason.CLAIMS_MALFORMED]),
        ([], [Reason.CLAIMS_MALFORMED]),
        (b"bytes", [Reason.CLAIMS_MALFORMED]),
        ("text", [Reason.CLAIMS_MALFORMED]),
        (0, [Reason.CLAIMS_MALFORMED]),
        (False, [Reason.CLAIMS_MALFORMED]),
    ],
)
def test_the_certificate_lies_under_its_two_keys(container: object, expected: list[Reason]) -> None:
    assert reasons(None, container=container) == expected


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ({}, Reason.NOT_ONE_GROUP),
        ({"v": None}, Reason.NOT_ONE_GROUP),
        ({"v": None, "t": UNDEFINED, "r": None}, Reason.NOT_ONE_GROUP),
        ({"v": [JAB], "t": [SWAB]}, Reason.NOT_ONE_GROUP),
        ({"v": [], "t": []}, Reason.NOT_ONE_GROUP),
        ({"ve": [WAIVER]}, Reason.NOT_ONE_GROUP),
        ({"v": []}, Reason.NOT_ONE_ENTRY),
        ({"v": [JAB, JAB]}, Reason.NOT_ONE_ENTRY),
        ({"v": {}}, Reason.FIELD_MALFORMED),
        ({"v": JAB}, Reason.FIELD_MALFORMED),
        ({"v": "text"}, Reason.FIELD_MALFORMED),
        ({"v": 0}, Reason.FIELD_MALFORMED),
        ({"v": False}, Reason.FIELD_MALFORMED),
        ({"v": [None]}, Reason.FIELD_MALFORMED),
        ({"v": ["text"]}, Reason.FIELD_MALFORMED),
        ({"v": [[JAB]]}, Reason.FIELD_MALFORMED),
    ],
)
def test_there_is_exactly_one_group_with_one_entry(
    groups: dict[object, object], reason: Reason
) -> None:
    content = {"ver": "1.3.0", "nam": says.VERA, "dob": "1980-05-17", **groups}
    told = read(content)
    assert list(told.doubts) == [reason]
    assert told.kind is None or reason is not Reason.NOT_ONE_GROUP


def test_absent_groups_may_be_written_as_null() -> None:
    assert reasons({**jab(), "t": None, "r": UNDEFINED}) == []
    assert reasons({**jab(), "ve": [WAIVER]}) == []


def test_an_exemption_prefix_holds_no_vaccination() -> None:
    assert reasons(in_group("v", JAB, version="AT-1.0.0"), "AT1") == [Reason.NOT_ONE_GROUP]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.3.0", []),
        ("1.0.4", []),
        ("99.99.99", []),
        (" 1.3.0 ", []),
        (None, [Reason.FIELD_MISSING]),
        (UNDEFINED, [Reason.FIELD_MISSING]),
        ("", [Reason.FIELD_MALFORMED]),
        ("1.3", [Reason.FIELD_MALFORMED]),
        ("1.3.0.0", [Reason.FIELD_MALFORMED]),
        ("v1.3.0", [Reason.FIELD_MALFORMED]),
        ("AT-1.0.0", [Reason.FIELD_MALFORMED]),
        ("1.3.\u0661", [Reason.FIELD_MALFORMED]),
        ("1.3.x", [Reason.FIELD_MALFORMED]),
        (1.3, [Reason.FIELD_MALFORMED]),
        (1, [Reason.FIELD_MALFORMED]),
        (b"1.3.0", [Reason.FIELD_MALFORMED]),
    ],
)
def test_the_version_has_three_numbers_and_no_other_meaning(
    version: object, expected: list[Reason]
) -> None:
    assert reasons(in_group("v", JAB, version=version)) == expected


def test_the_exemption_has_a_version_of_its_own_form() -> None:
    assert reasons(in_group("ve", WAIVER), "AT1") == []
    assert reasons(in_group("ve", WAIVER, version="1.3.0"), "AT1") == [Reason.FIELD_MALFORMED]


@pytest.mark.parametrize(
    ("text", "known", "doubts"),
    [
        ("", "", []),
        ("  ", "", []),
        ("1963", "1963", []),
        ("1963-04", "1963-04", []),
        ("1963-12", "1963-12", []),
        ("1963-04-05", "1963-04-05", []),
        ("1963-04-05T00:00:00", "1963-04-05", []),
        ("1963-04-05T00:00:00.000Z", "1963-04-05", []),
        ("1963-04-05 00:00", "1963-04-05", []),
        ("1963-00", "1963", []),
        ("1963-00-00", "1963", []),
        ("1963-xx", "1963", []),
        ("1963-XX-XX", "1963", []),
        ("1963-04-00", "1963-04", []),
        ("1963-04-xx", "1963-04", []),
        ("1963-00-05", "1963", []),
        ("1900", "1900", []),
        ("1899", "1899", [Reason.BIRTH_YEAR_IMPLAUSIBLE]),
        ("1899-12-31", "1899-12-31", [Reason.BIRTH_YEAR_IMPLAUSIBLE]),
        ("1850-03", "1850-03", [Reason.BIRTH_YEAR_IMPLAUSIBLE]),
        ("2026-11-02", "2026-11-02", []),
        ("2026-11-03", "2026-11-03", [Reason.BORN_AFTER_ISSUE]),
        ("2026-11", "2026-11", []),
        ("2026", "2026", []),
        ("2027", "2027", [Reason.BORN_AFTER_ISSUE]),
        ("2026-12", "2026-12", [Reason.BORN_AFTER_ISSUE]),
        ("2027-01", "2027-01", [Reason.BORN_AFTER_ISSUE]),
        (
            "2100-01-01",
            "2100-01-01",
            [Reason.BIRTH_YEAR_IMPLAUSIBLE, Reason.BORN_AFTER_ISSUE],
        ),
    ],
)
def test_a_birth_date_is_as_partial_as_the_document_says(
    text: str, known: str, doubts: list[Reason]
) -> None:
    told = read(in_group("v", JAB, born=text))
    assert told.holder is not None
    assert told.holder.birth_date.text == known
    assert list(told.doubts) == doubts


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.FIELD_MISSING),
        (UNDEFINED, Reason.FIELD_MISSING),
        ("1963-13", Reason.FIELD_MALFORMED),
        ("1963-13-01", Reason.FIELD_MALFORMED),
        ("1963-04-31", Reason.FIELD_MALFORMED),
        ("1963-02-30", Reason.FIELD_MALFORMED),
        ("1963-4", Reason.FIELD_MALFORMED),
        ("1963-4-5", Reason.FIELD_MALFORMED),
        ("63", Reason.FIELD_MALFORMED),
        ("xxxx", Reason.FIELD_MALFORMED),
        ("19xx", Reason.FIELD_MALFORMED),
        ("1963-", Reason.FIELD_MALFORMED),
        ("1963-04-", Reason.FIELD_MALFORMED),
        ("1963--", Reason.FIELD_MALFORMED),
        ("1963-xx-xx-xx", Reason.FIELD_MALFORMED),
        ("196304", Reason.FIELD_MALFORMED),
        ("19630405", Reason.FIELD_MALFORMED),
        ("05.04.1963", Reason.FIELD_MALFORMED),
        ("April 1963", Reason.FIELD_MALFORMED),
        ("1963-W1", Reason.FIELD_MALFORMED),
        ("\u0661\u0669\u0666\u0663", Reason.FIELD_MALFORMED),
        ("1963-0\u0664", Reason.FIELD_MALFORMED),
        ("unknown", Reason.FIELD_MALFORMED),
        (1963, Reason.FIELD_MALFORMED),
        (True, Reason.FIELD_MALFORMED),
        (b"1963", Reason.FIELD_MALFORMED),
        (["1963"], Reason.FIELD_MALFORMED),
    ],
)
def test_a_birth_date_that_is_none_is_refused(value: object, reason: Reason) -> None:
    assert reasons(in_group("v", JAB, born=value)) == [reason]


def test_a_birth_day_is_compared_only_with_a_known_day_of_issue() -> None:
    content = in_group("v", JAB, born="2030-01-01")
    assert reasons(content) == [Reason.BORN_AFTER_ISSUE]
    assert reasons(content, issued=ABSENT) == []


@pytest.mark.parametrize(
    ("names", "doubts"),
    [
        (says.VERA, []),
        (says.ONE_NAME, []),
        ({"fnt": "MUSTER"}, []),
        ({"gnt": "VERA"}, []),
        (
            {"fn": "Muster", "gn": "Vera", "fnt": "MUSTER", "gnt": None},
            [Reason.TRANSLITERATION_MISSING],
        ),
        (
            {"fn": "Muster", "gn": "Vera", "fnt": "MUSTER", "gnt": ""},
            [Reason.TRANSLITERATION_MISSING],
        ),
        ({"fn": "Muster", "gn": "Vera", "fnt": "MUSTER"}, [Reason.TRANSLITERATION_MISSING]),
        ({"fn": "Muster"}, [Reason.TRANSLITERATION_MISSING]),
        ({"gn": "Vera"}, [Reason.TRANSLITERATION_MISSING]),
        ({"fn": "Muster", "gn": None, "fnt": "MUSTER", "gnt": UNDEFINED}, []),
        ({**says.VERA, "fnt": "Muster 2"}, []),
        ({}, [Reason.FIELD_MISSING]),
        ({"fn": "", "fnt": " "}, [Reason.FIELD_MISSING]),
        (None, [Reason.FIELD_MISSING]),
        (UNDEFINED, [Reason.FIELD_MISSING]),
        ([], [Reason.FIELD_MALFORMED]),
        ("Muster", [Reason.FIELD_MALFORMED]),
        ({**says.VERA, "fn": 5}, [Reason.FIELD_MALFORMED]),
        ({**says.VERA, "gnt": ["VERA"]}, [Reason.FIELD_MALFORMED]),
        ({**says.VERA, "fn": "x" * (TEXT_CHARACTERS + 1)}, [Reason.FIELD_MALFORMED]),
    ],
)
def test_names_are_read_and_a_missing_spelling_is_doubted(
    names: object, doubts: list[Reason]
) -> None:
    assert reasons(in_group("v", JAB, name=names)) == doubts


def test_names_keep_what_the_issuer_wrote_but_for_space_round_them() -> None:
    names = {"fn": " d'Artagnan-Größ ", "gn": "Zoë  B", "fnt": "DARTAGNAN<GROESS", "gnt": "ZOE<B"}
    holder = read(in_group("v", JAB, name=names)).holder
    assert holder is not None
    assert holder.name() == "d'Artagnan-Größ, Zoë  B"
    assert holder.name_mrz() == "DARTAGNAN<GROESS<<ZOE<B"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-01", []),
        ("2026-11-01T00:00:00Z", []),
        ("", []),
        (None, []),
        ("soon", [Reason.FIELD_MALFORMED]),
        ("2026-11", [Reason.FIELD_MALFORMED]),
    ],
)
def test_an_exemption_may_say_when_it_begins(start: object, expected: list[Reason]) -> None:
    content = in_group("ve", {**WAIVER, "df": start})
    assert reasons(content, "AT1") == expected
    if not expected:
        begins = event_of(content, "AT1").valid_from
        assert (begins.text if begins else "") == str(start or "")[:10]


def test_the_identifier_is_kept_as_it_was_found() -> None:
    assert read(jab(ci=" urn:uvci:01:xs:1#A ")).identifier == " urn:uvci:01:xs:1#A "


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats()
    | st.text(max_size=12)
    | st.binary(max_size=8)
    | st.sampled_from([UNDEFINED, Tag(0, "2026-11-02T08:00:00Z"), Tag(1, 5), Tag(1_000, "x")]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from([JAB, SWAB, PAST, WAIVER]), st.data())
def test_no_member_whatever_it_is_raises_anything_but_a_document_error(
    entry: dict[str, object], data: st.DataObject
) -> None:
    group = "v" if entry is JAB else "t" if entry is SWAB else "r" if entry is PAST else "ve"
    container = "AT1" if group == "ve" else "HC1"
    content = in_group(
        group, {**entry, data.draw(st.sampled_from(sorted(entry))): data.draw(ANYTHING)}
    )
    content[data.draw(st.sampled_from(["ver", "nam", "dob", group, "x"]))] = data.draw(ANYTHING)
    reasons(content, container)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_no_claims_whatever_they_are_raise_anything_but_a_document_error(
    issuer: object, issued: object, expires: object, container: object
) -> None:
    parts = {"issuer": issuer, "issued": issued, "expires": expires}
    reasons(jab(), **parts)
    reasons(None, container=container, **parts)
