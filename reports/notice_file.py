"""Notices found by number and written as one PDF; knows the notices' words, not their layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.core.errors import NotFound
from models.notice import Notice
from models.notice_steps import text_of
from models.rules import numbering
from models.settings import settings
from reports.notice import Progress, render_notices


def notices_of(numbers: Sequence[str]) -> list[Notice]:
    """The notices with these printed numbers, in the order given, each once; any kind of bracket will do.

    Raises NotFound naming every number that is malformed or belongs to no notice.
    """
    found: dict[int, Notice] = {}
    problems: list[str] = []
    for text in numbers:
        try:
            notice = _find(text)
        except ValueError as error:
            problems.append(str(error))
            continue
        if notice is None:
            problems.append(f"没有文号为“{text.strip()}”的责令改正通知书")
        else:
            found[notice.id] = notice
    if problems:
        raise NotFound(f"{'；'.join(problems)}。", "没有写出文件，请核对文号后再试。")
    return list(found.values())


def _find(text: str) -> Notice | None:
    number = numbering.parse_number(text)
    tail = numbering.format_number("", number.year, number.serial)
    key = numbering.series_key(number.prefix)
    same_serial = Notice.live().where(Notice.number.endswith(tail))
    for notice in same_serial.order_by(Notice.id):
        if numbering.series_key(notice.number.removesuffix(tail)) == key:
            return notice
    return None


def write_notices(
    notices: Sequence[Notice], out: Path, *, demo: bool = False, progress: Progress | None = None
) -> int:
    """Write notices into one PDF as they were issued; returns the number of pages.

    Raises Cancelled, MissingGlyph, DocumentError; nothing is written then.
    """
    office = settings()
    texts = [text_of(notice, office, demo=demo) for notice in notices]
    return render_notices(texts, out, progress)
