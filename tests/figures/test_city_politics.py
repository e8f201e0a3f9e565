"""The figure on city politics: what it draws is what inference gave, and what its table holds."""

import numpy as np
import pandas as pd
import pytest

from ankara.figures import city_politics
from diplolib import inference, panel

VARIANT = {"parties": "elected", "value": 1.72, "low": 1.48, "high": 2.09, "p": 0.13}
CARRIER = pd.DataFrame(
    [["Beypazarı", 2011, 2013, 3, 0, 0.97], ["Haymana", 2014, 2018, 5, 0, 1.65]],
    columns=["municipality", "year", "year_to", "years", "agreements", "ratio"],
)


@pytest.fixture(scope="module")
def built(traced_panel):
    return traced_panel


@pytest.fixture(scope="module")
def permuted(built):
    window = built[(built["level"] == "district") & built["year"].between(2005, 2019)]
    return inference.permute(window, "aligned_leads", permutations=40, seed=3)


@pytest.fixture(scope="module")
def table(built, permuted):
    return plot(built, permuted)


def plot(built, permuted, **changed):
    districts = built[built["level"] == "district"]
    window = districts[districts["year"].between(2005, 2019)]
    ladders = pd.DataFrame(
        {"level": "district", "year": first, "year_to": last, "source": "reference", "alignment": name,
         "parties": parties, "rows": panel.rows_behind(rows), **inference.ladder(rows, column)}
        for first, last, rows in ((1989, 2020, districts), (2005, 2019, window))
        for parties in ("documented", "elected")
        for name, column in panel.ALIGNMENTS.items()
    )  # fmt: skip
    given = {
        "estimate": inference.estimate(window, "aligned_leads"),
        "left_out": inference.leave_one_out(window, "aligned_leads"),
        "told": window, "permuted": permuted, "p_value": 0.13, "detectable": (0.4, 2.7),
        "alignment": "leads", "window": (2005, 2019), "variant": VARIANT, "carrier": CARRIER,
    }  # fmt: skip
    return city_politics.table(ladders, **given | changed)


@pytest.fixture(scope="module")
def figure(table, words):
    return city_politics.draw(table, words)


def marks(table, mark):
    return table[table["mark"] == mark]


def test_only_the_alignment_asked_for_is_drawn(table):
    got = set(marks(table, "ratio")["alignment"])
    expected = {"leads"}
    assert got == expected


def test_most_permutations_are_in_the_band(table, permuted):
    row = marks(table, "permuted").iloc[0]
    got = float(np.mean((permuted >= row["low"]) & (permuted <= row["high"])))
    expected = city_politics.LIKELY
    assert got >= expected
    assert row["years"] == len(permuted)


@pytest.mark.parametrize("step", ["value", "by_year", "by_both"])
def test_each_ratio_is_a_point(table, figure, step):
    dots = [c for c in figure.axes[0].collections if c.get_label() == step]
    got = sorted(float(c.get_offsets()[0][0]) for c in dots)
    expected = sorted(marks(table, "ratio")[step].dropna())
    assert got == pytest.approx(expected)


def test_each_estimate_without_a_district_is_a_tick(table, figure):
    (ticks,) = [c for c in figure.axes[0].collections if c.get_label() == "left_out"]
    got = ticks.get_offsets()[:, 0].tolist()
    expected = marks(table, "left_out")["value"].tolist()
    assert got == expected


@pytest.mark.parametrize(
    ("p_value", "other", "expected"),
    [(0.8, 0.13, "none"), (0.01, 0.13, "one"), (0.01, 0.02, "both")],
)
def test_the_title_says_whether_chance_gives_as_much(
    built, permuted, words, p_value, other, expected
):
    table = plot(built, permuted, p_value=p_value, variant=VARIANT | {"p": other})
    estimate = marks(table, "estimate")["value"].iloc[0]
    got = city_politics.title(table, words)
    assert got == words.fill(f"city_politics.title.{expected}", documented=estimate, elected=1.72)


def test_the_note_names_the_district_and_years_that_carry_the_difference(table, figure, words):
    estimate = marks(table, "estimate")["value"].iloc[0]
    carrier = pd.Series(
        {"text": "Beypazarı", "year": 2011, "year_to": 2013, "signed": 0, "value": 0.97}
    )
    said = words.fill("city_politics.carrier", documented=estimate, elected=1.72, carrier=carrier)
    got = (
        any(said in text.get_text().replace("\n", " ") for text in figure.texts),
        said in city_politics.describe(table, words),
    )
    expected = True, True
    assert got == expected


def test_without_a_carrier_none_is_named(table, words):
    text = city_politics.describe(table[table["mark"] != "carrier"], words)
    got = "Beypazarı 2011" in text
    expected = False
    assert got == expected


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


def test_the_alt_text_holds_the_estimate_and_its_range(table, words):
    text = city_politics.describe(table, words)
    left_out = marks(table, "left_out")["value"]
    values = [marks(table, "estimate")["value"].iloc[0], left_out.min(), left_out.max(), 0.4, 2.7]
    got = [words.number(value, "0.00") in text for value in values]
    expected = [True] * 5
    assert got == expected


@pytest.mark.parametrize("value", [0.0, float("inf"), float("nan")])
def test_a_ratio_without_a_place_on_the_axis_is_not_called_a_finding(table, words, value):
    changed = table.copy()
    changed.loc[changed["mark"] == "estimate", "value"] = value
    estimate = changed.loc[changed["mark"] == "estimate"].iloc[0]
    got = city_politics.title(changed, words)
    expected = words.fill("city_politics.title.unbounded", estimate=estimate)
    assert got == expected
