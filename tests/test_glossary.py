"""The labels use the glossary's terms: where a term stands in one language, so it does in the other."""

import re

import pytest

from nbproof import labels, tables


def lower(text: str) -> str:
    """Lower case in Turkish: İ to i, I to ı."""
    return re.sub(r"\s+", " ", text.replace("İ", "i").replace("I", "ı")).lower()


def stem(word: str) -> str:
    """A Turkish word without what its suffixes may change: anlaşması, anlaşmaları; ağ stays."""
    return word[:-3] if len(word) > 6 else word[: max(2, len(word) - 1)]


def broken(terms, english, turkish) -> tuple[list, int]:
    """Labels whose Turkish lacks the term that their English has, and how many were looked at.

    A term counts where it is the whole label, or a phrase of several words within it: a single word
    such as aid or partner is too common to be a term wherever it stands.
    """
    wrong, seen = [], 0
    for term, term_tr in terms:
        phrase = re.compile(rf"\b{re.escape(term.lower())}s?\b")
        for key in english:
            text = re.sub(r"\s+", " ", english[key]).lower()
            whole = text == term.lower()
            if not whole and not (re.search(r"[ -]", term) and phrase.search(text)):
                continue
            seen += 1
            words = [stem(lower(word)) for word in re.findall(r"\w+", term_tr)]
            if not all(re.search(rf"\b{re.escape(word)}", lower(turkish[key])) for word in words):
                wrong.append((key, term, term_tr, turkish[key]))
    return wrong, seen


@pytest.fixture(scope="module")
def terms(collection):
    glossary = tables.read(collection, "reference/glossary")
    return list(zip(glossary["term_en"], glossary["term_tr"], strict=True))


def test_a_term_has_one_translation(terms):
    got = len({english.lower() for english, _ in terms})
    expected = len(terms)
    assert got == expected


def test_the_labels_use_the_terms(terms):
    wrong, seen = broken(terms, labels.load("en"), labels.load("tr"))
    assert wrong == []
    assert seen >= 20


@pytest.mark.parametrize(
    ("english", "turkish", "fits"),
    [
        ("Metropolitan municipality", "Büyükşehir belediyesi", True),
        (
            "Agreements of the metropolitan municipality",
            "Büyükşehir belediyesinin anlaşmaları",
            True,
        ),
        ("Metropolitan municipality", "Anakent belediyesi", False),
        ("aid", "yardım", True),
        ("aid", "destek", False),
        ("Aided by many", "Çoğunun desteğiyle", True),  # not the term
    ],
)
def test_another_word_for_a_term_is_found(terms, english, turkish, fits):
    wrong, _ = broken(terms, {"key": english}, {"key": turkish})
    got = wrong == []
    assert got == fits
