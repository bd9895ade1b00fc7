import pytest
from support.specimens import NOW, key_named

from verifier import validity
from verifier.claims import Claims, Kind
from verifier.limits import CLOCK_SKEW
from verifier.reasons import Reason
from verifier.trust import Freshness, TrustedKey

KEY = key_named("all-uses")
DAY = 86_400


def claims(
    *,
    country: str = "XS",
    scheme: str = "eu-dcc",
    kind: Kind | None = Kind.VACCINATION,
    issued: int | None = NOW - 30 * DAY,
    expires: int | None = NOW + 30 * DAY,
    specimen: bool = False,
) -> Claims:
    made = Claims(
        format="eu-dcc",
        scheme=scheme,
        country=country,
        issued=issued,
        expires=expires,
        specimen=specimen,
    )
    made.kind = kind
    return made


def key(**parts: object) -> TrustedKey:
    return KEY._replace(**parts)


def codes(findings: validity.Findings) -> list[Reason]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("authenticated", "freshness", "country", "expected"),
    [
        (True, Freshness.FRESH, "XS", [Reason.ISSUER_KNOWN]),
        (True, Freshness.STALE, "XS", [Reason.ISSUER_KNOWN]),
        (True, Freshness.FRESH, "", [Reason.ISSUER_KNOWN]),
        (True, Freshness.TOO_OLD, "XS", [Reason.LIST_TOO_OLD]),
        (False, Freshness.FRESH, "XS", [Reason.NOT_VOUCHED_FOR]),
        (True, Freshness.FRESH, "XT", [Reason.COUNTRY_DIFFERS]),
        (False, Freshness.TOO_OLD, "XS", [Reason.NOT_VOUCHED_FOR, Reason.LIST_TOO_OLD]),
        (
            False,
            Freshness.TOO_OLD,
            "XT",
            [Reason.NOT_VOUCHED_FOR, Reason.LIST_TOO_OLD, Reason.COUNTRY_DIFFERS],
        ),
    ],
)
def test_doubts_about_the_issuer_are_collected(
    freshness: Freshness, country: str, expected: list[Reason], *, authenticated: bool
) -> None:
    judged = validity.judge_issuer(
        claims(country=country), key(authenticated=authenticated), freshness
    )
    assert codes(judged) == expected


def test_a_territory_may_use_the_keys_of_the_country_that_signs_for_it() -> None:
    for document, issuer, expected in (
        ("CW", "NL", Reason.ISSUER_KNOWN),
        ("NL", "CW", Reason.COUNTRY_DIFFERS),
        ("DE", "", Reason.ISSUER_KNOWN),
    ):
        judged = validity.judge_issuer(
            claims(country=document), key(country=issuer), Freshness.FRESH
        )
        assert codes(judged) == [expected]


@pytest.mark.parametrize(
    ("schemes", "uses", "kind", "weak", "expected"),
    [
        ({"eu-dcc"}, set(), Kind.VACCINATION, False, [Reason.KEY_USE_GOOD]),
        ({"eu-dcc"}, set(), Kind.EXEMPTION, False, [Reason.KEY_USE_GOOD]),
        ({"eu-dcc"}, {"vaccination"}, Kind.VACCINATION, False, [Reason.KEY_USE_GOOD]),
        ({"eu-dcc", "who"}, {"test", "recovery"}, Kind.TEST, False, [Reason.KEY_USE_GOOD]),
        ({"eu-dcc"}, {"test"}, Kind.VACCINATION, False, [Reason.KEY_NOT_FOR_KIND]),
        ({"eu-dcc"}, {"test", "recovery"}, Kind.EXEMPTION, False, [Reason.KEY_NOT_FOR_KIND]),
        ({"eu-dcc"}, {"test"}, None, False, []),
        ({"eu-dcc"}, set(), None, True, []),
        ({"at-exemption"}, set(), Kind.VACCINATION, False, [Reason.KEY_NOT_FOR_FORMAT]),
        (set(), set(), Kind.VACCINATION, False, [Reason.KEY_NOT_FOR_FORMAT]),
        ({"at-exemption"}, set(), None, False, [Reason.KEY_NOT_FOR_FORMAT]),
        ({"eu-dcc"}, set(), Kind.RECOVERY, True, [Reason.KEY_TOO_WEAK]),
        ({"eu-dcc"}, {"test"}, Kind.RECOVERY, True, [Reason.KEY_NOT_FOR_KIND]),
        ({"at-exemption"}, set(), Kind.RECOVERY, True, [Reason.KEY_NOT_FOR_FORMAT]),
    ],
)
def test_a_key_signs_its_own_family_and_kinds(
    schemes: set[str], uses: set[str], kind: Kind | None, expected: list[Reason], *, weak: bool
) -> None:
    signer = key(schemes=frozenset(schemes), uses=frozenset(uses))
    assert codes(validity.judge_key_use(claims(kind=kind), signer, weak=weak)) == expected


UNLIMITED = {"not_before": None, "not_after": None}


@pytest.mark.parametrize(
    ("issued", "expires", "expected"),
    [
        (NOW - 10, NOW + 10, Reason.DATES_GOOD),
        (NOW, NOW, Reason.DATES_GOOD),
        (NOW - 10, NOW, Reason.DATES_GOOD),
        (NOW - 10, NOW - 1, Reason.EXPIRED),
        (0, 0, Reason.EXPIRED),
        (NOW + CLOCK_SKEW, NOW + DAY, Reason.DATES_GOOD),
        (NOW + CLOCK_SKEW + 1, NOW + DAY, Reason.NOT_YET_VALID),
        (NOW + 300, NOW + DAY, Reason.DATES_GOOD),
        (NOW + 301, NOW + DAY, Reason.NOT_YET_VALID),
        (NOW + DAY, NOW + DAY, Reason.NOT_YET_VALID),
        (NOW + 10, NOW + 5, Reason.DATES_CONTRADICT),
        (NOW - 10, NOW - 11, Reason.DATES_CONTRADICT),
        (None, NOW + 5, Reason.DATES_CONTRADICT),
        (NOW - 5, None, Reason.DATES_CONTRADICT),
        (None, None, Reason.DATES_CONTRADICT),
    ],
)
def test_the_instant_lies_within_the_certificate_to_the_second(
    issued: int | None, expires: int | None, expected: Reason
) -> None:
    judged = validity.judge_dates(
        claims(issued=issued, expires=expires), key(**UNLIMITED), NOW, None
    )
    assert codes(judged) == [expected]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, [Reason.DATES_GOOD]),
        (NOW - 40 * DAY, NOW + 40 * DAY, [Reason.DATES_GOOD]),
        (NOW - 30 * DAY, NOW + 30 * DAY, [Reason.DATES_GOOD]),
        (None, NOW + 30 * DAY - 1, [Reason.OUTLIVES_KEY]),
        (None, NOW, [Reason.OUTLIVES_KEY]),
        (None, NOW - 1, [Reason.KEY_RETIRED]),
        (NOW - 30 * DAY + 1, None, [Reason.ISSUED_BEFORE_KEY]),
        (NOW, None, [Reason.ISSUED_BEFORE_KEY]),
        (NOW + 1, None, [Reason.KEY_NOT_YET_VALID, Reason.ISSUED_BEFORE_KEY]),
        (NOW - 1, NOW - 1, [Reason.ISSUED_BEFORE_KEY, Reason.KEY_RETIRED]),
        (NOW, NOW + 5, [Reason.ISSUED_BEFORE_KEY]),
        (
            NOW + 2,
            NOW - 2,
            [Reason.KEY_NOT_YET_VALID, Reason.ISSUED_BEFORE_KEY, Reason.KEY_RETIRED],
        ),
    ],
)
def test_the_instant_lies_within_the_key_too_and_doubts_are_collected(
    start: int | None, end: int | None, expected: list[Reason]
) -> None:
    judged = validity.judge_dates(claims(), key(not_before=start, not_after=end), NOW, None)
    assert codes(judged) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, NOW - 1, [Reason.RETIRED_KEY_ACCEPTED]),
        (NOW - 30 * DAY, NOW - 1, [Reason.RETIRED_KEY_ACCEPTED]),
        (None, NOW - 30 * DAY, [Reason.RETIRED_KEY_ACCEPTED]),
        # Issued a second after its end, or a second before its beginning.
        (None, NOW - 30 * DAY - 1, [Reason.KEY_RETIRED]),
        (NOW - 30 * DAY + 1, NOW - 1, [Reason.ISSUED_BEFORE_KEY]),
        (None, NOW, [Reason.OUTLIVES_KEY]),
        (None, None, [Reason.DATES_GOOD]),
    ],
)
def test_a_retired_key_is_accepted_for_what_it_signed_in_its_time(
    start: int | None, end: int | None, expected: list[Reason]
) -> None:
    signer = key(not_before=start, not_after=end)
    accepting = frozenset({"eu-dcc"})
    assert codes(validity.judge_dates(claims(), signer, NOW, None, accepting)) == expected
    other = validity.judge_dates(claims(), signer, NOW, None, frozenset({"vds-nc"}))
    assert codes(other) == codes(validity.judge_dates(claims(), signer, NOW, None))
    assert Reason.RETIRED_KEY_ACCEPTED not in codes(other)


@pytest.mark.parametrize(
    ("issued", "end", "expected"),
    [
        (NOW - DAY, NOW - 1, Reason.RETIRED_KEY_ACCEPTED),
        (NOW - DAY, NOW - DAY - 1, Reason.KEY_RETIRED),
        (None, NOW - 1, Reason.KEY_RETIRED),
        (None, NOW, Reason.DATES_GOOD),
    ],
)
def test_what_is_valid_for_life_needs_a_day_of_issue_to_outlive_its_key(
    issued: int | None, end: int, expected: Reason
) -> None:
    said = claims(issued=issued, expires=None)
    said.own_terms().dated = False
    accepting = frozenset({"eu-dcc"})
    judged = validity.judge_dates(said, key(not_before=None, not_after=end), NOW, None, accepting)
    assert codes(judged) == [expected]


def test_a_document_out_of_date_is_that_although_retired_keys_are_accepted() -> None:
    judged = validity.judge_dates(
        claims(expires=NOW - 1), key(not_after=NOW - 2), NOW, None, frozenset({"eu-dcc"})
    )
    assert codes(judged) == [Reason.EXPIRED]


@pytest.mark.parametrize(
    ("floor", "expected"),
    [
        (None, Reason.DATES_GOOD),
        (NOW, Reason.DATES_GOOD),
        (NOW - DAY, Reason.DATES_GOOD),
        (NOW + CLOCK_SKEW, Reason.DATES_GOOD),
        (NOW + CLOCK_SKEW + 1, Reason.CLOCK_DOUBTFUL),
        (NOW + 1_000 * DAY, Reason.CLOCK_DOUBTFUL),
    ],
)
def test_a_clock_behind_the_list_is_doubted(floor: int | None, expected: Reason) -> None:
    assert codes(validity.judge_dates(claims(), key(**UNLIMITED), NOW, floor)) == [expected]


@pytest.mark.parametrize(
    "dates",
    [
        {"expires": NOW - 1},
        {"issued": NOW + DAY},
        {"expires": None},
        {"specimen": True},
    ],
)
def test_with_a_doubtful_clock_nothing_else_is_said_of_dates(dates: dict[str, int]) -> None:
    judged = validity.judge_dates(claims(**dates), KEY, NOW, NOW + DAY)
    assert codes(judged) == [Reason.CLOCK_DOUBTFUL]


def test_what_is_out_of_date_is_that_whatever_became_of_its_key() -> None:
    retired = key(not_before=NOW + 5, not_after=NOW - 5)
    for dates, expected in (
        ({"expires": NOW - 1}, Reason.EXPIRED),
        ({"issued": NOW + DAY}, Reason.NOT_YET_VALID),
        ({"expires": None}, Reason.DATES_CONTRADICT),
    ):
        judged = validity.judge_dates(claims(**dates), retired, NOW, None)
        assert codes(judged) == [expected]


def test_a_specimen_is_named_before_its_dates() -> None:
    for expires in (42, NOW + DAY, None):
        judged = validity.judge_dates(claims(expires=expires, specimen=True), KEY, NOW, None)
        assert codes(judged) == [Reason.SPECIMEN]


@pytest.mark.parametrize(
    ("document", "listed", "expected"),
    [
        ("https://a.example", "https://a.example", Reason.ISSUER_KNOWN),
        ("https://a.example", "https://b.example", Reason.ISSUER_DIFFERS),
        ("", "https://b.example", Reason.ISSUER_DIFFERS),
        ("https://a.example", "", Reason.ISSUER_NOT_LISTED),
    ],
)
def test_a_key_that_is_listed_for_an_issuer_signs_for_that_one_alone(
    document: str, listed: str, expected: Reason
) -> None:
    said = claims()
    said.issuer = document
    judged = validity.judge_issuer(said, key(issuer=listed), Freshness.FRESH)
    assert codes(judged) == [expected]


@pytest.mark.parametrize(
    ("issued", "expires", "starts", "expected"),
    [
        (None, None, 0, Reason.DATES_GOOD),
        (NOW - DAY, None, 0, Reason.DATES_GOOD),
        (None, NOW, 0, Reason.DATES_GOOD),
        (None, NOW - 1, 0, Reason.EXPIRED),
        (NOW + CLOCK_SKEW, None, 0, Reason.DATES_GOOD),
        (NOW + CLOCK_SKEW + 1, None, 0, Reason.NOT_YET_VALID),
        (None, None, NOW, Reason.DATES_GOOD),
        (None, None, NOW + 1, Reason.NOT_YET_VALID),
        (NOW - DAY, NOW + DAY, NOW + 1, Reason.NOT_YET_VALID),
        (NOW - DAY, NOW + DAY, NOW, Reason.DATES_GOOD),
        (NOW + 10, NOW + 5, 0, Reason.DATES_CONTRADICT),
    ],
)
def test_a_format_may_leave_dates_out_and_say_from_when_its_content_counts(
    issued: int | None, expires: int | None, starts: int, expected: Reason
) -> None:
    said = claims(issued=issued, expires=expires)
    said.own_terms().dated = False
    said.own_terms().starts = starts
    assert codes(validity.judge_dates(said, key(**UNLIMITED), NOW, None)) == [expected]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (NOW - DAY, NOW + DAY, Reason.DATES_GOOD),
        (NOW - DAY, NOW - 1, Reason.KEY_RETIRED),
        (NOW + 1, NOW + DAY, Reason.KEY_NOT_YET_VALID),
    ],
)
def test_without_dates_of_its_own_a_document_is_judged_by_those_of_its_key(
    start: int, end: int, expected: Reason
) -> None:
    said = claims(issued=None, expires=None)
    said.own_terms().dated = False
    judged = validity.judge_dates(said, key(not_before=start, not_after=end), NOW, None)
    assert codes(judged) == [expected]


def seal(*, country: str = "XS", starts: int = 0) -> Claims:
    made = Claims(format="vds-nc", scheme="vds-nc", country=country, issued=None, expires=None)
    terms = made.own_terms()
    terms.dated, terms.chained, terms.starts = False, True, starts
    made.kind = Kind.VACCINATION
    return made


@pytest.mark.parametrize(
    ("document", "signer", "expected"),
    [
        ("XS", "XS", Reason.ISSUER_KNOWN),
        ("XT", "XS", Reason.OTHER_STATE),
        # No territory signs for another here, and an unknown state is nobody's.
        ("GI", "GB", Reason.OTHER_STATE),
        ("", "XS", Reason.COUNTRY_DIFFERS),
    ],
)
def test_a_signer_that_came_with_the_document_is_of_the_same_state(
    document: str, signer: str, expected: Reason
) -> None:
    found = validity.judge_issuer(seal(country=document), key(country=signer), Freshness.FRESH)
    assert codes(found) == [expected]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, Reason.DATES_GOOD),
        (NOW, NOW, Reason.DATES_GOOD),
        (NOW - DAY, NOW + DAY, Reason.DATES_GOOD),
        (NOW + 1, None, Reason.SIGNER_OUT_OF_DATE),
        (None, NOW - 1, Reason.SIGNER_OUT_OF_DATE),
    ],
)
def test_a_signer_that_came_with_the_document_is_in_date(
    start: int | None, end: int | None, expected: Reason
) -> None:
    found = validity.judge_dates(seal(), key(not_before=start, not_after=end), NOW, None)
    assert codes(found) == [expected]


def test_what_lies_in_the_future_is_told_before_the_dates_of_the_signer() -> None:
    over = key(not_before=None, not_after=NOW - 1)
    assert codes(validity.judge_dates(seal(starts=NOW + 1), over, NOW, None)) == [
        Reason.NOT_YET_VALID
    ]
    assert codes(validity.judge_dates(seal(starts=NOW), KEY, NOW, None)) == [Reason.DATES_GOOD]


# Documents of WHO's network: nobody signs for another participant.
@pytest.mark.parametrize(
    ("written", "country", "authority", "listed", "expected"),
    [
        ("", "", "", "XS", Reason.ISSUER_KNOWN),
        ("XXS", "XS", "", "XS", Reason.ISSUER_KNOWN),
        ("XXS", "XS", "XS", "XS", Reason.ISSUER_KNOWN),
        ("XXS", "XS", "", "", Reason.ISSUER_KNOWN),
        ("ABW", "AW", "", "NL", Reason.ISSUER_KNOWN),
        ("XXT", "XT", "", "XS", Reason.PARTICIPANT_DIFFERS),
        ("XXS", "XS", "XT", "XS", Reason.PARTICIPANT_DIFFERS),
        ("", "", "XT", "XS", Reason.PARTICIPANT_DIFFERS),
        ("Ministry", "", "XT", "XS", Reason.PARTICIPANT_DIFFERS),
        ("Ministry", "", "", "XS", Reason.ISSUER_NO_PARTICIPANT),
        ("Ministry", "", "", "", Reason.ISSUER_KNOWN),
    ],
)
def test_a_participant_signs_for_itself_alone(
    written: str, country: str, authority: str, listed: str, expected: Reason
) -> None:
    said = claims(country=country)
    said.own_terms().participant, said.own_terms().authority = written, authority
    judged = validity.judge_issuer(said, key(country=listed), Freshness.FRESH)
    assert codes(judged) == [expected]


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        (("", ""), "2026-12-01", Reason.DATES_GOOD),
        (("2026-12-01", ""), "2026-12-01", Reason.DATES_GOOD),
        (("2026-12-02", ""), "2026-12-01", Reason.NOT_YET_VALID),
        (("", "2026-12-01"), "2026-12-01", Reason.DATES_GOOD),
        (("", "2026-11-30"), "2026-12-01", Reason.EXPIRED),
    ],
)
def test_the_first_and_the_last_day_count_whole(
    days: tuple[str, str], today: str, expected: Reason
) -> None:
    said = claims()
    said.own_terms().days = days
    judged = validity.judge_dates(said, key(**UNLIMITED), NOW, None, today=today)
    assert codes(judged) == [expected]


@pytest.mark.parametrize(
    ("ends", "expected"), [(NOW, Reason.DATES_GOOD), (NOW - 1, Reason.EXPIRED)]
)
def test_content_may_end_before_its_envelope(ends: int, expected: Reason) -> None:
    said = claims()
    said.own_terms().ends = ends
    assert codes(validity.judge_dates(said, key(**UNLIMITED), NOW, None)) == [expected]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (NOW, Reason.DATES_GOOD),
        (NOW - 1, Reason.SIGNATURE_TERM_OVER),
        (NOW - 31 * DAY, Reason.DATES_CONTRADICT),
    ],
)
def test_what_counts_for_life_outlives_its_signature(expires: int, expected: Reason) -> None:
    said = claims(expires=expires)
    said.own_terms().lifelong = True
    assert codes(validity.judge_dates(said, key(**UNLIMITED), NOW, None)) == [expected]
