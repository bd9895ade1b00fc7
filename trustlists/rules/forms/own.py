"""Documents of our own forms: international rules (``regulation``) and tables of doses.

A regulation takes the place of the bundled one of the same authority and disease; a table of doses
belongs to the rule set of one country. Each is a list by itself, called by what it is about and not
by its file, so that a newer one replaces it wherever it comes from. Nobody signs them in this form;
an authority signs them with CMS (``cms``).
"""

import re
from collections.abc import Sequence
from typing import Final

from trustlists.gathering import label_of
from trustlists.records import Reading, SourceFile
from trustlists.rules.documents import read_document
from trustlists.rules.records import Form, ParsedRules, RefusedRules, one_each
from trustlists.rules.rows import Kind, RuleRow
from trustlists.signers import Uploader
from verifier.clock import day_of
from verifier.errors import RuleSetInvalid, TrustListRollback
from verifier.rules import bundled, regulation, series_table

# In the east a day begins while it is still the day before in UTC.
_DAY: Final = 86_400

_WHITE_SPACE: Final = b" \t\r\n"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SCHEMA: Final = re.compile(rb'"schema"\s*:\s*"pratique\.(?:regulation|doses)/[0-9]+"')


def _recognise(head: bytes) -> bool:
    return _bare(head).startswith(b"{") and _SCHEMA.search(head) is not None


def _bare(data: bytes) -> bytes:
    return data.removeprefix(_BYTE_ORDER_MARK).strip(_WHITE_SPACE)


def _read(
    files: Sequence[SourceFile], reading: Reading, _: Uploader
) -> list[ParsedRules | RefusedRules]:
    return one_each(files, lambda file: read_own(file.data or b"", reading))


def read_own(data: bytes, reading: Reading) -> ParsedRules:
    """Read a document as a list of one. Raises ``RuleSetInvalid`` and ``TrustListRollback``."""
    body = _bare(data)
    document = read_document(body)
    if document.get("schema") == series_table.SCHEMA:
        table = series_table.read_series_table(document, reading.country)
        if not table.country:
            message = "The table of doses does not say whose it is.\nName the country: --country."
            raise RuleSetInvalid(message, "doses_broken")
        name = f"doses-{table.country.lower()}"
        row = RuleRow(Kind.DOSES, table.country, "", name, table.as_of, body)
    else:
        found = regulation.read_regulation(document)
        name = label_of(f"regulation-{found.authority}-{found.disease}".lower())
        row = RuleRow(Kind.REGULATION, "", "", name, found.as_of, body)
        _demand_as_new_as_bundled(found)
    if row.version > day_of(reading.now + _DAY):
        # Until that day every true edition would seem older.
        message = "The document is dated later than today.\nCorrect as_of, or this clock."
        raise RuleSetInvalid(message, "dated_ahead")
    return ParsedRules(name, [row])


def _demand_as_new_as_bundled(found: regulation.Regulation) -> None:
    """Refuse what the program itself has a newer edition of, which would go on being used."""
    for each in bundled.regulations():
        same = (each.authority, each.disease) == (found.authority, found.disease)
        if same and found.as_of < each.as_of:
            message = (
                f"The program comes with a newer edition, of {each.as_of}.\n"
                "Nothing has to be imported; or date your own by the day that it is of."
            )
            raise TrustListRollback(message)


FORM: Final = Form("pratique", _recognise, _read)
