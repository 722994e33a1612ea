"""Questions, errors, toasts, banners: words, keys and outcomes."""

import faulthandler
import logging
import sys
import threading
from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from models.core.errors import KnownError
from ui.kit.dialogs import DateDialog, MessageDialog, ReasonDialog, ask_date, ask_reason, confirm
from ui.kit.errors import SAFE, BugDialog, error_dialog, install_hooks, show_error, show_error_and_wait
from ui.kit.language import speak_chinese
from ui.kit.toast import Banner, Corner, show_toast

pytestmark = pytest.mark.usefixtures("look")


@pytest.mark.parametrize(
    ("danger", "key", "answer"),
    [
        (False, Qt.Key.Key_Return, True),
        (False, Qt.Key.Key_Escape, False),
        (True, Qt.Key.Key_Return, False),
        (True, Qt.Key.Key_Escape, False),
    ],
)
def test_enter_confirms_only_what_is_harmless(qtbot, at_modal, danger, key, answer):
    at_modal(lambda dialog: qtbot.keyClick(dialog, key))
    assert confirm(None, "作废这份通知书？", danger=danger) is answer


def test_a_reason_is_required(qtbot):
    dialog = ReasonDialog(None, "为什么作废？")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert "请写明理由" in dialog.problem.text()
    dialog.edit.insertPlainText("当事人写错")
    assert dialog.problem.text() == ""
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Tab)
    assert not dialog.edit.hasFocus()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert dialog.reason() == "当事人写错"


def test_the_short_forms_return_text_day_or_none(qtbot, at_modal):
    at_modal(lambda dialog: (dialog.edit.setPlainText(" 地址写错 "), dialog.accept()))
    assert ask_reason(None, "为什么？") == "地址写错"
    at_modal(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    assert ask_reason(None, "为什么？") is None
    at_modal(lambda dialog: (dialog.calendar.setSelectedDate(QDate(2024, 7, 16)), dialog.accept()))
    assert ask_date(None, "哪一天？", start=date(2024, 7, 1)) == date(2024, 7, 16)


def test_the_calendar_keeps_its_bounds_and_says_the_day(qtbot):
    dialog = DateDialog(
        None, "延期到？", start=date(2024, 6, 30), earliest=date(2024, 6, 30), latest=date(2024, 7, 2)
    )
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.shown.text() == "已选：2024-06-30　星期日"
    dialog.calendar.setSelectedDate(QDate(2025, 1, 1))
    assert dialog.day() == date(2024, 7, 2)


def test_a_known_error_says_what_happened_what_to_do_and_that_nothing_was_lost(qtbot):
    dialog = error_dialog(None, KnownError("文号已经用过。", "请换一个文号。"))
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"文号已经用过。", "请换一个文号。", SAFE} <= set(words)
    assert not isinstance(dialog, BugDialog)


def test_a_bug_can_be_copied_and_is_logged(qtbot, caplog):
    try:
        raise RuntimeError("broken pipe dream")
    except RuntimeError as error:
        dialog = error_dialog(None, error)
    qtbot.addWidget(dialog)
    dialog.show()
    assert isinstance(dialog, BugDialog)
    assert dialog.details.isHidden()
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "RuntimeError: broken pipe dream" in QGuiApplication.clipboard().text()
    assert "test_a_bug_can_be_copied" in QGuiApplication.clipboard().text()
    assert any(record.levelno == logging.ERROR for record in caplog.records)


def test_the_job_runner_shows_an_error_nobody_takes(qtbot, jobs, at_modal):
    seen = []

    def refuse():
        raise KnownError("账本只读。", "请换一个文件夹。")

    at_modal(lambda dialog: (seen.append(dialog.headline.text()), dialog.accept()))
    jobs.write(refuse)
    assert jobs.wait_idle(), "the dialog does not hold up the runner"
    qtbot.waitUntil(lambda: seen == ["账本只读。"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_hooks_log_and_show_from_every_thread_and_can_be_taken_off(qtbot, tmp_path):
    before = sys.excepthook, threading.excepthook, sys.unraisablehook, faulthandler.is_enabled()
    shown = []
    hooks = install_hooks(tmp_path / "log" / "shian.log", show=lambda parent, error: shown.append(str(error)))
    try:
        error = ValueError("in the window")
        sys.excepthook(ValueError, error, None)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(shown) == 2)
        assert faulthandler.is_enabled()
    finally:
        hooks.remove()
    text = (tmp_path / "log" / "shian.log").read_text(encoding="utf-8")
    assert "in the window" in text
    assert "ZeroDivisionError" in text
    assert shown == ["in the window", "division by zero"]
    assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook, faulthandler.is_enabled())


def test_show_error_finds_a_parent_and_returns(qtbot, at_modal):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    child = QLabel(window)
    dialog = show_error(child, KnownError("不行。", "再试。"))
    assert dialog.isVisible()
    assert dialog.parent() is window
    assert show_error(child, KnownError("不行。", "再试。")) is dialog, "told once only"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    parents = []
    at_modal(lambda dialog: (parents.append(dialog.parent()), dialog.accept()))
    show_error_and_wait(child, KnownError("不行。", "再试。"))
    assert parents == [window]


def test_a_toast_offers_its_action_once_and_goes(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 400)
    window.show()
    undone = []
    toast = show_toast(window, "已保存", "撤销", lambda: undone.append(True))
    assert toast.geometry().right() <= window.width()
    assert toast.geometry().bottom() <= window.height()
    qtbot.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert undone == [True]
    assert Corner.of(window).frames() == []
    for number in range(5):
        show_toast(window, f"第 {number} 条", stay_ms=40)
    assert [frame.label.text() for frame in Corner.of(window).frames()] == ["第 2 条", "第 3 条", "第 4 条"]
    old = Corner.of(window).frames()[0].geometry().right()
    window.resize(900, 500)
    assert Corner.of(window).frames()[0].geometry().right() == old + 200
    qtbot.waitUntil(lambda: Corner.of(window).frames() == [])


def test_a_banner_tells_acts_and_closes(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    acted = []
    banner.tell("账本只读。", "warning", "查看", lambda: acted.append(True))
    assert banner.isVisible()
    qtbot.mouseClick(banner.action, Qt.MouseButton.LeftButton)
    assert acted == [True]
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner._close, Qt.MouseButton.LeftButton)
    assert banner.isHidden()


def test_the_words_on_the_buttons_are_chinese(qtbot, qapp):
    from PySide6.QtWidgets import QDialogButtonBox

    from ui.kit.dialogs import button_box

    assert speak_chinese(qapp)
    standard = QDialogButtonBox.StandardButton
    box = button_box(standard.Save | standard.Cancel | standard.Discard, lambda: None, lambda: None)
    qtbot.addWidget(box)
    assert {each.text() for each in box.buttons()} == {"保存", "取消", "放弃修改"}
    dialog = MessageDialog(None, "请确认", "好吗？")
    qtbot.addWidget(dialog)
    dialog.add_button("知道了", dialog.accept, "primary", default=True)
    assert [each.text() for each in dialog.findChildren(QPushButton)] == ["知道了"]
