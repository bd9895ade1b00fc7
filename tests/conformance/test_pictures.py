"""Every picture of the public data: what is printed on a certificate has to be read from it.

Thirty-three pictures are in the data. One of them is of a code that its makers have spoilt.
"""

import base64
import json

import pytest
from support.conformance import cases_in, conformance

from cli.pictures import read_picture
from verifier import Reason

PNG = ("dcc", "quality-assurance", "png")
CASES = ("dcc", "dgc-testdata")
TEXTS = ("dcc", "quality-assurance", "qr-dev.jsonl")


def read(data: bytes) -> list[str | bytes | Reason]:
    return list(read_picture(bytearray(data)))


@pytest.mark.parametrize("name", cases_in(*PNG, pattern="*"))
def test_quality_assurance_pictures_give_the_text_of_their_code(name: str) -> None:
    lines = conformance(*TEXTS).read_text("utf-8").splitlines()
    texts = {row["file"].replace("/", "__"): row["qr"] for row in map(json.loads, lines)}
    picture = conformance(*PNG, name)
    assert read(picture.read_bytes()) == [texts[name]]


def picture_of(name: object) -> str:
    """The picture in a case; it was taken out of most, see the README of the data."""
    if not isinstance(name, str):
        return "the one case that says that there are no data"
    case = json.loads((conformance(*CASES) / name).read_text("utf-8"))
    return str(case.get("2DCODE") or case.get("_2DCODE") or "")


@pytest.mark.parametrize("name", [*filter(picture_of, cases_in(*CASES, pattern="**/*.json"))])
def test_pictures_of_the_test_data_meet_their_label(name: str) -> None:
    case = json.loads((conformance(*CASES) / name).read_text("utf-8"))
    found = read(base64.b64decode(picture_of(name)))
    if case["EXPECTEDRESULTS"].get("EXPECTEDPICTUREDECODE") is False:
        assert found[0] in {Reason.UNREADABLE_PICTURE, Reason.NO_CODE_IN_PICTURE}
    else:
        assert found == [case["PREFIX"]]


OTHERS = [
    ("nzcp", "vectors"),
    ("shc", "dev-tools"),
    ("vds-nc", "vectors"),
    ("divoc", "vectors"),
]
SPOILT = "test-example-00-g-qr-code-0-corrupted.png"
BEGINS = {"nzcp": "NZCP:/1/", "shc": "shc:/", "vds-nc": "{", "divoc": b"PK\3\4"}


@pytest.mark.parametrize("family", OTHERS, ids=[family for family, _ in OTHERS])
def test_pictures_of_other_families_give_their_code(family: tuple[str, str]) -> None:
    folder = conformance(*family)
    pictures = sorted(path for path in folder.iterdir() if path.suffix in {".png", ".jpg"})
    assert pictures
    begin = BEGINS[family[0]]
    for path in pictures:
        (found,) = read(path.read_bytes())
        if path.name == SPOILT:
            assert found is Reason.NO_CODE_IN_PICTURE
        else:
            assert isinstance(found, type(begin))
            assert found.startswith(begin), path.name
