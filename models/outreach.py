"""Outreach (宣传培训): activities, materials handed out, people reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Choice, Date, Integer, LongText, Text
from models.core.figure import Figure
from models.core.record import Entry
from models.core.register import Column, Register

KINDS = (
    ("publicity", "宣传活动"),
    ("training", "教育培训"),
    ("tip", "消费提示"),
    ("open_sampling", "你点我检、你送我检"),
)
VENUES = (
    ("campus", "进校园"),
    ("enterprise", "进企业"),
    ("community", "进社区"),
    ("online", "线上"),
    ("other", "其他"),
)
MATERIALS = (
    ("initiative", "倡议书"),
    ("leaflet", "宣传册（折页）"),
    ("poster", "海报"),
    ("other", "其他资料"),
)


class Outreach(Entry):
    """One activity of publicity or training."""

    title = "宣传培训"
    label_field = "topic"
    keep = ("held_on", "kind")
    topic = Text("主题", required=True, search=True, pinyin=True, sort="name_key", width=20)
    held_on = Date("日期", required=True)
    kind = Choice("类别", KINDS, required=True, default="publicity", width=8)
    venue = Choice("场所", VENUES, width=6)
    place = Text("地点", search=True, pinyin=True, width=12)
    material = Choice("资料", MATERIALS, width=8)
    copies = Integer("发放份数", unit="份")
    people = Integer("参加人次", unit="人次")
    note = LongText("内容")

    sections = (
        ("宣传培训", ("topic", "held_on", "kind", "venue", "place", "material", "copies", "people", "note")),
    )

    live_indexes = ((("held_on",), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["copies"] and not draft["material"]:
            problems.error("material", "required", "填了发放份数，请选择发放的资料")


REGISTER = Register(
    name="outreach",
    title="宣传培训",
    model=Outreach,
    icon="outreach",
    unit="场次",
    columns=(
        Column("held_on"),
        Column("topic"),
        Column("kind"),
        Column("venue"),
        Column("place"),
        Column("material"),
        Column("copies"),
        Column("people"),
        Column("note", shown=False),
    ),
    order=(("held_on", True),),
    filters=("kind", "venue", "material"),
)


def _held(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return Outreach.live().select(Outreach.id).where(Outreach.held_on.between(start, end))


def _trainings(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _held(start, end).where(Outreach.kind == "training")


Figure(
    name="outreach.activities",
    label="宣传活动",
    unit="场次",
    kind="count",
    basis="flow",
    register="outreach",
    rule="期内举办的宣传活动和“你点我检、你送我检”活动场次，按活动日期计。",
    query=lambda start, end: _held(start, end).where(Outreach.kind.in_(("publicity", "open_sampling"))),
)
Figure(
    name="outreach.copies",
    label="发放倡议书",
    unit="份",
    kind="sum",
    basis="flow",
    register="outreach",
    field="copies",
    rule="期内各项活动发放倡议书的份数之和，按活动日期计。",
    query=lambda start, end: _held(start, end).where(Outreach.material == "initiative"),
)
Figure(
    name="outreach.tips",
    label="消费提示",
    unit="条",
    kind="count",
    basis="flow",
    register="outreach",
    rule="期内发布的食品安全消费提示条数，按发布日期计。",
    query=lambda start, end: _held(start, end).where(Outreach.kind == "tip"),
)
Figure(
    name="training.sessions",
    label="培训",
    unit="场次",
    kind="count",
    basis="flow",
    register="outreach",
    rule="期内举办的食品安全培训场次，按培训日期计。",
    query=_trainings,
)
Figure(
    name="training.people",
    label="参加培训",
    unit="人次",
    kind="sum",
    basis="flow",
    register="outreach",
    field="people",
    rule="期内各场培训参加人次之和，按培训日期计。",
    query=_trainings,
)
