"""The engagements: what is joined, what counts once, where each row comes from, how it was coded."""

import csv
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankara.cleaning.engagements import CODING, clean_engagements, coder_agreement
from nbproof import tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def agreements(collection):
    return tables.read(collection, "processed/agreements")


@pytest.fixture(scope="module")
def engagements(collection, agreements):
    return clean_engagements(collection, agreements)


@pytest.fixture(scope="module")
def coding(collection):
    return tables.read(collection, CODING)


def change(copied, column, row, value):
    """Write another cell into the copy's coding; `row` counts from 0."""
    path = copied.data / f"{CODING}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_agreements_and_coded_rows_are_all_there(engagements):
    got = engagements["list"].value_counts().to_dict()
    expected = {"agreements": 167, "coded": 115}
    assert got == expected


def test_an_agreement_is_a_bilateral_protocol_that_nobody_coded(engagements):
    rows = engagements[engagements["list"] == "agreements"]
    got = (set(rows["kind"]), set(rows["activity"]), rows["kind_agreed"].notna().any())
    expected = ({"bilateral"}, {"protocol"}, False)
    assert got == expected


def test_an_event_that_two_rows_report_counts_once(engagements):
    got = engagements.loc[~engagements["counted"], "engagement_id"].tolist()
    expected = [
        "article-activities-01",
        "article-activities-03",
        "article-activities-10",
        "ankara-2015-visits-02",
        "ankara-2015-visits-04",
    ]
    assert got == expected


def test_the_signing_with_washington_is_the_listed_agreement(engagements):
    row = engagements.set_index("engagement_id").loc["ankara-2015-visits-04"]
    listed = engagements.set_index("engagement_id").loc[row["same_as"]]
    got = (listed["year"], listed["country_code"], listed["list"])
    expected = (2011, "US", "agreements")
    assert got == expected


def test_ireland_s_aid_came_to_ankara(engagements):
    aid = engagements[engagements["activity"] == "aid"].set_index("country_code")["direction"]
    got = aid.to_dict()
    expected = {"PK": "from", "KZ": "from", "UZ": "from", "XN": "from", "IE": "to"}
    assert got == expected


def test_the_cancelled_agreement_keeps_its_status(engagements):
    got = engagements.loc[engagements["status"] == "reported_cancelled", "place"].tolist()
    expected = ["Sofia"]
    assert got == expected


def test_every_source_is_a_printed_row(collection, engagements):
    """Counted in the files themselves, without the library."""
    wrong = []
    for source in engagements["source"]:
        path, line = re.fullmatch(r"(data/raw/.+\.csv):(\d+)", source).groups()
        with (collection.root / path).open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file))
        if not 2 <= int(line) <= rows:
            wrong.append(source)
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "data/raw/ankara-2015/visits.csv:99",  # no such line
        "data/raw/ankara-2015/visits.csv:3",  # another row
        "data/raw/ankara-2015/no-table.csv:2",  # no such table
    ],
)
def test_a_source_that_is_not_the_row_is_refused(copied, agreements, source):
    change(copied, "source", 0, source)
    with pytest.raises(StudyError, match=r"visits|no-table"):
        clean_engagements(copied, agreements)


def test_a_printed_row_without_a_code_is_refused(copied, agreements):
    path = copied.data / f"{CODING}.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "memberships-03" not in line), "utf-8")
    with pytest.raises(StudyError, match=r"memberships\.csv:4, position 3: no row of data/"):
        clean_engagements(copied, agreements)


def test_a_row_that_needs_no_code_keeps_its_position(collection, agreements, monkeypatch):
    def moved(study, table):
        frame = read(study, table)
        return (
            frame.replace({"position": {8: 99}}) if table.endswith("networks-projects") else frame
        )

    read = tables.read
    monkeypatch.setattr(tables, "read", moved)
    with pytest.raises(
        StudyError, match=r"networks-projects\.csv:9, column position: 99; expected 8"
    ):
        clean_engagements(collection, agreements)


@pytest.mark.parametrize("same_as", ["M99", "article-activities-03"])
def test_same_as_names_a_row_that_counts_itself(copied, agreements, same_as):
    change(copied, "same_as", 0, same_as)
    with pytest.raises(StudyError, match=rf"same_as '{same_as}'"):
        clean_engagements(copied, agreements)


def coded(kinds_a, kinds_b):
    return pd.DataFrame(
        {
            f"{dimension}_coder_{coder}": kinds
            for dimension in ("kind", "activity")
            for coder, kinds in (("a", kinds_a), ("b", kinds_b))
        }
    )


def test_both_codings_agree_on_every_row(coding):
    got = coder_agreement(coding)[["rows", "agreed", "kappa"]].to_numpy().tolist()
    expected = [[115, 115, 1], [115, 115, 1]]
    assert got == expected


def test_the_description_says_what_the_code_computes(collection, coding):
    said = tables.resource(collection, CODING)["description"]
    got = {(int(rows), int(kappa)) for rows, kappa in re.findall(
        r"all (\d+) rows agree .*kappa (\d)", said)}  # fmt: skip
    found = coder_agreement(coding)
    expected = {(int(found["agreed"].min()), int(found["kappa"].min()))}
    assert got == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40))
@settings(max_examples=30, deadline=None)
def test_kappa_is_the_statisticians(pairs):
    from statsmodels.stats.inter_rater import cohens_kappa

    a, b = zip(*pairs, strict=True)
    got = coder_agreement(coded(a, b))["kappa"].iloc[0]
    if len(set(a) | set(b)) == 1:
        assert pd.isna(got)
        return
    table = pd.crosstab(
        pd.Categorical(a, list("abc")), pd.Categorical(b, list("abc")), dropna=False
    )
    expected = cohens_kappa(table.to_numpy(), return_results=False)
    assert got == pytest.approx(expected)


@pytest.mark.filterwarnings("error")
def test_one_code_for_everything_has_no_kappa():
    got = coder_agreement(coded(["a", "a"], ["a", "a"]))["kappa"].isna().all()
    expected = True
    assert got == expected
