"""Entry rules and value sets for tests, in every form in which they are published."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.certificates import Key, b64, ec_key, pem, sign, spki_of
from support.cms import AT, attributes, by_serial, signed_data, signer_info
from support.gateway import State

from fixtures.cbor import encode
from trustlists.rules.importing import RulesImport, import_rules
from verifier.rules.rule import Rule, read_rule

NOW = 1_795_000_000  # 18 November 2026, 11:06:40

Json = dict[str, Any]


def rule(identifier: str = "GR-FR-0001", **members: Any) -> Json:
    """Write a rule that a certificate meets; members in place of the usual, None for none."""
    country = identifier[3:5]
    kind = {"V": "Vaccination", "T": "Test", "R": "Recovery", "I": "Vaccination"}
    document: Json = {
        "Identifier": identifier,
        "Type": "Invalidation" if identifier.startswith("IR") else "Acceptance",
        "Country": country,
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": kind.get(identifier[0], "General"),
        "Description": [
            {"lang": "en", "desc": "A specimen of a rule, which says nothing."},
            {"lang": "de", "desc": "Eine Regel zur Probe, die nichts besagt."},
        ],
        "ValidFrom": "2026-01-01T00:00:00Z",
        "ValidTo": "2027-01-01T00:00:00Z",
        "AffectedFields": ["v.0"],
        "Logic": {"if": [{"var": "payload.v.0"}, True, True]},
    }
    return {name: value for name, value in (document | members).items() if value is not None}


def read(identifier: str = "GR-FR-0001", **members: Any) -> Rule:
    return read_rule(rule(identifier, **members))


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def value_set(
    identifier: str = "covid-19-lab-result", date: str = "2026-05-01", *codes: str
) -> Json:
    values = {
        code: {"display": f"Specimen {code}", "lang": "en", "active": code != "260415000"}
        for code in codes or ("260415000", "260373001")
    }
    return {"valueSetId": identifier, "valueSetDate": date, "valueSetValues": values}


def folder(place: Path, *documents: Json, called: str = "rules") -> Path:
    """Write rules as the shared country rules lie: a folder each, with tests beside."""
    for document in documents:
        below = place / called / document["Country"] / document["Identifier"]
        (below / "tests").mkdir(parents=True)
        (below / "rule.json").write_bytes(encoded(document))
        (below / "tests" / "test001.json").write_bytes(encoded({"Identifier": "no rule"}))
    return place / called


def take(store: Path, *sources: Path, **options: Any) -> RulesImport:
    return import_rules(store, sources, now=NOW, **options)


# The gateway: CMS by a state's upload certificate


def upload(country: str) -> bytes:
    """Give the upload certificate of a state, which the gateway's list names too."""
    return State(country).up


def cms(
    content: bytes,
    country: str = "FR",
    *,
    key: Key | None = None,
    signing_time: bytes | None = AT,
) -> bytes:
    key = key or ec_key(f"up {country}")
    listed = attributes(content, signing_time=signing_time)
    info = signer_info(key, content, by_serial(State(country).up_name), listed=listed)
    return signed_data([info], content=content, certificates=[upload(country)])


def gateway(*documents: Json, country: str = "FR", **how: Any) -> bytes:
    listed: dict[str, list[Json]] = {}
    for document in documents:
        signed = b64(cms(encoded(document), country, **how))
        entry = {"version": document["Version"], "validFrom": "", "validTo": "", "cms": signed}
        listed.setdefault(document["Identifier"], []).append(entry)
    return encoded(listed)


def anchor(place: Path, der: bytes, called: str = "anchor.pem") -> Path:
    path = place / called
    path.write_text(pem(der))
    return path


# Germany: an archive with a signature in protobuf


def field(number: int, content: bytes) -> bytes:
    return bytes((number << 3 | 2,)) + size_of(len(content)) + content


def size_of(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return found + bytes((number,))


def german_signature(content: bytes, key: Key | None = None) -> bytes:
    info = field(1, field(1, b"de.specimen.app") + field(3, b"262"))
    signature = field(4, sign(key or ec_key("german rules"), content))
    return field(1, info + b"\x10\x01\x18\x01" + signature)


def german(documents: Sequence[object], key: Key | None = None, *, content: bytes = b"") -> bytes:
    content = content or encode(list(documents))
    return archive({"export.bin": content, "export.sig": german_signature(content, key)})


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for called, content in files.items():
            opened.writestr(called, content)
    return packed.getvalue()


def german_key(place: Path) -> Path:
    path = place / "german-rules.pem"
    path.write_text(pem(spki_of(ec_key("german rules")), "PUBLIC KEY"))
    return path


# Austria: CBOR with JSON inside


def austrian_rules(*documents: Json) -> bytes:
    entries = [{"i": each["Identifier"], "r": json.dumps(each)} for each in documents]
    return encode({"r": entries})


def austrian_values(*documents: Json) -> bytes:
    return encode({"v": [{"n": each["valueSetId"], "v": json.dumps(each)} for each in documents]})
