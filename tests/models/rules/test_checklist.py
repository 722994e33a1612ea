"""Numbers of items and the result of a list, at the edges its own rule sets."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checklist import seed_rows
from models.rules.checklist import (
    ResultRule,
    Tally,
    fold_number,
    general_rate,
    judge,
    pack,
    percent,
    sort_key,
    split_mark,
    tally,
    unpack,
)

CLASSIC = ResultRule(
    1,
    Decimal(70),
    {"passed": "符合", "basic": "基本符合", "failed": "不符合"},
    {"passed": "通过", "basic": "书面限期整改", "failed": "停止"},
)
PARTS = st.integers(1, 99)
NUMBERS = st.one_of(
    PARTS.map(str),
    st.tuples(PARTS, PARTS).map(lambda p: f"{p[0]}.{p[1]}"),
    st.tuples(PARTS).map(lambda p: f"T.{p[0]}"),
    st.tuples(PARTS, PARTS).map(lambda p: f"T.{p[0]}.{p[1]}"),
)


@given(st.lists(NUMBERS, unique=True))
def test_packed_numbers_come_back(numbers: list[str]) -> None:
    assert unpack(pack(numbers)) == sorted(numbers, key=sort_key)


@pytest.mark.parametrize(
    ("typed", "number", "is_key"),
    [
        ("*1.1", "1.1", True),
        ("＊２．３", "2.3", True),
        ("t.1", "T.1", False),
        ("*T.3", "T.3", True),
        (" 12 ", "12", False),
    ],
)
def test_a_typed_number(typed: str, number: str, is_key: bool) -> None:
    assert split_mark(typed) == (number, is_key)
    assert fold_number(fold_number(typed)) == fold_number(typed)


@pytest.mark.parametrize("typed", ["", "*", ".1", "1.2.3", "A1", "一", "1-2", "0.1", "1.0"])
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(ValueError, match="写法不对"):
        split_mark(typed)


@pytest.mark.parametrize("text", ["1.4-1.1", "abc", "1.1-99999", "1..2"])
def test_runs_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="序号"):
        unpack(text)


def test_order_and_runs() -> None:
    assert pack(["1.10", "1.9", "1.2", "1.1", "T.1", "2.1", "2.2", "2.3"]) == "1.1、1.2、1.9、1.10、2.1-2.3、T.1"
    assert sorted(["T.1", "1.10", "1.9", "2.1"], key=sort_key) == ["1.9", "1.10", "2.1", "T.1"]


def test_the_classic_rule_at_its_edges() -> None:
    """The edges come from the forms as they are seeded, not from this file."""
    for row, items in seed_rows():
        most, least = row["most_key"], row["least_rate"]
        rule = replace(CLASSIC, most_key=most, least_rate=least)
        keys = sum(item["is_key"] for item in items)
        general = 100
        edge = int(general * (100 - least) / 100)
        assert judge(Tally(keys, 0, general, 0, 0), rule).level == "passed"
        assert judge(Tally(keys, 0, general, 1, 0), rule).level == "basic"
        assert judge(Tally(keys, 0, general, edge, 0), rule).level == "basic"
        assert judge(Tally(keys, 0, general, edge + 1, 0), rule).level == "failed"
        assert judge(Tally(keys, most, general, edge, 0), rule).level == "basic"
        assert judge(Tally(keys, most + 1, general, 0, 0), rule).level == "failed"


def test_the_gap_of_the_classic_rule_is_told() -> None:
    found = judge(Tally(18, 1, 38, 0, 0), CLASSIC)
    assert found.level == "basic"
    assert "没有写到" in found.reasons[-1]
    assert "没有写到" not in "".join(judge(Tally(18, 1, 38, 1, 0), CLASSIC).reasons)


def test_left_out_items_leave_the_denominator() -> None:
    counts = tally(["1.1"], ["1.1", "1.2", "1.3"], ["1.4"], ["1.5", "1.6"])
    assert counts == Tally(1, 0, 3, 1, 2)
    assert "2÷3＝66.6%" in judge(counts, CLASSIC).reasons[1]
    assert judge(counts, CLASSIC).level == "failed"
    assert judge(tally([], ["1", "2", "3"], ["4"], []), CLASSIC).level == "basic"


def test_no_general_item_checked() -> None:
    found = judge(Tally(3, 0, 0, 0, 5), CLASSIC)
    assert general_rate(Tally(3, 0, 0, 0, 5)) is None
    assert (found.level, found.word, found.handling) == ("passed", "符合", "通过")
    assert not any("合格率" in reason for reason in found.reasons)


def test_the_two_words_of_2022_are_data() -> None:
    """未发现问题/发现问题: any failed key item is investigated, general ones are corrected in time."""
    rule = ResultRule(
        0,
        Decimal(0),
        {"passed": "未发现问题", "basic": "发现问题", "failed": "发现问题"},
        {"passed": "无", "basic": "限期整改", "failed": "调查处理"},
    )
    assert judge(Tally(5, 0, 5, 5, 0), rule)[:3] == ("basic", "发现问题", "限期整改")
    assert judge(Tally(5, 1, 5, 0, 0), rule)[:3] == ("failed", "发现问题", "调查处理")


@given(st.integers(0, 500), st.integers(1, 500))
def test_percent_never_rounds_up_to_all(part: int, whole: int) -> None:
    from fractions import Fraction

    part = min(part, whole)
    assert (percent(Fraction(part, whole)) == "100%") == (part == whole)
