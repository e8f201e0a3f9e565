"""A study from a list of partners: its folder, its table, its figures, and no word of another study."""

import csv
import io
import subprocess
import sys

import pandas as pd
import pytest

from diplolib import inventory
from nbproof import tables
from nbproof.study import Study, StudyError, UsageError

LIST = """Partnerstadt;Land;Jahr;Status
Kyoto;Japan;1963;
Wolgograd;Russland;1988;ruht seit 2022
Neustadt;;;
Osaka (1970);Japan;;
Summe;;4;
"""
KNOWN = {
    "Kyoto, Japan": ["kyoto-jp", "Kyoto", "Kyoto", "JP", 35.02, 135.75, False, "high"],
    "Osaka, Japan": ["osaka-jp", "Osaka", "Osaka", "JP", 34.69, 135.5, False, "high"],
    "Wolgograd, Russland": [
        "volgograd-ru",
        "Volgograd",
        "Volgograd",
        "RU",
        48.71,
        44.5,
        False,
        "low",
    ],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Made without a gazetteer; three of its four places were then filled in by a person."""
    folder = tmp_path_factory.mktemp("studies")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inventory, "find_spec", lambda name: None)
        inventory.create(folder / "köln", folder / "list.csv", "Köln", "DE", "A page, 2026-11-29")
    made = Study(folder / "köln")
    settings = made.root / "study.toml"
    text = settings.read_text(encoding="utf-8").replace("latitude = nan", "latitude = 50.93")
    settings.write_text(text.replace("longitude = nan", "longitude = 6.95"), encoding="utf-8")
    places = tables.read(made, inventory.PLACES).set_index("listed_as")
    columns = list(places.columns[:8])
    for name, row in KNOWN.items():
        places.loc[name, [*columns, "basis"]] = [*row, "reviewed"]
    tables.write(places.reset_index().astype({"capital": "boolean"}), made, inventory.PLACES)
    return made


@pytest.fixture(scope="module")
def agreements(study):
    return dict(inventory.clean(study))["agreements"]


def test_every_partner_is_an_agreement_and_a_total_is_none(agreements):
    got = agreements["partner_printed"].tolist()
    expected = ["Kyoto", "Wolgograd", "Neustadt", "Osaka"]
    assert got == expected


def test_a_year_is_read_where_it_is_given(agreements):
    got = agreements["year"].fillna(0).tolist()
    expected = [1963, 1988, 0, 1970]
    assert got == expected


def test_every_row_keeps_its_source(agreements):
    got = agreements["source"].tolist()
    expected = [f"data/raw/list/rows.csv:{line}" for line in (2, 3, 4, 5)]
    assert got == expected


def test_a_check_tells_all_at_once_and_writes_nothing(study):
    before = {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()}
    got = inventory.problems(study)
    expected = [
        "row 6: a total, left out.",
        "row 4, column 'Land': no country for 'Neustadt'. Add one, or review its place.",
        "data/reference/places.csv: 'Neustadt' is not placed. Not looked up.",
    ]
    assert got == expected
    assert {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()} == before


def test_a_folder_that_is_there_is_not_replaced(study):
    with pytest.raises(UsageError, match="is there already"):
        inventory.create(study.root, None, "", "", "")


def test_a_list_without_partners_leaves_no_folder(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="no column of partners"):
        inventory.create(tmp_path / "new", tmp_path / "list.csv", "", "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


@pytest.fixture
def edited(study):
    original = study.data / "raw" / "list" / "original.csv"
    before = original.read_bytes()
    original.write_bytes(before + b"Tours;France;1992;\n")
    yield study
    original.write_bytes(before)
    inventory.seal(study)


def test_an_edited_list_is_not_drawn_before_it_is_read_again(edited):
    with pytest.raises(StudyError, match="diplolib seal reads it again"):
        dict(inventory.clean(edited))


def test_a_list_is_read_again_and_a_reviewed_place_stays(edited, monkeypatch):
    monkeypatch.setattr(inventory, "find_spec", lambda name: None)
    inventory.seal(edited)
    got = (
        dict(inventory.clean(edited))["agreements"]
        .set_index("partner_printed")["confidence"]
        .to_dict()
    )
    expected = {
        "Kyoto": "high",
        "Wolgograd": "low",
        "Neustadt": "none",
        "Osaka": "high",
        "Tours": "none",
    }
    assert got == expected


def test_a_column_that_the_list_has_not_is_named(study, monkeypatch):
    columns = {"partner": "Partnerstadt", "country": "Staat"}
    monkeypatch.setattr(Study, "settings", {"columns": columns})
    with pytest.raises(StudyError, match="country = 'Staat'"):
        list(inventory._entries(study, tables.read(study, inventory.LIST)))


def test_an_added_agreement_has_its_own_source(study):
    added = study.data / "additions" / "agreements.csv"
    before = added.read_bytes()
    inventory.add(study, {"partner": "Osaka", "country": "Japan", "year": "1999", "level": "metropolitan",
                          "form": "friendship_cooperation", "source": "A newspaper, 2026-11-29"})  # fmt: skip
    row = dict(inventory.clean(study))["agreements"].iloc[-1]
    added.write_bytes(before)
    got = row["partner"], row["year"], row["municipality"], row["evidence"], row["source"]
    expected = "Osaka", 1999, "Köln", "A newspaper, 2026-11-29", "data/additions/agreements.csv:2"
    assert got == expected


def test_an_added_agreement_needs_a_source(study):
    with pytest.raises(UsageError, match="--source"):
        inventory.add(study, {"partner": "Osaka", "country": "Japan", "level": "metropolitan"})


def test_an_agreement_is_added_to_another_study_too(copied):
    inventory.add(copied, {"partner": "Seul", "year": "2030", "level": "metropolitan",
                           "form": "sister_city", "source": "A newspaper"})  # fmt: skip
    got = tables.read(copied, inventory.ADDED).iloc[-1][["municipality", "listed_as"]].tolist()
    expected = ["Ankara", "Seul"]
    assert got == expected


def run(study, *arguments):
    call = [sys.executable, "-m", "diplolib", *arguments]
    return subprocess.run(call, cwd=study.root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(study):
    return run(study, "reproduce")


def test_its_figures_are_drawn(made, study):
    got = made.returncode, made.stderr, sorted(path.name for path in study.figures.glob("*.en.png"))
    expected = 0, "", ["ranking.en.png", "timeline.en.png", "world-map.en.png"]
    assert got == expected


def test_no_word_of_another_study_is_in_it(made, study):
    got = [
        study.name(path)
        for path in study.root.rglob("*")
        if path.is_file() and "build" not in path.parts and b"ankara" in path.read_bytes().lower()
    ]
    assert got == []


def test_its_figures_name_the_city_and_its_source(made, study):
    text = (study.figures / "timeline.en.svg").read_text(encoding="utf-8")
    got = ["Köln: " in text, "Source: A page, 2026-11-29." in text]
    expected = [True, True]
    assert got == expected


def test_rows_without_a_year_are_counted_beside_the_timeline(made, study):
    notebook = (study.notebooks / "02-timeline.ipynb").read_text(encoding="utf-8")
    counted = pd.read_csv(study.figures / "world-map.en.csv").query("mark == 'country'")[
        "agreements"
    ]
    got = "1 agreement has no year" in notebook, counted.sum()
    expected = True, 3  # Neustadt has no country
    assert got == expected


def test_its_marks_lead_to_the_rows_of_the_list(made, study):
    done = run(study, "trace", "ranking", "--name", "Japan", "--csv")
    got = [row["reference"] for row in csv.DictReader(io.StringIO(done.stdout))]
    expected = ["A1", "A4"]
    assert got == expected


def test_it_is_verified(made, study):
    done = run(study, "verify")
    got = done.returncode, done.stdout.rstrip().endswith("everything agrees.")
    expected = 0, True
    assert got == expected


def test_it_is_up_to_date(made, study):
    assert run(study, "status").stdout == "Everything is up to date.\n"


def test_a_choice_is_swept(made, study):
    done = run(study, "sweep", "02-timeline", "--over", "year_to=1970,1988")
    got = done.returncode, done.stdout.startswith("2 of 2 points done")
    expected = 0, True
    assert got == expected
