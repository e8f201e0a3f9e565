import pytest

from nbproof import citation
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
