"""Whose papers are printed: officials and enterprises of one official, one area or the district, in order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.area import LEVELS, Area, below
from models.core.errors import NotFound
from models.core.record import as_of
from models.enterprise import Enterprise, EnterpriseState
from models.responsibility import Assignment, Official, OfficialPost, serving

MOST = 12
"""Candidates named for a name that fits nobody or several."""


@dataclass(frozen=True)
class Whose:
    """What a paper is about: ``officials`` in the order of townships, levels and names.

    ``words`` say it in Chinese; ``within`` leaves only these enterprises (None: all of the officials); ``posted`` are
    the officials whose own post lies in the area; ``named`` says that the officials were chosen one by one; ``area`` is
    the area asked for.
    """

    words: str
    officials: tuple[int, ...]
    within: frozenset[int] | None = None
    posted: frozenset[int] = frozenset()
    named: bool = False
    area: int | None = None


def of_officials(ids: Sequence[int], day: dt.date) -> Whose:
    """Officials chosen one by one. Raises NotFound where none of them is in the ledger."""
    known = {o.id: o.name for o in Official.live().where(Official.id.in_(list(ids)))}
    if not known:
        raise NotFound("选中的包保干部不在册。", "请刷新后重新选择。")
    keys = [key for key in _ordered(day) if key in known]
    keys += [key for key in known if key not in set(keys)]
    words = known[keys[0]] if len(keys) == 1 else f"选中的{len(keys)}名包保干部"
    return Whose(words, tuple(keys), None, frozenset(keys), True)


def of_all(day: dt.date) -> Whose:
    """Everybody with a post or an enterprise on a day."""
    keys = tuple(_ordered(day))
    return Whose("全区", keys, None, frozenset(keys))


def of_area(area: int, day: dt.date) -> Whose:
    """An area: the enterprises in it with whoever looks after them, and all enterprises of officials posted there."""
    place = Area.get_or_none(Area.id == area)
    if place is None:
        raise NotFound("没有这个区划。", "请刷新后重新选择。")
    if place.level == "district":
        return of_all(day)
    areas, state, post = below(area), EnterpriseState, OfficialPost
    located = {
        row[0]
        for row in state.live()
        .select(state.enterprise)
        .where(as_of(state, day), state.area.in_(areas) | state.village.in_(areas))
        .tuples()
    }
    posts = post.live().select(post.official).where(as_of(post, day), post.area.in_(areas))
    posted = {row[0] for row in posts.tuples()}
    pairs = list(
        Assignment.live()
        .select(Assignment.official, Assignment.enterprise)
        .where(as_of(Assignment, day))
        .tuples()
    )
    located |= {enterprise for official, enterprise in pairs if official in posted}
    wanted = posted | {official for official, enterprise in pairs if enterprise in located}
    keys = tuple(key for key in _ordered(day) if key in wanted)
    return Whose(place.name, keys, frozenset(located), frozenset(posted), area=area)


def enterprises_of(whose: Whose, day: dt.date) -> list[int]:
    """The ids of the enterprises that the officials look after on a day, by township, then by name."""
    state = EnterpriseState
    query = (
        Assignment.live()
        .select(Assignment.enterprise, Assignment.official)
        .join(Enterprise, on=(Enterprise.id == Assignment.enterprise))
        .join_from(Enterprise, state, on=(state.enterprise == Enterprise.id))
        .join_from(state, Area, on=(Area.id == state.area))
        .where(as_of(Assignment, day), state.removed_at.is_null(), as_of(state, day))
        .where(Enterprise.removed_at.is_null())
        .order_by(Area.name_key, Area.id, Enterprise.name_key, Enterprise.id)
        .tuples()
    )
    mine = set(whose.officials)
    return list(
        dict.fromkeys(
            key
            for key, official in query
            if official in mine and (whose.within is None or key in whose.within)
        )
    )


def _ordered(day: dt.date) -> list[int]:
    """The officials with a post on a day who serve or still look after somebody: by township, level, place, name."""
    rank = {level: at for at, (level, _label) in enumerate(LEVELS)}
    rows: Any = Area.select(Area.id, Area.level, Area.parent, Area.code, Area.name_key).tuples()
    areas: dict[int, Any] = {row[0]: row[1:] for row in rows}

    def place(key: int) -> tuple[Any, ...]:
        level, _parent, code, name = areas[key]
        return rank.get(level, 9), code or "~", name, key

    post = OfficialPost
    query = (
        post.live()
        .select(post.official, post.level, post.area, Official.name_key)
        .join(Official, on=(Official.id == post.official))
        .where(as_of(post, day), Official.removed_at.is_null())
        .where(
            post.official.in_(serving(day))
            | post.official.in_(Assignment.live().select(Assignment.official).where(as_of(Assignment, day)))
        )
        .tuples()
    )
    keyed = []
    for key, level, area, name in query:
        parent = areas[area][1] if areas[area][0] == "village" else None
        keyed.append((place(parent if parent in areas else area), rank.get(level, 9), place(area), name, key))
    return list(dict.fromkeys(one[-1] for one in sorted(keyed)))


def find_official(text: str, day: dt.date) -> int:
    """The official of a name; 「属地/姓名」, a unit, a post or a phone beside it tells namesakes apart.

    Raises NotFound naming the candidates where nobody or several fit.
    """
    words = [word for word in re.split(r"[/／,，\s]+", text.strip()) if word]
    query = Official.live().where(Official.name.in_(words)).order_by(Official.name_key, Official.id)
    same = list(query) if words else []
    fits = [one for one in same if all(word == one.name or word in _about(one, day) for word in words)]
    if len(fits) == 1:
        return int(fits[0].id)
    if fits:
        raise NotFound(
            f"有{len(fits)}名包保干部叫“{fits[0].name}”：{_listed(fits, day)}。",
            "请写成“单位/姓名”或“姓名/电话”指明是哪一位。",
        )
    live = Official.live().order_by(Official.name_key, Official.id)
    near = same or (list(live.where(_like(Official, words))) if words else [])
    if not live.exists():
        raise NotFound("还没有登记包保干部。", "请先登记或导入包保干部。")
    hint = f"相近的有：{_listed(near, day)}" if near else f"在册的有：{_listed(list(live), day)}"
    raise NotFound(f"没有叫“{text.strip()}”的包保干部。{hint}。", "请核对姓名后再试。")


def _like(model: Any, words: Sequence[str]) -> Any:
    found = model.search_text.contains(words[0].lower()) if words else model.id.is_null()
    for word in words[1:]:
        found = found | model.search_text.contains(word.lower())
    return found


def _about(official: Official, day: dt.date) -> str:
    post = official.fact(day)
    parts = [post.area.name, post.unit, post.post] if post is not None else []
    return "　".join(part for part in (*parts, official.phone) if part)


def _listed(people: Sequence[Official], day: dt.date) -> str:
    parts = [(one.name, _about(one, day)) for one in people[:MOST]]
    words = "；".join(f"{name}（{about}）" if about else name for name, about in parts)
    return f"{words}等{len(people)}人" if len(people) > MOST else words


def find_area(text: str) -> int:
    """The area of a name or former name; 「乡镇/村」 tells villages of the same name apart.

    Raises NotFound naming the candidates where none or several fit.
    """
    words = [word for word in re.split(r"[/／,，\s]+", text.strip()) if word]
    areas = list(Area.live().order_by(Area.code, Area.id))
    titles = {area.id: f"{area.parent.name}/{area.name}" if area.parent else area.name for area in areas}
    last = words[-1] if words else ""
    named = [
        area
        for area in areas
        if last and last in (area.name, *(area.former_names or "").split("、"))
        and all(word in titles[area.id] for word in words[:-1])
    ]  # fmt: skip
    if len(named) == 1:
        return int(named[0].id)
    if named:
        listed = "、".join(titles[area.id] for area in named[:MOST])
        raise NotFound(f"叫“{last}”的区划有{len(named)}个：{listed}。", "请写成“乡镇/村”指明是哪一个。")
    near = [area for area in areas if last and (last in area.name or last in (area.search_text or ""))]
    near = near or [area for area in areas if area.level == "township"]
    listed = "、".join(titles[area.id] if area.level == "village" else area.name for area in near[:MOST])
    hint = f"可用的有：{listed}。" if near else "还没有登记乡镇（街道）。"
    raise NotFound(f"没有叫“{text.strip()}”的区划。{hint}", "请核对名称后再试。")


@dataclass(frozen=True)
class Choices:
    """What may be printed for: the officials chosen and the townships, each as (id, name)."""

    officials: tuple[tuple[int, str], ...]
    townships: tuple[tuple[int, str], ...]


def choices(officials: Sequence[int] = (), assignments: Sequence[int] = ()) -> Choices:
    """The chosen officials, or those of the chosen assignments, by name; and the townships in use, by code."""
    keys = list(officials)
    for start in range(0, len(assignments), 500):
        part = Assignment.live().select(Assignment.official).where(
            Assignment.id.in_(list(assignments[start : start + 500]))
        )  # fmt: skip
        keys += [row[0] for row in part.tuples()]
    people: list[Any] = []
    unique = list(dict.fromkeys(keys))
    for start in range(0, len(unique), 500):
        people.extend(Official.live().where(Official.id.in_(unique[start : start + 500])))
    towns = Area.live().where(Area.level == "township").order_by(Area.code, Area.id)
    return Choices(
        tuple((one.id, one.name) for one in sorted(people, key=lambda one: (one.name_key, one.id))),
        tuple((one.id, one.name) for one in towns),
    )
