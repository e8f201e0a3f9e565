"""The built site in a real browser that reaches nothing but this machine."""

import gzip
from urllib.parse import unquote, urlsplit

import pytest

LANGUAGES = ["en", "tr"]
LIMIT = 700_000  # bytes of a page with all that it loads, gzipped
ROUNDS = [(language, theme) for language in LANGUAGES for theme in ("light", "dark")]


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


@pytest.mark.parametrize(("language", "theme"), ROUNDS)
def test_axe_finds_nothing(opened, address, pages, language, theme):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    page, said = opened(color_scheme=theme)
    for name in pages:
        page.goto(f"{address}/{language}/{name}")
        shown = page.evaluate("document.documentElement.dataset.theme")
        assert shown == theme
        # Without axe's own second look at the style sheets, which asks for addresses no page names.
        answer = axe.run(page, options={"preload": False}).response
        for violation in answer["violations"]:
            found.append((name, violation["id"], violation["nodes"][0]["html"][:200]))
    assert found == []
    assert said == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 640])
def test_nothing_scrolls_sideways(opened, address, pages, language, width):
    """On a phone, and on a desktop of 1,280 pixels at 200 % zoom."""
    page, _ = opened(viewport={"width": width, "height": 740})
    got = []
    for name in pages:
        page.goto(f"{address}/{language}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            got.append(name)
    expected = []
    assert got == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works_from_a_folder_without_a_network(opened, html, pages, language):
    page, said = opened(offline=True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in pages:
        page.goto((html / language / name).as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


def test_a_page_is_light(opened, address, html, pages):
    page, _ = opened(viewport={"width": 1280, "height": 900})
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    got = {}
    for name in pages:
        asked.clear()
        page.goto(f"{address}/tr/{name}")
        files = [html / unquote(path).lstrip("/") for path in asked]
        got[name] = sum(len(gzip.compress(file.read_bytes())) for file in files if file.is_file())
    heavy = {name: size for name, size in got.items() if not 0 < size <= LIMIT}
    assert heavy == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_a_page(opened, address, language):
    page, said = opened()
    page.goto(f"{address}/{language}/search.html?q=timeline")
    page.wait_for_selector("ul.search li")
    assert page.locator("ul.search li").count() > 0
    assert said == []


def ledger(page, address, address_part=""):
    answer = page.goto(f"{address}/en/claims.html{address_part}")
    if answer.status == 404:
        pytest.skip("no ledger of claims yet: data/processed/claims.csv")
    return page.locator("#ledger tbody tr:visible")


def test_the_ledger_filters_as_pandas_does(opened, address, collection):
    from diplolib import tables

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
