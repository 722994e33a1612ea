"""Risk assessments (风险等级) and dynamic hygiene ratings (量化分级动态评定), and the rates counted from them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, cast

import peewee

from models.core.checks import Problems
from models.core.fields import Choice, Code, Date, Integer, Json, LongText, Number, Ref
from models.core.figure import Figure
from models.core.record import Entry
from models.core.register import Column, Register
from models.enterprise import Enterprise, EnterpriseState, Permit, in_business
from models.grade_condition import accident_on
from models.rules.grades import GradeResult, hygiene_rating, risk_grade
from models.threshold import hygiene_thresholds, periods, risk_thresholds

GRADES = (("A", "A级"), ("B", "B级"), ("C", "C级"), ("D", "D级"))
RATINGS = (("excellent", "优秀"), ("good", "良好"), ("fair", "一般"), ("none", "不评级"))
#: The rating of a caterer that may not be rated: too low, too many key items failed, or still waiting.
UNRATED = "none"


class RiskAssessment(Entry):
    """An enterprise's risk grade of a year (食药监食监一〔2016〕115号): static 40 + dynamic 60 points."""

    title = "风险等级评定"
    label_field = "enterprise"
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    year = Integer("年度", required=True, least=2000, most=2100)
    static_score = Number("静态分值", most=40, help="0至40分，越高风险越大")
    dynamic_score = Number("动态分值", most=60, help="0至60分，越高风险越大")
    base_grade = Choice("得分对应等级", GRADES, editable=False, help="按得分划定、尚未上调下调的等级")
    grade = Choice("风险等级", GRADES, required=True)
    assessed_on = Date("评定日期", required=True)
    number = Code("编号", max_length=60, search=True, help="风险等级确定表的编号；年度评定时自动编号，也可照录")
    reason = LongText("调整理由", help="上调、下调等级的写明理由")
    detail = Json("计分明细")

    sections = (
        (
            "风险等级评定",
            (
                "enterprise",
                "year",
                "static_score",
                "dynamic_score",
                "base_grade",
                "grade",
                "assessed_on",
                "number",
                "reason",
            ),
        ),
    )

    live_indexes = ((("year", "enterprise"), True), (("year", "number"), False))

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        same = cls.live().where(cls.enterprise == draft["enterprise"], cls.year == draft["year"])
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if same.exists():
            problems.error("year", "duplicate", f"该主体{draft['year']}年度已评定，请打开原记录修改")
        if draft["number"] and draft["year"] and draft.same(year=draft["year"], number=draft["number"]) is not None:
            problems.error("number", "duplicate", f"{draft['year']}年度已有编号“{draft['number']}”，请改用别的编号")
        if draft["assessed_on"] and draft["assessed_on"] > draft.day:
            problems.error("assessed_on", "future", "评定日期晚于今天，请改正")
        cls._check_grade(draft, problems)

    @classmethod
    def _check_grade(cls, draft: Any, problems: Problems) -> None:
        static, dynamic = draft["static_score"], draft["dynamic_score"]
        if static is None or dynamic is None or not draft["grade"] or not draft["assessed_on"]:
            return
        try:
            found = risk_grade(static + dynamic, draft["assessed_on"], risk_thresholds())
        except ValueError as exc:
            problems.error("static_score", "score", str(exc))
            return
        if found.grade != draft["grade"] and not draft["reason"]:
            problems.warn(
                "grade", "grade", f"{found.reasons[-1]}；所填等级不同，请写明调整理由", draft["grade"]
            )


class HygieneRating(Entry):
    """A dynamic rating of a caterer after an inspection (餐饮服务食品安全监督量化分级)."""

    title = "动态管理评定"
    label_field = "enterprise"
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    rated_on = Date("评定日期", required=True)
    score = Number("得分", most=10, places=1, help="10分制")
    key_failures = Integer("关键项不符合", unit="项", width=8)
    rating = Choice("动态等级", RATINGS, required=True)
    note = LongText("备注")

    sections = (("动态管理评定", ("enterprise", "rated_on", "score", "key_failures", "rating", "note")),)

    live_indexes = ((("rated_on", "enterprise"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["rated_on"] and draft["rated_on"] > draft.day:
            problems.error("rated_on", "future", "评定日期晚于今天，请改正")
        if draft["score"] is None or not draft["rating"] or not draft["rated_on"]:
            return
        try:
            found = rating_of(
                draft["enterprise"], draft["rated_on"], draft["score"], draft["key_failures"] or 0
            )
        except ValueError as exc:
            problems.error("score", "score", str(exc))
            return
        if (found.grade or UNRATED) != draft["rating"]:
            problems.warn("rating", "rating", f"{found.reasons[-1]}；所填等级不同，请核对", draft["rating"])


def rating_of(enterprise: int | None, day: dt.date, score: Decimal, key_failures: int = 0) -> GradeResult:
    """What a caterer is rated for a score out of ten on a day, waiting periods included.

    Raises ValueError (Chinese) for a score out of range and for a day without thresholds.
    """
    return hygiene_rating(
        score,
        day,
        key_failures,
        thresholds=hygiene_thresholds(),
        periods=periods(),
        permitted_on=None if enterprise is None else permitted_on(enterprise),
        accident_on=None if enterprise is None else accident_on(enterprise, day),
    )


def permitted_on(enterprise: int) -> dt.date | None:
    """When a new place got its first permit: on its opening or before; None where the opening is not known.

    The permits of a place that has long been open may be renewals, so that its oldest one says nothing.
    """
    opened = Enterprise.get_by_id(enterprise).opened_on
    if opened is None:
        return None
    issued = (
        Permit.select(peewee.fn.MIN(Permit.issued_on))
        .where(Permit.enterprise == enterprise, Permit.removed_at.is_null())
        .scalar()
    )
    return cast(dt.date, opened if issued is None else min(opened, issued))


REGISTER = Register(
    name="risk_assessments",
    title="风险等级评定",
    model=RiskAssessment,
    icon="risk",
    unit="户",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("year", width=5),
        Column("static_score"),
        Column("dynamic_score"),
        Column("base_grade", width=8, shown=False),
        Column("grade", width=6),
        Column("assessed_on"),
        Column("number", shown=False),
        Column("reason"),
    ),
    order=(("year", True), ("grade", True)),
    through=("enterprise",),
    filters=("year", "grade", "enterprise.category"),
)
RATINGS_REGISTER = Register(
    name="ratings",
    title="动态管理评定",
    model=HygieneRating,
    icon="rating",
    unit="户次",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("rated_on"),
        Column("score"),
        Column("key_failures"),
        Column("rating", width=6),
        Column("note"),
    ),
    order=(("rated_on", True),),
    through=("enterprise",),
    filters=("rating", "enterprise.category"),
)


def _caterers(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, end), EnterpriseState.category == "catering")
    )


def _graded(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    done = (
        RiskAssessment.live()
        .select(RiskAssessment.enterprise)
        .where(RiskAssessment.year == end.year, RiskAssessment.assessed_on <= end)
    )
    return _caterers(start, end).where(Enterprise.id.in_(done))


def _assessed(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return RiskAssessment.live().select(RiskAssessment.id).where(RiskAssessment.assessed_on.between(start, end))


def _raised(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _assessed(start, end).where(RiskAssessment.grade > RiskAssessment.base_grade)


def _lowered(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _assessed(start, end).where(RiskAssessment.grade < RiskAssessment.base_grade)


def _high_risk(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _assessed(start, end).where(RiskAssessment.grade.in_(("C", "D")))


def _rated(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    done = (
        HygieneRating.live()
        .select(HygieneRating.enterprise)
        .where(HygieneRating.rated_on.between(dt.date(end.year, 1, 1), end), HygieneRating.rating != UNRATED)
    )
    return _caterers(start, end).where(Enterprise.id.in_(done))


Figure(
    name="catering.enterprises",
    label="餐饮食品经营户",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="期末在营的餐饮服务主体户数；食堂、小餐饮另列，不计在内。",
    query=_caterers,
)
Figure(
    name="catering.graded",
    label="已评定风险等级的餐饮户",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="期末在营的餐饮户中，截至期末已有期末所在年度风险等级评定的户数。",
    query=_graded,
)
Figure(
    name="catering.dynamic",
    label="已动态评定的餐饮户",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="期末在营的餐饮户中，当年1月1日至期末有动态管理评定的户数。",
    query=_rated,
)
Figure(
    name="catering.graded_rate",
    label="风险等级评定率",
    unit="%",
    kind="ratio",
    basis="stock",
    register="enterprises",
    rule="已评定当年风险等级的餐饮户数除以期末在营的餐饮户数。",
    part="catering.graded",
    whole="catering.enterprises",
)
Figure(
    name="catering.dynamic_rate",
    label="动态管理评定率",
    unit="%",
    kind="ratio",
    basis="stock",
    register="enterprises",
    rule="当年已动态评定的餐饮户数除以期末在营的餐饮户数。",
    part="catering.dynamic",
    whole="catering.enterprises",
)
for _name, _label, _rule, _query in (
    ("risk.assessed", "风险等级评定", "期内评定的风险等级，一户一年一次，按评定日期。", _assessed),
    ("risk.raised", "上调风险等级", "期内的评定中，等级高于得分对应等级的户数；没有记得分对应等级的不计。", _raised),
    ("risk.lowered", "下调风险等级", "期内的评定中，等级低于得分对应等级的户数；没有记得分对应等级的不计。", _lowered),
    ("risk.high", "较高风险（C、D级）", "期内评定为C级、D级的户数。", _high_risk),
):
    Figure(
        name=_name,
        label=_label,
        unit="户",
        kind="count",
        basis="flow",
        register="risk_assessments",
        rule=_rule,
        query=_query,
    )
