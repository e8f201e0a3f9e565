"""Run notebooks with papermill: each in a kernel of its own, its results whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import papermill
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from diplolib.pipeline import notebooks
from diplolib.study import Study, StudyError
from diplolib.tables import write_bytes

CELL_TIMEOUT = 300  # seconds; the slowest cell takes about five


class RunError(StudyError):
    """A notebook did not run to its end."""


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters, and where its results go."""

    notebook: Path
    parameters: dict = field(default_factory=dict)
    executed: Path | None = None  # the executed notebook's file
    figures: Path | None = None  # the folder of its figures

    @property
    def name(self) -> str:
        return f"{self.notebook.stem} ({self.parameters.get('lang', 'en')})"


def run_all(
    study: Study, jobs: Iterable[Job], done: Callable[[Job], None] = lambda job: None
) -> list[RunError]:
    """Run every job, as many at once as there are cores; returns the errors of those that failed."""
    errors = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(run, study, job): job for job in jobs}
        try:
            for future in as_completed(running):
                try:
                    future.result()
                except RunError as error:
                    errors.append(error)
                done(running[future])
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return errors


def run(study: Study, job: Job) -> None:
    """Execute one notebook; only when all of it has run do its results replace earlier ones.

    Raises RunError with notebook, cell, source and error of a cell that fails.
    """
    for folder in (job.executed.parent, job.figures):
        folder.mkdir(parents=True, exist_ok=True)
    # On the same file system as the results, so that each can be moved into place in one step.
    staging = Path(tempfile.mkdtemp(prefix=".run-", dir=job.executed.parent))
    try:
        content = _execute(study, job, staging)
        for file in sorted((staging / "figures").glob("*")):
            write_bytes(job.figures / file.name, file.read_bytes())
        write_bytes(job.executed, notebooks.to_bytes(notebooks.settle(content)))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _execute(study: Study, job: Job, staging: Path) -> nbformat.NotebookNode:
    try:
        return papermill.execute_notebook(
            str(job.notebook),
            None,
            parameters=job.parameters,
            engine_name="diplolib",
            kernel_name="python3",
            cwd=str(job.notebook.parent),
            progress_bar=False,
            log_output=False,
            execution_timeout=CELL_TIMEOUT,
            environment={
                **os.environ,
                "DIPLOLIB_OUTPUT": str(staging),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            },
        )
    except PapermillExecutionError as error:
        raise RunError(
            f"{study.name(job.notebook)}, cell {error.cell_index}: {error.ename}: {error.evalue}\n"
            f"{_indented(error.source)}\nIts earlier results stay as they were."
        ) from None
    except Exception as error:  # a kernel that dies or hangs, by many exception types
        raise RunError(
            f"{study.name(job.notebook)}: {type(error).__name__}: {error}\n"
            "Its earlier results stay as they were."
        ) from error


def _indented(source: str) -> str:
    return "\n".join("    " + line for line in source.splitlines())


class _Engine(NBClientEngine):
    """papermill's own engine, with an environment for each kernel and no shell history."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, environment, execution_timeout, start_timeout=60, **_
    ):
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            log_output=False,
            # Kernels that run side by side would wait for each other's history file.
            # Below critical ipykernel reports only its own transport and that it was told to stop.
            extra_arguments=["--HistoryManager.enabled=False", "--log-level=50"],
        )
        return client.execute(env=environment)


papermill_engines.register("diplolib", _Engine)
