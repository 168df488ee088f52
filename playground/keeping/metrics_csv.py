"""The curves and results of runs as tables that any other program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import msgspec

from playground.document.spec import Spec
from playground.engine.session import score_name
from playground.keeping.compare import layer_text, output_text
from playground.keeping.runs import Run

CURVE_HEAD = ("run", "name", "epoch", "train_loss", "test_loss", "curve")


def curves_csv(runs: Iterable[Run]) -> str:
    """A row for each point of the loss curves, with the heads above; numbers in full precision.

    Where data or loss were changed on the way, another number of `curve` begins.
    """
    rows = (
        (run.number, run.title, *row, part)
        for run in runs
        for row, part in zip(run.curve.rows.tolist(), run.curve.parts.tolist(), strict=True)
    )
    return _written(CURVE_HEAD, rows)


def summary_csv(runs: Iterable[Run]) -> str:
    """A row for each run: how it ended, and every setting."""
    table = [_summary(run) for run in runs]
    head = list(dict.fromkeys(name for row in table for name in row))
    return _written(head, ([row.get(name, "") for name in head] for row in table))


def _summary(run: Run) -> dict[str, object]:
    stand, score = run.stand, score_name(run.spec)
    return {
        "run": run.number,
        "name": run.title,
        "parent": "" if run.parent is None else run.parent,
        "ended": run.ended,
        "steps": stand.steps,
        "epochs": stand.progress,
        "seconds": stand.seconds,
        "train_loss": stand.train_loss,
        "test_loss": stand.test_loss,
        f"train_{score}": stand.train_score,
        f"test_{score}": stand.test_score,
        **_settings(run.spec),
        "changes": "; ".join(f"epoch {change.epoch}: {change.label}" for change in run.changes),
    }


def _settings(spec: Spec) -> dict[str, object]:
    """Every setting by its name."""
    data, training = (msgspec.structs.asdict(part) for part in (spec.data, spec.training))
    own = data.pop("own")
    if own is not None and spec.data.is_own:
        data["dataset"] = own.label
    return {
        **data,
        "features": " ".join(spec.features),
        "layers": "; ".join(map(layer_text, spec.layers)),
        "output": output_text(spec),
        **training,
        "stop": "; ".join(training["stop"]),
        "seed": spec.seed,
        "precision": spec.dtype,
    }


def _written(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return file.getvalue()
