"""Fixtures that every room of the tests shares."""

import importlib.util
import shutil
import sys
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


@pytest.fixture(scope="session")
def suite():
    """The tamper suite, which is a program, as a module."""
    path = Path(__file__).parent / "tamper" / "suite.py"
    spec = importlib.util.spec_from_file_location("suite", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["suite"] = module
    spec.loader.exec_module(module)
    return module
