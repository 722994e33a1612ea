"""Forms and their answers in a real ledger: what is refused, what becomes mandatory, undo, figures, xlsx."""

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.checklist import SAMPLE_TITLE, Checklist, ChecklistItem, checklists_for, items_of
from models.checklist_answer import ChecklistAnswer, answers_of, failed_before, read_notes, write_notes
from models.checklist_desk import finding_values, open_desk
from models.checklist_sheet import copy_for_item, copy_form, read_sheet, store_sheet, write_sheet
from models.core.checks import CheckFailed
from models.core.errors import KnownError, Refused
from models.core.figure import figure
from models.core.register import register
from models.frequent_failures import findings_view, frequent_failures
from models.inspection import Finding, Inspection
from models.rules.checklist import Tally, judge, pack, percent, unpack

YEAR = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


@pytest.fixture
def form(office: Any) -> Checklist:
    return checklists_for("catering", office.today)[0]


def answered(
    form: Checklist, failed: tuple[str, ...] = (), skipped: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """A line that answers the whole form."""
    rest = [i.number for i in items_of(form.id) if i.number not in (*failed, *skipped)]
    return {"checklist": form.id, "passed": pack(rest), "failed": pack(failed), "skipped": pack(skipped), **more}


def inspect_with(office: Any, line: dict[str, Any], place: Any = None, **values: Any) -> Any:
    form = Checklist.get_by_id(line["checklist"])
    desk_items = {i.number: i for i in items_of(form.id)}
    lines = [
        {"wording": desk_items[n].problem, "item": desk_items[n].id}
        for n in ([] if "findings" in values else unpack(line["failed"]))
        if n in desk_items
    ]
    result = "ordered" if lines or values.get("findings") else "none"
    values = {"findings": lines, "result": result, **values}
    place = place or office.enterprise()
    return office.save(
        Inspection,
        {
            "enterprise": place.id,
            "inspected_on": dt.date(2024, 6, 3),
            "kind": "routine",
            "officers": office.officers(),
            "checklists": [line],
            **values,
        },
        waivers={"no_village": "x"},
    )


def test_six_kinds_are_seeded_as_samples(office: Any) -> None:
    forms = list(Checklist.live())
    assert {f.kind for f in forms} == {"production", "sale", "catering", "canteen", "special", "small_workshop"}
    assert not any(f.official for f in forms)
    assert all(f.paper_title.startswith(SAMPLE_TITLE) for f in forms)
    catering = next(f for f in forms if f.kind == "catering")
    assert len(items_of(catering.id)) == 56
    with pytest.raises(CheckFailed, match="印制标题"):
        office.save(Checklist, {"official": True}, catering)


def test_an_inspection_keeps_its_answers_and_result(office: Any, form: Checklist) -> None:
    line = answered(form, ("2.3", "6.3"), ("9.2",), notes="9.2：没有外卖")
    made = inspect_with(office, line)
    [found] = answers_of(made)
    assert found.counts.failed == 2
    assert (found.level, found.word, found.handling) == ("basic", "基本符合", "书面限期整改")
    assert found.numbers("no") == ["2.3", "*6.3"]
    assert found.numbers("no", key=True) == ["*6.3"]
    [left_out] = [i for i in found.items if i.answer == "skip"]
    assert left_out.note == "没有外卖"
    assert next(i for i in found.items if i.number == "2.3").finding == "冷藏冷冻温度不符合要求或者混放"
    row = ChecklistAnswer.get(ChecklistAnswer.inspection == made.id)
    assert len(row.passed) < 120
    assert sum(len(items) for _name, items in found.groups) == 56


def test_a_later_rule_does_not_change_an_old_result(office: Any, form: Checklist) -> None:
    made = inspect_with(office, answered(form, ("2.3",)))
    office.save(Checklist, {"least_rate": 100, "failed_word": "不合格"}, form)
    office.save(Inspection, {"situation": "补充"}, made)
    assert answers_of(made)[0].word == "基本符合"
    again = inspect_with(office, answered(form, ("2.3",)))
    assert answers_of(again)[0].word == "不合格"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"passed": "1.1-1.3"}, "passed", "没有作答"),
        ({"passed": "1.1-1.9"}, "passed", "没有第1.5项"),
        ({"failed": "1.1"}, "failed", "两个结果"),
        ({"notes": "99.1：x"}, "notes", "不在要点表中"),
        ({"failed": "abc"}, "failed", "看不懂"),
    ],
)
def test_wrong_answers_are_refused_at_the_field(
    office: Any, form: Checklist, change: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(CheckFailed) as refused:
        inspect_with(office, {**answered(form), **change}, findings=[], result="none")
    assert any(p.field == f"checklists[0].{field}" and words in p.message for p in refused.value.problems)


def test_a_form_outside_its_days_is_refused(office: Any, form: Checklist) -> None:
    office.save(Checklist, {"valid_to": dt.date(2024, 6, 2)}, form)
    with pytest.raises(CheckFailed, match="不能用于2024-06-03"):
        inspect_with(office, answered(form))
    office.save(Checklist, {"valid_to": dt.date(2024, 6, 3)}, form)
    inspect_with(office, answered(form))


def test_a_draft_may_be_unfinished_and_a_flying_inspection_partial(office: Any, form: Checklist) -> None:
    part = {"checklist": form.id, "passed": "1.1-1.4"}
    office.save(
        Inspection,
        {"enterprise": office.enterprise().id, "inspected_on": dt.date(2024, 6, 3), "kind": "routine",
         "state": "draft", "officers": office.officers(), "checklists": [part]},
    )  # fmt: skip
    made = inspect_with(office, {**part, "failed": "", "skipped": ""}, kind="flying")
    assert answers_of(made)[0].counts.checked == 4


def test_what_failed_last_time_is_mandatory(office: Any, form: Checklist) -> None:
    place = office.enterprise()
    inspect_with(office, answered(form, ("2.3",)), place, inspected_on=dt.date(2024, 3, 1))
    assert failed_before(place.id, form, dt.date(2024, 6, 3)) == ["2.3"]
    part = {"checklist": form.id, "passed": "1.1", "failed": "", "skipped": ""}
    with pytest.raises(CheckFailed, match=r"上次不符合的项目必须检查：2\.3"):
        inspect_with(office, part, place, kind="flying")
    with pytest.raises(CheckFailed, match="请在备注写明理由"):
        inspect_with(office, answered(form, (), ("2.3",)), place)
    inspect_with(office, answered(form, (), ("2.3",), notes="2.3：已拆除"), place)
    assert failed_before(place.id, form, dt.date(2024, 6, 30)) == []
    assert failed_before(place.id, form, dt.date(2024, 2, 29)) == []


def test_a_new_version_keeps_what_is_mandatory(office: Any, form: Checklist) -> None:
    place = office.enterprise()
    inspect_with(office, answered(form, ("2.3",)), place)
    with office.ledger.write("新版") as tx:
        newer = Checklist.get_by_id(copy_form(tx, form.id))
    assert len(items_of(newer.id)) == 56
    assert failed_before(place.id, newer, dt.date(2024, 6, 30)) == ["2.3"]
    moved = ChecklistItem.get((ChecklistItem.checklist == newer.id) & (ChecklistItem.number == "2.3"))
    other = ChecklistItem.get((ChecklistItem.checklist == newer.id) & (ChecklistItem.number == "2.8"))
    content = moved.content
    office.save(ChecklistItem, {"content": "另一件事"}, moved)
    office.save(ChecklistItem, {"content": content}, other)
    assert failed_before(place.id, newer, dt.date(2024, 6, 30)) == ["2.8"]


@pytest.mark.parametrize(
    "change",
    [{"number": "99.9"}, {"content": "另一件事"}, {"is_key": False}, {"topic": "别的组"}],
    ids=lambda change: next(iter(change)),
)
def test_what_was_asked_of_a_used_form_stays(office: Any, form: Checklist, change: dict[str, Any]) -> None:
    made = inspect_with(office, answered(form, ("2.3",)))
    before = answers_of(made)
    item = items_of(form.id)[0]
    with pytest.raises(CheckFailed, match="请用“新版本”"):
        office.save(ChecklistItem, change, item)
    office.save(ChecklistItem, {"problem": "另一种说法", "due_days": 5, "requirement": "另一种要求"}, item)
    for record in (item, form):
        assert "已有检查用过" in record.guard("remove")
    assert answers_of(made) == before


def test_a_used_form_gets_no_item_and_no_other_kind(office: Any, form: Checklist) -> None:
    made = inspect_with(office, answered(form))
    before = answers_of(made)
    more = {"topic": "新组", "number": "99.1", "content": "新的一项"}
    with pytest.raises(CheckFailed, match="请用“新版本”"):
        office.save(ChecklistItem, {**more, "checklist": form.id})
    other = next(f for f in Checklist.live() if f.kind == "sale")
    with pytest.raises(CheckFailed, match="请用“新版本”"):
        office.save(ChecklistItem, {"checklist": form.id}, items_of(other.id)[0])
    for change in ({"kind": "canteen"}, {"official": True, "printed_title": "食品生产经营监督检查要点表"}):
        with pytest.raises(CheckFailed, match="请用“新版本”"):
            office.save(Checklist, change, form)
    assert answers_of(made) == before
    office.save(ChecklistItem, {**more, "checklist": other.id})


def test_a_new_version_follows_the_old_one_and_leaves_its_answers(office: Any, form: Checklist) -> None:
    made = inspect_with(office, answered(form, ("2.3",)), inspected_on=office.today)
    before = answers_of(made)
    item = next(i for i in items_of(form.id) if i.number == "2.3")
    with office.ledger.write("新版") as tx:
        moved = ChecklistItem.get_by_id(copy_for_item(tx, item.id))
    newer, day = moved.checklist, dt.timedelta(days=1)
    assert (newer.valid_from, newer.valid_to) == (office.today + day, None)
    assert Checklist.get_by_id(form.id).valid_to == office.today
    office.save(ChecklistItem, {"content": "冷藏设备温度不高于8℃", "is_key": True}, moved)
    assert answers_of(made) == before
    assert checklists_for("catering", office.today)[0] == form
    assert checklists_for("catering", office.today + day)[0] == newer
    office.save(Inspection, {"situation": "补充"}, made)
    assert answers_of(made) == before
    office.ledger.undo()
    office.ledger.undo()
    office.ledger.undo()
    assert Checklist.get_by_id(form.id).valid_to is None
    assert Checklist.live().where(Checklist.kind == "catering").count() == 1


def test_every_seeded_rule_at_its_edges_with_its_words(office: Any) -> None:
    """The result, its handling and the arithmetic come from the form's own row, on either side of each edge."""
    for form in Checklist.live():
        rule = form.rule()
        most, least = form.most_key, form.least_rate
        edge = int(1000 * (100 - least) / 100)
        passed, basic, failed = (
            (form.passed_word, form.passed_handling),
            (form.basic_word, form.basic_handling),
            (form.failed_word, form.failed_handling),
        )
        for counts, wanted, words in (
            (Tally(9, 0, 1000, 0, 3), passed, "没有不符合"),
            (Tally(9, 0, 1000, 1, 3), basic, "不低于"),
            (Tally(9, 0, 1000, edge, 3), basic, f"{percent(Fraction(1000 - edge, 1000))}"),
            (Tally(9, 0, 1000, edge + 1, 3), failed, "低于"),
            (Tally(9, most, 1000, 0, 3), basic, "没有写到" if most else "不超过"),
            (Tally(9, most, 1000, edge, 3), basic, "不超过"),
            (Tally(9, most + 1, 1000, 0, 3), failed, f"超过{most}项"),
        ):
            found = judge(counts, rule)
            assert (found.word, found.handling) == wanted
            assert any(words in reason for reason in found.reasons)
    changed = Checklist.live().first()
    words_of_2022 = {"basic_word": "发现问题", "basic_handling": "限期整改"}
    office.save(Checklist, {"most_key": 0, "least_rate": 90, **words_of_2022}, changed)
    rule = Checklist.get_by_id(changed.id).rule()
    assert judge(Tally(5, 0, 10, 1, 0), rule)[1:3] == ("发现问题", "限期整改")
    assert judge(Tally(5, 0, 10, 2, 0), rule).level == "failed"
    assert judge(Tally(5, 1, 10, 0, 0), rule).level == "failed"


def test_a_failed_item_without_a_finding_is_told(office: Any, form: Checklist) -> None:
    with pytest.raises(CheckFailed, match=r"第2\.3项没有登记成隐患"):
        inspect_with(office, answered(form, ("2.3",)), findings=[{"wording": "别的"}])


def test_undo_takes_answers_and_findings_back(office: Any, form: Checklist) -> None:
    made = inspect_with(office, answered(form, ("2.3",)))
    office.ledger.undo()
    assert not ChecklistAnswer.live().exists()
    assert not Finding.live().exists()
    office.ledger.redo()
    assert answers_of(made)[0].numbers("no") == ["2.3"]


def test_the_number_of_an_item_carries_its_mark(office: Any, form: Checklist) -> None:
    item = office.save(ChecklistItem, {"checklist": form.id, "topic": "其他", "number": "＊15．1", "content": "示例"})
    assert (item.number, item.is_key, item.marked) == ("15.1", True, "*15.1")
    with pytest.raises(CheckFailed, match=r"已有第15\.1项"):
        office.save(ChecklistItem, {"checklist": form.id, "topic": "其他", "number": "15.1", "content": "又一项"})


def test_the_desk_offers_own_wordings_first(office: Any, form: Checklist) -> None:
    place = office.enterprise()
    item = next(i for i in items_of(form.id) if i.number == "2.3")
    for day in (1, 2):
        line = answered(form, ("2.3",))
        inspect_with(
            office, line, place, inspected_on=dt.date(2024, 5, day),
            findings=[{"wording": "冰柜结霜，温度偏高", "item": item.id}],
        )  # fmt: skip
    desk = open_desk({"enterprise": place.id, "inspected_on": dt.date(2024, 6, 3), "kind": "routine"}, None, None)
    mine = next(i for i in desk.items if i.number == "2.3")
    assert [s.text for s in mine.wordings[:2]] == ["冰柜结霜，温度偏高", "冷藏冷冻温度不符合要求或者混放"]
    assert mine.again
    values = finding_values(desk, mine)
    assert values["wording"] == "冰柜结霜，温度偏高"
    assert values["due_on"] == dt.date(2024, 6, 6)
    assert "bgjs" in mine.wordings[0].key
    with pytest.raises(Refused, match="被检查单位"):
        open_desk({}, None, None)


def test_an_unfinished_sheet_foresees_its_result(office: Any, form: Checklist) -> None:
    given = {"enterprise": office.enterprise().id, "inspected_on": dt.date(2024, 6, 3), "kind": "routine"}
    desk = open_desk(given, None, None)
    assert desk.outcome({"6.2": "no"}).level == "failed", "one of one"
    assert desk.foreseen({"6.2": "no"}).level == "basic"
    general = sum(not item.is_key for item in desk.items)
    assert f"{general - 1}÷{general}" in "".join(desk.foreseen({"6.2": "no"}).reasons)
    assert desk.foreseen({"1.1": "no", "2.1": "no"}).level == "failed"
    whole = {item.number: "yes" for item in desk.items}
    assert desk.foreseen(whole) == desk.outcome(whole)


def test_the_most_frequent_failures_lead_to_their_findings(office: Any, form: Checklist) -> None:
    place, other = office.enterprise(), office.enterprise(name="别处的店", area=office.area("吕蒙街道").id)
    inspect_with(office, answered(form, ("2.3", "6.3")), place, inspected_on=dt.date(2024, 5, 1))
    inspect_with(office, answered(form, ("2.3",)), place, inspected_on=dt.date(2024, 5, 2))
    inspect_with(office, answered(form, ("2.3",)), other, inspected_on=dt.date(2024, 5, 3))
    inspect_with(office, answered(form), other, inspected_on=dt.date(2024, 5, 4))
    inspect_with(office, answered(form, ("2.3",)), place, inspected_on=dt.date(2023, 5, 4))
    first, second = frequent_failures(*YEAR, kind="catering")
    assert (first.marked, first.failed, first.places, first.answered, first.rate) == ("2.3", 3, 2, 4, "75%")
    assert (second.marked, second.failed, second.places, second.rate) == ("*6.3", 1, 1, "25%")
    assert frequent_failures(*YEAR, kind="sale") == []
    assert [one.marked for one in frequent_failures(*YEAR, most=1)] == ["2.3"]
    [there] = frequent_failures(*YEAR, area=other.fact(office.today).area_id)
    assert (there.failed, there.places, there.answered) == (1, 1, 2)
    findings = register("findings")
    assert len(findings.ids(findings_view(first.item_id, *YEAR), office.today)) == 3
    view = findings_view(first.item_id, *YEAR, other.fact(office.today).area_id)
    assert len(findings.ids(view, office.today)) == 1


def test_figures_of_checklists(office: Any, form: Checklist) -> None:
    inspect_with(office, answered(form, ("2.3", "6.3")))
    inspect_with(office, answered(form, (), ("9.2",)))
    values = {name: figure(f"checklists.{name}").value(*YEAR) for name in ("answered", "checked", "failed")}
    assert values == {"answered": 2, "checked": 56 + 55, "failed": 2}
    assert figure("checklists.key_failed").value(*YEAR) == 1
    assert figure("checklists.failed.catering").value(*YEAR) == 2
    assert figure("checklists.failed.sale").value(*YEAR) == 0
    assert len(figure("checklists.findings").ids(*YEAR)) == 2
    assert figure("checklists.answered").value(dt.date(2023, 1, 1), dt.date(2023, 12, 31)) == 0


def test_notes_by_line() -> None:
    assert read_notes("2.3：八度\n续行\n*6.3: 有鼠迹") == {"2.3": "八度 续行", "6.3": "有鼠迹"}
    assert write_notes({"6.3": "有", "2.3": " a\nb ", "1.1": ""}) == "2.3：a b\n6.3：有"


# --- xlsx --------------------------------------------------------------------------------------------------------


def test_a_form_goes_out_and_comes_in_as_official(office: Any, form: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    assert write_sheet(path, office.today, form) == 56
    sheet = read_sheet(path, office.today)
    sheet.values |= {"name": "官方表", "official": True, "printed_title": "食品生产经营监督检查要点表"}
    with office.ledger.write("导入") as tx:
        found = Checklist.get_by_id(store_sheet(tx, sheet))
    assert found.paper_title == "食品生产经营监督检查要点表"
    same = [(i.marked, i.content, i.legal_basis, i.due_days) for i in items_of(form.id)]
    assert [(i.marked, i.content, i.legal_basis, i.due_days) for i in items_of(found.id)] == same
    assert checklists_for("catering", office.today)[0] == found


def test_the_empty_template_is_refused_with_what_is_missing(office: Any, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_sheet(path, office.today)
    with pytest.raises(KnownError, match=r"没有填名称、种类、版本.*没有项目"):
        read_sheet(path, office.today)


def test_every_wrong_cell_of_a_sheet_is_named(office: Any, tmp_path: Path) -> None:
    path = tmp_path / "错.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        facts = [("项目", "填写"), ("名称", "示例官方表"), ("种类", "没有的"), ("版本", "22"), ("启用日期", "2024")]
        items = [("甲", "*1.1", "一"), ("", "1.1", "二"), ("", "x", "三"), ("", "2.1", "")]
        for name, rows in (
            ("要点表", facts),
            ("检查项目", [("分组", "序号", "检查内容"), *items]),
        ):
            page = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, text in enumerate(row):
                    page.write_string(r, c, text)
    with pytest.raises(KnownError) as refused:
        read_sheet(path, office.today)
    words = refused.value.message
    for part in ("第3行种类：没有“没有的”这一项", "第3行序号：1.1与第2行重复", "第4行序号：", "第5行：请填写检查内容"):
        assert part in words


def test_a_removed_sample_does_not_come_back(office: Any) -> None:
    with office.ledger.write("移除示例") as tx:
        for form in Checklist.live():
            tx.remove(form)
    from models.seeds import seed_new_ledger

    seed_new_ledger(office.ledger)
    assert Checklist.live().count() == 0
