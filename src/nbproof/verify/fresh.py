"""A fresh run of a study in a folder of its own; the study itself is only read."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from nbproof.pipeline import collection, runs
from nbproof.study import SETTINGS, Study, StudyError, command_line
from nbproof.verify import notebooks
from nbproof.verify.finding import Finding


def copy(study: Study, root: Path) -> Study:
    """What a run reads: the data and the notebooks. Nothing of earlier results or of build/.

    A file that is no notebook stays behind: it is named elsewhere, and the others can be run.
    """
    shutil.copytree(study.data, root / "data")
    if (study.root / SETTINGS).is_file():
        shutil.copy(study.root / SETTINGS, root)
    for labels in study.root.glob("src/*/labels"):  # what a run reads of them is recorded
        shutil.copytree(labels, root / study.name(labels))
    (root / "notebooks").mkdir()
    for path in collection.members(study):
        if notebooks.load(path) is not None:
            shutil.copy(path, root / "notebooks" / path.name)
    return Study(root)


def run(
    study: Study,
    names: Iterable[str],
    progress: Callable[[str, int, int], None],
    say: Callable[[str], None],
) -> list[Finding]:
    """Run the notebooks called `names` in the copy `study`; what went wrong comes back as findings."""
    paths = [path for name in names if (path := study.notebooks / f"{name}.ipynb").is_file()]
    if not paths:
        return []
    errors: list[StudyError] = []
    # On a busy machine a kernel may find its port taken: what has failed is tried once more.
    for _ in range(2):
        try:
            errors = runs.reproduce(study, paths, progress=progress, say=say).errors
        except StudyError as error:
            errors = [error]
        if not errors:
            break
    return [_finding(str(error)) for error in errors]


def _finding(error: str) -> Finding:
    """An error names its file first, and its cell or line after a comma."""
    where, _, said = error.partition(": ")
    file, _, place = where.partition(", ")
    return Finding("fresh run", file, place, (said or error).rstrip("."), command_line("reproduce"))
