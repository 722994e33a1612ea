"""What an import would do, row by row, before anything is written; the user's choices change single rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.core import search
from models.core.draft import Draft
from models.core.errors import KnownError
from models.core.fields import Lines
from models.core.ledger import Ledger
from models.core.register import Register
from models.transfer.bringing import with_search
from models.transfer.lookup import chunks, pack
from models.transfer.mapping import Mapping as HeaderMapping
from models.transfer.plan import STATUSES, Candidate, Choice, RowPlan
from models.transfer.planner import Planner
from models.transfer.progress import Progress, tell
from models.transfer.reading import RawTable
from models.transfer.sidecar import read_mark

_WINDOW = 400


@dataclass
class Preview:
    """The plans of all rows, in the file's order.

    ``removed`` are the records of an own export whose row is no longer in the file; ``notes`` tell what was skipped.
    """

    register: Register
    table: RawTable
    mapping: HeaderMapping
    planner: Planner
    rows: list[RowPlan]
    removed: list[Candidate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    choices: dict[int, Choice] = field(default_factory=dict)
    #: A commit takes the plan apart as it goes, to save room: made or given up, the next needs a new preview.
    spent: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each status."""
        found = Counter(p.status for p in self.rows)
        return {status: found[status] for status in STATUSES}

    def row(self, number: int) -> RowPlan:
        """The plan of a row of the file. Raises KnownError for a row that is not there."""
        for p in self.rows:
            if p.number == number:
                return p
        raise KnownError(f"没有第{number}行数据。")

    def choose(
        self, number: int, record: int | None = None, cells: Mapping[str, int | Sequence[int]] | None = None
    ) -> RowPlan:
        """Say which record a row is (0: a new one) or what its cells mean (path to id); returns its new plan."""
        old = self.row(number)
        before = self.choices.get(old.index, Choice())
        choice = Choice(before.record if record is None else record, {**before.cells, **(cells or {})})
        self.choices[old.index] = choice
        [new] = self.planner.plan([old.index], {old.index: choice})
        _prepare(self.register.model, new, self.planner.today)
        self.rows[old.index] = new
        return new


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
    rows: list[RowPlan] = []
    taken: dict[int, int] = {}
    for part in chunks(range(total), _WINDOW):
        for p in planner.plan(part):
            if p.record is not None and p.status in ("changed", "unchanged", "doubtful"):
                first = taken.setdefault(p.record, p.number)
                if first != p.number:
                    p.doubt("", f"与文件第{first}行是同一条记录")
            _prepare(register.model, p, ledger.today)
            rows.append(p)
        if len(rows) % 20_000 == 0:  # names of a long file seldom come again
            search.initials.cache_clear()
            search.name_key.cache_clear()
        tell(progress, len(rows), total)
    found = Preview(register, table, mapping, planner, rows, notes=list(table.notes))
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
    if p.values:
        p.values = pack(p.values)


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
