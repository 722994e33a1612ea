"""Named colours and measures of the two themes; knows no Qt object and no widget."""

from __future__ import annotations

from dataclasses import dataclass

TEXT_PX = 14
"""Body text in device-independent pixels."""
SMALL_PX = 13
TITLE_PX = 20
FIGURE_PX = 30
UNIT = 8
"""The rhythm: margins and gaps are multiples of it, in device-independent pixels."""


@dataclass(frozen=True)
class Palette:
    """One theme's colours as `#rrggbb`; red is only for overdue, amber for due soon, green for closed."""

    dark: bool
    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    selection: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    info: str
    info_soft: str
    shadow: str
    series: tuple[str, ...]

    def role(self, name: str) -> str:
        """The colour of a role name, as used by `icon(name, role)`; KeyError when there is no such role."""
        value = getattr(self, name, None)
        if not isinstance(value, str):
            raise KeyError(f"no colour role {name!r}")
        return value


LIGHT = Palette(
    dark=False,
    window="#f4f7f7",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#edf1f2",
    hover="#f0f4f5",
    border="#dfe6e8",
    border_strong="#c2cdd1",
    text="#18272d",
    muted="#5a6b73",
    faint="#8b9aa1",
    accent="#0f6b66",
    accent_hover="#0c5a56",
    accent_pressed="#094844",
    accent_soft="#e2f1ef",
    on_accent="#ffffff",
    selection="#d6ebe8",
    danger="#c0281f",
    danger_soft="#fcebe9",
    warning="#9a5b00",
    warning_soft="#fff3dc",
    success="#25723a",
    success_soft="#e5f4e9",
    info="#2a5f95",
    info_soft="#e7f0f8",
    shadow="#00000022",
    series=("#0f6b66", "#63b0a6", "#d0a24c", "#587a9c", "#a9c7c2", "#8a6f9e", "#b98368", "#93a1a8"),
)
DARK = Palette(
    dark=True,
    window="#11181b",
    surface="#182024",
    raised="#1f292e",
    sunken="#141b1f",
    hover="#232e33",
    border="#2b373d",
    border_strong="#445259",
    text="#e3ebed",
    muted="#9db0b7",
    faint="#6f8189",
    accent="#45b8aa",
    accent_hover="#5bc9bb",
    accent_pressed="#379b8f",
    accent_soft="#183734",
    on_accent="#06201d",
    selection="#1f4744",
    danger="#ff8d83",
    danger_soft="#3c2123",
    warning="#efb549",
    warning_soft="#38301a",
    success="#7bcb8b",
    success_soft="#1b3324",
    info="#86b6e6",
    info_soft="#1d2f40",
    shadow="#00000066",
    series=("#45b8aa", "#2b7d74", "#d7ac58", "#7d9fc1", "#9fd8cf", "#b197c6", "#d09c82", "#71838b"),
)
