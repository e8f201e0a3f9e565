"""One run at a time in one folder."""

import errno
import os
import threading

import pytest

from nbproof.pipeline.lock import locked

fcntl = pytest.importorskip("fcntl")


def waits(folder, name="lock", shared=False) -> bool:
    """Whether a second holder has to wait for the block around this call."""
    held = threading.Event()

    def hold():
        with locked(folder, name, shared=shared):
            held.set()

    threading.Thread(target=hold, daemon=True).start()
    return not held.wait(0.3)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(False, False, True), (False, True, True), (True, False, True), (True, True, False)],
)
def test_only_readers_hold_a_folder_together(tmp_path, first, second, expected):
    with locked(tmp_path, shared=first):
        got = waits(tmp_path, shared=second)
    assert got == expected


def test_a_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    got = waits(tmp_path)
    expected = False
    assert got == expected


def test_locks_of_other_names_are_other_locks(tmp_path):
    with locked(tmp_path, "one"):
        got = waits(tmp_path, "two")
    expected = False
    assert got == expected


def test_who_waits_is_told_so(tmp_path, capsys):
    with locked(tmp_path / "build"):
        waits(tmp_path / "build")
    got = f"Another run is at work in {tmp_path}; waiting" in capsys.readouterr().err
    expected = True
    assert got == expected


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_locks_is_told_once_and_the_run_goes_on(
    tmp_path, capsys, monkeypatch, number
):
    def refused(file, how):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refused)
    for _ in range(2):
        with locked(tmp_path):
            pass
    got = capsys.readouterr().err.count(f"{tmp_path}: files cannot be locked there")
    expected = 1
    assert got == expected
