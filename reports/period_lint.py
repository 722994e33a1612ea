"""Faults of a report's text that a reader would stumble over; knows neither figures nor the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
_POINTS = "，。、；：？！"
_UNITS = "家次|户次|人次|批次|场次|处|份|家|户|次|条|人|件|起|场|项"


@dataclass(frozen=True)
class Fault:
    """One fault: its Chinese name and the words around it."""

    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.name}：…{self.words}…"


_RULES: tuple[tuple[str, str], ...] = (
    (
        "词语中间有空格",
        rf"(?<=[{_CJK}{_POINTS}])[ \t\u00a0]+(?=[{_CJK}{_POINTS}\d])|(?<=\d)[ \t]+(?=[{_CJK}])",
    ),
    ("标点重复", rf"[{_POINTS}]{{2,}}|…{{3,}}"),
    ("中文里用了半角标点", rf"(?<=[{_CJK}”》）])[,;:?!()]|[,;:?!()](?=[{_CJK}“《（])|(?<=[{_CJK}])\.(?!\w)"),
    ("用了英文引号", r"[\"']"),
    ("文书名称不规范，应为“责令改正通知书”", r"整改通知书|责令整改通知|改正意见书"),
    ("层次序号应为“（一）”", r"^[（(]\d+[）)]|[（(][一二三四五六七八九十]+[）)]、|^\d+、"),
    ("数量为零，应略去或改说“未”", rf"(?<![\d.．年月])0(?:{_UNITS})"),
    ("缺数字或单位", rf"(?:None|nan|—)(?:{_UNITS})|%%|率达?到?%"),
    ("括号内为空", r"（[，、；]?）|“”|《》"),
    ("年份不全", r"(?<!\d)\d{2}年(?!\d)(?=[上下]半年|第|\d+月)"),
)
_COMPILED = tuple((name, re.compile(pattern, re.MULTILINE)) for name, pattern in _RULES)
_PAIRS = (("（", "）"), ("“", "”"), ("《", "》"), ("〔", "〕"))


def lint(paragraphs: Iterable[str], *, sentences: bool = True) -> list[Fault]:
    """The faults of some paragraphs in order; ``sentences`` also asks each to end as one. Empty when all is well."""
    found: list[Fault] = []
    for text in paragraphs:
        for name, pattern in _COMPILED:
            found += [Fault(name, _around(text, match)) for match in pattern.finditer(text)]
        found += [
            Fault(f"{left}{right}不成对", text[:20])
            for left, right in _PAIRS
            if text.count(left) != text.count(right)
        ]
        if sentences and text and text[-1] not in "。！？：；”）":
            found.append(Fault("段末没有标点", text[-12:]))
    return found


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 6) : match.end() + 6]


_FULL = str.maketrans({",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"})


def clean_words(text: str) -> str:
    """Words a person typed into a record, fit for a sentence: no inner blanks, full-width points, no end point."""
    joined = re.sub(rf"(?<=[{_CJK}{_POINTS}）》”])\s+|\s+(?=[{_CJK}（《“])", "", " ".join(text.split()))
    points = re.sub(
        rf"(?<=[{_CJK}）》”\d])[,;:?!()]|[,;:?!()](?=[{_CJK}])", lambda m: m[0].translate(_FULL), joined
    )
    quotes = re.sub(r"\"([^\"]*)\"", r"“\1”", points)
    return quotes.replace("责令整改通知书", "责令改正通知书").strip(f" {_POINTS}")
