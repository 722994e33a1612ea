"""What the command plausibility does: lists what looks odd in a period. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.core.register import register
from models.doubt_rule import SEVERITIES
from models.plausibility import Doubt, doubts, usual_span
from models.rules.dates import parse_date
from ui.command_line import UsageError
from ui.command_output import print_json, print_table

Opened = Callable[..., Any]


def run_plausibility(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """List the doubts; ``opened`` opens the folder's ledger. Raises UsageError for what is no period."""
    with opened(args, folder, today) as ledger:
        start, end = _span(args, ledger.today)
        found = doubts(start, end, ledger.today)
    if args.json:
        print_json(_objects(found))
        return 0
    words = dict(SEVERITIES)
    cells = [
        [words[one.severity], one.label, str(one.day), register(one.register).title, one.name, one.text, one.mend]
        for one in found
        if one.open
    ]
    print_table(["轻重", "规则", "日期", "台账", "单位", "疑点", "怎样改正"], cells, [])
    grave = sum(1 for one in found if one.open and one.severity == "error")
    print(
        f"{start} 至 {end} 待核{len(cells)}条，其中须改正{grave}条；已说明理由{len(found) - len(cells)}条"
    )
    return 0


def _span(args: argparse.Namespace, today: dt.date) -> tuple[dt.date, dt.date]:
    start, end = usual_span(today)
    try:
        start = parse_date(args.start, today) if args.start else start
    except ValueError as error:
        raise UsageError(f"--from：{error}") from None
    try:
        end = parse_date(args.end, today) if args.end else max(end, dt.date(start.year, 12, 31))
    except ValueError as error:
        raise UsageError(f"--to：{error}") from None
    if args.end and not args.start:
        start = min(start, dt.date(end.year, 1, 1))
    if end < start:
        raise UsageError("--from、--to：止日不能早于起日")
    return start, end


def _objects(found: list[Doubt]) -> Iterator[dict[str, Any]]:
    """Every doubt, the explained ones with their ``reason``; ``open`` ones have null there."""
    for one in found:
        yield {
            "rule": one.code,
            "label": one.label,
            "severity": one.severity,
            "register": one.register,
            "id": one.record,
            "field": one.field,
            "date": one.day,
            "enterprise_id": one.enterprise,
            "enterprise": one.name or None,
            "text": one.text,
            "mend": one.mend,
            "open": one.open,
            "reason": one.reason.text if one.reason is not None else None,
            "who": one.reason.who if one.reason is not None else None,
        }
