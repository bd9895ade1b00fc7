import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.zones import Passport, digit

from verifier.errors import DocumentError
from verifier.limits import ZONE_CHARACTERS
from verifier.mrz import Field, check_digit, read
from verifier.reasons import Reason

KINDS = ("TD1", "TD2", "TD3", "MRV-A", "MRV-B")
EACH_KIND = pytest.mark.parametrize("kind", KINDS)
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"


def reason_of(text: str) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert caught.value.__context__ is None
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Values from 0 to 35, weights 7, 3, 1 (9303-3, 4.9).
        ("0", "0"), ("1", "7"), ("A", "0"), ("Z", "5"), ("<", "0"), ("01", "3"), ("001", "1"),
        ("520727", "3"), ("AB2134<<<", "5"), ("", "0"),
    ],
)  # fmt: skip
def test_a_check_digit_weighs_its_characters(text: str, expected: str) -> None:
    assert check_digit(text) == expected


@given(st.text(CHARACTERS, max_size=40))
def test_a_check_digit_is_that_of_the_table_of_values(text: str) -> None:
    assert check_digit(text) == digit(text)


@EACH_KIND
def test_every_kind_of_zone_gives_its_fields(kind: str) -> None:
    zone = read(Passport(kind=kind).zone())
    assert zone.name.rstrip("<") == "MUSTER<<VERA"
    assert (zone.number, zone.birth, zone.expiry) == ("X1234567", "800517", "310101")
    assert zone.document == {"TD1": "I", "TD2": "I", "TD3": "P"}.get(kind, "V")
    assert (zone.failing, zone.slips) == (frozenset(), ())


@EACH_KIND
@pytest.mark.parametrize(
    "mangle",
    [
        str.lower,
        lambda zone: zone.replace("\r\n", ""),
        lambda zone: zone.replace("\r\n", "\r"),
        lambda zone: zone.replace("\r\n", "\n\n"),
        lambda zone: f"\x02 {zone} \x03\r",
        lambda zone: zone.replace("<<", "< < "),
        lambda zone: zone.replace("<<", "«"),
        lambda zone: zone.replace("<", "‹"),
        lambda zone: zone.replace("\r\n", "\r\n \t \r\n"),
    ],
    ids=["lower", "joined", "cr", "blank lines", "frame", "blanks", "quotes", "quote", "spaces"],
)
def test_what_scanners_do_to_a_zone_does_no_harm(kind: str, mangle: object) -> None:
    assert callable(mangle)
    zone = read(mangle(Passport(kind=kind).zone()))
    assert zone.name.rstrip("<") == "MUSTER<<VERA"
    assert zone.failing == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "", " \r\n", "P<UTO", "X" * 44, "X" * 89, "X" * 30 + "\n" + "X" * 30, "X" * 44 + "\n" + "X",
        "\n".join(["X" * 44] * 3), "\n".join(["X" * 36] * 3), "X" * (ZONE_CHARACTERS + 1),
        "X" * 45 + "\n" + "X" * 43, "\n".join(["X" * 30] * 3) + "\nX", "\x02",
    ],
)  # fmt: skip
def test_lines_of_another_number_or_length_are_no_zone(text: str) -> None:
    assert reason_of(text) is Reason.ZONE_LENGTH


@pytest.mark.parametrize("sign", [".", "-", "É", "ı", "ß", "А", "٣", "\ufffd", ">", "{"])
def test_signs_that_no_zone_has_are_refused_even_if_capitals_would_pass(sign: str) -> None:
    zone = Passport().zone()
    assert reason_of(zone.replace("V", sign, 1)) is Reason.ZONE_CHARACTERS


FIELDS = {
    "TD1": {Field.NUMBER: (0, 5), Field.BIRTH: (1, 0), Field.EXPIRY: (1, 8)},
    "TD2": {Field.NUMBER: (1, 0), Field.BIRTH: (1, 13), Field.EXPIRY: (1, 21)},
    "TD3": {Field.NUMBER: (1, 0), Field.BIRTH: (1, 13), Field.EXPIRY: (1, 21)},
    "MRV-A": {Field.NUMBER: (1, 0), Field.BIRTH: (1, 13), Field.EXPIRY: (1, 21)},
    "MRV-B": {Field.NUMBER: (1, 0), Field.BIRTH: (1, 13), Field.EXPIRY: (1, 21)},
}
LENGTHS = {Field.NUMBER: 9, Field.BIRTH: 6, Field.EXPIRY: 6}


def changed(passport: Passport, line: int, place: int, sign: str) -> str:
    lines = passport.lines()
    lines[line] = lines[line][:place] + sign + lines[line][place + 1 :]
    return "\n".join(lines)


@EACH_KIND
@pytest.mark.parametrize("field", list(LENGTHS))
def test_each_check_digit_is_verified_over_each_place(kind: str, field: Field) -> None:
    passport = Passport(kind=kind, number="123456789", birth="801113", expiry="311119")
    line, start = FIELDS[kind][field]
    composite = set() if kind.startswith("MRV") else {Field.COMPOSITE}
    for place in range(start, start + LENGTHS[field] + 1):
        now = passport.lines()[line][place]
        other = str((int(now) + 1) % 10)
        zone = read(changed(passport, line, place, other))
        assert zone.failing == {field} | composite, place
        assert not zone.slips


@pytest.mark.parametrize(
    ("kind", "line", "place"), [("TD1", 1, 29), ("TD2", 1, 35), ("TD3", 1, 43)]
)
def test_the_composite_check_digit_stands_for_itself(kind: str, line: int, place: int) -> None:
    passport = Passport(kind=kind)
    now = passport.lines()[line][place]
    zone = read(changed(passport, line, place, str((int(now) + 1) % 10)))
    assert zone.failing == {Field.COMPOSITE}


@pytest.mark.parametrize(
    ("kind", "line", "place"), [("TD1", 0, 20), ("TD1", 1, 20), ("TD2", 1, 30)]
)
def test_the_composite_check_digit_covers_optional_fields(kind: str, line: int, place: int) -> None:
    assert read(changed(Passport(kind=kind), line, place, "1")).failing == {Field.COMPOSITE}


def test_the_optional_field_of_a_passport_has_a_check_digit_of_its_own() -> None:
    passport = Passport(optional="ZE184226B")
    assert read(passport.zone()).failing == frozenset()
    assert Field.OPTIONAL in read(changed(passport, 1, 30, "2")).failing
    # Where nothing is in it, there may be a filler, but not for something.
    assert read(changed(Passport(), 1, 42, "<")).failing == frozenset()
    assert Field.OPTIONAL in read(changed(passport, 1, 42, "<")).failing
    assert Field.OPTIONAL in read(changed(Passport(), 1, 42, "1")).failing


@pytest.mark.parametrize("kind", ["TD1", "TD2"])
@pytest.mark.parametrize("number", ["D23145890734", "ABCDEFGHI1", "1234567890123"])
def test_a_long_number_goes_on_in_the_optional_field(kind: str, number: str) -> None:
    zone = read(Passport(kind=kind, number=number).zone())
    assert (zone.number, zone.failing) == (number, frozenset())


def test_a_long_number_is_checked_as_a_whole() -> None:
    passport = Passport(kind="TD1", number="D23145890734")
    # Its check digit follows what went on.
    for place in (15, 16, 17, 18):
        now = passport.lines()[0][place]
        zone = read(changed(passport, 0, place, str((int(now) + 1) % 10)))
        assert zone.failing == {Field.NUMBER, Field.COMPOSITE}


def test_only_cards_have_long_numbers() -> None:
    assert Field.NUMBER in read(changed(Passport(optional="12"), 1, 9, "<")).failing
    assert Field.NUMBER in read(changed(Passport(kind="MRV-B", optional="12"), 1, 9, "<")).failing
    # A filler for a check digit and nothing that goes on.
    assert Field.NUMBER in read(changed(Passport(kind="TD1"), 0, 14, "<")).failing


SLIPS = [("0", "O"), ("0", "Q"), ("0", "D"), ("1", "I"), ("1", "L"), ("2", "Z"), ("5", "S"),
         ("6", "G"), ("8", "B")]  # fmt: skip


@EACH_KIND
@pytest.mark.parametrize(("meant", "seen"), SLIPS)
@pytest.mark.parametrize("field", [Field.BIRTH, Field.EXPIRY])
def test_a_letter_in_a_date_is_told_as_a_slip(
    kind: str, meant: str, seen: str, field: Field
) -> None:
    text = f"3{meant}0101"
    passport = Passport(kind=kind, birth=text, expiry=text)
    line, start = FIELDS[kind][field]
    (slip,) = read(changed(passport, line, start + 1, seen)).slips
    assert (slip.line, slip.place, slip.read, slip.meant) == (line + 1, start + 2, seen, meant)


def test_a_letter_that_no_check_digit_sees_is_a_slip_too() -> None:
    # L counts 21, one more than twice ten: the sum stays what it is.
    zone = read(changed(Passport(birth="810517"), 1, 14, "L"))
    assert zone.failing == frozenset()
    assert [(slip.read, slip.meant) for slip in zone.slips] == [("L", "1")]


@pytest.mark.parametrize("kind", ["TD1", "TD2", "TD3"])
def test_letters_in_check_digits_are_slips(kind: str) -> None:
    passport = Passport(kind=kind, number="A", birth="000000", expiry="000000")
    lines = passport.lines()
    expected = 0
    for line, start, length in [
        (*FIELDS[kind][field], LENGTHS[field])
        for field in (Field.NUMBER, Field.BIRTH, Field.EXPIRY)
    ]:
        place = start + length
        assert lines[line][place] == "0"
        lines[line] = lines[line][:place] + "O" + lines[line][place + 1 :]
        expected += 1
    zone = read("\n".join(lines))
    assert [slip.read for slip in zone.slips] == ["O"] * expected


def test_a_slip_in_the_check_digits_of_a_passport_s_last_fields_is_told() -> None:
    passport = Passport(number="A", birth="000000", expiry="000000")
    for place in (42, 43):
        assert passport.lines()[1][place] == "0"
        (slip,) = read(changed(passport, 1, place, "O")).slips
        assert (slip.line, slip.place) == (2, place + 1)


def test_nothing_is_proposed_that_does_not_agree() -> None:
    # A letter for a digit, and beside it a digit for another.
    lines = Passport(birth="800517").lines()
    lines[1] = lines[1].replace("800517", "8O0518")
    zone = read("\n".join(lines))
    assert Field.BIRTH in zone.failing
    assert zone.slips == ()


def test_a_document_number_is_never_put_right() -> None:
    zone = read(changed(Passport(number="X0000001"), 1, 3, "O"))
    assert Field.NUMBER in zone.failing
    assert zone.slips == ()


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        zone = read(text)
    except DocumentError as error:
        assert error.reason in {Reason.ZONE_LENGTH, Reason.ZONE_CHARACTERS}
    else:
        assert len(zone.birth) == 6


@given(st.sampled_from([90, 88, 72]).flatmap(lambda size: st.text(CHARACTERS, min_size=size,
                                                                  max_size=size)))  # fmt: skip
def test_any_lines_of_the_right_length_are_read(text: str) -> None:
    zone = read(text)
    assert len(zone.name) in {30, 31, 39}
    assert len(zone.birth) == 6


ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@given(
    st.sampled_from(KINDS),
    st.text(ALNUM, min_size=1, max_size=9),
    st.text("0123456789<", min_size=6, max_size=6),
    st.text("0123456789", min_size=6, max_size=6),
)
def test_what_is_written_is_read_back(kind: str, number: str, birth: str, expiry: str) -> None:
    zone = read(Passport(kind=kind, number=number, birth=birth, expiry=expiry).zone())
    assert (zone.number, zone.birth, zone.expiry) == (number, birth, expiry)
    assert (zone.failing, zone.slips) == (frozenset(), ())
