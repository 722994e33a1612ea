"""The window's frame: keys, lazily made pages, narrow and wide, status, undo, composing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from models.core.errors import KnownError
from ui.kit.navigation import NARROW, WIDE
from ui.window_shell import WindowShell

pytestmark = pytest.mark.usefixtures("look")


class Page(QWidget):
    """A page with one edit, which may refuse to be left."""

    def __init__(self) -> None:
        super().__init__()
        self.edit = QLineEdit()
        QVBoxLayout(self).addWidget(self.edit)
        self.free = True
        self.times = 0

    def shown(self) -> None:
        self.times += 1

    def may_leave(self) -> bool:
        return self.free


@pytest.fixture
def shell(qtbot):
    window = WindowShell()
    qtbot.addWidget(window, before_close_func=lambda each: each.page("overview").__setattr__("free", True))
    window.add_page("overview", "总览", "overview", Page)
    window.add_page("enterprises", "主体名册", "enterprises", Page)
    window.add_page("notices", "责令改正", "notice", lambda: QLabel("通知书"))
    window.add_page("settings", "设置", "settings", lambda: QLabel("设置"), at_foot=True)
    window.resize(1366, 768)
    window.show_page("overview")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_pages_are_made_when_first_shown(shell, qtbot):
    assert shell.made("overview")
    assert not shell.made("enterprises")
    qtbot.mouseClick(shell.navigation.button("enterprises"), Qt.MouseButton.LeftButton)
    assert shell.current_page == "enterprises"
    assert shell.title.text() == "主体名册"
    assert shell.navigation.button("enterprises").isChecked()
    assert shell.page("enterprises").times == 1
    shell.show_page("overview")
    shell.show_page("enterprises")
    assert shell.page("enterprises").times == 2


def test_alt_and_a_digit_open_a_page(shell, qtbot):
    with qtbot.waitSignal(shell.page_shown) as told:
        qtbot.keyClick(shell, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert told.args == ["notices"]
    qtbot.keyClick(shell, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert shell.current_page == "settings"


def test_arrows_move_in_the_navigation_and_enter_opens(shell, qtbot):
    first = shell.navigation.button("overview")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is shell.navigation.button("enterprises")
    assert shell.current_page == "overview"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert shell.current_page == "enterprises"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    assert QApplication.focusWidget() is shell.navigation.button("settings")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert shell.current_page == "settings"


def test_a_page_that_holds_something_is_not_left(shell, qtbot):
    shell.page("overview").free = False
    qtbot.mouseClick(shell.navigation.button("notices"), Qt.MouseButton.LeftButton)
    assert shell.current_page == "overview"
    assert shell.navigation.button("overview").isChecked()
    assert not shell.close()
    shell.page("overview").free = True
    shell.may_close = lambda: False
    assert not shell.close()
    shell.may_close = lambda: True
    assert shell.close()


def test_a_page_that_cannot_be_made_says_so_and_can_be_tried_again(shell, qtbot, at_modal):
    tries = []

    def make():
        tries.append(True)
        if len(tries) == 1:
            raise KnownError("账本被占用。", "请关闭另一个窗口。")
        return QLabel("好了")

    shell.add_page("samples", "抽检", "sample", make)
    seen = []
    at_modal(lambda dialog: (seen.append(dialog.headline.text()), dialog.accept()))
    assert not shell.show_page("samples")
    qtbot.waitUntil(lambda: seen == ["账本被占用。"])
    qtbot.mouseClick(shell.page("samples").button, Qt.MouseButton.LeftButton)
    assert shell.page("samples").text() == "好了"
    assert shell.current_page == "samples"


def test_the_navigation_folds_with_the_window_until_the_user_chooses(shell, qtbot):
    bar = shell.navigation
    assert bar.width() == WIDE
    shell.resize(1024, 700)
    assert bar.width() == NARROW
    assert bar.button("notices").toolTip().startswith("责令改正")
    bar.set_count("notices", "12")
    assert bar.button("notices").toolTip() == "责令改正 12（Alt+3）"
    qtbot.mouseClick(bar._fold, Qt.MouseButton.LeftButton)
    assert bar.width() == WIDE
    assert "12" in bar.button("notices").text()
    shell.resize(1000, 700)
    assert bar.width() == WIDE


def test_the_status_bar_the_badge_and_undo(shell, qtbot):
    shell.set_rows(120, 1204)
    shell.set_selection("计数 3")
    shell.set_backup("上次备份 2024-06-30 08:15")
    shell.set_badge("演示 · 今天 2024-06-30")
    words = {label.text() for label in shell.statusBar().findChildren(QLabel)}
    assert {"显示 120 / 共 1,204 条", "计数 3", "上次备份 2024-06-30 08:15"} <= words
    assert shell.windowTitle() == "食安台账 · 演示 · 今天 2024-06-30"
    assert shell.badge.isVisible()
    done = []
    shell.undo.triggered.connect(lambda: done.append("undo"))
    shell.redo.triggered.connect(lambda: done.append("redo"))
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(shell, Qt.Key.Key_Z, control)
    assert done == []
    shell.set_undo("签发 1 份通知书", "删除 1 户")
    assert shell.undo.toolTip() == "撤销：签发 1 份通知书（Ctrl+Z）"
    qtbot.keyClick(shell, Qt.Key.Key_Z, control)
    qtbot.keyClick(shell, Qt.Key.Key_Z, control | shift)
    assert done == ["undo", "redo"]


def test_no_shortcut_fires_while_the_input_method_composes(shell, qtbot):
    edit, fired = shell.page("overview").edit, []
    shortcut = QShortcut(QKeySequence("Ctrl+S"), shell)
    shortcut.activated.connect(lambda: fired.append(True))
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    QApplication.sendEvent(edit, QInputMethodEvent("shi an", []))
    qtbot.keyClick(edit, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(edit, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert fired == []
    assert shell.current_page == "overview"
    commit = QInputMethodEvent("", [])
    commit.setCommitString("食安")
    QApplication.sendEvent(edit, commit)
    assert edit.text() == "食安"
    qtbot.keyClick(edit, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert fired == [True]


def test_a_key_is_taken_once(shell):
    with pytest.raises(ValueError, match="overview"):
        shell.add_page("overview", "总览", "overview", QWidget)
    with pytest.raises(KeyError):
        shell.page("nowhere")
