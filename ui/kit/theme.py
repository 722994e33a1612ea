"""Gives the application its font, palette and style sheet, and follows the system's light or dark; knows no page."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui.kit.form_style import form_style
from ui.kit.palette import DARK, LIGHT, TEXT_PX, Palette
from ui.kit.style_sheet import style_sheet

Mode = Literal["system", "light", "dark"]
FONT_FILE = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "ShianHei-Regular.ttf"
PREFERRED = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "HarmonyOS Sans SC",
    "MiSans",
    "WenQuanYi Micro Hei",
)
"""Interface fonts in order of liking; the first one installed is used, else any Chinese one, else our own."""

APPLICATION = "shian-desk"
STYLED = "styledFusion"


class Theme(QObject):
    """The look in force; `changed` is emitted after palette and style sheet were replaced."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours: Palette = LIGHT
        self._mode: Mode = "system"
        self._app: QApplication | None = None

    def start(self, app: QApplication, mode: Mode, text_px: int) -> None:
        """Set style, font and colours on `app`; text_px is the body size in device-independent pixels."""
        if self._app is None:
            app.styleHints().colorSchemeChanged.connect(self._follow)
        self._app = app
        if not app.property(STYLED):
            app.setStyle("Fusion")
        app.setFont(interface_font(text_px))
        self._mode = mode
        self._show(self._wanted())

    def set_mode(self, mode: Mode) -> None:
        """Switch to light, dark or the system's choice at once."""
        self._mode = mode
        self._follow()

    def _wanted(self) -> Palette:
        if self._mode != "system":
            return DARK if self._mode == "dark" else LIGHT
        assert self._app is not None
        return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _follow(self, *_scheme: object) -> None:
        if self._app is not None and self._wanted() is not self.colours:
            self._show(self._wanted())

    def _show(self, colours: Palette) -> None:
        assert self._app is not None
        self.colours = colours
        self._app.setPalette(qt_palette(colours))
        self._app.setStyleSheet(style_sheet(colours) + form_style(colours))
        self.changed.emit()


_theme: list[Theme] = []


def theme() -> Theme:
    """The process's one theme object, made at the first call."""
    if not _theme:
        _theme.append(Theme())
    return _theme[0]


def colours() -> Palette:
    """The palette in force."""
    return theme().colours


def make_application() -> QApplication:
    """The application in Fusion style, asked for by argument: setStyle would build QStyle's Python face first."""
    app = QApplication([APPLICATION, "-style", "Fusion"])
    app.setProperty(STYLED, True)
    return app


def apply_theme(app: QApplication, mode: Mode = "system", text_px: int = TEXT_PX) -> Theme:
    """Dress the application; call once after QApplication is made and before the first window."""
    current = theme()
    current.start(app, mode, text_px)
    return current


def interface_font(text_px: int) -> QFont:
    """The Chinese interface font: a preferred one, any installed one, else the bundled ShianHei."""
    installed = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    family = next((name for name in PREFERRED if name in installed), "")
    if not family and not _has_good(installed):
        number = QFontDatabase.addApplicationFont(str(FONT_FILE))
        loaded = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        family = loaded[0] if loaded else ""
    font = QFont(family) if family else QFont(installed[0])
    font.setPixelSize(text_px)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _has_good(installed: list[str]) -> bool:
    """Whether a platform family other than the bare fallback faces is there (those lack Latin letters)."""
    return any("fallback" not in name.lower() for name in installed)


def qt_palette(colours: Palette) -> QPalette:
    """The QPalette for widgets and delegates that the style sheet does not reach."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, value in (
        (roles.Window, colours.window),
        (roles.Base, colours.surface),
        (roles.AlternateBase, colours.window),
        (roles.Button, colours.surface),
        (roles.Text, colours.text),
        (roles.WindowText, colours.text),
        (roles.ButtonText, colours.text),
        (roles.BrightText, colours.danger),
        (roles.Highlight, colours.accent),
        (roles.HighlightedText, colours.on_accent),
        (roles.Link, colours.accent),
        (roles.LinkVisited, colours.accent),
        (roles.ToolTipBase, colours.raised),
        (roles.ToolTipText, colours.text),
        (roles.PlaceholderText, colours.faint),
        (roles.Light, colours.raised),
        (roles.Midlight, colours.hover),
        (roles.Mid, colours.border),
        (roles.Dark, colours.border_strong),
        (roles.Shadow, colours.border_strong),
        (roles.Accent, colours.accent),
    ):
        made.setColor(role, QColor(value))
    for role in (roles.Text, roles.WindowText, roles.ButtonText, roles.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(colours.border_strong))
    return made
