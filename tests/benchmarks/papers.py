"""Every paper of 包保责任 for 10,000 enterprises and 800 officials: memory and time beside those of a tenth of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from documents import PEAK, ROOT
from measure import Ratio

WRITE = """
import dataclasses, datetime as dt, json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from models.opening import open_office
from models.responsibility_scope import of_all
from reports.core.fonts import bundled_fonts
from reports.responsibility_file import write_papers
ledger = open_office(Path(sys.argv[2]), today=dt.date(2024, 6, 30))
whose = of_all(ledger.today)
whose = dataclasses.replace(whose, officials=whose.officials[::int(sys.argv[4])])
start = time.perf_counter()
found = write_papers(sys.argv[3], whose, ledger.today, Path(sys.argv[2]) / "papers.pdf", fonts=bundled_fonts())
print(json.dumps({"s": time.perf_counter() - start, "mb": peak(), "pages": found.pages}))
ledger.close()
"""
KINDS = ("responsibility", "task", "oversight", "commitment", "board")


def _run(folder: Path, kind: str, every: int) -> dict[str, float]:
    command = [sys.executable, "-c", PEAK + WRITE, str(ROOT), str(folder), kind, str(every)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def papers(folder: Path) -> list[Ratio]:
    """Of each kind the memory of all beside that of a tenth, and the time of a page beside the tenth's; ``folder`` holds
    the ledger that the part responsibility leaves."""
    ratios = []
    for kind in KINDS:
        whole, tenth = _run(folder, kind, 1), _run(folder, kind, 10)
        note = f"{whole['pages']:.0f} pages in {whole['s']:.1f} s"
        ratios.append(Ratio(f"memory of {kind} for all (MB as ms)", whole["mb"] / 1000, tenth["mb"] / 1000, 2.5, note=note))
        ratios.append(Ratio(f"a page of {kind}", whole["s"] / whole["pages"], tenth["s"] / tenth["pages"], 1.3))
    return ratios
