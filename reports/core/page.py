"""Page geometry: GB/T 9704-2012 sheets and the landscape list sheet; knows no text and no PDF."""

from __future__ import annotations

from dataclasses import dataclass

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
# Chinese type sizes in points.
ER_HAO, SAN_HAO, SI_HAO, XIAO_SI, WU_HAO, XIAO_WU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
# The em box of Chinese faces stands 0.88 em above and 0.12 em below the baseline.
ASCENT, DESCENT = 0.88, 0.12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page and its text area (版心); all lengths in points, y counted upwards from the foot of the page."""

    width: float
    height: float
    left: float
    top: float
    text_width: float
    text_height: float
    rows: int

    @property
    def right(self) -> float:
        """x of the text area's right edge."""
        return self.left + self.text_width

    @property
    def ceiling(self) -> float:
        """y of the text area's upper edge."""
        return self.height - self.top

    @property
    def floor(self) -> float:
        """y of the text area's lower edge."""
        return self.ceiling - self.text_height

    @property
    def pitch(self) -> float:
        """Height of one row of the line grid."""
        return self.text_height / self.rows

    def baseline(self, row: float, size: float, rows: float = 1.0) -> float:
        """y of the baseline of text of `size` points, centred in `rows` rows beginning at `row` (from 0)."""
        middle = self.ceiling - (row + rows / 2) * self.pitch
        return middle - (ASCENT - DESCENT) / 2 * size


# GB/T 9704-2012, 5.2: text area 156 × 225 mm, 天头 37 mm, 订口 28 mm, 22 rows of 28 characters.
OFFICIAL = Sheet(A4[0], A4[1], 28 * MM, 37 * MM, 156 * MM, 225 * MM, 22)
OFFICIAL_CHARS = 28
# The same sheet lying (GB/T 9704-2012, 7.2.7): its head at the binding edge.
OFFICIAL_WIDE = Sheet(A4[1], A4[0], 35 * MM, 28 * MM, 225 * MM, 156 * MM, 15)
LIST = Sheet(A4[1], A4[0], 15 * MM, 15 * MM, 267 * MM, 178 * MM, 22)

BODY_PITCH = OFFICIAL.text_width / OFFICIAL_CHARS
"""Width of one character cell of the official grid (15.79 pt)."""
BODY_TRACKING = BODY_PITCH - SAN_HAO
PAGE_NUMBER_DROP = 7 * MM
"""GB/T 9704-2012, 7.5: the page number's dashes lie 7 mm below the text area."""
