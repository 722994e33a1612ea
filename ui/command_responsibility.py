"""What the responsibility commands do: coverage, assignments as of a day, proposals. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.core.ledger import Ledger
from models.core.register import View, register
from models.coverage import CoverageRow, coverage
from models.proposing import Proposal, apply_proposal, propose_assignments
from models.rules.coverage import LEVEL_LABELS
from models.rules.dates import parse_date
from ui.command_line import UsageError
from ui.command_output import print_json, print_table

Opened = Callable[..., Any]


def run_responsibility(args: argparse.Namespace, folder: Path, today: dt.date | None, opened: Opened) -> int:
    """Do one of the responsibility commands; ``opened`` opens the folder's ledger. Raises UsageError for a bad day."""
    commands = {
        "coverage": _coverage,
        "assignments": _assignments,
        "propose-assignments": _propose,
        "papers": _papers,
    }
    with opened(args, folder, today, write=bool(getattr(args, "apply", False))) as ledger:
        return commands[args.command](args, ledger)


def _day(args: argparse.Namespace, ledger: Ledger) -> dt.date:
    if args.on is None:
        return ledger.today
    try:
        return parse_date(args.on, ledger.today)
    except ValueError as error:
        raise UsageError(f"--on：{error}") from None


def _coverage(args: argparse.Namespace, ledger: Ledger) -> int:
    day = _day(args, ledger)
    rows = coverage(day)
    if args.json:
        print_json(_coverage_objects(rows))
        return 0
    mine = [row for row in rows if row.level != "city"]
    print(f"{day} 包保覆盖")
    table = [_coverage_cells(row) for row in rows]
    print_table(
        ["层级", "乡镇（街道）", "主体", "已包保", "包保率", "已签承诺书"],
        table,
        [False, False, True, True, True, True],
    )
    total, done = sum(row.enterprises for row in mine), sum(row.assigned for row in mine)
    rate = _percent(done / total) if total else "—"
    print(
        f"应包保{total}户，已包保{done}户，包保率{rate}；市级包保{sum(r.enterprises for r in rows) - total}户不计"
    )
    return 0


def _papers(args: argparse.Namespace, ledger: Ledger) -> int:
    from ui.command_papers import run_papers

    return run_papers(args, ledger, _day(args, ledger))


def _coverage_objects(rows: list[CoverageRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "level": row.level,
            "area": row.area,
            "enterprises": row.enterprises,
            "assigned": row.assigned,
            "rate": None if row.level == "city" else row.rate,
            "committed": row.committed,
        }


def _coverage_cells(row: CoverageRow) -> list[str]:
    rate = "—" if row.rate is None or row.level == "city" else _percent(row.rate)
    label = LEVEL_LABELS.get(row.level, "未定层级")
    return [label, row.area, str(row.enterprises), str(row.assigned), rate, str(row.committed)]


def _percent(rate: float) -> str:
    """A share as a person reads it, never rounded up to 100."""
    tenths = int(rate * 1000 + 1e-9) if rate < 1 else 1000
    return f"{tenths / 10:.1f}%"


def _assignments(args: argparse.Namespace, ledger: Ledger) -> int:
    from ui.commands import presentable, print_rows

    day, wanted = _day(args, ledger), register("assignments")
    ids = wanted.ids(View(presets=("current",), day=day), day)
    if args.json:
        print_json(presentable(wanted, wanted.objects(ids, day)))
        return 0
    print_rows(wanted, list(ids), day)
    print(f"{day} 现行包保关系共{len(ids)}{wanted.unit}")
    return 0


def _propose(args: argparse.Namespace, ledger: Ledger) -> int:
    proposal = propose_assignments(_day(args, ledger))
    if args.apply and proposal.lines:
        with ledger.write("按建议指派") as tx:
            apply_proposal(tx, proposal)
    if args.json:
        print_json(_proposal_objects(proposal))
        return 0
    cells = [
        [line.enterprise_name, line.official_name, LEVEL_LABELS[line.level], line.reason]
        for line in proposal.lines
    ]
    cells += [[one.enterprise_name, "", "", one.reason] for one in proposal.unassignable]
    print_table(["主体", "包保干部", "层级", "理由"], cells, [])
    done = "已指派" if args.apply else "建议指派（加 --apply 才写入）"
    print(
        f"{proposal.day} {done}{len(proposal.lines)}户，无法指派{len(proposal.unassignable)}户，"
        f"无须调整{proposal.kept}户"
    )
    return 0


def _proposal_objects(proposal: Proposal) -> Iterator[dict[str, Any]]:
    """The lines of a proposal, then what cannot be assigned (``official`` null)."""
    for line in proposal.lines:
        yield {
            "enterprise_id": line.enterprise,
            "enterprise": line.enterprise_name,
            "official_id": line.official,
            "official": line.official_name,
            "level": line.level,
            "valid_from": proposal.day,
            "valid_to": line.until,
            "ends": list(line.ended),
            "reason": line.reason,
        }
    for one in proposal.unassignable:
        yield {
            "enterprise_id": one.enterprise,
            "enterprise": one.enterprise_name,
            "official_id": None,
            "official": None,
            "level": None,
            "valid_from": None,
            "valid_to": None,
            "ends": [],
            "reason": one.reason,
        }
