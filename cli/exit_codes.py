"""Exit statuses, the table of the interface contract ("Outcomes", "Command line").

With several documents the status is the largest of theirs. Outcomes are keyed by their JSON word:
an ``Outcome`` is that word, so it can be looked up without importing the verifier here.
"""

from collections.abc import Mapping

USAGE = 2  # the command was called wrongly, or a file cannot be used
SETUP = 3  # trust store, rules, policy or an optional part of the installation is unusable

INTERRUPTED = 130  # 128 + SIGINT, as a shell reports Ctrl-C
OUTPUT_CLOSED = 141  # 128 + SIGPIPE, as a shell reports a reader that went away

STATUS_OF: Mapping[str, int] = {
    "meets_rules": 0,
    "authentic": 0,
    "does_not_meet_rules": 10,
    "not_authentic": 11,
    "refer": 12,
}
