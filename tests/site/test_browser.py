"""The built site in a real browser that reaches nothing but this machine.

Every page is opened once a language, and looked at in each theme and width while it is open: `tour`.
"""

import functools
import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

LANGUAGES = ["en", "tr"]
LIMIT = 350_000  # bytes of a page before scrolling, with all that it loads, gzipped
DESKTOP = {"width": 1280, "height": 900}
# A phone, a tablet and both sides of where the head changes; 640 is a desktop at 200 % zoom.
WIDTHS = [360, 640, 768, 960, 1024, 1100, 1280, 1600]
# Pages of one template differ by their rows: the longest and the shortest of each stand for all.
FAMILIES = {
    "municipalities": {"ankara", "kalecik"},
    "countries": {"northern-cyprus", "democratic-republic-of-the-congo"},
}
# What stands beyond the window's edge, or is cut off inside an element, other than where it is meant to
# (frames that scroll by themselves, what only screen readers hear); and what overlaps in the head.
CUT = """() => {
  const meant = ".wide, pre, .visually-hidden, .unseen, .skip-link, #pst-skip-link, dialog";
  const seen = (e) => { const s = getComputedStyle(e); return s.visibility !== "hidden" && e.getClientRects().length; };
  const out = [...document.querySelectorAll("body *")].filter((e) => !e.closest(meant) && seen(e) && (
    e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1 ||
    (e.tagName !== "SELECT" && ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
  )).map((e) => e.outerHTML.slice(0, 120));
  if (document.documentElement.scrollWidth > innerWidth) out.push("sideways scroll");
  const head = [...document.querySelectorAll("header :is(a, button)")].filter(seen).map((e) => [e, e.getBoundingClientRect()]);
  for (const [a, one] of head) for (const [b, other] of head)
    if (a !== b && !a.contains(b) && one.left < other.left && one.right > other.left + 1 && one.top < other.bottom && other.top < one.bottom)
      out.push(`${a.outerHTML.slice(0, 80)} overlaps ${b.outerHTML.slice(0, 80)}`);
  return out;
}"""
# Pictures further down belong to a page's weight too, and what is folded is looked at as well.
UNFOLD = """() => {
  for (const picture of document.images) picture.loading = "eager";
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const part of document.querySelectorAll("[role=tabpanel]")) part.hidden = false;
}"""
# A theme changes colours and nothing else, so these rules are run in each, all others once.
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = """async ([colours, only]) => {
  const rules = Object.fromEntries(colours.map((name) => [name, {enabled: false}]));
  const options = only ? {runOnly: colours} : {rules};
  const found = await axe.run(document, {preload: false, resultTypes: ["violations"], ...options});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html.slice(0, 200)]));
}"""
# Of table rows and of words in code that are styled alike one each stays: measuring the contrast of
# seven thousand elements takes axe a minute, and tells nothing new.
THIN = """() => {
  const kept = new Set();
  for (const e of document.querySelectorAll("tbody tr, pre span")) {
    const inside = [...e.querySelectorAll("*")].map((x) => x.tagName + x.className);
    const look = [e.tagName, e.className, ...new Set(inside)].join(" ");
    if (kept.has(look)) e.remove(); else kept.add(look);
  }
}"""


@dataclass
class Visit:
    """What one page was found to be: by width what is cut, by theme what axe objects to."""

    name: str
    themes: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    cut: dict[int, list] = field(default_factory=dict)
    violations: dict[str, list] = field(default_factory=dict)


@pytest.fixture(scope="session")
def looked_at(pages) -> list[str]:
    parts = [(page, *page.removesuffix(".html").partition("/")) for page in pages]
    return [page for page, folder, _, name in parts if name in FAMILIES.get(folder, {name})]


@pytest.fixture
def opened(browser):
    """A function that opens a context; what it says to the console is collected."""
    contexts = []

    def make(**options):
        context = browser.new_context(**options)
        page = context.new_page()
        said = []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        contexts.append(context)
        return page, said

    yield make
    for context in contexts:
        context.close()


@functools.cache
def gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))


class Tour:
    """Every kind of page of one language, looked at once; a process of pytest takes a class."""

    language = ""

    @pytest.fixture(scope="class")
    def tour(self, request, browser, address, looked_at) -> list[Visit]:
        from axe_playwright_python.base import AXE_FILE_PATH

        # At rest: a cell that unfolds fades in, and half faded its words have half their contrast.
        context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
        context.add_init_script(path=AXE_FILE_PATH)
        page = context.new_page()
        visits = []
        page.on("console", lambda m: visits[-1].said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: visits[-1].said.append(str(error)))
        page.on("request", lambda request: visits[-1].asked.add(request.url))
        for name in (f"{request.cls.language}/{page}" for page in looked_at):
            visit = Visit(name)
            visits.append(visit)
            page.emulate_media(color_scheme="light")
            page.goto(f"{address}/{name}")
            visit.first = {*visit.asked}
            page.evaluate(UNFOLD)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 740})
                visit.cut[width] = page.evaluate(CUT)
            page.set_viewport_size(DESKTOP)
            page.wait_for_timeout(
                350
            )  # the theme makes what scrolls focusable 300 ms after a resize
            everything = page.evaluate(AXE, [COLOURS, False])
            page.evaluate(THIN)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                page.wait_for_selector(f"html[data-theme={theme}]", state="attached")
                visit.themes.append(theme)
                visit.violations[theme] = everything + page.evaluate(AXE, [COLOURS, True])
        context.close()
        return visits

    def test_each_page_was_seen_in_both_themes(self, tour, looked_at):
        got = [(visit.name[3:], visit.themes) for visit in tour]
        expected = [(name, ["light", "dark"]) for name in looked_at]
        assert got == expected

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_axe_finds_nothing(self, tour, theme):
        got = {visit.name: visit.violations[theme] for visit in tour if visit.violations[theme]}
        expected = {}
        assert got == expected

    @pytest.mark.parametrize("width", WIDTHS)
    def test_nothing_is_cut_and_nothing_scrolls_sideways(self, tour, width):
        got = {visit.name: visit.cut[width] for visit in tour if visit.cut[width]}
        expected = {}
        assert got == expected

    def test_no_page_complains(self, tour):
        got = {visit.name: visit.said for visit in tour if visit.said}
        expected = {}
        assert got == expected

    def test_no_page_asks_another_machine(self, tour, address):
        got = {
            url
            for visit in tour
            for url in visit.asked
            if not url.startswith((f"{address}/", "data:", "blob:"))
        }
        expected = set()
        assert got == expected

    def test_a_page_is_light(self, tour, html):
        size = {}
        for visit in tour:
            files = {html / unquote(urlsplit(url).path).lstrip("/") for url in visit.first}
            size[visit.name] = sum(gzipped(file) for file in files if file.is_file())
        got = {name: weight for name, weight in size.items() if not 0 < weight <= LIMIT}
        expected = {}
        assert got == expected


class TestTourInEnglish(Tour):
    language = "en"


class TestTourInTurkish(Tour):
    language = "tr"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works_from_a_folder_without_a_network(opened, html, looked_at, language):
    page, said = opened(offline=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in looked_at:
        page.goto((html / language / name).as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


# Each as people type it, and what has to stand among the first hits.
SEARCHED = {
    "en": {"KIBRIS": "Northern Cyprus", "kibris": "Northern Cyprus", "cankaya": "Çankaya", "Muhah": "Muhah"},
    "tr": {
        "iddia": "iddia", "İddia": "iddia", "İDDİA": "iddia", "KIBRIS": "Kıbrıs", "kibris": "Kıbrıs",
        "ŞEKİL": "ekil", "sekil": "ekil", "Cankaya": "Çankaya", "ÇANKAYA": "Çankaya", "uskup": "Üsküp",
    },
}  # fmt: skip


@pytest.mark.parametrize("place", ["address", "folder"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_search_folds_case_and_diacritics(opened, address, html, language, place):
    page, said = opened()
    root = address if place == "address" else html.as_uri()
    wrong = {}
    for word, expected in SEARCHED[language].items():
        page.goto(f"{root}/{language}/search.html?q={word}")
        page.wait_for_selector("#found li, #found-count:not(:empty)")
        hits = page.locator("#found li").all_inner_texts()[:12]
        if not any(expected in hit for hit in hits):
            wrong[word] = hits
    assert wrong == {}
    assert said == []


def test_a_hit_opens_at_its_row(opened, address):
    page, _ = opened()
    page.goto(f"{address}/tr/search.html?q=cankaya tiergarten")
    page.locator("#found a").first.click()
    page.wait_for_url("**/municipalities/cankaya.html#D003")
    got = page.locator("#D003").evaluate("row => row.getBoundingClientRect().top >= 60")
    expected = True
    assert got == expected


def test_the_skip_link_is_seen(opened, address):
    page, _ = opened(viewport=DESKTOP)
    page.goto(f"{address}/en/index.html")
    page.keyboard.press("Tab")
    page.wait_for_function(  # it slides in; where it stays hidden, this times out
        "() => { const r = document.activeElement.getBoundingClientRect();"
        " return document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) === document.activeElement }"
    )


@pytest.mark.parametrize("width", [360, 960])
def test_the_menu_opens_at_every_width(opened, address, width):
    page, _ = opened(viewport={"width": width, "height": 800})
    page.goto(f"{address}/tr/index.html")
    page.click(".primary-toggle")
    links = page.locator("dialog[open] .site-links a:visible")
    links.first.wait_for()
    assert links.count() >= 10


def test_on_a_phone_a_row_is_a_block_that_names_its_cells(opened, address):
    page, _ = opened(viewport={"width": 360, "height": 800})
    page.goto(f"{address}/en/municipalities/ankara.html")
    cell = page.locator("#M01 td").nth(1)
    got = cell.evaluate("c => [getComputedStyle(c).display, c.dataset.title]")
    expected = ["block", "Partner"]
    assert got == expected


def test_a_word_of_the_glossary_is_explained_where_it_stands(opened, address):
    page, _ = opened()
    page.goto(f"{address}/en/places.html")
    page.goto(f"{address}/en/notebooks/02-timeline.html")
    term = page.locator("a.term").first
    term.focus()
    got = term.evaluate("e => getComputedStyle(e, '::after').content")
    assert len(got) > 20


def shown_parts(page):
    return page.locator("[role=tabpanel]:visible").evaluate_all("parts => parts.map(p => p.id)")


def test_a_figure_s_page_opens_on_the_figure(opened, address):
    page, said = opened()
    page.goto(f"{address}/en/figures/timeline.html")
    got = shown_parts(page), said
    expected = ["figure"], []
    assert got == expected


def test_a_part_of_a_figure_s_page_has_an_address(opened, address):
    page, _ = opened()
    page.goto(f"{address}/tr/figures/timeline.html#tablo")
    got = shown_parts(page)
    expected = ["tablo"]
    assert got == expected


def test_arrows_lead_from_tab_to_tab(opened, address):
    page, _ = opened()
    page.goto(f"{address}/en/figures/timeline.html")
    page.locator("[role=tab]").first.focus()
    page.keyboard.press("ArrowLeft")
    got = shown_parts(page), page.url.partition("#")[2]
    expected = ["download-and-cite"], "download-and-cite"
    assert got == expected


def test_a_figure_s_parts_stand_one_below_the_other_without_scripts(opened, address):
    page, _ = opened(java_script_enabled=False)
    page.goto(f"{address}/en/figures/timeline.html")
    got = page.locator("article section section:visible").count()
    expected = 4
    assert got == expected


@pytest.mark.parametrize("width", [360, 1280])
def test_a_figure_is_shown_without_the_title_that_stands_above_it(opened, address, html, width):
    """The picture is as high as what lies below its headings."""
    page, _ = opened(viewport={"width": width, "height": 900})
    page.goto(f"{address}/en/figures/timeline.html")
    picture = page.locator("figure.large img")
    ratio = "p => p.clientHeight / p.clientWidth"
    name = "timeline.en.phone.svg" if width == 360 else "timeline.en.svg"
    drawn = (html / "downloads" / "figures" / name).read_text(encoding="utf-8")
    across, high = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn).groups())
    got = picture.evaluate("p => p.currentSrc").rpartition("/")[2].partition("#")[0]
    assert got == name
    assert 0.85 * high / across < picture.evaluate(ratio) < 0.97 * high / across


@pytest.mark.parametrize(("language", "word"), [("en", "Copy"), ("tr", "Kopyala")])
@pytest.mark.parametrize("page_name", ["cite", "figures/timeline"])
def test_a_citation_is_copied_by_a_button_with_a_word(opened, address, language, word, page_name):
    page, _ = opened()
    page.goto(f"{address}/{language}/{page_name}.html")
    copying = page.locator("button.download:not(.live-start)")  # what computes here has its own
    got = set(copying.evaluate_all("all => all.map(b => b.textContent)"))
    expected = {word}
    assert got == expected


def ledger(page, address, address_part=""):
    answer = page.goto(f"{address}/en/claims.html{address_part}")
    if answer.status == 404:
        pytest.skip("no ledger of claims yet: data/processed/claims.csv")
    return page.locator("#ledger tbody tr:visible")


def test_the_ledger_filters_as_pandas_does(opened, address, collection):
    from nbproof import tables

    page, _ = opened()
    rows = ledger(page, address)
    claims = tables.read(collection, "processed/claims")
    expected = claims["verdict"].value_counts().to_dict()
    got = {}
    for verdict in expected:
        page.select_option("#ledger select >> nth=0", verdict.replace(" ", "-"))
        got[verdict] = rows.count()
    assert got == expected


def test_the_ledger_sorts_both_ways(opened, address):
    page, _ = opened()
    ledger(page, address)
    button = page.locator("#ledger th button").first
    cells = page.locator("#ledger tbody .permalink")
    printed = cells.all_inner_texts()
    got = []
    for _ in range(3):
        button.click()
        got.append(cells.all_inner_texts())
    assert got[0] != printed
    assert got[1] != got[0]
    assert got[2] == printed


def test_the_ledger_opens_on_what_differs(opened, address):
    page, _ = opened()
    rows = ledger(page, address)
    shown = rows.evaluate_all("rows => rows.map(row => row.dataset.verdict)")
    assert shown[0] == "not-reproduced"
    assert "not-checkable" not in shown


def test_a_sorted_ledger_can_be_cited(opened, address):
    page, _ = opened()
    ledger(page, address)
    page.locator("#ledger th button").nth(1).click()
    first = page.locator("#ledger tbody .permalink").all_inner_texts()
    page.goto(page.url)
    got = page.locator("#ledger tbody .permalink").all_inner_texts()
    assert got == first


def test_a_filtered_ledger_can_be_cited(opened, address):
    page, _ = opened()
    rows = ledger(page, address, "?verdict=not-reproduced")
    got = set(rows.evaluate_all("rows => rows.map(row => row.dataset.verdict)"))
    expected = {"not-reproduced"}
    assert got == expected


def test_the_ledger_says_when_nothing_fits(opened, address):
    page, _ = opened()
    rows = ledger(page, address, "?q=no-such-claim")
    got = rows.count(), page.locator("#ledger p:visible").count()
    expected = 0, 1
    assert got == expected


def test_a_claim_has_an_address(opened, address):
    page, _ = opened()
    rows = ledger(page, address)
    name = rows.nth(20).get_attribute("id")
    page.goto(f"{address}/en/claims.html?verdict=none#{name}")
    got = page.locator(f"#{name}").is_visible()
    expected = True
    assert got == expected


def test_the_ledger_is_a_table_without_scripts(opened, address):
    page, _ = opened(java_script_enabled=False)
    rows = ledger(page, address)
    assert rows.count() > 0
    assert page.locator("#ledger form").count() == 0


def test_the_keyboard_sees_where_it_is(opened, address):
    page, _ = opened()
    page.goto(f"{address}/en/index.html")
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    got = set(seen)
    expected = {"solid"}
    assert got == expected


def test_focus_follows_the_page_s_order(opened, address):
    """From the skip link through the head into the text, never back up."""
    page, _ = opened(viewport=DESKTOP)
    page.goto(f"{address}/tr/cite.html")
    got = []
    for _ in range(14):
        page.keyboard.press("Tab")
        got.append(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    expected = sorted(got)
    assert got == expected
    assert len(set(got)) == len(got)


def test_reduced_motion_moves_nothing(opened, address):
    page, _ = opened(reduced_motion="reduce")
    page.goto(f"{address}/en/index.html")
    got = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration !== '0s' }).length"
    )
    expected = 0
    assert got == expected
