"""检查频次表: how often an enterprise is to be inspected, editable and dated. Knows no plan and no inspection."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.core.checks import Problems
from models.core.choices import Choices, split_codes
from models.core.fields import Bool, Date, Integer, LongText, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.enterprise import CATEGORIES, PRODUCTS
from models.rules.frequency import UNGRADED, FrequencyRow
from models.rules.seeds import RESOURCES, read_seed

#: The grades a row may be limited to; UNGRADED is an enterprise without an assessment.
PLAN_GRADES = (("A", "A级"), ("B", "B级"), ("C", "C级"), ("D", "D级"), (UNGRADED, "未评定"))
SEED = RESOURCES / "rules" / "plan_rules.csv"


class PlanRule(Entry):
    """One row of the frequency table; of all rows that fit an enterprise the one with the most visits decides."""

    title = "检查频次表"
    identity = (("name", "valid_from"),)
    rank = Integer("顺序", required=True, width=5)
    name = Text("规则名称", required=True, search=True, pinyin=True, sort="name_key", width=20)
    grades = Choices("风险等级", PLAN_GRADES, help="几级用顿号分开；留空不限等级", width=10)
    categories = Choices("适用类别", CATEGORIES, help="几类用顿号分开；留空适用于全部", width=16)
    products = Choices("限定产品", PRODUCTS, help="只对食品生产者；留空不限", width=12)
    visits = Integer("检查次数", unit="次", required=True, help="每个周期至少检查几次", most=52)
    years = Integer(
        "周期", unit="年", required=True, least=1, most=10, default=1, help="一年一个周期的填1", width=5
    )
    most = Integer(
        "最多次数",
        unit="次",
        help="一年最多几次，如“1至2次”填2；超过的在计划里标出，没有上限的留空",
        most=52,
        width=7,
    )
    key_target = Bool("重点监管", help="《食品生产经营监督检查管理办法》第二十二条的重点对象，优先安排")
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=24)

    sections = (
        ("检查频次", ("rank", "name", "grades", "categories", "products")),
        ("次数", ("visits", "years", "most", "key_target")),
        ("施行", ("valid_from", "valid_to", "source")),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        visits, most = draft["visits"], draft["most"]
        if visits is not None and most is not None and most < visits:
            problems.error("most", "bounds", "最多次数少于检查次数，请改正其一")
        if draft["products"] and draft["categories"]:
            producers = {"production", "small_workshop"}
            if not producers & set(split_codes(draft["categories"])):
                problems.error("products", "category", "限定产品只用于食品生产者，请清空或补上食品生产")


REGISTER = Register(
    name="plan_rules",
    title="检查频次表",
    model=PlanRule,
    icon="due",
    unit="条",
    columns=(
        Column("rank"),
        Column("name"),
        Column("grades"),
        Column("categories"),
        Column("products"),
        Column("visits"),
        Column("years"),
        Column("most"),
        Column("key_target", width=6),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
    ),
    order=(("rank", False), ("valid_from", True)),
    filters=("key_target",),
    presets=(
        Preset("current", "现行", lambda s: as_of(PlanRule, s.day)),
        Preset("unchecked", "待核", lambda s: s.col("source").contains("待核"), "warning"),
    ),
)


def frequency_rows(day: dt.date) -> list[FrequencyRow]:
    """The frequency table in force on a day, in its order."""
    rules = PlanRule.live().where(as_of(PlanRule, day)).order_by(PlanRule.rank, PlanRule.id)
    return [
        FrequencyRow(
            rule.name,
            frozenset(split_codes(rule.grades)),
            frozenset(split_codes(rule.categories)),
            frozenset(split_codes(rule.products)),
            rule.visits,
            rule.years,
            bool(rule.key_target),
            rule.most,
        )
        for rule in rules
    ]


def seed_rows() -> list[dict[str, Any]]:
    """The table a new ledger starts with; every row is to be checked against the province's own."""
    return [
        {
            "rank": int(row["rank"]),
            "name": row["name"],
            "grades": row["grades"],
            "categories": row["categories"],
            "products": row["products"],
            "visits": int(row["visits"]),
            "years": int(row["years"]),
            "most": int(row["most"]) if row["most"] else None,
            "key_target": row["key_target"] == "1",
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
