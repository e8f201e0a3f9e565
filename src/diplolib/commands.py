"""The commands of city diplomacy, beside those that any collection has."""

import argparse
import csv
from pathlib import Path

from nbproof import study as studies
from nbproof.study import Study, UsageError


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


def seal(study: Study, options: argparse.Namespace) -> int:
    """Bring checksums up to date, and read a list again."""
    from diplolib import inventory
    from nbproof.tables import package

    edited = package.seal(study, write=not options.check)
    print("\n".join(edited) or "Every source table is as its checksum says.")
    if options.check or not (study.data / "raw" / "list").is_dir():
        return int(options.check and bool(edited))
    said = "data/raw/list/rows.csv is as the list now; next: diplolib reproduce"
    print(*inventory.seal(study), said, sep="\n")
    return 0


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
