"""The joins of one query over records: a field path becomes a column. Knows no topic and no register."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.errors import NotFound
from models.core.fields import Ref
from models.core.record import Record, as_of


class Scope:
    """The joins of one query: ``col(path)`` gives a column and joins what it needs, once."""

    def __init__(self, model: type[Record], day: dt.date) -> None:
        self.model, self.day = model, day
        self._tables: dict[str, Any] = {"": model}
        self._joins: list[tuple[Any, Any, Any]] = []

    def col(self, path: str) -> Any:
        """The SQL column of a field path. Raises NotFound for a path that leads nowhere."""
        *way, name = path.split(".")
        prefix, model = "", self.model
        for step in way:
            ref = model.described().get(step)
            if not isinstance(ref, Ref):
                raise NotFound(f"没有这个字段：{path}")
            source = self._table(prefix, model, step)
            prefix = f"{prefix}.{step}" if prefix else step
            if prefix not in self._tables:
                target = ref.rel_model.alias()
                self._join(prefix, source, target, target.id == getattr(source, step))
            model = ref.rel_model
        if name not in model._meta.fields and name not in model.described():
            raise NotFound(f"没有这个字段：{path}")
        return getattr(self._table(prefix, model, name), name)

    def _table(self, prefix: str, model: type[Record], name: str) -> Any:
        if name in model._meta.fields or name not in model.fact_names():
            return self._tables[prefix]
        key = f"{prefix}.*facts"
        if key not in self._tables:
            child = model.fact_table()
            facts, source = child.alias(), self._tables[prefix]
            self._join(
                key,
                source,
                facts,
                (getattr(facts, child.owner) == source.id)
                & facts.removed_at.is_null()
                & as_of(facts, self.day),
            )
        return self._tables[key]

    def _join(self, key: str, source: Any, target: Any, on: Any) -> None:
        self._tables[key] = target
        self._joins.append((source, target, on))

    def apply(self, query: Any) -> Any:
        """The query with every join its columns need."""
        for source, target, on in self._joins:
            query = query.join_from(source, target, peewee.JOIN.LEFT_OUTER, on=on)
        return query
