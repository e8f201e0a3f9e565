"""One run at a time in one folder."""

import functools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def locked(folder: Path, name: str = "lock", *, shared: bool = False) -> Iterator[None]:
    """Hold `folder`/`name` during the block; a second run says so on stderr and waits for the first.

    shared: several may hold it together, none of them beside one who holds it alone. The system lets
    go of a lock when its process ends, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "a+", encoding="utf-8") as file:
        if not _try(file, shared):
            _say(f"Another run is at work in {folder.parent}; waiting for it to end.")
            while not _try(file, shared):
                time.sleep(0.1)
        yield


def _try(file: IO[str], shared: bool) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # held by another
        return False
    except OSError as error:
        # Some network and cloud file systems know no locks; a run by itself needs none.
        _say(
            f"{Path(file.name).parent}: files cannot be locked there ({error.strerror}); the run goes "
            "on. See to it yourself that no other run is at work in this folder."
        )
    return True


@functools.cache  # once
def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
