"""Papers of visits and notices written as one PDF: which kinds there are, of which records; knows no page.

``KINDS`` is the whole of it: code → its name, the table of its records, and what adds one record's pages to a book.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import check_papers as of_check
from models import inspection_papers as of_inspection
from models import notice_papers as of_notice
from models.checklist import Checklist, items_of
from models.checklist_answer import AnsweredChecklist, AnsweredItem
from models.core.errors import NotFound
from models.core.record import Record
from models.enterprise import Enterprise
from models.finding_check import FindingCheck
from models.inspection import Finding, Inspection
from models.notice import Notice, Reinspection
from models.rules.checklist import Tally
from models.settings import settings
from models.talk import Talk
from reports.checklist_sheet import SHEET_TITLE, add_checklist_sheet
from reports.core.book import About, Book
from reports.core.errors import Cancelled, located
from reports.inspection_record import (
    NOTIFICATION_TITLE,
    RESULT_TITLE,
    SCENE_TITLE,
    add_notification,
    add_result_sheet,
    add_scene_note,
)
from reports.notice_sheets import (
    REINSPECTION_TITLE,
    SERVICE_TITLE,
    TALK_TITLE,
    add_reinspection_sheet,
    add_service_sheet,
    add_talk_letter,
)

Progress = Callable[[int, int], bool]
"""Told (papers done, papers in all); False stops the work."""
Add = Callable[[Book, Any, bool], None]


@dataclass(frozen=True)
class Kind:
    """One kind of paper: its name, the table of the records it is made of, how one is added to a book."""

    name: str
    model: type[Record]
    add: Add


def _add_checklists(book: Book, inspection: Inspection, demo: bool) -> None:
    for sheet in of_inspection.checklist_sheets_of(inspection, demo):
        add_checklist_sheet(book, sheet)


def _blank_checklist(form: Checklist) -> AnsweredChecklist:
    """A form that nobody has answered yet."""
    items = tuple(
        AnsweredItem(one.id, one.topic, one.number, one.is_key, one.content, "", "") for one in items_of(form.id)
    )
    return AnsweredChecklist(
        form.id, form.paper_title, form.official, form.kind, form.table_number, form.edition, items,
        Tally(0, 0, 0, 0, 0), "", "", "", (),
    )  # fmt: skip


def add_blank_papers(book: Book, enterprise: Enterprise, forms: Sequence[Checklist], demo: bool = False) -> None:
    """What is taken along to an enterprise: 告知页, 现场笔录, the 要点表 and 结果记录表, to be filled by hand."""
    visit = of_inspection.blank_visit(enterprise, demo)
    add_notification(book, of_inspection.notification(visit))
    add_scene_note(book, of_inspection.scene_note(visit))
    for form in forms:
        add_checklist_sheet(book, of_inspection.ChecklistSheet(visit, _blank_checklist(form)))
    add_result_sheet(book, of_inspection.blank_result_sheet(visit))


KINDS: dict[str, Kind] = {
    "notification": Kind(
        NOTIFICATION_TITLE,
        Inspection,
        lambda book, one, demo: _done(add_notification(book, of_inspection.notification_of(one, demo))),
    ),
    "scene": Kind(
        SCENE_TITLE,
        Inspection,
        lambda book, one, demo: _done(add_scene_note(book, of_inspection.scene_note_of(one, demo))),
    ),
    "checklist": Kind(SHEET_TITLE, Inspection, _add_checklists),
    "result": Kind(
        RESULT_TITLE,
        Inspection,
        lambda book, one, demo: _done(add_result_sheet(book, of_inspection.result_sheet_of(one, demo))),
    ),
    "service": Kind(
        SERVICE_TITLE,
        Notice,
        lambda book, one, demo: _done(add_service_sheet(book, of_notice.service_sheet_of(one, demo))),
    ),
    "recheck_form": Kind(
        "复查记录（空白，带去复查）",
        Notice,
        lambda book, one, demo: _done(add_reinspection_sheet(book, of_notice.blank_reinspection_sheet(one, demo))),
    ),
    "reinspection": Kind(
        REINSPECTION_TITLE,
        Reinspection,
        lambda book, one, demo: _done(add_reinspection_sheet(book, of_notice.reinspection_sheet_of(one, demo))),
    ),
    "check_form": Kind(
        "复查记录（空白，带去复查）",
        Finding,
        lambda book, one, demo: _done(add_reinspection_sheet(book, of_check.blank_check_sheet(one, demo))),
    ),
    "check": Kind(
        of_check.CHECK_TITLE,
        FindingCheck,
        lambda book, one, demo: _done(add_reinspection_sheet(book, of_check.check_sheet_of(one, demo))),
    ),
    "talk": Kind(
        TALK_TITLE,
        Talk,
        lambda book, one, demo: _done(add_talk_letter(book, of_notice.talk_letter_of(one, demo))),
    ),
}


def _done(_pages: int) -> None:
    """Pages are counted by the book."""


def write_visit_papers(
    kinds: Sequence[str], ids: Sequence[int], out: Path, *, demo: bool = False, progress: Progress | None = None
) -> int:
    """Write papers of some records, all of one table, record after record, into one PDF; returns the pages.

    Raises NotFound where there is nothing to print, Cancelled, MissingGlyph, DocumentError; nothing is written then.
    """
    wanted = [KINDS[kind] for kind in kinds]
    if not ids or not wanted:
        raise NotFound("没有选中要打印的文书。", "请选中记录和文书后再打印。")
    model = wanted[0].model
    title = wanted[0].name if len(wanted) == 1 else "检查文书"
    with located(title), Book(out, About(title, settings().office_name)) as book:
        for done, key in enumerate(ids, 1):
            record = model.get_by_id(key)
            for kind in wanted:
                kind.add(book, record, demo)
            if progress is not None and not progress(done, len(ids)):
                raise Cancelled
        if not book.pages:
            raise NotFound("所选的检查没有填写要点表，没有可打印的内容。", "请改选其他文书。")
    return book.pages


def write_blank_papers(
    enterprises: Sequence[int],
    checklists: Sequence[int],
    out: Path,
    *,
    demo: bool = False,
    progress: Progress | None = None,
) -> int:
    """Write what is taken along to some enterprises into one PDF; returns the pages. Raises as above."""
    if not enterprises:
        raise NotFound("没有选中主体。", "请在列表中选中后再打印。")
    forms = list(Checklist.live().where(Checklist.id.in_(list(checklists))))
    with located("检查文书"), Book(out, About("检查文书（空白）", settings().office_name)) as book:
        for done, key in enumerate(enterprises, 1):
            add_blank_papers(book, Enterprise.get_by_id(key), forms, demo)
            if progress is not None and not progress(done, len(enterprises)):
                raise Cancelled
    return book.pages
