"""Run notebooks with papermill: each in a kernel of its own, its results whole or not at all."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import papermill
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from nbproof.files import WriteError, write_bytes
from nbproof.pipeline import forker, notebooks, observe, settings, warm
from nbproof.pipeline.jobs import Job, workers
from nbproof.site import catalogues
from nbproof.study import Study, StudyError

CELL_TIMEOUT = 300  # seconds, unless a run says otherwise; the slowest cell takes about five
UNBORN = "Kernel died before replying to kernel_info"  # jupyter_client's words
KEPT = "Its earlier results stay as they were."


class RunError(StudyError):
    """A notebook did not run to its end."""


class Stopped(RunError):
    """A run was interrupted."""


def run_all(
    study: Study,
    jobs: Iterable[Job],
    done: Callable[[Job], None] = lambda job: None,
    *,
    forked: bool = False,
    most: int | None = None,
    timeout: int | None = None,
) -> list[StudyError]:
    """Run every job, `most` at a time; returns the errors of those that failed, each with its `job`.

    forked: in kernels forked from a `forker.Forker`, which must have been started. timeout: after how
    many seconds a cell is stopped.
    """
    errors: list[StudyError] = []

    def one(job: Job) -> StudyError | None:
        try:
            run(study, job, forked=forked, timeout=timeout)
        except StudyError as error:
            return error
        return None

    def ended(job: Job, error: StudyError | None) -> None:
        if error:
            error.job = job
            errors.append(error)
        done(job)

    every(one, jobs, ended, most or workers(not forked))
    return errors


def every(function: Callable, items: Iterable, done: Callable, most: int) -> None:
    """Call `function` with every item, `most` at a time, and `done` with item and result, here.

    An error or an interrupt ends all that is under way.
    """
    with ThreadPoolExecutor(most) as pool:
        running = {pool.submit(function, item): item for item in items}
        try:
            for future in as_completed(running):
                done(running.pop(future), future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise


def run(study: Study, job: Job, *, forked: bool = False, timeout: int | None = None) -> list[Path]:
    """Execute one notebook; only when all of it has run do its results replace earlier ones.

    Returns the files written. Raises RunError with notebook, cell, source and error of a cell that
    fails or takes too long, and WriteError where the results cannot be written.
    """
    with _counted():
        staging = _stage(job)
        try:
            before = job.notebook.read_bytes()
            content = _execute(study, job, staging, forked, timeout or CELL_TIMEOUT)
            reads = _reads(study, content, staging)
            prose = catalogues.prose(study, job.language, f"notebooks/{job.notebook.stem}")
            for cell in content.cells:
                cell.source = prose(cell.source) if cell.cell_type == "markdown" else cell.source
            written = []
            for file in sorted((staging / "figures").glob("*")):
                write_bytes(job.figures / file.name, file.read_bytes())
                written.append(job.figures / file.name)
            write_bytes(job.executed, notebooks.to_bytes(notebooks.settle(content, reads, before)))
            return [*written, job.executed]
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _stage(job: Job) -> Path:
    """A new folder on the file system of the results: each is moved into place in one step."""
    try:
        for folder in (job.executed.parent, job.figures):
            folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".run-", dir=job.executed.parent))
    except OSError as error:
        raise WriteError(
            f"{job.executed.parent}: no results can be written there ({error.strerror}). Make room, "
            "or allow writing there, and run again."
        ) from error


def _reads(study: Study, content: nbformat.NotebookNode, staging: Path) -> list[str]:
    """The data and labels that the run has opened, by their names in the study."""
    log = staging / observe.LOG
    opened = set(log.read_text(encoding="utf-8").splitlines()) if log.exists() else set()
    opened |= observe.named(study.data, notebooks.code(content))
    root = study.root.resolve()
    return sorted(
        Path(path).relative_to(root).as_posix()
        for path in opened
        if Path(path).is_relative_to(root)
    )


def _execute(
    study: Study, job: Job, staging: Path, forked: bool, timeout: int, again: bool = True
) -> nbformat.NotebookNode:
    try:
        return papermill.execute_notebook(
            # papermill fills parameters into paths: braces in a folder's name must stay braces.
            str(job.notebook).replace("{", "{{").replace("}", "}}"),
            None,
            parameters=job.parameters,
            engine_name="nbproof",
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            execution_timeout=timeout,
            forked=forked,
            # papermill's own `cwd` would move this whole process, and with it the runs beside this one.
            folder=str(job.notebook.parent),
            environment={
                **settings.neutral(staging),
                "NBPROOF_OUTPUT": str(staging),
                observe.FOLDER: str(study.root),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                # As in the forking process: sums may depend on the number of threads.
                **dict.fromkeys(warm.ONE_THREAD, "1"),
            },
        )
    except PapermillExecutionError as error:
        number = error.cell_index + (not job.parameters)  # papermill adds a cell for them
        raise RunError(
            f"{study.name(job.notebook)}, cell {number}: {error.ename}: {error.evalue}\n"
            f"{_indented(error.source)}\n{KEPT}"
        ) from None
    except CellTimeoutError as error:
        raise RunError(
            f"{study.name(job.notebook)}: a cell took more than {timeout} seconds and was stopped:\n"
            f"{_indented(_late(error))}\n{KEPT} If it may take longer, give it longer with "
            "--cell-timeout SECONDS."
        ) from None
    except DeadKernelError:
        raise RunError(
            f"{study.name(job.notebook)}: its kernel died (killed, out of memory, or a crash in a "
            f"library). {KEPT} Run it again; --workers 1 takes the least memory."
        ) from None
    except Exception as error:  # by many exception types
        # Another process took a port between its choice and its use: no cell has run yet.
        if again and UNBORN in str(error):
            return _execute(study, job, staging, forked, timeout, again=False)
        raise RunError(
            f"{study.name(job.notebook)}: {type(error).__name__}: {error}\n{KEPT}"
        ) from error


def _late(error: CellTimeoutError) -> str:
    """The cell's source, which stands between lines of dashes at the end of the message."""
    parts = str(error).split("\n-------------------\n")
    return parts[1] if len(parts) > 2 else str(error)


def _indented(source: str) -> str:
    return "\n".join("    " + line for line in source.splitlines())


class _Channels(AsyncKernelClient):
    """Jupyter's own client, which is ready as soon as its kernel is.

    jupyter_client waits a fifth of a second more for messages that nobody asked for; nbclient passes
    over those by itself. And it tries again after 10 milliseconds, not 100, where no kernel answers yet.
    """

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        self.context.reconnect_ivl = 10
        super().start_channels(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        until = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < until:
            self.kernel_info()
            with suppress(Empty):
                said = await self.shell_channel.get_msg(timeout=1)
                if said["msg_type"] == "kernel_info_reply":
                    # What cells show comes through too.
                    await self.iopub_channel.get_msg(timeout=0.2)
                    self._handle_kernel_info_reply(said)
                    return
            if not await self._async_is_alive():
                raise RuntimeError(UNBORN)
        raise RuntimeError(f"Kernel did not answer within {timeout} seconds")


class _Manager(AsyncKernelManager):
    """Jupyter's own manager, with this interpreter's kernel, whatever the user has named python3."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


class _Forked(_Manager):
    """The same, for a kernel specification that asks for the forking provisioner."""

    @property
    def kernel_spec(self) -> KernelSpec:
        spec = super().kernel_spec
        spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": forker.NAME}}
        return spec

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await super()._async_wait(pollinterval / 10)  # a forked kernel ends in less


class _Client(PapermillNotebookClient):
    """papermill's own client, which still knows its kernel's manager when the kernel has ended."""

    manager: Any = None

    def create_kernel_manager(self) -> Any:
        self.manager = super().create_kernel_manager()
        self.manager.client_factory = _Channels
        return self.manager


class _Engine(NBClientEngine):
    """papermill's own engine, with an environment and a folder for each kernel."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        environment: dict[str, str],
        folder: str,
        forked: bool,
        execution_timeout: int,
        start_timeout: int = 60,
        **_: Any,
    ) -> Any:
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=_Forked if forked else _Manager,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            # On a busy machine what a cell shows may come long after its end; papermill gives it four
            # seconds, and calls that a cell which took too long.
            iopub_timeout=execution_timeout,
            log_output=False,
            extra_arguments=[
                # Kernels that run side by side would wait for each other's history file.
                "--HistoryManager.enabled=False",
                # Below critical ipykernel reports only its own transport and that it was told to stop.
                "--log-level=50",
                f"--IPKernelApp.extensions={observe.__name__}",
            ],
        )
        _clients.add(client)
        try:
            return client.execute(env=environment, cwd=folder)
        finally:
            _clients.discard(client)
            _end(client)


papermill_engines.register("nbproof", _Engine)

# What is under way, so that an interrupt can end it.
_clients: set[_Client] = set()
_lock = threading.Lock()
_running = 0
_stopping = False


@contextmanager
def _counted() -> Iterator[None]:
    global _running
    with _lock:
        if _stopping:
            raise Stopped("stopped")
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1


def stop() -> None:
    """End every run that is under way, with its kernel, and wait until its files are put away."""
    global _stopping
    _stopping = True
    try:
        # A kernel may come up after the others have been ended: look again until no run is left.
        while _running:
            for client in list(_clients):
                _end(client)
            time.sleep(0.05)
    finally:
        _stopping = False


def _end(client: _Client) -> None:
    """End a kernel, if it is still there, with what the notebook itself has started."""
    provisioner: Any = getattr(client.manager, "provisioner", None)
    if getattr(provisioner, "pid", None) is None:
        return
    try:
        os.killpg(provisioner.pid, signal.SIGKILL)
    except (OSError, AttributeError):  # no group yet, or no groups on this system
        with suppress(OSError, AttributeError):
            provisioner.process.kill()
