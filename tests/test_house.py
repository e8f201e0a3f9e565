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
        and path.name
        not in ("divisions.csv", "postal_places.csv")  # the world's, each of its cities among them
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
    ("module", "line", "contract"),
    [
        ("nbproof/__init__.py", "import diplolib", "never upwards"),
        ("nbproof/__init__.py", "import ankara.claims", "never upwards"),
        ("diplolib/__init__.py", "import ankara", "never upwards"),
        ("ankara/claims/__init__.py", "import scipy", "What counts needs"),
        ("diplolib/selection.py", "import geopandas", "What counts needs"),
        ("nbproof/pipeline/runs.py", "import nbproof.live.browser", "is an extra"),
        ("ankara/figures/staff.py", "import statsmodels", "What runs in a browser"),
        ("nbproof/live/browser.py", "import doit", "What runs in a browser"),
    ],
)
def test_an_import_that_a_contract_forbids_is_refused(collection, tmp_path, module, line, contract):
    """Each module's own file, empty, and one of them with the line."""
    sources = collection.root / "src"
    copied = tmp_path / "src"
    for path in sources.rglob("*.py"):
        empty = copied / path.relative_to(sources)
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.write_text(line if empty == copied / module else "")
    text = (collection.root / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :])
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(copied), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    about = done.stdout.partition("Broken contracts")[2]
    got = done.returncode, "1 broken" in done.stdout, contract in " ".join(about.split())
    expected = 1, True, True
    assert got == expected
