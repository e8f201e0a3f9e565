"""The timeline: its table against the agreements, its drawing against its table."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplolib import selection
from diplolib.figures import colours, timeline
from nbproof.figures import style


def plot(data, **choices):
    limits = {"year_from": 1971, "year_to": 2021}
    limits |= {name: value for name, value in choices.items() if name in limits}
    scheme = choices.pop("region_scheme", "article_inferred")
    agreements = selection.select(data["agreements"], **{**limits, **choices})
    return timeline.table(
        agreements, data["regions"], data["terms"], region_scheme=scheme, **limits
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
        for number, axis in enumerate(figure.axes)
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
        for number, axis in enumerate(figure.axes)
        for container in axis.containers
        for patch in container
    }
    assert got == expected


def test_the_lines_are_the_running_totals(table, figure):
    lines = {line.get_label(): list(line.get_ydata()) for line in figure.axes[-1].lines}
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


def test_the_legend_names_each_region_with_both_counts(table, figure, words):
    got = [text.get_text() for text in figure.legends[0].get_texts()]
    totals = table[table["mark"] == "total"].pivot(
        index="region", columns="scheme", values="agreements"
    )
    expected = [
        f"{words['region.' + region]} {totals.loc[region, 'article_inferred']} ({totals.loc[region, 'un_m49']})"
        for region in colours.REGIONS
    ]
    assert got == expected


def test_a_single_level_has_no_empty_panel(data, words):
    figure = timeline.draw(plot(data, level="district"), words)
    got = len(figure.axes)
    expected = 2
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
