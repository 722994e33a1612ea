"""数据核查: what looks odd in a period, by rule, opened at the field to mend or explained; judges nothing itself."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout

from models.core.changes import Transaction
from models.core.register import register
from models.doubt_rule import SEVERITIES
from models.period import periods
from models.plausibility import RULES, Doubt, doubts, take_back, usual_span, waive
from ui.kit.buttons import button, restyle
from ui.kit.cards import EmptyState
from ui.kit.dialogs import ask_reason
from ui.kit.errors import show_error
from ui.kit.fresh_page import FreshPage
from ui.kit.palette import UNIT
from ui.kit.rows_table import Head, RowsTable, TableRow
from ui.kit.session import Session
from ui.kit.toast import show_toast
from ui.kit.view_bar import ViewBar, chip
from ui.period_pick import PeriodPick

HEADS = (Head("规则", 150), Head("日期", 104), Head("台账", 88), Head("单位", 210), Head("疑点"))
CONCERNS = (
    "inspection", "inspection_officer", "finding", "checklist_answer", "checklist", "checklist_item", "notice",
    "notice_finding", "reinspection", "reinspection_officer", "leader_duty", "supervision_visit", "officer",
    "enterprise", "enterprise_state", "permit", "holiday", "doubt_rule", "waiver",
)  # fmt: skip
EXPLAINED = "explained"
TONES = {"error": "danger", "warning": "warning"}
WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut


class PlausibilityPage(FreshPage):
    """The doubts of a period. `loaded()` after reading."""

    concerns = CONCERNS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.found: list[Doubt] = []
        self._by_key: dict[tuple[str, str, int, str], Doubt] = {}
        self.kind = ""
        self._fresh = True
        self._unread = False
        span = usual_span(session.today)
        usual = [(one.start, one.end) for one in periods(session.today)].index(span)
        self.pick = PeriodPick(session.today, "核查期间", usual)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.kinds = ViewBar([*(chip(code, code) for code in RULES), chip(EXPLAINED, "已说明理由", "success")])
        self.kinds.preset_asked.connect(lambda kind, _more: self.show_kind(kind))
        self.table = RowsTable(HEADS, "数据核查")
        self.empty = EmptyState("check-circle", "这段时间没有要核对的记录。", "换一个期间，可以核对那段时间的记录。")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.text, self.mend, self.reason = QLabel(), QLabel(), QLabel()
        self.open_button = button("打开改正", self.open_chosen, "edit", "primary", tip="回车或双击，打开到要改的那一栏")
        self.waive_button = button("写明理由…", self.ask_waive, "note", tip="Ctrl+回车；确实无误的写明理由，不再列出")
        self.back_button = button("撤回理由", self.take_back, "undo")
        self._lay_out()
        self.table.opened.connect(lambda _key: self.open_chosen())
        self.table.selected.connect(self._follow)
        self.pick.chosen.connect(self.refresh)
        self.pick.refused.connect(self._refused)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self.ask_waive, context=WITHIN)
        QShortcut(QKeySequence("F5"), self, self.refresh, context=WITHIN)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2 * UNIT)
        top.addWidget(self.pick)
        top.addWidget(self.words, 1)
        rules = button("核查规则", lambda: self.session.show_list("doubt_rules"), "sort")
        rules.setToolTip("界限、轻重可改，带施行日期")
        top.addWidget(rules)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        inside.setSpacing(2)
        for each, role in ((self.text, ""), (self.mend, "muted"), (self.reason, "success")):
            each.setWordWrap(True)
            each.setTextFormat(Qt.TextFormat.PlainText)
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            each.setProperty("role", role)
            inside.addWidget(each)
        self.card = card
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        for made in (self.open_button, self.waive_button, self.back_button):
            foot.addWidget(made)
        foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 12)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(self.kinds)
        box.addWidget(self.stack, 1)
        box.addWidget(card)
        box.addLayout(foot)
        self._follow()

    # -- reading ----------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Give the keyboard to the table."""
        self.table.setFocus()

    def show_span(self, start: dt.date, end: dt.date) -> None:
        """Look at another period."""
        self.kind, self._fresh = "", True
        self.pick.set_period(start, end)

    def refresh(self) -> None:
        """Look again."""
        self._unread = False
        period = self.pick.period()
        if period is None:
            return
        self._stale = False
        self.session.read(
            doubts, period.start, period.end, self.session.today,
            done=self._show, owner=self, key="doubts", label="正在核查",
        )  # fmt: skip

    def _refused(self, words: str) -> None:
        self._unread = True
        self._tell(words, "danger")

    def _show(self, found: list[Doubt]) -> None:
        if self._unread:
            return  # read before the period was typed over
        self.found = found
        opened = [doubt for doubt in found if doubt.open]
        labels = {doubt.code: doubt.label for doubt in found}
        tones = {doubt.code: TONES[doubt.severity] for doubt in reversed(opened)}
        counts = dict.fromkeys(self.kinds.presets, 0)
        for doubt in opened:
            counts[doubt.code] += 1
        counts[""], counts[EXPLAINED] = len(opened), len(found) - len(opened)
        for kind, made in self.kinds.presets.items():
            if kind in RULES:
                made.name(labels.get(kind, kind), tones.get(kind, ""))
            made.setVisible(not kind or counts[kind] > 0)
        self.kinds.set_counts(counts)
        self.kind = self.kind if counts[self.kind] else ""
        grave = sum(1 for doubt in opened if doubt.severity == "error")
        words = f"待核 {len(opened):,} 条" + (f"，其中须改正 {grave:,} 条" if grave else "")
        self._tell(words if opened else "没有要核对的")
        self.show_kind(self.kind)
        if self._fresh and self.isVisible():
            self._fresh = False
            self.take_focus()
        self.loaded.emit()

    def _tell(self, text: str, role: str = "muted") -> None:
        self.words.setText(text)
        restyle(self.words, role=role)

    def show_kind(self, kind: str) -> None:
        """Show the doubts of one rule ('' for all that are open, EXPLAINED for those with a reason)."""
        self.kind = kind
        self.kinds.set_presets([kind] if kind else [])
        before, place = self.table.chosen()[:1], self.table.chosen_rows()[:1]
        listed = [
            doubt
            for doubt in self.found
            if doubt.open != (kind == EXPLAINED) and kind in ("", EXPLAINED, doubt.code)
        ]
        self._by_key = {_key(doubt): doubt for doubt in listed}
        self.table.show_rows(
            [
                TableRow(
                    _key(doubt),
                    (doubt.label, str(doubt.day), register(doubt.register).title, doubt.name or "—", doubt.text),
                    {0: TONES[doubt.severity] if doubt.open else "success"},
                )
                for doubt in listed
            ]
        )
        if before and before[0] in self._by_key:
            self.table.choose(before[0])
        elif place and listed:  # what was mended is gone: go on with the one that took its place
            self.table.choose(_key(listed[min(place[0], len(listed) - 1)]))
        self.stack.setCurrentWidget(self.table if listed else self.empty)
        self._follow()

    # -- what is done about them ------------------------------------------------------------------------

    def chosen(self) -> list[Doubt]:
        """The selected doubts."""
        return [self._by_key[key] for key in self.table.chosen()]

    def _follow(self) -> None:
        chosen = self.chosen()
        able = self.session.ledger.writable
        self.open_button.setEnabled(len(chosen) == 1)
        self.waive_button.setVisible(self.kind != EXPLAINED)
        self.back_button.setVisible(self.kind == EXPLAINED)
        for made in (self.waive_button, self.back_button):
            made.setEnabled(able and bool(chosen))
        self.card.setVisible(bool(chosen))
        if len(chosen) > 1:
            self.text.setText(f"选中 {len(chosen)} 条")
            self.mend.setText("可以一起写明理由；要改正的逐条打开。")
            self.reason.hide()
        for doubt in chosen if len(chosen) == 1 else ():
            self.text.setText(f"{doubt.name}：{doubt.text}" if doubt.name else doubt.text)
            self.mend.setText(f"{dict(SEVERITIES)[doubt.severity]}：{doubt.mend}")
            self.reason.setVisible(doubt.reason is not None)
            if doubt.reason is not None:
                at = f"{doubt.reason.at:%Y-%m-%d %H:%M}" if doubt.reason.at is not None else ""
                self.reason.setText(f"理由：{doubt.reason.text}（{'，'.join(filter(None, (doubt.reason.who, at)))}）")

    def open_chosen(self) -> None:
        """Open the form of the selected record at the field to mend; a paper is shown in its list."""
        for doubt in self.chosen()[:1]:
            if doubt.register == "notices":
                self.session.open_record.emit(doubt.register, doubt.record)
            else:
                self.session.edit_field.emit(doubt.register, doubt.record, doubt.field)

    def ask_waive(self) -> None:
        """Note why the selected records are right as they are."""
        chosen = [doubt for doubt in self.chosen() if doubt.open]
        if not chosen or not self.session.ledger.writable:
            return
        what = f"{chosen[0].name}　{chosen[0].text}" if len(chosen) == 1 else f"选中的 {len(chosen)} 条"
        reason = ask_reason(
            self, "为什么不用改？", f"{what.strip()}\n写明后不再列出；记录再有变动时重新核对。",
            "如：经主要负责人批准的节日专项检查", "写明理由",
        )  # fmt: skip
        if reason is None:
            return

        def work(tx: Transaction) -> int:
            return waive(tx, chosen, reason)

        self.session.write(
            f"说明存疑数据 {len(chosen)} 条", work, owner=self, failed=lambda error: show_error(self, error),
            done=lambda count: show_toast(self, f"已说明 {count} 条", "撤销", self.session.undo),
        )  # fmt: skip

    def take_back(self) -> None:
        """Take the reasons of the selected ones back: they are open again."""
        chosen = [doubt for doubt in self.chosen() if not doubt.open]
        if not chosen or not self.session.ledger.writable:
            return

        def work(tx: Transaction) -> int:
            return take_back(tx, chosen)

        self.session.write(
            f"撤回存疑理由 {len(chosen)} 条", work, owner=self, failed=lambda error: show_error(self, error),
            done=lambda count: show_toast(self, f"已撤回 {count} 条理由", "撤销", self.session.undo),
        )  # fmt: skip


def _key(doubt: Doubt) -> tuple[str, str, int, str]:
    return doubt.code, doubt.register, doubt.record, doubt.value
