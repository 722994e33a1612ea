"""A checklist of 56 items answered by keyboard in the real window, its findings and the notice made from it."""

import datetime as dt
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.checklist import Checklist, items_of
from models.checklist_answer import ChecklistAnswer, answers_of
from models.core.ledger import Ledger
from models.core.register import View
from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Finding, Inspection
from models.notice import Notice, NoticeFinding
from models.notice_steps import text_of
from models.organization import Officer
from tests.ui.checklist_hands import Key, Keyboard, Mod, choose_officers, fail, new_inspection, open_sheet
from tests.ui.window_hands import TODAY, Opener, activate, dialog_of, settle
from ui.checklists import ChecklistTools
from ui.kit.record_dialog import RecordDialog
from ui.notice_dialogs import IssueDialog
from ui.notice_make import MakeDialog


def notices_findings(notice: Notice) -> list[int]:
    """The findings a notice names."""
    return [row.finding_id for row in NoticeFinding.live().where(NoticeFinding.notice == notice.id)]


def test_56_items_three_findings_and_a_notice_in_90_keys(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    choose_officers(form, keys)
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
    keys.press(Key.Key_K, mods=Mod.ControlModifier | Mod.ShiftModifier)
    made = dialog_of(qtbot, MakeDialog)
    settle(window)
    assert len(made.boxes) == 3
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    dialog_of(qtbot, RecordDialog)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    assert Notice.live().get().state == "draft"
    keys.press(Key.Key_Q, mods=Mod.ControlModifier | Mod.ShiftModifier)
    dialog_of(qtbot, IssueDialog)
    settle(window)
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    notice = Notice.live().get()
    assert (notice.state, notice.issued_on) == ("issued", TODAY)
    assert notice.number
    assert len(notices_findings(notice)) == 3
    assert text_of(notice).number == notice.number
    assert keys.count <= 90, keys.count


def test_last_failures_must_be_answered_one_by_one_and_a_crash_loses_nothing(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    place = Enterprise.get(Enterprise.name == "测试面馆")
    sheet = Checklist.get(Checklist.kind == "catering")
    numbers = [item.number for item in items_of(sheet.id)]
    failed = next(i for i in items_of(sheet.id) if i.number == "2.3")
    with small_ledger.write("准备") as tx:
        save(
            tx, Inspection,
            {"enterprise": place.id, "inspected_on": dt.date(2024, 5, 1), "kind": "routine", "result": "ordered",
             "officers": [o.id for o in Officer.live()], "findings": [{"wording": "温度偏高", "item": failed.id}],
             "checklists": [{"checklist": sheet.id, "failed": "2.3",
                             "passed": "、".join(n for n in numbers if n != "2.3")}]},
        )  # fmt: skip
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    dialog = open_sheet(window, keys, qtbot)
    assert "本次必查" in dialog.last.text()
    keys.press(Key.Key_A)
    assert "2.3" not in dialog.list.items.answers, "the item failed last time is not answered with the rest"
    assert len(dialog.list.items.answers) == 55
    assert dialog.desk is not None
    assert dialog.desk.items[dialog.list.row].number == "2.3"
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    assert dialog.isVisible()
    assert "没有作答" in dialog.arithmetic.text()
    keys.press(Key.Key_2)
    assert dialog.editors["wording"].value() == "温度偏高", "the office's own words come first"
    keys.press(Key.Key_N)
    keys.type("8C")
    keys.press(Key.Key_Return)
    form._write_draft()
    state = form._draft.found()
    assert state is not None
    [row] = state.state["checklists"]
    assert row["cells"]["failed"] == "2.3"
    assert row["cells"]["notes"] == "2.3：8C"
    [finding] = state.state["findings"]
    assert finding["extra"]["item"] == failed.id
    dialog.reject()
    settle(window)
    form._draft.release()
    again = RecordDialog(window.session, "inspections")
    try:
        settle(window)
        again.show()
        again.recover()
        settle(window)
        values, problems = again.form.read()
        assert not problems
        assert values["checklists"][0]["failed"] == "2.3"
        assert values["findings"][0]["item"] == failed.id
        editor = again.form.boxes["checklists"].editor
        assert "基本符合" in editor.rows[0].property("words").text()
    finally:
        again._draft.remove()
        again.done(0)
    form._draft.remove()
    form.done(0)


def test_what_failed_last_time_cannot_be_left_out(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    """Marked in the list, kept from A, and refused at the field where the sheet was left with Esc."""
    place = Enterprise.get(Enterprise.name == "测试面馆")
    sheet = Checklist.get(Checklist.kind == "catering")
    failed = next(i for i in items_of(sheet.id) if i.number == "2.3")
    numbers = [i.number for i in items_of(sheet.id) if i.number != "2.3"]
    with small_ledger.write("准备") as tx:
        save(
            tx, Inspection,
            {"enterprise": place.id, "inspected_on": dt.date(2024, 5, 1), "kind": "routine", "result": "ordered",
             "officers": [o.id for o in Officer.live()], "findings": [{"wording": "温度偏高", "item": failed.id}],
             "checklists": [{"checklist": sheet.id, "failed": "2.3", "passed": "、".join(numbers)}]},
        )  # fmt: skip
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    choose_officers(form, keys)
    dialog = open_sheet(window, keys, qtbot)
    item = next(i for i in dialog.desk.items if i.number == "2.3")
    assert "上次不符合，本次必查" in dialog.list.items.remark(item)
    keys.press(Key.Key_A)
    keys.press(Key.Key_Escape)
    settle(window)
    activate(form)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    assert form.isVisible(), "it was stored without the item that failed last time"
    row = form.form.boxes["checklists"].editor.rows[0]
    assert any("没有作答：2.3" in words for words in row.problems.texts())
    assert Inspection.live().where(Inspection.inspected_on == TODAY).count() == 0
    dialog = open_sheet(window, keys, qtbot)
    assert dialog.desk.items[dialog.list.row].number == "2.3"
    keys.press(Key.Key_3)
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    activate(form)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    assert form.isVisible(), "合理缺项 of an item that failed last time needs a reason"
    assert any("请在备注写明理由" in words for words in row.problems.texts())
    dialog = open_sheet(window, keys, qtbot)
    dialog.list.go_to([i.number for i in dialog.desk.items].index("2.3"))
    keys.press(Key.Key_N)
    keys.type("no fridge")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return, mods=Mod.ControlModifier)
    settle(window)
    activate(form)
    keys.press(Key.Key_S, mods=Mod.ControlModifier)
    settle(window)
    made = Inspection.live().where(Inspection.inspected_on == TODAY).get()
    assert made.result == "none"
    assert [i.note for i in answers_of(made)[0].items if i.answer == "skip"] == ["no fridge"]


def test_a_taken_back_answer_takes_its_finding_along(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    open_sheet(window, keys, qtbot)
    fail(keys, "6.2")
    findings = form.form.boxes["findings"].editor
    assert len(findings.rows) == 1
    keys.press(Key.Key_1)
    assert findings.rows == []
    keys.press(Key.Key_Escape)
    settle(window)
    assert form.form.boxes["checklists"].editor.rows[0].readable()["passed"] == "6.2"
    form._draft.remove()
    form.done(0)


def test_without_a_place_the_form_says_what_is_missing(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    window.edit_record("inspections", None, None)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    QTest.keyClick(QApplication.focusWidget() or form, Key.Key_F6)
    settle(window)
    told = form.form.boxes["checklists"].editor.told
    assert told.isVisible()
    assert "被检查单位" in told.text()
    form.done(0)


def test_an_official_form_is_brought_in_and_a_new_version_made(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(small_ledger)
    window.session.show_list("checklists", View())
    settle(window)
    tools = window.page("more").current_list().findChild(ChecklistTools)
    path = tmp_path / "模板.xlsx"
    tools.page.table.go_to_row(0)
    settle(window)
    tools.export_form(path)
    settle(window)
    assert path.exists()
    before = Checklist.live().count()
    tools.version.trigger()
    settle(window)
    form = dialog_of(qtbot, RecordDialog)
    form.reject()
    settle(window)
    assert Checklist.live().count() == before + 1
    newest = Checklist.live().order_by(Checklist.id.desc()).first()
    assert newest.valid_from == TODAY
    with small_ledger.write("改名") as tx:
        save(tx, Checklist, {"name": "另一张"}, newest)
        for row in Checklist.live().where(Checklist.id != newest.id):
            tx.update(row, name=f"{row.name}旧")
    tools.import_form(path)
    settle(window)
    brought = Checklist.live().order_by(Checklist.id.desc()).first()
    assert Checklist.live().count() == before + 2
    assert len(items_of(brought.id)) > 10
    assert ChecklistAnswer.live().count() == 0
