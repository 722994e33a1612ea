"""Pictures and foreign pages laid under the finished pages of a PDF, in little memory; knows no layout and no text.

What lies under a page is a page of the same size in a file of its own; qpdf joins them while it writes and reads each
picture from the disk when its turn comes. (A page copied from one open PDF to another would stay in memory.)
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    import pikepdf

Matrix = tuple[float, float, float, float, float, float]
"""What PDF's operator cm takes."""
PER_FILE = 8
"""Pages whose pictures are held in memory at a time."""
SMALL = 4 << 20
"""Bytes that qpdf joins so quickly that no window waits for it."""
_LEAST_FREE = 1 << 20
_JOIN = "import json, sys, pikepdf; pikepdf.Job(json.load(sys.stdin)).run()"


@dataclass(frozen=True, slots=True)
class Inlay:
    """A picture or a page of another PDF: the XObject ``index`` of the array /Inlays in the root of a prepared file."""

    part: Path
    index: int


@dataclass(slots=True)
class Underlay:
    """What lies under one page of ``size`` (width and height in points): inlays, each with its place."""

    size: tuple[float, float]
    shown: list[tuple[Inlay, Matrix]] = field(default_factory=list)


def lay_under(own: Path, under: Mapping[int, Underlay], folder: Path, out: Path) -> None:
    """Write ``own`` with something under some of its pages (by number, from 0); ``folder`` is for what lies between.

    Raises OSError where it cannot be written.
    """
    size = 0
    arguments = ["pikepdf", str(own), "--object-streams=generate", "--deterministic-id"]
    numbers = sorted(under)
    for start in range(0, len(numbers), PER_FILE):
        mine = numbers[start : start + PER_FILE]
        path = folder / f"under-{start:06d}.pdf"
        _write_pages(path, [under[number] for number in mine])
        size += path.stat().st_size
        arguments += ["--underlay", str(path), "--to=" + ",".join(str(number + 1) for number in mine), "--"]
    try:
        _join([*arguments, str(out)], size)
    except RuntimeError as error:
        code = _why(out.parent)
        raise OSError(code, os.strerror(code), str(out)) from error


def _join(arguments: list[str], size: int) -> None:
    """Run qpdf; a long one in a process of its own, since it keeps the interpreter, and every window, waiting.

    Raises RuntimeError with its words.
    """
    if size <= SMALL:
        import pikepdf

        pikepdf.Job(arguments).run()
        return
    done = subprocess.run(
        [sys.executable, "-I", "-c", _JOIN],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-400:])


def _why(folder: Path) -> int:
    """The likeliest reason why nothing could be written into a folder; qpdf says it in words only."""
    if not folder.is_dir():
        return errno.ENOENT
    if not os.access(folder, os.W_OK):
        return errno.EACCES
    return errno.ENOSPC if shutil.disk_usage(folder).free < _LEAST_FREE else errno.EIO


def _write_pages(path: Path, pages: list[Underlay]) -> None:
    import pikepdf

    sources: dict[Path, pikepdf.Pdf] = {}
    try:
        with pikepdf.new() as pdf:
            for one in pages:
                page = pdf.add_blank_page(page_size=one.size).obj
                words, found = [], pikepdf.Dictionary()
                for number, (inlay, matrix) in enumerate(one.shown, start=1):
                    if inlay.part not in sources:
                        sources[inlay.part] = pikepdf.open(inlay.part)
                    found[f"/X{number}"] = pdf.copy_foreign(sources[inlay.part].Root.Inlays[inlay.index])
                    place = " ".join(f"{value:.4f}" for value in matrix)
                    words.append(f"q {place} cm /X{number} Do Q")
                page.Resources = pikepdf.Dictionary(XObject=found)
                page.Contents = pdf.make_stream("\n".join(words).encode("ascii"))
            with Sink(path) as sink:
                pdf.save(cast(BinaryIO, sink))
    finally:
        for source in sources.values():
            source.close()


class Sink(io.BufferedIOBase):
    """A file that qpdf writes to; leaving the block raises the OSError that a write met.

    Thrown through qpdf, such an error (a full disk) would end the whole process.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._error: OSError | None = None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def write(self, data: Any) -> int:
        if self._error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self._error = error
        return len(data)

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        try:
            self._file.close()
        except OSError as error:
            self._error = self._error or error
        if self._error is not None:
            raise self._error
