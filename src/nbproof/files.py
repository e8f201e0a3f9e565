"""Files that are written whole or not at all; settings and labels, read with errors that name them."""

import functools
import glob
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nbproof.study import StudyError


class WriteError(StudyError):
    """A file cannot be written."""


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: into a neighbour first, which then takes its place.

    Raises WriteError where there is no room or no permission.
    """
    try:
        _replace(path, data)
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written ({error.strerror or error}); what stood there is as it was. "
            "Make room, or allow writing there, and run again."
        ) from error


@functools.cache
def own_temporary_folder() -> Path:
    """Where this process keeps its temporary files from now on; it goes when the process ends.

    What a process that was killed has left goes first.
    """
    from multiprocessing.util import Finalize

    _clear(Path(tempfile.gettempdir()), "nbproof")
    made = tempfile.tempdir = tempfile.mkdtemp(prefix=f"nbproof-{os.getpid()}-")
    # Unlike atexit's, this is also called where a forked process ends.
    Finalize(None, shutil.rmtree, (made, True), exitpriority=-100)
    return Path(made)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder of the same name on the same disk, to be filled and then moved to its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear(folder.parent, f".{folder.name}")
    prefix = f".{folder.name}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=prefix) as place:
        yield Path(place) / folder.name


def _clear(folder: Path, name: str) -> None:
    """Take away the temporary folders of that name whose process has ended: they carry its number."""
    for left in folder.glob(f"{glob.escape(name)}-[0-9]*-????????"):
        number = left.name.removeprefix(f"{name}-").partition("-")[0]
        if number.isdigit() and not left.is_symlink():
            import psutil

            if not psutil.pid_exists(int(number)):
                shutil.rmtree(left, ignore_errors=True)


def toml(file: Any, name: str) -> dict:
    """What a TOML file holds, a path or one in a package; `name` is the file as messages call it.

    Raises StudyError in one line, with the place, for a file that is not TOML in UTF-8.
    """
    data = file.read_bytes()
    try:
        return tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        said = f"line {line}: not UTF-8 (byte {data[error.start]:#x}). Save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        said = f'{error}. Expected: key = "text", a line each; restore or correct that line'
    raise StudyError(f"{name}: {said}.")


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes private files; a table is as readable as any other file of the folder.
        umask = os.umask(0)
        os.umask(umask)
        with suppress(PermissionError):  # a file system that knows no modes
            os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
