"""What one needs at hand to answer a checklist: its items, last time's failures, ready wordings. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from models.checklist import Checklist, checklists_for, items_of
from models.checklist_answer import WHOLE, failed_before, last_answer
from models.core import search
from models.core.errors import Refused
from models.core.fields import Suggestion
from models.core.record import database
from models.enterprise import Enterprise
from models.inspection import CHANNEL_OF_KIND, Finding, Inspection
from models.phrases import OWN_DAYS, Phrase, phrases
from models.rules import checklist as rules

#: How many of the office's own wordings of an item are offered.
MOST_OWN = 6
#: The result of an inspection by the level of its checklist.
RESULT_OF_LEVEL = {"passed": "none", "basic": "ordered", "failed": "investigate"}


@dataclass(frozen=True)
class DeskItem:
    """One item: what is asked, whether it failed last time, and what a finding of it starts with."""

    id: int
    topic: str
    number: str
    is_key: bool
    content: str
    key: str
    again: bool
    legal_basis: str
    requirement: str
    due_days: int | None
    severity: str
    wordings: tuple[Suggestion, ...]

    @property
    def marked(self) -> str:
        """The number as it is printed: *2.3."""
        return f"*{self.number}" if self.is_key else self.number


@dataclass(frozen=True)
class Desk:
    """A form ready to be answered; ``whole`` tells that every item must be (令49号 art. 27), else the key ones
    (``keys_due``) or only those of last time."""

    form_id: int
    name: str
    official: bool
    forms: tuple[tuple[int, str], ...]
    items: tuple[DeskItem, ...]
    rule: rules.ResultRule
    whole: bool
    keys_due: bool
    last: str
    day: dt.date
    channel: str

    def due(self, answers: Mapping[str, str]) -> list[DeskItem]:
        """The items that must be answered and are not."""
        return [
            i
            for i in self.items
            if i.number not in answers and (self.whole or i.again or (self.keys_due and i.is_key))
        ]

    def counts(self, answers: Mapping[str, str]) -> rules.Tally:
        """The items answered, by key and general ones."""
        by = {code: [n for n, a in answers.items() if a == code] for code in ("yes", "no", "skip")}
        keys = frozenset(i.number for i in self.items if i.is_key)
        return rules.tally(keys, by["yes"], by["no"], by["skip"])

    def outcome(self, answers: Mapping[str, str]) -> rules.Outcome:
        """The result as these answers give it."""
        return rules.judge(self.counts(answers), self.rule)

    def foreseen(self, answers: Mapping[str, str]) -> rules.Outcome:
        """The result if all that must still be answered were 是; the result itself where nothing is missing."""
        return self.outcome({**{item.number: "yes" for item in self.due(answers)}, **answers})


def finding_values(desk: Desk, item: DeskItem) -> dict[str, Any]:
    """What a finding of a failed item starts with: wording, basis, requirement, deadline from the item."""
    first = item.wordings[0].fills if item.wordings else {}
    due = desk.day + dt.timedelta(days=item.due_days) if item.due_days else None
    return {
        "item": item.id,
        "wording": first.get("wording") or f"第{item.number}项不符合要求：{item.content}",
        "legal_basis": item.legal_basis or first.get("legal_basis", ""),
        "severity": item.severity,
        "channel": desk.channel,
        "measure": item.requirement,
        "due_on": due,
    }


def open_desk(values: Mapping[str, Any], form_id: int | None, record_id: int | None) -> Desk:
    """The form of an inspection as typed so far: ``form_id`` or the first in force for the place on the day.

    Raises Refused where the place or the day is missing, or no form is in force.
    """
    place = Enterprise.get_or_none(Enterprise.id == values.get("enterprise"))
    day = values.get("inspected_on")
    if place is None or day is None:
        raise Refused("请先填写被检查单位和检查日期，再填要点表。")
    state = place.fact(day)
    category = state.category if state is not None else ""
    fit = checklists_for(category, day)
    form = Checklist.get_or_none(Checklist.id == form_id) if form_id else next(iter(fit), None)
    if form is None:
        raise Refused(f"没有{day}适用于“{place.name}”的要点表。", "请在“更多”的检查要点表中登记或导入。")
    this = Inspection.get_or_none(Inspection.id == record_id) if record_id else None
    again = failed_before(place.id, form, day, this)
    whole = values.get("kind", "routine") in WHOLE
    forms = {f.id: f.name for f in (*fit, form)}
    return Desk(
        form.id,
        form.name,
        form.official,
        tuple(forms.items()),
        _items(form, again, day, category),
        form.rule(),
        whole and form.coverage == "all",
        whole,
        _last_words(place.id, form, day, this, again),
        day,
        CHANNEL_OF_KIND.get(values.get("kind", ""), "routine"),
    )


def _last_words(place: int, form: Checklist, day: dt.date, this: Any, again: Sequence[str]) -> str:
    last = last_answer(place, form, day, this)
    if last is None:
        return "没有用这类要点表检查过"
    words = f"上次{last.inspection.inspected_on}：{(last.reckoning or '').splitlines()[0] or '没有结果'}"
    return f"{words}；不符合{rules.pack(again)}，本次必查" if again else f"{words}；没有必查的"


def _items(form: Checklist, again: Sequence[str], day: dt.date, category: str) -> tuple[DeskItem, ...]:
    items = items_of(form.id)
    own = _own_wordings([item.id for item in items], day)
    library = phrases(day, category)
    found = []
    for item in items:
        near = [p for p in library if item.legal_basis and p.violates == item.legal_basis]
        texts = {p.text: p for p in own.get(item.id, ())}
        if item.problem:
            texts.setdefault(item.problem, Phrase(item.problem, item.legal_basis))
        for one in (*near, *library):
            texts.setdefault(one.text, one)
        found.append(
            DeskItem(
                item.id, item.topic, item.number, item.is_key, item.content,
                f"{item.number}\n{search.search_text([(item.content, True)])}",
                item.number in again, item.legal_basis, item.requirement, item.due_days, item.severity,
                tuple(one.suggestion() for one in texts.values()),
            )
        )  # fmt: skip
    return tuple(found)


def _own_wordings(item_ids: Sequence[int], day: dt.date) -> dict[int, list[Phrase]]:
    """What the office itself wrote for these items, the most used first."""
    if not item_ids:
        return {}
    count = peewee.fn.COUNT(Finding.id)
    query = (
        Finding.live()
        .select(Finding.item, Finding.wording, Finding.legal_basis, count)
        .where(Finding.item.in_(list(item_ids)), Finding.found_on > day - dt.timedelta(days=OWN_DAYS))
        .group_by(Finding.item, Finding.wording, Finding.legal_basis)
        .order_by(count.desc(), Finding.wording)
    )
    found: dict[int, list[Phrase]] = {}
    for item, wording, violates, uses in database.execute(query):
        mine = found.setdefault(item, [])
        if len(mine) < MOST_OWN and wording not in (one.text for one in mine):
            mine.append(Phrase(wording, violates or "", "", uses))
    return found
