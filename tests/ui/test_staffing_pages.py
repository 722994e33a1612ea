"""校园 and 配备缺口 in the window: as of any day, each number and cell opening its records; the shares on 总览."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.core.figure import figure
from models.core.register import View, register
from models.staffing import KINDS
from reports.list_report import list_data
from tests.ui.window_hands import click, settle
from ui.kit.dialogs import DateDialog
from ui.main_window import MainWindow

END = dt.date(2023, 12, 31)


def choose(day: dt.date) -> None:
    """Choose a day in the dialog that is about to open."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DateDialog)
        dialog.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        dialog.accept()

    QTimer.singleShot(100, press)


def front(window: MainWindow) -> Any:
    settle(window)
    return window._stack.currentWidget().current_list()  # type: ignore[attr-defined]


def tab(window: MainWindow, key: str) -> Any:
    window.show_page("enterprises")
    page: Any = window.page("enterprises").show_tab(key)  # type: ignore[attr-defined]
    settle(window)
    return page


def test_gaps_open_what_they_count_as_of_the_day(demo_window: MainWindow) -> None:
    for day in (demo_window.session.today, END):
        page = tab(demo_window, "staffing")
        if page.day != day:
            choose(day)
            click(page.date)
            settle(demo_window)
        assert page.date.text() == f"截至 {day}"
        for column, (name, _) in enumerate(KINDS, 1):
            assert page.lines[0].counts[name] == figure(name).value(day, day)
            if name not in ("staffing.director_missing", "canteens.not_dual"):
                continue
            row = next(r for r in range(1, len(page.lines)) if page.lines[r].counts[name])
            at = page.table.visualRect(page.table.model().index(row, column)).center()
            QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            assert len(front(demo_window).model.ids) == page.lines[row].counts[name] > 0
            assert front(demo_window).register.name == "enterprises"
            tab(demo_window, "staffing")


def test_the_campus_as_of_a_day_and_back(demo_window: MainWindow) -> None:
    page = tab(demo_window, "campus")
    count = register("campus").count(View(), demo_window.session.today)
    assert len(page.model.ids) == count
    choose(END)
    page.commands.extra[-1].trigger()
    settle(demo_window)
    assert page.view().day == END
    assert len(page.model.ids) == register("campus").count(View(), END) != count
    assert page.total == len(page.model.ids)
    assert page.view_bar.chips.chip("day") is not None
    page._drop_chip("day")
    settle(demo_window)
    assert len(page.model.ids) == count


@pytest.mark.parametrize(("path", "shown"), [("staffing", "safety_staff"), ("inspected_on", "inspections")])
def test_a_cell_leads_to_its_records_by_mouse_and_by_key(demo_window: MainWindow, path: str, shown: str) -> None:
    for by_key in (False, True):
        page = tab(demo_window, "campus")
        column = [c.path for c in page.register.columns].index(path)
        index = page.model.index(0, column)
        place = page.model.ids[0]
        at = page.table.visualRect(index).center()
        QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        if by_key:
            QTest.keyClick(page.table, Qt.Key.Key_Return)
        else:
            QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        found = front(demo_window)
        assert found.register.name == shown
        assert [c.value for c in found.view().conditions] == [(place,)]
        assert len(found.model.ids) == register(shown).count(found.view(), demo_window.session.today) > 0


def test_the_campus_sorts_filters_and_prints(demo_window: MainWindow) -> None:
    page = tab(demo_window, "campus")
    page.set_view(View(presets=("short",), order=(("open_findings", True),)))
    settle(demo_window)
    assert 0 < len(page.model.ids) == register("campus").count(page.view(), demo_window.session.today)
    data = list_data(register("campus"), page.view(), demo_window.session.today)
    rows = list(data.rows)
    assert data.title == "校园食品安全台账"
    assert len(rows) == len(page.model.ids)
    states = [row[[c.label for c in data.columns].index("人员配备")] for row in rows]
    assert set(states) <= {"缺总监", "缺安全员", "两员均缺", "双配未齐"}


def test_the_shares_on_the_overview_open_their_lists(demo_window: MainWindow, qtbot: QtBot) -> None:
    demo_window.show_page("overview")
    settle(demo_window)
    home: Any = demo_window.page("overview").overview  # type: ignore[attr-defined]
    shares = home.data.shares
    assert [s.label for s in shares] == [
        "承诺书签订率", "本期督导完成率", "总监配备率", "承包食堂双配率", "日周月落实率", "检查结果公开率",
    ]  # fmt: skip
    for number, share in enumerate(shares):
        demo_window.show_page("overview")
        settle(demo_window)
        click(home.coverage_lines.itemAt(3 + number).widget())
        found = front(demo_window)
        assert found.register.name == share.register
        assert len(found.model.ids) == register(share.register).count(share.view, demo_window.session.today) > 0
