"""The year's inspection plan (年度检查计划) and its visits. Knows no rule of how often or when."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Bool, Choice, Date, Integer, Json, Links, LongText, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Link, Preset, Register
from models.enterprise import Enterprise
from models.holiday import work_calendar
from models.inspection import Inspection
from models.organization import Officer
from models.threshold import limit_of
from models.visit_limit import told_count

STATES = (("open", "待检查"), ("done", "已完成"), ("cancelled", "已取消"))
MONTHS = range(1, 13)


class InspectionPlan(Entry):
    """年度检查计划: the plan of one year, made by rule and approved by the office."""

    title = "年度检查计划"
    year = Integer("年度", required=True, least=2000, most=2100)
    name = Text("计划名称", search=True, pinyin=True, sort="name_key", width=20, help="留空由程序按年度命名")
    made_on = Date("制定日期", required=True, default_today=True)
    approved_on = Date("批准日期", help="经批准后填写")
    published_on = Date("公布日期", help="向社会公布检查计划的日期")
    note = LongText("说明")
    detail = Json("安排依据")

    sections = (("年度检查计划", ("year", "name", "made_on", "approved_on", "published_on", "note")),)

    live_indexes = ((("year",), True),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        return {} if draft["name"] or not draft["year"] else {"name": plan_name(draft["year"])}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        same = cls.live().where(cls.year == draft["year"])
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if draft["year"] and same.exists():
            problems.error("year", "duplicate", f"已有{draft['year']}年度检查计划，请打开原计划修改")
        if draft.record is not None and draft.changed("year") and _has_visits(draft.record):
            problems.error("year", "used", "计划已安排检查，不能改年度；请另建新年度的计划")
        made, approved, published = draft["made_on"], draft["approved_on"], draft["published_on"]
        if made and approved and approved < made:
            problems.error("approved_on", "order", "批准日期早于制定日期，请改正其一")
        if published and (approved or made) and published < (approved or made):
            problems.error("published_on", "order", "公布日期早于批准（制定）日期，请改正其一")


class PlannedVisit(Entry):
    """计划检查: one visit the plan asks for; an inspection of the place in the year fulfils it by rule."""

    title = "计划检查"
    label_field = "enterprise"
    keep = ("plan", "month", "officers")
    loose = ("inspection",)
    plan = Ref(InspectionPlan, "检查计划", required=True)
    plan_id: int
    enterprise = Ref(Enterprise, "计划检查主体", required=True)
    enterprise_id: int
    turn = Integer("第几次", required=True, least=1, most=60, default=1, width=5)
    month = Integer("计划月份", unit="月", required=True, least=1, most=12, width=5)
    planned_on = Date("计划日期", help="留空为待安排，只定月份")
    officers = Links(lambda: PlannedVisitOfficer, "检查人员", parent="visit", target="officer")
    full = Bool("全项检查", help="覆盖全部检查要点（每两年至少一次）")
    key_target = Bool("重点监管")
    reason = LongText("安排依据", search=True, width=20)
    fixed = Bool("手工安排", help="手工改过的，重新安排时不动")
    state = Choice("状态", STATES, required=True, default="open", width=6)
    due_on = Date("应完成日期", editable=False)
    inspection = Ref(Inspection, "完成的检查", editable=False)
    inspection_id: int | None
    done_on = Date("完成日期", editable=False)
    note = LongText("备注")

    sections = (
        ("计划", ("plan", "enterprise", "turn", "month", "planned_on", "officers")),
        ("依据", ("full", "key_target", "reason", "fixed")),
        ("完成情况", ("state", "note")),
    )

    live_indexes = ((("due_on", "state"), False), (("enterprise", "plan"), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if draft["planned_on"]:
            values["month"] = draft["planned_on"].month
        plan, month = draft.ref("plan"), values.get("month") or draft["month"]
        if plan is not None and month in MONTHS:
            values["due_on"] = draft["planned_on"] or month_end(plan.year, month)
        if draft["state"] != "done":
            values |= {"inspection": None, "done_on": None}
        if draft.record is not None and any(draft.changed(name) for name in ("planned_on", "month", "officers")):
            values["fixed"] = True
        return values

    @classmethod
    def remark(cls, draft: Any) -> dict[str, str]:
        return {"enterprise": told_count(draft, draft["planned_on"] or draft.day)}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        plan, day = draft.ref("plan"), draft["planned_on"]
        if plan is not None and day is not None and day.year != plan.year:
            problems.error("planned_on", "year", f"计划日期不在{plan.year}年，请改正，或换所属的检查计划")
        if draft["state"] == "done" and draft["inspection"] is None:
            problems.error("state", "done", "登记这一户的监督检查后自动完成，不用手工改")
        if draft["state"] == "cancelled" and not draft["note"]:
            problems.error("note", "required", "取消计划检查请在备注写明原因")
        if day is None or draft["state"] != "open":
            return
        officers = list(Officer.select().where(Officer.id.in_(draft["officers"] or [])))
        if len(officers) < 2:
            words = (
                "检查人员不得少于2人（《食品生产经营监督检查管理办法》第二十三条），请再选一名，或先不定日期"
            )
            problems.error("officers", "required", words)
        for officer in officers:
            if officer.left_on and officer.left_on < day:
                problems.error("officers", "left", f"{officer.name}已于{officer.left_on}离岗，请另选")
            elif not officer.certificate:
                words = f"{officer.name}没有登记执法证号，不能安排检查，请先在“更多—执法人员”补登或另选"
                problems.error("officers", "certificate", words)
            elif officer.certified_until and officer.certified_until < day:
                words = f"{officer.name}的执法证到{officer.certified_until}为止，请安排换证或另选"
                problems.warn("officers", "certificate", words, officer.id)
        if draft.record is None or draft.changed("planned_on") or draft.changed("officers"):
            cls._check_day(draft, officers, problems)

    @classmethod
    def _check_day(cls, draft: Any, officers: list[Officer], problems: Problems) -> None:
        """Rest days, and officers with more visits on the day than a team can make."""
        day, most = draft["planned_on"], limit_of("day_visits", draft["planned_on"])
        calendar = work_calendar()
        if not calendar.is_workday(day):
            name = calendar.name_of(day) or "周末"
            problems.warn("planned_on", "rest_day", f"{day}是休息日（{name}），请改到工作日或写明理由", day)
        others = cls.live().where(cls.planned_on == day, cls.state != "cancelled")
        if draft.record is not None:
            others = others.where(cls.id != draft.record.id)
        for officer in officers if most else ():
            mine = PlannedVisitOfficer.live().where(
                PlannedVisitOfficer.officer == officer.id, PlannedVisitOfficer.visit.in_(others.select(cls.id))
            )
            if (count := mine.count()) >= (most or 0):
                words = f"{officer.name}{day}已安排{count}户，超过每天{most}户，请核对"
                problems.warn("officers", "day_load", words, f"{officer.id}/{day}")


class PlannedVisitOfficer(Record):
    """An officer who is to make a planned visit."""

    owner = "visit"
    live_indexes = ((("visit", "officer"), True), (("officer", "visit"), False))
    visit = Ref(PlannedVisit, "计划检查", required=True, backref="officer_rows")
    officer = Ref(Officer, "检查人员", required=True)


def _has_visits(plan: InspectionPlan) -> bool:
    return bool(PlannedVisit.live().where(PlannedVisit.plan == plan.id).exists())


def plan_name(year: int) -> str:
    """What the plan of a year is called."""
    return f"{year}年度监督检查计划"


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def plan_of(year: int) -> InspectionPlan | None:
    """The plan of a year; None where none was made."""
    found: InspectionPlan | None = InspectionPlan.live().where(InspectionPlan.year == year).first()
    return found


PLANS = Register(
    name="inspection_plans",
    title="年度检查计划",
    model=InspectionPlan,
    icon="due",
    unit="份",
    columns=(
        Column("year", width=5),
        Column("name"),
        Column("made_on"),
        Column("approved_on"),
        Column("published_on"),
        Column("note"),
    ),
    order=(("year", True),),
    links=(Link("planned_visits", "plan"),),
)
VISITS = Register(
    name="planned_visits",
    title="计划检查",
    model=PlannedVisit,
    icon="due",
    unit="家次",
    columns=(
        Column("planned_on"),
        Column("month"),
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("enterprise.area", width=9),
        Column("enterprise.village", width=9),
        Column("officers", width=10),
        Column("turn"),
        Column("full", width=6),
        Column("key_target", width=6),
        Column("state"),
        Column("done_on"),
        Column("reason"),
        Column("due_on", shown=False),
        Column("fixed", width=6, shown=False),
        Column("plan", width=14, shown=False),
        Column("enterprise.address", width=18, shown=False),
        Column("note", shown=False),
    ),
    order=(("due_on", False), ("enterprise.area", False)),
    through=("enterprise",),
    filters=("plan", "month", "state", "officers", "key_target", "enterprise.area", "enterprise.category"),
    presets=(
        Preset("open", "待检查", lambda s: s.col("state") == "open"),
        Preset("overdue", "已逾期", lambda s: overdue(s.model, s.day), "danger"),
        Preset(
            "unplaced",
            "待安排",
            lambda s: (s.col("state") == "open") & s.col("planned_on").is_null(),
            "warning",
        ),
        Preset("done", "已完成", lambda s: s.col("state") == "done", "success"),
    ),
)


def overdue(visit: Any, day: dt.date) -> peewee.Expression:
    """The condition «still open and past its day» for PlannedVisit or an alias of it."""
    return (visit.state == "open") & (visit.due_on < day)
