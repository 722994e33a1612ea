"""Items of a form that was used are changed in a new version only: refused at the field, offered as an action."""

import datetime as dt
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.checklist import Checklist, ChecklistItem, items_of
from models.checklist_answer import answers_of
from models.core.ledger import Ledger
from models.core.register import View
from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.organization import Officer
from models.rules.checklist import pack
from tests.ui.window_hands import TODAY, Opener, dialog_of, settle, type_text
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow


def used_item(ledger: Ledger) -> tuple[ChecklistItem, Inspection]:
    """An item of a form that an inspection has answered, and the inspection."""
    form = Checklist.get(Checklist.kind == "catering")
    numbers = [item.number for item in items_of(form.id)]
    with ledger.write("准备") as tx:
        made = save(
            tx, Inspection,
            {"enterprise": Enterprise.get(Enterprise.name == "测试面馆").id, "inspected_on": dt.date(2024, 6, 3),
             "kind": "routine", "result": "none", "officers": [o.id for o in Officer.live()],
             "checklists": [{"checklist": form.id, "passed": pack(numbers)}]},
        )  # fmt: skip
    return next(i for i in items_of(form.id) if i.number == "2.3"), made


def items_list(window: MainWindow, item: ChecklistItem) -> Any:
    """The list of items with one row: the item."""
    window.session.show_list("checklist_items", View(search=item.content[:12]))
    settle(window)
    page = window.page("more").current_list()
    page.table.go_to_row(0)
    settle(window)
    return page


def test_an_item_of_a_used_form_is_changed_in_a_new_version(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    item, made = used_item(small_ledger)
    before = answers_of(made)
    window = open_window(small_ledger)
    page = items_list(window, item)
    window.session.edit_record.emit("checklist_items", item.id, None)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    box = form.form.boxes["content"]
    type_text(box.editor.focus_targets()[0], "冷藏温度不高于八度")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert form.isVisible(), "the change was let through"
    assert ChecklistItem.get_by_id(item.id).content == item.content
    assert any("新版本" in words for words in box.problems.texts())
    form._draft.remove()
    form.done(0)
    settle(window)
    page.bar.buttons["version"].click()
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    type_text(form.form.boxes["content"].editor.focus_targets()[0], "冷藏温度不高于八度")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    newest = Checklist.live().order_by(Checklist.id.desc()).first()
    assert newest.valid_from == TODAY
    there = {i.number: i.content for i in items_of(newest.id)}
    assert len(there) == 56
    assert there["2.3"] == "冷藏温度不高于八度"
    assert ChecklistItem.get_by_id(item.id).content == item.content
    assert Checklist.get_by_id(item.checklist_id).valid_to == TODAY - dt.timedelta(days=1)
    assert answers_of(made) == before
