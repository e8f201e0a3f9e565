"""Temporary folders: one a process, gone with it; what a killed process left goes with the next."""

import os
import signal
import subprocess
import sys

import pytest

from nbproof import files

SLEEP = "import time; from nbproof import files; print(files.own_temporary_folder(), flush=True); time.sleep({})"


def started(folder, seconds):
    return subprocess.Popen(
        [sys.executable, "-c", SLEEP.format(seconds)],
        env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_it_goes_with_the_process(tmp_path):
    call = started(tmp_path, 0)
    made, _ = call.communicate(timeout=60)
    got = (
        made.strip().startswith(f"{tmp_path}{os.sep}nbproof-{call.pid}-"),
        list(tmp_path.iterdir()),
    )
    expected = True, []
    assert got == expected


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_a_killed_process_left_goes_with_the_next_and_others_stay(tmp_path):
    for name in ("nbproof-0-notes", "nbproof-999999999", "own"):
        (tmp_path / name).mkdir()
    alive, killed = started(tmp_path, 60), started(tmp_path, 60)
    try:
        there = alive.stdout.readline().strip()
        killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=60)
        started(tmp_path, 0).communicate(timeout=60)
    finally:
        alive.kill()
    got = {path.name for path in tmp_path.iterdir()}
    expected = {"nbproof-0-notes", "nbproof-999999999", "own", os.path.basename(there)}
    assert got == expected


def test_an_unfinished_folder_lies_beside_its_place(tmp_path):
    left = tmp_path / ".izmir-999999999-abcdefgh"
    left.mkdir()
    with files.unfinished(tmp_path / "izmir") as folder:
        got = folder.parent.parent, folder.name, left.exists()
    expected = tmp_path, "izmir", False
    assert got == expected
    assert list(tmp_path.iterdir()) == []
