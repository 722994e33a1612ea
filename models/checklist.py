"""Checklists (要点表): forms with their items, validity and result rule, editable data. Knows no inspection."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.choices import Choices, split_codes
from models.core.errors import FieldError
from models.core.fields import Bool, Choice, Code, Date, Integer, LongText, Number, Ref, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Lead, Link, Preset, Register
from models.core.scope import Scope
from models.enterprise import CATEGORIES
from models.rules import checklist as rules
from models.rules.seeds import RESOURCES, read_seed

KINDS = (
    ("production", "食品生产"),
    ("sale", "食品销售"),
    ("catering", "餐饮服务"),
    ("canteen", "食堂"),
    ("special", "特殊食品"),
    ("small_workshop", "小作坊"),
)
COVERAGES = (("all", "全部项目"), ("sampled", "重点项全查，一般项可抽查"))
SEVERITIES = (("minor", "一般"), ("serious", "较大"), ("grave", "重大"))
LEVELS: tuple[tuple[rules.Level, str], ...] = (
    ("passed", "无不符合"),
    ("basic", "一般不符合"),
    ("failed", "严重不符合"),
)
FOLDER = RESOURCES / "checklists"
#: What stands on paper in place of a title where the text is not the office's official form.
SAMPLE_TITLE = "示例要点（非官方文本）"
#: What was asked at an inspection: of a form that was used it stays as it is.
ASKED = ("checklist", "topic", "number", "is_key", "content")
USED = "已有检查用过这张要点表，改动会改变以前的检查，不能改。请用“新版本”另存一张，在新版里改"


class Checklist(Entry):
    """One version of a form, in force from ``valid_from`` to ``valid_to``, with the rule of its result."""

    title = "检查要点表"
    label_field = "name"
    identity = (("name",),)
    name = Text("名称", required=True, search=True, pinyin=True, sort="name_key", width=18)
    kind = Choice("种类", KINDS, required=True, width=7)
    categories = Choices("适用主体", CATEGORIES, help="几类用顿号分开；留空适用于全部", width=14)
    edition = Text("版本", required=True, max_length=40, width=8)
    official = Bool("官方文本", help="由本局核对过的官方表格才勾选；没有勾选的一律按“示例要点”打印")
    printed_title = Text("印制标题", help="官方表格的全称，官方文本必填", width=18)
    table_number = Text("表号", max_length=40, help="写进结果记录表“按照表（　）开展”", width=7)
    valid_from = Date("启用日期", required=True)
    valid_to = Date("停用日期")
    coverage = Choice("检查范围", COVERAGES, required=True, default="all", width=12)
    most_key = Integer(
        "重点项不符合上限", required=True, default=1, most=100, unit="项", help="超过的为最低一档"
    )
    least_rate = Number(
        "一般项合格率下限",
        required=True,
        default=Decimal(70),
        most=100,
        unit="%",
        help="低于的为最低一档",
    )
    passed_word = Text("无不符合时的结果", required=True, default="符合", max_length=40, width=8)
    basic_word = Text("未超限时的结果", required=True, default="基本符合", max_length=40, width=8)
    failed_word = Text("超限时的结果", required=True, default="不符合", max_length=40, width=8)
    passed_handling = Text("无不符合时的处理", required=True, default="通过", width=12)
    basic_handling = Text("未超限时的处理", required=True, default="书面限期整改", width=12)
    failed_handling = Text(
        "超限时的处理", required=True, default="食品生产经营者立即停止食品生产经营活动", width=16
    )
    source = LongText("来源和核对说明", width=20)

    sections = (
        (
            "要点表",
            (
                "name",
                "kind",
                "categories",
                "edition",
                "official",
                "printed_title",
                "table_number",
                "valid_from",
                "valid_to",
                "coverage",
                "source",
            ),
        ),
        (
            "结果判定",
            (
                "most_key",
                "least_rate",
                "passed_word",
                "passed_handling",
                "basic_word",
                "basic_handling",
                "failed_word",
                "failed_handling",
            ),
        ),
    )

    live_indexes = ((("name",), True), (("kind", "valid_from"), False))

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "停用日期早于启用日期，请改正其一")
        if draft["official"] and not draft["printed_title"]:
            problems.error("printed_title", "required", "官方文本请填写印制标题")
        if draft["name"] and draft.same(name=draft["name"]) is not None:
            problems.error("name", "duplicate", "已有同名的要点表，请在名称里写明版本")
        if draft.record is not None and is_answered(draft.record.id):
            for name in ("kind", "official"):
                if draft.changed(name):
                    problems.error(name, "answered", USED)

    def guard(self, action: str) -> str:
        if action == "remove" and is_answered(self.id):
            return "已有检查用过这张要点表，不能移除。不再使用的请填写停用日期。"
        return ""

    @property
    def paper_title(self) -> str:
        """What is printed above the form: never an official title over a text that is not official."""
        return self.printed_title if self.official else f"{SAMPLE_TITLE}：{self.name}"

    def rule(self) -> rules.ResultRule:
        """The rule of the form's result."""
        return rules.ResultRule(
            self.most_key,
            Decimal(self.least_rate),
            {"passed": self.passed_word, "basic": self.basic_word, "failed": self.failed_word},
            {"passed": self.passed_handling, "basic": self.basic_handling, "failed": self.failed_handling},
        )


class ItemNumber(Code):
    """An item's number; typed with or without the mark of a key item."""

    def parse(self, text: str, today: dt.date) -> Any:
        value = super().parse(text, today)
        if value and (refusal := self.refuse(value)):
            raise FieldError(refusal)
        return value

    def refuse(self, value: Any) -> str:
        try:
            rules.split_mark(str(value))
        except ValueError as exc:
            return str(exc)
        return ""


class ChecklistItem(Entry):
    """One item of a form; ``number`` is without the mark ``*``, which is ``is_key``."""

    title = "检查项目"
    label_field = "content"
    owner = "checklist"
    identity = (("checklist", "number"),)
    keep = ("checklist", "topic")
    checklist = Ref(Checklist, "要点表", required=True, backref="item_rows", width=16)
    checklist_id: int
    topic = Text("分组", required=True, search=True, width=10)
    number = ItemNumber(
        "序号",
        required=True,
        max_length=12,
        normalise=rules.fold_number,
        help="如1.1、T.3；重点项可写成*1.1",
        width=5,
    )
    is_key = Bool("重点项")
    content = LongText("检查内容", required=True, search=True, pinyin=True, width=28)
    problem = LongText("不符合时的隐患描述", search=True, pinyin=True, help="不填的从常用问题里选", width=20)
    legal_basis = Text("依据条款", search=True, max_length=400, width=16)
    requirement = Text("常用整改要求", max_length=200, width=14)
    due_days = Integer("常用整改期限", unit="日", least=1, most=365, width=5)
    severity = Choice("严重程度", SEVERITIES, required=True, default="minor", width=5)
    rank = Integer("次序", required=True, default=0, most=10**9, editable=False)

    sections = (
        (
            "检查项目",
            (
                "checklist",
                "topic",
                "number",
                "is_key",
                "content",
                "problem",
                "legal_basis",
                "requirement",
                "due_days",
                "severity",
            ),
        ),
    )

    live_indexes = ((("checklist", "number"), True),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        typed = draft["number"]
        if not typed or cls._meta.fields["number"].refuse(typed):
            return {}
        number, is_key = rules.split_mark(typed)
        found: dict[str, Any] = {"rank": rules.sort_key(number)}
        if "number" in draft.values:
            found["number"] = number
        return found | ({"is_key": True} if is_key else {})

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        number, form = draft["number"], draft["checklist"]
        if number and form and draft.same(checklist=form, number=number) is not None:
            problems.error("number", "duplicate", f"这张要点表已有第{number}项，请改用别的序号")
        if draft.record is None:
            if form and is_answered(form):
                problems.error("checklist", "answered", USED)
        elif is_answered(draft.record.checklist_id):
            for name in ASKED:
                if draft.changed(name):
                    problems.error(name, "answered", USED)
        elif draft.changed("checklist") and is_answered(form):
            problems.error("checklist", "answered", USED)

    def guard(self, action: str) -> str:
        if action == "remove" and is_answered(self.checklist_id):
            return "已有检查用过这张要点表，不能去掉其中的项目。请用“新版本”另存一张，在新版里去掉。"
        return ""

    @property
    def marked(self) -> str:
        """The number as it is printed: *2.3."""
        return f"*{self.number}" if self.is_key else self.number


def is_answered(checklist_id: int) -> bool:
    """Whether an inspection has used the form."""
    from models.checklist_answer import ChecklistAnswer  # answers stand on forms

    return bool(ChecklistAnswer.live().where(ChecklistAnswer.checklist == checklist_id).exists())


def _item_count(scope: Scope) -> Any:
    items = ChecklistItem.alias()
    return items.select(peewee.fn.COUNT(items.id)).where(
        (items.checklist == Checklist.id) & items.removed_at.is_null()
    )


def _failures(scope: Scope) -> Any:
    """How often an item was failed in the year up to the day looked at."""
    from models.inspection import Finding  # findings stand on items

    found = Finding.alias()
    begin = scope.day - dt.timedelta(days=364)
    return found.select(peewee.fn.COUNT(found.id)).where(
        (found.item == ChecklistItem.id)
        & found.removed_at.is_null()
        & found.found_on.between(begin, scope.day)
    )


REGISTER = Register(
    name="checklists",
    title="检查要点表",
    model=Checklist,
    icon="inspection",
    unit="张",
    columns=(
        Column("kind"),
        Column("name"),
        Column("edition"),
        Column("items", expr=_item_count, like=Integer("项目数", unit="项")),
        Column("official", width=6),
        Column("table_number"),
        Column("valid_from"),
        Column("valid_to"),
        Column("categories"),
        Column("coverage", shown=False),
        Column("printed_title", shown=False),
        Column("source"),
    ),
    order=(("kind", False), ("valid_from", True)),
    filters=("kind", "official"),
    presets=(
        Preset("current", "现行", lambda s: as_of(Checklist, s.day)),
        Preset("sample", "示例", lambda s: ~s.col("official"), "warning"),
    ),
    links=(Link("checklist_items", "checklist"), Link("checklist_answers", "checklist")),
)
ITEMS = Register(
    name="checklist_items",
    title="检查项目",
    model=ChecklistItem,
    icon="check",
    unit="项",
    columns=(
        Column("checklist"),
        Column("topic"),
        Column("number"),
        Column("is_key", width=5),
        Column("content"),
        Column("problem", shown=False),
        Column("legal_basis"),
        Column("requirement"),
        Column("due_days"),
        Column("severity"),
        Column(
            "failures",
            expr=_failures,
            like=Integer("近一年不符合", unit="处"),
            width=7,
            lead=Lead("findings", "item"),
        ),
        Column("checklist.kind", width=7, shown=False),
        Column("rank", shown=False),
    ),
    order=(("checklist", False), ("rank", False)),
    filters=("checklist", "checklist.kind", "topic", "is_key", "severity"),
    presets=(Preset("key", "重点项", lambda s: s.col("is_key")),),
    links=(Link("findings", "item"),),
)


def checklists_for(category: str, day: dt.date) -> list[Checklist]:
    """The forms in force on a day for a category of enterprise: official ones first, the latest first."""
    rows = Checklist.live().where(as_of(Checklist, day))
    fit = [row for row in rows if not row.categories or category in split_codes(row.categories)]
    return sorted(
        fit,
        key=lambda f: (
            not f.official,
            f.kind == "special",
            not f.categories,
            -f.valid_from.toordinal(),
            f.id,
        ),
    )


def official_missing(day: dt.date) -> bool:
    """Whether only samples are in force on a day, no official form."""
    now = Checklist.live().where(as_of(Checklist, day))
    return bool(now.exists() and not now.where(Checklist.official).exists())


def items_of(checklist_id: int) -> list[ChecklistItem]:
    """The items of a form in their order."""
    mine = ChecklistItem.live().where(ChecklistItem.checklist == checklist_id)
    return list(mine.order_by(ChecklistItem.rank, ChecklistItem.id))


def seed_rows() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The sample forms a new ledger starts with, each with its items; our own wording, never official."""
    violates = {row["code"]: row["violates"] for row in read_seed(RESOURCES / "law" / "legal_bases.csv")}
    found = []
    for row in read_seed(FOLDER / "forms.csv"):
        form = {
            **{name: row[name] for name in ("kind", "name", "categories", "edition", "coverage")},
            "official": False,
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "most_key": int(row["most_key"]),
            "least_rate": Decimal(row["least_rate"]),
            "source": row["source_note"],
        }
        found.append((form, [_item_row(item, violates) for item in read_seed(FOLDER / f"{row['kind']}.csv")]))
    return found


def _item_row(row: dict[str, str], violates: dict[str, str]) -> dict[str, Any]:
    number, is_key = rules.split_mark(row["number"])
    return {
        **{name: row[name] for name in ("topic", "content", "problem", "requirement")},
        "number": number,
        "is_key": is_key,
        "rank": rules.sort_key(number),
        "legal_basis": violates[row["law"]] if row["law"] else "",
        "due_days": int(row["due_days"]),
        "severity": "serious" if is_key else "minor",
    }
