import copy
import json
import pickle

import jsonschema
import pytest
from support.specimens import FIXTURES, NOW, key_named

from verifier.claims import Holder, Kind, PartialDate, Vaccination
from verifier.errors import PolicyViolation
from verifier.findings import FINDINGS, Finding
from verifier.privacy import Disclosure
from verifier.reasons import Check, Reason, Result
from verifier.trust import Freshness
from verifier.verdict import (
    NO_TRUST,
    OUTCOME_OF,
    HolderBox,
    Issuer,
    Outcome,
    Trust,
    Verdict,
    outcome_of,
    unknown_issuer,
)

# The table once more, written from the contract and not from the code: what one finding alone
# makes of the outcome. "-" leaves it to the others.
TABLE = """
input       pass -      input       fail refer          input       unknown refer
encoding    pass -      encoding    fail refer          encoding    unknown refer
envelope    pass -      envelope    fail refer          envelope    unknown refer
issuer      pass -      issuer      fail not_authentic  issuer      unknown refer
signature   pass -      signature   fail not_authentic  signature   unknown refer
key_use     pass -      key_use     fail not_authentic  key_use     unknown refer
schema      pass -      schema      fail refer          schema      unknown refer
dates       pass -      dates       fail does_not_meet_rules  dates unknown refer
revocation  pass -      revocation  fail does_not_meet_rules  revocation unknown -
identity    pass -      identity    fail refer          identity    unknown -
rules       pass -      rules       fail does_not_meet_rules  rules unknown refer
"""
WORDS = TABLE.split()
CELLS = [tuple(WORDS[at : at + 3]) for at in range(0, len(WORDS), 3)]

NEEDED = ("issuer", "signature", "key_use", "schema", "dates")


def finding(check: str, result: str = "pass") -> Finding:
    # Which reason it is does not matter to the table.
    return Finding(Check(check), Result(result), Reason.INPUT_READ)


def passes(*, without: str = "") -> list[Finding]:
    return [finding(check) for check in NEEDED if check != without]


def test_the_table_has_a_row_for_each_check_and_a_cell_for_each_result() -> None:
    assert len(CELLS) == 33
    wanted = {(check.value, result.value) for check in Check for result in Result}
    assert {cell[:2] for cell in CELLS} == wanted
    assert {(check.value, result.value) for check, result in OUTCOME_OF} == wanted


@pytest.mark.parametrize(("check", "result", "outcome"), CELLS)
def test_each_cell_of_the_table(check: str, result: str, outcome: str) -> None:
    said = OUTCOME_OF[Check(check), Result(result)]
    assert (said.value if said else "-") == outcome
    others = [each for each in passes() if each.check.value != check]
    judged = outcome_of((*others, finding(check, result)))
    if outcome != "-":
        assert judged.value == outcome
    elif check == "rules":
        assert judged is Outcome.MEETS_RULES
    else:
        assert judged is Outcome.AUTHENTIC


def test_no_findings_at_all_go_to_a_person() -> None:
    assert outcome_of(()) is Outcome.REFER


@pytest.mark.parametrize("check", NEEDED)
def test_nothing_is_authentic_when_a_needed_check_was_not_reached(check: str) -> None:
    assert outcome_of(tuple(passes(without=check))) is Outcome.REFER
    assert outcome_of((*passes(without=check), finding("rules"))) is Outcome.REFER


def test_opening_alone_proves_nothing() -> None:
    for checks in (["input"], ["input", "encoding"], ["input", "encoding", "envelope"]):
        assert outcome_of(tuple(map(finding, checks))) is Outcome.REFER
    assert outcome_of((finding("rules"),)) is Outcome.REFER
    assert outcome_of((finding("revocation"),)) is Outcome.REFER


def test_rules_that_are_met_are_told_only_when_they_were_asked() -> None:
    assert outcome_of(tuple(passes())) is Outcome.AUTHENTIC
    assert outcome_of((*passes(), finding("rules"))) is Outcome.MEETS_RULES
    assert outcome_of((*passes(), finding("rules", "unknown"))) is Outcome.REFER
    assert outcome_of((*passes(), finding("rules", "fail"))) is Outcome.DOES_NOT_MEET_RULES


PRECEDENCE = ["not_authentic", "refer", "does_not_meet_rules", "-"]


@pytest.mark.parametrize("first", CELLS)
def test_of_two_findings_the_graver_decides(first: tuple[str, str, str]) -> None:
    for second in CELLS:
        expected = min((first[2], second[2]), key=PRECEDENCE.index)
        pair = [finding(*first[:2]), finding(*second[:2])]
        rest = [each for each in passes() if each.check not in {one.check for one in pair}]
        for order in (pair + rest, rest + pair[::-1]):
            judged = outcome_of(tuple(order))
            if expected != "-":
                assert judged.value == expected
            else:
                assert judged in {Outcome.AUTHENTIC, Outcome.MEETS_RULES}


@pytest.mark.parametrize("check", list(Check))
def test_what_nobody_foresaw_goes_to_a_person_whatever_the_check(check: Check) -> None:
    surprise = Finding(check, Result.UNKNOWN, Reason.UNFORESEEN)
    assert outcome_of((*passes(), surprise)) is Outcome.REFER
    assert outcome_of((surprise,)) is Outcome.REFER
    failed = finding("dates", "fail")
    assert outcome_of((*passes(without="dates"), failed, surprise)) is Outcome.REFER


def test_a_check_that_both_passed_and_failed_has_failed() -> None:
    assert outcome_of((*passes(), finding("signature", "fail"))) is Outcome.NOT_AUTHENTIC


def test_outcomes_have_the_words_of_the_contract_and_none_denies_entry() -> None:
    assert {each.name: each.value for each in Outcome} == {
        "MEETS_RULES": "meets_rules",
        "AUTHENTIC": "authentic",
        "DOES_NOT_MEET_RULES": "does_not_meet_rules",
        "NOT_AUTHENTIC": "not_authentic",
        "REFER": "refer",
    }


def box(disclosure: Disclosure = Disclosure.IDENTITY) -> HolderBox:
    holder = Holder("Muster", "Vera", "MUSTER", "VERA", PartialDate("1980-05"))
    jab = Vaccination(("snomed", "840539006"), None, None, None, PartialDate("2026-10-20"), dose=2)
    return HolderBox(holder, (jab,), disclosure)


def verdict(holder: HolderBox | None = None) -> Verdict:
    return Verdict(
        Outcome.AUTHENTIC,
        tuple(FINDINGS[reason] for reason in (Reason.INPUT_READ, Reason.SIGNATURE_GOOD)),
        "eu-dcc",
        Kind.VACCINATION,
        Issuer("XS", "Ministry", "AAECAwQFBgc=", "a list"),
        Trust("2026-12-01", Freshness.FRESH, authenticated=True),
        holder,
    )


@pytest.mark.parametrize(
    "name",
    [
        "outcome",
        "findings",
        "format",
        "kind",
        "issuer",
        "trust",
        "holder",
        "to_json",
        "valid_from",
        "more",
    ],
)
def test_a_verdict_is_read_only(name: str) -> None:
    with pytest.raises((AttributeError, TypeError)):
        setattr(verdict(), name, None)


def test_a_holder_is_read_once() -> None:
    judged = verdict(box())
    assert judged.discloses_holder
    with judged.holder() as holder:
        assert holder.name == "Muster, Vera"
        assert holder.name_mrz == "MUSTER<<VERA"
        assert holder.birth_date == "1980-05"
        assert holder.clinical == ()
    with pytest.raises(PolicyViolation, match="once"):
        judged.holder()


@pytest.mark.parametrize(
    ("holder", "spelt", "here"),
    [
        (Holder("Muster", "Vera", "MUSTER", "VERA", PartialDate("")), "MUSTER<<VERA", False),
        (Holder("Muster", "Věra", "", "", PartialDate("")), "MUSTER<<VERA", True),
        (Holder("", "Vera Muster", "", "", PartialDate(""), undivided=True), "VERA<MUSTER", True),
        # Which of two spellings the passport has, nobody here knows.
        (Holder("Müster", "Vera", "", "", PartialDate("")), "", False),
        # The issuer's spelling is taken as it is, also of one part alone.
        (Holder("Muster", "Vera", "MUSTER", "", PartialDate("")), "MUSTER", False),
    ],
)
def test_a_name_is_spelt_here_only_where_the_issuer_does_not(
    holder: Holder, spelt: str, *, here: bool
) -> None:
    with HolderBox(holder, (), Disclosure.IDENTITY).take() as view:
        assert (view.name_mrz, view.name_mrz_spelt_here) == (spelt, here)


def test_a_box_that_discloses_nothing_gives_nothing() -> None:
    holder = Holder("Muster", "Vera", "MUSTER", "VERA", PartialDate("1980-05"))
    for later in (False, True):
        held = HolderBox(holder, (), Disclosure.NONE, compare_later=later)
        assert (held.discloses, held.compares) == (False, later)
        with pytest.raises(PolicyViolation):
            held.take()


def test_a_holder_is_closed_outside_its_block() -> None:
    judged = verdict(box(Disclosure.CLINICAL))
    holder = judged.holder()
    for name in ("name", "name_mrz", "name_mrz_spelt_here", "birth_date", "clinical"):
        with pytest.raises(PolicyViolation, match="with block"):
            getattr(holder, name)
    with holder as opened:
        assert opened.name == "Muster, Vera"
    with holder as opened:
        assert (opened.name, opened.name_mrz, opened.birth_date, opened.clinical) == (
            "",
            "",
            "",
            (),
        )
    for name in ("name", "name_mrz", "name_mrz_spelt_here", "birth_date", "clinical"):
        with pytest.raises(PolicyViolation, match="with block"):
            getattr(holder, name)


def test_a_holder_is_let_go_of_when_its_block_ends_in_an_error() -> None:
    holder = verdict(box()).holder()
    with pytest.raises(ZeroDivisionError), holder:
        _ = 1 / 0
    with holder:
        assert holder.name == ""


def test_clinical_details_are_shown_only_when_they_are_disclosed() -> None:
    with verdict(box(Disclosure.CLINICAL)).holder() as holder:
        assert dict(holder.clinical) == {"disease": "840539006", "date": "2026-10-20", "dose": "2"}


def test_a_verdict_without_a_box_gives_no_holder() -> None:
    assert not verdict().discloses_holder
    with pytest.raises(PolicyViolation, match="no holder"):
        verdict().holder()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_verdict_leaves_its_holder_behind(protocol: int) -> None:
    judged = verdict(box(Disclosure.CLINICAL))
    data = pickle.dumps(judged, protocol)
    assert b"Muster" not in data
    again = pickle.loads(data)  # noqa: S301 - our own
    assert again == judged
    assert again.findings == judged.findings
    assert not again.discloses_holder
    assert judged.discloses_holder


def test_a_copied_verdict_leaves_its_holder_behind() -> None:
    judged = verdict(box())
    for again in (copy.copy(judged), copy.deepcopy(judged)):
        assert again == judged
        assert not again.discloses_holder


def test_a_shown_verdict_has_nothing_of_the_holder() -> None:
    judged = verdict(box(Disclosure.CLINICAL))
    for shown in (repr(judged), str(judged), f"{judged}", json.dumps(judged.to_json())):
        assert "uster" not in shown
        assert "MUSTER" not in shown
        assert "1980" not in shown
        assert "_box" not in shown


def test_verdicts_are_equal_whatever_their_holders() -> None:
    assert verdict(box()) == verdict()
    assert hash(verdict(box())) == hash(verdict())


def test_the_json_of_a_verdict_is_that_of_the_contract() -> None:
    assert verdict(box()).to_json() == {
        "schema": "pratique.verdict/1",
        "outcome": "authentic",
        "format": "eu-dcc",
        "kind": "vaccination",
        "issuer": {"country": "XS", "name": "Ministry", "key": "AAECAwQFBgc=", "list": "a list"},
        "findings": [
            {"check": "input", "result": "pass", "code": "INP-000"},
            {"check": "signature", "result": "pass", "code": "SIG-000"},
        ],
        "rules": None,
        "trust": {"as_of": "2026-12-01", "freshness": "fresh", "authenticated": True},
        "holder": None,
    }


def test_json_is_plain_data_that_fits_the_schema_also_when_nothing_is_known() -> None:
    schema = json.loads((FIXTURES.parent / "verifier" / "verdict.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    empty = Verdict(Outcome.REFER, (FINDINGS[Reason.EMPTY],), None, None, None, NO_TRUST)
    for judged in (verdict(box()), empty):
        validator.validate(json.loads(json.dumps(judged.to_json())))
    assert empty.to_json()["kind"] is None
    assert empty.to_json()["trust"] == {"as_of": None, "freshness": None, "authenticated": False}


def resting_on(signer: object, trust: object = NO_TRUST) -> Verdict:
    """Make a verdict from what the verifier knows: a key or its id, a list and its age."""
    return Verdict(Outcome.REFER, (), None, None, signer, trust)


def test_the_issuer_is_what_the_list_says() -> None:
    key = key_named("all-uses")._replace(kid=b"\x01\x02", country="XS", name="")
    assert resting_on(key).issuer == Issuer("XS", None, "AQI=", key.list.name)
    other = resting_on(key._replace(country="", name="A"))
    assert other.issuer == Issuer(None, "A", "AQI=", key.list.name)
    assert pickle.loads(pickle.dumps(other)).issuer == other.issuer  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("kid", "shown"),
    [
        (b"a", "YQ=="),
        (b"12345678", "MTIzNDU2Nzg="),
        (b"1234567890", "MTIzNDU2Nzg5MA=="),
        (b"12345678901", None),
        (bytes(64), None),
    ],
)
def test_an_unknown_key_is_named_only_when_its_id_has_the_size_of_one(
    kid: bytes, shown: str | None
) -> None:
    assert unknown_issuer(kid) == Issuer(None, None, shown, None)


def test_a_document_that_names_no_key_has_no_issuer() -> None:
    assert resting_on(None).issuer is None


def test_trust_is_told_by_day_age_and_anchor() -> None:
    source = key_named("all-uses").list._replace(as_of=NOW)
    told = resting_on(None, (source, Freshness.STALE, True)).trust
    assert (told.as_of, told.freshness) == ("2026-12-01", Freshness.STALE)
    assert told.authenticated
    nothing = resting_on(None).trust
    assert (nothing.as_of, nothing.freshness, nothing.authenticated) == (None, None, False)


def test_a_verdict_shows_its_outcome_and_codes() -> None:
    assert "authentic" in repr(verdict())
    assert "SIG-000" in repr(verdict())


def test_a_verdict_is_no_equal_of_anything_else() -> None:
    assert verdict() != "authentic"
    assert verdict() != resting_on(None)
    assert verdict() == verdict()
