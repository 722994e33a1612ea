"""Comparison of a ledger file's tables and indexes with those this program makes. Knows no topic table."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import peewee

from models.core.files import MIGRATIONS, applied_migrations, known_migrations, plain_connection

_WORDS = {"table": "表", "index": "索引", "trigger": "触发器", "view": "视图"}


def schema_findings(path: Path) -> list[str]:
    """What of a ledger's schema differs from the program's, in Chinese; empty when all is well.

    The yardstick is a new file made by the program's own migrations. Raises LedgerCorrupt where ``path`` is no ledger.
    """
    if lines := version_findings(applied_migrations(path)):
        return lines
    with plain_connection(path) as conn:
        found = _objects(conn)
    wanted = _fresh()
    lines = [f"缺少{_WORDS[kind]} {name}" for kind, name in wanted if (kind, name) not in found]
    lines += [f"多出{_WORDS[kind]} {name}" for kind, name in found if (kind, name) not in wanted]
    lines += [
        f"{_WORDS[key[0]]} {key[1]} 的结构与程序不一致"
        for key, sql in wanted.items()
        if key in found and found[key] != sql
    ]
    return lines


def version_findings(names: Sequence[str]) -> list[str]:
    """What a ledger that has had the migrations ``names`` lacks of this program's, or has beyond them."""
    known = known_migrations()
    if list(names) == known:
        return []
    if newer := [name for name in names if name not in known]:
        return [f"结构是更新版本的程序建立的（{'、'.join(newer)}），请升级本程序"]
    missing = [name for name in known if name not in names]
    return [f"结构是旧版的（缺{'、'.join(missing)}），用窗口打开一次即自动升级"]


def fresh_tables() -> list[str]:
    """The names of a new ledger's tables, the history of migrations included."""
    return [name for kind, name in _fresh() if kind == "table"]


def _fresh() -> dict[tuple[str, str], str]:
    """The objects of a new ledger."""
    from playhouse.migrations import Runner

    with TemporaryDirectory(prefix="shian-schema-") as folder:
        path = Path(folder) / "fresh.db"
        db = peewee.SqliteDatabase(str(path), pragmas={"synchronous": "off", "journal_mode": "memory"})
        try:
            Runner(db, str(MIGRATIONS)).up()
        finally:
            db.close()
        with plain_connection(path) as conn:
            return _objects(conn)


def _objects(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """(kind, name) to the statement without its blanks; SQLite's own tables are left out."""
    rows = conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {(kind, name): re.sub(r"\s+", "", sql or "") for kind, name, sql in rows}
