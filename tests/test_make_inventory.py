"""The generated list of partners: tools/make_inventory.py."""

import runpy

import pytest

from diplolib import inventory
from nbproof import study as studies


@pytest.fixture(scope="module")
def tool(collection):
    return runpy.run_path(str(collection.root / "tools" / "make_inventory.py"))


@pytest.fixture(scope="module")
def written(tool, tmp_path_factory):
    file = tmp_path_factory.mktemp("list") / "list.csv"
    tool["main"]([str(file), "--ties", "60", "--municipalities", "9"])
    return file


def test_one_seed_gives_one_list(tool):
    assert tool["rows"](20, 5, seed=1) == tool["rows"](20, 5, seed=1)


def test_another_seed_gives_another(tool):
    assert tool["rows"](20, 5, seed=1) != tool["rows"](20, 5, seed=2)


def test_it_is_as_large_as_the_largest_known(tool):
    rows = tool["rows"](15_000, 2_000, seed=1)
    got = len(rows), len({municipality for municipality, *_ in rows})
    expected = 15_000, 2_000
    assert got == expected


def test_every_tie_of_the_list_is_an_agreement(written, tmp_path):
    inventory.create(tmp_path / "many", written, "Osaka", "JP", "generated")
    ((_, agreements),) = inventory.clean(studies.Study(tmp_path / "many"))
    got = len(agreements), agreements["municipality"].nunique()
    expected = 60, 9
    assert got == expected
