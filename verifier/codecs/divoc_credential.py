"""A DIVOC credential as the statements that its issuer signs (DIVOC notes, 3 to 6).

What is signed is not the JSON but a graph derived from it, and the graph loses distinctions that
the JSON shows. So only a closed shape is taken: every member is known and becomes a statement,
save for a subject whose identifier is relative, which drops out of the graph as a whole.

The terms are those of the contexts that certificates name: W3C's credentials/v1 and security/v2,
and egovernments/DIVOC's vaccination-context in versions 1 and 2. They stand here as data; no
context is ever loaded. ``vac:`` is no prefix: the contexts give it an address that does not end in
a separator, so that JSON-LD 1.1 takes ``vac:city`` for an identifier as it is.
"""

import re
from typing import Final, NamedTuple

from verifier.codecs.json_ld import (
    Statement,
    canonical,
    date_time,
    is_absolute,
    is_safe,
    literal,
)
from verifier.errors import DocumentError
from verifier.limits import CREDENTIAL_TEXT_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

_SCHEMA: Final = "https://schema.org/"
_CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"
_SECURITY: Final = "https://w3id.org/security#"
_DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

# Predicates under which claims are read.
DATE: Final = f"<{_SCHEMA}date>"
DOSE: Final = f"<{_SCHEMA}doseValue>"
ID: Final = f"<{_SCHEMA}id>"
NAME: Final = f"<{_SCHEMA}name>"

_BASE: Final = "https://www.w3.org/2018/credentials/v1"
# Which version of the terms an issuer's context has. The addresses differ, the contexts do not.
_VERSIONS: Final = {
    "https://cowin.gov.in/credentials/vaccination/v1": 1,
    "https://cowin.gov.in/credentials/vaccination/v2": 2,
    "https://divoc.dev/credentials/vaccination/v1": 1,
    "https://divoc.dev/credentials/vaccination/v2": 2,
    "https://divoc.prod/vaccine/credentials/vaccination/v1": 2,
    "https://divoc.lgcc.gov.lk/credentials/vaccination/v1": 2,
    "https://www.pedulilindungi.id/credentials/vaccination/v2": 2,
}
_KIND: Final = ["ProofOfVaccinationCredential", "VerifiableCredential"]

_LARGEST: Final = 2**53 - 1

# As both instants of a document are written; that of the proof goes into a signed line as it is.
is_instant: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z"
).fullmatch

Json = dict[str, object]


class _Shape(NamedTuple):
    """The members that a node may have: texts and numbers, and nodes below it."""

    literals: dict[str, str]
    nodes: dict[str, tuple[str, "_Shape"]]


_ADDRESS: Final = _Shape(
    {
        "streetAddress": f"<{_SCHEMA}streetAddress>",
        "streetAddress2": "<vac:addressLine2>",
        "city": "<vac:city>",
        "district": "<vac:district>",
        "addressRegion": f"<{_SCHEMA}addressRegion>",
        "postalCode": f"<{_SCHEMA}postalCode>",
        "addressCountry": f"<{_SCHEMA}addressCountry>",
    },
    {},
)
_HAS_ADDRESS: Final = {"address": (f"<{_SCHEMA}PostalAddress>", _ADDRESS)}
_IMAGE: Final = f"<{_SCHEMA}image>"
_VERIFIER: Final = _Shape({"name": NAME, "sign-image": _IMAGE}, {})
_FACILITY: Final = _Shape({"name": NAME, "seal-image": _IMAGE}, _HAS_ADDRESS)


def _subject(**more: str) -> _Shape:
    return _Shape(
        {
            "refId": ID,
            "uhid": ID,
            "name": NAME,
            "age": f"<{_SCHEMA}Number>",
            "gender": f"<{_SCHEMA}gender>",
            "nationality": f"<{_SCHEMA}nationality>",
            **more,
        },
        _HAS_ADDRESS,
    )


def _evidence(**more: str) -> _Shape:
    return _Shape(
        {
            **dict.fromkeys(("certificateId", "batch", "vaccine", "manufacturer"), ID),
            **dict.fromkeys(("feedbackUrl", "infoUrl"), f"<{_SCHEMA}url>"),
            **dict.fromkeys(("date", "effectiveStart", "effectiveUntil"), DATE),
            **dict.fromkeys(("dose", "totalDoses"), DOSE),
            **more,
        },
        {"verifier": ("<vac:verifier>", _VERIFIER), "facility": ("<vac:Facility>", _FACILITY)},
    )


_SUBJECT: Final = {1: _subject(), 2: _subject(dob=DATE)}
_EVIDENCE: Final = {1: _evidence(), 2: _evidence(icd11Code=ID, prophylaxis=NAME)}

_REQUIRED: Final = frozenset(
    {"@context", "type", "credentialSubject", "issuer", "issuanceDate", "evidence", "proof"}
)
_OPTIONAL: Final = "nonTransferable"
_PROOF: Final = {"type", "created", "verificationMethod", "proofPurpose", "jws"}


@private
class Credential:
    """A credential of the closed shape.

    ``statements`` are those of the document without its proof. ``covered`` tells whether those on
    the subject are among them; if not, nobody signed who the holder is. ``subject`` and
    ``evidence`` give the values that stand under each predicate of these nodes, each set in no
    order: labels can be exchanged without a trace (DIVOC notes, 6.2). Identifiers are empty where
    the document has none.
    """

    __slots__ = (
        "covered", "created", "evidence", "evidence_id", "issued", "issuer", "statements",
        "subject", "subject_id",
    )  # fmt: skip

    def __init__(self, document: Json, proof: Json) -> None:
        """Read a document. Raises ``DocumentError`` as ``read`` says."""
        version = _version(document)
        self.issuer = _identifier(document["issuer"], "https://")
        self.issued = _text(document["issuanceDate"])
        self.created = _text(proof["created"])
        subject = _object(document["credentialSubject"])
        evidence = _only_evidence(document["evidence"])
        self.subject: dict[str, list[str | int]] = {}
        self.evidence: dict[str, list[str | int]] = {}
        said: list[Statement] = []
        _require(subject.get("type") in ("Person", ["Person"]) and "name" in subject)
        _require(evidence.get("type") == ["Vaccination"])
        self.covered = "id" not in subject or _is_covered(subject["id"])
        self.subject_id = _identifier_of(subject, "did:") if self.covered else ""
        self.evidence_id = _identifier_of(evidence, "https://")
        node = f"<{self.subject_id}>" if self.subject_id else "_:subject"
        _describe(node, "_:subject", subject, _SUBJECT[version], said, self.subject)
        said.append((node, _TYPE, f"<{_SCHEMA}Person>"))
        said.append(("_:root", f"<{_CREDENTIALS}credentialSubject>", node))
        if not self.covered:
            # An address has a node of its own and stays, tied to nobody.
            said = [statement for statement in said if node not in statement]
        node = f"<{self.evidence_id}>" if self.evidence_id else "_:evidence"
        _describe(node, "_:evidence", evidence, _EVIDENCE[version], said, self.evidence)
        said += (
            (node, _TYPE, "<vac:Vaccination>"),
            ("_:root", f"<{_CREDENTIALS}evidence>", node),
            ("_:root", _TYPE, f"<{_CREDENTIALS}VerifiableCredential>"),
            ("_:root", _TYPE, f"<{_SCHEMA}ProofOfVaccinationCredential>"),
            ("_:root", f"<{_CREDENTIALS}issuer>", f"<{self.issuer}>"),
            ("_:root", f"<{_CREDENTIALS}issuanceDate>", date_time(self.issued)),
        )
        if _OPTIONAL in document:
            _require(document[_OPTIONAL] == "true")
            said.append(("_:root", "<vac:nonTransferable>", literal("true")))
        self.statements = said

    def canonical(self) -> bytes:
        """Write what is signed of the document. Raises ``DocumentError(PARTS_ALIKE)``."""
        return canonical(self.statements)


def proof_of(document: object) -> Json:
    """Give the one proof of a document.

    Raises ``DocumentError(NOT_SIGN1)`` for several proofs, none, or what is no document.
    """
    proof = document.get("proof") if isinstance(document, dict) else None
    if not isinstance(proof, dict):
        raise DocumentError(Reason.NOT_SIGN1)
    return proof


def read(document: object) -> Credential:
    """Read a document with its proof.

    Raises ``DocumentError``: ``OTHER_PROFILE`` for a context or a kind that is not read here,
    ``UNSIGNED_PARTS`` for everything outside the closed shape, ``NOT_SIGN1`` as ``proof_of``.
    """
    proof = proof_of(document)
    members = _object(document)
    _require(members.keys() - {_OPTIONAL} == _REQUIRED)
    _require(proof.keys() == _PROOF and proof["proofPurpose"] == "assertionMethod")
    _require(is_instant(_text(proof["created"])) and _text(proof["type"]))
    method = _text(proof["verificationMethod"])
    _require(is_absolute(method) and is_safe(method))
    return Credential(members, proof)


def canonical_proof(proof: Json) -> bytes:
    """Write what is signed of the proof of a document that was read: always these four lines."""
    return (
        f'_:c14n0 <http://purl.org/dc/terms/created> "{proof["created"]}"^^<{_DATE_TIME}> .\n'
        f"_:c14n0 {_TYPE} <{_SECURITY}{proof['type']}> .\n"
        f"_:c14n0 <{_SECURITY}proofPurpose> <{_SECURITY}assertionMethod> .\n"
        f"_:c14n0 <{_SECURITY}verificationMethod> <{proof['verificationMethod']}> .\n"
    ).encode()


def _version(document: Json) -> int:
    """Tell the version of the terms by the contexts: W3C's, and one that is known here."""
    contexts = _texts(document["@context"])
    _require(len(contexts) == len(("W3C's", "the issuer's")))
    version = _VERSIONS.get(contexts[1]) if contexts[0] == _BASE else None
    if version is None or sorted(_texts(document["type"])) != _KIND:
        raise DocumentError(Reason.OTHER_PROFILE)
    return version


def _describe(  # noqa: PLR0913, PLR0917 - what is known of a node, and where it goes
    node: str,
    path: str,
    value: object,
    shape: _Shape,
    said: list[Statement],
    values: dict[str, list[str | int]],
) -> None:
    """Add the statements on a node and on the nodes below it, and its own values by predicate."""
    inner = path.count(".")
    for member, content in _object(value).items():
        predicate = shape.literals.get(member)
        if predicate is not None:
            scalar = _scalar(content)
            said.append((node, predicate, literal(scalar)))
            values.setdefault(predicate, []).append(scalar)
        elif member in shape.nodes:
            predicate, below = shape.nodes[member]
            child = f"{path}.{member}"
            said.append((node, predicate, child))
            _describe(child, child, content, below, said, {})
        else:
            _require(not inner and member in {"id", "type"})


def _is_covered(identifier: object) -> bool:
    """Tell whether the issuers' software took an identifier for absolute and kept its node."""
    text = _text(identifier)
    return text.startswith("_:") or is_absolute(text) is not None


def _identifier_of(node: Json, start: str) -> str:
    return _identifier(node["id"], start) if "id" in node else ""


def _identifier(value: object, start: str) -> str:
    """Read an identifier that no term of a context can rewrite and that can be written safely."""
    text = _text(value)
    _require(text.startswith(start) and is_safe(text))
    return text


def _only_evidence(value: object) -> Json:
    if not isinstance(value, list) or len(value) != 1:
        raise DocumentError(Reason.UNSIGNED_PARTS)
    return _object(value[0])


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise DocumentError(Reason.UNSIGNED_PARTS)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > CREDENTIAL_TEXT_CHARACTERS:
        raise DocumentError(Reason.UNSIGNED_PARTS)
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise DocumentError(Reason.UNSIGNED_PARTS)
    return [_text(one) for one in value]


def _scalar(value: object) -> str | int:
    # The type itself, because a boolean is an instance of int too.
    if type(value) is int and abs(value) <= _LARGEST:
        return value
    return _text(value)


def _require(condition: object) -> None:
    if not condition:
        raise DocumentError(Reason.UNSIGNED_PARTS)
