"""整改督办 and 结果公开 in the window: what is open by due day, one re-inspection of a place, the steps, reminders."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.finding_check import FindingCheck
from models.holiday import Holiday
from models.inspection import Finding, Inspection
from models.notice import Notice, Reinspection
from models.publication import unpublished
from models.rectification import Matter, matters
from models.talk import Talk
from models.transfer.reading import read_table
from tests.ui.window_hands import TODAY, Opener, click, dialog_of, settle, type_text
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast
from ui.main_window import MainWindow
from ui.notice_dialogs import CloseDialog, ExtendDialog, ReferDialog, ServeDialog
from ui.notice_make import MakeDialog
from ui.publication import PublishDialog
from ui.rectification import ReminderDialog
from ui.rectification_dialogs import (
    ExtendFindingDialog,
    RecheckDialog,
    ReferFindingDialog,
    SpotDialog,
)


def tab(window: MainWindow, key: str) -> Any:
    """A sub-tab of 责令改正 in front, read."""
    window.show_page("notices")
    page: Any = window.page("notices").show_tab(key)  # type: ignore[attr-defined]
    settle(window)
    return page


def choose(page: Any, fits: Callable[[Matter], bool]) -> Matter:
    """Put the cursor on the first matter that fits."""
    one = next(each for each in page.listed() if fits(each))
    page.table.choose(one.key)
    page.table.setFocus()
    return one


def type_in(dialog: Any, name: str, text: str) -> QWidget:
    editor: QWidget = dialog.form.fields[name].editor
    type_text(editor, text)
    return editor


def submit(window: MainWindow, dialog: QWidget) -> None:
    """Ctrl+Enter, which also does what cannot be undone."""
    settle(window)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    QTest.qWait(200)  # the list reads again a moment after a change
    settle(window)


def step(window: MainWindow, page: Any, name: str) -> None:
    click(page.panel.buttons[name])
    settle(window)


def words(window: QWidget) -> str:
    """What the toasts say."""
    return " ".join(toast.label.text() for toast in window.findChildren(Toast) if toast.isVisible())


def test_all_that_is_open_stands_by_due_day(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    found = matters(TODAY)
    assert [row.key for row in page.table.list.rows] == [one.key for one in found]
    assert page.groups.presets[""].text() == f"全部 {len(found)}"
    for group, tone in (("overdue", "danger"), ("soon", "warning"), ("running", "")):
        click(page.groups.presets[group])
        wanted = [one.key for one in found if one.group == group]
        assert [row.key for row in page.table.list.rows] == wanted
        assert wanted
        assert {row.tones[1] for row in page.table.list.rows} == {tone}
    click(page.groups.presets["repeated"])
    assert all("重复" in row.texts[-1] for row in page.table.list.rows)
    settle(window)
    assert "已发现过" in " ".join(page.panel.texts())
    click(page.groups.presets[""])
    one = next(one for one in found if one.kind == "notice")
    type_text(page.search, one.number)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert [row.key for row in page.table.list.rows] == [one.key]
    settle(window)
    assert one.reasons[0] in page.panel.texts()
    assert any("个工作日" in text for text in page.panel.texts())


def test_another_day_is_looked_at_only(demo: Ledger, open_window: Opener) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    type_text(page.day.edit, "2024-06-12")
    QTest.keyClick(page.day.edit, Qt.Key.Key_Return)
    settle(window)
    found = matters(dt.date(2024, 6, 12))
    assert [row.key for row in page.table.list.rows] == [one.key for one in found]
    choose(page, lambda m: m.kind == "notice")
    assert not page.panel.buttons["recheck"].isEnabled()
    assert page.panel.buttons["open"].isEnabled()
    type_text(page.day.edit, "没有这天")
    QTest.keyClick(page.day.edit, Qt.Key.Key_Return)
    assert page.words.property("role") == "danger"


def test_a_place_is_rechecked_and_closed_by_the_keyboard(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    one = choose(page, lambda m: m.state == "partly" and m.kind == "notice")
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = dialog_of(qtbot, RecheckDialog)
    assert list(dialog.outcomes) == [item.id for item in one.open_items], "prefilled with what is open"
    assert len(dialog.officers.chosen()) >= 2, "those of the inspection"
    first = next(iter(dialog.outcomes.values()))
    assert "上次" in dialog.notes[one.open_items[0].id].placeholderText()
    first.setFocus()
    for _ in dialog.outcomes:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert {box.currentData() for box in dialog.outcomes.values()} == {"corrected"}
    before = Reinspection.live().count()
    submit(window, dialog)
    assert Reinspection.live().count() == before + 1
    now = page.chosen()
    assert (now.key, now.state) == (one.key, "corrected"), "the cursor stays with it"
    assert not page.panel.buttons["recheck"].isEnabled()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    submit(window, dialog_of(qtbot, CloseDialog))
    assert Notice.get_by_id(one.id).state == "closed"
    assert one.key not in [row.key for row in page.table.list.rows]


def test_a_recheck_says_what_is_missing_and_may_close_at_once(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    one = choose(page, lambda m: m.state == "served")
    QTest.keySequence(page.table, "Ctrl+Shift+F")
    dialog = dialog_of(qtbot, RecheckDialog)
    for box in dialog.officers.boxes.values():
        box.setChecked(False)
    type_in(dialog, "inspected_on", "2024-07-05")
    submit(window, dialog)
    assert "不得少于2人" in dialog.banner.label.text()
    for box in list(dialog.officers.boxes.values())[:2]:
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)
    submit(window, dialog)
    assert "晚于今天" in dialog.form.fields["inspected_on"].words.text()
    type_in(dialog, "inspected_on", "2024-06-30")
    dialog._all_corrected()
    dialog.close_too.setFocus()
    QTest.keyClick(dialog.close_too, Qt.Key.Key_Space)
    assert "不能撤销" in dialog.caution.text()
    submit(window, dialog)
    assert Notice.get_by_id(one.id).state == "closed"
    assert "已销号" in words(window)


def test_steps_of_a_notice_from_the_list(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    choose(page, lambda m: m.state == "issued")
    step(window, page, "serve")
    dialog_of(qtbot, ServeDialog).reject()
    settle(window)
    one = choose(page, lambda m: m.kind == "notice" and m.state == "served" and not m.extended)
    QTest.keySequence(page.table, "Alt+Y")
    dialog = dialog_of(qtbot, ExtendDialog)
    type_in(dialog, "extended_to", "2024-08-01")
    type_in(dialog, "extension_reason", "设备未到")
    submit(window, dialog)
    assert "请填写" in dialog.form.fields["extended_by"].words.text()
    type_in(dialog, "extended_by", "李局长")
    submit(window, dialog)
    assert (page.chosen().key, page.chosen().extended) == (one.key, True)
    assert not page.panel.buttons["extend"].isVisible(), "only once"
    assert any("经批准延期一次" in text for text in page.panel.texts())
    step(window, page, "refer")
    dialog = dialog_of(qtbot, ReferDialog)
    type_in(dialog, "referral", "移送执法稽查")
    submit(window, dialog)
    assert one.key not in [row.key for row in page.table.list.rows]


def test_steps_of_single_findings(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    with demo.write("登记") as tx:
        place = Inspection.live().first().enterprise_id
        rows = [
            tx.insert(
                Finding, enterprise=place, found_on=dt.date(2024, 6, 19 + n), channel="complaint",
                severity="minor", wording=f"示例单独问题{n}", legal_basis=f"《示例条例》第{n}条",
                due_on=dt.date(2024, 7, 1) if n < 3 else None,
            )
            for n in range(5)
        ]
    window = open_window(demo)
    page = tab(window, "rectification")

    def on(number: int) -> None:
        page.show_group("")
        choose(page, lambda m: m.key == ("finding", rows[number].id))

    on(0)
    step(window, page, "extend")
    dialog = dialog_of(qtbot, ExtendFindingDialog)
    for name, text in (("extended_to", "2024-07-15"), ("extended_by", "李局长"), ("extension_reason", "设备未到")):
        type_in(dialog, name, text)
    submit(window, dialog)
    assert str(page.chosen().due_on) == "2024-07-15"
    on(1)
    step(window, page, "refer")
    dialog = dialog_of(qtbot, ReferFindingDialog)
    type_in(dialog, "referral", "移送教体局")
    submit(window, dialog)
    assert Finding.get_by_id(rows[1].id).referral == "移送教体局"
    on(2)
    step(window, page, "spot")
    dialog = dialog_of(qtbot, SpotDialog)
    type_in(dialog, "measure", "当场清理")
    submit(window, dialog)
    assert Finding.get_by_id(rows[2].id).corrected_on_spot
    on(3)
    assert page.chosen().label == "没有期限"
    assert not page.panel.buttons["extend"].isVisible(), "there is no day to move"
    step(window, page, "notice")
    dialog = dialog_of(qtbot, MakeDialog)
    assert list(dialog.boxes) == [rows[3].id]
    dialog.reject()
    on(4)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = dialog_of(qtbot, RecheckDialog)
    mine = {rows[n].id for n in (0, 3, 4)}
    assert mine <= set(dialog.outcomes), "one visit sees all that is open at the place"
    assert not dialog.close_too.isEnabled(), "there is no notice to close"
    assert dialog.officers.chosen() == [], "no inspection found them"
    for box in list(dialog.officers.boxes.values())[:2]:
        click(box)
    submit(window, dialog)
    assert {one.outcome for one in FindingCheck.live().where(FindingCheck.finding.in_(mine))} == {"not"}


def test_a_talk_is_entered_from_its_notice(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    one = choose(page, lambda m: m.kind == "notice" and m.group == "overdue" and not m.talks)
    QTest.keySequence(page.table, "Alt+T")
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    assert one.number in form.form.boxes["notices"].editor.chips()
    editor = form.form.boxes["officers"].editor.edit
    editor.setFocus()
    QTest.keyClicks(editor, "f")
    qtbot.waitUntil(lambda: editor.is_open, timeout=5000)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(window)
    QTest.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    QTest.qWait(200)
    settle(window)
    talk = Talk.live().order_by(Talk.id.desc()).first()
    assert (talk.enterprise_id, talk.state) == (one.enterprise, "planned")
    assert [row.notice_id for row in talk.notice_rows] == [one.id]
    assert "逾期未改正" in talk.reason
    assert any("待约谈" in text for text in page.panel.texts())


def test_the_reminders_are_copied_and_saved(
    demo: Ledger, open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(demo)
    page = tab(window, "rectification")
    click(page.remind)
    dialog = dialog_of(qtbot, ReminderDialog)
    places = {one.enterprise for one in page.listed() if one.group in ("overdue", "soon", "undated")}
    assert len(dialog.table.list.rows) == len(places)
    click(dialog.copy_one)
    assert "限2" in QApplication.clipboard().text()
    assert "已逾期" in QApplication.clipboard().text()
    click(dialog.copy_all)
    assert len(QApplication.clipboard().text().splitlines()) == len(places) + 1
    dialog.export_to(tmp_path / "提醒.xlsx")
    settle(window)
    assert len(read_table(tmp_path / "提醒.xlsx").rows) == len(places)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    page.export_to(tmp_path / "督办.csv")
    settle(window)
    assert len(read_table(tmp_path / "督办.csv").rows) == len(page.listed())


def test_results_are_made_public_many_at_once(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    page = tab(window, "publication")
    found = unpublished(TODAY)
    assert [row.key for row in page.table.list.rows] == [one.id for one in found]
    assert "20个工作日" in page.sums.text()
    assert "扣除周末" in page.sums.text()
    click(page.states.presets["overdue"])
    late = [one.id for one in found if one.state == "overdue"]
    assert [row.key for row in page.table.list.rows] == late
    click(page.whole)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = dialog_of(qtbot, PublishDialog)
    type_in(dialog, "published_on", "2024-07-02")
    submit(window, dialog)
    assert "晚于今天" in dialog.form.fields["published_on"].words.text()
    type_in(dialog, "published_on", "2024-06-29")
    submit(window, dialog)
    assert {Inspection.get_by_id(key).published_on for key in late} == {dt.date(2024, 6, 29)}
    assert len(page.found.results) == len(found) - len(late)


def test_a_year_of_holidays_is_fetched(demo: Ledger, open_window: Opener) -> None:
    with demo.write("清理") as tx:
        for row in Holiday.live().where(Holiday.day >= dt.date(2026, 1, 1)):
            tx.remove(row)
    window = open_window(demo)
    window.show_page("more")
    page: Any = window.page("more").show_tab("holidays")  # type: ignore[attr-defined]
    settle(window)
    action = next(each for each in page.extra_actions if each.objectName() == "add_years")
    action.trigger()
    settle(window)
    assert Holiday.live().where(Holiday.day >= dt.date(2026, 1, 1)).count() > 20
    assert "2026年" in words(window)
    action.trigger()
    settle(window)
    assert "都在表里" in words(window)
