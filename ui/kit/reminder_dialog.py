"""A list of whom to remind, one message each: to copy, or to save as a table; knows words only, no record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from models.clipboard import write_range
from ui.kit.buttons import button
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session


class RemindersDialog(QDialog):
    """``rows`` are keyed by their place in ``messages``; ``lines`` is the table to hand on, its heads first."""

    def __init__(
        self,
        session: Session,
        parent: QWidget | None,
        title: str,
        headline: str,
        heads: Sequence[Head],
        rows: Sequence[TableRow],
        messages: Sequence[str],
        lines: Sequence[tuple[str, ...]],
        counted: str,
    ) -> None:
        super().__init__(parent)
        self.session, self.title, self.messages, self._lines = session, title, list(messages), list(lines)
        self.counted = counted
        self.setWindowTitle(title)
        self.resize(980, 600)
        head = QLabel(headline)
        head.setProperty("role", "heading")
        self.table = RowsTable(heads, title)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFixedHeight(13 * UNIT)
        self.text.setAccessibleName("提醒内容")
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.words, 1)
        self.copy_one = button("复制这条提醒", lambda: self._copy(self.text.toPlainText(), "已复制 1 条提醒"), "copy")
        self.copy_all = button("复制全部（表格）", self._copy_all, "copy")
        self.save = button("导出…", self._export, "export")
        for each in (self.copy_one, self.copy_all, self.save, button("关闭", self.reject, kind="primary", parent=self)):
            foot.addWidget(each)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(12)
        for widget in (head, self.table, self.text):
            box.addWidget(widget)
        box.addLayout(foot)
        self.table.selected.connect(self._follow)
        self.table.show_rows(rows)

    def _follow(self) -> None:
        self.text.setPlainText("\n".join(self.messages[key] for key in self.table.chosen()))

    def lines(self) -> list[tuple[str, ...]]:
        """The whole list as a table, its heads first."""
        return self._lines

    def _copy(self, text: str, words: str) -> None:
        QApplication.clipboard().setText(text)
        self.words.setText(words)

    def _copy_all(self) -> None:
        self._copy(write_range(self.lines()), f"已复制 {self.counted}，可粘贴到 Excel、WPS")

    def _export(self) -> None:
        from ui.kit.file_export import KINDS, with_ending
        from ui.kit.files import ask_save

        path, kind = ask_save(
            self, f"导出{self.title}", f"{self.title}{self.session.today:%Y%m%d}.xlsx", list(KINDS)
        )
        if path is not None:
            self.export_to(with_ending(path, KINDS.get(kind, ".xlsx")))

    def export_to(self, path: Path) -> None:
        """Write the list to a file, off the GUI thread."""
        from models.transfer.export import write_lines

        self.session.read(
            write_lines, path, self.title, self.lines(), owner=self,
            done=lambda _none: self.words.setText(f"已导出到“{path.name}”"),
        )  # fmt: skip
