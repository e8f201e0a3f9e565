"""Everything that is committed, computed again: what hardly any mutant can leave as it is."""

import importlib
import json
import pkgutil
from pathlib import Path

import pandas as pd
import pytest

from ankara import claims, cleaning
from ankara import figures as own_figures
from ankara.specifications import computed
from ankara.specifications.subjects import Desk
from diplolib import figures
from nbproof import study, tables
from nbproof.figures import card

HERE = study.find(Path(__file__))
NOTEBOOKS = [
    path for path in sorted(HERE.notebooks.glob("*.ipynb")) if "publish(" in path.read_text()
]
CLAIM = "metropolitan-asia"  # every claim has the same choices
CLEANED = sorted({path.stem for path in HERE.data.glob("processed/*.csv")} - {"claims"})
MODULES = [
    importlib.import_module(f"{package.__name__}.{module.name}")
    for package in (figures, own_figures)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.fixture(scope="session")
def cleaned(collection):
    return cleaning.process(collection)


@pytest.fixture
def undrawn(monkeypatch, collection):
    """Figures are neither drawn, described nor shown; what they plot comes into the list."""
    found = {}
    for module in MODULES:
        for name in {"draw", "describe"} & set(vars(module)):
            monkeypatch.setattr(module, name, lambda *given, **named: None)
    monkeypatch.setattr(
        card,
        "publish",
        lambda figure, drawn, table, words: found.update({figure.name: card.canonical(table)}),
    )
    monkeypatch.chdir(collection.root)
    return found


def committed(collection, name):
    return (collection.data / "processed" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", CLEANED)
def test_a_cleaned_table_is_the_committed_one(collection, cleaned, name):
    got = tables.encode(cleaned[name], collection, f"processed/{name}")
    expected = committed(collection, name)
    assert got == expected


def test_the_ledger_is_the_committed_one(collection):
    got = tables.encode(claims.judge(collection), collection, "processed/claims")
    expected = committed(collection, "claims")
    assert got == expected


def test_all_claims_are_what_is_stored_under_every_choice(collection):
    desk = Desk(collection)
    stored = tables.read(collection, computed.TABLE).query("scope == 'claim'")
    defined = {name: values[0] for name, values in desk.values("claim", CLAIM).items()}
    got, expected = [], []
    for row in stored.to_dict("records"):
        chosen = {name: row[name] for name in defined if isinstance(row[name], str)}
        result, _ = desk.evaluate("claim", row["id"], defined | chosen)
        got.append((row["id"], chosen, *result))
        results = (row[name] for name in result._fields)
        expected.append((row["id"], chosen, *(None if pd.isna(one) else one for one in results)))
    assert got == expected


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_plots_the_committed_tables(collection, undrawn, path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    last = max(number for number, cell in enumerate(code) if "publish(" in cell)
    exec("\n".join(code[: last + 1]), {"display": lambda *shown: None})
    got = undrawn
    expected = {name: (collection.figures / f"{name}.en.csv").read_bytes() for name in got}
    assert got == expected
