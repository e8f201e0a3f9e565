"""Fixtures that every room of the tests shares."""

import importlib.util
import shutil
import sys
from pathlib import Path

import hypothesis
import pytest

from diplolib import contrasts, partners, places
from nbproof import study, tables

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("diplolib", deadline=None)
hypothesis.settings.load_profile("diplolib")


@pytest.fixture(scope="session")
def collection() -> study.Study:
    """The study in this repository; tests read it and never write into it."""
    return study.find(Path(__file__))


@pytest.fixture
def copied(collection, tmp_path) -> study.Study:
    """A copy of the study's data, to break."""
    shutil.copytree(collection.data, tmp_path / "data")
    shutil.copy(collection.root / "study.toml", tmp_path)
    return study.find(tmp_path)


@pytest.fixture(scope="session")
def suite():
    """The tamper suite, which is a program, as a module."""
    path = Path(__file__).parent / "tamper" / "suite.py"
    spec = importlib.util.spec_from_file_location("suite", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["suite"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def partnered(collection):
    """The agreements of both levels, sorted into kinds, with the documented party."""
    periods, regions, capitals, states, memberships, settings = (
        tables.read(collection, f"reference/{name}")
        for name in ("periods", "regions", "capitals", "country_groups", "memberships", "study")
    )
    home = places.home(settings)
    kinds = contrasts.classify(
        tables.read(collection, "processed/agreements"), periods=periods, schemes=regions,
        capitals=capitals, states=states, memberships=memberships,
        origin=(home["latitude"], home["longitude"]), region_scheme="article_inferred",
        state_status=("successor",), states_from=1991, membership="any_day",
    )  # fmt: skip
    return partners.with_party(kinds, tables.read(collection, "processed/panel"))
