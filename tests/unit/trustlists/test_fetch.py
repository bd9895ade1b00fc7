"""Fetching from a server that misbehaves in every way; nothing here really waits."""

import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from support.web import (
    Answer,
    Handler,
    Publisher,
    page,
    publishing,
    resumable,
    status,
    tls_for,
)

import trustlists.shelf
from trustlists.fetch import Bounds, Fetched, Machine, fetch, host_of
from trustlists.fetch_faults import FetchFault, NotFetched
from trustlists.progress import Step
from trustlists.shelf import Marks, Slot
from verifier.errors import SetupError

LIST = bytes(range(256)) * 1_000
HOSTS = frozenset({"127.0.0.1", "localhost"})


class Time:
    """A clock that goes on only when somebody waits, or by a step at each look."""

    def __init__(self, step: float = 0) -> None:
        self.now = 1_000.0
        self.step = step
        self.slept: list[float] = []

    def ticks(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def machine(self, **more: object) -> Machine:
        made = Machine(
            sleep=self.sleep,
            ticks=self.ticks,
            now=lambda: 1_795_000_000.0,
            chance=lambda: 1.0,
            plain_loopback=True,
        )
        return made._replace(**more)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "shelf"
    path.mkdir()
    return path


class Getter:
    """Fetches one list again and again into the same place."""

    def __init__(self, folder: Path, clock: Time) -> None:
        self.folder = folder
        self.clock = clock
        self.bounds = Bounds(attempts=4, silence=5)
        self.hosts = HOSTS
        self.told: list[tuple[Step, str, int, int | None]] = []

    def __call__(self, server: Publisher | str, **machine: object) -> Fetched:
        url = server if isinstance(server, str) else server.url()
        return fetch(
            url,
            hosts=self.hosts,
            slot=Slot(self.folder, url),
            bounds=self.bounds,
            machine=self.clock.machine(**machine),
            report=lambda *told: self.told.append(told),
        )

    def fault(self, server: Publisher | str, **machine: object) -> str:
        with pytest.raises(NotFetched) as caught:
            self(server, **machine)
        assert str(caught.value).count("\n") == 1
        return caught.value.fault


@pytest.fixture
def get(folder: Path, clock: Time) -> Getter:
    return Getter(folder, clock)


def chunks(*parts: bytes, end: bool = True) -> Answer:
    def answer(handler: Handler) -> None:
        handler.reply(200, Content_Length="", Transfer_Encoding="chunked")
        for part in parts:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        if end:
            handler.wfile.write(b"0\r\n\r\n")

    return answer


def test_a_list_comes_in_whole_and_progress_is_told(get: Getter, folder: Path) -> None:
    with publishing(page(LIST)) as server:
        assert get(server) == Fetched(LIST, sent=True)
    assert get.told[0] == (Step.FETCH, "127.0.0.1", 0, len(LIST))
    assert get.told[-1] == (Step.FETCH, "127.0.0.1", len(LIST), len(LIST))
    assert [done for _, _, done, _ in get.told] == sorted(done for _, _, done, _ in get.told)
    [(path, headers)] = server.requests
    assert path == "/list"
    assert headers["Accept-Encoding"] == "identity"
    assert "Range" not in headers
    assert not list(folder.glob("*.part*"))


def test_a_list_in_chunks_comes_in_whole(get: Getter) -> None:
    with publishing(chunks(LIST[:1000], LIST[1000:])) as server:
        assert get(server).data == LIST
    assert get.told[0][3] is None


@pytest.mark.parametrize(
    "marks", [{"ETag": '"x"'}, {"Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}]
)
def test_an_unchanged_list_is_not_sent_again(get: Getter, marks: dict[str, str]) -> None:
    with publishing(page(LIST, **marks), status(304, Content_Length="")) as server:
        assert get(server).sent
        assert get(server) == Fetched(LIST, sent=False)
    asked = server.requests[1][1]
    assert next(iter(marks.values())) in {
        asked.get("If-None-Match"), asked.get("If-Modified-Since"),
    }  # fmt: skip


def test_a_list_without_marks_is_sent_again(get: Getter) -> None:
    with publishing(page(LIST)) as server:
        assert get(server).sent
        assert get(server).sent
    assert not {"If-None-Match", "If-Modified-Since"} & server.requests[1][1].keys()


def test_unchanged_is_no_answer_to_who_has_nothing(get: Getter) -> None:
    with publishing(status(304, Content_Length="")) as server:
        assert get.fault(server) == FetchFault.REFUSED


@pytest.mark.parametrize("damage", ["list", "note", "no note", "note of another kind"])
def test_a_damaged_shelf_is_not_relied_on(get: Getter, folder: Path, damage: str) -> None:
    with publishing(resumable(LIST)) as server:
        get(server)
        [kept], [note] = folder.glob("*.list"), folder.glob("*.json")
        if damage == "list":
            kept.write_bytes(LIST[:-1])
        elif damage == "note":
            note.write_text("{" * 100_000)
        elif damage == "no note":
            note.unlink()
        else:
            note.write_text('{"etag": 5}')
        assert get(server) == Fetched(LIST, sent=True)
    assert "If-None-Match" not in server.requests[1][1]


# Redirects.


def test_a_pointer_within_the_host_is_followed(get: Getter) -> None:
    with publishing(status(302, Location="/new?edition=2"), page(LIST)) as server:
        assert get(server).data == LIST
    assert [path for path, _ in server.requests] == ["/list", "/new?edition=2"]


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost:{port}/list",  # another host, although it is on the list
        "http://127.0.0.1:1/list",
        "https://127.0.0.1:{port}/list",
        "https://example.invalid/list",
        "//example.invalid/list",
        "file:///etc/passwd",
        "http://user@127.0.0.1:{port}/list",
        "http://127.0.0.1:{port}x/list",
        "http://[/",
        "/a b",
    ],
)
def test_a_pointer_to_another_place_is_not_followed(get: Getter, location: str) -> None:
    def away(handler: Handler) -> None:
        handler.reply(301, Location=location.format(port=handler.server.place[1]))

    with publishing(away) as server:
        assert get.fault(server) == FetchFault.REDIRECTED_AWAY
    assert len(server.requests) == 1


def test_a_pointer_from_https_to_http_is_not_followed(get: Getter, tmp_path: Path) -> None:
    context, trusted = tls_for(tmp_path)

    def down(handler: Handler) -> None:
        handler.reply(308, Location=f"http://localhost:{handler.server.place[1]}/list")

    with publishing(down, tls=context) as server:
        url = server.url(host="localhost")
        assert get.fault(url, tls=trusting(trusted)) == FetchFault.REDIRECTED_AWAY


def test_a_loop_of_pointers_ends(get: Getter) -> None:
    with publishing(status(307, Location="/list")) as server:
        assert get.fault(server) == FetchFault.REDIRECTED_TOO_OFTEN
    assert len(server.requests) == get.bounds.redirects + 1


# Sizes and times.


def test_an_endless_body_is_cut_off(get: Getter, folder: Path) -> None:
    get.bounds = get.bounds._replace(size=300_000)

    def endless(handler: Handler) -> None:
        handler.reply(200, Content_Length="", Transfer_Encoding="chunked", ETag='"e"')
        while True:  # until the other side goes away
            handler.wfile.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")

    with publishing(endless) as server:
        assert get.fault(server) == FetchFault.TOO_LARGE
    assert len(server.requests) == 1
    assert not list(folder.glob("*.part*"))


def test_a_body_that_says_that_it_is_too_large_is_not_read(get: Getter) -> None:
    get.bounds = get.bounds._replace(size=1000)
    with publishing(page(LIST)) as server:
        assert get.fault(server) == FetchFault.TOO_LARGE
    assert not get.told


@pytest.mark.parametrize("length", ["", "-1", "12 apples"])
def test_a_body_without_an_end_is_refused(get: Getter, length: str) -> None:
    with publishing(page(LIST, Content_Length=length)) as server:
        assert get.fault(server) == FetchFault.LENGTH_UNKNOWN


def test_a_slow_drip_ends_with_the_time_of_the_whole(folder: Path) -> None:
    clock = Time(step=20)
    get = Getter(folder, clock)
    get.bounds = get.bounds._replace(seconds=300)

    def drip(handler: Handler) -> None:
        handler.reply(200, Content_Length="100000", ETag='"drip"')
        for _ in range(100_000):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with publishing(drip) as server:
        assert get.fault(server) == FetchFault.TOO_SLOW
    assert clock.slept == []
    [part] = folder.glob("*.part")
    assert 0 < part.stat().st_size < 100_000


def test_a_slow_drip_of_headers_ends_too(folder: Path) -> None:
    get = Getter(folder, Time(step=20))
    get.bounds = get.bounds._replace(seconds=300)

    with publishing(_drip_headers) as server:
        assert get.fault(server) == FetchFault.TOO_SLOW


def _drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(60_000):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def test_a_silent_server_is_left_and_asked_again(get: Getter, clock: Time) -> None:
    get.bounds = get.bounds._replace(silence=0.05, attempts=2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/list"
        assert get.fault(url) == FetchFault.TOO_SLOW
    assert clock.slept == [1.0]


# Cut off, and going on.


def test_a_cut_body_is_gone_on_with(get: Getter, clock: Time) -> None:
    with publishing(
        resumable(LIST, cut=100_000), resumable(LIST, cut=50_000), resumable(LIST)
    ) as server:
        assert get(server) == Fetched(LIST, sent=True)
    asked = [headers.get("Range") for _, headers in server.requests]
    assert asked == [None, "bytes=100000-", "bytes=150000-"]
    assert server.requests[1][1]["If-Range"] == '"one"'
    assert clock.slept == [1.0, 2.0]


def test_a_cut_body_is_gone_on_with_by_the_next_fetch(get: Getter) -> None:
    get.bounds = get.bounds._replace(attempts=1)
    with publishing(resumable(LIST, cut=100_000), resumable(LIST)) as server:
        assert get.fault(server) == FetchFault.UNRELIABLE
        assert get(server).data == LIST
    assert server.requests[1][1]["Range"] == "bytes=100000-"


def test_a_body_that_is_always_shorter_than_it_says_is_refused(get: Getter, clock: Time) -> None:
    with publishing(page(LIST, Content_Length=str(len(LIST) + 1))) as server:
        assert get.fault(server) == FetchFault.UNRELIABLE
    assert len(server.requests) == get.bounds.attempts
    assert clock.slept == [1.0, 2.0, 4.0]


def test_chunks_that_never_end_are_refused(get: Getter) -> None:
    with publishing(chunks(LIST, end=False)) as server:
        assert get.fault(server) == FetchFault.UNRELIABLE


def test_a_server_that_refuses_ranges_sends_the_whole_again(get: Getter) -> None:
    with publishing(resumable(LIST, cut=1000), page(LIST)) as server:
        assert get(server).data == LIST
    assert "Range" in server.requests[1][1]


def test_a_range_that_is_refused_outright_starts_anew(get: Getter) -> None:
    with publishing(resumable(LIST, cut=1000), status(416), page(LIST)) as server:
        assert get(server).data == LIST
    assert ["Range" in headers for _, headers in server.requests] == [False, True, False]


def test_an_edition_that_changes_meanwhile_starts_anew(get: Getter) -> None:
    other = LIST[::-1]
    with publishing(resumable(LIST, cut=1000), resumable(other, '"two"')) as server:
        assert get(server).data == other


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": '"two"', "Content-Range": "bytes 1000-255999/256000"},
        {"ETag": '"one"', "Content-Range": "bytes 999-255998/256000"},
        {"ETag": '"one"', "Content-Range": "bytes 1000-255999/256001"},
        {"ETag": '"one"', "Content-Range": "bytes 1000-300000/300001"},
        {"ETag": '"one"', "Content-Range": "lines 1-2"},
        {"ETag": '"one"', "Content-Range": "bytes 1000-255999/*"},  # of how many?
        {"ETag": '"one"', "Content-Range": "bytes 1000-255998/255999"},
        # Of nothing, which chunks without end would not contradict.
        {
            "ETag": '"one"',
            "Content-Range": "bytes 1000-999/1000",
            "Transfer-Encoding": "chunked",
            "Content-Length": "",
        },
        {"ETag": '"one"'},
    ],
)
def test_a_rest_that_is_not_of_the_part_is_thrown_away(
    get: Getter, headers: dict[str, str]
) -> None:
    wrong = lambda handler: handler.reply(206, LIST[1000:], **headers)  # noqa: E731 - a script
    with publishing(resumable(LIST, cut=1000), wrong, page(LIST)) as server:
        assert get(server).data == LIST
    assert len(server.requests) == 3


def test_a_rest_that_makes_it_too_large_is_refused(get: Getter) -> None:
    get.bounds = get.bounds._replace(size=256_000)
    large = {"ETag": '"one"', "Content-Range": "bytes 200000-299999/300000"}
    more = lambda handler: handler.reply(206, bytes(100_000), **large)  # noqa: E731 - a script
    with publishing(resumable(LIST, cut=200_000), more) as server:
        assert get.fault(server) == FetchFault.TOO_LARGE


def test_a_part_beyond_a_smaller_limit_is_thrown_away(get: Getter) -> None:
    get.bounds = get.bounds._replace(attempts=1)
    with publishing(resumable(LIST, cut=200_000), page(b"small")) as server:
        get.fault(server)
        get.bounds = get.bounds._replace(size=1000)
        assert get(server).data == b"small"
    assert "Range" not in server.requests[1][1]


@pytest.mark.parametrize("etag", ['W/"weak"', "", "x" * 600, '"\x7f"'])
def test_a_part_of_no_certain_edition_is_not_gone_on_with(get: Getter, etag: str) -> None:
    with publishing(resumable(LIST, etag, cut=1000), page(LIST)) as server:
        assert get(server).data == LIST
    assert "Range" not in server.requests[1][1]


def test_a_date_is_mark_enough_to_go_on(get: Getter) -> None:
    date = formatdate(1_794_000_000, usegmt=True)
    cut = page(LIST[:1000], Content_Length=str(len(LIST)), Last_Modified=date)
    span = f"bytes 1000-{len(LIST) - 1}/{len(LIST)}"
    rest = lambda handler: handler.reply(206, LIST[1000:], Content_Range=span)  # noqa: E731 - a script
    with publishing(cut, rest) as server:
        assert get(server).data == LIST
    assert server.requests[1][1]["If-Range"] == date


def test_a_rest_nobody_asked_for_is_no_answer(get: Getter) -> None:
    with publishing(status(206, Content_Range="bytes 0-0/1")) as server:
        assert get.fault(server) == FetchFault.REFUSED


# Errors and pauses.


@pytest.mark.parametrize("number", [408, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_waited_for(get: Getter, clock: Time, number: int) -> None:
    with publishing(status(number), status(number), page(LIST)) as server:
        assert get(server).data == LIST
    assert clock.slept == [1.0, 2.0]


def test_chance_shortens_a_wait_by_half_at_most(get: Getter, clock: Time) -> None:
    with publishing(status(500), page(LIST)) as server:
        get(server, chance=lambda: 0.0)
    assert clock.slept == [0.5]


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410, 418, 501])
def test_a_clear_no_is_taken_for_an_answer(get: Getter, clock: Time, number: int) -> None:
    with publishing(status(number)) as server, pytest.raises(NotFetched) as caught:
        get(server)
    assert f"it answers {number}." in str(caught.value)
    assert len(server.requests) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("0", 1.0),
        (formatdate(1_795_000_060, usegmt=True), 60.0),
        (formatdate(1_794_000_000, usegmt=True), 1.0),
        ("Wed, 18 Nov 2026 11:07:40", 60.0),
        ("soon", 1.0),
        ("Wed, 99 Foo 2026 99:99:99 GMT", 1.0),
    ],
)
def test_a_server_is_left_alone_for_as_long_as_it_asks(
    get: Getter, clock: Time, asked: str, waited: float
) -> None:
    with publishing(status(429, Retry_After=asked), page(LIST)) as server:
        assert get(server).data == LIST
    assert clock.slept == [waited]


def test_a_pause_without_reason_is_not_waited_for(get: Getter, clock: Time) -> None:
    with publishing(status(429, Retry_After="86400")) as server:
        assert get.fault(server) == FetchFault.REFUSED
    assert clock.slept == []


def test_no_pause_reaches_beyond_the_time_of_the_whole(get: Getter, clock: Time) -> None:
    get.bounds = get.bounds._replace(seconds=60)
    with publishing(status(429, Retry_After="100")) as server:
        assert get.fault(server) == FetchFault.REFUSED
    assert clock.slept == []


def test_what_is_no_http_is_told(get: Getter) -> None:
    with publishing(lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n") and None) as server:
        assert get.fault(server) == FetchFault.UNRELIABLE


def test_a_server_that_is_not_there_is_told(get: Getter, clock: Time) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert get.fault(f"http://127.0.0.1:{port}/") == FetchFault.NO_CONNECTION
    assert len(clock.slept) == 3


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-anything"])
def test_a_packed_body_is_never_unpacked(get: Getter, coding: str) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    with publishing(page(bomb, Content_Encoding=coding)) as server:
        assert get.fault(server) == FetchFault.ENCODED
    assert not get.told


# Hosts, addresses, certificates, proxies.


def test_a_host_that_is_not_listed_is_not_asked(get: Getter) -> None:
    get.hosts = frozenset({"tng-cdn.who.int"})
    with publishing(page(LIST)) as server:
        assert get.fault(server) == FetchFault.HOST_NOT_LISTED
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.invalid/list",
        "http://10.0.0.1/list",
        "ftp://127.0.0.1/list",
        "file:///etc/passwd",
        "https:///list",
        "https://user:secret@127.0.0.1/list",
        "https://127.0.0.1:99999/list",
        "https://127.0.0.1/a b",
        "https://127.0.0.1/\u00e9",
        "https://127.0.0.1/" + "x" * 2000,
        "https://[::1/list",
        "127.0.0.1/list",
        "",
    ],
)
def test_an_address_that_is_not_fit_is_refused(get: Getter, url: str) -> None:
    with pytest.raises(NotFetched) as caught:
        get(url)
    assert caught.value.fault == FetchFault.ADDRESS_UNFIT
    assert "secret" not in str(caught.value)


def test_plain_http_needs_a_word_even_on_this_machine(get: Getter) -> None:
    with publishing(page(LIST)) as server:
        assert get.fault(server, plain_loopback=False) == FetchFault.ADDRESS_UNFIT
    assert server.requests == []


def test_a_host_is_named_as_it_is_compared() -> None:
    assert host_of("https://LISTS.Example.:8443/x?y") == "lists.example"


def trusting(file: Path) -> object:
    return lambda: ssl.create_default_context(cafile=str(file))


def test_a_certificate_that_is_trusted_is_enough(get: Getter, tmp_path: Path) -> None:
    context, trusted = tls_for(tmp_path)
    with publishing(page(LIST), tls=context) as server:
        url = server.url(host="localhost")
        assert get(url, tls=trusting(trusted), plain_loopback=False).data == LIST


def test_a_list_over_tls_is_gone_on_with_as_well(get: Getter, tmp_path: Path) -> None:
    context, trusted = tls_for(tmp_path)
    with publishing(resumable(LIST, cut=100_000), resumable(LIST), tls=context) as server:
        assert get(server.url(host="localhost"), tls=trusting(trusted)).data == LIST
    assert server.requests[1][1]["Range"] == "bytes=100000-"


@pytest.mark.parametrize("wrong", ["unknown", "other name"])
def test_a_wrong_certificate_is_told_and_not_tried_again(
    get: Getter, clock: Time, tmp_path: Path, wrong: str
) -> None:
    context, trusted = tls_for(tmp_path, "localhost" if wrong == "unknown" else "example.invalid")
    _, other = tls_for(tmp_path, key="other")
    with publishing(page(LIST), tls=context) as server:
        tls = trusting(other if wrong == "unknown" else trusted)
        assert get.fault(server.url(host="localhost"), tls=tls) == FetchFault.CERTIFICATE_WRONG
    assert server.requests == []
    assert clock.slept == []


def test_the_system_s_trust_store_is_what_counts(get: Getter, tmp_path: Path) -> None:
    context, _ = tls_for(tmp_path)
    with publishing(page(LIST), tls=context) as server:
        assert get.fault(server.url(host="localhost")) == FetchFault.CERTIFICATE_WRONG


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[tuple[Publisher, Publisher, Path]]:
    """A publisher of a name that only the proxy knows, and the proxy."""
    context, trusted = tls_for(tmp_path, "lists.invalid")
    with publishing(page(LIST), tls=context) as server, publishing(page(b"")) as proxy:
        proxy.behind = server.place
        yield server, proxy, trusted


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_used(
    get: Getter,
    proxied: tuple[Publisher, Publisher, Path],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    server, proxy, trusted = proxied
    monkeypatch.setenv(variable, f"http://me:my%20secret@127.0.0.1:{proxy.place[1]}")
    get.hosts = frozenset({"lists.invalid"})
    assert get("https://lists.invalid/list", tls=trusting(trusted)).data == LIST
    [(asked, headers)] = proxy.requests
    assert asked == "lists.invalid:443"
    assert headers["Proxy-Authorization"] == "Basic bWU6bXkgc2VjcmV0"
    assert "Proxy-Authorization" not in server.requests[0][1]


def test_a_proxy_without_a_name_or_scheme_is_used(
    get: Getter, proxied: tuple[Publisher, Publisher, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, proxy, trusted = proxied
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.place[1]}")
    get.hosts = frozenset({"lists.invalid"})
    assert get("https://lists.invalid/list", tls=trusting(trusted)).data == LIST
    assert "Proxy-Authorization" not in proxy.requests[0][1]


def test_a_host_that_the_environment_excepts_is_asked_directly(
    get: Getter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = tls_for(tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "localhost")
    with publishing(page(LIST), tls=context) as server:
        assert get(server.url(host="localhost"), tls=trusting(trusted)).data == LIST


def test_a_proxy_that_refuses_is_told_without_its_secret(
    get: Getter, monkeypatch: pytest.MonkeyPatch
) -> None:
    get.hosts = frozenset({"lists.invalid"})
    with publishing(page(b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{proxy.place[1]}")
        with pytest.raises(NotFetched) as caught:
            get("https://lists.invalid/list")
    assert caught.value.fault == FetchFault.NO_CONNECTION
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1", "http://[::1", "http://127.0.0.1:x", "x"]
)
def test_a_proxy_of_another_kind_is_told(
    get: Getter, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    get.hosts = frozenset({"lists.invalid"})
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert get.fault("https://lists.invalid/list") == FetchFault.PROXY_UNFIT


# The shelf.


def test_a_full_disk_is_told_as_what_it_is(
    get: Getter, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    with publishing(page(LIST)) as server:
        url = server.url()
        monkeypatch.setattr(trustlists.shelf, "_write", _full)
        with pytest.raises(SetupError, match="No space left on device") as caught:
            get(url)
    assert not isinstance(caught.value, NotFetched)
    assert clock.slept == []


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_addresses_never_share_a_place(folder: Path) -> None:
    one, two = Slot(folder, "https://a/"), Slot(folder, "https://b/")
    for slot, data in ((one, b"1"), (two, b"2")):
        with slot.begin(Marks('"x"')) as part:
            slot.add(part, data)
        slot.finish(Marks('"x"'))
    kept = one.kept()
    assert kept is not None
    assert kept.data == b"1"
    one.forget()
    assert one.kept() is None
    assert two.kept() is not None


def test_the_defaults_are_those_of_the_system() -> None:
    assert Machine().sleep is time.sleep
    assert not Machine().plain_loopback
