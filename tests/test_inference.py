"""Rates, ratios and the estimator: against scipy and statsmodels directly, and known truths."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from diplolib import inference, panel
from nbproof import tables
from nbproof.study import StudyError


def cells(agreements, aligned, exposure=1):
    """One municipality, a year a cell."""
    frame = pd.DataFrame({"agreements": agreements, "aligned": aligned, "exposure": exposure})
    frame["aligned"] = frame["aligned"].astype("boolean")
    return frame.assign(municipality="X", year=range(len(frame)))


@pytest.fixture(scope="module")
def built(collection):
    names = ["processed/elections", "processed/agreements", "reference/party_successions"]
    elections, agreements, successions = (tables.read(collection, name) for name in names)
    governments = panel.in_office(tables.read(collection, "reference/governments"))
    switches = tables.read(collection, "reference/party_switches")

    def chosen(rule="incoming", followed=False, whole=False):
        frame = panel.build(
            elections, agreements, governments, successions, switches if followed else None,
            election_year=rule,
        )  # fmt: skip
        districts = (frame["level"] == "district") & frame["year"].between(2005, 2019)
        return frame if whole else frame[districts]

    return chosen


@pytest.fixture(scope="module")
def all_rows(built):
    return lambda followed: built(followed=followed, whole=True)


@pytest.fixture(scope="module")
def districts(built):
    return built()


@given(st.integers(0, 60), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_the_interval_of_a_rate_is_the_exact_one(count, years):
    rows = inference.rates(cells([count], [True], years), ["municipality"])
    got = rows[["rate", "low", "high"]].iloc[0].tolist()
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    expected = [count / years, low / years, stats.chi2.ppf(0.975, 2 * count + 2) / 2 / years]
    assert got == pytest.approx(expected)


def test_unknown_is_a_group_of_its_own():
    rows = inference.rates(cells([3, 1, 2], [True, None, False]), ["aligned"])
    got = rows["agreements"].tolist()
    expected = [2, 3, 1]
    assert got == expected


@given(st.integers(0, 40), st.integers(1, 40), st.integers(1, 30), st.integers(1, 30))
@settings(max_examples=30, deadline=None)
def test_the_interval_of_a_ratio_is_the_exact_one(aligned, other, years, other_years):
    frame = cells([aligned, other], [True, False], [years, other_years])
    found = inference.rate_ratio(frame, "aligned")
    got = [found["low"], found["high"]]
    share = stats.binomtest(aligned, aligned + other).proportion_ci(0.95, "exact")
    expected = [p / (1 - p) * other_years / years if p < 1 else np.inf for p in share]
    assert got == pytest.approx(expected)


@pytest.mark.parametrize(
    ("agreements", "aligned", "expected"),
    [
        ([6, 2], [True, False], 3.0),
        ([6, 2, 9], [True, False, None], 3.0),
        ([0, 2], [True, False], 0.0),
        ([6, 0], [True, False], np.inf),
        ([0, 0], [True, False], np.nan),
        ([6, 2], [True, True], np.nan),
        ([6, 2], [True, None], np.nan),
    ],
)
def test_a_ratio_compares_what_is_known(agreements, aligned, expected):
    got = inference.rate_ratio(cells(agreements, aligned), "aligned")["ratio"]
    assert got == pytest.approx(expected, nan_ok=True)


def test_unknown_years_are_counted_apart():
    found = inference.rate_ratio(cells([6, 2, 9], [True, False, None]), "aligned")
    got = found["unknown"], found["unknown_years"]
    expected = (9, 1)
    assert got == expected


def by_statsmodels(frame, column, municipality=True):
    """The same regression with an effect of each year, without the library's shorter way."""
    frame = frame[frame[column].notna()].copy()
    for name in ("municipality", "year"):
        if name == "year" or municipality:
            frame = frame[frame.groupby(name)["agreements"].transform("sum") > 0]
    effects = ["municipality", "year"] if municipality else ["year"]
    design = pd.get_dummies(frame[effects].astype("str"), drop_first=True, dtype=float)
    design = design.assign(one=1.0, aligned=frame[column].astype(float))
    model = sm.GLM(
        frame["agreements"].astype(float), design, family=sm.families.Poisson(),
        offset=np.log(frame["exposure"].astype(float)),
    )  # fmt: skip
    return np.exp(model.fit().params["aligned"])


@pytest.mark.parametrize("rule", panel.ELECTION_YEARS)
@pytest.mark.parametrize("followed", [False, True])
def test_the_estimate_is_that_of_statsmodels(built, rule, followed):
    frame = built(rule, followed)
    got = inference.estimate(frame, "aligned_leads")
    expected = by_statsmodels(frame, "aligned_leads")
    assert got == pytest.approx(expected, abs=0.6 * 10**-inference.DIGITS)


def test_the_estimate_with_year_effects_alone_is_that_of_statsmodels(districts):
    got = inference.estimate(districts, "aligned_leads", municipality=False)
    expected = by_statsmodels(districts, "aligned_leads", municipality=False)
    assert got == pytest.approx(expected, abs=0.6 * 10**-inference.DIGITS)


def known_truth(ratio):
    """Counts that follow the model exactly: place × year × ratio where aligned."""
    rows = [
        (f"m{place}", year, bool((year // 4 + place) % 3 == 0), (1 + place) * (1 + year % 5))
        for place in range(8)
        for year in range(12)
    ]
    frame = pd.DataFrame(rows, columns=["municipality", "year", "aligned", "agreements"])
    frame["agreements"] = frame["agreements"] * np.where(frame["aligned"], ratio, 1.0)
    return frame.assign(exposure=1.0, aligned=frame["aligned"].astype("boolean"))


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.7])
def test_a_known_ratio_is_found(ratio):
    got = inference.estimate(known_truth(ratio), "aligned")
    assert got == pytest.approx(ratio)


def test_exposure_is_taken_into_account():
    frame = known_truth(1.7)
    years = np.where(frame["municipality"] == "m1", 0.25, 1.0) * (1 + frame["year"] % 3)
    years = np.where(frame["aligned"], years / 2, years)
    frame = frame.assign(exposure=years, agreements=frame["agreements"] * years)
    got = inference.estimate(frame, "aligned")
    assert got == pytest.approx(1.7)


def test_a_municipality_without_agreements_changes_nothing(districts):
    active = districts.groupby("municipality")["agreements"].transform("sum") > 0
    got = inference.estimate(districts[active], "aligned_leads")
    expected = inference.estimate(districts, "aligned_leads")
    assert got == pytest.approx(expected)


def test_rows_of_unknown_alignment_change_nothing():
    frame = known_truth(1.7)
    unknown = frame.assign(year=frame["year"] + 20, agreements=99.0, aligned=pd.NA)
    both = pd.concat([frame, unknown.astype({"aligned": "boolean"})])
    got = inference.estimate(both, "aligned")
    assert got == pytest.approx(1.7)


def test_nothing_aligned_has_a_ratio_of_zero():
    frame = known_truth(1.0)
    frame["agreements"] = frame["agreements"].where(~frame["aligned"].astype(bool), 0)
    got = (
        inference.estimate(frame, "aligned"),
        inference.estimate(frame.assign(aligned=~frame["aligned"]), "aligned"),
    )
    expected = (0.0, np.inf)
    assert got == expected


def test_alignment_that_never_varies_gives_no_estimate():
    frame = known_truth(1.0).assign(aligned=True).astype({"aligned": "boolean"})
    got = inference.estimate(frame, "aligned")
    assert np.isnan(got)


def test_leaving_one_out_leaves_out_one(districts):
    found = inference.leave_one_out(districts, "aligned_leads").set_index("municipality")["ratio"]
    got = found["Beypazarı"]
    without = districts[districts["municipality"] != "Beypazarı"]
    expected = by_statsmodels(without, "aligned_leads")
    assert got == pytest.approx(expected, abs=0.6 * 10**-inference.DIGITS)


@pytest.mark.parametrize(
    ("followed", "expected"), [(False, [1.72, 1.48, 2.09]), (True, [0.92, 0.73, 1.77])]
)
def test_the_estimate_by_elected_and_by_documented_parties(built, followed, expected):
    frame = built(followed=followed)
    without = inference.leave_one_out(frame, "aligned_leads")["ratio"]
    values = [inference.estimate(frame, "aligned_leads"), without.min(), without.max()]
    got = [round(value, 2) for value in values]
    assert got == expected


@pytest.mark.parametrize(("followed", "expected"), [(False, 0.13), (True, 0.80)])
def test_the_share_of_permutations_for_either_party(built, followed, expected):
    frame = built(followed=followed)
    permuted = inference.permute(frame, "aligned_leads", permutations=999, seed=2022)
    got = inference.p_value(inference.estimate(frame, "aligned_leads"), permuted)
    assert round(got, 2) == expected


def test_one_district_carries_the_difference(built):
    found = inference.carriers(built(), built(followed=True), "aligned_leads")
    got = found.round(2).to_numpy().tolist()
    expected = [["Beypazarı", 2011, 2013, 3, 0, 0.97], ["Haymana", 2014, 2018, 5, 0, 1.65]]
    assert got == expected


def test_nobody_carries_a_difference_that_is_not_there(built):
    got = len(inference.carriers(built(), built(), "aligned_leads"))
    expected = 0
    assert got == expected


@pytest.mark.parametrize(
    ("alignment", "followed", "expected"),
    [
        ("aligned_leads", False, 0.87), ("aligned_sits", False, 1.24),
        ("aligned_leads", True, 0.91), ("aligned_sits", True, 1.36),
    ],
)  # fmt: skip
def test_the_definition_turns_the_metropolitan_ratio(all_rows, alignment, followed, expected):
    rows = all_rows(followed)
    found = inference.rate_ratio(rows[rows["level"] == "metropolitan"], alignment)
    got = round(found["ratio"], 2)
    assert got == expected


def test_the_definitions_differ_while_shp_sat_in_the_coalition(all_rows):
    rows = all_rows(True)
    rows = rows[(rows["level"] == "metropolitan") & rows["aligned_leads"].ne(rows["aligned_sits"])]
    got = rows[["year", "party", "leading_party", "agreements"]].to_numpy().tolist()
    expected = [[1992, "SHP", "DYP", 6], [1993, "SHP", "DYP", 2]]
    assert got == expected


@pytest.mark.parametrize(("without", "expected"), [(None, [1.07, 1.75]), ("Çankaya", [1.65, 1.47])])
def test_the_jump_between_the_two_effects_is_one_district_s(all_rows, without, expected):
    """Çankaya is never aligned: with effects of years alone it pulls the ratio down."""
    rows = all_rows(False)
    rows = rows[(rows["level"] == "district") & rows["year"].between(1989, 2020)]
    rows = rows[rows["municipality"] != without]
    by = [inference.estimate(rows, "aligned_leads", municipality=both) for both in (False, True)]
    got = [round(value, 2) for value in by]
    assert got == expected


def test_each_municipality_is_left_out_once(districts):
    got = sorted(inference.leave_one_out(districts, "aligned_leads")["municipality"])
    expected = sorted(districts["municipality"].unique())
    assert got == expected


def test_a_permutation_deals_out_whole_histories(districts):
    """The first one again, by hand: the same order, the regression of statsmodels."""
    got = inference.permute(districts, "aligned_leads", permutations=1, seed=7)[0]
    names = np.array(sorted(districts["municipality"].unique()))
    dealt = dict(zip(names, names[np.random.default_rng(7).permutation(len(names))], strict=True))
    history = districts.set_index(["municipality", "year"])["aligned_leads"]
    keys = pd.MultiIndex.from_arrays([districts["municipality"].map(dealt), districts["year"]])
    shuffled = districts.assign(aligned_leads=history.loc[keys].to_numpy())
    expected = by_statsmodels(shuffled, "aligned_leads")
    assert got == pytest.approx(expected, abs=0.6 * 10**-inference.DIGITS)


def test_the_seed_fixes_the_permutations(districts):
    runs = [
        inference.permute(districts, "aligned_leads", permutations=5, seed=seed).tolist()
        for seed in (1, 1, 2)
    ]
    got = [runs[0] == runs[1], runs[0] == runs[2]]
    expected = [True, False]
    assert got == expected


def test_an_effect_that_is_there_stands_out():
    frame = known_truth(3.0)
    permuted = inference.permute(frame, "aligned", permutations=99, seed=1)
    got = inference.p_value(3.0, permuted)
    assert got < 0.1


@pytest.mark.parametrize(
    ("ratio", "expected"), [(4.0, 1 / 5), (2.0, 3 / 5), (0.5, 3 / 5), (1.0, 1.0)]
)
def test_the_observed_ratio_is_one_of_the_permutations(ratio, expected):
    got = inference.p_value(ratio, np.array([0.5, 1.0, 1.2, 2.0]))
    assert got == pytest.approx(expected)


def test_a_missing_permutation_is_not_counted():
    got = inference.p_value(4.0, np.array([np.nan, 1.0, np.inf]))
    expected = 2 / 3
    assert got == pytest.approx(expected)


def test_the_detectable_ratio_of_a_normal_distribution():
    noise = stats.norm.ppf(np.linspace(0.0005, 0.9995, 1000)) * 0.4
    got = inference.detectable(np.exp(noise))
    distance = 0.4 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    expected = (np.exp(-distance), np.exp(distance))
    assert got == pytest.approx(expected, rel=0.01)


def test_no_permutations_are_refused(districts):
    with pytest.raises(StudyError, match="permutations=0: expected 1 or more"):
        inference.permute(districts, "aligned_leads", permutations=0, seed=1)


def test_permuting_what_never_varies_is_refused(districts):
    one_year = districts[districts["year"] == 2011]
    with pytest.raises(StudyError, match="varies within no municipality"):
        inference.permute(one_year, "aligned_leads", permutations=9, seed=1)


@pytest.mark.parametrize("seed", range(6))
def test_a_permutation_is_refitted_as_statsmodels_would(seed):
    """Small panels, so that some leave no agreement on one side and some no rank for alignment."""
    chance = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [(name, year) for name in "ABCDEF" for year in range(2000, 2008)],
        columns=["municipality", "year"],
    )
    frame["agreements"] = chance.poisson(0.4, len(frame))
    frame["exposure"] = 1.0
    frame["aligned"] = pd.array(chance.random(len(frame)) < 0.4, dtype="boolean")
    of = inference._Cells.of(frame, "aligned")
    orders = [chance.permutation(len(of.aligned)) for _ in range(40)]
    got = [of.dealt(order).ratio(fit=inference._weighted_least_squares) for order in orders]
    expected = [of.dealt(order).ratio() for order in orders]
    assert got == pytest.approx(expected, abs=2e-6, nan_ok=True)


def test_a_refit_without_agreements_on_one_side_ends_where_statsmodels_does():
    frame = cells([2, 1, 0, 0, 3, 0], [False, False, True, True, False, True])
    frame = pd.concat([frame, cells([1, 0, 2, 1, 0, 1], [False] * 6).assign(municipality="Y")])
    of = inference._Cells.of(frame, "aligned")
    got = of.ratio(fit=inference._weighted_least_squares)
    expected = of.ratio()
    assert got == expected == 0.0
