"""双随机: who may be drawn, the draw itself, its record and its repetition. The algorithm is rules/drawing.py."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.core.changes import Transaction
from models.core.errors import Refused
from models.core.record import database
from models.core.register import View, register
from models.core.saving import save
from models.draw import Draw, DrawnEnterprise, DrawnOfficer
from models.enterprise import Enterprise, EnterpriseState
from models.inspection_task import InspectionTask
from models.plan_facts import officers_for, officers_left_out, told_left_out
from models.rules import drawing
from models.visit_limit import visit_counts

#: What a draw's tasks say they come from.
TASK_SOURCE = "random"
EVERYTHING = View()


class Candidate(NamedTuple):
    """Somebody on a list of candidates; the list's order gives the number."""

    id: int
    name: str


class DrawnPlace(NamedTuple):
    """An enterprise drawn: its number among the candidates, its lot, its team and the officers of it."""

    candidate: Candidate
    number: int
    lot: str
    team: int
    officers: tuple[Candidate, ...]


@dataclass(frozen=True)
class Drawing:
    """A draw that is not stored yet. ``scope`` says in words who was on the list."""

    day: dt.date
    seed: str
    scope: str
    places: tuple[Candidate, ...]
    people: tuple[Candidate, ...]
    drawn: drawing.Drawn

    @property
    def officers(self) -> tuple[Candidate, ...]:
        """The officers drawn, in order."""
        return tuple(self.people[one.number - 1] for one in self.drawn.officers)

    @property
    def lines(self) -> tuple[DrawnPlace, ...]:
        """The enterprises drawn, in order, with who inspects them."""
        drawn, teams = self.drawn, dict[int, list[Candidate]]()
        for officer, team in zip(self.officers, drawn.officer_teams, strict=True):
            teams.setdefault(team, []).append(officer)
        return tuple(
            DrawnPlace(self.places[one.number - 1], one.number, one.lot, team, tuple(teams[team]))
            for one, team in zip(drawn.enterprises, drawn.enterprise_teams, strict=True)
        )


def candidate_places(day: dt.date, view: View = EVERYTHING, below_limit: bool = False) -> list[Candidate]:
    """The enterprises in business on a day among those of a view of the register, in the order of their ids; without
    those that were visited as often as the year's bound allows where ``below_limit``."""
    state = EnterpriseState
    query = (
        state.live()
        .select(Enterprise.id, Enterprise.name)
        .join(Enterprise)
        .where(state.as_of(day), state.status == "open", Enterprise.removed_at.is_null())
        .order_by(Enterprise.id)
    )
    rows = [Candidate._make(row) for row in database.execute(query)]
    if view != EVERYTHING:
        wanted = set(register("enterprises").ids(view, day))
        rows = [row for row in rows if row.id in wanted]
    if below_limit:
        full = {key for key, count in visit_counts(day).items() if count.reached}
        rows = [row for row in rows if row.id not in full]
    return rows


def candidate_officers(day: dt.date) -> list[Candidate]:
    """The law officers who can inspect on a day, in the order of their ids."""
    found = officers_for(day.year, day)
    return [Candidate(one.id, one.name) for one in found]


def officers_not_drawn(day: dt.date) -> str:
    """How many law officers in service are not on the list of a day, and why; '' where all are."""
    return told_left_out(officers_left_out(day.year, day))


def draw_lots(
    day: dt.date,
    seed: str,
    enterprises: int,
    officers: int,
    places: Sequence[Candidate],
    people: Sequence[Candidate],
    scope: str = "全部在营主体",
) -> Drawing:
    """Draw so many enterprises and officers by a seed. Raises Refused (Chinese) for what cannot be drawn."""
    seed = seed.strip()
    try:
        drawn = drawing.draw(seed, len(places), len(people), enterprises, officers)
    except ValueError as error:
        raise Refused(f"{error}。", "请改正后再抽取。") from None
    return Drawing(day, seed, scope, tuple(places), tuple(people), drawn)


def store_draw(tx: Transaction, found: Drawing, name: str, tasks_due: dt.date | None = None) -> Draw:
    """Keep a draw with its candidates; with ``tasks_due`` every enterprise drawn becomes an inspection task until then.

    The action should be ``final``: a draw is not undone. Raises CheckFailed for a name or day that is wrong.
    """
    record: Draw = save(tx, Draw, draw_values(found, name))
    for model, rows in zip((DrawnEnterprise, DrawnOfficer), drawn_rows(record.id, found), strict=True):
        tx.insert_many(model, rows)
    if tasks_due is not None:
        _make_tasks(tx, record, found, tasks_due)
    return record


def draw_values(found: Drawing, name: str) -> dict[str, Any]:
    """The columns of the record of a draw."""
    return {
        "name": name.strip(),
        "drawn_on": found.day,
        "seed": found.seed,
        "scope": found.scope,
        "candidates": len(found.places),
        "officer_candidates": len(found.people),
        "algorithm": drawing.ALGORITHM,
        "detail": detail_of(found),
    }


def drawn_rows(record: int, found: Drawing) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the enterprises and of the officers drawn."""
    drawn = found.drawn
    places = [
        {"draw": record, "enterprise": line.candidate.id, "ordinal": line.number, "rank": at, "team": line.team}
        for at, line in enumerate(found.lines, 1)
    ]
    people = [
        {"draw": record, "officer": who.id, "ordinal": one.number, "rank": one.rank, "team": team}
        for one, who, team in zip(drawn.officers, found.officers, drawn.officer_teams, strict=True)
    ]
    return places, people


def _make_tasks(tx: Transaction, record: Draw, found: Drawing, due: dt.date) -> None:
    for line in found.lines:
        values = {
            "enterprise": line.candidate.id,
            "source": TASK_SOURCE,
            "reason": f"双随机抽取：{record.name}（第{line.number}号）",
            "assigned_on": tx.today,
            "due_on": due,
            "officers": [one.id for one in line.officers],
        }
        save(tx, InspectionTask, values)


def detail_of(found: Drawing) -> str:
    """The candidates in their order and the outcome, as kept with the record."""
    drawn = found.drawn
    return json.dumps(
        {
            "candidates": [list(one) for one in found.places],
            "officers": [list(one) for one in found.people],
            "enterprises_wanted": len(drawn.enterprises),
            "officers_wanted": len(drawn.officers),
            "drawn": [[one.number, one.lot] for one in drawn.enterprises],
            "drawn_officers": [[one.number, one.lot] for one in drawn.officers],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


class Repeated(NamedTuple):
    """A stored draw drawn again: the same or not, with what was found."""

    same: bool
    drawing: Drawing
    words: str


def repeat(record: Draw) -> Repeated:
    """Draw a stored draw again from its seed and candidates and compare. Raises Refused for an unknown algorithm."""
    if record.algorithm != drawing.ALGORITHM:
        raise Refused(f"这次抽取的算法“{record.algorithm}”不是本程序的算法，不能复核。")
    kept: dict[str, Any] = json.loads(record.detail)
    found = draw_lots(
        record.drawn_on,
        record.seed,
        kept["enterprises_wanted"],
        kept["officers_wanted"],
        [Candidate(*one) for one in kept["candidates"]],
        [Candidate(*one) for one in kept["officers"]],
        record.scope,
    )
    rows = DrawnEnterprise.live().where(DrawnEnterprise.draw == record.id).order_by(DrawnEnterprise.rank)
    stored = [(row.ordinal, row.enterprise_id, row.team) for row in rows]
    people = DrawnOfficer.live().where(DrawnOfficer.draw == record.id).order_by(DrawnOfficer.rank)
    same = stored == [(line.number, line.candidate.id, line.team) for line in found.lines] and [
        (row.ordinal, row.officer_id) for row in people
    ] == [(one.number, who.id) for one, who in zip(found.drawn.officers, found.officers, strict=True)]
    words = "按留存的种子和候选名单重新抽取，结果一致" if same else "重新抽取的结果与留存的不一致，请核对台账"
    return Repeated(same, found, words)
