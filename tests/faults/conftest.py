"""Faults: what may go wrong around a run, provoked. Not part of `make test`.

DIPLOLIB_FAULTS is the share of the full number of tries: 0.1 in continuous integration (`make
faults`), 1 in `make soak`.
"""

import os

import hypothesis
import pytest

SHARE = float(os.environ.get("DIPLOLIB_FAULTS", "0.1"))

# The full run looks for new failures; the tenth fails only when the code has changed.
hypothesis.settings.register_profile(
    "faults",
    max_examples=round(20_000 * SHARE),
    derandomize=SHARE < 1,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture(scope="session")
def share():
    """How many of `full` tries to make."""
    return lambda full: max(1, round(full * SHARE))
