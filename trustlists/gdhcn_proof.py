"""The proof of a document of the WHO trust network: canonical lines, their hash, the signature.

Every node of such a document has a name of its own, so its canonical form (RDFC-1.0) is a set of
lines that can be printed and sorted (gdhcn-trust notes, 5.1). ``gdhcn_document`` has checked that
there is nothing in it that would not be printed.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Sequence
from typing import Any, Final

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.gdhcn_document import TRUST, Document, Entry
from trustlists.json_text import read_object
from trustlists.signatures import ecdsa_holds, es256_holds
from verifier.errors import TrustListInvalid

_SECURITY: Final = "https://w3id.org/security#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_CREATED: Final = "http://purl.org/dc/terms/created"
_DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"

# In the order of their canonical lines.
_VALUE_SETS: Final = ("Domains", "KeyUsage", "Participants")
_HEADER: Final = {"b64": False, "crit": ["b64"], "alg": "ES256"}

# One for all keys: making it anew takes longer than writing a key.
_SORTED: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

_RAW_SIGNATURE: Final = 64


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
    words = (f"{TRUST}ValueSet-{name}{document.world.ending}.jsonld" for name in _VALUE_SETS)
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


def _demand(right: bool, fault: Fault) -> None:  # noqa: FBT001 - reads as a sentence
    if not right:
        raise invalid(fault)
