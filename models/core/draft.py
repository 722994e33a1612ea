"""What a record would be if it were stored: typed values over stored ones. Knows no topic table and writes nothing."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import Any

from models.core.fields import Lines, Links
from models.core.record import Record


class Draft:
    """What a record would be if it were stored: the stored values overlaid by the typed ones.

    ``draft["name"]`` gives a value (a line list as mappings, a link list as ids, a reference as its id), ``ref``
    the record behind a reference; ``record`` is None for a new one, ``day`` is today, ``effective_on`` the first
    day of changed facts, ``parent`` the draft a line belongs to.
    """

    #: Stored values found sound for another record of the table, (field, value); None where nobody remembers them.
    sound: set[tuple[str, Any]] | None = None

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
        return self.stored(name)

    def stored(self, name: str) -> Any:
        """The value before the typed ones; of a new record its default."""
        field = self.model.described().get(name) or self.model._meta.fields.get(name)
        if isinstance(field, Lines):
            return [] if self.record is None else _line_values(field, self.line_records(field))
        if isinstance(field, Links):
            return [row.__data__[field.target] for row in self.link_rows(field)]
        fact = name in self.model.fact_names()
        if fact and self._facts is not None:
            return self._facts.__data__.get(name)
        if self.record is not None and not fact:
            return self.record.__data__.get(name)
        default = getattr(field, "default", None)
        return default() if callable(default) else default

    def line_records(self, field: Lines) -> list[Any]:
        """The stored child records of a line field, in order of entry."""
        return [] if self.record is None else lines_of(self.record, field)

    def has_lines(self, field: Lines) -> bool:
        """Whether a line field may have stored child records."""
        return self.record is not None

    def link_rows(self, field: Links) -> list[Any]:
        """The stored rows of a link field's own table, in order of entry."""
        return [] if self.record is None else list(_link_rows(self.record, field))

    def of_line(self, child: type[Record], values: Mapping[str, Any], record: Record | None) -> Draft:
        """The draft of one of this record's lines."""
        return Draft(child, values, record, self.day, parent=self)

    def records(self, model: type[Record], ids: Iterable[int]) -> list[Any]:
        """The records of some ids, removed ones too, by id; those that are not there are left out."""
        wanted = set(ids)
        return list(model.select().where(model.id.in_(wanted)).order_by(model.id)) if wanted else []

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

    def others(self, **values: Any) -> list[Any]:
        """All other live records of the table that have these values, by id."""
        return (self.parent or self).find_others(self.model, self.record, values)

    def find_same(self, model: type[Record], record: Record | None, values: Mapping[str, Any]) -> Any:
        """The first live record of a table with these values other than ``record``."""
        return _having(model, record, values).first()

    def find_others(
        self, model: type[Record], record: Record | None, values: Mapping[str, Any]
    ) -> list[Any]:
        """The live records of a table with these values other than ``record``."""
        return list(_having(model, record, values))

    def changed(self, name: str) -> bool:
        """Whether the typed value differs from the stored one (always for a new record)."""
        if self.record is None:
            return True
        if name not in self.values:
            return False
        value = self.values[name]
        return bool((value.id if isinstance(value, Record) else value) != self.stored(name))


def _having(model: type[Record], record: Record | None, values: Mapping[str, Any]) -> Any:
    query = model.live().where(*(getattr(model, name) == value for name, value in values.items()))
    if record is not None:
        query = query.where(model.id != record.id)
    return query.order_by(model.id)


def lines_of(record: Record, field: Lines) -> list[Any]:
    """The live child records of a line field, in order of entry."""
    child = field.child()
    return list(child.live().where(getattr(child, field.parent) == record.id).order_by(child.id))


def line_values(record: Record, field: Lines) -> list[dict[str, Any]]:
    """The lines as mappings with ``id`` and the described columns."""
    return _line_values(field, lines_of(record, field))


def _line_values(field: Lines, lines: Iterable[Any]) -> list[dict[str, Any]]:
    names = field.child().own_fields()
    return [{"id": line.id, **{n: line.__data__.get(n) for n in names}} for line in lines]


def linked_ids(record: Record, field: Links) -> list[int]:
    """The ids at the far end of a link field, in order of entry."""
    return [row.__data__[field.target] for row in _link_rows(record, field)]


def _link_rows(record: Record, field: Links) -> Any:
    through = field.through()
    return through.live().where(getattr(through, field.parent) == record.id).order_by(through.id)


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
