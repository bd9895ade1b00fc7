"""Codes that are drawn as SVG: one path of dark runs, a row of modules after the other."""

import re
from io import BytesIO

from PIL import Image

from cli.pictures import read_picture
from verifier.reasons import Reason

_PATH = re.compile(r'<path stroke="#000000" d="([^"]+)"')
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_STEP = re.compile(r"([Mhm])(-?[\d.]+)(?: (-?[\d.]+))?")
_SCALE = 4


def codes_in_svg(drawing: str) -> list[str | bytes | Reason]:
    """Draw it, and read the codes in the picture as the command does."""
    [(width, height)] = _SIZE.findall(drawing)
    image = Image.new("L", (int(width), int(height)), 255)
    column = row = 0
    for step, first, second in _STEP.findall(_PATH.findall(drawing)[0]):
        if step == "M":
            column, row = int(float(first)), int(float(second))
        elif step == "m":
            column += int(first)
        else:
            image.paste(0, (column, row, column + int(first), row + 1))
            column += int(first)
    large = image.resize((image.width * _SCALE, image.height * _SCALE), Image.Resampling.NEAREST)
    file = BytesIO()
    large.save(file, "PNG")
    return list(read_picture(bytearray(file.getvalue())))
