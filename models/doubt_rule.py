"""Dated, editable rules of what looks odd in the ledger (数据核查规则), and reports written with doubts open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Code, Date, Integer, LongText, Number, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.rules.seeds import RESOURCES, read_seed

SEVERITIES = (("error", "须改正"), ("warning", "请核对"), ("off", "不核查"))
SEED = RESOURCES / "rules" / "doubts.csv"


class DoubtRule(Entry):
    """One rule of the data check, with its bound, for the days it is in force."""

    title = "数据核查规则"
    label_field = "label_text"
    code = Code("代码", required=True, max_length=40, help="程序按代码核查，不要改动")
    label_text = Text("名称", required=True, search=True, pinyin=True, sort="name_key", width=14)
    severity = Choice("轻重", SEVERITIES, required=True, default="warning", width=6)
    value = Number("界限", places=0, help="各条的含义见依据；没有界限的留空")
    unit = Text("单位", max_length=12, width=5)
    mend = Text("怎样改正", required=True, search=True, width=22)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=26)

    sections = (
        (
            "数据核查规则",
            ("code", "label_text", "severity", "value", "unit", "mend", "valid_from", "valid_to", "source"),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        if draft["unit"] and draft["value"] is None and draft["severity"] != "off":
            problems.error("value", "required", f"请填写界限（{draft['unit']}），或把轻重改为不核查")


class ReportRelease(Entry):
    """A report written although doubts were open, with the reason for it."""

    title = "存疑出具说明"
    label_field = "reason"
    from_day = Date("报告期起", required=True)
    to_day = Date("报告期止", required=True)
    doubts = Integer("未处理条数", required=True, unit="条", width=8)
    reason = LongText("理由", required=True, search=True, width=30)
    who = Text("何人", max_length=60, width=10)
    released_on = Date("日期", required=True)

    sections = (("存疑出具说明", ("from_day", "to_day", "doubts", "reason", "who", "released_on")),)


REGISTER = Register(
    name="doubt_rules",
    title="数据核查规则",
    model=DoubtRule,
    icon="check",
    unit="项",
    columns=(
        Column("label_text"),
        Column("severity"),
        Column("value"),
        Column("unit"),
        Column("mend"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
        Column("code", shown=False),
    ),
    order=(("severity", False), ("label_text", False)),
    filters=("severity",),
    presets=(Preset("current", "现行", lambda s: as_of(DoubtRule, s.day)),),
)
RELEASES = Register(
    name="report_releases",
    title="存疑出具说明",
    model=ReportRelease,
    icon="document",
    unit="次",
    editable=False,
    creatable=False,
    columns=(
        Column("released_on"),
        Column("from_day"),
        Column("to_day"),
        Column("doubts"),
        Column("reason"),
        Column("who"),
    ),
    order=(("released_on", True),),
)


def rules_between(start: dt.date, end: dt.date) -> list[DoubtRule]:
    """The rules in force on some day of a period, as they are listed; those not checked left out."""
    return list(
        DoubtRule.live()
        .where(
            DoubtRule.severity != "off",
            DoubtRule.valid_from <= end,
            DoubtRule.valid_to.is_null() | (DoubtRule.valid_to >= start),
        )
        .order_by(DoubtRule.id)
    )


def seed_rows() -> list[dict[str, Any]]:
    """The rules a new ledger starts with."""
    return [
        {
            "code": row["code"],
            "label_text": row["label"],
            "severity": row["severity"],
            "value": Decimal(row["value"]) if row["value"] else None,
            "unit": row["unit"],
            "mend": row["mend"],
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
