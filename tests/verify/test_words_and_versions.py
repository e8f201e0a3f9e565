"""Label files, lock files, and other releases than the lock's."""

import pytest

from diplolib.verify import versions, wording

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


@pytest.mark.parametrize("version", ["0.0.1", None])
def test_another_release_is_reported_and_not_failed(shared, monkeypatch, version):
    real = versions.release
    monkeypatch.setattr(
        versions, "release", lambda name: version if name == "pandas" else real(name)
    )
    got = [(finding.place, finding.severity) for finding in versions.installed(shared)]
    expected = [("pandas", "report")] if version else []
    assert [pair for pair in got if pair[0] == "pandas"] == expected
