"""What is not in order in the responsibility system on any day (包保问题): gaps, doubles, levels, terms, loads."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from models.commitment import committed
from models.core import statements
from models.core.record import Record, database
from models.enterprise import Enterprise
from models.proposing import load_limits
from models.responsibility import LEVEL_OF_TIER, Official
from models.responsibility_facts import ENDED, Facts
from models.rules.coverage import LEVEL_LABELS, satisfies

#: The kinds of problems and how a person calls them, in the order of the list.
KINDS = {
    "gap": "未落实",
    "mismatch": "层级不符",
    "double": "重复包保",
    "outside": "不在辖区",
    "closed": "已注销主体仍有包保",
    "out_of_term": "离任干部仍有包保",
    "overload": "包保户数超上限",
    "uncommitted": "未签承诺书",
    "village_missing": "村社区待补",
}


class ResponsibilityProblem(NamedTuple):
    """One problem: its kind (of KINDS), whom it concerns (None where nobody) and the reason in Chinese."""

    kind: str
    enterprise: int | None
    official: int | None
    assignment: int | None
    text: str

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return KINDS[self.kind]


def responsibility_problems(day: dt.date) -> list[ResponsibilityProblem]:
    """Everything that is not in order as of a day, by kind, then by id. Enterprises of the city (tier A) stand outside
    of gaps and levels."""
    facts = Facts(day)
    found = [*_of_enterprises(facts), *_of_assignments(facts), *_of_officials(facts)]
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(found, key=lambda p: (order[p.kind], p.enterprise or 0, p.official or 0, p.assignment or 0))


class ProblemNames(NamedTuple):
    """The problems of a day with the names of the enterprises and officials they concern, by id."""

    problems: list[ResponsibilityProblem]
    enterprises: dict[int, str]
    officials: dict[int, str]


def named_problems(day: dt.date) -> ProblemNames:
    """``responsibility_problems`` with the names."""
    problems = responsibility_problems(day)
    places = {p.enterprise for p in problems if p.enterprise is not None}
    people = {p.official for p in problems if p.official is not None}
    return ProblemNames(problems, _names(Enterprise, places), _names(Official, people))


def _names(model: type[Record], keys: Collection[int]) -> dict[int, str]:
    return {one.id: one.label() for one in statements.read(model, "id", keys)}


def problem_counts(day: dt.date) -> dict[str, int]:
    """How many problems of each kind there are on a day, zeros included."""
    counts = Counter(problem.kind for problem in responsibility_problems(day))
    return {kind: counts[kind] for kind in KINDS}


def _of_enterprises(facts: Facts) -> list[ResponsibilityProblem]:
    found = []
    for key, name, status, _area, village, tier in facts.places.values():
        held = facts.now.get(key, ())
        if len(held) > 1:
            names = "、".join(_name(facts, row[2]) for row in held)
            found.append(ResponsibilityProblem("double", key, None, None, f"“{name}”同时由{names}包保"))
        if status != "open":
            continue
        if village is None:
            found.append(
                ResponsibilityProblem("village_missing", key, None, None, f"“{name}”未登记村（社区）")
            )
        if tier == "A":
            continue
        if not held:
            wanted = LEVEL_LABELS[LEVEL_OF_TIER[tier]] if tier in LEVEL_OF_TIER else "未定层级，"
            text = f"“{name}”没有包保干部（{wanted}{'干部包保' if tier else '请先定层级'}）"
            found.append(ResponsibilityProblem("gap", key, None, None, text))
        elif not any(_enough(facts, row[2], tier) for row in held):
            levels = "、".join(_level_words(facts, row[2]) for row in held)
            wanted = f"为{tier}级，应由{LEVEL_LABELS[LEVEL_OF_TIER[tier]]}干部包保" if tier else "未定层级"
            text = f"“{name}”{wanted}，现为{levels}"
            found.append(ResponsibilityProblem("mismatch", key, held[0][2], held[0][0], text))
    return found


def _enough(facts: Facts, official: int, tier: str | None) -> bool:
    """Whether an official has a post, high enough for the tier."""
    cadre = facts.officials.get(official)
    return cadre is not None and cadre.level is not None and (not tier or satisfies(cadre.level, tier))


def _name(facts: Facts, official: int) -> str:
    cadre = facts.officials.get(official)
    return cadre.name if cadre is not None else "已移除的干部"


def _level_words(facts: Facts, official: int) -> str:
    cadre = facts.officials.get(official)
    level = LEVEL_LABELS.get(cadre.level or "", "无任职") if cadre is not None else "无任职"
    return f"{_name(facts, official)}（{level}）"


def _of_assignments(facts: Facts) -> list[ResponsibilityProblem]:
    found = []
    for enterprise, held in facts.now.items():
        place = facts.places.get(enterprise)
        for key, _enterprise, official, *_days in held:
            who = _name(facts, official)
            if place is None or place[2] in ENDED:
                name = f"“{place[1]}”已注销或吊销" if place is not None else "主体当日尚未登记或已移除"
                found.append(
                    ResponsibilityProblem("closed", enterprise, official, key, f"{name}，仍由{who}包保")
                )
            fault = facts.fault(official, place) if place is not None else ""
            if fault == "term":
                text = f"{who}当日不在任，仍包保“{place[1] if place else ''}”"
                found.append(ResponsibilityProblem("out_of_term", enterprise, official, key, text))
            elif fault == "area" and place is not None:
                text = f"“{place[1]}”不在{who}的辖区"
                found.append(ResponsibilityProblem("outside", enterprise, official, key, text))
    return found


def _of_officials(facts: Facts) -> list[ResponsibilityProblem]:
    limits = load_limits(facts.day)
    signed = {row[0] for row in database.execute(committed(facts.day))}
    found = []
    for key, cadre in facts.officials.items():
        load, limit = facts.loads[key], limits.get(cadre.level or "")
        if limit is not None and load > limit:
            text = f"{cadre.name}包保{load}户，超过上限{limit}户"
            found.append(ResponsibilityProblem("overload", None, key, None, text))
        if cadre.serves(facts.iso) and cadre.level is not None and key not in signed:
            text = f"{cadre.name}没有有效的承诺书（包保{load}户）"
            found.append(ResponsibilityProblem("uncommitted", None, key, None, text))
    return found
