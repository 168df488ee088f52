"""Trainers that have gone some steps: together they have every part of every registry in them at least once."""

from collections.abc import Callable
from typing import Any

import numpy as np

import nncore as nn
from nncore.preprocessing import Standardization

Case = Callable[[], nn.Trainer]


def train(
    *layers: nn.Layer,
    dtype: str = "float64",
    inputs: int = 3,
    samples: int = 23,
    epochs: int = 6,
    standardized: bool = False,
    **settings: Any,
) -> nn.Trainer:
    """A trainer after some epochs on 23 samples of 3 inputs, in batches of 8: one of 7 is left over."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(samples, inputs))
    if standardized:
        X = 20 + 5 * X
    standardization = Standardization.of(X) if standardized else None
    layers = layers or (nn.Dense(5, "tanh"), nn.Dense(2))
    network = nn.Network(layers, inputs=inputs, seed=3, dtype=dtype, standardization=standardization)
    y = settings.pop("y", None)
    if y is None:
        y = np.stack([np.sin(X[:, 0]), X[:, 1] * X[:, 2] / 25**standardized], axis=1)
    trainer = nn.Trainer(network, X, y, **{"batch_size": 8, "seed": 5, "optimizer": nn.SGD(0.05), **settings})
    trainer.run(epochs)
    return trainer


def resumed(*layers: Callable[[], nn.Layer], **settings: Any) -> nn.Trainer:
    """A trainer that begins where another one of the same settings stood after some steps, within an epoch."""
    makes = layers or (lambda: nn.Dense(5, "tanh"), lambda: nn.Dense(2))
    earlier, later = (train(*(make() for make in makes), epochs=0, **settings) for _ in range(2))
    earlier.advance(7 if settings.get("remainder") != "carry" else 6)
    later.restore(earlier.state())
    later.history.clear()
    later.run(5)
    return later


def _labels(loss: str) -> tuple[nn.Layer, np.ndarray]:
    classes = np.random.default_rng(6).integers(0, 2, (23, 2))
    if loss == "hinge":
        return nn.Dense(2, "tanh"), classes * 2.0 - 1
    if loss == "categorical_crossentropy":
        return nn.Dense(3, "softmax"), classes.sum(axis=1)
    return nn.Dense(2, nn.Loss.named(loss).fused or "identity"), classes * 1.0


def _with_loss(loss: str) -> nn.Trainer:
    layer, y = _labels(loss)
    return train(nn.Dense(5, "tanh"), layer, loss=loss, y=y)


LAYERS: dict[str, Callable[[], list[nn.Layer]]] = {
    "dense": lambda: [nn.Dense(4, "tanh"), nn.Dense(2)],
    "dropout": lambda: [nn.Dense(6, "tanh"), nn.Dropout(0.3), nn.Dense(5, "relu"), nn.Dropout(0.2), nn.Dense(2)],
    "batch_norm": lambda: [nn.Dense(4), nn.BatchNorm(0.8, 1e-4), nn.Dense(3, "tanh"), nn.BatchNorm(), nn.Dense(2)],
    "layer_norm": lambda: [nn.Dense(4, "tanh"), nn.LayerNorm(1e-4), nn.Dense(2)],
    "residual": lambda: [nn.Dense(3, "tanh"), nn.Dense(3, "tanh"), nn.Residual(2), nn.Residual(1), nn.Dense(2)],
    "residual that is filled up": lambda: [nn.Dense(5, "tanh"), nn.Residual(1), nn.Dense(2)],
    "residual that is cut": lambda: [nn.Dense(5, "tanh"), nn.Dense(3, "tanh"), nn.Residual(1), nn.Dense(2)],
    "residuals that cross": lambda: [
        nn.Dense(4, "tanh"),
        nn.Dense(4, "tanh"),
        nn.Residual(1),
        nn.Dense(4, "tanh"),
        nn.Residual(3),
        nn.Dense(2),
    ],
    "silenced": lambda: [
        nn.Dense(5, "tanh", silenced=[1, 4]),
        nn.BatchNorm(),
        nn.Dense(4, "softmax", silenced=[0]),
        nn.Residual(1),
        nn.Dense(2),
    ],
    "normalisation first": lambda: [nn.BatchNorm(), nn.Dropout(0.2), nn.LayerNorm(), nn.Dense(2)],
}
ACTIVATIONS: dict[str, nn.Activation] = {name: nn.Activation.of(name) for name in nn.Activation.names()} | {
    "leaky_relu of slope 0.2": nn.Activation.of({"name": "leaky_relu", "slope": 0.2}),
    "elu of 0.5": nn.Activation.of({"name": "elu", "alpha": 0.5}),
}
OPTIMIZERS: dict[str, nn.Optimizer] = {
    name: nn.Optimizer.of({"name": name, "learning_rate": 0.3 if name == "adadelta" else 0.02})
    for name in nn.Optimizer.names()
}
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {},
    "step": {"every": 1.5, "gamma": 0.6},
    "exponential": {"every": 2, "gamma": 0.6},
    "cosine": {"epochs": 5, "final": 0.1},
    "warm_up": {"epochs": 3},
    "one_cycle": {"epochs": 5},
}

CASES: dict[str, Case] = {}
RESUMED: dict[str, Case] = {
    f"{_name}, begun with moments": lambda o=_optimizer: resumed(optimizer=o)
    for _name, _optimizer in OPTIMIZERS.items()
} | {
    "averages, begun with moments": lambda: resumed(
        lambda: nn.Dense(4, "tanh"), nn.BatchNorm, lambda: nn.Dense(2), optimizer="nadam", schedule="cosine"
    )
}
for _name, _make in LAYERS.items():
    CASES[f"layer {_name}"] = lambda make=_make: train(*make())
for _name, _activation in ACTIVATIONS.items():
    CASES[f"activation {_name}"] = lambda a=_activation: train(nn.Dense(5, a), nn.Dense(2, a))
for _name in nn.Loss.names():
    CASES[f"loss {_name}"] = lambda loss=_name: _with_loss(loss)
for _name, _optimizer in OPTIMIZERS.items():
    CASES[f"optimizer {_name}"] = lambda optimizer=_optimizer: train(optimizer=optimizer)
    CASES[f"optimizer {_name} with a schedule"] = lambda optimizer=_optimizer: train(
        optimizer=optimizer, schedule={"name": "exponential", "every": 2}
    )
for _name, _settings in SCHEDULES.items():
    CASES[f"schedule {_name}"] = lambda name=_name, settings=_settings: train(schedule={"name": name, **settings})
for _name in nn.Regularizer.names():
    CASES[f"regularizer {_name}"] = lambda name=_name: train(regularizer={"name": name, "rate": 0.03}, optimizer="adam")
for _name in nn.Clipping.names():
    for _limit in (0.05, 3.0):
        _clipping = _name if _name == "none" else {"name": _name, "limit": _limit}
        CASES[f"clipping {_name} {_limit}"] = lambda c=_clipping: train(
            clipping=c, regularizer={"name": "l2", "rate": 0.1}
        )


def _with_penalties(*rules: Any, **settings: Any) -> nn.Trainer:
    """A regularizer for each layer."""
    hidden = [nn.Dense(4, "tanh", regularizer=rule) for rule in rules[:-1]]
    return train(*hidden, nn.Dense(2, regularizer=rules[-1]), **settings)


def _frozen(*layers: nn.Layer, **settings: Any) -> nn.Trainer:
    """With two of five parameters frozen, and what would move them."""
    layers = layers or (nn.Dense(5, "tanh"), nn.LayerNorm(), nn.Dense(2))
    n = nn.Network([nn.Layer.of(layer.config()) for layer in layers], inputs=3).parameters.size
    penalty = {"name": "l2", "rate": 0.1}
    settings = {"optimizer": "adamw", "clipping": "norm", "regularizer": penalty} | settings
    return train(*layers, frozen=np.arange(n) % 5 < 2, **settings)


_L1, _L2, _NET, _PRUNING = nn.L1(0.03), nn.L2(0.03), nn.ElasticNet(0.03), nn.PruningL1(0.03)
CASES |= {
    "a regularizer in one layer": lambda: _with_penalties(_L1, None),
    "a regularizer in all but one layer": lambda: _with_penalties(None, "none", None, regularizer=_L2),
    "different regularizers": lambda: _with_penalties(_L1, _NET, None, None, regularizer=_L2, optimizer="adam"),
    "pruning in two layers": lambda: _with_penalties(
        _PRUNING, _L2, None, regularizer=nn.PruningL1(0.5), schedule="exponential"
    ),
    "frozen": lambda: _frozen(),
    "frozen, by value": lambda: _frozen(optimizer="momentum", clipping={"name": "value", "limit": 0.05}),
    "frozen, pruned": lambda: _frozen(regularizer=nn.PruningL1(0.5), optimizer="sgd", clipping="none"),
    "frozen layer": lambda: train(frozen=np.arange(32) < 20, optimizer="adam"),
    "frozen throughout": lambda: train(frozen=np.ones(32, bool), optimizer="adamw"),
    "frozen, silenced, with penalties, in float32": lambda: _frozen(
        nn.Dense(40, "tanh", silenced=list(range(0, 40, 3)), regularizer=_L1),
        nn.Dropout(0.2),
        nn.Dense(5, "relu", silenced=[2]),
        nn.Dense(2, regularizer="none"),
        dtype="float32",
    ),
    "begun within an epoch": lambda: resumed(),
    "begun within an epoch, with a schedule": lambda: resumed(schedule="cosine", shuffle=False),
    "full batch": lambda: train(batch_size=23),
    "full batch with dropout": lambda: train(nn.Dense(4), nn.Dropout(), nn.Dense(2), batch_size=23),
    "sample by sample": lambda: train(nn.Dense(4), nn.BatchNorm(), nn.Dense(2), batch_size=1),
    "one sample left over": lambda: train(nn.Dense(4, "tanh"), nn.BatchNorm(), nn.Dense(2), batch_size=11),
    "not shuffled": lambda: train(shuffle=False),
    "standardised": lambda: train(standardized=True),
    "one layer": lambda: train(nn.Dense(2)),
    "one layer that normalises": lambda: train(nn.BatchNorm(), y=np.random.default_rng(1).normal(size=(23, 3))),
    "names that two parts use": lambda: train(
        nn.Dense(1, "sigmoid"), loss="binary_crossentropy", y=np.arange(23) % 2, optimizer="adadelta", batch_size=23
    ),
    "many numbers": lambda: train(nn.Dense(30, "tanh"), nn.Dense(2), samples=300, epochs=1),
    "many numbers, standardised": lambda: train(
        nn.Dense(30, "tanh"), nn.Dense(2), samples=300, standardized=True, epochs=1
    ),
    "many inputs, standardised": lambda: train(inputs=200, standardized=True, epochs=2),
    "thousands of parameters": lambda: train(
        nn.Dense(80, "relu"),
        nn.Dropout(0.2),
        nn.Dense(60, "gelu"),
        nn.Dense(2),
        samples=130,
        batch_size=64,
        epochs=2,
        optimizer="adam",
        schedule="cosine",
        clipping="norm",
        regularizer={"name": "l2", "rate": 0.01},
    ),
    "float32": lambda: train(dtype="float32", optimizer="adam", schedule="cosine", clipping="norm"),
    "float32 with dropout": lambda: train(*LAYERS["dropout"](), dtype="float32", optimizer="nadam"),
    "float32, standardised": lambda: train(dtype="float32", standardized=True),
    "probabilities": lambda: train(
        nn.Dense(3, "softmax"), loss="categorical_crossentropy", y=np.random.default_rng(1).dirichlet([1, 1, 1], 23)
    ),
}
CARRIED: dict[str, Case] = {
    "carried, frozen": lambda: _frozen(remainder="carry", optimizer="momentum"),
    "carried": lambda: train(remainder="carry"),
    "carried, with dropout and a penalty": lambda: train(
        *LAYERS["dropout"](), remainder="carry", clipping="norm", regularizer={"name": "l1", "rate": 0.01}
    ),
    "carried, normalised": lambda: train(
        *LAYERS["batch_norm"](), remainder="carry", optimizer="adam", schedule="cosine"
    ),
}
