"""Dated, editable rules of who must have 食品安全总监, 食品安全员 or dual staffing. Knows nobody's staff."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Bool, Choice, Code, Date, Integer, LongText, Number, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.enterprise import CATEGORIES, PRODUCTS, SUPPLY_MODES
from models.rules import staffing

DUTIES = (("director", "食品安全总监"), ("officer", "食品安全员"), ("dual", "双总监双食品安全员"))


class DirectorRule(Entry):
    """One rule: enterprises that meet all of its filled conditions must have what ``duty`` says."""

    title = "人员配备标准"
    name = Text("标准", required=True, search=True, width=22)
    code = Code("代码", max_length=40, help="程序预置的标准有代码，不要改动")
    duty = Choice("应当配备", DUTIES, required=True, default="director", width=9)
    category = Choice("主体类别", CATEGORIES, help="留空为各类主体")
    supply_mode = Choice("供餐方式", SUPPLY_MODES, help="留空为不论供餐方式")
    product = Choice("主要产品", PRODUCTS, help="留空为不论产品")
    least_diners = Integer("就餐人数下限（含）", unit="人", help="留空为不论人数")
    least_area = Number("经营面积下限（含）", places=1, unit="㎡", help="留空为不论面积")
    chain = Bool("仅连锁")
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=26)

    sections = (
        (
            "人员配备标准",
            (
                "name",
                "duty",
                "category",
                "supply_mode",
                "product",
                "least_diners",
                "least_area",
                "chain",
                "valid_from",
                "valid_to",
                "source",
                "code",
            ),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        if draft["duty"] == "dual" and draft["supply_mode"] != "contracted":
            problems.error("supply_mode", "dual", "双总监双食品安全员只适用于委托承包经营，请选这一供餐方式")


REGISTER = Register(
    name="director_rules",
    title="人员配备标准",
    model=DirectorRule,
    icon="shield",
    unit="项",
    columns=(
        Column("name"),
        Column("duty"),
        Column("category"),
        Column("supply_mode", shown=False),
        Column("product", shown=False),
        Column("least_diners", width=8),
        Column("least_area", width=8),
        Column("chain"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
        Column("code", shown=False),
    ),
    order=(("duty", False), ("category", False), ("valid_from", True)),
    filters=("duty", "category"),
    presets=(Preset("current", "现行", lambda s: as_of(DirectorRule, s.day)),),
)


def all_rules() -> list[staffing.StaffingRule]:
    """The ledger's rules of every day, in order of entry."""
    return [
        staffing.StaffingRule(
            row.name,
            row.duty,
            row.category,
            row.supply_mode,
            row.product,
            row.least_diners,
            row.least_area,
            row.chain,
            row.valid_from,
            row.valid_to,
            row.source,
            row.code,
        )
        for row in DirectorRule.live().order_by(DirectorRule.id)
    ]


def seed_rows() -> list[dict[str, Any]]:
    """The rows a new ledger starts with."""
    return [
        {
            "name": r.name,
            "code": r.code,
            "duty": r.duty,
            "category": r.category,
            "supply_mode": r.supply_mode,
            "product": r.product,
            "least_diners": r.least_diners,
            "least_area": r.least_area,
            "chain": r.chain,
            "valid_from": r.valid_from,
            "valid_to": r.valid_to,
            "source": r.source,
        }
        for r in staffing.load_rules()
    ]
