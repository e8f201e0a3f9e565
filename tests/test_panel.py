"""The panel: three districts by hand, the rules for years, governments, successions and switches."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplolib import panel
from nbproof import tables
from nbproof.study import StudyError


def spread(spans: dict) -> list:
    """{(first, last): value} as one value a year."""
    return [value for (first, last), value in spans.items() for _ in range(first, last + 1)]


# By hand from the printed rows of Tables 6 and 9, each mayor as elected. On 1 July the Prime Minister was of ANAP from 1989
# to 1991, DYP to 1995 (with SHP, from 1995 CHP), RP in 1996, ANAP in 1997 and 1998, DSP (with MHP and
# ANAP) from 1999 to 2002, AK Parti from 2003.
HAND = {
    "Keçiören": {
        "party": {(1989, 1993): "SHP", (1994, 1998): "MHP", (1999, 2003): "FP",
                  (2004, 2020): "AK Parti"},
        "aligned_leads": {(1989, 2003): False, (2004, 2020): True},
        "aligned_sits": {(1989, 1991): False, (1992, 1993): True, (1994, 2003): False,
                         (2004, 2020): True},
        "agreements": {2001: 1, 2003: 2, 2004: 4, 2007: 2, 2008: 1, 2010: 2, 2011: 5, 2013: 2,
                       2016: 3},
    },
    "Çankaya": {
        "party": {(1989, 1994): "SHP", (1995, 2020): "CHP"},
        "aligned_leads": {(1989, 2020): False},
        "aligned_sits": {(1989, 1991): False, (1992, 1995): True, (1996, 2020): False},
        "agreements": {1995: 1, 1996: 1, 1997: 1, 2003: 1, 2006: 2, 2007: 1, 2010: 1, 2011: 2,
                       2012: 2, 2015: 1, 2018: 2, 2019: 1},
    },
    "Etimesgut": {
        "party": {(1989, 1993): None, (1994, 1997): "RP", (1998, 1998): "FP", (1999, 2003): "MHP",
                  (2004, 2008): "AK Parti", (2009, 2020): "MHP"},
        "aligned_leads": {(1989, 1993): None, (1994, 1995): False, (1996, 1996): True,
                          (1997, 2003): False, (2004, 2008): True, (2009, 2020): False},
        "aligned_sits": {(1989, 1993): None, (1994, 1995): False, (1996, 1996): True,
                         (1997, 1998): False, (1999, 2002): True, (2003, 2003): False,
                         (2004, 2008): True, (2009, 2020): False},
        "agreements": {2011: 1, 2013: 1, 2016: 1, 2019: 1},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def given_tables(collection):
    names = ["processed/elections", "processed/agreements", "reference/party_successions"]
    elections, agreements, successions = (tables.read(collection, name) for name in names)
    governments = panel.in_office(tables.read(collection, "reference/governments"))
    return elections, agreements, governments, successions


@pytest.fixture(scope="module")
def built(given_tables):
    return panel.build(*given_tables)


@pytest.mark.parametrize("municipality", HAND)
@pytest.mark.parametrize("column", ["party", "aligned_leads", "aligned_sits"])
def test_a_district_is_as_recomputed_by_hand(built, municipality, column):
    values = built.loc[built["municipality"] == municipality, column]
    got = [None if pd.isna(value) else value for value in values]
    expected = spread(HAND[municipality][column])
    assert got == expected


@pytest.mark.parametrize("municipality", HAND)
def test_a_district_s_agreements_are_those_printed(built, municipality):
    rows = built[(built["municipality"] == municipality) & (built["agreements"] > 0)]
    got = dict(zip(rows["year"], rows["agreements"], strict=True))
    expected = HAND[municipality]["agreements"]
    assert got == expected


def test_the_years_are_those_with_results_and_lists(built):
    years = built.groupby("level")["year"].agg(["min", "max"])
    got = {level: tuple(row) for level, row in zip(years.index, years.to_numpy(), strict=True)}
    expected = {"metropolitan": (1984, 2021), "district": (1989, 2020)}
    assert got == expected


def test_only_two_agreements_lie_before_the_panel(built):
    """Seul 1971 and İslamabad 1982."""
    got = int(built["agreements"].sum())
    expected = 165
    assert got == expected


def test_the_stored_panel_follows_documented_parties(collection, given_tables):
    stored = tables.read(collection, "processed/panel")
    switches = tables.read(collection, "reference/party_switches")
    got = tables.as_text(stored).to_csv()
    expected = tables.as_text(panel.build(*given_tables, switches)).to_csv()
    assert got == expected


# A country of two parties: A governs until 30 September 2002, then B with C.
GOVERNMENTS = pd.DataFrame(
    [("1999-01-01", "2002-10-01", "A", "A"), ("2002-10-01", "2012-01-01", "B", "B;C")],
    columns=["start", "end", "leading_party", "parties"],
)
NONE = pd.DataFrame({"party": [], "successor": [], "date": []}, dtype="str")


def elected(*rows):
    rows = [("district", name, year, party, f"{name} {year}") for name, year, party in rows]
    return pd.DataFrame(rows, columns=["level", "municipality", "year", "party", "source"])


def listed(*rows):
    rows = [("district", name, year) for name, year in rows]
    return pd.DataFrame(rows, columns=["level", "municipality", "year"])


def moves(*rows):
    rows = [("district", "X", *row) for row in rows]
    names = ["level", "municipality", "from_party", "to_party", "date", "not_before", "not_after"]
    return pd.DataFrame(rows, columns=names)


def built_from(elections, agreements, successions=NONE, switches=None, governments=None, **rule):
    if governments is None:
        governments = panel.in_office(GOVERNMENTS)
    return panel.build(elections, agreements, governments, successions, switches, **rule)


def parties(frame):
    return [(row.year, row.party) for row in frame.itertuples()]


X = elected(("X", 2000, "A"), ("X", 2003, "B"))


def test_an_incoming_mayor_has_the_election_year():
    got = parties(built_from(X, listed(("X", 2004)), election_year="incoming"))
    expected = [(2000, "A"), (2001, "A"), (2002, "A"), (2003, "B"), (2004, "B")]
    assert got == expected


def test_an_outgoing_mayor_has_the_election_year():
    frame = built_from(X, listed(("X", 2004)), election_year="outgoing")
    got = parties(frame.fillna({"party": ""}))
    expected = [(2000, ""), (2001, "A"), (2002, "A"), (2003, "A"), (2004, "B")]
    assert got == expected


def test_a_halved_election_year_has_both_with_half_its_agreements():
    frame = built_from(X, listed(("X", 2003), ("X", 2004)), election_year="half")
    rows = frame[frame["year"] >= 2003]
    got = list(zip(rows["year"], rows["party"], rows["exposure"], rows["agreements"], strict=True))
    expected = [(2003, "A", 0.5, 0.5), (2003, "B", 0.5, 0.5), (2004, "B", 1.0, 1.0)]
    assert got == expected


def test_an_unknown_rule_is_refused():
    with pytest.raises(StudyError, match="one of incoming, outgoing, half"):
        built_from(X, listed(("X", 2004)), election_year="both")


def test_the_government_is_that_of_the_first_of_july():
    found = panel.in_office(GOVERNMENTS).set_index("year")["leading_party"]
    got = found.loc[2001:2003].to_dict()
    expected = {2001: "A", 2002: "A", 2003: "B"}
    assert got == expected


def test_a_spell_that_ends_on_the_first_of_july_gives_the_year_to_the_next():
    spells = GOVERNMENTS.assign(
        start=["1999-01-01", "2002-07-01"], end=["2002-07-01", "2012-01-01"]
    )
    found = panel.in_office(spells)
    got = found.loc[found["year"] == 2002, "leading_party"].tolist()
    expected = ["B"]
    assert got == expected


@pytest.mark.parametrize(
    ("start", "expected"), [("2002-09-30", "overlaps with"), ("2002-10-02", "leaves a gap before")]
)
def test_spells_that_do_not_meet_are_refused(start, expected):
    spells = GOVERNMENTS.assign(start=["1999-01-01", start])
    with pytest.raises(StudyError, match=f"1999-01-01 to 2002-10-01 {expected} the one from"):
        panel.in_office(spells)


def test_sitting_in_the_government_is_not_leading_it():
    frame = built_from(elected(("X", 2003, "C")), listed(("X", 2003)))
    got = frame[["aligned_leads", "aligned_sits"]].iloc[0].tolist()
    expected = [False, True]
    assert got == expected


def test_an_unknown_party_is_neither_aligned_nor_unaligned():
    frame = built_from(elected(("X", 2003, None)), listed(("X", 2003)))
    got = frame[["party", "aligned_leads", "aligned_sits"]].isna().iloc[0].tolist()
    expected = [True, True, True]
    assert got == expected


PRINTED = pd.DataFrame(
    [(2000, 2002, "A", "A", True), (2002, 2004, "B", "B", False)],
    columns=["year_from", "year_to", "leading_party", "parties", "whole"],
)


@pytest.mark.parametrize(
    ("party", "year", "expected"),
    [
        ("A", 2001, [True, True]),
        ("A", 2002, [None, None]),  # A or B governed: the source gives no date
        ("D", 2002, [False, None]),  # led by neither; who sat beside B is not printed
        ("B", 2003, [True, True]),
        ("C", 2003, [False, None]),  # the source names the first party only
        ("A", 2005, [None, None]),  # the source names no government
    ],
)
def test_what_a_source_leaves_open_stays_unknown(party, year, expected):
    frame = built_from(
        elected(("X", 2000, party)), listed(("X", 2005)), governments=panel.printed(PRINTED)
    ).set_index("year")
    values = frame.loc[year, ["aligned_leads", "aligned_sits"]]
    got = [None if pd.isna(value) else value for value in values]
    assert got == expected


FOLLOWED = pd.DataFrame(
    [("A", "D", "2001-03-01"), ("E", "F", "2001-03-01"), ("E", "G", "2001-03-01")],
    columns=["party", "successor", "date"],
)


def test_a_mayor_goes_with_a_party_that_merges():
    got = parties(built_from(elected(("X", 2000, "A")), listed(("X", 2001)), FOLLOWED))
    expected = [(2000, "A"), (2001, "D")]
    assert got == expected


def test_a_party_with_two_successors_is_followed_to_neither():
    got = parties(built_from(elected(("X", 2000, "E")), listed(("X", 2001)), FOLLOWED))
    expected = [(2000, "E"), (2001, "E")]
    assert got == expected


def test_a_name_elected_after_the_merger_stays_as_printed():
    got = parties(built_from(elected(("X", 2003, "A")), listed(("X", 2003)), FOLLOWED))
    expected = [(2003, "A")]
    assert got == expected


def test_a_dated_switch_counts_from_its_day():
    switch = moves(("A", "B", "2001-07-01", "2001-07-01", "2001-07-01"))
    got = parties(built_from(elected(("X", 2000, "A")), listed(("X", 2002)), NONE, switch))
    expected = [(2000, "A"), (2001, "B"), (2002, "B")]
    assert got == expected


def test_between_the_bounds_of_a_switch_the_party_is_unknown():
    switch = moves(("A", "B", None, "2001-02-01", "2002-12-31"))
    frame = built_from(elected(("X", 2000, "A")), listed(("X", 2003)), NONE, switch)
    got = parties(frame.fillna({"party": ""}))
    expected = [(2000, "A"), (2001, ""), (2002, ""), (2003, "B")]
    assert got == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2001", ["A", "", "B"]), ("2001-07", ["A", "", "B"]), ("2001-05", "ABB")],
)
def test_part_of_a_date_narrows_the_bounds(date, expected):
    switch = moves(("A", "B", date, "2000-02-01", "2002-12-31"))
    frame = built_from(elected(("X", 2000, "A")), listed(("X", 2002)), NONE, switch)
    got = frame["party"].fillna("").tolist()
    assert got == list(expected)


def test_a_switch_between_two_parties_out_of_government_leaves_alignment_known():
    switch = moves(("D", "E", None, "2001-02-01", "2002-12-31"))
    frame = built_from(elected(("X", 2000, "D")), listed(("X", 2001)), NONE, switch)
    got = frame["aligned_leads"].tolist()
    expected = [False, False]
    assert got == expected


def test_a_switch_ends_with_the_term():
    switch = moves(("A", "C", "2001-05-05", "2001-05-05", "2001-05-05"))
    got = parties(built_from(X, listed(("X", 2003)), NONE, switch))[-2:]
    expected = [(2002, "C"), (2003, "B")]
    assert got == expected


def test_a_switch_moves_no_other_mayor_of_that_party():
    switch = moves(("A", "B", "2001-05-05", "2001-05-05", "2001-05-05"))
    elections = elected(("Y", 2000, "A"), ("X", 2000, "A"))
    got = built_from(elections, listed(("X", 2001)), NONE, switch)["party"].tolist()
    expected = ["A", "A", "A", "B"]
    assert got == expected


def test_a_switch_from_another_party_is_refused():
    switch = moves(("C", "B", "2001-05-05", "2001-05-05", "2001-05-05"))
    with pytest.raises(StudyError, match=r"X from C to B between 2001-05-05.* then is A"):
        built_from(elected(("X", 2000, "A")), listed(("X", 2002)), NONE, switch)


def test_a_switch_before_every_election_is_refused():
    switch = moves(("A", "B", "1998-05-05", "1998-05-05", "1998-05-05"))
    with pytest.raises(StudyError, match="X, 1998-05-05: no election before it"):
        built_from(elected(("X", 2000, "A")), listed(("X", 2002)), NONE, switch)


def test_a_switch_in_a_municipality_without_elections_is_refused():
    switch = moves(("A", "B", "2001-05-05", "2001-05-05", "2001-05-05"))
    with pytest.raises(StudyError, match="switches: X, 2001-05-05: no election before it"):
        built_from(elected(("Y", 2000, "A")), listed(("Y", 2002)), NONE, switch)


def test_a_level_without_agreements_has_no_years():
    city = elected(("Z", 2000, "A")).assign(level="metropolitan")
    got = built_from(pd.concat([city, X]), listed(("X", 2001)))["municipality"].tolist()
    expected = ["X", "X"]
    assert got == expected


def test_an_election_listed_twice_is_refused():
    twice = elected(("X", 2000, "A"), ("X", 2000, "B"))
    with pytest.raises(StudyError, match="X 2000 is listed twice"):
        built_from(twice, listed(("X", 2002)))


def test_an_agreement_of_a_municipality_without_elections_is_refused():
    with pytest.raises(StudyError, match=r"'Xx' \(district\) has no election"):
        built_from(X, listed(("Xx", 2002)))


def behind(elections, agreements, successions=NONE, switches=None):
    """Year, party and what stands behind the party, for each row of X."""
    agreements = agreements.assign(agreement_id=[f"D{n}" for n in range(len(agreements))])
    governments = panel.in_office(GOVERNMENTS.assign(source=["G1", "G2"]))
    successions = successions.assign(source=successions.index.map("succession {}".format))
    given = elections, agreements, governments, successions, switches
    frame = panel.with_rows(panel.build(*given), *given).fillna({"party": "", "party_rows": ""})
    return [
        (row.year, row.party, row.party_rows)
        for row in frame[frame["municipality"] == "X"].itertuples()
    ]


def test_a_switch_stands_behind_the_years_after_it_and_behind_nobody_else():
    switch = moves(("A", "B", "2001-05-05", "2001-05-05", "2001-05-05")).assign(source="switch")
    elections = elected(("X", 2000, "A"), ("Y", 2000, "B"))
    got = behind(elections, listed(("X", 2002)), NONE, switch)
    expected = [(2000, "A", "X 2000"), (2001, "B", "X 2000;switch"), (2002, "B", "X 2000;switch")]
    assert got == expected


def test_another_mayor_s_switch_to_the_same_party_stands_behind_no_year():
    switch = moves(("A", "B", "2001-05-05", "2001-05-05", "2001-05-05")).assign(source="switch")
    elections = elected(("X", 2000, "B"), ("Y", 2000, "A"))
    got = behind(elections, listed(("X", 2002)), NONE, switch.assign(municipality="Y"))
    expected = [(year, "B", "X 2000") for year in (2000, 2001, 2002)]
    assert got == expected


def test_two_mergers_in_turn_stand_behind_the_party_they_led_to():
    merged = pd.DataFrame(
        [("A", "B", "2001-03-01"), ("B", "C", "2002-03-01")],
        columns=["party", "successor", "date"],
    )
    got = behind(elected(("X", 2000, "A")), listed(("X", 2002)), merged)
    expected = [
        (2000, "A", "X 2000"),
        (2001, "B", "X 2000;succession 0"),
        (2002, "C", "X 2000;succession 0;succession 1"),
    ]
    assert got == expected


def test_only_the_election_stands_behind_an_unknown_party():
    merged = FOLLOWED.iloc[:1]
    switch = moves(("A", "B", None, "2001-02-01", "2002-12-31")).assign(source="switch")
    got = behind(elected(("X", 2000, "A")), listed(("X", 2001)), merged.assign(party="Q"), switch)
    expected = [(2000, "A", "X 2000"), (2001, "", "X 2000")]
    assert got == expected


@given(
    st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(2000, 2011)), min_size=1, max_size=25),
    st.sets(st.tuples(st.sampled_from("XYZ"), st.integers(2001, 2010)), max_size=8),
    st.sampled_from(panel.ELECTION_YEARS),
)
@settings(max_examples=40, deadline=None)
def test_agreements_and_years_are_kept_under_every_rule(signed, held, rule):
    elections = elected(*((name, 2000, "A") for name in "XYZ"), *((*row, "B") for row in held))
    frame = built_from(elections, listed(*signed), election_year=rule)
    assert frame["agreements"].sum() == len(signed)
    years = max(year for _, year in signed) - 2000 + 1
    assert frame["exposure"].sum() == 3 * years
    assert not frame.duplicated(panel.KEY).any()
