"""What all tests of the window share: whatever Qt has to destroy is destroyed between two tests, never in one.

Python's garbage collector runs at any allocation, also while Qt holds a lock in which it has called Python. A window
in a reference cycle, destroyed at such a moment, asks for the same lock again, and the tests stand still for ever.
"""

import gc
import multiprocessing

import pytest
from desk import Desk
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from playground.ui.theme import DARK, apply_theme


@pytest.fixture(scope="session", autouse=True)
def _look_at_new_objects_only():
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def _fonts_are_those_of_the_window(qapp):
    """What has room depends on them, and each test has to find the same, whichever is the first."""
    apply_theme(qapp, DARK)


@pytest.fixture(scope="session", autouse=True)
def _workers_are_forked_from_one_process():
    """It has imported what they need: a start takes a hundredth of a second instead of a fifth, 500 times."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["playground.engine.worker"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multiprocessing, "get_context", lambda method: context)
        yield


@pytest.fixture(autouse=True)
def _destroy_windows_between_tests():
    gc.disable()
    yield
    for widget in QApplication.topLevelWidgets():
        if widget.isVisible():
            widget.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if QApplication.instance() is not None:
        QApplication.processEvents()
    gc.collect()
    gc.enable()


@pytest.fixture
def open_desk(qtbot):
    desks = []

    def make(**options) -> Desk:
        desks.append(Desk(qtbot, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.window.close()
        desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.fixture
def desk(open_desk):
    return open_desk()
