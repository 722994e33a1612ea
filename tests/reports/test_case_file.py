"""The case file read back: order, table of contents, page numbers, outline, and files that cannot be shown."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image

from models.attachment import rename
from models.case_file import CaseScope, parts_of
from models.core.errors import NotFound
from models.enterprise import Enterprise, Permit
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.notice import Notice, Reinspection
from models.organization import Officer
from models.sample import Sample
from models.scene_record import SceneRecord
from models.talk import Talk
from models.visit import SupervisionVisit
from reports.case_contents import Contents, chosen, contents_of
from reports.case_file import Made, write_case
from reports.case_inserts import FULL, HALF, half, printed
from reports.case_papers import Setting
from reports.core.errors import Cancelled
from reports.core.fonts import FontSet
from tests.reports.case_ledger import PERMIT, TODAY, CaseOffice, case_office, make_office, photo, scan, sealed
from tests.reports.reading import read_glyphs, read_pages

RESULT = "食品生产经营监督检查结果记录表"


@pytest.fixture(scope="module")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "office"
    make_office(folder)
    return folder


@pytest.fixture
def office(made_office: Path, tmp_path: Path) -> Iterator[CaseOffice]:
    with case_office(made_office, tmp_path / "office") as made:
        yield made


def contents(office: CaseOffice, **scope: Any) -> Contents:
    return contents_of(CaseScope(office.place, **scope), office.ledger.blobs, Setting(TODAY))


def write(office: CaseOffice, out: Path, fonts: FontSet, **scope: Any) -> Made:
    found = contents(office, **scope)
    return write_case(found, chosen(found), office.ledger.blobs, out, fonts=fonts)


def complaint(office: CaseOffice) -> Finding:
    """A finding of no inspection."""
    values = {"found_on": dt.date(2024, 6, 1), "channel": "complaint", "wording": "无健康证明", "legal_basis": "某法"}
    found: Finding = office.put(Finding, enterprise=office.place, **values)
    return found


def sampled(office: CaseOffice) -> Sample:
    """A sample of rice."""
    values = {"sampled_on": dt.date(2024, 5, 1), "product": "大米", "result": "pending"}
    found: Sample = office.put(Sample, enterprise=office.place, **values)
    return found


def stamped(path: Path, page: int) -> str:
    """The number at the upper right corner of a page (from 0)."""
    reader = pypdf.PdfReader(path)
    width, height = (float(side) for side in reader.pages[page].mediabox[2:])
    there = [g for g in read_glyphs(path, page) if g.bottom > height - 48 and g.left > width - 80]
    return "".join(g.char for g in there if g.char.isdigit())


def titles(outline: Any, level: int = 0) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for entry in outline:
        if isinstance(entry, list):
            found += titles(entry, level + 1)
        else:
            found.append((level, entry.title))
    return found


def test_pages_are_numbered_as_the_table_of_contents_says(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    office.attach(Enterprise, office.place, 营业执照_jpg=photo((900, 1200)), 平面图_pdf=scan(2, (1191, 842)))
    office.attach(Inspection, office.inspection, a_jpg=photo((1200, 900)), b_jpg=photo((1200, 900)))
    office.attach(Notice, office.notice, 送达回证_pdf=scan(3, rotate=90))
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    pages = read_pages(out)
    names = [row.name for row in made.rows]
    assert names == ["营业执照", "平面图", RESULT, "现场检查照片（2张）", "责令改正通知书", "送达回证", "送达回证"]
    assert [row.pages for row in made.rows] == ["1", "2—3", "4", "5", "6—7", "8", "9—11"]
    assert len(pages) == made.pages == made.numbered + 3 == 14
    assert "食品安全监督管理案卷" in pages[0]
    assert "本卷共7件11页" in pages[0]
    assert PERMIT in pages[0]
    assert pages[1].startswith("卷内目录")
    for row in made.rows:
        assert row.name in pages[1]
        assert row.pages in pages[1]
    for number in range(1, made.numbered + 1):
        assert stamped(out, number + 1) == str(number)
    assert [stamped(out, page) for page in (0, 1, 13)] == ["", "", ""]
    told = ["营业执照", "scanpage1", "scanpage2", RESULT, "图1", "责令改正通知书", "印章", "受送达人"]
    for number, words in enumerate([*told, "scanpage1", "scanpage2", "scanpage3"], start=1):
        assert words in pages[number + 1]
    assert "1．后厨防鼠板缺失；2．冷藏柜温度高于8℃" in pages[7]
    assert pages[-1].startswith("卷内备考表")
    assert "本卷共7件、11页" in pages[-1]


def test_outline_and_page_labels_lead_to_the_pages(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    office.attach(Inspection, office.inspection, a_jpg=photo((1200, 900)))
    out = tmp_path / "case.pdf"
    write(office, out, fonts)
    reader = pypdf.PdfReader(out)
    assert titles(reader.outline) == [
        (0, "封面"), (0, "卷内目录"), (0, "2024年6月20日 日常监督检查"), (1, RESULT), (1, "现场检查照片（1张）"),
        (1, "责令改正通知书　昌市监责改〔2024〕1号"), (1, "送达回证　昌市监责改〔2024〕1号"), (0, "卷内备考表"),
    ]  # fmt: skip
    assert reader.page_labels == ["封面", "目录1", "1", "2", "3", "4", "5", "备考表"]
    assert [reader.get_destination_page_number(entry) for entry in reader.outline if not isinstance(entry, list)] == [
        0, 1, 2, 7,
    ]  # fmt: skip
    assert reader.metadata is not None
    assert reader.metadata.title == "食品安全监督管理案卷：示例小馆"


def test_a_file_that_cannot_be_shown_gets_a_page_that_says_so(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    whole = photo((1600, 1200))
    office.attach_files(
        Inspection, office.inspection,
        {
            "好.jpg": whole,
            "断.jpg": whole[: len(whole) // 2],
            "假.jpg": b"\xff\xd8\xff no picture",
            "没了.png": photo((80, 60)),
            "改了.jpg": photo((90, 60)),
            "空了.jpg": photo((91, 60)),
            "苹果.heic": b"\0\0\0\x18ftypheic" + b"x" * 40,
        },
    )
    office.attach_files(
        Notice, office.notice,
        {
            "加密.pdf": scan(1, password="x"),
            "坏.pdf": b"%PDF-1.4 nothing",
            "没页.pdf": scan(0),
            "录像.mp4": b"film" * 999,
        },
    )
    office.blob("没了.png").unlink()
    for name, content in (("改了.jpg", b"something else"), ("空了.jpg", b"")):
        office.blob(name).chmod(0o644)
        office.blob(name).write_bytes(content)
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    told = {row.name: row for row in made.rows}
    assert told["现场检查照片（1张）"].pages == "2"
    why = {
        "断.jpg": "图片已损坏，不能完整读出",
        "假.jpg": "不是能认出的图片，或文件已损坏",
        "没了.png": "文件不见了",
        "改了.jpg": "文件被改动过，与添加时不一样",
        "空了.jpg": "文件被改动过，与添加时不一样",
        "苹果.heic": "HEIC 格式的照片印不出来，请另存为 JPEG 后重新添加",
        "加密.pdf": "这份 PDF 加了密码，打不开",
        "坏.pdf": "这份 PDF 已损坏，读不出来",
        "没页.pdf": "这份 PDF 里没有页面",
    }
    pages = read_pages(out)
    for name, words in why.items():
        assert told[name].remark == words
        page = pages[told[name].first + 1]
        assert "附件未能放入案卷" in page
        assert name in page
        assert words.replace(" ", "") in page
        assert any(f"“{name}”：{words}" in problem for problem in made.problems)
    assert len(made.problems) == len(why)
    assert "没有装订在卷内" in pages[-1]
    assert "文书3件，照片、图片1张，PDF文件0份" in pages[-1]
    assert "加密.pdf" in pages[-1]
    listed = told["未装订的电子文件清单"]
    assert "录像.mp4" in pages[listed.first + 1]
    assert "3.9KB" in pages[listed.first + 1]


def test_a_picture_too_large_is_refused_before_it_is_decoded(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    office.attach_files(Inspection, office.inspection, {"炸弹.png": bomb.getvalue()})
    made = write(office, tmp_path / "case.pdf", fonts)
    assert made.rows[1].name == "炸弹.png"
    assert made.rows[1].remark.startswith("图片太大")


def test_a_phone_s_photo_becomes_small_and_stays_sharp_enough(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    noise = Image.effect_noise((4032, 3024), 60).convert("RGB")
    content = io.BytesIO()
    noise.save(content, "JPEG", quality=95)
    assert len(content.getvalue()) > 3_000_000
    office.attach_files(Inspection, office.inspection, {"p.jpg": content.getvalue()})
    out = tmp_path / "case.pdf"
    write(office, out, fonts)
    image = pypdf.PdfReader(out).pages[3].images[0].image
    assert image is not None
    width, _height = printed(4032, 3024)
    assert 180 <= image.width / (width / 72) <= 201
    assert out.stat().st_size < len(content.getvalue()) / 3


def test_sizes_of_pictures() -> None:
    assert half(4032, 3024)
    assert not half(3024, 4032)
    assert half(300, 500)
    assert printed(300, 200) == (225.0, 150.0)  # 96 dots an inch, not larger
    assert printed(4032, 3024)[1] == pytest.approx(HALF[1])
    assert printed(3024, 4032)[0] == pytest.approx(FULL[0])


def test_seals_and_filled_in_fields_come_along(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    office.attach_files(Notice, office.notice, {"盖章.pdf": sealed()})
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    pdf = pypdfium2.PdfDocument(out)
    try:
        page = pdf[made.rows[-1].first + 1].render(scale=1).to_pil()
    finally:
        pdf.close()
    assert page.getpixel((350, 842 - 350)) == (0, 0, 255)


def test_pages_of_a_tiff_each_have_a_page(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    fax = io.BytesIO()
    sheets = [Image.new("1", (1240, 1754), 1) for _ in range(3)]
    sheets[0].save(fax, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    office.attach_files(Notice, office.notice, {"传真.tif": fax.getvalue()})
    made = write(office, tmp_path / "case.pdf", fonts)
    assert made.rows[-1].name == "传真"
    assert made.rows[-1].last - made.rows[-1].first == 2


def test_a_name_that_no_font_can_print_does_not_stop_the_case(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    office.attach_files(Enterprise, office.place, {"合同😀.pdf": scan(1), "表格😀.docx": b"doc"})
    out = tmp_path / "case.pdf"
    write(office, out, fonts)
    assert "合同〓" in read_pages(out)[1]
    assert "表格〓.docx" in "".join(read_pages(out))


def test_a_long_caption_is_printed_whole_or_said_to_be_cut(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    office.attach_files(Inspection, office.inspection, {"a.jpg": photo((800, 600)), "b.jpg": photo((800, 600))})
    captions = {"a.jpg": "地面积水" * 30 + "完", "b.jpg": "地面积水" * 49 + "完"}
    with office.ledger.write("说明") as tx:
        for name, words in captions.items():
            rename(tx, office.names[name], name, words)
    out = tmp_path / "case.pdf"
    write(office, out, fonts)
    page = read_pages(out)[3]
    assert captions["a.jpg"] in page
    assert page.count("图2") == 1
    assert captions["b.jpg"][:100] in page


def test_identity_numbers_are_masked(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    number = "11010519491231002X"
    permit = office.put(Permit, enterprise=office.place, kind="stall", number=number)
    office.attach_files(Permit, permit.id, {"登记卡.docx": b"card", "断.pdf": b"%PDF-1.4"})
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    text = "".join(read_pages(out))
    assert "1101051949****002X" in text
    assert number not in text
    assert number not in "".join(made.problems)


def test_what_is_not_chosen_is_left_out(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    office.attach(Inspection, office.inspection, a_jpg=photo((1200, 900)), b_jpg=photo((1200, 900)))
    found = contents(office)
    keys = {item.key for item in found.usual() if item.file_name != "a.jpg"}
    made = write_case(found, chosen(found, keys), office.ledger.blobs, tmp_path / "case.pdf", fonts=fonts)
    assert [row.name for row in made.rows] == [RESULT, "现场检查照片（1张）", "责令改正通知书", "送达回证"]


def test_drafts_are_offered_but_not_filed(office: CaseOffice) -> None:
    finding = complaint(office)
    party = Enterprise.get_by_id(office.place).party_id
    values = {"enterprise": office.place, "party": party, "findings": [finding.id],
              "facts_text": "无健康证明", "violates": "某法第一条", "basis": "某法第二条",
              "mode": "immediate", "requirements": "改正", "source": "complaint"}  # fmt: skip
    office.put(Notice, **values)
    found = contents(office)
    drafts = [item for item in found.items if not item.usual and item.table == "notice"]
    assert [(item.name, item.remark) for item in drafts] == [("责令改正通知书", "草稿")]
    assert drafts[0] not in chosen(found)


def test_papers_of_the_scene_are_filed_where_the_scene_was_written_down(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    found = contents(office)
    blank = {item.name: (item.usual, item.remark) for item in found.items if item.table == "inspection"}
    assert blank["现场笔录"] == blank["监督检查告知页"] == (False, "没有登记现场记录")
    scene = office.put(
        SceneRecord, inspection=office.inspection, number="昌检2024-31", attendance="principal", attendee="王五",
        scene="现场有冷藏柜一台", opinion="agreed",
    )  # fmt: skip
    office.attach_files(SceneRecord, scene.id, {"笔录原件.pdf": scan(2)})
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    pages = read_pages(out)
    names = [row.name for row in made.rows]
    assert names == ["监督检查告知页", RESULT, "现场笔录", "笔录原件", "责令改正通知书", "送达回证"]
    assert made.rows[1].number == "昌检2024-31"
    assert "现场有冷藏柜一台" in pages[made.rows[2].first + 1]


def test_reinspections_and_talks_follow(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    officers = [one.id for one in Officer.live()]
    items = [{"finding": one.id, "outcome": "not"} for one in Finding.live()]
    day = dt.date(2024, 6, 28)
    office.put(Reinspection, notice=office.notice, inspected_on=day, officers=officers, items=items)
    office.put(
        Talk, enterprise=office.place, held_on=dt.date(2024, 6, 29), notices=[office.notice], officers=officers,
        reason="逾期未改正", basis="某法", place="本局",
    )  # fmt: skip
    for scope in ({}, {"inspection": office.inspection}, {"notice": office.notice}):
        made = write(office, tmp_path / "case.pdf", fonts, **scope)
        names = [row.name for row in made.rows]
        assert names == [RESULT, "责令改正通知书", "送达回证", "责令改正复查记录", "责任约谈通知书"]
        assert [row.day for row in made.rows[-2:]] == [day, dt.date(2024, 6, 29)]


def test_checks_without_a_notice_are_filed_once_for_each_visit(
    office: CaseOffice, tmp_path: Path, fonts: FontSet
) -> None:
    """Of an inspection's findings and of one from a complaint, looked at together; the complaint has a part."""
    alone = {"enterprise": office.place, "found_on": dt.date(2024, 6, 24), "channel": "complaint"}
    office.put(Finding, **alone, wording="没有复核的投诉问题")
    loose = office.put(Finding, **alone, wording="投诉的问题")
    mine = office.put(Finding, **{**alone, "inspection": office.inspection, "found_on": dt.date(2024, 6, 20)},
                      wording="检查的问题")  # fmt: skip
    for day, keys in ((26, (mine, loose)), (27, (loose,))):
        for key in keys:
            on = dt.date(2024, 6, day)
            office.put(FindingCheck, finding=key.id, checked_on=on, outcome="not", checked_by="甲、乙")
    made = write(office, tmp_path / "case.pdf", fonts)
    checks = [row for row in made.rows if row.name == "隐患复查记录"]
    assert [row.day for row in checks] == [dt.date(2024, 6, 26), dt.date(2024, 6, 27)]
    pages = read_pages(tmp_path / "case.pdf")
    first = pages[checks[0].first + 1]
    assert "投诉的问题" in first
    assert "检查的问题" in first
    titles = [part.title for part in parts_of(CaseScope(office.place))]
    assert titles.count("2024年6月24日 投诉举报发现的隐患") == 1
    visit = contents(office, inspection=office.inspection)
    assert [item.day for item in visit.items if item.name == "隐患复查记录"] == [dt.date(2024, 6, 26)]


def test_the_case_of_a_visit_and_of_a_notice(office: CaseOffice) -> None:
    sampled(office)
    whole = parts_of(CaseScope(office.place))
    assert [part.title for part in whole] == ["主体资料", "2024年5月1日 大米抽检", "2024年6月20日 日常监督检查"]
    visit = parts_of(CaseScope(office.place, inspection=office.inspection))
    notice = parts_of(CaseScope(office.place, notice=office.notice))
    assert visit == notice == [whole[2]]
    assert contents(office, inspection=office.inspection).cover.title == "监督检查案卷"
    assert contents(office, notice=office.notice).cover.title == "责令改正案卷"


def test_a_period_leaves_out_what_lies_before_and_after(office: CaseOffice) -> None:
    day = dt.date(2024, 6, 20)
    after, before = dt.date(2024, 6, 21), dt.date(2024, 6, 19)
    for start, end, there in ((day, day, True), (after, None, False), (None, before, False)):
        titles_there = [part.title for part in parts_of(CaseScope(office.place, start, end))]
        assert ("2024年6月20日 日常监督检查" in titles_there) is there
    # the notice was issued on the 21st on a visit that lies before: it stands alone, with its findings
    alone = parts_of(CaseScope(office.place, dt.date(2024, 6, 21)))
    assert [part.title for part in alone] == ["主体资料", "2024年6月21日 责令改正"]
    assert [row.table for row in alone[1].rows] == ["finding", "finding", "notice"]


def test_attachments_of_any_record_of_the_enterprise_are_there(office: CaseOffice) -> None:
    sample = sampled(office)
    finding = complaint(office)
    permit = Permit.get(Permit.enterprise == office.place)
    records = ((Sample, sample.id, "报告.pdf"), (Finding, finding.id, "来电.mp3"), (Permit, permit.id, "证.jpg"))
    for model, row, name in records:
        office.attach_files(model, row, {name: scan(1) if name == "报告.pdf" else photo((90, 60), words=name)})
    found = {item.file_name: item.part for item in contents(office).items if item.file_name}
    assert found == {"证.jpg": "主体资料", "报告.pdf": "2024年5月1日 大米抽检", "来电.mp3": "其他材料"}


def test_cancelling_and_errors_leave_no_file(office: CaseOffice, tmp_path: Path, fonts: FontSet) -> None:
    office.attach_files(Enterprise, office.place, {"厚.pdf": scan(30)})
    found, out = contents(office), tmp_path / "case.pdf"
    told: list[str] = []

    def stop(done: int, total: int, words: str) -> bool:
        told.append(words)
        return len(told) < 5

    with pytest.raises(Cancelled):
        write_case(found, chosen(found), office.ledger.blobs, out, progress=stop, fonts=fonts)
    assert told[-1].endswith("页")
    with pytest.raises(NotFound):
        write_case(found, [], office.ledger.blobs, out, fonts=fonts)
    assert list(tmp_path.glob("*.pdf")) + list(tmp_path.glob(".*")) == []


def test_a_case_goes_to_disk_in_chunks(
    office: CaseOffice, tmp_path: Path, fonts: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.case_file.CHUNK", 3)
    monkeypatch.setattr("reports.core.inlays.PER_FILE", 2)
    monkeypatch.setattr("reports.core.underlay.PER_FILE", 3)
    monkeypatch.setattr("reports.core.underlay.SMALL", 0)  # joined in a process of its own
    office.attach_files(
        Inspection, office.inspection, {f"{n:02}.jpg": photo((800, 600), words=str(n)) for n in range(9)}
    )
    office.attach_files(Notice, office.notice, {"回证.pdf": scan(4)})
    out = tmp_path / "case.pdf"
    made = write(office, out, fonts)
    assert [row.pages for row in made.rows] == ["1", "2—6", "7—8", "9", "10—13"]
    assert [stamped(out, page) for page in range(2, 15)] == [str(number) for number in range(1, 14)]
    texts = read_pages(out)
    assert "scanpage4" in texts[14]
    images = [len(page.images) for page in pypdf.PdfReader(out).pages[3:8]]
    assert images == [2, 2, 2, 2, 1]


def test_a_removed_place_has_no_case(office: CaseOffice) -> None:
    with office.ledger.write("移除") as tx:
        tx.remove(Enterprise.get_by_id(office.other))
    with pytest.raises(NotFound):
        parts_of(CaseScope(office.other))


def test_no_list_whose_records_are_about_a_place_is_left_out(office: CaseOffice) -> None:
    """A new table with a column for an enterprise, inspection, notice, finding or visit has its place in the case."""
    from models import case_file
    from models.core.fields import Ref
    from models.registers import all_registers

    about = {Enterprise, Inspection, Notice, Finding, SupervisionVisit}
    held = {each.model for each in (*case_file.BASE, *case_file.OF_INSPECTION, *case_file.OF_NOTICE,
                                    *case_file.OF_VISIT, *case_file.OF_FINDING)}  # fmt: skip
    for found in all_registers():
        fields = found.model.own_fields().values()
        if {field.rel_model for field in fields if isinstance(field, Ref)} & about and found.model not in held:
            assert case_file._owned_by(found.model, office.place) is not None, found.name


def test_every_paper_of_the_table_is_of_a_table_that_is_held(office: CaseOffice) -> None:
    from models import case_file
    from reports.case_papers import PAPERS

    held = {held.model._meta.table_name for held in
            (*case_file.BASE, *case_file.OF_INSPECTION, *case_file.OF_NOTICE, *case_file.OF_VISIT,
             *case_file.OF_FINDING)}  # fmt: skip
    held |= {"enterprise", "party", "inspection", "notice", "supervision_visit", "sample", "talk"}
    assert {paper.table for paper in PAPERS} <= held
