"""The bar above everything: play, step, speed, the figures to watch, and the settings one reaches for most."""

from __future__ import annotations

from collections.abc import Mapping

import qtawesome
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSpacerItem, QToolButton, QWidget

import nncore as nn
from nncore.registry import Registered
from playground.document import edits
from playground.document.fitting import loss_refusal
from playground.document.spec import Spec
from playground.engine.protocol import Speed
from playground.engine.snapshot import Snapshot
from playground.ui.captioned import Captioned
from playground.ui.controls import Choice, PushButton, Slider, ToolButton, identify, tip
from playground.ui.editing import EditingWidget
from playground.ui.fonts import strong_font
from playground.ui.number_entry import NumberChoice
from playground.ui.quantity import Quantity
from playground.ui.readout import ReadOut, epoch_text, score_text
from playground.ui.speeds import SPEEDS, nearest_stop, speed_text
from playground.ui.text import WIDEST_LOSS, grouped, loss_text
from playground.ui.theme import DARK, Theme
from playground.ui.transport_fits import FITS, Fit

HEIGHT_PX = 60
_BUTTON_PX = 36

LOSS_ABBREVIATIONS = {
    "half_squared": ("½ SE",),
    "mse": ("MSE",),
    "mae": ("MAE",),
    "binary_crossentropy": ("cross-entropy", "BCE"),
    "categorical_crossentropy": ("cross-entropy", "CCE"),
}
"""What people say for a loss where there is no room for its label, the longest first."""


_WIDEST_BATCH = (888, 888)
_PAIR_HINT = "train / test"
_OPTIMIZER_TIP = "Optimizer: the rule by which a gradient becomes a step"
ACCURACY = ("Accuracy", "The share of samples that are classified right")
R2 = ("R²", "How much of the differences in value is explained: 1 is perfect, 0 no better than the mean")
"""Captions of the score, and what they mean."""

LEARNING_RATE = Quantity(
    "Learning rate",
    (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    low=0.0,
    high=10.0,
    above_low=True,
)


class TransportBar(EditingWidget):
    """Plays, and shows how far it has come.

    Parameters
    ----------
    actions
        The window's actions "play", "step", "epoch", "reset" and "new_seed"; the buttons trigger them.
    """

    speed_changed = Signal(object)
    """The `Speed` the user chose."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        self._actions = actions
        self._playing = False
        self._theme = DARK
        self._speed = Speed()
        self._task = ""
        self._build_buttons()
        self._build_speed()
        self._build_settings()
        self.epoch = ReadOut("Epoch", epoch_text(8_888_888), pair=False)
        self.loss = ReadOut("Loss", WIDEST_LOSS, pair=True, hint=_PAIR_HINT)
        self.accuracy = ReadOut("", "88.8 %", pair=True, hint=_PAIR_HINT)
        for readout, name in ((self.epoch, "epoch"), (self.loss, "loss"), (self.accuracy, "accuracy")):
            readout.setObjectName(f"readout-{name}")
        self._arrange()
        self._needs_px = [self._needed_px(fit) for fit in FITS]
        self._step_by(self._actions["step"])
        self.set_speed(Speed())
        self.set_playing(False)

    # -- what the window calls ----------------------------------------------------------------------

    def set_playing(self, playing: bool) -> None:
        """Show whether the training runs."""
        self._playing = playing
        text = "Pause" if playing else "Play"
        self._play.setText(f" {text}")
        self._play.setAccessibleName(text)
        self._play.setToolTip(tip(text, self._actions["play"]))
        self._play.setIcon(qtawesome.icon(f"mdi6.{text.lower()}", color=self._theme.on_accent))

    def set_speed(self, speed: Speed) -> None:
        """Show this speed; it need not be one of the stops."""
        self._speed = speed
        self._speed_slider.show_position(nearest_stop(speed), speed_text(speed))
        self._speed_label.setText(speed_text(speed))

    def choose_speed(self, speed: Speed) -> None:
        """Train at this speed."""
        self.set_speed(speed)
        self.speed_changed.emit(speed)

    def change_speed(self, direction: int) -> None:
        """Train at the next higher (1) or lower (-1) speed."""
        self._speed_slider.setValue(self._speed_slider.value() + direction)

    def show_snapshot(self, snapshot: Snapshot, batch: int = 0, batches: int = 0) -> None:
        """Show how far the training has come.

        Parameters
        ----------
        snapshot
            The newest.
        batch, batches
            How many batches of the present epoch are done, and how many it has: shown while one can follow.
        """
        self.epoch.show_texts(epoch_text(snapshot.epoch))
        legible = batches > 0 and (self._speed.per == "step" or not snapshot.playing)
        self.epoch.show_hint(self._batch_text(batch, batches) if legible else "")
        self.loss.show_texts(loss_text(snapshot.train_loss), loss_text(snapshot.test_loss))
        scores = snapshot.train_score, snapshot.test_score
        self.accuracy.show_texts(*(score_text(score, self._task) for score in scores))

    def follow(self, spec: Spec) -> None:
        """Show the settings of this spec."""
        self._learning_rate.show_value(spec.training.learning_rate)
        rate = self._learning_rate.currentText()
        self._learning_rate.setToolTip(f"Learning rate {rate}: the length of a step. Any number can be typed")
        self._optimizer.show_choice(spec.training.optimizer)
        self._optimizer.setToolTip(_OPTIMIZER_TIP + _settings_tip(nn.Optimizer.named(spec.training.optimizer)))
        self._loss_choice.show_choice(spec.training.loss)
        kind = nn.Loss.named(spec.training.loss)
        self._loss_choice.setToolTip(f"Loss: {kind.label}{_settings_tip(kind)}")
        if self._task != spec.dataset.task:
            self._task = spec.dataset.task
            self.accuracy.show_caption(*(R2 if self._task == "regression" else ACCURACY))
        for name in nn.Loss.names():
            self._loss_choice.set_possible(name, loss_refusal(name, spec.dataset))

    def minimumSizeHint(self) -> QSize:
        """As narrow as it can fold itself up."""
        return QSize(self._needs_px[-1], HEIGHT_PX)

    def sizeHint(self) -> QSize:
        """With everything in full."""
        return QSize(self._needs_px[0], HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold up what has no room."""
        fitting = (fit for fit, px in zip(FITS, self._needs_px, strict=True) if px <= self.width())
        self._fold(next(fitting, FITS[-1]))
        self._row.activate()

    def set_theme(self, theme: Theme) -> None:
        """Draw icons and read-outs in these colours."""
        self._theme = theme
        self._reset.setIcon(qtawesome.icon("mdi6.restart", color=theme.text))
        self._step.setIcon(qtawesome.icon("mdi6.skip-next", color=theme.text))
        self.set_playing(self._playing)
        for readout in (self.epoch, self.loss, self.accuracy):
            readout.set_theme(theme)

    # -- how it is built ------------------------------------------------------------------------------

    def _build_buttons(self) -> None:
        actions = self._actions
        self._reset = PushButton()
        self._reset.setFixedSize(_BUTTON_PX, _BUTTON_PX)
        self._reset.setIconSize(QSize(20, 20))
        self._reset.setProperty("square", True)
        self._reset.setToolTip(tip("Reset: the same first weights again", actions["reset"]))
        identify(self._reset, "reset", "Reset")
        self._reset.clicked.connect(actions["reset"].trigger)

        self._play = PushButton()
        self._play.setProperty("primary", True)
        self._play.setFont(strong_font())
        self._play.setIconSize(QSize(20, 20))
        identify(self._play, "play", "Play")
        self._play.clicked.connect(actions["play"].trigger)

        self._step = ToolButton()
        self._step.setIconSize(QSize(20, 20))
        self._step.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._step.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self._step)
        menu.addActions([actions["step"], actions["epoch"]])
        menu.triggered.connect(self._step_by)
        self._step.setMenu(menu)
        identify(self._step, "step", "Step")
        self._step.clicked.connect(lambda: self._step_action.trigger())
        self._step_action = actions["step"]

    def _step_by(self, action: QAction) -> None:
        """Let the step button repeat this kind of step, and say so."""
        self._step_action = action
        what = self._fit.step.format("epoch" if action is self._actions["epoch"] else "batch")
        self._step.setText(what[0].upper() + what[1:])
        name = action.text().replace("&", "")
        self._step.setToolTip(tip(name, action))
        self._step.setAccessibleName(name)

    def _build_speed(self) -> None:
        self._speed_label = QLabel()
        self._speed_slider = Slider()
        self._speed_slider.setRange(0, len(SPEEDS) - 1)
        self._speed_slider.setToolTip("How fast it trains while it plays")
        identify(self._speed_slider, "speed", "Speed")
        self._speed_slider.valueChanged.connect(lambda stop: self.choose_speed(SPEEDS[stop]))

    def _build_settings(self) -> None:
        self._learning_rate = NumberChoice(LEARNING_RATE)
        identify(self._learning_rate, "learning-rate", "Learning rate")
        self._learning_rate.entered.connect(lambda rate: self.apply(edits.set_learning_rate(rate)))
        self._learning_rate.rejected.connect(self.message)

        self._optimizer = Choice(nn.Optimizer)
        identify(self._optimizer, "optimizer", "Optimizer")
        self._optimizer.chosen.connect(lambda name: self.apply(edits.set_optimizer(name)))

        self._loss_choice = Choice(nn.Loss, LOSS_ABBREVIATIONS)
        identify(self._loss_choice, "loss", "Loss")
        self._loss_choice.chosen.connect(lambda name: self.apply(edits.set_loss(name)))

    def _arrange(self) -> None:
        self._speed_block = Captioned("Speed", self._speed_slider, self._speed_label)
        self._rate_block = Captioned("Learning rate", self._learning_rate)
        self._optimizer_block = Captioned("Optimizer", self._optimizer)
        self._loss_block = Captioned("Loss", self._loss_choice)
        self._row = row = QHBoxLayout(self)
        self._between: list[QSpacerItem] = []
        for button in (self._reset, self._play, self._step):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._speed_block, 4)
        self._set_apart()
        for readout in (self.epoch, self.loss, self.accuracy):
            row.addWidget(readout)
            self._set_apart()
        row.addWidget(self._rate_block, 2)
        row.addWidget(self._optimizer_block, 2)
        row.addWidget(self._loss_block, 4)

    def _set_apart(self) -> None:
        """Leave room that grows, but is never less than a `Fit` says."""
        self._between.append(QSpacerItem(0, 0))
        self._row.addItem(self._between[-1])
        self._row.setStretch(self._row.count() - 1, 2)

    def _needed_px(self, fit: Fit) -> int:
        self._fold(fit)
        return self._row.minimumSize().width()

    def _fold(self, fit: Fit) -> None:
        """Let every part take as much room as this."""
        self._fit = fit
        self._row.setSpacing(fit.gap_px)
        self._row.setContentsMargins(fit.gap_px * 3 // 2, 0, fit.gap_px * 3 // 2, 0)
        more_px = fit.apart_px - fit.gap_px
        for index, space in enumerate(self._between):
            space.changeSize(more_px if index else more_px // 2, 0, QSizePolicy.Policy.MinimumExpanding)
        self._play.setFixedSize(fit.play_px, _BUTTON_PX)
        self._step.setFixedSize(fit.step_px, _BUTTON_PX)
        self._speed_block.show_caption(fit.speed_caption)
        self._speed_block.set_widths(fit.speed_px, 176)
        self._rate_block.set_widths(fit.learning_rate_px, 120)
        self._optimizer_block.set_widths(fit.optimizer_px, 128)
        self._loss_block.set_widths(fit.loss_px, 184)
        self.epoch.set_room(fit.figures_px, fit.batch.format(*_WIDEST_BATCH), 0)
        for readout in (self.loss, self.accuracy):
            readout.set_room(fit.figures_px, _PAIR_HINT, fit.pair_px)
        self._step_by(self._step_action)

    def _batch_text(self, batch: int, batches: int) -> str:
        words = self._fit.batch if batches <= _WIDEST_BATCH[1] else "{} / {}"
        return words.format(grouped(batch), grouped(batches))


def _settings_tip(kind: type[Registered]) -> str:
    """Where the settings of a part are, for a tooltip; "" if it has none but the learning rate."""
    has_settings = any(name != "learning_rate" for name in kind.options)
    return "\nIts settings stand in the Training panel" if has_settings else ""
