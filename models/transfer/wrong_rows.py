"""The rows that could not be imported as a sheet of their own, with the reasons behind, to mend and import again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from models.transfer.cells import EPOCH, cell_text
from models.transfer.export import MOST, replacing
from models.transfer.preview import Preview
from models.transfer.sidecar import MARK, REASONS


def wrong_rows_xlsx(
    preview: Preview, path: Path, statuses: Sequence[str] = ("wrong",), written: Collection[int] = ()
) -> int:
    """Write the rows of some statuses as the file had them, the reasons in a last column; returns how many.

    ``written`` are the numbers of rows that were imported all the same.

    Raises KnownError where the place cannot be written.
    """
    import xlsxwriter

    rows = [p for p in preview.rows if p.status in statuses and p.number not in written]
    table = preview.table
    width = len(table.headers)
    with replacing(path) as part, xlsxwriter.Workbook(str(part), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("待改正")
        head = book.add_format({"bold": True, "bg_color": "#FBE9E7", "bottom": 1})
        red = book.add_format({"font_color": "#B71C1C", "text_wrap": True})
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }
        for i, header in enumerate((*table.headers, REASONS, *((MARK,) if table.marks else ()))):
            sheet.write_string(0, i, header, head)
        for at, p in enumerate(rows, 1):
            for i, cell in enumerate(table.rows[p.index]):
                _write(sheet, at, i, cell, formats)
            sheet.write_string(at, width, "；".join(map(str, p.reasons))[:MOST], red)
            if table.marks:
                sheet.write_string(at, width + 1, table.marks[p.index])
        sheet.set_column(0, max(0, width - 1), 16)
        sheet.set_column(width, width, 60)
        if table.marks:
            sheet.set_column(width + 1, width + 1, 12, None, {"hidden": True})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), width)
    return len(rows)


def _write(sheet: Any, row: int, at: int, cell: Any, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, at, cell)
    elif isinstance(cell, dt.date) and not isinstance(cell, dt.datetime) and cell.year >= 1900:
        sheet.write_number(row, at, (cell - EPOCH).days, formats["date"])
    else:
        sheet.write_string(row, at, cell_text(cell)[:MOST], formats["text"])
