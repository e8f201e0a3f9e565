"""What the tests of the pipeline share."""

import multiprocessing

import pytest


@pytest.fixture(scope="module", autouse=True)
def no_forking_process():
    """Each module starts its own: one imports what it was first asked for, and nothing later."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver

        forkserver._forkserver._stop()
