"""Pictures and foreign pages on the pages of a book: upright, in their place, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageOps

from reports.core.book import About, Book, Pen
from reports.core.errors import DocumentError
from reports.core.fonts import FontSet, Role
from reports.core.inlays import Inlays, NotShown
from reports.core.page import A4, Sheet
from reports.core.text import Style
from tests.reports.case_ledger import photo, scan
from tests.reports.reading import read_pages

SHEET = Sheet(A4[0], A4[1], 50, 50, 400, 700, 20)


def test_pictures_stand_upright_whatever_way_the_camera_was_held(tmp_path: Path, fonts: FontSet) -> None:
    wanted = []
    with Book(tmp_path / "out.pdf", About("t"), fonts) as book:
        inlays = Inlays(tmp_path)
        for turned in range(1, 9):
            path = tmp_path / f"{turned}.jpg"
            path.write_bytes(photo((400, 300), turned))
            with Image.open(path) as image:
                wanted.append(ImageOps.exif_transpose(image).convert("RGB"))
            for placed in inlays.picture(path, lambda width, height: (width / 2, height / 2)):
                book.page(SHEET)
                book.inlay(placed.inlay, placed.at(50, 100, placed.width, placed.height))
        inlays.close()
    pdf = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    try:
        for number, want in enumerate(wanted):
            page = pdf[number].render(scale=1).to_pil()
            for across in (0.15, 0.5, 0.85):
                for down in (0.15, 0.5, 0.85):
                    at = int(across * want.width), int(down * want.height)
                    got = page.getpixel((50 + at[0], page.height - 100 - want.height + at[1]))
                    assert got == pytest.approx(want.getpixel(at), abs=40), (number + 1, at)
    finally:
        pdf.close()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_taken(tmp_path: Path, fonts: FontSet, mode: str) -> None:
    path, out = tmp_path / "p.tif", tmp_path / "out.pdf"
    plain = Image.new("RGB", (300, 200), (200, 30, 30))
    made = Image.new("I;16", (300, 200), 30_000) if mode == "I;16" else plain.convert(mode)
    made.save(path if mode != "P" else path.with_suffix(".png"))
    inlays = Inlays(tmp_path)
    with Book(out, About("t"), fonts) as book:
        for placed in inlays.picture(path if mode != "P" else path.with_suffix(".png"), lambda w, h: (w, h)):
            assert (placed.width, placed.height) == (300, 200)
            book.page(SHEET)
            book.inlay(placed.inlay, placed.at(50, 100, 300, 200))
        inlays.close()
    pdf = pypdfium2.PdfDocument(out)
    try:
        got = pdf[0].render(scale=1).to_pil().getpixel((200, 842 - 200))
    finally:
        pdf.close()
    want = {"1": None, "L": (81,) * 3, "LA": (81,) * 3, "I;16": (117,) * 3}.get(mode, (200, 30, 30))
    if want is not None:
        assert got == pytest.approx(want, abs=40)


def test_what_shines_through_stands_on_white(tmp_path: Path, fonts: FontSet) -> None:
    path, out = tmp_path / "p.png", tmp_path / "out.pdf"
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(path)
    inlays = Inlays(tmp_path)
    with Book(out, About("t"), fonts) as book:
        for placed in inlays.picture(path, lambda w, h: (w, h)):
            book.page(SHEET)
            book.inlay(placed.inlay, placed.at(50, 100, 300, 200))
        inlays.close()
    pdf = pypdfium2.PdfDocument(out)
    try:
        assert pdf[0].render(scale=1).to_pil().getpixel((200, 842 - 200)) == (255, 255, 255)
    finally:
        pdf.close()


def test_foreign_pages_keep_their_text_and_turn(tmp_path: Path, fonts: FontSet) -> None:
    inlays, out = Inlays(tmp_path), tmp_path / "out.pdf"
    with Book(out, About("t"), fonts) as book:
        for rotate in (0, 90, 180, 270):
            path = tmp_path / f"{rotate}.pdf"
            path.write_bytes(scan(2, (600, 800), rotate))
            told: list[tuple[int, int]] = []
            pages = inlays.pages(path, lambda done, total, told=told: told.append((done, total)))  # type: ignore[misc]
            assert told == [(1, 2), (2, 2)]
            for placed in pages:
                assert (placed.width, placed.height) == ((800, 600) if rotate % 180 else (600, 800))
                book.page(SHEET)
                book.inlay(placed.inlay, placed.at(0, 0, placed.width / 2, placed.height / 2))
    assert [text[-1] for text in read_pages(out)] == ["1", "2"] * 4
    assert len(pypdf.PdfReader(out).pages) == 8


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "已损坏"),
        (b"%PDF-1.7\n%%EOF", "已损坏"),
        (scan(1, password="geheim"), "加了密码"),
        (scan(2)[:400], "已损坏"),
        (scan(0), "没有页面"),
    ],
    ids=["empty", "bare", "locked", "cut", "pageless"],
)
def test_pdfs_that_cannot_be_read_are_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "p.pdf"
    path.write_bytes(content)
    with pytest.raises(NotShown, match=why):
        Inlays(tmp_path).pages(path)


def test_a_repaired_pdf_is_shown_and_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "p.pdf"
    content = scan(3)
    path.write_bytes(content[: content.index(b"xref")])
    assert [placed.damaged for placed in Inlays(tmp_path).pages(path)] == [True] * 3
    path.write_bytes(content)
    assert [placed.damaged for placed in Inlays(tmp_path).pages(path)] == [False] * 3


def test_a_pdf_with_only_an_owner_s_password_is_shown(tmp_path: Path) -> None:
    import pikepdf

    path, plain = tmp_path / "p.pdf", io.BytesIO(scan(1))
    with pikepdf.open(plain) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user="", owner="geheim"))
    assert len(Inlays(tmp_path).pages(path)) == 1


def test_a_file_that_is_gone_is_the_system_s_matter(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Inlays(tmp_path).pages(tmp_path / "none.pdf")
    with pytest.raises(FileNotFoundError):
        next(Inlays(tmp_path).picture(tmp_path / "none.jpg", lambda w, h: (w, h)))


@pytest.mark.parametrize("small", [0, 1 << 30], ids=["other process", "this process"])
def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, fonts: FontSet, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr("reports.core.underlay.SMALL", small)
    path, inlays = tmp_path / "p.pdf", Inlays(tmp_path)
    path.write_bytes(scan(1))
    placed = inlays.pages(path)[0]

    def write() -> None:
        with Book(tmp_path / "no" / "out.pdf", About("t"), fonts) as book:
            book.page(SHEET)
            book.inlay(placed.inlay, placed.at(0, 0, 100, 100))

    with pytest.raises(DocumentError, match="写不进"):
        write()
    assert not (tmp_path / "no").exists()


def test_pages_turned_to_the_front_come_first(tmp_path: Path, fonts: FontSet) -> None:
    out = tmp_path / "out.pdf"
    style = Style(Role.BODY, 12)

    def number(pen: Pen, page: int, pages: int) -> None:
        pen.text(60, 60, f"p{page}", style)

    with Book(out, About("t"), fonts, chunk=2, last_words=number) as book:
        for word in ("甲", "乙", "丙"):
            book.page(SHEET).text(60, 400, word, style)
            book.bookmark(word)
        book.turn_to_front()
        book.page(SHEET).text(60, 400, "封", style)
        with book.unmarked():
            book.bookmark("不记")
        book.bookmark("封")
        book.labels = [(0, "封面", False), (1, "", True)]
    reader = pypdf.PdfReader(out)
    assert read_pages(out) == ["封p1", "甲p2", "乙p3", "丙p4"]
    assert [(entry.title, reader.get_destination_page_number(entry)) for entry in reader.outline] == [
        ("封", 0), ("甲", 1), ("乙", 2), ("丙", 3),
    ]  # fmt: skip
    assert reader.page_labels == ["封面", "1", "2", "3"]
