import errno
import os
import threading

import pytest

from cli import output
from cli.output import OutputClosedError, OutputFailedError, remark, tell, write
from cli.problem import Problem


def test_a_text_is_written_whole_whatever_the_descriptor_takes_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[bytes] = []

    def take_three(_: int, data: memoryview) -> int:
        taken.append(bytes(data[:3]))
        return len(taken[-1])

    monkeypatch.setattr(os, "write", take_three)
    write("Öğe, Erika\n")
    assert b"".join(taken).decode() == "Öğe, Erika\n"


def test_what_the_encoding_lacks_is_replaced(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(output, "encoding_of", lambda _: "ascii")
    write("Öğe\n")
    assert capfdbinary.readouterr().out == b"??e\n"


def test_a_reader_that_went_away_is_told_apart() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(OutputClosedError) as caught:
        write("name", writing)
    os.close(writing)
    assert caught.value.__context__ is None


def test_a_full_disk_is_told_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int, __: memoryview) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(OutputFailedError) as caught:
        write("name")
    assert str(caught.value) == os.strerror(errno.ENOSPC)
    assert caught.value.__context__ is None
    remark("nobody hears this")
    tell(Problem("nor", "this"))


def test_a_descriptor_that_is_not_ready_is_awaited() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    text = "x" * 300_000
    read: list[bytes] = []

    def drain() -> None:
        while sum(map(len, read)) < len(text):
            read.append(os.read(reading, 65_536))

    reader = threading.Thread(target=drain)
    reader.start()
    write(text, writing)
    reader.join()
    os.close(reading)
    os.close(writing)
    assert b"".join(read).decode() == text
