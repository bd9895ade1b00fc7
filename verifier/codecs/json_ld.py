"""Statements of linked data, written in their canonical order (N-Quads, URDNA2015).

Not a processor of JSON-LD: who knows the closed shape of a document makes its statements. Blank
nodes are told apart by what is said of each directly (RDF Dataset Normalization 1.0, 4.6); where
that does not suffice the graph is refused, and with it every graph that is costly to order.

Texts are escaped and identifiers are taken for absolute as the issuers' software did it
(rdf-canonize 1.2.0, jsonld.js 2.0.2), which is neither what JSON-LD 1.1 says nor what later
releases do (DIVOC notes, 5.3 and 6.1).
"""

import re
from collections.abc import Iterable
from typing import Final

from verifier.errors import DocumentError
from verifier.reasons import Reason

# Subject, predicate and object as they are written; a blank node has a name behind ``_:``.
Statement = tuple[str, str, str]

_BLANK: Final = "_:"

is_absolute: Final = re.compile(r"[A-Za-z][A-Za-z0-9+,.-]*:").match

# Identifiers are written as they are, so that these would end one and begin something else.
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>"\\{}|^`]').search

_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", '"': '\\"'})
_NEEDS_ESCAPE: Final = re.compile(r'[\\\n\r"]').search

_INTEGER: Final = "^^<http://www.w3.org/2001/XMLSchema#integer>"
_DATE_TIME: Final = "^^<http://www.w3.org/2001/XMLSchema#dateTime>"


def is_safe(identifier: str) -> bool:
    """Tell whether an identifier can be written without becoming something else."""
    return _UNSAFE(identifier) is None


def literal(value: str | int) -> str:
    """Write a text, or an integer, which has a type of its own: ``1`` and ``"1"`` differ."""
    if isinstance(value, int):
        return f'"{value}"{_INTEGER}'
    return f'"{value.translate(_ESCAPED) if _NEEDS_ESCAPE(value) else value}"'


def date_time(value: str) -> str:
    """Write an instant, its text unchanged."""
    return literal(value) + _DATE_TIME


def canonical(statements: Iterable[Statement]) -> bytes:
    """Write a set of statements in canonical form, as UTF-8.

    Raises ``DocumentError(PARTS_ALIKE)`` when two blank nodes cannot be told apart by what is said
    of them directly.
    """
    distinct = dict.fromkeys(statements)
    saying: dict[str, list[Statement]] = {}
    for statement in distinct:
        for term in (statement[0], statement[2]):
            if term.startswith(_BLANK):
                saying.setdefault(term, []).append(statement)
    hashes = {node: _hash(node, said) for node, said in saying.items()}
    names = {
        node: f"{_BLANK}c14n{number}"
        for number, node in enumerate(sorted(hashes, key=hashes.__getitem__))
    }
    if len(set(hashes.values())) != len(names):
        raise DocumentError(Reason.PARTS_ALIKE)
    return _in_order(
        f"{names.get(subject, subject)} {predicate} {names.get(object_, object_)} .\n"
        for subject, predicate, object_ in distinct
    )


def _hash(node: str, said: Iterable[Statement]) -> str:
    # Imported here: a desk that only asks whether a scan is of this family never pays for it.
    from hashlib import sha256  # noqa: PLC0415

    lines = (
        f"{_seen(subject, node)} {predicate} {_seen(object_, node)} .\n"
        for subject, predicate, object_ in said
    )
    return sha256(_in_order(lines)).hexdigest()


def _seen(term: str, node: str) -> str:
    """Write a term as seen from a blank node, whose own name must not matter, nor others'."""
    if term == node:
        return "_:a"
    return "_:z" if term.startswith(_BLANK) else term


def _in_order(lines: Iterable[str]) -> bytes:
    """Sort by UTF-16 code units, as JavaScript does; Python's order differs beyond U+FFFF."""
    ordered = sorted(lines)
    text = "".join(ordered)
    if not text.isascii():
        ordered.sort(key=lambda line: line.encode("utf-16-be"))
        text = "".join(ordered)
    return text.encode("utf-8")
