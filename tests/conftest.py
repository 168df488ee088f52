"""What all tests share: reproducible property tests, a generator of random numbers, and how many run at once."""

import os

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("reproducible", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("reproducible")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: windows and processes are waited for, now and then."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)
