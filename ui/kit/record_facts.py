"""Everything the panel beside a list tells of one record, read as plain data; knows neither Qt nor a topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from models.core.draft import lines_of, linked_ids, values_of
from models.core.fields import Choice, Date, Json, Lines, Links, Ref
from models.core.merged import merged_into, survivor_named
from models.core.record import BEGINNING, Record
from models.core.register import Register, View, register, register_of
from models.core.story import HistoryLine, history_lines, linked_counts, linked_view, remarks_on
from models.core.waivers import Waiver
from ui.kit.tones import DAYS, Due, due_tone, pill_tones

MOST_LINES = 30
MOST_STRONG = 22
MOST_HISTORY = 12
MOST_ADDED = 6

Target = tuple[str, int]
"""A register's name and a record's id."""


@dataclass(frozen=True)
class Item:
    """A label with its text; ``target`` is the record it leads to, ``tone`` colours an urgent day."""

    label: str
    text: str
    target: Target | None = None
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its facts."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Block:
    """A heading over lines: each is a strong first part and muted items; ``more`` says how many were left out."""

    title: str
    lines: tuple[tuple[str, tuple[Item, ...], Target | None], ...]
    more: int = 0


@dataclass(frozen=True)
class Linked:
    """Records of another register that point here."""

    register: str
    label: str
    view: View
    count: int
    unit: str


@dataclass(frozen=True)
class Story:
    """One record as the panel shows it."""

    id: int
    title: str
    kind: str
    subtitle: str = ""
    removed: bool = False
    badges: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    chips: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    linked: tuple[Linked, ...] = ()
    past: tuple[Item, ...] = ()
    merged: tuple[Item, ...] = ()
    waivers: tuple[Item, ...] = ()
    changes: tuple[Item, ...] = ()
    owner: Target | None = None
    tables: frozenset[str] = field(default_factory=frozenset)


def load_story(home: Register, record_id: int, today: dt.date) -> Story | None:
    """Read a record's story, None where there is no such record; for a reader thread."""
    model = home.model
    record = model.get_or_none(model.id == record_id)
    if record is None:
        return None
    values = values_of(record, today)
    kind = home.model.title or home.title
    return Story(
        id=record.id,
        title=record.label() or kind,
        kind=kind,
        subtitle=home.subtitle(record) if home.subtitle is not None else "",
        removed=record.removed_at is not None,
        badges=tuple(_badges(model, values)),
        sections=(*_told(home, record, today), *_sections(home, record, values, today)),
        chips=tuple(_chips(record, values)),
        blocks=tuple(_blocks(record, today)),
        linked=tuple(_linked(home, record, today)),
        past=tuple(_past(record)),
        merged=tuple(_merged(home, record)),
        waivers=tuple(_waivers(record)),
        changes=tuple(_changes(record)),
        owner=_owner(record),
    )


def _owner(record: Record) -> Target | None:
    if not record.owner:
        return None
    found = record._meta.fields[record.owner]
    home = register_of(found.rel_model)
    key = record.__data__.get(record.owner)
    return (home.name, key) if home is not None and key is not None else None


def _told(home: Register, record: Record, today: dt.date) -> Iterator[Section]:
    """What other topics tell of the record, before its own facts."""
    if found := remarks_on(home, record, today):
        yield Section("", tuple(Item(one.label, one.text, tone=one.tone) for one in found))


def _badges(model: type[Record], values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, described in model.described().items():
        tones = pill_tones(described)
        if tones is not None and values.get(name) is not None:
            yield described.format(values[name]), tones.get(values[name], "")


def _sections(home: Register, record: Record, values: dict[str, Any], today: dt.date) -> Iterator[Section]:
    described = record.described()
    named = [name for _, names in record.sections for name in names]
    rest = tuple(n for n, f in described.items() if n not in named and n != record.owner)
    for title, names in (*record.sections, ("办理情况" if record.sections else "", rest)):
        items = tuple(
            item
            for name in names
            if name in described
            for item in [_item(home, record, name, described[name], values, today)]
            if item is not None
        )
        if items:
            yield Section(title, items)


def _item(
    home: Register, record: Record, name: str, described: Any, values: dict[str, Any], today: dt.date
) -> Item | None:
    value = values.get(name)
    if isinstance(described, Lines | Links | Json) or value in (None, "", False):
        return None
    if (name == record.label_field and isinstance(value, str)) or pill_tones(described) is not None:
        return None  # it is the title, or a badge below it
    if isinstance(described, Ref):
        return _reference(described, value)
    text = described.format(value)
    unit = described.unit and f" {described.unit}"
    due = DAYS.get((home.name, name))
    tone = _urgency(due, value, values, today) if isinstance(described, Date) and due else ""
    return Item(described.label, f"{text}{unit}", tone=tone)


def _urgency(due: Due, day: dt.date, values: dict[str, Any], today: dt.date) -> str:
    if due.state and values.get(due.state) not in due.lasting:
        return ""
    return "" if due.unless and values.get(due.unless) else due_tone(due, day, today)


def _reference(described: Ref, key: int) -> Item | None:
    target = described.rel_model
    found = target.get_or_none(target.id == key)
    if found is None:
        return None
    home = register_of(target)
    return Item(described.label, found.label(), (home.name, key) if home is not None else None)


def _chips(record: Record, values: dict[str, Any]) -> Iterator[Section]:
    for name, described in record.described().items():
        if isinstance(described, Links) and values.get(name):
            target = described.target_model
            home = register_of(target)
            found = {r.id: r for r in target.select().where(target.id.in_(linked_ids(record, described)))}
            items = tuple(
                Item("", found[key].label(), (home.name, key) if home is not None else None)
                for key in values[name]
                if key in found
            )
            yield Section(described.label, items)


def _blocks(record: Record, today: dt.date) -> Iterator[Block]:
    for described in record.described().values():
        if not isinstance(described, Lines):
            continue
        child = described.child()
        home = register_of(child)
        rows = lines_of(record, described)
        lines = []
        for row in rows[:MOST_LINES]:
            names = sorted(described.told, key=lambda n: n != child.label_field)
            items = [i for n in names for i in [_cell(home, row, n, today)] if i is not None]
            first = 1 if items and len(items[0].text) > MOST_STRONG else 2
            strong = "　".join(item.text for item in items[:first])
            lines.append((strong, tuple(items[first:]), (home.name, row.id) if home is not None else None))
        if lines:
            yield Block(described.label, tuple(lines), len(rows) - len(lines))


def _cell(home: Register | None, row: Record, name: str, today: dt.date) -> Item | None:
    described = row.own_fields()[name]
    value = row.__data__.get(name)
    if value in (None, "", False):
        return None
    if isinstance(described, Ref):
        return _reference(described, value)
    due = DAYS.get((home.name, name)) if home is not None else None
    tone = due_tone(due, value, today) if due is not None and isinstance(value, dt.date) else ""
    if isinstance(described, Choice):
        tone = (pill_tones(described) or {}).get(value, "")
    return Item(described.label, described.format(value), tone=tone)


def _linked(home: Register, record: Record, today: dt.date) -> Iterator[Linked]:
    for link, label, count in linked_counts(home, record.id, today):
        yield Linked(link.register, label, linked_view(link, record.id), count, register(link.register).unit)


def _past(record: Record) -> Iterator[Item]:
    """The dated facts, newest first: each stretch of days with what changed in it."""
    if record.facts is None:
        return
    child = type(record).facts()
    rows = list(child.live().where(getattr(child, child.owner) == record.id).order_by(child.valid_from))
    before: dict[str, Any] = {}
    told = []
    for row in rows:
        now = {
            n: row.__data__.get(n) for n in child.own_fields() if n not in child.FRAME and n != child.owner
        }
        changed = [n for n in now if not before or now[n] != before[n]]
        words = (_said(child.own_fields()[n], now[n]) for n in changed if before or now[n] not in (None, ""))
        told.append(Item(_stretch(row.valid_from, row.valid_to), "，".join(words)))
        before = now
    if len(told) > 1:
        yield from reversed(told)


def _stretch(start: dt.date, end: dt.date | None) -> str:
    first = "最初" if start == BEGINNING else f"自 {start}"
    return first if end is None else f"{first} 至 {end}"


def _said(described: Any, value: Any) -> str:
    if value in (None, ""):
        return f"{described.label}：未填"
    if isinstance(described, Ref):
        item = _reference(described, value)
        return f"{described.label}：{item.text if item else '—'}"
    return f"{described.label}：{described.format(value)}"


def _merged(home: Register, record: Record) -> Iterator[Item]:
    """What the record was merged into, or which ones went into it."""
    into = survivor_named(type(record), record.id)
    if into is not None:
        yield Item("已并入", into[2], (home.name, into[0]))
    for row in merged_into(type(record), record.id):
        why = f"（{row.reason}）" if row.reason else ""
        yield Item("已并入这里", f"{row.name}　{row.merged_on}{why}")


def _waivers(record: Record) -> Iterator[Item]:
    table = record._meta.table_name
    labels = record.labels()
    for waiver in Waiver.live().where(Waiver.table == table, Waiver.row == record.id):
        who = f"（{waiver.who}）" if waiver.who else ""
        yield Item(labels.get(waiver.field, "提示"), f"{waiver.reason}{who}")


def _changes(record: Record) -> Iterator[Item]:
    """What was done to the record, one item an action, newest first."""
    told: dict[int, list[HistoryLine]] = {}
    for line in history_lines(record, limit=MOST_HISTORY * 6):
        told.setdefault(line.action_id, []).append(line)
    for lines in list(told.values())[:MOST_HISTORY]:
        first = lines[0]
        words = "；".join(_told_lines([line for line in lines if line.what]))
        yield Item(
            f"{first.when:%Y-%m-%d %H:%M}　{first.who}", f"{first.action}：{words}" if words else first.action
        )


def _told_lines(lines: list[HistoryLine]) -> Iterator[str]:
    """The changes of one action; of many that added the same kind of thing (files) the first few by name."""
    added: dict[str, list[str]] = {}
    for line in lines:
        if line.after and not line.before:
            added.setdefault(line.what, []).append(line.after)
    for line in lines:
        names = added.get(line.what, [])
        if len(names) <= MOST_ADDED or line.before or not line.after:
            yield _change(line)
        elif line.after == names[0]:
            yield f"{line.what}：{'、'.join(names[:MOST_ADDED])}等"
            names[0] = ""


def _change(line: HistoryLine) -> str:
    if line.before and line.after:
        return f"{line.what}由“{line.before}”改为“{line.after}”"
    return f"{line.what}：{line.after}" if line.after else f"{line.what}：删去“{line.before}”"
