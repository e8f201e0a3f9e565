"""The shares of Figure 2, and which staff can have them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankara.figures import education
from nbproof import tables


@pytest.fixture(scope="module")
def frames(collection):
    return [tables.read(collection, f"processed/{name}") for name in ("education", "posts")]


@pytest.fixture(scope="module")
def table(frames):
    return education.table(*frames, largest=30)


@pytest.fixture(scope="module")
def figure(table, words):
    return education.draw(table, words)


def test_the_shares_fit_a_staff_of_20_alone(table):
    sizes = table[table["mark"] == "size"]
    got = sizes.loc[sizes["fits"], "staff"].tolist()
    expected = [20]
    assert got == expected


def test_they_fit_neither_group_of_table_1(table):
    groups = table[table["mark"] == "group"].set_index("group")
    got = groups[["staff", "fits"]].T.to_dict("list")
    expected = {"permanent": [15, False], "whole": [23, False]}
    assert got == expected


@given(st.integers(1, 14), st.data())
@settings(max_examples=60, deadline=None)
def test_shares_fit_where_some_persons_have_them(staff, draw):
    """All ways to part the staff in three, tried one after the other, for shares near to one of them."""
    parts = [(a, b, staff - a - b) for a in range(staff + 1) for b in range(staff + 1 - a)]
    near = draw.draw(st.sampled_from(parts))
    shares = [max(0, round(100 * n / staff) + draw.draw(st.integers(-5, 5))) for n in near]
    got = fits(staff, shares)
    expected = any(
        all(abs(100 * n - p * staff) <= staff / 2 for n, p in zip(part, shares, strict=True))
        for part in parts
    )
    assert got == expected


@given(st.integers(1, 60), st.data())
@settings(max_examples=30, deadline=None)
def test_shares_counted_from_persons_fit_their_staff(staff, draw):
    """Whole persons first, shares after them."""
    first = draw.draw(st.integers(0, staff))
    second = draw.draw(st.integers(0, staff - first))
    persons = [first, second, staff - first - second]
    assert fits(staff, [round(100 * n / staff) for n in persons])


def fits(staff, shares):
    frame = pd.DataFrame({"education": ["secondary", "bachelor", "postgraduate"], "share": shares})
    frame = frame.assign(source="data/raw/article/figure-02.csv:2")
    posts = pd.DataFrame({"post": ["head"], "staff": [staff], "source": "table-01.csv:2"})
    table = education.table(frame, posts, largest=staff)
    return bool(table.loc[(table["mark"] == "group") & (table["group"] == "whole"), "fits"].iloc[0])


def test_the_bar_has_the_printed_shares(figure, table):
    got = [patch.get_width() for patch in figure.axes[0].patches]
    expected = table.loc[table["mark"] == "share", "share"].tolist()
    assert got == expected


def test_a_dot_is_filled_where_the_shares_fit(figure, table):
    dots = {dots.get_label(): len(dots.get_offsets()) for dots in figure.axes[1].collections}
    sizes = table[table["mark"] == "size"]
    got = (dots["fits"], dots["fits not"])
    expected = (int(sizes["fits"].sum()), int((~sizes["fits"]).sum()))
    assert got == expected


def test_the_alt_text_gives_the_fitting_staff(table, words):
    got = education.describe(table, words)
    assert "20" in got
    assert words.fill("education.whole.no", n=23) in got


def test_every_text_can_be_read(figure, unreadable):
    got = unreadable(figure)
    expected = []
    assert got == expected


def test_the_title_names_the_staff_that_fits(table, words):
    got = education.title(table, words)
    expected = words.fill("education.title.other", sizes="20", permanent=15, whole=23)
    assert got == expected


def test_where_no_staff_fits_the_title_says_so(table, words):
    got = education.title(table.assign(fits=False), words)
    expected = words.fill("education.fits.none", largest=30)
    assert got == expected
