"""What a new ledger begins with: the district's areas, thresholds and legal bases. Knows no demo."""

from __future__ import annotations

from models.area import Area
from models.core.changes import Action, Transaction
from models.core.ledger import Ledger
from models.core.search import search_columns
from models.law import LegalBasis
from models.law import seed_rows as law_rows
from models.threshold import Threshold
from models.threshold import seed_rows as threshold_rows

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


def seed_new_ledger(ledger: Ledger) -> None:
    """Fill a ledger that has had no action yet with what every ledger needs; else do nothing."""
    if not ledger.writable or Action.select().exists():
        return
    with ledger.write("建立台账", final=True) as tx:
        seed(tx)


def seed(tx: Transaction) -> None:
    """Store the seeds."""
    code, name = DISTRICT
    district = {"code": code, "name": name, "level": "district", "parent": None}
    top = tx.insert(Area, **district)
    for code, name in TOWNSHIPS:
        row = {"code": code, "name": name, "level": "township", "parent": top.id}
        tx.insert(Area, **row)
    for model, rows in ((Threshold, threshold_rows()), (LegalBasis, law_rows())):
        names = list(dict.fromkeys(n for row in rows for n in row))
        whole = [{n: row.get(n) for n in names} for row in rows]
        tx.insert_many(model, [{**row, **search_columns(model, row)} for row in whole])
