"""Which enterprises must have 食品安全总监 and 食品安全员 and which lack them, as of a day. Knows no screen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import peewee

from models.area import Area
from models.core.figure import Figure, figure
from models.core.record import database
from models.core.register import Condition, View
from models.director_rule import all_rules
from models.enterprise import CANTEENS, Enterprise, EnterpriseState, in_business
from models.rules.seeds import as_of
from models.rules.staffing import Need, StaffingFacts, StaffingRule, staffing_need
from models.safety_staff import SafetyStaff, serving

#: Gives the column of a name: a dated fact or a field of the enterprise.
Columns = Callable[[str], Any]
_FALSE = peewee.Value(0) == 1


def need_of(enterprise: Enterprise, day: dt.date) -> Need:
    """What one enterprise must have on a day, with the reasons."""
    state = enterprise.fact(day)
    if state is None:
        return Need(False, False, False, ())
    facts = StaffingFacts(
        state.category,
        state.supply_mode,
        state.product,
        state.diners,
        enterprise.floor_area,
        bool(enterprise.chain),
    )
    return staffing_need(facts, day, all_rules())


# --- the rules as conditions -------------------------------------------------------------------------------------


def columns_of(state: Any = EnterpriseState) -> Columns:
    """The columns of a joined EnterpriseState and of Enterprise itself."""
    facts = frozenset(EnterpriseState.fact_fields())
    return lambda name: getattr(state if name in facts else Enterprise, name)


def _any(conditions: Iterable[Any]) -> Any:
    found: Any = None
    for condition in conditions:
        found = condition if found is None else found | condition
    return _FALSE if found is None else found


def _sizes(rule: StaffingRule, col: Columns) -> list[tuple[Any, Any]]:
    sizes = ((rule.least_diners, "diners"), (rule.least_area, "floor_area"))
    return [(col(name), least) for least, name in sizes if least is not None]


def _kind(rule: StaffingRule, col: Columns) -> Any:
    """The part of a rule that needs no size; never NULL, so that it can be denied."""
    parts = [
        col(name).is_null(False) & (col(name) == value)
        for name, value in (
            ("category", rule.category),
            ("supply_mode", rule.supply_mode),
            ("product", rule.product),
        )
        if value is not None
    ]
    parts += [col("chain")] if rule.chain else []
    found = peewee.Value(1) == 1
    for part in parts:
        found = found & part
    return found


def _fits(rule: StaffingRule, col: Columns) -> Any:
    found = _kind(rule, col)
    for column, least in _sizes(rule, col):
        found = found & (column.is_null(False) & (column >= least))
    return found


def _unknown(rule: StaffingRule, col: Columns) -> Any:
    """Everything known fits, at least one size is not known."""
    sizes = _sizes(rule, col)
    found = _kind(rule, col) & _any(column.is_null() for column, _ in sizes)
    for column, least in sizes:
        found = found & (column.is_null() | (column >= least))
    return found


def must_have(duty: str, day: dt.date, col: Columns) -> Any:
    """The condition «must have what ``duty`` says on ``day``»; dual staffing asks for either duty too."""
    rules = [rule for rule in as_of(all_rules(), day) if rule.duty in (duty, "dual")]
    return _any(_fits(rule, col) for rule in rules)


def cannot_tell(day: dt.date, col: Columns) -> Any:
    """The condition «an unregistered size keeps it open whether a director is needed»."""
    rules = [rule for rule in as_of(all_rules(), day) if rule.duty == "director"]
    return _any(_unknown(rule, col) for rule in rules) & ~must_have("director", day, col)


def has(role: str, day: dt.date, side: str = "") -> Any:
    """The condition «has someone in post in a role on ``day``», on one side where it is named."""
    found = SafetyStaff.select(SafetyStaff.enterprise).where(SafetyStaff.role == role, serving(day))
    return Enterprise.id.in_(found.where(SafetyStaff.side == side) if side else found)


def has_both_sides(day: dt.date) -> Any:
    """The condition «school side and contractor side each have a director and an officer»."""
    found: Any = None
    for role in ("director", "officer"):
        for side in ("school", "contractor"):
            one = has(role, day, side)
            found = one if found is None else found & one
    return found


# --- figures -----------------------------------------------------------------------------------------------------


def _needing(duty: str, day: dt.date, *where: Any) -> Any:
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, day), must_have(duty, day, columns_of()), *where)
    )


def _open_question(start: dt.date, end: dt.date) -> Any:
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, end), cannot_tell(end, columns_of()))
    )


def _stock(name: str, label: str, unit: str, rule: str, query: Any, register: str = "enterprises") -> None:
    Figure(
        name=name, label=label, unit=unit, rule=rule, kind="count", basis="stock", register=register, query=query
    )  # fmt: skip


def _share(name: str, label: str, rule: str, part: str, whole: str, register: str = "enterprises") -> None:
    Figure(
        name=name, label=label, unit="%", rule=rule, kind="ratio", basis="stock", register=register, part=part,
        whole=whole,
    )  # fmt: skip


WORDS = {"director": "食品安全总监", "officer": "食品安全员"}
for _duty, _word in WORDS.items():
    _stock(
        f"staffing.{_duty}_needed", f"应配{_word}的主体", "户",
        f"期末在营的主体中，按期末施行的人员配备标准应当配备{_word}的户数，规模没有登记的不计。",
        lambda start, end, duty=_duty: _needing(duty, end),
    )  # fmt: skip
    _stock(
        f"staffing.{_duty}_there", f"已配{_word}的主体", "户",
        f"应配{_word}的主体中，期末至少有一名在任{_word}的户数。",
        lambda start, end, duty=_duty: _needing(duty, end, has(duty, end)),
    )  # fmt: skip
    _stock(
        f"staffing.{_duty}_missing", f"缺{_word}的主体", "户",
        f"应配{_word}的主体中，期末没有在任{_word}的户数。",
        lambda start, end, duty=_duty: _needing(duty, end, ~has(duty, end)),
    )  # fmt: skip
    _share(
        f"staffing.{_duty}_rate", f"{_word}配备率", f"已配{_word}的主体户数除以应配{_word}的主体户数。",
        f"staffing.{_duty}_there", f"staffing.{_duty}_needed",
    )  # fmt: skip
_stock(
    "staffing.unknown", "规模待补、能否不配总监未定的主体", "户",
    "期末在营的主体中，因就餐人数或经营面积没有登记，按标准判断不了是否应配食品安全总监的户数。", _open_question,
)  # fmt: skip
_stock(
    "canteens.short", "人员未配齐的学校、幼儿园食堂", "家",
    "期末在营的学校、幼儿园食堂中，缺应配的总监或安全员，或者承包经营而双总监、双食品安全员未配齐的家数。",
    lambda start, end: _short_canteens(end),
)  # fmt: skip


def _short_canteens(day: dt.date) -> Any:
    col = columns_of()
    return (
        Enterprise.live()
        .select(Enterprise.id)
        .join(EnterpriseState, on=(EnterpriseState.enterprise == Enterprise.id))
        .where(in_business(EnterpriseState, day), EnterpriseState.category.in_(CANTEENS), lacking(day, col))
    )


def lacking(day: dt.date, col: Columns) -> Any:
    """The condition «lacks a director, an officer or one side's staff that it must have»."""
    director = must_have("director", day, col) & ~has("director", day)
    officer = must_have("officer", day, col) & ~has("officer", day)
    return director | officer | (_must_dual(day, col) & ~has_both_sides(day))


def _must_dual(day: dt.date, col: Columns) -> Any:
    rules = [rule for rule in as_of(all_rules(), day) if rule.duty == "dual"]
    return _any(_fits(rule, col) for rule in rules)


#: What the staffing column of a list says, the gravest first.
STAFFING = (
    ("director", "缺总监"),
    ("officer", "缺安全员"),
    ("both", "两员均缺"),
    ("dual", "双配未齐"),
    ("unknown", "规模待补"),
    ("dual_done", "双配齐全"),
    ("done", "已配备"),
    ("none", "无要求"),
)


def staffing_state(day: dt.date, col: Columns) -> Any:
    """The code of STAFFING of an enterprise as an expression."""
    director = must_have("director", day, col) & ~has("director", day)
    officer = must_have("officer", day, col) & ~has("officer", day)
    dual = _must_dual(day, col)
    needs = must_have("director", day, col) | must_have("officer", day, col)
    return peewee.Case(
        None,
        [
            (director & officer, "both"),
            (director, "director"),
            (officer, "officer"),
            (dual & ~has_both_sides(day), "dual"),
            (cannot_tell(day, col), "unknown"),
            (dual, "dual_done"),
            (needs, "done"),
        ],
        "none",
    )


# --- gaps by kind and area ---------------------------------------------------------------------------------------

#: The counts of a line, each the figure behind it.
KINDS = (
    ("staffing.director_needed", "应配总监"),
    ("staffing.director_missing", "缺总监"),
    ("staffing.officer_needed", "应配安全员"),
    ("staffing.officer_missing", "缺安全员"),
    ("canteens.contracted", "承包食堂"),
    ("canteens.not_dual", "双配未齐"),
    ("staffing.unknown", "规模待补"),
)


@dataclass(frozen=True)
class GapLine:
    """The counts of one township (``area`` None: the whole district), in 户, by figure, each with its list."""

    area: int | None
    name: str
    counts: dict[str, int]
    day: dt.date

    def view(self, name: str) -> View:
        """The enterprises behind a count."""
        where = () if self.area is None else (Condition("area", "in", (self.area,)),)
        return View(conditions=where, figure=(name, self.day, self.day), day=self.day)


def staffing_gaps(day: dt.date) -> list[GapLine]:
    """The gaps of a day, the whole district first, then every township with enterprises in the order of the codes."""
    by_area: dict[int, dict[str, int]] = {}
    for name, _ in KINDS:
        for area, count in _by_area(name, day).items():
            by_area.setdefault(area, {})[name] = count
    names = [name for name, _ in KINDS]
    lines = [
        GapLine(area, label, {name: by_area[area].get(name, 0) for name in names}, day)
        for area, label in _townships()
        if area in by_area
    ]
    whole = {name: sum(line.counts[name] for line in lines) for name in names}
    return [GapLine(None, "全区", whole, day), *lines]


def _townships() -> list[tuple[int, str]]:
    query = Area.select(Area.id, Area.name).where(Area.level == "township").order_by(Area.code, Area.name)
    return [(int(key), str(name)) for key, name in database.execute(query)]


def _by_area(name: str, day: dt.date) -> Counter[int]:
    """The enterprises behind a stock figure by township."""
    state = EnterpriseState
    query = (
        state.live()
        .select(state.area, peewee.fn.COUNT(state.id))
        .where(state.as_of(day), state.enterprise.in_(figure(name).select(day, day)))
        .group_by(state.area)
    )
    return Counter({int(area): int(count) for area, count in database.execute(query)})
