"""What the views draw, as tables of numbers in CSV files: every digit, a decimal point, a row of names, UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nncore as nn
from nncore.files import replacing
from nncore.layers import Parameters
from playground.document.naming import layer_names
from playground.document.spec import Spec
from playground.engine.mirror import Mirror
from playground.engine.problem import Samples, output_to_score
from playground.engine.snapshot import Curve

AT_ONCE = 256
"""So many points of the plane are computed at a time: of pictures, all of them would not fit into the memory."""

Row = Sequence[Any]


class Table(NamedTuple):
    """One file of numbers."""

    part: str
    """What is added to the name of the file; "" for the first of several, which has the name that was asked for."""
    names: tuple[str, ...]
    """Of the columns."""
    rows: Iterable[Row]
    """To be gone through once."""


def write_tables(path: Path, tables: Sequence[Table]) -> list[Path]:
    """Write each table into a file: the first to `path`, others beside it, as in "surface-points.csv".

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    written = []
    for table in tables:
        target = path.with_name(f"{path.stem}-{table.part}{path.suffix}") if table.part else path
        with replacing(target) as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            _write(text, table, table.rows)
            text.flush()
            text.detach()
        written.append(target)
    return written


def beginning(table: Table, rows: int) -> str:
    """The first lines of the file that a table makes."""
    text = io.StringIO(newline="")
    _write(text, table, islice(table.rows, rows))
    return text.getvalue()


def _write(file: io.TextIOBase, table: Table, rows: Iterable[Row]) -> None:
    writer = csv.writer(file, lineterminator="\n")  # which writes floats by repr
    writer.writerow(table.names)
    writer.writerows(rows)


# -- the plane ------------------------------------------------------------------------------------


def surface_tables(mirror: Mirror) -> list[Table]:
    """The outputs on the grid that is drawn, (x, y, outputs), row by row from the bottom; and the samples."""
    axes = _axis_names(mirror)
    return [
        Table("", (*axes, *_output_names(mirror.spec)), _surface_rows(mirror)),
        Table("points", (*axes, "label", "set"), _point_rows(mirror)),
    ]


def _axis_names(mirror: Mirror) -> tuple[str, str]:
    plane = mirror.problem.plane
    if plane is not None:
        return plane.names
    names = mirror.problem.dataset.input_names
    return ("x1", "x2") if tuple(names) == ("x₁", "x₂") else (names[0], names[1])


def _output_names(spec: Spec) -> list[str]:
    return ["output"] if spec.n_outputs == 1 else [f"output {name}" for name in spec.dataset.class_names]


def _surface_rows(mirror: Mirror) -> Iterator[Row]:
    low, high = mirror.problem.domain
    ticks = np.linspace(low, high, mirror.maps[-1].shape[-1])
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    for start in range(0, len(points), AT_ONCE):
        part = points[start : start + AT_ONCE]
        outputs = mirror.network.predict(_inputs_at(mirror, part))
        yield from np.hstack([_told(mirror, part), outputs]).tolist()


def _inputs_at(mirror: Mirror, points: np.ndarray) -> np.ndarray:
    plane = mirror.problem.plane
    return nn.features.transform(points, mirror.spec.features) if plane is None else plane.lift(points)


def _told(mirror: Mirror, points: np.ndarray) -> np.ndarray:
    """(n, 2): points of the plane as the axes count them."""
    plane = mirror.problem.plane
    return points if plane is None else np.array(plane.origin) + points * np.array(plane.unit)


def _point_rows(mirror: Mirror) -> Iterator[Row]:
    dataset = mirror.problem.dataset
    names = dataset.class_names if dataset.task == "classes" else None
    for samples, part in _sets(mirror):
        labels = samples.labels[:, 0].tolist()
        shown = [names[int(label)] for label in labels] if names is not None else labels
        yield from (
            (*point, label, part) for point, label in zip(_told(mirror, samples.points).tolist(), shown, strict=True)
        )


def _sets(mirror: Mirror) -> list[tuple[Samples, str]]:
    problem = mirror.problem
    if problem.test is problem.train:
        return [(problem.train, "training and test")]
    return [(problem.train, "training"), (problem.test, "test")]


# -- the training ---------------------------------------------------------------------------------


def loss_tables(curve: Curve) -> list[Table]:
    """Every row of the curve; where data or loss were changed on the way, another number of `curve` begins."""
    rows = ((*row, part) for row, part in zip(curve.rows.tolist(), curve.parts.tolist(), strict=True))
    return [Table("", ("epoch", "train_loss", "test_loss", "curve"), rows)]


# -- the network ----------------------------------------------------------------------------------

_PARAMETERS = ("layer", "unit", "source", "value")


def weights_tables(mirror: Mirror) -> list[Table]:
    """Every parameter: (layer, unit, where the weight comes from or "bias", value)."""
    return [Table("", _PARAMETERS, _parameter_rows(mirror, mirror.network.parameters))]


def gradients_tables(mirror: Mirror) -> list[Table]:
    """The gradient of the loss for every parameter, on the training samples that are looked at."""
    return [Table("", _PARAMETERS, _parameter_rows(mirror, np.concatenate(mirror.gradients)))]


def _parameter_rows(mirror: Mirror, flat: np.ndarray) -> Iterator[Row]:
    spec, names = mirror.spec, layer_names(mirror.spec)
    columns = [_input_names(spec), *_unit_names(spec)]
    for index, own in enumerate(mirror.network.split(flat)):
        units = columns[index + 1]
        if isinstance(own, Parameters):
            sources = _sources(spec, columns, index)
            for unit, weights, bias in zip(units, own.weights.tolist(), own.biases.tolist(), strict=True):
                yield from ((names[index], unit, source, value) for source, value in zip(sources, weights, strict=True))
                yield names[index], unit, "bias", bias
        elif own:
            for unit, *values in zip(units, *(part.tolist() for part in own), strict=True):
                yield from ((names[index], unit, *one) for one in zip(own._fields, values, strict=True))


def _sources(spec: Spec, columns: Sequence[Sequence[str]], index: int) -> list[str]:
    """What the weights of a layer come from, by the names of inputs or of the units of the layer before."""
    if index == 0:
        return list(columns[0])
    before = layer_names(spec)[index - 1]
    return [f"{before}, unit {unit}" for unit in columns[index]]


def _input_names(spec: Spec) -> list[str]:
    if spec.is_plane:
        return [nn.feature(name).label for name in spec.features]
    return list(spec.dataset.input_names)


def _unit_names(spec: Spec) -> list[list[str]]:
    """Per layer what its units are called: by number, or by class."""
    units = [[str(unit) for unit in range(1, n + 1)] for n in _unit_counts(spec)]
    last = ["1"] if spec.n_outputs == 1 else list(spec.dataset.class_names)
    return [*units, last]


def _unit_counts(spec: Spec) -> list[int]:
    """How many units every hidden layer has: those that have none of their own have those before them."""
    counts = [spec.n_inputs]
    for layer in spec.layers:
        counts.append(layer.units if "units" in nn.Layer.named(layer.kind).options else counts[-1])
    return counts[1:]


def activations_tables(mirror: Mirror) -> list[Table]:
    """A row per training sample that is looked at, a column per unit of every layer."""
    names = [
        f"{layer}, {unit if layer == 'Output' and mirror.spec.n_outputs > 1 else f'unit {unit}'}"
        for layer, units in zip(layer_names(mirror.spec), _unit_names(mirror.spec), strict=True)
        for unit in units
    ]
    samples = zip(*(layer.tolist() for layer in mirror.activations), strict=True)
    rows = ((number, *chain(*values)) for number, values in enumerate(samples, start=1))
    return [Table("", ("sample", *names), rows)]


# -- how good it is -------------------------------------------------------------------------------


def metrics_tables(mirror: Mirror) -> list[Table]:
    """Figures of both sets; beside them the confusion matrices, or what was said of every sample."""
    judged = [(part, *_judged(mirror, samples)) for samples, part in _sets(mirror)]
    if mirror.problem.dataset.task == "regression":
        figures = [(part, *_value_figures(said, true)) for part, said, true in judged]
        values = (
            (part, *each)
            for part, said, true in judged
            for each in zip(true[:, 0].tolist(), said[:, 0].tolist(), strict=True)
        )
        return [Table("", ("set", "r2", "rmse", "mae"), figures), Table("values", ("set", "true", "predicted"), values)]
    names, limit = mirror.problem.dataset.class_names, None if mirror.spec.n_outputs > 1 else 0.0
    rows = [row for part, said, true in judged for row in _class_figures(part, names, said, true, limit)]
    counts = [
        (part, of_class, said_class, count)
        for part, said, true in judged
        for of_class, line in zip(names, nn.metrics.confusion_matrix(said, true, limit).tolist(), strict=True)
        for said_class, count in zip(names, line, strict=True)
    ]
    return [
        Table("", ("set", "class", "accuracy", "precision", "recall", "f1"), rows),
        Table("confusion", ("set", "true", "predicted", "count"), counts),
    ]


def _judged(mirror: Mirror, samples: Samples) -> tuple[np.ndarray, np.ndarray]:
    """What was said of samples and what is true, as `nncore.metrics` reads them."""
    spec = mirror.spec
    outputs = mirror.network.predict(samples.inputs)
    if spec.dataset.task == "regression":
        return outputs.astype(float), samples.labels.astype(float)
    if spec.n_outputs > 1:
        return outputs, samples.targets
    return output_to_score(spec, outputs), samples.labels


def _value_figures(said: np.ndarray, true: np.ndarray) -> tuple[float, float, float]:
    errors = said - true
    r2 = nn.metrics.r2(said, true) if len(true) > 1 and np.isfinite(said).all() else float("nan")
    return r2, float(np.sqrt(np.mean(errors * errors))), float(np.mean(np.abs(errors)))


def _class_figures(
    part: str, names: Sequence[str], said: np.ndarray, true: np.ndarray, limit: float | None
) -> Iterator[Row]:
    accuracy = nn.metrics.accuracy(said, true, limit)
    each = (nn.metrics.precision, nn.metrics.recall, nn.metrics.f1)
    columns = [np.asarray(figure(said, true, limit, average=None)).tolist() for figure in each]
    for name, *values in zip(names, *columns, strict=True):
        yield part, name, accuracy, *values
