"""The exported NumPy script: it stands alone, trains again bit for bit, and can be read."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from export_cases import CARRIED, CASES, LAYERS, RESUMED, train

import nncore as nn
from nncore import export

XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


def run(trainer: nn.Trainer) -> dict[str, Any]:
    """The names of the imported script."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(export.to_numpy(trainer), "script.py", "exec"), names)
    return names


def xor(**settings: Any) -> nn.Trainer:
    network = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1, "sigmoid")], inputs=2, dtype="float64")
    return nn.Trainer(network, *XOR, loss="binary_crossentropy", **settings)


ALL = CASES | CARRIED | RESUMED


@pytest.mark.parametrize("name", ALL)
def test_it_trains_again_bit_for_bit(name):
    trainer = ALL[name]()
    script = run(trainer)
    assert script["train"]() == [record.train_loss for record in trainer.history]
    assert script["loss"]() == trainer.network.loss(trainer.X, trainer.y, trainer.loss)
    assert np.array_equal(script["w"], trainer.network.parameters)
    assert np.array_equal(script["predict"](trainer.X), trainer.network.predict(trainer.X))
    more = np.vstack([trainer.X, trainer.X[::-1] + 1])[:-3]
    for samples in (more, more[:1], more[:7]):
        assert np.array_equal(script["predict"](samples), trainer.network.predict(samples))


@pytest.mark.parametrize("remainder", ["step", "carry"])
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("before", [3, 5, 7])
def test_a_training_that_began_within_an_epoch_is_repeated_from_there(before, shuffle, remainder):
    settings = {"remainder": remainder, "optimizer": "adam", "schedule": "cosine", "shuffle": shuffle, "epochs": 0}
    earlier, trainer = (train(*LAYERS["dropout"](), **settings) for _ in range(2))
    earlier.advance(before)
    trainer.restore(earlier.state())
    trainer.advance(7)
    script = run(trainer)
    script["train"]()
    assert np.array_equal(script["w"], trainer.network.parameters)


def test_an_untrained_network_gives_a_script_of_no_steps():
    trainer = xor()
    script = run(trainer)
    assert script["train"]() == [script["loss"]()] == [trainer.network.loss(*XOR, "binary_crossentropy")]


def test_a_trainer_taken_back_to_before_its_first_step_begins_there():
    late = xor()
    late.advance(3)
    trainer = xor()
    start = trainer.state()
    trainer.restore(late.state())
    trainer.advance(1)
    trainer.restore(start)
    trainer.advance(2)
    script = run(trainer)
    script["train"]()
    np.testing.assert_array_equal(script["w"], trainer.network.parameters)


def test_exporting_changes_nothing():
    trainer = train(*LAYERS["batch_norm"](), optimizer="adam")
    before = trainer.state()
    export.to_numpy(trainer)
    np.testing.assert_equal(trainer.state(), before)


def test_run_by_itself_it_prints_the_loss_of_every_tenth_epoch_and_the_final_one(tmp_path):
    trainer = xor(optimizer=nn.SGD(0.5), batch_size=2)
    trainer.run(200)
    path = tmp_path / "script.py"
    path.write_text(export.to_numpy(trainer), encoding="utf-8")
    lines = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[1] == f"epoch {20:>6}   loss {trainer.history[20].train_loss:.6f}"
    assert len(lines) == 12
    assert lines[-1] == f"final loss {trainer.history[-1].train_loss!r}"


def test_it_imports_numpy_and_nothing_of_this_project():
    script = export.to_numpy(CASES["many numbers"]())
    imports = [line for line in script.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["import base64", "import zlib", "import numpy as np"]


def test_buffers_stand_layer_by_layer_under_what_the_layer_is():
    trainer = train(*LAYERS["batch_norm"](), schedule="one_cycle")
    before, _ = export.to_numpy(trainer).split("def step():")
    headings = [line for line in before.split("reads and writes.\n")[1].splitlines() if line.startswith("# ")]
    assert headings == [
        "# Samples and targets.",
        "# Layer 1: Dense(4).",
        "# Layer 2: BatchNorm(0.8, epsilon=0.0001).",
        "# Layer 3: Dense(3, activation='tanh').",
        "# Layer 4: BatchNorm(0.9).",
        "# Layer 5: Dense(2).",
        "# Loss: mean squared.",
        "# Update: OneCycle(epochs=100.0, share=0.3, start=0.04, final=4e-06), SGD(learning_rate=0.05).",
    ]
    for line in ("gain_shift2[...] = [", "gain2 = gain_shift2[0]", "d_shift2 = d_gain_shift2[1]"):
        assert line in before


def test_the_script_of_xor_can_be_read():
    trainer = xor(optimizer=nn.SGD(0.5))
    trainer.run(10)
    script = export.to_numpy(trainer)
    assert len(script.splitlines()) < 180
    for line in (
        "W1.dot(X_T, Z1)                                         # Z = W·X + b",
        "np.tanh(Z1, A1_units)                                   # A = tanh(Z)",
        "dZ.dot(A1_T, dW2)                                       # [dW | db] = dZ·Xᵀ",
        "# Backward, layer 1: Dense(4, activation='tanh').",
    ):
        assert line in script
