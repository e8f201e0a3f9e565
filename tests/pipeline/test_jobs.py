"""How many notebooks run side by side: what the process may use, not what the computer has."""

import os

from nbproof.pipeline import jobs


def test_a_process_that_may_use_one_core_counts_one(monkeypatch):
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3}, raising=False)
    got = jobs.cores(), jobs.workers(cold=True)
    expected = 1, 1
    assert got == expected


def test_python_s_own_count_is_taken_where_there_is_one(monkeypatch):
    monkeypatch.setattr(os, "process_cpu_count", lambda: 7, raising=False)
    got = jobs.cores()
    expected = 7
    assert got == expected
