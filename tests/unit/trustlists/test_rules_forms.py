"""Each way of publishing rules: what is taken, and which signatures are demanded."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import b64, ec_key, tlv
from support.dcc_lists import SIGNER, austrian_signature
from support.gateway import TA, State
from support.rules import (
    NOW,
    anchor,
    archive,
    austrian_rules,
    austrian_values,
    cms,
    encoded,
    field,
    folder,
    gateway,
    german,
    german_key,
    german_signature,
    rule,
    take,
    upload,
    value_set,
)

from fixtures.cbor import encode
from trustlists import TrustStore, import_sources
from trustlists.faults import Fault
from trustlists.records import Refusal
from trustlists.rules.documents import cbor_elements, json_elements, read_document
from trustlists.rules.forms import germany, is_companion, named, recognised
from trustlists.rules.importing import RulesReport
from verifier.errors import RuleSetInvalid, SetupError, TrustListInvalid
from verifier.rules.ruleset import RuleSet

ONE, TWO = rule("GR-FR-0001"), rule("VR-FR-0002", Version="1.0.4")
SIGNED_AT = 1_793_534_400  # 1 November 2026, what the CMS of these tests says


def file(place: Path, called: str, data: bytes) -> Path:
    path = place / called
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def fault_of(store: Path, *sources: Path, **options: Any) -> str:
    """Give why the only list is refused, and make sure that nothing is stored."""
    with pytest.raises(SetupError) as raised:
        take(store, *sources, **options)
    assert not store.exists()
    return raised.value.fault


def only(store: Path, *sources: Path, **options: Any) -> RulesReport:
    [report] = take(store, *sources, **options).lists
    return report


def stored(store: Path, country: str = "FR") -> RuleSet:
    with TrustStore.open(store) as opened:
        found = opened.rule_set(country)
    assert found
    return found


# Plain JSON


def test_a_folder_makes_a_list_for_each_country(store: Path, tmp_path: Path) -> None:
    german_rule = rule("GR-DE-0001")
    place = folder(tmp_path, ONE, TWO, german_rule)
    file(place, "values/results.json", encoded(value_set()))
    file(place, ".hidden/rule.json", b"{")
    file(place, "README.md", b"# Rules")
    done = take(store, place)
    assert [(each.name, each.rules, each.value_sets) for each in done.lists] == [
        ("rules-de:rules", 1, 0),
        ("rules-fr:rules", 2, 0),
        ("value-sets:rules", 0, 1),
    ]
    assert done.lists[0].refused == (("README.md", Refusal.NOT_A_RULE),)
    assert not any(each.anchor for each in done.lists)
    found = stored(store)
    assert sorted(each.identifier for each in found.rules) == ["GR-FR-0001", "VR-FR-0002"]
    assert not found.authenticated
    assert found.value_sets.in_force(NOW) == {"covid-19-lab-result": ("260415000", "260373001")}


def test_links_are_not_followed(store: Path, tmp_path: Path) -> None:
    elsewhere = file(tmp_path, "elsewhere.json", encoded(TWO))
    place = folder(tmp_path, ONE)
    (place / "link.json").symlink_to(elsewhere)
    assert only(store, place).rules == 1


def test_an_archive_is_read_as_a_folder_is(store: Path, tmp_path: Path) -> None:
    packed = archive({"FR/rule.json": encoded(ONE), "FR/tests/test001.json": b"{", "x": b"?"})
    report = only(store, file(tmp_path, "rules.zip", packed))
    assert (report.name, report.rules, report.refused) == (
        "rules-fr:rules", 1, (("x", Refusal.NOT_A_RULE),)
    )  # fmt: skip


def test_a_published_array_is_a_list_by_itself(store: Path, tmp_path: Path) -> None:
    published = [{**rule(f"GR-{cc}-0001"), "hash": "00"} for cc in ("FR", "DE")]
    report = only(store, file(tmp_path, "published.json", b"\xef\xbb\xbf" + encoded(published)))
    assert (report.name, report.countries) == ("rules:published", ("DE", "FR"))


def test_the_bytes_of_a_rule_stay_as_they_were(store: Path, tmp_path: Path) -> None:
    odd = b'{ "Extra" :\t"\xc3\xa9\\u00e9", ' + encoded(ONE)[1:]
    take(store, file(tmp_path, "list.json", b"[\n" + odd + b" , " + encoded(TWO) + b"]\n"))
    with TrustStore.open(store) as opened:
        assert opened.rows("SELECT body FROM rules") == [(odd,), (encoded(TWO),)]


def test_one_file_is_one_rule(store: Path, tmp_path: Path) -> None:
    report = only(store, file(tmp_path, "rule.json", encoded(ONE)))
    assert (report.name, report.rules) == ("rules-fr:rule", 1)


def test_the_operator_says_whose_rules_are_that_name_no_country(
    store: Path, tmp_path: Path
) -> None:
    bare = file(tmp_path, "rule.json", encoded(rule("GR-ZZ-0001", Country=None)))
    with pytest.raises(SetupError):
        take(store, bare)
    assert only(store, bare, country="FRA").countries == ("FR",)
    assert stored(store).rules[0].country == "FR"
    own = file(tmp_path, "own.json", encoded({**rule("GR-DE-0001", Country=None), "country": "DE"}))
    assert only(store, own, country="FR").countries == ("DE",)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"{}", Refusal.NOT_A_RULE),
        (b'{"valueSetId": "tt"}', Refusal.NOT_A_RULE),
        (encoded({"profiles": {}, "conditions": {}}), Refusal.OTHER_RULE_LANGUAGE),
        (b"{,}", Refusal.NOT_A_RULE),
        (b"text", Refusal.NOT_A_RULE),
    ],
)
def test_what_is_no_rule_is_refused_by_name(
    store: Path, tmp_path: Path, data: bytes, refusal: Refusal
) -> None:
    place = folder(tmp_path, ONE)
    file(place, "other.json", data)
    assert only(store, place).refused == (("other.json", refusal),)
    report = only(store, file(tmp_path, "alone.json", data), keep_going=True)
    assert report.refusal
    assert report.refused == (("alone.json", refusal),)


def test_a_broken_rule_is_kept_and_told(store: Path, tmp_path: Path) -> None:
    place = folder(tmp_path, ONE, rule("TR-FR-0003", Version="one"))
    file(place, "FR/VR-FR-0009.json", b'{"Logic": [1,]}')
    file(place, "nobody.json", b'{"Logic": 1}')
    report = only(store, place)
    assert [(each.identifier, each.country) for each in sorted(report.broken)] == [
        ("TR-FR-0003", "FR"), ("VR-FR-0009", "FR"), ("nobody.json", ""),
    ]  # fmt: skip
    assert "Version of the rule is no version" in min(report.broken).what
    found = stored(store)
    assert [each.identifier for each in found.rules] == ["GR-FR-0001"]
    assert sorted(found.incomplete) == ["TR-FR-0003", "VR-FR-0009", "nobody.json"]


def test_a_rule_whose_logic_is_none_is_told_and_stays_a_rule(store: Path, tmp_path: Path) -> None:
    report = only(store, folder(tmp_path, rule(Logic={"or": [1, 2]})))
    assert [each.identifier for each in report.broken] == ["GR-FR-0001"]
    assert (report.rules, stored(store).incomplete) == (1, ())


def test_broken_rules_of_other_types_leave_entry_alone(store: Path, tmp_path: Path) -> None:
    booster = rule("BNR-DE-0001", Country="FR", Type="BoosterNotification", Version="1")
    report = only(store, file(tmp_path, "list.json", encoded([ONE, booster, 7])))
    assert [each.identifier for each in report.broken] == ["BNR-DE-0001", "rule 3"]
    assert stored(store).incomplete == ("rule 3",)


def test_a_country_of_broken_rules_alone_has_no_list(store: Path, tmp_path: Path) -> None:
    place = folder(tmp_path, ONE, rule("GR-DE-0001", Version="1"))
    french, strays = take(store, place, keep_going=True).lists
    assert (french.name, french.broken) == ("rules-fr:rules", ())
    assert strays.refused == (("GR-DE-0001", Refusal.RULE_BROKEN),)
    assert strays.refusal
    assert strays.refusal.fault == Fault.NO_RULES


@pytest.mark.parametrize(
    "data",
    [b"[", b"[1", b"[1,]", b"[1 2]", b"[]x", b"[1]]", b"[\xff]", b"[nul]", b"{}", b"", b"[,1]"],
)
def test_an_array_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(TrustListInvalid) as raised:
        json_elements(data)
    assert raised.value.fault == Fault.NOT_JSON


@given(st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists), max_size=5))
def test_an_array_is_taken_apart_into_its_elements(values: list[object]) -> None:
    for text in (json.dumps(values), json.dumps(values, indent=1, ensure_ascii=False)):
        assert [json.loads(each) for each in json_elements(text.encode())] == values


def test_lists_have_limits(monkeypatch: pytest.MonkeyPatch, store: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleSetInvalid):
        read_document(b" " * (1024 * 1024 + 1))
    monkeypatch.setattr("trustlists.rules.documents.LIST_RECORDS", 1)
    for apart, data in ((json_elements, b"[1,2]"), (lambda d: cbor_elements(d, 0), b"\x82\1\2")):
        with pytest.raises(TrustListInvalid) as raised:
            apart(data)
        assert raised.value.fault == Fault.TOO_LARGE
    monkeypatch.setattr("trustlists.rules.gathering.LIST_RECORDS", 1)
    assert fault_of(store, folder(tmp_path, ONE, TWO)) == Fault.ARCHIVE_CROWDED
    monkeypatch.setattr("trustlists.rules.forms.gateway.LIST_RECORDS", 1)
    assert fault_of(store, file(tmp_path, "fr.json", gateway(ONE, TWO))) == Fault.TOO_LARGE


def test_an_array_of_nothing_is_refused(store: Path, tmp_path: Path) -> None:
    assert fault_of(store, file(tmp_path, "list.json", b"[]")) == Fault.NO_RULES
    assert fault_of(store, file(tmp_path, "list.json", b"[1")) == Fault.NOT_JSON


def test_values_without_a_date_have_the_day_of_their_import(store: Path, tmp_path: Path) -> None:
    take(store, folder(tmp_path, ONE), file(tmp_path, "sets.json", encoded({"tt": ["a", "b"]})))
    [found] = stored(store).value_sets.sets
    assert (found.identifier, found.date, found.codes) == ("tt", "2026-11-18", ("a", "b"))


# The gateway


def test_the_gateway_s_rules_are_signed_by_their_country(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "fr.json", gateway(ONE, TWO, rule("VR-FR-0002", Version="1.0.5")))
    report = only(store, source, anchors=[anchor(tmp_path, upload("FR"))])
    assert (report.name, report.form, report.rules) == ("rules-fr:gateway", "gateway", 3)
    assert report.anchor == "anchor"
    found = stored(store)
    assert found.authenticated
    assert found.provenance[0].sequence == SIGNED_AT
    assert sorted(each.version for each in found.rules) == [(1, 0, 0), (1, 0, 4), (1, 0, 5)]


def test_the_gateway_s_trust_list_names_who_may_sign(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "fr.json", gateway(ONE))
    assert fault_of(store, source) == Fault.SIGNER_UNKNOWN
    trusted = file(tmp_path, "gateway.json", encoded(State("FR").entries()))
    ta = anchor(tmp_path, TA, "ta.pem")
    import_sources(store, [trusted], now=NOW + 9000, anchors=[ta])
    assert only(store, source).anchor == "ta"


def test_no_country_signs_for_another(store: Path, tmp_path: Path) -> None:
    anchors = [anchor(tmp_path, upload("DE"))]
    source = file(tmp_path, "fr.json", gateway(ONE, country="DE"))
    assert fault_of(store, source, anchors=anchors) == Fault.SIGNER_UNKNOWN


def test_an_altered_rule_costs_the_country_its_edition(store: Path, tmp_path: Path) -> None:
    anchors = [anchor(tmp_path, upload("FR"))]
    der = cms(encoded(ONE)).replace(b"GR-FR-0001", b"GR-FR-0009")
    altered = {"GR-FR-0009": [{"version": "1.0.0", "cms": b64(der)}]}
    whole = json.loads(gateway(TWO)) | altered
    source = file(tmp_path, "fr.json", encoded(whole))
    assert fault_of(store, source, anchors=anchors) in {Fault.DIGEST_WRONG, Fault.SIGNATURE_WRONG}


@pytest.mark.parametrize("members", [{"version": "1.0.1"}, {}])
def test_the_map_says_what_its_rules_say(
    store: Path, tmp_path: Path, members: dict[str, str]
) -> None:
    signed = b64(cms(encoded(ONE)))
    name_of = "GR-FR-0001" if members else "GR-FR-0002"
    source = file(tmp_path, "fr.json", encoded({name_of: [{"cms": signed, **members}]}))
    anchors = [anchor(tmp_path, upload("FR"))]
    assert fault_of(store, source, anchors=anchors) == Fault.ATTRIBUTE_CONTRADICTS


@pytest.mark.parametrize("versions", [[{"cms": ""}], [{"cms": 1}], [7], "cms", {"cms": "x"}])
def test_a_map_of_anything_else_is_malformed(store: Path, tmp_path: Path, versions: object) -> None:
    source = file(tmp_path, "fr.json", encoded({"GR-FR-0001": versions, "cms": []}))
    assert fault_of(store, source) == Fault.MALFORMED


def test_a_broken_rule_with_a_good_signature_is_kept(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "fr.json", gateway(ONE, rule("TR-FR-0003", ValidTo="never")))
    report = only(store, source, anchors=[anchor(tmp_path, upload("FR"))])
    assert [each.identifier for each in report.broken] == ["TR-FR-0003"]
    assert stored(store).incomplete == ("TR-FR-0003",)


def test_a_wrong_clock_of_a_country_keeps_nothing_out(store: Path, tmp_path: Path) -> None:
    future = tlv(0x17, b"291101120000Z")
    source = file(tmp_path, "fr.json", gateway(ONE, signing_time=future))
    take(store, source, anchors=[anchor(tmp_path, upload("FR"))])
    assert stored(store).provenance[0].sequence is None


# Germany


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return german_key(tmp_path)


def test_germany_s_archive_is_signed_as_a_whole(store: Path, tmp_path: Path, key: Path) -> None:
    source = file(tmp_path, "rules.zip", german([ONE, rule("GR-DE-0001")]))
    report = only(store, source, anchors=[key])
    assert (report.name, report.form) == ("rules-de-acceptance:german-rules", "germany")
    assert (report.countries, report.anchor) == (("DE", "FR"), "german-rules")
    assert stored(store).authenticated
    other = file(tmp_path, "more.zip", german([rule("IR-FR-0001")]))
    assert only(store, other, anchors=[key]).name == "rules-de-invalidation:german-rules"
    both = stored(store)
    assert [each.identifier for each in both.rules] == ["GR-FR-0001", "IR-FR-0001"]
    assert len(both.provenance) == 2


def test_lengths_may_be_left_open(store: Path, tmp_path: Path, key: Path) -> None:
    open_map = b"\xbf" + encode(ONE)[1:] + b"\xff"
    content = b"\x9f" + open_map + encode(TWO) + b"\xff"
    assert (
        only(store, file(tmp_path, "a.zip", german([], content=content)), anchors=[key]).rules == 2
    )
    with TrustStore.open(store) as opened:
        assert opened.rows("SELECT body FROM rules") == [(open_map,), (encode(TWO),)]
    assert len(stored(store).rules) == 2


def test_the_files_of_the_archive_may_lie_in_a_folder(
    store: Path, tmp_path: Path, key: Path
) -> None:
    content = encode([ONE])
    place = file(tmp_path / "german", "export.bin", content).parent
    file(place, "export.sig", german_signature(content))
    assert only(store, place, anchors=[key]).rules == 1
    # Archives in a folder keep their signatures to themselves.
    packed = tmp_path / "archives"
    file(packed, "a.zip", german([ONE]))
    file(packed, "b.zip", german([rule("IR-FR-0001")]))
    assert len(take(store, packed, anchors=[key]).lists) == 2


def _german(content: bytes, signature: bytes | None) -> bytes:
    files = {"export.bin": content} | ({"export.sig": signature} if signature else {})
    return archive(files)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda one: _german(one, None), Fault.COMPANION_MISSING),
        (lambda one: _german(one, german_signature(one, ec_key("x"))), Fault.SIGNATURE_WRONG),
        (lambda one: _german(one, german_signature(one + b"\0")), Fault.SIGNATURE_WRONG),
        (lambda one: german([], content=one + b"\0"), Fault.MALFORMED),
        (lambda _: german([1]), Fault.NOT_RULES),
    ],
)
def test_a_german_archive_that_does_not_hold_is_refused(
    store: Path, tmp_path: Path, key: Path, make: Callable[[bytes], bytes], fault: Fault
) -> None:
    source = file(tmp_path, "rules.zip", make(encode([ONE])))
    assert fault_of(store, source, anchors=[key]) == fault


def test_without_a_key_nothing_german_is_believed(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "rules.zip", german([ONE]))
    assert fault_of(store, source) == Fault.SIGNER_UNKNOWN


def test_german_rules_that_are_all_broken_are_refused(
    store: Path, tmp_path: Path, key: Path
) -> None:
    source = file(tmp_path, "rules.zip", german([rule(Version="1")]))
    report = only(store, source, anchors=[key], keep_going=True)
    assert report.refusal
    assert report.refusal.fault == Fault.NO_RULES
    assert [each.identifier for each in report.broken] == ["GR-FR-0001"]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x0a", b"\x0a\x05x", b"\x0d1234", b"\x80" * 11, field(1, b"\x80"), field(2, b"x"),
     field(1, field(4, b"no DER")), field(1, field(4, b"\x30")) + b"\xff", b"\x08\x01"],
)  # fmt: skip
def test_what_is_no_signature_file_accompanies_nothing(data: bytes) -> None:
    assert not is_companion(data)


@given(st.binary(max_size=64))
def test_any_bytes_are_a_signature_file_or_not(data: bytes) -> None:
    germany.FORM.companion(data)


# Austria


@pytest.fixture
def vienna(tmp_path: Path) -> Path:
    return anchor(tmp_path, SIGNER, "vienna.pem")


def austrian(place: Path, content: bytes, label: int = -65537, **how: Any) -> Path:
    file(place, "rules.bin", content)
    signed = austrian_signature(content, label=label, **{"version": 1, **how})
    file(place, "rules.sig", signed)
    return place


def test_austria_s_rules_are_dated_and_signed(store: Path, tmp_path: Path, vienna: Path) -> None:
    source = austrian(tmp_path / "at", austrian_rules(ONE, rule("GR-AT-0001")))
    report = only(store, source, anchors=[vienna])
    assert (report.name, report.form, report.rules) == ("rules-at:vienna", "austria", 2)
    found = stored(store, "AT")
    assert found.authenticated
    assert found.provenance[0].list.as_of == found.provenance[0].sequence == NOW - 3600
    assert found.provenance[0].list.too_old_after == 48 * 3600


def test_austria_s_value_sets_have_a_signature_of_their_own(
    store: Path, tmp_path: Path, vienna: Path
) -> None:
    content = austrian_values(value_set())
    source = austrian(tmp_path / "at", content, label=-65538)
    assert only(store, source, anchors=[vienna]).name == "value-sets-at:vienna"
    wrong = austrian(tmp_path / "wrong", content)
    report = only(store, wrong, anchors=[vienna], keep_going=True)
    assert report.refusal
    assert report.refusal.fault == Fault.COMPANION_MISSING


@pytest.mark.parametrize(
    ("content", "how", "fault"),
    [
        (austrian_rules(ONE), {"version": 2}, Fault.FUTURE_VERSION),
        (austrian_rules(ONE), {"key": ec_key("x")}, Fault.SIGNATURE_WRONG),
        (austrian_rules(ONE), {"ends": NOW - 3600}, Fault.LIST_EXPIRED),
        (encode({"r": [7]}), {}, Fault.MALFORMED),
        (b"\xa1\x61r\x81\xa2\x01\x01\x01\x01", {}, Fault.MALFORMED),
        (encode({"r": []}) + b"\0", {}, Fault.MALFORMED),
        (encode({"r": []}), {}, Fault.NO_RULES),
        (encode({"r": [{"r": json.dumps(ONE)}, {"i": "x"}]})[:-1], {}, Fault.MALFORMED),
        (encode({"v": [{"n": "tt", "v": "{}"}]}), {"label": -65538}, Fault.MALFORMED),
    ],
)
def test_an_austrian_list_that_does_not_hold_is_refused(
    store: Path, tmp_path: Path, vienna: Path, content: bytes, how: dict[str, Any], fault: Fault
) -> None:
    source = austrian(tmp_path / "at", content, **how)
    assert fault_of(store, source, anchors=[vienna]) == fault


def test_an_entry_without_its_rule_is_broken(store: Path, tmp_path: Path, vienna: Path) -> None:
    content = encode({"r": [{"r": json.dumps(ONE)}, {"i": "x"}, {"r": 7}]})
    report = only(store, austrian(tmp_path / "at", content), anchors=[vienna])
    assert [each.identifier for each in report.broken] == ["x", "rule 3"]


# CMS


@pytest.mark.parametrize("as_text", [True, False])
def test_an_authority_may_sign_its_own_list(store: Path, tmp_path: Path, *, as_text: bool) -> None:
    signed = cms(encoded([ONE, TWO]))
    source = file(tmp_path, "entry.cms", b64(signed).encode() if as_text else signed)
    report = only(store, source, anchors=[anchor(tmp_path, upload("FR"))])
    assert (report.name, report.form, report.anchor) == ("rules:entry", "cms", "anchor")
    assert stored(store).provenance[0].list.as_of == SIGNED_AT


@pytest.mark.parametrize("document", [ONE, [ONE], value_set(), {"tt": ["a"]}])
def test_it_may_be_one_rule_or_a_value_set(store: Path, tmp_path: Path, document: object) -> None:
    source = file(tmp_path, "entry.cms", cms(encoded(document)))
    report = only(store, source, anchors=[anchor(tmp_path, upload("FR"))])
    assert report.rules + report.value_sets == 1


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (cms(b"{}"), Fault.NO_RULES),
        (cms(encoded(ONE), signing_time=None), Fault.NO_SIGNING_TIME),
        (cms(encoded(ONE), "DE"), Fault.SIGNER_UNKNOWN),
        (cms(encoded(ONE), key=ec_key("x")), Fault.SIGNATURE_WRONG),
        (b"\x30\x00", Fault.MALFORMED),
    ],
)
def test_what_it_has_not_signed_is_refused(
    store: Path, tmp_path: Path, data: bytes, fault: Fault
) -> None:
    source = file(tmp_path, "entry.cms", data)
    assert fault_of(store, source, anchors=[anchor(tmp_path, upload("FR"))]) == fault


# Which form it is


def test_forms_are_recognised_by_their_content() -> None:
    wanted = {
        gateway(ONE): "gateway",
        encode([ONE]): "germany",
        encode([ONE] * 30): "germany",
        austrian_rules(ONE): "austria",
        austrian_values(value_set()): "austria",
        cms(encoded(ONE)): "cms",
        encoded(ONE): "json",
        encoded([ONE]): "json",
    }
    for data, form_name in wanted.items():
        form = recognised(data)
        assert form is named(form_name), form_name
    for data in (b"", b"\x81", b"\xa1\x61r", b"text", b"\x98"):
        assert recognised(data) is None


def test_the_operator_s_word_counts(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "rule.json", encoded(ONE))
    assert fault_of(store, source, form="gateway") == Fault.NOT_RULES
    assert only(store, source, form="json").rules == 1
    odd = file(tmp_path, "odd", b"\0")
    assert only(store, odd, form="cms", keep_going=True).form == "cms"
    with pytest.raises(SetupError, match="gateway, germany, austria, cms, json"):
        take(store, source, form="yaml")


def test_a_signature_alone_is_no_list(store: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "export.sig", german_signature(b"nothing"))
    assert fault_of(store, source) == Fault.ONLY_A_COMPANION


@pytest.mark.parametrize("make", [lambda p: p / "nothing", lambda p: p, lambda _: "https://x.y/z"])
def test_a_source_that_cannot_be_read_is_refused(
    store: Path, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    place = tmp_path / "empty"
    place.mkdir()
    with pytest.raises(SetupError):
        take(store, make(place))


def test_an_archive_in_an_archive_is_refused_by_name(store: Path, tmp_path: Path) -> None:
    packed = archive({"rule.json": encoded(ONE), "more.zip": archive({"x": b""})})
    report = only(store, file(tmp_path, "rules.zip", packed))
    assert report.refused == (("more.zip", Refusal.NESTED_ARCHIVE),)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"{", b"[", b"\x81\xa1", b"\xa1\x61r\x81", b"\x30\x82"):
        recognised(head + data)
        is_companion(head + data)
        try:
            read_document(head + data)
        except RuleSetInvalid as error:
            assert error.fault == "rule_broken"


def test_a_file_is_what_its_hash_says() -> None:
    # The national service names a rule by this; nothing here may change its bytes.
    data = encoded(ONE)
    [element] = json_elements(b"[" + data + b"]")
    assert hashlib.sha256(element).digest() == hashlib.sha256(data).digest()
