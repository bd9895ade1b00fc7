"""Where keys come from and whether to believe them. Usable on its own by integrators.

``TrustStore`` is what a desk opens. Everything else builds, examines, compares and carries stores,
one call each, and is loaded when it is first asked for, because a desk never needs it:
``import_sources``, ``import_rules``, ``check_store`` and ``check_sources``, ``compare``,
``export_keys``, and for desks that never go online ``make_bundle`` and ``take_bundle``.
docs/trust-lists.md and docs/entry-rules.md show each.
"""

from typing import TYPE_CHECKING, Any

from trustlists.store import StoredKey, StoredList, TrustStore

if TYPE_CHECKING:
    from trustlists.airgap import (
        BundleMade,
        BundleTaken,
        KeyPair,
        RootReport,
        add_signatures,
        make_bundle,
        new_key,
        new_root,
        take_bundle,
    )
    from trustlists.anchors import Anchor, read_anchors
    from trustlists.checking import CheckReport, Code, Finding, Severity, check_sources, check_store
    from trustlists.counting import KeyCount, KeyCounts, LevelCount, count_keys
    from trustlists.diff import ChangedKey, DiffReport, ListDiff, compare
    from trustlists.export import Export, Form, LeftOut, export_keys
    from trustlists.importing import ImportReport, ListReport, import_sources
    from trustlists.records import Refusal, RefusedEntry
    from trustlists.refreshing import RefreshReport, SourceReport, fetching, refresh
    from trustlists.rules.importing import RulesImport, RulesReport, import_rules

__all__ = [
    "Anchor",
    "BundleMade",
    "BundleTaken",
    "ChangedKey",
    "CheckReport",
    "Code",
    "DiffReport",
    "Export",
    "Finding",
    "Form",
    "ImportReport",
    "KeyCount",
    "KeyCounts",
    "KeyPair",
    "LeftOut",
    "LevelCount",
    "ListDiff",
    "ListReport",
    "RefreshReport",
    "Refusal",
    "RefusedEntry",
    "RootReport",
    "RulesImport",
    "RulesReport",
    "Severity",
    "SourceReport",
    "StoredKey",
    "StoredList",
    "TrustStore",
    "add_signatures",
    "check_sources",
    "check_store",
    "compare",
    "count_keys",
    "export_keys",
    "fetching",
    "import_rules",
    "import_sources",
    "make_bundle",
    "new_key",
    "new_root",
    "read_anchors",
    "refresh",
    "take_bundle",
]

_HOME_OF = {
    "Anchor": "anchors",
    "BundleMade": "airgap",
    "BundleTaken": "airgap",
    "ChangedKey": "diff",
    "CheckReport": "checking",
    "Code": "checking",
    "DiffReport": "diff",
    "Export": "export",
    "Finding": "checking",
    "Form": "export",
    "ImportReport": "importing",
    "KeyCount": "counting",
    "KeyCounts": "counting",
    "LevelCount": "counting",
    "KeyPair": "airgap",
    "LeftOut": "export",
    "ListDiff": "diff",
    "ListReport": "importing",
    "RefreshReport": "refreshing",
    "Refusal": "records",
    "RefusedEntry": "records",
    "count_keys": "counting",
    "RootReport": "airgap",
    "RulesImport": "rules.importing",
    "RulesReport": "rules.importing",
    "Severity": "checking",
    "SourceReport": "refreshing",
    "add_signatures": "airgap",
    "check_sources": "checking",
    "check_store": "checking",
    "compare": "diff",
    "export_keys": "export",
    "fetching": "refreshing",
    "import_rules": "rules.importing",
    "import_sources": "importing",
    "make_bundle": "airgap",
    "new_key": "airgap",
    "new_root": "airgap",
    "read_anchors": "anchors",
    "refresh": "refreshing",
    "take_bundle": "airgap",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOME_OF:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib  # noqa: PLC0415 - see above

    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
