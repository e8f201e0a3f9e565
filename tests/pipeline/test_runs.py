"""A run does what has changed and nothing else: a small collection, run as a user runs it."""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from ankara.specifications import inputs
from nbproof.pipeline import closure, notebooks, runs
from nbproof.study import Study

PUBLISH = """
import os, pathlib
if "NBPROOF_OUTPUT" in os.environ:
    folder = pathlib.Path(os.environ["NBPROOF_OUTPUT"]) / "figures"
    folder.mkdir()
    (folder / f"{name}.{lang}.csv").write_text(table.to_csv(index=False))
"""
REGIONS = """
from nbproof import study, tables
name, table = "regions", tables.read(study.find(), "reference/regions")
"""
TERMS = """
from nbproof import labels, study, tables
from diplolib.figures import totals
name, table = "terms", tables.read(study.find(), "processed/terms")
words = labels.load(lang)["word.and"]
"""
# What the copy's cleaning computes: one table, for a step that takes no time.
CLEAN = """

def compute(study):
    from nbproof import tables

    tables.read(study, "reference/regions")
    yield "terms", cleaning.step("terms", cleaning.clean_terms, study)
"""
PROSE = "site/locale/tr/LC_MESSAGES/notebooks/01-regions.po"
RULES = {"lang": {"type": "string", "enum": ["en", "tr"], "title": "language"}}


def write(path, *sources):
    metadata = {"kernelspec": notebooks.KERNEL, "nbproof": {"parameters": RULES}}
    cells = [nbformat.v4.new_code_cell('lang = "en"', metadata={"tags": ["parameters"]}, id="p")]
    cells += [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(sources)]
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)


def make(collection, root):
    """A study with its own copy of the library, so that a test may change a module."""
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(collection.root / "src", root / "src", ignore=ignored)
    with (root / "src" / "ankara" / "processed.py").open("a", encoding="utf-8") as file:
        file.write(CLEAN)
    (root / "README.md").write_text("# A study\n")
    (root / PROSE).parent.mkdir(parents=True)
    (root / PROSE).write_text('msgid "A"\nmsgstr "B"\n')
    write(root / "notebooks" / "01-regions.ipynb", REGIONS, PUBLISH)
    write(root / "notebooks" / "02-terms.ipynb", TERMS, PUBLISH)
    return root


def command(root, *arguments):
    call = [sys.executable, "-m", "diplolib", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return {"args": call, "cwd": root, "env": environment, "text": True}


def run(root, *arguments):
    return subprocess.run(**command(root, *arguments), capture_output=True, check=False)


def counts(done) -> tuple[int, int, int]:
    """Exit code, steps that ran, steps that were up to date."""
    found = re.search(r"(\d+) steps ran, (\d+) were", done.stdout)
    found = found or re.search(r"()Nothing has changed: (\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    return done.returncode, int(found[1] or 0), int(found[2])


def late(root) -> dict[str, str]:
    """Each step that is out of date; data/sensitivity is no step, and has tests of its own."""
    lines = run(root, "status").stdout.splitlines()
    return dict(
        x.split("  ", 1) for x in lines if "  " in x and not x.startswith("data/sensitivity")
    )


@pytest.fixture(scope="module")
def settled(collection, tmp_path_factory):
    """A study that has been run once; tests put back what they change."""
    root = make(collection, tmp_path_factory.mktemp("settled") / "study")
    assert counts(run(root, "reproduce")) == (0, 5, 0)
    return root


@pytest.fixture
def changed(settled):
    """Change files of the settled study, and put them back at the end."""
    kept = {}

    def change(name, edit):
        path = settled / name
        kept[path] = path.read_bytes() if path.exists() else None
        new = edit(kept[path])
        path.unlink(missing_ok=True)
        if new is not None:
            path.write_bytes(new)
        return settled

    yield change
    for path, data in kept.items():
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)


def test_nothing_changed_runs_nothing(settled):
    got = counts(run(settled, "reproduce"))
    expected = 0, 0, 5
    assert got == expected


def test_nothing_changed_imports_nothing_that_takes_long(settled):
    code = (
        "import sys; from diplolib.cli import main; main(['reproduce']); "
        "print([m for m in ('pandas', 'numpy', 'papermill', 'nbformat', 'grimp', 'jupyter_client', 'tqdm')"
        " if m in sys.modules])"
    )
    done = command(settled)
    done["args"] = [sys.executable, "-c", code]
    got = subprocess.run(**done, capture_output=True, check=True).stdout.splitlines()[-1]
    expected = "[]"
    assert got == expected


def test_dates_alone_are_no_change(settled):
    for path in settled.rglob("*"):
        if path.is_file() and "build" not in path.parts:
            os.utime(path, (1, 1))
    got = late(settled)
    expected = {}
    assert got == expected


def test_a_forged_date_hides_no_change(settled, changed):
    before = (settled / "figures" / "terms.en.csv").stat()
    path = changed("figures/terms.en.csv", lambda data: data) / "figures" / "terms.en.csv"
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    got = late(path.parent.parent)
    expected = {"02-terms:en": "figures/terms.en.csv is not as it was written"}
    assert got == expected


def append(text):
    return lambda data: data + text.encode()


def comment(data):
    content = json.loads(data)
    content["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": "New."})
    return json.dumps(content).encode()


def forge(data):
    content = json.loads(data)
    content["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
    return json.dumps(content).encode()


WAITS = "clean is out of date"
CHANGES = {
    "a comment in the README": ("README.md", append("more\n"), {}),
    "a table that nobody reads": ("data/reference/glossary.csv", append("x\n"), {}),
    "a table that all read but one": (
        "data/reference/regions.csv",
        append("QQ,Asia,Asia\n"),
        {
            "clean": "data/reference/regions.csv has changed",
            "01-regions:en": "data/reference/regions.csv has changed",
            "01-regions:tr": "data/reference/regions.csv has changed",
            "02-terms:en": WAITS,
            "02-terms:tr": WAITS,
        },
    ),
    "a source table": (
        "data/raw/article/table-08.csv",
        append("\n"),
        {
            "clean": "data/raw/article/table-08.csv has changed",
            "02-terms:en": WAITS,
            "02-terms:tr": WAITS,
        },
    ),
    "a processed table": (
        "data/processed/terms.csv",
        append("\n"),
        {
            "clean": "data/processed/terms.csv is not as it was written",
            "02-terms:en": f"data/processed/terms.csv has changed; {WAITS}",
            "02-terms:tr": f"data/processed/terms.csv has changed; {WAITS}",
        },
    ),
    "a figure module": (
        "src/diplolib/figures/totals.py",
        append("# more\n"),
        {
            f"02-terms:{language}": "src/diplolib/figures/totals.py has changed"
            for language in ("en", "tr")
        },
    ),
    "a figure module that nobody uses": ("src/ankara/figures/purposes.py", append("# more\n"), {}),
    "the labels of one language": (
        "src/diplolib/labels/tr/common.toml",
        append("# more\n"),
        {"02-terms:tr": "src/diplolib/labels/tr/common.toml has changed"},
    ),
    "a notebook's translation": (PROSE, append("\n"), {"01-regions:tr": f"{PROSE} has changed"}),
    "a notebook's text": (
        "notebooks/01-regions.ipynb",
        comment,
        {f"01-regions:{language}": "notebooks/01-regions.ipynb has changed" for language in ("en", "tr")},
    ),
    "a notebook's output": (
        "notebooks/01-regions.ipynb",
        forge,
        {"01-regions:en": "notebooks/01-regions.ipynb is not as it was written"},
    ),
    "a figure, edited": (
        "figures/terms.en.csv",
        append("x"),
        {"02-terms:en": "figures/terms.en.csv is not as it was written"},
    ),
    "a figure, deleted": (
        "figures/terms.tr.csv",
        lambda data: None,
        {"02-terms:tr": "figures/terms.tr.csv is missing"},
    ),
    "a new notebook": (
        "notebooks/03-new.ipynb",
        lambda data: b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        {f"03-new:{language}": "not run in this folder yet" for language in ("en", "tr")},
    ),
}  # fmt: skip


def test_a_file_that_a_step_no_longer_reads_is_not_called_gone():
    got = runs.state.reasons({"removed_file_dep": ["src/a.py"]}, True)
    expected = ["src/a.py is no longer part of it"]
    assert got == expected


@pytest.mark.parametrize(("name", "edit", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_status_says_what_is_out_of_date_and_why(changed, name, edit, expected):
    got = late(changed(name, edit))
    assert got == expected


def test_another_release_of_a_project_is_a_change(changed):
    state = "build/state.json"
    root = changed(state, lambda data: re.sub(rb"pandas-[\d.]+", b"pandas-1.0", data))
    got = {re.sub(r"[\d.]+ ", " ", reason) for reason in late(root).values()}
    expected = {"pandas- is installed now", f"pandas- is installed now; {WAITS}"}
    assert got == expected


def test_a_state_that_was_cut_off_counts_as_none(changed):
    got = len(late(changed("build/state.json", lambda data: data[:100])))
    expected = 5
    assert got == expected


def test_a_moved_folder_is_no_change(study):
    got = late(study)
    expected = {}
    assert got == expected


@pytest.fixture
def study(settled, tmp_path):
    """A copy to run in and to break; what was recorded of the runs goes with the folder."""
    shutil.copytree(settled, tmp_path / "study")
    return tmp_path / "study"


def test_a_run_does_exactly_what_reads_the_changed_table(study):
    """A country that no agreement has: the processed tables come out as before."""
    regions = study / "data" / "reference" / "regions.csv"
    columns = regions.read_text("utf-8").splitlines()[0].count(",")
    regions.write_text(regions.read_text("utf-8") + "QQ" + ",Asia" * columns + "\n", "utf-8")
    inputs.write(Study(study), inputs.current(Study(study)))  # as if computed anew
    got = counts(run(study, "reproduce")), late(study)
    expected = (0, 3, 2), {}
    assert got == expected


def test_a_notebook_that_reads_another_table_is_run_once_for_it(study):
    path = study / "notebooks" / "01-regions.ipynb"
    path.write_text(path.read_text().replace("reference/regions", "reference/countries"))
    got = counts(run(study, "reproduce")), counts(run(study, "reproduce"))
    expected = (0, 2, 3), (0, 0, 5)
    assert got == expected


def test_a_failing_notebook_keeps_its_results_and_stays_out_of_date(study):
    """And what comes after it is run all the same."""
    before = (study / "figures" / "regions.en.csv").read_bytes()
    write(study / "notebooks" / "01-regions.ipynb", REGIONS, "1 / 0")
    (study / "figures" / "terms.tr.csv").unlink()
    done = run(study, "reproduce", "--workers", "1")
    got = (
        counts(done),
        done.stderr.count("ZeroDivisionError: division by zero"),
        sorted(late(study)),
        "2 failed" in done.stdout,
        (study / "figures" / "regions.en.csv").read_bytes() == before,
    )
    expected = (1, 1, 2), 1, ["01-regions:en", "01-regions:tr"], True, True  # said once for both
    assert got == expected


def test_after_a_table_is_put_right_again_nothing_has_to_run(study):
    path = study / "data" / "raw" / "article" / "table-08.csv"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"19", b"x9", 1))
    failed = run(study, "reproduce", "--cold").returncode
    path.write_bytes(before)
    got = failed, counts(run(study, "reproduce"))
    expected = 1, (0, 0, 5)
    assert got == expected


def test_what_an_editor_saves_of_a_notebook_is_no_change(study):
    path = study / "notebooks" / "01-regions.ipynb"
    content = json.loads(path.read_bytes())
    content["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    content["metadata"]["language_info"] |= {"version": "3.12.1", "file_extension": ".py"}
    content["cells"][0]["metadata"]["scrolled"] = True
    path.write_text(json.dumps(content, indent=1))
    got = late(study)
    expected = {}
    assert got == expected


def test_broken_data_stop_what_needs_them(study):
    path = study / "data" / "raw" / "article" / "table-08.csv"
    path.write_bytes(path.read_bytes() + b"x\n")
    done = run(study, "reproduce", "--cold")
    got = counts(done), "table-08.csv" in done.stderr, WAITS in late(study)["02-terms:en"]
    expected = (1, 0, 2), True, True
    assert got == expected


@pytest.mark.parametrize("command", ["reproduce", "status"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"cells": [{}], "metadata": {}}'])
def test_a_file_that_is_no_notebook_is_named(changed, content, command):
    study = changed("notebooks/02-terms.ipynb", lambda before: content)
    done = run(study, command)
    got = (
        done.returncode,
        done.stderr.splitlines()[0].partition(" (")[0],
        "Traceback" in done.stderr,
    )
    expected = 1, "notebooks/02-terms.ipynb: not a notebook", False
    assert got == expected


def test_code_that_is_no_python_is_left_to_its_run(changed):
    def broken(before):
        content = json.loads(before)
        content["cells"][1]["source"] = "import pandas as"
        return json.dumps(content).encode()

    got = sorted(late(changed("notebooks/02-terms.ipynb", broken)))
    expected = ["02-terms:en", "02-terms:tr"]
    assert got == expected


def test_cold_and_forced_runs_give_the_same_bytes(study):
    """Also whatever the number of workers, and with two runs at once in one folder."""

    def results():
        return {
            path.relative_to(study): path.read_bytes()
            for folder in ("data/processed", "notebooks", "figures", "build/tr")
            for path in (study / folder).glob("*")
        }

    expected = results()
    calls = [
        subprocess.Popen(**command(study, "reproduce", "--force", *options), stderr=subprocess.PIPE)
        for options in (["--workers", "1"], ["--workers", "3", "--cold"])
    ]
    waited = ["Another run is at work" in call.communicate()[1] for call in calls]
    got = results()
    assert [call.returncode for call in calls] == [0, 0]
    assert sorted(waited) == [False, True]
    assert got == expected


SLEEP = """
import os, pathlib, time
pathlib.Path(f"started-{lang}").write_text(f"{os.getpid()} {os.getppid()}")
time.sleep(300)
"""


def gone(pid: int, seconds: float = 5) -> bool:
    for _ in range(int(seconds / 0.05)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("number", "options"),
    [(signal.SIGINT, []), (signal.SIGINT, ["--cold"]), (signal.SIGKILL, [])],
    ids=["interrupt", "interrupt-cold", "kill"],
)
def test_a_stopped_run_leaves_no_process_behind(study, number, options):
    shutil.rmtree(study / "notebooks")
    write(study / "notebooks" / "01-sleep.ipynb", SLEEP)
    call = subprocess.Popen(
        **command(study, "reproduce", *options),
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell in the background ignores the interrupt key, and a process inherits that.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    markers = [study / "notebooks" / f"started-{language}" for language in ("en", "tr")]
    while not all(path.exists() and path.read_text() for path in markers):
        assert call.poll() is None, call.stderr.read()
        time.sleep(0.05)
    pids = {int(pid) for path in markers for pid in path.read_text().split()} - {call.pid}
    call.send_signal(number)
    error = call.communicate(timeout=20)[1]
    got = call.returncode, [pid for pid in pids if not gone(pid)]
    expected = 1 if number == signal.SIGINT else -signal.SIGKILL, []
    assert got == expected
    if number == signal.SIGINT:
        assert error.strip() == "Interrupted; earlier results stay as they were."
        assert not list(study.rglob(".run-*"))


def test_parameters_leave_the_collection_s_state_alone(changed, settled):
    run(settled, "reproduce", "01-regions", "-p", "lang=tr", "--output", "build/elsewhere")
    got = (settled / "build" / "elsewhere" / "figures" / "regions.tr.csv").exists(), late(settled)
    expected = True, {}
    assert got == expected


@pytest.mark.parametrize("name", ["graph.mmd", "graph.md", "graph.dot"])
def test_the_graph_is_written_and_nothing_is_run(settled, tmp_path, name):
    done = run(settled, "reproduce", "--graph", str(tmp_path / name))
    got = done.returncode, "data/reference/regions.csv" in (tmp_path / name).read_text()
    expected = 0, True
    assert got == expected


def test_a_graph_in_an_unknown_form_is_refused(settled, tmp_path):
    done = run(settled, "reproduce", "--graph", str(tmp_path / "graph.png"))
    got = done.returncode, "expected a name that ends in .mmd, .md, .dot" in done.stderr
    expected = 2, True
    assert got == expected


def test_what_took_longest_last_time_runs_first():
    kept = {"short": {"seconds": 1.0}, "new": {}, "long": {"seconds": 3.0}}
    queue = runs.LongestFirst(kept.get)
    queue.extend(SimpleNamespace(task=SimpleNamespace(name=name)) for name in kept)
    got = [queue.popleft().task.name for _ in kept]
    expected = ["long", "short", "new"]
    assert got == expected


@pytest.fixture
def locked(study):
    """With a lock that names another release of one project."""
    (study / "requirements.lock").write_text("pandas==0.0.1\nnot-installed==1.0\n")
    return study


def test_nothing_to_run_asks_for_no_release(locked):
    got = counts(run(locked, "reproduce"))
    expected = 0, 0, 5
    assert got == expected


def test_with_other_releases_a_run_stops_before_it_replaces_anything(locked):
    before = (locked / "figures" / "terms.en.csv").stat().st_mtime_ns
    done = run(locked, "reproduce", "--force")
    after = (locked / "figures" / "terms.en.csv").stat().st_mtime_ns
    got = done.returncode, done.stderr.count("(lock: 0.0.1)"), "--accept" in done.stderr, after
    expected = 2, 1, True, before
    assert got == expected


def test_accepted_other_releases_are_said_first(locked):
    done = run(locked, "reproduce", "--force", "--accept")
    got = counts(done), "(lock: 0.0.1)" in done.stderr.splitlines()[0]
    expected = (0, 5, 0), True
    assert got == expected


def test_other_releases_may_write_elsewhere(locked):
    done = run(locked, "reproduce", "02-terms", "-p", "lang=tr", "--cold")
    got = done.returncode, done.stderr.count("(lock: 0.0.1)")
    expected = 0, 1
    assert got == expected


def test_a_table_that_comes_out_otherwise_is_not_replaced_with_other_releases(locked):
    path = locked / "data" / "processed" / "terms.csv"
    path.write_text("changed")
    done = run(locked, "clean")
    got = done.returncode, path.read_text(), run(locked, "clean", "--accept").returncode
    expected = 2, "changed", 0
    assert got == expected


def test_the_first_of_a_name_on_the_path_is_the_installed_release(study, tmp_path):
    place = tmp_path / "other"
    (place / "pandas-0.0.1.dist-info").mkdir(parents=True)
    (study / "requirements.lock").write_text(f"pandas=={version('pandas')}\n")
    how = command(study, "clean")
    how["env"]["PYTHONPATH"] += os.pathsep + str(place)
    (study / "data" / "processed" / "terms.csv").write_text("changed")
    done = subprocess.run(**how, capture_output=True, check=False)
    got = done.returncode, "pandas 0.0.1" in done.stderr
    expected = 2, True
    assert got == expected


@pytest.mark.parametrize("arguments", [["status"], ["reproduce"], ["verify", "--quick"]])
def test_another_library_than_the_study_s_own_does_not_run(study, arguments):
    how = command(study, *arguments)
    how["env"]["PYTHONPATH"] = str(Path(closure.__file__).parents[2])
    done = subprocess.run(**how, capture_output=True, check=False)
    got = done.returncode, str(study / "src") in done.stderr, done.stderr.count("\n")
    expected = 2, True, 1
    assert got == expected
