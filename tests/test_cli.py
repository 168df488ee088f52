"""The command, as somebody types it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QtMsgType
from PySide6.QtGui import QImage

import nncore as nn
from playground import cli, platform_check
from playground.document.presets import preset, presets
from playground.engine.problem import make_problem
from playground.engine.session import Session
from playground.engine.stand import stand_of
from playground.keeping.project import Project, write_project
from playground.ui import qt_messages

STATISTICS = {
    "fps",
    "frame_ms_p50",
    "frame_ms_p95",
    "frame_ms_max",
    "startup_s",
    "steps_per_s",
    "epochs",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "memory_mb",
}


def command(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, with these variables and none of the display's."""
    return subprocess.run(
        [sys.executable, "-m", "playground", *arguments],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
    )


def environment(**variables: str) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONPATH": str(Path(cli.__file__).parents[1]), **variables}


def is_blank(picture: Path) -> bool:
    """Whether a picture has hardly any colours."""
    image = QImage(str(picture))
    assert not image.isNull(), f"{picture} is not a picture"
    pixels = (image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7))
    return len(set(pixels)) < 20


# -- wrong arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "lists"),
    [
        (["--demo", "xxor"], list(presets())),
        (["train", "--demo", "nothing", "--epochs", "1", "--out", "x"], list(presets())),
        (["--theme", "blue"], ["light", "dark", "system"]),
        (["--seed", "-1"], ["0", "2147483647"]),
        (["--seed", "1.5"], ["whole number"]),
        (["--for", "0"], ["seconds > 0"]),
        (["--for", "nan"], ["seconds > 0"]),
        (["--for", "1e9"], ["at most 1,000,000"]),
        (["--for", "soon"], ["seconds > 0"]),
        (["--speed", "fast"], ["max", "epochs per second > 0"]),
        (["--speed", "0"], ["max", "epochs per second > 0"]),
        (["--speed", "inf"], ["max", "epochs per second > 0"]),
        (["--link", "hello"], ["a link looks like", "preset"]),
        (["--link", "nn-playground:1:abc"], ["damaged"]),
        (["--link", "#dataset=xor", "--demo", "xor"], ["--demo NAME, --link TEXT and --open FILE.nnp"]),
        (["--size", "10x10"], ["640x480", "7680x4320"]),
        (["--size", "large"], ["640x480", "7680x4320"]),
        (["--screenshot", "a.png"], ["--for SECONDS"]),
        (["--stats", "a.json"], ["--for SECONDS"]),
        (["--for", "1", "--stats", "/no/such/folder/a.json"], ["/no/such/folder"]),
        (["--for", "1", "--screenshot", "/"], ["expected a file"]),
        (["--open", "/no/such/file.nnp"], ["found no file '/no/such/file.nnp'"]),
        (["--open", __file__, "--demo", "xor"], ["cannot go together"]),
        (["train", "--demo", "xor", "--epochs", "0", "--out", "x"], ["from 1"]),
        (["train", "--demo", "xor", "--epochs", "3"], ["--out"]),
        (["train", "--epochs", "3", "--out", "x"], ["--demo"]),
        (["bench", "--rounds", "many"], ["rounds as a whole number"]),
        (["dance"], ["train", "bench"]),
        (["--nonsense"], ["--nonsense"]),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_is_one_line_that_says_what_is_possible(capsys, arguments, lists):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("nn-playground: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    for text in lists:
        assert text in err


def test_help_lists_the_demos(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--help"])
    assert exit_.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for name in presets():
        assert name in text


# -- what the machine lacks -----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["train", "--demo", "xor", "--epochs", "1", "--out", "x"], ["bench"]])
def test_a_missing_system_library_is_named_with_its_package_in_one_line(capsys, monkeypatch, tmp_path, arguments):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(platform_check, "_loads", lambda library: library != "libEGL.so.1")
    assert cli.main(arguments) == 1
    err = capsys.readouterr().err
    assert "apt-get install libegl1" in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_a_display_it_says_so_and_plays_into_a_picture(tmp_path):
    done = command("--demo", "gauss", "--for", "0.5", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no display" in done.stdout
    assert "nn-playground.png" in done.stdout
    assert not is_blank(tmp_path / "nn-playground.png")


# -- the window -----------------------------------------------------------------------------------


def test_playing_by_itself_measures_takes_a_picture_and_ends_well(tmp_path):
    arguments = ["--demo", "xor", "--theme", "dark", "--for", "2", "--speed", "max", "--size", "1280x800"]
    done = command(*arguments, "--screenshot", "a.png", "--stats", "a.json", cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    statistics = json.loads((tmp_path / "a.json").read_text())
    assert set(statistics) == STATISTICS
    assert np.isfinite(list(statistics.values())).all()
    assert statistics["train_loss"] < 0.05
    assert statistics["train_accuracy"] > 0.95
    assert not is_blank(tmp_path / "a.png")
    assert (QImage(str(tmp_path / "a.png")).width(), QImage(str(tmp_path / "a.png")).height()) == (1280, 800)


def test_a_project_is_opened_and_goes_on_from_where_it_was(tmp_path):
    session = Session(preset("spiral").spec)
    session.advance(60.0, 80 * session.trainer.steps_per_epoch)
    write_project(tmp_path / "work.nnp", Project(session.spec, stand_of(session.trainer)))
    done = command("--open", "work.nnp", "--for", "1", "--stats", "a.json", cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "a.json").read_text())["epochs"] > 80


def test_a_link_opens_what_it_says_and_shows_it_as_it_says(tmp_path):
    link = "#dataset=gauss&networkShape=3&discretize=true"
    arguments = ["--link", link, "--for", "1", "--speed", "max", "--screenshot", "a.png", "--stats", "a.json"]
    done = command(*arguments, cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "a.json").read_text())["train_accuracy"] > 0.95
    assert not is_blank(tmp_path / "a.png")


@pytest.mark.parametrize("delay_s", [0.05, 0.2, 0.4, 0.7, 1.2])
def test_ctrl_c_closes_the_window_whenever_it_comes_and_leaves_no_process(tmp_path, delay_s):
    code = "from playground.cli import main; print(flush=True); raise SystemExit(main(['--for', '30']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(QT_QPA_PLATFORM="offscreen"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay_s)
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (cli.INTERRUPTED, "")
    _, alive = psutil.wait_procs(family, timeout=2)
    assert all(child.status() == psutil.STATUS_ZOMBIE for child in alive)


def test_figures_that_cannot_be_written_are_one_line_and_a_failure(tmp_path):
    done = command("--for", "0.3", "--stats", "/dev/full", cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1
    assert done.stderr.startswith("nn-playground: ")
    assert done.stderr.count("\n") == 1


def test_what_qt_says_is_one_line_and_what_means_nothing_is_dropped(capsys):
    for kind, message in (
        (QtMsgType.QtWarningMsg, "This plugin does not support propagateSizeHints()"),
        (QtMsgType.QtDebugMsg, "chatter"),
        (QtMsgType.QtWarningMsg, "something\nis wrong"),
    ):
        qt_messages._handle(kind, None, message)  # pyright: ignore[reportArgumentType]
    assert capsys.readouterr().err == "nn-playground: Qt: something is wrong\n"


# -- train ----------------------------------------------------------------------------------------


def test_train_writes_figures_pictures_and_a_network_that_predicts_the_same(tmp_path):
    done = command("train", "--demo", "xor", "--epochs", "20", "--seed", "3", "--out", "made/here", cwd=tmp_path)
    assert done.returncode == 0
    assert "epoch 20" in done.stdout
    assert "Traceback" not in done.stderr
    assert "20/20" in done.stderr, "the progress bar"
    assert "propagateSizeHints" not in done.stderr
    out = tmp_path / "made" / "here"
    assert {file.name for file in out.iterdir()} == {"metrics.csv", "loss.png", "surface.png", "model.npz"}

    spec = replace(preset("xor").spec, seed=3)
    session = Session(spec)
    for _ in range(20):
        session.step_epoch()
    with (out / "metrics.csv").open() as file:
        header, *rows = csv.reader(file)
    assert header == ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert [int(row[0]) for row in rows] == list(range(21))
    assert [float(number) for number in rows[-1][1:]] == list(session.metrics())

    inputs = make_problem(spec).test.inputs
    np.testing.assert_array_equal(nn.load(out / "model.npz").predict(inputs), session.network.predict(inputs))
    assert not is_blank(out / "loss.png")
    assert not is_blank(out / "surface.png")


def test_train_says_in_one_line_where_it_cannot_write(capsys, monkeypatch, tmp_path, qapp):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "taken").write_text("")
    with pytest.raises(SystemExit, match="2"):
        cli.main(["train", "--demo", "gauss", "--epochs", "1", "--out", str(tmp_path / "taken")])
    err = capsys.readouterr().err
    assert err.startswith("nn-playground: ")
    assert err.count("\n") == 1
    assert "taken" in err


def test_train_of_a_network_that_diverges_stops_and_keeps_what_was_good(capsys, tmp_path, qapp):
    from playground.document.spec import Data, Layer, Spec, Training
    from playground.train import train

    training = Training(learning_rate=10, optimizer="sgd", loss="mse")
    layers = (Layer("dense", 1, 8, "identity"),)
    spec = Spec(data=Data("spiral"), layers=layers, output_activation="identity", training=training)
    assert train(spec, 100, tmp_path) == 0
    assert "training stopped at step" in capsys.readouterr().err
    assert "nan" not in (tmp_path / "metrics.csv").read_text()
    assert (tmp_path / "model.npz").is_file()


def test_train_of_values_speaks_of_r2(capsys, tmp_path, qapp):
    from playground.document import edits
    from playground.document.spec import Spec
    from playground.train import train

    assert train(edits.set_dataset("plane")(Spec()), 3, tmp_path) == 0
    header = (tmp_path / "metrics.csv").read_text().splitlines()[0]
    assert header == "epoch,train_loss,test_loss,train_r2,test_r2"
    assert "R² " in capsys.readouterr().out


# -- what is imported -----------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["playground.cli", "playground.engine.worker", "playground.engine.client"])
def test_neither_the_command_nor_the_worker_imports_qt(module):
    code = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    heavy = {"PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy", "tqdm", "psutil", "torch", "sklearn"}
    assert not heavy & set(done.stdout.split())


def test_options_are_not_abbreviated(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["--dem", "xor"])
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_qt_platform_is_one_line_and_not_an_abort(capsys, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "bogus")
    assert cli.main(["--for", "1"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("nn-playground: unknown QT_QPA_PLATFORM 'bogus'")
    assert "offscreen" in err
    assert err.count("\n") == 1
