"""A network as an .npz file: one array of parameters, and JSON that says what they mean. Never pickle."""

from __future__ import annotations

import json
import operator
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from nncore.layers import Layer
from nncore.network import Network, checked_dtype, count_parameters

FORMAT = "nncore network 1"


def save(path: str | Path, network: Network) -> None:
    """Write a network to `path`, through a temporary file, so that an interrupted save leaves the old one whole.

    What it computes is kept; how its first parameters were drawn (seed, initializers) is not.
    """
    description = {
        "format": FORMAT,
        "inputs": network.inputs,
        "dtype": str(network.dtype),
        "layers": [{"kind": layer.name, **layer.settings()} for layer in network.layers],
    }
    path = Path(path)
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        np.savez(file, description=json.dumps(description), parameters=network.parameters)
    temporary.replace(path)


def load(path: str | Path) -> Network:
    """Read a network that `save` wrote.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not a saved network, or its parameters do not fit its layers.
    """
    description, parameters = _read(path)
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise ValueError(f"{path}: not a network in the format '{FORMAT}'")
    try:
        layers = [Layer.named(entry.pop("kind"))(**entry) for entry in description["layers"]]
        inputs, dtype = operator.index(description["inputs"]), checked_dtype(description["dtype"])
        expected = count_parameters(layers, inputs)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path}: its description of the network is damaged ({error})") from error
    # Counted before the network is made: a damaged file must not ask for more memory than it holds.
    if parameters.shape != (expected,):
        raise ValueError(f"{path}: its layers have ({expected},) parameters, the file holds {parameters.shape}")
    network = Network(layers, inputs=inputs, dtype=dtype)
    network.parameters[...] = parameters
    return network


def _read(path: str | Path) -> tuple[Any, np.ndarray]:
    """The description and the parameters in a file."""
    if not zipfile.is_zipfile(path):
        Path(path).open("rb").close()  # a file that is not there is an OSError, not a wrong file
        raise ValueError(f"{path}: not a saved network (not an .npz file)")
    try:
        with np.load(path, allow_pickle=False) as archive:
            return json.loads(str(archive["description"])), archive["parameters"]
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path}: not a saved network ({error})") from error
