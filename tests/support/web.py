"""A publisher on this machine that misbehaves on request, plainly or over TLS, and a proxy."""

import base64
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from Crypto.PublicKey import ECC
from support.certificates import certificate, ec_key, extension, name, pem, tlv

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Gives each request to the next answer of the script; the last one stays."""

    protocol_version = "HTTP/1.1"
    server: "Publisher"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        script = self.server.script
        answer = script[0] if len(script) == 1 else script.pop(0)
        answer(self)

    def do_CONNECT(self) -> None:
        """Be a proxy: pass on what comes to where the test said, whatever host is asked for."""
        self.server.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        if self.server.behind is None:
            self.send_error(407)
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(self.server.behind) as onward:
            sides = (self.connection, onward), (onward, self.connection)
            pumps = [threading.Thread(target=_pump, args=side) for side in sides]
            for pump in pumps:
                pump.start()
            for pump in pumps:
                pump.join()

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer as a good server does; a header may be replaced, or left out by an empty text."""
        self.send_response(status)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        for key, value in ({"Content-Length": str(len(body))} | named).items():
            if value:
                self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class Publisher(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.behind: tuple[str, int] | None = None
        self.scheme = "http"

    @property
    def place(self) -> tuple[str, int]:
        return ("127.0.0.1", int(self.server_address[1]))

    def url(self, path: str = "/list", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.place[1]}{path}"

    def handle_error(self, *_: object) -> None:
        """A client that goes away is what many of the tests are about."""


@contextmanager
def publishing(*script: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    """Serve answers on a free port for as long as the block lasts."""
    with Publisher(list(script)) as server:
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            server.scheme = "https"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def tls_for(
    folder: Path, host: str = "localhost", key: str = "server"
) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for a host; give the server's side and the file that a client trusts."""
    made = ec_key(key)
    subject = name(country=None, common=host)
    der = certificate(
        made,
        subject=subject,
        extensions=[extension("551d11", tlv(0x30, tlv(0x82, host.encode())))],
    )
    certificate_file, key_file = folder / f"{key}.crt", folder / f"{key}.key"
    certificate_file.write_text(pem(der))
    key_file.write_text(_private(made))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context, certificate_file


def page(body: bytes, **headers: str) -> Answer:
    """A good answer."""
    return lambda handler: handler.reply(200, body, **headers)


def status(number: int, **headers: str) -> Answer:
    return lambda handler: handler.reply(number, **headers)


def resumable(
    body: bytes, etag: str = '"one"', *, cut: int | None = None, pieces: int = 1
) -> Answer:
    """A server that can go on, knows its edition, and may break off after some bytes.

    In several pieces it gives whoever reads it time to be killed between them.
    """

    def answer(handler: Handler) -> None:
        asked = handler.headers.get("Range", "")
        same = handler.headers.get("If-Range") == etag
        if handler.headers.get("If-None-Match") == etag:
            handler.reply(304, Content_Length="", ETag=etag)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and same else 0
        rest = body[start:]
        more: dict[str, Any] = {"ETag": etag, "Content-Length": str(len(rest))}
        if start:
            more["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        rest = rest[:cut]
        size = -(-len(rest) // pieces)
        handler.reply(206 if start else 200, rest[:size], **more)
        for at in range(size, len(rest), size or 1):
            time.sleep(0.001)
            handler.wfile.write(rest[at : at + size])

    return answer


def _private(key: ECC.EccKey) -> str:
    text = key.export_key(format="PEM")
    return text if isinstance(text, str) else base64.b64encode(text).decode()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # either side may go away first
        return
