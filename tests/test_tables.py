"""Reading and writing against a schema: what is refused, in which words, and that nothing is touched."""

import hashlib
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplolib import points
from nbproof import files, processed, tables
from nbproof.study import StudyError
from nbproof.tables import csvfile, package

TABLE = "raw/article/table-04"
FILE = "data/raw/article/table-04.csv"


def edit(study, old: bytes, new: bytes, table: str = TABLE) -> None:
    """Replace the first `old` in a table's file."""
    path = study.data / f"{table}.csv"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def hashes(study) -> dict[str, str]:
    folder = study.data / "processed"
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")
    }


def test_a_table_comes_with_the_types_of_its_schema(collection):
    agreements = tables.read(collection, "processed/agreements")
    got = [str(agreements[name].dtype) for name in ("year", "latitude", "capital", "partner")]
    expected = ["int64", "float64", "boolean", "str"]
    assert got == expected


def test_an_empty_cell_is_missing(collection):
    agreements = tables.read(collection, "processed/agreements")
    got = int(agreements["country_printed"].isna().sum())
    expected = 107  # Table 6 prints no country
    assert got == expected


def test_titles_come_in_both_languages(collection):
    got = [tables.titles(collection, TABLE, language)["year"] for language in ("en", "tr")]
    expected = ["Year", "Yıl"]
    assert got == expected


# Each way to break a source table: what is replaced by what, and what the message must say.
BROKEN = {
    "year not a number": (b"1971,", b"19x1,", ["row 1 (line 2)", "column year", "'19x1'", "whole number"]),
    "year out of range": (b"1971,", b"1871,", ["line 2", "column year", "'1871'", "from 1971"]),
    "unknown form": ("Kardeş Kent".encode(), b"Kardes", ["line 2", "column form", "'Kardes'", "one of"]),
    "empty cell": (b"1971,Seul", b"1971,", ["line 2", "column city", "not an empty cell"]),
    "NaN": (b"1971,Seul", b"1971,NaN", ["line 2", "column city", "'NaN'", "empty cell where nothing"]),
    "formula": (b"1971,Seul", b"1971,=1+1", ["line 2", "column city", "'=1+1'", "formula"]),
    "formula with a minus": (b"1971,Seul", b"1971,-cmd|x", ["line 2", "column city", "formula"]),
    "zero-width character": (b"1971,Seul", "1971,Se\u200bul".encode(), ["line 2", "column city", "invisible"]),
    "space at the end": (b"1971,Seul", b"1971,Seul ", ["line 2", "column city", "space"]),
    "decomposed letter": ("Üsküp".encode(), "U\u0308sku\u0308p".encode(), ["column city", "NFC"]),
    "dot above i": (b"1971,Seul", "1971,i\u0307stanbul".encode(), ["line 2", "column city", "NFC"]),
    "look-alike letter": (b"1971,Seul", "1971,S\u0435ul".encode(), ["line 2", "column city", "CYRILLIC SMALL LETTER IE"]),
    "no-break space": (b"1971,Seul", "1971,Se\u00a0ul".encode(), ["line 2", "column city", "plain one"]),
    "full-width formula": (b"1971,Seul", "1971,＝1+1".encode(), ["line 2", "column city", "formula"]),
    "quote inside a cell": (b"1971,Seul", b'1971,Se"ul', ["line 2", "a quote that neither opens"]),
    "text after a quoted cell": (b"1971,Seul", b'1971,"Se"ul', ["line 2", "a quote that neither opens"]),
    "missing cell": (b"1971,Seul,Kore,", b"1971,Seul,", ["line 2", "column form", "ends before it"]),
    "one cell too many": (b"1971,Seul,", b"1971,Seul,x,", ["line 2"]),
    "missing column": (b"year,city,country,form", b"year,city,country", ["line"]),
    "renamed column": (b"year,city", b"yeer,city", ["line 1", "column year is missing", "yeer is not declared"]),
    "columns swapped": (b"year,city", b"city,year", ["line 1", "another order"]),
    "Windows line ends": (b"\n", b"\r\n", ["line 1", "carriage return"]),
    "byte-order mark": (b"year,", b"\xef\xbb\xbfyear,", ["line 1", "byte-order mark"]),
    "Windows-1254": (b"Kuala Lumpur", "Kişinev".encode("cp1254"), ["line 4", "column city", "not UTF-8"]),
    "semicolons": (b"year,city,country,form", b"year;city;country;form", ["line 1", "semicolons, as Turkish Excel", "Expected: commas", "Restore the file"]),
    "tabs": (b"year,city,country,form", b"year\tcity\tcountry\tform", ["line 1", "tabs", "Expected: commas"]),
    "separator line": (b"year,", b"sep=;\nyear,", ["line 1", "semicolons"]),
    "UTF-16": (b"year,city", "\ufeffyear\tcity".encode("utf-16le"), ["line 1", "UTF-16"]),
    "workbook": (b"year,city", b"PK\x03\x04", ["line 1", "a workbook (.xlsx"]),
    "changed word": (b"1971,Seul", b"1971,Busan", ["checksum", "never edited"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused_where_it_breaks(copied, name):
    old, new, said = BROKEN[name]
    edit(copied, old, new)
    with pytest.raises(tables.TableError) as error:
        tables.read(copied, TABLE)
    message = str(error.value)
    missing = [part for part in [FILE, *said] if part not in message]
    assert not missing, message


def test_what_turkish_excel_changes_is_said_at_once(copied):
    """Mark, semicolons and line ends in one message, or the second save fails on the next."""
    path = copied.data / f"{TABLE}.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b",", b";").replace(b"\n", b"\r\n")
    )
    with pytest.raises(tables.TableError) as error:
        tables.read(copied, TABLE)
    got = [
        part in str(error.value) for part in ("byte-order mark", "semicolons", "carriage return")
    ]
    expected = [True, True, True]
    assert got == expected


def test_a_byte_of_windows_1254_is_placed_in_a_semicolon_file():
    with pytest.raises(tables.TableError, match=r"line 2, column city: not UTF-8"):
        csvfile.from_csv("year;city\n1999;Kişinev\n".encode("cp1254"), "t.csv")


def test_a_semicolon_within_cells_is_no_separator():
    got = csvfile.from_csv(b"parties,year\na;b;c,1999\n", "t.csv")["parties"].tolist()
    expected = ["a;b;c"]
    assert got == expected


def test_a_decimal_comma_is_named():
    declared = {"schema": {"fields": [{"name": "a", "type": "number"}]}}
    with pytest.raises(tables.TableError, match="with a decimal point"):
        tables.check(pd.DataFrame({"a": ["39,92"]}), declared, "t.csv")


# A column's type, and a cell that it refuses beside one that it takes
TYPED = [
    ("integer", "9" * 19, "9" * 18),
    ("integer", "١٩٧١", "1971"),
    ("integer", "-0", "0"),
    ("number", "9" * 400, "39.92"),
    ("number", "١.٥", "-1.5"),
    ("date", "1999-02-30", "1999-02-28"),
    ("string", "x\u3164", "Ελλάδα"),
]


@pytest.mark.parametrize(("kind", "refused", "taken"), TYPED)
def test_a_cell_that_would_not_be_kept_as_it_is_is_refused(kind, refused, taken):
    declared = {"schema": {"fields": [{"name": "a", "type": kind}]}}
    tables.check(pd.DataFrame({"a": [taken]}), declared, "t.csv")
    with pytest.raises(tables.TableError, match=r"t\.csv, row 1 \(line 2\), column a"):
        tables.check(pd.DataFrame({"a": [refused]}), declared, "t.csv")


@pytest.fixture(scope="module")
def outlines(collection):
    """The countries of the boundaries, as they are looked up; drawn once."""
    every = set(tables.read(collection, "reference/countries")["country_code"])
    return points._outlines(collection, every)


@pytest.mark.parametrize("name", BROKEN)
def test_no_output_is_touched_when_a_table_is_broken(copied, outlines, monkeypatch, name):
    monkeypatch.setattr(points, "_outlines", lambda study, codes: outlines)
    old, new, _ = BROKEN[name]
    edit(copied, old, new)
    expected = hashes(copied)
    with pytest.raises(StudyError):
        processed.write(copied)
    got = hashes(copied)
    assert got == expected


def test_a_repeated_row_is_refused(copied):
    edit(copied, b"1971,Seul", b"1971,Seul,Kore,Karde\xc5\x9f Kent\n1971,Seul")
    with pytest.raises(tables.TableError, match=r"line 3.*'1971, Seul.*stands only once"):
        tables.read(copied, TABLE)


def test_a_missing_file_is_named(copied):
    (copied.data / f"{TABLE}.csv").unlink()
    with pytest.raises(tables.TableError, match=rf"{FILE}: the file is missing"):
        tables.read(copied, TABLE)


def test_an_unreadable_file_is_named(copied):
    path = copied.data / f"{TABLE}.csv"
    path.unlink()
    path.mkdir()
    with pytest.raises(tables.TableError, match=rf"{FILE}: cannot be read"):
        tables.read(copied, TABLE)


def test_an_empty_file_is_refused(copied):
    (copied.data / f"{TABLE}.csv").write_bytes(b"")
    with pytest.raises(tables.TableError, match="the file is empty"):
        tables.read(copied, TABLE)


def test_a_table_that_nobody_declared_is_refused(copied):
    with pytest.raises(tables.TableError, match=r"no resource with the path table-99\.csv"):
        tables.read(copied, "raw/article/table-99")


def test_a_package_that_is_no_json_is_named(copied):
    (copied.data / "reference" / "datapackage.json").write_text("{")
    with pytest.raises(tables.TableError, match=r"data/reference/datapackage\.json: not a data"):
        tables.read(copied, "reference/regions")


@pytest.mark.parametrize(
    "content",
    [
        "[]", '{"resources": [{}]}', '{"resources": [{"path": "regions.csv"}]}',
        '{"resources": [{"path": "regions.csv", "schema": {"fields": [{"name": "a", "constraints": {"pattern": "["}}]}}]}',
    ],
)  # fmt: skip
def test_a_package_that_declares_no_table_is_named(copied, content):
    (copied.data / "reference" / "datapackage.json").write_text(content)
    with pytest.raises(tables.TableError, match=r"data/reference/datapackage\.json: not a data"):
        tables.read(copied, "reference/regions")


def test_a_computed_row_that_breaks_its_schema_is_traced_to_the_printed_one(copied):
    frame = tables.read(copied, "processed/agreements")
    with pytest.raises(
        tables.TableError, match=r"column level.* It comes from data/raw/article/table-04.csv:2"
    ):
        tables.encode(frame.assign(level="village"), copied, "processed/agreements")


def test_a_table_that_lacks_what_a_step_counts_on_is_named(copied):
    """A total that fits its schema, and is none."""
    package = copied.data / "raw" / "article" / "datapackage.json"
    path = copied.data / "raw" / "article" / "table-01.csv"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes().replace(b"Toplam", b"Tutar"))
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    package.write_text(package.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(StudyError, match=r"data/raw/article/table-01\.csv"):
        dict(processed.compute(copied))


def test_every_problem_is_counted(copied):
    path = copied.data / "raw" / "article" / "table-04.csv"
    path.write_bytes(path.read_bytes().replace(b"\n19", b"\n18"))
    with pytest.raises(tables.TableError, match=r"… and \d+ more"):
        tables.read(copied, TABLE)


def test_what_is_written_is_read_again(copied):
    expected = tables.read(copied, "processed/agreements")
    tables.write(expected, copied, "processed/agreements")
    got = tables.read(copied, "processed/agreements")
    pd.testing.assert_frame_equal(got, expected)


def test_writing_unchanged_data_gives_the_same_bytes(copied):
    expected = hashes(copied)
    processed.write(copied)
    got = hashes(copied)
    assert got == expected


def test_a_frame_that_breaks_its_schema_is_not_written(copied):
    frame = tables.read(copied, "processed/agreements")
    expected = hashes(copied)
    with pytest.raises(tables.TableError, match="column level"):
        tables.write(frame.assign(level="village"), copied, "processed/agreements")
    got = hashes(copied)
    assert got == expected


def test_no_table_is_written_when_the_last_one_breaks_its_schema(copied, monkeypatch):
    tables_ = dict(processed.compute(copied))
    tables_["agreements"] = tables_["agreements"].assign(municipality="changed")
    tables_["claims"] = tables_["claims"].assign(verdict="perhaps")
    monkeypatch.setattr(processed, "compute", lambda study: tables_)
    expected = hashes(copied)
    with pytest.raises(tables.TableError, match="column verdict"):
        processed.write(copied)
    got = hashes(copied)
    assert got == expected


def test_a_failed_write_leaves_no_half_file(tmp_path, monkeypatch):
    target = tmp_path / "table.csv"
    target.write_bytes(b"whole")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(files.WriteError, match=r"table.csv: cannot be written \(No space"):
        files.write_bytes(target, b"half")
    got = [path.name for path in tmp_path.iterdir()], target.read_bytes()
    expected = ["table.csv"], b"whole"
    assert got == expected


# Cells of any text: either the table comes back whole, or the error names the file.
cells = st.text(max_size=12)


@given(st.lists(st.tuples(st.integers(1971, 2021), cells, cells), min_size=1, max_size=6))
def test_any_table_is_read_whole_or_refused_by_name(tmp_path_factory, rows):
    from nbproof.study import Study

    root = tmp_path_factory.mktemp("study")
    (root / "data" / "raw").mkdir(parents=True)
    fields = [{"name": "year", "type": "integer"}, {"name": "a"}, {"name": "b"}]
    package = {"resources": [{"path": "t.csv", "schema": {"fields": fields}}]}
    (root / "data" / "raw" / "datapackage.json").write_text(json.dumps(package))
    frame = pd.DataFrame(rows, columns=["year", "a", "b"])
    text = frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "surrogatepass")
    (root / "data" / "raw" / "t.csv").write_bytes(text)
    expected = frame.to_numpy().tolist()
    try:
        got = tables.read(Study(root), "raw/t").fillna("").to_numpy().tolist()
    except tables.TableError as refusal:
        got, expected = str(refusal).partition(",")[0].partition(":")[0], "data/raw/t.csv"
    assert got == expected


# Sealing ---------------------------------------------------------------------------------------------


@pytest.fixture
def edited(copied):
    """A study whose printed table has a year of its own."""
    path = copied.data / "raw/article/table-06.csv"
    path.write_bytes(path.read_bytes().replace(b"\n2007,", b"\n2008,", 1))
    return copied


def test_an_edited_table_is_named(edited):
    size = (edited.data / "raw/article/table-06.csv").stat().st_size
    got = package.seal(edited, write=False)
    expected = [f"data/raw/article/table-06.csv: {size:,} bytes, {size:,} before"]
    assert got == expected


def test_a_sealed_table_is_read_again(edited):
    package.seal(edited)
    got = package.seal(edited), len(tables.read(edited, "raw/article/table-06"))
    expected = [], 107
    assert got == expected


def test_sealing_leaves_packages_whose_tables_are_the_same(edited):
    before = (edited.data / "raw/antalya-2024/datapackage.json").read_bytes()
    package.seal(edited)
    got = (edited.data / "raw/antalya-2024/datapackage.json").read_bytes()
    expected = before
    assert got == expected


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("raw/article/table-06.csv", None, "table-06.csv is no file of this study"),
        ("raw/article/datapackage.json", b"{", "not a data package"),
        ("raw/article/datapackage.json", b"{}", "not a data package"),
        (
            "raw/antalya-2024/datapackage.json",
            b'{"resources": [{"path": "../../../../secret.csv", "hash": "", "bytes": 1}]}',
            "secret.csv is no file of this study",
        ),
    ],
)
def test_what_cannot_be_sealed_is_named(copied, name, content, said):
    (copied.root.parent / "secret.csv").write_text("secret")
    path = copied.data / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StudyError, match=said):
        package.seal(copied)
