"""The check of a ledger on a PostgreSQL server: rows, links and indexes whole, the schema ours. Knows no table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import peewee
from playhouse.migrations import Runner

from models.core import files
from models.core.schema import version_findings

Shape = dict[tuple[str, str], object]
_WORDS = {"table": "表", "column": "列", "index": "索引", "link": "关联"}


def check_server(db: Any) -> list[str]:
    """Whether every table can be read, every index is valid and every reference leads somewhere; Chinese findings."""
    found = []
    for name, table in db.execute_sql(
        "SELECT i.relname, t.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE n.nspname = current_schema() AND NOT x.indisvalid"
    ).fetchall():
        found.append(f"{table} 的索引 {name} 没有建好，请管理员执行 REINDEX")
    for table in db.get_tables():
        try:
            db.execute_sql(f'SELECT COUNT(t.*) FROM "{table}" t').fetchone()
        except peewee.DatabaseError as exc:
            found.append(f"表 {table} 不能读取：{str(exc).strip().splitlines()[0]}")
            continue
        for key in db.get_foreign_keys(table):
            (count,) = db.execute_sql(
                f'SELECT COUNT(*) FROM "{table}" c WHERE c."{key.column}" IS NOT NULL AND NOT EXISTS'
                f' (SELECT 1 FROM "{key.dest_table}" p WHERE p."{key.dest_column}" = c."{key.column}")'
            ).fetchone()
            if count:
                found.append(f"{table} 有{count}条指向的 {key.dest_table} 记录不存在")
    return found


def server_schema_findings(db: Any, names: Sequence[str]) -> list[str]:
    """What of a server's schema differs from a new ledger's, in Chinese; other programs' tables are not looked at."""
    if lines := version_findings(names):
        return lines
    wanted = _fresh_shape()
    tables = {name for kind, name in wanted if kind == "table"}
    found = shape(db, tables)
    lines = [f"缺少{_WORDS[kind]} {name}" for kind, name in wanted if (kind, name) not in found]
    lines += [f"多出{_WORDS[kind]} {name}" for kind, name in found if (kind, name) not in wanted]
    lines += [
        f"{_WORDS[key[0]]} {key[1]} 的结构与程序不一致"
        for key, value in wanted.items()
        if key in found and found[key] != value
    ]
    return lines


def shape(db: Any, tables: set[str] | None = None) -> Shape:
    """Tables, columns, indexes and references as both engines tell them alike."""
    found: Shape = {}
    for table in sorted(set(db.get_tables()) & tables if tables is not None else db.get_tables()):
        found["table", table] = ""
        for column in db.get_columns(table):
            found["column", f"{table}.{column.name}"] = column.null, bool(column.primary_key)
        keys = set(db.get_primary_keys(table))
        for index in db.get_indexes(table):
            if not (set(index.columns) == keys and index.unique):
                partial = '"removed_at" IS NULL' in (index.sql or "") or "(removed_at IS NULL)" in (index.sql or "")
                found["index", index.name] = tuple(index.columns), index.unique, partial
        for key in db.get_foreign_keys(table):
            found["link", f"{table}.{key.column}"] = key.dest_table
    return found


def _fresh_shape() -> Shape:
    with TemporaryDirectory(prefix="shian-schema-") as folder:
        db = peewee.SqliteDatabase(str(Path(folder) / "fresh.db"), pragmas={"synchronous": "off"})
        try:
            Runner(db, str(files.MIGRATIONS)).up()
            return shape(db)
        finally:
            db.close()
