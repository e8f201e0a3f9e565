"""What a file says, as a short text: by content, never by date, so that a fresh checkout is no change."""

import functools
import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SETTLED = 10**9  # nanoseconds; the clock of a file system may be as coarse as a second


def kept(read: Callable, most: int = 4096) -> Callable:
    """`read` of a path, called once for each state of the file, unless that is too new to be told."""
    known = functools.lru_cache(maxsize=most)(lambda path, *state: read(path))

    @functools.wraps(read)
    def look(path: Path | str) -> Any:
        try:
            state = stamp(path)
        except OSError:  # `read` says it in its own words
            return read(path)
        return known(path, *state) if time.time_ns() - state[2] > SETTLED else read(path)

    return look


def checksum(path: Path | str) -> str:
    """sha256 of a file; of a notebook, that of its source: outputs and run-time metadata left out."""
    if str(path).endswith(".ipynb"):
        return hashlib.sha256(source(notebook(path))).hexdigest()
    return exact(path)


@kept
def exact(path: Path | str) -> str:
    """sha256 of a file as it is."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def stamp(path: Path | str) -> list[int]:
    """What the file system says of a file; the last of the times cannot be set at will.

    While it is the same, so is the file: megabytes of pictures need not be read to see it.
    """
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


parsed = functools.lru_cache(maxsize=32)(json.loads)  # of a notebook's bytes


@functools.partial(kept, most=32)
def notebook(path: Path | str) -> dict:
    return json.loads(Path(path).read_bytes())


def source(content: dict) -> bytes:
    """What a person has written of a notebook: cells, their tags, the rules of its parameters."""
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
        for cell in content["cells"]
    ]
    rules = content["metadata"].get("nbproof", {}).get("parameters", {})
    return json.dumps([cells, rules], sort_keys=True).encode()
