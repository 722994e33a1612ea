"""Records that a row brings along for one of its references (the party of an enterprise): found, else made.

Found by their own identity (a code), then by name; what the row does not say is taken from the row's own column of the
same name. Knows no topic.
"""

from __future__ import annotations

from typing import Any

from models.core.errors import FieldError
from models.core.record import Entry
from models.core.saving import clean_values, inspect
from models.core.search import search_columns
from models.transfer.cells import cell_text, refuse_uncomputed
from models.transfer.lookup import BulkDraft, KeyIndex, fold, identity_of
from models.transfer.plan import Candidate, Choice, Difference, RowPlan
from models.transfer.sidecar import canonical


def with_search(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Values with the search columns that follow from them."""
    return {**values, **search_columns(model, values)} if issubclass(model, Entry) else values


def described(record: Any) -> str:
    """A record's label with what tells it from its namesakes: its code or address."""
    for name in ("uscc", "code", "certificate", "number", "address", "phone"):
        value = record.__data__.get(name)
        if value and name != record.label_field:
            return f"{record.label()}（{value}）"
    return str(record.label())


class Bringer:
    """Finds or makes the records of one reference for all rows of an import."""

    def __init__(self, planner: Any, name: str, other: Bringer | None = None) -> None:
        self.planner, self.name = planner, name
        self.field = planner.model.described()[name]
        self.model = self.field.rel_model
        self.label_field = self.model.label_field
        self.targets = [
            t for _, t in planner.columns if t.kind == "brought" and t.path.startswith(f"{name}.")
        ]
        self._keys: list[KeyIndex] | None = None
        self._made: dict[Any, int] = {}
        self._problems: dict[int, list[Any]] = other._problems if other is not None else {}

    def _read(self, p: RowPlan) -> dict[str, Any]:
        """The columns of the row that describe the record, its name included."""
        row, planner = self.planner.table.rows[p.index], self.planner
        found: dict[str, Any] = {}
        for target in self.targets:
            cell = row[planner.at[target.path]]
            if cell is not None:
                value = planner.value(p, target, cell, p.values, Choice())
                if value not in (None, "") and not isinstance(value, type(None)) and p.status != "wrong":
                    found[target.column] = value
        if self.name in planner.at and row[planner.at[self.name]] is not None:
            text = cell_text(row[planner.at[self.name]])
            try:
                refuse_uncomputed(row[planner.at[self.name]])
                found[self.label_field] = self.model.described()[self.label_field].parse(text, planner.today)
            except FieldError as exc:
                p.wrong(self.field.label, exc.message)
        return found

    def fresh(self, p: RowPlan, chosen: Choice) -> None:
        """Set the reference of a new record."""
        if self.name in chosen.cells:
            p.values[self.name] = chosen.ids(self.name)[0]
            return
        given = self._read(p)
        if p.status == "wrong":
            return
        own_label = p.values.get(self.planner.model.label_field)
        if not given.get(self.label_field) and isinstance(own_label, str):
            given[self.label_field] = own_label
        if not given.get(self.label_field):
            return
        found = self.find(given)
        if len(found) > 1:
            self._ask(p, found)
        elif found:
            p.values[self.name] = found[0]
            self._take_over(p, found[0], given)
        else:
            p.values[self.name] = self._make(p, given)

    def find(self, given: dict[str, Any]) -> list[int]:
        """The live records that the columns describe: by identity, else by name where no code speaks against it."""
        if self._keys is None:
            keys = [k for k in identity_of(self.model) if all("." not in n for n in k)]
            self._keys = [KeyIndex(self.model, k, self.planner.day, {}) for k in keys]
        codes = [k for k in self._keys if k.paths != (self.label_field,)]
        for index in codes:
            found = index.find({n: [given[n]] for n in index.paths if n in given})
            if found:
                return found
        same = self.planner.lookup.labels(self.model).get(fold(given.get(self.label_field, "")), [])
        clash = [n for index in codes for n in index.paths if given.get(n)]
        if not same or not clash:
            return list(same)
        self.planner.lookup.load(self.model, same)
        records = [self.planner.lookup.record(self.model, i) for i in same]
        return [r.id for r in records if not any(r.__data__.get(n) for n in clash)]

    def _ask(self, p: RowPlan, found: list[int]) -> None:
        self.planner.lookup.load(self.model, found[:5])
        for key in found[:5]:
            record = self.planner.lookup.record(self.model, key)
            p.candidates.append(Candidate(key, described(record), "同名", self.name))
        p.doubt(self.field.label, f"{self.model.title}里有{len(found)}个同名的，请选定一个")
        p.open = True

    def _make(self, p: RowPlan, given: dict[str, Any]) -> int:
        """A pending record, shared by the rows that describe the same one."""
        planner = self.planner
        values = dict(given)
        fields = self.model.own_fields()
        for name, value in p.values.items():
            if name in fields and name not in values and isinstance(value, str) and value:
                values[name] = value
        identity = {n for k in identity_of(self.model) for n in k if n != self.label_field}
        codes = tuple(fold(given[n]) for n in sorted(identity) if given.get(n))
        key = codes or (fold(given[self.label_field]),)
        if key not in self._made:
            draft = BulkDraft(
                planner.lookup, self.model, clean_values(self.model, values), None, planner.today
            )
            draft.values |= self.model.derive(draft)
            number = planner.lookup.add_pending(self.model, with_search(self.model, draft.values))
            self._made[key] = number
            if problems := list(inspect(draft)):
                self._problems[number] = problems
        number = self._made[key]
        planner.parties_problems(p, self.field.label, self.problems(number))
        return number

    def problems(self, key: int) -> list[Any]:
        """The problems of a pending record."""
        return self._problems.get(key, [])

    def _take_over(self, p: RowPlan, key: int, given: dict[str, Any]) -> None:
        """What the row says of a record that is there and the record does not say yet, or says otherwise."""
        record = self.planner.lookup.record(self.model, key)
        changed = {}
        for target in self.targets:
            new = given.get(target.column)
            old = target.field.format(record.__data__.get(target.column))
            if new is not None and canonical(target.field.format(target.field.clean(new))) != canonical(old):
                changed[target.column] = new
                shown = target.field.format(target.field.clean(new))
                p.differences.append(Difference(target.path, target.label, old, shown))
        if changed:
            p.brought[self.name] = (key, changed)
            draft = BulkDraft(
                self.planner.lookup, self.model, clean_values(self.model, changed), record, self.planner.today
            )
            draft.values |= self.model.derive(draft)
            problems = [x for x in inspect(draft) if x.field in changed]
            self.planner.parties_problems(p, self.field.label, problems)

    def change(self, p: RowPlan, present: Any, record: Any, chosen: Choice) -> None:
        """Bring what the row says of the reference's record into a record that is there."""
        if self.name in chosen.cells:
            self._point(p, present, chosen.ids(self.name)[0])
            return
        given = self._read(p)
        key = record.__data__[self.name]
        current = self.planner.lookup.record(self.model, key) if key else None
        if p.status == "wrong" or not given:
            return
        found = self.find({self.label_field: current.label(), **given} if current is not None else given)
        if current is not None and current.id in found:
            found = [current.id]
        if len(found) > 1:
            self._ask(p, found)
        elif found and (current is None or found[0] != current.id):
            self._point(p, present, found[0])
        elif current is not None:
            self._amend(p, current, given)

    def _point(self, p: RowPlan, present: Any, key: int) -> None:
        record = self.planner.lookup.record(self.model, key)
        old = present.text(p.record, self.name) if self.name in self.planner.at else ""
        p.values[self.name] = key
        p.differences.append(Difference(self.name, self.field.label, old, described(record)))

    def _amend(self, p: RowPlan, current: Any, given: dict[str, Any]) -> None:
        """Correct the record itself: its name where the name was edited, and its other columns."""
        name = given.get(self.label_field)
        code_changed = any(
            given.get(n) and current.__data__.get(n) and fold(given[n]) != fold(current.__data__[n])
            for k in identity_of(self.model) for n in k if n != self.label_field
        )  # fmt: skip
        renamed = name is not None and canonical(name) != canonical(current.label())
        if renamed and (code_changed or not any(given.get(n) for k in identity_of(self.model) for n in k)):
            number = self._make(p, given)
            p.values[self.name] = number
            p.differences.append(Difference(self.name, self.field.label, current.label(), str(name)))
            return
        self._take_over(p, current.id, given)
        if renamed:
            key, changed = p.brought.get(self.name, (current.id, {}))
            p.brought[self.name] = (key, {**changed, self.label_field: name})
            p.differences.append(Difference(self.name, self.field.label, current.label(), str(name)))
