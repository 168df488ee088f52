"""`nn-playground train`: trains without a window, and writes figures, pictures and the network into a folder."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import nncore as nn
from playground.document.spec import Spec
from playground.engine.mirror import Mirror
from playground.engine.session import Metrics, Session, score_name
from playground.engine.snapshot import History
from playground.ui.application import application
from playground.ui.chrome import PanelBody, PanelTitle
from playground.ui.plots.loss import LossView
from playground.ui.plots.surface import SurfaceView
from playground.ui.theme import LIGHT, SPACING_PX, apply_theme

PICTURE_PX = (720, 760)


def train(spec: Spec, epochs: int, out: Path) -> int:
    """Train, and write `metrics.csv`, `loss.png`, `surface.png` and `model.npz` into `out`.

    Returns
    -------
    int
        Exit status.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with threadpool_limits(1):
            session, rows = _train(spec, epochs)
        _write_metrics(out / "metrics.csv", rows, score_name(spec))
        nn.save(out / "model.npz", session.network)
        _paint(session, rows, out)
    except OSError as error:
        print(f"nn-playground: {error}", file=sys.stderr)
        return 1
    last, name = rows[-1][1], score_name(spec)
    form, what = (".4f", "R²") if name == "r2" else (".1%", name)
    print(
        f"epoch {session.epoch}: loss {last.train_loss:.4f} training, {last.test_loss:.4f} test; "
        f"{what} {last.train_score:{form}} training, {last.test_score:{form}} test; written to {out}"
    )
    return 0


def _train(spec: Spec, epochs: int) -> tuple[Session, list[tuple[int, Metrics]]]:
    session = Session(spec)
    rows = [(0, session.metrics())]
    with tqdm(total=epochs, unit="epoch") as bar:
        for epoch in range(1, epochs + 1):
            try:
                session.step_epoch()
            except nn.NotFiniteError as error:
                # What was learned until then is worth having: it is written like any other result.
                tqdm.write(f"nn-playground: training stopped at {error}", file=sys.stderr)
                break
            rows.append((epoch, session.metrics()))
            bar.set_postfix_str(f"loss {rows[-1][1].train_loss:.4f}", refresh=False)
            bar.update()
    return session, rows


def _write_metrics(path: Path, rows: list[tuple[int, Metrics]], score: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("epoch", *(field.replace("score", score) for field in Metrics._fields)))
        writer.writerows((epoch, *metrics) for epoch, metrics in rows)


def _paint(session: Session, rows: list[tuple[int, Metrics]], out: Path) -> None:
    """Save what the window's plots would show."""
    app = application()
    apply_theme(app, LIGHT)
    mirror = Mirror(session.spec, session.problem)
    mirror.load(session.network.values)
    history = History()
    history.append(np.array([(epoch, metrics.train_loss, metrics.test_loss) for epoch, metrics in rows]))
    surface, loss = SurfaceView(), LossView()
    loss.set_history(history)
    surface.show_test.setChecked(True)
    surface.readout.hide()  # There is no cursor in a picture, nor anything to click.
    for title, view, name in (("Output", surface, "surface.png"), ("Loss", loss, "loss.png")):
        for control in view.findChildren(QCheckBox):
            control.hide()
        view.set_theme(LIGHT)
        view.set_mirror(mirror)
        _save_picture(title, view, out / name)
    app.processEvents()


def _save_picture(title: str, view: QWidget, path: Path) -> None:
    """Save a view in a panel such as it stands in in the window."""
    panel = QWidget()
    column = QVBoxLayout(panel)
    column.setContentsMargins(*(SPACING_PX,) * 4)
    column.setSpacing(0)
    column.addWidget(PanelTitle(title))
    column.addWidget(PanelBody(view))
    panel.resize(*PICTURE_PX)
    panel.show()
    application().processEvents()
    saved = panel.grab().save(str(path))
    panel.close()
    panel.deleteLater()
    if not saved:
        raise OSError(f"cannot write {path}")
