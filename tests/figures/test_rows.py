"""The column `rows` of every figure's table: references that exist, and as many as were counted."""

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ankara.figures import foreign_policy, purposes
from diplolib import contrasts, panel, selection
from diplolib.figures import timeline, world_map
from nbproof import study, tables

FIGURES = sorted(study.find(Path(__file__)).figures.glob("*.en.csv"))
# Columns that count rows, and where these are named
COUNTS = dict.fromkeys(
    ["agreements", "activities", "aims", "protocols", "claims", "engagements"], "rows"
)
COUNTS |= {"against_agreements": "against_rows", "districts": "unit_rows"}


@pytest.fixture(scope="module", params=FIGURES, ids=lambda path: path.name.split(".")[0])
def committed(request):
    return pd.read_csv(request.param)


@pytest.fixture(scope="module")
def existing(collection, data):
    """Every reference that there could be."""
    lines = {
        f"{collection.name(path)}:{number}"
        for path in collection.data.glob("r*/**/*.csv")
        for number in range(2, len(path.read_text(encoding="utf-8").splitlines()) + 1)
    }
    return lines | set(data["agreements"]["agreement_id"])


def number(cells):
    """How many references each cell holds."""
    return cells.str.count(";").add(1).fillna(0).astype(int)


def miscounted(table):
    """Marks whose number of references is not the number they show."""
    wrong = []
    for column in table.columns.intersection(list(COUNTS)):
        shown = table[table[column].notna()]
        differ = number(shown[COUNTS[column]].astype("str")) != shown[column]
        wrong += shown.loc[differ].to_dict("records")
    return wrong


def test_the_last_column_holds_the_rows(committed):
    got = committed.columns[-1]
    expected = "rows"
    assert got == expected


def test_every_reference_is_a_row_that_exists(committed, existing):
    cells = pd.concat([committed[name] for name in committed if name.endswith("rows")])
    got = set(cells.dropna().str.split(";").explode()) - existing
    expected = set()
    assert got == expected


def test_a_mark_has_as_many_references_as_it_counts(committed):
    got = miscounted(committed)
    expected = []
    assert got == expected


def test_a_mark_without_rows_shows_none(committed):
    counts = committed.columns.intersection(list(COUNTS))
    empty = committed[committed["rows"].isna() & committed["mark"].ne("origin")]
    got = empty[counts].eq(0).any(axis="columns").all()
    expected = True
    assert got == expected


def test_a_lost_reference_is_seen():
    table = pd.DataFrame({"mark": ["bar", "bar"], "agreements": [2, 1], "rows": ["M01", "M02"]})
    got = [row["agreements"] for row in miscounted(table)]
    expected = [2]
    assert got == expected


@st.composite
def choices(draw):
    first = draw(st.integers(1971, 2021))
    return {
        "year_from": first,
        "year_to": draw(st.integers(first, 2021)),
        "level": draw(st.sampled_from(["all", "metropolitan", "district"])),
        "form": draw(st.sampled_from(["all", "sister_city", "friendship_cooperation"])),
    }


SCHEMES = st.sampled_from(["article_inferred", "un_m49"])


def chosen(agreements, limits):
    """The selection, its rows in any order; there must be some."""
    try:
        return selection.select(agreements.sample(frac=1, random_state=7), **limits)
    except study.StudyError:
        assume(False)


def each_once(table, agreements, *marks):
    """Whether every selected agreement stands behind one mark of these kinds, and nothing else."""
    found = table[table["mark"].isin(marks)]["rows"].dropna().str.split(";").explode()
    return sorted(found) == sorted(agreements["agreement_id"])


@given(limits=choices(), scheme=SCHEMES)
@settings(max_examples=15)
def test_the_timeline_names_every_agreement_it_counts(data, limits, scheme):
    agreements = chosen(data["agreements"], limits)
    years = {name: limits[name] for name in ("year_from", "year_to")}
    table = timeline.table(
        agreements, data["regions"], data["terms"], region_scheme=scheme, **years
    )
    assert miscounted(table) == []
    assert each_once(table, agreements, "bar")


@given(limits=choices())
@settings(max_examples=15)
def test_the_map_names_every_agreement_it_counts(data, limits):
    agreements = chosen(data["agreements"], limits)
    table = world_map.table(agreements, data["regions"], data["countries"], origin=(0.0, 0.0))
    assert miscounted(table) == []
    assert each_once(table, agreements, "place", "unplaced")


@pytest.fixture(scope="module")
def classified(collection, data):
    """The agreements sorted into groups under each scheme."""
    named = {"capitals": "capitals", "states": "country_groups", "memberships": "memberships"}
    frames = {key: tables.read(collection, f"reference/{name}") for key, name in named.items()}
    return {
        scheme: contrasts.classify(
            data["agreements"], **frames, periods=tables.read(collection, "reference/periods"),
            schemes=data["regions"], origin=(39.92, 32.85), region_scheme=scheme,
            state_status=("successor",), states_from=1991, membership="any_day",
        )
        for scheme in ("article_inferred", "un_m49")
    }  # fmt: skip


@pytest.fixture(scope="module")
def named(collection):
    return tables.read(collection, "reference/named_contrasts")


@given(limits=choices(), scheme=SCHEMES)
@settings(max_examples=6)
def test_foreign_policy_names_every_agreement_it_counts(data, named, classified, limits, scheme):
    agreements = chosen(classified[scheme], limits)
    compared = contrasts.compare(agreements, named)
    table = foreign_policy.table(compared, region_scheme=scheme)
    assert miscounted(table) == []


@given(
    pairs=st.sets(
        st.tuples(st.sampled_from(["M01", "M02", "M03"]), st.integers(0, 36)), max_size=9
    ),
    needed=st.integers(1, 3),
)
@settings(max_examples=15)
def test_the_purposes_name_everything_they_count(collection, data, pairs, needed):
    rows = tables.read(collection, "processed/purposes_by_row")
    coded = pd.DataFrame(sorted(pairs), columns=["agreement_id", "purpose"])
    coded["purpose"] = coded["purpose"].map(data["purposes"]["purpose"])
    table = purposes.table(data["purposes"], coded, data["activities"], rows, min_protocols=needed)
    assert miscounted(table) == []


def test_a_government_s_span_names_its_governments(collection):
    spells = tables.read(collection, "processed/governments_printed")
    got = panel.printed(spells).query("year == 1985")["source"].tolist()
    expected = spells.query("year_from <= 1985 <= year_to")["source"].tolist()
    assert got == expected


def test_a_year_s_agreements_stand_behind_its_row(traced_panel, data):
    row = traced_panel.query("municipality == 'Keçiören' and year == 2011").iloc[0]
    signed = data["agreements"].query("municipality == 'Keçiören' and year == 2011")
    got = row["agreement_rows"]
    expected = ";".join(signed["agreement_id"])
    assert got == expected


@pytest.mark.parametrize("name", ["estimate", "variant", "left_out", "test", "permuted", "ratio"])
def test_what_is_inferred_names_agreements_elections_and_governments(collection, name):
    table = pd.read_csv(collection.figures / "city-politics.en.csv")
    cells = table.loc[(table["mark"] == name) & table["level"].ne("metropolitan"), "rows"]
    forms = [r"\bD\d+", r"table-09\.csv:\d+", r"(?:governments|table-\d+)\.csv:\d+"]
    got = [all(re.search(form, cell) for cell in cells) for form in forms]
    expected = [True, True, True]
    assert got == expected


def test_a_party_that_came_of_another_names_the_merger(collection, traced_panel):
    row = traced_panel.query("municipality == 'Çankaya' and year == 1996").iloc[0]
    successions = tables.read(collection, "reference/party_successions")
    switches = tables.read(collection, "reference/party_switches")
    lines = [
        f"data/reference/{name}.csv:{table.index[table[column] == 'SHP'][0] + 2}"
        for name, table, column in (
            ("party_switches", switches, "from_party"),
            ("party_successions", successions, "party"),
        )
    ]
    got = row["party_rows"]
    expected = ";".join([row["source"], *lines])
    assert got == expected


def test_a_party_that_was_elected_names_its_election_only(traced_panel):
    row = traced_panel.query("municipality == 'Çankaya' and year == 2016").iloc[0]
    got = row["party_rows"]
    expected = row["source"]
    assert got == expected
