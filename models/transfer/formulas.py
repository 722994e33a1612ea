"""Formulas of an xlsx that were saved without a result, and results that are errors. Knows no field."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_CHUNK = 2**20
_MOST = 2**22
_CELL = re.compile(
    rb"<c\b(?P<head>[^>]*)>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?\s*(?:<v>(?P<value>[^<]*)</v>|<v\s*/>)?\s*</c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Uncomputed(str):
    """What a formula's cell shows in place of a result; never a value to import."""

    __slots__ = ()


def uncomputed(path: Path, sheet: str) -> dict[tuple[int, int], Uncomputed]:
    """The cells (row, column, from 0) of a sheet whose formula has no result or an error as result."""
    found: dict[tuple[int, int], Uncomputed] = {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part not in archive.namelist():
            return found
        rest = b""
        with archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                text = rest + chunk
                end = text.rfind(b"</c>") + 4
                text, rest = (text[:end], text[end:]) if end > 3 else (b"", text)
                if b"<f" in text or b't="e"' in text:
                    _look(text, found)
    return found


def _look(text: bytes, found: dict[tuple[int, int], Uncomputed]) -> None:
    for cell in _CELL.finditer(text):
        value = (cell["value"] or b"").strip()
        error = b't="e"' in cell["head"]
        place = _PLACE.search(cell["head"])
        if place and (error or (not value and b"<f" in cell[0])):
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            found[int(place[2]) - 1, column - 1] = Uncomputed(value.decode("utf-8", "replace") or "公式")


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds a sheet; '' where the workbook does not say."""
    try:
        with archive.open("xl/workbook.xml") as file:
            book = ElementTree.fromstring(file.read(_MOST))
        with archive.open("xl/_rels/workbook.xml.rels") as file:
            links = ElementTree.fromstring(file.read(_MOST))
    except (KeyError, ElementTree.ParseError):
        return ""
    key = next((e.get(_REL) for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet), "")
    target = next((e.get("Target", "") for e in links if e.get("Id") == key), "")
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target else ""
