"""Storing a planned change of many cells: one transaction, one undo, the rules of ``save``. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import peewee

from models.cell_checked import Standing
from models.cell_reading import CHUNK, Reading, save_read
from models.cells import Plan
from models.core.changes import Transaction
from models.core.checks import CheckFailed
from models.core.collecting import uncollected
from models.core.errors import KnownError, Refused
from models.core.register import Register
from models.core.saving import filled, not_saved, refuse_change
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
    storing, done = _Storing(tx, register, plan, reason), 0
    tell(progress, 0, len(keys))
    with uncollected():
        for part in chunks(keys, CHUNK):
            storing.store(part)
            done += len(part)
            tell(progress, done, len(keys))
    return len(keys)


class _Storing:
    """Stores the records of a plan in order: together where their checks still stand, else one by one and checked."""

    def __init__(self, tx: Transaction, register: Register, plan: Plan, reason: str) -> None:
        self._tx, self._model, self._plan, self._reason = tx, register.model, plan, reason
        self._reading = Reading(register.model, tx.today)
        self._standing = Standing(tx, register.model, plan.checked)
        self._queue: list[tuple[Any, Mapping[str, Any]]] = []

    def store(self, keys: Sequence[int]) -> None:
        """Store some hundred records."""
        plan, standing, read = self._plan, self._standing, False
        for key in keys:
            holds = key not in plan.doubts and standing.holds(key)
            if holds and not read and plan.checked is not None and standing.is_plain(key):
                record = plan.checked.rows[key]
                refuse_change(record, plan.versions[key])
                columns = self._filled(plan.checked.columns[key])
                self._queue.append((record, columns))
                standing.take(record.__data__, columns)
                continue
            if not read:
                self._flush()
                self._reading.read(keys, [plan.values[key] for key in keys])
                read = True
            self._store_one(key, holds)
        self._flush()

    def _filled(self, columns: Mapping[str, Any]) -> Mapping[str, Any]:
        """The columns with the defaults of those that are never NULL."""
        if None not in columns.values():
            return columns
        return {n: filled(self._model, n, v) for n, v in columns.items()}

    def _flush(self) -> None:
        """Write what waits to be written."""
        queue, self._queue = self._queue, []
        try:
            self._tx.update_many(queue)
        except peewee.IntegrityError as exc:
            raise not_saved(self._model, exc) from exc

    def _store_one(self, key: int, checked: bool) -> None:
        record, plan = self._reading.found.get(key), self._plan
        if record is None:
            raise Refused("有的记录已不在，没有修改。", "请刷新列表后再试。")
        waivers = {p.rule: self._reason for p in plan.doubts.get(key, ())} if self._reason else {}
        before, values, version = dict(record.__data__), plan.values[key], plan.versions[key]
        try:
            save_read(self._tx, self._reading, record, values, version, plan.effective_on, waivers, checked)
        except CheckFailed as exc:
            raise KnownError(
                f"“{record.label()}”没有通过检查：{exc.message}。全部没有修改。", exc.advice
            ) from exc
        self._standing.take(before, record.__data__)
