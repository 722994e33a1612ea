"""Chapter four of the period report: what the period's own figures show to be wanting, and what follows from it."""

from __future__ import annotations

from models import period_tables as tables
from reports.core.document import Block, Heading, Paragraph
from reports.period_words import Numbers, listed, ordinal, sentence

#: A problem in words and the step that answers it.
Pair = tuple[str, str]
_MOST = 3
#: Days from which a period is long enough to ask which enterprises it did not reach (a half-year).
_LONG = 180


def chapter_four(numbers: Numbers) -> list[Block]:
    """存在问题及下一步工作打算, each step answering a problem of the same number."""
    pairs = [
        pair
        for find in (_topics, _pending, _unassigned, _uninspected, _samples, _canteens, _staffing, _duty, _villages)
        for pair in [find(numbers)]
        if pair is not None
    ]
    heading = Heading(1, "四、存在问题和下一步工作打算")
    if not numbers.count("enterprises.total"):
        return [heading, Paragraph("台账中尚未登记在营主体，暂不作分析。")]
    if not pairs:
        return [
            heading,
            Paragraph(
                f"从台账看，{numbers.during}没有逾期、漏检、漏包等待办事项。下一步，继续按年度计划开展监督检查，"
                "及时登记隐患和整改结果，保持现有工作力度。"
            ),
        ]
    return [
        heading,
        Paragraph("对照台账逐项分析，主要有以下问题：", lead="（一）存在问题。"),
        *(Paragraph(ordinal(at) + problem) for at, (problem, _) in enumerate(pairs, 1)),
        Paragraph("针对上述问题，重点做好以下工作：", lead="（二）下一步工作打算。"),
        *(Paragraph(ordinal(at) + step) for at, (_, step) in enumerate(pairs, 1)),
    ]


def _topics(numbers: Numbers) -> Pair | None:
    rows = tables.by_topic(numbers.period)[:_MOST]
    if not rows or not numbers.count("inspections.findings"):
        return None
    names = "、".join(f"“{name}”" for name, _ in rows)
    counts = "、".join(f"“{name}”类{count}处" for name, count in rows)
    return (
        f"部分环节问题多发。{numbers.during}发现的{numbers.text('inspections.findings')}隐患中，{counts}，"
        "反映出一些经营者日常自查不到位。",
        f"盯住多发环节。把{names}列为检查和培训的重点，对反复出现的从严处理。".replace("”“", "”、“"),
    )


def _pending(numbers: Numbers) -> Pair | None:
    if not (numbers.count("findings.open") or numbers.count("notices.open")):
        return None
    late = numbers.count("notices.overdue") or numbers.count("notices.unserved")
    problem = sentence(
        numbers.by_end,
        numbers.if_any("findings.open", "尚有隐患{}没有整改到位"),
        numbers.if_any("notices.open", "责令改正通知书{}没有办结"),
        numbers.if_any("notices.overdue", "其中逾期{}"),
        numbers.if_any("notices.unserved", "未登记送达{}"),
    )
    step = (
        "逐份核对送达、复查情况，逾期的依法处理，整改到位的及时销号。"
        if late
        else "按期复查，到位的及时销号。"
    )
    return f"隐患整改闭环不够及时。{problem}", f"抓好闭环整改。对未办结的通知书{step}"


def _unassigned(numbers: Numbers) -> Pair | None:
    if not numbers.count("assignment.missing"):
        return None
    where = listed(tables.missing_by_township("assignment.missing", numbers.period)[:_MOST], "户")
    return (
        f"包保尚有空白。{numbers.by_end}，还有{numbers.text('assignment.missing')}主体没有落实包保干部"
        f"{f'，较多的是{where}' if where else ''}。",
        "补齐包保关系。会同有关乡镇（街道）逐户明确包保干部，人员变动时同步交接。",
    )


def _uninspected(numbers: Numbers) -> Pair | None:
    if (
        numbers.whole.days < _LONG
        or not numbers.count("enterprises.uninspected")
        or not numbers.count("inspections.total")
    ):
        return None
    where = listed(tables.missing_by_township("enterprises.uninspected", numbers.period)[:_MOST], "户")
    seen = numbers.count("enterprises.inspected")
    return (
        f"检查覆盖还不均衡。在营的{numbers.text('enterprises.total')}主体中，{numbers.during}"
        + (f"检查过{numbers.text('enterprises.inspected')}，" if seen else "")
        + (f"覆盖率{numbers.text('enterprises.inspected_rate')}，" if seen else "")
        + f"还有{numbers.text('enterprises.uninspected')}没有检查"
        f"{f'，较多的是{where}' if where else ''}。",
        "均衡安排检查。按风险等级和年度计划，优先检查尚未覆盖的主体，每两年至少覆盖一次全部检查要点。",
    )


def _samples(numbers: Numbers) -> Pair | None:
    if not numbers.count("samples.unhandled"):
        return None
    return (
        f"抽检后处置有待加快。不合格样品中还有{numbers.text('samples.unhandled')}没有完成核查处置。",
        "加快核查处置。对不合格样品查清来源和去向，按时限完成处置并登记结果。",
    )


def _canteens(numbers: Numbers) -> Pair | None:
    if not numbers.count("canteens.not_dual"):
        return None
    return (
        f"校园食堂管理人员配备不齐。承包经营的学校、幼儿园食堂中，"
        f"有{numbers.text('canteens.not_dual')}没有配齐双总监、双食品安全员。",
        "督促学校和承包方配齐人员。与教育部门共同核对名单，限期补齐。",
    )


def _staffing(numbers: Numbers) -> Pair | None:
    short = numbers.count("staffing.director_missing"), numbers.count("staffing.officer_missing")
    if not any(short):
        return None
    words = "、".join(
        filter(
            None,
            [
                numbers.if_any("staffing.director_missing", "{}没有在任的食品安全总监"),
                numbers.if_any("staffing.officer_missing", "{}没有在任的食品安全员"),
            ],
        )
    )
    return (
        f"企业管理人员还有缺口。应当配备的主体中，{words}。",
        "逐户督促配备。把缺总监、安全员的主体列成名单，结合日常检查督促任命、培训并登记。",
    )


def _duty(numbers: Numbers) -> Pair | None:
    short = [row.label for row in tables.duty_rows(numbers.period) if row.kept < row.due]
    if not short or not numbers.count("duty.visits"):
        return None
    return (
        f"督导检查工时没有全部达到要求。{'、'.join(short)}{'均' if len(short) > 1 else ''}有未达到规定工时的时段。",
        "落实督导检查工时。按月、半月、周核对工时，未达到的及时补足。",
    )


def _villages(numbers: Numbers) -> Pair | None:
    if not numbers.count("enterprises.village_missing"):
        return None
    return (
        f"基础信息不够完整。还有{numbers.text('enterprises.village_missing')}主体没有登记所在村（社区）。",
        "完善主体底册。结合日常检查补登村（社区）等信息，动态更新在营、停业、注销状态。",
    )
