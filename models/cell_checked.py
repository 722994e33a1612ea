"""What the checks of a plan of cells stand on, so that storing it need not repeat them. Knows no topic and no Qt.

A check need not be made again where nothing was written since, it asked nothing but the Reading, and what it asked of
its own table is not what another record of the same plan is about to change.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import peewee

from models.core.changes import Action, Transaction
from models.core.record import Record, database

_PLAIN = (str, int)


class Position(NamedTuple):
    """How far the change log had come, and on which day: what is read is the same at the same position."""

    action: int
    at: str
    day: dt.date


class Question(NamedTuple):
    """What a check asked of its own table: which live rows have these values, or (names is ()) one row by its id."""

    names: tuple[str, ...]
    values: tuple[Any, ...]


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
        self._tx, self._model, self._checked = tx, model, checked
        self._valid = (
            checked is not None
            and not tx.changes.rows
            and checked.position == position(tx.today, before=tx.action.id)
        )
        asked = (q for part in checked.asked.values() for q in part) if checked is not None else ()
        self._shapes = {q.names for q in asked if q.names}
        self._taken: set[Question] = set()
        self._plain = model.after_save is Record.after_save and model.guard is Record.guard

    def holds(self, key: int) -> bool:
        """Whether the check of a record need not be made again."""
        checked = self._checked
        if not self._valid or checked is None or key not in checked.asked:
            return False
        if self._tx.changed_itself(self._model, key) or not checked.tables.isdisjoint(self._tx.changes.rows):
            return False
        for question in checked.asked[key]:
            if not question.names:
                if question.values[0] != key and self._is_named(question.values[0]):
                    return False
            elif self._as_stored(question) in self._taken:
                return False
        return True

    def _is_named(self, key: Any) -> bool:
        """Whether another record is one the plan changes: before or after does not matter."""
        return key in (self._checked.columns if self._checked is not None else ())

    def is_plain(self, key: int) -> bool:
        """Whether of a record nothing but its own columns changes, and nothing else of it is asked or follows."""
        checked, model = self._checked, self._model
        if not self._plain or checked is None:
            return False
        names = checked.columns[key].keys()
        if not names <= model._meta.fields.keys() or not names.isdisjoint(model.fact_names()):
            return False
        if model.facts is None:
            return True
        return model.facts_start not in names and bool(checked.rows[key].known_facts)

    def take(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """A record is stored: what its table answers about the values it had and has may be another thing now."""
        for names in self._shapes:
            if new.keys().isdisjoint(names):
                continue
            was = tuple(old.get(n) for n in names)
            is_now = tuple(new.get(n, old.get(n)) for n in names)
            if was != is_now:
                self._taken |= {self._as_stored(Question(names, was)), self._as_stored(Question(names, is_now))}

    def _as_stored(self, question: Question) -> Question:
        fields = self._model._meta.fields
        values = [
            v if v is None or type(v) in _PLAIN else fields[n].db_value(v)
            for n, v in zip(question.names, question.values, strict=True)
        ]
        return Question(question.names, tuple(values))


def tables_of(models: Iterable[type[Record]], own: type[Record]) -> set[str]:
    """The names of some tables and of those that hold their dated facts, without a record's own."""
    found = set()
    for model in models:
        if model is not own:
            found.add(model._meta.table_name)
            if model.facts is not None:
                found.add(model.fact_table()._meta.table_name)
    return found

