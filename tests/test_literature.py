"""docs/literature.bib: does it parse, is each key its own, does each entry say enough to be found?"""

import re

import pytest

from nbproof import citation, study

ENTRY = re.compile(r"@(\w+)\{([\w-]+),\n((?:  \w+ = \{.*\},\n)+)\}(?:\n|\Z)")
FIELD = re.compile(r"  (\w+) = \{(.*)\},\n")
ADDRESS = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?")


def parsed(text: str) -> list[tuple[str, dict[str, str]]]:
    """Key and fields of each entry. Raises ValueError for what begins as an entry and is none."""
    entries = [(key, dict(FIELD.findall(fields))) for _, key, fields in ENTRY.findall(text)]
    if len(entries) != len(re.findall(r"^@", text, re.MULTILINE)):
        raise ValueError("an entry does not parse")
    if any(
        value.count("{") != value.count("}") for _, fields in entries for value in fields.values()
    ):
        raise ValueError("a field's braces do not match")
    return entries


@pytest.fixture(scope="module")
def entries():
    return parsed(citation.literature(study.find(__file__).root / "docs" / "literature.bib"))


@pytest.mark.parametrize(
    "broken",
    [
        "@book{A2000,\n  title = {T},\n",
        "@book{A2000,\n  title = {T,\n}\n",
        "@book{A2000,\n  title = {{T},\n}\n",
        "@book{,\n  title = {T},\n}\n",
    ],
)
def test_a_broken_entry_is_refused(broken):
    assert parsed("@book{A2000,\n  title = {T},\n}\n") == [("A2000", {"title": "T"})]
    with pytest.raises(ValueError, match=r"parse|braces"):
        parsed(broken)


def test_no_key_stands_twice(entries):
    keys = [key for key, _ in entries]
    got = sorted(keys)
    expected = sorted(set(keys))
    assert got == expected


def test_every_entry_has_what_it_takes_to_find_the_work(entries):
    got = [
        key
        for key, fields in entries
        if not (
            {"title", "year", "url"} <= set(fields)
            and {"author", "key"} & set(fields)
            and re.fullmatch(r"(19|20)\d\d", fields["year"])
            and ADDRESS.fullmatch(fields["url"])
        )
    ]
    expected = []
    assert got == expected


def test_the_article_and_the_two_later_studies_are_listed(entries):
    got = {(fields["year"], fields["pages"]) for _, fields in entries if "pages" in fields}
    expected = {("2022", "229--253"), ("2023", "371--393"), ("2024", "47--65")}
    assert expected <= got
