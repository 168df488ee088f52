"""What the layers of a network are called, wherever they are spoken of."""

from __future__ import annotations

from collections import Counter

import nncore as nn
from playground.document.spec import Spec


def layer_names(spec: Spec) -> list[str]:
    """Of every layer: its kind, counted by kind ("Dense 1", "Dropout 1", "Dense 2"), and at last "Output"."""
    seen: Counter[str] = Counter()
    names = []
    for layer in spec.layers:
        label = nn.Layer.named(layer.kind).label
        seen[label] += 1
        names.append(f"{label} {seen[label]}")
    return [*names, "Output"]
