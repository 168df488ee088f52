"""However the window ends, no process and no shared memory of the engine outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

SHARED_MEMORY = Path("/dev/shm")
PATIENCE_S = 2.0

pytestmark = pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="shared memory has no folder on this system")

WINDOW = """
import time
from playground.document.spec import Spec
from playground.engine.client import Engine
from playground.engine.protocol import Speed
from playground.interrupts import Interrupts

def say(word):
    print(word, engine._worker.block.name, engine.worker_pid, flush=True)

interrupts = Interrupts()
engine = Engine(Spec(), Speed(None))
say("started")
engine.set_playing(True)
while not interrupts.received:
    snapshot = engine.poll()
    if snapshot is not None and snapshot.steps > 100:
        say("training")
    time.sleep(0.01)
engine.close()
print("closed", flush=True)
"""


class Window:
    """A process with an engine, in a group of its own as in a terminal."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WINDOW],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.block, self.worker = self.wait_for("started")

    def wait_for(self, word: str) -> tuple[Path, psutil.Process]:
        """Read what it says up to this word: where its block is, and its worker."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said, name, pid = line.split()
            if said == word:
                return SHARED_MEMORY / name, psutil.Process(int(pid))
        raise AssertionError(f"the process ended without saying {word}")

    def family(self) -> list[psutil.Process]:
        """The process and all it has started."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]


@pytest.fixture
def window() -> Iterator[Window]:
    window = Window()
    family = window.family()
    yield window
    window.process.kill()
    window.process.communicate()
    for process in family:
        if process.is_running():
            process.kill()


def test_the_block_has_no_name_any_more_once_the_worker_has_it_open(window):
    assert window.wait_for("training")[1] == window.worker
    assert not window.block.exists()


def test_killing_the_window_ends_the_worker_and_frees_the_memory(window):
    window.wait_for("training")
    family = window.family()
    window.process.kill()
    _assert_gone(window, family)


def test_killing_the_window_before_its_worker_is_ready_leaves_nothing_either(window):
    assert window.block.exists()
    family = window.family()
    window.process.kill()
    _assert_gone(window, family)


def test_killing_the_window_while_its_worker_is_suspended_frees_the_memory(window):
    window.wait_for("training")
    window.worker.suspend()
    family = window.family()
    window.process.kill()
    window.process.wait()
    assert not window.block.exists()
    window.worker.resume()
    _assert_gone(window, family)


def test_ctrl_c_is_for_the_window_which_ends_the_worker(window):
    window.wait_for("training")
    family = window.family()
    os.killpg(window.process.pid, signal.SIGINT)
    out, err = window.process.communicate(timeout=10)
    assert out.endswith("closed\n")
    assert (err, window.process.returncode) == ("", 0)
    _assert_gone(window, family)


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.1])
def test_ctrl_c_before_the_worker_is_ready_is_as_quiet(window, delay_s):
    time.sleep(delay_s)
    family = window.family()
    os.killpg(window.process.pid, signal.SIGINT)
    out, err = window.process.communicate(timeout=10)
    assert out.endswith("closed\n")
    assert (err, window.process.returncode) == ("", 0)
    _assert_gone(window, family)


def _assert_gone(window: Window, family: list[psutil.Process]) -> None:
    """All processes have ended, and the block's name is gone, in a short time."""
    end = time.monotonic() + PATIENCE_S
    while True:
        left = [process for process in family if _is_alive(process)]
        if not left and not window.block.exists():
            return
        assert time.monotonic() < end, f"left: {left}, block {'exists' if window.block.exists() else 'is gone'}"
        time.sleep(0.01)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
