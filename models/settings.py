"""Office settings (设置): declared once; the page, the documents and the rules read them by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problems, Severity, code_check
from models.core.choices import Choices
from models.core.errors import KnownError
from models.core.fields import Choice, Code, Date, Described, Integer, LongText, Text
from models.core.record import Record
from models.rules import numbering
from models.rules.inspection_kinds import KINDS as INSPECTION_KINDS
from models.rules.phones import check_phone


class Setting(Record):
    """One stored setting, as the text a person would type."""

    title = "设置"
    label_field = "key"
    key = peewee.CharField(max_length=60, unique=True)
    value = peewee.TextField(default="")


def _check_prefix(value: str) -> tuple[Severity, str, str] | None:
    try:
        numbering.NumberSeries(value, 2000)
    except ValueError as exc:
        return "error", "prefix", str(exc)
    return None


@dataclass(frozen=True)
class Declared:
    """One setting: its key, the described field that labels and reads it, its default and its group on the page."""

    key: str
    field: Any
    default: Any
    group: str


REST_DUE = (("next", "顺延到次一工作日"), ("same", "不顺延，以载明的日期为准"))

DECLARED: tuple[Declared, ...] = (
    Declared(
        "office_name",
        Text("机关全称", required=True, help="印在文书标题和落款"),
        "景德镇市昌江区市场监督管理局",
        "机关",
    ),
    Declared(
        "office_short",
        Text("机关简称", required=True, max_length=20, help="用于界面和报告"),
        "昌江区市场监管局",
        "机关",
    ),
    Declared("district", Text("行政区", required=True, max_length=20), "昌江区", "机关"),
    Declared("office_address", Text("联系地址"), "", "机关"),
    Declared("contacts", Text("联系人", help="几个人用顿号分开"), "", "机关"),
    Declared("contact_phone", Code("联系电话", check=code_check(check_phone), max_length=60), "", "机关"),
    Declared(
        "numbering",
        Choice("文号来源", (("own", "本程序编号"), ("platform", "省平台编号，签发时录入")), required=True),
        "own",
        "文号",
    ),
    Declared(
        "notice_prefix",
        Text(
            "责令改正通知书代字",
            required=True,
            max_length=30,
            check=_check_prefix,
            help="年份和序号由程序加上",
        ),
        "昌市监责改",
        "文号",
    ),
    Declared(
        "risk_form_prefix",
        Text(
            "风险等级确定表代字",
            required=True,
            max_length=30,
            check=_check_prefix,
            help="确定表编号用，请按本局习惯改；年份和序号由程序加上",
        ),
        "昌市监风评",
        "文号",
    ),
    Declared(
        "number_by_branch",
        Choice("分局单独编号", (("no", "全局统一编号"), ("yes", "各分局分别编号")), required=True),
        "no",
        "文号",
    ),
    Declared(
        "first_serial",
        Integer("起始顺序号", least=1, required=True, help="年中启用时，填本年下一个号"),
        1,
        "文号",
    ),
    Declared(
        "first_year",
        Integer("启用年份", least=2000, most=2100, help="起始顺序号只用于这一年；留空按首次签发的年份"),
        None,
        "文号",
    ),
    Declared("review_authority", Text("行政复议机关", required=True), "景德镇市昌江区人民政府", "文书"),
    Declared(
        "court",
        Text("行政诉讼法院", required=True, help="实行集中管辖的，改为管辖法院"),
        "景德镇市昌江区人民法院",
        "文书",
    ),
    Declared(
        "copies_text",
        Text("份数说明", required=True),
        "本文书一式三份，一份送达，一份归档，一份留存承办机构。",
        "文书",
    ),
    Declared(
        "inspection_basis",
        LongText("监督检查依据", required=True, help="印在告知页、结果记录表“根据……的规定”处，法规修订后在这里改"),
        "《中华人民共和国食品安全法》及其实施条例、《食品生产经营监督检查管理办法》",
        "文书",
    ),
    Declared(
        "assignment_basis",
        LongText("包保文件依据", required=True, help="印在责任清单、承诺书等，本省、本市另有文件的接着写"),
        "国务院食安委《关于建立健全分层分级精准防控末端发力终端见效工作机制推动食品安全属地管理责任落地落实的意见》"
        "（食安委发〔2022〕6号）",
        "包保文书",
    ),
    Declared(
        "hotline",
        Text("监督举报电话", required=True, max_length=40, help="印在包保公示牌"),
        "12315",
        "包保文书",
    ),
    Declared(
        "warn_days", Integer("到期提醒", unit="天", required=True, help="限期届满前几天开始提醒"), 3, "提醒"
    ),
    Declared(
        "unserved_days",
        Integer("未送达提醒", unit="天", required=True, help="签发几天仍未送达开始提醒"),
        2,
        "提醒",
    ),
    Declared(
        "rest_due",
        Choice(
            "整改期限届满日是休息日",
            REST_DUE,
            required=True,
            help="法律对责令改正的期限没有专门规定，默认参照《民法典》第二百零三条顺延",
        ),
        "next",
        "提醒",
    ),
    Declared("permit_days", Integer("证照到期提醒", unit="天", required=True), 60, "提醒"),
    Declared(
        "limit_exempt",
        Choices(
            "不计入年度入企上限的检查",
            INSPECTION_KINDS,
            help="按线索开展的检查和复查，几类用顿号分开；上限在“更多—标准与期限”中修改",
        ),
        "complaint sampling recheck",
        "检查计划",
    ),
    Declared(
        "publication_from",
        Date("结果公开督办起始日期", help="此前的检查不再督办公开；留空的全部督办"),
        None,
        "提醒",
    ),
    Declared(
        "attachment_mb",
        Integer("单个附件上限", unit="MB", least=1, most=2000, required=True, help="更大的文件不添加"),
        100,
        "附件",
    ),
)
BY_KEY = {d.key: d for d in DECLARED}


#: Kept beside the declared settings by the demo: its own «today» (ISO), which also marks the ledger as 演示.
DEMO_TODAY = "demo_today"


def demo_today() -> dt.date | None:
    """The demo's own «today»; None in a clerk's ledger."""
    row = Setting.get_or_none(Setting.key == DEMO_TODAY, Setting.removed_at.is_null())
    return dt.date.fromisoformat(row.value) if row is not None else None


class Settings:
    """The settings of the open ledger, read once; attributes are the declared keys."""

    def __init__(self) -> None:
        self._texts = {row.key: row.value for row in Setting.live()}

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_") or key not in BY_KEY:
            raise AttributeError(key)
        declared = BY_KEY[key]
        if key not in self._texts:
            return declared.default
        return declared.field.parse(self._texts[key], dt.date.min)

    def text(self, key: str) -> str:
        """A setting as its form field shows it."""
        value = getattr(self, key)
        return "" if value is None else BY_KEY[key].field.format(value)


def settings() -> Settings:
    """The settings of the open ledger."""
    return Settings()


def change_settings(tx: Transaction, texts: Mapping[str, str]) -> None:
    """Store typed settings. Raises CheckFailed naming each field that cannot be read; nothing is stored then."""
    problems = Problems()
    values: dict[str, str] = {}
    for key, text in texts.items():
        field: Described = BY_KEY[key].field
        try:
            value = field.parse(text, tx.today)
        except KnownError as exc:
            problems.error(key, "format", exc.message)
            continue
        if field.required and value in (None, ""):
            problems.error(key, "required", f"请填写{field.label}")
        found = field.check(value) if field.check is not None and value else None
        if found is not None and found[0] == "error":
            problems.error(key, found[1], found[2])
        values[key] = "" if value is None else str(value)
    if problems:
        raise CheckFailed(problems, {d.key: d.field.label for d in DECLARED})
    for key, stored in values.items():
        row = Setting.get_or_none(Setting.key == key)
        if row is None:
            tx.insert(Setting, key=key, value=stored)
        else:
            tx.update(row, value=stored, removed_at=None)
