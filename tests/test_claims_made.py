"""The ledger's counts on made-up rows: where a statement would hold, and where it just misses.

Many statements of the article are contradicted by its rows; a count that could never come out otherwise
would be no check.
"""

from collections import namedtuple
from types import SimpleNamespace

import pytest

from ankara.claims import agreements, elections, geography, organisation, partners
from ankara.claims.activities import days_in_turn
from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import some
from ankara.claims.registry import CLAIMS
from diplolib import contrasts


class Made:
    """Evidence from rows that are given."""

    def __init__(self, agreements=(), **tables):
        self.listed, self.tables = numbered(agreements), tables

    def agreements(self, choices, **wanted):
        return some(self.listed, **wanted)

    def article(self, name):
        return numbered(self.tables[name.replace("-", "_")])

    table = article


# The codebook's thresholds, as it has them today
DEGREES = [
    {"part": "degree", "code": "nearly_all", "at_least": 0.9, "more_than": None},
    {"part": "degree", "code": "mostly", "at_least": None, "more_than": 0.5},
]


class Worded(Made):
    """Made evidence with words of degree."""

    degree, share = Evidence.degree, Evidence.share

    def table(self, name):
        return numbered(DEGREES)


def numbered(rows):
    return [SimpleNamespace(ref=f"r{n}", **row) for n, row in enumerate(rows)]


def found_by(compute, *agreements, **tables):
    found = compute(Made(agreements, **tables), Choices())
    return found.value, found.rows, found.holds


def staff(*numbers):
    return [{"year": 2000 + n, "staff": number} for n, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "expected"), [((1, 2, 3), ("2/2", True)), ((1, 2, 2), ("1/2", False))]
)
def test_staff_that_rises_each_year(numbers, expected):
    value, rows, holds = found_by(organisation._rises_each_year, table_02=staff(*numbers))
    got = value, holds
    assert rows == ["r0", "r1", "r2"]
    assert got == expected


@pytest.mark.parametrize(
    ("part", "word", "expected"),
    [(5, "mostly", False), (6, "mostly", True), (8, "nearly_all", False), (9, "nearly_all", True)],
)
def test_a_share_is_as_much_as_the_word_says(part, word, expected):
    rows = numbered([{}] * 10)
    got = Worded().share(rows[:part], rows, word).holds
    assert got == expected


@pytest.mark.parametrize(("part", "expected"), [(1, ("1/2", False)), (2, ("2/2", True))])
def test_half_of_the_places_is_no_majority(part, expected):
    rows = numbered([{"place_id": "a"}, {"place_id": "b"}, {"place_id": "b"}])
    found = partners.share_of_places(Worded(), rows[:part], rows)
    got = found.value, found.holds
    assert got == expected


@pytest.mark.parametrize(
    ("cities", "expected"), [(["Bükreş", "Havana"], True), (["Bükreş"], False)]
)
def test_the_cities_of_both_levels(monkeypatch, cities, expected):
    rows = numbered({"name": name} for name in cities)
    monkeypatch.setattr(partners, "_pairs", lambda *given: [(row, row) for row in rows])
    got = found_by(partners._overlap_cities(partners._same_name))[2]
    assert got == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["Çankaya", "Çankaya"], ("Çankaya", True)), (["Sincan", "Çankaya"], ("Sincan, Çankaya", False))],
)  # fmt: skip
def test_the_municipalities_that_share_a_city(monkeypatch, names, expected):
    rows = numbered({"municipality": name} for name in names)
    pairs = [(SimpleNamespace(ref=f"city {row.ref}"), row) for row in reversed(rows)]
    monkeypatch.setattr(partners, "_pairs", lambda *given: pairs)
    value, cells, holds = found_by(partners._overlap_municipalities(partners._same_name))
    got = value, holds
    assert cells == ["city r1", "r1", "city r0", "r0"]
    assert got == expected


@pytest.mark.parametrize(("other", "expected"), [(True, True), (False, False)])
def test_one_sister_city_is_no_capital(other, expected):
    sister = {"level": "metropolitan", "form": "sister_city"}
    rows = [
        sister | {"name": "Dipkarpaz", "capital": False},
        sister | {"name": "B", "capital": other},
    ]
    got = found_by(CLAIMS["dipkarpaz-not-capital"].readings[0], *rows)[2]
    assert got == expected


@pytest.mark.parametrize(
    ("last", "expected"), [("Sincan", True), ("Mamak", False)]
)  # fmt: skip
def test_the_three_with_most_ties(last, expected):
    names = ["Keçiören"] * 4 + ["Çankaya"] * 3 + [last] * 2 + ["Altındağ"]
    rows = [{"level": "district", "municipality": name} for name in names]
    got = found_by(organisation._largest, *rows)
    assert got == (f"Keçiören, Çankaya, {last}", [f"r{n}" for n in range(9)], expected)


@pytest.mark.parametrize(("party", "expected"), [("RP", True), ("ANAP", False)])
def test_the_districts_of_one_party(party, expected):
    names = ["Sincan", "Altındağ", "Etimesgut", "Çubuk"]
    rows = [{"municipality": name, "year": 1994, "party": "RP"} for name in names]
    got = found_by(
        CLAIMS["rp-districts-1994-list"].compute, table_09=[*rows[:3], rows[3] | {"party": party}]
    )[2]
    assert got == expected


@pytest.mark.parametrize(
    ("parties", "expected"),
    [("DYP;CHP", ("CHP-DYP", ["r1"], None)), ("DYP;SHP", ("DYP-SHP", ["r1"], None))],
)
def test_a_government_of_exactly_two_parties(parties, expected):
    spells = [("1995-10-30", "1997-03-06", "DYP;CHP"), ("1995-10-30", "1996-03-06", parties)]
    rows = [dict(zip(("start", "end", "parties"), spell, strict=True)) for spell in spells]
    made = SimpleNamespace(table=lambda name: numbered(rows))
    found = elections._coalition("CHP-DYP", 1995, 1996)(made, Choices())
    got = found.value, found.rows, found.holds
    assert got == expected


@pytest.mark.parametrize(
    ("years", "expected"), [((2001, 2001, 2003), 2001), ((2003, 2001), "2001, 2003")]
)
def test_the_year_with_most_sister_cities(years, expected):
    sister = {"level": "district", "form": "sister_city"}
    rows = [*(sister | {"year": year} for year in years), *[sister | {"year": 2005}] * 3]
    other = [{"level": "district", "form": "friendship_cooperation", "year": 2002}] * 3
    got = found_by(agreements._peak("district", 2000, 2004), *rows, *other)[0]
    assert got == expected


@pytest.mark.parametrize(
    ("city", "expected"),
    [("Hartum", (1, ["r0", "r1"], True)), ("Kahire", (0, ["r0", "r1"], False))],
)
def test_a_printed_row_names_a_partner_in_africa(city, expected):
    made = Made([{"name": "Hartum", "region": "Africa"}, {"name": "Roma", "region": "Europe"}])
    Row = namedtuple("Row", ["city", "ref"])
    made.article = lambda name: [Row(city, "r0"), Row("Roma", "r1")]
    found = geography.africa_in_table_7(made, Choices())
    got = found.value, found.rows, found.holds
    assert got == expected


@pytest.mark.parametrize(
    ("there", "here", "expected"), [(1, 1, True), (1, 0, False), (0, 1, False)]
)
def test_days_in_turn_need_both_cities(there, here, expected):
    events = ["Ankara Days in Astana"] * there + ["Astana Days in Ankara"] * here
    made = SimpleNamespace(
        table=lambda name: numbered({"event": one, "year": 2005} for one in events)
    )
    found = days_in_turn(made, Choices())
    got = found.value, found.rows, found.holds
    assert got == (f"{there} + {here}", [f"r{n}" for n in range(there + here)], expected)


@pytest.mark.parametrize(
    ("older", "expected"), [(1, ("1/1 > 1/2", True)), (2, ("1/1 ≤ 2/2", False))]
)
def test_as_many_a_year_is_no_growth(older, expected):
    new, old = numbered([{}]), numbered([{}] * older)
    found = agreements.compare(new, range(1), old, range(2))
    got = found.value, found.holds
    assert got == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [((0, 0), (0, 90), 10_007), ((90, 0), (0, 50), 10_007), ((60, 0), (60, 180), 6_671), ((5, 5), (5, 5), 0)],
)  # fmt: skip
def test_distances_on_a_sphere_of_40030_kilometres(a, b, expected):
    got = contrasts.distance(*b, *a)
    assert got == pytest.approx(expected, abs=1)


def test_regions_with_as_many_countries_come_in_the_order_met():
    names = ["Oceania", "Europe", "Africa", "Asia", "Americas"]
    rows = [SimpleNamespace(region=name, country_code=name, ref=name) for name in names]
    evidence = SimpleNamespace(agreements=lambda choices: rows)
    got = geography._densest(countries=True)(evidence, Choices()).value
    expected = "Oceania 1, Europe 1"
    assert got == expected
