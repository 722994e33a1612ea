"""Embedding of the used glyphs, one composite font a face and document; knows no layout.

ReportLab writes a TrueType face as many fonts of 256 characters, again in every document, and its
`makeToUnicodeCMap` copies characters above the BMP wrongly. Here a face becomes one Type 0 font
(ISO 32000-1, 9.7) with two-byte codes, shared by all chunks of a document, its ToUnicode map in UTF-16BE.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from reports.core.fonts import Face

if TYPE_CHECKING:
    import pikepdf

_TAG = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UsedGlyphs(dict[str, str]):
    """Character → its two-byte code in hexadecimal; a character gets the next code when first asked for."""

    def __init__(self, face: Face, name: str) -> None:
        super().__init__()
        self.face = face
        self.name = name

    def __missing__(self, char: str) -> str:
        code = f"{len(self) + 1:04X}"
        self[char] = code
        return code

    def hex(self, text: str) -> str:
        """The text as the inside of a PDF hexadecimal string."""
        return "".join(map(self.__getitem__, text))


class FontUse:
    """The fonts of one document and the characters used of each."""

    def __init__(self) -> None:
        self._used: dict[Face, UsedGlyphs] = {}

    def of(self, face: Face) -> UsedGlyphs:
        """The face's table in this document; its `name` is the resource name without slash."""
        used = self._used.get(face)
        if used is None:
            used = self._used[face] = UsedGlyphs(face, f"F{len(self._used) + 1}")
        return used

    def write(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Add the subset fonts to `pdf`; returns the /Font resource dictionary for every page."""
        import pikepdf

        fonts = pikepdf.Dictionary()
        for number, used in enumerate(self._used.values()):
            if used:
                fonts["/" + used.name] = _write_font(pdf, used, number)
        return pdf.make_indirect(fonts)


def _write_font(pdf: pikepdf.Pdf, used: UsedGlyphs, number: int) -> pikepdf.Object:
    from pikepdf import Array, Dictionary, Name, String

    face = used.face.parsed
    codes = [ord(char) for char in used]
    name = Name(f"/{_tag(used, number)}+{used.face.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(_round(face.bbox)),
        ItalicAngle=_round([face.italicAngle])[0],
        Ascent=round(face.ascent),
        Descent=round(face.descent),
        CapHeight=round(face.capHeight),
        StemV=round(face.stemV),
        FontFile2=_font_file(pdf, used, codes),
    )
    widths = Array(_round([face.getCharWidth(code) for code in codes]))
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        DW=1000,
        W=Array([1, widths]),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=pdf.make_stream(_glyph_numbers(used, codes)),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_stream(to_unicode(list(used))),
        )
    )


def _font_file(pdf: pikepdf.Pdf, used: UsedGlyphs, codes: list[int]) -> pikepdf.Object:
    data = used.face.parsed.makeSubset(codes)
    stream = pdf.make_stream(data)
    stream["/Length1"] = len(data)
    return stream


def _glyph_numbers(used: UsedGlyphs, codes: list[int]) -> bytes:
    """CIDToGIDMap: `makeSubset` numbers glyphs as it meets them, and two characters may share one."""
    seen = {0: 0}
    numbers = [0]
    for code in codes:
        glyph = used.face.parsed.charToGlyph[code]
        numbers.append(seen.setdefault(glyph, len(seen)))
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def to_unicode(chars: list[str]) -> bytes:
    """The ToUnicode CMap of codes 1, 2, 3… (ISO 32000-1, 9.10.3): UTF-16BE, at most 100 a block."""
    parts = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(chars), 100):
        block = chars[start : start + 100]
        parts.append(f"{len(block)} beginbfchar")
        parts += [
            f"<{start + n + 1:04X}> <{char.encode('utf-16-be').hex().upper()}>"
            for n, char in enumerate(block)
        ]
        parts.append("endbfchar")
    parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(parts).encode("ascii")


def _tag(used: UsedGlyphs, number: int) -> str:
    """Six letters that differ with the subset (ISO 32000-1, 9.6.4)."""
    value = zlib.crc32("".join(used).encode()) + number
    letters = []
    for _ in range(6):
        value, rest = divmod(value, 26)
        letters.append(_TAG[rest])
    return "".join(letters)


def _round(values: list[float]) -> list[int]:
    return [round(value) for value in values]
