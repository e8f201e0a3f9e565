"""What every figure's test draws from."""

import pytest

from diplolib import labels, tables


@pytest.fixture(scope="session")
def data(collection):
    names = ["agreements", "terms", "purposes", "purposes_by_protocol", "activities"]
    found = {name: tables.read(collection, f"processed/{name}") for name in names}
    found |= {
        name: tables.read(collection, f"reference/{name}") for name in ("regions", "countries")
    }
    return found


@pytest.fixture(scope="session", params=["en", "tr"])
def words(request):
    return labels.load(request.param)
