"""Searches the memory of another process, from outside."""

from pathlib import Path

import pytest


def memory_of(pid: int) -> list[bytes]:
    """Give every readable region of a process; skips the test where the system does not let us."""
    regions = []
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in maps:
                span, rights, *_, name = [*line.split(), ""][:7]
                if not rights.startswith("r") or name in {"[vvar]", "[vsyscall]"} or "vvar" in line:
                    continue
                start, end = (int(each, 16) for each in span.split("-"))
                memory.seek(start)
                regions.append(memory.read(end - start))
    except PermissionError:
        pytest.skip("this system does not let a process look into another's memory")
    assert sum(map(len, regions)) > 5_000_000, "too little to be a Python process"
    return regions


def found_in(pid: int, *texts: str) -> list[str]:
    """Name the texts that a process holds, in any of the forms that Python keeps texts in."""
    regions = memory_of(pid)
    return [
        text
        for text in texts
        if any(
            text.encode(form) in region
            for region in regions
            for form in ("utf-8", "utf-16-le", "utf-32-le")
        )
    ]
