"""One notebook, run at every point of a grid: a folder a point, and a table of all of them.

A point's folder is there whole or not at all, with `point.json` beside its results. So the folders
are the state of the sweep: one that was killed continues where it stopped.
"""

import functools
import hashlib
import io
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from nbproof import study as studies
from nbproof.figures import record
from nbproof.files import own_temporary_folder, write_bytes
from nbproof.pipeline import checksums, closure, graph, jobs, recorded, runs, shifts
from nbproof.pipeline.grid import Point, text
from nbproof.pipeline.jobs import Job
from nbproof.study import Study, StudyError

STATE = "point.json"
TABLE = "runs.parquet"
UNFINISHED = ".unfinished-"
COLUMNS = ["status", "seconds", "cards", "hash", "error"]  # of the table, after the parameters
KEYS = {"notebook", "parameters", "reads", *COLUMNS}
# As nbproof.figures.card prints it: from the figure's name to the checksum of its table


@dataclass(frozen=True)
class Result:
    """What a run at one point has left: what point.json says, and its files by their names."""

    state: dict
    files: dict[str, bytes]


class Inputs:
    """What the results depend on, as it stood when the sweep began.

    A file that changes while the sweep runs gives the point another checksum than it was stored with:
    the next sweep runs it again.
    """

    def __init__(self, study: Study, notebook: Path):
        self._code = {
            step.language: [
                *graph.releases(step.outside),
                *sorted(f"{_stem(study, path)} {checksums.checksum(path)}" for path in step.code),
            ]
            for step in graph.steps(study)
            if step.notebook == notebook
        }
        self._data = {
            study.name(path): checksums.exact(path)
            for path in [*study.data.rglob("*"), *study.root.glob(recorded.LABELS)]
            if path.is_file()
        }

    def hash(self, language: str, reads: Iterable[str]) -> str:
        """sha256 of notebook, library, releases of other projects, and the data that a point reads."""
        data = (f"{name} {self._data.get(name)}" for name in sorted(reads))
        return hashlib.sha256("\n".join([*self._code[language], *data]).encode()).hexdigest()


def _stem(study: Study, path: Path) -> str:
    """A name that is the same wherever the collection and the library are kept."""
    for home in {closure.folder(name).parent for name in (closure.OWN, *study.face.packages)}:
        if path.is_relative_to(home):
            return path.relative_to(home).as_posix()
    return path.name


def sweep(
    study: Study,
    notebook: Path,
    points: list[Point],
    folder: Path,
    *,
    cold: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    say: Callable[[str], None] = print,
) -> list[tuple[Point, str]]:
    """Run `notebook` at those points that `folder` does not hold yet; those that failed, with errors.

    scheduler: the address of a Dask cluster whose workers run the points; otherwise they run here,
    `workers` at a time. progress, say: as in `runs.reproduce`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    failed: list[tuple[Point, str]] = []
    many = len(points) > shifts.SHIFT
    elsewhere = many or bool(scheduler)
    with runs.ready(study, {notebook}, folder, cold=cold or elsewhere, say=say) as forked:
        inputs = Inputs(study, notebook)
        _tidy(folder, notebook)
        waiting = [point for point in points if not _current(folder, point, inputs)]
        write_table(folder)  # also loads at once what it needs, so that memory stays as it is
        say(f"{len(points):,} points, {len(points) - len(waiting):,} of them already there.")
        ended = iter(range(1, len(waiting) + 1))

        run = functools.partial(_run, study, notebook, inputs, folder)

        def done(point: Point, error: str) -> None:
            if error:
                failed.append((point, error))
            progress(point.name, next(ended), len(waiting))

        try:
            if scheduler:
                from nbproof.pipeline import cluster

                def come(point: Point, result: Result) -> None:
                    done(point, _store(folder, notebook, point, result))

                cluster.run(scheduler, study, notebook, waiting, inputs, cold, come)
            elif many:
                modules = None if cold else sorted(graph.outside(study, {notebook}))
                shifts.every(run, waiting, done, modules, workers, say)
            else:
                one = functools.partial(run, forked=forked)
                runs.engine().every(one, waiting, done, workers or jobs.workers(not forked))
        finally:
            write_table(folder)
    return failed


def _run(
    study: Study, notebook: Path, inputs: Inputs, folder: Path, point: Point, *, forked: bool
) -> str:
    """Run one point and store it where it was made; its error."""
    return _store(folder, notebook, point, at(study, notebook, inputs, point, forked=forked))


def at(study: Study, notebook: Path, inputs: Inputs, point: Point, *, forked: bool) -> Result:
    """Run the notebook at one point."""
    engine = runs.engine()
    started = time.monotonic()
    state: dict = {"status": "done", "cards": "", "reads": [], "error": ""}
    with tempfile.TemporaryDirectory(dir=own_temporary_folder()) as place:
        executed = Path(place) / notebook.name
        try:
            engine.run(
                study,
                Job(notebook, point.given, executed, Path(place) / "figures"),
                forked=forked,
            )
            content = json.loads(executed.read_bytes())
            state["reads"] = content["metadata"].get("nbproof", {}).get("reads", [])
            state["cards"] = "\n\n".join(
                [record.card(said) for _, said in record.published(content)]
            )
        except engine.Stopped:
            raise
        except engine.RunError as error:
            state["status"] = "failed"
            state["error"] = str(error).removesuffix(engine.KEPT).strip()
        files = {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in Path(place).rglob("*")
            if path.is_file()
        }
    state["seconds"] = round(time.monotonic() - started, 3)
    state["hash"] = inputs.hash(language(point), state["reads"])
    return Result(state, files)


def failure(point: Point, inputs: Inputs, error: str) -> Result:
    """The result of a point at which nothing has run to its end."""
    state = {"status": "failed", "cards": "", "reads": [], "error": error, "seconds": 0.0}
    return Result({**state, "hash": inputs.hash(language(point), [])}, {})


def language(point: Point) -> str:
    return point.parameters.get("lang", graph.LANGUAGES[0])


def command(notebook: Path, point: Point) -> str:
    """What runs one point by itself."""
    import shlex

    given = [f"-p {shlex.quote(f'{name}={text(value)}')}" for name, value in point.swept.items()]
    return studies.command_line(" ".join(["reproduce", notebook.stem, *given]))


def _tidy(folder: Path, notebook: Path) -> None:
    """Take away what a killed sweep was writing; refuse the folder of another notebook's sweep."""
    for path in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(path)
    for state in _states(folder):
        if state["notebook"] != notebook.stem:
            raise StudyError(
                f"{folder} holds a sweep of {state['notebook']}; name another with --output."
            )


def _current(folder: Path, point: Point, inputs: Inputs) -> bool:
    state = _state(folder / point.name)
    return (
        state is not None
        and state["status"] == "done"
        and state["hash"] == inputs.hash(language(point), state["reads"])
    )


def _store(folder: Path, notebook: Path, point: Point, result: Result) -> str:
    """Put a result where it belongs, whole; its error."""
    unfinished = folder / f"{UNFINISHED}{point.name}"
    unfinished.mkdir()
    state = {"notebook": notebook.stem, "parameters": point.parameters, **result.state}
    said = json.dumps(state, ensure_ascii=False, indent=2) + "\n"
    for name, data in {**result.files, STATE: said.encode()}.items():
        (unfinished / name).parent.mkdir(exist_ok=True)
        (unfinished / name).write_bytes(data)
    if (folder / point.name).exists():
        shutil.rmtree(folder / point.name)
    unfinished.rename(folder / point.name)
    return result.state["error"]


def _state(folder: Path) -> dict | None:
    """What point.json says, if it says all that it has to."""
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) and state.keys() >= KEYS else None


def _states(folder: Path) -> list[dict]:
    found = ((path, _state(path)) for path in sorted(folder.iterdir()) if path.is_dir())
    return [{"point": path.name, **state} for path, state in found if state]


def write_table(folder: Path) -> None:
    """`runs.parquet`: a row for every point that `folder` holds, made from their point.json."""
    import pandas

    rows = [
        {**{name: state[name] for name in ("point", "notebook")}, **state["parameters"],
         **{name: state[name] for name in COLUMNS}}
        for state in _states(folder)
    ]  # fmt: skip
    table = io.BytesIO()
    pandas.DataFrame(rows).to_parquet(table, index=False)
    write_bytes(folder / TABLE, table.getvalue())
