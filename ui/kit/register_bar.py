"""The line of actions above a list: buttons that follow their QActions, search box, columns menu; decides nothing."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from ui.kit.buttons import PushButton, icon_button, restyle
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.table_view import TableView
from ui.kit.view_bar import SearchBox

COMPACT = 36
"""Width of a button with only an icon, in device-independent pixels."""
_LAST = {"print": 1, "export": 2, "import": 3, "remove": 4, "edit": 5}
"""Which buttons keep their words longer than others; a topic's own keep them longest, 新增 always."""
_OWN = 6


class ActionButton(PushButton):
    """A push button for a QAction: words, icon, state and visibility follow it."""

    def __init__(
        self, action: QAction, kind: Literal["normal", "primary", "quiet", "danger"], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.action = action
        self.compact = False
        self.spared = 0
        self.setAutoDefault(False)
        restyle(self, kind=kind)
        self._follow()
        action.changed.connect(self._follow)
        self.clicked.connect(lambda _on=False: action.trigger())

    def _follow(self) -> None:
        self.setText("" if self.compact else self.action.text())
        self.setIcon(self.action.icon())
        self.setToolTip(self.action.toolTip())
        self.setEnabled(self.action.isEnabled())
        self.setVisible(self.action.isVisible())
        if self.isCheckable() != self.action.isCheckable():
            self.setCheckable(self.action.isCheckable())
        self.setChecked(self.action.isChecked())

    def set_compact(self, compact: bool) -> None:
        """Show only the icon, or the words too; ``spared`` is how many pixels narrower that makes it."""
        if compact != self.compact:
            if compact:
                self.spared = self.sizeHint().width() - COMPACT
            self.compact = compact
            self.setStyleSheet("padding: 7px;" if compact else "")
            self.setMinimumWidth(COMPACT if compact else 0)
            self.setMaximumWidth(COMPACT if compact else 16_777_215)
            self._follow()


class RegisterBar(QWidget):
    """Search, buttons, room, tools whose words give way where it is narrow, then 移除, 编辑, and a topic's own.

    ``add(action)`` puts a button among the first ones, before the room.
    """

    def __init__(self, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.search = SearchBox(hint)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(UNIT)
        self._row.addWidget(self.search, 1)
        self._row.addSpacing(UNIT)
        self._row.addStretch(1)
        self._place = 2
        self._tools: list[ActionButton] = []
        self.buttons: dict[str, ActionButton] = {}

    def add(
        self,
        action: QAction,
        kind: Literal["normal", "primary", "quiet", "danger"] = "normal",
        tool: bool = False,
    ) -> ActionButton:
        """A button for an action; ``tool`` puts it at the right end."""
        made = ActionButton(action, kind, self)
        self.buttons[action.objectName() or action.text()] = made
        if tool:
            self._row.addWidget(made)
            if action.text():
                self._tools.append(made)
        else:
            self._row.insertWidget(self._place, made)
            self._place += 1
            if kind != "primary":
                self._tools.append(made)
        return made

    def _fit(self) -> None:
        """The tools keep their words while there is room; the rarest asked for give theirs up first."""
        shown = [made for made in reversed(self._tools) if not made.isHidden()]
        need = self._row.minimumSize().width() + sum(made.spared for made in shown if made.compact)
        for made in sorted(shown, key=self._rank):
            made.set_compact(need > self.width())
            need -= made.spared if made.compact else 0

    def _rank(self, made: ActionButton) -> int:
        name = made.action.objectName()
        if self._row.indexOf(made) >= self._place:
            return _LAST.get(name, 0)
        return _LAST[name] if name in ("edit", "remove") else _OWN

    def minimumSizeHint(self) -> QSize:
        found = super().minimumSizeHint()
        wordy = [made for made in self._tools if not made.isHidden() and not made.compact]
        return QSize(found.width() - sum(made.sizeHint().width() - COMPACT for made in wordy), found.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def add_tool(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)


def columns_button(table: TableView) -> QToolButton:
    """The button whose menu shows and hides columns."""
    made = icon_button("columns", "选择列：显示、隐藏")
    menu = QMenu(made)

    def fill() -> None:
        menu.clear()
        header = table.horizontalHeader()
        for place in range(header.count()):
            section = header.logicalIndex(place)
            action = menu.addAction(table.rows.labels[section])
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(section))
            action.toggled.connect(lambda on, s=section: table.show_column(s, on))
        menu.addSeparator()
        menu.addAction(icon("restore"), "恢复默认列").triggered.connect(lambda: table.reset_columns())

    menu.aboutToShow.connect(fill)
    made.setMenu(menu)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return made


def page_action(
    parent: QWidget, name: str, text: str, icon_name: str, tip: str, keys: str = "", role: str = "text"
) -> QAction:
    """An action of one page; its keys work while the page is in front, wherever in the window the focus is."""
    made = QAction(icon(icon_name, role), text, parent)
    made.setObjectName(name)
    made.setToolTip(f"{tip}（{keys}）" if keys else tip)
    if keys:
        made.setShortcut(keys)
    parent.addAction(made)
    return made
