"""A picture is read back into its table: what was falsified in it is named by its mark."""

import re
from pathlib import Path

import pytest

from nbproof.verify import figures, reading

HERE = Path(__file__).parents[2]
NAMES = sorted(path.name.split(".")[0] for path in (HERE / "figures").glob("*.en.csv"))


def owners(study):
    return {
        name: path.stem
        for name, path in figures.owners(study, sorted(study.notebooks.glob("*.ipynb"))).items()
    }


def said(study, name):
    """What is read in a figure's pictures and is not its table, by file."""
    return [
        (finding.file, finding.said, finding.committed)
        for finding in reading.check(study, {name: owners(study)[name]})
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_read_as_its_table_in_both_languages(collection, name):
    got = said(collection, name)
    expected = []
    assert got == expected


SVG = "figures/{}.{}.svg"


def exchanged(text: str, one: str, other: str) -> str:
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


def body(change):
    """A change of the drawing alone, without the colours for the dark."""

    def changed(text: str) -> str:
        head, look, rest = re.split(r"(<style>.*?</style>)", text, maxsplit=1, flags=re.S)
        return head + look + change(rest)

    return changed


FALSEHOODS = {
    "two words of a legend exchanged": (
        "claims", body(lambda text: exchanged(text, ">published<", ">recomputed<")), "colour",
    ),
    "ticks four times too high": (
        "staff", body(lambda text: re.sub(
            r"(text-anchor: end[^>]*>)(\d+)<", lambda tick: f"{tick[1]}{4 * int(tick[2])}<", text)), "height",
    ),
    "numbers of a ranking exchanged": ("world-map", body(lambda text: exchanged(text, ">11<", ">5<")), "said"),
    "two rows exchanged": ("units", body(lambda text: exchanged(text, ">Çankaya<", ">Kızılcahamam<")), "row"),
    "two panels exchanged": (
        "timeline", body(lambda text: exchanged(text, ">Metropolitan municipality<", ">District municipalities<")),
        "panel",
    ),
    "full and hollow exchanged": (
        "foreign-policy", body(lambda text: text.replace("fill: #ffffff; stroke: #1d2430", "fill: #1d2430; stroke: #1d2431")),
        "form",
    ),
}  # fmt: skip


@pytest.mark.parametrize("falsehood", FALSEHOODS)
def test_a_falsehood_is_named(tampered, collection, falsehood):
    name, change, channel = FALSEHOODS[falsehood]
    file = SVG.format(name, "en")
    before = (collection.root / file).read_text("utf-8")
    after = change(before)
    assert after != before
    found = [one for one in said(tampered(file, after.encode()), name) if one[0] == file]
    assert any("no mark of the picture" in one for _, one, _ in found), found
    assert any(channel in committed for *_, committed in found), found
