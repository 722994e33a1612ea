"""What each command of the command line does, through models and reports; knows no Qt."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.core.blob_copies import ZIP, back_up, folder_beside, restore_office
from models.core.engine import Engine, FileEngine, engine_of
from models.core.errors import KnownError
from models.core.figure import Figure, figure
from models.core.ledger import Ledger
from models.core.register import Column, Register, View, register
from models.opening import is_demo, open_office
from models.plausibility import summary
from models.registers import all_figures
from models.rules.dates import Period, parse_date
from ui.command_line import UsageError
from ui.command_output import print_json, print_table, say

_NUMERIC = frozenset({"integer", "number", "lines"})


def run_command(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    """Do one command on the ledger of a folder; returns the exit code.

    Raises UsageError for what cannot be meant, KnownError for what cannot be done.
    """
    commands: dict[str, Callable[[argparse.Namespace, Path, dt.date | None], int]] = {
        "demo": _demo,
        "list": _list,
        "figures": _figures,
        "figure": _figure,
        "notice": _notice,
        "casefile": _casefile,
        "report": _report,
        "import": _import,
        "export": _export,
        "check": _check,
        "backup": _backup,
        "restore": _restore,
        **dict.fromkeys(("coverage", "assignments", "propose-assignments", "papers"), _responsibility),
        "grade": _grade,
        "campaign": _campaign,
        **dict.fromkeys(("plan", "draw"), _planning),
        "rectification": _rectification,
        "plausibility": _plausibility,
    }
    return commands[args.command](args, folder, today)


@contextmanager
def _opened(
    args: argparse.Namespace, folder: Path, today: dt.date | None, *, write: bool = False
) -> Iterator[Ledger]:
    """The folder's ledger; read-only beside an open window, made (and said so) where there is none."""
    engine = engine_of(folder)
    new = not engine.exists()
    ledger = open_office(folder, write=write or new, today=today)
    try:
        if new and not write and not args.temp:
            say(f"{folder if engine.path.exists() else engine.where()} 里还没有台账，已新建一个空的。")
        yield ledger
    finally:
        ledger.close()


def _existing(folder: Path) -> Engine:
    engine = engine_of(folder)
    if not engine.exists():
        place = folder if isinstance(engine, FileEngine) else engine.where()
        raise KnownError(f"{place} 里没有台账。", "请核对 --data-dir，或先打开窗口建立台账。")
    return engine


def _period(args: argparse.Namespace, today: dt.date) -> Period:
    ends = []
    for option, text in (("--from", args.start), ("--to", args.end)):
        try:
            ends.append(parse_date(text, today))
        except ValueError as error:
            raise UsageError(f"{option}：{error}") from None
    try:
        return Period(*ends)
    except ValueError as error:
        raise UsageError(f"--from、--to：{error}") from None


def _list(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    with _opened(args, folder, today) as ledger:
        wanted = register(args.register)
        ids = wanted.ids(View(search=args.search), ledger.today)
        if args.json:
            print_json(presentable(wanted, wanted.objects(ids, ledger.today)))
            return 0
        print_rows(wanted, list(ids), ledger.today)
        print(f"共{len(ids)}{wanted.unit}")
    return 0


def presentable(wanted: Register, objects: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Records for scripts: identity numbers masked as everywhere, frozen texts of documents left out."""
    masks: dict[str, Callable[[str], str]] = {}
    frozen = set()
    for column in (*map(Column, wanted.model.described()), *wanted.columns):
        found = wanted.field_of(column)
        if getattr(found, "mask", None):
            masks[column.path] = found.mask
        if found.kind == "json":
            frozen.add(column.path)
    for item in objects:
        yield {
            name: masks[name](value) if value and name in masks else value
            for name, value in item.items()
            if name not in frozen
        }


def print_rows(wanted: Register, ids: list[int], day: dt.date, counted: set[int] | None = None) -> None:
    """The shown columns of some records as a table; ``counted`` adds a column that says which ones count."""
    columns = [column for column in wanted.columns if column.shown]
    heads = [wanted.label_of(column) for column in columns]
    right = [wanted.field_of(column).kind in _NUMERIC for column in columns]
    rows = []
    for start in range(0, len(ids), 400):
        for row in wanted.rows(ids[start : start + 400], day, columns):
            cells = [wanted.format(c, v) for c, v in zip(columns, row.values, strict=True)]
            rows.append(cells if counted is None else ["是" if row.id in counted else "否", *cells])
    if counted is not None:
        heads, right = ["计入", *heads], [False, *right]
    print_table(heads, rows, right)


def _figure_object(found: Figure, period: Period) -> dict[str, Any]:
    return {
        "name": found.name,
        "label": found.label,
        "kind": found.kind,
        "value": found.value(period.start, period.end),
        "unit": found.unit,
        "rule": found.rule,
        "basis": found.basis,
        "register": found.register,
        "from": period.start,
        "to": period.end,
    }


def _print_figures(period: Period) -> None:
    rows = []
    for found in all_figures():
        value = found.value(period.start, period.end)
        rows.append(
            [found.name, found.label, found.text(value), found.unit if value is not None else "", found.rule]
        )
    print(f"{period.start} 至 {period.end}")
    print_table(["名称", "指标", "数值", "单位", "口径"], rows, [False, False, True])


def _figures(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    with _opened(args, folder, today) as ledger:
        period = _period(args, ledger.today)
        if args.json:
            print_json(_figure_object(found, period) for found in all_figures())
        else:
            _print_figures(period)
    return 0


def _figure(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    with _opened(args, folder, today) as ledger:
        found, period = figure(args.name), _period(args, ledger.today)
        span = (period.start, period.end)
        wanted = register(found.register)
        if args.json:
            records = presentable(wanted, found.records(*span, ledger.today)) if args.records else None
            print_json(records if records is not None else [_figure_object(found, period)])
            return 0
        value = found.value(*span)
        print(f"{found.label}：{found.text(value)}{found.unit if value is not None else ''}")
        print(f"口径：{found.rule}")
        if args.records:
            counted = found.counted(*span) if found.kind == "ratio" else None
            as_on = period.end if found.basis == "stock" else ledger.today
            print_rows(wanted, found.ids(*span), as_on, counted)
    return 0


def _notice(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    with _opened(args, folder, today) as ledger:
        from reports.notice_file import notices_of, write_notices

        notices = notices_of(args.numbers)
        args.output.parent.mkdir(parents=True, exist_ok=True)
        pages = write_notices(notices, args.output, demo=is_demo(ledger))
    print(f"已写出 {args.output}：{len(notices)}份，{pages}页")
    return 0


def _casefile(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_casefile import run_casefile

    with _opened(args, folder, today) as ledger:
        return run_casefile(args, ledger)


def _report(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    with _opened(args, folder, today) as ledger:
        period = _period(args, ledger.today)
        from reports.period_report import write_period_report

        args.output.parent.mkdir(parents=True, exist_ok=True)
        pages = write_period_report(period, args.output, ledger.today, demo=is_demo(ledger))
        found = summary(period.start, period.end, ledger.today)
        if found.open:
            say(f"期内有{found.open}条存疑数据未处理（须改正{found.errors}条），可用 plausibility 命令列出。")
    print(f"已写出 {args.output}：{pages}页")
    return 0


def _import(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_transfer import import_file

    with _opened(args, folder, today, write=not args.dry_run) as ledger:
        return import_file(args, ledger)


def _export(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_transfer import export_file

    with _opened(args, folder, today) as ledger:
        return export_file(args, ledger)


def _demo(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_demo import make_demo, write_documents

    with _opened(args, folder, today, write=True) as ledger:
        period = make_demo(ledger)
        if args.out is not None:
            for path, pages in write_documents(ledger, period, args.out):
                print(f"已写出 {path}：{pages}页")
        _print_figures(period)
    return 0


def _responsibility(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_responsibility import run_responsibility

    return run_responsibility(args, folder, today, _opened)


def _campaign(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_campaign import run_campaign

    return run_campaign(args, folder, today, _opened)


def _grade(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_grading import run_grading

    return run_grading(args, folder, today, _opened)


def _planning(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_planning import run_planning

    return run_planning(args, folder, today, _opened)


def _rectification(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_rectification import run_rectification

    return run_rectification(args, folder, today, _opened)


def _plausibility(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from ui.command_plausibility import run_plausibility

    return run_plausibility(args, folder, today, _opened)


def _check(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    from models.ledger_check import check_office

    found = check_office(_existing(folder).folder)
    if found:
        say("\n".join([f"发现{len(found)}个问题：", *found]))
        return 1
    print("未发现问题")
    return 0


def _backup(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    engine, target = _existing(folder), args.output
    _refuse_ledger_itself(engine.path, target)
    engine.applied()  # what is no ledger is not backed up
    if target.is_dir():
        raise UsageError(f"-o/--output：{target} 是文件夹，请写明文件名")
    lacking = back_up(engine.path, target.absolute())
    print(f"已备份到 {target}（{target.stat().st_size / 1_000_000:.1f} MB）")
    beside = folder_beside(target)
    if target.suffix.lower() != ZIP and beside.is_dir():
        print(f"附件在 {beside}，要和它放在一起；写成 .zip 则合为一个文件")
    return _tell_lacking(lacking, "没有备份到")


def _restore(args: argparse.Namespace, folder: Path, today: dt.date | None) -> int:
    engine = engine_of(folder)
    _refuse_ledger_itself(engine.path, args.file)
    kept, lacking = restore_office(args.file.absolute(), folder, dt.datetime.now())
    print(f"已用 {args.file} 恢复台账 {engine.where()}")
    if kept.exists():
        print(f"换下的台账备份在 {kept}")
    return _tell_lacking(lacking, "在备份和原来的文件夹里都没有")


def _tell_lacking(names: list[str], words: str) -> int:
    """Say which attachments are not included; the exit code."""
    if not names:
        return 0
    shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    say(f"有{len(names)}个附件的内容{words}：{shown}。请运行 check 查看。")
    return 1


def _refuse_ledger_itself(path: Path, other: Path) -> None:
    if other.resolve() == path.resolve():
        raise KnownError(f"{other} 就是正在用的台账。", "请换一个文件名。")
