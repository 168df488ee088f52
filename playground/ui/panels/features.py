"""The panel in which one chooses what the network is given of a point."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.spec import MAX_FEATURES, Spec
from playground.ui.editing import EditingWidget
from playground.ui.names import inputs_text
from playground.ui.panels.feature_grid import FeatureGrid
from playground.ui.panels.formula_field import FormulaField
from playground.ui.panels.formula_list import FormulaList
from playground.ui.theme import DARK, SPACING_PX, Theme


class FeaturesPanel(EditingWidget):
    """One switch per input feature, and formulas of one's own; at least one feature stays on."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._grid = FeatureGrid()
        self._field = FormulaField(self._refusal)
        self._formulas = FormulaList(self._field.add)
        for wanted in (self._grid.toggled, self._formulas.removed):
            wanted.connect(lambda feature: self.apply(edits.toggle_feature(feature)))
        self._formulas.chosen.connect(self._change)
        self._field.accepted.connect(self._accept)
        self._field.left.connect(lambda: self._formulas.mark(""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        for part in (self._grid, self._field, self._formulas):
            column.addWidget(part)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_theme(DARK)
        self.bind(document)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._field.set_theme(theme)

    def follow(self, spec: Spec) -> None:
        """Show the features of this spec."""
        self._grid.show_features(spec.features, spec.is_plane)
        formulas = tuple(name for name in spec.features if name not in self._grid.switches)
        self._formulas.show_formulas(formulas, spec.is_plane)
        if self._field.replaced not in ("", *spec.features):
            self._field.clear()
        self._formulas.mark(self._field.replaced)
        if spec.is_plane:
            self._field.set_domain(*spec.dataset.domain)
        self._field.setEnabled(spec.is_plane)
        self.setToolTip("" if spec.is_plane else f"{spec.dataset.label} brings {inputs_text(spec)} of its own")

    def _change(self, formula: str) -> None:
        self._field.change(formula)
        self._formulas.mark(formula)

    def _accept(self, formula: str, replaced: str) -> None:
        self.apply(edits.replace_formula(replaced, formula) if replaced else edits.toggle_feature(formula))

    def _refusal(self, feature: nn.Feature, replaced: str) -> str | None:
        """Why a feature cannot be one more input, or take the place of another one; None if it can."""
        features = self._document.spec.features if self._document is not None else ()
        if feature.text in features and feature.text != replaced:
            return f"{feature.label} is an input already"
        if not replaced and len(features) >= MAX_FEATURES:
            return f"a network is given at most {MAX_FEATURES} features: remove one first"
        return None
