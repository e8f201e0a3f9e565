"""Tables 1 and 2 and the shares of Figure 2."""

import pytest

from ankara.cleaning.staff import clean_education, clean_posts, clean_staff
from nbproof import tables
from nbproof.study import StudyError

POSTS = ("post", "post_printed", "staff", "source")


def break_table(monkeypatch, table, column, row, value):
    """Let one cell of a raw table read otherwise; the checksum would refuse a changed file."""
    read = tables.read

    def broken(study, name):
        frame = read(study, name)
        if name == table:
            frame.loc[row, column] = value
        return frame

    monkeypatch.setattr(tables, "read", broken)


def test_table_2_has_a_value_for_each_year_to_2021(collection):
    got = clean_staff(collection).set_index("year")["staff"].to_dict()
    expected = dict(
        zip(range(2010, 2022), [6, 11, 10, 13, 13, 11, 11, 15, 19, 15, 15, 23], strict=True)
    )
    assert got == expected


def test_the_posts_are_those_of_table_1_without_its_total(collection):
    got = clean_posts(collection).set_index("post")["staff"].to_dict()
    expected = {"head": 1, "branch_director": 2, "specialist": 12, "temporary": 8}
    assert got == expected


def test_a_total_that_is_no_sum_is_refused(collection, monkeypatch):
    break_table(monkeypatch, "raw/article/table-01", "staff", 4, 24)
    with pytest.raises(StudyError, match=r"table-01\.csv:6, column staff: 24; .* add up to 23"):
        clean_posts(collection)


def test_an_unknown_post_is_named(collection, monkeypatch):
    break_table(monkeypatch, "raw/article/table-01", "post", 2, "Bekçi")
    with pytest.raises(StudyError, match=r"table-01\.csv:4, column post: 'Bekçi'"):
        clean_posts(collection)


def test_the_shares_are_the_printed_ones(collection):
    got = clean_education(collection).set_index("education")["share"].to_dict()
    expected = {"secondary": 5, "bachelor": 70, "postgraduate": 25}
    assert got == expected
