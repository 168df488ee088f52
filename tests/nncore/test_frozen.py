"""Frozen parameters keep their values, whatever optimizer, regularizer, decay and momentum do."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest
from training import make_trainer, refuses, same

import nncore as nn

N = 81
"""Parameters of the network that `make_trainer` trains."""
FROZEN = np.random.default_rng(2).random(N) < 0.4


@pytest.mark.parametrize("remainder", ["step", "carry"])
@pytest.mark.parametrize("regularizer", nn.Regularizer.names())
@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_they_are_the_same_to_the_last_bit_after_two_hundred_steps(optimizer, regularizer, remainder):
    settings = {"weight_decay": 0.5} if optimizer == "adamw" else {}
    trainer = make_trainer(
        optimizer=nn.Optimizer.named(optimizer)(0.02, **settings),
        regularizer=nn.Regularizer.named(regularizer)(0.5),
        clipping=nn.ClipNorm(0.1),
        remainder=remainder,
        frozen=FROZEN,
    )
    before = trainer.network.values.copy()
    trainer.advance(200)
    assert np.array_equal(trainer.network.parameters[FROZEN], before[:N][FROZEN])
    assert (trainer.network.parameters[~FROZEN] != before[:N][~FROZEN]).mean() > 0.9
    assert (trainer.network.statistics != before[N:]).all()  # running statistics are no parameters


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_what_has_momentum_stops_at_once_when_it_is_frozen(optimizer):
    free, frozen = make_trainer(optimizer=optimizer), make_trainer(optimizer=optimizer, frozen=FROZEN)
    free.advance(50)
    frozen.restore(free.state())
    before = frozen.network.parameters[FROZEN]
    frozen.advance(3)
    assert np.array_equal(frozen.network.parameters[FROZEN], before)


def test_values_that_are_set_between_steps_stay():
    trainer = make_trainer(optimizer="adamw", regularizer=nn.L2(0.5), frozen=FROZEN)
    trainer.advance(5)
    trainer.network.parameters[FROZEN] = 0.25
    trainer.advance(5)
    assert (trainer.network.parameters[FROZEN] == 0.25).all()


def test_the_others_move_as_if_the_gradients_of_what_is_frozen_were_zero_when_they_are_clipped():
    X, y = nn.datasets.xor(20, seed=1)
    network = nn.Network([nn.Dense(4, "tanh"), nn.Dense(1)], inputs=2, dtype="float64")
    frozen = np.arange(len(network.parameters)) % 3 == 0
    before, g = network.parameters.copy(), np.where(frozen, 0, network.gradients(X, y, "mse"))
    nn.Trainer(network, X, y, optimizer=nn.SGD(1.0), clipping=nn.ClipNorm(0.01), batch_size=20, frozen=frozen).step()
    np.testing.assert_allclose(before - network.parameters, g * 0.01 / (np.linalg.norm(g) + 1e-6), rtol=1e-9)


def test_a_frozen_weight_does_not_die_of_the_pruning_penalty():
    trainer = make_trainer(optimizer="momentum", regularizer=nn.PruningL1(5.0), frozen=FROZEN)
    trainer.advance(200)
    dead = trainer.arrays["pruning_l1.dead"]
    assert dead[~FROZEN].any()
    assert not dead[FROZEN].any()


def test_with_everything_frozen_only_statistics_change():
    trainer = make_trainer(optimizer="adamw", frozen=np.ones(N, bool))
    before = trainer.network.values.copy()
    trainer.run(2)
    assert np.array_equal(trainer.network.parameters, before[:N])
    assert not np.array_equal(trainer.network.statistics, before[N:])


def test_with_nothing_frozen_nothing_is_recorded():
    plain = str(make_trainer(regularizer="l2").tape)
    trainer = make_trainer(regularizer="l2", frozen=np.zeros(N, bool))
    assert trainer.frozen is None
    assert str(trainer.tape) == plain
    added = [line for line in str(make_trainer(regularizer="l2", frozen=FROZEN).tape).splitlines() if "frozen" in line]
    assert added == ["update   network  g = 0 where frozen", "update   network  w = kept where frozen"]


def test_an_explanation_shows_what_is_held_and_where_it_is_put_back():
    calls = [op.call for op in make_trainer(frozen=FROZEN).explain()]
    assert calls.index("kept[...] = w") < calls.index("np.putmask(g, frozen, 0)") < len(calls) - 1
    assert calls[-1] == "np.putmask(w, frozen, kept)"


def test_the_mask_is_the_trainer_s_own_and_cannot_be_changed():
    mask = FROZEN.copy()
    trainer = make_trainer(frozen=mask)
    mask[...] = False
    assert trainer.frozen is not None
    assert np.array_equal(trainer.frozen, FROZEN)
    with pytest.raises(ValueError, match="read-only"):
        trainer.frozen[0] = True


def test_what_is_no_mask_for_these_parameters_is_refused():
    expected = "frozen: expected (81,) of True and False, one for each parameter, got "
    for mask, got in {"(3,) bool": [True] * 3, "(81,) float64": np.ones(N), "True": True, "'all'": "all"}.items():
        with refuses(expected + mask):
            make_trainer(frozen=got)
    with refuses(expected + "(0,) float64"):
        make_trainer(frozen=[[True], [True, False]])


# -- going on -------------------------------------------------------------------------------------


def everything(**settings) -> nn.Trainer:
    """With layers that have a regularizer of their own, and a unit that is silenced."""
    X, y = nn.datasets.spiral(47, noise=0.1, seed=1)
    layers = [
        nn.Dense(8, "relu", regularizer=nn.PruningL1(0.05)),
        nn.BatchNorm(),
        nn.Dense(4, "tanh", regularizer=nn.L2(0.1), silenced=[2]),
        nn.Dropout(0.2),
        nn.Dense(1, "tanh"),
    ]
    network = nn.Network(layers, inputs=2)
    frozen = np.arange(len(network.parameters)) % 4 == 0
    settings = {"optimizer": "adamw", "regularizer": nn.L1(0.01), "clipping": "norm", "schedule": "cosine"} | settings
    return nn.Trainer(network, X, y, loss="half_squared", batch_size=10, frozen=frozen, **settings)


def restored(trainer: nn.Trainer, path) -> nn.Trainer:
    other = everything()
    other.restore(trainer.state(), first=trainer.first)
    return other


def saved(trainer: nn.Trainer, path) -> nn.Trainer:
    nn.save(path, trainer)
    return nn.load_trainer(path)


WAYS = {
    "state": restored,
    "file": saved,
    "copy": lambda trainer, _: copy.deepcopy(trainer),
    "pickle": lambda trainer, _: pickle.loads(pickle.dumps(trainer)),
}


@pytest.mark.parametrize("way", WAYS)
def test_training_goes_on_bit_for_bit_by_way_of_a(way, tmp_path):
    trainer = everything()
    trainer.run(2)
    trainer.advance(2)
    again = WAYS[way](trainer, tmp_path / "training.npz")
    assert again.frozen is not None
    assert trainer.frozen is not None
    assert np.array_equal(again.frozen, trainer.frozen)
    assert repr(again.network) == repr(trainer.network)
    for one in (trainer, again):
        one.run(3)
    same(again.state(), trainer.state())
    same(again.first, trainer.first)


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_ten_thousand_further_steps_allocate_nothing(optimizer):
    trainer = everything(optimizer=optimizer)
    trainer.advance(1000)
    tracemalloc.start()
    try:
        trainer.advance(100)  # what measuring itself brings along
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trainer.advance(10_000)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 500
    assert peak - before < 5000


@pytest.mark.parametrize(
    ("frozen", "message"),
    [
        (None, "not a saved network (the array 'frozen' is missing)"),
        (np.zeros(3, bool), "frozen: expected shape (81,), the file holds (3,)"),
        (np.zeros(81), "frozen: expected bool, the file holds '<f8'"),
        (np.zeros(81, bool), "the array 'frozen' does not belong there"),
    ],
    ids=["missing", "too few", "numbers", "none is frozen"],
)
def test_a_file_with_a_damaged_mask_is_refused(tmp_path, frozen, message):
    path = tmp_path / "training.npz"
    nn.save(path, everything())
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if name != "frozen"}
    np.savez(path, **arrays, **({} if frozen is None else {"frozen": frozen}))
    with refuses(f"{path}: {message}"):
        nn.load_trainer(path)
    assert nn.load(path).layers[2].silenced == (2,)  # the network has nothing to do with it
