"""A step written by scripts/new_migration.py works on either engine, on a ledger with records."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.core import files
from models.enterprise import Party
from models.opening import open_office

ROOT = Path(__file__).resolve().parents[3]
WRITE = """
import sys
from pathlib import Path
sys.path.insert(0, "scripts")
import new_migration
import models.registers
from models.core.fields import Bool, Choice, Date, Number, Ref, Text
from models.core.record import Entry
from models.enterprise import Party

class Complaint(Entry):
    name = Text("名称", search=True, sort="name_key")
    party = Ref(Party, "当事人")
    told_on = Date("日期", required=True)
    urgent = Bool("紧急")
    amount = Number("金额")
    live_indexes = ((("told_on", "party"), True),)

Party._meta.add_field("colour", Text("颜色", max_length=20))
Party._meta.add_field("seen_on", Date("日期"))
new_migration.main("complaints", Path(sys.argv[1]))
"""


def test_a_new_step_works_on_either_engine(office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.party(name="示例当事人")
    office.ledger.close()
    folder = tmp_path / "models" / "migrations"
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    shutil.copytree(files.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-c", WRITE, str(folder)], cwd=ROOT, check=True, timeout=120)
    (made,) = folder.glob("*_complaints.py")
    monkeypatch.setattr(files, "MIGRATIONS", folder)
    ledger = open_office(office.ledger.folder)
    try:
        assert ledger.schema == made.stem
        assert [p.name for p in Party.live()] == ["示例当事人"]
        rows = ledger.db.execute_sql('SELECT "colour", "seen_on" FROM "party"').fetchall()
        assert [tuple(row) for row in rows] == [("", None)]
        assert {i.name for i in ledger.db.get_indexes("complaint")} >= {"complaint_live_1", "complaint_live_2"}
        (kept,) = (ledger.folder / "backups").glob("before-migration-*.db")
        assert files.applied_migrations(kept) == sorted(p.stem for p in folder.glob("[0-9]*.py"))[:-1]
        assert ledger.check() == []
    finally:
        ledger.close()
