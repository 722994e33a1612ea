"""检查要点表: the list of forms with its template, the import of an official form and a new version of one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from models.checklist import Checklist
from models.checklist_sheet import Sheet, copy_for_item, copy_form, read_sheet, store_sheet, write_sheet
from ui.enterprises import chosen
from ui.kit.errors import show_error
from ui.kit.files import ask_open, ask_save
from ui.kit.register_bar import page_action
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session
from ui.kit.toast import show_toast

XLSX = "Excel 表格 (*.xlsx)"


class ChecklistTools(QObject):
    """The actions 导出模板, 导入要点表 and 另存新版本 of the list of forms."""

    def __init__(self, session: Session, page: RegisterPage) -> None:
        super().__init__(page)
        self.session, self.page = session, page
        self.bring = page_action(
            page, "bring_form", "官方表", "upload", "导入官方要点表：把填好的模板导入为一张要点表", "Ctrl+Shift+I"
        )
        self.template = page_action(
            page, "template", "模板", "download", "导出模板：没有选中时导出空白模板；选中一张时导出它的内容"
        )
        self.version = page_action(
            page, "version", "新版本", "copy", "另存为新版本：复制选中的一张，改过的内容只用于以后的检查"
        )
        self.bring.triggered.connect(lambda: self.import_form())
        self.template.triggered.connect(lambda: self.export_form())
        self.version.triggered.connect(self.copy)
        for action in (self.bring, self.template, self.version):
            page.add_action(action)
        page.commands.bring.setVisible(False)  # a form comes whole, with its items
        page.commands.bring.setEnabled(False)
        page.current_changed.connect(self._follow)
        page.selection_changed.connect(self._follow)
        self._follow()

    def _follow(self, *_args: object) -> None:
        writable = self.session.ledger.writable
        self.bring.setEnabled(writable)
        self.version.setEnabled(writable and len(chosen(self.page)) == 1)

    def export_form(self, path: Path | None = None) -> None:
        """Write the template, or the chosen form, to a file."""
        ids = chosen(self.page)
        one = ids[0] if len(ids) == 1 else None
        name = "检查要点表" if one is not None else "检查要点表模板"
        target = path or ask_save(self.page, "导出检查要点表", f"{name}.xlsx", [XLSX])[0]
        if target is None:
            return
        target = target if target.suffix.lower() == ".xlsx" else target.with_name(f"{target.name}.xlsx")
        day = self.session.today

        def work() -> int:
            return write_sheet(target, day, Checklist.get_by_id(one) if one is not None else None)

        self.session.read(
            work, done=lambda _n: show_toast(self.page, f"已导出到 {target}"), failed=self._failed, owner=self.page
        )

    def import_form(self, path: Path | None = None) -> None:
        """Read a filled-in template and store it; everything wrong in it is told at once."""
        source = path or ask_open(self.page, "导入官方要点表", [XLSX])
        if source is not None:
            self.session.read(
                read_sheet, source, self.session.today, done=self._store, failed=self._failed, owner=self.page
            )

    def _store(self, sheet: Sheet) -> None:
        name, count = sheet.values["name"], len(sheet.items)

        def stored(key: int) -> None:
            show_toast(self.page, f"已导入“{name}”，{count} 项", "撤销", self.session.undo)
            self.session.open_record.emit("checklists", key)

        self.session.write(
            f"导入要点表：{name}"[:60], lambda tx: store_sheet(tx, sheet), done=stored, failed=self._failed,
            owner=self.page,
        )  # fmt: skip

    def copy(self) -> None:
        """Make a new version of the chosen form and open it."""
        ids = chosen(self.page)
        if len(ids) == 1:
            self.session.write(
                "另存要点表新版本", lambda tx: copy_form(tx, ids[0]), done=self._copied, failed=self._failed,
                owner=self.page,
            )  # fmt: skip

    def _copied(self, key: int) -> None:
        self.session.open_record.emit("checklists", key)
        self.session.edit_record.emit("checklists", key, None)

    def _failed(self, error: Exception) -> None:
        show_error(self.page, error)


class ItemTools(QObject):
    """The action 新版本 of the list of items: what inspections have used stays, the change goes into a new version."""

    def __init__(self, session: Session, page: RegisterPage) -> None:
        super().__init__(page)
        self.session, self.page = session, page
        tip = "在新版本里改：把这一项的要点表另存为新版本，打开新版里的同一项；以前的检查不变"
        self.version = page_action(page, "version", "新版本", "copy", tip)
        self.version.triggered.connect(self.copy)
        page.add_action(self.version)
        page.current_changed.connect(self._follow)
        page.selection_changed.connect(self._follow)
        self._follow()

    def _follow(self, *_args: object) -> None:
        self.version.setEnabled(self.session.ledger.writable and len(chosen(self.page)) == 1)

    def copy(self) -> None:
        """Make a new version of the chosen item's form and open the item in it."""
        ids = chosen(self.page)
        if len(ids) == 1:
            self.session.write(
                "另存要点表新版本", lambda tx: copy_for_item(tx, ids[0]), done=self._copied,
                failed=lambda error: show_error(self.page, error), owner=self.page,
            )  # fmt: skip

    def _copied(self, key: int) -> None:
        self.session.open_record.emit("checklist_items", key)
        self.session.edit_record.emit("checklist_items", key, None)
