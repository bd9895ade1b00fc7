import io
import json
import zipfile
from pathlib import Path

import pytest
from support.certificates import (
    certificate,
    ec_key,
    entry,
    name,
    pem,
    signed_list,
)
from support.gdhcn import old_entry, unsigned
from support.web import page, publishing, resumable, status

import trustlists.importing
import trustlists.refreshing
from trustlists import (
    TrustStore,
    fetching,
    import_sources,
    refresh,
)
from trustlists.configuration import Configuration, Subscription
from trustlists.faults import Fault
from trustlists.fetch import Bounds, Machine
from trustlists.fetch_faults import FetchFault, NotFetched
from trustlists.progress import Step
from trustlists.records import Dialect, ParsedList, Reading
from trustlists.refreshing import RefreshReport
from verifier.errors import SetupError, TrustListInvalid, TrustListRollback
from verifier.trust import Environment

NOW = 1_795_000_000
LOOPBACK = frozenset({"127.0.0.1"})
ONE = certificate(ec_key("one"), subject=name(country="DE", organisation="RKI"))
TWO = certificate(ec_key("two"), subject=name(country="FR"))


def machine() -> Machine:
    return Machine(sleep=lambda _: None, plain_loopback=True)


def refreshed(store: Path, *sources: Subscription, now: int = NOW, **more: object) -> RefreshReport:
    configuration = Configuration(LOOPBACK, sources)
    return refresh(store, configuration, now=now, machine=machine(), **more)  # type: ignore[arg-type]


def as_of(store: Path) -> dict[str, int]:
    with TrustStore.open(store) as opened:
        return {each.name: each.as_of for each in opened.lists()}


@pytest.fixture
def body(german: Path) -> bytes:
    return german.read_bytes()


def test_what_comes_in_is_taken(store: Path, body: bytes, list_key: Path) -> None:
    with publishing(resumable(body)) as server:
        source = Subscription("Germany", server.url(), anchors=(list_key,))
        report = refreshed(store, source)
        again = refreshed(store, source, now=NOW + 5)
    [only] = report.sources
    assert report.complete
    assert (only.name, only.sent, only.failure) == ("Germany", True, None)
    [taken] = only.lists
    assert (taken.source, taken.name, taken.keys, taken.authenticated) == (
        "Germany", "dcc:list-key", 2, 2,
    )  # fmt: skip
    # Not sent again, and yet it is the newest edition as of now.
    assert not again.sources[0].sent
    assert again.sources[0].lists[0].changes is not None
    assert again.sources[0].lists[0].changes.unchanged == 2
    assert as_of(store) == {"dcc:list-key": NOW + 5}
    assert server.requests[1][1]["If-None-Match"] == '"one"'


def test_a_source_that_fails_costs_only_itself(store: Path, body: bytes, list_key: Path) -> None:
    with publishing(page(body)) as good, publishing(status(404)) as bad:
        report = refreshed(
            store,
            Subscription("Missing", bad.url()),
            Subscription("Germany", good.url(), anchors=(list_key,)),
            Subscription("Elsewhere", "https://example.invalid/"),
            Subscription("Odd", good.url(), dialect="cuneiform"),
            Subscription("No anchor", good.url(), anchors=(list_key.with_name("none.pem"),)),
        )
    assert not report.complete
    assert [source.name for source in report.sources] == [
        "Missing", "Germany", "Elsewhere", "Odd", "No anchor",
    ]  # fmt: skip
    said = [str(source.failure) for source in report.sources]
    assert "it answers 404" in said[0]
    assert said[1] == "None"
    assert "not among the hosts" in said[2]
    assert "no dialect cuneiform" in said[3]
    assert "none.pem cannot be read" in said[4]
    assert as_of(store) == {"dcc:list-key": NOW}


def test_when_nothing_comes_in_there_is_no_store(store: Path) -> None:
    with publishing(status(500)) as server:
        assert not refreshed(store, Subscription("Broken", server.url())).complete
    assert not store.exists()


def test_a_list_and_its_store_are_kept_when_the_next_edition_is_refused(
    store: Path, body: bytes, list_key: Path
) -> None:
    changed = body.replace(b'"XS"', b'"XT"', 1)
    with publishing(resumable(body), resumable(changed, '"two"'), resumable(body)) as server:
        source = Subscription("Germany", server.url(), anchors=(list_key,))
        refreshed(store, source)
        before = store.read_bytes()
        [refused] = refreshed(store, source).sources[0].lists
        assert isinstance(refused.refusal, TrustListInvalid)
        assert store.read_bytes() == before
        # What was refused is not kept: the next fetch asks for the whole.
        assert refreshed(store, source).complete
    assert "If-None-Match" not in server.requests[2][1]


def test_an_older_edition_is_refused(store: Path, list_key: Path) -> None:
    new = signed_list([entry(ONE, timestamp="2026-11-02T10:00:00+01:00")])
    old = signed_list([entry(ONE, timestamp="2026-11-01T10:00:00+01:00")])
    with publishing(page(new), page(old)) as server:
        source = Subscription("Germany", server.url(), anchors=(list_key,))
        assert refreshed(store, source).complete
        [refused] = refreshed(store, source).sources[0].lists
    assert isinstance(refused.refusal, TrustListRollback)


def test_what_no_anchor_vouches_for_is_not_taken_by_itself(store: Path, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(pem(ONE))
    with publishing(page((pem(ONE) + pem(TWO)).encode())) as server:
        [refused] = refreshed(store, Subscription("Keys", server.url())).sources[0].lists
        assert refused.refusal is not None
        assert refused.refusal.fault == Fault.NOT_VOUCHED
        assert not store.exists()
        source = Subscription("Keys", server.url("/keys.pem"), anchors=(anchor,))
        [taken] = refreshed(store, source).sources[0].lists
    assert (taken.name, taken.keys, taken.authenticated) == ("pem:keys", 2, 1)


def test_an_unsigned_list_is_not_taken_by_itself(store: Path) -> None:
    document = json.dumps(unsigned(old_entry(ONE), version=1)).encode()
    with publishing(page(document)) as server:
        [refused] = refreshed(store, Subscription("WHO", server.url())).sources[0].lists
    assert refused.refusal is not None
    assert refused.refusal.fault == Fault.NOT_SIGNED


def test_choices_of_a_source_are_heeded(store: Path, tmp_path: Path) -> None:
    keys = pem(TWO).encode()
    own = tmp_path / "own.pem"
    own.write_text(pem(TWO))
    with publishing(page(keys)) as server:
        source = Subscription(
            "Keys",
            server.url("/keys.pem"),
            dialect="pem",
            scheme="at-exemption",
            anchors=(own,),
            environment=Environment.ACCEPTANCE,
            max_age=86_400,
        )
        assert refreshed(store, source).complete
    with TrustStore.open(store) as opened:
        [stored] = opened.lists()
        [key] = opened.keys()
    assert stored.environment is Environment.ACCEPTANCE
    assert stored.too_old_after == 86_400
    assert key.key.schemes == {"at-exemption"}


def test_another_environment_is_refused(store: Path, body: bytes, list_key: Path) -> None:
    with publishing(page(body)) as server:
        one = Subscription("One", server.url(), anchors=(list_key,))
        assert refreshed(store, one).complete
        other = one._replace(environment=Environment.SPECIMEN)
        [refused] = refreshed(store, other).sources[0].lists
    assert "belongs to specimen" in str(refused.refusal)


def test_two_sources_of_the_same_list_do_not_replace_each_other(
    store: Path, body: bytes, list_key: Path
) -> None:
    with publishing(page(body)) as server:
        one = Subscription("One", server.url("/1"), anchors=(list_key,))
        two = Subscription("Two", server.url("/2"), anchors=(list_key,))
        report = refreshed(store, one, two)
    assert report.sources[0].lists[0].refusal is None
    assert "Two sources would both be" in str(report.sources[1].lists[0].refusal)


def _read_halves(data: bytes, reading: Reading) -> ParsedList:
    if reading.companions != (b"the other half",):
        message = "The other half is missing.\nGive it."
        raise TrustListInvalid(message)
    parsed = trustlists.dialects.pem.DIALECT.read(data.partition(b"\n")[2], reading)
    [first, *_] = reading.anchors
    return parsed._replace(name="halves", anchor=first)


HALVES = Dialect(
    ("halves",),
    lambda head: head.startswith(b"HALF"),
    _read_halves,
    companion=lambda data: data == b"the other half",
)


def test_companions_come_with_their_list(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trustlists.dialects, "dialects", lambda: (HALVES,))
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(pem(TWO))
    half = b"HALF\n" + pem(TWO).encode()
    with publishing(page(half), page(b"the other half"), page(half), status(404)) as server:
        source = Subscription("Halves", server.url("/a"), (server.url("/b"),), anchors=(anchor,))
        assert refreshed(store, source).complete
        missing = refreshed(store, source)
    assert [path for path, _ in server.requests] == ["/a", "/b", "/a", "/b"]
    assert isinstance(missing.sources[0].failure, NotFetched)


def test_an_archive_is_unpacked(store: Path, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("keys/one.pem", pem(ONE))
        archive.writestr("keys/two.pem", pem(TWO))
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(pem(ONE))
    with publishing(page(packed.getvalue())) as server:
        source = Subscription("Keys", server.url("/all.zip"), anchors=(anchor,))
        [taken] = refreshed(store, source).sources[0].lists
    assert (taken.name, taken.keys) == ("pem:Keys", 2)


def test_progress_is_told_step_by_step(store: Path, body: bytes, list_key: Path) -> None:
    told: list[tuple[Step, str, int, int | None]] = []
    with publishing(page(body)) as server:
        source = Subscription("Germany", server.url(), anchors=(list_key,))
        refreshed(store, source, report=lambda *step: told.append(step))
    steps = list(dict.fromkeys(step for step, *_ in told))
    assert steps == [Step.FETCH, Step.READ, Step.STORE]
    assert {what for _, what, *_ in told} == {"Germany"}


def test_a_configuration_file_is_read(store: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"sources\.toml cannot be read"):
        refresh(store, tmp_path / "sources.toml", now=NOW)
    (tmp_path / "sources.toml").write_text(
        'hosts = ["a.example"]\n[[source]]\nname = "x"\nurl = "https://b.example/"\n'
    )
    [only] = refresh(store, tmp_path / "sources.toml", now=NOW).sources
    assert only.failure is not None
    assert only.failure.fault == FetchFault.HOST_NOT_LISTED


def test_a_shelf_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "trust.sqlite.fetched").write_text("in the way")
    with pytest.raises(SetupError, match="cannot be written"):
        refreshed(tmp_path / "trust.sqlite", Subscription("x", "https://a.example/"))


# Addresses named to an import.


def importing(store: Path, *urls: str, bounds: Bounds = Bounds(), **more: object) -> object:  # noqa: B008 - a constant
    fetch = fetching(store, machine=machine(), bounds=bounds)
    return import_sources(store, urls, now=NOW, fetch=fetch, **more)  # type: ignore[arg-type]


def test_an_address_is_a_source(store: Path, body: bytes, list_key: Path) -> None:
    with publishing(page(body)) as server:
        report = importing(store, server.url("/german.txt?token=secret"), anchors=[list_key])
    assert isinstance(report, trustlists.importing.ImportReport)
    [taken] = report.lists
    assert taken.source == server.url("/german.txt")
    assert taken.keys == 2
    with TrustStore.open(store) as opened:
        assert "secret" not in opened.lists()[0].source
    # Nothing is kept of what was fetched once.
    assert [path.name for path in store.with_name("trust.sqlite.fetched").iterdir()] == ["lock"]


def test_the_parts_of_an_address_name_what_it_has(store: Path) -> None:
    with publishing(page(pem(ONE).encode())) as server:
        importing(store, server.url("/lists/keys.pem?x=1#y"))
        importing(store, server.url("/"))
    assert set(as_of(store)) == {"pem:keys", "pem:127-0-0-1"}


def test_an_import_goes_on_where_the_last_one_broke_off(store: Path, list_key: Path) -> None:
    body = signed_list([entry(ONE), entry(TWO)])
    with publishing(resumable(body, cut=500), resumable(body)) as server:
        with pytest.raises(NotFetched):
            importing(store, server.url(), bounds=Bounds(attempts=1), anchors=[list_key])
        importing(store, server.url(), anchors=[list_key])
    assert server.requests[1][1]["Range"] == "bytes=500-"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.invalid/x",
        "ftp://127.0.0.1/x",
        "https://a.example/" + "x" * 5_000,  # longer than any path
    ],
)
def test_an_address_that_is_not_fit_is_refused(store: Path, url: str) -> None:
    with pytest.raises(NotFetched) as caught:
        importing(store, url)
    assert caught.value.fault == FetchFault.ADDRESS_UNFIT
