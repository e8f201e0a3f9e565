"""Files that are written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from diplolib.study import StudyError


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
