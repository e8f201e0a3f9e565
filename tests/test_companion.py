"""The PDF: tagged, the same twice, and its numbers read back."""

import csv
import importlib.util
import os
import re
from collections import Counter

import pytest

from nbproof import study
from nbproof.deposit import companion
from nbproof.site.edition import Edition

REQUIRED = os.environ.get("NBPROOF_SITE_REQUIRED")  # `make site-test`: there nothing is skipped
if not REQUIRED:
    pytest.importorskip("typst", reason="an extra: pip install 'diplolib[archive]'")
    pytest.importorskip("pypdf")
    pytest.importorskip("pypdfium2")


def folded(text: str) -> str:
    """Without white space and hyphens, which a broken line changes."""
    return re.sub(r"[\s\u00ad\u0002\ufffe-]+", "", text)


@pytest.fixture(scope="module", params=["en", "tr"])
def made(request, collection) -> tuple[str, bytes]:
    """A language and its PDF; Turkish runs are there after `make reproduce`."""
    language = request.param
    if language != "en" and not (collection.build / language).is_dir() and not REQUIRED:
        pytest.skip("the notebooks have not run in Turkish here")
    return language, companion._typeset(Edition.of(collection, language))


@pytest.fixture(scope="module")
def read(made):
    """The PDF as a reader opens it, and its whole text."""
    import io

    import pypdf
    import pypdfium2

    # pypdf takes half a minute over the drawings' text, but knows the structure.
    opened = pypdfium2.PdfDocument(made[1])
    text = " ".join(page.get_textpage().get_text_range() for page in opened)
    return pypdf.PdfReader(io.BytesIO(made[1])), folded(text)


def rows(collection, name) -> list[dict]:
    with (collection.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_claims_pdf_a_and_pdf_ua(read):
    said = read[0].trailer["/Root"]["/Metadata"].get_data().decode()
    got = re.findall(r"pdf(a|ua)id:part>(\d)<", said)
    expected = [("a", "2"), ("ua", "1")]
    assert got == expected


def test_it_is_tagged_and_has_its_language_and_title(made, read):
    root = read[0].trailer["/Root"]
    got = (
        bool(root["/MarkInfo"]["/Marked"]),
        "/StructTreeRoot" in root,
        root["/Lang"],
        bool(read[0].metadata.title),
    )
    expected = True, True, made[0], True
    assert got == expected


def test_it_is_small(made):
    assert len(made[1]) < 5_000_000


def test_the_same_results_give_the_same_bytes(made, collection):
    got = companion._typeset(Edition.of(collection, made[0])) == made[1]
    expected = True
    assert got == expected


def alts(element) -> list[str]:
    """Every alternative text of the structure below an element."""
    element = element.get_object()
    if isinstance(element, list):
        return [text for one in element for text in alts(one)]
    if not isinstance(element, dict):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return own + (alts(element["/K"]) if "/K" in element else [])


def test_every_figure_has_its_title_and_its_description(made, read, collection):
    shown = Edition.of(collection, made[0]).shown
    described = {folded(text) for text in alts(read[0].trailer["/Root"]["/StructTreeRoot"])}
    got = {
        one.name for one in shown if folded(one.title) in read[1] and folded(one.alt) in described
    }
    expected = {file.name.removesuffix(".en.csv") for file in collection.figures.glob("*.en.csv")}
    assert got == expected


def test_the_tally_of_verdicts_is_that_of_the_ledger(made, read, collection):
    from ankara.ledger import shown
    from nbproof import labels

    words = labels.load(made[0], collection)
    counts = Counter(row["verdict"] for row in rows(collection, "processed/claims"))
    got = {
        name: f"{folded(shown.verdict(name, words))}({n})" in read[1] for name, n in counts.items()
    }
    expected = dict.fromkeys(counts, True)
    assert got == expected


def test_every_statement_stands_with_its_values(made, read, collection):
    ending = "" if made[0] == "en" else "_tr"
    missing = [
        row["id"]
        for row in rows(collection, "processed/claims")
        if folded(row[f"claim{ending}"]) not in read[1]
    ]
    expected = []
    assert missing == expected


def test_every_agreement_stands_as_printed_beside_what_it_was_taken_for(made, read, collection):
    name = "partner" if made[0] == "en" else "partner_tr"
    missing = [
        row["agreement_id"]
        for row in rows(collection, "processed/agreements")
        if folded(row["partner_printed"]) not in read[1] or folded(row[name]) not in read[1]
    ]
    expected = []
    assert missing == expected


def test_a_finding_is_the_sentence_that_its_notebook_computed(made, read, collection):
    runs = Edition.of(collection, made[0]).runs
    first = {
        run.name: "".join(one["text"] for one in companion.pieces(run.reading()[0])) for run in runs
    }
    got = {name for name, text in first.items() if folded(text) not in read[1]}
    expected = set()
    assert got == expected


def test_the_works_are_listed(read):
    assert "Surmacz" in read[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c* `d`", [None, "strong", None, "emph", None, "code"]),
        ("see [x](https://example.org)", [None, "link"]),
        ("3 * 4 ** 5", [None]),
        ("#import \"x\" $a$ @b", [None]),
        ("[x](docs/a.md)", [None]),
    ],
)  # fmt: skip
def test_markdown_comes_in_pieces(text, expected):
    got = [one.get("kind") for one in companion.pieces(text)]
    assert got == expected


def test_signs_that_the_notebook_guards_come_as_they_are():
    got = companion.pieces(r"5 &lt; 6 <span>\$</span>7")
    expected = [{"text": "5 < 6 $7"}]
    assert got == expected


def test_without_the_typesetter_it_says_what_to_install(collection, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(companion, "find_spec", lambda name: None)
    with pytest.raises(study.StudyError, match="typst is not installed"):
        companion.write(collection, tmp_path)
    assert list(tmp_path.iterdir()) == []
