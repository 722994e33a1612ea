"""The register page finds: search, sort, header filters, presets, by keys and mouse over a real ledger."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from models.core.register import Condition
from models.registers import all_registers
from tests.ui.list_hands import click_header, compose, names, popup, section, settle
from ui.kit.header_filter import RangePopup, TextPopup, ValuesPopup

# The screen that is none cannot raise a popup or grab the keyboard for it.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_typing_searches_names_initials_and_phones(page: Any, qtbot: Any) -> None:
    shown = page()
    with qtbot.waitSignal(shown.rows_changed):
        qtbot.keyClick(shown, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(shown.bar.search, "jd")
        settle(shown)
    assert len(shown.model.ids) == 10
    assert all(n.startswith("甲") for n in names(shown))
    assert shown.view_bar.count.text() == "显示 10 / 30 户"
    qtbot.keyClick(shown.bar.search, Qt.Key.Key_Escape)
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.view_bar.count.text() == "共 30 户"
    qtbot.keyClicks(shown.bar.search, "13800000007")
    settle(shown)
    assert names(shown) == ["乙店0007（示例）"]
    qtbot.keyClick(shown.bar.search, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    compose(shown.bar.search, "没有")
    settle(shown)
    assert shown.stack.currentIndex() == 1
    shown.stack.currentWidget().button.click()
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.bar.search.text() == ""
    assert shown.stack.currentIndex() == 0


def test_headers_sort_by_one_and_two_keys(page: Any, qtbot: Any) -> None:
    shown = page(9)
    click_header(qtbot, shown, "status")
    assert shown.view().order == (("status", False),)
    click_header(qtbot, shown, "category")
    assert shown.view().order == (("category", False),)
    click_header(qtbot, shown, "name", Qt.KeyboardModifier.ShiftModifier)
    click_header(qtbot, shown, "name", Qt.KeyboardModifier.ShiftModifier)
    assert shown.view().order == (("category", False), ("name", True))
    kinds = [shown.model.cells(r).values[1] for r in range(9)]
    assert kinds == sorted(kinds)
    assert names(shown)[:3] == ["甲店0009（示例）", "甲店0006（示例）", "甲店0003（示例）"]
    assert shown.table.header.sort_marks() == {
        section(shown, "category"): False,
        section(shown, "name"): True,
    }
    click_header(qtbot, shown, "category")
    click_header(qtbot, shown, "category")
    assert shown.view().order == ()


def test_a_choice_is_filtered_by_its_values_and_taken_off_by_its_chip(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "category")
    assert isinstance(found, ValuesPopup)
    assert [found.list.item(i).text() for i in range(3)] == ["食品生产　10", "食品销售　10", "餐饮服务　10"]
    compose(found.search, "销售")
    qtbot.keyClick(found.search, Qt.Key.Key_Return)
    settle(shown)
    assert shown.view().conditions == (Condition("category", "in", ("sale",)),)
    assert len(shown.model.ids) == 10
    (key,) = shown.view_bar.chips.keys()
    assert shown.view_bar.chips.chip(key).accessibleName() == "主体类别：食品销售"
    qtbot.mouseClick(shown.view_bar.chips.chip(key).cross, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 30
    assert shown.view_bar.chips.keys() == []


def test_a_reference_is_filtered_by_record_and_named_in_its_chip(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "area")
    item = found.list.item(0)
    area = item.text().split("　")[0]
    rect = found.list.visualItemRect(item)
    found.list.setCurrentItem(item)
    qtbot.mouseClick(
        found.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 10, rect.center().y())
    )
    assert item.checkState() == Qt.CheckState.Checked
    qtbot.mouseClick(found.apply_button, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 15
    (key,) = shown.view_bar.chips.keys()
    assert shown.view_bar.chips.chip(key).accessibleName() == f"乡镇（街道）：{area}"


def test_texts_and_days_are_filtered_as_typed(page: Any, qtbot: Any) -> None:
    shown = page()
    found = popup(qtbot, shown, "address")
    assert isinstance(found, TextPopup)
    compose(found.edit, "示例路2")
    qtbot.keyClick(found.edit, Qt.Key.Key_Return)
    settle(shown)
    assert len(shown.model.ids) == 11  # 2, 20 … 29
    shown.clear_filters()
    settle(shown)
    found = shown.open_filter(section(shown, "permit_until"))
    assert isinstance(found, RangePopup)
    compose(found.low, "哪天")
    qtbot.keyClick(found.low, Qt.Key.Key_Return)
    assert not found.problem.isHidden()
    assert found.low.text() == "哪天"
    found.low.clear()
    qtbot.keyClicks(found.low, "2024.6.1")
    qtbot.keyClicks(found.high, "6/30")
    qtbot.keyClick(found.high, Qt.Key.Key_Return)
    settle(shown)
    assert shown.view().conditions == (
        Condition("permit_until", "between", (dt.date(2024, 6, 1), dt.date(2024, 6, 30))),
    )
    assert names(shown) == ["乙店0001（示例）"]
    tones = shown.model.cells(0).tones
    assert tones[section(shown, "permit_until")] == "danger"
    assert tones[section(shown, "status")] == "success"


def test_presets_count_and_filter(page: Any, qtbot: Any) -> None:
    shown = page()
    assert shown.view_bar.presets["open"].text() == "在营 27"
    qtbot.mouseClick(shown.view_bar.presets["open"], Qt.MouseButton.LeftButton)
    settle(shown)
    assert shown.view().presets == ("open",)
    assert len(shown.model.ids) == 27
    assert shown.view_bar.presets["open"].isChecked()
    assert not shown.view_bar.presets[""].isChecked()
    qtbot.mouseClick(shown.view_bar.presets[""], Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 30


@pytest.mark.parametrize("name", [r.name for r in all_registers()])
def test_every_list_filters_each_kind_of_column_both_ways(page: Any, qtbot: Any, name: str) -> None:
    shown = page(3, name)
    kinds: set[tuple[type, bool]] = set()
    for column in shown.register.columns:
        kind = (type(shown.register.field_of(column)), column.expr is not None)
        if kind in kinds:
            continue
        kinds.add(kind)
        found = shown.open_filter(section(shown, column.path))
        settle(shown)
        other = getattr(found, "other_button", None)
        if other is not None and not isinstance(found, ValuesPopup):
            qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
            settle(shown)
            found = next(f for f in shown.findChildren(ValuesPopup) if f.isVisible())
        assert isinstance(found, ValuesPopup)
        assert found.waiting.text().endswith("项")
        if not found.list.count():
            found.close()
            continue
        label = found.list.item(0).text()
        found.list.setCurrentRow(0)
        qtbot.keyClick(found.list, Qt.Key.Key_Space)
        qtbot.keyClick(found.list, Qt.Key.Key_Return)
        settle(shown)
        count = int(label.split("　")[-1].replace(",", ""))
        assert len(shown.model.ids) in (count, shown.total), column.path
        if shown.view().conditions:
            assert [c.op for c in shown.view().conditions] == ["in"]
            assert len(shown.model.ids) == count
            assert shown.view_bar.chips.keys()
        shown.clear_filters()
        settle(shown)


def test_a_text_is_filtered_by_its_values_and_a_reference_by_its_words(page: Any, qtbot: Any) -> None:
    shown = page()
    found = shown.open_filter(section(shown, "address"))
    settle(shown)
    qtbot.mouseClick(found.other_button, Qt.MouseButton.LeftButton)
    settle(shown)
    (values,) = [f for f in shown.findChildren(ValuesPopup) if f.isVisible()]
    compose(values.search, "示例路2")
    qtbot.mouseClick(values.all, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(values.apply_button, Qt.MouseButton.LeftButton)
    settle(shown)
    assert len(shown.model.ids) == 11
    again = shown.open_filter(section(shown, "address"))
    assert isinstance(again, ValuesPopup)
    again.close()
    shown.clear_filters()
    settle(shown)
    found = shown.open_filter(section(shown, "area"))
    assert isinstance(found, ValuesPopup)
    settle(shown)
    qtbot.mouseClick(found.other_button, Qt.MouseButton.LeftButton)
    settle(shown)
    (words,) = [f for f in shown.findChildren(TextPopup) if f.isVisible()]
    compose(words.edit, "新枫")
    qtbot.keyClick(words.edit, Qt.Key.Key_Return)
    settle(shown)
    (condition,) = shown.view().conditions
    assert (condition.path, condition.op, condition.value) == ("area", "contains", "新枫")
    assert 0 < len(shown.model.ids) < 30
