"""Storing many new rows with their change log by ``executemany``. Knows no file and no topic."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import peewee

from models.core.changes import UNLOGGED, ChangeLog, Transaction, encode
from models.core.record import Record, database

_PLAIN = (peewee.CharField, peewee.TextField, peewee.DateField, peewee.IntegerField)


def insert_rows(tx: Transaction, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Store new rows, what is not named by the column's default; returns their ids in order.

    Values are as the fields keep them; search columns are the caller's to fill. The ids are taken beforehand: the
    transaction holds the write lock.
    """
    if not rows:
        return []
    db = database.obj
    ids = _next_ids(model, len(rows))
    fields = [f for f in model._meta.sorted_fields if f.name not in ("id", "uid")]
    fields.sort(key=lambda f: f.name in UNLOGGED)  # what is logged first: zip with its names stops there
    names, logged = [f.name for f in fields], [f.name for f in fields if f.name not in UNLOGGED]
    fixed = {f.name: f.default for f in fields if f.default is not None and not callable(f.default)}
    made = {f.name: f.default for f in fields if callable(f.default)}
    converters = [(i, c) for i, f in enumerate(fields) if (c := _converter(f)) is not None]
    write = json.JSONEncoder(ensure_ascii=False, default=encode).encode
    uids = os.urandom(16 * len(rows)).hex()
    stored, log = [], []
    for i, row in enumerate(rows):
        whole = {**fixed, **row}
        for name, default in made.items():
            if name not in whole:
                whole[name] = default()
        values = [whole.get(n) for n in names]
        log.append(write(dict(zip(logged, values, strict=False))))
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        stored.append((ids[i], uids[32 * i : 32 * i + 32], *values))
    cursor = db.cursor()
    columns = ["id", "uid", *(f.column_name for f in fields)]
    cursor.executemany(_insert_sql(db, model, columns), stored)
    table = model._meta.table_name
    sql = _insert_sql(db, ChangeLog, ["action_id", "table", "row", "created", "before", "after"])
    cursor.executemany(
        sql, [(tx.action.id, table, key, True, "{}", after) for key, after in zip(ids, log, strict=True)]
    )
    tx.changes.rows.setdefault(table, set()).update(ids)
    return ids


def _converter(field: Any) -> Callable[[Any], Any] | None:
    return (
        None
        if isinstance(field, _PLAIN) and not isinstance(field, peewee.ForeignKeyField)
        else field.db_value
    )


def _insert_sql(db: Any, model: Any, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    marks = ", ".join([db.param] * len(columns))
    return f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'


def _next_ids(model: type[Record], count: int) -> list[int]:
    """Free ids of a table: SQLite numbers from the highest, PostgreSQL from the column's sequence."""
    db, table = database.obj, model._meta.table_name
    if isinstance(db, peewee.SqliteDatabase):
        first = db.execute_sql(f'SELECT COALESCE(MAX("id"), 0) + 1 FROM "{table}"').fetchone()[0]
        return list(range(first, first + count))
    sql = f"SELECT nextval(pg_get_serial_sequence('\"{table}\"', 'id')) FROM generate_series(1, {int(count)})"
    return [row[0] for row in db.execute_sql(sql).fetchall()]
