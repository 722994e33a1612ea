"""What merging one record into another would do, read before anything is written. Knows no topic table."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import peewee

from models.core.changes import title_of
from models.core.checks import Problems
from models.core.dated import stretches
from models.core.draft import Draft, lines_of, values_of
from models.core.fields import Described, Json, Lines, Links, LongText, Ref
from models.core.record import BEGINNING, TABLES, Fact, Record
from models.core.waivers import Waiver

MINE, OTHER, BOTH = "mine", "other", "both"
#: How many rows of one table are asked whether a rule will object to them after the merge.
MOST_CHECKED = 100
FACTS = "facts"


@dataclass(frozen=True)
class Tie:
    """A column of a table by which its rows belong to a record: a foreign key, or ``row`` beside ``table``."""

    child: type[Record]
    column: str
    table: str = ""

    def rows(self, key: int, live: bool = True) -> Any:
        """The rows tied to a record, the removed ones without ``live``, in order of entry."""
        query = self.child.live() if live else self.child.select().where(self.child.removed_at.is_null(False))
        query = query.where(self.child._meta.fields[self.column] == key)
        if self.table:
            query = query.where(self.child._meta.fields["table"] == self.table)
        return query.order_by(self.child.id)

    @property
    def owned(self) -> bool:
        """Whether the rows live and die with the record."""
        return self.child.owner == self.column


def ties(model: type[Record]) -> list[Tie]:
    """Everything in the schema that can point to a row of a table, its dated facts left out."""
    found = [
        Tie(child, foreign.name)
        for foreign, child in model._meta.backrefs.items()
        if issubclass(child, Record) and not (issubclass(child, Fact) and child.owner == foreign.name)
    ]
    found += [
        Tie(child, "row", model._meta.table_name)
        for child in TABLES
        if {"table", "row"} <= set(child._meta.fields)
    ]
    return sorted(found, key=lambda tie: (tie.child._meta.table_name, tie.column))


@dataclass(frozen=True)
class FieldRow:
    """One field side by side: texts as the screen shows them, raw values, and what is chosen at first."""

    name: str
    label: str
    section: str
    mine: str
    other: str
    values: tuple[Any, Any]
    chosen: str
    choices: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether there is nothing to choose."""
        return self.values[0] == self.values[1]


@dataclass(frozen=True)
class CountRow:
    """How many rows of a table, or which lines, come together."""

    label: str
    mine: str
    other: str
    after: str
    same: bool


@dataclass(frozen=True)
class Clash:
    """Two rows that cannot both stay as they are; ``words`` says what happens by each choice.

    ``kind`` is ``same`` (one thing twice: one row stays), ``overlap`` (days held by two: the other row is cut) or
    ``facts`` (whose dated history holds where both have one).
    """

    key: str
    kind: str
    label: str
    mine: str
    other: str
    words: dict[str, str]
    chosen: str
    rows: tuple[Tie | None, int, int]


@dataclass(frozen=True)
class MergePlan:
    """The whole of a merge before it is done. ``token`` changes when the ledger has changed meanwhile."""

    model: type[Record]
    keep: int
    drop: int
    names: tuple[str, str]
    fields: tuple[FieldRow, ...]
    counts: tuple[CountRow, ...]
    clashes: tuple[Clash, ...]
    notes: tuple[str, ...]
    blockers: tuple[str, ...]
    token: str


def plan_merge(model: type[Record], keep: int, drop: int, today: dt.date) -> MergePlan:
    """What merging record ``drop`` into record ``keep`` of a table would do; only reads, for a reader thread."""
    mine, other = model.get_by_id(keep), model.get_by_id(drop)
    found = list(_clashes(model, keep, drop))
    history = _history(mine, other)
    clashes = ([history] if history is not None else []) + found
    blockers = tuple(dict.fromkeys(_blockers(mine, other, found)))
    return MergePlan(
        model, keep, drop, (mine.label(), other.label()),
        tuple(_fields(mine, other, today)), tuple(_counts(mine, other, found)), tuple(clashes),
        tuple(_notes(mine, other, found, today)) if not blockers else (), blockers, token_of(model, keep, drop),
    )  # fmt: skip


def token_of(model: type[Record], keep: int, drop: int) -> str:
    """What stands for the present of both records and of all that points to them."""
    parts = [f"{model.get_by_id(key).version}" for key in (keep, drop)]
    for tie in ties(model):
        for key in (keep, drop):
            numbers = [f"{row.id}.{row.version}" for row in tie.rows(key)]
            parts.append(f"{tie.child._meta.table_name}:{','.join(numbers)}")
    return "|".join(parts)


def text_of(field: Any, value: Any) -> str:
    """A stored value as the screen shows it; of a reference the record's label."""
    if value is None or value == "":
        return ""
    if isinstance(field, Ref):
        target = field.rel_model.get_or_none(field.rel_model.id == value)
        return target.label() if target is not None else ""
    unit = f" {field.unit}" if field.unit else ""
    return f"{field.format(value)}{unit}"


def row_text(row: Record, without: str = "") -> str:
    """A row in one line: its described columns without the one that ties it."""
    own = row.own_fields()
    texts = (
        text_of(f, row.__data__.get(n)) for n, f in own.items() if n != without and not isinstance(f, Json)
    )
    return "　".join(text for text in texts if text)


def _fields(mine: Record, other: Record, today: dt.date) -> Iterator[FieldRow]:
    model = type(mine)
    described, left, right = model.described(), values_of(mine, today), values_of(other, today)
    sections = {name: title for title, names in model.sections for name in names}
    ordered = [n for n in sections if n in described] + [n for n in described if n not in sections]
    for name in ordered:
        field = described[name]
        if isinstance(field, Lines | Links | Json) or not field.editable:
            continue
        a, b = left[name], right[name]
        texts = text_of(field, a), text_of(field, b)
        both = isinstance(field, LongText) and bool(texts[0] and texts[1]) and a != b
        chosen = BOTH if both else OTHER if not texts[0] and texts[1] else MINE
        if (
            name == model.facts_start
        ):  # it has been there since the earlier day; an unknown first day stays unknown
            chosen = OTHER if a and b and b < a else MINE
        choices = (MINE, OTHER, BOTH) if both else (MINE, OTHER)
        yield FieldRow(name, field.label, sections.get(name, ""), *texts, (a, b), chosen, choices)


def _counts(mine: Record, other: Record, clashes: list[Clash]) -> Iterator[CountRow]:
    doubled = Counter(c.rows[0] for c in clashes if c.kind == "same")
    model = type(mine)
    lines = {f.child(): f for f in model.described().values() if isinstance(f, Lines)}
    for tie in ties(model):
        counts = [tie.rows(key).count() for key in (mine.id, other.id)]
        if not any(counts) or tie.child is Waiver:
            continue
        after = sum(counts) - doubled[tie]
        line = lines.get(tie.child)
        if line is not None:
            texts = ["\n".join(row_text(r, tie.column) for r in lines_of(x, line)) for x in (mine, other)]
            yield CountRow(line.label, texts[0], texts[1], f"共{after}条", not counts[1])
            continue
        title = tie_title(tie)
        yield CountRow(title, str(counts[0]), str(counts[1]), f"共{after}条", not counts[1])


def tie_title(tie: Tie) -> str:
    """What a person calls the rows of a tie; where a table has two columns to the same one, with the column's name."""
    title = title_of(tie.child) or tie.child.__name__
    field = tie.child._meta.fields[tie.column]
    same = [f for f in tie.child._meta.refs if not tie.table and f.rel_model is field.rel_model]
    return f"{title}（{field.label}）" if len(same) > 1 else title


def _clashes(model: type[Record], keep: int, drop: int) -> Iterator[Clash]:
    for tie in ties(model):
        taken: set[int] = set()
        mine, other = list(tie.rows(keep)), list(tie.rows(drop))
        if not mine or not other:
            continue
        for names in _identities(tie):
            there = {key: row for row in mine if (key := _key(row, names)) is not None}
            for row in other:
                twin = there.get(_key(row, names) or ())
                if twin is not None and not {row.id, twin.id} & taken and _touching(tie, twin, row):
                    taken |= {row.id, twin.id}
                    yield _same(tie, twin, row)
        if tie.child.alone:
            for row in other:
                for held in mine:
                    if not {row.id, held.id} & taken and _overlap(held, row):
                        yield _overlapping(tie, held, row)


def _identities(tie: Tie) -> Iterator[tuple[str, ...]]:
    """The columns that, beside the tie, make two rows the same: unique keys, what the table says, whole lines."""
    child, meta = tie.child, tie.child._meta
    unique = [names for names, only in child.live_indexes if only]
    unique += [tuple(names) for names, only in meta.indexes if only]
    unique += [(name,) for name, f in meta.fields.items() if getattr(f, "unique", False)]
    for names in unique:
        if tie.column in names:
            yield tuple(n for n in names if n != tie.column)
    if child.same_when:
        yield child.same_when
    elif tie.owned:
        yield tuple(n for n in child.own_fields() if n != tie.column)
    if tie.table and child.title:
        yield tuple(n for n in logical_names(child) if n not in ("row",))


def logical_names(child: type[Record]) -> list[str]:
    """The columns of a table that say something: without number, version, removal and days of writing."""
    skipped = {"id", "uid", "version", "removed_at", "search_text", "name_key"}
    return [
        n
        for n, f in child._meta.fields.items()
        if n not in skipped and not isinstance(f, peewee.DateTimeField)
    ]


def _key(row: Record, names: tuple[str, ...]) -> tuple[Any, ...] | None:
    key = tuple(row.__data__.get(n) for n in names)
    return None if names and all(v in (None, "") for v in key) else (*key, "")


def _touching(tie: Tie, mine: Any, other: Any) -> bool:
    """Dated rows of one official are one stretch only where their days overlap or meet."""
    return not tie.child.alone or _overlap(mine, other, 1)


def _overlap(a: Any, b: Any, gap: int = 0) -> bool:
    day = dt.timedelta(days=gap)
    return (a.valid_to is None or b.valid_from <= a.valid_to + day) and (
        b.valid_to is None or a.valid_from <= b.valid_to + day
    )


def _same(tie: Tie, mine: Record, other: Record) -> Clash:
    title = tie_title(tie)
    texts = row_text(mine, tie.column), row_text(other, tie.column)
    if tie.child.alone:
        words = dict.fromkeys((MINE, OTHER), "接成一段，起止取两段合在一起的")
    elif texts[0] == texts[1]:
        words = dict.fromkeys((MINE, OTHER), "完全相同，只留一条")
    else:
        words = {MINE: "留左边的，右边的移除", OTHER: "留右边的，左边的移除"}
    key = f"same:{tie.child._meta.table_name}:{mine.id}:{other.id}"
    return Clash(key, "same", title, texts[0], texts[1], words, MINE, (tie, mine.id, other.id))


def _overlapping(tie: Tie, mine: Any, other: Any) -> Clash:
    words = {
        MINE: "左边的不变，右边的只留不重叠的日子",
        OTHER: "右边的不变，左边的只留不重叠的日子",
        BOTH: "两条都留，同期有两条",
    }
    key = f"overlap:{tie.child._meta.table_name}:{mine.id}:{other.id}"
    texts = row_text(mine, tie.column), row_text(other, tie.column)
    chosen = MINE if mine.valid_from >= other.valid_from else OTHER
    rows = tie, mine.id, other.id
    return Clash(key, "overlap", f"{tie_title(tie)}同期重叠", texts[0], texts[1], words, chosen, rows)


def _history(mine: Record, other: Record) -> Clash | None:
    """Whose dated facts hold; None where there are none or both tell the same of every day."""
    if mine.facts is None:
        return None
    names = type(mine).fact_table().fact_fields()
    told = [
        [(r.valid_from, r.valid_to, *(r.__data__.get(n) for n in names)) for r in stretches(x)]
        for x in (mine, other)
    ]
    if not all(told) or told[0] == told[1]:
        return None
    texts = ["\n".join(_told(r) for r in stretches(x)) for x in (mine, other)]
    words = {
        MINE: "左边的变更经过不变；早于它的日子用右边的",
        OTHER: "右边的变更经过不变；早于它的日子用左边的",
    }
    rows = None, mine.id, other.id
    return Clash(FACTS, "facts", "变更经过（按日期）", texts[0], texts[1], words, MINE, rows)


def _told(row: Any) -> str:
    fields = row.fact_fields()
    facts = "、".join(t for t in (text_of(f, row.__data__.get(n)) for n, f in fields.items()) if t)
    return f"{_stretch(row)}　{facts}"


def _stretch(row: Any) -> str:
    begin = "最初" if row.valid_from == BEGINNING else f"{row.valid_from}"
    return f"{begin}至{row.valid_to or '今'}"


def _blockers(mine: Record, other: Record, clashes: list[Clash]) -> Iterator[str]:
    if mine.id == other.id:
        yield "选的是同一条记录，请选两条不同的。"
    for record in (mine, other):
        if record.removed_at is not None:
            yield f"“{record.label()}”已移除，请先恢复，再合并。"
    if reason := mine.guard("edit"):
        yield reason
    if reason := other.guard("remove"):
        yield reason
    for clash in clashes:
        tie, _, loser = clash.rows
        if tie is not None and clash.kind == "same":
            row = tie.child.get_by_id(loser)
            if reason := row.guard("remove"):
                yield f"{clash.label}两户都有，不能只留一条：{reason}"


def _notes(mine: Record, other: Record, clashes: list[Clash], today: dt.date) -> Iterator[str]:
    """What a rule of a table will object to once its rows belong to the survivor, a sentence for each."""
    gone = {(c.rows[0], c.rows[2]) for c in clashes}
    heard: Counter[str] = Counter()
    for tie in ties(type(mine)):
        if tie.owned or tie.table:
            continue
        for row in tie.rows(other.id).order_by(tie.child.id.desc()).limit(MOST_CHECKED):
            if (tie, row.id) not in gone and not row.guard("edit"):
                heard.update(f"{tie_title(tie)}：{words}" for words in _objections(tie, row, mine.id, today))
    for words, count in heard.items():
        yield f"{words}（{count}条，合并后请打开改正）"


def _objections(tie: Tie, row: Record, keep: int, today: dt.date) -> list[str]:
    before = _errors(row, today)
    moved = type(row).get_by_id(row.id)
    setattr(moved, tie.column, keep)
    return [message for message in _errors(moved, today) if message not in before]


def _errors(row: Record, today: dt.date) -> list[str]:
    problems = Problems()
    type(row).check(Draft(type(row), {}, row, today), problems)
    return [p.message for p in problems.errors]


def label_of(model: type[Record], name: str) -> str:
    """The Chinese name of a described field."""
    field: Described = model.described()[name]
    return field.label


def better_first(model: type[Record], a: int, b: int) -> tuple[int, int]:
    """Two records with the one first to which more records point; of equal ones the one that was entered first."""
    counts = {key: sum(tie.rows(key).count() for tie in ties(model) if not tie.owned) for key in (a, b)}
    first, second = sorted((a, b), key=lambda key: (-counts[key], key))
    return first, second
