import errno
import os
import subprocess
from pathlib import Path

import pytest
from support.command import AT, Ran, listening, run, run_process

from cli.inputs import documents
from cli.problem import Problem
from verifier.limits import PICTURE_BYTES, TEXT_FILE_BYTES


def verify(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("verify", "--json", "--store", store, "--at", AT, *arguments, stdin=stdin)


def told(ran: Ran) -> list[str]:
    """The lines on standard error but for the remark on --at."""
    return ran.err.splitlines()[1:]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "There is no scan"),
        (b"\n\r\n  \n\t\n", "There is no scan"),
        (b"GIF89a...", "is a GIF"),
        (b"\0\0\0\x18ftypheic", "is a HEIC picture"),
        (b"PK\x03\x04....", "is an archive"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", "neither a picture, a PDF nor text"),
        ("HC1:ABC\n".encode("utf-16"), "neither a picture, a PDF nor text"),
        (bytes(100_000), "neither a picture, a PDF nor text"),
        (b"\n\0\n", "There is no scan"),
        (b"HC1:A\0B\n", "neither a picture, a PDF nor text"),
    ],
)
def test_an_unusable_file_is_one_line_what_and_one_line_what_next(
    store: Path, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "file.png"
    file.write_bytes(content)
    for ran in (verify(store, file), verify(store, stdin=content)):
        assert ran.status == 2
        assert ran.out == ""
        what, next_step = told(ran)
        assert says in what
        assert next_step.startswith("  ")


def test_a_folder(store: Path, tmp_path: Path) -> None:
    ran = verify(store, tmp_path)
    assert ran.status == 2
    assert "is a folder" in told(ran)[0]


def test_a_missing_file(store: Path, tmp_path: Path) -> None:
    ran = verify(store, tmp_path / "nowhere.txt")
    assert ran.status == 2
    assert "nowhere.txt: No such file" in told(ran)[0]


@pytest.mark.parametrize("fault", [errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG])
def test_an_unreadable_file(specimens: Path, monkeypatch: pytest.MonkeyPatch, fault: int) -> None:
    def refuse(*_: object) -> int:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Problem, match=os.strerror(fault)):
        next(documents(str(specimens / "vaccination.txt")))


def test_a_file_that_fails_while_it_is_read(
    specimens: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "readv", refuse)
    with pytest.raises(Problem, match=r"Cannot read .*: Input/output error"):
        next(documents(str(specimens / "vaccination.txt")))


def test_a_file_of_two_gigabytes_is_not_read(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    with file.open("wb") as sparse:
        sparse.truncate(2 << 30)
    ran = verify(store, file)
    assert ran.status == 2
    assert f"larger than {TEXT_FILE_BYTES >> 20} MiB" in told(ran)[0]


def test_a_picture_file_that_is_too_large_is_a_verdict(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.png"
    with file.open("wb") as sparse:
        sparse.write(b"\x89PNG\r\n\x1a\n")
        sparse.truncate(PICTURE_BYTES + 1)
    ran = verify(store, file)
    assert ran.status == 12
    assert "INP-007" in ran.out


def test_a_scan_given_as_an_argument_is_refused_and_never_quoted(store: Path) -> None:
    for scan in ("HC1:NCFOXN" + "A" * 300, "HC1:6BF", "shc:/5676", '{"data":1}'):
        for ran in (verify(store, scan), run("verify", "--jsn", scan), run(scan)):
            assert ran.status == 2
            assert "never given as an argument" in ran.err
            assert scan[4:] not in ran.err


@pytest.mark.parametrize(
    "argument",
    [
        "did:web:nzcp.identity.health.nz",
        "https://example.org/list.json",
        "9C:13:7C:4D",
        "a:b",
        "--issuer=did:web:nzcp.identity.health.nz",
    ],
)
def test_names_addresses_and_hashes_are_no_scans(argument: str) -> None:
    ran = run("trust", "import", "--no-such-option", argument)
    assert ran.status == 2
    assert "--no-such-option" in ran.err


@pytest.mark.parametrize(
    "scan",
    [
        "AT1:6BF",
        " HC1:6BF",
        "NZCP:/1/2KC",
        "shlink:/eyJ",
        "https://example.org/#shlink:/eyJ",
        "eyJhbGciOi.a.b",
        "--HC1:6BF",
        "--country=HC1:6BF",
        "--issuer={",
    ],
)
def test_what_travellers_show_is_a_scan_wherever_it_stands(scan: str) -> None:
    ran = run("trust", "import", "--no-such-option", scan)
    assert ran.status == 2
    assert "never given as an argument" in ran.err


def test_a_name_that_steers_a_terminal_is_told_harmlessly(store: Path, tmp_path: Path) -> None:
    ran = verify(store, tmp_path / "a\x1b]0;title\x07\u202eb")
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err
    assert len(told(ran)) == 2


def test_bad_files_do_not_keep_good_ones_from_their_verdicts(
    store: Path, specimens: Path, tmp_path: Path
) -> None:
    good, bad = specimens / "vaccination.txt", specimens / "signature-bit.txt"
    ran = verify(store, tmp_path, good, tmp_path / "nowhere", good)
    assert ran.out.count('"authentic"') == 2
    assert ran.status == 2
    assert verify(store, tmp_path, good, bad).status == 11


def test_a_device_without_end_is_no_text(store: Path) -> None:
    # Not /dev/urandom: one time in twelve its first line is text, and scans without end follow.
    ran = verify(store, "/dev/zero")
    assert ran.status == 2
    assert "neither a picture, a PDF nor text" in ran.err


def test_a_missing_extra_says_how_to_install_it(
    store: Path, specimens: Path, tmp_path: Path
) -> None:
    (tmp_path / "PIL.py").write_text("raise ImportError\n")

    def verify_without_pillow(*files: Path) -> Ran:
        arguments = ("verify", "--store", store, "--at", AT, *files)
        return run_process(*arguments, env={"PYTHONPATH": str(tmp_path)})

    picture = specimens / "vaccination.png"
    alone = verify_without_pillow(picture)
    assert alone.status == 3
    what, next_step = told(alone)
    assert "not installed" in what
    assert "pip install 'pratique[pictures]'" in next_step
    assert verify_without_pillow(picture, specimens / "expired.txt").status == 10


def test_a_pipe_left_open_gives_each_verdict_at_once(store: Path, specimens: Path) -> None:
    scan = (specimens / "vaccination.txt").read_bytes().strip()
    with listening("verify", "--store", store) as (process, ask):
        for end in (b"\n", b"\r", b"\r\n"):
            assert b'"authentic"' in ask(scan + end)
        assert process.stdin
        process.stdin.close()
        assert process.wait() == 0


def test_a_fifo_is_read_like_a_file(store: Path, specimens: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cp", specimens / "vaccination.png", fifo]):
        assert verify(store, fifo).status == 0
