"""The form's parts: every register's form, choosing by initials, the recovery file, the wrapping text."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from models.core.fields import Choice, LongText, Suggestion
from models.core.ledger import Ledger
from models.core.register import REGISTERS
from models.opening import open_office
from ui.kit.form_drafts import DraftFile
from ui.kit.form_editors import FormContext, LongEditor
from ui.kit.pick_editors import ChoiceEditor
from ui.kit.record_dialog import RecordDialog
from ui.kit.session import Session

TODAY = dt.date(2024, 6, 30)
EDITABLE = sorted(name for name, r in REGISTERS.items() if r.editable and r.model.sections)


@pytest.fixture
def session(look: None, tmp_path: Path) -> Iterator[Session]:
    ledger: Ledger = open_office(tmp_path / "ledger", today=TODAY)
    made = Session(ledger)
    yield made
    made.close()


def context(session: Session) -> FormContext:
    return FormContext(session, TODAY, initials={"食品生产": "spsc", "小餐饮": "xcy", "餐饮服务": "cyfw"})


@pytest.mark.parametrize("name", EDITABLE)
def test_every_register_has_its_form(session: Session, name: str) -> None:
    dialog = RecordDialog(session, name)
    dialog.show()
    assert session.jobs.wait_idle()
    model = REGISTERS[name].model
    wanted = [n for _, names in model.sections for n in names if model.described()[n].editable]
    assert list(dialog.form.boxes) == wanted
    for field, box in dialog.form.boxes.items():
        assert box.editor.focus_targets(), field
        target = box.editor.focus_targets()[0]
        if box.field.kind == "lines":
            continue  # lines put ready are called by their columns
        assert not isinstance(target, QLineEdit) or target.accessibleName() == box.field.label
    assert dialog.form.isEnabled()
    assert not dialog.form.changed, "a new form has nothing to lose"
    dialog.reject()


def come_to(editor: ChoiceEditor | LongEditor) -> None:
    editor.show()
    editor.activateWindow()
    assert QTest.qWaitForWindowActive(editor)
    editor.edit.setFocus()


CHOICE = Choice(
    "类别", (("production", "食品生产"), ("eatery", "小餐饮"), ("catering", "餐饮服务")), required=True
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cy", ["餐饮服务", "小餐饮"]),
        ("餐饮", ["餐饮服务", "小餐饮"]),
        ("s", ["食品生产"]),
        ("", 3),
        ("zz", []),
    ],
)
def test_choices_by_words_and_initials(session: Session, typed: str, found: object) -> None:
    editor = ChoiceEditor(CHOICE, context(session))
    labels = [label for _, label in editor.matches(typed)]
    assert (len(labels) if isinstance(found, int) else labels) == found


def test_a_choice_is_opened_and_taken_by_keys(session: Session) -> None:
    editor = ChoiceEditor(CHOICE, context(session))
    come_to(editor)
    QTest.keyClick(editor.edit, Qt.Key.Key_Down)
    assert editor.edit.is_open
    QTest.keyClick(editor.edit, Qt.Key.Key_Down)
    QTest.keyClick(editor.edit, Qt.Key.Key_Return)
    assert editor.value() == "eatery"
    assert not editor.edit.is_open
    assert editor.changed


def test_a_suggestion_fills_its_neighbours(session: Session) -> None:
    known = [
        Suggestion(
            "地面有积水", "第三十三条", "dmyjs", {"wording": "地面有积水", "legal_basis": "第三十三条"}
        )
    ]
    field = LongText("描述", suggest=lambda values, parent, today: known)
    editor = LongEditor(field, context(session), cell=True)
    filled: list[dict[str, str]] = []
    editor.filled.connect(filled.append)
    come_to(editor)
    QTest.keyClicks(editor.edit, "jscc")
    assert session.jobs.wait_idle()
    assert not editor.suggester.is_open
    editor.restore("")
    QTest.keyClicks(editor.edit, "yjs")
    assert session.jobs.wait_idle()
    assert editor.suggester.is_open
    QTest.keyClick(editor.edit, Qt.Key.Key_Return)
    assert filled == [{"wording": "地面有积水", "legal_basis": "第三十三条"}]


def test_long_text_grows_and_tab_goes_on(session: Session) -> None:
    editor = LongEditor(LongText("备注"), context(session))
    editor.resize(300, 60)
    come_to(editor)
    before = editor.edit.height()
    for _ in range(6):
        QTest.keyClick(editor.edit, Qt.Key.Key_Return)
    assert editor.edit.height() > before
    QTest.keyClick(editor.edit, Qt.Key.Key_Tab)
    assert "\t" not in editor.value()


def test_a_draft_is_found_again_and_forgotten(tmp_path: Path) -> None:
    first = DraftFile(tmp_path, "notices", 7)
    assert first.found() is None
    first.write({"basis": "第一"}, dt.datetime(2024, 6, 5, 10, 21))
    first.release()
    second = DraftFile(tmp_path, "notices", 7)
    found = second.found()
    assert found is not None
    assert found.state == {"basis": "第一"}
    assert found.at == dt.datetime(2024, 6, 5, 10, 21)
    third = DraftFile(tmp_path, "notices", 7)
    assert third.path != second.path, "a second open form has a file of its own"
    assert third.found() is None
    second.refuse()
    assert second.found() is None
    second.release()
    third.release()


def test_a_damaged_draft_is_set_aside(tmp_path: Path) -> None:
    draft = DraftFile(tmp_path, "notices", None)
    draft.path.parent.mkdir()
    draft.path.write_text("{", encoding="utf-8")
    assert draft.found() is None
    assert [p.name for p in draft.path.parent.iterdir()] == ["notices-new.damaged"]
    draft.release()
