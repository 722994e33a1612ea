"""Supervision visits (督导) of officials to enterprises, with the task list they follow. Knows no due list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.area import LEVELS
from models.core.checks import Problems
from models.core.choices import Choices, split_codes
from models.core.fields import Choice, Date, Integer, Lines, Links, LongText, Ref, Text
from models.core.record import Entry, Record, as_of
from models.core.register import Column, Link, Preset, Register
from models.enterprise import CATEGORIES, Enterprise
from models.organization import Officer
from models.responsibility import Assignment, Official
from models.rules.seeds import RESOURCES, read_seed

RESULTS = (("none", "未发现问题"), ("problems", "发现问题"))
ANSWERS = (("yes", "是"), ("no", "否"), ("not_applicable", "不适用"))
SEED = RESOURCES / "rules" / "task_items.csv"


class TaskItem(Entry):
    """One item of the task list (任务清单): what an official looks at in some kinds of enterprises."""

    title = "督导任务清单"
    label_field = "wording"
    identity = (("wording", "valid_from"),)
    rank = Integer("序号", required=True, width=5)
    topic = Text("类别", search=True, width=9)
    wording = Text("督导内容", required=True, search=True, pinyin=True, sort="name_key", width=28)
    categories = Choices("适用主体", CATEGORIES, help="几类用顿号分开；留空适用于全部", width=14)
    valid_from = Date("施行日期", required=True)
    valid_to = Date("废止日期")
    source = LongText("依据", width=20)

    sections = (
        (
            "督导任务清单",
            ("rank", "topic", "wording", "categories", "valid_from", "valid_to", "source"),
        ),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        begin, end = draft["valid_from"], draft["valid_to"]
        if begin and end and end < begin:
            problems.error("valid_to", "order", "废止日期早于施行日期，请改正其一")


class SupervisionVisit(Entry):
    """督导: one visit of an official to an enterprise, counted in 家次."""

    title = "包保督导"
    label_field = "enterprise"
    keep = ("official", "visited_on", "officers", "companions")
    identity = (("enterprise", "official", "visited_on"),)
    enterprise = Ref(Enterprise, "督导主体", required=True)
    enterprise_id: int
    official = Ref(Official, "包保干部", required=True)
    official_id: int
    visited_on = Date("督导日期", required=True, default_today=True)
    level = Choice("督导时层级", LEVELS, editable=False, width=8)
    result = Choice("督导结果", RESULTS, required=True, default="none", width=8)
    companions = Text("其他陪同人员", search=True, width=10)
    note = LongText("督导情况", search=True)
    officers = Links(lambda: VisitOfficer, "陪同监管人员", parent="visit", target="officer")
    items = Lines(
        lambda: VisitItem,
        "任务清单",
        parent="visit",
        columns=("item", "answer", "problem"),
        help="按 1 是、2 否、3 不适用，自动到下一项；没有答的不登记",
        prepared=("item", ()),
        offer=("其余都答“是”", {"answer": "yes"}),
        skip=("answer", ("yes", "not_applicable")),
    )
    findings = Lines(
        lambda: _finding(),
        "发现问题",
        parent="visit",
        columns=("wording", "severity", "measure", "due_on", "resolved_on", "checked_by"),
    )

    sections = (
        ("督导", ("enterprise", "official", "visited_on", "officers", "companions", "result", "note")),
        ("任务清单", ("items",)),
        ("发现问题", ("findings",)),
    )

    live_indexes = ((("enterprise", "visited_on"), False), (("visited_on", "official"), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        official, day = draft.ref("official"), draft["visited_on"]
        post = official.fact(day) if official is not None and day is not None else None
        return {"level": post.level if post is not None else None}

    @classmethod
    def prepare(cls, draft: Any) -> dict[str, list[Any]]:
        """The task list of the enterprise's category on the day of the visit."""
        place, day = draft.ref("enterprise"), draft["visited_on"]
        state = place.fact(day) if place is not None and day is not None else None
        return {"items": [item.id for item in task_items(state.category, day)] if state is not None else []}

    @classmethod
    def found_in(cls, draft: Any) -> dict[str, Any]:
        """What a finding of the visit takes over from it."""
        return {
            "enterprise": draft["enterprise"],
            "found_on": draft["visited_on"],
            "channel": "assignment",
        }

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        day = draft["visited_on"]
        if day and day > draft.day:
            problems.error("visited_on", "future", "督导日期晚于今天，请改正")
        result, findings = draft["result"], draft["findings"]
        if result == "none" and findings:
            problems.error("result", "findings", f"已登记{len(findings)}处问题，督导结果不能是“未发现问题”")
        if result == "problems" and not findings:
            problems.error("findings", "findings", "督导结果为发现问题，请登记发现的问题")
        cls._check_items(draft, problems)
        place, official = draft.ref("enterprise"), draft.ref("official")
        if place is not None and official is not None and day is not None:
            cls._check_pair(draft, place, official, day, problems)

    @classmethod
    def _check_items(cls, draft: Any, problems: Problems) -> None:
        seen = set()
        for index, line in enumerate(draft["items"] or []):
            if line.get("item") in seen:
                problems.error(f"items[{index}].item", "twice", "同一项任务填了两次，请删去其一")
            seen.add(line.get("item"))
            if line.get("answer") == "no" and draft["result"] == "none":
                problems.error(
                    f"items[{index}].answer", "result", "有答“否”的任务，督导结果不能是“未发现问题”"
                )

    @classmethod
    def _check_pair(cls, draft: Any, place: Any, official: Any, day: dt.date, problems: Problems) -> None:
        if (official.term_from and day < official.term_from) or (official.term_to and day > official.term_to):
            problems.error("official", "outside_term", f"{official.name}在{day}不在任，请核对干部或日期")
        state = place.fact(day)
        if state is not None and state.status in ("closed", "revoked") and state.valid_from <= day:
            problems.warn("enterprise", "closed", f"“{place.name}”在{day}已注销或吊销，请核对", day)
        mine = Assignment.live().where(
            Assignment.enterprise == place.id, Assignment.official == official.id, as_of(Assignment, day)
        )
        if not mine.exists():
            words = f"{official.name}在{day}不是“{place.name}”的包保干部，请核对"
            problems.warn("official", "not_assigned", words, f"{official.id}/{day}")
        same = draft.same(enterprise=place.id, official=official.id, visited_on=day)
        if same is not None:
            problems.warn("visited_on", "duplicate_visit", "当天已登记过这次督导，请核对是否重复", day)

    def after_save(self, tx: Any, draft: Any) -> None:
        finding = _finding()
        for one in finding.live().where(finding.visit == self.id):
            tx.update(one, enterprise=self.enterprise_id, found_on=self.visited_on)


def _finding() -> Any:
    from models.inspection import Finding  # findings stand on visits

    return Finding


class VisitOfficer(Record):
    """A law officer who went along on a visit."""

    owner = "visit"
    live_indexes = ((("visit", "officer"), True),)
    visit = Ref(SupervisionVisit, "包保督导", required=True, backref="officer_rows")
    officer = Ref(Officer, "监管人员", required=True)


class VisitItem(Record):
    """The answer to one item of the task list on a visit."""

    title = "督导任务"
    owner = "visit"
    label_field = "item"
    visit = Ref(SupervisionVisit, "包保督导", required=True, backref="item_rows")
    item = Ref(TaskItem, "督导内容", required=True, width=24)
    answer = Choice("结果", ANSWERS, required=True, width=5)
    problem = Text("问题描述", width=18)

    sections = (("督导任务", ("item", "answer", "problem")),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        if draft["answer"] == "no" and not draft["problem"]:
            problems.error("problem", "required", "答“否”的请写明问题")


REGISTER = Register(
    name="visits",
    title="包保督导",
    model=SupervisionVisit,
    icon="eye",
    unit="家次",
    columns=(
        Column("visited_on"),
        Column("enterprise", width=18),
        Column("official", width=8),
        Column("level"),
        Column("enterprise.area", width=9),
        Column("enterprise.tier", width=9),
        Column("result"),
        Column("findings", label="问题数", width=5),
        Column("officers", width=10),
        Column("companions"),
        Column("note", shown=False),
    ),
    order=(("visited_on", True),),
    through=("enterprise", "official"),
    filters=("level", "result", "enterprise.area", "enterprise.tier", "enterprise.category"),
    presets=(Preset("problems", "发现问题", lambda s: s.col("result") == "problems", "warning"),),
    links=(Link("findings", "visit"),),
)
TASK_ITEMS = Register(
    name="task_items",
    title="督导任务清单",
    model=TaskItem,
    icon="list",
    unit="项",
    columns=(
        Column("rank"),
        Column("topic"),
        Column("wording"),
        Column("categories"),
        Column("valid_from"),
        Column("valid_to"),
        Column("source"),
    ),
    order=(("rank", False), ("valid_from", True)),
    filters=("topic",),
    presets=(
        Preset("current", "现行", lambda s: as_of(TaskItem, s.day)),
        Preset("unchecked", "待核", lambda s: s.col("source").contains("待核"), "warning"),
    ),
)


def task_items(category: str, day: dt.date) -> list[TaskItem]:
    """The items in force on a day for a category of enterprise, in their order."""
    rows = TaskItem.live().where(as_of(TaskItem, day)).order_by(TaskItem.rank, TaskItem.id)
    return [row for row in rows if not row.categories or category in split_codes(row.categories)]


def seed_rows() -> list[dict[str, Any]]:
    """The task list a new ledger starts with."""
    return [
        {
            "rank": int(row["rank"]),
            "topic": row["topic"],
            "wording": row["wording"],
            "categories": row["categories"],
            "valid_from": dt.date.fromisoformat(row["valid_from"]),
            "valid_to": None,
            "source": row["source_note"],
        }
        for row in read_seed(SEED)
    ]
