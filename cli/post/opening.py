"""Opening a desk: arguments checked, store opened, all loaded, looked over, and the shift begun."""

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final

import verifier
from cli.output import remark
from cli.post import startup
from cli.post.camera import Camera
from cli.post.desk import Desk, Settings
from cli.post.keys import keys_by_character
from cli.post.layouts import suspected
from cli.post.listening import Ear
from cli.post.loop import Shift
from cli.post.opened import Opened
from cli.post.pages import Words
from cli.post.screens import Painter
from cli.post.terminal import Terminal
from cli.post.texts import Texts, read_texts
from cli.problem import Problem
from cli.request import ask, language
from cli.seals import seal_parent, seal_worker
from cli.stores import default_store_path, default_tally_path
from cli.style import style_of_results
from cli.tallying.tally import Tally
from verifier import Verdict
from verifier.sealing import Watch

_CLEAR_AFTER: Final = 30.0  # seconds: as long as comparing two names takes, and some more
_SECONDS: Final = range(1, 3601)
_ADDED_CHARACTERS: Final = 32
# What a worker never needs, or loads what others brought.
_NOT_LOADED: Final = ("verifier.batch", "verifier.codecs.json_ld", "verifier.extensions")
# What others load when it is first needed.
_LOADED_LATE: Final = (
    "cli.json_lines", "cryptography.hazmat.primitives.serialization", "encodings.utf_16_be",
    "trustlists.revocation.withdrawals", "unicodedata",
)  # fmt: skip
_TEXTS_FILE: Final = "desk.toml"


def settings_of(  # noqa: PLR0913 - one argument an option
    *,
    traveller_lang: str | None = None,
    texts: str | None = None,
    tally: str | None = None,
    tally_daily: bool = False,
    device: str | None = None,
    camera: str | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
    clear_after: str | None = None,
    plain: bool = False,
    big: bool = False,
    **common: Any,  # noqa: ANN401 - the options that ``ask`` checks
) -> Settings:
    """Check the arguments of ``pratique scan``. Raises ``Problem``; quotes none of them."""
    request = ask((), **common)
    return Settings(
        store=request.store,
        at=request.at,
        rules=request.rules,
        region=request.region,
        disclosure=request.disclosure,
        lang=request.lang,
        traveller_lang=language(traveller_lang) if traveller_lang else request.lang,
        json=request.json,
        plain=plain,
        big=big,
        clear_after=_clear_after(clear_after),
        device=device or "",
        camera=camera or "",
        prefix=_added("--prefix", prefix),
        suffix=_added("--suffix", suffix),
        texts=texts or _own_texts(),
        tally=default_tally_path() if tally is None else tally,
        tally_daily=tally_daily,
        accept_retired=request.accept_retired,
        demand_revocation=request.demand_revocation,
        extensions=request.extensions,
        require_seals=request.require_seals,
    )


def open_desk(settings: Settings) -> int:
    """Serve a shift and give the exit status.

    Raises ``SetupError`` or ``Problem`` when nothing at all could be verified.
    """
    terminal = Terminal(plain=settings.plain)
    painter = Painter(style_of_results(), settings.lang, plain=terminal.plain, big=settings.big)
    texts = read_texts(settings.texts) if settings.texts else Texts({})
    words = Words(painter, texts, settings.lang, settings.traveller_lang)
    camera = _camera(settings.camera)
    opened = Opened(os.path.abspath(settings.store or default_store_path()), settings)  # noqa: PTH100 - as elsewhere at start
    keyboard = _keyboard(settings, terminal, camera)
    desk = Desk(settings, terminal, words, keyboard, compare=_compared)
    counts = bool(settings.tally) and settings.at is None and not opened.is_drill()
    found = startup.look_over(desk, opened, counted=counts)
    if found.refusal is not None:
        raise found.refusal
    tally = Tally.open(Path(settings.tally), daily=settings.tally_daily) if counts else None
    _load_all()
    if not terminal.screen or settings.json:
        _remark(found)
    desk = _sealed(desk, tally)
    shift = Shift(desk, opened, count=None if tally is None else tally.add, camera=camera)
    try:
        return shift.run(startup.page(desk, found))
    finally:
        if tally is not None:
            tally.close()


def _sealed(desk: Desk, tally: Tally | None) -> Desk:
    """Give the desk what seals its processes once all is open."""
    settings = desk.settings
    descriptor = None if tally is None else tally.descriptor

    def close_parent() -> None:
        seal_parent(tally=descriptor, camera=bool(settings.camera), demand=settings.require_seals)

    def close_worker() -> Watch:
        return seal_worker(demand=settings.require_seals)

    return desk._replace(seal_parent=close_parent, seal_worker=close_worker)


def _compared(verdict: Verdict, zone: str) -> Verdict:
    """Judge once more, beside the machine-readable zone of a passport."""
    return verdict.with_identity(verdict.compare(zone))


def _remark(found: startup.StartUp) -> None:
    """Tell the doubts where there is no screen to show a page on."""
    for line in found.lines:
        if line.sign != startup.GOOD:
            remark(line.text)


def _keyboard(settings: Settings, terminal: Terminal, camera: Camera | None) -> Ear | None:
    """Say how standard input is listened to; a pipe not at all when scans come otherwise."""
    if terminal.keys:
        keys = keys_by_character()
        return Ear(keys, prefix=settings.prefix, suffix=settings.suffix)
    if settings.device or camera is not None:
        return None
    none: Mapping[str, Any] = {}
    return Ear(none, keyboard=False, silence=False, prefix=settings.prefix, suffix=settings.suffix)


def _camera(name: str) -> Camera | None:
    if not name:
        return None
    from cli.post.frames import camera_named  # noqa: PLC0415 - an optional part

    return camera_named(name)


def _load_all() -> None:
    """Load every format and codec now, so that no worker has to: each would, for its own end."""
    for found in walk_packages(verifier.__path__, "verifier."):
        if not found.name.startswith(_NOT_LOADED):
            import_module(found.name)
    for name in _LOADED_LATE:
        import_module(name)
    suspected("")  # which reads the tables of keyboards


def _own_texts() -> str:
    """Give the texts in the user's configuration folder (XDG base directories), if there are."""
    folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - as elsewhere at start
    path = os.path.join(folder, "pratique", _TEXTS_FILE)  # noqa: PTH118 - the same
    return path if os.path.exists(path) else ""  # noqa: PTH110 - the same


def _clear_after(text: str | None) -> float:
    if text is None:
        return _CLEAR_AFTER
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _SECONDS.start <= seconds < _SECONDS.stop:
        what = "What follows --clear-after is no number of seconds from 1 to 3600."
        raise Problem(what, "Write it like: --clear-after 30")
    return seconds


def _added(option: str, text: str | None) -> bytes:
    r"""Read what a scanner adds: a text, or \t and the like for what cannot be typed."""
    if text is None:
        return b""
    try:
        added = text.encode("ascii").decode("unicode_escape").encode("latin-1")
    except (UnicodeEncodeError, UnicodeDecodeError):
        added = b""
    if not added or len(added) > _ADDED_CHARACTERS:
        what = f"What follows {option} is nothing that a scanner adds."
        raise Problem(what, r"Write up to 32 characters, and \t for a tab, \x03 for ETX.")
    return added
