"""The explorer's page as a file: what it holds, and that nothing outside is needed."""

import gzip
import hashlib
import html.parser
import itertools
import json
import re
import shutil
from importlib import resources

import pytest

from ankara.site import explorer, explorer_data
from diplolib import cli
from nbproof import labels, tables
from nbproof.study import Study, StudyError


@pytest.fixture(scope="module")
def content(collection):
    return explorer_data.content(collection)


@pytest.fixture(scope="module")
def page(collection):
    return explorer.build(collection)


class Reader(html.parser.HTMLParser):
    """Every element with its attributes, and the text of the table's cells."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.cells, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in ("td", "th", "summary"):
            self.inside = True
            self.cells.append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th", "summary"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data


def test_nothing_outside_is_named(page):
    got = [
        (tag, name, value)
        for tag, attributes in Reader(page).elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "href", "action", "poster")
        and not value.startswith(("#", "data:,"))
    ]
    expected = []
    assert got == expected
    style = page.partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_forbids_itself_the_network(page):
    policy = next(
        a["content"]
        for t, a in Reader(page).elements
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    got = policy.startswith("default-src 'none'"), "http" in policy, "unsafe-eval" in policy
    expected = True, False, False
    assert got == expected


def test_the_page_is_light(page):
    got = len(gzip.compress(page.encode())) <= 400_000
    expected = True
    assert got == expected


def test_the_scripts_by_others_are_as_they_were_taken():
    room = resources.files("ankara.site") / "vendor"
    got = {
        name: hashlib.sha256((room / name).read_bytes()).hexdigest() for name in explorer.SCRIPTS
    }
    lines = (room / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    expected = {name: digest for digest, name in map(str.split, lines)}
    assert got == expected


def test_the_page_carries_the_licences_of_its_scripts(page):
    got = [
        owner
        for owner in ("Mike Bostock", "Observable, Inc.", "Mikola Lysenko", "Mapbox")
        if owner in page
    ]
    expected = ["Mike Bostock", "Observable, Inc.", "Mikola Lysenko", "Mapbox"]
    assert got == expected


def test_the_same_tables_give_the_same_page(collection, page):
    got = explorer.build(collection) == page
    expected = True
    assert got == expected


def test_every_agreement_stands_in_the_table_without_a_script(collection, page):
    agreements = tables.read(collection, "processed/agreements")
    cells = Reader(page).cells
    got = [
        partner for partner in agreements["partner"] if not any(partner in cell for cell in cells)
    ]
    expected = []
    assert got == expected
    assert page.count('<tr><th scope="row"') == len(agreements)


HOSTILE = [
    "<script>alert(1)</script>",
    "{{x}} {% y %}",
    "$title ${title}",
    "</script><b>",
    "a & b \"c\" 'd'",
]


@pytest.fixture(scope="module")
def hostile(collection, tmp_path_factory):
    """The page of a study with partners that look like markup and templates."""
    study = Study(tmp_path_factory.mktemp("hostile"))
    shutil.copytree(collection.data, study.data)
    shutil.copy(collection.root / "study.toml", study.root)
    shutil.copy(collection.root / "CITATION.cff", study.root)
    agreements = tables.read(study, "processed/agreements")
    for at, name in enumerate(HOSTILE):
        agreements.loc[at, ["partner", "partner_tr"]] = name
    tables.write(agreements, study, "processed/agreements")
    return explorer.build(study)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_markup_stays_text(hostile, name):
    got = name in Reader(hostile).cells
    expected = True
    assert got == expected


def test_no_name_becomes_a_script(hostile):
    # The page's own two scripts and its data
    got = sum(tag == "script" for tag, _ in Reader(hostile).elements)
    expected = 3
    assert got == expected
    assert json.loads(re.search(r'id="content">(.*?)</script>', hostile, re.S)[1])["rows"]


def test_evidence_is_that_of_the_printed_name(collection):
    agreements = tables.read(collection, "processed/agreements")
    places = tables.read(collection, "reference/places").set_index("listed_as")["evidence"]
    row = agreements[agreements["partner_printed"] == "Bayan-Olgii"]
    got = explorer_data.evidence(collection, row).tolist()
    expected = [places["Bayan-Olgii"]] * len(row)
    assert got == expected


def test_every_agreement_has_evidence(collection):
    found = explorer_data.evidence(collection, tables.read(collection, "processed/agreements"))
    got = found[found == ""].index.tolist()
    expected = []
    assert got == expected


def test_a_place_that_is_not_listed_has_no_evidence(collection):
    row = tables.read(collection, "processed/agreements").head(1).assign(place_id="nowhere")
    got = explorer_data.evidence(collection, row).tolist()
    expected = [""]
    assert got == expected


def _area(ring):
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring)) / 2


def test_shapes_run_clockwise(content):
    """The other way round a country would cover the rest of the world."""
    got = [
        feature["properties"]["code"]
        for feature in content["shapes"]
        for part in feature["geometry"]["coordinates"]
        if _area(part[0]) > 0
    ]
    expected = []
    assert got == expected


def test_no_partner_country_loses_its_shape(collection, content):
    codes = set(tables.read(collection, "processed/agreements")["country_code"].dropna())
    got = codes - {
        f["properties"]["code"] for f in content["shapes"] if f["geometry"]["coordinates"]
    }
    expected = set()
    assert got == expected


def test_small_partner_states_have_a_marker(content):
    got = {point["code"] for point in content["small"]} >= {"BH", "XN"}
    expected = True
    assert got == expected


def test_an_unknown_region_scheme_is_named(copied):
    path = copied.data / "reference" / "study.csv"
    path.write_bytes(path.read_bytes().replace(b"article_inferred", b"article_infered"))
    with pytest.raises(StudyError, match=r"study\.csv, column region_scheme: 'article_infered'"):
        explorer_data.content(copied)


def _used_words() -> set:
    """Keys that the template, the module and the builder name."""
    room = resources.files("ankara.site")
    module = (room / "explorer.mjs").read_text(encoding="utf-8")
    template = (room / "explorer.html").read_text(encoding="utf-8")
    builder = (room / "explorer.py").read_text(encoding="utf-8")
    used = set(re.findall(r'(?:word|fill)\("(\w+)"', module))
    used |= set(re.findall(r'data-(?:t|label)="(\w+)"', template))
    return (
        used
        | set(re.findall(r'(?:words\[|fill\()"explorer\.(\w+)"', builder))
        | {"region", "partner", "yes", "no"}
    )


def test_every_word_that_the_page_names_exists():
    got = {key for key in _used_words() if f"explorer.{key}" not in labels.load("en")}
    expected = set()
    assert got == expected


def test_no_word_is_left_over():
    kept = {
        key.removeprefix("explorer.")
        for key in labels.load("en")
        if re.fullmatch(r"explorer\.\w+", key)
    }
    got = kept - _used_words()
    expected = set()
    assert got == expected


def test_the_command_writes_the_page(collection, tmp_path, capsys):
    code = cli.main(
        ["--study", str(collection.root), "explorer", "--output", str(tmp_path / "page.html")]
    )
    got = code, (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    expected = 0, True
    assert got == expected
    assert "open it in a browser" in capsys.readouterr().out
