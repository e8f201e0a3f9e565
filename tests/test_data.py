"""The published tables against their data packages, by the field's own tool."""

import json

import pytest
from frictionless import Package

from nbproof import study, tables

PACKAGES = sorted(study.find(__file__).data.rglob("datapackage.json"))


@pytest.fixture(params=PACKAGES, ids=lambda path: path.parent.name)
def package(request):
    return request.param


def test_a_package_is_valid(package):
    report = Package(str(package)).validate()
    got = [
        (task.name, error.message) for task in report.tasks for error in task.errors
    ] + report.errors
    expected = []
    assert got == expected


def resources(package):
    return json.loads(package.read_text(encoding="utf-8"))["resources"]


def test_every_table_beside_a_package_is_declared(package):
    got = {path.relative_to(package.parent).as_posix() for path in package.parent.rglob("*.csv")}
    expected = {entry["path"] for entry in resources(package) if entry["path"].endswith(".csv")}
    assert got == expected


def test_every_table_can_be_read_by_the_library(collection, package):
    folder = package.parent.relative_to(collection.data).as_posix()
    for entry in resources(package):
        if entry["path"].endswith(".csv"):
            rows = tables.read(collection, f"{folder}/{entry['path'].removesuffix('.csv')}")
            # What is added is up to the reader; the study itself may add nothing.
            assert len(rows) or folder == "additions"


def test_every_column_has_a_meaning_in_both_languages(package):
    got = [
        (entry["name"], field["name"])
        for entry in resources(package)
        for field in entry.get("schema", {}).get("fields", [])
        if not (field.get("title") and field.get("title_tr") and field.get("description"))
    ]
    expected = []
    assert got == expected


def test_every_source_table_has_a_checksum_and_a_place(package):
    if "raw" not in package.parts:
        pytest.skip("only sources are frozen")
    got = [
        entry["name"]
        for entry in resources(package)
        if not entry.get("hash", "").startswith("sha256:") or not entry.get("where")
    ]
    expected = []
    assert got == expected


PRINTED = {
    "table-04": 60,
    "table-06": 107,
    "purposes": 37,
    "activities": 19,
    "table-08": 8,
    "table-09": 175,
}


@pytest.mark.parametrize(("table", "expected"), PRINTED.items())
def test_a_source_table_has_as_many_rows_as_the_article(collection, table, expected):
    got = len(tables.read(collection, f"raw/article/{table}"))
    assert got == expected


@pytest.mark.parametrize(
    "cell",
    ["Dos. ve İş Bir.", "Waşington", "Guanco", "Gökbaşı-Birzai", "Çankaya-Tiergaten", "Beypazarı-Vılladecans", "Keçiören-Bayan, Olgii"],
)  # fmt: skip
def test_a_misprint_is_kept(collection, cell):
    printed = [
        value
        for table in ("table-04", "table-06")
        for value in tables.read(collection, f"raw/article/{table}")
        .astype("str")
        .to_numpy()
        .ravel()
    ]
    assert cell in printed
