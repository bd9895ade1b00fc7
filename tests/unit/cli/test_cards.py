"""Health cards through the command: several codes, several cards, several files."""

import json
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from support.command import AT, Ran, run, run_on_terminal
from support.specimens import FIXTURES, store_path

from fixtures.smart_health_card import content as says
from fixtures.smart_health_card.issue import answer_of, file_of, numeric, pieces, token
from fixtures.smart_health_card.world import MINISTRY

CARD = token(says.vaccinated(), MINISTRY)
OTHER = token(says.payload(says.bundle(says.patient(), says.swab())), MINISTRY)
EXPIRED = token(says.vaccinated(exp=1_796_000_000), MINISTRY)


def verify(*arguments: str | Path, stdin: str = "") -> Ran:
    common = ("verify", "--json", "--store", store_path(), "--at", AT)
    return run(*common, *arguments, stdin=stdin.encode())


def told(ran: Ran) -> list[tuple[str, str | None]]:
    verdicts = [json.loads(line) for line in ran.out.splitlines()]
    return [(verdict["outcome"], verdict["kind"]) for verdict in verdicts]


GOOD, TEST = ("authentic", "vaccination"), ("authentic", "test")


@pytest.mark.parametrize("indent", [None, 1])
def test_each_card_of_a_file_has_its_verdict(tmp_path: Path, indent: int | None) -> None:
    file = tmp_path / "cards.smart-health-card"
    for text in (file_of([CARD, "x.y.z", EXPIRED, OTHER]), answer_of([CARD, "", EXPIRED, OTHER])):
        file.write_text(json.dumps(json.loads(text), indent=indent))
        expected = [GOOD, ("refer", None), ("does_not_meet_rules", "vaccination"), TEST]
        ran = verify(file)
        assert (told(ran), ran.status) == (expected, 12)
        assert told(verify(stdin=file.read_text())) == expected


def test_codes_may_come_in_any_order_with_other_documents_between(tmp_path: Path) -> None:
    one, two, three = pieces(CARD, 3)
    eu = (FIXTURES / "eu_dcc" / "vaccination.txt").read_text().strip()
    ran = verify(stdin="\n".join((two, eu, one, two, numeric(OTHER), three)))
    assert told(ran) == [GOOD, TEST, GOOD]
    files = []
    for number, text in enumerate((three, one, two)):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(text)
    ran = verify(*files)
    assert (told(ran), ran.status) == ([GOOD], 0)


def test_a_code_that_is_missing_is_asked_for() -> None:
    ran = verify(stdin="\n".join(pieces(CARD, 3)[:2]))
    assert told(ran) == [("refer", None)]
    assert '"INP-030"' in ran.out


def test_a_code_of_another_card_is_told() -> None:
    one, two = pieces(CARD, 2)
    ran = verify(stdin="\n".join((pieces(OTHER, 3)[0], one, two)))
    assert told(ran) == [("refer", None), GOOD]
    assert '"INP-031"' in ran.out


def test_several_codes_in_one_picture_are_one_card(tmp_path: Path) -> None:
    codes = []
    for text in pieces(CARD, 2):
        code = qrcode.QRCode(box_size=4)
        code.add_data(text)
        codes.append(code.make_image().get_image().convert("L"))
    sheet = Image.new("L", (sum(code.width for code in codes) + 80, codes[0].height), 255)
    sheet.paste(codes[1], (0, 0))
    sheet.paste(codes[0], (codes[1].width + 80, 0))
    sheet.save(tmp_path / "card.png")
    assert told(verify(tmp_path / "card.png")) == [GOOD]


def test_a_health_link_is_explained_and_not_followed() -> None:
    link = (FIXTURES / "smart_health_card" / "link-viewer.txt").read_text()
    ran = run("verify", "--store", store_path(), "--at", AT, stdin=link.encode())
    assert ran.status == 12
    assert "link to data elsewhere" in ran.out
    assert "specimen.example" not in ran.out + ran.err


def test_somebody_at_a_terminal_is_told_how_many_codes_there_are() -> None:
    one, two = (f"{text[:900]}" for text in pieces(OTHER, 2))
    shown = run_on_terminal(
        "verify", "--store", str(store_path()), "--at", AT, typed=f"{one}\n{two}\n\x04".encode()
    )
    assert "1 of 2 codes of this certificate." in shown.out
