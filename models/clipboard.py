"""Ranges of cells as spreadsheets put them on the clipboard: lines of tabs and HTML tables. Knows no register."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from html.parser import HTMLParser

_MOST_SPAN = 1000


def read_range(text: str) -> list[list[str]]:
    """The cells of a range as Excel and WPS put it on the clipboard (tabs, line ends, quotes round line breaks)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not text:
        return []
    if '"' not in text:
        return [line.split("\t") for line in text.split("\n")]
    return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]


def write_range(lines: Sequence[Sequence[str]]) -> str:
    """Cells as lines of tabs; texts with tabs or line ends in quotes, as Excel writes them."""
    return "\n".join("\t".join(map(_quoted, line)) for line in lines)


def _quoted(text: str) -> str:
    if any(sign in text for sign in "\t\r\n") or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_html(lines: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """Cells as a table; what is not a number says that it is text, else Excel cuts an 18-digit code."""
    opening = ["<td>" if is_number else "<td style=\"mso-number-format:'\\@'\">" for is_number in numeric]
    rows = (
        "<tr>" + "".join(f"{td}{_escaped(t)}</td>" for td, t in zip(opening, line, strict=True)) + "</tr>"
        for line in lines
    )
    return f'<meta charset="utf-8"><table>{"".join(rows)}</table>'


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", '<br style="mso-data-placement:same-cell">')


def read_html(text: str) -> list[list[str]]:
    """The cells of the first table of an HTML text; merged cells hold their text once. [] where there is none."""
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    width = max(map(len, reader.rows), default=0)
    return [row + [""] * (width - len(row)) for row in reader.rows]


class _TableReader(HTMLParser):
    """Reads the first table; what a table inside a cell says belongs to the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._depth, self._done, self._hidden = 0, False, 0
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._taken: dict[tuple[int, int], bool] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag in ("style", "script"):
            self._hidden += 1
        elif self._done or not self._depth:
            return
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            found = dict(attrs)
            self._cell, self._span = [], (_span(found.get("rowspan")), _span(found.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self._end_cell()
                self._done = True
        elif tag in ("style", "script"):
            self._hidden = max(0, self._hidden - 1)
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(" ".join(data.replace("\xa0", " ").split(" ")) if data.strip() else " ")

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        if not self.rows:
            self.rows.append([])
        row, line = len(self.rows) - 1, self.rows[-1]
        while (row, len(line)) in self._taken:
            line.append("")
        lines = ("".join(self._cell)).split("\n")
        text = "\n".join(" ".join(part.split()) for part in lines).strip("\n")
        down, right = self._span
        for below in range(1, down):
            self._taken.update({(row + below, len(line) + n): True for n in range(right)})
        line += [text, *[""] * (right - 1)]
        self._cell = None


def _span(text: str | None) -> int:
    return min(max(1, int(text)), _MOST_SPAN) if text and text.isdigit() else 1
