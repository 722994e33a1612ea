"""The preview: pages, zoom, search, selection, saving with every outcome, printing into a real PDF."""

import os
import stat
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QPushButton

from models.core.errors import KnownError
from ui.kit import printing
from ui.kit.dialogs import MessageDialog
from ui.kit.preview import PreviewDialog

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def opened(qtbot, pdf):
    made = []

    def make(content=None, pages=5):
        dialog = PreviewDialog(pdf(pages) if content is None else content, "预览", "通知书.pdf")
        dialog.resize(900, 700)
        made.append(dialog)
        qtbot.addWidget(dialog)
        with qtbot.waitSignal(dialog.loaded):
            dialog.show()
        return dialog

    yield make
    for dialog in made:
        qtbot.waitUntil(lambda d=dialog: not d._jobs.writing)
        dialog.close()


def test_it_shows_pages_as_they_are_scrolled_to(qtbot, opened):
    dialog = opened(pages=1000)
    view = dialog.view
    assert dialog.pages.text() == "/ 1000 页"
    qtbot.waitUntil(lambda: any(page == 0 for page, _scale in view._images))
    image = view._picture(0)
    dark = sum(
        image.pixelColor(x, y).lightness() < 100 for x in range(0, image.width(), 2) for y in range(0, 200, 2)
    )
    assert dark > 50
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: any(page == 999 for page, _scale in view._images))
    assert view.page == 999
    assert dialog.number.text() == "1000"
    assert len(view._images) < 12
    dialog.number.setFocus()
    dialog.number.setText("500")
    qtbot.keyClick(dialog.number, Qt.Key.Key_Return)
    assert view.page == 499


def test_zoom_by_keys_wheel_and_fit(qtbot, opened):
    view = opened().view
    view.set_zoom(1.0)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom == pytest.approx(1.1)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom == pytest.approx(0.9)
    centre = QPointF(view.viewport().rect().center())
    wheel = QWheelEvent(
        centre, view.viewport().mapToGlobal(centre), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.zoom > 0.95
    view.set_fit("width")
    assert view.page_rect(0).width() == pytest.approx(view.viewport().width() - 32, abs=2)
    view.set_fit("page")
    assert view.page_rect(0).height() <= view.viewport().height()


def test_search_counts_marks_and_walks_round(qtbot, opened):
    dialog = opened()
    dialog.search.setFocus()
    qtbot.keyClicks(dialog.search, "LEDGER")
    qtbot.waitUntil(lambda: dialog.found.text() == "1 / 5")
    for _step in range(4):
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.found.text() == "5 / 5"
    assert dialog.view.page == 4
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.found.text() == "1 / 5"
    dialog.search.setText("没有这样的词")
    qtbot.waitUntil(lambda: dialog.found.text() == "没有找到" and not dialog._jobs.busy)


def test_text_is_selected_with_the_mouse_and_copied(qtbot, opened):
    view = opened().view
    view.set_zoom(1.0)
    rect, scale = view.page_rect(0), 96 / 72
    start = QPoint(round(rect.left() + 74 * scale), round(rect.top() + (842 - 778) * scale))
    end = QPoint(round(rect.left() + 140 * scale), start.y())
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    qtbot.waitUntil(lambda: "Page" in view.selected_text())
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("Page")


def test_save_writes_the_same_bytes_and_adds_the_ending(qtbot, opened, pdf, tmp_path):
    data = pdf(2)
    dialog = opened(data)
    with qtbot.waitSignal(dialog.saved) as told:
        dialog.save_to(tmp_path / "通知书")
    assert told.args == [str(tmp_path / "通知书.pdf")]
    assert (tmp_path / "通知书.pdf").read_bytes() == data
    assert [each.name for each in tmp_path.iterdir()] == ["通知书.pdf"]


def test_an_existing_file_is_replaced_only_when_the_user_says_so(qtbot, opened, tmp_path, at_modal):
    dialog, target = opened(), tmp_path / "a.pdf"
    target.write_text("old")
    seen = []
    at_modal(
        lambda question: (seen.append(question.headline.text()), qtbot.keyClick(question, Qt.Key.Key_Escape))
    )
    dialog.save_to(target)
    assert target.read_text() == "old"
    at_modal(lambda question: (seen.append(question.text.text()), click(qtbot, question, "替换")))
    with qtbot.waitSignal(dialog.saved):
        dialog.save_to(target)
    assert target.read_bytes().startswith(b"%PDF")
    assert seen == ["“a.pdf”已经存在。", "要用现在的内容替换它吗？"]


def click(qtbot, dialog, words):
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_failed_save_says_why_in_chinese_and_leaves_nothing(tmp_path):
    with pytest.raises(KnownError, match="不存在"):
        printing.save_bytes(b"x", tmp_path / "no" / "a.pdf")
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(KnownError, match=r"没有保存“a\.pdf”"):
        printing.save_bytes(b"x", tmp_path / "a.pdf")
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]
    with pytest.raises(KnownError, match="文件名太长"):
        printing.save_bytes(b"x", tmp_path / ("长" * 100 + ".pdf"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_and_a_forbidden_folder_are_named():
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="space") as caught:
        full.write(b"x")
    assert "磁盘已满" in str(printing.known_write_error(caught.value, Path("/盘/a.pdf")))
    denied = PermissionError(13, os.strerror(13))
    assert "不能写入" in str(printing.known_write_error(denied, Path("/盘/a.pdf")))


def test_saved_files_can_be_read_by_others(tmp_path):
    printing.save_bytes(b"x", tmp_path / "a.pdf")
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o644


def test_printing_into_a_file_gives_every_page(qtbot, opened, tmp_path):
    dialog, target = opened(pages=3), tmp_path / "print.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    printer.setResolution(100)
    with qtbot.waitSignal(dialog.printed) as told:
        dialog.print_on(printer)
    assert told.args == [3]
    pages = PdfReader(target).pages
    assert len(pages) == 3
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == pytest.approx(
        (595, 842), abs=2
    )


def test_a_document_that_is_made_on_demand_and_one_that_is_none(qtbot, pdf, opened, at_modal):
    dialog = opened(lambda progress: pdf(2))
    assert dialog.pages.text() == "/ 2 页"
    seen = []
    at_modal(lambda message: (seen.append((type(message), message.headline.text())), message.reject()))
    broken = PreviewDialog(b"no pdf")
    qtbot.addWidget(broken)
    with qtbot.waitSignal(broken.rejected):
        broken.show()
    qtbot.waitUntil(lambda: seen == [(MessageDialog, "这个文件不能作为 PDF 打开。")])


def test_escape_closes_it_and_lets_the_document_go(qtbot, opened):
    dialog = opened()
    source = dialog._source
    qtbot.waitUntil(lambda: not dialog._jobs.busy)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: source._document.raw is None)
