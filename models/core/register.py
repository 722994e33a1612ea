"""Registers: a list declared once, read as ids and windows of rows by screen, sheet and page. Knows no topic."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import peewee

from models.core import search
from models.core.attachments import attachment_count
from models.core.conditions import Condition, compare
from models.core.errors import NotFound
from models.core.fields import Choice, Described, Integer, Lines, Links, LongText, Ref, Text
from models.core.merged import found_by
from models.core.record import Record, database
from models.core.scope import Scope

__all__ = [
    "Column",
    "Condition",
    "Lead",
    "Link",
    "Preset",
    "Register",
    "Row",
    "Scope",
    "View",
    "label_path",
    "register",
    "register_of",
]

REGISTERS: dict[str, Register] = {}
#: How many ids one statement names: databases limit the variables of a statement.
CHUNK = 5_000


@dataclass(frozen=True)
class Lead:
    """Where a cell leads: the records of another register that point to the row's record by ``path``."""

    register: str
    path: str = "enterprise"
    presets: tuple[str, ...] = ()

    def view(self, record_id: int, day: dt.date | None) -> View:
        """The list behind the cell of a record, reckoned with ``day`` where it is given."""
        return View(conditions=(Condition(self.path, "in", (record_id,)),), presets=self.presets, day=day)


@dataclass(frozen=True)
class Column:
    """One column: a field path (``name``, ``enterprise.category``) or a computed SQL expression.

    A computed column gives ``expr`` (scope to expression) and ``like``, a described field that labels and formats it;
    ``lead`` names the records a cell opens.
    """

    path: str
    label: str = ""
    width: int = 0
    shown: bool = True
    expr: Callable[[Scope], Any] | None = None
    like: Any = None
    lead: Lead | None = None


#: Every list can show how many files its records have; empty where there are none.
ATTACHMENTS = Column(
    "attachments",
    width=4,
    shown=False,
    expr=lambda scope: attachment_count(scope.model, scope.model._meta.fields["id"]),
    like=Integer("附件"),
)


@dataclass(frozen=True)
class Preset:
    """A ready filter with a name; ``tone`` (danger, warning, success or '') colours its chip and tile."""

    name: str
    label: str
    where: Callable[[Scope], Any]
    tone: str = ""


@dataclass(frozen=True)
class View:
    """What of a register is looked at. ``figure`` limits it to the records behind a figure: (name, start, end);
    ``day`` has the filters reckon with another day than today; ``strokes`` orders Chinese by strokes, not by pinyin."""

    search: str = ""
    conditions: tuple[Condition, ...] = ()
    presets: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    figure: tuple[str, dt.date, dt.date] | None = None
    removed: bool = False
    day: dt.date | None = None
    strokes: bool = False

    def with_(self, **changes: Any) -> View:
        """A copy with some parts replaced."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Row:
    """One row of a window: the record's id and the raw values of the register's columns."""

    id: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Link:
    """Records of another register that point here: shown beside the record and opened from it."""

    register: str
    path: str
    label: str = ""


@dataclass(frozen=True)
class Register:
    """One list of the office: its table, columns, ready filters, order and links.

    ``order`` is a sequence of ``(path, descending)``; ``through`` names the references and ``inside`` the lines whose
    search text is searched too; ``links`` are the registers that point here.
    """

    name: str
    title: str
    model: type[Record]
    columns: tuple[Column, ...]
    order: tuple[tuple[str, bool], ...]
    presets: tuple[Preset, ...] = ()
    filters: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    unit: str = "条"
    icon: str = "list"
    editable: bool = True
    creatable: bool = True
    #: Left out of plain lists (drafts' own states and the like are presets; this is for technical registers).
    hidden: bool = False
    subtitle: Callable[[Any], str] | None = field(default=None, compare=False)
    #: What limits the whole register to a part of its table, as of the day looked at.
    base: Callable[[Scope], Any] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.hidden:
            object.__setattr__(self, "columns", (*self.columns, ATTACHMENTS))
        REGISTERS[self.name] = self

    def field_of(self, column: Column) -> Any:
        """The described field behind a column; of a reference in a path, the last one."""
        if column.like is not None:
            return column.like
        model = self.model
        *way, name = column.path.split(".")
        for step in way:
            model = model.described()[step].rel_model
        return model.described().get(name) or model._meta.fields[name]

    def label_of(self, column: Column) -> str:
        """The Chinese header of a column."""
        return column.label or self.field_of(column).label

    def column(self, path: str) -> Column:
        """The column of a path. Raises NotFound."""
        for column in self.columns:
            if column.path == path:
                return column
        return Column(path)

    def format(self, column: Column, value: Any) -> str:
        """A raw value as the screen, the sheet and the page show it."""
        if value is None:
            return ""
        described = self.field_of(column)
        named = isinstance(described, Links) or (isinstance(described, Ref) and isinstance(value, str))
        return str(value) if named else str(described.format(value))

    # --- queries -------------------------------------------------------------------------------------------------

    def ids(self, view: View, day: dt.date) -> array[int]:
        """The ids of the rows in order, as a packed array: exact count and scroll bar at once."""
        scope = Scope(self.model, view.day or day)
        query = self._filtered(scope, view).order_by(*self._order(scope, view))
        query = scope.apply(query)
        return array("q", (row[0] for row in database.execute(query)))

    def first_ids(self, view: View, day: dt.date, count: int, best_first: bool = False) -> array[int]:
        """The first ids in order, for a window that paints before the whole list is known.

        ``best_first`` puts records before the others whose name, code or initials begin with the searched text.
        """
        scope = Scope(self.model, view.day or day)
        order, term = self._order(scope, view), view.search.strip().lower()
        if best_first and term and "search_text" in self.model._meta.fields:
            order.insert(0, search.begins(self.model._meta.fields["search_text"], term).desc())
        query = scope.apply(self._filtered(scope, view).order_by(*order).limit(count))
        return array("q", (row[0] for row in database.execute(query)))

    def count(self, view: View, day: dt.date) -> int:
        """How many rows the view has."""
        scope = Scope(self.model, view.day or day)
        query = scope.apply(self._filtered(scope, view)).columns(peewee.fn.COUNT(peewee.SQL("1")))
        return int(next(iter(database.execute(query)))[0])

    def rows(self, ids: Sequence[int], day: dt.date, columns: Sequence[Column] | None = None) -> list[Row]:
        """The rows of some ids (best some hundreds), in the order given; vanished ids are left out."""
        columns = self.columns if columns is None else columns
        if len(ids) > CHUNK:
            parts = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
            return [row for part in parts for row in self.rows(part, day, columns)]
        scope = Scope(self.model, day)
        plain = [(i, self._value(scope, c)) for i, c in enumerate(columns) if not self._is_many(c)]
        wanted = peewee.SQL(f"({','.join(str(int(i)) for i in ids)})")  # hundreds of parameters cost more than rows
        query = self.model.select(self.model.id, *(expr for _, expr in plain)).where(
            peewee.Expression(self.model.id, peewee.OP.IN, wanted)
        )
        found: dict[int, list[Any]] = {}
        readers = [self._reader(columns[i]) for i, _ in plain]
        for row_id, *values in database.execute(scope.apply(query)):
            cells: list[Any] = [None] * len(columns)
            for (i, _), value, reader in zip(plain, values, readers, strict=True):
                cells[i] = reader(value) if reader is not None and value is not None else value
            found[row_id] = cells
        for i, column in enumerate(columns):
            if self._is_many(column):
                for row_id, value in self._many(self.field_of(column), list(found)).items():
                    found[row_id][i] = value
        return [Row(i, tuple(found[i])) for i in ids if i in found]

    def iterate(
        self, view: View, day: dt.date, chunk: int = 400, columns: Sequence[Column] | None = None
    ) -> Iterator[Row]:
        """All rows of a view, window by window (never by OFFSET)."""
        ids = self.ids(view, day)
        for start in range(0, len(ids), chunk):
            yield from self.rows(ids[start : start + chunk], day, columns)

    def distinct(self, path: str, view: View, day: dt.date, limit: int = 500) -> list[tuple[Any, int]]:
        """The values of a column under a view with their counts, for a header filter."""
        scope = Scope(self.model, view.day or day)
        expr = self._value(scope, self.column(path))
        query = self._filtered(scope, view).columns(expr, peewee.fn.COUNT(peewee.SQL("1")))
        query = scope.apply(query).group_by(expr).order_by(peewee.SQL("2").desc()).limit(limit)
        reader = self._reader(self.column(path))
        return [
            (reader(v) if reader is not None and v is not None else v, int(n))
            for v, n in database.execute(query)
        ]

    def objects(self, ids: Sequence[int], day: dt.date) -> Iterator[dict[str, Any]]:
        """The rows as plain objects keyed by the code's field names, for scripts; a reference ``x`` has ``x_id``."""
        own = [
            (f"{n}_id", Column(n, expr=_stored(n), like=Integer("编号")))
            for n, f in self.model.described().items()
            if isinstance(f, Ref)
        ]
        paths = dict.fromkeys([*self.model.described(), *(c.path for c in self.columns)])
        named = [*((path, self.column(path)) for path in paths), *own]
        names, columns = [name for name, _ in named], [column for _, column in named]
        for start in range(0, len(ids), 400):
            for row in self.rows(ids[start : start + 400], day, columns):
                yield {"id": row.id, **dict(zip(names, row.values, strict=True))}

    # --- pieces --------------------------------------------------------------------------------------------------

    def _is_many(self, column: Column) -> bool:
        return column.like is None and isinstance(self.field_of(column), Lines | Links)

    def _value(self, scope: Scope, column: Column) -> Any:
        if column.expr is not None:
            expr = column.expr(scope)
            return _as_column(expr) if isinstance(expr, peewee.SelectBase) else expr
        found = self.field_of(column)
        if isinstance(found, Lines | Links):
            return _as_column(self._summary(found))
        if isinstance(found, Ref):
            return scope.col(f"{column.path}.{label_path(found.rel_model)}")
        return scope.col(column.path)

    def _summary(self, found: Lines | Links) -> Any:
        """What lines and links are sorted and filtered by: how many lines there are, the first linked name."""
        if isinstance(found, Lines):
            child = found.child().alias()
            mine = getattr(child, found.parent) == self.model.id
            return child.select(peewee.fn.COUNT(child.id)).where(mine & child.removed_at.is_null())
        through, target = found.through().alias(), found.target_model.alias()
        mine = getattr(through, found.parent) == self.model.id
        return (
            through.select(peewee.fn.MIN(getattr(target, target.label_field)))
            .join(target, on=(getattr(through, found.target) == target.id))
            .where(mine & through.removed_at.is_null())
        )

    def _reader(self, column: Column) -> Callable[[Any], Any] | None:
        found = self.field_of(column)
        if isinstance(found, Described) and not isinstance(found, Ref):
            return found.python_value  # type: ignore[attr-defined]
        return None

    def _many(self, found: Any, ids: list[int]) -> dict[int, Any]:
        if isinstance(found, Lines):
            child = found.child()
            parent = getattr(child, found.parent)
            query = (
                child.live().select(parent, peewee.fn.COUNT(child.id)).where(parent.in_(ids)).group_by(parent)
            )
            return {**dict.fromkeys(ids, 0), **dict(database.execute(query))}
        through, target = found.through(), found.target_model
        parent = getattr(through, found.parent)
        query = (
            through.live()
            .select(parent, getattr(target, target.label_field))
            .join(target, on=(getattr(through, found.target) == target.id))
            .where(parent.in_(ids))
            .order_by(through.id)
        )
        names: dict[int, list[str]] = {}
        for row_id, label in database.execute(query):
            names.setdefault(row_id, []).append(label)
        return {row_id: "、".join(found_names) for row_id, found_names in names.items()}

    def _filtered(self, scope: Scope, view: View) -> Any:
        query = self.model.select(self.model.id)
        query = query.where(self.model.removed_at.is_null(not view.removed))
        if self.base is not None:
            query = query.where(self.base(scope))
        for term in search.terms(view.search):
            query = query.where(self._found(term))
        for name in view.presets:
            query = query.where(self.preset(name).where(scope))
        for condition in view.conditions:
            query = query.where(self._condition(scope, condition))
        if view.figure is not None:
            from models.core.figure import figure

            behind = figure(view.figure[0])
            if behind.register != self.name:
                raise NotFound(f"指标“{behind.label}”不在{self.title}里。")
            query = query.where(self.model.id.in_(behind.select(view.figure[1], view.figure[2])))
        return query

    def preset(self, name: str) -> Preset:
        """The ready filter of a name. Raises NotFound."""
        for preset in self.presets:
            if preset.name == name:
                return preset
        raise NotFound(f"{self.title}没有“{name}”这个筛选。")

    def _found(self, term: str) -> Any:
        options = []
        if "search_text" in self.model._meta.fields:
            options.append(found_by(self.model, term))
        for step in self.through:
            options.append(self._found_through(step, term))
        for name in self.inside:
            lines = self.model.described()[name]
            child = lines.child()
            rows = (
                child.live()
                .select(getattr(child, lines.parent))
                .where(search.contains(child.search_text, term))
            )
            options.append(self.model.id.in_(rows))
        expr = options[0]
        for other in options[1:]:
            expr = expr | other
        return expr

    def _found_through(self, path: str, term: str) -> Any:
        """The rows whose record at the end of a path of references has the term in its search text."""
        steps, models = path.split("."), [self.model]
        for step in steps:
            models.append(models[-1].described()[step].rel_model)
        target: Any = models[-1]
        inner = target.select(target.id).where(found_by(target, term))
        for model, step in zip(reversed(models[1:-1]), reversed(steps[1:]), strict=True):
            inner = model.select(model.id).where(getattr(model, step).in_(inner))
        return getattr(self.model, steps[0]).in_(inner)

    def _condition(self, scope: Scope, condition: Condition) -> Any:
        column = self.column(condition.path)
        found = self.field_of(column)
        if isinstance(found, Links):
            return self._linked(found, condition)
        by_id = isinstance(found, Ref) and condition.op in ("in", "empty", "filled") and column.expr is None
        by_id = by_id and not (condition.op == "in" and _has_text(condition.value))
        expr = scope.col(condition.path) if by_id else self._value(scope, column)
        return compare(expr, condition, isinstance(found, Text | LongText | Choice))

    def _linked(self, found: Links, condition: Condition) -> Any:
        """A filter of linked records by their ids or their labels; None among them means «without any»."""
        through, target = found.through(), found.target_model
        label, key = getattr(target, target.label_field), getattr(through, found.target)
        every = through.live().select(getattr(through, found.parent))
        match condition.op:
            case "filled" | "empty":
                has = self.model.id.in_(every)
                return has if condition.op == "filled" else ~has
            case "in":
                wanted = [value for value in condition.value if value is not None]
                if _has_text(wanted):
                    wanted_keys: Any = target.select(target.id).where(label.in_(wanted))
                else:
                    wanted_keys = wanted
                some = self.model.id.in_(every.where(key.in_(wanted_keys)))
                return some if len(wanted) == len(condition.value) else some | ~self.model.id.in_(every)
            case "contains" | "lacks":
                named = target.select(target.id).where(search.contains(label, str(condition.value)))
                some = self.model.id.in_(every.where(key.in_(named)))
                return some if condition.op == "contains" else ~some
        raise NotFound(f"“{found.label}”不能这样筛选。")

    def _order(self, scope: Scope, view: View) -> list[Any]:
        terms = []
        for path, descending in (*view.order, *(() if view.order else self.order)):
            column = self.column(path)
            keys, nullable = self._sort_keys(scope, column, view.strokes)
            for expr in keys:
                if nullable:
                    terms.append(expr.desc(nulls="last") if descending else expr.asc(nulls="last"))
                else:
                    terms.append(expr.desc() if descending else expr.asc())
        descending = bool(self.order) and (view.order or self.order)[-1][1]
        terms.append(self.model.id.desc() if descending else self.model.id.asc())
        return terms

    def _sort_keys(self, scope: Scope, column: Column, strokes: bool) -> tuple[list[Any], bool]:
        if column.expr is not None or self._is_many(column):
            return [self._value(scope, column)], True
        found, path = self.field_of(column), column.path
        if isinstance(found, Ref):
            found, path = self._through_label(found, path)
        way, names = path.split(".")[:-1], [path.split(".")[-1]]
        if getattr(found, "sort", None):
            names = ["stroke_key", "name_key"] if strokes and found.sort == "name_key" else [found.sort]
        nullable = bool(way) or bool(getattr(found, "null", False)) or names[0] in self.model.fact_names()
        return [scope.col(".".join([*way, name])) for name in names], nullable

    @staticmethod
    def _through_label(found: Ref, path: str) -> tuple[Any, str]:
        target = found.rel_model
        way = label_path(target)
        for step in way.split("."):
            field_ = target.described()[step]
            if isinstance(field_, Ref):
                target = field_.rel_model
        return field_, f"{path}.{way}"


def label_path(model: type[Record]) -> str:
    """The path from a table to the text that names its rows."""
    found = model.described().get(model.label_field)
    if isinstance(found, Ref):
        return f"{model.label_field}.{label_path(found.rel_model)}"
    return model.label_field


def _stored(path: str) -> Callable[[Scope], Any]:
    """The column itself (of a reference its id)."""
    return lambda scope: scope.col(path)


def _as_column(query: Any) -> Any:
    """A scalar subquery that can be compared and sorted like a column."""
    return peewee.NodeList((query,))


def _has_text(values: Any) -> bool:
    return any(isinstance(value, str) for value in values)


def register(name: str) -> Register:
    """The register of a name. Raises NotFound with the names there are."""
    if name not in REGISTERS:
        known = "、".join(sorted(n for n, r in REGISTERS.items() if not r.hidden))
        raise NotFound(f"没有“{name}”这个台账。", f"可用的有：{known}")
    return REGISTERS[name]


def register_of(model: type[Record]) -> Register | None:
    """The register of a table, None where it has none."""
    return next((r for r in REGISTERS.values() if r.model is model), None)
