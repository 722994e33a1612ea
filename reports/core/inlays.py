"""Pictures and pages of other PDFs made ready to be shown on the pages of a Book; knows no page layout and no topic.

They go to disk in files of their own, whose root has an array /Inlays of XObjects (ISO 32000-1, 8.9 and 8.10), so
that memory holds a few pictures at a time and a file that cannot be read spoils no other.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from reports.core.errors import DocumentError
from reports.core.underlay import Inlay, Matrix, Sink

if TYPE_CHECKING:
    import pikepdf
    from PIL.Image import Image

MOST_PIXELS = 180_000_000
"""Larger pictures are refused."""
MOST_WHOLE = 80_000_000
"""Larger ones only where they can be decoded in a smaller size (JPEG)."""
MOST_FRAMES = 500
"""Pages of a TIFF that are taken."""
DPI = 200
"""What a picture is scaled down to at its printed size."""
PER_FILE = 8
"""Pictures held in memory at a time."""
PAGES_PER_FILE = 16
"""Pages of a PDF held in memory at a time."""
_QUALITY = 82
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, AttributeError, struct.error)
_TURNED = {3: 2, 6: 3, 8: 1}
"""EXIF orientation: quarter turns counter-clockwise that set the picture upright."""
_FLIPPED = {2: 0, 4: 2, 5: 1, 7: 3}
"""Those that are mirrored first."""
_ORIENTATION = 0x0112
_REPAIRED = ("damaged", "reconstruct", "unexpected EOF", "missing endstream")
"""Words of qpdf's warnings that tell of lost parts."""


class NotShown(DocumentError):
    """A file that cannot be shown on a page; the words say why, without naming it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Something ready to be shown; ``width`` and ``height`` are of a picture pixels upright, of a page points.

    ``damaged`` is set on the pages of a PDF that had to be repaired, so that something may be missing.
    """

    inlay: Inlay
    width: float
    height: float
    base: Matrix
    damaged: bool = False

    def at(self, x: float, y: float, width: float, height: float) -> Matrix:
        """The matrix that fills a box with its lower left corner at (x, y); all in points."""
        across, up = width / self.width, height / self.height
        a, b, c, d, e, f = self.base
        return a * across, b * up, c * across, d * up, e * across + x, f * up + y


class Inlays:
    """Writes prepared files into a folder, which must stay until the Book is finished."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._open: pikepdf.Pdf | None = None
        self._held: list[pikepdf.Object] = []

    def _next(self) -> Path:
        return self._folder / f"inlays-{self._count:05d}.pdf"

    def close(self) -> None:
        """Write what is still held. Raises OSError where the disk is full."""
        if self._open is not None:
            self._write(self._open, self._held)
            self._open, self._held = None, []

    def _write(self, pdf: pikepdf.Pdf, inlays: list[pikepdf.Object]) -> Path:
        import pikepdf

        path = self._next()
        pdf.Root.Inlays = pikepdf.Array(inlays)
        with Sink(path) as sink:
            pdf.save(cast(BinaryIO, sink))
        pdf.close()
        self._count += 1
        return path

    # --- pictures ----------------------------------------------------------------------------------------------------

    def picture(self, path: Path, fit: Callable[[float, float], tuple[float, float]]) -> Iterator[Placed]:
        """A picture, of a TIFF each of its pages, upright as the camera was held.

        ``fit(width, height)`` in pixels gives the printed size in points, for which it is scaled down to ``DPI``.
        Raises NotShown with the reason.
        """
        from PIL import Image

        try:
            with _quiet():
                image = Image.open(path)
            with image:
                with _quiet():
                    frames = min(getattr(image, "n_frames", 1), MOST_FRAMES) if image.format == "TIFF" else 1
                for number in range(frames):
                    with _quiet():
                        if frames > 1:
                            image.seek(number)
                        placed = self._take(image, fit)
                    yield placed
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Image.UnidentifiedImageError as error:
            raise NotShown("不是能认出的图片，或文件已损坏") from error
        except MemoryError as error:
            raise _too_large() from error
        except _BROKEN as error:
            _let_pass(error)
            raise NotShown("图片已损坏，不能完整读出") from error

    def _take(self, image: Image, fit: Callable[[float, float], tuple[float, float]]) -> Placed:
        width, height = image.size
        pixels = width * height
        if pixels > MOST_PIXELS or (pixels > MOST_WHOLE and image.format != "JPEG"):
            raise _too_large(width, height)
        turned = image.getexif().get(_ORIENTATION, 1)
        quarter = _TURNED.get(turned, _FLIPPED.get(turned, 0))
        upright = (height, width) if quarter % 2 else (width, height)
        printed = fit(*upright)
        share = min(1.0, max(printed[0] * DPI / 72 / upright[0], printed[1] * DPI / 72 / upright[1]))
        wanted = (max(1, round(width * share)), max(1, round(height * share)))
        if image.format == "JPEG" and share < 1:
            image.draft(None, wanted)
        small = _reduced(image, wanted)
        if turned in _FLIPPED:
            from PIL import Image as Pillow

            small = small.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
        stream = self._stream(small)
        inlay = Inlay(self._next(), len(self._held))
        self._held.append(stream)
        if len(self._held) >= PER_FILE:
            self.close()
        return Placed(inlay, *upright, _turn(quarter, *upright))

    def _stream(self, image: Image) -> pikepdf.Object:
        """The image XObject in the file being filled: two colours stay as they are, all else becomes JPEG."""
        import io

        import pikepdf

        if self._open is None:
            self._open = pikepdf.new()
        if image.mode == "1":
            stream = self._open.make_stream(image.tobytes())
            space, bits = pikepdf.Name.DeviceGray, 1
        else:
            packed = io.BytesIO()
            image.save(packed, "JPEG", quality=_QUALITY)
            stream = pikepdf.Stream(self._open, packed.getvalue(), Filter=pikepdf.Name.DCTDecode)
            space, bits = (pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB), 8
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        stream.Width, stream.Height = image.size
        stream.ColorSpace, stream.BitsPerComponent = space, bits
        return self._open.make_indirect(stream)

    # --- pages of PDFs -----------------------------------------------------------------------------------------------

    def pages(self, path: Path, told: Callable[[int, int], None] = lambda done, total: None) -> list[Placed]:
        """The pages of a PDF, with what is filled in and sealed on them. Raises NotShown with the reason.

        ``told(done, total)`` after each page may raise to stop.
        """
        import pikepdf

        self.close()
        try:
            with pikepdf.open(path) as source:
                if not len(source.pages):
                    raise NotShown("这份 PDF 里没有页面")
                damaged = _damaged(source)
                if damaged and not any(map(_has_contents, source.pages)):
                    raise NotShown("这份 PDF 已损坏，读不出来")
                _flatten(source)
                found: list[Placed] = []
                for start in range(0, len(source.pages), PAGES_PER_FILE):
                    found += self._some(source, start, damaged, told)
                return found
        except pikepdf.PasswordError as error:
            raise NotShown("这份 PDF 加了密码，打不开") from error
        except (pikepdf.PdfError, RuntimeError, RecursionError, NotImplementedError, *_BROKEN) as error:
            _let_pass(error)
            raise NotShown("这份 PDF 已损坏，读不出来") from error

    def _some(
        self, source: pikepdf.Pdf, start: int, damaged: bool, told: Callable[[int, int], None]
    ) -> list[Placed]:
        """The pages from one on, as many as a file takes."""
        import pikepdf

        found: list[Placed] = []
        forms: list[pikepdf.Object] = []
        total, target = len(source.pages), self._next()
        with pikepdf.new() as out:
            for at in range(start, min(start + PAGES_PER_FILE, total)):
                form = out.copy_foreign(source.pages[at].as_form_xobject())
                width, height, base = _extent(form)
                found.append(Placed(Inlay(target, len(forms)), width, height, base, damaged))
                forms.append(form)
                told(at + 1, total)
            with _unspoilt():
                self._write(out, forms)
        return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow's remarks on odd files are for nobody; what matters it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _unspoilt() -> Iterator[None]:
    """What goes wrong while a foreign page is written is the page's fault, unless the disk says so."""
    import pikepdf

    try:
        yield
    except (pikepdf.PdfError, RuntimeError) as error:
        raise NotShown("这份 PDF 的页面已损坏，读不出来") from error


def _let_pass(error: Exception) -> None:
    """What the system says (a full disk, a file gone) is not the content's fault."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


def _too_large(width: int = 0, height: int = 0) -> NotShown:
    size = f"（{width}×{height} 像素）" if width else ""
    return NotShown(f"图片太大{size}，没有印出，请另看原文件")


def _reduced(image: Image, wanted: tuple[int, int]) -> Image:
    """A picture no larger than wanted, in a mode that can be printed; raises what Pillow raises for a broken one."""
    from PIL import Image as Pillow

    image.load()
    if image.mode == "1" and image.size <= (wanted[0] * 2, wanted[1] * 2):
        return image.copy()
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        opaque = image.convert("RGBA")
        ground = Pillow.new("RGB", opaque.size, "white")
        ground.paste(opaque, mask=opaque.getchannel("A"))
        image = ground
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("1", "I", "F"):
        image = image.convert("L")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    if image.size[0] > wanted[0] or image.size[1] > wanted[1]:
        return image.resize(wanted, Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    return image.copy()


def _turn(quarter: int, width: float, height: float) -> Matrix:
    """From the unit square of an image, turned counter-clockwise by quarters, to a box of width × height."""
    return {
        0: (width, 0, 0, height, 0, 0),
        1: (0, height, -width, 0, width, 0),
        2: (-width, 0, 0, -height, width, height),
        3: (0, -height, width, 0, 0, height),
    }[quarter]


def _has_contents(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents")
    if contents is None:
        return False
    import pikepdf

    return not isinstance(contents, pikepdf.Array) or len(contents) > 0


def _damaged(source: pikepdf.Pdf) -> bool:
    """Whether the library had to repair the file (small faults, as old scanners make them, are none)."""
    return any(word in str(warning) for warning in source.get_warnings() for word in _REPAIRED)


def _flatten(source: pikepdf.Pdf) -> None:
    """Draw form fields and seals into the pages; they would be lost with the page's annotations."""
    form = source.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances", False):
        source.generate_appearance_streams()
    source.flatten_annotations("print")


def _extent(form: Any) -> tuple[float, float, Matrix]:
    """Width and height of a form XObject as shown, and the matrix that brings its corner to the origin."""
    x0, y0, x1, y1 = (float(value) for value in form.BBox)
    a, b, c, d, e, f = (float(value) for value in form.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    low, high = min(y for _x, y in corners), max(y for _x, y in corners)
    if not (0 < right - left < 1e6 and 0 < high - low < 1e6):
        raise NotShown("这份 PDF 的页面大小不对，读不出来")
    return right - left, high - low, (1, 0, 0, 1, -left, -low)
