"""Areas (区 / 乡镇街道 / 村社区): the tree of places that enterprises and officials hang on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.core.checks import Problems
from models.core.fields import Choice, Code, Date, Ref, Text
from models.core.record import Entry
from models.core.register import Column, Condition, Link, Preset, Register, Scope

LEVELS = (("district", "区"), ("township", "乡镇（街道）"), ("village", "村（社区）"))
ABOVE = {"township": "district", "village": "township"}


class Area(Entry):
    """A district, township or village."""

    title = "区划"
    keep = ("level", "parent")
    identity = (("name", "parent"), ("code",))
    name = Text("名称", required=True, search=True, pinyin=True, sort="name_key", max_length=60, width=12)
    code = Code("区划代码", search=True, max_length=12, help="乡级9位，村级12位；没有的留空")
    level = Choice("层级", LEVELS, required=True)
    parent = Ref(
        "self",
        "上级",
        narrow=lambda v: (Condition("level", "in", (ABOVE.get(v.get("level") or "", "district"),)),),
        narrowed_by=("level",),
    )

    former_names = Text("曾用名", search=True, max_length=200, help="改名时自动记下", width=12)
    ended_on = Date("撤并日期", help="最后一天；在用的留空")
    successor = Ref("self", "并入", editable=False)

    sections = (("区划", ("name", "code", "level", "parent", "former_names", "ended_on")),)

    @classmethod
    def derive(cls, draft: Any) -> dict[str, Any]:
        """A renamed area is still found by its former name."""
        if draft.record is None or not draft["name"] or not draft.changed("name"):
            return {}
        old, known = draft.record.name, (draft["former_names"] or "").split("、")
        names = [name for name in (*known, old) if name and name != draft["name"]]
        return {"former_names": "、".join(dict.fromkeys(names))[-200:]}

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        parent, level = draft.ref("parent"), draft["level"]
        if level in ABOVE and parent is None:
            problems.error("parent", "parent", f"请选择所属的{dict(LEVELS)[ABOVE[level]]}")
        elif level == "district" and parent is not None:
            problems.error("parent", "parent", "区没有上级，请清空")
        elif parent is not None and parent.level != ABOVE.get(level):
            problems.error("parent", "parent", f"上级应为{dict(LEVELS)[ABOVE[level]]}，“{parent.name}”不是")
        same = cls.live().where(cls.name == draft["name"], cls.parent == draft["parent"])
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if same.exists():
            problems.error("name", "duplicate", f"同一上级下已有“{draft['name']}”")

    def chain(self) -> tuple[int, ...]:
        """The ids from the district down to this area."""
        above = self.parent
        return (*above.chain(), self.id) if above is not None else (self.id,)


def townships() -> list[tuple[int, str]]:
    """(id, name) of the townships and streets in the order of their codes."""
    rows = Area.live().where(Area.level == "township").order_by(Area.code, Area.name)
    return [(row.id, row.name) for row in rows]


def below(area_id: int) -> list[int]:
    """The ids of an area and everything under it."""
    found, layer = [area_id], [area_id]
    while layer:
        layer = [row[0] for row in Area.live().select(Area.id).where(Area.parent.in_(layer)).tuples()]
        found += layer
    return found


def _of_level(code: str) -> Callable[[Scope], Any]:
    return lambda scope: scope.col("level") == code


REGISTER = Register(
    name="areas",
    title="区划",
    model=Area,
    icon="area",
    unit="个",
    columns=(
        Column("name", width=14),
        Column("level", width=8),
        Column("parent", width=12),
        Column("code", width=10),
        Column("former_names", shown=False),
        Column("ended_on", shown=False),
        Column("successor", shown=False),
    ),
    order=(("code", False), ("name", False)),
    filters=("level", "parent"),
    presets=(
        *(Preset(code, label, _of_level(code)) for code, label in LEVELS),
        Preset("ended", "已撤并", lambda s: s.col("ended_on").is_null(False) & (s.col("ended_on") < s.day)),
    ),
    links=(Link("enterprises", "area"), Link("officials", "area")),
)
