"""Which papers a case file (案卷) holds, in which order, from which records; knows no page.

``PAPERS`` is the whole of it: a new paper is one line there. What stands in front of it in the case, and which tables
there are, says models/case_file.py; the attachments of a record follow its last paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.annual_rating import AnnualRating
from models.check_papers import round_of
from models.checklist_answer import answers_of
from models.enterprise import Enterprise
from models.grade_papers import annual_forms, grade_forms, rating_cards
from models.inspection import Inspection
from models.notice import Notice
from models.notice_steps import text_of
from models.rating import UNRATED, HygieneRating, RiskAssessment
from models.scene_record import scene_of
from models.talk import Talk
from reports.core.book import Book
from reports.grade_form import ANNUAL_TITLE, RISK_TITLE, add_annual_form, add_grade_form
from reports.notice import add_notice
from reports.rating_card import TITLE as CARD_TITLE
from reports.rating_card import add_card
from reports.responsibility_board import TITLE as BOARD_TITLE
from reports.responsibility_board import add_board
from reports.responsibility_file import board_of
from reports.visit_file import KINDS


@dataclass(frozen=True)
class Setting:
    """What all papers of a case share: the day it is put together, and whether the ledger is the demo."""

    today: dt.date
    demo: bool = False


@dataclass(frozen=True)
class Entry:
    """What the table of contents says of a paper; ``name`` where it is not that of its kind.

    ``usual`` is False for a paper that can be filed but is mostly blank; ``once`` names a paper that several records
    share, which is filed with the first of them only.
    """

    number: str = ""
    day: dt.date | None = None
    remark: str = ""
    name: str = ""
    usual: bool = True
    once: tuple[Any, ...] = ()


@dataclass(frozen=True)
class CasePaper:
    """One kind of paper: the table whose records it is made of, its name, what is told of it (None: there is none for
    this record), and how its pages are added to a book."""

    table: str
    name: str
    tell: Callable[[Any, Setting], Entry | None]
    add: Callable[[Book, Any, Setting], None]


def _notice(notice: Notice, how: Setting) -> Entry:
    remark = {"draft": "草稿", "void": "已作废"}.get(notice.state, "")
    return Entry(notice.number or "", notice.issued_on, remark)


def _add_notice(book: Book, notice: Notice, how: Setting) -> None:
    add_notice(book, text_of(notice, demo=how.demo))


def _board(place: Enterprise, how: Setting) -> Entry | None:
    return Entry("", how.today) if board_of(place.id, how.today) is not None else None


def _add_board(book: Book, place: Enterprise, how: Setting) -> None:
    board = board_of(place.id, how.today, how.demo)
    if board is not None:
        add_board(book, board)


def _card(rating: HygieneRating, how: Setting) -> Entry | None:
    return None if rating.rating == UNRATED else Entry("", rating.rated_on)


def _add_card(book: Book, rating: HygieneRating, how: Setting) -> None:
    for card in rating_cards([rating.id], how.demo)[0]:
        add_card(book, card)


def _add_risk(book: Book, assessment: RiskAssessment, how: Setting) -> None:
    for form in grade_forms([assessment.id], how.demo):
        add_grade_form(book, form)


def _add_annual(book: Book, rating: AnnualRating, how: Setting) -> None:
    for form in annual_forms([rating.id], how.demo):
        add_annual_form(book, form)


def _seen(inspection: Inspection, how: Setting) -> Entry | None:
    """告知页 and 现场笔录: filed where what was said and seen has been entered."""
    if scene_of(inspection.id) is not None:
        return Entry("", inspection.inspected_on)
    return Entry("", inspection.inspected_on, "没有登记现场记录", usual=False)


def _checklists(inspection: Inspection, how: Setting) -> Entry | None:
    forms = answers_of(inspection)
    return Entry("", inspection.inspected_on, name="、".join(form.title for form in forms)) if forms else None


def _result(inspection: Inspection, how: Setting) -> Entry | None:
    scene = scene_of(inspection.id)
    return Entry(scene.number if scene is not None else "", inspection.inspected_on)


def _service(notice: Notice, how: Setting) -> Entry | None:
    return Entry(notice.number or "", notice.served_on) if notice.served_on is not None else None


def _talk(talk: Talk, how: Setting) -> Entry:
    return Entry("", talk.notified_on or talk.held_on)


def _of_visit(kind: str) -> Callable[[Book, Any, Setting], None]:
    """How a paper of a visit (a key of ``visit_file.KINDS``) is added."""
    return lambda book, record, how: KINDS[kind].add(book, record, how.demo)


PAPERS: tuple[CasePaper, ...] = (
    CasePaper("enterprise", BOARD_TITLE, _board, _add_board),
    CasePaper("risk_assessment", RISK_TITLE, lambda one, how: Entry(one.number, one.assessed_on), _add_risk),
    CasePaper("hygiene_rating", CARD_TITLE, _card, _add_card),
    CasePaper("annual_rating", "".join(ANNUAL_TITLE), lambda one, how: Entry("", one.decided_on), _add_annual),
    CasePaper("inspection", KINDS["notification"].name, _seen, _of_visit("notification")),
    CasePaper("inspection", KINDS["checklist"].name, _checklists, _of_visit("checklist")),
    CasePaper("inspection", KINDS["result"].name, _result, _of_visit("result")),
    CasePaper("inspection", KINDS["scene"].name, _seen, _of_visit("scene")),
    CasePaper("notice", "责令改正通知书", _notice, _add_notice),
    CasePaper("notice", KINDS["service"].name, _service, _of_visit("service")),
    CasePaper(
        "reinspection", KINDS["reinspection"].name,
        lambda one, how: Entry(one.notice.number or "", one.inspected_on), _of_visit("reinspection"),
    ),
    CasePaper(
        "finding_check", KINDS["check"].name,
        lambda one, how: Entry("", one.checked_on, once=("check", *round_of(one))), _of_visit("check"),
    ),
    CasePaper("talk", KINDS["talk"].name, _talk, _of_visit("talk")),
)  # fmt: skip


def papers_of(table: str) -> list[CasePaper]:
    """The papers made of the records of a table, in the order of filing."""
    return [paper for paper in PAPERS if paper.table == table]
