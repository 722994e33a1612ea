"""What became of the demo's notices: served, re-inspected, closed, extended, referred, void or still open."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.demo.kit import Demo
from models.demo.plan import TODAY
from models.inspection import Finding
from models.notice import Reinspection, ReinspectionItem, ReinspectionOfficer

if TYPE_CHECKING:
    from models.demo.notices import Paper

#: Of those issued last: not served yet, past their due day, due within days.
UNSERVED, OVERDUE, DUE_SOON = 3, 5, 5
WAYS = (("direct", 86), ("left", 6), ("mail", 5), ("electronic", 3))
#: What a notice has from its service on.
SERVED = ("served_on", "service_way", "receiver", "closed_on")
ONE_DAY = dt.timedelta(days=1)


def decide(demo: Demo, dice: random.Random, papers: list[Paper]) -> None:
    """Give each notice its state on TODAY; ``papers`` are in order of issue and gain the void one."""
    issued = [p for p in papers if p.issued_on is not None]
    last = [p for p in issued if p.due is not None and p.issued_on and p.issued_on >= dt.date(2024, 6, 10)]
    unserved = [p for p in last if p.issued_on and p.issued_on <= TODAY - 3 * ONE_DAY][-UNSERVED:]
    soon = [p for p in last if p.issued_on and p.issued_on <= TODAY - 9 * ONE_DAY][-DUE_SOON:]
    for paper in last:
        if paper not in soon and paper.due is not None and paper.due >= TODAY:
            paper.due = paper.values["due_on"] = max(paper.due, TODAY + 5 * ONE_DAY)
    for number, paper in enumerate(soon):
        paper.due = paper.values["due_on"] = TODAY + number % 4 * ONE_DAY
    for paper in unserved:
        paper.due = paper.values["due_on"] = max(paper.due or TODAY, TODAY + 5 * ONE_DAY)
    past = [p for p in issued if p.due and dt.date(2024, 5, 20) <= p.due < TODAY and p not in unserved]
    overdue = past[-OVERDUE:]
    extended = [p for p in past if p not in overdue][-1]
    referred = next(p for p in issued if p.due and p.due >= dt.date(2024, 4, 15))
    for paper in issued:
        if paper in unserved:
            continue
        _serve(demo, dice, paper)
        if paper is extended:
            _extend(demo, paper)
        elif paper is referred:
            _refer(demo, paper)
        elif paper in overdue:
            _visit(demo, dice, paper, overdue.index(paper) % 2 == 0)
        elif paper.due is None or paper.due < TODAY:
            _close(demo, dice, paper)
    _void(papers)


def _serve(demo: Demo, dice: random.Random, paper: Paper) -> None:
    assert paper.issued_on is not None
    day = paper.issued_on
    if dice.random() < 0.3:
        day = max(day, demo.next_workday(day + ONE_DAY, TODAY - 2 * ONE_DAY))
    way = dice.choices([w for w, _ in WAYS], [n for _, n in WAYS])[0]
    paper.state = "served"
    paper.values |= {"state": "served", "served_on": day, "service_way": way, "receiver": demo.person(dice)}


def _second(demo: Demo, dice: random.Random, paper: Paper) -> dt.date:
    """The day of the re-inspection: before the due day or on the first working days after it."""
    first = max(paper.values["served_on"] + ONE_DAY, (paper.due or paper.found_on) - 4 * ONE_DAY)
    return demo.next_workday(first + dice.randrange(0, 6) * ONE_DAY, TODAY - ONE_DAY * 2)


def _close(demo: Demo, dice: random.Random, paper: Paper) -> None:
    day = _second(demo, dice, paper)
    if dice.random() < 0.12 and day < TODAY - 20 * ONE_DAY:
        _note(paper, day, "partly", "部分问题尚未改正，限期继续整改")
        day = demo.next_workday(day + 5 * ONE_DAY, TODAY - 2 * ONE_DAY)
    _note(paper, day, "corrected", "已按要求改正")
    paper.state = "closed"
    paper.values |= {"state": "closed", "closed_on": day}


def _extend(demo: Demo, paper: Paper) -> None:
    day = demo.next_workday((paper.due or TODAY) - ONE_DAY, TODAY - 2 * ONE_DAY)
    day = max(day, paper.values["served_on"])
    _note(paper, day, "partly", "设施已订购，尚未安装")
    paper.values |= {
        "extended_on": day,
        "extended_by": "分管局领导",
        "extended_to": TODAY + 10 * ONE_DAY,
        "extension_reason": "整改设施已订购，待安装，经批准延期",
    }


def _refer(demo: Demo, paper: Paper) -> None:
    assert paper.due is not None
    day = demo.next_workday(paper.due + ONE_DAY, TODAY)
    _note(paper, day, "not", "逾期未改正")
    paper.state = "referred"
    paper.values |= {
        "state": "referred",
        "referred_on": demo.next_workday(day + ONE_DAY, TODAY),
        "referral": "逾期拒不改正，移送本局执法稽查部门立案调查",
    }


def _visit(demo: Demo, dice: random.Random, paper: Paper, seen: bool) -> None:
    """An overdue one: re-inspected and only partly corrected, or not looked at again yet."""
    if seen:
        day = demo.next_workday((paper.due or TODAY) + ONE_DAY, TODAY - 2 * ONE_DAY)
        _note(paper, day, "partly", "部分问题尚未改正")


def _note(paper: Paper, day: dt.date, outcome: str, note: str) -> None:
    paper.again.append((day, outcome, note))


def _void(papers: list[Paper]) -> None:
    """One notice around a campus gave the wrong due day: it is void, and a new one took its place that day."""
    index, good = next(
        (i, p)
        for i, p in enumerate(papers)
        if p.state == "closed" and p.due and p.found_on.year == TODAY.year and p.shop.campus_on(p.found_on)
    )
    assert good.due is not None
    values = {name: value for name, value in good.values.items() if name not in SERVED}
    values |= {
        "state": "void",
        "due_on": good.due + 30 * ONE_DAY,
        "void_on": good.issued_on,
        "void_reason": "整改期限填写错误，作废后重新开具",
    }
    papers.insert(index, replace(good, state="void", values=values, again=[]))


def store(demo: Demo, papers: list[Paper]) -> None:
    """Store the re-inspections and resolve the findings found corrected."""
    turns = [(paper, *again) for paper in papers for again in paper.again]
    rows = [{"notice": p.id, "inspected_on": day, "note": note} for p, day, _, note in turns]
    officers: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for (paper, day, outcome, _), key in zip(turns, demo.add(Reinspection, rows), strict=True):
        officers += [{"reinspection": key, "officer": officer} for officer in paper.officers]
        for place, finding in enumerate(paper.findings):
            done = outcome == "corrected" or (outcome == "partly" and place > 0)
            items.append(
                {
                    "reinspection": key,
                    "finding": finding,
                    "outcome": "corrected" if done else outcome,
                    "note": "",
                }
            )
            if done:
                _resolve(demo, finding, day)
    demo.add(ReinspectionOfficer, officers)
    demo.add(ReinspectionItem, items)


def _resolve(demo: Demo, finding: int, day: dt.date) -> None:
    record = Finding.get_by_id(finding)
    if record.resolved_on is None:
        demo.tx.update(record, resolved_on=day)
