"""What the command campaign does: how far campaigns have got on a day, one in full, its sheet. Knows no window."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.campaign_figures import find_campaign
from models.campaign_progress import STATES, CampaignDetail, Progress, Share, campaign_detail, progress_of
from models.campaign_scope import plan_scope
from models.campaign_target import STATES as TARGET_STATES
from models.core.errors import KnownError
from models.core.ledger import Ledger
from models.enterprise import CATEGORIES
from models.opening import is_demo
from models.rules.dates import parse_date
from ui.command_line import UsageError
from ui.command_output import print_json, print_json_object, print_table

Opened = Callable[..., Any]
_HEADS = ("对象", "已检查", "覆盖率", "未检查", "逾期", "检查家次")


def run_campaign(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """Tell of campaigns; ``opened`` opens the folder's ledger. Raises UsageError, NotFound for a name."""
    if args.output is not None and args.name is None:
        raise UsageError("-o：汇总表按专项写出，请写明是哪一项专项")
    if args.output is not None and args.json:
        raise UsageError("-o 不能与 --json 同时使用")
    with opened(args, folder, today) as ledger:
        day = _day(args, ledger)
        if args.name is None:
            return _all(args, day)
        campaign = find_campaign(args.name).id
        if args.output is not None:
            return _sheet(args, ledger, campaign, day)
        detail = campaign_detail(campaign, day)
        assert detail is not None
        if args.json:
            print_json_object(_detail_object(detail))
        else:
            _print_detail(detail)
        return 0


def _day(args: argparse.Namespace, ledger: Ledger) -> dt.date:
    if args.on is None:
        return ledger.today
    try:
        return parse_date(args.on, ledger.today)
    except ValueError as error:
        raise UsageError(f"--on：{error}") from None


def _all(args: argparse.Namespace, day: dt.date) -> int:
    found = progress_of(day)
    if args.json:
        print_json(map(_object, found))
        return 0
    cells = [
        [
            *(told.name, STATES[told.state], f"{told.starts_on}", f"{told.ends_on or ''}", *_numbers(told)),
            *map(str, (told.findings, told.resolved, told.notices)),
        ]
        for told in found
    ]
    heads = ["专项", "状态", "开始", "结束", *_HEADS, "隐患", "已整改", "通知书"]
    print_table(heads, cells, [False] * 4 + [True] * 9)
    running = [told for told in found if told.state == "running"]
    print(f"{day} 专项{len(found)}项，进行中{len(running)}项")
    return 0


def _numbers(one: Progress | Share) -> list[str]:
    rate = "—" if one.rate is None else _percent(one.rate)
    return [str(one.targets), str(one.covered), rate, str(one.remaining), str(one.overdue), str(one.visits)]


def _percent(rate: float) -> str:
    """A share as a person reads it, never rounded up to 100."""
    tenths = int(rate * 1000 + 1e-9) if rate < 1 else 1000
    return f"{tenths / 10:.1f}%"


def _object(told: Progress) -> dict[str, Any]:
    return {
        "id": told.id,
        "name": told.name,
        "state": told.state,
        "starts_on": told.starts_on,
        "ends_on": told.ends_on,
        "due_on": told.due_on,
        "on": told.day,
        "scope": told.scope_name or None,
        "settled_on": told.settled_on,
        "targets": told.targets,
        "covered": told.covered,
        "rate": told.rate,
        "remaining": told.remaining,
        "overdue": told.overdue,
        "late": told.late,
        "goal_places": told.goal_places,
        "goal_visits": told.goal_visits,
        "visits": told.visits,
        "findings": told.findings,
        "resolved": told.resolved,
        "notices": told.notices,
    }


def _detail_object(detail: CampaignDetail) -> dict[str, Any]:
    return {
        **_object(detail.progress),
        **_moved(detail.progress),
        "townships": [_share_object("area", share) for share in detail.townships],
        "categories": [_share_object("category", share) for share in detail.categories],
        "remaining_targets": [
            {
                "enterprise_id": row.enterprise,
                "enterprise": row.name,
                "category": row.category,
                "area": row.township_name,
                "due_on": row.due_on,
                "overdue": row.state == "overdue",
                "note": row.note,
            }
            for row in detail.rows
            if row.state != "covered"
        ],
    }


def _share_object(kind: str, share: Share) -> dict[str, Any]:
    found = {
        kind: share.label if kind == "area" else share.key,
        "targets": share.targets,
        "covered": share.covered,
        "rate": share.rate,
        "overdue": share.overdue,
    }
    if kind == "area":
        found |= {"visits": share.visits, "goal_places": share.goal_places, "goal_visits": share.goal_visits}
    return found


def _moved(told: Progress) -> dict[str, Any]:
    """How many came into the scope and left it since the targets were taken; null where none was or it has ended."""
    try:
        plan = plan_scope(told.id, told.day) if told.settled_on is not None else None
    except KnownError:
        plan = None
    return {"came": None if plan is None else len(plan.came), "left": None if plan is None else len(plan.left)}


def _print_detail(detail: CampaignDetail) -> None:
    told = detail.progress
    print(f"{told.name}（{STATES[told.state]}，{told.starts_on} 至 {told.ends_on or '未定'}），截至 {told.day}")
    rate = "—" if told.rate is None else _percent(told.rate)
    print(
        f"对象{told.targets}户，已检查{told.covered}户，覆盖率{rate}，未检查{told.remaining}户，"
        f"其中逾期{told.overdue}户；检查{told.visits}家次，隐患{told.findings}处，已整改{told.resolved}处，"
        f"通知书{told.notices}份"
    )
    moved = _moved(told)
    if moved["came"] or moved["left"]:
        print(f"对象确定以后：{moved['came']}户符合范围、{moved['left']}户不再符合，尚未处理")
    for word, shares in (("乡镇（街道）", detail.townships), ("类别", detail.categories)):
        if shares:
            print()
            print_table([word, *_HEADS], [[share.label, *_numbers(share)] for share in shares], [False] + [True] * 6)
    rows = [row for row in detail.rows if row.state != "covered"]
    if rows:
        kinds, states = dict(CATEGORIES), dict(TARGET_STATES)
        print()
        cells = []
        for row in rows:
            frame = [states[row.state], kinds.get(row.category, ""), row.township_name, f"{row.due_on or ''}"]
            cells.append([*frame, f"{row.name}（{row.note}）" if row.note else row.name])
        print_table(["状态", "类别", "乡镇（街道）", "检查期限", "未检查的对象"], cells)


def _sheet(args: argparse.Namespace, ledger: Ledger, campaign: int, day: dt.date) -> int:
    from reports.campaign_sheet import write_campaign_sheet

    args.output.parent.mkdir(parents=True, exist_ok=True)
    pages = write_campaign_sheet(campaign, day, args.output, demo=is_demo(ledger))
    print(f"已写出 {args.output}：情况汇总表，{pages}页")
    return 0
