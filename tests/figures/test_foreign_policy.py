"""Regions by period and the named contrasts: table, drawing and words agree."""

import re

import pytest
from matplotlib.collections import PathCollection
from matplotlib.text import Annotation, Text

from ankara.figures import foreign_policy
from diplolib import contrasts
from nbproof import tables
from nbproof.figures import card, record

REFERENCES = {
    "periods": "periods",
    "schemes": "regions",
    "capitals": "capitals",
    "states": "country_groups",
    "memberships": "memberships",
}


@pytest.fixture(scope="module")
def references(collection):
    return {key: tables.read(collection, f"reference/{name}") for key, name in REFERENCES.items()}


@pytest.fixture(scope="module")
def named(collection):
    return tables.read(collection, "reference/named_contrasts")


@pytest.fixture(scope="module")
def plot(data, references, named):
    def plotted(level="all", scheme="article_inferred"):
        rows = contrasts.classify(
            data["agreements"],
            **references,
            origin=(39.92, 32.85),
            region_scheme=scheme,
            state_status=("successor", "restored", "continuator"),
            states_from=1991,
            membership="any_day",
        )
        if level != "all":
            rows = rows[rows["level"] == level]
        compared = contrasts.compare(rows, named)
        return foreign_policy.table(compared, region_scheme=scheme)

    return plotted


@pytest.fixture(scope="module")
def table(plot):
    return plot()


@pytest.fixture(scope="module")
def figure(table, words):
    return foreign_policy.draw(table, words)


def test_every_contrast_has_its_two_dots(figure, table):
    (axis,) = [axis for axis in figure.axes if axis.get_label() == "contrasts"]
    dots = [dot for dot in axis.collections if isinstance(dot, PathCollection)]
    got = [round(float(dot.get_offsets()[0][0]), 9) for dot in dots]
    rows = table[table["mark"] == "contrast"]
    expected = [
        round(share, 9) for row in rows.itertuples() for share in (row.against_share, row.share)
    ]
    assert got == expected


def test_the_arrow_points_to_the_first_side(figure, table):
    (axis,) = [axis for axis in figure.axes if axis.get_label() == "contrasts"]
    arrows = [text for text in axis.texts if isinstance(text, Annotation)]
    row = table[table["mark"] == "contrast"].iloc[0]
    got = [arrows[0].xy[0], arrows[0].xyann[0]]
    expected = [row["share"], row["against_share"]]
    assert got == expected


def test_every_count_of_a_contrast_is_written(figure, table, words):
    written = "\n".join(text.get_text() for text in figure.findobj(Text))
    got = [
        words.fill("foreign.counts", row=row) in written
        and words.fill("foreign.turns", margin=row.margin) in written
        for row in table.itertuples()
    ]
    expected = [True] * len(table)
    assert got == expected


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


@pytest.mark.parametrize(("level", "title"), [("all", "some"), ("district", "some")])
def test_the_title_gives_counts_of_a_contrast(plot, words, level, title):
    table = plot(level)
    counts = table.loc[table["share"].notna() & table["against_share"].notna()]
    main = counts[counts["weight"] == "main"]
    row = main.loc[(main["share"] - main["against_share"]).abs().idxmax()]
    said = foreign_policy.headline(table, words)
    got = [str(row[name]) in said for name in ("agreements", "of", "against_of")]
    expected = [True] * 3
    assert got == expected


def test_without_a_pair_the_title_claims_nothing(table, words):
    got = foreign_policy.headline(
        table.assign(share=None, against_share=None).astype(
            {"share": "float64", "against_share": "float64"}
        ),
        words,
    )
    expected = words["foreign.title.none"]
    assert got == expected


def test_a_weight_stays_when_nothing_can_be_compared(plot):
    rows = plot("district").set_index("name").loc[["capitals-by-level", "capitals-by-form"]]
    got = rows[["weight", "outcome"]].to_numpy().tolist()
    expected = [["main", "nothing_to_compare"], ["no_direction", "nothing_to_compare"]]
    assert got == expected


def test_sides_name_only_what_differs(table, words):
    row = next(table[table["name"] == "capitals-by-form"].itertuples())
    got = foreign_policy.sides(row, words)
    expected = (
        words["foreign.form.sister_city"],
        words["foreign.form.friendship_cooperation"],
    )
    assert got == expected


def test_the_alt_text_gives_each_number_of_the_table(table, words):
    said = foreign_policy.describe(table, words)
    numbers = set(re.findall(r"\d+", said))
    rows = table[table["mark"] == "contrast"]
    counts = rows[["agreements", "of", "against_agreements", "against_of"]].to_numpy().ravel()
    expected = {str(number) for number in counts}
    got = numbers & expected
    assert got == expected


def test_the_card_does_not_sum_contrasts(table, words):
    lines = record.card(card.facts(foreign_policy.FIGURE, table, words.language)).splitlines()
    got = ["sum" in line for line in lines if line.startswith("contrast")]
    expected = [False]
    assert got == expected
