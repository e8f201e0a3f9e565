"""A list of partners as large as the largest known: tools/make_inventory.py FILE [--ties 15000] [--seed 1]

Partners are places of GeoNames (geonames.org, CC BY 4.0), drawn by their people; years and municipalities are
drawn too. Nothing in it is a fact: it shows whether the tools bear its size, and is never committed.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from diplolib.gazetteer import gazetteer

COLUMNS = ["municipality", "partner", "country", "year", "status"]
NONE = 0.1  # of the ties have no year


def rows(ties: int, municipalities: int, seed: int) -> list[tuple[str, str, str, str, str]]:
    """The same list for the same seed, a row a tie."""
    chance = np.random.default_rng(seed)
    found = gazetteer().open.execute(
        "select name, country, population from place where population > 5000 and id in"
        " (select place from name where kind = 0) order by id"
    )
    names, lands, people = zip(*found, strict=True)
    weights = np.sqrt(np.array(people, dtype=float))
    drawn = chance.choice(len(names), ties, p=weights / weights.sum())
    # Each municipality has a tie; of the others a few have most.
    owners = chance.zipf(1.3, ties) % municipalities
    owners[:municipalities] = np.arange(municipalities)[:ties]
    owners = chance.permutation(owners)
    years = chance.integers(1950, 2025, ties)
    undated, ended = chance.random(ties) < NONE, chance.random(ties) < NONE
    return [
        (
            f"Municipality {owner}",
            names[place],
            lands[place],
            "" if unknown else str(year),
            "ended" if over else "",
        )
        for place, owner, year, unknown, over in zip(
            drawn, owners, years, undated, ended, strict=True
        )
    ]


def main(words: list[str] | None = None) -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    for name, number in (("ties", 15_000), ("municipalities", 2_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args(words)
    with options.file.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [COLUMNS, *rows(options.ties, options.municipalities, options.seed)]
        )


if __name__ == "__main__":
    main()
