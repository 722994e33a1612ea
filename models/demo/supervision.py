"""The demo's officials at work: commitments, supervision visits with findings, handovers, tasks for the bureau."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from models.commitment import Commitment
from models.demo.kit import Demo, Shop
from models.demo.people import CHANGED_ON
from models.demo.plan import TODAY
from models.handover import Handover, HandoverLine
from models.inspection import Finding, Inspection
from models.inspection_task import InspectionTask, InspectionTaskOfficer
from models.responsibility import Assignment, Official, OfficialPost
from models.rules.rounds import month_ends, round_of
from models.visit import SupervisionVisit, TaskItem, VisitItem, VisitOfficer, task_items
from models.visiting import round_months

VISITS_FROM = dt.date(2023, 10, 1)
ITEMS_FROM = dt.date(2024, 5, 1)
#: Shares: commitments signed, visits made in a round that is over or running, visits that find something, resolved.
SIGNED, VISITED, SO_FAR, PROBLEMS, RESOLVED = 0.96, 0.94, 0.55, 0.06, 0.9
PROBLEMS_FOUND = (
    ("食品经营许可证未公示在醒目处", "当场督促张贴"),
    ("进货凭证没有按日整理，部分批次缺随货单据", "限期补齐进货凭证"),
    ("防蝇帘破损，后厨门未关闭", "更换防蝇帘，保持后厨门常闭"),
    ("一名从业人员未能出示健康证明", "暂停上岗，补办健康证明"),
    ("食品与杂物混放，离地离墙不足", "清理库房，分区存放"),
    ("食品安全自查记录缺近两周内容", "补做自查并按周记录"),
    ("冷藏柜温度高于规定，无温度记录", "检修冷藏柜，每日记录温度"),
)
#: Every how many-th open finding is handed to the bureau.
HANDED_EVERY = 3


def fill(demo: Demo) -> None:
    """Store the officials' work."""
    _commitments(demo, demo.dice("commitments"))
    _handovers(demo)
    _visits(demo, demo.dice("supervision"))
    _tasks(demo)


def _commitments(demo: Demo, dice: random.Random) -> None:
    posts = list(OfficialPost.live().order_by(OfficialPost.official, OfficialPost.valid_from))
    ended = {official.id: official.term_to for official in Official.live()}
    rows = []
    for year in (2023, 2024):
        for key in dict.fromkeys(post.__data__["official"] for post in posts):
            day = demo.workday(dice, dt.date(year, 1, 8), dt.date(year, 3, 15))
            mine = [p for p in posts if p.__data__["official"] == key and p.valid_from <= day]
            begun = mine and (ended[key] is None or day <= ended[key])
            if not begun or dice.random() > SIGNED:
                continue
            rows.append(
                {
                    "official": key,
                    "year": year,
                    "signed_on": day,
                    "valid_until": dt.date(year, 12, 31),
                    "level": mine[-1].level,
                    "post": mine[-1].post,
                }
            )
    demo.add(Commitment, rows)


def _handovers(demo: Demo) -> None:
    """The officials who left handed over what others have looked after since the day after."""
    eve = CHANGED_ON - dt.timedelta(days=1)
    after = {a.enterprise_id: a for a in Assignment.live().where(Assignment.valid_from == CHANGED_ON)}
    left = [o.id for o in Official.live().where(Official.term_to == eve).order_by(Official.id)]
    ended = list(Assignment.live().where(Assignment.official.in_(left), Assignment.valid_to == eve))
    givers = [key for key in left if any(a.official_id == key for a in ended)]
    made = demo.add(
        Handover, [{"official": key, "effective_on": CHANGED_ON, "reason": "干部调整"} for key in givers]
    )
    lines = []
    for handover, giver in zip(made, givers, strict=True):
        for old in (a for a in ended if a.official_id == giver):
            new = after.get(old.enterprise_id)
            lines.append(
                {
                    "handover": handover,
                    "enterprise": old.enterprise_id,
                    "successor": new.official_id if new else None,
                    "ended": old.id,
                    "begun": new.id if new else None,
                    "remark": "" if new else "暂缺接任干部",
                }
            )
    demo.add(HandoverLine, lines)


def _visits(demo: Demo, dice: random.Random) -> None:
    shops = {shop.id: shop for shop in demo.shops}
    plans = sorted(_planned(demo, dice, shops), key=lambda plan: (plan[0], plan[1].id))
    rows = [
        {
            "enterprise": shop.id,
            "official": official,
            "visited_on": day,
            "level": level,
            "result": "problems" if problem is not None else "none",
        }
        for day, shop, official, level, problem in plans
    ]
    keys = demo.add(SupervisionVisit, rows)
    findings, items, officers = [], [], []
    for key, (day, shop, _official, level, problem) in zip(keys, plans, strict=True):
        near = [o.id for o in demo.officers if o.branch == shop.township.branch and o.left_on is None]
        if level != "village" and near:
            officers.append({"visit": key, "officer": dice.choice(near)})
        if problem is not None:
            findings.append(_finding(demo, dice, key, shop, day, problem))
        elif level == "district" and day >= ITEMS_FROM:
            items += _items(key, shop, day)
    demo.add(VisitOfficer, officers)
    demo.add(Finding, findings)
    demo.add(VisitItem, items)


def _planned(
    demo: Demo, dice: random.Random, shops: dict[int, Shop]
) -> Iterator[tuple[dt.date, Shop, int, str, int | None]]:
    """(day, shop, official, level, problem) of each visit: most of the rounds that are over, some of the running."""
    levels = {p.__data__["official"]: p.level for p in OfficialPost.live()}
    held = list(Assignment.live().order_by(Assignment.id))
    year_end = dt.date(TODAY.year, 12, 31)
    for last in month_ends(VISITS_FROM, year_end):
        for level in ("district", "township", "village"):
            months = round_months(level, last)
            if months is None or round_of(last, months)[1] != last:
                continue
            start, end = max(round_of(last, months)[0], VISITS_FROM), min(last, TODAY)
            if start > TODAY:
                continue
            share = VISITED if last <= TODAY else SO_FAR
            for one in held:
                begun, ended = max(one.valid_from, start), min(one.valid_to or end, end)
                if levels[one.official_id] != level or ended < end or begun > end or dice.random() > share:
                    continue
                day = demo.workday(dice, begun, end)
                if shops[one.enterprise_id].open_on(day) and begun <= day:
                    problem = dice.randrange(len(PROBLEMS_FOUND)) if dice.random() < PROBLEMS else None
                    yield day, shops[one.enterprise_id], one.official_id, level, problem


def _finding(
    demo: Demo, dice: random.Random, visit: int, shop: Shop, day: dt.date, problem: int
) -> dict[str, Any]:
    wording, measure = PROBLEMS_FOUND[problem]
    due = day + dt.timedelta(days=15)
    resolved = demo.next_workday(day + dt.timedelta(days=dice.randrange(3, 15)), due)
    done = resolved <= TODAY and dice.random() < RESOLVED
    return {
        "visit": visit,
        "enterprise": shop.id,
        "found_on": day,
        "channel": "assignment",
        "severity": "minor",
        "wording": wording,
        "legal_basis": "",
        "measure": measure,
        "due_on": due,
        "resolved_on": resolved if done else None,
        "checked_by": "包保干部" if done else "",
    }


def _items(visit: int, shop: Shop, day: dt.date) -> list[dict[str, Any]]:
    known: list[TaskItem] = task_items(shop.category, day)
    return [{"visit": visit, "item": item.id, "answer": "yes"} for item in known]


def _tasks(demo: Demo) -> None:
    """Some findings that stayed open were handed to the bureau, whose next inspection there did the task."""
    waiting = list(
        Finding.live()
        .where(Finding.visit.is_null(False), Finding.resolved_on.is_null(), Finding.due_on < TODAY)
        .order_by(Finding.id)
    )
    rows = []
    for finding in waiting[::HANDED_EVERY]:
        assigned = demo.next_workday(finding.due_on + dt.timedelta(days=1), TODAY)
        later = Inspection.live().where(
            Inspection.enterprise == finding.enterprise_id,
            Inspection.state == "done",
            Inspection.inspected_on >= assigned,
        )
        done = later.order_by(Inspection.inspected_on, Inspection.id).first()
        rows.append(
            {
                "enterprise": finding.enterprise_id,
                "source": "assignment",
                "reason": f"督导发现问题到期未整改：{finding.wording}",
                "assigned_on": assigned,
                "due_on": assigned + dt.timedelta(days=10),
                "finding": finding.id,
                "state": "done" if done is not None else "open",
                "inspection": done.id if done is not None else None,
                "done_on": done.inspected_on if done is not None else None,
            }
        )
    shops = {shop.id: shop for shop in demo.shops}
    officers = []
    for key, row in zip(demo.add(InspectionTask, rows), rows, strict=True):
        branch = shops[row["enterprise"]].township.branch
        mine = [
            o.id
            for o in demo.officers
            if o.branch == branch and o.left_on is None and o.position == "officer"
        ]
        officers += [{"task": key, "officer": officer} for officer in mine[:2]]
    demo.add(InspectionTaskOfficer, officers)
