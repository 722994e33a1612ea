"""The numbers of checklist items and the result of a checked list, with its arithmetic; knows no table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

#: An item's number without its mark: 1.1, 12, T.3 (domain notes 1.3).
NUMBER = re.compile(r"(?:T\.)?[1-9]\d{0,2}(?:\.[1-9]\d{0,2})?")
_RUN = re.compile(r"(?P<head>(?:T\.)?(?:\d+\.)?)(?P<first>\d+)(?:[-~—－～](?P=head)?(?P<last>\d+))?")
_APART = re.compile(r"[、，,；;\s]+")
LONGEST = 300
"""The most items one list may have; a run of numbers beyond it is a slip."""

Level = Literal["passed", "basic", "failed"]


def fold_number(text: str) -> str:
    """A typed number in its own form: half-width, capital, no blanks; its mark of a key item stays."""
    folded = unicodedata.normalize("NFKC", text).replace("。", ".").replace(" ", "").upper()
    return folded.replace("＊", "*").replace("★", "*").rstrip(".、")


def split_mark(text: str) -> tuple[str, bool]:
    """The number and whether it bears the mark ``*`` of a key item. Raises ValueError (Chinese)."""
    number = fold_number(text)
    is_key = number.startswith("*")
    number = number.lstrip("*")
    if NUMBER.fullmatch(number) is None:
        raise ValueError(f"序号“{text.strip()}”写法不对，请写成1.1、*2.3或*T.1这样")
    return number, is_key


def sort_key(number: str) -> int:
    """Where an item stands in its list: 1.2 before 1.10, the items of special food (T) last."""
    plain = number.removeprefix("T.")
    major, _, minor = plain.partition(".")
    return (10**8 if plain != number else 0) + int(major) * 10**4 + int(minor or 0)


def pack(numbers: Iterable[str]) -> str:
    """Numbers as people write them, runs drawn together: 1.1-1.4、2.2."""
    runs: list[list[str]] = []
    for number in sorted(set(numbers), key=sort_key):
        if runs and _follows(runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(run[0] if len(run) == 1 else _run_words(run) for run in runs)


def _run_words(run: list[str]) -> str:
    return f"{run[0]}、{run[1]}" if len(run) == 2 else f"{run[0]}-{run[-1]}"


def _follows(before: str, after: str) -> bool:
    head, _, last = before.rpartition(".")
    other, _, now = after.rpartition(".")
    return head == other and int(now) == int(last) + 1


def unpack(text: str | None) -> list[str]:
    """The numbers of a packed text, in order. Raises ValueError (Chinese) naming the part that cannot be read."""
    found: list[str] = []
    for part in _APART.split(text or ""):
        part = fold_number(part).replace("*", "")
        if not part:
            continue
        run = _RUN.fullmatch(part)
        if run is None:
            raise ValueError(f"序号“{part}”看不懂，请写成1.1-1.4、2.2这样")
        first = int(run["first"])
        last = int(run["last"] or first)
        if not first <= last < first + LONGEST:
            raise ValueError(f"序号“{part}”的起止不对，请核对")
        found += [f"{run['head']}{n}" for n in range(first, last + 1)]
    return list(dict.fromkeys(found))


class Tally(NamedTuple):
    """How many items were checked and failed; ``skipped`` (合理缺项) are in none of the others."""

    key_checked: int
    key_failed: int
    general_checked: int
    general_failed: int
    skipped: int

    @property
    def checked(self) -> int:
        """All items that were answered 是 or 否."""
        return self.key_checked + self.general_checked

    @property
    def failed(self) -> int:
        return self.key_failed + self.general_failed


def tally(
    keys: Sequence[str] | frozenset[str],
    passed: Iterable[str],
    failed: Iterable[str],
    skipped: Iterable[str],
) -> Tally:
    """Count answers; ``keys`` are the numbers of the key items."""
    key_set, bad = frozenset(keys), set(failed)
    done = set(passed) | bad
    return Tally(
        len(done & key_set),
        len(bad & key_set),
        len(done - key_set),
        len(bad - key_set),
        len(set(skipped)),
    )


@dataclass(frozen=True)
class ResultRule:
    """How a form comes to its result: editable data of the form, never constants.

    ``most_key`` failed key items are still 基本符合 (classic form: 1), ``least_rate`` percent is the least share of
    general items passed for it (classic form: 70, included). ``words`` and ``handling`` by level.
    """

    most_key: int
    least_rate: Decimal
    words: dict[Level, str]
    handling: dict[Level, str]


class Outcome(NamedTuple):
    """The result with its word, the handling that follows, and the arithmetic in Chinese sentences."""

    level: Level
    word: str
    handling: str
    reasons: tuple[str, ...]


def general_rate(counts: Tally) -> Fraction | None:
    """General items passed among those checked, 合理缺项 left out; None where none was checked."""
    if not counts.general_checked:
        return None
    return Fraction(counts.general_checked - counts.general_failed, counts.general_checked)


def percent(rate: Fraction) -> str:
    """A share in percent with one place; a share below 1 is never rounded up to 100."""
    tenths = int(rate * 1000)
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + "%"


def judge(counts: Tally, rule: ResultRule) -> Outcome:
    """The result of a list by its own rule (classic rule: domain notes 1.3).

    No failed item is 符合; more than ``most_key`` failed key items or a general rate under ``least_rate`` is 不符合;
    anything else is 基本符合, also one failed key item with all general items passed, which the form's words leave
    open: the reasons say so.
    """
    rate, least = general_rate(counts), f"{rule.least_rate.normalize():f}%"
    reasons = [
        f"重点项检查{counts.key_checked}项，不符合{counts.key_failed}项；"
        f"一般项检查{counts.general_checked}项，不符合{counts.general_failed}项；合理缺项{counts.skipped}项"
    ]
    if rate is not None:
        good = counts.general_checked - counts.general_failed
        reasons.append(f"一般项合格率＝{good}÷{counts.general_checked}＝{percent(rate)}")
    level: Level
    if not counts.failed:
        level = "passed"
        reasons.append("所检项目没有不符合的")
    elif counts.key_failed > rule.most_key:
        level = "failed"
        reasons.append(f"重点项不符合{counts.key_failed}项，超过{rule.most_key}项")
    elif rate is not None and rate * 100 < Fraction(rule.least_rate):
        level = "failed"
        reasons.append(f"一般项合格率低于{least}")
    else:
        level = "basic"
        reasons.append(f"重点项不符合不超过{rule.most_key}项，一般项合格率不低于{least}")
        if counts.key_failed and not counts.general_failed:
            reasons.append(
                "只有重点项不符合而一般项全部合格，判定规则原文没有写到，按这一档处理，请检查人员确认"
            )
    return Outcome(level, rule.words[level], rule.handling[level], tuple(reasons))
