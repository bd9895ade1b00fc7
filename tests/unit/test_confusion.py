"""No document is ever taken for one of another family: the whole matrix, over all specimens.

Families and formats are found as the program and the fixtures find them, so that the matrix grows
with them. What is offered as another format may still be believed as what it is, where formats
share a container and the content decides; it is never believed as anything else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import pytest
from support.specimens import cases, store

from fixtures.cases import Case
from fixtures.eu_dcc import issue as eu_dcc
from fixtures.nz_covid_pass import issue as nz_covid_pass
from fixtures.world import exempting, listed
from verifier import Outcome, Verdict, Verifier, formats, scan
from verifier.clock import Instant
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.reasons import MEANINGS, Result
from verifier.scan import ScannedText, read_scan
from verifier.trust import Authority, KeySource, TrustedKey, TrustList

BELIEVED = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}
FORMATS = {form.name: form for form in formats.each()}
SCHEMES = {scheme for form in FORMATS.values() for scheme in form.containers.values()}
GOOD = [case for case in cases() if case.outcome == Outcome.AUTHENTIC]
EACH = pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)


class ListedFor:
    """The specimen store, in which every key is listed for one scheme alone."""

    def __init__(self, scheme: str) -> None:
        self._scheme = frozenset({scheme})

    def find(self, kid: bytes, issuer: str = "") -> Sequence[TrustedKey]:
        return [key._replace(schemes=self._scheme) for key in store().find(kid, issuer)]

    def authorities(self, key_id: bytes) -> Sequence[Authority]:
        return [each._replace(schemes=self._scheme) for each in store().authorities(key_id)]

    def floor(self) -> Instant | None:
        return store().floor()

    def newest(self) -> TrustList | None:
        return store().newest()


class Own(NamedTuple):
    """What a good specimen is, and its text as formats get it."""

    text: str
    container: str
    format: str
    scheme: str
    payload: bytes


def own(case: Case) -> Own:
    return _own(case.id)


@cache
def _own(name: str) -> Own:
    case = next(case for case in GOOD if case.id == name)
    verdict = judged(case, case.scan)
    assert verdict.outcome in BELIEVED
    assert verdict.format
    read = read_scan(case.scan)
    scheme = FORMATS[verdict.format].containers[read.container]
    payload = read.format.open(read.text, read.container).payload
    return Own(read.text, read.container, verdict.format, scheme, payload)


def judged(case: Case, text: str | bytes, trust: KeySource | None = None) -> Verdict:
    return Verifier(trust=trust or store()).verify(text, at=case.instant)


def others(case: Case) -> Iterator[tuple[Format, str]]:
    """Every other format, and every container that other keys sign for."""
    mine = own(case)
    for form in FORMATS.values():
        for container in form.containers:
            if (form.name, form.containers[container]) != (mine.format, mine.scheme):
                yield form, container


def test_every_format_has_good_specimens_in_the_matrix() -> None:
    assert {own(case).format for case in GOOD} == set(FORMATS)


@EACH
def test_keys_of_its_own_scheme_are_believed_and_of_every_other_never(case: Case) -> None:
    mine = own(case)
    assert judged(case, case.scan, ListedFor(mine.scheme)).outcome in BELIEVED
    for scheme in SCHEMES - {mine.scheme}:
        assert judged(case, case.scan, ListedFor(scheme)).outcome not in BELIEVED, scheme


@EACH
def test_offered_as_every_other_format(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = own(case)
    for form, container in others(case):
        monkeypatch.setattr(
            scan, "read_scan", lambda *_, f=form, c=container: ScannedText(mine.text, f, c)
        )
        verdict = judged(case, mine.text)
        as_itself = verdict.format == mine.format and container == mine.container
        assert verdict.outcome not in BELIEVED or as_itself, (form.name, container)
        for scheme in SCHEMES - {mine.scheme}:
            verdict = judged(case, mine.text, ListedFor(scheme))
            assert verdict.outcome not in BELIEVED, (form.name, container, scheme)


_OPENING = re.compile(r"[A-Za-z][A-Za-z0-9]*:/?(?:[0-9]/)?").match


def openings() -> set[tuple[str, str]]:
    """Give containers, each with the ways in which good specimens of it begin."""
    found = ((own(case).container, _OPENING(own(case).text)) for case in GOOD)
    return {(container, match[0]) for container, match in found if match}


def test_several_families_have_an_opening() -> None:
    assert openings() >= {("HC1", "HC1:"), ("AT1", "AT1:"), ("NZCP", "NZCP:/1/")}


@EACH
def test_with_every_other_opening(case: Case) -> None:
    mine = own(case)
    match = _OPENING(mine.text)
    body = mine.text[match.end() :] if match else mine.text
    for opening in (opening for container, opening in openings() if container != mine.container):
        for scheme in (None, *SCHEMES):
            trust = ListedFor(scheme) if scheme else None
            verdict = judged(case, opening + body, trust)
            assert verdict.outcome not in BELIEVED, (opening, scheme)


@EACH
def test_no_other_format_makes_sense_of_its_content(case: Case) -> None:
    mine = own(case)
    for form, container in others(case):
        try:
            claims = form.read_claims(container, mine.payload)
        except DocumentError:
            continue
        doubts = [doubt for doubt in claims.doubts if MEANINGS[doubt].result is not Result.PASS]
        assert doubts, (form.name, container)


# Containers that carry any bytes, each signed with a key that may sign for its scheme.
CARRIERS: dict[str, Callable[[bytes], str]] = {
    "eu-dcc": lambda payload: eu_dcc.text(eu_dcc.sign1(payload, listed()["all-uses"])),
    "at-exemption": lambda payload: eu_dcc.text(
        eu_dcc.sign1(payload, exempting()["exemption"]), prefix="AT1:"
    ),
    "nz-covid-pass": lambda payload: nz_covid_pass.text(nz_covid_pass.sign1(payload)),
}


@EACH
def test_inside_the_containers_of_others_and_signed_by_them(case: Case) -> None:
    mine = own(case)
    for scheme, carry in CARRIERS.items():
        text = carry(mine.payload)
        if scheme == mine.scheme:
            continue
        for trust in (store(), *map(ListedFor, SCHEMES - {mine.scheme})):
            assert judged(case, text, trust).outcome not in BELIEVED, scheme


def test_what_carries_others_carries_its_own() -> None:
    plain = {"eu_dcc::vaccination", "eu_dcc::exemption", "nz_covid_pass::vaccinated"}
    for case in GOOD:
        if case.id in plain:
            mine = own(case)
            assert judged(case, CARRIERS[mine.scheme](mine.payload)).outcome in BELIEVED
