"""Reminders of 整改督办: one message to each operator about what is overdue or due soon. Reads nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.rectification import Matter
from models.rules.dates import format_date_paper

#: The groups that are reminded of.
PRESSING = ("overdue", "soon", "undated")


@dataclass(frozen=True)
class Reminder:
    """What one operator is reminded of, the most urgent first."""

    enterprise: int
    name: str
    person: str
    phone: str
    township: str
    matters: tuple[Matter, ...]

    @property
    def due_on(self) -> dt.date | None:
        """The nearest due day."""
        return min((one.due_on for one in self.matters if one.due_on is not None), default=None)

    @property
    def overdue(self) -> int:
        """How many of its matters are overdue."""
        return sum(one.group == "overdue" for one in self.matters)


def reminders(found: Iterable[Matter], groups: Sequence[str] = PRESSING) -> list[Reminder]:
    """The operators with matters of some groups, in the order of their most urgent one."""
    mine: dict[int, list[Matter]] = defaultdict(list)
    for one in found:
        if one.group in groups:
            mine[one.enterprise].append(one)
    return [
        Reminder(key, ones[0].enterprise_name, ones[0].person, ones[0].phone, ones[0].township_name, tuple(ones))
        for key, ones in mine.items()
    ]


def reminder_text(reminder: Reminder, most: int = 5) -> str:
    """One message to send to an operator; names ``most`` matters at the most."""
    parts = [_told(one) for one in reminder.matters[:most]]
    more = f"；另有{len(reminder.matters) - most}件" if len(reminder.matters) > most else ""
    return f"{reminder.name}：{'；'.join(parts)}{more}。请及时整改并报告整改情况。"


def _told(one: Matter) -> str:
    what = f"{one.number}责令改正通知书" if one.number else f"{format_date_paper(one.found_on)}检查发现"
    problem = one.facts.rstrip("。；")
    if one.mode == "immediate":
        return f"{what}（{problem}）要求立即改正"
    if one.due_on is None:
        return f"{what}（{problem}）须尽快改正"
    until = f"限{format_date_paper(one.due_on)}前（含当日）改正"
    if one.moved and one.ends_on is not None:
        until += f"，因休息日顺延到{format_date_paper(one.ends_on)}"
    days = one.days_left or 0
    state = f"已逾期{-days}天" if days < 0 else "今日到期" if days == 0 else f"还有{days}天"
    return f"{what}（{problem}）{until}，{state}"
