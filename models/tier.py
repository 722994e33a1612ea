"""包保层级 (A–D): the editable standard by which an enterprise gets its tier, and its reasons. Knows no assignment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.core.checks import Problems
from models.core.choices import Choices, split_codes
from models.core.fields import Bool, Choice, Date, Integer, LongText, Number, Text
from models.core.record import Entry, as_of
from models.core.register import Column, Preset, Register
from models.enterprise import CATEGORIES, PRODUCTS, TIERS
from models.rules.seeds import RESOURCES, read_seed

MEASURES = (("diners", "就餐人数"), ("floor_area", "经营面积"))
MEASURE_UNITS = {"diners": "人", "floor_area": "㎡"}
SEED = RESOURCES / "rules" / "tier_rules.csv"


class TierRule(Entry):
    """One line of the standard: which enterprises are of which tier; the first line that fits decides."""

    title = "包保分级标准"
    identity = (("name", "valid_from"),)
    rank = Integer("顺序", required=True, help="小的先判，第一条符合的算数", width=5)
    name = Text("规则名称", required=True, search=True, pinyin=True, sort="name_key", width=18)
    tier = Choice("包保层级", TIERS, required=True, width=9)
    categories = Choices("适用类别", CATEGORIES, help="几类用顿号分开；留空适用于全部", width=14)
    measure = Choice("规模指标", MEASURES, help="不看规模的留空", width=7)
    least = Number("下限（含）", places=1, width=7)
    below = Number("上限（不含）", places=1, width=7)
    chain_only = Bool("仅限连锁")
    products = Choices("限定产品", PRODUCTS, help="只对食品生产者；留空不限", width=12)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=24)

    sections = (
        (
            "包保分级标准",
            (
                "rank",
                "name",
                "tier",
                "categories",
                "measure",
                "least",
                "below",
                "chain_only",
                "products",
                "valid_from",
                "valid_to",
                "source",
            ),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")
        least, below = draft["least"], draft["below"]
        if (least is not None or below is not None) and not draft["measure"]:
            problems.error("measure", "required", "填了上下限，请选择规模指标")
        if draft["measure"] and least is None and below is None:
            problems.error("least", "required", "选了规模指标，请填写下限或上限")
        if least is not None and below is not None and below <= least:
            problems.error("below", "bounds", "上限应大于下限，请改正其一")


REGISTER = Register(
    name="tier_rules",
    title="包保分级标准",
    model=TierRule,
    icon="tag",
    unit="条",
    columns=(
        Column("rank"),
        Column("name"),
        Column("tier"),
        Column("categories"),
        Column("measure"),
        Column("least"),
        Column("below"),
        Column("chain_only", width=6),
        Column("products"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
    ),
    order=(("rank", False), ("valid_from", True)),
    filters=("tier", "measure"),
    presets=(
        Preset("current", "现行", lambda s: as_of(TierRule, s.day)),
        Preset("unchecked", "待核", lambda s: s.col("source").contains("待核"), "warning"),
    ),
)


@dataclass(frozen=True)
class TierFacts:
    """What the standard looks at; an unknown size is None."""

    category: str
    diners: int | None = None
    floor_area: Decimal | None = None
    chain: bool = False
    product: str | None = None


@dataclass(frozen=True)
class TierLine:
    """A line of the standard in force, ready for many enterprises. ``categories`` and ``products`` empty mean all."""

    name: str
    tier: str
    categories: frozenset[str]
    measure: str
    least: Decimal | None
    below: Decimal | None
    chain_only: bool
    products: frozenset[str]

    def fits(self, facts: TierFacts) -> bool:
        """Whether the line decides the tier of an enterprise; an unknown size never fits a bound."""
        if self.categories and facts.category not in self.categories:
            return False
        if self.chain_only and not facts.chain:
            return False
        if self.products and facts.product not in self.products:
            return False
        if not self.measure:
            return True
        size = getattr(facts, self.measure)
        return (
            size is not None
            and (self.least is None or size >= self.least)
            and (self.below is None or size < self.below)
        )

    def lacks(self, facts: TierFacts) -> str:
        """The measure this line would need of the enterprise and does not know ('' where nothing is missing)."""
        concerned = not self.categories or facts.category in self.categories
        unknown = bool(self.measure) and getattr(facts, self.measure) is None
        return dict(MEASURES)[self.measure] if concerned and unknown else ""


def tier_lines(day: dt.date) -> list[TierLine]:
    """The standard in force on a day, in the order it is applied."""
    rules = TierRule.live().where(as_of(TierRule, day)).order_by(TierRule.rank, TierRule.id)
    return [
        TierLine(
            rule.name,
            rule.tier,
            frozenset(split_codes(rule.categories)),
            rule.measure or "",
            rule.least,
            rule.below,
            bool(rule.chain_only),
            frozenset(split_codes(rule.products)),
        )
        for rule in rules
    ]


def decide_tier(facts: TierFacts, lines: Iterable[TierLine]) -> tuple[str, tuple[str, ...]]:
    """The tier of the first line that fits ('' where none does) and the reasons, in Chinese."""
    missing: dict[str, None] = {}
    for line in lines:
        if line.fits(facts):
            return line.tier, (f"符合“{line.name}”", *_doubts(missing))
        if lacking := line.lacks(facts):
            missing[lacking] = None
    return "", ("没有符合的分级标准，请补充标准或直接填写层级并写明理由", *_doubts(missing))


def _doubts(missing: Iterable[str]) -> list[str]:
    return [f"{name}未登记，按规模的标准没有采用" for name in missing]


def suggest_tier(facts: TierFacts, day: dt.date) -> tuple[str, tuple[str, ...]]:
    """The tier by the standard in force on a day, with its reasons (食安委发〔2022〕6号; domain notes 3.1)."""
    return decide_tier(facts, tier_lines(day))


def check_by_hand(draft: Any, problems: Problems) -> None:
    """Warn of a changed tier that is not the standard's and has no reason.

    Nobody could tell it from a slip, and the next 按标准定层级 would take it back.
    """
    if draft.record is None or not draft["tier"] or not draft.changed("tier") or draft["tier_reason"]:
        return
    size, tier = draft["floor_area"], draft["tier"]
    facts = TierFacts(
        draft["category"],
        draft["diners"],
        None if size is None else Decimal(str(size)),
        bool(draft["chain"]),
        draft["product"],
    )
    wanted, reasons = suggest_tier(facts, draft.effective_on or draft.day)
    if wanted and wanted != tier:
        words = f"按分级标准应为{wanted}级（{'；'.join(reasons)}），所填为{tier}级：请写明层级理由，或改回{wanted}级"
        problems.warn("tier_reason", "tier_by_hand", words, f"{tier}/{wanted}")


def seed_rows() -> list[dict[str, Any]]:
    """The standard a new ledger starts with; every line is to be checked against the province's own."""
    return [
        {
            "rank": int(row["rank"]),
            "name": row["name"],
            "tier": row["tier"],
            "categories": row["categories"],
            "measure": row["measure"] or None,
            "least": Decimal(row["least"]) if row["least"] else None,
            "below": Decimal(row["below"]) if row["below"] else None,
            "chain_only": row["chain_only"] == "1",
            "products": row["products"],
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
