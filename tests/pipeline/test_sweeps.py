"""A grid of parameters, one notebook, a folder and a row a point: here, killed, and on a cluster."""

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest

from ankara.specifications import inputs
from nbproof import cli
from nbproof.arguments import parse
from nbproof.pipeline import cluster, grid, notebooks, shifts, sweeps
from nbproof.pipeline.parameters import ParameterError
from nbproof.study import Study, StudyError

RULES = {
    "lang": {"type": "string", "enum": ["en", "tr"], "title": "language"},
    "year": {"type": "integer", "minimum": 1, "maximum": 2021, "title": "year"},
    "share": {"type": "number", "minimum": 0, "maximum": 1, "title": "share"},
    "all": {"type": "boolean", "title": "all"},
    "Word": {"type": "string", "title": "a word"},
}
DEFAULTS = 'lang = "en"\nyear = 1\nshare = 0.5\nall = True\nWord = "a"'
# Says that it ran, reads a table, prints a card, writes a figure; fails at one point.
RUN = """
import multiprocessing, os, pathlib
from nbproof import study
here = study.find()
forked = multiprocessing.parent_process() is not None
(here.root / f"ran-{lang}-{year}-{os.getpid()}").write_text(f"{forked}")
(here.data / "reference" / "regions.csv").read_bytes()
said = {"name": "test", "language": lang, "rows": year, "marks": [], "sha256": "0" * 64}
display({"image/png": "", "text/plain": ""}, raw=True, metadata={"image/png": {"figure": said}})
folder = pathlib.Path(os.environ["NBPROOF_OUTPUT"]) / "figures"
folder.mkdir()
_ = (folder / f"test.{lang}.csv").write_text(f"{lang} {year}")
"""
FAIL = "if (lang, year) == ('tr', 2):\n    1 / 0"
WAIT = "import time; time.sleep(0.5)"
# From the third point on, until somebody says go
HOLD = "import time\nwhile year > 2 and not (here.root / 'go').exists():\n    time.sleep(0.05)"
TWO_BY_TWO = ["lang=en,tr", "year=1:2"]

kills = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def make(collection, root, *sources) -> Study:
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    content = nbformat.v4.new_notebook(
        metadata={"kernelspec": notebooks.KERNEL, "nbproof": {"parameters": RULES}}
    )
    content.cells = [
        nbformat.v4.new_code_cell(source, id=f"c{number}")
        for number, source in enumerate([DEFAULTS, RUN, *sources])
    ]
    content.cells[0].metadata["tags"] = ["parameters"]
    (root / "notebooks").mkdir()
    nbformat.write(content, root / "notebooks" / "01-test.ipynb")
    return Study(root)


def sweep(study, over, **how) -> list:
    notebook = study.notebooks / "01-test.ipynb"
    how.setdefault("say", lambda text: None)
    return sweeps.sweep(study, notebook, grid.points(notebook, over), study.root / "out", **how)


def runs(study) -> list[str]:
    """The points at which the notebook has run, once for each time; forgotten with this call."""
    found = sorted(study.root.glob("ran-*"))
    for path in found:
        path.unlink()
    return ["-".join(path.name.split("-")[1:3]) for path in found]


def results(study) -> dict[str, bytes]:
    """Every file of every point, without how long it took."""
    out = study.root / "out"
    return {
        path.relative_to(out).as_posix(): re.sub(rb'"seconds": [\d.]+', b"", path.read_bytes())
        for path in out.rglob("*")
        if path.is_file() and path.name != sweeps.TABLE
    }


# The grid


@pytest.fixture(scope="module")
def notebook(collection, tmp_path_factory):
    return make(collection, tmp_path_factory.mktemp("grid") / "study").notebooks / "01-test.ipynb"


def test_the_points_are_every_combination(notebook):
    got = [point.swept for point in grid.points(notebook, ["year=2019:2020", "lang=en,tr"])]
    expected = [{"lang": lang, "year": year} for lang in ("en", "tr") for year in (2019, 2020)]
    assert got == expected


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ("year=1999,2005", [1999, 2005]),
        ("year=2019:2021", [2019, 2020, 2021]),
        ("year=2000:2021:10", [2000, 2010, 2020]),
        ("year=5, 7:8", [5, 7, 8]),
        ("share=0.1,1", [0.1, 1.0]),
        ("all=false,True", [False, True]),
        ("Word=1:2", ["1:2"]),
    ],
)
def test_values_are_lists_or_ranges_with_both_ends(notebook, over, expected):
    name = over.partition("=")[0]
    got = [point.swept[name] for point in grid.points(notebook, [over])]
    assert got == expected


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        (["yaer=1"], "Did you mean year?"),
        (["lang=en,fr"], "lang='fr'; expected one of en, tr"),
        (["year=2020:2030"], "year=2030; expected a whole number from 1 to 2021"),
        (["year=1:999999999"], "year=999999999; expected a whole number from 1 to 2021"),
        (["year=5:2"], "upwards; last is included"),
        (["year=1:5:0"], "upwards; last is included"),
        (["year=1:3,2"], "a value is given twice"),
        (["year=1", "year=2"], "--over year is given twice"),
        (["year"], "expected name=value,value"),
        (["year="], "year=''; expected a whole number"),
        (["year=1:2021", "share=0.1,0.2", "Word=" + ",".join(map(str, range(99)))], "expected 100,000 at most"),
    ],
)  # fmt: skip
def test_a_grid_that_the_notebook_does_not_allow_is_refused(notebook, over, expected):
    with pytest.raises(ParameterError) as error:
        grid.points(notebook, over)
    assert expected in str(error.value)


def test_a_point_has_the_same_name_however_the_command_was_written(notebook):
    got = [point.name for point in grid.points(notebook, ["year=7", "lang=tr"])]
    expected = ["lang=tr,year=7"]
    assert got == expected


@pytest.mark.parametrize("word", ['a/b\\c:d*e?f"g<h>i|j', "end.", " ", "ağaç", "w" * 300, "../.."])
def test_a_folder_s_name_is_safe_everywhere(word):
    got = grid.folder_name({"word": word})
    assert re.fullmatch(r"[a-z0-9_.=,-]{1,120}(?<!\.)", got)


def test_values_that_differ_in_case_alone_have_different_folders():
    got = grid.folder_name({"word": "A"}).lower()
    expected = grid.folder_name({"word": "a"}).lower()
    assert got != expected


# A sweep in this process


@pytest.fixture(scope="module")
def swept(collection, tmp_path_factory):
    """A study, what its sweep said has failed, and the points at which it ran."""
    study = make(collection, tmp_path_factory.mktemp("swept") / "study", FAIL)
    return study, sweep(study, TWO_BY_TWO), runs(study)


@pytest.fixture
def study(swept, tmp_path):
    """A copy to sweep again."""
    shutil.copytree(swept[0].root, tmp_path / "study")
    return Study(tmp_path / "study")


def test_every_point_is_run_once(swept):
    got = swept[2]
    expected = ["en-1", "en-2", "tr-1", "tr-2"]
    assert got == expected


def test_a_point_s_folder_holds_its_results(swept):
    folder = swept[0].root / "out" / "lang=tr,year=1"
    got = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    expected = ["01-test.ipynb", "figures/test.tr.csv", "point.json"]
    assert got == expected


def test_the_table_has_a_row_a_point(swept):
    table = pd.read_parquet(swept[0].root / "out" / "runs.parquet")
    got = table[["notebook", "lang", "year", "Word", "status"]].to_numpy().tolist()
    expected = [
        ["01-test", lang, year, "a", "failed" if (lang, year) == ("tr", 2) else "done"]
        for lang in ("en", "tr")
        for year in (1, 2)
    ]
    assert got == expected


def test_the_table_has_card_duration_hash_and_error(swept):
    table = pd.read_parquet(swept[0].root / "out" / "runs.parquet").set_index("point")
    got = table.loc["lang=tr,year=1"]
    assert got["cards"] == f"figure    test (tr)\nrows      1\nsha256    {'0' * 64}"
    assert got["seconds"] > 0
    assert re.fullmatch("[0-9a-f]{64}", got["hash"])
    assert "ZeroDivisionError" in table.loc["lang=tr,year=2", "error"]


def test_what_failed_is_told_with_the_command_that_repeats_it(swept):
    ((point, error),) = swept[1]
    got = sweeps.command(swept[0].notebooks / "01-test.ipynb", point), "1 / 0" in error
    expected = "diplolib reproduce 01-test -p lang=tr -p year=2", True
    assert got == expected


def test_only_what_failed_is_run_again(study):
    sweep(study, TWO_BY_TWO)
    got = runs(study)
    expected = ["tr-2"]
    assert got == expected


def test_a_larger_grid_runs_only_what_is_new(study):
    sweep(study, ["lang=en", "year=1:3"])
    got = runs(study), len(pd.read_parquet(study.root / "out" / "runs.parquet"))
    expected = ["en-3"], 5
    assert got == expected


@pytest.mark.parametrize("file", ["notebooks/01-test.ipynb", "data/reference/regions.csv"])
def test_what_was_made_from_something_else_is_run_again(study, file):
    path = study.root / file
    edits = {".csv": (b"\n", b"\nQQ,Asia,Asia,,\n"), ".ipynb": (b"* 64", b"*  64")}
    path.write_bytes(path.read_bytes().replace(*edits[path.suffix], 1))
    if path.suffix == ".csv":  # a row that keeps the table readable
        line = path.read_text("utf-8").splitlines()
        columns = line[0].count(",")
        path.write_text("\n".join([line[0], *line[2:], "QQ" + ",Asia" * columns, ""]), "utf-8")
        inputs.write(study, inputs.current(study))  # as if computed anew
    sweep(study, ["lang=en", "year=1:2"])
    got = runs(study)
    expected = ["en-1", "en-2"]
    assert got == expected


def test_a_table_that_no_point_reads_changes_nothing(study):
    path = study.data / "reference" / "glossary.csv"
    path.write_bytes(path.read_bytes() + b"x\n")
    sweep(study, ["lang=en", "year=1:2"])
    got = runs(study)
    expected = []
    assert got == expected


@pytest.mark.parametrize("state", ['{"sta', "[]", '{"status": "done"}', ""])
def test_a_folder_without_its_state_is_run_again(study, state):
    (study.root / "out" / "lang=en,year=1" / "point.json").write_text(state)
    (study.root / "out" / ".unfinished-lang=en,year=2").mkdir()
    sweep(study, ["lang=en", "year=1:2"])
    got = runs(study), list((study.root / "out").glob(".unfinished-*"))
    expected = ["en-1"], []
    assert got == expected


def test_the_folder_of_another_notebook_s_sweep_is_refused(study):
    (study.notebooks / "01-test.ipynb").rename(study.notebooks / "02-other.ipynb")
    with pytest.raises(StudyError, match="holds a sweep of 01-test"):
        cli.sweep(study, options(study, "02-other", "year=1"))


def options(study, *arguments):
    name, *over = arguments
    call = ["sweep", name, *(f"--over={text}" for text in over), "--output"]
    return parse([*call, str(study.root / "out")])[0]


def test_the_command_says_what_failed_and_how_to_repeat_it(study, capsys):
    got = cli.sweep(study, options(study, "01-test", *TWO_BY_TWO))
    said = capsys.readouterr()
    assert got == 1
    assert "4 points, 3 of them already there." in said.err
    assert "to repeat it: diplolib reproduce 01-test -p lang=tr -p year=2" in said.err
    assert "3 of 4 points done" in said.out


# A sweep of many points: in child processes, a shift each


def test_shifts_give_what_a_sweep_in_one_process_gives(swept, study, monkeypatch):
    expected = results(study)
    shutil.rmtree(study.root / "out")
    monkeypatch.setattr(shifts, "SHIFT", 3)
    failed = sweep(study, TWO_BY_TWO)
    forked = {path.read_text() for path in study.root.glob("ran-*")}
    got = results(study)
    assert forked == {"True"}
    assert [point.name for point, _ in failed] == ["lang=tr,year=2"]
    assert runs(study) == swept[2]
    assert got == expected


@kills
def test_a_shift_that_dies_is_told(study, monkeypatch):
    def kill(*_):
        (child,) = multiprocessing.active_children()
        child.kill()

    monkeypatch.setattr(shifts, "SHIFT", 2)
    with pytest.raises(StudyError, match="died"):
        sweep(study, ["year=5:9"], progress=kill)


def test_an_error_in_a_shift_is_told():
    def done(number, result):
        raise AssertionError(result)

    # A sequence's length is asked for, and whether its kernel is forked: it takes no such word.
    with pytest.raises(TypeError, match="keyword"):
        shifts.every(len, ["a"], done, None, 1, print)


LATER = "import time\nif year > 5:\n    time.sleep(20)\n    (here.root / 'ended').touch()"


@kills
def test_an_interrupt_ends_the_shift_and_its_kernels(collection, tmp_path, monkeypatch):
    study = make(collection, tmp_path / "study", LATER)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(shifts, "SHIFT", 2)
    with pytest.raises(KeyboardInterrupt):
        sweep(study, ["year=5:9"], progress=interrupt)
    assert multiprocessing.active_children() == []
    assert not (study.root / "ended").exists()
    assert [path.name for path in (study.root / "out").glob(".unfinished-*")] == []


# A sweep that is killed


def command(study, *arguments):
    """The command as a user gives it, with the study's own copy of the library."""
    call = [sys.executable, "-m", "diplolib", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(study.root / "src")}
    return {"args": call, "cwd": study.root, "env": environment}


@kills
def test_a_killed_sweep_continues_where_it_stopped(collection, tmp_path):
    """And runs again when a module of the library has changed."""
    study = make(collection, tmp_path / "study", HOLD)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(collection.root / "src", study.root / "src", ignore=ignored)
    out = study.root / "out"
    call = command(study, "sweep", "01-test", "--over=year=1:5", "--output=out", "--workers=2")
    process = subprocess.Popen(**call, stderr=subprocess.DEVNULL)
    while not (there := list(out.glob("*/point.json"))):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = [path.parent for path in out.glob("[!.]*/point.json")]
    kept = [json.loads((path / "point.json").read_bytes())["parameters"]["year"] for path in there]
    runs(study)
    (study.root / "go").touch()
    subprocess.run(**call, check=True)
    got = runs(study), len(pd.read_parquet(out / "runs.parquet"))
    expected = sorted(f"en-{year}" for year in range(1, 6) if year not in kept), 5
    assert kept in ([1], [2], [1, 2], [2, 1])
    assert got == expected

    module = study.root / "src" / "nbproof" / "study.py"
    module.write_text(module.read_text() + "# more\n")
    subprocess.run(**call, check=True)
    got = len(runs(study))
    expected = 5
    assert got == expected


# A sweep on a cluster


@kills
def test_a_cluster_that_loses_a_worker_gives_what_a_run_here_gives(collection, tmp_path):
    import distributed

    study = make(collection, tmp_path / "study", FAIL, WAIT)
    over = ["lang=en,tr", "year=1:5"]
    sweep(study, over)
    expected = results(study)
    runs(study)
    shutil.rmtree(study.root / "out")
    killed = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, dashboard_address=":0"
        ) as there,
        distributed.Client(there) as client,
    ):
        pids = list(client.run(os.getpid).values())

        def kill(name, done, total):
            if not killed:
                time.sleep(1)  # what has ended in the meantime is not fetched yet, and is lost too
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        sweep(study, over, scheduler=there.scheduler_address, progress=kill)
    got = results(study)
    table = pd.read_parquet(study.root / "out" / "runs.parquet")
    assert killed
    assert {path.read_text() for path in study.root.glob("ran-*")} == {"True"}, "kernels are forked"
    assert len(runs(study)) > 10, "the lost worker's points were run again"
    assert table["point"].is_unique
    assert got.keys() == expected.keys()
    assert [name for name in got if got[name] != expected[name]] == []


def test_an_address_without_a_scheduler_is_an_error(study, monkeypatch):
    monkeypatch.setattr(cluster, "TIMEOUT", 0.2)
    with pytest.raises(StudyError, match="no Dask scheduler answers at"):
        sweep(study, ["year=9"], scheduler="tcp://127.0.0.1:9")


@kills
@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_a_cluster_that_asks_for_certificates_is_reached_with_dask_s_settings(study, tmp_path):
    """As docs/cluster.md says: the certificate comes from Dask's own settings; without it, no answer."""
    import dask
    import distributed

    certificate, key = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    tls = "distributed.comm.tls."
    settings = {"distributed.comm.require-encryption": True, tls + "ca-file": certificate}
    for role in ("client", "scheduler", "worker"):
        settings |= {f"{tls}{role}.cert": certificate, f"{tls}{role}.key": key}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=1, protocol="tls://", security=distributed.Security(), dashboard_address=":0"
        ) as there,
    ):
        address = there.scheduler_address
        got = sweep(study, ["year=9"], scheduler=address)
        with (
            dask.config.set({tls + "client.cert": None, tls + "client.key": None}),
            pytest.raises(StudyError, match="no Dask scheduler answers at"),
        ):
            sweep(study, ["year=8"], scheduler=address)
    expected = []
    assert address.startswith("tls://")
    assert got == expected
