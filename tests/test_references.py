"""Several references in one cell."""

import pandas as pd

from nbproof import references


def test_each_reference_stands_once_in_the_order_of_its_table():
    cells = pd.Series(["D2;D3", "M1", None, "D2"], index=[7, 3, 1, 9])
    got = references.joined(cells)
    expected = "M1;D2;D3"
    assert got == expected


def test_no_reference_is_missing():
    got = references.joined(pd.Series([None, None], dtype="str"))
    assert got is pd.NA


def test_a_group_has_as_many_references_as_rows():
    frame = pd.DataFrame({"agreement_id": ["A", "B", "C"], "level": ["x", "y", "x"]})
    got = references.counted(frame.iloc[::-1], "level", "n", "agreement_id").to_numpy().tolist()
    expected = [["x", 2, "A;C"], ["y", 1, "B"]]
    assert got == expected


def test_columns_are_put_together_where_one_is_missing():
    got = references.several(pd.Series(["a", None, None]), pd.Series(["b", "c", None])).tolist()
    expected = ["a;b", "c"]
    assert got[:2] == expected
    assert pd.isna(got[2])
