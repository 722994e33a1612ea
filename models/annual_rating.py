"""年度等级评定: a caterer's hygiene grade of a year (A, B, C) from the mean of its dynamic ratings. Knows no paper."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Date, Integer, Json, LongText, Number, Ref
from models.core.record import Entry
from models.core.register import Column, Register
from models.enterprise import Enterprise

ANNUAL_GRADES = (("A", "A级"), ("B", "B级"), ("C", "C级"), ("none", "不评级"))


class AnnualRating(Entry):
    """The yearly grade of a caterer (餐饮服务食品安全监督量化分级, 2012 guidance; domain notes 2.2)."""

    title = "年度等级评定"
    label_field = "enterprise"
    identity = (("enterprise", "year"),)
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    year = Integer("年度", required=True, least=2000, most=2100)
    times = Integer("评定次数", unit="次")
    mean = Number("年度平均得分", most=10, places=2, help="10分制")
    grade = Choice("年度等级", ANNUAL_GRADES, required=True)
    decided_on = Date("评定日期", required=True)
    first_opinion = LongText("初评意见")
    second_opinion = LongText("复评意见")
    approval = LongText("审批意见")
    detail = Json("计分明细")

    sections = (
        ("年度等级评定", ("enterprise", "year", "times", "mean", "grade", "decided_on")),
        ("意见", ("first_opinion", "second_opinion", "approval")),
    )

    live_indexes = ((("year", "enterprise"), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft.same(enterprise=draft["enterprise"], year=draft["year"]) is not None:
            problems.error("year", "duplicate", f"该主体{draft['year']}年度已评定，请打开原记录修改")
        if draft["decided_on"] and draft["decided_on"] > draft.day:
            problems.error("decided_on", "future", "评定日期晚于今天，请改正")


REGISTER = Register(
    name="annual_ratings",
    title="年度等级评定",
    model=AnnualRating,
    icon="rating",
    unit="户",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("year"),
        Column("times"),
        Column("mean", width=8),
        Column("grade", width=7),
        Column("decided_on"),
        Column("first_opinion"),
        Column("second_opinion", shown=False),
        Column("approval"),
    ),
    order=(("year", True), ("grade", False)),
    through=("enterprise",),
    filters=("year", "grade", "enterprise.category"),
)
