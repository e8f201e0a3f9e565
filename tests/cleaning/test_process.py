"""The steps of cleaning: what breaks one is said with its table and the files it was read from."""

import pandas as pd
import pytest

from ankara import cleaning
from nbproof import tables
from nbproof.study import StudyError

STEPS = {
    "agreements": "clean_agreements",
    "purposes": "clean_purposes",
    "purposes_by_protocol": "clean_protocols",
    "purposes_by_row": "clean_purpose_codings",
    "activities": "clean_activities",
    "terms": "clean_terms",
    "staff": "clean_staff",
    "posts": "clean_posts",
    "education": "clean_education",
    "units": "clean_units",
    "organisation": "clean_organisation",
    "engagements": "clean_engagements",
    "tie_life": "clean_tie_life",
    "other_ties": "clean_other_ties",
    "events": "clean_events",
    "elections": "clean_elections",
    "governments_printed": "clean_printed_governments",
    "panel": "clean_panel",
    "cross_checks": "clean_cross_checks",
}


def broken(*arguments):
    raise KeyError("Total")


def made_of(*files):
    """A step's function that makes a table and has read these files."""

    def compute(*given):
        for file in files:
            tables.note(file)
        return pd.DataFrame()

    return compute


def said(*arguments, compute=broken):
    """The message of a step that breaks."""
    with pytest.raises(StudyError) as raised:
        cleaning.step("x", compute, *arguments)
    return str(raised.value)


def test_every_processed_table_but_the_ledger_is_a_step(collection):
    got = {*STEPS, "claims"}
    expected = {path.stem for path in (collection.data / "processed").glob("*.csv")}
    assert got == expected


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_breaks_is_named_by_its_table(collection, monkeypatch, name):
    for step, function in STEPS.items():
        monkeypatch.setattr(cleaning, function, broken if step == name else made_of())
    with pytest.raises(StudyError, match=rf"^data/processed/{name}\.csv cannot be made from"):
        cleaning.process(collection)


def test_the_files_that_were_read_are_named_and_what_happened(collection):
    def compute(study):
        tables.read(study, "raw/article/table-01")
        broken()

    got = said(collection, compute=compute)
    expected = (
        "data/processed/x.csv cannot be made from data/raw/article/table-01.csv: KeyError: 'Total'. "
        "A row or cell there is not as the source prints it: compare what was changed last; nothing "
        "was written."
    )
    assert got == expected


@pytest.mark.parametrize("wrapped", [lambda frame: frame, lambda frame: {"terms": frame}])
def test_the_files_behind_an_earlier_table_are_named_once_each(wrapped):
    """Even if none of their rows are left in it."""
    one = cleaning.step("one", made_of("data/raw/b.csv", "data/raw/a.csv"))
    other = cleaning.step("other", made_of("data/raw/b.csv"))
    got = said(wrapped(one), other, pd.DataFrame({"year": [1]}), 5)
    expected = "data/processed/x.csv cannot be made from data/raw/a.csv, data/raw/b.csv: KeyError"
    assert got.startswith(expected)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("data/raw/a.csv, row 2: no year.", "data/raw/a.csv, row 2: no year."),
        ("no year.", "data/processed/x.csv cannot be made from data/raw/b.csv: no year. A row"),
    ],
)
def test_an_error_that_names_a_file_stays_as_it_is(message, expected):
    def compute(frame):
        raise StudyError(message)

    got = said(cleaning.step("one", made_of("data/raw/b.csv")), compute=compute)
    assert got.startswith(expected)
