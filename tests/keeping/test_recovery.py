"""What is written down in case of a crash, and what is found of it afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from playground.document.spec import Spec
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.stand import stand_of
from playground.keeping import recovery
from playground.keeping.gathering import gathered, later_edit
from playground.keeping.locks import FolderLock
from playground.keeping.project import Project, read_project, write_project
from playground.keeping.recovery import NOW, RUNS, Recovery, leftovers
from playground.keeping.runs import Change, Run

ROOT = Path(__file__).parents[2]


def stand_after(steps, spec=None):
    session = Session(spec or Spec())
    session.advance(10.0, steps)
    return stand_of(session.trainer)


def run(number, steps=3):
    return Run(number, Spec(), Curve(), stand_after(steps))


@pytest.fixture
def kept(tmp_path):
    """A recovery that ends with the test."""
    made = Recovery(tmp_path)
    yield made
    made.close()


class SlowDisk:
    """Begins to write, and goes on when it is let."""

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()

    def write(self, path, project):
        self.begun.set()
        self.go_on.wait(10)
        write_project(path, project)


@pytest.fixture
def disk(monkeypatch):
    slow = SlowDisk()
    monkeypatch.setattr(recovery, "write", slow.write)
    return slow


def crash(made):
    """End as a process does that is killed: nothing is tidied up, and the lock is gone."""
    made._now.close()
    made._runs.close()
    made._lock.close()


def test_the_newest_work_is_written_within_a_second(kept):
    for steps in (1, 2, 3):
        kept.keep(Project(Spec(seed=steps), stand_after(steps, Spec(seed=steps))))
    assert kept.flush(5)
    found = read_project(kept.folder / NOW)
    assert found.stand is not None
    assert (found.spec.seed, found.stand.steps) == (3, 3)


def test_writing_waits_between_two_writings(kept, monkeypatch):
    written = []
    monkeypatch.setattr(recovery, "write", lambda path, project: written.append(project))
    monkeypatch.setattr(recovery, "LEAST_INTERVAL_S", 1000)
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    for _ in range(100):
        kept.keep(Project(Spec()))
    time.sleep(0.1)
    assert len(written) == 1
    assert kept.flush(5)  # who hurries does not wait
    assert len(written) == 2


def test_the_more_writing_computes_the_longer_it_rests(kept, monkeypatch):
    def compute(path, project):
        end = time.thread_time() + 0.05
        while time.thread_time() < end:
            pass

    monkeypatch.setattr(recovery, "write", compute)
    began = time.monotonic()
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    assert kept._now._rests_until - began >= recovery.REST * 0.05


def test_keeping_never_waits_for_the_disk(kept, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(recovery, "write", lambda path, project: go_on.wait(10))
    for _ in range(100):
        kept.keep(Project(Spec()))
    assert not kept.flush(0.05)
    go_on.set()
    assert kept.flush(5)


def test_a_clean_end_leaves_nothing(tmp_path):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    made.keep_runs((run(1),))
    assert made.flush(5)
    made.close()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_a_clean_end_in_the_midst_of_writing_leaves_nothing_to_offer(tmp_path, disk):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    assert disk.begun.wait(5)
    made.close()
    disk.go_on.set()
    made._now._thread.join(5)
    assert leftovers(tmp_path) == []


def test_what_is_kept_on_purpose_is_offered_at_the_next_start(tmp_path):
    made = Recovery(tmp_path)
    made.keep(Project(Spec(seed=5)))
    made.close(keep=True)
    (found,) = leftovers(tmp_path)
    assert found.project.spec.seed == 5
    found.discard()
    assert leftovers(tmp_path) == []


def test_what_is_kept_on_purpose_and_is_not_yet_written_is_not_removed(tmp_path, disk):
    made = Recovery(tmp_path)
    made.keep(Project(Spec(seed=5)))
    assert disk.begun.wait(5)
    made.close(keep=True, timeout_s=0.01)
    disk.go_on.set()
    made._now._thread.join(5)
    (found,) = leftovers(tmp_path)
    assert found.project.spec.seed == 5
    found.discard()


def test_a_clean_end_in_the_midst_of_writing_logs_nothing(tmp_path, disk, caplog):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    assert disk.begun.wait(5)
    made.close()
    disk.go_on.set()
    made._now._thread.join(5)
    assert caplog.records == []


def test_a_crash_leaves_work_and_runs(tmp_path):
    made = Recovery(tmp_path)
    made.keep_runs((run(1), run(2)))
    made.keep(Project(Spec(), stand_after(4)))
    assert made.flush(5)
    crash(made)
    (found,) = leftovers(tmp_path)
    assert found.project.stand is not None
    assert found.project.stand.steps == 4
    assert [each.number for each in found.project.runs] == [1, 2]
    assert abs(found.when - time.time()) < 60
    found.release()


def test_the_work_of_a_window_that_lives_is_not_offered(kept, tmp_path):
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    assert leftovers(tmp_path) == []
    assert (kept.folder / NOW).exists()


def test_what_one_window_is_asking_about_no_other_offers(tmp_path):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    assert made.flush(5)
    crash(made)
    (found,) = leftovers(tmp_path)
    assert leftovers(tmp_path) == []
    found.release()
    (again,) = leftovers(tmp_path)
    again.discard()


def test_several_are_offered_the_newest_first(tmp_path):
    for seed in (1, 2, 3):
        made = Recovery(tmp_path)
        made.keep(Project(Spec(seed=seed)))
        assert made.flush(5)
        os.utime(made.folder / NOW, (seed * 1000, seed * 1000))
        crash(made)
    found = leftovers(tmp_path)
    assert [each.project.spec.seed for each in found] == [3, 2, 1]
    for each in found:
        each.discard()


def test_an_empty_folder_is_tidied_up(tmp_path):
    crash(Recovery(tmp_path))
    assert leftovers(tmp_path) == []
    assert list((tmp_path / "recovery").iterdir()) == []


def test_a_broken_file_is_put_aside_and_the_rest_is_offered(tmp_path):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    made.keep_runs((run(1),))
    assert made.flush(5)
    crash(made)
    whole = (made.folder / NOW).read_bytes()
    (made.folder / NOW).write_bytes(whole[: len(whole) // 2])
    said = []
    (found,) = leftovers(tmp_path, said.append)
    assert [each.number for each in found.project.runs] == [1]
    found.discard()
    assert len(said) == 1
    assert str(tmp_path / "broken") in said[0]
    assert [file.read_bytes() for file in (tmp_path / "broken").iterdir()] == [whole[: len(whole) // 2]]


def test_a_broken_file_that_cannot_be_put_aside_stays_and_that_is_said(tmp_path):
    made = Recovery(tmp_path)
    made.keep(Project(Spec()))
    assert made.flush(5)
    crash(made)
    (made.folder / NOW).write_bytes(b"broken")
    (tmp_path / "broken").touch()  # no folder can be made there
    said = []
    assert leftovers(tmp_path, said.append) == []
    assert (made.folder / NOW).read_bytes() == b"broken"
    assert len(said) == 1
    assert said[0].endswith("It could not be moved.")
    FolderLock(made.folder).close()


def test_what_cannot_be_written_is_told_and_tried_again(kept, monkeypatch, caplog):
    full = [True]

    def on_a_full_disk(path, project):
        if full[0]:
            raise OSError("now.nnp cannot be written: no space left on device")
        write_project(path, project)

    monkeypatch.setattr(recovery, "write", on_a_full_disk)
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    assert "no space left" in kept.trouble
    full[0] = False
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    assert kept.trouble == ""
    assert (kept.folder / NOW).exists()


def test_what_is_saved_by_the_user_is_forgotten_and_comes_back_with_the_next_change(kept):
    kept.keep_runs((run(1),))
    kept.keep(Project(Spec()))
    assert kept.flush(5)
    kept.forget()
    assert kept.flush(5)
    assert not (kept.folder / NOW).exists()
    assert not (kept.folder / RUNS).exists()
    assert kept.newest is None
    assert kept.save_aside() is None
    kept.keep(Project(Spec(seed=2)))
    assert kept.flush(5)
    assert (kept.folder / NOW).exists()
    assert [each.number for each in read_project(kept.folder / RUNS).runs] == [1]


def test_work_is_saved_aside_with_its_runs_and_old_ones_go(kept, tmp_path, monkeypatch):
    assert kept.save_aside() is None
    kept.keep(Project(Spec(seed=4)))
    kept.keep_runs((run(1),))
    path = kept.save_aside()
    assert path.parent == tmp_path / "saved"
    project = read_project(path)
    assert project.spec.seed == 4
    assert len(project.runs) == 1
    monkeypatch.setattr(recovery, "MOST_KEPT", 3)
    for number in range(5):
        (path.parent / f"{number}.nnp").write_bytes(b"")
        os.utime(path.parent / f"{number}.nnp", (number, number))
    assert kept.save_aside().exists()
    assert len(list(path.parent.iterdir())) == 3


def test_a_folder_in_which_nothing_can_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Recovery(tmp_path / "file")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system cannot kill like that")
def test_the_lock_of_a_killed_process_is_gone_and_its_work_is_there(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from playground.document.spec import Spec;"
        "from playground.keeping.project import Project; from playground.keeping.recovery import Recovery;"
        "kept = Recovery(Path(sys.argv[1])); kept.keep(Project(Spec(seed=9))); kept.flush(10);"
        "print('kept', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        assert leftovers(tmp_path) == []
    finally:
        process.kill()
        process.communicate()
    (found,) = leftovers(tmp_path)
    assert found.project.spec.seed == 9
    found.discard()


def test_a_lock_is_held_by_one(tmp_path):
    lock = FolderLock(tmp_path)
    with pytest.raises(BlockingIOError):
        FolderLock(tmp_path)
    lock.close()
    FolderLock(tmp_path).close()


# -- putting a project together -------------------------------------------------------------------


def test_a_stand_of_an_edit_before_keeps_the_spec_it_is_of():
    before, after = Spec(), Spec(output_activation="identity")
    project = gathered(after, (before, stand_after(2)), Curve())
    assert (project.spec, project.trained) == (after, before)
    assert gathered(before, (before, stand_after(2)), Curve()).trained is None


def test_a_stand_of_another_experiment_is_left_out():
    project = gathered(Spec(seed=1), (Spec(seed=2), stand_after(2)), Curve())
    assert project.stand is None
    assert project.trained is None


def test_what_was_changed_on_the_way_goes_with_where_training_stands():
    way = {"changes": [Change(2, "Change noise")], "parent": 3}
    project = gathered(Spec(), (Spec(), stand_after(2)), Curve(), **way)
    assert (project.changes, project.parent) == ((Change(2, "Change noise"),), 3)
    project = gathered(Spec(seed=1), (Spec(seed=2), stand_after(2)), Curve(), **way)
    assert (project.changes, project.parent) == ((), None)


def test_a_later_edit_finds_its_layers_under_the_ids_of_the_document():
    before = Spec()
    first, second = before.layers
    after = Spec(layers=(second, type(first)("dense", 7, units=5), first))
    begun = Spec(layers=(type(first)("dense", 7, units=4), type(first)("dense", 8, units=2)), run=3)
    result = later_edit(before, after)(begun)
    assert [layer.units for layer in result.layers] == [2, 5, 4]
    assert [layer.id for layer in result.layers][::2] == [8, 7]
    assert result.layers[1].id not in (7, 8)
    assert result.run == 3
