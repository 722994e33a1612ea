"""督导 in the window: what is due, the task list by 1 2 3, findings to the bureau, completion, reminders."""

import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.core.figure import figure
from models.core.ledger import Ledger
from models.core.register import View, register
from models.inspection import Finding
from models.inspection_task import InspectionTask, open_findings
from models.transfer.reading import read_table
from models.visit import SupervisionVisit, VisitItem
from models.visiting import reminders, visit_rates, visit_states, visits_due
from tests.ui.duty_hands import action, closed, tab, texts
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.handing_to_bureau import BureauDialog
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast
from ui.main_window import MainWindow
from ui.visits_due import STATES, ReminderDialog


def test_the_due_list_by_state_level_and_name(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = tab(window, "visits").due
    states = visit_states(demo.today)
    assert [one for one in states if not one.done] == visits_due(demo.today)
    assert len(page.table.list.rows) == len(states)
    share = figure("visits.rate")
    rate = share.text(share.value(demo.today, demo.today))
    assert page.words.text().endswith(f"完成率 {rate}%"), "as 总览 says it, never rounded up"
    overdue = [one for one in states if one.missed]
    assert texts(page.table)[0][0] == STATES["overdue"][0]
    click(page.states.presets["overdue"])
    assert len(page.table.list.rows) == len(overdue) > 0
    assert {row.tones[0] for row in page.table.list.rows} == {"danger"}
    click(page.states.presets["done"])
    assert {row.tones[0] for row in page.table.list.rows} == {"success"}
    click(page.states.presets[""])
    page.level.setCurrentIndex(page.level.findData("district"))
    assert len(page.table.list.rows) == sum(one.level == "district" for one in states)
    name = states[0].official_name
    page.level.setCurrentIndex(0)
    type_text(page.search, name)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert {row[2] for row in texts(page.table)} == {name}
    type_text(page.day.edit, "2024-13-01")
    QTest.keyClick(page.day.edit, Qt.Key.Key_Return)
    assert page.words.property("role") == "danger"


def fill_in(window: MainWindow, qtbot: QtBot, problem: str) -> Any:
    """Open the form from the first due line and answer the task list by keys; ``problem`` answers the second with 2."""
    page = tab(window, "visits").due
    click(page.states.presets["due"])
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    lines = form.form.boxes["items"].editor
    assert len(lines.rows) > 2
    assert lines.filled_rows() == []
    lines.rows[0].cells["answer"].focus_targets()[0].setFocus()
    for number in range(len(lines.rows)):
        focus = QApplication.focusWidget()
        assert focus is lines.rows[number].cells["answer"].focus_targets()[0]
        QTest.keyClicks(focus, "2" if problem and number == 1 else "3" if number == 2 else "1")
        if problem and number == 1:
            focus = QApplication.focusWidget()
            assert focus is lines.rows[1].cells["problem"].focus_targets()[0]
            type_text(focus, problem)
            QTest.keyClick(focus, Qt.Key.Key_Return)
    return form


def test_a_visit_is_registered_by_the_keyboard(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    before = SupervisionVisit.live().count()
    form = fill_in(window, qtbot, "")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert closed(form)
    assert SupervisionVisit.live().count() == before + 1
    visit = SupervisionVisit.live().order_by(SupervisionVisit.id.desc()).first()
    answers = [one.answer for one in VisitItem.live().where(VisitItem.visit == visit.id).order_by(VisitItem.id)]
    assert answers[:3] == ["yes", "yes", "not_applicable"]
    assert visit.visited_on == demo.today
    assert visit.enterprise_id not in {one.enterprise for one in visits_due(demo.today)}


def test_an_answer_no_needs_a_finding(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    before = SupervisionVisit.live().count()
    form = fill_in(window, qtbot, "公示牌脱落")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert not closed(form)
    assert SupervisionVisit.live().count() == before
    form.form.boxes["result"].editor.set_value("problems")
    finding = form.form.boxes["findings"].editor.add_row()
    finding.cells["wording"].set_value("公示牌脱落")
    form.save()
    settle(window)
    assert closed(form)
    visit = SupervisionVisit.live().order_by(SupervisionVisit.id.desc()).first()
    assert [one.wording for one in open_findings([visit.id])] == ["公示牌脱落"]


def test_findings_are_handed_to_the_bureau_once(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    found = open_findings([one.id for one in SupervisionVisit.live().where(SupervisionVisit.result == "problems")])
    assert found
    page = tab(window, "visits")
    page.show_records()
    page.records.set_view(View(presets=("problems",)))
    settle(window)
    page.records.table.selectAll()
    settle(window)
    QTest.keySequence(page.records.table, action(page.records, "bureau").shortcut())
    dialog = dialog_of(qtbot, BureauDialog)
    assert {row.key for row in dialog.table.list.rows} == {one.id for one in found}
    dialog.table.list.tick([one.id for one in found[1:]], False)
    type_text(dialog.form.fields["due_on"].editor, "2024-6-1")
    click(dialog.yes)
    settle(window)
    assert not closed(dialog)
    assert "早于交办日期" in dialog.form.fields["due_on"].words.text()
    type_text(dialog.form.fields["due_on"].editor, "+10")
    click(dialog.yes)
    settle(window)
    assert closed(dialog)
    task = InspectionTask.live().where(InspectionTask.finding == found[0].id).get()
    assert (task.source, task.due_on) == ("assignment", demo.today + dt.timedelta(days=10))
    toast = next(t for t in window.findChildren(Toast) if "已移交" in t.label.text())
    click(toast.action)
    settle(window)
    more: Any = window.page("more")
    assert more.key == "inspection_tasks"
    assert found[0].id not in {one.id for one in open_findings([task.finding.visit_id])}


def test_completion_by_level_township_official_and_quarter(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = tab(window, "visits")
    click(page.faces["rates"])
    settle(window)
    rates, period = page.rates, page.rates.period()
    assert (period.start, period.end) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    for number, by in enumerate(("level", "township", "official", "quarter")):
        rates.group.setCurrentIndex(number)
        settle(window)
        wanted = visit_rates(period.start, demo.today, by)  # type: ignore[arg-type]
        shown = [tuple(rates.table.item(row, c).text() for c in range(3)) for row in range(rates.table.rowCount())]
        assert shown == [(one.label, f"{one.due:,}", f"{one.done:,}") for one in wanted]
    rates.group.setCurrentIndex(0)
    settle(window)
    rates.open_row(0)
    settle(window)
    assert page.front_list() is page.records
    view = page.records.view()
    assert len(page.records.model.ids) == register("visits").count(view, demo.today) > 0


def test_the_reminder_list_is_copied_and_saved(
    demo: Ledger, open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(demo)
    click(tab(window, "visits").due.remind)
    dialog = dialog_of(qtbot, ReminderDialog)
    wanted = reminders(demo.today)
    assert len(dialog.table.list.rows) == len(wanted)
    click(dialog.copy_one)
    assert QApplication.clipboard().text().startswith(f"{wanted[0].name}同志")
    click(dialog.copy_all)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == len(wanted) + 1
    assert lines[1].split("\t")[:4] == [wanted[0].name, wanted[0].unit, wanted[0].post, wanted[0].phone]
    for name in ("提醒.xlsx", "提醒.csv"):
        dialog.export_to(tmp_path / name)
        settle(window)
        assert name in dialog.words.text()
        table = read_table(tmp_path / name)
        assert len(table.rows) == len(wanted)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_findings_are_handed_over_from_their_own_list_and_from_the_due_list(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    found = open_findings([one.id for one in SupervisionVisit.live().where(SupervisionVisit.result == "problems")])
    window.show_page("inspections")
    page: Any = window.page("inspections")
    page.show_tab("findings")
    listed = page.current_list()
    listed.set_view(View(presets=("visits",)))
    settle(window)
    listed.table.selectAll()
    settle(window)
    QTest.keySequence(listed.table, action(listed, "bureau").shortcut())
    dialog = dialog_of(qtbot, BureauDialog)
    assert {row.key for row in dialog.table.list.rows} == {one.id for one in found}
    dialog.reject()
    listed.set_view(View(presets=("resolved",)))
    settle(window)
    listed.table.selectRow(0)
    settle(window)
    action(listed, "bureau").trigger()
    settle(window)
    assert any("没有可移交的问题" in toast.label.text() for toast in window.findChildren(Toast))
    due = tab(window, "visits").due
    place = Finding.get_by_id(found[0].id).enterprise_id
    number = next(n for n, one in enumerate(due.found.visits) if one.enterprise == place)
    due.table.choose(number)
    due.table.setFocus()
    QTest.keyClick(due.table, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = dialog_of(qtbot, BureauDialog)
    assert found[0].id in {row.key for row in dialog.table.list.rows}
    settle(window)
    click(dialog.yes)
    settle(window)
    assert InspectionTask.live().where(InspectionTask.finding == found[0].id).count() == 1
