"""Which notebooks are run with the collection, and which are a person's own."""

import json
import shutil

import pytest

from diplolib import cli
from nbproof.pipeline import collection as members
from nbproof.study import StudyError
from nbproof.verify import sums
from nbproof.verify.finding import REPORT


@pytest.fixture
def study(collection, copied):
    shutil.copytree(collection.notebooks, copied.notebooks)
    shutil.copy(collection.root / "checksums.json", copied.root)
    return copied


def source(study, name, edit):
    """Notebook 02 under another name, each cell's code through `edit`."""
    content = json.loads((study.notebooks / "02-timeline.ipynb").read_bytes())
    for cell in content["cells"]:
        cell["source"] = edit("".join(cell["source"])).splitlines(keepends=True)
    path = study.notebooks / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def same(text):
    return text


def turned(text):
    return text.replace("year_to = 2021", "year_to = 2010")


COPIES = ["02-timeline-Copy1", "02b-mine", "timeline 2", "Ödev [1]", "12-mine", "mine/02-timeline"]


@pytest.mark.parametrize("edit", [same, turned])
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_left_alone_with_a_line_that_says_how_to_run_it(study, name, edit):
    before = members.members(study)
    path = source(study, name, edit)
    line = members.others(study)[path]
    got = members.members(study), "left alone; into output/: diplolib reproduce " in line
    expected = before, True
    assert got == expected


@pytest.mark.parametrize("name", ["02-zaman", "timeline 2"])
def test_a_notebook_that_was_renamed_is_asked_for_its_name(study, name):
    path = source(study, name, same)
    (study.notebooks / "02-timeline.ipynb").unlink()
    got = members.others(study)[path].partition(", left alone")[0]
    expected = f"notebooks/{name}.ipynb: a copy of 02-timeline, which is gone (if this is it, give it its name back)"
    assert got == expected


def test_a_notebook_without_a_number_is_left_alone(study):
    path = source(study, "Untitled", lambda text: "1 + 1")
    got = members.others(study)
    expected = {
        path: "notebooks/Untitled.ipynb: its name starts with no number, left alone; "
        "into output/: diplolib reproduce Untitled"
    }
    assert got == expected


def test_a_notebook_that_checks_its_own_name_is_one_of_the_collection(study):
    def edit(text):
        return text.replace("02-timeline", "11-mine").replace("timeline.FIGURE", "my_own.FIGURE")

    path = source(study, "11-mine", edit)
    got = path in members.members(study), members.others(study)
    expected = True, {}
    assert got == expected


def without_check(text):
    return "" if "parameters.check" in text else text


@pytest.mark.parametrize(
    ("name", "edit", "file"),
    [
        ("02-timeline-Copy1", without_check, "figures/timeline.*"),
        ("11-mine", lambda text: text.replace("02-timeline", "11-mine"), "figures/timeline.*"),
        ("02-Timeline", lambda text: "1 + 1", "notebooks/02-timeline.ipynb"),
    ],
)
def test_two_writers_of_one_file_are_refused_by_name(study, capsys, name, edit, file):
    source(study, name, edit)
    with pytest.raises(StudyError) as error:
        members.members(study)
    said = str(error.value)
    got = f"{name}.ipynb" in said, "02-timeline.ipynb" in said, file in said
    assert got == (True, True, True)
    got = [cli.main(["--study", str(study.root), command]) for command in ("reproduce", "status")]
    assert got == [1, 1]


@pytest.mark.parametrize("name", COPIES)
def test_verify_reports_a_copy_and_fails_on_nothing_of_it(study, name):
    path = source(study, name, turned)
    got = [(f.severity, f.check) for f in sums.check(study) if f.file == study.name(path)]
    expected = [(REPORT, "notebooks")]
    assert got == expected


def test_a_copy_runs_into_a_folder_of_its_own(study, monkeypatch):
    source(study, "timeline 2", turned)
    before = {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()}
    code = cli.main(["reproduce", "timeline 2", "--study", str(study.root), "--cold"])
    place = study.root / "output" / "timeline 2" / "year_to=2010"
    got = (
        code,
        sorted(path.relative_to(place).as_posix() for path in place.rglob("*.*")),
        {path: path.read_bytes() for path in before} == before,
    )
    expected = (
        0,
        [
            *(f"figures/timeline.en.{kind}" for kind in ("csv", "phone.svg", "png", "svg")),
            "notebooks/timeline 2.ipynb",
        ],
        True,
    )
    assert got == expected


def test_a_copy_is_not_swept_or_verified_with_the_collection(study, capsys):
    source(study, "02b-mine", turned)
    codes = [
        cli.main(["sweep", "02b-mine", "--over", "lang=en,tr", "--study", str(study.root)]),
        cli.main(["reproduce", "02b-mine", "02-timeline", "--study", str(study.root)]),
    ]
    got = codes, "run it by itself" in capsys.readouterr().err
    expected = [2, 2], True
    assert got == expected
