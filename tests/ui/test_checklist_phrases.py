"""Wordings of findings from the phrase library, by pinyin initials, those the office uses most first: in the window."""

import datetime as dt

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection
from models.organization import Officer
from models.phrases import phrases
from tests.ui.checklist_hands import Key, Keyboard, Mod, choose_officers, fail, new_inspection, open_sheet
from tests.ui.window_hands import TODAY, Opener, activate, settle

OWN = {"wording": "冷柜结霜很厚", "legal_basis": "《示例办法》第九条"}


def write_twice(ledger: Ledger) -> None:
    """The office wrote the same words at two inspections."""
    place = Enterprise.get(Enterprise.name == "测试面馆")
    for day in (3, 4):
        with ledger.write("准备") as tx:
            save(
                tx, Inspection,
                {"enterprise": place.id, "inspected_on": dt.date(2024, 6, day), "kind": "complaint",
                 "result": "ordered", "officers": [o.id for o in Officer.live()], "findings": [OWN]},
            )  # fmt: skip


def test_a_failed_item_is_worded_by_initials(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    write_twice(small_ledger)
    assert phrases(TODAY, "catering")[0].text == OWN["wording"]
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    choose_officers(form, keys)
    dialog = open_sheet(window, keys, qtbot)
    fail(keys, "6.2")
    keys.press(Key.Key_Return)
    editor = dialog.editors["wording"]
    assert editor.isAncestorOf(QApplication.focusWidget())
    keys.press(Key.Key_A, mods=Mod.ControlModifier)
    keys.press(Key.Key_Delete)
    keys.type("lgjs")
    settle(window)
    assert editor.suggester.is_open
    keys.press(Key.Key_Return)
    settle(window)
    assert editor.value() == OWN["wording"]
    assert dialog.editors["legal_basis"].value() == OWN["legal_basis"]
    assert QApplication.focusWidget() is dialog.list
    fail(keys, "7.3")
    keys.press(Key.Key_A)
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    activate(form)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    made = Inspection.live().order_by(Inspection.id.desc()).first()
    first, second = Finding.live().where(Finding.inspection == made.id).order_by(Finding.id)
    assert (first.item.number, first.wording, first.legal_basis) == ("6.2", *OWN.values())
    assert second.wording != OWN["wording"]


def test_the_own_words_stand_first_in_the_form(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    write_twice(small_ledger)
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    findings = form.form.boxes["findings"].editor
    form.area.ensureWidgetVisible(findings)
    findings.add_button.click()
    settle(window)
    editor = findings.rows[0].cells["wording"]
    editor.focus_targets()[0].setFocus()
    keys.press(Key.Key_F4)
    settle(window)
    assert editor.suggester.is_open
    keys.press(Key.Key_Down, Key.Key_Return)
    settle(window)
    assert editor.value() == OWN["wording"]
    form._draft.remove()
    form.done(0)
