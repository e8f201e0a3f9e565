"""An executed notebook settled: identifiers that the next run gives again."""

import json
import warnings

import nbformat
import pytest

from nbproof.pipeline import notebooks

SOURCES = ["a = 1", "b = 2", "a = 1"]


def made(ids: list) -> bytes:
    """A notebook's file whose cells have these identifiers; None: no identifier."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": text,
        }
        | ({"id": name} if name else {})
        for text, name in zip(SOURCES, ids, strict=True)
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5 if any(ids) else 4}
    return json.dumps(whole).encode()


def run(before: bytes) -> list[str]:
    """As papermill reads it: what has no identifier of its own gets one by lot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = nbformat.v4.upgrade(nbformat.reads(before.decode(), as_version=4))
        injected = nbformat.v4.new_code_cell("c = 3", metadata={"tags": ["injected-parameters"]})
        content.cells.insert(1, injected)
    return [cell["id"] for cell in notebooks.settle(content, before=before).cells]


@pytest.mark.parametrize(
    "ids", [[None] * 3, ["same"] * 3, ["one", None, "three"]], ids=["4.4", "twice", "some missing"]
)
def test_every_run_gives_a_cell_the_same_identifier(ids):
    got, expected = run(made(ids)), run(made(ids))
    assert got == expected
    assert len(set(got)) == 4


def test_an_identifier_of_the_file_stays():
    got = run(made(["one", None, "three"]))
    assert [got[0], got[3]] == ["one", "three"]


def test_a_cell_put_before_others_changes_none_of_theirs():
    first = run(made([None] * 3))
    before = json.loads(made([None] * 3))
    before["cells"].insert(0, {**before["cells"][0], "source": "new = 1"})
    got = run(json.dumps(before).encode())
    assert set(first) <= set(got)
