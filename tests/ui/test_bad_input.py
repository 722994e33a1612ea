"""What is wrong with an inspection or its papers is said at the field while it is typed in; nothing typed is lost."""

import datetime as dt
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.checklist import Checklist, checklists_for, items_of
from models.core.ledger import Ledger
from models.core.register import View
from models.core.saving import save
from models.core.waivers import Waiver
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.notice import Notice
from models.notice_steps import issue
from models.organization import Officer
from models.rules.checklist import pack
from tests.ui.test_notice_cases import draft
from tests.ui.window_hands import TODAY, Opener, dialog_of, settle, type_text
from ui.kit.dialogs import ReasonDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.notice_dialogs import ServeDialog
from ui.notice_make import MakeDialog

Key, Mod = Qt.Key, Qt.KeyboardModifier


def opened(window: MainWindow, name: str, key: int | None, values: Any = None) -> Any:
    form: Any = window.edit_record(name, key, values)
    settle(window)
    assert isinstance(form, RecordDialog)
    return form


def try_to_save(window: MainWindow, form: Any) -> None:
    QTest.keyClick(form, Key.Key_S, Mod.ControlModifier)
    settle(window)


def told(form: Any, name: str) -> str:
    """The words at a field, those at its lines too."""
    box = form.form.boxes[name]
    found = list(box.problems.texts())
    for row in getattr(box.editor, "rows", ()):
        found += row.problems.texts()
    return "；".join(found)


def leave(form: Any) -> None:
    form._draft.remove()
    form.done(0)


def visit(**more: Any) -> dict[str, Any]:
    """A whole inspection of the noodle shop, nothing found."""
    place = Enterprise.get(Enterprise.name == "测试面馆")
    return {
        "enterprise": place.id, "inspected_on": TODAY, "kind": "routine", "state": "done", "result": "none",
        "officers": [one.id for one in Officer.live()], **more,
    }  # fmt: skip


def test_a_form_not_in_force_on_the_day_is_refused_at_the_checklist(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    sheet = checklists_for("catering", TODAY)[0]
    line = {"checklist": sheet.id, "passed": pack(item.number for item in items_of(sheet.id))}
    with small_ledger.write("准备") as tx:
        made = save(tx, Inspection, visit(checklists=[line]))
        save(tx, Checklist, {"valid_from": dt.date(2024, 6, 29)}, Checklist.get_by_id(sheet.id))
    window = open_window(small_ledger)
    form = opened(window, "inspections", made.id)
    type_text(form.form.boxes["inspected_on"].editor.focus_targets()[0], "2024-6-28")
    try_to_save(window, form)
    assert form.isVisible()
    assert "不能用于2024-06-28的检查" in told(form, "checklists")
    type_text(form.form.boxes["inspected_on"].editor.focus_targets()[0], "2024-6-29")
    try_to_save(window, form)
    assert Inspection.get_by_id(made.id).inspected_on == dt.date(2024, 6, 29)


def test_answers_missing_are_named_and_a_draft_may_wait(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    sheet = checklists_for("catering", TODAY)[0]
    numbers = [item.number for item in items_of(sheet.id)]
    window = open_window(small_ledger)
    line = {"checklist": sheet.id, "passed": pack(numbers[:-2])}
    form = opened(window, "inspections", None, visit(checklists=[line]))
    try_to_save(window, form)
    assert form.isVisible()
    assert f"还有2项没有作答：{pack(numbers[-2:])}" in told(form, "checklists")
    state = form.form.boxes["state"].editor
    state.set_value("draft")
    state.edited.emit()
    try_to_save(window, form)
    kept = Inspection.live().where(Inspection.state == "draft").get()
    assert kept.enterprise.name == "测试面馆"


def test_an_officer_without_a_certificate_is_told_at_the_officers(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    with small_ledger.write("准备") as tx:
        fresh = save(tx, Officer, {"name": "王新"}, waivers={"certificate": "证件在办"})
        expired = save(
            tx, Officer, {"name": "赵旧", "certificate": "赣003", "certified_until": TODAY - dt.timedelta(days=1)}
        )
    window = open_window(small_ledger)
    form = opened(window, "inspections", None, visit(officers=[fresh.id, expired.id]))
    try_to_save(window, form)
    assert form.isVisible()
    assert "王新没有登记执法证号" in told(form, "officers")
    assert "赵旧的执法证已于2024-06-29到期" in told(form, "officers")
    for reason in form.form.boxes["officers"].problems.reason_lines():
        type_text(reason, "随队实习，另有两名持证人员")
    try_to_save(window, form)
    made = Inspection.live().order_by(Inspection.id.desc()).first()
    assert made.enterprise.name == "测试面馆"
    assert {one.value for one in Waiver.live().where(Waiver.table == "inspection")} == {str(fresh.id), str(expired.id)}
    again = opened(window, "inspections", made.id)
    type_text(again.form.boxes["situation"].editor.focus_targets()[0], "补记")
    try_to_save(window, again)
    assert Inspection.get_by_id(made.id).situation == "补记", "what was answered is not asked again"


def test_a_deadline_on_a_past_day_is_told_in_the_draft(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    made = Inspection.get()
    findings = [one.id for one in made.finding_rows]
    key = draft(small_ledger, findings[0])
    form = opened(window, "notices", key)
    due = form.form.boxes["due_on"].editor.focus_targets()[0]
    type_text(due, "2024-6-27")
    try_to_save(window, form)
    assert "早于检查日期" in told(form, "due_on")
    type_text(due, "2024-6-29")
    try_to_save(window, form)
    assert "整改期限2024-06-29已经过去" in told(form, "due_on")
    type_text(due, "2024-7-2")
    try_to_save(window, form)
    assert Notice.get_by_id(key).due_on == dt.date(2024, 7, 2)


def test_a_past_deadline_of_a_new_notice_wants_a_reason(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    window.open_register("inspections", View())
    settle(window)
    page: Any = window.page("inspections")
    page.current_list().select_id(Inspection.get().id)
    settle(window)
    QTest.keySequence(page.current_list().table, "Ctrl+Shift+K")
    settle(window)
    dialog: Any = dialog_of(qtbot, MakeDialog)
    dialog.form.fields["party"].set_text(str(Inspection.get().enterprise.party_id))
    type_text(dialog.form.fields["due_on"].editor, "2024-6-29")
    asked: list[str] = []

    def answer() -> None:
        found = QApplication.activeModalWidget()
        if isinstance(found, ReasonDialog):
            asked.append(found.text.text())
            found.reject()

    timer = QTimer(interval=20)
    timer.timeout.connect(answer)
    timer.start()
    QTest.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    settle(window)
    timer.stop()
    assert asked == ["整改期限2024-06-29已经过去，请改为今后的日期；补登已发出的文书请写明理由"]
    assert dialog.form.fields["due_on"].text() == "2024-06-29", "what was typed stays"
    assert Notice.select().count() == 0
    dialog.reject()


def test_service_before_the_issue_is_refused_at_its_day(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    made = Inspection.get()
    key = draft(small_ledger, next(one.id for one in made.finding_rows))
    with small_ledger.write("签发", final=True) as tx:
        issue(tx, Notice.get_by_id(key), TODAY)
    window = open_window(small_ledger)
    window.open_register("notices", View())
    settle(window)
    page: Any = window.page("notices").tab("notices")  # type: ignore[attr-defined]
    page.list.select_id(key)
    settle(window)
    QTest.keySequence(page.list.table, "Ctrl+Shift+S")
    dialog: Any = dialog_of(qtbot, ServeDialog)
    settle(window)
    type_text(dialog.form.fields["served_on"].editor, "2024-6-29")
    type_text(dialog.form.fields["receiver"].editor, "王五")
    QTest.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    settle(window)
    assert "送达日期早于签发日期2024-06-30" in dialog.form.fields["served_on"].words.text()
    assert dialog.form.fields["receiver"].text() == "王五"
    assert Notice.get_by_id(key).state == "issued"
    dialog.reject()
