"""What a clerk's hands do with a checklist: keys pressed where the focus is, and counted."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.window_hands import dialog_of, settle
from ui.checklist_dialog import ChecklistDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow

Key, Mod = Qt.Key, Qt.KeyboardModifier


class Keyboard:
    """Presses keys where the focus is and counts them; a key with Ctrl or Shift counts once."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.count = window, 0

    def press(self, *keys: Key, mods: Mod = Mod.NoModifier) -> None:
        for key in keys:
            target = QApplication.focusWidget() or QApplication.activeModalWidget() or self.window
            QTest.keyClick(target, key, mods)
            self.count += 1
            settle(self.window, 3)

    def type(self, text: str) -> None:
        for sign in text:
            QTest.keyClick(QApplication.focusWidget(), sign)
            self.count += 1
        settle(self.window)


def new_inspection(window: MainWindow, keys: Keyboard, qtbot: QtBot) -> RecordDialog:
    """A new form with place and officers, by keys; the cursor is in the form."""
    window.show_page("inspections")
    settle(window)
    keys.press(Key.Key_N, mods=Mod.ControlModifier)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    keys.type("csmg")
    keys.press(Key.Key_Return, Key.Key_Return)
    return form


def open_sheet(window: MainWindow, keys: Keyboard, qtbot: QtBot) -> ChecklistDialog:
    keys.press(Key.Key_F6)
    dialog = dialog_of(qtbot, ChecklistDialog)
    settle(window)
    return dialog


def choose_officers(form: RecordDialog, keys: Keyboard) -> None:
    """Enter by Enter to the officers, the fields between keep what they propose."""
    officers = form.form.boxes["officers"].editor
    for _ in range(9):
        if officers.isAncestorOf(QApplication.focusWidget()):
            break
        keys.press(Key.Key_Return)
    for initials in ("zs", "ls"):
        keys.type(initials)
        keys.press(Key.Key_Return)
    assert len(officers.value()) == 2


def fail(keys: Keyboard, number: str) -> None:
    """Find an item by its number and answer 否."""
    keys.press(Key.Key_Slash)
    keys.type(number)
    keys.press(Key.Key_Return, Key.Key_2)
