"""Which inspections covered all items (全项检查, 令49号 arts 22 and 27): shown by their checklists; knows no plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import peewee

from models.checklist import ChecklistItem
from models.checklist_answer import ChecklistAnswer
from models.core.record import database
from models.inspection import Inspection
from models.rules.fulfilment import FULL_KINDS


def first_answered() -> dt.date | None:
    """The day of the ledger's first inspection with an answered checklist; None where no checklist was answered.

    Until then nothing but the kind of an inspection tells what it covered.
    """
    answer = ChecklistAnswer
    query = (
        Inspection.live()
        .select(peewee.fn.MIN(Inspection.inspected_on))
        .join(answer, on=(answer.inspection == Inspection.id))
        .where(Inspection.state == "done", answer.removed_at.is_null(), answer.checked + answer.skipped_count > 0)
    )
    found = query.scalar()
    return dt.date.fromisoformat(str(found)[:10]) if found else None


def by_kind(since: dt.date | None) -> Any:
    """The condition «of a kind that covers all items, and before the day of ``first_answered``» for Inspection."""
    kind = Inspection.kind.in_(sorted(FULL_KINDS))
    return kind if since is None else kind & (Inspection.inspected_on < since)


def answered_whole() -> Any:
    """The condition «with a checklist every item of which was answered, 合理缺项 too» for Inspection."""
    answer, item = ChecklistAnswer, ChecklistItem
    query = (
        item.live().select(item.checklist, peewee.fn.COUNT(item.id)).group_by(item.checklist).order_by(item.checklist)
    )
    sizes = tuple(database.execute(query).fetchall())
    if not sizes:
        return Inspection.id.is_null()
    whole = answer.checked + answer.skipped_count >= peewee.Case(answer.checklist, sizes)
    return Inspection.id.in_(answer.live().select(answer.inspection).where(whole))


def covers() -> Any:
    """The condition «covered all items» for Inspection: a complete checklist, before the first one the kind."""
    return by_kind(first_answered()) | answered_whole()


def covering(inspections: Collection[int]) -> set[int]:
    """Those of some inspections that covered all items."""
    if not inspections:
        return set()
    query = Inspection.select(Inspection.id).where(Inspection.id.in_(list(inspections)), covers())
    return {key for (key,) in database.execute(query).fetchall()}
