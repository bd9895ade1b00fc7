import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import health_link
from verifier.reasons import Reason

KEY = base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
GOOD = {"url": "https://links.specimen.example/abc", "key": KEY}


def link(**members: object) -> str:
    text = json.dumps({**GOOD, **members}).encode()
    return "shlink:/" + base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.parametrize("scheme", ["shlink:/", "SHLINK:/", "ShLink:/", "vhlink:/"])
@pytest.mark.parametrize("viewer", ["", "https://v.example/#", "HTTPS://v.example/view?x=1#"])
def test_a_link_is_known_bare_and_behind_a_viewer(scheme: str, viewer: str) -> None:
    text = viewer + link().replace("shlink:/", scheme)
    assert health_link.is_link(text)
    assert health_link.explain(text) is Reason.HEALTH_LINK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shlink",
        "shlink:",
        "shc:/56",
        "text shlink:/abc",
        "http://v.example/#shlink:/abc",
        "https://v.example/shlink:/a",
    ],
)
def test_other_texts_are_no_links(text: str) -> None:
    assert not health_link.is_link(text)


@pytest.mark.parametrize(
    "members",
    [
        {}, {"exp": 1}, {"exp": 1.5}, {"flag": ""}, {"flag": "LP"}, {"flag": "XU"},
        {"label": "x" * 80}, {"v": 1}, {"more": [1]}, {"url": "https://a/?b=c"},
    ],
)  # fmt: skip
def test_a_sound_link_is_told(members: dict[str, object]) -> None:
    assert health_link.explain(link(**members)) is Reason.HEALTH_LINK


@pytest.mark.parametrize(
    "members",
    [
        {"url": 5}, {"url": "http://a.example/b"}, {"url": "https://u@a.example/b"},
        {"url": "https://a.example/" + "b" * 128}, {"url": "https://a.example"},
        {"url": "https://a.example/\n"}, {"url": "https://"}, {"key": None}, {"key": "AAAA"},
        {"key": KEY + "="}, {"exp": True}, {"exp": "1"}, {"flag": 1}, {"flag": "PU"},
        {"label": "x" * 81}, {"label": []}, {"v": "1"}, {"v": 0}, {"v": None},
    ],
)  # fmt: skip
def test_an_unsound_link_is_told_as_one(members: dict[str, object]) -> None:
    assert health_link.explain(link(**members)) is Reason.HEALTH_LINK_MALFORMED


@pytest.mark.parametrize("rest", ["", "a+b", "AAAA", "W10", "e30", "!"])
def test_what_is_no_object_is_no_sound_link(rest: str) -> None:
    assert health_link.explain(f"shlink:/{rest}") is Reason.HEALTH_LINK_MALFORMED


def test_a_newer_link_is_told_whatever_is_in_it() -> None:
    assert health_link.explain(link(v=2, url=5)) is Reason.NEWER_VERSION


@given(st.text(max_size=40))
def test_any_rest_is_explained(rest: str) -> None:
    assert health_link.explain(f"shlink:/{rest}") is Reason.HEALTH_LINK_MALFORMED
