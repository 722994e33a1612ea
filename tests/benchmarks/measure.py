"""Timing of two ways of doing the same thing, side by side in one run; prints ratios, judges nothing else."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """One line of the table: ours and bare in seconds, and the most the ratio may be."""

    name: str
    ours: float
    bare: float
    limit: float
    note: str = ""

    @property
    def value(self) -> float:
        """Ours over bare."""
        return self.ours / self.bare

    @property
    def met(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.value <= self.limit

    def line(self) -> str:
        """The line as printed."""
        mark = "ok  " if self.met else "OVER"
        return (f"{mark} {self.name:<44} {self.ours * 1000:>10.1f} {self.bare * 1000:>10.1f} {self.value:>7.2f} "
                f"{self.limit:>6.2f}  {self.note}")


@dataclass(frozen=True)
class Remark:
    """A line without figures: what could not be measured here, and why. No failure."""

    name: str
    words: str
    met: bool = True

    def line(self) -> str:
        """The line as printed."""
        return f"--   {self.name:<44} {self.words}"


HEADER = f"     {'measure':<44} {'ours ms':>10} {'bare ms':>10} {'ratio':>7} {'limit':>6}"


def seconds(fn: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    fn()
    return time.perf_counter() - start


def compare(name: str, ours: Callable[[], object], bare: Callable[[], object], limit: float, *, rounds: int = 7,
            note: str = "") -> Ratio:
    """Run both in turns (so that a busy machine troubles both alike) and compare the medians."""
    ours()
    bare()
    gc.collect()
    pairs = [(seconds(ours), seconds(bare)) for _ in range(rounds)]
    return Ratio(name, statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs), limit, note)
