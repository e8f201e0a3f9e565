"""Data is data: whatever a name says, figures, notebooks and pages show it as text."""

import csv
import io
import json
import os
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

SHARE = float(os.environ.get("NBPROOF_FAULTS", "0.1"))
SOME = ["01-cleaning", "03-world-map", "04-purposes", "06-foreign-policy", "08-beyond-bilateral"]
SCRIPT = "<script>alert(1)</script>"

# Cells of the source and reference tables, and what stands there instead.
INSTEAD = {
    "Bişkek": SCRIPT,
    "Bishkek": SCRIPT,
    "Prag": "../../etc/passwd",
    "Prague": "../../etc/passwd",
    "Hartum": "{{x}}",
    "Khartoum": "{{x}}",
    "Aşkabat": "$qq^{77}$",
    "Ashgabat": "$qq^{77}$",
    "Kuala Lumpur": "%s",
    "Dipkarpaz": "{0}",
    "Rizokarpaso": "{0}",
    "Punom Pen": "<img src=x onerror=alert(1)>",
    "Phnom Penh": "<img src=x onerror=alert(1)>",
    "Konut": "<b>$qq^{77}$</b>",
    "Housing": "<b>$qq^{77}$</b>",
    "Russia": "$qq_{77}$ & <i>R</i>",
    "Rusya": "$qq_{77}$ & <i>R</i>",
    "Ankara Days in Shanghai": "<script>alert(2)</script> {{y}} $qq^{77}$",
    "Şanghay’da Ankara Günleri": "<script>alert(2)</script> {{y}} $qq^{77}$",
    "People to People programme of US President Eisenhower": "<script>alert(3)</script> $qq^{77}$",
    "Melih Gökçek": "$qq^{77}$<u>",
}
# What is added to every cell of these columns. The ledger looks countries up by their Turkish names.
MORE = " <u>$qq^{77}$</u>"
LENGTHENED = {
    "data/reference/countries.csv": ["name"],
    "data/reference/places.csv": ["name", "name_tr"],
    "data/reference/other_tie_partners.csv": ["name", "name_tr"],
    "data/reference/purpose_names.csv": ["purpose_en"],
    "data/reference/engagements_coding.csv": ["name", "name_tr", "place"],
    "data/raw/article/events.csv": ["event", "event_tr"],
}


def another(cell):
    """A cell, or each part of a list of purposes, with a hostile name in its place."""
    return " | ".join(INSTEAD.get(part, part) for part in cell.split(" | "))


@pytest.fixture(scope="module")
def hostile(make, tmp_path_factory):
    """A collection with such names, run."""
    around = tmp_path_factory.mktemp("around")
    folder = make(around / "study", *([] if SHARE >= 1 else SOME))
    for path in sorted((folder.root / "data").glob("r*/**/*.csv")):
        name = path.relative_to(folder.root).as_posix()
        head, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
        rows = [[another(cell) for cell in row] for row in rows]
        for column in LENGTHENED.get(name, []):
            for row in rows:
                row[head.index(column)] += MORE if row[head.index(column)] else ""
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
        folder.write(name, file.getvalue().encode())
    for command in ("sensitivity", "reproduce"):  # verdicts stop on results from other names
        code, _, error = folder.run(command)
        assert code == 0, error
    return folder


def cells(folder):
    """Each notebook's name and code cells, in both languages."""
    for place in ("notebooks", "build/tr"):
        for path in sorted((folder.root / place).glob("*.ipynb")):
            for cell in json.loads(path.read_bytes())["cells"]:
                if cell["cell_type"] == "code":
                    yield f"{place}/{path.name}", cell


def shown(folder, kind):
    for name, cell in cells(folder):
        for output in cell["outputs"]:
            if kind in output.get("data", {}):
                yield name, "".join(output["data"][kind])


class Markup(HTMLParser):
    """The elements and the text of a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.elements |= {f"{tag} {name}" for name, _ in attrs if name.startswith("on")}

    def handle_data(self, data):
        self.text.append(data)


PLAIN = {"div", "style", "table", "thead", "tbody", "tr", "th", "td", "p"}


def test_tables_in_notebooks_show_names_as_text(hostile):
    found = {name: Markup(text).elements - PLAIN for name, text in shown(hostile, "text/html")}
    got = {name: elements for name, elements in found.items() if elements}
    expected = {}
    assert got == expected
    every = "".join("".join(Markup(text).text) for _, text in shown(hostile, "text/html"))
    assert MORE in every


def test_tables_in_notebooks_hold_no_formulas(hostile):
    """A notebook's reader would set what stands between dollar signs, unless a table says not to."""
    got = {
        name
        for name, text in shown(hostile, "text/html")
        if "<table" in text and "mathjax_ignore" not in text
    }
    expected = set()
    assert got == expected


def rendered(text: str) -> str:
    """Markdown as a notebook's reader sees it: HTML in it stays HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).render(text)


def test_sentences_in_notebooks_show_names_as_text(hostile):
    allowed = PLAIN | {
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "h2",
        "h3",
        "h4",
        "code",
        "br",
        "hr",
        "span",
    }
    found = [
        (name, text, Markup(rendered(text)).elements - allowed)
        for name, text in shown(hostile, "text/markdown")
    ]
    got = [(name, text) for name, text, elements in found if elements]
    expected = []
    assert got == expected


def test_sentences_in_notebooks_hold_no_formulas(hostile):
    got = [
        (name, text)
        for name, text in shown(hostile, "text/markdown")
        if "$" in text.replace(r"<span>\$</span>", "")
    ]
    expected = []
    assert got == expected


def figures(folder, kind):
    return sorted((folder.root / "figures").glob(f"*.{kind}"))


def test_figures_hold_no_elements_that_names_bring(hostile):
    drawn = {}
    for path in figures(hostile, "svg"):
        tree = ElementTree.parse(path)
        drawn[path.name] = {element.tag.rpartition("}")[2] for element in tree.iter()}
    got = {
        name: tags & {"script", "img", "foreignObject", "b", "i", "u"}
        for name, tags in drawn.items()
    }
    expected = {name: set() for name in drawn}
    assert got == expected


def words(svg: str) -> str:
    """An SVG's text without spaces: a long name may be broken over lines."""
    return re.sub(r"\s+", "", "".join(ElementTree.fromstring(svg).itertext()))


def test_figures_show_names_as_they_are(hostile):
    """Dollar signs too: between two of them matplotlib would set a formula."""
    drawn = {path.name: words(path.read_text("utf-8")) for path in figures(hostile, "svg")}
    got = {name for name, text in drawn.items() if "qq77" in text or "\\$" in text}
    expected = set()
    assert got == expected
    lost = [
        name for name in ("<b>$qq^{77}$</b>", MORE.strip()) if name not in "".join(drawn.values())
    ]
    assert lost == []


def test_nothing_is_written_elsewhere(hostile):
    around = hostile.root.parent
    got = {path.name for path in around.iterdir()}, {path.name for path in hostile.root.iterdir()}
    expected = {"study"}, {
        "data", "notebooks", "figures", "build", "site", "README.md", "CITATION.cff", "checksums.json",
        "study.toml",
    }  # fmt: skip
    assert got == expected


def test_names_stand_in_the_clean_table_as_printed(hostile):
    table = csv.DictReader(
        io.StringIO((hostile.root / "data/processed/agreements.csv").read_text("utf-8"))
    )
    printed = {row["partner_printed"] for row in table}
    got = {
        name
        for name in (SCRIPT, "../../etc/passwd", "{{x}}", "$qq^{77}$", "%s", "{0}")
        if name not in printed
    }
    expected = set()
    assert got == expected


def test_a_formula_is_refused_in_a_source_table(hostile, tmp_path):
    folder = hostile.copy(tmp_path / "study")
    name = "data/raw/article/table-04.csv"
    formula = b'"=HYPERLINK(""http://x.example"",""x"")"'
    folder.write(name, (folder.root / name).read_bytes().replace(b"1990,Pekin", b"1990," + formula))
    code, _, error = folder.run("clean")
    got = [
        part in error
        for part in (f"{name}, row", "column city", "=HYPERLINK", "spreadsheet formula")
    ]
    expected = [True] * 4
    assert (code, got) == (1, expected), error


def test_a_figure_s_table_marks_a_formula_as_text():
    import pandas as pd

    from nbproof.figures import card

    names = ["=HYPERLINK(1)", "＝1+1", "+1", "@x", "-cmd|x", "Seoul", "-"]
    got = card.canonical(pd.DataFrame({"name": names, "n": [-1.5] * 7})).decode().splitlines()[1:]
    expected = [
        "'=HYPERLINK(1),-1.5",
        "'＝1+1,-1.5",
        "'+1,-1.5",
        "'@x,-1.5",
        "'-cmd|x,-1.5",
        "Seoul,-1.5",
        "-,-1.5",
    ]
    assert got == expected


@pytest.mark.skipif(
    SHARE < 1, reason="needs the site's packages; tests/site looks at the same in a browser"
)
def test_the_site_s_pages_show_names_as_text(hostile):
    from nbproof import study
    from nbproof.site import build

    place = build.build(study.find(hostile.root))
    bad = ("<script>alert", "<img src=x", "<b>$x", "<u>", "<i>R")
    got = {
        (path.name, text)
        for path in place.rglob("*.html")
        for text in bad
        if text in path.read_text("utf-8")
    }
    expected = set()
    assert got == expected


def test_the_explorer_shows_names_as_text(hostile):
    code, _, error = hostile.run("explorer")
    assert code == 0, error
    page = (hostile.root / "build" / "explorer.html").read_text("utf-8")
    got = [
        text
        for text in ("<script>alert", "<img src=x", "<b>$x", "onerror=alert(1)>")
        if text in page
    ]
    expected = []
    assert got == expected
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
