"""The two front doors: the same commands, and links that lead somewhere."""

import re

import pytest

from diplolib import tables

READMES = ["README.md", "README.tr.md"]


def commands(text: str) -> list[str]:
    """The indented command lines, without their comments."""
    lines = re.findall(r"^ {4}(\S.*)$", text, re.M)
    return [re.sub(r"\s+# .*", "", line) for line in lines]


def test_both_languages_give_the_same_commands(collection):
    english, turkish = (
        commands((collection.root / name).read_text(encoding="utf-8")) for name in READMES
    )
    assert len(english) > 8
    assert turkish == english


def test_a_command_that_differs_is_seen():
    got = commands("    make test   # checks\n") == commands("    make tests\n")
    expected = False
    assert got == expected


@pytest.mark.parametrize("name", READMES)
def test_its_links_lead_to_files(collection, name):
    text = (collection.root / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    got = [link for link in links if not (collection.root / link).exists()]
    expected = []
    assert got == expected


def test_the_turkish_page_has_the_verdicts_of_the_ledger(collection):
    text = (collection.root / "README.tr.md").read_text(encoding="utf-8")
    verdicts = tables.read(collection, "processed/claims")["verdict"].value_counts()
    known = ["reproduced", "reproduced under a stated definition", "not reproduced"]
    counts = [verdicts.sum(), verdicts[known].sum(), *verdicts[known]]
    pattern = r"(\d+) iddianın (\d+) tanesi.*?: (\d+) tanesi.*?\n(\d+) tanesi.*?, (\d+) tanesi üretilemedi"
    got = [int(number) for number in re.search(pattern, text).groups()]
    expected = counts
    assert got == expected
