"""Holds shortcuts back while an input method composes; knows only focus and input events."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class ImeGuard(QObject):
    """Watches the one widget that has the focus, so that other events never pass through Python."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._watched: QWidget | None = None
        self.composing = False
        app.focusChanged.connect(self._focus_moved)
        self._focus_moved(None, app.focusWidget())

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self.composing = False
        self._watched = (
            now if now is not None and now.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) else None
        )
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif self.composing and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Qt then treats the key as typing and asks no shortcut
            return True
        elif self.composing and event.type() == QEvent.Type.KeyPress:
            return bool(event.modifiers() & _COMMAND)  # type: ignore[attr-defined]
        return False
