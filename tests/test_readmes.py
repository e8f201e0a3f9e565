"""The pages that greet a reader, in both languages: the same parts, commands, links and numbers."""

import re
import tomllib

import pytest

from ankara import commands as study_commands
from nbproof import arguments, tables

READMES = ["README.md", "README.tr.md"]
PAGES = ["README.md", "docs/data.md", "docs/running.md", "docs/correct-or-extend.md"]
BOTH = [*PAGES, *(page.replace(".md", ".tr.md") for page in PAGES)]
LINK = r"\]\((?!https?:)([^)#]+)\)"


def commands(text: str) -> list[str]:
    """The indented command lines, without their comments."""
    lines = re.findall(r"^ {4}(\S.*)$", text, re.M)
    return [re.sub(r"\s+# .*", "", line) for line in lines]


def parts(text: str) -> list[tuple[str, int]]:
    """What each block is, and how long where lines count: a heading's level, a table, a list, commands."""
    marks = {
        "#": r"#+",
        "table": r"(?:\|.*\n?)+",
        "list": r"(?:- .*\n?)+",
        "commands": r"(?: {4}.*\n?)+",
    }
    found = []
    for block in re.split(r"\n\n+", text.strip("\n")):
        kind = next((name for name, mark in marks.items() if re.match(mark, block)), "text")
        size = len(re.match(marks["#"], block)[0]) if kind == "#" else block.count("\n")
        found.append((kind, 0 if kind == "text" else size))
    return found


def links(text: str) -> list[str]:
    """Where it leads, without the language: a page's other language counts as the page."""
    found = re.findall(r"\]\(([^)]+)\)", text)
    return sorted(link.replace(".tr.", ".").replace(".en.", ".") for link in found)


def numbers(text: str) -> list[list[str]]:
    """The numbers of each part; 0,75 and 0.75 are one."""
    prose = re.sub(r"\]\([^)]+\)|`[^`]*`", " ", text)
    return [
        sorted(number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", part))
        for part in re.split(r"^## ", prose, flags=re.M)
    ]


SAME = {"parts": parts, "commands": commands, "links": links, "numbers": numbers}


@pytest.mark.parametrize("what", SAME)
@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same(collection, page, what):
    english, turkish = (
        (collection.root / name).read_text(encoding="utf-8")
        for name in (page, page.replace(".md", ".tr.md"))
    )
    assert SAME[what](turkish) == SAME[what](english)


@pytest.mark.parametrize(
    ("what", "one", "other"),
    [
        ("commands", "    make test   # checks\n", "    make tests\n"),
        ("parts", "# A\n\ntext\n", "# A\n\n## B\n\ntext\n"),
        ("parts", "| a |\n|---|\n| 1 |\n", "| a |\n|---|\n"),
        ("links", "[a](docs/a.md)", "[a](docs/b.tr.md)"),
        ("numbers", "from 0.75 to 1.86", "0,75 ile 1,68 arasında"),
    ],
)
def test_a_difference_is_seen(what, one, other):
    got = SAME[what](one) == SAME[what](other)
    expected = False
    assert got == expected


def test_a_turkish_comma_is_no_difference():
    got = numbers("from 0.75 to 1.86")
    expected = numbers("0,75 ile 1,86 arasında")
    assert got == expected


@pytest.mark.parametrize("page", BOTH)
def test_its_links_lead_to_files(collection, page):
    path = collection.root / page
    found = re.findall(LINK, path.read_text(encoding="utf-8"))
    got = [link for link in found if not (path.parent / link).exists()]
    expected = []
    assert got == expected


@pytest.mark.parametrize("page", BOTH)
def test_every_command_exists(collection, page):
    text = (collection.root / page).read_text(encoding="utf-8")
    offered = set(
        arguments.parser("diplolib", study_commands)._subparsers._group_actions[0].choices
    )
    targets = set(re.findall(r"^(\w[\w-]*):", (collection.root / "Makefile").read_text(), re.M))
    got = (
        set(re.findall(r"(?:^|[\s/`])diplolib (\w+)", text, re.M)) - offered,
        set(re.findall(r"(?:^ {4}|`)make ([a-z][\w-]*)", text, re.M)) - targets,
    )
    expected = set(), set()
    assert got == expected


@pytest.mark.parametrize("page", READMES)
def test_it_is_read_in_two_minutes(collection, page):
    """Findings first, then about seventy lines and four commands."""
    text = (collection.root / page).read_text(encoding="utf-8")
    first = re.search(r"^## .*?(?=^## )", text, re.M | re.S)[0]
    got = len(text.splitlines()) <= 75, len(commands(text)), "09-claims" in first
    expected = True, 4, True
    assert got == expected


@pytest.mark.parametrize("page", READMES)
def test_it_names_the_address_of_the_settings_or_none(collection, page):
    """One setting, site/settings.toml, says where the repository is; while it is empty no address is made up."""
    setting = tomllib.loads((collection.root / "site/settings.toml").read_text(encoding="utf-8"))
    text = (collection.root / page).read_text(encoding="utf-8")
    got = set(re.findall(r"https?://[^\s)]+", text)) - {"https://doi.org/10.5505/jas.2022.86547"}
    repository = setting["repository"]
    expected = {f"https://github.com/{repository}"} if repository else set()
    assert got == expected


def test_the_turkish_page_has_the_verdicts_of_the_ledger(collection):
    text = (collection.root / "README.tr.md").read_text(encoding="utf-8")
    verdicts = tables.read(collection, "processed/claims")["verdict"].value_counts()
    known = ["reproduced", "reproduced under a stated definition", "not reproduced"]
    counts = [verdicts.sum(), verdicts[known].sum(), *verdicts[known]]
    pattern = (
        r"(\d+) iddianın (\d+)'.*?: (\d+)'.*?, (\d+)'\w+\s+belirtilen.*?, (\d+)'\w+ doğrulanamadı"
    )
    got = [int(number) for number in re.search(pattern, text, re.S).groups()]
    expected = counts
    assert got == expected
