import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from support.certificates import (
    CA,
    CLIENT,
    RECOVERY_SLIPPED,
    TEST,
    VACCINATION,
    algorithm_of,
    called,
    certificate,
    ec_key,
    eku,
    extension,
    name,
    oid,
    rsa_key,
    seq,
    spki_of,
    tlv,
)

from verifier.codecs import x509 as codec
from verifier.codecs.x509 import (
    CERTIFICATE_BYTES,
    CertificateFacts,
    NotACertificate,
    country_of,
    hinted_authority,
    read_certificate,
    same_name,
    signed_by,
    signed_by_key,
    uses_of,
)

KEY = ec_key("dsc")
PLAIN = certificate(
    KEY, subject=name(organisation="Ministry", common="DSC 1"), extensions=[eku(VACCINATION)]
)


def test_facts_agree_with_the_library() -> None:
    facts = read_certificate(PLAIN)
    oracle = x509.load_der_x509_certificate(PLAIN)
    assert facts.signed == oracle.tbs_certificate_bytes
    assert facts.signature == oracle.signature
    assert facts.not_before == int(oracle.not_valid_before_utc.timestamp())
    assert facts.not_after == int(oracle.not_valid_after_utc.timestamp())
    assert facts.subject == oracle.subject.public_bytes()
    spki = oracle.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert facts.spki == spki
    assert (facts.country, facts.name) == ("XS", "Ministry")
    assert facts.extended_key_usage == ("1.3.6.1.4.1.1847.2021.1.2",)
    assert not facts.is_ca


def test_version_1_and_unique_ids_are_read() -> None:
    old = certificate(KEY, version=b"")
    assert read_certificate(old).extended_key_usage == ()
    ids = tlv(0x81, b"\0\1") + tlv(0x82, b"\0\2")
    assert read_certificate(certificate(KEY, ids=ids)).country == "XS"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (tlv(0x17, b"491231235959Z"), 2524607999),
        (tlv(0x17, b"500101000000Z"), -631152000),
        (tlv(0x18, b"99991231235959Z"), 253402300799),
    ],
)
def test_both_forms_of_time_are_read(written: bytes, seconds: int) -> None:
    assert read_certificate(certificate(KEY, not_after=written)).not_after == seconds


@pytest.mark.parametrize(
    "written",
    [
        tlv(0x17, b"2601010000Z"),
        tlv(0x17, b"260101000000+0100"),
        tlv(0x17, b"261301000000Z"),
        tlv(0x17, b"260101000060Z"),
        tlv(0x18, b"260101000000Z"),
        tlv(0x18, b"00000101000000Z"),
        tlv(0x17, b"26010100000\xb2Z"),
        tlv(0x13, b"260101000000Z"),
    ],
)
def test_other_times_are_refused(written: bytes) -> None:
    with pytest.raises(NotACertificate):
        read_certificate(certificate(KEY, not_before=written))


@pytest.mark.parametrize(
    ("subject", "country", "shown"),
    [
        (name(country=None, common=""), "", ""),
        (name(common="only this"), "XS", "only this"),
        (name(organisation="a\u202eb\x1b[31m  c"), "XS", "a b [31m c"),
        (name(organisation="x" * 200), "XS", "x" * 80),
        (
            seq(tlv(0x31, seq(oid("55040a"), tlv(0x1E, "Österreich".encode("utf-16-be"))))),
            "",
            "Österreich",
        ),
        (seq(tlv(0x31, seq(oid("55040a"), tlv(0x13, b"M\xfc")))), "", "M\ufffd"),
    ],
)
def test_the_issuer_is_fit_to_be_shown(subject: bytes, country: str, shown: str) -> None:
    facts = read_certificate(certificate(KEY, subject=subject))
    assert (facts.country, facts.name) == (country, shown)


@pytest.mark.parametrize(
    ("extensions", "purposes"),
    [
        ([eku(TEST, CLIENT)], ("1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.5.5.7.3.2")),
        ([eku()], ()),
        ([extension("551d13", seq(b"\x01\x01\x00")), eku(TEST)], ("1.3.6.1.4.1.1847.2021.1.1",)),
        ([extension("551d13", seq(b"\x02\x01\x00")), eku(TEST)], ("1.3.6.1.4.1.1847.2021.1.1",)),
        ([extension("551d13", b"rubbish"), eku(TEST)], ("1.3.6.1.4.1.1847.2021.1.1",)),
        ([extension("551d25", b"rubbish")], ()),
        ([extension("551d25", seq(oid(TEST), b"\x06"))], ("1.3.6.1.4.1.1847.2021.1.1",)),
        ([eku(TEST), eku(CLIENT)], ("1.3.6.1.4.1.1847.2021.1.1",)),
        (
            [extension("551d0e", b"", critical=b"\x01\x01\x00"), eku(TEST)],
            ("1.3.6.1.4.1.1847.2021.1.1",),
        ),
    ],
)
def test_an_odd_extension_costs_only_itself(
    extensions: list[bytes], purposes: tuple[str, ...]
) -> None:
    facts = read_certificate(certificate(KEY, extensions=extensions))
    assert facts.extended_key_usage == purposes
    assert not facts.is_ca


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        PLAIN + b"\0",
        PLAIN[:-1],
        PLAIN[1:],
        bytes(CERTIFICATE_BYTES + 1),
        certificate(KEY, tail=b"\x05\x00"),
        certificate(KEY, extensions=[CA], tail=b"\x05\x00"),
        certificate(KEY, extensions=[seq(oid("551d25"))]),
        certificate(KEY, extensions=[seq(oid("551d25"), tlv(0x04, b""), b"\x05\x00")]),
        certificate(KEY, subject=seq(tlv(0x31, seq(oid("550406"))))),
        spki_of(KEY),
    ],
    ids=[
        "empty",
        "tail",
        "cut",
        "start",
        "long",
        "body tail",
        "extensions tail",
        "extension",
        "extension tail",
        "name",
        "key",
    ],
)
def test_what_is_no_certificate_is_refused_without_quoting_it(wrong: bytes) -> None:
    with pytest.raises(NotACertificate) as caught:
        read_certificate(wrong)
    assert str(caught.value) in {"not a DER certificate", "longer than any certificate"}


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(NotACertificate):
        read_certificate(data)


@settings(max_examples=400)
@given(st.data())
def test_damaged_certificates_agree_with_the_library_or_are_refused(data: st.DataObject) -> None:
    damaged = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(PLAIN) - 1))] = data.draw(st.integers(0, 255))
    certificate = bytes(damaged)
    try:
        facts = read_certificate(certificate)
    except NotACertificate:
        return
    assert len(facts.kid) == 8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            oracle = x509.load_der_x509_certificate(certificate)
            dates = (
                int(oracle.not_valid_before_utc.timestamp()),
                int(oracle.not_valid_after_utc.timestamp()),
            )
        except (ValueError, x509.InvalidVersion):
            return
    assert dates == (facts.not_before, facts.not_after)
    assert oracle.tbs_certificate_bytes == facts.signed


@pytest.mark.parametrize(
    ("purposes", "uses"),
    [
        ((), set()),
        (("1.3.6.1.5.5.7.3.2",), set()),
        (("1.3.6.1.4.1.1847.2021.1.1",), {"test"}),
        (("1.3.6.1.4.1.1847.2021.1.2", "1.3.6.1.5.5.7.3.2"), {"vaccination"}),
        (("1.3.6.1.4.1.0.1847.2021.1.3",), {"recovery"}),
        (("1.3.6.1.4.1.0.1847.2021.1.1", "1.3.6.1.4.1.1847.2021.1.3"), {"test", "recovery"}),
        (("1.3.6.1.4.1.1847.2021.1.4",), set()),
    ],
)
def test_uses_follow_from_the_six_purposes(purposes: tuple[str, ...], uses: set[str]) -> None:
    assert uses_of(purposes) == uses


def test_the_slipped_arc_is_read_from_a_certificate() -> None:
    facts = read_certificate(certificate(KEY, extensions=[eku(RECOVERY_SLIPPED)]))
    assert uses_of(facts.extended_key_usage) == {"recovery"}


MANY_SHAPES = certificate(
    KEY,
    subject=name(country="XS", organisation="Ministry of " + "Specimens " * 11, common="DSC 1"),
    not_after=tlv(0x17, b"280229235959Z"),
    extensions=[
        CA,
        eku(VACCINATION, TEST),
        extension("551d0e", bytes(20)),
        extension("551d1f", bytes(200)),
        extension("2b06010505070101", bytes(9), critical=b"\x01\x01\x01"),
    ],
)


@settings(max_examples=1_000)
@given(st.data())
def test_usual_shapes_are_read_as_all_others_are(data: st.DataObject) -> None:
    mutated = bytearray(MANY_SHAPES)
    for _ in range(data.draw(st.integers(0, 2))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    with pytest.MonkeyPatch.context() as without:
        for shape in ("_OF_NAMES", "_OF_EXTENSIONS", "_UTC_HEAD"):
            without.setattr(codec, shape, None)
        expected = _read(bytes(mutated))
    assert _read(bytes(mutated)) == expected


def _read(certificate: bytes) -> CertificateFacts | None:
    try:
        return read_certificate(certificate)
    except NotACertificate:
        return None


ROOT_NAME = name(common="CSCA")


def _pair(signer: object, **how: object) -> tuple[bytes, bytes]:
    root = certificate(signer, subject=ROOT_NAME, extensions=[CA])
    leaf = certificate(KEY, signer=signer, issuer=ROOT_NAME, **how)
    return leaf, root


@pytest.mark.parametrize(
    ("signer", "how"),
    [
        (ec_key("csca"), {}),
        (ec_key("csca"), {"digest": "sha512"}),
        (ec_key("csca", "P-384"), {"digest": "sha384"}),
        (ec_key("csca", "P-521"), {"digest": "sha512"}),
        (rsa_key(2048), {}),
        (rsa_key(2048), {"digest": "sha384"}),
        (rsa_key(2048), {"digest": "sha512"}),
        (rsa_key(2048), {"salt": 32}),
        (rsa_key(2048), {"salt": 20}),
        (rsa_key(2048), {"digest": "sha512", "salt": 64}),
    ],
    ids=called,
)
def test_a_certificate_signed_by_an_authority_is_recognised(
    signer: object, how: dict[str, object]
) -> None:
    leaf, root = map(read_certificate, _pair(signer, **how))
    assert signed_by(leaf, root)
    assert not signed_by(leaf._replace(signed=leaf.signed[:-1] + b"?"), root)
    assert not signed_by(leaf._replace(issuer=b""), root)
    assert not signed_by(leaf, root._replace(extensions=()))
    assert not signed_by(leaf, root._replace(spki=b""))
    assert not signed_by(leaf._replace(signature_algorithm=b""), root)


def test_keys_and_algorithms_that_do_not_fit_sign_nothing() -> None:
    leaf, root = map(read_certificate, _pair(ec_key("csca")))
    rsa_root = root._replace(spki=spki_of(rsa_key(2048)))
    assert not signed_by(leaf, rsa_root)
    _, weak = map(read_certificate, _pair(rsa_key(1024)))
    signed_weakly = read_certificate(certificate(KEY, signer=rsa_key(1024), issuer=ROOT_NAME))
    assert not signed_by(signed_weakly, weak)
    strong = read_certificate(certificate(KEY, signer=rsa_key(2048), issuer=ROOT_NAME))
    assert not signed_by(strong, root)


SHA1, SHA256, SHA384 = "2b0e03021a", "608648016503040201", "608648016503040202"
MGF1, SPECIFIED = "2a864886f70d010108", "2a864886f70d010109"


def _pss(digest: str, generator: str, inner: str) -> bytes:
    masks = seq(oid(generator), seq(oid(inner)))
    parameters = seq(tlv(0xA0, seq(oid(digest))), tlv(0xA1, masks))
    return seq(oid("2a864886f70d01010a"), parameters)


@pytest.mark.parametrize(
    "algorithm",
    [
        seq(oid("2a864886f70d010105"), b"\x05\x00"),
        seq(oid("2a864886f70d01010a"), seq()),
        _pss(SHA1, MGF1, SHA1),
        _pss(SHA256, MGF1, SHA384),
        _pss(SHA256, SPECIFIED, SHA256),
    ],
    ids=["sha1", "pss defaults", "pss sha1", "two hashes", "not mgf1"],
)
def test_weak_or_strange_algorithms_sign_nothing(algorithm: bytes) -> None:
    signer = rsa_key(2048)
    root = read_certificate(certificate(signer, subject=ROOT_NAME, extensions=[CA]))
    leaf = certificate(KEY, signer=signer, issuer=ROOT_NAME, algorithm=algorithm)
    assert not signed_by(read_certificate(leaf), root)


def test_an_algorithm_named_differently_in_two_places_signs_nothing() -> None:
    signer = rsa_key(2048)
    root = read_certificate(certificate(signer, subject=ROOT_NAME, extensions=[CA]))
    inner = algorithm_of(signer, "sha512")
    leaf = read_certificate(
        certificate(KEY, signer=signer, issuer=ROOT_NAME, inner_algorithm=inner)
    )
    assert leaf.signature_algorithm == b""
    assert not signed_by(leaf, root)


def test_what_a_certificate_says_of_keys_rights_and_numbers_is_read() -> None:
    usage = extension("551d0f", b"\x03\x02\x01\x06", critical=b"\x01\x01\xff")
    ids = [
        extension("551d0e", tlv(0x04, b"own")),
        extension("551d23", seq(tlv(0x80, b"above"), tlv(0x82, b"\1"))),
    ]
    facts = read_certificate(
        certificate(KEY, extensions=[CA, usage, *ids], serial=b"\x02\x02\xff\x05")
    )
    assert (facts.serial, facts.version) == (-251, 3)
    assert (facts.subject_key_id, facts.authority_key_id) == (b"own", b"above")
    assert facts.key_usage == {"certificate_signature", "crl_signature"}
    assert facts.critical == {"2.5.29.15", "2.5.29.19"}
    assert read_certificate(certificate(KEY, version=b"")).version == 1


@pytest.mark.parametrize(
    ("extensions", "usage", "own", "above"),
    [
        ([], None, b"", b""),
        ([extension("551d0f", b"\x03\x02\x07\x80")], {"digital_signature"}, b"", b""),
        ([extension("551d0f", b"\x03\x01\x00")], set(), b"", b""),
        ([extension("551d0f", b"?")], set(), b"", b""),
        ([extension("551d0e", b"?"), extension("551d23", b"?")], None, b"", b""),
        ([extension("551d23", seq(tlv(0x82, b"\1")))], None, b"", b""),
    ],
)
def test_what_is_not_stated_or_unreadable_is_empty(
    extensions: list[bytes], usage: set[str] | None, own: bytes, above: bytes
) -> None:
    facts = read_certificate(certificate(KEY, extensions=extensions))
    assert (facts.key_usage, facts.subject_key_id, facts.authority_key_id) == (usage, own, above)


def test_an_authority_may_write_true_as_another_byte() -> None:
    odd = extension("551d13", seq(b"\x01\x01\x01"))
    assert read_certificate(certificate(KEY, extensions=[odd])).is_ca
    false = extension("551d13", seq(b"\x01\x01\x00"))
    assert not read_certificate(certificate(KEY, extensions=[false])).is_ca


def _rdn(tag: int, text: bytes) -> bytes:
    return seq(tlv(0x31, seq(oid("550403"), tlv(tag, text))))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (_rdn(0x0C, b"State  CA "), _rdn(0x13, b"state ca"), True),
        (_rdn(0x0C, b"State"), _rdn(0x1E, "State".encode("utf-16-be")), True),
        (_rdn(0x0C, b"State"), _rdn(0x0C, b"States"), False),
        (_rdn(0x0C, b"\xff"), _rdn(0x0C, b"\xfe"), False),
        (b"?", b"?", True),
        (b"?", _rdn(0x0C, b"State"), False),
        (name(common="A", organisation="B"), name(common="B", organisation="A"), False),
    ],
)
def test_names_are_compared_as_people_read_them(*, one: bytes, other: bytes, same: bool) -> None:
    assert same_name(one, other) is same


def test_sha1_signs_nothing_but_on_request() -> None:
    signed = certificate(rsa_key(2048), digest="sha1")
    facts = read_certificate(signed)
    assert not signed_by_key(facts, facts.spki)
    assert signed_by_key(facts, facts.spki, weak=True)


def _types(*kinds: bytes) -> bytes:
    return seq(tlv(0x02, b"\0"), tlv(0x31, b"".join(kinds)))


@pytest.mark.parametrize(
    ("value", "types"),
    [
        # The bytes that the notes give for a list of one (vds-nc notes, 5).
        (bytes.fromhex("300902010031041302") + b"NV", {"NV"}),
        (_types(tlv(0x13, b"NT"), tlv(0x13, b"NV")), {"NV", "NT"}),
        (_types(), set()),
        (_types(tlv(0x0C, b"NV")), set()),
        (_types(tlv(0x13, b"\xff")), set()),
        (_types(tlv(0x13, b"NV")) + b"\0", set()),
        (seq(tlv(0x31, tlv(0x13, b"NV"))), set()),
        (b"NV", set()),
    ],
)
def test_document_types_are_read_or_none(value: bytes, types: set[str]) -> None:
    made = certificate(KEY, extensions=[extension("67810801010602", value)])
    assert read_certificate(made).document_types == types


@pytest.mark.parametrize(
    ("critical", "value", "key_id"),
    [
        (False, seq(tlv(0x80, b"above")), b"above"),
        (True, seq(tlv(0x80, b"above")), b"above"),
        (False, seq(tlv(0x81, b"names")), b""),
        (False, b"?", b""),
    ],
)
def test_a_hint_at_the_authority_is_what_the_certificate_says(
    *, critical: bool, value: bytes, key_id: bytes
) -> None:
    flag = tlv(0x01, b"\xff") if critical else b""
    stated = seq(oid("551d23"), flag, tlv(0x04, value))
    made = certificate(KEY, extensions=[stated])
    assert hinted_authority(made) == read_certificate(made).authority_key_id == key_id


@pytest.mark.parametrize(
    "broken", [b"", b"\x06\x03\x55\x1d\x23", b"\x06\x03\x55\x1d\x23\x01", b"?" * 99]
)
def test_there_is_no_hint_where_there_is_no_extension(broken: bytes) -> None:
    assert hinted_authority(broken) == b""


def test_the_country_of_a_name_is_read_or_empty() -> None:
    assert country_of(name(country="AT", organisation="Ministry")) == "AT"
    assert country_of(_rdn(0x0C, b"nobody")) == ""
    assert country_of(b"?") == ""
