"""What a script says and has beside a network and its training: features, test samples, and figures to compare."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from nncore.export.features import features_function
from nncore.export.text import WIDTH

Samples = tuple[np.ndarray, np.ndarray]
"""Inputs (n_samples, n_inputs) and targets (n_samples, n_outputs)."""


@dataclass(frozen=True, eq=False)
class About:
    """What an export is told beside the trainer.

    Attributes
    ----------
    notes
        Paragraphs for the docstring of the script, or of the ONNX model.
    features
        What the inputs are of points of the plane, by name or as formulas: the script gets a function `features` that
        makes them, and an ONNX model takes points, where its operations can say them.
    test
        Samples whose loss `loss(test=True)` of a script gives.
    score
        What `score(outputs, y)` of a script is: the share of samples classified right, or R²; "" has none.
    threshold
        From which output on a single one means the second class, and from which target on a sample is of it.
    shown
        Figures by name, to compare those with that the script computes: "training loss", "test loss", and the same
        with "accuracy" or "R²".
    """

    notes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    test: Samples | None = None
    score: Literal["", "accuracy", "R²"] = ""
    threshold: float = 0.5
    shown: dict[str, float] = field(default_factory=dict)

    def paragraphs(self) -> list[str]:
        """The notes in lines, an empty line before each; no name in them can end the docstring."""
        safe = [note.replace("\\", "/").replace('"', "'") for note in self.notes]
        printed = ["".join(sign if sign.isprintable() else " " for sign in note) for note in safe]
        return [line for note in printed for line in ("", *textwrap.wrap(note, WIDTH))]

    def functions(self) -> list[str]:
        """The functions of a script that do not depend on what it computes with."""
        features = [features_function(self.features)] if self.features else []
        return [*features, *self._score(), *self._figures()]

    @property
    def prints(self) -> list[str]:
        """The last lines of a script when it is run."""
        if not self.shown:
            return []
        return [
            "    for name, value in figures().items():",
            '        print(f"{name:<18} {value:>10.6f}   shown {SHOWN[name]:>10.6f}")',
        ]

    def _score(self) -> list[str]:
        if not self.score:
            return []
        if self.score == "R²":
            lines = [
                '    """R²: the share of the variance of the targets that the outputs explain."""',
                "    y, outputs = np.asarray(y, float), np.asarray(outputs, float)",
                "    left, total = ((y - outputs) ** 2).sum(axis=0), ((y - y.mean(axis=0)) ** 2).sum(axis=0)",
                "    return float(np.mean(1 - left / total))",
            ]
        else:
            lines = [
                '    """The share of samples that are classified right."""',
                "    y, outputs = np.asarray(y), np.asarray(outputs)",
                "    if outputs.shape[1] > 1:",
                "        return float(np.mean(outputs.argmax(axis=1) == (y.argmax(axis=1) if y.ndim > 1 else y)))",
                f"    return float(np.mean((outputs >= {self.threshold}) == (y >= {self.threshold})))",
            ]
        return ["\n".join(["def score(outputs, y):", *lines])]

    def _figures(self) -> list[str]:
        """What the figures were, and the function that computes them anew."""
        if not self.shown:
            return []
        computed = {
            "training loss": "loss()",
            "test loss": "loss(test=True)",
            f"training {self.score}": "score(outputs(X_train), y_train)",
            f"test {self.score}": "score(outputs(X_test), y_test)",
        }
        shown = [f'    "{name}": {value!r},' for name, value in self.shown.items()]
        anew = [f'        "{name}": {computed[name]},' for name in self.shown]
        head = ["def figures():", '    """The figures in SHOWN, computed anew."""', "    return {"]
        return ["\n".join(["SHOWN = {", *shown, "}"]), "\n".join([*head, *anew, "    }"])]


NOTHING = About()
