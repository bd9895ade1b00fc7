"""A second opinion on what a DIVOC credential means: PyLD, with the contexts where they lie.

It differs from the issuers' software in two points, which the tests step round: it drops nodes
whose identifier has a blank, and it writes a tabulator as an escape (DIVOC notes, 5.3 and 6.1).
"""

import json
from functools import cache
from typing import Any

from pyld import jsonld
from support.conformance import conformance

OPTIONS = {"algorithm": "URDNA2015", "format": "application/n-quads"}
SECURITY = "https://w3id.org/security/v2"


@cache
def _contexts() -> dict[str, Any]:
    folder = conformance("divoc", "contexts")
    addresses = json.loads((folder / "contexts.json").read_bytes())
    return {
        address: json.loads((folder / file).read_bytes()) for address, file in addresses.items()
    }


def _load(address: str, _options: object = None) -> dict[str, Any]:
    """Give a known context; nothing is ever fetched."""
    return {
        "contextUrl": None,
        "documentUrl": address,
        "document": _contexts()[address],
        "contentType": "application/ld+json",
    }


def graph_of(document: dict[str, Any]) -> bytes:
    """Write the canonical statements of a credential without its proof."""
    content = {name: value for name, value in document.items() if name != "proof"}
    return jsonld.normalize(content, {**OPTIONS, "documentLoader": _load}).encode()


def graph_of_proof(proof: dict[str, Any]) -> bytes:
    """Write those of its proof without the signature."""
    content = {name: value for name, value in proof.items() if name != "jws"}
    content["@context"] = SECURITY
    return jsonld.normalize(content, {**OPTIONS, "documentLoader": _load}).encode()
