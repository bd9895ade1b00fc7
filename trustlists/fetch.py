"""Fetching a list over HTTPS for the back office: the only file of the project with a socket.

Whoever is at the other end, or in between, can make a fetch fail and nothing else: hosts are on a
list, no redirect leaves its host, sizes and times end, and what came in is still to be
authenticated like any file. A cut body is gone on with where it broke off (RFC 9110, 14), an
unchanged one is not sent again (RFC 9110, 13). Proxies are those of the environment, certificates
are checked against the system's trust store.
"""

import random
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from ipaddress import ip_address
from socket import socket
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from trustlists.fetch_faults import FetchFault, NotFetched, failure
from trustlists.progress import Report, Step, silent
from trustlists.shelf import Marks, Slot
from verifier.limits import LIST_BYTES

_CHUNK: Final = 64 * 1024
_PLAIN: Final = re.compile(r"[!-~]{1,2000}")
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_DIGITS: Final = re.compile(r"\d{1,12}")
_MARK_CHARACTERS: Final = 500

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
_OK, _PARTIAL, _UNCHANGED, _NO_SUCH_RANGE = 200, 206, 304, 416


class Bounds(NamedTuple):
    """How much one fetch may take.

    ``size`` in bytes; ``seconds`` for all of it, waits included; ``silence`` in seconds for
    connecting and for each read; ``longest_wait`` in seconds when the server asks for a pause.
    """

    size: int = LIST_BYTES
    seconds: float = 900.0  # 64 MiB at 75 kB/s, which is a slow line
    silence: float = 30.0
    attempts: int = 5
    redirects: int = 5
    longest_wait: float = 120.0


class Machine(NamedTuple):
    """What a fetch asks of the machine. Tests hand in their own, so that nothing really waits.

    ``plain_loopback`` lets http be used to this very machine, for tests.
    """

    sleep: Callable[[float], object] = time.sleep
    ticks: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    plain_loopback: bool = False


class Fetched(NamedTuple):
    """A whole list, and whether anything of it had to be sent."""

    data: bytes
    sent: bool


class _Address(NamedTuple):
    secure: bool
    host: str
    port: int
    target: str
    url: str

    @property
    def origin(self) -> tuple[bool, str, int]:
        return self.secure, self.host, self.port


class _Again(Exception):
    """An attempt failed in a way that another may not; ``wait`` is what the server asks for."""

    def __init__(self, fault: FetchFault, detail: str = "", wait: float = 0) -> None:
        super().__init__(fault)
        self.fault = fault
        self.detail = detail
        self.wait = wait


class _TimedReads(RawIOBase):
    """A connection's bytes; each read ends when its own time or that of the whole fetch is over."""

    def __init__(self, connected: socket, fetch: "_Fetch") -> None:
        self._socket = connected
        self._reads = connected.makefile("rb", buffering=0)
        self._fetch = fetch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        self._socket.settimeout(self._fetch.patience())
        return self._reads.readinto(buffer)

    def close(self) -> None:
        self._reads.close()
        super().close()


class _TimedSocket(NamedTuple):
    """As much of a socket as a response needs."""

    connected: socket
    fetch: "_Fetch"

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(_TimedReads(self.connected, self.fetch))


def fetch(  # noqa: PLR0913 - what a fetch needs
    url: str,
    *,
    hosts: frozenset[str],
    slot: Slot,
    name: str = "",
    bounds: Bounds = Bounds(),  # noqa: B008 - a constant
    machine: Machine = Machine(),  # noqa: B008 - a constant
    report: Report = silent,
) -> Fetched:
    """Fetch one list from a host among ``hosts``; its place keeps what may be used again.

    Raises ``NotFetched`` with one of the faults above.
    """
    address = _address(url, plain_loopback=machine.plain_loopback)
    if address.host not in hosts:
        raise failure(FetchFault.HOST_NOT_LISTED, address.host)
    if slot.part()[0] > bounds.size:
        slot.forget_part()
    return _Fetch(slot, name or address.host, bounds, machine, report).run(address)


def host_of(url: str) -> str:
    """Name the host of an address that can be fetched from. Raises ``NotFetched``."""
    return _address(url, plain_loopback=True).host


class _Fetch:
    """One fetch: its attempts, until one ends well or too many have not."""

    __slots__ = ("_bounds", "_end", "_machine", "_name", "_report", "_slot")

    def __init__(
        self, slot: Slot, name: str, bounds: Bounds, machine: Machine, report: Report
    ) -> None:
        self._slot = slot
        self._name = name
        self._bounds = bounds
        self._machine = machine
        self._report = report
        self._end = machine.ticks() + bounds.seconds

    def run(self, address: _Address) -> Fetched:
        attempt = 1
        while True:
            try:
                return self._attempt(address)
            except _Again as failed:
                again = failed
            except TimeoutError:
                again = _Again(FetchFault.TOO_SLOW)
            except _Late:
                raise failure(FetchFault.TOO_SLOW, address.host) from None
            except ssl.SSLCertVerificationError:
                raise failure(FetchFault.CERTIFICATE_WRONG, address.host) from None
            except (HTTPException, ConnectionResetError, ssl.SSLEOFError):
                again = _Again(FetchFault.UNRELIABLE)
            except OSError:
                again = _Again(FetchFault.NO_CONNECTION)
            if attempt == self._bounds.attempts:
                raise failure(again.fault, address.host, again.detail)
            self._wait(attempt, again, address)
            attempt += 1

    def patience(self) -> float:
        """Give how long the next step may take (seconds); raises ``_Late`` when none is left."""
        left = self._end - self._machine.ticks()
        if left <= 0:
            raise _Late
        return min(left, self._bounds.silence)

    def _wait(self, attempt: int, again: _Again, address: _Address) -> None:
        """Wait longer each time, by a little chance so that not all desks come back at once."""
        pause = max(again.wait, 2.0 ** (attempt - 1) * (0.5 + self._machine.chance() / 2))
        if pause > self._bounds.longest_wait or self._machine.ticks() + pause >= self._end:
            raise failure(again.fault, address.host, again.detail)
        self._machine.sleep(pause)

    def _attempt(self, address: _Address) -> Fetched:
        kept = self._slot.kept()
        size, marks = self._slot.part()
        headers = {"Accept-Encoding": "identity", "User-Agent": "pratique", "Connection": "close"}
        if size:
            headers |= {"Range": f"bytes={size}-", "If-Range": marks.strong}
        elif kept and kept.marks.etag:
            headers["If-None-Match"] = kept.marks.etag
        elif kept and kept.marks.modified:
            headers["If-Modified-Since"] = kept.marks.modified
        with self._answer(address, headers) as response:
            if response.status == _UNCHANGED and kept and not size:
                return Fetched(kept.data, sent=False)
            if response.status == _PARTIAL and size:
                return Fetched(self._rest(response, size, marks, address), sent=True)
            if response.status == _OK:
                return Fetched(self._whole(response, address), sent=True)
            if response.status == _NO_SUCH_RANGE and size:
                self._slot.forget_part()
                raise _Again(FetchFault.UNRELIABLE)
            detail = f"it answers {response.status}"
            if response.status in _AGAIN:
                wait = _pause_asked(response, self._machine.now())
                raise _Again(FetchFault.REFUSED, detail, wait)
            raise failure(FetchFault.REFUSED, address.host, detail)

    @contextmanager
    def _answer(self, address: _Address, headers: dict[str, str]) -> Iterator[HTTPResponse]:
        """Ask, following pointers within the same host."""
        for _ in range(self._bounds.redirects + 1):
            connection = self._connection(address)
            try:
                connection.request("GET", address.target, headers=headers)
                with connection.getresponse() as response:
                    if response.status not in _REDIRECTS:
                        yield response
                        return
                    address = self._redirected(address, response.getheader("Location", ""))
            finally:
                connection.close()
        raise failure(FetchFault.REDIRECTED_TOO_OFTEN, address.host)

    def _redirected(self, address: _Address, location: str) -> _Address:
        try:
            found = _address(
                urljoin(address.url, location), plain_loopback=self._machine.plain_loopback
            )
        except (NotFetched, ValueError):
            found = None
        if found is None or found.origin != address.origin:
            raise failure(FetchFault.REDIRECTED_AWAY, address.host)
        return found

    def _connection(self, address: _Address) -> HTTPConnection:
        proxy = _proxy_of(address)
        host, port = (proxy.hostname, proxy.port) if proxy else (address.host, address.port)
        patience = self.patience()
        connection = (
            HTTPSConnection(host or "", port, timeout=patience, context=self._machine.tls())
            if address.secure
            else HTTPConnection(host or "", port, timeout=patience)
        )
        if proxy:
            connection.set_tunnel(address.host, address.port, _authorisation(proxy))
        made: Any = self._response
        connection.response_class = made
        return connection

    def _response(self, connected: socket, **options: Any) -> HTTPResponse:  # noqa: ANN401 - as the library calls it
        timed: Any = _TimedSocket(connected, self)
        return HTTPResponse(timed, **options)

    def _whole(self, response: HTTPResponse, address: _Address) -> bytes:
        marks = _marks_of(response)
        length = self._length(response, address)
        with self._slot.begin(marks) as part:
            self._receive(response, part, 0, length, address)
        return self._slot.finish(marks)

    def _rest(self, response: HTTPResponse, size: int, marks: Marks, address: _Address) -> bytes:
        """Go on with a part, once the server has said that it is the same edition."""
        found = _RANGE.fullmatch(response.getheader("Content-Range", ""))
        said = _marks_of(response)
        same = not said.etag or not marks.etag or said.etag == marks.etag
        start, last, whole = map(int, found.groups()) if found else (0, 0, 0)
        length = self._length(response, address)
        fits = start == size <= last == whole - 1 and length in {None, whole - size}
        if not fits or not same:
            self._slot.forget_part()
            raise _Again(FetchFault.UNRELIABLE)
        if whole > self._bounds.size:
            raise failure(FetchFault.TOO_LARGE, address.host)
        with self._slot.resume() as part:
            self._receive(response, part, size, whole - size, address)
        return self._slot.finish(marks)

    def _length(self, response: HTTPResponse, address: _Address) -> int | None:
        """Tell how many bytes follow, None when they come in chunks and end with one."""
        if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise failure(FetchFault.ENCODED, address.host)
        if response.chunked:
            return None
        length = response.getheader("Content-Length", "")
        if not _DIGITS.fullmatch(length):
            raise failure(FetchFault.LENGTH_UNKNOWN, address.host)
        if int(length) > self._bounds.size:
            raise failure(FetchFault.TOO_LARGE, address.host)
        return int(length)

    def _receive(
        self,
        response: HTTPResponse,
        part: BinaryIO,
        size: int,
        length: int | None,
        address: _Address,
    ) -> None:
        """Write what comes in to the part. Raises when it is cut off; what came in stays."""
        whole = None if length is None else size + length
        while whole is None or size < whole:
            self._report(Step.FETCH, self._name, size, whole)
            wanted = _CHUNK if whole is None else min(_CHUNK, whole - size)
            chunk = response.read1(wanted)
            if not chunk:
                break
            size += len(chunk)
            if size > self._bounds.size:
                self._slot.forget_part()
                raise failure(FetchFault.TOO_LARGE, address.host)
            self._slot.add(part, chunk)
        if whole is not None and size < whole:
            raise _Again(FetchFault.UNRELIABLE)
        self._report(Step.FETCH, self._name, size, size)


class _Late(Exception):
    """The time of the whole fetch is over."""


def _address(url: str, *, plain_loopback: bool) -> _Address:
    shown = "The address"
    if not _PLAIN.fullmatch(url):
        raise failure(FetchFault.ADDRESS_UNFIT, shown)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise failure(FetchFault.ADDRESS_UNFIT, shown) from None
    host = (parts.hostname or "").rstrip(".")
    secure = parts.scheme == "https"
    allowed = secure or (parts.scheme == "http" and plain_loopback and _is_loopback(host))
    if not host or not allowed or "@" in parts.netloc:
        raise failure(FetchFault.ADDRESS_UNFIT, shown)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Address(secure, host, port or (443 if secure else 80), target, url)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _proxy_of(address: _Address) -> SplitResult | None:
    """Name the proxy that the environment asks for; never one to this very machine by http."""
    if not address.secure or proxy_bypass(f"{address.host}:{address.port}"):
        return None
    proxies = getproxies()
    named = proxies.get("https") or proxies.get("all")
    if not named:
        return None
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        usable = proxy.scheme == "http" and proxy.hostname and proxy.port is not None
    except ValueError:
        usable = False
    if not usable:
        raise failure(FetchFault.PROXY_UNFIT, address.host)
    return proxy


def _authorisation(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    from base64 import b64encode  # noqa: PLC0415 - few proxies ask

    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _marks_of(response: HTTPResponse) -> Marks:
    """Read the marks of an edition; one that is no plain short text is none."""
    etag, modified = (response.getheader(each, "") for each in ("ETag", "Last-Modified"))
    return Marks(*(text if _is_mark(text) else "" for text in (etag, modified)))


def _is_mark(text: str) -> bool:
    return len(text) <= _MARK_CHARACTERS and text.isascii() and text.isprintable()


def _pause_asked(response: HTTPResponse, now: float) -> float:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; 0 when it says nothing."""
    text = response.getheader("Retry-After", "").strip()
    if _DIGITS.fullmatch(text):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return 0
    return max(0.0, when.replace(tzinfo=when.tzinfo or UTC).timestamp() - now)
