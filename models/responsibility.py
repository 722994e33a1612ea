"""包保责任: officials of three levels and their assignments to enterprises, as of any day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import peewee

from models.area import LEVELS, Area
from models.core.checks import Problem, Problems, code_check
from models.core.fields import Choice, Code, Date, Integer, LongText, Ref, Text
from models.core.figure import Figure
from models.core.record import Entry, Fact, as_of
from models.core.register import Column, Condition, Link, Preset, Register, Scope
from models.enterprise import Enterprise, EnterpriseState, in_business
from models.rules.coverage import check_assignment
from models.rules.phones import check_phone

#: Which level looks after a tier; A is the city's, outside the district (食安委发〔2022〕6号; domain notes 3.1).
LEVEL_OF_TIER = {"B": "district", "C": "township", "D": "village"}
#: The field that each rule of an assignment is shown at.
FIELD_OF_RULE = {
    "assignment_order": "valid_to",
    "outside_term": "valid_from",
    "overlap": "valid_from",
    "incomplete_area": "enterprise",
    "missing_tier": "enterprise",
    "city_tier": "enterprise",
}


class Official(Entry):
    """包保干部: a cadre at district, township or village level, with a dated post."""

    title = "包保干部"
    facts = staticmethod(lambda: OfficialPost)
    facts_start = "term_from"
    keep = ("level", "area", "unit", "term_from")
    name = Text("姓名", required=True, search=True, pinyin=True, sort="name_key", max_length=40, width=8)
    phone = Code("联系电话", search=True, check=code_check(check_phone), max_length=60)
    term_from = Date("任职起")
    term_to = Date("任职止", help="在任的留空")
    note = LongText("备注")

    sections = (
        ("包保干部", ("name", "level", "area", "unit", "post", "phone", "term_from", "term_to", "note")),
    )

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        area, level = draft.ref("area"), draft["level"]
        if area is not None and level and area.level != level:
            problems.error("area", "level", f"“{area.name}”是{dict(LEVELS)[area.level]}，与所选层级不符")
        begin, end = draft["term_from"], draft["term_to"]
        if begin and end and end < begin:
            problems.error("term_to", "order", "任职止早于任职起，请改正其一")
        if draft.record is not None and end:
            count = (
                Assignment.live()
                .where(
                    Assignment.official == draft.record.id,
                    Assignment.valid_to.is_null() | (Assignment.valid_to > end),
                )
                .count()
            )
            if count:
                problems.error(
                    "term_to",
                    "assigned",
                    f"该干部在{end}以后还有{count}户包保关系，请先调整给他人或填写截止日期",
                )


class OfficialPost(Fact):
    """An official's level, area, unit and post over time."""

    owner = "official"
    official = Ref(Official, "包保干部", required=True, backref="posts")
    valid_from = Date("自", required=True)
    valid_to = Date("至")
    level = Choice("层级", LEVELS, required=True, width=8)
    area = Ref(
        Area,
        "属地",
        required=True,
        narrow=lambda v: (Condition("level", "in", (v["level"],)),) if v.get("level") else (),
        narrowed_by=("level",),
    )
    unit = Text("单位", search=True, width=12)
    post = Text("职务", search=True, width=10)

    live_indexes = ((("official", "valid_from"), True),)


class Assignment(Entry):
    """包保: one official looks after one enterprise over a stretch of days, both ends included."""

    title = "包保关系"
    label_field = "enterprise"
    same_when = ("official",)
    alone = True
    keep = ("official", "valid_from", "reason")
    enterprise = Ref(Enterprise, "主体", required=True)
    enterprise_id: int
    official = Ref(Official, "包保干部", required=True)
    official_id: int
    valid_from = Date("包保起", required=True)
    valid_to = Date("包保止", help="现行的留空")
    reason = Text("调整原因", width=14)

    sections = (("包保关系", ("enterprise", "official", "valid_from", "valid_to", "reason")),)

    live_indexes = ((("enterprise", "valid_from", "valid_to", "official"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        place, official, begin = draft.ref("enterprise"), draft.ref("official"), draft["valid_from"]
        if place is None or official is None or begin is None:
            return
        state, post = place.fact(begin), official.fact(begin)
        if state is None or post is None:
            return
        others = cls.live().where(cls.enterprise == place.id)
        if draft.record is not None:
            others = others.where(cls.id != draft.record.id)
        spans = [(o.valid_from, o.valid_to) for o in others]
        where = (state.village or state.area).chain()
        for remark in check_assignment(
            post.level,
            post.area.chain(),
            where,
            state.tier,
            (official.term_from, official.term_to),
            begin,
            draft["valid_to"],
            spans,
        ):
            value = f"{official.id}/{begin}" if remark.severity == "warning" else ""
            field = FIELD_OF_RULE.get(remark.rule, "official")
            problems.items.append(Problem(field, remark.rule, remark.message, remark.severity, value))
        if state.status in ("closed", "revoked"):
            problems.error("enterprise", "closed", f"“{place.name}”已注销或吊销，不能再指派包保干部")


def _current(scope: Scope) -> Any:
    return as_of(Assignment, scope.day)


def assigned_now(day: Any) -> Any:
    """Enterprises whose official on ``day`` is of the level their tier asks for, or a higher one."""
    post, state = OfficialPost.alias(), EnterpriseState.alias()
    enough = (
        state.tier.is_null()
        | state.tier.in_(("A", "D"))
        | (post.level == "district")
        | ((state.tier == "C") & (post.level == "township"))
    )
    return (
        Assignment.live()
        .select(Assignment.enterprise)
        .join(
            post, on=((post.official == Assignment.official) & post.removed_at.is_null() & as_of(post, day))
        )
        .join_from(
            Assignment,
            state,
            on=((state.enterprise == Assignment.enterprise) & state.removed_at.is_null() & as_of(state, day)),
        )
        .where(as_of(Assignment, day), enough)
    )


REGISTER = Register(
    name="assignments",
    title="包保关系",
    model=Assignment,
    icon="assignment",
    unit="条",
    columns=(
        Column("enterprise", width=18),
        Column("enterprise.category", width=8),
        Column("enterprise.tier", width=10),
        Column("enterprise.area", width=9),
        Column("official", width=8),
        Column("official.level", width=8),
        Column("official.post", width=12),
        Column("official.phone", width=10),
        Column("valid_from"),
        Column("valid_to"),
        Column("reason"),
    ),
    order=(("enterprise", False), ("valid_from", True)),
    through=("enterprise", "official"),
    filters=("enterprise.tier", "official.level", "enterprise.area", "enterprise.category"),
    presets=(
        Preset("current", "现行", _current),
        Preset("past", "已调整", lambda s: s.col("valid_to").is_null(False) & (s.col("valid_to") < s.day)),
    ),
)
OFFICIALS = Register(
    name="officials",
    title="包保干部",
    model=Official,
    icon="officials",
    unit="人",
    columns=(
        Column("name"),
        Column("level"),
        Column("area", width=10),
        Column("unit"),
        Column("post"),
        Column("phone", width=10),
        Column(
            "load",
            width=6,
            like=Integer("包保户数"),
            expr=lambda s: Assignment.select(peewee.fn.COUNT(Assignment.id)).where(
                Assignment.official == Official.id, Assignment.removed_at.is_null(), as_of(Assignment, s.day)
            ),
        ),
        Column("term_from"),
        Column("term_to"),
    ),
    order=(("name", False),),
    filters=("level", "area"),
    presets=(
        Preset("serving", "在任", lambda s: s.col("term_to").is_null() | (s.col("term_to") >= s.day)),
        Preset("uncommitted", "未签承诺书", lambda s: _uncommitted(s.day), "warning"),
        Preset(
            "idle",
            "尚无包保对象",
            lambda s: Official.id.not_in(
                Assignment.live().select(Assignment.official).where(as_of(Assignment, s.day))
            ),
            "warning",
        ),
    ),
    links=(Link("assignments", "official"),),
)


def _uncommitted(day: Any) -> Any:
    from models.commitment import committed  # commitments stand on officials

    return Official.id.in_(serving(day)) & Official.id.not_in(committed(day))


def subjects_of_district(day: dt.date) -> peewee.ModelSelect:
    """The ids of the enterprises in business that the district's officials look after: all but the city's tier A."""
    state = EnterpriseState
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(state, on=(state.enterprise == Enterprise.id))
        .where(in_business(state, day), state.tier.is_null() | (state.tier != "A"))
    )


def _subjects(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return subjects_of_district(end)


def _covered(start: dt.date, end: dt.date) -> peewee.ModelSelect:
    return _subjects(start, end).where(Enterprise.id.in_(assigned_now(end)))


def serving(day: dt.date) -> peewee.ModelSelect:
    """The ids of the officials in office on a day."""
    return (
        Official.live()
        .select(Official.id)
        .where(
            Official.term_from.is_null() | (Official.term_from <= day),
            Official.term_to.is_null() | (Official.term_to >= day),
        )
    )


def unassigned(day: dt.date) -> peewee.ModelSelect:
    """Ids of the district's enterprises in business without an official on ``day``."""
    return _subjects(day, day).where(Enterprise.id.not_in(assigned_now(day)))


def officials_for(enterprise: Enterprise, day: dt.date) -> list[Official]:
    """The officials whose level and area fit the enterprise's tier and place on ``day``, by name."""
    state = enterprise.fact(day)
    if state is None:
        return []
    areas = set((state.village or state.area).chain())
    level = LEVEL_OF_TIER.get(state.tier or "", "")
    query = (
        Official.live()
        .join(OfficialPost, on=(OfficialPost.official == Official.id))
        .where(OfficialPost.removed_at.is_null(), as_of(OfficialPost, day), OfficialPost.area.in_(areas))
        .order_by(Official.name_key)
    )
    return list(query.where(OfficialPost.level == level)) if level else list(query)


Figure(
    name="assignment.enterprises",
    label="应包保主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="期末在营的主体户数；市级包保（A级）的不计。",
    query=_subjects,
)
Figure(
    name="assignment.assigned",
    label="已落实包保主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="应包保主体中，期末由规定层级或更高层级的现行包保干部包保的户数。",
    query=_covered,
)
Figure(
    name="assignment.missing",
    label="未落实包保主体",
    unit="户",
    kind="count",
    basis="stock",
    register="enterprises",
    rule="应包保主体中，期末没有由规定层级或更高层级的现行包保干部包保的户数。",
    query=lambda start, end: unassigned(end),
)
Figure(
    name="assignment.rate",
    label="包保率",
    unit="%",
    kind="ratio",
    basis="stock",
    register="enterprises",
    rule="已落实包保主体户数除以应包保主体户数。",
    part="assignment.assigned",
    whole="assignment.enterprises",
)
Figure(
    name="assignment.officials",
    label="包保干部",
    unit="人",
    kind="count",
    basis="stock",
    register="officials",
    rule="期末在任的区、乡镇（街道）、村（社区）包保干部人数。",
    query=lambda start, end: serving(end),
)
