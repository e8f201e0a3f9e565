"""Which notebooks are the collection's, and which a person keeps beside them.

The collection's stand in notebooks/, have a name that starts with a number, and check their parameters
under this name (`parameters.check("02-timeline", …)`). A copy, whatever it is called, checks them under
the name of its original.
"""

import re
import shlex
import unicodedata
from collections import defaultdict
from pathlib import Path

from nbproof.figures.record import name_of
from nbproof.pipeline import checksums
from nbproof.study import Study, StudyError, command_line

CHECKED = re.compile(r"\bparameters\.check\(\s*['\"]([^'\"]+)['\"]")
# A figure is published by its module's record.
PUBLISH = re.compile(r"\bpublish\(\s*(\w+)\.FIGURE\b")


def members(study: Study) -> list[Path]:
    """The collection's notebooks, by name.

    Raises StudyError, with their names, where two of them would write the same file.
    """
    found = [path for path in sorted(study.notebooks.glob("*.ipynb")) if not _why(path)]
    writers = defaultdict(list)
    for path in found:
        writers[_same(study.name(path))].append(path.name)
        for figure in sorted(map(name_of, _published(path))):
            writers[_same(f"figures/{figure}.*")].append(path.name)
    for file, names in writers.items():
        if len(names) > 1:
            raise StudyError(
                f"{' and '.join(names)} write the same file, {file}. Take one of them out of the folder, "
                "or publish another figure in it. Nothing was run."
            )
    return found


def others(study: Study) -> dict[Path, str]:
    """Every other notebook in notebooks/, with a line that says why it is left alone and how to run it."""
    found = {}
    for path in sorted(study.notebooks.rglob("*.ipynb")):
        inside = path.relative_to(study.notebooks)
        why = _why(path) or ("in a folder of its own" if len(inside.parts) > 1 else "")
        original = why.removeprefix("a copy of ")
        if original != why and not (study.notebooks / f"{original}.ipynb").exists():
            why += ", which is gone (if this is it, give it its name back)"
        if why and not any(part.startswith(".") for part in inside.parts):
            name = shlex.quote(inside.with_suffix("").as_posix())
            found[path] = (
                f"{study.name(path)}: {why}, left alone; into output/: {command_line(f'reproduce {name}')}"
            )
    return found


@checksums.kept
def _why(path: Path) -> str:
    """Why a notebook is none of the collection's; empty for one that is."""
    for name in CHECKED.findall(_code(path)):
        if _same(name) != _same(path.stem):
            return f"a copy of {name}"
    return "" if path.name[0].isdigit() else "its name starts with no number"


@checksums.kept
def _code(path: Path) -> str:
    """The source of all code cells; none of a file that is no notebook, which others say."""
    try:
        cells = checksums.notebook(path)["cells"]
        return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


_published = checksums.kept(lambda path: set(PUBLISH.findall(_code(path))))


def _same(name: str) -> str:
    """Names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()
