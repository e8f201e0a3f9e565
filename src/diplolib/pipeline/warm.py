"""Kernels forked from a process that has imported the stack: Jupyter's provisioner over a forkserver.

Each notebook still has a process of its own. Only the imports of other projects are shared: the
library itself is imported by each kernel, so that a forking process is never out of date.
"""

import importlib
import multiprocessing
import os
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from importlib.util import find_spec

from jupyter_client.provisioning import LocalProvisioner

NAME = "diplolib-warm"  # the entry point, in pyproject.toml
STACK = "diplolib.pipeline.stack"
# Last in the list of what is imported first: it counts the threads when all is there.
READY = "diplolib.pipeline.ready"

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

_lock = threading.Lock()


class Forker:
    """The forking process; it starts at once and imports in the background.

    modules: what to import before the first kernel, by name. `refusal()` says why no kernel can be
    forked, or None.
    """

    def __init__(self, modules: Iterable[str] = ()):
        # An optional package that is not installed is nobody's to miss.
        self.modules = [name for name in modules if find_spec(name.partition(".")[0])]
        self._refusal = _impossible()
        self._asked = threading.Thread(target=self._ask, daemon=True)
        if not self._refusal:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload([STACK, *self.modules, READY])
            self._asked.start()

    def refusal(self) -> str | None:
        if self._asked.ident:
            self._asked.join()
        return self._refusal

    def _ask(self) -> None:
        """A first child says what the forking process has imported: it keeps import errors to itself."""
        try:
            here, there = multiprocessing.Pipe(duplex=False)
            process = _start(_report, there, self.modules)
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


def _impossible() -> str | None:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "this system cannot fork"
    from jupyter_client.provisioning import KernelProvisionerFactory

    if NAME not in KernelProvisionerFactory.instance().provisioners:
        return f"the entry point {NAME} is not installed; run `pip install --no-deps -e .` again"
    return None


def _report(there, modules: list[str]) -> None:
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


def _start(target, *arguments):
    process = multiprocessing.get_context("forkserver").Process(target=target, args=arguments)
    with _lock, no_main_module(), _may_have_children():
        process.start()
    return process


@contextmanager
def _may_have_children():
    """A Dask worker is a daemon, which may have none; a kernel ends with its parent by itself."""
    here = multiprocessing.current_process()
    daemon, here.daemon = here.daemon, False
    try:
        yield
    finally:
        here.daemon = daemon


@contextmanager
def no_main_module():
    """A forked child imports its parent's main module again; a kernel has no use for it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class Provisioner(LocalProvisioner):
    """Jupyter's local provisioner, with a fork in the place of a new interpreter."""

    async def launch_kernel(self, cmd, **kwargs):
        # A kernel of another interpreter, or in another language, cannot be forked from this one.
        if cmd[0] != sys.executable or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        environment = {**(kwargs.get("env") or os.environ)}
        process = _start(_kernel, arguments, kwargs.get("cwd") or os.getcwd(), environment)
        self.process = _Process(process)
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd")
        return self.connection_info


class _Process:
    """A multiprocessing process under the names of subprocess, as the local provisioner calls them."""

    stdin = stdout = stderr = None

    def __init__(self, process):
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        os.kill(self.pid, signum)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _kernel(arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    """In a forked child: become the kernel that a new interpreter would have been."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    stack = sys.modules[STACK]
    sys.path[:] = stack.PATH
    import ipykernel_launcher

    sys.argv[:] = [ipykernel_launcher.__file__, *arguments]
    # Its kernel poller would watch the forking process, which lives as long as its children.
    os.environ.pop("JPY_PARENT_PID", None)
    threading.Thread(target=leave_with_parent, daemon=True).start()
    if "numpy" in sys.modules:
        # Else all children draw the same "random" numbers. Python's own generator sees to itself.
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def leave_with_parent() -> None:
    """Wait for the end of the process that started this one, and end."""
    multiprocessing.parent_process().join()
    os._exit(1)
