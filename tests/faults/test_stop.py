"""What stops a run from outside: no room, no permission, a dead kernel, a cell that hangs."""

import os
import resource
import shutil
import signal
import subprocess
import time

import nbformat
import pytest

pytestmark = pytest.mark.skipif(not shutil.which("unshare"), reason="needs Linux")

SMALL = ["02-timeline"]
FULL = float(os.environ.get("NBPROOF_FAULTS", "0.1")) >= 1
HOW = pytest.mark.parametrize(
    "how", [[], ["--cold"]] if FULL else [[]], ids=["warm", "cold"][: 1 + FULL]
)


@pytest.fixture
def folders(pair, tmp_path):
    """A settled folder in which every result is to change, its results, and those that are to come."""
    found = pair("small", *SMALL)
    (old, before), (new, after) = found["first"], found["second"]
    folder = old.copy(tmp_path / "study")
    for name in (
        "raw/article/table-04.csv",
        "raw/article/datapackage.json",
        "sensitivity/inputs.csv",
    ):
        shutil.copy(new.root / "data" / name, folder.root / "data" / name)
    return folder, before, after


def mounted(script: str):
    """A command that runs another one after `script`, with mounts of its own."""
    return ["unshare", "--map-root-user", "--mount", "sh", "-ec", f'{script}; exec "$@"', "sh"]


needs_mounts = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run([*mounted("mount -t tmpfs none /mnt"), "true"], capture_output=True).returncode,
    reason="may not mount",
)  # fmt: skip


def check(folder, before, after, done, said: str) -> None:
    """A clear message, every result whole, nothing left; then a run that ends as if nothing had been."""
    code, out, error = done
    assert code == 1, out + error
    assert said in error
    assert "Traceback" not in error, error
    assert "run again" in error or "Run it again" in error or "--cell-timeout" in error, error
    got = folder.results()
    assert [name for name in before if got[name] not in (before[name], after[name])] == []
    assert folder.unfinished() == []
    assert folder.left() == []
    code, out, error = folder.run("reproduce")
    assert (code, folder.results() == after) == (0, True), error


@pytest.mark.parametrize("kilobytes", [1, 30, 100, 300] if FULL else [100])
@HOW
def test_a_file_that_does_not_fit(folders, kilobytes, how):
    limit = kilobytes * 1024
    done = folders[0].run(
        "reproduce", *how, setup=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    check(*folders, done, "File too large")


@needs_mounts
@pytest.mark.parametrize("kilobytes", [0, 64, 256, 512] if FULL else [256])
def test_a_full_disk(folders, kilobytes, tmp_path):
    """The study lies on a file system with so much room left."""
    folder, before, after = folders
    disk = tmp_path / "disk"
    disk.mkdir()
    used = sum(path.stat().st_blocks for path in folder.root.rglob("*")) // 2
    script = (
        f"mount -t tmpfs -o size={used + kilobytes}k none '{disk}' && cp -a '{folder.root}/.' '{disk}' && "
        f"cd '{disk}'"
    )
    # What is left there is copied back: the mount is gone with the command.
    keep = f"{script}; status=0; \"$@\" || status=$?; cp -a '{disk}/.' '{folder.root}'; exit $status; true"
    done = folder.run("reproduce", before=mounted(keep))
    check(folder, before, after, done, "No space left on device")


@needs_mounts
@pytest.mark.parametrize(
    "place",
    ["figures", "notebooks", "data/processed", "build", "build/tr", "."] if FULL else ["figures"],
)
def test_a_place_that_cannot_be_written(folders, place):
    root = folders[0].root
    script = f"mount --bind '{root / place}' '{root / place}' && mount -o remount,ro,bind '{root / place}' && cd '{root}'"
    done = folders[0].run("reproduce", before=mounted(script))
    check(*folders, done, "Read-only file system")


def spoil(folder, source: str) -> None:
    """Add a cell to the notebook."""
    path = folder.root / "notebooks" / f"{SMALL[0]}.ipynb"
    content = nbformat.read(path, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell(source, id="spoilt"))
    nbformat.write(content, path)


# Its child ends only with the kernel's whole process group; it holds none of the run's streams.
STUBBORN = """
import subprocess, time
ignoring = "trap '' INT TERM HUP; while :; do sleep 1; done"
subprocess.Popen(["sh", "-c", ignoring], stdout=-3, stderr=-3)
time.sleep(600)
"""

BAD = {
    "a kernel that is killed": ("import os; os.kill(os.getpid(), 9)", "its kernel died"),
    "a kernel that leaves": ("import os; os._exit(0)", "its kernel died"),
    "a kernel that crashes": ("import ctypes; ctypes.string_at(0)", "its kernel died"),
    "a cell that sleeps": ("import time; time.sleep(600)", "took more than 10 seconds"),
    "a cell that ignores interrupts": (
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)",
        "took more than 10 seconds",
    ),
    "a cell that hangs outside Python": ("import re; re.match('(a*)*b', 'a' * 60)", "took more than 10 seconds"),
    "a cell with a child": (
        "import subprocess; subprocess.run(['sleep', '600'])", "took more than 10 seconds",
    ),
    "a cell with a child that ignores signals": (STUBBORN, "took more than 10 seconds"),
}  # fmt: skip


SOME = [
    "a kernel that is killed",
    "a cell that hangs outside Python",
    "a cell with a child that ignores signals",
]


@pytest.mark.parametrize("name", BAD if FULL else SOME)
@HOW
def test_a_notebook_that_does_not_end(folders, name, how):
    folder, _, after = folders
    source, said = BAD[name]
    notebook = folder.root / "notebooks" / f"{SMALL[0]}.ipynb"
    kept = notebook.read_bytes()
    spoil(folder, source)
    spoilt = folder.results()
    code, out, error = folder.run("reproduce", "--cell-timeout", "10", *how)
    got = folder.results()
    processed = {file for file in got if file.startswith("data/processed")}
    assert (code, "Traceback" in error) == (1, False), out + error
    assert said in error
    assert f"notebooks/{SMALL[0]}.ipynb" in error
    assert [file for file in got if file not in processed and got[file] != spoilt[file]] == []
    assert folder.unfinished() == []
    assert folder.left() == []
    notebook.write_bytes(kept)
    assert folder.run("reproduce")[0] == 0
    assert folder.results() == after


BEATS = """
import time
while True:
    with open("beats", "a") as file:
        file.write("x")
    time.sleep(1)
"""


@HOW
def test_a_cell_has_the_time_that_the_run_gives_it(folders, how):
    folder = folders[0]
    spoil(folder, BEATS)
    code, _, error = folder.run("reproduce", "--cell-timeout", "8", *how)
    beats = len((folder.root / "notebooks" / "beats").read_text())  # load makes them fewer
    assert (code, 0 < beats < 30) == (1, True), (beats, error)
    assert "took more than 8 seconds" in error


@HOW
def test_an_interrupt_ends_what_a_notebook_has_started(folders, how):
    folder = folders[0]
    spoil(folder, STUBBORN)
    call = folder.start("reproduce", *how)
    while call.poll() is None and not any("trap" in said for said in folder.processes().values()):
        time.sleep(0.05)
    call.send_signal(signal.SIGINT)
    code, _, error = folder.end(call)
    got = code, "Traceback" in error, folder.left()
    expected = 1, False, []
    assert got == expected, error


# The reply is there long before what the cell has printed, as on a busy machine.
LATE = """
import sys, time
sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0.1
get_ipython().kernel.iopub_thread.io_loop.add_callback(time.sleep, 6)
time.sleep(0.5)
display("late")
"""


@HOW
def test_what_a_kernel_says_late_is_waited_for(folders, how):
    folder = folders[0]
    spoil(folder, LATE)
    code, _, error = folder.run("reproduce", *how)
    notebook = nbformat.read(folder.root / "notebooks" / f"{SMALL[0]}.ipynb", as_version=4)
    got = code, [output.data["text/plain"] for output in notebook.cells[-1].outputs]
    expected = 0, ["'late'"]
    assert got == expected, error
