"""Dated facts: splitting, correcting and moving the stretches of days they are in force. Knows no topic table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models.core.changes import Transaction
from models.core.checks import Problems
from models.core.draft import Draft
from models.core.record import BEGINNING, Fact, Record, in_force


def _table(record: Record) -> type[Fact]:
    assert record.facts is not None
    return type(record).fact_table()


def stretches(record: Record) -> list[Any]:
    """The live facts of a record, the earliest first."""
    if record.known_facts is not None:
        return record.known_facts
    child = _table(record)
    return list(child.live().where(child.owner_column() == record.id).order_by(child.valid_from))


def inspect_start(draft: Draft, problems: Problems) -> None:
    """A record may not begin after its facts have changed for the first time."""
    name = draft.model.facts_start
    if draft.record is None or not name or name not in draft.values:
        return
    first, start = next(iter(stretches(draft.record)), None), draft[name] or BEGINNING
    if first is not None and first.valid_to is not None and first.valid_to < start:
        label = draft.model.described()[name].label
        problems.error(
            name, "facts", f"{label}晚于已登记的变更（{first.valid_to}之后），请改正或先核对变更记录"
        )


def store_facts(tx: Transaction, record: Record, values: dict[str, Any], draft: Draft) -> None:
    """Store the facts of a record just saved: all of a new one from its start, the changed ones from their day."""
    child = _table(record)
    name = type(record).facts_start
    start = (draft[name] if name else None) or BEGINNING
    first = next(iter(stretches(record)), None)
    if first is None:
        tx.insert(child, valid_from=start, **{child.owner: record.id}, **values)
        record.known_facts = None
        return
    if name and name in draft.values and first.valid_from != start:
        first = tx.update(first, valid_from=start)
    if any(name in draft.values for name in values):
        set_facts(tx, record, max(draft.effective_on or tx.today, first.valid_from), values)


def set_facts(tx: Transaction, record: Record, day: dt.date, values: Mapping[str, Any]) -> Any:
    """Make the facts of a record be ``values`` from ``day`` until the next dated change; returns that stretch.

    A change on the first day of a stretch corrects that stretch; one inside splits it; one before the first
    stretch puts a new one in front. Facts not named stay as they are on that day.
    """
    child, mine = _table(record), stretches(record)
    current = in_force(mine, day)
    if current is not None and all(current.__data__.get(n) == v for n, v in values.items()):
        return current
    record.known_facts = None
    if current is not None and current.valid_from == day:
        return tx.update(current, **values)
    if current is None:
        following = next((f for f in mine if f.valid_from > day), None)
        end = following.valid_from - dt.timedelta(days=1) if following is not None else None
        kept = {n: following.__data__.get(n) for n in child.fact_fields()} if following is not None else {}
    else:
        end = current.valid_to
        kept = {n: current.__data__.get(n) for n in child.fact_fields()}
        tx.update(current, valid_to=day - dt.timedelta(days=1))
    return tx.insert(child, valid_from=day, valid_to=end, **{child.owner: record.id}, **{**kept, **values})
