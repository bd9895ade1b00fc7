"""The trust store of a shift: opened once, and anew when another has been put in its place."""

import os
import time
from typing import Final

from cli.post.desk import Settings
from cli.post.pages import Basis
from trustlists import TrustStore
from verifier import PrivacyPolicy, SetupError, Verifier
from verifier.clock import day_of, instant_of
from verifier.trust import Environment

# An envelope of nobody: no person in it, key id and signature are zeros. Verifying it opens the
# store and gives a new process its own copies of what every verification touches.
_REHEARSAL: Final = "HC1:6BFOXN%TSMAHN-HCPGHC1+GVNDC4NHD8C4VCA M:UC*GPG64XGGLF8J20+-Q+2"

Seen = tuple[int, int, int, int]


class Opened:
    """An open store and what verifies with it; ``usable`` is false while the file is no store."""

    __slots__ = ("_path", "_seen", "_settings", "store", "usable", "verifier")

    def __init__(self, path: str, settings: Settings) -> None:
        """Open the store at a path. Raises ``SetupError`` when it is unusable."""
        self._path = path
        self._settings = settings
        self._seen = _look(path)
        self.usable = True
        self.store = TrustStore.open(path, tables=True)
        self.verifier = self._verifier()

    def has_changed(self) -> bool:
        """Tell whether another file lies there than the one that was opened."""
        return _look(self._path) != self._seen

    def renew(self) -> bool:
        """Take the new store if there is one, and tell whether it is in use now."""
        seen = _look(self._path)
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            store = TrustStore.open(self._path, tables=True)
        except SetupError:
            self.usable = False
            return False
        self.store.close()
        self.store = store
        self.verifier = self._verifier()
        self.usable = True
        return True

    def warm(self) -> None:
        """Open the file in this process and rehearse, before the traveller comes.

        When the file was taken away, the one that the parent has open goes on serving.
        """
        self.verifier.verify(_REHEARSAL, at=self._settings.at)

    def is_drill(self) -> bool:
        """Tell whether the store holds specimen keys: a drill is not counted."""
        return any(each.environment is Environment.SPECIMEN for each in self.store.lists())

    def basis(self) -> Basis:
        """Tell what verdicts rest on now."""
        at = self._settings.at
        now = int(time.time()) if at is None else instant_of(at)
        newest = self.store.newest()
        return Basis(
            newest,
            None if newest is None else newest.freshness(now),
            "" if newest is None else day_of(newest.as_of),
            "" if at is None else at.isoformat(),
        )

    def _verifier(self) -> Verifier:
        settings = self._settings
        return Verifier(
            trust=self.store,
            rules=settings.rules,
            region=settings.region,
            policy=PrivacyPolicy(settings.disclosure),
            accept_retired=settings.accept_retired,
            demand_revocation=settings.demand_revocation,
            extensions=settings.extensions,
            compare_later=True,
        )


def _look(path: str) -> Seen:
    """Tell one file from another in the same place; of none at all, nothing."""
    try:
        status = os.stat(path)  # noqa: PTH116 - as elsewhere at the desk
    except OSError:
        return 0, 0, 0, 0
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
