"""Keeps ``docs/privacy-notice.md`` equal to what the program does.

``python -m cli.notice docs/privacy-notice.md`` writes it anew from the policy, the seals, the cells
of the tally and the words of the interface; a test compares.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from cli.messages.en import WORDS
from cli.seals import meaning_of
from cli.selftest.canaries import Canaries, spellings
from cli.style import wrap
from cli.tally_reports import STEP, UNDER
from cli.tallying.cells import CELLS, FAMILIES, OUTCOMES
from verifier.limits import DOCUMENT_CHARACTERS
from verifier.privacy import Disclosure, HolderView, PrivacyPolicy
from verifier.sealing import Seal, State, Step

_WIDTH: Final = 100

_HEAD: Final = """# Privacy notice

Written by `python -m cli.notice docs/privacy-notice.md` from the program itself; a test compares.
For the wall: `pratique privacy show`, in the language of the reader. For proof on the desk in front
of you: `pratique privacy selftest`.
"""

# (what, how long, why), each held to by the tests in tests/privacy.
_READ: Final = (
    (
        f"the code of a certificate, up to {DOCUMENT_CHARACTERS:,} characters",
        "while it is checked",
        "to check the seal, the dates, withdrawal, and the rules that were asked for",
    ),
    (
        "the machine-read lines of a passport, where the officer scans them",
        "while the two are compared",
        "to compare the names",
    ),
    ("a picture or PDF with a code", "while the code is found in it", "to find the code"),
    (
        "trust lists, lists of withdrawn certificates, entry rules",
        "until the next edition",
        (
            "they name issuers; a list of withdrawn certificates holds numbers or hashes of those "
            "that an issuer took back, as it published them"
        ),
    ),
)

# Facts of the texts, in our words; the articles are the place to read them.
_LAW: Final = (
    (
        "International Health Regulations (2005), article 45",
        (
            "health data stay confidential, are used only where a health risk demands it, are "
            "adequate, accurate, not excessive, and kept no longer than needed"
        ),
        "read, compared and let go of; nothing to keep confidential afterwards",
    ),
    (
        (
            "Regulation (EU) 2021/953, article 10 (in force until 30 June 2023; many certificates "
            "of that form are still about)"
        ),
        "who checks a certificate reads what the check needs, and keeps nothing of it",
        "no option stores anything",
    ),
    (
        "Regulation (EU) 2016/679 (GDPR), article 5(1)(c)",
        "data are adequate, relevant and limited to what the purpose needs",
        (
            "name and birth date at the most, unless the policy says otherwise; nothing at all "
            "when something failed"
        ),
    ),
)

# The limits, and what somebody can do about each (no-retention notes, 8).
_LIMITS: Final = (
    (
        (
            "memory of `pratique verify` and of programs that embed the library: a text that "
            "Python has let go of is not overwritten"
        ),
        (
            "`pratique scan` lets a worker read each traveller and end; `verify` ends with its "
            "call. Fed for hours, it keeps traces for hours. Shown: nothing is *held on to*"
        ),
    ),
    (
        "pages that an ended process gave back keep their content until the system uses them again",
        "boot with `init_on_free=1`; no kdump, no snapshots of virtual machines",
    ),
    (
        "root, or a program with its rights, at the moment of a check",
        "nobody works as root on a desk; no debuggers on it",
    ),
    (
        "swap and hibernation while a check runs",
        "no swap, or one with a key made at boot; `LimitMEMLOCK=infinity` lets memory be locked",
    ),
    ("the terminal keeps what it shows in its scrollback", "close the window; `--disclose none`"),
    ("a screen seen by the queue, photographs of it", "turn it away from the queue"),
    ("the memory of a scanner, its cable and its driver", "its manual; switch its storage off"),
    ("cameras and their last frames", "cover the lens; cut the power between shifts"),
    ("people: what they remember, say or write down", "training, and no paper at the desk"),
    (
        "that somebody passed, when, and with what outcome, for who watches the desk",
        "the counts above are made so that they tell nothing more",
    ),
    (
        "a program that embeds this one, or a format of another package",
        "`with verifier.sealed()`, `verifier.harden()`; read it before",
    ),
    (
        (
            "an interrupt while the holder is compared, for a crash reporter that writes down "
            "every value of every frame"
        ),
        "none on a desk; the stages before drop their frames",
    ),
)


def notice() -> str:
    """Write the whole notice."""
    sections = (
        ("What is read, and for how long", _table(("what", "how long", "what for"), _READ)),
        ("What is shown, and to whom", "\n\n".join(_shown())),
        ("What is kept", _kept()),
        ("What is counted", _counted()),
        ("What the machine enforces", _enforced()),
        ("How it is proved", _proved()),
        ("What it rests on", _table(("text", "asks", "here"), _LAW)),
        ("A deliberate deviation", _deviation()),
        ("What cannot be promised", _table(("what", "remedy"), _LIMITS)),
    )
    return _HEAD + "".join(f"\n## {title}\n\n{text}\n" for title, text in sections)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown() -> Iterator[str]:
    """Say what each level of disclosure shows, and which are the fields of a holder."""
    yield wrap("To the officer at the desk, and to nobody else:", _WIDTH)
    by_level = ((level, dict(PrivacyPolicy(level).explain())) for level in Disclosure)
    rows = [
        (f"`--disclose {level.value}`", told["What the officer sees"]) for level, told in by_level
    ]
    yield _table(("level", "what the officer sees"), rows)
    fields = [name for name in vars(HolderView) if not name.startswith("_")]
    clinical = [text for key, text in WORDS.items() if key.startswith("clinical.")]
    yield wrap(
        f"A holder has these fields and no others: {', '.join(f'`{name}`' for name in fields)}. "
        "It can be read once, inside one `with` block, and is emptied at its end; nothing can "
        f"copy it or pack it up. Medical details are: {', '.join(clinical)}.",
        _WIDTH,
    )


def _kept() -> str:
    told = dict(PrivacyPolicy.strict().explain())
    kept = wrap(told["What is kept"], _WIDTH)
    others = f"Who else learns of it? {told['Who else learns of it']}"
    return f"{kept}\n\n{wrap(others, _WIDTH)}"


def _counted() -> str:
    return wrap(
        f"`pratique scan` counts {len(CELLS)} cells: {len(OUTCOMES)} outcomes by {len(FAMILIES)} "
        f"families of format ({', '.join(FAMILIES)}). Each document adds one to one cell. Weeks "
        "that are over are sealed, and told with noise that was drawn once; numbers below "
        f"{UNDER} are not told apart, all others are rounded to {STEP}. `docs/tally.md` has the "
        "proof and its limits. `pratique verify` counts nothing.",
        _WIDTH,
    )


def _enforced() -> str:
    rows = [(f"`{seal.value}`", meaning_of(Step(seal, State.ON))) for seal in Seal]
    first = wrap(
        "Once the trust store is open, the process gives these rights away for good. Each step is "
        "taken, then tried; `pratique privacy show` says what came of it on a machine (`on`, "
        "`refused`, `absent`), and `--require-seals` refuses to work where one does not hold.",
        _WIDTH,
    )
    last = wrap(
        "`scan` seals the process that lives for the shift, which may go on forking workers and "
        "writing to the counts, as far as that file reaches, and each worker in full before it "
        "reads anything. With `--camera` each worker opens the camera before it seals itself; its "
        "parent then goes without `landlock`, and can open what is there for writing, but make "
        "nothing. `file_size` is for `scan`, unless its output is a file. In Python an audit hook "
        "looks at `verify`, `inspect` and each worker; what tries something sealed ends the "
        "command, and the shift, with status 3. Elsewhere than on Linux only the first step is "
        "there.",
        _WIDTH,
    )
    return f"{first}\n\n{_table(('step', 'what it does'), rows)}\n\n{last}"


def _proved() -> str:
    forms = dict.fromkeys(needle.form for needle in spellings(Canaries().stem))
    return wrap(
        "`pratique privacy selftest` makes certificates of every format, good and broken, with "
        "random values in every field, runs them through the installed program, and searches from "
        "outside: memory and registers (opened before the process seals itself, read after), open "
        "files, system calls, the file tree, output, environment and terminal. `scan` runs on a "
        "terminal of its own, with a tally: within a second of the last verdict the process of the "
        "shift and the worker that waits are searched. Names are looked "
        f"for as {', '.join(forms)}; birth dates, stretches of scans and compressed streams, "
        "signatures and hashes as they are. A process that keeps a name has to be caught, names "
        "that nobody was given must not be found, and what cannot be looked at is said. Less than "
        "eight characters in a row are beyond such a search.",
        _WIDTH,
    )


def _deviation() -> str:
    return wrap(
        "Some scenarios for trust networks, WHO's among them, let who verifies log the identifier "
        "of each certificate, to answer questions later. This program does not, and has no switch "
        "for it: an identifier is a person, and so is its hash, because who knows the certificate "
        "can make the hash. Whoever has a question shows the document again; `--at` repeats the "
        "verdict for the instant in question.",
        _WIDTH,
    )


def main() -> None:
    """Write the file named on the command line."""
    for name in sys.argv[1:]:
        Path(name).write_text(notice(), "utf-8")


if __name__ == "__main__":
    main()
