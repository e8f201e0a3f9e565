"""Every notebook of the collection, run in a forked and in an ordinary kernel, on the data it names."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from nbproof import study
from nbproof.pipeline import engine, forker, graph, jobs, runs, state

HERE = study.find(__file__)
NOTEBOOKS = [path.stem for path in sorted(HERE.notebooks.glob("[0-9]*.ipynb"))]
# A last cell: the library's modules, and the labels' languages, that the run has loaded.
LOOK = """
import os, pathlib, sys
_folder = pathlib.Path(os.environ["NBPROOF_OUTPUT"]) / "figures"
_folder.mkdir(exist_ok=True)
_ = (_folder / "modules.txt").write_text("\\n".join(m for m in sys.modules if m.startswith(("nbproof", "diplolib", "ankara"))))
"""


def only_what_it_reads(name: str, root: Path) -> study.Study:
    """A study that holds one notebook and the data that its metadata names, nothing else."""
    source = HERE.notebooks / f"{name}.ipynb"
    for folder in ("data/raw", "data/reference", "notebooks"):
        (root / folder).mkdir(parents=True)
    for file in ["study.toml", *graph.declared(source)]:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE.root / file, root / file)
    content = nbformat.read(source, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell(LOOK, id="look"))
    nbformat.write(content, root / "notebooks" / f"{name}.ipynb")
    return study.Study(root)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Each notebook's folders of results, forked and ordinary."""
    modules = graph.outside(HERE, {HERE.notebooks / f"{name}.ipynb" for name in NOTEBOOKS})
    forked = forker.start(modules, print)
    places = {name: tmp_path_factory.mktemp(name) for name in NOTEBOOKS}
    studies = {name: only_what_it_reads(name, places[name] / "study") for name in NOTEBOOKS}

    def run(name, way):
        folder = places[name] / way
        notebook = studies[name].notebooks / f"{name}.ipynb"
        job = jobs.Job(notebook, {}, folder / notebook.name, folder)
        engine.run(studies[name], job, forked=way == "warm")

    with ThreadPoolExecutor(jobs.workers()) as pool:
        list(
            pool.map(lambda pair: run(*pair), [(n, w) for n in NOTEBOOKS for w in ("warm", "cold")])
        )
    assert forked
    return places


@pytest.fixture(params=NOTEBOOKS)
def name(request):
    return request.param


def results(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "modules.txt"}


def test_forked_and_ordinary_kernels_give_the_same_bytes(ran, name):
    got = results(ran[name] / "warm")
    expected = results(ran[name] / "cold")
    assert got.keys() == expected.keys()
    assert [key for key in got if got[key] != expected[key]] == []


def test_the_metadata_name_what_a_run_opens(ran, name):
    got = graph.declared(HERE.notebooks / f"{name}.ipynb")
    expected = graph.declared(ran[name] / "cold" / f"{name}.ipynb")
    assert got == expected


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_the_closure_has_every_module_that_a_run_imports(ran, name, way):
    library = graph.Library(HERE.build / graph.CACHE, HERE.face.packages)
    loaded = set((ran[name] / way / "modules.txt").read_text().split())
    (step,) = (step for step in graph.steps(HERE) if step.name == f"{name}:en")
    known = {module for module, path in library.files.items() if path in step.code}
    # How a kernel came to be is not the notebook's doing.
    got = loaded - known - {forker.STACK, forker.READY}
    expected = set()
    assert got == expected


def test_a_step_of_each_language_knows_its_own_labels(name):
    for step in graph.steps(HERE):
        if step.name.startswith(name):
            got = {path.parent.name for path in step.code if "labels" in path.parts} - {"labels"}
            expected = {step.language} if got else set()
            assert got == expected


def test_cleaning_opens_what_its_step_names(collection, copied):
    """Without a record of a run it is all of data/raw and data/reference; with one, what it opened."""
    runs.reproduce(copied, [], cold=True)
    kept = json.loads((copied.build / state.STATE).read_text())[graph.CLEAN]["_values_:"]
    code = "".join(
        path.read_text() for path in sorted((HERE.root / "src/ankara/cleaning").glob("*.py"))
    )
    tables = set(re.findall(r'"((?:raw|reference)/[\w./-]+)"', code))
    got = {f"data/{table}.csv" for table in tables} - set(kept["reads"])
    expected = set()
    assert got == expected
