"""Files that somebody damaged, or made to do harm: one message that names file and place, and nothing else happens."""

import contextlib
import io
import json
import re
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from saved import flat, in_mid_epoch, members, network_file, refusal, rewritten, trainer_file, zipped

import nncore as nn
from nncore.archive import MAX_DESCRIPTION
from nncore.saving import load, load_trainer, save
from nncore.trainer import Trainer

__all__ = ["network_file", "trainer_file"]

# -- files that are something else ----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY", b"PK\5\6" + bytes(18), b"PK\3\4" + bytes(100)])
def test_other_files_are_refused_by_name(tmp_path, content):
    path = tmp_path / "wrong.npz"
    path.write_bytes(content)
    assert refusal(path).startswith("not a saved network (")


def test_another_npz_is_refused(tmp_path):
    np.savez(tmp_path / "wrong.npz", something=np.ones(3))
    assert refusal(tmp_path / "wrong.npz") == "not a saved network (the array 'description' is missing)"


def test_a_file_that_is_not_there_and_a_folder_are_errors_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.npz")
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        load(tmp_path)


# -- files made to do harm ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["values", "description"])
def test_a_pickle_is_never_opened(network_file, name):
    rewritten(network_file)
    with np.load(network_file) as archive:
        arrays = dict(archive) | {name: np.array([{}], dtype=object)}
    np.savez(network_file, **arrays)  # type: ignore[arg-type]
    message = refusal(network_file)
    assert "'|O'" in message or "not one text" in message


def test_compressed_members_are_refused_before_they_are_unpacked(network_file):
    content = members(network_file)
    content["values.npy"] = bytes(200_000_000)
    zipped(network_file, content, zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    message = refusal(network_file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message == "not a saved network (its member 'description.npy' is compressed)"
    assert peak < 2_000_000


def test_members_that_share_their_bytes_are_refused(network_file):
    data = bytearray(network_file.read_bytes())
    with zipfile.ZipFile(network_file) as archive:
        size = archive.getinfo("values.npy").file_size
    end = data.rfind(b"PK\1\2")
    assert int.from_bytes(data[end + 24 : end + 28], "little") == size
    data[end + 20 : end + 28] = (2**30).to_bytes(4, "little") * 2
    network_file.write_bytes(data)
    assert refusal(network_file) == "not a saved network (its members claim to be larger than the file)"


def test_a_table_of_contents_without_end_is_refused(tmp_path):
    path = tmp_path / "many.npz"
    zipped(path, {f"{i}.npy": b"" for i in range(5000)})
    assert "its table of contents claims" in refusal(path)


def test_names_that_lead_elsewhere_are_refused(network_file):
    content = members(network_file)
    for name in ("../evil.npy", "/etc/passwd", "values.npy/", "extra.npy"):
        zipped(network_file, content | {name: content["values.npy"]})
        assert re.search("other members|one twice|does not belong there", refusal(network_file)), name


def test_a_name_that_stands_twice_is_refused(network_file):
    content = members(network_file)
    with warnings.catch_warnings(), zipfile.ZipFile(network_file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("values.npy", content["values.npy"])
    assert "one twice" in refusal(network_file)


def test_json_that_is_nested_without_end_is_refused(network_file):
    for deep in ("[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000):
        with np.load(network_file) as archive:
            values = archive["values"]
        np.savez(network_file, values=values, description=np.array(deep))
        assert refusal(network_file) == "not a saved network (description: nested too deep)"


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"format": Infinity}', "1" * 5000, '"\\ud800"', "\u2028" * 9])
def test_a_description_that_is_no_json_is_refused(network_file, text):
    np.savez(network_file, values=np.zeros(3), description=np.array(text))
    refusal(network_file)


def test_a_description_that_is_too_long_is_refused(network_file):
    np.savez(network_file, values=np.zeros(3), description=np.array(" " * (MAX_DESCRIPTION // 4) + "{}"))
    assert "its description has 262,280 bytes, 262,144 are possible" in refusal(network_file)


@pytest.mark.parametrize("shape", ["(4611686018427387904,)", "(4611686018427387904, 4)", "(0, 99)", "(-1,)", "(1e9,)"])
def test_a_header_that_claims_more_than_there_is_takes_no_memory(network_file, shape):
    content = members(network_file)
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    content["values.npy"] = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header
    zipped(network_file, content)
    assert "values" in refusal(network_file)


@pytest.mark.parametrize(
    "header", [b"__import__('os')", b"{'descr': '<f4', 'shape': (26,)}\n", b"(" * 9000, b"{'descr': [('a', '<f4')]}"]
)
def test_a_header_is_never_evaluated(network_file, header):
    content = members(network_file)
    content["values.npy"] = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header
    zipped(network_file, content)
    assert refusal(network_file) == (
        "not a saved network (values: an .npy header that is not of plain numbers in rows)"
    )


def test_reading_takes_a_small_multiple_of_the_memory_of_the_file(tmp_path):
    path = tmp_path / "large.npz"
    save(path, nn.Network([nn.Dense(1000), nn.Dense(1000)], inputs=1000))
    size = path.stat().st_size
    load(path)  # what is imported on the way is not of the file
    tracemalloc.start()
    network = load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The array that is read, the network's own, that of its gradients, and one layer's first weights in float64.
    assert network.values.nbytes < size
    assert peak < 4.2 * size


def test_a_file_that_contradicts_itself_takes_no_memory(network_file):
    rewritten(network_file, network__layers=[{"name": "dense", "units": 10**12}])
    tracemalloc.start()
    message = refusal(network_file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message == "values: expected shape (4000000000000,), the file holds (26,)"
    assert peak < 1_000_000


@pytest.mark.parametrize("remainder", ["step", "carry"])
def test_a_batch_that_takes_much_more_memory_than_the_file_is_refused(tmp_path, remainder):
    path, X = tmp_path / "bomb.npz", np.zeros((5000, 1), np.int8)
    network = nn.Network([nn.Dense(5000, "tanh"), nn.Dense(1)], inputs=1)
    save(path, Trainer(network, X, X, batch_size=1, remainder=remainder))
    rewritten(path, trainer__batch_size=4990)
    assert path.stat().st_size < 250_000
    tracemalloc.start()
    message = refusal(path, load_trainer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    about = {"step": "600", "carry": "1,199"}[remainder]
    assert message == (
        f"trainer: batch_size: steps with 4,990 samples would take about {about} MB of memory;"
        " 256 MB are possible with this network and these samples"
    )
    assert peak < 3_000_000


@pytest.mark.parametrize("place", ["network__inputs", "format", "network__layers"])
def test_a_number_of_thousands_of_digits_is_refused_with_its_length(network_file, place):
    rewritten(network_file, **{place: "here"})
    content = members(network_file)
    with np.load(network_file) as archive:
        text = str(archive["description"]).replace('"here"', "-" + "1" * 5000)
    spoiled = io.BytesIO()
    np.save(spoiled, np.array(text))
    zipped(network_file, content | {"description.npy": spoiled.getvalue()})
    assert refusal(network_file) == (
        "not a saved network (description: a whole number of 5,000 digits, 50 are possible)"
    )


def test_a_header_of_numbers_of_thousands_of_digits_is_refused(network_file):
    content = members(network_file)
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'1' * 5000},), }}\n".encode()
    content["values.npy"] = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header
    zipped(network_file, content)
    assert refusal(network_file) == (
        "not a saved network (values: an .npy header that is not of plain numbers in rows)"
    )


def test_a_shape_of_hundreds_of_digits_is_not_shown_whole(network_file):
    rewritten(network_file, network__layers=[{"name": "dense", "units": 1e300}])
    assert refusal(network_file) == "values: expected shape (over 10^18,), the file holds (26,)"


# -- files that contradict themselves -------------------------------------------------------------------------

BROKEN = np.ones(26, np.float32)
BROKEN[7] = np.nan


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network__layers": [{"units": 3}]}, "network: layer 1: unknown layer 'None'"),
        ({"network__layers": [3]}, "network: layer 1: unknown layer '3'"),
        ({"network__layers": []}, "values: expected shape (0,)"),
        ({"network__layers": {}}, "network: layers: expected list, got '{}'"),
        ({"network__layers": [{"name": "dens"}]}, "network: layer 1: unknown layer 'dens' (did you mean 'dense'?)"),
        (
            {"network__layers": ["dense", {"name": "dense", "colour": 1}]},
            "network: layer 2: layer 'dense' has no option",
        ),
        ({"network__layers": [{"name": "dense", "units": -1}]}, "network: layer 1: dense: expected a whole number"),
        ({"network__layers": [{"name": "dense", "units": [1]}]}, "network: layer 1: dense: expected a whole number"),
        ({"network__inputs": "three"}, "network: inputs: expected int, got 'three'"),
        ({"network__inputs": 2.0}, "network: inputs: expected int, got '2.0'"),
        ({"network__inputs": True}, "network: inputs: expected int, got 'True'"),
        ({"network__inputs": 0}, "network: inputs: expected a number >= 1, got 0"),
        ({"network__inputs": 10**30}, "values: expected shape ("),
        ({"network__dtype": "int32"}, "network: unknown dtype 'int32'; possible: float32, float64"),
        ({"network__dtype": "float64"}, "values: expected float64, the file holds '<f4'"),
        ({"network__standardized": True}, "not a saved network (the array 'standardization.mean' is missing)"),
        ({"network__initializer": "glorot"}, "network: unknown initializer 'glorot'"),
        ({"network": None}, "network: network: expected dict, got 'None'"),
        ({"values": np.ones(3, np.float32)}, "values: expected shape (26,), the file holds (3,)"),
        ({"values": np.ones((2, 13), np.float32)}, "values: expected shape (26,), the file holds (2, 13)"),
        ({"values": np.ones(26, ">f4")}, "not a saved network (values: an .npy header"),
        ({"values": np.ones(26, np.int32)}, "values: expected float32, the file holds '<i4'"),
        ({"values": BROKEN}, "values: element (7,) is not a finite number: nan"),
        ({"more": np.ones(3)}, "the array 'more' does not belong there"),
    ],
)
def test_a_file_that_contradicts_itself_says_where(network_file, changes, message):
    rewritten(network_file, **changes)
    assert refusal(network_file).startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"trainer__loss": "mean"}, "trainer: loss: unknown loss 'mean'"),
        ({"trainer__loss": "hinge"}, "trainer: "),
        (
            {"trainer__optimizer": {"name": "adam", "learning_rate": -1}},
            "trainer: optimizer: adam: expected 0 < learning_rate <= ",
        ),
        ({"trainer__optimizer": "sgd"}, "the array 'first.optimizer.m' does not belong there"),
        ({"trainer__batch_size": 0}, "trainer: batch_size: expected a number >= 1"),
        ({"trainer__seed": "x"}, "trainer: seed: expected int"),
        ({"trainer__shuffle": 1}, "trainer: shuffle: expected bool"),
        ({"trainer__remainder": "drop"}, "trainer: unknown remainder 'drop'; possible: step, carry"),
        ({"test": None}, "trainer: test: expected bool"),
        ({"test": False}, "the array 'test.X' does not belong there"),
        ({"now": None}, "now: its description lacks 'steps'"),
        ({"now__steps": -1}, "now: steps: expected a number >= 0, got -1"),
        ({"now__epochs": 1.5}, "now: epochs: expected int"),
        ({"now__rng": {}}, "now: rng: not the state of a random generator"),
        ({"now__rng": {"bit_generator": "MT19937"}}, "now: rng: not the state of a random generator"),
        ({"first__rng": 3}, "first: rng: expected dict"),
        ({"X": np.ones((23, 3))}, "X: expected shape (n, 4), the file holds (23, 3)"),
        ({"X": np.full((23, 4), np.inf)}, "X: element (0, 0) is not a finite number: inf"),
        ({"X": np.ones((22, 4))}, "y: expected shape (22, 3), the file holds (23, 3)"),
        ({"y": np.ones((23, 3), np.float32)}, "trainer: targets: "),
        ({"now.order": np.zeros(23, np.int64)}, "now.order: expected every sample from 0 to 22 once"),
        ({"now.optimizer.m": np.ones(3, np.float32)}, "now.optimizer.m: expected shape (75,)"),
        ({"first.values": np.full(87, np.nan, np.float32)}, "first.values: element (0,) is not a finite number"),
        ({"now.carried_samples": np.array(-1.0)}, "now.carried_samples: expected 0 to 23"),
        ({"now.history": np.full((2, 3), np.nan)}, "now.history: expected whole epochs in its first column"),
    ],
)
def test_a_training_that_contradicts_itself_says_where(trainer_file, changes, message):
    rewritten(trainer_file, **changes)
    assert refusal(trainer_file, load_trainer).startswith(message)


@pytest.mark.parametrize(
    "name", ["X", "y", "values", "test.y", "now.order", "now.history", "first.values", "description"]
)
def test_a_missing_member_is_named(trainer_file, name):
    content = members(trainer_file)
    del content[f"{name}.npy"]
    zipped(trainer_file, content)
    assert f"the array '{name}' is missing" in refusal(trainer_file, load_trainer)


def test_a_running_variance_below_zero_is_refused(tmp_path):
    network = nn.Network([nn.Dense(2), nn.BatchNorm()], inputs=2)
    network.statistics[-1] = -1
    save(tmp_path / "network.npz", network)
    assert refusal(tmp_path / "network.npz") == "values: layer 2 (batch_norm) has a running variance below zero"


# -- damage ---------------------------------------------------------------------------------------------------


class RefusedError(Exception):
    """A file was refused by its name."""


def read_or_refused(path: Path) -> Trainer:
    try:
        return load_trainer(path)
    except ValueError as error:
        if str(error).startswith(f"{path}: "):
            raise RefusedError from error
        raise


def test_a_damaged_number_is_noticed(network_file):
    with zipfile.ZipFile(network_file) as archive:
        offset = archive.getinfo("values.npy").header_offset
    content = bytearray(network_file.read_bytes())
    content[offset + 190] ^= 255  # one byte of a parameter: the checksum notices
    network_file.write_bytes(content)
    assert refusal(network_file) == "not a saved network (values: Bad CRC-32 for file 'values.npy')"


@pytest.mark.parametrize("kind", ["bit", "byte", "cut", "hole", "more"])
def test_a_damaged_file_loads_equal_or_is_refused_by_name(trainer_file, kind):
    """60 files of each of five kinds of damage; NumPy, zipfile and json must not show through, nor must a warning."""
    whole, trainer = trainer_file.read_bytes(), in_mid_epoch()
    expected, rng = flat([trainer.state(), trainer.X, trainer.y, trainer.test]), np.random.default_rng(len(kind))
    refused = 0
    for _ in range(60):
        data = bytearray(whole)
        at = int(rng.integers(len(data)))
        match kind:
            case "bit":
                data[at] ^= 1 << int(rng.integers(8))
            case "byte":
                data[at : at + 4] = rng.bytes(4)
            case "cut":
                del data[at:]
            case "hole":
                del data[at : at + int(rng.integers(1, 99))]
            case "more":
                data[at:at] = rng.bytes(int(rng.integers(1, 99)))
        trainer_file.write_bytes(data)
        again = None
        with contextlib.suppress(RefusedError):
            again = read_or_refused(trainer_file)
        refused += again is None
        assert again is None or flat([again.state(), again.X, again.y, again.test]) == expected
    assert refused >= 30


def test_a_refused_file_leaves_no_trace(trainer_file):
    """What had been read before it failed belongs to nobody: a trainer that exists goes on as it was."""
    trainer = in_mid_epoch()
    before = flat(trainer.state())
    trainer_file.write_bytes(trainer_file.read_bytes()[:-40])
    refusal(trainer_file, load_trainer)
    assert flat(trainer.state()) == before


def places(about: object, way: tuple = ()) -> list[tuple]:
    """The way to every entry of a description."""
    inside = about.items() if isinstance(about, dict) else enumerate(about) if isinstance(about, list) else ()
    return [place for key, value in inside for place in ((*way, key), *places(value, (*way, key)))]


JUNK = [None, True, 0, -1, 1.5, 1e308, 10**40, "", "sgd", [], {}, [1], [[[]]], {"name": "dense"}, {"name": ["a"]}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_any_entry_of_the_description_may_be_anything(trainer_file, data):
    spoiled, whole = trainer_file.with_name("spoiled.npz"), members(trainer_file)
    description = json.loads(str(np.load(trainer_file)["description"]))
    *way, last = data.draw(st.sampled_from(places(description)))
    about = description
    for key in way:
        about = about[key]
    about[last] = data.draw(st.sampled_from(JUNK))
    content = io.BytesIO()
    np.save(content, np.array(json.dumps(description)))
    zipped(spoiled, whole | {"description.npy": content.getvalue()})
    with contextlib.suppress(RefusedError):
        read_or_refused(spoiled)
