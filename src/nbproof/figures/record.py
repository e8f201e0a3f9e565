"""What others need to know of a figure: its module says it once, its published picture carries it along.

Nothing that draws is imported here, so that what only reads answers at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbproof.pipeline import checksums

KEY = "figure"  # in the metadata of the picture's output


@dataclass(frozen=True)
class Record:
    """A figure, in the module that draws it: `FIGURE = Record(__name__, describe, …)`.

    module: that module; the figure's files are named as it is, with hyphens. describe: the alt text,
    from the plotted table and labels. counted: the plotted table's columns that count rows, and the
    column that names these rows. again: marks whose rows count the same rows once more; their card has
    no sum. printed: marks that show a printed number, and that number's column in the source table.
    more: what adds marks that stand in no plotted table, from the study and the table, as "module:name".
    readings: how its marks are read (see `nbproof.figures.reading`), by which `verify` reads the picture
    back into the table. joins: its title tells what two kinds of marks give together, so that no row of the
    table alone has its numbers.
    """

    module: str
    describe: Callable
    counted: Mapping[str, str] = field(default_factory=dict)
    again: tuple[str, ...] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    readings: tuple = ()
    joins: bool = False

    @property
    def name(self) -> str:
        """What its files are called, such as "world-map"."""
        return name_of(self.module.rpartition(".")[2])


def name_of(module: str) -> str:
    """The figure that the module of this name draws."""
    return module.replace("_", "-")


def published(notebook: Mapping) -> Iterator[tuple[int, dict]]:
    """Each figure that an executed notebook shows: its cell, counted from 0, and what `publish` said of it.

    name, language, module, title, subtitle, alt, sha256 (of its CSV file), rows, marks (each with its name,
    its rows, and for each numeric column [name, lowest, highest, sum if it has one]), counted, printed,
    more, below (which share of the height lies below title and subtitle; a second number is that of the
    SVG for a narrow page, where there is one).
    """
    for number, cell in enumerate(notebook["cells"]):
        for output in cell.get("outputs", []) if cell["cell_type"] == "code" else ():
            about = output.get("metadata", {}).get("image/png", {})
            if isinstance(about, Mapping) and KEY in about:
                yield number, {**about[KEY], "alt": about.get("alt", "")}


def find(notebooks: Iterable[Path], name: str) -> dict | None:
    """What is said of the figure `name`; None where none of the notebooks shows it."""
    for path in notebooks:
        stored = path.read_bytes()
        if f'"{name}"'.encode() in stored:
            for _, said in published(checksums.parsed(stored)):
                if said["name"] == name:
                    return said
    return None


def card(said: Mapping) -> str:
    """The text beside a figure by which it can be checked: its rows, ranges and sums by kind of mark."""
    lines = [f"figure    {said['name']} ({said['language']})", f"rows      {said['rows']}"]
    for mark, rows, columns in said["marks"]:
        parts = [f"{mark:<9} {rows} rows"]
        for column, low, high, *total in columns:
            parts.append(f"{column} {low} to {high}" + "".join(f", sum {n}" for n in total))
        lines.append("; ".join(parts))
    return "\n".join([*lines, f"sha256    {said['sha256']}"])
