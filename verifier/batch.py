"""Many documents, several processes, verdicts in order. Verdicts cross over without a holder."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Final, Protocol

from verifier.verdict import Verdict

# A message to a process costs about as much as two verifications; 64 documents share it.
_CHUNK: Final = 64

# Chunks under way for each process: enough that none waits, and a bound on what is held.
_AHEAD: Final = 4

Scans = list[str | bytes]


class Judge(Protocol):
    """What a batch needs of a verifier."""

    def verify(self, text: str | bytes, *, at: datetime | None = None) -> Verdict:
        """Judge one document."""
        ...


_worker: list[Judge] = []


def verify_many(
    verifier: Judge, texts: Iterable[str | bytes], *, processes: int, at: datetime | None
) -> Iterator[Verdict]:
    """Yield a verdict for each text, in order.

    Reads the texts as they are needed, so that an endless iterable works. Raises ``ValueError``
    for fewer than one process.
    """
    if processes < 1:
        message = "processes is at least 1"
        raise ValueError(message)
    if processes == 1:
        return (verifier.verify(text, at=at) for text in texts)
    return _share(verifier, iter(texts), processes, at)


def _share(
    verifier: Judge, texts: Iterator[str | bytes], processes: int, at: datetime | None
) -> Iterator[Verdict]:
    # Forked workers start with everything loaded; elsewhere the verifier is pickled to them.
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else None)
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_start_worker, initargs=(verifier,)
    ) as pool:
        under_way: deque[Future[list[Verdict]]] = deque()
        while True:
            while len(under_way) < processes * _AHEAD and (chunk := list(islice(texts, _CHUNK))):
                under_way.append(pool.submit(_verify_chunk, chunk, at))
            if not under_way:
                return
            yield from under_way.popleft().result()


def _start_worker(verifier: Judge) -> None:
    # Ctrl-C is for the parent to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker[:] = [verifier]


def _verify_chunk(chunk: Scans, at: datetime | None) -> list[Verdict]:
    verify = _worker[0].verify
    return [verify(text, at=at) for text in chunk]
