import json
import re

import pytest

from nbproof import citation, cli
from nbproof.study import StudyError


def test_the_collection_and_the_article_are_cited(collection):
    text = citation.plain(collection.root / "CITATION.cff")
    got = [part in text for part in ("diplolib", "Ersavaş Kavanoz", "10.5505/jas.2022.86547")]
    expected = [True, True, True]
    assert got == expected


def test_bibtex_has_one_entry_for_each(collection):
    got = citation.bibtex(collection.root / "CITATION.cff").count("\n@") + 1
    expected = citation.plain(collection.root / "CITATION.cff").count("\n\n") + 1
    assert got == expected


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"CITATION\.cff: cannot be read"):
        citation.plain(tmp_path / "CITATION.cff")


def test_missing_literature_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"literature\.bib: cannot be read"):
        citation.literature(tmp_path / "literature.bib")


def test_a_figure_is_cited_as_part_of_the_collection(collection):
    said = citation.plain(
        collection.root / "CITATION.cff", citation.figure(collection, "world-map")
    )
    got = "Figure world-map, in: diplolib" in said, "Ersavaş Kavanoz" in said
    expected = True, True
    assert got == expected


def test_a_statement_is_cited_with_its_verdict(collection):
    part = citation.statement(collection, "metropolitan-capitals")
    got = part["part"]
    expected = "Statement metropolitan-capitals (not reproduced)"
    assert got == expected


@pytest.mark.parametrize(
    ("find", "name", "said"),
    [
        (
            citation.figure,
            "wrld-map",
            "--figure 'wrld-map': there is none. Did you mean world-map?",
        ),
        (citation.statement, "nothing-like-it", "--claim 'nothing-like-it': there is none. "),
    ],
)
def test_an_unknown_part_gets_what_may_have_been_meant(collection, find, name, said):
    with pytest.raises(StudyError) as error:
        find(collection, name)
    got = str(error.value)[: len(said)]
    expected = said
    assert got == expected


def test_every_figure_has_an_entry_of_its_own(collection):
    parts = citation.figures(collection)
    text = citation.bibtex(collection.root / "CITATION.cff", *parts)
    keys = re.findall(r"^@\w+\{([^,]+),", text, re.M)
    drawn = {file.name.removesuffix(".en.csv") for file in collection.figures.glob("*.en.csv")}
    got = {key.partition("-")[2] for key in keys if "-" in key}, len(set(keys))
    expected = drawn, len(drawn) + 2
    assert got == expected


def test_what_latex_would_read_as_a_command_is_escaped(collection):
    part = {"type": "figure", "id": "a", "title": "50 % of A & B_1", "part": "Figure a"}
    got = citation.bibtex(collection.root / "CITATION.cff", part).splitlines()[2]
    expected = r"  title = {{50 \% of A \& B\_1}},"
    assert got == expected


def test_csl_has_the_types_that_reference_managers_know(collection):
    items = json.loads(
        citation.csl(collection.root / "CITATION.cff", citation.figure(collection, "timeline"))
    )
    got = [(item["type"], item.get("DOI")) for item in items]
    expected = [("figure", None), ("article-journal", "10.5505/jas.2022.86547")]
    assert got == expected


def test_the_command_cites_a_figure_as_csl(capsys):
    got = (
        cli.main(["cite", "--figure", "world-map", "--csl"]),
        json.loads(capsys.readouterr().out)[0]["id"],
    )
    expected = 0, "collection2026-world-map"
    assert got == expected
