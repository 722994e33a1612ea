"""Drawing lots by a seed (双随机): what anyone can repeat by hand with any SHA-256 tool. Knows no record.

Every candidate is the number it has in the list, from 1. Its lot is the SHA-256 of the text SEED-E-NUMBER for
enterprises, SEED-O-NUMBER for officers, as 64 lower-case hexadecimal digits; the smallest lots are drawn, in their
order. The officers drawn form teams of two in that order, an odd last one joins the last team; the enterprises are
dealt to the teams in turn in the order they were drawn.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

#: Written into each record, so that a later algorithm can be told from this one.
ALGORITHM = "sha256-1"
ENTERPRISE, OFFICER = "E", "O"
TEAM = 2
HOW = (
    "候选主体、候选人员各按名单编号（从1起）。每个编号的签是文本“种子-E-编号”（主体）或“种子-O-编号”（人员）的SHA-256值"
    "（64位小写十六进制），签小的先抽中。抽中的人员按抽中次序每两人一组，余下一人并入末组；抽中的主体按抽中次序轮流分给各组。"
)


class Lot(NamedTuple):
    """A candidate drawn: its number in the list (from 1), its place in the draw (from 1) and its lot."""

    number: int
    rank: int
    lot: str


class Drawn(NamedTuple):
    """The outcome: enterprises and officers in the order drawn, with the team (from 1) of each, in the same order."""

    enterprises: tuple[Lot, ...]
    officers: tuple[Lot, ...]
    enterprise_teams: tuple[int, ...]
    officer_teams: tuple[int, ...]


def lot_of(seed: str, kind: str, number: int) -> str:
    """The lot of a candidate."""
    return hashlib.sha256(f"{seed}-{kind}-{number}".encode()).hexdigest()


def lots(seed: str, kind: str, count: int, wanted: int) -> tuple[Lot, ...]:
    """The ``wanted`` smallest lots of ``count`` candidates, in order."""
    ordered = sorted((lot_of(seed, kind, number), number) for number in range(1, count + 1))
    return tuple(Lot(number, rank, lot) for rank, (lot, number) in enumerate(ordered[:wanted], 1))


def draw(seed: str, candidates: int, officers: int, enterprises_wanted: int, officers_wanted: int) -> Drawn:
    """Draw enterprises and officers. Raises ValueError (Chinese) for what cannot be drawn."""
    if not seed.strip():
        raise ValueError("请填写随机种子")
    if enterprises_wanted < 1 or enterprises_wanted > candidates:
        raise ValueError(f"抽取户数应在1至{candidates}之间（候选主体{candidates}户），现为{enterprises_wanted}")
    if officers_wanted < TEAM:
        raise ValueError("检查人员不得少于2人（《食品生产经营监督检查管理办法》第二十三条）")
    if officers_wanted > officers:
        raise ValueError(f"候选人员只有{officers}人，不能抽取{officers_wanted}人")
    places = lots(seed, ENTERPRISE, candidates, enterprises_wanted)
    people = lots(seed, OFFICER, officers, officers_wanted)
    teams = officers_wanted // TEAM
    return Drawn(
        places,
        people,
        tuple(at % teams + 1 for at in range(len(places))),
        tuple(min(at // TEAM, teams - 1) + 1 for at in range(len(people))),
    )
