"""What an archive says of itself, read by the tools that others read it with; nothing is fetched.

Validators that fetch contexts and schemas cannot run here: the shape is asserted, and what can be read
without a network is read.
"""

import csv
import json
import subprocess

import pytest

from nbproof.deposit import tracked
from nbproof.pipeline import recorded

rocrate = pytest.importorskip("rocrate.rocrate", reason="an extra: pip install 'diplolib[archive]'")

SWHID = "swh:1:dir:" + 40 * "0"


@pytest.fixture(scope="module")
def content(collection) -> dict[str, bytes]:
    """The collection's own files, as an archive of it holds them."""
    listed = subprocess.run(
        ["git", "-C", collection.root, "ls-files", "-z"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\0")
    names = [name for name in listed if name] or tracked._walk(collection.root)
    return {name: (collection.root / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def written(collection, content) -> dict[str, bytes]:
    from nbproof.deposit import metadata

    return metadata.write(collection, content, SWHID, "abc")


@pytest.fixture(scope="module")
def crate(written, content, tmp_path_factory):
    """The crate as the library reads it from a folder."""
    folder = tmp_path_factory.mktemp("crate")
    for name in content:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "ro-crate-metadata.json").write_bytes(written["ro-crate-metadata.json"])
    return rocrate.ROCrate(folder)


def test_the_crate_is_one_of_version_1_2(crate):
    got = crate.version, crate.metadata["conformsTo"], crate.root_dataset["identifier"]
    expected = "1.2", "https://w3id.org/ro/crate/1.2", [SWHID]
    assert got == expected


@pytest.mark.parametrize("key", ["name", "description", "datePublished", "license", "author"])
def test_the_crate_has_what_its_root_must_have(crate, key):
    assert crate.root_dataset[key]


def test_every_file_is_part_of_the_crate(crate, content):
    got = {part.id for part in crate.root_dataset["hasPart"]}
    expected = set(content)
    assert got == expected


def test_every_output_names_the_step_that_made_it_and_what_it_was_made_from(crate, collection):
    """English notebooks are outputs of their own run."""
    made = recorded.read(collection)["made"]
    got = {
        name
        for name in made
        if crate.get(name)["prov:wasGeneratedBy"] is None
        or not crate.get(name)["prov:wasDerivedFrom"]
    }
    expected = set()
    assert got == expected


def test_a_figure_comes_from_its_notebook_and_the_tables_that_it_opened(crate):
    action = crate.get("figures/world-map.en.png")["prov:wasGeneratedBy"]
    read = {one.id for one in action["object"]}
    got = action["name"], action["instrument"][0].id, "data/processed/agreements.csv" in read
    expected = "03-world-map:en", "notebooks/03-world-map.ipynb", True
    assert got == expected


def test_no_entity_refers_to_one_that_is_not_there(written):
    graph = json.loads(written["ro-crate-metadata.json"])["@graph"]
    known = {one["@id"] for one in graph} | {"https://w3id.org/ro/crate/1.2"}
    got = {
        target["@id"]
        for one in graph
        for value in one.values()
        for target in (value if isinstance(value, list) else [value])
        if isinstance(target, dict) and target["@id"] not in known
    }
    expected = set()
    assert got == expected


@pytest.fixture(scope="module")
def croissant(written, content, tmp_path_factory):
    """Read by MLCommons' own library, beside the tables."""
    reader = pytest.importorskip("mlcroissant")
    folder = tmp_path_factory.mktemp("croissant")
    for name in content:
        if name.startswith("data/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content[name])
    (folder / "croissant.json").write_bytes(written["croissant.json"])
    return reader.Dataset(jsonld=folder / "croissant.json")


def test_the_croissant_has_no_error(croissant):
    got = list(croissant.metadata.ctx.issues.errors)
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    "name", ["processed/agreements", "processed/claims", "raw/article/table-04"]
)
def test_a_table_is_read_through_the_croissant(croissant, collection, name):
    rows = list(croissant.records(name))
    with (collection.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    first = {key.removeprefix(f"{name}/") for key in rows[0]}
    got = len(rows), first
    expected = len(printed), set(printed[0])
    assert got == expected


def test_a_table_keeps_its_key(croissant):
    (table,) = (one for one in croissant.metadata.record_sets if one.id == "processed/agreements")
    got = [str(key) for key in table.key]
    expected = ["processed/agreements/agreement_id"]
    assert got == expected


def test_the_words_of_prov_are_declared(written):
    got = json.loads(written["ro-crate-metadata.json"])["@context"][1]
    expected = {"prov": "http://www.w3.org/ns/prov#"}
    assert got == expected


def test_every_table_is_in_the_croissant(croissant, content):
    got = {f"data/{one.id}.csv" for one in croissant.metadata.record_sets}
    expected = {name for name in content if name.startswith("data/") and name.endswith(".csv")}
    assert got == expected


@pytest.mark.parametrize(
    "key",
    ["creators", "titles", "publisher", "publicationYear", "types", "rightsList", "schemaVersion"],
)
def test_datacite_s_form_has_what_the_schema_requires(written, key):
    assert json.loads(written["datacite.json"])[key]


def test_the_forms_name_the_article(written):
    got = [
        json.loads(written[name])[key][0][what]
        for name, key, what in (
            ("datacite.json", "relatedIdentifiers", "relatedIdentifier"),
            (".zenodo.json", "related_identifiers", "identifier"),
        )
    ]
    expected = 2 * ["10.5505/jas.2022.86547"]
    assert got == expected


def test_no_doi_is_claimed_while_there_is_none(written):
    got = (
        "doi" in json.loads(written["datacite.json"]),
        "doi" in json.loads(written[".zenodo.json"]),
    )
    expected = False, False
    assert got == expected


@pytest.mark.parametrize(
    "key", ["title", "upload_type", "description", "creators", "access_right", "license"]
)
def test_zenodo_s_form_has_what_it_asks_for(written, key):
    assert json.loads(written[".zenodo.json"])[key]


def test_the_deposit_s_page_is_one_page(written):
    text = written["DEPOSIT.md"].decode()
    got = (
        len(text.splitlines()) < 60,
        "sha256sum -c" in text,
        "make reproduce" in text,
        SWHID in text,
    )
    expected = True, True, True, True
    assert got == expected


def test_the_same_files_give_the_same_words(collection, content, written):
    from nbproof.deposit import metadata

    got = metadata.write(collection, content, SWHID, "abc") == written
    expected = True
    assert got == expected
