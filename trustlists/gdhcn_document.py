"""The shape of a document of the WHO trust network: which members it has, and what they may say.

The canonical form of such a document ignores members that it does not know (gdhcn-trust notes,
5.1); therefore the shape is checked before the proof, and whatever is unknown refuses the document.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from trustlists.faults import Fault, invalid
from trustlists.json_text import read_object, text_of
from verifier.clock import Instant
from verifier.limits import LIST_RECORDS
from verifier.trust import Environment

_DID: Final = "https://www.w3.org/ns/did/v1"
_SUITE: Final = "https://w3id.org/security/suites/jws-2020/v1"
TRUST: Final = "https://smart.who.int/trust/"

_DOCUMENT_MEMBERS: Final = {"@context", "id", "controller", "verificationMethod", "proof"}
_PROOF_MEMBERS: Final = {
    "type", "created", "nonce", "proofPurpose", "verificationMethod", "jws",
}  # fmt: skip
_ENTRY_MEMBERS: Final = {"id", "type", "controller", "publicKeyJwk"}
_ATTRIBUTES: Final = ("domain", "participant", "keyusage")
_ATTRIBUTED_MEMBERS: Final = _ENTRY_MEMBERS | set(_ATTRIBUTES)
_JWK_MEMBERS: Final = {"kty", "kid", "x5c", "crv", "x", "y", "n", "e"}

# Such a name can be printed between < and > without being changed.
_NAME: Final = re.compile(r"did:web:[^<>\"{}|^`\\\x00-\x20\x7f-\x9f\ud800-\udfff]+")
# What is signed as an instant is printed as it stands, so it may hold nothing else.
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_PLAIN: Final = re.compile(r"[\x20-\x7e]*")
_CODE: Final = re.compile(r"#?[A-Za-z0-9_-]{1,40}")


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
    if not (_is_of(shape.world, name) and (seen or _is_of(shape.world, controller))):
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
    return {*map(type, texts)} == {str} and (plain or all(map(_PLAIN.fullmatch, texts)))


def _version(context: object, world: World) -> int:
    if context == [_DID, _SUITE]:
        return 1
    _demand(isinstance(context, list), Fault.CONTEXT_UNKNOWN)
    endings = {each.ending: [_DID, _SUITE, _context(each)] for each in WORLDS}
    _demand(context in endings.values(), Fault.CONTEXT_UNKNOWN)
    _demand(context == endings[world.ending], Fault.WRONG_ENVIRONMENT)
    return 2


def _context(world: World) -> str:
    return f"{TRUST}tng-context/v1{world.ending}.jsonld"


def _world_of(name: str) -> World:
    host = _host(name)
    found = next((world for world in WORLDS if world.host == host), None)
    if found is None:
        raise invalid(Fault.WRONG_SLOT)
    return found


def _is_name(text: object) -> bool:
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def _is_of(world: World, name: str) -> bool:
    """Tell whether a did:web name is one of the host of an environment."""
    return name.startswith(f"did:web:{world.host}:") or _host(name) == world.host


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
