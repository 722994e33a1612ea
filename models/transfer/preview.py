"""What an import would do, row by row, before anything is written; the user's choices change single rows."""

from __future__ import annotations

import datetime as dt
import gc
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from models.core import search
from models.core.draft import Draft
from models.core.errors import FieldError, KnownError
from models.core.fields import Lines
from models.core.ledger import Ledger
from models.core.register import Register
from models.transfer.bringing import with_search
from models.transfer.lookup import chunks
from models.transfer.mapping import Mapping as HeaderMapping
from models.transfer.packing import pack
from models.transfer.plan import STATUSES, Candidate, Choice, Plans, RowPlan
from models.transfer.planner import Planner
from models.transfer.progress import Progress, tell
from models.transfer.reading import RawTable
from models.transfer.sidecar import read_mark

_WINDOW = 400
_MANY = 20_000


#: What ``Preview.codes`` holds: the status's place in STATUSES, or OPEN for a doubtful row with a question left.
CODES = {status: code for code, status in enumerate(STATUSES)}
OPEN = len(STATUSES)


def acceptable(p: RowPlan) -> bool:
    """Whether a row can be written as it stands."""
    return p.status in ("new", "changed") or (p.status == "doubtful" and not p.open)


@dataclass
class Preview:
    """The plans of all rows, in the file's order; what is asked of all of them at once is answered by ``codes``.

    ``removed`` are the records of an own export whose row is no longer in the file; ``notes`` tell what was skipped.
    """

    register: Register
    table: RawTable
    mapping: HeaderMapping
    planner: Planner
    rows: Plans
    removed: list[Candidate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    choices: dict[int, Choice] = field(default_factory=dict)
    #: The records offered for a row before something was chosen, by its number.
    offered: dict[int, list[Candidate]] = field(default_factory=dict)
    #: A commit takes the plan apart as it goes, to save room: made or given up, the next needs a new preview.
    spent: bool = False
    codes: bytearray = field(default_factory=bytearray)
    #: The first row of the file that stands for a record.
    first: dict[int, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each status."""
        found: dict[str, int] = {status: self.codes.count(code) for status, code in CODES.items()}
        found["doubtful"] += self.codes.count(OPEN)
        return found

    def at(self, number: int) -> int:
        """The index of a row of the file. Raises KnownError for a row that is not there."""
        index = bisect_left(self.table.numbers, number)
        if index >= len(self.rows) or self.table.numbers[index] != number:
            raise KnownError(f"没有第{number}行数据。")
        return index

    def row(self, number: int) -> RowPlan:
        """The plan of a row of the file. Raises KnownError for a row that is not there."""
        return self.rows[self.at(number)]

    def put(self, p: RowPlan) -> None:
        """Take a row's plan, the next one or another one for a row that is there."""
        if p.record is not None and p.status in ("changed", "unchanged", "doubtful"):
            number = self.first.setdefault(p.record, p.number)
            if number != p.number:
                p.doubt("", f"与文件第{number}行是同一条记录")
        _prepare(self.register.model, p, self.planner.today)
        code = OPEN if p.status == "doubtful" and p.open else CODES[p.status]
        self.rows.put(p)
        if p.index < len(self.codes):
            self.codes[p.index] = code
        else:
            self.codes.append(code)

    def choose(
        self, number: int, record: int | None = None, cells: Mapping[str, int | Sequence[int]] | None = None
    ) -> RowPlan:
        """Say which record a row is (0: a new one) or what its cells mean (path to id); returns its new plan."""
        old = self.row(number)
        before = self.choices.get(old.index, Choice())
        choice = Choice(before.record if record is None else record, {**before.cells, **(cells or {})})
        self.choices[old.index] = choice
        self._replan([old.index])
        return self.rows[old.index]

    def correct(self, path: str, written: str, label: str, progress: Progress | None = None) -> list[int]:
        """Let ``written`` mean ``label`` in every row that is wrong because of it; returns the rows' indexes.

        Raises FieldError for a label that is none, Cancelled; the plan is then as it was.
        """
        target = self.mapping.targets[path]
        if self.options(path, label)[:1] != [label]:
            raise FieldError(f"{target.label}里没有“{label}”，请从下拉中选")
        same = self.wrong_with(path, written)
        self.mapping.correct(path, written, label)
        try:
            tell(progress, 0, len(same))
            plans: list[RowPlan] = []
            for part in chunks(same, _WINDOW):
                plans += self.planner.plan(part, self.choices)
                tell(progress, len(plans), len(same))
        except BaseException:
            self.mapping.forget(path, written)
            raise
        for p in plans:
            self.put(p)
        return same

    def wrong_with(self, path: str, written: str) -> list[int]:
        """The indexes of the rows that are wrong because of a text in a column."""
        wrong = self.codes.translate(bytes(c == CODES["wrong"] for c in range(256)))
        plans = (self.rows[i] for i in compress(range(len(wrong)), wrong))
        return [p.index for p in plans if any((r.path, r.written) == (path, written) for r in p.reasons)]

    def options(self, path: str, written: str) -> list[str]:
        """The values or records that a text of a column may be meant for, the most similar first."""
        return self.planner.lookup.options(self.mapping.targets[path].field, written)

    def _replan(self, indexes: Sequence[int]) -> None:
        for p in [self.rows[i] for i in indexes]:
            known = self.offered.setdefault(p.number, [])
            known += [c for c in p.candidates if c not in known]
            if p.record is not None and self.first.get(p.record) == p.number:
                del self.first[p.record]
        for new in self.planner.plan(indexes, self.choices):
            self.put(new)


def preview(
    ledger: Ledger,
    register: Register,
    table: RawTable,
    mapping: HeaderMapping,
    progress: Progress | None = None,
    *,
    effective_on: dt.date | None = None,
    fill: Mapping[str, str] | None = None,
) -> Preview:
    """Plan every row of a file; writes nothing.

    ``effective_on`` is the first day of changed facts (today by default); ``fill`` maps paths that no column fills
    to one text for all new rows. Raises KnownError where nothing is mapped, Cancelled where progress says no.
    """
    if not mapping.matched:
        raise KnownError(
            f"文件里没有一列能对应到{register.title}的栏目。", "请核对是否选对了台账，或逐列指定对应的栏目。"
        )
    total = len(table.rows)
    tell(progress, 0, total)
    planner = Planner(table, mapping, ledger.today, effective_on, fill)
    planner.prepare()
    found = Preview(register, table, mapping, planner, Plans(), notes=list(table.notes))
    if total > _MANY:  # what is kept for each row is no garbage: to look through it would hold the window
        gc.freeze()
    for part in chunks(range(total), _WINDOW):
        for p in planner.plan(part):
            found.put(p)
        if len(found.rows) % 20_000 == 0:  # names of a long file seldom come again
            search.initials.cache_clear()
            search.name_key.cache_clear()
        tell(progress, len(found.rows), total)
    found.removed = _removed(found)
    ignored = [m.header for m in mapping.columns if m.how == "read_only"]
    if ignored:
        found.notes.append(f"只供查看、不导入的列：{'、'.join(ignored)}。")
    left = [m.header for m in mapping.open]
    if left:
        found.notes.append(f"没有对应栏目、不导入的列：{'、'.join(left)}。")
    return found


def _prepare(model: Any, p: RowPlan, today: dt.date) -> None:
    """Work out what a new row's columns and lines are stored with: the slow part of a commit, done with progress."""
    if p.record is None and p.status in ("new", "doubtful"):
        parent = Draft(model, p.values, None, today)
        for name, field in model.described().items():
            if isinstance(field, Lines) and p.values.get(name):
                child = field.child()
                drafts = [Draft(child, line, None, today, parent=parent) for line in p.values[name]]
                whole = [{**d.values, **child.derive(d)} for d in drafts]
                p.values[name] = [pack(with_search(child, values)) for values in whole]
        p.values = with_search(model, p.values)
    p.pack()


def _removed(found: Preview) -> list[Candidate]:
    """The live records of an own export that the file no longer has."""
    manifest, model = found.table.manifest, found.register.model
    if manifest is None or manifest.register != found.register.name or not found.table.marks:
        return []
    kept = {m.uid for m in map(read_mark, found.table.marks) if m is not None}
    gone = sorted(manifest.uids - kept)
    records: Iterable[Any] = (
        r for part in chunks(gone) for r in model.live().where(model.uid.in_(part)).order_by(model.id)
    )
    return [Candidate(r.id, r.label(), "文件中已删去这一行") for r in records]
