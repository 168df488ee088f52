"""A network whose shape is not known before the program runs, trained sample by sample.

What to see: only the number of hidden layers is given, their sizes are dice. Whatever they show, the average loss falls
epoch by epoch, because nothing in the code depends on a size. At the end the network is asked about points that it
has never seen.
"""

from __future__ import annotations

import numpy as np

import nncore as nn

HIDDEN_LAYERS = 3
SMALLEST, LARGEST = 2, 10


def draw_sizes(rng: np.random.Generator, hidden_layers: int) -> list[int]:
    """Units of each hidden layer, each drawn from 2 to 10."""
    return rng.integers(SMALLEST, LARGEST + 1, hidden_layers).tolist()


def build(sizes: list[int], seed: int) -> nn.Network:
    """Hidden layers of tanh units, and one sigmoid unit whose output is the probability of class 1."""
    hidden = [nn.Dense(units, "tanh") for units in sizes]
    return nn.Network([*hidden, nn.Dense(1, "sigmoid")], inputs=2, seed=seed)


def main(epochs: int = 60, seed: int = 0, hidden_layers: int = HIDDEN_LAYERS) -> list[float]:
    """Draw a network, train it, ask it; returns the average loss after each epoch."""
    X, y = nn.datasets.moons(200, noise=0.05, seed=seed)
    y = (y + 1) / 2  # −1 and +1 become 0 and 1
    network = build(draw_sizes(np.random.default_rng(seed), hidden_layers), seed)
    print(network.summary())

    # With batches of one sample the weights move 200 times an epoch: less surely than by the whole set, but sooner.
    trainer = nn.Trainer(
        network, X, y, loss="binary_crossentropy", optimizer=nn.SGD(0.1), batch_size=1, shuffle=True, seed=seed
    )
    trainer.run(epochs=epochs)
    losses = [record.train_loss for record in trainer.history]
    print(f"\n{trainer.steps} steps in {trainer.epochs} epochs")
    for epoch in range(0, epochs + 1, max(1, epochs // 10)):
        print(f"  epoch {epoch:3d}   average loss {losses[epoch]:.4f}  {'#' * round(50 * losses[epoch])}")

    new, answers = nn.datasets.moons(5, noise=0.05, seed=seed + 1000)
    print("\nNew points:")
    for (x1, x2), probability, answer in zip(new, network.predict(new)[:, 0], answers[:, 0], strict=True):
        print(f"  ({x1:5.2f}, {x2:5.2f})  class 1 with probability {probability:.3f}; it is class {answer > 0:d}")
    return losses


if __name__ == "__main__":
    main()
