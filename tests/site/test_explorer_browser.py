"""The explorer in a real browser, with the network refused."""

import random
import re
import shutil
import statistics
import urllib.parse

import pandas as pd
import pytest

from ankara.site import explorer
from diplolib import places
from diplolib.figures import totals
from nbproof import labels, tables
from nbproof.study import Study

FORMULA = "-1+1"
# At rest: a button takes another theme's colours over a tenth of a second, its words at once, and
# between the two its words have half their contrast.
OPTIONS = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def file(html):
    return html / "en" / "explorer.html"


@pytest.fixture
def opened(browser, file):
    """Open the page in a context of its own: what it asked for, and what it complained of, is kept."""
    contexts = []

    def open_(address=None, hash="", **options):
        contexts.append(browser.new_context(**{**OPTIONS, **options}))
        return visited(contexts[-1], (address or file.as_uri()) + hash, options)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def shared(browser, file):
    context = browser.new_context(**OPTIONS)
    yield visited(context, file.as_uri(), {})
    context.close()


@pytest.fixture
def page(shared):
    """The page, opened once for all and led back to how it opens: in English, unfiltered, at its top."""
    shared.set_viewport_size(OPTIONS["viewport"])
    shared.emulate_media(color_scheme="light")
    shared.mouse.move(0, 0)
    shared.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    go(shared, "#lang=tr")  # so that the next address is another one, whatever a test left
    go(shared, "#lang=en")
    shared.complaints.clear()
    return shared


def visited(context, address, options):
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on(
        "console",
        lambda said: said.type in ("error", "warning") and page.complaints.append(said.text),
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html[data-ready]")
        settled(page)
    return page


def settled(page):
    page.wait_for_function("!document.documentElement.hasAttribute('aria-busy')")


def go(page, hash):
    """Another view by its address, as if a reader pasted it."""
    page.evaluate(
        "hash => { if (location.hash === hash) return;"
        " document.documentElement.setAttribute('aria-busy', 'true'); location.hash = hash }",
        hash,
    )
    settled(page)


def shown(page) -> list[int]:
    """The numbers that the page states: agreements, places, countries."""
    said = page.inner_text("#count").split(" of ")[0] + " " + page.inner_text("#count-more")
    return [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", said)]


def listed(page) -> list[int]:
    return page.eval_on_selector_all("#rows tr", "rows => rows.map(row => +row.dataset.order)")


def kept(agreements: pd.DataFrame, schemes: pd.DataFrame, state: dict) -> pd.DataFrame:
    """The rows that pass a state of the explorer, by pandas."""
    wanted = agreements["year"].between(state.get("from", 0), state.get("to", 9999))
    for column in ("level", "form", "municipality"):
        if column in state:
            wanted &= agreements[column] == state[column]
    if "capital" in state:
        wanted &= (agreements["capital"] == (state["capital"] == "yes")).fillna(False).astype(bool)
    if "confidence" in state:
        wanted &= places.at_least(agreements["confidence"], state["confidence"])
    if "country" in state:
        wanted &= agreements["country_code"].isin(state["country"])
    if "region" in state:
        scheme = state.get("scheme", "article_inferred")
        wanted &= totals.region_of(agreements, scheme, schemes).isin(state["region"])
    return agreements[wanted]


def states(agreements: pd.DataFrame, number: int) -> list[dict]:
    """Filter states of all kinds, from narrow to wide, the same in each run."""
    chance = random.Random(6)
    codes = sorted(agreements["country_code"].dropna().unique())
    found = []
    for _ in range(number):
        years = sorted(chance.sample(range(1971, 2022), 2))
        state = {
            "from": years[0],
            "to": years[1],
            "level": chance.choice(["metropolitan", "district"]),
            "form": chance.choice(["sister_city", "friendship_cooperation"]),
            "capital": chance.choice(["yes", "no"]),
            "confidence": chance.choice(["low", "medium", "high"]),
            "municipality": chance.choice(sorted(agreements["municipality"].unique())),
            "country": chance.sample(codes, chance.randint(1, 12)),
            "region": chance.sample(["Africa", "Americas", "Asia", "Europe", "Oceania", "unidentified"], chance.randint(1, 3)),
            "scheme": chance.choice(["un_m49", "article_inferred"]),
        }  # fmt: skip
        dropped = chance.sample(list(state), chance.randint(5, 9))
        state = {name: value for name, value in state.items() if name not in dropped}
        if "from" in state and "to" not in state:
            state["to"] = 2021
        found.append(state)
    return found


def as_hash(state: dict) -> str:
    text = {
        name: ",".join(value) if isinstance(value, list) else value for name, value in state.items()
    }
    return "#" + urllib.parse.urlencode({"lang": "en", **text})


@pytest.fixture(scope="module")
def agreements(collection):
    return tables.read(collection, "processed/agreements")


@pytest.fixture(scope="module")
def schemes(collection):
    return tables.read(collection, "reference/regions")


# ---- it opens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["file", "server"])
def test_the_page_works_alone(opened, file, address, place):
    here = {"file": file.as_uri(), "server": f"{address}/en/{file.name}"}[place]
    page = opened(here)
    page.evaluate("document.getElementById('compare').scrollIntoView()")
    page.wait_for_selector("#side-b canvas")
    settled(page)
    painted = page.eval_on_selector_all(
        "canvas",
        "all => all.map(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean))",
    )
    got = page.asked, page.complaints, painted
    expected = [here], [], [True] * 7
    assert got == expected


def test_the_whole_table_is_there_without_a_script(opened, agreements):
    page = opened(java_script_enabled=False)
    got = page.locator("#rows tr").count(), page.locator("#form").is_visible()
    expected = len(agreements), False
    assert got == expected
    page.locator("#rows summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#rows details").first.get_attribute("open") is not None


def test_the_table_says_the_same_with_and_without_a_script(opened):
    got = opened().eval_on_selector_all("#rows tr", "rows => rows.map(row => row.textContent)")
    expected = opened(java_script_enabled=False).locator("#rows tr").all_text_contents()
    assert got == expected


# ---- filters ----------------------------------------------------------------------------------------


def test_generated_filter_states_give_the_counts_of_pandas(page, agreements, schemes):
    got, expected = [], []
    for state in states(agreements, 80):
        go(page, as_hash(state))
        rows = kept(agreements, schemes, state)
        placed = rows[rows["country_code"].notna()]
        counts = [len(rows), placed["place_id"].nunique(), placed["country_code"].nunique()]
        got.append((state, shown(page), listed(page)))
        expected.append((state, counts, rows.index.tolist()))
    assert got == expected
    assert sum(len(rows) > 0 for _, _, rows in expected) >= 50


def test_the_ranking_and_the_timeline_count_as_pandas_does(page, agreements):
    go(page, "#lang=en&from=2000&to=2010")
    text = page.get_attribute("#ranking-canvas", "aria-label")
    rows = agreements[agreements["year"].between(2000, 2010)]
    counts = rows["country_code"].value_counts()
    got = int(re.search(r"(\d+)", text)[1])
    expected = counts.iloc[0]
    assert got == expected
    options = page.eval_on_selector_all(
        "select[name=municipality] option", "all => all.map(o => [o.value, o.textContent])"
    )
    got = {
        value: int(re.search(r"\((\d+)\)", text)[1]) for value, text in options if value != "all"
    }
    expected = {
        name: int((rows["municipality"] == name).sum())
        for name in agreements["municipality"].unique()
    }
    assert got == expected


CONTROLS = [
    (lambda page: page.select_option("select[name=municipality]", "Çankaya"), {"municipality": "Çankaya"}),
    (lambda page: page.select_option("select[name=country]", "DE"), {"country": ["DE"]}),
    (lambda page: page.check("input[name=level][value=district]"), {"level": "district"}),
    (lambda page: page.check("input[name=form][value=friendship_cooperation]"), {"form": "friendship_cooperation"}),
    (lambda page: page.check("input[name=capital][value=yes]"), {"capital": "yes"}),
    (lambda page: page.select_option("select[name=confidence]", "high"), {"confidence": "high"}),
    (lambda page: page.click("[data-region=Africa]"), {"region": ["Africa"]}),
    (lambda page: (page.fill("input[name=from]", "1999"), page.keyboard.press("Enter")), {"from": 1999}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("control", "state"),
    CONTROLS,
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_control_filters_and_writes_the_address(page, agreements, schemes, control, state):
    control(page)
    settled(page)
    rows = kept(agreements, schemes, state)
    got = listed(page), page.evaluate("location.hash")
    expected = rows.index.tolist(), as_hash(state)
    assert got == expected


def test_a_click_on_a_country_filters_it_and_another_lets_go(page, agreements):
    box = page.locator("#map-canvas").bounding_box()
    point = box["x"] + box["width"] * 0.83, box["y"] + box["height"] * 0.72  # Australia
    page.mouse.click(*point)
    settled(page)
    got = listed(page)
    expected = agreements.index[agreements["country_code"] == "AU"].tolist()
    assert got == expected
    page.mouse.click(*point)
    settled(page)
    assert len(listed(page)) == len(agreements)


def test_a_brush_over_the_timeline_chooses_years(page, agreements):
    page.locator("#timeline-canvas").scroll_into_view_if_needed()
    box = page.locator("#timeline-canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 120, steps=5)
    page.mouse.up()
    page.wait_for_function("location.hash.includes('from=')")
    settled(page)
    year_from, year_to = (int(page.input_value(f"input[name={name}]")) for name in ("from", "to"))
    got = listed(page), 1990 < year_from < year_to < 2021
    expected = agreements.index[agreements["year"].between(year_from, year_to)].tolist(), True
    assert got == expected


def test_nothing_matches_is_said_and_reset(page, agreements):
    go(page, "#lang=en&municipality=Kalecik&country=DE")
    assert page.inner_text("#nothing h2") == labels.load("en")["explorer.nothing"]
    assert page.is_disabled("#download")
    page.click("#nothing button")
    settled(page)
    got = page.is_visible("#nothing"), len(listed(page)), page.evaluate("location.hash")
    expected = False, len(agreements), "#lang=en"
    assert got == expected


def test_a_wrong_address_is_read_as_far_as_it_makes_sense(opened, agreements):
    page = opened(
        hash="#lang=de&from=abc&to=99999&country=ZZ,DE&level=none&view=NaN,1&sort=__proto__&region=constructor"
    )
    got = len(listed(page)), page.complaints
    expected = (agreements["country_code"] == "DE").sum(), []
    assert got == expected


# ---- address, download ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hash",
    [
        "#lang=tr&from=1990&to=2010&level=district&country=DE,AZ&sort=year&order=desc",
        "#lang=en&municipality=%C3%87ankaya&scheme=un_m49&region=Asia&by=region&arcs=1&terms=0&a=Mamak&b=Alt%C4%B1nda%C4%9F&view=3,0.1,-0.2",
        "#lang=en&form=sister_city&capital=no&confidence=medium",
    ],
)
def test_an_address_gives_the_view_that_wrote_it(opened, hash):
    page = opened(hash=hash)
    before = listed(page)
    # Any choice writes the address anew, from the state alone.
    page.click("#terms")
    page.click("#terms")
    settled(page)
    again = page.evaluate("location.hash")
    got = dict(urllib.parse.parse_qsl(again[1:])), listed(opened(hash=again))
    expected = dict(urllib.parse.parse_qsl(hash[1:])), before
    assert got == expected


def csv_of(page) -> bytes:
    with page.expect_download() as waiting:
        page.click("#download")
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize(
    "state", [{}, {"municipality": "Çankaya"}, {"confidence": "high", "to": 2005}]
)
def test_the_download_is_the_filtered_rows(page, agreements, schemes, state, tmp_path):
    go(page, as_hash(state))
    (tmp_path / "got.csv").write_bytes(csv_of(page))
    got = pd.read_csv(
        tmp_path / "got.csv", dtype="str", keep_default_na=False, encoding="utf-8-sig"
    )
    expected = tables.as_text(kept(agreements, schemes, state)).reset_index(drop=True)
    pd.testing.assert_frame_equal(got, expected)


@pytest.fixture(scope="module")
def hostile(collection, tmp_path_factory):
    """The page of a study with names that look like markup, templates and formulas."""
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    shutil.copy(collection.root / "CITATION.cff", root)
    study = Study(root)
    rows = tables.read(study, "processed/agreements")
    names = [
        "<script>document.title = 'broken'</script>",
        "<img src=x onerror=alert(1)>",
        "{{x}}",
        FORMULA,
    ]
    for at, name in enumerate(names):
        rows.loc[at, ["partner", "partner_tr", "partner_printed"]] = name
    rows.loc[4, "municipality"] = "<b>bold</b>"
    tables.write(rows, study, "processed/agreements")
    return explorer.write(study, root / "explorer.html"), names


def test_names_that_look_like_markup_show_as_text(opened, hostile):
    page = opened(hostile[0].as_uri())
    got = page.eval_on_selector_all(
        "#rows summary", "all => all.slice(0, 4).map(s => s.textContent)"
    )
    expected = hostile[1]
    assert got == expected
    page.focus("#map-canvas")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.select_option("select[name=municipality]", "<b>bold</b>")
    settled(page)
    assert page.inner_text("#chips button >> nth=0").startswith("<b>bold</b>")
    assert page.complaints == []


def test_a_formula_is_escaped_in_the_download(opened, hostile):
    page = opened(hostile[0].as_uri())
    got = csv_of(page).decode("utf-8-sig").splitlines()[4].split(",")
    expected = "'" + FORMULA
    assert got[10] == expected
    # Numbers are no formulas: a southern latitude keeps its sign.
    assert ",-12.0432," in csv_of(page).decode()


# ---- everybody --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_violation(page, scheme, language, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    go(page, f"#lang={language}&to=2019&country=DE,RU&sort=year")
    page.evaluate("document.getElementById('compare').scrollIntoView()")
    page.wait_for_selector("#side-b canvas")
    page.evaluate(
        "document.querySelector('#rows details').open = true; document.getElementById('filters').open = true"
    )
    page.evaluate("document.getElementById('table').style.contentVisibility = 'visible'")
    got = objections(page)
    expected = []
    assert got == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_where_nothing_matches(page, scheme):
    page.emulate_media(color_scheme=scheme)
    go(page, "#lang=en&municipality=Kalecik&country=DE")
    got = objections(page)
    expected = []
    assert got == expected


def objections(page) -> list[tuple]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


def test_a_place_shows_by_keyboard_all_that_hover_shows(page, agreements):
    go(page, "#lang=en&municipality=Ankara&from=1993&to=1993&country=CU")
    page.focus("#map-canvas")
    page.keyboard.press("ArrowRight")
    text = page.inner_text("#card")
    got = [
        word in text
        for word in (
            "Havana",
            "1993",
            "Ankara",
            "table-04.csv, line 14",
            "high",
            "Table 4 prints the country",
        )
    ]
    expected = [True] * 6
    assert got == expected
    page.keyboard.press("Escape")
    assert not page.is_visible("#card")


@pytest.mark.parametrize(
    ("chart", "choice"), [("map", "country"), ("timeline", "to"), ("ranking", "country")]
)
def test_a_chart_filters_by_keyboard(page, chart, choice):
    page.focus(f"#{chart}-canvas")
    page.keyboard.press("ArrowDown")
    assert page.is_visible("#card")
    page.keyboard.press("Enter")
    page.wait_for_function(f"location.hash.includes('{choice}=')")
    page.keyboard.press("Enter")
    page.wait_for_function(f"!location.hash.includes('{choice}=')")
    assert page.evaluate("document.activeElement.id") == f"{chart}-canvas"
    assert page.complaints == []


def test_hover_shows_a_country(page):
    box = page.locator("#map-canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.83, box["y"] + box["height"] * 0.72)
    page.wait_for_selector("#card:not([hidden])")
    got = [
        word in page.inner_text("#card")
        for word in ("Australia", "Woollahra", "1997", "Çankaya", "table-06.csv", "high")
    ]
    expected = [True] * 6
    assert got == expected


def test_every_stop_of_the_tab_key_is_seen(opened):
    """Focus goes down the page in its order, and each stop has an outline."""
    page = opened(hash="#lang=en")
    stops = []
    for _ in range(45):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e); return [e.id || e.name || e.textContent,"
                " s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2] }"
            )
        )
    got = [name for name, outlined in stops if not outlined]
    expected = []
    assert got == expected
    names = [name for name, _ in stops]
    order = [
        names.index(name)
        for name in (
            "from",
            "municipality",
            "download",
            "map-canvas",
            "timeline-canvas",
            "ranking-canvas",
            "pair-a",
        )
    ]
    assert order == sorted(order)


def test_a_header_sorts_by_keyboard(page, agreements):
    page.focus("th.year button")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    settled(page)
    got = [int(text) for text in page.locator("#rows td.year").all_text_contents()]
    expected = sorted(agreements["year"], reverse=True)
    assert got == expected
    assert page.get_attribute("th.year", "aria-sort") == "descending"


def test_the_whole_page_changes_its_language(page):
    page.click("[data-language=tr]")
    settled(page)
    english, turkish = labels.load("en"), labels.load("tr")
    keys = [
        key
        for key in english
        if re.fullmatch(r"explorer\.\w+", key)
        and "{" not in english[key]
        and english[key] != turkish[key]
    ]
    texts = set(page.evaluate("document.body.innerText").split("\n"))
    got = (
        page.evaluate("document.documentElement.lang"),
        [key for key in keys if english[key] in texts],
    )
    expected = "tr", []
    assert got == expected
    assert "Ankara’nın" in page.title()


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("width", [320, 360, 640, 768, 1280, 1920])
def test_nothing_runs_out_of_the_side(page, language, width):
    """360 px is a phone; 640 px is a 1,280 px screen at 200 % zoom."""
    page.set_viewport_size({"width": width, "height": 780})
    go(page, f"#lang={language}&country=DE,RU,AZ,XN&from=1980")
    page.evaluate(
        "document.getElementById('compare').scrollIntoView(); document.getElementById('filters').open = true"
    )
    page.wait_for_selector("#side-b canvas")
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroller, .unseen, .skip') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    got = page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide
    expected = True, []
    assert got == expected


def test_reduced_motion_moves_nothing(page):
    got = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); return s.animationName !== 'none' || s.transitionDuration !== '0s' }).length"
    )
    expected = 0
    assert got == expected


# ---- speed ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large_file(collection, tmp_path_factory):
    """The page of a generated study of 5,000 agreements with 1,500 places."""
    root = tmp_path_factory.mktemp("large")
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    shutil.copy(collection.root / "CITATION.cff", root)
    study = Study(root)
    rows = tables.read(study, "processed/agreements")
    chance = random.Random(5000)
    picked = rows.iloc[[chance.randrange(len(rows)) for _ in range(5000)]].reset_index(drop=True)
    number = pd.Series([chance.randrange(10) for _ in range(5000)])
    picked["agreement_id"] = [f"G{at:04}" for at in range(5000)]
    picked["source"] = [f"data/raw/generated.csv:{at + 2}" for at in range(5000)]
    picked["place_id"] += "-" + number.astype("str")
    picked["latitude"] = (picked["latitude"] + number / 3).round(4)
    picked["longitude"] = (picked["longitude"] + number / 3).round(4).clip(-180, 180)
    picked["year"] = [chance.randint(1971, 2021) for _ in range(5000)]
    tables.write(picked, study, "processed/agreements")
    return explorer.write(study, root / "explorer.html")


def measured(page) -> list[float]:
    """How long each of a dozen filter changes took, to the frame after they were painted."""
    page.evaluate("performance.clearMeasures()")
    for name, value in [("municipality", "Çankaya"), ("municipality", "Keçiören"), ("municipality", "all"), ("confidence", "high"),
                        ("confidence", "none"), ("country", "DE"), ("country", "AZ"), ("country", "all"), ("scheme", "un_m49"),
                        ("municipality", "Ankara"), ("municipality", "Mamak"), ("municipality", "all")]:  # fmt: skip
        page.select_option(f"select[name={name}]", value)
        settled(page)
    return page.evaluate("performance.getEntriesByName('filter').map(entry => entry.duration)")


def best(page, limit: float) -> float:
    """The quickest of three rounds' medians; the machine may be busy with other things."""
    rounds = []
    while len(rounds) < 3 and not any(median <= limit for median in rounds):
        rounds.append(statistics.median(measured(page)))
    return min(rounds)


def test_the_page_is_ready_and_a_filter_painted_soon(opened, record_property):
    ready = []
    while len(ready) < 3 and not any(time <= 2000 for time in ready):
        page = opened()
        ready.append(int(page.get_attribute("html", "data-ready")))
    painted = best(page, 100)
    record_property("ready_ms", min(ready))
    record_property("filter_ms", painted)
    got = min(ready) <= 2000, painted <= 100
    expected = True, True
    assert got == expected, (ready, painted)


def test_a_filter_is_painted_soon_at_5000_rows(opened, large_file, record_property):
    page = opened(large_file.as_uri())
    painted = best(page, 250)
    record_property("filter_ms", painted)
    assert shown(page)[0] == 5000
    assert painted <= 250


def test_a_long_table_comes_in_parts_and_whole_on_demand(opened, large_file):
    page = opened(large_file.as_uri())
    assert len(listed(page)) == 100
    page.click("#more-rows")
    assert len(listed(page)) == 200
    page.click("#all-rows")
    got = len(listed(page))
    expected = 5000
    assert got == expected
