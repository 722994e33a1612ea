"""The chapters of the period report in the office's words, every number from a figure; knows not the page."""

from __future__ import annotations

from models import period_tables as tables
from models.coverage import coverage
from models.overview import LEVEL_WORDS
from models.rules.dates import format_date_paper
from models.settings import Settings
from reports.campaign_words import campaign_section
from reports.core.document import Block, Heading, Paragraph
from reports.period_lint import clean_words
from reports.period_staff import canteen_words, routine_words, staff_words
from reports.period_words import Numbers, hours, listed, sentence, span_words

_SECTIONS = "一二三四五六七八九十"


def opening(numbers: Numbers, office: Settings) -> list[Block]:
    """导语 with the period, the days that count and the totals."""
    period = numbers.period
    aim = (
        f"{period.label()}，{office.office_short}认真落实党中央、国务院和省、市、区关于食品安全工作的部署，"
        "对照“四个最严”要求，把压实主体责任、排查整改隐患、引导社会共治贯通起来，"
        f"组织开展{office.district}食品生产经营监督检查。"
    )
    total = sentence(
        numbers.if_any("enterprises.total", f"{numbers.by_end}，全区在营食品生产经营主体{{}}"),
        numbers.if_any("inspections.total", f"{numbers.during}开展监督检查{{}}"),
        numbers.if_any("inspections.findings", "发现隐患{}"),
        numbers.if_any("notices.total", "下达责令改正通知书{}"),
    )
    basis = (
        f"统计期间为{span_words(period)}，监督检查和隐患按检查日期、通知书按签发日期统计，"
        f"存量数据截至{format_date_paper(period.end)}，各项口径见附件1。现将有关情况报告如下。"
    )
    return [Paragraph(aim + total + basis)]


def chapter_one(numbers: Numbers) -> list[Block]:
    """党政同责: who looks after whom, and the safety staff."""
    return [
        Heading(1, "一、坚持党政同责，推动“两个责任”落到实处"),
        *_sections(
            [
                ("分层落实包保责任", _assignment_words(numbers)),
                ("督促企业配齐管理人员", staff_words(numbers)),
                ("推动企业落实自查制度", routine_words(numbers)),
            ]
        ),
    ]


def _sections(parts: list[tuple[str, str]]) -> list[Block]:
    """（一）… run-in headings; a section without words is left out and the numbers close up."""
    filled = [(title, text) for title, text in parts if text]
    return [Paragraph(text, lead=f"（{_SECTIONS[at]}）{title}。") for at, (title, text) in enumerate(filled)]


def _assignment_words(numbers: Numbers) -> str:
    if not numbers.count("assignment.enterprises"):
        return f"{numbers.by_end}，没有登记由本区包保的主体，包保关系有待建立。"
    rows = coverage(numbers.period.end)
    by_level = [
        (
            word,
            *(
                sum(getattr(r, side) for r in rows if r.level == level)
                for side in ("enterprises", "assigned")
            ),
        )
        for level, word in LEVEL_WORDS.items()
    ]
    level_words = "、".join(
        f"{word}{total}户（{f'已落实{done}户' if done else '尚未落实'}）"
        for word, total, done in by_level
        if total
    )
    done = numbers.count("assignment.assigned")
    return (
        "按照区、乡镇（街道）、村（社区）三级包保的要求，建立到户到人、随人员变动及时调整的包保关系。"
        + sentence(
            numbers.if_any("assignment.officials", f"{numbers.by_end}，在任包保干部{{}}"),
            f"由本区包保的主体{numbers.text('assignment.enterprises')}",
            f"已落实包保{numbers.text('assignment.assigned')}" if done else "尚未落实包保",
            f"包保率{numbers.text('assignment.rate')}（由市级包保的A级主体不计在内）" if done else "",
        )
        + sentence(f"按包保层级分，{level_words}" if level_words else "")
        + _visit_words(numbers)
    )


def _visit_words(numbers: Numbers) -> str:
    """What the officials signed, visited and found; '' where nothing is recorded."""
    found = numbers.count("visits.findings")
    return sentence(
        numbers.if_any("commitments.officials", f"{numbers.by_end}，签订食品安全责任与任务承诺书的包保干部{{}}")
        + numbers.if_any("commitments.rate", "，签订率{}")
    ) + sentence(
        numbers.if_any("visits.total", "包保干部督导{}"),
        numbers.if_any("visits.done", f"{numbers.by_end}所在的督导周期内已督导{{}}"),
        numbers.if_any("visits.rate", "完成率{}"),
        f"发现问题{numbers.text('visits.findings')}，已整改{numbers.text('visits.resolved')}" if found else "",
        numbers.if_any("visits.handed_over", "移交检查任务{}"),
    )


def chapter_two(numbers: Numbers) -> list[Block]:
    """监督检查: totals, campaigns, campus, producers, leaders, grades."""
    return [
        Heading(1, "二、紧盯风险隐患，从严开展监督检查"),
        *_sections(
            [
                ("监督检查总体情况", _total_words(numbers)),
                ("专项整治和重点区域检查", campaign_section(numbers)),
                ("校园及周边食品安全", _campus_words(numbers)),
                ("食品生产企业监管和抽检", _production_words(numbers)),
                ("领导督导检查", _duty_words(numbers)),
                ("风险等级和量化分级评定", _grade_words(numbers)),
            ]
        ),
    ]


def _total_words(numbers: Numbers) -> str:
    if not numbers.count("inspections.total"):
        return f"{numbers.during}未登记已完成的监督检查。"
    found, issued = numbers.count("inspections.findings"), numbers.count("notices.total")
    resolved = numbers.count("inspections.findings_resolved")
    text = sentence(
        f"{numbers.during}检查{numbers.text('inspections.total')}",
        f"涉及{numbers.text('inspections.enterprises')}",
        f"发现隐患{numbers.text('inspections.findings')}" if found else "未发现隐患",
    )
    if found:
        text += sentence(
            numbers.if_any("inspections.findings_on_spot", "其中当场整改{}"),
            f"{numbers.by_end}已整改{numbers.text('inspections.findings_resolved')}"
            if resolved
            else f"{numbers.by_end}尚未整改",
            f"整改率{numbers.text('inspections.resolved_rate')}" if resolved else "",
        )
        text += sentence(f"按发现渠道分，{listed(tables.by_channel(numbers.period), '处')}")
    if issued:
        closed = numbers.count("notices.closed")
        text += sentence(
            f"下达责令改正通知书{numbers.text('notices.total')}",
            f"其中已复查销号{numbers.text('notices.closed')}" if closed else "尚无销号",
            f"销号率{numbers.text('notices.closed_rate')}" if closed else "",
            numbers.if_any("notices.referred", "移送立案{}"),
        )
    else:
        text += f"{numbers.during}未下达责令改正通知书。"
    text += _rectified_words(numbers)
    return text + numbers.compared(
        [
            ("inspections.total", "监督检查"),
            ("inspections.findings", "发现隐患"),
            ("notices.total", "下达责令改正通知书"),
        ]
    )


def _rectified_words(numbers: Numbers) -> str:
    """What fell due and was corrected in time; results made public only where the office registers that at all."""
    text = ""
    if numbers.count("rectification.due"):
        on_time = numbers.count("rectification.on_time")
        text += sentence(
            f"{numbers.during}整改期限届满的责令改正通知书{numbers.text('rectification.due')}",
            f"按期整改{numbers.text('rectification.on_time')}" if on_time else "均未按期整改到位",
            f"按期整改率{numbers.text('rectification.on_time_rate')}" if on_time else "",
            numbers.if_any("rectification.extended", "批准延期{}"),
        )
    text += sentence(
        numbers.if_any("talks.total", "对整改不力的食品生产经营者责任约谈{}"),
        numbers.if_any("rectification.repeated", "发现同一单位重复出现的隐患{}"),
    )
    if numbers.count("publication.in_time"):
        text += sentence(
            f"应公开的检查结果{numbers.text('publication.due')}",
            f"按期公开{numbers.text('publication.in_time')}",
            f"按期公开率{numbers.text('publication.rate')}",
        )
    return text


def _campus_words(numbers: Numbers) -> str:
    if not numbers.count("campus.inspections"):
        return canteen_words(numbers)
    found, issued = numbers.count("campus.findings"), numbers.count("campus.notices")
    resolved = numbers.count("campus.findings_resolved")
    text = "把学校、幼儿园食堂和校园周边食品经营者作为重点，着重查看责任落实、制度执行、进货查验和加工环境。"
    text += sentence(
        f"{numbers.during}检查{numbers.text('campus.inspections')}",
        f"涉及{numbers.text('campus.enterprises')}",
        f"排查隐患{numbers.text('campus.findings')}" if found else "未发现隐患",
        f"{numbers.by_end}已整改{numbers.text('campus.findings_resolved')}" if resolved else "",
        f"下达责令改正通知书{numbers.text('campus.notices')}" if issued else "未下达责令改正通知书",
    )
    text += sentence(numbers.if_any("campus.samples", "对校园及周边食品、餐饮具抽检{}"))
    text += numbers.compared(
        [
            ("campus.inspections", "检查"),
            ("campus.findings", "排查隐患"),
            ("campus.notices", "下达责令改正通知书"),
        ]
    )
    return text + canteen_words(numbers)


def _production_words(numbers: Numbers) -> str:
    text = ""
    if numbers.count("production.enterprises"):
        seen = numbers.count("production.inspected")
        text = sentence(
            f"{numbers.by_end}，全区在营食品生产企业{numbers.text('production.enterprises')}",
            f"{numbers.during}已检查{numbers.text('production.inspected')}"
            if seen
            else f"{numbers.during}未检查",
            f"检查覆盖率{numbers.text('production.inspected_rate')}" if seen else "",
            numbers.if_any("production.inspections", "共检查{}"),
            numbers.if_any("production.findings", "发现隐患{}"),
        )
    if numbers.count("rice.enterprises"):
        issued = numbers.count("rice.notices")
        text += sentence(
            f"对{numbers.text('rice.enterprises')}大米生产企业开展重点检查{numbers.text('rice.inspections')}",
            "查看进货查验、出厂检验和重金属检验记录以及厂区环境",
            f"下达责令改正通知书{numbers.text('rice.notices')}" if issued else "未下达责令改正通知书",
        )
    return text + _sample_words(numbers)


def _sample_words(numbers: Numbers) -> str:
    if not numbers.count("samples.total"):
        return ""
    failed, handled = numbers.count("samples.failed"), numbers.count("samples.handled")
    text = sentence(
        f"全区共抽检{numbers.text('samples.total')}",
        numbers.if_any("samples.province", "其中配合省抽{}"),
        numbers.if_any("production.samples", "食品生产企业{}"),
    )
    if not failed:
        return text + "已出结果的未发现不合格。"
    return text + sentence(
        f"检出不合格{numbers.text('samples.failed')}",
        f"已完成核查处置{numbers.text('samples.handled')}" if handled else "核查处置正在进行",
    )


_STRETCHES = {"leader": ("月", "人月"), "deputy": ("半月", "人半月"), "branch_head": ("周", "人周")}


def _duty_words(numbers: Numbers) -> str:
    if not numbers.count("duty.visits"):
        return ""
    rows = [row for row in tables.duty_rows(numbers.period) if row.visits]
    parts = []
    for row in rows:
        stretch, unit = _STRETCHES[row.position]
        words = f"{row.label}督导{row.visits}次、{hours(row.minutes)}"
        if row.due:
            kept = "全部达到" if row.kept == row.due else f"达到{row.kept}{unit}" if row.kept else "均未达到"
            words += f"（每{stretch}{row.hours}小时，应达{row.due}{unit}，{kept}）"
        parts.append(words)
    head = sentence(
        "落实主要领导、分管领导、分局局长督导检查食品安全的工时制度",
        f"{numbers.during}共督导检查{numbers.text('duty.visits')}、{hours(numbers.count('duty.minutes'))}",
    )
    return head + (f"其中，{'；'.join(parts)}。" if parts else "")


def _grade_words(numbers: Numbers) -> str:
    if not numbers.count("catering.enterprises"):
        return ""
    graded, rated = numbers.count("catering.graded"), numbers.count("catering.dynamic")
    year = numbers.period.end.year
    grades = listed(tables.caterer_grades(numbers.period), "户")
    ratings = listed(tables.caterer_ratings(numbers.period), "户")
    return sentence(
        f"{numbers.by_end}，全区餐饮食品经营户{numbers.text('catering.enterprises')}",
        (
            f"完成{year}年度风险等级评定{numbers.text('catering.graded')}"
            f"、评定率{numbers.text('catering.graded_rate')}{f'（{grades}）' if grades else ''}"
            if graded
            else f"{year}年度风险等级评定尚未开展"
        ),
        (
            f"完成动态管理评定{numbers.text('catering.dynamic')}"
            f"、评定率{numbers.text('catering.dynamic_rate')}{f'（{ratings}）' if ratings else ''}"
            if rated
            else "动态管理评定尚未开展"
        ),
    ) + ("评定结果用于确定检查频次，等级低、风险高的增加检查次数。" if graded else "")


def chapter_three(numbers: Numbers) -> list[Block]:
    """社会共治: coordination, publicity, training."""
    sections = _sections(
        [
            ("加强部门协作", _coordination_words(numbers)),
            ("广泛宣传引导", _outreach_words(numbers)),
            ("抓好教育培训", _training_words(numbers)),
        ]
    )
    return [
        Heading(1, "三、加强宣传引导，促进食品安全社会共治"),
        *(sections or [Paragraph(f"{numbers.during}未登记部门协作、宣传和培训活动。")]),
    ]


def _coordination_words(numbers: Numbers) -> str:
    if not numbers.count("coordination.total"):
        return ""
    kinds = tables.coordination_by_kind(numbers.period)
    partners = tables.coordination_partners(numbers.period)
    more = "等" if len(partners) > 5 else ""
    done = "协作" if len(kinds) > 1 else kinds[0][0]
    return "发挥区食安委办公室统筹协调作用，与成员单位互通情况、联合行动。" + sentence(
        f"{numbers.during}与{'、'.join(clean_words(name) for name in partners[:5])}{more}开展{done}"
        f"{numbers.text('coordination.total')}",
        f"其中{listed(kinds, '次')}" if len(kinds) > 1 else "",
    )


def _outreach_words(numbers: Numbers) -> str:
    venues = listed(tables.outreach_by_venue(numbers.period), "场次")
    text = sentence(
        numbers.if_any("outreach.activities", f"{numbers.during}举办食品安全宣传活动{{}}")
        + (f"（{venues}）" if venues else ""),
        numbers.if_any("outreach.open_sampling", "其中“你点我检、你送我检”活动{}"),
    )
    text += sentence(
        numbers.if_any("outreach.copies", "在餐饮行业倡导反对浪费、公筷公勺和拒食野生动物，发放倡议书{}")
    )
    return text + sentence(numbers.if_any("outreach.tips", "在节假日等重点时段发布食品安全消费提示{}"))


def _training_words(numbers: Numbers) -> str:
    if not numbers.count("training.sessions"):
        return ""
    topics = tables.outreach_topics("training", numbers.period)
    more = "等" if len(topics) > 4 else ""
    return sentence(
        f"{numbers.during}组织培训{numbers.text('training.sessions')}",
        numbers.if_any("training.people", "参加{}"),
        f"内容包括{'、'.join(map(clean_words, topics[:4]))}{more}",
    )
