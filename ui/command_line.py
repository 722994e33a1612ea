"""The command line's grammar in Chinese; knows neither the ledger nor Qt, so that --help is instant."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

PROGRAM = "app.py"
PAPERS = ("responsibility", "task", "oversight", "commitment", "board", "handover")

# argparse looks its own words up through gettext under this very English.
CHINESE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示本说明",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "expected one argument": "后面要跟一个值",
    "expected at most one argument": "后面最多跟一个值",
    "expected at least one argument": "后面至少要有一个值",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "one of the arguments %s is required": "以下参数要有一个：%s",
    "ignored explicit argument %r": "不接受值 %r",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)s，可用的有：%(choices)s",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "没有 %(value)s（是否要 %(closest)s？），可用的有：%(choices)s"
    ),
    "invalid %(type)s value: %(value)r": "%(value)r 不符合要求（%(type)s）",
}


class UsageError(Exception):
    """The command line asks for something it cannot mean; the text is Chinese."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that takes no abbreviations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}{PROGRAM}：{message.replace(', ', '、')}\n")


def make_parser() -> Parser:
    """The whole command line; ``command`` is None for the window."""
    vars(argparse)["_"] = lambda text: CHINESE.get(text, text)
    vars(argparse)["ngettext"] = lambda one, many, count: (
        "后面要跟 %s 个值" if many == "expected %s arguments" else CHINESE.get(one, one)
    )
    parser = Parser(
        prog=PROGRAM,
        description="食安台账。不带命令时打开窗口。",
        epilog="日期可写作 2024-06-30、2024.6.30、6/30。",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--data-dir", metavar="文件夹", type=Path, help="台账所在的文件夹；不写用本机的默认位置"
    )
    place.add_argument("--temp", action="store_true", help="用一次性的台账，退出时删除")
    parser.add_argument(
        "--database",
        metavar="地址",
        help="台账放在 PostgreSQL 里：psycopg3://用户@服务器/数据库；记在台账的文件夹里（不记密码），以后不必再写",
    )
    parser.add_argument("--today", metavar="日期", help="以这一天为今天")
    commands = parser.add_subparsers(dest="command", metavar="命令", title="命令", parser_class=Parser)
    _add_demo(commands)
    _add_reading(commands)
    _add_responsibility(commands)
    _add_papers(commands)
    _add_grading(commands)
    _add_campaign(commands)
    _add_planning(commands)
    _add_rectification(commands)
    _add_plausibility(commands)
    _add_documents(commands)
    _add_transfer(commands)
    _add_upkeep(commands)
    return parser


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help="在空台账里建立演示数据")
    demo.add_argument("--out", metavar="文件夹", type=Path, help="同时写出演示的文书、报告和名册（PDF）")


def _add_reading(commands: Any) -> None:
    listing = commands.add_parser("list", help="列出一种台账")
    listing.add_argument("register", metavar="台账", help="enterprises、inspections、findings、notices 等")
    listing.add_argument("--search", metavar="文字", default="", help="名称、拼音首字母、代码、电话")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出")
    figures = commands.add_parser("figures", help="列出一段时间的全部指标")
    _add_period(figures)
    figures.add_argument("--json", action="store_true", help="以 JSON 输出")
    one = commands.add_parser("figure", help="一个指标及其背后的记录")
    one.add_argument("name", metavar="指标", help="如 campus.inspections")
    _add_period(one)
    one.add_argument("--records", action="store_true", help="列出计数的每一条记录")
    one.add_argument("--json", action="store_true", help="以 JSON 输出")


def _add_period(parser: Parser) -> None:
    parser.add_argument("--from", dest="start", metavar="日期", required=True, help="第一天")
    parser.add_argument("--to", dest="end", metavar="日期", required=True, help="最后一天（含）")


def _add_responsibility(commands: Any) -> None:
    coverage = commands.add_parser("coverage", help="包保覆盖：各层级、乡镇的主体和已包保户数")
    held = commands.add_parser("assignments", help="某一天现行的包保关系")
    propose = commands.add_parser("propose-assignments", help="建议指派：给没有合适包保干部的主体选干部")
    for one, day in ((coverage, "不写为今天"), (held, ""), (propose, "指派从哪一天起；不写为今天")):
        one.add_argument("--on", metavar="日期", required=not day, help=day or "哪一天")
        one.add_argument("--json", action="store_true", help="以 JSON 输出")
    propose.add_argument("--apply", action="store_true", help="写入台账（一次动作，可在窗口里撤销）")


def _add_papers(commands: Any) -> None:
    papers = commands.add_parser("papers", help="把包保责任的文书写成 PDF：三张清单、承诺书、公示牌、交接单")
    whose = papers.add_mutually_exclusive_group(required=True)
    whose.add_argument("--official", metavar="姓名", help="一名包保干部；同名的写成 单位/姓名")
    whose.add_argument("--area", metavar="区划", help="一个乡镇（街道）或村（社区）；同名的写成 乡镇/村")
    whose.add_argument("--all", action="store_true", help="全区")
    papers.add_argument(
        "--kind", metavar="种类", required=True, choices=PAPERS,
        help="responsibility 责任清单、task 任务清单、oversight 督查清单、commitment 承诺书、"
        "board 公示牌、handover 交接单",
    )  # fmt: skip
    papers.add_argument("--on", metavar="日期", help="截至哪一天；不写为今天")
    _add_output(papers, "文件.pdf")


def _add_grading(commands: Any) -> None:
    grade = commands.add_parser("grade", help="风险分级：一个年度的静态、动态分值和风险等级")
    grade.add_argument("--year", metavar="年度", type=int, required=True, help="如 2024")
    grade.add_argument("--apply", action="store_true", help="写入台账（一次动作，可在窗口里撤销）；已评定的不改")
    grade.add_argument("--json", action="store_true", help="以 JSON 输出")


def _add_planning(commands: Any) -> None:
    plan = commands.add_parser("plan", help="年度检查计划：每户检查几次、哪天、由谁检查")
    plan.add_argument("--year", metavar="年度", type=int, required=True, help="如 2025")
    plan.add_argument("--apply", action="store_true", help="写入台账（一次动作，可在窗口里撤销）")
    plan.add_argument("--json", action="store_true", help="以 JSON 输出")
    draw = commands.add_parser("draw", help="双随机：按种子抽取检查对象和检查人员，种子相同结果相同")
    draw.add_argument("--seed", metavar="种子", required=True, help="随机种子，数字或文字")
    draw.add_argument("--enterprises", metavar="户数", type=int, required=True, help="抽取几户")
    draw.add_argument("--officers", metavar="人数", type=int, required=True, help="抽取几名检查人员，至少2名")
    draw.add_argument("--category", metavar="类别", action="append", default=[], help="只在这类主体中抽，可写多次")
    draw.add_argument("--area", metavar="乡镇", action="append", default=[], help="只在这个乡镇（街道）抽，可写多次")
    draw.add_argument("--on", metavar="日期", help="以哪一天的名册为候选；不写为今天")
    draw.add_argument("--name", metavar="名称", default="", help="写入时的抽取名称")
    draw.add_argument("--apply", action="store_true", help="写入台账留存（不能撤销）")
    draw.add_argument("--json", action="store_true", help="以 JSON 输出")


def _add_rectification(commands: Any) -> None:
    open_ones = commands.add_parser("rectification", help="整改督办：某一天没有办结的通知书和隐患，按期限先后")
    open_ones.add_argument("--on", metavar="日期", help="截至哪一天；不写为今天")
    open_ones.add_argument("--json", action="store_true", help="以 JSON 输出")


def _add_plausibility(commands: Any) -> None:
    check = commands.add_parser("plausibility", help="数据核查：一段时间里存疑、还没有说明理由的记录")
    check.add_argument("--from", dest="start", metavar="日期", help="第一天；不写为本年1月1日")
    check.add_argument("--to", dest="end", metavar="日期", help="最后一天（含）；不写为当年12月31日")
    check.add_argument("--json", action="store_true", help="以 JSON 输出，已说明理由的也在内")


def _add_campaign(commands: Any) -> None:
    campaign = commands.add_parser("campaign", help="专项整治：各项专项的进度，或一项专项的详情、汇总表")
    campaign.add_argument("name", metavar="专项", nargs="?", help="名称或其中一部分；同名的写成 名称/年份")
    campaign.add_argument("--on", metavar="日期", help="截至哪一天；不写为今天")
    campaign.add_argument("--json", action="store_true", help="以 JSON 输出")
    campaign.add_argument("-o", "--output", metavar="文件.pdf", type=Path, help="把这项专项的情况汇总表写成 PDF")


def _add_documents(commands: Any) -> None:
    notice = commands.add_parser("notice", help="把责令改正通知书写成 PDF")
    notice.add_argument("numbers", metavar="文号", nargs="+", help="如 昌市监责改〔2024〕19号，可写多个")
    _add_output(notice, "文件.pdf")
    case = commands.add_parser("casefile", help="把一户（一次检查、一份通知书）的文书、照片和附件装订成一个 PDF 案卷")
    case.add_argument(
        "enterprise", metavar="主体", help="名称、许可证编号、统一社会信用代码或 uid；重名的写成 名称/地址"
    )
    one = case.add_mutually_exclusive_group()
    one.add_argument(
        "--visit", metavar="检查", help="只装订一次检查：检查日期、结果记录表编号，或 list inspections --json 里的 id"
    )
    one.add_argument("--notice", metavar="文号", help="只装订一份责令改正通知书及其检查")
    case.add_argument("--from", dest="start", metavar="日期", help="第一天；不写为最早")
    case.add_argument("--to", dest="end", metavar="日期", help="最后一天（含）；不写为最晚")
    _add_output(case, "文件.pdf")
    report = commands.add_parser("report", help="把监督检查情况报告写成 PDF")
    _add_period(report)
    _add_output(report, "文件.pdf")


def _add_output(parser: Parser, metavar: str) -> None:
    parser.add_argument("-o", "--output", metavar=metavar, type=Path, required=True, help="写到哪个文件")


def _add_transfer(commands: Any) -> None:
    bring = commands.add_parser("import", help="从 xlsx、xls 或 csv 导入一种台账")
    bring.add_argument("file", metavar="文件", type=Path, help="要导入的表格")
    bring.add_argument("--register", metavar="台账", required=True, help="enterprises、inspections、officials 等")
    bring.add_argument("--dry-run", action="store_true", help="只预览，不写入")
    bring.add_argument(
        "--map", metavar="栏目=列名", action="append", default=[], help="指定一列对应的栏目，可写多次"
    )
    bring.add_argument("--json", action="store_true", help="以 JSON 输出")
    out = commands.add_parser("export", help="把一种台账写成 xlsx 或 csv")
    out.add_argument("register", metavar="台账", help="enterprises、inspections、officials 等")
    out.add_argument("--search", metavar="文字", default="", help="名称、拼音首字母、代码、电话")
    _add_output(out, "文件.xlsx|csv")


def _add_upkeep(commands: Any) -> None:
    commands.add_parser("check", help="检查台账：完整性、关联、结构、文号、附件")
    backup = commands.add_parser("backup", help="备份台账和附件（窗口开着也可以）")
    _add_output(backup, "文件.zip|db")
    restore = commands.add_parser("restore", help="用备份换下台账；换下的先自动备份")
    restore.add_argument("file", metavar="文件", type=Path, help="备份文件（.zip 或 .db）")
