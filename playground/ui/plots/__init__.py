"""Live plots: surface, loss, weights, activations, gradients."""

import pyqtgraph as pg

# Arrays are drawn as they are written, rows first; stored pictures would otherwise appear transposed.
pg.setConfigOptions(imageAxisOrder="row-major", antialias=True)
