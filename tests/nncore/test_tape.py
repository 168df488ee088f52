"""The tape: calls recorded in order, with their formulas, and run."""

import numpy as np
import pytest

import nncore as nn
from nncore.tape import SMALL, run


def test_a_tape_prints_the_step_as_formulas():
    network = nn.Network([nn.Dense(2, "tanh"), nn.Dense(1)], inputs=2)
    trainer = nn.Trainer(network, np.ones((4, 2)), np.ones((4, 1)), loss="half_squared", optimizer="sgd")
    assert str(trainer.tape).splitlines() == [
        "forward  layer 1  Z = W·X + b",
        "forward  layer 1  A = tanh(Z)",
        "forward  layer 2  Z = W·X + b",
        "forward  layer 2  A = Z",
        "loss     network  dA ← A − Y",
        "loss     network  dA = (A − Y) / m",
        "backward layer 2  dZ = dA",
        "backward layer 2  [dW | db] = dZ·Xᵀ",
        "backward layer 2  dX = Wᵀ·dZ",
        "backward layer 1  dZ ← A∘A",
        "backward layer 1  dZ ← 1 − A∘A",
        "backward layer 1  dZ = dA ∘ (1 − A∘A)",
        "backward layer 1  [dW | db] = dZ·Xᵀ",
        "update   network  s = η g",
        "update   network  w ← w − η g",
    ]


def test_a_program_can_be_cut_by_phase():
    network = nn.Network([nn.Dense(2, "tanh"), nn.Dense(1)], inputs=2)
    tape = nn.Trainer(network, np.ones((4, 2)), np.ones((4, 1))).tape
    assert len(tape.program()) == len(tape.ops)
    assert len(tape.program("update")) == 2
    assert tape.program("forward", "loss") + tape.program("backward", "update") == tape.program()


def test_running_a_tape_is_running_its_calls_in_order():
    tape, a = nn.Tape(3, np.dtype("float64")), np.ones((1, 3))
    tape(np.add, a, a, a, says="a ← 2 a")
    tape(np.square, a, a, says="a = a²")
    assert a.tolist() == [[1, 1, 1]]
    run(tape.program())
    assert a.tolist() == [[4, 4, 4]]


def test_a_constant_is_an_array_only_where_that_is_faster():
    tape = nn.Tape(4, np.dtype("float32"))
    assert tape.constant(2, np.empty((3, 4))).shape == (3, 4)
    assert tape.constant(2, np.empty((SMALL + 1,))).shape == ()
    assert tape.constant(2, np.empty((3, 4))).dtype == np.float32


def test_names_are_made_unique_by_layer_and_number():
    tape = nn.Tape(2, "float32")
    tape.empty(3, "Z")
    with tape.at("forward", 0):
        tape.empty(3, "Z")
        tape.empty(3, "Z")
    with tape.at("backward", 11):
        tape.empty(3, "Z")
    assert list(tape.names) == ["Z", "Z1", "Z1_2", "Z12"]


def test_what_is_recorded_inside_a_phase_belongs_to_it_even_after_an_error():
    tape, a = nn.Tape(1, "float32"), np.ones(1)
    with pytest.raises(ZeroDivisionError), tape.at("backward", 3):
        tape(np.negative, a, a, says=f"a ← {-1 / 0}")
    with tape.at("backward", 3):
        tape(np.negative, a, a, says="a ← −a")
    tape(np.negative, a, a, says="a ← −a")
    assert [(op.phase, op.layer) for op in tape.ops] == [("backward", 3), ("forward", None)]
