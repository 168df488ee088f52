"""What all exported scripts have in common: they hold what the network needs, and say what they cannot do."""

import ast
import subprocess
import sys

import numpy as np
import pytest
from export_cases import CARRIED, CASES, LAYERS, resumed, train

import nncore as nn
from nncore import export

WRITERS = {"numpy": export.to_numpy, "pytorch": export.to_pytorch, "keras": export.to_keras}


def test_all_scripts_are_clean_python(tmp_path):
    """Nothing imported or assigned is unused, nothing is undefined, no statement is longer than a line."""
    for number, case in enumerate((CASES | CARRIED).values()):
        trainer = case()
        for name, to_script in WRITERS.items():
            if not (name == "keras" and trainer.carries):
                (tmp_path / f"{name}_{number:03}.py").write_text(to_script(trainer), encoding="utf-8")
    rules = ["--isolated", "--no-cache", "--output-format=concise", "--select=E,F,W,B006,B007,B018,PLW0127,ARG,RET"]
    command = [sys.executable, "-m", "ruff", "check", *rules, "--line-length=120", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_keras_cannot_begin_with_moments():
    trainer = resumed(optimizer="adam")
    assert export.to_numpy(trainer)
    assert export.to_pytorch(trainer)
    with pytest.raises(ValueError, match=r"^to_keras: .* had left \(m, v, n_m, n_v\): only the NumPy script can begin"):
        export.to_keras(trainer)


@pytest.mark.parametrize("name", ["pytorch", "keras"])
def test_only_numpy_can_begin_with_dead_weights_or_gradients_that_wait(name):
    dead = resumed(regularizer={"name": "pruning_l1", "rate": 0.2})
    waiting = resumed(remainder="carry")
    for trainer, what in ((dead, "dead"), (waiting, "carried")):
        assert export.to_numpy(trainer)
        with pytest.raises(ValueError, match=rf"^to_{name}: .* had left \({what}\): only the NumPy script can begin"):
            WRITERS[name](trainer)


@pytest.mark.parametrize("name", WRITERS)
def test_a_network_that_cannot_be_trained_is_refused(name):
    with pytest.raises(ValueError, match=rf"^to_{name}: the network has no parameters"):
        WRITERS[name](train(nn.Dropout(), y=np.zeros((23, 3))))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("wrong", [None, "x", 5])
def test_what_is_no_trainer_is_refused(name, wrong):
    message = f"^to_{name}: expected a Trainer, whose training is repeated, got "
    with pytest.raises(ValueError, match=f"{message}{wrong!r}$"):
        WRITERS[name](wrong)
    with pytest.raises(ValueError, match=f"{message}a Network$"):
        WRITERS[name](train().network)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_network_with_numbers_that_are_not_finite_is_refused(name, number):
    trainer = train(nn.Dense(4), nn.BatchNorm(), nn.Dense(2))
    trainer.network.layers[1].statistics[1, 0] = number
    message = rf"^to_{name}: the network has numbers that are not finite, in layer 2 \(batch_norm\)$"
    with pytest.raises(ValueError, match=message):
        WRITERS[name](trainer)


@pytest.mark.parametrize("name", WRITERS)
def test_a_first_step_that_failed_is_not_what_training_began_with(name):
    trainer = train(epochs=0)
    values = trainer.network.values.copy()
    trainer.network.values[0] = np.nan
    with pytest.raises(nn.NotFiniteError):
        trainer.step()
    trainer.network.values[...] = values
    trainer.step()
    assert "nan" not in WRITERS[name](trainer)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_script_for_keras_says_which_backend_it_needs_and_how_to_choose_it(dtype):
    script = export.to_keras(train(dtype=dtype))
    doc = ast.get_docstring(ast.parse(script))
    assert doc is not None
    assert "TensorFlow" in doc
    assert "`KERAS_BACKEND=torch python script.py`" in doc
    assert ("float64" in doc) == (dtype == "float64")


def test_keras_has_no_step_for_samples_that_wait():
    with pytest.raises(ValueError, match=r"^to_keras: Keras cannot let the gradients of samples left over wait"):
        export.to_keras(CARRIED["carried"]())
    assert export.to_keras(train(remainder="carry", samples=24))


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_no_part_of_nncore_is_refused_by_name_or_printed_from_its_tape(name):
    class Cubic(nn.Activation):
        name, label = "cubic", "cubic"

        def forward(self, tape, z, a):
            tape(np.multiply, z, z, a, says="A ← Z²")
            tape(np.multiply, a, z, a, says="A = Z³")

        def backward(self, tape, z, a, da, dz, kept=()):
            tape(np.multiply, z, z, dz, says="dZ ← Z²")
            tape(np.multiply, dz, tape.constant(3, dz), dz, says="dZ ← 3 Z²")
            tape(np.multiply, da, dz, dz, says="dZ = dA ∘ 3 Z²")

    try:
        trainer = train(nn.Dense(4, "cubic"), nn.Dense(2))
        if name == "numpy":
            script = {"__name__": "script"}
            exec(WRITERS[name](trainer), script)
            assert script["train"]() == [record.train_loss for record in trainer.history]  # type: ignore[operator]
        else:
            with pytest.raises(ValueError, match=r"the activation 'cubic' cannot be written"):
                WRITERS[name](trainer)
            with pytest.raises(ValueError, match=r"the activation 'cubic' cannot be written"):
                export.to_onnx(trainer.network)
    finally:
        del nn.Activation.registry["cubic"]


@pytest.mark.parametrize("name", ["pytorch", "keras"])
def test_of_what_has_no_effect_nothing_is_written(name):
    trainer = train(nn.Dense(4, "tanh", regularizer=nn.L1(0)), nn.Dense(2, silenced=[]), regularizer=nn.PruningL1(0))
    script = WRITERS[name](trainer)
    assert not any(word in script for word in ("penalty", "regularizer", "prune", "Silence", "frozen"))


def test_plain_descent_reads_as_keras_is_written():
    trainer = train(
        nn.Dense(8, "relu"),
        nn.Dense(10, "relu"),
        nn.Dense(3, "softmax"),
        loss="categorical_crossentropy",
        y=np.arange(23) % 3,
    )
    script = export.to_keras(trainer)
    assert "class " not in script
    assert (
        """model = keras.Sequential([
    keras.Input((3,)),
    keras.layers.Dense(8, activation="relu"),
    keras.layers.Dense(10, activation="relu"),
    keras.layers.Dense(3),
])

loss_function = keras.losses.CategoricalCrossentropy(from_logits=True)  # with the softmax in it
optimizer = keras.optimizers.SGD(learning_rate=0.05)
model.compile(optimizer, loss_function)
"""
        in script
    )


def test_a_pytorch_script_reads_as_pytorch_is_written():
    trainer = train(nn.Dense(4, "tanh"), nn.BatchNorm(), nn.Dense(2), optimizer="adam", batch_size=10, clipping="norm")
    script = export.to_pytorch(trainer)
    assert "class " not in script
    assert (
        """model = nn.Sequential(
    nn.Linear(3, 4),
    nn.Tanh(),
    nn.BatchNorm1d(4, eps=1e-05, momentum=0.1),
    nn.Linear(4, 2),
)

loss_function = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, betas=(0.9, 0.999), eps=1e-08)
"""
        in script
    )


@pytest.mark.parametrize("name", WRITERS)
def test_exporting_changes_nothing(name):
    trainer = train(*LAYERS["batch_norm"](), optimizer="adam")
    before = trainer.state()
    WRITERS[name](trainer)
    np.testing.assert_equal(trainer.state(), before)
