"""The one form window of every register: loads, keeps what is typed, saves off the GUI thread; knows no topic."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from models.attachment import store as store_files
from models.core.changes import Transaction
from models.core.checks import CheckFailed, Problem
from models.core.errors import Conflict, KnownError
from models.core.register import Register
from models.core.register import register as register_named
from ui.kit import form_data
from ui.kit.attachment_files import offered
from ui.kit.attachment_section import AttachmentSection
from ui.kit.cards import Card
from ui.kit.dialogs import confirm
from ui.kit.errors import show_error
from ui.kit.file_drop import AnyDrop
from ui.kit.form import Form
from ui.kit.form_drafts import DraftFile, Recovered
from ui.kit.form_editors import FormContext
from ui.kit.form_field import FieldBox
from ui.kit.form_window import FormWindow
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.toast import show_toast

DRAFT_MS, DERIVE_MS = 50, 350
DRAFT_SHARE, DRAFT_MOST_MS = 10, 1000
"""What is typed is kept within ``DRAFT_MS``, where keeping it is slow within ten times what it last took."""
FILES = "*files"
"""Among the texts of a draft: the files that wait."""
MOST_KIND = 60
"""The change log's room for an action's name, in characters."""


class RecordDialog(FormWindow):
    """A new record of a register (``record_id`` None, prefilled with ``values``) or a stored one.

    ``saved(id)`` after each record that was stored. Ctrl+S and Ctrl+Enter save, Ctrl+Shift+S saves and goes on to the
    next one, Esc leaves and asks only where something typed would be lost.
    """

    saved = Signal(int)

    def __init__(
        self,
        session: Session,
        register: str | Register,
        record_id: int | None = None,
        values: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.session = session
        self.register = register_named(register) if isinstance(register, str) else register
        self.model = self.register.model
        self.record_id = record_id
        self._given = dict(values or {})
        self._loaded: form_data.Loaded | None = None
        self._saving = False
        self._aimed = ""
        self._offered: Recovered | None = None
        context = FormContext(session, session.today)
        super().__init__(lambda page: Form(self.model, context, page), self.register.name, parent)
        self._take_drops()
        self.form.setEnabled(False)
        self.form.edited.connect(self._edited)
        self.next_button.setVisible(record_id is None)
        draft = self._draft = DraftFile(session.ledger.folder, self.register.name, record_id)
        self.destroyed.connect(lambda: draft.release())
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_MS)  # while it runs it is not begun anew
        self._draft_timer.timeout.connect(self._write_draft)
        self._derive_timer = QTimer(self, singleShot=True, interval=DERIVE_MS)
        self._derive_timer.timeout.connect(self._derive)
        self._derives = form_data.derives(self.model)
        self._name_window()
        session.later(lambda: self.files, owner=self, key="files")  # a turn of its own; asked for before, it is there
        self._load()

    def _name_window(self) -> None:
        verb = "新增" if self.record_id is None else "编辑"
        self.setWindowTitle(f"{verb}{self.model.title}")
        name = self._loaded.title if self._loaded is not None else ""
        self.heading.setText(f"{verb}{self.model.title}" + (f"：{name}" if name else ""))

    @cached_property
    def files(self) -> AttachmentSection:
        """The files below the form: those of a stored record change at once, those of a new one wait for it."""
        made = AttachmentSection(self.session, heading=True)
        card = Card()
        card.body.addWidget(made)
        layout = self.page.layout()
        assert layout is not None
        layout.addWidget(card)
        if self.record_id is None:
            made.show_new()
        made.pending_changed.connect(self._draft_soon)
        return made

    def _take_drops(self) -> None:
        AnyDrop(
            self,
            lambda data: self.files.editable and offered(data),
            lambda data: self.files.take_data(data),
            lambda over: self.files.drop.show_over(over),
        )

    def _order(self) -> None:
        super()._order()
        files = self.files.targets()
        for before, after in itertools.pairwise([*self.form.targets()[-1:], *files, self.save_button]):
            QWidget.setTabOrder(before, after)

    # --- loading -------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self.session.read(
            form_data.load, self.model, self.record_id, self._given, self.session.today,
            done=self._show, failed=self._not_loaded, owner=self, key="load",
        )  # fmt: skip

    def _not_loaded(self, error: Exception) -> None:
        show_error(self.parentWidget(), error)
        self._leave()

    def _show(self, loaded: form_data.Loaded) -> None:
        self._loaded = loaded
        self.form.setEnabled(True)
        self.form.show_record(loaded)
        self._name_window()
        if self.record_id is not None:
            self.files.show_record(self.model._meta.table_name, self.record_id, editable=True)
        self.shown.setText("　".join(f"{label} {text}" for label, text in loaded.shown))
        self.summary.clear()
        if loaded.closed:
            self.banner.tell(loaded.closed, "warning", closable=False)
            self.form.set_read_only(True)
            self.save_button.setEnabled(False)
        else:
            self._offer_draft()
            self.form.focus_first()
        self._go_to_aim()
        self._order()
        self.form.apply_derived({form_data.REMARKS: loaded.remarks})
        if self._derives and self.record_id is None:
            self._derive()

    def aim(self, field: str) -> None:
        """Put the cursor into a field as soon as the record is there; one the form does not show is passed over."""
        self._aimed = field
        if self._loaded is not None:
            self._go_to_aim()

    def _go_to_aim(self) -> None:
        box = self.form.boxes.get(self._aimed)
        if box is not None:
            QTimer.singleShot(0, self, lambda: self._go_to(box))

    def _offer_draft(self) -> None:
        found = self._offered = self._draft.found()
        if found is None or not found.state:
            return
        self.banner.closed.connect(self._give_up_draft, Qt.ConnectionType.SingleShotConnection)
        self.banner.tell(
            f"上次没有保存就关闭了，{found.at:%m-%d %H:%M}填写的内容还在。",
            "info",
            "恢复上次未保存的内容（Alt+R）",
            self.recover,
        )

    def recover(self) -> None:
        """Type again what an earlier form of this record left unsaved."""
        if self._offered is not None:
            self.banner.hide()
            state, self._offered = dict(self._offered.state), None
            self._draft.take()
            self.files.restore(state.pop(FILES, []))
            self.form.restore(state)
            self.form.focus_first()

    def _give_up_draft(self) -> None:
        self._offered = None
        self._draft.refuse()

    # --- typing --------------------------------------------------------------------------------------------------

    def _draft_soon(self) -> None:
        if not self._draft_timer.isActive():
            self._draft_timer.start()

    def _edited(self) -> None:
        self._draft_soon()
        if self._derives:
            self._derive_timer.start()

    def _write_draft(self) -> None:
        if not (self.form.changed or self.files.pending):
            return
        waiting = {FILES: self.files.state()} if self.files.pending else {}
        begin = time.perf_counter()
        try:
            self._draft.write({**self.form.state(self._begun_with()), **waiting}, dt.datetime.now())
        except OSError as exc:
            self.tell(f"填写中的内容暂时不能备份（{exc.strerror}），请尽快保存。", "warning")
        took = round((time.perf_counter() - begin) * 1000)
        self._draft_timer.setInterval(min(max(DRAFT_MS, DRAFT_SHARE * took), DRAFT_MOST_MS))

    def _begun_with(self) -> set[str]:
        """What a new record had before anything was typed and another day's form would not have again."""
        if self.record_id is not None:
            return set()
        dated = {n for n, box in self.form.boxes.items() if getattr(box.field, "default_today", False)}
        return dated | self._given.keys()

    def _derive(self) -> None:
        values, record_id = self.form.readable(), self.record_id
        if record_id is not None:
            names = self.form.changed_names()
            values = {name: values[name] for name in names if name in values}
        self.session.read(
            form_data.derived, self.model, values, record_id, self.session.today,
            done=self.form.apply_derived, owner=self, key="derive",
        )  # fmt: skip

    # --- saving --------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save and close."""
        self._save(again=False)

    def save_and_new(self) -> None:
        """Save and go on to the next new record, with the fields that a series keeps."""
        if self.record_id is None:
            self._save(again=True)

    def _save(self, again: bool) -> None:
        if self._saving or self._loaded is None or self._loaded.closed:
            return
        values, unread = self.form.read()
        day: dt.date | None = None
        if self.form.facts is not None:
            try:
                day = self.form.facts.day()
            except KnownError as exc:
                self.form.facts.editor.focus_targets()[0].setFocus()
                self.tell(f"变更自何日起：{exc.message}")
                return
        if unread:
            self._check_rest(values, list(unread), day)
            return
        self._set_saving(True)
        model, record_id, version, waivers = (
            self.model,
            self.record_id,
            self._loaded.version,
            self.form.reasons(),
        )
        kind = self._action_name()
        files = list(self.files.pending)

        def work(tx: Transaction) -> tuple[int, str]:
            saved = form_data.store(tx, model, values, record_id, version, day, waivers)
            if files:
                store_files(tx, model._meta.table_name, saved[0], files)
            return saved

        self.session.write(
            kind,
            work,
            done=lambda found: self._stored(found, again),
            failed=self._failed,
            owner=self,
        )

    def _action_name(self) -> str:
        """The action as the change log names it: 新增主体：名称."""
        box = self.form.boxes.get(self.model.label_field)
        state = box.editor.state() if box is not None else ""
        words = state.get("text", "") if isinstance(state, Mapping) else str(state)
        name = words.strip() or (self._loaded.title if self._loaded is not None else "")
        verb = "新增" if self.record_id is None else "修改"
        kind = f"{verb}{self.model.title}" + (f"：{name}" if name else "")
        return kind if len(kind) <= MOST_KIND else kind[: MOST_KIND - 1] + "…"

    def _check_rest(self, values: Mapping[str, Any], unread: list[Problem], day: dt.date | None) -> None:
        """Some texts cannot be read: show what else would be refused together with them."""
        unreadable = {p.field for p in unread}

        def show(found: list[Problem]) -> None:
            self._set_saving(False)
            others = [p for p in found if p.field not in unreadable]
            self._show_problems([*unread, *others])

        def failed(error: Exception) -> None:
            self._set_saving(False)
            self._show_problems(unread)

        self._set_saving(True)
        self.session.read(
            form_data.problems_of, self.model, values, self.record_id, self.session.today, day,
            done=show, failed=failed, owner=self, key="check",
        )  # fmt: skip

    def _set_saving(self, on: bool) -> None:
        self._saving = on
        for each in (self.save_button, self.next_button):
            each.setEnabled(not on)
        if on:
            self.tell("正在保存…", "muted")

    def _stored(self, found: tuple[int, str], again: bool) -> None:
        self._set_saving(False)
        self._draft_timer.stop()
        self._draft.remove()
        self.files.settle_pending()
        record_id, label = found
        self.saved.emit(record_id)
        if not again:
            self._leave(accepted=True)
            return
        show_toast(self, f"已保存“{label}”，请填下一条", "撤销", self.session.undo)
        self._given = self.form.kept(self.model.keep)
        self.files.show_new()
        self.area.verticalScrollBar().setValue(0)
        self._load()

    def _failed(self, error: Exception) -> None:
        self._set_saving(False)
        if isinstance(error, CheckFailed):
            self._show_problems(list(error.problems))
        elif isinstance(error, Conflict):
            self.tell(error.message)
            self._reload_after_conflict()
        elif isinstance(error, KnownError):
            self.tell(f"{error.message}{error.advice}")
        else:
            self.tell("没有保存成功，填写的内容还在。")
            show_error(self, error)

    def _show_problems(self, problems: list[Problem]) -> None:
        problems = [p for p in problems if not self._follows(p)] or problems
        first, rest = self.form.show_problems(problems)
        errors = [p for p in problems if p.severity == "error"]
        labels = self.model.labels()
        named = dict.fromkeys(labels.get(p.field.partition("[")[0], "") for p in (errors or problems))
        where = "、".join(filter(None, named))
        words = [p.message for p in rest]
        if errors:
            head = f"有{len(errors)}处需要改正：{where}" if where else "需要改正"
        else:
            head = f"有{len(problems)}处请核对：{where}。确认无误的填写理由后再保存"
        self.tell("；".join([head, *words]), "danger" if errors else "warning")
        QTimer.singleShot(0, self, lambda: self._go_to(first))

    def _follows(self, problem: Problem) -> bool:
        """Whether a line lacks what it takes from the record itself, where the same is complained about."""
        name, _, path = problem.field.partition("[")
        box, column = self.form.boxes.get(name), path.partition("].")[2]
        shown = getattr(box.editor, "columns", {}) if box is not None else {}
        return bool(column) and problem.rule == "required" and column not in shown

    def _go_to(self, place: QWidget | FieldBox | None) -> None:
        if isinstance(place, FieldBox):
            self.area.ensureWidgetVisible(place, 0, 6 * UNIT)
            place.focus()
        elif place is not None:
            place.setFocus(Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(place, 0, 6 * UNIT)

    # --- conflict ------------------------------------------------------------------------------------------------

    def _reload_after_conflict(self) -> None:
        self.session.read(
            form_data.load, self.model, self.record_id, {}, self.session.today,
            done=self._show_conflict, failed=self._not_loaded, owner=self, key="load",
        )  # fmt: skip

    def _show_conflict(self, fresh: form_data.Loaded) -> None:
        """Say what somebody else changed; keep what was typed and take the rest over."""
        assert self._loaded is not None
        old, mine = self._loaded, set(self.form.changed_names())
        changed = [n for n in self.form.boxes if fresh.values.get(n) != old.values.get(n)]
        told = []
        for name in changed:
            label = self.form.boxes[name].field.label
            before, now = _shown(self.form, name, old), _shown(self.form, name, fresh)
            told.append(f"{label}由“{before}”改为“{now}”" + ("（您填的还在）" if name in mine else ""))
        self.form.take_over(fresh, [n for n in changed if n not in mine])
        self._loaded = fresh
        what = "；".join(told) or "内容与您打开时一样"
        self.banner.tell(
            f"这条记录在您填写时被改过：{what}。核对后再点保存，以您填写的为准。", "warning", closable=True
        )
        self.area.verticalScrollBar().setValue(0)

    # --- leaving -------------------------------------------------------------------------------------------------

    @property
    def _would_lose(self) -> bool:
        changed = self.form.changed or bool(self.files.pending)
        return self._loaded is not None and not self._loaded.closed and changed

    def reject(self) -> None:
        """Leave; asks where something typed would be lost."""
        if self._saving:
            return
        if self._would_lose and not confirm(
            self, "放弃刚才填写的内容？", "内容还没有保存，放弃后不能找回。", "放弃", "继续填写", danger=True
        ):
            self.activateWindow()
            return
        self._draft_timer.stop()
        self._draft.remove()
        self.files.give_up_pending()
        self._leave()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible():
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def _leave(self, accepted: bool = False) -> None:
        self.keep_size()
        self._draft.release()
        self.done(QDialog.DialogCode.Accepted if accepted else QDialog.DialogCode.Rejected)
        self.deleteLater()


def _shown(form: Form, name: str, loaded: form_data.Loaded) -> str:
    """A loaded value in words."""
    value, described = loaded.values.get(name), form.boxes[name].field
    if described.kind in ("ref", "links"):
        ids: list[int] = value or [] if described.kind == "links" else [value] if value else []
        return "、".join(loaded.labels[name, i].text for i in ids if (name, i) in loaded.labels) or "空"
    if described.kind == "lines":
        return f"{len(value or [])}行"
    return described.format(value) or "空"
