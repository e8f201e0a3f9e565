"""Staff by year and by post."""

import pytest

from ankara.figures import staff
from nbproof import tables


@pytest.fixture(scope="module")
def frames(collection):
    return [tables.read(collection, f"processed/{name}") for name in ("staff", "posts")]


@pytest.fixture(scope="module")
def table(frames):
    return staff.table(*frames, year_from=2010, year_to=2021)


@pytest.fixture(scope="module")
def figure(table, words):
    return staff.draw(table, words)


def test_the_posts_add_up_to_the_last_year(table):
    got = int(table.loc[table["mark"] == "post", "staff"].sum())
    expected = int(table.loc[table["mark"] == "year", "staff"].iloc[-1])
    assert got == expected == 23


@pytest.mark.parametrize(("limits", "expected"), [((2010, 2021), 12), ((2015, 2016), 2)])
def test_the_years_are_those_asked_for(frames, limits, expected):
    table = staff.table(*frames, year_from=limits[0], year_to=limits[1])
    got = int((table["mark"] == "year").sum())
    assert got == expected


def test_each_bar_is_a_year(figure, table):
    rows = table[table["mark"] == "year"]
    bars = figure.axes[0].patches
    got = [(round(bar.get_x() + bar.get_width() / 2), bar.get_height()) for bar in bars]
    expected = list(zip(rows["year"], rows["staff"], strict=True))
    assert got == expected


def test_each_segment_is_a_post(figure, table):
    rows = table[table["mark"] == "post"]
    drawn = figure.axes[1].containers
    got = {container.get_label(): container.patches[0].get_height() for container in drawn}
    expected = dict(zip(rows["post"], rows["staff"], strict=True))
    assert got == expected
    below = [container.patches[0].get_y() for container in drawn]
    assert below == [0, *rows["staff"].cumsum().tolist()[:-1]]


def test_every_post_is_named(figure, table, words):
    said = " ".join(text.get_text() for text in figure.axes[1].texts)
    got = [p for p in table["post"].dropna() if words[f"staff.post.{p}"] not in said]
    expected = []
    assert got == expected


def test_the_alt_text_has_first_and_last(table, words):
    got = staff.describe(table, words)
    assert "2010" in got
    assert "23" in got


def test_the_title_has_first_and_last_and_the_temporary(table, words):
    got = staff.title(table, words)
    missing = [text for text in ("6", "2010", "23", "2021", "8") if text not in got]
    assert missing == []
