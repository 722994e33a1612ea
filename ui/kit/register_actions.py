"""What a list can do: new, edit, remove, restore, print, refresh; writes through the session, knows no topic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from models.core.changes import Transaction
from models.core.register import View
from models.core.register import register as register_named
from ui.kit.dialogs import confirm
from ui.kit.errors import show_error
from ui.kit.file_drop import FileDrop
from ui.kit.list_export import file_name, list_maker
from ui.kit.preview import show_preview
from ui.kit.record_facts import Story, load_story
from ui.kit.register_bar import page_action
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

TABLES = (".xlsx", ".xlsm", ".xls", ".csv", ".txt", ".tsv")
"""Endings of the files that may be dropped on a list."""
READ_ONLY = "台账正在另一个窗口中使用，这里只能查看"


class RegisterActions(QObject):
    """The actions of one page, with their buttons in its bar; ``extra`` holds those a topic added."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self.page = page
        self.extra: list[QAction] = []
        #: Those that stand in the menu of the rows.
        self.menu_extra: list[QAction] = []
        self._make()
        self._place()
        page.table.open_asked.connect(self.open_cell)
        page.table.remove_asked.connect(lambda: self.remove.trigger() if self.remove.isVisible() else None)
        self.follow_current(None)

    def _make(self) -> None:
        page, title = self.page, self.page.register.model.title or self.page.register.title
        self.new = page_action(page, "new", "新增", "add", f"新增{title}", "Ctrl+N", "on_accent")
        self.edit = page_action(page, "edit", "编辑", "edit", "编辑（回车或双击；F2 在格内修改）")
        self.remove = page_action(page, "remove", "移除", "remove", "移除，可恢复（Ctrl+-）")
        self.restore = page_action(page, "restore", "恢复", "restore", "恢复选中的记录")
        self.removed = page_action(page, "removed", "已移除", "archive", "查看已移除的记录")
        self.removed.setCheckable(True)
        self.print = page_action(page, "print", "打印清单", "print", "按现在的筛选、顺序和列打印", "Ctrl+P")
        self.bring = page_action(page, "import", "导入", "upload", "导入表格，也可把文件拖到列表上", "Ctrl+I")
        self.export = page_action(page, "export", "导出", "export", "按现在的筛选、顺序和列导出", "Ctrl+E")
        self.refresh = page_action(page, "refresh", "", "refresh", "刷新", "F5", "muted")
        self.details = page_action(page, "details", "", "info", "显示或收起详情", "F4", "muted")
        self.details.setCheckable(True)
        self.details.setChecked(not page.panel.isHidden())
        self.find = page_action(page, "find", "搜索", "search", "搜索", "Ctrl+F")
        self.new.triggered.connect(lambda: self._ask(None))
        self.edit.triggered.connect(self.open_current)
        self.remove.triggered.connect(self._remove)
        self.restore.triggered.connect(self._restore)
        self.removed.toggled.connect(self._toggle_removed)
        self.print.triggered.connect(self._print)
        self.bring.triggered.connect(lambda: self.import_file())
        self.export.triggered.connect(self._export)
        FileDrop(page, TABLES, lambda path: self.import_file(path) if self.bring.isEnabled() else None)
        self.refresh.triggered.connect(page.refresh)
        self.details.triggered.connect(page.show_panel)
        self.find.triggered.connect(self._find)

    def _place(self) -> None:
        register, bar = self.page.register, self.page.bar
        self.new.setVisible(register.creatable and register.editable)
        self.bring.setVisible(self.new.isVisible())
        self.edit.setVisible(register.editable)
        self.remove.setVisible(register.editable)
        self.removed.setVisible(register.editable)
        self.restore.setVisible(False)
        bar.add(self.new, "primary")
        bar.add(self.edit)
        bar.add(self.remove)
        bar.add(self.restore)
        for action in (self.removed, self.bring, self.export, self.print, self.refresh, self.details):
            made = bar.add(action, "normal" if action.text() else "quiet", tool=True)
            if not action.text():
                made.setFixedWidth(36)
                made.setStyleSheet("padding: 7px;")
        if not self.page.session.ledger.writable:
            for action in (self.new, self.edit, self.remove, self.restore, self.bring):
                action.setToolTip(READ_ONLY)

    # --- following ---------------------------------------------------------------------------------------------

    def follow_view(self, view: View) -> None:
        """Offer what can be done with the live or the removed records."""
        register = self.page.register
        self.removed.blockSignals(True)
        self.removed.setChecked(view.removed)
        self.removed.blockSignals(False)
        self.removed.changed.emit()
        self.new.setVisible(register.creatable and register.editable and not view.removed)
        self.edit.setVisible(register.editable and not view.removed)
        self.remove.setVisible(register.editable and not view.removed)
        self.restore.setVisible(register.editable and view.removed)

    def follow_current(self, record_id: int | None) -> None:
        """Enable what needs a record."""
        writable = self.page.session.ledger.writable
        self.new.setEnabled(writable)
        self.bring.setEnabled(writable and self.bring.isVisible())
        for action in (self.edit, self.remove, self.restore):
            action.setEnabled(writable and record_id is not None)

    # --- doing -------------------------------------------------------------------------------------------------

    def _ask(self, record_id: int | None) -> None:
        self.page.session.edit_record.emit(self.page.register.name, record_id, {})

    def open_cell(self) -> None:
        """Enter or a double click: the records behind a cell that leads to some, else the record itself."""
        if not self.follow_lead():
            self.open_current()

    def lead_label(self) -> str:
        """The title of the records that the current cell leads to; '' where it leads nowhere."""
        column = self.page.register.columns[max(0, self.page.table.currentIndex().column())]
        return register_named(column.lead.register).title if column.lead is not None else ""

    def follow_lead(self) -> bool:
        """Show the records behind the current cell; False where it leads nowhere."""
        page, record_id = self.page, self.page.current_id()
        lead = page.register.columns[max(0, page.table.currentIndex().column())].lead
        if record_id is None or lead is None:
            return False
        page.session.show_list(lead.register, lead.view(record_id, page.view().day))
        return True

    def open_current(self) -> None:
        """Edit the current record; one that is kept in its owner's form opens the owner."""
        page, record_id = self.page, self.page.current_id()
        if record_id is None or page.view().removed:
            return
        if page.register.editable and page.session.ledger.writable:
            self._ask(record_id)
        elif not page.register.editable:
            page.session.read(
                load_story, page.register, record_id, page.session.today, done=self._open_owner, owner=self
            )

    def _open_owner(self, story: Story | None) -> None:
        if story is not None and story.owner is not None:
            self.page.session.open_record.emit(*story.owner)

    def _chosen(self) -> list[int]:
        found = self.page.selected_ids()
        current = self.page.current_id()
        return found or ([current] if current is not None else [])

    def _named(self, ids: list[int]) -> str:
        register, model = self.page.register, self.page.model
        if len(ids) > 1:
            return f"选中的{len(ids)}{register.unit}"
        row = model.row_of(ids[0])
        cells = model.cells(row) if row is not None else None
        paths = [c.path for c in register.columns]
        at = paths.index(register.model.label_field) if register.model.label_field in paths else 0
        name = cells.texts[at] if cells is not None else ""
        return f"“{name}”" if name else f"这{register.unit}{register.model.title}"

    def _remove(self) -> None:
        ids, page = self._chosen(), self.page
        if not ids or page.view().removed:
            return
        name = self._named(ids)
        text = "移除后不再计入台账和统计，可在“已移除”中恢复。"
        if not confirm(page, f"移除{name}？", text, "移除", danger=True):
            return
        model = page.register.model

        def work(tx: Transaction) -> Any:
            for record_id in ids:
                tx.remove(model.get_by_id(record_id))
            return tx.action

        def done(action: Any) -> None:
            show_toast(page, f"已移除{name}", "撤销", lambda: self._undo(action))

        page.session.write(f"移除{model.title}", work, done=done, failed=self._tell, owner=page)

    def _undo(self, action: Any) -> None:
        ledger = self.page.session.ledger
        self.page.session.undo_one(lambda: ledger.undo_action(action), failed=self._tell)

    def _restore(self) -> None:
        ids, page = self._chosen(), self.page
        if not ids:
            return
        name, model = self._named(ids), page.register.model

        def work(tx: Transaction) -> None:
            for record_id in ids:
                tx.restore(model.get_by_id(record_id))

        def done(_none: object) -> None:
            show_toast(page, f"已恢复{name}")

        page.session.write(f"恢复{model.title}", work, done=done, failed=self._tell, owner=page)

    def _tell(self, error: Exception) -> None:
        show_error(self.page, error)

    def _toggle_removed(self, on: bool) -> None:
        self.page.change_view(removed=on)
        self.page.recount()

    def _print(self) -> None:
        page = self.page
        session, register = page.session, page.register
        maker = list_maker(session.ledger, register, page.view(), page.table.shown_columns(), session.demo)
        show_preview(page, maker, f"{register.title}清单", file_name(register, session.today))

    def import_file(self, path: Path | None = None) -> None:
        """Open the import of a file, which is asked for where none is given."""
        from ui.kit.import_dialog import ask_import, open_import

        if path is None:
            ask_import(self.page.session, self.page.register, self.page)
        else:
            open_import(self.page.session, self.page.register, path, self.page)

    def _export(self) -> None:
        from ui.kit.file_export import ask_export

        ask_export(self.page)

    def _find(self) -> None:
        self.page.bar.search.setFocus()
        self.page.bar.search.selectAll()
