"""Beside an import's preview: all of one row, and the choice of what a doubtful row is; knows no topic."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from models.core.fields import Links
from models.transfer.mapping import Mapping
from models.transfer.plan import STATUS_LABELS, Candidate, Choice, RowPlan
from ui.kit.buttons import button
from ui.kit.cards import Badge
from ui.kit.import_rows import TONES
from ui.kit.palette import UNIT
from ui.kit.theme import colours

_LINE = 17
Chosen = dict[str, int | Sequence[int]]


class RowDetail(QScrollArea):
    """One row of a preview. ``chosen(number, record, cells)`` follows the user's word on a doubtful one,
    ``corrected(path, written, label)`` that on a value nobody knew.
    """

    chosen = Signal(int, object, object)
    corrected = Signal(str, str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setMinimumWidth(300)
        self.setMaximumWidth(400)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.options: list[QRadioButton | QCheckBox] = []
        self.fixes: dict[tuple[str, str], ValueFix] = {}
        self.number = 0
        self.show_row(None, None, [], Choice())

    def show_row(
        self, p: RowPlan | None, mapping: Mapping | None, offered: Sequence[Candidate], choice: Choice
    ) -> None:
        """Show a row; ``offered`` are the records it may be, ``choice`` what was said before."""
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        box.setSpacing(UNIT)
        self.options, self.fixes = [], {}
        self.number = p.number if p is not None else 0
        if p is None or mapping is None:
            box.addWidget(_plain("选一行，这里列出它的全部情况。", "muted"))
        else:
            self._fill(box, p, mapping, offered, choice)
        box.addStretch(1)
        self.setWidget(page)

    def _fill(
        self, box: QVBoxLayout, p: RowPlan, mapping: Mapping, offered: Sequence[Candidate], choice: Choice
    ) -> None:
        box.addWidget(_plain(f"第{p.number}行　{p.label}", "heading"))
        box.addWidget(Badge(STATUS_LABELS[p.status], TONES[p.status]))  # type: ignore[arg-type]
        for reason in p.reasons:
            box.addWidget(_plain(str(reason), "danger" if p.status == "wrong" else "warning"))
            if reason.path and (reason.path, reason.written) not in self.fixes:
                fix = self.fixes[reason.path, reason.written] = ValueFix(reason.path, reason.written, self)
                fix.corrected.connect(self.corrected)
                box.addWidget(fix)
        groups: dict[str, list[Candidate]] = {}
        for candidate in offered:
            groups.setdefault(candidate.path, []).append(candidate)
        for path, found in groups.items():
            self._ask(box, p, path, found, choice, mapping)
        for d in p.differences:
            shade = colours()
            old, new = html.escape(d.old or "空"), html.escape(d.new or "空")
            words = QLabel(
                f"<span style='color:{shade.muted}'>{html.escape(d.label)}</span><br>"
                f"<span style='color:{shade.muted};text-decoration:line-through'>{old}</span>"
                f" → <b>{new}</b>" + ("<br>导出以后，台账里又改过这一项" if d.conflict else ""),
                wordWrap=True,
            )
            words.setTextFormat(Qt.TextFormat.RichText)
            box.addWidget(words)
        if p.status == "doubtful" and not p.open:
            box.addWidget(_plain("核对无误的，在左边勾选这一行（空格键）就会一起写入。", "muted"))

    def _ask(
        self,
        box: QVBoxLayout,
        p: RowPlan,
        path: str,
        found: list[Candidate],
        choice: Choice,
        mapping: Mapping,
    ) -> None:
        """Radio buttons for what one thing is, boxes where a cell may mean several."""
        target = mapping.targets.get(path)
        several = target is not None and isinstance(target.field, Links)
        label = target.label if target is not None else ""
        box.addWidget(_plain(f"“{label}”是哪一个？" if path else "这一行是哪一条记录？", "heading"))
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        made: list[tuple[int, QRadioButton | QCheckBox]] = []
        names = [(c.id, _folded(c.label) + (f"\n{c.why}" if c.why and not path else "")) for c in found]
        if not path:
            names.append((0, "作为新记录"))
        picked = set(choice.ids(path)) if path else {choice.record}
        for key, name in dict(names).items():
            option = QCheckBox(name.replace("&", "&&")) if several else QRadioButton(name.replace("&", "&&"))
            option.setChecked(key in picked)
            inner.addWidget(option)
            made.append((key, option))
            self.options.append(option)
        for _key, option in made:
            option.clicked.connect(lambda _on=False: self._take(p.number, path, made, several))
        box.addWidget(holder)

    def _take(
        self, number: int, path: str, made: list[tuple[int, QRadioButton | QCheckBox]], several: bool
    ) -> None:
        keys = [key for key, option in made if option.isChecked()]
        if not path:
            self.chosen.emit(number, keys[0], {})
        else:
            self.chosen.emit(number, None, {path: keys if several else keys[0]})


class ValueFix(QWidget):
    """Asks what a text of the file stands for; hidden until ``offer`` says what it may be."""

    corrected = Signal(str, str, str)

    def __init__(self, path: str, written: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.path, self.written = path, written
        self.combo = QComboBox()
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setPlaceholderText("请选择")
        self.combo.setAccessibleName(f"“{written}”是指")
        self.use = button("改正", self._correct, parent=self)
        self.words = _plain("", "muted")
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(self.combo, 1)
        line.addWidget(self.use)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(UNIT // 2)
        box.addLayout(line)
        box.addWidget(self.words)
        self.hide()

    def offer(self, labels: Sequence[str], count: int) -> None:
        """Offer the values, the likeliest first; ``count`` rows have the same text."""
        self.combo.addItems(list(labels))
        self.combo.setCurrentIndex(-1)  # what is likeliest stands first, but nobody is to take it unseen
        rows = (
            f"同样写“{self.written}”的{count}行一起改正" if count > 1 else f"把“{self.written}”改正为选中的"
        )
        self.words.setText(f"{rows}；写入以后记住，下次不再问。")
        self.setVisible(bool(labels))

    def _correct(self) -> None:
        if self.combo.currentIndex() < 0:
            self.combo.showPopup()
            return
        self.corrected.emit(self.path, self.written, self.combo.currentText())


def _folded(text: str) -> str:
    """A text in lines, for a button that does not wrap its own."""
    return "\n".join(textwrap.wrap(text, _LINE))


def _plain(text: str, role: str) -> QLabel:
    made = QLabel(text, wordWrap=True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setProperty("role", role)
    return made
