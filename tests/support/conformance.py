"""Where the third-party data lie, and a plain word when they are not there."""

import os
from pathlib import Path

import pytest

# Beside the checkout; CI has it there too. PRATIQUE_CONFORMANCE names another place.
ROOT = Path(
    os.environ.get("PRATIQUE_CONFORMANCE", Path(__file__).parents[3] / "shared" / "conformance")
)


def conformance(*parts: str) -> Path:
    """Give a path among the data, or skip the test that asks."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"conformance data not here: {'/'.join(parts)}")
    return path


def cases_in(*parts: str, pattern: str) -> list[object]:
    """List the files that match, as names relative to the folder, for parametrising.

    Where the data are absent there is one case, which is skipped with the reason.
    """
    folder = ROOT.joinpath(*parts)
    names = sorted(str(path.relative_to(folder)) for path in folder.glob(pattern))
    reason = f"conformance data not here: {'/'.join(parts)}"
    return names or [pytest.param("", marks=pytest.mark.skip(reason=reason))]
