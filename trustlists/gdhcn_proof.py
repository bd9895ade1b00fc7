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
from collections.abc import Iterator, Sequence
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
_ATTRIBUTES: Final = ("domain", "participant", "keyusage")
_ATTRIBUTED_MEMBERS: Final = _ENTRY_MEMBERS | set(_ATTRIBUTES)
# In the order of their canonical lines.
_VALUE_SETS: Final = ("Domains", "KeyUsage", "Participants")
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


class Entry(NamedTuple):
    """A key of a list, its shape checked: its name, what its certificates are in, what it is for.

    ``kid`` is what follows ``#`` in the name. The codes of the attributes are empty in version 1.
    """

    id: str
    kid: str
    controller: str
    jwk: dict[str, Any]
    domain: str = ""
    participant: str = ""
    usage: str = ""


class Document(NamedTuple):
    """A document whose shape is right. ``world`` is that of its host, ``version`` 1 or 2.

    ``plain`` is true when no text in it has anything to escape. A link to another list is a text
    among the entries.
    """

    id: str
    world: World
    version: int
    entries: Sequence[Entry | str]
    members: dict[str, Any]
    plain: bool

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
    plain = _is_plain(data)
    shape = _Shape(world, version, plain, {members["controller"]}, {}, set())
    checked = [_entry(entry, shape) for entry in entries]
    return Document(name, world, version, checked, members, plain)


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
    digest = hashlib.sha256()
    for text in _texts_of_nodes(document):
        digest.update(text.encode())
    return digest.digest()


def proof_hash(document: Document) -> bytes:
    """SHA-256 over the canonical lines of the proof without its signature."""
    proof = document.members["proof"]
    lines = (
        f'_:c14n0 <{_CREATED}> "{proof["created"]}"^^<{_DATE_TIME}> .\n',
        f"_:c14n0 <{_RDF}type> <{_SECURITY}JsonWebSignature2020> .\n",
        f'_:c14n0 <{_SECURITY}nonce> "{_escaped(proof["nonce"])}" .\n',
        f"_:c14n0 <{_SECURITY}proofPurpose> <{_SECURITY}assertionMethod> .\n",
        f"_:c14n0 <{_SECURITY}verificationMethod> <{proof['verificationMethod']}> .\n",
    )
    return hashlib.sha256("".join(lines).encode()).digest()


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


class _Shape(NamedTuple):
    """What entries are held to, and what is right for sure because an earlier entry had it too.

    ``controllers`` are names of this host, ``codes`` what attributes say, ``agreeing`` the paths of
    names with the codes that they agree with: a few dozen of each serve a list of a thousand keys.
    """

    world: World
    version: int
    plain: bool
    controllers: set[str]
    codes: dict[str, str]
    agreeing: set[tuple[str, str, str, str]]


def _is_plain(data: bytes) -> bool:
    """Tell whether every text of a JSON document is printable ASCII without quotes and backslashes.

    JSON has no bare control character in a text but DEL, and writes those two with a backslash. One
    look at the whole saves one at each of its texts.
    """
    return data.isascii() and b"\\" not in data and b"\x7f" not in data


def _entry(entry: object, shape: _Shape) -> Entry | str:
    """Read an entry. Raises ``TrustListInvalid`` when its shape is not right."""
    if isinstance(entry, str):
        _demand(_is_name(entry), Fault.MALFORMED)
        return entry
    known = _ENTRY_MEMBERS if shape.version == 1 else _ATTRIBUTED_MEMBERS
    jwk = entry.get("publicKeyJwk") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(jwk, dict):
        raise invalid(Fault.MALFORMED)
    if not (entry.keys() <= known and jwk.keys() <= _JWK_MEMBERS):
        raise invalid(Fault.MEMBER_UNKNOWN)
    name, controller = text_of(entry, "id"), text_of(entry, "controller")
    seen = controller in shape.controllers
    named = _is_name(name) and (seen or _is_name(controller))
    if not named or entry.get("type") != "JsonWebKey2020":
        raise invalid(Fault.MALFORMED)
    if entry.keys() != known or not _is_jwk(jwk, plain=shape.plain):
        raise invalid(Fault.MALFORMED)
    host = shape.world.host
    if _host(name) != host or not (seen or _host(controller) == host):
        raise invalid(Fault.FOREIGN_REFERENCE)
    shape.controllers.add(controller)
    path, _, kid = name.partition("#")
    if shape.version == 1:
        return Entry(name, kid, controller, jwk)
    codes = _codes(entry, path, kid, shape)
    return Entry(name, kid, controller, jwk, *codes)


def _codes(entry: dict[str, Any], path: str, kid: str, shape: _Shape) -> tuple[str, str, str]:
    """Compare what the id of an entry says with its key id and its attributes; ``-`` says nothing.

    The signature would not hold either; this tells which of them was changed.
    """
    if entry["publicKeyJwk"].get("kid") != kid:
        raise invalid(Fault.ID_CONTRADICTS)
    domain, participant, usage = [_code(entry[each], shape.codes) for each in _ATTRIBUTES]
    if not (domain and participant and usage):
        raise invalid(Fault.MALFORMED)
    said = path, domain, participant, usage
    if said not in shape.agreeing:
        codes = [domain, participant, "SCA" if usage == "CSCA" else usage]
        levels = path.split(":")[5:]
        agree = all(level in {"-", code} for level, code in zip(levels, codes, strict=False))
        _demand(agree, Fault.ATTRIBUTE_CONTRADICTS)
        shape.agreeing.add(said)
    return domain, participant, usage


def _code(attribute: object, known: dict[str, str]) -> str:
    """Give the code of an attribute, an object or (in early files) a text; empty for neither."""
    text = attribute
    if isinstance(attribute, dict):
        text = attribute.get("code") if len(attribute) == 1 else None
    if not isinstance(text, str):
        return ""
    code = known.get(text)
    if code is None:
        code = text.removeprefix("#") if _CODE.fullmatch(text) else ""
        known[text] = code
    return code


def _is_jwk(jwk: dict[str, Any], *, plain: bool) -> bool:
    """Tell whether all members are plain texts, so that sorting them is the canonical form."""
    chain = jwk.get("x5c")
    if not isinstance(chain, list) or not chain:
        return False
    texts = [*jwk.values(), *chain]
    texts.remove(chain)
    return all(isinstance(text, str) and (plain or _PLAIN.fullmatch(text)) for text in texts)


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


def _texts_of_nodes(document: Document) -> Iterator[str]:
    """Write the canonical lines of a document, sorted, node by node.

    Names hold no ``>``, so that lines of different nodes stand in the order of ``<name>``. The few
    lines of a node are written in their order; only a node named twice has to have them sorted.
    """
    subject = f"<{document.id}>"
    predicate = f"{subject} <{_SECURITY}"
    links = {
        f"{predicate}verificationMethod> <{entry if isinstance(entry, str) else entry.id}> .\n"
        for entry in document.entries
    }
    own = f"{predicate}controller> <{document.members['controller']}> .\n"
    nodes = {subject: own + "".join(sorted(links))}
    vocabulary = _vocabulary(document)
    for entry in document.entries:
        if isinstance(entry, str):
            continue
        node = f"<{entry.id}>"
        lines = _entry_text(node, entry, vocabulary, plain=document.plain)
        if node in nodes:
            lines = _united(nodes[node], lines)
        nodes[node] = lines
    return (nodes[node] for node in sorted(nodes))


def _united(*texts: str) -> str:
    return "".join(f"{line}\n" for line in sorted({*"".join(texts).split("\n")} - {""}))


def _vocabulary(document: Document) -> list[str] | None:
    """Give predicate and beginning of the value of each attribute, sorted; version 1 has none."""
    if document.version == 1:
        return None
    words = (f"{_TRUST}ValueSet-{name}{document.world.ending}.jsonld" for name in _VALUE_SETS)
    return [f"<{each}> <{each}#" for each in words]


def _entry_text(node: str, entry: Entry, vocabulary: list[str] | None, *, plain: bool) -> str:
    jwk = _jwk_text(entry.jwk, plain=plain)
    key = (
        f"{node} <{_SECURITY}controller> <{entry.controller}> .\n"
        f'{node} <{_SECURITY}publicKeyJwk> "{jwk}"^^<{_RDF}JSON> .\n'
    )
    kind = f"{node} <{_RDF}type> <{_SECURITY}JsonWebKey2020> .\n"
    if vocabulary is None:
        return kind + key
    domain, usage, participant = vocabulary
    return (
        f"{kind}{node} {domain}{entry.domain}> .\n{node} {usage}{entry.usage}> .\n"
        f"{node} {participant}{entry.participant}> .\n{key}"
    )


def _jwk_text(jwk: dict[str, Any], *, plain: bool) -> str:
    """Write a key as JSON in its canonical form (RFC 8785), escaped for a line."""
    if not plain:
        return _escaped(_SORTED.encode(jwk))
    written = dict(jwk)
    chain = r"\",\"".join(written.pop("x5c"))
    members = {name: rf"\"{name}\":\"{text}\"" for name, text in written.items()}
    members["x5c"] = rf"\"x5c\":[\"{chain}\"]"
    return f"{{{','.join([members[name] for name in sorted(members)])}}}"


def _escaped(text: str) -> str:
    # Checked before: there is no line end and no other control character in it.
    return text.replace("\\", "\\\\").replace('"', '\\"')


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
