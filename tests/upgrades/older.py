"""Makes a ledger of an older schema with a few rows, as a released program left it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import peewee
from playhouse.migrations import Runner

from models.core import files
from models.core.ledger import FILE_NAME

Rows = Mapping[str, Sequence[Mapping[str, object]]]
#: What stands in columns that may not be empty.
PLAIN: dict[str, object] = {"category": "school_canteen", "area_id": 2, "kind": "organization"}
PLAIN |= dict.fromkeys(("version", "final", "rows", "chain"), 1)


def older_ledger(place: Path, step: str, rows: Rows) -> Path:
    """The folder of a ledger made by the steps before ``step``; what a row does not name is empty or its default."""
    before = max(path.stem for path in files.MIGRATIONS.glob("[0-9]*.py") if path.stem < step)
    folder = place / "office"
    folder.mkdir()
    db = peewee.SqliteDatabase(str(folder / FILE_NAME), pragmas={"foreign_keys": 1})
    db.execute_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
    Runner(db, str(files.MIGRATIONS)).up(before)
    db.close()
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        _fill(conn, rows)
    return folder


def _fill(conn: sqlite3.Connection, tables: Rows) -> None:
    for table, rows in tables.items():
        needed = [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[3] and row[1] != "id"]
        for number, row in enumerate(rows, 1):
            whole = {name: PLAIN.get(name, "") for name in needed} | dict(row)
            if "uid" in whole:
                whole["uid"] = f"{table}{number}"
            marks = ", ".join("?" for _ in whole)
            names = ", ".join(f'"{name}"' for name in whole)
            conn.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(whole.values()))
    conn.commit()
