"""The frame of the main window: navigation, header, page stack, status bar; knows no page and no data.

Pages are made when they are first opened, so that the window paints at once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit.cards import Badge, EmptyState
from ui.kit.icons import icon
from ui.kit.ime import ImeGuard
from ui.kit.navigation import Navigation
from ui.kit.palette import UNIT

NARROW_BELOW = 1180
"""Window width in device-independent pixels under which the navigation shows icons only."""


class WindowShell(QMainWindow):
    """Main window of named pages.

    `page_shown(key)` after a page came to the front; a page may have `shown()`, called then, `take_focus()` to
    choose who gets the keyboard, and `may_leave()` returning False to stay. Closing also asks `may_close`,
    which the program may replace.
    """

    page_shown = Signal(str)

    def __init__(self, brand: str = "食安台账") -> None:
        super().__init__()
        self.setWindowTitle(brand)
        self.setMinimumSize(960, 600)
        self.may_close: Callable[[], bool] = lambda: True
        self._brand = brand
        self._titles: dict[str, str] = {}
        self._factories: dict[str, Callable[[], QWidget]] = {}
        self._pages: dict[str, QWidget] = {}
        self._current = ""
        self._ime = ImeGuard(QApplication.instance())  # type: ignore[arg-type]
        self.navigation = Navigation(brand)
        self.navigation.chosen.connect(self.show_page)
        self._stack = QStackedWidget()
        self._stack.setObjectName("page")
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._make_header())
        right.addWidget(self._stack, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)
        self._make_status()

    def _make_header(self) -> QFrame:
        header = QFrame()
        header.setObjectName("header")
        header.setFixedHeight(7 * UNIT)
        self._header_row = QHBoxLayout(header)
        self._header_row.setContentsMargins(3 * UNIT, 0, 2 * UNIT, 0)
        self._header_row.setSpacing(UNIT)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.badge = Badge()
        self.badge.hide()
        self._header_row.addWidget(self.title)
        self._header_row.addWidget(self.badge)
        self._header_row.addStretch(1)
        self.undo = self._global_action("撤销", "undo", QKeySequence(QKeySequence.StandardKey.Undo))
        self.redo = self._global_action("重做", "redo", QKeySequence("Ctrl+Shift+Z"))
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        return header

    def _global_action(self, text: str, icon_name: str, keys: QKeySequence) -> QAction:
        action = QAction(icon(icon_name), text, self)
        action.setShortcut(keys)
        action.setToolTip(f"{text}（{keys.toString()}）")
        self.addAction(action)
        self.add_header_action(action)
        return action

    def add_header_action(self, action: QAction, words: bool = False) -> QToolButton:
        """Show an action in the header's right part, as icon or with its word."""
        made = QToolButton()
        made.setProperty("kind", "quiet")
        made.setProperty("words", words)
        made.setDefaultAction(action)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if words:
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header_row.addWidget(made)
        return made

    def add_header_widget(self, widget: QWidget) -> None:
        """Put a widget (the global search) into the header before the buttons."""
        self._header_row.insertWidget(3, widget)

    def _make_status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self._rows = QLabel()
        self._count = QLabel()
        self._backup = QLabel()
        bar.addWidget(self._rows)
        bar.addWidget(self._count)
        bar.addPermanentWidget(self._backup)

    # -- what the program tells -------------------------------------------------------------------------

    def set_badge(self, text: str, state: str = "warning") -> None:
        """The pill beside the title («演示 · 今天 2024-06-30»), also in the window title; "" hides it."""
        self.badge.set(text, state)  # type: ignore[arg-type]
        self.badge.setVisible(bool(text))
        self.setWindowTitle(f"{self._brand} · {text}" if text else self._brand)

    def set_rows(self, shown: int | None, total: int | None = None) -> None:
        """«显示 120 / 共 1,204 条»; None empties it."""
        whole = shown if total is None else total
        self._rows.setText("" if shown is None else f"显示 {shown:,} / 共 {whole:,} 条")

    def set_selection(self, text: str) -> None:
        """«计数 3» and the like."""
        self._count.setText(text)

    def set_backup(self, text: str) -> None:
        """«上次备份 2024-06-30 08:15»."""
        self._backup.setText(text)

    def set_undo(self, undo: str | None, redo: str | None = None) -> None:
        """What 撤销 and 重做 would do («签发 1 份通知书»); None greys them out."""
        for action, word, what in ((self.undo, "撤销", undo), (self.redo, "重做", redo)):
            action.setEnabled(what is not None)
            action.setText(f"{word}：{what}" if what else word)
            action.setToolTip(f"{action.text()}（{action.shortcut().toString()}）")

    # -- pages ------------------------------------------------------------------------------------------

    def add_page(
        self, key: str, title: str, icon_name: str, factory: Callable[[], QWidget], at_foot: bool = False
    ) -> None:
        """Add a page to the navigation; `factory` makes its widget when it is first opened. Alt+1…9, Alt+0 open it."""
        self.navigation.add(key, title, icon_name, at_foot)
        self._titles[key] = title
        self._factories[key] = factory
        number = len(self._factories)
        if number <= 10:
            shortcut = QShortcut(QKeySequence(f"Alt+{number % 10}"), self)
            shortcut.activated.connect(lambda: self.show_page(key))

    def page(self, key: str) -> QWidget:
        """The page's widget, made now if it was not yet; KeyError for an unknown key."""
        found = self._pages.get(key)
        if found is None:
            found = self._pages[key] = self._make_page(key, self._factories[key])
            self._stack.addWidget(found)
        return found

    def made(self, key: str) -> bool:
        """Whether the page's widget exists already."""
        return key in self._pages

    @property
    def current_page(self) -> str:
        """The key of the page in front, "" before the first."""
        return self._current

    def show_page(self, key: str) -> bool:
        """Bring a page to the front; False when the one in front did not let go or the new one failed."""
        if key == self._current:
            return True
        leaving = self._pages.get(self._current)
        if leaving is not None and not getattr(leaving, "may_leave", lambda: True)():
            self.navigation.mark(self._current)
            return False
        page = self.page(key)
        focus = self.focusWidget()
        inside = focus is None or self._stack.isAncestorOf(focus)
        self._current = key
        self.title.setText(self._titles[key])
        self.navigation.mark(key)
        self.set_rows(None)
        self.set_selection("")
        self._stack.setCurrentWidget(page)
        shown = getattr(page, "shown", None)
        if shown is not None:
            shown()
        focus = self.focusWidget()
        if inside and hasattr(page, "take_focus"):
            page.take_focus()
        elif inside and (focus is None or not self._stack.isAncestorOf(focus)):
            page.setFocus()  # else Qt gives the focus to some button of the frame
        self.page_shown.emit(key)
        return not isinstance(page, _Broken)

    def _make_page(self, key: str, factory: Callable[[], QWidget]) -> QWidget:
        try:
            return factory()
        except Exception as error:  # noqa: BLE001 - shown to the user, and the page offers to try again
            from ui.kit.errors import show_error

            show_error(self, error)
            return _Broken(self._titles[key], lambda: self._again(key))

    def _again(self, key: str) -> None:
        broken = self._pages.pop(key)
        self._current = ""
        self.show_page(key)
        self._stack.removeWidget(broken)
        broken.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigation.follow_width(event.size().width() < NARROW_BELOW)

    def closeEvent(self, event: QCloseEvent) -> None:
        leaving = self._pages.get(self._current)
        stay = leaving is not None and not getattr(leaving, "may_leave", lambda: True)()
        if stay or not self.may_close():
            event.ignore()
            return
        super().closeEvent(event)


class _Broken(EmptyState):
    """Stands where a page could not be made."""

    def __init__(self, title: str, again: Callable[[], object]) -> None:
        super().__init__("warning", f"“{title}”没有打开", "数据没有改动。可以再试一次。", "再试一次", again)
