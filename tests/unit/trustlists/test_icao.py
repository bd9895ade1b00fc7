import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import (
    CA,
    RECOVERY_SLIPPED,
    ec_key,
    eku,
    explicit_spki,
    extension,
    name,
    oid,
    pem,
    rsa_key,
    seq,
    spki_of,
    stored_in,
    tlv,
)
from support.cms import attributes
from support.icao import (
    CERTIFY,
    DIGITAL,
    HEALTH_AUTHORITY,
    LIST_SIGNER,
    TRUE,
    below,
    content_of,
    crl,
    csca,
    id_above,
    link,
    list_signer,
    master_list,
    own_id,
    revoked,
    state,
)

from trustlists import ImportReport, TrustStore, import_sources
from trustlists.anchors import Anchor
from trustlists.dialects import icao, icao_certificates, icao_crl, recognised
from trustlists.faults import Fault
from trustlists.records import Level, Reading, Refusal, Remark, Role
from verifier.codecs.x509 import read_certificate
from verifier.errors import SetupError, TrustListInvalid, TrustListRollback

NOW = 1_794_000_000  # 6 November 2026
LIST_TIME = 1_793_534_400


def anchor_of(certified: bytes, named: str = "root") -> Anchor:
    facts = read_certificate(certified)
    return Anchor(named, facts.spki, hashlib.sha256(certified).digest(), facts)


UN = anchor_of(csca("UN"), "un")


class Post:
    """A store, and what is taken into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "trust.store"

    def file(self, data: bytes | str, called: str = "list.bin") -> Path:
        path = self.folder / called
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def take(self, *sources: Path, **how: object) -> ImportReport:
        how = {"now": NOW, "anchors": [UN]} | how
        return import_sources(self.store, sources, **how)  # type: ignore[arg-type]

    def take_list(self, *certificates: bytes, **how: object) -> ImportReport:
        return self.take(self.file(master_list(*certificates)), **how)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def refused(data: bytes, **how: object) -> Fault:
    reading = Reading("l", **({"anchors": (UN,), "now": NOW} | how))  # type: ignore[arg-type]
    with pytest.raises(TrustListInvalid) as error:
        icao.DIALECT.read(data, reading)
    return Fault(error.value.fault)


def test_a_signed_list_makes_authorities_that_verify_no_document(post: Post) -> None:
    [report] = post.take_list(csca("AU"), csca("JP")).lists
    assert (report.name, report.keys, report.authenticated) == ("icao:un", 2, 2)
    with TrustStore.open(post.store) as store:
        (found,) = store.authorities(b"AU")
        assert (found.country, found.schemes, found.authenticated) == ("AU", {"vds-nc"}, True)
        assert found.subject == state("AU")
        assert found.spki == spki_of(ec_key("AU"))
        assert found.list.as_of == LIST_TIME
        assert store.find(b"AU") == ()
        assert {key.role for key in stored_in(store)} == {Role.AUTHORITY}


def test_every_certificate_of_a_key_is_kept(post: Post) -> None:
    post.take_list(csca("AU"), link("AU"))
    with TrustStore.open(post.store) as store:
        assert len(store.authorities(b"AU")) == 2
    [again] = post.take_list(csca("AU"), link("AU"), csca("AU")).lists
    assert again.changes
    assert (again.changes.unchanged, again.changes.new, again.changes.gone) == (2, (), ())
    assert [entry.reason for entry in again.refused] == [Refusal.DUPLICATE]


@pytest.mark.parametrize("curve", ["P-256", "P-384", "P-521"])
def test_a_described_curve_becomes_a_named_one(post: Post, curve: str) -> None:
    key = ec_key("described", curve)
    post.take_list(csca("AU", key=key, spki=explicit_spki(key)))
    with TrustStore.open(post.store) as store:
        assert store.authorities(b"AU")[0].spki == spki_of(key)


def test_an_authority_without_key_id_gets_that_of_its_key(post: Post) -> None:
    post.take_list(csca("AU", extensions=[CA, CERTIFY]))
    point = ec_key("AU").public_key().export_key(format="raw")
    with TrustStore.open(post.store) as store:
        assert store.authorities(hashlib.sha1(point, usedforsecurity=False).digest())


STRANGE = extension("2a03", b"?", critical=TRUE)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (csca("AU", extensions=[CA, CERTIFY, extension("2a03", bytes(9_000))]), Refusal.TOO_LARGE),
        (seq(b"\5\0"), Refusal.NOT_A_CERTIFICATE),
        (csca("AU", version=b""), Refusal.MALFORMED),
        (csca("AU", extensions=[CA, CERTIFY, STRANGE]), Refusal.CRITICAL_UNKNOWN),
        (csca("AU", key=rsa_key(1024)), Refusal.KEY_KIND_UNKNOWN),
        (csca("AU", spki=explicit_spki(ec_key("AU"), n=7)), Refusal.KEY_KIND_UNKNOWN),
        (csca("AU", spki=seq(b"\5\0")), Refusal.KEY_UNREADABLE),
        (csca("AU", subject=name(country=None)), Refusal.NO_COUNTRY),
        (csca("AU", subject=name(country="A1")), Refusal.NO_COUNTRY),
        (csca("AU", extensions=[CERTIFY, own_id(b"AU")]), Refusal.NOT_AN_AUTHORITY),
        (csca("AU", extensions=[CA, own_id(b"AU")]), Refusal.NOT_AN_AUTHORITY),
        (csca("AU", extensions=[CA, DIGITAL, own_id(b"AU")]), Refusal.NOT_AN_AUTHORITY),
        (csca("AU", extensions=[CA, CERTIFY, eku("2a03")]), Refusal.OTHER_USE),
        (below("AU"), Refusal.NOT_AN_AUTHORITY),
    ],
    ids=lambda value: value.value if isinstance(value, Refusal) else "",
)
def test_a_bad_entry_costs_only_itself(post: Post, entry: bytes, reason: Refusal) -> None:
    [report] = post.take_list(csca("JP"), entry).lists
    assert [(each.entry, each.reason) for each in report.refused] == [("entry 2", reason)]
    with TrustStore.open(post.store) as store:
        assert [key.key.country for key in stored_in(store)] == ["JP"]


@pytest.mark.parametrize(
    ("written", "stored"),
    [("au", "AU"), ("EU", "EU"), ("ZZ", "ZZ"), ("KS", "KS"), ("D", "DE"), ("UNO", "UN")],
)
def test_states_are_written_in_many_ways(post: Post, written: str, stored: str) -> None:
    post.take_list(csca("AU", subject=state(written)))
    with TrustStore.open(post.store) as store:
        assert store.authorities(b"AU")[0].country == stored


def test_authorities_for_health_alone_are_taken(post: Post) -> None:
    post.take_list(csca("AU", extensions=[CA, CERTIFY, own_id(b"AU"), eku(HEALTH_AUTHORITY)]))
    with TrustStore.open(post.store) as store:
        assert store.authorities(b"AU")


def test_the_test_state_is_believed_on_request_alone(post: Post) -> None:
    post.take_list(csca("UT"))
    with TrustStore.open(post.store) as store:
        assert store.authorities(b"UT") == ()
        assert [key.role for key in stored_in(store)] == [Role.TEST_NATION]
    post.take_list(csca("UT"), test_nations=True)
    with TrustStore.open(post.store) as store:
        assert store.authorities(b"UT")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (master_list(csca("AU"))[:-1], Fault.MALFORMED),
        (master_list(csca("AU")) + b"\0", Fault.MALFORMED),
        (master_list(csca("AU"), signature=b"\0"), Fault.SIGNATURE_WRONG),
        (master_list(csca("AU"), signing_time=None), Fault.MALFORMED),
        (master_list(content=content_of(version=b"\x02\x01\x01")), Fault.MALFORMED),
        (master_list(content=content_of(tail=b"\5\0")), Fault.MALFORMED),
        (master_list(content=content_of() + b"\0"), Fault.MALFORMED),
        (master_list(content=content_of(*[seq(b"\5\0")] * 2_001)), Fault.MALFORMED),
        (
            master_list(csca("AU"), signer=list_signer(extensions=[DIGITAL])),
            Fault.SIGNER_NOT_FOR_LISTS,
        ),
        (
            master_list(csca("AU"), signer=list_signer(extensions=[LIST_SIGNER, CERTIFY])),
            Fault.SIGNER_NOT_FOR_LISTS,
        ),
        (
            master_list(csca("AU"), signer=list_signer(extensions=[DIGITAL, eku("678108010103")])),
            Fault.SIGNER_NOT_FOR_LISTS,
        ),
        (
            master_list(csca("AU"), signer=list_signer(extensions=[CA, DIGITAL, LIST_SIGNER])),
            Fault.SIGNER_NOT_FOR_LISTS,
        ),
        (master_list(csca("AU"), signer=list_signer(signer=ec_key("?"))), Fault.SIGNER_UNKNOWN),
        (
            master_list(
                csca("AU"), signer=list_signer(extensions=[id_above(b"?"), DIGITAL, LIST_SIGNER])
            ),
            Fault.SIGNER_UNKNOWN,
        ),
        (
            master_list(csca("AU"), signer=list_signer(not_after=tlv(0x17, b"261031000000Z"))),
            Fault.SIGNER_OUT_OF_DATE,
        ),
        (
            master_list(csca("AU"), signer=list_signer(not_before=tlv(0x17, b"261102000000Z"))),
            Fault.SIGNER_OUT_OF_DATE,
        ),
    ],
)
def test_a_list_that_cannot_be_believed_is_refused_whole(data: bytes, fault: Fault) -> None:
    assert icao.DIALECT.recognise(data[:65_536])
    assert refused(data) is fault


def test_what_comes_along_is_no_anchor_and_size_has_a_bound() -> None:
    assert refused(master_list(csca("AU")), anchors=()) is Fault.SIGNER_UNKNOWN
    assert refused(bytes(16 * 1024 * 1024 + 1)) is Fault.TOO_LARGE


def test_an_anchor_may_be_the_signer_or_a_bare_key_or_another_certificate_of_it() -> None:
    data = master_list(csca("AU"))
    bare = Anchor("bare", spki_of(ec_key("UN")), b"", None, "icao")
    other = anchor_of(csca("UN", serial=b"\x02\x01\x44"))
    for anchor in (anchor_of(list_signer()), bare, other):
        parsed = icao.DIALECT.read(data, Reading("l", anchors=(anchor,)))
        assert parsed.anchor == anchor
        assert parsed.dated == parsed.sequence == LIST_TIME


def test_sha1_needs_the_word_of_the_operator_for_this_very_file(post: Post) -> None:
    data = master_list(csca("AU"), digest="sha1")
    path = post.file(data)
    digest = hashlib.sha256(data).hexdigest()
    with pytest.raises(TrustListInvalid) as error:
        post.take(path, sha1=["00" * 32])
    assert error.value.fault == Fault.SHA1_SIGNED
    assert not post.store.exists()
    [report] = post.take(path, sha1=[digest.upper()]).lists
    assert report.remarks == (Remark.SHA1,)
    with TrustStore.open(post.store) as store:
        assert store.lists()[0].remarks == "sha1"
    for wrong in ("00", "zz" * 32):
        with pytest.raises(SetupError, match="64 hexadecimal digits"):
            post.take(path, sha1=[wrong])


def test_a_signature_that_most_programs_refuse_is_remarked(post: Post) -> None:
    key = rsa_key(2048)
    content = content_of(csca("AU"))
    listed = attributes(content, content_type="678108010102")
    hashed = hashlib.sha256(tlv(0x31, *sorted(listed))).digest()
    block = bytes.fromhex("302f300b06096086480165030402010420") + hashed
    whole = b"\0\1" + b"\xff" * (256 - len(block) - 3) + b"\0" + block
    signature = pow(int.from_bytes(whole, "big"), key.d, key.n).to_bytes(256, "big")
    data = master_list(content=content, key=key, signer=list_signer(key=key), signature=signature)
    [report] = post.take(post.file(data)).lists
    assert report.remarks == (Remark.BARE_DIGEST,)


def test_an_older_list_of_the_same_signer_is_refused(post: Post) -> None:
    post.take_list(csca("AU"))
    older = master_list(csca("AU"), signing_time=tlv(0x17, b"261001120000Z"))
    with pytest.raises(TrustListRollback):
        post.take(post.file(older))


# The health list.


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Take the invented UN for the authority of the health list, and read such lists."""
    digest = hashlib.sha256(spki_of(ec_key("UN"))).digest()
    monkeypatch.setattr(icao, "_HEALTH_CA", digest)

    def read(*certificates: bytes, **how: object) -> object:
        signer = list_signer(extensions=[id_above(b"UN"), DIGITAL])
        data = master_list(*certificates, signer=signer)
        return icao.DIALECT.read(data, Reading("l", anchors=(UN,), **how))  # type: ignore[arg-type]

    return read


def test_the_health_list_alone_may_be_signed_without_a_purpose(
    health: Callable[..., object],
) -> None:
    assert health(csca("AU"))
    other_use = list_signer(extensions=[id_above(b"UN"), DIGITAL, eku("2a03")])
    assert refused(master_list(csca("AU"), signer=other_use)) is Fault.SIGNER_NOT_FOR_LISTS


def test_only_known_roots_of_the_health_list_vouch_for_seals(
    health: Callable[..., object],
) -> None:
    certificates = csca("AU"), link("JP"), csca("TH")
    for how, expected in (
        ({}, {"AU": {"vds-nc"}, "JP": set(), "TH": set()}),
        ({"scheme": "vds-nc"}, {"AU": {"vds-nc"}, "JP": set(), "TH": {"vds-nc"}}),
    ):
        parsed = health(*certificates, **how)
        assert {each.country: set(each.schemes) for each in parsed.records} == expected  # type: ignore[attr-defined]


def test_end_entities_of_the_health_list_sign_in_their_own_format(
    health: Callable[..., object],
) -> None:
    european = below("TH", purposes=[RECOVERY_SLIPPED], extensions=[DIGITAL])
    seals = below("TH", serial=b"\x02\x01\x30")
    nothing = below("TH", purposes=[])
    parsed = health(csca("TH"), european, seals, nothing, below("XS", purposes=["2a03"]))
    signers = [each for each in parsed.records if each.role is Role.SIGNER]  # type: ignore[attr-defined]
    assert [(each.schemes, each.uses, each.level) for each in signers] == [
        ({"eu-dcc"}, {"recovery"}, Level.CHAIN),
        ({"vds-nc"}, set(), Level.CHAIN),
    ]
    assert signers[0].kid == hashlib.sha256(european).digest()[:8]
    reasons = [each.reason for each in parsed.refused]  # type: ignore[attr-defined]
    assert reasons == [Refusal.NOT_A_SIGNER, Refusal.OTHER_USE]


# Single certificates.


def take_certificates(post: Post, *certificates: bytes, **how: object) -> ImportReport:
    path = post.file("".join(map(pem, certificates)), "certificates.pem")
    return post.take(path, dialect="icao", **how)


def test_a_root_is_believed_when_it_is_an_anchor(post: Post) -> None:
    own = csca("AU")
    for anchor, level in (
        (anchor_of(own), Level.LIST),
        (Anchor("bare", spki_of(ec_key("AU")), b""), Level.LIST),
        (UN, Level.NONE),
    ):
        [report] = take_certificates(post, own, anchors=[anchor]).lists
        assert report.name == "icao:certificates"
        with TrustStore.open(post.store) as store:
            assert [key.level for key in stored_in(store)] == [level]
            assert store.authorities(b"AU")[0].schemes == {"vds-nc"}


def test_a_forged_certificate_for_an_anchor_s_key_is_not_believed(post: Post) -> None:
    forged = csca("AU", signer=ec_key("forger"))
    for anchor in (anchor_of(csca("AU")), Anchor("bare", spki_of(ec_key("AU")), b"")):
        with pytest.raises(TrustListInvalid, match="Nothing in"):
            take_certificates(post, forged, anchors=[anchor])


def test_a_link_needs_an_older_key_that_is_believed(post: Post) -> None:
    older = csca("AU", key=ec_key("old"), key_id=b"old")
    report = take_certificates(post, link("AU"), csca("JP"))
    assert [each.reason for each in report.lists[0].refused] == [Refusal.LINK_UNPROVEN]
    # An older key that nobody vouches for does not help, one that is believed does.
    report = take_certificates(post, link("AU"), older)
    assert [each.reason for each in report.lists[0].refused] == [Refusal.LINK_UNPROVEN]
    [report] = take_certificates(post, link("AU"), older, anchors=[anchor_of(older)]).lists
    assert (report.keys, report.authenticated) == (2, 2)


def test_a_root_whose_key_the_store_believes_is_believed_too(post: Post) -> None:
    post.take_list(csca("AU"))
    again = csca("AU", serial=b"\x02\x01\x44")
    [report] = take_certificates(post, again).lists
    assert report.authenticated == 1


def test_what_the_store_believes_vouches_for_what_comes_later(post: Post) -> None:
    older = csca("AU", key=ec_key("old"), key_id=b"old")
    post.take_list(older, csca("AU"))
    [report] = take_certificates(post, link("AU"), below("AU")).lists
    assert (report.keys, report.authenticated) == (2, 2)
    with TrustStore.open(post.store) as store:
        [signer] = [key for key in stored_in(store) if key.role == Role.SIGNER]
    assert (signer.level, signer.anchor) == (Level.CHAIN, "un")


@pytest.mark.parametrize(
    "signer",
    [
        below("AU", signer=ec_key("forger")),
        below("AU", issuer=state("AU", "another")),
        below("AU", subject=state("JP", "BSC")),
        below("AU", extensions=[id_above(b"?")]).replace(b"\x80\x02AU", b"\x80\x02AT"),
    ],
    ids=["key", "name", "state", "key id"],
)
def test_a_signer_has_to_fit_its_authority(post: Post, signer: bytes) -> None:
    take_certificates(post, signer, anchors=[anchor_of(csca("AU"))])
    with TrustStore.open(post.store) as store:
        assert [key.level for key in stored_in(store)] == [Level.NONE]


def test_an_authority_given_as_anchor_vouches_for_its_signers(post: Post) -> None:
    take_certificates(post, below("AU"), anchors=[anchor_of(csca("AU"))])
    with TrustStore.open(post.store) as store:
        assert [key.level for key in stored_in(store)] == [Level.LIST]


def test_other_blocks_and_uses_are_refused_by_name(post: Post) -> None:
    text = (
        pem(csca("AU"))
        + pem(b"\x30\x80", "PRIVATE KEY")
        + pem(b"\x30\x80", "PUBLIC KEY")
        + pem(b"\x30\x80")
        + pem(below("AU", extensions=[CERTIFY]))
        + pem(below("AU", purposes=["04007f000703050101"]))
    )
    [report] = post.take(post.file(text, "mixed.pem"), dialect="icao").lists
    assert [each.reason for each in report.refused] == [
        Refusal.PRIVATE_KEY,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.OTHER_USE,
        Refusal.OTHER_USE,
    ]


def test_certificates_are_read_like_this_only_when_asked_for(post: Post) -> None:
    path = post.file(csca("AU"), "csca.der")
    dialect = recognised(path.read_bytes())
    assert dialect
    assert dialect.names[0] == "pem"
    with pytest.raises(TrustListInvalid, match="--from icao"):
        post.take(path, scheme="vds-nc")
    with pytest.raises(TrustListInvalid):
        post.take(post.file("-----BEGIN nothing", "empty.pem"), dialect="icao")
    with pytest.raises(TrustListInvalid):
        icao_certificates.DIALECT.read(b"none", Reading("l"))


# Revocation lists.


def test_a_revocation_list_is_verified_against_its_authority(post: Post) -> None:
    masters = post.file(master_list(csca("AU"), csca("JP")))
    withdrawn = post.file(crl("AU", revoked(7), revoked(300)), "au.crl")
    empty = post.file(pem(crl("JP", number=None), "X509 CRL"), "jp.crl")
    # Named first, they are still settled after the list that brings their authorities.
    report = post.take(withdrawn, empty, masters)
    assert [(each.name, each.withdrawn) for each in report.lists] == [
        ("icao:un", None),
        ("icao-crl:AU:4155", 2),
        ("icao-crl:JP:4a50", 0),
    ]
    with TrustStore.open(post.store) as store:
        rows = store._rows("SELECT issuer, kid, method, counter, ids FROM revocations")
        assert rows == [
            ("AU", b"AU", "crl", 5, "7 300"),
            ("JP", b"JP", "crl", 1_793_491_200, ""),
        ]
        stored = {each.name: each for each in store.lists()}
        held = stored["icao-crl:AU:4155"]
        assert (held.as_of, held.as_of + held.too_old_after) == (1_793_491_200, 1_798_761_600)
        assert held.anchor == "un"
        # No verdict is as fresh as a revocation list.
        newest = store.newest()
        assert newest
        assert newest.name == "icao:un"
    # The next edition of the master list leaves them where they are.
    post.take(masters)
    with TrustStore.open(post.store) as store:
        assert len(store.lists()) == 3


def test_a_revocation_list_may_come_alone(post: Post) -> None:
    post.take_list(csca("AU"))
    post.take(post.file(crl("AU"), "au.crl"))
    with pytest.raises(TrustListRollback):
        post.take(post.file(crl("AU", number=4), "au.crl"))
    fresh = Post(post.folder / "fresh")
    fresh.folder.mkdir()
    [report] = fresh.take(fresh.file(crl("AU"), "au.crl"), anchors=[anchor_of(csca("AU"))]).lists
    assert report.withdrawn == 0


def critical(kind: str) -> bytes:
    return extension(kind, b"\5\0", critical=TRUE)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (crl("JP"), Fault.SIGNER_UNKNOWN),
        (crl("AU", issuer=state("AU", "another")), Fault.SIGNER_UNKNOWN),
        (crl("AU", key=ec_key("forger")), Fault.SIGNATURE_WRONG),
        (crl("AU", digest="sha1"), Fault.ALGORITHM_REFUSED),
        (crl("AU", extensions=[critical("551d1b")]), Fault.EXTENSION_UNKNOWN),
        (crl("AU", revoked(1, critical("551d1d"))), Fault.EXTENSION_UNKNOWN),
        (crl("AU", inner=seq(oid("2a8648ce3d040303"))), Fault.MALFORMED),
        (crl("AU", version=b"\x02\x01\x00"), Fault.MALFORMED),
        (crl("AU")[:-1], Fault.MALFORMED),
        (crl("AU") + b"\0", Fault.MALFORMED),
        (crl("AU", *[revoked(1)] * 20_001), Fault.TOO_LARGE),
        (2 * pem(crl("AU"), "X509 CRL").encode(), Fault.MALFORMED),
    ],
)
def test_a_revocation_list_that_cannot_be_believed_is_refused(
    post: Post, data: bytes, fault: Fault
) -> None:
    post.take_list(csca("AU"))
    with pytest.raises(TrustListInvalid) as error:
        post.take(post.file(data, "au.crl"), anchors=[UN])
    assert error.value.fault == fault
    with TrustStore.open(post.store) as store:
        assert len(store.lists()) == 1


def test_reasons_and_later_dates_matter_not(post: Post) -> None:
    post.take_list(csca("AU"))
    reason = extension("551d15", b"\x0a\x01\x01")
    [report] = post.take(post.file(crl("AU", revoked(9, reason), next_update=b""), "au.crl")).lists
    assert report.withdrawn == 1


def test_an_authority_that_nobody_vouches_for_counts_on_request(post: Post) -> None:
    take_certificates(post, csca("AU"), anchors=[])
    path = post.file(crl("AU"), "au.crl")
    with pytest.raises(TrustListInvalid):
        post.take(path, anchors=[])
    [report] = post.take(path, anchors=[], unsigned=True).lists
    assert report.withdrawn == 0
    with TrustStore.open(post.store) as store:
        assert {each.name: each.anchor for each in store.lists()}["icao-crl:AU:4155"] == ""


@pytest.mark.parametrize(
    "head",
    [
        csca("AU"),
        master_list(csca("AU")),
        b"",
        b"\x30",
        b"\x30\x03\x02\x01\x01",
        b"{}",
        pem(b"\1").encode(),
    ],
)
def test_nothing_else_is_taken_for_a_revocation_list(head: bytes) -> None:
    assert not icao_crl.DIALECT.recognise(head)
    assert icao_crl.DIALECT.recognise(crl("AU"))


# Whatever bytes come.

READING = Reading("l", anchors=(UN, anchor_of(csca("AU"))), now=NOW, sha1=True)
SAMPLES = [master_list(csca("AU"), csca("JP")), crl("AU", revoked(7)), csca("AU")]
DIALECTS = [icao.DIALECT, icao_crl.DIALECT, icao_certificates.DIALECT]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), max_size=4),
    st.binary(max_size=40),
)
def test_no_bytes_raise_anything_but_a_refusal(
    data: bytes, changes: list[tuple[int, int]], tail: bytes
) -> None:
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(changed)] = value
    for dialect in DIALECTS:
        for whole in (bytes(changed), bytes(changed) + tail, tail):
            dialect.recognise(whole[:64])
            try:
                parsed = dialect.read(whole, READING)
                if parsed.settle:
                    parsed.settle(parsed, lambda _: ())
            except TrustListInvalid as error:
                assert str(error).count("\n") == 1
