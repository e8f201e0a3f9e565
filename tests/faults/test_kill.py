"""A run that is killed at any moment: results whole, no process left, the next run as if nothing had been."""

import os
import random
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

SMALL = ["02-timeline"]
INPUTS = [
    "data/raw/article/table-04.csv",
    "data/raw/article/datapackage.json",
    "data/sensitivity/inputs.csv",
]


def change(folder, other) -> None:
    """Give a folder the other one's inputs, so that every result is to change."""
    for name in INPUTS:
        shutil.copy(other.root / name, folder.root / name)


def half(folder, *whole) -> list[str]:
    """Results that are as in none of the clean runs."""
    got = folder.results()
    missing = [name for name in whole[0] if name not in got]
    return missing + [
        name for name, found in got.items() if found not in {w.get(name) for w in whole}
    ]


def begun(folder, call) -> bool:
    """Whether the run holds its lock's file open: an interrupt before meets Python's own start."""
    try:
        opened = [os.path.realpath(path) for path in Path(f"/proc/{call.pid}/fd").iterdir()]
    except OSError:
        return False
    return str((folder.root / "build/lock").resolve()) in opened


def writing(folder, call) -> bool:
    return any(not path.name.startswith(".run-") for path in folder.unfinished())


def wait_until(happens, folder, call) -> None:
    """Until it happens, or the run has ended."""
    while call.poll() is None and not happens(folder, call):
        time.sleep(0.0005)


def kill(first, second, root, at_writing, *, seconds, sent) -> list[str]:
    """Stop a run once; then finish it. Returns what was found wrong."""
    (old, before), (new, after) = first, second
    folder = old.copy(root)
    change(folder, new)
    call = folder.start("reproduce")
    wait_until(begun, folder, call)
    time.sleep(random.uniform(0, seconds / 2 if at_writing else seconds))
    if at_writing:
        wait_until(writing, folder, call)
    call.send_signal(sent)
    code, _, error = folder.end(call)
    if code == 0:  # It was sooner at its end than the run that was timed: an earlier moment.
        assert seconds > 0.01, f"{sent.name} does not stop it"
        shutil.rmtree(root)
        return kill(first, second, root, at_writing, seconds=seconds / 2, sent=sent)
    wrong = [f"half written: {name}" for name in half(folder, before, after)]
    wrong += [f"left running: {command}" for command in folder.left()]
    if sent == signal.SIGINT and "Traceback" in error:
        wrong.append(error)
    code, _, error = folder.run("reproduce")
    got = folder.results()
    if code or got != after:
        other = sorted(name for name in {*got, *after} if got.get(name) != after.get(name))
        wrong.append(f"the next run differs from a clean one: exit code {code}, {other} {error}")
    wrong += [f"left in the folder: {path}" for path in folder.unfinished()]
    wrong += [f"left in the temporary folder: {path}" for path in folder.temporary.iterdir()]
    wrong += [f"left running: {command}" for command in folder.left()]
    shutil.rmtree(folder.temporary, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=bool(wrong))
    return wrong


def duration(folders, root) -> float:
    """How long a run takes in which everything changes."""
    (old, _), (new, after) = folders
    folder = old.copy(root)
    change(folder, new)
    started = time.monotonic()
    code, _, error = folder.run("reproduce")
    seconds = time.monotonic() - started
    assert (code, folder.results() == after) == (0, True), error
    shutil.rmtree(root)
    return seconds


def many(pair, record, tmp_path, name, notebooks, times, sent=signal.SIGKILL):
    found = pair(name, *notebooks)
    folders = [found["first"], found["second"]]
    seconds = duration(folders, tmp_path / "timed")
    # In turn: from the first to the second and back; at any moment and while a result is written.
    tries = [
        (*(folders if n % 4 < 2 else folders[::-1]), tmp_path / str(n), n % 2) for n in range(times)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(lambda one: kill(*one, seconds=seconds, sent=sent), tries))
    wrong = [f"{number}: {text}" for number, said in enumerate(done) for text in said]
    record(f"{name} collection, {sent.name}: {times} runs stopped; wrong: {len(wrong)}")
    assert not wrong, "\n".join(wrong)


def test_a_killed_run_leaves_whole_results(pair, record, tmp_path, share):
    many(pair, record, tmp_path, "small", SMALL, share(90))


@pytest.mark.skipif(os.environ.get("NBPROOF_FAULTS") != "1", reason="only in full")
def test_a_killed_run_of_the_whole_collection_leaves_whole_results(pair, record, tmp_path):
    many(pair, record, tmp_path, "whole", [], 10)


def test_an_interrupted_run_leaves_whole_results(pair, record, tmp_path, share):
    many(pair, record, tmp_path, "small", SMALL, share(20), signal.SIGINT)


def test_one_of_two_runs_is_killed_and_the_other_ends_well(pair, tmp_path, share):
    found = pair("small", *SMALL)
    (old, _), (new, after) = found["first"], found["second"]
    for number in range(share(10)):
        folder = old.copy(tmp_path / str(number))
        change(folder, new)
        calls = [folder.start("reproduce", *how) for how in ([], ["--cold"])]
        time.sleep(random.uniform(0.5, 4))
        calls[number % 2].kill()
        ended = [folder.end(call) for call in calls]
        got = ended[1 - number % 2][0], folder.results() == after, folder.left()
        expected = 0, True, []
        assert got == expected, ended
