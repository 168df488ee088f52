"""The public names, used as the README promises them."""

import re
from pathlib import Path
from typing import Any

import numpy as np

import nncore as nn


def test_every_public_name_exists_and_stands_once_in_the_list():
    for name in nn.__all__:
        assert hasattr(nn, name), name
    assert len(set(nn.__all__)) == len(nn.__all__)


def test_the_library_as_the_readme_shows_it(tmp_path, monkeypatch, capsys):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)
    reason, *_ = printed = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"no better loss than .*|the training loss is .*, below 0.01|300 epochs are over", reason)
    assert any("W·X + b" in line for line in printed)
    assert names["change"] < 1e-5
    assert "import torch" in names["script"]


def test_every_public_name_is_described():
    for name in nn.__all__:
        assert (getattr(nn, name).__doc__ or "").strip(), name


def test_the_library_in_a_few_lines():
    X, y = nn.datasets.spiral(500, noise=0.1, seed=3)
    assert X.shape == (500, 2)
    assert y.shape == (500, 1)

    net = nn.Network([nn.Dense(4, "tanh"), nn.Dense(2, "tanh"), nn.Dense(1, "tanh")], inputs=2, seed=0, dtype="float64")
    assert net.parameters.shape == (4 * 3 + 2 * 5 + 1 * 3,)
    first = net.layers[0]
    assert isinstance(first, nn.Dense)
    assert first.weights.shape == (4, 2)
    assert first.biases.shape == (4,)

    assert net.predict(X).shape == (500, 1)
    assert [a.shape for a in net.activations(X)] == [(500, 4), (500, 2), (500, 1)]
    assert isinstance(net.loss(X, y, "mse"), float)
    flat = net.gradients(X, y, "mse")
    assert flat.shape == net.parameters.shape
    assert [part.weights.shape for part in net.split(flat) if part] == [(4, 2), (2, 4), (1, 2)]

    trainer = nn.Trainer(net, X, y, loss="half_squared", optimizer=nn.SGD(0.03), batch_size=10, shuffle=True, seed=0)
    trainer.step()
    trainer.epoch()
    trainer.run(epochs=3)
    assert [record.epoch for record in trainer.history] == [0, 1, 2, 3, 4]
    state = trainer.state()
    trainer.run(epochs=1)
    after = net.parameters.copy()
    trainer.restore(state)
    trainer.run(epochs=1)
    assert np.array_equal(net.parameters, after)
