"""The style sheet as a function of the palette; knows the property names of the kit's widgets and draws nothing.

Dynamic properties: `kind` of a button (normal, primary, quiet, danger), `role` of a label or frame.
Item rules (`::item`) of tables are left out on purpose: they make each painted cell many times slower.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from ui.kit.palette import SMALL_PX, TITLE_PX, Palette

SHAPES = Path(__file__).resolve().parents[2] / "resources" / "icons" / "qss"

_SHEET = Template("""
QMainWindow, QDialog, #page { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border_strong; padding: 6px 8px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title_px}px; font-weight: 700; }
QLabel[role="heading"] { font-size: 16px; font-weight: 700; }
QLabel[role="muted"] { color: $muted; font-size: ${small_px}px; }
QLabel[role="figure"][state="danger"] { color: $danger; }
QLabel[role="figure"][state="warning"] { color: $warning; }
QLabel[role="figure"][state="success"] { color: $success; }
QLabel[role="figure"][state="accent"] { color: $accent; }
QLabel:disabled { color: $faint; }
QLabel[role="danger"] { color: $danger; font-size: ${small_px}px; }
QLabel[role="warning"] { color: $warning; font-size: ${small_px}px; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[role="line"] { background: $border; border: 0; max-height: 1px; min-height: 1px; }

QPushButton, QToolButton { background: $surface; color: $text; border: 1px solid $border_strong;
  border-radius: 6px; padding: 7px 14px; }
QToolButton { padding: 7px; }
QToolButton[words="true"] { padding: 7px 12px; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $faint; }
QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked { background: $accent_soft; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 6px 13px; }
QToolButton:focus { padding: 6px; }
QToolButton[words="true"]:focus { padding: 6px 11px; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $window; border-color: $border; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 700; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 6px 13px; }
QPushButton[kind="primary"]:disabled { background: $sunken; border-color: $border; color: $faint; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="danger"]:hover { background: $danger_soft; }
QPushButton[kind="danger"]:focus { border: 2px solid $danger; }
QPushButton[kind="danger"]:disabled { color: $faint; border-color: $border; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed, QToolButton[kind="quiet"]:pressed { background: $accent_soft; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 4px 6px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid $accent; }

QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QDateEdit {
  background: $surface; color: $text; border: 1px solid $border_strong; border-radius: 6px; padding: 6px 10px;
  min-height: 20px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover, QTextEdit:hover, QPlainTextEdit:hover { border-color: $faint; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {
  border: 2px solid $accent; padding: 5px 9px; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: $sunken; color: $faint; border-color: $border; }
QLineEdit > QToolButton { border: 0; padding: 0; background: transparent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
  border: 0; padding: 0; background: transparent; min-height: 0; }
QLineEdit:read-only { background: $window; }
QLineEdit[bad="true"], QTextEdit[bad="true"], QPlainTextEdit[bad="true"], QComboBox[bad="true"],
QAbstractSpinBox[bad="true"] { border-color: $danger; }
QLineEdit[doubtful="true"], QTextEdit[doubtful="true"], QComboBox[doubtful="true"] { border-color: $warning; }
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: 26px; }
QComboBox::down-arrow { image: url("$shapes/chevron-down.svg"); width: 16px; height: 16px; }
QDateEdit[calendarPopup="true"]::down-arrow { image: url("$shapes/calendar.svg"); width: 16px; height: 16px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 22px; background: transparent; }
QAbstractSpinBox::up-arrow { image: url("$shapes/chevron-up.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$shapes/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border_strong; padding: 4px;
  outline: 0; selection-background-color: $selection; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 30px; padding-left: 6px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $border_strong; border-radius: 4px; background: $surface; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $border_strong; border-radius: 9px; background: $surface; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus, QRadioButton::indicator:focus {
  border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$shapes/check-$ink.svg"); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url("$shapes/minus-$ink.svg"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }

QAbstractItemView { background: $surface; color: $text; border: 0; outline: 0;
  alternate-background-color: $window; selection-background-color: $selection; selection-color: $text; }
QTableView { gridline-color: $border; border: 1px solid $border; border-radius: 8px; }
QHeaderView { background: $surface; border: 0; }
QHeaderView::section { background: $surface; color: $muted; border: 0; border-bottom: 1px solid $border;
  padding: 8px 10px; font-size: ${small_px}px; font-weight: 700; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableCornerButton::section { background: $surface; border: 0; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $border_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 16px; border: 0; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; font-weight: 700; }
QTabBar::tab:focus { background: $accent_soft; }

QMenu { background: $raised; color: $text; border: 1px solid $border_strong; padding: 4px; }
QMenu::item { padding: 7px 28px 7px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar { background: $sunken; border: 0; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QStatusBar { background: $surface; color: $muted; border-top: 1px solid $border; font-size: ${small_px}px; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; font-size: ${small_px}px; padding: 2px 8px; }
QGroupBox { border: 1px solid $border; border-radius: 8px; margin-top: 14px; padding: 12px; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; padding: 0 6px; color: $muted; }
QCalendarWidget QWidget { alternate-background-color: $surface; }
QCalendarWidget QToolButton { border: 0; padding: 6px 10px; font-weight: 700; background: transparent; }
QCalendarWidget QAbstractItemView { selection-background-color: $accent; selection-color: $on_accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QCalendarWidget #qt_calendar_navigationbar { background: $surface; }

#navigation { background: $surface; border-right: 1px solid $border; }
#navigation QToolButton { border: 0; border-radius: 6px; padding: 0 12px; color: $muted; background: transparent;
  text-align: left; min-height: 38px; }
#navigation QToolButton:hover { background: $hover; color: $text; }
#navigation QToolButton:checked { background: $accent_soft; color: $accent; font-weight: 700; }
#navigation QToolButton:focus { border: 2px solid $accent; padding: 0 10px; }
#navigation QToolButton[narrow="true"] { padding: 0; }
#brand { font-size: 17px; font-weight: 700; color: $accent; }
#header { background: $surface; border-bottom: 1px solid $border; }
#tile { background: $surface; border: 1px solid $border; border-radius: 8px; padding: 0; text-align: left; }
#tile:hover { border-color: $accent; background: $surface; }
#tile:pressed { background: $accent_soft; }
#tile:focus { border: 2px solid $accent; padding: 0; }
#tile:disabled { background: $surface; border: 1px solid $border; }
#chip { background: $accent_soft; border: 1px solid transparent; border-radius: 14px; }
#chip:focus { border: 1px solid $accent; }
#chip QToolButton { border: 0; border-radius: 9px; padding: 1px; background: transparent; }
#chip QToolButton:hover { background: $selection; }
#chip QLabel { color: $accent; font-size: ${small_px}px; }
#toast, #job { background: $raised; border: 1px solid $border_strong; border-radius: 8px; }
#banner { border-radius: 6px; border: 1px solid $border; background: $surface; }
#banner[state="info"] { background: $info_soft; border-color: $info_soft; }
#banner[state="success"] { background: $success_soft; border-color: $success_soft; }
#banner[state="warning"] { background: $warning_soft; border-color: $warning_soft; }
#banner[state="danger"] { background: $danger_soft; border-color: $danger_soft; }
#badge { border-radius: 10px; padding: 2px 10px; font-size: 12px; font-weight: 700; background: $sunken; color: $muted; }
#badge[state="accent"] { background: $accent_soft; color: $accent; }
#badge[state="info"] { background: $info_soft; color: $info; }
#badge[state="success"] { background: $success_soft; color: $success; }
#badge[state="warning"] { background: $warning_soft; color: $warning; }
#badge[state="danger"] { background: $danger_soft; color: $danger; }
""")


def style_sheet(colours: Palette) -> str:
    """The whole application's style sheet for one palette."""
    values = {name: getattr(colours, name) for name in Palette.__dataclass_fields__}
    ink = "dark" if colours.dark else "light"
    return _SHEET.substitute(values, title_px=TITLE_PX, small_px=SMALL_PX, ink=ink, shapes=SHAPES.as_posix())
