"""A copy of the collection to break, put right again after each test."""

import shutil
from pathlib import Path

import pytest

from nbproof import study

PARTS = [
    "data",
    "notebooks",
    "figures",
    *(f"src/{name}/labels" for name in ("nbproof", "diplolib", "ankara")),
]


def copy(collection: study.Study, root: Path) -> study.Study:
    for part in PARTS:
        shutil.copytree(collection.root / part, root / part)
    for path in [*collection.root.glob("*.lock"), *collection.root.glob("*.toml")]:
        shutil.copy(path, root / path.name)
    for name in ("checksums.json", "codecheck.yml"):
        shutil.copy(collection.root / name, root / name)
    return study.Study(root)


@pytest.fixture(scope="session")
def shared(collection, tmp_path_factory):
    return copy(collection, tmp_path_factory.mktemp("verified"))


@pytest.fixture
def tampered(shared):
    """Write another text or bytes into a file of the copy; the file comes back after the test."""
    before: dict[Path, bytes | None] = {}

    def tamper(name: str, change) -> study.Study:
        path = shared.root / name
        before.setdefault(path, path.read_bytes() if path.exists() else None)
        if change is None:
            path.unlink()
        elif isinstance(change, bytes):
            path.write_bytes(change)
        else:
            one, other = change
            text = path.read_text(encoding="utf-8")
            assert one in text
            path.write_text(text.replace(one, other, 1), encoding="utf-8")
        return shared

    yield tamper
    for path, data in before.items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)
