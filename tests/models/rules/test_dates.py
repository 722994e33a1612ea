"""Dates, times and periods."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.dates import Period, format_date_iso, format_date_paper, parse_date, parse_time

TODAY = date(2024, 6, 30)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2024.6.5", "2024-6-5", "2024/6/5", "2024年6月5日", "2024年6月5号", "20240605", "6/5", "6月5日", "6.5",
        "２０２４．６．５", " 2024 年 6 月 5 日 ", "2024。6。5", "2024-06-05 00:00:00", "2024-06-05T08:30", "2024–6–5",
        "-25",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert parse_date(text, TODAY) == date(2024, 6, 5)


@pytest.mark.parametrize(
    ("text", "days"), [("今天", 0), ("明天", 1), ("昨天", -1), ("后天", 2), ("+15", 15), ("＋１５", 15), ("−3", -3)]
)
def test_days_near_today(text: str, days: int) -> None:
    assert parse_date(text, TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2024年2月30日", "2024年2月30日不存在：2024年2月只有29天"),
        ("2023-2-29", "2023年2月29日不存在：2023年2月只有28天"),
        ("2024.13.1", "没有13月"),
        ("0024.1.1", "年份24不在1900至2100之间"),
        ("24.6.5", "年份只有两位"),
        ("2024年6月", "缺少日"),
        ("", "日期为空"),
        ("下周三", "“下周三”不是日期"),
        ("20241305", "没有13月"),
    ],
)
def test_wrong_dates_say_why(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_date(text, TODAY)
    assert message in str(caught.value)


@given(DAYS)
def test_what_is_printed_is_read_back(day: date) -> None:
    for text in (format_date_iso(day), format_date_paper(day), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}"):
        assert parse_date(text, TODAY) == day


@given(st.text(alphabet="0123456789.-/年月日 +今天零", max_size=14) | st.text(max_size=12))
def test_any_text_is_a_date_or_a_chinese_message(text: str) -> None:
    message = ""
    try:
        found = parse_date(text, TODAY)
    except ValueError as error:
        message = str(error)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in message) or isinstance(found, date)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("9:30", 9, 30), ("930", 9, 30), ("0930", 9, 30), ("9点半", 9, 30), ("9：30", 9, 30),
        ("下午2:15", 14, 15),
        ("9时30分", 9, 30), ("上午9点", 9, 0), ("９点一刻", 9, 15), ("下午14:15", 14, 15), ("下午12:30", 12, 30),
        ("凌晨12:10", 0, 10), ("中午12点", 12, 0), ("中午1点", 13, 0), ("晚上8点", 20, 0),
        ("14.30", 14, 30), ("9", 9, 0),
    ],
)  # fmt: skip
def test_times(text: str, hour: int, minute: int) -> None:
    assert parse_time(text) == time(hour, minute)


@pytest.mark.parametrize("text", ["", "25:00", "9:75", "24:00", "上午13:00", "晚上12点", "9:", "半天", "99999"])
def test_wrong_times_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_time(text)


@given(st.text(alphabet="0123456789:点半时分下午上晚 ", max_size=9))
def test_any_text_is_a_time_or_a_message(text: str) -> None:
    message = ""
    try:
        found = parse_time(text)
    except ValueError as error:
        message = str(error)
    assert message.startswith("“") or isinstance(found, time)


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period.half_year(2024, 1), "2024年上半年"), (Period.half_year(2024, 2), "2024年下半年"),
        (Period.year(2024), "2024年"), (Period.quarter(2024, 1), "2024年第一季度"),
        (Period.month(2024, 2), "2024年2月"),
        (Period(date(2024, 1, 5), date(2024, 3, 2)), "2024年1月5日至3月2日"),
        (Period(date(2023, 12, 5), date(2024, 3, 2)), "2023年12月5日至2024年3月2日"),
        (Period(date(2024, 6, 5), date(2024, 6, 5)), "2024年6月5日"),
    ],
)  # fmt: skip
def test_labels(period: Period, label: str) -> None:
    assert period.label() == label


def test_half_year_is_january_to_june() -> None:
    assert Period.half_year(2024, 1) == Period(date(2024, 1, 1), date(2024, 6, 30))
    assert Period.half_year(2024, 1).days == 182
    for wrong in (lambda: Period.half_year(2024, 3), lambda: Period.quarter(2024, 0)):
        with pytest.raises(ValueError):
            wrong()


def test_leap_day_in_the_same_period_last_year() -> None:
    assert Period.month(2024, 2).same_period_last_year() == Period.month(2023, 2)
    assert Period.month(2025, 2).same_period_last_year() == Period.month(2024, 2)
    assert Period(date(2024, 2, 29), date(2024, 3, 5)).same_period_last_year().start == date(2023, 2, 28)
    assert Period(date(2025, 2, 10), date(2025, 2, 28)).same_period_last_year().end == date(2024, 2, 28)
    assert Period.half_year(2024, 1).same_period_last_year() == Period.half_year(2023, 1)


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="早于开始日期"):
        Period(date(2024, 2, 1), date(2024, 1, 1))


@given(DAYS, st.integers(0, 900))
def test_months_cover_the_period_once(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    months = period.months()
    assert sum(month.days for month in months) == period.days
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert all(month.start.month == month.end.month for month in months)
    assert period.contains(start)
    assert not period.contains(period.end + timedelta(days=1))
    assert period.label()
