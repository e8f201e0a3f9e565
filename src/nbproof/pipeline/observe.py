"""Which files of a folder a program opens to read: in a kernel as an IPython extension, or here.

Python's audit hook sees every file that Python opens, and not what a C library opens by itself: the
boundaries, which GDAL reads. `named()` finds those by their names in the notebook's code.
"""

import ast
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nbproof.study import TRUSTED, Study

FOLDER = "NBPROOF_OBSERVE"  # the study whose files are of interest
LOG = "opened.txt"  # in $NBPROOF_OUTPUT, one path a line

_local = threading.local()
_hooked = False


@contextmanager
def reading(folder: Path) -> Iterator[set[str]]:
    """The data and labels of the study in `folder` that this thread opens to read in the block."""
    global _hooked
    seen: set[str] = set()
    root = os.path.realpath(folder)

    def note(path: str) -> None:
        if own := _own(path, root):
            seen.add(own)

    if not _hooked:
        # A hook cannot be taken away again: one for the life of the process, idle but for a block.
        _hooked = True
        sys.addaudithook(lambda event, args: _opened(event, args, getattr(_local, "note", None)))
    _local.note = note
    try:
        yield seen
    finally:
        _local.note = None


def load_ipython_extension(shell: object) -> None:
    """Log what this kernel opens in $NBPROOF_OBSERVE, and let it import the study's own code."""
    root = os.path.realpath(os.environ[FOLDER])
    if TRUSTED in os.environ:
        _ = Study(Path(os.environ[FOLDER])).face
    # The kernel may be stopped at any time: every line goes to the file at once.
    log = os.open(Path(os.environ["NBPROOF_OUTPUT"]) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    seen: set[str] = set()

    def note(path: str) -> None:
        if path not in seen and (own := _own(path, root)):
            seen.add(path)
            os.write(log, (own + "\n").encode())

    sys.addaudithook(lambda event, args: _opened(event, args, note))
    if pandas := sys.modules.get("pandas"):  # a sitecustomize may have set how tables are printed
        pandas.reset_option("^display")
        pandas.set_option("display.max_columns", 20)  # before there is a kernel it is a terminal's


def _own(path: str, root: str) -> str:
    """The file of the study's data or labels that a path leads to; empty if it leads elsewhere.

    In a copy that holds the labels without the code, those of the package that runs are the copy's.
    """
    if f"{os.sep}labels{os.sep}" in path and path.endswith(".toml"):
        own = os.path.join(root, "src", *path.split(os.sep)[-4:])
        return own if os.path.isfile(own) else ""
    return path if path.startswith(os.path.join(root, "data", "")) else ""


def _opened(event: str, args: tuple, note: Callable[[str], None] | None) -> None:
    if event != "open" or note is None:
        return
    path, _, flags = args
    if isinstance(path, int) or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
        return
    note(os.path.realpath(os.fsdecode(path)))


def named(folder: Path, sources: Iterable[str]) -> set[str]:
    """The files of `folder`, other than tables and packages, that a string in the code names."""
    texts = {
        Path(node.value).name
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        os.path.realpath(path)
        for path in folder.rglob("*")
        if path.suffix not in (".csv", ".json", "") and path.name in texts
    }
