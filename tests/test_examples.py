"""The five tutorials run, learn what they say, and need nothing but nncore and NumPy."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "assets" / "examples"
FILES = sorted(path.name for path in FOLDER.glob("*.py"))


@pytest.fixture(autouse=True)
def one_thread():
    """On products as small as these, threads of BLAS cost more than they bring."""
    with threadpool_limits(1, "blas"):
        yield


def example(name: str) -> ModuleType:
    """The module of a file whose name cannot be imported, as it begins with a digit; leaves no bytecode behind."""
    module = ModuleType(f"example_{name[0]}")
    path = FOLDER / name
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(module))
    return module


def test_the_overview_lists_every_example():
    listed = re.findall(r"^\| `(.*?)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == FILES
    assert len(FILES) == 5


@pytest.mark.parametrize("name", FILES)
def test_an_example_imports_nncore_and_numpy_alone(name):
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    modules = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert modules <= {"__future__", "os", "numpy", "nncore"}


def test_an_example_runs_as_a_command_from_anywhere_and_writes_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, FOLDER / "5_xor.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "epoch  1500" in done.stdout
    assert list(tmp_path.iterdir()) == []


# -- 1 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_1_sigmoid_networks_of_every_depth_learn_the_circle(seed):
    accuracies = example("1_deep_sigmoid.py").main(seed=seed)
    assert list(accuracies) == ["[2, 4, 1]", "[2, 6, 4, 1]", "[2, 8, 6, 4, 1]"]
    assert min(accuracies.values()) >= 0.98


def test_1_layer_dim_alone_makes_the_network():
    network = example("1_deep_sigmoid.py").build([3, 5, 2, 4], seed=0)
    assert network.inputs == 3
    assert [layer.units for layer in network.layers] == [5, 2, 4]
    assert {layer.activation.name for layer in network.layers} == {"sigmoid"}


def test_1_the_cost_is_printed_against_iterations(capsys):
    example("1_deep_sigmoid.py").main(epochs=300)
    costs = read(capsys.readouterr().out, r"iteration +(\d+)   cost (\d\.\d+)")
    assert costs[:, 0].tolist() == [*range(0, 75, 5), 75, 150, 225, 300] * 3
    for start in (0, 19, 38):
        assert costs[start, 1] > costs[start + 18, 1]


@pytest.mark.parametrize("seed", range(4))
def test_1_every_layer_makes_the_plateau_longer(seed):
    module = example("1_deep_sigmoid.py")
    plateaus = [np.argmax(np.array(module.train(sizes, 1000, seed)[1]) < 0.6) for sizes in module.LAYER_DIMS]
    assert 0 < plateaus[0] < plateaus[1] < plateaus[2]


def test_1_the_plateau_of_the_deepest_network_is_seen_and_so_is_a_rise(capsys):
    example("1_deep_sigmoid.py").main()
    out = capsys.readouterr().out.split("layer_dim = ")[-1]
    costs = read(out, r"iteration +(\d+)   cost (\d\.\d+)")
    assert np.count_nonzero(np.abs(costs[:, 1] - np.log(2)) < 0.02) >= 5
    assert read(out, r"the cost rose in (\d+) iterations")[0, 0] > 0


# -- 2 ------------------------------------------------------------------------------------------------


def test_2_hidden_sizes_are_drawn_from_2_to_10():
    sizes = example("2_dynamic.py").draw_sizes(np.random.default_rng(0), 500)
    assert set(sizes) == set(range(2, 11))


@pytest.mark.parametrize("seed", range(8))
def test_2_whatever_sizes_are_drawn_the_average_loss_falls_to_almost_nothing(seed):
    losses = example("2_dynamic.py").main(seed=seed)
    assert len(losses) == 61
    assert losses[-1] < 0.01 < losses[0]


@pytest.mark.parametrize("hidden_layers", [1, 2, 5])
def test_2_any_number_of_layers_trains_sample_by_sample(hidden_layers, capsys):
    losses = example("2_dynamic.py").main(epochs=10, hidden_layers=hidden_layers)
    out = capsys.readouterr().out
    assert out.count("Dense(") == hidden_layers + 1
    assert "2000 steps in 10 epochs" in out
    assert losses[-1] < losses[0]


def test_2_it_answers_for_points_it_has_never_seen(capsys):
    example("2_dynamic.py").main()
    answers = read(capsys.readouterr().out, r"with probability (\d\.\d+); it is class (\d)")
    assert len(answers) == 5
    assert np.array_equal(answers[:, 0] > 0.5, answers[:, 1])


# -- 3 ------------------------------------------------------------------------------------------------


def test_3_the_prepared_deep_network_learns_the_faces_and_logistic_regression_does_not(capsys):
    scores = example("3_images.py").main()
    train, test = scores["prepared"]
    assert train >= 0.97
    assert test >= 0.85
    assert test > max(scores["logistic"][1], scores["slow"][1]) + 0.1
    out = capsys.readouterr().out
    assert "Logistic regression, rate 0.01: 12289 parameters" in out
    assert "Logistic regression, rate 0.001: 12289 parameters" in out
    # 5·12289 + 5·6 + 5·6 + 3·6 + 4
    assert "61527 parameters" in out
    costs = read(out, r"epoch +(\d+)   cost (\d\.\d+)")
    assert costs[:, 0].tolist() == [*range(10), *range(50, 1001, 50), *[*range(0, 1001, 200)] * 2]
    # Logistic regression at 0.01 is seen to overshoot, and at a tenth of it the cost falls in every epoch.
    assert costs[:30, 1].max() > 2
    rises = read(out, r"(\d+) rises in 1000 measurements")[:, 0]
    assert rises[0] > 300
    assert rises[1] == 0


def test_3_there_are_209_pictures_to_learn_from_and_50_to_be_asked_about():
    data = example("3_images.py").load(seed=1)
    assert [part.shape for part in data] == [(209, 12288), (209, 1), (50, 12288), (50, 1)]
    assert set(np.unique(data[1])) == {0.0, 1.0}


# -- 4 ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def iris() -> ModuleType:
    return example("4_iris.py")


@pytest.mark.parametrize("sizes", [[6, 8, 10, 3], [6, 8, 3]])
@pytest.mark.parametrize("seed", range(4))
def test_4_both_architectures_tell_the_irises_apart(iris, sizes, seed):
    trainer, accuracy = iris.train(sizes, epochs=200, seed=seed)
    assert [layer.units for layer in trainer.network.layers] == sizes
    assert trainer.history[-1].train_loss < 0.15
    assert accuracy >= 0.9


def test_4_it_prints_tables_shapes_progress_probabilities_and_a_keras_script(iris, capsys):
    accuracies = iris.main()
    out = capsys.readouterr().out
    assert min(accuracies.values()) >= 0.9
    assert "Dense(10, activation='relu')    (n, 10)  weights (10, 8), biases (10,)  90" in out
    assert "W4 (3, 10)   dW4 (3, 10)" in out
    assert read(out, r"epoch +(\d+)   loss")[:, 0].tolist() == [*range(20, 201, 20)] * 2
    assert re.findall(r"sum (\d\.\d+)", out) == ["1.000000"] * 6
    script = out.split("The first one in Keras:\n")[1]
    compile(script, "keras", "exec")
    assert "import keras" in script
    assert "categorical_crossentropy" in script or "CategoricalCrossentropy" in script


# -- 5 ------------------------------------------------------------------------------------------------


def test_5_the_truth_table_is_learned_for_every_one_of_twenty_seeds():
    costs = [example("5_xor.py").main(seed=seed) for seed in range(20)]
    assert {len(each) for each in costs} == {1501}
    assert max(each[-1] for each in costs) < 0.05


def test_5_it_draws_the_cost_and_answers_the_four_rows(capsys):
    example("5_xor.py").main()
    out = capsys.readouterr().out
    assert len(read(out, r"epoch +(\d+)   cost (\d\.\d+)")) == 16
    assert read(out, r"^ (\d)  (\d) +(\d) +\d\.\d+ +(\d)$").tolist() == [
        [0, 0, 0, 0],
        [0, 1, 1, 1],
        [1, 0, 1, 1],
        [1, 1, 0, 0],
    ]


def read(text: str, pattern: str) -> np.ndarray:
    """The numbers that a pattern finds in a text: one row for each match."""
    found = re.findall(pattern, text, re.MULTILINE)
    return np.array([list(each) if isinstance(each, tuple) else [each] for each in found], float)
