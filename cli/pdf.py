"""The codes on the pages of a PDF: PDFium draws, ``cli.pictures`` reads. The extra ``pdf``.

The document stays in memory, and so does every page, one at a time. Pages, their pixels and those
of the pictures on them are counted before anything is drawn. Where no page shows a code, a code may
stand on one as text (``cli.pdf_text``). A PDF that is locked, damaged or shows no code is a finding
and no error.
"""

from collections.abc import Iterator
from contextlib import closing
from math import sqrt

from cli.problem import setup_problem
from verifier.limits import PICTURE_BYTES, PICTURE_PIXELS
from verifier.reasons import Reason

try:
    import pypdfium2
    import zxingcpp  # noqa: F401 - cli.pictures reads with it, and would name another extra
    from PIL import Image
    from pypdfium2 import raw
except ImportError:
    what = "PDFs cannot be read: the part of this program that does is not installed."
    raise setup_problem(what, "Install it: pip install 'pratique[pdf]'") from None

from cli.pdf_text import codes_written
from cli.pictures import codes_in, documents_among, is_document

# A certificate has a page or two; what airlines bundle has a few more.
_PAGES = 16

# Codes are printed with modules of half a millimetre, three pixels at 150 to the inch. When no page
# shows one, all are drawn finer, and each is read with patience.
_ROUNDS = ((150, False), (300, True))
_POINTS_AN_INCH = 72

# A page of A3 at 300 to the inch; larger ones are drawn coarser.
_PAGE_PIXELS = 18_000_000

# A page that is full of small print has some 10,000.
_PAGE_CHARACTERS = 50_000


def read_pdf(data: bytearray) -> Iterator[str | bytes | Reason]:
    """Yield the documents on the pages of a PDF, each once, as ``read_picture`` does."""
    if len(data) > PICTURE_BYTES:
        yield Reason.UNREADABLE_PDF
        return
    found: list[str | bytes] | Reason
    try:
        found = _read(bytes(data))
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        found = Reason.LOCKED_PDF if locked else Reason.UNREADABLE_PDF
    except Exception:  # noqa: BLE001 - whatever it is, it came from the document and stays here
        found = Reason.UNREADABLE_PDF
    if isinstance(found, Reason):
        yield found
    else:
        yield from documents_among(found)


def _read(data: bytes) -> list[str | bytes]:
    seen: list[str | bytes] = []
    with closing(pypdfium2.PdfDocument(data)) as document:
        for dots, patient in _ROUNDS:
            for number in range(min(len(document), _PAGES)):
                with closing(document[number]) as page:
                    picture = _drawn(page, dots)
                if picture is not None:
                    codes = codes_in(picture, patient=patient)
                    seen += [code for code in codes if code not in seen]
            if any(is_document(code) for code in seen):
                return seen
        return [*_written(document), *seen]


def _written(document: pypdfium2.PdfDocument) -> list[str]:
    """Read the codes that stand on the pages as text, each once."""
    found: dict[str, None] = {}
    for number in range(min(len(document), _PAGES)):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            if text.count_chars() <= _PAGE_CHARACTERS:
                found.update(dict.fromkeys(codes_written(text.get_text_range())))
    return [*found]


def _drawn(page: pypdfium2.PdfPage, dots: int) -> Image.Image | None:
    """Draw a page in grey, or nothing when a picture on it is too large to be decoded."""
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)):
        width, height = picture.get_px_size()
        if width * height > PICTURE_PIXELS:
            return None
    inches = page.get_width() * page.get_height() / _POINTS_AN_INCH**2
    dots = min(dots, int(sqrt(_PAGE_PIXELS / inches)))
    with closing(page.render(scale=dots / _POINTS_AN_INCH, grayscale=True)) as bitmap:
        drawn: Image.Image = bitmap.to_pil().copy()
    return drawn
