"""Runs: schedules, clipping, and conditions to stop."""

import numpy as np
import pytest
from training import make_trainer, refuses

import nncore as nn


def test_a_schedule_is_followed_step_by_step_and_across_a_state():
    trainer = make_trainer(optimizer=nn.SGD(0.1), schedule=nn.Cosine(4), shuffle=False)
    rates = []
    for step in range(12):
        rates.append(trainer.learning_rate)
        if step == 7:
            trainer.restore(trainer.state())
        trainer.step()
    expected = [0.1 * (1 + np.cos(np.pi * step / 5 / 4)) / 2 for step in range(12)]
    assert rates == pytest.approx(expected, rel=1e-12)
    assert float(trainer.tape.names["rate"][0]) == pytest.approx(expected[-1], rel=1e-6)


def test_gradients_are_clipped_before_the_step():
    X, y = nn.datasets.xor(20)
    network = nn.Network([nn.Dense(1)], inputs=2, dtype="float64")
    before = network.parameters.copy()
    nn.Trainer(network, X, 1e6 * y, optimizer=nn.SGD(1.0), clipping=nn.ClipNorm(0.5), batch_size=20).step()
    assert np.linalg.norm(network.parameters - before) == pytest.approx(0.5, rel=1e-6)


def learnable(**settings) -> nn.Trainer:
    X, y = nn.datasets.gauss(100, noise=0.1, seed=2)
    network = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1, "tanh")], inputs=2, seed=1)
    return nn.Trainer(network, X, y, loss="half_squared", optimizer=nn.SGD(0.03), batch_size=10, **settings)


def test_a_run_stops_when_the_loss_is_below_a_value():
    trainer = learnable()
    reason = trainer.run(1000, until=nn.LossBelow(0.05))
    assert trainer.history[-1].train_loss < 0.05 <= trainer.history[-2].train_loss
    assert reason == f"the training loss is {trainer.history[-1].train_loss:.4g}, below 0.05"


def test_a_run_stops_after_its_epochs_or_its_time():
    trainer = learnable()
    assert trainer.run(2, until=nn.LossBelow(1e-9)) == "2 epochs are over"
    assert trainer.run(until=nn.Epochs(1)) == "1 epochs are over"
    assert trainer.epochs == 3
    assert trainer.run(until=[nn.LossBelow(1e-9), nn.Seconds(1e-6)]) == "1e-06 seconds are over"
    assert trainer.epochs == 4


def test_early_stopping_goes_back_to_the_network_with_the_best_test_loss():
    X, y = nn.datasets.spiral(60, noise=0.5, seed=3)
    network = nn.Network([nn.Dense(16, "tanh"), nn.Dense(16, "tanh"), nn.Dense(1, "tanh")], inputs=2)
    trainer = nn.Trainer(
        network, X[:20], y[:20], loss="half_squared", optimizer=nn.Adam(0.01), test=(X[20:], y[20:]), seed=1
    )
    reason = trainer.run(2000, until=nn.EarlyStopping(patience=30))
    best = min(trainer.history, key=lambda record: record.test_loss)
    assert trainer.epochs == best.epoch + 30
    assert trainer.network.loss(X[20:], y[20:], "half_squared") == best.test_loss
    assert reason == f"no better loss than {best.test_loss:.4g} since epoch {best.epoch}, whose network is back"


def test_an_improvement_that_is_too_small_is_none():
    trainer = learnable()
    trainer.run(30)
    before = trainer.epochs
    reason = trainer.run(1000, until={"name": "early_stopping", "patience": 4, "improvement": 1.0})
    assert trainer.epochs == before + 4
    assert reason.endswith(f"since epoch {before}, whose network is back")


def test_early_stopping_brings_running_statistics_back_as_well():
    trainer = make_trainer(test=nn.datasets.xor(20, seed=4))
    trainer.run(2)
    best = trainer.network.values.copy()
    trainer.run(until=nn.EarlyStopping(patience=3, improvement=100.0))
    assert trainer.network.statistics.size
    assert np.array_equal(trainer.network.values, best)


def test_time_is_over_when_it_is_over(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr("nncore.stopping.time.perf_counter", lambda: next(now))
    trainer = learnable()
    assert trainer.run(until=nn.Seconds(5)) == "5 seconds are over"
    assert trainer.epochs == 5


@pytest.mark.parametrize("until", ["loss_belo", {"name": "seconds", "value": 1}, {}, 5, None, [3]])
def test_what_is_no_condition_is_refused(until):
    with pytest.raises(ValueError, match=r"^(unknown stop condition|stop condition 'seconds' has no option value)"):
        learnable().run(3, until=until)


def test_a_run_that_would_never_end_is_refused():
    with refuses("run: expected a number of epochs, or a condition to stop"):
        learnable().run()
