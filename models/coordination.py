"""Coordination (部门协作): joint actions and meetings with other departments and the food-safety committee."""

from __future__ import annotations

import datetime as dt

import peewee

from models.core.fields import Choice, Date, LongText, Text
from models.core.figure import Figure
from models.core.record import Entry
from models.core.register import Column, Register

KINDS = (("meeting", "会商会议"), ("joint", "联合检查"), ("transfer", "线索移送"), ("notice", "情况通报"))


class Coordination(Entry):
    """One act of working together with other departments."""

    title = "部门协作"
    label_field = "topic"
    topic = Text("事项", required=True, search=True, pinyin=True, sort="name_key", width=20)
    held_on = Date("日期", required=True)
    kind = Choice("方式", KINDS, required=True, default="meeting", width=8)
    partners = Text("协作部门", required=True, search=True, width=16)
    note = LongText("内容")

    sections = (("部门协作", ("topic", "held_on", "kind", "partners", "note")),)


REGISTER = Register(
    name="coordination",
    title="部门协作",
    model=Coordination,
    icon="link",
    unit="次",
    columns=(Column("held_on"), Column("topic"), Column("kind"), Column("partners"), Column("note")),
    order=(("held_on", True),),
    filters=("kind",),
)


def _held(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return Coordination.live().select(Coordination.id).where(Coordination.held_on.between(start, end))


Figure(
    name="coordination.total",
    label="部门协作",
    unit="次",
    kind="count",
    basis="flow",
    register="coordination",
    rule="期内会商会议、联合检查、线索移送、情况通报的次数，按日期计。",
    query=_held,
)
Figure(
    name="coordination.joint",
    label="联合检查",
    unit="次",
    kind="count",
    basis="flow",
    register="coordination",
    rule="期内与其他部门联合检查的次数，按日期计。",
    query=lambda start, end: _held(start, end).where(Coordination.kind == "joint"),
)
