"""The rules of the TensorFlow Playground, written out with loops, against a trainer that keeps them."""

from itertools import pairwise

import numpy as np
import pytest

import nncore as nn

ACTIVATIONS = {
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "identity": (lambda z: z, lambda z: 1.0),
}
PENALTIES = {"none": lambda w: 0.0, "l2": lambda w: w, "pruning_l1": np.sign}


class Playground:
    """One weight at a time: gradients pile up sample by sample, and an update takes their mean, whenever it is due."""

    def __init__(self, sizes, hidden, output, penalty, penalty_rate, rate, batch, rng):
        self.names = [hidden] * (len(sizes) - 2) + [output]
        self.w = [rng.uniform(-0.5, 0.5, (m, n)) for n, m in pairwise(sizes)]
        self.b = [np.full(m, 0.1) for m in sizes[1:]]
        self.dead = [np.zeros(w.shape, bool) for w in self.w]
        self.penalty, self.penalty_rate, self.rate, self.batch = penalty, penalty_rate, rate, batch
        self.clear()

    def clear(self):
        self.dw, self.db, self.count = [np.zeros_like(w) for w in self.w], [np.zeros_like(b) for b in self.b], 0

    def forward(self, x):
        inputs, logits = [list(x)], []
        for w, b, name in zip(self.w, self.b, self.names, strict=True):
            logits.append([sum(w[i, j] * v for j, v in enumerate(inputs[-1])) + b[i] for i in range(len(b))])
            inputs.append([ACTIVATIONS[name][0](z) for z in logits[-1]])
        return inputs, logits

    def add_gradient(self, x, target):
        inputs, logits = self.forward(x)
        errors = [inputs[-1][0] - target]
        for layer in reversed(range(len(self.w))):
            deltas = [e * ACTIVATIONS[self.names[layer]][1](z) for e, z in zip(errors, logits[layer], strict=True)]
            for i, delta in enumerate(deltas):
                self.db[layer][i] += delta
                for j, value in enumerate(inputs[layer]):
                    self.dw[layer][i, j] += delta * value
            errors = [
                sum(deltas[i] * self.w[layer][i, j] for i in range(len(deltas))) for j in range(len(inputs[layer]))
            ]
        self.count += 1

    def update(self):
        for w, b, dead, dw, db in zip(self.w, self.b, self.dead, self.dw, self.db, strict=True):
            b -= self.rate * db / self.count
            for index in np.ndindex(w.shape):
                if dead[index]:
                    continue
                pull = PENALTIES[self.penalty](w[index])
                stepped = w[index] - self.rate * dw[index] / self.count
                new = stepped - self.rate * self.penalty_rate * pull
                if self.penalty == "pruning_l1" and stepped * new < 0:
                    new, dead[index] = 0.0, True
                w[index] = new
        self.clear()

    def epoch(self, X, y):
        for i, (x, target) in enumerate(zip(X, y, strict=True)):
            self.add_gradient(x, target)
            if (i + 1) % self.batch == 0:
                self.update()


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize(
    ("hidden", "output"), [("relu", "tanh"), ("tanh", "identity"), ("sigmoid", "tanh"), ("identity", "tanh")]
)
@pytest.mark.parametrize("batch", [1, 7, 25])
def test_training_by_its_rules_gives_its_weights(penalty, hidden, output, batch, rng):
    sizes, rate, penalty_rate = (3, 4, 2, 1), 0.1, 0.02 if penalty != "none" else 0.0
    X, y = rng.uniform(-3, 3, (25, 3)), rng.choice([-1.0, 1.0], (25, 1))
    reference = Playground(sizes, hidden, output, penalty, penalty_rate, rate, batch, rng)
    layers = [*(nn.Dense(n, hidden) for n in sizes[1:-1]), nn.Dense(1, output)]
    network = nn.Network(layers, inputs=3, dtype="float64")
    for layer, w, b in zip(layers, reference.w, reference.b, strict=True):
        layer.weights[...], layer.biases[...] = w, b
    trainer = nn.Trainer(
        network,
        X,
        y,
        loss="half_squared",
        optimizer=nn.SGD(rate),
        regularizer=nn.Regularizer.named(penalty)(*([penalty_rate] if penalty != "none" else [])),
        batch_size=batch,
        shuffle=False,
        remainder="carry",
    )
    for _ in range(12):
        reference.epoch(X, y[:, 0])
        trainer.epoch()
    for layer, w, b in zip(layers, reference.w, reference.b, strict=True):
        np.testing.assert_allclose(layer.weights, w, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(layer.biases, b, rtol=1e-12, atol=1e-12)
    if penalty == "pruning_l1":
        dead = network.split(trainer.arrays["pruning_l1.dead"])
        assert [part.weights.tolist() for part in dead] == [mask.tolist() for mask in reference.dead]
        assert batch == 25 or any(mask.any() for mask in reference.dead)
