"""双随机抽取: draws of enterprises and officers with their seed and candidates, so that anyone can repeat them."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Code, Date, Integer, Json, Links, LongText, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Register
from models.enterprise import Enterprise
from models.organization import Officer


class Draw(Entry):
    """A draw by a recorded seed; what was drawn and from which candidates never changes."""

    title = "双随机抽取"
    name = Text("抽取名称", required=True, search=True, pinyin=True, sort="name_key", width=18)
    drawn_on = Date("抽取日期", editable=False)
    seed = Code("随机种子", required=True, max_length=60, editable=False, search=True)
    scope = LongText("抽取范围", editable=False, width=16)
    candidates = Integer("候选主体", unit="户", editable=False)
    officer_candidates = Integer("候选人员", unit="人", editable=False)
    algorithm = Code("算法", max_length=40, editable=False, width=10)
    enterprises = Links(lambda: DrawnEnterprise, "抽中主体", parent="draw", target="enterprise")
    officers = Links(lambda: DrawnOfficer, "抽中人员", parent="draw", target="officer")
    note = LongText("备注")
    detail = Json("候选名单与结果")
    enterprises.editable = officers.editable = False

    sections = (("双随机抽取", ("name", "note")),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["drawn_on"] and draft["drawn_on"] > draft.day:
            problems.error("drawn_on", "future", "抽取日期晚于今天，请改正")

    def guard(self, action: str) -> str:
        if action == "remove":
            return "抽取记录要留存备查，不能移除。不采用的，请在备注写明原因。"
        return ""


class DrawnEnterprise(Record):
    """An enterprise drawn: ``rank`` is its place in the draw, ``ordinal`` its number among the candidates."""

    owner = "draw"
    live_indexes = ((("draw", "enterprise"), True),)
    draw = Ref(Draw, "双随机抽取", required=True, backref="enterprise_rows")
    enterprise = Ref(Enterprise, "抽中主体", required=True)
    enterprise_id: int
    ordinal = Integer("候选序号", required=True, default=0)
    rank = Integer("抽中次序", required=True, default=0)
    team = Integer("组别", required=True, default=0)


class DrawnOfficer(Record):
    """An officer drawn, with the team that inspects."""

    owner = "draw"
    live_indexes = ((("draw", "officer"), True),)
    draw = Ref(Draw, "双随机抽取", required=True, backref="officer_rows")
    officer = Ref(Officer, "抽中人员", required=True)
    officer_id: int
    ordinal = Integer("候选序号", required=True, default=0)
    rank = Integer("抽中次序", required=True, default=0)
    team = Integer("组别", required=True, default=0)


REGISTER = Register(
    name="draws",
    title="双随机抽取",
    model=Draw,
    icon="officers",
    unit="次",
    creatable=False,
    columns=(
        Column("drawn_on"),
        Column("name"),
        Column("seed"),
        Column("scope"),
        Column("candidates"),
        Column("enterprises", width=16),
        Column("officer_candidates"),
        Column("officers", width=14),
        Column("algorithm", shown=False),
        Column("note"),
    ),
    order=(("drawn_on", True),),
)
