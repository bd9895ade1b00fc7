import copy
import dataclasses
import json
import pickle
from collections.abc import Callable

import pytest

from verifier import PrivacyPolicy
from verifier.claims import (
    Claims,
    Exemption,
    Holder,
    PartialDate,
    Recovery,
    Test,
    Vaccination,
)
from verifier.envelope import Envelope
from verifier.errors import PolicyViolation, SetupError
from verifier.privacy import MASK, Disclosure, HolderView, Private
from verifier.scan import read_scan
from verifier.verdict import HolderBox

SECRET = "Kanarienvogel"
CODE = ("snomed", SECRET)
DATE = PartialDate(SECRET)
HOLDER = Holder(SECRET, SECRET, SECRET, SECRET, DATE)


def claims() -> Claims:
    made = Claims(format=SECRET, scheme=SECRET, country=SECRET, issued=1, expires=2)
    made.holder_source = HOLDER
    made.identifier = SECRET
    return made


PRIVATE = [
    Private(SECRET),
    Private({"a": [SECRET]}),
    DATE,
    HOLDER,
    HolderView(SECRET, SECRET, SECRET, ((SECRET, SECRET),)),
    HolderBox(HOLDER, (), Disclosure.CLINICAL),
    Vaccination(CODE, CODE, CODE, CODE, DATE, centre=SECRET, lot=SECRET),
    Test(CODE, CODE, CODE, DATE, 1, name=SECRET, centre=SECRET),
    Recovery(CODE, DATE, DATE, DATE),
    Exemption(CODE, DATE, DATE),
    claims(),
    Envelope(SECRET, 1, SECRET.encode(), SECRET.encode(), SECRET.encode(), SECRET.encode()),
    read_scan("HC1:" + SECRET),
]


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
def test_private_values_mask_themselves(value: object) -> None:
    shown = [
        repr(value),
        str(value),
        f"{value}",
        f"{value!r:>40}",
        f"{value:>40}",
        format(value, ""),
        "%s" % (value,),  # noqa: UP031 - logging does it like this
        "%r" % (value,),  # noqa: UP031 - the same
        "{0}".format(value),  # noqa: UP030, UP032 - and like this
        repr([value]),
        repr({"a": (value,)}),
        json.dumps({"value": value}, default=str),
        ascii(value),
    ]
    assert SECRET not in " ".join(shown)
    assert all(MASK in each for each in shown)


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "take",
    [
        *(lambda value, protocol=protocol: pickle.dumps(value, protocol) for protocol in range(6)),
        lambda value: pickle.dumps([value]),
        copy.copy,
        copy.deepcopy,
        lambda value: copy.deepcopy({"a": value}),
    ],
)
def test_private_values_are_not_copied_or_pickled(
    value: object, take: Callable[[object], object]
) -> None:
    with pytest.raises(PolicyViolation) as caught:
        take(value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("value", PRIVATE, ids=lambda value: type(value).__name__)
def test_private_values_have_no_members_to_list(value: object) -> None:
    with pytest.raises(TypeError):
        vars(value)
    assert not hasattr(value, "__dict__")
    assert not dataclasses.is_dataclass(value)
    with pytest.raises(TypeError):
        json.dumps(value)


def test_a_box_is_opened_by_one_word() -> None:
    assert Private(SECRET).reveal() == SECRET


def test_copying_is_an_error_of_the_set_up() -> None:
    assert issubclass(PolicyViolation, SetupError)


def test_the_strict_policy_is_the_default_and_shows_the_identity() -> None:
    assert PrivacyPolicy.strict() == PrivacyPolicy() == PrivacyPolicy(Disclosure.IDENTITY)


def test_a_policy_has_no_setting_but_disclosure_and_cannot_be_changed() -> None:
    assert PrivacyPolicy._fields == ("disclosure",)
    with pytest.raises(AttributeError):
        PrivacyPolicy().disclosure = Disclosure.CLINICAL
    assert [level.value for level in Disclosure] == ["none", "identity", "clinical"]


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_policy_says_in_words_what_is_read_shown_and_kept(disclosure: Disclosure) -> None:
    notice = PrivacyPolicy(disclosure).explain()
    headings = [heading for heading, _ in notice]
    assert headings[:3] == ["What is read", "What the officer sees", "What is kept"]
    assert len(set(headings)) == len(headings)
    words = dict(notice)
    assert "Nothing" in words["What is kept"]
    shown = words["What the officer sees"]
    assert ("name" in shown) is (disclosure is not Disclosure.NONE)
    assert ("medical" in shown) is (disclosure is Disclosure.CLINICAL)
    assert all(text.endswith(".") and text.isprintable() for text in words.values())
