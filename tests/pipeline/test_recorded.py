"""What a run records of its results and sources."""

import json
import shutil

import pytest

from nbproof import study
from nbproof.pipeline import notebooks, recorded, runs


@pytest.fixture(scope="module")
def ran(collection, tmp_path_factory):
    """The data and one notebook, brought up to date."""
    root = tmp_path_factory.mktemp("recorded")
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    (root / "notebooks").mkdir()
    shutil.copy(collection.notebooks / "04-purposes.ipynb", root / "notebooks")
    here = study.Study(root)
    assert runs.reproduce(here, cold=True).errors == []
    return here


def test_a_complete_run_records_results_and_sources(ran):
    known = recorded.read(ran)
    assert "figures/purposes.tr.png" in known["made"]
    assert "data/processed/agreements.csv" in known["made"]
    assert "data/raw/article/table-04.csv" in known["from"]


def test_a_notebook_is_recorded_by_cell(ran):
    known = recorded.read(ran)["made"]["notebooks/04-purposes.ipynb"]
    assert {"metadata", "cell 1 (markdown)"} <= set(known)


def test_nothing_of_build_is_recorded(ran):
    got = [name for name in recorded.read(ran)["made"] if name.startswith("build/")]
    expected = []
    assert got == expected


def test_it_says_what_is_there(ran):
    known = recorded.read(ran)
    got = recorded.current(ran, known["made"]), recorded.sources(ran)
    expected = known["made"], known["from"]
    assert got == expected


def test_a_partial_run_leaves_the_other_entries(ran):
    before = recorded.read(ran)
    recorded.write(ran, {"data/processed/terms.csv": "0"}, complete=False)
    got = recorded.read(ran)
    expected = {**before, "made": {**before["made"], "data/processed/terms.csv": "0"}}
    assert got == expected
    runs.reproduce(ran, cold=True)
    assert recorded.read(ran) == before


def test_a_source_that_no_step_reads_is_recorded_all_the_same(ran):
    path = ran.data / "reference" / "glossary.csv"
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    report = runs.reproduce(ran, cold=True)
    got = report.ran, recorded.read(ran)["from"] == recorded.sources(ran)
    expected = [], True
    path.write_bytes(before)
    assert got == expected


@pytest.mark.parametrize("text", ["", "{}", "[]", json.dumps({"made": 1, "from": {}})])
def test_a_record_that_cannot_be_read_is_said(tmp_path, text):
    (tmp_path / recorded.NAME).write_text(text)
    with pytest.raises(study.StudyError, match=r"checksums\.json: cannot be read"):
        recorded.read(study.Study(tmp_path))


def unchanged(edit) -> bool:
    """Whether notebook 04 is compared as the same before and after an edit."""
    content = json.loads((study.find(__file__).notebooks / "04-purposes.ipynb").read_bytes())

    def compared():
        cells = [notebooks.of_cell(cell) for cell in content["cells"]]
        return json.dumps([notebooks.stated(content), cells], sort_keys=True)

    before = compared()
    edit(content)
    return before == compared()


def in_metadata(**values):
    return lambda content: content["metadata"].update(values)


def in_cell(**values):
    return lambda content: content["cells"][2]["metadata"].update(values)


# As JupyterLab 4, VS Code and Colab write them
EDITORS = {
    "kernel's title": in_metadata(
        kernelspec={"display_name": ".venv", "language": "python", "name": "python3"}
    ),
    "no language of the kernel": in_metadata(
        kernelspec={"display_name": "Python 3", "name": "python3"}
    ),
    "no kernel": lambda content: content["metadata"].pop("kernelspec"),
    "language": in_metadata(
        language_info={
            "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py", "name": "python",
            "mimetype": "text/x-python", "nbconvert_exporter": "python", "version": "3.13.1",
        }
    ),
    "widgets": in_metadata(widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}}),
    "colab": in_metadata(colab={"provenance": []}),
    "minor version": lambda content: content.update(nbformat_minor=4),
    "cells' ids": lambda content: [cell.pop("id") for cell in content["cells"]],
    "scrolled": in_cell(scrolled=True, collapsed=False),
    "folded": in_cell(jupyter={"source_hidden": True}),
    "property inspector": in_cell(editable=True, slideshow={"slide_type": ""}),
    "vscode": in_cell(vscode={"languageId": "python"}),
    "no tags": lambda content: content["cells"][1]["metadata"].update(tags=[]),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITORS)
def test_what_an_editor_rewrites_is_not_compared(name):
    got = unchanged(EDITORS[name])
    expected = True
    assert got == expected


CHANGED = {
    "another kernel": in_metadata(kernelspec={"display_name": "R", "language": "R", "name": "ir"}),
    "another language": in_metadata(language_info={"name": "R"}),
    "its title": in_metadata(title="Another"),
    "a rule": lambda content: content["metadata"]["nbproof"]["parameters"]["lang"].pop("enum"),
    "tags": in_cell(tags=["parameters", "remove-cell"]),
    "alt text": in_cell(mystnb={"image": {"alt": "A picture."}}),
    "source": lambda content: content["cells"][2]["source"].append(" "),
    "count": lambda content: content["cells"][2].update(execution_count=9),
    "outputs": lambda content: content["cells"][7].update(outputs=[]),
    "another format": lambda content: content.update(nbformat=3),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_a_person_changes_is_compared(name):
    got = unchanged(CHANGED[name])
    expected = False
    assert got == expected
