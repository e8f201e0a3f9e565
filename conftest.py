"""Checks see none of the user's own settings, neither here nor in the kernels that nbval starts."""

import tempfile
from pathlib import Path

from nbproof.pipeline import jobs, settings

_folder = tempfile.TemporaryDirectory(prefix="diplolib-")
settings.apply(Path(_folder.name))


def pytest_xdist_auto_num_workers() -> int:
    """`-n logical` and `-n auto`: one process for each core that this one may use."""
    return jobs.cores()
