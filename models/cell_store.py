"""Storing a planned change of many cells: one transaction, one undo, the rules of ``save``. Knows no Qt."""

from __future__ import annotations

from models.cell_reading import CHUNK, Reading, save_read
from models.cells import Plan
from models.core.changes import Transaction
from models.core.checks import CheckFailed
from models.core.collecting import uncollected
from models.core.errors import KnownError, Refused
from models.core.register import Register
from models.transfer.lookup import chunks
from models.transfer.progress import Progress, tell


def store_cells(
    tx: Transaction, register: Register, plan: Plan, reason: str = "", progress: Progress | None = None
) -> int:
    """Store what a plan allows, doubtful rows only with a reason; returns how many records were changed.

    Raises KnownError naming the record that could not be stored (changed meanwhile, or the same as another one of
    the plan), Cancelled where ``progress`` says so; the transaction is then to be given up, and nothing is written.
    """
    reason = reason.strip()
    keys = plan.records(with_doubts=bool(reason))
    reading, done = Reading(register.model, tx.today), 0
    tell(progress, 0, len(keys))
    with uncollected():
        for part in chunks(keys, CHUNK):
            reading.read(part, [plan.values[key] for key in part])
            for key in part:
                _store_one(tx, reading, plan, key, reason)
            done += len(part)
            tell(progress, done, len(keys))
    return len(keys)


def _store_one(tx: Transaction, reading: Reading, plan: Plan, key: int, reason: str) -> None:
    record = reading.found.get(key)
    if record is None:
        raise Refused("有的记录已不在，没有修改。", "请刷新列表后再试。")
    waivers = {p.rule: reason for p in plan.doubts.get(key, ())} if reason else {}
    try:
        save_read(tx, reading, record, plan.values[key], plan.versions[key], plan.effective_on, waivers)
    except CheckFailed as exc:
        raise KnownError(
            f"“{record.label()}”没有通过检查：{exc.message}。全部没有修改。", exc.advice
        ) from exc
