"""The commands: what they print, and their exit codes."""

import io
import json
import shutil
import subprocess
import sys

import pytest

from ankara import commands, processed
from diplolib import cli
from nbproof import cli as frame
from nbproof.pipeline import runs, sweeps
from nbproof.study import StudyError


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
    (["reproduce", "02", "-p", "year_to=2010", "-p", "year_to=2011"], "year_to is given twice"),
    (["reproduce", "timeline"], "Did you mean 02-timeline?"),
    (["reproduce", "2x"], "There are: 01-cleaning"),
    (["reproduce", __file__], "is not in"),
    (["reproduce", "02-timeline", "--lang", ""], "lang=''; expected one of en, tr"),
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


@pytest.mark.parametrize("command", ["reproduce 02-timeline", "sweep 02-timeline --over lang=en"])
@pytest.mark.parametrize("place", ["notebooks", "figures/mine", "data/processed", "src"])
def test_output_never_lies_among_the_collection_s_files(whole, capsys, command, place):
    output = str(whole.root / place)
    got = run(whole, *command.split(), "--output", output), capsys.readouterr().err
    expected = 2, f"--output {output} lies in {place.partition('/')[0]}/. Name another folder.\n"
    assert got == expected


def test_a_graph_replaces_nothing_but_a_graph(whole, tmp_path):
    graph, text = tmp_path / "graph.md", tmp_path / "README.md"
    text.write_text("# Mine\n")
    got = [run(whole, "reproduce", "--graph", str(file)) for file in (graph, graph, text)]
    expected = [0, 0, 2]
    assert (got, text.read_text()) == (expected, "# Mine\n")


@pytest.mark.parametrize("value", ["2_010", "+2010", "２０１０", "02010", "2010"])
def test_a_value_has_one_folder_however_it_is_written(whole, value):
    notebook = whole.notebooks / "02-timeline.ipynb"
    got = frame._folder(whole, [notebook], {"year_to": value, "show_terms": "FALSE"}).name
    expected = "show_terms=false,year_to=2010"
    assert got == expected


def test_a_study_that_is_not_there_is_exit_code_2(collection, capsys):
    place = collection.root / "nosuch"
    got = cli.main(["status", "--study", str(place)]), capsys.readouterr().err
    expected = 2, f"{place}: there is no such folder.\n"
    assert got == expected


@pytest.mark.parametrize("option", ["--study {}", "--study={}"])
@pytest.mark.parametrize("words", ["parameters 02-timeline {}", "trace timeline --year 2011 {}"])
def test_the_study_may_be_named_after_the_command(collection, tmp_path, monkeypatch, words, option):
    monkeypatch.chdir(tmp_path)
    got = cli.main(words.format(option.format(collection.root)).split())
    expected = 0
    assert got == expected


MISTYPED = [
    ("reprodce", "Did you mean reproduce?"),
    ("help reprodce", "Did you mean reproduce?"),
    ("reproduce --wokers 2", "Did you mean --workers?"),
    ("reproduce 02 --year_to 2010", "A parameter is given as -p NAME=VALUE."),
    ("reproduce --workers 0", "'0': expected a whole number from 1."),
    ("status --force", "unrecognized arguments: --force. See diplolib status --help."),
]


@pytest.mark.parametrize(("words", "said"), MISTYPED)
def test_what_is_mistyped_is_exit_code_2_with_what_may_be_meant(capsys, words, said):
    with pytest.raises(SystemExit) as ended:
        cli.main(words.split())
    got = ended.value.code, said in capsys.readouterr().err
    expected = 2, True
    assert got == expected


EXAMPLE = "diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "diplolib reproduce 02-timeline"),
        ("help", "diplolib reproduce 02-timeline"),
        *((words, EXAMPLE) for words in ("--help", "reproduce --help")),
        ("-h", "diplolib reproduce 02-timeline"),
        ("help sweep", "--over NAME=VALUES"),
        *(
            (f"{name} --help", f"usage: diplolib {name} ")
            for name in {**frame.COMMANDS, **commands.COMMANDS}
        ),
    ],
)
def test_who_asks_for_help_gets_it(capsys, words, said):
    with pytest.raises(SystemExit) as ended:
        cli.main(words.split())
    got = ended.value.code, said in capsys.readouterr().out
    expected = 0, True
    assert got == expected


def test_a_folder_that_is_no_study_is_exit_code_1(tmp_path, capsys):
    got = cli.main(["--study", str(tmp_path), "clean"]), "no study here" in capsys.readouterr().err
    expected = 1, True
    assert got == expected


def test_status_names_a_few_reasons_a_step(whole, monkeypatch, capsys):
    late = {"clean": [f"data/raw/{n}.csv has changed" for n in range(7)]}
    monkeypatch.setattr(runs, "status", lambda study: late)
    run(whole, "status")
    got = capsys.readouterr().out.strip()
    expected = "clean  " + "; ".join(late["clean"][:5]) + "; … and 2 more"
    assert got == expected


def test_an_interrupt_at_the_start_is_exit_code_1(monkeypatch, capsys):
    def interrupted(words):
        raise KeyboardInterrupt

    monkeypatch.setattr(frame, "parse", interrupted)
    got = cli.main([]), capsys.readouterr().err
    expected = 1, "Interrupted; earlier results stay as they were.\n"
    assert got == expected


def test_parameters_are_listed_with_their_defaults(whole, capsys):
    run(whole, "parameters", "02-timeline")
    got = "region_scheme = 'article_inferred'" in capsys.readouterr().out
    expected = True
    assert got == expected


@pytest.mark.parametrize("name", ["02", "2", "02-timeline.ipynb", "notebooks/02-timeline.ipynb"])
def test_a_notebook_is_known_by_its_name_number_or_path(whole, capsys, name):
    got = run(whole, "parameters", name), "\nyear_to = 2021" in capsys.readouterr().out
    expected = 0, True
    assert got == expected


def test_without_a_notebook_the_parameters_of_all_are_listed(whole, capsys):
    run(whole, "parameters")
    lines = capsys.readouterr().out.splitlines()
    got = [line for line in lines if "=" not in line]
    expected = sorted(path.stem for path in whole.notebooks.iterdir())
    assert got == expected


def test_results_of_other_parameters_are_not_replaced_unless_asked(whole, capsys):
    folder = whole.root / "mine"
    content = json.loads((whole.notebooks / "02-timeline.ipynb").read_bytes())
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "02-timeline.ipynb").write_text(json.dumps(content))
    arguments = ["reproduce", "02", "-p", "year_to=2010", "--output", str(folder)]
    got = run(whole, *arguments), "was run with other parameters" in capsys.readouterr().err
    expected = 2, True
    assert got == expected


def turn(study) -> None:
    path = study.notebooks / "02-timeline.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "year_to = 2021" in text
    path.write_text(text.replace("year_to = 2021", "year_to = 2010"), encoding="utf-8")


@pytest.mark.parametrize(
    "words", ["status", "reproduce", "reproduce 02 --lang tr", "sweep 02 --over lang=en,tr"]
)
def test_a_default_that_is_not_declared_stops_a_command(whole, capsys, words):
    turn(whole)
    before = {path: path.read_bytes() for path in whole.root.rglob("*") if path.is_file()}
    code = run(whole, *words.split())
    after = {path: path.read_bytes() for path in before}
    said = "02-timeline: year_to is 2010, declared 2021"
    got = code, said in capsys.readouterr().err, after == before
    expected = 1, True, True
    assert got == expected


@pytest.mark.parametrize("words", ["verify --quick", "verify"])
def test_verify_says_which_default_is_not_declared_and_runs_nothing(whole, capsys, words):
    turn(whole)
    code = run(whole, *words.split(), "--report", str(whole.root / "report"))
    said = capsys.readouterr().out
    got = (
        code,
        "02-timeline.ipynb, parameters cell: year_to is 2010, declared 2021" in said,
        "Nothing was run" in said,
    )
    expected = 1, True, True
    assert got == expected


def test_cite_prints_the_article(whole, capsys):
    got = run(whole, "cite"), "10.5505/jas.2022.86547" in capsys.readouterr().out
    expected = 0, True
    assert got == expected


def test_cite_prints_the_literature(whole, capsys):
    got = run(whole, "cite", "--literature"), "@article{" in capsys.readouterr().out
    expected = 0, True
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
    place = "output/lang=tr,region_scheme=un_m49,year_to=2010"
    # build/ keeps what the next run wants to know; it can be deleted at any time.
    got = code, {name for name in made if not name.startswith("build/")}
    expected = (
        0,
        {
            f"{place}/notebooks/02-timeline.ipynb",
            f"{place}/figures/timeline.tr.png",
            f"{place}/figures/timeline.tr.svg",
            f"{place}/figures/timeline.tr.phone.svg",
            f"{place}/figures/timeline.tr.csv",
        },
    )
    assert got == expected
    assert {path: after[path] for path in before} == before


def test_light_commands_load_no_heavy_package():
    """`diplolib clean` stays quick: nothing that draws or runs notebooks is imported for it."""
    code = (
        "import sys, diplolib.cli, ankara.cleaning; "
        "print([m for m in ('matplotlib', 'geopandas', 'papermill', 'scipy') if m in sys.modules])"
    )
    got = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    ).stdout.strip()
    expected = "[]"
    assert got == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["reproduce", "02-timeline", "-p", "year_to=2010"], "output/year_to=2010"),
        (["sweep", "02-timeline", "--over", "year_to=2010"], "output/sweeps/02-timeline"),
    ],
)
def test_output_lies_at_the_study_s_root_wherever_it_is_asked_for(
    whole, monkeypatch, capsys, command, expected
):
    asked = []
    monkeypatch.setattr(
        runs, "beside", lambda study, jobs, folder, **how: asked.append(folder) or []
    )
    monkeypatch.setattr(
        sweeps, "sweep", lambda study, notebook, points, folder, **how: asked.append(folder) or []
    )
    monkeypatch.chdir(whole.root / "notebooks")
    assert cli.main(command) == 0
    got = asked
    assert got == [whole.root / expected]


def test_a_failed_run_names_no_place_of_results(whole, monkeypatch, capsys):
    def fails(study, jobs, folder, **how):
        error = StudyError("it failed")
        error.job = jobs[0]
        return [error]

    monkeypatch.setattr(runs, "beside", fails)
    got = run(whole, "reproduce", "02-timeline", "-p", "year_to=2010"), capsys.readouterr().out
    expected = 1, ""
    assert got == expected


@pytest.fixture(scope="module")
def counted(collection):
    """The collection's tables, counted once."""
    return dict(processed.compute(collection))


@pytest.mark.parametrize(
    ("command", "encoding"),
    [(["claims", "--lang", "tr"], "cp1254"), (["claims", "--lang", "tr"], "cp1252"),
     (["claims", "--lang", "tr", "--json"], "ascii"), (["trace", "timeline", "--year", "2011"], "ascii"),
     (["verify", "--help"], "ascii"), (["reproduce", "İçindekiler"], "ascii")],
    ids=lambda value: value if isinstance(value, str) else value[0],
)  # fmt: skip
def test_letters_that_a_console_has_not_are_replaced(
    collection, counted, command, encoding, monkeypatch
):
    monkeypatch.setattr(processed, "compute", lambda study: counted)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.chdir(collection.root)
    try:
        got = cli.main(command)
    except SystemExit as ended:
        got = ended.code
    expected = 2 if command[0] == "reproduce" else 0
    assert got == expected
    for stream in (out, err):
        stream.flush()
    assert out.buffer.getvalue() or err.buffer.getvalue()


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("parameters 02-timeline", "pandas numpy nbformat jsonschema"),
        ("cite", "pandas numpy nbformat jsonschema"),
        ("trace timeline --year 2011", "matplotlib scipy nbformat jsonschema papermill"),
        ("claims", "matplotlib scipy nbformat jsonschema papermill"),
    ],
)
def test_a_command_that_only_answers_loads_what_the_answer_needs(collection, command, heavy):
    code = (
        f"import sys; from diplolib.cli import main; code = main({command.split()!r}); "
        f"print(code, *{set(heavy.split())!r} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=collection.root,
        capture_output=True,
        text=True,
        check=True,
    )
    got = done.stdout.splitlines()[-1].strip()
    expected = "0"
    assert got == expected
