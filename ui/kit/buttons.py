"""Buttons and icon labels of the program's four kinds; knows nothing of what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox, QToolButton, QWidget

from ui.kit.icons import icon, pixmap
from ui.kit.theme import theme

Kind = Literal["normal", "primary", "quiet", "danger", "link"]
_INK = {"normal": "text", "primary": "on_accent", "quiet": "text", "danger": "danger", "link": "accent"}


class PushButton(QPushButton):
    """A push button that Enter presses too, not only the space bar."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isEnabled():
            self.click()
            return
        super().keyPressEvent(event)


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    icon_name: str = "",
    kind: Kind = "normal",
    tip: str = "",
    parent: QWidget | None = None,
) -> PushButton:
    """A push button; `clicked` is called without arguments."""
    made = PushButton(text, parent)
    made.setProperty("kind", kind)
    if icon_name:
        made.setIcon(icon(icon_name, _INK[kind]))
        made.setIconSize(QSize(18, 18))
    if tip:
        made.setToolTip(tip)
    made.setAutoDefault(False)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def icon_button(
    icon_name: str,
    tip: str,
    clicked: Callable[[], object] | None = None,
    role: str = "muted",
    parent: QWidget | None = None,
) -> QToolButton:
    """A quiet button with only an icon; `tip` is its word for mouse and screen reader."""
    made = QToolButton(parent)
    made.setProperty("kind", "quiet")
    made.setIcon(icon(icon_name, role))
    made.setIconSize(QSize(18, 18))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class IconLabel(QLabel):
    """A label that shows one icon and follows the theme."""

    def __init__(self, name: str, role: str = "text", size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role, self._size = name, role, size
        self._draw()
        theme().changed.connect(self._draw)

    def set_icon(self, name: str, role: str) -> None:
        """Show another icon or colour."""
        self._name, self._role = name, role
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._name, self._role, self._size, self.devicePixelRatioF()))


def number_box(
    least: int, most: int, value: int, suffix: str = "", parent: QWidget | None = None
) -> QSpinBox:
    """A spin box whose text keeps its distance from the frame (Qt's style sheets forget it)."""
    made = QSpinBox(parent)
    made.setRange(least, most)
    made.setValue(value)
    made.setSuffix(suffix)
    made.lineEdit().setTextMargins(8, 0, 0, 0)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and let the style sheet see them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
