"""The tamper suite itself: that its changes change something, and a few of them, caught."""

import importlib.util
from pathlib import Path

import pytest

from nbproof import verify


@pytest.fixture(scope="module")
def falsehoods():
    """The program that makes falsehoods, as a module."""
    path = Path(__file__).with_name("falsehoods.py")
    spec = importlib.util.spec_from_file_location("falsehoods", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def copy(suite, collection, tmp_path_factory):
    with suite.remembering():
        yield suite.copied(collection, tmp_path_factory.mktemp("tampered") / "study")


KINDS = {
    "raw cell", "checksum", "reference row", "processed row", "processed cell", "claim verdict",
    "notebook source", "execution count", "output left out", "text output", "inline picture",
    "alt text", "figure file", "plotted table", "parameter rule", "label", "lock",
    "line ends", "broken package", "notebook's line ends", "entry that stands twice", "emptied notebook",
    "pasted picture", "veiled picture", "brightened picture", "svg code", "stray file",
}  # fmt: skip


def test_every_kind_of_artefact_is_tampered_with(suite, copy):
    got = {tampering.kind for tampering in suite.every(copy)}
    expected = KINDS
    assert got == expected


def test_every_output_is_tampered_with(suite, copy):
    """Each file that a run makes, and each output of each cell."""
    from nbproof.pipeline import recorded
    from nbproof.verify import notebooks

    tamperings = list(suite.every(copy))
    assert set(recorded.read(copy)["made"]) <= {t.file for t in tamperings if t.output}
    for path in copy.notebooks.glob("*.ipynb"):
        content = notebooks.load(path)
        outputs = sum(len(cell.get("outputs", [])) for cell in content["cells"])
        left_out = [t for t in tamperings if t.kind == "output left out" and path.name in t.file]
        assert len(left_out) == outputs


def test_one_of_each_kind_is_caught(suite, copy):
    chosen = {tampering.kind: tampering for tampering in suite.every(copy)}
    results = suite.run(copy, list(chosen.values()), verify.quick)
    got = [tampering.name for tampering, was in results if not was]
    expected = []
    assert got == expected


def test_a_change_that_no_check_names_is_not_caught(suite, copy):
    other = suite.Tampering("prose", "codecheck.yml", "", lambda data: data + b"\n")
    ((_, got),) = suite.run(copy, [other], verify.quick)
    expected = False
    assert got == expected


def test_the_counts_are_put_into_the_record_once(suite, tmp_path):
    file = tmp_path / "results.md"
    for caught in ("1", "2"):
        suite.record(file, "Tamperings", [f"caught {caught}"])
        suite.record(file, "Kills", [f"whole {caught}"])
    got = file.read_text()
    expected = "# Results of `make soak`\n\n## Tamperings\n\ncaught 2\n\n## Kills\n\nwhole 2\n"
    assert got == expected


@pytest.mark.parametrize(
    ("name", "language", "kind"),
    [
        ("claims", "en", "legend"),
        ("timeline", "en", "ticks"),
        ("timeline", "en", "recoloured"),
        ("world-map", "tr", "numbers"),
        ("world-map", "tr", "moved"),
        ("party-history", "en", "legend"),
        ("national-context", "tr", "rows"),
        ("engagements", "tr", "longer"),
        ("engagements", "tr", "shifted"),
        ("purposes", "tr.phone", "panels"),
    ],
)
def test_a_falsehood_in_a_picture_is_caught(falsehoods, collection, name, language, kind):
    done, got = falsehoods.tried(collection, name, language, kind, 0)
    assert done
    assert got


def test_an_untouched_picture_holds_no_falsehood(falsehoods, collection):
    got = falsehoods.tried(collection, "staff", "en", "", 0)
    expected = ("nothing", [])
    assert got == expected
