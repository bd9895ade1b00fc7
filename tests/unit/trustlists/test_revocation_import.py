"""Sets of withdrawn certificates: what is taken, what is refused, and what is kept of it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from support.certificates import CA, b64, certificate, ec_key, name
from support.revocation import (
    KID,
    LATER,
    NOW,
    OTHER,
    anchor_file,
    archive,
    batch,
    batch_json,
    bloom,
    describe,
    distribution,
    document,
    hashes,
    key,
    short_hashes,
    standing,
    take,
    when,
    write_set,
)

from trustlists import TrustStore
from trustlists.anchors import read_anchors
from trustlists.faults import Fault
from trustlists.records import Reading, Refusal
from trustlists.revocation.sets import DIALECT, is_set
from verifier.errors import SetupError, TrustListInvalid, TrustListRollback
from verifier.revocation import Standing

LISTED = hashes("a", "b", "c")
[ABSENT] = hashes("absent")


def refused(folder: Path, *sources: Path, **options: Any) -> str:
    with pytest.raises(SetupError) as caught:
        take(folder, *sources, **options)
    assert len(str(caught.value).split("\n")) == 2
    assert not list(folder.glob("*.revoked-*"))
    return caught.value.fault


def test_a_complete_set_of_batches_tells_listed_from_clear(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED[:2], kid=KID), "two.batch": batch_json(LISTED[2:], kid=KID)}
    report = take(tmp_path, write_set(tmp_path / "set", files))
    [taken] = report.lists
    assert (taken.withdrawn, taken.keys, taken.name) == (3, 0, "revocations:office:specimen")
    assert [standing(tmp_path, each) for each in LISTED] == [Standing.LISTED] * 3
    assert standing(tmp_path, ABSENT) is Standing.CLEAR
    # Another key, of the same country: the set is complete and has nothing on it.
    assert standing(tmp_path, LISTED[0], of=key(OTHER)) is Standing.CLEAR
    # Another country: nobody says anything.
    assert standing(tmp_path, LISTED[0], of=key(country="FR")) is None
    # Of a key whose country nobody knows, the id alone counts.
    assert standing(tmp_path, LISTED[0], of=key(country="")) is Standing.LISTED
    assert standing(tmp_path, ABSENT, of=key(country="")) is Standing.INCOMPLETE


def test_an_entry_lapses_and_a_set_ages(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED, kid=KID, expires=NOW + 10)}
    take(tmp_path, write_set(tmp_path / "set", files))
    assert standing(tmp_path, LISTED[0], at=NOW + 10) is Standing.LISTED
    assert standing(tmp_path, LISTED[0], at=NOW + 11) is Standing.CLEAR
    assert standing(tmp_path, ABSENT, at=NOW + 7 * 86_400) is Standing.TOO_OLD


def test_the_description_says_until_when_it_holds(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED, kid=KID)}
    folder = write_set(tmp_path / "set", files, expires=when(NOW + 60))
    take(tmp_path, folder)
    assert standing(tmp_path, ABSENT, at=NOW + 60) is Standing.CLEAR
    assert standing(tmp_path, ABSENT, at=NOW + 61) is Standing.TOO_OLD
    assert refused(tmp_path / "late", folder, now=NOW + 1000) == Fault.LIST_EXPIRED


def test_entries_without_a_key_id_count_for_the_whole_country(tmp_path: Path) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one.batch": batch(LISTED)}))
    assert standing(tmp_path, LISTED[0], of=key(OTHER)) is Standing.LISTED
    assert standing(tmp_path, LISTED[0], of=key(country="FR")) is None


def test_the_same_hash_twice_stays_until_the_later_lapse(tmp_path: Path) -> None:
    files = {
        "one.batch": batch(LISTED, kid=KID, expires=NOW + 10),
        "two.batch": batch(LISTED, kid=KID, expires=NOW + 20),
    }
    take(tmp_path, write_set(tmp_path / "set", files))
    assert standing(tmp_path, LISTED[0], at=NOW + 20) is Standing.LISTED
    with TrustStore.open(tmp_path / "trust.sqlite") as store:
        [(file,)] = store.rows("SELECT file FROM sets")
        assert store.table(file).entries == 3


def test_only_methods_in_the_list_are_asked_for(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED, kid=KID, kind="SIGNATURE")}
    take(tmp_path, write_set(tmp_path / "set", files))
    signed, numbered, either = (document(LISTED[0].text) for _ in range(3))
    signed[1].identifier = ""
    numbered[0].envelope.signature = either[0].envelope.signature = b"another"
    either[1].identifier = ""
    with TrustStore.open(tmp_path / "trust.sqlite") as store:
        known, nothing = store.withdrawals(key(), "eu-dcc"), store.withdrawals(key(OTHER), "eu-dcc")
        assert known
        assert nothing
        assert known.standing(*signed, NOW) is Standing.LISTED
        assert known.standing(*numbered, NOW) is Standing.CLEAR
        # Its number is in no list, so it need not have one.
        assert known.standing(*either, NOW) is Standing.CLEAR
        assert nothing.standing(*signed, NOW) is Standing.CLEAR
        assert store.withdrawals(key(), "nz-covid-pass") is None


@pytest.mark.parametrize("kind", ["UCI", "COUNTRYCODEUCI"])
def test_what_could_not_be_listed_is_not_called_clear(tmp_path: Path, kind: str) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID, kind=kind)}))
    numbered, unnumbered = document(ABSENT.text), document(ABSENT.text)
    unnumbered[1].identifier = ""
    with TrustStore.open(tmp_path / "trust.sqlite") as store:
        known = store.withdrawals(key(), "eu-dcc")
        assert known
        assert known.standing(*numbered, NOW) is Standing.CLEAR
        assert known.standing(*unnumbered, NOW) is Standing.NOT_LISTABLE
        assert known.standing(*unnumbered, NOW + 7 * 86_400) is Standing.TOO_OLD


def test_batches_alone_catch_what_they_list_and_clear_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "batches"
    folder.mkdir()
    (folder / "one").write_bytes(batch(LISTED[:1], kid=KID))
    (folder / "three").write_bytes(batch_json(LISTED[2:], kid=KID))
    (folder / "two").write_bytes(b"no batch")
    (folder / "big").write_bytes(batch(LISTED, kid=KID) + b" " * (1 << 20))
    [report] = take(tmp_path, folder).lists
    assert [each.reason for each in report.refused] == [
        Refusal.TOO_LARGE, Refusal.SIGNER_UNKNOWN, Refusal.MALFORMED,
    ]  # fmt: skip
    assert standing(tmp_path, LISTED[0]) is Standing.LISTED
    assert standing(tmp_path, LISTED[2]) is Standing.INCOMPLETE


def test_a_single_batch_is_a_source_too(tmp_path: Path) -> None:
    file = tmp_path / "one.batch"
    file.write_bytes(batch(LISTED, kid=KID))
    assert take(tmp_path, file).lists[0].withdrawn == 3


def test_a_batch_by_a_stranger_is_refused(tmp_path: Path) -> None:
    stranger = certificate(ec_key("stranger"), subject=name(common="Stranger"))
    file = tmp_path / "one.batch"
    signed_by = {"key": ec_key("stranger"), "signer": stranger}
    file.write_bytes(batch(LISTED, kid=KID, signer_name=name(common="Stranger"), **signed_by))
    assert refused(tmp_path, file) == Fault.SIGNER_UNKNOWN
    [report] = take(tmp_path, file, unsigned=True).lists
    assert report.withdrawn == 3
    # Nobody vouches for it: a person looks.
    assert standing(tmp_path, LISTED[0]) is Standing.POSSIBLE
    assert standing(tmp_path, ABSENT) is Standing.INCOMPLETE


def test_an_authority_speaks_for_its_own_country_alone(tmp_path: Path) -> None:
    german = certificate(ec_key("upload"), subject=name(country="DE"))
    own = {"key": ec_key("upload"), "signer": german, "signer_name": name(country="DE")}
    anchors = [anchor_file(tmp_path, german, "german.pem")]
    file = tmp_path / "one.batch"
    file.write_bytes(batch(LISTED, kid=KID, country="FR", **own))
    assert refused(tmp_path, file, anchors=anchors) == Fault.SIGNER_UNKNOWN
    file.write_bytes(batch(LISTED, kid=KID, country="DE", **own))
    assert take(tmp_path, file, anchors=anchors).lists[0].withdrawn == 3


@pytest.mark.parametrize("form", ["BLOOMFILTER", "VARHASHLIST"])
@pytest.mark.parametrize("mode", ["POINT", "VECTOR", "COORDINATE"])
@pytest.mark.parametrize("loose", [True, False])
def test_a_hit_in_a_filter_is_only_possible(
    tmp_path: Path, form: str, mode: str, *, loose: bool
) -> None:
    files = distribution(KID, LISTED, mode=mode, form=form, loose=loose)
    [report] = take(tmp_path, write_set(tmp_path / "set", files)).lists
    assert report.withdrawn == 0
    assert [standing(tmp_path, each) for each in LISTED] == [Standing.POSSIBLE] * 3
    assert standing(tmp_path, ABSENT) is Standing.CLEAR
    assert standing(tmp_path, LISTED[0], at=LATER + 1) is Standing.CLEAR
    assert standing(tmp_path, LISTED[0], of=key(OTHER)) is Standing.CLEAR


def test_a_complete_list_of_hashes_that_is_no_older_resolves_a_filter_s_hit(tmp_path: Path) -> None:
    files = distribution(KID, LISTED)
    files["one.batch"] = batch(LISTED[:1], kid=KID)
    take(tmp_path, write_set(tmp_path / "set", files, exact=["DE"]))
    assert standing(tmp_path, LISTED[0]) is Standing.LISTED
    assert standing(tmp_path, LISTED[1]) is Standing.CLEAR
    newer = write_set(
        tmp_path / "newer", distribution(KID, LISTED), name="filters", date=NOW - 1800
    )
    take(tmp_path, newer)
    assert standing(tmp_path, LISTED[1]) is Standing.POSSIBLE


def test_any_key_is_written_in_three_ways_where_filters_are_listed(tmp_path: Path) -> None:
    for number, word in enumerate(("UNKNOWN_KID", b64(b"UNKNOWN_KID"))):
        files = distribution(KID, LISTED, loose=True)
        for file in ("lists.json", "partitions.json"):
            files[file] = files[file].replace(b64(KID).encode(), word.encode())
        folder = tmp_path / str(number)
        take(folder, write_set(folder / "set", files))
        assert standing(folder, LISTED[0]) is Standing.POSSIBLE


def _without(files: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {file: data for file, data in files.items() if file not in names}


WHOLE = distribution(KID, LISTED, loose=True)
LISTS = json.loads(WHOLE["lists.json"])
PARTITIONS = json.loads(WHOLE["partitions.json"])


def _lists(**members: object) -> dict[str, bytes]:
    return {**WHOLE, "lists.json": json.dumps([{**LISTS[0], **members}]).encode()}


def _partitions(**members: object) -> dict[str, bytes]:
    return {**WHOLE, "partitions.json": json.dumps([{**PARTITIONS[0], **members}]).encode()}


def _slice(data: bytes, form: str = "BLOOMFILTER", expires: object = None) -> dict[str, bytes]:
    described = {"type": form, "version": "1.0", "hash": hashlib.sha256(data).hexdigest()}
    chunks = {LISTED[0].hex()[0]: {expires or when(LATER): described}}
    files = _partitions(chunks=chunks)
    return {**_without(files, "slice0", "slice1", "slice2"), "slice": data}


GOOD = bloom(LISTED)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        (_without(WHOLE, "slice0"), Fault.COMPANION_MISSING),
        (_without(WHOLE, "partitions.json"), Fault.COMPANION_MISSING),
        (_without(WHOLE, "lists.json"), Fault.MALFORMED),
        ({**WHOLE, "slice0": b"another"}, Fault.MEMBER_UNKNOWN),
        ({**WHOLE, "more.json": b"[5]"}, Fault.MALFORMED),
        ({**WHOLE, "more.json": b"[5"}, Fault.NOT_JSON),
        (_lists(mode="CUBE"), Fault.MALFORMED),
        (_lists(hashTypes=[]), Fault.MALFORMED),
        (_lists(hashTypes=5), Fault.MALFORMED),
        (_lists(hashTypes=["MD5"]), Fault.MALFORMED),
        (_lists(kid=""), Fault.MALFORMED),
        (_lists(kid=b64(bytes(65))), Fault.MALFORMED),
        (_partitions(chunks=5), Fault.MALFORMED),
        (_partitions(chunks={"x": {}}), Fault.MALFORMED),
        (_partitions(chunks={"ab": {}}), Fault.MALFORMED),
        (_partitions(chunks={"a": 5}), Fault.MALFORMED),
        (_partitions(chunks={"a": {when(LATER): 5}}), Fault.MALFORMED),
        (_slice(GOOD, expires="tomorrow"), Fault.MALFORMED),
        (_slice(GOOD, expires="2026-11-25T06:00:00"), Fault.MALFORMED),
        (_slice(GOOD[:-1]), Fault.MALFORMED),
        (_slice(GOOD[:19]), Fault.MALFORMED),
        (_slice(GOOD + bytes(5)), Fault.MALFORMED),
        (_slice(GOOD + b"\1"), Fault.MALFORMED),
        (_slice(b"\0\2" + GOOD[2:]), Fault.MALFORMED),
        (_slice(GOOD[:2] + b"\0\0" + GOOD[4:]), Fault.MALFORMED),
        (_slice(GOOD[:2] + b"\x80\0" + GOOD[4:]), Fault.MALFORMED),
        (_slice(GOOD[:3] + b"\1" + GOOD[4:]), Fault.MALFORMED),
        (_slice(GOOD[:4] + b"\x7f\xc0\0\0" + GOOD[8:]), Fault.MALFORMED),
        (_slice(GOOD[:4] + b"\x40\0\0\0" + GOOD[8:]), Fault.MALFORMED),
        (_slice(GOOD[:16] + bytes(4)), Fault.MALFORMED),
        (_slice(GOOD[:16] + b"\xff\xff\xff\xff" + GOOD[20:]), Fault.MALFORMED),
        (_slice(short_hashes(LISTED)[:-1], "VARHASHLIST"), Fault.MALFORMED),
        (_slice(short_hashes(LISTED)[:10], "VARHASHLIST"), Fault.MALFORMED),
        (_slice(short_hashes([]), "VARHASHLIST"), Fault.MALFORMED),
        (_slice(b"\0\2" + short_hashes(LISTED)[2:], "VARHASHLIST"), Fault.MALFORMED),
        (_slice(short_hashes(LISTED, 17), "VARHASHLIST"), Fault.MALFORMED),
        (_slice(short_hashes(LISTED, rate=2.0), "VARHASHLIST"), Fault.MALFORMED),
        (_slice(b"", "VARHASHLIST"), Fault.MALFORMED),
        ({"one.batch": batch(LISTED, entries=[])}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, entries=5)}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, entries=[{"hash": "?" * 24}])}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, entries=[{"hash": "é" * 24}])}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, entries=[{"hash": "AAAA"}])}, Fault.MALFORMED),
        ({"one.batch": batch([LISTED[0]] * 1001)}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, hashType="MD5")}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, country="Germany")}, Fault.MALFORMED),
        ({"one.batch": batch(LISTED, expires=NOW, kid=b"short")}, Fault.MALFORMED),
        ({"one.batch": batch_json(LISTED).replace(b"entries", b"hashType")}, Fault.MEMBER_UNKNOWN),
    ],
)
def test_a_described_set_is_taken_whole_or_not_at_all(
    tmp_path: Path, files: dict[str, bytes], fault: Fault
) -> None:
    assert refused(tmp_path, write_set(tmp_path / "set", files)) == fault


def test_slices_are_known_by_their_bytes_and_not_by_their_names(tmp_path: Path) -> None:
    slices = [data for file, data in WHOLE.items() if file.startswith("slice")]
    for number, names in enumerate(("../../{}", "/etc/{}", "same")):
        folder = tmp_path / str(number)
        packed = archive(slices, names=names)
        files = {**_without(WHOLE, "slice0", "slice1", "slice2"), "a.tar.gz": packed}
        take(folder, write_set(folder / "set", files))
        assert standing(folder, LISTED[0]) is Standing.POSSIBLE


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"schema": "pratique.revocations/2"}, Fault.FUTURE_VERSION),
        ({"name": "../x"}, Fault.MALFORMED),
        ({"number": True}, Fault.MALFORMED),
        ({"number": -1}, Fault.MALFORMED),
        ({"expires": "soon"}, Fault.MALFORMED),
        ({"complete": ["Germany"]}, Fault.MALFORMED),
        ({"complete": "DE"}, Fault.MALFORMED),
        ({"complete": [5]}, Fault.MALFORMED),
        ({"exact": ["FR"]}, Fault.MALFORMED),
        ({"files": {}}, Fault.EMPTY),
        ({"files": []}, Fault.EMPTY),
        ({"files": {"one.batch": "00"}}, Fault.MALFORMED),
        ({"files": {"one.batch": 5}}, Fault.MALFORMED),
        ({"files": {"one.batch": "0" * 64}}, Fault.DIGEST_WRONG),
        ({"files": {"../one.batch": "0" * 64}}, Fault.MALFORMED),
        ({"files": {"..": "0" * 64}}, Fault.MALFORMED),
        ({"files": {"gone.batch": "0" * 64}}, Fault.COMPANION_MISSING),
    ],
)
def test_a_description_says_what_it_has_to_say(
    tmp_path: Path, members: dict[str, Any], fault: Fault
) -> None:
    folder = write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)})
    described = {"one.batch": hashlib.sha256((folder / "one.batch").read_bytes()).hexdigest()}
    describe(folder, members.pop("files", described), **members)
    assert refused(tmp_path, folder) == fault


def test_a_description_is_signed_by_an_anchor_itself_or_by_the_one_it_names(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED, kid=KID)}
    authority_name, below_name = name(country="XS", common="CA"), name(common="Describer")
    authority = certificate(ec_key("ca"), subject=authority_name, extensions=[CA])
    below = certificate(
        ec_key("below"), signer=ec_key("ca"), subject=below_name, issuer=authority_name
    )
    # What is below names its issuer, as CMS names its signer.
    own = {"key": ec_key("below"), "signer": below, "signer_name": authority_name}
    folder = write_set(tmp_path / "set", files, **own)
    [anchor] = read_anchors(anchor_file(tmp_path, authority, "authority.pem"))
    assert refused(tmp_path, folder, anchors=[anchor]) == Fault.SIGNER_NOT_FOR_LISTS
    other = anchor._replace(signer="Somebody else")
    assert refused(tmp_path, folder, anchors=[other]) == Fault.SIGNER_NOT_FOR_LISTS
    assert refused(tmp_path, folder, anchors=()) == Fault.SIGNER_UNKNOWN
    assert take(tmp_path, folder, anchors=[anchor._replace(signer="Describer")]).complete
    (folder / "revocations.cms").write_bytes(b"no CMS")
    with pytest.raises(TrustListInvalid):
        take(tmp_path, folder)


def test_an_anchor_of_some_countries_completes_no_other(tmp_path: Path) -> None:
    [office] = read_anchors(anchor_file(tmp_path))
    folder = write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)})
    french = office._replace(countries=frozenset({"FR"}))
    assert refused(tmp_path, folder, anchors=[french]) == Fault.SIGNER_NOT_FOR_LISTS
    over = office._replace(until=NOW - 1)
    assert refused(tmp_path, folder, anchors=[over]) == Fault.SIGNER_UNKNOWN


def test_an_older_set_is_refused_before_it_is_read(tmp_path: Path) -> None:
    files = {"one.batch": batch(LISTED, kid=KID)}
    take(tmp_path, write_set(tmp_path / "set", files, number=2))
    older = write_set(tmp_path / "older", files, number=1)
    with pytest.raises(TrustListRollback):
        take(tmp_path, older)
    [report] = take(tmp_path, older, keep_going=True).lists
    assert isinstance(report.refusal, TrustListRollback)
    assert standing(tmp_path, LISTED[0]) is Standing.LISTED


def test_tables_that_nothing_refers_to_are_removed_one_edition_later(tmp_path: Path) -> None:
    tables = []
    for number in range(4):
        files = {"one.batch": batch(hashes(str(number)), kid=KID)}
        opened = TrustStore.open(tmp_path / "trust.sqlite") if number else None
        take(tmp_path, write_set(tmp_path / "set", files, number=number))
        tables.append({file.name for file in tmp_path.glob("*.revoked-*")})
        if opened:
            # A desk that has not looked yet still finds the table of its edition.
            known = opened.withdrawals(key(), "eu-dcc")
            assert known
            assert known.standing(*document(str(number - 1).encode()), NOW) is Standing.LISTED
            opened.close()
    assert [len(each) for each in tables] == [1, 2, 2, 2]
    assert not tables[0] & tables[2]


def test_a_table_that_is_gone_or_torn_is_told(tmp_path: Path) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)}))
    [table] = tmp_path.glob("*.revoked-*")
    whole = table.read_bytes()
    bad = [
        whole[:-1], whole[:30], b"X" + whole[1:], whole[:24] + b"\xff" + whole[25:],
        whole[:16] + b"\xff" + whole[17:],
    ]  # fmt: skip
    for data in bad:
        table.write_bytes(data)
        with pytest.raises(SetupError, match="torn"):
            standing(tmp_path, ABSENT)
    table.write_bytes(b"PRATREV1" + whole[8:])
    with pytest.raises(SetupError, match="another version"):
        standing(tmp_path, ABSENT)
    table.unlink()
    with pytest.raises(SetupError, match="cannot be read"):
        standing(tmp_path, ABSENT)


def test_a_source_that_is_no_set_is_read_as_a_list(tmp_path: Path) -> None:
    assert not is_set("https://lists.example/")
    assert not is_set(tmp_path / "nothing")
    assert not is_set(tmp_path)
    (tmp_path / "closed").write_bytes(batch(LISTED))
    assert is_set(tmp_path)
    (tmp_path / "closed").write_bytes(b"\x80\x81")
    assert not is_set(tmp_path / "closed")
    (tmp_path / "closed").write_bytes(b"not base64!" * 9)
    assert not is_set(tmp_path / "closed")


def test_a_refused_set_stores_nothing(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)})
    (folder / "one.batch").write_bytes(b"changed")
    with pytest.raises(TrustListInvalid):
        take(tmp_path, folder)
    assert not (tmp_path / "trust.sqlite").exists()


@pytest.mark.parametrize(
    ("limit", "files"),
    [
        ("trustlists.revocation.sets.REVOKED_ENTRIES", {"one.batch": batch(LISTED, kid=KID)}),
        ("trustlists.revocation.manifest.SET_FILES", {"a": batch(LISTED), "b": batch(LISTED)}),
        ("trustlists.revocation.slices.SLICES", WHOLE),
    ],
)
def test_a_set_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, files: dict[str, bytes]
) -> None:
    monkeypatch.setattr(limit, 1)
    folder = write_set(tmp_path / "set", files)
    assert refused(tmp_path, folder) == Fault.TOO_LARGE


def test_a_folder_of_batches_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustlists.revocation.sets.SET_FILES", 1)
    folder = tmp_path / "batches"
    folder.mkdir()
    for number in range(2):
        (folder / str(number)).write_bytes(batch(LISTED, kid=KID))
    assert refused(tmp_path, folder) == Fault.TOO_LARGE


def test_what_cannot_be_opened_is_left_to_who_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.batch"
    file.write_bytes(batch(LISTED))

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "broken")

    monkeypatch.setattr(Path, "open", fail)
    assert not is_set(file)


def test_a_file_that_the_disk_does_not_give_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)})

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "broken")

    anchors = [anchor_file(tmp_path)]
    monkeypatch.setattr("trustlists.sources._file", fail)
    with pytest.raises(SetupError, match="Input/output error"):
        take(tmp_path, folder, anchors=anchors)


def test_a_set_is_never_taken_for_a_list() -> None:
    assert not DIALECT.recognise(batch(LISTED))
    with pytest.raises(TrustListInvalid):
        DIALECT.read(batch(LISTED), Reading(""))


def test_what_is_known_of_keys_is_bounded(tmp_path: Path) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one.batch": batch(LISTED, kid=KID)}))
    with TrustStore.open(tmp_path / "trust.sqlite") as store:
        keys = [key(number.to_bytes(8, "big")) for number in range(600)]
        for each in keys:
            assert store.withdrawals(each, "eu-dcc")
        assert len(store._withdrawn) <= 512
