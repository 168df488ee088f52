"""The competitors of the benchmark do the same work."""

import pytest
from steps import SIZES, Case, PlainNumPy, make_samples, table

import nncore as nn


@pytest.mark.parametrize("case", SIZES[:4], ids=lambda case: case.size)
def test_the_hand_written_loop_learns_what_nncore_learns(case: Case):
    hidden, output = ("relu", "softmax") if case.classifies else ("tanh", "tanh")
    *inner, outputs = case.sizes[1:]
    network = nn.Network([*(nn.Dense(units, hidden) for units in inner), nn.Dense(outputs, output)], case.sizes[0])
    by_hand = PlainNumPy(case)
    parts = network.split(network.parameters)
    for part, w, b in zip(parts, by_hand.W, by_hand.b, strict=True):
        assert part
        w[...], b[...] = part.weights.T, part.biases
    samples = make_samples(case)
    loss = "categorical_crossentropy" if case.classifies else "half_squared"
    nn.Trainer(network, *samples, loss=loss, optimizer=nn.SGD(0.003), batch_size=case.batch, shuffle=False).epoch()
    for batch in samples.batches(case.batch):
        by_hand.step(*batch)
    for part, w, b in zip(parts, by_hand.W, by_hand.b, strict=True):
        assert part
        assert pytest.approx(part.weights.T, abs=1e-5) == w
        assert pytest.approx(part.biases, abs=1e-5) == b


def test_the_table_shows_ratios_to_ours():
    lines = list(table({"2-8-8-1, batch 10": {"nncore": 6.25, "PyTorch": 125.0}}))
    assert lines == [
        "| µs per step | nncore | PyTorch |",
        "| --- | ---: | ---: |",
        "| 2-8-8-1, batch 10 | **6.2** | 125 (× 20.0) |",
    ]


def test_who_does_not_take_part_leaves_a_gap():
    lines = list(table({"sgd": {"nncore": 6.25, "plain NumPy": 25.0}, "adam": {"nncore": 10.0}}))
    assert lines[2:] == ["| sgd | **6.2** | 25.0 (× 4.0) |", "| adam | **10.0** | – |"]
