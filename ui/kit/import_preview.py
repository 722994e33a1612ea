"""The page of an import that shows what would be written, row by row, before anything is; knows no topic."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from models.transfer.plan import STATUS_LABELS, STATUSES, Candidate, Choice, RowPlan
from models.transfer.preview import Preview
from ui.kit.buttons import PushButton, button
from ui.kit.import_choice import Chosen, RowDetail
from ui.kit.import_rows import PlanModel, PlanTable, acceptable
from ui.kit.palette import UNIT
from ui.kit.session import Session


class PreviewPage(QWidget):
    """Filters by status, the table of rows, one row beside it. ``accepted_changed`` follows every mark."""

    accepted_changed = Signal()
    save_asked = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.model = PlanModel(self)
        self.table = PlanTable(self.model, self)
        self.detail = RowDetail(self)
        self.filters: dict[str, PushButton] = {}
        self.group = QButtonGroup(self)
        self._offered: dict[int, list[Candidate]] = {}
        self.notes = QLabel("", wordWrap=True)
        self.notes.setProperty("role", "muted")
        self.removed = QCheckBox("")
        self.save = button("有错的行另存…", self.save_asked.emit, "download", parent=self)
        self._lay_out()
        self.table.current_changed.connect(self._show_row)
        self.model.accepted_changed.connect(self.accepted_changed)
        self.removed.toggled.connect(lambda _on: self.accepted_changed.emit())
        self.detail.chosen.connect(self.choose)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(UNIT)
        for status in ("", *STATUSES):
            made = button("", partial(self.filter, status), parent=self)
            made.setCheckable(True)
            self.group.addButton(made)
            self.filters[status] = made
            top.addWidget(made)
        top.addStretch(1)
        top.addWidget(self.save)
        self.all = button(
            "全选", lambda: self.model.accept_shown(True), tip="选中列出的、可以写入的行", parent=self
        )
        self.none = button("全不选", lambda: self.model.accept_shown(False), parent=self)
        top.addWidget(self.all)
        top.addWidget(self.none)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(top)
        box.addWidget(splitter, 1)
        box.addWidget(self.removed)
        box.addWidget(self.notes)

    def show_preview(self, preview: Preview, accepted: set[int] | None = None) -> None:
        """Show a new preview; the rows ``accepted`` before stay so."""
        self._offered = {p.number: p.candidates for p in preview.rows if p.candidates}
        self.model.show_preview(preview, accepted)
        self._count()
        with QSignalBlocker(self.removed):
            self.removed.setChecked(False)
        gone = preview.removed
        self.removed.setText(f"同时移除文件中已删去的{len(gone)}{preview.register.unit}（可恢复）")
        self.removed.setToolTip("\n".join(c.label for c in gone[:20]))
        self.removed.setVisible(bool(gone))
        self.notes.setText("　".join(preview.notes))
        self.notes.setVisible(bool(preview.notes))
        self.save.setVisible(preview.counts["wrong"] > 0)
        self.filter("")
        self.table.setFocus()

    def filter(self, status: str) -> None:
        """Show the rows of one status ('' for all), the first one beside."""
        self.filters[status].setChecked(True)
        self.model.filter(status)
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 3))
        else:
            self._show_row(None)

    def removed_ids(self) -> list[int]:
        """The records to remove with the import."""
        preview = self.model.preview
        return [c.id for c in preview.removed] if preview is not None and self.removed.isChecked() else []

    def choose(self, number: int, record: int | None, cells: Chosen) -> None:
        """Say what a row of the file is; its new plan is worked out off the GUI thread and accepted if it is sound."""
        preview = self.model.preview
        assert preview is not None

        def done(p: RowPlan) -> None:
            if self.model.preview is not preview:
                return
            for candidate in p.candidates:
                known = self._offered.setdefault(number, [])
                if candidate not in known:
                    self._offered[number] = [*known, candidate]
            self._count()
            self.model.accept(number, acceptable(p) and p.status != "doubtful")
            if self.detail.number == number:
                self._show_row(p)

        self.session.read(lambda: preview.choose(number, record, cells), done=done, owner=self)

    def _count(self) -> None:
        preview = self.model.preview
        assert preview is not None
        counts: MappingType[str, int] = preview.counts
        self.filters[""].setText(f"全部 {len(preview.rows)}")
        for status in STATUSES:
            self.filters[status].setText(f"{STATUS_LABELS[status]} {counts[status]}")
            self.filters[status].setEnabled(counts[status] > 0)

    def _show_row(self, p: RowPlan | None) -> None:
        preview = self.model.preview
        if p is None or preview is None:
            self.detail.show_row(None, None, [], Choice())
            return
        choice = preview.choices.get(p.index, Choice())
        self.detail.show_row(p, preview.mapping, self._offered.get(p.number, []), choice)
