"""责令改正 beside the usual way: several drafts, platform numbers, separate 销号, 移送, no undo after 签发."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View
from models.core.saving import save
from models.inspection import Finding
from models.notice import Notice
from models.notice_desk import start_from_findings
from models.notice_steps import issue, notice_values, reinspect, serve
from models.organization import Officer
from models.settings import change_settings
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.kit.dialogs import MessageDialog
from ui.main_window import MainWindow
from ui.notice_dialogs import CloseDialog, IssueDialog, ReferDialog
from ui.notice_make import MakeDialog
from ui.notices import Stepper

DUE = dt.date(2024, 7, 10)


def draft(ledger: Ledger, *findings: int) -> int:
    """A draft on some findings, due in ten days."""
    with ledger.write("起草") as tx:
        values = notice_values(findings, ledger.today)
        party = Finding.get_by_id(findings[0]).enterprise.fact(ledger.today).contractor_id
        return int(save(tx, Notice, {**values, "party": party, "due_on": DUE}).id)


@pytest.fixture
def drafts(small_ledger: Ledger) -> list[int]:
    """Two drafts, one on each finding."""
    return [draft(small_ledger, finding.id) for finding in Finding.live().order_by(Finding.id)]


def notice_list(window: MainWindow) -> Any:
    """The page of notices, everything in it selected."""
    window.open_register("notices", View(order=(("facts_text", False),)))
    settle(window)
    shown: Any = window.page("notices")
    page = shown.tab("notices")
    page.list.table.setFocus()
    page.list.table.go_to_row(0)
    settle(window)
    return page


def pick(window: MainWindow, page: Any, key: int, qtbot: QtBot) -> None:
    """Go to a notice and wait until its desk is read."""
    page.list.select_id(key)
    settle(window)
    qtbot.waitUntil(lambda: [desk.id for desk in page.desks] == [key])


def press_save(window: MainWindow, dialog: QWidget) -> None:
    settle(window)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)


def test_several_drafts_get_their_numbers_in_order(
    small_ledger: Ledger, drafts: list[int], open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    page = notice_list(window)
    QTest.keyClick(page.list.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    settle(window)
    assert {step for step, made in page.buttons.items() if made.isEnabled()} == {"issue"}
    QTest.keySequence(page.list.table, "Ctrl+Shift+Q")
    dialog = dialog_of(qtbot, IssueDialog)
    settle(window)
    assert "1号 起，共 2 个号" in dialog.number.text()
    press_save(window, dialog)
    numbers = [Notice.get_by_id(key).number for key in drafts]
    assert numbers == ["昌市监责改〔2024〕1号", "昌市监责改〔2024〕2号"]


def test_issuing_cannot_be_undone(
    small_ledger: Ledger, drafts: list[int], open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    page = notice_list(window)
    QTest.keySequence(page.list.table, "Ctrl+Shift+Q")
    press_save(window, dialog_of(qtbot, IssueDialog))
    assert Notice.live().where(Notice.state == "issued").count() == 1
    assert not window.undo.isEnabled(), "what left the office does not come back by a key"
    QTest.keySequence(page.list.table, "Ctrl+Z")
    settle(window)
    window.session.undo(failed=window._refused)
    settle(window)
    refusal = dialog_of(qtbot, MessageDialog)
    assert "不能撤销" in refusal.headline.text() + refusal.text.text()
    QTest.keyClick(refusal, Qt.Key.Key_Escape)
    assert Notice.live().where(Notice.state == "issued").count() == 1


def test_a_platform_number_is_typed_and_checked(
    small_ledger: Ledger, drafts: list[int], open_window: Opener, qtbot: QtBot
) -> None:
    with small_ledger.write("设置") as tx:
        change_settings(tx, {"numbering": "platform"})
    window = open_window(small_ledger)
    first, second = drafts
    with small_ledger.write("签发", final=True) as tx:
        issue(tx, Notice.get_by_id(second), small_ledger.today, "赣昌市监责改〔2024〕7号")
    page = notice_list(window)
    pick(window, page, first, qtbot)
    QTest.keySequence(page.list.table, "Ctrl+Shift+Q")
    dialog = dialog_of(qtbot, IssueDialog)
    field = dialog.form.fields["number"]
    for typed, told in (
        ("", "文号"), ("第七号", "文号"), ("赣昌市监责改〔2023〕8号", "2023年"), ("赣昌市监责改[2024]7号", "已经用过"),
    ):  # fmt: skip
        type_text(field.editor, typed)
        press_save(window, dialog)
        assert told in field.words.text(), typed
        assert Notice.get_by_id(first).state == "draft"
    type_text(field.editor, "赣昌市监责改〔2024〕8号")
    press_save(window, dialog)
    notice = Notice.get_by_id(first)
    assert (notice.state, notice.number) == ("issued", "赣昌市监责改〔2024〕8号")


def served(ledger: Ledger, key: int) -> Notice:
    day = ledger.today
    with ledger.write("送达", final=True) as tx:
        issue(tx, Notice.get_by_id(key), day)
        serve(tx, Notice.get_by_id(key), day, "direct", "王五")
    return Notice.get_by_id(key)


def test_closing_is_a_step_of_its_own(
    small_ledger: Ledger, drafts: list[int], open_window: Opener, qtbot: QtBot
) -> None:
    notice = served(small_ledger, drafts[0])
    officers = [officer.id for officer in Officer.live()]
    finding = Finding.live().order_by(Finding.id).first()
    with small_ledger.write("复查") as tx:
        items = [{"finding": finding.id, "outcome": "corrected"}]
        values = {"inspected_on": small_ledger.today, "officers": officers, "items": items}
        reinspect(tx, notice, values)
    window = open_window(small_ledger)
    page = notice_list(window)
    pick(window, page, notice.id, qtbot)
    assert page.buttons["close"].isEnabled()
    click(page.buttons["close"])
    dialog = dialog_of(qtbot, CloseDialog)
    type_text(dialog.form.fields["closed_on"].editor, "2024-07-01")
    press_save(window, dialog)
    assert "销号日期应在送达日期" in dialog.banner.label.text()
    assert Notice.get_by_id(notice.id).state == "served"
    type_text(dialog.form.fields["closed_on"].editor, "今天")
    press_save(window, dialog)
    found = Notice.get_by_id(notice.id)
    assert (found.state, found.closed_on) == ("closed", small_ledger.today)


def test_referring_wants_to_know_why(
    small_ledger: Ledger, drafts: list[int], open_window: Opener, qtbot: QtBot
) -> None:
    notice = served(small_ledger, drafts[0])
    window = open_window(small_ledger)
    page = notice_list(window)
    pick(window, page, notice.id, qtbot)
    click(page.buttons["refer"])
    dialog = dialog_of(qtbot, ReferDialog)
    press_save(window, dialog)
    assert "请填写移送到哪里" in dialog.form.fields["referral"].words.text()
    type_text(dialog.form.fields["referral"].editor, "拒不改正，移送综合执法大队立案")
    press_save(window, dialog)
    found = Notice.get_by_id(notice.id)
    assert (found.state, found.referred_on) == ("referred", small_ledger.today)
    settle(window)
    assert page.stepper.stops()[-1][0] == "已移送"


def test_a_finding_without_an_article_is_asked_for_one(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    first, second = Finding.live().order_by(Finding.id)
    with small_ledger.write("改隐患") as tx:
        tx.update(second, legal_basis="", wording="某处不合要求")
    window = open_window(small_ledger)
    dialog = MakeDialog(window.session, window, start_from_findings([first.id, second.id]))
    qtbot.addWidget(dialog)
    dialog.open()
    field = dialog.form.fields["violates"]
    assert field.editor.isVisible()
    assert "“某处不合要求”没有违反条款" in field.words.text()
    assert field.text() == first.legal_basis
    assert "行政处罚法" in dialog.form.fields["basis"].text()
    dialog.boxes[second.id].setChecked(False)
    assert not field.editor.isVisible()
    dialog.boxes[second.id].setChecked(True)
    dialog.form.fields["party"].set_text(str(dialog.start.parties[0][0]))
    field.set_text("")
    press_save(window, dialog)
    assert "“某处不合要求”没有违反条款，请填写违反规定" in field.words.text()
    field.set_text("《食品安全法》第五十五条")
    with qtbot.waitSignal(dialog.made):
        press_save(window, dialog)
    made = Notice.get()
    assert (made.state, made.violates) == ("draft", "《食品安全法》第五十五条")


def test_the_steps_of_a_notice_stand_whole_in_the_narrowest_bar(qtbot: QtBot) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    for width in (stepper.minimumWidth(), 1200):
        stepper.resize(width, 58)
        places = stepper.places()
        assert places[0] - stepper.slot / 2 >= 0
        assert places[-1] + stepper.slot / 2 <= width
        assert all(later - one >= stepper.slot for one, later in pairwise(places))
