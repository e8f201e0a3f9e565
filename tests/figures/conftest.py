"""What every figure's test draws from."""

import pytest

from ankara.cleaning.sources import with_source
from diplolib import panel
from nbproof import labels, tables


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


@pytest.fixture(scope="session")
def traced_panel(collection, data):
    """The committed panel with what stands behind each of its rows."""
    governments, successions = (
        with_source(tables.read(collection, name), name)
        for name in ("reference/governments", "reference/party_successions")
    )
    built, elections = (tables.read(collection, f"processed/{n}") for n in ("panel", "elections"))
    in_office = panel.in_office(governments)
    switches = with_source(
        tables.read(collection, "reference/party_switches"), "reference/party_switches"
    )
    return panel.with_rows(built, elections, data["agreements"], in_office, successions, switches)
