"""The action log as plain rows for reading (操作日志): who did what, when, to which records. Changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.core.changes import Action, ChangeLog, table_named
from models.core.fields import Choice, Described, Ref
from models.core.record import Fact, Record
from models.core.story import MADE, REMOVED, RESTORED, fact_change, logged_text, since
from models.settings import BY_KEY, Setting


@dataclass(frozen=True)
class Done:
    """One action; ``fate`` says in Chinese why it stands as it does ('' where nothing special)."""

    id: int
    at: dt.datetime
    actor: str
    seat: str
    kind: str
    rows: int
    fate: str
    undoable: bool


@dataclass(frozen=True)
class Change:
    """One field of one row before and after; ``field`` is '' for a row made, removed or restored as a whole."""

    table: str
    record: str
    what: str
    field: str
    before: str
    after: str


def actions(seat: str, schema: str, limit: int = 200, before: int | None = None, search: str = "") -> list[Done]:
    """The newest actions first; ``before`` is the id to go on from. Undoable: this seat's, not final, not undone."""
    query = Action.select().order_by(Action.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Action.id < before)
    if search.strip():
        query = query.where(Action.kind.contains(search.strip()) | Action.actor.contains(search.strip()))
    return [_done(action, seat, schema) for action in query]


def _done(action: Action, seat: str, schema: str) -> Done:
    if action.undoes is not None:
        fate = "已重做" if action.undone_by is not None else ""
    elif action.undone_by is not None:
        fate = "已撤销"
    else:
        fate = "不能撤销" if action.final else ""
    able = (
        action.undoes is None
        and action.undone_by is None
        and not action.final
        and action.seat == seat
        and action.schema == schema
    )
    return Done(action.id, action.at, action.actor, action.seat, action.kind, action.rows, fate, able)


def action_of(key: int) -> Action:
    """The action of an id, for ``ledger.undo_action``."""
    found: Action = Action.get_by_id(key)
    return found


def changes_of(key: int, limit: int = 300) -> list[Change]:
    """What an action changed, field by field, in the order it was written."""
    query = ChangeLog.select().where(ChangeLog.action == key).order_by(ChangeLog.id).limit(limit)
    found: list[Change] = []
    for entry in query:
        found += _changes(entry)
        if len(found) >= limit:
            break
    return found[:limit]


def _changes(entry: ChangeLog) -> Iterator[Change]:
    model = table_named(entry.table)
    record = model.get_or_none(model.id == entry.row)
    title, label = _title(model), record.label() if record is not None else ""
    if isinstance(record, Setting):
        yield from _setting_changes(record, entry)
        return
    before, after = json.loads(entry.before), json.loads(entry.after)
    if isinstance(record, Fact):
        yield from _fact_changes(record, entry, before, after)
        return
    if entry.created:
        yield Change(title, label, MADE, "", "", "")
        return
    if "removed_at" in after:
        yield Change(title, label, REMOVED if after["removed_at"] else RESTORED, "", "", "")
    for name, value in after.items():
        field = model._meta.fields.get(name)
        if not isinstance(field, Described) or field.kind == "json":
            continue
        yield Change(title, label, "修改", field.label, _shown(field, before.get(name)), _shown(field, value))


def _fact_changes(
    record: Fact, entry: ChangeLog, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[Change]:
    """A dated row as what it changed of its record, and since when; one made with its record is part of the making."""
    owner = type(record).owner_column().rel_model
    key = record.__data__[type(record).owner]
    title, label = _title(type(record)), getattr(record, type(record).owner).label()
    made = ChangeLog.select().where(
        ChangeLog.action == entry.action_id, ChangeLog.table == owner._meta.table_name, ChangeLog.row == key
    )
    if entry.created and made.where(ChangeLog.created).exists():
        return
    if not entry.created and "removed_at" in after:
        what = REMOVED if after["removed_at"] else RESTORED
        yield Change(title, label, what, "", "", f"自{record.valid_from}的变更")
        return
    before, after = fact_change(record, bool(entry.created), before, after)
    for name, value in after.items():
        field = record._meta.fields[name]
        old, new = _shown(field, before.get(name)), _shown(field, value)
        if old != new:
            yield Change(title, label, "变更", field.label, old, f"{new}{since(record)}")


def _setting_changes(record: Setting, entry: ChangeLog) -> Iterator[Change]:
    declared = BY_KEY.get(record.key)
    name = declared.field.label if declared is not None else "演示日期"
    old, new = (json.loads(text).get("value", "") for text in (entry.before, entry.after))
    if declared is not None and isinstance(declared.field, Choice):
        old, new = declared.field.format(old or None), declared.field.format(new or None)
    yield Change(Setting.title, name, MADE if entry.created else "修改", name, old, new)


def _title(model: type[Record]) -> str:
    if model.title:
        return model.title
    owner = getattr(model, model.owner, None) if model.owner else None
    return owner.rel_model.title if owner is not None else "记录"


def _shown(field: Any, value: Any) -> str:
    if isinstance(field, Ref) and value is not None:
        target = field.rel_model.get_or_none(field.rel_model.id == value)
        return target.label() if target is not None else ""
    return logged_text(field, value)
