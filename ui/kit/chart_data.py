"""What a chart shows, as plain data; knows neither Qt nor where the numbers come from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Series:
    """One row of bars: its name and one value a category (None: nothing known)."""

    name: str
    values: tuple[float | None, ...]
    role: str = ""
    """A palette role (danger, warning, success…) when the colour has a meaning, else the theme chooses."""


@dataclass(frozen=True)
class ChartData:
    """Categories along the axis, series above one another or side by side.

    `keys[category]` is what a click opens; with `series_keys` a bar opens `keys[category]` + "/" + its series' key.
    """

    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    keys: tuple[str, ...] = ()
    series_keys: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for each in self.series:
            if len(each.values) != len(self.categories):
                raise ValueError(
                    f"{each.name}: {len(each.values)} values for {len(self.categories)} categories"
                )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for each in self.series for value in each.values)

    def key(self, category: int, series: int) -> str:
        """What a click on that bar opens; "" when it opens nothing."""
        if not self.keys:
            return ""
        tail = f"/{self.series_keys[series]}" if self.series_keys else ""
        return self.keys[category] + tail

    def words(self, category: int, series: int) -> str:
        """«2024-03 日常检查：12 家次»."""
        value = self.series[series].values[category]
        name = f" {self.series[series].name}" if len(self.series) > 1 else ""
        return f"{self.categories[category]}{name}：{number(value)} {self.unit}".rstrip()


def number(value: float | None) -> str:
    """1204 → «1,204», 0.5 → «0.5», None → «—»."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
