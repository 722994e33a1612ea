"""责令改正 by keyboard: made from an inspection, issued, served, extended, re-inspected, closed, void."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from models.core.register import View
from models.notice import Notice
from models.responsibility import Assignment
from tests.ui.window_hands import TODAY, Opener, click, dialog_of, paper_text, settle, type_text
from ui.assigning import AssignDialog
from ui.kit.record_dialog import RecordDialog
from ui.main_window import MainWindow
from ui.notice_dialogs import (
    ExtendDialog,
    IssueDialog,
    ReinspectDialog,
    ServeDialog,
    StepDialog,
    VoidDialog,
)
from ui.notice_make import MakeDialog
from ui.notices import file_name


def type_in(dialog: StepDialog | MakeDialog, name: str, text: str) -> QWidget:
    editor = dialog.form.fields[name].editor
    type_text(editor, text)
    return editor


def submit(window: MainWindow, dialog: QWidget) -> None:
    settle(window)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window)


def make_draft(window: MainWindow, qtbot: QtBot) -> Notice:
    """From the one inspection, addressed to the contractor, by keys."""
    window.show_page("inspections")
    settle(window)
    page = window.page("inspections").current_list()  # type: ignore[attr-defined]
    page.table.go_to_row(0)
    page.table.setFocus()
    settle(window)
    QTest.keySequence(page.table, "Ctrl+Shift+K")
    dialog = dialog_of(qtbot, MakeDialog)
    submit(window, dialog)
    assert "请选择当事人" in dialog.form.fields["party"].words.text(), "the party of a contracted canteen is a choice"
    school, firm = dialog.form.fields["party"].editor.buttons.values()
    assert (school.isVisible(), firm.isVisible()) == (True, True)
    assert "violates" not in dialog.form.fields, "the findings bring their articles along"
    school.setFocus()
    QTest.keyClick(school, Qt.Key.Key_Down)
    QTest.keyClick(firm, Qt.Key.Key_Space)
    assert firm.isChecked()
    type_in(dialog, "due_on", "+10")
    submit(window, dialog)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    assert form.register.name == "notices"
    form.reject()
    settle(window)
    assert window.current_page == "notices"
    return Notice.get()


def steps(window: MainWindow) -> Any:
    page = window.page("notices").tab("notices")  # type: ignore[attr-defined]
    settle(window)
    page.list.table.setFocus()
    return page


def test_whole_life(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    draft = make_draft(window, qtbot)
    assert draft.state == "draft"
    assert draft.party.name == "昌江区测试餐饮公司"
    assert draft.number is None
    page = steps(window)
    enabled = {step for step, made in page.buttons.items() if made.isEnabled()}
    assert enabled == {"issue"}
    QTest.keySequence(page.list.table, "Ctrl+Shift+Q")
    dialog = dialog_of(qtbot, IssueDialog)
    with qtbot.waitSignal(dialog.paper.loaded, timeout=20_000):
        pass
    assert dialog.number.text() == "昌市监责改〔2024〕1号"
    assert "签发后不能撤销" in dialog.caution.text()
    type_in(dialog, "issued_on", "2024-07-05")
    submit(window, dialog)
    assert "晚于今天" in dialog.form.fields["issued_on"].words.text()
    type_in(dialog, "issued_on", "今天")
    submit(window, dialog)
    notice = Notice.get()
    assert (notice.state, notice.number) == ("issued", "昌市监责改〔2024〕1号")
    QTest.keySequence(steps(window).list.table, "Ctrl+Shift+S")
    dialog = dialog_of(qtbot, ServeDialog)
    submit(window, dialog)
    assert "请填写收件人" in dialog.form.fields["receiver"].words.text()
    receiver = type_in(dialog, "receiver", "王五")
    assert dialog.form.fields["receiver"].label.text() == "收件人 *"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return):
        QTest.keyClick(receiver, key)
    QTest.keyClick(receiver, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert Notice.get().state == "issued", "a key pressed by habit does nothing that cannot be undone"
    assert "Ctrl+Enter" in dialog.banner.label.text()
    assert "Ctrl+Enter" in dialog.yes.toolTip()
    dialog.yes.setFocus()
    QTest.keyClick(dialog.yes, Qt.Key.Key_Return)
    settle(window)
    assert (Notice.get().state, Notice.get().receiver) == ("served", "王五")
    click(steps(window).buttons["extend"])
    dialog = dialog_of(qtbot, ExtendDialog)
    type_in(dialog, "extended_to", "2024-07-20")
    type_in(dialog, "extended_by", "李局长")
    type_in(dialog, "extension_reason", "设备采购需要时间")
    submit(window, dialog)
    assert str(Notice.get().due) == "2024-07-20"
    QTest.keySequence(steps(window).list.table, "Ctrl+Shift+F")
    dialog = dialog_of(qtbot, ReinspectDialog)
    dialog.close_too.setFocus()
    QTest.keyClick(dialog.close_too, Qt.Key.Key_Space)
    assert {choice.currentData() for choice in dialog.outcomes.values()} == {"corrected"}
    submit(window, dialog)
    assert Notice.get().state == "closed"
    page = steps(window)
    assert not any(made.isEnabled() for made in page.buttons.values())
    assert [stop[0] for stop in page.stepper.stops() if stop[2]] == ["草稿", "签发", "送达", "复查", "销号"]


def test_void_keeps_its_number_and_paper(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    make_draft(window, qtbot)
    QTest.keySequence(steps(window).list.table, "Ctrl+Shift+Q")
    submit(window, dialog_of(qtbot, IssueDialog))
    click(steps(window).buttons["void"])
    dialog = dialog_of(qtbot, VoidDialog)
    submit(window, dialog)
    assert "请填写作废理由" in dialog.form.fields["void_reason"].words.text()
    type_in(dialog, "void_reason", "当事人名称有误")
    submit(window, dialog)
    assert (Notice.get().state, Notice.get().number) == ("void", "昌市监责改〔2024〕1号")
    page = steps(window)
    assert file_name(page.desks, TODAY) == "责令改正通知书 昌市监责改〔2024〕1号 测试中学食堂.pdf"
    assert file_name([*page.desks] * 5, TODAY) == "责令改正通知书（5份）2024-06-30.pdf"
    preview = page.preview()
    with qtbot.waitSignal(preview.loaded, timeout=20_000):
        pass
    assert "当事人名称有误" in paper_text(preview)
    preview.close()


def test_settings_appear_on_the_paper(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    make_draft(window, qtbot)
    window.show_page("settings")
    page = window.page("settings")
    for key, text in (("office_name", "某某市某某区市场监督管理局"), ("court", "某某铁路运输法院")):
        editor = page.field(key).editor  # type: ignore[attr-defined]
        type_text(editor, text)
    click(page.save_button)  # type: ignore[attr-defined]
    settle(window)
    window.open_register("notices", View())
    settle(window)
    preview = steps(window).preview()
    with qtbot.waitSignal(preview.loaded, timeout=20_000):
        pass
    for words in ("某某市某某区市场监督管理局", "某某铁路运输法院"):
        assert words in paper_text(preview)
    preview.close()


def test_assigning_many_with_a_reason(demo: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(demo)
    day = window.session.today
    window.open_register("enterprises", View(figure=("assignment.missing", day, day)))
    settle(window)
    page = window.page("enterprises").current_list()  # type: ignore[attr-defined]
    page.table.go_to_row(0)
    settle(window)
    place = page.selected_ids()[0]
    before = Assignment.live().count()
    page.table.setFocus()
    QTest.keySequence(page.table, "Ctrl+Shift+B")
    dialog = dialog_of(qtbot, AssignDialog)
    assert dialog.asked.candidates[0].fits
    submit(window, dialog)
    assert Assignment.live().count() == before + 1
    made = Assignment.live().where(Assignment.enterprise == place).order_by(Assignment.id.desc()).first()
    assert made.valid_from == day
    assert made.valid_to is None
    assert QApplication.activeModalWidget() is None


def test_nothing_is_written_beside_the_ledger(small_ledger: Ledger, open_window: Opener) -> None:
    """The window keeps its own settings in the data folder, nowhere else."""
    folder: Path = small_ledger.folder
    window = open_window(small_ledger)
    window.close()
    assert (folder / "window.ini").exists()
