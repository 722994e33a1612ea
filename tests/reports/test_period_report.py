"""The period report: its words, units, comparisons and faults, from a small real ledger and read back from the PDF."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaign import Campaign
from models.coordination import Coordination
from models.core.figure import figure
from models.duty import LeaderDuty
from models.inspection import Inspection
from models.law import LegalBasis
from models.opening import open_office
from models.outreach import Outreach
from models.rules import quota
from models.rules.dates import Period
from models.settings import settings
from reports.core.document import Heading, OfficialText, Paragraph, Table
from reports.period_lint import clean_words, lint
from reports.period_report import period_report, title_of, write_period_report
from reports.period_words import change, hours, tenths
from tests.models.conftest import TODAY, Office
from tests.reports.reading import read_pages

H1 = Period.half_year(2024, 1)
D = dt.date


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    ledger = open_office(tmp_path / "office", today=TODAY)
    yield Office(ledger)
    ledger.close()


def paragraphs(text: OfficialText) -> list[str]:
    return [b.lead + b.text for b in text.blocks if isinstance(b, Paragraph) and b.text.strip()]


def body(text: OfficialText) -> str:
    return "\n".join(paragraphs(text))


def sentences(text: OfficialText) -> list[str]:
    """The paragraphs that are sentences: all but the list of annexes."""
    return [p for p in paragraphs(text) if not p.startswith(("附件：", "\u3000"))]


def table(text: OfficialText, annex: int, number: int = 0) -> list[list[str]]:
    tables = [b for b in text.appendices[annex].blocks if isinstance(b, Table)]
    return [list(row) for row in tables[number].rows]


@pytest.fixture
def busy(office: Office) -> Office:
    """A canteen and a caterer, inspected in both years, with notices, a campaign, duties, publicity."""
    canteen = office.enterprise(name="示例中学食堂", category="school_canteen")
    shop = office.enterprise(name="示例面馆", village=None)
    campaign = office.save(Campaign, {"name": "2024年春季校园食品安全专项检查 ", "starts_on": D(2024, 2, 1)})
    office.inspection(canteen, 3, inspected_on=D(2024, 3, 5), campaigns=[campaign.id], kind="special")
    office.inspection(shop, 0, inspected_on=D(2024, 4, 8))
    office.inspection(shop, 1, inspected_on=D(2023, 1, 9))
    found = office.inspection(canteen, 2, inspected_on=D(2024, 5, 6))
    office.issued(D(2024, 5, 7), inspection=found)
    leader = office.officer(position="leader", name="示例局长")
    for month in (1, 2, 3):
        duty = {"officer": leader.id, "on_day": D(2024, month, 10), "place": "示例市场"}
        office.save(LeaderDuty, duty | {"started_at": dt.time(9), "ended_at": dt.time(16)})
    giving = {"topic": "反对浪费行动", "held_on": D(2024, 4, 1), "kind": "publicity", "venue": "enterprise"}
    office.save(Outreach, giving | {"material": "initiative", "copies": 250})
    meeting = {
        "topic": "半年会商",
        "held_on": D(2024, 6, 1),
        "kind": "meeting",
        "partners": "区教体局，区卫健委",
    }
    office.save(Coordination, meeting)
    return office


def test_the_numbers_are_those_of_the_figures_with_their_units(busy: Office) -> None:
    words = body(period_report(H1, TODAY))
    assert "上半年检查3家次，涉及2户，发现隐患5处" in words
    assert "下达责令改正通知书1份" in words
    assert "上半年整改期限届满的责令改正通知书1份，均未按期整改到位" in words
    assert "检查结果" not in words, "an office that registers no publication says nothing of it"
    assert "上半年检查2家次，涉及1户，排查隐患5处" in words  # 校园
    assert "组织开展1项专项行动，检查1家次。其中，春季校园食品安全专项检查1家次。" in words
    assert "主要领导督导3次、21小时（每月7小时，应达6人月，达到3人月）" in words
    assert "发放倡议书250份" in words
    assert "与区教体局、区卫健委开展会商会议1次" in words
    assert "截至6月30日，全区餐饮食品经营户1户，2024年度风险等级评定尚未开展" in words


def test_it_compares_with_the_same_period_last_year(busy: Office) -> None:
    assert (
        "与2023年上半年相比，监督检查增加2家次（增长200%），发现隐患增加4处（增长400%），"
        "下达责令改正通知书增加1份。" in body(period_report(H1, TODAY))
    )


def test_without_last_years_records_it_compares_nothing(busy: Office) -> None:
    text = period_report(Period.half_year(2023, 1), TODAY)
    assert "相比" not in body(text)
    assert {row[4] for row in table(text, 0)} == {""}


def test_problems_come_from_the_records_and_each_has_its_step(busy: Office) -> None:
    lines = paragraphs(period_report(H1, TODAY))
    start, steps = (
        next(n for n, p in enumerate(lines) if p.startswith(lead)) for lead in ("（一）存在", "（二）下一步")
    )
    problems = lines[start + 1 : steps]
    answers = [p for p in lines[steps + 1 :] if re.match("[一二三四五六七八]是", p)]
    assert [p[:2] for p in problems] == [p[:2] for p in answers]
    assert any(
        "尚有隐患6处没有整改到位，责令改正通知书1份没有办结，其中逾期1份，未登记送达1份" in p
        for p in problems
    )
    assert any("还有2户主体没有落实包保干部，较多的是新枫街道2户" in p for p in problems)
    assert any("还有2户主体没有登记所在村（社区）" in p for p in problems)
    assert not any("抽检" in p or "没有检查" in p for p in problems)  # nothing of the kind is wanting here


def test_an_inspection_of_two_campaigns_counts_once_in_the_sum(office: Office) -> None:
    names = ("大米专项", "春季行动(校园)")
    both = [office.save(Campaign, {"name": name, "starts_on": D(2024, 1, 1)}).id for name in names]
    office.inspection(None, 0, inspected_on=D(2024, 2, 1), campaigns=both)
    office.inspection(None, 0, inspected_on=D(2024, 2, 2), campaigns=both[:1])
    assert (
        "组织开展2项专项行动，检查2家次。其中，大米专项2家次、春季行动（校园）1家次"
        "（一次检查涉及几个专项的，分别计入）。" in body(period_report(H1, TODAY))
    )


def test_frequent_findings_are_named_by_the_topic_of_their_basis(office: Office) -> None:
    known = LegalBasis.live().where(LegalBasis.topic == "贮存").order_by(LegalBasis.id).first()
    lines = [{"wording": f"后厨{known.wording}"}, {"wording": "另写的问题", "legal_basis": known.violates}]
    visit = office.inspection(None, 1, inspected_on=D(2024, 2, 1))
    office.save(Inspection, {"findings": lines}, visit)
    assert "上半年发现的2处隐患中，“贮存”类2处" in body(period_report(H1, TODAY))


def test_places_without_a_township_on_the_day_are_counted_too(office: Office) -> None:
    shop = office.enterprise(opened_on=D(2024, 3, 1))
    office.inspection(shop, 0, inspected_on=D(2024, 2, 1))  # before the shop's first known facts
    assert table(period_report(H1, TODAY), 1, 0) == [["未登记", "1", "0", "0"], ["合计", "1", "0", "0"]]


def test_the_skeleton_is_numbered_as_official_papers_are(busy: Office) -> None:
    text = period_report(H1, TODAY)
    assert text.title_lines == ("昌江区2024年上半年本地区食品生产经营", "监督检查情况")
    heads = [b.text[:2] for b in text.blocks if isinstance(b, Heading)]
    assert heads == ["一、", "二、", "三、", "四、"]
    number = 0
    for block in text.blocks:
        if isinstance(block, Heading):
            number = 0
        elif isinstance(block, Paragraph) and block.lead:
            assert block.lead.startswith(f"（{'一二三四五六七'[number]}）")
            number += 1


@pytest.mark.parametrize(
    "period",
    [
        H1,
        Period.year(2024),
        Period.half_year(2024, 2),
        Period.month(2024, 4),
        Period.quarter(2023, 4),
        Period(D(2023, 11, 3), D(2024, 2, 2)),
        Period(D(2019, 5, 5), D(2019, 5, 5)),
    ],
    ids=Period.label,
)
def test_every_period_reads_without_a_fault(busy: Office, period: Period) -> None:
    assert [str(fault) for fault in lint(sentences(period_report(period, TODAY)))] == []


def test_an_empty_ledger_reads_without_a_fault(office: Office, tmp_path: Path) -> None:
    text = period_report(H1, TODAY)
    assert [str(fault) for fault in lint(sentences(text))] == []
    assert "台账中尚未登记在营主体，暂不作分析。" in body(text)
    assert "上半年未登记已完成的监督检查。" in body(text)
    assert write_period_report(H1, tmp_path / "r.pdf", TODAY) >= 3


def test_an_unfinished_period_counts_until_today_and_says_so(busy: Office) -> None:
    text = period_report(Period.year(2024), TODAY)
    assert "2024年尚未结束，以下是2024年6月30日台账中的数据" in body(text)
    assert "统计期间为2024年1月1日至6月30日" in body(text)
    assert "全年" not in body(text)
    assert "2024年下半年尚未开始" in body(period_report(Period.half_year(2024, 2), TODAY))


def test_annexes_list_every_figure_used_and_add_up(busy: Office) -> None:
    text = period_report(H1, TODAY)
    rules = {row[1]: row for row in table(text, 0)}
    total = figure("inspections.total")
    assert rules["监督检查"][2:] == ["3", "家次", "1", total.rule]
    assert rules["发放倡议书"][2] == "250"
    assert len(rules) == len(table(text, 0))
    for number in (0, 1):
        rows = table(text, 1, number)
        assert rows[-1] == ["合计", "3", "5", "1"]
        for column in (1, 2, 3):
            assert sum(int(row[column]) for row in rows[:-1]) == int(rows[-1][column])


def test_the_pdf_says_the_same(busy: Office, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    pages = write_period_report(H1, out, TODAY, demo=True)
    read = read_pages(out)
    assert len(read) == pages
    # Page numbers and the demo's mark stand between the lines of two pages.
    whole = "".join(page.replace("演示", "").replace(f"—{n}—", "") for n, page in enumerate(read, 1))
    for paragraph in sentences(period_report(H1, TODAY)):
        assert "".join(paragraph.split()) in whole
    assert "附件：1.主要指标及统计口径" in whole


def test_a_long_period_gets_a_title_that_fits(office: Office) -> None:
    assert title_of(Period(D(2023, 11, 3), D(2024, 2, 2)), settings()) == (
        "昌江区2023年11月3日至2024年2月2日",
        "本地区食品生产经营监督检查情况",
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("文 件精神。", "空格"),
        ("检查180 家次。", "空格"),
        ("发现隐患，，已整改。", "标点重复"),
        ("已整改。。", "标点重复"),
        ("检查,发现隐患。", "半角"),
        ("校园(食堂)检查。", "半角"),
        ("下达责令整改通知书19份。", "责令改正通知书"),
        ("（1）严格贯彻落实。", "层次序号"),
        ("发现隐患0处。", "数量为零"),
        ("包保率—户。", "缺数字"),
        ("主要有（）等。", "括号内为空"),
        ("推动“两个责任落地。", "不成对"),
        ("发现隐患", "段末"),
    ],
)
def test_the_lint_sees_the_faults_of_published_reports(words: str, fault: str) -> None:
    assert any(fault in found.name for found in lint([words])), [str(f) for f in lint([words])]


def test_the_lint_lets_good_sentences_pass() -> None:
    good = [
        "（一）总体情况。期内检查180家次，发现隐患10处，整改率96.5%（按处数计）。",
        "与2023年上半年相比，监督检查增加20家次（增长12.5%），2024年1月10日起施行。",
        "一是“贮存”类10处、“场所设施”类20处；第0102号。",
    ]
    assert lint(good) == []


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("春季校园 专项检查 ", "春季校园专项检查"),
        ("网络餐饮(外卖)专项", "网络餐饮（外卖）专项"),
        ("大米,山茶油专项。", "大米，山茶油专项"),
        ('排查"生鲜灯"专项', "排查“生鲜灯”专项"),
        ("下达责令整改通知书", "下达责令改正通知书"),
        ("GB 31654宣贯", "GB 31654宣贯"),
    ],
)
def test_typed_words_are_made_fit_for_a_sentence(typed: str, clean: str) -> None:
    assert clean_words(typed) == clean


def test_changes_have_the_right_words() -> None:
    total, rate = figure("inspections.total"), figure("assignment.rate")
    from fractions import Fraction

    assert change(total, 180, 150) == "增加30家次（增长20%）"
    assert change(total, 97, 101) == "减少4家次（下降4%）"
    assert change(total, 5, 0) == "增加5家次"
    assert change(total, 7, 7) == "持平"
    assert change(rate, Fraction(97, 100), Fraction(955, 1000)) == "提高1.5个百分点"
    assert change(rate, None, Fraction(1)) == "无可比数据"
    assert tenths(Fraction(1, 1000)) == "0.1"
    assert (hours(420), hours(450)) == ("7小时", "7.5小时")


def test_quota_stretches_lie_wholly_in_the_period() -> None:
    assert len(quota.whole_stretches("month", H1.start, H1.end)) == 6
    assert len(quota.whole_stretches("half_month", H1.start, H1.end)) == 12
    weeks = quota.whole_stretches("week", H1.start, H1.end)
    assert len(weeks) == 26
    assert (weeks[0][0], weeks[-1][1]) == (D(2024, 1, 1), D(2024, 6, 30))
    assert quota.whole_stretches("month", D(2024, 1, 2), D(2024, 2, 28)) == []


@given(
    span=st.sampled_from(["month", "half_month", "week"]),
    start=st.dates(D(2020, 1, 1), D(2030, 12, 31)),
    days=st.integers(0, 800),
)
def test_quota_stretches_never_overlap(span: Any, start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    found = quota.whole_stretches(span, start, end)
    assert all(start <= first <= last <= end for first, last in found)
    assert all(b[0] - a[1] == dt.timedelta(days=1) for a, b in itertools.pairwise(found))
    assert quota.kept({}, found, 7) == 0
    assert quota.kept({first: 7 * 60 for first, _ in found}, found, 7) == len(found)
