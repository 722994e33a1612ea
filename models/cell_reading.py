"""What the checks of many records ask of the ledger, read together hundreds at a time. Knows no topic and no Qt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.cell_checked import Question
from models.core import statements
from models.core.changes import Transaction
from models.core.draft import Draft
from models.core.fields import Lines, Links, Ref, tidy
from models.core.record import Record, database
from models.core.register import label_path
from models.core.saving import refuse_change, save_draft, store_draft
from models.core.scope import Scope
from models.core.waivers import Waiver
from models.transfer.lookup import BulkDraft, Lookup, chunks

CHUNK = 400
_SCALARS = (str, int, bool)
MOST_KEPT = 20_000


class Reading(Lookup):
    """The records of one table that are to be changed, with their facts, lines, links and waivers."""

    def __init__(self, model: type[Record], day: dt.date) -> None:
        super().__init__(day)
        self.model = model
        self.found: dict[int, Any] = {}
        self._lines: dict[tuple[type[Record], str], dict[int, list[Any]]] = {}
        self._links: dict[str, dict[int, list[Any]]] = {}
        self._waived: dict[int, set[tuple[str, str]]] = {}
        self._bases: dict[Any, dict[str, Any]] = {}
        self._named: dict[type[Record], dict[str, list[int]]] = {}
        self._indexed: dict[Any, str] = {}
        self.sound: set[tuple[str, Any]] = set()
        #: What was asked of the table itself since the list was last emptied, and which other tables were ever asked.
        self.asked: list[Question] = []
        self.models: set[type[Record]] = set()

    # --- a few hundred records ---------------------------------------------------------------------------------------

    def read(self, keys: Sequence[int], values: Iterable[Mapping[str, Any]] = ()) -> None:
        """Read some records and what their checks ask; ``values`` are new ones whose references are wanted too."""
        model = self.model
        self.found = {r.id: r for r in statements.read(model, "id", keys)}
        self._bases.clear()
        self.asked.clear()
        _read_facts(model, self.found)
        self._records.setdefault(model, {}).update(self.found)
        self._load_references(model, [r.__data__ for r in self.found.values()])
        self._read_lines(model, self.found)
        for name, field in model.described().items():
            if isinstance(field, Links):
                self._links[name] = _grouped(field.through(), field.parent, self.found)
                targets = {r.__data__[field.target] for part in self._links[name].values() for r in part}
                self.load(field.target_model, targets)
        if model.facts is not None:
            facts = [f.__data__ for r in self.found.values() for f in r.known_facts]
            self._load_references(model.fact_table(), facts)
        self.load_for(values)
        self._waived = {key: set() for key in self.found}
        answered = Waiver.live().where(
            Waiver.table == model._meta.table_name, Waiver.row.in_(list(self.found))
        )
        for waiver in answered:
            self._waived[waiver.row].add((waiver.rule, waiver.value))

    def load_for(self, values: Iterable[Mapping[str, Any]]) -> None:
        """Read the records that new values of the table point to."""
        given = list(values)
        for name, field in self.model.described().items():
            if isinstance(field, Ref):
                self.load(field.rel_model, {v[name] for v in given if v.get(name) is not None})
            elif isinstance(field, Links):
                self.load(field.target_model, {i for v in given for i in v.get(name) or ()})

    def _read_lines(self, model: type[Record], keys: Iterable[int]) -> None:
        """The lines of some records of a table, and theirs."""
        for name, field in model.described().items():
            if isinstance(field, Lines):
                child = field.child()
                found = self._lines[model, name] = _grouped(child, field.parent, keys)
                rows = {row.id: row for part in found.values() for row in part}
                self._records.setdefault(child, {}).update(rows)
                self._load_references(child, [row.__data__ for row in rows.values()])
                if rows:
                    self._read_lines(child, rows)

    def _load_references(self, table: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
        for name, field in table._meta.fields.items():
            if isinstance(field, Ref) and name != table.owner:
                self.load(field.rel_model, {r[name] for r in rows if r.get(name) is not None})

    def load(self, model: type[Record], keys: Iterable[int]) -> None:
        kept = self._records.setdefault(model, {})
        fresh: dict[int, Any] = {}
        for part in chunks(sorted(k for k in set(keys) if k not in kept)):
            fresh.update({r.id: r for r in statements.read(model, "id", part)})
        _read_facts(model, fresh)
        if len(kept) > MOST_KEPT:
            kept.clear()
        kept.update(fresh)

    def base(self, record: Any, effective_on: dt.date | None) -> dict[str, Any]:
        """The stored columns and facts of a record."""
        model = type(record)
        key = (model, record.id, effective_on)
        if key not in self._bases:
            base = self._bases[key] = dict(record.__data__)
            fact = record.fact(effective_on or self.day) if model.facts is not None else None
            if fact is not None:
                base.update({name: fact.__data__.get(name) for name in model.fact_names()})
        return self._bases[key]

    def draft(self, values: Mapping[str, Any], record: Any, effective_on: dt.date | None) -> CellDraft:
        """The draft of one of the records read."""
        return CellDraft(self, self.model, values, record, self.day, effective_on)

    def waived(self, key: int) -> set[tuple[str, str]]:
        """The warnings of a record answered before."""
        return self._waived.get(key, set())

    def lines(self, model: type[Record], name: str, key: int) -> list[Any] | None:
        """A record's lines, in order of entry; None where they were not read."""
        found = self._lines.get((model, name))
        return found.get(key, []) if found is not None else None

    def links(self, name: str, key: int) -> list[Any]:
        """The rows of a record's links, in order of entry."""
        return self._links[name].get(key, [])

    # --- others ------------------------------------------------------------------------------------------------------

    def named(self, model: type[Record], texts: Iterable[str]) -> None:
        """Read which live records bear these labels."""
        known = self._named.setdefault(model, {})
        wanted = [t for t in dict.fromkeys(map(tidy, texts)) if t and t not in known]
        known.update({text: [] for text in wanted})
        for part in chunks(wanted):
            scope = Scope(model, self.day)
            label = scope.col(label_path(model))
            query = model.select(model.id, label).where(model.removed_at.is_null(), label.in_(part))
            for key, text in database.execute(scope.apply(query)):
                known[text].append(key)

    def bearing(self, model: type[Record], text: str) -> list[int]:
        """The ids of the live records called ``text`` (a tidy one)."""
        if text not in self._named.get(model, {}):
            self.named(model, [text])
        return self._named[model][text]

    def record(self, model: type[Record], key: int) -> Any:
        """A record by id; None where there is none."""
        if model is self.model:
            self.asked.append(((), (key,)))
        else:
            self.models.add(model)
        return super().record(model, key)

    def having(self, model: type[Record], values: Mapping[str, Any]) -> Sequence[int]:
        """The ids of the live records with these values, as the ledger has them now."""
        names = tuple(sorted(values))
        if model is self.model:
            self.asked.append((names, tuple([values[n] for n in names])))
        else:
            self.models.add(model)
        sql = self._indexed.get((model, names))
        if sql is None:
            sql = self._indexed[model, names] = _finding_sql(model, names)
        if not sql or None in values.values():
            return super().having(model, values)
        fields = model._meta.fields
        wanted = [fields[n].db_value(values[n]) for n in names]
        rows = database.connection().execute(sql, wanted).fetchall()
        return [row[0] for row in rows] if len(rows) < 2 else sorted(row[0] for row in rows)

    def stored(self, record: Any, before: Mapping[str, Any]) -> None:
        """A record was changed: what was read of it and of its table's values no longer holds."""
        self._records[type(record)][record.id] = record
        self._bases.clear()
        self.sound.clear()
        for (model, names), index in self._having.items():
            if model is not type(record):
                continue
            old = tuple(before.get(n) for n in names)
            new = tuple(record.__data__.get(n) for n in names)
            if old != new:
                index[old] = tuple(key for key in index[old] if key != record.id)
                index[new] = tuple(sorted((*index.get(new, ()), record.id)))


class CellDraft(BulkDraft):
    """A draft that asks a Reading for the facts, lines, links and references of its record."""

    lookup: Reading

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._base = self.lookup.base(self.record, self.effective_on) if self.record is not None else {}
        self.sound = self.lookup.sound if self.model is self.lookup.model else None

    def __getitem__(self, name: str) -> Any:
        if name in self.values:
            value = self.values[name]
            return value.id if isinstance(value, Record) else value
        return self._base[name] if name in self._base else self.stored(name)

    def changed(self, name: str) -> bool:
        value = self.values.get(name)
        if type(value) in _SCALARS and name in self._base:
            return bool(value != self._base[name])
        return super().changed(name)

    def stored(self, name: str) -> Any:
        return self._base[name] if name in self._base else super().stored(name)

    def has_lines(self, field: Lines) -> bool:
        if self.record is None:
            return False
        found = self.lookup.lines(self.model, field.name, self.record.id)
        return True if found is None else bool(found)

    def line_records(self, field: Lines) -> list[Any]:
        found = self.lookup.lines(self.model, field.name, self.record.id) if self.record is not None else []
        return super().line_records(field) if found is None else found

    def link_rows(self, field: Links) -> list[Any]:
        if self.record is None or self.parent is not None:
            return super().link_rows(field)
        return self.lookup.links(field.name, self.record.id)

    def of_line(self, child: type[Record], values: Mapping[str, Any], record: Record | None) -> Draft:
        return CellDraft(self.lookup, child, values, record, self.day, parent=self)

    def records(self, model: type[Record], ids: Iterable[int]) -> list[Any]:
        found = [self.lookup.record(model, key) for key in sorted(set(ids))]
        return [record for record in found if record is not None]


def save_read(
    tx: Transaction,
    reading: Reading,
    record: Any,
    values: Mapping[str, Any],
    version: int,
    effective_on: dt.date | None,
    waivers: Mapping[str, str],
    checked: bool = False,
) -> None:
    """What ``save`` does, for a record that was read with many others in the same transaction. Raises likewise.

    ``values`` are as the fields keep them (``clean_values``); ``checked`` ones have been inspected and were sound.
    """
    refuse_change(record, version)
    before = dict(record.__data__)
    draft = reading.draft(values, record, effective_on)
    if checked:
        draft.values |= reading.model.derive(draft)
        stored = store_draft(tx, draft)
    else:
        stored = save_draft(tx, draft, reading.waived(record.id), waivers)
    reading.stored(stored, before)


def _read_facts(model: type[Record], records: Mapping[int, Any]) -> None:
    if model.facts is None or not records:
        return
    child = model.fact_table()
    found = _grouped(child, child.owner, records, "valid_from")
    for key, record in records.items():
        record.known_facts = found.get(key, [])


def _grouped(
    child: type[Record], parent: str, keys: Iterable[int], order: str = "id"
) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for part in chunks(keys):
        for row in statements.read(child, parent, part, order, live=True):
            found.setdefault(row.__data__[parent], []).append(row)
    return found


def _indexed(model: type[Record]) -> set[str]:
    """The columns that an index of the table begins with, as far as the table itself declares them."""
    meta = model._meta
    found = {f.name for f in meta.sorted_fields if f.index or f.unique}
    found |= {index[0][0] for index in meta.indexes if isinstance(index, tuple)}
    return found | {names[0] for names, _ in model.live_indexes}


def _finding_sql(model: type[Record], names: Sequence[str]) -> str:
    """The statement that finds live rows by these columns where an index begins with one of them; else ''."""
    fields, table = model._meta.fields, model._meta.table_name
    columns = [fields[n].column_name for n in names]
    if _indexed(model).isdisjoint(names):
        return ""
    tests = " AND ".join(f'"{column}" = {database.param}' for column in columns)
    return f'SELECT "id" FROM "{table}" WHERE "removed_at" IS NULL AND {tests}'
