"""Tables as people keep them, read without a guess in silence."""

import datetime
from importlib.util import find_spec

import pytest

from nbproof import sheets
from nbproof.study import UsageError

ENCODED = [
    ("utf-8", []),
    ("utf-8-sig", []),
    ("utf-16", []),
    ("utf-16-le", ["read as UTF-16 without its mark."]),
    ("cp1254", ["not UTF-8: read as Windows-1254. If letters look wrong, save it as UTF-8."]),
]


@pytest.mark.parametrize(("encoding", "expected"), ENCODED)
def test_an_encoding_is_found_and_what_was_supposed_is_said(tmp_path, encoding, expected):
    file = tmp_path / "list.csv"
    file.write_bytes("Şehir,Ülke\nGümülcine,Yunanistan\n".encode(encoding))
    (sheet,), got = sheets.read(file)
    assert got == expected
    assert sheet.rows == [["Şehir", "Ülke"], ["Gümülcine", "Yunanistan"]]


def test_western_letters_are_windows_1252(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes("Ville;Pays\nKöln;Allemagne\n".encode("cp1252"))
    _, (got,) = sheets.read(file)
    assert "Windows-1252" in got


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, sign):
    file = tmp_path / "list.csv"
    file.write_text(f"a{sign}b\n1{sign}2\n\n3{sign}4\n")
    got = sheets.read(file)[0][0].rows
    expected = [["a", "b"], ["1", "2"], [], ["3", "4"]]
    assert got == expected


def test_a_text_is_a_name_a_line(tmp_path):
    file = tmp_path / "list.txt"
    file.write_text("Osaka, Japan\nMadrid; Spain\n")
    got = sheets.read(file)[0][0].rows
    expected = [["Osaka, Japan"], ["Madrid; Spain"]]
    assert got == expected


def test_a_formula_is_kept_as_text_and_said(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("partner,n\n=1+1,2\n")
    (sheet,), _ = sheets.read(file)
    got = sheet.rows[1][0], sheet.told
    expected = "'=1+1", [(2, 1, "'=1+1' begins like a formula: kept as text.")]
    assert got == expected


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("gone.csv", None, "no such file"),
        ("list.docx", "x", "expected a file in .xlsx"),
        ("list.csv", "\n\n", "no cell with a text"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, text, said):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=said):
        sheets.read(tmp_path / name)


@pytest.mark.parametrize(("number", "expected"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_named_as_in_a_spreadsheet(number, expected):
    assert sheets.letters(number) == expected


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    if find_spec("python_calamine") is None:
        pytest.skip("no python-calamine")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    file = tmp_path_factory.mktemp("book") / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        shown, hidden = book.add_worksheet("Partners"), book.add_worksheet("old")
        hidden.hide()
        hidden.write(0, 0, "x")
        for column, value in enumerate(["partner", "year"]):
            shown.write(0, column, value)
        shown.write(1, 0, "Osaka")
        shown.write(1, 1, 1960.0)
        shown.write(2, 0, "Lviv")
        shown.write_datetime(2, 1, datetime.datetime(1905, 6, 12), date)
        shown.write(3, 0, "Tours")
        shown.write_datetime(3, 1, datetime.datetime(1992, 5, 3), date)
        shown.merge_range(4, 0, 5, 0, "Lyon")
    return sheets.read(file)


def test_a_whole_number_has_no_decimals(workbook):
    assert workbook[0][0].rows[1] == ["Osaka", "1960"]


def test_a_date_is_year_month_day(workbook):
    assert workbook[0][0].rows[3] == ["Tours", "1992-05-03"]


def test_a_number_shown_as_a_date_is_not_taken_for_either(workbook):
    (sheet,), _ = workbook
    got = sheet.rows[2][1], [text for row, _, text in sheet.told if row == 3]
    said = "1905-06-12: perhaps the number 1990, shown as a date. Show it as a number."
    expected = "1905-06-12 or 1990", [said]
    assert got == expected


def test_merged_cells_are_said(workbook):
    got = [(row, column) for row, column, text in workbook[0][0].told if "merged" in text]
    expected = [(5, 1)]
    assert got == expected


def test_a_hidden_sheet_is_left_out_and_said(workbook):
    found, said = workbook
    got = [sheet.name for sheet in found], said
    expected = ["Partners"], ["sheet 'old' is hidden: left out. Show it if it belongs here."]
    assert got == expected


def test_without_its_package_a_workbook_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "find_spec", lambda name: None)
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    with pytest.raises(UsageError, match=r"diplolib\[sheets\]"):
        sheets.read(tmp_path / "list.xlsx")


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("I\u0307zmir", "İzmir"),
        ("Osa\u200bka", "Osaka"),
        ("i\u0307zmir", "izmir"),
        ("#N/A", ""),
        ("Köln", "Köln"),
    ],
)
def test_a_cell_is_read_in_composed_visible_letters(tmp_path, came, expected):
    file = tmp_path / "list.csv"
    file.write_text(f"partner,country\n{came},Japan\n", encoding="utf-8")
    (sheet,), _ = sheets.read(file)
    got = sheet.rows[1][0]
    assert got == expected
