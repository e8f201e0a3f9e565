"""Promise against report: what is chosen, counted, drawn and said; a frequency from a full coding."""

import itertools
import re

import pandas as pd
import pytest

from ankara.figures import purposes
from nbproof import tables
from nbproof.figures import style

EVERYTHING = {
    "year_from": 1971, "year_to": 2024, "municipality": "all", "report": "all", "agreement": "settled"
}  # fmt: skip


@pytest.fixture(scope="module")
def by_row(collection):
    return tables.read(collection, "processed/purposes_by_row")


@pytest.fixture(scope="module")
def reported(collection):
    return tables.read(collection, "processed/engagements")


@pytest.fixture(scope="module")
def plot(data, by_row, reported):
    def plotted(protocols=None, needed=48, **choices):
        protocols = data["purposes_by_protocol"] if protocols is None else protocols
        chosen = purposes.choose(by_row, reported, **EVERYTHING | choices)
        return purposes.table(
            data["purposes"], protocols, data["activities"], chosen, min_protocols=needed
        )

    return plotted


@pytest.fixture(scope="module")
def generated(data):
    """A coding of 48 protocols: agreement k has the purposes at positions 1 … k mod 37."""
    ids = data["agreements"].query("level == 'metropolitan'")["agreement_id"].head(48)
    names = data["purposes"]["purpose"].tolist()
    rows = [
        (agreement, purpose)
        for number, agreement in enumerate(ids)
        for purpose in names[: number % 37 + 1]
    ]
    return pd.DataFrame(rows, columns=["agreement_id", "purpose"])


def bars(axis):
    return sorted(bar.get_width() for container in axis.containers for bar in container)


def test_every_listed_purpose_has_a_line(plot, data):
    table = plot()
    got = sorted(table.loc[table["mark"] == "purpose", "purpose"])
    expected = sorted(data["purposes"]["purpose"])
    assert got == expected


def test_the_lines_are_sorted_by_engagements(plot):
    table = plot()
    sums = table[table["mark"] == "engagement"].groupby("purpose")["engagements"].sum()
    order = table.loc[table["mark"] == "purpose", "purpose"]
    got = order.map(sums).fillna(0).is_monotonic_decreasing
    expected = True
    assert got == expected


def test_a_bar_s_rows_are_the_settled_ones(plot, by_row):
    table = plot()
    culture = table[(table["mark"] == "engagement") & (table["purpose"] == "Kültür")]
    got = set(culture["rows"].str.split(";").explode())
    # The slides' list of visits names a Culture Days event again.
    expected = set(
        by_row.query("part == 'engagement' and purpose == 'Kültür' and settled")["source"]
    ) - {"data/raw/ankara-2015/visits.csv:3"}
    assert got == expected


def test_an_engagement_that_two_rows_report_counts_once(plot, reported):
    table = plot()
    got = int(table.loc[table["mark"] == "read", "engagements"].sum())
    expected = int((reported["counted"] & (reported["list"] == "coded")).sum())
    assert got == expected


@pytest.mark.parametrize(("report", "municipality"), [("page", "Çankaya"), ("slides", "Ankara")])
def test_a_report_speaks_for_its_own_municipality(plot, report, municipality):
    one, other = plot(report=report), plot(report=report, municipality=municipality)
    got = one["rows"].tolist()
    expected = other["rows"].tolist()
    assert got == expected


def test_what_only_some_coders_gave_is_the_reader_s_choice(by_row, reported):
    rows = by_row[by_row["purpose"] == "Kültür"].head(3)
    rows = rows.assign(codings=2, coders=[2, 1, 0], settled=[False, False, True])
    got = {
        agreement: purposes.choose(rows, reported, **EVERYTHING | {"agreement": agreement})[
            "purpose"
        ].count()
        for agreement in ("settled", "all", "any")
    }
    expected = {"settled": 1, "all": 1, "any": 2}
    assert got == expected


def test_the_years_limit_what_is_dated(plot, by_row):
    table = plot(year_from=1971, year_to=1999)
    read = set(table.loc[table["mark"] == "read", "rows"].str.split(";").explode())
    got = by_row[by_row["source"].isin(read)]["year"].notna().any()
    expected = False
    assert got == expected


def test_three_protocols_are_no_frequency(plot):
    table = plot()
    got = table.loc[table["mark"] == "protocol", "protocols"].tolist()
    expected = [1] * 5
    assert got == expected


def test_a_full_coding_gives_the_frequency(plot, data, generated):
    table = plot(generated)
    found = table[table["mark"] == "protocol"].set_index("purpose")["protocols"].to_dict()
    got = {purpose: found.get(purpose, 0) for purpose in data["purposes"]["purpose"]}
    expected = dict.fromkeys(data["purposes"]["purpose"], 0)
    expected |= generated["purpose"].value_counts().to_dict()
    assert got == expected


def test_how_many_are_needed_is_the_reader_s_choice(plot):
    table = plot(needed=3)
    got = table.loc[table["mark"] == "protocol", "protocol"].notna().any()
    expected = False
    assert got == expected


def test_promise_and_report_are_compared_by_rank(plot, generated, data):
    from scipy.stats import spearmanr

    table = plot(generated)
    sums = table.groupby(["mark", "purpose"])[["engagements", "protocols"]].sum()
    pairs = [
        sums.loc[mark][column].reindex(data["purposes"]["purpose"]).fillna(0).astype(int)
        for mark, column in (("engagement", "engagements"), ("protocol", "protocols"))
    ]
    got = purposes.promise_and_report(table)
    expected = spearmanr(*pairs).statistic
    assert got == pytest.approx(expected)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize(
    ("axis", "mark", "column"), [(2, "aim", "aims"), (3, "engagement", "engagements")]
)
def test_each_part_of_a_bar_is_a_mark(plot, words, phone, axis, mark, column):
    table = plot()
    figure = purposes.draw(table, words, phone=phone)
    got = bars(figure.axes[axis])
    expected = sorted(table.loc[table["mark"] == mark, column])
    assert got == expected


def test_a_frequency_is_drawn_bar_by_bar(plot, generated, words):
    table = plot(generated)
    got = bars(purposes.draw(table, words).axes[1])
    expected = sorted(table.loc[table["mark"] == "protocol", "protocols"])
    assert got == expected


def test_both_columns_have_one_scale(plot, words):
    figure = purposes.draw(plot(), words)
    aims, engagements = (
        axis.get_xlim()[1] / axis.get_position().width for axis in figure.axes[2:4]
    )
    got = aims
    expected = pytest.approx(engagements)
    assert got == expected


def test_the_frame_shows_the_activities(plot, words):
    table = plot()
    shown = [text.get_text() for text in purposes.draw(table, words).axes[5].texts]
    got = sorted(text for text in shown if text.isdecimal() and len(text) < 4)
    expected = sorted(str(n) for n in table["activities"].dropna())
    assert got == expected


def test_the_title_says_what_the_table_says(plot, words):
    table = plot()
    culture = table[(table["mark"] == "engagement") & (table["purpose"] == "Kültür")]
    said = purposes.title(table, words)
    got = [bool(re.search(rf"\b{n}\b", said)) for n in (culture["engagements"].sum(), 110)]
    expected = [True, True]
    assert got == expected


def test_a_choice_without_engagements_claims_nothing(plot, words):
    got = purposes.title(plot(report="article", municipality="Çankaya"), words)
    expected = words.fill("purposes.title.empty", n=0)
    assert got == expected


def test_where_the_first_purpose_is_reported_the_title_says_how_often(plot, data, words):
    table = plot()
    table.loc[table["purpose"] == "Kültür", "prose_status"] = "first"
    table.loc[table["purpose"] == "Kentsel gelişme", "prose_status"] = "named"
    got = "35" in purposes.title(table, words).partition(";")[2]
    expected = True
    assert got == expected


CHOICES = [
    {},
    {"report": "article"},
    {"report": "page"},
    {"municipality": "Ankara", "year_to": 2005},
    {"report": "article", "municipality": "Çankaya"},
]


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_every_text_can_be_read(plot, words, unreadable, choices, phone):
    got = unreadable(purposes.draw(plot(**choices), words, phone=phone))
    expected = []
    assert got == expected


def test_the_frequency_can_be_read(plot, words, generated, unreadable):
    got = unreadable(purposes.draw(plot(generated), words))
    expected = []
    assert got == expected


def test_the_reports_are_told_apart_in_grey():
    light = [style.oklab(colour)[0] for colour in purposes.REPORTS.values()]
    got = min(abs(one - other) for one, other in itertools.combinations(light, 2)) > 0.15
    expected = True
    assert got == expected


def test_the_alt_text_names_the_engagements(plot, words):
    said = purposes.describe(plot(), words)
    got = [part in said for part in ("37", "110", "35 (10)")]
    expected = [True, True, True]
    assert got == expected


def test_the_alt_text_of_a_frequency_says_how_many_are_coded(plot, words, generated):
    got = "48" in purposes.describe(plot(generated), words)
    expected = True
    assert got == expected
