"""What layers compute: values of PyTorch, running statistics, and blocks with a connection around them."""

import numpy as np
import pytest

import nncore as nn
from nncore.layers import Parameters, Scale
from nncore.tape import run

X = np.array([[1, 2, -1], [0.5, -1, 3], [2, 0.25, 1], [-1.5, 1, 0]])
D = np.array([[1, -2, 0.5], [0.25, 1.5, -1], [-0.75, 0.5, 2], [1, 1, -0.5]])
"""A gradient for the output."""
GAIN, SHIFT = [1.5, 0.5, -2], [0.1, -0.2, 0.3]

# Of torch.nn.BatchNorm1d and torch.nn.LayerNorm in float64, for X and D: output, gradients for input, gain and shift.
BATCH_NORM = (
    [
        [0.6883465951201213, 0.45633693085255705, 2.6664265042711612],
        [0.09999999999999998, -0.9134097074484316, -2.7425483626343494],
        [1.865039785360364, -0.34268194148968634, -0.038060929181594316],
        [-2.2533863804804852, -0.00024528191443917713, 1.3141827875447833],
    ],
    [
        [0.9730332913137552, -0.3517375335011544, 0.270445961599489],
        [-0.14708664878003033, -0.1635901092853711, 0.9079386434751505],
        [-0.610979696779463, -0.032718021857074245, -2.45335606009703],
        [-0.21496694575426184, 0.5480456646435998, 1.2749714550223905],
    ],
    [-2.059213082920425, -4.508749351074088, -1.5212741813171748],
    [1.5, 1.0, 1.0],
)
LAYER_NORM = (
    [
        [0.5008905742938616, 0.3345207657251488, 2.9726038286257435],
        [-0.20304520675252924, -0.7555828790463037, -2.326391791855255],
        [2.0180673770866244, -0.7812325385110983, 0.532493015404439],
        [-1.8466478326275715, 0.36777228451637517, -0.024441305437928662],
    ],
    [
        [1.288577152746594, -0.8590500034215489, -0.42952714932504493],
        [-0.33396844451359564, 0.20872870075479644, 0.12523974375879954],
        [1.449139472490322, 1.932218763048121, -3.3813582355384417],
        [-0.025608934178751208, -0.03842492736320424, 0.06403386154195556],
    ],
    [-2.040046061891207, -3.250519669517854, -2.294950194847984],
    [1.5, 1.0, 1.0],
)
# After a second batch, 2 X: the running mean and variance, and what the layer then gives for X in prediction.
RUNNING = (
    [0.14500000000000002, 0.16312500000000002, 0.21750000000000003],
    [1.8716666666666668, 1.5934895833333336, 2.2391666666666667],
)
PREDICTED = [
    [1.037436719039409, 0.527568068716753, 1.9272518935927154],
    [0.4892281114140236, -0.6607023395310914, -3.418955559689307],
    [2.1338539342901797, -0.16558966942782288, -0.7458518330482956],
    [-1.703606319087518, 0.1314779326341382, 0.59070003027221],
]


def norm_network(layer: nn.Layer) -> nn.Network:
    network = nn.Network([layer], inputs=3, dtype="float64")
    layer.block[...] = GAIN, SHIFT
    return network


def pass_through(layer: nn.Layer, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Output and gradients of a training pass, with D for the gradient of the output."""
    tape, gradients = nn.Tape(len(samples), "float64", np.random.default_rng()), np.zeros(6)
    rows = np.hstack([samples, np.ones((len(samples), 1))])
    columns = tape.columns(3, "X")
    columns.rows[...] = rows
    output, backward, _ = layer.record(tape, columns)
    dx = backward(np.ascontiguousarray(D.T), gradients, needs_input=True)
    run(tape.program())
    return output.values.T, dx.T, gradients[:3], gradients[3:]


@pytest.mark.parametrize(("layer", "expected"), [(nn.BatchNorm(), BATCH_NORM), (nn.LayerNorm(), LAYER_NORM)])
def test_a_norm_computes_what_pytorch_computes(layer, expected):
    norm_network(layer)
    for ours, theirs in zip(pass_through(layer, X), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_running_statistics_are_those_of_pytorch_and_rule_in_prediction():
    layer = nn.BatchNorm()
    network = norm_network(layer)
    pass_through(layer, X)
    pass_through(layer, 2 * X)
    np.testing.assert_allclose(layer.statistics, RUNNING, rtol=1e-14)
    np.testing.assert_allclose(network.predict(X), PREDICTED, rtol=1e-13)
    assert np.shares_memory(layer.statistics, network.values)
    assert np.array_equal(network.statistics, layer.statistics.ravel())


def test_a_batch_of_one_comes_out_as_the_shift_and_leaves_the_statistics_alone():
    layer = nn.BatchNorm()
    norm_network(layer)
    tape = nn.Tape(1, "float64", np.random.default_rng())
    x = tape.columns(3, "X")
    x.values[...] = [[4], [5], [6]]
    output = layer.record(tape, x).output
    run(tape.program())
    assert output.values.ravel().tolist() == SHIFT
    assert layer.statistics.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_prediction_changes_no_statistics():
    network = norm_network(nn.BatchNorm())
    before = network.values.copy()
    network.predict(X)
    network.gradients(X, X, "mse")
    assert np.array_equal(network.values, before)


def test_values_are_the_parameters_and_then_the_statistics():
    network = nn.Network([nn.Dense(3), nn.BatchNorm(), nn.Dense(2), nn.BatchNorm()], inputs=2)
    assert len(network.parameters) == 9 + 6 + 8 + 4
    assert len(network.statistics) == 6 + 4
    network.values[...] = np.arange(len(network.values))
    assert np.array_equal(np.concatenate([network.parameters, network.statistics]), network.values)
    assert network.layers[3].statistics.tolist() == [[33, 34], [35, 36]]


def test_each_kind_splits_its_parameters_by_name():
    network = nn.Network([nn.Dense(3), nn.BatchNorm(), nn.Dropout(), nn.LayerNorm(), nn.Residual(2)], inputs=2)
    parts = network.split(network.parameters)
    assert [type(part) for part in parts] == [Parameters, Scale, tuple, Scale, tuple]
    for layer, part in zip(network.layers, parts, strict=True):
        assert getattr(part, "_fields", ()) == layer.parameter_names


# -- a connection around a block ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "expected"),
    [(3, [11, 22, 33]), (2, [11, 22]), (4, [11, 22, 33, 40])],
    ids=["as many units", "fewer: cut", "more: filled up with zeros"],
)
def test_a_residual_connection_adds_what_went_into_its_block(units, expected):
    network = nn.Network([nn.Dense(units), nn.Residual(1)], inputs=3)
    network.split(network.parameters)[0].biases[...] = [10, 20, 30, 40][:units]
    network.split(network.parameters)[0].weights[...] = 0
    assert network.predict(np.array([[1, 2, 3]])).tolist() == [expected]


def test_a_residual_connection_spans_as_many_layers_as_it_says(rng):
    network = nn.Network([nn.Dense(3, "tanh"), nn.Dense(5, "relu"), nn.Dense(3), nn.Residual(2)], inputs=2)
    first, _, third, last = network.activations(rng.normal(0, 1, (6, 2)))
    np.testing.assert_allclose(last, third + first, rtol=1e-6)


# -- silenced units -------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [6, 3000], ids=["few", "many"])
def test_silenced_units_give_nothing_and_the_others_what_they_gave(samples, rng):
    def made(**silenced) -> nn.Network:
        return nn.Network([nn.Dense(4, "sigmoid", **silenced), nn.Dense(2)], inputs=3, seed=5, dtype="float64")

    X, whole, part = rng.normal(0, 1, (samples, 3)), made(), made(silenced=[1, 3])
    expected = whole.activations(X)[0]
    expected[:, [1, 3]] = 0
    assert np.array_equal(part.activations(X)[0], expected)
    output = whole.layers[1]
    assert isinstance(output, nn.Dense)
    np.testing.assert_allclose(part.predict(X), expected @ output.weights.T + output.biases, rtol=1e-12)


def test_the_shares_of_a_softmax_stay_when_one_is_silenced(rng):
    X = rng.normal(0, 1, (5, 3))
    whole, part = (nn.Network([nn.Dense(4, "softmax", silenced=s), nn.Dense(1)], 3, seed=1) for s in ((), (2,)))
    assert np.array_equal(part.activations(X)[0][:, [0, 1, 3]], whole.activations(X)[0][:, [0, 1, 3]])


def test_training_leaves_the_weights_of_silenced_units_alone_and_they_can_speak_again():
    X, y = nn.datasets.xor(40)
    network = nn.Network([nn.Dense(4, "tanh", silenced=[1]), nn.Dense(1, "tanh")], inputs=2)
    into, out = network.layers[0].block[1].copy(), network.layers[1].block[:, 1].copy()
    others = network.layers[0].block[[0, 2, 3]].copy()
    nn.Trainer(network, X, y, optimizer="adam").run(3)
    assert np.array_equal(network.layers[0].block[1], into)
    assert np.array_equal(network.layers[1].block[:, 1], out)
    assert (network.layers[0].block[[0, 2, 3]] != others).all()


def test_nothing_is_recorded_for_units_that_are_not_silenced():
    def tape(**silenced) -> list[str]:
        network = nn.Network([nn.Dense(4, "tanh", **silenced), nn.Dense(1, "tanh")], inputs=2)
        return str(nn.Trainer(network, np.ones((3, 2)), np.ones((3, 1))).tape).splitlines()

    assert tape(silenced=[]) == tape()
    added = [line for line in tape(silenced=[0]) if line not in tape()]
    assert added == [
        "forward  layer 1  A ← A ∘ H, 0 for silenced units",
        "backward layer 1  dA ← dA ∘ H, 0 for silenced units",
    ]


def test_units_that_cannot_be_silenced_are_named():
    with pytest.raises(ValueError, match=r"^dense: silenced: expected units from 0 to 3, got 4$"):
        nn.Dense(4, silenced=[1, 4])
    message = r"^layer 2 \(dense\) is the last: its units cannot be silenced; possible: those of layers before it$"
    with pytest.raises(ValueError, match=message):
        nn.Network([nn.Dense(4), nn.Dense(3, silenced=[0])], inputs=2)


# -- the table ------------------------------------------------------------------------------------


def test_a_summary_shows_layers_shapes_and_counts():
    network = nn.Network([nn.Dense(6, "relu"), nn.BatchNorm(), nn.Dropout(0.1), nn.Dense(3, "softmax")], inputs=4)
    assert network.summary() == (
        "layer                           output  parameters                   count\n"
        "Dense(6, activation='relu')     (n, 6)  weights (6, 4), biases (6,)  30\n"
        "BatchNorm(0.9)                  (n, 6)  gain (6,), shift (6,)        12\n"
        "Dropout(0.1)                    (n, 6)  –                            0\n"
        "Dense(3, activation='softmax')  (n, 3)  weights (3, 6), biases (3,)  21\n"
        "63 parameters, float32"
    )
