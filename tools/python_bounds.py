"""Ends with one line unless this Python is one that pyproject.toml names. Needs nothing newer than 3.6."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def allowed():
    """The second numbers of the Pythons 3 that pyproject.toml names, lowest first."""
    bounds = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', PROJECT.read_text(encoding="utf-8")
    )
    return range(*map(int, bounds.groups()))


if __name__ == "__main__":
    named, here = allowed(), sys.version_info[:2]
    if here not in [(3, minor) for minor in named]:
        sys.exit(
            f"diplolib needs Python 3.{named[0]} to 3.{named[-1]}; {sys.executable} is "
            f"{here[0]}.{here[1]}. Name another one: make PYTHON=python3.{named[-1]}"
        )
