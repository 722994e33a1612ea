"""An older ledger is backed up and migrated whole, or stays as it was and usable by the old program."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from models.core import files
from models.core.errors import LedgerError
from models.core.ledger import FILE_NAME, check_database
from models.enterprise import Party
from models.opening import open_office


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with two more migrations, in a folder of its own; the ledger beside it is of today's schema."""
    ledger = open_office(tmp_path / "office")
    with ledger.write("登记") as tx:
        tx.insert(Party, name="示例当事人", kind="organization")
    ledger.close()
    folder = tmp_path / "migrations"
    shutil.copytree(files.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "9001_colour.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('ALTER TABLE party ADD COLUMN colour TEXT')\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(files, "MIGRATIONS", folder)
    return folder


def columns(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return [row[1] for row in conn.execute("PRAGMA table_info(party)")]


def test_an_older_ledger_is_backed_up_and_migrated(later: Path) -> None:
    folder = later.parent / "office"
    ledger = open_office(folder)
    assert ledger.schema == "9001_colour"
    assert ledger.check() == []
    ledger.close()
    assert "colour" in columns(folder / FILE_NAME)
    (backup,) = (folder / "backups").glob("before-migration-*.db")
    assert "colour" not in columns(backup)
    assert check_database(backup) == []


@pytest.mark.parametrize(
    "step",
    [
        "db.execute_sql('CREATE TABLE half (id INTEGER)')\n    raise ValueError('broken')",
        "db.execute_sql('ALTER TABLE party ADD COLUMN colour TEXT')",
        "db.execute_sql('PRAGMA foreign_keys = 0')\n    db.execute_sql('UPDATE area SET parent_id = 999 WHERE id = 2')",
    ],
    ids=["error", "twice", "loose"],
)
def test_a_failing_step_leaves_the_old_file(later: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # SQLite checks foreign keys of a transaction: the loose step turns that off outside of one.
    head = f"atomic = {'PRAGMA' not in step}\n"
    (later / "9002_broken.py").write_text(f"{head}def up(migrator, db):\n    {step}\n", encoding="utf-8")
    folder = later.parent / "office"
    with pytest.raises(LedgerError, match="保持原样"):
        open_office(folder)
    assert "colour" not in columns(folder / FILE_NAME)
    assert check_database(folder / FILE_NAME) == []
    monkeypatch.undo()
    ledger = open_office(folder)
    assert [p.name for p in Party.live()] == ["示例当事人"]
    ledger.close()
