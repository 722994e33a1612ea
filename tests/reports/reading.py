"""Reading PDFs back, with readers that did not write them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2
import pypdfium2.raw as raw


@dataclass(frozen=True)
class Glyph:
    """One character as it stands on a page, in points from the lower left corner."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


def read_glyphs(path: Path, page: int = 0) -> list[Glyph]:
    """All characters of a page with the boxes of their cells (loose) and their font size."""
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        text = pdf[page].get_textpage()
        found = []
        for at in range(text.count_chars()):
            char = chr(raw.FPDFText_GetUnicode(text, at))
            if char.isspace() or raw.FPDFText_IsGenerated(text, at):
                continue
            found.append(Glyph(char, *text.get_charbox(at, loose=True), raw.FPDFText_GetFontSize(text, at)))
        return found


def read_pages(path: Path) -> list[str]:
    """The text of each page as pdfium copies it, without white space."""
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in pdf]


def read_fonts(path: Path) -> list[pypdf.generic.DictionaryObject]:
    """Every font dictionary a page can reach, each once."""
    reader = pypdf.PdfReader(path)
    found: dict[int, pypdf.generic.DictionaryObject] = {}
    for page in reader.pages:
        for ref in page["/Resources"]["/Font"].values():
            found[ref.idnum] = ref.get_object()
    return list(found.values())
