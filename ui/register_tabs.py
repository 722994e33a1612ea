"""A page of sub-tabs, each made when first shown; a tab is a register's list or a widget. Knows names, no topic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from models.core.register import View, register
from ui.kit.palette import UNIT
from ui.kit.session import Session


@dataclass(frozen=True)
class Tab:
    """A sub-tab: its key (a register's name where it is a list), its word, and what makes it."""

    key: str
    title: str
    make: Callable[[], QWidget]


def list_of(page: QWidget) -> Any:
    """The RegisterPage inside a tab's widget; None where it has none."""
    inner = getattr(page, "list", None)
    return inner if inner is not None else page if hasattr(page, "set_view") else None


class FrontPages(QWidget):
    """Widgets by key over a stack, each made when first shown: what sub-tabs and the list of 更多 have in common.

    `list_changed()` when the one in front or its rows or selection changed. A page gives ``key`` (the one in front, ""
    without), ``_make(key)`` and ``_choose(key)``, which marks it chosen and so brings it to the front.
    """

    list_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._made: dict[str, QWidget] = {}
        self._stack = QStackedWidget()

    @property
    def key(self) -> str:
        """The key of the one in front."""
        raise NotImplementedError

    def keys(self) -> list[str]:
        """All keys, in their order."""
        raise NotImplementedError

    def _make(self, key: str) -> QWidget:
        raise NotImplementedError

    def _choose(self, key: str) -> None:
        raise NotImplementedError

    def tab(self, key: str) -> QWidget:
        """The widget of a key, made now if it was not yet."""
        if key not in self._made:
            page = self._made[key] = self._make(key)
            self._stack.addWidget(page)
            inner = list_of(page)
            if inner is not None:
                inner.rows_changed.connect(self.list_changed)
                inner.selection_changed.connect(self.list_changed)
            if hasattr(page, "face_changed"):
                page.face_changed.connect(self.list_changed)
        return self._made[key]

    def show_tab(self, key: str) -> QWidget:
        """Bring one to the front."""
        self._choose(key)
        if self._stack.currentWidget() is not self._made.get(key):
            self._front()
        return self.tab(key)

    def _front(self) -> None:
        if not self.key:
            return
        page = self.tab(self.key)
        self._stack.setCurrentWidget(page)
        shown = getattr(page, "shown", None)
        if shown is not None:
            shown()
        self.list_changed.emit()

    # -- what the window asks ---------------------------------------------------------------------------

    def shown(self) -> None:
        """Called when the page comes to the front."""
        if self.key:
            self._front()
        else:
            self.show_tab(self.keys()[0])

    def take_focus(self) -> None:
        """Give the keyboard to the table in front, so that its keys work."""
        shown, page = self.current_list(), self._made.get(self.key)
        if shown is None and hasattr(page, "take_focus"):
            page.take_focus()  # type: ignore[union-attr]
        else:
            (self._stack if shown is None else shown.table).setFocus()

    def may_leave(self) -> bool:
        """Ask the one in front."""
        page = self._made.get(self.key)
        return bool(getattr(page, "may_leave", lambda: True)())

    def current_list(self) -> Any:
        """The RegisterPage in front; None where there is none."""
        page: Any = self._made.get(self.key)
        if hasattr(page, "front_list"):
            return page.front_list()
        return None if page is None else list_of(page)

    def show_view(self, name: str, view: View) -> None:
        """Show a register with a view."""
        self._list(name).set_view(view)

    def show_record(self, name: str, key: int) -> None:
        """Show a register and select a record."""
        self._list(name).select_id(key)

    def _list(self, name: str) -> Any:
        """The list of a register, in front also where its tab has other faces."""
        page: Any = self.show_tab(name)
        return page.show_records() if hasattr(page, "show_records") else list_of(page)


class RegisterTabs(FrontPages):
    """Sub-tabs over the stack."""

    def __init__(self, session: Session, tabs: list[Tab]) -> None:
        super().__init__(session)
        self._tabs = {tab.key: tab for tab in tabs}
        self._keys = [tab.key for tab in tabs]
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for tab in tabs:
            self.bar.addTab(tab.title)
        frame = QFrame()
        frame.setObjectName("header")
        row = QHBoxLayout(frame)
        row.setContentsMargins(2 * UNIT, 0, 2 * UNIT, 0)
        row.addWidget(self.bar)
        row.addStretch(1)
        if len(tabs) < 2:
            frame.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(frame)
        box.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(lambda _index: self._front())

    # -- tabs -------------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """The key of the tab in front."""
        return self._keys[self.bar.currentIndex()]

    def keys(self) -> list[str]:
        """The keys of all tabs."""
        return list(self._keys)

    def _make(self, key: str) -> QWidget:
        return self._tabs[key].make()

    def _choose(self, key: str) -> None:
        self.bar.setCurrentIndex(self._keys.index(key))


def register_tab(session: Session, name: str, title: str = "") -> Tab:
    """A tab that is a register's plain list."""

    def make() -> QWidget:
        from ui.kit.register_page import RegisterPage

        return RegisterPage(session, register(name))

    return Tab(name, title or register(name).title, make)
