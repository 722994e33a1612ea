"""校园: canteens of schools and kindergartens and the operators around them, and what is watched there; no screen."""

from __future__ import annotations

from typing import Any

import peewee

from models.core.fields import Choice, Date, Integer
from models.core.register import Column, Lead, Link, Preset, Register, Scope
from models.enterprise import CANTEENS, Enterprise, Permit
from models.inspection import RESULTS, Finding, Inspection
from models.rating import GRADES, RATINGS, HygieneRating, RiskAssessment
from models.safety_staff import SafetyStaff, serving
from models.sample import Sample
from models.staffing import STAFFING, has_both_sides, lacking, staffing_state


def _watched(scope: Scope) -> Any:
    """In business on the day, a school or kindergarten canteen or in key area 校园周边."""
    campus = scope.col("category").in_(CANTEENS) | (scope.col("key_area") == "campus")
    return (scope.col("status") == "open") & campus


def _count(table: Any, *where: Any) -> Any:
    return table.select(peewee.fn.COUNT(table.id)).where(
        table.enterprise == Enterprise.id, table.removed_at.is_null(), *where
    )


def _staff(role: str) -> Any:
    def expr(scope: Scope) -> Any:
        staff = SafetyStaff.alias()
        return staff.select(peewee.fn.COUNT(staff.id)).where(
            staff.enterprise == Enterprise.id, staff.role == role, serving(scope.day, staff)
        )

    return expr


def _visits(scope: Scope) -> Any:
    return (
        (Inspection.enterprise == Enterprise.id)
        & Inspection.removed_at.is_null()
        & (Inspection.state == "done")
        & (Inspection.inspected_on <= scope.day)
    )


def _last_visit(scope: Scope) -> Any:
    return Inspection.select(peewee.fn.MAX(Inspection.inspected_on)).where(_visits(scope))


def _last_result(scope: Scope) -> Any:
    latest = Inspection.select(Inspection.result).where(_visits(scope))
    return latest.order_by(Inspection.inspected_on.desc(), Inspection.id.desc()).limit(1)


def _open_findings(scope: Scope) -> Any:
    going_on = Finding.resolved_on.is_null() | (Finding.resolved_on > scope.day)
    return _count(Finding, Finding.found_on <= scope.day, going_on)


def _samples(scope: Scope) -> Any:
    return _count(Sample, Sample.sampled_on.between(scope.day.replace(month=1, day=1), scope.day))


def _failed(scope: Scope) -> Any:
    span = Sample.sampled_on.between(scope.day.replace(month=1, day=1), scope.day)
    return _count(Sample, span, Sample.result == "failed")


def _permit_until(scope: Scope) -> Any:
    held = Permit.issued_on.is_null() | (Permit.issued_on <= scope.day)
    return Permit.select(peewee.fn.MAX(Permit.valid_until)).where(
        Permit.enterprise == Enterprise.id, Permit.removed_at.is_null(), held
    )


def _grade(scope: Scope) -> Any:
    rows = RiskAssessment.select(RiskAssessment.grade).where(
        RiskAssessment.enterprise == Enterprise.id,
        RiskAssessment.removed_at.is_null(),
        RiskAssessment.year <= scope.day.year,
        RiskAssessment.assessed_on <= scope.day,
    )
    return rows.order_by(RiskAssessment.year.desc(), RiskAssessment.id.desc()).limit(1)


def _rating(scope: Scope) -> Any:
    rows = HygieneRating.select(HygieneRating.rating).where(
        HygieneRating.enterprise == Enterprise.id,
        HygieneRating.removed_at.is_null(),
        HygieneRating.rated_on <= scope.day,
    )
    return rows.order_by(HygieneRating.rated_on.desc(), HygieneRating.id.desc()).limit(1)


def _is_zero(query: Any) -> Any:
    return peewee.NodeList((query,)) == 0


REGISTER = Register(
    name="campus",
    title="校园食品安全",
    model=Enterprise,
    icon="school",
    unit="户",
    creatable=False,
    base=_watched,
    columns=(
        Column("name", width=16),
        Column("category", width=6),
        Column("staffing", expr=lambda s: staffing_state(s.day, s.col), like=Choice("人员配备", STAFFING, width=7),
               lead=Lead("safety_staff", presets=("serving",))),
        Column("inspected_on", expr=_last_visit, like=Date("最近检查", width=7), lead=Lead("inspections")),
        Column("result", expr=_last_result, like=Choice("检查结果", RESULTS, width=7), lead=Lead("inspections")),
        Column("open_findings", expr=_open_findings, like=Integer("未整改隐患", unit="处", width=6),
               lead=Lead("findings", presets=("open",))),
        Column("permit_until", expr=_permit_until, like=Date("证照到期", width=7), lead=Lead("permits")),
        Column("grade", expr=_grade, like=Choice("风险等级", GRADES, width=5), lead=Lead("risk_assessments")),
        Column("supply_mode", width=7),
        Column("diners", width=5),
        Column("directors", expr=_staff("director"), like=Integer("总监", unit="人", width=4),
               lead=Lead("safety_staff", presets=("serving",))),
        Column("officers", expr=_staff("officer"), like=Integer("安全员", unit="人", width=5),
               lead=Lead("safety_staff", presets=("serving",))),
        Column("samples", expr=_samples, like=Integer("本年抽检", unit="批次", width=5), lead=Lead("samples")),
        Column("failed", expr=_failed, like=Integer("不合格", unit="批次", width=5), lead=Lead("samples")),
        Column("area", width=7),
        Column("rating", expr=_rating, like=Choice("量化等级", RATINGS, width=5), lead=Lead("ratings"), shown=False),
        Column("key_area", width=7, shown=False),
        Column("contractor", width=14, shown=False),
        Column("principal", shown=False),
        Column("phone", width=9, shown=False),
        Column("address", shown=False),
        Column("village", shown=False),
    ),
    order=(("supply_mode", False), ("name", False)),
    filters=("category", "area", "supply_mode", "key_area"),
    through=("party",),
    inside=("permits", "staff"),
    presets=(
        Preset("canteens", "学校、幼儿园食堂", lambda s: s.col("category").in_(CANTEENS)),
        Preset("around", "校园周边", lambda s: s.col("key_area") == "campus"),
        Preset("short", "人员缺配", lambda s: lacking(s.day, s.col), "danger"),
        Preset(
            "not_dual",
            "双配未齐",
            lambda s: s.col("category").in_(CANTEENS)
            & (s.col("supply_mode") == "contracted")
            & ~has_both_sides(s.day),
            "danger",
        ),
        Preset("findings", "有未整改隐患", lambda s: ~_is_zero(_open_findings(s)), "warning"),
        Preset(
            "unseen",
            "本年未检查",
            lambda s: _is_zero(
                Inspection.select(peewee.fn.COUNT(Inspection.id)).where(
                    _visits(s), Inspection.inspected_on >= s.day.replace(month=1, day=1)
                )
            ),
            "warning",
        ),
        Preset("diners_missing", "就餐人数待补", lambda s: s.col("category").in_(CANTEENS) & s.col("diners").is_null()),
    ),
    links=(
        Link("safety_staff", "enterprise"),
        Link("inspections", "enterprise"),
        Link("findings", "enterprise"),
        Link("samples", "enterprise"),
        Link("notices", "enterprise"),
        Link("risk_assessments", "enterprise"),
        Link("ratings", "enterprise"),
    ),
)

