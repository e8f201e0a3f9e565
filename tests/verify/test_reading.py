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
        "claims", body(lambda text: exchanged(text, ">reproduced<", ">not reproduced<")), "colour",
    ),
    "ticks four times too high": (
        "timeline", body(lambda text: re.sub(
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


def test_a_colour_of_the_dark_that_is_another_s_is_named(tampered, collection):
    file = SVG.format("timeline", "tr")
    text = (collection.root / file).read_text("utf-8")
    shown = dict(re.findall(r"--c(\w{6}):(#\w{6})", text[text.index("@media(prefers") :]))
    one, other = (shown[colour] for colour in ("a4343a", "b3bdc8"))
    got = said(tampered(file, exchanged(text, one, other).encode()), "timeline")
    assert [found[:2] for found in got] == [
        (file, "its colours for the dark are not those that stand for the drawing's own")
    ]


@pytest.mark.parametrize(("falsehood", "change"), [
    ("description", lambda text: text.replace("Europe 82", "Europe 28", 1)),
    ("title", lambda text: text.replace("municipality in 2010<", "municipality by 777<")),
    ("label", lambda text: text.replace(">Asia 60 (71)<", ">Asia 82 (71)<")),
])  # fmt: skip
def test_a_number_that_the_table_does_not_give_is_named(tampered, collection, falsehood, change):
    file = SVG.format("timeline", "en")
    text = (collection.root / file).read_text("utf-8")
    assert change(text) != text
    found = [one for _, one, _ in said(tampered(file, change(text).encode()), "timeline")]
    assert any(falsehood in one for one in found), found
