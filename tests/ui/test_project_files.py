"""Files of the window: what is saved comes back, and nothing of the user's is lost without a question."""

import threading

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from playground.document import edits
from playground.document.lesson import Lesson
from playground.document.presets import preset
from playground.keeping.project import Project, read_project, write_project
from playground.ui.dialogs.files import ask_open, ask_save, with_suffix
from playground.ui.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def said(desk):
    messages = []
    desk.window.files.message.connect(messages.append)
    return messages


def train(desk, steps=20):
    desk.window.loop.set_playing(True)
    desk.wait_until(lambda: desk.engine.latest.steps >= steps)
    desk.window.loop.set_playing(False)
    desk.wait_until(lambda: not desk.engine.latest.playing)


def save(desk, path):
    done = []
    desk.window.files._save_to(path, lambda: done.append(path))
    desk.wait_until(lambda: bool(done))


def open_file(desk, path):
    desk.window.files.open(path)
    desk.wait_until(lambda: desk.window.files.path == path and desk.engine.last_stood is not None)


def edit(desk):
    desk.window.document.apply(edits.set_learning_rate(0.123))


def stand_in(path):
    stand = read_project(path).stand
    assert stand is not None
    return stand


def dialog(name):
    return dialogs_of(name)[0] if dialogs_of(name) else None


def dialogs_of(name):
    return [each for each in QApplication.topLevelWidgets() if each.objectName() == name and each.isVisible()]


def answer(name):
    box = dialog("unsaved-dialog")
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.objectName() == name).click()
    QApplication.processEvents()


# -- saving and opening ---------------------------------------------------------------------------


def test_what_is_saved_comes_back_with_its_training(desk, tmp_path):
    train(desk)
    edit(desk)
    path = tmp_path / "work.nnp"
    save(desk, path)
    stand, spec = stand_in(path), desk.spec
    assert stand.steps == desk.engine.latest.steps
    train(desk, stand.steps + 50)
    save(desk, tmp_path / "later.nnp")
    open_file(desk, path)
    assert desk.engine.last_stood.stand.steps == stand.steps
    assert replace(desk.spec.learned, run=0) == replace(spec.learned, run=0)
    assert not desk.engine.playing
    assert desk.window.document.undo_label is None
    desk.wait_until(lambda: desk.engine.latest.steps == stand.steps)


def test_a_saved_project_goes_on_as_if_it_had_never_been_closed(desk, tmp_path):
    train(desk)
    path = tmp_path / "work.nnp"
    save(desk, path)
    for _ in range(3):
        desk.window.loop.step("step")
    begun = stand_in(path).steps
    desk.wait_until(lambda: desk.engine.latest.steps == begun + 3)
    without = desk.engine.latest.values
    save(desk, tmp_path / "other.nnp")
    open_file(desk, path)
    desk.wait_until(lambda: desk.engine.latest.steps == begun)
    for _ in range(3):
        desk.window.loop.step("step")
    desk.wait_until(lambda: desk.engine.latest.steps == begun + 3)
    assert desk.engine.latest.values.tobytes() == without.tobytes()


def test_the_title_names_the_file_and_whether_it_is_up_to_date(desk, tmp_path):
    window = desk.window
    assert window.windowTitle() == "Untitled[*] — Neural Network Playground"
    assert not window.isWindowModified()
    edit(desk)
    assert window.isWindowModified()
    save(desk, tmp_path / "work.nnp")
    assert window.windowTitle() == "work.nnp[*] — Neural Network Playground"
    assert not window.isWindowModified()
    train(desk)
    assert window.isWindowModified()


def test_undo_back_to_what_is_in_the_file_leaves_nothing_to_save(desk, tmp_path):
    save(desk, tmp_path / "work.nnp")
    edit(desk)
    assert desk.window.files.changes.unsaved
    desk.window.document.undo()
    assert not desk.window.files.changes.unsaved


def test_an_edit_while_a_file_is_being_written_is_still_to_be_saved(desk, tmp_path, monkeypatch):
    begun, go_on, done = threading.Event(), threading.Event(), []

    def slow(path, project):
        begun.set()
        go_on.wait(10)
        write_project(path, project)

    monkeypatch.setattr("playground.ui.files.saving.write_project", slow)
    desk.window.files._save_to(tmp_path / "work.nnp", lambda: done.append(1))
    desk.wait_until(begun.is_set)
    edit(desk)
    go_on.set()
    desk.wait_until(lambda: bool(done))
    assert desk.window.files.changes.unsaved
    assert read_project(tmp_path / "work.nnp").spec.training.learning_rate != 0.123


def test_saving_twice_in_a_row_ends_with_the_newest(desk, tmp_path):
    path = tmp_path / "work.nnp"
    done = []
    for _ in range(2):
        edit(desk)
        desk.window.files._save_to(path, lambda: done.append(1))
        desk.window.document.apply(edits.set_noise(0.3))
    desk.wait_until(lambda: len(done) == 2)
    assert read_project(path).spec.data.noise == 0.3


def test_what_cannot_be_written_is_one_message_and_the_old_file_stays(desk, tmp_path, said):
    path = tmp_path / "work.nnp"
    save(desk, path)
    before = path.read_bytes()
    folder = tmp_path / "no such folder"
    desk.window.files._save_to(folder / "work.nnp")
    desk.wait_until(lambda: bool(said))
    assert len(said) == 1
    assert said[0].startswith("work.nnp cannot be written: ")
    assert desk.window.files.path == path
    assert path.read_bytes() == before


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_a_broken_file_is_one_message_and_everything_stays(desk, tmp_path, said, monkeypatch, large):
    if large:
        monkeypatch.setattr("playground.ui.files.project_files.AT_ONCE_BYTES", 1)
    train(desk)
    edit(desk)
    spec, steps = desk.spec, desk.engine.latest.steps
    path = tmp_path / "broken.nnp"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    desk.window.files.open(path)
    desk.wait_until(lambda: bool(said))
    assert len(said) == 1
    assert said[0].startswith("broken.nnp")
    assert dialog("unsaved-dialog") is None
    assert desk.spec == spec
    assert desk.engine.latest.steps == steps
    assert desk.window.files.path is None


def test_a_large_file_is_read_by_another_process(desk, tmp_path, monkeypatch):
    path = tmp_path / "work.nnp"
    train(desk)
    save(desk, path)
    monkeypatch.setattr("playground.ui.files.project_files.AT_ONCE_BYTES", 1)
    desk.window.files.path = None
    open_file(desk, path)
    assert desk.engine.last_stood.stand.steps == stand_in(path).steps


def test_a_file_that_is_written_while_it_is_read_is_read_again(desk, tmp_path, monkeypatch):
    path = tmp_path / "work.nnp"
    save(desk, path)
    monkeypatch.setattr("playground.ui.files.project_files.AT_ONCE_BYTES", 1)
    files = desk.window.files
    files.open(path)
    files._looking.stop()  # it has been read, and nobody has looked yet
    desk.wait_until(lambda: files._reader.done)
    other = preset("spiral").spec
    write_project(path, Project(other))
    files._looking.start()
    desk.wait_until(lambda: desk.spec.data.dataset == "spiral")
    assert desk.spec.learned.layers == other.layers
    assert not files.changes.unsaved


def test_an_edit_that_had_not_arrived_in_the_training_comes_back_too(desk, tmp_path):
    train(desk)
    path = tmp_path / "work.nnp"
    save(desk, path)
    project, steps = read_project(path), stand_in(path).steps
    later = edits.add_layer(1, "dense")(edits.set_learning_rate(0.5)(project.spec))
    write_project(path, replace(project, spec=later, trained=project.spec))
    open_file(desk, path)
    assert desk.spec.training.learning_rate == 0.5
    assert [layer.units for layer in desk.spec.layers] == [layer.units for layer in later.layers]
    assert not desk.window.files.changes.unsaved
    desk.wait_until(lambda: len(desk.engine.latest.values) == desk.spec.n_values)
    assert desk.engine.latest.steps == steps


def test_runs_lesson_and_switches_come_back(desk, tmp_path):
    train(desk)
    desk.window.loop.reset()
    desk.wait_until(lambda: bool(desk.window.files.sitting.runs))
    desk.window.surface.show_test.setChecked(True)
    desk.window.lesson.own = Lesson("Circles", "Find a boundary.", ("speed",))
    path = tmp_path / "work.nnp"
    save(desk, path)
    runs = desk.window.files.sitting.runs
    desk.window.files.new()
    assert desk.window.files.sitting.runs == ()
    desk.window.surface.show_test.setChecked(False)
    open_file(desk, path)
    assert [run.number for run in desk.window.files.sitting.runs] == [run.number for run in runs]
    assert desk.window.surface.show_test.isChecked()
    assert desk.window.lesson.current.title == "Circles"
    desk.window.files.new()
    assert desk.window.lesson.current is None


def test_a_project_dropped_on_the_window_is_opened(desk, tmp_path):
    path = tmp_path / "work.nnp"
    write_project(path, Project(preset("spiral").spec))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    no = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, no)
    QApplication.sendEvent(desk.window.windowHandle(), drop)
    assert desk.window.files.path == path
    assert desk.spec.data.dataset == "spiral"


# -- the question ---------------------------------------------------------------------------------


def test_watching_demos_asks_nothing(desk):
    train(desk)
    desk.window.open_demo("spiral")
    train(desk)
    desk.window.files.ask_before_closing = True
    assert desk.window.close()


def test_work_that_a_demo_has_taken_the_place_of_is_asked_about(desk):
    edit(desk)
    desk.window.open_demo("spiral")
    desk.window.files.ask_before_closing = True
    assert not desk.window.close()
    answer("unsaved-cancel")


def test_training_of_work_that_has_a_file_is_asked_about(desk, tmp_path):
    save(desk, tmp_path / "work.nnp")
    train(desk)
    desk.window.files.ask_before_closing = True
    assert not desk.window.close()
    answer("unsaved-discard")
    assert not desk.window.isVisible()


def test_cancel_keeps_the_window_and_the_work(desk):
    edit(desk)
    spec = desk.spec
    desk.window.files.ask_before_closing = True
    desk.window.close()
    answer("unsaved-cancel")
    assert desk.window.isVisible()
    desk.window.files.new()
    answer("unsaved-cancel")
    assert desk.spec == spec


def test_the_question_is_asked_once_however_often_one_closes(desk):
    hints = []
    desk.window.files.hint.connect(hints.append)
    edit(desk)
    desk.window.files.ask_before_closing = True
    for _ in range(3):
        desk.window.close()
    assert len(dialogs_of("unsaved-dialog")) == 1
    assert hints == ["Answer the question first."] * 2
    answer("unsaved-cancel")


def test_save_in_the_question_saves_and_then_closes(desk, tmp_path):
    path = tmp_path / "work.nnp"
    save(desk, path)
    edit(desk)
    desk.window.files.ask_before_closing = True
    desk.window.close()
    answer("unsaved-save")
    desk.wait_until(lambda: not desk.window.isVisible())
    assert read_project(path).spec.training.learning_rate == 0.123


def test_closing_right_after_save_waits_for_the_file(desk, tmp_path):
    path = tmp_path / "work.nnp"
    edit(desk)
    desk.window.files.ask_before_closing = True
    desk.window.files._save_to(path)
    assert not desk.window.close()
    desk.wait_until(lambda: not desk.window.isVisible())
    assert dialog("unsaved-dialog") is None
    assert read_project(path).spec.training.learning_rate == 0.123


def test_what_is_saved_over_the_file_that_is_being_opened_is_open_then(desk, tmp_path, monkeypatch):
    path = tmp_path / "other.nnp"
    write_project(path, Project(preset("spiral").spec))
    monkeypatch.setattr(
        "playground.ui.files.project_files.ask_save", lambda window, title, name, kinds, then: then(path)
    )
    edit(desk)
    desk.window.files.open(path)
    answer("unsaved-save")
    desk.wait_until(lambda: desk.window.files.path == path and not desk.window.files._saving)
    assert desk.spec.training.learning_rate == 0.123
    assert read_project(path).spec.training.learning_rate == 0.123


def test_if_saving_fails_the_window_stays_open(desk, tmp_path, said):
    save(desk, tmp_path / "work.nnp")
    desk.window.files.path = tmp_path / "gone" / "work.nnp"
    edit(desk)
    desk.window.files.ask_before_closing = True
    desk.window.close()
    answer("unsaved-save")
    desk.wait_until(lambda: bool(said))
    assert desk.window.isVisible()


def test_a_named_run_is_something_to_lose(desk):
    train(desk)
    desk.window.loop.reset()
    desk.wait_until(lambda: bool(desk.window.files.sitting.runs))
    assert not desk.window.files.changes.unsaved
    desk.window.runs.runs.rename(1, "the good one")
    assert desk.window.files.changes.unsaved


def test_a_run_that_was_kept_by_hand_is_something_to_lose(desk, tmp_path):
    hints, changes = [], desk.window.files.changes
    desk.window.runs.hint.connect(hints.append)
    train(desk)
    save(desk, tmp_path / "work.nnp")
    desk.window.runs.keep()
    desk.wait_until(lambda: hints == ["Kept as Run 1."])
    assert changes.unsaved
    save(desk, tmp_path / "work.nnp")
    desk.window.runs.keep()
    desk.wait_until(lambda: len(hints) == 2)
    assert not changes.unsaved, "it was kept already"


def test_removing_a_run_and_bringing_it_back_are_changes_of_a_file(desk, tmp_path):
    changes, runs = desk.window.files.changes, desk.window.runs
    desk.window.actions_by_name["tab-runs"].trigger()
    train(desk)
    desk.window.loop.reset()
    desk.wait_until(lambda: bool(runs.runs.all))
    for has_file in (False, True):
        if has_file:
            save(desk, tmp_path / "work.nnp")
        assert not changes.unsaved
        runs.view.table.select(1)
        runs.remove()
        assert changes.unsaved is has_file
        if has_file:
            save(desk, tmp_path / "work.nnp")
        runs.bring_back()
        assert changes.unsaved is has_file


def test_weights_set_by_hand_are_something_to_lose(desk):
    assert not desk.window.files.changes.unsaved
    desk.window.document.apply(edits.assign(desk.ids[0], 0, (0,), (0.5,), (0.0,)))
    assert desk.window.files.changes.unsaved


# -- recent files ---------------------------------------------------------------------------------


def test_recent_files_are_remembered_newest_first(open_desk, settings, tmp_path):
    desk = open_desk(settings=settings)
    for number in range(10):
        save(desk, tmp_path / f"{number}.nnp")
    save(desk, tmp_path / "5.nnp")
    desk.window.close()
    actions = open_desk(settings=settings).window.actions_by_name
    shown = [actions[f"recent-{number}"] for number in range(1, 9)]
    assert [action.toolTip() for action in shown] == [str(tmp_path / f"{n}.nnp") for n in (5, 9, 8, 7, 6, 4, 3, 2)]


def test_a_recent_file_opens_and_one_that_is_gone_is_forgotten(desk, tmp_path, said):
    for name in ("a.nnp", "b.nnp"):
        save(desk, tmp_path / name)
    (tmp_path / "a.nnp").unlink()
    actions = desk.window.actions_by_name
    actions["recent-2"].trigger()
    assert said == [f"a.nnp is no longer in {tmp_path}."]
    assert not actions["recent-2"].isVisible()
    desk.window.files.path = None
    actions["recent-1"].trigger()
    assert desk.window.files.path == tmp_path / "b.nnp"
    actions["recent-clear"].trigger()
    assert not actions["recent-1"].isVisible()
    assert not actions["recent-clear"].isEnabled()


# -- choosing a file ------------------------------------------------------------------------------


@pytest.fixture
def dialogs(desk):
    yield lambda: desk.window.findChildren(QFileDialog)
    for each in desk.window.findChildren(QFileDialog):
        each.close()


PICTURES = "PNG picture (*.png);;SVG picture (*.svg)"


def test_a_name_gets_the_suffix_of_the_kind_that_is_chosen(tmp_path):
    assert with_suffix(tmp_path / "a", "SVG picture (*.svg)", PICTURES) == tmp_path / "a.svg"
    assert with_suffix(tmp_path / "a.v2", "PNG picture (*.png)", PICTURES) == tmp_path / "a.v2.png"
    assert with_suffix(tmp_path / "a.SVG", "PNG picture (*.png)", PICTURES) == tmp_path / "a.SVG"
    assert with_suffix(tmp_path / "a", "All files (*)", f"{PICTURES};;All files (*)") == tmp_path / "a"


def test_the_next_dialog_begins_in_the_folder_of_the_last_file(desk, dialogs, tmp_path):
    chosen = []
    ask_save(desk.window, "Save picture", "a.png", PICTURES, chosen.append)
    (box,) = dialogs()
    box.setDirectory(str(tmp_path))
    box.selectFile("new")
    box.accept()
    assert chosen == [tmp_path / "new.png"]
    box.close()
    QApplication.processEvents()
    ask_open(desk.window, "Open picture", PICTURES, chosen.append)
    assert dialogs()[-1].directory().path() == str(tmp_path)


def test_no_file_is_replaced_unasked(desk, dialogs, tmp_path):
    (tmp_path / "a.v2.png").write_text("there")
    chosen = []
    ask_save(desk.window, "Save picture", "a.png", PICTURES, chosen.append)
    (box,) = dialogs()
    box.fileSelected.emit(str(tmp_path / "a.v2"))
    assert chosen == []
    question = dialog("replace-dialog")
    assert isinstance(question, QMessageBox)
    question.buttons()[0].click()
    assert chosen == [tmp_path / "a.v2.png"]


def test_a_path_can_be_typed_in_full_in_the_folder_it_leads_to(desk, dialogs, tmp_path):
    path = tmp_path / "there.png"
    path.write_text("there")
    chosen = []
    ask_open(desk.window, "Open picture", PICTURES, chosen.append)
    (box,) = dialogs()
    box.setDirectory(str(tmp_path))
    line = box.findChild(QLineEdit, "fileNameEdit")
    QTest.keyClicks(line, str(path))
    QApplication.processEvents()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert chosen == [path]


def test_the_question_about_changes_outlives_the_dialog_in_which_the_file_was_chosen(desk, dialogs, tmp_path):
    path = tmp_path / "other.nnp"
    save(desk, path)
    edit(desk)
    desk.window.files.ask_open()
    (box,) = dialogs()
    box.setDirectory(str(tmp_path))
    box.selectFile(path.name)
    box.accept()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert dialogs() == []
    answer("unsaved-discard")
    desk.wait_until(lambda: not desk.window.files.changes.unsaved and dialog("unsaved-dialog") is None)
    assert desk.spec.training.learning_rate != 0.123
