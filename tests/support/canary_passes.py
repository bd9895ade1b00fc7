"""NZ COVID Passes full of canaries, good ones and some that fail in every stage."""

from typing import Protocol

from fixtures.cbor import Open, Pairs, Tag, encode
from fixtures.nz_covid_pass.issue import KID, claims, covid_pass, credential, sign1, subject, text


class Canaries(Protocol):
    """What is needed of ``support.canaries.Canaries``."""

    stem: str
    born: str

    def new(self, what: str) -> str:
        """Make a canary for a field."""
        ...


def _person(canaries: Canaries, **changes: object) -> dict[object, object]:
    new = canaries.new
    usual = {
        "givenName": new("gn"), "familyName": new("fn"), "dob": canaries.born,
        new("member"): new("value"), "note": [new("note")],
    }  # fmt: skip
    return subject(1, **{**usual, **changes})


def _payload(canaries: Canaries) -> bytes:
    members = {**claims(credential(_person(canaries))), canaries.new("claim"): canaries.new("x")}
    number = canaries.stem.encode().ljust(16, b"!")[:16]
    return encode({**members, 7: number})


def good_passes(canaries: Canaries) -> dict[str, str]:
    """Issue good ones."""
    loose = {98: canaries.new("loose")}
    return {
        "good pass": text(sign1(_payload(canaries), unprotected=loose)),
        "good pass of one name": covid_pass(_person(canaries, familyName="")),
    }


def bad_passes(canaries: Canaries) -> dict[str, str]:
    """Issue bad ones."""
    new, stem = canaries.new, canaries.stem
    payload = _payload(canaries)
    good = text(sign1(payload))
    usual = {4: KID.encode(), 1: -7}
    odd_name = covid_pass(_person(canaries, givenName=[new("gn")]))
    return {
        "a pass of a newer version": f"NZCP:/2/{good[8:]}",
        "a pass in small letters": good.lower(),
        "a pass with a foreign letter": f"{good}{stem.lower()}",
        "a cut pass": good[: len(good) // 2],
        "a pass that is a text": text(encode(new("envelope"))),
        "a pass with bytes after": text(sign1(payload) + new("after").encode()),
        "a pass with an open header": text(
            sign1(payload, protected=encode(Open({1: new("open")})))
        ),
        "a pass with a key twice": text(
            sign1(encode(Pairs([(1, new("iss")), (stem, 1), (stem, new("twice"))])))
        ),
        "a pass with an unknown key id": text(sign1(payload, protected={**usual, 4: new("kid")})),
        "a pass signed by another": text(sign1(payload, key="nzcp-other")),
        "a pass with words for a signature": text(
            sign1(payload, signature=new("signature").encode().ljust(64))
        ),
        "a pass with an issuer in bytes": covid_pass(_person(canaries), issuer=stem.encode()),
        "a pass of somebody else": covid_pass(_person(canaries), issuer=f"did:web:{stem}.example"),
        "a pass with an end in words": covid_pass(_person(canaries), lapses=new("exp")),
        "a pass with a tagged begin": covid_pass(_person(canaries), active=Tag(1, new("nbf"))),
        "a pass with a number in words": covid_pass(_person(canaries), number=new("cti")),
        "a pass that lapsed": covid_pass(_person(canaries), lapses=1_793_700_000),
        "a pass with a name in a list": odd_name,
        "a pass with a long name": covid_pass(_person(canaries, givenName=new("gn") * 20)),
        "a pass with a birth date in words": covid_pass(_person(canaries, dob=new("dob"))),
        "a pass with words for a person": covid_pass(new("subject")),
        "a pass with words for a credential": text(sign1(encode(claims(new("vc"))))),
        "a pass of another type": text(
            sign1(encode(claims(credential(_person(canaries), kind=[new("type"), "x"]))))
        ),
        "a pass of an odd version": text(
            sign1(encode(claims(credential(_person(canaries), version=new("version")))))
        ),
    }
