"""A check for tables of dated rules: one row a day for the same thing. Knows no topic."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems


def one_row_a_day(draft: Any, problems: Problems, **same: Any) -> None:
    """Refuse a row (``valid_from``, ``valid_to``) that shares a day with another live one that has the same values."""
    begin, end = draft["valid_from"], draft["valid_to"]
    if begin is None or (end is not None and end < begin):
        return
    for other in draft.others(**same):
        if (end is None or other.valid_from <= end) and (other.valid_to is None or other.valid_to >= begin):
            if other.valid_from < begin:
                words = f"自{other.valid_from}起施行的同一项在{begin}还有效，请先打开那一条填废止日期，再登记新的"
                problems.error("valid_from", "overlap", words)
            else:
                words = f"与自{other.valid_from}起施行的同一项时间重叠，请填写废止日期或改正施行日期"
                problems.error("valid_to" if end is None or end >= other.valid_from else "valid_from", "overlap", words)
            return
