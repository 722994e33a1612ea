"""Leader duty (督导检查工时): hours that leaders spend on inspecting food safety, against their quota."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Date, Integer, LongText, Ref, Text, Time
from models.core.figure import Figure
from models.core.record import Entry
from models.core.register import Column, Register
from models.organization import Officer


class LeaderDuty(Entry):
    """One stretch of supervision by a leader; main leader 7 h a month, deputy 7 h a half-month, head 7 h a week."""

    title = "督导工时"
    label_field = "officer"
    officer = Ref(Officer, "领导", required=True)
    on_day = Date("日期", required=True)
    started_at = Time("开始时间", required=True)
    ended_at = Time("结束时间", required=True)
    minutes = Integer("时长", unit="分钟", editable=False, help="由起止时间算出")
    place = Text("督导地点", required=True, search=True, pinyin=True, width=16)
    findings = LongText("发现问题与处置", search=True)

    sections = (("督导检查", ("officer", "on_day", "started_at", "ended_at", "place", "findings")),)

    live_indexes = ((("on_day",), False),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        begin, end = draft["started_at"], draft["ended_at"]
        if begin is None or end is None:
            return {}
        return {"minutes": (end.hour * 60 + end.minute) - (begin.hour * 60 + begin.minute)}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["started_at"], draft["ended_at"]
        if begin and end and end <= begin:
            problems.error("ended_at", "order", "结束时间应晚于开始时间，请改正其一")
        if draft["on_day"] and draft["on_day"] > draft.day:
            problems.error("on_day", "future", "日期晚于今天，请改正")
        officer = draft.ref("officer")
        if officer is not None and officer.position == "officer":
            problems.warn(
                "officer",
                "position",
                f"{officer.name}登记为执法人员，不在督导检查工时制度之内，请核对",
                officer.id,
            )


REGISTER = Register(
    name="leader_duties",
    title="督导工时",
    model=LeaderDuty,
    icon="hours",
    unit="次",
    columns=(
        Column("on_day"),
        Column("officer", width=8),
        Column("officer.position", width=8),
        Column("started_at"),
        Column("ended_at"),
        Column("minutes", width=6),
        Column("place"),
        Column("findings"),
    ),
    order=(("on_day", True),),
    through=("officer",),
    filters=("officer.position", "officer"),
)


def _held(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return LeaderDuty.live().select(LeaderDuty.id).where(LeaderDuty.on_day.between(start, end))


Figure(
    name="duty.visits",
    label="领导督导检查",
    unit="次",
    kind="count",
    basis="flow",
    register="leader_duties",
    rule="期内主要领导、分管领导、分局局长督导检查的次数，按督导日期计。",
    query=_held,
)
Figure(
    name="duty.minutes",
    label="领导督导检查时长",
    unit="分钟",
    kind="sum",
    basis="flow",
    register="leader_duties",
    field="minutes",
    rule="期内各次督导检查起止时间之差的总和，按督导日期计。",
    query=_held,
)
