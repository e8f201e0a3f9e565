"""What a file says, as a short text: by content, never by date, so that a fresh checkout is no change."""

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def checksum(path: Path | str) -> str:
    """sha256 of a file; of a notebook, that of its source: outputs and run-time metadata left out."""
    data = Path(path).read_bytes()
    if str(path).endswith(".ipynb"):
        data = source(data)
    return hashlib.sha256(data).hexdigest()


def exact(path: Path | str) -> str:
    """sha256 of a file as it is."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def combined(files: Mapping[str, Path]) -> str:
    """One checksum of several files and their names."""
    lines = sorted(f"{name} {exact(path)}" for name, path in files.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def stamp(path: Path | str) -> list[int]:
    """What the file system says of a file; the last of the times cannot be set at will.

    While it is the same, so is the file: megabytes of pictures need not be read to see it.
    """
    found = Path(path).stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


@functools.lru_cache(maxsize=32)
def parsed(notebook: bytes) -> dict:
    return json.loads(notebook)


def source(data: bytes) -> bytes:
    """What a person has written of a notebook: cells, their tags, the rules of its parameters."""
    content = parsed(data)
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
        for cell in content["cells"]
    ]
    rules = content["metadata"].get("nbproof", {}).get("parameters", {})
    return json.dumps([cells, rules], sort_keys=True).encode()
