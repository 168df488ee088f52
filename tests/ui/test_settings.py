"""What is remembered from one start of the program to the next, and what happens where that makes no sense."""

import errno
import shutil
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QFileDialog, QMainWindow, QTabBar

from playground.document.own_link import write_link
from playground.document.spec import Spec
from playground.engine.protocol import Speed
from playground.ui.dialogs.files import FOLDER, ask_save
from playground.ui.files.recent import RecentFiles
from playground.ui.settings import Settings
from playground.ui.speeds import SPEEDS


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


# -- views and files --------------------------------------------------------------------------------

NONSENSE = ["foo", "", "nan", "1 2", ["a", "b"], -1, 7, QByteArray(b"\x00\xff"), "x" * 10_000, "a\x00b"]


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_speed_is_remembered(disk, speed):
    first, store = disk.fresh()
    first.speed = speed
    disk.keep(store)
    assert disk.fresh()[0].speed == speed


@pytest.mark.parametrize("value", [*NONSENSE, "60", "60 weeks", "-5 epoch", "0 step", "nan epoch", "inf epoch", "max"])
def test_a_speed_that_makes_no_sense_is_the_usual_one(disk, value):
    _, store = disk.fresh()
    store.setValue("speed", value)
    disk.keep(store)
    assert disk.fresh()[0].speed == Speed()


@pytest.mark.parametrize("value", NONSENSE)
def test_switches_steps_folders_and_tabs_have_their_types_whatever_the_file_says(disk, value):
    _, store = disk.fresh()
    for key in ("switches/show-test-data", "first-steps/play", "folder", "tab", "recent"):
        store.setValue(key, value)
    disk.keep(store)
    settings, _ = disk.fresh()
    assert settings.switch("show-test-data") is None
    assert settings.is_done("play") is False
    assert settings.folder == ""
    assert isinstance(settings.tab, str)
    assert all(isinstance(path, str) for path in settings.recent)


def test_a_folder_that_is_gone_is_forgotten(disk, tmp_path):
    settings, _ = disk.fresh()
    (tmp_path / "here").mkdir()
    settings.folder = str(tmp_path / "here")
    assert settings.folder == str(tmp_path / "here")
    (tmp_path / "here").rmdir()
    assert settings.folder == ""


@pytest.fixture
def unreachable(monkeypatch, tmp_path):
    """A folder on a network that is gone: whoever asks for it gets an error that is none of a missing file."""
    gone, stat = tmp_path / "mount", Path.stat

    def refuse(path, **options):
        if path.is_relative_to(gone):
            raise OSError(errno.ESTALE, "Stale file handle", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    return gone


def test_a_folder_on_a_network_that_is_gone_is_forgotten(disk, unreachable):
    settings, _ = disk.fresh()
    settings.folder = str(unreachable)
    assert settings.folder == ""


@pytest.mark.parametrize("name", ["mount", "x" * 5000, "a\x00b"])
def test_files_can_be_asked_for_although_the_folder_of_the_last_one_is_gone(window, tmp_path, unreachable, name):
    window.setProperty(FOLDER, str(tmp_path / name))
    ask_save(window, "Save project", "work.nnp", "Projects (*.nnp)", lambda path: None)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_a_name_of_which_nobody_can_tell_whether_it_is_there_is_written_to(window, unreachable):
    chosen = []
    ask_save(window, "Save project", "work.nnp", "Projects (*.nnp)", chosen.append)
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(unreachable / "work"))
    dialog.reject()
    assert chosen == [unreachable / "work.nnp"]


def test_a_recent_file_on_a_network_that_is_gone_is_forgotten(disk, unreachable):
    settings, _ = disk.fresh()
    settings.recent = [str(unreachable / "work.nnp")]
    files, said = RecentFiles(settings), []
    files.message.connect(said.append)
    files.open(0)
    assert said == [f"work.nnp is no longer in {unreachable}."]
    assert files.paths == []


def test_a_window_looks_as_it_was_left(open_desk, disk, tmp_path):
    settings, store = disk.fresh()
    desk = open_desk(settings=settings)
    for name in ("show-test-data", "discretize-output", "loss-log-scale"):
        desk.click(name)
    desk.window.transport.choose_speed(SPEEDS[3])
    desk.window.findChild(QTabBar, "layers-tabs").setCurrentIndex(3)
    desk.window.setProperty(FOLDER, str(tmp_path))
    disk.keep(store)

    again, _ = disk.fresh()
    window = open_desk(settings=again).window
    assert (window.surface.show_test.isChecked(), window.surface.discretize.isChecked()) == (True, True)
    assert not window.loss.log_scale.isChecked()
    assert window.actions_by_name["show-test"].isChecked()
    assert window.findChild(QTabBar, "layers-tabs").currentIndex() == 3
    assert window.property(FOLDER) == str(tmp_path)
    assert again.speed == SPEEDS[3]


def test_switches_in_a_menu_are_remembered_as_well(open_desk, disk):
    settings, _ = disk.fresh()
    desk = open_desk(settings=settings)
    desk.window.actions_by_name["log-scale"].trigger()
    assert settings.switch("loss-log-scale") is False


def test_what_a_link_asks_for_is_shown_and_not_remembered(open_desk, disk):
    settings, _ = disk.fresh()
    desk = open_desk(settings=settings)
    desk.click("discretize-output")
    desk.window.pasting.open("#dataset=xor&showTestData=true&discretize=false")
    assert desk.window.surface.show_test.isChecked()
    assert not desk.window.surface.discretize.isChecked()
    assert (settings.switch("show-test-data"), settings.switch("discretize-output")) == (None, True)


def test_a_link_of_ours_leaves_the_switches_as_they_are(open_desk):
    desk = open_desk()
    desk.click("discretize-output")
    desk.window.pasting.open(write_link(Spec(seed=7)))
    assert desk.spec.seed == 7
    assert desk.window.surface.discretize.isChecked()


def test_a_window_without_settings_remembers_nothing_and_works(open_desk):
    desk = open_desk(settings=None)
    desk.click("discretize-output")
    desk.window.transport.choose_speed(SPEEDS[3])
    assert desk.window.surface.discretize.isChecked()
