"""The left navigation: one icon and word a page, narrow or wide; knows keys and words, not pages."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import icon_button
from ui.kit.icons import icon
from ui.kit.palette import UNIT

WIDE = 184
NARROW = 64
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class NavButton(QToolButton):
    """One entry; its badge text (a count) is shown after the word. `left(step)` when an arrow key goes on."""

    left = Signal(int)

    def __init__(self, key: str, title: str, icon_name: str, shortcut: str) -> None:
        super().__init__()
        self.key = key
        self.title = title
        self.count = ""
        self.setCheckable(True)
        self.setIcon(icon(icon_name, "muted"))
        self.setIconSize(QSize(20, 20))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._shortcut = shortcut
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Icon only, with the word as tool tip; or both."""
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)
        words = f"{self.title} {self.count}".strip()
        self.setText(f"  {self.title}" + (f"  {self.count}" if self.count else ""))
        self.setAccessibleName(words)
        hint = f"（{self._shortcut}）" if self._shortcut else ""
        self.setToolTip((words if narrow else "") + hint if narrow or hint else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down only move the focus (QAbstractButton would check the neighbour), Enter picks."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.left.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Navigation(QFrame):
    """Pages one below the other; `chosen(key)` when the user picks one. Up and Down move, Enter and Space pick."""

    chosen = Signal(str)

    def __init__(self, brand: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        self._narrow = False
        self._forced: bool | None = None
        self._window_narrow = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(UNIT, 12, UNIT, UNIT)
        outer.setSpacing(4)
        self._brand = QLabel(brand)
        self._brand.setObjectName("brand")
        self._brand.setFixedHeight(36)
        self._brand.setContentsMargins(12, 0, 0, 0)
        outer.addWidget(self._brand)
        outer.addSpacing(UNIT)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        self._area = area
        outer.addWidget(area, 1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(2)
        outer.addLayout(self._foot)
        row = QHBoxLayout()
        self._fold = icon_button("collapse", "收起导航", self.toggle)
        row.addWidget(self._fold)
        row.addStretch(1)
        outer.addLayout(row)
        self._apply()

    def add(self, key: str, title: str, icon_name: str, at_foot: bool = False) -> NavButton:
        """Append an entry; ValueError for a key that is there already."""
        if key in self._buttons:
            raise ValueError(f"page {key!r} is there already")
        number = len(self._buttons) + 1
        made = NavButton(key, title, icon_name, f"Alt+{number % 10}" if number <= 10 else "")
        made.set_narrow(self._narrow)
        made.clicked.connect(lambda _on=False: self.chosen.emit(key))
        made.left.connect(lambda step: self._move_focus(made, step))
        self._group.addButton(made)
        self._buttons[key] = made
        if at_foot:
            self._foot.addWidget(made)
        else:
            self._list.insertWidget(self._list.count() - 1, made)
        return made

    def keys(self) -> list[str]:
        """The keys in the order of the screen."""
        return list(self._buttons)

    def button(self, key: str) -> NavButton:
        """The entry of a key."""
        return self._buttons[key]

    def mark(self, key: str) -> None:
        """Show which page is open; emits nothing."""
        self._buttons[key].setChecked(True)
        self._area.ensureWidgetVisible(self._buttons[key])

    def set_count(self, key: str, count: str) -> None:
        """A short number after the word («12»), or nothing."""
        self._buttons[key].count = count
        self._buttons[key].set_narrow(self._narrow)

    @property
    def narrow(self) -> bool:
        """Whether only icons are shown."""
        return self._narrow

    def toggle(self) -> None:
        """The user folds or unfolds it; that choice outlasts the window's width."""
        self._forced = not self._narrow
        self._apply()

    def follow_width(self, narrow: bool) -> None:
        """Fold when the window is narrow, as long as the user has not chosen."""
        self._window_narrow = narrow
        self._apply()

    def _apply(self) -> None:
        self._narrow = self._window_narrow if self._forced is None else self._forced
        self.setFixedWidth(NARROW if self._narrow else WIDE)
        self._brand.setVisible(not self._narrow)
        self._fold.setIcon(icon("expand" if self._narrow else "collapse", "muted"))
        self._fold.setToolTip("展开导航" if self._narrow else "收起导航")
        for each in self._buttons.values():
            each.set_narrow(self._narrow)

    def _move_focus(self, entry: NavButton, step: int) -> None:
        entries = list(self._buttons.values())
        entries[(entries.index(entry) + step) % len(entries)].setFocus(Qt.FocusReason.TabFocusReason)
