"""The demo's responsibility talks: about the referred notice and the overdue ones. Knows no other step."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from models.demo.kit import Demo
from models.demo.plan import TODAY
from models.talk import BASIS, Talk, TalkFinding, TalkNotice, TalkOfficer

if TYPE_CHECKING:
    from models.demo.notices import Paper

ONE_DAY = dt.timedelta(days=1)


def fill(demo: Demo, papers: list[Paper]) -> None:
    """One talk held before the referral, one held and one planned about overdue notices."""
    dice = demo.dice("talks")
    late = [p for p in papers if p.state == "served" and p.due and p.due < TODAY and p.again]
    chosen = [p for p in papers if p.state == "referred"][:1] + late[:2]
    made: list[tuple[Paper, dict[str, Any]]] = []
    for number, paper in enumerate(chosen):
        planned = number == 2
        day = demo.next_workday(paper.again[0][0] + ONE_DAY, TODAY)
        if planned:
            day = demo.next_workday(TODAY + 2 * ONE_DAY, dt.date.max)
        row = {
            "enterprise": paper.shop.id,
            "state": "planned" if planned else "held",
            "notified_on": TODAY if planned else day,
            "held_on": day,
            "held_at": dt.time(9, 30),
            "place": "区市场监督管理局会议室",
            "reason": f"{paper.values['number']}责令改正通知书逾期未改正",
            "basis": BASIS,
            "person": "" if planned else demo.person(dice),
            "post": None if planned else "principal",
            "content": "" if planned else "指出逾期未改正的问题，要求立即整改并书面报告，逾期仍不改正的依法查处。",
            "promise": "" if planned else "已认识到问题，承诺尽快整改到位。",
            "due_on": None if planned else day + 7 * ONE_DAY,
        }
        made.append((paper, row))
    keys = demo.add(Talk, [row for _paper, row in made])
    pairs = [(key, paper) for key, (paper, _row) in zip(keys, made, strict=True)]
    demo.add(TalkOfficer, [{"talk": key, "officer": one} for key, paper in pairs for one in paper.officers])
    demo.add(TalkNotice, [{"talk": key, "notice": paper.id} for key, paper in pairs])
    demo.add(TalkFinding, [{"talk": key, "finding": one} for key, paper in pairs for one in paper.findings])
