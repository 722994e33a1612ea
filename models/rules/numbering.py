"""Document numbers such as 昌市监责改〔2024〕19号 and their series; knows no document that bears them.

A void number stays used: callers pass the serials of every number ever allotted, void ones included.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from models.rules.remarks import Remark

MAX_SERIAL = 99_999
_OPEN, _CLOSE = r"\[［(（〔【﹝{｛", r"\]］)）〕】﹞}｝"
_DIGITS = "0-9０-９"
_NUMBER = re.compile(
    rf"(?P<prefix>.*)[{_OPEN}](?P<year>[{_DIGITS}]{{4}})年?[{_CLOSE}]第?(?P<serial>[{_DIGITS}]+)号?"
)
_EXAMPLE = "请写作“昌市监责改〔2024〕19号”的样子"


class DocumentNumber(NamedTuple):
    """The three parts of a printed number."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return format_number(self.prefix, self.year, self.serial)


def format_number(prefix: str, year: int, serial: int) -> str:
    """The printed number: hexagonal brackets, no padding zeros, no 第 (GB/T 9704-2012)."""
    return f"{prefix}〔{year}〕{serial}号"


def parse_number(text: str) -> DocumentNumber:
    """The parts of a number typed with any brackets and full-width digits. Raises ValueError (Chinese)."""
    compact = re.sub(r"[\s\u200b-\u200f\ufeff]+", "", text)
    match = _NUMBER.fullmatch(compact)
    if not match:
        raise ValueError(f"文号“{text.strip()}”无法识别：{_EXAMPLE}")
    if not match["prefix"]:
        raise ValueError(f"文号“{text.strip()}”缺少机关代字：{_EXAMPLE}")
    digits = match["serial"].lstrip("0０")
    if not digits:
        raise ValueError(f"文号“{text.strip()}”的顺序号应从1起：请核对")
    if len(digits) > len(str(MAX_SERIAL)):
        raise ValueError(f"文号“{text.strip()}”的顺序号超过{MAX_SERIAL}：请核对")
    return DocumentNumber(match["prefix"], int(match["year"]), int(digits))


def series_key(prefix: str) -> str:
    """A prefix for comparison: full-width and half-width brackets and letters are the same series."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", prefix))


def next_serial(used: Iterable[int], first: int = 1) -> int:
    """The serial to allot next: after the highest one ever used, at least ``first``; a gap is never refilled.

    (Refilling would give a lower number to a later document.)
    """
    return max(first, max(used, default=first - 1) + 1)


def gaps(used: Iterable[int], first: int = 1) -> list[int]:
    """The serials from ``first`` to the highest used one that nobody has."""
    taken = set(used)
    return [serial for serial in range(first, max(taken, default=first - 1)) if serial not in taken]


def duplicates(used: Iterable[int]) -> list[int]:
    """The serials given more than once, in order."""
    return sorted(serial for serial, times in Counter(used).items() if times > 1)


def format_serials(serials: Iterable[int]) -> str:
    """Serials in words, runs joined: 3、5—7."""
    runs: list[list[int]] = []
    for serial in sorted(set(serials)):
        if runs and serial == runs[-1][1] + 1:
            runs[-1][1] = serial
        else:
            runs.append([serial, serial])
    return "、".join(str(low) if low == high else f"{low}—{high}" for low, high in runs)


@dataclass(frozen=True)
class NumberSeries:
    """The office's own series of one prefix: serials restart at 1 each year.

    In ``first_year``, when the office takes up the program in mid-year, they begin at ``first_serial``.
    """

    prefix: str
    first_year: int
    first_serial: int = 1

    def __post_init__(self) -> None:
        if not self.prefix.strip():
            raise ValueError("机关代字为空：请在设置中填写，如“昌市监责改”")
        if re.search(rf"[{_OPEN}][{_DIGITS}]{{4}}年?[{_CLOSE}]", self.prefix):
            raise ValueError(f"机关代字“{self.prefix}”不应含年份：年份由程序加上")
        if not 1 <= self.first_serial <= MAX_SERIAL:
            raise ValueError(f"起始顺序号应为1至{MAX_SERIAL}，现为{self.first_serial}：请改正")

    def first_in(self, year: int) -> int:
        """The first serial of a year. Raises ValueError (Chinese) for a year before the series began."""
        if year < self.first_year:
            raise ValueError(f"“{self.prefix}”字号自{self.first_year}年起由本程序编号，不能编{year}年的文号")
        return self.first_serial if year == self.first_year else 1

    def next_number(self, year: int, used: Iterable[int]) -> DocumentNumber:
        """The number to allot in ``year``, given every serial of that year ever used in this series."""
        serial = next_serial(used, self.first_in(year))
        if serial > MAX_SERIAL:
            raise ValueError(f"“{self.prefix}”{year}年的顺序号已用到{MAX_SERIAL}：请核对是否有误录的文号")
        return DocumentNumber(self.prefix, year, serial)

    def audit(self, year: int, used: Iterable[int]) -> list[Remark]:
        """Gaps and duplicates of a year as errors, in Chinese."""
        listed = list(used)
        found: list[Remark] = []
        missing, doubled = gaps(listed, self.first_in(year)), duplicates(listed)
        name = f"{self.prefix}〔{year}〕"
        if missing:
            found.append(Remark("error", "number_gap", f"{name}缺{format_serials(missing)}号：请查明去向或登记作废"))
        if doubled:
            found.append(Remark("error", "number_duplicate", f"{name}{format_serials(doubled)}号重复：请更正其一"))
        return found
