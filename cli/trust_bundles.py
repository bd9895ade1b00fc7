"""Taking a bundle at a desk that never goes online: part of ``pratique trust import``."""

import json
from typing import Final

from cli.output import remark, write
from cli.style import style_of_results
from cli.trust_diff import report_lines, report_members
from trustlists.airgap import BundleTaken, take_bundle
from verifier.clock import SystemClock, day_of

SCHEMA: Final = "pratique.trust_bundle/1"


def take(store: str, bundle: str, root: str | None, *, as_json: bool) -> None:
    """Put the store of a bundle in the place of this desk's, and say what changed."""
    taken = take_bundle(store, bundle, root=root, now=SystemClock().now())
    write(_in_json(taken) if as_json else _in_words(taken))
    if taken.from_future:
        remark("The bundle is from a day that this clock has not reached: set the clock.")


def _in_words(taken: BundleTaken) -> str:
    head = (
        f"Bundle {taken.version} of {day_of(taken.version)} taken, good until"
        f" {day_of(taken.expires)}, under root {taken.root_version}."
    )
    return "".join(f"{line}\n" for line in (head, *report_lines(taken.changes, style_of_results())))


def _in_json(taken: BundleTaken) -> str:
    members = {
        "schema": SCHEMA,
        "version": taken.version,
        "made": day_of(taken.version),
        "expires": day_of(taken.expires),
        "root_version": taken.root_version,
        "from_future": taken.from_future,
        "changes": report_members(taken.changes),
    }
    return json.dumps(members, separators=(",", ":")) + "\n"
