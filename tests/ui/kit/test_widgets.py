"""Theme, icons, tiles, chips, charts."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QWidget

from ui.kit.cards import Badge, EmptyState, FigureTile, KeyValues
from ui.kit.chart_data import number
from ui.kit.charts import BarChart, ChartData, Series, ShareChart
from ui.kit.chips import ChipsRow
from ui.kit.icons import FOLDER, icon
from ui.kit.palette import DARK, LIGHT
from ui.kit.style_sheet import SHAPES, style_sheet
from ui.kit.theme import colours, theme

pytestmark = pytest.mark.usefixtures("look")


def inks(picture: QIcon, mode=QIcon.Mode.Normal, state=QIcon.State.Off) -> set[str]:
    image = picture.pixmap(QSize(48, 48), mode, state).toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }


def test_an_icon_takes_the_colour_of_its_role_and_of_the_theme():
    picture = icon("add", "text")
    assert inks(picture) == {LIGHT.text}
    assert inks(picture, QIcon.Mode.Disabled) == {LIGHT.faint}
    assert inks(picture, state=QIcon.State.On) == {LIGHT.accent}
    theme().set_mode("dark")
    assert inks(picture) == {DARK.text}
    assert icon("add", "text") is picture


def test_an_unknown_icon_or_role_is_refused_at_once():
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
    with pytest.raises(KeyError):
        icon("add", "pink")


def test_every_icon_file_can_be_drawn_and_has_its_licence():
    names = sorted(path.stem for path in FOLDER.glob("*.svg"))
    assert len(names) > 60
    for name in names:
        assert LIGHT.text in inks(icon(name)), name
    assert "ISC License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in readme for name in names)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_style_sheet_is_filled_and_its_pictures_exist(palette):
    sheet = style_sheet(palette)
    assert "$" not in sheet
    used = {line.split('url("')[1].split('"')[0] for line in sheet.splitlines() if 'url("' in line}
    assert used
    assert all(Path(name).is_file() and Path(name).parent == SHAPES for name in used)


def contrast(one: str, other: str) -> float:
    def light(text: str) -> float:
        parts = [part / 255 for part in QColor(text).getRgb()[:3]]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "surface"), ("muted", "surface"), ("muted", "window"), ("on_accent", "accent"),
        ("accent", "accent_soft"), ("danger", "danger_soft"), ("warning", "warning_soft"),
        ("success", "success_soft"), ("info", "info_soft"), ("danger", "surface"),
    ],
)  # fmt: skip
def test_words_can_be_read(palette, ink, ground):
    assert contrast(palette.role(ink), palette.role(ground)) >= 4.5


def test_a_tile_opens_by_click_and_enter_once_it_has_a_value(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    tile = FigureTile("notices.overdue", "逾期未改正", "限期已过且没有复查合格", page)
    page.show()
    opened = []
    tile.opened.connect(opened.append)
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert opened == []
    tile.set_value("12", "份", "最早 2024-05-18", "danger")
    tile.resize(tile.sizeHint())
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton, pos=tile._value.geometry().center())
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    qtbot.keyClick(tile, Qt.Key.Key_Space)
    assert opened == ["notices.overdue"] * 3
    assert tile.toolTip() == "口径：限期已过且没有复查合格"
    assert tile.accessibleName() == "逾期未改正 12份 最早 2024-05-18"
    image = tile.grab().toImage()
    reds = sum(
        image.pixelColor(x, y).name() == LIGHT.danger
        for x in range(image.width())
        for y in range(image.height())
    )
    assert reds > 10


def test_badge_values_and_empty_state(qtbot):
    badge = Badge("草稿")
    qtbot.addWidget(badge)
    badge.set("已逾期 3 天", "danger")
    badge.show()
    assert badge.grab().toImage().pixelColor(badge.width() // 2, 2).name() == LIGHT.danger_soft
    block = KeyValues([("负责人", "李某"), ("电话", "")])
    qtbot.addWidget(block)
    block.set_pairs([("负责人", "王某"), ("电话", "")])
    assert [block._grid.itemAtPosition(row, 1).widget().text() for row in (0, 1)] == ["王某", "—"]
    clicked = []
    empty = EmptyState("empty", "还没有检查", "可以新增第一条。", "新增", lambda: clicked.append(True))
    qtbot.addWidget(empty)
    empty.show()
    qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    assert clicked == [True]
    assert empty.sentence.isVisible()


def test_chips_are_removed_by_cross_and_key_and_cleared(qtbot):
    row = ChipsRow()
    qtbot.addWidget(row)
    assert row.isHidden()
    row.set_chips([("category", "类别：餐饮"), ("status", "状态：在业"), ("area", "乡镇：丽阳镇")])
    row.resize(600, 40)
    row.show()
    removed, activated, cleared = [], [], []
    row.removed.connect(removed.append)
    row.activated.connect(activated.append)
    row.cleared.connect(lambda: cleared.append(True))
    qtbot.mouseClick(row.chip("status").cross, Qt.MouseButton.LeftButton)
    qtbot.keyClick(row.chip("area"), Qt.Key.Key_Delete)
    qtbot.keyClick(row.chip("category"), Qt.Key.Key_Return)
    qtbot.mouseClick(row.clear_button, Qt.MouseButton.LeftButton)
    assert (removed, activated, cleared) == (["status", "area"], ["category"], [True])
    wide = row._flow.heightForWidth(600)
    assert row._flow.heightForWidth(180) > wide
    row.set_chips([])
    assert row.isHidden()
    assert row.keys() == []


MONTHS = ChartData(
    "每月检查", "家次", ("1 月", "2 月", "3 月"),
    (Series("日常", (12, 0, 30)), Series("专项", (3, 4, None))), ("2024-01", "2024-02", "2024-03"),
)  # fmt: skip


@pytest.mark.qt_log_ignore("does not support raise", extend=True)  # a tool tip, offscreen
@pytest.mark.parametrize("stacked", [True, False])
def test_bars_open_by_mouse_and_by_keys(qtbot, stacked):
    chart = BarChart(stacked)
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.show()
    chart.set_data(MONTHS)
    qtbot.wait(20)
    assert chart.marks() == [(0, 0), (0, 1), (1, 1), (2, 0)]
    opened = []
    chart.activated.connect(opened.append)
    place = chart.place_of((2, 0)).toPoint()
    viewport = chart._plot.viewport()
    qtbot.mouseMove(viewport, viewport.mapFrom(chart, place))
    qtbot.waitUntil(lambda: chart.current == (2, 0))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.mapFrom(chart, place))
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chart.current == (1, 1)
    assert opened == ["2024-03", "2024-02"]
    image = chart.grab().toImage()
    assert image.pixelColor(place).name() == LIGHT.series[0]
    theme().set_mode("dark")
    assert chart.grab().toImage().pixelColor(place).name() == DARK.series[0]


def test_an_empty_chart_says_so_without_loading_pyqtgraph():
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from ui.kit.charts import BarChart, ChartData\n"
        "chart = BarChart()\n"
        "chart.set_data(ChartData('x', '家次', (), ()))\n"
        "chart.show(); app.processEvents()\n"
        "assert chart._nothing.isVisible() and chart._nothing.text() == '这段时间没有记录'\n"
        "assert 'pyqtgraph' not in sys.modules and 'numpy' not in sys.modules\n"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, timeout=60)


@pytest.mark.qt_log_ignore("does not support raise", extend=True)  # a tool tip, offscreen
def test_shares_open_by_slice_legend_and_key(qtbot):
    chart = ShareChart()
    qtbot.addWidget(chart)
    chart.resize(440, 220)
    chart.set_data(
        ChartData("风险等级", "户", ("A", "B", "C"), (Series("户", (30, 0, 10)),), ("a", "b", "c"))
    )
    chart.show()
    opened = []
    chart.activated.connect(opened.append)
    assert chart.marks() == [(0, 0), (2, 0)]
    for mark in chart.marks():
        assert chart.slice_at(chart.place_of(mark)) == mark
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.place_of(mark).toPoint())
    assert chart.slice_at(chart._ring().center()) is None
    legend = chart._legend_rects()[1][1].center()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=legend.toPoint())
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened == ["a", "c", "c", "a"]
    assert chart.slice_at(QPointF(1, 1)) is None


def test_chart_data_must_fit_and_writes_its_words():
    with pytest.raises(ValueError, match="1 values for 2"):
        ChartData("x", "份", ("a", "b"), (Series("s", (1,)),))
    assert MONTHS.words(2, 0) == "3 月 日常：30 家次"
    assert MONTHS.key(0, 1) == "2024-01"
    assert [number(each) for each in (None, 1204, 0.5)] == ["—", "1,204", "0.5"]
    assert colours() is LIGHT
