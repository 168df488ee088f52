"""Project files: what comes back is what was kept, and training goes on from it as if it had never stopped."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sittings import POINTS, SPECS, content, continued, curve_of, run_of, sitting, stand_in, trained

import nncore as nn
from playground.document.document import Document
from playground.document.lesson import Lesson
from playground.document.presets import presets
from playground.document.spec import Assignment, Layer, Spec
from playground.engine.session import Session
from playground.engine.snapshot import Curve
from playground.engine.stand import stand_of
from playground.keeping import project as project_module
from playground.keeping import written
from playground.keeping.project import KIND, Project, read_project, write_project
from playground.keeping.stands import layout_of

sys.path.append(str(Path(__file__).parents[1] / "document"))
from test_document import any_edit  # pyright: ignore[reportMissingImports] - of the path above

FILES = Path(__file__).parent / "files"


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "work.nnp"


def kept(path: Path, project: Project) -> Project:
    """What comes back of a project that is written."""
    write_project(path, project)
    return read_project(path)


def about(path: Path) -> dict:
    """What `project.json` says."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("project.json"))


def refusal(path: Path, project: Project) -> str:
    """Why a project cannot be written, after the name of the file."""
    with pytest.raises(ValueError, match=f"^{re.escape(path.name)}: ") as raised:
        write_project(path, project)
    return str(raised.value).removeprefix(f"{path.name}: ")


# -- there and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SPECS)
def test_everything_that_is_kept_comes_back(path, name):
    project = sitting(name)
    again = kept(path, project)
    assert content(again) == content(project)
    assert (again.spec, again.trained, again.lesson, again.view) == (
        project.spec,
        project.trained,
        project.lesson,
        project.view,
    )


def test_an_experiment_without_training_comes_back(path):
    again = kept(path, Project(Spec()))
    assert (again.spec, again.stand, again.trained, again.runs, again.lesson) == (Spec(), None, None, (), None)
    assert again.curve.rows.shape == (0, 3)


def test_the_same_content_gives_the_same_file(path, tmp_path):
    write_project(path, sitting())
    write_project(tmp_path / "again.nnp", read_project(path))
    assert (tmp_path / "again.nnp").read_bytes() == path.read_bytes()


def test_the_order_in_which_views_said_something_does_not_matter(path):
    write_project(path, Project(Spec(), view={"a": "1", "b": "2"}))
    first = path.read_bytes()
    write_project(path, Project(Spec(), view={"b": "2", "a": "1"}))
    assert path.read_bytes() == first


def test_losses_that_were_not_finite_come_back_as_they_were_in_the_curve_and_as_nan_in_the_stand(path):
    curve = curve_of()
    curve.rows[2, 1] = np.inf
    stand = replace(stand_in(trained(Spec())), train_loss=np.inf, test_score=np.nan)
    again = kept(path, Project(Spec(), stand, curve=curve))
    assert again.curve.rows.tobytes() == curve.rows.tobytes()
    assert again.stand is not None
    assert np.isnan([again.stand.train_loss, again.stand.test_score]).all()


def test_what_was_set_by_hand_is_in_the_weights_alone_and_the_count_of_runs_belongs_to_the_sitting(path):
    spec = replace(Spec(), run=4, assigned=(Assignment(1, 1, 0, (0,), (1.5,), (0.0,)),))
    stand = replace(stand_in(trained(spec)), in_effect=(1,))
    again = kept(path, Project(spec, stand, trained=spec))
    assert again.spec == Spec()
    assert again.trained is None
    assert again.stand is not None
    assert again.stand.in_effect == ()
    assert again.stand.values.tobytes() == stand.values.tobytes()


def test_a_table_is_stored_once_however_many_specs_have_it(path):
    spec = SPECS["everything"]
    write_project(path, sitting(runs=[run_of(number, replace(spec, seed=number)) for number in range(1, 6)]))
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if name.startswith("tables/")] == ["tables/0.npy"]
    assert path.read_bytes().count(POINTS.values) == 1
    tables = [run.spec.data.own for run in read_project(path).runs]
    assert all(table is tables[0] for table in tables)


def test_a_run_of_which_the_weights_alone_are_known_comes_back_as_that(path):
    again = kept(path, sitting())
    assert [list(run.stand.arrays) for run in again.runs if not run.is_whole] == [["values"]]


def test_people_and_numpy_can_read_a_file(path):
    project = sitting()
    write_project(path, project)
    assert about(path)["spec"]["training"]["optimizer"] == "nadam(beta_1=0.8)"
    assert project.stand is not None
    with np.load(path) as arrays:
        np.testing.assert_array_equal(arrays["stand/values"], project.stand.values)


@pytest.mark.parametrize("name", presets())
def test_every_demo_can_be_kept(path, name):
    spec = presets()[name].spec
    assert kept(path, Project(spec)).spec == replace(spec, run=0)


# -- going on -------------------------------------------------------------------------------------


def bits(session: Session) -> bytes:
    """All that training goes on from."""
    return content(Project(Spec(), stand_of(session.trainer)))


def assert_goes_on_the_same(session: Session, again: Session, steps: int = 50) -> None:
    assert bits(session) == bits(again)
    ends = []
    for each in (session, again):
        try:
            each.trainer.advance(steps)
            ends.append("")
        except nn.NotFiniteError as error:
            ends.append(str(error))
    assert ends[0] == ends[1]
    assert bits(session) == bits(again)


@pytest.mark.parametrize("name", SPECS)
def test_training_goes_on_from_a_file_bit_for_bit_as_if_it_had_never_stopped(path, name):
    session = trained(SPECS[name])
    assert_goes_on_the_same(session, continued(kept(path, Project(SPECS[name], stand_in(session)))))


@pytest.mark.parametrize("name", [*nn.Regularizer.names()])
def test_what_a_regularizer_keeps_goes_on_too(path, name):
    training = replace(Spec().training, regularizer=name, regularization_rate=0.05)
    session = trained(replace(Spec(), training=training))
    assert_goes_on_the_same(session, continued(kept(path, Project(session.spec, stand_in(session)))))


ANOTHER_DAY = """
import hashlib, sys
from pathlib import Path
from playground.engine.session import Session
from playground.engine.stand import put_back, stand_of
from playground.keeping.project import read_project
project = read_project(Path(sys.argv[1]))
session = Session(project.spec)
put_back(session.trainer, project.stand)
session.trainer.advance(200)
print(hashlib.sha256(session.network.values.tobytes()).hexdigest(), session.metrics().test_loss.hex())
"""


def test_a_file_goes_on_the_same_in_another_process(path):
    session = trained(SPECS["everything"])
    write_project(path, Project(session.spec, stand_in(session)))
    session.trainer.advance(200)
    expected = hashlib.sha256(session.network.values.tobytes()).hexdigest(), session.metrics().test_loss.hex()
    told = subprocess.run([sys.executable, "-c", ANOTHER_DAY, str(path)], capture_output=True, text=True, check=True)
    assert tuple(told.stdout.split()) == expected


def test_a_run_goes_on_where_it_ended(path):
    spec = SPECS["digits"]
    session = trained(spec, 21)
    run = kept(path, sitting(runs=[run_of(1, spec)])).runs[0]
    assert_goes_on_the_same(session, continued(Project(run.spec, run.stand)))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    start=st.sampled_from(sorted(SPECS)),
    sequence=st.lists(st.tuples(any_edit, st.integers(0, 9)), max_size=12),
)
def test_after_any_edits_and_steps_a_file_goes_on_the_same(path, start, sequence):
    document = Document(SPECS[start])
    session = trained(document.spec, 11)
    for edit, steps in sequence:
        try:
            session.apply(document.apply(edit))
            session.trainer.advance(steps)
        except (ValueError, nn.NotFiniteError):  # The edit is impossible, or a step leads out of the finite numbers.
            continue
    layout, arrays = layout_of(session.spec).arrays, stand_in(session).arrays
    assert {name: (array.shape, array.dtype.name) for name, array in arrays.items()} == layout
    project = kept(path, Project(session.spec, stand_in(session)))
    assert project.spec == replace(session.spec, run=0, assigned=())
    assert_goes_on_the_same(session, continued(project), steps=20)


# -- writing --------------------------------------------------------------------------------------


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(path, monkeypatch):
    write_project(path, sitting())
    before = path.read_bytes()

    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match=r"^work.nnp cannot be written: no space left on device$"):
        write_project(path, sitting("usual"))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_one_message(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^x.nnp cannot be written: no such file or directory$"):
        write_project(tmp_path / "nowhere" / "x.nnp", Project(Spec()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stand": stand_in(trained(SPECS["adam"]))}, "stand: expected the arrays values"),
        ({"trained": replace(Spec(), layers=(Layer("dense", 1, 5),))}, "stand: values: expected (21,) of float32"),
        ({"runs": (run_of(1, Spec()), replace(run_of(2, Spec()), spec=SPECS["adam"]))}, "runs/2: expected the arrays"),
        ({"runs": (run_of(1, Spec()), run_of(1, Spec()))}, "project.json: runs: two have the same `number`"),
        ({"lesson": Lesson("x" * 300)}, "project.json: Expected `str` of length <= 200 - at `$.lesson.title`"),
        ({"stand": run_of(1, Spec(), slim=True).stand}, "stand: expected the arrays values, order"),
        ({"curve": Curve(np.ones((3, 3)), np.ones(2))}, "curve: expected rows (n, 3) and measures (n,) of float64"),
        ({"curve": Curve(np.full((1, 3), -1.0), np.ones(1))}, "curve: rows: expected epochs >= 0"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(path, change, message):
    write_project(path, sitting())
    before = path.read_bytes()
    project = replace(Project(Spec(), stand_in(trained(Spec()))), **change)
    assert refusal(path, project).startswith(message)
    assert path.read_bytes() == before


def test_more_than_a_file_may_have_is_not_written(path, monkeypatch):
    monkeypatch.setattr(project_module, "MOST_BYTES", KIND.max_description + 1000)
    write_project(path, Project(Spec()))
    assert refusal(path, sitting()) == "it would have 0 MB, 8 MB are possible: remove runs"


def test_more_arrays_than_a_file_may_name_are_not_written(path, monkeypatch):
    monkeypatch.setattr(project_module, "KIND", KIND._replace(max_directory=500))
    assert refusal(path, sitting()) == "there is no room for 35 members"


@pytest.mark.parametrize(
    ("project", "place"),
    [
        (Project(replace(Spec(), layers=(Layer("dense", 2**31 + 1),))), "layers: expected an `id` <="),
        (Project(Spec(), curve=Curve(np.zeros((70_000, 3)), np.zeros(70_000))), "curve: rows: expected at most 65,536"),
    ],
)
def test_beyond_the_bounds_of_reading_nothing_is_written(path, project, place):
    assert refusal(path, project).startswith(place)


# -- the past -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(1, written.VERSION + 1))
def test_there_is_a_file_of_every_version_and_it_can_be_read(version):
    project = read_project(FILES / f"project-{version}.nnp")
    assert project.spec.data.own == POINTS
    assert [(run.number, run.title, run.stand.steps) for run in project.runs] == [
        (2, "the first", 22),
        (3, "Run 3", 23),
        (9, "Run 9", 29),
    ]
    assert project.stand is not None
    assert project.stand.steps == 37
    continued(project).trainer.advance(5)


def test_the_file_of_the_present_version_would_be_written_the_same_today(path):
    sample = FILES / f"project-{written.VERSION}.nnp"
    write_project(path, read_project(sample))
    assert path.read_bytes() == sample.read_bytes()


def test_a_past_version_goes_through_one_migration_after_the_other(path, monkeypatch):
    """A made-up past: version 1 said "looks" for the view, and until version 2 the curve had another name."""
    write_project(path, replace(sitting(), trained=None))

    def rename(plain, archive):
        return {("view" if key == "looks" else key): value for key, value in plain.items()}

    def move(plain, archive):
        for name in ("rows", "measures"):
            archive.members[f"curve/{name}"] = archive.members.pop(f"losses/{name}")
        return plain

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    plain = json.loads(members["project.json"])
    plain["looks"] = plain.pop("view")
    members["project.json"] = json.dumps(plain).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("curve/", "losses/") if name.startswith("curve") else name, data)
    monkeypatch.setattr(written, "VERSION", 3)
    monkeypatch.setattr(written, "MIGRATIONS", {1: rename, 2: move})
    again = read_project(path)
    assert again.view == sitting().view
    assert content(again) == content(replace(sitting(), trained=None))
    monkeypatch.setattr(written, "MIGRATIONS", {2: move})
    with pytest.raises(ValueError, match=r"^work.nnp: project.json: there is no version 1$"):
        read_project(path)


def test_the_fields_of_what_is_written_are_those_of_the_values():
    """A field that a stand or a table gains must be written too."""
    assert {*written.WrittenStand.__struct_fields__, "arrays", "in_effect"} == {
        field.name for field in msgspec.structs.fields(type(stand_in(trained(Spec(), 1))))
    }
    assert {*written.WrittenTable.__struct_fields__, "values"} == {
        field.name for field in msgspec.structs.fields(type(POINTS))
    }
    project = set(Project.__struct_fields__) - {"curve"}
    assert {*written.Written.__struct_fields__} - {"format", "version", "tables"} == project
