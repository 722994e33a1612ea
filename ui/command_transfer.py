"""The commands import and export, through the transfer engine; knows no Qt."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.core.errors import KnownError
from models.core.ledger import Ledger
from models.core.register import View, register
from ui.command_line import UsageError
from ui.command_output import print_json_object, print_table, say

if TYPE_CHECKING:
    from models.transfer.mapping import Mapping
    from models.transfer.plan import RowPlan
    from models.transfer.preview import Preview

#: Rows listed for a person; --json has all of them.
LISTED = 200
#: A longer list of possible fields helps nobody on a console.
ADVICE = 300


def import_file(args: argparse.Namespace, ledger: Ledger) -> int:
    """Preview a file, store its new and changed rows unless --dry-run; wrong and doubtful ones are told and left.

    Returns 1 where no row could be read. Raises UsageError for a --map that names nothing, KnownError for a file that
    is no table.
    """
    from models.transfer.mapping import known_headers, match_headers
    from models.transfer.preview import preview
    from models.transfer.reading import read_table

    wanted = register(args.register)
    table = read_table(args.file.expanduser(), known=known_headers(wanted))
    mapping = _mapped(match_headers(wanted, table), args.map)
    plan = preview(ledger, wanted, table, mapping)
    if not args.dry_run:
        _commit(ledger, plan)
    if args.json:
        print_json_object(_as_object(plan))
    else:
        _tell(plan, args.dry_run)
    return 0 if len(plan.rows) > plan.counts["wrong"] else 1


def _mapped(mapping: Mapping, pairs: list[str]) -> Mapping:
    for pair in pairs:
        path, sign, header = pair.partition("=")
        if not (sign and path.strip() and header.strip()):
            raise UsageError(f"--map：{pair} 不是“栏目=列名”的写法")
        try:
            mapping = mapping.with_(header.strip(), path.strip())
        except KnownError as error:
            advice = error.advice if len(error.advice) < ADVICE else ""
            raise UsageError(f"--map：{error.message}{advice}") from None
    return mapping


def _commit(ledger: Ledger, plan: Preview) -> None:
    from models.transfer.commit import commit

    if plan.counts["new"] + plan.counts["changed"]:
        with ledger.write(f"导入{plan.register.title}") as tx:
            commit(tx, plan)


def _as_object(plan: Preview) -> dict[str, Any]:
    """Counts, mapping (the field's path to the header), rows; ``removed`` are records whose row is gone."""
    return {
        **plan.counts,
        "mapping": {m.path: m.header for m in plan.mapping.matched},
        "unmapped": [m.header for m in plan.mapping.columns if not m.path],
        "notes": plan.notes,
        "removed": [{"id": c.id, "label": c.label} for c in plan.removed],
        "rows": [_row(p) for p in plan.rows],
    }


def _row(p: RowPlan) -> dict[str, Any]:
    return {
        "row": p.number,
        "label": p.label,
        "status": p.status,
        "reasons": [str(r) for r in p.reasons],
        "differences": [
            {"field": d.path, "label": d.label, "old": d.old, "new": d.new, "conflict": d.conflict}
            for d in p.differences
        ],
    }


def _tell(plan: Preview, dry_run: bool) -> None:
    from models.transfer.plan import STATUS_LABELS, STATUSES

    print_table(["文件的列", "台账的栏目"], [
        [m.header, plan.mapping.targets[m.path].label if m.path else "（不导入）"] for m in plan.mapping.columns
    ])  # fmt: skip
    print()
    shown = [p for p in plan.rows if p.status in ("changed", "doubtful", "wrong")]
    if shown:
        print_table(["行", "情况", "名称", "说明"], map(_line, shown[:LISTED]), [True])
        if len(shown) > LISTED:
            print(f"……还有{len(shown) - LISTED}行，用 --json 可列出全部")
        print()
    print("，".join(f"{STATUS_LABELS[status]}{plan.counts[status]}行" for status in STATUSES))
    for note in plan.notes:
        print(note)
    if plan.removed:
        print(f"文件中已删去{len(plan.removed)}条记录，台账里仍保留；要移除的请在窗口里导入。")
    left = plan.counts["wrong"] + plan.counts["doubtful"]
    if dry_run:
        print("只是预览，没有写入。")
    elif left:
        say(f"{left}行有错或存疑，没有写入；可在窗口里导入同一个文件，逐行处理。")


def _line(p: RowPlan) -> list[str]:
    from models.transfer.plan import STATUS_LABELS

    told = [str(r) for r in p.reasons] or [
        f"{d.label}：{d.old or '空'} → {d.new or '空'}" for d in p.differences
    ]
    return [str(p.number), STATUS_LABELS[p.status], p.label, "；".join(told)]


def export_file(args: argparse.Namespace, ledger: Ledger) -> int:
    """Write the records found to a workbook or csv. Raises UsageError where the file's ending is another."""
    from models.transfer.export import export

    wanted, target = register(args.register), Path(args.output).expanduser()
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"-o/--output：{target} 要以 .xlsx 或 .csv 结尾")
    target.absolute().parent.mkdir(parents=True, exist_ok=True)
    count = export(wanted, View(search=args.search), ledger.today, target)
    print(f"已写出 {target}：{count}{wanted.unit}")
    return 0
