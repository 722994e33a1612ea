"""A case file of 300 pages, two thirds of them photos of a phone: time beside the bare libraries, memory beside 100 pages."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

from documents import PEAK, ROOT
from measure import Ratio

OURS = """
import datetime as dt, json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from models.case_file import CaseScope
from models.opening import open_office
from reports.case_contents import contents_of
from reports.case_file import write_case
from reports.case_papers import Setting
from reports.core.fonts import bundled_fonts
folder, out = Path(sys.argv[2]), Path(sys.argv[3])
ledger = open_office(folder, today=dt.date(2024, 6, 30))
start = time.perf_counter()
found = contents_of(CaseScope(1), ledger.blobs, Setting(ledger.today))
made = write_case(found, found.usual(), ledger.blobs, out, fonts=bundled_fonts())
print(json.dumps({"s": time.perf_counter() - start, "mb": peak(), "pages": made.numbered, "size": out.stat().st_size / 1e6}))
ledger.close()
"""

#: Pillow scales each photo, ReportLab puts it on a page, pypdf joins the scans: what one would write by hand.
BARE = """
import io, json, sys, time
from pathlib import Path
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
folder, out, photos, scans = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
pictures, papers = sorted(folder.glob("*.jpg")), sorted(folder.glob("*.pdf"))
start = time.perf_counter()
packed = io.BytesIO()
canvas = Canvas(packed, pagesize=A4)
for number in range(photos):
    with Image.open(pictures[number % len(pictures)]) as image:
        image.draft("RGB", (1300, 1733))
        small = image.resize((1300, 1733), Image.Resampling.LANCZOS, reducing_gap=2.0)
    again = io.BytesIO()
    small.save(again, "JPEG", quality=82)
    canvas.drawImage(ImageReader(again), 71, 80, 468, 624)
    canvas.drawString(540, 800, str(number))
    canvas.showPage()
canvas.save()
writer = PdfWriter(packed)
for number in range(scans):
    writer.append(PdfReader(papers[number % len(papers)]))
writer.write(out)
print(json.dumps({"s": time.perf_counter() - start, "mb": peak()}))
"""
SCAN_PAGES = 20


def _sources(folder: Path) -> tuple[list[bytes], list[bytes]]:
    """Photos of 12 megapixels and scans of 20 pages, a few of each."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(4):
        photo = folder / f"{number}.jpg"
        if not photo.exists():
            Image.effect_noise((756, 1008), 40 + number).resize((3024, 4032)).convert("RGB").save(photo, "JPEG", quality=92)
    scan = folder / "scan.pdf"
    if not scan.exists():
        page = Image.effect_noise((1240, 1754), 20).convert("L")
        packed = io.BytesIO()
        page.save(packed, "PDF", save_all=True, append_images=[page] * (SCAN_PAGES - 1), quality=40)
        scan.write_bytes(packed.getvalue())
    return [path.read_bytes() for path in sorted(folder.glob("*.jpg"))], [scan.read_bytes()]


def _office(folder: Path, photos: int, scans: int, sources: tuple[list[bytes], list[bytes]]) -> Path:
    """A ledger whose one enterprise has so many photos and scans."""
    from models.enterprise import Enterprise
    from models.inspection import Inspection
    from models.opening import open_office
    from tests.reports.case_ledger import TODAY, fill

    shutil.rmtree(folder, ignore_errors=True)
    ledger = open_office(folder, today=TODAY)
    try:
        office = fill(ledger)
        pictures, papers = sources
        office.attach_files(Enterprise, office.place, {f"{n:03}.pdf": papers[n % len(papers)] for n in range(scans)})
        office.attach_files(
            Inspection, office.inspection, {f"{n:03}.jpg": pictures[n % len(pictures)] for n in range(photos)}
        )
    finally:
        ledger.close()
    return folder


def _run(script: str, *words: object) -> dict[str, float]:
    command = [sys.executable, "-c", PEAK + script, str(ROOT), *map(str, words)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def case_file(folder: Path, pages: int = 300) -> list[Ratio]:
    """The time of a case beside the bare libraries, and its memory beside that of one a third as long."""
    sources = _sources(folder / "casefile")
    found = []
    for share in (pages, pages // 3):
        scans = max(1, share // 3 // SCAN_PAGES)
        photos = share - scans * SCAN_PAGES
        office = _office(folder / f"casefile-{share}", photos, scans, sources)
        found.append((_run(OURS, office, folder / "case.pdf"), photos, scans))
    (ours, photos, scans), (third, _photos, _scans) = found
    bare = _run(BARE, folder / "casefile", folder / "bare.pdf", photos, scans)
    note = f"{ours['pages']:.0f} pages, {ours['size']:.1f} MB"
    name = f"case file of {pages} pages"
    return [
        Ratio(name, ours["s"], bare["s"], 1.5, note=note),
        Ratio(f"memory of {pages} pages against {pages // 3} (MB as ms)", ours["mb"] / 1000, third["mb"] / 1000, 1.3,
              note=f"bare needs {bare['mb']:.0f} MB"),
    ]
