"""What a clerk's hands do in a form, by key and mouse events only."""

from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTextEdit, QWidget

from ui.kit.dialogs import MessageDialog
from ui.kit.record_dialog import RecordDialog

#: A real credit code of the standard's own example (GB 32100-2015).
GOOD_CODE = "91350100M000100Y43"
Key, Mod = Qt.Key, Qt.KeyboardModifier


class Hands:
    """Types into one form and counts the keys that were needed."""

    def __init__(self, dialog: RecordDialog) -> None:
        self.dialog = dialog
        self._session = dialog.session
        self.keys = 0
        dialog.show()
        dialog.activateWindow()
        self.settle()

    def settle(self) -> None:
        """Let reads, writes and the next event-loop turn happen."""
        for _ in range(4):
            QApplication.processEvents()
            assert self._session.jobs.wait_idle()

    @property
    def is_open(self) -> bool:
        """Whether the form is still on the screen."""
        return shiboken6.isValid(self.dialog) and self.dialog.isVisible()

    @property
    def focused(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        """Latin by keys, Chinese as an input method commits it."""
        for part in text:
            if part.isascii():
                QTest.keyClick(self.focused, part)
            else:
                event = QInputMethodEvent()
                event.setCommitString(part)
                QApplication.sendEvent(self.focused, event)
            self.keys += 1

    def compose(self, text: str) -> None:
        """An input method shows ``text`` without having committed it."""
        QApplication.sendEvent(self.focused, QInputMethodEvent(text, []))

    def press(self, key: Key, modifiers: Mod = Mod.NoModifier) -> None:
        QTest.keyClick(self.focused, key, modifiers)
        self.keys += 1
        self.settle()

    def enter(self, text: str = "") -> None:
        """Type and go on with Enter."""
        self.type(text)
        self.settle()
        self.press(Key.Key_Return)

    def go(self, name: str) -> Any:
        """Click into a field; its editor."""
        editor = self.dialog.form.boxes[name].editor
        target = editor.focus_targets()[0]
        self.dialog.area.ensureWidgetVisible(target)
        self.settle()
        self.click(target)
        return editor

    def fill(self, name: str, text: str) -> None:
        """Click into a field, type over what is there, and leave with Tab."""
        self.go(name)
        QTest.keyClick(self.focused, Key.Key_A, Mod.ControlModifier)
        self.type(text)
        self.settle()
        self.press(Key.Key_Tab)

    def click(self, widget: QWidget) -> None:
        target = widget.viewport() if isinstance(widget, QTextEdit) else widget
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        self.settle()

    def save(self) -> None:
        self.press(Key.Key_S, Mod.ControlModifier)

    def text(self, name: str) -> str:
        target = self.dialog.form.boxes[name].editor.focus_targets()[0]
        assert isinstance(target, QLineEdit | QTextEdit)
        return target.text() if isinstance(target, QLineEdit) else target.toPlainText()

    def complaints(self, name: str) -> list[str]:
        """What is shown under a field."""
        return self.dialog.form.boxes[name].problems.texts()

    def is_at(self, name: str) -> bool:
        """Whether the cursor is in a field."""
        return self.dialog.form.boxes[name].isAncestorOf(self.focused)


def crash(dialog: RecordDialog) -> None:
    """The program ends without closing the form: the object goes, nothing else happens."""
    shiboken6.delete(dialog)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def answer(choice: str, seen: list[str]) -> None:
    """Press a button of the next question."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        seen.append(dialog.headline.text())
        buttons = [b for b in dialog.findChildren(type(dialog.foot.itemAt(1).widget())) if b.text() == choice]
        buttons[0].click()

    QTimer.singleShot(50, press)
