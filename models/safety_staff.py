"""食品安全总监、食品安全员: appointment, certificate, training and assessment. Knows not who must have one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems, code_check
from models.core.fields import Choice, Code, Date, Lines, LongText, Number, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Link, Preset, Register, Scope
from models.enterprise import Enterprise
from models.rules.phones import check_phone
from models.threshold import period as threshold

ROLES = (("director", "食品安全总监"), ("officer", "食品安全员"))
SIDES = (("own", "本单位"), ("school", "学校方"), ("contractor", "承包方"))
MODES = (("offline", "线下"), ("online", "线上"))
ASSESSMENT_KINDS = (("spot", "监督抽查考核"), ("own", "企业自行考核"))
OUTCOMES = (("passed", "合格"), ("failed", "不合格"))
#: The code of the threshold that holds the hours of training a year, in 学时.
TRAINING_HOURS = "training_hours"


class SafetyStaff(Entry):
    """One person's post as 食品安全总监 or 食品安全员 at one enterprise (domain notes 3.2)."""

    title = "食品安全管理人员"
    owner = "enterprise"
    same_when = ("role", "side", "name")
    keep = ("enterprise", "role", "side")
    enterprise = Ref(Enterprise, "主体", required=True, backref="staff_rows")
    enterprise_id: int
    role = Choice("职务", ROLES, required=True, default="officer")
    side = Choice("哪一方", SIDES, required=True, default="own", help="承包经营的学校食堂分学校方、承包方")
    name = Text("姓名", required=True, search=True, pinyin=True, sort="name_key", max_length=40, width=8)
    phone = Code("联系电话", search=True, check=code_check(check_phone), max_length=60)
    appointed_on = Date("任命日期")
    left_on = Date("离任日期")
    certificate = Code("证书编号", search=True, max_length=60, help="食品安全管理人员培训考核合格证明")
    certified_until = Date("证书有效期至", help="长期有效的留空")
    trainings = Lines(
        lambda: StaffTraining,
        "培训记录",
        parent="staff",
        columns=("held_on", "hours", "subject", "mode", "organizer"),
    )
    assessments = Lines(
        lambda: StaffAssessment,
        "考核记录",
        parent="staff",
        columns=("assessed_on", "kind", "score", "outcome", "note"),
    )

    sections = (
        (
            "任职",
            (
                "enterprise",
                "role",
                "side",
                "name",
                "phone",
                "appointed_on",
                "left_on",
                "certificate",
                "certified_until",
            ),
        ),
        ("培训", ("trainings",)),
        ("考核", ("assessments",)),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["appointed_on"], draft["left_on"]
        if begin and end and end < begin:
            problems.error("left_on", "order", "离任日期早于任命日期，请改正其一")
        if begin and begin > draft.day:
            problems.warn("appointed_on", "future", "任命日期晚于今天，请核对", begin)
        other = cls._twice(draft)
        if other is not None:
            word = dict(ROLES)[other.role]
            problems.error("name", "duplicate", f"“{other.name}”在这一单位已登记为在任{word}，请打开那一条修改")

    @classmethod
    def _twice(cls, draft: Any) -> Any:
        """Another post of the same person in the same role and side at the enterprise, at the same time."""
        if not draft["name"] or draft["enterprise"] is None:
            return None
        begin, end = draft["appointed_on"], draft["left_on"]
        names = ("enterprise", "role", "side", "name")
        for other in draft.others(**{name: draft[name] for name in names}):
            over = begin and other.left_on and other.left_on < begin
            later = end and other.appointed_on and other.appointed_on > end
            if not (over or later):
                return other
        return None


class StaffTraining(Record):
    """One training a person attended, in 学时."""

    title = "培训记录"
    owner = "staff"
    label_field = "subject"
    staff = Ref(SafetyStaff, "姓名", required=True, backref="training_rows")
    held_on = Date("培训日期", required=True)
    hours = Number("学时", required=True, places=1, least=0.5, most=100, unit="学时")
    subject = Text("培训内容", required=True, max_length=100, width=16)
    mode = Choice("方式", MODES, required=True, default="offline", width=4)
    organizer = Text("组织单位", max_length=100, width=12)

    sections = (("培训记录", ("staff", "held_on", "hours", "subject", "mode", "organizer")),)
    live_indexes = ((("held_on", "staff"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["held_on"] and draft["held_on"] > draft.day:
            problems.error("held_on", "future", "培训日期晚于今天，请改正")


class StaffAssessment(Record):
    """One assessment of what a person knows: 监督抽查考核 by the bureau, or the enterprise's own."""

    title = "考核记录"
    owner = "staff"
    label_field = "staff"
    staff = Ref(SafetyStaff, "姓名", required=True, backref="assessment_rows")
    assessed_on = Date("考核日期", required=True)
    kind = Choice("考核种类", ASSESSMENT_KINDS, required=True, default="spot", width=8)
    score = Number("成绩", places=1, most=100, unit="分")
    outcome = Choice("考核结果", OUTCOMES, required=True, default="passed", width=5)
    note = LongText("说明", width=12)

    sections = (("考核记录", ("staff", "assessed_on", "kind", "score", "outcome", "note")),)
    live_indexes = ((("assessed_on", "staff"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["assessed_on"] and draft["assessed_on"] > draft.day:
            problems.error("assessed_on", "future", "考核日期晚于今天，请改正")


def serving(day: Any, staff: Any = SafetyStaff) -> peewee.Expression:
    """The condition «in post on ``day``» (a date or a column) for the table or an alias; an open day counts."""
    return (
        staff.removed_at.is_null()
        & (staff.appointed_on.is_null() | (staff.appointed_on <= day))
        & (staff.left_on.is_null() | (staff.left_on >= day))
    )


def required_hours(day: dt.date) -> int | None:
    """The hours of training a year in force on a day; None where the ledger has none."""
    try:
        return threshold(TRAINING_HOURS, day)
    except ValueError:
        return None


def trained(day: dt.date) -> Any:
    """The ids of the staff whose hours from January 1 to ``day`` reach what the year asks for."""
    least = required_hours(day)
    hours = (
        StaffTraining.live()
        .select(StaffTraining.staff)
        .where(StaffTraining.held_on.between(dt.date(day.year, 1, 1), day))
        .group_by(StaffTraining.staff)
    )
    return hours.having(peewee.fn.SUM(StaffTraining.hours) >= (least if least is not None else 10**6))


def _hours_this_year(scope: Scope) -> Any:
    span = StaffTraining.held_on.between(dt.date(scope.day.year, 1, 1), scope.day)
    return StaffTraining.select(peewee.fn.SUM(StaffTraining.hours)).where(
        StaffTraining.staff == SafetyStaff.id, StaffTraining.removed_at.is_null(), span
    )


def _last_assessed(scope: Scope) -> Any:
    return StaffAssessment.select(peewee.fn.MAX(StaffAssessment.assessed_on)).where(
        StaffAssessment.staff == SafetyStaff.id,
        StaffAssessment.removed_at.is_null(),
        StaffAssessment.assessed_on <= scope.day,
    )


REGISTER = Register(
    name="safety_staff",
    title="食品安全总监、食品安全员",
    model=SafetyStaff,
    icon="shield",
    unit="人",
    columns=(
        Column("enterprise", width=18),
        Column("role", width=8),
        Column("side", width=6),
        Column("name"),
        Column("phone", width=10),
        Column("appointed_on"),
        Column("left_on"),
        Column("certificate", width=10),
        Column("certified_until"),
        Column("hours", expr=_hours_this_year, like=Number("本年学时", places=1, unit="学时", width=6)),
        Column("assessed_on", expr=_last_assessed, like=Date("最近考核", width=8)),
        Column("trainings", label="培训次数", width=6, shown=False),
        Column("assessments", label="考核次数", width=6, shown=False),
    ),
    order=(("name", False),),
    filters=("role", "side"),
    through=("enterprise",),
    presets=(
        Preset("serving", "在任", lambda s: serving(s.day)),
        Preset(
            "untrained", "本年学时不足", lambda s: serving(s.day) & SafetyStaff.id.not_in(trained(s.day)), "warning"
        ),
        Preset(
            "certificate_over",
            "证书过期",
            lambda s: serving(s.day) & (SafetyStaff.certified_until < s.day),
            "danger",
        ),
    ),
    links=(Link("staff_trainings", "staff"), Link("staff_assessments", "staff")),
)
TRAININGS = Register(
    name="staff_trainings",
    title="人员培训记录",
    model=StaffTraining,
    icon="training",
    unit="次",
    editable=False,
    creatable=False,
    columns=(
        Column("held_on"),
        Column("staff", width=8),
        Column("staff.enterprise", width=18),
        Column("staff.role", width=8),
        Column("hours"),
        Column("subject"),
        Column("mode"),
        Column("organizer"),
    ),
    order=(("held_on", True),),
    filters=("mode", "staff.role"),
    through=("staff", "staff.enterprise"),
)
ASSESSMENTS = Register(
    name="staff_assessments",
    title="人员考核记录",
    model=StaffAssessment,
    icon="rating",
    unit="次",
    editable=False,
    creatable=False,
    columns=(
        Column("assessed_on"),
        Column("staff", width=8),
        Column("staff.enterprise", width=18),
        Column("staff.role", width=8),
        Column("kind"),
        Column("score"),
        Column("outcome"),
        Column("note"),
    ),
    order=(("assessed_on", True),),
    filters=("kind", "outcome", "staff.role"),
    through=("staff", "staff.enterprise"),
)
