"""The commands of city diplomacy, beside those that any collection has."""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

from nbproof.study import Study, UsageError

EXAMPLES = {
    "locate": """  diplolib locate "Osaka, Japan"
  diplolib locate "Vılladecans" --country ES
  diplolib locate --file partners.csv --output located.csv
""",
}


def arguments(command: Callable, accepting: Callable, positive: Callable) -> None:
    """Add the commands to the parser; see `nbproof.arguments.parser`."""
    located = command(
        "locate",
        "where partners lie, by name",
        "A place of data/reference/places.csv that a person has settled wins; other names are looked up in\n"
        "GeoNames (geonames.org, CC BY 4.0), which needs the extra diplolib[gazetteer]. What is unsure is\n"
        "not placed: candidates are listed, best first.",
        anywhere=True,
    )
    located.add_argument("names", nargs="*", metavar="NAME")
    located.add_argument(
        "--country", metavar="COUNTRY", help="its name in any language, or its code"
    )
    located.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="a CSV file with the columns partner and, if known, country",
    )
    located.add_argument("--output", type=Path, metavar="FILE", help="write a CSV file")


def locate(study: Study, options: argparse.Namespace) -> int:
    """Print or write where partners lie; 1 if any is not placed."""
    from diplolib.locating import locate as look_up

    if bool(options.names) == bool(options.file):
        raise UsageError("Name places, or a file of them with --file; one of the two.")
    names, countries = options.names, options.country
    if options.file:
        names, countries = _asked(options.file)
    found = look_up(names, countries)
    found["candidates"] = [
        "; ".join(map(str, row)) if how in ("unsure", "not found") else ""
        for row, how in zip(found["candidates"], found["found"], strict=True)
    ]
    if options.output:
        found.to_csv(options.output, index=False)
        placed = found["latitude"].notna().sum()
        print(f"{options.output}  {placed} of {len(found)} placed")
    else:
        for row in found.itertuples():
            where = f"{row.place} ({row.country_code}) {row.latitude}, {row.longitude}"
            said = where if row.confidence != "none" else f"not placed. {row.candidates}"
            print(f"{row.asked}  {said}  {row.confidence}, {row.found}".replace("none, ", ""))
    return int(found["latitude"].isna().any())


def _asked(file: Path) -> tuple[list[str], list[str]]:
    """The partners of a CSV file, and their countries."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if not rows or "partner" not in rows[0]:
        raise UsageError(
            f"{file}: expected a CSV file with a column partner, and country if it is known."
        )
    return [row["partner"] for row in rows], [row.get("country", "") for row in rows]


COMMANDS = {function.__name__: function for function in (locate,)}
