"""Writing a register to xlsx or csv as it is filtered, sorted and shown. Knows no topic."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.core.errors import KnownError
from models.core.fields import Code, Date, Lines, Links, Ref
from models.core.register import Column, Register, Row, View
from models.transfer.cells import EPOCH
from models.transfer.progress import Progress, tell
from models.transfer.sidecar import MANIFEST, MARK, Mark, digest, manifest_rows
from models.transfer.text_tables import RISKY

#: The most characters Excel keeps in a cell.
MOST = 32_767
_WINDOW = 800


def export(
    register: Register,
    view: View,
    day: dt.date,
    path: Path,
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the rows of a view to ``path`` (``.xlsx`` or ``.csv``); returns how many.

    ``columns`` are paths (the shown columns by default). An xlsx carries what brings it back: each record, its version
    and the digests of its cells. Raises KnownError where the place cannot be written or the ending is another,
    Cancelled; an older file stays then.
    """
    shown = [register.column(c) for c in columns] if columns else [c for c in register.columns if c.shown]
    writers: dict[str, Callable[..., int]] = {".xlsx": _write_xlsx, ".csv": _write_csv}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise KnownError(f"不能导出为“{path.suffix}”文件。", "请用 .xlsx 或 .csv 作文件名的结尾。")
    with replacing(path) as part:
        return write(register, view, day, part, shown, progress)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its place only when it is whole. Raises KnownError where it cannot."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as exc:
        raise KnownError(
            f"不能写入 {path}：{exc.strerror or exc}。",
            "文件正在 Excel 或 WPS 中打开的，请先关闭；或换一个位置。",
        ) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _rows(
    register: Register, view: View, day: dt.date, columns: Sequence[Column], progress: Progress | None
) -> Iterator[Row]:
    ids = register.ids(view, day)
    for start in range(0, len(ids), _WINDOW):
        tell(progress, start, len(ids))
        yield from register.rows(ids[start : start + _WINDOW], view.day or day, columns)
    tell(progress, len(ids), len(ids))


def _write_xlsx(
    register: Register,
    view: View,
    day: dt.date,
    path: Path,
    columns: Sequence[Column],
    progress: Progress | None,
) -> int:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    try:
        sheet = book.add_worksheet(register.title[:31])
        formats = _Formats(book)
        heads = [register.label_of(c) for c in columns]
        for i, (column, head) in enumerate(zip(columns, heads, strict=True)):
            field = register.field_of(column)
            width = max(column.width or getattr(field, "width", 10) or 10, len(head) + 2)
            sheet.set_column(i, i, min(60, width * 2), formats.of(field))
            sheet.write_string(0, i, head, formats.head)
        sheet.set_column(len(columns), len(columns), 12, None, {"hidden": True})
        sheet.write_string(0, len(columns), MARK)
        sheet.freeze_panes(1, 1)
        carried = [*columns, Column("uid"), Column("version")]
        writers = [_cell_writer(register, c, sheet, i, formats) for i, c in enumerate(columns)]
        uids: list[str] = []
        count, last = 0, len(columns)
        for count, row in enumerate(_rows(register, view, day, carried, progress), 1):
            digests = [write(count, value) for write, value in zip(writers, row.values, strict=False)]
            uid = row.values[-2]
            sheet.write_string(count, last, Mark(uid, row.values[-1], tuple(digests)).text())
            uids.append(uid)
        sheet.autofilter(0, 0, count, len(columns) - 1)
        hidden = book.add_worksheet(MANIFEST)
        hidden.very_hidden()
        for i, (text,) in enumerate(manifest_rows(register.name, [c.path for c in columns], day, uids)):
            hidden.write_string(i, 0, text)
    finally:
        book.close()
    return count


class _Formats:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#E8F1F2", "bottom": 1, "valign": "vcenter"})
        self.text = book.add_format({"num_format": "@"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})

    def of(self, field: Any) -> Any:
        """The format of a field's column: codes as text, so that what is typed there stays text."""
        return self.date if isinstance(field, Date) else self.text if isinstance(field, Code) else None


def _cell_writer(
    register: Register, column: Column, sheet: Any, at: int, formats: _Formats
) -> Callable[[int, Any], str]:
    """A function that writes one value and returns the digest of its text."""
    field = register.field_of(column)
    form = formats.of(field)
    empty = digest("")
    number, text = sheet.write_number, sheet.write_string
    kept: dict[Any, tuple[str, str]] = {}
    read = str if isinstance(field, Ref | Links) else field.format

    def write_date(row: int, value: Any) -> str:
        if value is None:
            return empty
        number(row, at, (value - EPOCH).days, form)
        return digest(value.isoformat())

    def write_number(row: int, value: Any) -> str:
        if value is None:
            return empty
        number(row, at, float(value) if isinstance(value, Decimal) else value)
        return digest(read(value))

    def write_text(row: int, value: Any) -> str:
        if value is None or value == "":
            return empty
        known = kept.get(value)
        if known is None:
            shown = read(value)[:MOST]
            known = shown, digest(shown)
            if len(kept) < 5000:
                kept[value] = known
        if known[0]:
            text(row, at, known[0], form)
        return known[1]

    if isinstance(field, Date):
        return write_date
    if isinstance(field, Lines) or getattr(field, "kind", "") in ("integer", "number"):
        return write_number
    return write_text


def _write_csv(
    register: Register,
    view: View,
    day: dt.date,
    path: Path,
    columns: Sequence[Column],
    progress: Progress | None,
) -> int:
    count = 0
    numeric = [
        isinstance(register.field_of(c), Lines)
        or getattr(register.field_of(c), "kind", "") in ("integer", "number")
        for c in columns
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([register.label_of(c) for c in columns])
        for row in _rows(register, view, day, columns, progress):
            count += 1
            out.writerow(
                [
                    text if plain else harmless(text)
                    for text, plain in zip(
                        (register.format(c, v) for c, v in zip(columns, row.values, strict=True)),
                        numeric,
                        strict=True,
                    )
                ]
            )
    return count


def write_lines(path: Path, title: str, lines: Sequence[Sequence[str]]) -> None:
    """Write a table of texts, its heads first, to an ``.xlsx`` or ``.csv``. Raises KnownError where it cannot."""
    with replacing(path) as part:
        if path.suffix.lower() == ".csv":
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([[harmless(text) for text in line] for line in lines])
            return
        import xlsxwriter

        book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "strings_to_formulas": False})
        sheet, formats = book.add_worksheet(title[:31]), _Formats(book)
        for column, head in enumerate(lines[0]):
            width = max(len(line[column]) for line in lines[:200])
            sheet.set_column(column, column, min(60, 2 * width + 2))
            sheet.write_string(0, column, head, formats.head)
        for row, line in enumerate(lines[1:], 1):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
        sheet.freeze_panes(1, 1)
        book.close()


def harmless(text: str) -> str:
    """A text that a spreadsheet program will not take for a formula; reading takes the guard off again."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text
