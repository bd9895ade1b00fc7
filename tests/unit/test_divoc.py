"""DIVOC certificates: what is recognised, what is opened, what is read once a signature holds."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.keys import LIST, MemoryKeys
from support.specimens import DEMO, store

from fixtures.divoc.content import ABSENT, CONTEXT, ISSUER, VERSION_2, credential
from fixtures.divoc.issue import Signer, edwards_key, listed, scan, signed, text
from fixtures.divoc.zips import zipped
from fixtures.keys import spki
from verifier import Outcome, Verdict, Verifier, formats
from verifier.claims import Claims, Kind, Vaccination
from verifier.errors import DocumentError
from verifier.formats import divoc
from verifier.limits import CREDENTIAL_BYTES
from verifier.reasons import Reason
from verifier.scan import read_scan
from verifier.trust import TrustedKey

SIGNER = listed()["ed25519"]
DAY = 86_400


def document(**parts: Any) -> dict[str, Any]:
    return signed(credential(1, **parts), SIGNER)


def claims_of(whole: object) -> Claims:
    return divoc.FORMAT.read_claims("DIVOC", text(whole).encode())


def read(**parts: Any) -> Claims:
    return claims_of(document(**parts))


def event_of(**dose: Any) -> Vaccination:
    (event,) = read(dose=dose).events
    assert isinstance(event, Vaccination)
    return event


def opening(scanned: str) -> Reason | None:
    try:
        divoc.FORMAT.open(scanned, "DIVOC")
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


ZIPPED = zipped(text(document()).encode())


@pytest.mark.parametrize(
    ("scanned", "known"),
    [
        (scan(document()), True),
        (scan(document()).replace("B64:", "b64:"), True),
        (text(document()), True),
        (f" \n\t{text(document())}", True),
        (ZIPPED.decode("latin-1"), True),
        (ZIPPED, True),
        (ZIPPED.decode("latin-1").encode(), True),
        ("B64:", False),
        ("B64:UEsDBA==", False),
        ("B64:" + base64.b64encode(b"PK\3\4" + bytes(40)).decode(), False),
        ("B64:\u00e9", False),
        ("PK\3\4", False),
        ("PK\3\4" + "x" * 80 + "certificate.json", False),
        ("{}", False),
        ('{"@context": [], "proof": {}}', False),
        ('{"verifiableCredential": ["eyJ"]}', False),
        ('{"data": {"hdr": {"t": "icao.vacc"}}}', False),
        ("HC1:6BF", False),
        ("shc:/5676", False),
        ("", False),
    ],
)
def test_only_what_has_the_file_or_the_members_is_recognised(
    scanned: str | bytes, *, known: bool
) -> None:
    text_of = scanned.decode("latin-1") if isinstance(scanned, bytes) else scanned
    assert (divoc.FORMAT.recognise(text_of) == "DIVOC") is known
    if known:
        others = [each for each in formats.each() if each is not divoc.FORMAT]
        for each in others:
            assert each.recognise(text_of) is None


def test_a_zip_of_a_camera_is_not_tidied() -> None:
    assert read_scan(ZIPPED).text.encode("latin-1") == ZIPPED


def test_all_ways_of_carrying_a_document_give_one_envelope() -> None:
    whole = document()
    data = text(whole)
    envelopes = [
        divoc.FORMAT.open(carried, "DIVOC")
        for carried in (
            data,
            scan(whole),
            zipped(data.encode()).decode("latin-1"),
            zipped(data.encode()).decode("latin-1").encode().decode("latin-1"),
        )
    ]
    assert len({(each.payload, each.signed, each.signature) for each in envelopes}) == 1
    (envelope, *_) = envelopes
    assert (envelope.kid, envelope.issuer) == (SIGNER.label.encode(), ISSUER)
    assert envelope.flaw is None


def test_letters_that_no_encoding_has_are_refused() -> None:
    assert opening(text(document()).replace("Vera", "\ud83d")) is Reason.NOT_JSON
    assert opening("PK\3\4\u20ac") is Reason.COMPRESSION_DAMAGED


def test_a_flaw_is_told_only_once_the_label_is_known() -> None:
    flawed = scan(signed(credential(1, specimen="yes"), SIGNER))
    assert divoc.FORMAT.open(flawed, "DIVOC").flaw is Reason.UNSIGNED_PARTS
    verdict = Verifier(trust=store()).verify(flawed, at=DEMO)
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    assert Verifier(trust=MemoryKeys([])).verify(flawed, at=DEMO).outcome is Outcome.REFER


def test_what_is_too_long_for_a_certificate_is_not_opened() -> None:
    long = text({**document(), "specimen": "x" * CREDENTIAL_BYTES})
    verdict = Verifier(trust=store()).verify(long, at=DEMO)
    assert [finding.code for finding in verdict.findings] == [Reason.TOO_LARGE]


def test_the_claims_of_a_document() -> None:
    told = read()
    assert (told.format, told.scheme, told.kind) == ("divoc", "divoc", Kind.VACCINATION)
    assert (told.issuer, told.country) == (ISSUER, "")
    assert (told.issued, told.expires, told.own_terms().dated) == (None, None, False)
    assert told.identifier == "999900000001"
    assert told.doubts == ()
    assert told.holder is not None
    assert told.holder.name() == "Vera Musterfrau-Specimen"
    assert told.holder.name_mrz() == ""
    assert told.holder.undivided
    # A birth date never follows from an age.
    assert told.holder.birth_date.text == ""
    event = event_of()
    assert event.disease == ("snomed", "840539006")
    assert event.date.text == "2026-10-20"
    assert (event.country, event.centre, event.lot) == ("", "", "")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 2, (1, 2)),
        (2, 1, (1, 2)),
        (2, 2, (2, 2)),
        (3, 2, (2, 3)),
        ("1", "2", (1, 2)),
        ("1", 1, (1, 1)),
        (2, ABSENT, (2, 2)),
        (20, 1, (1, 20)),
        (0, 2, (None, None)),
        (-1, 2, (None, None)),
        (21, 1, (None, None)),
        ("", 1, (None, None)),
        ("two", 2, (None, None)),
        ("٢", 2, (None, None)),
        ("1.0", 2, (None, None)),
        (ABSENT, ABSENT, (None, None)),
    ],
)
def test_doses_are_the_smaller_of_the_greater(
    one: object, other: object, expected: tuple[int | None, int | None]
) -> None:
    event = event_of(dose=one, totalDoses=other)
    assert (event.dose, event.doses) == expected


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (("2026-10-20T09:30:00.000Z", "2026-10-20", "2027-01-20"), "2026-10-20"),
        (("2026-10-20", "2026-10-20T09:30:00.000Z", "2027-01-20"), "2026-10-20"),
        (("2026-10-20T09:30:00+05:30", "2026-10-21", ""), "2026-10-20"),
        (("2026-10-20T09:30:00Z", "2026-10-20T10:30:00Z", "2027-01-20"), "2026-10-20"),
        (("2026-10-20", "2026-10-20", "2026-10-20"), "2026-10-20"),
        (("2026-10-20", "2026-10-21", "2026-10-22"), "2026-10"),
        (("2026-10-20T09:30:00Z", "2026-10-21T10:30:00Z", "2026-10-22"), "2026-10"),
        (("2026-10-20", "2026-11-20", ABSENT), "2026"),
        (("2026-10-20", "2026-10-20", "2027-01-20"), ""),
        (("2026-10-20", ABSENT, ABSENT), "2026-10-20"),
    ],
)
def test_the_day_is_known_as_far_as_all_dates_agree(dates: tuple[object, ...], day: str) -> None:
    labels = ("date", "effectiveStart", "effectiveUntil")
    assert event_of(**dict(zip(labels, dates, strict=True))).date.text == day


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("20 October 2026", Reason.FIELD_MALFORMED),
        ("2026-13-01", Reason.FIELD_MALFORMED),
        ("2026-W01-1", Reason.FIELD_MALFORMED),
        ("2026-10-20T", Reason.FIELD_MALFORMED),
        ("2026-10", Reason.FIELD_MALFORMED),
        (20261020, Reason.FIELD_MALFORMED),
    ],
)
def test_a_date_that_is_none_is_doubted(date: object, reason: Reason) -> None:
    told = read(dose={"date": date})
    assert told.doubts == (reason,)
    assert told.kind is Kind.VACCINATION
    assert told.holder is None
    assert not told.events


def test_no_date_at_all_is_doubted() -> None:
    dates = dict.fromkeys(("date", "effectiveStart", "effectiveUntil"), ABSENT)
    assert read(dose=dates).doubts == (Reason.FIELD_MISSING,)


@pytest.mark.parametrize(
    ("product", "maker", "expected"),
    [
        ("COVISHIELD", "Serum Institute of India", ("eu-dcc-mp", "Covishield")),
        ("Serum Institute of India", " covishield ", ("eu-dcc-mp", "Covishield")),
        ("COVAXIN", "-", ("eu-dcc-mp", "Covaxin")),
        ("Pfizer", "Pfizer", ("ema", "EU/1/20/1528")),
        ("COVID-19  Vaccine Pfizer", "Pfizer", ("ema", "EU/1/20/1528")),
        ("COVISHIELD", "COVAXIN", None),
        ("COVISHIELD 2", "x", None),
        # Of either institute of that name, whose vaccines are not the same.
        ("SINOPHARM (VERO CELL)", "Sinopharm", None),
        ("", "", None),
        (5, 6, None),
    ],
)
def test_a_product_is_a_whole_known_text_and_the_only_one(
    product: object, maker: object, expected: tuple[str, str] | None
) -> None:
    event = event_of(vaccine=product, manufacturer=maker)
    assert event.product == expected
    assert event.manufacturer is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("XM9QW8", ("icd11", "XM9QW8")),
        ("XMABCD", None),
        ("XM9QW88", None),
        ("xm9qw8", None),
        ("", None),
    ],
)
def test_a_code_of_the_vaccine_is_known_by_its_form(
    code: str, expected: tuple[str, str] | None
) -> None:
    newer = {"@context": [CONTEXT, VERSION_2]}
    (event,) = read(dose={"icd11Code": code}, **newer).events
    assert isinstance(event, Vaccination)
    assert event.vaccine == expected
    (event,) = read(dose={"icd11Code": "XM9QW8", "batch": "XM0GQ8"}, **newer).events
    assert isinstance(event, Vaccination)
    assert event.vaccine is None


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("did:Passport:SPECIMEN1", "SPECIMEN1"),
        ("did:passport: SPECIMEN1 ", "SPECIMEN1"),
        ("did:Passport:", ""),
        ("did:Passport:****1234", ""),
        ("did:Passport:X1:Y2", ""),
        ("did:Passport:é1", ""),
        ("did:Aadhaar Card:123412341234", ""),
        ("did:in.gov.uidai.aadhaar:2342343334", ""),
        ("did:SPECIMEN1", ""),
        (ABSENT, ""),
    ],
)
def test_a_passport_number_is_taken_from_a_passport_alone(identifier: object, number: str) -> None:
    assert read(holder={"id": identifier}).travel_document == number


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("https://specimen.example/vaccine/1", ""),
        (ABSENT, ""),
        (f"{ISSUER}999900000001", "999900000001"),
    ],
)
def test_a_certificate_number_is_what_the_identifier_ends_with(
    identifier: object, number: str
) -> None:
    assert read(dose={"id": identifier}).identifier == number


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", Reason.FIELD_MISSING), (" \t", Reason.FIELD_MISSING), (7, Reason.FIELD_MALFORMED)],
)
def test_a_name_is_a_text_with_letters(name: object, reason: Reason) -> None:
    assert read(holder={"name": name}).doubts == (reason,)


@pytest.mark.parametrize(
    ("born", "known", "doubts"),
    [
        ("1980-05-17", "1980-05-17", ()),
        ("1980-05-17T00:00:00.000Z", "1980-05-17", ()),
        ("", "", ()),
        ("1980", None, (Reason.FIELD_MALFORMED,)),
        ("17/05/1980", None, (Reason.FIELD_MALFORMED,)),
        (1980, None, (Reason.FIELD_MALFORMED,)),
    ],
)
def test_a_birth_date_is_read_in_version_2(
    born: object, known: str | None, doubts: tuple[Reason, ...]
) -> None:
    told = read(holder={"dob": born}, **{"@context": [CONTEXT, VERSION_2]})
    assert told.doubts == doubts
    assert (told.holder and told.holder.birth_date.text) == known


@pytest.mark.parametrize("issued", ["now", "", "2026-11-02", "2026-11-02T25:00:00Z"])
def test_an_instant_of_issue_that_is_none_is_doubted(issued: str) -> None:
    assert read(issuanceDate=issued).doubts == (Reason.FIELD_MALFORMED,)


@pytest.mark.parametrize("days", [0, 1, 2])
def test_both_dates_may_be_a_day_ahead_and_no_more(days: int) -> None:
    later = (DEMO + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    outcome = Outcome.AUTHENTIC if days < 2 else Outcome.DOES_NOT_MEET_RULES
    for whole in (
        signed(credential(1, issuanceDate=later), SIGNER),
        signed(credential(1), SIGNER, created=later),
    ):
        assert Verifier(trust=store()).verify(scan(whole), at=DEMO).outcome is outcome


def test_a_holder_outside_the_graph_is_refused_after_the_signature() -> None:
    whole = signed(credential(1, holder={"id": ""}), SIGNER)
    with pytest.raises(DocumentError) as refused:
        claims_of(whole)
    assert refused.value.reason is Reason.HOLDER_NOT_SIGNED
    whole["credentialSubject"]["name"] = "Max Mustermann-Specimen"
    verdict = Verifier(trust=store()).verify(scan(whole), at=DEMO)
    codes = [finding.code for finding in verdict.findings]
    assert codes[-2:] == [Reason.SIGNATURE_GOOD, Reason.HOLDER_NOT_SIGNED]
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    assert not verdict.discloses_holder


# Keys by label.
def key_of(signer: Signer, issuer: str = "", **changes: object) -> TrustedKey:
    return TrustedKey(
        kid=signer.label.encode(),
        spki=spki(signer.key),
        schemes=frozenset({"divoc"}),
        uses=frozenset(),
        country="XS",
        name="",
        not_before=None,
        not_after=None,
        authenticated=True,
        list=LIST,
        issuer=issuer,
    )._replace(**changes)


def judged(whole: object, *keys: TrustedKey) -> Verdict:
    return Verifier(trust=MemoryKeys(keys)).verify(scan(whole), at=DEMO)


def last(verdict: Verdict, check: str) -> str:
    return [each.code.value for each in verdict.findings if each.check.value == check][-1]


def test_a_key_that_is_listed_for_no_issuer_may_sign_for_any() -> None:
    assert judged(document(), key_of(SIGNER)).outcome is Outcome.AUTHENTIC


def test_a_key_that_is_listed_for_an_issuer_may_sign_for_no_other() -> None:
    other = key_of(SIGNER, "https://other.specimen.example/")
    assert judged(document(), key_of(SIGNER, ISSUER)).outcome is Outcome.AUTHENTIC
    assert judged(document(), other, key_of(SIGNER, ISSUER)).outcome is Outcome.AUTHENTIC
    verdict = judged(document(), other)
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    assert last(verdict, "issuer") == "ISS-006"


@pytest.mark.parametrize("issuer", ["", ISSUER, "https://other.specimen.example/"])
def test_a_wrong_signature_under_a_known_label_is_wrong_whoever_is_named(issuer: str) -> None:
    stolen = Signer(SIGNER.label, edwards_key("divoc-thief"))
    verdict = judged(signed(credential(1), stolen), key_of(SIGNER, issuer))
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    assert last(verdict, "signature") == "SIG-001"


def test_a_key_of_another_family_with_that_label_is_no_key() -> None:
    key = key_of(SIGNER, schemes=frozenset({"eu-dcc"}))
    stolen = Signer(SIGNER.label, edwards_key("divoc-thief"))
    assert judged(signed(credential(1), stolen), key).outcome is Outcome.REFER
    assert judged(document(), key).outcome is Outcome.NOT_AUTHENTIC


@given(st.text(max_size=60), st.sampled_from(["", "B64:", "PK\3\4", "{"]))
def test_no_text_raises_anything_but_a_document_error(tail: str, head: str) -> None:
    divoc.FORMAT.recognise(head + tail)
    assert opening(head + tail) is not None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(st.data())
def test_no_document_raises_anything_but_a_document_error(data: st.DataObject) -> None:
    whole: Any = document(**{"@context": [CONTEXT, VERSION_2]})
    place = data.draw(
        st.sampled_from([whole, whole["proof"], whole["credentialSubject"], whole["evidence"][0]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(ANYTHING)
    opening(json.dumps(whole))
    try:
        told = claims_of(whole)
    except DocumentError as error:
        assert error.__context__ is None
    else:
        assert told.kind is Kind.VACCINATION
        assert told.doubts or told.holder
        assert told.doubts or told.events
