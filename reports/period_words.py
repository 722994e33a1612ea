"""Numbers of a period as words with units and comparisons; knows the figures, not the report's chapters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from models.core.figure import Figure, figure
from models.period_tables import first_inspection
from models.rules.dates import Period, format_date_paper
from reports.period_lint import clean_words

Value = int | Fraction | None
_ORDINALS = "一二三四五六七八九十"


class Numbers:
    """The figures of a period and of the same period last year; remembers which ones were used, in order.

    ``whole`` is the period the report is named after, where ``period`` is only its part until today.
    """

    def __init__(self, period: Period, whole: Period | None = None) -> None:
        self.period, self.before = period, period.same_period_last_year()
        self.whole = whole or period
        self._now: dict[str, Value] = {}
        self._then: dict[str, Value] = {}

    @property
    def used(self) -> list[Figure]:
        """The figures whose values were asked for, in order of first use."""
        return [figure(name) for name in self._now]

    @property
    def during(self) -> str:
        """The period inside a sentence: 上半年, 第一季度, 6月份, 全年; 期内 for other and unfinished ones."""
        whole = self.whole
        if whole != self.period:
            return "期内"
        if whole == Period.year(whole.start.year):
            return "全年"
        name = whole.label().removeprefix(f"{whole.start.year}年")
        if whole == Period.month(whole.start.year, whole.start.month):
            return f"{name}份"
        return name if name[0] in "上下第" else "期内"

    @property
    def by_end(self) -> str:
        """截至6月30日, with the year where the period crosses one."""
        start, end = self.period.start, self.period.end
        words = format_date_paper(end)
        return f"截至{words.removeprefix(f'{end.year}年') if start.year == end.year else words}"

    @property
    def comparable(self) -> bool:
        """Whether the ledger's inspections reach back over the same period last year (to its first month)."""
        first = first_inspection()
        return first is not None and first <= self.before.start + timedelta(days=31)

    def value(self, name: str) -> Value:
        """A figure's value in the period."""
        if name not in self._now:
            self._now[name] = figure(name).value(self.period.start, self.period.end)
        return self._now[name]

    def past(self, name: str) -> Value:
        """A figure's value in the same period last year."""
        if name not in self._then:
            self._then[name] = figure(name).value(self.before.start, self.before.end)
        return self._then[name]

    def count(self, name: str) -> int:
        """A count or sum in the period."""
        return int(self.value(name) or 0)

    def text(self, name: str) -> str:
        """A value with its unit: 180家次, 98.5%."""
        found = figure(name)
        return f"{found.text(self.value(name))}{found.unit}"

    def if_any(self, name: str, words: str) -> str:
        """``words`` with {} replaced by the value and unit, '' where the value is nothing."""
        return words.replace("{}", self.text(name)) if self.value(name) else ""

    def compared(self, labels: Sequence[tuple[str, str]]) -> str:
        """A sentence that compares some figures, each with its words, with last year; '' where there are no records."""
        if not self.comparable:
            return ""
        parts = [label + change(figure(name), self.value(name), self.past(name)) for name, label in labels]
        return sentence(f"与{self.before.label()}相比", *parts)


def change(found: Figure, now: Value, then: Value) -> str:
    """How a value moved: 增加12家次（增长7.1%）, 提高1.5个百分点, 持平."""
    if now is None or then is None:
        return "无可比数据"
    if now == then:
        return "持平"
    now, then = Fraction(now), Fraction(then)
    more = now > then
    if found.kind == "ratio":
        return f"{'提高' if more else '下降'}{tenths(abs(now - then) * 100)}个百分点"
    words = f"{'增加' if more else '减少'}{abs(now - then)}{found.unit}"
    return (
        f"{words}（{'增长' if more else '下降'}{tenths(Fraction(abs(now - then) * 100, then))}%）"
        if then
        else words
    )


def tenths(value: int | Fraction) -> str:
    """A number with one decimal place at most, rounded half up; a little more than nothing is 0.1."""
    number = Fraction(value)
    rounded = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(
        Decimal("0.1"), ROUND_HALF_UP
    )
    if number > 0 and rounded == 0:
        rounded = Decimal("0.1")
    return f"{rounded}".removesuffix(".0")


def hours(minutes: int) -> str:
    """Minutes as hours: 84小时, 7.5小时."""
    return f"{tenths(Fraction(minutes, 60))}小时"


def sentence(*parts: str) -> str:
    """Clauses joined by commas and closed by a full stop; empty ones are left out, '' where none is left."""
    filled = [part for part in parts if part]
    return "，".join(filled) + "。" if filled else ""


def listed(items: Iterable[tuple[str, int]], unit: str) -> str:
    """日常检查30处、专项检查12处; nothing for zero."""
    return "、".join(f"{clean_words(label)}{count}{unit}" for label, count in items if count)


def ordinal(number: int) -> str:
    """1 → 一是."""
    return f"{_ORDINALS[number - 1]}是"


def span_words(period: Period) -> str:
    """2024年1月1日至6月30日; the year is said once where it is the same."""
    first, last = format_date_paper(period.start), format_date_paper(period.end)
    if period.start == period.end:
        return first
    return f"{first}至{last.removeprefix(f'{period.start.year}年') if period.start.year == period.end.year else last}"
