"""The manifest and the reviewer's form against CODECHECK's rules for configuration 2.0, one by one.

Rules: codecheckers/register, rules-2.0.yml of 2026-09-11. Those that look something up (most of CC-MET, all
of CC-REP and CC-REG, CC-BUN-004) need a network and a published certificate: they are not judged here.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from nbproof import verify
from nbproof.verify import form

FORM = "build/verify/codecheck.yml"
# What only a person can state; the files say so beside the rule's name.
PERSONS = {f"CC-CFG-{number:03}" for number in (8, 9, 10, 11, 12, 20, 25, 26)}


def url(text) -> bool:
    return bool(re.fullmatch(r"https?://\S+", str(text)))


def several(content, *keys) -> list:
    for key in keys:
        content = (content or {}).get(key)
    return content if isinstance(content, list) else []


def orcids(content) -> list[str]:
    people = several(content, "codechecker") + several(content, "paper", "authors")
    return [str(one["ORCID"]) for one in people if "ORCID" in one]


def sound(orcid: str) -> bool:
    """ISO 7064, MOD 11-2."""
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", orcid):
        return False
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]


def leaves(value) -> list[str]:
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [leaf for one in inside for leaf in leaves(one)]
    return [str(value)]


RULES = {
    "CC-CFG-001": lambda text, c, root: isinstance(c, dict),
    "CC-CFG-002": lambda text, c, root: text.startswith("---\n"),
    "CC-CFG-004": lambda text, c, root: bool(several(c, "manifest")),
    "CC-CFG-005": lambda text, c, root: all(one.get("file") for one in several(c, "manifest")),
    "CC-CFG-006": lambda text, c, root: not any(one["file"].startswith(("/", "..")) for one in several(c, "manifest")),
    "CC-CFG-007": lambda text, c, root: all(one.get("comment") for one in several(c, "manifest")),
    "CC-CFG-008": lambda text, c, root: bool(several(c, "codechecker")),
    "CC-CFG-009": lambda text, c, root: bool(several(c, "codechecker")) and all(one.get("name") for one in several(c, "codechecker")),
    "CC-CFG-010": lambda text, c, root: bool(several(c, "codechecker")) and all(one.get("ORCID") for one in several(c, "codechecker")),
    "CC-CFG-011": lambda text, c, root: bool(c.get("report")),
    "CC-CFG-012": lambda text, c, root: url(c.get("report")),
    "CC-CFG-013": lambda text, c, root: "FIXME" not in str(c.get("report")),
    "CC-CFG-014": lambda text, c, root: bool(c.get("version")),
    "CC-CFG-015": lambda text, c, root: c.get("version") == "https://codecheck.org.uk/spec/config/2.0/",
    "CC-CFG-016": lambda text, c, root: bool(c.get("paper")),
    "CC-CFG-017": lambda text, c, root: bool(c["paper"].get("title")),
    "CC-CFG-018": lambda text, c, root: bool(several(c, "paper", "authors")),
    "CC-CFG-019": lambda text, c, root: all(one.get("name") for one in several(c, "paper", "authors")),
    "CC-CFG-020": lambda text, c, root: all(re.match(r"\d{4}-", str(one.get("ORCID"))) for one in several(c, "paper", "authors")),
    "CC-CFG-021": lambda text, c, root: bool(c["paper"].get("reference")),
    "CC-CFG-022": lambda text, c, root: not str(c["paper"]["reference"]).endswith(".pdf"),
    "CC-CFG-023": lambda text, c, root: not any(re.search(r"FIXME|TODO|XXXXX", leaf) for leaf in leaves(c)),
    "CC-CFG-024": lambda text, c, root: bool(str(c.get("summary") or "").strip()),
    "CC-CFG-025": lambda text, c, root: bool(c.get("certificate")),
    "CC-CFG-026": lambda text, c, root: bool(re.fullmatch(r"\d{4}-\d{3}", str(c.get("certificate")))),
    "CC-CFG-027": lambda text, c, root: url(c["paper"]["reference"]),
    "CC-CFG-028": lambda text, c, root: "doi.org/10." in c["paper"]["reference"],
    "CC-CFG-029": lambda text, c, root: isinstance(c["paper"].get("reference-other", []), list),
    "CC-CFG-030": lambda text, c, root: all(map(url, c["paper"].get("reference-other", []))),
    "CC-MET-001": lambda text, c, root: all(map(sound, orcids(c))),
    "CC-BUN-001": lambda text, c, root: all((root / one["file"]).is_file() for one in several(c, "manifest")),
    "CC-BUN-005": lambda text, c, root: (root / "LICENSE").is_file(),
}  # fmt: skip


def broken(text: str, root: Path) -> set[str]:
    content = yaml.safe_load(text)
    return {name for name, rule in RULES.items() if not rule(text, content, root)}


def stated(text: str) -> str:
    """The form once people have filled in what is left to them."""
    content = yaml.safe_load(text)
    for one in content["paper"]["authors"]:
        one["ORCID"] = "0000-0002-1825-0097"
    content["codechecker"] = [{"name": "A", "ORCID": "0000-0001-5109-3700"}]
    content |= {"report": "https://doi.org/10.5281/zenodo.1234567", "certificate": "2026-001"}
    return "---\n" + yaml.safe_dump(content, allow_unicode=True)


@pytest.fixture(scope="module")
def texts(collection, tmp_path_factory) -> dict[str, str]:
    """The committed manifest, and the form of a run that has found nothing."""
    result = verify.Result(False, figures={"timeline": "02-timeline"}, verdicts={"reproduced": 3})
    result.started = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
    (written, _) = form.write(collection, result, tmp_path_factory.mktemp("form"))
    return {
        "codecheck.yml": (collection.root / "codecheck.yml").read_text(encoding="utf-8"),
        FORM: written.read_text(encoding="utf-8"),
    }


@pytest.mark.parametrize("name", ["codecheck.yml", FORM])
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_met_or_left_to_a_person_and_marked_so(collection, texts, name, rule):
    got = rule in broken(texts[name], collection.root)
    expected = rule in PERSONS
    assert got == expected
    assert not got or re.search(rf"(?m)^# .*\b{rule}\b", texts[name])


@pytest.mark.parametrize("name", ["codecheck.yml", FORM])
def test_every_rule_is_met_once_people_have_stated_their_part(collection, texts, name):
    got = broken(stated(texts[name]), collection.root)
    expected = set()
    assert got == expected


def test_the_certificate_s_fields_are_those_of_the_verification(texts):
    content = yaml.safe_load(texts[FORM])
    got = content["check_time"], content["summary"]
    expected = (
        "2026-11-29T08:00:00+00:00",
        "0 notebooks, 1 figure in two languages, 3 claims: run afresh and compared in 0.0 s, everything agrees.",
    )
    assert got == expected


def test_a_figure_that_the_manifest_does_not_name_is_in_the_form(collection, tmp_path):
    result = verify.Result(False, figures={"my-figure": "02-timeline", "timeline": "02-timeline"})
    (path, _) = form.write(collection, result, tmp_path)
    files = [
        entry["file"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["manifest"]
    ]
    got = files[-1], files.count("figures/timeline.en.png")
    expected = "figures/my-figure.en.png", 1
    assert got == expected


def test_what_a_codechecker_has_stated_is_kept(collection, texts, tmp_path):
    (tmp_path / "codecheck.yml").write_text(stated(texts["codecheck.yml"]), encoding="utf-8")
    from nbproof.study import Study

    (path, _) = form.write(Study(tmp_path), verify.Result(False), tmp_path / "form")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    got = content["certificate"], content["codechecker"][0]["name"]
    expected = "2026-001", "A"
    assert got == expected


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("CC-CFG-002", lambda text: text.removeprefix("---\n")),
        ("CC-CFG-006", lambda text: text.replace("file: figures/", "file: /figures/", 1)),
        ("CC-CFG-009", lambda text: stated(text).replace("name: A", "name: ''")),
        ("CC-CFG-015", lambda text: text.replace("config/2.0", "config/1.0")),
        ("CC-CFG-020", lambda text: stated(text).replace("ORCID: 0000-0002", "ORCID: https://orcid.org/0000-0002")),
        ("CC-CFG-023", lambda text: text.replace("Every file", "TODO")),
        ("CC-CFG-026", lambda text: stated(text).replace("2026-001", "26-1")),
        ("CC-MET-001", lambda text: stated(text).replace("5109-3700", "5109-3701")),
        ("CC-BUN-001", lambda text: text.replace("file: figures/", "file: figure/", 1)),
    ],
)  # fmt: skip
def test_a_file_that_breaks_a_rule_is_seen(collection, texts, rule, change):
    got = rule in broken(change(texts["codecheck.yml"]), collection.root)
    expected = True
    assert got == expected
