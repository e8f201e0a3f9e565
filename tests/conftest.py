"""Fixtures that every room of the tests shares."""

import shutil
from pathlib import Path

import hypothesis
import pytest

from nbproof import study

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
