"""The parts of the style sheet that only forms need; knows the palette and the forms' object names."""

from __future__ import annotations

from ui.kit.palette import SMALL_PX, Palette


def form_style(c: Palette) -> str:
    """The forms' part of the application's style sheet: one sheet for all, so that opening a form restyles nothing."""
    return f"""
#pick {{ background: {c.raised}; border: 1px solid {c.border_strong}; border-radius: 8px; }}
#pick QListView {{ background: transparent; border: 0; }}
#links {{ background: {c.surface}; border: 1px solid {c.border_strong}; border-radius: 6px; }}
#links:hover {{ border-color: {c.faint}; }}
#links[bad="true"] {{ border-color: {c.danger}; }}
#links[doubtful="true"] {{ border-color: {c.warning}; }}
#links[focused="true"] {{ border: 1px solid {c.accent}; }}
#links > QToolButton {{ padding: 0; border: 0; }}
#bare, #bare:focus, #bare:hover {{ border: 0; background: transparent; padding: 2px 6px; min-height: 20px; }}
#doubt {{ background: {c.warning_soft}; border: 0; border-radius: 6px; }}
#facts {{ background: {c.info_soft}; border: 0; border-radius: 6px; }}
#foot {{ background: {c.surface}; border: 0; border-top: 1px solid {c.border}; }}
#formhead {{ background: {c.surface}; border: 0; border-bottom: 1px solid {c.border}; }}
QLabel[role="hint"] {{ color: {c.muted}; font-size: {SMALL_PX}px; }}
QLineEdit[doubtful="true"], QTextEdit[doubtful="true"] {{ border-color: {c.warning}; }}
"""
