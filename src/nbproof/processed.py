"""What `data/processed/` holds: the tables that the study's own code computes.

Everything is computed before anything is written, and each table is written whole or not at all.
"""

import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nbproof import tables
from nbproof.files import write_bytes
from nbproof.pipeline import releases
from nbproof.study import Study


def write(study: Study, root: Path | None = None, *, accept: bool = False) -> dict[str, int]:
    """Write every table of `data/processed/` (or of `root`/processed) and return their row counts.

    accept: replace a table also where other releases than the lock's are installed.
    Raises StudyError, before anything is written, if a source or reference table is not as declared.
    """
    processed = dict(compute(study))
    # All are checked before the first is written: a later one that breaks its schema stops them all.
    files = {
        name: tables.encode(frame, study, f"processed/{name}") for name, frame in processed.items()
    }
    paths = {name: (root or study.data) / "processed" / f"{name}.csv" for name in files}
    if not accept and any(p.exists() and p.read_bytes() != files[n] for n, p in paths.items()):
        releases.refuse(study)
    for name, data in files.items():
        write_bytes(paths[name], data)
    return {name: len(frame) for name, frame in processed.items()}


def compute(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every processed table with its name, as the study's code says; none without such code."""
    if study.face.compute:
        yield from pkgutil.resolve_name(study.face.compute)(study)
