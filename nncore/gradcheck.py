"""Are the gradients right? Backpropagation against central differences."""

from __future__ import annotations

import numpy as np

from nncore.losses import Loss
from nncore.network import Network
from nncore.registry import Option

_STEP = Option(1e-6, "h", above=0, at_most=1)


def check_gradients(network: Network, X: np.ndarray, y: np.ndarray, loss: str | Loss, *, step: float = 1e-6) -> float:
    """The largest relative error of the gradients of a float64 network.

    The central difference (L(w + h) − L(w − h)) / 2h has an error of order h² and of order ε/h; the relative error is
    |difference − gradient| / max(1, |difference|, |gradient|). Keep inputs off the kinks of the activations.

    Parameters
    ----------
    network
        Of dtype float64; its parameters are as before when this returns.
    X, y
        (n_samples, n_inputs) and (n_samples, n_outputs).
    loss
        Name or instance.
    step
        h, 0 < h <= 1.

    Returns
    -------
    float
        Below 1e-8 where all is right; NaN where a gradient is.

    Raises
    ------
    ValueError
        If the network computes in float32, whose rounding would drown what is to be seen; if `network` is something
        else, `step` is out of bounds, or samples and loss do not fit.
    """
    if not isinstance(network, Network):
        raise ValueError(f"check_gradients: expected a Network, got {type(network).__name__}")
    step = _STEP.check("check_gradients", "step", step)
    if network.dtype != np.float64:
        raise ValueError(f"gradients are checked in float64, this network computes in {network.dtype}")
    gradients = network.gradients(X, y, loss)
    differences = np.empty_like(gradients)
    for index, value in enumerate(network.parameters.copy()):
        network.parameters[index] = value + step
        above = network.loss(X, y, loss)
        network.parameters[index] = value - step
        below = network.loss(X, y, loss)
        network.parameters[index] = value
        differences[index] = (above - below) / (2 * step)
    scale = np.maximum(1, np.maximum(np.abs(differences), np.abs(gradients)))
    return float(np.max(np.abs(differences - gradients) / scale, initial=0))
