"""Networks as code: run elsewhere, scripts and ONNX models give the numbers that are on the screen."""

import builtins
import functools
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from trained import SESSIONS, edited_on_the_way, trained

from nncore.features import transform
from playground.document import edits
from playground.document.presets import preset
from playground.document.spec import Spec, Training
from playground.engine.session import Session
from playground.engine.stand import Stand
from playground.keeping.code import FORMATS, check_repeats, write_code

RUNNER = Path(__file__).with_name("run_code.py")
PEERS_TOO = [name for name in SESSIONS if name != "tutorial-images"]
TOLERANCE = 1e-6


def has(*packages: str) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in packages)


needs_torch = pytest.mark.skipif(not has("torch"), reason="torch is not installed")
needs_keras = pytest.mark.skipif(not has("torch", "keras"), reason="keras and torch are not installed")
needs_onnx = pytest.mark.skipif(not has("onnx", "onnxruntime"), reason="onnx and onnxruntime are not installed")


@functools.cache
def session(name: str) -> Session:
    return SESSIONS[name]()


def given(session: Session) -> np.ndarray:
    """What a script is asked about: points of the plane, or samples of more inputs."""
    if session.spec.is_plane:
        return np.vstack([[0.0, 0.0], np.random.default_rng(1).uniform(-6, 6, (136, 2))])
    return session.problem.train.inputs[:7]


def expected(session: Session) -> np.ndarray:
    """What the network in the window says to that."""
    asked = given(session)
    return session.network.predict(transform(asked, session.spec.features) if session.spec.is_plane else asked)


def slim(stand: Stand) -> Stand:
    """What is left of the stand of an old run."""
    return replace(stand, arrays={"values": stand.values})


def run(folder: Path, kind: str, names: list[str], flavours: tuple[str, ...] = ("now",)) -> dict[str, dict[str, Any]]:
    """Write scripts into a folder of their own, run them there in a process that knows nothing of this project."""
    written = []
    for number, name in enumerate(names):
        for flavour in flavours:
            path = folder / f"{number:02}-{flavour}.py"
            path.write_bytes(write_code(session(name).spec, session(name).stand(), kind, flavour).data)  # type: ignore[arg-type]
            np.save(path.with_suffix(".npy"), given(session(name)))
            written.append((f"{name}, {flavour}", path))
    runner = folder / "runner"
    runner.write_bytes(RUNNER.read_bytes())
    environment = os.environ | {"KERAS_BACKEND": "torch", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    arguments = [*(["--float64"] if kind == "keras" else []), str(folder)]
    done = subprocess.run(
        [sys.executable, "-P", runner, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {
        name: json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        | {"predicted": np.load(path.with_suffix(".predicted.npy"))}
        for name, path in written
    }


def shown(session: Session) -> list[float]:
    """Loss and score on the screen; without those of a test where there is none."""
    metrics = session.metrics()
    both = session.problem.test is not session.problem.train
    return list(metrics) if both else [metrics.train_loss, metrics.train_score]


# -- NumPy ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_numpy(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return run(tmp_path_factory.mktemp("numpy"), "numpy", list(SESSIONS))


@pytest.mark.parametrize("name", SESSIONS)
def test_in_float64_a_numpy_script_gives_the_outputs_on_the_screen_bit_for_bit(name, in_numpy):
    assert np.array_equal(in_numpy[f"{name}, now"]["predicted"], expected(session(name)))


@pytest.mark.parametrize("name", SESSIONS)
def test_a_numpy_script_computes_the_losses_and_scores_on_the_screen(name, in_numpy):
    figures = in_numpy[f"{name}, now"]["figures"]
    order = sorted(figures, key=lambda figure: ("loss" not in figure, "test" in figure))
    losses, scores = [[figures[key] for key in order if ("loss" in key) is is_loss] for is_loss in (True, False)]
    real = shown(session(name))
    assert losses == real[: len(losses)]
    np.testing.assert_allclose(scores, real[len(losses) :], rtol=1e-12)
    assert in_numpy[f"{name}, now"]["shown"] == pytest.approx(figures, rel=1e-12)


@pytest.mark.parametrize("name", SESSIONS)
def test_a_numpy_script_goes_on_training_as_the_window_would(name, in_numpy):
    after = Session(session(name).spec, session(name).stand())
    after.trainer.advance(5)
    assert in_numpy[f"{name}, now"]["gone_on"] == after.metrics().train_loss


def test_in_float32_the_outputs_are_the_same_too(tmp_path, monkeypatch):
    single = trained(preset("spiral").spec, dtype="float32")
    monkeypatch.setitem(SESSIONS, "single", lambda: single)
    result = run(tmp_path, "numpy", ["single"])["single, now"]
    assert result["predicted"].dtype == np.float32
    assert np.array_equal(result["predicted"], expected(single))


# -- PyTorch and Keras ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_torch(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return run(tmp_path_factory.mktemp("torch"), "pytorch", PEERS_TOO)


@pytest.fixture(scope="module")
def in_keras(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return run(tmp_path_factory.mktemp("keras"), "keras", PEERS_TOO)


def check_peer(name: str, result: dict[str, Any]) -> None:
    np.testing.assert_allclose(result["predicted"], expected(session(name)), rtol=0, atol=TOLERANCE)
    assert result["figures"] == pytest.approx(result["shown"], abs=TOLERANCE)


@needs_torch
@pytest.mark.parametrize("name", PEERS_TOO)
def test_a_pytorch_script_gives_the_numbers_on_the_screen(name, in_torch):
    check_peer(name, in_torch[f"{name}, now"])


@needs_torch
@pytest.mark.parametrize("name", [name for name in PEERS_TOO if name not in ("carried gradients",)])
def test_a_pytorch_script_goes_on_training_as_the_window_would(name, in_torch):
    after = Session(session(name).spec, session(name).stand())
    after.trainer.advance(5)
    np.testing.assert_allclose(in_torch[f"{name}, now"]["gone_on"], after.metrics().train_loss, rtol=1e-6)


@needs_keras
@pytest.mark.parametrize("name", PEERS_TOO)
def test_a_keras_script_gives_the_numbers_on_the_screen(name, in_keras):
    check_peer(name, in_keras[f"{name}, now"])


def test_what_another_framework_cannot_go_on_with_begins_anew_and_the_script_says_so():
    last = session("carried gradients")
    assert "what the optimizer knew" in write_code(last.spec, last.stand(), "numpy").text
    for kind in ("pytorch", "keras"):
        assert "a fresh optimizer" in write_code(last.spec, last.stand(), kind).text


# -- ONNX -----------------------------------------------------------------------------------------


@needs_onnx
@pytest.mark.parametrize("name", SESSIONS)
def test_an_onnx_model_gives_the_outputs_on_the_screen_for_points_of_the_plane(name):
    import onnxruntime

    code = write_code(session(name).spec, session(name).stand(), "onnx")
    model = onnxruntime.InferenceSession(code.data, providers=["CPUExecutionProvider"])
    (entry,) = model.get_inputs()
    assert entry.name == ("points" if session(name).spec.is_plane else "inputs")
    (result,) = model.run(None, {entry.name: given(session(name)).astype(np.float64)})
    np.testing.assert_allclose(np.asarray(result), expected(session(name)), rtol=0, atol=TOLERANCE)
    assert "On the screen, at epoch" in code.text


@needs_onnx
def test_formulas_that_no_runtime_has_in_float64_are_left_to_the_user_of_the_model():
    spec = Spec(features=("x1", "arctan2(x2,x1)"))
    text = write_code(spec, Session(spec).stand(), "onnx").text
    assert "input inputs: float32 (batch, 2)" in text
    assert "The inputs are x1, arctan2(x2,x1)." in text


def test_without_onnx_one_sentence_says_what_to_install(monkeypatch):
    really = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "onnx":
            raise ImportError(name)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install 'nn-playground\[export\]'"):
        write_code(Spec(), Session(Spec()).stand(), "onnx")


# -- the whole training ---------------------------------------------------------------------------


def test_a_script_with_its_training_leads_from_the_first_weights_to_the_present_ones(tmp_path):
    names = ["spiral", "every layer", "formulas", "carried gradients", "a file with classes"]
    results = run(tmp_path, "numpy", names, ("training",))
    for name in names:
        assert np.array_equal(results[f"{name}, training"]["predicted"], expected(session(name)))


@needs_torch
def test_a_pytorch_script_with_its_training_leads_there_to_rounding(tmp_path):
    names = ["spiral", "carried gradients", "tutorial-iris"]
    results = run(tmp_path, "pytorch", names, ("training",))
    for name in names:
        np.testing.assert_allclose(
            results[f"{name}, training"]["predicted"], expected(session(name)), rtol=0, atol=TOLERANCE
        )


@pytest.mark.parametrize("kind", ["numpy", "pytorch", "keras"])
def test_a_run_that_was_edited_on_the_way_has_no_script_with_its_training_but_one_as_it_is(kind):
    edited = edited_on_the_way()
    with pytest.raises(ValueError, match=r"something was changed on the way.*possible: the network as it is now$"):
        write_code(edited.spec, edited.stand(), kind, "training")
    assert write_code(edited.spec, edited.stand(), kind).text


@pytest.mark.parametrize("kind", ["numpy", "pytorch", "keras"])
def test_a_run_of_which_only_the_weights_are_known_says_so_before_it_is_gone_through(kind, monkeypatch):
    monkeypatch.setattr("playground.keeping.code.check_repeats", lambda *_: pytest.fail("it was gone through"))
    last = trained(Spec(training=Training(optimizer="adam")), 30)
    with pytest.raises(ValueError, match="of this run only the weights are known; possible: the network as it is now"):
        write_code(last.spec, slim(last.stand()), kind, "training")
    assert "a fresh optimizer" in write_code(last.spec, slim(last.stand()), kind).text


@needs_onnx
@pytest.mark.parametrize("name", ["spiral", "every layer", "carried gradients"])
def test_an_onnx_model_needs_only_the_weights(name):
    stand = session(name).stand()
    assert write_code(session(name).spec, slim(stand), "onnx") == write_code(session(name).spec, stand, "onnx")
    assert write_code(session(name).spec, slim(stand), "onnx", "training").data


def test_a_setting_that_leaves_the_number_of_steps_as_it_is_is_noticed_by_going_through_the_training():
    early = trained(Spec(), 20)
    early.apply(edits.set_learning_rate(0.5)(early.spec))
    early.trainer.advance(20)
    with pytest.raises(ValueError, match="something was changed on the way"):
        check_repeats(early.spec, early.stand())


def test_weights_that_were_set_by_hand_are_not_repeated():
    first = trained(Spec(), 20)
    first.apply(edits.assign(1, 0, (0,), (2.0,), (0.0,))(first.spec))
    with pytest.raises(ValueError, match="something was changed on the way"):
        check_repeats(first.spec, first.stand())


def test_how_far_the_training_has_been_gone_through_is_told(monkeypatch):
    monkeypatch.setattr("playground.keeping.code.TELL_S", -1.0)
    told: list[float] = []
    last = trained(Spec(), 60)
    check_repeats(last.spec, last.stand(), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


# -- what the scripts say -------------------------------------------------------------------------


def test_a_script_says_what_it_was_written_of():
    text = write_code(session("spiral").spec, session("spiral").stand(), "numpy").text
    assert "Spiral, 800 samples for training and 200 for the test." in text
    assert "at epoch 0 after 37 steps: training loss 0.495748" in text


def test_names_of_classes_and_columns_cannot_break_out_of_the_docstring():
    last = session("a file with classes")
    for kind in ("numpy", "pytorch", "keras"):
        text = write_code(last.spec, last.stand(), kind).text
        assert "for the classes red, gr'een/, blue" in " ".join(text.split())
        compile(text, "script.py", "exec")


@pytest.mark.parametrize("kind", FORMATS)
def test_numbers_that_are_not_finite_are_refused(kind):
    broken = trained(Spec(), 3)
    stand = broken.stand()
    stand.values[0] = np.nan
    with pytest.raises(ValueError, match=r"^the network has numbers that are not finite; possible: "):
        write_code(broken.spec, stand, kind)


def test_run_by_itself_a_script_compares_its_figures_with_those_on_the_screen(tmp_path):
    last = trained(Spec(training=Training(optimizer="adam")), 30)
    path = tmp_path / "script.py"
    path.write_bytes(write_code(last.spec, last.stand(), "numpy").data)
    printed = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=True).stdout
    lines = printed.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        "training loss", "test loss", "training accuracy", "test accuracy",
    ]  # fmt: skip
    for line in lines:
        here, there = line.removeprefix(line[:18]).split("shown")
        assert float(here) == float(there)


def test_another_plane_to_look_at_changes_nothing():
    iris = session("tutorial-iris")
    spec = edits.set_axes((0, 1))(iris.spec)
    assert write_code(spec, iris.stand(), "numpy") == write_code(iris.spec, iris.stand(), "numpy")
    assert spec != iris.spec
