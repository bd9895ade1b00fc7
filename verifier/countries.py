"""Countries as documents, keys and lists write them, brought to ISO 3166-1 alpha-2 in one place."""

from typing import Final

_LETTERS: Final = 2

# Two habits of the European Union that are not ISO codes, and two user-assigned codes that
# certificates of test environments and some authorities use for "none".
_AS_ISO: Final = {"EL": "GR", "UK": "GB", "XX": "", "ZZ": ""}

# Territories whose documents are signed with the keys of another country's authority, as seen in
# acceptance data (Crown Dependencies, Gibraltar) and in the notes of the Dutch verifier.
_SIGNS_FOR: Final = {
    "AW": "NL", "BQ": "NL", "CW": "NL", "SX": "NL",
    "GG": "GB", "GI": "GB", "IM": "GB", "JE": "GB",
}  # fmt: skip


def alpha_2(text: str) -> str:
    """Give the two capital letters of a country, or nothing when the text is not of that form."""
    if len(text) != _LETTERS:
        text = text.strip()
    if len(text) != _LETTERS or not (text.isascii() and text.isalpha()):
        return ""
    if not text.isupper():
        text = text.upper()
    return _AS_ISO.get(text, text)


def agree(document: str, key: str) -> bool:
    """Tell whether a document of one country may be signed with a key of another.

    Both are ``alpha_2`` codes; where either does not say, nothing contradicts. Known territories
    agree with the country that signs for them; every other difference is for a person to judge.
    """
    if document == key or not document or not key:
        return True
    return _SIGNS_FOR.get(document) == key
