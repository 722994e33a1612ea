"""Risk scores from score tables: pure functions over plain tuples, in hundredths of points. Knows no table."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

STATIC_MOST, DYNAMIC_MOST = 4000, 6000


class ScoreRow(NamedTuple):
    """One row of a score table: a band [least, below) of a measure and its points (hundredths).

    Empty ``categories`` mean all; ``products`` empty means every product that no other row names.
    """

    part: str
    name: str
    measure: str
    categories: frozenset[str]
    products: frozenset[str]
    least: float | None
    below: float | None
    points: int
    most: int | None


class Scale(NamedTuple):
    """A measure's bands ready for many values: the row of a value is ``rows[bisect_right(bounds, value)]``.

    ``place`` is where the measure stands in the facts; a measure of words (product, category) has ``words`` instead.
    """

    measure: str
    place: int
    bounds: tuple[float, ...]
    points: tuple[int | None, ...]
    rows: tuple[ScoreRow | None, ...]
    words: dict[Any, ScoreRow] | None
    other: ScoreRow | None


class ScoreLine(NamedTuple):
    """One line of the arithmetic: the table's row, what was found there and its points (hundredths)."""

    part: str
    name: str
    measure: str
    value: Any
    points: int


def static_scales(rows: Iterable[ScoreRow], places: Mapping[str, int]) -> dict[str, tuple[Scale, ...]]:
    """By category the scales of the static table; a category no row names explicitly is not graded.

    ``places`` says where each measure stands in the facts.
    """
    static = [row for row in rows if row.part == "static"]
    categories = sorted({one for row in static for one in row.categories})
    return {
        category: tuple(
            _scale(measure, [row for row in mine if row.measure == measure], places[measure])
            for measure in dict.fromkeys(row.measure for row in mine)
        )
        for category in categories
        if (mine := [row for row in static if not row.categories or category in row.categories])
    }


def _scale(measure: str, rows: Sequence[ScoreRow], place: int) -> Scale:
    if measure in ("product", "category"):
        words = {word: row for row in reversed(rows) for word in row.products}
        other = next((row for row in rows if not row.products), None)
        return Scale(measure, place, (), (), (), words, other)
    bounds = sorted({edge for row in rows for edge in (row.least, row.below) if edge is not None})
    starts = [bounds[0] - 1 if bounds else 0.0, *bounds]
    found = tuple(_row_at(rows, start) for start in starts)
    return Scale(measure, place, tuple(bounds), tuple(r.points if r else None for r in found), found, None, None)


def _row_at(rows: Sequence[ScoreRow], value: float) -> ScoreRow | None:
    for row in rows:
        if (row.least is None or value >= row.least) and (row.below is None or value < row.below):
            return row
    return None


def static_score(facts: Sequence[Any], scales: Sequence[Scale]) -> tuple[int, tuple[str, ...]]:
    """The static points of an enterprise (at most 40) and the measures that are unknown or that no band covers.

    With anything missing the points mean nothing.
    """
    total, missing = 0, None
    for measure, place, bounds, points, _rows, words, other in scales:
        value = facts[place]
        if words is not None:
            row = words.get(value, other) if value is not None else None
            got = None if row is None else row.points
        elif value is None:
            got = None
        else:
            got = points[bisect_right(bounds, value)]
        if got is not None:
            total += got
        elif missing is None:
            missing = [measure]
        else:
            missing.append(measure)
    return (total if total < STATIC_MOST else STATIC_MOST), tuple(missing) if missing else ()


def static_lines(facts: Sequence[Any], scales: Sequence[Scale]) -> list[ScoreLine]:
    """The arithmetic of a static score; a measure that is unknown has no line."""
    lines = []
    for scale in scales:
        value = facts[scale.place]
        if value is None:
            continue
        if scale.words is not None:
            row = scale.words.get(value, scale.other)
        else:
            row = scale.rows[bisect_right(scale.bounds, value)]
        if row is not None:
            lines.append(ScoreLine("static", row.name, scale.measure, value, row.points))
    return lines


#: By category the rows of the dynamic table: (measure, points each, most of the measure or None, name).
DynamicRows = tuple[tuple[str, int, int | None, str], ...]


def dynamic_rows(rows: Iterable[ScoreRow], categories: Iterable[str]) -> dict[str, DynamicRows]:
    """The rows of the dynamic table for each category."""
    dynamic = [row for row in rows if row.part == "dynamic"]
    return {
        category: tuple(
            (row.measure, row.points, row.most, row.name)
            for row in dynamic
            if not row.categories or category in row.categories
        )
        for category in categories
    }


def dynamic_score(counts: Mapping[str, int], rows: DynamicRows) -> int:
    """The dynamic points (at most 60) of what the year's inspections found, by measure."""
    total = 0
    for measure, points, most, _name in rows:
        if number := counts.get(measure):
            got = points * number
            total += got if most is None or got < most else most
    return total if total < DYNAMIC_MOST else DYNAMIC_MOST


def dynamic_lines(counts: Mapping[str, int], rows: DynamicRows) -> list[ScoreLine]:
    """The arithmetic of a dynamic score; what was not found has no line."""
    return [
        ScoreLine("dynamic", name, measure, number, min(points * number, points * number if most is None else most))
        for measure, points, most, name in rows
        if (number := counts.get(measure))
    ]


class Bounds(NamedTuple):
    """The upper ends (included, hundredths) of the grades but the last, in order, and the grades."""

    uppers: tuple[int, ...]
    grades: tuple[str, ...]

    def grade(self, score: int) -> str:
        """The grade of a score."""
        return self.grades[bisect_left(self.uppers, score)]


def bounds_of(uppers: Mapping[str, Decimal | None]) -> Bounds:
    """The bounds from the thresholds in force. Raises ValueError (Chinese) where they are not complete."""
    closed = sorted((int(upper * 100), grade) for grade, upper in uppers.items() if upper is not None)
    last = [grade for grade, upper in uppers.items() if upper is None]
    if not closed or len(last) != 1:
        raise ValueError("没有完整的风险等级分值标准：请在“更多—标准与期限”中补充")
    return Bounds(tuple(u for u, _g in closed), (*(g for _u, g in closed), last[0]))


def number_text(value: Decimal) -> str:
    """A number without idle zeros, the same on every database engine (8.50 → 8.5)."""
    return points_text(int(value * 100))


def points_text(points: int | None) -> str:
    """Points as the paper shows them (12.5); '' for none."""
    if points is None:
        return ""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".")
