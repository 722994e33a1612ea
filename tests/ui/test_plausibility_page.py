"""数据核查 through the window: the list, the form at its field, reasons, the tile, the question before a report."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.saving import save
from models.doubt_rule import ReportRelease
from models.duty import LeaderDuty
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.notice import Notice
from models.organization import Officer
from models.plausibility import doubts, usual_span
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.kit.dialogs import ReasonDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.report_doubts import DoubtsDialog

SATURDAY = dt.date(2024, 6, 22)


def shown_page(window: MainWindow) -> Any:
    settle(window)
    more: Any = window.page("more")
    assert window.current_page == "more"
    assert more.key == "plausibility"
    return more.tab("plausibility")


def go(window: MainWindow) -> Any:
    window.show_page("more")
    window.page("more").show_tab("plausibility")  # type: ignore[attr-defined]
    return shown_page(window)


def rows(page: Any) -> list[tuple[str, ...]]:
    return [row.texts for row in page.table.list.rows]


@pytest.fixture
def doubted(small_ledger: Ledger) -> Ledger:
    """A second inspection: on a Saturday, nine minutes long."""
    people = [one.id for one in Officer.live()]
    noodles = Enterprise.get(Enterprise.name == "测试面馆")
    values = {
        "enterprise": noodles.id, "inspected_on": SATURDAY, "started_at": dt.time(9), "ended_at": dt.time(9, 9),
        "kind": "routine", "state": "done", "result": "none", "officers": people,
    }  # fmt: skip
    with small_ledger.write("准备") as tx:
        save(tx, Inspection, values)
    return small_ledger


@pytest.fixture
def window(doubted: Ledger, open_window: Opener) -> MainWindow:
    return open_window(doubted)


def test_the_tile_leads_to_the_list_and_enter_to_the_field(window: MainWindow, qtbot: QtBot) -> None:
    home = window.page("overview").overview  # type: ignore[attr-defined]
    settle(window)
    assert home.tiles["doubts"].value() == "2"
    click(home.tiles["doubts"])
    page = shown_page(window)
    assert [texts[0] for texts in rows(page)] == ["休息日检查", "检查时间过短"]
    assert rows(page)[0][1:4] == ("2024-06-22", "监督检查", "测试面馆")
    assert "待核 2 条" in page.words.text()
    qtbot.waitUntil(page.table.hasFocus, timeout=5000)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert "共9分钟，短于10分钟" in page.text.text()
    assert "核对起止时间" in page.mend.text()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog: Any = dialog_of(qtbot, RecordDialog)
    editor = dialog.form.boxes["ended_at"].editor.focus_targets()[0]
    qtbot.waitUntil(editor.hasFocus, timeout=5000)
    type_text(editor, "930")
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    qtbot.waitUntil(lambda: len(rows(page)) == 1, timeout=10_000)
    assert rows(page)[0][0] == "休息日检查"
    window.show_page("overview")
    qtbot.waitUntil(lambda: home.tiles["doubts"].value() == "1", timeout=10_000)


def reason_typed(text: str) -> QTimer:
    """Answers the next question for a reason."""
    timer = QTimer(interval=20)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ReasonDialog):
            timer.stop()
            type_text(dialog.edit, text)
            click(dialog.yes)

    timer.timeout.connect(answer)
    timer.start()
    return timer


def test_a_reason_hides_it_until_the_facts_change_and_can_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    page = go(window)
    page.table.selectAll()
    assert page.text.text() == "选中 2 条"
    timer = reason_typed("节前专项检查")
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert not timer.isActive()
    qtbot.waitUntil(lambda: not page.found or not any(d.open for d in page.found), timeout=5000)
    assert page.stack.currentWidget() is page.empty
    explained = page.kinds.presets["explained"]
    assert explained.text() == "已说明理由 2"
    click(explained)
    assert len(rows(page)) == 2
    page.table.selectRow(0)
    assert "理由：节前专项检查" in page.reason.text()
    assert page.reason.isVisibleTo(page)
    assert not page.waive_button.isVisibleTo(page)
    click(page.back_button)
    settle(window)
    qtbot.waitUntil(lambda: sum(d.open for d in page.found) == 1, timeout=5000)
    window._undo()
    settle(window)
    qtbot.waitUntil(lambda: sum(d.open for d in page.found) == 0, timeout=5000)
    with window.session.ledger.write("改动") as tx:
        tx.update(Inspection.get(Inspection.inspected_on == SATURDAY), inspected_on=dt.date(2024, 6, 23))
    page.refresh()
    settle(window)
    assert [d.code for d in page.found if d.open] == ["rest_day"]


def test_the_question_before_a_report(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("report")
    report: Any = window.page("report")
    settle(window)
    assert report.doubts_button.text() == "待核 2 条"
    click(report.report_button)
    settle(window)
    question: Any = dialog_of(qtbot, DoubtsDialog)
    assert "还有 2 条存疑数据" in question.headline.text()
    labels = {label.text() for label in question.findChildren(QLabel)}
    assert {"休息日检查", "检查时间过短"} <= labels
    click(question.anyway)
    assert "请写明" in question.problem.text()
    assert question.isVisible()
    type_text(question.edit, "上级催报")
    click(question.anyway)
    settle(window)
    [kept] = ReportRelease.live()
    assert (kept.reason, kept.doubts, kept.from_day) == ("上级催报", 2, dt.date(2024, 1, 1))
    from ui.kit.preview import PreviewDialog

    preview: Any = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=30_000)
    preview.close()
    settle(window)
    QTest.keyClick(report.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    question = dialog_of(qtbot, DoubtsDialog)
    QTest.keyClick(question.mend, Qt.Key.Key_Return)
    page = shown_page(window)
    assert page.pick.choice.currentText() == "2024年上半年"
    assert ReportRelease.live().count() == 1


def test_nothing_is_asked_where_nothing_is_in_doubt(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    window.show_page("report")
    report: Any = window.page("report")
    settle(window)
    assert report.doubts_button.text() == "数据核查"
    click(report.report_button)
    from ui.kit.preview import PreviewDialog

    preview: Any = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=30_000)
    preview.close()


def test_periods_rules_and_papers(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = go(demo_window)
    today = demo_window.session.today
    everything = doubts(*usual_span(today), today)
    assert len(rows(page)) == len(everything)
    code = everything[-1].code
    click(page.kinds.presets[code])
    assert {texts[0] for texts in rows(page)} == {everything[-1].label}
    page.pick.choice.setFocus()
    QTest.keyClick(page.pick.choice, Qt.Key.Key_End)
    type_text(page.pick.start, "2024-9-1")
    type_text(page.pick.end, "2024-8-1")
    QTest.keyClick(page.pick.end, Qt.Key.Key_Return)
    settle(demo_window)
    assert "止日不能早于起日" in page.words.text()
    type_text(page.pick.end, "2024-9-30")
    QTest.keyClick(page.pick.end, Qt.Key.Key_Return)
    settle(demo_window)
    assert page.stack.currentWidget() is page.empty
    with demo_window.session.ledger.write("改动") as tx:
        notice = Notice.live().where(Notice.state == "served").first()
        tx.update(notice, served_on=notice.issued_on - dt.timedelta(days=1))
    page.show_span(*usual_span(today))
    settle(demo_window)
    [early] = [doubt for doubt in page.found if doubt.code == "service_early"]
    page.table.choose(("service_early", "notices", notice.id, early.value))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    settle(demo_window)
    assert demo_window.current_page == "notices"
    assert demo_window.page("notices").current_list().selected_ids() == [notice.id]  # type: ignore[attr-defined]


def test_a_duty_opens_at_its_times(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = go(demo_window)
    duty = next(doubt for doubt in page.found if doubt.register == "leader_duties")
    page.table.choose((duty.code, duty.register, duty.record, duty.value))
    click(page.open_button)
    settle(demo_window)
    dialog: Any = dialog_of(qtbot, RecordDialog)
    assert dialog.model is LeaderDuty
    editor = dialog.form.boxes["started_at"].editor.focus_targets()[0]
    qtbot.waitUntil(editor.hasFocus, timeout=5000)
    dialog.close()
