import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.countries import agree, alpha_2, is_alpha_3, state_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" De ", "DE"),
        ("XS", "XS"),
        ("EL", "GR"),
        ("el", "GR"),
        ("GR", "GR"),
        ("UK", "GB"),
        ("XX", ""),
        ("zz", ""),
        ("", ""),
        (" ", ""),
        ("D", ""),
        ("CH BAG", ""),
        ("CNAM", ""),
        ("D1", ""),
        ("DEU", "DE"),
        ("prt", "PT"),
        ("XXH", "XH"),
        ("IOM", "IO"),
        ("XXX", ""),
        ("QQQ", ""),
        ("12", ""),
        ("ÄÖ", ""),
        ("\u0391\u0392", ""),
        ("ß", ""),
        ("\ufb01", ""),
        ("D\ud800", ""),
    ],
)
def test_a_country_becomes_two_letters_or_nothing(text: str, code: str) -> None:
    assert alpha_2(text) == code


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=10))
def test_any_text_becomes_two_capital_letters_or_nothing(text: str) -> None:
    code = alpha_2(text)
    assert code == "" or (len(code) == 2 and code.isascii() and code.isupper() and code.isalpha())
    assert alpha_2(code) == code


@pytest.mark.parametrize(
    ("document", "key", "fit"),
    [
        ("DE", "DE", True),
        ("", "DE", True),
        ("DE", "", True),
        ("", "", True),
        ("DE", "FR", False),
        ("CW", "NL", True),
        ("NL", "CW", False),
        ("JE", "GB", True),
        ("GB", "JE", False),
        ("JE", "GG", False),
        ("AW", "GB", False),
    ],
)
def test_countries_agree_when_equal_silent_or_known_to_sign_for_each_other(
    document: str, key: str, *, fit: bool
) -> None:
    assert agree(document, key) is fit


@pytest.mark.parametrize("territory", ["AW", "BQ", "CW", "SX"])
def test_the_netherlands_sign_for_their_caribbean_parts(territory: str) -> None:
    assert agree(territory, "NL")


@pytest.mark.parametrize("territory", ["GG", "GI", "IM", "JE"])
def test_the_united_kingdom_signs_for_these(territory: str) -> None:
    assert agree(territory, "GB")


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("AUS", "AU"),
        ("jpn", "JP"),
        (" gb ", "GB"),
        ("D", "DE"),
        ("DE", "DE"),
        ("DEU", "DE"),
        ("EUE", "EU"),
        ("EU", "EU"),
        ("UNO", "UN"),
        ("RKS", "XK"),
        ("KS", "XK"),
        ("XKX", "XK"),
        ("UTO", "UT"),
        ("UK", "GB"),
        ("EL", "GR"),
        # Who is of no state is bound to none: these must not mean "no country".
        ("ZZ", "ZZ"),
        ("XX", "XX"),
        ("XXA", ""),
        ("XXX", ""),
        ("QQQ", ""),
        ("", ""),
        ("A", ""),
        ("1A", ""),
        ("ÄÖ", ""),
        ("AUSTRALIA", ""),
    ],
)
def test_a_state_is_told_from_every_other(code: str, state: str) -> None:
    assert state_of(code) == state


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("KEN", True), ("XXS", True), ("XCL", True), ("WHO", True), ("XKX", True),
        ("ken", False), ("KE", False), ("XXX", False), ("ABC", False), ("", False), ("KÉN", False),
        (" KEN", False),
    ],
)  # fmt: skip
def test_three_capital_letters_are_a_code_where_somebody_has_it(
    text: str,
    is_code: bool,  # noqa: FBT001 - a column
) -> None:
    assert is_alpha_3(text) is is_code
