"""Writes machine-readable zones, apart from the code that reads them (ICAO Doc 9303-3 to -7)."""

from typing import NamedTuple

WEIGHTS = (7, 3, 1)
WIDTH_OF_NAME = {"TD1": 30, "TD2": 31, "TD3": 39, "MRV-A": 39, "MRV-B": 31}


def digit(text: str) -> str:
    """Compute a check digit, by the table of values rather than by a base."""
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(
        (0 if sign == "<" else values.index(sign)) * WEIGHTS[at % 3] for at, sign in enumerate(text)
    )
    return str(total % 10)


def name_field(primary: str, secondary: str, width: int) -> str:
    """Write a name; one that is too long is cut so that its last position is a letter."""
    primary = primary[: width - 3] if secondary else primary[:width]
    name = f"{primary}<<{secondary}" if secondary else primary
    while len(name) > width and name[width - 1] == "<":
        primary = primary[:-1].rstrip("<")
        name = f"{primary}<<{secondary}"
    return name[:width].ljust(width, "<")


class Passport(NamedTuple):
    """What a zone says; names in its letters, ``<`` between words."""

    primary: str = "MUSTER"
    secondary: str = "VERA"
    birth: str = "800517"
    number: str = "X1234567"
    expiry: str = "310101"
    optional: str = ""
    kind: str = "TD3"
    code: str = ""

    def lines(self) -> list[str]:
        """Write the lines of its kind."""
        name = name_field(self.primary, self.secondary, WIDTH_OF_NAME[self.kind])
        return _card(self, name) if self.kind == "TD1" else _booklet(self, name)

    def zone(self) -> str:
        """Write the lines as a scanner sends them."""
        return "\r\n".join(self.lines())


def _number(passport: Passport, width: int) -> tuple[str, str]:
    """Write the number with its check digit, and the optional field."""
    number = passport.number
    if len(number) <= 9:
        number = number.ljust(9, "<")
        return number + digit(number), passport.optional.ljust(width, "<")
    rest = number[9:] + digit(number)
    return number[:9] + "<", f"{rest}<{passport.optional}"[:width].ljust(width, "<")


def _card(passport: Passport, name: str) -> list[str]:
    number, optional = _number(passport, 15)
    birth = passport.birth + digit(passport.birth)
    expiry = passport.expiry + digit(passport.expiry)
    more = "<" * 11
    composite = digit(number + optional + birth + expiry + more)
    first = f"{passport.code or 'I<'}UTO{number}{optional}"
    return [first, f"{birth}F{expiry}UTO{more}{composite}", name]


def _booklet(passport: Passport, name: str) -> list[str]:
    visa = passport.kind.startswith("MRV")
    width = {"TD2": 7, "TD3": 14, "MRV-A": 16, "MRV-B": 8}[passport.kind]
    number, optional = _number(passport, width)
    birth = passport.birth + digit(passport.birth)
    expiry = passport.expiry + digit(passport.expiry)
    if passport.kind == "TD3":
        optional += digit(optional)
    second = f"{number}UTO{birth}F{expiry}{optional}"
    if not visa:
        second += digit(number + birth + expiry + optional)
    code = passport.code or {"TD2": "I<", "TD3": "P<"}.get(passport.kind, "V<")
    return [f"{code}UTO{name}", second]
