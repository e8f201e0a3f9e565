"""The tables from which the specifications were computed, by their checksums."""

import hashlib

import pandas as pd

from diplolib import tables
from diplolib.study import Study, StudyError

TABLE = "sensitivity/inputs"
REMEDY = "Run `diplolib sensitivity` (minutes), then this again; nothing was written."
# They explain results and are counted by nothing.
NOT_COUNTED = ("claim_reasons", "glossary")


def current(study: Study) -> pd.DataFrame:
    """Every table of data/raw and data/reference that a count may read: file, sha256."""
    paths = [*study.data.glob("raw/**/*.csv"), *study.data.glob("reference/*.csv")]
    sums = {
        study.name(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
        if path.stem not in NOT_COUNTED
    }
    return pd.DataFrame(sums.items(), columns=["file", "sha256"])


def require_unchanged(study: Study) -> None:
    """Raises StudyError if a table has changed since the specifications were computed."""
    both = pd.concat([tables.read(study, TABLE), current(study)])
    if changed := sorted(set(both.drop_duplicates(keep=False)["file"])):
        files = ", ".join(changed)
        raise StudyError(f"data/sensitivity/ is older than {files}, which changed. {REMEDY}")
