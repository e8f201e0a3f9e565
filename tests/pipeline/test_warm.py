"""Forked kernels: each as fresh as an ordinary one, and none where forking is not to be had."""

import multiprocessing
import sys
import types

import nbformat
import pytest

from nbproof.pipeline import engine, jobs, notebooks, warm
from nbproof.pipeline.forker import READY, STACK, Forker, _report, start
from nbproof.study import Study

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")


@pytest.fixture(scope="module", autouse=True)
def forker():
    """Started once: the forking process stays for the life of this one."""
    forker = Forker(["matplotlib.pyplot"])
    assert forker.refusal() is None
    return forker


@pytest.fixture
def text(tmp_path):
    """Run code as a notebook in a forked kernel; returns what it prints."""

    def text(source, forked=True):
        content = nbformat.v4.new_notebook(metadata={"kernelspec": notebooks.KERNEL})
        content.cells = [nbformat.v4.new_code_cell(source)]
        path = tmp_path / "notebooks" / "01-test.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(content, path)
        out = tmp_path / "out"
        engine.run(Study(tmp_path), jobs.Job(path, {}, out / path.name, out), forked=forked)
        outputs = nbformat.read(out / path.name, as_version=4).cells[0].outputs
        return "".join(output.get("text", "") or str(output.data) for output in outputs)

    return text


LOOK = """
import builtins, os, sys, matplotlib, pandas
print(hasattr(builtins, "left"), os.path.basename(os.getcwd()), os.environ.get("LEFT"))
print(matplotlib.rcParams["font.size"], matplotlib.get_backend(), pandas.get_option("display.max_rows"))
print(pandas.get_option("display.max_columns"), len(sys.argv), "left" in sys.path, "left" in sys.modules)
"""
CHANGE = """
import builtins, os, sys, matplotlib, pandas
builtins.left = 1
os.environ["LEFT"] = "1"
os.chdir("/")
matplotlib.rcParams["font.size"] = 99
pandas.set_option("display.max_rows", 7)
sys.path.append("left")
sys.modules["left"] = sys
"""


def test_a_notebook_leaves_the_next_one_untouched(text):
    expected = text(LOOK)
    text(CHANGE)
    got = text(LOOK)
    assert got == expected


def test_a_forked_kernel_looks_as_an_ordinary_one(text):
    got = text(LOOK)
    expected = text(LOOK, forked=False)
    assert got == expected


def test_a_forked_kernel_searches_for_modules_where_an_ordinary_one_does(
    text, monkeypatch, tmp_path
):
    monkeypatch.syspath_prepend(tmp_path)
    source = "import sys; print(sys.path)"
    got = text(source)
    expected = text(source, forked=False)
    assert got == expected


PYPLOT = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"


def test_a_pyplot_figure_is_shown_as_in_an_ordinary_kernel(text):
    got = text(PYPLOT)
    expected = text(PYPLOT, forked=False)
    assert "image/png" in expected
    assert got == expected


def test_the_kernel_is_a_fork(text):
    source = "import multiprocessing, os; print(multiprocessing.parent_process() is not None)"
    got = text(source), text(source, forked=False)
    expected = "True\n", "False\n"
    assert got == expected


def test_random_numbers_differ_from_kernel_to_kernel(text):
    source = "import numpy, random; print(numpy.random.rand(), random.random())"
    got = set(text(source).split()) & set(text(source).split())
    expected = set()
    assert got == expected


def test_a_notebook_may_start_processes_of_its_own(text):
    source = (
        "import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'pass']).returncode)"
    )
    got = text(source)
    expected = "0\n"
    assert got == expected


def test_the_forking_process_holds_one_thread(text):
    """Counted in the process that forks, which is the kernel's parent."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs /proc")
    got = text("import os; print(len(os.listdir(f'/proc/{os.getppid()}/task')))")
    expected = "1\n"
    assert got == expected


def test_what_was_imported_before_the_fork_is_left_alone_by_the_garbage_collector(text):
    got = text("import gc; print(gc.get_freeze_count() > 100_000)")
    expected = "True\n"
    assert got == expected


class _Pipe:
    def send(self, value):
        self.value = value


def report(monkeypatch, threads, modules=()):
    monkeypatch.setitem(sys.modules, STACK, types.ModuleType("stack"))
    ready = types.ModuleType("ready")
    ready.THREADS = threads
    monkeypatch.setitem(sys.modules, READY, ready)
    pipe = _Pipe()
    _report(pipe, list(modules))
    return pipe.value


@pytest.mark.parametrize(
    ("threads", "modules", "expected"),
    [
        (1, ["pytest"], None),
        (3, ["pytest"], "the forking process holds 3 threads, expected one"),
        (1, ["no_such_module"], "the forking process could not import no_such_module"),
    ],
)
def test_a_process_that_is_not_fit_to_fork_says_why(monkeypatch, threads, modules, expected):
    got = report(monkeypatch, threads, modules)
    assert got == expected


def test_a_module_that_was_not_imported_is_a_refusal():
    """The forking process of this test run is there already, without what is asked for here."""
    got = Forker(["diplolib.no_such_module"]).refusal()
    expected = "the forking process could not import diplolib.no_such_module"
    assert got == expected


def test_a_later_run_may_ask_for_more():
    """What the forking process of an earlier run has not imported is no reason to go without it."""
    got = Forker(["seaborn"]).refusal()
    expected = None
    assert got == expected


def test_where_forking_is_not_to_be_had_a_word_says_so(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    said = []
    got = start([], said.append), said
    expected = (
        False,
        ["Each notebook's kernel starts by itself, which takes longer: this system cannot fork."],
    )
    assert got == expected


def test_a_kernel_of_another_interpreter_is_not_forked(monkeypatch, text):
    other = types.SimpleNamespace(executable="/another/python", modules=sys.modules)
    monkeypatch.setattr(warm, "sys", other)
    got = text("import multiprocessing; print(multiprocessing.parent_process() is not None)")
    expected = "False\n"
    assert got == expected
