"""What the commands plan and draw do: the year's plan, proposed or stored, and lots. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.area import townships
from models.core.ledger import Ledger
from models.core.register import Condition, View
from models.drawing import (
    Drawing,
    candidate_officers,
    candidate_places,
    draw_lots,
    officers_not_drawn,
    store_draw,
)
from models.enterprise import CATEGORIES
from models.inspection_plan import plan_of
from models.organization import Officer
from models.plan_facts import Kept, kept_visits, places_out_of_business
from models.plan_making import PlaceLine, PlanProposal, make_plan
from models.plan_storing import apply_plan
from models.rules.dates import parse_date
from models.rules.drawing import ALGORITHM
from ui.command_line import UsageError
from ui.command_output import print_json, print_table, say

Opened = Callable[..., Any]
#: The numbers a year may be.
YEARS = range(2000, 2101)
NOT_IN_BUSINESS = "已不在营，计划中还有检查，请核对后取消"


def run_planning(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """Plan a year or draw lots; ``opened`` opens the folder's ledger. Raises UsageError for what cannot be meant."""
    if args.command == "plan" and args.year not in YEARS:
        raise UsageError(f"--year：{args.year} 不是年度，请写四位数字，如 2025")
    with opened(args, folder, today, write=args.apply) as ledger:
        return _plan(args, ledger) if args.command == "plan" else _draw(args, ledger)


# --- plan --------------------------------------------------------------------------------------------------


def _plan(args: argparse.Namespace, ledger: Ledger) -> int:
    stored = plan_of(args.year) is not None
    found = make_plan(args.year, ledger.today)
    if args.apply:
        with ledger.write(f"安排{args.year}年度检查计划") as tx:
            apply_plan(tx, found)
        stored = True
    kept = _kept(args.year) if stored else {}
    for words in found.notes:
        say(words)
    if args.json:
        print_json(_plan_objects(found, kept, stored))
        return 0
    cells = []
    for item in _plan_objects(found, kept, stored):
        days = "、".join(item["planned_dates"]) or "—"
        people = "、".join(dict.fromkeys(name for one in item["planned"] for name in one["officers"]))
        cells.append([item["enterprise"], item["grade"] or "未评", str(item["visits"]), days, people])
    print_table(["主体", "等级", "次数", "计划日期", "检查人员"], cells, [False, False, True])
    count = sum(map(len, kept.values())) if stored else found.count
    print(_plan_words(found, count, stored, args.apply))
    return 0


def _kept(year: int) -> dict[int, list[Kept]]:
    """The visits of the stored plan by enterprise, but the cancelled ones."""
    found = {key: [one for one in mine if one.state != "cancelled"] for key, mine in kept_visits(year).items()}
    return {key: mine for key, mine in found.items() if mine}


def _plan_words(found: PlanProposal, count: int, stored: bool, applied: bool) -> str:
    state = "已写入" if applied else "台账中的计划" if stored else "尚未写入（加 --apply 才写入）"
    words = f"{found.year}年度检查计划（{state}）：{len(found.lines)}户，{count}家次"
    if found.unplaced:
        words += f"，{len(found.unplaced)}户排不下"
    if found.over_limit:
        words += f"，{len(found.over_limit)}户超过年度入企上限{found.limit}次"
    if found.over_most:
        words += f"，{len(found.over_most)}户超过频次表的最多次数"
    return words


def _plan_objects(
    found: PlanProposal, kept: dict[int, list[Kept]], stored: bool
) -> Iterator[dict[str, Any]]:
    """Every enterprise of the plan, in business or with a stored visit; ``planned`` are its visits, of the stored plan
    where there is one."""
    names = {row.id: row.name for row in Officer.select()}
    areas = dict(townships())
    there = {line.id for line in found.lines}
    left = places_out_of_business([key for key in kept if key not in there], found.day)
    gone = [
        PlaceLine(
            *(one.id, one.name, one.category, one.area, found.facts.grades.get(one.id, ""), 0, False, False),
            *((NOT_IN_BUSINESS,), ()),
        )
        for one in left
    ]
    for line in (*found.lines, *gone):
        planned = _stored(kept.get(line.id, []), names) if stored else _proposed(line, names)
        yield {
            "enterprise_id": line.id,
            "enterprise": line.name,
            "category": line.category,
            "township": areas.get(line.area, ""),
            "grade": line.grade or None,
            "visits": line.visits,
            "most": line.most,
            "full": line.full,
            "key_target": line.key_target,
            "reasons": list(line.reasons),
            "planned_dates": [one["date"] for one in planned if one["date"]],
            "officers": list(dict.fromkeys(name for one in planned for name in one["officers"])),
            "planned": planned,
            "stored": stored,
        }


def _proposed(line: PlaceLine, names: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "date": visit.day.isoformat() if visit.day else None,
            "month": visit.month,
            "officers": [names.get(key, "") for key in visit.officers],
            "full": visit.full,
            "state": "done" if visit.inspection else "open",
        }
        for visit in line.planned
        if visit.counts
    ]


def _stored(visits: list[Kept], names: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "date": visit.day.isoformat() if visit.day else None,
            "month": visit.month,
            "officers": [names.get(key, "") for key in visit.officers],
            "full": visit.full,
            "state": visit.state,
        }
        for visit in visits
    ]


# --- draw --------------------------------------------------------------------------------------------------


def _draw(args: argparse.Namespace, ledger: Ledger) -> int:
    day = _day(args.on, ledger.today)
    view, scope = _scope(args)
    places, people = candidate_places(day, view), candidate_officers(day)
    found = draw_lots(day, args.seed, args.enterprises, args.officers, places, people, scope)
    if args.apply:
        name = args.name.strip() or f"{day.year}年{day.month}月双随机抽取"
        with ledger.write("双随机抽取", final=True) as tx:
            store_draw(tx, found, name)
    if words := officers_not_drawn(day):
        say(words)
    if args.json:
        print_json([_draw_object(found, args.apply)])
        return 0
    cells = [
        [str(at), str(one.number), one.candidate.name, str(one.team), "、".join(who.name for who in one.officers)]
        for at, one in enumerate(found.lines, 1)
    ]
    print_table(["次序", "候选序号", "主体", "组", "检查人员"], cells, [True, True, False, True])
    state = "已留存" if args.apply else "未留存（加 --apply 才写入）"
    print(
        f"种子 {found.seed}，{day} 的{scope}{len(places)}户中抽取{len(found.lines)}户，"
        f"{len(people)}名执法人员中抽取{len(found.officers)}名；{state}"
    )
    return 0


def _draw_object(found: Drawing, stored: bool) -> dict[str, Any]:
    return {
        "seed": found.seed,
        "algorithm": ALGORITHM,
        "date": found.day,
        "scope": found.scope,
        "candidates": len(found.places),
        "officer_candidates": len(found.people),
        "enterprises": [
            {
                "number": one.number,
                "enterprise_id": one.candidate.id,
                "enterprise": one.candidate.name,
                "lot": one.lot,
                "team": one.team,
                "officers": [who.name for who in one.officers],
            }
            for one in found.lines
        ],
        "officers": [
            {"number": lot.number, "officer_id": who.id, "officer": who.name, "lot": lot.lot, "team": team}
            for lot, who, team in zip(
                found.drawn.officers, found.officers, found.drawn.officer_teams, strict=True
            )
        ],
        "stored": stored,
    }


def _day(text: str | None, today: dt.date) -> dt.date:
    if not text:
        return today
    try:
        day = parse_date(text, today)
    except ValueError as error:
        raise UsageError(f"--on：{error}") from None
    if day > today:
        raise UsageError(f"--on：{day} 晚于今天，名册还不知道，请改正")
    return day


def _scope(args: argparse.Namespace) -> tuple[View, str]:
    """The view of the enterprises to draw from, and its words."""
    conditions, words = [], []
    if args.category:
        codes = {label: code for code, label in CATEGORIES} | {code: code for code, _label in CATEGORIES}
        labels = dict(CATEGORIES)
        unknown = [one for one in args.category if one not in codes]
        if unknown:
            raise UsageError(f"--category：没有“{unknown[0]}”这一类，可用的有：{'、'.join(labels.values())}")
        wanted = tuple(dict.fromkeys(codes[one] for one in args.category))
        conditions.append(Condition("category", "in", wanted))
        words.append("、".join(labels[code] for code in wanted))
    if args.area:
        areas = {name: key for key, name in townships()}
        unknown = [one for one in args.area if one not in areas]
        if unknown:
            raise UsageError(f"--area：没有“{unknown[0]}”，可用的有：{'、'.join(areas)}")
        conditions.append(Condition("area", "in", tuple(areas[one] for one in args.area)))
        words.append("、".join(dict.fromkeys(args.area)))
    return View(conditions=tuple(conditions)), f"{'，'.join(words)}在营主体" if words else "全部在营主体"
