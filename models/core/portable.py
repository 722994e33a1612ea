"""A whole ledger carried between PostgreSQL and a SQLite file, row by row. Knows no table.

A backup of either kind is thereby the same file: checked by the same code, restored on either engine, readable
without a server of the same version. (``pg_dump`` would need the server's own version on every desk.)
"""

from __future__ import annotations

import datetime as dt
import decimal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from models.core import files
from models.core.errors import KnownError, LedgerCorrupt, LedgerError

HISTORY = "schema_migration"
#: Rows held in memory at a time.
BATCH = 2_000


def copy_to_file(db: Any, names: Sequence[str], target: Path) -> None:
    """Write a server's ledger of the migrations ``names`` into a ledger file, as of one moment, and check it.

    It takes the place of an existing target only when whole. Raises LedgerError.
    """
    if not names:
        raise LedgerError("数据库里还没有台账，没有可以备份的。")
    files.refuse_newer(list(names), target)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(21, "", str(target))
        part.unlink(missing_ok=True)
        _new_file(part, names)
        with closing(sqlite3.connect(part, isolation_level=None)) as file:
            file.execute("BEGIN")
            with db.atomic("REPEATABLE READ"):
                for table in tables_of(file):
                    _copy_table(db, file, table)
            file.execute("COMMIT")
        problems = files.check_database(part)
        if problems:
            raise LedgerCorrupt(f"备份没有通过检查：{problems[0]}。", "请运行 check 查看台账，旧备份仍然保留。")
        part.replace(target)
    except sqlite3.Error as exc:
        raise files.explain(exc, target) from exc
    except OSError as exc:
        raise files.os_error(f"不能写入 {target}", exc) from exc
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def load_from_file(source: Path, db: Any) -> None:
    """Put a sound ledger file's content in the place of what a server's database holds; all of it or nothing."""
    with files.plain_connection(source) as file:
        names = files.applied_migrations(source)
        order = tables_of(file)
        with db.atomic():
            _drop_all(db)
            Runner(db, str(files.MIGRATIONS)).up(names[-1])
            from models.core.postgres import compare_by_code_point

            compare_by_code_point(db)
            for table in order:
                _load_table(file, db, table)
                db.execute_sql(f'ANALYZE "{table}"')


def tables_of(file: sqlite3.Connection) -> list[str]:
    """A ledger file's tables, those that others refer to first; the history of migrations included."""
    names = [
        row[0]
        for row in file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        )
    ]
    graph = {
        name: {row[2] for row in file.execute(f'PRAGMA foreign_key_list("{name}")')} - {name} for name in names
    }
    return list(TopologicalSorter(graph).static_order())


def _new_file(path: Path, names: Sequence[str]) -> None:
    """An empty ledger file of the schema that some migrations make."""
    db = peewee.SqliteDatabase(str(path), pragmas={"synchronous": "off", "journal_mode": "delete"})
    try:
        db.execute_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
        Runner(db, str(files.MIGRATIONS)).up(names[-1])
    finally:
        db.close()
    with closing(sqlite3.connect(path)) as file, file:
        for table in tables_of(file):  # what a migration itself filled is copied like the rest
            file.execute(f'DELETE FROM "{table}"')


def _columns(file: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in file.execute(f'PRAGMA table_info("{table}")')]


def _copy_table(db: Any, file: sqlite3.Connection, table: str) -> None:
    columns = _columns(file, table)
    there = {column.name for column in db.get_columns(table)}
    if lacking := [name for name in columns if name not in there]:
        raise LedgerCorrupt(f"数据库的表 {table} 缺少 {'、'.join(lacking)}。", "请运行 check，并联系维护人员。")
    marks = ", ".join("?" * len(columns))
    insert = f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({marks})'
    with db.connection().cursor(name="shian_copy") as cursor:
        cursor.itersize = BATCH
        cursor.execute(f'SELECT {_quoted(columns)} FROM "{table}" ORDER BY 1')
        while rows := cursor.fetchmany(BATCH):
            file.executemany(insert, [tuple(map(_plain, row)) for row in rows])


def _plain(value: Any) -> Any:
    """A value as Peewee stores it in SQLite."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.date | dt.time | decimal.Decimal):
        return str(value)
    return value


def _load_table(file: sqlite3.Connection, db: Any, table: str) -> None:
    columns = _columns(file, table)
    conn = db.connection()
    db.execute_sql(f'DELETE FROM "{table}"')  # what a migration itself filled
    try:
        with conn.cursor() as cursor, cursor.copy(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN') as out:
            for row in _rows(file, table, columns):
                out.write_row(row)
    except Exception as exc:
        if isinstance(exc, KnownError) or getattr(exc, "sqlstate", None) is None:
            raise
        said = str(exc).strip().splitlines()[0]
        raise LedgerError(f"表 {table} 的内容搬不进数据库（{said}），没有恢复。", "数据库保持原样。") from exc
    if "id" in columns:
        db.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'),"
            f' (SELECT COALESCE(MAX("id"), 0) + 1 FROM "{table}"), false)'
        )


def _rows(file: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[Any]:
    cursor = file.execute(f'SELECT {_quoted(columns)} FROM "{table}" ORDER BY 1')
    while rows := cursor.fetchmany(BATCH):
        yield from rows


def _drop_all(db: Any) -> None:
    """Take the ledger's tables out of the database; those of another program in the same schema are left alone."""
    with_ledger = db.table_exists(HISTORY)
    if not with_ledger:
        return
    from models.core.schema import fresh_tables

    there = set(db.get_tables())
    for table in fresh_tables():
        if table in there:
            db.execute_sql(f'DROP TABLE "{table}" CASCADE')


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
