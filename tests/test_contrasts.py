"""Groups, counts and comparisons of agreements."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from diplolib import contrasts
from nbproof import tables
from nbproof.study import StudyError

ANKARA = (39.92, 32.85)
PERIODS = pd.DataFrame(
    {"name": ["early", "late"], "year_from": [1971, 1991], "year_to": [1990, 1998]}
)
STATES = pd.DataFrame(
    [
        ("KZ", "soviet_successor", "1991-12-16", "successor"),
        ("RU", "soviet_successor", "1991-12-26", "continuator"),
        ("XK", "yugoslav_successor", "2008-02-17", "successor"),
    ],
    columns=["country_code", "group", "since", "status"],
)
MEMBERSHIPS = pd.DataFrame(
    [
        ("AT", "EU", "1995-01-01", None, "member"),
        ("PL", "EU", "2004-05-01", None, "member"),
        ("GB", "EU", "1973-01-01", "2020-01-31", "member"),
        ("KG", "OIC", "1992", None, "member"),
        ("BA", "OIC", "1994", None, "observer"),
        ("BA", "OIC", "2010", None, "member"),
    ],
    columns=["country_code", "organisation", "from", "to", "status"],
)
EVERY = ("successor", "restored", "continuator")


def agreements(*rows):
    columns = ["agreement_id", "level", "form", "year", "country_code"]
    return pd.DataFrame(rows, columns=columns)


def tie(year, country):
    return agreements(("M01", "metropolitan", "sister_city", year, country))


@pytest.fixture(scope="module")
def references(collection):
    names = {
        "periods": "periods",
        "schemes": "regions",
        "capitals": "capitals",
        "states": "country_groups",
        "memberships": "memberships",
    }
    return {key: tables.read(collection, f"reference/{name}") for key, name in names.items()}


@pytest.fixture(scope="module")
def listed(collection):
    return tables.read(collection, "processed/agreements")


@pytest.fixture(scope="module")
def classified(listed, references):
    return classify(listed, references)


@pytest.fixture(scope="module")
def named(collection):
    return tables.read(collection, "reference/named_contrasts")


def classify(rows, references, scheme="article_inferred"):
    return contrasts.classify(
        rows,
        **references,
        origin=ANKARA,
        region_scheme=scheme,
        state_status=EVERY,
        states_from=1991,
        membership="any_day",
    )


# Periods


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1971, "early"), (1990, "early"), (1991, "late"), (1998, "late")],
)
def test_a_period_holds_its_first_and_last_year(year, expected):
    got = contrasts.period(pd.Series([year]), PERIODS)[0]
    assert got == expected


def test_a_year_of_no_period_has_none():
    got = contrasts.period(pd.Series([1999]), PERIODS).isna()[0]
    expected = True
    assert got == expected


def test_periods_that_share_a_year_are_refused():
    with pytest.raises(StudyError, match="early and late share a year"):
        contrasts.period(pd.Series([1990]), PERIODS.assign(year_to=[1991, 1998]))


def test_the_article_s_periods_cover_each_year_once(references):
    got = contrasts.period(pd.Series(range(1971, 2022)), references["periods"]).isna().sum()
    expected = 0
    assert got == expected


def test_no_agreement_falls_into_the_year_in_which_the_article_s_periods_overlap(listed):
    got = (listed["year"] == 1999).sum()
    expected = 0
    assert got == expected


def test_decades_are_cut_at_both_ends():
    got = list(contrasts.decades(pd.Series([1987, 2003]))["name"])
    expected = ["1987-1989", "1990-1999", "2000-2003"]
    assert got == expected


# Capitals


def test_capitals_boroughs_and_other_places_are_told_apart():
    rows = agreements(
        ("M01", "metropolitan", "sister_city", 1993, "CU"),
        ("D01", "district", "sister_city", 2003, "CU"),
        ("D02", "district", "sister_city", 2003, "DE"),
        ("D03", "district", "sister_city", 2011, None),
    )
    rows["municipality"] = ["Ankara", "Çankaya", "Çankaya", "Sincan"]
    rows["partner_printed"] = ["Havana", "Havana, Playa", "Köln", "Muhah"]
    rows["capital"] = pd.array([True, False, False, None], dtype="boolean")
    capitals = pd.DataFrame(
        {
            "level": ["district"],
            "municipality": ["Çankaya"],
            "year": [2003],
            "place": ["Havana, Playa"],
            "relation": ["borough_of_capital"],
        }
    )
    got = list(contrasts.capital_kind(rows, capitals))
    expected = ["capital", "borough_of_capital", "other", "unidentified"]
    assert got == expected


def test_every_row_on_capitals_finds_its_agreement(listed, references):
    key = ["level", "municipality", "year"]
    got = set(map(tuple, references["capitals"][[*key, "place"]].to_numpy()))
    expected = set(map(tuple, listed[[*key, "partner_printed"]].to_numpy()))
    assert got <= expected


def test_the_two_tables_on_capitals_agree(listed, references):
    key = ["level", "municipality", "year", "place"]
    rows = listed.rename(columns={"partner_printed": "place"})[[*key, "capital"]]
    both = references["capitals"].merge(rows, on=key)
    got = list(both["capital_x"])
    expected = list(both["capital_y"])
    assert got == expected


# States born of the Soviet Union and Yugoslavia


@pytest.mark.parametrize(
    ("year", "country", "expected"),
    [
        (2007, "XK", "before_date"),
        (2008, "XK", "yugoslav_successor"),
        (1991, "KZ", "soviet_successor"),
        (1992, "FR", "other"),
        (1992, None, "unidentified"),
    ],
)
def test_a_state_counts_from_its_own_year_on(year, country, expected):
    got = contrasts.successor(tie(year, country), STATES, EVERY, 1991)[0]
    assert got == expected


def test_before_the_first_year_there_is_no_such_group():
    got = contrasts.successor(tie(1990, "KZ"), STATES, EVERY, 1991).isna()[0]
    expected = True
    assert got == expected


def test_the_state_that_continues_the_union_can_be_left_out():
    got = contrasts.successor(tie(1992, "RU"), STATES, ("successor",), 1991)[0]
    expected = "other"
    assert got == expected


# Memberships


@pytest.mark.parametrize(
    ("year", "country", "organisation", "any_day", "whole_year"),
    [
        (1994, "AT", "EU", "outside", "outside"),
        (1995, "AT", "EU", "member", "member"),  # from the first of January
        (2003, "PL", "EU", "outside", "outside"),
        (2004, "PL", "EU", "member", "outside"),  # from the first of May
        (2005, "PL", "EU", "member", "member"),
        (2019, "GB", "EU", "member", "member"),
        (2020, "GB", "EU", "member", "outside"),  # until the end of January
        (2021, "GB", "EU", "outside", "outside"),
        (1991, "KG", "OIC", "outside", "outside"),
        (1992, "KG", "OIC", "member", "outside"),  # the day is not known
        (1993, "KG", "OIC", "member", "member"),
        (1995, "BA", "OIC", "observer", "observer"),
        (2010, "BA", "OIC", "member", "observer"),
        (2012, "BA", "OIC", "member", "member"),
        (2012, None, "OIC", "unidentified", "unidentified"),
    ],
)
def test_a_membership_counts_in_its_years(year, country, organisation, any_day, whole_year):
    rules = ("any_day", "whole_year")
    rows = tie(year, country)
    got = [contrasts.member(rows, MEMBERSHIPS, organisation, rule)[0] for rule in rules]
    expected = [any_day, whole_year]
    assert got == expected


def test_an_organisation_without_rows_is_refused():
    with pytest.raises(StudyError, match=r"'NATO' is not in memberships.csv \(EU, OIC\)"):
        contrasts.member(tie(2000, "GB"), MEMBERSHIPS, "NATO")


def test_an_unknown_rule_is_refused():
    with pytest.raises(StudyError, match="expected any_day or whole_year"):
        contrasts.member(tie(2000, "GB"), MEMBERSHIPS, "EU", "some_day")


def test_memberships_cover_every_partner_country(collection, listed):
    said = tables.resource(collection, "reference/memberships")["description"]
    covered = said.split("observer status: ")[1].split(".")[0].split()
    got = set(listed["country_code"].dropna())
    assert got <= set(covered)


# Distance


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (ANKARA, 0),
        ((-39.92, -147.15), math.pi * contrasts.EARTH_RADIUS),  # the other end of the earth
        ((90, 0), math.radians(90 - 39.92) * contrasts.EARTH_RADIUS),
    ],
)
def test_distances_that_need_no_table(place, expected):
    latitude, longitude = (pd.Series([float(value)]) for value in place)
    got = contrasts.distance(latitude, longitude, *ANKARA)[0]
    assert got == pytest.approx(expected, abs=0.6 * 10**-contrasts.KM_DIGITS)


@settings(max_examples=30, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_the_sphere_is_near_the_ellipsoid(latitude, longitude):
    got = contrasts.distance(pd.Series([latitude]), pd.Series([longitude]), *ANKARA)[0]
    expected = Geod(ellps="WGS84").inv(ANKARA[1], ANKARA[0], longitude, latitude)[2] / 1000
    assert got == pytest.approx(expected, rel=0.006, abs=0.01)


def test_an_unknown_place_has_no_distance():
    got = contrasts.distance(pd.Series([math.nan]), pd.Series([math.nan]), *ANKARA).isna()[0]
    expected = True
    assert got == expected


def test_a_band_leaves_its_upper_limit_to_the_next():
    got = list(contrasts.band(pd.Series([0, 999.9, 1000, 2500, 5000, 20000, math.nan])))
    expected = [
        "below_1000",
        "below_1000",
        "1000_to_2500",
        "2500_to_5000",
        "above_5000",
        "above_5000",
        "unidentified",
    ]
    assert got == expected


# Overlap


def test_overlap_names_the_closest_thing_shared():
    rows = pd.DataFrame(
        [
            ("metropolitan", "havana-cu", "CU", 23.133, -82.383),
            ("metropolitan", "shanghai-cn", "CN", 31.22, 121.46),
            ("metropolitan", "lima-pe", "PE", -12.04, -77.03),
            ("district", "playa-cu", "CU", 23.094, -82.449),
            ("district", "shanghai-cn", "CN", 31.22, 121.46),
            ("district", "yuexiu-cn", "CN", 23.13, 113.27),
            ("district", "cologne-de", "DE", 50.93, 6.95),
            ("district", "muhah-unidentified", None, None, None),
        ],
        columns=["level", "place_id", "country_code", "latitude", "longitude"],
    )
    got = list(contrasts.overlap(rows))
    expected = ["near_place", "same_place", "other_country"]
    expected += ["near_place", "same_place", "same_country", "other_country", "unidentified"]
    assert got == expected


# Counts


def test_every_group_has_its_place_in_the_order(classified):
    groups = contrasts.GROUPS
    got = {name: set(classified[name].dropna()) - set(groups[name]) for name in groups}
    expected = {name: set() for name in groups}
    assert got == expected


# Comparisons

CONTRAST = {
    "name": "test",
    "column": "region",
    "groups": "Asia | Africa",
    "level": "all",
    "form": "all",
    "year_from": 2000,
    "year_to": 2009,
    "against_level": "all",
    "against_form": "all",
    "against_year_from": 1990,
    "against_year_to": 1999,
    "expected": "higher",
    "after_the_fact": False,
    "main": False,
}


def compared(first, other, **changed):
    """first, other: the regions of each side's agreements."""
    rows = [(2000, region) for region in first] + [(1990, region) for region in other]
    frame = pd.DataFrame(rows, columns=["year", "region"])
    frame["agreement_id"] = [f"M{number}" for number in range(len(frame))]
    frame["level"], frame["form"] = "metropolitan", "sister_city"
    return contrasts.compare(frame, pd.DataFrame([CONTRAST | changed])).iloc[0]


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (["Asia", "Africa", "Europe"], ["Asia", "Europe"], "as_expected"),
        (["Asia", "Europe"], ["Africa", "Europe"], "not_as_expected"),  # equal is not higher
        (["Asia", "Europe", "Europe"], ["Asia", "Europe"], "not_as_expected"),
        ([], ["Asia"], "nothing_to_compare"),
    ],
)
def test_the_outcome_follows_from_the_shares(first, other, expected):
    got = compared(first, other)["outcome"]
    assert got == expected


def test_equal_shares_of_unequal_sides_are_equal():
    got = compared(["Asia", "Europe", "Europe"], ["Asia", "Europe", "Europe"] * 2)["margin"]
    expected = 0
    assert got == expected


def test_a_year_read_off_the_list_decides_nothing():
    got = compared(["Asia"], ["Europe"], after_the_fact=True)["outcome"]
    expected = "after_the_fact"
    assert got == expected


def test_without_a_direction_there_is_no_verdict():
    got = compared(["Asia"], ["Europe"], expected=None)["outcome"]
    expected = "no_direction"
    assert got == expected


def test_both_sides_name_their_agreements():
    got = compared(["Asia", "Europe"], ["Africa"])[["rows", "against_rows"]].tolist()
    expected = ["M0", "M2"]
    assert got == expected


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_margin_is_the_least_that_turns_a_difference(inside, outside, other, beyond):
    if not (inside + outside and other + beyond):
        return
    row = compared(["Asia"] * inside + ["Europe"] * outside, ["Asia"] * other + ["Europe"] * beyond)

    def excess(first=0, against=0):
        sign = -1 if row["difference"] > 0 else 1
        moved = (inside + sign * first) * row["against_of"] - (other - sign * against) * row["of"]
        return moved * -sign

    def least(side, turn):
        return excess(**{side: turn}) <= 0 and (turn == 0 or excess(**{side: turn - 1}) > 0)

    got = [least("first", row["first_turn"]), least("against", row["against_turn"]), row["margin"]]
    expected = [True, True, min(row["first_turn"], row["against_turn"])]
    assert got == expected


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groups": "Asien"}, "no group 'Asien' in 'region'; expected Africa, Americas"),
        ({"column": "continent"}, "no group 'Asia' in 'continent'; expected capital_kind"),
    ],
)
def test_an_unknown_group_is_refused(changed, said):
    with pytest.raises(StudyError, match=said):
        compared(["Asia"], ["Europe"], **changed)


def test_a_dividing_year_needs_agreements_on_both_sides():
    rows = pd.DataFrame({"year": [1990, 1991, 1992], "region": ["Asia", "Africa", "Africa"]})
    got = contrasts.breaks(rows, "region", "Africa", least=1).to_dict("records")
    expected = [
        {"year": 1991, "before": 0.0, "since": 1.0, "difference": 1.0},
        {"year": 1992, "before": 0.5, "since": 1.0, "difference": 0.5},
    ]
    assert got == expected


# What this collection shows


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("capitals-by-level", [50, 60, 3, 107]),
        ("capitals-by-form", [50, 53, 0, 7]),
        ("africa-2005", [14, 124, 1, 43]),
        ("successors-1991", [11, 23, 52, 138]),
        ("eu-2003", [6, 37, 1, 23]),
    ],
)
def test_contrasts_counted_by_hand(classified, named, name, expected):
    row = contrasts.compare(classified, named).set_index("name").loc[name]
    got = row[["agreements", "of", "against_agreements", "against_of"]].tolist()
    assert got == expected


@pytest.mark.parametrize(
    ("level", "name", "expected"),
    [
        ("all", "africa-2005", [12, 4, 4]),
        ("all", "europe-2003", [2, 1, 1]),
        ("all", "capitals-by-level", [49, 87, 49]),
        ("all", "capitals-by-form", [50, 7, 7]),
        ("district", "africa-2005", [7, 2, 2]),
        ("metropolitan", "africa-2005", [6, 6, 6]),
    ],
)
def test_a_contrast_turns_with_the_fewer_of_both_sides(classified, named, level, name, expected):
    rows = classified if level == "all" else classified[classified["level"] == level]
    row = contrasts.compare(rows, named).set_index("name").loc[name]
    got = row[["first_turn", "against_turn", "margin"]].tolist()
    assert got == expected


def test_four_contrasts_lead_and_each_has_a_direction_of_its_own(named):
    main = named[named["main"]]
    got = main["name"].tolist(), bool(main["after_the_fact"].any() or main["expected"].isna().any())
    expected = ["capitals-by-level", "successors-1991", "europe-2003", "africa-2005"], False
    assert got == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("europe-2003", "main"), ("eu-2003", "beside"), ("eu-by-level", "no_direction")],
)
def test_the_twin_of_europe_does_not_lead(named, name, expected):
    row = next(named[named["name"] == name].itertuples())
    got = contrasts.weight(row)
    assert got == expected


def test_no_outcome_depends_on_the_region_scheme(listed, references, classified, named):
    other = classify(listed, references, "un_m49")
    got = contrasts.compare(other, named)["outcome"].tolist()
    expected = contrasts.compare(classified, named)["outcome"].tolist()
    assert got == expected


def test_each_direction_has_its_evidence(named):
    directed = named[named["expected"].notna()]
    got = directed["evidence"].map(lambda text: bool(re.search(r"lines? \d|As for", text))).all()
    expected = True
    assert got == expected
