"""Films of the training: the right moments, one file or none, no process left behind."""

import io
import multiprocessing
import zlib

import numpy as np
import pytest
import shiboken6
from canvas_bench import dense
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from test_export_pictures import Shop

from playground.document import edits
from playground.document.spec import Data, Spec
from playground.engine.mirror import Mirror
from playground.engine.session import Session
from playground.keeping import film
from playground.keeping.film import Moment, Plan, frame_epochs, gif_of, packed
from playground.ui.dialogs.export_film import ExportFilmDialog, ask_for_film
from playground.ui.export.exporting import Exporting, FilmChoices
from playground.ui.export.frames import FramePainter, frame_of
from playground.ui.settings import Settings
from playground.ui.theme import DARK, rgb_of

Image = pytest.importorskip("PIL.Image")

SPEC = Spec(data=Data(samples=40), layers=dense(3))
ENDLESS = 1_000_000


def recorders():
    return [child for child in multiprocessing.active_children() if child.name == "film recorder"]


# -- which moments --------------------------------------------------------------------------------


def test_epochs_are_whole_different_and_reach_from_the_first_to_the_last():
    assert frame_epochs(0, 100, 5, "linear") == (0, 25, 50, 75, 100)
    assert frame_epochs(0, 3, 60, "linear") == (0, 1, 2, 3)
    closer = frame_epochs(10, 1000, 20, "logarithmic")
    assert (closer[0], closer[-1]) == (10, 1000)
    assert np.all(np.diff(np.diff(closer)) >= -1)


@pytest.mark.parametrize(("first", "last", "frames"), [(5, 5, 10), (9, 3, 10), (-1, 3, 10), (0, 9, 1), (0, 9, 5000)])
def test_what_makes_no_film_is_refused(first, last, frames):
    with pytest.raises(ValueError, match="asked for"):
        frame_epochs(first, last, frames, "linear")


def record(plan):
    *told, ended = film.moments(plan)
    assert isinstance(ended, film.Ended)
    return [moment for moment in told if isinstance(moment, Moment)], ended.diverged


def test_the_moments_are_those_of_the_same_training_in_the_window():
    moments, ended = record(Plan(SPEC, (0, 2, 5), 1))
    session = Session(SPEC)
    for moment in moments:
        while session.epoch < moment.epoch:
            session.step_epoch()
        assert np.array_equal(moment.values, session.network.values)
    assert [moment.epoch for moment in moments] == [0, 2, 5]
    assert np.concatenate([moment.rows for moment in moments])[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert ended == ""


def test_a_training_that_diverges_ends_there_and_says_why():
    spec = edits.set_learning_rate(10.0)(edits.set_dataset("plane")(SPEC))
    moments, ended = record(Plan(spec, (0, 1, 500), 1))
    assert moments[0].epoch == 0
    assert len(moments) < 3
    assert "finite" in ended


# -- the file -------------------------------------------------------------------------------------


def plain_frame(color, side=24):
    return packed(side, side, bytes(rgb_of(color)) * side * side)


def opened(data):
    return Image.open(io.BytesIO(data))


def test_the_gif_loops_and_rests_on_its_last_frame():
    image = opened(gif_of([plain_frame(color) for color in ("#ff0000", "#00ff00", "#0000ff")], (100, 2000)))
    durations = []
    for place in range(image.n_frames):
        image.seek(place)
        durations.append(image.info["duration"])
    assert durations == [100, 100, 2000]
    assert image.info["loop"] == 0


def test_a_colour_is_the_same_in_every_frame():
    rows = [bytes(value for step in range(64) for value in (4 * step, 90, place * 12)) for place in range(1, 20)]
    still = bytes((200, 30, 60)) * 64
    image = opened(gif_of([packed(64, 2, row + still) for row in rows], (50, 2000)))
    seen = set()
    for place in range(image.n_frames):
        image.seek(place)
        seen.add(image.convert("RGB").getpixel((10, 1)))
    assert len(seen) == 1


def test_frames_of_the_same_picture_are_not_merged_away():
    image = opened(gif_of([plain_frame("#112233")] * 2 + [plain_frame("#445566")], (100, 2000)))
    total = 0
    for place in range(image.n_frames):
        image.seek(place)
        total += image.info["duration"]
    assert total == 2200


@pytest.mark.parametrize(("frames", "seconds", "each_ms"), [(61, 6, 100), (300, 0.1, 20), (2, 3, 3000)])
def test_the_film_takes_as_long_as_was_asked_for(frames, seconds, each_ms):
    assert Plan(SPEC, tuple(range(frames)), seconds).durations_ms == (each_ms, max(2000, each_ms))


# -- the frames -----------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("output",), ("network",), ("output", "loss")])
def test_a_frame_shows_the_network_of_its_moment_and_how_far_the_film_is(qtbot, names):
    shop = Shop(qtbot, SPEC)
    painter = FramePainter(SPEC, [shop.exhibit(name) for name in names], DARK, 320)
    first = Mirror(SPEC).network.values.copy()
    images = []
    for epoch, share in ((0, 0.0), (7, 0.5)):
        painter.take(Moment(epoch, first * (1 + epoch), np.array([(epoch, 0.5, 0.5)])))
        images.append(painter.paint(share))
    painter.close()
    assert images[0].size() == painter.size
    assert images[0] != images[1]
    bottom = painter.size.height() - 1
    accent = [images[1].pixelColor(round(x * painter.size.width()), bottom) for x in (0.4, 0.6)]
    assert accent == [DARK.color("accent"), DARK.color("hairline")]


def test_a_frame_is_sent_without_the_filling_at_the_ends_of_its_rows(qtbot):
    image = QImage(5, 3, QImage.Format.Format_RGB888)
    image.fill(QColor(1, 2, 3))
    frame = frame_of(image)
    assert zlib.decompress(frame.packed) == bytes((1, 2, 3)) * 15


# -- the dialog -----------------------------------------------------------------------------------


@pytest.fixture
def shop(qtbot):
    return Shop(qtbot, SPEC)


@pytest.fixture
def dialog(shop):
    made = ExportFilmDialog(shop.exporting, shop.window)
    made.show()
    yield made
    if shiboken6.isValid(made):
        made.reject()
    assert not recorders(), "a process is left behind"


def about(dialog):
    return dialog.findChild(QLabel, "film-about").text()


def test_the_film_is_written_and_can_be_played(shop, dialog, qtbot, tmp_path):
    dialog.begin(Plan(SPEC, (0, 1, 2, 3), 1), tmp_path / "film.gif")
    qtbot.waitUntil(lambda: bool(shop.said), timeout=20_000)
    assert shop.said[0].startswith("Film of 4 frames")
    with Image.open(tmp_path / "film.gif") as image:
        assert (image.n_frames, image.size) == (4, (480, 480))
    assert [path.name for path in tmp_path.iterdir()] == ["film.gif"]


def test_cancel_stops_at_once_and_leaves_neither_file_nor_process(dialog, qtbot, tmp_path):
    dialog.begin(Plan(SPEC, (0, 1, ENDLESS), 1), tmp_path / "film.gif")
    qtbot.waitUntil(lambda: about(dialog) == "Frame 2 of 3", timeout=20_000)
    assert recorders()
    dialog.findChild(QPushButton, "film-cancel").click()
    assert not recorders()
    assert not list(tmp_path.iterdir())


def test_a_process_that_is_killed_is_told_and_the_next_film_is_made(dialog, qtbot, tmp_path):
    dialog.begin(Plan(SPEC, (0, ENDLESS), 1), tmp_path / "film.gif")
    recorders()[0].kill()
    qtbot.waitUntil(lambda: "process has ended" in about(dialog), timeout=20_000)
    assert dialog.findChild(QPushButton, "film-make").isEnabled()
    assert not list(tmp_path.iterdir())


def test_a_film_ends_with_the_window_it_belongs_to(qtbot, tmp_path):
    shop = Shop(qtbot, SPEC)
    window = QWidget()
    shop.exporting.window = window
    ask_for_film(shop.exporting)
    dialog = window.findChild(ExportFilmDialog)
    assert dialog is not None
    dialog.begin(Plan(SPEC, (0, ENDLESS), 1), tmp_path / "film.gif")
    assert recorders()
    shiboken6.delete(window)
    assert not recorders()


def test_a_file_that_cannot_be_written_is_one_sentence(dialog, qtbot, tmp_path):
    dialog.begin(Plan(SPEC, (0, 1), 1), tmp_path / "gone" / "film.gif")
    qtbot.waitUntil(lambda: "could not be written" in about(dialog), timeout=20_000)
    assert about(dialog) == "film.gif could not be written: no such file or directory."


def test_without_pillow_one_is_told_so(dialog, monkeypatch):
    monkeypatch.setattr("playground.ui.dialogs.export_film.has_pillow", lambda: False)
    dialog.accept()
    assert about(dialog) == film.NO_PILLOW


def test_a_last_epoch_before_the_first_is_told(dialog):
    for name, number in (("film-first", "50"), ("film-last", "10")):
        line = dialog.findChild(QComboBox, name).findChild(QLineEdit)
        line.setText(number)
        line.editingFinished.emit()
    dialog.accept()
    assert about(dialog) == "The last epoch has to be above the first: 50 to 10 was asked for."


def test_the_dialog_shows_the_frame_of_the_present_moment(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.preview.image.isNull())
    assert dialog.preview.image.height() == 480
    box = dialog.findChild(QComboBox, "film-what")
    box.setCurrentIndex(box.findData("Network"))
    assert dialog.preview.image.width() == 720


def test_what_was_chosen_is_there_when_the_dialog_opens_again(shop, dialog):
    choose_for_film(dialog)
    dialog.reject()
    again = ExportFilmDialog(shop.exporting, shop.window)
    assert chosen_for_film(again) == CHOSEN
    again.reject()


def test_what_was_filmed_last_is_remembered_by_the_next_window(qtbot, tmp_path):
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    shop = Shop(qtbot, SPEC)
    given = shop.window, shop.panel.canvas, shop.views, lambda: shop.subject, settings
    first = ExportFilmDialog(Exporting(*given), shop.window)
    choose_for_film(first)
    first.begin(Plan(SPEC, (0, ENDLESS), 1), tmp_path / "film.gif")
    first.reject()
    second = ExportFilmDialog(Exporting(*given), shop.window)
    assert chosen_for_film(second) == CHOSEN
    second.reject()
    settings.set_choice("film", '{"frames": 1}')
    assert Exporting(*given).film == FilmChoices()


CHOSEN = {"what": "Network", "theme": "light", "size": 640, "spacing": "logarithmic", "frames": "24", "seconds": "3"}


def choose_for_film(dialog):
    for name, value in CHOSEN.items():
        box = dialog.findChild(QComboBox, f"film-{name}")
        if name in ("frames", "seconds"):
            box.lineEdit().setText(value)
            box.lineEdit().editingFinished.emit()
        else:
            box.setCurrentIndex(box.findData(value))


def chosen_for_film(dialog):
    boxes = {name: dialog.findChild(QComboBox, f"film-{name}") for name in CHOSEN}
    return {
        name: box.currentText() if name in ("frames", "seconds") else box.currentData() for name, box in boxes.items()
    }


def test_there_is_one_dialog_for_films(shop, dialog):
    ask_for_film(shop.exporting)
    assert len(shop.window.findChildren(ExportFilmDialog)) == 1
