"""Where the trust store and the tally lie when nobody says."""

import os


def default_store_path() -> str:
    """Give ``$PRATIQUE_STORE``, else a place in the user's data folder (XDG base directories).

    A text and no ``Path``: ``verify`` comes here on its way to the first verdict.
    """
    chosen = os.environ.get("PRATIQUE_STORE")
    if chosen:
        return chosen
    data = os.environ.get("XDG_DATA_HOME") or os.path.join("~", ".local", "share")  # noqa: PTH118 - see above
    return os.path.join(os.path.expanduser(data), "pratique", "trust.sqlite")  # noqa: PTH111, PTH118 - see above


def default_tally_path() -> str:
    """Give ``$PRATIQUE_TALLY``, else a place in the user's state folder (XDG base directories).

    Empty means that nothing is counted: the variable is set to nothing.
    """
    chosen = os.environ.get("PRATIQUE_TALLY")
    if chosen is not None:
        return chosen
    state = os.environ.get("XDG_STATE_HOME") or os.path.join("~", ".local", "state")  # noqa: PTH118 - see above
    return os.path.join(os.path.expanduser(state), "pratique", "tally")  # noqa: PTH111, PTH118 - see above
