"""What the command casefile does: whose case, which part of it, written as one PDF. Knows no window and no grammar."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from dataclasses import replace

from models.case_file import CaseScope
from models.case_finding import find_enterprise, find_inspection, find_notice
from models.core.errors import NotFound
from models.core.ledger import Ledger
from models.opening import is_demo
from models.rules.dates import parse_date
from reports.case_contents import Item, contents_of
from reports.case_file import write_case
from reports.case_papers import Setting
from ui.command_line import UsageError
from ui.command_output import say


def run_casefile(args: argparse.Namespace, ledger: Ledger) -> int:
    """Write the case asked for and tell what could not be shown.

    Raises UsageError for a bad day, NotFound with the candidates for an enterprise, visit or notice.
    """
    scope = _scope(args, ledger)
    contents = contents_of(scope, ledger.blobs, Setting(ledger.today, is_demo(ledger)))
    left = [item for item in contents.items if not item.usual]
    if left and len(left) == len(contents.items):
        names = "、".join(dict.fromkeys(f"{item.name}（{item.remark}）" for item in left))
        raise NotFound(f"{contents.cover.name}没有可以归档的材料，只有：{names}。", "请先完成检查、签发通知书。")
    args.output.parent.mkdir(parents=True, exist_ok=True)
    made = write_case(contents, contents.usual(), ledger.blobs, args.output, progress=_told)
    counted = f"{len(made.rows)}件{made.numbered}页，连封面、目录、备考表共{made.pages}页"
    print(f"已写出 {args.output}：{contents.cover.name}，{counted}")
    _tell_left(left)
    if made.problems:
        say("\n".join([f"{len(made.problems)}个附件有问题，已在卷内目录中注明：", *made.problems]))
    return 0


def _scope(args: argparse.Namespace, ledger: Ledger) -> CaseScope:
    days = [_day(option, text, ledger.today) for option, text in (("--from", args.start), ("--to", args.end))]
    if days[0] and days[1] and days[1] < days[0]:
        raise UsageError(f"--from、--to：最后一天{days[1]}早于第一天{days[0]}，请改正")
    if (args.visit or args.notice) and any(days):
        raise UsageError("--visit、--notice 已经指定了一次检查或一份通知书，不能再写 --from、--to")
    place = find_enterprise(args.enterprise)
    scope = CaseScope(place, days[0], days[1])
    if args.visit:
        return replace(scope, inspection=find_inspection(place, args.visit, ledger.today))
    if args.notice:
        return replace(scope, notice=find_notice(place, args.notice))
    return scope


def _day(option: str, text: str | None, today: dt.date) -> dt.date | None:
    if text is None:
        return None
    try:
        return parse_date(text, today)
    except ValueError as error:
        raise UsageError(f"{option}：{error}") from None


def _tell_left(left: list[Item]) -> None:
    """What could be filed and was not, and why."""
    count = Counter((item.name, item.remark) for item in left)
    names = [f"{name}（{remark}）{f'{many}份' if many > 1 else ''}" for (name, remark), many in count.items()]
    if names:
        say(f"没有归入案卷：{'、'.join(names)}。需要的请在窗口的“案卷”里勾选。")


def _told(done: int, total: int, words: str) -> bool:
    """Progress on one line of a console, nothing into a file."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\r\033[K" if done >= total else f"\r{done}/{total} {words}\033[K")
        sys.stderr.flush()
    return True
