"""Tints the SVG icons of resources/icons to the theme, at paint time; knows names of files, not of pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from ui.kit.theme import colours

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
_pixmaps: dict[tuple[str, str, int, int], QPixmap] = {}


@cache
def _shape(name: str) -> bytes:
    """The SVG text of an icon; FileNotFoundError when the set has none of that name."""
    return (FOLDER / f"{name}.svg").read_bytes()


def _paint(painter: QPainter, name: str, colour: str, rect: QRectF) -> None:
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_shape(name).replace(b"currentColor", colour.encode())))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    renderer.render(painter, rect)


def pixmap(name: str, role: str = "text", size: int = 20, ratio: float = 1.0) -> QPixmap:
    """A tinted pixmap, `size` in device-independent pixels; cached per colour."""
    colour = colours().role(role)
    return _tinted(name, colour, QSize(round(size * ratio), round(size * ratio)), ratio)


def _tinted(name: str, colour: str, size: QSize, ratio: float = 1.0) -> QPixmap:
    key = (name, colour, size.width(), size.height())
    found = _pixmaps.get(key)
    if found is None:
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, name, colour, QRectF(0, 0, size.width(), size.height()))
        painter.end()
        _pixmaps[key] = found
    if ratio != 1.0:
        found = QPixmap(found)
        found.setDevicePixelRatio(ratio)
    return found


class _Engine(QIconEngine):
    """Looks the colour up each time it paints, so every icon follows a theme switch by itself."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        palette = colours()
        if mode == QIcon.Mode.Disabled:
            return palette.faint
        if state == QIcon.State.On or (mode == QIcon.Mode.Selected and self._role in ("text", "muted")):
            return palette.accent
        return palette.role(self._role)

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        _paint(painter, self._name, self._colour(mode, state), QRectF(rect))  # type: ignore[call-overload]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _tinted(self._name, self._colour(mode, state), size)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


_icons: dict[tuple[str, str], QIcon] = {}


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `resources/icons/NAME.svg` in the colour of a palette role, following the theme.

    Disabled is faint, checked or selected is the accent. FileNotFoundError for an unknown name,
    KeyError for an unknown role: both at once, not at the first paint.
    """
    found = _icons.get((name, role))
    if found is None:
        colours().role(role)
        if not (FOLDER / f"{name}.svg").is_file():
            raise FileNotFoundError(f"resources/icons/{name}.svg")
        found = _icons[name, role] = QIcon(_Engine(name, role))
    return found
