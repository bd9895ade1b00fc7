"""``pratique inspect``: what is in a document and why each check came out so."""

from typing import TYPE_CHECKING, Any

import click

from cli.desk import Judged, for_each_file, judged, open_store, sealed_shift
from cli.inputs import Document
from cli.json_lines import json_text, verdict_members
from cli.options import AT, DISCLOSE, ENABLE_FORMAT, STORE_OF_DESK
from cli.problem import printable
from cli.render import Words
from cli.request import Request, ask
from cli.style import Style, cells, style_of_results, wrap
from verifier import Disclosure, PrivacyPolicy, Reason, Verdict, Verifier

if TYPE_CHECKING:
    from cli.seals import Sealing
    from verifier.inspection import Section

_INDENT = "  "


@click.command(short_help="Show what is in a document, for integrators.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@STORE_OF_DESK
@AT
@click.option("--disclose", metavar=DISCLOSE, default="none", help="What not to mask.")
@ENABLE_FORMAT
@click.option("--json", is_flag=True, help="One JSON object a document, a line each.")
@click.pass_obj
def inspect(seal: "Sealing", /, files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - the options above, checked by ask
    """Show envelope, headers, key hints and claims, and why each check came out so.

    FILE is as for verify. What the document says of a person is masked unless
    --disclose shows it. The exit status is that of verify.
    """
    from verifier.inspection import inspect as inspect_document  # noqa: PLC0415 - not for a help text

    request = ask(files, **options)
    with open_store(request.store) as store:
        policy = PrivacyPolicy(request.disclosure)
        verifier = Verifier(trust=store, policy=policy)
        style = style_of_results()

        def judge(document: Document) -> Judged:
            sections: tuple[Section, ...] = ()
            if isinstance(document, Reason):
                verdict = verifier.unread(document, at=request.at)
            else:
                inspection = inspect_document(
                    document,
                    trust=store,
                    at=request.at,
                    disclosure=request.disclosure,
                    extensions=request.extensions,
                )
                sections, verdict = inspection.sections, inspection.verdict
            return judged(_shown(sections, verdict, request, style), verdict)

        with sealed_shift(request, seal):
            return for_each_file(request, judge)


def _shown(
    sections: "tuple[Section, ...]", verdict: Verdict, request: Request, style: Style
) -> str:
    if request.json:
        return _in_json(sections, verdict, request.disclosure)
    paragraphs = [_section(section, style) for section in sections]
    return "\n".join([*paragraphs, Words(style, request.lang).write(verdict)]) + "\n"


def _section(section: "Section", style: Style) -> str:
    """Write a title and its rows, the values in one column that leaves them half of the line."""
    rows = [(printable(label), printable(value)) for label, value in section.rows]
    column = min(max((cells(label) for label, _ in rows), default=0), style.width // 2 - 4)
    lines = [section.title]
    for label, value in rows:
        first = f"{_INDENT}{label:<{column}}{_INDENT}"
        if cells(label) > column:
            lines.append(wrap(label, style.width, _INDENT))
            first = " " * (column + 4)
        lines.append(wrap(value, style.width, first))
    return "\n".join(lines) + "\n"


def _in_json(sections: "tuple[Section, ...]", verdict: Verdict, disclosure: Disclosure) -> str:
    members = {
        "schema": "pratique.inspection/1",
        "sections": [
            {"title": section.title, "rows": [list(row) for row in section.rows]}
            for section in sections
        ],
        "verdict": verdict_members(verdict, disclosure),
    }
    return json_text(members) + "\n"
