"""Documents full of unmistakable values, and a search for those values.

All canaries of a run share one stem of random letters, so that one search finds each of them. A
birth date cannot hold letters; its day is random and searched for as it is written.
"""

import base64
import secrets
from datetime import date, timedelta
from typing import Any, NamedTuple

from support.canary_credentials import bad_credentials, good_credentials
from support.canary_passes import bad_passes, good_passes
from support.canary_seals import bad_seals, good_seals
from support.card_canaries import bad_cards, good_cards

from fixtures.cbor import Open, Pairs, Raw, Tag, Wide, encode
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import ABSENT, certificate, claims, headers, sign1, text
from fixtures.keys import sign
from fixtures.who import claims as who_claims
from fixtures.who import scan as who_scan
from fixtures.who_ddcc import content as ddcc
from fixtures.who_icvp import content as icvp
from fixtures.world import exempting, listed, of_who, stranger, unvouched

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no word of any text
_STEM_LETTERS = 10
_WINDOW = 24  # characters of a scan that no other text has in a row


def new_stem() -> str:
    """Give random letters that appear nowhere else."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_STEM_LETTERS))


def _birth_day() -> str:
    return str(date(1931, 1, 1) + timedelta(days=secrets.randbelow(20_000)))


class Canaries:
    """The canaries of one run."""

    def __init__(self) -> None:
        self.stem = new_stem()
        self.born = _birth_day()
        self._made: list[str] = []

    def new(self, what: str) -> str:
        """Make a canary for a field."""
        canary = f"{self.stem}{len(self._made):04d}{what.upper()}"
        self._made.append(canary)
        return canary

    def name(self) -> dict[str, object]:
        """Make names, whose passport spelling has letters only."""
        return {
            "fn": self.new("fn"),
            "gn": self.new("gn"),
            "fnt": f"{self.stem}FNT",
            "gnt": f"{self.stem}GNT",
            "extra": self.new("extra"),
        }

    def found_in(self, shown: str | bytes, *scans: str) -> list[str]:
        """Name what of the canaries, or of the text of the scans, is in something shown."""
        text = shown.decode("utf-8", "replace") if isinstance(shown, bytes) else shown
        return [what for what in self._spellings(scans) if what.casefold() in text.casefold()]

    def identity_in(self, shown: str) -> list[str]:
        """Name the canaries in something shown that are no part of names and birth date."""
        for allowed in (f"{self.stem}FNT", f"{self.stem}GNT", self.born, *self._names()):
            shown = shown.replace(allowed, "")
        return self.found_in(shown)

    def _names(self) -> list[str]:
        return [canary for canary in self._made if canary.endswith(("FN", "GN"))]

    def _spellings(self, scans: tuple[str, ...]) -> list[str]:
        raw = self.stem.encode()
        spelt = [self.stem, self.stem[::-1], raw.hex(), self.born]
        # Base64 at each of the three places where the stem may begin, without the letters that
        # depend on what stands beside it.
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + raw + b"\0" * 3).decode()
            first, last = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
            spelt.append(encoded[first:last])
        for scan in scans:
            middle = len(scan) // 2
            spelt += (
                [scan[4 : 4 + _WINDOW], scan[middle : middle + _WINDOW]] if middle > _WINDOW else []
            )
        return [what for what in spelt if len(what) >= len("8 letters")]


class Document(NamedTuple):
    """A scan full of canaries, and whether it fails."""

    name: str
    text: str
    good: bool = False


def _entries(canaries: Canaries) -> dict[str, dict[str, object]]:
    """Make an entry of each group, a canary in every member that takes a text."""
    new = canaries.new
    common = {
        "tg": new("tg"),
        "is": new("is"),
        "ci": new("ci"),
        "other": {"nested": [new("nested")]},
    }
    jab = {"vp": new("vp"), "mp": new("mp"), "ma": new("ma"), "lot": new("lot"), new("key"): 1}
    swab = {"tt": new("tt"), "nm": new("nm"), "ma": new("ma"), "tr": new("tr"), "tc": new("tc")}
    return {
        "v": {**says.vaccination(), **common, **jab},
        "t": {**says.negative_test(), **common, **swab},
        "r": {**says.recovery(), **common},
        "ve": {**says.exemption(), **common},
    }


def good_documents(canaries: Canaries) -> list[Document]:
    """Issue one document of each kind, all of them good."""
    made = []
    for group, entry in _entries(canaries).items():
        exempt = group == "ve"
        content = _content(canaries, group, entry)
        signer = exempting()["exemption"] if exempt else listed()["all-uses"]
        extra = {**claims(content), 2: canaries.new("sub"), 7: canaries.new("cti").encode()}
        protected, unprotected = headers(
            signer, protected={99: canaries.new("header")}, unprotected={98: canaries.new("loose")}
        )
        envelope = sign1(encode(extra), signer, protected=protected, unprotected=unprotected)
        scan = text(envelope, prefix="AT1:" if exempt else "HC1:")
        made.append(Document(f"good {group}", scan, good=True))
    made += [Document(name, scan, good=True) for name, scan in good_passes(canaries).items()]
    brought = (*good_seals(canaries), *good_credentials(canaries))
    made += [Document(name, scan, good=True) for name, scan in brought]
    return made + _good_of_who(canaries)


def _icvp(canaries: Canaries, **changes: object) -> dict[object, object]:
    """Say something in every member of an ICVP that takes a text, and in one that nobody knows."""
    new = canaries.new
    details = icvp.details(bo=new("bo"), cn=new("cn"), **{"is": new("is"), "other": new("other")})
    # The name has the ending by which names are known here.
    said = {"n": new("fn"), "dob": canaries.born, "id": new("id"), "gn": new("guardian")}
    return {**icvp.third(details, **{**said, "nt": new("nt")}), **changes}


def _ddcc(canaries: Canaries, **changes: object) -> dict[object, object]:
    """The same with a core data set; a vaccination or a test is to be among the changes."""
    new = canaries.new
    said = ddcc.certificate(
        issuer={"identifier": {"value": new("issuer")}}, hcid=new("hcid"), kid=new("kid")
    )
    return ddcc.core(
        name=new("fn"),
        birthDate=canaries.born,
        identifier={"value": new("identifier")},
        certificate=said,
        meta={"passportNumber": new("passport")},
        **{canaries.new("key"): new("value")},
        **changes,
    )


def _dose(canaries: Canaries, **changes: object) -> dict[object, object]:
    new = canaries.new
    said = {"lot": new("lot"), "centre": new("centre"), "practitioner": new("practitioner")}
    brand = ddcc.coding(new("system"), new("brand"))
    return ddcc.dose(**{**said, "brand": brand, **changes})


def _good_of_who(canaries: Canaries) -> list[Document]:
    """Issue a good document of each kind and shape of WHO's."""
    signers = of_who()
    vaccination, covid = signers["who-icvp"]["icvp"], signers["who-ddcc"]["ddcc"]
    jab, swab = _dose(canaries), ddcc.sample(centre=canaries.new("centre"))
    flat = ddcc.of_2021(
        name=canaries.new("fn"),
        birthDate=canaries.born,
        identifier=canaries.new("identifier"),
        hcid=canaries.new("hcid"),
        hw=canaries.new("hw"),
        pha=canaries.new("pha"),
        lot=canaries.new("lot"),
    )
    made = {
        "ICVP": who_scan(who_claims(-6, _icvp(canaries)), vaccination),
        "DDCC vaccination": who_scan(who_claims(3, _ddcc(canaries, vaccination=jab)), covid),
        "DDCC test": who_scan(who_claims(4, _ddcc(canaries, test=swab)), covid),
        "flat DDCC": who_scan(flat, covid),
        "DDCC among the claims": who_scan(_ddcc(canaries, test=swab), covid),
    }
    return [Document(f"good {name}", text, good=True) for name, text in made.items()]


def _bad_of_who(canaries: Canaries) -> dict[str, str]:
    signers = of_who()
    vaccination, covid = signers["who-icvp"]["icvp"], signers["who-ddcc"]["ddcc"]
    new = canaries.new

    def said(key: object, content: object, **parts: Any) -> str:
        return who_scan(who_claims(key, content, **parts), vaccination)

    link = [{"u": f"shlink://{new('link')}", "label": new("label")}]
    class_only = icvp.first({"mp": new("mp"), "ma": new("ma")}, n=new("fn"), dob=canaries.born)
    return {
        "a health link": said(5, link),
        "a health link in a text": said("5", new("link")),
        "a list of medicines": said(-7, {"n": new("n"), "m": [{"m": new("m")}]}),
        "two certificates": said(None, None, container={-6: _icvp(canaries), 3: new("other")}),
        "a key id as text": who_scan(
            who_claims(-6, _icvp(canaries)), vaccination, protected={1: -7, 4: new("kid")}
        ),
        "an ICVP of another issuer": said(-6, _icvp(canaries), issuer=new("iss")),
        "an ICVP of another participant": said(-6, _icvp(canaries), issuer="XXT"),
        "an ICVP of two generations": said(-6, _icvp(canaries, v={"vp": new("vp")})),
        "an ICVP without a clinician": said(
            -6, _icvp(canaries, vx=icvp.details(bo=new("bo"), cn=None, **{"is": None}))
        ),
        "an ICVP of an unknown product": said(-6, _icvp(canaries, vx=icvp.details(vp=new("vp")))),
        "an ICVP of an unknown template": said(-6, _icvp(canaries, v=new("v"))),
        "an ICVP of a class": said(-6, class_only),
        "an ICVP with words for a day": said(-6, _icvp(canaries, vx=icvp.details(dv=new("dv")))),
        "an ICVP of tomorrow": said(-6, _icvp(canaries, vx=icvp.details(dv="2026-12-01"))),
        "an ICVP of a key for others": who_scan(who_claims(-6, _icvp(canaries)), covid),
        "a DDCC with words for a dose": who_scan(
            who_claims(3, _ddcc(canaries, vaccination=_dose(canaries, dose=new("dose")))), covid
        ),
        "a flat DDCC without a date": who_scan(ddcc.of_2021(name=new("fn"), date=None), covid),
    }


def _content(canaries: Canaries, group: str, entry: object, **parts: Any) -> dict[object, object]:
    version = "AT-1.0.0" if group == "ve" else "1.3.0"
    parts = {"name": canaries.name(), "born": canaries.born, "version": version, **parts}
    return {**says.content(group, entry, **parts), canaries.new("root"): canaries.new("value")}


def bad_documents(canaries: Canaries) -> list[Document]:
    """Issue documents that fail in every stage, each with its canaries."""
    made: dict[str, str] = {}
    made.update(_bad_texts(canaries))
    made.update(_bad_envelopes(canaries))
    made.update(_bad_keys(canaries))
    made.update(_bad_claims(canaries))
    made.update(_bad_content(canaries))
    made.update(bad_seals(canaries))
    made.update(bad_passes(canaries))
    made.update(bad_credentials(canaries))
    made.update(_bad_of_who(canaries))
    return [Document(name, scan) for name, scan in made.items()]


def _bad_texts(canaries: Canaries) -> dict[str, str]:
    good = good_documents(canaries)[0].text
    stem = canaries.stem
    return {
        "no prefix": stem * 3,
        "a link": f"https://example.invalid/{stem}?name={stem}",
        "a newer prefix": f"HC2:{stem}",
        "a domestic prefix": f"NO1:{stem}",
        "a prefix in small letters": f"hc1:{stem.lower()}",
        "letters in small": good.lower().replace("hc1:", "HC1:"),
        "a foreign letter": f"{good}{stem}é",
        "a lone surrogate": f"{good[:-1]}\ud800{stem}",
        "an odd length": good[: len(good) // 3 * 3 - 1],
        "a cut": good[: len(good) // 2],
        "too long": f"HC1:{stem * 600}",
        "twice": good + good,
        "not compressed": f"HC1:{stem}",
        "nothing but spaces and a name": f"   {stem}   ",
    }


def _bad_envelopes(canaries: Canaries) -> dict[str, str]:
    signer = listed()["all-uses"]
    payload = encode(claims(_content(canaries, "v", _entries(canaries)["v"])))
    new = canaries.new

    def enveloped(protected: object = None, unprotected: object = None, **parts: Any) -> str:
        return text(sign1(payload, signer, protected=protected, unprotected=unprotected, **parts))

    usual = {1: -7, 4: signer.kid}
    return {
        "bytes after": text(sign1(payload, signer) + new("after").encode()),
        "a text for an envelope": text(encode(new("envelope"))),
        "a map for an envelope": text(encode({new("key"): new("value")})),
        "a key twice": enveloped(
            usual, Pairs([(new("twice"), 1), (canaries.stem, 1), (canaries.stem, 2)])
        ),
        "a key that cannot be one": enveloped(
            usual, Raw(b"\xa1\xa1" + encode(new("k")) + b"\x00\x00")
        ),
        "no UTF-8": enveloped(usual, Raw(b"\xa1\x01\x6c\xff" + canaries.stem.encode() + b"!")),
        "nested": enveloped(usual, {9: Raw(b"\x81" * 20 + encode(new("deep")))}),
        "wide": enveloped(usual, {9: [new("wide"), Wide(1)]}),
        "open": enveloped(usual, {9: Open([new("open")])}),
        "a foreign tag": enveloped(usual, {9: Tag(35, new("pattern") + "(")}),
        "a date tag": enveloped(usual, {9: Tag(0, new("date"))}),
        "critical": enveloped({**usual, 2: [new("crit")], new("crit"): 1}),
        "a key id in words": enveloped({1: -7, 4: new("kid")}),
        "a long key id": enveloped({1: -7, 4: new("kid").encode()}),
        "a far too long key id": enveloped({1: -7, 4: new("kid").encode() * 9}),
        "no key id": enveloped({1: -7, 5: new("none").encode()}),
        "an algorithm in words": enveloped({1: new("alg"), 4: signer.kid}),
        "an algorithm in a list": enveloped({1: [new("alg")], 4: signer.kid}),
        "a header that is no map": enveloped(Raw(encode(encode([new("header")])))),
        "a payload in words": enveloped(carried=new("payload")),
        "a payload elsewhere": enveloped(usual, {9: new("elsewhere")}, carried=Raw(b"\xf6")),
        "a signature in words": text(
            encode(Tag(18, [encode(usual), {}, payload, new("signature")]))
        ),
    }


def _bad_keys(canaries: Canaries) -> dict[str, str]:
    key = listed()
    jab, swab = (_content(canaries, group, _entries(canaries)[group]) for group in ("v", "t"))
    payload = encode(claims(jab))
    name = canaries.new("signature").encode()
    return {
        "an unknown key": certificate(jab, stranger()),
        "a bad signature": text(sign1(payload, key["all-uses"], signature=name.ljust(64))),
        "a short signature": text(sign1(payload, key["all-uses"], signature=name)),
        "another's signature": text(
            sign1(payload, key["all-uses"], signature=sign(key["twin"].key, payload))
        ),
        "another algorithm": text(
            sign1(payload, key["all-uses"], protected={1: -37, 4: key["all-uses"].kid})
        ),
        "P-384": certificate(jab, key["p-384"]),
        "an unreadable key": certificate(jab, key["unreadable"]),
        "a weak key": certificate(jab, key["rsa-1024"]),
        "a key for other kinds": certificate(swab, key["vaccination-only"]),
        "a key for other families": certificate(jab, exempting()["exemption"]),
        "a key nobody vouches for": certificate(jab, unvouched()["self-signed"]),
        "another country": certificate(jab, key["all-uses"], issuer="XT"),
        "an issuer's name": certificate(jab, key["all-uses"], issuer=canaries.new("iss")),
        "a retired key": certificate(jab, key["retired"]),
        "a young key": certificate(jab, key["young"]),
    }


def _bad_claims(canaries: Canaries) -> dict[str, str]:
    signer = listed()["all-uses"]
    jab = _content(canaries, "v", _entries(canaries)["v"])
    new = canaries.new

    def claimed(**parts: object) -> str:
        return certificate(jab, signer, **parts)

    return {
        "claims in words": text(sign1(new("claims").encode(), signer)),
        "claims in a list": text(sign1(encode([new("claims")]), signer)),
        "claims with a key twice": text(
            sign1(encode(Pairs([(canaries.stem, 1), (canaries.stem, new("twice"))])), signer)
        ),
        "an issuer in bytes": claimed(issuer=new("iss").encode()),
        "an end in words": claimed(expires=new("exp")),
        "a begin in words": claimed(issued=new("iat")),
        "a tagged end in words": claimed(expires=Tag(1, new("exp"))),
        "no end": claimed(expires=ABSENT),
        "expired": claimed(expires=1_793_700_000),
        "not yet valid": claimed(issued=1_797_000_000),
        "ends before it begins": claimed(expires=1_790_000_000),
        "a specimen": claimed(expires=42),
        "nothing in the container": claimed(container={}),
        "words in the container": claimed(container=new("container")),
        "other things in the container": claimed(container={5: {new("other"): new("value")}}),
        "words for a certificate": claimed(container={1: new("certificate")}),
    }


def _bad_content(canaries: Canaries) -> dict[str, str]:
    signer = listed()["all-uses"]
    entries = _entries(canaries)
    new = canaries.new
    made = {
        "two groups": {**_content(canaries, "v", entries["v"]), "t": [entries["t"]]},
        "two entries": {**_content(canaries, "v", entries["v"]), "v": [entries["v"]] * 2},
        "no group": {"ver": "1.3.0", "nam": canaries.name(), "dob": canaries.born, new("x"): []},
        "words for a group": _content(canaries, "v", entries["v"]) | {"v": new("group")},
        "words for an entry": _content(canaries, "v", new("entry")),
        "words for names": _content(canaries, "v", entries["v"], name=new("name")),
        "a list of names": _content(canaries, "v", entries["v"], name={"fn": [new("fn")]}),
        "no passport spelling": _content(canaries, "v", entries["v"], name={"fn": new("fn")}),
        "words for a birth date": _content(canaries, "v", entries["v"], born=new("dob")),
        "born after issue": _content(canaries, "v", entries["v"], born="2031-01-01"),
        "words for a version": _content(canaries, "v", entries["v"], version=new("ver")),
        "an endless text": _content(canaries, "v", {**entries["v"], "is": new("is") * 90}),
        "words for a dose": _content(canaries, "v", {**entries["v"], "dn": new("dn")}),
        "words for a sample time": _content(canaries, "t", {**entries["t"], "sc": new("sc")}),
        "a tagged sample time in words": _content(
            canaries, "t", {**entries["t"], "sc": Tag(0, new("sc"))}
        ),
        **{
            f"words for {member}": _content(
                canaries, group, {**entries[group], member: new(member)}
            )
            for group, member in (("v", "dt"), ("r", "fr"), ("r", "df"), ("r", "du"))
        },
        **{
            f"no {member}": _content(canaries, group, says.without(entries[group], member))
            for group, member in (("v", "tg"), ("v", "ci"), ("t", "sc"), ("r", "du"), ("v", "dt"))
        },
    }
    return {name: certificate(content, signer) for name, content in made.items()}


def all_documents(canaries: Canaries) -> list[Document]:
    """Issue all of them, the good ones first."""
    cards = [Document(name, text, good=True) for name, text in good_cards(canaries).items()]
    bad = [Document(name, text) for name, text in bad_cards(canaries).items()]
    return good_documents(canaries) + cards + bad_documents(canaries) + bad
