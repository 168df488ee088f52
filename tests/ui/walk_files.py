"""What a person does with files, whole and broken ones; and what was saved is what is opened again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from desk import LEFT, NO_KEYS
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox
from walk_checks import same_experiment
from walker import Walker

from playground.document.lesson import Lesson
from playground.document.presets import preset
from playground.keeping.project import Project, read_project, write_project

NAMES = ("a", "b", "c.v2", "no suffix", "gone/d", "ünïcode")
"""Of what is saved; one of them in a folder that is not there."""
ROUND_S = 5.0


class Files:
    """The files of a walk, and whoever answers for their names.

    Parameters
    ----------
    folder
        Where they are.
    hand
        Chooses among them.
    """

    def __init__(self, folder: Path, hand: Random) -> None:
        self.folder, self.hand = folder, hand
        for name in ("spiral", "circle"):
            write_project(
                folder / f"{name}.nnp", Project(preset(name).spec, lesson=_LESSON if name == "circle" else None)
            )
        good = (folder / "spiral.nnp").read_bytes()
        broken = {
            "cut.nnp": good[: len(good) // 2],
            "empty.nnp": b"",
            "text.nnp": b"not a project",
            "flipped.nnp": good[:200] + bytes([good[200] ^ 255]) + good[201:],
            "future.nnp": good.replace(b'"version":1', b'"version":9').replace(b'"version": 1', b'"version": 9'),
            "broken.csv": b"a,b\n1\n2,3,4\n",
            "empty.csv": b"",
            "picture.png": b"\x89PNG",
        }
        self.broken = tuple(folder / name for name in broken)
        for name, data in broken.items():
            (folder / name).write_bytes(data)
        rows = "\n".join(f"{hand.gauss(0, 1):.3f},{hand.gauss(0, 1):.3f},{'ab'[row % 2]}" for row in range(60))
        (folder / "table.csv").write_text(f"x,y,class\n{rows}\n", encoding="utf-8")

    def choose(self, dialog: QFileDialog) -> str:
        """The name for a dialog that asks; "" is Cancel."""
        if self.hand.random() < 0.15:
            return ""
        if dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave:
            suffix = dialog.defaultSuffix() if self.hand.random() < 0.7 else ""
            return str(self.folder / f"{self.hand.choice(NAMES)}{'.' if suffix else ''}{suffix}")
        return str(self.any())

    def any(self) -> Path:
        """Any of all files there are by now."""
        return self.hand.choice(sorted(self.folder.glob("*.*")))


_LESSON = Lesson("Circles", "Find a boundary.", ("speed", "data-panel", "menu-network"))


def any_file(walker: Walker, hand: Random, suffix: str = "*") -> Path:
    """Any of the files of a walk."""
    return hand.choice(sorted(walker.folder.glob(f"*.{suffix}")))


def choosing(name: str) -> Callable[[Walker, Random], None]:
    """A gesture that chooses an entry of a menu, and lets the file be read or written."""

    def gesture(walker: Walker, hand: Random) -> None:
        if walker.trigger(name):
            walker.wait(lambda: not walker.window.files._saving, 1.0)

    return gesture


def open_recent(walker: Walker, hand: Random) -> None:
    walker.trigger("recent-clear" if hand.random() < 0.05 else f"recent-{hand.randrange(1, 9)}")


def open_broken(walker: Walker, hand: Random) -> None:
    """One message, and nothing else has changed."""
    window = walker.window
    path = hand.choice([path for path in sorted(walker.folder.iterdir()) if path.name in BROKEN])
    said: list[str] = []
    before, read = (window.document.spec, window.files.path, window.files.changes.unsaved), window.files._reader
    for part in (window.files, window.opener):
        part.message.connect(said.append)
    walker.on = path.name
    walker.act(lambda: window.files.open_dropped(str(path)))
    for part in (window.files, window.opener):
        part.message.disconnect(said.append)
    assert read is not None or len(said) == 1, (path.name, said)
    assert (window.document.spec, window.files.path, window.files.changes.unsaved) == before or window.engine.playing


BROKEN = ("cut.nnp", "empty.nnp", "text.nnp", "flipped.nnp", "future.nnp", "empty.csv")


def drop_file(walker: Walker, hand: Random) -> None:
    """Drop a file, or two, on the window."""
    native = walker.window.windowHandle()
    paths = [any_file(walker, hand) for _ in range(1 if hand.random() < 0.8 else 2)]
    walker.on = ", ".join(path.name for path in paths)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, where = Qt.DropAction.CopyAction, QPoint(300, 300)
    walker.act(lambda: QApplication.sendEvent(native, QDragEnterEvent(where, copy, mime, LEFT, NO_KEYS)))
    walker.act(lambda: QApplication.sendEvent(native, QDropEvent(QPointF(where), copy, mime, LEFT, NO_KEYS)))


def new_project(walker: Walker, hand: Random) -> None:
    """Begin another one; what is unsaved is asked about, and each answer is given."""
    if walker.trigger("new-project") and hand.random() < 0.8:
        answer(walker, hand.choice(["save", "discard", "cancel"]))


def close_and_stay(walker: Walker, hand: Random) -> None:
    """Close the window, but think better of it."""
    if walker.window.files.changes.unsaved and walker.modal is None and not walker.window.files._saving:
        walker.act(walker.window.close)
        answer(walker, "cancel")
        assert walker.window.isVisible()


def answer(walker: Walker, what: str) -> None:
    """Press a button of the question about unsaved changes, if it is asked."""
    box = walker.modal
    if isinstance(box, QMessageBox) and box.objectName() == "unsaved-dialog":
        button = box.findChild(QAbstractButton, f"unsaved-{what}")
        assert button is not None
        walker.click(button)


def save_and_open(walker: Walker, hand: Random) -> None:
    """What is saved is, opened again, the same experiment with the same values."""
    window, files, path = walker.window, walker.window.files, walker.folder / "round.nnp"
    engine = window.engine
    if window.lesson.own is not None or not _rests(walker):
        return
    spec, steps = window.document.spec, engine.latest.steps if engine.latest is not None else 0
    values = window.loop.mirror.network.values.copy()
    done: list[bool] = []
    files._save_to(path, lambda: done.append(True))
    assert walker.wait(lambda: done, ROUND_S), "not saved"
    project = read_project(path)
    assert same_experiment(project.spec, spec)
    assert project.stand is None or project.stand.steps == steps
    walker.act(lambda: files.open(path))
    assert files.path == path
    assert same_experiment(window.document.spec, spec)
    assert window.loop.mirror.network.values.tobytes() == values.tobytes()
    assert not files.changes.unsaved
    assert walker.wait(lambda: engine.latest is not None and engine.latest.steps == steps, ROUND_S)
    assert window.loop.mirror.network.values.tobytes() == values.tobytes()


def _rests(walker: Walker) -> bool:
    """Pause, and wait until the training has arrived at what the document says; False if something is in the way."""
    window, engine, stood = walker.window, walker.window.engine, []
    window.loop.set_playing(False)
    if window.files._saving or window.files._reader is not None:
        return False
    engine.ask_stand(stood.append)
    walker.wait(lambda: stood and engine.latest is not None and not engine.latest.playing, ROUND_S)
    walker.passes(4)
    return bool(stood) and stood[0].spec == window.document.spec


def file_gestures() -> dict[str, Callable[[Walker, Random], object]]:
    """The gestures on files, by name."""
    return {
        "save": choosing("save-project"),
        "save as": choosing("save-project-as"),
        "open": choosing("open-project"),
        "open data": choosing("open-data"),
        "recent": open_recent,
        "broken": open_broken,
        "drop file": drop_file,
        "new": new_project,
        "close": close_and_stay,
        "round trip": save_and_open,
    }
