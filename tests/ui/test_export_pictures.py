"""Views as pictures and numbers: in any theme, whole, as pixels and as vectors, and the dialog that makes them."""

import os
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from canvas_bench import dense
from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from playground.document.document import Document
from playground.document.spec import Data, Spec
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.keeping.tables import write_tables
from playground.ui.canvas.panel import NetworkPanel
from playground.ui.dialogs.export_picture import ExportPictureDialog
from playground.ui.export.exporting import Exporting
from playground.ui.export.numbers import tables_of
from playground.ui.export.paper import PaperCanvas
from playground.ui.export.pictures import Look, Subject, drawing_of, exhibits, image_of, paper_with
from playground.ui.plots.histograms import ActivationsView, GradientsView
from playground.ui.plots.loss import LossView
from playground.ui.plots.metrics import MetricsView
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.weights import WeightsView
from playground.ui.settings import Settings
from playground.ui.theme import DARK, LIGHT, rgb_of

SPEC = Spec(data=Data(samples=40), layers=dense(4, 3))
VIEWS = (SurfaceView, LossView, WeightsView, ActivationsView, GradientsView, MetricsView)
NAMES = ("network", "output", "loss", "weights", "activations", "gradients", "metrics")
SIZE = QSize(600, 400)
SVG = "{http://www.w3.org/2000/svg}"


class Shop:
    """Views on one network, and what exports them."""

    def __init__(self, qtbot, spec=SPEC) -> None:
        self.mirror, self.history = Mirror(spec), History()
        self.history.append(np.array([(epoch, 1 / (1 + epoch), 2 / (1 + epoch)) for epoch in range(30)]))
        self.panel = NetworkPanel(Document(spec))
        self.panel.set_mirror(self.mirror)
        self.panel.resize(700, 420)
        titles = (name.capitalize() for name in NAMES[1:])
        self.views = {title: kind() for title, kind in zip(titles, VIEWS, strict=True)}
        self.window = QWidget()
        for widget in (self.panel, self.window, *self.views.values()):
            qtbot.addWidget(widget)
        self.subject = Subject(self.mirror, self.history)
        self.exporting = Exporting(self.window, self.panel.canvas, self.views, lambda: self.subject)
        self.said: list[str] = []
        self.exporting.message.connect(self.said.append)
        self.exporting.hint.connect(self.said.append)

    def exhibit(self, name):
        return next(each for each in self.exporting.exhibits if each.name == name)

    def image(self, name, theme=LIGHT, size=SIZE, clear=False, scale=1.0):
        look = Look(theme, size, clear)
        with paper_with(self.exhibit(name), self.subject, look) as paper:
            return image_of(paper, look, scale)

    def drawing(self, name, theme=LIGHT, size=SIZE, clear=False):
        look = Look(theme, size, clear)
        with paper_with(self.exhibit(name), self.subject, look, vectors=True) as paper:
            return drawing_of(paper, look, name)


@pytest.fixture
def shop(qtbot):
    return Shop(qtbot)


def colors_of(image):
    small = image.convertToFormat(QImage.Format.Format_RGB32)
    return {small.pixel(x, y) & 0xFFFFFF for x in range(0, small.width(), 3) for y in range(0, small.height(), 3)}


def holds(image, color, tolerance=6):
    wanted = rgb_of(color)
    return any(
        max(abs((rgb >> shift & 255) - part) for shift, part in zip((16, 8, 0), wanted, strict=True)) <= tolerance
        for rgb in colors_of(image)
    )


def rendered(svg, size=SIZE):
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(QColor("#ff00ff"))
    with QPainter(image) as painter:
        QSvgRenderer(QByteArray(svg)).render(painter)
    return image


def test_every_plot_of_the_window_and_the_network_can_be_exported(shop):
    assert [each.name for each in shop.exporting.exhibits] == list(NAMES)


def test_a_view_that_needs_a_document_is_left_out(shop):
    class Needy(LossView):
        def __init__(self, document):
            super().__init__()

    assert len(exhibits(shop.panel.canvas, {"Needy": Needy(None)})) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_the_size_and_the_ground_that_were_asked_for(shop, name):
    image = shop.image(name, LIGHT, scale=2)
    assert image.size() == QSize(1200, 800)
    assert image.pixelColor(2, 2) == LIGHT.color("canvas" if name == "network" else "panel")
    assert len(colors_of(image)) > 3, "nothing is drawn"


@pytest.mark.parametrize("name", NAMES)
def test_a_transparent_picture_has_no_ground(shop, name):
    assert shop.image(name, clear=True).pixelColor(2, 2).alpha() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_in_the_other_theme_has_nothing_of_the_grounds_of_the_window(shop, name):
    pixels = shop.image(name, LIGHT).convertToFormat(QImage.Format.Format_RGB32)
    seen = np.array(memoryview(pixels.constBits()).cast("I")) & 0xFFFFFF
    for token in ("panel", "raised", "canvas", "background"):
        assert np.mean(seen == DARK.color(token).rgb() & 0xFFFFFF) < 0.001, token


def test_the_network_is_whole_however_wide_it_is(qtbot):
    shop = Shop(qtbot, Spec(data=Data(samples=40), layers=dense(*[2] * 10)))
    image = shop.image("network", size=QSize(200, 300))
    assert image.width() > 200
    last = image.copy(image.width() - 70, 0, 70, image.height())
    assert len(colors_of(last)) > 10, "the output is missing"


def test_the_heads_of_the_layers_are_in_the_picture_without_what_can_only_be_clicked(shop):
    look = Look(LIGHT, QSize(700, 420))
    with paper_with(shop.exhibit("network"), shop.subject, look) as paper:
        assert isinstance(paper, PaperCanvas)
        heads = [paper.heads[key] for key in (1, 2)]
        assert all(head.isVisible() for head in heads)
        assert not any(button.isVisible() for head in heads for button in head.findChildren(QWidget, "layer-1-remove"))
        area = heads[0].geometry()
        assert len(colors_of(image_of(paper, look, 1).copy(area))) > 4


def test_what_is_painted_from_does_not_keep_the_program_alive(shop):
    with paper_with(shop.exhibit("loss"), shop.subject, Look(LIGHT, SIZE)) as paper:
        assert not paper.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)


def test_the_picture_of_the_surface_shows_what_the_switches_of_the_window_say(shop):
    without = shop.image("output")
    shop.views["Output"].show_test.setChecked(True)
    assert shop.image("output") != without


def pixels(image: QImage) -> np.ndarray:
    converted = image.convertToFormat(QImage.Format.Format_RGB32)  # has to live as long as its bits are read
    return np.array(memoryview(converted.constBits()).cast("B"), float)


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_has_outlines_for_text_and_looks_like_the_picture(shop, name):
    drawing = shop.drawing(name)
    root = ET.fromstring(drawing)
    assert (root.get("width"), root.get("height")) == ("600", "400")
    assert not list(root.iter(f"{SVG}text"))
    assert any(path.get("aria-label") for path in root.iter(f"{SVG}path"))
    assert b"non-scaling-stroke" not in drawing
    assert np.abs(pixels(rendered(drawing)) - pixels(shop.image(name))).mean() < 6


def test_links_are_curves_in_an_svg_and_maps_are_pictures(shop):
    root = ET.fromstring(shop.drawing("network"))
    links = 2 * 4 + 4 * 3 + 3
    units = 2 + 4 + 3 + 1
    assert sum("C" in path.get("d", "") and path.get("aria-label") is None for path in root.iter(f"{SVG}path")) >= links
    assert len(list(root.iter(f"{SVG}image"))) == units


def test_a_curve_of_the_loss_is_one_line(shop):
    root = ET.fromstring(shop.drawing("loss"))
    lines = [line for line in root.iter() if line.tag in (f"{SVG}path", f"{SVG}polyline")]
    assert len(lines) < 60, "every piece of a curve is a line of its own"
    assert holds(rendered(shop.drawing("loss")), LIGHT.accent, tolerance=60)


# -- the dialog -----------------------------------------------------------------------------------


@pytest.fixture
def dialog(shop, qtbot):
    made = ExportPictureDialog(shop.exporting, "loss", shop.window)
    made.show()
    qtbot.waitUntil(lambda: not made.preview.image.isNull())
    return made


def choose(dialog, name, data):
    box = dialog.findChild(QComboBox, f"export-{name}")
    box.setCurrentIndex(box.findData(data))


def save_to(dialog, path):
    dialog.findChild(QPushButton, "export-save").click()
    file_dialog = dialog.findChild(QFileDialog)
    file_dialog.fileSelected.emit(str(path))
    file_dialog.done(0)


@pytest.mark.parametrize(("format_", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("csv", b"epoch,train_loss")])
def test_the_dialog_writes_each_format(shop, dialog, qtbot, tmp_path, format_, begins):
    choose(dialog, "format", format_)
    path = tmp_path / f"loss.{format_}"
    save_to(dialog, path)
    qtbot.waitUntil(lambda: bool(shop.said))
    assert shop.said == [f"Saved to {path}."]
    assert path.read_bytes().startswith(begins)
    assert list(tmp_path.iterdir()) == [path]


def test_the_dialog_shows_the_first_lines_of_numbers(shop, dialog, qtbot):
    choose(dialog, "what", "output")
    choose(dialog, "format", "csv")
    qtbot.waitUntil(lambda: dialog.preview.text.startswith("x1,x2,output\n"))
    assert "x1,x2,label,set" in dialog.preview.text
    assert dialog.findChild(QLabel, "export-about").text() == "Writes output.csv and output-points.csv"


def test_the_choices_are_remembered(shop, dialog, qtbot):
    choose(dialog, "theme", "light")
    choose(dialog, "format", "svg")
    dialog.reject()
    again = ExportPictureDialog(shop.exporting, "weights", shop.window)
    chosen = {box.objectName(): box.currentData() for box in again.findChildren(QComboBox)}
    assert (chosen["export-theme"], chosen["export-format"]) == ("light", "svg")
    assert again.exhibit.name == "weights"


def test_what_was_written_last_is_remembered_by_the_next_window(shop, qtbot, tmp_path):
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    given = shop.window, shop.panel.canvas, shop.views, lambda: shop.subject, settings
    before = Exporting(*given)
    before.choices.format, before.choices.scale = "svg", 4
    before.save(shop.exhibit("loss"), Look(LIGHT, SIZE), tmp_path / "loss.svg")
    assert Exporting(*given).choices == before.choices
    settings.set_choice("export", '{"scale": 999}')
    assert Exporting(*given).choices.scale == 2
    qtbot.waitUntil((tmp_path / "loss.svg").exists)


def test_an_impossible_size_is_told_and_changes_nothing(dialog):
    line = dialog.findChild(QComboBox, "export-width").findChild(QLineEdit)
    before = dialog.look.size
    line.setText("9")
    line.editingFinished.emit()
    assert dialog.look.size == before
    assert "from 160 to 4 000" in dialog.findChild(QLabel, "export-about").text()


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_of_the_moment_however_late_they_are_written(shop, tmp_path, monkeypatch, name):
    jobs = []
    monkeypatch.setattr(shop.exporting.saving, "run", lambda job, path: jobs.append(job))
    shop.exporting.choices.format = "csv"
    before = csv_of(shop, name, tmp_path / "before.csv")
    shop.exporting.save(shop.exhibit(name), Look(LIGHT, SIZE), tmp_path / "late.csv")
    shop.mirror.load(shop.mirror.network.values * 2 + 1)
    shop.history.append(np.array([(30.0, 0.5, 0.5)]))
    jobs[0]()
    assert (tmp_path / "late.csv").read_text() == before
    assert csv_of(shop, name, tmp_path / "after.csv") != before


def csv_of(shop, name, path):
    write_tables(path, tables_of(shop.exhibit(name), shop.subject))
    return path.read_text()


def test_exports_are_written_one_after_the_other(shop, tmp_path):
    at_once, most, threads = [], [], []

    def job():
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.02)
        at_once.pop()

    threads = [shop.exporting.saving.run(job, tmp_path / "loss.csv") for _ in range(4)]
    for thread in threads:
        thread.join(5)
    assert most == [1, 1, 1, 1]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions bind nobody here")
def test_a_folder_that_cannot_be_written_to_is_one_sentence(shop, dialog, qtbot, tmp_path):
    tmp_path.chmod(0o500)
    save_to(dialog, tmp_path / "loss.png")
    qtbot.waitUntil(lambda: bool(shop.said))
    assert shop.said == ["loss.png could not be written: permission denied."]


def test_a_folder_that_is_gone_is_one_sentence(shop, dialog, qtbot, tmp_path):
    save_to(dialog, tmp_path / "gone" / "loss.png")
    qtbot.waitUntil(lambda: bool(shop.said))
    assert shop.said == ["loss.png could not be written: no such file or directory."]


# -- the whole window -----------------------------------------------------------------------------


def test_a_picture_of_the_window_is_written_beside_it_and_told(desk, tmp_path):
    said = []
    for told in (desk.window.exporting.hint, desk.window.exporting.message):
        told.connect(said.append)
    desk.window.actions_by_name["save-picture"].trigger()
    (dialog,) = desk.window.findChildren(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("whole")
    dialog.accept()
    desk.wait_until(lambda: bool(said))
    assert said == [f"Saved to {tmp_path / 'whole.png'}."]
    assert QImage(str(tmp_path / "whole.png")).size() == desk.window.size()
    desk.window.exporting.save_window(tmp_path / "gone" / "whole.png")
    desk.wait_until(lambda: len(said) == 2)
    assert said[1].startswith("whole.png could not be written")
