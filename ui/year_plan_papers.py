"""Previews of the plan's papers and of a draw's record; knows which writer makes which, no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from ui.kit.session import Session

if TYPE_CHECKING:
    from ui.kit.jobs import Progress
    from ui.kit.preview import PreviewDialog

Write = Callable[..., int]


def preview_week(session: Session, parent: QWidget, today: dt.date) -> PreviewDialog:
    """The sheets of next week, one officer after the other."""

    def write(out: Path, **options: Any) -> int:
        from reports.plan_lists import write_week_sheets

        return write_week_sheets(today, out, **options)

    return _preview(session, parent, write, "下周检查任务单")


def preview_year(session: Session, parent: QWidget, year: int) -> PreviewDialog:
    """The year's plan as a list."""

    def write(out: Path, **options: Any) -> int:
        from reports.plan_lists import write_year_plan

        return write_year_plan(year, session.today, out, **options)

    return _preview(session, parent, write, f"{year}年度检查计划")


def preview_draw(session: Session, parent: QWidget, key: int, name: str) -> PreviewDialog:
    """The record of a draw with its candidates."""

    def write(out: Path, **options: Any) -> int:
        from reports.plan_lists import write_draw

        return write_draw(key, session.today, out, **options)

    return _preview(session, parent, write, name)


def _preview(session: Session, parent: QWidget, write: Write, title: str) -> PreviewDialog:
    from ui.kit.preview import show_preview

    demo = session.demo

    def make(progress: Progress) -> bytes:
        def step(done: int, whole: int) -> bool:
            progress.check()
            progress.report(done, whole)
            return True

        try:
            with TemporaryDirectory(prefix="shian-preview-") as folder:
                out = Path(folder) / "preview.pdf"
                write(out, demo=demo, progress=step)
                return out.read_bytes()
        finally:
            session.ledger.close_thread()  # the preview's thread is not the session's

    return show_preview(parent, make, title, f"{title}{session.today:%Y%m%d}.pdf")
