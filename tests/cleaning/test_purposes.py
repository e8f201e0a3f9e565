import pytest

from ankara.cleaning import process
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def processed(collection):
    return process(collection)


def test_the_list_has_one_purpose_less_than_the_text_says(processed):
    got = len(processed["purposes"])
    expected = 37
    assert got == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("first", 1), ("second", 1), ("named", 15), ("not_named", 20)]
)
def test_the_status_is_that_of_the_prose(processed, status, expected):
    got = int((processed["purposes"]["prose_status"] == status).sum())
    assert got == expected


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        *((name, "named") for name in ("Tarih", "Yardım")),  # lines 1485 to 1487
        *(
            (name, "named") for name in ("Altyapı", "Konut", "Sağlık", "Eğitim", "Bilim")
        ),  # 1494 to 1496
        ("Ulaşım", "not_named"),
    ],
)
def test_what_the_prose_names_is_named(processed, purpose, expected):
    got = processed["purposes"].set_index("purpose")["prose_status"][purpose]
    assert got == expected


def test_the_early_protocols_are_agreements_of_table_4(processed):
    got = processed["purposes_by_protocol"]["agreement_id"].unique().tolist()
    expected = ["M01", "M02", "M04"]
    assert got == expected


def change(study, table, old, new):
    path = study.data / "reference" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_protocol_that_is_no_agreement_is_named(copied):
    change(copied, "purposes_by_protocol", "1971,Seul", "1972,Seul")
    with pytest.raises(
        StudyError, match=r"purposes_by_protocol\.csv:2, column year and city: \(1972"
    ):
        process(copied)


def test_a_purpose_that_is_not_listed_is_named(copied):
    change(copied, "purposes_by_protocol", "1986,Dipkarpaz,Yardım", "1986,Dipkarpaz,Uzay")
    with pytest.raises(StudyError, match=r"purposes_by_protocol\.csv:6, column purpose: 'Uzay'"):
        process(copied)


def test_a_purpose_without_an_english_name_is_named(copied):
    change(copied, "purpose_names", "Konut,Housing\n", "")
    with pytest.raises(
        StudyError, match=r"purposes\.csv:3, column purpose: 'Konut'; .* English name"
    ):
        process(copied)


@pytest.mark.parametrize(("period", "expected"), [("2010-2014", 7), ("2015-2019", 5), ("2020", 7)])
def test_activities_are_counted_by_period(processed, period, expected):
    got = int((processed["activities"]["period"] == period).sum())
    assert got == expected


def test_a_period_of_one_year_begins_and_ends_in_it(processed):
    rows = processed["activities"].query("period == '2020'")
    got = rows[["year_from", "year_to"]].drop_duplicates().to_numpy().tolist()
    expected = [[2020, 2020]]
    assert got == expected


def test_a_term_ends_where_the_next_begins(processed):
    terms = processed["terms"]
    got = terms["year_to"].tolist()[:-1]
    expected = terms["year_from"].tolist()[1:]
    assert got == expected


def test_the_last_term_has_no_end(processed):
    got = processed["terms"]["year_to"].isna().tolist()[-1]
    expected = True
    assert got == expected
