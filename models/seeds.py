"""What a new ledger begins with: the district's areas, thresholds and legal bases. Knows no demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.area import Area
from models.campaign import Campaign
from models.campaign import seed_rows as campaign_rows
from models.checklist import Checklist, ChecklistItem
from models.checklist import seed_rows as checklist_rows
from models.core.changes import Action, Transaction
from models.core.ledger import Ledger
from models.core.record import Record
from models.core.search import search_columns
from models.director_rule import DirectorRule
from models.director_rule import seed_rows as staffing_rows
from models.doubt_rule import DoubtRule
from models.doubt_rule import seed_rows as doubt_rows
from models.grade_condition import AdjustmentRule
from models.grade_condition import seed_rows as adjustment_rows
from models.holiday import Holiday
from models.holiday import seed_rows as holiday_rows
from models.law import LegalBasis
from models.law import seed_rows as law_rows
from models.plan_rule import PlanRule
from models.plan_rule import seed_rows as frequency_rows
from models.safety_staff import TRAINING_HOURS
from models.score_item import ScoreItem
from models.score_item import seed_rows as score_rows
from models.service import ANNOUNCED_DAYS
from models.threshold import REPEAT_MONTHS, Threshold, planning_rows, responsibility_rows
from models.threshold import seed_rows as threshold_rows
from models.tier import TierRule
from models.tier import seed_rows as tier_rows
from models.visit import TaskItem
from models.visit import seed_rows as task_rows

#: 昌江区 and its township-level units with their statistical codes (domain notes 6.5).
DISTRICT = ("360202", "昌江区")
TOWNSHIPS = (
    ("360202001", "西郊街道"),
    ("360202002", "新枫街道"),
    ("360202003", "吕蒙街道"),
    ("360202101", "鲇鱼山镇"),
    ("360202102", "丽阳镇"),
    ("360202202", "荷塘乡"),
    ("360202451", "昌江化工园区"),
    ("360202452", "六零二所高科技园"),
    ("360202453", "昌江开发区"),
    ("360202500", "枫树山总场"),
)

#: Periods that came after the first release.
LATER_PERIODS = (TRAINING_HOURS, ANNOUNCED_DAYS, REPEAT_MONTHS)

#: What every ledger begins with, by table; a table that has never held a row of them is filled when it is opened.
STANDARDS: tuple[tuple[type[Record], Callable[[], list[dict[str, Any]]]], ...] = (
    (Threshold, threshold_rows),
    (LegalBasis, law_rows),
    (TierRule, tier_rows),
    (TaskItem, task_rows),
    (DirectorRule, staffing_rows),
    (ScoreItem, score_rows),
    (AdjustmentRule, adjustment_rows),
    (Holiday, holiday_rows),
    (DoubtRule, doubt_rows),
    (PlanRule, frequency_rows),
)


def seed_new_ledger(ledger: Ledger) -> None:
    """Fill a ledger that has had no action yet with what every ledger needs; give an older one what came later."""
    if not ledger.writable:
        return
    if not Action.select().exists():
        with ledger.write("建立台账", final=True) as tx:
            seed(tx)
        return
    missing, forms = _missing(), not Checklist.select().exists()
    if missing or forms:
        with ledger.write("补充新版标准", final=True) as tx:
            for model, rows in missing:
                _store(tx, model, rows)
            if forms:
                _store_checklists(tx)


def _missing() -> list[tuple[type[Record], list[dict[str, Any]]]]:
    """The rows of the standards that came after this ledger was made; what a person removed stays removed."""
    found: list[tuple[type[Record], list[dict[str, Any]]]] = []
    for kind, rows in (("responsibility", responsibility_rows), ("planning", planning_rows)):
        if not Threshold.select().where(Threshold.kind == kind).exists():
            found.append((Threshold, rows()))
    for code in LATER_PERIODS:
        if not Threshold.select().where(Threshold.code == code).exists():
            found.append((Threshold, [row for row in threshold_rows() if row["code"] == code]))
    return found + [(model, make()) for model, make in STANDARDS[2:] if not model.select().exists()]


def seed(tx: Transaction) -> None:
    """Store the seeds."""
    code, name = DISTRICT
    district = {"code": code, "name": name, "level": "district", "parent": None}
    top = tx.insert(Area, **district)
    for code, name in TOWNSHIPS:
        row = {"code": code, "name": name, "level": "township", "parent": top.id}
        tx.insert(Area, **row)
    for model, rows in STANDARDS:
        _store(tx, model, rows())
    _store(tx, Campaign, campaign_rows())
    _store_checklists(tx)


def _store_checklists(tx: Transaction) -> None:
    for form, items in checklist_rows():
        record = tx.insert(Checklist, **form, **search_columns(Checklist, form))
        _store(tx, ChecklistItem, [{**item, "checklist": record.id} for item in items])


def _store(tx: Transaction, model: type[Record], rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(n for row in rows for n in row))
    whole = [{n: row.get(n) for n in names} for row in rows]
    tx.insert_many(model, [{**row, **search_columns(model, row)} for row in whole])
