"""What the README states: its numbers, its worked example."""

import re

import pandas as pd
import pytest

from diplolib import inference, panel
from nbproof import tables


@pytest.fixture(scope="module")
def text(collection):
    return (collection.root / "README.md").read_text(encoding="utf-8")


def test_the_verdicts_are_those_of_the_ledger(collection, text):
    verdicts = tables.read(collection, "processed/claims")["verdict"].value_counts()
    pattern = r"Of (\d+) statements (\d+) can.*?: (\d+) are reproduced, (\d+) under a\s+stated definition, (\d+) are not"
    got = [int(number) for number in re.search(pattern, text, re.DOTALL).groups()]
    known = [
        verdicts[v]
        for v in ("reproduced", "reproduced under a stated definition", "not reproduced")
    ]
    expected = [verdicts.sum(), sum(known), *known]
    assert got == expected


def test_the_examples_are_those_of_the_ledger(collection, text):
    claims = tables.read(collection, "processed/claims").set_index("id")
    capitals, protocols = claims.loc["metropolitan-capitals"], claims.loc["since-2005-protocols"]
    got = [
        f"{capitals.claimed} capitals are stated, {capitals.recomputed} are found" in text,
        f"{protocols.claimed} protocols since 2005, {protocols.recomputed} are listed" in text,
    ]
    expected = [True, True]
    assert got == expected


def test_capitals_are_counted_as_the_table_has_them(collection, text):
    capital = (
        tables.read(collection, "processed/agreements")
        .groupby("level")["capital"]
        .agg(["sum", "size"])
    )
    metropolitan, district = capital.loc["metropolitan"], capital.loc["district"]
    got = [
        f"{metropolitan['sum']} of {metropolitan['size']} metropolitan" in text,
        f"{district['sum']} of {district['size']} district partners" in text,
    ]
    expected = [True, True]
    assert got == expected


def test_europe_and_asia_are_level_under_the_united_nations_regions(collection, text):
    region = tables.read(collection, "processed/agreements")["region_un_m49"].value_counts()
    level = re.search(r"level at (\d+)", text)[1]
    got = [region["Europe"], region["Asia"]]
    expected = [int(level)] * 2
    assert got == expected


@pytest.mark.parametrize("name", ["README.md", "README.tr.md"])
def test_what_depends_on_choices_is_as_computed(collection, name):
    from ankara.specifications.turns import turns

    turned = turns(tables.read(collection, "sensitivity/specifications")).set_index("id")
    stands = turned.loc[turned["scope"] == "claim", "stands"].value_counts()
    estimate = turned.loc["by-both"]
    said = (collection.root / name).read_text(encoding="utf-8")
    paragraph = next(part for part in said.split("\n\n") if "10-sensitivity" in part)
    got = re.findall(r"\b\d+(?:[.,]\d\d)?\b", paragraph.partition(")")[2])
    ends = [
        f"{estimate[end]:.2f}".replace(".", "," if ".tr" in name else ".")
        for end in ("low", "high")
    ]
    expected = sorted([*map(str, stands), str(stands.sum()), *ends])
    assert sorted(got) == expected


@pytest.fixture(scope="module")
def drawn(collection):
    """The marks of the figure on city politics."""
    return pd.read_csv(collection.figures / "city-politics.en.csv")


@pytest.mark.parametrize("name", ["README.md", "README.tr.md"])
def test_what_is_said_of_city_politics_is_drawn(collection, drawn, name):
    marks = drawn.set_index("mark")
    carrier = marks.loc["carrier"]
    built = tables.read(collection, "processed/panel")
    city = [
        inference.rate_ratio(built[built["level"] == "metropolitan"], column)["ratio"]
        for column in panel.ALIGNMENTS.values()
    ]
    whole = drawn[(drawn["level"] == "district") & (drawn["year"] == 1989)]
    ratios = [
        marks.loc["estimate", "value"], marks.loc["variant", "value"],
        whole.loc[(whole["parties"] == "documented") & (whole["alignment"] == "leads"), "value"].item(),
        whole.loc[(whole["parties"] == "documented") & (whole["alignment"] == "leads"), "by_year"].item(),
        *city,
    ]  # fmt: skip
    said = [f"{ratio:.2f}" for ratio in ratios]
    shares = [f"{100 * p:.0f}" for p in marks.loc["test", "value"]]
    text = (collection.root / name).read_text(encoding="utf-8")
    paragraph = next(
        part for part in text.split("\n\n") if "07-city-politics" in part and "SHP" in part
    )
    if name.endswith(".tr.md"):
        said = [ratio.replace(".", ",") for ratio in said]
        shares = [f"%{share}" for share in shares]
    else:
        shares = [f"{share} %" for share in shares]
    years = f"{carrier['text']} {carrier['year']:.0f}–{carrier['year_to']:.0f}"
    number = f"{carrier['years']:.0f}"
    got = [word for word in (*said, *shares, years, number) if word not in paragraph]
    expected = []
    assert got == expected
    assert carrier["signed"] == 0


@pytest.mark.parametrize("name", ["README.md", "README.tr.md"])
def test_the_headlines_of_the_hypotheses_ask(collection, name):
    text = (collection.root / name).read_text(encoding="utf-8")
    got = [
        re.search(rf"^\*\*(.+?)\*\* \(\[{number}\]", text, re.M)[1][-1]
        for number in ("06", "07", "10")
    ]
    expected = ["?"] * 3
    assert got == expected


@pytest.mark.parametrize("name", ["README.md", "README.tr.md"])
def test_a_contrast_turns_with_as_many_as_the_readme_says(collection, name):
    drawn = pd.read_csv(collection.figures / "foreign-policy.en.csv").set_index("name")["margin"]
    text = (collection.root / name).read_text(encoding="utf-8")
    paragraph = next(
        part for part in text.split("\n\n") if "06-foreign-policy" in part and "107" in part
    )
    pattern = (
        r"(\d+) anlaşma(?:nın)?\s"
        if name.endswith(".tr.md")
        else r"(\d+)(?: agreements)?\s+would\s"
    )
    got = [int(number) for number in re.findall(pattern, paragraph)]
    expected = [int(drawn[key]) for key in ("capitals-by-level", "africa-2005", "successors-1991")]
    assert got == expected


def test_the_worked_example_is_allowed(collection):
    from nbproof.pipeline.parameters import check

    got = check(
        collection.notebooks / "02-timeline.ipynb",
        {"lang": "tr", "region_scheme": "un_m49", "year_to": "2010"},
    )
    expected = {"lang": "tr", "region_scheme": "un_m49", "year_to": 2010}
    assert got == expected


def test_every_file_of_the_manifest_of_outputs_is_there(collection):
    import yaml

    manifest = yaml.safe_load((collection.root / "codecheck.yml").read_text(encoding="utf-8"))
    got = [
        entry["file"]
        for entry in manifest["manifest"]
        if not (collection.root / entry["file"]).exists()
    ]
    expected = []
    assert got == expected
