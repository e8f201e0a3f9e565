"""The timeline: its table against the agreements, its drawing against its table."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba

from diplolib import selection
from diplolib.figures import timeline
from nbproof import labels
from nbproof.figures import style


def plot(data, accent=timeline.MOVED, **choices):
    limits = {"year_from": 1971, "year_to": 2021}
    events = data["events"].merge(data["timeline_events"], on="source")
    limits |= {name: value for name, value in choices.items() if name in limits}
    scheme = choices.pop("region_scheme", "article_inferred")
    agreements = selection.select(data["agreements"], **{**limits, **choices})
    return timeline.table(
        agreements,
        data["regions"],
        data["terms"],
        region_scheme=scheme,
        accent=accent,
        events=events,
        **limits,
    )


@pytest.fixture(scope="module")
def table(data):
    return plot(data)


@pytest.fixture(scope="module")
def figure(table, words):
    return timeline.draw(table, words)


def test_the_bars_add_up_to_the_agreements(table):
    got = int(table.loc[table["mark"] == "bar", "agreements"].sum())
    expected = 167
    assert got == expected


@pytest.mark.parametrize("scheme", ["article_inferred", "un_m49"])
def test_each_scheme_counts_every_agreement(table, scheme):
    rows = table[(table["mark"] == "total") & (table["scheme"] == scheme)]
    got = int(rows["agreements"].sum())
    expected = 167
    assert got == expected


def test_each_bar_is_a_count_of_agreements(data, table):
    """Counted again, a bar at a time, from the agreements."""
    agreements = data["agreements"]
    wrong = []
    for bar in table[table["mark"] == "bar"].itertuples():
        region = agreements["region_article"].fillna("unidentified")
        same = (agreements["level"] == bar.level) & (agreements["year"] == bar.year)
        if (same & (region == bar.region)).sum() != bar.agreements:
            wrong.append(bar)
    assert wrong == []


@pytest.mark.parametrize(("level", "expected"), [("metropolitan", 60), ("district", 107)])
def test_the_running_total_ends_at_the_level_s_sum(table, level, expected):
    rows = table[(table["mark"] == "cumulative") & (table["level"] == level)]
    got = int(rows["agreements"].iloc[-1])
    assert got == expected


def test_the_running_total_never_falls(table):
    rows = table[table["mark"] == "cumulative"]
    got = rows.groupby("level")["agreements"].apply(lambda n: n.is_monotonic_increasing).all()
    expected = True
    assert got == expected


def test_there_is_a_band_for_each_term_of_table_8(table):
    got = table.loc[table["mark"] == "term", "year"].tolist()
    expected = [1984, 1989, 1994, 1999, 2004, 2009, 2014, 2019]
    assert got == expected


@given(st.integers(1971, 2021), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_no_mark_lies_outside_the_years(data, first, span):
    last = min(first + span, 2021)
    years = data["agreements"]["year"]
    if not years.between(first, last).any():
        return
    table = plot(data, year_from=first, year_to=last)
    got = table["year"].dropna().between(first, last).all()
    assert got
    bars = table.loc[table["mark"] == "bar", "agreements"].sum()
    assert bars == years.between(first, last).sum()


def bars(figure):
    """Each drawn segment as (axis, year, region, height)."""
    return sorted(
        (
            number,
            round(patch.get_x() + patch.get_width() / 2),
            container.get_label(),
            patch.get_height(),
        )
        for number, axis in enumerate(figure.axes[:2])
        for container in axis.containers
        for patch in container
    )


def test_each_bar_is_drawn_once_at_its_height(table, figure):
    got = bars(figure)
    rows = table[table["mark"] == "bar"]
    expected = sorted(
        (timeline.LEVELS.index(row.level), row.year, row.region, row.agreements)
        for row in rows.itertuples()
    )
    assert got == expected


def test_the_segments_of_a_year_stand_on_each_other(figure):
    got = {
        (number, year): sum(height for n, y, _, height in bars(figure) if (n, y) == (number, year))
        for number, year, *_ in bars(figure)
    }
    expected = {
        (number, round(patch.get_x() + patch.get_width() / 2)): max(
            other.get_y() + other.get_height()
            for c in axis.containers
            for other in c
            if other.get_x() == patch.get_x()
        )
        for number, axis in enumerate(figure.axes[:2])
        for container in axis.containers
        for patch in container
    }
    assert got == expected


def test_the_lines_are_the_running_totals(table, figure):
    lines = {line.get_label(): list(line.get_ydata()) for line in figure.axes[2].lines}
    got = {level: lines[level] for level in timeline.LEVELS}
    rows = table[table["mark"] == "cumulative"]
    expected = {level: group["agreements"].tolist() for level, group in rows.groupby("level")}
    assert got == expected


def test_one_agreement_is_equally_tall_in_both_panels(figure):
    figure.draw_without_rendering()
    heights = [
        axis.get_position().height / (axis.get_ylim()[1] - axis.get_ylim()[0])
        for axis in figure.axes[:2]
    ]
    got = heights[0] / heights[1]
    assert got == pytest.approx(1, rel=0.01)


def panels(figure):
    """The heading of each region's panel."""
    return [
        text.get_text()
        for axis in figure.axes[3:]
        for text in axis.texts
        if text.get_transform() == axis.transAxes
    ]


def test_a_region_s_panel_names_both_counts_where_they_differ(figure, words):
    got = panels(figure)
    counts = {
        "Europe": "82 (71)",
        "Asia": "60 (71)",
        "Africa": "15",
        "Americas": "7",
        "Oceania": "1",
        "unidentified": "2",
    }
    expected = [f"{words['region.' + region]} {count}" for region, count in counts.items()]
    assert got == expected


def test_a_single_level_has_no_empty_lane(data, words):
    figure = timeline.draw(plot(data, level="district"), words)
    got = [axis.get_title(loc="left") for axis in figure.axes if axis.get_title(loc="left")]
    expected = [words["timeline.panel.district"], words["timeline.panel.cumulative"]]
    assert got == expected


def stated(data, **choices):
    return timeline.title(plot(data, **choices), labels.load("en"))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, "District municipalities overtook the metropolitan municipality in 2010"),
        ({"year_to": 2009}, "The metropolitan municipality has more agreements than its districts: 35 against 31"),
        ({"year_from": 2010}, "District municipalities have more agreements than the metropolitan one: 76 against 25"),
        ({"level": "district"}, "District municipalities: most agreements in 2011, 15 of 107"),
        ({"year_to": 1990, "level": "metropolitan"}, "Metropolitan municipality: 6 agreements, no single busiest year"),
    ],
)  # fmt: skip
def test_the_title_says_no_more_than_holds(data, choices, expected):
    got = stated(data, **choices)
    assert got == expected


def accented(table):
    row = table[table["mark"] == "accent"].iloc[0]
    return row["region"], int(row["agreements"]), int(row["year"])


def test_the_region_in_colour_is_the_one_whose_share_grew_most(data, table):
    region = data["agreements"]["region_article"]
    later = data["agreements"]["year"] >= 2011
    gains = {
        name: (region[later] == name).mean() - (region[~later] == name).mean()
        for name in region.dropna().unique()
    }
    got = accented(table)[0]
    expected = max(gains, key=gains.get)
    assert got == expected


def test_a_chosen_region_is_in_colour(data, words):
    chosen = plot(data, accent="Asia")
    red = to_rgba(style.ACCENT)
    figure = timeline.draw(chosen, words)
    got = {
        c.get_label()
        for axis in figure.axes[:2]
        for c in axis.containers
        if c[0].get_facecolor() == red
    }
    assert (got, accented(chosen)) == ({"Asia"}, ("Asia", 60, 2011))


# Each parameter's values, some of them together: the last three have most text in least room.
CHOICES = [
    {},
    {"level": "metropolitan"},
    {"level": "district", "accent": "Oceania"},
    {"year_to": 2010, "region_scheme": "un_m49"},  # the README's example
    {"form": "sister_city"},
    {"year_to": 1989},
    {"year_from": 1990, "year_to": 2003, "accent": "Europe"},
    {"year_from": 2011, "year_to": 2011},
    {"year_from": 2003, "year_to": 2006},
    {"year_from": 2018, "accent": "Americas"},
]


@pytest.mark.parametrize("phone", [False, True], ids=["page", "phone"])
@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_every_text_can_be_read(data, words, choices, phone, unreadable):
    got = unreadable(timeline.draw(plot(data, **choices), words, phone=phone))
    expected = []
    assert got == expected


def test_the_alt_text_holds_the_table_s_numbers(table, words):
    text = timeline.describe(table, words)
    got = [part in text for part in ("167", "60", "107", "1992", "2011", "82", "71")]
    expected = [True] * 7
    assert got == expected


def test_a_dollar_sign_is_text(data, words):
    """What matplotlib would take for a formula stays as it is written."""
    terms = data["terms"].assign(mayor="$x^2$")
    table = timeline.table(
        data["agreements"], data["regions"], terms,
        region_scheme="un_m49", year_from=1971, year_to=2021,
    )  # fmt: skip
    picture = style.render(timeline.draw(table, words), "svg")
    got = b"$x^2$" in picture
    expected = True
    assert got == expected


def test_the_table_does_not_depend_on_the_order_of_rows(data, table):
    shuffled = {**data, "agreements": data["agreements"].sample(frac=1, random_state=3)}
    pd.testing.assert_frame_equal(plot(shuffled), table)
