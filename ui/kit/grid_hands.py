"""Spreadsheet habits of a register's table: paste, fill, edit in the cell, batch change; knows no topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from models.cells import CellEdit, editable_field, is_dated, why_fixed
from models.clipboard import read_html, read_range
from models.core.fields import Date, Links
from ui.kit.grid_editor import CellEditor
from ui.kit.grid_typing import CellTyping
from ui.kit.grid_write import CellWriter
from ui.kit.register_bar import page_action
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.batch_dialog import BatchDialog
    from ui.kit.register_page import RegisterPage
    from ui.kit.replace_dialog import Block, ReplaceDialog

MOST_CELLS = 100_000
"""Most cells of one paste or fill."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CLEAR = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_SEMICOLONS = (Qt.Key.Key_Semicolon, 0xFF1B)
"""The Chinese input methods send the full-width one."""


class GridHands(QObject):
    """Takes the table's keys and its row menu for one page."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self.page, self.table = page, page.table
        self.writer = CellWriter(page)
        self.editor: CellEditor | None = None
        self.batch_dialog: BatchDialog | None = None
        self.fields = [editable_field(page.register, c) for c in page.register.columns]
        self.batch = page_action(
            page, "batch", "批量修改…", "edit", "把选中记录的同一栏改成同一内容", "Ctrl+B"
        )
        self.batch.setVisible(page.register.editable)
        self.batch.triggered.connect(self.open_batch)
        self.replace_dialog: ReplaceDialog | None = None
        self.replace = page_action(
            page, "replace", "查找和替换…", "search", "在看得到的行里查找文字并替换，先看结果再写入", "Ctrl+H"
        )
        self.replace.setVisible(page.register.editable)
        self.replace.triggered.connect(self.open_replace)
        self.typing = CellTyping(self)
        self.table.hands = self.key
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)

    # --- keys and menu ---------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False leaves it to the table."""
        pressed, modifiers = event.key(), event.modifiers()
        control = modifiers == Qt.KeyboardModifier.ControlModifier
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if self.typing.opening(event):
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif control and pressed == Qt.Key.Key_D:
            self.fill_down()
        elif control and pressed in _SEMICOLONS:
            self.fill_today()
        elif control and pressed == Qt.Key.Key_0:
            self.table.zooming.set(100)
        elif pressed == Qt.Key.Key_F2 or (alt and pressed in _ENTER):
            self.edit_cell()
        elif pressed in _CLEAR and modifiers in _PLAIN:
            self.typing.clear(MOST_CELLS)
        else:
            return self.typing.key(event)
        return True

    def _open_menu(self, where: QPoint) -> None:
        if self.table.indexAt(where).isValid():
            self.menu().popup(self.table.viewport().mapToGlobal(where))

    def menu(self) -> QMenu:
        """The menu of the selected rows."""
        menu, commands = QMenu(self.table), self.page.commands
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if behind := commands.lead_label():
            menu.addAction(f"查看{behind}\t回车", commands.follow_lead)
            menu.addSeparator()
        if commands.edit.isVisible():
            menu.addAction(commands.edit)
            menu.addAction("在格内修改\tF2", self.edit_cell)
            menu.addAction(self.batch)
            menu.addSeparator()
        if commands.menu_extra:
            menu.addActions(commands.menu_extra)
            menu.addSeparator()
        menu.addAction("复制\tCtrl+C", self.table.copy)
        if commands.edit.isVisible():
            menu.addAction("粘贴\tCtrl+V", self.paste)
            menu.addAction("向下填充\tCtrl+D", self.fill_down)
            menu.addAction(self.replace)
            menu.addAction("清除内容\tDelete", lambda: self.typing.clear(MOST_CELLS))
            menu.addSeparator()
        for action in (commands.remove, commands.restore):
            if action.isVisible():
                menu.addAction(action)
        return menu

    # --- where -----------------------------------------------------------------------------------------------------

    def _selected_columns(self) -> list[int]:
        wanted = {c for span in self.table.spans() for c in range(span.left(), span.right() + 1)}
        return [c for c in self.table.shown_columns() if c in wanted]

    def _corner(self) -> tuple[int, int] | None:
        """Row and section where a paste begins: the upper left of the selection, else the current cell."""
        index, columns, rows = self.table.currentIndex(), self._selected_columns(), self.table.selected_rows()
        if index.row() in rows and index.column() in columns:
            return rows[0], columns[0]
        return (index.row(), index.column()) if index.isValid() else None

    def _note(self, sections: Sequence[int]) -> str:
        return self._note_on([self.page.register.columns[s].path for s in sections if self.fields[s] is not None])

    def _note_on(self, names: Sequence[str]) -> str:
        """From when the dated ones among some fields change."""
        register = self.page.register
        dated = [register.label_of(register.column(n)) for n in names if is_dated(register, n)]
        if not dated:
            return ""
        day = self.page.session.today
        return f"{'、'.join(dated)}按日期记变更：自今天（{day}）起修改，以前的统计不变。要从别的日子起，请用批量修改。"

    def cell_edit(self, row: int, section: int, text: str = "", source: int | None = None) -> CellEdit:
        """The change of one cell to a text, or to what the record ``source`` has there."""
        register = self.page.register
        column = register.columns[section]
        label = register.label_of(column)
        return CellEdit(self.page.model.ids[row], column.path, text, source=source, label=label)

    def typed_in(self, section: int) -> bool:
        """Whether cells of a column are edited in place; several linked records are pasted or chosen in a form."""
        return self.fields[section] is not None and not isinstance(self.fields[section], Links)

    # --- paste and fill ----------------------------------------------------------------------------------------------

    def paste(self) -> None:
        """Paste the clipboard's range over the visible rows and columns from the current cell on."""
        if not self.writer.may_change():
            return
        corner, cells = self._corner(), clipboard_cells()
        if not cells:
            show_toast(self.page, "剪贴板里没有文字，请先在表格里复制。", state="warning")
            return
        if corner is None:
            show_toast(self.page, "请先点一下粘贴的起始格。", state="warning")
            return
        if not self.page.model.whole:
            show_toast(self.page, "清单还在读取，请稍候再粘贴。", state="warning")
            return
        cells = self._repeated(cells)
        height, width = len(cells), max(map(len, cells))
        shown = self.table.shown_columns()
        sections = shown[shown.index(corner[1]) :][:width]
        ids = self.page.model.ids[corner[0] : corner[0] + height]
        if height * width > MOST_CELLS:
            show_toast(self.page, f"一次最多粘贴{MOST_CELLS:,}格，请分几次。", state="warning")
            return
        notes = [self._note(sections)]
        if height > len(ids):
            notes.append(f"超出清单末行的{height - len(ids)}行没有粘贴。")
        if width > len(sections):
            notes.append(f"超出最右一栏的{width - len(sections)}列没有粘贴。")
        register = self.page.register
        columns = [register.columns[s] for s in sections]

        def edits() -> list[CellEdit]:
            from models.cell_plan import range_edits

            return range_edits(register, ids, columns, cells)

        self.writer.change("粘贴", edits, "".join(notes))

    def _repeated(self, cells: list[list[str]]) -> list[list[str]]:
        """The range as often as it goes into the selection, as spreadsheets do."""
        rows, columns = len(self.table.selected_rows()), len(self._selected_columns())
        height, width = len(cells), max(map(len, cells))
        down = rows // height if rows and rows % height == 0 else 1
        right = columns // width if columns and columns % width == 0 else 1
        if down * height * right * width > MOST_CELLS or len(self.table.spans()) > 1:
            return cells
        return (
            [(line + [""] * (width - len(line))) * right for line in cells] * down
            if right > 1
            else cells * down
        )

    def fill_down(self) -> None:
        """Copy the first selected row's cells into the rows below it (of one row: from the row above)."""
        if not self.writer.may_change():
            return
        rows, columns = self.table.selected_rows(), self._selected_columns()
        if len(rows) == 1 and rows[0] > 0:
            rows = [rows[0] - 1, *rows]
        if len(rows) < 2 or len(rows) * len(columns) > MOST_CELLS:
            words = f"请选中两行以上（最多{MOST_CELLS:,}格），第一行的内容会填到下面各行。"
            show_toast(self.page, words, state="warning")
            return
        sections = [s for s in columns if self.fields[s] is not None]
        if not sections:
            self._say_fixed(columns[0])
            return
        source = self.page.model.ids[rows[0]]
        ids, names = self._ids(rows[1:]), [self.page.register.columns[s].path for s in sections]
        self.writer.change(
            "向下填充",
            lambda: [CellEdit(key, name, source=source) for key in ids for name in names],
            self._note(sections),
            always_ask=False,
        )

    def fill_today(self) -> None:
        """Put today into the selected date cells."""
        if not self.writer.may_change():
            return
        sections = [s for s in self._selected_columns() if isinstance(self.fields[s], Date)]
        if not sections:
            show_toast(self.page, "请先选中可以修改的日期格。", state="warning")
            return
        today = self.page.session.today.isoformat()
        ids, names = self._ids(self.table.selected_rows()), [self.page.register.columns[s].path for s in sections]
        self.writer.change(
            "填今天", lambda: [CellEdit(key, name, today) for key in ids for name in names], always_ask=False
        )

    def _ids(self, rows: Sequence[int]) -> list[int]:
        ids = self.page.model.ids
        return [ids[row] for row in rows]

    def _say_fixed(self, section: int) -> None:
        register = self.page.register
        words = f"{why_fixed(register, register.columns[section])}。"
        show_toast(self.page, words, state="warning")

    # --- the cell and the batch ------------------------------------------------------------------------------------

    def edit_cell(self) -> None:
        """Edit the current cell in place."""
        index = self.table.currentIndex()
        if not index.isValid() or not self.writer.may_change():
            return
        if not self.typed_in(index.column()):
            self._say_fixed(index.column())
            return
        if self.editor is not None:
            self.editor.focus()
            return
        self.editor = CellEditor(self, index.row(), index.column())

    def open_batch(self) -> None:
        """Set one field of the selected records."""
        ids = self.page.selected_ids()
        if not self.writer.may_change():
            return
        if not ids:
            show_toast(self.page, "请先选中要修改的行，可按住 Ctrl 或 Shift 多选。", state="warning")
            return
        from ui.kit.batch_dialog import BatchDialog

        dialog = self.batch_dialog = BatchDialog(self.page, self.writer, ids)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._batch_done)
        dialog.open()

    def open_replace(self) -> None:
        """Find and replace in cells of the rows that the list shows."""
        if not self.writer.may_change():
            return
        if not self.page.model.whole:
            show_toast(self.page, "清单还在读取，请稍候再替换。", state="warning")
            return
        scopes = self._scopes()
        if not scopes or not len(self.page.model.ids):
            show_toast(self.page, "这个清单里没有可以修改的格。", state="warning")
            return
        from ui.kit.replace_dialog import ReplaceDialog

        dialog = self.replace_dialog = ReplaceDialog(self.page, self.writer, scopes, self._note_on)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._replace_done)
        dialog.open()

    def _scopes(self) -> list[tuple[str, list[Block]]]:
        """What can be searched: the selected cells, the current column, every column shown that can be changed."""
        model, register, index = self.page.model, self.page.register, self.table.currentIndex()
        shown = [s for s in self.table.shown_columns() if self.fields[s] is not None]
        found: list[tuple[str, list[Block]]] = []
        spans = self.table.spans()
        if sum(span.height() * span.width() for span in spans) > 1:
            blocks: list[Block] = []
            for span in spans:
                inside = [register.columns[s] for s in shown if span.left() <= s <= span.right()]
                if inside:
                    blocks.append((model.ids[span.top() : span.bottom() + 1], inside))
            found += [("选中的单元格", blocks)] if blocks else []
        if index.isValid() and index.column() in shown:
            column = register.columns[index.column()]
            found.append((f"当前列“{register.label_of(column)}”", [(model.ids, [column])]))
        if shown:
            found.append(("所有可改的列", [(model.ids, [register.columns[s] for s in shown])]))
        return found

    def _replace_done(self) -> None:
        self.replace_dialog = None
        self.table.setFocus()

    def _batch_done(self) -> None:
        self.batch_dialog = None
        self.table.setFocus()


def clipboard_cells() -> list[list[str]]:
    """The clipboard's cells: its lines of text, or its table where there is no text."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None:
        return []
    return read_range(data.text()) if data.hasText() and data.text() else read_html(data.html())
