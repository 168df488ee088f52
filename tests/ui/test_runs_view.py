"""The tab of runs in a window with a real worker: what it lists, what keys and menus do, and what the curves show."""

import math
from itertools import combinations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from playground.document import edits
from playground.engine.snapshot import Curve
from playground.keeping.runs import Run
from playground.ui.runs import desk as runs_desk
from playground.ui.runs.desk import ON_RUN
from playground.ui.runs.model import DIFFERS, EPOCHS, HEADS, NAME, NOW, SCORE, SHOWN, TEST, TIME, TRAIN, time_text
from playground.ui.runs.signs import NOW_SIGN, free_slot, sign_of
from playground.ui.theme import DARK, LIGHT, rgb_of

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


class RunsBench:
    """A desk on which the tab of runs is open."""

    def __init__(self, desk) -> None:
        self.desk, self.window = desk, desk.window
        self.view = desk.window.runs.view
        self.table, self.model = self.view.table, self.view.model
        self.runs = desk.window.runs.runs
        self.do("tab-runs")
        desk.settle()

    def do(self, action: str) -> None:
        self.window.actions_by_name[action].trigger()
        self.desk.settle()

    def train(self, steps=20) -> None:
        desk = self.desk
        self.window.loop.set_playing(True)
        desk.wait_until(lambda: desk.engine.latest.steps >= steps)
        self.window.loop.set_playing(False)
        desk.wait_until(lambda: not desk.engine.latest.playing)

    def leave(self, count=1) -> None:
        """Train, and leave that by Reset, so many times."""
        for _ in range(count):
            kept = len(self.runs.all)
            self.train()
            self.window.loop.reset()
            self.desk.wait_until(lambda kept=kept: len(self.runs.all) > kept)
            self.desk.wait_until(lambda: self.desk.engine.latest.steps == 0)

    def select(self, *numbers) -> None:
        self.table.clearSelection()
        for number in numbers:
            mode = self.table.selectionModel()
            mode.select(self.cell(number, NAME), mode.SelectionFlag.Select | mode.SelectionFlag.Rows)
        self.table.setFocus()
        self.desk.settle()

    def cell(self, number, column):
        return self.model.index(self.model.numbers.index(number), column)

    def text(self, number, column) -> str:
        return str(self.cell(number, column).data())

    def spoken(self, number, column) -> str:
        return self.cell(number, column).data(Qt.ItemDataRole.AccessibleTextRole)

    def press(self, key) -> None:
        QTest.keyClick(self.table, key)
        self.desk.settle()

    def notice(self) -> str:
        return self.window.notice.text


@pytest.fixture
def bench(desk):
    return RunsBench(desk)


def other_run(bench, number, **changes) -> Run:
    """Another run of the present network, with other settings."""
    run = bench.runs.all[0]
    stand = replace(
        run.stand, **{name: changes.pop(name) for name in list(changes) if name in ("test_loss", "seconds")}
    )
    return replace(run, number=number, stand=stand, **changes)


# -- the list -------------------------------------------------------------------------------------


def test_at_first_there_is_the_present_run_alone(bench):
    assert bench.model.numbers == [NOW]
    assert bench.text(NOW, NAME) == "Now"
    bench.do("run-keep")
    bench.desk.wait_until(lambda: "press Play first" in bench.notice())
    assert bench.runs.all == ()


def test_a_run_that_is_left_is_listed_with_how_it_ended_and_its_curve_is_shown(bench):
    bench.leave()
    run = bench.runs.all[0]
    assert bench.model.numbers == [NOW, 1]
    assert bench.text(1, NAME) == "Run 1"
    assert bench.text(1, EPOCHS) == str(run.stand.epochs)
    assert float(bench.text(1, TEST)) == pytest.approx(run.stand.test_loss, abs=6e-4)
    assert bench.text(1, SCORE).endswith(" %")
    assert [each.number for each in bench.view.plot.shown] == [NOW, 1]
    np.testing.assert_array_equal(bench.view.plot.shown[1].rows, run.curve.rows)


def test_the_present_run_is_followed_while_the_list_can_be_seen_and_only_then(bench):
    bench.train(50)
    bench.desk.wait_until(lambda: bench.text(NOW, EPOCHS) != "0")
    latest = bench.desk.engine.latest
    bench.desk.wait_until(lambda: bench.model.present.test_loss == latest.test_loss)
    assert bench.view._timer.isActive()
    assert bench.view._timer.interval() >= 250
    bench.do("tab-weights")
    assert not bench.view._timer.isActive()


def test_the_newest_run_stands_below_the_present_one_and_columns_sort(bench):
    bench.leave(3)
    assert bench.model.numbers == [NOW, 3, 2, 1]
    losses = {run.number: run.stand.test_loss for run in bench.runs.all}
    for order, falling in ((Qt.SortOrder.AscendingOrder, False), (Qt.SortOrder.DescendingOrder, True)):
        bench.table.sortByColumn(TEST, order)
        assert bench.model.numbers == [NOW, *sorted(losses, key=lambda number: losses[number], reverse=falling)]
    bench.table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    assert bench.model.numbers == [NOW, 1, 2, 3]


def test_where_there_is_little_room_what_differs_is_told_rather_than_the_time(bench):
    bench.do("tab-runs")
    for width_px, hidden in ((440, True), (700, False)):
        bench.table.resize(width_px, 160)
        assert bench.table.isColumnHidden(TIME) is hidden
        assert bench.table.columnWidth(DIFFERS) > 80


def test_what_is_not_known_stands_last_in_either_order(bench):
    bench.leave()
    bench.runs.load([*bench.runs.all, other_run(bench, 2, test_loss=math.nan), other_run(bench, 3, test_loss=9.0)])
    for order, expected in (
        (Qt.SortOrder.AscendingOrder, [NOW, 1, 3, 2]),
        (Qt.SortOrder.DescendingOrder, [NOW, 3, 1, 2]),
    ):
        bench.model.sort(TEST, order)
        assert bench.model.numbers == expected
    assert bench.text(2, TEST) == "–"


def test_what_is_selected_stays_selected_when_runs_come_and_the_order_changes(bench):
    bench.leave(2)
    bench.select(1)
    bench.leave()
    assert bench.table.selected == [1]
    bench.table.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
    assert bench.table.selected == [1]


def test_the_list_says_what_a_run_differs_in_from_the_present_settings(bench):
    bench.leave()
    assert bench.text(1, DIFFERS) == "nothing"
    bench.window.document.apply(edits.set_learning_rate(0.5))
    bench.window.document.apply(edits.set_noise(0.1))
    bench.desk.settle()
    assert bench.text(1, DIFFERS) == "noise 0 % · learning rate 0.03"
    assert bench.cell(1, DIFFERS).data(Qt.ItemDataRole.ToolTipRole).count("\n") == 1


def test_every_cell_reads_by_itself(bench):
    bench.leave()
    assert bench.spoken(1, NAME) == "Run 1"
    assert bench.spoken(1, SHOWN) == "Run 1, curve shown"
    assert bench.spoken(1, TRAIN) == f"Run 1, training loss {bench.text(1, TRAIN)}"
    for column in range(len(HEADS)):
        assert bench.spoken(NOW, column)
        assert bench.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)


def test_a_run_of_which_the_weights_alone_are_known_says_so(bench):
    bench.leave()
    run = bench.runs.all[0]
    slim = replace(run.stand, arrays={"values": run.stand.values})
    bench.runs.load([replace(run, stand=slim, parent=7)])
    tip = bench.cell(1, NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert "Weights only" in tip
    assert "Went on from Run 7, which was removed" in tip


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.97, "10 s"),
        (59.4, "59 s"),
        (185, "3:05"),
        (5400, "1.5 h"),
        (math.nan, "–"),
    ],
)
def test_time_is_told_as_people_tell_it(seconds, text):
    assert time_text(seconds) == text


# -- keys and menus -------------------------------------------------------------------------------


def test_space_shows_and_hides_the_curves_of_the_selected_runs(bench):
    bench.leave(2)
    bench.select(1, 2)
    bench.press(Key.Key_Space)
    assert bench.model.ticked == [NOW]
    assert not bench.window.engine.playing, "here Space does not play"
    bench.select(1)
    bench.press(Key.Key_Space)
    assert [each.number for each in bench.view.plot.shown] == [NOW, 1]


def test_a_click_on_the_box_shows_and_hides_a_curve_and_selects_nothing(bench):
    bench.leave()
    place = bench.table.visualRect(bench.cell(1, SHOWN)).center()
    QTest.mouseClick(bench.table.viewport(), LEFT, pos=place)
    assert bench.model.ticked == [NOW]
    QTest.mouseClick(bench.table.viewport(), LEFT, pos=place)
    assert bench.model.ticked == [NOW, 1]
    assert bench.table.selected == []


def test_enter_restores_a_run_with_the_numbers_of_the_list_and_undo_goes_back(bench):
    bench.leave()
    run = bench.runs.all[0]
    bench.window.document.apply(edits.set_learning_rate(0.5))
    before = bench.desk.spec
    bench.select(1)
    bench.press(Key.Key_Return)
    desk = bench.desk
    desk.wait_until(lambda: desk.engine.latest.steps == run.stand.steps)
    assert desk.engine.latest[5:9] == (
        run.stand.train_loss, run.stand.test_loss, run.stand.train_score, run.stand.test_score,
    )  # fmt: skip
    np.testing.assert_array_equal(desk.window.loop.mirror.network.values, run.stand.values)
    assert (desk.spec.training, desk.engine.playing) == (run.spec.training, False)
    assert desk.window.document.undo_label == "Restore Run 1"
    assert "Run 1 is back" in bench.notice()
    desk.window.document.undo()
    assert desk.spec == before
    assert [each.number for each in bench.runs.all] == [1], "it was looked at, no more"


def test_continue_trains_on_from_the_end_of_a_run_which_stays_as_it_was(bench):
    bench.leave()
    run = bench.runs.all[0]
    bench.select(1)
    bench.do("run-continue")
    desk = bench.desk
    assert desk.engine.playing
    desk.wait_until(lambda: desk.engine.latest.steps > run.stand.steps + 20)
    bench.window.loop.reset()
    desk.wait_until(lambda: len(bench.runs.all) == 2)
    assert bench.runs.all[0] is run
    assert bench.runs.all[1].parent == 1


def test_the_present_run_can_be_kept_while_it_goes_on(bench):
    bench.train(30)
    bench.do("run-keep")
    bench.desk.wait_until(lambda: len(bench.runs.all) == 1)
    assert bench.runs.all[0].stand.steps == bench.desk.engine.latest.steps
    assert bench.table.selected == [1]
    assert bench.notice() == "Kept as Run 1."


def test_a_run_that_is_left_before_the_answer_comes_is_kept_with_its_curve(bench):
    bench.train(30)
    curve, before = bench.desk.engine.curve(), bench.desk.spec
    bench.window.actions_by_name["run-keep"].trigger()
    bench.window.actions_by_name["new_seed"].trigger()
    bench.desk.wait_until(lambda: bool(bench.runs.all))
    run = bench.runs.all[0]
    assert (run.spec.seed, run.stand.steps > 0) == (before.seed, True)
    assert len(curve.rows) > 1
    np.testing.assert_array_equal(run.curve.rows, curve.rows)


def test_what_was_trained_until_the_answer_is_in_the_curve_that_is_kept(bench):
    bench.train(30)
    asked, answers = bench.desk.engine.curve(), []
    bench.train(300)
    bench.desk.engine.ask_stand(answers.append)
    bench.desk.wait_until(lambda: bool(answers))
    bench.window.actions_by_name["new_seed"].trigger()
    bench.window.runs._keep(asked, answers[0])
    run = bench.runs.all[0]
    np.testing.assert_array_equal(run.curve.rows[:-1], asked.rows)
    assert run.curve.rows[-1].tolist() == [run.stand.progress, run.stand.train_loss, run.stand.test_loss]


def test_runs_that_were_removed_do_not_come_back_in_another_project(bench):
    bench.leave()
    bench.select(1)
    bench.press(Key.Key_Delete)
    bench.window.files.new()
    bench.leave()
    run = bench.runs.all[0]
    assert not bench.window.actions_by_name["run-bring-back"].isEnabled()
    bench.window.runs.bring_back()
    assert bench.runs.all == (run,)


def test_f2_renames_the_run_that_the_menu_renames(bench):
    bench.leave(3)
    for rename in (lambda: bench.press(Key.Key_F2), lambda: bench.do("run-rename")):
        bench.select(NOW, 3, 1)
        rename()
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        assert bench.table.currentIndex().row() == bench.model.numbers.index(3)
        QTest.keyClick(line, Key.Key_Escape)
        bench.desk.settle()


def test_f2_renames_the_selected_run_and_restores_nothing(bench):
    bench.leave()
    bench.window.document.apply(edits.set_learning_rate(0.5))
    before = bench.desk.spec
    bench.select(1)
    bench.press(Key.Key_F2)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.accessibleName() == "Name of the run"
    line.setText("the deep one")
    QTest.keyClick(line, Key.Key_Return)
    bench.desk.settle()
    assert bench.runs.all[0].name == "the deep one"
    assert bench.text(1, NAME) == "the deep one"
    assert bench.desk.spec == before
    assert "is back" not in bench.notice()
    assert bench.table.hasFocus()
    bench.press(Key.Key_Return)
    assert bench.notice().startswith("the deep one is back")
    assert bench.desk.spec.training.learning_rate == 0.03


def test_delete_removes_the_selected_runs_and_they_can_be_brought_back(bench):
    bench.leave(3)
    bench.select(1, 3, NOW)
    bench.press(Key.Key_Delete)
    assert [run.number for run in bench.runs.all] == [2]
    assert bench.notice() == "2 runs removed."
    bench.do("run-bring-back")
    assert [run.number for run in bench.runs.all] == [1, 2, 3]
    assert not bench.window.actions_by_name["run-bring-back"].isEnabled()


def test_what_needs_a_run_is_possible_only_while_one_is_selected(bench):
    bench.leave()

    def possible():
        return {bench.window.actions_by_name[name].isEnabled() for name in ON_RUN}

    bench.select(1)
    assert possible() == {True}
    bench.select(NOW)
    assert possible() == {False}


def test_code_is_exported_of_the_selected_run(bench, monkeypatch):
    asked = []
    monkeypatch.setattr("playground.ui.dialogs.export_code.open_export", lambda *given: asked.append(given))
    bench.leave()
    bench.select(1)
    bench.do("run-code")
    run = bench.runs.all[0]
    assert asked == [(bench.window, run.spec, run.stand, "Run 1")]


@pytest.mark.parametrize(
    ("action", "head"), [("run-curves-csv", "run,name,epoch"), ("run-summary-csv", "run,name,parent")]
)
def test_a_table_of_the_ticked_runs_is_written(bench, monkeypatch, tmp_path, action, head):
    path = tmp_path / "runs.csv"
    monkeypatch.setattr(runs_desk, "ask_save", lambda window, title, name, filters, then: then(path))
    bench.leave(2)
    bench.model.tick([1], on=False)
    bench.do(action)
    bench.desk.wait_until(path.exists)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(head)
    assert {line.split(",")[0] for line in lines[1:]} == {str(NOW), "2"}
    assert bench.notice() == f"Saved to {path}."


def test_the_curve_of_the_present_run_is_written_even_if_another_has_begun_since(bench, monkeypatch, tmp_path):
    path = tmp_path / "runs.csv"
    monkeypatch.setattr(runs_desk, "ask_save", lambda window, title, name, filters, then: then(path))
    bench.train(30)
    count = len(bench.desk.engine.curve().rows)
    bench.window.actions_by_name["run-curves-csv"].trigger()
    bench.window.actions_by_name["new_seed"].trigger()
    bench.desk.wait_until(path.exists)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1 + count


def test_a_table_that_cannot_be_written_is_one_message(bench, monkeypatch, tmp_path):
    path = tmp_path / "nowhere" / "runs.csv"
    monkeypatch.setattr(runs_desk, "ask_save", lambda window, title, name, filters, then: then(path))
    bench.do("run-curves-csv")
    bench.desk.wait_until(lambda: "could not be written" in bench.notice())
    assert bench.notice() == "runs.csv could not be written: no such file or directory."
    bench.model.tick([NOW], on=False)
    bench.do("run-curves-csv")
    assert bench.notice() == "Tick the runs that are to be exported first."


# -- curves and settings --------------------------------------------------------------------------


def test_the_runs_that_are_shown_have_signs_of_their_own():
    signs = [NOW_SIGN, *map(sign_of, range(40))]
    assert len(set(signs)) == len(signs)
    for theme in (DARK, LIGHT):
        for one, other in combinations(signs[:9], 2):
            a, b = (np.array(rgb_of(getattr(theme, sign.token)), float) for sign in (one, other))
            assert np.linalg.norm(a - b) > 50, (theme.name, one, other)


def test_a_sign_that_is_free_again_is_given_to_the_next():
    assert [free_slot([]), free_slot([0, 2]), free_slot([1, 0])] == [0, 1, 2]


def test_no_more_than_a_few_runs_are_shown_by_themselves(bench):
    bench.leave()
    bench.runs.load([])
    for number in range(1, 9):
        bench.runs.add(Run(number, bench.desk.spec, Curve(), bench.desk.engine.last_stood.stand))
    assert sorted(bench.model.ticked) == [NOW, 1, 2, 3, 4, 5]


def test_the_cursor_reads_the_nearest_curve(bench):
    bench.leave()
    run = bench.runs.all[0]
    rows = np.column_stack([np.arange(50.0), np.full(50, 0.5), np.full(50, 0.2)])
    bench.runs.load([replace(run, curve=Curve(rows, np.zeros(50)))])
    bench.model.tick([1], on=True)
    bench.model.tick([NOW], on=False)
    plot = bench.view.plot
    plot.plot.cursor_moved.emit((20.2, math.log10(0.21)))
    assert plot.reading.toPlainText().splitlines() == ["Run 1", "epoch 20", "test 0.200", "train 0.500"]
    assert plot.cursor_dots.isVisible()
    plot.plot.cursor_moved.emit(None)
    assert not plot.reading.isVisible()
    assert "Run 1 0.200" in plot.plot.accessibleDescription()


def test_a_curve_is_drawn_in_the_colour_of_its_swatch(bench):
    bench.leave()
    rows = np.column_stack([np.arange(50.0), np.full(50, 0.5), np.full(50, 0.2)])
    bench.runs.load([replace(bench.runs.all[0], curve=Curve(rows, np.zeros(50)))])
    bench.model.tick([1], on=True)
    bench.desk.settle()
    color = np.array(rgb_of(getattr(DARK, sign_of(0).token)))
    for widget in (bench.view.plot.plot.viewport(), bench.table.viewport()):
        picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1)
        colors = pixels[:, : 3 * picture.width()].reshape(-1, 3).astype(int)
        assert np.abs(colors - color).max(axis=1).min() < 60, widget


def test_settings_tell_the_selected_run_from_the_present_one_and_two_from_each_other(bench):
    bench.leave()
    other = other_run(bench, 2, spec=replace(bench.desk.spec, seed=77), name="the other", changes=())
    bench.runs.load([*bench.runs.all, other])
    text = bench.view.difference
    assert text.toPlainText().startswith("Select a run")
    bench.select(2)
    assert text.toPlainText().splitlines()[:3] == ["Now → the other", "", f"seed {bench.desk.spec.seed} → 77"]
    bench.select(1, 2)
    assert text.toPlainText().splitlines()[0] == "Run 1 → the other"
    bench.select(1)
    assert "The settings are the same." in text.toPlainText()


def test_settings_follow_the_document(bench):
    bench.leave()
    bench.select(1)
    bench.window.document.apply(edits.set_learning_rate(0.5))
    bench.desk.settle()
    assert "learning rate 0.5 → 0.03" in bench.view.difference.toPlainText()


def test_the_choice_between_curves_and_settings_is_a_button_each(bench):
    bench.desk.click("runs-settings")
    assert bench.view.difference.isVisible()
    assert not bench.view.plot.log_scale.isVisible()
    bench.desk.click("runs-curves")
    assert bench.view.plot.isVisible()


def test_another_theme_is_taken_with_curves_and_swatches(bench):
    bench.leave()
    bench.window.set_theme("light")
    bench.desk.settle()
    assert bench.table.theme is LIGHT
    background = bench.table.palette().color(QPalette.ColorRole.Window)
    assert background.lightness() > 128
    pen = bench.view.plot._pairs[1].test.opts["pen"]
    assert pen.color() == LIGHT.color(sign_of(0).token)


def test_every_command_is_in_the_menu_of_the_list(bench):
    shown = [action.objectName() for action in bench.table.actions()]
    assert {f"action-{name}" for name in ON_RUN} <= set(shown)
    assert all(isinstance(action, QAction) and action.shortcut().toString() for action in bench.table.actions())
