"""A study of something else, outside the repository, with code of its own: two tables and a figure."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys

import nbformat
import pytest

from nbproof.pipeline import notebooks

STRING, INTEGER = {"type": "string"}, {"type": "integer"}


def package(folder, **tables):
    """Write tables with their schemas; each is (fields, text), without text one that is computed."""
    folder.mkdir(parents=True)
    resources = []
    for name, (fields, text) in tables.items():
        resource = {"name": name, "path": f"{name}.csv", "title": name, "title_tr": name}
        if text:
            data = text.encode()
            (folder / f"{name}.csv").write_bytes(data)
            resource |= {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
        fields = [{"name": field, **kind} for field, kind in fields.items()]
        resources.append(resource | {"schema": {"fields": fields}})
    content = {"name": folder.name, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(content))


CODE = {
    "study.toml": '[code]\nfolder = "code"\nface = "weather:FACE"\n',
    "code/weather/__init__.py": """
from nbproof import tables
from nbproof.study import Face


def compute(study):
    days = tables.read(study, "raw/station/days")
    names = tables.read(study, "reference/months").set_index("month")["name"]
    yield "rain", days.assign(name=days["month"].map(names))


FACE = Face(packages=("weather",), compute="weather:compute")
""",
    "code/weather/rain.py": """
from nbproof import references
from nbproof.figures import style
from nbproof.figures.record import Record


def table(rain):
    return references.counted(rain, "name", "days").assign(mark="bar")[["mark", "name", "days", "rows"]]


@style.styled
def draw(table, labels):
    figure = style.page(2, labels["rain.title"], labels["rain.subtitle"])
    figure.subplots().bar(table["name"], table["days"])
    return figure


def describe(table, labels):
    return labels.fill("rain.alt", n=table["days"].sum())


FIGURE = Record(__name__, describe, counted={"days": "rows"})
""",
    "code/weather/labels/en/rain.toml": '[rain]\ntitle = "Wet days"\nsubtitle = "By month"\nalt = "{n} wet days."\n',
    "code/weather/labels/tr/rain.toml": '[rain]\ntitle = "Yağışlı günler"\nsubtitle = "Aylara göre"\nalt = "{n} yağışlı gün."\n',
}
CELLS = [
    ('lang = "en"', ["parameters"]),
    ('from nbproof import parameters\n\nparameters.check("01-rain", globals())', []),
    (
        "from nbproof import labels, study, tables\nfrom nbproof.figures import card\nfrom weather import rain\n\n"
        'plotted = rain.table(tables.read(study.find(), "processed/rain"))\nwords = labels.load(lang)\n'
        "card.publish(rain.FIGURE, rain.draw(plotted, words), plotted, words)",
        [],
    ),
]
RULES = {"lang": {"type": "string", "enum": ["en", "tr"], "title": "language", "default": "en"}}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    root = tmp_path_factory.mktemp("weather")
    days = "month,day,source\n1,3,data/raw/station/days.csv:2\n1,9,data/raw/station/days.csv:3\n2,1,data/raw/station/days.csv:4\n"
    columns = {"month": INTEGER, "day": INTEGER, "source": STRING}
    package(root / "data/raw/station", days=(columns, days))
    package(
        root / "data/reference",
        months=({"month": INTEGER, "name": STRING}, "month,name\n1,January\n2,February\n"),
    )
    package(root / "data/processed", rain=({**columns, "name": STRING}, ""))
    for name, text in CODE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "notebooks").mkdir()
    cells = [
        nbformat.v4.new_code_cell(text, metadata={"tags": tags} if tags else {})
        for text, tags in CELLS
    ]
    metadata = {"kernelspec": notebooks.KERNEL, "nbproof": {"parameters": RULES}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=metadata), root / "notebooks/01-rain.ipynb"
    )
    return root


@pytest.fixture(scope="module")
def run(study):
    environment = {name: value for name, value in os.environ.items() if name != "NBPROOF_TRUSTED"}

    def call(*arguments):
        words = [sys.executable, "-m", "diplolib", *arguments, "--trust"]
        return subprocess.run(
            words, cwd=study, env=environment, capture_output=True, text=True, check=False
        )

    return call


@pytest.fixture(scope="module", params=[(), ("--cold",)], ids=["forked", "cold"])
def made(study, run, request):
    return run("reproduce", "--force", *request.param)


def test_it_runs(made, study):
    got = made.returncode, made.stderr, sorted(path.name for path in study.glob("figures/*.csv"))
    expected = 0, "", ["rain.en.csv", "rain.tr.csv"]
    assert got == expected


def test_its_labels_are_its_own(made, study):
    got = "Yağışlı günler" in (study / "figures" / "rain.tr.svg").read_text(encoding="utf-8")
    expected = True
    assert got == expected


def test_its_marks_lead_to_its_rows(made, run):
    done = run("trace", "rain", "--name", "January", "--csv")
    got = [row["reference"] for row in csv.DictReader(io.StringIO(done.stdout))]
    expected = ["data/raw/station/days.csv:2", "data/raw/station/days.csv:3"]
    assert got == expected


def test_it_is_verified(made, run):
    done = run("verify", "--quick")
    got = done.returncode, "everything agrees" in done.stdout
    expected = (0, True), done.stdout
    assert got == expected[0], expected[1]


def test_a_changed_cell_is_out_of_date(made, study, run):
    path = study / "data" / "raw" / "station" / "days.csv"
    before = path.read_text()
    path.write_text(before.replace("2,1,", "2,2,"))
    got = run("status").stdout.splitlines()[0]
    path.write_text(before)
    expected = "clean  data/raw/station/days.csv has changed"
    assert got == expected


def test_a_study_without_code_has_no_tables_to_clean(tmp_path):
    for name in ("raw", "reference"):
        (tmp_path / "data" / name).mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "diplolib", "clean"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    got = done.returncode, done.stdout, done.stderr
    expected = 0, "", ""
    assert got == expected
