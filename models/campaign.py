"""Campaigns (专项整治): the office's special actions, tied to any number of inspections. Knows no inspection."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.area import Area
from models.core.checks import Problems
from models.core.fields import Date, Integer, Json, Lines, LongText, Ref, Text
from models.core.record import Entry, Record
from models.core.register import Column, Condition, Link, Preset, Register
from models.rules.seeds import RESOURCES, read_seed, seed_day

SEED = RESOURCES / "campaigns" / "published.csv"


class Campaign(Entry):
    """A special action with its period, its task in numbers, and the filter that says whom it concerns.

    ``scope`` is the frozen copy of a view of the enterprises (JSON as saved views have it), ``settled_on`` the day
    its enterprises were last taken as targets; both are set by models/campaign_scope.
    """

    title = "专项整治"
    identity = (("name", "starts_on"),)
    name = Text("专项名称", required=True, search=True, pinyin=True, sort="name_key", max_length=80, width=20)
    starts_on = Date("开始日期", required=True)
    ends_on = Date("结束日期")
    due_on = Date("检查期限", help="对象应在这一天前查完；空着为结束日期")
    basis = Text("部署依据", search=True, width=18)
    goal_places = Integer("任务户数", least=1, unit="户", help="要求检查的户数；空着为全部对象")
    goal_visits = Integer("任务家次", least=1, unit="家次", help="要求检查的次数；没有要求的空着")
    note = LongText("内容")
    goals = Lines(
        lambda: CampaignGoal,
        "分乡镇任务",
        parent="campaign",
        columns=("area", "places", "visits", "due_on"),
        help="上级按乡镇（街道）分了任务的填写",
    )
    scope = Json("范围")
    scope_name = Text("对象范围", editable=False, max_length=60)
    settled_on = Date("对象确定日期", editable=False)

    sections = (
        (
            "专项整治",
            ("name", "basis", "starts_on", "ends_on", "due_on", "goal_places", "goal_visits", "note"),
        ),
        ("分乡镇任务", ("goals",)),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end, due = draft["starts_on"], draft["ends_on"], draft["due_on"]
        if begin and end and end < begin:
            problems.error("ends_on", "order", "结束日期早于开始日期，请改正其一")
        if begin and due and due < begin:
            problems.error("due_on", "order", "检查期限早于开始日期，请改正其一")
        elif due and end and due > end:
            problems.warn("due_on", "after_end", f"检查期限晚于结束日期{end}，请核对", due)
        cls._check_name(draft, problems)
        cls._check_goals(draft, problems)

    @classmethod
    def _check_name(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["starts_on"], draft["ends_on"]
        for other in draft.others(name=draft["name"]) if begin and draft["name"] else ():
            if (other.ends_on is None or other.ends_on >= begin) and (end is None or other.starts_on <= end):
                words = f"已有同期的同名专项（{other.starts_on}开始），请核对是否重复登记"
                problems.warn("name", "same_name", words, other.id)
                return

    @classmethod
    def _check_goals(cls, draft: Any, problems: Problems) -> None:
        lines = draft["goals"] or []
        areas = [line.get("area") for line in lines]
        for index, area in enumerate(areas):
            if area is not None and area in areas[:index]:
                problems.error(f"goals[{index}].area", "twice", "这个乡镇（街道）已填了一行，请合成一行")
        for name, word, unit in (("places", "任务户数", "户"), ("visits", "任务家次", "家次")):
            whole, parts = draft[f"goal_{name}"], sum(line.get(name) or 0 for line in lines)
            if whole and parts and whole != parts:
                words = f"分乡镇任务合计{parts}{unit}，与{word}{whole}{unit}不符，请核对"
                problems.warn(f"goal_{name}", "sum", words, f"{parts}/{whole}")

    def runs_on(self, day: dt.date) -> bool:
        """Whether the campaign runs on a day."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class CampaignGoal(Record):
    """What a campaign asks of one township: places in 户, visits in 家次, and its own deadline."""

    title = "分乡镇任务"
    owner = "campaign"
    label_field = "area"
    campaign = Ref(Campaign, "专项整治", required=True, backref="goal_rows")
    campaign_id: int
    area = Ref(
        Area, "乡镇（街道）", required=True, narrow=lambda v: (Condition("level", "in", ("township",)),)
    )
    area_id: int
    places = Integer("户数", least=1, unit="户")
    visits = Integer("家次", least=1, unit="家次")
    due_on = Date("检查期限", help="空着为专项的期限")

    live_indexes = ((("campaign", "area"), True),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        area = draft.ref("area")
        if area is not None and area.level != "township":
            problems.error("area", "level", f"“{area.name}”不是乡镇（街道），请选乡镇（街道）")
        if not (draft["places"] or draft["visits"] or draft["due_on"]):
            problems.error("places", "required", "请填户数、家次或检查期限，没有任务的去掉这一行")
        begin = draft.parent["starts_on"] if draft.parent is not None else None
        if begin and draft["due_on"] and draft["due_on"] < begin:
            problems.error("due_on", "order", "检查期限早于专项的开始日期，请改正")


def seed_rows() -> list[dict[str, Any]]:
    """The campaigns of the office's published report, which a new ledger starts with."""
    return [
        {
            "name": row["name"],
            "starts_on": seed_day(row["starts_on"]),
            "ends_on": seed_day(row["ends_on"]),
            "note": row["source_note"],
        }
        for row in read_seed(SEED)
    ]


def untouched_seeds() -> Any:
    """The condition «a campaign a new ledger starts with, which nobody has changed»."""
    names = [row["name"] for row in seed_rows()]
    notes = sorted({row["note"] for row in seed_rows()})
    return Campaign.name.in_(names) & Campaign.note.in_(notes) & (Campaign.version == 1)


REGISTER = Register(
    name="campaigns",
    title="专项整治",
    model=Campaign,
    icon="campaign",
    unit="项",
    columns=(
        Column("name"),
        Column("starts_on"),
        Column("ends_on"),
        Column("due_on", shown=False),
        Column("scope_name", width=12),
        Column("settled_on", width=8),
        Column("goal_places", shown=False),
        Column("goal_visits", shown=False),
        Column("basis"),
        Column("note"),
    ),
    order=(("starts_on", True),),
    presets=(
        Preset(
            "current",
            "进行中",
            lambda s: (
                (s.col("starts_on") <= s.day) & (s.col("ends_on").is_null() | (s.col("ends_on") >= s.day))
            ),
        ),
        Preset("unsettled", "未定对象", lambda s: s.col("settled_on").is_null(), "warning"),
    ),
    links=(Link("campaign_targets", "campaign"), Link("inspections", "campaigns")),
)
