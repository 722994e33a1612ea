"""A checklist as an xlsx file: the template that is filled in, and reading it back. Knows no screen.

Two sheets: 要点表 holds one fact of the form a row, 检查项目 one item a row, under the labels of the fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import peewee

from models.checklist import Checklist, ChecklistItem, items_of
from models.checklist_answer import ChecklistAnswer
from models.core.changes import Transaction
from models.core.checks import CheckFailed
from models.core.errors import FieldError, KnownError
from models.core.saving import save
from models.inspection import Inspection
from models.transfer.cells import cell_text
from models.transfer.export import replacing
from models.transfer.reading import plain_header, read_table

FORM_SHEET, ITEM_SHEET = "要点表", "检查项目"
FACTS = (
    *("name", "kind", "categories", "edition", "official", "printed_title", "table_number", "valid_from"),
    *("valid_to", "coverage", "most_key", "least_rate", "passed_word", "passed_handling", "basic_word"),
    *("basic_handling", "failed_word", "failed_handling", "source"),
)
COLUMNS = (
    *("topic", "number", "is_key", "content", "problem", "legal_basis", "requirement", "due_days", "severity"),
)
#: What official forms call the columns.
ALSO = {
    "检查项目": "topic",
    "项目": "topic",
    "监督检查内容": "content",
    "内容": "content",
    "项目序号": "number",
    "编号": "number",
    "依据": "legal_basis",
    "检查依据": "legal_basis",
}
MOST_TOLD = 12
ONE_DAY = dt.timedelta(days=1)
WIDTHS = {"topic": 16, "number": 8, "content": 48, "problem": 36, "legal_basis": 36, "requirement": 24}


@dataclass
class Sheet:
    """A form as it was read: its values, its items with the number of their row in the file."""

    values: dict[str, Any] = field(default_factory=dict)
    items: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def write_sheet(path: Path, day: dt.date, form: Checklist | None = None) -> int:
    """Write the template, or a form with its items to be edited; returns how many items.

    An empty template has two example rows that say how they are filled in. Raises KnownError where the place cannot
    be written.
    """
    import xlsxwriter

    items = items_of(form.id) if form is not None else []
    with replacing(path) as part, xlsxwriter.Workbook(str(part), {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e2f1ef", "border": 1, "text_wrap": True})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        muted = book.add_format({"font_color": "#5a6b73", "text_wrap": True, "valign": "top"})
        page = book.add_worksheet(FORM_SHEET)
        for column, (head, width) in enumerate((("项目", 20), ("填写", 40), ("说明", 60))):
            page.write_string(0, column, head, bold)
            page.set_column(column, column, width)
        for row, name in enumerate(FACTS, 1):
            described = Checklist.described()[name]
            value = _fact(name, form, day)
            page.write_string(row, 0, described.label, plain)
            page.write_string(row, 1, described.format(value), plain)
            page.write_string(row, 2, _hint(described), muted)
        page.freeze_panes(1, 0)
        page = book.add_worksheet(ITEM_SHEET)
        fields = ChecklistItem.described()
        for column, name in enumerate(COLUMNS):
            page.write_string(0, column, fields[name].label, bold)
            page.set_column(column, column, WIDTHS.get(name, 10))
        rows = [[fields[n].format(_cell(item, n)) for n in COLUMNS] for item in items] if form else EXAMPLES
        for row, cells in enumerate(rows, 1):
            for column, text in enumerate(cells):
                page.write_string(row, column, text, plain)
        page.freeze_panes(1, 2)
    return len(items)


EXAMPLES: list[list[str]] = [
    ["（例）许可与公示", "*1.1", "是", "照官方表格抄写检查内容；用前删去这两行例子", "", "", "", "15", "较大"],
    ["（例）许可与公示", "1.2", "否", "序号前的*表示重点项", "", "", "", "3", "一般"],
]


def _fact(name: str, form: Checklist | None, day: dt.date) -> Any:
    if form is not None:
        return form.__data__[name]
    if name in ("official", "valid_from"):
        return True if name == "official" else day
    return getattr(Checklist.described()[name], "default", None)


def _cell(item: ChecklistItem, name: str) -> Any:
    return item.marked if name == "number" else item.__data__[name]


def _hint(described: Any) -> str:
    labels = getattr(described, "labels", None)
    words = [described.help, f"可填：{'、'.join(labels.values())}" if labels else ""]
    if described.name in ("basic_word", "failed_word"):
        words.append("2022年起不用三档表述的，可填“发现问题”")
    elif described.name == "passed_word":
        words.append("2022年起不用三档表述的，可填“未发现问题”")
    must = "必填。" if described.required else ""
    return must + "；".join(w for w in words if w)


def read_sheet(path: Path, today: dt.date) -> Sheet:
    """Read a filled-in template. Raises KnownError naming sheet, row and column of everything that is wrong."""
    found = Sheet()
    wrong: list[str] = []
    found.values = _read_facts(path, today, wrong)
    _read_items(path, today, found, wrong)
    if wrong:
        more = f"等共{len(wrong)}处" if len(wrong) > MOST_TOLD else ""
        raise KnownError(f"要点表没有导入：{'；'.join(wrong[:MOST_TOLD])}{more}。", "请在文件里改正后再导入。")
    return found


def _read_facts(path: Path, today: dt.date, wrong: list[str]) -> dict[str, Any]:
    table = read_table(path, FORM_SHEET, known=("项目", "填写", "说明"))
    names = {plain_header(Checklist.described()[name].label): name for name in FACTS}
    values: dict[str, Any] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        name = names.get(plain_header(cell_text(row[0])))
        if name is None or len(row) < 2:
            continue
        described = Checklist.described()[name]
        try:
            value = described.parse(cell_text(row[1]), today)
        except FieldError as exc:
            wrong.append(f"“{FORM_SHEET}”第{number}行{described.label}：{exc.message}")
            continue
        if value not in (None, ""):
            values[name] = value
    lacking = [n for n in ("name", "kind", "edition", "valid_from") if n not in values]
    if lacking and not wrong:
        labels = "、".join(Checklist.described()[n].label for n in lacking)
        wrong.append(f"“{FORM_SHEET}”里没有填{labels}")
    return values


def _read_items(path: Path, today: dt.date, found: Sheet, wrong: list[str]) -> None:
    fields = ChecklistItem.described()
    names = {plain_header(fields[n].label): n for n in COLUMNS} | {plain_header(w): n for w, n in ALSO.items()}
    table = read_table(path, ITEM_SHEET, known=tuple(names))
    columns = [names.get(plain_header(head)) for head in table.headers]
    for needed in ("number", "content"):
        if needed not in columns:
            wrong.append(f"“{ITEM_SHEET}”里没有“{fields[needed].label}”一列")
            return
    topic, seen, before = "", dict[str, int](), len(wrong)
    for number, row in zip(table.numbers, table.rows, strict=True):
        item = _read_item(number, columns, row, today, wrong)
        if item is None:
            continue
        topic = item["topic"] = item.get("topic") or topic  # a merged group stands in its first row only
        plain = item["number"].lstrip("*")
        if not topic:
            wrong.append(f"“{ITEM_SHEET}”第{number}行{fields['topic'].label}：请填写")
        elif plain in seen:
            wrong.append(f"“{ITEM_SHEET}”第{number}行序号：{plain}与第{seen[plain]}行重复")
        seen.setdefault(plain, number)
        found.items.append((number, item))
    if not found.items and len(wrong) == before:
        wrong.append(f"“{ITEM_SHEET}”里没有项目，例子以外请至少填一项")


def _read_item(
    number: int, columns: Sequence[str | None], row: Sequence[Any], today: dt.date, wrong: list[str]
) -> dict[str, Any] | None:
    fields, item, before = ChecklistItem.described(), dict[str, Any](), len(wrong)
    texts = {n: cell_text(c).strip() for n, c in zip(columns, row, strict=True) if n is not None}
    if not any(texts.values()) or texts.get("topic", "").startswith("（例）"):
        return None
    for name, text in texts.items():
        try:
            value = fields[name].parse(text, today)
        except FieldError as exc:
            wrong.append(f"“{ITEM_SHEET}”第{number}行{fields[name].label}：{exc.message}")
            continue
        if value not in (None, ""):
            item[name] = value
    lacking = [fields[n].label for n in ("number", "content") if n not in item]
    if lacking and len(wrong) == before:
        wrong.append(f"“{ITEM_SHEET}”第{number}行：请填写{'、'.join(lacking)}")
    return item if len(wrong) == before else None


def store_sheet(tx: Transaction, sheet: Sheet) -> int:
    """Store a form that was read, with its items; its id. Raises KnownError where a check refuses it."""
    form = save(tx, Checklist, sheet.values)
    for number, item in sheet.items:
        try:
            save(tx, ChecklistItem, {**item, "checklist": form.id})
        except CheckFailed as exc:
            raise KnownError(f"“{ITEM_SHEET}”第{number}行：{exc.message}", exc.advice) from exc
    return int(form.id)


def copy_form(tx: Transaction, form_id: int) -> int:
    """A new version of a form with all its items, which follows the old one; its id.

    It is in force from today, or from the day after the last inspection that used the old one where that is later; the
    old one ends the day before, so that each day has one version.
    """
    old = Checklist.get_by_id(form_id)
    begin = max(filter(None, (tx.today, old.valid_from + ONE_DAY, last_used(old.id, tx.today))))
    values = {name: old.__data__[name] for name in FACTS}
    name, number = f"{old.name}（{begin.year}年新版）", 2
    while Checklist.live().where(Checklist.name == name).exists():
        name, number = f"{old.name}（{begin.year}年新版{number}）", number + 1
    values |= {"name": name, "edition": f"{begin.year}", "valid_from": begin, "valid_to": None}
    form = save(tx, Checklist, values)
    for item in items_of(old.id):
        kept = {n: item.__data__[n] for n in COLUMNS}
        save(tx, ChecklistItem, {**kept, "checklist": form.id})
    if old.valid_to is None or old.valid_to >= begin:
        save(tx, Checklist, {"valid_to": begin - ONE_DAY}, old)
    return int(form.id)


def last_used(form_id: int, today: dt.date) -> dt.date | None:
    """The day after the last inspection with a form up to today; None where none used it."""
    day = (
        ChecklistAnswer.live()
        .select(peewee.fn.MAX(Inspection.inspected_on))
        .join(Inspection, on=(ChecklistAnswer.inspection == Inspection.id))
        .where(
            ChecklistAnswer.checklist == form_id,
            Inspection.removed_at.is_null(),
            Inspection.inspected_on <= today,
        )
        .scalar()
    )
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return day + ONE_DAY if day is not None else None


def copy_for_item(tx: Transaction, item_id: int) -> int:
    """A new version of the form of an item; the id of the same item there."""
    item = ChecklistItem.get_by_id(item_id)
    form = copy_form(tx, item.checklist_id)
    there = (ChecklistItem.checklist == form) & (ChecklistItem.number == item.number)
    return int(ChecklistItem.live().where(there).get().id)
