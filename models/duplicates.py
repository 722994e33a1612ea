"""Likely duplicate enterprises, found by keys instead of comparing all with all, and the pairs that are not ones."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from models.core.merged import answered_pairs
from models.core.record import database
from models.enterprise import Enterprise, Permit
from models.party import Party
from models.transfer.progress import Progress, tell
from models.transfer.similar import core_name, core_place, likeness

#: From this likeness on (0–100) two enterprises are listed. Above what an import doubts: one name at two house numbers
#: (at most 84) is a chain or a namesake, not a duplicate.
LISTED = 85
#: Less like names cannot reach ``LISTED`` even at one place (60 % name, 40 % place).
_LEAST_NAME = (LISTED - 40) / 0.6
#: Two places of one credit code are one place from this likeness of their addresses on (0–100).
SAME_PLACE = 85
#: A block of records with one key is compared whole up to this size; a bigger one along its order, this many ahead.
WHOLE_BLOCK, AHEAD = 60, 12
#: How sure a reason makes us (0–100): one permit number, one code at one place.
BY_PERMIT, BY_CODE = 99, 95
_EVERY = 2_000


@dataclass(frozen=True)
class Side:
    """One enterprise of a pair, as the list shows it."""

    id: int
    name: str
    address: str
    party: str
    uscc: str


@dataclass(frozen=True)
class Pair:
    """Two likely the same, with how sure (0–100) and why in words. Pairs of one ``group`` hang together."""

    first: Side
    second: Side
    score: int
    reasons: tuple[str, ...]
    group: int


@dataclass(slots=True)
class _Row:
    id: int
    name: str
    address: str
    phone: str
    principal: str
    party: str
    uscc: str
    party_id: int
    core: str
    place: str
    digits: str


def find_duplicates(progress: Progress | None = None) -> list[Pair]:
    """All likely duplicate pairs of live enterprises, the surest first; for a reader thread.

    ``progress`` is told (done, total) and stops the search by returning False. Raises Cancelled then.
    """
    rows = _rows()
    by_id = {row.id: row for row in rows}
    best: dict[tuple[int, int], tuple[int, list[str]]] = {}
    answered = {(pair.first, pair.second) for pair in answered_pairs(Enterprise)}
    for key, number in _same_permits().items():
        if key[0] in by_id and key[1] in by_id:
            others = _reasons(by_id[key[0]], by_id[key[1]])
            best[key] = BY_PERMIT, [f"许可证编号相同（{number}）", *others]
    for a, b in _candidates(rows, progress):
        key = (a.id, b.id) if a.id < b.id else (b.id, a.id)
        if key not in best and key not in answered and (score := _judge(a, b)) >= LISTED:
            best[key] = score, list(_reasons(a, b))
    kept = {key: value for key, value in best.items() if key not in answered}
    return _ranked(kept, by_id)


def _rows() -> list[_Row]:
    query = (
        Enterprise.live()
        .select(
            Enterprise.id, Enterprise.name, Enterprise.address, Enterprise.phone, Enterprise.principal,
            Party.name, Party.uscc, Party.id,
        )
        .join(Party, on=(Enterprise.party == Party.id))
        .order_by(Enterprise.id)
    )  # fmt: skip
    found = []
    for values in database.execute(query):
        number, name, address, phone, principal, party, uscc, party_id = values
        address = address or ""
        place = core_place(address)
        digits = "".join(re.findall(r"\d+", place))
        found.append(
            _Row(
                number, name, address, phone, principal, party, uscc, party_id, core_name(name), place, digits
            )
        )
    return found


def _same_permits() -> dict[tuple[int, int], str]:
    """Pairs of enterprises that hold one permit number."""
    other = Permit.alias()
    query = (
        Permit.live()
        .select(Permit.enterprise, other.enterprise, Permit.number)
        .join(other, on=((other.kind == Permit.kind) & (other.number == Permit.number)))
        .where(other.removed_at.is_null(), Permit.enterprise < other.enterprise, Permit.number != "")
    )
    return {(a, b): number for a, b, number in database.execute(query)}


def _candidates(rows: list[_Row], progress: Progress | None) -> Iterator[tuple[_Row, _Row]]:
    """Pairs with a key in common: the credit code or party, the name, the place, the beginning of name and number."""
    blocks: dict[Any, list[_Row]] = defaultdict(list)
    for i, row in enumerate(rows):
        if i % _EVERY == 0:
            tell(progress, i, 2 * len(rows))
        for key in _keys(row):
            blocks[key].append(row)
    several = [block for block in blocks.values() if len(block) > 1]
    for i, block in enumerate(several):
        if i % _EVERY == 0:
            tell(progress, len(rows) + i * len(rows) // len(several), 2 * len(rows))
        if len(block) <= WHOLE_BLOCK:
            yield from itertools.combinations(block, 2)
        else:
            yield from _along(block)
    tell(progress, 1, 1)


def _along(block: list[_Row]) -> Iterator[tuple[_Row, _Row]]:
    """Neighbours of a big block by name, then by place: a market's stalls, a chain's shops."""
    orders = (lambda r: (r.core, r.place), lambda r: (r.place, r.core))
    for order in orders:
        ordered = sorted(block, key=order)
        for i, row in enumerate(ordered):
            for other in ordered[i + 1 : i + 1 + AHEAD]:
                yield row, other


def _keys(row: _Row) -> Iterator[Any]:
    yield "n", row.core
    yield "b", row.core[:2], row.core[-2:], row.digits
    if row.place:
        yield "p", row.place
    if row.uscc:
        yield "u", row.uscc
    yield "h", row.party_id


def _judge(a: _Row, b: _Row) -> int:
    """How sure we are that two rows are one place (0–100)."""
    from rapidfuzz import fuzz

    placed = bool(a.place and b.place)
    if placed and a.digits != b.digits:
        return 0
    held = placed and _same_holder(a, b)
    if not held and not fuzz.ratio(a.core, b.core, score_cutoff=_LEAST_NAME):
        return 0
    score = likeness(a.core, a.place, b.core, b.place)
    if held and score < BY_CODE and fuzz.ratio(a.place, b.place) >= SAME_PLACE:
        return BY_CODE
    return score


def _same_holder(a: _Row, b: _Row) -> bool:
    return a.party_id == b.party_id or (bool(a.uscc) and a.uscc == b.uscc)


def _reasons(a: _Row, b: _Row) -> Iterator[str]:
    from rapidfuzz import fuzz

    if a.uscc and a.uscc == b.uscc:
        yield "统一社会信用代码相同"
    elif a.party_id == b.party_id:
        yield "当事人相同"
    yield "名称相同" if a.core == b.core else f"名称相似{fuzz.ratio(a.core, b.core):.0f}%"
    if a.place and b.place:
        yield "地址相同" if a.place == b.place else f"地址相似{fuzz.ratio(a.place, b.place):.0f}%"
    if a.phone and a.phone == b.phone:
        yield "电话相同"
    if a.principal and a.principal == b.principal:
        yield "负责人相同"


def _ranked(found: dict[tuple[int, int], tuple[int, list[str]]], rows: dict[int, _Row]) -> list[Pair]:
    """The surest groups first; the pairs of one group stand together."""
    groups = _groups(found)
    top: dict[int, int] = {}
    for key, value in found.items():
        top[groups[key[0]]] = max(value[0], top.get(groups[key[0]], 0))
    order = sorted(
        found.items(), key=lambda item: (-top[groups[item[0][0]]], groups[item[0][0]], -item[1][0], item[0])
    )
    return [
        Pair(_side(rows[a]), _side(rows[b]), score, tuple(reasons), groups[a])
        for (a, b), (score, reasons) in order
    ]


def _groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each record's group: the lowest number of those it hangs together with."""
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {key: root(key) for key in list(parent)}


def _side(row: _Row) -> Side:
    return Side(row.id, row.name, row.address, row.party, row.uscc)
