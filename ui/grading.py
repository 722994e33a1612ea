"""风险分级: the page with its sub-tabs, its lists' actions and papers; the year's round stands in another file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.register import register
from ui.enterprises import chosen
from ui.kit.session import Session
from ui.register_tabs import RegisterTabs, Tab, register_tab

if TYPE_CHECKING:
    from ui.kit.jobs import Progress
    from ui.kit.preview import PreviewDialog
    from ui.kit.register_page import RegisterPage

PAPERS = {"risk": "风险等级确定表", "card": "等级公示牌", "annual": "年度等级评定表"}


def grading_page(session: Session) -> RegisterTabs:
    """The page with its sub-tabs, each made when first shown."""
    return RegisterTabs(
        session,
        [
            Tab("round", "年度评定", lambda: _round(session)),
            Tab("risk_assessments", "风险等级", lambda: assessment_list(session)),
            register_tab(session, "risk_profiles", "风险因素"),
            register_tab(session, "grade_conditions", "上调下调"),
            Tab("ratings", "量化分级", lambda: rating_list(session)),
            Tab("annual_ratings", "年度等级", lambda: annual_list(session)),
        ],
    )


def _round(session: Session) -> QWidget:
    from ui.grade_round import GradeRoundPage

    return GradeRoundPage(session)


def _add(
    page: RegisterPage, name: str, icon: str, key: str, words: tuple[str, str], do: Callable[[], object],
    able: Callable[[int], bool],
) -> None:  # fmt: skip
    """An action of a list: its word and its tip; ``able`` says for how many chosen rows it is there."""
    from ui.kit.register_bar import page_action

    action = page_action(page, name, words[0], icon, words[1], key)

    def follow(*_args: object) -> None:
        action.setEnabled(able(len(chosen(page))))

    action.triggered.connect(do)
    page.current_changed.connect(follow)
    page.selection_changed.connect(follow)
    page.add_action(action)
    follow()


def _add_papers(session: Session, page: RegisterPage, kind: str) -> None:
    word = PAPERS[kind]
    _add(
        page, "print", "print", "Ctrl+Shift+P", (f"打印{word}", f"预览打印选中各户的{word}"),
        lambda: preview_papers(session, page, kind, chosen(page)), lambda count: count > 0,
    )  # fmt: skip


def assessment_list(session: Session) -> RegisterPage:
    """The stored assessments: how each came about, and their forms."""
    from ui.grade_explanation import show_explanation
    from ui.kit.register_page import RegisterPage

    page = RegisterPage(session, register("risk_assessments"))
    _add(
        page, "explain", "info", "Ctrl+Shift+E", ("计分说明", "选中的一户当时的分值和等级怎么来"),
        lambda: show_explanation(session, page, chosen(page)[0]), lambda count: count == 1,
    )  # fmt: skip
    _add(
        page, "number", "issue", "", ("编号", "给选中、还没有编号的评定按评定日期依次编号；代字在“设置—文号”"),
        lambda: _number(session, page), lambda count: count > 0 and session.ledger.writable,
    )  # fmt: skip
    _add_papers(session, page, "risk")
    return page


def _number(session: Session, page: RegisterPage) -> None:
    from models.grade_numbers import allot_numbers
    from ui.kit.toast import show_toast

    ids = chosen(page)
    session.write(
        "风险等级确定表编号", lambda tx: allot_numbers(tx, ids), owner=page,
        done=lambda count: show_toast(page, f"已编号 {count} 份", "撤销", session.undo),
    )  # fmt: skip


def rating_list(session: Session) -> RegisterPage:
    """The ratings after inspections: reckoned from checklists, and the cards to be posted."""
    from ui.kit.register_page import RegisterPage
    from ui.rating_rounds import ask_rating_round

    page = RegisterPage(session, register("ratings"))
    tip = "填了要点表的餐饮检查按得分评出动态等级，看过再写入"
    _add(
        page, "rate", "check", "Ctrl+Shift+N", ("从检查评定", tip),
        lambda: ask_rating_round(session, page), lambda _count: session.ledger.writable,
    )  # fmt: skip
    _add_papers(session, page, "card")
    return page


def annual_list(session: Session) -> RegisterPage:
    """The yearly grades of caterers: reckoned for all, and their forms."""
    from ui.kit.register_page import RegisterPage
    from ui.rating_rounds import ask_annual_round

    page = RegisterPage(session, register("annual_ratings"))
    tip = "由各户一年的动态评定得分平均得出年度等级，看过再写入"
    _add(
        page, "annual", "check", "Ctrl+Shift+N", ("评定年度等级", tip),
        lambda: ask_annual_round(session, page), lambda _count: session.ledger.writable,
    )  # fmt: skip
    _add_papers(session, page, "annual")
    return page


def preview_papers(session: Session, parent: QWidget, kind: str, ids: list[int]) -> PreviewDialog:
    """Show the papers of some records in one PDF, to print or save."""
    from ui.kit.preview import show_preview

    demo, word = session.demo, PAPERS[kind]

    def make(progress: Progress) -> bytes:
        from reports.grade_file import write_grade_papers

        def step(done: int, whole: int) -> bool:
            progress.check()
            progress.report(done, whole)
            return True

        try:
            with TemporaryDirectory(prefix="shian-preview-") as folder:
                out = Path(folder) / "preview.pdf"
                write_grade_papers(kind, ids, out, demo=demo, progress=step)
                return out.read_bytes()
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's

    title = word if len(ids) == 1 else f"{word}（{len(ids)}份）"
    return show_preview(parent, make, title, f"{title}{session.today:%Y%m%d}.pdf")
