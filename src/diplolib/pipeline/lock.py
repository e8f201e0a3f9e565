"""One run at a time in one folder."""

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextmanager
def locked(folder: Path, name: str = "lock", *, shared: bool = False) -> Iterator[None]:
    """Hold `folder`/`name` during the block; a second run says so on stderr and waits for the first.

    shared: several may hold it together, none of them beside one who holds it alone. The system lets
    go of a lock when its process ends, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "a+", encoding="utf-8") as file:
        if not _try(file, shared):
            print(
                f"Another run is at work in {folder.parent}; waiting for it to end.",
                file=sys.stderr,
                flush=True,
            )
            _wait(file, shared)
        yield


def _try(file, shared: bool) -> bool:
    if fcntl is None:
        return _try_windows(file)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        _warn(Path(file.name).parent, error.strerror)
    return True


@functools.cache  # once
def _warn(folder: Path, why: str) -> None:
    """Some network and cloud file systems know no locks; a run by itself needs none."""
    print(
        f"{folder}: files cannot be locked there ({why}); the run goes on. See to it yourself that no "
        "other run is at work in this folder.",
        file=sys.stderr,
        flush=True,
    )


def _wait(file, shared: bool) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        return
    import time

    while not _try_windows(file):
        time.sleep(0.2)


def _try_windows(file) -> bool:
    import msvcrt

    file.seek(0)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except PermissionError:  # held by another
        return False
    except OSError as error:
        _warn(Path(file.name).parent, error.strerror)
    return True
