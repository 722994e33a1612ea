"""高频不合格项: the checklist items failed most often in a period, by kind of form and by area. Knows no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import peewee

from models.area import below
from models.checklist import Checklist, ChecklistItem
from models.checklist_answer import ChecklistAnswer
from models.core.record import as_of, database
from models.core.register import Condition, View
from models.enterprise import EnterpriseState
from models.inspection import Finding, Inspection
from models.rules.checklist import percent

#: The figure whose records the list counts, item by item.
FIGURE = "checklists.findings"


@dataclass(frozen=True)
class Frequent:
    """An item: how often it was failed (处), at how many places (户), how often its form was answered (张次)."""

    item_id: int
    checklist: str
    topic: str
    number: str
    is_key: bool
    content: str
    failed: int
    places: int
    answered: int

    @property
    def marked(self) -> str:
        """The number as it is printed: *2.3."""
        return f"*{self.number}" if self.is_key else self.number

    @property
    def rate(self) -> str:
        """Failed times per inspection with the form, in percent; '' where no answers of the form are kept."""
        return percent(Fraction(min(self.failed, self.answered), self.answered)) if self.answered else ""


def frequent_failures(
    start: dt.date, end: dt.date, kind: str = "", area: int | None = None, most: int = 20
) -> list[Frequent]:
    """The items failed most often in a period, of one kind of form or all, in an area or all, the most frequent first.

    The area is the one where an enterprise is on the last day.
    Unit 处: live findings that name the item, of inspections done from ``start`` to ``end`` (both included).
    """
    count, form = peewee.fn.COUNT(Finding.id), Checklist
    query = (
        Finding.live()
        .select(
            *(Finding.item, form.id, form.name, ChecklistItem.topic, ChecklistItem.number, ChecklistItem.is_key),
            *(ChecklistItem.content, count, peewee.fn.COUNT(Inspection.enterprise.distinct())),
        )
        .join(Inspection, on=(Finding.inspection == Inspection.id))
        .switch(Finding)
        .join(ChecklistItem, on=(Finding.item == ChecklistItem.id))
        .join(form, on=(ChecklistItem.checklist == form.id))
        .where(*_done(start, end, kind, area))
        .group_by(
            *(Finding.item, form.id, form.name, ChecklistItem.topic, ChecklistItem.number, ChecklistItem.is_key),
            *(ChecklistItem.content, ChecklistItem.rank),
        )
        .order_by(count.desc(), form.name, ChecklistItem.rank)
        .limit(most)
    )
    answered = dict(database.execute(_answered(start, end, kind, area)))
    return [
        Frequent(item, name, topic, number, bool(is_key), content, failed, places, answered.get(key, 0))
        for item, key, name, topic, number, is_key, content, failed, places in database.execute(query)
    ]


def _answered(start: dt.date, end: dt.date, kind: str, area: int | None) -> Any:
    """Per form how many inspections of the period answered it."""
    answer = ChecklistAnswer
    return (
        answer.live()
        .select(answer.checklist, peewee.fn.COUNT(answer.id))
        .join(Inspection, on=(answer.inspection == Inspection.id))
        .switch(answer)
        .join(Checklist, on=(answer.checklist == Checklist.id))
        .where(*_done(start, end, kind, area))
        .group_by(answer.checklist)
    )


def _done(start: dt.date, end: dt.date, kind: str, area: int | None) -> list[Any]:
    found = [
        Inspection.removed_at.is_null(),
        Inspection.state == "done",
        Inspection.inspected_on.between(start, end),
    ]
    if kind:
        found.append(Checklist.kind == kind)
    if area is not None:
        state = EnterpriseState
        there = state.live().select(state.enterprise).where(as_of(state, end), state.area.in_(below(area)))
        found.append(Inspection.enterprise.in_(there))
    return found


def findings_view(item_id: int, start: dt.date, end: dt.date, area: int | None = None) -> View:
    """The findings behind a line of the list."""
    mine = Condition("item", "in", (item_id,))
    if area is None:
        return View(figure=(FIGURE, start, end), conditions=(mine,))
    there = Condition("enterprise.area", "in", tuple(below(area)))
    return View(figure=(FIGURE, start, end), conditions=(mine, there), day=end)
