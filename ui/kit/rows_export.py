"""Writes the rows of a table made beforehand to a file that the clerk names; knows words only, no record."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.kit.rows_table import RowsTable
from ui.kit.session import Session
from ui.kit.toast import show_toast


def ask_rows_export(session: Session, near: QWidget, title: str, table: RowsTable) -> None:
    """Ask where to, then write what the table shows."""
    from ui.kit.file_export import KINDS, with_ending
    from ui.kit.files import ask_save

    path, kind = ask_save(near, f"导出{title}", f"{title}{session.today:%Y%m%d}.xlsx", list(KINDS))
    if path is not None:
        write_rows(session, near, title, table, with_ending(path, KINDS.get(kind, ".xlsx")))


def write_rows(session: Session, near: QWidget, title: str, table: RowsTable, path: Path) -> None:
    """Write what the table shows to a file, off the GUI thread."""
    from models.transfer.export import write_lines

    lines = [tuple(head.title for head in table.list.heads), *(row.texts for row in table.list.rows)]
    session.read(
        write_lines, path, title, lines, owner=near,
        done=lambda _none: show_toast(near, f"已导出 {len(lines) - 1:,} 行到“{path.name}”"),
    )  # fmt: skip
