"""Losses where targets are classes: the two cross-entropies, and hinge."""

from __future__ import annotations

from functools import partial

import numpy as np

from nncore.activations import Activation
from nncore.checks import as_numbers
from nncore.losses.base import Loss, difference, mean

SUM_TOLERANCE = 1e-5
"""How far the class probabilities of a target may be from adding up to 1: what float32 leaves of many classes."""


class BinaryCrossentropy(Loss):
    """−y ln a − (1 − y) ln(1 − a), mean over samples and outputs; targets 0 … 1, one sigmoid per output.

    Of the logits it is max(z, 0) − y z + ln(1 + exp(−|z|)), and its gradient (a − y) / (m · outputs). Baum and Wilczek,
    "Supervised Learning of Probability Distributions by Neural Networks", 1988.
    """

    name, label = "binary_crossentropy", "binary cross-entropy"
    outputs = ("sigmoid",)
    fused = "sigmoid"
    needs = "compares probabilities, each from a sigmoid"

    def _check_range(self, y):
        wrong = (y < 0) | (y > 1)
        if wrong.any():
            self._refuse(y, wrong, "0, 1 or a probability between")

    def forward(self, tape, z, a, y, value):
        t, u = tape.empty(len(a), "T"), tape.empty(len(a), "U")
        tape(partial(np.maximum, out=t), z, tape.constant(0, t), says="T ← max(Z, 0)")
        tape(np.multiply, z, y, u, says="U ← Z ∘ Y")
        tape(np.subtract, t, u, t, says="T ← max(Z, 0) − Z ∘ Y")
        tape(np.absolute, z, u, says="U ← |Z|")
        tape(np.negative, u, u, says="U ← −|Z|")
        tape(np.exp, u, u, says="U ← exp(−|Z|)")
        tape(np.log1p, u, u, says="U = ln(1 + exp(−|Z|))")
        tape(np.add, t, u, t, says="T = max(Z, 0) − Z ∘ Y + ln(1 + exp(−|Z|))")
        mean(tape, t, t.size, value, says="L = Σ T / (m · outputs)")

    def backward(self, tape, z, a, y, d):
        difference(tape, a, y, 1 / d.size, d, "dZ", "/ (m · outputs)")


class CategoricalCrossentropy(Loss):
    """−Σ y ln a, summed over outputs, mean over samples; one softmax over the outputs.

    Of the logits it is ln Σ exp(z) − Σ y z, and its gradient (a − y) / m: both because the targets of a sample add up
    to 1. They are one-hot, or probabilities of the classes, or labels 0, 1, 2 … of which `targets` makes one-hot ones.
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.
    """

    name, label = "categorical_crossentropy", "categorical cross-entropy"
    outputs = ("softmax",)
    fused = "softmax"
    needs = "compares probabilities of classes that add up to 1, from a softmax over them"

    def targets(self, y, outputs):
        """The targets as probabilities.

        Parameters
        ----------
        y
            (n_samples, outputs) Probabilities, or (n_samples,) or (n_samples, 1) labels from 0 to outputs − 1.
        outputs
            Units of the output layer: how many classes there are.

        Returns
        -------
        ndarray
            (n_samples, outputs), as those of every loss.

        Raises
        ------
        ValueError
            As with every loss; also about a label that is no class, and probabilities that do not add up to 1.
        """
        values = as_numbers(y, "targets")
        if outputs > 1 and values.size and values.ndim and values.shape[1:] in ((), (1,)):
            return self._one_hot(values.reshape(-1, 1), outputs)
        return super().targets(values, outputs)

    def _one_hot(self, labels: np.ndarray, outputs: int) -> np.ndarray:
        wrong = (labels != np.floor(labels)) | (labels < 0) | (labels >= outputs)
        if wrong.any():
            self._refuse(labels, wrong, f"a class from 0 to {outputs - 1}")
        made = np.zeros((len(labels), outputs), np.float32 if labels.dtype == np.float32 else np.float64)
        made[np.arange(len(labels)), labels[:, 0].astype(np.intp)] = 1
        return made

    def _other_shapes(self, outputs):
        return f" or labels (n_samples,) from 0 to {outputs - 1}"

    def _check_range(self, y):
        wrong = (y < 0) | (y > 1)
        if wrong.any():
            self._refuse(y, wrong, "0, 1 or a probability between")
        sums = y.sum(axis=1, keepdims=True, dtype=np.float64)
        wrong = np.abs(sums - 1) > SUM_TOLERANCE
        if wrong.any():
            self._refuse(sums, wrong, "probabilities that add up to 1")

    def forward(self, tape, z, a, y, value):
        t, u = tape.empty(len(a), "T"), tape.empty(len(a), "U")
        peak, total = tape.empty(1, "M"), tape.empty(1, "S")
        expected = tape.array((), "K", np.float64)
        # With the largest logit subtracted the two parts are both >= 0: nothing cancels.
        tape(np.maximum.reduce, z, 0, None, peak, True, says="M = max Z, per sample")
        tape(np.subtract, z, peak, t, says="T = Z − M")
        tape(np.multiply, y, t, u, says="U = Y ∘ T")
        tape(np.add.reduce, u, None, np.float64, expected, says="K = Σ Y ∘ T")
        tape(np.exp, t, t, says="T ← exp(Z − M)")
        tape(np.add.reduce, t, 0, None, total, True, says="S ← Σ exp(Z − M), per sample")
        tape(np.log, total, total, says="S = ln Σ exp(Z − M), per sample")
        tape(np.add.reduce, total, None, np.float64, value, says="L ← Σ S")
        tape(np.subtract, value, expected, value, says="L ← Σ S − K")
        tape(np.divide, value, float(tape.batch), value, says="L = (Σ S − K) / m")

    def backward(self, tape, z, a, y, d):
        difference(tape, a, y, 1 / tape.batch, d, "dZ", "/ m")


class Hinge(Loss):
    """max(0, 1 − y a), mean over samples and outputs; targets −1 or +1, an output that can be negative.

    The derivative is 0 where y a = 1. Cortes and Vapnik, "Support-Vector Networks", 1995.
    """

    name, label = "hinge", "hinge"
    outputs = ("identity", "tanh")
    needs = "asks for outputs of the sign of the targets, -1 or +1, and so for an activation that can be negative"

    @classmethod
    def accepts_output(cls, activation):
        return Activation.named(activation).output_range[0] < 0

    def _check_range(self, y):
        wrong = np.abs(y) != 1
        if wrong.any():
            self._refuse(y, wrong, "-1 or +1")

    def forward(self, tape, z, a, y, value):
        t = tape.empty(len(a), "T")
        tape(np.multiply, y, a, t, says="T ← Y ∘ A")
        tape(np.subtract, tape.constant(1, t), t, t, says="T ← 1 − Y ∘ A")
        tape(partial(np.maximum, out=t), t, tape.constant(0, t), says="T = max(0, 1 − Y ∘ A)")
        mean(tape, t, t.size, value, says="L = Σ max(0, 1 − Y ∘ A) / (m · outputs)")

    def backward(self, tape, z, a, y, d):
        tape(np.multiply, y, a, d, says="dA ← Y ∘ A")
        tape(np.subtract, tape.constant(1, d), d, d, says="dA ← 1 − Y ∘ A")
        tape(np.heaviside, d, tape.constant(0, d), d, says="dA ← [Y ∘ A < 1]")
        tape(np.multiply, y, d, d, says="dA ← Y ∘ [Y ∘ A < 1]")
        tape(np.multiply, d, tape.constant(-1 / d.size, d), d, says="dA = −Y ∘ [Y ∘ A < 1] / (m · outputs)")
