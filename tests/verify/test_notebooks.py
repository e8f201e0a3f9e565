"""Stored notebooks: by themselves, and against a fresh run's."""

import json

import pytest

from nbproof.figures import record
from nbproof.verify import figures, notebooks

NAME = "notebooks/02-timeline.ipynb"
DRAWING, SAID = 10, 7  # the cells of the figure and of the first finding in notebook 02


@pytest.fixture
def changed(tampered, shared):
    """The notebook after `change` has changed its parsed content."""

    def make(change):
        content = json.loads((shared.root / NAME).read_bytes())
        change(content)
        tampered(NAME, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
        return shared.root / NAME

    return make


def integrity(study, path):
    return [(finding.place, finding.said) for finding in notebooks.integrity(study, [path])]


def test_every_committed_notebook_is_whole(collection):
    got = list(notebooks.integrity(collection, sorted(collection.notebooks.glob("*.ipynb"))))
    expected = []
    assert got == expected


def strip(content):
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}


def count(content):
    content["cells"][DRAWING]["execution_count"] = 9


def inject(content):
    content["cells"][3]["metadata"]["tags"] = ["injected-parameters"]


def no_picture(content):
    content["cells"][DRAWING]["outputs"] = content["cells"][DRAWING]["outputs"][1:]


def alt(content):
    content["cells"][DRAWING]["outputs"][0]["metadata"]["image/png"]["alt"] += " Two."


def error(content):
    outputs = content["cells"][SAID]["outputs"]
    outputs.append({"output_type": "stream", "name": "stderr", "text": ["a warning"]})


def undeclared(content):
    del content["metadata"]["nbproof"]["parameters"]["level"]


def narrowed(content):
    content["metadata"]["nbproof"]["parameters"]["year_to"]["maximum"] = 2010


def turned(content):
    content["metadata"]["nbproof"]["parameters"]["year_to"]["default"] = 2010


def kept(content):
    content["cells"][SAID]["metadata"]["papermill"] = {"duration": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (strip, ("cell 3 (code)", "not run as number 1 of a run from top to bottom")),
        (count, ("cell 11 (code)", "not run as number 7 of a run from top to bottom")),
        (inject, ("cell 4 (code)", "a cell with injected parameters")),
        (no_picture, ("cell 11 (code)", "draws a figure, but its output is gone")),
        (
            alt,
            ("cell 11 (code)", "the alt text of the picture and that of the cell (mystnb) differ"),
        ),
        (error, ("cell 8 (code)", "ended in an error or a warning")),
        (
            undeclared,
            ("parameters cell", "the parameters cell and the notebook's metadata differ in level"),
        ),
        (
            narrowed,
            ("parameters cell", "year_to=2021; expected a whole number from 1971 to 2010"),
        ),
        (turned, ("parameters cell", "year_to is 2021, declared 2010")),
        (kept, ("cell 8 (code)", "times or paths of a run are kept")),
    ],
)
def test_a_notebook_that_is_not_whole_is_named(shared, changed, change, expected):
    assert expected in integrity(shared, changed(change))


def cell(**change):
    return lambda content: content["cells"][DRAWING].update(change)


BROKEN = [
    lambda content: content.pop("metadata"),
    lambda content: content.update(cells=[1]),
    lambda content: content["metadata"]["nbproof"].update(parameters=[]),
    lambda content: content["cells"][DRAWING].pop("source"),
    lambda content: content["cells"][DRAWING]["outputs"][0].pop("output_type"),
    lambda content: content["cells"][DRAWING]["outputs"][0].pop("metadata"),
    cell(metadata=None), cell(metadata={"mystnb": []}), cell(outputs=None), cell(cell_type=None),
]  # fmt: skip


@pytest.mark.parametrize("change", BROKEN)
def test_a_notebook_that_lacks_what_each_has_is_named(shared, changed, change):
    path = changed(change)
    got = integrity(shared, path), list(figures.cards(shared, path))
    expected = [("", "not a notebook")], []
    assert got == expected


@pytest.mark.parametrize(
    "change",
    [{"attachments": {"a.png": {}}}, {"source": ["![x](data:image/png;base64,aGk=)"]}],
)
def test_a_picture_pasted_into_the_prose_is_named(shared, changed, change):
    path = changed(lambda content: content["cells"][0].update(change))
    assert ("cell 1 (markdown)", "holds a picture that no run has drawn") in integrity(shared, path)


TWICE = (
    b'"outputs": [{"output_type": "stream", "name": "stdout", "text": ["hidden"]}], "outputs": ['
)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b'"outputs": [', TWICE, 1),
        lambda data: json.dumps(json.loads(data)).encode(),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data + b"\n",
    ],
)
def test_a_notebook_that_is_written_otherwise_is_named(shared, tampered, change):
    """The same content to a program; but a reader or another program may see something else."""
    tampered(NAME, change((shared.root / NAME).read_bytes()))
    got = [said.partition(":")[0] for _, said in integrity(shared, shared.root / NAME)]
    assert got in (["not as Jupyter writes it"], ["not UTF-8"])


@pytest.mark.parametrize("text", [b"[]", b"", b"null", b"[" * 100_000])
def test_a_file_that_is_no_notebook_is_named(shared, tampered, text):
    tampered(NAME, text)
    got = integrity(shared, shared.root / NAME)
    expected = [("", "not a notebook")]
    assert got == expected


def test_what_a_notebook_draws_is_read_off_its_code(shared):
    got = figures.owners(shared, [shared.root / NAME])
    expected = {"timeline": shared.root / NAME}
    assert got == expected


def said(content):
    """What the notebook says of its figure, and its printed card."""
    outputs = content["cells"][DRAWING]["outputs"]
    (picture,) = (o for o in outputs if "image/png" in o.get("data", {}))
    (printed,) = (o for o in outputs if o.get("name") == "stdout")
    return picture["metadata"]["image/png"]["figure"], printed


def claiming(edit):
    """Change what is said, and the card with it."""

    def change(content):
        about, printed = said(content)
        edit(about)
        printed["text"] = record.card(about) + "\n"

    return change


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (lambda about: about.update(rows=211), "number of rows"),
        (lambda about: about["marks"][0].__setitem__(1, 87), "number of bar"),
        (lambda about: about["marks"][0][2][1].__setitem__(3, "168"), "sum of agreements (bar)"),
        (lambda about: about.update(sha256="0" * 64), "sha256"),
    ],
)
def test_a_card_that_does_not_fit_its_table_is_named(shared, changed, edit, what):
    path = changed(claiming(edit))
    got = {finding.said for finding in figures.cards(shared, path)}
    expected = {
        f"the card's {what} is not that of figures/timeline.{lang}.csv" for lang in ("en", "tr")
    }
    assert got == expected


def test_a_card_that_is_not_what_is_said_is_named(shared, changed):
    def change(content):
        _, printed = said(content)
        printed["text"] = "".join(printed["text"]).replace("sum 167", "sum 168")

    path = changed(change)
    (got,) = figures.cards(shared, path)
    assert got.said == "the card of timeline is not printed as it was made"


def test_what_is_no_record_of_a_figure_is_named(shared, changed):
    path = changed(lambda content: said(content)[0].pop("marks"))
    (got,) = figures.cards(shared, path)
    assert got.said.startswith("not readable as what is said of a figure")


def test_a_card_that_fits_is_no_finding(collection):
    got = [
        finding
        for path in collection.notebooks.glob("*.ipynb")
        for finding in figures.cards(collection, path)
    ]
    expected = []
    assert got == expected


def test_a_card_that_is_gone_is_named(shared, changed):
    def change(content):
        (picture,) = (
            o for o in content["cells"][DRAWING]["outputs"] if "image/png" in o.get("data", {})
        )
        picture["metadata"]["image/png"].pop("figure")

    path = changed(change)
    (got,) = figures.cards(shared, path)
    assert got.said == "no card is printed for timeline"


def test_a_notebook_is_like_itself(collection):
    path = collection.notebooks / "02-timeline.ipynb"
    got = list(notebooks.compare(collection, path, path))
    expected = []
    assert got == expected


def word(content):
    said = content["cells"][SAID]["outputs"][0]["data"]
    said["text/markdown"][0] = said["text/markdown"][0].replace("60", "61")


def output_gone(content):
    content["cells"][SAID]["outputs"] = []


def rules(content):
    content["metadata"]["nbproof"]["reads"] = []


def told(content):
    content["cells"][DRAWING]["metadata"]["mystnb"]["image"]["alt"] = "A picture."


@pytest.mark.parametrize(
    ("change", "check", "place", "said"),
    [
        (word, "notebooks", "cell 8 (code)", "another text than the fresh run prints"),
        (output_gone, "notebooks", "cell 8 (code)", "other outputs than the fresh run has"),
        (rules, "notebooks", "metadata", "another value"),
        (told, "alt texts", "cell 11 (code)", "another alt text in the cell's metadata"),
        (
            alt,
            "alt texts",
            "cell 11 (code)",
            "another alt text than the figure describes itself by",
        ),
    ],
)
def test_a_stored_text_that_the_fresh_run_does_not_give(
    collection, shared, changed, change, check, place, said
):
    fresh = collection.notebooks / "02-timeline.ipynb"
    (got,) = notebooks.compare(shared, changed(change), fresh)
    assert (got.check, got.place, got.said) == (check, place, said)
