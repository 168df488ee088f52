"""A session: the same spec gives the same curve, and an edit keeps what was learned."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.presets import preset, presets
from playground.document.spec import OUTPUT_ID, Data, Layer, Spec, Training
from playground.engine.problem import make_problem, seeds
from playground.engine.session import Session

SPEC = Spec(
    data=Data("spiral", noise=0.1),
    layers=(Layer("dense", 1, units=5), Layer("dropout", 2), Layer("dense", 3, units=4, activation="relu")),
    training=Training(optimizer="adam", learning_rate=0.01, regularizer="l2", regularization_rate=0.001),
    seed=5,
)

TABLE = make_problem(SPEC).table
assert TABLE is not None

EDITS = {
    "add_layer": [
        edits.add_layer(1, "dense", "relu"),
        *(edits.add_layer(at, kind) for at in (0, 2, 3) for kind in nn.Layer.names()),
    ],
    "duplicate_layer": [edits.duplicate_layer(1), edits.duplicate_layer(2)],
    "remove_layer": [edits.remove_layer(layer_id) for layer_id in (1, 2, 3)],
    "move_layer": [edits.move_layer(1, 2), edits.move_layer(3, 0)],
    "set_units": [edits.set_units(1, 1), edits.set_units(3, 16)],
    "set_span": [],
    "set_rate": [edits.set_rate(2, 0.0), edits.set_rate(2, 0.9)],
    "set_activation": [edits.set_activation(layer, name) for layer in (1, OUTPUT_ID) for name in ("sigmoid", "relu")],
    "set_dataset": [edits.set_dataset(name) for name in nn.Dataset.names()],
    "set_noise": [edits.set_noise(0.5)],
    "set_samples": [edits.set_samples(4), edits.set_samples(2000)],
    "set_train_share": [edits.set_train_share(0.1), edits.set_train_share(0.9)],
    "toggle_feature": [edits.toggle_feature(name) for name in nn.Feature.names()],
    "set_learning_rate": [edits.set_learning_rate(0.001)],
    "set_optimizer": [edits.set_optimizer(name) for name in nn.Optimizer.names()],
    "set_loss": [edits.set_loss(name) for name in nn.Loss.names() if name != "categorical_crossentropy"],
    "set_batch_size": [edits.set_batch_size(1), edits.set_batch_size(20_000)],
    "set_regularizer": [edits.set_regularizer(name) for name in nn.Regularizer.names()],
    "set_regularization_rate": [edits.set_regularization_rate(0.1)],
    "set_initializer": [edits.set_initializer(name) for name in nn.Initializer.names()],
    "set_schedule": [edits.set_schedule(name) for name in nn.Schedule.names()],
    "set_clipping": [edits.set_clipping(name) for name in nn.Clipping.names()],
    "set_seed": [edits.set_seed(6)],
    "paste_layer": [edits.paste_layer(1, Layer("dense", 7, 3, "relu")), edits.paste_layer(0, Layer("batch_norm", 7))],
    "set_kind": [edits.set_kind(2, "dropout")],
    "set_layer_initializer": [edits.set_layer_initializer(at, "he_normal") for at in (1, OUTPUT_ID)],
    "set_layer_regularizer": [edits.set_layer_regularizer(at, "l1(rate=0.01)") for at in (3, OUTPUT_ID)],
    "freeze_layer": [edits.freeze_layer(at) for at in (1, OUTPUT_ID)],
    "freeze_unit": [edits.freeze_unit(1, 2), edits.freeze_unit(OUTPUT_ID, 0)],
    "silence_unit": [edits.silence_unit(1, 2)],
    "assign": [edits.assign(at, 0, [0, 1], [1.5, -2.0], [0.0, 0.0]) for at in (1, OUTPUT_ID)],
    "redraw_unit": [edits.redraw_unit(at, 0, [1.5, -2.0], [0.0, 0.0]) for at in (1, OUTPUT_ID)],
    "set_shuffle": [edits.set_shuffle(False)],
    "set_remainder": [edits.set_remainder("carry")],
    "set_precision": [edits.set_precision("float64")],
    "set_stop": [edits.set_stop(name) for name in ("epochs(limit=1000)", "loss_below(value=1e-9)")],
    "replace_formula": [],
    "open_table": [edits.open_table(TABLE)],
    "paint_points": [edits.paint_points([(1.0, 2.0)], 1.0, of=TABLE)],
    "erase_points": [edits.erase_points([0, 5], of=TABLE)],
    "move_point": [edits.move_point(3, (1.0, 1.0), of=TABLE)],
    "label_point": [edits.label_point(3, 1.0, of=TABLE)],
    "clear_points": [edits.clear_points(count) for count in (0, 2, 3)],
    "set_class_count": [edits.set_class_count(count, of=TABLE) for count in (2, 4)],
    "set_axes": [],
    "hold_input": [],
    "open_spec": [edits.open_spec(demo.spec, demo.label) for demo in presets().values()],
}


def trained(spec: Spec = SPEC, steps: int = 60) -> Session:
    session = Session(spec)
    session.advance(0, 1)
    while session.steps < steps:
        session.advance(1, steps - session.steps)
    return session


def test_the_same_spec_gives_the_same_curve_bit_for_bit():
    curves = []
    for _ in range(2):
        session = Session(SPEC)
        curves.append([])
        for _ in range(5):
            session.step_epoch()
            curves[-1].append(session.metrics())
    assert curves[0] == curves[1]


def test_how_the_steps_are_sliced_makes_no_difference():
    slices, single = trained(steps=60), Session(SPEC)
    for _ in range(60):
        single.advance(0, 1)
    np.testing.assert_array_equal(slices.network.parameters, single.network.parameters)


def test_advance_takes_at_least_one_step_and_never_more_than_asked():
    session = Session(SPEC)
    assert session.advance(0) == 1
    assert [session.advance(10, most) for most in (1, 2, 7)] == [1, 2, 7]
    assert session.steps == 11


def test_step_epoch_ends_where_the_epoch_does():
    session = trained(steps=7)
    session.step_epoch()
    assert (session.epoch, session.steps) == (1, session.trainer.steps_per_epoch)


def test_metrics_are_those_of_the_network_on_both_sets():
    session = trained()
    metrics = session.metrics()
    for samples, loss, accuracy in (
        (session.problem.train, metrics.train_loss, metrics.train_score),
        (session.problem.test, metrics.test_loss, metrics.test_score),
    ):
        outputs = session.network.predict(samples.inputs)
        assert loss == pytest.approx(np.mean((outputs - samples.targets) ** 2) / 2, rel=1e-5)
        assert accuracy == pytest.approx(np.mean((outputs >= 0) == (samples.labels > 0)))


def test_reset_goes_back_to_the_first_weights():
    session = trained()
    session.reset()
    np.testing.assert_array_equal(session.network.parameters, Session(SPEC).network.parameters)
    assert (session.epoch, session.steps) == (0, 0)


def test_training_that_diverges_stops_before_the_bad_step_with_finite_weights():
    training = Training(learning_rate=10, optimizer="sgd", loss="mse")
    layers = (Layer("dense", 1, 8, "identity"),)
    session = Session(Spec(data=Data("spiral"), layers=layers, output_activation="identity", training=training))
    with pytest.raises(nn.NotFiniteError, match=r"step \d+ \(epoch \d+\): layer \d \(dense\)") as caught:
        session.advance(10, 3000)
    assert session.steps == caught.value.step > 0
    assert np.isfinite(session.network.values).all()


def test_a_session_goes_on_from_where_another_stood_bit_for_bit():
    old = trained()
    old.advance(0, 3)  # within an epoch
    new = Session(SPEC, old.stand())
    assert (new.epoch, new.steps, new.metrics()) == (old.epoch, old.steps, old.metrics())
    for session in (old, new):
        session.trainer.advance(100)
    np.testing.assert_array_equal(new.network.parameters, old.network.parameters)
    assert new.metrics() == old.metrics()


def test_a_stand_says_how_well_the_network_does_and_for_how_long_it_was_trained():
    session = Session(SPEC)
    assert (session.stand().steps, session.stand().seconds) == (0, 0.0)
    session.advance(10, 20)
    stand = session.stand()
    assert (stand.train_loss, stand.test_loss, stand.train_score, stand.test_score) == session.metrics()
    assert stand.seconds > 0
    assert Session(SPEC, stand).stand().seconds == stand.seconds


def test_a_stand_of_another_network_is_refused_and_the_session_stays_as_it_was():
    session = trained()
    stand = Session(replace(SPEC, layers=(Layer("dense", 1, 3),))).stand()
    before = session.network.values.copy()
    with pytest.raises(ValueError, match="values"):
        session.reset(SPEC, stand)
    np.testing.assert_array_equal(session.network.values, before)
    assert session.steps > 0


# -- edits ----------------------------------------------------------------------------------------


def test_every_edit_there_is_stands_in_the_table():
    made = {name for name, thing in vars(edits).items() if hasattr(thing, "__wrapped__")}
    assert made == set(EDITS)


@pytest.mark.parametrize("edit", [pytest.param(edit, id=name) for name, some in EDITS.items() for edit in some])
def test_after_any_edit_training_goes_on_and_stays_finite(edit):
    session = trained()
    steps = session.steps
    new = edit(SPEC)
    session.apply(new)
    anew = new.origin != SPEC.origin
    assert session.spec == new
    assert session.steps == (0 if anew else steps)
    before = session.network.parameters.copy()
    session.advance(10, 50)
    assert np.isfinite(session.network.values).all()
    assert np.isfinite(session.metrics()[:2]).all()  # of a single point there is no R²
    assert not np.array_equal(session.network.parameters, before)


@pytest.mark.parametrize(
    "edit",
    [
        edits.set_learning_rate(0.1),
        edits.set_optimizer("sgd"),
        edits.set_regularizer("l1"),
        edits.set_batch_size(3),
        edits.set_noise(0.3),
        edits.set_rate(2, 0.5),
        edits.freeze_layer(1),
        edits.silence_unit(1, 0),
        edits.set_layer_regularizer(3, "l2(rate=0.1)"),
        edits.remove_layer(2),
        edits.set_loss("mse"),
    ],
    ids=lambda edit: edit.label,
)
def test_an_edit_that_keeps_the_shape_keeps_every_weight(edit):
    session = trained()
    before = session.network.parameters.copy()
    session.apply(edit(SPEC))
    np.testing.assert_array_equal(session.network.parameters, before)


@pytest.mark.parametrize("edit", [edits.remove_layer(3), edits.set_units(1, 2)], ids=lambda edit: edit.label)
def test_undo_brings_learned_weights_back(edit):
    session = trained()
    before = session.network.parameters.copy()
    session.apply(edit(SPEC))
    session.apply(SPEC)
    np.testing.assert_array_equal(session.network.parameters, before)


def test_an_edit_of_the_data_and_its_undo_give_the_old_weights_and_moments():
    session = trained()
    before = {name: array.copy() for name, array in session.trainer.arrays.items()}
    session.apply(edits.set_samples(50)(SPEC))
    session.apply(SPEC)
    for name, array in session.trainer.arrays.items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


def test_an_edit_that_changes_nothing_for_the_trainer_leaves_the_curve_bit_for_bit():
    edited, left_alone = trained(), trained()
    edited.apply(replace(SPEC, training=replace(SPEC.training, learning_rate=0.02)))
    edited.apply(SPEC)
    for session in (edited, left_alone):
        session.advance(10, 100)
    np.testing.assert_array_equal(edited.network.parameters, left_alone.network.parameters)


def test_moments_are_carried_with_their_units():
    session = trained()
    before = session.trainer.arrays["adam.m"].copy()
    first = session.network.layers[0].shaped(before)
    counter = next(name for name, array in session.trainer.arrays.items() if array.ndim == 0)
    counted = float(session.trainer.arrays[counter])
    session.apply(edits.set_units(1, 9)(SPEC))
    now = session.trainer.arrays["adam.m"]
    np.testing.assert_array_equal(session.network.layers[0].shaped(now)[:5], first)
    np.testing.assert_array_equal(session.network.layers[0].shaped(now)[5:], 0)
    assert float(session.trainer.arrays[counter]) == counted


def test_an_optimizer_that_comes_back_begins_afresh():
    session = trained()
    session.apply(edits.set_optimizer("sgd")(SPEC))
    session.advance(0, 1)
    session.apply(SPEC)
    fresh = Session(SPEC).trainer.arrays
    for name, array in session.trainer.arrays.items():
        if name != "parameters":
            np.testing.assert_array_equal(array, fresh[name])


def test_another_seed_starts_anew():
    session = trained()
    session.apply(edits.set_seed(77)(SPEC))
    fresh = Session(edits.set_seed(77)(SPEC))
    np.testing.assert_array_equal(session.network.parameters, fresh.network.parameters)
    assert session.metrics() == fresh.metrics()


def test_a_demo_runs_in_double_precision_too():
    session = Session(replace(preset("xor").spec, dtype="float64"))
    session.advance(10, 50)
    assert session.network.parameters.dtype == np.float64
    assert np.isfinite(session.network.values).all()


def test_an_experiment_that_is_gone_back_to_goes_on_where_it_was_left():
    document = Document(preset("circle").spec)
    session = Session(document.spec)
    session.advance(0, 300)
    learned, epoch, steps = session.network.parameters.copy(), session.epoch, session.steps

    document.apply(edits.open_spec(preset("gauss").spec, "Gauss"))
    session.apply(document.spec)
    assert session.steps == 0
    np.testing.assert_array_equal(session.network.parameters, Session(document.spec).network.parameters)
    session.advance(0, 100)

    document.undo()
    session.apply(document.spec)
    np.testing.assert_array_equal(session.network.parameters, learned)
    assert (session.epoch, session.steps) == (epoch, steps)


def test_after_a_reset_nothing_is_remembered():
    spec = preset("circle").spec
    session = Session(spec)
    session.advance(0, 300)
    session.apply(edits.remove_layer(2)(spec))
    session.reset()
    session.apply(spec)
    np.testing.assert_array_equal(session.network.layers[1].block, Session(spec).network.layers[1].block)


def test_a_spec_that_fails_leaves_everything_as_it_was(monkeypatch):
    session = Session(preset("circle").spec)
    session.advance(0, 50)
    spec, network, trainer = session.spec, session.network, session.trainer
    monkeypatch.setattr(nn, "Trainer", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        session.apply(edits.set_units(1, 9)(spec))
    assert (session.spec, session.network, session.trainer) == (spec, network, trainer)


def test_the_seed_changes_the_order_of_the_samples_too():
    spec = preset("circle").spec
    other = replace(spec, seed=1)
    sessions = [Session(spec), Session(other)]
    shared = sessions[0].network.parameters
    sessions[1].trainer.network.parameters[:] = shared
    orders = []
    for session in sessions:
        session.advance(0, 1)
        orders.append(session.trainer.state()["order"])
    assert not np.array_equal(*orders)


def test_data_weights_and_order_come_from_independent_random_numbers():
    assert len(set(seeds(Spec(seed=3)))) == 3
    assert seeds(Spec(seed=3)) == seeds(Spec(seed=3))
    assert set(seeds(Spec(seed=3))).isdisjoint(seeds(Spec(seed=4)))


def test_a_reset_forgets_only_the_experiment_it_is_of():
    spec = preset("circle").spec
    session = Session(spec)
    session.advance(0, 100)
    learned = session.network.parameters.copy()
    session.apply(replace(spec, seed=9))
    session.reset()
    session.apply(spec)
    np.testing.assert_array_equal(session.network.parameters, learned)


# -- what a spec can ask for -----------------------------------------------------------------------


@pytest.mark.parametrize("dataset", [name for name in nn.Dataset.names() if name != "images"])
def test_every_data_set_is_learned_from(dataset):
    session = Session(edits.set_dataset(dataset)(Spec(training=Training(optimizer="adam", learning_rate=0.01))))
    before = session.metrics()
    session.advance(10, 300)
    assert session.metrics().train_loss < before.train_loss
    assert session.metrics().train_score > before.train_score


def test_the_score_of_values_is_r2():
    session = Session(edits.set_dataset("plane")(Spec(layers=())))
    session.advance(10, 500)
    train = session.problem.train
    outputs = session.network.predict(train.inputs)
    unexplained = np.sum((outputs - train.labels) ** 2) / np.sum((train.labels - train.labels.mean()) ** 2)
    assert session.metrics().train_score == pytest.approx(1 - unexplained, abs=1e-5)


def test_a_schedule_lowers_the_rate_of_the_steps():
    training = Training(schedule="cosine", learning_rate=0.1)
    session = Session(Spec(training=training))
    session.advance(10, 100 * session.trainer.steps_per_epoch)
    assert session.trainer.learning_rate < 0.001


def test_running_statistics_are_kept_when_other_layers_change():
    layers = (Layer("dense", 1, units=5), Layer("batch_norm", 2), Layer("dense", 3, units=4))
    spec = Spec(layers=layers)
    session = trained(spec, 200)
    learned = session.network.layers[1].statistics.copy()
    session.apply(edits.set_units(1, 7)(spec))
    now = session.network.layers[1].statistics
    np.testing.assert_allclose(now[:, :5], learned, rtol=1e-6)
    assert {*now[0, 5:].tolist()} <= {*now[0, :5].tolist()}  # new units are copies
    session.apply(edits.remove_layer(2)(spec))
    session.apply(spec)
    np.testing.assert_array_equal(session.network.layers[1].statistics, learned)
