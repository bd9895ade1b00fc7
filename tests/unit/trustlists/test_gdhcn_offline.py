"""What WHO's offline root has signed of the authorities, and what that makes of the keys below."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import (
    CA,
    b64,
    certificate,
    ec_key,
    extension,
    name,
    spki_of,
    stored_in,
    tlv,
)
from support.cms import attributes, by_serial, signed_data, signer_info
from support.gdhcn import authority, document_signer, entry, signed, signer, unsigned
from support.icao import CERTIFY, DIGITAL, TRUE

from trustlists import TrustStore, count_keys, import_sources, sources
from trustlists.anchors import Anchor, pinned_anchors
from trustlists.dialects import named
from trustlists.faults import Fault
from trustlists.gathering import Refused, gather_files
from trustlists.gdhcn_offline import SIGNS_AUTHORITIES, covered_authorities, is_signed_authority
from trustlists.importing import reading_options
from trustlists.levels import levels_of
from trustlists.records import Level, ParsedList, Reading, Refusal, Role, SourceFile
from trustlists.sources import folders_in, read_below
from verifier.errors import SetupError, TrustListInvalid
from verifier.trust import Environment

NOW = 1_794_000_000
OFFLINE, TRUST_ANCHOR = name(common="offline"), name(common="trust anchor")
BOTH = extension("551d0f", b"\x03\x02\x01\x86", critical=TRUE)


def root(environment: Environment | None = Environment.PRODUCTION, key: str = "offline") -> Anchor:
    spki = spki_of(ec_key(key))
    return Anchor(key, spki, b"o", None, "gdhcn", environment, signs=SIGNS_AUTHORITIES)


def trust_anchor(
    below: str = "offline", not_after: bytes = tlv(0x17, b"330101000000Z"), usage: bytes = BOTH
) -> bytes:
    return certificate(
        ec_key("trust anchor"),
        signer=ec_key(below),
        subject=TRUST_ANCHOR,
        issuer=OFFLINE,
        extensions=[CA, usage],
        not_after=not_after,
    )


def statement(sca: bytes, by: bytes | None = None, *, signature: bytes | None = None) -> bytes:
    """Write a file as WHO does; only the CMS in it is signed."""
    info = signer_info(
        ec_key("trust anchor"),
        sca,
        by_serial(OFFLINE),
        listed=attributes(sca),
        signature=signature,
    )
    cms = signed_data([info], content=sca, certificates=[by or trust_anchor()])
    members = {"trustAnchorSignature": b64(cms), "certificateRawData": "?", "country": "XS"}
    return json.dumps(members).encode()


LIST = signed(unsigned(entry(authority(), usage="CSCA"), entry(document_signer("one"))))


def read(
    *companions: bytes, data: bytes = LIST, anchors: tuple[Anchor, ...] = (signer(), root())
) -> ParsedList:
    return named("gdhcn")[0].read(data, Reading("l", anchors, companions=companions, now=NOW))


def levels(parsed: ParsedList) -> dict[Role, Level]:
    found = zip(parsed.records, levels_of(parsed.records), strict=True)
    return {record.role: Level(level) for record, level in found}


def test_a_signer_below_a_covered_authority_rests_on_the_offline_root() -> None:
    assert levels(read()) == {Role.AUTHORITY: Level.LIST, Role.SIGNER: Level.CHAIN}
    covered = read(statement(authority()))
    assert covered.refused == []
    assert levels(covered) == {
        Role.AUTHORITY: Level.OFFLINE_ROOT,
        Role.SIGNER: Level.OFFLINE_ROOT,
    }


def test_only_the_very_certificate_is_covered() -> None:
    other = certificate(ec_key("sca"), subject=name(country="DE", common="another"))
    assert levels(read(statement(other)))[Role.SIGNER] is Level.CHAIN
    both = signed(
        unsigned(
            entry(authority(), usage="CSCA"),
            entry(authority("sca 2"), usage="CSCA"),
            entry(document_signer("one", "sca 2")),
        )
    )
    found = read(statement(authority()), data=both)
    assert levels(found)[Role.SIGNER] is Level.CHAIN


@pytest.mark.parametrize(
    ("companion", "reason"),
    [
        (statement(authority(), signature=b"\0"), Refusal.SIGNATURE_WRONG),
        (b'{"trustAnchorSignature": 7}', Refusal.SIGNATURE_WRONG),
        (b'{"trustAnchorSignature"', Refusal.SIGNATURE_WRONG),
        (statement(authority(), trust_anchor("forger")), Refusal.SIGNER_UNKNOWN),
        (
            statement(authority(), trust_anchor(not_after=tlv(0x17, b"261031000000Z"))),
            Refusal.SIGNER_UNKNOWN,
        ),
        (statement(authority(), trust_anchor(usage=CERTIFY)), Refusal.SIGNER_UNKNOWN),
    ],
)
def test_what_proves_nothing_is_reported_and_raises_no_level(
    companion: bytes, reason: Refusal
) -> None:
    parsed = read(statement(authority("another sca")), companion)
    assert [(each.entry, each.reason) for each in parsed.refused] == [
        ("offline signature 2", reason)
    ]
    assert levels(parsed)[Role.SIGNER] is Level.CHAIN


def test_the_root_of_another_environment_covers_nothing_here() -> None:
    anchors = signer(), root(Environment.ACCEPTANCE)
    parsed = read(statement(authority()), anchors=anchors)
    assert levels(parsed)[Role.SIGNER] is Level.CHAIN
    assert parsed.refused == []  # it belongs to the list of that environment
    own = signer(), root(None)
    assert levels(read(statement(authority()), anchors=own))[Role.SIGNER] is Level.OFFLINE_ROOT


def test_who_signs_lists_covers_no_authority_and_the_other_way_round() -> None:
    lists_only = Anchor(
        "l", spki_of(ec_key("offline")), b"o", None, "gdhcn", Environment.PRODUCTION
    )
    parsed = read(statement(authority()), anchors=(signer(), lists_only))
    assert levels(parsed)[Role.SIGNER] is Level.CHAIN
    by_the_root = signed(unsigned(entry(document_signer("one"))), "offline")
    with pytest.raises(TrustListInvalid):
        read(data=by_the_root, anchors=(signer(), root()))


def test_pinned_roots_say_what_they_sign_and_until_when() -> None:
    offline = [each for each in pinned_anchors() if each.signs]
    assert {each.signs for each in offline} == {SIGNS_AUTHORITIES}
    assert {each.environment for each in offline} == {
        Environment.PRODUCTION,
        Environment.ACCEPTANCE,
        Environment.DEVELOPMENT,
    }
    assert all(each.until for each in offline)


def taken(tmp_path: Path, *given_sources: Path) -> dict[str, int]:
    store = tmp_path / "trust.store"
    anchors = [signer(None), root(None)]
    report = import_sources(store, given_sources, now=NOW, anchors=anchors)
    assert [each.name for each in report.lists] == ["gdhcn-prod"]
    with TrustStore.open(store) as opened:
        counted = count_keys(opened, 0).levels
        assert {each.level for each in counted} == {key.level for key in stored_in(opened)}
        return {key.role: key.level for key in stored_in(opened)}


def test_signatures_may_lie_beside_in_a_folder_or_in_a_tree(tmp_path: Path) -> None:
    document = tmp_path / "did.json"
    document.write_bytes(LIST)
    tree = tmp_path / "signed"
    folder = tree / "DEU" / "SCA"
    folder.mkdir(parents=True)
    beside = folder / "TA.signed.SCA.json"
    beside.write_bytes(statement(authority()))
    (folder / "link.json").symlink_to(beside)
    (folder / "SCA.der").write_bytes(authority())
    for given_sources in ([document, beside], [document, folder], [tree, document]):
        assert taken(tmp_path, *given_sources)[Role.SIGNER] == Level.OFFLINE_ROOT
    (tree / "did.json").write_bytes(LIST)
    assert taken(tmp_path, tree)[Role.SIGNER] == Level.OFFLINE_ROOT
    # What holds signatures has been read.
    for number, content in enumerate((statement(authority()), b"{}")):
        (tree / "more").mkdir(exist_ok=True)
        (tree / "more" / f"{number}.json").write_bytes(content)
    anchors = [signer(None), root(None)]
    [report] = import_sources(tmp_path / "store", [tree], now=NOW, anchors=anchors).lists
    assert report.refused == (("more", Refusal.FOLDER_INSIDE),)


def test_an_import_tells_whose_level_changed_though_their_own_facts_did_not(tmp_path: Path) -> None:
    """And the next one, of the same list, changes nothing."""
    document, beside, store = tmp_path / "did.json", tmp_path / "s.json", tmp_path / "trust.store"
    document.write_bytes(LIST)
    beside.write_bytes(statement(authority()))
    anchors = [signer(None), root(None)]

    def changed(*given_sources: Path) -> list[tuple[str, ...]]:
        [taken] = import_sources(store, given_sources, now=NOW, anchors=anchors).lists
        assert taken.changes
        assert (taken.changes.gone, taken.keys) == ((), 2)
        return [key.facts for key in taken.changes.changed]

    assert [changed(document), changed(document)] == [[], []]
    assert changed(document, beside) == [("level",), ("level",)]
    assert changed(document, beside) == []
    assert changed(document) == [("level",), ("level",)]


def test_an_authority_that_leaves_the_list_takes_the_level_of_its_keys_along(
    tmp_path: Path,
) -> None:
    document, store = tmp_path / "did.json", tmp_path / "trust.store"
    for data, level, facts in (
        (LIST, Level.CHAIN, []),
        (signed(unsigned(entry(document_signer("one")))), Level.LIST, [("level",)]),
    ):
        document.write_bytes(data)
        [taken] = import_sources(store, [document], now=NOW, anchors=[signer(None)]).lists
        assert taken.changes
        assert [key.facts for key in taken.changes.changed] == facts
        with TrustStore.open(store) as opened:
            [held] = [key for key in stored_in(opened) if key.role == Role.SIGNER]
            assert held.level == level
            assert list(opened.keys(kid=held.key.kid, country="DE")) == [held]


def test_of_a_key_no_more_schemes_count_than_its_anchor_is_for(tmp_path: Path) -> None:
    document = tmp_path / "did.json"
    document.write_bytes(LIST)
    own = signer(None)._replace(schemes=frozenset({"eu-dcc"}))
    import_sources(tmp_path / "s", [document], now=NOW, anchors=[own])
    with TrustStore.open(tmp_path / "s") as opened:
        found = {key.role: key.key.schemes for key in stored_in(opened)}
    assert found == {Role.AUTHORITY: frozenset(), Role.SIGNER: {"eu-dcc"}}


def test_a_list_of_another_environment_lends_no_authority(tmp_path: Path) -> None:
    """A key is chained to the authorities of its own list, whatever else is in the store."""
    document, other = tmp_path / "did.json", tmp_path / "uat.json"
    document.write_bytes(signed(unsigned(entry(document_signer("one")))))
    host = "tng-cdn-uat.who.int"
    above = entry(authority(), usage="CSCA", host=host)
    other.write_bytes(signed(unsigned(above, ending="-UAT"), "who-uat"))
    anchors = [signer(None), signer(Environment.ACCEPTANCE, "who-uat")]
    import_sources(tmp_path / "s", [document], now=NOW, anchors=anchors)
    import_sources(tmp_path / "s", [other], now=NOW, anchors=anchors, mix_environments=True)
    with TrustStore.open(tmp_path / "s") as opened:
        assert [key.level for key in stored_in(opened)] == [Level.LIST] * 2


def test_trees_have_bounds_and_errors_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden, folder = tmp_path / "tree" / ".git", tmp_path / "tree" / "DEU"
    for each in (hidden, folder):
        each.mkdir(parents=True)
        (each / "a.json").write_bytes(statement(authority()))
    assert [file.name for file in read_below(str(tmp_path / "tree"))] == ["DEU/a.json"]
    assert folders_in(str(tmp_path / "tree")) == ["DEU"]
    with pytest.raises(SetupError, match="No such file"):
        folders_in(str(tmp_path / "none"))
    monkeypatch.setattr(sources, "_file", _unreadable)
    with pytest.raises(SetupError, match="Permission denied"):
        list(read_below(str(tmp_path / "tree")))
    monkeypatch.setattr(sources, "LIST_RECORDS", 0)
    with pytest.raises(SetupError, match="more than 0 files"):
        list(read_below(str(tmp_path / "tree")))


def _unreadable(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_signatures_alone_are_no_list(tmp_path: Path) -> None:
    folder = tmp_path / "signed" / "DEU"
    folder.mkdir(parents=True)
    with pytest.raises(SetupError, match="Give the folders in it"):
        import_sources(tmp_path / "s", [tmp_path / "signed"], now=NOW)
    (folder / "a.json").write_bytes(statement(authority()))
    with pytest.raises(TrustListInvalid, match="only belongs to a list"):
        import_sources(tmp_path / "s", [tmp_path / "signed"], now=NOW)


def test_a_fetched_signature_alone_is_no_list_either() -> None:
    file = SourceFile("a.json", statement(authority()))
    [outcome] = gather_files("a", [file], reading_options(now=NOW))
    assert isinstance(outcome, Refused)
    assert outcome.error.fault == Fault.ONLY_A_COMPANION


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything(data: bytes) -> None:
    assert not is_signed_authority(data)
    for file in (b'{"trustAnchorSignature"' + data, statement(authority())[: len(data)] + data):
        found = covered_authorities([file], [root()], Environment.PRODUCTION, NOW)
        assert not found.certificates


def test_a_key_that_only_signs_is_enough_for_a_trust_anchor() -> None:
    plain = trust_anchor(usage=DIGITAL)
    assert levels(read(statement(authority(), plain)))[Role.SIGNER] is Level.OFFLINE_ROOT
