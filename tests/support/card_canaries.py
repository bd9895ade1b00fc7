"""Health cards full of unmistakable values, good ones and ones that fail in every stage."""

from typing import Any, Protocol

from support.cards import packed

from fixtures.smart_health_card import content as says
from fixtures.smart_health_card.issue import file_of, link_to, minified, numeric, pieces, token
from fixtures.smart_health_card.world import CLINIC, MINISTRY, STRANGER, UNLISTED


class Source(Protocol):
    """What makes canaries."""

    stem: str
    born: str

    def new(self, what: str) -> str: ...


def _person(canaries: Source) -> dict[str, Any]:
    new = canaries.new
    name = {"family": new("fn"), "given": [new("gn")], "prefix": [new("prefix")]}
    return says.patient(
        name=[name], birthDate=canaries.born, identifier=[{"value": new("id")}], text=new("text")
    )


def _dose(canaries: Source) -> dict[str, Any]:
    new = canaries.new
    codings = [*says.coded("208", display=new("display"))["coding"]]
    codings += says.coded(new("code"), f"https://{new('system')}.example")["coding"]
    return says.dose(
        vaccineCode={"coding": codings, "text": new("concept")},
        performer=[{"actor": {"display": new("actor")}}],
        lotNumber=new("lot"),
        manufacturer={"identifier": {"system": new("maker"), "value": new("mvx")}},
        id=new("resource"),
        **{new("key"): [new("value")]},
    )


def _test(canaries: Source) -> dict[str, Any]:
    new = canaries.new
    return says.swab(
        code=says.coded("94500-6", says.LOINC, display=new("display")),
        valueCodeableConcept=says.coded(new("answer"), says.SNOMED),
        performer=[{"display": new("performer")}],
        note=[{"text": new("note")}],
    )


def _payload(canaries: Source, *events: dict[str, Any], **members: object) -> dict[str, Any]:
    bundle = says.bundle(_person(canaries), *events, id=canaries.new("bundle"))
    credential = {"rid": canaries.new("rid")[:24], canaries.new("claim"): canaries.new("value")}
    return says.payload(bundle, credential=credential, **{"sub": canaries.new("sub"), **members})


def good_cards(canaries: Source) -> dict[str, str]:
    """Issue good cards, in several texts."""
    header = {"zip": "DEF", "alg": "ES256", "kid": MINISTRY.kid, canaries.new("x"): 1}
    jab = token(_payload(canaries, _dose(canaries), _dose(canaries)), MINISTRY, header=header)
    return {
        "a card": numeric(jab),
        "a token": jab,
        "a card in three codes": "\n".join(pieces(jab, 3)),
        "a file with a card": file_of([jab], note=canaries.new("file")),
        "a card of a test": numeric(token(_payload(canaries, _test(canaries)), MINISTRY)),
    }


def bad_cards(canaries: Source) -> dict[str, str]:
    """Issue cards that fail in every stage."""
    new = canaries.new
    dose = _dose(canaries)
    plain = _payload(canaries, dose)
    jab = token(plain, MINISTRY)
    head, body, _ = jab.split(".")

    def card(*events: dict[str, Any], **members: object) -> str:
        return numeric(token(_payload(canaries, *events, **members), MINISTRY))

    def headed(**members: object) -> str:
        header = {"zip": "DEF", "alg": "ES256", "kid": MINISTRY.kid, **members}
        return numeric(token(plain, MINISTRY, header=header))

    link = {"url": f"https://links.example/{new('url')}", "key": "A" * 43, "label": new("label")}
    return {
        "one code of three": pieces(jab, 3)[1],
        "codes of two cards": "\n".join((pieces(jab, 2)[0], pieces(jab, 3)[1])),
        "codes that do not fit": "\n".join(pieces(f"{head}.{body}.{'A' * 86}", 2)),
        "a file with two cards": file_of([jab, jab]),
        "a file without a card": f'{{"verifiableCredential":[],"x":"{new("file")}"}}',
        "a file that is cut": file_of([jab])[:-1],
        "a health link": link_to(**link),
        "an unsound health link": link_to(**{**link, "key": new("key")}),
        "letters among the digits": f"shc:/{canaries.stem}",
        "a token in other letters": f"{jab}{canaries.stem}=",
        "a critical header": headed(crit=[new("crit")]),
        "another algorithm in a card": headed(alg=new("alg")),
        "a key id that nobody has": headed(kid=new("kid")),
        "a far too long key id in a card": headed(kid=new("kid") * 9),
        "no packing": numeric(token(None, MINISTRY, packed=minified(plain))),
        "a payload that is a text": numeric(token(new("payload"), MINISTRY)),
        "a payload with a member twice": numeric(
            token(None, MINISTRY, packed=packed(minified(plain)[:-1] + b',"nbf":1}'))
        ),
        "a card by a stranger": numeric(token(plain, STRANGER)),
        "a card by nobody's key": numeric(token({**plain, "iss": UNLISTED.iss}, UNLISTED)),
        "a card of another issuer": numeric(token({**plain, "iss": CLINIC.iss}, MINISTRY)),
        "an issuer in odd words": card(dose, iss=new("iss")),
        "a wrong signature": numeric(f"{head}.{body}.{'A' * 86}"),
        "a beginning in words": card(dose, nbf=new("nbf")),
        "an expired card": card(dose, exp=1_796_000_000),
        "a future card": card(dose, nbf=1_797_000_000),
        "no type of card": numeric(
            token(says.payload(says.bundle(), credential={"type": [new("type")]}), MINISTRY)
        ),
        "an unknown resource": card({"resourceType": new("kind"), "x": new("x")}),
        "a dose and a test": card(dose, _test(canaries)),
        "a dose of somebody else": card({**dose, "patient": {"reference": new("reference")}}),
        "a date in words": card({**dose, "occurrenceDateTime": new("date")}),
        "two dates": card({**dose, "occurrenceString": new("date")}),
        "no codes": card({**dose, "vaccineCode": {"text": new("vaccine")}}),
        "a dose that was not given": card({**dose, "status": new("status")}),
    }
