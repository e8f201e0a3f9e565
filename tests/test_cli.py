"""The commands: what they print, and their exit codes."""

import shutil
import subprocess
import sys

import pytest

from diplolib import cli


@pytest.fixture
def whole(collection, copied):
    """A copy with notebooks, to run commands in."""
    shutil.copytree(collection.notebooks, copied.root / "notebooks")
    shutil.copy(collection.root / "CITATION.cff", copied.root)
    (copied.root / "docs").mkdir(exist_ok=True)
    shutil.copy(collection.root / "docs" / "literature.bib", copied.root / "docs")
    return copied


def run(study, *arguments) -> int:
    return cli.main(["--study", str(study.root), *arguments])


def test_clean_says_what_it_wrote(whole, capsys):
    got = run(whole, "clean"), "data/processed/agreements.csv  167 rows" in capsys.readouterr().out
    expected = 0, True
    assert got == expected


def test_a_broken_table_is_exit_code_1(whole, capsys):
    path = whole.data / "raw" / "article" / "table-04.csv"
    path.write_bytes(path.read_bytes().replace(b"1971", b"19x1", 1))
    got = run(whole, "clean"), "column year" in capsys.readouterr().err
    expected = 1, True
    assert got == expected


REFUSED = [
    (["reproduce", "02-timelin"], "Did you mean 02-timeline?"),
    (["reproduce", "02-timeline", "-p", "year_too=2010"], "Did you mean year_to?"),
    (["reproduce", "02-timeline", "-p", "year_to"], "expected name=value"),
    (["reproduce", "02-timeline", "-p", "year_to=3000"], "from 1971 to 2021"),
    (["reproduce", "02-timeline", "--lang", "de"], "expected one of en, tr"),
    (["reproduce", "02-timeline", "--lang", "tr", "-p", "lang=tr"], "given twice"),
    (["reproduce", "-p", "year_to=2010"], "parameters go with one notebook"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_wrong_usage_is_exit_code_2_and_writes_nothing(whole, capsys, arguments, said):
    before = {path: path.stat().st_mtime_ns for path in whole.root.rglob("*")}
    got = run(whole, *arguments), said in capsys.readouterr().err
    expected = 2, True
    assert got == expected
    assert {path: path.stat().st_mtime_ns for path in whole.root.rglob("*")} == before


def test_the_collection_is_not_overwritten_unless_asked(whole, capsys):
    arguments = ["reproduce", "02-timeline", "-p", "year_to=2010", "--output", str(whole.root)]
    got = run(whole, *arguments), "--overwrite" in capsys.readouterr().err
    expected = 2, True
    assert got == expected


def test_an_unknown_command_is_exit_code_2(whole):
    with pytest.raises(SystemExit) as ended:
        run(whole, "reprodce")
    assert ended.value.code == 2


def test_a_folder_that_is_no_study_is_exit_code_1(tmp_path, capsys):
    got = cli.main(["--study", str(tmp_path), "clean"]), "no study here" in capsys.readouterr().err
    expected = 1, True
    assert got == expected


def test_an_interrupt_at_the_start_is_exit_code_1(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "parser", interrupted)
    got = cli.main([]), capsys.readouterr().err
    expected = 1, "Interrupted; earlier results stay as they were.\n"
    assert got == expected


def test_parameters_are_listed_with_their_defaults(whole, capsys):
    run(whole, "parameters", "02-timeline")
    got = "region_scheme = 'article_inferred'" in capsys.readouterr().out
    expected = True
    assert got == expected


def test_cite_prints_the_article(whole, capsys):
    got = run(whole, "cite"), "10.5505/jas.2022.86547" in capsys.readouterr().out
    expected = 0, True
    assert got == expected


def test_cite_prints_the_literature(whole, capsys):
    got = run(whole, "cite", "--literature"), "@article{" in capsys.readouterr().out
    expected = 0, True
    assert got == expected


@pytest.mark.parametrize("command", ["", "reproduce"])
def test_help_teaches_by_example(command):
    call = [sys.executable, "-m", "diplolib", *([command] if command else []), "--help"]
    text = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    got = "diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010" in text
    expected = True
    assert got == expected


def test_a_notebook_runs_with_other_choices_beside_the_collection(whole):
    """The README's worked example, in a copy: results in output/, nothing else touched."""
    before = {path: path.read_bytes() for path in whole.root.rglob("*") if path.is_file()}
    code = subprocess.run(
        [sys.executable, "-m", "diplolib", "reproduce", "02-timeline", "--lang", "tr",
         "-p", "region_scheme=un_m49", "-p", "year_to=2010"],
        cwd=whole.root, capture_output=True, check=False,
    ).returncode  # fmt: skip
    after = {path: path.read_bytes() for path in whole.root.rglob("*") if path.is_file()}
    made = {path.relative_to(whole.root).as_posix() for path in after.keys() - before.keys()}
    # build/ keeps what the next run wants to know; it can be deleted at any time.
    got = code, {name for name in made if not name.startswith("build/")}
    expected = (
        0,
        {
            "output/notebooks/02-timeline.ipynb",
            "output/figures/timeline.tr.png",
            "output/figures/timeline.tr.svg",
            "output/figures/timeline.tr.csv",
        },
    )
    assert got == expected
    assert {path: after[path] for path in before} == before


def test_light_commands_load_no_heavy_package():
    """`diplolib clean` stays quick: nothing that draws or runs notebooks is imported for it."""
    code = (
        "import sys, diplolib.cli, diplolib.cleaning; "
        "print([m for m in ('matplotlib', 'geopandas', 'papermill', 'scipy') if m in sys.modules])"
    )
    got = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    ).stdout.strip()
    expected = "[]"
    assert got == expected
