"""Where keys come from and whether to believe them. Usable on its own by integrators.

``TrustStore`` is what a desk opens. ``import_sources`` builds it and is loaded when it is first
asked for, because a desk never needs it.
"""

from typing import TYPE_CHECKING, Any

from trustlists.store import StoredKey, StoredList, TrustStore

if TYPE_CHECKING:
    from trustlists.anchors import Anchor, read_anchors
    from trustlists.counting import KeyCount, KeyCounts, LevelCount, count_keys
    from trustlists.importing import ImportReport, ListReport, import_sources
    from trustlists.records import Refusal, RefusedEntry

__all__ = [
    "Anchor",
    "ImportReport",
    "KeyCount",
    "KeyCounts",
    "LevelCount",
    "ListReport",
    "Refusal",
    "RefusedEntry",
    "StoredKey",
    "StoredList",
    "TrustStore",
    "count_keys",
    "import_sources",
    "read_anchors",
]

_HOME_OF = {
    "Anchor": "anchors",
    "ImportReport": "importing",
    "KeyCount": "counting",
    "KeyCounts": "counting",
    "LevelCount": "counting",
    "ListReport": "importing",
    "Refusal": "records",
    "RefusedEntry": "records",
    "count_keys": "counting",
    "import_sources": "importing",
    "read_anchors": "anchors",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOME_OF:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib  # noqa: PLC0415 - see above

    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
