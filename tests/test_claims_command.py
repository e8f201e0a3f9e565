"""`diplolib claims`: the table for people and the objects for machines."""

import contextlib
import functools
import io
import json
import shutil
import subprocess
import sys

import pytest

from ankara import claims
from diplolib import cli
from nbproof import study as studies
from nbproof.pipeline import runs

KEYS = [
    "id", "claim", "claimed", "unit", "recomputed", "verdict", "depends_on", "issue", "definition",
    "contradicted_by", "source", "rows",
]  # fmt: skip


@pytest.fixture(scope="module")
def run(collection):
    """The command's exit code, output and errors; each call is made once."""

    @functools.cache
    def command(*arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(["--study", str(collection.root), "claims", *arguments])
        return code, out.getvalue(), err.getvalue()

    return command


@pytest.fixture(scope="module")
def objects(run):
    def command(*arguments):
        return {found["id"]: found for found in json.loads(run("--json", *arguments)[1])}

    return command


def test_the_objects_have_the_agreed_keys(objects):
    found = objects()
    got = len(found), {tuple(one) for one in found.values()}
    expected = 347, {tuple(KEYS)}
    assert got == expected


def test_the_objects_have_the_agreed_types(objects):
    wrong = [
        found["id"]
        for found in objects().values()
        if not all(
            isinstance(found[key], str) and found[key]
            for key in ("id", "claim", "definition", "source")
        )
        or type(found["claimed"]) not in (int, float, str)
        or type(found["recomputed"]) not in (int, float, str, type(None))
        or not all(isinstance(found[key], list) for key in ("contradicted_by", "rows"))
        or found["verdict"] not in claims.VERDICTS
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("claim_id", "key", "expected"),
    [
        ("metropolitan-capitals", "claimed", 57),
        ("metropolitan-capitals", "recomputed", 50),
        ("vote-share-1983", "claimed", 45.14),
        ("kktc-years", "recomputed", "1986, 1989"),
        ("law-5393", "recomputed", None),
        ("law-5393", "rows", []),
        ("kktc-years", "contradicted_by", ["first-european-year", "early-dipkarpaz"]),
        ("kktc-years", "rows", ["M04", "M05"]),
        (
            "kktc-years",
            "source",
            "line 1355, Evaluation: local election results (data/reference/claims.csv:222)",
        ),
    ],
)
def test_an_object_holds(objects, claim_id, key, expected):
    got = objects()[claim_id][key]
    assert got == expected


def test_the_reading_that_gives_the_value_is_in_the_definition(objects):
    got = objects()["agreements-total"]["definition"]
    expected = "those of 2021 included: 167."
    assert got.endswith(expected)


def test_only_one_verdict(objects):
    got = {found["verdict"] for found in objects("--only", "not reproduced").values()}
    expected = {"not reproduced"}
    assert got == expected


def test_claims_in_turkish(objects):
    got = objects("--lang", "tr")["kktc-cities"]["claim"]
    expected = "KKTC"
    assert expected in got
    assert got != objects()["kktc-cities"]["claim"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["metropolitan-capitals", "57", "50", "not reproduced"]),
        ("tr", ["metropolitan-capitals", "57", "50", "doğrulanamadı"]),
    ],
)
def test_the_table_has_a_line_a_claim(run, language, expected):
    lines = run("--only", "not reproduced", "--lang", language)[1].splitlines()
    (line,) = [line for line in lines if line.startswith("metropolitan-capitals")]
    got = line.split(maxsplit=3)
    assert got == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--only", "wrong"],
            "reproduced; reproduced under a stated definition; not reproduced; not checkable",
        ),
        (["--only", ""], "expected one of reproduced"),
        (["--lang", "de"], "expected one of en, tr"),
    ],
)
def test_wrong_usage_is_exit_code_2_with_what_is_allowed(run, arguments, said):
    code, out, err = run(*arguments)
    got = code, out, said in err
    expected = 2, "", True
    assert got == expected


# Stored and counted anew --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(collection, tmp_path_factory):
    root = tmp_path_factory.mktemp("ran")
    shutil.copytree(collection.data, root / "data")
    shutil.copy(collection.root / "study.toml", root)
    assert runs.reproduce(studies.find(root), [], cold=True).errors == []
    return root


@pytest.fixture
def cleaned(ran, tmp_path):
    shutil.copytree(ran, tmp_path, dirs_exist_ok=True)
    return studies.find(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--lang tr",
        "--json",
        "--json --lang tr",
        "--json --only reproduced",
        "--only reproduced",
    ],
)
def test_the_stored_ledger_is_shown_as_one_that_is_counted_anew(cleaned, capsys, words):
    call = ["--study", str(cleaned.root), "claims", *words.split()]
    stored = cli.main(call), capsys.readouterr()
    shutil.rmtree(cleaned.build)
    anew = cli.main(call), capsys.readouterr()
    got = stored[0], stored[1].err, stored[1].out
    expected = 0, "", anew[1].out
    assert got == expected
    assert anew[1].err.count("\n") == 1
    assert "counted anew" in anew[1].err


def test_the_stored_ledger_is_shown_without_pandas(cleaned):
    code = (
        f"import sys; from diplolib.cli import main; main(['--study', {str(cleaned.root)!r}, 'claims']); "
        "print(*{'pandas', 'numpy', 'nbformat', 'jsonschema'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=cleaned.root
    )
    got = done.stdout.splitlines()[-1]
    expected = ""
    assert got == expected


CHANGES = {
    "a reason": ("data/reference/claim_reasons.csv", 0),
    "the stored table": ("data/processed/claims.csv", 0),
    "another stored table": ("data/processed/agreements.csv", 0),
    "what verdicts rest on": ("data/reference/ports.csv", 1),
}


@pytest.mark.parametrize(("name", "code"), CHANGES.values(), ids=CHANGES)
def test_what_is_out_of_date_is_not_shown(cleaned, capsys, name, code):
    path = cleaned.root / name
    data = path.read_bytes()
    assert b"." in data
    path.write_bytes(data.replace(b".", b"!", 1))
    got = (
        cli.main(["--study", str(cleaned.root), "claims"]),
        "counted anew" in capsys.readouterr().err,
    )
    expected = code, True
    assert got == expected


def test_a_new_table_that_verdicts_may_rest_on_is_named(cleaned, capsys):
    (cleaned.data / "reference" / "more.csv").write_text("a\n")
    code = cli.main(["--study", str(cleaned.root), "claims"])
    got = code, "data/reference/more.csv is new" in capsys.readouterr().err
    expected = 1, True
    assert got == expected
