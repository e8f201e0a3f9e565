"""What the explorer's page carries: the agreements with their evidence, names, terms and coarse shapes."""

import json

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping, shape

from diplolib import places, regions
from diplolib.figures import colours
from nbproof import tables
from nbproof.labels import LANGUAGES, load
from nbproof.study import Study, StudyError

# Degrees. What is finer cannot be seen on a world map that fills a screen.
TOLERANCE, SMALLEST_ISLAND, DIGITS = 0.2, 0.05, 2
# A state smaller than this (square degrees) gets a marker besides its shape.
SMALL_STATE = 1.0
# The words that the page needs in both languages, by the first part of their key.
WORDS = ("explorer", "region", "level", "confidence")


def content(study: Study) -> dict:
    """Everything that the page shows, ready for JSON; nothing in it is markup.

    Keys: study, fields (name, type and titles of each column), rows (the agreements, in the order of
    fields), evidence (one a row), schemes (scheme → country code → region), countries (code → names),
    terms, shapes, small (a point for each small state), choices (allowed values of a column), words.
    Raises TableError for a broken table and StudyError where study.csv does not fit the others.
    """
    agreements = tables.read(study, "processed/agreements")
    settings = places.home(tables.read(study, "reference/study"))
    schemes = tables.read(study, "reference/regions").set_index("country_code")
    countries = tables.read(study, "reference/countries")
    if settings["region_scheme"] not in schemes.columns:
        raise StudyError(
            f"data/reference/study.csv, column region_scheme: {settings['region_scheme']!r} is no "
            f"column of regions.csv ({', '.join(schemes.columns)})."
        )
    fields = _fields(study, "processed/agreements")
    used = sorted(agreements["country_code"].dropna().unique())
    # Refuses a country without a region, as every other page does.
    for scheme in schemes.columns:
        regions.assign(agreements["country_code"], scheme, schemes.reset_index())
    named = places.name_countries(pd.DataFrame({"country_code": used}), countries)
    shapes = _shapes(study)
    return {
        "study": _plain(settings.drop("evidence")),
        "fields": fields,
        "rows": _plain(agreements, orient="values"),
        "evidence": evidence(study, agreements).tolist(),
        "schemes": {scheme: schemes[scheme].loc[used].to_dict() for scheme in schemes.columns},
        "regions": [*regions.NAMES, "unidentified"],
        "countries": {code: [name, name_tr] for code, name, name_tr in named.to_numpy()},
        "terms": _plain(tables.read(study, "processed/terms"), orient="records"),
        "shapes": shapes,
        "small": _small(shapes, used),
        "choices": {
            field["name"]: field["constraints"]["enum"]
            for field in tables.resource(study, "processed/agreements")["schema"]["fields"]
            if "enum" in field.get("constraints", {})
        },
        "confidence": list(places.CONFIDENCE),
        "colours": colours.REGIONS,
        "words": {language: _words(language) for language in LANGUAGES},
    }


def evidence(study: Study, agreements: pd.DataFrame) -> pd.Series:
    """Why each agreement's partner is taken for its place: the evidence of reference/places.csv.

    One place may be listed under several names with evidence of their own, so the printed name,
    corrected where corrections.csv does, decides; a place without such an entry gives all it has.
    """
    listed = tables.read(study, "reference/places")
    corrections = tables.read(study, "reference/corrections")
    corrected = corrections.groupby("printed")["corrected"].agg(set)
    by_place = dict(list(listed.groupby("place_id")))

    def found(row) -> str:
        known = by_place.get(row.place_id)
        if known is None:
            return ""
        names = {row.partner_printed} | corrected.get(row.partner_printed, set())
        named = known[known["listed_as"].isin(names)]
        return " ".join((named if len(named) else known)["evidence"].unique())

    return pd.Series([found(row) for row in agreements.itertuples()], index=agreements.index)


def _fields(study: Study, table: str) -> list[dict]:
    english, turkish = (tables.titles(study, table, language) for language in LANGUAGES)
    return [
        {"name": f["name"], "type": f["type"], "en": english[f["name"]], "tr": turkish[f["name"]]}
        for f in tables.resource(study, table)["schema"]["fields"]
    ]


def _words(language: str) -> dict[str, str]:
    labels = load(language)
    return {
        key.removeprefix("explorer."): labels[key] for key in labels if key.split(".")[0] in WORDS
    }


def _plain(table: pd.DataFrame | pd.Series, **how):
    """For JSON: unknown is null, numbers and truth values stay what they are."""
    return json.loads(table.to_json(**how))


def _shapes(study: Study) -> list[dict]:
    """The boundaries, simplified together so that neighbours keep one border, as GeoJSON features."""
    path = study.data / "reference" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    coarse = shapely.coverage_simplify([shape(f["geometry"]) for f in features], TOLERANCE)
    return [
        {
            "type": "Feature",
            "properties": {"code": feature["properties"]["country_code"]},
            "geometry": mapping(_rounded(geometry)),
        }
        for feature, geometry in zip(features, coarse, strict=True)
    ]


def _rounded(geometry) -> shapely.MultiPolygon:
    """A country's polygons without the specks among them; its largest always stays."""
    first, *others = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    large = shapely.MultiPolygon([first, *(one for one in others if one.area >= SMALLEST_ISLAND)])
    # The map takes exterior rings clockwise, on the sphere; the other way they fill the world.
    turned = shapely.orient_polygons(large, exterior_cw=True)
    return shapely.transform(turned, lambda points: np.round(points, DIGITS))


def _small(shapes: list[dict], used: list[str]) -> list[dict]:
    """A point for each partner country that is too small to see or to hit."""
    points = []
    for feature in shapes:
        code, geometry = feature["properties"]["code"], shape(feature["geometry"])
        if code in used and geometry.area < SMALL_STATE:
            point = geometry.representative_point()
            longitude, latitude = round(point.x, DIGITS), round(point.y, DIGITS)
            points.append({"code": code, "longitude": longitude, "latitude": latitude})
    return points
