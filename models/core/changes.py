"""The change log: actions with the before and after images of every row they touch. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import peewee

from models.core import search, statements
from models.core.errors import Conflict, Refused
from models.core.merged import survivor_of
from models.core.record import TABLES, Entry, Record, database, depending_tables, owned_tables, refs


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

    id = peewee.AutoField()
    action = peewee.ForeignKeyField(Action, backref="entries", on_delete="RESTRICT")
    action_id: int
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


_PLAIN = (str, int, bool)


def encode(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    if value is None or type(value) in _PLAIN:
        return value
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
    """The only way rows are written: every call is logged with its before and after image.

    Search columns follow from the rest of a row and are kept up to date here, unlogged.
    """

    def __init__(self, action: Action, now: dt.datetime, today: dt.date) -> None:
        self.action, self.now, self.today = action, now, today
        self.changes = Changes(action.id, action.kind)
        self._owners: set[tuple[type[Record], int]] = set()
        self._versioned: set[tuple[type[Record], int]] = set()

    def make_final(self) -> None:
        """Mark the action as one that left the office: it cannot be undone."""
        self.action.final = True

    def _log(
        self, record: Record, before: dict[str, Any], after: dict[str, Any], created: bool = False
    ) -> None:
        table = record._meta.table_name
        images = (_to_json(before), _to_json(after))
        statements.insert(ChangeLog, _LOGGED, (self.action.id, table, record.id, created, *images))
        self._note(record, record.__data__)

    def _note(self, record: Record, columns: Mapping[str, Any]) -> None:
        self.changes.rows.setdefault(record._meta.table_name, set()).add(record.id)
        self._versioned.add((type(record), record.id))
        key = columns.get(record.owner) if record.owner else None
        if key is not None:
            self._owners.add((record._meta.fields[record.owner].rel_model, key))

    def insert(self, model: type[Record], **columns: Any) -> Any:
        """Store a new row; returns the record."""
        record = model(**_clean(model, columns))
        if issubclass(model, Entry):
            record.__data__.update(search.search_columns(model, record.__data__))
        record.id = statements.insert_record(record)
        self._log(record, {}, stored(record, logged_names(model)), True)
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
            # One prepared statement: the log of an import costs less than the import.
            marks = ", ".join([database.param] * 6)
            database.cursor().executemany(
                f'INSERT INTO "change_log" ("action_id", "table", "row", "created", "before", "after") '
                f"VALUES ({marks})",
                [
                    (
                        self.action.id,
                        table,
                        by_uid[row["uid"]],
                        True,
                        "{}",
                        json.dumps(_image(model, row), ensure_ascii=False),
                    )
                    for row in part
                ],
            )
        self.changes.rows.setdefault(table, set()).update(ids)
        return ids

    def update(self, record: Record, **columns: Any) -> Any:
        """Change columns of a row. Raises Conflict where somebody else changed it since it was read."""
        model = type(record)
        changed, before, after = _compared(record, columns)
        if not changed:
            return record
        derived = _derived(record, changed)
        if not statements.update(model, record.id, record.version, {**changed, **derived}):
            raise _conflict(record)
        record.take(changed)
        record.__data__.update(derived, version=record.version + 1)
        self._log(record, before, after)
        return record

    def update_many(self, rows: Iterable[tuple[Record, Mapping[str, Any]]]) -> None:
        """``update`` for rows of one table, written together; the records in hand stay as they are.

        Raises Conflict where one was changed since it was read.
        """
        writes, log = [], []
        for record, columns in rows:
            changed, before, after = _compared(record, columns)
            if changed:
                writes.append((record, {**changed, **_derived(record, changed)}))
                table, images = record._meta.table_name, (_to_json(before), _to_json(after))
                log.append((self.action.id, table, record.id, False, *images))
                self._note(record, changed if record.owner in changed else record.__data__)
        for names, part in itertools.groupby(writes, key=lambda row: tuple(row[1])):
            self._write_same(names, list(part))
        statements.insert_many(ChangeLog, _LOGGED, log)

    def _write_same(self, names: Sequence[str], rows: Sequence[tuple[Record, Mapping[str, Any]]]) -> None:
        """Change the same columns of some rows of one table."""
        model = type(rows[0][0])
        wanted = ((*values.values(), record.id, record.version) for record, values in rows)
        if statements.update_many(model, names, wanted) != len(rows):
            now = {r.id: r.version for r in statements.read(model, "id", [r.id for r, _ in rows])}
            raise _conflict(next(r for r, _ in rows if now.get(r.id) != r.version + 1))

    def changed_itself(self, model: type[Record], key: int) -> bool:
        """Whether this action changed a record or what belongs to it."""
        return (model, key) in self._versioned or (model, key) in self._owners

    def owner_changed(self, record: Record) -> bool:
        """Whether this action changed lines, links or facts of the record."""
        return (type(record), record.id) in self._owners

    def touch(self, record: Record) -> None:
        """Give the record a new version because what belongs to it changed; nothing where it already has one."""
        if (type(record), record.id) not in self._versioned:
            self._raise_versions(type(record), [record.id])
            record.version += 1

    def finish(self) -> None:
        """Give every owner of changed lines, links and facts a new version, so that a form opened before is told."""
        owners: dict[type[Record], list[int]] = {}
        for model, key in self._owners - self._versioned:
            owners.setdefault(model, []).append(key)
        for model, keys in owners.items():
            self._raise_versions(model, sorted(keys))

    def _raise_versions(self, model: type[Record], keys: list[int]) -> None:
        for start in range(0, len(keys), 400):
            model.update(version=model.version + 1).where(model.id.in_(keys[start : start + 400])).execute()
        self.changes.rows.setdefault(model._meta.table_name, set()).update(keys)
        self._versioned.update((model, key) for key in keys)

    def remove(self, record: Record) -> None:
        """Take a record and what belongs to it out of the live rows (restorable).

        Raises Refused where its state forbids it or other records stand on it.
        """
        if record.removed_at is not None:
            return
        reason = record.guard("remove")
        if reason:
            raise Refused(reason)
        self._refuse_dependents(record, record.label())
        self._set_removed(record, self.now)
        record.after_remove(self)

    def mark_removed(self, model: type[Record], records: Sequence[Record], at: dt.datetime | None) -> None:
        """Set when rows of one table were removed (None: they are live), all together and without a question.

        For taking back an action of thousands of rows; ``remove`` and ``restore`` are what a person does.
        """
        table = model._meta.table_name
        value = encode(_clean(model, {"removed_at": at})["removed_at"])
        after = json.dumps({"removed_at": value})
        for start in range(0, len(records), 400):
            part = records[start : start + 400]
            ids = [r.id for r in part]
            model.update(removed_at=at, version=model.version + 1).where(model.id.in_(ids)).execute()
            ChangeLog.insert_many(
                [
                    {
                        "action": self.action.id,
                        "table": table,
                        "row": r.id,
                        "created": False,
                        "before": json.dumps(stored(r, ["removed_at"])),
                        "after": after,
                    }
                    for r in part
                ]
            ).execute()
            self.changes.rows.setdefault(table, set()).update(ids)
            self._versioned.update((model, key) for key in ids)
            if model.owner:
                target = model._meta.fields[model.owner].rel_model
                keys = (r.__data__.get(model.owner) for r in part)
                self._owners.update((target, key) for key in keys if key is not None)

    def _refuse_dependents(self, record: Record, label: str) -> None:
        for child, foreign in depending_tables(type(record)):
            count = child.live().where(foreign == record.id).count()
            if count:
                raise Refused(
                    f"“{label}”还有{count}条相关的{title_of(child)}，不能移除。",
                    "请先处理这些记录，或改为停用。",
                )
        for child, foreign in owned_tables(type(record)):
            if any(True for _ in depending_tables(child)):
                for row in child.live().where(foreign == record.id):
                    self._refuse_dependents(row, label)

    def restore(self, record: Record) -> None:
        """Bring a removed record back, with what was removed together with it.

        Raises Refused where the same record has been made anew or what it refers to is removed.
        """
        if record.removed_at is None:
            return
        survivor = survivor_of(type(record), record.id)
        if survivor is not None:
            name = type(record).get_by_id(survivor).label()
            raise Refused(f"“{record.label()}”已并入“{name}”，不能单独恢复。", "要分开，请撤销那次合并。")
        for name, ref in refs(type(record)).items():
            target = getattr(record, name)
            if target is not None and target.removed_at is not None:
                raise Refused(
                    f"“{record.label()}”不能恢复：{ref.label}“{target.label()}”已移除。", "请先恢复它。"
                )
        from models.core.saving import duplicate_of  # saving stands on this module

        clash = duplicate_of(record, self.today)
        if clash:
            raise Refused(f"“{record.label()}”不能恢复：{clash}。", "请先改正现有的那一条。")
        try:
            self._set_removed(record, None, record.removed_at)
        except peewee.IntegrityError as exc:
            raise Refused(f"“{record.label()}”不能恢复：已有相同的记录。", "请先改正现有的那一条。") from exc
        record.after_remove(self)

    def _set_removed(self, record: Record, at: dt.datetime | None, was: dt.datetime | None = None) -> None:
        self.update(record, removed_at=at)
        for child, foreign in owned_tables(type(record)):
            mine = child.select().where(foreign == record.id)
            mine = mine.where(child.removed_at.is_null() if at else child.removed_at == was)
            for row in mine:
                self._set_removed(row, at, was)


def _compared(
    record: Record, columns: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The columns that are not as stored, as the database gives them back, and their images before and after."""
    held = record.__data__
    changed, before, after = {}, {}, {}
    for name, value in _clean(type(record), columns).items():
        if name not in UNLOGGED:
            old, new = encode(held.get(name)), encode(value)
            if old != new:
                changed[name], before[name], after[name] = value, old, new
    return changed, before, after


def _derived(record: Record, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The search columns that follow from what changed."""
    model = type(record)
    if not (issubclass(model, Entry) and search.concerns(model, changed)):
        return {}
    return search.search_columns(model, {**record.__data__, **changed}, changed)


def _conflict(record: Record) -> Conflict:
    return Conflict(
        f"“{record.label()}”已被别处改过。", "请重新打开这条记录，核对后再改；您填写的内容还在。"
    )


_to_json = json.JSONEncoder(ensure_ascii=False).encode
_LOGGED = ("action", "table", "row", "created", "before", "after")
#: Columns that follow from others or only count changes: they are not part of an image.
UNLOGGED = frozenset({"id", "uid", "version", "search_text", "name_key", "stroke_key"})


def logged_names(model: type[Record]) -> list[str]:
    """The columns of a table that an image of a new row holds."""
    return [name for name in model._meta.sorted_field_names if name not in UNLOGGED]


def title_of(model: type[Record]) -> str:
    """What a person calls the records of a table; of a line or link table its owner's."""
    if model.title or not model.owner:
        return model.title
    return title_of(model._meta.fields[model.owner].rel_model)


#: Columns that give texts and whole numbers back as they are.
_TEXTS = (peewee.CharField, peewee.TextField)
_NUMBERS = (peewee.ForeignKeyField, peewee.IntegerField)


def _clean(model: type[Record], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns by field name with the values the database gives back, so that images compare with what is stored."""
    found: dict[str, Any] = {}
    for name, value in columns.items():
        field = model._meta.combined[name]
        kind = type(value)
        if (kind is str and isinstance(field, _TEXTS)) or (kind is int and isinstance(field, _NUMBERS)):
            found[field.name] = value
            continue
        value = value.id if isinstance(value, Record) else value
        found[field.name] = None if value is None else field.python_value(field.db_value(value))
    return found


def _image(model: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    """The image of a row stored in bulk."""
    columns = {n: v for n, v in _clean(model, row).items() if n not in UNLOGGED}
    return {"removed_at": None, **{n: encode(v) for n, v in columns.items()}}


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
            at=now.replace(microsecond=0),
            schema=schema,
            final=final,
            undoes=undoes,
            redoes=redoes,
        )
        tx = Transaction(action, now, today)
        yield tx
        tx.finish()
        action.rows = sum(len(ids) for ids in tx.changes.rows.values())
        if action.rows:
            action.save()
        else:
            action.delete_instance()
