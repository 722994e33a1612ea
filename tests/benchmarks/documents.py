"""A thousand notices in one PDF against bare ReportLab flowables of the same words, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from measure import Ratio

ROOT = Path(__file__).resolve().parents[2]

OURS = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests_words import words
from reports.core.fonts import bundled_fonts
from reports.notice import render_notices
texts = words(int(sys.argv[3]))
render_notices(texts[:1], Path(sys.argv[2]), fonts=bundled_fonts())
start = time.perf_counter()
render_notices(texts, Path(sys.argv[2]), fonts=bundled_fonts())
spent = time.perf_counter() - start
print(json.dumps({"s": spent, "mb": peak()}))
"""

BARE = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from tests_words import words
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
pdfmetrics.registerFont(TTFont("song", sys.argv[1] + "/resources/fonts/ShianSong-Regular.ttf"))
pdfmetrics.registerFont(TTFont("bold", sys.argv[1] + "/resources/fonts/ShianSong-Bold.ttf"))
texts = words(int(sys.argv[3]))
body = ParagraphStyle("b", fontName="song", fontSize=16, leading=29, firstLineIndent=32, wordWrap="CJK")
head = ParagraphStyle("t", fontName="bold", fontSize=22, leading=36, alignment=1, wordWrap="CJK")
def build(texts):
    story = []
    for t in texts:
        story += [Paragraph(t.office, head), Paragraph(t.title, head), Paragraph(t.number, body), Paragraph(t.addressee, body)]
        story += [Paragraph(p, body) for p in (*t.paragraphs, *t.contact_lines, t.office, str(t.issued_on), t.footnote)]
        story.append(PageBreak())
    SimpleDocTemplate(sys.argv[2], pagesize=A4, leftMargin=79, rightMargin=74, topMargin=105, bottomMargin=99).build(story)
build(texts[:1])
start = time.perf_counter()
build(texts)
spent = time.perf_counter() - start
print(json.dumps({"s": spent, "mb": peak()}))
"""

#: VmHWM counts from the start of the program; ru_maxrss would still hold the parent's.
PEAK = """
def peak():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
"""

WORDS = """
import datetime as dt
from models.notice_text import NoticeText
def words(count):
    return [NoticeText(
        office="示例市示例区市场监督管理局", title="责令改正通知书", number=f"示市监责改〔2024〕{n}号", addressee=f"示例{n}号餐饮店",
        paragraphs=(
            f"经查，你（单位）存在下列问题：1．未建立进货查验记录制度；2．餐用具清洗消毒后未按规定保洁存放，第{n}次检查仍未改正。"
            "上述行为违反了《中华人民共和国食品安全法》第五十三条第二款、第五十六条第二款的规定。",
            "依据《中华人民共和国行政处罚法》第二十八条第一款的规定，现责令你（单位）于2024年6月30日前（含当日）改正。",
            "改正内容及要求：建立并执行进货查验记录制度；餐用具清洗消毒后放入专用保洁柜，并将整改情况书面报告本局。",
            "如对本责令改正决定不服，可以自收到本通知书之日起六十日内向示例区人民政府申请行政复议；"
            "也可以在六个月内依法向示例区人民法院提起行政诉讼。"),
        contact_lines=("联系人：示例甲、示例乙　　联系电话：0798-8000000", "联系地址：示例路1号"),
        issued_on=dt.date(2024, 6, 20), footnote="本文书一式三份，一份送达，一份归档，一份留存承办机构。") for n in range(1, count + 1)]
"""


def _run(script: str, folder: Path, count: int) -> dict[str, float]:
    (folder / "tests_words.py").write_text(WORDS, encoding="utf-8")
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{PEAK}{script}", str(ROOT),
               str(folder / "out.pdf"), str(count)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def notices(folder: Path, count: int = 1000) -> list[Ratio]:
    """The ratio of the two, and the memory of a document three times as long beside that of one."""
    ours, bare = (min((_run(script, folder, count) for _ in range(3)), key=lambda r: r["s"]) for script in (OURS, BARE))
    long = _run(OURS, folder, 3 * count)
    growth = Ratio(f"memory of {3 * count:,} notices against {count:,} (MB as ms)", long["mb"] / 1000, ours["mb"] / 1000, 1.5,
                   note=f"bare needs {bare['mb']:.0f} MB")
    return [Ratio(f"{count:,} notices in one PDF", ours["s"], bare["s"], 1.3), growth]
