"""Dated thresholds and periods (风险分值、量化分级、公开期限), editable data that the rules read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from models.core.checks import Problems
from models.core.dated_check import one_row_a_day
from models.core.fields import Choice, Code, Date, Integer, LongText, Number, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.rules import grades
from models.rules.seeds import RESOURCES, read_seed

KINDS = (
    ("risk", "风险等级分值"),
    ("hygiene", "量化分级分值"),
    ("period", "期限与学时"),
    ("responsibility", "包保督导"),
    ("planning", "检查计划"),
)
#: The kinds whose numbers are read by their code alone.
NUMBERS = ("responsibility", "planning")

#: Months within which the same hazard at the same place is a repeated one.
REPEAT_MONTHS = "repeat_months"
#: Working days within which the result of an inspection is made public (令49号 art. 39).
PUBLICATION_DAYS = "publication_working_days"


class Threshold(Entry):
    """One value of a rule with the days it is in force."""

    title = "标准与期限"
    label_field = "label_text"
    kind = Choice("种类", KINDS, required=True, width=9)
    code = Code("代码", required=True, max_length=40, help="程序按代码取值，不要改动")
    label_text = Text("名称", required=True, search=True, width=16)
    value = Number("数值", places=2, help="风险等级填分值上限（含），最高一级留空；量化分级填最低分")
    limit = Integer("关键项不符合上限", unit="项", help="量化分级填写")
    unit = Text("单位", max_length=12, width=5)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=24)

    sections = (
        (
            "标准与期限",
            ("kind", "code", "label_text", "value", "limit", "unit", "valid_from", "valid_to", "source"),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        if draft["kind"] != "risk" and draft["value"] is None:
            problems.error("value", "required", "请填写数值")
        if draft["kind"] and draft["code"]:
            one_row_a_day(draft, problems, kind=draft["kind"], code=draft["code"])


REGISTER = Register(
    name="thresholds",
    title="标准与期限",
    model=Threshold,
    icon="sort",
    unit="项",
    columns=(
        Column("kind"),
        Column("label_text"),
        Column("value"),
        Column("limit"),
        Column("unit"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
        Column("code", shown=False),
    ),
    order=(("kind", False), ("valid_from", True), ("code", False)),
    filters=("kind",),
    presets=(Preset("current", "现行", lambda s: as_of(Threshold, s.day)),),
)


def _rows(kind: str) -> list[Threshold]:
    return list(Threshold.live().where(Threshold.kind == kind).order_by(Threshold.id))


def risk_thresholds() -> list[grades.RiskThreshold]:
    """The ledger's risk-grade bounds, in points."""
    return [grades.RiskThreshold(t.code, t.value, t.valid_from, t.valid_to, t.source) for t in _rows("risk")]


def hygiene_thresholds() -> list[grades.HygieneThreshold]:
    """The ledger's hygiene-rating bounds, out of 10 points."""
    forms = {row.code: (row.annual_grade, row.face) for row in grades.load_hygiene_thresholds()}
    return [
        grades.HygieneThreshold(
            t.code,
            t.label_text,
            *forms.get(t.code, ("", "")),
            t.value or Decimal(0),
            t.limit or 0,
            t.valid_from,
            t.valid_to,
            t.source,
        )
        for t in _rows("hygiene")
    ]


def period(code: str, day: dt.date) -> int:
    """A period in force on a day, in its row's unit. Raises ValueError (Chinese) where there is none."""
    return grades.period_value(periods(), code, day)


def periods() -> list[grades.PeriodRule]:
    """The ledger's periods."""
    return [
        grades.PeriodRule(t.code, t.label_text, int(t.value or 0), t.unit, t.valid_from, t.valid_to, t.source)
        for t in _rows("period")
    ]


def limits_of(codes: Sequence[str], day: dt.date) -> dict[str, int | None]:
    """Several numbers of the responsibility system or of planning in force on a day, as ``limit_of`` gives them."""
    rows = (
        Threshold.live()
        .select(Threshold.code, Threshold.value)
        .where(Threshold.kind.in_(NUMBERS), Threshold.code.in_(list(codes)), as_of(Threshold, day))
        .order_by(Threshold.valid_from, Threshold.id)
        .tuples()
    )
    return dict.fromkeys(codes) | {code: int(value) if value else None for code, value in rows}


def limit_of(code: str, day: dt.date) -> int | None:
    """A number of the responsibility system (户 a person, months of a round) or of planning on a day; None without."""
    return limits_of([code], day)[code]


def seed_rows() -> list[dict[str, Any]]:
    """The rows a new ledger starts with."""
    risk: list[dict[str, Any]] = [
        {
            "kind": "risk",
            "code": r.grade,
            "label_text": f"{r.grade}级风险",
            "value": r.upper,
            "unit": "分",
            "valid_from": r.valid_from,
            "valid_to": r.valid_to,
            "source": r.source_note,
        }
        for r in grades.load_risk_thresholds()
    ]
    hygiene: list[dict[str, Any]] = [
        {
            "kind": "hygiene",
            "code": r.code,
            "label_text": r.rating,
            "value": r.min_score,
            "limit": r.max_key_failures,
            "unit": "分",
            "valid_from": r.valid_from,
            "valid_to": r.valid_to,
            "source": r.source_note,
        }
        for r in grades.load_hygiene_thresholds()
    ]
    periods: list[dict[str, Any]] = [
        {
            "kind": "period",
            "code": r.code,
            "label_text": r.label,
            "value": Decimal(r.value),
            "unit": r.unit,
            "valid_from": r.valid_from,
            "valid_to": r.valid_to,
            "source": r.source_note,
        }
        for r in grades.load_periods()
    ]
    return risk + hygiene + periods + responsibility_rows() + planning_rows()


def responsibility_rows() -> list[dict[str, Any]]:
    """The loads and visiting rounds of officials a new ledger starts with; all to be checked."""
    return _numbers("responsibility")


def planning_rows() -> list[dict[str, Any]]:
    """The bounds of the inspection plan a new ledger starts with; all to be checked."""
    return _numbers("planning")


def _numbers(kind: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "code": row["code"],
            "label_text": row["label"],
            "value": Decimal(row["value"]),
            "unit": row["unit"],
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            "source": row["source_note"],
        }
        for row in read_seed(RESOURCES / "rules" / f"{kind}.csv")
    ]
