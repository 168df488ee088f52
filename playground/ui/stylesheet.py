"""The Qt style sheet of the whole application, written once in terms of the theme's named colours.

Beside Qt's own classes it knows these marks, set with `widget.setProperty(name, True)`:

* `primary` on a push button: the one main action of a bar;
* `toggle` on a checkable push button: filled with the accent while it is on;
* `segment` on one that is a part of a row of choices: lower;
* `square` on a push button: shows an icon only;
* `quiet` on a push button or tool button: no frame until the mouse is over it;
* `bare` on a line edit: looks like text until it is touched;
* `muted` on a label: secondary text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Template

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QColor

from playground.resources import asset


def style_sheet(tokens: Mapping[str, str]) -> str:
    """The style sheet for a theme's colours (`Theme.tokens`)."""
    names = {
        **shades(tokens),
        "chevron_down": icon_file("chevron-down", tokens["muted"]),
        "chevron_up": icon_file("chevron-up", tokens["muted"]),
        "chevron_left": icon_file("chevron-left", tokens["muted"]),
        "chevron_right": icon_file("chevron-right", tokens["muted"]),
        "check": icon_file("check", tokens["text"]),
        "check_on": icon_file("check", tokens["on_accent"]),
    }
    return Template(_BUTTONS + _FIELDS + _SLIDERS + _MENUS + _CONTAINERS).substitute(names)


def shades(tokens: Mapping[str, str]) -> dict[str, str]:
    """The theme's colours, and those that are made of them for what is under the mouse, pressed or disabled."""
    raised, text = tokens["raised"], tokens["text"]
    return {
        **tokens,
        "hover": blend(raised, text, 0.06),
        "pressed": blend(raised, text, 0.12),
        "border_hover": blend(tokens["border"], text, 0.3),
        # Darker in both themes: white has to be read on it.
        "fill_hover": blend(tokens["accent_fill"], darkest(tokens), 0.12),
        "fill_pressed": blend(tokens["accent_fill"], darkest(tokens), 0.24),
        "disabled": blend(tokens["panel"], tokens["muted"], 0.55),
        "selection": blend(tokens["panel"], tokens["accent"], 0.18),
    }


def darkest(tokens: Mapping[str, str]) -> str:
    """The darkest colour of a theme: that of text, or what it stands on."""
    return min(tokens["text"], tokens["background"], key=lambda color: QColor(color).lightness())


def blend(color: str, other: str, share: float) -> str:
    """`color` with a share (0 … 1) of `other` mixed in, as `#rrggbb`."""
    a, b = QColor(color), QColor(other)
    channels = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return QColor(*(round(x + (y - x) * share) for x, y in channels)).name()


def icon_file(name: str, color: str) -> str:
    """Path of the bundled icon `name` drawn in `color`.

    Style sheets take images from files only, so each colour gets its own file in the user's cache.
    """
    svg = asset(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    file = _icon_folder() / f"{name}-{color.lstrip('#').lower()}.svg"
    if not file.is_file() or file.read_text(encoding="utf-8") != svg:
        file.write_text(svg, encoding="utf-8")
    return file.as_posix()


def _icon_folder() -> Path:
    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    folder = Path(cache) / "nn-playground" / "icons"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that cannot be written to
        folder = Path(tempfile.gettempdir()) / "nn-playground-icons"
        folder.mkdir(exist_ok=True)
    return folder


_BUTTONS = """
QPushButton, QToolButton { outline: none; color: $text; }
QPushButton {
    background: $raised; border: 1px solid $border; border-radius: 6px;
    padding: 0 10px; min-height: 26px;
}
QPushButton:hover { background: $hover; border-color: $border_hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:disabled { color: $disabled; }
QPushButton:focus { border: 2px solid $accent; padding: 0 9px; min-height: 24px; }
QPushButton[primary="true"], QPushButton[toggle="true"]:checked {
    background: $accent_fill; border-color: $accent_fill; color: $on_accent;
}
QPushButton[primary="true"]:hover, QPushButton[toggle="true"]:checked:hover {
    background: $fill_hover; border-color: $fill_hover;
}
QPushButton[primary="true"]:pressed, QPushButton[toggle="true"]:checked:pressed { background: $fill_pressed; }
QPushButton[primary="true"]:focus, QPushButton[toggle="true"]:checked:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $raised; border-color: $hairline; color: $disabled; }
QDialog > QPushButton { min-width: 58px; }
QDialog > QPushButton[quiet="true"] { min-width: 0; }
QPushButton[toggle="true"] { padding: 0; min-height: 28px; }
QPushButton[toggle="true"]:focus { padding: 0; min-height: 26px; }
QPushButton[segment="true"] { padding: 0 4px; min-height: 20px; max-height: 20px; }
QPushButton[segment="true"]:focus { padding: 0 3px; min-height: 18px; max-height: 18px; }
QPushButton[square="true"], QPushButton[square="true"]:focus { padding: 0; }
QPushButton[quiet="true"] {
    background: transparent; border: 1px solid transparent; border-radius: 4px; color: $muted;
    padding: 0 4px; min-height: 18px;
}
QPushButton[quiet="true"]:hover { background: $hover; color: $text; }
QPushButton[quiet="true"]:disabled { color: $disabled; }
QPushButton[quiet="true"]:focus { border: 2px solid $accent; padding: 0 3px; min-height: 16px; color: $text; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px 6px; }
QToolButton:focus { border: 2px solid $accent; padding: 2px 5px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
QToolButton[popupMode="1"] {
    background: $raised; border: 1px solid $border; padding: 3px 24px 3px 8px;
}
QToolButton[popupMode="1"]:hover { background: $hover; border-color: $border_hover; }
QToolButton[popupMode="1"]:pressed { background: $pressed; }
QToolButton[popupMode="1"]:focus { border: 2px solid $accent; padding: 2px 23px 2px 7px; }
QToolButton::menu-button {
    width: 22px; border: none; border-left: 1px solid $border;
    border-top-right-radius: 6px; border-bottom-right-radius: 6px;
}
QToolButton::menu-button:hover { background: $pressed; }
QToolButton::menu-arrow { image: url($chevron_down); width: 12px; height: 12px; }

QCheckBox, QRadioButton { spacing: 6px; outline: none; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 13px; height: 13px; border: 1px solid $border; background: $raised;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $muted; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url($check_on); }
QRadioButton::indicator:checked { background: $on_accent; border: 4px solid $accent_fill; width: 7px; height: 7px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 11px; height: 11px; }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:disabled { border-color: $hairline; background: $panel; }
QTreeView::indicator {
    width: 13px; height: 13px; border: 1px solid $border; border-radius: 4px; background: $raised;
}
QTreeView::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url($check_on); }
QTreeView::indicator:indeterminate { background: $border; }
QTreeView::indicator:disabled { background: $panel; border-color: $hairline; image: none; }
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $raised; border: 1px solid $border; border-radius: 6px; color: $text;
    selection-background-color: $accent_fill; selection-color: $on_accent; placeholder-text-color: $muted;
}
QLineEdit, QAbstractSpinBox { min-height: 24px; padding: 0 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $border_hover; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent;
}
QLineEdit:focus, QAbstractSpinBox:focus { min-height: 22px; padding: 0 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $disabled; background: $panel; placeholder-text-color: $disabled;
}
QLineEdit[bare="true"] {
    background: transparent; border-color: transparent; border-radius: 4px; color: $muted;
    min-height: 16px; padding: 0 0 0 3px;
}
QLineEdit[bare="true"]:hover { background: $raised; border-color: $border; color: $text; }
QLineEdit[bare="true"]:focus {
    background: $raised; border: 2px solid $accent; color: $text; min-height: 14px; padding: 0 0 0 2px;
}
QLineEdit[bare="true"]:disabled { background: transparent; border-color: transparent; color: $disabled; }

QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 18px; border: none; background: transparent;
}
QSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::up-button:hover, QDoubleSpinBox::down-button:hover { background: $pressed; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($chevron_up); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($chevron_down); width: 10px; height: 10px; }

QComboBox { min-height: 24px; padding: 0 0 0 8px; combobox-popup: 0; }
QComboBox:focus { min-height: 22px; padding: 0 0 0 7px; }
QComboBox:on { background: $hover; }
QComboBox::drop-down { width: 22px; border: none; background: transparent; }
QComboBox::down-arrow { image: url($chevron_down); width: 14px; height: 14px; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0 0 0 8px; min-height: 0; }
QComboBox QLineEdit {
    background: transparent; border: none; padding: 0; margin-left: -2px; min-height: 0; border-radius: 0;
}
QComboBox QLineEdit:disabled { background: transparent; }
QComboBox QAbstractItemView {
    background: $panel; border: 1px solid $hairline; padding: 4px; outline: none; color: $text;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 8px; border: none; border-radius: 4px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {
    background: $selection; color: $text;
}
QComboBox QAbstractItemView::item:disabled { color: $disabled; background: transparent; }
"""

_SLIDERS = """
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: $text; border: 1px solid $panel;
}
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::handle:horizontal:focus { background: $accent; border: 2px solid $text; width: 10px; height: 10px; }
QSlider::sub-page:horizontal:disabled { background: $disabled; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QScrollBar:vertical { width: 10px; background: transparent; margin: 0; border: none; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; border: none; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QProgressBar { background: $border; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

_MENUS = """
QMenuBar { background: $panel; color: $text; border: none; padding: 2px 0; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $panel; border: 1px solid $hairline; padding: 4px; color: $text; }
QMenu::item { padding: 6px 20px 6px 8px; border-radius: 4px; background: transparent; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $hairline; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { image: url($check); }
QMenu::icon { left: 6px; }
QMenu::right-arrow { image: url($chevron_right); width: 12px; height: 12px; right: 6px; }
QToolTip { background: $raised; color: $text; border: 1px solid $hairline; padding: 2px 3px; }
"""

_CONTAINERS = """
QMainWindow, QDialog { background: $background; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }
TitleButton { border: 1px solid transparent; border-radius: 4px; padding: 0; }
TitleButton:focus { border: 2px solid $accent; padding: 0; }
QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $hairline; }
QDockWidget { color: $text; border: none; }
QToolBar { background: transparent; border: none; padding: 0; margin: 0; spacing: 0; }
QStatusBar { background: $panel; color: $muted; border: none; border-top: 1px solid $hairline; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 0 4px; }
QStatusBar QLabel[told="true"] { color: $text; }
QLabel:disabled { color: $disabled; }
QLabel[muted="true"] { color: $muted; }
QGraphicsView { border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QSizeGrip { image: none; width: 0; height: 0; }

QTableView, QTreeView, QListWidget, QFileDialog QListView {
    background: $panel; border: 1px solid $hairline; border-radius: 6px; outline: none; color: $text;
    selection-background-color: $selection; selection-color: $text;
}
QTableView:focus, QTreeView:focus, QListWidget:focus, QFileDialog QListView:focus { border-color: $accent; }
QTreeView { padding: 3px; }
QTableView::item { border: none; padding: 0 6px; }
QListWidget::item { padding: 0 8px; }
QTreeView::item { border: 1px solid transparent; border-radius: 4px; padding: 1px 4px; min-height: 20px; }
QTableView::item:selected, QTreeView::item:selected, QListWidget::item:selected, QFileDialog QListView::item:selected {
    background: $selection; color: $text;
}
QTableView::item:focus, QTreeView::item:focus { border: 1px solid $accent; border-radius: 4px; }
QTreeView::branch:selected { background: $panel; }
QTreeView::branch:closed:has-children { image: url($chevron_right); }
QTreeView::branch:open:has-children { image: url($chevron_down); }
QFileDialog QToolButton#backButton { qproperty-icon: url($chevron_left); }
QFileDialog QToolButton#forwardButton { qproperty-icon: url($chevron_right); }
QFileDialog QToolButton#toParentButton { qproperty-icon: url($chevron_up); }
QHeaderView, QTableCornerButton::section { background: $raised; border: none; }
QHeaderView { border-top-left-radius: 6px; border-top-right-radius: 6px; }
QHeaderView::section {
    background: transparent; border: none; border-bottom: 1px solid $hairline; color: $muted; padding: 4px 6px 4px 9px;
}
QHeaderView::section:vertical { border-bottom: none; border-right: 1px solid $hairline; }

QTabWidget::pane { border: none; border-top: 1px solid $hairline; top: -1px; }
QTabBar { background: transparent; border: none; qproperty-drawBase: 0; qproperty-expanding: 0; }
QTabBar::tab {
    background: transparent; border: none; border-bottom: 2px solid transparent; color: $muted;
    padding: 10px 2px 9px 2px; margin: 0 12px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: 4px; padding: 8px 0 9px 0; }

QTabBar QToolButton { background: $panel; border: 1px solid $border; border-radius: 4px; padding: 0; }
QTabBar QToolButton:disabled { border-color: $hairline; }
QTabBar QToolButton::right-arrow { image: url($chevron_right); width: 12px; height: 12px; }
QTabBar QToolButton::left-arrow { image: url($chevron_left); width: 12px; height: 12px; }

PanelTitle {
    background: $panel; border: 1px solid $hairline; border-bottom: none;
    border-top-left-radius: 10px; border-top-right-radius: 10px;
}
PanelTitle[tabbed="true"] { border-bottom: 1px solid $hairline; }
PanelTitle QLabel { color: $muted; }
PanelBody {
    background: $panel; border: 1px solid $hairline; border-top: none;
    border-bottom-left-radius: 10px; border-bottom-right-radius: 10px;
}
Card { background: $panel; border: 1px solid $hairline; border-radius: 10px; }
TransportBar { background: $panel; border: none; border-bottom: 1px solid $hairline; }
HintBar { background: $raised; border: none; border-top: 1px solid $hairline; }
LessonBanner { background: $panel; border: none; border-bottom: 1px solid $hairline; }
HintBar QLabel, LessonBanner QLabel { background: transparent; }
HintBar QToolButton { padding: 0 4px; color: $muted; }
HintBar QToolButton:hover { color: $text; }
CommandPalette { background: transparent; }
QFrame#palette-card { background: $panel; border: 1px solid $border_hover; border-radius: 10px; }
QFrame#palette-card QListView { background: transparent; border: none; }
Notice { background: $raised; border: 1px solid $border_hover; border-radius: 8px; }
Notice QLabel { color: $text; }
QFrame#notice-stripe { background: $accent; border: none; border-radius: 1px; }
Notice[kind="error"] QFrame#notice-stripe { background: $danger; }
DatasetButton, PaintButton { padding: 0; border-radius: 8px; min-height: 31px; }
DatasetButton:checked { background: $selection; border: 1px solid $accent; }
DatasetButton:focus, PaintButton:focus { border: 2px solid $text; padding: 0; min-height: 29px; }
"""
