"""What a document is worth whose key stands in a national list, signed or not."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.certificates import CA, b64, certificate, ec_key, name, pem, stored_in
from support.dcc_lists import (
    HOUR,
    ROOT,
    SIGNER,
    austrian_entry,
    austrian_list,
    austrian_signature,
    cms,
    dutch_list,
    gateway_entry,
    swedish_key,
    swedish_list,
    swiss_list,
    swiss_page,
    token,
)
from support.specimens import NOW, case, key_named, vaccination

from fixtures.world import exempting, listed
from trustlists import TrustStore, import_sources
from trustlists.checking import Code, check_sources
from trustlists.faults import Fault
from trustlists.public_keys import kind_of
from verifier import Outcome, Verdict, Verifier
from verifier.clock import Instant
from verifier.errors import TrustListRollback

KEY = key_named("all-uses")
DER = listed()["all-uses"].certificate
EXEMPTING = exempting()["exemption"].certificate
DOCUMENT = vaccination()
EXEMPTION = case("exemption").text


class At:
    """A clock that stands still."""

    def __init__(self, instant: Instant) -> None:
        self.instant = instant

    def now(self) -> Instant:
        return self.instant


def swiss(issued: int) -> dict[str, bytes]:
    assert kind_of(KEY.spki) == "P-256"
    x, y = b64(KEY.spki[-64:-32]), b64(KEY.spki[-32:])
    key = {"keyId": b64(KEY.kid), "use": "sig", "alg": "ES256", "crv": "P-256", "x": x, "y": y}
    active = swiss_list(KEY.kid, iat=issued)
    return {"list.jwt": token(active), "updates.jwt": token(swiss_page(key))}


def swedish(issued: int) -> dict[str, bytes]:
    countries = {KEY.country: {"keys": [swedish_key(DER)]}}
    return {"list.jws": token(swedish_list(countries, iat=issued, exp=NOW + HOUR))}


def austrian(issued: int, der: bytes = DER, file: str = "list") -> dict[str, bytes]:
    content = austrian_list(austrian_entry(der))
    signature = austrian_signature(content, begins=issued, ends=NOW + HOUR)
    return {f"{file}.bin": content, f"{file}.sig": signature}


def dutch(issued: int) -> dict[str, bytes]:
    key = {"subjectPk": b64(KEY.spki), "keyUsage": [], "ian": KEY.country}
    when = datetime.fromtimestamp(issued, UTC).strftime("%y%m%d%H%M%SZ").encode()
    return {"list.json": dutch_list({b64(KEY.kid): [key]}, signed_at=when)}


SIGNED = [swiss, swedish, austrian, dutch]
Write = Callable[[int], dict[str, bytes]]


def unsigned() -> dict[str, bytes]:
    twice = b64(b64(DER).encode())
    return {"list.json": json.dumps({"certificatesDCC": {b64(KEY.kid): twice}}).encode()}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for file, data in files.items():
        (folder / file).write_bytes(data)
    return folder


@pytest.fixture
def anchors(tmp_path: Path) -> list[Path]:
    path = tmp_path / "anchors.pem"
    path.write_text(pem(ROOT) + pem(SIGNER))
    return [path]


def judge(store: Path, document: str, at: Instant = NOW) -> Verdict:
    with TrustStore.open(store) as trust, Verifier(trust=trust, clock=At(at)) as verifier:
        return verifier.verify(document)


def outcome(store: Path, document: str, at: Instant = NOW) -> Outcome:
    return judge(store, document, at).outcome


@pytest.mark.parametrize("write", SIGNED)
def test_a_signed_list_makes_a_document_authentic(
    tmp_path: Path, store: Path, anchors: list[Path], write: Write
) -> None:
    folder = put(tmp_path / "list", write(NOW - HOUR))
    import_sources(store, [folder], now=NOW, anchors=anchors)
    assert outcome(store, DOCUMENT) is Outcome.AUTHENTIC


@pytest.mark.parametrize("write", SIGNED)
def test_an_older_edition_of_any_signed_list_is_refused(
    tmp_path: Path, store: Path, anchors: list[Path], write: Write
) -> None:
    folder = put(tmp_path / "list", write(NOW - HOUR))
    import_sources(store, [folder], now=NOW, anchors=anchors)
    put(folder, write(NOW - 2 * HOUR))
    with pytest.raises(TrustListRollback):
        import_sources(store, [folder], now=NOW, anchors=anchors)
    put(folder, write(NOW - HOUR + 60))
    assert import_sources(store, [folder], now=NOW, anchors=anchors).complete


@pytest.mark.parametrize("write", SIGNED)
def test_a_signed_list_of_the_future_tells_that_the_clock_is_wrong(
    tmp_path: Path, store: Path, anchors: list[Path], write: Write
) -> None:
    folder = put(tmp_path / "list", write(NOW + 600))
    [taken] = import_sources(store, [folder], now=NOW, anchors=anchors).lists
    assert taken.from_future
    assert outcome(store, DOCUMENT) is Outcome.REFER


@pytest.mark.parametrize("write", [swiss, austrian])
def test_a_refused_list_is_told_once_and_not_what_came_with_it(
    tmp_path: Path, store: Path, write: Write
) -> None:
    sources = sorted(put(tmp_path / "list", write(NOW - HOUR)).iterdir())
    report = import_sources(store, sources, now=NOW, keep_going=True)
    assert [each.refusal.fault for each in report.lists if each.refusal] == [Fault.SIGNER_UNKNOWN]


@pytest.mark.parametrize("write", [swiss, austrian])
def test_what_comes_with_a_list_is_no_finding(
    tmp_path: Path, anchors: list[Path], write: Write
) -> None:
    sources = sorted(put(tmp_path / "list", write(NOW - HOUR)).iterdir())
    report = check_sources(sources, at=NOW, anchors=anchors)
    assert (len(report.lists), report.keys) == (1, 1)
    assert Code.LIST_REFUSED not in {finding.code for finding in report.findings}


@pytest.mark.parametrize("write", [swedish, austrian])
def test_a_list_is_not_relied_on_after_its_end(
    tmp_path: Path, store: Path, anchors: list[Path], write: Write
) -> None:
    import_sources(store, [put(tmp_path / "l", write(NOW - HOUR))], now=NOW, anchors=anchors)
    assert outcome(store, DOCUMENT, NOW + HOUR) is Outcome.AUTHENTIC
    assert outcome(store, DOCUMENT, NOW + HOUR + 1) is Outcome.REFER


def test_a_swiss_list_is_stale_after_its_duration_and_then_too_old(
    tmp_path: Path, store: Path, anchors: list[Path]
) -> None:
    import_sources(store, [put(tmp_path / "l", swiss(NOW))], now=NOW, anchors=anchors)
    judged = [judge(store, DOCUMENT, NOW + hours * HOUR) for hours in (48, 49, 7 * 24 + 1)]
    assert [verdict.trust.freshness for verdict in judged] == ["fresh", "stale", "too_old"]
    assert [verdict.outcome for verdict in judged] == ["authentic", "authentic", "refer"]


def test_an_unsigned_list_makes_every_verdict_refer(tmp_path: Path, store: Path) -> None:
    folder = put(tmp_path / "list", unsigned())
    [taken] = import_sources(store, [folder], now=NOW, unsigned=True).lists
    assert taken.authenticated == 0
    verdict = judge(store, DOCUMENT)
    assert verdict.outcome is Outcome.REFER
    assert "SIG-000" in {finding.code for finding in verdict.findings}
    assert not verdict.trust.authenticated


def test_the_list_of_exemptions_helps_no_other_document_nor_the_reverse(
    tmp_path: Path, store: Path
) -> None:
    exemption_signer = certificate(ec_key("exemptions"), subject=name(common="Exemptions"))
    described = tmp_path / "exemptions.toml"
    described.write_text(
        f"""dialect = "dcc_austria"
        schemes = ["at-exemption"]
        certificate = "{b64(exemption_signer)}"
        sha256 = "{hashlib.sha256(exemption_signer).hexdigest()}"
        """
    )
    documents = tmp_path / "documents.der"
    documents.write_bytes(SIGNER)
    content = austrian_list(austrian_entry(EXEMPTING), austrian_entry(DER))
    signature = austrian_signature(
        content,
        key=ec_key("exemptions"),
        signer=exemption_signer,
        begins=NOW - HOUR,
        ends=NOW + HOUR,
    )
    files = {"exempt.bin": content, "exempt.sig": signature}
    folder = put(tmp_path / "list", files)
    import_sources(store, [folder], now=NOW, anchors=[described, documents])
    assert outcome(store, EXEMPTION) is Outcome.AUTHENTIC
    assert outcome(store, DOCUMENT) is not Outcome.AUTHENTIC
    # Both lists in one folder, each with its own signature.
    put(folder, austrian(NOW - HOUR))
    report = import_sources(store, [folder], now=NOW, anchors=[described, documents])
    assert sorted(each.name for each in report.lists) == ["dcc-at:documents", "dcc-at:exemptions"]
    assert outcome(store, EXEMPTION) is Outcome.AUTHENTIC
    assert outcome(store, DOCUMENT) is Outcome.AUTHENTIC
    other = tmp_path / "other.sqlite"
    content = austrian_list(austrian_entry(EXEMPTING))
    put(folder, austrian(NOW - HOUR, EXEMPTING))
    for file in files:
        (folder / file).unlink()
    import_sources(other, [folder], now=NOW, anchors=[documents])
    assert outcome(other, EXEMPTION) is not Outcome.AUTHENTIC


def test_a_signer_of_the_gateway_makes_a_document_authentic(tmp_path: Path, store: Path) -> None:
    csca_name, up_name = name(common="CSCA of nobody"), name(common="UPLOAD of nobody")
    csca = certificate(ec_key("csca"), subject=csca_name, extensions=[CA])
    upload = certificate(ec_key("up"), subject=up_name)
    own = certificate(
        ec_key("own"), signer=ec_key("csca"), issuer=csca_name, spki=KEY.spki, subject=name()
    )
    entries = [gateway_entry(kind, der, "XS", cms(der)) for kind, der in
               (("CSCA", csca), ("UPLOAD", upload))]  # fmt: skip
    by_state = cms(own, key=ec_key("up"), signer=upload, issuer=up_name)
    entries.append(gateway_entry("DSC", own, "XS", by_state))
    path, anchor = tmp_path / "gateway.json", tmp_path / "ta.der"
    path.write_text(json.dumps(entries))
    anchor.write_bytes(SIGNER)
    [taken] = import_sources(store, [path], now=NOW, anchors=[anchor]).lists
    assert (taken.keys, taken.authenticated, taken.refused) == (3, 3, ())
    with TrustStore.open(store) as opened:
        [signer] = [each for each in stored_in(opened) if each.role == "signer"]
        # An authority and an uploader are in the store, and verify no family of documents.
        for der in (csca, upload):
            [other] = opened.find(hashlib.sha256(der).digest()[:8])
            assert other.schemes == frozenset()
    assert signer.key.spki == KEY.spki


def test_the_keys_of_a_list_are_as_the_list_has_them(
    tmp_path: Path, store: Path, anchors: list[Path]
) -> None:
    for number, write in enumerate(SIGNED):
        folder = put(tmp_path / str(number), write(NOW - HOUR))
        import_sources(store, [folder], now=NOW, anchors=anchors)
    with TrustStore.open(store) as opened:
        found = opened.find(KEY.kid)
    assert {key.spki for key in found} == {KEY.spki}
    assert {key.list.name.partition(":")[0] for key in found} == {
        "dcc-ch",
        "dcc-se",
        "dcc-at",
        "dcc-nl",
    }
