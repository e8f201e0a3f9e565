"""From a mark of a figure back to the printed rows: what was corrected in them, and on what evidence.

The marks are those of the committed `figures/<figure>.<language>.csv`, whose columns that end in
`rows` hold references (see `references`), and those that the study adds to them.
"""

import pkgutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nbproof import references, tables
from nbproof import study as studies
from nbproof.figures import record
from nbproof.study import Study, StudyError, command_line, hint

COLUMNS = [
    "figure", "mark", "shown", "drawn", "part", "adds", "reference", "file", "line", "cells",
    "corrections", "place", "confidence", "evidence", "second_reading",
]  # fmt: skip
EVIDENCE = COLUMNS[-5:]
WIDTH = 110


class LineageError(StudyError):
    """There is no such figure, column or mark; the message names the nearest and what there is."""

    usage = True


def trace(figure: str, *, study: Study | None = None, **columns: object) -> pd.DataFrame:
    """The source rows behind the marks of `figure` whose columns have the given values.

    figure: such as "world-map". columns: any of the figure's table, or one of the study's aliases; values as
    in the table, in any case. Without `mark` it is the first kind of mark, in the table's order, that
    fits. study: default, the one around the working directory.

    Returns COLUMNS, one row a mark and source row: shown (the mark in words), drawn (the number it
    shows, if it counts or adds rows), part (which column of references: `rows`, or `against_rows`, …),
    adds (what the row adds to `drawn`), reference, file and line (line 1 is the header), cells (as
    printed), corrections (each with its reason and evidence), place, confidence and evidence of its
    identification, and second_reading. Raises LineageError for an unknown figure, column or value.
    """
    study = study or studies.find()
    chosen = select(marks(study, figure), figure, columns, study.face.aliases)
    return follow(study, figure, chosen)


def marks(study: Study, figure: str, language: str = "en") -> pd.DataFrame:
    """A figure's committed table as text, with the marks that its record adds."""
    path = study.figures / f"{figure}.{language}.csv"
    if not path.is_file():
        known = sorted(
            file.name.removesuffix(f".{language}.csv")
            for file in study.figures.glob(f"*.{language}.csv")
        )
        raise LineageError(_unknown("figure", figure, known))
    found = read(path)
    more = about(study, figure)["more"]
    return study.own(more)(study, found) if more else found


def about(study: Study, figure: str) -> dict:
    """What the notebook that shows a figure says of it: see `record.published`."""
    said = record.find(sorted(study.notebooks.glob("*.ipynb")), figure)
    return {"counted": {}, "printed": {}, "more": "", **(said or {})}


def select(
    found: pd.DataFrame, figure: str, columns: dict, aliases: Mapping[str, list[str]]
) -> pd.DataFrame:
    """The marks whose columns have these values, of the first kind that fits if none is asked for."""
    for name, value in columns.items():
        looked = [name] if name in found else aliases.get(name, [])
        looked = [column for column in looked if column in found]
        if not looked:
            offered = [column for column in found.columns if not column.endswith("rows")]
            offered += [alias for alias, real in aliases.items() if set(real) & set(offered)]
            raise LineageError(_unknown(f"{figure}: column", name, offered))
        wanted = str(value).casefold()
        same = [found[column].str.casefold() == wanted for column in looked]
        fits = pd.concat(same, axis="columns").any(axis="columns")
        if not fits.any():
            offered = pd.unique(pd.concat([found[column] for column in looked]))
            raise LineageError(
                _unknown(f"{figure}: {name}", str(value), [one for one in offered if one])
            )
        found = found[fits]
    return found if "mark" in columns else found[found["mark"] == found["mark"].iloc[0]]


def follow(study: Study, figure: str, chosen: pd.DataFrame) -> pd.DataFrame:
    """The source rows of some rows of `marks`; the columns of `trace`."""
    parts = [name for name in chosen.columns if name.endswith("rows")]
    said_of, long = about(study, figure), []
    # `rows` stands last in the table; it is what people ask for first.
    for part in reversed(parts):
        cells = chosen[part].str.split(references.SEPARATOR).explode()
        cells = cells[cells != ""].rename("reference")
        drawn = _drawn(said_of, chosen, part).rename("drawn")
        frame = chosen[["mark"]].assign(shown=said(chosen)).join(drawn)
        long.append(frame.join(cells, how="inner").assign(part=part))
    named = pd.concat(long).reset_index(names="order")
    named = named.sort_values("order", kind="stable").drop(columns="order")
    found = named.merge(rows(study, named["reference"]), on="reference", how="left")
    counted = found["drawn"].notna().astype("Int64")
    found["adds"] = counted.where(found["drawn"].notna())
    kinds = pd.Series([said_of["printed"].get(mark) for mark in found["mark"]], index=found.index)
    for column in kinds.dropna().unique():
        text = found["printed"].map(lambda cells, name=column: cells.get(name))
        found["adds"] = found["adds"].mask(kinds == column, pd.to_numeric(text).astype("Int64"))
    return found.assign(figure=figure)[COLUMNS]


def rows(study: Study, wanted: pd.Series) -> pd.DataFrame:
    """Each reference's source row: reference, file, line, cells, and what is known about it.

    Raises StudyError for a reference that leads nowhere: the figures are older than the data.
    """
    found = pd.DataFrame({"reference": pd.unique(wanted)})
    identified = [
        tables.read(study, table).set_index(key, drop=False)
        for table, key in study.face.identified.items()
    ]
    known = pd.concat(identified) if identified else pd.DataFrame(columns=["source"])
    listed = known.reindex(found["reference"]).reset_index(drop=True)
    source = listed["source"].fillna(found["reference"])
    found[["file", "line"]] = source.str.rsplit(":", n=1, expand=True).reindex(columns=[0, 1])
    found["line"] = pd.to_numeric(found["line"]).astype("Int64")
    files = {name: read(study.root / name) for name in found["file"].unique() if _is(study, name)}
    lost = [
        reference
        for reference, file, line in found.itertuples(index=False)
        if pd.isna(line) or file not in files or not 2 <= line < len(files[file]) + 2
    ]
    if lost:
        raise StudyError(
            f"{lost[0]}: no such row. The figures are older than the data: run {command_line('reproduce')}."
        )
    printed = [
        files[file].iloc[line - 2].to_dict()
        for file, line in zip(found["file"], found["line"], strict=True)
    ]
    found["printed"] = printed
    found["cells"] = [_cells(cells) for cells in printed]
    return pd.concat([found, _evidence(study, found, listed)], axis="columns")


def said(chosen: pd.DataFrame) -> pd.Series:
    """Each mark in words: its columns that hold something, without translations and references."""
    shown = [n for n in chosen.columns if n != "mark" and not n.endswith(("rows", "_tr"))]
    return pd.Series(
        [_cells(cells, ", ") for cells in chosen[shown].to_dict("records")], index=chosen.index
    )


def offered(found: pd.DataFrame, figure: str) -> list[str]:
    """What can be asked for: the kinds of marks, and the columns with an example each."""
    kinds = ", ".join(f"{mark} ({n})" for mark, n in found["mark"].value_counts(sort=False).items())
    text = _wrapped(f"{figure}, marks: {kinds}", "")
    for name in [
        column for column in found.columns if column != "mark" and not column.endswith("rows")
    ]:
        values = [value for value in pd.unique(found[name]) if value]
        text.append(f"  --{name:<16} {textwrap.shorten(', '.join(values), 70, placeholder=' …')}")
    return text


def others(
    found: pd.DataFrame, figure: str, columns: dict, aliases: Mapping[str, list[str]]
) -> list[str]:
    """Which other kinds of marks fit as well."""
    if "mark" in columns:
        return []
    first = select(found, figure, columns, aliases)["mark"].iloc[0]
    kinds = [kind for kind in pd.unique(found["mark"]) if kind != first]
    fitting = []
    for kind in kinds:
        try:
            n = len(select(found[found["mark"] == kind], figure, columns, aliases))
        except LineageError:
            continue
        fitting.append(f"--mark {kind} ({n})")
    return [f"\nAlso: {', '.join(fitting)}"] if fitting else []


def lines(traced: pd.DataFrame, chosen: pd.DataFrame) -> list[str]:
    """`trace` for the screen: a block a mark, and in it one a source row."""
    text = []
    for mark, shown in zip(chosen["mark"], said(chosen), strict=True):
        if not (traced["shown"] == shown).any():
            text += [*_wrapped(f"{mark}: {shown}", ""), "  no source row", ""]
    for (mark, shown), block in traced.groupby(["mark", "shown"], sort=False):
        text += _wrapped(f"{mark}: {shown}", "")
        for part, some in block.groupby("part", sort=False):
            total = f", sum {some['adds'].sum()}" if some["adds"].notna().all() else ""
            name = "" if part == "rows" else f" ({part})"
            text.append(f"  {len(some)} source row{'s' if len(some) > 1 else ''}{name}{total}")
            for row in some.itertuples():
                text += _block(row)
        text.append("")
    return text[:-1]


def _block(row: Any) -> list[str]:
    own = "" if row.reference.startswith(row.file) else f"{row.reference}  "
    text = [f"  {own}{row.file}, line {row.line}", *_wrapped(row.cells)]
    if row.corrections:
        text += _wrapped(f"corrected: {row.corrections}")
    if row.confidence:
        name = row.place or "not identified"
        text += _wrapped(f"place: {name}; confidence {row.confidence}. {row.evidence}")
    if row.second_reading:
        text += _wrapped(f"second reading: {row.second_reading}")
    return text


def _wrapped(text: str, indent: str = "      ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def _evidence(study: Study, found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """EVIDENCE of each row; empty where the study says nothing of them."""
    if study.face.evidence:
        return pkgutil.resolve_name(study.face.evidence)(study, found, listed)
    return pd.DataFrame("", index=found.index, columns=EVIDENCE)


def _drawn(said_of: Mapping, chosen: pd.DataFrame, part: str) -> pd.Series:
    """The number that a mark's rows add up to; missing where its rows are not added."""
    number = pd.Series(pd.NA, index=chosen.index, dtype="Int64")
    counts = [column for column, rows in said_of["counted"].items() if rows == part]
    for name in [column for column in counts if column in chosen]:
        number = number.fillna(_whole(chosen[name]))
    if part == "rows":
        for mark, name in said_of["printed"].items():
            number = number.mask(chosen["mark"] == mark, _whole(chosen[name]))
    return number


def _whole(text: pd.Series) -> pd.Series:
    number = pd.to_numeric(text.where(text != ""))
    return number.where(number % 1 == 0).astype("Int64")


def _cells(cells: Mapping[Any, str], separator: str = " · ") -> str:
    return separator.join(f"{name} {value}" for name, value in cells.items() if value)


def read(path: Path) -> pd.DataFrame:
    """A table's cells as text, empty where they are."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _is(study: Study, name: str) -> bool:
    return name.startswith("data/") and study.holds(name)


def _unknown(what: str, value: str, known: list[str]) -> str:
    shown = ", ".join(known[:20]) + (f", … ({len(known)} in all)" if len(known) > 20 else "")
    return f"{what} {value!r}: there is none.{hint(value, known, 0.5)} There are: {shown}."
