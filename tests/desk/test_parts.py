"""What is counted, and a passport compared: through the seams that tally and identity fill."""

import time
from contextlib import closing
from pathlib import Path

import pytest
from support.border_post import AT, border_post
from support.command import run_process
from support.specimens import FIXTURES, TRUST, store_path

from cli.tallying.book import MOST_BYTES, Book
from cli.tallying.slots import Slots
from trustlists import import_sources
from verifier.mrz import check_digit

GOOD = "A U T H E N T I C"
NAME = "MUSTERFRAU<SPECIMEN<<VERA"
VACCINATION = (FIXTURES / "eu_dcc" / "vaccination.txt").read_text().strip()
OTHER = (FIXTURES / "eu_dcc" / "signature-other-key.txt").read_text().strip()
CARD = (FIXTURES / "smart_health_card" / "parts-in-order.txt").read_text().split("\n")
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA".ljust(44, "<"), "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def test_each_traveller_counts_once_and_some_not_at_all(tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    with border_post("--store", store_path(), "--at", AT, parts=counted) as post:

        def key(which: str, says: str) -> None:
            post.look(0.35)
            post.send(which)
            post.wait(says)

        post.scan(VACCINATION)
        post.wait(GOOD)
        key(" ", "Ready.")
        key("1", "NO CERTIFICATE SHOWN")
        key(" ", "Ready.")
        key("2", "PAPER WAIVER")
        key(" ", "Ready.")
        key("3", "PROTECTION FIRST")
        key(" ", "Ready.")
        key("4", "ILL TRAVELLER")
        key(" ", "Ready.")
        # Help for who needs protection, in the middle of a check.
        post.scan(VACCINATION)
        post.wait(GOOD)
        key("3", "PROTECTION FIRST")
        # Shown, and then scanned again: the second counts.
        post.scan(OTHER)
        post.wait("N O T")
        key("5", "Ready.")
        post.scan(VACCINATION)
        post.wait(GOOD)
        key(" ", "Ready.")
        # Gone from the screen already, and scanned again: the first counted.
        key("5", "same traveller again")
        post.scan(VACCINATION)
        post.wait(GOOD)
        # Half a card, then somebody else.
        post.scan(CARD[0])
        post.wait("1 of")
        post.scan(OTHER)
        post.wait("N O T")
        key("6", "PLEASE SEE PORT HEALTH")
        key(" ", "Ready.")
        post.send("\3")
        assert post.end() == 0
    assert counted.read_text().rstrip("\0").splitlines() == [
        "authentic eu-dcc",
        "refer None",
        "refer None",
        "authentic eu-dcc",
        "refer smart-health-card",
        "not_authentic eu-dcc",
    ]


def test_a_tally_that_cannot_be_written_is_told_and_the_desk_goes_on() -> None:
    with border_post("--store", store_path(), "--at", AT, parts="full") as post:
        post.scan(VACCINATION)
        post.wait(GOOD)
        post.look(0.35)
        post.send(" ")
        post.wait("The tally cannot be written", "Ready.")
        post.scan(VACCINATION)
        post.wait(GOOD)


def test_a_passport_is_compared_and_its_lines_are_never_shown(tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    with border_post("--store", store_path(), "--at", AT, parts=counted) as post:
        post.scan(VACCINATION)
        post.wait(GOOD, "7 passport")
        post.look(0.35)
        post.send("7")
        post.wait("bottom of the passport", gone=NAME)
        post.send("\033")
        post.wait(GOOD, NAME)  # given up: the verdict is there again
        post.look(0.35)
        post.send("7")
        post.wait("bottom of the passport", gone=NAME)
        post.send(ZONE[0] + "\r")
        post.wait("44 characters")
        post.send(ZONE[1] + "\r", gap=0.04)  # typed by hand
        post.wait("R E F E R", "IDN-00", NAME)  # the two side by side
        assert b"ERIKSSON" not in post.raw
        post.look(0.35)
        post.send(" ")
        post.wait("Ready.")
        post.send("\3")
        assert post.end() == 0
    assert counted.read_text().rstrip("\0") == "refer eu-dcc\n"


def test_the_right_passport_is_the_same_person() -> None:
    name = "P<UTOMUSTERFRAU<SPECIMEN<<VERA".ljust(44, "<")
    number, born, ends = "L898902C3", "800517", "320415"
    numbers = "".join((
        number, check_digit(number), "UTO", born, check_digit(born), "F", ends, check_digit(ends),
        "<" * 14, check_digit("<" * 14),
    ))  # fmt: skip
    composite = check_digit(numbers[:10] + numbers[13:20] + numbers[21:43])
    with border_post("--store", store_path(), "--at", AT) as post:
        post.scan(VACCINATION)
        post.wait(GOOD)
        post.look(0.35)
        post.send("7")
        post.wait("bottom of the passport", gone=NAME)
        post.send(f"{name}\r{numbers}{composite}\r")
        post.wait(GOOD, NAME, "IDN-000")


@pytest.mark.parametrize("daily", [False, True])
def test_a_post_counts_by_weeks_or_by_days(daily: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    store, tally = tmp_path / "trust.sqlite", tmp_path / "counts" / "tally"
    tally.parent.mkdir(mode=0o700)
    import_sources(
        store,
        [TRUST / "eu-dcc"],
        now=int(time.time()) - 60,
        dialect="pem",
        anchors=[TRUST / "csca.pem"],
        environment="production",
    )
    options = ["--tally-daily"] if daily else []
    scan = (FIXTURES / "eu_dcc" / "signature-bit.txt").read_bytes()
    ran = run_process("scan", "--json", "--store", store, "--tally", tally, *options, stdin=scan)
    assert ran.status == 11, ran.err
    with closing(Slots.open(tally, MOST_BYTES)) as slots:
        books = [Book.from_bytes(content) for content in slots.contents()]
    assert {book.daily for book in books} == {daily}
