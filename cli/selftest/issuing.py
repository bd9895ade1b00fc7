"""Certificates of every format with a canary in each field, and broken ones.

Dates are near today, so that the specimens are good on any desk. The shapes are those of each
family's specification; a new format gets a method here and a key in ``world``.
"""

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import cbor2

from cli.selftest.canaries import Canaries, base45
from cli.selftest.signing import COUNTRY, Signer, sign1
from cli.selftest.specimen import Parts, Person, Specimen, new_person, specimen
from cli.selftest.world import (
    CARD_ISSUER,
    DIVOC_ISSUER,
    DIVOC_LABEL,
    PASS_ISSUER,
    World,
)
from verifier.codecs import divoc_credential

_COVID: Final = "840539006"
# Against yellow fever, as WHO lists it.
_PRODUCT: Final = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
_PARTICIPANT: Final = f"X{COUNTRY}"
_CREDENTIALS: Final = "https://www.w3.org/2018/credentials/v1"

# The end of a seal that was cut off within the certificate in it.
_CLOSED: Final = '"}}'

Members = dict[str, Any]


class Issuer:
    """Issues specimens with the canaries of one run."""

    def __init__(self, world: World, strangers: World, canaries: Canaries, now: datetime) -> None:
        """Take keys that the desk knows, keys that it does not know, canaries and the day."""
        self._known, self._strangers = world, strangers
        self._canaries = canaries
        self._new = canaries.new
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._made = 0
        self._formats: dict[str, Callable[[World, Person], Parts]] = {
            "eu-dcc, vaccination": self._vaccination,
            "eu-dcc, test": self._test,
            "eu-dcc, recovery": self._recovery,
            "who-ddcc": self._ddcc,
            "who-icvp": self._icvp,
            "smart-health-card": self._card,
            "vds-nc": self._seal,
            "nz-covid-pass": self._pass,
            "divoc": self._credential,
        }

    def specimens(self, rounds: int) -> list[Specimen]:
        """Issue good ones of each kind so many times, and of each of them broken ones."""
        return [
            made
            for _ in range(rounds)
            for name in self._formats
            for made in (self._good(name), *self._broken(name))
        ]

    def _person(self) -> Person:
        self._made += 1
        return new_person(self._canaries, self._made)

    def _good(self, name: str) -> Specimen:
        person = self._person()
        return specimen(name, self._formats[name](self._known, person), person, good=True)

    def _broken(self, name: str) -> list[Specimen]:
        """Issue one that was cut off, one with letters missing, one that a stranger signed."""
        made = []
        for fault in ("cut off", "damaged", "signed by a stranger"):
            person = self._person()
            world = self._strangers if fault == "signed by a stranger" else self._known
            parts = self._formats[name](world, person)
            middle = len(parts.text) // 2
            # An object of JSON that is not closed would go on in the next line.
            end = _CLOSED if parts.text.startswith("{") else ""
            text = {
                "cut off": parts.text[: middle + middle // 2] + end,
                "damaged": parts.text[:middle] + parts.text[middle + 7 :],
            }.get(fault, parts.text)
            parts = parts._replace(text=text)
            made.append(specimen(f"{name}, {fault}", parts, person, good=False))
        return made

    def _day(self, offset: int) -> str:
        return str((self._now + timedelta(days=offset)).date())

    def _instant(self, offset: int) -> int:
        return int((self._now + timedelta(days=offset)).timestamp())

    # The envelope of the EU's and WHO's certificates (RFC 8392, RFC 9052, RFC 9285).

    def _hcert(self, signer: Signer, issuer: str, content: Members, key: int) -> Parts:
        claims = {
            1: issuer, 4: self._instant(200), 6: self._instant(-3), -260: {key: content},
            7: self._new("CTI").encode(), self._new("CLAIM"): self._new("VALUE"),
        }  # fmt: skip
        protected = cbor2.dumps({1: -7, 4: signer.kid, 99: self._new("HEADER")})
        envelope, signature, digest = sign1(cbor2.dumps(claims), signer, protected)
        packed = zlib.compress(envelope)
        return Parts("HC1:" + base45(packed).decode(), packed, signature, digest)

    def _dcc(self, world: World, person: Person, group: str, **entry: object) -> Parts:
        new = self._new
        common = {"tg": _COVID, "co": COUNTRY, "is": new("IS"), "ci": new("CI"), new("KEY"): 1}
        content = {
            "ver": "1.3.0",
            "nam": {
                "fn": person.family, "gn": person.given,
                "fnt": person.family_mrz, "gnt": person.given_mrz,
            },
            "dob": person.born,
            group: [{**common, **entry}],
            new("ROOT"): new("VALUE"),
        }  # fmt: skip
        return self._hcert(world.hcert, COUNTRY, content, 1)

    def _vaccination(self, world: World, person: Person) -> Parts:
        new = self._new
        return self._dcc(
            world, person, "v", vp=new("VP"), mp=new("MP"), ma=new("MA"), dn=2, sd=2,
            dt=self._day(-40),
        )  # fmt: skip

    def _test(self, world: World, person: Person) -> Parts:
        new = self._new
        sampled = (self._now - timedelta(days=3, hours=2)).isoformat().replace("+00:00", "Z")
        return self._dcc(
            world, person, "t", tt="LP6464-4", nm=new("NM"), ma=new("MA"), sc=sampled,
            tr="260415000", tc=new("TC"),
        )  # fmt: skip

    def _recovery(self, world: World, person: Person) -> Parts:
        return self._dcc(
            world, person, "r", fr=self._day(-60), df=self._day(-49), du=self._day(120)
        )

    def _ddcc(self, world: World, person: Person) -> Parts:
        new = self._new

        def coding(code: str) -> Members:
            return {"code": code, "system": "http://id.who.int/icd11/mms", "display": new("SHOWN")}

        content = {
            "name": f"{person.family} {person.given}",
            "birthDate": person.born,
            "identifier": new("ID"),
            "sex": {"code": "female"},
            "certificate": {
                "issuer": {"identifier": {"value": new("ISSUER")}}, "hcid": {"value": new("HCID")},
                "version": "RC-1", "period": {"start": self._day(-3), "end": self._day(300)},
            },
            "vaccination": {
                "vaccine": coding("XM0GQ8"), "brand": coding(new("BRAND")), "lot": new("LOT"),
                "manufacturer": coding(new("MAKER")), "date": self._day(-40), "dose": 2,
                "country": {"code": _PARTICIPANT, "system": "urn:iso:std:iso:3166-1"},
                "centre": new("CENTRE"), "practitioner": new("DOCTOR"), "disease": coding("RA01"),
            },
        }  # fmt: skip
        return self._hcert(world.hcert, _PARTICIPANT, content, 3)

    def _icvp(self, world: World, person: Person) -> Parts:
        new = self._new
        content = {
            "n": f"{person.family} {person.given}", "dob": person.born, "s": "female",
            "nt": _PARTICIPANT, "id": new("ID"), "dt": "PPN", "v": "1.0.0", "d": self._day(-3),
            "gn": new("GUARDIAN"),
            "vx": {
                "vp": _PRODUCT, "dv": self._day(-40), "bo": new("LOT"), "cn": new("DOCTOR"),
                "is": new("IS"),
            },
        }  # fmt: skip
        return self._hcert(world.hcert, _PARTICIPANT, content, -6)

    def _card(self, world: World, person: Person) -> Parts:
        """Issue a SMART Health Card (VCI, Health Cards Framework 1.4)."""
        new = self._new
        patient = {
            "resourceType": "Patient", "birthDate": person.born,
            "name": [{"family": person.family, "given": [person.given]}],
            "identifier": [{"value": new("ID")}],
        }  # fmt: skip
        dose = {
            "resourceType": "Immunization", "status": "completed",
            "vaccineCode": {
                "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "208"}],
                "text": new("VACCINE"),
            },
            "patient": {"reference": "resource:0"}, "occurrenceDateTime": self._day(-40),
            "performer": [{"actor": {"display": new("ACTOR")}}], "lotNumber": new("LOT"),
        }  # fmt: skip
        entries = [
            {"fullUrl": f"resource:{place}", "resource": each}
            for place, each in enumerate((patient, dose))
        ]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        payload = {
            "iss": CARD_ISSUER, "nbf": self._instant(-3),
            "vc": {
                "type": ["https://smarthealth.cards#health-card"],
                "rid": new("RID"),
                "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle},
            },
        }  # fmt: skip
        squeeze = zlib.compressobj(9, wbits=-15)
        packed = squeeze.compress(_json(payload)) + squeeze.flush()
        header = {"zip": "DEF", "alg": "ES256", "kid": world.card.kid.decode()}
        signed = f"{_url(_json(header))}.{_url(packed)}".encode()
        signature = world.card.sign(signed)
        token = f"{signed.decode()}.{_url(signature)}"
        digits = "".join(f"{ord(letter) - 45:02}" for letter in token)
        return Parts(f"shc:/{digits}", packed, signature, hashlib.sha256(signed).digest())

    def _seal(self, world: World, person: Person) -> Parts:
        """Issue a health seal (ICAO, VDS-NC); it says its name in passport letters."""
        new = self._new
        dose = {
            "dvc": self._day(-40), "seq": 1, "ctr": COUNTRY, "adm": new("ADM"), "lot": new("LOT"),
        }  # fmt: skip
        message = {
            "uvci": new("UVCI"),
            "pid": {
                "n": f"{person.family_mrz}  {person.given_mrz}", "dob": person.born, "sex": "F",
                "i": new("I"), "ai": new("AI"),
            },
            "ve": [{"des": new("DES"), "nam": new("NAM"), "dis": "RA01.0", "vd": [dose]}],
        }  # fmt: skip
        data = {"hdr": {"t": "icao.vacc", "v": 1, "is": COUNTRY}, "msg": message}
        signed = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        signature = world.seal.signer.sign(signed.encode())
        proof = {
            "alg": "ES256", "cer": _url(world.seal.signer_certificate), "sigvl": _url(signature),
        }  # fmt: skip
        text = _json({"data": data, "sig": proof}).decode()
        return Parts(text, b"", signature, hashlib.sha256(signed.encode()).digest())

    def _pass(self, world: World, person: Person) -> Parts:
        """Issue a NZ COVID Pass (version 1 of its specification)."""
        new = self._new
        subject = {
            "givenName": person.given, "familyName": person.family, "dob": person.born,
            new("MEMBER"): new("VALUE"),
        }  # fmt: skip
        credential = {
            "@context": [_CREDENTIALS, "https://nzcp.covid19.health.nz/contexts/v1"],
            "version": "1.0.0", "type": ["VerifiableCredential", "PublicCovidPass"],
            "credentialSubject": subject,
        }  # fmt: skip
        number = new("CTI").encode()[:16].ljust(16, b"!")
        claims = {
            1: PASS_ISSUER, 4: self._instant(200), 5: self._instant(-3), 7: number,
            "vc": credential,
        }  # fmt: skip
        protected = cbor2.dumps({4: world.covid_pass.kid, 1: -7})
        envelope, signature, digest = sign1(cbor2.dumps(claims), world.covid_pass, protected)
        text = base64.b32encode(envelope).decode().rstrip("=")
        return Parts(f"NZCP:/1/{text}", b"", signature, digest)

    def _credential(self, world: World, person: Person) -> Parts:
        """Issue a DIVOC credential in its zip, as scanners without bytes hand it over."""
        new = self._new
        day = self._instant_text(-40)
        address = {
            member: new("ADDRESS")
            for member in ("streetAddress", "city", "district", "addressRegion", "postalCode")
        }
        content: Members = {
            "@context": [_CREDENTIALS, "https://divoc.dev/credentials/vaccination/v2"],
            "type": ["VerifiableCredential", "ProofOfVaccinationCredential"],
            "credentialSubject": {
                "type": "Person", "id": f"did:Passport:{new('PASSPORT')}",
                "name": f"{person.given} {person.family}", "dob": person.born,
                "refId": new("REF"), "gender": new("SEX"), "age": "40", "nationality": new("NAT"),
                "address": address,
            },
            "issuer": DIVOC_ISSUER,
            "issuanceDate": self._instant_text(-3),
            "evidence": [
                {
                    "id": f"https://selftest.example/{new('EVIDENCE')}", "type": ["Vaccination"],
                    "feedbackUrl": new("URL"), "infoUrl": new("URL"), "batch": new("BATCH"),
                    "certificateId": new("NUMBER"), "vaccine": new("VACCINE"),
                    "manufacturer": new("MAKER"), "date": day, "effectiveStart": day[:10],
                    "effectiveUntil": self._day(300), "dose": 1, "totalDoses": 2,
                    "verifier": {"name": new("VERIFIER")},
                    "facility": {"name": new("FACILITY"), "address": address},
                }
            ],
            "nonTransferable": "true",
        }  # fmt: skip
        proof: Members = {
            "type": "Ed25519Signature2018", "created": self._instant_text(-3),
            "verificationMethod": DIVOC_LABEL, "proofPurpose": "assertionMethod",
        }  # fmt: skip
        first = _url(_json({"alg": "EdDSA", "b64": False, "crit": ["b64"]}))
        unsigned: Members = {**content, "proof": {**proof, "jws": f"{first}.."}}
        hashes = b"".join(
            hashlib.sha256(part).digest()
            for part in (
                divoc_credential.canonical_proof(unsigned["proof"]),
                divoc_credential.read(unsigned).canonical(),
            )
        )
        signature = world.credential.sign(first.encode() + b"." + hashes)
        document = {**content, "proof": {**proof, "jws": f"{first}..{_url(signature)}"}}
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("certificate.json", _json(document))
        packed = file.getvalue()
        text = "B64:" + base64.b64encode(packed).decode()
        return Parts(text, packed[64:-128], signature, hashes[32:])

    def _instant_text(self, offset: int) -> str:
        return f"{(self._now + timedelta(days=offset)).isoformat()[:19]}Z"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
