"""The papers of 包保责任 written as one PDF: which kinds there are and for whom; knows no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.area import below
from models.core.errors import NotFound
from models.core.record import as_of
from models.handing_over import HandoverSheet, handover_sheet
from models.handover import Handover
from models.responsibility import OfficialPost
from models.responsibility_papers import Cadre, Place, basis, boards, sheets
from models.responsibility_scope import Whose, enterprises_of
from models.settings import settings
from models.threshold import limits_of
from models.visit import TaskItem, task_items
from reports.core.book import About, Book
from reports.core.document import add_official
from reports.core.errors import Cancelled, located
from reports.core.fonts import FontSet
from reports.core.official import chinese_date
from reports.responsibility_board import SCOPE, Board, Named, add_board
from reports.responsibility_board import TITLE as BOARD
from reports.responsibility_letter import TITLE as LETTER
from reports.responsibility_letter import letter
from reports.responsibility_lists import (
    HANDOVER,
    OVERSIGHT,
    RESPONSIBILITY,
    TASK,
    handover_parts,
    oversight_parts,
    responsibility_parts,
    task_parts,
)
from reports.responsibility_page import Paper, Part, render_parts

Progress = Callable[[int, int], bool]
"""Told (done, all: officials, enterprises or handovers); False stops the work."""

KINDS = {
    "responsibility": "责任清单",
    "task": "任务清单",
    "oversight": "督查清单",
    "commitment": "承诺书",
    "board": "公示牌",
    "handover": "交接单",
}
UNITS = dict.fromkeys(KINDS, "份") | {"board": "块"}
TITLES = {
    "responsibility": RESPONSIBILITY,
    "task": TASK,
    "oversight": OVERSIGHT,
    "commitment": LETTER,
    "board": BOARD,
    "handover": HANDOVER,
}


@dataclass(frozen=True)
class Written:
    """What was written: pages, and how many papers with their unit («12份»)."""

    pages: int
    papers: int


def write_papers(
    kind: str,
    whose: Whose,
    day: dt.date,
    out: Path,
    *,
    demo: bool = False,
    printed_on: dt.date | None = None,
    until: dt.date | None = None,
    progress: Progress | None = None,
    fonts: FontSet | None = None,
) -> Written:
    """Write one kind of paper (a key of ``KINDS``) for ``whose`` as of a day; ``until`` is the last day of handovers.

    Raises NotFound where there is nothing to print, Cancelled, MissingGlyph, DocumentError; nothing is written then.
    """
    job = _Job(kind, whose, day, out, demo, printed_on or day, progress, fonts)
    if kind == "board":
        return job.boards(enterprises_of(whose, day))
    if kind == "handover":
        return job.handovers(_handovers(whose, until))
    if kind == "commitment":
        return job.letters()
    return job.lists()


def write_boards(
    enterprises: Sequence[int],
    day: dt.date,
    out: Path,
    *,
    demo: bool = False,
    progress: Progress | None = None,
    fonts: FontSet | None = None,
) -> Written:
    """Write the boards of some enterprises. Raises what ``write_papers`` raises."""
    whose = Whose(f"选中的{len(enterprises)}户", ())
    return _Job("board", whose, day, out, demo, day, progress, fonts).boards(enterprises)


def write_handovers(
    handovers: Sequence[int], day: dt.date, out: Path, *, demo: bool = False, fonts: FontSet | None = None
) -> Written:
    """Write the sheets of some handovers. Raises NotFound for an unknown one."""
    words = handover_sheet(handovers[0]).giver.name if len(handovers) == 1 else f"选中的{len(handovers)}次"
    return _Job("handover", Whose(words, ()), day, out, demo, day, None, fonts).handovers(handovers)


class _Outline:
    """Entries of the outline: officials under their township, or alone where few were chosen."""

    def __init__(self, flat: bool) -> None:
        self._flat = flat
        self._group: str | None = None

    def __call__(self, cadre: Cadre) -> list[tuple[str, int]]:
        return self.under(cadre.township or "未定属地", cadre.name)

    def under(self, group: str, words: str) -> list[tuple[str, int]]:
        """The entry for an item of a group, after the group's own where it begins."""
        if self._flat:
            return [(words, 0)]
        new = group != self._group
        self._group = group
        return [(group, 0), (words, 1)] if new else [(words, 1)]


@dataclass
class _Job:
    kind: str
    whose: Whose
    day: dt.date
    out: Path
    demo: bool
    printed_on: dt.date | None
    progress: Progress | None
    fonts: FontSet | None

    def __post_init__(self) -> None:
        self.office = settings().office_name
        self.outline = _Outline(self.whose.named)

    def _sub(self) -> str:
        return f"范围：{self.whose.words}　截至{chinese_date(self.day)}　依据：{basis()}"

    def lists(self) -> Written:
        """The three lists."""
        read = sheets(self.whose.officials, self.day, self.whose.within, self.kind == "oversight")
        if self.kind == "responsibility":
            parts = responsibility_parts(read, self.outline, self._sub())
        elif self.kind == "task":
            parts = task_parts(read, self.outline, self._sub(), self.day)
        else:
            parts = oversight_parts(read, self.outline, self._sub())
        return self._print(parts, len(self.whose.officials))

    def handovers(self, keys: Sequence[int]) -> Written:
        """The sheets of some handovers."""
        found: Iterator[HandoverSheet] = (handover_sheet(key) for key in keys)
        sub = f"范围：{self.whose.words}　依据：{basis()}"
        return self._print(handover_parts(found, len(keys) > 1, sub), len(keys))

    def _print(self, parts: Iterator[Part], count: int) -> Written:
        first = next(parts, None)
        if first is None:
            raise self._nothing()
        done = 0

        def counted() -> Iterator[Part]:
            nonlocal done
            done = 1
            yield first
            for part in parts:
                done += not part.annex
                yield part

        title = f"{TITLES[self.kind]}（{self.whose.words}）"
        paper = Paper(title, self.office, counted(), count, self._sub(), self.printed_on, self.demo)
        pages = render_parts(paper, self.out, self.progress, self.fonts)
        return Written(pages, done)

    def letters(self) -> Written:
        """The letters of the officials posted in the scope, those without enterprises only where named."""
        officials = [key for key in self.whose.officials if key in self.whose.posted]
        limits = limits_of([f"visit_months_{level}" for level in SCOPE], self.day)
        known: dict[str, list[TaskItem]] = {}
        legal, done = basis(), 0
        read = (s for s in sheets(officials, self.day) if s.open_places or self.whose.named)
        first = next(read, None)
        if first is None:
            raise self._nothing()
        about = About(f"{LETTER}（{self.whose.words}）", self.office, self._sub())
        with located(LETTER), Book(self.out, about, self.fonts) as book:
            for sheet in _again(first, read):
                items = _items(sheet.open_places, self.day, known)
                months = limits.get(f"visit_months_{sheet.cadre.level}")
                text = letter(sheet, items, months, legal, self.office, self.demo)
                with located(sheet.cadre.name):
                    add_official(book, text, self.outline(sheet.cadre))
                done += 1
                self._tell(done, len(officials))
        return Written(book.pages, done)

    def boards(self, keys: Sequence[int]) -> Written:
        """One page an enterprise that has an official and is in business."""
        hotline, done = settings().hotline, 0
        read = boards(keys, self.day)
        first = next(read, None)
        if first is None:
            raise self._nothing()
        flat = len(keys) <= 1 or (self.whose.named and len(self.whose.officials) == 1)
        outline = _Outline(flat)
        about = About(f"{BOARD}（{self.whose.words}）", self.office, self._sub())
        with located(BOARD), Book(self.out, about, self.fonts) as book:
            for place, cadres in _again(first, read):
                board = _board(place, cadres, self.office, hotline, self.day, self.demo)
                with located(place.name):
                    add_board(
                        book, board, outline.under(place.township or place.area or "未定属地", place.name)
                    )
                done += 1
                self._tell(done, len(keys))
        return Written(book.pages, done)

    def _tell(self, done: int, total: int) -> None:
        if self.progress is not None and not self.progress(done, total):
            raise Cancelled

    def _nothing(self) -> NotFound:
        when = chinese_date(self.day)
        if self.kind == "handover":
            return NotFound(
                f"{self.whose.words}没有包保交接记录，没有可以打印的交接单。", "请先在窗口里办理离任交接。"
            )
        if self.kind == "commitment":
            return NotFound(
                f"{self.whose.words}在{when}没有承担包保任务的在任干部，没有可以打印的承诺书。",
                "请先登记包保干部并指派主体，或换一个日期。",
            )
        return NotFound(
            f"{self.whose.words}在{when}没有现行的包保关系，没有可以打印的{KINDS[self.kind]}。",
            "请先为主体指派包保干部，或换一个日期。",
        )


def _again(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _items(places: Sequence[Place], day: dt.date, known: dict[str, list[TaskItem]]) -> list[TaskItem]:
    """The task items of all kinds of enterprises in a list, in their order; the general ones without any."""
    found: dict[int, TaskItem] = {}
    for category in dict.fromkeys([place.category for place in places] or [""]):
        if category not in known:
            known[category] = task_items(category, day)
        found |= {item.id: item for item in known[category]}
    return sorted(found.values(), key=lambda item: (item.rank, item.id))


def board_of(enterprise: int, day: dt.date, demo: bool = False) -> Board | None:
    """The board of one enterprise on a day; None where it is out of business or has no official."""
    office = settings()
    found = next(boards([enterprise], day), None)
    return None if found is None else _board(*found, office.office_name, office.hotline, day, demo)


def _board(
    place: Place, cadres: Sequence[Cadre], office: str, hotline: str, day: dt.date, demo: bool
) -> Board:
    people = [_named(cadre) for cadre in cadres]
    return Board(place.name, people, _board_facts(place), office, hotline, day, demo)


def _named(cadre: Cadre) -> Named:
    scope = SCOPE.get(cadre.level, "")
    tier = f"{cadre.level_name}包保"
    post = "\n".join(part for part in (cadre.unit, cadre.post) if part)
    return Named(cadre.name, post, cadre.phone, f"{tier}\n{scope}" if scope else "")


def _board_facts(place: Place) -> list[tuple[str, str]]:
    facts = [
        ("经营地址", place.address),
        ("负责人", "　".join(part for part in (place.principal, place.phone) if part)),
        ("许可证号", place.permits.replace("\n", "、")),
    ]
    facts += [("食品安全总监", place.directors)] if place.directors else []
    return [*facts, ("食品安全员", place.officers)]


def _handovers(whose: Whose, until: dt.date | None) -> list[int]:
    """The handovers in a scope, the latest first for a person, by day for an area; ``until`` the last day."""
    query = Handover.live().select(Handover.id, Handover.official, Handover.effective_on)
    if until is not None:
        query = query.where(Handover.effective_on <= until)
    if whose.named:
        query = query.where(Handover.official.in_(whose.officials))
    rows = list(query.order_by(Handover.effective_on.desc(), Handover.id.desc()).tuples())
    if whose.area is None:
        return [row[0] for row in rows]
    areas = below(whose.area)
    post = OfficialPost
    found = []
    for key, official, on in rows:
        eve = on - dt.timedelta(days=1)
        there = post.live().where(post.official == official, post.area.in_(areas), as_of(post, eve))
        if there.exists():
            found.append(key)
    return found
