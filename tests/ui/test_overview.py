"""总览: every tile, bar and line opens the records it counts."""

from typing import Any

from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View, register
from models.overview import inspections_by_month, overview
from tests.ui.window_hands import click, settle
from ui.main_window import MainWindow

TILES = ("overdue", "unserved", "due_soon", "findings", "coverage", "village_missing", "expiring", "open")


def listed(window: MainWindow) -> int:
    settle(window)
    return len(window._stack.currentWidget().current_list().model.ids)  # type: ignore[attr-defined]


def go_home(window: MainWindow) -> object:
    window.show_page("overview")
    settle(window)
    return window.page("overview").overview  # type: ignore[attr-defined]


def test_every_tile_opens_its_list(demo_window: MainWindow) -> None:
    for key in TILES:
        page = go_home(demo_window)
        tile = page.tile(key)  # type: ignore[attr-defined]
        click(page.tiles[key])  # type: ignore[attr-defined]
        shown = listed(demo_window)
        assert demo_window.current_page != "overview"
        if key == "coverage":
            missing = register("enterprises").count(tile.view, demo_window.session.today)
            assert shown == missing > 0
            assert f"{missing} 户" in tile.second
        else:
            assert shown == int(tile.value.replace(",", "")), key


def test_bars_and_lines_open_their_records(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = go_home(demo_window)
    qtbot.waitUntil(lambda: hasattr(page, "month_chart"))
    page.month_chart.activated.emit("3/2024")  # type: ignore[attr-defined]
    assert listed(demo_window) == page.data.months[2] > 0  # type: ignore[attr-defined]
    page = go_home(demo_window)
    code, _label, count = page.data.grades[0]  # type: ignore[attr-defined]
    page.grade_chart.activated.emit(code)  # type: ignore[attr-defined]
    assert listed(demo_window) == count > 0
    page = go_home(demo_window)
    line = page.coverage_lines.itemAt(2).widget()  # type: ignore[attr-defined]
    click(line.missing)
    bar = page.data.levels[2]  # type: ignore[attr-defined]
    assert listed(demo_window) == bar.enterprises - bar.assigned > 0
    page = go_home(demo_window)
    click(page.due_all)  # type: ignore[attr-defined]
    assert listed(demo_window) == page.data.due_total  # type: ignore[attr-defined]
    page = go_home(demo_window)
    first = page.data.due[0]  # type: ignore[attr-defined]
    click(page.due_lines.lines()[0])  # type: ignore[attr-defined]
    settle(demo_window)
    assert demo_window.page("notices").current_list().current_id() == first.id  # type: ignore[attr-defined]


def test_bars_and_slices_answer_the_mouse(demo_window: MainWindow, qtbot: QtBot) -> None:
    page: Any = go_home(demo_window)
    qtbot.waitUntil(lambda: hasattr(page, "month_chart"))
    settle(demo_window)
    chart = page.month_chart
    viewport = chart._plot.viewport()
    click(viewport, viewport.mapFrom(chart, chart.place_of((2, 0)).toPoint()))
    assert listed(demo_window) == page.data.months[2] > 0
    page = go_home(demo_window)
    chart = page.grade_chart
    click(chart, chart.place_of((1, 0)).toPoint())
    assert listed(demo_window) == page.data.grades[1][2] > 0


def test_numbers_agree_with_lists(demo_reader: Ledger) -> None:
    day = demo_reader.today
    data = overview(day)
    assert sum(level.enterprises for level in data.levels) + data.city <= data.enterprises
    for level in data.levels:
        assert register("enterprises").count(level.view, day) == level.enterprises
        assert register("enterprises").count(level.missing, day) == level.enterprises - level.assigned
    for item in data.compared:
        assert register(item.register).count(item.view, day) == item.now
        assert register(item.register).count(item.view_before, day) == item.before
    assert sum(inspections_by_month(2024)) == register("inspections").count(
        View(figure=("inspections.total", day.replace(month=1, day=1), day.replace(month=12, day=31))), day
    )
