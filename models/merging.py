"""Merging two records of a table into one: all that points to the one follows to the other. Knows no topic table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.checks import CheckFailed
from models.core.dated import stretches
from models.core.draft import lines_of
from models.core.errors import Conflict, KnownError, Refused
from models.core.fields import Lines, Ref
from models.core.merged import Merged, answered_pairs, not_duplicate
from models.core.record import Entry, Fact, Record
from models.core.saving import clash_text, save
from models.merge_plan import BOTH, FACTS, MINE, OTHER, Clash, MergePlan, Tie, plan_merge, ties, token_of

__all__ = ["BOTH", "FACTS", "MINE", "OTHER", "MergePlan", "chosen_values", "merge", "plan_merge"]

ACTION = "合并重复登记"
_JOINT = "；"


def chosen_values(plan: MergePlan, choices: Mapping[str, str]) -> dict[str, Any]:
    """The fields the survivor gets that are not its own now; ``choices`` maps a field's name to mine, other or both."""
    found = {}
    for row in plan.fields:
        choice = choices.get(row.name, row.chosen)
        if choice == BOTH:
            found[row.name] = _JOINT.join(str(v) for v in row.values)
        elif choice == OTHER and not row.same:
            found[row.name] = row.values[1]
    return found


def merge(tx: Transaction, plan: MergePlan, choices: Mapping[str, str], reason: str = "") -> Any:
    """Merge as planned; returns the survivor. One action, taken back by one undo.

    ``choices`` maps the names of fields and the keys of clashes to ``mine``, ``other`` or ``both``; what is not named
    goes as planned. Raises Refused with what forbids it, Conflict where the ledger has changed since the plan was
    made, CheckFailed where the chosen fields do not go together. Nothing is written then.
    """
    if plan.blockers:
        raise Refused("不能合并：" + "".join(plan.blockers))
    if token_of(plan.model, plan.keep, plan.drop) != plan.token:
        raise Conflict("两户中有一户在您核对时被改过。", "请重新打开合并窗口，核对后再合并。")
    model, keep, drop = plan.model, plan.keep, plan.drop
    codes = _codes(model.get_by_id(drop))
    wanted = _all_facts(plan, choices)
    try:
        for clash in plan.clashes:
            _settle(tx, clash, choices.get(clash.key, clash.chosen))
        _move_all(tx, model, keep, drop)
        if model.facts is not None:
            _join_facts(tx, model, keep, drop, choices.get(FACTS, MINE))
        tx.remove(model.get_by_id(drop))
        _remember(tx, model, keep, drop, codes, reason)
        return _store_fields(tx, model, keep, wanted, reason)
    except peewee.IntegrityError as exc:
        raise KnownError(f"没有合并：{clash_text(exc)}。", "请先处理重复的那一条，再合并。") from exc


def _all_facts(plan: MergePlan, choices: Mapping[str, str]) -> dict[str, Any]:
    """The chosen fields; where the history may come from the other, every fact as it was chosen for today."""
    values = chosen_values(plan, choices)
    facts = plan.model.fact_names()
    if choices.get(FACTS, MINE) == OTHER or facts & set(values):
        for row in plan.fields:
            if row.name in facts:
                values.setdefault(row.name, row.values[0])
    return values


def _settle(tx: Transaction, clash: Clash, choice: str) -> None:
    tie, mine, other = clash.rows
    if tie is None or choice == BOTH:
        return
    winner, loser = (tie.child.get_by_id(key) for key in ((mine, other) if choice == MINE else (other, mine)))
    if winner.removed_at is not None or loser.removed_at is not None:
        return  # an earlier clash of the same row has settled it
    if clash.kind == "overlap":
        _cut(tx, winner, loser)
        return
    if tie.child.alone:
        _widen(tx, winner, loser)
    _fold(tx, winner, loser)


def _fold(tx: Transaction, winner: Record, loser: Record) -> None:
    """Remove a row that stands twice; what points to it follows to the one that stays."""
    _move_all(tx, type(winner), winner.id, loser.id)
    tx.remove(loser)


def _move_all(tx: Transaction, model: type[Record], keep: int, drop: int) -> None:
    for tie in ties(model):
        rows = list(tie.rows(drop))
        if not tie.owned:  # removed records can be brought back: then they belong to the survivor
            rows += list(tie.rows(drop, live=False))
        for row in rows:
            _move(tx, tie, row, keep)


def _move(tx: Transaction, tie: Tie, row: Record, keep: int) -> None:
    tx.update(type(row).get_by_id(row.id), **{tie.column: keep})


def _cut(tx: Transaction, winner: Any, loser: Any) -> None:
    """Leave of a dated row the days that another does not hold."""
    day = dt.timedelta(days=1)
    before = loser.valid_from < winner.valid_from
    after = winner.valid_to is not None and (loser.valid_to is None or loser.valid_to > winner.valid_to)
    rest = {n: loser.__data__.get(n) for n in loser.own_fields()}
    if before and after:
        tx.insert(type(loser), **{**rest, "valid_from": winner.valid_to + day})
    if before:
        tx.update(loser, valid_to=winner.valid_from - day)
    elif after:
        tx.update(loser, valid_from=winner.valid_to + day)
    else:
        tx.remove(loser)


def _widen(tx: Transaction, winner: Any, loser: Any) -> None:
    ends = (winner.valid_to, loser.valid_to)
    tx.update(
        winner,
        valid_from=min(winner.valid_from, loser.valid_from),
        valid_to=None if None in ends else max(ends),
    )


def _join_facts(tx: Transaction, model: type[Record], keep: int, drop: int, choice: str) -> None:
    """Make the survivor's dated facts tell every day: those of the chosen side, before its beginning the other's."""
    mine, other = model.get_by_id(keep), model.get_by_id(drop)
    own, theirs = list(stretches(mine)), list(stretches(other))
    if not own or not theirs:
        return
    if choice == OTHER:
        _clip(tx, own, theirs[0].valid_from)
        for row in theirs:
            _copy(tx, row, keep, row.valid_to)
        return
    begin = own[0].valid_from
    for row in theirs:
        if row.valid_from < begin:
            last = begin - dt.timedelta(days=1)
            _copy(tx, row, keep, last if row.valid_to is None else min(row.valid_to, last))


def _clip(tx: Transaction, rows: list[Any], begin: dt.date) -> None:
    """Let dated rows end before a day."""
    for row in rows:
        if row.valid_from >= begin:
            tx.remove(row)
        elif row.valid_to is None or row.valid_to >= begin:
            tx.update(row, valid_to=begin - dt.timedelta(days=1))


def _copy(tx: Transaction, row: Fact, keep: int, until: dt.date | None) -> None:
    facts = {n: row.__data__.get(n) for n in row.fact_fields()}
    tx.insert(type(row), valid_from=row.valid_from, valid_to=until, **{row.owner: keep}, **facts)


def _codes(record: Record) -> str:
    """What a record can be searched by beside its name: codes, phone, address, those of its references and lines."""
    found: list[str] = []

    def add(row: Record) -> None:
        texts = (str(row.__data__.get(n) or "") for n, f in row.own_fields().items() if f.search)
        found.extend(text for text in texts if text)

    add(record)
    for name, field in record.described().items():
        if isinstance(field, Lines):
            for line in lines_of(record, field):
                add(line)
        elif isinstance(field, Ref) and issubclass(field.rel_model, Entry):
            target = None if name in record.fact_names() else getattr(record, name)
            if target is not None:
                add(target)
    return " ".join(dict.fromkeys(found))[:2000]


def _remember(tx: Transaction, model: type[Record], keep: int, drop: int, codes: str, reason: str) -> None:
    """Keep the way from the merged record, and from those merged into it before, to the survivor."""
    table = model._meta.table_name
    for earlier in Merged.live().where(Merged.table == table, Merged.survivor == drop):
        tx.update(earlier, survivor=keep)
    for pair in answered_pairs(model, drop):
        third = pair.first if pair.second == drop else pair.second
        if third != keep:
            not_duplicate(tx, model, keep, third, pair.reason)
    tx.insert(
        Merged, table=table, merged=drop, survivor=keep, name=model.get_by_id(drop).label(), codes=codes,
        merged_on=tx.today, reason=reason.strip(),
    )  # fmt: skip


def _store_fields(
    tx: Transaction, model: type[Record], keep: int, values: dict[str, Any], reason: str
) -> Any:
    record = model.get_by_id(keep)
    if not values:
        return record
    try:
        return save(tx, model, values, record)
    except CheckFailed as failed:
        if not failed.only_warnings:
            raise
        why = reason.strip() or ACTION
        waivers = {problem.rule: why for problem in failed.problems}
    return save(tx, model, values, record, waivers=waivers)
