"""A study is a folder with `data/`: found by walking up from the working directory."""

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class StudyError(ValueError):
    """Something in the study is not as it should be; the message says what, where and what to do."""


@dataclass(frozen=True)
class Study:
    """The folder of one study and where its parts lie."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    @property
    def build(self) -> Path:
        """What can be made again at any time; not under version control."""
        return self.root / "build"

    def name(self, path: Path) -> str:
        """`path` as people write it: relative to the study, with forward slashes."""
        # By text: a run asks more than a thousand times, and pathlib takes ten times as long.
        text, folder = str(path), str(self.root) + os.sep
        return text.removeprefix(folder).replace(os.sep, "/") if text.startswith(folder) else text


def hint(said: str, known: Iterable[str], near: float = 0.6) -> str:
    """The end of a message: which known name may have been meant; empty if none is as near as `near`."""
    found = difflib.get_close_matches(said, list(known), 1, near)
    return f" Did you mean {found[0]}?" if found else ""


class UsageError(StudyError):
    """What was asked for is not to be had in this way; nothing has been run."""

    usage = True


def find(start: Path | str | None = None) -> Study:
    """The study that holds `start` (default: the working directory).

    Raises StudyError where neither the folder nor any above it holds `data/raw` and `data/reference`,
    and UsageError where it holds another `src/diplolib` than the one that runs.
    """
    start = Path(start or Path.cwd()).resolve()
    for folder in [start, *start.parents]:
        if (folder / "data" / "raw").is_dir() and (folder / "data" / "reference").is_dir():
            _prove_library(folder)
            return Study(folder)
    raise StudyError(
        f"{start}: no study here or in a folder above. A study is a folder with data/raw and "
        "data/reference. Change into it, or name it with --study DIR."
    )


def _prove_library(root: Path) -> None:
    """Else changes in src/ would be left out of every result, and nobody would see it."""
    own, running = root / "src" / "diplolib", Path(__file__).parent
    if (own / "__init__.py").is_file() and not own.samefile(running):
        raise UsageError(
            f"{own} is this study's library, but {running} is the one that runs: give the folder an "
            "environment of its own (`make clean`, then `make reproduce`; without make: delete .venv and "
            "follow the README)."
        )
