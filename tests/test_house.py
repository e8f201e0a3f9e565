"""The three packages: what each may know, and how large each may be."""

import re
import subprocess
import sys

import pytest

WORDS = [
    "agreement", "municipal", "belediye", "partner", "sister", "kardeş", "twin", "mayor", "district",
    "Ankara", "Çankaya",
]  # fmt: skip


def places(collection, package, word) -> list[str]:
    """Where a word stands in the files of a package."""
    return [
        f"{path.relative_to(collection.root)}:{number}"
        for path in sorted((collection.root / "src" / package).rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and "fonts" not in path.parts
        and path.name != "divisions.csv"  # the world's, each of its cities among them
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(word, line, re.I)
    ]


@pytest.mark.parametrize("word", WORDS)
def test_the_machinery_has_no_word_of_city_diplomacy(collection, word):
    got = places(collection, "nbproof", word)
    expected = []
    assert got == expected


@pytest.mark.parametrize("word", ["Ankara", "Çankaya", "Ersavaş", "the article", "makale"])
def test_the_library_has_no_word_of_this_study(collection, word):
    """What a figure of the library says of this study alone is in the study's own label files."""
    got = places(collection, "diplolib", word)
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("nbproof", "import diplolib"),
        ("diplolib", "import ankara"),
        ("nbproof", "import ankara.claims"),
    ],
)
def test_an_import_that_runs_upwards_is_refused(collection, tmp_path, package, line):
    copied = tmp_path / "src"
    for name in ("nbproof", "diplolib", "ankara"):
        (copied / name).mkdir(parents=True)
        (copied / name / "__init__.py").write_text(line if name == package else "")
    (copied / "ankara" / "claims.py").write_text("")
    text = (collection.root / "pyproject.toml").read_text(encoding="utf-8")
    head, first = text[text.index("[tool.importlinter]") :].split(
        "[[tool.importlinter.contracts]]"
    )[:2]
    rules = f"{head}[[tool.importlinter.contracts]]{first}"
    (tmp_path / "pyproject.toml").write_text(rules)
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(copied), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    got = done.returncode, "BROKEN" in done.stdout
    expected = 1, True
    assert got == expected
