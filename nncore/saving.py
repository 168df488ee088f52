"""A network as an .npz file: one array of parameters, and JSON that says what they mean. Never pickle."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from nncore.layers import Layer
from nncore.network import Network

FORMAT = "nncore network 1"


def save(path: str | Path, network: Network) -> None:
    """Write a network to `path`, through a temporary file, so that an interrupted save leaves the old one whole."""
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
    ValueError
        If the file is not one, or its parameters do not fit its layers.
    """
    with np.load(path, allow_pickle=False) as archive:
        if not {"description", "parameters"} <= set(archive.files):
            raise ValueError(f"{path}: not a saved network (no description or no parameters in it)")
        description = json.loads(str(archive["description"]))
        parameters = archive["parameters"]
    if description.get("format") != FORMAT:
        raise ValueError(f"{path}: expected the format '{FORMAT}', got {description.get('format')!r}")
    layers = [Layer.named(entry.pop("kind"))(**entry) for entry in description["layers"]]
    network = Network(layers, inputs=description["inputs"], dtype=description["dtype"])
    if parameters.shape != network.parameters.shape:
        raise ValueError(
            f"{path}: its layers have {network.parameters.size} parameters, the file holds {parameters.size}"
        )
    network.parameters[...] = parameters
    return network
