"""The tape as data: what every op of a step is called, reads and writes, and running it op by op."""

import copy
from typing import Any

import numpy as np
import pytest

import nncore as nn
from nncore.explain import Names, call_of


def make_trainer(*layers: nn.Layer, **settings: Any) -> nn.Trainer:
    X, y = nn.datasets.xor(23, seed=1)
    network = nn.Network(layers or [nn.Dense(3, "tanh"), nn.Dense(1, "tanh")], inputs=2, dtype="float64")
    return nn.Trainer(network, X, y, loss="half_squared", **{"batch_size": 10, **settings})


def test_every_op_says_phase_layer_formula_call_and_what_it_reads_and_writes():
    first, *_ = walk = make_trainer(optimizer="sgd").explain()
    assert (first.phase, first.layer, first.formula, first.call) == ("forward", 0, "Z = W·X + b", "W1.dot(X.T, Z1)")
    assert [(operand.name, operand.shape) for operand in first.operands] == [
        ("W1", (3, 3)),
        ("X.T", (3, 10)),
        ("Z1", (3, 10)),
    ]
    assert ([operand.name for operand in first.reads], first.result.name) == (["W1", "X.T"], "Z1")
    assert first.as_dict() == {
        "phase": "forward",
        "layer": 0,
        "formula": "Z = W·X + b",
        "call": "W1.dot(X.T, Z1)",
        "reads": [{"name": "W1", "shape": [3, 3]}, {"name": "X.T", "shape": [3, 10]}],
        "result": {"name": "Z1", "shape": [3, 10]},
    }
    scaled = next(op for op in walk if op.formula == "dA = (A − Y) / m")
    assert [(operand.name, operand.shape, operand.is_constant) for operand in scaled.reads] == [
        ("dA", (1, 10), False),  # in place: it reads what it writes
        ("0.1", (), True),
    ]
    assert [op.phase for op in walk] == sorted(
        (op.phase for op in walk), key=["forward", "loss", "backward", "update"].index
    )
    last = str(walk).splitlines()[-1]
    assert last.startswith("update   network  w ← w − ")
    assert last.endswith("  np.subtract(w, s, w)")


@pytest.mark.parametrize("remainder", ["step", "carry"])
def test_a_step_run_op_by_op_is_the_step(remainder):
    settings = {"remainder": remainder, "schedule": "cosine", "clipping": "norm", "optimizer": "adam"}
    layers = lambda: (nn.Dense(4, "relu"), nn.Dropout(0.3), nn.BatchNorm(), nn.Dense(1))  # noqa: E731
    walked, stepped = make_trainer(*layers(), **settings), make_trainer(*layers(), **settings)
    for _ in range(3 * walked.steps_per_epoch):
        walk = walked.explain()
        for op in walk:
            assert walk.run_next() is op
        stepped.step()
        np.testing.assert_equal(walked.state(), stepped.state())


def test_the_pass_that_lets_left_over_gradients_wait_is_a_part_of_the_step():
    trainer = make_trainer(remainder="carry")
    trainer.advance(trainer.steps_per_epoch - 1)
    walk = trainer.explain()
    written = [op.result.name for op in walk]
    assert written.index("w") < written.index("carried") < written.index("carried_samples")
    walk.run_rest()
    assert trainer.state()["carried_samples"] == 3


def test_nothing_changes_before_the_first_op_runs():
    trainer = make_trainer()
    before = trainer.state()
    trainer.explain()
    np.testing.assert_equal(trainer.state(), before)


def test_the_buffers_are_live():
    trainer = make_trainer()
    walk = trainer.explain()
    op = walk.run_next()
    w, x, z = (operand.array for operand in op.operands)
    assert np.array_equal(z, w @ x)
    assert z.any()


def test_running_on_is_refused_at_the_end_and_when_the_trainer_has_moved():
    trainer = make_trainer()
    walk, late = trainer.explain(), trainer.explain()
    walk.run_rest()
    assert trainer.steps == 1
    with pytest.raises(IndexError, match=r"^all ops of this step have been run; explain\(\) gives the next step$"):
        walk.run_next()
    with pytest.raises(RuntimeError, match=r"^the trainer has gone on otherwise since explain\(\)"):
        late.run_next()


@pytest.mark.parametrize("go_on", ["state", "step", "explain", "restore"])
def test_a_step_that_is_not_finished_does_not_count(go_on):
    layers = [nn.Dense(3), nn.BatchNorm(), nn.Dropout(0.5), nn.Dense(1)]
    trainer, other = make_trainer(*layers, optimizer="adam"), make_trainer(*map(copy.copy, layers), optimizer="adam")
    start = trainer.state()
    walk = trainer.explain()
    while walk[walk.position].formula != "w ← w − s":
        walk.run_next()
    assert not np.array_equal(trainer.network.values, start["values"])  # the averages of the batch norm
    if go_on == "restore":
        trainer.restore(start)
    elif go_on != "state":
        getattr(trainer, go_on)()
        if go_on == "step":
            other.step()
    np.testing.assert_equal(trainer.state(), other.state())
    assert walk.undone
    with pytest.raises(RuntimeError, match="has gone on otherwise"):
        walk.run_next()


def test_a_step_op_by_op_that_leads_out_of_the_finite_numbers_is_undone_at_its_end():
    trainer = make_trainer(nn.Dense(1), optimizer=nn.SGD(1e9))
    before = trainer.state()
    with pytest.raises(nn.NotFiniteError):  # noqa: PT012
        for _ in range(100):
            before = trainer.state()
            trainer.explain().run_rest()
    assert trainer.steps > 1
    np.testing.assert_equal(trainer.state(), before)


# -- every part of every registry can be said -----------------------------------------------------


def trainers() -> dict[str, nn.Trainer]:
    """One trainer for every part there is."""
    made: dict[str, nn.Trainer] = {}
    for name in nn.Activation.names():
        made[f"activation {name}"] = make_trainer(nn.Dense(3, name), nn.Dense(3, name), nn.Dense(1))
    for name in nn.Layer.names():
        made[f"layer {name}"] = make_trainer(
            nn.Dense(3), nn.Layer.of(name), nn.Dense(2, "tanh"), nn.Layer.of(name), nn.Dense(1)
        )
    for name in nn.Optimizer.names():
        made[f"optimizer {name}"] = make_trainer(optimizer=name)
    for name in nn.Schedule.names():
        made[f"schedule {name}"] = make_trainer(schedule=name)
    for name in nn.Clipping.names():
        made[f"clipping {name}"] = make_trainer(clipping=name, remainder="carry")
    for name in nn.Regularizer.names():
        made[f"regularizer {name}"] = make_trainer(regularizer=name)
    for name, kind in nn.Loss.registry.items():
        X, labels = nn.datasets.xor(23, seed=1)
        y = np.hstack([labels > 0, labels < 0]) * 1.0 if name != "hinge" else np.hstack([labels, -labels])
        network = nn.Network([nn.Dense(2, (kind.outputs or ("tanh",))[0])], inputs=2)
        made[f"loss {name}"] = nn.Trainer(network, X, y, loss=name, batch_size=10)
    return made


TRAINERS = trainers()


@pytest.mark.parametrize("what", TRAINERS)
def test_the_code_of_each_op_computes_what_the_op_computes(what):
    """Run as Python under the names it gives, a step comes out the same, bit for bit."""
    trainer = TRAINERS[what]
    start, tape = trainer.state(), trainer.tape
    walk = trainer.explain()
    walk.run_rest()
    expected = {name: array.copy() for name, array in trainer.arrays.items()}
    trainer.restore(start)

    again = trainer.explain()
    again._begin()  # the batch is loaded, nothing has run
    names = tape.names | {"np": np, "rng": trainer._loop.rng}
    for op in again:
        exec(op.call, names)
    np.testing.assert_equal(trainer.arrays, expected)


@pytest.mark.parametrize("what", TRAINERS)
def test_names_are_identifiers_and_say_one_array_each(what):
    tape = TRAINERS[what].tape
    assert all(name.isidentifier() and name.isascii() for name in tape.names)
    names = Names(tape)
    assert [call_of(op, names) for op in tape.ops]
