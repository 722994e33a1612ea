"""The base table of the ledger: identity, version, removal, search text and dated facts. Knows no topic table."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import peewee

from models.core.checks import Problems
from models.core.fields import Described, Lines, Links, Ref

database = peewee.DatabaseProxy()

#: Start of a fact whose first day nobody knows.
BEGINNING = dt.date(1900, 1, 1)

#: Every table of records, filled as classes are made.
TABLES: list[type[Record]] = []


class Record(peewee.Model):
    """A row that is numbered, versioned (optimistic lock) and removed without being lost.

    ``live()`` is the only door for registers and figures. ``owner`` names the foreign key of the parent where the
    row belongs to one (lines, links, facts) and is removed and restored with it.
    """

    id = peewee.AutoField()
    uid = peewee.CharField(max_length=32, unique=True, default=lambda: uuid.uuid4().hex)
    version = peewee.IntegerField(default=1)
    removed_at = peewee.DateTimeField(null=True)

    title: ClassVar[str] = ""
    label_field: ClassVar[str] = "name"
    owner: ClassVar[str] = ""
    #: A function giving the dated table of this record's facts (a Fact), and the field their first day comes from.
    facts: ClassVar[Any] = None
    facts_start: ClassVar[str] = ""
    #: The live facts, the earliest first, where they were read for many records together; None: ask the database.
    known_facts: list[Any] | None = None
    #: Indexes over the live rows only: (field names, unique). Unique keys thereby ignore the removed.
    live_indexes: ClassVar[tuple[tuple[tuple[str, ...], bool], ...]] = ()
    #: Groups of field names, as the form shows them.
    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    #: What makes two rows of one record the same thing (a permit's kind and number), told when two records are merged.
    same_when: ClassVar[tuple[str, ...]] = ()
    #: References that do not keep their target from being removed: its ``after_remove`` lets go of them.
    loose: ClassVar[tuple[str, ...]] = ()
    #: At most one row of a record is meant to hold on a day (``valid_from``, ``valid_to``).
    alone: ClassVar[bool] = False
    #: Fields that keep their value when one record after another is entered (保存并新增).
    keep: ClassVar[tuple[str, ...]] = ()

    class Meta:
        database = database
        legacy_table_names = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__ != __name__:
            TABLES.append(cls)

    @classmethod
    def live(cls) -> Any:
        """The rows that are not removed."""
        return cls.select().where(cls.removed_at.is_null())

    @classmethod
    @functools.cache
    def own_fields(cls) -> dict[str, Any]:
        """The described columns of this table, by name, in order."""
        return {f.name: f for f in cls._meta.sorted_fields if isinstance(f, Described)}

    @classmethod
    @functools.cache
    def described(cls) -> dict[str, Any]:
        """Every field a form, an import or a list may name: own columns, dated facts, links and lines."""
        found = dict(cls.own_fields())
        if cls.facts is not None:
            found |= cls.fact_table().fact_fields()
        found |= {n: value for n, value in cls.__dict__.items() if isinstance(value, Lines | Links)}
        return found

    @classmethod
    def fact_table(cls) -> type[Fact]:
        """The dated table of this record's facts; only for one that has them."""
        if cls.facts is None:
            raise TypeError(f"{cls.__name__} has no dated facts")
        table: type[Fact] = cls.facts()
        return table

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Field name to Chinese label."""
        return {name: field.label for name, field in cls.described().items()}

    @classmethod
    @functools.cache
    def fact_names(cls) -> frozenset[str]:
        """The names among ``described()`` that live in the dated table."""
        return frozenset() if cls.facts is None else frozenset(cls.fact_table().fact_fields())

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        """Cross-field rules of the table; each topic overrides it. ``draft`` is a core.saving.Draft."""

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        """Columns that follow from the others, set on every save (initials, state …)."""
        return {}

    @classmethod
    def prepare(cls, draft: Any) -> dict[str, list[Any]]:
        """For lines with ``prepared``: the values a form shows a line ready for, beside the declared ones."""
        return {}

    @classmethod
    def remark(cls, draft: Any) -> dict[str, str]:
        """What a form tells under its fields while they are filled in, '' for nothing; it hinders nobody."""
        return {}

    def after_save(self, tx: Any, draft: Any) -> None:
        """What else must change with this record, inside the same transaction."""

    def guard(self, action: str) -> str:
        """Why this record may not be edited or removed now ('' where it may); ``action`` is edit or remove."""
        return ""

    def label(self) -> str:
        """What a person calls this record; a row of a link or of facts goes by its owner's name."""
        field = self._meta.fields.get(self.label_field)
        value = getattr(self, self.owner if field is None else self.label_field)
        if isinstance(value, Record):
            return value.label()
        return field.format(value) if hasattr(field, "format") else str(value or "")

    def take(self, columns: Mapping[str, Any]) -> None:
        """Hold columns that were stored; a reference that changed is read again."""
        self.__data__.update(columns)
        for name in columns:
            if self.__rel__:
                self.__rel__.pop(name, None)

    def after_remove(self, tx: Any) -> None:
        """What else must change when this record has been removed or restored, inside the same transaction."""

    def fact(self, day: dt.date) -> Any:
        """The row of dated facts in force on ``day``; of a record that begins later, its first one; None without."""
        if self.facts is None:
            return None
        if self.known_facts is not None:
            return in_force(self.known_facts, day) or next(iter(self.known_facts), None)
        child = type(self).fact_table()
        mine = child.live().where(child.owner_column() == self.id)
        return mine.where(child.as_of(day)).first() or mine.order_by(child.valid_from).first()


class Entry(Record):
    """A record that people look up by typing: it keeps a search text, and keys for order by pinyin and by strokes."""

    search_text = peewee.TextField(default="")
    name_key = peewee.CharField(max_length=400, default="")
    stroke_key = peewee.CharField(max_length=400, default="")


class Fact(Record):
    """A dated row: in force from ``valid_from`` to ``valid_to``, both days included; open end is NULL."""

    FRAME: ClassVar[frozenset[str]] = frozenset({"valid_from", "valid_to"})
    #: Every dated table declares these two days.
    valid_from: Any
    valid_to: Any

    @classmethod
    @functools.cache
    def fact_fields(cls) -> dict[str, Any]:
        """The described facts themselves, without the days and the owner."""
        return {n: f for n, f in cls.own_fields().items() if n not in cls.FRAME and n != cls.owner}

    @classmethod
    def owner_column(cls) -> Any:
        """The foreign key of the record the facts belong to."""
        return cls._meta.fields[cls.owner]

    @classmethod
    def as_of(cls, day: Any) -> peewee.Expression:
        """The condition «in force on ``day``» (a date or a column of dates)."""
        return (cls.valid_from <= day) & (cls.valid_to.is_null() | (cls.valid_to >= day))


def in_force(facts: Sequence[Any], day: dt.date) -> Any:
    """The one of some dated rows in force on ``day``; None without."""
    for fact in facts:
        if fact.valid_from <= day and (fact.valid_to is None or fact.valid_to >= day):
            return fact
    return None


def as_of(table: Any, day: Any) -> peewee.Expression:
    """The condition «in force on ``day``» for any table or alias with ``valid_from`` and ``valid_to``."""
    return (table.valid_from <= day) & (table.valid_to.is_null() | (table.valid_to >= day))


def pointing_tables(model: type[Record]) -> Iterator[tuple[type[Record], peewee.ForeignKeyField]]:
    """The tables whose rows point to a row of ``model``, with their foreign key."""
    for foreign, child in model._meta.backrefs.items():
        if issubclass(child, Record):
            yield child, foreign


def owned_tables(model: type[Record]) -> Iterator[tuple[type[Record], peewee.ForeignKeyField]]:
    """The tables whose rows live and die with a row of ``model``, with their foreign key."""
    return ((child, foreign) for child, foreign in pointing_tables(model) if child.owner == foreign.name)


def depending_tables(model: type[Record]) -> Iterator[tuple[type[Record], peewee.ForeignKeyField]]:
    """The tables whose rows point to a row of ``model`` and keep it there, without belonging to it."""
    for child, foreign in pointing_tables(model):
        if foreign.name not in (child.owner, *child.loose):
            yield child, foreign


def refs(model: type[Record]) -> dict[str, Ref]:
    """The described foreign keys of a table."""
    return {name: field for name, field in model.own_fields().items() if isinstance(field, Ref)}


def live_index_sql(model: type[Record]) -> list[str]:
    """The statements that make a table's indexes over its live rows (SQLite and PostgreSQL alike)."""
    wanted = list(model.live_indexes)
    if getattr(model.own_fields().get(model.label_field), "sort", None) == "name_key":
        wanted += [(("name_key",), False), (("stroke_key",), False)]
    found = []
    for number, (names, unique) in enumerate(wanted, 1):
        columns = [model._meta.fields[name].column_name for name in names]
        table = model._meta.table_name
        found.append(
            f'CREATE {"UNIQUE " if unique else ""}INDEX "{table}_live_{number}" ON "{table}" '
            f'({", ".join(f"{chr(34)}{c}{chr(34)}" for c in columns)}) WHERE "removed_at" IS NULL'
        )
    return found
