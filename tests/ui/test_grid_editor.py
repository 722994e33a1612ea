"""A cell edited in place by keys: F2, Enter down, Tab right, Esc, lists and references, errors at the cell."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.enterprise import Enterprise
from tests.ui.grid_page import CONTROL, cell, click, compose, open_page, press, section, settle
from ui.kit.dialogs import ReasonDialog
from ui.kit.session import Session

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def line(page: Any) -> Any:
    """The line being typed in."""
    editor = page.hands.editor
    assert editor is not None
    return editor.editor.focus_targets()[0]


def type_over(page: Any, text: str) -> None:
    target = line(page)
    target.selectAll()
    QTest.keyClick(target, Qt.Key.Key_Delete)
    for part in text:
        if part.isascii():
            QTest.keyClicks(target, part)
        else:
            compose(target, part)
    settle(page)


def hit(page: Any, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)
    settle(page)


def test_enter_writes_and_goes_down(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "phone")
    press(page, Qt.Key.Key_F2)
    assert line(page).text() == "13800000001"
    assert line(page).hasFocus()
    type_over(page, "13911112222")
    hit(page, Qt.Key.Key_Return)
    assert page.hands.editor is None
    assert cell(page, 0, "phone") == "13911112222"
    index = page.table.currentIndex()
    assert (index.row(), index.column()) == (1, section(page, "phone"))
    assert page.table.hasFocus()
    session.undo()
    settle(page)
    assert cell(page, 0, "phone") == "13800000001"


def test_tab_goes_right_and_back_and_escape_leaves(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 2, "principal")
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    type_over(page, "示例甲")
    hit(page, Qt.Key.Key_Tab)
    assert cell(page, 2, "principal") == "示例甲"
    assert page.table.currentIndex().column() == section(page, "phone")
    press(page, Qt.Key.Key_F2)
    type_over(page, "13911112222")
    hit(page, Qt.Key.Key_Backtab)
    assert cell(page, 2, "phone") == "13911112222"
    assert page.table.currentIndex().column() == section(page, "principal")
    press(page, Qt.Key.Key_F2)
    type_over(page, "示例乙")
    hit(page, Qt.Key.Key_Escape)
    assert page.hands.editor is None
    assert cell(page, 2, "principal") == "示例甲"
    assert page.table.hasFocus()


def test_an_error_is_said_at_the_cell_and_the_text_stays(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "opened_on")
    press(page, Qt.Key.Key_F2)
    type_over(page, "2024-13-45")
    hit(page, Qt.Key.Key_Return)
    editor = page.hands.editor
    assert editor is not None
    assert editor.note.isVisible()
    assert editor.note.text()
    assert line(page).text() == "2024-13-45"
    assert line(page).hasFocus()
    hit(page, Qt.Key.Key_Semicolon, CONTROL)
    assert line(page).text() == "2024-06-30"
    assert not editor.note.isVisible()
    hit(page, Qt.Key.Key_Return)
    assert Enterprise.get(Enterprise.name == "示例店0001").opened_on == dt.date(2024, 6, 30)


def test_the_records_own_check_speaks_at_the_cell(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "name")
    press(page, Qt.Key.Key_F2)
    type_over(page, "")
    hit(page, Qt.Key.Key_Return)
    editor = page.hands.editor
    assert editor is not None
    assert "请填写主体名称" in editor.note.text()
    hit(page, Qt.Key.Key_Escape)
    assert cell(page, 0, "name") == "示例店0001"


def test_a_doubt_asks_for_its_reason(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "opened_on")
    press(page, Qt.Key.Key_F2)
    type_over(page, "2024-12-01")

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ReasonDialog)
        compose(dialog.edit, "已核对")
        dialog.accept()

    QTimer.singleShot(300, answer)
    QTest.keyClick(line(page), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.hands.editor is None)
    settle(page)
    assert cell(page, 0, "opened_on") == "2024-12-01"


def test_a_choice_and_a_reference_are_chosen_from_their_lists(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 1, "status")
    press(page, Qt.Key.Key_F2)
    type_over(page, "停业")
    hit(page, Qt.Key.Key_Return)
    assert cell(page, 1, "status") == "停业"
    first = Enterprise.get(Enterprise.name == "示例店0002")
    assert first.fact(dt.date(2024, 6, 29)).status == "open"
    click(page, 1, "area")
    press(page, Qt.Key.Key_F2)
    assert line(page).text() == "新枫街道"
    type_over(page, "吕蒙")
    hit(page, Qt.Key.Key_Tab)
    assert cell(page, 1, "area") == "吕蒙街道"


def test_a_reference_typed_faster_than_it_is_found(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 1, "area")
    press(page, Qt.Key.Key_F2)
    target = line(page)
    target.selectAll()
    compose(target, "吕蒙街道")
    QTest.keyClick(target, Qt.Key.Key_Return)  # the search is still under way
    settle(page)
    assert page.hands.editor is None
    assert cell(page, 1, "area") == "吕蒙街道"


def test_a_click_elsewhere_writes(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "principal")
    press(page, Qt.Key.Key_F2)
    type_over(page, "示例甲")
    click(page, 3, "address")
    assert page.hands.editor is None
    assert cell(page, 0, "principal") == "示例甲"
    assert page.table.currentIndex().row() == 3


def test_what_follows_from_other_things_is_not_edited(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "permit_number")
    press(page, Qt.Key.Key_F2)
    assert page.hands.editor is None


def test_enter_and_double_click_still_open_the_form(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    asked: list[Any] = []
    session.edit_record.connect(lambda *found: asked.append(found))
    click(page, 0, "phone")
    press(page, Qt.Key.Key_Return)
    at = page.table.visualRect(page.table.currentIndex()).center()
    QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(asked) == 2
    assert page.hands.editor is None


def test_a_record_changed_meanwhile_is_not_overwritten(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    click(page, 0, "phone")
    press(page, Qt.Key.Key_F2)
    with session.ledger.write("登记") as tx:
        tx.update(Enterprise.get(Enterprise.name == "示例店0001"), phone="13700000000")
    type_over(page, "13911112222")
    hit(page, Qt.Key.Key_Return)
    editor = page.hands.editor
    assert editor is not None
    assert "被改过" in editor.note.text()
    assert Enterprise.get(Enterprise.name == "示例店0001").phone == "13700000000"


def test_the_editor_stays_over_its_cell(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot, 60)
    click(page, 3, "phone")
    press(page, Qt.Key.Key_F2)
    bar = page.table.verticalScrollBar()
    bar.setValue(bar.value() + 40)
    settle(page)
    index = page.model.index(3, section(page, "phone"))
    assert page.hands.editor.frame.geometry().topLeft() == page.table.visualRect(index).topLeft()
    QTest.keyClick(line(page), Qt.Key.Key_Down)
    assert page.table.currentIndex().row() == 3
