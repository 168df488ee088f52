"""A network, or a whole training, in a file and back."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from saved import FILES, flat, in_mid_epoch, make_network, make_trainer, network_file, refusal, rewritten, trainer_file

import nncore as nn
from nncore import saving
from nncore.saving import load, load_trainer, save
from nncore.trainer import Trainer

__all__ = ["network_file", "trainer_file"]

# -- a network ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_comes_back_bit_for_bit(tmp_path, rng, dtype):
    network, X = make_network(dtype), rng.normal(0, 1, (9, 3))
    save(tmp_path / "network.npz", network)
    again = load(tmp_path / "network.npz")
    assert repr(again) == repr(network)
    assert again.values.dtype == dtype
    assert np.array_equal(again.values, network.values)
    assert np.array_equal(again.predict(X), network.predict(X))


def test_running_statistics_standardization_and_initializers_come_back(tmp_path):
    trainer = in_mid_epoch()
    save(tmp_path / "network.npz", trainer.network)
    again = load(tmp_path / "network.npz")
    assert np.array_equal(again.statistics, trainer.network.statistics)
    assert again.standardization == trainer.network.standardization
    assert again.initializer == trainer.network.initializer
    assert [layer.settings() for layer in again.layers] == [layer.settings() for layer in trainer.network.layers]
    assert np.array_equal(again.predict(trainer.X), trainer.network.predict(trainer.X))


def test_every_layer_kind_and_every_activation_comes_back(tmp_path):
    layers: list[nn.Layer] = [kind() for kind in nn.Layer.registry.values()]
    layers += [nn.Dense(3, activation) for activation in nn.Activation.names()]
    save(tmp_path / "all.npz", nn.Network(layers, inputs=2))
    assert [layer.settings() for layer in load(tmp_path / "all.npz").layers] == [x.settings() for x in layers]


def test_a_file_is_arrays_and_json_and_needs_no_pickle(trainer_file):
    with np.load(trainer_file, allow_pickle=False) as archive:
        assert not any(archive[name].dtype.hasobject for name in archive.files)
        assert json.loads(str(archive["description"]))["format"] == "nncore trainer 2"


def test_the_same_content_gives_the_same_file(tmp_path):
    for name in ("one", "two"):
        save(tmp_path / name, in_mid_epoch())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("wrong", [None, "network", make_network().layers[0]])
def test_only_networks_and_trainers_are_saved(tmp_path, wrong):
    with pytest.raises(ValueError, match="expected a Network or a Trainer, got "):
        save(tmp_path / "wrong.npz", wrong)
    assert list(tmp_path.iterdir()) == []


# -- a training -----------------------------------------------------------------------------------------------


def test_what_a_training_does_without_is_not_in_its_file(trainer_file):
    """So a file says the same as before there were frozen parameters, silenced units and penalties of a layer."""
    with np.load(trainer_file) as archive:
        description = json.loads(str(archive["description"]))
        assert "frozen" not in archive.files
    assert set(description) == {"format", "network", "trainer", "test", "now", "first"}
    first, *_, last = description["network"]["layers"]
    assert set(first) == {"name", "units", "activation", "initializer"}
    assert set(last) == {"name", "units", "activation"}


def test_what_a_layer_says_of_its_units_and_weights_comes_back(tmp_path):
    layers = [nn.Dense(4, "tanh", regularizer=nn.ElasticNet(0.1, share=0.3), silenced=[0, 3]), nn.Dense(1)]
    save(tmp_path / "network.npz", nn.Network(layers, inputs=2))
    first, last = load(tmp_path / "network.npz").layers
    assert (first.regularizer, first.silenced) == (nn.ElasticNet(0.1, share=0.3), (0, 3))
    assert (last.regularizer, last.silenced) == (None, ())


CONTINUE = """
import sys
from nncore.saving import load_trainer, save
trainer = load_trainer(sys.argv[1])
trainer.advance(trainer.steps_left)
trainer.run(4)
save(sys.argv[2], trainer)
"""


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_training_that_is_saved_in_mid_epoch_and_continued_in_another_process_is_as_if_it_had_never_stopped(
    tmp_path, dtype
):
    trainer = in_mid_epoch(dtype)
    save(tmp_path / "saved.npz", trainer)
    trainer.advance(trainer.steps_left)
    trainer.run(4)
    save(tmp_path / "expected.npz", trainer)
    here, there = tmp_path / "saved.npz", tmp_path / "continued.npz"
    subprocess.run(
        [sys.executable, "-c", CONTINUE, str(here), str(there)], check=True, cwd=Path(nn.__file__).parents[1]
    )
    assert there.read_bytes() == (tmp_path / "expected.npz").read_bytes()


@pytest.mark.parametrize("optimizer", nn.Optimizer.names())
def test_the_moments_of_every_optimizer_are_kept(tmp_path, optimizer):
    trainer = Trainer(make_network(), np.eye(3), np.eye(3)[:, :2], optimizer=optimizer, batch_size=2)
    trainer.advance(3)
    save(tmp_path / "training.npz", trainer)
    again = load_trainer(tmp_path / "training.npz")
    assert flat(again.state()) == flat(trainer.state())
    for one in (trainer, again):
        one.advance(5)
    assert flat(again.state()) == flat(trainer.state())


@pytest.mark.parametrize("family", [nn.Schedule, nn.Regularizer, nn.Clipping, nn.Loss], ids=lambda kind: kind.family)
def test_every_rule_of_a_training_comes_back(tmp_path, family):
    y = {"categorical_crossentropy": np.eye(2)[[0, 1, 1]], "hinge": np.array([[1, -1]] * 3)}
    output = {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}
    for name, kind in family.registry.items():
        network = nn.Network([nn.Dense(2, output.get(name, "identity"))], inputs=3)
        settings = {family.family: kind()}
        trainer = Trainer(network, np.eye(3), y.get(name, np.eye(3)[:, :2]), **settings)
        trainer.run(1)
        save(tmp_path / "training.npz", trainer)
        again = load_trainer(tmp_path / "training.npz")
        assert getattr(again, family.family) == kind()
        assert flat(again.state()) == flat(trainer.state())


def test_settings_samples_history_and_the_first_state_come_back(trainer_file):
    trainer, again = in_mid_epoch(), load_trainer(trainer_file)
    for name in (
        "loss",
        "optimizer",
        "schedule",
        "regularizer",
        "clipping",
        "batch_size",
        "shuffle",
        "seed",
        "carries",
    ):
        assert getattr(again, name) == getattr(trainer, name), name
    assert again.X.dtype == trainer.X.dtype
    assert flat([again.X, again.y, again.test]) == flat([trainer.X, trainer.y, trainer.test])
    assert again.history == trainer.history
    assert flat(again.state()) == flat(trainer.state())
    assert flat(again.first) == flat(trainer.first)
    assert again.first["steps"] == 0


def test_a_training_that_has_not_begun_begins_alike(tmp_path):
    trainer = make_trainer()
    save(tmp_path / "training.npz", trainer)
    again = load_trainer(tmp_path / "training.npz")
    for one in (trainer, again):
        one.run(2)
    assert flat(again.state()) == flat(trainer.state())
    assert flat(again.first) == flat(trainer.first)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "float32", ">f8"])
def test_samples_keep_their_data_type(tmp_path, dtype):
    X = (np.arange(12).reshape(4, 3) % 5).astype(dtype)
    trainer = Trainer(make_network(), X, np.eye(2)[[0, 1, 0, 1]])
    save(tmp_path / "training.npz", trainer)
    again = load_trainer(tmp_path / "training.npz")
    assert again.X.dtype == X.dtype.newbyteorder("=")
    assert np.array_equal(again.X, X)


def test_a_batch_of_all_samples_is_saved_and_read_whatever_the_size_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "ALWAYS_POSSIBLE", 0)
    X = np.zeros((1000, 784), np.uint8)
    trainer = Trainer(nn.Network([nn.Dense(100, "relu"), nn.Dense(1)], 784), X, X[:, :1], batch_size=1000)
    save(tmp_path / "training.npz", trainer)
    assert load_trainer(tmp_path / "training.npz").batch_size == 1000


def test_the_network_of_a_training_can_be_read_alone(trainer_file):
    trainer = in_mid_epoch()
    assert np.array_equal(load(trainer_file).values, trainer.network.values)


def test_a_network_without_training_is_no_trainer(network_file):
    assert refusal(network_file, load_trainer) == "it holds a network without its training; load() reads it"


# -- the past and the future ----------------------------------------------------------------------------------


def test_a_file_of_format_1_is_read():
    network = load(FILES / "network-1.npz")
    kinds = [nn.Dense(4, "relu"), nn.Dropout(0.25), nn.Dense(3, "tanh"), nn.Dense(2, "softmax")]
    assert [layer.settings() for layer in network.layers] == [kind.settings() for kind in kinds]
    assert (network.inputs, str(network.dtype)) == (3, "float32")
    # What the network predicted before it was saved.
    X = np.linspace(-2, 2, 15).reshape(5, 3)
    expected = [0.46912312507629395, 0.43152904510498047, 0.4921388626098633, 0.4874463677406311, 0.4166342616081238]
    np.testing.assert_allclose(network.predict(X)[:, 0], expected, rtol=1e-6)


def test_a_file_of_the_future_says_so(network_file):
    rewritten(network_file, format="nncore network 3")
    expected = "format 3: made by a newer version of nncore; this one reads up to format 2"
    assert refusal(network_file) == expected


@pytest.mark.parametrize("name", ["nncore network 0", "nncore network two", "other 1", None, 2])
def test_an_unknown_format_is_refused(network_file, name):
    rewritten(network_file, format=name)
    assert "format" in refusal(network_file)


# -- writing --------------------------------------------------------------------------------------------------


def test_saving_leaves_no_temporary_file_and_replaces_the_old_one(tmp_path):
    path = tmp_path / "network.npz"
    path.write_text("old")
    save(path, make_network())
    assert list(tmp_path.iterdir()) == [path]
    load(path)


def test_a_save_that_fails_leaves_the_old_file_whole_and_no_other(network_file, monkeypatch):
    before = network_file.read_bytes()

    def full(file, *_: object, **__: object) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="disk full"):
        save(network_file, make_network())
    assert network_file.read_bytes() == before
    assert list(network_file.parent.iterdir()) == [network_file]


@pytest.mark.skipif(os.name != "posix", reason="links need rights, and permissions mean something else there")
def test_saving_through_a_link_replaces_the_file_that_it_leads_to(tmp_path, network_file):
    folder = tmp_path / "folder"
    folder.mkdir()
    link, dangling = folder / "link.npz", folder / "dangling.npz"
    link.symlink_to(network_file)
    dangling.symlink_to(folder / "new.npz")
    for path in (link, dangling):
        save(path, make_network("float64"))
        assert path.is_symlink()
    assert load(network_file).dtype == load(folder / "new.npz").dtype == np.float64
    assert sorted(path.name for path in folder.iterdir()) == ["dangling.npz", "link.npz", "new.npz"]


@pytest.mark.skipif(os.name != "posix", reason="links need rights, and permissions mean something else there")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(network_file, mode):
    network_file.chmod(mode)
    save(network_file, make_network())
    assert stat.S_IMODE(network_file.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have no paths there")
def test_pipes_and_devices_are_neither_read_nor_replaced(tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "zero.npz"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    for path in (pipe, link, Path("/dev/zero")):
        for call in (load, load_trainer, lambda path: save(path, make_network())):
            with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: not a regular file$"):
                call(path)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [pipe, link]


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        save(tmp_path, make_network())
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob("*.part"))


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "nowhere" / "network.npz", make_network())


@pytest.mark.parametrize("path", [None, 5, "", "a\0b", b"a", "\ud800", "/"], ids=repr)
def test_what_is_no_path_of_a_file_is_refused(path):
    calls = {"save": lambda: save(path, make_network()), "load": lambda: load(path)}
    for name, call in (calls | {"load_trainer": lambda: load_trainer(path)}).items():
        with pytest.raises(ValueError, match=f"^{re.escape(f'{name}: expected the path of a file, got {path!r}')}$"):
            call()


def test_what_could_not_be_read_again_is_not_written(network_file):
    before, broken = network_file.read_bytes(), make_network()
    broken.values[3] = np.nan
    with pytest.raises(ValueError, match=r"^save: values holds a number that is not finite"):
        save(network_file, broken)
    X = np.zeros((2000, 1), np.int8)
    wide = Trainer(nn.Network([nn.Dense(6000), nn.Dense(1)], 1), X, X, batch_size=2000)
    with pytest.raises(
        ValueError, match=r"^save: trainer: batch_size: steps with 2,000 samples would take about 288 MB"
    ):
        save(network_file, wide)
    layers: list[nn.Layer] = [nn.Dropout(0.1) for _ in range(2500)]
    with pytest.raises(ValueError, match=r"the description would be [\d,]+ bytes"):
        save(network_file, nn.Network([*layers, nn.Dense(1)], inputs=1))
    assert network_file.read_bytes() == before
