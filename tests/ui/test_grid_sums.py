"""The status bar's 计数, 求和 and 平均 of the selected cells, near and far; zoom with Ctrl and the wheel."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.grid_page import CONTROL, click, open_page, press, section, select, settle
from tests.ui.window_hands import settle as settle_window
from ui.kit.grid_sums import Sums
from ui.kit.session import Session
from ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_numbers_are_added_and_texts_counted() -> None:
    made = Sums()
    for value, numeric in (
        (Decimal("1.50"), True),
        (2, True),
        (2, True),
        ("甲", False),
        ("", False),
        (None, True),
    ):
        made.add(value, numeric)
    assert made.words() == "计数：4　求和：5.5　平均：1.83"
    assert Sums(filled=1200).words() == "计数：1,200"


def test_the_selection_is_added_up(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    diners = section(page, "staff")
    assert page.model.numeric[diners]
    told: list[str] = []
    page.selection_changed.connect(told.append)
    select(page, 0, 2, "staff")
    assert told[-1] == "计数：3　求和：0　平均：0"
    select(page, 0, 2, "name", "category")
    assert told[-1] == "计数：6"
    select(page, 0, 2, "principal")
    assert told[-1] == "计数：0"  # nothing is filled in there
    click(page, 0, "name")
    assert told[-1] == ""


def test_far_rows_are_read_and_hidden_columns_left_out(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot, 1300)
    page.table.show_column(section(page, "status"), False)
    page.table.setFocus()
    select(page, 0, 1299, "name", "area")
    assert page.selection_words == "计数：3,900"


def test_the_status_bar_says_it(demo_window: MainWindow) -> None:
    demo_window.show_page("enterprises")
    settle_window(demo_window)
    page = demo_window.page("enterprises").current_list()  # type: ignore[attr-defined]
    select(page, 0, 4, "name", "category")
    settle_window(demo_window)
    words = [label.text() for label in demo_window.statusBar().findChildren(QLabel)]
    assert "选中 5 行　计数：10" in words


def turn(page: Any, notches: int, keys: Any = CONTROL) -> None:
    """Turn the wheel over the table."""
    view = page.table.viewport()
    at = QPointF(view.rect().center())
    event = QWheelEvent(
        at, QPointF(view.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    settle(page)


def test_the_wheel_zooms_and_it_is_remembered(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot, 60)
    table = page.table
    before, letters = table.rowHeight(0), table.cells_delegate._font.pixelSize()
    turn(page, 5)
    assert table.zooming.percent == 150
    assert table.rowHeight(0) == round(before * 1.5)
    assert table.cells_delegate._font.pixelSize() == round(letters * 1.5)
    turn(page, 20)
    assert table.zooming.percent == 200
    turn(page, -1, Qt.KeyboardModifier.NoModifier)  # without Ctrl it scrolls
    assert table.zooming.percent == 200
    assert table.verticalScrollBar().value() > 0
    again = open_page(session, qtbot, 0)
    assert again.table.zooming.percent == 200
    assert again.table.rowHeight(0) == 2 * before
    press(again, Qt.Key.Key_0, CONTROL)
    assert again.table.zooming.percent == 100
    assert again.table.rowHeight(0) == before


def test_widths_set_by_hand_keep_step_with_the_letters(session: Session, qtbot: Any) -> None:
    page = open_page(session, qtbot)
    name = section(page, "name")
    page.table.setColumnWidth(name, 200)
    turn(page, 5)
    assert page.table.columnWidth(name) == 300
    page.table.save_columns()
    again = open_page(session, qtbot, 0)
    assert again.table.columnWidth(name) == 300
