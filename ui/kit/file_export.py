"""A list as it is filtered, sorted and shown, written to a spreadsheet beside the window; knows no topic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from models.transfer.progress import Cancelled as Stopped
from ui.kit.errors import show_error
from ui.kit.files import ask_save
from ui.kit.jobs import Cancelled, Job, Progress
from ui.kit.toast import show_toast

if TYPE_CHECKING:
    from ui.kit.register_page import RegisterPage

KINDS = {"Excel 工作簿 (*.xlsx)": ".xlsx", "CSV 文本 (*.csv)": ".csv"}


def ask_export(page: RegisterPage) -> None:
    """Ask where, then write the list."""
    proposed = f"{page.register.title}{page.session.today:%Y%m%d}.xlsx"
    target, kind = ask_save(page, f"导出{page.register.title}", proposed, list(KINDS))
    if target is not None:
        export_to(page, with_ending(target, KINDS.get(kind, ".xlsx")))


def with_ending(path: Path, ending: str) -> Path:
    """The path with an ending the export knows; one it has already stays."""
    return path if path.suffix.lower() in KINDS.values() else path.with_name(path.name + ending)


def export_to(page: RegisterPage, target: Path) -> Job:
    """Write the list of a page to ``target``, with progress and a way to stop; offers the folder at the end."""
    session, register, view = page.session, page.register, page.view()
    columns = [register.columns[s].path for s in page.table.shown_columns()]
    day = session.today

    def work(progress: Progress) -> int:
        from models.transfer.export import export

        def tell(done: int, total: int) -> bool:
            progress.report(done, total)
            return not progress.cancelled

        try:
            return export(register, view, day, target, columns, tell)
        except Stopped:
            raise Cancelled from None

    def done(count: int) -> None:
        show_toast(
            page, f"已导出{count}{register.unit}到“{target.name}”", "打开文件夹",
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.absolute().parent))),
        )  # fmt: skip

    def failed(error: Exception) -> None:
        show_error(page, error)

    def stopped() -> None:
        show_toast(page, "已取消导出，没有写出文件。", state="info")

    options: dict[str, Any] = {"owner": page, "label": "正在导出"}
    return session.jobs.read(work, done=done, failed=failed, stopped=stopped, **options)
