"""Regions by period and the named contrasts: table, drawing and words agree."""

import re

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation, Text

from ankara.figures import foreign_policy
from diplolib import contrasts
from diplolib.figures import colours
from nbproof import tables
from nbproof.figures import card, record, style

REFERENCES = {
    "periods": "periods",
    "schemes": "regions",
    "capitals": "capitals",
    "states": "country_groups",
    "memberships": "memberships",
}


@pytest.fixture(scope="module")
def references(collection):
    return {key: tables.read(collection, f"reference/{name}") for key, name in REFERENCES.items()}


@pytest.fixture(scope="module")
def named(collection):
    return tables.read(collection, "reference/named_contrasts")


@pytest.fixture(scope="module")
def plot(data, references, named):
    def plotted(level="all", scheme="article_inferred", periods=references["periods"]):
        rows = contrasts.classify(
            data["agreements"],
            **{**references, "periods": periods},
            origin=(39.92, 32.85),
            region_scheme=scheme,
            state_status=("successor", "restored", "continuator"),
            states_from=1991,
            membership="any_day",
        )
        if level != "all":
            rows = rows[rows["level"] == level]
        compared = contrasts.compare(rows, named)
        return foreign_policy.table(
            rows, compared, periods, references["schemes"], region_scheme=scheme
        )

    return plotted


@pytest.fixture(scope="module")
def table(plot):
    return plot()


@pytest.fixture(scope="module")
def figure(table, words):
    return foreign_policy.draw(table, words)


def bars_of(figure, level, words):
    title = words[f"timeline.panel.{level}"]
    (axis,) = [axis for axis in figure.axes if axis.get_title(loc="left") == title]
    return axis.patches


def test_the_bars_add_up_to_the_agreements(table):
    got = int(table.loc[table["mark"] == "bar", "agreements"].sum())
    expected = 167
    assert got == expected


def test_the_shares_of_a_period_add_up(table):
    bars = table[table["mark"] == "bar"]
    got = bars.groupby(["level", "period"])["share"].sum().round(12).unique().tolist()
    expected = [1.0]
    assert got == expected


@pytest.mark.parametrize(
    ("scheme", "expected"), [("article_inferred", [30, 44]), ("un_m49", [37, 37])]
)
def test_the_region_scheme_moves_northern_cyprus(plot, scheme, expected):
    bars = plot(scheme=scheme).query("mark == 'bar' and period == '2010-2018'")
    counts = bars.groupby("region")["agreements"].sum()
    got = counts[["Asia", "Europe"]].tolist()
    assert got == expected


@pytest.mark.parametrize("level", ["metropolitan", "district"])
def test_a_bar_is_as_wide_as_its_share(figure, table, words, level):
    got = sorted(round(bar.get_width(), 9) for bar in bars_of(figure, level, words))
    bars = table[(table["mark"] == "bar") & (table["level"] == level)]
    expected = sorted(round(share, 9) for share in bars["share"])
    assert got == expected


@pytest.mark.parametrize("level", ["metropolitan", "district"])
def test_the_bars_of_a_period_lie_end_to_end(figure, words, level):
    rows = {}
    for bar in bars_of(figure, level, words):
        rows.setdefault(round(bar.get_y(), 6), []).append((bar.get_x(), bar.get_width()))
    gaps = [
        abs(start + width - after)
        for bars in rows.values()
        for (start, width), (after, _) in zip(sorted(bars), sorted(bars)[1:], strict=False)
    ]
    got = max(gaps)
    assert got < 1e-9


@pytest.mark.parametrize("level", ["metropolitan", "district"])
def test_a_bar_of_fewer_than_five_agreements_is_hollow(figure, table, words, level):
    paper = to_rgba(style.PAPER)
    hollow = [
        b for b in bars_of(figure, level, words) if b.get_facecolor() == paper and not b.get_hatch()
    ]
    got = sorted(round(bar.get_width(), 9) for bar in hollow)
    bars = table[(table["mark"] == "bar") & (table["level"] == level) & (table["of"] < 5)]
    expected = sorted(round(share, 9) for share in bars["share"])
    assert got == expected
    assert len(expected) == {"metropolitan": 1, "district": 3}[level]


def test_no_outcomes_are_counted(words):
    got = [name in words["foreign.subtitle"] for name in ("expected", "directed")]
    expected = [False, False]
    assert got == expected


def test_every_contrast_has_its_two_dots(figure, table):
    (axis,) = [axis for axis in figure.axes if axis.get_label() == "contrasts"]
    dots = [dot for dot in axis.collections if isinstance(dot, PathCollection)]
    got = [round(float(dot.get_offsets()[0][0]), 9) for dot in dots]
    rows = table[table["mark"] == "contrast"]
    expected = [
        round(share, 9) for row in rows.itertuples() for share in (row.against_share, row.share)
    ]
    assert got == expected


def test_the_arrow_points_to_the_first_side(figure, table):
    (axis,) = [axis for axis in figure.axes if axis.get_label() == "contrasts"]
    arrows = [text for text in axis.texts if isinstance(text, Annotation)]
    row = table[table["mark"] == "contrast"].iloc[0]
    got = [arrows[0].xy[0], arrows[0].xyann[0]]
    expected = [row["share"], row["against_share"]]
    assert got == expected


def test_every_count_of_a_contrast_is_written(figure, table, words):
    written = {text.get_text() for text in figure.findobj(Text)}
    expected = {
        words.fill(
            "foreign.counts",
            n=row.agreements,
            of=row.of,
            against=row.against_agreements,
            against_of=row.against_of,
            margin=row.margin,
        )
        for row in table[table["mark"] == "contrast"].itertuples()
    }
    got = written & expected
    assert got == expected


def test_the_legend_gives_both_schemes_totals(figure, words):
    got = figure.legends[0].get_texts()[0].get_text()
    expected = f"{words['region.Europe']} 82 (71)"
    assert got == expected


def test_no_text_leaves_the_figure(figure):
    figure.draw_without_rendering()
    box = figure.bbox
    extents = [(text, text.get_window_extent()) for text in figure.findobj(Text)]
    got = [
        text.get_text()
        for text, extent in extents
        if text.get_text()
        and text.get_visible()
        and not (extent.x0 >= 0 and extent.x1 <= box.x1 and extent.y0 >= 0 and extent.y1 <= box.y1)
    ]
    expected = []
    assert got == expected


def test_one_level_is_one_panel_and_leaves_its_contrasts_open(plot, words):
    table = plot("district")
    outcome = table.set_index("name").loc["capitals-by-level", "outcome"]
    got = [len(foreign_policy.draw(table, words).axes), outcome]
    expected = [2, "nothing_to_compare"]
    assert got == expected


def test_an_agreement_of_no_period_is_counted_all_the_same(plot, references, words):
    few = references["periods"].query("whose == 'article'")
    figure = foreign_policy.draw(plot(periods=few), words)
    subtitle = words.fill("foreign.subtitle", n=167, contrasts=13, main=4)
    got = subtitle in [text.get_text() for text in figure.texts]
    expected = True
    assert got == expected


def test_a_weight_stays_when_nothing_can_be_compared(plot):
    rows = plot("district").set_index("name").loc[["capitals-by-level", "capitals-by-form"]]
    got = rows[["weight", "outcome"]].to_numpy().tolist()
    expected = [["main", "nothing_to_compare"], ["no_direction", "nothing_to_compare"]]
    assert got == expected


def test_decades_have_no_title(plot, words, data):
    decades = contrasts.decades(data["agreements"]["year"])
    figure = foreign_policy.draw(plot(periods=decades), words)
    got = figure.axes[0].get_yticklabels()[0].get_text()
    expected = "1971–1979"
    assert got == expected


def test_sides_name_only_what_differs(table, words):
    row = next(table[table["name"] == "capitals-by-form"].itertuples())
    got = foreign_policy.sides(row, words)
    expected = (
        words["foreign.form.sister_city"],
        words["foreign.form.friendship_cooperation"],
    )
    assert got == expected


def test_the_alt_text_gives_each_number_of_the_table(table, words):
    said = foreign_policy.describe(table, words)
    numbers = set(re.findall(r"\d+", said))
    rows = table[table["mark"] == "contrast"]
    counts = rows[["agreements", "of", "against_agreements", "against_of"]].to_numpy().ravel()
    expected = {str(number) for number in counts}
    got = numbers & expected
    assert got == expected


def test_the_card_sums_bars_and_not_contrasts(table, words):
    lines = record.card(card.facts(foreign_policy.FIGURE, table, words.language)).splitlines()
    got = ["sum" in line for line in lines if line.startswith(("bar", "contrast"))]
    expected = [True, False]
    assert got == expected


def test_every_region_of_the_style_can_be_drawn(table):
    got = set(table["region"].dropna())
    assert got <= set(colours.REGIONS)
