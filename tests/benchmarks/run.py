"""Prints the table of speed ratios; exits 1 where one is over its limit. Usage: run.py [--small] [PART …].

The benchmark ledger (100,000 enterprises, 1,000,000 inspections) is made once in build/benchmarks and kept; --small
makes a tenth of it, to try the benchmarks themselves.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import big_ledger  # noqa: E402
import casefile  # noqa: E402
import documents  # noqa: E402
import grading  # noqa: E402
import lists  # noqa: E402
import papers  # noqa: E402
import pastes  # noqa: E402
import plans  # noqa: E402
import plausibility  # noqa: E402
import queries  # noqa: E402
import registers  # noqa: E402
import responsibility  # noqa: E402
import startup  # noqa: E402
import transfers  # noqa: E402
from measure import HEADER, Ratio, Remark  # noqa: E402

TODAY = dt.date(2024, 6, 30)


def _ledger_parts(folder: Path) -> list[Ratio]:
    from models.opening import open_office

    ledger = open_office(folder, today=TODAY)
    try:
        found = queries.figures(ledger.path) + queries.searches(ledger.path, TODAY)
        return found + lists.lists(ledger.path, TODAY) + registers.opening(ledger)
    finally:
        ledger.close()


def _grading(folder: Path) -> list[Ratio]:
    from models.opening import open_office

    ledger = open_office(folder, today=TODAY)
    try:
        return grading.grading(ledger.path, TODAY)
    finally:
        ledger.close()


def _paste(folder: Path) -> list[Ratio]:
    from models.opening import open_office

    ledger = open_office(folder, today=TODAY)
    try:
        return pastes.pastes(ledger)
    finally:
        ledger.close()


def _transfers(folder: Path, rows: int) -> list[Ratio | Remark]:
    folder.mkdir(exist_ok=True)
    return transfers.transfers(folder, rows)


def main() -> int:
    """Run the parts asked for (all by default) and print their lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("parts", nargs="*", choices=["ledger", "documents", "casefile", "startup", "transfers", "responsibility", "grading", "plan",
                                                          "paste", "plausibility", []])
    arguments = parser.parse_args()
    enterprises, inspections = (10_000, 100_000) if arguments.small else (100_000, 1_000_000)
    folder = ROOT / "build" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)

    parts: dict[str, Callable[[], Sequence[Ratio | Remark]]] = {
        "ledger": lambda: _ledger_parts(big_ledger.build(folder, enterprises, inspections)),
        "documents": lambda: documents.notices(folder, 100 if arguments.small else 1000),
        "casefile": lambda: casefile.case_file(folder, 30 if arguments.small else 300),
        "startup": startup.window,
        "transfers": lambda: _transfers(folder / "transfers", 10_000 if arguments.small else 100_000),
        "grading": lambda: _grading(big_ledger.build(folder, enterprises, inspections)),
        "plausibility": lambda: plausibility.plausibility(folder, TODAY),
        "plan": lambda: plans.plans(folder, TODAY),
        "paste": lambda: _paste(big_ledger.build(folder, enterprises, inspections)),
        "responsibility": lambda: [*responsibility.responsibility(folder), *papers.papers(folder / "responsibility-95")],
    }
    print(HEADER, flush=True)
    met = True
    for name in arguments.parts or parts:
        for ratio in parts[name]():
            print(ratio.line(), flush=True)
            met &= ratio.met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
