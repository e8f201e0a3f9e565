"""The site as the last step of the graph: built by `diplolib site`, and only if it would differ."""

import json

import pytest

from nbproof.pipeline import graph, runs
from nbproof.study import Study

BUILDER = """
def build(study):
    html = study.root / "site" / "_build" / "html"
    html.mkdir(parents=True, exist_ok=True)
    (html / "index.html").write_text("a page")
    return html
"""


@pytest.fixture
def study(tmp_path, collection, monkeypatch):
    """A study whose one step has run and whose site is a page, without Sphinx."""
    (tmp_path / "site" / "pages").mkdir(parents=True)
    (tmp_path / "site" / "pages" / "index.md").write_text("# Welcome")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "made_up_builder.py").write_text(BUILDER)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(graph, "BUILDER", "made_up_builder:build")
    (tmp_path / "study.toml").write_text('[code]\nface = "made_up_face:FACE"\n')
    (tmp_path / "made_up_face.py").write_text(
        "from nbproof.study import Face\nFACE = Face(compute='made_up_face:compute')\n"
        "def compute(study): return []\n"
    )
    (tmp_path / "data").mkdir()
    return Study(tmp_path)


def ran(study) -> list[str]:
    report = runs.reproduce(study, site=True, cold=True)
    assert report.errors == []
    return report.ran


def test_it_is_built_after_everything_else(study):
    got = ran(study)
    expected = ["clean", "site"]
    assert got == expected


def test_it_is_not_built_again(study):
    ran(study)
    got = ran(study)
    expected = []
    assert got == expected


@pytest.mark.parametrize("name", ["site/pages/index.md", "docs/benchmark.json", "README.md"])
def test_a_change_in_what_it_shows_builds_it(study, name):
    ran(study)
    (study.root / name).parent.mkdir(exist_ok=True)
    (study.root / name).write_text("changed")
    got = ran(study)
    expected = ["site"]
    assert got == expected


def test_a_page_that_is_gone_builds_it(study):
    ran(study)
    (study.root / "site" / "_build" / "html" / "index.html").unlink()
    got = ran(study)
    expected = ["site"]
    assert got == expected


def test_another_result_of_a_step_before_builds_it(study):
    """As when a run of a notebook prints another sentence, which its source does not show."""
    ran(study)
    path = study.build / "state.json"
    state = json.loads(path.read_text())
    state["site"]["_values_:"]["results"] = ["notebooks/01.ipynb 0"]
    path.write_text(json.dumps(state))
    got = runs.status(study)
    expected = {"site": ["notebooks/01.ipynb is another"]}
    assert got == expected


def test_who_never_builds_it_hears_nothing_of_it(study):
    runs.reproduce(study, cold=True)
    got = runs.status(study)
    expected = {}
    assert got == expected


def test_a_plain_run_does_not_build_it(study):
    got = runs.reproduce(study, cold=True).ran
    expected = ["clean"]
    assert got == expected
