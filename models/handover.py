"""Handovers (交接) of an official's enterprises to successors: the record and its lines. The steps are elsewhere."""

from __future__ import annotations

from typing import Any

from models.core.fields import Date, Lines, LongText, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Preset, Register
from models.enterprise import Enterprise
from models.responsibility import Assignment, Official


class Handover(Entry):
    """One handover: from ``effective_on`` on the successors look after the enterprises of the lines."""

    title = "包保交接"
    label_field = "official"
    official = Ref(Official, "移交干部", required=True)
    official_id: int
    effective_on = Date("交接日期", required=True, help="接任干部自这一天起包保")
    reason = Text("交接原因", search=True, width=14)
    witness = Text("监交人", search=True, max_length=40, width=8)
    note = LongText("备注")
    lines = Lines(
        lambda: HandoverLine, "交接主体", parent="handover", columns=("enterprise", "successor", "remark")
    )

    sections = (
        ("包保交接", ("official", "effective_on", "reason", "witness", "note")),
        ("交接主体", ("lines",)),
    )

    def guard(self, action: str) -> str:
        if action == "remove":
            return "交接已经生效，不能移除。登记有误的，请撤销“包保交接”，或重新指派包保干部。"
        return ""


class HandoverLine(Record):
    """One enterprise of a handover; ``ended`` and ``begun`` are its assignments before and after (begun: None)."""

    title = "交接主体"
    owner = "handover"
    handover = Ref(Handover, "包保交接", required=True, backref="line_rows")
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    successor = Ref(Official, "接任干部", help="没有合适人选的留空，列入未落实")
    successor_id: int | None
    ended = Ref(Assignment, "原包保关系", editable=False)
    begun = Ref(Assignment, "新包保关系", editable=False)
    remark = Text("说明", width=14)

    sections = (("交接主体", ("enterprise", "successor", "remark")),)


REGISTER = Register(
    name="handovers",
    title="包保交接",
    model=Handover,
    icon="officials",
    unit="次",
    editable=False,
    creatable=False,
    columns=(
        Column("effective_on"),
        Column("official", width=8),
        Column("official.unit", width=12),
        Column("lines", label="交接户数", width=6),
        Column("reason"),
        Column("witness"),
        Column("note"),
    ),
    order=(("effective_on", True),),
    through=("official",),
    presets=(
        Preset(
            "unfilled",
            "有未落实接任的",
            lambda s: Handover.id.in_(
                HandoverLine.live().select(HandoverLine.handover).where(HandoverLine.successor.is_null())
            ),
            "warning",
        ),
    ),
)


def handover_lines(handover: Any) -> list[HandoverLine]:
    """The lines of a handover in the order of the enterprises' names."""
    query = (
        HandoverLine.live()
        .where(HandoverLine.handover == handover)
        .join(Enterprise, on=(HandoverLine.enterprise == Enterprise.id))
    )
    return list(query.order_by(Enterprise.name_key, Enterprise.id))
