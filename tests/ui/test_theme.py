"""The theme reaches every widget, and its text can be read."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QSizePolicy,
    QTabBar,
    QWidget,
)

import nncore as nn
from playground.resources import asset
from playground.ui.canvas.palette import ActivationChip
from playground.ui.chrome import Card, Panel, PanelTitle
from playground.ui.controls import PushButton
from playground.ui.fonts import body_font, readout_font
from playground.ui.stylesheet import blend, icon_file, style_sheet
from playground.ui.theme import DARK, LIGHT, THEMES, apply_theme, resolve_theme


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2."""
    rgb = QColor(color)
    primaries = (rgb.redF(), rgb.greenF(), rgb.blueF())
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in primaries]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(
    ("text", "ground"),
    [("text", "panel"), ("text", "raised"), ("muted", "panel"), ("muted", "raised"), ("on_accent", "accent_fill")],
)
def test_text_has_the_contrast_that_wcag_asks_for(theme, text, ground):
    assert contrast(theme.tokens[text], theme.tokens[ground]) >= 4.5


def test_names_resolve_to_themes():
    assert resolve_theme("dark") is DARK
    assert resolve_theme("light") is LIGHT
    assert resolve_theme("system") in (DARK, LIGHT)


def test_an_unknown_theme_is_refused_with_the_possible_names():
    with pytest.raises(ValueError, match="'pink'; possible: dark, light, system"):
        resolve_theme("pink")


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_applying_a_theme_sets_palette_font_and_style_sheet(qapp, theme):
    apply_theme(qapp, theme)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.background)
    assert QFontInfo(qapp.font()).family() == "Inter"
    assert theme.accent in qapp.styleSheet()


def test_widgets_that_exist_already_take_over_the_font(qtbot, qapp):
    qapp.setStyleSheet("")
    qapp.setFont(QFont("monospace"))
    qapp.processEvents()
    qapp.setProperty("playground-fonts", None)  # as on the first call
    window = QWidget()
    qtbot.addWidget(window)
    label = QLabel("Noise", window)
    apply_theme(qapp, DARK)
    assert label.font().family() == "Inter"


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_qt_understands_the_whole_style_sheet(qapp, qtlog, theme):
    apply_theme(qapp, theme)
    QCheckBox("x").ensurePolished()
    assert not [record for record in qtlog.records if "parse" in record.message.lower()]


def test_every_colour_of_the_style_sheet_comes_from_the_theme():
    assert "$" not in style_sheet(DARK.tokens)
    grey = {name: ("#808080" if value.startswith("#") else value) for name, value in DARK.tokens.items()}
    colours = {word.strip(";") for word in style_sheet(grey).split() if word.startswith("#")}
    assert colours == {"#808080"}


def test_an_icon_is_drawn_in_the_colour_asked_for():
    svg = Path(icon_file("check", "#123456")).read_text(encoding="utf-8")
    assert "#123456" in svg
    assert "currentColor" not in svg


def test_blending_goes_from_one_colour_to_the_other():
    assert blend("#000000", "#ffffff", 0.0) == "#000000"
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert blend("#000000", "#ffffff", 1.0) == "#ffffff"


def test_figures_all_have_the_same_width(qapp):
    apply_theme(qapp, DARK)
    for font in (body_font(), readout_font()):
        widths_px = [QFontMetricsF(font).horizontalAdvance(figure) for figure in "0123456789"]
        assert max(widths_px) - min(widths_px) < 0.1


def test_bundled_files_are_found():
    assert asset("fonts/Inter-Regular.otf").is_file()


def test_a_panel_shows_its_title_and_corner_without_clipping(qtbot, qapp):
    apply_theme(qapp, DARK)
    corner = QLabel("seed 7")
    panel = Panel("Data", QLabel("content"), "panel-data", corner)
    qtbot.addWidget(panel)
    panel.resize(240, 200)
    panel.show()
    title = panel.titleBarWidget()
    assert panel.objectName() == "panel-data"
    assert title.height() >= title.sizeHint().height()
    assert corner.geometry().right() < title.width()


def test_a_panel_whose_title_is_a_row_of_tabs_shows_them_in_full(qtbot, qapp):
    apply_theme(qapp, DARK)
    tabs = QTabBar()
    for name in ("Weights", "Activations"):
        tabs.addTab(name)
    title = PanelTitle(tabs)
    qtbot.addWidget(title)
    title.resize(600, title.sizeHint().height())
    title.show()
    assert tabs.x() < 16
    assert tabs.height() >= tabs.sizeHint().height()


def test_a_panel_stays_as_small_as_its_content_wants(qtbot, qapp):
    content = QLabel("content")
    content.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    panel = Panel("Features", content, "panel-features")
    qtbot.addWidget(panel)
    assert panel.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Maximum


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_a_card_rounds_its_corners_over_the_content(qtbot, qapp, theme):
    apply_theme(qapp, theme)
    content = QWidget()
    content.setAutoFillBackground(True)
    content.setStyleSheet("background: red")
    window = QWidget()
    qtbot.addWidget(window)
    card = Card(content, window)
    card.resize(100, 80)
    window.resize(100, 80)
    window.show()
    image = window.grab().toImage()
    for x, y in ((0, 0), (99, 0), (0, 79), (99, 79)):
        assert image.pixelColor(x, y) == QColor(theme.background)
    assert image.pixelColor(50, 40) == QColor("red")


def has_pixel(widget: QWidget, color: str) -> bool:
    image = widget.grab().toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return QColor(color) in pixels


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_a_switch_that_is_off_does_not_look_disabled(qtbot, qapp, theme):
    apply_theme(qapp, theme)
    switch = PushButton("██")
    switch.setProperty("toggle", True)
    switch.setCheckable(True)
    row = QWidget()
    chip = ActivationChip(nn.Activation.named("relu"), theme, row)
    chip.setText("██")
    for widget in (switch, row):
        qtbot.addWidget(widget)
    switch.resize(60, 30)
    for control in (switch, chip):
        assert has_pixel(control, theme.text)
    switch.setEnabled(False)
    assert not has_pixel(switch, theme.text)


@pytest.fixture
def panel(qtbot, qapp):
    apply_theme(qapp, DARK)
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = Panel("Data", QLabel("content"), "data-panel")
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
    elsewhere = QLineEdit()
    window.setCentralWidget(elsewhere)
    window.show()
    elsewhere.setFocus()
    QTest.mouseMove(elsewhere)
    yield panel
    window.close()


def title_button(panel, name) -> QAbstractButton:
    button = panel.titleBarWidget().findChild(QAbstractButton, f"data-panel-{name}")
    assert button is not None
    return button


def test_a_panel_is_closed_and_made_to_float_by_the_buttons_in_its_title(panel):
    floating = title_button(panel, "float")
    QTest.mouseClick(floating, Qt.MouseButton.LeftButton)
    assert panel.isFloating()
    assert floating.toolTip() == "Dock this panel"
    QTest.keyClick(floating, Qt.Key.Key_Return)
    assert not panel.isFloating()
    assert floating.toolTip() == "Float this panel"
    QTest.mouseClick(title_button(panel, "close"), Qt.MouseButton.LeftButton)
    assert not panel.isVisible()


def test_the_buttons_of_a_title_are_seen_only_by_who_is_about_to_use_them(panel):
    close, title = title_button(panel, "close"), panel.titleBarWidget()
    ground = QColor(DARK.panel)

    def is_seen() -> bool:
        image = title.grab(close.geometry()).toImage()
        return any(image.pixelColor(x, y) != ground for x in range(4, 16) for y in range(6, 16))

    assert not is_seen()
    title_button(panel, "float").setFocus(Qt.FocusReason.TabFocusReason)
    assert is_seen()


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_main_action_of_a_dialog_looks_disabled_when_it_is(qtbot, qapp, theme):
    apply_theme(qapp, theme)
    button = PushButton("Open")
    button.setProperty("primary", True)
    qtbot.addWidget(button)
    button.resize(60, 30)
    assert has_pixel(button, theme.accent_fill)
    button.setEnabled(False)
    assert not has_pixel(button, theme.accent_fill)


def test_the_main_action_of_every_dialog_stands_on_the_right(qtbot, qapp):
    apply_theme(qapp, DARK)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    box.show()
    do, leave = (box.button(each) for each in (QDialogButtonBox.StandardButton.Open, box.StandardButton.Cancel))
    assert leave.x() < do.x()


def test_where_nothing_has_a_magnitude_all_is_neutral():
    """Weights that all begin at zero have a scale that ends at zero."""
    zeros = np.zeros((2, 3), np.float32)
    np.testing.assert_array_equal(DARK.to_pixels(zeros, 0.0), DARK.to_pixels(zeros, 1.0))
