"""Publish a figure: its picture, the card by which it can be checked, and its files."""

import hashlib
import os
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from nbproof import escape
from nbproof.figures import record, style
from nbproof.figures.record import KEY, Record
from nbproof.files import write_bytes
from nbproof.labels import Labels
from nbproof.tables.csvfile import as_text


def canonical(table: pd.DataFrame) -> bytes:
    """The plotted table as CSV, without the noise of floating-point numbers (ten digits kept).

    It is made for spreadsheets: text that one would run as a formula is marked as text.
    """
    table = table.copy()
    for column in table.columns[[pd.api.types.is_string_dtype(kind) for kind in table.dtypes]]:
        table[column] = table[column].map(escape.spreadsheet, na_action="ignore")
    for column in table.columns[[pd.api.types.is_float_dtype(kind) for kind in table.dtypes]]:
        table[column] = table[column].map("{:.10g}".format, na_action="ignore").astype("str")
    return as_text(table).to_csv(index=False, lineterminator="\n").encode()


def facts(figure: Record, table: pd.DataFrame, language: str) -> dict:
    """What `record.card` says of a plotted table, by kind of mark, and the sha256 of its CSV file.

    table: with a column `mark`; every numeric column is summed up by its range, and what counts rows by
    its sum.
    """
    marks = []
    for mark, rows in table.groupby("mark", sort=False):
        numbers = rows.select_dtypes("number").dropna(axis="columns", how="all")
        columns = []
        for name, values in numbers.items():
            summed = name in figure.counted and mark not in figure.again
            low_high = [name, _short(values.min()), _short(values.max())]
            columns.append([*low_high, *([_short(values.sum())] if summed else [])])
        marks.append([mark, len(rows), columns])
    return {
        "name": figure.name,
        "language": language,
        "rows": len(table),
        "marks": marks,
        "sha256": hashlib.sha256(canonical(table)).hexdigest(),
    }


def said(
    figure: Record, drawn: Figure, table: pd.DataFrame, labels: Labels, phone: Figure | None = None
) -> dict:
    """What goes with a figure's picture (see `record.published`), without its alt text."""
    title, subtitle = style.headings(drawn)
    return {
        **facts(figure, table, labels.language),
        "title": title,
        "subtitle": subtitle,
        "module": figure.module,
        "counted": dict(figure.counted),
        "printed": dict(figure.printed),
        "more": figure.more,
        "below": [style.below_headings(each) for each in (drawn, phone) if each],
    }


def publish(
    figure: Record, drawn: Figure, table: pd.DataFrame, labels: Labels, phone: Figure | None = None
) -> None:
    """Show a figure with its alt text, print its card, and store its files if a run asks for them.

    What others need to know of it goes with the picture (see `record.published`). Files go to
    `$NBPROOF_OUTPUT/figures/<name>.<language>.{png,svg,csv}`; without that variable nothing is written.
    phone: the same table drawn for a narrow page, for a file more, `<name>.<language>.phone.svg`.
    """
    from IPython.display import Image, display

    about = said(figure, drawn, table, labels, phone)
    # Drawn once: the notebook's picture is the file's, made smaller.
    large = style.pixels(drawn)
    small = style.reduced(large)
    picture = style.png(small, style.DPI / style.FINER)
    alt = figure.describe(table, labels)
    display(Image(picture, width=small.shape[1], alt=alt, metadata={KEY: about}))
    print(record.card(about))
    output = os.environ.get("NBPROOF_OUTPUT")
    if output:
        folder = Path(output) / "figures"
        stem = f"{figure.name}.{labels.language}"
        files = {"png": style.png(large, style.DPI), "svg": style.render(drawn, "svg", alt=alt)}
        if phone:
            files["phone.svg"] = style.render(phone, "svg", alt=alt)
        for kind, data in files.items():
            write_bytes(folder / f"{stem}.{kind}", data)
        write_bytes(folder / f"{stem}.csv", canonical(table))


def _short(number: float) -> str:
    return f"{number:.10g}"
