"""风险因素: what the static score of an enterprise is reckoned from, registered as of a day. Knows no score."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.core.checks import Problems
from models.core.fields import Date, Integer, LongText, Ref
from models.core.record import Entry
from models.core.register import Column, Preset, Register
from models.enterprise import Enterprise

#: The measures kept here, in the order of the office's forms (食药监食监一〔2016〕115号 annexes; domain notes 2.1).
PROFILE_MEASURES = (
    ("workers", "从业人数"),
    ("varieties", "生产品种数"),
    ("ambient_prepacked", "预包装常温单品数"),
    ("chilled_prepacked", "预包装冷藏单品数"),
    ("frozen_prepacked", "预包装冷冻单品数"),
    ("ambient_bulk", "散装常温单品数"),
    ("chilled_bulk", "散装冷藏单品数"),
    ("frozen_bulk", "散装冷冻单品数"),
    ("suppliers", "供货者数量"),
    ("cold_dishes", "冷食单品数"),
    ("cold_perishable", "冷食中易腐单品数"),
    ("raw_dishes", "生食单品数"),
    ("pastries", "糕点单品数"),
    ("pastries_perishable", "糕点中易腐单品数"),
    ("hot_dishes", "热食单品数"),
    ("hot_perishable", "热食中易腐单品数"),
    ("drinks", "自制饮品单品数"),
)
#: A part and the whole it is a part of.
WITHIN = (
    ("cold_perishable", "cold_dishes"),
    ("pastries_perishable", "pastries"),
    ("hot_perishable", "hot_dishes"),
)


class RiskProfile(Entry):
    """The risk factors of an enterprise from a day on, until the next ones."""

    title = "风险因素"
    label_field = "enterprise"
    identity = (("enterprise", "valid_from"),)
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    valid_from = Date("登记日期", required=True, default_today=True, help="从这一天起按此计分")
    workers = Integer("从业人数", unit="人")
    varieties = Integer("生产品种数", unit="种")
    ambient_prepacked = Integer("预包装常温单品数", unit="种", width=8)
    chilled_prepacked = Integer("预包装冷藏单品数", unit="种", width=8)
    frozen_prepacked = Integer("预包装冷冻单品数", unit="种", width=8)
    ambient_bulk = Integer("散装常温单品数", unit="种", width=7)
    chilled_bulk = Integer("散装冷藏单品数", unit="种", width=7)
    frozen_bulk = Integer("散装冷冻单品数", unit="种", width=7)
    suppliers = Integer("供货者数量", unit="家")
    cold_dishes = Integer("冷食单品数", unit="种")
    cold_perishable = Integer("冷食中易腐单品数", unit="种", width=8)
    raw_dishes = Integer("生食单品数", unit="种")
    pastries = Integer("糕点单品数", unit="种")
    pastries_perishable = Integer("糕点中易腐单品数", unit="种", width=8)
    hot_dishes = Integer("热食单品数", unit="种")
    hot_perishable = Integer("热食中易腐单品数", unit="种", width=8)
    drinks = Integer("自制饮品单品数", unit="种", width=7)
    note = LongText("备注")

    sections = (
        ("风险因素（没有的填0，不清楚的留空）", ("enterprise", "valid_from")),
        ("食品生产", ("workers", "varieties")),
        (
            "食品销售",
            (
                "ambient_prepacked",
                "chilled_prepacked",
                "frozen_prepacked",
                "ambient_bulk",
                "chilled_bulk",
                "frozen_bulk",
                "suppliers",
            ),
        ),
        (
            "餐饮服务",
            (
                "cold_dishes",
                "cold_perishable",
                "raw_dishes",
                "pastries",
                "pastries_perishable",
                "hot_dishes",
                "hot_perishable",
                "drinks",
            ),
        ),
        ("其他", ("note",)),
    )

    live_indexes = ((("enterprise", "valid_from"), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["valid_from"] and draft["valid_from"] > draft.day:
            problems.error("valid_from", "future", "登记日期晚于今天，请改正")
        if draft.same(enterprise=draft["enterprise"], valid_from=draft["valid_from"]) is not None:
            problems.error("valid_from", "duplicate", "该主体这一天已登记过风险因素，请打开原记录修改")
        fields = cls.own_fields()
        for part, whole in WITHIN:
            if draft[part] is not None and draft[whole] is not None and draft[part] > draft[whole]:
                problems.error(part, "within", f"{fields[part].label}不能多于{fields[whole].label}，请改正其一")
        if all(draft[name] is None for name, _label in PROFILE_MEASURES):
            problems.error("workers", "empty", "请至少填写一项风险因素")


def _latest(_scope: Any = None) -> Any:
    """The condition «no later factors of the same enterprise»."""
    later = RiskProfile.alias()
    newer = later.select(later.id).where(
        later.removed_at.is_null(),
        later.enterprise == RiskProfile.enterprise,
        later.valid_from > RiskProfile.valid_from,
    )
    return ~peewee.fn.EXISTS(newer)


REGISTER = Register(
    name="risk_profiles",
    title="风险因素",
    model=RiskProfile,
    icon="risk",
    unit="户次",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("valid_from"),
        *(Column(name) for name, _label in PROFILE_MEASURES),
        Column("note"),
    ),
    order=(("valid_from", True),),
    through=("enterprise",),
    filters=("enterprise.category",),
    presets=(Preset("latest", "最近一次", _latest),),
)


def profile_on(enterprise: int, day: dt.date) -> RiskProfile | None:
    """The risk factors that hold for an enterprise on a day; None where none were registered by then."""
    found: RiskProfile | None = (
        RiskProfile.live()
        .where(RiskProfile.enterprise == enterprise, RiskProfile.valid_from <= day)
        .order_by(RiskProfile.valid_from.desc())
        .first()
    )
    return found
