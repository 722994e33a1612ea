"""Storing what a preview planned: one transaction, one undo. Knows no file and no topic."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.draft import Draft
from models.core.errors import Conflict, KnownError
from models.core.fields import Lines, Links
from models.core.record import BEGINNING, Entry, Record
from models.core.saving import clash_text, clean_values, inspect, save
from models.core.search import search_columns
from models.core.waivers import Waiver
from models.transfer.bulk import insert_rows
from models.transfer.lookup import chunks
from models.transfer.packing import unpack
from models.transfer.plan import Plans, RowPlan
from models.transfer.preview import CODES, OPEN, Preview
from models.transfer.progress import Progress, tell

_WINDOW = 2000
ACCEPTED_REASON = "导入时已核对"


def commit(
    tx: Transaction,
    preview: Preview,
    accepted: Iterable[int] | None = None,
    *,
    removed: Iterable[int] = (),
    reason: str = ACCEPTED_REASON,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Store the accepted rows (numbers of the file; all new and changed ones by default) and remove records.

    A doubtful row that is accepted waives its warnings with ``reason``. ``removed`` are ids out of
    ``preview.removed``. Returns how many were ``new``, ``changed``, ``removed`` and ``skipped``. Raises KnownError for
    a wrong or unsettled row, Conflict where a record has changed since the preview, Cancelled; the transaction is
    then to be given up, and nothing is written.
    """
    rows = _accepted(preview, accepted)
    if preview.spent:
        raise KnownError("这次预览已经用过。", "请重新预览后再导入。")
    preview.spent = True
    preview.planner.forget()
    plans = preview.rows
    fresh = array("L", (i for i in rows if plans[i].record is None))
    changed = [
        p.index for p in map(plans.__getitem__, rows) if p.record is not None and (p.stored or p.brought)
    ]
    gone = list(removed)
    total, done = len(fresh) + len(changed) + len(gone), 0
    tell(progress, 0, total)
    try:
        ids: dict[int, int] = {}
        for part in _unpacked(plans, fresh):
            _store_pending(tx, preview, part, ids, reason)
            _store_new(tx, preview, part, ids, reason)
            done += len(part)
            tell(progress, done, total)
        seen: set[int] = set()
        for part in _unpacked(plans, changed):
            _store_pending(tx, preview, part, ids, reason)
            for p in part:
                _store_changed(tx, preview, p, ids, reason, seen)
                done += 1
                if done % 50 == 0:
                    tell(progress, done, total)
    except peewee.IntegrityError as exc:
        raise KnownError(f"导入没有完成：{clash_text(exc)}。", "台账没有改动，请重新预览后再导入。") from exc
    model = preview.register.model
    for key in gone:
        tx.remove(model.get_by_id(key))
    tell(progress, total, total)
    return {
        "new": len(fresh),
        "changed": len(changed),
        "removed": len(gone),
        "skipped": len(preview.rows) - len(fresh) - len(changed),
    }


def _accepted(preview: Preview, accepted: Iterable[int] | None) -> list[int]:
    """The indexes of the rows to store."""
    codes = preview.codes
    if accepted is None:
        return [i for i, code in enumerate(codes) if code in (CODES["new"], CODES["changed"])]
    wanted = set(accepted)
    rows = [i for i, number in enumerate(preview.table.numbers) if number in wanted]
    for i in rows:
        if codes[i] in (CODES["wrong"], OPEN):
            p = preview.rows[i]
            why = "；".join(map(str, p.reasons))
            raise KnownError(f"第{p.number}行不能导入：{why}。", "请改正或选定后再导入，或不选这一行。")
    return [i for i in rows if codes[i] != CODES["unchanged"]]


def _unpacked(plans: Plans, indexes: Sequence[int]) -> Iterator[list[RowPlan]]:
    """The plans of some rows, window by window, with their values at hand; these are let go afterwards."""
    for window in chunks(indexes, _WINDOW):
        part = [plans[i] for i in window]
        for p in part:
            p.values = p.values
        yield part
        for i in window:
            plans.drop_values(i)


def _store_pending(
    tx: Transaction, preview: Preview, part: list[RowPlan], ids: dict[int, int], reason: str
) -> None:
    """Store the records that some rows bring along and that are not stored yet; notes pending id to stored id."""
    planner = preview.planner
    for name in planner.brings:
        model = planner.model.described()[name].rel_model
        wanted = sorted({p.values.get(name) or 0 for p in part} - ids.keys(), reverse=True)
        wanted = [key for key in wanted if key < 0]
        warnings = [planner.warnings_of(key) for key in wanted]
        stored = insert_rows(tx, model, [_row(model, planner.lookup.take_pending(key)) for key in wanted])
        ids.update(zip(wanted, stored, strict=True))
        _waive(tx, model, zip(stored, warnings, strict=True), reason)


def _row(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new row: empty ones that are never NULL by their default, with the search columns."""
    fields = model._meta.fields
    row = {n: v for n, v in values.items() if n in fields and n not in ("id", "uid") and v is not None}
    if issubclass(model, Entry) and "search_text" not in row:
        row.update(search_columns(model, row))
    return row


def _store_new(
    tx: Transaction, preview: Preview, part: list[RowPlan], ids: Mapping[int, int], reason: str
) -> None:
    model = preview.register.model
    facts = model.fact_names()
    rows = []
    for p in part:
        values = {n: v for n, v in p.values.items() if n not in facts}
        for name in preview.planner.brings:
            key = values.get(name)
            values[name] = ids.get(key, key) if key is not None else None
            _amend_brought(tx, preview, p, name, reason)
        rows.append(_row(model, values))
    keys = insert_rows(tx, model, rows)
    owners = list(zip(keys, part, strict=True))
    if model.facts is not None:
        _store_facts(tx, model, owners)
    for name, field in model.described().items():
        if isinstance(field, Lines):
            _store_lines(tx, field, name, owners)
        elif isinstance(field, Links):
            links = [
                {field.parent: key, field.target: target}
                for key, p in owners
                for target in p.values.get(name) or ()
            ]
            insert_rows(tx, field.through(), links)
    _waive(tx, model, [(key, p.warnings) for key, p in owners], reason)
    if model.after_save is not Record.after_save:
        for key, p in owners:
            model.get_by_id(key).after_save(tx, Draft(model, p.values, None, tx.today))


def _store_facts(tx: Transaction, model: type[Record], owners: list[tuple[int, RowPlan]]) -> None:
    child = model.fact_table()
    names = model.fact_names()
    insert_rows(
        tx,
        child,
        [
            {
                **_row(child, {n: p.values.get(n) for n in names}),
                child.owner: key,
                "valid_from": p.values.get(model.facts_start) or BEGINNING,
            }
            for key, p in owners
        ],
    )


def _store_lines(tx: Transaction, field: Lines, name: str, owners: list[tuple[int, RowPlan]]) -> None:
    child = field.child()
    rows = [
        _row(child, {**unpack(line), field.parent: key})
        for key, p in owners
        for line in p.values.get(name) or ()
    ]
    insert_rows(tx, child, rows)


def _amend_brought(tx: Transaction, preview: Preview, p: RowPlan, name: str, reason: str) -> None:
    if name not in p.brought:
        return
    key, values = p.brought[name]
    model = preview.planner.model.described()[name].rel_model
    record = model.get_by_id(key)
    problems = inspect(Draft(model, clean_values(model, values), record, tx.today))
    save(tx, model, values, record, waivers={w.rule: reason for w in problems.warnings})


def _store_changed(
    tx: Transaction, preview: Preview, p: RowPlan, ids: Mapping[int, int], reason: str, seen: set[int]
) -> None:
    model = preview.register.model
    for name in preview.planner.brings:
        _amend_brought(tx, preview, p, name, reason)
    if not p.values:
        return
    values = {n: ids.get(v, v) if n in preview.planner.brings else v for n, v in p.values.items()}
    record = model.get_by_id(p.record)
    if p.record not in seen and record.version != p.version:
        raise Conflict(
            f"第{p.number}行的“{record.label()}”在预览以后被改过。", "台账没有改动，请重新预览后再导入。"
        )
    seen.add(p.record or 0)
    rules = {w.rule: reason for w in p.warnings}
    save(tx, model, values, record, effective_on=preview.planner.effective_on, waivers=rules)


def _waive(tx: Transaction, model: type[Record], found: Iterable[tuple[int, Any]], reason: str) -> None:
    """Remember the warnings that were accepted with the rows."""
    rows = [
        {
            "table": model._meta.table_name,
            "row": key,
            "field": problem.field,
            "rule": problem.rule,
            "value": problem.value,
            "reason": reason,
            "who": tx.action.actor,
        }
        for key, problems in found
        for problem in problems
    ]
    insert_rows(tx, Waiver, rows)
