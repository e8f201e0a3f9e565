"""The studies in examples/: each is three files, from which all else is made."""

import re
import shutil

import pytest

from diplolib import api, comparison, gazetteer, inventory
from nbproof import processed, tables
from nbproof.study import Study, StudyError

CITIES = ["cankaya", "koeln", "yokohama"]
ADDRESS = re.compile(r"https?://\S+, .*20\d\d")


@pytest.fixture(scope="module")
def studies(collection, tmp_path_factory):
    """The three, made whole in a copy."""
    folder = tmp_path_factory.mktemp("examples")
    for city in CITIES:
        shutil.copytree(collection.root / "examples" / city, folder / city)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inventory, "find_spec", lambda name: None)  # places are all there
            inventory.seal(Study(folder / city))
        processed.write(Study(folder / city))
    return {city: Study(folder / city) for city in CITIES}


@pytest.fixture(params=CITIES)
def study(request, studies):
    return studies[request.param]


def test_its_places_stay_as_they_were_reviewed(collection, study):
    name = "data/reference/places.csv"
    got = (study.root / name).read_bytes()
    expected = (collection.root / "examples" / study.root.name / name).read_bytes()
    assert got == expected


def test_every_place_is_reviewed_and_has_a_point(study):
    places = tables.read(study, inventory.PLACES)
    got = set(places["basis"]), int(places["latitude"].isna().sum())
    expected = {"reviewed"}, 0
    assert got == expected


def test_every_row_says_where_it_was_read_and_when(study):
    sources = api.agreements(study=study)["evidence"]
    got = [text for text in sources if not ADDRESS.match(text)]
    expected = []
    assert got == expected


COUNTED = [("cankaya", 7, 0, 1), ("koeln", 23, 21, 23), ("yokohama", 17, 14, 17)]


@pytest.mark.parametrize(("city", "rows", "dated", "agreed"), COUNTED)
def test_its_agreements_are_those_of_its_list(studies, city, rows, dated, agreed):
    found = api.agreements(study=studies[city])
    got = len(found), int(found["year"].notna().sum()), int((found["form"] != "other").sum())
    expected = rows, dated, agreed
    assert got == expected


def test_a_list_in_another_script_is_read(studies):
    printed = api.agreements(study=studies["yokohama"])["partner_printed"]
    got = [name for name in printed if gazetteer.is_latin(name)]
    expected = []
    assert got == expected


def test_a_month_that_is_given_is_kept(studies):
    row = api.agreements(study=studies["yokohama"]).iloc[0]
    got = row["year"], row["date"]
    expected = 1957, "1957-10"
    assert got == expected


@pytest.mark.parametrize("city", ["koeln", "yokohama"])
def test_nothing_in_it_is_doubtful(studies, city):
    got = inventory.problems(studies[city])
    expected = []
    assert got == expected


def test_an_engagement_is_no_agreement(studies):
    got = {text.split(": ", 2)[2] for text in inventory.problems(studies["cankaya"])}
    expected = {"neither sister city nor friendship or cooperation. Read as other."}
    assert got == expected


@pytest.mark.parametrize("language", ["en", "tr"])
def test_its_map_is_drawn(study, language):
    figure = api.world_map(study=study, lang=language)
    got = type(figure).__name__
    expected = "Figure"
    assert got == expected


def test_without_its_tables_it_says_what_writes_them(collection):
    bare = Study(collection.root / "examples" / "koeln")
    with pytest.raises(StudyError, match="diplolib seal"):
        list(inventory.clean(bare))
    with pytest.raises(StudyError, match="diplolib seal"):
        inventory.problems(bare)


def test_the_table_beside_this_study_is_that_of_the_examples(collection, studies):
    rows = comparison.gather([studies["koeln"], studies["yokohama"]])
    got = tables.as_read(rows, collection, "other-cities/agreements")
    expected = tables.read(collection, "other-cities/agreements")
    assert got.to_csv(index=False) == expected.to_csv(index=False)
