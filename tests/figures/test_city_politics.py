"""The figure on city politics: what it draws is what inference gave, and what its table holds."""

import numpy as np
import pandas as pd
import pytest

from ankara.figures import city_politics
from diplolib import inference, panel
from nbproof import tables

VARIANT = {"parties": "elected", "value": 1.72, "low": 1.48, "high": 2.09, "p": 0.13}
CARRIER = pd.DataFrame(
    [["Beypazarı", 2011, 2013, 3, 0, 0.97], ["Haymana", 2014, 2018, 5, 0, 1.65]],
    columns=["municipality", "year", "year_to", "years", "agreements", "ratio"],
)


@pytest.fixture(scope="module")
def built(traced_panel):
    return traced_panel


@pytest.fixture(scope="module")
def terms(collection, built):
    rates = inference.rates(built[built["level"] == "metropolitan"], ["term"])
    printed = tables.read(collection, "processed/terms").set_index("year_from")
    return rates.join(printed["party"], on="term")


@pytest.fixture(scope="module")
def permuted(built):
    window = built[(built["level"] == "district") & built["year"].between(2005, 2019)]
    return inference.permute(window, "aligned_leads", permutations=40, seed=3)


@pytest.fixture(scope="module")
def table(built, terms, permuted):
    districts = built[built["level"] == "district"]
    window = districts[districts["year"].between(2005, 2019)]
    ladders = pd.DataFrame(
        {"level": level, "year": 1989, "year_to": 2020, "source": "reference", "alignment": name,
         "parties": "documented", "rows": panel.rows_behind(rows), **counts(rows, column)}
        for level, rows, counts in (
            ("metropolitan", built[built["level"] == "metropolitan"], inference.rate_ratio),
            ("district", districts, inference.ladder),
        )
        for name, column in panel.ALIGNMENTS.items()
    )  # fmt: skip
    periods = inference.rates(districts, ["term", "aligned_leads"])
    return city_politics.table(
        terms, ladders, periods.rename(columns={"aligned_leads": "aligned"}),
        estimate=inference.estimate(window, "aligned_leads"),
        left_out=inference.leave_one_out(window, "aligned_leads"),
        told=window, permuted=permuted, p_value=0.13, detectable=(0.4, 2.7), alignment="leads",
        window=(2005, 2019), variant=VARIANT, carrier=CARRIER,
    )  # fmt: skip


@pytest.fixture(scope="module")
def figure(table, words):
    return city_politics.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


@pytest.mark.parametrize(("mark", "expected"), [("term", 58), ("period", 107)])
def test_each_panel_of_counts_holds_every_agreement(table, mark, expected):
    got = marks(table, mark)["agreements"].sum()
    assert got == expected


def test_the_metropolitan_terms_are_counted_as_printed(table):
    rows = marks(table, "term")
    got = list(zip(rows["year"], rows["text"], rows["agreements"], rows["years"], strict=True))
    expected = [
        (1984, "ANAP", 2, 5), (1989, "SHP", 10, 5), (1994, "RP", 8, 5), (1999, "FP", 5, 5),
        (2004, "AK Parti", 8, 5), (2009, "AK Parti", 11, 5), (2014, "AK Parti", 8, 5),
        (2019, "CHP", 6, 3),
    ]  # fmt: skip
    assert got == expected


def test_only_the_last_term_is_cut_short(table):
    rows = marks(table, "term")
    got = rows.loc[rows["cut_short"].fillna(False), "year"].tolist()
    expected = [2019]
    assert got == expected


def test_every_permutation_is_in_a_bar(table, permuted):
    got = marks(table, "permuted")["value"].sum()
    expected = len(permuted)
    assert got == expected


def test_ratios_of_zero_and_infinity_are_stacked_at_the_ends(table, terms, built):
    ladders, periods = marks(table, "ratio"), marks(table, "period")
    drawn = city_politics.table(
        terms, ladders.rename(columns={"value": "ratio"}).drop(columns="aligned").assign(aligned=1.0),
        periods.rename(columns={"year": "term", "value": "rate", "years": "exposure"}),
        estimate=1.5, left_out=pd.DataFrame({"municipality": ["X"], "ratio": [1.5]}),
        told=built, permuted=np.array([0.0, 0.5, 1.0, 2.0, np.inf]), p_value=1.0, detectable=(0.4, 2.7),
        alignment="leads", window=(2005, 2019), variant=VARIANT, carrier=CARRIER.head(0),
    )  # fmt: skip
    values = marks(drawn, "permuted")["value"]
    got = [values.iloc[0], values.iloc[-1], values.sum()]
    expected = [2, 2, 5]
    assert got == expected


def test_each_term_is_a_point_at_its_rate(table, figure):
    axis = figure.axes[0]
    got = {c.get_label(): float(c.get_offsets()[0][0]) for c in axis.collections}
    expected = {str(row.year): row.value for row in marks(table, "term").itertuples()}
    assert got == pytest.approx(expected)


def test_the_term_cut_short_is_hollow(table, figure):
    filled = {c.get_label(): tuple(c.get_facecolor()[0][:3]) for c in figure.axes[0].collections}
    got = [year for year, colour in filled.items() if colour == (1.0, 1.0, 1.0)]
    expected = ["2019"]
    assert got == expected


def test_each_bar_of_a_term_is_as_high_as_its_rate(table, figure):
    got = sorted(
        (container.get_label(), patch.get_height())
        for container in figure.axes[1].containers
        for patch in container
    )
    names = {True: "aligned", False: "other"}
    expected = sorted(
        (names.get(row.aligned, "unknown"), row.value)
        for row in marks(table, "period").itertuples()
    )
    assert got == expected


def test_above_each_bar_stand_its_counts(table, figure, words):
    got = sorted(text.get_text() for text in figure.axes[1].texts)
    expected = sorted(
        f"{words.number(row.agreements)}/{words.number(row.years)}"
        for row in marks(table, "period").itertuples()
    )
    assert got == expected


@pytest.mark.parametrize("step", ["value", "by_year", "by_both"])
def test_each_ratio_is_a_point(table, figure, step):
    axis = figure.axes[2]
    got = [float(c.get_offsets()[0][0]) for c in axis.collections if c.get_label() == step]
    expected = marks(table, "ratio")[step].dropna().tolist()
    assert got == expected


@pytest.mark.parametrize(("mark", "height"), [("estimate", 1.02), ("variant", 1.02)])
def test_both_estimates_are_drawn(table, figure, mark, height):
    top = marks(table, "permuted")["value"].max()
    drawn = [
        line.get_xdata()[0] for line in figure.axes[3].lines if line.get_ydata()[1] == top * height
    ]
    got = marks(table, mark)["value"].iloc[0] in drawn
    expected = True
    assert got == expected


def test_the_subtitle_names_the_district_and_years_that_carry_the_difference(table, figure, words):
    estimate = marks(table, "estimate")["value"].iloc[0]
    said = words.fill(
        "city_politics.carrier", documented=estimate, elected=1.72, carrier="Beypazarı", since=2011,
        until=2013, signed=0, only=0.97,
    )  # fmt: skip
    got = (
        any(said in text.get_text() for text in figure.texts),
        said in city_politics.describe(table, words),
    )
    expected = True, True
    assert got == expected


def test_without_a_carrier_none_is_named(table, words):
    text = city_politics.describe(table[table["mark"] != "carrier"], words)
    got = "Beypazarı 2011" in text
    expected = False
    assert got == expected


def test_no_text_leaves_the_figure_at_its_right(figure):
    figure.draw_without_rendering()
    got = [text.get_text() for text in figure.texts if text.get_window_extent().x1 > figure.bbox.x1]
    expected = []
    assert got == expected


def test_the_permutations_are_drawn_as_counted(table, figure):
    (container,) = figure.axes[3].containers
    got = [patch.get_height() for patch in container]
    expected = marks(table, "permuted")["value"].tolist()
    assert got == expected


def test_each_estimate_without_a_district_is_a_tick(table, figure):
    (ticks,) = [c for c in figure.axes[3].collections if c.get_label() == "left_out"]
    got = ticks.get_offsets()[:, 0].tolist()
    expected = marks(table, "left_out")["value"].tolist()
    assert got == expected


def test_the_alt_text_holds_the_estimate_and_its_range(table, words):
    text = city_politics.describe(table, words)
    left_out = marks(table, "left_out")["value"]
    values = [marks(table, "estimate")["value"].iloc[0], left_out.min(), left_out.max(), 0.4, 2.7]
    got = [words.number(value, "0.00") in text for value in values]
    expected = [True] * 5
    assert got == expected
