"""责任约谈: talks with an operator's principal about hazards not removed in time. Knows no deadline."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Choice, Date, Links, LongText, Ref, Text, Time
from models.core.figure import Figure
from models.core.record import Entry, Record
from models.core.register import Column, Condition, Preset, Register
from models.enterprise import Enterprise
from models.inspection import Finding
from models.notice import Notice
from models.organization import Officer

STATES = (("planned", "待约谈"), ("held", "已约谈"), ("absent", "未到场"))
POSTS = (
    ("legal", "法定代表人"),
    ("principal", "主要负责人"),
    ("director", "食品安全总监"),
    ("other", "其他人员"),
)
BASIS = "《食品生产经营监督检查管理办法》第四十条"


def _of_place(values: Any) -> tuple[Condition, ...]:
    return (Condition("enterprise", "in", (values["enterprise"],)),) if values.get("enterprise") else ()


class Talk(Entry):
    """One responsibility talk (令49号 art. 40), counted in 次; it enters the operator's credit file (art. 41)."""

    title = "责任约谈"
    label_field = "enterprise"
    keep = ("held_on", "place", "officers")
    enterprise = Ref(Enterprise, "被约谈单位", required=True)
    enterprise_id: int
    state = Choice("状态", STATES, required=True, default="planned", width=6)
    notified_on = Date("通知日期")
    held_on = Date("约谈日期", required=True, default_today=True, help="待约谈的填约定的日期")
    held_at = Time("约谈时间")
    place = Text("约谈地点", max_length=100, search=True, width=12)
    person = Text("被约谈人", max_length=40, search=True, width=8, required_when=("state", "held"))
    post = Choice("被约谈人身份", POSTS, width=9, required_when=("state", "held"))
    officers = Links(
        lambda: TalkOfficer,
        "约谈人",
        parent="talk",
        target="officer",
        least=1,
        least_message="请选约谈人",
    )
    notices = Links(
        lambda: TalkNotice, "有关通知书", parent="talk", target="notice", narrow=_of_place
    )
    findings = Links(lambda: TalkFinding, "有关隐患", parent="talk", target="finding", narrow=_of_place)
    reason = LongText("约谈事由", required=True, search=True, width=20)
    basis = Text("约谈依据", required=True, default=BASIS, width=18)
    content = LongText("约谈内容和要求", search=True, required_when=("state", "held"), width=20)
    promise = LongText("被约谈人意见和整改承诺", width=16)
    due_on = Date("整改期限")
    note = LongText("备注")

    sections = (
        ("约谈", ("enterprise", "state", "held_on", "held_at", "notified_on", "place", "officers")),
        ("被约谈人", ("person", "post")),
        ("事由", ("notices", "findings", "reason", "basis")),
        ("内容", ("content", "promise", "due_on", "note")),
    )

    live_indexes = ((("held_on", "state"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        day, told = draft["held_on"], draft["notified_on"]
        if day and day > draft.day and draft["state"] in ("held", "absent"):
            problems.error("held_on", "future", "约谈日期晚于今天，请改正，或把状态选为待约谈")
        if day and told and told > day:
            problems.error("notified_on", "order", "通知日期晚于约谈日期，请改正其一")
        if day and draft["due_on"] and draft["due_on"] < day:
            problems.error("due_on", "order", "整改期限早于约谈日期，请改正其一")
        if draft["state"] == "held":
            for name in ("person", "post", "content"):
                if not draft[name]:
                    problems.error(name, "required", f"已约谈的请填写{cls.labels()[name]}")
        place = draft["enterprise"]
        for name, model in (("notices", Notice), ("findings", Finding)):
            rows = model.live().where(model.id.in_(draft[name] or []))
            if place is not None and any(row.enterprise_id != place for row in rows):
                problems.error(name, "enterprise", f"{cls.labels()[name]}不全是这一单位的，请重选")
        for officer in Officer.select().where(Officer.id.in_(draft["officers"] or [])):
            if officer.left_on and day and officer.left_on < day:
                problems.error("officers", "left", f"{officer.name}已于{officer.left_on}离岗，请另选")


class TalkOfficer(Record):
    """An officer who held a talk."""

    owner = "talk"
    live_indexes = ((("talk", "officer"), True),)
    talk = Ref(Talk, "责任约谈", required=True, backref="officer_rows")
    officer = Ref(Officer, "约谈人", required=True)


class TalkNotice(Record):
    """A notice that a talk was about."""

    owner = "talk"
    live_indexes = ((("talk", "notice"), True),)
    talk = Ref(Talk, "责任约谈", required=True, backref="notice_rows")
    talk_id: int
    notice = Ref(Notice, "责令改正通知书", required=True)
    notice_id: int


class TalkFinding(Record):
    """A finding that a talk was about."""

    owner = "talk"
    live_indexes = ((("talk", "finding"), True),)
    talk = Ref(Talk, "责任约谈", required=True, backref="finding_rows")
    talk_id: int
    finding = Ref(Finding, "隐患", required=True)
    finding_id: int


REGISTER = Register(
    name="talks",
    title="责任约谈",
    model=Talk,
    icon="officers",
    unit="次",
    columns=(
        Column("held_on"),
        Column("enterprise", width=18),
        Column("state"),
        Column("person"),
        Column("post"),
        Column("officers", width=10),
        Column("notices", width=14),
        Column("reason"),
        Column("due_on"),
        Column("enterprise.area", width=9, shown=False),
        Column("notified_on", shown=False),
        Column("content", shown=False),
        Column("promise", shown=False),
    ),
    order=(("held_on", True),),
    through=("enterprise",),
    filters=("state", "officers", "enterprise.category", "enterprise.area"),
    presets=(
        Preset("planned", "待约谈", lambda s: s.col("state") == "planned", "warning"),
        Preset(
            "missed", "过期未办", lambda s: (s.col("state") == "planned") & (s.col("held_on") < s.day), "danger"
        ),
        Preset("held", "已约谈", lambda s: s.col("state") == "held", "success"),
    ),
)


def _held(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return Talk.live().select(Talk.id).where(Talk.held_on.between(start, end), Talk.state == "held")


Figure(
    name="talks.total",
    label="责任约谈",
    unit="次",
    kind="count",
    basis="flow",
    register="talks",
    rule="期内对食品生产经营者法定代表人、主要负责人等进行的责任约谈次数，按约谈日期计，待约谈和未到场的不计。",
    query=_held,
)
