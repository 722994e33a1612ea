"""What can go wrong while a document is made, in words for the clerk; knows no topic and no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from models.core.errors import KnownError


class DocumentError(KnownError):
    """A document could not be made; the text says why and what to do."""


class MissingGlyph(DocumentError):
    """No font at hand has the character; `char`, `where` name it, so that nobody gets a blank or a box."""

    def __init__(self, char: str, where: str = "") -> None:
        self.char = char
        self.where = where
        place = f"（位置：{where}）" if where else ""
        super().__init__(
            f"“{char}”（U+{ord(char):04X}）印不出来：现有字体都没有这个字{place}。",
            "请核对是否录错，或改用通行写法后再试。",
        )


class Cancelled(DocumentError):
    """The user stopped the work; nothing was written."""

    def __init__(self) -> None:
        super().__init__("已取消，", "没有生成文件。")


@contextmanager
def located(where: str) -> Iterator[None]:
    """Name the place in a `MissingGlyph` that passes through; the innermost place wins."""
    try:
        yield
    except MissingGlyph as error:
        if error.where:
            raise
        raise MissingGlyph(error.char, where) from None
