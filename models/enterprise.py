"""Enterprises (主体): places of business with their party, permits, safety staff and dated facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import peewee

from models.area import Area
from models.core import search
from models.core.checks import Problems, code_check
from models.core.fields import Bool, Choice, Code, Date, Integer, Lines, LongText, Number, Ref, Text
from models.core.record import Entry, Fact, as_of
from models.core.register import Column, Condition, Link, Preset, Register, Scope
from models.organization import Branch
from models.party import Party
from models.rules import identifiers
from models.rules.phones import check_phone
from models.settings import settings

CATEGORIES = (
    ("production", "食品生产"),
    ("small_workshop", "小作坊"),
    ("sale", "食品销售"),
    ("small_shop", "小食杂店"),
    ("catering", "餐饮服务"),
    ("small_eatery", "小餐饮"),
    ("school_canteen", "学校食堂"),
    ("kindergarten_canteen", "幼儿园食堂"),
    ("workplace_canteen", "单位食堂"),
    ("central_kitchen", "中央厨房"),
    ("collective_catering", "集体用餐配送"),
    ("stall", "食品摊贩"),
    ("market", "集中交易市场"),
)
CANTEENS = ("school_canteen", "kindergarten_canteen")
STATUSES = (
    ("open", "在营"),
    ("suspended", "停业"),
    ("closed", "注销"),
    ("revoked", "吊销"),
    ("lost", "失联"),
)
KEY_AREAS = (
    ("campus", "校园周边"),
    ("scenic", "旅游景点周边"),
    ("urban_fringe", "城乡结合部"),
    ("rural_fair", "农村集市"),
)
TIERS = (("A", "A级（市级包保）"), ("B", "B级（区级）"), ("C", "C级（乡镇街道）"), ("D", "D级（村社区）"))
SUPPLY_MODES = (("own", "自营食堂"), ("contracted", "委托承包经营"), ("delivered", "供餐单位订餐"))
#: What a producer mainly makes, by the class of the production permit (2020 目录); rice has its own figure.
PRODUCTS = (
    ("0101", "小麦粉"),
    ("0102", "大米"),
    ("0103", "挂面"),
    ("0104", "其他粮食加工品"),
    ("02", "食用油（含山茶油）"),
    ("03", "调味品"),
    ("04", "肉制品"),
    ("05", "乳制品"),
    ("06", "饮料"),
    ("07", "方便食品"),
    ("08", "饼干"),
    ("09", "罐头"),
    ("10", "冷冻饮品"),
    ("11", "速冻食品"),
    ("12", "薯类和膨化食品"),
    ("13", "糖果制品"),
    ("14", "茶叶及相关制品"),
    ("15", "酒类"),
    ("16", "蔬菜制品"),
    ("17", "水果制品"),
    ("18", "炒货及坚果制品"),
    ("19", "蛋制品"),
    ("20", "可可及焙烤咖啡产品"),
    ("21", "食糖"),
    ("22", "水产制品"),
    ("23", "淀粉及淀粉制品"),
    ("24", "糕点"),
    ("25", "豆制品"),
    ("26", "蜂产品"),
    ("27", "保健食品"),
    ("28", "特殊医学用途配方食品"),
    ("29", "婴幼儿配方食品"),
    ("30", "特殊膳食食品"),
    ("31", "其他食品"),
    ("32", "食品添加剂"),
)
RICE = "0102"
PERMIT_KINDS = (
    ("JY", "食品经营许可证"),
    ("SC", "食品生产许可证"),
    ("YB", "仅销售预包装食品备案"),
    ("workshop", "小作坊登记证"),
    ("eatery", "小餐饮登记证"),
    ("shop", "小食杂店登记证"),
    ("stall", "食品摊贩备案"),
)
KIND_OF_CATEGORY = {
    "small_workshop": "workshop",
    "small_eatery": "eatery",
    "small_shop": "shop",
    "stall": "stall",
}
PERMIT_RULES = {"JY": identifiers.check_jy, "SC": identifiers.check_sc, "YB": identifiers.check_yb}


def _safety_staff() -> Any:
    from models.safety_staff import SafetyStaff  # the staff stand on enterprises

    return SafetyStaff


class Enterprise(Entry):
    """One operator at one place of business, counted in 户."""

    title = "主体"
    facts = staticmethod(lambda: EnterpriseState)
    facts_start = "opened_on"
    keep = ("branch", "category", "area", "village", "key_area")
    #: For an import: the party may come along in the row; what makes a row this record; what makes it a doubt.
    brings = ("party",)
    identity = (
        ("name", "address"),
        ("party.uscc", "address"),
        ("name", "party.uscc"),
        ("name", "permits.number"),
    )
    suspects = (("permits.number",), ("party.uscc",))

    name = Text("主体名称", required=True, search=True, pinyin=True, sort="name_key", width=18)
    initials = Code("拼音首字母", search=True, max_length=200, help="自动生成，多音字可改", width=8)
    #: Found by its index with the address: one party may run the stalls of a whole market.
    party = Ref(Party, "当事人", required=True, help="许可证或登记证的持有人；学校食堂填学校", index=False)
    party_id: int
    address = Text("经营地址", required=True, search=True, width=22)
    principal = Text("负责人", search=True, pinyin=True, max_length=40, width=8)
    phone = Code("联系电话", search=True, check=code_check(check_phone), max_length=60)
    opened_on = Date("开业日期", help="不清楚的留空，按一直在营处理")
    branch = Ref(Branch, "监管分局")
    floor_area = Number("经营面积", unit="㎡", places=1)
    chain = Bool("连锁")
    note = LongText("备注")
    permits = Lines(
        lambda: Permit,
        "许可证",
        parent="enterprise",
        columns=("kind", "number", "scope", "issued_on", "valid_until"),
    )
    staff = Lines(
        _safety_staff,
        "食品安全总监、食品安全员",
        parent="enterprise",
        columns=("role", "side", "name", "phone", "appointed_on", "left_on", "certificate"),
    )

    sections = (
        (
            "主体",
            (
                "name",
                "party",
                "address",
                "principal",
                "phone",
                "opened_on",
                "branch",
                "initials",
            ),
        ),
        (
            "类别与属地（按日期记变更）",
            (
                "category",
                "status",
                "area",
                "village",
                "key_area",
                "tier",
                "tier_reason",
                "product",
                "supply_mode",
                "contractor",
                "diners",
            ),
        ),
        ("规模", ("floor_area", "chain", "note")),
        ("许可证", ("permits",)),
        ("食品安全管理人员", ("staff",)),
    )

    class Meta:
        indexes = ((("name",), False), (("party", "address"), False))

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        if draft["initials"] and not (draft.changed("name") and not draft.changed("initials")):
            return {}
        return {"initials": search.initials(draft["name"] or "")[:200]}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        area, village = draft.ref("area"), draft.ref("village")
        if area is not None and area.level != "township":
            problems.error("area", "level", f"“{area.name}”不是乡镇（街道），请选乡镇（街道）")
        if village is not None and (village.level != "village" or village.parent_id != draft["area"]):
            problems.error(
                "village", "parent", f"“{village.name}”不属于所选的乡镇（街道），请重选或先留空（待补）"
            )
        for name, one in (("area", area), ("village", village)):
            since = draft.effective_on or draft.day
            if one is not None and one.ended_on and one.ended_on < since and draft.changed(name):
                problems.error(name, "ended", f"“{one.name}”已于{one.ended_on}撤并，请选现在的属地")
        if draft["category"] == "production" and not draft["product"]:
            problems.warn("product", "no_product", "食品生产者没有登记主要产品，专项统计会漏计")
        if draft["opened_on"] and draft["opened_on"] > draft.day:
            problems.warn("opened_on", "future", "开业日期晚于今天，请核对", draft["opened_on"])
        if draft["contractor"] and draft["contractor"] == draft["party"]:
            problems.error("contractor", "same", "承包方与当事人相同，自营食堂请清空承包方")
        cls._check_duplicate(draft, problems)
        if draft.record is not None and draft["opened_on"] and draft.changed("opened_on"):
            cls._check_visits(draft, problems)
        from models.tier import check_by_hand  # the standard stands on enterprises
        check_by_hand(draft, problems)

    @classmethod
    def _check_visits(cls, draft: Any, problems: Problems) -> None:
        """Without facts before its opening a place is of no category then: figures would lose earlier visits."""
        from models.inspection import Inspection  # inspections stand on enterprises

        visits = Inspection.live().where(Inspection.enterprise == draft.record.id)
        first = visits.order_by(Inspection.inspected_on).first()
        if first is not None and first.inspected_on < draft["opened_on"]:
            words = f"开业日期晚于{first.inspected_on}的监督检查，按类别的统计将不计那次检查，请核对"
            problems.warn("opened_on", "visited", words, draft["opened_on"])

    @classmethod
    def _check_duplicate(cls, draft: Any, problems: Problems) -> None:
        place = (draft["address"] or "").strip()
        same = draft.same(party=draft["party"], address=place)
        if same is not None:
            problems.error(
                "name", "duplicate", f"同一当事人在“{place}”已登记为“{same.name}”，请打开那一户修改"
            )
            return
        same = draft.same(name=draft["name"], address=place)
        if same is not None:
            problems.warn(
                "name", "same_name", f"“{place}”已有同名主体“{same.name}”，请确认不是重复登记", same.id
            )


class EnterpriseState(Fact):
    """What changes about an enterprise over time; past figures read it as of their day."""

    owner = "enterprise"
    enterprise = Ref(Enterprise, "主体", required=True, backref="states")
    valid_from = Date("自", required=True)
    valid_to = Date("至")
    category = Choice("主体类别", CATEGORIES, required=True)
    status = Choice("状态", STATUSES, required=True, default="open", width=5)
    area = Ref(
        Area, "乡镇（街道）", required=True, narrow=lambda v: (Condition("level", "in", ("township",)),)
    )
    village = Ref(
        Area,
        "村（社区）",
        help="暂不清楚的留空，列入待补",
        narrow=lambda v: (
            Condition("level", "in", ("village",)),
            *((Condition("parent", "in", (v["area"],)),) if v.get("area") else ()),
        ),
        narrowed_by=("area",),
    )
    key_area = Choice("重点区域", KEY_AREAS)
    tier = Choice("包保层级", TIERS, help="A级由市级包保，不计入本区")
    tier_reason = Text("层级理由", help="不按标准定层级的写明理由，批量定层级时不改", width=14)
    product = Choice("主要产品", PRODUCTS, help="食品生产者填写")
    supply_mode = Choice("供餐方式", SUPPLY_MODES, help="学校、幼儿园食堂填写")
    contractor = Ref(Party, "承包方", help="学校食堂委托承包经营的填写")
    contractor_id: int | None
    diners = Integer("就餐人数", unit="人", help="食堂填就餐人数，集体用餐配送填供餐人数")

    live_indexes = (
        (("enterprise", "valid_from"), True),
        (("category", "status", "valid_from", "valid_to", "enterprise"), False),
    )


class Permit(Entry):
    """A permit, registration or filing of an enterprise."""

    title = "许可证"
    owner = "enterprise"
    label_field = "number"
    same_when = ("kind", "number")
    enterprise = Ref(Enterprise, "主体", backref="permit_rows")
    kind = Choice("证照种类", PERMIT_KINDS, required=True, default="JY")
    number = Code("证照编号", required=True, search=True, max_length=60, width=14)
    scope = Text("经营项目", width=14)
    issued_on = Date("发证日期")
    valid_until = Date("有效期至", help="备案长期有效的留空")

    sections = (("许可证", ("kind", "number", "scope", "issued_on", "valid_until")),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        kind = draft["kind"] if draft.record is not None or "kind" in draft.values else cls._kind(draft)
        rule = PERMIT_RULES.get(kind, identifiers.check_local_registration)
        return {"kind": kind, "number": rule(draft["number"] or "").value}

    @classmethod
    def _kind(cls, draft: Any) -> str:
        """The kind of a permit entered without one: by the letters of its number, else by the enterprise's category."""
        letters = identifiers.normalise(draft["number"] or "")[:2]
        if letters in PERMIT_RULES:
            return letters
        category = draft.parent["category"] if draft.parent is not None else None
        return KIND_OF_CATEGORY.get(category or "", "JY")

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        number, kind = draft["number"], draft["kind"]
        if not number:
            return
        found = PERMIT_RULES.get(kind, identifiers.check_local_registration)(number)
        if found.error:
            problems.error("number", "permit_format", found.error)
        elif found.warning:
            problems.warn("number", "permit_check", found.warning, number)
        issued, until = draft["issued_on"], draft["valid_until"]
        if issued and until and until < issued:
            problems.error("valid_until", "order", "有效期至早于发证日期，请改正其一")
        other = draft.same(kind=kind, number=number)
        if other is not None:
            problems.warn(
                "number", "permit_duplicate", f"该编号已登记在“{other.enterprise.name}”名下，请核对", number
            )

    live_indexes = ((("kind", "number"), False),)


def in_business(state: Any, day: dt.date) -> peewee.Expression:
    """The condition «in business on ``day``» for a table or alias of EnterpriseState."""
    return state.removed_at.is_null() & as_of(state, day) & (state.status == "open")


def contractors(enterprise: int) -> list[Any]:
    """The parties that ever ran an enterprise's canteen by contract, the latest first."""
    state = EnterpriseState
    rows = (
        state.live()
        .where(state.enterprise == enterprise, state.contractor.is_null(False))
        .order_by(state.valid_from.desc())
    )
    return list(dict.fromkeys(row.contractor for row in rows))


def contractor_on(enterprise: Any, day: dt.date) -> Any:
    """The party that runs the canteen by contract on a day; None where nobody does."""
    state = enterprise.fact(day)
    return state.contractor if state is not None else None


def is_campus(state: Any) -> peewee.Expression:
    """School and kindergarten canteens, and operators in key area 校园周边."""
    return state.category.in_(CANTEENS) | (state.key_area == "campus")


def state_on(record_enterprise: Any, day: Any) -> tuple[Any, peewee.Expression]:
    """An alias of EnterpriseState and its join condition to an enterprise column, as of ``day`` (date or column)."""
    state = EnterpriseState.alias()
    return state, (state.enterprise == record_enterprise) & state.removed_at.is_null() & as_of(state, day)


def _next_expiry(scope: Scope) -> Any:
    """The last day of the enterprise's newest permit; NULL without a dated one."""
    return Permit.select(peewee.fn.MAX(Permit.valid_until)).where(
        Permit.enterprise == Enterprise.id, Permit.removed_at.is_null()
    )


def _expires_within(days: Callable[[], int]) -> Any:
    def where(scope: Scope) -> Any:
        end = scope.day + dt.timedelta(days=days())
        ending = Permit.live().select(Permit.enterprise).where(Permit.valid_until <= end)
        lasting = (
            Permit.live()
            .select(Permit.enterprise)
            .where(Permit.valid_until.is_null() | (Permit.valid_until > end))
        )
        return Enterprise.id.in_(ending) & Enterprise.id.not_in(lasting) & (scope.col("status") == "open")

    return where


def _first_number(scope: Scope) -> Any:
    return Permit.select(peewee.fn.MIN(Permit.number)).where(
        Permit.enterprise == Enterprise.id, Permit.removed_at.is_null()
    )


def _ended_on(scope: Scope) -> Any:
    """The first day of the state in force where it is an end (注销, 吊销)."""
    return peewee.Case(None, [(scope.col("status").in_(("closed", "revoked")), _state_start(scope))], None)


def _state_start(scope: Scope) -> Any:
    state = EnterpriseState.alias()
    return state.select(peewee.fn.MIN(state.valid_from)).where(
        state.enterprise == Enterprise.id, state.removed_at.is_null(), state.status.in_(("closed", "revoked"))
    )


REGISTER = Register(
    name="enterprises",
    title="主体名册",
    model=Enterprise,
    icon="enterprises",
    unit="户",
    columns=(
        Column("name"),
        Column("category", width=8),
        Column("status"),
        Column("area", width=8),
        Column("principal"),
        Column("phone", width=8),
        Column("address"),
        Column("village", width=9),
        Column("permit_number", expr=_first_number, like=Code("证照编号", width=13)),
        Column("permit_until", expr=_next_expiry, like=Date("证照有效期至", width=9)),
        Column("tier", width=10),
        Column("key_area", width=8),
        Column("party", width=16),
        Column("party.uscc", width=14),
        Column("tier_reason", shown=False),
        Column("product", width=8, shown=False),
        Column("branch", width=8, shown=False),
        Column("contractor", shown=False),
        Column("opened_on", width=8, shown=False),
        Column("closed_on", expr=_ended_on, like=Date("注销（吊销）日期", width=9), shown=False),
        Column("staff", label="管理人员数", width=6, shown=False),
    ),
    order=(("name", False),),
    filters=("category", "status", "area", "tier", "key_area", "branch", "product"),
    through=("party",),
    inside=("permits", "staff"),
    presets=(
        Preset("open", "在营", lambda s: s.col("status") == "open"),
        Preset(
            "village_missing",
            "村社区待补",
            lambda s: s.col("village").is_null() & (s.col("status") == "open"),
            "warning",
        ),
        Preset("expiring", "证照到期", _expires_within(lambda: settings().permit_days), "warning"),
        Preset("expired", "证照已过期", _expires_within(lambda: -1), "danger"),
        Preset(
            "campus",
            "校园及周边",
            lambda s: s.col("category").in_(CANTEENS) | (s.col("key_area") == "campus"),
        ),
    ),
    links=(
        Link("inspections", "enterprise"),
        Link("planned_visits", "enterprise"),
        Link("findings", "enterprise"),
        *(Link("notices", "enterprise"), Link("talks", "enterprise")),
        Link("assignments", "enterprise"),
        Link("risk_assessments", "enterprise"),
        Link("risk_profiles", "enterprise"),
        Link("grade_conditions", "enterprise"),
        Link("ratings", "enterprise"),
        Link("annual_ratings", "enterprise"),
        Link("campaign_targets", "enterprise"),
    ),
)
PERMITS = Register(
    name="permits",
    title="许可证",
    model=Permit,
    icon="permit",
    unit="件",
    editable=False,
    creatable=False,
    columns=(
        Column("enterprise", width=18),
        Column("kind", width=12),
        Column("number"),
        Column("scope"),
        Column("issued_on"),
        Column("valid_until"),
    ),
    order=(("valid_until", False),),
    filters=("kind",),
    through=("enterprise",),
)
