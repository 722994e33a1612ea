"""The pen that draws text, rules and tints on one page as PDF operators; knows no layout and no file."""

from __future__ import annotations

from reports.core.embed import FontUse
from reports.core.fonts import Face, FontSet
from reports.core.text import Line, Style, clean, text_width


class Pen:
    """Draws on one page; lengths in points, y upwards. Text goes through the document's shared fonts."""

    def __init__(self, fonts: FontSet, use: FontUse) -> None:
        self._fonts = fonts
        self._use = use
        self.ops: list[str] = []
        self._state: tuple[str, float, float] | None = None
        self._gray = 0.0

    def width(self, text: str, style: Style) -> float:
        """Advance of a one-line text in points. Raises MissingGlyph."""
        return text_width(clean(text), self._fonts.glyphs(style.role), style)

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text from x on."""
        text = clean(text)
        if text:
            text_width(text, self._fonts.glyphs(style.role), style)  # finds the face of each new character
            self.line(x, y, Line(text, 0.0, 0.0, style.tracking), style)

    def centred(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text with its middle at x."""
        self.text(x - self.width(text, style) / 2, y, text, style)

    def right(self, x: float, y: float, text: str, style: Style) -> None:
        """Draw a one-line text that ends at x."""
        self.text(x - self.width(text, style), y, text, style)

    def line(self, x: float, y: float, line: Line, style: Style) -> None:
        """Draw a line set with the same style's widths; its measure begins at x, its baseline is y."""
        glyphs = self._fonts.glyphs(style.role)
        self.gray(style.gray)
        out = [f"BT 1 0 0 1 {x + line.x:.3f} {y:.3f} Tm"]
        elsewhere = glyphs.elsewhere
        if elsewhere.keys().isdisjoint(line.text):
            self._run(out, line.text, glyphs.chain[0], style.size, line.tracking, line.kerns, 0)
        else:
            main, begin = glyphs.chain[0], 0
            faces = [elsewhere.get(char, main) for char in line.text]
            for at in range(1, len(faces) + 1):
                if at == len(faces) or faces[at] is not faces[begin]:
                    part = line.text[begin:at]
                    self._run(out, part, faces[begin], style.size, line.tracking, line.kerns, begin)
                    begin = at
        out.append("ET")
        self.ops.append(" ".join(out))

    def _run(
        self,
        out: list[str],
        text: str,
        face: Face,
        size: float,
        tracking: float,
        kerns: dict[int, float] | None,
        offset: int,
    ) -> None:
        used = self._use.of(face)
        state = (used.name, size, tracking)
        if state != self._state:
            out.append(f"/{used.name} {size:g} Tf {tracking:.4f} Tc")
            self._state = state
        if not kerns:
            out.append(f"<{used.hex(text)}> Tj")
            return
        parts, begin = [], 0
        for at in range(len(text)):
            if kern := kerns.get(at + offset):
                parts.append(f"<{used.hex(text[begin : at + 1])}> {kern / size * 1000:.2f}")
                begin = at + 1
        if begin < len(text):
            parts.append(f"<{used.hex(text[begin:])}>")
        out.append(f"[{' '.join(parts)}] TJ")

    def gray(self, value: float) -> None:
        """Gray of what is filled from now on, 0 black … 1 white."""
        if value != self._gray:
            self.ops.append(f"{value:g} g")
            self._gray = value

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.5, gray: float = 0.0
    ) -> None:
        """Draw a straight line `weight` points thick."""
        self.ops.append(f"{gray:g} G {weight:g} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def frame(
        self, x: float, y: float, width: float, height: float, weight: float = 0.5, gray: float = 0.0
    ) -> None:
        """Draw the outline of a box."""
        self.ops.append(f"{gray:g} G {weight:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def fill(self, x: float, y: float, width: float, height: float, gray: float) -> None:
        """Fill a box with gray."""
        self.gray(gray)
        self.ops.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def tint(
        self, x: float, y: float, width: float, height: float, colour: tuple[float, float, float]
    ) -> None:
        """Fill a box with a colour (red, green, blue from 0 to 1)."""
        red, green, blue = colour
        box = f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f"
        self.ops.append(f"q {red:.3f} {green:.3f} {blue:.3f} rg {box} Q")

    def across(self, x: float, y: float, text: str, style: Style, weight: float = 0.6) -> None:
        """Draw large outlined words rising across the page, middle at (x, y), for 草稿 and 作废."""
        half = self.width(text, style) / 2
        used = self._use.of(self._fonts.face(style.role))
        where = f"0.866 0.5 -0.5 0.866 {x:.2f} {y:.2f} cm {style.gray:g} G {weight:g} w"
        font = f"/{used.name} {style.size:g} Tf {style.tracking:g} Tc 1 Tr"
        start = f"1 0 0 1 {-half:.2f} {-0.38 * style.size:.2f} Tm"
        self.ops.append(f"q {where} BT {font} {start} <{used.hex(text)}> Tj ET Q")
        self._state = None
