"""A sweep's points on the workers of a Dask cluster.

A worker sends back what the run has left as bytes, and the process that began the sweep stores it:
a point that Dask runs again, because its worker was lost, is stored once.
"""

import functools
import itertools
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbproof import study as studies
from nbproof.pipeline import graph, sweeps
from nbproof.pipeline.grid import Point
from nbproof.pipeline.sweeps import Inputs, Result
from nbproof.study import Study, StudyError

AHEAD = 200  # points that the cluster holds at a time, so that results do not pile up on it
TIMEOUT = 30  # seconds until the scheduler must have answered

_lock = threading.Lock()


def run(
    address: str,
    study: Study,
    notebook: Path,
    points: list[Point],
    inputs: Inputs,
    cold: bool,
    done: Callable[[Point, Result], None],
) -> None:
    """Call `done` with every point and its result. Raises StudyError if there is no such cluster."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise StudyError("--scheduler needs Dask: pip install distributed.") from None
    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        # With another sweep's name, Dask would give back what it has run already.
        sweep = uuid.uuid4().hex

        def submit(point: Point) -> Any:
            return client.submit(
                _at, study.root, notebook.name, point, sweep, cold, key=f"{sweep}-{point.name}"
            )

        waiting = iter(points)
        running = {submit(point): point for point in itertools.islice(waiting, AHEAD)}
        completed = as_completed(running, loop=client.loop)  # not another client's
        for future in completed:
            point = running.pop(future)
            done(point, _checked(point, future, inputs))
            for following in itertools.islice(waiting, 1):
                running[new := submit(following)] = following
                completed.add(new)


def _checked(point: Point, future: Any, inputs: Inputs) -> Result:
    """The result, if it was made from what lies here."""
    try:
        result: Result = future.result()
    except Exception as error:  # whatever went wrong on another computer
        return sweeps.failure(point, inputs, f"{type(error).__name__}: {error}")
    if result.state["hash"] == inputs.hash(sweeps.language(point), result.state["reads"]):
        return result
    return sweeps.failure(
        point,
        inputs,
        "a worker's notebook, library, data or packages are not those of this computer. "
        "Install the same lock file and the same commit of the collection on both.",
    )


def _at(root: Path, notebook: str, point: Point, sweep: str, cold: bool) -> Result:
    """On a worker: run one point, in the collection at the same place or around the worker's folder."""
    with _lock:  # a worker has threads
        study, inputs, forked = _prepared(root, notebook, sweep, cold)
    return sweeps.at(study, study.notebooks / notebook, inputs, point, forked=forked)


@functools.lru_cache(maxsize=1)
def _prepared(root: Path, notebook: str, sweep: str, cold: bool) -> tuple[Study, Inputs, bool]:
    from nbproof.pipeline import forker

    study = studies.find(root if (root / "data").is_dir() else None)
    path = study.notebooks / notebook
    modules = graph.outside(study, [path])
    return study, Inputs(study, path), not cold and forker.start(modules, print)
