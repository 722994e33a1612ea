"""Reading a spreadsheet file into a plain table: header, rows and what was left out. Knows no register and no field."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.transfer import guard
from models.transfer.formulas import uncomputed
from models.transfer.guard import FileRefused
from models.transfer.sidecar import MANIFEST, MARK, Manifest, read_manifest
from models.transfer.text_tables import read_text

#: What a cell may be; an empty one is None, a whole number an int.
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Cells = tuple[Cell, ...]

#: What reading a part of a damaged workbook raises beside the reading library's own errors.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
_HEAD_ROWS = 30
_POOL = 20_000
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计", "总数"})
_REMARKS = re.compile(
    r"(注|备注|说明|制表|制表人|填表|填表人|填报人|审核|审核人|统计|统计人|负责人签字)[:：]"
)


@dataclass
class RawTable:
    """A table as the file has it, below its header.

    ``numbers[i]`` is the row number in the file (from 1) of ``rows[i]``; all rows are as wide as ``headers``.
    ``marks[i]`` is what an export of this program wrote beside the row, ``manifest`` what it wrote of the whole.
    """

    path: Path
    sheet: str
    sheets: tuple[str, ...]
    headers: tuple[str, ...]
    rows: list[Cells]
    numbers: list[int]
    marks: list[str] = field(default_factory=list)
    manifest: Manifest | None = None
    notes: list[str] = field(default_factory=list)


def read_table(path: Path, sheet: str = "", known: Collection[str] = ()) -> RawTable:
    """Read one sheet of an xlsx or xls file (the first with content where none is named), or a csv file.

    Title rows, a header of two rows, trailing totals and blank rows and columns are recognised; ``known`` are header
    texts that help to find the header. Raises FileRefused with what to do; nothing is changed by reading.
    """
    formulas: set[str] = set()
    kind = guard.kind_of(path, formulas)
    manifest = None
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    if kind == "text":
        grid, name, sheets = [tuple(map(_cell, row)) for row in read_text(path)], "", ()
    else:
        grid, name, sheets, merged, manifest = _read_workbook(path, sheet, kind, bool(formulas))
    return _table(path, name, sheets, grid, merged, manifest, {plain_header(k) for k in known})


def plain_header(text: str) -> str:
    """A header as it is compared: half width, lower case, without blanks, line ends, stars and brackets' content."""
    import unicodedata

    folded = re.sub(r"[\s*＊:：]+", "", unicodedata.normalize("NFKC", text)).lower()
    return folded.replace("（", "(").replace("）", ")")


def _put(rows: list[Cells], row: int, column: int, cell: Cell) -> None:
    """Put a cell into rows already read, if it is within them."""
    if row < len(rows) and 0 <= column < len(rows[row]):
        rows[row] = (*rows[row][:column], cell, *rows[row][column + 1 :])


def _read_workbook(path: Path, wanted: str, kind: str, formulas: bool) -> tuple[Any, ...]:
    import python_calamine as calamine

    # The library goes by the name's ending; a file with a foreign one is handed over as bytes.
    named = path.suffix.lower().startswith(".xls") and (path.suffix.lower() == ".xls") == (kind == "xls")
    try:
        with calamine.load_workbook(path if named else io.BytesIO(path.read_bytes())) as book:
            visible = [
                m.name
                for m in book.sheets_metadata
                if m.visible == calamine.SheetVisibleEnum.Visible
                and m.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            names = tuple(n for n in visible or book.sheet_names if n != MANIFEST)
            if wanted and wanted not in names:
                raise FileRefused(f"“{path.name}”中没有工作表“{wanted}”。", f"有的是：{'、'.join(names)}。")
            manifest = None
            if MANIFEST in book.sheet_names:
                manifest = read_manifest(book.get_sheet_by_name(MANIFEST).to_python())
            for name in (wanted,) if wanted else names:
                found = book.get_sheet_by_name(name)
                guard.check_extent(path, found.total_height, found.total_width)
                if found.height:
                    rows = _shared(found.iter_rows())
                    left = (found.start or (0, 0))[1]  # the rows begin at the first used column
                    if formulas:
                        for (row, column), cell in uncomputed(path, name).items():
                            _put(rows, row, column - left, cell)
                    merges = [
                        ((a, b - left), (c, d - left)) for (a, b), (c, d) in found.merged_cell_ranges or ()
                    ]
                    return rows, name, names, merges, manifest
            return [], wanted or (names[0] if names else ""), names, [], None
    except calamine.PasswordError as exc:
        raise guard.encrypted(path) from exc
    except (calamine.CalamineError, OSError, ValueError, OverflowError, *DAMAGED) as exc:
        raise guard.malformed(path) from exc
    except FileRefused:
        raise
    except BaseException as exc:
        if type(exc).__name__ == "PanicException":  # what a fault inside the reading library comes out as
            raise guard.malformed(path) from exc
        raise


def _table(
    path: Path,
    sheet: str,
    sheets: tuple[str, ...],
    grid: Sequence[Sequence[Any]],
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    manifest: Manifest | None,
    known: set[str],
) -> RawTable:
    rows, numbers = [], []
    for number, cells in enumerate(grid, 1):
        if any(c is not None for c in cells):
            rows.append(tuple(cells))
            numbers.append(number)
    if not rows:
        raise FileRefused(
            f"“{path.name}”里没有数据。", "请选择有内容的表格；数据在其他工作表的，请选择那个工作表。"
        )
    start = _header_row(rows, known)
    double = _is_double(rows, numbers, start, merged, known)
    headers = _headers(rows, numbers, start, double, merged)
    notes = []
    if start:
        notes.append(f"跳过了表头上方的{start}行标题。")
    body = start + 2 if double else start + 1
    _fill_merged(rows, numbers, body, merged)
    end = len(rows)
    while end > body and _is_footer(rows[end - 1], len(headers)):
        end -= 1
    if end < len(rows):
        skipped = "、".join(f"第{n}行" for n in numbers[end:])
        notes.append(f"跳过了末尾的合计或说明（{skipped}）。")
    return _cut(
        RawTable(path, sheet, tuple(sheets), headers, rows[body:end], numbers[body:end], [], manifest, notes)
    )


def _fill_merged(
    rows: list[Cells], numbers: list[int], body: int, merged: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Fill the cells below the first of a merged range with its value: it is said of their rows too."""
    if not merged:
        return
    place = {number - 1: i for i, number in enumerate(numbers) if i >= body}
    left = guard.MAX_ROWS
    for (top, column), (bottom, _) in merged:
        left -= bottom - top
        if left < 0:
            return
        first = place.get(top)
        if first is None or not 0 <= column < len(rows[first]) or rows[first][column] is None:
            continue
        for row in range(top + 1, bottom + 1):
            index = place.get(row)
            if index is not None and column < len(rows[index]) and rows[index][column] is None:
                _put(rows, index, column, rows[first][column])


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return None
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if type(value) is str:
        return value if value.strip("\u200b\ufeff \t\r\n\u3000\xa0") else None
    found: Cell = value
    return found


def _shared(grid: Iterable[Sequence[Any]]) -> list[Cells]:
    """The cells as tuples; a text that comes again is kept once (most columns of a register repeat a few words)."""
    pool: dict[str, str] = {}
    rows = []
    for row in grid:
        cells = [_cell(c) for c in row]
        for i, cell in enumerate(cells):
            if type(cell) is str:
                known = pool.get(cell)
                if known is not None:
                    cells[i] = known
                elif len(pool) < _POOL:
                    pool[cell] = cell
        rows.append(tuple(cells))
        if len(pool) == _POOL:
            pool.clear()
    return rows


def _header_row(rows: list[Cells], known: set[str]) -> int:
    """The index of the header: most known texts, else the first row filled about as wide as the rows below."""
    head = rows[:_HEAD_ROWS]
    if known:
        hits = [sum(isinstance(c, str) and plain_header(c) in known for c in row) for row in head]
        best = max(hits)
        if best >= 2 or (best == 1 and max(_filled(r) for r in head) <= 2):
            return hits.index(best)
    width = max(_filled(row) for row in head)
    for index, row in enumerate(head):
        texts = sum(isinstance(c, str) for c in row)
        if _filled(row) >= max(1, (width + 1) // 2) and texts * 10 >= _filled(row) * 8:
            return index
    return 0


def _filled(row: Cells) -> int:
    return sum(c is not None for c in row)


def _is_double(rows: list[Cells], numbers: list[int], start: int, merged: list[Any], known: set[str]) -> bool:
    """Whether the row below belongs to the header: it fills what a merged cell above spans."""
    if start + 1 >= len(rows) or numbers[start + 1] != numbers[start] + 1:
        return False
    top, low = rows[start], rows[start + 1]
    if any(c is not None and not isinstance(c, str) for c in low):
        return False
    gaps = [i for i, c in enumerate(low) if c is not None and (i >= len(top) or top[i] is None)]
    if not gaps:
        return False
    line = numbers[start] - 1
    if merged:
        return any(a[0] == line == b[0] and a[1] < g <= b[1] for a, b in merged for g in gaps)
    below = [c for c in low if isinstance(c, str)]
    if any(plain_header(c) in known for c in below):
        return True
    # Without marks of merging: some columns have a text above only, and every gap follows a filled cell.
    over = [i for i, c in enumerate(top) if c is not None and (i >= len(low) or low[i] is None)]
    return bool(over) and all(g > 0 for g in gaps) and all(len(c) <= 12 for c in below)


def _headers(
    rows: list[Cells], numbers: list[int], start: int, double: bool, merged: list[Any]
) -> tuple[str, ...]:
    width = max(len(row) for row in rows[start:])
    top = [_text(c) for c in rows[start]] + [""] * (width - len(rows[start]))
    if not double:
        return tuple(top)
    low = [_text(c) for c in rows[start + 1]] + [""] * (width - len(rows[start + 1]))
    line, group, found = numbers[start] - 1, "", []
    spans = [(a[1], b[1]) for a, b in merged if a[0] == line == b[0]]
    for i in range(width):
        if top[i]:
            group = top[i]
        elif spans and not any(a <= i <= b for a, b in spans):
            group = ""
        found.append(f"{group}/{low[i]}" if low[i] and group else low[i] or top[i])
    return tuple(found)


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _is_footer(row: Cells, width: int) -> bool:
    texts = [_text(c).replace(" ", "") for c in row if c is not None]
    if texts and texts[0].rstrip(":：") in _TOTALS:
        return True
    sparse = len(texts) * 3 <= max(width, 3)
    return bool(texts) and sparse and _REMARKS.match(texts[0]) is not None


def _cut(table: RawTable) -> RawTable:
    """Drop columns without header and content, take out the marks of an own export, make all rows equally wide."""
    width = len(table.headers)
    used = [False] * width
    for row in table.rows:
        for i, cell in enumerate(row):
            if cell is not None:
                used[i] = True
    mark = table.headers.index(MARK) if MARK in table.headers else -1
    keep = [i for i in range(width) if i != mark and (table.headers[i] or used[i])]
    if mark >= 0:
        table.marks = [_text(row[mark]) if mark < len(row) else "" for row in table.rows]
    whole = keep == list(range(width))
    table.rows = [
        row if whole and len(row) == width else tuple([row[i] if i < len(row) else None for i in keep])
        for row in table.rows
    ]
    if mark >= 0:
        filled = [i for i, row in enumerate(table.rows) if any(c is not None for c in row)]
        if len(filled) < len(table.rows):
            table.rows = [table.rows[i] for i in filled]
            table.numbers = [table.numbers[i] for i in filled]
            table.marks = [table.marks[i] for i in filled]
    table.headers = tuple(table.headers[i] or f"（第{i + 1}列）" for i in keep)
    if not table.rows:
        table.notes.append("表头下面没有数据行。")
    return table
