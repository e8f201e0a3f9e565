"""The figure card: a text beside each figure by which it can be checked, and the figure's files."""

import hashlib
import os
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from nbproof.figures import artists, style
from nbproof.files import write_bytes
from nbproof.labels import Labels
from nbproof.tables.cells import FORMULA
from nbproof.tables.csvfile import as_text


def canonical(table: pd.DataFrame) -> bytes:
    """The plotted table as CSV, without the noise of floating-point numbers (ten digits kept).

    It is made for spreadsheets: text that one would run as a formula is marked as text.
    """
    table = table.copy()
    for column in table.columns[[pd.api.types.is_string_dtype(kind) for kind in table.dtypes]]:
        table[column] = table[column].str.replace(FORMULA, r"'\g<0>", regex=True)
    for column in table.columns[[pd.api.types.is_float_dtype(kind) for kind in table.dtypes]]:
        table[column] = table[column].map("{:.10g}".format, na_action="ignore").astype("str")
    return as_text(table).to_csv(index=False, lineterminator="\n").encode()


def card(name: str, table: pd.DataFrame, labels: Labels) -> str:
    """Rows, sums and ranges of the plotted table by kind of mark, and its sha256.

    table: with a column `mark`; every numeric column is summed up by its range. The sha256 is that of
    the CSV file beside the figure.
    """
    lines = [f"figure    {name} ({labels.language})", f"rows      {len(table)}"]
    for mark, rows in table.groupby("mark", sort=False):
        numbers = rows.select_dtypes("number").dropna(axis="columns", how="all")
        said = [f"{mark:<9} {len(rows)} rows"]
        for column, values in numbers.items():
            text = f"{column} {_short(values.min())} to {_short(values.max())}"
            if column in SUMMED and mark not in UNSUMMED:
                text += f", sum {_short(values.sum())}"
            said.append(text)
        lines.append("; ".join(said))
    lines.append(f"sha256    {hashlib.sha256(canonical(table)).hexdigest()}")
    return "\n".join(lines)


# Columns whose sum means something
SUMMED = {"agreements", "activities", "protocols", "claims"}
# Marks whose rows count the same agreements again
UNSUMMED = {"cumulative", "total", "contrast"}


def publish(
    name: str, figure: Figure, table: pd.DataFrame, description: str, labels: Labels
) -> None:
    """Show a figure with its alt text, print its card, and store its files if a run asks for them.

    Files go to `$NBPROOF_OUTPUT/figures/<name>.<language>.{png,svg,csv}`; without that variable
    nothing is written.
    """
    from IPython.display import Image, display

    # Drawn once: the notebook's picture is the file's, made smaller.
    large = style.pixels(figure)
    small = style.reduced(large)
    picture = style.png(small, style.DPI / style.FINER)
    display(Image(picture, width=small.shape[1], alt=description))
    print(card(name, table, labels))
    output = os.environ.get("NBPROOF_OUTPUT")
    if output:
        folder = Path(output) / "figures"
        files = {"png": style.png(large, style.DPI), "svg": style.render(figure, "svg")}
        for kind, data in files.items():
            write_bytes(folder / f"{name}.{labels.language}.{kind}", data)
        write_bytes(folder / f"{name}.{labels.language}.csv", canonical(table))
        if os.environ.get(artists.WANTED):
            write_bytes(folder / f"{name}.{labels.language}.json", artists.summary(figure))


def _short(number) -> str:
    return f"{number:.10g}"
