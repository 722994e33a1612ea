"""评分项: the editable, dated score tables of the risk grade (static 40, dynamic 60). Knows no enterprise's facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models.core.checks import Problems
from models.core.choices import Choices, split_codes
from models.core.dated_check import one_row_a_day
from models.core.fields import Choice, Date, Integer, LongText, Number, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.enterprise import CATEGORIES, PRODUCTS
from models.risk_profile import PROFILE_MEASURES
from models.rules.scoring import ScoreRow
from models.rules.seeds import RESOURCES, read_seed

PARTS = (("static", "静态"), ("dynamic", "动态"))
#: What a static row looks at: the enterprise itself, its dated facts, its risk profile.
STATIC_MEASURES = (
    ("category", "业态"),
    ("product", "食品类别"),
    ("floor_area", "经营面积"),
    ("diners", "就餐人数"),
    *PROFILE_MEASURES,
)
#: What a dynamic row counts over the year's inspections.
DYNAMIC_MEASURES = (
    ("minor", "一般隐患"),
    ("serious", "较大隐患"),
    ("grave", "重大隐患"),
    ("key_failed", "重点项不符合"),
    ("general_failed", "一般项不符合"),
    ("investigated", "调查处理的检查"),
)
SEED = RESOURCES / "rules" / "score_items.csv"


class ScoreItem(Entry):
    """One row of a score table: a band of a measure and the points it gives."""

    title = "风险评分表"
    identity = (("part", "name", "valid_from"),)
    part = Choice("静态或动态", PARTS, required=True, width=6)
    rank = Integer("顺序", required=True, width=5)
    name = Text("评分项", required=True, search=True, pinyin=True, sort="name_key", width=20)
    categories = Choices("适用类别", CATEGORIES, help="几类用顿号分开；留空适用于全部", width=16)
    measure = Choice("评分指标", (*STATIC_MEASURES, *DYNAMIC_MEASURES), required=True, width=11)
    products = Choices("食品类别", PRODUCTS, help="指标为食品类别时填写；留空为其余各类", width=12)
    least = Number("下限（含）", places=1, width=7)
    below = Number("上限（不含）", places=1, width=7)
    points = Number("分值", required=True, most=60, help="静态为这一档的得分，动态为每处（次）的得分", width=5)
    most = Number("该项最高分", most=60, help="动态评分累计的上限；留空不另设上限", width=7)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=24)

    sections = (
        ("评分项", ("part", "rank", "name", "categories", "measure", "products")),
        ("分值", ("least", "below", "points", "most")),
        ("施行", ("valid_from", "valid_to", "source")),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        least, below = draft["least"], draft["below"]
        if least is not None and below is not None and below <= least:
            problems.error("below", "bounds", "上限应大于下限，请改正其一")
        measures = dict(DYNAMIC_MEASURES if draft["part"] == "dynamic" else STATIC_MEASURES)
        if draft["measure"] and draft["part"] and draft["measure"] not in measures:
            word = "、".join(measures.values())
            problems.error("measure", "part", f"这个指标不属于{dict(PARTS)[draft['part']]}评分，可用的有：{word}")
        if draft["part"] == "static" and draft["points"] is not None and draft["points"] > 40:
            problems.error("points", "most", "静态分值不能大于40分")
        if draft["part"] and draft["name"]:
            one_row_a_day(draft, problems, part=draft["part"], name=draft["name"], categories=draft["categories"])


REGISTER = Register(
    name="score_items",
    title="风险评分表",
    model=ScoreItem,
    icon="risk",
    unit="项",
    columns=(
        Column("part"),
        Column("rank"),
        Column("name"),
        Column("categories"),
        Column("measure"),
        Column("products"),
        Column("least"),
        Column("below"),
        Column("points"),
        Column("most"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
    ),
    order=(("part", True), ("rank", False), ("valid_from", True)),
    filters=("part", "measure"),
    presets=(
        Preset("current", "现行", lambda s: as_of(ScoreItem, s.day)),
        Preset("unchecked", "待核", lambda s: s.col("source").contains("待核"), "warning"),
    ),
)


def score_rows(day: dt.date) -> list[ScoreRow]:
    """The score tables in force on a day, in their order, points in hundredths."""
    found = ScoreItem.live().where(as_of(ScoreItem, day)).order_by(ScoreItem.rank, ScoreItem.id)
    return [
        ScoreRow(
            one.part,
            one.name,
            one.measure,
            frozenset(split_codes(one.categories)),
            frozenset(split_codes(one.products)),
            None if one.least is None else float(one.least),
            None if one.below is None else float(one.below),
            int(one.points * 100),
            None if one.most is None else int(one.most * 100),
        )
        for one in found
    ]


def seed_rows() -> list[dict[str, Any]]:
    """The tables a new ledger starts with: our own example points, every row to be checked against the province's."""
    return [
        {
            "part": row["part"],
            "rank": int(row["rank"]),
            "name": row["name"],
            "categories": row["categories"],
            "measure": row["measure"],
            "products": row["products"],
            "least": Decimal(row["least"]) if row["least"] else None,
            "below": Decimal(row["below"]) if row["below"] else None,
            "points": Decimal(row["points"]),
            "most": Decimal(row["most"]) if row["most"] else None,
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
