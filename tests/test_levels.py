"""A study of three levels from a list: its check, its figures, and what is read back from them."""

import html
import json
import re
import subprocess
import sys
from collections import ChainMap
from itertools import combinations

import pandas as pd
import pytest
from PIL import ImageColor

from diplolib import inventory, levels
from diplolib.figures import timeline, world_map
from nbproof import labels, tables
from nbproof.study import Study, StudyError

HEAD = "partner;country;year;level;municipality"
ROWS = """Kyoto;Japan;1963;borough;Northtown
Osaka;Japan;1970;City;
Turin;Italy;1964;Borough;Southtown
Lille;France;1990;State;
Tunis;Tunisia;1999;Boroughs;Northtown
Cork;Ireland;2001;City;
"""
PLACES = {
    "Kyoto, Japan": ["kyoto-jp", "Kyoto", "Kyoto", "JP", 35.02, 135.75, False],
    "Osaka, Japan": ["osaka-jp", "Osaka", "Osaka", "JP", 34.69, 135.5, False],
    "Turin, Italy": ["turin-it", "Turin", "Torino", "IT", 45.07, 7.69, False],
    "Lille, France": ["lille-fr", "Lille", "Lille", "FR", 50.63, 3.06, False],
    "Tunis, Tunisia": ["tunis-tn", "Tunis", "Tunus", "TN", 36.8, 10.18, True],
    "Cork, Ireland": ["cork-ie", "Cork", "Cork", "IE", 51.9, -8.47, False],
}
NAMED = {"state": ["State"], "city": [], "borough": ["Boroughs {all}", "Borough", "Boroughs"]}
# Each level's name in the figures, its agreements, and its fullest year
COUNTED = {"State": (1, 1990), "city": (2, 1970), "Boroughs {all}": (3, 1963)}


def write(study: Study, named: dict) -> None:
    """Put [levels] into study.toml, as a person does."""
    text = (study.root / "study.toml").read_text(encoding="utf-8")
    table = "\n".join(f"{key} = {json.dumps(words)}" for key, words in named.items())
    text = re.sub(r"(?s)\[levels\].*?\n\n", lambda found: f"[levels]\n{table}\n\n", text)
    (study.root / "study.toml").write_text(text, encoding="utf-8")


def built(folder, rows: str, named: dict) -> Study:
    (folder / "list.csv").write_text(f"{HEAD}\n{rows}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inventory, "find_spec", lambda name: None)
        inventory.create(folder / "new", folder / "list.csv", "Northtown", "", "A page, 2026-11-29")
        made = Study(folder / "town")
        (folder / "new").rename(made.root)  # study.toml is read once in a process
        write(made, named)
        text = (made.root / "study.toml").read_text(encoding="utf-8")
        text = text.replace("latitude = nan", "latitude = 52.5")
        (made.root / "study.toml").write_text(text.replace("= nan", "= 13.4"), encoding="utf-8")
        known = tables.read(made, inventory.PLACES).set_index("listed_as")
        for name, row in PLACES.items():
            about = [*known.columns[:7], "confidence", "basis"]
            known.loc[name, about] = [*row, "high", "reviewed"]
        tables.write(known.reset_index().astype({"capital": "boolean"}), made, inventory.PLACES)
        inventory.seal(made)
    return made


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return built(tmp_path_factory.mktemp("three"), ROWS, NAMED)


def run(study, *arguments):
    call = [sys.executable, "-m", "diplolib", *arguments]
    return subprocess.run(call, cwd=study.root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(study):
    done = run(study, "reproduce")
    assert done.returncode == 0, done.stderr
    return study


def svg(study, name: str) -> str:
    return (study.figures / f"{name}.svg").read_text(encoding="utf-8")


def test_its_check_finds_nothing(study):
    got = inventory.problems(study)
    assert got == []


def test_its_agreements_have_the_levels_of_its_list(study):
    got = dict(inventory.clean(study))["agreements"]["level"].tolist()
    expected = ["borough", "city", "borough", "state", "borough", "city"]
    assert got == expected


@pytest.mark.parametrize("name", ["02-timeline", "03-world-map"])
def test_a_notebook_takes_its_levels(study, name):
    notebook = json.loads((study.notebooks / f"{name}.ipynb").read_bytes())
    cell = "".join(notebook["cells"][1]["source"])
    got = [
        notebook["metadata"]["nbproof"]["parameters"]["level"]["enum"],
        'level = "all"  # "all", "state", "city", "borough"' in cell,
    ]
    expected = [["all", "state", "city", "borough"], True]
    assert got == expected


@pytest.mark.parametrize("language", labels.LANGUAGES)
@pytest.mark.parametrize("level", COUNTED)
def test_each_level_has_its_map_with_its_number(made, language, level):
    assert f">{level}: {COUNTED[level][0]}<" in svg(made, f"world-map.{language}")


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_each_level_has_its_lane_in_the_order_of_the_study(made, language):
    lanes = re.findall(r">(State|city|Boroughs \{all\})<", svg(made, f"timeline.{language}"))
    assert lanes[:3] == [*COUNTED]


@pytest.mark.parametrize("level", COUNTED)
def test_the_description_counts_each_level(made, level):
    n, year = COUNTED[level]
    assert f"{level}: {n}, most in {year} (1)." in svg(made, "timeline.en")


TITLES = {
    "en": "Boroughs {all}: most agreements of the 3 levels, 3 of 6",
    "tr": "Boroughs {all}: 3 düzey içinde en çok anlaşma, 6 anlaşmanın 3'ü",
}


@pytest.mark.parametrize("language", labels.LANGUAGES)
def test_the_title_says_which_level_has_most(made, language):
    got = re.findall(r"<title[^>]*>([^<]*)</title>", svg(made, f"timeline.{language}"))[0]
    assert html.unescape(got) == TITLES[language]


def test_its_pictures_are_read_back(made):
    done = run(made, "verify")
    got = done.returncode, done.stdout.rstrip().endswith("everything agrees.")
    expected = 0, True
    assert got == expected, done.stdout


@pytest.mark.parametrize("name", ["timeline", "world-map"])
def test_a_level_under_another_name_is_found(made, name):
    file = made.figures / f"{name}.en.svg"
    before = file.read_bytes()
    file.write_bytes(before.replace(b">city", b">Boroughs"))
    done = run(made, "verify", "--quick")
    file.write_bytes(before)
    assert done.returncode == 1
    assert f"figures/{name}.en.svg" in done.stdout


def test_a_level_is_chosen(made):
    done = run(made, "reproduce", "02-timeline", "-p", "level=city")
    assert done.returncode == 0, done.stderr


def test_an_added_agreement_has_the_first_level(study):
    added = study.data / "additions" / "agreements.csv"
    before = added.read_bytes()
    got = inventory.add(study, {"partner": "Osaka", "country": "Japan", "source": "A page"})
    added.write_bytes(before)
    assert got["level"] == "state"


@pytest.mark.parametrize(("cell", "shown"), [("County", "'County'"), ("", "''")])
def test_an_unknown_level_is_told(tmp_path, cell, shown):
    study = built(tmp_path, f"{ROWS}Porto;Portugal;2003;{cell};\n", NAMED)
    got = [text for text in inventory.problems(study) if "[levels]" in text]
    wanted = "expected a word of [levels] in study.toml; add it there. Read as state."
    assert got == [f"row 8, column 'level': {shown}: {wanted}"]


@pytest.mark.parametrize(("n", "told"), [(5, []), (6, ["6 levels"])])
def test_more_levels_than_looks_are_told(tmp_path, n, told):
    study = built(tmp_path, ROWS, {**NAMED, **{f"other{number}": [] for number in range(n - 3)}})
    got = re.findall(r"\[levels\]: (\d levels)", "\n".join(inventory.problems(study)))
    assert got == told


def test_levels_that_were_edited_are_not_drawn_before_they_are_sealed(tmp_path, monkeypatch):
    study = built(tmp_path, ROWS, NAMED)
    changed = study.settings | {"levels": {"city": [], "state": [], "borough": []}}
    monkeypatch.setattr(Study, "settings", changed)
    with pytest.raises(StudyError, match="diplolib seal reads it again"):
        dict(inventory.clean(study))


@pytest.mark.parametrize("wrong", [{"all": []}, {"a.b": []}, {"nan": []}, {"state": "State"}])
def test_a_level_that_cannot_be_one_is_told(study, monkeypatch, wrong):
    monkeypatch.setattr(Study, "settings", {"levels": wrong})
    with pytest.raises(StudyError, match=re.escape(f"[levels]: {next(iter(wrong))}")):
        levels.levels(study)


@pytest.mark.parametrize("settings", [{}, {"levels": {}}])
def test_a_study_that_names_no_level_has_two(study, monkeypatch, settings):
    monkeypatch.setattr(Study, "settings", settings)
    assert [*levels.levels(study)] == ["metropolitan", "district"]


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    words = ["State", "City", "Borough", "Boroughs"]
    return built(tmp_path_factory.mktemp("one"), ROWS, {"town": words})


def test_a_single_level_has_one_lane_and_its_fullest_year(single):
    done = run(single, "reproduce")
    assert done.returncode == 0, done.stderr
    rows = pd.read_csv(single.figures / "timeline.en.csv").query("mark == 'cumulative'")
    got = (
        set(rows["level"]),
        "State: 6 agreements, no single busiest year" in svg(single, "timeline.en"),
    )
    assert got == ({"town"}, True)
    assert run(single, "verify", "--quick").returncode == 0


@pytest.fixture(params=labels.LANGUAGES)
def named(request):
    words = labels.load(request.param)
    own = {"level.province": "Province", "level.commune": "Communes"}
    return labels.Labels(request.param, ChainMap(own, words._texts))


SINCE = {
    "en": "Communes ahead of Province since 2001: 5 agreements against 2",
    "tr": "2001'den beri önde olan düzey: Communes; Province için 2, Communes için 5 anlaşma",
}


def test_of_two_levels_the_title_says_since_when_one_is_ahead(named):
    counts = {"province": [2, 2, 2], "commune": [1, 3, 5]}
    rows = [(level, year, n) for level in counts for year, n in enumerate(counts[level], 2000)]
    table = pd.DataFrame(rows, columns=["level", "year", "agreements"]).assign(mark="cumulative")
    got = timeline.title(table, named)
    assert got == SINCE[named.language]


def test_five_levels_are_told_apart_in_grey():
    lines = [(ImageColor.getcolor(colour, "L"), dashes) for colour, dashes in timeline.LOOKS]
    bars = [ImageColor.getcolor(colour, "L") for colour in world_map.LEVELLED]
    got = len(set(map(str, lines))), len(bars), min(abs(a - b) for a, b in combinations(bars, 2))
    assert got[:2] == (levels.MOST, levels.MOST)
    assert got[2] > 20
