"""What the checks of a plan of cells stand on, so that storing it need not repeat them. Knows no topic and no Qt.

A check need not be made again where nothing was written since, it asked nothing but the Reading, and what it asked of
its own table is not what another record of the same plan is about to change.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import peewee

from models.core.changes import Action, Transaction
from models.core.record import Record, database


class Position(NamedTuple):
    """How far the change log had come, and on which day: what is read is the same at the same position."""

    action: int
    at: str
    day: dt.date


#: What a check asked of its own table: which live rows have these values of these columns, or (no columns) one row by
#: its id.
Question = tuple[tuple[str, ...], tuple[Any, ...]]


@dataclass
class Checked:
    """What the checks of a plan stand on.

    ``rows`` are the records as read, by id; ``columns`` what is to be stored of each, derived columns included;
    ``asked`` the questions of those whose checks need not be made again at the same position; ``tables`` are the
    other tables that were asked.
    """

    position: Position
    rows: dict[int, Any] = field(default_factory=dict)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: dict[int, list[Question]] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)


def position(day: dt.date, before: int | None = None) -> Position:
    """The newest action of the ledger (older than ``before``) and the day."""
    query = Action.select(Action.id, Action.at)
    if before is not None:
        query = query.where(Action.id < before)
    row = query.order_by(Action.id.desc()).limit(1).tuples().first()
    return Position(*(int(row[0]), str(row[1])) if row else (0, ""), day)


class Watch:
    """How many statements this thread has sent by way of Peewee since the watch began."""

    def __init__(self) -> None:
        self.count = 0
        self._thread = threading.get_ident()

    def __call__(self, event: peewee.QueryEvent) -> None:
        if threading.get_ident() == self._thread:
            self.count += 1


@contextmanager
def watched() -> Iterator[Watch]:
    """Count what this thread asks the database itself."""
    watch, hooks = Watch(), database.obj.query_hooks
    hooks.append(watch)
    try:
        yield watch
    finally:
        hooks.remove(watch)


class Standing:
    """Whether the checks of a plan still stand while its records are stored one after the other."""

    def __init__(self, tx: Transaction, model: type[Record], checked: Checked | None) -> None:
        self._tx, self._model = tx, model
        self._checked = checked if checked is not None and _is_fresh(tx, checked) else None
        asked = (q for part in checked.asked.values() for q in part) if checked is not None else ()
        self._taken: dict[tuple[str, ...], set[Any]] = {names: set() for names, _ in asked if names}
        self._readers = {names: _as_stored(model, names) for names in self._taken}
        self._alone = model.after_save is Record.after_save and model.guard is Record.guard
        self._own: dict[frozenset[str], bool] = {}

    def holds(self, key: int) -> bool:
        """Whether the check of a record need not be made again."""
        checked = self._checked
        if checked is None or key not in checked.asked:
            return False
        if self._tx.changed_itself(self._model, key) or not checked.tables.isdisjoint(self._tx.changes.rows):
            return False
        for names, values in checked.asked[key]:
            if not names:  # another record that the plan changes too, be it before this one or after
                if values[0] != key and values[0] in checked.columns:
                    return False
            elif self._readers[names](values) in self._taken[names]:
                return False
        return True

    def is_plain(self, key: int) -> bool:
        """Whether of a record nothing but its own columns changes, and nothing else of it is asked or follows."""
        checked, model = self._checked, self._model
        if not self._alone or checked is None:
            return False
        names = frozenset(checked.columns[key])
        own = self._own.get(names)
        if own is None:
            facts = model.fact_names() | {model.facts_start}
            own = self._own[names] = names <= model._meta.fields.keys() and names.isdisjoint(facts)
        return own and (model.facts is None or bool(checked.rows[key].known_facts))

    def take(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """A record is stored: what its table answers about the values it had and has may be another thing now."""
        for names, taken in self._taken.items():
            was = tuple([old.get(n) for n in names])
            is_now = tuple([new[n] if n in new else old.get(n) for n in names])
            if was != is_now:
                read = self._readers[names]
                taken.add(read(was))
                taken.add(read(is_now))


def _is_fresh(tx: Transaction, checked: Checked) -> bool:
    """Whether nothing was written since the checks were made, by this action neither."""
    return not tx.changes.rows and checked.position == position(tx.today, before=tx.action.id)


def _as_stored(model: type[Record], names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """What makes values of some columns alike however they are written: as they are, or as the database has them."""
    fields = [model._meta.fields[n] for n in names]
    if all(isinstance(f, peewee.CharField | peewee.TextField | peewee.ForeignKeyField) for f in fields):
        return lambda values: values
    return lambda values: tuple(
        [v if v is None else f.db_value(v) for f, v in zip(fields, values, strict=True)]
    )


def tables_of(models: Iterable[type[Record]], own: type[Record]) -> set[str]:
    """The names of some tables and of those that hold their dated facts, without a record's own."""
    found = set()
    for model in models:
        if model is not own:
            found.add(model._meta.table_name)
            if model.facts is not None:
                found.add(model.fact_table()._meta.table_name)
    return found

