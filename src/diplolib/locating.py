"""Where partners lie, by name: a person's answer, or the gazetteer's candidates, weighed.

What is unsure is not placed.
The weights and limits were chosen on sister cities of Wikidata; `make bench-places` measures them.
"""

import functools
import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from diplolib.gazetteer import (
    ALSO,
    DIVISION,
    OWN,
    POSTAL,
    ROUGH,
    SIGN,
    WIDE,
    WORDS,
    Gazetteer,
    Place,
    fold,
    gazetteer,
    is_latin,
    kilometres,
    latin,
    without_unit,
)  # fmt: skip
from nbproof import study as studies
from nbproof import tables
from nbproof.study import UsageError

NEAR_KM = 25  # places so near are one answer
BESIDE = WORDS["beside"]
# How far, in powers of ten of people, the first place must lead others of its name to be the one meant.
LEAD, SURE, LARGE, ALONE = 0.83, 1.8, 3.0, 9.0
HAMLET = 1_000
KNOWN = 50_000  # people of a place that may be meant where no country is given
SPELLED = (80, 65)  # of 100: how alike a misspelt name must be to be a candidate, first and at last
# Letters that differ, letters of the name, people: what a misspelt name is placed by
MISSPELT = ((1, 9, 5_000), (1, 6, 250_000), (2, 12, 20_000))
DOUBLE, LINK = (re.compile(WORDS["parts"][of], re.IGNORECASE) for of in ("double", "link"))
HOW = {OWN: "exact", ALSO: "alternate name", POSTAL: "postal code"}
PROPOSED = "proposed"  # basis of a place that nobody has reviewed
COLUMNS = [
    "asked", "country", "place", "country_code", "latitude", "longitude", "confidence", "found", "candidates",
]  # fmt: skip


def locate(
    names: str | Iterable[str],
    countries: str | Iterable[str] | None = None,
    reviewed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find where places lie, by name.

    Parameters
    ----------
    names : str or iterable of str
        Names as people write them.
    countries : str or iterable of str, optional
        One for all or one for each, by name in any language or by code; empty where it is not known.
    reviewed : pandas.DataFrame, optional
        Places that a person has settled, with the columns of data/reference/places.csv (default: those of the
        study around the working directory); they win over the gazetteer.

    Returns
    -------
    pandas.DataFrame
        A row a name, in their order: asked, country, place, country_code, latitude, longitude, confidence
        (high, medium, low; none: not placed), found (how) and candidates (places, best first, at most
        five). Places: GeoNames (geonames.org), CC BY 4.0.

    Raises
    ------
    UsageError
        Without the extra `diplolib[gazetteer]`, or if names and countries are not as many.

    Examples
    --------
    >>> from diplolib import locate
    >>> found = locate(["Osaka, Japan", "Köln"], ["", "Almanya"])
    >>> found[["place", "country_code", "confidence"]]
         place country_code confidence
    0    Osaka           JP       high
    1  Cologne           DE     medium
    """
    asked = [names] if isinstance(names, str) else list(names)
    if countries is None or isinstance(countries, str):
        countries = [countries or ""] * len(asked)
    lands = list(countries)
    if len(lands) != len(asked):
        raise UsageError(
            f"{len(asked)} names, {len(lands)} countries: expected one country for each, or one."
        )
    said = _settled(reviewed)
    rows = []
    for name, land in zip(asked, lands, strict=True):
        name, land = ("" if pd.isna(text) else str(text).strip() for text in (name, land))
        rows.append((name, land, *(_reviewed(name, land, said) or _looked_up(name, land))))
    return pd.DataFrame(rows, columns=COLUMNS)


def _settled(reviewed: pd.DataFrame | None) -> dict[str, dict]:
    """The places that a person has settled, by folded name."""
    if reviewed is None:
        study = studies.around()
        there = (study.data / "reference" / "places.csv").is_file()
        reviewed = (
            tables.read(study, "reference/places") if there else pd.DataFrame(columns=["listed_as"])
        )
    known = reviewed[reviewed["basis"] != PROPOSED] if "basis" in reviewed else reviewed
    known = known.astype(object).where(known.notna(), None)
    return {fold(row["listed_as"]): row for row in known.to_dict("records")}


def _reviewed(name: str, land: str, settled: dict[str, dict]) -> tuple | None:
    row = settled.get(fold(name))
    if row is None or (land and row["country_code"] not in gazetteer().areas(land)):
        return None
    columns = ("name", "country_code", "latitude", "longitude", "confidence")
    return *(row[column] for column in columns), "reviewed", []


def _looked_up(name: str, land: str) -> tuple:
    place, *rest = find(name, land, gazetteer())
    return *(place[1:5] if place else [None] * 4), *rest


class Found(NamedTuple):
    """What was found: the place if it is sure enough, how, how sure, and the candidates, best first."""

    place: Place | None
    confidence: str
    found: str
    candidates: list[Place]


class Reading(NamedTuple):
    """A way to read what was asked: the words of the name, how they were taken, where to look."""

    text: str
    how: str
    areas: tuple[str, ...]


Weighed = list[tuple[float, Place, int]]


def find(name: str, country: str, known: Gazetteer) -> Found:
    """Find the place of one name.

    Parameters
    ----------
    name : str
        A name as people write it.
    country : str
        Its country in any language, its code, or "" if it is not known.
    known : diplolib.gazetteer.Gazetteer
        The places of the world.

    Returns
    -------
    Found
        place (None if it is unsure), confidence, found (how) and candidates.

    Examples
    --------
    >>> from diplolib import gazetteer, locating
    >>> found = locating.find("Osaka, Japan (1960)", "", gazetteer.gazetteer())
    >>> found.place.name, found.confidence, found.found
    ('Osaka', 'high', 'part before a comma')
    """
    if not fold(name):
        return Found(None, "none", "not found", [])
    areas = tuple(known.areas(country)) if country else ()
    beside = tuple(code for area in areas for code in BESIDE.get(area, "").split())
    offered: list[Place] = []
    firm = False  # whether a candidate has a point of its own
    for where in filter(None, [areas or ("",), beside]):
        for reading in _readings(name, areas, known):
            inside = where if where == beside or not reading.areas else reading.areas
            weighed, how = _look(reading, inside, known)
            # What the whole name leaves open, a part of it does not decide.
            sure = "none"
            if weighed and not offered and not _elsewhere(weighed[0][1], name, areas, known):
                sure = _trust(weighed, reading, how, where != beside)
                if weighed[0][2] == ALSO and (
                    larger := _larger(weighed[0][1], reading.text, known)
                ):
                    sure, offered = "none", [larger]
            if sure != "none":
                place = weighed[0][1]
                if areas == ("XN",):  # GeoNames counts its places to Cyprus
                    place = place._replace(country_code="XN")
                return Found(place, sure, how, [place])
            offered += [place for _, place, _ in weighed]
            firm |= any(kind != ROUGH for _, _, kind in weighed)
    if near := _beside(name, areas, known):
        return Found(near, "medium", "near the place beside it", [near])
    if not firm:
        for guess, how in GUESSES:
            alone = guess(name, areas, known)
            if alone and (not offered or any(_km(alone, one) <= 2 * NEAR_KM for one in offered)):
                return Found(alone, "medium", how, [alone])
        offered += _guesses(name, areas, known)
    return Found(None, "none", "unsure" if offered else "not found", _unlike(offered)[:5])


def _elsewhere(place: Place, name: str, areas: tuple[str, ...], known: Gazetteer) -> bool:
    """Whether a city named behind a comma or in brackets lies far from a place: then one is wrong."""
    tails = re.findall(r"[,(\[]\s*([^,()\[\]]+)", name)
    inside = _narrowed(tails, areas, known) if tails else areas
    if inside != areas:
        return not any(_within([(place, OWN)], area) for area in inside)
    for tail in tails:
        cities = [one for one, kind in known.named(fold(tail), place.country_code) if kind <= ALSO]
        large = any(city.population >= KNOWN for city in cities)
        if large and all(_km(place, city) > 2 * NEAR_KM for city in cities):
            return True
    return False


def _beside(name: str, areas: tuple[str, ...], known: Gazetteer) -> Place | None:
    """The one place of a name that lies near what stands behind a comma or in brackets."""
    head, *tails = (part.strip() for part in re.split(r"[,()\[\]]", name))
    spots, places = (
        [hit for area in areas for word in words for hit in known.named(fold(word), area[:2])]
        for words in ([word for tail in tails for word in {tail, without_unit(tail)}], [head])
    )
    near = [
        place
        for place, kind in places
        if kind <= ALSO and any(_km(place, s) <= 2 * NEAR_KM for s, _ in spots)
    ]
    found = _unlike(near)
    return found[0] if len(found) == 1 else None


def _larger(place: Place, text: str, known: Gazetteer) -> Place | None:
    """A much larger place elsewhere with a name that begins as this other name of a place."""
    key = fold(text if is_latin(text) else SIGN.sub("", text))
    for other, _ in known.beginning(key, place.country_code, 1):
        if other.population > 5 * place.population and _km(place, other) > NEAR_KM:
            return other
    return None


def _readings(name: str, areas: tuple[str, ...], known: Gazetteer) -> Iterator[Reading]:
    """The whole name first, then its parts, the likeliest first."""
    name = " ".join(re.sub(r"[(\[][\d\s–-]*[)\]]", " ", name).split())  # a year is no part of it
    land, colon, rest = name.partition(":")
    if colon and (said := known.areas(land)):
        yield from _readings(rest, tuple(_fitting(said, areas)) or areas, known)
        return
    outer = re.sub(r"\s*[(\[][^)\]]*[)\]]?", "", name).strip() or name
    inner = re.findall(r"[(\[]([^)\]]+)", name)
    head, *tails = [part.strip() for part in re.split(r"[,;]", outer)]
    tails += inner
    _within = _narrowed(tails, areas, known)
    if not tails or _within == areas:
        yield Reading(name, "", areas)
    how = "part before a bracket" if inner else "part before a comma"
    for where in dict.fromkeys([_within, areas]):
        yield Reading(head, how if tails else "", where)
        if (plain := without_unit(head)) != head:
            yield Reading(plain, "without a unit's name", where)
    *_, last = re.split(r"\b(?:district|quarter|suburb|arrondissement) of (?:the city of )?", outer)
    first = re.split(r" (?:borough|district|quarter)(?: of| \w+$)", outer, flags=re.IGNORECASE)[0]
    city = re.sub(r"(?: district)? (?:\d+|[IVX]+)\.?(?: district)?$", "", head)
    for text in dict.fromkeys([last, first, city, *tails]):
        if text not in (outer, head):
            yield Reading(text, "district of a city", areas)


def _narrowed(tails: list[str], areas: tuple[str, ...], known: Gazetteer) -> tuple[str, ...]:
    """The areas that the words behind a comma or in brackets name, within those asked for."""
    for tail in reversed(tails):
        said = _fitting(known.areas(tail, letters=True), areas)
        for country in {area[:2] for area in areas}:
            said += known.divisions(tail, country) or known.divisions(without_unit(tail), country)
        if said:
            parts = [
                area for area in said if len(area) > 2
            ]  # a land's name may stand for its state
            return tuple(dict.fromkeys(parts or said))
    return areas


def _fitting(said: list[str], areas: tuple[str, ...]) -> list[str]:
    return [area for area in said if not areas or area[:2] in {asked[:2] for asked in areas}]


def _look(reading: Reading, areas: tuple[str, ...], known: Gazetteer) -> tuple[Weighed, str]:
    """The places of a reading within the areas, weighed, and how they were found."""
    forms = [(reading.text, "")]
    if not is_latin(reading.text):
        forms.append((SIGN.sub("", reading.text), ""))
        forms.append((latin(reading.text), "transliteration"))
    forms.append((re.sub(r"([aou])e", r"\1", reading.text.casefold()), "transliteration"))
    for text, how in forms:
        hits = [hit for area in areas for hit in _within(known.named(fold(text), area[:2]), area)]
        places = _meant(hits, reading.how == "without a unit's name")
        if places:
            weighed = _weigh(places, text)
            exact = HOW.get(weighed[0][2], "division")
            return weighed, how or reading.how or exact
    return [], ""


def _meant(hits: list[tuple[Place, int]], unit: bool) -> list[tuple[Place, int]]:
    """Places, or divisions. unit: a division is named as one, hence it is meant, or a place in it."""
    places = [hit for hit in hits if hit[1] <= ALSO]
    small, wide, postal, rough = (
        [hit for hit in hits if hit[1] == kind] for kind in (DIVISION, WIDE, POSTAL, ROUGH)
    )
    if unit and wide:
        places = [hit for hit in places if any(_within([hit], one.part) for one, _ in wide)]
    first = [small, places] if unit else [places, small]
    return next(filter(None, [*first, wide, postal, rough]), [])


def _within(hits: list[tuple[Place, int]], area: str) -> list[tuple[Place, int]]:
    part = ".".join(
        area.split(".")[:2]
    )  # GeoNames' first division: the only one that is known of a place
    return [hit for hit in hits if f"{hit[0].part}.".startswith(f"{part}.") or len(area) < 3]


def _weigh(hits: list[tuple[Place, int]], text: str) -> Weighed:
    """The likeliest first: its own name and its spelling count, its people and how known it is."""
    written = text.casefold()
    best: dict[int, tuple[float, Place, int]] = {}
    for place, kind in hits:
        weight = math.log10((place.population + 300) * (place.names + 1)) + 1.2 * (kind == OWN)
        weight += 0.6 * (place.name.casefold() == written)
        if place.id not in best or best[place.id][0] < weight:
            best[place.id] = (weight, place, kind)
    return sorted(best.values(), key=lambda found: (-found[0], found[1].id))


def _lead(weighed: Weighed) -> float:
    """By how much the first leads the next that lies elsewhere."""
    first, place, _ = weighed[0]
    return next((first - w for w, other, _ in weighed if _km(place, other) > NEAR_KM), ALONE)


def _trust(weighed: Weighed, reading: Reading, how: str, asked: bool) -> str:
    """high, medium or low for a place that is sure enough; else none. asked: in the country given."""
    ahead, (_, first, kind) = _lead(weighed), weighed[0]
    if how == "district of a city" or not reading.areas:
        city = (
            kind != WIDE
            and first.population >= KNOWN * (10 if kind == ALSO else 1)
            and ahead >= SURE
        )
        return "medium" if city else "none"
    # A hamlet's other name, or the plain name of several, says little.
    weak = (kind == ALSO and first.population < HAMLET) or how == "without a unit's name"
    lead = LEAD
    if weak:
        lead = LARGE if kind == OWN and first.population >= KNOWN else ALONE
    if kind in (WIDE, ROUGH) or ahead < lead or (weak and kind == ALSO and not asked):
        return "none"
    exact = how in ("exact", "part before a comma") and kind != POSTAL
    if asked and exact and ahead >= SURE:
        return "high"
    return "medium" if asked else "low"


def _unlike(places: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in places:
        if all(_km(place, other) > NEAR_KM for other in kept):
            kept.append(place)
    return kept


def _halves(name: str, areas: tuple[str, ...], known: Gazetteer) -> Place | None:
    """The first half of a double name such as Sittard-Geleen, if both halves lie side by side."""
    whole = without_unit(re.split(r"[,(]", name)[0])
    parts = re.split(r"\s*/\s*", whole) if "/" in whole else DOUBLE.split(whole)
    if len(parts) < 2:
        return None
    first, last = (
        [place for area in areas for place, _ in _within(known.named(fold(part), area[:2]), area)]
        for part in (parts[0], parts[-1])
    )
    near = [one for one in first if any(_km(one, two) <= NEAR_KM for two in last)]
    return max(near, key=lambda place: place.population, default=None)


def _linked(name: str, areas: tuple[str, ...], known: Gazetteer) -> Place | None:
    """A place known by its first word alone, such as Wangen bei Olten: the one near Olten."""
    head = without_unit(re.split(r"[,(]", name)[0].strip())
    link = LINK.search(head)
    if not link:
        return None
    stem, tail = head[: link.start()], re.split(r"[ -]", link[0].strip(" -"), maxsplit=1)[-1]
    tail = re.sub(r"^(?:der|dem|den|la|le|les|l[’'])[ -]?", "", tail)
    hits = [hit for area in areas for hit in _within(known.named(fold(stem), area[:2]), area)]
    hits = [hit for hit in hits if hit[1] <= ALSO]
    beside = [hit for area in areas for hit in known.named(fold(tail), area[:2])]
    near = [hit for hit in hits if any(_near(hit[0], *other) for other in beside)]
    if not beside:  # a river or a landscape
        near = [hit for hit in hits if hit[0].population >= HAMLET]
    weighed = _weigh(near, stem)
    return weighed[0][1] if weighed and _lead(weighed) >= (SURE if beside else ALONE) else None


def _near(place: Place, other: Place, kind: int) -> bool:
    """Beside another place, or in a division."""
    if kind >= DIVISION:
        return bool(_within([(place, OWN)], other.part))
    return _km(place, other) <= NEAR_KM


def _respelt(name: str, areas: tuple[str, ...], known: Gazetteer) -> Place | None:
    """The one place whose name differs by a letter or two, if name or place is too large for chance."""
    from rapidfuzz.distance import OSA

    key = fold(without_unit(re.split(r"[,(]", name)[0].strip()))
    for area in areas:
        for near in _alike(key, area[:2], known):
            weighed = _weigh(_within(known.named(near, area[:2]), area), "")
            if weighed and _lead(weighed) >= SURE:
                place, off = weighed[0][1], OSA.distance(key, near)
                if any(
                    off <= o and len(key) >= n and place.population >= p for o, n, p in MISSPELT
                ):
                    return place
    return None


GUESSES = (
    (_halves, "both parts of the name"),
    (_linked, "part of the name"),
    (_respelt, "spelling"),
)


@functools.lru_cache(maxsize=1024)
def _alike(key: str, country: str, known: Gazetteer) -> list[str]:
    """The names of a country that are nearest in spelling from the same first letter on, best first."""
    from rapidfuzz import fuzz, process

    for least in SPELLED:
        found = process.extract(
            key, known.keys(country, key[0]), scorer=fuzz.ratio, limit=3, score_cutoff=least
        )
        if found:
            break
    return [near for near, *_ in found]


def _guesses(name: str, areas: tuple[str, ...], known: Gazetteer) -> list[Place]:
    """What may be meant by a name that no place has: a part of it, a longer name, a near spelling."""
    head = without_unit(re.split(r"[,(]", name)[0].strip())
    words = [LINK.sub("", head), *(word for word in DOUBLE.split(head) if len(word) > 3)]
    words += [word for word in re.split(r"[\s'’-]+", head) if len(word) > 4]
    found: list[tuple[Place, int]] = []
    for country in dict.fromkeys(area[:2] for area in areas) or [""]:
        found += known.beginning(fold(head), country)
        found += known.ending(fold(head), country)
        for word in dict.fromkeys(words):
            if word != head and len(fold(word)) > 3:
                found += [
                    (place, kind)
                    for _, place, kind in _weigh(known.named(fold(word), country), word)[:2]
                ]
        for near in _alike(fold(head), country, known):
            found += known.named(near, country)[:2]
        for word in dict.fromkeys(words):
            found += known.beginning(fold(word), country, 1)
    return [place for place, _ in found]


def _km(one: Place, two: Place) -> float:
    return kilometres((one.latitude, one.longitude), (two.latitude, two.longitude))
