"""Driven sessions at a real pseudo-terminal: what an officer does, and what goes wrong."""

import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from support.border_post import AT, BorderPost, border_post
from support.specimens import FIXTURES, IMPORTED, store_path, vaccination

from cli.post.layouts import layouts
from trustlists import import_rules

GOOD = "A U T H E N T I C"
WRONG = "N O T A U T H E N T I C"
REFER = "R E F E R"
NOT_MET = "R U L E N O T M E T"


def text(family: str, name: str) -> str:
    return (FIXTURES / family / f"{name}.txt").read_text().rstrip("\n")


VACCINATION = text("eu_dcc", "vaccination")
NAME = "MUSTERFRAU<SPECIMEN<<VERA"


def desk(*arguments: str, **options: object) -> object:
    return border_post("--store", store_path(), "--at", AT, *arguments, **options)  # type: ignore[arg-type]


def typed_on(name: str, sent: str) -> str:
    layout = next(each for each in layouts() if each.id == name)
    arrived = layout.types(sent)
    return (
        arrived
        if arrived is not None
        else layout.types("".join(each for each in sent if each not in layout.lost)) or ""
    )


@pytest.mark.parametrize(
    ("days", "told"), [(0, "Nobody vouches for the rules of"), (90, "too old to rely on")]
)
def test_the_first_page_tells_of_entry_rules_as_what_they_are(
    days: int, told: str, tmp_path: Path
) -> None:
    store = Path(shutil.copy(store_path(), tmp_path / "trust.sqlite"))
    import_rules(store, [FIXTURES / "rules"], now=IMPORTED - days * 86_400)
    with border_post("--store", store, "--at", AT, "--rules", "XT", begin=False) as post:
        page = post.wait("START OF SHIFT", told)
        assert "List rules-xt" not in page


def test_a_shift_from_its_first_page_to_its_end() -> None:
    with desk(begin=False) as post:
        page = post.wait("START OF SHIFT", "Trust store: whole.", "DRILL")
        assert "Clock" in page
        post.scan(VACCINATION)
        seen = post.wait(GOOD, NAME, "1980-05-17", "Compare with the passport")
        assert "START OF SHIFT" not in seen
        post.scan(text("eu_dcc", "signature-other-key"))
        post.wait(WRONG, "SIG-001", gone=NAME)
        post.send(" ")
        post.wait("Ready.", gone="SIG-001")
        post.send("9")
        post.wait("once more")
        post.send("9")
        assert post.end() == 0
        assert VACCINATION[:20] not in post.raw.decode()


def test_a_scan_ends_with_whatever_the_scanner_adds() -> None:
    with desk() as post:
        for ending in ("\r", "\n", "\r\n", "\t", "\3", "\r\3"):
            post.scan(VACCINATION, ending)
            post.wait(GOOD, NAME)
            post.look(0.35)
            post.wait(GOOD, NAME)  # nothing behind the scan has cleared it
            post.send(" ")
            post.wait("Ready.", gone=NAME)


def test_a_scan_without_an_end_is_known_by_its_signature_or_by_silence() -> None:
    with desk() as post:
        began = time.monotonic()
        post.scan(VACCINATION, "")
        post.wait(GOOD, NAME)
        assert time.monotonic() - began < 1.9  # sooner than silence alone would tell
        post.send(" ")
        post.wait("Ready.")
        post.scan(VACCINATION[:-30], "")
        post.wait(REFER)


def test_what_the_scanner_adds_can_be_told() -> None:
    with desk("--prefix", "DESK4:", "--suffix", "#E") as post:
        post.scan(f"DESK4:{VACCINATION}#E", "")
        post.wait(GOOD, NAME)
        post.scan(f"]Q1{VACCINATION}")
        post.wait(GOOD, NAME)


def test_two_scans_in_a_burst_are_two_travellers() -> None:
    other = text("eu_dcc", "signature-other-key")
    with desk() as post:
        post.send(f"{VACCINATION}\r{other}\r")
        post.wait(WRONG, gone=NAME)
        post.send(f"{other}\r\n{VACCINATION}\r\n")
        post.wait(GOOD, NAME)


def test_pasted_text_is_scans_apart_by_lines() -> None:
    other = text("eu_dcc", "signature-other-key")
    with desk() as post:
        post.send(f"\033[200~{other}\n{VACCINATION}\033[201~")
        post.wait(GOOD, NAME)
        post.send(f"\033[200~{other}\033[201~")
        post.wait(WRONG)


def test_a_scan_longer_than_a_line_of_a_terminal_is_read_whole() -> None:
    with desk() as post:
        post.send("shc:/" + "5" * 7_000 + "\r")
        assert "INP-002" not in post.wait(REFER)
        post.send("HC1:" + "A" * 20_000 + "\r")
        post.wait(REFER, "INP-002")


def test_the_codes_of_one_card_come_one_by_one() -> None:
    codes = text("smart_health_card", "parts-in-order").split("\n")
    with desk() as post:
        for at, code in enumerate(codes[:-1], 1):
            post.scan(code)
            post.wait(f"{at} of {len(codes)} codes")
        post.scan(codes[-1])
        post.wait(GOOD)
        post.scan(codes[0])
        post.wait("1 of")
        post.scan(VACCINATION)
        post.wait(GOOD, NAME, "card before was not complete")


def test_slow_typing_is_no_scan_and_never_shown() -> None:
    with desk() as post:
        post.send("hello\r", gap=0.08)
        seen = post.wait("typed by hand")
        assert "hello" not in seen
        assert REFER not in seen
        post.send("hel", gap=0.08)
        post.look(2.3)
        post.wait("typed by hand")
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)


def test_a_certificate_may_be_typed_as_slowly_as_one_likes() -> None:
    with desk() as post:
        post.send(VACCINATION[:40] + "\r", gap=0.05)
        post.wait(REFER, "ENC-")


UNDONE = (
    ("fr", VACCINATION),
    ("es", VACCINATION),
    ("tr", VACCINATION),
    ("ru", VACCINATION),
    ("ara", VACCINATION),
    ("il", VACCINATION),
    ("de", text("smart_health_card", "two-doses")),
    ("de", text("nz_covid_pass", "vaccinated")),
)


def test_a_wrong_keyboard_is_undone() -> None:
    with desk() as post:
        for name, sent in UNDONE:
            post.scan(typed_on(name, sent))
            post.wait(GOOD)
            post.send(" ")
            post.wait("Ready.")


def test_which_keyboard_was_undone_is_told_once() -> None:
    with desk() as post:
        post.scan(typed_on("fr", VACCINATION))
        post.wait(GOOD, "set for: French")
        post.scan(typed_on("fr", VACCINATION))
        post.wait(GOOD, gone="set for:")


def test_what_a_keyboard_has_lost_is_referred_with_the_keyboard_named() -> None:
    with desk() as post:
        assert "+" in VACCINATION
        post.scan(typed_on("de", VACCINATION))
        seen = post.wait(REFER, "INP-070", "German")
        assert "serial mode" in seen
        post.scan(VACCINATION[:100] + "é" + VACCINATION[101:])
        post.wait(REFER, "INP-070")
        post.scan("".join(f"{ord(each):03}" for each in VACCINATION))
        post.wait(REFER, "INP-071")
        post.scan("PK\x14")
        post.wait(REFER, "INP-055")


def test_caps_lock_is_undone() -> None:
    with desk() as post:
        post.scan(VACCINATION.swapcase())
        post.wait(GOOD, NAME, "Caps Lock")


GUIDANCE = (
    ("1", "NO CERTIFICATE SHOWN"),
    ("2", "PAPER WAIVER"),
    ("3", "PROTECTION FIRST"),
    ("4", "ILL TRAVELLER"),
    ("6", "PLEASE SEE PORT HEALTH"),
    ("8", "SCAN A CODE"),
    ("\033OP", "NO CERTIFICATE SHOWN"),
    ("\033[12~", "PAPER WAIVER"),
    ("\033[[D", "ILL TRAVELLER"),
    ("é", "PAPER WAIVER"),
    ("٣", "PROTECTION FIRST"),
)


def test_a_key_shows_guidance_until_another() -> None:
    with desk() as post:
        for key, says in GUIDANCE:
            post.send(key)
            post.wait(says, gone="Ready.")
            post.send(" ")
            post.wait("Ready.", gone=says)


def test_protection_and_illness_come_before_any_verdict() -> None:
    with desk() as post:
        for key, says in (("3", "PROTECTION FIRST"), ("4", "ILL TRAVELLER")):
            post.scan(VACCINATION)
            post.wait(GOOD, NAME)
            post.look(0.3)
            post.send(key)
            post.wait(says, gone=NAME)
            post.look(0.3)
            post.scan(VACCINATION)
            post.wait(GOOD, NAME)


def test_a_slip_has_a_code_and_a_station_and_no_name(tmp_path: Path) -> None:
    texts = tmp_path / "texts.toml"
    texts.write_text('station = "Pier 2"\n[en]\nslip_title = "To the doctor"\n')
    with desk("--texts", os.fspath(texts)) as post:
        post.scan(text("eu_dcc", "signature-other-key"))
        post.wait(WRONG)
        post.look(0.35)
        post.send("6")
        seen = post.wait("TO THE DOCTOR", "Pier 2", "SIG-001", gone=WRONG)
        assert NAME not in seen


def test_other_keys_and_sequences_do_nothing() -> None:
    with desk() as post:
        for keys in ("\033[A", "\033[I", "\033[O", "\033", "\r", "\t", "\b", "\033[1;5C"):
            post.send(keys)
            post.look(0.3)
            assert "Ready." in post.words
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)


def test_control_c_ends_with_the_screen_cleared() -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        post.look(0.35)
        post.send("\3")
        assert post.end() == 0
        assert post.text == ""
        assert "VERA" not in post.scrollback


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_it_with_the_screen_cleared(number: int) -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        os.kill(post.pid, number)
        assert post.end() == 128 + number
        assert "VERA" not in post.text + post.scrollback


def test_a_worker_that_dies_is_int_000_and_the_next_one_serves() -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        (worker,) = post.workers()
        os.kill(worker, signal.SIGKILL)
        post.wait(REFER, "INT-000", gone=NAME)
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)


def test_a_desk_that_is_killed_takes_its_worker_along_and_the_screen_is_cleared() -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        (worker,) = post.workers()
        os.kill(post.pid, signal.SIGKILL)
        assert post.end() == -signal.SIGKILL
        gone_by = time.monotonic() + 10
        while Path(f"/proc/{worker}").exists() and time.monotonic() < gone_by:
            post.look(0.05)
        assert not Path(f"/proc/{worker}").exists()
        assert "VERA" not in post.text + post.scrollback


def test_a_lost_terminal_ends_both() -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        (worker,) = post.workers()
        os.close(post.terminal)
        post.terminal = -1
        gone_by = time.monotonic() + 10
        while time.monotonic() < gone_by:
            done, _ = os.waitpid(post.pid, os.WNOHANG)
            if done:
                post.status = 0
                break
            time.sleep(0.02)
        assert post.status == 0
        assert not Path(f"/proc/{worker}").exists()


def test_suspending_clears_the_screen_and_continuing_begins_anew() -> None:
    with desk(job=True) as post:
        (job,) = post.children(post.pid)
        for by_key in (True, False):
            post.scan(VACCINATION)
            post.wait(GOOD, NAME)
            post.look(0.35)
            if by_key:
                post.send("\x1a")
            else:
                os.kill(job, signal.SIGTSTP)
            wait_until_stopped(post, job)
            post.settle()
            assert "VERA" not in post.text + post.scrollback
            os.kill(job, signal.SIGCONT)
            post.wait("Ready.")


def wait_until_stopped(post: BorderPost, pid: int) -> None:
    until = time.monotonic() + 10
    state = ""
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
        if state == "T" and not post.children(pid):
            return
        post.look(0.05)
    raise AssertionError(state)


def test_a_verdict_is_cleared_after_a_time() -> None:
    with desk("--clear-after", "1") as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        post.wait("Ready.", gone=NAME)


def test_the_screen_follows_its_size() -> None:
    with desk() as post:
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        for columns, rows in ((40, 24), (200, 50), (20, 10), (80, 24)):
            post.resize(columns, rows)
            post.look(1.2)
            words = "".join(post.words.split())
            assert "MUSTERFRAU<SPECIMEN<<VERA" in words
            assert max(map(len, post.text.splitlines())) <= columns


def test_plain_is_line_by_line_without_moving_about() -> None:
    with desk("--plain", begin=False) as post:
        post.wait("START OF SHIFT", "Scan a code")
        post.scan(VACCINATION)
        post.wait("AUTHENTIC", NAME)
        post.send(" ")
        post.wait("Ready.", gone=NAME)
        sequences = {part.split("\n")[0][:4] for part in post.raw.decode().split("\033")[1:]}
        # The clearing of what was a traveller's, and nothing else.
        assert {each[:3].rstrip("ASDR") for each in sequences} <= {"[H", "[2J", "[3J"}


def test_without_colour_there_is_none() -> None:
    with desk(env={"NO_COLOR": "1"}) as post:
        post.scan(VACCINATION)
        post.wait(GOOD, "✔")
        assert b"\033[1;7;32m" not in post.raw
        assert b"[32" not in post.raw


def test_big_letters() -> None:
    with desk("--big") as post:
        post.scan(VACCINATION)
        post.wait("█████", "AUTHENTIC", NAME)


def test_the_same_traveller_again_is_said() -> None:
    with desk() as post:
        post.send("5")
        post.wait("same traveller again")
        post.scan(VACCINATION)
        post.wait(GOOD, "same traveller again")
        post.scan(VACCINATION)
        post.wait(GOOD, gone="same traveller again")


def test_a_name_can_neither_steer_the_terminal_nor_turn_it_round() -> None:
    hostile = "EVIL\033[2J\033]0;title\007\u202e\u2066\u200b\nNAME"
    name = {"fn": hostile, "gn": "Specimen", "fnt": "EVIL<SPECIMEN", "gnt": "SPECIMEN"}
    with desk() as post:
        since = len(post.raw)
        post.scan(vaccination(name=name))
        post.wait(GOOD, "EVIL<SPECIMEN<<SPECIMEN", "EVIL\ufffd[2J")
        written = bytes(post.raw[since:])
        for forbidden in ("\007", "\033]", "\u202e", "\u2066", "\u200b"):
            assert forbidden.encode() not in written


def test_a_shift_never_beeps_nor_names_a_window() -> None:
    with desk() as post:
        for scanned in (VACCINATION, text("eu_dcc", "signature-other-key"), "hello"):
            post.scan(scanned)
            post.look(0.6)
        post.send("\3")
        assert post.end() == 0
        assert b"\007" not in post.raw
        assert b"\033]" not in post.raw


def test_the_mode_of_the_terminal_comes_back() -> None:
    with desk(begin=False) as post:
        post.wait("START OF SHIFT")
        during = termios.tcgetattr(post.terminal)
        assert not during[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
        post.send("\3")
        assert post.end() == 0
        assert b"\033[?1049l" in post.raw
        after = termios.tcgetattr(post.terminal)
        assert after[3] & termios.ECHO
        assert after[3] & termios.ICANON


def test_a_desk_whose_seals_do_not_hold_does_not_open_where_they_are_demanded() -> None:
    """No call of Landlock is known to this kernel, as far as the program can tell."""
    code = (
        "import errno, sys; from verifier.sealing import kernel\n"
        "def absent(**_): raise OSError(errno.ENOSYS, '')\n"
        "kernel.close_files = absent\n"
        "from cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    command = (sys.executable, "-c", code, "scan", "--json", "--store", store_path(), "--at", AT)
    for demand, status in (((), 0), (("--require-seals",), 3)):
        done = subprocess.run(
            [*command, *demand], input=VACCINATION.encode(), capture_output=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert (b"landlock" in done.stderr) == bool(demand)
        assert bool(done.stdout) != bool(demand)
