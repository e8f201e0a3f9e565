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
def file(collection, tmp_path_factory):
    return explorer.write(collection, tmp_path_factory.mktemp("explorer") / "explorer.html")


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
    page.wait_for_selector("html:not([aria-busy])", state="attached")


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
def test_the_page_works_alone(opened, file, served, place):
    here = file.as_uri() if place == "file" else f"{served(file.parent)}/{file.name}"
    page = opened(here)
    page.evaluate("document.getElementById('compare').scrollIntoView()")
    page.wait_for_selector("#side-b svg")
    settled(page)
    painted = page.eval_on_selector_all(
        ".canvas > div > svg:first-child",
        "all => all.map(svg => svg.querySelectorAll('path, rect').length > 5)",
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
    page.wait_for_url(re.compile("from="))
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
    page.wait_for_selector("#side-b svg")
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
    page.wait_for_url(re.compile(f"{choice}="))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("lang=en$"))
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
    for _ in range(50):
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
            "q",
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
    """360 px is a phone; 640 px is a 1,280 px screen at 200 % zoom. The land runs on behind the map's frame, which cuts it."""
    page.set_viewport_size({"width": width, "height": 780})
    go(page, f"#lang={language}&country=DE,RU,AZ,XN&from=1980")
    page.evaluate(
        "document.getElementById('compare').scrollIntoView(); document.getElementById('filters').open = true"
    )
    page.wait_for_selector("#side-b svg")
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroller, .unseen, .skip, .land') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    got = page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide
    expected = True, []
    assert got == expected


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_labels_of_the_terms_stand_apart_after_a_resize(page, language):
    go(page, f"#lang={language}")
    got = []
    for width in (1280, 700, 420, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        got += page.evaluate("""() => {
          const all = [...document.querySelectorAll('svg text')].filter(e => e.textContent.trim());
          const boxes = all.map(e => [e.textContent, e.getBoundingClientRect()]);
          const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          return boxes.flatMap(([text, box], n) =>
            boxes.slice(n + 1).filter(([, other]) => box.width && other.width && meet(box, other)).map(([name]) => [text, name]));
        }""")
    expected = []
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


@pytest.mark.alone
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


@pytest.mark.alone
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


# ---- touch ------------------------------------------------------------------------------------------

PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def phone_(browser, file):
    context = browser.new_context(**{**OPTIONS, **PHONE})
    yield visited(context, file.as_uri(), {})
    context.close()


@pytest.fixture
def phone(phone_):
    """The page on a phone, opened once for all and led back to how it opens."""
    phone_.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    go(phone_, "#lang=tr")
    go(phone_, "#lang=en")
    phone_.complaints.clear()
    return phone_


def swipe(page, *paths, steps=8):
    """Fingers, each from one point to another, as the screen itself would say it."""
    session = page.context.new_cdp_session(page)

    def say(kind, share=None):
        fingers = [
            {"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share, "id": at}
            for at, ((x0, y0), (x1, y1)) in enumerate(paths if share is not None else [])
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    say("touchStart", 0)
    for step in range(1, steps + 1):
        say("touchMove", step / steps)
        page.wait_for_timeout(20)
    say("touchEnd")
    page.wait_for_timeout(100)
    settled(page)


def within(page, chart: str, across: float, down: float) -> tuple[float, float]:
    """A point of a chart, brought to the screen first."""
    node = page.locator(f"#{chart}-canvas")
    node.evaluate("node => node.scrollIntoView({ block: 'center' })")
    box = node.bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def of_year(page, year: int) -> tuple[float, float]:
    """The middle of a year's column in the timeline."""
    within(page, "timeline", 0, 0)
    found = page.locator(f"#timeline-canvas [data-key='{year}']").first.bounding_box()
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


def tap(page, point):
    page.touchscreen.tap(*point)
    settled(page)


def chosen(page) -> dict:
    """What the address says, but for the language."""
    said = dict(urllib.parse.parse_qsl(page.evaluate("location.hash.slice(1)")))
    return {name: value for name, value in said.items() if name != "lang"}


def a_country(page, code: str) -> tuple[float, float]:
    """A point of the map where a country lies bare, found as a reader finds it: by its looks."""
    within(page, "map", 0, 0)
    return page.evaluate(
        """code => {
          const { left, top, right, bottom } = document.getElementById("map-canvas").getBoundingClientRect();
          for (let x = left + 4; x < right; x += 4) for (let y = top + 4; y < bottom; y += 4)
            if ([[0, 0], [3, 0], [-3, 0], [0, 3], [0, -3]].every(([dx, dy]) => document.elementFromPoint(x + dx, y + dy)?.dataset.key + "" === code)) return [x, y];
        }""",
        code,
    )


def test_a_tap_on_a_country_filters_it_and_another_lets_go(phone, agreements):
    tap(phone, a_country(phone, "KZ"))
    got = listed(phone), phone.inner_text("#card h3").split(":")[0]
    expected = agreements.index[agreements["country_code"] == "KZ"].tolist(), "Kazakhstan"
    assert got == expected
    tap(phone, a_country(phone, "KZ"))
    assert chosen(phone) == {}


def test_a_tap_on_a_partner_says_which_and_filters_its_country(phone):
    within(phone, "map", 0, 0)
    box = phone.locator("#map-canvas [data-key='astana-kz']").bounding_box()
    tap(phone, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    got = chosen(phone), "Astana" in phone.inner_text("#card")
    expected = {"country": "KZ"}, True
    assert got == expected
    tap(phone, a_country(phone, "undefined"))  # the sea
    assert not phone.is_visible("#card")


def test_a_tap_on_the_ranking_filters(phone):
    point = within(phone, "ranking", 0.9, 0.04)
    tap(phone, point)
    assert chosen(phone) == {"country": "XN"}
    tap(phone, point)
    assert chosen(phone) == {}


def test_a_swipe_along_the_years_chooses_them(phone, agreements):
    start, end = of_year(phone, 1995), of_year(phone, 2010)
    swipe(phone, (start, (end[0], start[1] + 20)))
    got = chosen(phone), listed(phone)
    rows = agreements.index[agreements["year"].between(1995, 2010)].tolist()
    expected = {"from": "1995", "to": "2010"}, rows
    assert got == expected


def test_the_chosen_years_are_moved_and_widened_by_touch(phone):
    go(phone, "#lang=en&from=1995&to=2005")
    start = of_year(phone, 2000)
    per_year = (of_year(phone, 2011)[0] - of_year(phone, 2001)[0]) / 10
    swipe(phone, (start, (start[0] + 5 * per_year, start[1])))
    assert chosen(phone) == {"from": "2000", "to": "2010"}
    edge = of_year(phone, 2010)[0] + per_year / 2, start[1]
    swipe(phone, (edge, (edge[0] + 5 * per_year, edge[1])))
    assert chosen(phone) == {"from": "2000", "to": "2015"}


def test_a_tap_on_a_year_chooses_it_and_another_lets_go(phone):
    tap(phone, of_year(phone, 2011))
    got = chosen(phone), phone.inner_text("#card h3")
    expected = {"from": "2011", "to": "2011"}, "2011: 19 agreements"
    assert got == expected
    phone.wait_for_timeout(600)  # two quick taps are one gesture
    tap(phone, of_year(phone, 2011))
    assert chosen(phone) == {}


@pytest.mark.parametrize("chart", ["map", "timeline", "ranking"])
def test_an_upward_swipe_over_a_chart_scrolls_the_page_and_chooses_nothing(phone, chart):
    go(phone, "#lang=en&from=1990")
    x, y = within(phone, chart, 0.5, 0.6)
    before = phone.evaluate("scrollY")
    swipe(phone, ((x, y), (x + 15, y - 200)), steps=12)
    got = phone.evaluate("scrollY") - before > 100, chosen(phone)
    expected = True, {"from": "1990"}
    assert got == expected


def test_a_pinch_zooms_the_map_and_not_the_page(phone):
    x, y = within(phone, "map", 0.5, 0.5)
    before = phone.evaluate("document.querySelector('#map-canvas').__zoom.k")
    swipe(phone, ((x - 20, y), (x - 60, y)), ((x + 20, y), (x + 60, y)))
    zoom = float(chosen(phone)["view"].split(",")[0])
    got = round(zoom / before, 1), phone.evaluate("visualViewport.scale")
    expected = 3.0, 1
    assert got == expected


def test_one_finger_moves_the_map_sideways(phone):
    x, y = within(phone, "map", 0.5, 0.5)
    before = phone.evaluate("document.querySelector('#map-canvas').__zoom.x")
    swipe(phone, ((x, y), (x + 80, y + 5)))
    got = phone.evaluate("document.querySelector('#map-canvas').__zoom.x") - before
    expected = 80
    assert abs(got - expected) < 15
    assert list(chosen(phone)) == ["view"]


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("[data-region=Africa]", {"region": "Africa"}),
        ("[data-by=municipality]", {"by": "municipality"}),
        ("#arcs", {"arcs": "1"}),
        ("#terms", {"terms": "0"}),
        ("th.year button", {"sort": "year"}),
        ("#world", {"view": "1,0,0.035"}),
    ],
)
def test_a_tap_on_a_button_does_what_a_click_does(phone, control, expected):
    phone.locator(control).tap()
    settled(phone)
    got = chosen(phone)
    assert got == expected


def test_a_tap_opens_an_agreement(phone):
    phone.locator("#rows summary").first.tap()
    got = "Printed as Seul" in phone.locator("#rows tr").first.inner_text()
    expected = True
    assert got == expected


# ---- search, history, widths ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "column", "value"),
    [
        ("Çankaya", "municipality", "Çankaya"),
        ("cankaya", "municipality", "Çankaya"),
        ("ÇANKAYA", "municipality", "Çankaya"),
        ("  Cankaya ", "municipality", "Çankaya"),
        ("ALTINDAĞ", "municipality", "Altındağ"),
        ("altindag", "municipality", "Altındağ"),
        ("KIBRIS", "country_code", "XN"),
        ("kıbrıs", "country_code", "XN"),
        ("Kibris", "country_code", "XN"),
        ("KAZAKİSTAN", "country_code", "KZ"),
        ("kazakhstan", "country_code", "KZ"),
        ("moğolistan", "country_code", "MN"),
    ],
)
@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_search_minds_neither_case_nor_marks(page, agreements, language, query, column, value):
    go(page, f"#lang={language}")
    page.fill("[name=q]", query)
    settled(page)
    got = listed(page)
    expected = agreements.index[agreements[column] == value].tolist()
    assert got == expected


def test_a_search_of_two_words_wants_both(page, agreements):
    page.fill("[name=q]", "1993 havana")
    settled(page)
    got = [agreements.loc[order, "partner"] for order in listed(page)]
    expected = ["Havana"]
    assert got == expected
    page.fill("[name=q]", "1993 nowhere")
    settled(page)
    assert page.is_visible("#nothing")
    assert page.is_visible("[name=q]")


def test_a_search_stands_in_the_address_and_filters_the_charts(page):
    page.fill("[name=q]", "kuba")
    page.keyboard.press("Enter")
    settled(page)
    got = chosen(page), page.locator("#map-canvas circle[data-key*='-']").count()
    expected = {"q": "kuba"}, page.locator("#rows tr").count()
    assert got == expected
    page.click("#chips button")
    settled(page)
    assert chosen(page) == {}
    assert page.input_value("[name=q]") == ""


def test_the_back_button_steps_through_the_views(opened, agreements):
    page = opened(hash="#lang=en")
    page.click("[data-region=Africa]")
    page.select_option("select[name=municipality]", "Çankaya")
    page.fill("[name=q]", "19")
    page.keyboard.press("Enter")
    seen = []
    for step in (page.go_back, page.go_back, page.go_back, page.go_forward):
        step()
        settled(page)
        seen.append(
            (
                chosen(page),
                page.input_value("[name=q]"),
                page.input_value("[name=municipality]"),
                len(listed(page)) == len(agreements),
            )
        )
    got = seen
    expected = [
        ({"region": "Africa", "municipality": "Çankaya"}, "", "Çankaya", False),
        ({"region": "Africa"}, "", "all", False),
        ({}, "", "all", True),
        ({"region": "Africa"}, "", "all", False),
    ]
    assert got == expected


def test_a_drag_over_the_years_is_one_step_back(opened):
    page = opened(hash="#lang=en")
    (x0, y), (x1, _) = of_year(page, 1994), of_year(page, 2011)
    page.mouse.move(x0, y)
    page.mouse.down()
    page.mouse.move(x1, y, steps=20)
    page.mouse.up()
    settled(page)
    assert chosen(page) == {"from": "1994", "to": "2011"}
    page.go_back()
    settled(page)
    got = (
        page.evaluate("location.hash"),
        page.locator("#timeline-canvas .selection").is_visible(),
    )
    expected = "#lang=en", False
    assert got == expected


def test_a_click_on_a_year_chooses_it_and_another_lets_go(page):
    page.mouse.click(*of_year(page, 2011))
    settled(page)
    assert chosen(page) == {"from": "2011", "to": "2011"}
    page.mouse.click(*of_year(page, 2011))
    settled(page)
    assert chosen(page) == {}


def test_a_drag_and_the_wheel_with_ctrl_move_the_map_and_filter_nothing(page):
    x, y = within(page, "map", 0.5, 0.5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 95, y, steps=5)
    page.mouse.up()
    settled(page)
    width = page.locator("#map-canvas").bounding_box()["width"]
    got = float(chosen(page)["view"].split(",")[1])
    expected = pytest.approx(95 / width, abs=0.01)
    assert got == expected
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    page.wait_for_url(re.compile(r"view=(1\.[1-9]|[2-9])"))
    assert list(chosen(page)) == ["view"]


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("width", [360, 700, 768, 959, 960, 1024, 1100, 1259, 1260, 1280, 1600])
def test_no_column_of_the_table_is_cut(page, language, width):
    page.set_viewport_size({"width": width, "height": 780})
    go(page, f"#lang={language}&sort=year")
    page.evaluate("document.getElementById('table').style.contentVisibility = 'visible'")
    got = page.evaluate(
        "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.scroller'))"
    )
    page.evaluate("document.getElementById('table').style.contentVisibility = ''")
    expected = 0
    assert got == expected


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_stacked_agreement_names_its_columns(phone, language):
    go(phone, f"#lang={language}")
    content = phone.evaluate(
        "getComputedStyle(document.querySelector('#rows td.municipality'), '::before').content"
    )
    got = content.replace('"', "").strip()  # browsers join its parts or not
    expected = {"en": "Municipality", "tr": "Belediye"}[language]
    assert got == expected
