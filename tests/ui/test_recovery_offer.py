"""The work of a window is kept for the case of a crash, offered at the next start, and never in the way."""

import os

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QListWidget

from playground import app
from playground.document import edits
from playground.document.spec import Spec
from playground.keeping import recovery
from playground.keeping.project import Project, read_project
from playground.keeping.recovery import NOW, Recovery, leftovers
from playground.ui.dialogs.recovered import RecoveredDialog, described
from playground.ui.files import recovery_offer
from playground.ui.files.keeper import file_of, with_file


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr("playground.app.state_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def person(open_desk, root):
    """Opens a window as for a person: its work is kept, and it asks before it closes."""
    desks = []

    def make():
        desk = open_desk()
        app.look_after(desk.window)
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.window.files.ask_before_closing = False


def crash(desk):
    """End as a process does that is killed."""
    keeper = desk.window.files.keeper
    assert keeper.recovery.flush(5)
    desk.window.files.offer.close(stays=True)
    desk.window.files.keeper = desk.window.files.offer = None
    desk.engine.stood.disconnect(keeper._keep)
    desk.window.document.changed.disconnect(keeper._keep)
    keeper.recovery._now.close()
    keeper.recovery._runs.close()
    keeper.recovery._lock.close()
    desk.window.files.ask_before_closing = False
    desk.window.close()


def train(desk, steps):
    desk.window.loop.set_playing(True)
    desk.wait_until(lambda: desk.engine.latest.steps >= steps)
    desk.window.loop.set_playing(False)
    desk.wait_until(lambda: not desk.engine.latest.playing)


def kept_file(desk):
    return desk.window.files.keeper.recovery.folder / NOW


def offer(desk) -> RecoveredDialog:
    desk.wait_until(lambda: desk.window.findChild(RecoveredDialog) is not None)
    return desk.window.findChild(RecoveredDialog)


def press(dialog, name):
    dialog.findChild(QAbstractButton, name).click()
    QApplication.processEvents()


def test_work_comes_back_after_a_crash_with_all_that_training_goes_on_from(person, root):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    train(desk, 20)
    steps = desk.engine.latest.steps
    desk.wait_until(lambda: desk.engine.last_stood.stand.steps == steps)
    values = desk.engine.latest.values
    crash(desk)
    desk = person()
    press(offer(desk), "restore-work")
    assert desk.spec.training.learning_rate == 0.123
    desk.wait_until(lambda: desk.engine.latest.steps == steps)
    assert desk.engine.latest.values.tobytes() == values.tobytes()
    assert desk.window.isWindowModified()
    assert desk.window.findChild(RecoveredDialog) is None


def test_restored_work_still_knows_its_file(person, tmp_path):
    desk = person()
    desk.window.files._save_to(tmp_path / "work.nnp")
    desk.wait_until(lambda: desk.window.files.path is not None)
    desk.window.document.apply(edits.set_learning_rate(0.123))
    crash(desk)
    desk = person()
    press(offer(desk), "restore-work")
    assert desk.window.files.path == tmp_path / "work.nnp"
    assert desk.window.files.changes.unsaved


def test_restored_work_outlives_a_second_crash(person):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    crash(desk)
    desk = person()
    press(offer(desk), "restore-work")
    crash(desk)
    desk = person()
    found = offer(desk).findChild(QListWidget)
    assert found is not None
    assert found.count() >= 1
    press(offer(desk), "restore-work")
    assert desk.spec.training.learning_rate == 0.123


def test_enter_restores_the_chosen_work_and_no_more(person):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    crash(desk)
    desk = person()
    press(offer(desk), "leave-work")
    desk.window.document.apply(edits.set_learning_rate(0.2))
    crash(desk)
    desk = person()
    chosen = offer(desk).findChild(QListWidget)
    assert chosen is not None
    QTest.keyClick(chosen, Qt.Key.Key_Return)
    assert desk.spec.training.learning_rate == 0.2
    assert chosen.count() == 1
    assert not [each for each in QApplication.topLevelWidgets() if each.objectName() == "unsaved-dialog"]


def test_discarded_work_is_gone_and_what_is_left_for_later_is_offered_again(person, root):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    crash(desk)
    desk = person()
    press(offer(desk), "leave-work")
    desk.window.close()
    desk = person()
    press(offer(desk), "discard-work")
    assert desk.window.findChild(RecoveredDialog) is None
    desk.window.close()
    assert leftovers(root) == []


def test_a_window_that_closes_leaves_nothing(person, root):
    desk = person()
    train(desk, 20)
    desk.wait_until(lambda: kept_file(desk).exists())
    desk.window.close()
    assert not desk.window.isVisible()
    assert leftovers(root) == []


def test_a_signal_closes_without_a_question_and_keeps_the_work(person, root):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    desk.window.files.close_at_once()
    assert not desk.window.isVisible()
    (found,) = leftovers(root)
    assert found.project.spec.training.learning_rate == 0.123
    found.discard()


def test_a_signal_to_a_window_with_nothing_to_lose_leaves_nothing(person, root):
    desk = person()
    train(desk, 20)
    desk.window.files.close_at_once()
    assert leftovers(root) == []


def test_nothing_is_kept_of_an_untouched_window(person):
    desk = person()
    assert desk.window.files.keeper.recovery.flush(5)
    assert not kept_file(desk).exists()


def test_what_is_saved_is_not_kept_twice(person, tmp_path):
    desk = person()
    desk.window.document.apply(edits.set_learning_rate(0.123))
    desk.wait_until(lambda: kept_file(desk).exists())
    desk.window.files._save_to(tmp_path / "work.nnp")
    desk.wait_until(lambda: not kept_file(desk).exists())
    desk.window.document.apply(edits.set_learning_rate(0.2))
    desk.wait_until(lambda: kept_file(desk).exists())
    assert file_of(read_project(kept_file(desk))) == tmp_path / "work.nnp"


def test_without_a_place_to_keep_it_the_window_works_and_says_so(open_desk, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr("playground.app.state_folder", lambda: tmp_path / "file")
    desk = open_desk()
    app.look_after(desk.window)
    assert "cannot be kept" in desk.window.notice.text
    desk.window.document.apply(edits.set_learning_rate(0.123))
    desk.window.files.ask_before_closing = False


def test_a_full_disk_is_told_once(person, monkeypatch):
    desk = person()
    said = []
    desk.window.files.keeper.message.connect(said.append)

    def refuse(path, project):
        raise OSError("now.nnp cannot be written: no space left on device")

    monkeypatch.setattr("playground.keeping.recovery.write", refuse)
    for rate in (0.1, 0.2, 0.3, 0.4):
        desk.window.document.apply(edits.set_learning_rate(rate))
        assert desk.window.files.keeper.recovery.flush(5)
    assert len(said) == 1
    assert "no space left" in said[0]


def test_a_file_that_cannot_be_read_does_not_stop_the_start(person, root):
    made = Recovery(root)
    made.keep(Project(Spec()))
    made.close(keep=True)
    (made.folder / NOW).write_bytes(b"nonsense")
    desk = person()
    desk.wait_until(lambda: "could not be read" in desk.window.notice.text)
    assert len(list((root / "broken").iterdir())) == 1
    assert desk.window.findChild(RecoveredDialog) is None


def test_the_offer_says_when_and_what(root, tmp_path):
    made = Recovery(root)
    made.keep(with_file(replace(Project(Spec())), tmp_path / "homework.nnp"))
    made.close(keep=True)
    (found,) = leftovers(root)
    assert described(found).startswith("Today ")
    assert described(found).endswith(" · homework.nnp · Circle, not trained")
    found.discard()


def test_a_file_whose_name_nobody_can_write_down_is_left_out(tmp_path):
    strange = tmp_path / "a\udcff.nnp"
    assert with_file(Project(Spec()), strange).view == {}


# -- what was left stays until it is safe ---------------------------------------------------------


def left_behind(root, *rates):
    """What crashes have left: work with each of these learning rates, the newest first."""
    for when, rate in enumerate(reversed(rates)):
        made = Recovery(root)
        made.keep(Project(edits.set_learning_rate(rate)(Spec())))
        made.close(keep=True)
        os.utime(made.folder / NOW, (when, when))


def folders(root):
    return [folder for folder in (root / "recovery").iterdir() if (folder / NOW).exists()]


def unsaved_questions():
    return [box for box in QApplication.topLevelWidgets() if box.objectName() == "unsaved-dialog"]


def answer_unsaved(desk, name):
    desk.wait_until(lambda: len(unsaved_questions()) == 1)
    press(unsaved_questions()[0], f"unsaved-{name}")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def rows(desk):
    dialog = desk.window.findChild(RecoveredDialog)
    return 0 if dialog is None else dialog.findChild(QListWidget).count()


def test_what_was_restored_is_removed_when_it_is_written_down_anew(person, root, monkeypatch):
    monkeypatch.setattr(recovery_offer, "SAFE_MS", 20)
    left_behind(root, 0.123)
    (old,) = folders(root)
    desk = person()
    press(offer(desk), "restore-work")
    desk.wait_until(lambda: not old.exists())
    assert read_project(kept_file(desk)).spec.training.learning_rate == 0.123


def test_what_was_restored_stays_on_a_full_disk_until_it_is_written_down_anew(person, root, monkeypatch):
    monkeypatch.setattr(recovery_offer, "SAFE_MS", 20)
    left_behind(root, 0.123)
    (old,) = folders(root)
    desk = person()
    dialog = offer(desk)
    write = recovery.write

    def refuse(path, project):
        raise OSError("no space left on device")

    monkeypatch.setattr(recovery, "write", refuse)
    press(dialog, "restore-work")
    desk.wait_until(lambda: desk.window.files.keeper.recovery.trouble != "")
    QTest.qWait(100)
    assert (old / NOW).exists()
    monkeypatch.setattr(recovery, "write", write)
    desk.window.document.apply(edits.set_learning_rate(0.2))
    desk.wait_until(lambda: not old.exists())


def test_work_restored_second_stays_until_its_own_time(person, root, monkeypatch):
    left_behind(root, 0.1, 0.2)
    at = {read_project(folder / NOW).spec.training.learning_rate: folder for folder in folders(root)}
    desk = person()
    monkeypatch.setattr(recovery_offer, "SAFE_MS", 100)
    press(offer(desk), "restore-work")
    monkeypatch.setattr(recovery_offer, "SAFE_MS", 100_000)
    press(offer(desk), "restore-work")
    answer_unsaved(desk, "discard")
    assert desk.spec.training.learning_rate == 0.2
    desk.wait_until(lambda: not at[0.1].exists())
    assert at[0.2].exists()


def test_work_is_offered_until_it_is_in_the_window(person, root):
    left_behind(root, 0.1, 0.2)
    desk = person()
    press(offer(desk), "restore-work")
    assert rows(desk) == 1
    press(offer(desk), "restore-work")
    answer_unsaved(desk, "cancel")
    assert rows(desk) == 1
    assert desk.spec.training.learning_rate == 0.1
    press(offer(desk), "restore-work")
    answer_unsaved(desk, "save")
    desk.wait_until(lambda: desk.window.findChild(QFileDialog) is not None)
    desk.window.findChild(QFileDialog).reject()
    assert rows(desk) == 1
    press(offer(desk), "restore-work")
    answer_unsaved(desk, "discard")
    assert desk.spec.training.learning_rate == 0.2
    desk.wait_until(lambda: desk.window.findChild(RecoveredDialog) is None)
