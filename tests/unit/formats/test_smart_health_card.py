import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cards import packed, parts_of
from support.specimens import cases, store

from fixtures.smart_health_card import content as says
from fixtures.smart_health_card.issue import file_of, minified, numeric, pieces, token
from fixtures.smart_health_card.world import CLINIC, MINISTRY, PHARMACY
from fixtures.world import DEMO
from verifier import Disclosure, Outcome, PrivacyPolicy, Verdict, Verifier
from verifier.claims import Claims, Kind
from verifier.errors import DocumentError
from verifier.formats.smart_health_card import FORMAT
from verifier.limits import DOCUMENT_CHARACTERS, LAST_SECOND
from verifier.reasons import Reason
from verifier.scan import read_scan


def judge(scan: str | bytes, disclosure: Disclosure = Disclosure.CLINICAL) -> Verdict:
    return Verifier(trust=store(), policy=PrivacyPolicy(disclosure)).verify(scan, at=DEMO)


def claims_of(payload: object) -> Claims:
    return FORMAT.read_claims("shc", minified(payload))


@pytest.mark.parametrize(
    ("name", "undivided"),
    [
        ({"text": "Vera Musterfrau-Specimen"}, True),
        ({"given": ["Vera"]}, False),
        ({"family": "Musterfrau-Specimen"}, False),
        ({"family": "Musterfrau-Specimen", "text": "Musterfrau-Specimen"}, False),
    ],
)
def test_a_name_in_one_text_is_told_from_one_with_parts(
    name: dict[str, Any], *, undivided: bool
) -> None:
    patient = says.patient()
    patient["name"] = [name]
    read = claims_of(says.payload(says.bundle(patient, says.dose())))
    assert read.holder is not None
    assert read.holder.undivided is undivided


def card(*resources: dict[str, Any]) -> dict[str, Any]:
    return says.payload(says.bundle(says.patient(), *resources))


@pytest.mark.parametrize(
    ("text", "container"),
    [
        ("shc:/56", "shc"),
        ("SHC:/56", "shc"),
        ("shc:56", "shc"),
        (" shc:/56", "shc"),
        ("eyJ.b.c", "jws"),
        ('{"verifiableCredential":[]}', "file"),
        ('https://x.example/#{"verifiableCredential":[]}', "file"),
    ],
)
def test_texts_of_cards_are_known(text: str, container: str) -> None:
    assert FORMAT.recognise(text) == container
    assert read_scan(text).format is FORMAT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sh",
        "shcx:/56",
        "HC1:ABC",
        "NZCP:/1/ABC",
        "eyJ.b",
        "eyJ.b.c.d",
        "a.b.c",
        '{"data":{},"sig":{}}',
        "https://x.example/#a",
        "PK\3\4shc:/",
    ],
)
def test_other_texts_are_left_to_others(text: str) -> None:
    assert FORMAT.recognise(text) is None


def test_what_a_card_says_is_read() -> None:
    doses = (
        says.dose(),
        says.dose(
            "03",
            "2026-09",
            manufacturer={"identifier": {"system": "http://hl7.org/fhir/sid/mvx", "value": "MSD"}},
        ),
    )
    read = claims_of(card(*doses))
    assert (read.kind, read.country, read.own_terms().dated) == (Kind.VACCINATION, "", False)
    assert (read.issuer, read.issued, read.expires) == (MINISTRY.iss, int(says.ISSUED), None)
    assert read.holder is not None
    assert (read.holder.family, read.holder.given) == ("Musterfrau-Specimen", "Vera S.")
    assert (read.holder.name_mrz(), read.holder.birth_date.text) == ("", "1980-05-17")
    assert not read.holder.undivided
    first, second = read.events
    assert dict(first.facts()) == {
        "disease": "840539006",
        "product": "208",
        "date": "2026-09-01",
        "centre": "Specimen Clinic",
        "lot": "SPEC-0001",
    }
    assert (second.disease, second.vaccine) == (("snomed", "14189004"), ("cvx", "3"))  # type: ignore[union-attr]
    assert (second.product, second.manufacturer) == (None, ("mvx", "MSD"))  # type: ignore[union-attr]


def test_a_test_is_read_with_its_instant() -> None:
    [found] = claims_of(card(says.swab())).events
    assert (found.method, found.result) == (("loinc", "94500-6"), ("snomed", "260415000"))  # type: ignore[union-attr]
    assert found.sampled == 1_793_428_200  # type: ignore[union-attr]
    assert found.facts()[0] == ("disease", "840539006")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"valueCodeableConcept": says.coded("LA6577-6", says.LOINC)}, ("loinc", "LA6577-6")),
        (
            {
                "valueCodeableConcept": {
                    "coding": [
                        *says.coded("LA6577-6", says.LOINC)["coding"],
                        *says.coded("260415000", says.SNOMED)["coding"],
                    ]
                }
            },
            ("snomed", "260415000"),
        ),
        ({"valueCodeableConcept": says.ABSENT, "valueString": "Negative"}, None),
        ({"valueCodeableConcept": says.ABSENT, "valueQuantity": {"value": 0}}, None),
    ],
)
def test_a_result_that_is_no_code_is_none(members: Any, expected: object) -> None:
    [found] = claims_of(card(says.swab(**members))).events
    assert found.result == expected  # type: ignore[union-attr]


def test_times_without_a_zone_are_no_instants() -> None:
    [found] = claims_of(card(says.swab(effectiveDateTime="2026-10-31T08:30:00"))).events
    assert found.sampled is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "members",
    [
        {"performer": "words"}, {"performer": []}, {"performer": [5]}, {"lotNumber": 5},
        {"lotNumber": "9" * 1_001}, {"manufacturer": "words"}, {"performer": [{"actor": 5}]},
        {"manufacturer": {"identifier": [1]}},
    ],
)  # fmt: skip
def test_a_fault_in_what_decides_nothing_costs_only_itself(members: Any) -> None:
    read = claims_of(card(says.dose(**members)))
    assert not read.doubts
    assert len(read.events) == 1
    assert list(read.events[0].facts())[:2] == [("disease", "840539006"), ("product", "208")]


def test_times_at_the_ends_of_the_calendar_are_instants() -> None:
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        [found] = claims_of(card(says.swab(effectiveDateTime=moment))).events
        assert isinstance(found.sampled, int)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("begins", "second", "doubts"),
    [
        (1_700_000_000.9, 1_700_000_000, ()),
        (LAST_SECOND + 0.5, LAST_SECOND, ()),
        (1_700_000_000_000, LAST_SECOND, (Reason.DATE_IN_MILLISECONDS,)),
    ],
)
def test_times_are_rounded_down_to_a_second_that_calendars_know(
    begins: float, second: int, doubts: tuple[Reason, ...]
) -> None:
    read = claims_of(card(says.dose()) | {"nbf": begins})
    assert (read.issued, read.doubts) == (second, doubts)


def test_a_withdrawal_id_is_kept_when_it_is_one() -> None:
    for rid, kept in (("aB_-1", "aB_-1"), ("a" * 25, ""), ("a b", ""), (5, ""), ("", "")):
        assert claims_of(says.vaccinated(credential={"rid": rid})).identifier == kept


def test_several_doses_are_several_events_and_those_not_given_are_none() -> None:
    read = claims_of(card(says.dose(), says.dose(status="not-done"), says.dose(day="2026-10-01")))
    assert len(read.events) == 2
    assert list(read.doubts) == [Reason.SOME_DO_NOT_COUNT]


def test_a_clinical_view_lists_every_dose() -> None:
    with judge(numeric(token(says.vaccinated(), MINISTRY))).holder() as holder:
        assert holder.name == "Musterfrau-Specimen, Vera S."
        assert [value for label, value in holder.clinical if label == "date"] == [
            "2026-09-01",
            "2026-09-29",
        ]


def test_one_key_of_two_issuers_signs_for_each() -> None:
    for issuer in (CLINIC, PHARMACY):
        verdict = judge(numeric(token(says.vaccinated(iss=issuer.iss), issuer)))
        assert verdict.outcome is Outcome.AUTHENTIC
        assert verdict.issuer is not None
        assert verdict.issuer.name == issuer.name
        assert verdict.issuer.country == "XS"


def test_codes_of_two_cards_that_join_are_not_called_a_wrong_signature() -> None:
    body = packed(minified(says.vaccinated()))
    other = {"alg": "ES256", "zip": "DEF", "kid": MINISTRY.kid}
    first, _ = pieces(token(None, MINISTRY, packed=body), 2)
    _, second = pieces(token(None, MINISTRY, packed=body, header=other), 2)
    verdict = judge(f"{first}\n{second}")
    assert verdict.outcome is Outcome.REFER
    assert Reason.PARTS_DO_NOT_FIT in {finding.code for finding in verdict.findings}


def test_a_card_in_codes_that_begin_differently_is_no_part() -> None:
    verdict = judge("shc:/1/2/56\nHC1:ABC")
    assert [finding.code for finding in verdict.findings] == [Reason.PART_MALFORMED]


def test_a_file_of_twenty_long_cards_is_a_document_and_a_longer_text_is_none() -> None:
    long = token(None, MINISTRY, packed=bytes(2_000))
    assert len(file_of([long] * 20)) < DOCUMENT_CHARACTERS
    assert judge(file_of([long] * 20)).outcome is Outcome.REFER
    verdict = judge("shc:/" + "5" * DOCUMENT_CHARACTERS)
    assert [finding.code for finding in verdict.findings] == [Reason.TOO_LARGE]


@pytest.mark.parametrize(
    "case",
    [case for case in cases() if case.id.startswith("smart_health_card::")],
    ids=lambda case: case.id,
)
def test_a_specimen_that_holds_is_the_same_by_another_reader(case: Any) -> None:
    if case.outcome != Outcome.AUTHENTIC:
        return
    parts = parts_of(case.text)
    opened = FORMAT.open(case.text, FORMAT.recognise(case.text) or "")
    assert (opened.signed, opened.signature) == (parts.signed, parts.signature)
    assert opened.payload == parts.content
    assert opened.issuer == json.loads(parts.content.removeprefix(b"\xef\xbb\xbf"))["iss"]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(
        ["completed", "resource:0", "2026-01-01", "2026", "final", "http://loinc.org"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


def with_value(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = dict(tree) if isinstance(tree, dict) else list(tree)
    copied[path[0]] = with_value(tree[path[0]], path[1:], value)
    return copied


WHOLE = card(says.dose(manufacturer={"identifier": {"system": "x", "value": "y"}}), says.dose())
OTHER = card(
    says.swab(), says.swab(effectivePeriod={"start": "2026-01-01"}, effectiveDateTime=says.ABSENT)
)


@given(st.sampled_from([WHOLE, OTHER]), st.data(), VALUES)
def test_any_value_in_any_place_gives_claims_or_a_reason(
    whole: dict[str, Any], data: st.DataObject, value: object
) -> None:
    changed = with_value(whole, data.draw(st.sampled_from(places(whole))), value)
    try:
        read = claims_of(changed)
    except DocumentError as error:
        assert error.__context__ is None
        assert error.reason is Reason.CLAIMS_MALFORMED
        return
    # Whatever was found, asking for it raises nothing.
    assert all(event.facts() is not None for event in read.events)
    assert read.holder is None or isinstance(read.holder.name(), str)
    assert len(set(read.doubts)) == len(read.doubts)


@given(st.binary(max_size=200))
def test_any_payload_gives_claims_or_a_reason(payload: bytes) -> None:
    for data in (payload, b"{" + payload, b'{"iss":"' + payload):
        with pytest.raises(DocumentError) as caught:
            FORMAT.read_claims("shc", data)
        assert caught.value.reason is Reason.CLAIMS_MALFORMED


@given(st.text(max_size=80))
def test_any_text_is_opened_or_has_a_reason(text: str) -> None:
    for scan in (text, f"shc:/{text}", f"shc:/56{text}", f"eyJ.{text}.", f"shlink:/{text}"):
        verdict = judge(scan)
        assert verdict.outcome is Outcome.REFER
        assert Reason.UNFORESEEN not in {finding.code for finding in verdict.findings}


def test_an_issuer_that_stands_late_or_oddly_is_found_all_the_same() -> None:
    plain = says.vaccinated()
    for members in (
        {"nbf": 1, **plain},
        {**plain, "iss": "https://cards.specimen.example/\u00e4"},
        {**plain, "iss": 'https://cards.specimen.example/"'},
        {**plain, "iss": 5},
        {name: plain[name] for name in ("nbf", "vc")},
    ):
        opened = FORMAT.open(numeric(token(members, MINISTRY)), "shc")
        issuer = members.get("iss")
        assert opened.issuer == (issuer if isinstance(issuer, str) else "")


def test_a_payload_that_is_no_json_stops_where_the_issuer_would_stand() -> None:
    for data, reason in ((b"[1", Reason.NOT_JSON), (b"[" * 99 + b"]" * 99, Reason.NESTED_TOO_DEEP)):
        with pytest.raises(DocumentError) as caught:
            FORMAT.open(numeric(token(None, MINISTRY, packed=packed(data))), "shc")
        assert caught.value.reason is reason


def test_bombs_are_stopped_on_the_way() -> None:
    inner = zlib.compressobj(9, wbits=-15)
    bomb = inner.compress(bytes(60_000_000)) + inner.flush()
    verdict = judge(token(None, MINISTRY, packed=bomb[:40_000]))
    assert [finding.code for finding in verdict.findings][-1] is Reason.INFLATES_TOO_FAR


def test_more_in_an_entry_or_a_concept_than_has_a_place_there_is_told() -> None:
    many = {"coding": says.coded("208")["coding"] * 17}
    for bundle in (
        says.bundle(says.patient(), says.dose(vaccineCode=many)),
        says.bundle(entry=["words"]),
        says.bundle(entry=[{"fullUrl": 5, "resource": says.patient()}]),
        says.bundle(entry=[{"fullUrl": "resource:0", "resource": {"resourceType": 5}}]),
    ):
        assert list(claims_of(says.payload(bundle)).doubts) == [Reason.FIELD_MALFORMED]


def test_a_resource_that_has_no_place_in_a_profile_is_remarked() -> None:
    clinic = {"resourceType": "Organization", "name": "Specimen Clinic"}
    read = claims_of(card(says.dose(), clinic, clinic))
    assert list(read.doubts) == [Reason.CONTENT_UNUSUAL]
    assert len(read.events) == 1
    assert list(claims_of(card(says.dose(id="specimen"))).doubts) == [Reason.CONTENT_UNUSUAL]


def test_a_time_that_is_written_otherwise_than_fhir_does_is_none() -> None:
    read = claims_of(card(says.swab(effectiveDateTime="2026-10-31T083000")))
    assert list(read.doubts) == [Reason.FIELD_MALFORMED]
