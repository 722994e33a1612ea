"""A process killed amid a checklist loses no answer: kill -9, open the window again, take up what was typed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.checklist_answer import answers_by_number, read_notes
from models.checklist_desk import open_desk
from models.core.ledger import Ledger
from models.enterprise import Enterprise
from models.inspection import Inspection
from models.opening import open_office
from tests.ui.checklist_hands import Key, Keyboard, Mod, new_inspection, open_sheet
from tests.ui.window_hands import TODAY, Opener, click, dialog_of, settle
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast

CLERK = Path(__file__).with_name("clerk_who_crashes.py")


def answer_and_crash(folder: Path, wanted: int) -> int:
    """Let a clerk answer items in a process of its own and kill it; returns how many answers it had told of."""
    told = -1
    with subprocess.Popen(
        [sys.executable, str(CLERK), str(folder)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as clerk:  # fmt: skip
        try:
            assert clerk.stdout is not None
            for line in clerk.stdout:
                told = int(line.split()[1])
                if told >= wanted:
                    break
        finally:
            clerk.send_signal(signal.SIGKILL)
    assert clerk.returncode == -signal.SIGKILL
    return told


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is a thing of POSIX")
@pytest.mark.parametrize("wanted", [17, 56])
def test_a_killed_window_loses_no_answer(small_ledger: Ledger, open_window: Opener, qtbot: QtBot, wanted: int) -> None:
    folder = small_ledger.folder
    small_ledger.close()
    told = answer_and_crash(folder, wanted)
    assert told >= wanted
    ledger = open_office(folder, today=TODAY)
    before = Inspection.live().count()
    window = open_window(ledger)
    qtbot.waitUntil(lambda: bool(window.findChildren(Toast)), timeout=5000)
    toast = window.findChildren(Toast)[0]
    assert "上次没有保存：监督检查：测试面馆" in toast.label.text()
    click(toast.action)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    assert "填写的内容还在" in form.banner.label.text()
    QTest.keyClick(form, Key.Key_R, Mod.AltModifier)
    settle(window)
    values, problems = form.form.read()
    assert not problems
    place = Enterprise.get(Enterprise.name == "测试面馆")
    assert (values["enterprise"], values["inspected_on"], len(values["officers"])) == (place.id, TODAY, 2)
    [line] = values["checklists"]
    desk = open_desk(values, line["checklist"], None)
    given, notes = answers_by_number(line), read_notes(line["notes"])
    for at, item in enumerate(desk.items[:told]):
        assert given[item.number] == ("no" if at % 10 == 4 else "yes")
        assert notes.get(item.number, "") == ("8C" if at % 10 == 4 else "")
    failed = [item.id for at, item in enumerate(desk.items[:told]) if at % 10 == 4]
    assert [row["item"] for row in values["findings"]][: len(failed)] == failed
    if wanted == 56:
        QTest.keyClick(form, Key.Key_S, Mod.ControlModifier)
        settle(window)
        assert Inspection.live().count() == before, "the key items that failed ask for another result than none"
        form.form.boxes["result"].editor.set_value("ordered")
        QTest.keyClick(form, Key.Key_S, Mod.ControlModifier)
        settle(window)
        assert Inspection.live().count() == before + 1
        assert not list((folder / "drafts").glob("inspections-*"))
    else:
        form._draft.remove()
        form.done(0)


def test_steady_typing_is_kept_all_along(small_ledger: Ledger, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(small_ledger)
    keys = Keyboard(window)
    form = new_inspection(window, keys, qtbot)
    sheet = open_sheet(window, keys, qtbot)
    timer = form._draft_timer
    timer.stop()
    QTest.keyClick(sheet.list, Key.Key_1)
    assert timer.isActive()
    left = timer.remainingTime()
    for _ in range(10):
        QTest.keyClick(sheet.list, Key.Key_1)
        now = timer.remainingTime() if timer.isActive() else -1
        assert now <= left, "the next answer does not put the keeping of the last one off"
        left = now
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=5000)
    kept = form._draft.found()
    assert kept is not None
    assert kept.state["checklists"][0]["cells"]["passed"]
    sheet.reject()
    settle(window)
    form._draft.remove()
    form.done(0)
