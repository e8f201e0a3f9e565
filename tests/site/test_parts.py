"""The parts that pages are made of, without Sphinx and without a browser."""

import json
import re
import runpy
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from ankara.site import ledger, places, text
from nbproof import labels
from nbproof.site import (
    benchmark,
    catalogues,
    exports,
    figures,
    notebooks,
    settings,
    sources,
    verification,
)
from nbproof.site.edition import Edition
from nbproof.study import StudyError, around

CLAIM = {
    "id": "a-claim", "kind": "count", "claim": "There are <two>.", "claim_tr": "İki tane var.",
    "claimed": "2", "claimed_tr": "2", "unit": "%", "recomputed": "3", "recomputed_tr": "3", "order": 1,
    "where_tr": "Tablo 1", "depends_on": "sofya=false;last_year=2020", "verdict": "not reproduced", "definition": "All rows.",
    "definition_tr": "Bütün satırlar.", "contradicted_by": "b-claim; c-claim", "where": "Table 1",
    "source": "x.csv:2", "rows": None,
}  # fmt: skip


def listed(language, *claims):
    return ledger.ledger(Edition(around(), labels.load(language)), pd.DataFrame(claims))


def test_a_table_can_be_scrolled_by_keyboard():
    rows = [{"name": "a <b>"}, {"name": None}]
    table = {"title": "Names", "columns": {"name": "Name"}, "rows": rows, "english": []}
    got = Edition(around(), labels.load("en")).render("folded.html", table=table)
    assert 'tabindex="0" role="region" aria-label="Names"' in got
    assert "<td>a &lt;b&gt;</td>" in got
    assert "<td></td>" in got


def test_a_dataframe_loses_empty_headings_and_its_own_style():
    html = "<div><style scoped>x</style>" + pd.DataFrame({"a": [1]}).to_html() + "</div>"
    got = notebooks.readable(html, "Table 1")
    assert "<th></th>" not in got
    assert "<style" not in got
    assert got.count("<table") == 1


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "There are &lt;two&gt;."), ("tr", "İki tane var.")]
)
def test_a_claim_speaks_the_page_s_language(language, expected):
    got = listed(language, CLAIM)
    assert expected in got


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ['<td data-title="Published">2 %</td>', "Table 1", "without Sofia; up to 2020"]),
        ("tr", ["%2</td>", "Tablo 1", "Sofya"]),
    ],
)
def test_a_claim_is_whole_in_the_page_s_language(language, expected):
    got = listed(language, CLAIM)
    assert [text for text in expected if text not in got] == []
    assert 'lang="en"' not in got


def test_a_claim_has_an_address_and_links_what_contradicts_it():
    got = listed("en", CLAIM)
    assert '<tr id="a-claim" data-verdict="not-reproduced"' in got
    assert 'href="#b-claim"' in got
    assert 'href="#c-claim"' in got


def test_every_verdict_and_kind_has_words():
    for language in labels.LANGUAGES:
        words = labels.load(language)
        for verdict in ("reproduced", "not-checkable"):
            assert f"site.verdict.{verdict}" in words
        assert "site.kind.external" in words


def test_both_languages_have_the_same_site_labels():
    english, turkish = (
        {key for key in labels.load(code) if key.startswith("site.")} for code in ("en", "tr")
    )
    assert turkish == english


def test_an_injected_parameter_is_written_where_it_is_read(collection):
    run = notebooks.executed(collection, "en")[0]
    cell = run.content.cells[0].__class__(
        cell_type="code", source='# Parameters\nlang = "tr"', outputs=[], execution_count=1,
        metadata=run.content.metadata.__class__(tags=["injected-parameters"]),
    )  # fmt: skip
    run.content.cells.insert(3, cell)
    page = notebooks.page(run, labels.load("en"))
    (parameters,) = [c for c in page.cells if "parameters" in c.metadata.get("tags", [])]
    assert 'lang = "tr"' in parameters.source
    assert not any("injected-parameters" in c.metadata.get("tags", []) for c in page.cells)


def test_a_missing_run_says_what_to_do(copied, collection):
    shutil.copytree(collection.notebooks, copied.root / "notebooks")
    with pytest.raises(StudyError, match="Run `make reproduce`"):
        notebooks.executed(copied, "tr")


def test_an_unknown_setting_is_refused(copied):
    (copied.root / "site").mkdir()
    (copied.root / "site" / "settings.toml").write_text('adress = "x"', encoding="utf-8")
    with pytest.raises(StudyError, match="adress"):
        settings.read(copied)


def test_translations_survive_an_update(tmp_path, collection):
    study = collection.__class__(tmp_path)
    catalogues.update(study, "tr", {"page": ["One.", "Two."]})
    file = catalogues.folder(study, "tr") / "page.po"
    file.write_text(file.read_text().replace('"One."\nmsgstr ""', '"One."\nmsgstr "Bir."'))
    catalogues.update(study, "tr", {"other": ["One."], "page": ["Two."]})
    got = catalogues.untranslated(study, "tr", {"other": ["One."], "page": ["Two."]})
    # A text that moved to another page keeps its translation.
    assert got == {"page": ["Two."]}


def test_an_untranslated_description_is_marked_as_english(collection):
    fields = [{"name": "a", "description": "Not in any catalogue"}]
    edition = Edition(collection, labels.load("tr"))
    got = edition.render("fields.html", fields=fields, label="A", heading=edition.heading)
    assert '<span lang="en">' in got


def test_a_figure_s_page_names_the_rows_of_each_mark(collection):
    marks = figures.marks(collection, "world-map", "en")["country"]
    got = marks.set_index("name").loc["Ukraine", "rows"]
    expected = "M14 M46 M55 D029 D049 D055 D064 D097"
    assert got == expected


def test_a_long_list_of_rows_is_cut_and_counted(collection):
    marks = figures.marks(collection, "timeline", "en")["total"]
    got = marks["rows"].iloc[0]
    assert got.endswith(f" … ({marks['agreements'].iloc[0]})")
    assert len(got.split()) == figures.FEW + 2


def test_names_are_in_the_page_s_language(collection):
    got = list(figures.marks(collection, "world-map", "tr")["country"].columns)
    expected = ["country_code", "name_tr", "agreements", "rows"]
    assert got == expected


def test_a_figure_s_page_prints_each_source_row_once(collection):
    rows = figures.rows(collection, "units", "en")
    got = len(rows), rows["source"].is_unique
    expected = 25 + 107, True
    assert got == expected


BENCH = {
    "measured": "2026-11-22", "machine": {"cores": 2, "memory_gb": 23.5}, "versions": {"pandas": "3.1.1"},
    "rounds": 3, "notebooks": 18, "notes": [],
    "rows": [
        {"name": "papermill-cli", "title": "a", "unit": "s", "seconds": [80, 81.5, 82], "median": 81.5},
        {"name": "reproduce", "title": "b", "unit": "s", "seconds": [10, 10, 11], "median": 10},
        {"name": "new-thing", "title": "a new thing", "unit": "MB", "seconds": [1, 2, 3], "median": 2},
    ],
    "ratios": [
        {"name": "papermill-cli/reproduce", "title": "a/b", "value": 8.15, "bar": 6, "at": "least", "met": True},
        {"name": "reproduce/lower-limit", "title": "b/l", "value": 2, "bar": 1.5, "at": "most", "met": False},
    ],
}  # fmt: skip


@pytest.fixture
def recorded(tmp_path, collection):
    """A study whose docs/ hold the records that a test writes there."""
    (tmp_path / "docs").mkdir()

    def write(name, content):
        (tmp_path / "docs" / name).write_text(json.dumps(content), encoding="utf-8")
        return collection.__class__(tmp_path)

    return write


def test_every_row_of_the_benchmark_has_a_turkish_name(collection):
    got = re.findall(
        '<td lang="en">[^<]*', benchmark.report(Edition(collection, labels.load("tr")))
    )
    expected = []
    assert got == expected


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_every_row_and_ratio_that_the_tool_measures_has_a_name(collection, language):
    tool = runpy.run_path(str(collection.root / "tools" / "bench.py"))
    measured = [f"row.{name}" for name in tool["ROWS"]]
    measured += [f"ratio.{over}/{under}" for over, under, *_ in tool["RATIOS"]]
    words = labels.load(language)
    got = [name for name in measured if f"site.bench.{name}" not in words]
    expected = []
    assert got == expected


@pytest.mark.parametrize(("peak", "expected"), [({"peak_mb": 1234}, "1,234 MB"), ({}, "")])
def test_a_row_says_its_memory_where_it_was_measured(recorded, peak, expected):
    row = {**BENCH["rows"][1], **peak}
    page = benchmark.report(
        Edition(recorded("benchmark.json", {**BENCH, "rows": [row]}), labels.load("en"))
    )
    (got,) = re.findall(r"<td>10.0–11.0</td><td>(.*?)</td></tr>", page)
    assert got == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "81.5 s (8.2 times)"), ("tr", "81,5 s (8,2 kat)")]
)
def test_the_benchmark_is_said_in_words(recorded, language, expected):
    got = benchmark.report(Edition(recorded("benchmark.json", BENCH), labels.load(language)))
    assert f"{expected}; diplolib reproduce" in got.split('aria-label="')[1].split('">')[0]


def test_a_ratio_s_bar_is_a_line_on_its_first_part(recorded):
    got = benchmark.report(Edition(recorded("benchmark.json", BENCH), labels.load("en")))
    # 6 times 10 of 81.5 seconds; the other ratio's second part was not measured.
    assert re.findall(r'<u style="left:([\d.]+)%"', got) == ["73.62"]


def test_what_a_missed_bar_is_called(recorded):
    got = benchmark.report(Edition(recorded("benchmark.json", BENCH), labels.load("en")))
    assert got.count('not-reproduced">missed<') == 1


def test_a_measurement_new_to_the_page_keeps_its_own_words(recorded):
    got = benchmark.report(Edition(recorded("benchmark.json", BENCH), labels.load("tr")))
    assert '<td lang="en">a new thing</td>' in got


FINDING = {
    "check": "plotted tables", "severity": "fail", "file": "figures/timeline.en.csv", "place": "row 3",
    "said": "differs <1>", "committed": "6", "fresh": "7", "command": "diplolib trace",
}  # fmt: skip
VERIFIED = {
    "verdict": "agrees", "quick": False, "started": "2026-11-22T02:16:56+00:00", "seconds": {"all": 61.2},
    "environment": {"python": "3.11.7", "cores": "2"}, "notebooks": ["02-timeline"],
    "figures": {"timeline": "02-timeline", "units": "05-organisation"}, "claims": {"reproduced": 3},
    "findings": [],
}  # fmt: skip


def test_without_a_record_the_page_says_how_to_make_one(tmp_path, collection):
    got = verification.report(Edition(collection.__class__(tmp_path), labels.load("en")))
    assert "make record" in got


@pytest.mark.parametrize(
    ("findings", "quick", "expected"),
    [([], False, "Everything agrees"), ([], True, "What is stored agrees"), ([FINDING], False, "1 difference"),
     ([{**FINDING, "severity": "report"}], False, "Everything agrees")],
)  # fmt: skip
def test_the_outcome_of_a_verification(recorded, findings, quick, expected):
    study = recorded("verification.json", {**VERIFIED, "findings": findings, "quick": quick})
    got = verification.report(Edition(study, labels.load("en")))
    assert got.split("<strong>")[1].startswith(expected)


def test_a_difference_stands_beside_its_check_and_its_figure(recorded):
    study = recorded("verification.json", {**VERIFIED, "findings": [FINDING]})
    drawn = figures.Shown("timeline", "02-timeline", "m", "Zaman", "", "", "", [], [0.9])
    html = verification.report(Edition(study, labels.load("tr"), shown=[drawn]))
    got = re.findall(r"<tr><td>(.*?)</td>\n<td><span class=\"verdict not-reproduced\">", html)
    expected = [
        labels.load("tr")["site.verify.check.plotted-tables"],
        '<a href="figures/timeline.html">Zaman</a>',
    ]
    assert got == expected
    assert "differs &lt;1&gt;" in html


def test_a_quick_verification_claims_nothing_about_pictures(recorded):
    study = recorded("verification.json", {**VERIFIED, "quick": True})
    words = labels.load("en")
    got = words["site.verify.check.pictures"] in verification.report(Edition(study, words))
    expected = False
    assert got == expected


def test_the_numbers_of_a_dataframe_s_rows_are_left_out():
    got = notebooks.readable(pd.DataFrame({"a": [1, 2]}).to_html(), "Table 1")
    assert "<th>0</th>" not in got
    assert got.count("<td>") == 2


def test_names_of_a_dataframe_s_rows_stay():
    got = notebooks.readable(pd.DataFrame({"a": [1, 2]}, index=["x", "y"]).to_html(), "Table 1")
    assert "<th>x</th>" in got


def test_a_notebook_s_answer_comes_before_its_parameters(collection):
    run = next(run for run in notebooks.executed(collection, "en") if run.name == "02-timeline")
    tags = [c.metadata.get("tags", []) for c in notebooks.page(run, labels.load("en")).cells]
    sources = [c.source for c in notebooks.page(run, labels.load("en")).cells]
    got = next(i for i, tag in enumerate(tags) if "parameters" in tag)
    assert got > sources.index("## Findings")


@pytest.fixture
def checked():
    """A run whose only cell prints a sentence and a figure's card."""
    card = "figure    a (en)\nrows      1\nsha256    <0>"
    outputs = [nbformat.v4.new_output("stream", text=text) for text in ("said", card)]
    cell = nbformat.v4.new_code_cell("1", outputs=outputs)
    return notebooks.Executed(Path("01-a.ipynb"), nbformat.v4.new_notebook(cells=[cell]))


def test_what_a_figure_is_checked_by_is_folded_below_everything(checked):
    code, last = notebooks.page(checked, labels.load("en")).cells
    got = [output.text for output in code.outputs], last.source.count("<pre>"), last.source[:9]
    expected = ["said"], 1, "<details>"
    assert got == expected
    assert "sha256    &lt;0&gt;" in last.source


@pytest.fixture
def translated(copied, collection):
    """The collection's notebooks with a run of each in Turkish, without one of them."""
    shutil.copytree(collection.notebooks, copied.root / "notebooks")
    shutil.copytree(collection.root / "site" / "locale", copied.root / "site" / "locale")
    for path in (copied.root / "notebooks").glob("*.ipynb"):
        run = nbformat.read(path, as_version=4)
        prose = catalogues.prose(copied, "tr", f"notebooks/{path.stem}")
        for cell in run.cells:
            cell.source = prose(cell.source) if cell.cell_type == "markdown" else cell.source
        (copied.build / "tr").mkdir(parents=True, exist_ok=True)
        nbformat.write(run, copied.build / "tr" / path.name)
    return copied


def test_a_turkish_run_reaches_sphinx_in_english(translated):
    got = [run.title for run in notebooks.executed(translated, "tr")]
    expected = [run.title for run in notebooks.executed(translated, "en")]
    assert got == expected


def test_a_run_before_its_translation_is_called_old(translated):
    path = catalogues.folder(translated, "tr") / "notebooks" / "01-cleaning.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr "', 'msgstr "Yeni ', 1), encoding="utf-8")
    with pytest.raises(StudyError, match="made from an earlier 01-cleaning"):
        notebooks.executed(translated, "tr")


def test_turkish_runs_have_no_english_prose_left(collection):
    """Every message of every notebook has a translation."""
    got = []
    for path in sorted(collection.notebooks.glob("*.ipynb")):
        said = catalogues.speaker(collection, "tr", f"notebooks/{path.stem}")
        cells = nbformat.read(path, as_version=4).cells
        texts = [c.source for c in cells if c.cell_type == "markdown"]
        found = [m[2] for text in texts for m in catalogues.MESSAGE.finditer(text)]
        got += [f"{path.stem}: {text[:60]}" for text in found if said(text) == text]
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("see `rows` there", "see <code>rows</code> there"),
        ("the prose (lines 1382–1385) gives Germany", "the prose gives Germany"),
        ("section on results, line 1320, and note 4", "section on results and note 4"),
        ("a line of 3 words < 4", "a line of 3 words &lt; 4"),
    ],
)
def test_prose_points_at_nothing_that_the_reader_has_not(said, expected):
    got = str(text.shown(said))
    assert got == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Çankaya", "cankaya"),
        ("Şereflikoçhisar", "sereflikochisar"),
        ("Côte d’Ivoire", "cote-d-ivoire"),
    ],
)
def test_an_address_has_no_letters_that_need_escaping(name, expected):
    got = text.slug(name)
    assert got == expected


def test_the_archive_has_the_same_bytes_on_any_day(tmp_path, collection):
    import os

    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    exports.archive(collection, first)
    os.utime(collection.data / "processed" / "agreements.csv")
    exports.archive(collection, second)
    assert first.read_bytes() == second.read_bytes()
    import zipfile

    got = {"data/processed/agreements.csv", "CITATION.cff", "LICENSE-DATA"} - {
        *zipfile.ZipFile(first).namelist()
    }
    expected = set()
    assert got == expected


def test_the_main_table_is_the_same_in_every_form(tmp_path, collection):
    from nbproof import tables

    pytest.importorskip("xlsxwriter")  # of the site's packages, which conftest can require
    exports.write(collection, tmp_path)
    file = tmp_path / "data" / "processed" / "agreements.parquet"
    expected = tables.read(collection, "processed/agreements")
    pd.testing.assert_frame_equal(pd.read_parquet(file), expected, check_dtype=False)
    assert file.with_suffix(".xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(("address", "expected"), [("", []), ("https://a.org", ["claims"])])
def test_claim_reviews_need_an_address(collection, address, expected):
    told = settings.Settings(title={}, description={}, address=address)
    edition = Edition(collection, labels.load("en"), told)
    got = list(ledger.reviews(edition, pd.DataFrame([CLAIM])))
    assert got == expected


@pytest.mark.parametrize(("contact", "expected"), [("", False), ("a@b.org", True)])
def test_an_address_for_errors_is_said_once_it_is_set(collection, contact, expected):
    told = settings.Settings(title={}, description={}, contact=contact)
    edition = Edition(collection, labels.load("en"), told)
    page = edition.render("about.html", about=sources.about(collection), settings=told, commit="")
    got = "mailto:" in page
    assert got == expected
    assert "10.5505/jas.2022.86547" in page


def test_each_municipality_and_country_has_a_page(collection):
    listed = places.agreements(collection)
    got = places.pages(Edition(collection, labels.load("tr")), listed, None)
    kinds = [name.partition("/")[0] for name in got]
    assert (kinds.count("municipalities"), kinds.count("countries")) == (
        listed["municipality"].nunique(),
        listed["country_code"].nunique(),
    )
    assert 'id="D002"' in got["municipalities/cankaya.md"]


def test_what_differs_comes_first_and_what_no_table_checks_is_folded():
    other = {**CLAIM, "id": "same", "verdict": "reproduced"}
    closed = {**CLAIM, "id": "closed", "verdict": "not checkable"}
    page = listed("en", closed, other, CLAIM)
    got = re.findall(r'<tr id="([\w-]+)"', page)
    expected = ["a-claim", "same", "closed"]
    assert got == expected
    assert page.index('<details class="unchecked">') < page.index('id="closed"')


# Another study's readers would wonder; `make size` does not see words.
WORDS = re.compile(
    r"agreement|municipalit|partner|sister|twin|mayor|district|ankara|çankaya"
    r"|anlaşma|belediye|kardeş|ilçe", re.IGNORECASE
)  # fmt: skip


def test_the_site_s_machinery_knows_no_city_and_no_agreement(collection):
    folder = collection.root / "src" / "nbproof"
    files = [*(folder / "site").rglob("*"), *(folder / "labels").rglob("*.toml")]
    got = [
        (file.name, line)
        for file in files
        if file.suffix in (".py", ".html", ".md", ".toml") and file.name != "minisearch.js"
        for line in file.read_text(encoding="utf-8").splitlines()
        if WORDS.search(line)
    ]
    expected = []
    assert got == expected


def test_the_vendored_search_is_the_one_that_was_published(collection):
    import hashlib

    file = collection.root / "src" / "nbproof" / "site" / "static" / "minisearch.js"
    got = hashlib.sha256(file.read_bytes()).hexdigest()
    expected = "4e02b9fa52f244c377d737c7d06cda6bce967d137254e8532d6c79f68469bef3"
    assert got == expected
