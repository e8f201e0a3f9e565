"""The page of standards: computed, and different where the study is."""

import json
import re

import pytest

from nbproof.deposit import standards
from nbproof.files import toml
from nbproof.study import Study

KNOWN = toml(standards.FILE, standards.FILE.name)


@pytest.fixture
def own(collection, tmp_path) -> Study:
    """What the page is computed from, to change."""
    for name in ("docs/verification.json", "CITATION.cff", "codecheck.yml", "README.md", "LICENSE", "LICENSE-DATA",
                 "requirements.lock", "checksums.json", "study.toml", "data/raw/article/datapackage.json"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((collection.root / name).read_bytes())
    for line in (tmp_path / "codecheck.yml").read_text(encoding="utf-8").splitlines():
        if line.startswith("  - file: "):
            file = tmp_path / line.removeprefix("  - file: ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    return Study(tmp_path)


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_committed_page_is_the_computed_one(collection, language):
    name = {"en": "standards.md", "tr": "standards.tr.md"}[language]
    got = (collection.root / "docs" / name).read_text(encoding="utf-8")
    expected = standards.page(collection, language)
    assert got == expected, "run `diplolib standards` (or `make record`) and commit what it writes"


@pytest.mark.parametrize(
    ("test", "file", "old", "new"),
    [
        ("verified", "docs/verification.json", '"quick": false', '"quick": true'),
        ("verified", "docs/verification.json", '"findings": [',
         '"findings": [{"check": "tables", "severity": "fail", "file": "a", "place": "", "said": "b", "committed": "", "fresh": "", "command": "c"}], "was": ['),
        ("listed", "codecheck.yml", "file: figures/", "file: nowhere/"),
        ("raw", "data/raw/article/datapackage.json", '"hash"', '"hush"'),
        ("described", "data/raw/article/datapackage.json", '"schema": {', '"schema": {"fields": [{"name": "x"}]}, "was": {'),
        ("cited", "CITATION.cff", "references:", "elsewhere:"),
    ],
)  # fmt: skip
def test_what_is_no_longer_so_is_not_met(own, test, file, old, new):
    before = standards.tests(own)[test]
    change(own.root / file, old, new)
    got = before, standards.tests(own)[test]
    expected = True, False
    assert got == expected


@pytest.mark.parametrize(
    ("test", "name"),
    [("licensed", "LICENSE"), ("locked", "requirements.lock"), ("explained", "README.md"), ("traced", "checksums.json"),
     ("verified", "docs/verification.json")],
)  # fmt: skip
def test_what_is_gone_is_not_met(own, test, name):
    (own.root / name).unlink()
    got = standards.tests(own)[test]
    expected = False
    assert got == expected


def test_a_doi_meets_what_waits_for_one(own):
    change(own.root / "CITATION.cff", "license:", 'doi: "10.5281/zenodo.1"\nlicense:')
    got = standards.tests(own)["doi"], "no DOI until deposited" in standards.page(own, "en")
    expected = True, False
    assert got == expected


def test_a_codechecker_meets_what_waits_for_one(own):
    with (own.root / "codecheck.yml").open("a", encoding="utf-8") as file:
        file.write("codechecker: [{name: A}]\nreport: https://doi.org/x\ncertificate: 2026-001\n")
    got = standards.tests(own)["checked"]
    expected = True
    assert got == expected


def test_every_item_has_a_test_or_a_reason_and_both_languages():
    items = [item for standard in KNOWN["standard"] for item in standard["items"]]
    got = [
        item["en"]
        for item in items
        if not item.get("tr")
        or not (item.get("test") in KNOWN["test"] or (item.get("why_en") and item.get("why_tr")))
    ]
    expected = []
    assert got == expected


def test_every_test_is_computed(collection):
    got = set(standards.tests(collection))
    expected = set(KNOWN["test"])
    assert got == expected


def test_both_languages_say_the_same(collection):
    def states(language):
        words = {"karşılanıyor": "met", "karşılanmıyor": "not met", "uygulanmaz": "not applicable"}
        rows = re.findall(
            r"(?m)^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", standards.page(collection, language)
        )
        return [words.get(one, one) for one in rows if one not in ("State", "Durum")]

    got = states("tr")
    expected = states("en")
    assert got == expected
    assert {"met", "not met", "not applicable"} == set(got)


def test_the_day_is_that_of_the_record(collection):
    day = json.loads((collection.root / "docs/verification.json").read_text())["started"][:10]
    assert f"Last verification: {day}; no difference." in standards.page(collection, "en")
