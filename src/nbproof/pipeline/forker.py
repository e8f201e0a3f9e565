"""The forking process: it imports the stack once, beside all else; `warm` makes kernels of its children.

Nothing of Jupyter is imported here: the process starts before a run has imported what it needs itself.
"""

import importlib
import multiprocessing
import os
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from nbproof.files import own_temporary_folder

PROVISIONERS, NAME = "jupyter_client.kernel_provisioners", "nbproof-warm"  # in pyproject.toml
STACK = "nbproof.pipeline.stack"
# Last in the list of what is imported first: it counts the threads when all is there.
READY = "nbproof.pipeline.ready"

_lock = threading.Lock()


class Forker:
    """The forking process; it starts at once and imports beside what this process goes on to do.

    modules: what to import before the first kernel, by name. `refusal()` says why no kernel can be
    forked, or None.
    """

    def __init__(self, modules: Iterable[str] = ()):
        # An optional package that is not installed is nobody's to miss.
        self.modules = [name for name in modules if find_spec(name.partition(".")[0])]
        self._refusal: str | None = None
        self._asked = threading.Thread(target=self._ask, daemon=True)
        if "forkserver" not in multiprocessing.get_all_start_methods():
            self._refusal = "this system cannot fork"
        else:
            from multiprocessing import forkserver

            forkserver.set_forkserver_preload([STACK, *self.modules, READY])
            own_temporary_folder()  # for the forking process's socket too
            with _lock, no_main_module():
                forkserver.ensure_running()
            self._asked.start()

    def refusal(self) -> str | None:
        if self._asked.ident:
            self._asked.join()
        return self._refusal

    def _ask(self) -> None:
        """A first child says what the forking process has imported: it keeps import errors to itself."""
        from importlib.metadata import entry_points

        if NAME not in entry_points(group=PROVISIONERS).names:
            self._refusal = (
                f"the entry point {NAME} is not installed; run `pip install --no-deps -e .` again"
            )
            return
        try:
            here, there = multiprocessing.Pipe(duplex=False)
            process = start_child(_report, there, self.modules)
            there.close()
            self._refusal = here.recv()
            process.join()
        except (OSError, EOFError) as error:
            self._refusal = f"the forking process did not start ({type(error).__name__}: {error})"


def start(modules: Iterable[str], say: Callable[[str], None]) -> bool:
    """Start the forking process and wait for it; False, after a word to `say`, if it cannot be had."""
    return answer(Forker(sorted(modules)), say)


def answer(forker: Forker, say: Callable[[str], None]) -> bool:
    refusal = forker.refusal()
    if refusal:
        say(f"Each notebook's kernel starts by itself, which takes longer: {refusal}.")
    return not refusal


def _report(there: Connection, modules: list[str]) -> None:
    """In a forked child: why it is not fit to become a kernel, or None."""
    lost = [name for name in (STACK, READY) if name not in sys.modules]
    # What the forking process was not asked for when it started, each kernel imports by itself.
    lost += [name for name in modules if name not in sys.modules and not _imports(name)]
    threads = getattr(sys.modules.get(READY), "THREADS", 0)
    refusal = None
    if lost:
        refusal = f"the forking process could not import {', '.join(lost)}"
    elif threads != 1:
        refusal = f"the forking process holds {threads} threads, expected one"
    with suppress(BrokenPipeError):  # the run has ended before the stack was there
        there.send(refusal)


def _imports(name: str) -> bool:
    try:
        return bool(importlib.import_module(name))
    except Exception:  # a package may raise anything when it is imported
        return False


def start_child(target: Callable, *arguments: object) -> BaseProcess:
    process = multiprocessing.get_context("forkserver").Process(target=target, args=arguments)
    with _lock, no_main_module(), _may_have_children():
        process.start()
    return process


@contextmanager
def _may_have_children() -> Iterator[None]:
    """A Dask worker is a daemon, which may have none; a kernel ends with its parent by itself."""
    here = multiprocessing.current_process()
    daemon, here.daemon = here.daemon, False
    try:
        yield
    finally:
        here.daemon = daemon


@contextmanager
def no_main_module() -> Iterator[None]:
    """A forked child imports its parent's main module again; a kernel has no use for it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def leave_with_parent() -> None:
    """Wait for the end of the process that started this one, and end."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
