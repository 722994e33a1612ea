"""Commitments (食品安全责任与任务承诺书) that officials sign for a year or period. Knows no document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.area import LEVELS
from models.core.checks import Problems
from models.core.fields import Choice, Date, Integer, LongText, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Preset, Register
from models.responsibility import Official


class Commitment(Entry):
    """One signed letter (承诺书) of an official, with the level and post of the day it was signed."""

    title = "承诺书"
    label_field = "official"
    keep = ("year", "signed_on", "valid_until")
    identity = (("official", "signed_on"),)
    official = Ref(Official, "包保干部", required=True)
    official_id: int
    year = Integer("年度", least=2000, most=2100, help="不填按签订日期", width=5)
    signed_on = Date("签订日期", required=True, default_today=True)
    valid_until = Date("有效期至", help="不填为当年12月31日")
    level = Choice("签订时层级", LEVELS, help="不填按签订日的任职", width=8)
    post = Text("签订时职务", search=True, help="不填按签订日的任职", width=10)
    note = LongText("备注")

    sections = (("承诺书", ("official", "year", "signed_on", "valid_until", "level", "post", "note")),)

    live_indexes = ((("official", "signed_on", "valid_until"), False),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        signed, found = draft["signed_on"], {}
        if signed is None:
            return {}
        if draft["year"] is None:
            found["year"] = signed.year
        if draft["valid_until"] is None:
            found["valid_until"] = dt.date(max(signed.year, draft["year"] or signed.year), 12, 31)
        if not draft["level"] or not draft["post"]:
            official = draft.ref("official")
            post = official.fact(signed) if official is not None else None
            if post is not None:
                found |= {"level": draft["level"] or post.level, "post": draft["post"] or post.post or ""}
        return found

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        signed, until, official = draft["signed_on"], draft["valid_until"], draft.ref("official")
        if signed and signed > draft.day:
            problems.error("signed_on", "future", "签订日期晚于今天，请改正")
        if signed and until and until < signed:
            problems.error("valid_until", "order", "有效期至早于签订日期，请改正其一")
        if official is None or signed is None:
            return
        if official.term_to and signed > official.term_to:
            problems.error("signed_on", "outside_term", f"{official.name}已于{official.term_to}离任，请核对")
        elif official.term_from and signed < official.term_from:
            problems.warn(
                "signed_on",
                "outside_term",
                f"签订日期早于{official.name}的任职日期{official.term_from}",
                signed,
            )
        same = draft.same(official=official.id, year=draft["year"])
        if same is not None:
            words = f"{official.name}{draft['year']}年度已于{same.signed_on}签订过，请核对是否重复登记"
            problems.warn("year", "duplicate_year", words, signed)


def in_force(day: Any) -> Any:
    """The condition «a commitment is in force on ``day``»."""
    return (Commitment.signed_on <= day) & (
        Commitment.valid_until.is_null() | (Commitment.valid_until >= day)
    )


def committed(day: Any) -> Any:
    """The ids of the officials with a commitment in force on ``day``."""
    return Commitment.live().select(Commitment.official).where(in_force(day))


REGISTER = Register(
    name="commitments",
    title="承诺书",
    model=Commitment,
    icon="document",
    unit="份",
    columns=(
        Column("official", width=8),
        Column("official.unit", width=12),
        Column("level"),
        Column("post"),
        Column("year"),
        Column("signed_on"),
        Column("valid_until"),
        Column("note"),
    ),
    order=(("signed_on", True),),
    through=("official",),
    filters=("year", "level"),
    presets=(
        Preset("current", "有效", lambda s: in_force(s.day)),
        Preset(
            "expired",
            "已过期",
            lambda s: s.col("valid_until").is_null(False) & (s.col("valid_until") < s.day),
            "warning",
        ),
    ),
)
