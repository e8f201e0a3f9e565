"""`diplolib claims`: the table for people and the objects for machines."""

import contextlib
import functools
import io
import json

import pytest

from diplolib import claims, cli

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
            "line 1355, Evaluation: local election results (data/raw/article/claims.csv:222)",
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
        ("tr", ["metropolitan-capitals", "57", "50", "yeniden üretilemedi"]),
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
