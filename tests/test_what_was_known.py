"""The page on what was known when: its dates are those of the history, alike in both languages."""

import re
import subprocess

import pytest

PAGES = ["what-was-known-when.md", "what-was-known-when.tr.md"]
# What no text of the collection may claim: earlier counts were known.
CLAIMS = re.compile(
    r"(?:fixed|named) (?:beforehand|before (?:anything|counting|it was counted|computing|the data))"
    r"|önceden (?:belirlen|saptan|belirtil)|hiçbir (?:sayım|hesap) yapılmadan önce"
    r"|hesaptan önce saptan|saymadan önce (?:saptan|belirlen)",
)


def dated(collection, name: str) -> list[tuple[str, str]]:
    text = (collection.root / "docs" / name).read_text(encoding="utf-8")
    return re.findall(r"^\| (\d{4}-\d\d-\d\d \d\d:\d\d) \| `(\w{7})` \|", text, re.M)


def test_both_languages_date_the_same_commits(collection):
    got, expected = (dated(collection, name) for name in PAGES)
    assert len(got) > 5
    assert got == expected


def test_the_dates_are_those_of_the_history(collection):
    if not (collection.root / ".git").exists():
        pytest.skip("a copy without its history")
    rows = dated(collection, PAGES[0])
    command = ["git", "-C", collection.root, "log", "--no-walk=unsorted", "--format=%aI"]
    told = subprocess.run(
        [*command, *(commit for _, commit in rows)], capture_output=True, text=True, check=True
    )
    got = [when for when, _ in rows]
    expected = [line[:16].replace("T", " ") for line in told.stdout.splitlines()]
    assert got == expected


@pytest.mark.parametrize(
    "place",
    [
        "README.md", "README.tr.md", "src", "site/pages", "data/reference/datapackage.json",
        "data/processed/datapackage.json", "data/raw/article/datapackage.json",
        "data/sensitivity/datapackage.json", "notebooks/06-foreign-policy.ipynb",
        "notebooks/07-city-politics.ipynb", "notebooks/10-sensitivity.ipynb",
        "site/locale/tr/LC_MESSAGES/dictionary.po",
    ],
)  # fmt: skip
def test_nothing_is_said_to_have_been_fixed_before_counting(collection, place):
    path = collection.root / place
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.suffix in SUFFIXES]
    found = {file: CLAIMS.findall(_source(file)) for file in files}
    got = {file.name: claims for file, claims in found.items() if claims}
    expected = {}
    assert got == expected


SUFFIXES = {".py", ".md", ".toml"}


def _source(file) -> str:
    text = re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
    if file.suffix == ".ipynb":
        import json

        cells = json.loads(text)["cells"]
        return " ".join("".join(cell["source"]) for cell in cells)
    return text.replace('" "', "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the estimate fixed beforehand", True),
        ("which were fixed before anything was counted", True),
        ("önceden saptanmış kestirim", True),
        ("written down before the code that counts it", False),
        ("every value is checked before anything is written", False),
    ],
)
def test_such_a_claim_is_seen(text, expected):
    got = bool(CLAIMS.search(text))
    assert got == expected
