"""What a merged record became: which one it went into, and how it is still found by its old name. Knows no topic."""

from __future__ import annotations

import re
from typing import Any

import peewee

from models.core import search
from models.core.errors import KnownError
from models.core.fields import Date, Text
from models.core.record import Entry, Record, database

_SIGNS, _LITERAL = re.compile(r"[\\%_]"), r"\\\g<0>"
"""What LIKE takes as signs of its own, and what stands for them."""


class Merged(Entry):
    """A removed record and the one that took over all that pointed to it; ``survivor`` is live as long as it is.

    Taking back an action that stored or removed such a row puts every moved reference back where it was, also of
    records that nobody may edit any more: their words never changed.
    """

    title = "合并"
    table = peewee.CharField(max_length=60)
    merged = peewee.IntegerField()
    survivor = peewee.IntegerField()
    name = Text("原名称", search=True, pinyin=True, width=16)
    codes = Text("原代码、电话、地址", search=True, max_length=2000)
    merged_on = Date("合并日期", required=True)
    reason = Text("合并理由", width=14)

    live_indexes = ((("table", "merged"), True), (("table", "survivor"), False))


class NotDuplicate(Record):
    """Two records that look alike and were found to be two; ``first`` has the lower number."""

    title = "不是重复"
    label_field = "reason"
    table = peewee.CharField(max_length=60)
    first = peewee.IntegerField()
    second = peewee.IntegerField()
    reason = Text("理由", required=True)
    who = Text("何人")

    live_indexes = ((("table", "first", "second"), True),)


def not_duplicate(tx: Any, model: type[Record], first: int, second: int, reason: str) -> Any:
    """Remember that two records of a table are not duplicates. Raises KnownError without a reason."""
    if not reason.strip():
        raise KnownError("请写明为什么不是重复。", "例如“同址两家，前后相邻”。")
    low, high = sorted((first, second))
    table = model._meta.table_name
    mine = NotDuplicate.table == table, NotDuplicate.first == low, NotDuplicate.second == high
    if (known := NotDuplicate.live().where(*mine).first()) is not None:
        return tx.update(known, reason=reason.strip())
    who = tx.action.actor
    return tx.insert(NotDuplicate, table=table, first=low, second=high, reason=reason.strip(), who=who)


def answered_pairs(model: type[Record], key: int | None = None) -> list[NotDuplicate]:
    """The pairs of a table that are not duplicates, those with one record where ``key`` is given."""
    query = NotDuplicate.live().where(NotDuplicate.table == model._meta.table_name)
    if key is not None:
        query = query.where((NotDuplicate.first == key) | (NotDuplicate.second == key))
    return list(query)


def survivor_of(model: type[Record], key: int) -> int | None:
    """The record that a merged one went into; None where it was not merged."""
    row = Merged.live().where(Merged.table == model._meta.table_name, Merged.merged == key).first()
    return row.survivor if row is not None else None


def survivor_named(model: type[Record], key: int | None) -> tuple[int, str, str] | None:
    """The survivor of a merged record with both names; None where it was not merged."""
    survivor = survivor_of(model, key) if key is not None else None
    if key is None or survivor is None:
        return None
    return survivor, model.get_by_id(key).label(), model.get_by_id(survivor).label()


def merged_into(model: type[Record], key: int) -> list[Merged]:
    """The merges that ended in a record, the newest first."""
    mine = Merged.live().where(Merged.table == model._meta.table_name, Merged.survivor == key)
    return list(mine.order_by(Merged.id.desc()))


def survivors_found(model: type[Record], term: str) -> list[int]:
    """The records that took over one whose name, codes, phone or address contain a searched word."""
    # One search asks this for every register: peewee would take longer to build the query than the ledger to answer.
    mark, pattern = database.param, f"%{_SIGNS.sub(_LITERAL, term)}%"
    rows = database.execute_sql(
        'SELECT DISTINCT "survivor" FROM "merged" WHERE "removed_at" IS NULL '
        f'AND "table" = {mark} AND "search_text" LIKE {mark} ESCAPE \'\\\' LIMIT 500',
        (model._meta.table_name, pattern),
    )
    return [row[0] for row in rows.fetchall()]


def found_by(model: Any, term: str) -> Any:
    """The condition «the record's own words or those of one merged into it contain a searched word»."""
    own = search.contains(model._meta.fields["search_text"], term)
    there = survivors_found(model, term)
    return own | model._meta.fields["id"].in_(there) if there else own
