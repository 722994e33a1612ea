"""等级调整: the conditions that raise or lower a risk grade, and where an enterprise meets one. Knows no score."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Code, Date, Integer, LongText, Ref, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Condition, Preset, Register
from models.enterprise import Enterprise
from models.rules.seeds import RESOURCES, read_seed

DIRECTIONS = (("raise", "上调"), ("lower", "下调"))
#: The code of the condition that also keeps a caterer from being rated for some months (量化分级).
ACCIDENT = "accident"
SEED = RESOURCES / "rules" / "adjustments.csv"


class AdjustmentRule(Entry):
    """One condition of the determination form (食药监食监一〔2016〕115号): raises or lowers the grade by one step."""

    title = "等级调整情形"
    direction = Choice("方向", DIRECTIONS, required=True, width=5)
    rank = Integer("顺序", required=True, width=5)
    code = Code("代码", required=True, max_length=40, help="程序按代码取值，不要改动")
    name = Text("情形", required=True, search=True, pinyin=True, sort="name_key", width=30)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=24)

    sections = (
        ("等级调整情形", ("direction", "rank", "name", "code", "valid_from", "valid_to", "source")),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")


class GradeCondition(Entry):
    """An enterprise meets a raising or lowering condition, with its evidence; it counts for the grade of a year."""

    title = "等级调整记录"
    label_field = "enterprise"
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    year = Integer("计入年度", required=True, least=2000, most=2100)
    rule = Ref(
        AdjustmentRule,
        "调整情形",
        required=True,
        width=24,
        narrow=lambda v: _in_force(v),
        narrowed_by=("happened_on",),
    )
    rule_id: int
    happened_on = Date("发生（取得）日期", required=True, width=8)
    evidence = Text("证据", required=True, search=True, max_length=300, width=20, help="文书编号、报告编号、证书编号等")
    note = LongText("说明")

    sections = (("等级调整记录", ("enterprise", "year", "happened_on", "rule", "evidence", "note")),)

    live_indexes = ((("year", "enterprise"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        day, rule = draft["happened_on"], draft.ref("rule")
        if day and day > draft.day:
            problems.error("happened_on", "future", "发生日期晚于今天，请改正")
        if day and draft["year"] and day.year > draft["year"]:
            problems.error("year", "order", "计入年度早于发生日期，请改正其一")
        if rule is not None and day and not _holds(rule, day):
            problems.error("rule", "period", f"“{rule.name}”在{day}不施行，请另选")
        other = draft.same(enterprise=draft["enterprise"], year=draft["year"], rule=draft["rule"])
        if other is not None and other.evidence == draft["evidence"]:
            problems.error("evidence", "duplicate", "这一情形和证据已登记过，请打开原记录修改")


def _holds(rule: AdjustmentRule, day: dt.date) -> bool:
    return bool(rule.valid_from <= day and (rule.valid_to is None or rule.valid_to >= day))


def _in_force(values: Any) -> tuple[Condition, ...]:
    day = values.get("happened_on")
    return (Condition("valid_from", "le", day),) if day else ()


RULES = Register(
    name="adjustment_rules",
    title="等级调整情形",
    model=AdjustmentRule,
    icon="sort",
    unit="项",
    columns=(
        Column("direction"),
        Column("rank"),
        Column("name"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
        Column("code", shown=False),
    ),
    order=(("direction", True), ("rank", False)),
    filters=("direction",),
    presets=(Preset("current", "现行", lambda s: as_of(AdjustmentRule, s.day)),),
)
REGISTER = Register(
    name="grade_conditions",
    title="等级调整记录",
    model=GradeCondition,
    icon="sort",
    unit="条",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("year"),
        Column("rule.direction", label="方向", width=5),
        Column("rule"),
        Column("happened_on"),
        Column("evidence"),
        Column("note"),
    ),
    order=(("year", True), ("happened_on", True)),
    through=("enterprise",),
    filters=("year", "rule.direction", "enterprise.category"),
)


def adjustment_rules(day: dt.date) -> list[AdjustmentRule]:
    """The conditions in force on a day: the raising ones first, in the order of the form."""
    rule = AdjustmentRule
    return list(rule.live().where(as_of(rule, day)).order_by(rule.direction.desc(), rule.rank, rule.id))


def accident_on(enterprise: int, day: dt.date) -> dt.date | None:
    """The latest food accident of an enterprise up to a day; None without."""
    found = (
        GradeCondition.live()
        .join(AdjustmentRule, on=(GradeCondition.rule == AdjustmentRule.id))
        .where(
            GradeCondition.enterprise == enterprise,
            AdjustmentRule.code == ACCIDENT,
            GradeCondition.happened_on <= day,
        )
        .order_by(GradeCondition.happened_on.desc())
        .first()
    )
    return found.happened_on if found is not None else None


def seed_rows() -> list[dict[str, Any]]:
    """The conditions a new ledger starts with."""
    return [
        {
            "direction": row["direction"],
            "rank": int(row["rank"]),
            "code": row["code"],
            "name": row["name"],
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
