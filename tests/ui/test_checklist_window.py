"""A checklist of 56 items answered by keyboard in the real window, its findings and the notice made from it."""

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.checklist_answer import answers_of
from models.core.ledger import Ledger
from models.inspection import Finding, Inspection
from models.notice import Notice
from tests.ui.window_hands import TODAY, Opener, activate, dialog_of, settle
from ui.checklist_dialog import ChecklistDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.notice_make import MakeDialog

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
    window.page("inspections").current_list().table.setFocus()
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


def choose_officers(window: MainWindow, form: RecordDialog, keys: Keyboard) -> None:
    form.form.boxes["officers"].focus()
    for initials in ("zs", "ls"):
        keys.type(initials)
        keys.press(Key.Key_Return)


def fail(keys: Keyboard, number: str) -> None:
    """Find an item by its number and answer 否."""
    keys.press(Key.Key_Slash)
    keys.type(number)
    keys.press(Key.Key_Return, Key.Key_2)


def test_56_items_three_findings_and_a_notice_in_90_keys(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    choose_officers(window, form, keys)
    dialog = open_sheet(window, keys, qtbot)
    assert dialog.desk is not None
    assert len(dialog.desk.items) == 56
    for number in ("2.3", "6.2", "7.3"):
        fail(keys, number)
        assert dialog.finding.isVisible()
    keys.press(Key.Key_A)
    assert "基本符合" in dialog.verdict.text()
    general = [item for item in dialog.desk.items if not item.is_key]
    assert f"{len(general) - 3}÷{len(general)}" in dialog.arithmetic.text()
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    activate(form)
    assert form.form.boxes["result"].editor.value() == "ordered"
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    found = Inspection.live().order_by(Inspection.id.desc()).first()
    assert found.enterprise.name == "测试面馆"
    assert found.result == "ordered"
    [answered] = answers_of(found)
    assert answered.title == "示例要点（非官方文本）：餐饮服务检查要点（示例）"
    assert not answered.official
    assert answered.numbers("no") == ["2.3", "6.2", "7.3"]
    assert len(answered.numbers("yes")) == 53
    assert (answered.word, answered.handling) == ("基本符合", "书面限期整改")
    findings = list(Finding.live().where(Finding.inspection == found.id).order_by(Finding.id))
    assert [f.item.number for f in findings] == ["2.3", "6.2", "7.3"]
    assert findings[0].wording == "冷藏冷冻温度不符合要求或者混放"
    assert "实施条例" in findings[0].legal_basis
    assert findings[0].due_on == TODAY + dt.timedelta(days=3)
    assert findings[0].measure == "调整温度、分层存放"
    page = window.page("inspections").current_list()
    page.table.setFocus()
    keys.press(Key.Key_K, mods=Mod.ControlModifier | Mod.ShiftModifier)
    made = dialog_of(qtbot, MakeDialog)
    settle(window)
    assert len(made.boxes) == 3
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    dialog_of(qtbot, RecordDialog)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    assert Notice.live().count() == 1
    assert keys.count <= 90, keys.count
