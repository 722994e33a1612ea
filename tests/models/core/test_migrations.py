"""The schema that the migrations make is the one the models declare."""

from __future__ import annotations

from typing import Any

import pytest
from playhouse.schema_diff import diff_models

import models.registers  # noqa: F401  (every table)
from models.core import files
from models.core.changes import Action, ChangeLog
from models.core.record import TABLES, live_index_sql
from models.enterprise import Party


def test_migrations_make_the_schema_of_the_models(office: Any) -> None:
    tables = [Action, ChangeLog, *(m for m in TABLES if m.__module__.startswith("models."))]
    # The comparison knows nothing of indexes over live rows: these are looked at below.
    lines = str(diff_models(office.ledger.db, tables)).splitlines()
    assert [line for line in lines if line.strip() and "_live_" not in line] == []
    wanted = {sql.split('"')[1]: sql for model in tables[2:] for sql in live_index_sql(model)}
    if office.ledger.engine.title == "SQLite":
        there = {
            name: " ".join(sql.split())
            for name, sql in office.ledger.db.execute_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
            )
            if sql and "removed_at" in sql
        }
        assert there == wanted
    else:
        found = [index for model in tables[2:] for index in office.ledger.db.get_indexes(model._meta.table_name)]
        assert {index.name for index in found if "(removed_at IS NULL)" in index.sql} == set(wanted)
    assert office.ledger.engine.schema_findings() == []


def test_frozen_migrations_stand_alone() -> None:
    for path in files.MIGRATIONS.glob("[0-9]*.py"):
        text = path.read_text(encoding="utf-8")
        assert "from models" not in text
        assert "import models" not in text


@pytest.mark.file_bound
def test_no_index_is_missing_on_what_lists_sort_by(office: Any) -> None:
    query = Party.live().select(Party.id).order_by(Party.name_key)
    plan = office.ledger.db.execute_sql("EXPLAIN QUERY PLAN " + query.sql()[0]).fetchall()
    assert "USING" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
