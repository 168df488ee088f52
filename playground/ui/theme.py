"""One table of named colours per theme, and everything that is derived from it: palette, style sheet, colour maps."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from playground.ui.fonts import body_font, load_fonts
from playground.ui.restyle import restyle
from playground.ui.stylesheet import blend, style_sheet

ThemeName = Literal["light", "dark"]

SPACING_PX = 8
"""The grid: every margin and gap is a multiple of half of it."""


N_CLASS_COLORS = 10
"""So many classes have a colour of their own."""


def rgb_of(color: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, 0 … 255."""
    known = QColor(color)
    return known.red(), known.green(), known.blue()


def class_token(index: int) -> str:
    """The name of the colour of one of more than two classes."""
    return f"class_{index % N_CLASS_COLORS}"


@dataclass(frozen=True)
class Theme:
    """The named colours of one theme, as `#rrggbb`."""

    name: ThemeName
    background: str
    panel: str
    raised: str
    canvas: str
    hairline: str
    """Between parts of the window, and around them: an ornament, which need not be seen to use it."""
    border: str
    """Around what can be used: fields, buttons, boxes to check."""
    text: str
    muted: str
    accent: str
    """Lines and marks of what is active."""
    accent_fill: str
    """The accent where text of `on_accent` stands on it: dark enough to read that text."""
    on_accent: str
    danger: str
    negative: str
    zero: str
    positive: str
    class_0: str
    """Classes beyond two, in the order of Okabe and Ito, whom colour-blind people can follow, and two more."""
    class_1: str
    class_2: str
    class_3: str
    class_4: str
    class_5: str
    class_6: str
    class_7: str
    class_8: str
    class_9: str

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour called `token`, with an opacity of 0 … 1."""
        color = QColor(getattr(self, token))
        color.setAlphaF(alpha)
        return color

    @cached_property
    def diverging(self) -> np.ndarray:
        """(256, 4) uint8 RGBA from negative over zero to positive, for values -1 … +1."""
        low, mid, high = (np.array(QColor(c).getRgb(), float) for c in (self.negative, self.zero, self.positive))
        t = np.linspace(-1, 1, 256)[:, None]
        rgba = np.where(t < 0, mid + (low - mid) * -t, mid + (high - mid) * t)
        return np.rint(rgba).astype(np.uint8)

    @cached_property
    def diverging_rgb32(self) -> np.ndarray:
        """(256,) uint32: `diverging` as pixels of `QImage.Format_RGB32`."""
        r, g, b, a = self.diverging.astype(np.uint32).T
        return (a << 24) | (r << 16) | (g << 8) | b

    @cached_property
    def class_rgb(self) -> np.ndarray:
        """(N_CLASS_COLORS, 3) float32: the colours of classes beyond two."""
        colors = [rgb_of(getattr(self, class_token(index))) for index in range(N_CLASS_COLORS)]
        return np.array(colors, np.float32)

    def to_pixels(self, values: np.ndarray, limit: float = 1.0) -> np.ndarray:
        """Values -limit … +limit (clipped; NaN is drawn as zero) as pixels of `QImage.Format_RGB32`, same shape."""
        scaled = np.nan_to_num(values * np.float32(127.5 / (limit or 1.0)) + np.float32(127.5), nan=127.5)
        return self.diverging_rgb32[np.clip(scaled, 0, 255).astype(np.uint8)]

    def signed_color(self, value: float) -> QColor:
        """The colour of one value on the scale -1 … +1."""
        index = int(np.clip(np.nan_to_num(value * 127.5 + 127.5, nan=127.5), 0, 255))
        return QColor.fromRgb(int(self.diverging_rgb32[index]))

    @property
    def tokens(self) -> dict[str, str]:
        """All colours by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


DARK = Theme(
    name="dark",
    background="#12151A",
    panel="#1A1E25",
    raised="#222832",
    canvas="#14181E",
    hairline="#2C333D",
    border="#6A7583",
    text="#E8ECF1",
    muted="#8E98A5",
    accent="#4DA3FF",
    accent_fill="#1F74D6",
    on_accent="#FFFFFF",
    danger="#FF6B6B",
    negative="#F59322",
    zero="#222832",
    positive="#2E96E0",
    class_0="#2E96E0",
    class_1="#F59322",
    class_2="#00A67A",
    class_3="#CC79A7",
    class_4="#F0E442",
    class_5="#E4572E",
    class_6="#7CC8F2",
    class_7="#9AA3AE",
    class_8="#B38B5D",
    class_9="#8F7EE7",
)

LIGHT = Theme(
    name="light",
    background="#EEF1F4",
    panel="#FFFFFF",
    raised="#F4F6F8",
    canvas="#F8FAFB",
    hairline="#D9DFE5",
    border="#7F8893",
    text="#1B2127",
    muted="#5B6672",
    accent="#0B6BCB",
    accent_fill="#0B6BCB",
    on_accent="#FFFFFF",
    danger="#C62828",
    negative="#DB7706",
    zero="#E8EAEB",
    positive="#0877BD",
    class_0="#0877BD",
    class_1="#DB7706",
    class_2="#009E73",
    class_3="#CC79A7",
    class_4="#A88B00",
    class_5="#D55E00",
    class_6="#2596BE",
    class_7="#7A8591",
    class_8="#8C6D46",
    class_9="#6C5CD0",
)

THEMES: dict[str, Theme] = {"dark": DARK, "light": LIGHT}


def resolve_theme(name: str) -> Theme:
    """The theme called `name`: "light", "dark", or "system" for what the desktop asks for (dark where it does not say).

    Raises
    ------
    ValueError
        If there is no such theme.
    """
    if name == "system":
        wants_light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if wants_light else DARK
    if name not in THEMES:
        raise ValueError(f"unknown theme '{name}'; possible: {', '.join([*THEMES, 'system'])}")
    return THEMES[name]


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application this theme: style, font, palette and style sheet."""
    if app.property("playground-fonts") is None:
        load_fonts()
        app.setProperty("playground-fonts", True)
        app.setStyle("Fusion")
        app.setFont(body_font())
        # Widgets that exist take over the font now or, once there is a style sheet, never.
        app.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)
        QToolTip.setFont(body_font())
    restyle(app, make_palette(theme), style_sheet(theme.tokens))


def make_palette(theme: Theme) -> QPalette:
    """The palette for whatever the style sheet does not reach, and for painters that ask for one."""
    palette = QPalette()
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.Highlight: theme.accent_fill,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Light: theme.raised,
        role.Midlight: theme.hairline,
        role.Mid: theme.hairline,
        role.Dark: theme.hairline,
        role.Shadow: theme.background,
    }
    for each, color in colors.items():
        palette.setColor(each, QColor(color))
    faded = QColor(blend(theme.panel, theme.muted, 0.55))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, faded)
    return palette
