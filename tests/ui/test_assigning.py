"""指派 from the roster: one official to many, only those that suit, a warning with its reason, replacing."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View
from models.enterprise import Enterprise
from models.responsibility import Assignment
from tests.ui.window_hands import Opener, click, dialog_of, settle, type_text
from ui.assigning import AssignDialog, ask_assign
from ui.kit.dialogs import MessageDialog, ReasonDialog
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast
from ui.main_window import MainWindow


def ask(window: MainWindow, view: View, count: int, qtbot: QtBot) -> tuple[Any, list[int]]:
    """The dialog for the first rows of a list, and their enterprises."""
    window.open_register("enterprises", view)
    settle(window)
    home: Any = window.page("enterprises")
    page = home.current_list()
    page.table.go_to_row(0)
    page.table.setFocus()
    for _ in range(count - 1):
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    settle(window)
    chosen = page.selected_ids()
    assert len(chosen) == count
    QTest.keySequence(page.table, "Ctrl+Shift+B")
    dialog = dialog_of(qtbot, AssignDialog)
    settle(window)
    return dialog, chosen


def submit(window: MainWindow, dialog: AssignDialog) -> None:
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)


def missing(window: MainWindow) -> View:
    day = window.session.today
    return View(figure=("assignment.missing", day, day))


def test_only_those_that_suit_are_assigned_and_the_rest_is_offered(
    demo: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(demo)
    dialog, chosen = ask(window, missing(window), 6, qtbot)
    best = dialog.asked.candidates[0]
    assert 0 < len(best.fits) < 6
    assert dialog.only.isVisible()
    assert dialog.only.isChecked()
    assert f"与其中 {len(best.fits)} 户相符" in dialog.words.text()
    before = Assignment.live().count()
    submit(window, dialog)
    assert Assignment.live().count() == before + len(best.fits)
    made = Assignment.live().where(Assignment.official == best.id, Assignment.enterprise.in_(chosen))
    assert {one.enterprise_id for one in made} == set(best.fits)
    toast = next(t for t in window.findChildren(Toast) if "待指派" in t.label.text())
    assert f"还有 {6 - len(best.fits)} 户待指派" in toast.label.text()
    click(toast.action)
    again = dialog_of(qtbot, AssignDialog)
    assert {key for key, _name, _had in again.asked.places} == set(chosen) - set(best.fits)
    QTest.keyClick(again, Qt.Key.Key_Escape)


def test_an_official_who_does_not_suit_needs_a_reason(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    dialog, chosen = ask(window, missing(window), 1, qtbot)
    stranger = next(one for one in dialog.asked.candidates if not one.fits and one.level == "区")
    type_text(dialog.search, stranger.name)
    settle(window)
    rows = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.list.count())]
    dialog.list.setCurrentRow(rows.index(stranger.id))
    assert "不符" in dialog.words.text()
    seen: list[str] = []

    def answer() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, ReasonDialog):
            timer.stop()
            seen.append(question.text.text())
            type_text(question.edit, "原干部调离，暂时代管")
            click(question.yes)

    timer = QTimer(interval=20)
    timer.timeout.connect(answer)
    timer.start()
    submit(window, dialog)
    assert seen
    made = Assignment.live().where(Assignment.enterprise == chosen[0], Assignment.official == stranger.id)
    assert made.count() == 1
    timer.stop()


def test_replacing_ends_the_present_one_the_day_before(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    day = window.session.today
    view = View(figure=("assignment.assigned", day, day))
    dialog, chosen = ask(window, view, 1, qtbot)
    now = [one.id for one in Assignment.live().where(Assignment.enterprise == chosen[0], Assignment.valid_to.is_null())]
    had = {Assignment.get_by_id(key).official_id for key in now}
    assert dialog.replace.isVisible()
    assert dialog.replace.isChecked()
    new = next(one for one in dialog.asked.candidates if one.fits and one.id not in had)
    type_text(dialog.search, new.name)
    rows = [dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.list.count())]
    dialog.list.setCurrentRow(rows.index(new.id))
    type_text(dialog.form.fields["reason"].editor, "干部调整")
    submit(window, dialog)
    assert [str(Assignment.get_by_id(key).valid_to) for key in now] == ["2024-06-29"] * len(now)
    made = Assignment.live().where(Assignment.enterprise == chosen[0], Assignment.official == new.id).get()
    assert (made.valid_from, made.valid_to, made.reason) == (day, None, "干部调整")


def test_without_any_official_the_way_to_register_one_is_offered(
    small_ledger: Ledger, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(small_ledger)
    seen: list[tuple[str, object, object]] = []
    window.session.edit_record.connect(lambda *what: seen.append(what))
    asked: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        asked.extend(label.text() for label in dialog.findChildren(QLabel))
        click(next(b for b in dialog.findChildren(QPushButton) if b.text() == "登记包保干部"))

    QTimer.singleShot(1000, answer)
    ask_assign(window.session, window, [Enterprise.live().first().id])
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert "还没有登记包保干部。" in asked
    assert seen[0][:2] == ("officials", None)
    settle(window)
    dialog_of(qtbot, RecordDialog).reject()
