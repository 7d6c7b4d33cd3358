"""The label of a parcel as a PDF, A6: to whom, from whom, which order.

Letters that the fonts here lack are refused, never printed as empty boxes: a parcel with boxes for an address is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from app.kernel.errors import Invalid
from app.kernel.later import Later
from app.market.fulfilment.values import Label

if TYPE_CHECKING:
    import fpdf
    import uharfbuzz as shaping
else:
    fpdf, shaping = Later("fpdf"), Later("uharfbuzz")

# Latin, Greek and Cyrillic first; what it lacks is taken from the next.
_FONTS: Final = (
    ("noto", "fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    ("arabic", "fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf"),
)
_A6: Final = (105, 148)  # millimetres
_MARGIN: Final = 8
_LINES: Final = 12  # of an address; more would run out of the label


def draw_label(label: Label) -> bytes:
    """The PDF; raises `Invalid` for letters that can't be printed here."""
    lines = [line for line in label.address.splitlines() if line.strip()]
    _check([label.to, *lines, label.sender, label.order])
    pdf = fpdf.FPDF(format=_A6)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(_MARGIN)
    for family, package, name in _FONTS:
        pdf.add_font(family, fname=str(files(package) / "files" / name))
    pdf.set_font("noto")
    pdf.set_fallback_fonts(["arabic"], exact_match=False)
    pdf.set_text_shaping(use_shaping_engine=True)
    pdf.set_title(label.order)
    pdf.add_page()
    _write(pdf, label.from_word, 8)
    _write(pdf, label.sender, 10)
    pdf.set_y(pdf.get_y() + 3)
    pdf.line(_MARGIN, pdf.get_y(), _A6[0] - _MARGIN, pdf.get_y())
    pdf.set_y(pdf.get_y() + 6)
    _write(pdf, label.to_word, 8)
    size = 15 if len(lines) <= 6 else 11
    for line in [label.to, *lines[:_LINES]]:
        _write(pdf, line, size)
    pdf.set_y(_A6[1] - _MARGIN - 6)
    _write(pdf, label.order, 7)
    return bytes(pdf.output())


def _write(pdf: fpdf.FPDF, text: str, size: int) -> None:
    pdf.set_font_size(size)
    # Whichever way it is read, it begins at the edge where an address begins.
    align = "R" if _from_the_right(text) else "L"
    pdf.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")


def _from_the_right(text: str) -> bool:
    return any("\u0590" <= letter <= "\u08ff" for letter in text)


def _check(texts: Iterable[str]) -> None:
    missing = {letter for text in texts for letter in text if letter.isprintable() and ord(letter) not in _printable()}
    if missing:
        raise Invalid(
            "We can’t print these letters on a label: %(letters)s. Copy the address from the order instead.",
            code="label_letters",
            letters=" ".join(sorted(missing)[:10]),
        )


@lru_cache(maxsize=1)
def _printable() -> frozenset[int]:
    """What the fonts have between them."""
    return frozenset(
        code
        for _family, package, name in _FONTS
        for code in shaping.Face(shaping.Blob.from_file_path(str(files(package) / "files" / name))).unicodes
    )
