"""The machine-readable zone for ``--mrz``: one FILE, one passport.

Loaded only when asked for. What is read is as private as a scan: no message quotes it.
"""

import os

from cli.inputs import STANDARD_INPUT, looks_like_zone, scan_as_argument
from cli.output import remark
from cli.problem import Problem, shown
from verifier import mrz
from verifier.errors import DocumentError
from verifier.limits import ZONE_CHARACTERS

# The longest zone in UTF-8 and a byte more, so that the library finds it too long.
_MOST_BYTES = 4 * ZONE_CHARACTERS + 1


def read_zone(name: str, files: tuple[str, ...]) -> str:
    """Read the zone from a FILE, ``-`` for standard input, and tell which places look misread.

    Raises ``Problem`` when the file cannot be read or is empty, when the certificates are to come
    from standard input too, and for a zone in the place of a name.
    """
    if name == STANDARD_INPUT:
        if not files or STANDARD_INPUT in files:
            what = "Certificates and the passport's lines cannot both come from standard input."
            raise Problem(what, "Give one of them in a FILE.")
        if os.isatty(0):
            remark("Waiting for the passport's machine-read lines. Ctrl-D ends.")
        said = "standard input"
    else:
        said = shown(name)
    text = _read(name, said)
    if not text.strip():
        what = f"There is nothing in {said}."
        raise Problem(what, "Scan the two or three machine-read lines of the passport into it.")
    _tell_slips(text)
    return text


def _read(name: str, said: str) -> str:
    data = bytearray()
    fault = 0
    try:
        descriptor = 0 if name == STANDARD_INPUT else os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            while len(data) < _MOST_BYTES and (chunk := os.read(descriptor, _MOST_BYTES)):
                data += chunk
        finally:
            if descriptor:
                os.close(descriptor)
    except OSError as error:
        fault = error.errno or 0
    if fault:
        if looks_like_zone(name):
            raise scan_as_argument()
        message = f"Cannot read {said}: {os.strerror(fault)}."
        raise Problem(message, "Check the name and the rights of the file.")
    text = data.decode("utf-8-sig", "replace")
    data[:] = bytes(len(data))
    return text


def _tell_slips(text: str) -> None:
    try:
        slips = mrz.read(text).slips
    except DocumentError:
        return  # each verdict says what is wrong with the zone
    for slip in slips:
        remark(f"The passport's line {slip.line} has a letter for a digit at place {slip.place}.")
