"""The graph as text."""

from pathlib import Path

import pytest

from nbproof.pipeline import diagram, graph


@pytest.fixture(scope="module")
def drawn(collection):
    return {
        form: write(collection, graph.steps(collection)) for form, write in diagram.FORMS.items()
    }


def test_an_edge_leads_from_a_table_over_a_notebook_to_its_figure(collection):
    found = diagram.edges(collection, graph.steps(collection))
    expected = [
        ("data/reference/regions.csv", "clean"),
        ("clean", "data/processed/agreements.csv"),
        ("data/processed/agreements.csv", "02-timeline:tr"),
        ("notebooks/02-timeline.ipynb", "02-timeline:tr"),
        ("02-timeline:tr", "figures/timeline.tr.png"),
    ]
    got = [edge for edge in expected if edge in found]
    assert got == expected


def test_every_figure_of_the_collection_stands_in_it(collection):
    got = {
        Path(target).name
        for _, target in diagram.edges(collection, graph.steps(collection))
        if target.startswith("figures/")
    }
    expected = {path.name for path in collection.figures.glob("*.png")}
    assert got == expected


def test_mermaid_names_each_node_once(drawn):
    lines = drawn[".mmd"].splitlines()
    got = lines[0], sum('"data/reference/regions.csv"' in line for line in lines)
    expected = "flowchart LR", 1
    assert got == expected


def test_markdown_is_mermaid_in_a_block(drawn):
    got = drawn[".md"]
    expected = f"```mermaid\n{drawn['.mmd']}```\n"
    assert got == expected


def test_dot_has_an_edge_a_line(drawn):
    got = '  "notebooks/02-timeline.ipynb" -> "02-timeline:en";' in drawn[".dot"].splitlines()
    expected = True
    assert got == expected


def test_the_site_stands_at_the_end(collection):
    steps = graph.steps(collection)
    found = diagram.edges(collection, [*steps, graph.site(collection, steps)])
    expected = [("figures/timeline.tr.png", "site"), ("site", "site/_build/html")]
    got = [edge for edge in expected if edge in found]
    assert got == expected
