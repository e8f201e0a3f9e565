"""What CONTRIBUTING.md names is there."""

import re

import pytest


@pytest.fixture(scope="module")
def text(collection):
    return (collection.root / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_path_exists(collection, text):
    named = set(re.findall(r"`((?:src|data|tests|site|notebooks)/[\w./-]*)`", text))
    made_up = {"src/ankara/figures/my_figure.py"}
    got = {name for name in named - made_up if not (collection.root / name).exists()}
    expected = set()
    assert got == expected


def test_every_folder_of_the_tree_exists(collection, text):
    tree = text.split("```")[1]
    got = [
        line.split()[0]
        for line in tree.strip().splitlines()
        if not (collection.root / line.split()[0]).exists()
    ]
    expected = []
    assert got == expected
