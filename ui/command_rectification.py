"""What the command rectification does: what is open on a day, by due day. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.core.ledger import Ledger
from models.rectification import GROUPS, STATES, Matter, matters
from models.rules.dates import parse_date
from ui.command_line import UsageError
from ui.command_output import print_json, print_table

Opened = Callable[..., Any]
HEADS = ("期限", "剩余", "状态", "单位", "文号", "发现日期", "隐患", "重复")


def run_rectification(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """List what is open; ``opened`` opens the folder's ledger. Raises UsageError for a bad day."""
    with opened(args, folder, today) as ledger:
        return _list(args, ledger)


def _list(args: argparse.Namespace, ledger: Ledger) -> int:
    try:
        day = parse_date(args.on, ledger.today) if args.on else ledger.today
    except ValueError as error:
        raise UsageError(f"--on：{error}") from None
    if day > ledger.today:
        raise UsageError(f"--on：{day} 晚于今天 {ledger.today}，以后的办理情况还不知道，请改正")
    found = matters(day, ledger.today)
    if args.json:
        print_json(_objects(found))
        return 0
    words = dict(STATES)
    cells = [
        [
            _due(one),
            one.label,
            words[one.state],
            one.enterprise_name,
            one.number,
            one.found_on.isoformat(),
            one.facts,
            "重复" if one.repeated else "",
        ]
        for one in found
    ]
    print(f"{day} 整改督办")
    print_table(list(HEADS), cells, [])
    counts = Counter(one.group for one in found)
    shares = "，".join(f"{label}{counts[group]}件" for group, label in GROUPS if counts[group])
    print(f"未办结{len(found)}件" + (f"：{shares}" if shares else ""))
    return 0


def _due(one: Matter) -> str:
    """The day written, and the day it moves to from a rest day."""
    if one.due_on is None:
        return ""
    return f"{one.due_on} 顺延 {one.ends_on:%m-%d}" if one.moved else one.due_on.isoformat()


def _objects(found: list[Matter]) -> Iterator[dict[str, Any]]:
    for one in found:
        yield {
            "kind": one.kind,
            "id": one.id,
            "enterprise_id": one.enterprise,
            "enterprise": one.enterprise_name,
            "township": one.township_name or None,
            "number": one.number or None,
            "found_on": one.found_on,
            "issued_on": one.issued_on,
            "served_on": one.served_on,
            "first_due_on": one.first_due,
            "due_on": one.due_on,
            "ends_on": one.ends_on,
            "extended": one.extended,
            "days_left": one.days_left,
            "working_days_left": one.working_left,
            "state": one.state,
            "group": one.group,
            "repeat": one.repeated,
            "talks": [{"on": on, "state": state} for on, state in one.talks],
            "findings": [
                {
                    "id": item.id,
                    "wording": item.wording,
                    "found_on": item.found_on,
                    "resolved_on": item.resolved_on,
                    "outcome": item.checked.outcome if item.checked else None,
                    "checked_on": item.checked.day if item.checked else None,
                    "repeats": list(item.repeated),
                }
                for item in one.items
            ],
            "reasons": list(one.reasons),
        }
