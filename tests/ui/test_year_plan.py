"""检查计划 and 双随机 in the window: making, reading, moving by key and mouse, recording, papers, drawing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.draw import Draw
from models.holiday import work_calendar
from models.inspection import Inspection
from models.inspection_plan import PlannedVisit, PlannedVisitOfficer, plan_of
from models.inspection_task import InspectionTask
from models.organization import Officer
from models.plan_desk import ALL_OFFICERS, YEAR, PlanRow
from models.plan_moving import fitting_day
from models.visit_limit import visit_count
from tests.ui.window_hands import click, dialog_of, paper_text, type_text
from tests.ui.window_hands import settle as settle_window
from ui.draws import DrawDialog, DrawnDialog
from ui.kit.preview import PreviewDialog
from ui.kit.record_dialog import RecordDialog
from ui.kit.record_panel import RecordPanel
from ui.main_window import MainWindow
from ui.year_plan import YearPlanPage
from ui.year_plan_make import YearPlanDialog
from ui.year_plan_matrix import PlanMatrix


def settle(window: MainWindow) -> None:
    """Wait until nothing is read, written or about to be read again."""
    settle_window(window)
    while any(page._wait.isActive() for page in window.findChildren(YearPlanPage)):
        QApplication.processEvents()
    settle_window(window)


@pytest.fixture
def page(demo_window: MainWindow) -> Any:
    return opened(demo_window)


def opened(window: MainWindow, tab: str = "year_plan") -> Any:
    window.show_page("inspections")
    inspections: Any = window.page("inspections")
    found = inspections.show_tab(tab)
    settle(window)
    return found


def only(page: YearPlanPage, window: MainWindow, state: str) -> list[PlanRow]:
    click(page.states.presets[state])
    settle(window)
    return [page._rows[row.key] for row in page.table.list.rows]


def movable(page: YearPlanPage, window: MainWindow, full: bool | None = None) -> PlanRow:
    """An open visit of August, chosen in the list; ``full`` None: whether of all items does not matter."""
    page.matrix.choose(ALL_OFFICERS, 8)
    lasting = Officer.certified_until.is_null() | (Officer.certified_until >= dt.date(2024, 12, 31))
    able = {one.id for one in Officer.live().where(lasting)}
    rows = (row for row in only(page, window, "open") if row.month == 8 and able.issuperset(row.officers))
    row = next(row for row in rows if full is None or row.full == full)
    page.table.choose(row.id)
    page.table.setFocus()
    return row


def officers_of(visit: int) -> set[int]:
    rows = PlannedVisitOfficer.live().where(PlannedVisitOfficer.visit == visit)
    return {row.officer_id for row in rows}


def test_the_year_by_months_and_officers_agrees_with_its_list(page: Any, demo_window: MainWindow) -> None:
    one = page.found.board
    assert page.progress.maximum() == one.whole.planned == PlannedVisit.live().count()
    assert f"全年 {one.whole.planned:,} 家次，已完成 {one.whole.done:,}" in page.words.text()
    assert f"逾期 {one.whole.overdue:,}" in page.words.text()
    page.take_focus()
    QTest.keyClick(page.matrix, Qt.Key.Key_Down)
    QTest.keyClick(page.matrix, Qt.Key.Key_Right)
    settle(demo_window)
    officer, month = page.matrix.current()
    assert (officer, month) == (page.matrix.officers[1], 1)
    cell = one.cell(officer, month)
    assert page.matrix.item(1, 1).text() == f"{cell.done}/{cell.planned}"
    rows = [page._rows[row.key] for row in page.table.list.rows]
    assert len(rows) == cell.planned
    assert all(officer in row.officers and row.month == 1 for row in rows)
    late = only(page, demo_window, "overdue")
    assert len(late) == cell.overdue
    assert all(row.due_on < demo_window.session.today for row in late)
    QTest.keyClick(page.matrix, Qt.Key.Key_Return)  # the records behind the cell
    settle(demo_window)
    inspections: Any = demo_window.page("inspections")
    assert inspections.key == "planned_visits"
    assert len(inspections.current_list().model.ids) == cell.planned


def test_search_township_and_states_narrow_the_list(page: Any, demo_window: MainWindow) -> None:
    page.township.setCurrentIndex(1)
    settle(demo_window)
    rows = [page._rows[row.key] for row in page.table.list.rows]
    assert rows
    assert {row.area for row in rows} == {page.township.currentData()}
    name = rows[0].name
    type_text(page.search, name)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    settle(demo_window)
    assert {page._rows[row.key].name for row in page.table.list.rows} == {name}
    page.search.clear()
    page.township.setCurrentIndex(0)
    done = only(page, demo_window, "done")
    assert len(done) == page.found.board.whole.done


def test_a_visit_is_changed_in_its_form_which_tells_how_often_the_place_was_visited(
    page: Any, demo_window: MainWindow, qtbot: QtBot
) -> None:
    row = movable(page, demo_window)
    QTest.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    told = visit_count(row.enterprise, demo_window.session.today).words
    assert form.form.boxes["enterprise"].remark.text() == told
    [line, *_] = form.form.boxes["planned_on"].editor.focus_targets()
    type_text(line, "2024-10-1")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    assert "国庆节" in " ".join(form.form.boxes["planned_on"].problems.texts())
    day = fitting_day(PlannedVisit.get_by_id(row.id), row.officers, 10, demo_window.session.today)
    type_text(line, day.isoformat())
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    visit = PlannedVisit.get_by_id(row.id)
    assert (visit.planned_on, visit.month, visit.fixed) == (day, 10, True)


def test_an_open_visit_moves_a_month_by_key_to_a_free_working_day(page: Any, demo_window: MainWindow) -> None:
    row = movable(page, demo_window)
    QTest.keyClick(page.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(demo_window)
    visit = PlannedVisit.get_by_id(row.id)
    assert (visit.month, visit.planned_on.month, visit.fixed) == (9, 9, True)
    assert work_calendar().is_workday(visit.planned_on)
    assert officers_of(row.id) == set(row.officers)
    demo_window.undo.trigger()
    settle(demo_window)
    assert PlannedVisit.get_by_id(row.id).planned_on == row.day
    row = movable(page, demo_window)
    done = next(one for one in page.found.board.rows if one.state == "done")
    page.show_state("")
    page.matrix.choose(ALL_OFFICERS, done.month)
    page.table.choose(done.id)
    QTest.keyClick(page.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(demo_window)
    assert PlannedVisit.get_by_id(done.id).month == done.month


def drop(matrix: PlanMatrix, page: YearPlanPage, officer: int, month: int) -> None:
    """What the mouse does when it lets the chosen visits go over a cell."""
    index = matrix.model().index(matrix.officers.index(officer), month)
    matrix.scrollTo(index)
    spot = QPointF(matrix.visualRect(index).center())
    data = page.table.mime()
    event = QDropEvent(
        spot, Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    matrix.dropEvent(event)


def test_a_visit_dragged_onto_a_cell_changes_month_and_officer(page: Any, demo_window: MainWindow) -> None:
    row = movable(page, demo_window)
    other = next(key for key in page.found.board.officers if key not in row.officers)
    page.table.officer = row.officers[0]
    drop(page.matrix, page, other, 11)
    settle(demo_window)
    visit = PlannedVisit.get_by_id(row.id)
    assert visit.planned_on.month == 11
    assert officers_of(row.id) == {other, row.officers[1]}
    drop(page.matrix, page, other, 3)  # a month that is over
    message = QApplication.activeModalWidget()
    settle(demo_window)
    message = QApplication.activeModalWidget() or message
    assert message is not None
    QTest.keyClick(message, Qt.Key.Key_Escape)
    settle(demo_window)
    assert PlannedVisit.get_by_id(row.id).planned_on.month == 11


def test_the_inspection_of_a_visit_is_prefilled_and_fulfils_it(
    page: Any, demo_window: MainWindow, qtbot: QtBot
) -> None:
    row = movable(page, demo_window, full=False)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    values, problems = form.form.read()
    assert not problems
    assert values["enterprise"] == row.enterprise
    assert set(values["officers"]) == set(row.officers)
    told = form.form.boxes["enterprise"].remark
    assert told.text() == visit_count(row.enterprise, demo_window.session.today).words
    assert "本年度已入企" in told.text()
    form.form.boxes["result"].editor.set_value("none")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    made = Inspection.live().order_by(Inspection.id.desc()).first()
    assert made.enterprise_id == row.enterprise
    visit = PlannedVisit.get_by_id(row.id)
    assert (visit.state, visit.inspection_id, visit.done_on) == ("done", made.id, demo_window.session.today)
    assert page._rows[row.id].state == "done"


def test_the_form_tells_of_a_visit_of_all_items(page: Any, demo_window: MainWindow, qtbot: QtBot) -> None:
    row = movable(page, demo_window, full=True)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    assert "年度计划要求全项检查，要点表每项都作答才算完成" in form.form.boxes["enterprise"].remark.text()
    form.form.boxes["result"].editor.set_value("none")
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    assert Inspection.live().order_by(Inspection.id.desc()).first().enterprise_id == row.enterprise
    assert PlannedVisit.get_by_id(row.id).state == "open"


def test_the_plan_of_next_year_is_looked_at_stored_and_undone(
    page: Any, demo_window: MainWindow, qtbot: QtBot
) -> None:
    page.year.setCurrentIndex(page.year.findData(2025))
    settle(demo_window)
    assert not page.split.isVisible()
    assert page.empty.isVisible()
    click(page.make)
    dialog: Any = dialog_of(qtbot, YearPlanDialog)
    settle(demo_window)
    found = dialog.found
    assert f"{found.count:,} 家次" in dialog.words.text()
    click(dialog.states.presets["key"])
    assert {row.key for row in dialog.table.list.rows} == {line.id for line in found.lines if line.key_target}
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    plan = plan_of(2025)
    assert plan is not None
    assert PlannedVisit.live().where(PlannedVisit.plan == plan.id).count() == found.count
    assert page.split.isVisible()
    assert page.found.board.whole.planned == found.count
    demo_window.undo.trigger()
    settle(demo_window)
    assert plan_of(2025) is None
    assert page.empty.isVisible()


def test_planning_again_leaves_what_was_moved_by_hand(page: Any, demo_window: MainWindow, qtbot: QtBot) -> None:
    row = movable(page, demo_window)
    QTest.keyClick(page.table, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(demo_window)
    day = PlannedVisit.get_by_id(row.id).planned_on
    late = page.found.board.whole.overdue
    assert late
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog: Any = dialog_of(qtbot, YearPlanDialog)
    settle(demo_window)
    click(dialog.yes)
    settle(demo_window)
    assert PlannedVisit.get_by_id(row.id).planned_on == day
    assert page.found.board.whole.overdue == 0
    assert page.matrix.current() is not None


def test_next_weeks_sheets_and_the_years_list_on_paper(page: Any, demo_window: MainWindow, qtbot: QtBot) -> None:
    board = page.found.board
    row = only(page, demo_window, "next")[0]
    page.print_week.trigger()
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    settle(demo_window)
    text = paper_text(preview)
    assert "监督检查任务单" in text
    assert board.officers[row.officers[0]] in text
    assert row.name in text
    assert "2024年7月1日至2024年7月7日" in text
    preview.close()
    page.print_year.trigger()
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    text = paper_text(preview)
    assert f"{len({r.enterprise for r in board.rows})}户，{board.cell(ALL_OFFICERS, YEAR).planned}家次" in text
    preview.close()
    settle(demo_window)


def test_the_overview_and_the_enterprise_tell_of_the_plan(
    page: Any, demo_window: MainWindow, qtbot: QtBot
) -> None:
    whole, today = page.found.board.whole, demo_window.session.today
    demo_window.show_page("overview")
    settle(demo_window)
    home: Any = demo_window.page("overview")
    tile = home.overview.tile("plan")
    assert tile.value == f"{int(whole.done * 1000 / whole.planned) / 10:g}"
    assert f"逾期 {whole.overdue:,}，下周 {page.found.board.count('next'):,}" in tile.second
    click(home.overview.tiles["plan"])
    settle(demo_window)
    inspections: Any = demo_window.page("inspections")
    assert inspections.key == "planned_visits"
    assert len(inspections.current_list().model.ids) == whole.overdue
    place = page.found.board.rows[0].enterprise
    demo_window.open_record("enterprises", place)
    settle(demo_window)
    enterprises: Any = demo_window.page("enterprises")
    panel: RecordPanel = enterprises.current_list().panel
    qtbot.waitUntil(lambda: panel.story is not None and panel.story.id == place, timeout=10_000)
    story = panel.story
    assert story is not None
    words = visit_count(place, today).words.removeprefix("本年度")
    assert ("本年度入企", words) in [(item.label, item.text) for part in story.sections for item in part.items]


def test_lots_are_drawn_kept_and_drawn_again_by_keyboard(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = opened(demo_window, "draws")
    tasks = InspectionTask.live().count()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ask: Any = dialog_of(qtbot, DrawDialog)
    settle(demo_window)
    assert "可抽的执法人员 30 人" in ask.count.text()
    fields = ask.form.fields
    for name, text in (("seed", "20240630"), ("enterprises", "5"), ("officers", "1")):
        fields[name].editor.setFocus()
        QTest.keyClicks(fields[name].editor, text)
    QTest.keyClick(ask, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    assert "2" in fields["officers"].words.text()  # at least two
    type_text(fields["officers"].editor, "4")
    QTest.keyClick(fields["officers"].editor, Qt.Key.Key_Return)
    assert ask.isVisible()  # Enter alone does nothing final
    QTest.keyClick(ask, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shown: Any = dialog_of(qtbot, DrawnDialog)
    settle(demo_window)
    record = Draw.live().order_by(Draw.id.desc()).first()
    assert record.seed == "20240630"
    assert len(shown.table.list.rows) == 5
    assert "结果一致" in shown.words.text()
    assert InspectionTask.live().count() == tasks + 5
    task = InspectionTask.live().order_by(InspectionTask.id.desc()).first()
    assert (task.source, task.due_on) == ("random", demo_window.session.today + dt.timedelta(days=30))
    shown.print()
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    text = paper_text(preview)
    assert "双随机抽取记录" in text
    assert "20240630" in text
    preview.close()
    shown.reject()
    settle(demo_window)


def test_rows_are_dragged_with_the_mouse_and_several_stay_chosen(page: Any, demo_window: MainWindow) -> None:
    page.matrix.choose(ALL_OFFICERS, 8)
    settle(demo_window)
    table = page.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    two = table.chosen()
    assert len(two) == 2
    spot = QPoint(20, table.rowViewportPosition(table.chosen_rows()[0]) + 8)
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert table.chosen() == two
    assert table.mime().text().count("\n") == 1
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert table.chosen() == two[:1]
