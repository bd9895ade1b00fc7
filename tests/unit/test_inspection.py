from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keys import MemoryKeys
from support.specimens import case, cases, key_named, memory_keys, store

from fixtures.cases import Case
from fixtures.cbor import Raw, Tag, encode
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import claims, sign1, text
from fixtures.smart_health_card import content as shc
from fixtures.smart_health_card.issue import numeric, token
from fixtures.smart_health_card.world import MINISTRY
from fixtures.world import DEMO, listed
from verifier import Disclosure, Outcome, SetupError, Verifier, inspection
from verifier.inspection import Inspection, inspect
from verifier.privacy import MASK


def look(scan: str, disclosure: Disclosure = Disclosure.NONE) -> Inspection:
    return inspect(scan, trust=memory_keys(), at=DEMO, disclosure=disclosure)


def rows(seen: Inspection, title: str) -> dict[str, str]:
    return {
        label: value for each in seen.sections if each.title == title for label, value in each.rows
    }


def issue(**members: Any) -> str:
    content = {**says.content("v", says.vaccination()), **members}
    return text(sign1(encode(claims(content)), listed()["all-uses"]))


def test_each_stage_is_shown_with_shapes_and_no_values() -> None:
    seen = look(case("vaccination").text)
    titles = [section.title for section in seen.sections]
    assert titles == [
        "Judged for",
        "Input",
        "Envelope",
        "Candidate key 1",
        "Signed content",
        "Checks",
    ]
    assert rows(seen, "Judged for") == {"day": "2026-12-01"}
    assert rows(seen, "Input")["container"] == "HC1"
    assert rows(seen, "Envelope")["algorithm"] == "ES256 (-7)"
    assert rows(seen, "Candidate key 1")["country"] == "XS"
    content = rows(seen, "Signed content")
    assert set(content.values()) >= {"text", "integer", "map of 4", "array of 1"}
    assert not any("Musterfrau" in value for value in content.values())


@pytest.mark.parametrize("each", cases(), ids=lambda each: each.id)
def test_every_specimen_can_be_looked_at_and_has_the_verdict_of_a_desk(each: Case) -> None:
    for disclosure in Disclosure:
        seen = inspect(each.scan, trust=memory_keys(), at=each.instant, disclosure=disclosure)
        assert seen.verdict == Verifier(trust=memory_keys()).verify(each.scan, at=each.instant)
        checks = [section for section in seen.sections if section.title == "Checks"]
        assert len(checks) == 1
        assert len(checks[0].rows) == len(seen.verdict.findings)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (None, "null"),
        (True, "boolean"),
        (5, "integer"),
        (1.5, "float"),
        ("text", "text"),
        (b"bytes", "bytes"),
        ([1, 2], "array of 2"),
        ({"a": 1}, "map of 1"),
        (Tag(0, "x"), "tag 0"),
        (Raw(b"\xf7"), "other"),
    ],
)
def test_values_are_told_by_their_shape(value: object, shape: str) -> None:
    assert shape in rows(look(issue(unheard_of=value)), "Signed content").values()


def test_names_that_no_specification_knows_are_masked() -> None:
    labels = " ".join(rows(look(issue(unheard_of={"other": 1})), "Signed content"))
    assert "unheard_of" not in labels
    assert "other" not in labels
    assert MASK in labels
    assert "dob" in labels


def test_values_are_shown_on_demand_when_nothing_speaks_against_them() -> None:
    shown = rows(look(case("vaccination").text, Disclosure.CLINICAL), "Signed content")
    assert any("Musterfrau" in value for value in shown.values())
    # The certificate's own number is nobody's business.
    assert not any("URN:UVCI" in value for value in shown.values())


@pytest.mark.parametrize("name", ["expired", "signature-bit", "use-test", "key-unknown"])
def test_values_are_not_shown_when_something_does(name: str) -> None:
    shown = look(case(name).text, Disclosure.CLINICAL)
    assert "Muster" not in repr(shown)
    assert "SPECIMEN/" not in repr(shown)


def test_a_key_without_dates_country_or_uses_is_told_so() -> None:
    bare = key_named("all-uses")._replace(
        not_before=None, not_after=None, country="", authenticated=False
    )
    told = rows(
        inspect(case("vaccination").text, trust=MemoryKeys([bare]), at=DEMO), "Candidate key 1"
    )
    assert told["valid"] == "open to open"
    assert told["country"] == "not said"
    assert told["uses"] == "all"
    assert told["vouched for"] == "no"


def test_the_desks_own_clock_is_used_when_no_instant_is_given() -> None:
    assert inspect("nonsense", trust=memory_keys()).verdict.outcome is Outcome.REFER


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(SetupError):
        inspect("nonsense", trust=memory_keys(), at=datetime(2026, 12, 1))  # noqa: DTZ001 - naive on purpose


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_no_text_makes_an_inspection_raise(scan: str) -> None:
    look(scan)
    look("HC1:" + scan)


def test_a_store_that_fails_stops_the_look_and_nothing_escapes() -> None:
    class Failing(MemoryKeys):
        def find(self, kid: bytes) -> list[object]:
            message = f"{kid!r} cannot be found"
            raise OSError(message)

    seen = inspect(case("vaccination").text, trust=Failing([]), at=DEMO)
    assert seen.verdict.outcome is Outcome.REFER
    titles = [section.title for section in seen.sections]
    assert titles == ["Judged for", "Input", "Envelope", "Stopped", "Checks"]
    assert rows(seen, "Stopped")["reason"].startswith("INT-000")


def test_a_document_that_cannot_be_opened_is_seen_as_far_as_it_goes() -> None:
    seen = look("HC1:")
    assert [section.title for section in seen.sections] == [
        "Judged for",
        "Input",
        "Stopped",
        "Checks",
    ]


def of_who(name: str, disclosure: Disclosure) -> dict[str, str]:
    [found] = [each for each in cases() if each.id == name]
    return rows(look(found.text, disclosure), "Signed content")


def test_members_of_who_s_certificates_are_named_and_masked() -> None:
    seen = of_who("who_icvp::generation-3", Disclosure.NONE)
    assert seen["/hcert (-260)/-6/vx/dv"] == "text"
    assert "Specimen" not in repr(seen)
    assert of_who("who_icvp::keys-as-text", Disclosure.NONE)["/hcert (-260) as text/-6 as text/n"]
    assert of_who("who_icvp::lengths-left-open", Disclosure.NONE)["/hcert (-260)/-6 as text/n"]


def test_numbers_and_other_people_are_shown_to_nobody() -> None:
    seen = of_who("who_icvp::generation-3", Disclosure.CLINICAL)
    assert seen["/hcert (-260)/-6/vx/dv"] == "text: 2026-10-20"
    assert seen["/hcert (-260)/-6/id"] == seen["/hcert (-260)/-6/vx/cn"] == "text"
    among = of_who("who_ddcc::core-vaccination-among-claims", Disclosure.CLINICAL)
    assert among["/name"] == "text: Musterfrau-Specimen Vera"
    assert among["/identifier"] == among["/certificate/hcid/value"] == "text"
    assert "SPECIMEN3" not in repr(among)
    assert "SPECIMEN-HCID" not in repr(among)


def test_a_link_is_never_shown() -> None:
    [found] = [each for each in cases() if each.id == "who_icvp::health-link"]
    assert "shlink" not in repr(look(found.text, Disclosure.CLINICAL))


def test_a_payload_in_json_is_described_by_the_members_that_are_known() -> None:
    person = shc.patient(nickname="Specimen")
    card = shc.payload(shc.bundle(person, shc.dose()), credential={"rid": "Specimen_01"})
    scan = numeric(token(card, MINISTRY))
    seen = inspect(scan, trust=store(), at=DEMO)
    assert rows(seen, "Input") == {
        "container": "shc",
        "format": "smart-health-card",
        "characters": str(len(scan)),
    }
    assert rows(seen, "Candidate key 1")["issuer"] == MINISTRY.iss
    content = rows(seen, "Signed content")
    assert content["/vc/credentialSubject/fhirBundle/entry"] == "array of 2"
    assert content["/nbf"] == "float"
    patient = "/vc/credentialSubject/fhirBundle/entry/0/resource"
    assert content[f"{patient}/birthDate"] == "text"
    assert content[f"{patient}/{MASK}"] == "text"
    assert "Specimen" not in repr(seen)
    shown = rows(
        inspect(scan, trust=store(), at=DEMO, disclosure=Disclosure.CLINICAL), "Signed content"
    )
    assert shown[f"{patient}/birthDate"] == "text: 1980-05-17"
    # Neither the card's own number nor what no specification knows.
    assert shown["/vc/rid"] == "text"
    assert shown[f"{patient}/{MASK}"] == "text"


@pytest.mark.parametrize("payload", [b"{", b'{"a":1,"a":2}', b"\xef\xbb\xbf{]"])
def test_a_payload_in_json_that_cannot_be_read_is_said_to_be_so(payload: bytes) -> None:
    assert inspection._content_rows(payload, shown=True) == (("content", "cannot be read"),)
