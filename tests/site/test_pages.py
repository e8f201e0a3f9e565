"""The built site as files: whole in both languages, self-contained, and true to the figures."""

import hashlib
import json
import re
import struct
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import nbformat
import pytest

from nbproof import catalogues, tables

LANGUAGES = ["en", "tr"]
# Elements that make the reader's browser fetch something; an <a> does not.
FETCHES = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
           "audio": "src", "embed": "src", "object": "data", "use": "href"}  # fmt: skip


class Page(HTMLParser):
    """What a page links, fetches, shows and says."""

    def __init__(self, file: Path):
        super().__init__()
        self.links, self.fetched, self.images, self.ids, self.text = [], [], [], set(), []
        self._skipped = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in FETCHES and values.get(FETCHES[tag]):
            self.fetched.append(values[FETCHES[tag]])
        if tag == "link" and values.get("rel") not in ("canonical", "alternate", "next", "prev"):
            self.fetched.append(values["href"])
        if tag == "img":
            self.images.append(values)
        classes = (values.get("class") or "").split()
        # Code, what is marked as English, names, and tables that a notebook prints are not prose.
        prose = tag not in ("script", "style", "code", "pre", "kbd") and values.get("lang") != "en"
        prose = prose and not {"wide", "headerlink", "logo__title"} & set(classes)
        if tag not in ("img", "br", "hr", "meta", "link", "input", "wbr"):
            self._skipped.append(bool(self._skipped and self._skipped[-1]) or not prose)

    def handle_endtag(self, tag):
        if self._skipped:
            self._skipped.pop()

    def handle_data(self, data):
        if not (self._skipped and self._skipped[-1]):
            self.text.append(data)


@pytest.fixture(scope="session")
def read(html, pages):
    return {f"{code}/{page}": Page(html / code / page) for code in LANGUAGES for page in pages}


def test_both_languages_have_the_same_pages(html, pages):
    got = {
        file.relative_to(html / "tr").as_posix()
        for file in (html / "tr").rglob("*.html")
        if file.name != "explorer.html"
    }
    expected = set(pages)
    assert got == expected


def test_every_notebook_and_figure_has_a_page(collection, pages):
    expected = {f"notebooks/{path.stem}.html" for path in collection.notebooks.glob("*.ipynb")}
    expected |= {
        f"figures/{path.name.removesuffix('.en.png')}.html"
        for path in collection.figures.glob("*.en.png")
    }
    got = expected & set(pages)
    assert got == expected


def test_every_link_and_download_answers(html, read):
    broken = []
    for name, page in read.items():
        for link in {*page.links, *page.fetched}:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("#"):
                continue
            path, anchor = urldefrag(link)
            target = (html / name).parent / unquote(urlsplit(path).path)
            where = target.resolve()
            if not where.is_file():
                broken.append((name, link))
            elif anchor and where.suffix == ".html":
                other = read.get(where.relative_to(html.resolve()).as_posix())
                if other and unquote(anchor) not in other.ids:
                    broken.append((name, link))
    assert broken == []


def test_no_page_fetches_from_elsewhere(html, read):
    outside = [
        (name, link)
        for name, page in read.items()
        for link in page.fetched
        if urlsplit(link).scheme not in ("", "data") or link.startswith("//")
    ]
    outside += [
        (file.name, found)
        for file in html.rglob("*.css")
        for found in re.findall(
            r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^)'\"]+)", file.read_text(encoding="utf-8")
        )
    ]
    assert outside == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_say_what_describe_said(collection, html, read, language):
    """A figure's alt text is the one that `describe` gave in the run, on every page that shows it."""
    wrong, seen = [], 0
    for path in sorted(collection.notebooks.glob("*.ipynb")):
        run = path if language == "en" else collection.build / language / path.name
        described = [
            output.metadata["image/png"]["alt"]
            for cell in nbformat.read(run, as_version=4).cells
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        ]
        page = read[f"{language}/notebooks/{path.stem}.html"]
        got = [image["alt"] for image in page.images]
        seen += len(got)
        if got != described:
            wrong.append((path.stem, got, described))
        for name in re.findall(r"^figure +(\S+) \(", run.read_text(encoding="utf-8"), re.M):
            shown = read[f"{language}/figures/{name}.html"].images
            if shown[0]["alt"] not in described:
                wrong.append((name, shown[0]["alt"]))
    assert wrong == []
    assert seen >= 3


def test_no_picture_is_called_by_its_file(read):
    wrong = [
        (name, image)
        for name, page in read.items()
        for image in page.images
        if len(image.get("alt") or "") < 60 or re.search(r"\.(png|webp|svg)\b", image["alt"])
    ]
    assert wrong == []


def test_the_switch_leads_to_the_same_page(pages, read):
    wrong = []
    for page in pages:
        for language, other in (("en", "tr"), ("tr", "en")):
            up = "../" * (page.count("/") + 1)
            links = {link.removeprefix("./") for link in read[f"{language}/{page}"].links}
            if f"{up}{other}/{page}" not in links:
                wrong.append((language, page))
    assert wrong == []


@pytest.fixture(scope="session")
def texts(required, collection):
    """What has to be translated: prose, markdown cells, and the data packages' descriptions."""
    from nbproof.site import build

    return build.templates(collection)


def test_every_text_is_translated(collection, texts):
    got = catalogues.untranslated(collection, "tr", texts)
    expected = {}
    assert got == expected


def test_no_translation_is_left_over(collection, texts):
    got = {
        name: [
            message.id
            for message in catalogues.read(collection, "tr", name)
            if message.id and message.id not in known
        ]
        for name, known in texts.items()
    }
    expected = {}
    assert {name: left for name, left in got.items() if left} == expected


def test_a_translation_keeps_numbers_and_codes(collection):
    """A year, a line or a column's name that a translation drops or changes is an error."""
    exact = re.compile(r"\d+|`[^`]+`")
    place = catalogues.folder(collection, "tr")
    messages = [m for file in place.rglob("*.po") for m in catalogues.read_file(file) if m.id]
    # A page in Turkish is named in the place of the English one; a command may ask for Turkish.
    said = {
        m.id: {*exact.findall(m.string.replace(".tr.md", ".md").replace(" --lang tr", ""))}
        for m in messages
    }
    got = [m.id for m in messages if not {*exact.findall(m.id)} <= said[m.id]]
    expected = []
    assert got == expected


# Words that no Turkish sentence has.
ENGLISH = re.compile(r"\b(the|of|and|with|which|from|are|is|was|were|that|this|by|for)\b")


def test_turkish_pages_hold_no_english_sentence(read):
    got = [
        (name, text.strip())
        for name, page in read.items()
        if name.startswith("tr/")
        for text in page.text
        if len(ENGLISH.findall(text)) > 1
    ]
    expected = []
    assert got == expected


def test_turkish_headings_of_students_are_turkish(html):
    """A translation that begins as a list, "1. ", is dropped by Sphinx without a word."""
    pages = [(html / lang / "students.html").read_text(encoding="utf-8") for lang in LANGUAGES]
    english, turkish = (set(re.findall(r"<h2>(.*?)<", page)) for page in pages)
    got = english & turkish
    expected = set()
    assert got == expected
    assert len(turkish) > 8


@pytest.mark.parametrize(
    ("text", "expected"), [("Hangi bölge önde?", 0), ("the list of cities", 2)]
)
def test_english_is_told_from_turkish(text, expected):
    got = len(ENGLISH.findall(text))
    assert got == expected


def test_numbers_have_the_form_of_the_language(collection, html):
    agreements = tables.read(collection, "processed/agreements")
    sure = f"{100 * (agreements['confidence'] == 'high').mean():.0f}"
    got = [f"{sure}%" in (html / "en" / "index.html").read_text(encoding="utf-8"),
           f"%{sure}" in (html / "tr" / "index.html").read_text(encoding="utf-8")]  # fmt: skip
    expected = [True, True]
    assert got == expected


def test_without_an_address_nothing_is_announced(html, pages):
    """Search engines and previews take whole addresses only."""
    got = [name for name in ("sitemap.xml", "robots.txt") if [*html.rglob(name)]]
    telling = re.compile(r'rel="canonical"|application/ld\+json|property="og:url"')
    got += [page for page in pages if telling.search((html / "en" / page).read_text("utf-8"))]
    expected = []
    assert got == expected


def test_robots_name_both_sitemaps_once_the_address_is_known(tmp_path, collection):
    from nbproof.site import build
    from nbproof.study import Study

    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "settings.toml").write_text(
        'address = "https://a.org/x/"\ndescription = {}\n[title]\nen = "A"\ntr = "B"\n',
        encoding="utf-8",
    )
    build._front_door(Study(tmp_path), tmp_path)
    got = re.findall(r"Sitemap: (.*)", (tmp_path / "robots.txt").read_text(encoding="utf-8"))
    expected = [f"https://a.org/x/{code}/sitemap.xml" for code in LANGUAGES]
    assert got == expected


def test_each_page_describes_itself(html, pages):
    """Two pages with one description look alike in a list of hits."""
    said = {}
    for page in pages:
        text = (html / "en" / page).read_text(encoding="utf-8")
        description = re.search(r'name="description" content="([^"]+)"', text)[1]
        said.setdefault(description, []).append(page)
    site = re.search(
        r'name="description" content="([^"]+)"', (html / "en/index.html").read_text("utf-8")
    )[1]
    got = {text: found for text, found in said.items() if len(found) > 1 and text != site}
    expected = {}
    assert {
        text: found for text, found in got.items() if not found[0].startswith("library/")
    } == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_claim_and_term_is_found_at_its_row(collection, html, read, language):
    text = (html / language / "search-entries.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.SEARCH_ENTRIES=").rstrip(";\n"))
    lost = []
    for _, title, address, _ in entries:
        page, _, anchor = address.partition("#")
        if anchor and anchor not in read[f"{language}/{page}"].ids:
            lost.append((title, address))
    assert lost == []
    kinds = [kind for kind, *_ in entries]
    agreements = tables.read(collection, "processed/agreements")
    expected = {
        "agreement": len(agreements),
        "partner": agreements["place_id"].nunique(),
        "municipality": agreements["municipality"].nunique(),
        "country": agreements["country_code"].nunique(),
        "claim": len(tables.read(collection, "processed/claims")),
        "term": len(tables.read(collection, "reference/glossary")),
    }
    got = {kind: kinds.count(kind) for kind in expected}
    assert got == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_is_light(html, language):
    """Index and library together, gzipped, and on the search page only."""
    import gzip

    files = ("search-entries.js", "_static/minisearch.js", "_static/search.js")
    got = sum(len(gzip.compress((html / language / name).read_bytes())) for name in files)
    assert got < 83_000


@pytest.mark.parametrize("page", ["index", "data/index", "students"])
def test_the_data_are_one_click_away(html, page):
    got = "downloads/data.zip" in (html / "tr" / f"{page}.html").read_text(encoding="utf-8")
    expected = True
    assert got == expected


def test_a_card_s_checksum_is_that_of_the_download(html, read):
    """Whoever downloads a figure's table has what its page describes."""
    wrong, seen = [], 0
    for name in read:
        language, _, figure = name.removesuffix(".html").partition("/figures/")
        table = html / "downloads" / "figures" / f"{figure}.{language}.csv"
        if table.is_file():
            seen += 1
            digest = hashlib.sha256(table.read_bytes()).hexdigest()
            if digest not in (html / language / "developers.html").read_text(encoding="utf-8"):
                wrong.append(name)
    assert wrong == []
    assert seen >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alt_text_names_what_the_card_counts(html, language):
    """The picture's description and the card below it are of one table: they share counts of ten and more.

    That each number in it is right, the tests of the figure's module show.
    """
    wrong, seen = [], 0
    cards = unescape((html / language / "developers.html").read_text(encoding="utf-8"))
    for file in sorted((html / language / "figures").glob("*.html")):
        text = unescape(file.read_text(encoding="utf-8"))
        alt = re.search(r'<figure class="large"[^>]*>.*? alt="([^"]*)"', text, re.S)
        card = re.search(rf"figure +{file.stem} \(\w\w\)(.*?)^sha256", cards, re.S | re.M)
        if alt:
            said, counted = (
                {int(n) for n in re.findall(r"\b\d{2,3}\b", part[1])} for part in (alt, card)
            )
            seen += 1
            if said and not said & counted:
                wrong.append((file.name, alt[1]))
    assert wrong == []
    assert seen >= 15


def test_link_previews_have_a_picture_of_the_right_size(html, read):
    sizes = set()
    for name in read:
        text = (html / name).read_text(encoding="utf-8")
        picture = re.search(r'property="og:image" content="([^"]+)"', text)[1]
        header = (html / name).parent.joinpath(picture).read_bytes()[16:24]
        sizes.add(struct.unpack(">II", header))
    got = sizes
    expected = {(1200, 630)}
    assert got == expected


def test_no_launch_link_without_a_repository(read):
    got = [
        (name, link)
        for name, page in read.items()
        for link in page.links
        if "mybinder" in link or "colab" in link
    ]
    expected = []
    assert got == expected


def test_launch_links_come_from_the_one_setting():
    from nbproof.site.settings import Settings

    told = Settings(title={}, description={}, repository="owner/name")
    got = told.launch("notebooks/02-timeline.ipynb")
    expected = {
        "Binder": "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/02-timeline.ipynb",
        "Colab": "https://colab.research.google.com/github/owner/name/blob/main/notebooks/02-timeline.ipynb",
    }
    assert got == expected


def test_every_column_of_every_package_is_explained(collection, html):
    missing = []
    for package in collection.data.rglob("datapackage.json"):
        folder = package.parent.relative_to(collection.data).as_posix().replace("/", "-")
        text = (html / "tr" / "data" / f"{folder}.html").read_text(encoding="utf-8")
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]:
            for field in resource.get("schema", {}).get("fields", []):
                if f"<code>{field['name']}</code>" not in text:
                    missing.append((folder, resource["name"], field["name"]))
    assert missing == []
