"""Undo and redo as new actions, refused record by record where the present differs. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import peewee

from models.core.changes import Action, ChangeLog, Transaction, stored, table_named, title_of
from models.core.checks import Problems
from models.core.draft import Draft
from models.core.errors import Refused
from models.core.merged import Merged
from models.core.record import Record, pointing_tables


@dataclass(frozen=True)
class UndoState:
    """What Ctrl+Z and Ctrl+Y would do now; '' where nothing."""

    undo: str = ""
    redo: str = ""


def last_undoable(seat: str) -> Action | None:
    """The seat's newest action that is neither undone nor itself an undo."""
    return (
        Action.select()
        .where(Action.seat == seat, Action.undone_by.is_null(), Action.undoes.is_null(), Action.rows > 0)
        .order_by(Action.id.desc())
        .first()
    )


def last_redoable(seat: str) -> Action | None:
    """The seat's newest undo that nothing else has followed."""
    undo = (
        Action.select()
        .where(Action.seat == seat, Action.undone_by.is_null(), Action.undoes.is_null(False))
        .order_by(Action.id.desc())
        .first()
    )
    if undo is None:
        return None
    later = Action.select().where(
        Action.seat == seat,
        Action.id > undo.id,
        Action.undoes.is_null(),
        Action.redoes.is_null(),
        Action.rows > 0,
    )
    return None if later.exists() else undo


def why_not(action: Action, schema: str) -> tuple[str, str]:
    """Why an action of this seat may never be undone, with what to do; ('', '') where it may."""
    if action.final:
        return f"“{action.kind}”已经对外生效，不能撤销。", "请用作废、延期等相应的法定步骤处理。"
    if action.schema != schema:
        return f"“{action.kind}”是程序升级以前做的，不能撤销。", "请直接修改记录。"
    return "", ""


def revert(tx: Transaction, action: Action, schema: str, doing: str = "撤销", kind: str = "") -> None:
    """Write the opposite of ``action`` into ``tx``; ``doing`` and ``kind`` name it to the user.

    Raises Refused for what has left the office, for an action from before a migration, where the present differs
    from what the action left behind, and where other records stand in the way.
    """
    refusal = why_not(action, schema)
    if refusal[0]:
        raise Refused(*refusal)
    kind = kind or action.kind
    _refuse_settled(action, f"{doing}“{kind}”")
    merging = _merges(action)
    try:
        entries = ChangeLog.select().where(ChangeLog.action == action.id).order_by(ChangeLog.id.desc())
        for (table, way), run in itertools.groupby(entries.iterator(), _way):
            if way == "cells":
                for entry in run:
                    _revert_entry(tx, entry, f"{doing}“{kind}”", merging)
            else:
                _revert_run(
                    tx, table_named(table), list(run), tx.now if way == "new" else None, f"{doing}“{kind}”"
                )
    except peewee.IntegrityError as exc:
        raise Refused(
            f"不能{doing}“{kind}”：后来已有相同的记录。", "请先处理后来的那一条，或直接修改记录。"
        ) from exc
    for table, ids in tx.changes.rows.items():
        for chunk in _chunks(sorted(ids)):
            _refuse_loose_ends(table_named(table), chunk, f"{doing}“{kind}”")


def _refuse_settled(action: Action, doing: str) -> None:
    """Refuse where a touched record, or the one it belongs to, has come so far that nobody may edit it any more."""
    touched: dict[type[Record], set[int]] = {}
    merging = _merges(action)
    for entry in ChangeLog.select().where(ChangeLog.action == action.id).iterator():
        model = table_named(entry.table)
        if merging and _only_references(model, entry):
            _refuse_settled_since(model, entry, doing)
        else:
            touched.setdefault(model, set()).add(entry.row)
    for model, keys in touched.items():
        owner = model._meta.fields[model.owner] if model.owner else None
        for chunk in _chunks(sorted(keys)):
            mine = model.id.in_(chunk)
            if model.guard is not Record.guard:
                _refuse_guarded(model.select().where(mine), doing)
            if owner is not None and owner.rel_model.guard is not Record.guard:
                keeper = owner.rel_model
                _refuse_guarded(keeper.select().where(keeper.id.in_(model.select(owner).where(mine))), doing)


def _merges(action: Action) -> bool:
    """Whether an action merged two records, or took that back: it moves references, whatever state the rows are in."""
    mine = ChangeLog.select().where(ChangeLog.action == action.id, ChangeLog.table == Merged._meta.table_name)
    return bool(mine.exists())


def _only_references(model: type[Record], entry: ChangeLog) -> bool:
    names = json.loads(entry.after)
    return not entry.created and all(isinstance(model._meta.fields[n], peewee.ForeignKeyField) for n in names)


def _refuse_settled_since(model: type[Record], entry: ChangeLog, doing: str) -> None:
    """Refuse where a row was settled (issued …) after the merge: its frozen words tell of the survivor."""
    if model.guard is Record.guard:
        return
    record = model.get_by_id(entry.row)
    reason = record.guard("edit")
    if not reason:
        return
    later = ChangeLog.select().where(
        ChangeLog.table == entry.table, ChangeLog.row == entry.row, ChangeLog.action > entry.action_id
    )
    for change in later.order_by(ChangeLog.id.desc()):
        for name, value in json.loads(change.before).items():
            setattr(record, name, model._meta.fields[name].python_value(value))
    if not record.guard("edit"):
        raise Refused(f"不能{doing}：{reason}")


def _refuse_guarded(records: Any, doing: str) -> None:
    for record in records:
        reason = record.guard("edit")
        if reason:
            raise Refused(f"不能{doing}：{reason}")


def _refuse_wrong(draft: Draft, doing: str) -> None:
    """Refuse to bring back columns that a rule forbids now, since other records have come to rely on the present."""
    if "removed_at" in draft.values:
        return
    problems = Problems()
    draft.model.check(draft, problems)
    for problem in problems.errors:
        if problem.field in draft.values:
            raise Refused(f"不能{doing}：{problem.message}。", "请打开这条记录直接修改。")


def _way(entry: ChangeLog) -> tuple[str, str]:
    """The table of an entry and how it is taken back: ``new`` rows and ``gone`` ones go in runs, the rest by cells."""
    if entry.created:
        return entry.table, "new"
    gone = entry.before == '{"removed_at": null}' and entry.after.startswith('{"removed_at": "')
    return entry.table, "gone" if gone else "cells"


def _revert_run(
    tx: Transaction, model: type[Record], entries: list[ChangeLog], at: dt.datetime | None, doing: str
) -> None:
    """Remove the rows an action made, or bring back those it removed, as _revert_entry would one by one."""
    for start in range(0, len(entries), 400):
        part = entries[start : start + 400]
        found = {r.id: r for r in model.select().where(model.id.in_([e.row for e in part]))}
        for entry in part:
            record, after = found.get(entry.row), json.loads(entry.after)
            if record is None or stored(record, after) != after:
                name = record.label() if record is not None else title_of(model)
                raise Refused(f"“{name}”后来又改过，不能{doing}。", "请打开这条记录直接修改。")
        tx.mark_removed(model, [found[e.row] for e in part], at)


def _revert_entry(tx: Transaction, entry: ChangeLog, doing: str, merging: bool) -> None:
    model = table_named(entry.table)
    record = model.get_or_none(model.id == entry.row)
    after = json.loads(entry.after)
    if record is None or stored(record, after) != after:
        name = record.label() if record is not None else title_of(model)
        raise Refused(f"“{name}”后来又改过，不能{doing}。", "请打开这条记录直接修改。")
    if entry.created:
        tx.update(record, removed_at=tx.now)
        return
    before = json.loads(entry.before)
    values = {name: model._meta.fields[name].python_value(value) for name, value in before.items()}
    if not (merging and _only_references(model, entry)):
        _refuse_wrong(Draft(model, values, record, tx.today), doing)
    tx.update(record, **values)


def _refuse_loose_ends(model: type[Record], ids: list[int], doing: str) -> None:
    """Refuse to leave a live record that stands on, or belongs to, a removed one."""
    gone = model.select(model.id).where(model.id.in_(ids), model.removed_at.is_null(False))
    for child, foreign in pointing_tables(model):
        row = child.live().where(foreign.in_(gone)).first()
        if row is not None:
            label = model.get_by_id(row.__data__[foreign.name]).label()
            raise Refused(f"“{label}”后来又有了{title_of(child)}，不能{doing}。", "请先处理那些记录。")
    for foreign in model._meta.refs:
        target = foreign.rel_model.alias()
        row = (
            model.live()
            .join(target, on=(foreign == target.id))
            .where(model.id.in_(ids), target.removed_at.is_null(False))
            .first()
        )
        if row is not None:
            label = getattr(row, foreign.name).label()
            raise Refused(f"“{row.label()}”所指的“{label}”已移除，不能{doing}。", "请先恢复它。")


def _chunks(ids: list[int], size: int = 5_000) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
