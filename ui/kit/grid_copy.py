"""The selected cells on the clipboard, as lines of tabs and as a table that Excel and WPS read; knows no topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from models.clipboard import write_html, write_range
from ui.kit.table_model import Cells, read_cells
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.table_view import TableView

MOST_COPIED = 100_000
"""Rows."""


def copy_cells(table: TableView) -> None:
    """Put the selected cells on the clipboard, as lines of tabs and as a table; far rows are read first."""
    rows = table.selected_rows()
    if not rows:
        return
    if len(rows) > MOST_COPIED:
        show_toast(table, f"一次最多复制{MOST_COPIED}行，请先筛选。", state="warning")
        return
    spans = table.spans()
    wanted = {c for span in spans for c in range(span.left(), span.right() + 1)}
    columns = [c for c in table.shown_columns() if c in wanted]
    if table.rows.known(rows):
        found = [c for c in map(table.rows.cells, rows) if c is not None]
        _put(table, found, columns, rows, spans)
        return
    ids = [table.rows.ids[row] for row in rows]
    table.rows.session.read(
        _read_all, table, ids, table.rows.day, owner=table, key="copy", label="正在复制",
        done=lambda cells: _put(table, cells, columns, rows, spans),
    )  # fmt: skip


def _read_all(table: TableView, ids: Sequence[int], day: Any) -> list[Cells]:
    register, painter = table.rows.register, table.rows.painter
    return [
        cells
        for i in range(0, len(ids), 400)
        for cells in read_cells(register, painter, ids[i : i + 400], day)
    ]


def _put(
    table: TableView, found: list[Cells], columns: list[int], rows: list[int], spans: list[Any]
) -> None:
    whole = len(spans) == 1 or len(found) != len(rows)
    lines = []
    for cells, row in zip(found, rows, strict=False):
        mine = [s for s in spans if s.top() <= row <= s.bottom()] if not whole else spans
        lines.append(
            [cells.texts[c] if any(s.left() <= c <= s.right() for s in mine) else "" for c in columns]
        )
    data = QMimeData()
    data.setText(write_range(lines))
    data.setHtml(write_html(lines, [table.rows.numeric[c] for c in columns]))
    QGuiApplication.clipboard().setMimeData(data)
    if len(lines) > 1:
        show_toast(table, f"已复制{len(lines)}行{len(columns)}列。", state="info", stay_ms=2500)
