"""Every kind of field reads back what it shows, and refuses the rest in Chinese."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.errors import FieldError
from models.core.fields import (
    Bool,
    Choice,
    Code,
    Date,
    Integer,
    LongText,
    Number,
    Text,
    Time,
    clean_text,
    tidy,
)

TODAY = dt.date(2024, 6, 30)
KINDS: list[Any] = [
    Text("文字", max_length=30),
    LongText("长文"),
    Code("代码", max_length=30),
    Choice("选项", (("a", "甲"), ("b", "乙"))),
    Integer("整数", most=1000),
    Number("小数", places=1),
    Date("日期"),
    Time("时间"),
    Bool("是否"),
]
VALUES = {
    "text": st.text(alphabet="示例（）ab1－·%_\\'\" ", max_size=30).map(tidy),
    "long": st.text(alphabet="示例\n，。a ", max_size=60).map(lambda t: clean_text(t, lines=True)),
    "code": st.text(alphabet="0123ABC-", max_size=30),
    "choice": st.sampled_from(["a", "b", None]),
    "integer": st.none() | st.integers(0, 1000),
    "number": st.none() | st.decimals(0, 10**9, places=1),
    "date": st.none() | st.dates(dt.date(1949, 10, 1), dt.date(2099, 12, 31)),
    "time": st.none() | st.builds(dt.time, st.integers(0, 23), st.integers(0, 59)),
    "bool": st.booleans(),
}


@pytest.mark.parametrize("field", KINDS, ids=lambda f: f.kind)
@given(data=st.data())
def test_what_is_shown_reads_back(field: Any, data: Any) -> None:
    value = data.draw(VALUES[field.kind])
    assert field.parse(field.format(value), TODAY) == value


@pytest.mark.parametrize("field", KINDS, ids=lambda f: f.kind)
@given(text=st.text(max_size=40) | st.from_regex(r"[+-]?[0-9０-９.,，eE_]{1,30}", fullmatch=True))
def test_any_text_is_read_or_refused_in_chinese(field: Any, text: str) -> None:
    try:
        value = field.parse(text, TODAY)
    except FieldError as exc:
        message = exc.message
    else:
        message = "读作"
        assert value is None or not field.refuse(value)
        assert field.clean(value) == value
        str(value).encode()
    assert re.search(r"[\u4e00-\u9fff]", message)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert not set(once) & set("\n\r\t\x00\u200b\ufeff")


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        (Text("x"), "\ufeffＡＢ１２３（示例）\u200b\r\n 第二行 ", "AB123（示例） 第二行"),
        (Integer("x", least=None), "－１，２００", -1200),
        (Integer("x"), "12.0", 12),
        (Number("x", places=2), "１２．３４５", Decimal("12.35")),
        (Number("x", places=1), " .5 ", Decimal("0.5")),
        (Bool("x"), "√", True),
        (Bool("x"), "", False),
        (Choice("x", (("a", "甲"),)), "甲", "a"),
        (Date("x"), "2024.6.5", dt.date(2024, 6, 5)),
        (Time("x"), "9:30", dt.time(9, 30)),
    ],
)
def test_reading(field: Any, text: str, expected: Any) -> None:
    assert field.parse(text, TODAY) == expected


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (Text("x", max_length=3), "四个字啊", "最多3个字"),
        (Integer("x"), "-1", "不能小于0"),
        (Integer("x", most=9), "10", "不能大于9"),
        (Integer("x"), "1.5", "请填整数"),
        (Integer("x"), "NaN", "不是数字"),
        (Integer("x"), "1e9", "不是数字"),
        (Integer("x"), "9" * 19, "太大"),
        (Number("x"), "Infinity", "不是数字"),
        (Number("x"), "1_0", "不是数字"),
        (Number("x"), "9" * 13, "太大"),
        (Choice("x", (("a", "甲"),)), "丙", "甲"),
        (Bool("x"), "也许", "是"),
        (Date("x"), "2024-02-30", "2"),
        (Time("x"), "25:00", "25"),
    ],
)
def test_refusing(field: Any, text: str, words: str) -> None:
    with pytest.raises(FieldError, match=words):
        field.parse(text, TODAY)


def test_empty_is_the_default_where_a_column_is_never_empty(office: Any) -> None:
    from models.inspection import Finding

    place = office.enterprise(note=None, chain=None, floor_area=None)
    assert (place.note, place.chain, place.floor_area) == ("", False, None)
    values = {
        "enterprise": place.id,
        "found_on": dt.date(2024, 6, 1),
        "wording": " 示例 \x00",
        "measure": None,
    }
    finding = office.save(Finding, values)
    assert (finding.wording, finding.measure, finding.severity) == ("示例", "", "minor")
