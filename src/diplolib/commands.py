"""The commands of city diplomacy, beside those that any collection has."""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

from nbproof import study as studies
from nbproof.study import Study, UsageError

EXAMPLES = {
    "": """
  diplolib new study izmir --from list.xlsx
                                      begin a study from a list of partners
  diplolib check izmir                what is doubtful in its list
  diplolib locate "Osaka, Japan"      where a partner lies
""",
    "new": "  diplolib new study izmir --from list.xlsx --country TR\n",
    "compare": "  diplolib compare izmir bursa --output side-by-side\n",
    "add": '  diplolib add Osaka --country Japan --year 1960 --source "https://…, 2026-11-29"\n',
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
    land, csv_file = "its name in any language, or its code", "write a CSV file"
    located.add_argument("--country", metavar="COUNTRY", help=land)
    asked = "a CSV file with the columns partner and, if known, country"
    located.add_argument("--file", type=Path, metavar="FILE", help=asked)
    located.add_argument("--output", type=Path, metavar="FILE", help=csv_file)

    made = command(
        "new",
        "begin a study from a list of partners: a folder with the list, its figures and a guide",
        "The list may be a workbook of Excel or OpenDocument, a CSV file of any separator and encoding,\n"
        "or a text with a partner a line. Only the partner is needed. Without a list a template is written.",
        anywhere=True,
    )
    made.add_argument("what", choices=["study"], metavar="study")
    made.add_argument("folder", type=Path, metavar="NAME")
    made.add_argument("--from", dest="file", type=Path, metavar="FILE", help="the list")
    made.add_argument("--city", default="", help="the studied city (default: the folder's name)")
    made.add_argument("--country", default="", help="its country")
    made.add_argument("--source", default="", help="who keeps the list, and when it was read")
    doubtful = "say what is doubtful in a study's list; nothing is written"
    checked = command("check", doubtful, anywhere=True)
    around = "default: the study around"
    checked.add_argument("folder", nargs="?", type=Path, metavar="NAME", help=around)
    command(
        "seal",
        "read a study's list again, propose places for new names, write what the study lacks",
    )
    compared = command(
        "compare",
        "put studies side by side, in a folder of its own",
        "Agreements a decade, regions, capitals, distance, concentration and shared partners, matched by\n"
        "place. Counts stand beside every share.",
        anywhere=True,
    )
    compared.add_argument("folders", nargs="+", type=Path, metavar="STUDY")
    compared.add_argument("--output", type=Path, default=Path("comparison"), metavar="DIR")
    added = command(
        "add",
        "add an agreement that the sources do not print, with its own source",
        "It goes into data/additions/agreements.csv, apart from the list.",
    )
    added.add_argument("partner", metavar="PARTNER")
    for name in ("country", "year", "form", "municipality"):
        added.add_argument(f"--{name}")
    added.add_argument("--level", default="metropolitan")
    reported = "where it is reported: address, date of access"
    added.add_argument("--source", required=True, help=reported)


def new(study: Study, options: argparse.Namespace) -> None:
    """Write the folder of a new study, and say what to look at."""
    from diplolib import inventory

    names = ("folder", "file", "city", "country", "source")
    said = inventory.create(*(getattr(options, name) for name in names))
    print(
        *said, f"{options.folder}/  next: diplolib check {options.folder}, then GUIDE.md", sep="\n"
    )
    for name, column in Study(options.folder).settings["columns"].items():
        print(f"  {name:<12} = {column!r}")
    print("Is a column read wrongly? Correct [columns] in study.toml.")


def check(study: Study, options: argparse.Namespace) -> int:
    """Print what is doubtful; 1 if anything is."""
    from diplolib import inventory

    said = inventory.problems(studies.find(options.folder or study.root))
    print("\n".join(said) or "Nothing is doubtful.")
    return int(bool(said))


def seal(study: Study, options: argparse.Namespace) -> None:
    """Read the list again."""
    from diplolib import inventory

    said = "data/raw/list/rows.csv is as the list now; next: diplolib reproduce"
    print(*inventory.seal(study), said, sep="\n")


def add(study: Study, options: argparse.Namespace) -> None:
    """Add an agreement."""
    from diplolib import inventory

    names = ("partner", "country", "year", "form", "level", "municipality", "source")
    row = inventory.add(study, {name: getattr(options, name) for name in names})
    print(
        f"data/additions/agreements.csv: {row['listed_as']} ({row['country_code'] or 'place known'}); "
        "next: diplolib reproduce"
    )


def compare(study: Study, options: argparse.Namespace) -> None:
    """Write the folder of a comparison."""
    from diplolib.comparison import create

    create(options.output, options.folders)
    print(f"{options.output}/  next: diplolib reproduce --study {options.output}")


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


COMMANDS = {function.__name__: function for function in (new, check, seal, add, compare, locate)}
