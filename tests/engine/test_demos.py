"""Every demo learns: what the menu offers must work for whoever opens it, whatever the seed."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.pool import Pool

import pytest
from msgspec.structs import replace
from threadpoolctl import threadpool_limits

from playground.document.presets import preset, presets
from playground.engine.session import Session

EPOCHS = {"xor": 300, "xor-truth-table": 400, "circle": 300, "gauss": 100, "spiral": 500, "spiral-sine": 500}
SEEDS = range(20)
LEARNED = 0.05
"""A training loss below this shows both classes apart."""


def final_loss(name: str, seed: int) -> float:
    """The training loss of a demo at the end of its epochs."""
    with threadpool_limits(1):
        session = Session(replace(preset(name).spec, seed=seed))
        session.advance(3600, EPOCHS[name] * session.trainer.steps_per_epoch)
    return session.metrics().train_loss


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One process per core."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        yield pool


def test_every_demo_is_examined():
    assert set(EPOCHS) == set(presets())


@pytest.mark.parametrize("name", EPOCHS)
def test_a_demo_learns_for_at_least_18_of_20_seeds(pool, name):
    losses = pool.starmap(final_loss, [(name, seed) for seed in SEEDS], chunksize=1)
    failed = {seed: round(loss, 3) for seed, loss in zip(SEEDS, losses, strict=True) if not loss < LEARNED}
    assert len(failed) <= 2, f"training loss at the end, by seed: {failed}"
