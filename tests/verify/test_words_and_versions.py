"""Label files, lock files, and other releases than the lock's."""

import json
import re

import pytest

from nbproof import study, verify
from nbproof.pipeline import recorded, releases
from nbproof.verify import report, sums, versions, wording
from nbproof.verify.finding import Finding

ENGLISH, TURKISH = (f"src/diplolib/labels/{lang}/timeline.toml" for lang in ("en", "tr"))


def test_untouched_labels_agree(shared):
    got = list(wording.check(shared))
    expected = []
    assert got == expected


def test_a_label_that_is_missing_in_one_language_is_named(tampered, shared):
    key = next(line for line in (shared.root / TURKISH).read_text().splitlines() if " = " in line)
    (got,) = wording.check(tampered(TURKISH, (key, "")))
    assert (got.file, got.place.endswith(key.partition(" ")[0])) == (TURKISH, True)


def test_a_number_that_one_language_leaves_out_is_named(tampered):
    (got,) = wording.check(
        tampered(ENGLISH, ("municipality: {n}, most", "municipality: many, most"))
    )
    assert (got.file, got.said) == (TURKISH, "the two languages fill in other values")


def test_a_label_file_that_cannot_be_read_is_named(tampered):
    (got,) = wording.check(tampered(ENGLISH, b"= ="))
    assert got.file == ENGLISH


def test_untouched_locks_agree(shared):
    got = list(versions.locks(shared))
    expected = []
    assert got == expected


def test_an_entry_without_a_hash_is_named(tampered):
    study = tampered("requirements.lock", b"pandas==3.1.1\n")
    got = {(f.file, f.place, f.said) for f in versions.locks(study)}
    assert ("requirements.lock", "pandas==3.1.1", "an entry without a hash") in got
    assert any(said.startswith("pyproject.toml needs it") for _, _, said in got)


def test_another_version_in_the_larger_lock_is_named(tampered, shared):
    text = (shared.root / "requirements.lock").read_text()
    pin = next(line for line in text.splitlines() if line.startswith("pandas==")).split()[0]
    study = tampered("requirements-test.lock", (pin, "pandas==1.0.0"))
    got = [(finding.file, finding.place) for finding in versions.locks(study)]
    expected = [("requirements-test.lock", pin)]
    assert got == expected


@pytest.mark.parametrize("lock", [versions.LOCK, *versions.LARGER])
def test_a_fork_of_a_lock_is_named(tampered, shared, lock):
    text = (shared.root / lock).read_text()
    one = re.search(r"^(pyproj==[\d.]+).*?(?=^\w)", text, re.M | re.S)
    here, there = (f"{pin} ; python_full_version {bound} '3.12' " for pin, bound in
                   ((one[1], "<"), ("pyproj==99.0", ">=")))  # fmt: skip
    entry = one[0].replace(one[1], "{}", 1)
    study = tampered(lock, (one[0], entry.format(here) + entry.format(there)))
    got = [(f.file, f.place) for f in versions.locks(study) if f.said.startswith("the lock forks")]
    expected = [(lock, "pyproj")]
    assert got == expected


@pytest.mark.parametrize("version", ["0.0.1", None])
def test_another_release_is_reported_and_not_failed(shared, monkeypatch, version):
    here = {name: text for name, text in releases.installed().items() if name != "pandas"}
    here |= {"pandas": f"pandas-{version}"} if version else {}
    monkeypatch.setattr(releases, "installed", lambda: here)
    got = [(finding.place, finding.severity) for finding in versions.installed(shared)]
    expected = [("pandas", "report")] if version else []
    assert [pair for pair in got if pair[0] == "pandas"] == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("idna", []), ("pandas", []), ("matplotlib", ["matplotlib"])]
)
def test_only_what_draws_may_move_pixels(shared, monkeypatch, name, expected):
    here = {**releases.installed(), name: f"{name}-0.0.1"}
    monkeypatch.setattr(releases, "installed", lambda: here)
    got = versions.drawing(shared)
    assert got == expected


@pytest.mark.parametrize(
    ("findings", "verdict", "said"),
    [
        ([], "agrees", "everything agrees."),
        (
            [Finding("pictures", "a.png", "", "3 pixels", "x", severity="report")],
            "agrees in part",
            "what was compared agrees; not compared in full: a.png.",
        ),
        (
            [Finding("versions", "requirements.lock", "idna", "another", "x", severity="report")],
            "agrees",
            "everything agrees.",
        ),
        (
            [
                Finding("pictures", "a.png", "", "3 pixels", "x", severity="report"),
                Finding("tables", "b.csv", "", "no", "x"),
            ],
            "differs",
            "1 difference; not compared in full: a.png.",
        ),
    ],
)
def test_what_was_set_aside_is_not_said_to_agree(findings, verdict, said):
    result = verify.Result(False, findings=findings)
    got = result.verdict, report.summary(result).endswith(said)
    expected = verdict, True
    assert got == expected


def test_a_template_that_is_none_is_named(tampered):
    (got,) = wording.check(tampered(ENGLISH, ("municipality: {n}, most", "municipality: {n, most")))
    assert (got.file, got.said.startswith("not a template")) == (ENGLISH, True)


@pytest.mark.parametrize(
    "line",
    ["--extra-index-url https://example.org/simple", "--trusted-host example.org", "requests",
     "pandas @ https://example.org/pandas.whl", "    --hash=md5:0"],
)  # fmt: skip
def test_a_line_of_a_lock_that_locks_nothing_is_named(tampered, shared, line):
    text = (shared.root / "requirements.lock").read_text()
    study = tampered("requirements.lock", f"{text}{line}\n".encode())
    got = [(finding.file, finding.place, finding.committed) for finding in versions.locks(study)]
    expected = [("requirements.lock", f"line {text.count(chr(10)) + 1}", line.strip())]
    assert got == expected


def test_a_comment_in_a_lock_is_none(tampered, shared):
    text = (shared.root / "requirements.lock").read_text()
    got = list(versions.locks(tampered("requirements.lock", f"# made anew\n{text}".encode())))
    expected = []
    assert got == expected


def test_other_hashes_in_the_larger_lock_are_named(tampered, shared):
    text = (shared.root / "requirements-test.lock").read_text()
    entry = text[text.index("\npandas==") :].split("\n")[1:3]
    study = tampered("requirements-test.lock", (entry[1], entry[1][:-4] + "00 \\"))
    got = [(finding.file, finding.place) for finding in versions.locks(study)]
    expected = [("requirements-test.lock", entry[0].split()[0])]
    assert got == expected


def test_a_bound_above_the_lock_is_named(tampered):
    study = tampered("pyproject.toml", ("pandas >=3.0", "pandas >=99"))
    got = [(finding.file, finding.place) for finding in versions.locks(study)]
    expected = [("pyproject.toml", "pandas")]
    assert got == expected


@pytest.mark.parametrize("text", [b"= ", b"[x]\n", b"\xff", b"[project]\ndependencies = ['']\n"])
def test_a_project_file_that_cannot_be_read_is_named(tampered, text):
    got = [finding.file for finding in versions.locks(tampered("pyproject.toml", text))]
    expected = ["pyproject.toml"]
    assert got == expected


def test_a_missing_lock_is_named(tampered):
    got = [finding.said for finding in versions.locks(tampered("requirements.lock", None))]
    expected = ["the file is missing"]
    assert got == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("", []),
        ("checksums.json", ["of another state: checksums.json changed since"]),
        ("src/code.py", ["of another state: src/ changed since"]),
    ],
)
def test_a_record_of_another_state_is_named(tmp_path, changed, expected):
    here = study.Study(tmp_path)
    for name in ("src", "docs", "tests"):
        (tmp_path / name).mkdir()
    for name in ("checksums.json", "src/code.py"):
        (tmp_path / name).write_text("before\n")
    record = {"state": recorded.state(here)}
    for name in ("benchmark", "verification"):
        (tmp_path / "docs" / f"{name}.json").write_text(json.dumps(record))
    (tmp_path / "tests" / "soak-results.md").write_text(f"Words.\n{recorded.sentence(here)}\n")
    if changed:
        (tmp_path / changed).write_text("after\n")
    got = [(finding.said, finding.command) for finding in sums.records(here)]
    assert got == [
        (said, again) for again in ("make bench", "make record", "make soak") for said in expected
    ]
    assert recorded.is_earlier(here, record) == bool(expected)


@pytest.mark.parametrize("name", ["docs/benchmark.json", "docs/verification.json"])
def test_a_published_record_says_of_which_state_it_is(name):
    record = json.loads((study.find(__file__).root / name).read_text(encoding="utf-8"))
    got = sorted(record["state"])
    expected = ["checksums", "src"]
    assert got == expected


def test_the_campaigns_record_says_of_which_state_it_is():
    path = study.find(__file__).root / "tests" / "soak-results.md"
    got = [sorted(told) for told in recorded.stated(path.read_text(encoding="utf-8"))]
    expected = [["checksums", "src"]] * max(1, len(got))
    assert got == expected


def test_a_new_record_says_nothing_of_the_one_that_it_replaces(tmp_path):
    here, path = study.Study(tmp_path), tmp_path / "docs" / "verification.json"
    (tmp_path / "src").mkdir()
    (tmp_path / "checksums.json").write_text("{}")
    stale = [
        Finding(
            "records", f"docs/{name}.json", "", "of another state", "make record", severity="report"
        )
        for name in ("verification", "benchmark")
    ]
    report.write(here, verify.Result(False, findings=stale), path)
    got = [one["file"] for one in json.loads(path.read_text(encoding="utf-8"))["findings"]]
    expected = ["docs/benchmark.json"]
    assert got == expected
