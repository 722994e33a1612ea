"""The papers of a visit and of what follows it, read back: text, counted items, pages, margins, blanks, masks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.check_papers import check_sheet_of
from models.checklist import SAMPLE_TITLE, Checklist, checklists_for, items_of
from models.core.errors import NotFound
from models.core.ledger import Ledger
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.notice import SERVICE_WAYS, Notice
from models.notice_steps import close_notice, extend, reinspect, serve
from models.opening import open_office
from models.organization import Officer
from models.rectifying import extend_finding, recheck, refer_finding
from models.rules.checklist import pack
from models.scene_record import SceneRecord
from models.settings import change_settings
from models.talk import Talk
from reports.core.errors import Cancelled
from reports.core.flow import FORM
from reports.visit_file import KINDS, write_blank_papers, write_visit_papers
from tests.models.conftest import Office
from tests.reports.reading import read_glyphs, read_pages

D = dt.date
LONG = "江西省景德镇市昌江区吕蒙街道某某食品供应链管理有限责任公司第三分公司中央厨房及集体用餐配送中心" * 2


@pytest.fixture
def office(tmp_path: Path, new_place: Callable[[Path], Path]) -> Iterator[Office]:
    ledger: Ledger = open_office(new_place(tmp_path / "ledger"), today=D(2024, 6, 30))
    yield Office(ledger)
    ledger.close()


def answered(office: Office, failed: tuple[str, ...] = ("2.3", "6.3"), skipped: str = "9.2", **more: Any) -> Any:
    """An inspection that answered the caterers' form, with a finding for each failed item."""
    form = checklists_for("catering", office.today)[0]
    rest = [i.number for i in items_of(form.id) if i.number not in (*failed, skipped)]
    items = {i.number: i for i in items_of(form.id)}
    line = {"checklist": form.id, "passed": pack(rest), "failed": pack(failed), "skipped": skipped}
    findings = [
        {"wording": f"{n}示例隐患", "item": items[n].id, "legal_basis": "《示例条例》第一条"} for n in failed
    ]
    values = {
        "enterprise": (more.pop("place", None) or office.enterprise()).id,
        "inspected_on": D(2024, 6, 3),
        "kind": "routine",
        "result": "ordered",
        "officers": office.officers(),
        "checklists": [{**line, "notes": f"{skipped}：没有外卖"}],
        "findings": findings,
    }
    return office.save(Inspection, values | more)


def write(tmp_path: Path, kind: str | list[str], *records: Any) -> tuple[Path, list[str]]:
    kinds = [kind] if isinstance(kind, str) else kind
    out = tmp_path / "paper.pdf"
    pages = write_visit_papers(kinds, [one.id for one in records], out)
    found = read_pages(out)
    assert len(found) == pages
    assert not any("None" in text for text in found)
    return out, found


def inside(path: Path, pages: int) -> None:
    """Nothing of a form stands outside its text area (the demo's mark and the page number apart)."""
    for page in range(pages):
        for glyph in read_glyphs(path, page):
            assert FORM.left - 1 <= glyph.left, (page, glyph)
            assert glyph.right <= FORM.right + 1.5, (page, glyph)
            assert FORM.floor - 8 <= glyph.bottom, (page, glyph)


def test_the_result_sheet_counts_the_items(office: Office, tmp_path: Path) -> None:
    place = office.enterprise(permits=[{"kind": "shop", "number": "示例8号"}], phone="13800000001")
    office.inspection(place, findings=0, inspected_on=D(2024, 2, 1))
    office.inspection(place, findings=0, inspected_on=D(2023, 12, 1))
    inspection = answered(office, place=place)
    office.save(SceneRecord, {"inspection": inspection.id, "number": "昌食检2024—7"})
    out, [text] = write(tmp_path, "result", inspection)
    form = checklists_for("catering", office.today)[0]
    keys = sum(item.is_key for item in items_of(form.id))
    assert "食品生产经营监督检查结果记录表" in text
    assert "编号：昌食检2024—7" in text
    assert "本年度第2次检查" in text
    assert "于2024年6月3日对你单位进行了监督检查" in text
    assert f"按照“{SAMPLE_TITLE}" in text
    assert "共检查了（56）项内容" in text
    assert f"重点项（{keys}）项" in text
    assert "发现问题（1）项，项目序号分别是（*6.3）" in text
    assert f"一般项（{55 - keys}）项" in text
    assert "发现问题（1）项，项目序号分别是（2.3）" in text
    assert "合理缺项（1）项，项目序号分别是（9.2）" in text
    assert "1．2.3示例隐患（违反《示例条例》第一条）。" in text
    assert "食品生产经营者立即停止食品生产经营活动" in text
    assert "第1页共1页" in text
    inside(out, 1)


def test_without_a_checklist_the_inspection_itself_is_told(office: Office, tmp_path: Path) -> None:
    _out, [text] = write(tmp_path, "result", office.inspection())
    assert "未使用检查要点表，发现问题（2）项" in text
    for word in ("未发现问题", "当场整改", "责令限期改正", "调查处理"):
        assert word in text
    with pytest.raises(NotFound, match="没有填写要点表"):
        write_visit_papers(["checklist"], [office.inspection().id], tmp_path / "none.pdf")
    assert not (tmp_path / "none.pdf").exists()


def test_a_sample_checklist_never_bears_an_official_title(office: Office, tmp_path: Path) -> None:
    form = checklists_for("catering", office.today)[0]
    office.save(Checklist, {"printed_title": "食品安全监督检查要点表（官方）"}, form)
    inspection = answered(office)
    out, pages = write(tmp_path, "checklist", inspection)
    assert SAMPLE_TITLE in pages[0]
    assert "官方）" not in pages[0].replace("非官方", "")
    whole = "".join(pages)
    for item in items_of(form.id):
        assert item.content.replace(" ", "") in whole, item.number
    for number, text in enumerate(pages, 1):
        assert "检查项目序号检查内容评价备注" in text, number
        assert f"第{number}页共{len(pages)}页" in text
    assert "合理缺项：没有外卖" in whole
    assert "2.3示例隐患" in whole
    assert "共检查56项，发现问题2项（其中重点项1项），合理缺项1项。" in whole
    inside(out, len(pages))


def test_an_official_checklist_bears_its_title_and_table_number(office: Office, tmp_path: Path) -> None:
    form = checklists_for("catering", office.today)[0]
    title = {"printed_title": "食品安全监督检查要点表（官方）", "official": True, "table_number": "1-3"}
    office.save(Checklist, title, form)
    _out, pages = write(tmp_path, ["checklist", "result"], answered(office))
    assert pages[0].startswith("食品安全监督检查要点表（官方）")
    assert SAMPLE_TITLE not in "".join(pages)
    assert "按照表（1-3）开展" in pages[-1]


def test_the_scene_note_is_signed_on_every_page(office: Office, tmp_path: Path) -> None:
    wordings = [{"wording": f"第{n}处示例隐患，{LONG[:60]}"} for n in range(1, 41)]
    inspection = office.inspection(
        findings=0, started_at=dt.time(9, 30), ended_at=dt.time(11, 5), situation="正在营业"
    )
    office.save(Inspection, {"findings": wordings, "result": "ordered"}, inspection)
    values = {
        "inspection": inspection.id, "attendance": "staff", "attendee": "示例乙", "attendee_role": "店长",
        "attendee_id": "11010519491231002X", "credential": "certificate", "recusal": "no", "rights_told": True,
        "opinion": "refused", "refusal_reason": "认为不合理", "witness": "示例丙", "witness_unit": "示例社区",
        "statement": "没有异议",
    }  # fmt: skip
    office.save(SceneRecord, values)
    out, pages = write(tmp_path, "scene", inspection)
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        for sign in ("当事人：", "见证人：", "检查人员："):
            assert sign in text, number
        assert f"第{number}页共{len(pages)}页" in text
    whole = "".join(pages)
    assert "2024年6月3日9时30分至11时05分" in whole
    assert "1101051949****002X" in whole
    assert "11010519491231002X" not in whole
    for number in range(1, 41):
        assert f"第{number}处示例隐患" in whole
    assert "拒绝签名的理由：认为不合理" in whole
    assert "见证人：示例丙（示例社区）" in whole
    inside(out, len(pages))


def test_what_nobody_wrote_down_is_blank(office: Office, tmp_path: Path) -> None:
    place = office.enterprise(name="测试面馆", address=LONG[:60])
    out = tmp_path / "blank.pdf"
    forms = [checklists_for("catering", office.today)[0].id]
    write_blank_papers([place.id], forms, out)
    pages = read_pages(out)
    whole = "".join(pages)
    assert not any(word in whole for word in ("None", "不详", "现场检查未发现"))
    assert pages[0].startswith("景德镇市昌江区市场监督管理局监督检查告知页")
    assert whole.count("测试面馆") >= 4
    assert "年月日时分至时分" in whole
    assert "共检查了（____）项内容" in whole
    assert "共56项，其中重点项" in whole
    inside(out, len(pages))
    _out, texts = write(tmp_path, ["notification", "scene"], office.inspection(place))
    assert "1．示例问题1；2．示例问题2。" in "".join(texts)


def test_natural_persons_are_masked_everywhere(office: Office, tmp_path: Path) -> None:
    number = "11010519491231002X"
    party = office.party(kind="person", name="示例丁", id_number=number)
    place = office.enterprise(party=party.id, permits=[{"kind": "workshop", "number": number}])
    inspection = answered(office, place=place)
    _out, pages = write(tmp_path, ["notification", "scene", "checklist", "result"], inspection)
    notice = office.issued(inspection=office.inspection(place))
    _out, service = write(tmp_path, ["service", "recheck_form"], notice)
    whole = "".join(pages + service)
    assert number not in whole
    assert "1101051949****002X" in whole
    assert "身份证号" in whole


@pytest.mark.parametrize("way", [code for code, _ in SERVICE_WAYS])
def test_the_proof_of_service_of_each_way(office: Office, tmp_path: Path, way: str) -> None:
    details = {
        "left": {"refusal": "拒绝签收", "witness": "示例丙", "witness_unit": "示例社区"},
        "entrusted": {"agent": "示例区市监局"},
        "mail": {"tracking": "EA123456789CN"},
        "forwarded": {"agent": "示例部队"},
        "electronic": {"e_address": "shili@example.com", "consent": True},
        "announced": {"announced_in": "本局网站", "announced_on": D(2024, 5, 6)},
    }.get(way, {})
    inspection = office.inspection(inspected_on=D(2024, 5, 1))
    notice = office.issued(on=D(2024, 5, 6), inspection=inspection)
    papers = [{"name": "现场笔录", "number": "", "copies": 2}]
    given = {**details, "officers": office.officers(), "place": "示例路1号", "papers": papers}
    with office.ledger.write("送达") as tx:
        serve(tx, notice, D(2024, 6, 6), way, "示例乙", given)
    out, [text] = write(tmp_path, "service", notice)
    for word in ("送达回证", notice.party.name, notice.number, "现场笔录", "2024年6月6日", "示例路1号", "示例乙"):
        assert word in text, word
    for _code, label in SERVICE_WAYS:
        assert label in text
    shown = {"consent": "受送达人已同意电子送达", "announced_on": "2024年5月6日在本局网站公告"}
    for name, value in details.items():
        assert shown.get(name, str(value)) in text
    assert "执法证号：360202" in text
    inside(out, 1)


def test_a_draft_notice_gets_a_form_to_take_along(office: Office, tmp_path: Path) -> None:
    _out, [text] = write(tmp_path, "service", office.notice())
    assert "年月日时分" in text


def test_reinspections_say_how_each_finding_stands_and_what_followed(office: Office, tmp_path: Path) -> None:
    notice = office.issued()
    with office.ledger.write("送达") as tx:
        serve(tx, notice, D(2024, 6, 6), "direct", "示例乙")
    _out, [blank] = write(tmp_path, "recheck_form", notice)
    assert "示例问题1" in blank
    rows = list(notice.finding_rows)
    outcomes = [{"finding": row.finding_id, "outcome": "corrected", "note": ""} for row in rows]
    outcomes[0]["note"] = "已换新"
    half = [{**one, "outcome": "partly" if at else "corrected"} for at, one in enumerate(outcomes)]
    people = office.officers()
    with office.ledger.write("复查") as tx:
        seen = {"inspected_on": D(2024, 6, 18), "officers": people, "items": half, "note": "缺一台"}
        first = reinspect(tx, notice, seen)
    with office.ledger.write("延期") as tx:
        extend(tx, Notice.get_by_id(notice.id), D(2024, 7, 5), "设备未到", "示例局长")
    with office.ledger.write("复查") as tx:
        last = reinspect(tx, notice, {"inspected_on": D(2024, 6, 27), "officers": people, "items": outcomes})
    with office.ledger.write("销号") as tx:
        close_notice(tx, Notice.get_by_id(notice.id), D(2024, 6, 28))
    from models.notice_papers import reinspection_sheet_of

    assert [chosen(reinspection_sheet_of(one)) for one in (first, last)] == [[], ["整改到位，予以销号"]]
    out, pages = write(tmp_path, "reinspection", first, last)
    assert len(pages) == 2
    for word in ("责令改正复查记录", notice.number, "2024年6月18日", "缺一台", "已换新", "示例问题1", "示例问题2"):
        assert word in pages[0], word
    assert "2024年6月20日（延期至2024年7月5日）" in pages[1]
    inside(out, 2)


def chosen(sheet: Any) -> list[str]:
    """The conclusions ticked."""
    return [word for word, on in sheet.conclusions if on]


def test_findings_without_a_notice_have_one_sheet_for_a_visit(office: Office, tmp_path: Path) -> None:
    place, other = office.enterprise(address="示例路8号"), office.enterprise()
    lines = [("示例单独问题甲", D(2024, 6, 3), D(2024, 6, 20)), ("示例单独问题乙", D(2024, 6, 5), None)]
    first, second = (
        office.save(Finding, {"enterprise": place.id, "found_on": on, "channel": "complaint", "wording": words,
                              "due_on": due})
        for words, on, due in lines
    )  # fmt: skip
    away = office.save(
        Finding, {"enterprise": other.id, "found_on": D(2024, 6, 3), "channel": "media", "wording": "别家的问题"}
    )
    out, [blank] = write(tmp_path, "check_form", first)
    for word in ("隐患复查记录", "未开具责令改正通知书", "第1项2024年6月3日；第2项2024年6月5日", "示例单独问题甲",
                 "第1项2024年6月20日；第2项未定期限", "示例单独问题乙"):  # fmt: skip
        assert word in blank, word
    assert "别家的问题" not in blank
    inside(out, 1)
    people = [Officer.get_by_id(key) for key in office.officers()]

    def visit(day: int, **outcomes: str) -> Any:
        keys = {"甲": first.id, "乙": second.id}
        with office.ledger.write("复查") as tx:
            seen = {keys[name]: (outcome, f"{name}说明") for name, outcome in outcomes.items()}
            recheck(tx, D(2024, 6, day), [one.id for one in people], seen)
            recheck(tx, D(2024, 6, day), [one.id for one in people], {away.id: ("not", "")})
        mine = FindingCheck.finding.in_(list(keys.values()))
        return FindingCheck.get(FindingCheck.checked_on == D(2024, 6, day), mine)

    one = visit(21, 甲="partly", 乙="not")
    with office.ledger.write("延期") as tx:
        extend_finding(tx, Finding.get_by_id(first.id), D(2024, 7, 9), "设备未到", "示例局长")
    two = visit(29, 甲="corrected", 乙="corrected")
    out, pages = write(tmp_path, "check", one, two)
    assert len(pages) == 2, "one sheet for each visit, whichever of its checks is printed"
    certified = f"{people[0].name}（执法证号：{people[0].certificate}）"
    for word in ("隐患复查记录", "示例路8号", "2024年6月21日", "示例单独问题甲", "甲说明", "乙说明", certified):
        assert word in pages[0], word
    assert "第1项2024年6月20日（延期至2024年7月9日）；第2项未定期限" in pages[1]
    assert "别家的问题" not in "".join(pages)
    inside(out, 2)
    assert chosen(check_sheet_of(one)) == [], "the extension is of the day it was granted on, after the next visit"
    assert chosen(check_sheet_of(two)) == ["整改到位，予以销号"]


def test_what_followed_a_check_is_ticked(office: Office, tmp_path: Path) -> None:
    base = {"enterprise": office.enterprise().id, "found_on": D(2024, 6, 3), "channel": "complaint", "wording": "示例"}
    finding = office.save(Finding, {**base, "due_on": D(2024, 6, 20)})
    values = {"finding": finding.id, "checked_on": D(2024, 6, 30), "outcome": "not", "checked_by": "王五，赵六"}
    check = office.save(FindingCheck, {**values, "note": "没有动"})
    assert chosen(check_sheet_of(check)) == []
    assert check_sheet_of(check).officers == (("王五", ""), ("赵六", "")), "names that are no officer's have no number"
    with office.ledger.write("延期") as tx:
        extend_finding(tx, Finding.get_by_id(finding.id), D(2024, 7, 9), "设备未到", "示例局长")
    assert chosen(check_sheet_of(check)) == ["延期整改"]
    with office.ledger.write("移送") as tx:
        refer_finding(tx, Finding.get_by_id(finding.id), D(2024, 6, 30), "城管部门")
    assert chosen(check_sheet_of(check)) == ["延期整改", "移送处理"]


def test_the_letter_of_a_talk(office: Office, tmp_path: Path) -> None:
    notice = office.issued()
    with office.ledger.write("设置") as tx:
        change_settings(tx, {"contact_phone": "0798-8330000"})
    values = {
        "enterprise": notice.enterprise_id, "held_on": D(2024, 7, 2), "held_at": dt.time(9, 5), "place": "三楼会议室",
        "officers": office.officers(), "notices": [notice.id], "reason": "逾期未整改到位。",
        "notified_on": D(2024, 6, 28), "state": "planned",
    }  # fmt: skip
    talk = office.save(Talk, values)
    _out, [text] = write(tmp_path, "talk", talk)
    for word in ("责任约谈通知书", f"{notice.party.name}：", f"（{notice.number}）所列问题：逾期未整改到位，依据",
                 "第四十条的规定", "2024年7月2日9时05分", "三楼会议室", "0798-8330000", "2024年6月28日"):  # fmt: skip
        assert word in text, word
    bare = office.save(Talk, {**values, "held_at": None, "place": "", "notices": [], "notified_on": None})
    _out, pages = write(tmp_path, "talk", bare)
    assert "____时____分" in pages[0]
    assert "None" not in "".join(pages)


def test_long_names_and_many_problems_stay_on_the_paper(office: Office, tmp_path: Path) -> None:
    place = office.enterprise(name=LONG[:190], address=LONG[:190])
    failed = tuple(item.number for item in items_of(checklists_for("catering", office.today)[0].id))[:40]
    inspection = answered(office, failed=failed, skipped="9.2" if "9.2" not in failed else "9.3", place=place)
    for kind in ("notification", "scene", "checklist", "result"):
        out, pages = write(tmp_path, kind, inspection)
        inside(out, len(pages))
        assert all(text for text in pages)
    for number in failed:
        assert f"{number}示例隐患" in "".join(read_pages(out))


def test_a_stopped_job_leaves_no_file(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "none.pdf"
    told: list[tuple[int, int]] = []
    ids = [office.inspection().id, office.inspection().id]

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    with pytest.raises(Cancelled):
        write_visit_papers(["result"], ids, out, progress=stop)
    assert told == [(1, 2)]
    assert not out.exists()
    assert {kind.model._meta.table_name for kind in KINDS.values()} == {
        "inspection", "notice", "reinspection", "finding", "finding_check", "talk",
    }  # fmt: skip
