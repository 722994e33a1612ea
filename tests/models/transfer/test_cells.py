"""What cells mean: dates, codes, numbers and choices as people and spreadsheet programs write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.errors import FieldError
from models.core.fields import Bool, Choice, Code, Date, Integer, LongText, Number, Text, Time
from models.transfer.cells import EPOCH, LostDigits, cell_text, cell_value

TODAY = dt.date(2024, 6, 30)
FIELDS = [
    Text("文字"),
    LongText("长文"),
    Code("编码"),
    Choice("选项", (("open", "在营"), ("closed", "注销"))),
    Integer("整数", unit="人"),
    Number("小数", unit="㎡"),
    Date("日期"),
    Time("时间"),
    Bool("是否"),
]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)),
)


@given(st.integers(0, len(FIELDS) - 1), CELLS)
def test_any_cell_is_a_value_or_a_chinese_refusal(which: int, cell: Any) -> None:
    field = FIELDS[which]
    refusal, value = "", None
    try:
        value = cell_value(field, cell, TODAY)
    except FieldError as exc:
        refusal = exc.message
    if refusal:
        assert any("\u4e00" <= c <= "\u9fff" for c in refusal)
    else:
        again = cell_value(field, field.format(value), TODAY)
        assert again == value, "what is shown is read again"


@given(st.dates(dt.date(1955, 1, 1), dt.date(2100, 12, 31)))
def test_every_way_of_writing_a_day(day: dt.date) -> None:
    field = Date("日期")
    serial = (day - EPOCH).days
    ways: list[Any] = [
        day,
        dt.datetime.combine(day, dt.time(8, 30)),
        serial,
        float(serial) + 0.25,
        str(serial),
        int(f"{day:%Y%m%d}"),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f" {day.year}－{day.month:02d}-{day.day} ",
    ]
    for way in ways:
        assert cell_value(field, way, TODAY) == day, way


@pytest.mark.parametrize("cell", [12, 3.5, 5, "12"])
def test_a_plain_number_is_no_date(cell: Any) -> None:
    with pytest.raises(FieldError):
        cell_value(Date("日期"), cell, TODAY)


@pytest.mark.parametrize(
    "cell", [9.13602021234568e17, 913602021234567890, "9.13602E+17", "9.13602e17", 1.3602e15]
)
def test_a_cut_code_is_reported_never_guessed(cell: Any) -> None:
    with pytest.raises(LostDigits, match="后几位已丢失"):
        cell_value(Code("统一社会信用代码"), cell, TODAY)


@given(st.integers(0, 10**15 - 1))
def test_a_number_that_a_sheet_keeps_is_a_code(number: int) -> None:
    assert cell_value(Code("编码"), number, TODAY) == str(number)
    assert cell_text(float(number)) == str(number)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (Integer("人数", unit="人"), "１２ 人", 12),
        (Integer("人数", unit="人"), "1,200", 1200),
        (Number("面积", unit="㎡", places=1), "45.5㎡", Decimal("45.5")),
        (Number("面积", unit="㎡", places=1), 45.5, Decimal("45.5")),
        (Bool("连锁"), "√", True),
        (Bool("连锁"), "否", False),
        (Bool("连锁"), True, True),
        (Text("名称"), "　示例　店１号 ", "示例 店1号"),
        (Text("名称"), 12, "12"),
        (Time("时间"), dt.time(9, 5), dt.time(9, 5)),
        (Time("时间"), 0.5, dt.time(12, 0)),
        (Choice("层级", (("A", "A级（市级）"), ("B", "B级（区级）"))), "B级", "B"),
        (Choice("类别", (("c", "餐饮服务"), ("s", "食品销售"))), "餐饮", "c"),
    ],
)
def test_as_people_write(field: Any, cell: Any, value: Any) -> None:
    assert cell_value(field, cell, TODAY) == value


def test_an_unclear_choice_names_the_choices() -> None:
    field = Choice("类别", (("a", "学校食堂"), ("b", "学校超市")))
    with pytest.raises(FieldError, match="学校食堂、学校超市"):
        cell_value(field, "学校", TODAY)


def test_a_learned_value() -> None:
    field = Choice("状态", (("open", "在营"),))
    assert cell_value(field, "正常", TODAY, {"正常": "在营"}) == "open"
