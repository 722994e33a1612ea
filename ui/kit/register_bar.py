"""The line of actions above a list: buttons that follow their QActions, search box, columns menu; decides nothing."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from ui.kit.buttons import PushButton, icon_button, restyle
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.table_view import TableView
from ui.kit.view_bar import SearchBox


class ActionButton(PushButton):
    """A push button for a QAction: words, icon, state and visibility follow it."""

    def __init__(
        self, action: QAction, kind: Literal["normal", "primary", "quiet", "danger"], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.action = action
        self.setAutoDefault(False)
        restyle(self, kind=kind)
        self._follow()
        action.changed.connect(self._follow)
        self.clicked.connect(lambda _on=False: action.trigger())

    def _follow(self) -> None:
        self.setText(self.action.text())
        self.setIcon(self.action.icon())
        self.setToolTip(self.action.toolTip())
        self.setEnabled(self.action.isEnabled())
        self.setVisible(self.action.isVisible())
        if self.isCheckable() != self.action.isCheckable():
            self.setCheckable(self.action.isCheckable())
        self.setChecked(self.action.isChecked())


class RegisterBar(QWidget):
    """Search, buttons, room, tools. ``add(action)`` puts a button among the first ones, before the room."""

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
        else:
            self._row.insertWidget(self._place, made)
            self._place += 1
        return made

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
    """An action of one page; its keys work while the page or something in it has the focus."""
    made = QAction(icon(icon_name, role), text, parent)
    made.setObjectName(name)
    made.setToolTip(f"{tip}（{keys}）" if keys else tip)
    if keys:
        made.setShortcut(keys)
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    parent.addAction(made)
    return made
