import os

import pytest

import cli.progress
from cli.progress import ProgressLine, progress
from trustlists.progress import Step, silent


class Terminal:
    """A terminal of a width, and a clock that the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
        self.text = ""
        self.now = 0.0
        monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 2)
        size = os.terminal_size((columns, 24))
        monkeypatch.setattr(os, "get_terminal_size", lambda _: size)
        monkeypatch.setattr(cli.progress, "write", self.write)

    def write(self, text: str, descriptor: int) -> None:
        assert descriptor == 2
        self.text += text

    @property
    def lines(self) -> list[str]:
        return self.text.split("\r")[:-1]

    def line(self) -> ProgressLine:
        return ProgressLine(lambda: self.now)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch, 80)


def test_a_line_says_what_how_far_and_how_much_longer(terminal: Terminal) -> None:
    line = terminal.line()
    line.report(Step.FETCH, "WHO", 0, 4_000_000)
    terminal.now = 2.0
    line.report(Step.FETCH, "WHO", 1_000_000, 4_000_000)
    assert terminal.lines == ["Fetching 25 % 1.0 MB of 4.0, 6 s left: WHO"]
    terminal.now = 400.0
    line.report(Step.FETCH, "WHO", 2_000_000, 4_000_000)
    assert terminal.lines[-1].startswith("Fetching 50 % 2.0 MB of 4.0, 6 min 40 s left: WHO")


def test_what_is_done_at_once_is_not_shown(terminal: Terminal) -> None:
    line = terminal.line()
    for done in range(100):
        terminal.now += 0.002
        line.report(Step.READ, "a.pem", done, 100)
    line.clear()
    assert terminal.text == ""


def test_the_line_is_written_ten_times_a_second_at_most(terminal: Terminal) -> None:
    line = terminal.line()
    for done in range(10_000):
        terminal.now += 0.001
        line.report(Step.READ, "a.pem", done, 10_000)
    assert 90 <= len(terminal.lines) <= 100


def test_a_shorter_line_covers_a_longer_one_and_none_is_left(terminal: Terminal) -> None:
    line = terminal.line()
    terminal.now = 1
    line.report(Step.READ, "a-long-name.pem", 0, 100)
    terminal.now = 2
    line.report(Step.STORE, "b", 0, None)
    first, second = terminal.lines
    assert first == "Reading 1 of 100: a-long-name.pem"
    assert second == "Storing 1: b".ljust(len(first))
    line.clear()
    assert terminal.lines[-1] == " " * len("Storing 1: b")
    line.clear()
    assert len(terminal.lines) == 3


@pytest.mark.parametrize("columns", [20, 33, 80, 200])
def test_a_narrow_screen_cuts_the_name_and_never_wraps(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    terminal = Terminal(monkeypatch, columns)
    line = terminal.line()
    terminal.now = 1
    line.report(Step.FETCH, "\u6771" * 100, 1_000_000, None)
    [shown] = terminal.lines
    assert shown.startswith("Fetching 1.0 MB")
    assert cli.progress.cells(shown) < min(columns, 80)


def test_a_line_has_no_control_but_the_return(terminal: Terminal) -> None:
    line = terminal.line()
    terminal.now = 1
    line.report(Step.READ, "a\x1b[31m\nb", 0, 1)
    line.clear()
    assert terminal.text.replace("\r", "").isprintable()


def test_each_fetch_is_paced_by_itself(terminal: Terminal) -> None:
    line = terminal.line()
    line.report(Step.FETCH, "one", 0, 100)
    terminal.now = 50
    line.report(Step.FETCH, "two", 0, 1_000_000)
    terminal.now = 52
    line.report(Step.FETCH, "two", 500_000, 1_000_000)
    assert ", 2 s left: two" in terminal.lines[-1]


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    with progress() as report:
        assert report is silent


def test_nothing_is_shown_to_who_wants_quiet(terminal: Terminal) -> None:
    with progress(quiet=True) as report:
        assert report is silent
    assert terminal.text == ""


def test_the_line_is_gone_when_the_work_fails(terminal: Terminal) -> None:
    def work() -> None:
        with progress(ticks=lambda: terminal.now) as report:
            terminal.now = 1
            report(Step.READ, "a", 0, 1)
            message = "x"
            raise ValueError(message)

    with pytest.raises(ValueError, match="x"):
        work()
    assert terminal.lines == ["Reading 1 of 1: a", " " * len("Reading 1 of 1: a")]


def test_a_terminal_that_is_gone_does_not_stop_the_work(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str, __: int) -> None:
        raise cli.progress.OutputClosedError

    monkeypatch.setattr(cli.progress, "write", gone)
    line = terminal.line()
    for second in range(1, 4):
        terminal.now = second
        line.report(Step.READ, "a", 0, 1)
    line.clear()
