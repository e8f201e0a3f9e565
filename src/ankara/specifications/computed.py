"""The table of all specifications: computed in several processes, written, compared with what is stored."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable
from functools import partial
from itertools import zip_longest

import pandas as pd

from ankara.specifications import inputs
from ankara.specifications.grid import explore
from ankara.specifications.subjects import Desk
from nbproof import tables
from nbproof.pipeline import forker, jobs
from nbproof.study import Study, StudyError

TABLE = "sensitivity/specifications"
SCOPES = ("claim", "contrast", "ratio")


def compute(
    study: Study,
    *,
    workers: int | None = None,
    progress: Callable[[Iterable, int], Iterable] = lambda found, total: found,
) -> pd.DataFrame:
    """One row a claim, contrast or ratio and specification, in the columns of TABLE.

    workers: processes (default: one a core; 1 computes here). progress: wraps the results as they
    come, given how many there will be. The rows are the same, in the same order, whatever `workers` is.
    """
    desk = Desk(study)
    subjects = [(scope, name) for scope in SCOPES for name in desk.names(scope)]
    workers = workers or jobs.cores()
    if workers == 1:
        found = list(progress(map(partial(_specifications, desk), subjects), len(subjects)))
    else:
        # Spawned, not forked: the same on every system, and safe beside threads.
        context = multiprocessing.get_context("spawn")
        # Ctrl-C is for this process: its children, which it ends, hear nothing of it from their start.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        pool = context.Pool(workers, _sit_down, (study,))
        signal.signal(signal.SIGINT, before)
        with pool:
            # The longest first, so that no process is left alone with one at the end.
            order = sorted(subjects, key=lambda subject: -SCOPES.index(subject[0]))
            done = progress(pool.imap(_at_desk, order), len(order))
            by_subject = dict(zip(order, done, strict=True))
        found = [by_subject[subject] for subject in subjects]
    rows = pd.DataFrame([row for rows in found for row in rows])
    # Beside unknown ones, pandas would keep the booleans as Python's own.
    rows = rows.astype({"as_defined": "boolean", "holds": "boolean"})
    return rows.reindex(columns=tables.columns(study, TABLE))


def write(study: Study, **how) -> pd.DataFrame:
    """Compute and write TABLE; see `compute`."""
    # Taken first: what changes meanwhile is out of date.
    read = inputs.current(study)
    frame = compute(study, **how)
    tables.write(frame, study, TABLE)
    inputs.write(study, read)
    return frame


def stale(study: Study, **how) -> str | None:
    """What is not as it would be computed now: the first row that differs, in words; else None."""
    try:
        inputs.require_unchanged(study)
    except StudyError as error:
        return str(error)
    stored, expected = tables.encode(tables.read(study, TABLE), study, TABLE), compute(study, **how)
    pairs = zip_longest(stored.splitlines(), tables.encode(expected, study, TABLE).splitlines())
    for line, (got, new) in enumerate(pairs, 1):
        if got != new:
            said = [text.decode() if text else "no such row" for text in (got, new)]
            return f"data/{TABLE}.csv, line {line}: stored {said[0]!r}, computed now {said[1]!r}."
    return None


def _specifications(desk: Desk, subject: tuple[str, str]) -> list[dict]:
    scope, name = subject
    rows = explore(partial(desk.evaluate, scope, name), desk.values(scope, name))
    return [
        {"scope": scope, "id": name, "as_defined": n == 0, **choices, **result._asdict()}
        for n, (choices, result) in enumerate(rows)
    ]


_desk: Desk | None = None  # of a working process


def _sit_down(study: Study) -> None:
    global _desk
    threading.Thread(target=forker.leave_with_parent, daemon=True).start()
    _desk = Desk(study)


def _at_desk(subject: tuple[str, str]) -> list[dict]:
    return _specifications(_desk, subject)
