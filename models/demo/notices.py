"""The demo's notices through their whole life, numbered without gap in the order of issue."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from models.demo import reinspections, talks, visit_papers
from models.demo.kit import Demo, Shop
from models.demo.plan import HALVES, TODAY
from models.enterprise import Party
from models.inspection import Finding
from models.law import bases_for
from models.notice import Notice, NoticeFinding, NumberSeries
from models.notice_steps import compose, notice_values
from models.rules.numbering import format_number
from models.settings import settings

TERMS = (7, 7, 10, 10, 15, 15, 15, 20, 30)
#: Notices that no inspection led to: source, day found, category, code of the basis.
OTHERS = (
    ("sampling", dt.date(2023, 5, 18), "sale", "produce_record"),
    ("complaint", dt.date(2023, 8, 15), "catering", "site_clean"),
    ("sampling", dt.date(2023, 11, 9), "catering", "utensils_dirty"),
    ("complaint", dt.date(2024, 3, 12), "catering", "storage"),
    ("sampling", dt.date(2024, 4, 23), "sale", "purchase_record"),
    ("assignment", dt.date(2024, 5, 21), "workplace_canteen", "pest_control"),
)


@dataclass
class Paper:
    """One notice in the making."""

    shop: Shop
    found_on: dt.date
    findings: list[int]
    officers: list[int]
    issued_on: dt.date | None
    state: str
    values: dict[str, Any]
    id: int = 0
    due: dt.date | None = None
    again: list[tuple[dt.date, str, str]] = field(default_factory=list)


def fill(demo: Demo) -> None:
    """Store the notices, their findings and re-inspections."""
    dice = demo.dice("notices")
    papers = [paper for visit in demo.visits for paper in _from_visit(demo, dice, visit)]
    papers += _from_elsewhere(demo, dice)
    papers.sort(key=lambda p: (p.issued_on or dt.date.max, p.found_on, p.shop.id, p.state != "void"))
    for paper in papers:
        _terms(demo, dice, paper)
    reinspections.decide(demo, dice, papers)
    _number(demo, papers)
    _print(papers)
    ids = demo.add(Notice, [paper.values for paper in papers])
    for paper, key in zip(papers, ids, strict=True):
        paper.id = key
    demo.add(NoticeFinding, [{"notice": p.id, "finding": f} for p in papers for f in p.findings])
    reinspections.store(demo, papers)
    talks.fill(demo, papers)
    visit_papers.prove(demo, papers)


def _from_visit(demo: Demo, dice: random.Random, visit: Any) -> list[Paper]:
    """The notice of a visit that ended in one, as a list."""
    if visit.fate not in ("ordered", "drafted"):
        return []
    pairs = zip(visit.finding_ids, visit.findings, strict=True)
    wanted = [key for key, finding in pairs if not finding["corrected_on_spot"]]
    last = demo.workdays(visit.half.start, min(visit.half.end, TODAY))[-1]
    issued = visit.day
    if dice.random() < 0.4 and visit.day < last:
        later = demo.next_workday(visit.day + dt.timedelta(days=1), last)
        issued = later if visit.shop.campus_on(later) == visit.campus else visit.day
    drafted = visit.fate == "drafted"
    first = _paper(visit.shop, visit.day, wanted, visit.officers, None if drafted else issued, "issued")
    if drafted:
        first.state = first.values["state"] = "draft"
    return [first]


def _paper(
    shop: Shop, day: dt.date, findings: list[int], officers: list[int], issued: dt.date | None, state: str
) -> Paper:
    values = notice_values(findings, day)
    values.pop("findings")
    if values["party"] is None:
        values["party"] = shop.contractor if shop.id % 2 else shop.party
    values |= {"state": state, "issued_on": issued}
    return Paper(shop, day, findings, officers, issued, state, values)


def _from_elsewhere(demo: Demo, dice: random.Random) -> list[Paper]:
    """Notices on findings of samples, complaints and officials' visits."""
    rows, shops = [], []
    for channel, day, category, code in OTHERS:
        fitting = [
            s
            for s in demo.shops
            if s.category == category and s.open_on(day) and s.open_on(TODAY) and not s.campus_on(day)
        ]
        shop = dice.choice(fitting)
        basis = next(b for b in bases_for(day, category) if b.code == code)
        shops.append((shop, day))
        rows.append(
            {
                "enterprise": shop.id,
                "found_on": day,
                "channel": channel,
                "severity": "minor",
                "wording": basis.wording,
                "legal_basis": basis.violates,
                "measure": "责令限期改正",
            }
        )
    papers = []
    for (shop, day), finding in zip(shops, demo.add(Finding, rows), strict=True):
        there = [o.id for o in demo.officers if o.branch == shop.township.branch and o.left_on is None]
        issued = demo.next_workday(day + dt.timedelta(days=2), TODAY)
        papers.append(_paper(shop, day, [finding], sorted(dice.sample(there, 2)), issued, "issued"))
    return papers


def _terms(demo: Demo, dice: random.Random, paper: Paper) -> None:
    """At once or by a day."""
    if paper.issued_on is not None and dice.random() < 0.1 and paper.issued_on < dt.date(2024, 6, 1):
        paper.values |= {"mode": "immediate", "due_on": None}
        return
    begin = paper.issued_on or TODAY
    paper.due = demo.next_workday(begin + dt.timedelta(days=dice.choice(TERMS)), dt.date.max)
    paper.values["due_on"] = paper.due


def _number(demo: Demo, papers: list[Paper]) -> None:
    """Numbers in the order of issue, one series a year."""
    prefix = settings().notice_prefix
    for year in sorted({half.start.year for half in HALVES}):
        series = demo.tx.insert(
            NumberSeries, kind="notice", branch=None, prefix=prefix, year=year, first_serial=1
        )
        mine = [p for p in papers if p.issued_on is not None and p.issued_on.year == year]
        for serial, paper in enumerate(mine, 1):
            paper.values |= {
                "series": series.id,
                "serial": serial,
                "number": format_number(prefix, year, serial),
            }


def _print(papers: list[Paper]) -> None:
    """Freeze the words of the issued ones as ``issue`` does."""
    office = settings()
    parties = {p.id: p for p in Party.live().where(Party.id.in_([paper.values["party"] for paper in papers]))}
    for paper in papers:
        if paper.issued_on is None:
            continue
        values = paper.values | {
            "party": parties[paper.values["party"]],
            "state": "issued",
            "void_reason": "",
        }
        paper.values["printed"] = compose(Notice(**values), office, demo=True).to_json()
