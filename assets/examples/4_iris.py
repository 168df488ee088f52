"""Fisher's irises: three species told apart by four measures, with ReLU layers and a softmax.

What to see: the table of the network, the shape of every parameter and of its gradient, probabilities that add up to 1,
accuracy and loss every 20 epochs; then a smaller network at the same task, and the first one written as a Keras script.
"""

from __future__ import annotations

import numpy as np

import nncore as nn

EVERY = 20

# Measured over 20 seeds (split, weights and order), 200 epochs of batches of 16 at rate 0.05, standardised inputs:
# accuracy in training 95 % or more for all 20, of both networks; in the test never below 90 %, on average 96 %. On the
# centimetres as they are it is 17 and 12 of 20 seeds, and for one of them 6-8-3 learns nothing: inputs that are all
# positive can push every ReLU below zero, where it has no gradient any more.


def build(sizes: list[int], X_train: np.ndarray, seed: int) -> nn.Network:
    """ReLU layers of these sizes, the last one softmax; the standardization of the inputs is part of the network."""
    *hidden, classes = sizes
    layers = [*(nn.Dense(units, "relu") for units in hidden), nn.Dense(classes, "softmax")]
    return nn.Network(layers, inputs=4, seed=seed, standardization=nn.Standardization.of(X_train))


def print_shapes(network: nn.Network, X: np.ndarray, y: np.ndarray) -> None:
    """The shapes of all parameters and of their gradients: the same, layer by layer."""
    gradients = network.split(network.gradients(X, y, "categorical_crossentropy"))
    for number, (part, gradient) in enumerate(zip(network.split(network.parameters), gradients, strict=True), start=1):
        for name, values, slopes in zip(("W", "b"), part, gradient, strict=True):
            print(f"  {name}{number} {values.shape!s:8}  d{name}{number} {slopes.shape!s:8}")


def accuracy(network: nn.Network, X: np.ndarray, y: np.ndarray) -> float:
    """Share of samples whose species has the largest probability."""
    return nn.metrics.accuracy(network.predict(X), nn.one_hot(y, 3))


def train(sizes: list[int], epochs: int, seed: int) -> tuple[nn.Trainer, float]:
    """Train a network of these sizes, printing how it goes; returns the trainer and the accuracy in the test."""
    X, y = nn.datasets.iris(seed=seed)
    (X_train, y_train), (X_test, y_test) = nn.split(X, y, 0.8, by_class=True, seed=seed)
    network = build(sizes, X_train, seed)
    print(network.summary())
    print_shapes(network, X_train, y_train)
    trainer = nn.Trainer(
        network,
        X_train,
        y_train,
        loss="categorical_crossentropy",  # takes the labels 0, 1, 2 and makes one-hot rows of them
        optimizer=nn.SGD(0.05),
        batch_size=16,
        seed=seed,
        test=(X_test, y_test),
    )
    for _ in range(0, epochs, EVERY):
        trainer.run(epochs=min(EVERY, epochs - trainer.epochs))
        newest = trainer.history[-1]
        print(
            f"  epoch {newest.epoch:3d}   loss {newest.train_loss:.4f}, test {newest.test_loss:.4f}"
            f"   accuracy {accuracy(network, X_train, y_train):6.1%}, test {accuracy(network, X_test, y_test):6.1%}"
        )
    print("  a flower of each species from the test, and its probabilities of setosa, versicolor, virginica:")
    for label, species in enumerate(nn.datasets.Iris().class_names):
        (row,) = network.predict(X_test[y_test[:, 0] == label][:1])
        print(f"    {species:10}  {row.round(3)}  sum {row.sum():.6f}")
    return trainer, accuracy(network, X_test, y_test)


def main(epochs: int = 200, seed: int = 0) -> dict[str, float]:
    """Train both architectures, print the first as a Keras script; returns their accuracies in the test."""
    first, first_accuracy = train([6, 8, 10, 3], epochs, seed)
    print()
    _, second_accuracy = train([6, 8, 3], epochs, seed)
    print("\nThe first one in Keras:\n")
    print(nn.export.to_keras(first))
    return {"6-8-10-3": first_accuracy, "6-8-3": second_accuracy}


if __name__ == "__main__":
    main()
