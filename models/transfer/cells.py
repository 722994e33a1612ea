"""What a cell of a spreadsheet means for a field, and how it reads as text. Knows no table and asks no database."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models.core.errors import FieldError
from models.core.fields import Bool, Choice, Code, Date, Integer, LongText, Number, Text, Time, tidy
from models.transfer.formulas import Uncomputed

#: Day 0 of a spreadsheet's dates (the one that makes day 61 the first of March 1900).
EPOCH = dt.date(1899, 12, 30)
#: Serial numbers taken for dates: 1954 to 2119.
_SERIALS = range(20_000, 80_000)
_ROUNDED = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?(\d{1,3})")
#: A spreadsheet keeps fifteen digits of a number and makes the rest zeros.
_EXACT = 10**15


class LostDigits(FieldError):
    """A code that a spreadsheet took for a number and cut."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"“{shown}”是被表格软件当作数字截断的编码，后几位已丢失；"
            "请在原表把这一列设为“文本”格式，重新填写完整编码后再导入"
        )


def refuse_uncomputed(cell: Any) -> None:
    """Raise FieldError for a formula that was saved without a usable result."""
    if isinstance(cell, Uncomputed):
        raise FieldError(
            f"这一格的公式结果是“{cell}”，请改正公式" if cell.startswith("#") else
            "这一格是公式，文件里没有算出的结果；请用 Excel 或 WPS 打开并保存，或改为数值后再导入"
        )  # fmt: skip


def cell_text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as 2024-06-05, yes and no as 是 and 否."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dt.datetime):
        midnight = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    if isinstance(cell, dt.timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        return f"{Decimal(repr(cell)):f}" if abs(cell) < _EXACT else repr(cell)
    return str(cell)


def text_for(field: Any, cell: Any) -> str:
    """A cell as the field would show it, as far as that can be told without reading it."""
    if isinstance(cell, dt.datetime) and isinstance(field, Time):
        return cell.strftime("%H:%M")
    if isinstance(cell, dt.datetime) and isinstance(field, Date):
        return cell.date().isoformat()
    return cell_text(cell)


def cell_value(field: Any, cell: Any, today: dt.date, synonyms: Mapping[str, str] | None = None) -> Any:
    """The value a cell means for a scalar field; None or '' where it is empty.

    ``synonyms`` gives the choice's own label for what the file writes. Raises FieldError with the mend (LostDigits
    for a cut code); nothing is guessed.
    """
    refuse_uncomputed(cell)
    if isinstance(cell, str) and not (cell.strip() if cell.isprintable() else tidy(cell)):
        cell = None
    if isinstance(field, Date):
        return _date(field, cell, today)
    if isinstance(field, Time):
        return _time(field, cell, today)
    if isinstance(field, Bool) and isinstance(cell, bool):
        return cell
    if isinstance(field, Integer | Number):
        return field.parse(_number(field, cell), today)
    if isinstance(field, Text | LongText):
        _refuse_cut(field, cell)
    text = cell_text(cell)
    if isinstance(field, Choice):
        return _choice(field, text, today, synonyms or {})
    return field.parse(text, today)


def _refuse_cut(field: Any, cell: Any) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
        raise LostDigits(f"{cell:.5E}")
    if isinstance(field, Code) and isinstance(cell, str) and not cell.isdecimal():
        found = _ROUNDED.fullmatch(tidy(cell).replace(" ", ""))
        if found and int(found[2]) >= 9:
            raise LostDigits(cell.strip())


def _date(field: Any, cell: Any, today: dt.date) -> Any:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return field.parse(cell.isoformat(), today)
    if isinstance(cell, float) and math.isfinite(cell) and int(cell) in _SERIALS:
        cell = int(cell)
    text = tidy(cell_text(cell))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(text[:5]) in _SERIALS:
        return field.parse((EPOCH + dt.timedelta(days=int(text[:5]))).isoformat(), today)
    if isinstance(cell, int | float) and not re.fullmatch(r"(19|20|21)\d{6}", text):
        raise FieldError(f"数字“{text}”不是日期，请写作2024.6.5")
    return field.parse(text, today)


def _time(field: Any, cell: Any, today: dt.date) -> Any:
    if isinstance(cell, dt.datetime | dt.time):
        return field.parse(cell.strftime("%H:%M"), today)
    if isinstance(cell, dt.timedelta):
        return field.parse(cell_text(cell), today)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 1440) % 1440
        return field.parse(f"{minutes // 60}:{minutes % 60:02d}", today)
    return field.parse(cell_text(cell), today)


def _number(field: Any, cell: Any) -> str:
    """The text of a number without its unit, in half width."""
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    unit = unicodedata.normalize("NFKC", field.unit or "")
    for sign in (unit, "平方米", "㎡", "m2", "元", "人", "%"):
        if sign and text.lower().endswith(sign.lower()):
            return text[: -len(sign)].strip()
    return text


def _choice(field: Choice, text: str, today: dt.date, synonyms: Mapping[str, str]) -> Any:
    value = tidy(text)
    try:
        return field.parse(synonyms.get(value, value), today)
    except FieldError:
        short = [c for c, label in field.labels.items() if _core(label) == _core(value)]
        begins = [c for c, label in field.labels.items() if len(value) > 1 and label.startswith(value)]
        for found in (short, begins):
            if len(found) == 1:
                return found[0]
        raise


def _core(label: str) -> str:
    """A label without its bracket: A级（市级包保） → A级."""
    return re.sub(r"[（(].*?[)）]", "", label).strip()
