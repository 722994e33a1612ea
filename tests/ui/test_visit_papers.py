"""打印文书 through the window: the menu by keys on visits, notices, places and talks; scene records; service by way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.saving import save
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.notice import Notice
from models.notice_steps import issue, notice_values, serve
from models.organization import Officer
from models.scene_record import SceneRecord
from models.service import proof_of
from models.talk import Talk
from tests.ui.window_hands import Opener, activate, dialog_of, menu_of, paper_text, settle, type_text
from ui.kit.preview import PreviewDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.notice_dialogs import ServeDialog
from ui.notice_make import MakeDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def list_of(window: MainWindow, page: str, tab: str) -> Any:
    window.show_page(page)
    found = window.page(page).tab(tab)  # type: ignore[attr-defined]
    window.page(page)._choose(tab)  # type: ignore[attr-defined]
    settle(window)
    inner = getattr(found, "list", found)
    inner.table.go_to_row(0)
    activate(window)
    inner.table.setFocus()
    settle(window)
    return inner


def menu_on(window: MainWindow, page: Any, qtbot: QtBot) -> QMenu:
    activate(window)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_P, CONTROL | SHIFT)
    settle(window)
    return menu_of(qtbot)


def words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def take(menu: QMenu, name: str) -> None:
    """Go down to an entry with the arrow and take it."""
    for _step in menu.actions():
        if menu.activeAction() is not None and menu.activeAction().objectName() == name:
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction().objectName() == name
    QTest.keyClick(menu, Qt.Key.Key_Return)


def preview_text(qtbot: QtBot) -> str:
    preview = dialog_of(qtbot, PreviewDialog)
    qtbot.waitUntil(lambda: preview._source is not None, timeout=20_000)
    text = paper_text(preview)
    preview.close()
    preview.deleteLater()
    QApplication.processEvents()
    return text.replace(" ", "")


def issued(ledger: Ledger) -> Notice:
    """The notice on the one inspection of the small ledger, issued."""
    inspection = Inspection.get()
    with ledger.write("签发", final=True) as tx:
        ids = [f.id for f in Finding.live().where(Finding.inspection == inspection.id)]
        values = notice_values(ids, ledger.today) | {"due_on": ledger.today + dt.timedelta(days=10)}
        values["party"] = inspection.enterprise.party_id
        return issue(tx, save(tx, Notice, values), ledger.today)


def test_the_papers_of_a_visit(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    page = list_of(window, "inspections", "inspections")
    menu = menu_on(window, page, qtbot)
    assert words(menu)[0] == "全部检查文书　未填现场记录，空着的手填"
    assert menu.activeAction().objectName() == "notification+scene+checklist+result"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    text = preview_text(qtbot)
    place = Inspection.get().enterprise.name
    for title in ("监督检查告知页", "现场笔录", "食品生产经营监督检查结果记录表"):
        assert title in text
    assert place in text
    take(menu_on(window, page, qtbot), "result")
    text = preview_text(qtbot)
    assert "结果记录表" in text
    assert "告知页" not in text


def test_the_scene_record_is_filled_in_from_the_menu(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    page = list_of(window, "inspections", "inspections")
    take(menu_on(window, page, qtbot), "fill")
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    values, _problems = form.form.read()
    assert values["place"] == Inspection.get().enterprise.address
    assert "现场检查发现" in values["scene"]
    boxes = form.form.boxes
    boxes["opinion"].editor.set_value("refused")
    QTest.keyClick(form, Qt.Key.Key_S, CONTROL)
    settle(window)
    assert not SceneRecord.live().exists()
    assert "请写明理由" in "".join(boxes["refusal_reason"].problems.texts())
    type_text(boxes["refusal_reason"].editor.focus_targets()[0], "不愿意")
    type_text(boxes["witness"].editor.focus_targets()[0], "示例丙")
    QTest.keyClick(form, Qt.Key.Key_S, CONTROL)
    settle(window)
    one = SceneRecord.get()
    assert (one.refusal_reason, one.witness) == ("不愿意", "示例丙")
    assert one.inspection == Inspection.get()
    menu = menu_on(window, page, qtbot)
    assert words(menu)[0] == "全部检查文书"
    assert words(menu)[-1] == "修改现场记录…"
    take(menu, "scene")
    text = preview_text(qtbot)
    assert "拒绝签名的理由：不愿意" in text
    take(menu_on(window, list_of(window, "inspections", "scene_records"), qtbot), "notification")
    assert "监督检查告知页" in preview_text(qtbot)


def test_service_asks_for_what_its_way_needs(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    notice = issued(small_ledger)
    window = open_window(small_ledger)
    page = list_of(window, "notices", "notices")
    QTest.keyClick(page.table, Qt.Key.Key_S, CONTROL | SHIFT)
    dialog = dialog_of(qtbot, ServeDialog)
    settle(window)
    fields = dialog.form.fields
    assert len(dialog.officers.chosen()) == 2, "those who inspected are proposed"
    assert not fields["witness"].editor.isVisible()
    for way, shown, hidden in (
        ("left", "witness", "agent"), ("entrusted", "agent", "refusal"), ("forwarded", "agent", "tracking"),
        ("mail", "tracking", "witness"), ("electronic", "consent", "place"), ("announced", "announced_on", "consent"),
    ):  # fmt: skip
        fields["service_way"].set_text(way)
        assert fields[shown].editor.isVisible(), way
        assert not fields[hidden].editor.isVisible(), way
    fields["service_way"].set_text("left")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    settle(window)
    assert "拒收事由" in fields["refusal"].words.text()
    assert "见证人" in fields["witness"].words.text()
    assert Notice.get_by_id(notice.id).state == "issued"
    type_text(fields["refusal"].editor, "拒绝签收")
    fields["recorded"].editor.setFocus()
    QTest.keyClick(fields["recorded"].editor, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    settle(window)
    assert Notice.get_by_id(notice.id).state == "served"
    proof = proof_of(notice.id)
    assert proof is not None
    assert (proof.refusal, proof.recorded) == ("拒绝签收", True)
    take(menu_on(window, page, qtbot), "service")
    text = preview_text(qtbot)
    for word in ("送达回证", "拒绝签收", "已拍照、录像记录送达过程", notice.number):
        assert word in text, word


def test_an_officer_without_certificate_may_not_serve(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    notice = issued(small_ledger)
    with small_ledger.write("登记") as tx:
        bare = save(tx, Officer, {"name": "示例戊"}, waivers={"certificate": "待发证"})
    window = open_window(small_ledger)
    page = list_of(window, "notices", "notices")
    QTest.keyClick(page.table, Qt.Key.Key_S, CONTROL | SHIFT)
    dialog = dialog_of(qtbot, ServeDialog)
    settle(window)
    type_text(dialog.form.fields["receiver"].editor, "王五")
    dialog.officers.boxes[bare.id].setChecked(True)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    settle(window)
    assert "示例戊没有登记执法证号" in dialog.banner.label.text()
    assert Notice.get_by_id(notice.id).state == "issued"
    dialog.reject()


def test_what_follows_a_notice(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    notice = issued(small_ledger)
    window = open_window(small_ledger)
    page = list_of(window, "notices", "notices")
    menu = menu_on(window, page, qtbot)
    assert [action.objectName() for action in menu.actions()] == ["notice", "service", "recheck_form"]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert notice.number in preview_text(qtbot)
    take(menu_on(window, page, qtbot), "recheck_form")
    assert "责令改正复查记录" in preview_text(qtbot)
    with small_ledger.write("送达", final=True) as tx:
        serve(tx, notice, small_ledger.today, "direct", "王五")
    settle(window)
    take(menu_on(window, page, qtbot), "fill")
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    assert form.register.name == "services"
    type_text(form.form.boxes["place"].editor.focus_targets()[0], "校门口")
    QTest.keyClick(form, Qt.Key.Key_S, CONTROL)
    settle(window)
    assert proof_of(notice.id).place == "校门口"  # type: ignore[union-attr]
    take(menu_on(window, list_of(window, "notices", "services"), qtbot), "service")
    assert "校门口" in preview_text(qtbot)


def test_forms_to_take_along_and_the_letter_of_a_talk(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    inspection = Inspection.get()
    with small_ledger.write("约谈") as tx:
        values = {"enterprise": inspection.enterprise_id, "held_on": small_ledger.today, "reason": "逾期未整改"}
        save(tx, Talk, values | {"officers": [Officer.get().id], "state": "planned"})
    window = open_window(small_ledger)
    page = list_of(window, "enterprises", "enterprises")
    page.select_id(inspection.enterprise_id)
    settle(window)
    menu = menu_on(window, page, qtbot)
    assert [action.objectName() for action in menu.actions()][0] == "blank"  # noqa: RUF015
    assert any(str(inspection.inspected_on) in text for text in words(menu))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    text = preview_text(qtbot)
    assert "示例要点（非官方文本）" in text
    assert "共检查了（____）项内容" in text
    window.session.show_list("talks")
    settle(window)
    page = window.page(window.current_page).current_list()  # type: ignore[attr-defined]
    assert page.register.name == "talks"
    page.table.go_to_row(0)
    settle(window)
    take(menu_on(window, page, qtbot), "talk")
    assert "责任约谈通知书" in preview_text(qtbot)


def test_checks_without_a_notice_are_printed_from_their_list_and_the_findings(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    place = Inspection.get().enterprise_id
    with small_ledger.write("隐患") as tx:
        keys = [
            save(tx, Finding, {"enterprise": place, "found_on": small_ledger.today, "channel": "complaint",
                               "wording": f"示例单独问题{n}"}).id
            for n in (1, 2)
        ]  # fmt: skip
    window = open_window(small_ledger)
    page = list_of(window, "inspections", "findings")
    page.select_id(keys[0])
    settle(window)
    take(menu_on(window, page, qtbot), "check_form")
    text = preview_text(qtbot)
    assert "示例单独问题1" in text
    assert "示例单独问题2" in text, "the form lists all that is open at the place"
    with small_ledger.write("复核") as tx:
        for key in keys:
            values = {"finding": key, "checked_on": small_ledger.today, "outcome": "partly", "checked_by": "甲、乙"}
            save(tx, FindingCheck, values)
    window.session.show_list("finding_checks")
    settle(window)
    page = window.page(window.current_page).current_list()  # type: ignore[attr-defined]
    assert page.register.name == "finding_checks"
    page.table.selectAll()
    settle(window)
    menu = menu_on(window, page, qtbot)
    assert words(menu) == ["隐患复查记录"]
    take(menu, "check")
    text = preview_text(qtbot)
    assert text.count("示例单独问题1") == 1, "one sheet for the visit"


def test_several_notices_from_one_visit(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    inspection = Inspection.get()
    with small_ledger.write("隐患") as tx:
        lines = [
            {"wording": f"示例隐患{n}", "legal_basis": "《示例条例》第一条", "severity": "minor", "channel": "routine"}
            for n in (1, 2)
        ]
        old = [{"id": f.id} for f in Finding.live().where(Finding.inspection == inspection.id)]
        save(tx, Inspection, {"findings": [*old, *lines]}, inspection)
    count = len(old) + 2
    page = list_of(window, "inspections", "inspections")
    for turn in range(2):
        if not turn:
            QTest.keyClick(page.table, Qt.Key.Key_K, CONTROL | SHIFT)
        dialog = dialog_of(qtbot, MakeDialog)
        settle(window)
        boxes = list(dialog.boxes.values())
        assert len(boxes) == (1 if turn else count)
        assert not dialog.others.isVisible()
        if not turn:
            boxes[-1].setFocus()
            QTest.keyClick(boxes[-1], Qt.Key.Key_Space)
            assert dialog.others.isVisible()
            assert "没有勾选的 1 处" in dialog.others.text()
        choices = dialog.form.fields["party"].editor.buttons
        next(iter(choices.values())).setChecked(True)
        QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
        settle(window)
    form = dialog_of(qtbot, RecordDialog)
    assert form.register.name == "notices"
    form.reject()
    sizes = [len(list(one.finding_rows)) for one in Notice.live().order_by(Notice.id)]
    assert sizes == [count - 1, 1]
