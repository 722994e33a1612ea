"""What a killed program left unsaved is told when the window opens again, and taken up by a click."""

import datetime as dt
import json

from pytestqt.qtbot import QtBot

from models.core.ledger import Ledger
from tests.ui.window_hands import Opener, click, dialog_of, settle
from ui.kit.record_dialog import RecordDialog
from ui.kit.toast import Toast


def test_what_was_left_unsaved_is_told_at_the_start(
    open_window: Opener, small_ledger: Ledger, qtbot: QtBot
) -> None:
    drafts = small_ledger.folder / "drafts"
    drafts.mkdir()
    at = dt.datetime(2024, 6, 29, 16, 5).isoformat()
    draft = {"at": at, "state": {"topic": "示例宣传"}}
    (drafts / "outreach-new.json").write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
    window = open_window(small_ledger)
    qtbot.waitUntil(lambda: bool(window.findChildren(Toast)), timeout=5000)
    toast = window.findChildren(Toast)[0]
    assert "上次没有保存：宣传培训：示例宣传（06-29 16:05）" in toast.label.text()
    click(toast.action)
    form = dialog_of(qtbot, RecordDialog)
    settle(window)
    assert form.windowTitle() == "新增宣传培训"
    form.done(0)
