"""A key of one scheme, use, issuer, country, role or environment never helps a document of another.

One test for each pair. The documents are the good specimens of every family that there is, so that
a format added to ``verifier/formats`` and ``fixtures`` is held to this by itself.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, pem
from support.specimens import IMPORTED, TRUST, cases, store, vaccination

from fixtures.cases import Case, families, lists_of
from trustlists import TrustStore, import_sources
from trustlists.anchors import Anchor
from trustlists.records import Ages, KeyRecord, Role
from trustlists.writing import ListFacts, drafting
from verifier import Outcome, Verdict, Verifier, countries, formats, scan
from verifier.claims import Claims
from verifier.errors import EnvironmentMixed
from verifier.reasons import Reason
from verifier.trust import Authority, Environment, Freshness, TrustedKey, TrustList
from verifier.validity import judge_issuer

GOOD = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}

# Every scheme that lists are taken for, those of formats that are not read yet as well.
SCHEMES = sorted(
    {
        "at-exemption",
        "divoc",
        "eu-dcc",
        "nz-covid-pass",
        "smart-health-card",
        "vds-nc",
        "who-ddcc",
        "who-icvp",
    }
    | {scheme for each in formats.each() for scheme in each.containers.values()}
)
COUNTRIES = sorted(set(countries._ALPHA_2_OF.values()))
USES = ("vaccination", "test", "recovery", "exemption")

Change = Callable[[TrustedKey], TrustedKey]


class Changed:
    """The store of the specimen world, with one thing changed in every key that it gives."""

    def __init__(self, change: Change, scheme: str = "") -> None:
        self._change = change
        self._scheme = scheme

    def find(self, kid: bytes, issuer: str = "") -> Sequence[TrustedKey]:
        return [self._change(key) for key in store().find(kid, issuer)]

    def authorities(self, key_id: bytes) -> Sequence[Authority]:
        vouched = self._change(key()).authenticated
        return [
            each._replace(
                schemes=frozenset({self._scheme}) if self._scheme else each.schemes,
                authenticated=each.authenticated and vouched,
            )
            for each in store().authorities(key_id)
        ]

    def floor(self) -> int | None:
        return store().floor()

    def newest(self) -> TrustList | None:
        return store().newest()


def judge(case: Case, change: Change = lambda key: key, scheme: str = "") -> Verdict:
    return Verifier(trust=Changed(change, scheme)).verify(case.scan, at=case.instant)


@cache
def documents() -> dict[tuple[str, str], Case]:
    """Give one good document for each scheme and kind."""
    found: dict[tuple[str, str], Case] = {}
    for case in cases():
        if case.outcome in GOOD:
            found.setdefault((scheme_of(case), case.kind), case)
    return found


def scheme_of(case: Case) -> str:
    container = scan.read_scan(case.scan).container
    named = judge(case).format
    [found] = [each for each in formats.each() if each.name == named]
    return found.containers[container]


@cache
def of_schemes() -> dict[str, Case]:
    return {scheme: case for (scheme, _), case in reversed(documents().items())}


def brings_its_signer(case: Case) -> bool:
    """Tell whether use and issuer stand in a certificate that the document brings along.

    Then no list says them; the specimens of that family have each fault of such a certificate.
    """
    found = scan.read_scan(case.scan)
    return bool(found.format.open(found.text, found.container).certificate)


def pair(first: str, second: str) -> str:
    return f"{first} document, {second} key"


def helps(verdict: Verdict) -> bool:
    return verdict.outcome in GOOD or verdict.discloses_holder


def test_there_are_documents_of_every_family_that_has_specimens() -> None:
    assert {"eu-dcc", "at-exemption"} <= set(of_schemes()) <= set(SCHEMES)
    # What nobody signs comes without a list of keys.
    signed = {folder.name for folder in families() if lists_of(folder)}
    assert signed == {case.id.partition("::")[0] for case in of_schemes().values()}


@pytest.mark.parametrize("scheme", sorted(of_schemes()))
def test_a_key_of_its_own_scheme_helps(scheme: str) -> None:
    only = frozenset({scheme})
    assert (
        judge(of_schemes()[scheme], lambda key: key._replace(schemes=only), scheme).outcome in GOOD
    )


@pytest.mark.parametrize(
    ("document", "key_scheme"),
    [
        pytest.param(document, scheme, id=pair(document, scheme))
        for document in sorted(of_schemes())
        for scheme in SCHEMES
        if scheme != document
    ],
)
def test_a_key_of_one_scheme_never_helps_a_document_of_another(
    document: str, key_scheme: str
) -> None:
    only = frozenset({key_scheme})
    verdict = judge(of_schemes()[document], lambda key: key._replace(schemes=only), key_scheme)
    assert not helps(verdict)


@pytest.mark.parametrize(
    ("document", "use"),
    [
        pytest.param(document, use, id=f"{pair(document[1], use)} of {document[0]}")
        for document in sorted(documents())
        for use in USES
        if use != document[1] and not brings_its_signer(documents()[document])
    ],
)
def test_a_key_of_one_use_never_helps_a_document_of_another(
    document: tuple[str, str], use: str
) -> None:
    case = documents()[document]
    assert not helps(judge(case, lambda key: key._replace(uses=frozenset({use}))))
    own = frozenset({document[1]})
    assert judge(case, lambda key: key._replace(uses=own)).outcome in GOOD


@pytest.mark.parametrize("scheme", sorted(of_schemes()))
def test_a_key_that_nobody_vouches_for_never_helps(scheme: str) -> None:
    assert not helps(judge(of_schemes()[scheme], lambda key: key._replace(authenticated=False)))


@pytest.mark.parametrize(
    "scheme", sorted(each for each, case in of_schemes().items() if not brings_its_signer(case))
)
def test_a_key_of_one_issuer_never_helps_a_document_of_another(scheme: str) -> None:
    case = of_schemes()[scheme]
    for other in ("https://another.example.test", "did:web:another.example.test"):
        assert not helps(judge(case, lambda key, other=other: key._replace(issuer=other)))


ISSUERS = ("", "https://one.example.test", "https://two.example.test", "did:web:one.example.test")


@pytest.mark.parametrize(("document", "listed"), list(permutations(ISSUERS, 2)))
def test_issuers_are_compared_letter_for_letter(document: str, listed: str) -> None:
    findings = judge_issuer(claims(issuer=document), key(issuer=listed), Freshness.FRESH)
    codes = {finding.code for finding in findings}
    assert codes & {Reason.ISSUER_DIFFERS, Reason.ISSUER_NOT_LISTED}
    same = judge_issuer(claims(issuer=document), key(issuer=document), Freshness.FRESH)
    assert [finding.code for finding in same] == [Reason.ISSUER_KNOWN]


def claims(country: str = "", issuer: str = "") -> Claims:
    return Claims(
        format="eu-dcc", scheme="eu-dcc", country=country, issued=1, expires=2, issuer=issuer
    )


def key(country: str = "", issuer: str = "") -> TrustedKey:
    return TrustedKey(
        kid=b"k",
        spki=b"",
        schemes=frozenset({"eu-dcc"}),
        uses=frozenset(),
        country=country,
        name="",
        not_before=None,
        not_after=None,
        authenticated=True,
        list=TrustList("memory", Environment.SPECIMEN, 0),
        issuer=issuer,
    )


def known(document: str, signer: str) -> bool:
    """Tell the pairs that the notes name: territories whose documents another country signs."""
    crown = {"GG", "GI", "IM", "JE"}
    kingdom = {"AW", "BQ", "CW", "SX"}
    return (signer == "GB" and document in crown) or (signer == "NL" and document in kingdom)


@pytest.mark.parametrize("document", COUNTRIES)
def test_a_key_of_one_country_never_helps_a_document_of_another(document: str) -> None:
    said = claims(country=document)
    for signer in COUNTRIES:
        findings = judge_issuer(said, key(country=signer), Freshness.FRESH)
        differs = Reason.COUNTRY_DIFFERS in {finding.code for finding in findings}
        assert differs == (document != signer and not known(document, signer)), signer


SOME = ("AT", "DE", "EL", "GR", "NL", "SX", "GB", "UK", "JE", "US", "XS")


@pytest.mark.parametrize("document", SOME)
def test_a_verdict_says_when_the_country_differs(document: str) -> None:
    case = documents()["eu-dcc", "vaccination"]
    text = vaccination(issuer=document)
    for signer in SOME:
        trust = Changed(
            lambda found, signer=signer: found._replace(country=countries.alpha_2(signer))
        )
        verdict = Verifier(trust=trust).verify(text, at=case.instant)
        one, other = countries.alpha_2(document), countries.alpha_2(signer)
        assert (verdict.outcome in GOOD) == (one == other or known(one, other)), signer


@pytest.mark.parametrize(("held", "other"), list(permutations(Environment, 2)))
def test_a_key_of_one_environment_never_helps_in_another(
    tmp_path: Path, held: Environment, other: Environment
) -> None:
    path, stranger = tmp_path / "trust.sqlite", tmp_path / "stranger.pem"
    stranger.write_text(pem(certificate(ec_key("stranger"))))
    import_sources(path, [stranger], now=IMPORTED, environment=held)
    anchors = [TRUST / "csca.pem"]
    with pytest.raises(EnvironmentMixed):
        import_sources(path, [TRUST / "eu-dcc"], now=IMPORTED, environment=other, anchors=anchors)
    case = documents()["eu-dcc", "vaccination"]
    with TrustStore.open(path) as opened:
        verdict = Verifier(trust=opened).verify(case.scan, at=case.instant)
        assert Reason.UNKNOWN_KEY in {finding.code for finding in verdict.findings}
        assert not helps(verdict)
        assert {each.environment for each in opened.lists()} == {held}
    own = tmp_path / "own.sqlite"
    import_sources(own, [TRUST / "eu-dcc"], now=IMPORTED, environment=other, anchors=anchors)
    with TrustStore.open(own) as opened:
        assert Verifier(trust=opened).verify(case.scan, at=case.instant).outcome in GOOD


@pytest.mark.parametrize("role", Role)
def test_only_a_key_for_documents_helps(tmp_path: Path, role: Role) -> None:
    case = documents()["eu-dcc", "vaccination"]
    opened_scan = scan.read_scan(case.scan)
    kid = opened_scan.format.open(opened_scan.text, opened_scan.container).kid
    assert kid is not None
    anchor = Anchor("own", b"", b"f")
    records = [
        KeyRecord(
            kid=kid,
            spki=found.spki,
            certificate=None,
            schemes=found.schemes,
            uses=found.uses,
            country=found.country,
            name="",
            not_before=None,
            not_after=None,
            anchor=anchor,
            role=role,
        )
        for found in store().find(kid)
    ]
    facts = ListFacts(
        "list",
        "jwks",
        Environment.SPECIMEN,
        "source",
        IMPORTED,
        IMPORTED,
        b"",
        None,
        anchor,
        Ages(),
    )
    path = tmp_path / "trust.sqlite"
    with drafting(path) as draft:
        draft.put(facts, records)
    with TrustStore.open(path) as opened:
        verdict = Verifier(trust=opened).verify(case.scan, at=case.instant)
    assert (verdict.outcome in GOOD) == (role is Role.SIGNER)
    assert helps(verdict) == (role is Role.SIGNER)
