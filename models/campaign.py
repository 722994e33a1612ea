"""Campaigns (专项整治): the office's special actions, tied to any number of inspections."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Date, LongText, Text
from models.core.record import Entry
from models.core.register import Column, Link, Preset, Register


class Campaign(Entry):
    """A special action with its period."""

    title = "专项整治"
    name = Text("专项名称", required=True, search=True, pinyin=True, sort="name_key", max_length=80, width=20)
    starts_on = Date("开始日期", required=True)
    ends_on = Date("结束日期")
    basis = Text("部署依据", search=True, width=18)
    note = LongText("内容")

    sections = (("专项整治", ("name", "starts_on", "ends_on", "basis", "note")),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["starts_on"], draft["ends_on"]
        if begin and end and end < begin:
            problems.error("ends_on", "order", "结束日期早于开始日期，请改正其一")


REGISTER = Register(
    name="campaigns",
    title="专项整治",
    model=Campaign,
    icon="campaign",
    unit="项",
    columns=(Column("name"), Column("starts_on"), Column("ends_on"), Column("basis"), Column("note")),
    order=(("starts_on", True),),
    presets=(
        Preset(
            "current",
            "进行中",
            lambda s: (
                (s.col("starts_on") <= s.day) & (s.col("ends_on").is_null() | (s.col("ends_on") >= s.day))
            ),
        ),
    ),
    links=(Link("inspections", "campaigns"),),
)
