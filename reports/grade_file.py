"""The papers of grading written as one PDF: forms and cards of the records chosen; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from models.core.errors import NotFound
from models.grade_papers import annual_forms, grade_forms, rating_cards
from models.settings import settings
from reports.core.book import About, Book
from reports.core.errors import Cancelled, located
from reports.grade_form import ANNUAL_TITLE, RISK_TITLE, add_annual_form, add_grade_form
from reports.rating_card import TITLE as CARD_TITLE
from reports.rating_card import add_card

Progress = Callable[[int, int], bool]
"""Told (done, all papers); False stops the work."""
#: How many records are read at once.
CHUNK = 100

TITLES = {"risk": RISK_TITLE, "card": CARD_TITLE, "annual": "".join(ANNUAL_TITLE)}


def write_grade_papers(
    kind: str, ids: Sequence[int], out: Path, *, demo: bool = False, progress: Progress | None = None
) -> int:
    """Write the papers of some records (``kind`` risk, card or annual) into one PDF; returns the number of pages.

    Raises NotFound where there is nothing to print, Cancelled, MissingGlyph, DocumentError; nothing is written then.
    """
    if not ids:
        raise NotFound("没有选中要打印的记录。", "请在列表中选中后再打印。")
    title = TITLES[kind]
    with located(title), Book(out, About(title, settings().office_name)) as book:
        for start in range(0, len(ids), CHUNK):
            _add(book, kind, ids[start : start + CHUNK], demo)
            if progress is not None and not progress(min(start + CHUNK, len(ids)), len(ids)):
                raise Cancelled
        if not book.pages:
            raise NotFound("选中的评定都是“不评级”，没有可以公示的等级。", "请选中已评出等级的记录。")
    return book.pages


def _add(book: Book, kind: str, ids: Sequence[int], demo: bool) -> None:
    if kind == "risk":
        for form in grade_forms(ids, demo):
            add_grade_form(book, form)
    elif kind == "card":
        for card in rating_cards(ids, demo)[0]:
            add_card(book, card)
    else:
        for year in annual_forms(ids, demo):
            add_annual_form(book, year)
