"""The page of an import that shows what would be written, row by row, before anything is; knows no topic."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from models.transfer.plan import STATUS_LABELS, STATUSES, Choice, RowPlan
from models.transfer.preview import Preview, acceptable
from ui.kit.buttons import PushButton, button
from ui.kit.import_choice import Chosen, RowDetail
from ui.kit.import_rows import PlanModel, PlanTable
from ui.kit.palette import UNIT
from ui.kit.session import Session


class PreviewPage(QWidget):
    """Filters by status, the table of rows, one row beside it. ``accepted_changed`` follows every mark."""

    accepted_changed = Signal()
    save_asked = Signal()
    correct_asked = Signal(str, str, str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.model = PlanModel(self)
        self.table = PlanTable(self.model, self)
        self.detail = RowDetail(self)
        self.filters: dict[str, PushButton] = {}
        self.group = QButtonGroup(self)
        self.notes = QLabel("", wordWrap=True)
        self.notes.setProperty("role", "muted")
        self.removed = QCheckBox("")
        self.save = button("有错的行另存…", self.save_asked.emit, "download", parent=self)
        self.doubtful_too = QCheckBox("连同存疑的")
        self.doubtful_too.setToolTip("另存时把存疑的行也写进去")
        self._lay_out()
        self.table.current_changed.connect(self._show_row)
        self.model.accepted_changed.connect(self.accepted_changed)
        self.removed.toggled.connect(lambda _on: self.accepted_changed.emit())
        self.detail.chosen.connect(self.choose)
        self.detail.corrected.connect(self.correct_asked)

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
        top.addWidget(self.doubtful_too)
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

    def show_preview(self, preview: Preview, marks: bytes | None = None) -> None:
        """Show a new preview; the rows marked before stay so."""
        self.model.show_preview(preview, marks)
        self._count()
        with QSignalBlocker(self.removed):
            self.removed.setChecked(False)
        gone = preview.removed
        self.removed.setText(f"同时移除文件中已删去的{len(gone)}{preview.register.unit}（可恢复）")
        self.removed.setToolTip("\n".join(c.label for c in gone[:20]))
        self.removed.setVisible(bool(gone))
        self.notes.setText("　".join(preview.notes))
        self.notes.setVisible(bool(preview.notes))
        self.filter("")
        self.table.setFocus()

    def show_corrected(self, indexes: Sequence[int]) -> None:
        """Show what became of rows whose value was corrected; the sound ones are accepted."""
        preview = self.model.preview
        assert preview is not None
        number = self.detail.number
        self.model.accept_sound(indexes)
        self._count()
        self.filter(next(s for s, made in self.filters.items() if made.isChecked()))
        row = self.model.row_of(number) if number else None
        if row is not None:
            self.table.setCurrentIndex(self.model.index(row, 3))

    def statuses_to_save(self) -> tuple[str, ...]:
        """The rows that 另存 writes."""
        counts = self.model.preview.counts if self.model.preview is not None else {}
        both = self.doubtful_too.isChecked() or not counts.get("wrong")
        return ("wrong", "doubtful") if both and counts.get("doubtful") else ("wrong",)

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
        self.save.setVisible(counts["wrong"] + counts["doubtful"] > 0)
        self.save.setText("有错的行另存…" if counts["wrong"] else "存疑的行另存…")
        self.doubtful_too.setVisible(bool(counts["wrong"] and counts["doubtful"]))

    def _show_row(self, p: RowPlan | None) -> None:
        preview = self.model.preview
        if p is None or preview is None:
            self.detail.show_row(None, None, [], Choice())
            return
        choice = preview.choices.get(p.index, Choice())
        offered = dict.fromkeys([*preview.offered.get(p.number, ()), *p.candidates])
        self.detail.show_row(p, preview.mapping, list(offered), choice)
        fixes = list(self.detail.fixes.values())
        if not fixes:
            return

        def ask() -> list[tuple[list[str], int]]:
            return [
                (preview.options(f.path, f.written), len(preview.wrong_with(f.path, f.written)))
                for f in fixes
            ]

        def done(found: list[tuple[list[str], int]]) -> None:
            if fixes == list(self.detail.fixes.values()):
                for fix, (labels, count) in zip(fixes, found, strict=True):
                    fix.offer(labels, count)

        self.session.read(ask, done=done, owner=self, key="fixes")
