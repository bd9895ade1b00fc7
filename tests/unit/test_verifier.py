import pickle
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.keys import MemoryKeys
from support.specimens import NOW, case, key_named, memory_keys, specimen_keys, vaccination

import verifier as public
from fixtures.cbor import encode
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import claims, sign1, text
from fixtures.world import DEMO, listed, stranger
from verifier import (
    Check,
    Disclosure,
    Outcome,
    PrivacyPolicy,
    Reason,
    SetupError,
    Verdict,
    Verifier,
    formats,
    scan,
    signature,
    validity,
    verify,
)
from verifier.clock import Instant
from verifier.codecs import base45
from verifier.envelope import Envelope
from verifier.errors import PolicyViolation, TrustStoreInvalid
from verifier.formats import eu_dcc
from verifier.limits import CLOCK_SKEW, FRESH_SECONDS, KEYS_PER_KID, STALE_SECONDS
from verifier.privacy import HolderView
from verifier.trust import Freshness, TrustedKey, TrustList

DAY = 86_400
GOOD = vaccination()
OPENED = [Reason.INPUT_READ, Reason.ENCODING_GOOD, Reason.ENVELOPE_GOOD]


class FixedClock:
    def __init__(self, instant: Instant = NOW) -> None:
        self.instant = instant
        self.asked = 0

    def now(self) -> Instant:
        self.asked += 1
        return self.instant


def codes(verdict: Verdict) -> list[Reason]:
    return [finding.code for finding in verdict.findings]


def judge(document: str | bytes = GOOD, *keys: TrustedKey, **options: Any) -> Verdict:
    source = MemoryKeys(keys or specimen_keys())
    return Verifier(trust=source, clock=FixedClock(), **options).verify(document)


def test_a_good_document_passes_every_check_in_order() -> None:
    verdict = judge()
    assert verdict.outcome is Outcome.AUTHENTIC
    assert codes(verdict) == [
        *OPENED,
        Reason.ISSUER_KNOWN,
        Reason.SIGNATURE_GOOD,
        Reason.KEY_USE_GOOD,
        Reason.SCHEMA_GOOD,
        Reason.DATES_GOOD,
        Reason.NO_REVOCATION_LIST,
    ]
    assert (verdict.format, verdict.kind) == ("eu-dcc", "vaccination")
    assert verdict.issuer is not None
    assert verdict.issuer.country == "XS"
    assert verdict.trust.authenticated


def test_findings_stand_in_the_order_of_the_pipeline_for_every_document() -> None:
    order = list(Check)
    for name in ("vaccination", "expired", "signature-bit", "key-unknown", "zlib-cut", "use-test"):
        checks = [finding.check for finding in judge(case(name).text).findings]
        assert checks == sorted(checks, key=order.index)


def test_text_and_bytes_give_the_same_verdict() -> None:
    assert judge(GOOD) == judge(GOOD.encode())


def test_the_one_call_form_gives_the_same_verdict() -> None:
    trust = memory_keys()
    assert verify(GOOD, trust=trust, at=DEMO) == Verifier(trust=trust).verify(GOOD, at=DEMO)
    assert verify(GOOD, trust=trust, clock=FixedClock()) == judge()
    shy = PrivacyPolicy(Disclosure.NONE)
    assert not verify(GOOD, trust=trust, at=DEMO, policy=shy).discloses_holder
    assert Reason.NO_RULES_IN_FORCE in codes(verify(GOOD, trust=trust, at=DEMO, rules="XS"))


def test_a_verifier_is_held_for_a_shift() -> None:
    with Verifier(trust=memory_keys()) as held:
        assert held.verify(GOOD, at=DEMO).outcome is Outcome.AUTHENTIC
    assert held.verify(GOOD, at=DEMO).outcome is Outcome.AUTHENTIC


def test_the_public_names_are_those_of_the_contract() -> None:
    assert set(public.__all__) == {
        "Check", "Comparison", "Disclosure", "Finding", "HolderView", "Match", "Outcome",
        "PrivacyPolicy", "Reason", "Result", "SetupError", "Verdict", "Verifier", "verify",
    }  # fmt: skip
    for name in public.__all__:
        assert hasattr(public, name)
    assert not hasattr(public, "Comparisons")


def test_a_naive_instant_is_refused_before_anything_is_read() -> None:
    with pytest.raises(SetupError):
        Verifier(trust=memory_keys()).verify(GOOD, at=datetime(2026, 12, 1))  # noqa: DTZ001 - naive on purpose


def test_the_clock_is_asked_once_a_document_and_not_when_an_instant_is_given() -> None:
    clock = FixedClock()
    held = Verifier(trust=memory_keys(), clock=clock)
    held.verify(GOOD)
    assert clock.asked == 1
    held.verify(GOOD, at=DEMO)
    assert clock.asked == 1
    held.verify("nonsense")
    assert clock.asked == 2


def test_the_desks_own_clock_is_used_when_none_is_given() -> None:
    begins = datetime.now(UTC) - timedelta(days=1)
    issued = int(begins.timestamp())
    good_now = vaccination(issued=issued, expires=issued + 3 * DAY)
    unlimited = key_named("all-uses")._replace(not_before=None, not_after=None)
    assert Verifier(trust=MemoryKeys([unlimited])).verify(good_now).outcome is Outcome.AUTHENTIC


# Boundary seconds, through the whole pipeline.
@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"expires": NOW}, Reason.DATES_GOOD),
        ({"expires": NOW - 1}, Reason.EXPIRED),
        ({"expires": NOW + 0.9}, Reason.DATES_GOOD),
        ({"expires": NOW - 0.1}, Reason.EXPIRED),
        ({"issued": NOW}, Reason.DATES_GOOD),
        ({"issued": NOW + 300}, Reason.DATES_GOOD),
        ({"issued": NOW + 300.9}, Reason.DATES_GOOD),
        ({"issued": NOW + 301}, Reason.NOT_YET_VALID),
        ({"issued": NOW + 5, "expires": NOW + 4}, Reason.DATES_CONTRADICT),
        ({"issued": NOW + 5, "expires": NOW + 5}, Reason.DATES_GOOD),
        ({"expires": 42}, Reason.SPECIMEN),
        ({"issued": 0, "expires": 0}, Reason.EXPIRED),
    ],
)
def test_dates_are_judged_to_the_second(dates: dict[str, object], expected: Reason) -> None:
    assert codes(judge(vaccination(**dates)))[7] is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"not_after": NOW + 10 * 365 * DAY}, [Reason.DATES_GOOD]),
        ({"not_after": NOW}, [Reason.OUTLIVES_KEY]),
        ({"not_after": NOW - 1}, [Reason.KEY_RETIRED]),
        ({"not_before": NOW}, [Reason.ISSUED_BEFORE_KEY]),
        ({"not_before": NOW + 1}, [Reason.KEY_NOT_YET_VALID, Reason.ISSUED_BEFORE_KEY]),
        ({"not_before": None, "not_after": None}, [Reason.DATES_GOOD]),
    ],
)
def test_the_dates_of_the_key_are_judged_to_the_second(
    changes: dict[str, int | None], expected: list[Reason]
) -> None:
    verdict = judge(GOOD, key_named("all-uses")._replace(**changes))
    assert codes(verdict)[7:-1] == expected
    good = expected in ([Reason.DATES_GOOD], [Reason.OUTLIVES_KEY])
    assert verdict.outcome is (Outcome.AUTHENTIC if good else Outcome.REFER)


def test_a_retired_key_passes_where_the_desk_is_set_so_and_the_verdict_says_it() -> None:
    retired = key_named("all-uses")._replace(not_after=NOW - 1)
    trust = MemoryKeys((retired,))
    plain = Verifier(trust=trust, clock=FixedClock())
    accepting = Verifier(trust=trust, clock=FixedClock(), accept_retired=["eu-dcc"])
    assert plain.verify(GOOD).outcome is Outcome.REFER
    [batched] = accepting.verify_many([GOOD])
    alone = verify(GOOD, trust=trust, clock=FixedClock(), accept_retired={"eu-dcc"})
    for verdict in (accepting.verify(GOOD), batched, alone):
        assert verdict.outcome is Outcome.AUTHENTIC
        assert codes(verdict)[7] is Reason.RETIRED_KEY_ACCEPTED


def test_a_format_that_nobody_knows_has_no_keys_to_accept() -> None:
    with pytest.raises(PolicyViolation, match=r"not known here\.\nThose known are: .*eu-dcc"):
        Verifier(trust=MemoryKeys(()), accept_retired={"eu-dc"})


@pytest.mark.parametrize(
    ("floor", "doubted"),
    [
        (None, False),
        (NOW, False),
        (NOW + CLOCK_SKEW, False),
        (NOW + CLOCK_SKEW + 1, True),
        (NOW + 900 * DAY, True),
    ],
)
def test_a_clock_behind_the_trust_list_gives_refer(floor: int | None, *, doubted: bool) -> None:
    trust = MemoryKeys(specimen_keys(), floor=floor)
    for document in (GOOD, vaccination(expires=NOW - 1)):
        verdict = Verifier(trust=trust, clock=FixedClock()).verify(document)
        assert (Reason.CLOCK_DOUBTFUL in codes(verdict)) is doubted
        assert not doubted or verdict.outcome is Outcome.REFER


def test_an_instant_that_was_asked_for_is_not_held_against_the_clock() -> None:
    trust = MemoryKeys(specimen_keys(), floor=NOW + 900 * DAY)
    assert Verifier(trust=trust).verify(GOOD, at=DEMO).outcome is Outcome.AUTHENTIC


@pytest.mark.parametrize(
    ("age", "freshness", "outcome"),
    [
        (0, Freshness.FRESH, Outcome.AUTHENTIC),
        (FRESH_SECONDS, Freshness.FRESH, Outcome.AUTHENTIC),
        (FRESH_SECONDS + 1, Freshness.STALE, Outcome.AUTHENTIC),
        (STALE_SECONDS, Freshness.STALE, Outcome.AUTHENTIC),
        (STALE_SECONDS + 1, Freshness.TOO_OLD, Outcome.REFER),
    ],
)
def test_a_stale_list_says_so_and_one_too_old_gives_refer(
    age: int, freshness: Freshness, outcome: Outcome
) -> None:
    key = key_named("all-uses")
    source = key.list._replace(as_of=NOW - age)
    verdict = judge(GOOD, key._replace(list=source))
    assert verdict.trust.freshness is freshness
    assert verdict.outcome is outcome
    assert (Reason.LIST_TOO_OLD in codes(verdict)) is (freshness is Freshness.TOO_OLD)


def test_asking_for_rules_that_nobody_has_gives_refer() -> None:
    verdict = judge(rules="XS")
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict)[-1] is Reason.NO_RULES_IN_FORCE


def test_what_failed_stays_failed_when_rules_are_asked_for() -> None:
    assert judge(case("signature-bit").text, rules="XS").outcome is Outcome.NOT_AUTHENTIC


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("empty", [Reason.EMPTY]),
        ("prefix-newer", [Reason.NEWER_VERSION]),
        ("base45-odd-length", [Reason.INPUT_READ, Reason.NOT_BASE45]),
        ("zlib-cut", [Reason.INPUT_READ, Reason.COMPRESSION_INCOMPLETE]),
        ("envelope-nested", [Reason.INPUT_READ, Reason.ENCODING_GOOD, Reason.NESTED_TOO_DEEP]),
        ("kid-missing", [*OPENED, Reason.NO_KEY_ID]),
        ("key-unknown", [*OPENED, Reason.UNKNOWN_KEY]),
        ("signature-bit", [*OPENED, Reason.ISSUER_KNOWN, Reason.SIGNATURE_BAD]),
        ("key-p-384", [*OPENED, Reason.ISSUER_KNOWN, Reason.KEY_TYPE_NOT_ALLOWED]),
        (
            "claims-no-map",
            [*OPENED, Reason.ISSUER_KNOWN, Reason.SIGNATURE_GOOD, Reason.CLAIMS_MALFORMED],
        ),
    ],
)
def test_nothing_after_the_stage_that_refused_is_told(name: str, expected: list[Reason]) -> None:
    verdict = judge(case(name).text)
    assert codes(verdict) == expected
    assert not verdict.discloses_holder


def test_independent_faults_are_all_told() -> None:
    content = says.content("v", says.without(says.vaccination(), "tg"))
    signer = listed()["test-only-slipped"]
    document = text(sign1(encode(claims(content, expires=NOW - 1, issuer="XT")), signer))
    key = key_named("test-only-slipped")._replace(authenticated=False)
    verdict = judge(document, key)
    assert codes(verdict) == [
        *OPENED,
        Reason.NOT_VOUCHED_FOR,
        Reason.COUNTRY_DIFFERS,
        Reason.SIGNATURE_GOOD,
        Reason.KEY_NOT_FOR_KIND,
        Reason.FIELD_MISSING,
        Reason.EXPIRED,
        Reason.NO_REVOCATION_LIST,
    ]
    assert verdict.outcome is Outcome.NOT_AUTHENTIC


def test_a_content_of_no_known_kind_leaves_the_key_use_open() -> None:
    verdict = judge(case("group-none").text)
    assert Check.KEY_USE not in [finding.check for finding in verdict.findings]
    assert verdict.kind is None
    assert verdict.outcome is Outcome.REFER


def test_another_certificate_inside_is_of_no_known_format() -> None:
    verdict = judge(case("container-unknown").text)
    assert codes(verdict)[-1] is Reason.OTHER_CERTIFICATE_INSIDE
    assert verdict.format is None
    assert verdict.outcome is Outcome.REFER


def test_a_format_that_cannot_read_what_is_its_own_ends_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second = eu_dcc.FORMAT._replace(name="second")
    monkeypatch.setattr(formats, "reading", lambda _: (eu_dcc.FORMAT, second))
    assert judge(case("claims-no-map").text).format == "eu-dcc"
    assert judge(case("container-unknown").text).format is None


def test_a_format_that_reads_what_another_does_not_gives_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(container: str, payload: bytes) -> Any:
        del payload
        good = encode(claims(says.content("v", says.vaccination())))
        return eu_dcc.FORMAT.read_claims(container, good)

    second = eu_dcc.FORMAT._replace(name="second", read_claims=read)
    monkeypatch.setattr(formats, "reading", lambda _: (eu_dcc.FORMAT, second))
    assert judge(case("container-unknown").text).format == "second"


# Whom a verdict discloses, and to whom.
def identity(verdict: Verdict) -> HolderView:
    return verdict.holder()


def test_a_good_document_discloses_what_an_officer_compares() -> None:
    with identity(judge(case("recovery").text)) as holder:
        assert holder.name == "Größwång-Specimen, Zoë Renée"
        assert holder.name_mrz == "GROESSWAANG<SPECIMEN<<ZOE<RENEE"
        assert holder.birth_date == "1980-05-17"
        assert holder.clinical == ()


def test_clinical_details_are_disclosed_when_the_policy_says_so() -> None:
    policy = PrivacyPolicy(Disclosure.CLINICAL)
    with identity(judge(case("test").text, policy=policy)) as holder:
        shown = dict(holder.clinical)
    assert shown["disease"] == "840539006"
    assert shown["result"] == "260415000"
    assert shown["date"] == "2026-11-02"


@pytest.mark.parametrize(
    "name", ["vaccination", "test", "recovery", "exemption", "country-differs"]
)
def test_no_holder_is_disclosed_under_a_policy_of_none(name: str) -> None:
    verdict = judge(case(name).text, policy=PrivacyPolicy(Disclosure.NONE))
    assert not verdict.discloses_holder
    with pytest.raises(PolicyViolation):
        verdict.holder()


@pytest.mark.parametrize(
    ("name", "disclosed"),
    [
        ("vaccination", True),
        ("outlives-key", True),
        ("born-after-issue", True),
        ("transliteration-missing", True),
        ("key-retired", True),
        ("country-differs", True),
        ("exp-missing", True),
        ("key-rsa-1024", True),
        ("expired", False),
        ("not-yet-valid", False),
        ("specimen", False),
        ("use-test", False),
        ("eu-by-exemption-key", False),
        ("signature-bit", False),
        ("missing-dob", False),
        ("date-words", False),
        ("claims-no-map", False),
        ("key-unknown", False),
    ],
)
def test_a_holder_is_disclosed_only_when_nothing_failed(name: str, *, disclosed: bool) -> None:
    assert judge(case(name).text).discloses_holder is disclosed


def test_a_holder_whom_no_anchor_vouches_for_is_not_disclosed() -> None:
    verdict = judge(GOOD, key_named("all-uses")._replace(authenticated=False))
    assert codes(verdict)[3] is Reason.NOT_VOUCHED_FOR
    assert verdict.outcome is Outcome.REFER
    assert not verdict.discloses_holder


def test_asking_for_rules_that_nobody_has_does_not_hide_the_holder() -> None:
    assert judge(rules="XS").discloses_holder


# Keys.
@pytest.mark.parametrize("order", [1, -1])
def test_two_keys_with_one_id_are_both_tried(order: int) -> None:
    mine = key_named("twin")
    other = key_named("all-uses")._replace(kid=mine.kid)
    for keys in ((mine, other)[::order], (other, mine)[::order]):
        verdict = judge(case("key-id-shared").text, *keys)
        assert verdict.outcome is Outcome.AUTHENTIC


def test_keys_beyond_the_cap_are_not_tried() -> None:
    mine = key_named("all-uses")
    other = key_named("twin")._replace(kid=mine.kid)
    assert judge(GOOD, *[other] * (KEYS_PER_KID - 1), mine).outcome is Outcome.AUTHENTIC
    beyond = judge(GOOD, *[other] * KEYS_PER_KID, mine)
    assert beyond.outcome is not Outcome.AUTHENTIC


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("eu-dcc", Reason.SIGNATURE_BAD),
        ("at-exemption", Reason.UNKNOWN_KEY),
        ("icao", Reason.UNKNOWN_KEY),
    ],
)
def test_an_id_that_leads_to_other_families_alone_is_an_unknown_key(
    scheme: str, expected: Reason
) -> None:
    mine = key_named("all-uses")
    other = key_named("twin")._replace(kid=mine.kid, schemes=frozenset({scheme}))
    verdict = judge(GOOD, other)
    assert codes(verdict)[-1] is expected
    assert verdict.outcome is (Outcome.NOT_AUTHENTIC if scheme == "eu-dcc" else Outcome.REFER)


def test_a_key_of_another_family_that_did_sign_is_told() -> None:
    other = key_named("all-uses")._replace(schemes=frozenset({"icao"}))
    assert Reason.KEY_NOT_FOR_FORMAT in codes(judge(GOOD, other))


def test_the_issuer_of_a_bad_signature_is_told_with_its_doubt() -> None:
    mine = key_named("all-uses")
    vouched = judge(case("signature-bit").text, mine)
    assert codes(vouched)[3] is Reason.ISSUER_KNOWN
    assert vouched.issuer is not None
    assert vouched.issuer.country == "XS"
    unvouched = judge(case("signature-bit").text, mine._replace(authenticated=False))
    assert codes(unvouched)[3] is Reason.NOT_VOUCHED_FOR


def test_an_unknown_key_is_named_and_the_newest_list_told() -> None:
    verdict = judge(case("key-unknown").text)
    assert verdict.issuer is not None
    assert verdict.issuer.key
    assert verdict.issuer.list is None
    assert verdict.trust.as_of is not None
    assert not verdict.trust.authenticated


def test_a_document_that_names_no_key_has_no_issuer() -> None:
    assert judge(case("kid-missing").text).issuer is None
    assert judge("nonsense").issuer is None


def test_a_desk_without_any_list_says_so() -> None:
    verdict = Verifier(trust=MemoryKeys([])).verify(GOOD, at=DEMO)
    assert codes(verdict)[-1] is Reason.UNKNOWN_KEY
    trust = verdict.trust
    assert (trust.as_of, trust.freshness, trust.authenticated) == (None, None, False)


def test_a_long_unknown_key_id_is_not_shown() -> None:
    signer = stranger()
    payload = encode(claims(says.content("v", says.vaccination())))
    for length, shown in ((10, True), (11, False), (64, False)):
        kid = b"Kanarienvogel" * 5
        document = text(sign1(payload, signer, protected={1: -7, 4: kid[:length]}))
        issuer = judge(document).issuer
        assert issuer is not None
        assert (issuer.key is not None) is shown


# What never became a text.
@pytest.mark.parametrize("reason", [Reason.NO_CODE_IN_PICTURE, Reason.UNREADABLE_PICTURE])
def test_what_could_not_be_read_has_a_verdict_too(reason: Reason) -> None:
    verdict = Verifier(trust=memory_keys(), clock=FixedClock()).unread(reason)
    assert codes(verdict) == [reason]
    assert verdict.outcome is Outcome.REFER
    assert (verdict.format, verdict.kind, verdict.issuer) == (None, None, None)


# What goes wrong in the program or its parts stays inside.
class Surprise(Exception):
    """Something that no stage foresaw, holding what must not come out."""


SECRET = "Kanarienvogel"


class FailingKeys(MemoryKeys):
    def __init__(self, failing: str, error: BaseException) -> None:
        super().__init__(specimen_keys())
        self._failing = failing
        self._error = error

    def _fail(self, name: str) -> None:
        if name == self._failing:
            raise self._error

    def find(self, kid: bytes, issuer: str = "") -> Sequence[TrustedKey]:
        self._fail("find")
        return super().find(kid, issuer)

    def floor(self) -> Instant | None:
        self._fail("floor")
        return super().floor()

    def newest(self) -> TrustList | None:
        self._fail("newest")
        return super().newest()


FAILURES = [
    Surprise(SECRET),
    TrustStoreInvalid(SECRET),
    ValueError(SECRET),
    RecursionError(SECRET),
    MemoryError(),
    AssertionError(SECRET),
    StopIteration(SECRET),
]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    ("failing", "document", "check"),
    [
        ("find", GOOD, Check.ISSUER),
        ("floor", GOOD, Check.DATES),
        ("newest", case("key-unknown").text, None),
        ("newest", "nonsense", None),
    ],
)
def test_a_key_source_that_raises_gives_refer_and_nothing_escapes(
    failing: str, document: str, check: Check | None, error: Exception
) -> None:
    verdict = Verifier(trust=FailingKeys(failing, error), clock=FixedClock()).verify(document)
    assert verdict.outcome is Outcome.REFER
    surprises = [f.check for f in verdict.findings if f.code is Reason.UNFORESEEN]
    assert surprises == ([check] if check else [])
    assert not verdict.discloses_holder
    assert SECRET not in repr(verdict)


def test_a_store_that_fails_twice_gives_refer() -> None:
    class Dead(MemoryKeys):
        def find(self, kid: bytes) -> Sequence[TrustedKey]:
            assert kid
            raise TrustStoreInvalid(SECRET)

        def newest(self) -> TrustList | None:
            raise TrustStoreInvalid(SECRET)

    verdict = Verifier(trust=Dead([]), clock=FixedClock()).verify(GOOD)
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict) == [*OPENED, Reason.UNFORESEEN]
    assert Verifier(trust=Dead([]), clock=FixedClock()).unread(Reason.EMPTY).trust.as_of is None


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(3)], ids=lambda e: type(e).__name__
)
def test_an_interruption_is_let_through(error: BaseException) -> None:
    with pytest.raises(type(error)):
        Verifier(trust=FailingKeys("find", error), clock=FixedClock()).verify(GOOD)


def fail(*_: object, **__: object) -> Any:
    raise Surprise(SECRET)


@pytest.mark.parametrize(
    ("module", "name", "check"),
    [
        (scan, "read_scan", Check.INPUT),
        (base45, "decode", Check.INPUT),
        (signature, "verify", Check.SIGNATURE),
        (formats, "schemes", None),
        (validity, "judge_issuer", Check.DATES),
        (validity, "judge_key_use", Check.DATES),
        (validity, "judge_dates", Check.DATES),
    ],
)
def test_a_stage_that_raises_gives_refer_and_the_content_is_dropped(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, check: Check | None
) -> None:
    monkeypatch.setattr(module, name, fail)
    document = GOOD if check else case("signature-bit").text
    verdict = judge(document)
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict)[-1] is Reason.UNFORESEEN
    assert check is None or verdict.findings[-1].check is check
    assert not verdict.discloses_holder
    assert SECRET not in repr(verdict)


@pytest.mark.parametrize("what", [None, 5, [], object(), bytearray(b"HC1:"), memoryview(b"HC1:")])
def test_what_is_no_text_gives_a_verdict_too(what: object) -> None:
    verdict = judge(what)
    assert verdict.outcome is Outcome.REFER


class OddText(str):
    """A text whose methods raise, as a subclass of a careless caller may."""

    __slots__ = ()

    def strip(self, *_: object) -> str:
        raise Surprise(SECRET)


def test_a_text_that_misbehaves_gives_refer() -> None:
    assert judge(OddText(GOOD)).outcome is Outcome.REFER


def test_verdicts_of_one_document_do_not_differ_and_hold_nothing_of_another() -> None:
    held = Verifier(trust=memory_keys(), clock=FixedClock())
    first = held.verify(GOOD)
    held.verify(case("signature-bit").text)
    held.verify("nonsense")
    assert held.verify(GOOD) == first
    assert pickle.dumps(first) == pickle.dumps(held.verify(GOOD))


# Families whose keys are listed by issuer: a format that reads EU certificates so stands in.


def _of_issuer(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    def opened(text: str, container: str) -> Envelope:
        envelope = eu_dcc.FORMAT.open(text, container)
        envelope.issuer = issuer
        return envelope

    def read(container: str, payload: bytes) -> Any:
        said = eu_dcc.FORMAT.read_claims(container, payload)
        said.issuer = issuer
        return said

    named = eu_dcc.FORMAT._replace(open=opened, read_claims=read)
    monkeypatch.setattr(formats, "each", lambda: iter((named,)))


@pytest.mark.parametrize(
    ("listed_for", "expected"),
    [
        (["https://a.example"], [Reason.ISSUER_KNOWN]),
        (["https://b.example", "https://a.example"], [Reason.ISSUER_KNOWN]),
        (["https://b.example"], [Reason.ISSUER_DIFFERS]),
        ([""], [Reason.ISSUER_NOT_LISTED]),
    ],
)
def test_the_key_of_the_issuer_that_a_document_names_is_taken(
    monkeypatch: pytest.MonkeyPatch, listed_for: list[str], expected: list[Reason]
) -> None:
    _of_issuer(monkeypatch, "https://a.example")
    keys = [key_named("all-uses")._replace(issuer=issuer) for issuer in listed_for]
    verdict = judge(GOOD, *keys)
    assert [each.code for each in verdict.findings if each.check is Check.ISSUER] == expected


def test_another_issuer_s_key_that_did_not_sign_leaves_the_right_one_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _of_issuer(monkeypatch, "https://a.example")
    mine = key_named("all-uses")
    other = key_named("twin")._replace(kid=mine.kid, issuer="https://b.example")
    verdict = judge(GOOD, other)
    assert codes(verdict)[-1] is Reason.UNKNOWN_KEY
    assert verdict.outcome is Outcome.REFER
