"""Each committed notebook: executed in order, in words that code has counted, and as declared."""

import ast
import json
import re

import nbformat
import pytest

from nbproof import study
from nbproof.pipeline.parameters import contract, declared

NOTEBOOKS = sorted(study.find(__file__).notebooks.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def test_every_code_cell_is_executed_in_order(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    got = [cell.execution_count for cell in code]
    expected = list(range(1, len(code) + 1))
    assert got == expected


def test_no_cell_ended_in_an_error(notebook):
    got = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    expected = []
    assert got == expected


def test_nothing_of_a_run_is_kept(notebook):
    kept = {"papermill", "execution"}
    got = kept & set(notebook.metadata) | {
        name for cell in notebook.cells for name in kept & set(cell.metadata)
    }
    expected = set()
    assert got == expected


def test_no_parameter_is_injected(notebook):
    got = [
        cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    expected = []
    assert got == expected


def test_its_parameters_are_declared_and_allow_their_defaults(path):
    from nbproof.pipeline.parameters import check

    rules = contract(path)
    got = check(path, {name: rule["default"] for name, rule in rules.items()})
    expected = {}
    assert got == expected


def test_every_default_is_declared(path):
    got = {name: rule.get("default") for name, rule in declared(path).items()}
    expected = {name: rule["default"] for name, rule in contract(path).items()}
    assert got == expected


def shown(rule) -> str:
    """The allowed values as one writes them in Python."""
    if "enum" in rule:
        return ", ".join(json.dumps(value, ensure_ascii=False) for value in rule["enum"])
    return f"{rule['minimum']} to {rule['maximum']}" if "minimum" in rule else "True, False"


def test_the_parameters_cell_shows_the_allowed_values(path, notebook):
    """Behind each value, or above it where the line would be too long."""
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    wrong, above = [], ""
    for line in cell.source.splitlines():
        if line.startswith("#"):
            above = f"{above} {line.removeprefix('#').strip()}".strip()
            continue
        name = line.partition(" = ")[0]
        said = above.removeprefix(f"{name}: ") if above else line.partition("  # ")[2]
        above = ""
        if said != shown(contract(path)[name]):
            wrong.append(line)
    assert wrong == []


def test_the_next_cell_checks_the_parameters(path, notebook):
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    following = tags.index(["parameters"]) + 1
    got = notebook.cells[following].source
    expected = f'from nbproof import parameters\n\nparameters.check("{path.stem}", globals())'
    assert got == expected


def test_no_code_cell_is_longer_than_a_reader_takes_in(notebook):
    """Longer code belongs into the library, where it has a name and tests."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    got = {source for source in code if len(source.splitlines()) > 15}
    expected = set()
    assert got == expected


def test_findings_come_before_method_and_limits(notebook):
    """And the first thing that code shows under them is a sentence, which answers the question."""
    heads = [cell.source.splitlines()[0] for cell in notebook.cells if cell.cell_type == "markdown"]
    got = [head for head in heads if head.startswith("## ")]
    expected = ["## Parameters", "## Findings", "## Method", "## Limits"]
    assert got == expected
    under = [cell.source.startswith("## Findings") for cell in notebook.cells].index(True)
    outputs = (cell.get("outputs", []) for cell in notebook.cells[under:])
    assert "text/markdown" in next(filter(None, outputs))[0].data


def test_its_tables_show_neither_codes_nor_a_running_number(notebook):
    """A code is a word of several parts with a low line between, such as soviet_successor."""
    code = re.compile(r"<t[hd][^>]*>(?:\d+</th>\s*<td>(?!\d)|[a-z]+(?:_[a-z]+)+</t[hd]>)")
    years = re.compile(r"<th>(?:19|20)\d\d</th>")
    tables = [
        output.data["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    got = [found for table in tables for found in code.findall(years.sub("", table))]
    expected = []
    assert got == expected


def test_every_parameter_is_used(path, notebook):
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    used = {
        node.id
        for source in code
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    got = set(contract(path)) - used
    expected = set()
    assert got == expected


# What may hold a digit: headings, citations and links, code, years and spans of years, dates, and the
# numbers of tables, figures, hypotheses, claims, notebooks.
ALLOWED = [
    r"^#+ .*$",
    r"`[^`]*`",
    r"\]\([^)]*\)",
    r"\[?doi 10\.\S+",
    r"\b(?:1[89]|20)\d\d(?:[–-](?:(?:1[89]|20)\d\d|\d\d))?\b",
    r"\b(?:Tables?|Figures?|Hypothes[ie]s|Sections?|notebooks?|notes?|lines?) \d+(?:(?:[–-]|, | and | to )\d+)*",
    r"\b\d\d-[a-z-]+\b",
    r"\bM49\b",
    r"\bCovid-19\b",
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
]


def digits(text: str) -> list[str]:
    for pattern in ALLOWED:
        text = re.sub(pattern, "", text, flags=re.MULTILINE)
    return re.findall(r"[^\n]*\d[^\n]*", text)


def test_prose_holds_no_number_that_code_should_count(notebook):
    got = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in digits(cell.source)
    ]
    expected = []
    assert got == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There are 167 agreements.", ["There are 167 agreements."]),
        ("53 % of them", ["53 % of them"]),
        ("In 1992, as Table 4 and Figure 5 say (2010–14).", []),
        ("## Figure 4", []),
    ],
)
def test_the_look_for_digits_finds_counts_only(text, expected):
    got = digits(text)
    assert got == expected


def test_every_picture_has_an_alt_text_in_both_places(notebook):
    wrong = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                alt = output.metadata.get("image/png", {}).get("alt", "")
                if (
                    len(alt) < 60
                    or cell.metadata.get("mystnb", {}).get("image", {}).get("alt") != alt
                ):
                    wrong.append(cell.source)
    assert wrong == []


def test_every_picture_has_a_card_that_fits_its_files(collection, notebook):
    """The checksum that the notebook prints is that of the plotted table's file, in both languages."""
    import hashlib

    wrong = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for name, sha256 in re.findall(
                r"^figure +(\S+) \(en\)$.*?^sha256 +(\w+)$", output.get("text", ""), re.M | re.S
            ):
                for language in ("en", "tr"):
                    data = (collection.figures / f"{name}.{language}.csv").read_bytes()
                    if hashlib.sha256(data).hexdigest() != sha256:
                        wrong.append((name, language))
    assert wrong == []


def test_it_writes_nothing_by_itself(notebook):
    """Only `publish` writes, and only where NBPROOF_OUTPUT points."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    got = re.findall(r"\b(?:open\(|to_csv\(|savefig|write_text|write_bytes|tables\.write)", code)
    expected = []
    assert got == expected


def test_its_sentences_show_names_as_text(notebook):
    """IPython's own Markdown would take a name for HTML or a formula."""
    code = "".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    got = "IPython.display import Markdown" in code
    expected = False
    assert got == expected
