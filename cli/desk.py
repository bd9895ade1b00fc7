"""The main job: one verdict a document, for any number of files and pipes.

Free of click, which takes longer to load than everything here: ``cli.app`` comes here directly
when it can.
"""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

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

Judged = tuple[str, Outcome]  # what to show of a document, and what came of it


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
                return show(verdict), verdict.outcome

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
    headings = len(names) > 1 and not request.json and not request.counts
    collector = Collector()
    status = 0

    def show(name: str, found: Iterable[Document]) -> None:
        nonlocal status
        for document in found:
            text, outcome = judge(document)
            write(f"{shown(name)}:\n{text}" if headings else text)
            status = max(status, STATUS_OF[outcome])

    for name in names:
        awaited = name == STANDARD_INPUT and os.isatty(0)
        if awaited:
            remark(word("waiting", request.lang))
        try:
            for document in whole_texts(documents(name)):
                show(name, _ready(document, collector))
                if awaited and collector.waiting:
                    have, number = collector.waiting
                    remark(counted("codes_of", number, request.lang, have=have))
        except Problem as problem:
            tell(problem)
            status = max(status, problem.status)
    # The codes of one card may be in several files, so that only the end shows what is missing.
    show(names[-1], collector.finish())
    return status


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
