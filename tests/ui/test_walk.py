"""A random walk through the window: whatever one does, nothing breaks, and the document is what its edits made it."""

import subprocess
import sys
from pathlib import Path

MACHINE = Path(__file__).with_name("walk_machine.py")


def test_no_gesture_breaks_the_window_or_the_document():
    """In a process of its own, as the window has it: beside PyTorch and Keras, Qt ends in a crash after some walks."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(MACHINE)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout[-4000:]
