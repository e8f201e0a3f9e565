"""What a run that was killed has left: half of a result, beside its place and never in it."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

# The names that files.write_bytes and engine.run give to what is not whole yet.
UNFINISHED = re.compile(r"\.run-\w{8}|\..+\.(?:csv|png|svg|ipynb|json)\.\w{8}")


def remove(folders: Iterable[Path]) -> None:
    """Take away what no run is working on; call it only while the folder is locked."""
    for folder in folders:
        for path in folder.glob(".*"):
            if not UNFINISHED.fullmatch(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
