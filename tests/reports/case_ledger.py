"""A small ledger whose enterprise has papers, photos, scans and files that cannot be shown, for the case file."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw

from models.area import Area
from models.attachment import Piece, Source, limit, store, take_in
from models.core.ledger import Ledger
from models.core.saving import Draft, inspect, save
from models.enterprise import Enterprise, Party
from models.inspection import Finding, Inspection
from models.notice import Notice
from models.notice_steps import issue, notice_values, serve
from models.opening import open_office
from models.organization import Officer

TODAY = dt.date(2024, 6, 30)
PERMIT = "JY13602020000014"


def photo(size: tuple[int, int], turned: int = 1, mode: str = "RGB", kind: str = "JPEG", words: str = "") -> bytes:
    """A picture whose upper left corner is red and lower right blue."""
    image = Image.new(mode, size, "white")
    pen = ImageDraw.Draw(image)
    if mode == "RGB":
        pen.rectangle((0, 0, size[0] // 3, size[1] // 3), fill="red")
        pen.rectangle((size[0] * 2 // 3, size[1] * 2 // 3, *size), fill="blue")
    pen.text((size[0] // 2, size[1] // 2), words, fill="black")
    out = io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = turned
    if turned != 1:
        image.save(out, kind, exif=exif)
    else:
        image.save(out, kind)
    return out.getvalue()


def scan(pages: int, size: tuple[float, float] = (595.0, 842.0), rotate: int = 0, password: str = "") -> bytes:
    """A PDF whose pages say «scan page N»."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=size)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        words = f"q q BT /F1 40 Tf 60 {size[1] - 160:.0f} Td (scan page {number}) Tj ET"  # unbalanced on purpose
        page.obj.Contents = pdf.make_stream(words.encode())
        if rotate:
            page.obj.Rotate = rotate
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return out.getvalue()


def sealed() -> bytes:
    """A PDF with a seal that stands in an annotation, as electronic seals do."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    form = pdf.make_stream(b"0 0 1 rg 0 0 100 100 re f")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([0, 0, 100, 100])
    seal = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=pikepdf.Array([300, 300, 400, 400]), F=4,
        AP=pikepdf.Dictionary(N=form),
    )  # fmt: skip
    page.obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(seal)]))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@dataclass
class CaseOffice:
    """The ledger and the ids of its records."""

    ledger: Ledger
    place: int = 0
    other: int = 0
    inspection: int = 0
    notice: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def put(self, model: Any, **values: Any) -> Any:
        """Store a record as a person would, warnings waived."""
        with self.ledger.write("准备") as tx:
            rules = {problem.rule for problem in inspect(Draft(model, values, None, self.ledger.today)).warnings}
            return save(tx, model, values, waivers=dict.fromkeys(rules, "测试"))

    def attach(self, model: Any, row: int, **files: bytes) -> None:
        """Attach contents; the last ``_`` of a name stands for its dot."""
        self.attach_files(model, row, {".".join(name.rsplit("_", 1)): content for name, content in files.items()})

    def attach_files(self, model: Any, row: int, files: dict[str, bytes]) -> None:
        """Attach contents under their names."""
        sources: list[Source] = [Piece(name, content) for name, content in files.items()]
        intake = take_in(self.ledger.blobs, sources, limit())
        assert not intake.refused
        with self.ledger.write("添加附件") as tx:
            stored = store(tx, model._meta.table_name, row, intake.taken)
        self.ledger.blobs.release([one.digest for one in intake.taken])
        self.names |= {one.name: one.id for one in stored}

    def blob(self, name: str) -> Path:
        """Where the content of an attachment lies."""
        from models.core.attachments import Attachment

        return self.ledger.blobs.path(Attachment.get_by_id(self.names[name]).digest)


def fill(ledger: Ledger) -> CaseOffice:
    """Two places; one with an inspection of two findings and a served notice on them."""
    made = CaseOffice(ledger)
    area = Area.get(Area.name == "西郊街道")
    firm = made.put(Party, name="昌江区示例餐饮管理公司", kind="organization")
    facts = {"area": area.id, "status": "open", "opened_on": dt.date(2020, 1, 1), "tier": "D"}
    permits = [{"kind": "JY", "number": PERMIT}]
    for name, address, rows in (("示例小馆", "西郊路2号", permits), ("示例分店", "西郊路9号", [])):
        place = made.put(
            Enterprise, name=name, party=firm.id, address=address, category="catering", permits=rows, **facts
        )
        made.place, made.other = (made.place or place.id), place.id
    people = (("张三", "赣001"), ("李四", "赣002"))
    officers = [made.put(Officer, name=name, certificate=code).id for name, code in people]
    findings = [
        {"wording": word, "legal_basis": "《中华人民共和国食品安全法》第三十三条第一款第二项"}
        for word in ("后厨防鼠板缺失", "冷藏柜温度高于8℃")
    ]
    made.inspection = made.put(
        Inspection, enterprise=made.place, inspected_on=dt.date(2024, 6, 20), kind="routine", state="done",
        result="ordered", officers=officers, findings=findings,
    ).id  # fmt: skip
    with ledger.write("开具") as tx:
        ids = [f.id for f in Finding.live().order_by(Finding.id)]
        values = notice_values(ids, ledger.today) | {"due_on": dt.date(2024, 7, 10)}
        notice = save(tx, Notice, values, waivers={"ordered": "测试"})
        made.notice = notice.id
    with ledger.write("签发") as tx:
        issue(tx, Notice.get_by_id(made.notice), dt.date(2024, 6, 21))
    with ledger.write("送达") as tx:
        serve(tx, Notice.get_by_id(made.notice), dt.date(2024, 6, 22), "direct", "王五")
    return made


def make_office(folder: Path) -> None:
    """A filled ledger in a folder, closed again."""
    ledger = open_office(folder, today=TODAY)
    try:
        fill(ledger)
    finally:
        ledger.close()


@contextmanager
def case_office(source: Path, folder: Path) -> Iterator[CaseOffice]:
    """A copy of a filled ledger, open."""
    shutil.copytree(source, folder)
    ledger = open_office(folder, today=TODAY)
    try:
        places = [place.id for place in Enterprise.live().order_by(Enterprise.id)]
        yield CaseOffice(ledger, *places, Inspection.get().id, Notice.get().id)
    finally:
        ledger.close()
