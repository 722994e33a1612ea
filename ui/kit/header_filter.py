"""The filter of one column as a popup: values with counts, texts, days or numbers; knows only conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from models.core.errors import KnownError
from models.core.facets import Facet, facets, listed
from models.core.fields import Bool, Choice, Date, Integer, Lines, Number, Time
from models.core.register import Column, Condition, Register, View
from ui.kit.buttons import button, restyle
from ui.kit.icons import icon
from ui.kit.palette import UNIT
from ui.kit.session import Session
from ui.kit.style_sheet import SHAPES
from ui.kit.theme import colours, theme

_LINE = 30
_VALUE = Qt.ItemDataRole.UserRole


class FilterPopup(QFrame):
    """A popup under a header. ``applied(conditions)`` with the new filters of this column, () for none.

    Enter applies, Esc leaves everything as it was.
    """

    applied = Signal(object)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dress()
        theme().changed.connect(self._dress)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 12)
        self.box.setSpacing(UNIT)
        head = QLabel(f"筛选：{title}")
        head.setProperty("role", "heading")
        self.box.addWidget(head)
        self.problem = QLabel("", wordWrap=True)
        self.problem.setProperty("role", "danger")
        self.problem.hide()
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        self.clear_button = button("清除", self._clear, kind="quiet")
        self.apply_button = button("筛选", self.apply, kind="primary")
        foot.addWidget(self.clear_button)
        foot.addStretch(1)
        foot.addWidget(self.apply_button)
        self._foot = foot

    def _dress(self) -> None:
        palette = colours()
        ink = "dark" if palette.dark else "light"
        self.setStyleSheet(f"""
#popup {{ background: {palette.raised}; border: 1px solid {palette.border_strong}; }}
QListWidget {{ border: 0; background: transparent; }}
QListWidget::indicator {{ width: 16px; height: 16px; border: 1px solid {palette.border_strong};
  border-radius: 4px; background: {palette.surface}; }}
QListWidget::indicator:checked {{ background: {palette.accent}; border-color: {palette.accent};
  image: url("{SHAPES.as_posix()}/check-{ink}.svg"); }}
""")

    def finish(self) -> None:
        """Close the layout with the message line and the buttons."""
        self.box.addWidget(self.problem)
        self.box.addLayout(self._foot)
        self.setFixedWidth(300)

    def offer(self, words: str, other: Callable[[], object]) -> None:
        """Offer the other way to filter this column."""

        def switch() -> None:
            self.close()
            other()

        self.other_button = button(words, switch, kind="link")
        self._foot.insertWidget(1, self.other_button)

    def open_at(self, where: QPoint) -> None:
        """Show it with its upper left corner there, kept on the screen."""
        self.adjustSize()
        area = self.screen().availableGeometry()
        x = min(where.x(), area.right() - self.width() - UNIT)
        y = min(where.y(), area.bottom() - self.height() - UNIT)
        self.move(max(area.left(), x), max(area.top(), y))
        self.show()

    def conditions(self) -> tuple[Condition, ...]:
        """What is filled in. Raises KnownError with the mend."""
        raise NotImplementedError

    def apply(self) -> None:
        """Hand the filters on and close; a text that cannot be read stays with its message."""
        try:
            found = self.conditions()
        except KnownError as exc:
            self.problem.setText(str(exc))
            self.problem.show()
            self.adjustSize()
            return
        self.applied.emit(found)
        self.close()

    def _clear(self) -> None:
        self.applied.emit(())
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        else:
            super().keyPressEvent(event)


class ValuesPopup(FilterPopup):
    """Checkboxes of the values there are, with how many rows each has and a small search."""

    def __init__(self, title: str, path: str, chosen: Condition | None, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._path, self._chosen = path, chosen
        self.search = QLineEdit(placeholderText="查找", clearButtonEnabled=True)
        self.search.addAction(icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._narrow)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(3 * _LINE)
        self.list.itemActivated.connect(lambda _item: self.apply())
        self.list.itemClicked.connect(self._clicked)
        self.all = button("全选", self._check_all, kind="link")
        self.waiting = QLabel("正在统计…")
        self.waiting.setProperty("role", "muted")
        line = QHBoxLayout()
        line.addWidget(self.all)
        line.addStretch(1)
        line.addWidget(self.waiting)
        self.box.addWidget(self.search)
        self.box.addWidget(self.list)
        self.box.addLayout(line)
        self.finish()
        self.search.setFocus()
        self._ready = False

    def take(self, found: list[Facet]) -> None:
        """Show the values."""
        chosen = set(self._chosen.value) if self._chosen is not None and self._chosen.op == "in" else set()
        blank = self._chosen is not None and self._chosen.op == "empty"
        known = {facet.value for facet in found}
        self._beyond = [value for value in chosen if value not in known]
        self.list.clear()
        for facet in found:
            item = QListWidgetItem(f"{facet.label}　{facet.count}")
            item.setData(_VALUE, facet.value)
            item.setSizeHint(QSize(0, _LINE))
            on = facet.value in chosen or (blank and facet.value is None)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._ready = True
        self.list.setFixedHeight(_LINE * max(2, min(len(found), 9)) + 2)
        self.adjustSize()
        self.waiting.setText(f"{len(found)}项" if len(found) < 500 else "最多的500项")
        self._narrow(self.search.text())

    def _clicked(self, item: QListWidgetItem) -> None:
        # The box itself toggles by Qt; a click on the words should do the same.
        at = self.list.viewport().mapFromGlobal(self.cursor().pos())
        if at.x() > self.list.visualItemRect(item).left() + 26:
            self._toggle(item)

    @staticmethod
    def _toggle(item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _narrow(self, text: str) -> None:
        wanted = text.strip().lower()
        for i in range(self.list.count()):
            item = self.list.item(i)
            item.setHidden(bool(wanted) and wanted not in item.text().lower())

    def _shown(self) -> list[QListWidgetItem]:
        items = (self.list.item(i) for i in range(self.list.count()))
        return [item for item in items if not item.isHidden()]

    def _check_all(self) -> None:
        shown = self._shown()
        full = all(item.checkState() == Qt.CheckState.Checked for item in shown)
        for item in shown:
            item.setCheckState(Qt.CheckState.Unchecked if full else Qt.CheckState.Checked)

    def conditions(self) -> tuple[Condition, ...]:
        if not self._ready:
            raise KnownError("正在统计，请稍候。")
        items = [self.list.item(i) for i in range(self.list.count())]
        checked = [i.data(_VALUE) for i in items if i.checkState() == Qt.CheckState.Checked]
        if not checked and self.search.text().strip():
            checked = [item.data(_VALUE) for item in self._shown()]
            if not checked:
                raise KnownError("没有这样的值，请换一个词。")
        checked += self._beyond if checked else []
        if not checked or (len(checked) == len(items) and len(items) < 500):
            return ()
        return (Condition(self._path, "in", tuple(checked)),)


class TextPopup(FilterPopup):
    """含, 不含, 未填, 已填 of a text."""

    _OPS = (("contains", "包含"), ("lacks", "不包含"), ("empty", "未填"), ("filled", "已填"))

    def __init__(self, title: str, path: str, chosen: Condition | None, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._path = path
        self.edit = QLineEdit(placeholderText="文字", clearButtonEnabled=True)
        self.ops = QButtonGroup(self)
        grid = QGridLayout()
        for i, (_, word) in enumerate(self._OPS):
            radio = QRadioButton(word)
            self.ops.addButton(radio, i)
            grid.addWidget(radio, i // 2, i % 2)
        self.ops.button(0).setChecked(True)
        if chosen is not None:
            self.ops.button([op for op, _ in self._OPS].index(chosen.op)).setChecked(True)
            self.edit.setText(chosen.value or "")
        self.ops.idToggled.connect(lambda *_: self.edit.setEnabled(self.ops.checkedId() < 2))
        self.edit.setEnabled(self.ops.checkedId() < 2)
        self.box.addLayout(grid)
        self.box.addWidget(self.edit)
        self.finish()
        self.edit.setFocus()

    def conditions(self) -> tuple[Condition, ...]:
        op = self._OPS[self.ops.checkedId()][0]
        text = self.edit.text().strip()
        if op in ("empty", "filled"):
            return (Condition(self._path, op),)
        return (Condition(self._path, op, text),) if text else ()


class RangePopup(FilterPopup):
    """From and to of days, times or numbers, typed as in a form; or the empty ones."""

    def __init__(
        self,
        title: str,
        path: str,
        field: Any,
        chosen: tuple[Condition, ...],
        today: dt.date,
        parent: QWidget,
    ) -> None:
        super().__init__(title, parent)
        self._path, self._today = path, today
        self._field = Integer("数值") if isinstance(field, Lines) else field
        day = isinstance(field, Date)
        hint = "如 2024-6-1、6/1、今天" if day else "如 9:30" if isinstance(field, Time) else "数值"
        words = ("自", "至") if day else ("不小于", "不大于")
        self.low, self.high = QLineEdit(placeholderText=hint), QLineEdit(placeholderText=hint)
        grid = QGridLayout()
        grid.setHorizontalSpacing(UNIT)
        for row, (word, edit) in enumerate(zip(words, (self.low, self.high), strict=True)):
            grid.addWidget(QLabel(word), row, 0)
            grid.addWidget(edit, row, 1)
            edit.textEdited.connect(lambda _text, e=edit: restyle(e, bad=False))
        self.box.addLayout(grid)
        self.blank = QRadioButton("未填的")
        self.ranged = QRadioButton("在范围内")
        self.ranged.setChecked(True)
        if not isinstance(field, Lines):
            line = QHBoxLayout()
            line.addWidget(self.ranged)
            line.addWidget(self.blank)
            line.addStretch(1)
            self.box.insertLayout(1, line)
        if day:
            self.box.addLayout(self._quick(today))
        self.blank.toggled.connect(self.low.setDisabled)
        self.blank.toggled.connect(self.high.setDisabled)
        self._show_chosen(chosen)
        self.finish()
        self.low.setFocus()

    def _quick(self, today: dt.date) -> QHBoxLayout:
        first = today.replace(day=1)
        before = first - dt.timedelta(days=1)
        half = dt.date(today.year, 1 if today.month <= 6 else 7, 1)
        line = QHBoxLayout()
        line.setSpacing(0)
        for word, start, end in (
            ("本月", first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)),
            ("上月", before.replace(day=1), before),
            ("本半年", half, dt.date(today.year, 6, 30) if half.month == 1 else dt.date(today.year, 12, 31)),
            ("今年", dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)),
        ):
            line.addWidget(button(word, partial(self._set, start, end), kind="link"))
        line.addStretch(1)
        return line

    def _set(self, start: Any, end: Any) -> None:
        self.ranged.setChecked(True)
        self.low.setText("" if start is None else self._field.format(start))
        self.high.setText("" if end is None else self._field.format(end))

    def _show_chosen(self, chosen: tuple[Condition, ...]) -> None:
        start = end = None
        for condition in chosen:
            match condition.op:
                case "ge":
                    start = condition.value
                case "le":
                    end = condition.value
                case "between":
                    start, end = condition.value
                case "empty":
                    self.blank.setChecked(True)
                case "in":
                    continue  # chosen among the values
        self._set(start, end) if start is not None or end is not None else None

    def _value(self, edit: QLineEdit) -> Any:
        try:
            return self._field.parse(edit.text(), self._today)
        except KnownError:
            restyle(edit, bad=True)
            edit.setFocus()
            raise

    def conditions(self) -> tuple[Condition, ...]:
        if self.blank.isChecked():
            return (Condition(self._path, "empty"),)
        low, high = self._value(self.low), self._value(self.high)
        if low is not None and high is not None:
            if low > high:
                raise KnownError("前一个大于后一个，请改正其一。")
            return (Condition(self._path, "between", (low, high)),)
        if low is not None:
            return (Condition(self._path, "ge", low),)
        return (Condition(self._path, "le", high),) if high is not None else ()


def by_range(field: Any) -> bool:
    """Whether a column's conditions are from and to."""
    return isinstance(field, Date | Time | Integer | Number | Lines)


def open_filter(
    session: Session,
    register: Register,
    column: Column,
    view: View,
    where: QPoint,
    applied: Callable[[tuple[Condition, ...]], None],
    parent: QWidget,
    by_values: bool | None = None,
) -> FilterPopup:
    """Open the filter of a column at a global position; ``applied`` gets its new conditions.

    ``by_values`` asks for the list of values or for conditions; by default what is in force, else what suits the kind.
    """
    title, field = register.label_of(column), register.field_of(column)
    chosen = tuple(c for c in view.conditions if c.path == column.path)
    first = chosen[0] if chosen else None
    choices = listed(register, column)
    conditions = not isinstance(field, Choice | Bool)
    if by_values is None:
        by_values = choices if first is None else first.op == "in" or (choices and first.op == "empty")
    popup: FilterPopup
    if by_values or not conditions:
        values = popup = ValuesPopup(title, column.path, first, parent)
        session.read(
            facets, register, column.path, view, session.today, done=values.take, owner=values, key="facets"
        )
    elif by_range(field):
        popup = RangePopup(title, column.path, field, chosen, session.today, parent)
    else:
        popup = TextPopup(title, column.path, first if first and first.op != "in" else None, parent)
    if conditions:
        popup.offer(
            "按条件" if by_values else "按值勾选",
            lambda: open_filter(
                session, register, column, view, where, applied, parent, by_values=not by_values
            ),
        )
    popup.applied.connect(applied)
    popup.open_at(where)
    return popup
