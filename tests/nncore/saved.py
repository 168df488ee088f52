"""What the tests of saved files share: a network and a training worth saving, and ways to spoil their files."""

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

import nncore as nn
from nncore.saving import load, save
from nncore.trainer import Trainer

FILES = Path(__file__).parent / "files"


def make_network(dtype: str = "float32") -> nn.Network:
    return nn.Network([nn.Dense(4, "relu"), nn.Dropout(0.25), nn.Dense(2, "softmax")], inputs=3, seed=5, dtype=dtype)


def make_trainer(dtype: str = "float32") -> Trainer:
    """A training of everything that has a state: dropout, running averages, moments, schedule, carried gradients."""
    rng = np.random.default_rng(3)
    X, y = rng.normal(2, 3, (23, 4)), rng.integers(0, 3, 23)
    layers = [
        nn.Dense(6, nn.Activation.of({"name": "elu", "alpha": 0.5}), initializer="he_normal"),
        nn.BatchNorm(),
        nn.Dropout(0.3),
        nn.Residual(2),
        nn.LayerNorm(),
        nn.Dense(3, "softmax"),
    ]
    network = nn.Network(layers, inputs=4, seed=1, dtype=dtype, standardization=nn.Standardization.of(X))
    return Trainer(
        network,
        X,
        y,
        loss="categorical_crossentropy",
        optimizer=nn.Adam(0.02, beta_1=0.8),
        schedule=nn.Cosine(20),
        regularizer=nn.L2(0.01),
        clipping="norm",
        batch_size=5,
        remainder="carry",
        seed=11,
        test=(X[:7], y[:7]),
    )


def in_mid_epoch(dtype: str = "float32") -> Trainer:
    trainer = make_trainer(dtype)
    trainer.run(2)
    trainer.advance(2)
    assert 0 < trainer.steps_left < trainer.steps_per_epoch
    return trainer


def flat(state: object) -> list[object]:
    """Every number in a state of a trainer, to compare bit for bit; NaN equals NaN."""
    if isinstance(state, dict):
        return [item for key in sorted(state) for item in (key, *flat(state[key]))]
    if isinstance(state, (list, tuple)):
        return [item for value in state for item in flat(value)]
    return [state.tobytes() if isinstance(state, np.ndarray) else repr(state)]


def rewritten(path: Path, **changes: object) -> None:
    """Change what a saved file says: arrays by name, or entries of the description by their path."""
    with np.load(path) as archive:
        arrays = dict(archive)
    description = json.loads(str(arrays["description"]))
    for name, value in changes.items():
        *way, last = name.split("__")
        about = description
        for key in way:
            about = about[key]
        if name in arrays or last not in about:
            arrays[name] = np.asarray(value)
        else:
            about[last] = value
    arrays["description"] = np.array(json.dumps(description))
    np.savez(path, **arrays)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, content: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def refusal(path: Path, read=load) -> str:
    """What is wrong with a file, which must be named first."""
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: ") as raised:
        read(path)
    return str(raised.value).removeprefix(f"{path}: ")


@pytest.fixture
def network_file(tmp_path) -> Path:
    path = tmp_path / "network.npz"
    save(path, make_network())
    return path


@pytest.fixture
def trainer_file(tmp_path) -> Path:
    path = tmp_path / "training.npz"
    save(path, in_mid_epoch())
    return path
