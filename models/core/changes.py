"""The change log: actions, their before and after images, and undo as a new action. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import peewee

from models.core.errors import Conflict, Refused
from models.core.record import TABLES, Record, database, depending_tables, owned_tables


class Action(peewee.Model):
    """One user action: everything it changed commits together and is undone together."""

    id = peewee.AutoField()
    kind = peewee.CharField(max_length=60)
    actor = peewee.CharField(max_length=60)
    seat = peewee.CharField(max_length=120, index=True)
    at = peewee.DateTimeField()
    schema = peewee.CharField(max_length=60)
    #: What has left the office cannot be undone, only reversed by its own legal step.
    final = peewee.BooleanField(default=False)
    undoes = peewee.IntegerField(null=True)
    redoes = peewee.IntegerField(null=True)
    undone_by = peewee.IntegerField(null=True)
    rows = peewee.IntegerField(default=0)

    class Meta:
        database = database
        legacy_table_names = False


class ChangeLog(peewee.Model):
    """One row touched by an action; ``before`` and ``after`` are JSON objects of the touched columns."""

    action = peewee.ForeignKeyField(Action, backref="entries", on_delete="RESTRICT")
    table = peewee.CharField(max_length=60)
    row = peewee.IntegerField()
    created = peewee.BooleanField(default=False)
    before = peewee.TextField(default="{}")
    after = peewee.TextField(default="{}")

    class Meta:
        database = database
        legacy_table_names = False
        indexes = ((("table", "row"), False),)


@dataclass
class Changes:
    """What an action changed: table names with the ids of their rows. Views decide whether it concerns them."""

    action_id: int = 0
    kind: str = ""
    rows: dict[str, set[int]] = field(default_factory=dict)

    def touches(self, *tables: str) -> bool:
        """Whether any of the tables changed."""
        return any(name in self.rows for name in tables)


def table_named(name: str) -> type[Record]:
    """The model of a table name."""
    return next(model for model in TABLES if model._meta.table_name == name)


def encode(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Record):
        return value.id
    return value


def stored(record: Record, names: Iterable[str]) -> dict[str, Any]:
    """The named columns of a record as JSON can hold them."""
    return {name: encode(record.__data__.get(name)) for name in names}


class Transaction:
    """The only way rows are written: every call is logged with its before and after image."""

    def __init__(self, action: Action, now: dt.datetime, today: dt.date) -> None:
        self.action, self.now, self.today = action, now, today
        self.changes = Changes(action.id, action.kind)

    def _log(
        self, record: Record, before: dict[str, Any], after: dict[str, Any], created: bool = False
    ) -> None:
        table = record._meta.table_name
        ChangeLog.insert(
            action=self.action.id,
            table=table,
            row=record.id,
            created=created,
            before=json.dumps(before, ensure_ascii=False),
            after=json.dumps(after, ensure_ascii=False),
        ).execute()
        self.changes.rows.setdefault(table, set()).add(record.id)

    def insert(self, model: type[Record], **columns: Any) -> Any:
        """Store a new row; returns the record."""
        record = model(**columns)
        record.save(force_insert=True)
        self._log(
            record, {}, stored(record, [n for n in record.__data__ if n not in ("id", "version")]), True
        )
        return record

    def insert_many(self, model: type[Record], rows: list[dict[str, Any]], batch: int = 400) -> list[int]:
        """Store many new rows, all with the same columns; returns their ids in order. Search columns are the
        caller's to fill."""
        table = model._meta.table_name
        ids: list[int] = []
        for start in range(0, len(rows), batch):
            part = [{"uid": model.uid.default(), **row} for row in rows[start : start + batch]]
            query = model.insert_many(part).returning(model.id, model.uid)
            by_uid = {uid: row_id for row_id, uid in query.tuples().execute()}
            ids += [by_uid[row["uid"]] for row in part]
            ChangeLog.insert_many(
                [
                    {
                        "action": self.action.id,
                        "table": table,
                        "row": by_uid[row["uid"]],
                        "created": True,
                        "before": "{}",
                        "after": json.dumps({k: encode(v) for k, v in row.items()}, ensure_ascii=False),
                    }
                    for row in part
                ]
            ).execute()
        self.changes.rows.setdefault(table, set()).update(ids)
        return ids

    def update(self, record: Record, **columns: Any) -> Any:
        """Change columns of a row. Raises Conflict where somebody else changed it since it was read."""
        model = type(record)
        changed = {n: v for n, v in columns.items() if encode(v) != encode(record.__data__.get(n))}
        if not changed:
            return record
        before = stored(record, changed)
        count = (
            model.update(version=record.version + 1, **changed)
            .where(model.id == record.id, model.version == record.version)
            .execute()
        )
        if not count:
            raise Conflict(
                f"“{record.label()}”已被别处改过。", "请重新打开这条记录，核对后再改；您填写的内容还在。"
            )
        for name, value in changed.items():
            setattr(record, name, value)
        record.version += 1
        self._log(record, before, stored(record, changed))
        return record

    def remove(self, record: Record) -> None:
        """Take a record and what belongs to it out of the live rows (restorable).

        Raises Refused where its state forbids it or other records stand on it.
        """
        reason = record.guard("remove")
        if reason:
            raise Refused(reason)
        for child, foreign in depending_tables(type(record)):
            count = child.live().where(foreign == record.id).count()
            if count:
                title = child.title or getattr(child, child.owner).rel_model.title
                raise Refused(
                    f"“{record.label()}”还有{count}条相关的{title}，不能移除。",
                    "请先处理这些记录，或改为停用。",
                )
        self._set_removed(record, self.now)

    def restore(self, record: Record) -> None:
        """Bring a removed record back, with what was removed together with it."""
        if record.removed_at is not None:
            self._set_removed(record, None, record.removed_at)

    def _set_removed(self, record: Record, at: dt.datetime | None, was: dt.datetime | None = None) -> None:
        for child, foreign in owned_tables(type(record)):
            mine = child.select().where(foreign == record.id)
            mine = mine.where(child.removed_at.is_null() if at else child.removed_at == was)
            for row in mine:
                self._set_removed(row, at, was)
        try:
            self.update(record, removed_at=at)
        except peewee.IntegrityError as exc:
            raise Refused(f"“{record.label()}”不能恢复：已有相同的记录。", "请先改正现有的那一条。") from exc


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


def revert(tx: Transaction, action: Action, schema: str) -> None:
    """Write the opposite of ``action`` into ``tx``.

    Raises Refused for what has left the office, for an action from before a migration, and where the present
    differs from what the action left behind.
    """
    if action.final:
        raise Refused(f"“{action.kind}”已经对外生效，不能撤销。", "请用作废、延期等相应的法定步骤处理。")
    if action.schema != schema:
        raise Refused(f"“{action.kind}”是程序升级以前做的，不能撤销。", "请直接修改记录。")
    for entry in action.entries.order_by(ChangeLog.id.desc()):
        model = table_named(entry.table)
        record = model.get_or_none(model.id == entry.row)
        after = json.loads(entry.after)
        if record is None or stored(record, after) != after:
            name = record.label() if record is not None else entry.table
            raise Refused(f"“{name}”后来又改过，不能撤销“{action.kind}”。", "请打开这条记录直接修改。")
        if entry.created:
            tx.update(record, removed_at=tx.now)
        else:
            before = json.loads(entry.before)
            values = {name: model._meta.fields[name].python_value(value) for name, value in before.items()}
            tx.update(record, **values)


def history(record: Record, limit: int = 50) -> Iterator[tuple[Action, ChangeLog]]:
    """The newest changes of a record, newest first."""
    query = (
        ChangeLog.select(ChangeLog, Action)
        .join(Action)
        .where(ChangeLog.table == record._meta.table_name, ChangeLog.row == record.id)
        .order_by(ChangeLog.id.desc())
        .limit(limit)
    )
    for entry in query:
        yield entry.action, entry


@contextmanager
def transaction(
    kind: str,
    *,
    actor: str,
    seat: str,
    schema: str,
    now: dt.datetime,
    today: dt.date,
    final: bool = False,
    undoes: int | None = None,
    redoes: int | None = None,
) -> Iterator[Transaction]:
    """One action inside one immediate database transaction; nothing stays of it where an error leaves the block."""
    db = database.obj
    begin = db.atomic("IMMEDIATE") if isinstance(db, peewee.SqliteDatabase) else db.atomic()
    with begin:
        action = Action.create(
            kind=kind,
            actor=actor,
            seat=seat,
            at=now,
            schema=schema,
            final=final,
            undoes=undoes,
            redoes=redoes,
        )
        tx = Transaction(action, now, today)
        yield tx
        action.rows = sum(len(ids) for ids in tx.changes.rows.values())
        if action.rows:
            action.save()
        else:
            action.delete_instance()
