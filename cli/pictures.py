"""The codes in a picture: Pillow opens it, zxing-cpp finds them. The extra ``pictures``.

The picture stays in memory. Its pixels are counted from the header before any are decoded. A
picture that shows no code, or cannot be opened, is a finding about the document and no error.
"""

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import cast

from cli.problem import setup_problem
from verifier.errors import DocumentError
from verifier.limits import PICTURE_BYTES, PICTURE_PIXELS
from verifier.lookalikes import FOREIGN
from verifier.reasons import Reason
from verifier.scan import read_scan

try:
    import zxingcpp
    from PIL import Image, ImageChops, ImageFilter, ImageOps
except ImportError:
    what = "Pictures cannot be read: the part of this program that does is not installed."
    raise setup_problem(what, "Install it: pip install 'pratique[pictures]'") from None

# The picture formats of the interface contract. Pillow's many others stay shut: less to attack.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")

# A scanned booklet has a few pages, each of which takes about a second at its largest.
_FRAMES = 16

_CODES = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.DataMatrix,
    )
)

# What a scan that is no certificate of any kind known here is answered with.
_FOREIGN = FOREIGN | {Reason.NOT_RECOGNISED, Reason.EMPTY, Reason.TOO_LARGE}

# Modules of a few pixels are lost when a picture is taken from afar; twice or three times the
# size brings them back. Larger pictures have pixels enough.
_UPSCALED_BELOW = 1_500

# Edges of a picture out of focus, steepened over the width of a blurred module.
_SHARPEN = ImageFilter.UnsharpMask(radius=4, percent=400, threshold=0)

# The grid of a screen is a pixel or two of a photograph, a module of a code three and more.
_BLUR_GRID = ImageFilter.GaussianBlur(1)

# So many pixels of each side become one that tells how light the paper is.
_PAPER = 8


def read_picture(data: bytearray) -> Iterator[str | bytes | Reason]:
    """Yield the documents in a picture.

    Every code that a format recognises is a document and other codes beside it are ignored; with
    none, the first code seen stands for the picture, so that the verdict says why.
    """
    if len(data) > PICTURE_BYTES:
        yield Reason.UNREADABLE_PICTURE
        return
    seen = None
    try:
        with warnings.catch_warnings():
            # Pillow warns on standard error; what is wrong here is told by the reason.
            warnings.simplefilter("ignore")
            seen = _read(data)
    except Exception:  # noqa: BLE001 - decoders raise nearly anything for a damaged picture
        seen = None
    if seen is None:
        yield Reason.UNREADABLE_PICTURE
        return
    yield from documents_among(seen)


def documents_among(seen: list[str | bytes]) -> list[str | bytes | Reason]:
    """Give the codes that are documents, else what stands for a picture without one."""
    known = [code for code in seen if is_document(code)]
    return [*(known or seen[:1])] or [Reason.NO_CODE_IN_PICTURE]


def is_document(code: str | bytes) -> bool:
    """Tell whether some format recognises a code, or knows it as one that is not read here."""
    try:
        read_scan(code)
    except DocumentError as error:
        return error.reason not in _FOREIGN
    return True


def _read(data: bytearray) -> list[str | bytes] | None:
    """Read the codes of every frame, each once; None for a picture that is too large."""
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        seen: list[str | bytes] = []
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        for frame in range(min(frames, _FRAMES)):
            picture.seek(frame)
            if picture.width * picture.height > PICTURE_PIXELS:
                return None
            seen += [code for code in codes_in(_grey(picture)) if code not in seen]
        return seen


def _grey(picture: Image.Image) -> Image.Image:
    """Turn a picture of any mode upright, onto white and into eight bits of grey."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        # Sixteen and more bits: stretched from the darkest to the lightest value that occurs.
        wide = upright.convert("F")
        low, high = cast("tuple[float, float]", wide.getextrema())
        scale = 255 / ((high - low) or 1)
        return wide.point(lambda value: value * scale - low * scale).convert("L")
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    return upright.convert("L")


def codes_in(grey: Image.Image, *, patient: bool = True) -> list[str | bytes]:
    """Read the codes of a frame; with patience, try harder until one of them is a document."""
    seen: list[str | bytes] = []
    for attempt in _attempts(grey) if patient else (grey,):
        for code in zxingcpp.read_barcodes(
            attempt, formats=_CODES, text_mode=zxingcpp.TextMode.Plain
        ):
            content = _content(code)
            if content not in seen:
                seen.append(content)
        if any(is_document(code) for code in seen):
            break
    return seen


def _attempts(grey: Image.Image) -> Iterator[Image.Image]:
    """Yield the frame as it is, then changed in the ways that were seen to help, cheapest first.

    Measured on 189 pictures of three codes, tilted, shaded, blurred, noisy, small, far away and
    taken of a screen: with paper made evenly white and edges steepened, all are read but those
    blurred over more than half a module; of a screen, once its own grid is blurred away.
    """
    yield grey
    even = _evenly_lit(grey)
    yield even
    yield even.filter(_SHARPEN)
    yield _evenly_lit(grey.filter(_BLUR_GRID)).filter(_SHARPEN)
    if max(grey.size) < _UPSCALED_BELOW:
        contrast = ImageOps.autocontrast(grey, cutoff=1)
        for factor in (2, 3):
            yield ImageOps.scale(contrast, factor, Image.Resampling.BICUBIC)
    else:
        yield ImageOps.scale(even, 0.5, Image.Resampling.BOX)


def _evenly_lit(grey: Image.Image) -> Image.Image:
    """Take the light of the paper round each place from it, and stretch what remains."""
    width, height = (max(1, side // _PAPER) for side in grey.size)
    paper = grey.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    reach = max(2, min(grey.size) / 96)
    light = paper.filter(ImageFilter.GaussianBlur(reach)).resize(grey.size)
    return ImageOps.autocontrast(ImageChops.subtract(grey, light, offset=255), cutoff=1)


def _content(code: zxingcpp.Barcode) -> str | bytes:
    """Give the text of a code, or its bytes where it holds no text."""
    if code.content_type is zxingcpp.ContentType.Binary:
        return bytes(code.bytes)
    return str(code.text)
