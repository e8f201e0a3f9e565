"""`diplolib verify` as people call it."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from PIL import Image

from diplolib import cli
from nbproof import verify
from nbproof.pipeline import checksums
from nbproof.verify import fresh
from nbproof.verify.finding import Finding

HEAVY = {"matplotlib", "geopandas", "seaborn", "IPython", "papermill", "nbformat", "doit"}


@pytest.fixture(scope="module", autouse=True)
def remembered(suite):
    """A verification does not look again for what an earlier one has found of the same bytes."""
    with suite.remembering():
        yield


def state(study):
    """Everything that is committed, and what a run leaves in build/."""
    folders = ["data", "notebooks", "figures", "src", "build"]
    paths = [path for folder in folders for path in (study.root / folder).rglob("*")]
    return {path: checksums.exact(path) for path in paths if path.is_file()}


def test_the_collection_is_as_it_was_made(collection):
    got = [finding.where for finding in verify.quick(collection).failed]
    expected = []
    assert got == expected, "run `diplolib reproduce` and commit what it writes"


def test_quick_imports_no_kernel_and_nothing_that_draws(shared):
    code = (
        "import sys; from diplolib import cli; code = cli.main(['verify', '--quick']);"
        "print(code, *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shared.root, capture_output=True, text=True, check=True
    )
    code, *modules = done.stdout.splitlines()[-1].split()
    got = code, HEAVY & set(modules)
    expected = "0", set()
    assert got == expected


def test_quick_touches_nothing(shared):
    before = state(shared)
    cli.main(["--study", str(shared.root), "verify", "--quick"])
    got = state(shared)
    expected = before
    assert got == expected


def test_a_difference_is_exit_code_1_with_place_and_command(tampered, capsys):
    study = tampered("data/processed/terms.csv", ("1984", "1985"))
    code = cli.main(["--study", str(study.root), "verify", "--quick"])
    said = capsys.readouterr().out
    assert code == 1
    assert "data/processed/terms.csv, row 1 (line 2), column year_from" in said
    assert "git diff -- data/processed/terms.csv" in said
    assert re.search(r"in \d+\.\d s, 1 difference\b", said)


def test_an_unknown_notebook_is_wrong_usage(shared, capsys):
    got = cli.main(["--study", str(shared.root), "verify", "--only", "02-timelime"])
    expected = 2
    assert got == expected
    assert "Did you mean 02-timeline?" in capsys.readouterr().err


def test_json_holds_each_finding(tampered, tmp_path):
    study = tampered("figures/staff.en.png", b"")
    cli.main(["--study", str(study.root), "verify", "--quick", "--json", str(tmp_path / "v.json")])
    content = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    got = content["verdict"], [finding["file"] for finding in content["findings"]]
    expected = "differs", ["figures/staff.en.png"]
    assert got == expected


@pytest.fixture(scope="module")
def ran(shared, tmp_path_factory):
    """A full run of one notebook over a study with a picture and a plotted table exchanged."""
    folder = tmp_path_factory.mktemp("report")
    figures = shared.figures
    before = {
        name: (figures / name).read_bytes() for name in ("purposes.en.png", "purposes.tr.csv")
    }
    with Image.open(figures / "purposes.en.png") as picture:
        picture.putpixel((0, 0), picture.getpixel((0, 0)))  # loads it
        picture.paste((0, 0, 0), (900, 900, 930, 930))
        picture.save(figures / "purposes.en.png")
    table = before["purposes.tr.csv"].replace(b",named,", b",second,", 1)
    (figures / "purposes.tr.csv").write_bytes(table)
    now = state(shared)
    try:
        code = cli.main(
            ["--study", str(shared.root), "verify", "--only", "04-purposes",
             "--html", str(folder / "page.html"), "--json", str(folder / "v.json"),
             "--report", str(folder)]
        )  # fmt: skip
        touched = state(shared) != now
    finally:
        for name, data in before.items():
            (figures / name).write_bytes(data)
    return folder, code, touched


def test_a_full_run_touches_nothing(ran):
    _, code, touched = ran
    assert (code, touched) == (1, False)


def test_a_full_run_names_what_the_checksums_alone_cannot(ran):
    content = json.loads((ran[0] / "v.json").read_text(encoding="utf-8"))
    got = {(finding["check"], finding["file"]) for finding in content["findings"]}
    assert got >= {
        ("pictures", "figures/purposes.en.png"),
        ("plotted tables", "figures/purposes.tr.csv"),
    }
    assert {file for _, file in got} <= {
        "figures/purposes.en.png", "figures/purposes.tr.csv", "notebooks/04-purposes.ipynb",
        # Pictures that do not show the changed table
        "figures/purposes.tr.svg", "figures/purposes.tr.phone.svg",
    }  # fmt: skip


def test_the_page_needs_nothing_else(ran):
    text = (ran[0] / "page.html").read_text(encoding="utf-8")
    got = re.findall(r'(?:src|href)="(?!data:)[^"]*"|https?://|<script|@import|url\(', text)
    expected = []
    assert got == expected
    assert text.count('src="data:image/png') >= 4


def test_the_page_shows_three_pictures_and_the_command(ran):
    text = (ran[0] / "page.html").read_text(encoding="utf-8")
    article = next(part for part in text.split("<article")[1:] if "(pictures)" in part)
    got = re.findall(r"<figcaption>([\w, ]+)</figcaption>", article)
    whole = ["committed", "fresh", "difference"]
    expected = [*whole, *(f"{name}, detail" for name in whole)]
    assert got == expected
    assert "<pre>diplolib reproduce 04-purposes --lang en" in article


def test_the_reviewer_s_form_is_filled_in(ran):
    manifest = yaml.safe_load((ran[0] / "codecheck.yml").read_text(encoding="utf-8"))
    (entry,) = (one for one in manifest["manifest"] if one["file"] == "figures/purposes.en.png")
    assert "900 pixels differ" in entry["comment"]
    report = (ran[0] / "replication-report.md").read_text(encoding="utf-8")
    for heading in ("Environment", "Time", "Steps", "Findings per figure"):
        assert f"## {heading}" in report
    assert "- fresh run: " in report


def test_text_of_a_finding_is_escaped(shared):
    from nbproof.verify import page

    result = verify.Result(True, findings=[Finding("tables", "<b>", "", "<script>", "x")])
    got = "<script>" in page.page(shared, result)
    expected = False
    assert got == expected


def test_a_manifest_that_cannot_be_read_does_not_stop_the_form(tampered, tmp_path):
    study = tampered("codecheck.yml", b"a: [")
    code = cli.main(
        [
            "--study",
            str(study.root),
            "verify",
            "--quick",
            "--only",
            "04-purposes",
            "--report",
            str(tmp_path),
        ]
    )
    form = yaml.safe_load((tmp_path / "codecheck.yml").read_text(encoding="utf-8"))
    got = code, [entry["file"] for entry in form["manifest"]]
    expected = 1, ["figures/purposes.en.png"]  # what was checked, for want of a list
    assert got == expected


@pytest.mark.parametrize(
    ("result", "expected", "unexpected"),
    [
        (verify.Result(True), "diplolib verify --quick --html FILE", "a fresh run prints the same"),
        (
            verify.Result(False, True, ["02-timeline"]),
            "diplolib verify --only 02-timeline --html FILE",
            "every figure drawn again",
        ),
        (verify.Result(False, True, ["02-timeline"]), "Yes, for 02-timeline:", "Yes: "),
        (
            verify.Result(False, findings=[Finding("tables", "x.csv", "", "another value", "x")]),
            "<td><span class=quiet>see the others</span></td>",
            "1 differ<",
        ),
    ],
)
def test_the_page_claims_no_more_than_was_run(shared, result, expected, unexpected):
    from nbproof.verify import page

    got = page.page(shared, result)
    assert expected in got
    assert unexpected not in got


def test_what_a_command_shows_leaves_the_evidence_as_it_is(tampered):
    """No command writes over what it is to show."""
    tampered("notebooks/02-timeline.ipynb", ("sum 167", "sum 168"))
    study = tampered(
        "notebooks/04-purposes.ipynb", ('"execution_count": 1', '"execution_count": 9')
    )
    got = {f.command for f in verify.quick(study).failed if "reproduce" in f.command}
    expected = {f"diplolib reproduce {name} --lang en" for name in ("02-timeline", "04-purposes")}
    assert got == expected


def test_a_notebook_that_is_none_does_not_stop_the_others(tampered, tmp_path):
    study = tampered("notebooks/02-timeline.ipynb", b"")
    copy = fresh.copy(study, tmp_path / "copy")
    got = {path.name for path in study.notebooks.iterdir()} - {
        path.name for path in copy.notebooks.iterdir()
    }
    expected = {"02-timeline.ipynb"}
    assert got == expected
    assert fresh.run(copy, ["02-timeline"], lambda *step: None, print) == []


def test_an_error_of_a_run_is_placed():
    found = fresh._finding("notebooks/02-timeline.ipynb, cell 4: NameError: x.")
    got = found.file, found.place, found.said
    expected = "notebooks/02-timeline.ipynb", "cell 4", "NameError: x"
    assert got == expected


@pytest.mark.parametrize("option", ["--json", "--html", "--report"])
def test_a_report_that_cannot_be_written_leaves_the_verdict(shared, tmp_path, capsys, option):
    (tmp_path / "file").write_text("")
    place, other = tmp_path / "file" / "x", tmp_path / "form"
    more = [] if option == "--report" else ["--report", str(other)]
    code = cli.main(["--study", str(shared.root), "verify", "--quick", option, str(place), *more])
    said = capsys.readouterr()
    got = code, "everything agrees" in said.out, f"{place}: this report could not be" in said.err
    expected = 3, True, True
    assert got == expected
    assert other.is_dir() == bool(more)


def test_a_difference_is_exit_code_1_also_without_its_report(tampered, tmp_path, capsys):
    study = tampered("data/processed/terms.csv", ("1984", "1985"))
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "x.json")
    code = cli.main(["--study", str(study.root), "verify", "--quick", "--json", place])
    got = code, "1 difference" in capsys.readouterr().out
    expected = 1, True
    assert got == expected


def test_a_file_that_git_ignores_is_named_with_a_command_that_shows_it(tampered):
    study = tampered("notebooks/02-timeline.extra", b"")
    (got,) = verify.quick(study).failed
    expected = "git status --ignored -- notebooks/02-timeline.extra"
    assert got.command == expected


def test_a_fresh_run_of_what_is_committed_agrees(collection, tmp_path):
    """Its record of what a run reads is the same where the copy holds labels, but no code."""
    timeline = collection.notebooks / "02-timeline.ipynb"
    got = verify.full(collection, tmp_path, [timeline], say=lambda text: None).failed
    expected = []
    assert got == expected
