"""Choice of font files for the office's typefaces and the width of every character; knows no page."""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.core.errors import DocumentError, MissingGlyph

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFontFace

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "fonts"
_LOCK = threading.RLock()
# Chinese faces that draw these at Latin width look wrong between Chinese characters: take the next face.
_WIDE = frozenset("“”‘’…—")
_RESTRICTED = 0x0002 | 0x0100 | 0x0200  # OS/2 fsType: no embedding, no subsetting, bitmaps only


class Role(Enum):
    """What a face is for (GB/T 9704-2012): text, title, heading 1, heading 2, page numbers and lists."""

    BODY = "仿宋"
    TITLE = "小标宋"
    HEI = "黑体"
    KAI = "楷体"
    SONG = "宋体"


_OFFICE_FILES: dict[Role, tuple[str, ...]] = {
    Role.BODY: (
        "仿宋_gb2312.ttf",
        "fangsong_gb2312.ttf",
        "simfang_gb2312.ttf",
        "simfang.ttf",
        "fangsong.ttf",
        "stfangso.ttf",
    ),
    Role.TITLE: (
        "方正小标宋简体.ttf",
        "方正小标宋_gbk.ttf",
        "fzxiaobiaosong-b05s.ttf",
        "fzxiaobiaosong-b05.ttf",
        "fzxbsjw.ttf",
        "fzxbsk.ttf",
        "fzxbs.ttf",
    ),
    Role.HEI: ("simhei.ttf", "黑体.ttf"),
    Role.KAI: (
        "楷体_gb2312.ttf",
        "kaiti_gb2312.ttf",
        "simkai_gb2312.ttf",
        "simkai.ttf",
        "kaiti.ttf",
        "stkaiti.ttf",
    ),
    Role.SONG: ("simsun.ttc", "simsun.ttf", "宋体.ttf", "stsong.ttf"),
}
_BUNDLED_FILES: dict[Role, str] = {
    Role.BODY: "ShianSong-Regular.ttf",
    Role.TITLE: "ShianSong-Bold.ttf",
    Role.HEI: "ShianHei-Regular.ttf",
    Role.KAI: "ShianKai-Regular.ttf",
    Role.SONG: "ShianSong-Regular.ttf",
}


def font_folders() -> list[Path]:
    """Where this system keeps fonts, the user's own folder first."""
    home = Path.home()
    found: list[Path] = []
    if sys.platform == "win32":
        if local := os.environ.get("LOCALAPPDATA"):
            found.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
        found.append(Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts")
    elif sys.platform == "darwin":
        found += [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    else:
        found += [
            home / ".fonts",
            home / ".local/share/fonts",
            Path("/usr/local/share/fonts"),
            Path("/usr/share/fonts"),
        ]
    return [folder for folder in found if folder.is_dir()]


def embeddable(path: Path, index: int = 0) -> bool:
    """True for a font with TrueType outlines whose fsType (OpenType OS/2) allows embedding a subset."""
    try:
        with path.open("rb") as file:
            tag = file.read(4)
            start = 0
            if tag == b"ttcf":
                file.seek(12 + 4 * index)
                start = struct.unpack(">L", file.read(4))[0]
                file.seek(start)
                tag = file.read(4)
            if tag not in (b"\0\1\0\0", b"true"):
                return False
            count = struct.unpack(">H", file.read(2))[0]
            file.seek(start + 12)
            tables: dict[bytes, int] = {}
            for _ in range(count):
                name, _sum, offset, _length = struct.unpack(">4sLLL", file.read(16))
                tables[name] = offset
            if b"glyf" not in tables or b"OS/2" not in tables:
                return False
            file.seek(tables[b"OS/2"] + 8)
            return not struct.unpack(">H", file.read(2))[0] & _RESTRICTED
    except (OSError, struct.error):
        return False


class Face:
    """One font file, parsed at first use and kept; a character is in it only when it has a real glyph."""

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        self.index = index
        self._parsed: TTFontFace | None = None

    @property
    def name(self) -> str:
        """PostScript name, as the PDF lists it."""
        name = self.parsed.name
        return name.decode("latin-1") if isinstance(name, bytes) else str(name)

    @property
    def parsed(self) -> TTFontFace:
        """ReportLab's parsed face (40–120 ms the first time)."""
        if self._parsed is None:
            from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

            with _LOCK:
                if self._parsed is None:
                    try:
                        self._parsed = TTFontFace(str(self.path), subfontIndex=self.index)
                    except (OSError, TTFError, struct.error, LookupError, ValueError) as error:
                        raise DocumentError(
                            f"字体文件 {self.path.name} 读不出来（{error}）。",
                            "请重新安装本程序或该字体后再试。",
                        ) from error
        return self._parsed

    def width(self, char: str) -> float | None:
        """Advance width in em, or None when the face lacks the character."""
        face = self.parsed
        code = ord(char)
        if not face.charToGlyph.get(code):
            return None
        return float(face.getCharWidth(code)) / 1000.0


@cache
def _face(path: Path, index: int) -> Face:
    return Face(path, index)


class Glyphs(dict[str, float]):
    """Width in em of each character of a role; characters taken from another face stand in `elsewhere`.

    Raises MissingGlyph when no face of the chain has the character.
    """

    def __init__(self, chain: tuple[Face, ...]) -> None:
        super().__init__()
        self.chain = chain
        self.elsewhere: dict[str, Face] = {}

    def __missing__(self, char: str) -> float:
        narrow: tuple[Face, float] | None = None
        for face in self.chain:
            width = face.width(char)
            if width is None:
                continue
            if char in _WIDE and width < 0.85:
                narrow = narrow or (face, width)
                continue
            return self._keep(char, face, width)
        if narrow:
            return self._keep(char, *narrow)
        raise MissingGlyph(char)

    def _keep(self, char: str, face: Face, width: float) -> float:
        if face is not self.chain[0]:
            self.elsewhere[char] = face
        self[char] = width
        return width


class FontSet:
    """The faces of all roles, each with its fallbacks, and a cache of widths; shared by all documents."""

    def __init__(self, faces: dict[Role, Face]) -> None:
        self._faces = faces
        self._glyphs: dict[Role, Glyphs] = {}

    def face(self, role: Role) -> Face:
        """The first face of a role; an office font that turns out to be broken gives way to the bundled one."""
        face = self._faces[role]
        spare = _bundled(role)
        if face is not spare:
            try:
                _ = face.parsed
            except DocumentError:
                face = self._faces[role] = spare
        return face

    def glyphs(self, role: Role) -> Glyphs:
        """Widths of the role's characters; the bundled 宋 and 黑 stand behind each face."""
        try:
            return self._glyphs[role]
        except KeyError:
            chain = [self.face(role)]
            chain += [face for face in (_bundled(Role.SONG), _bundled(Role.HEI)) if face not in chain]
            return self._glyphs.setdefault(role, Glyphs(tuple(chain)))


def _bundled(role: Role) -> Face:
    path = BUNDLED / _BUNDLED_FILES[role]
    if not path.is_file():
        raise DocumentError(f"缺少自带字体 {path.name}。", "程序文件不完整，请重新安装。")
    return _face(path, 0)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                yield Path(parent) / name


def choose_fonts(folders: Iterable[Path], preferred: dict[Role, tuple[str, ...]] = _OFFICE_FILES) -> FontSet:
    """The office's own faces where a usable file lies in `folders`, the bundled ones otherwise."""
    at_hand: dict[str, Path] = {}
    wanted = {name for names in preferred.values() for name in names}
    for path in _files(folders):
        name = path.name.lower()
        if name in wanted:
            at_hand.setdefault(name, path)
    faces: dict[Role, Face] = {}
    for role in Role:
        candidates = [at_hand[name] for name in preferred.get(role, ()) if name in at_hand]
        usable = next(filter(embeddable, candidates), None)
        faces[role] = _face(usable, 0) if usable else _bundled(role)
    return FontSet(faces)


@lru_cache(maxsize=1)
def office_fonts() -> FontSet:
    """The faces this PC has, looked for once a process."""
    return choose_fonts(font_folders())


@lru_cache(maxsize=1)
def bundled_fonts() -> FontSet:
    """Only the program's own faces: for pictures and tests that must not depend on the PC."""
    return choose_fonts(())
