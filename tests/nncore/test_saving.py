"""A network in a file and back."""

import json
import re
import zipfile

import numpy as np
import pytest

import nncore as nn


def make_network(dtype: str = "float32") -> nn.Network:
    return nn.Network([nn.Dense(4, "relu"), nn.Dropout(0.25), nn.Dense(2, "softmax")], inputs=3, seed=5, dtype=dtype)


def rewritten(path, **changes) -> None:
    """Change what a saved file says: arrays, or single entries of the description."""
    with np.load(path) as archive:
        arrays = dict(archive)
    description = json.loads(str(arrays["description"]))
    description |= {key: value for key, value in changes.items() if key in description}
    arrays |= {"description": np.array(json.dumps(description))}
    arrays |= {key: value for key, value in changes.items() if key not in description}
    np.savez(path, **arrays)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_comes_back_bit_for_bit(tmp_path, rng, dtype):
    network, X = make_network(dtype), rng.normal(0, 1, (9, 3))
    nn.save(tmp_path / "network.npz", network)
    again = nn.load(tmp_path / "network.npz")
    assert repr(again) == repr(network)
    assert again.parameters.dtype == dtype
    assert np.array_equal(again.parameters, network.parameters)
    assert np.array_equal(again.predict(X), network.predict(X))


def test_every_layer_kind_keeps_its_settings(tmp_path):
    settings = {"units": 3, "activation": "relu", "rate": 0.4}
    layers = [kind(**{option: settings[option] for option in kind.options}) for kind in nn.Layer.registry.values()]
    nn.save(tmp_path / "all.npz", nn.Network(layers, inputs=2))
    assert [layer.settings() for layer in nn.load(tmp_path / "all.npz").layers] == [x.settings() for x in layers]


def test_a_file_is_arrays_and_json_and_needs_no_pickle(tmp_path):
    nn.save(tmp_path / "network.npz", make_network())
    with np.load(tmp_path / "network.npz", allow_pickle=False) as archive:
        assert {name: archive[name].dtype.hasobject for name in archive.files} == {
            "description": False,
            "parameters": False,
        }


def test_saving_leaves_no_temporary_file_and_replaces_the_old_one(tmp_path):
    path = tmp_path / "network.npz"
    path.write_text("old")
    nn.save(path, make_network())
    assert list(tmp_path.iterdir()) == [path]
    nn.load(path)


def test_a_save_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    nn.save(path, make_network())
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="disk full"):
        nn.save(path, make_network())
    assert path.read_bytes() == before


def test_a_pickle_is_never_opened(tmp_path):
    path = tmp_path / "evil.npz"
    nn.save(path, make_network())
    rewritten(path, parameters=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"not a saved network .*allow_pickle=False"):
        nn.load(path)


def test_other_files_are_refused_by_name(tmp_path):
    path = tmp_path / "wrong.npz"
    for content in (b"", b"hello", b"\x93NUMPY"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: not a saved network"):
            nn.load(path)
    np.savez(path, something=np.ones(3))
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: not a saved network"):
        nn.load(path)


def test_a_damaged_archive_is_refused(tmp_path):
    path = tmp_path / "network.npz"
    nn.save(path, make_network())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("parameters.npy").header_offset
    content = bytearray(path.read_bytes())
    content[offset + 160] ^= 255  # one byte of a parameter: the checksum notices
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a saved network"):
        nn.load(path)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nothing.npz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "other 1"}, "not a network in the format 'nncore network 1'"),
        ({"layers": [{"units": 3}]}, "its description of the network is damaged ('kind')"),
        ({"layers": [3]}, "its description of the network is damaged"),
        ({"layers": [{"kind": "dense", "units": 2, "colour": "red"}]}, "its description of the network is damaged"),
        ({"inputs": "three"}, "its description of the network is damaged"),
        ({"inputs": 2.0}, "its description of the network is damaged"),
        ({"dtype": "int32"}, "its description of the network is damaged (unknown dtype 'int32'"),
        ({"parameters": np.ones(3)}, "its layers have (26,) parameters, the file holds (3,)"),
        ({"parameters": np.ones((2, 13))}, "its layers have (26,) parameters, the file holds (2, 13)"),
        ({"layers": [{"kind": "dense", "units": 10**12}]}, "its layers have (4000000000000,) parameters"),
    ],
)
def test_a_file_that_contradicts_itself_says_how(tmp_path, changes, message):
    path = tmp_path / "network.npz"
    nn.save(path, make_network())
    rewritten(path, **changes)
    with pytest.raises(ValueError, match=r"^" + re.escape(f"{path}: {message}")):
        nn.load(path)


def test_an_unknown_layer_kind_lists_the_known_ones(tmp_path):
    path = tmp_path / "network.npz"
    nn.save(path, make_network())
    rewritten(path, layers=[{"kind": "dens", "units": 1}])
    with pytest.raises(ValueError, match=r"unknown layer 'dens' \(did you mean 'dense'\?\); possible: dense"):
        nn.load(path)
