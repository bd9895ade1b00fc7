"""Taking a bundle at a desk that never goes online: part of ``pratique trust import``."""

from cli.output import remark, write
from cli.style import style_of_results
from cli.trust_diff import report_lines
from trustlists.airgap import take_bundle
from verifier.clock import SystemClock, day_of


def take(store: str, bundle: str, root: str | None) -> None:
    """Put the store of a bundle in the place of this desk's, and say what changed."""
    taken = take_bundle(store, bundle, root=root, now=SystemClock().now())
    write(
        f"Bundle {taken.version} of {day_of(taken.version)} taken, good until"
        f" {day_of(taken.expires)}, under root {taken.root_version}.\n"
    )
    write("".join(f"{line}\n" for line in report_lines(taken.changes, style_of_results())))
    if taken.from_future:
        remark("The bundle is from a day that this clock has not reached: set the clock.")
