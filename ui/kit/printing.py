"""Writes and prints finished PDF bytes with messages a clerk can act on; knows no document's content."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from ui.kit.jobs import Progress
from ui.kit.pdf_source import PdfSource

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PRINT_DPI = 300
"""Finer than 300 dots an inch only costs time and memory on an office printer."""


def save_bytes(data: bytes, target: Path) -> None:
    """Write a file whole or not at all (a file already there stays until the new one is complete).

    KnownError in Chinese when the folder is missing, read-only or full, or the file is held by another program.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise known_write_error(error, target) from error


def known_write_error(error: OSError, target: Path) -> Exception:
    """The Chinese message for a failed write of `target`."""
    from models.core.errors import KnownError

    name = f"没有保存“{target.name}”："
    if error.errno == errno.ENOSPC:
        return KnownError(name + "磁盘已满。", "请清理磁盘，或者另选一个盘。")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return KnownError(
            name + f"文件夹“{target.parent}”不能写入，或者文件正被别的程序打开。",
            "请关闭打开它的程序，或者另选一个文件夹。",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return KnownError(name + f"文件夹“{target.parent}”不存在。", "请另选一个文件夹。")
    if error.errno == errno.ENAMETOOLONG:
        return KnownError(name + "文件名太长。", "请改短文件名。")
    return KnownError(name + f"系统报告“{error.strerror or error}”。", "请另选一个文件夹再试。")


def print_pages(source: PdfSource, printer: QPrinter, progress: Progress) -> int:
    """Print the range chosen in `printer` (all pages by default), each page scaled to the sheet; returns the number.

    Runs in any thread. Each page keeps its own orientation. KnownError when the printer cannot be started.
    """
    from models.core.errors import KnownError

    first = max(1, printer.fromPage() or 1)
    last = min(len(source), printer.toPage() or len(source))
    scale = min(printer.resolution(), PRINT_DPI) / 72
    printer.setFullPage(True)
    _lay_out(printer, source.sizes[first - 1])
    painter = QPainter()
    if not painter.begin(printer):
        raise KnownError("打印机没有开始工作。", "请检查打印机是否已连接，或者换一台打印机。")
    try:
        for number in range(first - 1, last):
            progress.check()
            progress.report(number - first + 1, last - first + 1, "正在打印")
            if number >= first:
                _lay_out(printer, source.sizes[number])
                printer.newPage()
            raster = source.render(number, scale)
            image = QImage(
                raster.data, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32
            )
            sheet = printer.pageLayout().fullRectPixels(printer.resolution())
            place = QRect(QPoint(0, 0), image.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio))
            place.moveCenter(QRect(QPoint(0, 0), sheet.size()).center())
            painter.drawImage(place, image)
    finally:
        painter.end()
    return last - first + 1


def _lay_out(printer: QPrinter, size: tuple[float, float]) -> None:
    width, height = size
    wide = width > height
    if (
        printer.outputFormat().name == "PdfFormat"
    ):  # a file takes the page's own size, a printer has its paper
        points = QSizeF(min(size), max(size))
        printer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    )
