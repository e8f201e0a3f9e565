"""Ties beside the lists, and the article's dated events."""

import pytest

from ankara.cleaning.events import clean_events
from ankara.cleaning.other_ties import NAMES, clean_other_ties
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def agreements(collection):
    return tables.read(collection, "processed/agreements")


@pytest.fixture(scope="module")
def ties(collection, agreements):
    return clean_other_ties(collection, agreements).set_index("partner")


def test_each_tie_has_its_status(ties):
    got = ties["status"].to_dict()
    expected = {
        "Jerusalem": "attempted",
        "Sofia": "cancelled",
        "Phnom Penh": "planned",
        "Madrid": "planned",
        "Rome": "planned",
        "Dongcheng (Beijing)": "reported_elsewhere",
    }
    assert got == expected


def test_only_the_cancelled_tie_is_listed_all_the_same(ties, agreements):
    listed = ties["agreement_id"].dropna()
    names = agreements.set_index("agreement_id")["partner"]
    got = {partner: names[agreement] for partner, agreement in listed.items()}
    expected = {"Sofia": "Sofia"}
    assert got == expected


def test_jerusalem_has_no_country_because_the_article_prints_none(ties):
    got = ties["country_code"].isna().to_dict()
    expected = {name: name == "Jerusalem" for name in ties.index}
    assert got == expected


def test_the_tie_reported_elsewhere_points_at_the_page_s_agreement(ties):
    got = ties.loc["Dongcheng (Beijing)", ["municipality", "source"]].tolist()
    expected = ["Çankaya", "data/raw/cankaya-2016/partners.csv:2"]
    assert got == expected


def test_a_partner_without_a_name_is_refused(copied, agreements):
    path = copied.data / f"{NAMES}.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("Roma,")), encoding="utf-8")
    with pytest.raises(StudyError, match=r"other_ties\.csv:6, column partner: 'Roma'"):
        clean_other_ties(copied, agreements)


def test_an_event_without_a_printed_year_stays_without_one(collection):
    events = clean_events(collection)
    undated = events[events["year"].isna()]
    got = undated["source"].str.rpartition(":")[2].tolist()
    # The years in which regional policy gained weight, and the process of 28 February
    expected = ["21", "34"]
    assert got == expected
    assert undated[["month", "day"]].dropna().to_numpy().tolist() == [[2, 28]]
