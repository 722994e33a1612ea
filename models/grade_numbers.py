"""编号 of the 风险等级确定表: the next numbers of the office's own series. Knows no screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from models.core.changes import Transaction
from models.core.errors import Refused
from models.number_series import NumberSeries
from models.rating import RiskAssessment
from models.rules import numbering
from models.settings import settings

KIND = "risk_form"


def next_numbers(year: int) -> Iterator[str]:
    """The numbers to allot for a year, each later than any ever used in the series; '' once it is used up.

    A row of the series in 文号系列 says where a year begins.
    """
    prefix = settings().risk_form_prefix
    begun = NumberSeries.live().where(
        NumberSeries.kind == KIND, NumberSeries.prefix == prefix, NumberSeries.year == year
    )
    series = begun.first()
    head = numbering.format_number(prefix, year, 0).removesuffix("0号")
    given: Any = RiskAssessment.select(RiskAssessment.number).where(
        RiskAssessment.year == year, RiskAssessment.number.startswith(head)
    )
    rests = [number.removeprefix(head).removesuffix("号") for (number,) in given.tuples()]
    used = [int(rest) for rest in rests if rest.isdecimal()]
    serial = numbering.next_serial(used, series.first_serial if series is not None else 1)
    while serial <= numbering.MAX_SERIAL:
        yield numbering.format_number(prefix, year, serial)
        serial += 1
    while True:
        yield ""


def allot_numbers(tx: Transaction, ids: Collection[int]) -> int:
    """Number the assessments among ``ids`` that have no number, in the order of their days; returns how many.

    Raises Refused where all of them have one.
    """
    one = RiskAssessment
    mine: Any = one.live().where(one.id.in_(list(ids)), one.number == "").order_by(one.year, one.assessed_on, one.id)
    runs: dict[int, Iterator[str]] = {}
    count = 0
    for row in mine:
        if row.year not in runs:
            runs[row.year] = next_numbers(row.year)
        if number := next(runs[row.year]):
            tx.update(row, number=number)
            count += 1
    if not count:
        raise Refused("选中的评定都有编号了，没有改动。", "编号写错的，请打开那一条修改。")
    return count
