"""Endings, texts of an authority, passports, screens: the small parts of the border post."""

from pathlib import Path

import pytest
from support.specimens import FIXTURES

from cli.messages.en_desk import DESK_WORDS
from cli.post.camera import Watch
from cli.post.endings import CRASHED, FORMATS, Ending, Told, ending_of, status_of
from cli.post.keys import Key
from cli.post.letters import in_blocks
from cli.post.passport import ZoneLines
from cli.post.screens import MUST, SPARE, Band, Painter, Part, Screen
from cli.post.sources import SourceLost
from cli.post.terminal import Size
from cli.post.texts import Texts, read_texts
from cli.problem import Problem
from cli.style import Style, cells
from verifier import Outcome


def test_every_ending_has_a_status_of_its_own() -> None:
    endings: list[Ending | Told] = [
        Told(outcome, form, undone, incomplete)
        for outcome in Outcome
        for form in FORMATS
        for undone in (False, True)
        for incomplete in (False, True)
    ]
    endings += list(Ending)
    statuses = {status_of(ending) for ending in endings}
    assert len(statuses) == len(endings)
    assert all(0 <= status < CRASHED for status in statuses)
    assert [ending_of(status_of(ending)) for ending in endings] == endings
    assert ending_of(CRASHED) is None
    assert ending_of(status_of(Told(Outcome.REFER, "of-somebody-else"))) == Told(
        Outcome.REFER, None
    )


def test_an_authority_s_texts_stand_in_for_ours(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('station = "Pier 2"\n[en]\nill = "Call {number}."\nsay_refer = "Go there."\n')
    texts = read_texts(str(file))
    assert texts.get("desk.text.station", "en") == "Pier 2"
    assert texts.get("desk.text.ill", "en") == "Call {number}."
    assert texts.get("desk.say.refer", "en") == "Go there."
    assert texts.get("desk.text.help", "en") == DESK_WORDS["desk.text.help"]
    assert Texts({}).get("desk.text.help", "en") == DESK_WORDS["desk.text.help"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[xx]\nill = 'a'", "no language"),
        ("[en]\nfoo = 'a'", "is none of"),
        ("foo = 'a'", "is none of"),
        ("station = 4", "no text"),
        (f"station = '{'a' * 801}'", "more than 800"),
        ('station = "a\\u001b[2J"', "cannot be shown"),
        ("station = '{name}'", "brace"),
        ("[en]\nill = '{number} {name}'", "brace"),
        ("station = ", "no TOML"),
    ],
)
def test_wrong_texts_are_told(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(content)
    with pytest.raises(Problem, match=says) as raised:
        read_texts(str(file))
    assert raised.value.status == 3


def test_missing_texts_are_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        read_texts(str(tmp_path / "none"))


@pytest.mark.parametrize(("width", "lines"), [(44, 2), (36, 2), (30, 3), (88, 1), (5, 1)])
def test_the_first_line_of_a_passport_tells_how_many_follow(width: int, lines: int) -> None:
    zone = ZoneLines()
    assert zone.add(" ") is False
    told = [zone.add("A" * width) for _ in range(lines)]
    assert told == [False] * (lines - 1) + [True]
    assert zone.characters == width * lines
    assert "AAA" not in repr(zone)
    assert zone.take() == "\n".join(["A" * width] * lines)
    assert zone.characters == 0


def painter(*, plain: bool = False, big: bool = False, lang: str = "en") -> Painter:
    return Painter(Style(colour=True), lang, plain=plain, big=big)


PARTS = [Part("what matters " * 3, MUST), *(Part(f"spare {at} " * 20, SPARE) for at in range(30))]


@pytest.mark.parametrize("size", [Size(80, 24), Size(40, 24), Size(200, 60), Size(20, 8)])
def test_a_screen_never_scrolls(size: Size) -> None:
    screen = Screen(PARTS, Band("✔", "NOT AUTHENTIC", "red"), tuple(Key))
    rows = painter().paint(screen, size).split("\n")
    assert len(rows) == size.rows
    assert "what matters" in "\n".join(rows)
    for row in rows:
        bare = row.replace("\033[H\033[2J\033[3J", "").replace("\033[1;7;31m", "")
        assert cells(bare.replace("\033[0m", "").replace("\033[1m", "")) <= size.columns


def test_line_by_line_there_is_no_sequence() -> None:
    screen = Screen(PARTS, Band("✔", "AUTHENTIC", "green"), (Key.HELP,))
    text = painter(plain=True).paint(screen, Size(80, 24))
    assert "\033" not in text
    assert text.startswith("✔ AUTHENTIC\n")
    assert text.count("spare") == 600


def test_codes_stay_left_to_right_among_letters_that_do_not() -> None:
    assert painter().code("SIG-001") == "SIG-001"
    assert painter(lang="ar").code("SIG-001") == "\u2068SIG-001\u2069"


def test_letters_of_five_rows() -> None:
    rows = in_blocks("NOT AUTHENTIC", 80, "#")
    assert len(rows) == 5
    assert max(map(len, rows)) <= 80
    assert len(in_blocks("NOT AUTHENTIC", 60)) == 11
    assert in_blocks("NOT AUTHENTIC", 20) == []
    assert in_blocks("ОТКАЗ", 80) == []
    assert in_blocks("RÈGLE", 80) == in_blocks("REGLE", 80)


class Pictures:
    """Frames of a camera that show this and that."""

    def __init__(self, *frames: object) -> None:
        self._frames = list(frames)
        self.closed = False

    def next(self) -> object:
        return self._frames.pop(0) if self._frames else None

    def close(self) -> None:
        self.closed = True


def test_a_camera_gives_the_document_that_it_sees() -> None:
    image = pytest.importorskip("PIL.Image")
    empty = image.new("L", (320, 240), 255)
    code = image.open(FIXTURES / "eu_dcc" / "expired.png").convert("L")
    frames = Pictures(empty, None, code)
    watch = Watch(frames)  # type: ignore[arg-type]
    assert watch.look() is None
    assert watch.look() is None
    assert watch.look() == (FIXTURES / "eu_dcc" / "expired.txt").read_text().strip()
    assert {watch.look() for _ in range(59)} == {None}
    with pytest.raises(SourceLost):
        watch.look()
    watch.close()
    assert frames.closed
