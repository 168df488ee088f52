"""The run under way in a project that is saved and opened: it goes on as the run that it was."""

from playground.document import edits


def train(desk, steps):
    desk.window.loop.set_playing(True)
    desk.wait_until(lambda: desk.engine.latest.steps >= steps)
    desk.window.loop.set_playing(False)
    desk.wait_until(lambda: not desk.engine.latest.playing)


def reopen(desk, path):
    """Save the project, and open it again."""
    files, done = desk.window.files, []
    files._save_to(path, lambda: done.append(path))
    desk.wait_until(lambda: bool(done))
    steps = desk.engine.latest.steps
    files.new()
    desk.wait_until(lambda: desk.engine.latest.steps == 0)
    files.open(path)
    desk.wait_until(lambda: files.path == path and desk.engine.latest.steps == steps)


def test_a_run_kept_by_hand_is_there_once_and_what_goes_on_from_it_knows_its_parent_and_its_changes(desk, tmp_path):
    runs = desk.window.runs.runs
    train(desk, 50)
    desk.wait_until(lambda: len(desk.engine.history) > 0 and desk.engine.history.epochs[-1] > 0)
    desk.window.document.apply(edits.set_learning_rate(0.123))
    desk.window.runs.keep()
    desk.wait_until(lambda: len(runs.all) == 1)
    kept = runs.all[0]

    reopen(desk, tmp_path / "work.nnp")
    assert desk.window.runs.recorder.parent.number == kept.number
    assert [change.label for change in desk.window.runs.recorder.changes] == ["Change learning rate"]
    desk.window.loop.reset()
    desk.wait_until(lambda: desk.engine.latest.steps == 0)
    assert [run.number for run in runs.all] == [kept.number]


def test_what_was_changed_before_a_project_was_saved_is_kept_with_its_run(desk, tmp_path):
    runs = desk.window.runs.runs
    train(desk, 50)
    desk.wait_until(lambda: len(desk.engine.history) > 0 and desk.engine.history.epochs[-1] > 0)
    desk.window.document.apply(edits.set_learning_rate(0.123))
    reopen(desk, tmp_path / "work.nnp")
    desk.window.loop.reset()
    desk.wait_until(lambda: len(runs.all) == 1)
    assert [change.label for change in runs.all[0].changes] == ["Change learning rate"]
