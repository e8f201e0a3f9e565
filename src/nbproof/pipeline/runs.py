"""Run the steps that are out of date, with doit; say which are and why."""

import functools
import hashlib
import os
import pkgutil
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbproof.pipeline.tasks as doit
from nbproof.files import toml
from nbproof.pipeline import checksums, forker, graph, jobs, parameters, recorded, releases, state
from nbproof.pipeline.collection import members
from nbproof.pipeline.graph import CLEAN, SITE, Step
from nbproof.pipeline.jobs import Job
from nbproof.pipeline.leftovers import remove
from nbproof.pipeline.lock import locked
from nbproof.study import Study, StudyError, UsageError


@dataclass
class Report:
    """What a run has done."""

    ran: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)  # were up to date
    errors: list[StudyError] = field(default_factory=list)


def reproduce(
    study: Study,
    notebooks: Iterable[Path] | None = None,
    *,
    site: bool = False,
    force: bool = False,
    cold: bool = False,
    accept: bool = False,
    workers: int | None = None,
    timeout: int | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    say: Callable[[str], None] = print,
) -> Report:
    """Bring the steps of `notebooks` (default: all) and what they need up to date.

    site: and the rendered site. force: run them even if nothing has changed. cold: an ordinary kernel
    for each notebook. accept: replace results also with other releases than the lock's. timeout: after
    how many seconds a cell is stopped (default: engine.CELL_TIMEOUT). progress: called with a step that
    has ended, and with how many of how many have. say: is told why kernels are not forked.
    Raises KeyboardInterrupt after every process of the run has ended.
    """
    if accept and (said := releases.said(study)):
        say(said)
    with locked(study.build):
        manager = state.manager(study)
        steps = graph.steps(study, manager.get_values)
        chosen = _chosen(steps, notebooks)
        parameters.prove(dict.fromkeys(step.notebook for step in chosen if step.notebook))
        if site:
            steps.append(graph.site(study, steps))
            chosen = [*chosen, steps[-1]]
        places = {step.executed.parent for step in steps if step.executed}
        remove({study.data / "processed", study.figures, study.build, *places})
        work = _Work(study, chosen, cold, say, timeout, accept)
        control = doit.TaskControl([work.task(step, manager) for step in steps])
        control.process([step.name for step in chosen])
        reporter = _Reporter(manager, len(chosen), progress)
        reporter.report.errors = work.errors
        most = workers or jobs.workers(cold)
        how = {"continue_": True, "always_execute": force, "num_process": most}
        runner = doit.MThreadRunner(manager, reporter, **how)
        try:
            dispatcher = control.task_dispatcher()
            dispatcher.ready = LongestFirst(manager.get_values)
            runner.run_all(dispatcher)
        except (KeyboardInterrupt, StudyError, OSError):  # the last: no room for the record of it
            work.stop()
            raise
        _record(study, manager, chosen, reporter.report, complete=notebooks is None)
        return reporter.report


def _record(
    study: Study, manager: doit.Dependency, chosen: list[Step], report: Report, complete: bool
) -> None:
    good = {*report.ran, *report.current}
    chosen = [step for step in chosen if step.name in good and step.name != SITE]
    kept = [manager.get_values(step.name) for step in chosen]
    made = {
        name: values.get("parts", {}).get(name, made[0])
        for values in kept
        for name, made in values["made"].items()
    }
    recorded.write(study, made, complete and not report.errors)


def beside(
    study: Study,
    wanted: list[Job],
    folder: Path,
    *,
    cold: bool = False,
    workers: int | None = None,
    timeout: int | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    say: Callable[[str], None] = print,
) -> list[StudyError]:
    """Run jobs whose results go to `folder`, whatever has changed, on tables that are up to date."""
    with ready(study, {job.notebook for job in wanted}, folder, cold=cold, say=say) as forked:
        remove({path for job in wanted for path in (job.executed.parent, job.figures)})
        ended = iter(range(1, len(wanted) + 1))
        return engine().run_all(
            study, wanted, lambda job: progress(job.name, next(ended), len(wanted)),
            forked=forked, most=workers, timeout=timeout,
        )  # fmt: skip


@contextmanager
def ready(
    study: Study,
    notebooks: Iterable[Path],
    folder: Path,
    *,
    cold: bool = False,
    say: Callable[[str], None] = print,
) -> Iterator[bool]:
    """Tables up to date, `folder` for this run alone, and the engine imported: whether kernels fork.

    The forking process starts first: its imports take longest, and all else goes on beside them.
    Raises StudyError if the tables cannot be cleaned.
    """
    forking = None if cold else forker.Forker(sorted(graph.outside(study, notebooks)))
    if said := releases.said(study):
        say(said)
    for error in reproduce(study, [], cold=True).errors:
        raise error
    parameters.prove(set(notebooks).intersection(members(study)))
    engine()
    # Several may read the collection at a time; a folder of results has one writer.
    name = "lock-" + hashlib.sha256(bytes(folder)).hexdigest()[:16]
    with locked(study.build, shared=folder != study.root), locked(study.build, name):
        yield forking is not None and forker.answer(forking, say)


def status(study: Study, notebooks: Iterable[Path] | None = None) -> dict[str, list[str]]:
    """Each step of `notebooks` (default: all) and what they need that is out of date, with the reasons.

    Raises StudyError where a run would stop before it begins.
    """
    manager = state.manager(study)
    steps = graph.steps(study, manager.get_values, notebooks)
    parameters.prove(dict.fromkeys(step.notebook for step in steps if step.notebook))
    if notebooks is None and manager.get_values(SITE):  # Most people never build it.
        steps.append(graph.site(study, steps))
    work = _Work(study, steps, True, print)
    late: dict[str, list[str]] = {}
    for step in steps:
        task = work.task(step, manager)
        found = manager.get_status(task, {}, get_log=True)
        said = state.reasons(found.reasons, bool(manager.get_values(step.name)))
        waiting = [f"{name} is out of date" for name in step.after if name in late]
        if said or waiting:
            late[step.name] = said + waiting
    return late


def _chosen(steps: list[Step], notebooks: Iterable[Path] | None) -> list[Step]:
    if notebooks is None:
        return steps
    wanted = set(notebooks)
    return [step for step in steps if step.name == CLEAN or step.notebook in wanted]


class _Work:
    """The steps as doit's tasks. Whatever takes long to import is imported when something runs."""

    def __init__(
        self,
        study: Study,
        chosen: list[Step],
        cold: bool,
        say: Callable[[str], None],
        timeout: int | None = None,
        accept: bool = False,
    ):
        self._study = study
        self._accept = accept
        self._prove = functools.cache(releases.refuse)
        self._chosen = chosen
        self._cold = cold
        self._say = say
        self._timeout = timeout
        self._forker: forker.Forker | None = None
        self._preparing = threading.Lock()
        self.errors: list[StudyError] = []

    def task(self, step: Step, manager: doit.Dependency) -> doit.Task:
        here = graph.releases(step.outside)
        checks = [state.Made(self._study), state.Releases(here)]
        if step.name == SITE:
            checks.append(state.Results(manager, step))
        return doit.Task(
            step.name,
            [(self._run, [step, here, *checks[2:]])],
            file_dep=sorted(map(self._study.name, step.reads)),
            task_dep=step.after,
            uptodate=checks,
            # doit would put its own stream in the place of stdout, for all threads at once.
            io={"capture": False},
        )

    def _run(self, step: Step, here: list, *results: state.Results, task: doit.Task) -> dict | bool:
        """doit's action; returns what the next run wants to know."""
        started = time.monotonic()
        run = {CLEAN: self._clean, SITE: self._site}.get(step.name, self._notebook)
        try:
            if step.notebook and not self._accept:
                self._prove(self._study)
            made, reads = run(step)
        except (StudyError, OSError) as error:
            said = f"{step.name}: {error}. Its earlier results stay as they were."
            if not any(isinstance(one, UsageError) for one in self.errors):
                self.errors.append(error if isinstance(error, StudyError) else StudyError(said))
            return False
        # What it has read now is what it depends on from now on.
        task.file_dep = {self._study.name(path) for path in step.code} | reads
        return {
            "made": {
                self._study.name(path): [checksums.exact(path), checksums.stamp(path)]
                for path in made
            },
            "parts": {
                self._study.name(path): recorded.parts(path)
                for path in made
                if path.suffix == ".ipynb"
            },
            "reads": sorted(reads),
            "releases": here,
            "results": [text for found in results for text in found.now()],
            "seconds": round(time.monotonic() - started, 2),
        }

    def _clean(self, step: Step) -> tuple[list[Path], set[str]]:
        self._prepare()
        from nbproof import processed
        from nbproof.pipeline import observe

        with observe.reading(self._study.root) as opened:
            names = processed.write(self._study, accept=self._accept)
        made = [self._study.data / "processed" / f"{name}.csv" for name in names]
        # A table is looked at before it is replaced; what stood there is no source of it.
        return made, {self._study.name(path) for path in opened - {*map(os.path.realpath, made)}}

    def _notebook(self, step: Step) -> tuple[list[Path], set[str]]:
        # The notebook would say of a broken label file only what Python says.
        for labels in sorted(path for path in step.reads if path.suffix == ".toml"):
            toml(labels, self._study.name(labels))
        forked = self._prepare()
        job = graph.job(self._study, step)
        made = engine().run(self._study, job, forked=forked(), timeout=self._timeout)
        return made, set(graph.declared(job.executed))

    def _site(self, step: Step) -> tuple[list[Path], set[str]]:
        html = pkgutil.resolve_name(graph.BUILDER)(self._study)
        made = [path for path in html.rglob("*") if path.is_file()]
        return made, {self._study.name(path) for path in step.data}

    def _prepare(self) -> Callable[[], bool]:
        """Start the forking process, once; the answer, whether kernels are forked, comes later."""
        with self._preparing:
            if self._cold:
                return lambda: False
            if self._forker is None:
                self._forker = forker.Forker(
                    sorted(set().union(*(s.outside for s in self._chosen if s.name != SITE)))
                )
                # papermill takes as long to import as the tables to clean.
                threading.Thread(target=engine, daemon=True).start()
            return functools.partial(self._forked, self._forker)

    def _forked(self, started: forker.Forker) -> bool:
        with self._preparing:
            say, self._say = self._say, lambda text: None  # once
            return forker.answer(started, say)

    def stop(self) -> None:
        if self._forker or self._cold:
            engine().stop()


def engine() -> types.ModuleType:
    """The engine, imported when there is something to run.

    nbformat's validator compiles grammars of web addresses when it is imported, for a second and a
    half, if their package is there; no rule for notebooks uses them.
    """
    with _importing:
        modules: dict = sys.modules
        hidden = modules.setdefault(GRAMMARS, None) is None
        try:
            from nbproof.pipeline import engine
        finally:
            if hidden:
                del modules[GRAMMARS]
    return engine


_importing = threading.Lock()
GRAMMARS = "rfc3987_syntax"


class LongestFirst(deque):
    """doit's queue of steps: first what took longest last time, so that nothing long is left for the end."""

    def __init__(self, kept: Callable[[str], Mapping]):
        super().__init__()
        self._kept = kept

    def popleft(self) -> object:
        first = max(self, key=lambda node: self._kept(node.task.name).get("seconds", 0))
        self.remove(first)
        return first


class _Reporter(doit.ZeroReporter):
    """doit's reports as a Report; the state is written after each step, not only at the end."""

    def __init__(
        self, manager: doit.Dependency, total: int, progress: Callable[[str, int, int], None]
    ):
        self.report = Report()
        self._manager = manager
        self._total = total
        self._progress = progress
        self._done = 0

    def add_success(self, task: doit.Task) -> None:
        self.report.ran.append(task.name)
        self._manager.backend.dump()
        self._ended(task)

    def skip_uptodate(self, task: doit.Task) -> None:
        self.report.current.append(task.name)
        self._done += 1

    def add_failure(self, task: doit.Task, fail: doit.TaskError) -> None:
        # A step that failed has left its own error; one that waits for a failed step has none.
        if isinstance(fail, doit.TaskError) and not isinstance(fail, doit.UnmetDependency):
            self.report.errors.append(StudyError(f"{task.name}: {fail.get_msg()}"))
        self._ended(task)

    def runtime_error(self, msg: str) -> None:
        self.report.errors.append(StudyError(msg))

    def _ended(self, task: doit.Task) -> None:
        self._done += 1
        self._progress(task.name, self._done, self._total)
