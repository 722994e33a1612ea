"""风险分级 in the window: the round, what is missing, conditions, storing and undoing, yearly grades, papers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from models.annual_rating import AnnualRating
from models.checklist import checklists_for
from models.checklist_answer import ChecklistAnswer
from models.core.ledger import Ledger
from models.enterprise import EnterpriseState
from models.grade_condition import AdjustmentRule, GradeCondition
from models.grade_explaining import explain_stored
from models.inspection import Inspection
from models.rating import HygieneRating, RiskAssessment
from models.risk_profile import RiskProfile
from models.score_item import ScoreItem
from models.threshold import Threshold
from tests.ui.window_hands import Opener, click, dialog_of, type_text
from tests.ui.window_hands import settle as settle_window
from ui.grade_explanation import ExplanationDialog
from ui.grade_round import GradeRoundPage
from ui.kit.preview import PreviewDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.rating_rounds import AnnualRoundDialog, RatingRoundDialog


def settle(window: MainWindow) -> None:
    """Wait until nothing is read, written or about to be read again."""
    settle_window(window)
    while any(page._wait.isActive() for page in window.findChildren(GradeRoundPage)):
        QApplication.processEvents()
    settle_window(window)


def opened(window: MainWindow, tab: str = "round") -> Any:
    window.show_page("grading")
    page: Any = window.page("grading")
    found = page.show_tab(tab)
    settle(window)
    return found


def only(page: GradeRoundPage, window: MainWindow, state: str) -> list[Any]:
    click(page.states.presets[state])
    settle(window)
    return [row.key for row in page.table.list.rows]


def count() -> int:
    return int(RiskAssessment.live().where(RiskAssessment.year == 2024).count())


def test_the_round_tells_its_progress_and_stores_what_is_ticked_in_one_action(demo_window: MainWindow) -> None:
    page = opened(demo_window)
    assert page.progress.value() == page.found.assessed
    assert page.progress.maximum() == len(page.found.rows)
    assert f"已评定 {page.found.assessed:,} 户" in page.words.text()
    ready, before = only(page, demo_window, "ready"), count()
    assert set(ready) == {row.id for row in page.found.ready}
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)  # the first row is left out
    assert page.commit.text() == f"确定评定 {len(ready) - 1:,} 户"
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    assert count() == before + len(ready) - 1
    assert not RiskAssessment.live().where(RiskAssessment.enterprise == ready[0], RiskAssessment.year == 2024).exists()
    stored = RiskAssessment.live().where(RiskAssessment.enterprise == ready[1], RiskAssessment.year == 2024).get()
    assert stored.detail
    assert [row.key for row in page.table.list.rows] == ready[:1]
    demo_window.undo.trigger()
    settle(demo_window)
    assert count() == before
    assert {row.key for row in page.table.list.rows} == set(ready)


def test_what_is_missing_is_listed_and_the_form_that_mends_it_opens(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = opened(demo_window)
    only(page, demo_window, "lacking")
    row = next(row for row in page.found.lacking if "cold_dishes" in row.missing)
    page.table.choose(row.id)
    settle(demo_window)
    assert "冷食单品数没有登记" in page.told.toPlainText()
    assert not page.commit.isEnabled()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    assert form.windowTitle() == "新增风险因素"
    form.reject()
    settle(demo_window)
    values = dict.fromkeys((name for name in row.missing if name != "inspection"), 0)
    with demo_window.session.ledger.write("登记") as tx:
        tx.insert(RiskProfile, enterprise=row.id, valid_from=dt.date(2024, 6, 30), **values)
    page.refresh()
    settle(demo_window)
    assert set(page.rows[row.id].missing) <= {"inspection"}
    unseen = next(row for row in page.found.lacking if row.missing == ("inspection",))
    page.table.choose(unseen.id)
    settle(demo_window)
    click(page.mend)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    assert "监督检查" in form.windowTitle()
    form.reject()
    settle(demo_window)


def test_a_condition_with_evidence_raises_the_grade_and_again_replaces_it(
    demo_window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(demo_window)
    row = next(
        row for row in page.found.rows if row.stored == row.grade == "A" and row.base == "A" and not row.conditions
    )
    only(page, demo_window, "done")
    page.table.choose(row.id)
    settle(demo_window)
    assert "A级" in page.told.toPlainText()
    assert "静态" in page.told.toPlainText()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    form = dialog_of(qtbot, RecordDialog)
    settle(demo_window)
    assert form.windowTitle() == "新增等级调整记录"
    form.reject()
    settle(demo_window)
    rule = AdjustmentRule.live().where(AdjustmentRule.code == "obstruction").get()
    with demo_window.session.ledger.write("登记") as tx:
        values = {"enterprise": row.id, "year": 2024, "rule": rule.id, "evidence": "示例笔录1号"}
        tx.insert(GradeCondition, happened_on=dt.date(2024, 6, 1), **values)
    page.refresh()
    settle(demo_window)
    page.table.choose(row.id)
    settle(demo_window)
    assert "按现在的资料计算为B级" in page.told.toPlainText()
    click(page.again)
    settle(demo_window)
    stored = RiskAssessment.live().where(RiskAssessment.enterprise == row.id, RiskAssessment.year == 2024).get()
    assert (stored.base_grade, stored.grade) == ("A", "B")
    assert rule.name in stored.reason
    page.table.choose(row.id)
    settle(demo_window)
    assert "示例笔录1号" in page.told.toPlainText()


def test_what_is_missing_goes_into_a_file(demo_window: MainWindow, tmp_path: Path) -> None:
    page = opened(demo_window)
    only(page, demo_window, "lacking")
    out = tmp_path / "缺少资料.xlsx"

    def save() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            dialog.setDirectory(str(tmp_path))
            dialog.findChild(QLineEdit, "fileNameEdit").setText(out.name)  # as typed: the line may have the focus
            dialog.accept()
        else:
            QTimer.singleShot(20, save)

    QTimer.singleShot(20, save)
    QTest.keySequence(page.table, "Ctrl+E")
    settle(demo_window)
    head, *rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert "情况" in head
    assert len(rows) == len(page.table.list.rows) > 100
    assert all("缺" in row[-1] or "未检查" in row[-1] for row in rows)


def test_search_category_and_year_narrow_the_round(demo_window: MainWindow) -> None:
    page = opened(demo_window)
    page.category.setCurrentIndex(page.category.findData("production"))
    assert {page.rows[row.key].category for row in page.table.list.rows} == {"production"}
    assert all(page.rows[row.key].static for row in page.table.list.rows if page.rows[row.key].grade)
    page.category.setCurrentIndex(0)
    name = page.found.rows[5].name
    type_text(page.search, name)
    QTest.qWait(400)
    settle(demo_window)
    assert name in [row.texts[0] for row in page.table.list.rows]
    assert len(page.table.list.rows) < 20
    page.year.setCurrentIndex(page.year.findData(2023))
    settle(demo_window)
    assert page.found.year == 2023
    assert page.found.day == dt.date(2023, 12, 31)


def test_an_old_grade_is_explained_and_its_form_printed(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = opened(demo_window, "risk_assessments")
    kept = RiskAssessment.live().where(RiskAssessment.detail != "", RiskAssessment.grade == "B").first()
    demo_window.open_record("risk_assessments", kept.id)
    settle(demo_window)
    page.table.setFocus()
    QTest.keySequence(page.table, "Ctrl+Shift+E")
    told = dialog_of(qtbot, ExplanationDialog)
    settle(demo_window)
    assert kept.enterprise.name in told.view.toPlainText()
    assert "按2024-05-31的资料和标准计分" in told.view.toPlainText()
    told.reject()
    settle(demo_window)
    page.table.setFocus()
    QTest.keySequence(page.table, "Ctrl+Shift+P")
    preview = dialog_of(qtbot, PreviewDialog)
    with qtbot.waitSignal(preview.loaded, timeout=20_000):
        pass
    assert preview.windowTitle() == "风险等级确定表"
    preview.close()


def test_yearly_grades_are_stored_and_a_card_printed(demo_window: MainWindow, qtbot: QtBot) -> None:
    page = opened(demo_window, "annual_ratings")
    QTest.keySequence(page, "Ctrl+Shift+N")
    dialog = dialog_of(qtbot, AnnualRoundDialog)
    settle(demo_window)
    wanted = dialog.ticked()
    assert len(wanted) == len(dialog.rows) == 786
    QTest.keyClick(dialog.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    of_year = AnnualRating.live().where(AnnualRating.year == 2024)
    assert of_year.count() == 786
    one = of_year.where(AnnualRating.grade == "A").first()
    scores = [r.score for r in HygieneRating.live().where(
        HygieneRating.enterprise == one.enterprise_id, HygieneRating.rated_on >= dt.date(2024, 1, 1)
    )]  # fmt: skip
    assert one.mean == round(sum(scores) / len(scores), 2) >= 9
    demo_window.undo.trigger()
    settle(demo_window)
    assert not of_year.exists()
    cards = opened(demo_window, "ratings")
    cards.table.setFocus()
    QTest.keySequence(cards.table, "Ctrl+Shift+P")
    preview = dialog_of(qtbot, PreviewDialog)
    with qtbot.waitSignal(preview.loaded, timeout=20_000):
        pass
    assert preview.windowTitle() == "等级公示牌"
    preview.close()


def test_inspections_with_a_checklist_are_rated(demo_window: MainWindow, qtbot: QtBot) -> None:
    session = demo_window.session
    rated = HygieneRating.select(HygieneRating.enterprise)
    caterers = EnterpriseState.select(EnterpriseState.enterprise).where(EnterpriseState.category == "catering")
    visit = (
        Inspection.live()
        .where(Inspection.enterprise.in_(caterers), Inspection.inspected_on >= dt.date(2024, 5, 1))
        .where(Inspection.state == "done", Inspection.enterprise.in_(rated))
        .first()
    )
    with session.ledger.write("准备") as tx:
        for one in HygieneRating.live().where(HygieneRating.enterprise == visit.enterprise_id):
            tx.remove(one)
        for line in ChecklistAnswer.live().where(ChecklistAnswer.inspection == visit.id):
            tx.remove(line)
        tx.insert(
            ChecklistAnswer, inspection=visit.id, checklist=checklists_for("catering", session.today)[0].id, passed="",
            failed="", skipped="", notes="", reckoning="", checked=40, key_checked=10, key_failed=1, failed_count=6,
        )  # fmt: skip
    page = opened(demo_window, "ratings")
    QTest.keySequence(page, "Ctrl+Shift+N")
    dialog = dialog_of(qtbot, RatingRoundDialog)
    settle(demo_window)
    [mine] = [one for one in dialog.rows if one.inspection == visit.id]
    assert (mine.score, mine.key_failures, mine.rating) == (Decimal("8.5"), 1, "good")
    assert "（40－6）÷40×10＝8.5" in mine.reason
    others = [number for number, one in enumerate(dialog.rows) if one is not mine]
    dialog.table.list.tick(others, on=False)
    assert dialog.yes.text() == "写入 1 户次"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(demo_window)
    stored = HygieneRating.live().where(HygieneRating.enterprise == visit.enterprise_id).get()
    assert (stored.rated_on, stored.score, stored.rating) == (visit.inspected_on, Decimal("8.5"), "good")


def test_without_tables_the_page_says_what_to_do(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    from models.score_item import ScoreItem
    from ui.kit.dialogs import MessageDialog

    with small_ledger.write("移除") as tx:
        for one in ScoreItem.live():
            tx.remove(one)
    window = open_window(small_ledger)
    window.show_page("grading")
    told = dialog_of(qtbot, MessageDialog)
    told.reject()
    settle(window)
    page: Any = window.page("grading")
    assert "没有施行的风险评分表" in page.tab("round").words.text()


def edit(window: MainWindow, qtbot: QtBot, name: str, key: int | None, values: dict[str, Any], **typed: str) -> Any:
    """Type into a record's form and press Ctrl+S; the form, closed where it was saved."""
    window.session.edit_record.emit(name, key, values)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    for field, text in typed.items():
        type_text(form.form.boxes[field].editor.focus_targets()[0], text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    return form


def test_a_changed_table_grades_anew_and_leaves_the_old_grade_explained(
    demo_window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(demo_window)
    row = next(r for r in page.found.rows if r.stored and (r.dynamic or 0) >= 500 and not r.conditions)
    kept = RiskAssessment.get_by_id(row.assessment)
    assert kept.detail, "one of the round, with its arithmetic"
    before = explain_stored(kept)
    old = ScoreItem.live().where(ScoreItem.name == "一般隐患，每处").get()
    values = {n: old.__data__[n] for n in ("part", "rank", "name", "categories", "measure", "most")}
    form = edit(demo_window, qtbot, "score_items", None, values, points="9", valid_from="2024-6-30")
    assert form.isVisible()
    assert any("请先打开那一条填废止日期" in words for words in form.form.boxes["valid_from"].problems.texts())
    form._draft.remove()
    form.done(0)
    edit(demo_window, qtbot, "score_items", old.id, {}, valid_to="2024-6-29")
    edit(demo_window, qtbot, "score_items", None, values, points="9", valid_from="2024-6-30")
    for code, upper in (("A", "12"), ("B", "20")):
        bound = Threshold.live().where(Threshold.kind == "risk", Threshold.code == code).get()
        edit(demo_window, qtbot, "thresholds", bound.id, {}, valid_to="2024-6-29")
        values = {n: bound.__data__[n] for n in ("kind", "code", "label_text", "unit")}
        edit(demo_window, qtbot, "thresholds", None, values, value=upper, valid_from="2024-6-30")
    page = opened(demo_window)
    page.refresh()
    settle(demo_window)
    now = next(r for r in page.found.rows if r.id == row.id)
    assert now.score > row.score
    assert now.grade > row.grade
    page.table.choose(row.id)
    settle(demo_window)
    told = page.told.toPlainText()
    assert f"按现在的资料计算为{now.grade}级" in told
    assert all(reason in told for reason in before.reasons if not reason.startswith("静态分值"))
    assert all(line.name in told for line in before.lines)
    assert explain_stored(RiskAssessment.get_by_id(kept.id)) == before
    assert page.found.day == dt.date(2024, 6, 30)
    page.year.setCurrentIndex(page.year.findData(2023))
    settle(demo_window)
    assert page.found.tables.bounds.uppers == (3000, 4500, 6000), "the year before is graded by the table of its days"


def test_assessments_get_their_numbers_from_the_list(demo_window: MainWindow) -> None:
    page = opened(demo_window, "risk_assessments")
    first, second = RiskAssessment.live().order_by(RiskAssessment.year.desc(), RiskAssessment.id.desc()).limit(2)
    with demo_window.session.ledger.write("清空编号") as tx:
        tx.update(second, number="")
    taken = {one.number for one in RiskAssessment.live()}
    demo_window.open_record("risk_assessments", second.id)
    settle(demo_window)
    page.bar.buttons["number"].click()
    settle(demo_window)
    given = RiskAssessment.get_by_id(second.id).number
    assert given.startswith(f"昌市监风评〔{second.year}〕")
    assert given not in taken
    assert first.number
    demo_window.undo.trigger()
    settle(demo_window)
    assert RiskAssessment.get_by_id(second.id).number == ""
