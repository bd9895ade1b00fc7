"""Scans from a serial line, from a scanner's keys, and a desk that changes under the officer."""

import os
import pty
import shutil
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.border_post import AT, border_post
from support.specimens import FIXTURES, NOW, cases, make_store, store_path

from cli.post.sources import Bytes, ScannerKeys, SourceLost, open_device
from cli.problem import Problem
from trustlists import import_sources

GOOD = "A U T H E N T I C"
NAME = "MUSTERFRAU<SPECIMEN<<VERA"
VACCINATION = (FIXTURES / "eu_dcc" / "vaccination.txt").read_text().strip()
OTHER = (FIXTURES / "eu_dcc" / "signature-other-key.txt").read_text().strip()


@pytest.fixture
def serial(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A serial line: our end, and the device that stands for the other."""
    ours, theirs = pty.openpty()
    device = tmp_path / "ttyACM0"
    device.symlink_to(os.ttyname(theirs))
    yield ours, device
    os.close(ours)
    os.close(theirs)


def test_a_scanner_in_serial_mode(serial: tuple[int, Path]) -> None:
    line, device = serial
    with border_post("--store", store_path(), "--at", AT, "--device", device) as post:
        os.write(line, f"{OTHER}\r\n{VACCINATION}\r\n".encode())
        post.wait(GOOD, NAME)
        os.write(line, OTHER.encode())
        post.wait("N O T", gone=NAME)
        post.look(0.35)
        post.send("3")
        post.wait("PROTECTION FIRST")


def test_a_code_that_holds_bytes_comes_whole_over_a_serial_line(serial: tuple[int, Path]) -> None:
    line, device = serial
    scan = next(
        each.scan
        for each in cases()
        if each.id.startswith("divoc::")
        and isinstance(each.scan, bytes)
        and each.outcome == "authentic"
    )
    with border_post("--store", store_path(), "--at", AT, "--device", device) as post:
        os.write(line, scan)
        post.wait(GOOD)


def test_a_scanner_that_is_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    device = tmp_path / "scanner"
    os.mkfifo(device)
    line = os.open(device, os.O_RDWR)
    with border_post("--store", store_path(), "--at", AT, "--device", device) as post:
        os.write(line, f"{VACCINATION}\n".encode())
        post.wait(GOOD, NAME)
        device.unlink()
        os.close(line)
        post.look(0.5)
        post.wait(GOOD, NAME)  # the verdict stays for the officer
        post.send(" ")
        post.wait("The scanner is not there", gone=NAME)
        post.send("4")
        post.wait("ILL TRAVELLER")
        post.send(" ")
        os.mkfifo(device)
        line = os.open(device, os.O_RDWR)
        post.wait("Ready.", gone="The scanner is not there")
        os.write(line, f"{VACCINATION}\n".encode())
        post.wait(GOOD, NAME)
        os.close(line)


def test_what_is_no_scanner_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.write_bytes(b"")
    with pytest.raises(Problem, match="no device"):
        open_device(os.fspath(plain))
    assert open_device(os.fspath(tmp_path / "nothing")) is None


def event(code: int, value: int, kind: int = 1) -> bytes:
    return struct.pack("llHHi", 0, 0, kind, code, value)


def test_a_scanner_s_keys_are_read_before_any_layout() -> None:
    reading, writing = os.pipe()
    keys = ScannerKeys(reading)
    typed = [
        event(42, 1), event(35, 1), event(35, 0), event(46, 1), event(42, 0), event(2, 1),
        event(2, 2), event(0, 0, kind=0), event(54, 1), event(39, 1), event(54, 0), event(39, 1),
        event(250, 1), event(28, 1), event(0, 0, kind=0), event(28, 0), event(0, 0, kind=0),
    ]  # fmt: skip
    os.write(writing, b"".join(typed))
    assert b"".join(keys.read() for _ in typed) == b"HC1:;\r"
    os.close(writing)
    with pytest.raises(SourceLost):
        keys.read()
    os.close(reading)


def test_a_pipe_that_ends_is_lost() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"ab")
    source = Bytes(reading)
    assert (source.read(), source.read()) == (b"a", b"b")
    os.close(writing)
    with pytest.raises(SourceLost):
        source.read()
    os.close(reading)


def test_a_store_put_in_its_place_is_taken_between_two_travellers(tmp_path: Path) -> None:
    path = tmp_path / "trust.sqlite"
    import_sources(
        path,
        [FIXTURES / "trust" / "nz-covid-pass"],
        now=NOW - 3600,
        dialect="nzcp",
        scheme="nz-covid-pass",
        anchors=[FIXTURES / "trust" / "nz-covid-pass.pem"],
        environment="specimen",  # type: ignore[arg-type]
    )
    new = make_store(tmp_path / "new.sqlite")
    with border_post("--store", path, "--at", AT) as post:
        post.scan(VACCINATION)
        post.wait("R E F E R", "ISS-002")
        new.rename(path)
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)
        path.unlink()
        post.look(0.35)
        post.send(" ")
        post.wait("goes on with the one that it had")
        post.scan(VACCINATION)
        post.wait(GOOD, NAME, gone="goes on")
        shutil.copy(store_path(), path)
        time.sleep(0.35)
        post.send(" ")
        post.wait("A new trust list is in use.")
        post.scan(VACCINATION)
        post.wait(GOOD, NAME)


def test_a_desk_that_could_verify_nothing_does_not_start(tmp_path: Path) -> None:
    with border_post("--store", tmp_path / "none", begin=False) as post:
        post.wait("cannot be read")
        assert post.end() == 3
    with border_post("--store", store_path(), "--at", "2027-12-01", begin=False) as post:
        post.wait("too old to rely on")
        assert post.end() == 3
    damaged = tmp_path / "damaged"
    content = bytearray(store_path().read_bytes())
    content[8192:12288] = os.urandom(4096)
    damaged.write_bytes(content)
    with border_post("--store", damaged, "--at", AT, begin=False) as post:
        post.wait("damaged")
        assert post.end() == 3
    # The store was made for a day that has not come: its own clock would be behind.
    if time.time() < NOW - 7 * 3600:
        with border_post("--store", store_path(), begin=False) as post:
            post.wait("clock is behind")
            assert post.end() == 3


def test_wrong_options_are_told_in_two_lines() -> None:
    for wrong, says in (
        (("--clear-after", "soon"), "no number of seconds"),
        (("--prefix", ""), "nothing that a scanner adds"),
        (("--texts", "/nowhere.toml"), "cannot be read"),
        (("--camera", "front"), "camera"),
    ):
        with border_post("--store", store_path(), "--at", AT, *wrong, begin=False) as post:
            post.wait(says)
            assert post.end() in {2, 3}
