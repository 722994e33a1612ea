"""What the command grade does: the risk grades of a year, proposed or stored. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.core.ledger import Ledger
from models.grade_explaining import explain, missing_text
from models.grade_round import apply_round
from models.grading import GradeRound, grade_year
from models.rules.scoring import points_text
from ui.command_line import UsageError
from ui.command_output import print_json, print_table

Opened = Callable[..., Any]
#: The numbers a year may be.
YEARS = range(2000, 2101)


def run_grading(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """Grade a year; ``opened`` opens the folder's ledger. Raises UsageError for what is no year."""
    if args.year not in YEARS:
        raise UsageError(f"--year：{args.year} 不是年度，请写四位数字，如 2024")
    with opened(args, folder, today, write=args.apply) as ledger:
        return _grade(args, ledger)


def _grade(args: argparse.Namespace, ledger: Ledger) -> int:
    found = grade_year(args.year, ledger.today)
    stored = 0
    if args.apply and found.ready:
        with ledger.write(f"评定{args.year}年度风险等级") as tx:
            stored = apply_round(tx, found, ledger.today)
    if args.json:
        print_json(_objects(found))
        return 0
    cells = [
        [
            row.name,
            points_text(row.static),
            points_text(row.dynamic),
            points_text(row.score),
            row.grade,
            row.previous,
            row.stored,
            missing_text(row),
        ]
        for row in found.rows
    ]
    heads = ["主体", "静态", "动态", "得分", "等级", "上年度", "已评定", "缺少"]
    print_table(heads, cells, [False, True, True, True])
    done = f"已写入{stored}户" if args.apply else f"可评定{len(found.ready)}户（加 --apply 才写入）"
    print(
        f"{found.year}年度风险等级（{found.day}）：应评{len(found.rows)}户，此前已评定{found.assessed}户，{done}，"
        f"缺少资料{len(found.lacking)}户"
    )
    return 0


def _objects(found: GradeRound) -> Iterator[dict[str, Any]]:
    """Every enterprise of the round; ``grade`` is null where something is ``missing``."""
    for row in found.rows:
        told = explain(found, row)
        yield {
            "enterprise_id": row.id,
            "enterprise": row.name,
            "category": row.category,
            "static_score": _points(row.static),
            "dynamic_score": _points(0 if row.new else row.dynamic),
            "score": _points(row.score),
            "base_grade": row.base or None,
            "grade": row.grade or None,
            "previous_grade": row.previous or None,
            "assessed_grade": row.stored or None,
            "new": row.new,
            "reasons": list(told.reasons),
            "missing": list(told.missing),
        }


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
