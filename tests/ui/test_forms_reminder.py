"""Official checklists are asked for: on the welcome page, on 总览 until they are there, while answering a sample."""

from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.checklist import Checklist, official_missing
from models.core.ledger import Ledger
from models.core.saving import save
from models.opening import open_office
from tests.ui.checklist_hands import Keyboard, new_inspection, open_sheet
from tests.ui.window_hands import TODAY, Opener, settle
from ui.forms_reminder import AFTER_MS, FormsReminder
from ui.main_window import MainWindow
from ui.welcome import WelcomePage


def reminder(window: MainWindow) -> FormsReminder:
    window.show_page("overview")
    QTest.qWait(AFTER_MS + 100)
    settle(window)
    found = window.findChild(FormsReminder)
    assert isinstance(found, FormsReminder)
    return found


def test_the_first_page_of_an_empty_ledger_asks_for_them(tmp_path: Path, open_window: Opener) -> None:
    window = open_window(open_office(tmp_path / "empty", today=TODAY))
    welcome = window.findChild(WelcomePage)
    assert welcome is not None
    low = welcome.forms_button.mapTo(window, welcome.forms_button.rect().bottomLeft())
    assert low.y() < window.height() - 10, "it must be seen without scrolling"
    welcome.forms_button.click()
    settle(window)
    assert window.page("more").current_list().register.name == "checklists"


def test_it_is_asked_until_an_official_form_is_there(small_ledger: Ledger, open_window: Opener) -> None:
    window = open_window(small_ledger)
    line = reminder(window)
    assert line.isVisible()
    assert "非官方文本" in line.label.text()
    line.action.click()
    settle(window)
    assert window.page("more").current_list().register.name == "checklists"
    form = Checklist.get(Checklist.kind == "catering")
    with small_ledger.write("官方") as tx:
        save(tx, Checklist, {"official": True, "printed_title": "食品生产经营监督检查要点表"}, form)
    window.session.changed.emit(tx.changes)
    assert not official_missing(TODAY)
    assert not reminder(window).isVisible()


def test_closing_it_is_remembered(small_ledger: Ledger, open_window: Opener) -> None:
    window = open_window(small_ledger)
    line = reminder(window)
    line._close.click()
    again = FormsReminder(window.session)
    again.refresh()
    settle(window)
    assert not line.isVisible()
    assert not again.isVisibleTo(None)
    again.deleteLater()


def test_samples_are_marked_while_one_answers(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    dialog = open_sheet(window, keys, qtbot)
    assert dialog.sample.isVisible()
    assert "非官方文本" in dialog.sample.text()
    dialog.reject()
    settle(window)
    form._draft.remove()
    form.done(0)
