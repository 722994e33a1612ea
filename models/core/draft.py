"""What a record would be if it were stored: typed values over stored ones. Knows no topic table and writes nothing."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

from models.core.fields import Lines, Links
from models.core.record import Record


class Draft:
    """What a record would be if it were stored: the stored values overlaid by the typed ones.

    ``draft["name"]`` gives a value (a line list as mappings, a link list as ids, a reference as its id), ``ref``
    the record behind a reference; ``record`` is None for a new one, ``day`` is today, ``effective_on`` the first
    day of changed facts, ``parent`` the draft a line belongs to.
    """

    def __init__(
        self,
        model: type[Record],
        values: Mapping[str, Any],
        record: Record | None,
        day: dt.date,
        effective_on: dt.date | None = None,
        parent: Draft | None = None,
    ) -> None:
        self.model, self.values, self.record, self.day = model, dict(values), record, day
        self.effective_on, self.parent = effective_on, parent

    @functools.cached_property
    def _facts(self) -> Any:
        """The dated row in force, read when it is first asked for; a changed fact is written after the checks."""
        if self.record is None or self.model.facts is None:
            return None
        return self.record.fact(self.effective_on or self.day)

    def __getitem__(self, name: str) -> Any:
        if name in self.values:
            value = self.values[name]
            return value.id if isinstance(value, Record) else value
        field = self.model.described().get(name) or self.model._meta.fields.get(name)
        if isinstance(field, Lines):
            return [] if self.record is None else line_values(self.record, field)
        if isinstance(field, Links):
            return [] if self.record is None else linked_ids(self.record, field)
        if name in self.model.fact_names() and self._facts is not None:
            return self._facts.__data__.get(name)
        if self.record is not None and name not in self.model.fact_names():
            return self.record.__data__.get(name)
        default = getattr(field, "default", None)
        return default() if callable(default) else default

    def ref(self, name: str) -> Any:
        """The record a reference points to, None where it is empty."""
        key = self[name]
        field = self.model.described()[name]
        return None if key is None else field.rel_model.get_or_none(field.rel_model.id == key)

    def same(self, **values: Any) -> Any:
        """The first other live record of the table that has these values, None where there is none.

        Checks for duplicates ask here, so that an import can answer for thousands of rows at once.
        """
        return (self.parent or self).find_same(self.model, self.record, values)

    def find_same(self, model: type[Record], record: Record | None, values: Mapping[str, Any]) -> Any:
        """The first live record of a table with these values other than ``record``."""
        query = model.live().where(*(getattr(model, name) == value for name, value in values.items()))
        if record is not None:
            query = query.where(model.id != record.id)
        return query.order_by(model.id).first()

    def changed(self, name: str) -> bool:
        """Whether the typed value differs from the stored one (always for a new record)."""
        if self.record is None:
            return True
        if name not in self.values:
            return False
        return bool(self[name] != Draft(self.model, {}, self.record, self.day, self.effective_on)[name])


def lines_of(record: Record, field: Lines) -> list[Any]:
    """The live child records of a line field, in order of entry."""
    child = field.child()
    return list(child.live().where(getattr(child, field.parent) == record.id).order_by(child.id))


def line_values(record: Record, field: Lines) -> list[dict[str, Any]]:
    """The lines as mappings with ``id`` and the described columns."""
    names = field.child().own_fields()
    return [{"id": line.id, **{n: line.__data__.get(n) for n in names}} for line in lines_of(record, field)]


def linked_ids(record: Record, field: Links) -> list[int]:
    """The ids at the far end of a link field, in order of entry."""
    through = field.through()
    query = (
        through.live()
        .select(getattr(through, field.target))
        .where(getattr(through, field.parent) == record.id)
        .order_by(through.id)
    )
    return [row[0] for row in query.tuples()]


def values_of(record: Record, day: dt.date) -> dict[str, Any]:
    """Everything a form shows of a record: columns, facts as of ``day``, lines and links."""
    draft = Draft(type(record), {}, record, day)
    return {name: draft[name] for name in type(record).described()}


def linked_field(model: type[Record], child: type[Record]) -> Lines | Links | None:
    """The line or link field of a table whose rows are kept in ``child``; None where there is none."""
    for field in model.described().values():
        if (isinstance(field, Lines) and field.child() is child) or (
            isinstance(field, Links) and field.through() is child
        ):
            return field
    return None
