"""The values of a register's column with their counts, as a header filter offers them. Knows no topic and no screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import peewee

from models.core.fields import Bool, Choice, Links, Ref
from models.core.record import database
from models.core.register import Column, Register, Scope, View, label_path


@dataclass(frozen=True)
class Facet:
    """One value: what a Condition takes (a code, an id, None for the empty ones), its word and how many rows."""

    value: Any
    label: str
    count: int


def listed(register: Register, column: Column) -> bool:
    """Whether a column is filtered by choosing among its values."""
    if column.expr is not None:
        return isinstance(column.like, Choice | Bool)
    return isinstance(register.field_of(column), Choice | Bool | Ref | Links)


def facets(register: Register, path: str, view: View, day: dt.date, limit: int = 500) -> list[Facet]:
    """The values under ``view``, its own filter of this column left out; choices in their order, else most first."""
    column = register.column(path)
    view = view.with_(conditions=tuple(c for c in view.conditions if c.path != path), order=())
    found = register.field_of(column)
    if column.expr is None and isinstance(found, Links):
        return _linked(register, path, found, view, day, limit)
    if column.expr is None and isinstance(found, Ref):
        return _referred(register, path, found, view, day, limit)
    counts = register.distinct(path, view, day, limit)
    shown = [Facet(v, "（空）" if v in (None, "") else register.format(column, v), n) for v, n in counts]
    if isinstance(found, Choice):
        places = {code: i for i, code in enumerate(found.labels)}
        shown.sort(key=lambda f: places.get(f.value, len(places)))
    return shown


def _referred(register: Register, path: str, found: Ref, view: View, day: dt.date, limit: int) -> list[Facet]:
    scope = Scope(register.model, view.day or day)
    key = scope.col(path)
    label = scope.col(f"{path}.{label_path(found.rel_model)}")
    query = register._filtered(scope, view).columns(key, label, peewee.fn.COUNT(peewee.SQL("1")))
    query = scope.apply(query).group_by(key, label).order_by(peewee.SQL("3").desc(), peewee.SQL("2"))
    return [
        Facet(value, "（空）" if value is None else str(text or "（未编号）"), int(count))
        for value, text, count in database.execute(query.limit(limit))
    ]


def _linked(register: Register, path: str, found: Links, view: View, day: dt.date, limit: int) -> list[Facet]:
    scope = Scope(register.model, view.day or day)
    rows = scope.apply(register._filtered(scope, view))
    through, target = found.through(), found.target_model
    parent, label = getattr(through, found.parent), getattr(target, target.label_field)
    query = (
        through.live()
        .select(target.id, label, peewee.fn.COUNT(peewee.fn.DISTINCT(parent)))
        .join(target, on=(getattr(through, found.target) == target.id))
        .where(parent.in_(rows))
        .group_by(target.id, label)
        .order_by(peewee.SQL("3").desc(), peewee.SQL("2"))
        .limit(limit)
    )
    return [Facet(key, str(text), int(count)) for key, text, count in database.execute(query)]
