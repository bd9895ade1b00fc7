from pathlib import Path

import pytest
from support.command import ROOT

from trustlists import import_sources

SPECIMENS = ROOT / "fixtures" / "eu_dcc"
NOVEMBER_2026 = 1_796_000_000


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trust store of the specimen world."""
    path = tmp_path_factory.mktemp("store") / "trust.sqlite"
    trust = ROOT / "fixtures" / "trust"
    import_sources(
        path,
        [trust / "eu-dcc"],
        now=NOVEMBER_2026,
        dialect="pem",
        anchors=[trust / "csca.pem"],
        environment="specimen",
        keep_going=True,
    )
    return path


@pytest.fixture
def specimens() -> Path:
    """The folder of scans and pictures."""
    return SPECIMENS
