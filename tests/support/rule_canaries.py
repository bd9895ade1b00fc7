"""One good vaccination of each family: real codes, so that rules are asked, canaries elsewhere."""

from typing import Any

from support.canaries import Canaries, Document
from support.vaccinated import DAY

from fixtures import who
from fixtures.divoc import content as divoc
from fixtures.divoc.issue import listed as divoc_signers
from fixtures.divoc.issue import scan as divoc_scan
from fixtures.divoc.issue import signed as divoc_signed
from fixtures.eu_dcc import content as dcc
from fixtures.eu_dcc.issue import certificate
from fixtures.smart_health_card import content as card
from fixtures.smart_health_card.issue import numeric, token
from fixtures.smart_health_card.world import MINISTRY
from fixtures.vds_nc import issue as seal
from fixtures.who_ddcc import content as ddcc
from fixtures.who_icvp import content as icvp
from fixtures.world import listed, of_who


def vaccinated(canaries: Canaries) -> list[Document]:
    """Issue them."""
    signers = of_who()
    travel, covid = signers["who-icvp"]["icvp"], signers["who-ddcc"]["ddcc"]
    made = {
        "eu-dcc": _dcc(canaries),
        "smart-health-card": _card(canaries),
        "vds-nc": _seal(canaries),
        "divoc": _divoc(canaries),
        "who-ddcc": who.scan(who.claims(3, _ddcc(canaries)), covid),
        "who-icvp": who.scan(who.claims(-6, _icvp(canaries)), travel),
    }
    return [Document(name, scan, good=True) for name, scan in made.items()]


def _dcc(canaries: Canaries) -> str:
    new = canaries.new
    entry = dcc.vaccination(920) | {"ci": new("ci"), "is": new("is"), "dt": DAY}
    content = dcc.content("v", entry, name=canaries.name(), born=canaries.born)
    return certificate(content, listed()["all-uses"])


def _card(canaries: Canaries) -> str:
    new = canaries.new
    person = card.patient(
        name=[{"family": new("fn"), "given": [new("gn")]}],
        birthDate=canaries.born,
        identifier=[{"value": new("id")}],
    )
    doses = (
        card.dose("208", day, lotNumber=new("lot"), performer=[{"actor": {"display": new("a")}}])
        for day in ("2026-09-15", DAY)
    )
    return numeric(token(card.payload(card.bundle(person, *doses)), MINISTRY))


def _seal(canaries: Canaries) -> str:
    new = canaries.new
    person: dict[str, Any] = {
        "n": f"{canaries.stem}FNT  {canaries.stem}GNT",
        "dob": canaries.born,
        "sex": "F",
        "i": new("i"),
        "ai": new("ai"),
    }
    doses = (seal.dose(1, "2026-09-15", lot=new("lot")), seal.dose(2, DAY, adm=new("adm")))
    given = seal.vaccine(*doses, nam="Pfizer Comirnaty", des="XM68M6", dis="RA01.0")
    return seal.issue(seal.vaccination(uvci=new("uvci"), pid=person, ve=[given]))


def _divoc(canaries: Canaries) -> str:
    new = canaries.new
    holder = {"id": f"did:Passport:{new('passport')}", "name": new("fn"), "dob": canaries.born}
    dose = {
        "certificateId": new("certificate"), "batch": new("batch"), "vaccine": "PFIZER",
        "date": f"{DAY}T09:30:00.000Z", "dose": 2, "totalDoses": 2,
    }  # fmt: skip
    return divoc_scan(divoc_signed(_credential(holder, dose), divoc_signers()["rsa"]))


def _credential(holder: dict[str, Any], dose: dict[str, Any]) -> dict[str, Any]:
    contexts = {"@context": [divoc.CONTEXT, divoc.VERSION_2]}  # the second one knows birth dates
    return divoc.credential(1, holder=holder, dose=dose, **contexts)


def _ddcc(canaries: Canaries) -> dict[object, object]:
    new = canaries.new
    return ddcc.core(
        name=new("fn"),
        birthDate=canaries.born,
        identifier={"value": new("identifier")},
        vaccination=ddcc.dose(date=DAY, lot=new("lot"), centre=new("centre")),
    )


def _icvp(canaries: Canaries) -> dict[object, object]:
    new = canaries.new
    return icvp.third(
        icvp.details(bo=new("bo"), cn=new("cn")),
        n=new("fn"), dob=canaries.born, id=new("id"), gn=new("guardian"),
    )  # fmt: skip
