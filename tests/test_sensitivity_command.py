"""`diplolib sensitivity`: what it writes and what it says."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from ankara.specifications import computed
from diplolib import cli
from nbproof import tables


@pytest.mark.parametrize(
    ("said", "code", "text"), [(None, 0, "is as computed now"), ("line 4 differs", 1, "line 4")]
)
def test_a_check_says_whether_the_stored_table_holds(
    collection, monkeypatch, capsys, said, code, text
):
    monkeypatch.setattr(computed, "stale", lambda study, **how: said)
    got = cli.main(["--study", str(collection.root), "sensitivity", "--check"])
    expected = code
    assert got == expected
    assert text in capsys.readouterr().out


def test_the_table_is_written_by_the_number_of_processes_asked_for(collection, monkeypatch, capsys):
    asked = {}
    stored = tables.read(collection, computed.TABLE)
    monkeypatch.setattr(computed, "write", lambda study, **how: asked.update(how) or stored)
    got = cli.main(["--study", str(collection.root), "sensitivity", "--workers", "3"])
    expected = 0
    assert got == expected
    assert asked["workers"] == 3
    assert f"{len(stored)} rows" in capsys.readouterr().out


def test_no_process_is_refused(collection, capsys):
    with pytest.raises(SystemExit):
        cli.main(["--study", str(collection.root), "sensitivity", "--workers", "0"])
    assert "expected a whole number from 1" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_leaves_no_process(collection, number):
    command = [sys.executable, "-m", "diplolib", "--study", str(collection.root)]
    command += ["sensitivity", "--check", "--workers", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    run = psutil.Popen(command, start_new_session=True, **quiet)
    while len(started := [c for c in run.children(recursive=True) if c.cpu_times().user > 2]) < 2:
        assert run.poll() is None
        time.sleep(0.2)
    if number == signal.SIGINT:
        os.killpg(run.pid, number)  # as a terminal does
    else:
        run.send_signal(number)
    _, error = run.communicate(timeout=10)
    _, got = psutil.wait_procs(started, timeout=5)
    expected = []
    assert got == expected
    assert "Traceback" not in error
