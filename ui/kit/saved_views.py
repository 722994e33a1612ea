"""The 视图 button of a list: views kept by name, to save, apply, rename and delete; knows no topic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QToolButton, QWidget

from models.core.changes import Changes
from models.saved_view import NamedView, SavedView, delete_view, rename_view, save_view, saved_views
from ui.kit.buttons import icon_button
from ui.kit.dialogs import MessageDialog
from ui.kit.errors import show_error
from ui.kit.icons import icon
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

KEYS = "Alt+V"


class NameDialog(MessageDialog):
    """Asks for the name of a view; Enter is the confirming button, Esc leaves."""

    def __init__(self, parent: QWidget, headline: str, text: str, name: str, yes: str) -> None:
        super().__init__(parent, "视图", headline, text, "info")
        self.edit = QLineEdit(name, placeholderText="如 今年未检查的餐饮", maxLength=40)
        self.problem = QLabel("")
        self.problem.setProperty("role", "danger")
        self.body.addWidget(self.edit)
        self.body.addWidget(self.problem)
        self.add_button("取消", self.reject)
        self.yes = self.add_button(yes, self.accept, "primary", default=True)
        self.edit.textChanged.connect(lambda: self.problem.setText(""))
        self.edit.selectAll()
        self.edit.setFocus()

    def name(self) -> str:
        """The name typed."""
        return self.edit.text().strip()

    def accept(self) -> None:
        if not self.name():
            self.problem.setText("请填写视图名称。")
            self.edit.setFocus()
            return
        super().accept()


class SavedViews(QObject):
    """The button and its menu. The names are read when the page has been listed and after each change of them."""

    def __init__(self, page: RegisterPage) -> None:
        super().__init__(page)
        self.page = page
        self.views: list[NamedView] = []
        self.dialog: NameDialog | None = None
        self._read = False
        self.button = icon_button("eye", f"视图：保存、调用常用的筛选、顺序和列（{KEYS}）")
        self.button.setAccessibleName("视图")
        self.menu = QMenu(self.button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        keys = QShortcut(QKeySequence(KEYS), page)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.button.showMenu)
        page.model.listed.connect(self._first)
        page.session.changed.connect(self._changed)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _first(self) -> None:
        if not self._read:
            self._read = True
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        if self._read and changes.touches(SavedView._meta.table_name):
            self.refresh()

    def refresh(self) -> None:
        """Read the names again."""
        self.page.session.read(saved_views, self.page.register, done=self._take, owner=self, key="views")

    def _take(self, views: list[NamedView]) -> None:
        self.views = views

    # --- the menu ----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        menu, now = self.menu, self._now()
        menu.clear()
        for kept in self.views:
            action = menu.addAction(kept.name.replace("&", "&&"), partial(self.apply, kept))
            action.setCheckable(True)
            action.setChecked((kept.view, kept.columns) == now)
            if kept.missing:
                action.setToolTip(f"已没有的栏目：{'、'.join(kept.missing)}")
        if not self.views:
            menu.addAction("还没有保存的视图").setEnabled(False)
        menu.addSeparator()
        able = self.page.session.ledger.writable
        menu.addAction(icon("add"), "保存现在的视图…", self.save).setEnabled(able)
        for words, do in (("更新", self.update), ("重命名", self.rename), ("删除", self.delete)):
            part = menu.addMenu(words)
            part.setEnabled(able and bool(self.views))
            for kept in self.views:
                part.addAction(kept.name.replace("&", "&&"), partial(do, kept))

    def _now(self) -> tuple[Any, tuple[str, ...]]:
        page = self.page
        columns = page.register.columns
        view = page.view().with_(figure=None, removed=False, day=None, strokes=False)
        return view, tuple(columns[section].path for section in page.table.shown_columns())

    # --- doing -------------------------------------------------------------------------------------------------------

    def apply(self, kept: NamedView) -> None:
        """Look at the list as it was kept; what the register has no more is said, the rest holds."""
        page = self.page
        if kept.columns:
            page.table.show_only(kept.columns)
        page.set_view(kept.view)
        page.table.setFocus()
        if kept.missing:
            gone = "、".join(kept.missing)
            show_toast(page, f"视图“{kept.name}”中的“{gone}”已没有，其余照用。", state="warning")

    def save(self) -> None:
        """Ask for a name and keep what is looked at under it."""
        view, columns = self._now()
        text = "保存现在的搜索、筛选、顺序和显示的列。"
        if self.page.view().figure is not None:
            text += "指标的范围不随视图保存。"

        def keep(name: str) -> None:
            words = f"已更新视图“{name}”。" if name in (v.name for v in self.views) else f"已保存视图“{name}”。"
            self._write("保存视图", lambda tx: save_view(tx, self.page.register, name, view, columns), words)

        self._ask("保存视图", text, "", "保存", keep)

    def update(self, kept: NamedView) -> None:
        """Keep what is looked at now under a name that is there."""
        view, columns = self._now()
        self._write(
            "更新视图",
            lambda tx: save_view(tx, self.page.register, kept.name, view, columns),
            f"已更新视图“{kept.name}”。",
        )

    def rename(self, kept: NamedView) -> None:
        """Ask for another name."""

        def keep(name: str) -> None:
            if name != kept.name:
                self._write("重命名视图", lambda tx: rename_view(tx, kept.id, name), f"已改名为“{name}”。")

        self._ask("重命名视图", "", kept.name, "改名", keep)

    def delete(self, kept: NamedView) -> None:
        """Take a view away; the message offers to undo it."""
        self._write("删除视图", lambda tx: delete_view(tx, kept.id), f"已删除视图“{kept.name}”。")

    def _ask(self, headline: str, text: str, name: str, yes: str, then: Callable[[str], None]) -> None:
        dialog = self.dialog = NameDialog(self.page, headline, text, name, yes)

        def finished(code: int) -> None:
            self.dialog = None
            if code == NameDialog.DialogCode.Accepted:
                then(" ".join(dialog.name().split()))
            dialog.deleteLater()
            self.page.table.setFocus()

        dialog.finished.connect(finished)
        dialog.open()

    def _write(self, kind: str, work: Callable[[Any], object], words: str) -> None:
        session, page = self.page.session, self.page

        def run(tx: Any) -> Any:
            work(tx)
            return tx.action

        def undo(action: Any) -> None:
            session.undo_one(lambda: session.ledger.undo_action(action), failed=self._failed)

        def done(action: Any) -> None:
            show_toast(page, words, "撤销", lambda: undo(action))

        session.write(kind, run, done=done, failed=self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        show_error(self.page, error)
