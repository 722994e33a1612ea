"""食品安全责任与任务承诺书 in the wording of three levels; knows an official's sheet, not where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from models.responsibility_papers import Sheet
from models.visit import TaskItem
from reports.core.document import Appendix, Block, Heading, OfficialText, Paragraph, Signing, Table
from reports.core.official import chinese_date
from reports.core.tables import Column

TITLE = "食品安全责任与任务承诺书"
_LEVELS = {"district": "（区级）", "township": "（乡镇街道级）", "village": "（村社区级）"}
DUTIES = {
    "district": (
        "掌握包保主体的基本情况和主要风险，研究解决跨部门、跨乡镇的突出问题。",
        "督促乡镇（街道）落实属地管理责任，督促监管部门落实监管责任，定期听取包保工作情况。",
        "重大节日、重要活动期间和发生突发情况时到现场督导，组织协调处置。",
    ),
    "township": (
        "建立并更新包保主体名册，开业、停业、变更和注销及时调整，做到底数清、情况明。",
        "指导村（社区）干部开展督导，检查其履责情况，帮助解决困难。",
        "对发现的隐患督促限期整改，不能解决的及时移送监管部门，并跟踪处理结果。",
    ),
    "village": (
        "熟悉包保主体的人员、场所和经营状况，经常走访，变化情况及时上报。",
        "按任务清单逐户督导、如实记录，发现无证经营、销售过期变质食品等情况立即报告。",
        "配合监管部门开展检查，协助做好宣传教育和群众反映问题的核实。",
    ),
}
"""What each level answers for, in the office's own words."""
_UNKNOWN = (
    "掌握包保主体的基本情况，督促其落实食品安全主体责任。",
    "按任务清单督导、如实记录，发现问题督促整改并及时报告。",
)
_BLANK = "____________"
"""To write on; half-width, so that no line ends within."""
_ANNEX = (
    Column("序号", 0.3, 34.0, "centre"),
    Column("主体名称", 1.3, 110.0),
    Column("业态", 0.5, 48.0),
    Column("经营地址", 1.5, 120.0),
    Column("包保层级", 0.4, 50.0, "centre"),
)
_AT_ONCE = 5
"""Enterprises named in the letter itself; more stand in its annex."""


def letter(
    sheet: Sheet, items: Sequence[TaskItem], months: int | None, basis: str, office: str, demo: bool
) -> OfficialText:
    """The letter to be signed by one official: duties by level, tasks from the task list, the enterprises."""
    cadre, places = sheet.cadre, sheet.open_places
    many = len(places) > _AT_ONCE
    blocks: list[Block] = [
        Paragraph(_opening(sheet, many)),
        Paragraph(f"根据{basis}，为落实食品安全属地管理责任，本人郑重承诺："),
        Heading(1, "一、承担的责任"),
        *(
            Paragraph(words, lead=f"{at}.", lead_level=3)
            for at, words in enumerate(DUTIES.get(cadre.level, _UNKNOWN), start=1)
        ),
        Heading(1, "二、完成的任务"),
        Paragraph(_round(months)),
        *(Paragraph(words, lead=lead) for lead, words in _tasks(items)),
        Heading(1, "三、接受监督"),
        Paragraph(
            "本承诺书自签字之日起生效，包保对象调整的，按调整后的名单履行。"
            "本人自觉接受上级督查和社会监督，履责不到位的，愿意承担相应责任。"
        ),
        Signing(("承诺人（签字）：", "签订日期：")),
    ]
    rows = [
        (str(at), one.name, one.category_name, one.address, one.tier[:2])
        for at, one in enumerate(places, start=1)
    ]
    annex = Appendix("附件", ("包保主体名单",), [Table(_ANNEX, rows), Paragraph(f"合计：{len(rows)}户。")])
    return OfficialText(
        (TITLE, _LEVELS.get(cadre.level, "")) if cadre.level in _LEVELS else (TITLE,),
        blocks,
        author=office,
        subject=f"承诺人：{cadre.name}",
        appendices=(annex,) if many else (),
        demo=demo,
    )


def _opening(sheet: Sheet, many: bool) -> str:
    cadre, places = sheet.cadre, sheet.open_places
    who = f"本人{cadre.name}，现任{cadre.unit or _BLANK}{cadre.post or _BLANK}，联系电话{cadre.phone or _BLANK}，"
    if not places:
        return f"{who}包保食品生产经营主体______户，名单为：{_BLANK}{_BLANK}。"
    begin = min(place.since for place in places)
    since = f"自{chinese_date(begin)}起"
    if many:
        return f"{who}{since}包保食品生产经营主体，现有{len(places)}户，名单见附件。"
    names = "、".join(place.name for place in places)
    return f"{who}{since}包保食品生产经营主体，现有{len(places)}户：{names}。"


def _round(months: int | None) -> str:
    every = f"每{months}个月" if months else "每____个月"
    words = {3: "每季度", 6: "每半年", 12: "每年"}
    return (
        f"{words.get(months or 0, every)}至少到每户督导一次，逐项核实下列内容，如实填写记录，督促问题整改："
    )


def _tasks(items: Sequence[TaskItem]) -> list[tuple[str, str]]:
    """The items by topic: («（一）主体资格。», the items joined by ；)."""
    topics: dict[str, list[str]] = {}
    for item in items:
        topics.setdefault(item.topic or "其他", []).append(item.wording.rstrip("。；"))
    return [
        (f"（{_chinese(at)}）{topic}。", "；".join(dict.fromkeys(words)) + "。")
        for at, (topic, words) in enumerate(topics.items(), start=1)
    ]


def _chinese(number: int) -> str:
    digits = "〇一二三四五六七八九十"
    if number <= 10:
        return digits[number]
    return f"{digits[number // 10] if number >= 20 else ''}十{digits[number % 10] if number % 10 else ''}"
