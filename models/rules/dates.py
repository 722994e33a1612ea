"""Dates, times and reporting periods as an office clerk writes them; knows no calendar of holidays."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta

FIRST_YEAR, LAST_YEAR = 1900, 2100
_HINT = "请写作2024.6.5、2024-6-5、6/5、今天或+15"
_TIME_HINT = "请写作9:30、930、9点半或下午2:15"
_NEAR_DAYS = {
    "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2,
}  # fmt: skip
_LATE_WORDS = ("下午", "晚上", "傍晚", "PM")
_EARLY_WORDS = ("凌晨", "早上", "上午", "AM")
_QUARTERS = "一二三四"


def _plain(text: str) -> str:
    """Half-width text without blanks, with one kind of hyphen, colon and full stop."""
    folded = unicodedata.normalize("NFKC", text)
    folded = re.sub(r"[\s\u200b-\u200f\ufeff]+", "", folded)
    return re.sub("[‐‑‒–—―−]", "-", folded).replace("。", ".").replace("∶", ":")


def _build(year: int, month: int, day: int) -> date:
    """The date, or ValueError (Chinese) saying why there is no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"年份{year}不在{FIRST_YEAR}至{LAST_YEAR}之间：请核对年份")
    if not 1 <= month <= 12:
        raise ValueError(f"没有{month}月：月份应为1至12")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"{year}年{month}月{day}日不存在：{year}年{month}月只有{last}天")
    return date(year, month, day)


def _offset(text: str, today: date) -> date:
    try:
        return today + timedelta(days=int(text))
    except OverflowError:
        raise ValueError(f"“{text}”超出可用的日期范围：{_HINT}") from None


def parse_date(text: str, today: date) -> date:
    """The day a clerk means: 2024.6.5, 2024-6-5, 2024/6/5, 2024年6月5日, 20240605, 6/5, 6月5日, 今天, +15, -3.

    A day without a year is in the year of ``today``; signed numbers count natural days from it. Full-width
    digits, stray blanks and a time after the date are accepted. Raises ValueError with a Chinese message.
    """
    without_time = re.sub(r"(?<=\d)[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*$", "", text)
    plain = _plain(without_time)
    if not plain:
        raise ValueError(f"日期为空：{_HINT}")
    if plain in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[plain])
    if re.fullmatch(r"[+-][0-9]{1,5}", plain):
        return _offset(plain, today)
    if re.fullmatch(r"[0-9]{8}", plain):
        return _build(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    match = re.fullmatch(
        r"(?:(?P<year>[0-9]{4})[-./年])?(?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})[日号.]?", plain
    )
    if match:
        year = int(match["year"]) if match["year"] else today.year
        return _build(year, int(match["month"]), int(match["day"]))
    if re.fullmatch(r"[0-9]{4}[-./年]?[0-9]{1,2}月?|[0-9]{4}年?", plain):
        raise ValueError(f"“{text.strip()}”缺少日：请补上月和日，如2024.6.5")
    if re.fullmatch(r"[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?", plain):
        raise ValueError(f"“{text.strip()}”的年份只有两位：请写四位年份，如2024.6.5")
    raise ValueError(f"“{text.strip()}”不是日期：{_HINT}")


def _hour_of_day(hour: int, word: str, text: str) -> int:
    """The hour on the 24-hour clock, given the word before it."""
    if word in _EARLY_WORDS:
        if hour > 12:
            raise ValueError(f"“{text}”前后矛盾：{word}没有{hour}点")
        return 0 if hour == 12 and word in ("凌晨", "AM") else hour
    if word in _LATE_WORDS:
        if hour == 12 and word in ("晚上", "傍晚"):
            raise ValueError(f"“{text}”说法不明：请写23:59或次日0:00")
        return hour + 12 if 1 <= hour < 12 else hour
    if word == "中午" and hour in (1, 2):
        return hour + 12
    return hour


def parse_time(text: str) -> time:
    """The time of day: 9:30, 930, 0930, 9点, 9点半, 9时30分, 9：30, 下午2:15. Raises ValueError (Chinese)."""
    plain = _plain(text).upper()
    shown = text.strip()
    words = "|".join(("中午", *_LATE_WORDS, *_EARLY_WORDS))
    match = re.fullmatch(
        rf"(?P<word>{words})?(?:(?P<hour>[0-9]{{1,2}})(?:[:.点时](?P<minute>[0-9]{{1,2}}|半|一刻|三刻)?分?)?"
        r"|(?P<run>[0-9]{3,4}))",
        plain,
    )
    if not match or re.search(r"[0-9][:.]$", plain):
        raise ValueError(f"“{shown}”不是时间：{_TIME_HINT}")
    if match["run"]:
        hour, minute = int(match["run"][:-2]), int(match["run"][-2:])
    else:
        spoken = {None: 0, "半": 30, "一刻": 15, "三刻": 45}
        said = match["minute"]
        hour, minute = int(match["hour"]), spoken[said] if said in spoken else int(said)
    hour = _hour_of_day(hour, match["word"] or "", shown)
    if hour > 23 or minute > 59:
        raise ValueError(f"“{shown}”不是时间：小时应为0至23，分钟应为0至59")
    return time(hour, minute)


def format_date_iso(day: date) -> str:
    """The day as screens and tables show it: 2024-06-05."""
    return day.isoformat()


def format_date_paper(day: date) -> str:
    """The day as documents print it, without padding zeros: 2024年6月5日 (GB/T 9704-2012)."""
    return f"{day.year}年{day.month}月{day.day}日"


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _same_day(day: date, year: int) -> date:
    """The same month and day of another year; 29 February becomes the last day of February."""
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period from ``start`` to ``end``, both days included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(
                f"结束日期{format_date_paper(self.end)}早于开始日期{format_date_paper(self.start)}：请调换或改正"
            )

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Period:
        """Whole months ``first`` to ``last`` (1–12) of one year."""
        return cls(date(year, first, 1), _month_end(year, last))

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year."""
        return cls.of_months(year, 1, 12)

    @classmethod
    def half_year(cls, year: int, half: int) -> Period:
        """The first (1) or second (2) half of a year."""
        if half not in (1, 2):
            raise ValueError("半年只有上半年（1）和下半年（2）")
        return cls.of_months(year, 6 * half - 5, 6 * half)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """Quarter 1–4 of a year."""
        if quarter not in (1, 2, 3, 4):
            raise ValueError("季度应为1至4")
        return cls.of_months(year, 3 * quarter - 2, 3 * quarter)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """One calendar month."""
        return cls.of_months(year, month, month)

    @property
    def days(self) -> int:
        """Natural days in the period, both ends counted."""
        return (self.end - self.start).days + 1

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period, its ends included."""
        return self.start <= day <= self.end

    def months(self) -> list[Period]:
        """The calendar months the period touches, each clipped to the period, in order."""
        found: list[Period] = []
        start = self.start
        while start <= self.end:
            end = min(_month_end(start.year, start.month), self.end)
            found.append(Period(start, end))
            start = end + timedelta(days=1)
        return found

    def same_period_last_year(self) -> Period:
        """The period to compare with; a period of whole months stays one, leap day or not."""
        start = _same_day(self.start, self.start.year - 1)
        end = _same_day(self.end, self.end.year - 1)
        if self.start.day == 1 and self.end == _month_end(self.end.year, self.end.month):
            end = _month_end(end.year, end.month)
        return Period(start, end)

    def label(self) -> str:
        """The name in a title: 2024年上半年, 2024年, 2024年第一季度, 2024年6月, 2024年1月5日至3月2日."""
        year = self.start.year
        if self == Period.year(year):
            return f"{year}年"
        for half, word in ((1, "上半年"), (2, "下半年")):
            if self == Period.half_year(year, half):
                return f"{year}年{word}"
        for quarter in (1, 2, 3, 4):
            if self == Period.quarter(year, quarter):
                return f"{year}年第{_QUARTERS[quarter - 1]}季度"
        if self == Period.month(year, self.start.month):
            return f"{year}年{self.start.month}月"
        first = format_date_paper(self.start)
        if self.start == self.end:
            return first
        last = format_date_paper(self.end)
        return f"{first}至{last.removeprefix(f'{year}年') if self.end.year == year else last}"
