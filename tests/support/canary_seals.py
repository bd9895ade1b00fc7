"""Health seals full of canaries, good ones and one for each way to fail."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from fixtures.keys import curve_key
from fixtures.vds_nc.authorities import Signer, bad_signers, good_signers, signer
from fixtures.vds_nc.issue import (
    Members,
    data,
    dose,
    issue,
    negative_test,
    seal,
    text,
    vaccination,
    vaccine,
    without,
)


class _Canaries(Protocol):
    """What is needed of ``support.canaries.Canaries``."""

    stem: str
    born: str

    def new(self, what: str) -> str:
        """Make a canary for a field."""
        ...


def _person(canaries: _Canaries, **changes: Any) -> Members:
    return {
        # Letters alone, so that they have a passport's spelling.
        "n": f"{canaries.stem}FNT  {canaries.stem}GNT",
        "dob": canaries.born,
        "sex": "F",
        "i": canaries.new("i"),
        "ai": canaries.new("ai"),
        "more": canaries.new("more"),
        **changes,
    }


def _vaccination(canaries: _Canaries, **changes: Any) -> Members:
    new = canaries.new
    jab = dose(1, "2026-10-20", adm=new("adm"), lot=new("lot"), ctr=new("ctr"), more=new("more"))
    given = vaccine(jab, des=new("des"), nam=new("nam"), dis=new("dis"))
    said = {"uvci": new("uvci"), "pid": _person(canaries), "ve": [given], new("name"): new("value")}
    return {**said, **changes}


def _test(canaries: _Canaries, **changes: Any) -> Members:
    new = canaries.new
    usual = negative_test()
    return {
        "utci": new("utci"),
        "pid": {**without(_person(canaries), "i"), "dt": "P", "dn": new("dn")},
        "sp": {"spn": new("spn"), "ctr": new("ctr"), "cd": {"p": new("p"), "e": new("e")}},
        "dat": usual["dat"],
        "tr": {"tc": new("tc"), "r": new("r"), "m": new("m")},
        "opt": new("opt"),
        **changes,
    }


def good_seals(canaries: _Canaries) -> Iterator[tuple[str, str]]:
    """Issue a good seal of each kind."""
    yield "good seal", issue(_vaccination(canaries))
    yield "good seal of a test", issue(_test(canaries), kind="icao.test")


def bad_seals(canaries: _Canaries) -> Iterator[tuple[str, str]]:
    """Issue seals that fail in every stage."""
    new, stem = canaries.new, canaries.stem
    good = issue(_vaccination(canaries))

    def changed(change: Callable[[Members], object]) -> str:
        return issue(_vaccination(canaries), change=change)

    def signed(**parts: Any) -> str:
        return issue(_vaccination(canaries, **parts))

    def by(who: Signer, **parts: Any) -> str:
        return issue(_vaccination(canaries), who, **parts)

    yield "a seal and a name", good + new("after")
    yield "a seal cut short", good[:-50]
    yield "a seal with a member twice", good.replace('"sex":"F"', f'"{stem}":"a","{stem}":"b"')
    yield "a seal with a null", signed(**{new("null"): None})
    yield "a seal with a foreign name", signed(**{f"{new('name')}é": new("value")})
    yield "a seal with a member beside it", changed(lambda s: s.update({new("x"): new("y")}))
    yield "a seal with words for a header", text({**seal(data({})), "data": {"hdr": new("hdr")}})
    yield "a seal with words for a state", by(good_signers()["state"], **{"is": new("is")})
    yield "a seal of another type", issue(_vaccination(canaries), kind=f"icao.{new('type')}")
    yield "a seal with words for an algorithm", changed(lambda s: s["sig"].update(alg=new("alg")))
    yield "a seal with words for a signature", changed(lambda s: s["sig"].update(sigvl=new("sig")))
    yield "a seal with words for a certificate", changed(lambda s: s["sig"].update(cer=new("cer")))
    yield "a seal with a letter lost", changed(lambda s: s["sig"].update(sigvl=f"{new('sig')}*"))
    yield "a changed seal", changed(lambda s: s["data"]["msg"].update(uvci=new("uvci")))
    stranger = curve_key("seals-stranger-csca")
    yield "a seal by an unknown signer", by(signer(new("name"), signing_key=stranger))
    yield "a seal by a changed signer", by(signer(new("name"), extensions={}))
    for name, (who, _, _) in bad_signers().items():
        yield f"a seal by a signer: {name}", by(who)
    yield "a seal with words for a message", issue(new("message"))
    yield "a seal with words for a person", signed(pid=new("pid"))
    yield "a seal without a name", signed(pid=without(_person(canaries), "n"))
    yield "a seal with words for a birth date", signed(pid=_person(canaries, dob=new("dob")))
    yield "a seal with words for a day", signed(ve=[vaccine(dose(1, new("day")))])
    yield (
        "a seal with words for a dose",
        signed(ve=[vaccine(dose(1, "2026-10-20", seq=new("seq")))]),
    )
    yield "a seal of tomorrow", signed(ve=[vaccine(dose(1, "2026-12-24", lot=new("lot")))])
    unborn = vaccination(ve=[vaccine(dose(1, "1900-01-01"))], pid=_person(canaries))
    yield "a seal from before the birth", issue(unborn)
    sampled = {"sc": new("sc"), "ri": new("ri")}
    yield "words for a sample time", issue(_test(canaries, dat=sampled), kind="icao.test")
