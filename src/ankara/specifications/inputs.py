"""The tables from which the specifications were computed, by their checksums.

They take minutes, so that no run computes them again by itself; whether their inputs are still the
same is seen in a moment, without pandas.
"""

import csv

from nbproof.files import write_bytes
from nbproof.pipeline.checksums import exact
from nbproof.study import Study, StudyError

NAME = "data/sensitivity/inputs.csv"
COMPUTED = "data/sensitivity/specifications.csv"
COMMAND = "diplolib sensitivity"
REMEDY = f"Run `{COMMAND}` (minutes), then this again; nothing was written."
# They explain or check results and are counted by nothing.
NOT_COUNTED = ("claim_reasons", "glossary", "parties")


def current(study: Study) -> dict[str, str]:
    """The sha256 of every table of data/raw and data/reference that a count may read."""
    paths = [*study.data.glob("raw/**/*.csv"), *study.data.glob("reference/*.csv")]
    return {study.name(path): exact(path) for path in sorted(paths) if path.stem not in NOT_COUNTED}


def write(study: Study, found: dict[str, str]) -> None:
    """Record the inputs of a computation, as `current` has given them before it began."""
    rows = [f"{name},{checksum}" for name, checksum in found.items()]
    write_bytes(study.root / NAME, ("\n".join(["file,sha256", *rows]) + "\n").encode())


def changed(study: Study) -> dict[str, str]:
    """Inputs that are not as they were, and what is the matter; none where no such results are stored."""
    if not (study.root / COMPUTED).is_file():
        return {}
    try:
        with (study.root / NAME).open(encoding="utf-8", newline="") as file:
            known = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
        if not known:
            raise ValueError("it names no table")
    except (OSError, ValueError, KeyError, csv.Error) as error:
        return {NAME: f"cannot be read ({type(error).__name__})"}
    now = current(study)
    said = {name: "is gone" for name in known if name not in now}
    said |= {name: "has changed" for name in known if now.get(name, known[name]) != known[name]}
    return said | {name: "is new" for name in now if name not in known}


def require_unchanged(study: Study) -> None:
    """Raises StudyError if a table has changed since the specifications were computed."""
    if found := changed(study):
        files = ", ".join(f"{name} {what}" for name, what in found.items())
        raise StudyError(f"data/sensitivity/ is not up to date: {files}. {REMEDY}")
