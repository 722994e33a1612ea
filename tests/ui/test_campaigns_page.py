"""专项整治 in the window: progress, targets to be worked off, the scope with who came in or left, the sheet."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from models.campaign import Campaign
from models.campaign_progress import campaign_detail, progress_of
from models.campaign_scope import loose_visits, plan_scope
from models.campaign_target import CampaignTarget
from models.core.ledger import Ledger
from models.core.register import Condition, View, register
from models.core.saving import values_of
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.inspection_task import InspectionTask
from models.saved_view import save_view
from tests.ui.duty_hands import closed, texts
from tests.ui.window_hands import Opener, click, dialog_of, paper_text, settle, type_text
from ui.campaign_dialogs import ScopeDialog, TaskDialog, TieDialog
from ui.campaign_list import spoken
from ui.kit.preview import PreviewDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow

Key, Mod = Qt.Key, Qt.KeyboardModifier
CAMPUS = "校园食品安全专项提升行动"


def front(window: MainWindow) -> Any:
    window.show_page("campaigns")
    page: Any = window.page("campaigns").show_tab("campaign_progress")  # type: ignore[attr-defined]
    settle(window, 8)
    return page


def campus(window: MainWindow) -> Any:
    """The page with the campus campaign chosen by the keyboard."""
    page = front(window)
    page.table.setFocus()
    for _ in range(30):
        if page.campaign.name == CAMPUS:
            break
        QTest.keyClick(page.table, Key.Key_Down)
    settle(window, 8)
    assert page.campaign.name == CAMPUS
    return page


def until(qtbot: QtBot, window: MainWindow, there: Callable[[], bool]) -> None:
    """Wait until the page has read a change again."""
    qtbot.waitUntil(lambda: (settle(window), there())[1], timeout=10_000)


def test_the_list_and_the_numbers_are_those_of_the_ledger(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = campus(window)
    listed = [page.table.item(n).data(Qt.ItemDataRole.UserRole) for n in range(page.table.count())]
    assert listed == progress_of(demo.today)
    told = page.campaign
    assert page.table.currentItem().data(Qt.ItemDataRole.AccessibleTextRole) == spoken(told)
    assert "覆盖率 59.3%，未检查 106 户，逾期 20 户" in spoken(told)
    shown = {key: tile.value() for key, tile in page.pane.tiles.items()}
    assert shown == {
        "campaign.targets": "261", "campaign.covered": "155", "campaign.remaining": "106", "overdue": "20",
        "campaign.visits": f"{told.visits}", "campaign.findings": f"{told.findings}",
        "campaign.notices": f"{told.notices}",
    }  # fmt: skip
    assert len(page.pane.targets.table.list.rows) == 261
    detail = campaign_detail(told.id, demo.today)
    assert detail is not None
    for face, shares in (("townships", detail.townships), ("categories", detail.categories)):
        click(page.pane.faces[face])
        table = getattr(page.pane, face)
        assert table.isVisible()
        assert [table.item(row, 0).text() for row in range(table.rowCount())] == [s.label for s in shares]
        assert [table.item(row, 1).text() for row in range(table.rowCount())] == [f"{s.targets}" for s in shares]


def test_as_of_an_earlier_day(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = campus(window)
    type_text(page.day.edit, "2024-04-30")
    QTest.keyClick(page.day.edit, Key.Key_Return)
    settle(window, 8)
    assert page.campaign.name == CAMPUS  # stays chosen
    then = progress_of(dt.date(2024, 4, 30), [page.campaign.id])[0]
    assert page.pane.tiles["campaign.covered"].value() == f"{then.covered}"
    assert page.pane.tiles["overdue"].value() == "0"
    assert not page.pane.tiles["overdue"].isEnabled()
    type_text(page.day.edit, "4月31日")
    QTest.keyClick(page.day.edit, Key.Key_Return)
    assert page.words.property("role") == "danger"


def test_targets_are_filtered_by_keys(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = campus(window)
    QTest.keyClick(page, Key.Key_F, Mod.ControlModifier)
    assert QApplication.focusWidget() is page.pane.targets.search
    click(page.pane.targets.states.presets["overdue"])
    assert len(texts(page.pane.targets.table)) == 20
    type_text(page.pane.targets.search, "xjjbd")  # the initials of 徐家煎饼店
    QTest.keyClick(page.pane.targets.search, Key.Key_Down)
    assert [row[1] for row in texts(page.pane.targets.table)] == ["示例·徐家煎饼店"]
    assert QApplication.focusWidget() is page.pane.targets.table
    type_text(page.pane.targets.search, "")
    QTest.keyClick(page.pane.targets.search, Key.Key_Return)
    combo = page.pane.targets.township
    combo.setCurrentIndex(combo.findText("西郊街道"))
    assert len(texts(page.pane.targets.table)) == 18
    assert {row[3] for row in texts(page.pane.targets.table)} == {"西郊街道"}


def test_every_number_opens_its_records(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = campus(window)
    told = page.campaign
    wanted = {
        "campaign.covered": ("campaign_targets", told.covered), "overdue": ("campaign_targets", told.overdue),
        "campaign.visits": ("inspections", told.visits), "campaign.findings": ("findings", told.findings),
        "campaign.notices": ("notices", told.notices),
    }  # fmt: skip
    for key, (name, count) in wanted.items():
        page = campus(window)
        click(page.pane.tiles[key])
        settle(window, 8)
        shown: Any = window._stack.currentWidget()
        assert (shown.key, len(shown.current_list().model.ids)) == (name, count), key
    page = campus(window)
    click(page.pane.faces["townships"])
    table = page.pane.townships
    table.setCurrentCell(0, 5)
    table.setFocus()
    QTest.keyClick(table, Key.Key_Return)
    settle(window, 8)
    shown = window._stack.currentWidget()
    assert len(shown.current_list().model.ids) == 18
    assert isinstance(shown.current_list().model.index(0, 0), QModelIndex)


def test_enter_on_a_target_registers_its_inspection_for_the_campaign(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = campus(window)
    before = page.campaign
    row = page.pane.targets.rows[0]
    QTest.keyClick(page.table, Key.Key_Return)
    assert QApplication.focusWidget() is page.pane.targets.table
    QTest.keyClick(page.pane.targets.table, Key.Key_Return)
    form = dialog_of(qtbot, RecordDialog)
    settle(window, 8)
    assert form.form.boxes["campaigns"].editor.chips() == [CAMPUS]
    officers = form.form.boxes["officers"].editor
    for name in [o.label() for o in register("officers").model.live().limit(2)]:
        type_text(officers.edit, name)
        settle(window)
        QTest.keyClick(officers.edit, Key.Key_Return)
        settle(window)
    result = form.form.boxes["result"].editor.focus_targets()[0]
    type_text(result, "未发现问题")
    QTest.keyClick(result, Key.Key_Tab)
    QTest.keyClick(form, Key.Key_S, Mod.ControlModifier)
    settle(window)
    assert closed(form), form.summary.text()
    made = Inspection.live().order_by(Inspection.id.desc()).get()
    assert (made.enterprise_id, made.kind) == (row.enterprise, "special")
    assert values_of(made, demo.today)["campaigns"] == [before.id]
    left = page.pane.tiles["campaign.remaining"]
    until(qtbot, window, lambda: left.value() == f"{before.remaining - 1}")
    assert page.campaign.covered == before.covered + 1
    assert page.pane.targets.rows[0].target != row.target


def test_tasks_for_several_targets_are_made_once(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = campus(window)
    table = page.pane.targets.table
    table.setFocus()
    for _ in range(2):
        QTest.keyClick(table, Key.Key_Down, Mod.ShiftModifier)
    QTest.keyClick(table, Key.Key_T, Mod.ControlModifier | Mod.ShiftModifier)
    dialog = dialog_of(qtbot, TaskDialog)
    click(dialog.yes)
    settle(window)
    tasks = list(InspectionTask.live().where(InspectionTask.source == "campaign"))
    assert {t.enterprise_id for t in tasks} == {r.enterprise for r in page.pane.targets.rows[:3]}
    assert len(tasks) == 3
    assert {t.reason for t in tasks} == {CAMPUS}
    QTest.keyClick(table, Key.Key_T, Mod.ControlModifier | Mod.ShiftModifier)
    again = dialog_of(qtbot, TaskDialog)
    click(again.yes)
    settle(window)
    assert InspectionTask.live().where(InspectionTask.source == "campaign").count() == 3
    again.reject()


def test_who_came_in_and_left_is_shown_ticked_off_and_taken_back(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = campus(window)
    plan = plan_scope(page.campaign.id, demo.today)
    assert page.banner.isVisible()
    assert f"{len(plan.came)} 户符合范围、{len(plan.left)} 户不再符合" in page.banner.label.text()
    QTest.keyClick(page, Key.Key_U, Mod.ControlModifier | Mod.ShiftModifier)
    dialog = dialog_of(qtbot, ScopeDialog)
    settle(window, 8)
    assert [row[0] for row in texts(dialog.table)] == [r.name for r in plan.came]
    click(dialog.buttons["left"])
    assert [row[3] for row in texts(dialog.table)] == [r.why for r in plan.left]
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Key.Key_Space)  # the first stays for now
    assert dialog.yes.text() == f"新增 {len(plan.came)} 户、退出 {len(plan.left) - 1} 户"
    QTest.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    settle(window, 8)
    assert closed(dialog)
    told = progress_of(demo.today, [page.campaign.id])[0]
    assert told.targets == 261 + len(plan.came) - len(plan.left) + 1
    until(qtbot, window, lambda: page.pane.tiles["campaign.targets"].value() == f"{told.targets}")
    until(qtbot, window, lambda: "0 户符合范围、1 户不再符合" in page.banner.label.text())
    QTest.keyClick(window, Key.Key_Z, Mod.ControlModifier)
    settle(window, 10)
    assert progress_of(demo.today, [page.campaign.id])[0].targets == 261


def test_inspections_made_without_the_campaign_are_tied_to_it(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = campus(window)
    loose = loose_visits(page.campaign.id, demo.today)
    assert page.tie.text() == f"归入检查 {len(loose)}"
    before = page.campaign.visits
    click(page.tie)
    dialog = dialog_of(qtbot, TieDialog)
    settle(window)
    special = [v.inspection for v in loose if v.kind == "special"]
    assert 0 < len(special) < len(loose)
    assert dialog.ticked() == special  # the others only if the clerk says so
    first = next(v.inspection for v in loose if v.kind != "special")
    dialog.table.choose(first)
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Key.Key_Space)
    QTest.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    rest = len(loose) - len(special) - 1
    until(qtbot, window, lambda: page.tie.text() == f"归入检查 {rest}")
    assert page.campaign.visits == before + len(special) + 1


def test_the_sheet_is_previewed(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = campus(window)
    QTest.keyClick(page, Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    assert "确定检查对象261户，已检查155户、覆盖率59.3%" in paper_text(preview)
    preview.reject()


def test_a_new_campaign_from_nothing_to_its_first_target(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    with small_ledger.write("准备") as tx:
        for seeded in Campaign.live():
            tx.remove(seeded)
        view = View(conditions=(Condition("category", "in", ("school_canteen",)),))
        save_view(tx, register("enterprises"), "学校食堂", view, ())
    window = open_window(small_ledger)
    page = front(window)
    assert page.empty.isVisible()
    QTest.keyClick(page, Key.Key_N, Mod.ControlModifier)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    for name, text in (("name", "秋季校园专项"), ("starts_on", "2024-06-01"), ("ends_on", "2024-08-31")):
        type_text(form.form.boxes[name].editor.focus_targets()[0], text)
    QTest.keyClick(form, Key.Key_S, Mod.ControlModifier)
    settle(window, 10)
    assert closed(form)
    until(qtbot, window, lambda: "还没有对象" in page.banner.label.text())
    assert page.campaign.name == "秋季校园专项"
    click(page.banner.action)
    dialog = dialog_of(qtbot, ScopeDialog)
    settle(window, 8)
    assert dialog.day.day == dt.date(2024, 6, 1)  # as it was when the campaign began
    assert dialog.yes.text() == "确定对象 1 户"
    QTest.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    settle(window, 10)
    canteen = Enterprise.get(Enterprise.name == "测试中学食堂")
    assert [(t.enterprise_id, t.valid_from) for t in CampaignTarget.live()] == [(canteen.id, dt.date(2024, 6, 1))]
    until(qtbot, window, lambda: page.tie.text() == "归入检查 1")  # the canteen's inspection of 28 June
    assert Campaign.live().get().scope_name == "学校食堂"
    window.session.open_record.emit("enterprises", canteen.id)
    settle(window, 8)
    panel = window.page("enterprises").current_list().panel  # type: ignore[attr-defined]
    until(qtbot, window, lambda: "专项对象 1" in [b.text() for b in panel.findChildren(QAbstractButton)])


def test_without_a_view_the_dialog_says_how_to_make_one(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    with small_ledger.write("准备") as tx:
        tx.insert(Campaign, name="示例", starts_on=dt.date(2024, 6, 1))
    window = open_window(small_ledger)
    page = front(window)
    QTest.keyClick(page, Key.Key_U, Mod.ControlModifier | Mod.ShiftModifier)
    dialog = dialog_of(qtbot, ScopeDialog)
    settle(window)
    assert "点「视图」保存" in dialog.words.text()
    assert not dialog.yes.isEnabled()
    dialog.list_wanted.emit()
    dialog.reject()
    settle(window)
    assert window.current_page == "enterprises"
