import base64
import json
from pathlib import Path

import pytest
from Crypto.PublicKey import ECC
from support.certificates import (
    certificate,
    ec_key,
    jwk,
    name,
    oid,
    pem,
    rsa_key,
    seq,
    spki_of,
    stored_in,
    tlv,
)

from trustlists import StoredKey, TrustStore, import_sources
from trustlists.anchors import Anchor
from trustlists.checking import conforms
from trustlists.diff import compare
from trustlists.export import Export, Form, LeftOut, export_keys
from trustlists.public_keys import NotAKey, modulus_of, point_of
from trustlists.records import Ages, KeyRecord, Role
from trustlists.writing import ListFacts, drafting
from verifier.codecs.x509 import read_certificate
from verifier.errors import SetupError
from verifier.trust import Environment

NOW = 1_795_000_000
ANCHOR = Anchor("anchor", b"spki", b"fingerprint", until=NOW + 60)
ONE = certificate(ec_key("one"), subject=name(country="DE"))
TWO = certificate(rsa_key(2048), subject=name(country="FR"))
BRAINPOOL = seq(seq(oid("2a8648ce3d0201"), oid("2b2403030208010107")), tlv(3, b"\0\4" + b"p" * 64))


def record(der: bytes, **parts: object) -> KeyRecord:
    facts = read_certificate(der)
    made = KeyRecord(
        kid=facts.kid,
        spki=facts.spki,
        certificate=der,
        schemes=frozenset({"eu-dcc"}),
        uses=frozenset(),
        country=facts.country,
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        anchor=ANCHOR,
    )
    return made._replace(**parts)


def made(path: Path, *records: KeyRecord, list_name: str = "one", now: int = NOW) -> Path:
    facts = ListFacts(
        name=list_name,
        dialect="pem",
        environment=Environment.SPECIMEN,
        source="file",
        as_of=NOW,
        imported_at=now,
        digest=b"digest",
        sequence=7,
        anchor=ANCHOR,
        ages=Ages(),
    )
    with drafting(path) as draft:
        draft.put(facts, records)
    return path


def exported(path: Path, form: str, **how: object) -> Export:
    with TrustStore.open(path) as store:
        return export_keys(store, form, **how)  # type: ignore[arg-type]


def taken_back(tmp_path: Path, done: Export, **how: object) -> list[StoredKey]:
    """Import what was exported and give the keys that come of it."""
    file, store = tmp_path / "again", tmp_path / "again.sqlite"
    file.write_text(done.text)
    report = import_sources(store, [file], now=NOW, **how)  # type: ignore[arg-type]
    assert report.lists[0].refused == ()
    with TrustStore.open(store) as opened:
        return stored_in(opened)


def identities(keys: list[StoredKey]) -> list[tuple[object, ...]]:
    return [
        (each.key.country, each.key.kid, each.key.spki, each.key.not_after, each.certificate)
        for each in keys
    ]


def held(path: Path) -> list[StoredKey]:
    with TrustStore.open(path) as store:
        return stored_in(store)


@pytest.mark.parametrize("form", ["pem", "jwks"])
def test_certificates_come_back_as_they_went(tmp_path: Path, form: str) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE), record(TWO))
    done = exported(store, form)
    assert (done.form, done.keys, dict(done.left_out), done.text.isascii()) == (
        Form(form), 2, {}, True,
    )  # fmt: skip
    again = taken_back(tmp_path, done)
    assert identities(again) == identities(held(store))
    # Who vouches is not in the file: whoever takes it has to say so.
    assert not any(each.key.authenticated for each in again)


def test_bare_keys_come_back_from_a_key_set(tmp_path: Path) -> None:
    keys = [
        record(ONE, certificate=None, kid=b"12345678", not_before=None, not_after=None),
        record(
            certificate(ec_key("p", "P-384"), subject=name(country="DE")),
            certificate=None,
            kid=b"\xff\xfe",
        ),
        record(TWO, certificate=None, kid=b"rsa", country="DE"),
    ]
    store = made(tmp_path / "trust.sqlite", *keys)
    done = exported(store, "jwks")
    assert done.keys == 3
    assert all(conforms(each) == [] for each in json.loads(done.text)["keys"])
    again = taken_back(tmp_path, done, country="DE")
    assert [(each.key.kid, each.key.spki) for each in again] == sorted(
        (each.kid, each.spki) for each in keys
    )
    assert exported(store, "pem").left_out == {LeftOut.NO_CERTIFICATE: 3}


def test_ids_that_documents_write_as_text_stay_text(tmp_path: Path) -> None:
    passes = frozenset({"nz-covid-pass"})
    store = made(tmp_path / "trust.sqlite", record(ONE, schemes=passes, kid=b"a-text_id"))
    done = exported(store, "jwks")
    [only] = json.loads(done.text)["keys"]
    assert (only["kid"], len(only["x5c"])) == ("a-text_id", 1)
    [again] = taken_back(tmp_path, done, scheme="nz-covid-pass")
    assert (again.key.kid, again.certificate) == (b"a-text_id", ONE)


def test_an_id_that_is_not_that_of_its_certificate_survives_in_a_key_set_alone(
    tmp_path: Path,
) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE, kid=b"by chance"))
    assert exported(store, "pem") == Export(Form.PEM, "", 0, {LeftOut.OTHER_KID: 1})
    done = exported(store, "jwks")
    assert "x5c" not in json.loads(done.text)["keys"][0]
    [again] = taken_back(tmp_path, done)
    assert again.key.kid == b"by chance"


def test_a_certificate_that_cannot_be_read_gives_no_id(tmp_path: Path) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE, certificate=b"torn"))
    assert exported(store, "pem").left_out == {LeftOut.OTHER_KID: 1}


@pytest.mark.parametrize("role", [Role.AUTHORITY, Role.OTHER, Role.TEST_NATION])
def test_what_is_no_signer_does_not_come_back_as_one(tmp_path: Path, role: Role) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE, role=role), record(TWO))
    for form in ("pem", "jwks"):
        done = exported(store, form)
        assert (done.keys, done.left_out) == (1, {LeftOut.NOT_A_SIGNER: 1})
    assert {each["role"] for each in json.loads(exported(store, "json").text)["keys"]} == {
        role, Role.SIGNER,
    }  # fmt: skip


@pytest.mark.parametrize("spki", [BRAINPOOL, b"no key"])
def test_keys_without_a_name_in_jose_are_left_out(tmp_path: Path, spki: bytes) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE, spki=spki))
    done = exported(store, "jwks")
    assert (done.text, done.left_out) == ('{"keys":[]}\n', {LeftOut.KIND_HAS_NO_NAME: 1})
    assert exported(store, "pem").keys == 1


def test_choices_leave_out_the_rest(tmp_path: Path) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE), record(TWO, anchor=None))
    other = record(ONE, schemes=frozenset({"at-exemption"}), country="AT")
    made(store, other, list_name="two")
    counts = {
        "all": exported(store, "json").keys,
        "country": exported(store, "json", country="DEU").keys,
        "list": exported(store, "json", list_name="two").keys,
        "scheme": exported(store, "json", scheme="at-exemption").keys,
        "vouched": exported(store, "json", vouched=True).keys,
        "none": exported(store, "json", country="FR", vouched=True).keys,
    }
    assert counts == {"all": 3, "country": 1, "list": 1, "scheme": 1, "vouched": 2, "none": 0}
    # The same certificate in two lists is one certificate.
    assert exported(store, "pem").keys == 2
    lists = json.loads(exported(store, "json", country="AT").text)["lists"]
    assert [each["name"] for each in lists] == ["two"]


def test_json_holds_all_that_is_known(tmp_path: Path) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE, uses=frozenset({"test"})))
    found = json.loads(exported(store, "json").text)
    assert found["schema"] == "pratique.trust_export/1"
    assert found["lists"] == [
        {
            "name": "one",
            "dialect": "pem",
            "environment": "specimen",
            "as_of": "2026-11-18T11:06:40Z",
            "sha256": b"digest".hex(),
            "sequence": 7,
            "anchor": "anchor",
            "anchor_sha256": b"fingerprint".hex(),
            "stale_after": Ages().stale,
            "too_old_after": Ages().too_old,
        }
    ]
    [key] = found["keys"]
    assert base64.b64decode(key.pop("certificate")) == ONE
    assert base64.b64decode(key.pop("spki")) == spki_of(ec_key("one"))
    assert key == {
        "list": "one",
        "country": "DE",
        "kid": base64.b64encode(read_certificate(ONE).kid).decode(),
        "role": "signer",
        "schemes": ["eu-dcc"],
        "uses": ["test"],
        "issuer": None,
        "name": key["name"],
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2036-01-01T00:00:00Z",
        "vouched": "list",
        "anchor": "anchor",
        "anchor_sha256": b"fingerprint".hex(),
        "vouched_until": "2026-11-18T11:07:40Z",
    }
    bare = made(tmp_path / "bare.sqlite", record(ONE, certificate=None, not_after=None))
    [key] = json.loads(exported(bare, "json").text)["keys"]
    assert (key["certificate"], key["not_after"]) == (None, None)


@pytest.mark.parametrize("form", list(Form))
def test_the_same_keys_give_the_same_bytes(tmp_path: Path, form: Form) -> None:
    there = made(tmp_path / "a.sqlite", record(ONE), record(TWO), now=NOW)
    back = made(tmp_path / "b.sqlite", record(TWO), record(ONE), now=NOW + 99)
    assert exported(there, form) == exported(there, form) == exported(back, form)
    assert compare(there, back, now=NOW).same


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"form": "der"}, "pem, jwks, json"),
        ({"country": "Austria"}, "two or three letters"),
        ({"list_name": "nobody's"}, "no list of that name"),
    ],
)
def test_wrong_choices_are_told(tmp_path: Path, how: dict[str, str], said: str) -> None:
    store = made(tmp_path / "trust.sqlite", record(ONE))
    with pytest.raises(SetupError, match=said):
        exported(store, **{"form": "pem", **how})


def test_points_and_moduli_are_those_of_the_key() -> None:
    key = ec_key("one", "P-521")
    curve, x, y = point_of(spki_of(key)) or pytest.fail("no point")
    point = key.pointQ
    assert (curve.name, len(x), int.from_bytes(x, "big"), int.from_bytes(y, "big")) == (
        "P-521", 66, int(point.x), int(point.y),
    )  # fmt: skip
    rsa = rsa_key(2048)
    modulus, exponent = modulus_of(spki_of(rsa)) or pytest.fail("no modulus")
    assert (int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")) == (rsa.n, rsa.e)
    assert modulus[0] != 0
    assert point_of(spki_of(rsa)) is modulus_of(spki_of(key)) is None
    compressed = (
        ECC.construct(curve="P-384", d=5).public_key().export_key(format="DER", compress=True)
    )
    assert point_of(compressed) is None


def test_an_rsa_key_that_is_torn_is_none() -> None:
    algorithm = seq(oid("2a864886f70d010101"), b"\x05\x00")
    with pytest.raises(NotAKey):
        modulus_of(seq(algorithm, tlv(3, b"\0rubbish")))


def test_a_key_set_written_here_can_be_read_by_the_writer_of_the_tests(tmp_path: Path) -> None:
    expected = jwk(ec_key("one"), kid="AAECAwQFBgc=")
    store = made(tmp_path / "trust.sqlite", record(ONE, certificate=None, kid=bytes(range(8))))
    [only] = json.loads(exported(store, "jwks").text)["keys"]
    assert only == {**expected, "use": "sig"}
    assert pem(ONE) == exported(made(tmp_path / "b.sqlite", record(ONE)), "pem").text
