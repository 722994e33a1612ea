"""What the office sees first (总览): counts of what is due, coverage, months, grades, each with its list."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import peewee

from models.core.figure import figure
from models.core.record import database
from models.core.register import Condition, View, register
from models.coverage import CoverageRow, coverage
from models.due_day import DueDays
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.inspection_plan import plan_of
from models.notice import OPEN_STATES, Notice
from models.plan_desk import next_week
from models.plausibility import summary, usual_span
from models.rating import GRADES, RiskAssessment
from models.responsibility import LEVEL_OF_TIER
from models.rules.deadlines import Urgency, notice_urgency
from models.settings import settings

Tone = Literal["", "danger", "warning", "success", "accent"]
LEVEL_WORDS = {"district": "区级", "township": "乡镇（街道）级", "village": "村（社区）级"}
TIER_OF_LEVEL = {level: tier for tier, level in LEVEL_OF_TIER.items()} | {"city": "A"}


@dataclass(frozen=True)
class Tile:
    """One number of the overview and the list behind it; ``value`` is written out, ``second`` a remark below."""

    key: str
    label: str
    value: str
    unit: str
    second: str
    tone: Tone
    rule: str
    register: str
    view: View


@dataclass(frozen=True)
class LevelBar:
    """Coverage of one level in 户 with the lists of all its enterprises and of those without an official."""

    level: str
    label: str
    enterprises: int
    assigned: int
    view: View
    missing: View

    @property
    def rate(self) -> float | None:
        """Assigned among enterprises, None where there are none."""
        return self.assigned / self.enterprises if self.enterprises else None


@dataclass(frozen=True)
class Compared:
    """A figure of this month (until today) and of the whole last month."""

    label: str
    unit: str
    now: int
    before: int
    register: str
    view: View
    view_before: View


@dataclass(frozen=True)
class Share:
    """A rate of the enterprises' own side with what is lacking, and the list behind either."""

    label: str
    value: str
    remark: str
    tone: Tone
    register: str
    view: View


@dataclass(frozen=True)
class Due:
    """An open notice with its day and how pressing it is, in code and in words."""

    id: int
    number: str
    enterprise: str
    due_on: dt.date
    urgency: Urgency
    label: str


@dataclass(frozen=True)
class Overview:
    """Everything the page shows for one day. ``months`` and ``months_before`` count the inspections of each month."""

    day: dt.date
    enterprises: int
    officers: int
    tiles: tuple[Tile, ...] = ()
    levels: tuple[LevelBar, ...] = ()
    city: int = 0
    months: tuple[int, ...] = ()
    months_before: tuple[int, ...] = ()
    grades: tuple[tuple[str, str, int], ...] = ()
    compared: tuple[Compared, ...] = ()
    due: tuple[Due, ...] = ()
    due_total: int = 0
    shares: tuple[Share, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def overview(day: dt.date) -> Overview:
    """The numbers of a day. Safe on a reader thread."""
    enterprises = Enterprise.live().count()
    officers = register("officers").count(View(), day)
    if not enterprises:
        return Overview(day, 0, officers)
    rows = coverage(day)
    due, due_total = due_notices(day)
    return Overview(
        day=day,
        enterprises=enterprises,
        officers=officers,
        tiles=(*_notice_tiles(day), *_enterprise_tiles(day, rows), plan_tile(day)),
        levels=tuple(level_bars(rows, day)),
        city=sum(row.enterprises for row in rows if row.level == "city"),
        months=inspections_by_month(day.year),
        months_before=inspections_by_month(day.year - 1),
        grades=risk_grades(day.year),
        compared=tuple(_compared(day)),
        due=due,
        due_total=due_total,
        shares=(*duty_shares(day), *staff_shares(day), *publication_share(day)),
    )


def _preset_tile(
    key: str, name: str, preset: str, day: dt.date, label: str, second: str, tone: Tone, rule: str
) -> Tile:
    view = View(presets=(preset,))
    count = register(name).count(view, day)
    return Tile(
        key, label, f"{count:,}", register(name).unit, second, tone if count else "", rule, name, view
    )


def _notice_tiles(day: dt.date) -> list[Tile]:
    office = settings()
    opened = register("notices").count(View(presets=("open",)), day)
    findings = register("findings").count(View(), day)
    return [
        _preset_tile(
            "overdue", "notices", "overdue", day, "已逾期", f"未办结通知书共 {opened:,} 份", "danger",
            "已签发或已送达、未销号，期限（含延期）早于今天的责令改正通知书。",
        ),
        _preset_tile(
            "unserved", "notices", "unserved", day, "未送达", f"签发满 {office.unserved_days} 天未登记送达",
            "warning", f"签发满{office.unserved_days}天仍未登记送达的责令改正通知书。",
        ),
        _preset_tile(
            "due_soon", "notices", "due_soon", day, "即将到期", f"{office.warn_days} 天内到期", "warning",
            f"未办结的通知书中，期限在今天起{office.warn_days}天内的。",
        ),
        _preset_tile(
            "findings", "findings", "open", day, "未整改隐患", f"登记隐患共 {findings:,} 处", "warning",
            "已登记、尚未整改完成的隐患。",
        ),
    ]  # fmt: skip


def _enterprise_tiles(day: dt.date, rows: list[CoverageRow]) -> list[Tile]:
    rate = figure("assignment.rate")
    missing = figure("assignment.missing").value(day, day)
    caterers = figure("catering.enterprises").value(day, day)
    expired = register("enterprises").count(View(presets=("expired",)), day)
    return [
        Tile(
            "coverage", "包保率", rate.text(rate.value(day, day)), rate.unit,
            f"尚未落实 {missing} 户" if missing else "已全部落实", "warning" if missing else "success", rate.rule,
            "enterprises", View(figure=("assignment.missing" if missing else "assignment.rate", day, day)),
        ),
        _preset_tile(
            "village_missing", "enterprises", "village_missing", day, "待补村社区", "在营主体未填", "warning",
            "在营主体中没有登记村（社区）的户数。",
        ),
        _preset_tile(
            "expiring", "enterprises", "expiring", day, "证照到期", f"其中已过期 {expired:,} 户",
            "danger" if expired else "warning",
            f"在营主体中，最晚的证照在{settings().permit_days}天内到期或已经过期的户数。",
        ),
        _preset_tile(
            "open", "enterprises", "open", day, "在营主体", f"其中餐饮服务 {caterers:,} 户", "",
            "今天状态为在营的主体户数。",
        ),
    ]  # fmt: skip


def plan_tile(day: dt.date) -> Tile:
    """The year's inspection plan: how much of it is done, what is overdue and what comes next week."""
    plan, year = plan_of(day.year), dt.date(day.year, 12, 31)
    rule = "本年度检查计划中已由监督检查完成的家次除以全部计划家次；逾期是计划日期早于今天还没有完成的。"
    if plan is None:
        second = "本年还没有计划"
        return Tile("plan", "年度计划完成率", "—", "%", second, "", rule, "planned_visits", View())
    start = dt.date(day.year, 1, 1)
    whole = figure("plan.visits").value(start, year)

    def count(preset: str, first: dt.date, last: dt.date) -> int:
        return register("planned_visits").count(View(figure=("plan.visits", first, last), presets=(preset,)), day)

    done, late = count("done", start, year), count("overdue", start, year)
    coming = count("open", *next_week(day))
    share = f"{int(done * 1000 / whole) / 10:g}" if whole else "—"
    view = View(figure=("plan.visits", start, year), presets=("overdue",) if late else ())
    second = f"逾期 {late:,}，下周 {coming:,}"
    return Tile(
        "plan", "年度计划完成率", share, "%", second, "danger" if late else "success", rule, "planned_visits", view
    )


def doubts_tile(day: dt.date) -> Tile:
    """What looks odd in the year's records and is not explained; read beside the rest, it takes longer."""
    start, end = usual_span(day)
    found = summary(start, end, day)
    second = "本年记录，请核对" if found.open else "本年没有要核对的"
    if found.errors:
        second = f"须改正 {found.errors:,} 条"
    return Tile(
        "doubts", "待核数据", f"{found.open:,}", "条", second, "warning" if found.open else "success",
        "本年的检查、文书、督导记录中，按数据核查规则有疑点、还没有改正或说明理由的条数。",
        "plausibility", View(figure=("doubts.inspections", start, end)),
    )  # fmt: skip


def level_bars(rows: list[CoverageRow], day: dt.date) -> list[LevelBar]:
    """Coverage of the district's three levels; the city's tier A and enterprises without a tier stay outside."""
    bars = []
    for level, label in LEVEL_WORDS.items():
        mine = [row for row in rows if row.level == level]
        tier = Condition("tier", "in", (TIER_OF_LEVEL[level],))
        bars.append(
            LevelBar(
                level,
                label,
                sum(row.enterprises for row in mine),
                sum(row.assigned for row in mine),
                View(conditions=(tier,), figure=("assignment.enterprises", day, day), day=day),
                View(conditions=(tier,), figure=("assignment.missing", day, day), day=day),
            )
        )
    return bars


def duty_shares(day: dt.date) -> list[Share]:
    """承诺书签订率 and 督导完成率 of a day; each leads to what is lacking, or to all."""
    found = []
    for rate, unit, label, words, register_name, missing in (
        ("commitments.rate", "人", "承诺书签订率", "未签", "officials", View(presets=("uncommitted",))),
        ("visits.rate", "户", "本期督导完成率", "待督导", "enterprises", View(figure=("visits.left", day, day))),
    ):
        one = figure(rate)
        value = one.value(day, day)
        lacking = register(register_name).count(missing, day)
        text = "—" if value is None else f"{one.text(value)}%"
        remark = f"{words} {lacking:,} {unit}" if lacking else "已全部完成" if value is not None else "没有登记"
        view = missing if lacking else View(figure=(rate, day, day))
        found.append(Share(label, text, remark, "warning" if lacking else "", register_name, view))
    return found


def staff_shares(day: dt.date) -> list[Share]:
    """总监配备率, 双配齐率 and 日周月落实率 of the year so far; each leads to what is lacking, or to all."""
    year = day.replace(month=1, day=1)
    found = []
    for rate, missing, unit, label in (
        ("staffing.director_rate", "staffing.director_missing", "户", "总监配备率"),
        ("canteens.dual_rate", "canteens.not_dual", "家", "承包食堂双配率"),
        ("routines.all_rate", "", "", "日周月落实率"),
    ):
        one = figure(rate)
        start = year if one.basis == "flow" else day
        value = one.value(start, day)
        lacking = int(figure(missing).value(day, day) or 0) if missing else 0
        view = View(figure=(missing if lacking else rate, start, day))
        remark = f"缺 {lacking:,} {unit}" if lacking else "本年检查所见" if one.basis == "flow" else "已配齐"
        if value is None:
            remark = "没有登记" if one.basis == "flow" else "没有应配的"
        elif one.basis == "flow":
            view = View(presets=("not_kept",), figure=(rate, start, day))
        text = "—" if value is None else f"{one.text(value)}%"
        found.append(Share(label, text, remark, "danger" if lacking else "", one.register, view))
    return found


def publication_share(day: dt.date) -> list[Share]:
    """检查结果按期公开率 of the year so far, leading to what is overdue; nothing where none was ever published."""
    rate, year = figure("publication.rate"), day.replace(month=1, day=1)
    value = rate.value(year, day)
    registered = Inspection.live().where(Inspection.published_on.is_null(False)).exists()
    if value is None or not registered:
        return []
    lacking = int(figure("publication.overdue").value(day, day) or 0)
    view = View(figure=("publication.overdue", day, day) if lacking else ("publication.rate", year, day))
    remark = f"逾期 {lacking:,} 家次" if lacking else "没有逾期"
    text = f"{rate.text(value)}%"
    return [Share("检查结果公开率", text, remark, "danger" if lacking else "", "inspections", view)]


def month_span(year: int, month: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a month."""
    return dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])


def inspections_by_month(year: int) -> tuple[int, ...]:
    """Inspections done in each of the twelve months, in 家次."""
    query = (
        Inspection.live()
        .select(Inspection.inspected_on, peewee.fn.COUNT(Inspection.id))
        .where(
            Inspection.inspected_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            Inspection.state == "done",
        )
        .group_by(Inspection.inspected_on)
    )
    months: Counter[int] = Counter()
    for day, count in query.tuples():
        months[day.month] += count
    return tuple(months[month] for month in range(1, 13))


def month_view(year: int, month: int) -> View:
    """The inspections of a month."""
    return View(figure=("inspections.total", *month_span(year, month)))


def risk_grades(year: int) -> tuple[tuple[str, str, int], ...]:
    """(code, label, enterprises) of each risk grade of a year."""
    query = (
        RiskAssessment.live()
        .select(RiskAssessment.grade, peewee.fn.COUNT(RiskAssessment.id))
        .where(RiskAssessment.year == year)
        .group_by(RiskAssessment.grade)
    )
    counts = dict(database.execute(query))
    return tuple((code, label, int(counts.get(code, 0))) for code, label in GRADES)


def grade_view(year: int, grade: str) -> View:
    """The risk assessments of a grade in a year."""
    return View(conditions=(Condition("year", "between", (year, year)), Condition("grade", "in", (grade,))))


def _compared(day: dt.date) -> list[Compared]:
    start = day.replace(day=1)
    before = month_span(*(((start - dt.timedelta(days=1)).year), (start - dt.timedelta(days=1)).month))
    found = []
    for name in ("inspections.total", "inspections.findings", "notices.total"):
        one = figure(name)
        found.append(
            Compared(
                one.label,
                one.unit,
                int(one.value(start, day) or 0),
                int(one.value(*before) or 0),
                one.register,
                View(figure=(name, start, day)),
                View(figure=(name, *before)),
            )
        )
    return found


def due_notices(day: dt.date, days: int = 7, limit: int = 20) -> tuple[tuple[Due, ...], int]:
    """Open notices overdue or due within some days, the most urgent first, and how many there are in all."""
    until, reading = peewee.fn.COALESCE(Notice.extended_to, Notice.due_on), DueDays()
    query = (
        Notice.live()
        .select(Notice, Enterprise)
        .join(Enterprise)
        .where(Notice.state.in_(OPEN_STATES), until <= reading.due_by(day + dt.timedelta(days=days)))
        .order_by(until, Notice.id)
    )
    soon = settings().warn_days
    first = []
    for one in query.limit(limit):
        pressing = notice_urgency(reading.ends(one.due), day, soon, one.state)
        first.append(Due(one.id, one.label(), one.enterprise.name, one.due, pressing.urgency, pressing.label))
    return tuple(first), query.count()


def week_view(day: dt.date, days: int = 7) -> View:
    """The list behind ``due_notices``: open notices by their day."""
    return View(
        presets=("open",),
        conditions=(Condition("due", "le", DueDays().due_by(day + dt.timedelta(days=days))),),
        order=(("due", False),),
    )
