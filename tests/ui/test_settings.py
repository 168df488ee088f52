"""What is remembered from one start of the program to the next, and what happens where that makes no sense."""

import shutil
from itertools import count

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from playground.ui.settings import Settings


class Disk:
    """Keeps what one process has set, for the next one to read from a file: there, every value is text."""

    def __init__(self, folder) -> None:
        self._file, self._folder, self._numbers = folder / "settings.ini", folder, count()

    def fresh(self) -> tuple[Settings, QSettings]:
        """The settings as another process finds them, which shares nothing with this one but the file."""
        copy = self._folder / f"{next(self._numbers)}.ini"
        if self._file.exists():
            shutil.copy(self._file, copy)
        store = QSettings(str(copy), QSettings.Format.IniFormat)
        return Settings(store), store

    def keep(self, store: QSettings) -> None:
        """Let the next process find what is set here."""
        store.sync()
        shutil.copy(store.fileName(), self._file)


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path)


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    for name in ("left", "right"):
        dock = QDockWidget(name)
        dock.setObjectName(name)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    return window


def is_shown(window, name):
    return window.findChild(QDockWidget, name).isVisible()


def test_theme_and_layout_are_remembered(disk, window):
    first, store = disk.fresh()
    first.theme = "light"
    window.findChild(QDockWidget, "left").close()
    first.save_layout(window)
    disk.keep(store)

    second, _ = disk.fresh()
    window.findChild(QDockWidget, "left").show()
    assert second.theme == "light"
    assert second.restore_layout(window)
    assert not is_shown(window, "left")
    assert is_shown(window, "right")


@pytest.mark.parametrize("value", ["foo", "", "dark, light", ["dark", "light"], 7, QByteArray(b"\xff")])
def test_a_theme_nobody_knows_is_that_of_the_system(disk, value):
    _, store = disk.fresh()
    store.setValue("theme", value)
    disk.keep(store)
    assert disk.fresh()[0].theme == "system"


@pytest.mark.parametrize("key", ["layout/version", "layout/geometry", "layout/docks"])
@pytest.mark.parametrize("value", ["foo", "", ["a", "b"], -1, QByteArray(b"\x00\xff" * 40)])
def test_a_layout_that_makes_no_sense_is_not_restored(disk, window, key, value):
    first, store = disk.fresh()
    first.save_layout(window)
    store.setValue(key, value)
    disk.keep(store)
    assert not disk.fresh()[0].restore_layout(window)
    assert is_shown(window, "left")


def test_a_layout_that_breaks_off_does_no_harm(disk, window):
    first, store = disk.fresh()
    first.save_layout(window)
    whole = {key: store.value(f"layout/{key}") for key in ("geometry", "docks")}
    for key, value in whole.items():
        for length in range(0, value.size(), 7):
            store.setValue(f"layout/{key}", value.first(length))
            first.restore_layout(window)
        store.setValue(f"layout/{key}", value)
    assert first.restore_layout(window)
    assert is_shown(window, "left")
