"""What a desk is set to, in one value that the parent makes and every worker inherits."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from cli.post.listening import Ear
from cli.post.pages import Words
from cli.post.terminal import Terminal
from verifier import Verdict
from verifier.privacy import Disclosure
from verifier.sealing import Watch

# Judges once more, beside the machine-readable zone of a passport. May raise nothing.
Compare = Callable[[Verdict, str], Verdict]


class Settings(NamedTuple):
    """The arguments of one call, checked."""

    store: str
    at: datetime | None
    rules: str | None
    region: str
    disclosure: Disclosure
    lang: str
    traveller_lang: str
    json: bool
    plain: bool
    big: bool
    clear_after: float
    device: str
    camera: str
    prefix: bytes
    suffix: bytes
    texts: str
    tally: str  # empty: nothing is counted
    tally_daily: bool
    accept_retired: tuple[str, ...] = ()
    demand_revocation: bool = False
    extensions: tuple[str, ...] = ()
    require_seals: bool = False


class Desk(NamedTuple):
    """What workers share: nothing of it changes while one lives, and nothing is of a traveller.

    ``seal_parent`` and ``seal_worker`` close the process off once all is open, and raise
    ``PolicyViolation`` when that is demanded and does not hold; ``compare`` is None where passports
    are not compared.
    """

    settings: Settings
    terminal: Terminal
    words: Words
    keyboard: Ear | None
    compare: Compare | None = None
    seal_parent: Callable[[], object] = lambda: None
    seal_worker: Callable[[], Watch] = Watch
