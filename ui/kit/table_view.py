"""The table of a register: keys, cell selection and copying, column layout; knows its model, no register by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QSettings,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from models.core.facets import listed
from models.core.fields import Date, Described, Lines, Time
from ui.kit.frozen import FrozenTable
from ui.kit.grid_copy import copy_cells
from ui.kit.grid_sums import SelectionSums
from ui.kit.grid_zoom import Zoom
from ui.kit.table_delegate import PAD, ROW_HEIGHT, CellDelegate
from ui.kit.table_header import FilterHeader
from ui.kit.table_model import Index, RowsModel

_CHARACTER = 14
_SQUEEZED = 0.1
"""How much of the width the texts give up so that no column stands outside."""
_SAMPLE = 100
_KEPT_ROWS = 500


class TableView(FrozenTable):
    """Rows of fixed height over a RowsModel.

    ``open_asked()`` on Enter or a double click, ``remove_asked()`` on Ctrl+-, ``filter_asked(section)`` on
    Alt+Down and the funnel, ``sort_asked(section, add)``, ``current_changed(id or None)``,
    ``selection_told(text)`` for the status bar.
    """

    open_asked = Signal()
    remove_asked = Signal()
    filter_asked = Signal(int)
    sort_asked = Signal(int, bool)
    current_changed = Signal(object)
    selection_told = Signal(str)

    def __init__(self, model: RowsModel, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self._settings, self._key = settings, f"columns/{model.register.name}"
        self._automatic = True
        self._measured: dict[int, int] = {}
        self._laying_out = False
        self._place: tuple[list[int], int | None, int, int | None] | None = None
        self.sums = SelectionSums(self)
        self.sums.told.connect(self.selection_told)
        self._told = self.sums.wait
        self._saved = QTimer(self, singleShot=True, interval=400)
        self._saved.timeout.connect(self.save_columns)
        self._offset = 0
        self.zooming = Zoom(self, settings)
        #: What a page does with a key before the table takes it; True keeps the key.
        self.hands: Callable[[QKeyEvent], bool] = lambda _event: False
        #: What takes the words of an input method while the table has the focus.
        self.compose: Callable[[QInputMethodEvent], None] = lambda _event: None
        self.cells_delegate = CellDelegate(self)
        self.setItemDelegate(self.cells_delegate)
        self.setHorizontalHeader(self._make_header(model))
        self._look()
        self.setModel(model)
        self._restore_columns()
        self.zooming.begin()
        self.frozen_changed.connect(self._keep_layout)
        model.dataChanged.connect(self._refresh_frozen)
        model.first_shown.connect(self._measure)
        model.modelAboutToBeReset.connect(self._remember_place)
        model.modelReset.connect(self._return_to_place)

    def _look(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet("QAbstractScrollArea::corner { background: transparent; border: 0; }")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(ROW_HEIGHT)

    def _make_header(self, model: RowsModel) -> FilterHeader:
        header = FilterHeader(self)
        register = model.register
        can = [i for i, c in enumerate(register.columns) if filterable(register, c)]
        header.set_columns(can, [i for i, numeric in enumerate(model.numeric) if numeric])
        header.setResizeContentsPrecision(0)
        header.sort_asked.connect(self.sort_asked)
        header.filter_asked.connect(self.filter_asked)
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(lambda *_: self._keep_layout())
        return header

    @property
    def header(self) -> FilterHeader:
        """The header with its marks."""
        found = self.horizontalHeader()
        assert isinstance(found, FilterHeader)
        return found

    # --- columns ---------------------------------------------------------------------------------------------

    def shown_columns(self) -> list[int]:
        """The sections shown, from left to right."""
        header = self.horizontalHeader()
        order = (header.logicalIndex(i) for i in range(header.count()))
        return [s for s in order if not header.isSectionHidden(s)]

    def show_column(self, section: int, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not shown and self.shown_columns() == [section]:
            return
        self.setColumnHidden(section, not shown)
        self._fill()
        self._saved.start()

    def show_only(self, paths: Sequence[str]) -> None:
        """Show these columns in this order, the others hidden behind them."""
        columns, header = self.rows.register.columns, self.horizontalHeader()
        sections = {column.path: i for i, column in enumerate(columns)}
        wanted = [sections[path] for path in paths if path in sections]
        if not wanted:
            return
        self._laying_out = True
        for place, section in enumerate(wanted):
            header.moveSection(header.visualIndex(section), place)
        for section in range(header.count()):
            self.setColumnHidden(section, section not in wanted)
            if section in wanted and not header.sectionSize(section):
                self.setColumnWidth(section, self._natural(section))
        self._laying_out = False
        self._fill()
        self._saved.start()

    def reset_columns(self) -> None:
        """The register's own columns, order and widths."""
        self._settings.remove(self._key)
        header = self.horizontalHeader()
        self._laying_out = True
        for section in range(header.count()):
            header.moveSection(header.visualIndex(section), section)
        for section, column in enumerate(self.rows.register.columns):
            self.setColumnHidden(section, not column.shown)
            self.setColumnWidth(section, self._natural(section))
        self._laying_out = False
        self._automatic = True
        self.freeze(naming_places(self.rows.register))
        self._fill()

    def _natural(self, section: int) -> int:
        register = self.rows.register
        column = register.columns[section]
        width = (column.width or getattr(register.field_of(column), "width", 10)) * _CHARACTER + 26
        label = self.header.least_width(section)
        factor = self.zooming.percent / 100
        return max(round(min(width, self._measured.get(section, width)) * factor), label)

    def _measure(self) -> None:
        """Once: make columns no wider than their first texts need."""
        found = [c for c in map(self.rows.cells, range(min(_SAMPLE, len(self.rows.ids)))) if c is not None]
        if self._measured or not found:
            return
        metrics = self.fontMetrics()
        for section in range(len(self.rows.labels)):
            longest = max((c.texts[section] for c in found), key=len)
            pill = 8 if self.rows.painter.is_pill(section) else 0
            self._measured[section] = metrics.horizontalAdvance(longest) + 2 * PAD + 6 + pill
        self._fill()

    def scale_columns(self, factor: float) -> None:
        """Widen or narrow the columns with the letters."""
        if not self._automatic:
            self._laying_out = True
            for section in self.shown_columns():
                self.setColumnWidth(section, max(24, round(self.columnWidth(section) * factor)))
            self._laying_out = False
            self._saved.start()
        self._fill()

    def save_columns(self) -> None:
        """Remember which columns are shown, in which order, how wide."""
        header, columns = self.horizontalHeader(), self.rows.register.columns
        layout = [
            {
                "path": columns[s].path,
                "width": header.sectionSize(s) if not header.isSectionHidden(s) else 0,
                "shown": not header.isSectionHidden(s),
            }
            for s in (header.logicalIndex(i) for i in range(header.count()))
        ]
        self._settings.setValue(
            self._key,
            json.dumps(
                {"automatic": self._automatic, "frozen": self.frozen_places, "columns": layout},
                ensure_ascii=False,
            ),
        )

    def _restore_columns(self) -> None:
        self.reset_columns_silently()
        try:
            kept = json.loads(str(self._settings.value(self._key) or "{}"))
            layout = [(str(c["path"]), int(c["width"]), bool(c["shown"])) for c in kept.get("columns", [])]
        except (ValueError, TypeError, KeyError, AttributeError):
            return  # a broken settings file is no reason to refuse the list
        sections = {c.path: i for i, c in enumerate(self.rows.register.columns)}
        header = self.horizontalHeader()
        self._laying_out = True
        for place, (path, width, shown) in enumerate(c for c in layout if c[0] in sections):
            section = sections[path]
            header.moveSection(header.visualIndex(section), place)
            self.setColumnHidden(section, not shown)
            if shown and width:
                self.setColumnWidth(section, width)
        if not self.shown_columns():
            self.setColumnHidden(0, False)
        self._laying_out = False
        self._automatic = bool(kept.get("automatic", True)) if layout else True
        frozen = kept.get("frozen")
        if isinstance(frozen, int):
            self.freeze(min(frozen, header.count()))

    def reset_columns_silently(self) -> None:
        """The register's own widths and hidden columns, without forgetting what is remembered."""
        self.freeze(naming_places(self.rows.register))
        self._laying_out = True
        for section, column in enumerate(self.rows.register.columns):
            self.setColumnWidth(section, self._natural(section))
            self.setColumnHidden(section, not column.shown)
        self._laying_out = False

    def _keep_layout(self) -> None:
        if not self._laying_out:
            self._saved.start()

    def _refresh_frozen(self) -> None:
        if self.frozen_places:
            self.viewport().update()

    def _resized(self, section: int, old: int, new: int) -> None:
        if not self._laying_out and old and new:
            self._automatic = False
            self._saved.start()

    def _fill(self) -> None:
        """Give room to spare to the texts, as long as nobody has set a width by hand."""
        if not self._automatic:
            return
        sections = self.shown_columns()
        natural = {s: self._natural(s) for s in sections}
        spare = self.viewport().width() - sum(natural.values())
        kept = sections[:1] if spare < 0 else []  # what names a record is never squeezed
        texts = [
            s
            for s in sections
            if natural[s] >= 12 * _CHARACTER and not self.rows.numeric[s] and s not in kept
        ] or sections
        weight = sum(natural[s] for s in texts)
        self._laying_out = True
        for s in sections:
            near = spare > -self.viewport().width() * _SQUEEZED
            extra = int(spare * natural[s] / weight) if near and s in texts else 0
            self.setColumnWidth(s, max(natural[s] + extra, self.header.least_width(s)))
        self._laying_out = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    # --- the current row and the selection ---------------------------------------------------------------------

    def current_id(self) -> int | None:
        """The record of the current row."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def spans(self) -> list[QItemSelectionRange]:
        """The selected rectangles."""
        selection = self.selectionModel().selection()
        return [selection.at(i) for i in range(selection.size())]

    def selected_rows(self) -> list[int]:
        """The rows that have a selected cell, in order."""
        model = self.selectionModel()
        spans = {(r.top(), r.bottom()) for r in self.spans()} if model is not None else set()
        return sorted({row for top, bottom in spans for row in range(top, bottom + 1)})

    def selected_ids(self) -> list[int]:
        """The records of the selected rows, in the order of the list."""
        return [self.rows.ids[row] for row in self.selected_rows() if row < len(self.rows.ids)]

    def go_to_row(self, row: int) -> None:
        """Make a row current and show it in the middle."""
        column = self.currentIndex().column() if self.currentIndex().isValid() else -1
        shown = self.shown_columns()
        index = self.rows.index(row, column if column in shown else shown[0])
        # Not by the view's own method: that one extends the selection while Ctrl or Shift is still held (Ctrl+S).
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._take_composing()
        self.cells_delegate.current_row = current.row()
        self.viewport().update()
        if current.row() != previous.row():
            self.current_changed.emit(self.rows.id_at(current.row()))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._told.start()
        self._refresh_frozen()

    def _remember_place(self) -> None:
        if not self.rows.keeping:
            self._place = None
            return
        few = sum(s.height() for s in self.spans()) <= _KEPT_ROWS  # a selection of everything is not kept
        ids = self.selected_ids() if few else []
        self._place = (
            ids, self.current_id(), self.currentIndex().column(), self.rows.id_at(self.rowAt(0)),
        )  # fmt: skip
        self._offset = self.verticalScrollBar().value()

    def _return_to_place(self) -> None:
        self.cells_delegate.current_row = self.currentIndex().row()
        place, self._place = self._place, None
        if place is None:
            self.verticalScrollBar().setValue(0)
            self.current_changed.emit(self.current_id())
            return
        ids, current, column, top = place
        top_row = self.rows.row_of(top) if top is not None else None
        bar, height = self.verticalScrollBar(), self.cells_delegate.row_height
        bar.setValue(top_row * height + self._offset % height if top_row is not None else self._offset)
        row = self.rows.row_of(current) if current is not None else None
        model = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        if row is None:
            self.current_changed.emit(None)
            return
        index = self.rows.index(row, max(0, column))
        model.setCurrentIndex(index, flags.NoUpdate if ids else flags.ClearAndSelect)
        for record in ids:
            kept = self.rows.row_of(record)
            if kept is not None:
                model.select(self.rows.index(kept, max(0, column)), flags.Select)

    # --- keys and mouse ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.hands(event):
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.open_asked.emit()
        elif _removes(event):
            if self.selected_rows():
                self.remove_asked.emit()
        elif key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self.currentIndex().isValid():
                self.filter_asked.emit(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def _take_composing(self) -> None:
        # Also over a cell that cannot be changed: what is typed there is answered by the reason.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._take_composing()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.compose(event)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        found = super().inputMethodQuery(query)
        if query == Qt.InputMethodQuery.ImCursorRectangle and self.currentIndex().isValid():
            return found.translated(self.viewport().pos())
        return found

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.open_asked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.zooming.wheel(event):
            super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.cells_delegate.hover_row:
            self.cells_delegate.hover_row = row
            self.viewport().update()

    # --- copying -----------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected cells on the clipboard."""
        copy_cells(self)


def _removes(event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return (control and event.key() == Qt.Key.Key_Minus) or (shift and event.key() == Qt.Key.Key_Delete)


def filterable(register: Any, column: Any) -> bool:
    """Whether a column's header has a filter."""
    found = register.field_of(column)
    return listed(register, column) or isinstance(found, Described | Lines | Date | Time)


def naming_places(register: Any) -> int:
    """How many first columns stay until somebody chooses otherwise: those up to what names the record."""
    names = {register.model.label_field, *register.through}
    places = (i for i, column in enumerate(register.columns[:3], 1) if column.path in names)
    return next(places, 1)
