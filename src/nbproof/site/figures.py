"""What a figure's page shows: the figure, its files, its notebook, its module and the rows behind it."""

import textwrap
from dataclasses import dataclass
from importlib import resources

import pandas as pd

from nbproof import lineage, references
from nbproof.figures import record
from nbproof.site.notebooks import Executed
from nbproof.study import Study

FEW = 12  # references of a mark that a page names
LONGEST = 200  # characters of a printed row


@dataclass(frozen=True)
class Shown:
    """One published figure in one language."""

    name: str
    notebook: str
    module: str
    title: str
    subtitle: str
    alt: str
    card: str
    reading: list[str]
    below: list[float]  # the share of the height below the headings; second, on a phone

    @property
    def files(self) -> list[str]:
        return ["png", "svg", *(["phone.svg"] if len(self.below) > 1 else []), "csv"]


def shown(notebook: Executed) -> list[Shown]:
    """The figures that a notebook publishes, in its order."""
    return [
        Shown(
            name=said["name"],
            notebook=notebook.name,
            module=said["module"],
            title=said["title"] or notebook.title,
            subtitle=said["subtitle"],
            alt=said["alt"],
            card=record.card(said),
            reading=notebook.reading(),
            below=said["below"],
        )
        for _, said in record.published(notebook.content)
    ]


def source(module: str) -> str:
    """The text of a figure's module, such as "a.figures.b"."""
    package, _, name = module.rpartition(".")
    return (resources.files(package) / f"{name}.py").read_text(encoding="utf-8")


def marks(study: Study, figure: str, language: str) -> dict[str, pd.DataFrame]:
    """Each kind of mark: the columns that say something of it, and the rows behind each mark.

    A long list of references is cut; their number stands after it.
    """
    found = _own(study, figure, language)
    other = "_tr" if language == "en" else ""
    twice = {name for name in found if f"{name}_tr" in found}
    hidden = {"mark", *(name + other for name in twice)}
    kinds = {}
    for mark, some in found.groupby("mark", sort=False):
        told = [name for name in some if name not in hidden and some[name].ne("").any()]
        some = some[told]
        cut = {name: some[name].map(_few) for name in told if name.endswith("rows")}
        kinds[mark] = some.assign(**cut)
    return kinds


def rows(study: Study, figure: str, language: str) -> pd.DataFrame:
    """The source rows of all marks, in the order of file and line, each once.

    Columns reference (where it is not the source itself), source (file and line), cells, corrections,
    place and confidence.
    """
    found = _own(study, figure, language)
    cells = pd.concat([found[name] for name in found if name.endswith("rows")])
    named = cells[cells != ""].str.split(references.SEPARATOR).explode()
    printed = lineage.rows(study, named).sort_values(["file", "line"])
    source = printed["file"] + ":" + printed["line"].astype("str")
    cells = [textwrap.shorten(text, LONGEST, placeholder=" …") for text in printed["cells"]]
    other = printed["reference"].where(printed["reference"] != source, "")
    shown = printed.assign(reference=other, source=source, cells=cells).reset_index(drop=True)
    return shown[["reference", "source", "cells", "corrections", "place", "confidence"]]


def _own(study: Study, figure: str, language: str) -> pd.DataFrame:
    """The committed table; the ledger's statements have a page of their own."""
    found = lineage.marks(study, figure, language)
    return found[found["mark"] != "claim"]


def _few(cell: str) -> str:
    single = cell.split(references.SEPARATOR)
    if len(single) <= FEW:
        return " ".join(single)
    return f"{' '.join(single[:FEW])} … ({len(single)})"
