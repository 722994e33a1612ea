"""高频不合格项 in the real window: filters by period, kind and township, the findings behind a line, the file."""

import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from models.core.figure import figure
from models.core.register import register
from models.inspection import Finding
from tests.ui.window_hands import TODAY, settle, type_text
from ui.frequent_failures import FailuresPage
from ui.kit.rows_export import write_rows
from ui.main_window import MainWindow


def opened(window: MainWindow) -> FailuresPage:
    window.show_page("inspections")
    page = window.page("inspections").show_tab("failures")
    settle(window)
    page.take_focus()
    return page


def failed(page: FailuresPage) -> int:
    return sum(one.failed for one in page.found)


def choose(window: MainWindow, box: Any, text: str) -> None:
    """Choose an entry of a box by keys."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findText(text)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    settle(window)
    assert box.currentText() == text


def test_the_list_follows_its_filters_and_opens_the_findings(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = opened(demo_window)
    assert (page.start.text(), page.end.text()) == ("2024-01-01", "2024-06-30")
    everything = figure("checklists.findings").value(dt.date(2024, 1, 1), TODAY)
    assert 0 < failed(page) <= everything
    counts = [one.failed for one in page.found]
    assert counts == sorted(counts, reverse=True)
    first = page.found[0]
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    settle(demo_window)
    shown = demo_window.page("inspections").current_list()
    assert shown.register is register("findings")
    assert shown.model.rowCount() == first.failed
    behind = register("findings").ids(shown.view(), TODAY)
    assert {f.item_id for f in Finding.live().where(Finding.id.in_([int(i) for i in behind]))} == {first.item_id}

    page = opened(demo_window)
    choose(demo_window, page.kind, "食堂")
    assert {one.checklist for one in page.found} == {"食堂检查要点（示例）"}
    town = page.township.itemText(1)
    choose(demo_window, page.township, town)
    assert 0 < failed(page) < everything
    one = page.found[0]
    page.open_button.click()
    settle(demo_window)
    shown = demo_window.page("inspections").current_list()
    assert shown.model.rowCount() == one.failed


def test_own_days_bad_days_and_the_file(demo_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(demo_window)
    choose(demo_window, page.period, "自定起止")
    assert QApplication.focusWidget() is page.start
    type_text(page.start, "2024.6.1")
    type_text(page.end, "2024.6.30")
    QTest.keyClick(page.end, Qt.Key.Key_Tab)
    settle(demo_window)
    june = failed(page)
    assert 0 < june < figure("checklists.findings").value(dt.date(2024, 1, 1), TODAY)
    type_text(page.start, "2024-13-1")
    QTest.keyClick(page.start, Qt.Key.Key_Tab)
    settle(demo_window)
    assert page.banner.isVisible()
    assert "时段" in page.banner.label.text()
    assert failed(page) == june
    type_text(page.start, "2020-1-1")
    type_text(page.end, "2020-2-1")
    QTest.keyClick(page.end, Qt.Key.Key_Tab)
    settle(demo_window)
    assert page.found == []
    assert "没有登记" in page.banner.label.text()
    choose(demo_window, page.period, page.period.itemText(0))
    out = tmp_path / "高频.xlsx"
    write_rows(page.session, page, "高频不合格项", page.table, out)
    settle(demo_window)
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert any(page.found[0].content in row for row in rows)
