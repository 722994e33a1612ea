"""The bureau's own side: branches (分局) and officers (执法人员)."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems, code_check
from models.core.fields import Choice, Code, Date, LongText, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Link, Preset, Register
from models.rules.phones import check_phone

POSITIONS = (
    ("leader", "主要领导"),
    ("deputy", "分管领导"),
    ("branch_head", "分局局长"),
    ("officer", "执法人员"),
)


class Branch(Entry):
    """A branch of the bureau (分局、监管所)."""

    title = "分局"
    name = Text("名称", required=True, search=True, pinyin=True, sort="name_key", max_length=60, width=14)
    short_name = Text("简称", max_length=12, help="用于分局文号，如“新枫”")
    phone = Code("电话", search=True, check=code_check(check_phone), max_length=60)
    address = Text("地址", search=True, width=18)

    sections = (("分局", ("name", "short_name", "phone", "address")),)


class Officer(Entry):
    """A law officer of the bureau."""

    title = "执法人员"
    name = Text("姓名", required=True, search=True, pinyin=True, sort="name_key", max_length=40, width=8)
    certificate = Code("执法证号", search=True, max_length=40, width=12)
    branch = Ref(Branch, "分局")
    position = Choice("职务", POSITIONS, required=True, default="officer")
    phone = Code("电话", search=True, check=code_check(check_phone), max_length=60)
    certified_until = Date("执法证有效期至")
    left_on = Date("离岗日期")
    note = LongText("备注")

    sections = (
        (
            "执法人员",
            ("name", "certificate", "branch", "position", "phone", "certified_until", "left_on", "note"),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        number = draft["certificate"]
        if not number:
            problems.warn("certificate", "certificate", "没有执法证号，文书上将缺证号")
            return
        same = cls.live().where(cls.certificate == number)
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if same.exists():
            problems.error("certificate", "duplicate", f"执法证号{number}已登记给{same.first().name}")


BRANCHES = Register(
    name="branches",
    title="分局",
    model=Branch,
    icon="branch",
    unit="个",
    columns=(Column("name"), Column("short_name"), Column("phone"), Column("address")),
    order=(("name", False),),
    links=(Link("officers", "branch"), Link("enterprises", "branch")),
)
OFFICERS = Register(
    name="officers",
    title="执法人员",
    model=Officer,
    icon="officers",
    unit="人",
    columns=(
        Column("name"),
        Column("position", width=8),
        Column("certificate"),
        Column("branch", width=10),
        Column("phone", width=10),
        Column("certified_until", width=10),
        Column("left_on", width=8),
    ),
    order=(("name", False),),
    filters=("position", "branch"),
    presets=(Preset("serving", "在岗", lambda s: s.col("left_on").is_null() | (s.col("left_on") >= s.day)),),
    links=(Link("inspections", "officers"),),
)
