"""Puts a project together from what document and engine say, and takes it apart for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec.structs import replace

from playground.document.edits import Edit
from playground.document.lesson import Lesson
from playground.document.spec import Spec
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand
from playground.keeping.project import Project, read_project
from playground.keeping.runs import Change, Run


def gathered(
    spec: Spec,
    stood: tuple[Spec, Stand] | None,
    curve: Curve,
    *,
    changes: Sequence[Change] = (),
    parent: int | None = None,
    runs: Sequence[Run] = (),
    lesson: Lesson | None = None,
    view: Mapping[str, str] | None = None,
) -> Project:
    """All of one sitting as a value.

    Parameters
    ----------
    spec
        The experiment as it is edited.
    stood
        Where training stands, and under which spec: that of another origin is none of this experiment.
    curve
        The loss curve of its training.
    changes, parent
        As in `Project`; they go with where training stands.
    runs, lesson, view
        As in `Project`.
    """
    stand = trained = None
    if stood is not None and stood[0].origin == spec.origin:
        trained, stand = stood
        if trained.learned == spec.learned:
            trained = None
    way = {} if stand is None else {"curve": curve, "changes": tuple(changes), "parent": parent}
    return Project(spec, stand, trained, **way, runs=tuple(runs), lesson=lesson, view=dict(view or {}))


def later_edit(before: Spec, after: Spec) -> Edit:
    """The edit that leads from a spec that has just been begun in a document to one of a file that came after it.

    Parameters
    ----------
    before
        The earlier spec as it is in the file.
    after
        The later one.
    """

    def follow(begun: Spec) -> Spec:
        # The document has given the layers ids of its own.
        ids = {old.id: new.id for old, new in zip(before.layers, begun.layers, strict=True)}
        fresh = max((*ids.values(), *ids), default=0)
        layers = []
        for layer in after.layers:
            if layer.id not in ids:
                fresh += 1
                ids[layer.id] = fresh
            layers.append(replace(layer, id=ids[layer.id]))
        return replace(after, layers=tuple(layers), run=begun.run)

    return Edit("Last edit", follow)


def send_project(path: str, pipe: Connection) -> None:
    """What `read_project` says, or why it says nothing, through a pipe: to be run in a process of its own."""
    result: Project | str
    try:
        result = read_project(Path(path))
    except (OSError, ValueError) as error:
        result = str(error)
    pipe.send(result)
