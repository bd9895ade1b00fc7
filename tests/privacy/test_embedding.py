"""The library within other programs: whatever they show, log or pack up, no canary appears.

What a caller reads out of a holder is the caller's. Everything else that passes through its hands
is tried here with the tools that programs around it use.
"""

import code
import copy
import dataclasses
import io
import json
import logging
import pdb  # noqa: T100 - a debugger is what is tried
import pickle
import sys
import threading
import traceback
import types
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pprint import pformat
from typing import Any

import pytest
from support.canaries import Canaries, Document, all_documents, good_documents
from support.specimens import store

import verifier
from fixtures.world import DEMO
from verifier import Disclosure, PrivacyPolicy, SetupError, Verdict, Verifier
from verifier.errors import PolicyViolation
from verifier.inspection import inspect

CANARIES = Canaries()
GOOD = good_documents(CANARIES)
DOCUMENTS = all_documents(CANARIES)
SCANS = [document.text for document in DOCUMENTS]
EACH = pytest.mark.parametrize("document", GOOD, ids=lambda document: document.name)


def held() -> Verifier:
    return Verifier(trust=store(), policy=PrivacyPolicy(Disclosure.CLINICAL))


def leaks(shown: str | bytes) -> list[str]:
    return CANARIES.found_in(shown, *SCANS[:40])


def reported(error: BaseException) -> str:
    """Write down an error as crash reporters do: every local of every frame, to some depth."""
    shown = []
    frames = traceback.walk_tb(error.__traceback__)
    for frame, line in frames:
        if frame.f_code.co_filename == __file__ and not frame.f_locals.get("report_me"):
            continue  # the test's own frames hold what it looks for
        members = {name: _serialised(value, 4) for name, value in frame.f_locals.items()}
        shown.append(f"{frame.f_code.co_name}:{line} {members}")
    others = filter(None, (error.__cause__, error.__context__))
    return "\n".join([repr(error), *shown, *map(reported, others)])


def _serialised(value: Any, depth: int) -> object:
    """Look into containers and objects, and take the repr of what is left."""
    if depth and isinstance(value, dict):
        return {repr(key): _serialised(each, depth - 1) for key, each in value.items()}
    if depth and isinstance(value, list | tuple | set | frozenset):
        return [_serialised(each, depth - 1) for each in value]
    if depth and hasattr(value, "__dict__") and not isinstance(value, types.ModuleType | type):
        return repr(value), _serialised(vars(value), depth - 1)
    return repr(value)


def the_host_fails(document: Document) -> None:
    """Hold everything that a host may hold, and fail."""
    shift = held()
    verdict = shift.verify(document.text, at=DEMO)
    del document
    holder = verdict.holder()
    seen = {"shift": shift, "verdict": verdict, "all": [verdict, holder]}
    report_me = f"{verdict} {holder} {seen}"
    with holder:
        raise ZeroDivisionError(report_me)


@EACH
def test_a_crash_reporter_that_writes_down_frames(document: Document) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        the_host_fails(document)
    shown = reported(caught.value)
    assert "verdict" in shown
    assert "holder" in shown
    assert not leaks(shown)


def test_the_reporter_does_find_what_stands_in_a_frame() -> None:
    def careless(report_me: str) -> float:
        return len(report_me) / 0

    with pytest.raises(ZeroDivisionError) as caught:
        careless(GOOD[0].text)
    assert leaks(reported(caught.value))


@pytest.mark.parametrize("entry", ["method", "function", "inspect", "extension"])
def test_an_error_of_the_set_up_has_no_document_in_its_frames(entry: str) -> None:
    naive = datetime(2026, 12, 1)  # noqa: DTZ001 - that is the mistake
    calls = {
        "method": lambda: held().verify(GOOD[0].text, at=naive),
        "function": lambda: verifier.verify(GOOD[0].text, trust=store(), at=naive),
        "inspect": lambda: inspect(GOOD[0].text, trust=store(), at=naive),
        "extension": lambda: verifier.verify(
            GOOD[0].text, trust=store(), extensions=["there is none"]
        ),
    }
    with pytest.raises(SetupError) as caught:
        calls[entry]()
    assert not leaks(reported(caught.value))


@pytest.mark.parametrize("at", ["read_scan", "find", "verify", "judge_dates"])
def test_an_interrupt_leaves_the_stages_without_their_frames(
    monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    shift = held()
    places = {
        "read_scan": (verifier.verifier.scan, "read_scan"),
        "find": (type(store()), "find"),
        "verify": (verifier.verifier.signature, "verify"),
        "judge_dates": (verifier.verifier.validity, "judge_dates"),
    }
    monkeypatch.setattr(*places[at], interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        shift.verify(GOOD[0].text, at=DEMO)
    assert not leaks(reported(caught.value))
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert "_go_through_stages" not in names


@EACH
def test_what_a_notebook_shows_and_keeps(
    document: Document, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shift = held()
    verdict = shift.verify(document.text, at=DEMO)
    session = code.InteractiveInterpreter({"shift": shift, "verdict": verdict})
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)
    for line in (
        "verdict", "_", "shift", "verdict.findings", "verdict.issuer", "[verdict]", "dir(verdict)",
        "verdict.holder()", "_", "{'a': _}", "print(verdict)", "print(_)", "help(verdict)",
        "1 / 0 if verdict else 0", "verdict.holder()",
    ):  # fmt: skip
        session.runsource(line)
    out, err = capsys.readouterr()
    assert "ZeroDivisionError" in err
    assert "<private>" in out
    assert not leaks(out + err)
    assert not leaks(pformat(session.locals))
    for method in ("_repr_html_", "_repr_pretty_", "_repr_mimebundle_", "_ipython_display_"):
        assert not hasattr(verdict, method)


@EACH
def test_a_debugger_that_prints_every_frame(document: Document) -> None:
    said = io.StringIO()
    orders = io.StringIO(
        "w\np locals()\npp verdict\np holder\nargs\np holder.__slots__\nu\np 1\nq\n"
    )
    # What a debugger is started with may ask for a prompt; nothing is to be loaded from a home.
    debugger = pdb.Pdb(stdin=orders, stdout=said, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    try:
        the_host_fails(document)
    except ZeroDivisionError as error:
        last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    debugger.reset()
    measuring = sys.gettrace()
    try:
        debugger.interaction(None, last)
    finally:
        sys.settrace(measuring)  # "q" ends all tracing, that of the coverage of tests too
    shown = said.getvalue()
    assert "holder" in shown
    assert "<private>" in shown
    own = shown.replace(repr(document), "")
    assert not leaks(own)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_logging_of_everything_at_debug(document: Document) -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        shift = held()
        verdict = shift.verify(document.text, at=DEMO)
        root.debug("%s %r", verdict, shift)
        root.info("verdict", extra={"verdict": verdict})
        root.debug("%(verdict)s", {"verdict": verdict})
        if verdict.discloses_holder:
            with verdict.holder() as holder:
                root.warning("%s %r %a", holder, holder, holder)
        try:
            verdict.holder()
        except PolicyViolation:
            root.exception("read twice")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert "read twice" in said.getvalue()
    assert not leaks(said.getvalue())


def _packed(value: object) -> Iterator[object]:
    """Try whatever packs up, copies or lists a value; what refuses gives nothing."""
    for take in (
        pickle.dumps, copy.copy, copy.deepcopy, vars, dataclasses.asdict, dataclasses.astuple,
        dict, list, str, repr, ascii, format, pformat, json.dumps,
        lambda each: json.dumps(each, default=str), lambda each: json.dumps([each], default=repr),
        lambda each: json.dumps({"a": each}, default=vars),
        lambda each: f"{each} {each!r:>9} {each=}",
        lambda each: each.__getstate__(), lambda each: each.__reduce_ex__(4),
        lambda each: each._asdict(), lambda each: each.to_json(), lambda each: each.model_dump(),
    ):  # fmt: skip
        try:
            yield take(value)
        except (PolicyViolation, TypeError, ValueError, AttributeError) as refused:
            yield str(refused)


@EACH
def test_whatever_packs_up_a_value(document: Document) -> None:
    shift = held()
    verdict = shift.verify(document.text, at=DEMO)
    with verdict.holder() as holder:
        for value in (verdict, shift, [verdict], {"verdict": verdict}, holder, verdict.findings):
            for packed in _packed(value):
                if isinstance(packed, bytes):
                    assert not leaks(packed)
                assert not leaks(repr(packed)), type(value)
                _let_go(packed, shift)


def _let_go(packed: object, shift: Verifier) -> None:
    """Close the store of a deep copy, which is its own."""
    if isinstance(packed, Verifier) and packed._desk.trust is not shift._desk.trust:
        packed._desk.trust.close()  # type: ignore[attr-defined]


@EACH
def test_an_assertion_that_fails(document: Document) -> None:
    verdict = held().verify(document.text, at=DEMO)
    with verdict.holder() as holder, pytest.raises(AssertionError) as caught:
        assert (verdict, holder) == (holder, verdict), f"{verdict} {holder}"
    assert "private" in str(caught.value)
    assert not leaks(str(caught.value))
    with pytest.raises(AssertionError) as caught:
        assert verdict.holder is verdict
    assert not leaks(str(caught.value))


class Handler(BaseHTTPRequestHandler):
    """A web service that verifies what it is sent, and falls over at times."""

    shift: Verifier
    log: list[str]

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        verdict = self.shift.verify(self.rfile.read(size), at=DEMO)
        try:
            body = self._answer(verdict)
        except ZeroDivisionError:
            # As frameworks do in development: the traceback becomes the page.
            body = traceback.format_exc() + repr(vars(self))
            self.log_error("%s", traceback.format_exc())
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, verdict: Verdict) -> str:
        if self.path == "/fails":
            raise ZeroDivisionError(verdict)
        return json.dumps(verdict.to_json(), default=str) + json.dumps(verdict, default=repr)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
        self.log.append(format % arguments)


@pytest.fixture
def service() -> Iterator[tuple[str, list[str]]]:
    log: list[str] = []
    handler = type("Bound", (Handler,), {"shift": held(), "log": log})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", log
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/", "/fails"])
def test_a_web_handler_answers_and_logs(service: tuple[str, list[str]], path: str) -> None:
    address, log = service
    for document in DOCUMENTS[:30]:
        request = urllib.request.Request(address + path, document.text.encode("utf-8", "replace"))  # noqa: S310 - of ours
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
            assert not leaks(answer.read())
    assert log
    assert not leaks("\n".join(log))
