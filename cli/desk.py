"""The main job: one verdict a document, for any number of files and pipes.

Free of click, which takes longer to load than everything here: ``cli.app`` comes here directly
when it can.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from cli.exit_codes import STATUS_OF
from cli.inputs import STANDARD_INPUT, Document, documents
from cli.messages import counted, word
from cli.output import remark, tell, write
from cli.problem import Problem, shown
from cli.request import Request
from trustlists import TrustStore
from verifier import Outcome, PrivacyPolicy, Reason, Verdict, Verifier
from verifier.collecting import Collector, split, whole_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.counts import Counts
    from cli.seals import Sealing


class Judged(NamedTuple):
    """What to show of a document, what came of it, and whether it was one of any kind."""

    text: str
    outcome: Outcome
    recognised: bool = True


def judged(text: str, verdict: Verdict) -> Judged:
    """Take a verdict as it is shown."""
    return Judged(text, verdict.outcome, verdict.findings[0].code is not Reason.NOT_RECOGNISED)


def verify(request: Request, seal: "Sealing") -> int:
    """Verify what is asked for, verdict by verdict, and give the exit status.

    Raises ``SetupError`` when the trust store is unusable.
    """
    with open_store(request.store) as store:
        policy = PrivacyPolicy(request.disclosure)
        verifier = Verifier(
            trust=store,
            rules=request.rules,
            region=request.region,
            policy=policy,
            accept_retired=request.accept_retired,
            demand_revocation=request.demand_revocation,
            extensions=request.extensions,
        )
        counts = _counts(request) if request.counts else None
        show = counts.add if counts else _writer(request)
        gc.enable()  # loading is over, see cli.app
        with sealed_shift(request, seal):
            zone = _zone(request)

            def judge(document: Document) -> Judged:
                verdict = (
                    verifier.unread(document, at=request.at)
                    if isinstance(document, Reason)
                    else verifier.verify(document, at=request.at, mrz=zone)
                )
                return judged(show(verdict), verdict)

            status = for_each_file(request, judge)
        if counts:
            write(counts.write())
        return status


@contextmanager
def sealed_shift(request: Request, seal: "Sealing") -> Iterator[None]:
    """Seal the process before anything of a traveller is read.

    Raises ``SetupError`` when a seal that is demanded does not hold, and ``SealBroken`` at the end
    when some code, of an extension for instance, tried what is sealed.
    """
    watch = seal(demand=request.require_seals)
    yield
    if watch is not None:
        watch.demand_unbroken()


def for_each_file(request: Request, judge: Callable[[Document], Judged]) -> int:
    """Write what is judged of every document of every file and give the largest status.

    A file that cannot be used is told on standard error; the others are still judged.
    """
    names = request.files or (STANDARD_INPUT,)
    collector = Collector()
    report = _Report(request, headings=len(names) > 1)
    for name in names:
        awaited = name == STANDARD_INPUT and os.isatty(0)
        if awaited:
            remark(word("waiting", request.lang))
        try:
            for document in whole_texts(documents(name)):
                for whole in _ready(document, collector):
                    report.add(name, judge(whole))
                if awaited and collector.waiting:
                    have, number = collector.waiting
                    remark(counted("codes_of", number, request.lang, have=have))
        except Problem as problem:
            tell(problem)
            report.status = max(report.status, problem.status)
        report.count_strangers()
    # The codes of one card may be in several files, so that only the end shows what is missing.
    for whole in collector.finish():
        report.add(names[-1], judge(whole))
    return report.status


class _Report:
    """Writes what was judged, one after the other, and keeps the largest status.

    Where people read, of lines of a named file that are no certificate the first is shown and the
    rest are counted: it is the wrong file.
    """

    __slots__ = ("_for_people", "_headings", "_lang", "_strangers", "status")

    def __init__(self, request: Request, *, headings: bool) -> None:
        self._for_people = not request.json and not request.counts
        self._headings = headings and self._for_people
        self._lang = request.lang
        self._strangers = 0
        self.status = 0

    def add(self, name: str, each: Judged) -> None:
        self.status = max(self.status, STATUS_OF[each.outcome])
        if not each.recognised and self._for_people and name != STANDARD_INPUT:
            self._strangers += 1
            if self._strangers > 1:
                return
        else:
            self.count_strangers()
        write(f"{shown(name)}:\n{each.text}" if self._headings else each.text)

    def count_strangers(self) -> None:
        if self._strangers > 1:
            write(_more_lines(self._strangers - 1, self._lang))
        self._strangers = 0


def _more_lines(number: int, lang: str) -> str:
    from cli.bidi import directed  # noqa: PLC0415 - the right file needs none of these
    from cli.messages import is_right_to_left  # noqa: PLC0415
    from cli.style import style_of_results, wrap  # noqa: PLC0415

    said = wrap(counted("more_lines", number, lang), style_of_results().width, "  ")
    return directed(f"{said}\n\n", right_to_left=is_right_to_left(lang))


def _ready(document: Document, collector: Collector) -> Iterator[Document]:
    """Give the documents that are whole now that this has come: none, itself, or what is in it."""
    if isinstance(document, Reason):
        yield document
    elif isinstance(document, bytes):
        yield from collector.add(document)
    else:
        for each in split(document):
            yield from collector.add(each)


def _zone(request: Request) -> str | None:
    """Read the machine-readable zone that holders are to be compared with, None for none."""
    if request.mrz is None:
        return None
    from cli.zones import read_zone  # noqa: PLC0415 - few calls compare, and it loads the reader

    return read_zone(request.mrz, request.files)


def open_store(path: str) -> TrustStore:
    """Open the store at a path, or at the default place when the path is empty.

    Raises ``SetupError`` when it, or what lies beside it, cannot be used.
    """
    if path:
        return TrustStore.open(path, tables=True)
    from cli.stores import default_store_path  # noqa: PLC0415 - not needed with --store

    return TrustStore.open(default_store_path(), tables=True)


def _writer(request: Request) -> Callable[[Verdict], str]:
    return _json_writer(request) if request.json else _words_writer(request)


def _counts(request: Request) -> "Counts":
    from cli.counts import Counts  # noqa: PLC0415 - few calls only count

    return Counts(request)


def _words_writer(request: Request) -> Callable[[Verdict], str]:
    from cli.render import Words  # noqa: PLC0415 - a program that wants JSON does not wait for it
    from cli.style import style_of_results  # noqa: PLC0415 - the same

    words = Words(style_of_results(), request.lang)
    return lambda verdict: words.write(verdict) + "\n"


def _json_writer(request: Request) -> Callable[[Verdict], str]:
    from cli.json_lines import JsonLines  # noqa: PLC0415 - an officer does not wait for it

    return JsonLines(request.disclosure).write
