"""What the command papers does: whose, which kind, written as one PDF. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from models.core.ledger import Ledger
from models.opening import is_demo
from models.responsibility_scope import Whose, find_area, find_official, of_all, of_area, of_officials
from reports.responsibility_file import KINDS, UNITS, write_papers


def run_papers(args: argparse.Namespace, ledger: Ledger, day: dt.date) -> int:
    """Write the papers asked for; raises NotFound with the candidates for a name, or with what to do for none."""
    whose = _whose(args, day)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    found = write_papers(
        args.kind,
        whose,
        day,
        args.output,
        demo=is_demo(ledger),
        printed_on=ledger.today,
        until=day if args.on is not None else None,
        progress=_told,
    )
    words = f"{whose.words}{KINDS[args.kind]}{found.papers}{UNITS[args.kind]}"
    print(f"已写出 {args.output}：{words}，{found.pages}页")
    return 0


def _whose(args: argparse.Namespace, day: dt.date) -> Whose:
    if args.official is not None:
        return of_officials([find_official(args.official, day)], day)
    return of_all(day) if args.all else of_area(find_area(args.area), day)


def _told(done: int, total: int) -> bool:
    """Progress on one line of a console, nothing into a file."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\r\033[K" if done >= total else f"\r{done}/{total}\033[K")
        sys.stderr.flush()
    return True
