"""责任清单, 任务清单, 督查清单 and 交接单 as parts of a sheet: their columns and words; knows no page and no file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from models.enterprise import TIERS
from models.handing_over import HandoverSheet
from models.responsibility_papers import Cadre, Place, Sheet
from models.visit import TaskItem, task_items
from reports.core.official import chinese_date
from reports.core.tables import Column
from reports.responsibility_page import Block, Part

Marks = Callable[[Cadre], Sequence[tuple[str, int]]]
"""The outline's entries for an official's part; called once for each, in order."""

RESPONSIBILITY, TASK, OVERSIGHT = "食品安全包保责任清单", "食品安全包保任务清单", "食品安全督查清单"
HANDOVER = "食品安全包保工作交接单"
_NUMBER = Column("序号", 0.3, 30.0, "centre")
_PLACES = (
    _NUMBER,
    Column("包保层级", 0.4, 34.0),
    Column("主体名称", 1.4, 70.0),
    Column("统一社会信用代码", 0.6),
    Column("许可证号", 0.6),
    Column("业态", 0.5, 40.0),
    Column("经营地址", 1.5, 76.0),
    Column("负责人及电话", 0.7, 56.0),
    Column("食品安全总监", 0.6, 40.0),
    Column("食品安全员", 0.6, 40.0),
    Column("包保起始日期", 0.5, 0.0, "centre"),
    Column("备注", 0.6, 36.0),
)
_TASKS = (
    Column("序号", 0.2, 28.0, "centre"),
    Column("类别", 0.3, 54.0),
    Column("督导内容", 1.6, 270.0),
    Column("落实情况", 0.3, 112.0, "centre"),
    Column("问题描述", 0.4, 115.0),
    Column("整改要求", 0.4, 90.0),
    Column("整改期限", 0.3, 58.0),
)
_OVERSIGHT = (
    _NUMBER,
    Column("主体名称", 1.4, 120.0),
    Column("包保层级", 0.3, 40.0, "centre"),
    Column("包保起始", 0.5, 58.0, "centre"),
    Column("上次督导", 0.5, 58.0, "centre"),
    Column("本期督导", 0.4, 48.0, "centre"),
    Column("发现问题（处）", 0.3, 46.0, "right"),
    Column("已整改（处）", 0.3, 46.0, "right"),
    Column("公示牌", 0.3, 62.0, "centre"),
    Column("记录与现场", 0.3, 92.0, "centre"),
    Column("督查意见", 0.6, 100.0),
)
_MATTERS = (
    _NUMBER,
    Column("督查事项", 1.4, 250.0),
    Column("台账情况", 1.0, 190.0),
    Column("督查结果", 0.4, 110.0, "centre"),
    Column("说明", 0.6, 130.0),
)
_HANDED = (
    _NUMBER,
    Column("主体名称", 1.4, 100.0),
    Column("经营地址", 1.4, 100.0),
    Column("负责人及电话", 0.8, 70.0),
    Column("包保层级", 0.6, 60.0),
    Column("接任干部", 0.6, 50.0),
    Column("接任干部单位、职务", 1.2, 90.0),
    Column("接任干部电话", 0.7, 66.0),
    Column("说明", 0.8, 60.0),
)
_FILES = (
    "包保主体名册及档案",
    "督导记录、任务清单及照片",
    "未整改问题清单及跟踪情况",
    "承诺书、公示牌及其他材料",
)
_NAMED = 12
"""Enterprises named above the tasks that concern them; more stand in an annex."""
_ABREAST = 3
_NAMES = (Column("序号", 0.2, 30.0, "centre"), Column("主体名称", 1.5, 200.0)) * _ABREAST
_TICK = "□是 □否 □不适用"
_TIER_ORDER = [label for _code, label in TIERS]


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""


def _facts(cadre: Cadre) -> list[tuple[str, str]]:
    return [
        ("包保干部", cadre.name),
        ("层级", cadre.level_name),
        ("单位", cadre.unit),
        ("职务", cadre.post),
        ("联系电话", cadre.phone),
    ]


def _person(name: str, phone: str) -> str:
    return "\n".join(part for part in (name, phone) if part)


def _tally(places: Iterable[Place]) -> str:
    """«，其中B级（区级）2户、C级…»; '' where all are of one tier."""
    count = Counter(place.tier or "未定层级" for place in places)
    if len(count) < 2:
        return ""
    order = [*_TIER_ORDER, "未定层级"]
    return "，其中" + "、".join(f"{tier}{count[tier]}户" for tier in sorted(count, key=order.index))


def responsibility_parts(sheets: Iterable[Sheet], marks: Marks, sub: str) -> Iterator[Part]:
    """One part an official, then what all come to where there are several (domain notes 3.1, 责任清单)."""
    lines: list[tuple[Cadre, tuple[str, ...]]] = []
    for sheet in sheets:
        if not sheet.places:
            continue
        cadre = sheet.cadre
        rows = [
            (
                *(str(at), one.tier[:2], one.name, one.uscc, one.permits, one.category_name, one.address),
                *(_person(one.principal, one.phone), one.directors, one.officers, _day(one.since)),
                "" if one.status == "在营" else one.status,
            )
            for at, one in enumerate(sheet.places, start=1)
        ]
        total = f"合计：包保{len(rows)}户{_tally(sheet.places)}。"
        yield Part(
            *(RESPONSIBILITY, marks(cadre), sub, _facts(cadre)),
            blocks=[Block(_PLACES, rows)],
            totals=[total],
        )
        lines.append((cadre, (str(len(rows)),)))
    yield from _summary(RESPONSIBILITY, lines, [Column("包保户数（户）", 0.4, 60.0, "right")], sub, "户")


def _summary(
    title: str,
    lines: Sequence[tuple[Cadre, tuple[str, ...]]],
    columns: Sequence[Column],
    sub: str,
    unit: str,
    last: Sequence[Column] = (),
) -> Iterator[Part]:
    """A table of the officials with their figures; nothing for a single one."""
    if len(lines) < 2:
        return
    heads = [
        *(_NUMBER, Column("乡镇（街道）", 0.8, 70.0), Column("包保干部", 0.6, 56.0)),
        *(Column("层级", 0.6, 60.0), Column("单位", 1.2, 90.0), Column("职务", 1.0, 70.0)),
        *(Column("联系电话", 0.8, 70.0), *columns, *last),
    ]
    rows = [
        (str(at), c.township, c.name, c.level_name, c.unit, c.post, c.phone, *figures)
        for at, (c, figures) in enumerate(lines, start=1)
    ]
    places = sum(int(figures[0]) for _cadre, figures in lines)
    yield Part(
        f"{title}汇总",
        [("汇总", 0)],
        sub,
        blocks=[Block(heads, rows)],
        totals=[f"合计：包保干部{len(rows)}人，包保主体{places}{unit}。"],
        annex=True,
    )


def task_parts(sheets: Iterable[Sheet], marks: Marks, sub: str, day: dt.date) -> Iterator[Part]:
    """One part an official: for each kind of enterprises the items in force with room for the answers."""
    known: dict[str, tuple[TaskItem, ...]] = {}
    for sheet in sheets:
        places = sheet.open_places
        if not places:
            continue
        groups: dict[tuple[int, ...], list[Place]] = {}
        lists: dict[tuple[int, ...], tuple[TaskItem, ...]] = {}
        for place in places:
            if place.category not in known:
                known[place.category] = tuple(task_items(place.category, day))
            items = known[place.category]
            key = tuple(item.id for item in items)
            lists[key] = items
            groups.setdefault(key, []).append(place)
        blocks, annexes = [], []
        for at, (key, mine) in enumerate(groups.items(), start=1):
            kinds = "、".join(dict.fromkeys(place.category_name for place in mine))
            rows = [
                (str(n), item.topic, item.wording, _TICK, "", "", "") for n, item in enumerate(lists[key], 1)
            ]
            head = f"{_chinese(at)}、{kinds}（{len(mine)}户）"
            few = len(mine) <= _NAMED
            names = "、".join(place.name for place in mine) if few else "名单见附表"
            blocks.append(Block(_TASKS, rows, head, f"适用主体：{names}。"))
            if not few:
                annexes.append(Block(_NAMES, _abreast(mine), head))
        yield Part(
            TASK,
            marks(sheet.cadre),
            sub,
            [*_facts(sheet.cadre), ("本次督导主体", ""), ("督导日期", "")],
            blocks,
            [f"合计：包保{len(places)}户，督导任务{len({i for key in groups for i in key})}项。"],
            ["包保干部（签字）：", "主体负责人（签字）：", "陪同监管人员（签字）：", "日期："],
        )
        if annexes:
            yield Part(f"{TASK}附表：适用主体", [], sub, _facts(sheet.cadre), annexes, annex=True)


def _abreast(places: Sequence[Place]) -> list[tuple[str, ...]]:
    """The names with their numbers, some side by side."""
    cells = [(str(at), place.name) for at, place in enumerate(places, start=1)]
    cells += [("", "")] * (-len(cells) % _ABREAST)
    return [sum(cells[at : at + _ABREAST], ()) for at in range(0, len(cells), _ABREAST)]


def _chinese(number: int) -> str:
    digits = "〇一二三四五六七八九十"
    if number <= 10:
        return digits[number]
    return f"十{digits[number - 10]}" if number < 20 else str(number)


def oversight_parts(sheets: Iterable[Sheet], marks: Marks, sub: str) -> Iterator[Part]:
    """One part an official: what the ledger says of the looking after, with room for what the superior finds."""
    lines: list[tuple[Cadre, tuple[str, ...]]] = []
    for sheet in sheets:
        places, cadre = sheet.places, sheet.cadre
        if not places:
            continue
        seen = [sheet.supervised.get(place.id) for place in places]
        rows = [
            (
                *(str(at), place.name, place.tier[:2], _day(place.since), _day(s.last if s else None)),
                *(_visited(s.visits if s else 0), str(s.found if s else 0), str(s.resolved if s else 0)),
                *("□有 □无", "□一致 □不一致", ""),
            )
            for at, (place, s) in enumerate(zip(places, seen), start=1)
        ]
        done = sum(1 for s in seen if s is not None and s.visits)
        found, resolved = sum(s.found for s in seen if s), sum(s.resolved for s in seen if s)
        lap = f"{_day(sheet.round[0])}至{_day(sheet.round[1])}" if sheet.round else "督导周期未设定"
        signed = f"已签订（{_day(cadre.committed_on)}）" if cadre.committed_on else "未见有效承诺书"
        matters = (
            ("包保关系落实到人，名册与实际相符，停业、注销及时调整", f"包保{len(places)}户"),
            ("食品安全责任与任务承诺书已签订并在有效期内", signed),
            (
                "按周期到每户督导，任务清单逐项填写，有督导记录",
                f"本期（{lap}）应督导{len(places)}户，已督导{done}户",
            ),
            ("发现的问题督促整改到位，不能解决的移送监管部门并跟踪", f"发现{found}处，已整改{resolved}处"),
            ("公示牌张贴在醒目处，内容与现任包保干部一致", ""),
            ("人员变动及时交接，新任干部已接续督导", ""),
        )
        yield Part(
            *(OVERSIGHT, marks(cadre), sub, [*_facts(cadre), ("督查日期", "")]),
            blocks=[
                Block(
                    _MATTERS,
                    [(str(n), *m, "□落实 □未落实", "") for n, m in enumerate(matters, 1)],
                    "一、督查事项",
                ),
                Block(_OVERSIGHT, rows, f"二、包保主体（{len(rows)}户）"),
            ],
            totals=[f"合计：包保{len(rows)}户，本期已督导{done}户；发现问题{found}处，已整改{resolved}处。"],
            signs=["督查人员（签字）：", "包保干部（签字）：", "日期："],
        )
        figures = (str(len(rows)), str(done), str(found), str(resolved), _day(cadre.committed_on) or "未签")
        lines.append((cadre, figures))
    columns = [
        *(Column("包保户数（户）", 0.3, 52.0, "right"), Column("本期已督导（户）", 0.3, 56.0, "right")),
        *(Column("发现问题（处）", 0.3, 52.0, "right"), Column("已整改（处）", 0.3, 48.0, "right")),
        Column("承诺书签订", 0.5, 60.0, "centre"),
    ]
    yield from _summary(OVERSIGHT, lines, columns, sub, "户", [Column("督查意见", 0.8, 90.0)])


def _visited(count: int) -> str:
    return f"{count}次" if count else "未督导"


def handover_parts(found: Iterable[HandoverSheet], several: bool, sub: str) -> Iterator[Part]:
    """One part a handover, as of the day before it."""
    for sheet in found:
        giver = sheet.giver
        rows = []
        for at, row in enumerate(sheet.rows, start=1):
            taker = row.successor
            post = "　".join(part for part in (taker.unit, taker.post) if part) if taker else ""
            rows.append(
                (
                    *(str(at), row.name, row.address, _person(row.principal, row.phone), row.tier),
                    *(taker.name if taker else "", post, taker.phone if taker else "", row.remark or ""),
                )
            )
        takers = list(dict.fromkeys(row.successor.name for row in sheet.rows if row.successor))
        taken = sum(1 for row in sheet.rows if row.successor)
        files = [(str(n), words, "□已移交 □没有", "") for n, words in enumerate(_FILES, start=1)]
        date = chinese_date(sheet.effective_on)
        yield Part(
            HANDOVER,
            [(f"{giver.name}　{date}" if several else giver.name, 0)],
            sub,
            [
                *(("移交干部", giver.name), ("单位", giver.unit), ("职务", giver.post)),
                *(("联系电话", giver.phone), ("交接日期", date), ("交接原因", sheet.reason or "")),
                *(("监交人", sheet.witness or ""), *([("备注", sheet.note)] if sheet.note else [])),
            ],
            [
                Block(_HANDED, rows, f"一、交接主体（{len(rows)}户）"),
                Block(
                    (
                        _NUMBER,
                        Column("材料", 1.5, 260.0),
                        Column("移交情况", 0.5, 140.0, "centre"),
                        Column("说明", 1.0, 200.0),
                    ),
                    files,
                    "二、随交材料",
                ),
            ],
            [f"合计：交接{len(rows)}户，已落实接任干部{taken}户，暂缺{len(rows) - taken}户。"],
            [
                "移交人（签字）：",
                *([f"接收人{name}（签字）：" for name in takers[:8]] or ["接收人（签字）："]),
                *("监交人（签字）：", "日期："),
            ],
        )
