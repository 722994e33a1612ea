"""Typing over a selected cell, by keys and by an input method, and clearing cells, as in a spreadsheet."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from models.enterprise import Enterprise
from tests.ui.grid_page import CONTROL, cell, click, open_page, press, select, settle
from ui.kit.register_page import RegisterPage
from ui.kit.session import Session


@pytest.fixture
def page(session: Session, qtbot: Any) -> RegisterPage:
    return open_page(session, qtbot)


def phones() -> list[str]:
    return [row.phone for row in Enterprise.select().order_by(Enterprise.name_key)]


def type_keys(text: str) -> None:
    """Press the keys of a text in whatever has the focus."""
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def composed(page: RegisterPage, *steps: str, commit: str = "") -> None:
    """Letters as an input method composes them in the widget with the focus, and what it commits."""
    for step in steps:
        QApplication.sendEvent(page.table, QInputMethodEvent(step, []))
    if commit:
        event = QInputMethodEvent()
        event.setCommitString(commit)
        QApplication.sendEvent(page.table, event)


def test_a_typed_letter_begins_the_edit_with_it(page: RegisterPage) -> None:
    click(page, 0, "phone")
    type_keys("13912345678")  # faster than the editor can be read
    settle(page)
    assert page.hands.editor is not None
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settle(page)
    assert phones()[0] == "13912345678"
    assert page.table.currentIndex().row() == 1


def test_enter_typed_before_the_editor_is_there_goes_to_it(page: RegisterPage) -> None:
    click(page, 0, "phone")
    asked: list[bool] = []
    page.table.open_asked.connect(lambda: asked.append(True))
    type_keys("13900000001")
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    settle(page)
    assert not asked
    assert phones()[0] == "13900000001"


def test_escape_before_the_editor_is_there_leaves_all_as_it_was(page: RegisterPage) -> None:
    click(page, 0, "phone")
    type_keys("9")
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    settle(page)
    assert page.hands.editor is None
    assert phones()[0] == "13800000001"


def test_a_composed_word_is_kept_from_its_first_syllable(page: RegisterPage) -> None:
    click(page, 0, "address")
    assert page.table.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    composed(page, "x", "xin", "xin'lu")
    assert page.hands.editor is None, "the focus stays while the word is composed"
    label = page.hands.typing.composed
    assert label.isVisible()
    assert label.text() == "xin'lu"
    composed(page, "", commit="新路")
    composed(page, "y", "", commit="一号")
    settle(page)
    assert not label.isVisible()
    editor = page.hands.editor
    assert editor is not None
    assert editor.editor is not None
    target = editor.editor.focus_targets()[0]
    text = target.text() if isinstance(target, QLineEdit) else target.toPlainText()  # type: ignore[attr-defined]
    assert text == "新路一号"
    QTest.keyClick(target, Qt.Key.Key_Return)
    settle(page)
    assert cell(page, 0, "address") == "新路一号"


def test_a_choice_is_typed_over(page: RegisterPage) -> None:
    click(page, 0, "category")
    type_keys("spxs")
    settle(page)
    target = QApplication.focusWidget()
    assert isinstance(target, QLineEdit)
    assert target.text() == "spxs"
    QTest.keyClick(target, Qt.Key.Key_Return)
    settle(page)
    if page.hands.editor is not None:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        settle(page)
    assert cell(page, 0, "category") == "食品销售"


def test_what_cannot_be_changed_says_why_in_the_status_line(page: RegisterPage) -> None:
    told: list[str] = []
    page.selection_changed.connect(told.append)
    click(page, 0, "permit_until")
    type_keys("2")
    composed(page, "er")
    settle(page)
    assert page.hands.editor is None
    assert "不能直接修改" in told[-1]
    assert not page.hands.typing.composed.isVisible()
    press(page, Qt.Key.Key_Delete)
    assert "移除整条记录请按 Ctrl+-" in told[-1]


def test_delete_clears_one_cell_at_once(session: Session, page: RegisterPage) -> None:
    click(page, 0, "phone")
    press(page, Qt.Key.Key_Delete)
    settle(page)
    assert page.hands.writer.dialog is None
    assert phones()[:2] == ["", "13800000002"]
    session.ledger.undo()
    assert phones()[0] == "13800000001"


def test_backspace_clears_a_range_after_a_preview(session: Session, page: RegisterPage) -> None:
    select(page, 0, 2, "phone")
    press(page, Qt.Key.Key_Backspace)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    assert phones()[0] == "13800000001"
    dialog.accept()
    settle(page)
    assert phones()[:4] == ["", "", "", "13800000004"]
    session.ledger.undo()
    assert "" not in phones()


def test_what_is_required_is_not_cleared(page: RegisterPage) -> None:
    click(page, 0, "name")
    press(page, Qt.Key.Key_Delete)
    settle(page)
    dialog = page.hands.writer.dialog
    assert dialog is not None
    dialog.reject()
    assert "" not in [row.name for row in Enterprise.select()]


def test_records_are_removed_by_their_own_keys(page: RegisterPage) -> None:
    asked: list[bool] = []
    page.table.remove_asked.disconnect()
    page.table.remove_asked.connect(lambda: asked.append(True))
    select(page, 0, 1, "phone")
    press(page, Qt.Key.Key_Minus, CONTROL)
    press(page, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert asked == [True, True]
    assert phones()[0] == "13800000001"
