"""A ledger from before the dated supply facts keeps each canteen's supply, contractor and diners in all stretches."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from models.core.ledger import FILE_NAME
from models.core.schema import schema_findings
from models.director_rule import DirectorRule
from models.enterprise import Enterprise, EnterpriseState
from models.opening import open_office
from models.safety_staff import TRAINING_HOURS
from models.threshold import Threshold
from tests.upgrades.older import older_ledger

STEP = "0004_staff_training_routines"
#: Table and rows of the older ledger.
ROWS: dict[str, list[dict[str, object]]] = {
    "party": [{"name": "示例学校"}, {"name": "示例承包"}],
    "area": [{"name": "昌江区", "level": "district"}, {"name": "新枫街道", "level": "township"}],
    "enterprise": [
        {"name": "示例食堂", "party_id": 1, "contractor_id": 2, "supply_mode": "contracted", "diners": 640},
        {"name": "示例面馆", "party_id": 1},
    ],
    "enterprise_state": [
        {"enterprise_id": 1, "valid_from": "1900-01-01", "valid_to": "2023-12-31", "status": "open"},
        {"enterprise_id": 1, "valid_from": "2024-01-01", "status": "suspended"},
        {"enterprise_id": 2, "valid_from": "1900-01-01", "status": "open"},
    ],
    "action": [{"kind": "建立台账", "at": "2024-01-01 08:00:00", "schema": "0003"}],
    "threshold": [{"kind": "responsibility", "code": "x", "valid_from": "2022-01-01"}],
}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The folder of a ledger made by the steps before this one."""
    return older_ledger(tmp_path, STEP, ROWS)


def test_all_stretches_take_over_what_the_enterprise_had(older: Path) -> None:
    ledger = open_office(older)
    found = [
        (s.enterprise_id, s.supply_mode, s.contractor_id, s.diners)
        for s in EnterpriseState.live().order_by(EnterpriseState.id)
    ]
    assert found == [(1, "contracted", 2, 640), (1, "contracted", 2, 640), (2, None, None, None)]
    assert [e.name for e in Enterprise.live().order_by(Enterprise.id)] == ["示例食堂", "示例面馆"]
    assert ledger.check() == []
    assert schema_findings(ledger.path) == []
    assert DirectorRule.live().exists()
    assert Threshold.get(Threshold.code == TRAINING_HOURS).value == 40
    ledger.close()
    ledger = open_office(older)  # what came along once does not come again
    assert Threshold.select().where(Threshold.code == TRAINING_HOURS).count() == 1
    ledger.close()


def test_foreign_keys_hold_after_the_step(older: Path) -> None:
    open_office(older).close()
    with contextlib.closing(sqlite3.connect(older / FILE_NAME)) as conn:
        conn.execute("PRAGMA foreign_keys = 1")
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute("DELETE FROM enterprise WHERE id = 1")
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute("UPDATE enterprise_state SET contractor_id = 99 WHERE id = 1")
