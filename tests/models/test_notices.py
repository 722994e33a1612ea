"""The life of a notice and every refusal on its way."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import peewee
import pytest

from models.core.checks import CheckFailed
from models.core.errors import KnownError, Refused
from models.core.figure import figure
from models.core.saving import save
from models.enterprise import Enterprise
from models.inspection import Finding
from models.notice import Notice, Reinspection
from models.notice_steps import (
    addressees,
    close_notice,
    compose,
    extend,
    issue,
    notice_values,
    numbering_findings,
    refer,
    reinspect,
    serve,
    text_of,
    void,
)
from models.number_series import NumberSeries
from models.settings import change_settings, settings

D = dt.date


def step(office: Any, action: Any, *args: Any, **options: Any) -> Any:
    """One step of a notice as one action of its own."""
    with office.ledger.write("一步") as tx:
        return action(tx, *args, **options)


def refused_fields(info: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in info.value.problems}


def outcomes(office: Any, notice: Any, *values: str, on: dt.date | None = None) -> dict[str, Any]:
    rows = list(notice.finding_rows)
    return {
        "inspected_on": on or D(2024, 6, 18),
        "officers": office.officers(),
        "items": [{"finding": row.finding_id, "outcome": v} for row, v in zip(rows, values, strict=True)],
    }


def settle(office: Any, **texts: str) -> None:
    with office.ledger.write("设置") as tx:
        change_settings(tx, texts)


def test_the_whole_life(office: Any) -> None:
    notice = office.notice()
    assert notice.state == "draft"
    assert notice.number is None
    assert numbering_findings() == []
    notice = step(office, issue, notice, D(2024, 6, 5))
    assert notice.number == "昌市监责改〔2024〕1号"
    notice = step(office, serve, notice, D(2024, 6, 6), "direct", "示例乙")
    first = step(office, reinspect, notice, outcomes(office, notice, "corrected", "not", on=D(2024, 6, 12)))
    assert [f.resolved_on for f in office.findings(first.notice.inspection)] == [D(2024, 6, 12), None]
    notice = step(office, extend, notice, D(2024, 7, 28), "设备待到货", "示例局长")
    assert notice.due == D(2024, 7, 28)
    step(office, reinspect, notice, outcomes(office, notice, "corrected", "corrected"), close=True)
    notice = Notice.get_by_id(notice.id)
    assert (notice.state, notice.closed_on) == ("closed", D(2024, 6, 18))
    with pytest.raises(Refused, match="对外生效"):
        office.ledger.undo()


def test_text_is_frozen_at_issue(office: Any) -> None:
    notice = office.issued()
    before = text_of(notice)
    settle(office, court="示例人民法院", office_name="示例局")
    place = Enterprise.get_by_id(notice.enterprise_id)
    office.save(type(place.party), {"name": "改名后的当事人"}, place.party)
    assert text_of(Notice.get_by_id(notice.id)) == before
    assert "示例人民法院" not in "".join(before.paragraphs)
    voided = step(office, void, notice, "写错当事人")
    assert text_of(voided).void_reason == "写错当事人"
    assert text_of(voided).number == before.number


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"basis": ""}, "basis", "required"),
        ({"violates": " "}, "violates", "required"),
        ({"party": None}, "party", "required"),
        ({"due_on": None}, "due_on", "required"),
        ({"requirements": ""}, "requirements", "required"),
        ({"findings": []}, "findings", "required"),
        ({"due_on": D(2024, 6, 2)}, "due_on", "due_before_inspection"),
    ],
)
def test_a_draft_is_refused_at_its_field(office: Any, values: dict[str, Any], field: str, rule: str) -> None:
    inspection = office.inspection()
    with pytest.raises(CheckFailed) as info:
        office.notice(inspection, **values)
    assert (field, rule) in refused_fields(info)
    assert Notice.select().count() == 0


def test_issuing_is_refused(office: Any) -> None:
    draft = office.notice()
    for day, expected in (
        (D(2024, 6, 2), ("due_on", "issued_before_inspection")),
        (D(2024, 6, 21), ("due_on", "due_before_issue")),
        (D(2024, 7, 1), ("issued_on", "future")),
    ):
        with pytest.raises(CheckFailed) as info:
            step(office, issue, draft, day)
        assert expected in refused_fields(info)
    with pytest.raises(CheckFailed) as info:
        step(office, issue, draft, D(2024, 6, 5), "昌市监责改〔2024〕7号")
    assert refused_fields(info) == {("number", "own")}
    assert Notice.get_by_id(draft.id).state == "draft"
    assert NumberSeries.select().count() == 0
    issued = step(office, issue, draft, D(2024, 6, 5))
    with pytest.raises(Refused, match="不是草稿"):
        step(office, issue, issued, D(2024, 6, 5))


def test_a_draft_whose_findings_were_moved_is_refused(office: Any) -> None:
    inspection = office.inspection()
    draft = office.notice(inspection)
    other = office.enterprise()
    office.save(type(inspection), {"enterprise": other.id}, inspection)
    with pytest.raises(CheckFailed) as info:
        step(office, issue, draft, D(2024, 6, 5))
    assert ("findings", "enterprise") in refused_fields(info)


def test_numbers_have_no_gap_and_a_void_one_stays_used(office: Any) -> None:
    first, second = office.issued(), office.issued()
    step(office, void, second, "作废示例")
    third = office.issued()
    assert [n.serial for n in (first, second, third)] == [1, 2, 3]
    assert numbering_findings() == []
    with pytest.raises(Refused):
        step(office, void, second, "再作废")
    with pytest.raises(CheckFailed) as info:
        step(office, void, third, "  ")
    assert refused_fields(info) == {("void_reason", "required")}


def test_each_year_begins_anew_but_the_first_in_mid_year(office: Any) -> None:
    settle(office, first_serial="19")
    assert office.issued(on=D(2024, 6, 5)).number == "昌市监责改〔2024〕19号"
    assert office.issued(on=D(2024, 6, 6)).serial == 20
    assert numbering_findings() == []
    office.ledger._today = D(2025, 1, 8)
    inspection = office.inspection(inspected_on=D(2025, 1, 2))
    late = office.issued(inspection=inspection, on=D(2025, 1, 3), due_on=D(2025, 1, 20))
    assert late.number == "昌市监责改〔2025〕1号"
    assert numbering_findings() == []


def test_a_year_before_the_program_is_not_numbered_by_it(office: Any) -> None:
    """Those numbers are on paper already: a first one of that year would be given twice."""
    settle(office, first_serial="19")
    office.issued()
    draft = office.notice(office.inspection(inspected_on=D(2023, 12, 20)))
    with pytest.raises(Refused, match="不能编2023年的文号"):
        step(office, issue, draft, D(2023, 12, 25))
    office.save(NumberSeries, {"prefix": "昌市监责改", "year": 2023, "first_serial": 88})
    assert step(office, issue, draft, D(2023, 12, 25)).number == "昌市监责改〔2023〕88号"


def test_a_series_ends_at_the_highest_serial(office: Any) -> None:
    settle(office, first_serial="99999")
    assert office.issued().number == "昌市监责改〔2024〕99999号"
    with pytest.raises(Refused, match="已用到99999"):
        office.issued()
    assert Notice.select().where(Notice.state == "issued").count() == 1


def test_branches_number_for_themselves(office: Any) -> None:
    settle(office, number_by_branch="yes")
    xinfeng = office.branch(name="新枫分局", short_name="新枫")
    liyang = office.branch(name="丽阳分局", short_name="丽阳")
    office.save(
        NumberSeries, {"branch": liyang.id, "prefix": "昌市监（丽阳）责改", "year": 2024, "first_serial": 7}
    )
    one = office.issued(branch=xinfeng.id)
    two = office.issued(branch=liyang.id)
    three = office.issued(branch=xinfeng.id)
    bureau = office.issued(branch=None)
    assert [n.number for n in (one, two, three, bureau)] == [
        "昌市监（新枫）责改〔2024〕1号",
        "昌市监（丽阳）责改〔2024〕7号",
        "昌市监（新枫）责改〔2024〕2号",
        "昌市监责改〔2024〕1号",
    ]
    with pytest.raises(Refused, match="已经编过号"):
        office.save(NumberSeries, {"first_serial": 1}, two.series)
    with pytest.raises(CheckFailed) as info:
        office.save(NumberSeries, {"prefix": "昌市监责改", "year": 2024})
    assert refused_fields(info) == {("prefix", "duplicate")}


def test_numbers_of_the_platform(office: Any) -> None:
    settle(office, numbering="platform")
    draft = office.notice()
    for number, rule in (("", "required"), ("十九号", "format"), ("昌市监责改〔2023〕19号", "year")):
        with pytest.raises(CheckFailed) as info:
            step(office, issue, draft, D(2024, 6, 5), number)
        assert refused_fields(info) == {("number", rule)}
    issued = step(office, issue, draft, D(2024, 6, 5), "昌市监(新枫)责改[2024]第19号")
    assert issued.number == "昌市监(新枫)责改〔2024〕19号"
    step(office, void, issued, "作废示例")
    with pytest.raises(CheckFailed) as info:
        office.issued(number="昌市监（新枫）责改〔2024〕19号")
    assert refused_fields(info) == {("number", "duplicate")}
    settle(office, numbering="own", notice_prefix="昌市监(新枫)责改", first_serial="19")
    assert office.issued().serial == 20, "a number that the platform gave is never given again"
    assert numbering_findings() == []


def test_two_threads_issuing_get_different_numbers(office: Any) -> None:
    drafts = [office.notice() for _ in range(8)]
    failures: list[Exception] = []

    def work(mine: list[Any]) -> None:
        try:
            for draft in mine:
                step(office, issue, draft, D(2024, 6, 5))
        except (peewee.PeeweeException, KnownError) as exc:
            failures.append(exc)
        finally:
            office.ledger.close_thread()

    threads = [threading.Thread(target=work, args=(drafts[i::2],)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(n.serial for n in Notice.select()) == list(range(1, 9))
    assert numbering_findings() == []


def test_serving(office: Any) -> None:
    notice = office.issued()
    cases: tuple[tuple[tuple[Any, Any, str], set[tuple[str, str]]], ...] = (
        (
            (None, None, ""),
            {("served_on", "required"), ("service_way", "required"), ("receiver", "required")},
        ),
        ((D(2024, 6, 4), "direct", "示例乙"), {("served_on", "order")}),
        ((D(2024, 7, 1), "direct", "示例乙"), {("served_on", "future")}),
        ((D(2024, 6, 6), "pigeon", "示例乙"), {("service_way", "value")}),
    )
    for args, expected in cases:
        with pytest.raises(CheckFailed) as info:
            step(office, serve, notice, *args)
        assert refused_fields(info) == expected
    served = step(office, serve, notice, D(2024, 6, 6), "direct", "示例乙")
    assert served.state == "served"
    with pytest.raises(Refused):
        step(office, serve, served, D(2024, 6, 6), "direct", "示例乙")
    with pytest.raises(Refused):
        step(office, serve, office.notice(), D(2024, 6, 6), "direct", "示例乙")


def test_extending_once(office: Any) -> None:
    notice = office.issued()
    with pytest.raises(CheckFailed) as info:
        step(office, extend, notice, D(2024, 6, 20), "", "")
    assert refused_fields(info) == {
        ("extended_to", "order"),
        ("extended_by", "required"),
        ("extension_reason", "required"),
    }
    step(office, extend, notice, D(2024, 7, 25), "示例理由", "示例局长")
    with pytest.raises(Refused, match="只能延期一次"):
        step(office, extend, notice, D(2024, 7, 29), "示例理由", "示例局长")
    at_once = office.issued(mode="immediate")
    assert at_once.due_on is None
    with pytest.raises(Refused, match="没有期限"):
        step(office, extend, at_once, D(2024, 7, 29), "示例理由", "示例局长")


def test_closing_and_referring(office: Any) -> None:
    notice = office.issued()
    with pytest.raises(Refused, match="还没有登记送达"):
        step(office, close_notice, notice, D(2024, 6, 18))
    notice = step(office, serve, notice, D(2024, 6, 6), "direct", "示例乙")
    with pytest.raises(Refused, match="还有2处隐患"):
        step(office, close_notice, notice, D(2024, 6, 18))
    step(office, reinspect, notice, outcomes(office, notice, "corrected", "corrected"))
    for day in (D(2024, 6, 5), D(2024, 7, 1)):
        with pytest.raises(Refused, match="销号日期"):
            step(office, close_notice, notice, day)
    closed = step(office, close_notice, notice, D(2024, 6, 18))
    for action, args in ((void, ("x",)), (refer, (D(2024, 6, 19), "x")), (close_notice, (D(2024, 6, 19),))):
        with pytest.raises(Refused):
            step(office, action, closed, *args)
    other = office.issued()
    with pytest.raises(CheckFailed) as info:
        step(office, refer, other, D(2024, 6, 4), " ")
    assert refused_fields(info) == {("referral", "required"), ("referred_on", "order")}
    assert step(office, refer, other, D(2024, 6, 29), "移送执法大队").state == "referred"


def test_reinspections(office: Any) -> None:
    notice = office.issued()
    one, two = office.findings(notice.inspection)
    good = outcomes(office, notice, "corrected", "partly")
    for change, expected in (
        ({"items": good["items"][:1]}, ("items", "findings")),
        ({"items": []}, ("items", "findings")),
        ({"officers": good["officers"][:1]}, ("officers", "required")),
        ({"officers": good["officers"][:1] * 2}, ("officers", "required")),
        ({"inspected_on": D(2024, 6, 4)}, ("inspected_on", "order")),
        ({"inspected_on": D(2024, 7, 1)}, ("inspected_on", "future")),
    ):
        with pytest.raises(CheckFailed) as info:
            step(office, reinspect, notice, good | change)
        assert expected in refused_fields(info)
    record = step(office, reinspect, notice, good)
    assert Finding.get_by_id(one.id).resolved_on == D(2024, 6, 18)
    assert Finding.get_by_id(two.id).resolved_on is None
    lines = [{"id": i.id, "finding": i.finding_id, "outcome": "corrected"} for i in record.item_rows]
    office.save(Reinspection, {"items": lines}, record)
    assert Finding.get_by_id(two.id).resolved_on == D(2024, 6, 18)
    with office.ledger.write("移除") as tx:
        tx.remove(Reinspection.get_by_id(record.id))
    assert [Finding.get_by_id(f.id).resolved_on for f in (one, two)] == [None, None]
    with office.ledger.write("恢复") as tx:
        tx.restore(Reinspection.get_by_id(record.id))
    assert Finding.get_by_id(two.id).resolved_on == D(2024, 6, 18)
    draft = office.notice()
    values = outcomes(office, draft, "corrected", "corrected") | {"notice": draft.id}
    with pytest.raises(CheckFailed) as info:
        office.save(Reinspection, values)
    assert ("notice", "state") in refused_fields(info)


def test_the_party_of_a_contracted_canteen_is_chosen(office: Any) -> None:
    school, contractor = office.party(name="示例中学"), office.party(name="示例餐饮公司")
    canteen = office.enterprise(
        party=school.id, contractor=contractor.id, category="school_canteen", supply_mode="contracted"
    )
    inspection = office.inspection(canteen)
    assert notice_values([f.id for f in office.findings(inspection)], office.today)["party"] is None
    assert [p.name for p in addressees(canteen, office.today)] == ["示例中学", "示例餐饮公司"]
    with pytest.raises(CheckFailed) as info:
        office.notice(inspection, due_on=office.today)
    assert refused_fields(info) == {("party", "required")}
    with pytest.raises(CheckFailed) as info:
        office.notice(inspection, party=office.party().id, due_on=office.today)
    assert refused_fields(info) == {("party", "party")}
    notice = office.issued(inspection=inspection, party=contractor.id)
    assert text_of(notice).addressee == "示例餐饮公司"


def test_a_notice_from_a_sample(office: Any) -> None:
    place = office.enterprise()
    finding = office.save(
        Finding,
        {"enterprise": place.id, "found_on": D(2024, 6, 1), "channel": "sampling", "wording": "抽检不合格"},
    )
    values = notice_values([finding.id], office.today)
    assert (values["source"], values["inspection"]) == ("sampling", None)
    notice = office.save(Notice, values | {"violates": "《示例法》第一条", "due_on": D(2024, 6, 20)})
    assert step(office, issue, notice, D(2024, 6, 5)).number == "昌市监责改〔2024〕1号"


def test_findings_that_make_no_notice(office: Any) -> None:
    with pytest.raises(Refused, match="先选择"):
        notice_values([], office.today)
    one, other = office.inspection(), office.inspection()
    with pytest.raises(Refused, match="不同的单位"):
        notice_values([office.findings(one)[0].id, office.findings(other)[0].id], office.today)
    finding = office.findings(one)[0]
    office.save(Finding, {"corrected_on_spot": True}, finding)
    with pytest.raises(Refused, match="已整改完成"):
        notice_values([finding.id], office.today)


def test_what_a_notice_stands_on_stays(office: Any) -> None:
    notice = office.issued()
    inspection = notice.inspection
    finding = office.findings(inspection)[0]
    for record, words in ((notice, "请作废"), (finding, "已写入"), (inspection, "已开具")):
        with pytest.raises(Refused, match=words), office.ledger.write("移除") as tx:
            tx.remove(record)
    with pytest.raises(Refused, match="内容不能再改"):
        office.save(Notice, {"basis": "另一依据"}, notice)
    with pytest.raises(CheckFailed) as info:
        office.save(type(inspection), {"enterprise": office.enterprise().id}, inspection)
    assert refused_fields(info) == {("enterprise", "ordered")}
    with pytest.raises(CheckFailed) as info:
        office.save(type(inspection), {"inspected_on": D(2024, 6, 6)}, inspection)
    assert refused_fields(info) == {("inspected_on", "ordered")}
    with pytest.raises(CheckFailed) as info, office.ledger.write("重复开具") as tx:
        save(tx, Notice, notice_values([finding.id], office.today) | {"due_on": D(2024, 7, 20)})
    assert refused_fields(info) == {("findings", "ordered")}
    assert info.value.only_warnings


def test_articles_lose_only_the_ending_that_the_page_adds(office: Any) -> None:
    notice = office.notice(violates="《示例特别规定》第三条、有关规定的规定。", basis="《示例规定》")
    words = compose(notice, settings()).paragraphs
    assert words[0].endswith("上述行为违反了《示例特别规定》第三条、有关规定的规定。")
    assert words[1].startswith("依据《示例规定》的规定，")


def test_a_campus_notice_counts_by_the_day_of_its_findings(office: Any) -> None:
    place = office.enterprise(key_area="campus")
    visit = office.inspection(place)
    with office.ledger.write("改区域") as tx:
        save(tx, Enterprise, {"key_area": None}, place, effective_on=D(2024, 6, 4))
    office.issued(inspection=visit, on=D(2024, 6, 5))
    half = (D(2024, 1, 1), D(2024, 6, 30))
    assert [figure(f"campus.{name}").value(*half) for name in ("inspections", "findings", "notices")] == [1, 2, 1]
    assert figure("campus.notices").ids(*half) == figure("notices.total").ids(*half)


def test_a_later_extension_leaves_the_past_overdue(office: Any) -> None:
    notice = office.issued()
    overdue = figure("notices.overdue")
    assert overdue.value(D(2024, 6, 1), D(2024, 6, 20)) == 0
    assert overdue.value(D(2024, 6, 1), D(2024, 6, 21)) == 1
    office.ledger._today = D(2024, 7, 5)
    step(office, extend, notice, D(2024, 7, 20), "设备待到货", "示例局长")
    assert overdue.value(D(2024, 6, 1), D(2024, 6, 30)) == 1
    assert overdue.value(D(2024, 6, 1), D(2024, 7, 5)) == 0


def test_closing_before_the_last_finding_was_corrected(office: Any) -> None:
    notice = step(office, serve, office.issued(), D(2024, 6, 6), "direct", "示例乙")
    step(office, reinspect, notice, outcomes(office, notice, "corrected", "corrected", on=D(2024, 6, 18)))
    with pytest.raises(Refused, match="改正日期2024-06-18与今天之间"):
        step(office, close_notice, notice, D(2024, 6, 17))
    assert step(office, close_notice, notice, D(2024, 6, 18)).closed_on == D(2024, 6, 18)
