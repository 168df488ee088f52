"""The type scale: the few fonts the window is set in, all of the bundled Inter."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from playground.resources import asset

FAMILY = "Inter"


def load_fonts() -> None:
    """Make the bundled font files known to Qt; once per application."""
    for file in sorted(asset("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def body_font() -> QFont:
    """12 px: controls, labels, menus."""
    return _font(12, QFont.Weight.Normal)


def strong_font() -> QFont:
    """12 px semibold: names and buttons that stand out from their row."""
    return _font(12, QFont.Weight.DemiBold)


def title_font() -> QFont:
    """11 px bold capitals: the titles of panels."""
    font = _font(11, QFont.Weight.Bold)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.3)
    return font


def caption_font() -> QFont:
    """10 px semibold capitals: the small word above a read-out or a field."""
    font = _font(10, QFont.Weight.DemiBold)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.3)
    return font


def hint_font() -> QFont:
    """10 px: what explains a caption."""
    return _font(10, QFont.Weight.Medium)


def readout_font() -> QFont:
    """20 px semibold: the figures that people watch."""
    return _font(20, QFont.Weight.DemiBold)


def _font(size_px: int, weight: QFont.Weight) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(size_px)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # the same shapes at every scale factor
    font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: numbers must not jump while they change
    return font
