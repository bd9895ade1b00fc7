"""The proof of a document of the WHO trust network: strict shape, canonical lines, signature.

Every node of such a document has a name of its own, so its canonical form (RDFC-1.0) is a set of
lines that can be printed and sorted (gdhcn-trust notes, 5.1). The printer ignores members that it
does not know; therefore the shape is checked first, and whatever is unknown refuses the document.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.json_text import read_object, text_of
from trustlists.signatures import ecdsa_holds, es256_holds
from verifier.clock import Instant
from verifier.errors import TrustListInvalid
from verifier.limits import LIST_RECORDS
from verifier.trust import Environment

_DID: Final = "https://www.w3.org/ns/did/v1"
_SUITE: Final = "https://w3id.org/security/suites/jws-2020/v1"
_TRUST: Final = "https://smart.who.int/trust/"
_SECURITY: Final = "https://w3id.org/security#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CREATED: Final = "http://purl.org/dc/terms/created"
_DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"

_DOCUMENT_MEMBERS: Final = {"@context", "id", "controller", "verificationMethod", "proof"}
_PROOF_MEMBERS: Final = {
    "type", "created", "nonce", "proofPurpose", "verificationMethod", "jws",
}  # fmt: skip
_ENTRY_MEMBERS: Final = {"id", "type", "controller", "publicKeyJwk"}
_ATTRIBUTES: Final = {"domain": "Domains", "participant": "Participants", "keyusage": "KeyUsage"}
_JWK_MEMBERS: Final = {"kty", "kid", "x5c", "crv", "x", "y", "n", "e"}
_HEADER: Final = {"b64": False, "crit": ["b64"], "alg": "ES256"}

# Such a name can be printed between < and > without being changed.
_NAME: Final = re.compile(r"did:web:[^<>\"{}|^`\\\x00-\x20\x7f-\x9f\ud800-\udfff]+")
# What is signed as an instant is printed as it stands, so it may hold nothing else.
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_PLAIN: Final = re.compile(r"[\x20-\x7e]*")
_CODE: Final = re.compile(r"#?[A-Za-z0-9_-]{1,40}")

# One for all keys: making it anew takes longer than writing a key.
_SORTED: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

_RAW_SIGNATURE: Final = 64


class World(NamedTuple):
    """One environment: its host, the ending of its vocabulary, and who signs its lists."""

    environment: Environment
    host: str
    ending: str
    signer: str


def _world(environment: Environment, ending: str, signer: str) -> World:
    return World(
        environment,
        "tng-cdn" + ending.lower() + ".who.int",
        ending,
        "did:web:raw.githubusercontent.com:WorldHealthOrganization:"
        f"tng-participants-{signer}:main:WHO:signing:DID",
    )


WORLDS: Final = (
    _world(Environment.PRODUCTION, "", "prod"),
    _world(Environment.ACCEPTANCE, "-UAT", "uat"),
    _world(Environment.DEVELOPMENT, "-DEV", "dev"),
)


class Document(NamedTuple):
    """A document whose shape is right. ``world`` is that of its host, ``version`` 1 or 2."""

    id: str
    world: World
    version: int
    entries: Sequence[dict[str, Any] | str]
    members: dict[str, Any]

    @property
    def slot(self) -> str:
        """What its id must be for it to be the whole list of its host."""
        return f"did:web:{self.world.host}:" + ("v2:trustlist" if self.version > 1 else "trustlist")

    @property
    def points_elsewhere(self) -> bool:
        """Whether a link leads to another host, as some that are signed do (notes, 3.3)."""
        links = (entry for entry in self.entries if isinstance(entry, str))
        return any(_host(link) != self.world.host for link in links)

    @property
    def created(self) -> Instant:
        """When it was signed."""
        return _instant(self.members["proof"]["created"])


def read_document(data: bytes) -> Document:
    """Read a document and check its shape. Raises ``TrustListInvalid`` with the fault."""
    members = read_object(data)
    _demand(members.keys() <= _DOCUMENT_MEMBERS, Fault.MEMBER_UNKNOWN)
    _demand(members.keys() == _DOCUMENT_MEMBERS, Fault.MALFORMED)
    _check_proof(members["proof"])
    name = text_of(members, "id")
    _demand(all(_is_name(text) for text in (name, members["controller"])), Fault.MALFORMED)
    world = _world_of(name)
    version = _version(members["@context"], world)
    entries = members["verificationMethod"]
    _demand(isinstance(entries, list) and len(entries) <= LIST_RECORDS, Fault.MALFORMED)
    _demand(_host(members["controller"]) == world.host, Fault.FOREIGN_REFERENCE)
    for entry in entries:
        _check_entry(entry, world, version)
    return Document(name, world, version, entries, members)


def verify_proof(document: Document, anchors: Sequence[Anchor]) -> Anchor:
    """Name the anchor whose key has signed a document, whichever slot it is for.

    Raises ``TrustListInvalid``: not signed in a way that can be checked (version 1), signed by the
    signer of another environment, or not signed by any anchor.
    """
    proof = document.members["proof"]
    header, signature = _parts(proof["jws"])
    if document.version == 1:
        raise invalid(Fault.NOT_SIGNED)
    _demand(proof["verificationMethod"] == document.world.signer, Fault.WRONG_ENVIRONMENT)
    _demand(json_of(header) == _HEADER, Fault.ALGORITHM_REFUSED)
    signed = header + b"." + proof_hash(document) + document_hash(document)
    for anchor in anchors:
        if _verifies(anchor.spki, signature, signed):
            own = anchor.environment in {None, document.world.environment}
            _demand(own, Fault.WRONG_ENVIRONMENT)
            return anchor
    raise invalid(Fault.SIGNATURE_WRONG)


def document_hash(document: Document) -> bytes:
    """SHA-256 over the canonical lines of a document without its proof."""
    return _hash(_document_lines(document))


def proof_hash(document: Document) -> bytes:
    """SHA-256 over the canonical lines of the proof without its signature."""
    proof = document.members["proof"]
    return _hash(
        (
            f'_:c14n0 <{_CREATED}> "{proof["created"]}"^^<{_DATE_TIME}> .\n',
            f"_:c14n0 <{_RDF}type> <{_SECURITY}JsonWebSignature2020> .\n",
            f'_:c14n0 <{_SECURITY}nonce> "{_escaped(proof["nonce"])}" .\n',
            f"_:c14n0 <{_SECURITY}proofPurpose> <{_SECURITY}assertionMethod> .\n",
            f"_:c14n0 <{_SECURITY}verificationMethod> <{proof['verificationMethod']}> .\n",
        )
    )


def json_of(encoded: bytes) -> object:
    """Read the JSON of a base64url text; None when it is neither."""
    try:
        return read_object(_decoded(encoded))
    except (NotBase64, ValueError, TrustListInvalid):
        return None


def _check_proof(proof: object) -> None:
    _demand(isinstance(proof, dict) and proof.keys() <= _PROOF_MEMBERS, Fault.MEMBER_UNKNOWN)
    _demand(
        isinstance(proof, dict)
        and proof.keys() == _PROOF_MEMBERS
        and all(isinstance(value, str) and _PLAIN.fullmatch(value) for value in proof.values())
        and proof["type"] == "JsonWebSignature2020"
        and proof["proofPurpose"] == "assertionMethod"
        and _is_name(proof["verificationMethod"])
        and _INSTANT.fullmatch(proof["created"]) is not None
        and _instant(proof["created"]) > 0,
        Fault.MALFORMED,
    )


def _check_entry(entry: object, world: World, version: int) -> None:
    if isinstance(entry, str):
        _demand(_is_name(entry), Fault.MALFORMED)
        return
    known = _ENTRY_MEMBERS | (_ATTRIBUTES.keys() if version > 1 else set())
    jwk = entry.get("publicKeyJwk") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(jwk, dict):
        raise invalid(Fault.MALFORMED)
    _demand(entry.keys() <= known and jwk.keys() <= _JWK_MEMBERS, Fault.MEMBER_UNKNOWN)
    name, controller = entry.get("id"), entry.get("controller")
    if not _is_name(name) or not _is_name(controller) or entry.get("type") != "JsonWebKey2020":
        raise invalid(Fault.MALFORMED)
    _demand(entry.keys() == known and _is_jwk(jwk), Fault.MALFORMED)
    _demand({_host(str(name)), _host(str(controller))} == {world.host}, Fault.FOREIGN_REFERENCE)
    if version > 1:
        _check_attributes(entry, str(name), jwk)


def _check_attributes(entry: dict[str, Any], name: str, jwk: dict[str, Any]) -> None:
    """Compare what the id of an entry says with its key id and its attributes; ``-`` says nothing.

    The signature would not hold either; this tells which of them was changed.
    """
    path, _, kid = name.partition("#")
    _demand(jwk.get("kid") == kid, Fault.ID_CONTRADICTS)
    codes = [code_of(entry[attribute]) for attribute in _ATTRIBUTES]
    _demand(all(codes), Fault.MALFORMED)
    said = ["SCA" if code == "CSCA" else code for code in codes]
    levels = path.split(":")[5:]
    _demand(
        all(level in {"-", code} for level, code in zip(levels, said, strict=False)),
        Fault.ATTRIBUTE_CONTRADICTS,
    )


def code_of(attribute: object) -> str:
    """Give the code of an attribute, an object or (in early files) a text; empty for neither."""
    members = {"code": attribute} if isinstance(attribute, str) else attribute
    code = text_of(members, "code")
    alone = isinstance(members, dict) and members.keys() == {"code"}
    return code.removeprefix("#") if alone and _CODE.fullmatch(code) else ""


def _is_jwk(jwk: dict[str, Any]) -> bool:
    """Tell whether all members are plain texts, so that sorting them is the canonical form."""
    chain = jwk.get("x5c")
    texts = [value for name, value in jwk.items() if name != "x5c"]
    if not isinstance(chain, list) or not chain:
        return False
    return all(isinstance(text, str) and _PLAIN.fullmatch(text) for text in [*texts, *chain])


def _version(context: object, world: World) -> int:
    if context == [_DID, _SUITE]:
        return 1
    _demand(isinstance(context, list), Fault.CONTEXT_UNKNOWN)
    endings = {each.ending: [_DID, _SUITE, _context(each)] for each in WORLDS}
    _demand(context in endings.values(), Fault.CONTEXT_UNKNOWN)
    _demand(context == endings[world.ending], Fault.WRONG_ENVIRONMENT)
    return 2


def _context(world: World) -> str:
    return f"{_TRUST}tng-context/v1{world.ending}.jsonld"


def _world_of(name: str) -> World:
    host = _host(name)
    found = next((world for world in WORLDS if world.host == host), None)
    if found is None:
        raise invalid(Fault.WRONG_SLOT)
    return found


def _document_lines(document: Document) -> Iterator[str]:
    subject = f"<{document.id}>"
    yield f"{subject} <{_SECURITY}controller> <{document.members['controller']}> .\n"
    for entry in document.entries:
        if isinstance(entry, str):
            yield f"{subject} <{_SECURITY}verificationMethod> <{entry}> .\n"
        else:
            yield from _entry_lines(subject, entry, document.world.ending)


def _entry_lines(subject: str, entry: dict[str, Any], ending: str) -> Iterator[str]:
    key = f"<{entry['id']}>"
    jwk = _SORTED.encode(entry["publicKeyJwk"])
    yield f"{subject} <{_SECURITY}verificationMethod> {key} .\n"
    yield f"{key} <{_RDF}type> <{_SECURITY}JsonWebKey2020> .\n"
    yield f"{key} <{_SECURITY}controller> <{entry['controller']}> .\n"
    yield f'{key} <{_SECURITY}publicKeyJwk> "{_escaped(jwk)}"^^<{_RDF}JSON> .\n'
    for attribute, name in _ATTRIBUTES.items() if "domain" in entry else ():
        words = f"{_TRUST}ValueSet-{name}{ending}.jsonld"
        yield f"{key} <{words}> <{words}#{code_of(entry[attribute])}> .\n"


def _escaped(text: str) -> str:
    # Checked before: there is no line end and no other control character in it.
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _hash(lines: Iterable[str]) -> bytes:
    return hashlib.sha256("".join(sorted(set(lines))).encode()).digest()


def _parts(jws: str) -> tuple[bytes, bytes]:
    """Split the detached JWS (RFC 7797) into its header, still encoded, and its signature."""
    header, payload, signature = (*jws.encode().split(b"."), b"", b"", b"")[:3]
    try:
        decoded = _decoded(signature)
    except (NotBase64, ValueError):
        decoded = b""
    _demand(bool(header) and not payload and jws.count(".") == 2 and bool(decoded), Fault.MALFORMED)  # noqa: PLR2004 - RFC 7515
    return header, decoded


def _decoded(encoded: bytes) -> bytes:
    return urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))


def _verifies(spki: bytes, signature: bytes, signed: bytes) -> bool:
    # As RFC 7518 demands; the lists themselves have DER.
    check = es256_holds if len(signature) == _RAW_SIGNATURE else ecdsa_holds
    return check(spki, signature, signed)


def _is_name(text: object) -> bool:
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def _host(name: str) -> str:
    """Give the host of a did:web name."""
    return re.split(r"[:#?/]", name)[2]


def _instant(text: str) -> Instant:
    """Read the instant of a proof; 0 for a day that does not exist."""
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:
        return 0


def _demand(right: bool, fault: Fault) -> None:  # noqa: FBT001 - reads as a sentence
    if not right:
        raise invalid(fault)
