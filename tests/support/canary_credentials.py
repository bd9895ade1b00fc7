"""DIVOC documents full of unmistakable values, good and failing in every stage."""

import base64
from typing import TYPE_CHECKING, Any

from fixtures.divoc.content import ABSENT, CONTEXT, VERSION_2, Members, credential
from fixtures.divoc.issue import Signer, listed, scan, signed, stranger, text, unvouched
from fixtures.divoc.zips import zipped

if TYPE_CHECKING:
    from support.canaries import Canaries


def _address(canaries: "Canaries") -> Members:
    members = ("streetAddress", "streetAddress2", "city", "district", "addressRegion",
               "postalCode", "addressCountry")  # fmt: skip
    return {member: canaries.new(member) for member in members}


def _content(canaries: "Canaries", **changes: Any) -> Members:
    """Write a credential with a canary in every member that takes a text."""
    new = canaries.new
    holder = {
        "id": f"did:Passport:{new('passport')}",
        "name": new("fn"),
        "dob": canaries.born,
        "address": _address(canaries),
        **{member: new(member) for member in ("refId", "uhid", "gender", "age", "nationality")},
        **changes.pop("holder", {}),
    }
    dose = {
        "id": f"https://specimen.example/{new('evidence')}",
        **{
            member: new(member)
            for member in ("feedbackUrl", "infoUrl", "certificateId", "batch", "vaccine",
                           "manufacturer", "icd11Code", "prophylaxis")
        },
        **dict.fromkeys(("date", "effectiveStart", "effectiveUntil"), canaries.born),
        "verifier": {"name": new("verifier"), "sign-image": new("sign")},
        "facility": {"name": new("facility"), "address": _address(canaries)},
        **changes.pop("dose", {}),
    }  # fmt: skip
    contexts = {"@context": [CONTEXT, VERSION_2]}
    return credential(1, holder=holder, dose=dose, **{**contexts, **changes})


def good_credentials(canaries: "Canaries") -> list[tuple[str, str]]:
    """Issue good documents, carried in each way."""
    document = signed(_content(canaries), listed()["ed25519"])
    as_characters = zipped(text(document).encode()).decode("latin-1")
    return [
        ("a good credential", scan(document)),
        ("a good credential as it is", text(document)),
        ("a good credential in a zip", as_characters),
        ("a good credential by RSA", scan(signed(_content(canaries), listed()["rsa"]))),
    ]


def bad_credentials(canaries: "Canaries") -> dict[str, str]:
    """Issue documents that fail in every stage."""
    new, signer = canaries.new, listed()["ed25519"]

    def made(by: Signer = signer, **changes: Any) -> dict[str, Any]:
        return signed(_content(canaries, **changes), by)

    def proven(**changes: object) -> str:
        whole = made()
        return scan({**whole, "proof": {**whole["proof"], **changes}})

    data = text(made()).encode()
    return {
        "a zip with a damaged checksum": "B64:" + base64.b64encode(zipped(data, crc=1)).decode(),
        "a zip cut off": "B64:" + base64.b64encode(zipped(data)[:-40]).decode(),
        "a zip with words behind it": "B64:"
        + base64.b64encode(zipped(data) + new("behind").encode()).decode(),
        "a zip with two files": scan(made(), entries=2),
        "a zip in words": "B64:UEsDB" + new("zip"),
        "a credential cut off": text(made())[:-5],
        "a credential with a member twice": text(made()).replace(
            '"name":', f'"name":"{new("twice")}","name":', 1
        ),
        "a credential with a fraction": text(made()).replace(
            '"nonTransferable":"true"', '"nonTransferable":1.5'
        ),
        "a credential too deep": text(made(dose={"batch": [[[[new("deep")]]]]})),
        "a list of proofs": scan({**made(), "proof": [new("proof")]}),
        "another context": scan(made(**{"@context": [CONTEXT, new("context")]})),
        "a context in place": scan(made(**{"@context": [CONTEXT, {new("term"): new("iri")}]})),
        "a label in words": proven(verificationMethod=f"did:{new('label')}"),
        "a label in a list": proven(verificationMethod=[new("label")]),
        "a signature in words": proven(jws=new("jws")),
        "a day of signing in words": proven(created=new("created")),
        "a member nobody knows": scan(made(**{new("member"): new("value")})),
        "a member of the holder": scan(made(holder={"sex": new("sex")})),
        "a holder that is not covered": scan(made(holder={"id": new("relative")})),
        "a holder by a bad identifier": scan(made(holder={"id": f"did:<{new('bad')}>"})),
        "an unknown label": scan(made(stranger())),
        "a label nobody vouches for": scan(made(unvouched())),
        "a key for another issuer": scan(made(listed()["other-issuer"])),
        "a key for tests alone": scan(made(listed()["tests"])),
        "a changed name": text(made()).replace('"name":"', f'"name":"{new("changed")}'),
        "a dose in words of a date": scan(made(dose={"date": new("date")})),
        "no dose date": scan(
            made(dose=dict.fromkeys(("date", "effectiveStart", "effectiveUntil"), ABSENT))
        ),
        "a birth date in words": scan(made(holder={"dob": new("dob")})),
        "a day of issue in words": scan(made(issuanceDate=new("issued"))),
        "issued next year": scan(made(issuanceDate="2027-12-01T00:00:00Z")),
    }
