"""A pytest plugin for mutmut, which runs for a mutant the tests that called the mutated function.

It counts a call for the test that runs at the moment. Here what a fixture called counts for every test
that uses it, and what the ledger called on import for every test of the ledger.
"""

import os

import hypothesis
import pytest
from mutmut.state import state

CALLED = {}  # in each fixture
IMPORTED = set()
SLOW = 0.5  # seconds, as mutmut measured them

# A mutant changes what happens to any input, or nearly so.
hypothesis.settings.register_profile(
    "mutants", max_examples=10, deadline=None, database=None, derandomize=True
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    hypothesis.settings.load_profile("mutants")
    items.sort(key=_rank)


def _rank(item):
    """The first test to fail ends the run: the strongest first, then the module's own.

    mutmut gives them in no order. A module's tests stay together, and those of one language in it: what
    its fixtures draw is drawn once.
    """
    module = os.environ["MUTANT_UNDER_TEST"].rpartition(".x")[0].rpartition(".")[2]
    file = item.nodeid.partition("::")[0]
    if file.startswith("tests/mutants/"):
        rank = 3 if state().duration_by_test.get(item.nodeid, 0) > SLOW else 0
    else:
        rank = 1 if file.endswith(f"test_{module}.py") else 2
    return rank, file, "[tr" in item.nodeid


def pytest_collection_finish():
    IMPORTED.update(state()._stats)
    state()._stats.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    before = set(state()._stats)
    state()._stats.clear()
    try:
        return (yield)
    finally:
        CALLED.setdefault(fixturedef, set()).update(state()._stats)
        state()._stats.update(before)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    for definition in item._request._arg2fixturedefs.values():
        for one in definition:
            state()._stats.update(CALLED.get(one, ()))
    if "claims" in item.nodeid or "ledger" in item.nodeid:
        state()._stats.update(IMPORTED)
