from collections.abc import Callable, Sequence

import pytest
from Crypto.PublicKey.RSA import RsaKey
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import example, given
from hypothesis import strategies as st
from support.certificates import (
    CA,
    NULL,
    Key,
    called,
    certificate,
    ec_key,
    explicit_spki,
    extension,
    name,
    oid,
    rsa_key,
    seq,
    sign,
    tlv,
)
from support.cms import (
    AT,
    CONTENT_TYPE,
    DATA,
    DIGESTS,
    MASTER_LIST,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    attribute,
    attributes,
    by_key_id,
    by_serial,
    open_ended,
    signed_data,
    signer_info,
)

from trustlists.anchors import Anchor, vouching
from trustlists.ber import definite
from trustlists.cms import Certificate, CmsInvalid, verify_cms
from trustlists.faults import Fault
from verifier.codecs.der import NotDer
from verifier.codecs.x509 import read_certificate

NAME = name(country="XS", common="List signer")
KEY = ec_key("list signer")
KEY_ID = b"\1\2\3\4"
SKI = extension("551d0e", tlv(0x04, KEY_ID))
CONTENT = b"what is signed, of a country that does not exist"
LIST_TYPE = "2.23.136.1.1.2"
SIGNED_AT = 1_793_534_400  # 1 November 2026, noon


def signer_certificate(key: Key = KEY, **parts: object) -> bytes:
    return certificate(key, subject=NAME, extensions=[SKI], **parts)  # type: ignore[arg-type]


def message(key: Key = KEY, certified: bytes | None = None, **how: object) -> bytes:
    info = signer_info(key, CONTENT, by_serial(NAME), **how)  # type: ignore[arg-type]
    return signed_data([info], content=CONTENT, certificates=[certified or signer_certificate(key)])


def fault_of(data: bytes, **how: object) -> Fault:
    with pytest.raises(CmsInvalid) as error:
        verify_cms(data, **how)  # type: ignore[arg-type]
    return error.value.fault


@pytest.mark.parametrize(
    ("key", "how"),
    [
        (KEY, {}),
        (KEY, {"digest": "sha512"}),
        (ec_key("list signer", "P-384"), {"digest": "sha384"}),
        (ec_key("list signer", "P-521"), {"digest": "sha512"}),
        (rsa_key(2048), {}),
        (rsa_key(2048), {"digest": "sha512"}),
        (rsa_key(2048), {"salt": 32}),
        (rsa_key(2048), {"algorithm": seq(oid("2a864886f70d010101"), NULL)}),
        (KEY, {"algorithm": seq(oid("2a8648ce3d0201"))}),
        (KEY, {"algorithm": seq(oid("2a8648ce3d040302"), NULL)}),
        (KEY, {"listed": []}),
        (KEY, {"listed": attributes(CONTENT)[::-1]}),
        (KEY, {"listed": attributes(CONTENT, signing_time=None)}),
        (KEY, {"tail": tlv(0xA1, attribute(SIGNING_TIME, AT))}),
    ],
    ids=called,
)
def test_what_is_signed_is_given(key: Key, how: dict[str, object]) -> None:
    signed = verify_cms(message(key, **how))
    assert signed.content == CONTENT
    (signer,) = signed.signers
    assert signer.certificate.der == signer_certificate(key)
    told = how.get("listed") is None or len(how["listed"]) == 3  # type: ignore[arg-type]
    assert signer.signed_at == (SIGNED_AT if told else None)
    assert not signer.weak
    assert not signer.bare_digest


@pytest.mark.parametrize("inside", [True, False])
def test_the_signer_may_be_named_by_key_id_and_lie_elsewhere(*, inside: bool) -> None:
    certified = signer_certificate()
    info = signer_info(KEY, CONTENT, by_key_id(KEY_ID))
    data = signed_data([info], content=CONTENT, certificates=[certified] if inside else ())
    known = Certificate(certified, read_certificate(certified))
    assert verify_cms(data, known=[known]).signers[0].certificate == known
    if not inside:
        assert fault_of(data) is Fault.SIGNER_UNKNOWN
        other = certificate(KEY, subject=NAME)
        assert fault_of(data, known=[Certificate(other, read_certificate(other))]) is (
            Fault.SIGNER_UNKNOWN
        )


def test_two_certificates_that_fit_name_nobody() -> None:
    info = signer_info(KEY, CONTENT, by_serial(NAME))
    others = [signer_certificate(), signer_certificate(ec_key("another"))]
    assert fault_of(signed_data([info], content=CONTENT, certificates=others)) is (
        Fault.SIGNER_UNKNOWN
    )
    twice = [signer_certificate()] * 2
    assert verify_cms(signed_data([info], content=CONTENT, certificates=twice)).content == CONTENT


def test_content_may_lie_beside_or_be_repeated_inside() -> None:
    info = signer_info(KEY, CONTENT, by_serial(NAME))
    beside = signed_data([info], certificates=[signer_certificate()])
    assert verify_cms(beside, content=CONTENT).content == CONTENT
    assert fault_of(beside) is Fault.MALFORMED
    assert fault_of(beside, content=CONTENT + b"!") is Fault.DIGEST_WRONG
    assert verify_cms(message(), content=CONTENT).content == CONTENT
    assert fault_of(message(), content=b"") is Fault.DIGEST_WRONG


def test_the_type_of_content_is_signed_too() -> None:
    info = signer_info(KEY, CONTENT, by_serial(NAME), content_type=MASTER_LIST)
    parts = {"content": CONTENT, "certificates": [signer_certificate()]}
    data = signed_data([info], content_type=MASTER_LIST, **parts)  # type: ignore[arg-type]
    assert verify_cms(data, content_type=LIST_TYPE).content_type == LIST_TYPE
    assert fault_of(data) is Fault.CONTENT_TYPE_WRONG
    other = signer_info(KEY, CONTENT, by_serial(NAME))
    relabelled = signed_data([other], content_type=MASTER_LIST, **parts)  # type: ignore[arg-type]
    assert fault_of(relabelled, content_type=LIST_TYPE) is Fault.CONTENT_TYPE_WRONG
    bare = signer_info(KEY, CONTENT, by_serial(NAME), listed=[])
    unsaid = signed_data([bare], content_type=MASTER_LIST, **parts)  # type: ignore[arg-type]
    assert fault_of(unsaid, content_type=LIST_TYPE) is Fault.MALFORMED


def replaced(kind: str, *values: bytes) -> list[bytes]:
    """Give the usual attributes with one of them holding other values, or none."""
    places = {CONTENT_TYPE: 0, MESSAGE_DIGEST: 1, SIGNING_TIME: 2}
    listed = attributes(CONTENT)
    listed[places[kind]] = attribute(kind, *values)
    return listed


DIGEST_OF_NOTHING = tlv(0x04, bytes(32))


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        (replaced(MESSAGE_DIGEST, DIGEST_OF_NOTHING), Fault.DIGEST_WRONG),
        (replaced(MESSAGE_DIGEST), Fault.MALFORMED),
        (replaced(MESSAGE_DIGEST, DIGEST_OF_NOTHING, DIGEST_OF_NOTHING), Fault.MALFORMED),
        (replaced(CONTENT_TYPE), Fault.MALFORMED),
        (replaced(CONTENT_TYPE, oid(MASTER_LIST)), Fault.CONTENT_TYPE_WRONG),
        (replaced(SIGNING_TIME, tlv(0x17, b"noon")), Fault.MALFORMED),
        (replaced(SIGNING_TIME, AT, AT), Fault.MALFORMED),
        (attributes(CONTENT)[1:], Fault.MALFORMED),
        (attributes(CONTENT)[:1], Fault.MALFORMED),
        ([*attributes(CONTENT), attributes(CONTENT)[1]], Fault.MALFORMED),
    ],
)
def test_signed_attributes_have_to_fit(listed: list[bytes], fault: Fault) -> None:
    assert fault_of(message(listed=listed)) is fault


def test_attributes_that_were_never_signed_do_not_hold() -> None:
    late = replaced(SIGNING_TIME, tlv(0x17, b"261102120000Z"))
    right = tlv(0x31, *sorted(attributes(CONTENT)))
    assert fault_of(message(listed=late, signature=sign(KEY, right))) is Fault.SIGNATURE_WRONG
    # Signed with the tag that they have in the message, in place of that of a set.
    as_written = tlv(0xA0, *sorted(attributes(CONTENT)))
    assert fault_of(message(signature=sign(KEY, as_written))) is Fault.SIGNATURE_WRONG


@pytest.mark.parametrize(
    "how",
    [
        {"algorithm": seq(oid("2a8648ce3d040303"))},
        {"algorithm": seq(oid("2b656e"))},
        {"digest_algorithm": seq(oid(DIGESTS["sha512"])), "listed": []},
        {"digest_algorithm": seq(oid("2b0e030219"))},
        {"digest_algorithm": seq(oid("80"))},
    ],
    ids=["two hashes", "unknown", "another hash", "unknown hash", "no identifier"],
)
def test_algorithms_have_to_agree(how: dict[str, object]) -> None:
    assert fault_of(message(**how)) is Fault.ALGORITHM_REFUSED


@pytest.mark.parametrize("key", [KEY, rsa_key(2048)], ids=["EC", "RSA"])
def test_sha1_counts_for_who_asks_for_it_alone(key: Key) -> None:
    data = message(key, digest="sha1")
    assert fault_of(data) is Fault.ALGORITHM_REFUSED
    assert verify_cms(data, weak=True).signers[0].weak
    assert fault_of(message(key, digest="sha1", signature=b"\0"), weak=True) is (
        Fault.SIGNATURE_WRONG
    )


def test_a_key_of_another_kind_holds_nothing() -> None:
    swapped = message(KEY, certified=signer_certificate(rsa_key(2048)))
    assert fault_of(swapped) is Fault.SIGNATURE_WRONG
    data = message(rsa_key(2048), certified=signer_certificate(KEY))
    assert fault_of(data, bare_digest=True) is Fault.SIGNATURE_WRONG
    unreadable = signer_certificate(
        spki=seq(seq(oid("2a864886f70d010101"), NULL), tlv(0x03, b"\0"))
    )
    assert fault_of(message(rsa_key(2048), certified=unreadable)) is Fault.SIGNATURE_WRONG
    assert fault_of(message(rsa_key(1024))) is Fault.SIGNATURE_WRONG


BARE = {
    "sha256": "302f300b06096086480165030402010420",
    "sha512": "304f300b06096086480165030402030440",
}


def padded(key: RsaKey, block: bytes) -> bytes:
    """Sign a block as PKCS#1 v1.5 pads it (RFC 8017, 9.2), whatever is in it."""
    size = key.size_in_bytes()
    whole = b"\0\1" + b"\xff" * (size - len(block) - 3) + b"\0" + block
    return pow(int.from_bytes(whole, "big"), key.d, key.n).to_bytes(size, "big")


def bare_signature(key: RsaKey, digest: str = "sha256", tail: bytes = b"") -> bytes:
    signed = tlv(0x31, *sorted(attributes(CONTENT, digest=digest)))
    chosen: hashes.HashAlgorithm = hashes.SHA256() if digest == "sha256" else hashes.SHA512()
    hashed = hashes.Hash(chosen)
    hashed.update(signed)
    return padded(key, bytes.fromhex(BARE[digest]) + hashed.finalize() + tail)


@pytest.mark.parametrize("digest", BARE)
def test_a_hash_without_its_parameters_counts_on_request_alone(digest: str) -> None:
    key = rsa_key(2048)
    data = message(key, digest=digest, signature=bare_signature(key, digest))
    assert fault_of(data) is Fault.ALGORITHM_REFUSED
    (signer,) = verify_cms(data, bare_digest=True).signers
    assert signer.bare_digest


def test_nothing_may_stand_beside_such_a_hash() -> None:
    key = rsa_key(2048)
    for signature in (
        bare_signature(key, tail=b"\0"),
        padded(key, bytes.fromhex(BARE["sha256"]) + bytes(32)),
        b"\0" * 256,
        b"short",
    ):
        data = message(key, signature=signature)
        assert fault_of(data, bare_digest=True) is Fault.SIGNATURE_WRONG
    small = rsa_key(1024)
    assert fault_of(message(small, signature=bare_signature(small)), bare_digest=True) is (
        Fault.SIGNATURE_WRONG
    )


def test_one_good_signature_of_several_is_enough() -> None:
    good = signer_info(KEY, CONTENT, by_serial(NAME))
    bad = signer_info(KEY, CONTENT, by_serial(NAME), signature=b"\0")
    parts = {"content": CONTENT, "certificates": [signer_certificate()]}
    both = verify_cms(signed_data([bad, good], **parts))  # type: ignore[arg-type]
    assert len(both.signers) == 1
    for infos in ([], [good] * 4):
        data = signed_data(infos, **parts)  # type: ignore[arg-type]
        assert fault_of(data) is Fault.MALFORMED


def test_a_key_with_a_described_curve_verifies() -> None:
    spki = explicit_spki(KEY, seed=b"seed")
    assert verify_cms(message(KEY, signer_certificate(spki=spki))).content == CONTENT
    forged = explicit_spki(KEY, g=b"\4" + bytes(64))
    assert fault_of(message(KEY, signer_certificate(spki=forged))) is Fault.SIGNATURE_WRONG


def chain() -> tuple[bytes, bytes, bytes]:
    root_name, middle_name = name(common="root"), name(common="middle")
    root = certificate(ec_key("root"), subject=root_name, extensions=[CA])
    middle = certificate(
        ec_key("middle"),
        signer=ec_key("root"),
        subject=middle_name,
        issuer=root_name,
        extensions=[CA],
    )
    leaf = certificate(KEY, signer=ec_key("middle"), subject=NAME, issuer=middle_name)
    return root, middle, leaf


def test_the_way_to_an_anchor_is_found_among_the_certificates_inside() -> None:
    root, middle, leaf = chain()
    info = signer_info(KEY, CONTENT, by_serial(read_certificate(leaf).issuer))
    stranger = certificate(
        ec_key("stranger"), subject=name(common="middle"), extensions=[CA], serial=b"\x02\x01\x06"
    )
    signed = verify_cms(
        signed_data([info], content=CONTENT, certificates=[root, stranger, leaf, middle])
    )
    way = signed.chain(signed.signers[0])
    assert way == tuple(map(read_certificate, (leaf, middle, root)))
    facts = read_certificate(root)
    anchor = Anchor("root", facts.spki, b"", facts)
    assert vouching(way, [anchor]) == anchor


def test_what_else_may_come_along_is_left_aside() -> None:
    info = signer_info(KEY, CONTENT, by_serial(NAME))
    others = [signer_certificate(), tlv(0xA1, b"?"), seq(b"\5\0")]
    data = signed_data([info], content=CONTENT, certificates=others, crls=tlv(0xA1, seq(b"\5\0")))
    assert len(verify_cms(data).certificates) == 1
    many = signed_data([info], content=CONTENT, certificates=[signer_certificate()] * 17)
    assert fault_of(many) is Fault.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\0",
        lambda data: data[:-1],
        lambda _: b"",
        seq,
        lambda data: data.replace(bytes.fromhex(DATA), bytes.fromhex(DATA[:-2] + "03")),
    ],
)
def test_what_is_no_signed_data_is_malformed(change: Callable[[bytes], bytes]) -> None:
    assert fault_of(change(message())) in {Fault.MALFORMED, Fault.CONTENT_TYPE_WRONG}
    other = signed_data([signer_info(KEY, CONTENT, by_serial(NAME))], outer=DATA)
    assert fault_of(other) is Fault.MALFORMED
    empty = seq(*_parts_of_info(attributes_of=tlv(0xA0)))
    assert fault_of(signed_data([empty], content=CONTENT)) is Fault.MALFORMED


def _parts_of_info(*, attributes_of: bytes) -> Sequence[bytes]:
    return (
        b"\x02\x01\x01",
        by_serial(NAME),
        seq(oid(DIGESTS["sha256"])),
        attributes_of,
        seq(oid("2a8648ce3d040302")),
        tlv(0x04, b"\0"),
    )


def in_parts(data: bytes) -> bytes:
    """Write attached SignedData as gateways do: open-ended, the content in pieces."""
    pieces = [tlv(0x04, CONTENT[at : at + 7]) for at in range(0, len(CONTENT), 7)]
    content = open_ended(0xA0, open_ended(0x24, *pieces))
    body = open_ended(
        0x30,
        b"\x02\x01\x03",
        tlv(0x31, seq(oid(DIGESTS["sha256"]), NULL)),
        open_ended(0x30, oid(DATA), content),
        open_ended(0xA0, signer_certificate()),
        tlv(0x31, signer_info(KEY, CONTENT, by_serial(NAME))),
    )
    return open_ended(0x30, oid("2a864886f70d010702"), open_ended(0xA0, body)) + data


def test_what_gateways_leave_open_ended_is_read() -> None:
    signed = verify_cms(in_parts(b""))
    assert signed.content == CONTENT
    assert fault_of(in_parts(b"\0\0")) is Fault.MALFORMED
    assert fault_of(in_parts(b"")[:-1]) is Fault.MALFORMED
    assert fault_of(in_parts(b"")[:-2]) is Fault.MALFORMED
    assert definite(message()) == message()


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x80" * 40,
        b"\x30\x80\x04\x80\0\0\0\0",
        b"\x30\x80\x24\x80\x02\x01\x01\0\0\0\0",
        b"\x30\x80\x02\x05\x01\0\0",
        b"\x30\x80\x02",
        b"\x30\x80" + b"\5\0" * 50_000 + b"\0\0",
    ],
    ids=["deep", "open but not constructed", "parts of another kind", "too short", "cut", "many"],
)
def test_open_ended_values_have_their_bounds_too(data: bytes) -> None:
    with pytest.raises(NotDer):
        definite(data)


def test_signatures_made_by_a_library_hold() -> None:
    """The library signs here, and the code under test verifies with its own reading of CMS."""
    key = serialization.load_der_private_key(KEY.export_key(format="DER"), None)
    certified = x509.load_der_x509_certificate(signer_certificate())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT)
    builder = builder.add_signer(certified, key, hashes.SHA256())  # type: ignore[arg-type]
    options = [pkcs7.PKCS7Options.Binary]
    attached = builder.sign(serialization.Encoding.DER, options)
    assert verify_cms(attached).content == CONTENT
    detached = builder.sign(
        serialization.Encoding.DER, [*options, pkcs7.PKCS7Options.DetachedSignature]
    )
    assert verify_cms(detached, content=CONTENT).content == CONTENT
    assert fault_of(detached, content=b"another") is Fault.DIGEST_WRONG


MESSAGES = [message(), message(rsa_key(2048)), in_parts(b"")]


@example(b"")
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for whole in (data, b"\x30\x80" + data):
        with pytest.raises(CmsInvalid):
            verify_cms(whole, weak=True, bare_digest=True)


@given(
    st.sampled_from(MESSAGES),
    st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), min_size=1, max_size=3),
    st.integers(0, 3_000),
)
def test_changed_messages_are_refused_or_say_the_same(
    data: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(changed)] = value
    for whole in (bytes(changed), bytes(changed[: cut % len(changed)])):
        try:
            signed = verify_cms(whole, weak=True, bare_digest=True)
        except CmsInvalid as error:
            assert error.fault in Fault
        else:
            assert signed.content == CONTENT
