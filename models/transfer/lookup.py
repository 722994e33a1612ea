"""Looking records up in bulk: labels of references, identity keys, drafts without a query a row. Knows no file."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from models.core.draft import Draft
from models.core.fields import Choice, Date, Lines, Ref
from models.core.record import Record, database
from models.core.register import Scope, View, label_path, register_of
from models.transfer.packing import pack, unpack

_CHUNK = 900
_KEPT = 20_000
_OFFERED = 40


def fold(value: Any) -> Any:
    """A value as keys compare it: texts in half width, capitals, without blanks."""
    if isinstance(value, str):
        folded = "".join(unicodedata.normalize("NFKC", value).upper().split())
        return value if folded == value else folded
    return value


def identity_of(model: type[Record]) -> tuple[tuple[str, ...], ...]:
    """The keys that make a row the same record: declared, else unique indexes and the required fields together."""
    declared = getattr(model, "identity", ())
    unique = tuple(names for names, is_unique in model.live_indexes if is_unique)
    required = tuple(
        n
        for n, f in model.own_fields().items()
        if f.required and f.editable and f.kind not in ("choice", "bool")
    )
    return (*declared, *unique, *((required,) if required and not declared else ()))


def chunks(ids: Iterable[Any], size: int = _CHUNK) -> Iterator[list[Any]]:
    """Lists of at most ``size``."""
    part: list[Any] = []
    for item in ids:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


class Lookup:
    """What the rows of one import ask of the ledger, read once; pending records have negative ids."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self._pending: dict[int, tuple[type[Record], bytes]] = {}
        self._pended = 0
        self._labels: dict[type[Record], dict[str, tuple[int, ...]]] = {}
        self._allowed: dict[Any, frozenset[int]] = {}
        self._records: dict[type[Record], dict[int, Any]] = {}
        self._having: dict[Any, dict[Any, tuple[int, ...]]] = {}

    def labels(self, model: type[Record]) -> dict[str, tuple[int, ...]]:
        """Label (folded) to the ids of the live records that bear it."""
        if model not in self._labels:
            scope = Scope(model, self.day)
            column = scope.col(label_path(model))
            query = scope.apply(model.select(model.id, column).where(model.removed_at.is_null()))
            found: dict[str, tuple[int, ...]] = {}
            for row_id, label in database.execute(query):
                _note(found, fold(label or ""), row_id)
            self._labels[model] = found
        return self._labels[model]

    def candidates(self, field: Any, text: str, values: Mapping[str, Any]) -> Sequence[int]:
        """The live records a reference or link called ``text`` may mean, within what the other values allow."""
        model = field.rel_model if isinstance(field, Ref) else field.target_model
        found = self.labels(model).get(fold(text), ())
        if len(found) > 1 and field.narrow is not None:
            inside = self.allowed(model, tuple(field.narrow(values)))
            return [i for i in found if i in inside] or found
        return found

    def allowed(self, model: type[Record], conditions: tuple[Any, ...]) -> frozenset[int]:
        """The ids of a register under some conditions."""
        key = (model, repr(conditions))
        if key not in self._allowed:
            register = register_of(model)
            ids = register.ids(View(conditions=conditions), self.day) if register is not None else ()
            self._allowed[key] = frozenset(ids)
        return self._allowed[key]

    def near_labels(self, field: Any, text: str) -> list[str]:
        """The labels most like ``text``, to offer."""
        from rapidfuzz import process

        model = field.rel_model if isinstance(field, Ref) else field.target_model
        labels = self.labels(model)
        if len(labels) > 20_000:
            return []
        return [label for label, _, _ in process.extract(fold(text), labels.keys(), limit=3, score_cutoff=60)]

    def options(self, field: Any, text: str) -> list[str]:
        """The labels a text may be meant for, the most similar first: all of a choice, the nearest records."""
        from rapidfuzz import fuzz, process

        if isinstance(field, Choice):
            return sorted(field.labels.values(), key=lambda label: (label != text, -fuzz.WRatio(label, text)))
        model = field.rel_model if isinstance(field, Ref) else field.target_model
        labels = self.labels(model)
        if len(labels) > _KEPT:
            return []
        near = process.extract(fold(text), labels.keys(), limit=_OFFERED)
        ids = [labels[label][0] for label, _, _ in near if label]
        self.load(model, ids)
        found = (self.record(model, i).label() for i in ids)
        return sorted(dict.fromkeys(found), key=lambda label: label != text)

    def record(self, model: type[Record], key: int) -> Any:
        """A record by id, also a pending one; None where there is none."""
        if key < 0:
            model, packed = self._pending[key]
            return model(**unpack(packed))
        kept = self._records.setdefault(model, {})
        if key not in kept:
            if len(kept) > _KEPT:
                kept.clear()
            kept[key] = model.get_or_none(model.id == key)
        return kept[key]

    def load(self, model: type[Record], keys: Iterable[int]) -> None:
        """Read the records of some ids in few queries."""
        kept = self._records.setdefault(model, {})
        wanted = {k for k in keys if k is not None and k > 0 and k not in kept}
        if len(kept) + len(wanted) > _KEPT:
            kept.clear()
        for part in chunks(sorted(wanted)):
            kept.update({r.id: r for r in model.select().where(model.id.in_(part))})

    def having(self, model: type[Record], values: Mapping[str, Any]) -> Sequence[int]:
        """The ids of the live records with these values, from an index of the whole table made at first use."""
        names = tuple(sorted(values))
        if (model, names) not in self._having:
            columns = [model._meta.fields[n] for n in names]
            found: dict[Any, tuple[int, ...]] = {}
            query: Any = model.select(model.id, *columns).where(model.removed_at.is_null()).order_by(model.id)
            for row_id, *stored in query.tuples():
                _note(found, tuple(stored), row_id)
            self._having[model, names] = found
        return self._having[model, names].get(tuple(values[n] for n in names), ())

    def add_pending(self, model: type[Record], values: Mapping[str, Any]) -> int:
        """Keep the values of a record that is to be stored with the import; returns its negative id."""
        self._pended += 1
        self._pending[-self._pended] = model, pack(values)
        return -self._pended

    def take_pending(self, key: int) -> Mapping[str, Any]:
        """The values of a pending record, which is let go."""
        return unpack(self._pending.pop(key)[1])


def _note(found: dict[Any, tuple[int, ...]], key: Any, row_id: int) -> None:
    """Add an id to those of a key: tuples of numbers need no garbage collector."""
    there = found.get(key)
    found[key] = (row_id,) if there is None else (*there, row_id)


class BulkDraft(Draft):
    """A draft whose references come from a Lookup, pending records included."""

    def __init__(self, lookup: Lookup, *args: Any, **kwargs: Any) -> None:
        self.lookup = lookup
        super().__init__(*args, **kwargs)

    def ref(self, name: str) -> Any:
        key = self[name]
        return None if key is None else self.lookup.record(self.model.described()[name].rel_model, key)

    def find_same(self, model: type[Record], record: Record | None, values: Mapping[str, Any]) -> Any:
        for key in self.lookup.having(model, values):
            if record is None or key != record.id:
                return self.lookup.record(model, key)
        return None

    def find_others(
        self, model: type[Record], record: Record | None, values: Mapping[str, Any]
    ) -> list[Any]:
        keys = [key for key in self.lookup.having(model, values) if record is None or key != record.id]
        return [self.lookup.record(model, key) for key in keys]


class KeyIndex:
    """Which live records have a key: values of the paths, folded, to ids. A line's column matches any line."""

    def __init__(
        self, model: type[Record], paths: tuple[str, ...], day: dt.date, only: Mapping[str, set[Any]]
    ) -> None:
        self.paths = paths
        described = model.described()
        self._plain = [p for p in paths if not isinstance(described.get(p.split(".")[0]), Lines)]
        self._lines = [p for p in paths if p not in self._plain]
        self._found: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._in_lines: dict[str, dict[Any, tuple[int, ...]]] = {}
        if self._plain:
            self._read(model, day, only)
        for path in self._lines:
            self._read_lines(described[path.split(".")[0]], path)

    def _read(self, model: type[Record], day: dt.date, only: Mapping[str, set[Any]]) -> None:
        scope = Scope(model, day)
        columns = [scope.col(p) for p in self._plain]
        query = scope.apply(model.select(model.id, *columns).where(model.removed_at.is_null()))
        exact = [
            (p, c)
            for p, c in zip(self._plain, columns, strict=True)
            if p in only and isinstance(model.described().get(p), Ref | Date) and len(only[p]) <= 20 * _CHUNK
        ]
        queries = [query]
        if exact:
            path, column = exact[0]
            queries = [
                query.where(column.in_(part)) for part in chunks(v for v in only[path] if v is not None)
            ]
        fields: list[Any] = [model.described().get(p) for p in self._plain]
        readers = [
            f.python_value if getattr(f, "kind", "") in ("date", "time", "number") else None for f in fields
        ]
        masks = [getattr(f, "mask", None) for f in fields]
        for one in queries:
            for row_id, *values in database.execute(one):
                key = tuple(
                    [
                        fold(r(v) if r is not None and v is not None else v)
                        for r, v in zip(readers, values, strict=True)
                    ]
                )
                if None not in key and "" not in key:
                    _note(self._found, key, row_id)
                    if any(masks):  # an export shows it so
                        seen = tuple(
                            fold(m(v)) if m is not None else v for m, v in zip(masks, key, strict=True)
                        )
                        _note(self._found, seen, row_id)

    def _read_lines(self, lines: Lines, path: str) -> None:
        child, column = lines.child(), path.split(".")[1]
        parent = getattr(child, lines.parent)
        found: dict[Any, tuple[int, ...]] = {}
        for row_id, value in child.live().select(parent, getattr(child, column)).tuples():
            if row_id is not None and value:
                _note(found, fold(value), row_id)
        self._in_lines[path] = found

    def find(self, values: Mapping[str, list[Any]]) -> list[int]:
        """The ids whose key is among the row's values; [] where a part is empty."""
        if any(not values.get(p) for p in self.paths):
            return []
        result: Sequence[int] | None = None
        if self._plain:
            result = self._found.get(tuple([fold(values[p][0]) for p in self._plain]), ())
        for path in self._lines:
            index = self._in_lines[path]
            here = {i for v in values[path] for i in index.get(fold(v), ())}
            result = [i for i in result if i in here] if result is not None else sorted(here)
        return list(dict.fromkeys(result or []))
