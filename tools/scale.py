"""How long a study of 100,000 and of 1,000,000 agreements takes, and how much memory.

    python tools/scale.py [--rows 100000 1000000] [--rounds 3] [--json FILE]

Generates studies in the form of this one: its own schemas, reference tables and spelling habits, with
1,400 district municipalities with seven elections each, 20,000 places for 100,000 agreements and
50,000 from 250,000 agreements on. Each step then runs in a process of its own, `rounds` times, in turn with copying the
same file (read as text and written again), since a shared machine is now slow, now fast.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from ankara.cleaning.agreements import clean_agreements
from ankara.cleaning.politics import clean_elections
from diplolib import panel, regions, selection
from nbproof import tables
from nbproof.study import Study, find

SEED = 2024
RAW = ["raw/article/table-04", "raw/article/table-06"]
WRITTEN = ["processed/agreements"]
DISTRICTS = 1_400
PLACES = 50_000
MISPRINTED = 0.01
ORIGIN = (39.92, 32.85)
SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "do",
    "ga",
    "gö",
    "ha",
    "ka",
    "ke",
    "ki",
    "kra",
    "la",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "na",
    "nu",
    "no",
    "pa",
    "ra",
    "ri",
    "ro",
    "sa",
    "şe",
    "ta",
    "te",
    "to",
    "va",
    "vi",
    "yo",
    "zu",
    "çi",
    "ğa",
]


def generate(study: Study, rows: int, root: Path) -> Study:
    """A study of `rows` agreements in `root`: raw, reference and an empty processed folder."""
    random = np.random.default_rng([SEED, rows])
    for folder in ("raw/article", "reference"):
        shutil.copytree(study.data / folder, root / "data" / folder)
    (root / "data/processed").mkdir()
    shutil.copy(study.data / "processed/datapackage.json", root / "data/processed")
    made = Study(root)
    places = _places(study, min(PLACES, rows // 5), random)
    tables.write(places, made, "reference/places")
    printed, misprints = _misprints(places["listed_as"], random)
    # The study's own would correct cells that the generated tables do not print.
    tables.write(misprints.assign(line=pd.NA), made, "reference/corrections")
    partners = places[: rows // 20]
    metropolitan = pd.DataFrame(
        {
            "year": random.integers(1971, 2022, len(partners)),
            "city": partners["listed_as"],
            "country": partners["country_code"].fillna("?"),
            "form": random.choice(["Kardeş Kent", "Dost. ve İş Bir."], len(partners)),
        }
    )
    names = np.array(_names(DISTRICTS, random), dtype=object)
    # More than needed: a few come twice. Some partners and districts have far more than others.
    many = int((rows - len(metropolitan)) * 1.2)
    district = names[(DISTRICTS * random.random(many) ** 2).astype(int)]
    favoured = random.permutation(printed)
    partner = favoured[(len(places) * random.random(many) ** 3).astype(int)]
    districts = pd.DataFrame(
        {"year": random.integers(1994, 2021, many), "district_partner": district + "-" + partner}
    ).drop_duplicates()[: rows - len(metropolitan)]
    assert len(metropolitan) + len(districts) == rows
    for table, frame in zip(RAW, [metropolitan, districts], strict=True):
        _put(made, table, frame)
    _put(made, "raw/article/table-09", _elections(names, random), municipality=list(names))
    return made


def _names(count: int, random: np.random.Generator) -> list[str]:
    """Different names of two to four syllables."""
    found = {}
    while len(found) < count:
        syllables = random.choice(SYLLABLES, size=(count, 4))
        lengths = random.integers(2, 5, count)
        found |= {
            "".join(name[:length]).capitalize(): None
            for name, length in zip(syllables, lengths, strict=True)
        }
    return list(found)[:count]


def _places(study: Study, count: int, random: np.random.Generator) -> pd.DataFrame:
    """The study's own places, and as many more on dry land as make `count`."""
    own = tables.read(study, "reference/places")
    land = gpd.read_file(study.data / "reference/boundaries.geojson").dropna(subset="country_code")
    codes = tables.read(study, "reference/regions")["country_code"]
    land = land[land["country_code"].isin(codes)]
    count -= len(own)
    weights = random.pareto(1.2, len(land)) + 0.05
    sizes = random.multinomial(count, weights / weights.sum())
    points = land.geometry.sample_points(sizes, rng=random).explode()[:count]
    points = points[~points.is_empty]
    names = [name for name in _names(count + len(own), random) if name not in set(own["listed_as"])]
    names = pd.Series(names[: len(points)], dtype="str")
    # Some names hold a comma, as in "Sidney, Woollahra".
    names = names.where(random.random(len(names)) > 0.02, names + ", " + names.iloc[0])
    more = pd.DataFrame(
        {
            "listed_as": names,
            "place_id": [f"place-{number}" for number in range(len(points))],
            "name": names,
            "name_tr": names,
            "country_code": land.loc[points.index, "country_code"].to_numpy(),
            "latitude": points.y.round(4).to_numpy(),
            "longitude": points.x.round(4).to_numpy(),
            "kind": "city",
            "capital": random.random(len(points)) < 0.03,
            "confidence": random.choice(["low", "medium", "high"], len(points)),
            "evidence": "generated",
        }
    ).astype({"capital": "boolean"})
    return pd.concat([own, more], ignore_index=True)


def _misprints(names: pd.Series, random: np.random.Generator) -> tuple[np.ndarray, pd.DataFrame]:
    """Names as printed, a few of them wrong, and the corrections that put those right."""
    wrong = random.random(len(names)) < MISPRINTED
    printed = names.where(~wrong, names + "h")
    corrections = pd.DataFrame(
        {
            "table": "table-06", "column": "partner", "printed": printed[wrong],
            "corrected": names[wrong], "reason": "letter", "evidence": "generated",
        }
    )  # fmt: skip
    return printed.to_numpy(dtype=object), corrections


def _elections(names: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    years = [1989, 1994, 1999, 2004, 2009, 2014, 2019]
    grid = pd.MultiIndex.from_product([names, years], names=["municipality", "year"])
    parties = random.choice(["ANAP", "RP", "AK Parti", "SHP", "CHP", "MHP", "-"], len(grid))
    return grid.to_frame(index=False).assign(party=parties)


def _put(study: Study, table: str, frame: pd.DataFrame, **allowed: list) -> None:
    """Write a source's table and its checksum; `allowed` widens a field's list of words."""
    package = study.data / Path(table).parent / "datapackage.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    declared = next(r for r in content["resources"] if r["path"] == f"{Path(table).name}.csv")
    for field in declared["schema"]["fields"]:
        if field["name"] in allowed:
            field["constraints"]["enum"] = allowed[field["name"]]
    data = frame.to_csv(index=False, lineterminator="\n").encode()
    declared["hash"] = "sha256:" + hashlib.sha256(data).hexdigest()
    package.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (study.data / f"{table}.csv").write_bytes(data)


# The steps: what is prepared before the clock starts, and what is timed.


def _copy(study: Study, names: list[str]):
    def run():
        for name in names:
            frame = pd.read_csv(study.data / f"{name}.csv", dtype=str, keep_default_na=False)
            frame.to_csv(study.root / "copy.csv", index=False)

    return run


def _clean(study: Study):
    return lambda: tables.write(clean_agreements(study), study, WRITTEN[0])


def _regions(study: Study):
    codes = tables.read(study, WRITTEN[0])["country_code"]
    schemes = tables.read(study, "reference/regions")
    return lambda: [regions.assign(codes, name, schemes) for name in regions.schemes(schemes)]


def _panel(study: Study):
    agreements = tables.read(study, WRITTEN[0])
    elections = clean_elections(study)
    governments = panel.in_office(tables.read(study, "reference/governments"))
    successions = tables.read(study, "reference/party_successions")
    return lambda: panel.build(elections, agreements, governments, successions)


def _timeline(study: Study):
    from diplolib.figures import timeline

    agreements = tables.read(study, WRITTEN[0])
    schemes = tables.read(study, "reference/regions")
    terms = tables.read(find(__file__), "processed/terms")
    years = {"year_from": 1971, "year_to": 2021}

    def run():
        chosen = selection.select(agreements, **years, min_confidence="none")
        return timeline.table(chosen, schemes, terms, region_scheme="un_m49", **years)

    return run


def _map(study: Study):
    from diplolib.figures import world_map

    agreements = tables.read(study, WRITTEN[0])
    schemes = tables.read(study, "reference/regions")
    names = tables.read(study, "reference/countries")
    return lambda: world_map.table(agreements, schemes, names, origin=ORIGIN)


def _map_drawn(study: Study):
    from diplolib.figures import world_map
    from nbproof import labels
    from nbproof.figures import style

    table = _map(study)()
    land = gpd.read_file(study.data / "reference/boundaries.geojson")
    words = labels.load("en")

    def run():
        picture = style.render(world_map.draw(table, words, land), "png")
        (study.root / "world-map.png").write_bytes(picture)

    return run


def _purposes(study: Study):
    from ankara.figures import purposes

    random = np.random.default_rng(SEED)
    ids = tables.read(study, WRITTEN[0])["agreement_id"]
    real = find(__file__)
    listed = tables.read(real, "processed/purposes")
    protocols = pd.DataFrame(
        {"agreement_id": ids, "purpose": random.choice(listed["purpose"].to_numpy(), len(ids))}
    )
    activities = tables.read(real, "processed/activities")
    activities = activities.sample(len(ids), replace=True, random_state=SEED)
    rows = tables.read(real, "processed/purposes_by_row")
    return lambda: purposes.table(listed, protocols, activities, rows, min_protocols=20)


STEPS = {
    "copy": lambda study: _copy(study, RAW),
    "clean": _clean,
    "copy-written": lambda study: _copy(study, WRITTEN),
    "read-written": lambda study: lambda: tables.read(study, WRITTEN[0]),
    "regions": _regions,
    "panel": _panel,
    "timeline": _timeline,
    "world-map": _map,
    "world-map-drawn": _map_drawn,
    "purposes": _purposes,
}


def _memory(which: str) -> int:
    """Of this process in bytes: VmRSS now, VmHWM at most since it was last forgotten (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(which))


def run_step(step: str, folder: str) -> None:
    """Run in a process of its own: seconds of one core, and by how much its peak memory grew.

    Every step runs on one core, so the processor's time is what a machine without other work takes.
    """
    run = STEPS[step](Study(Path(folder)))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # Forget the peak until here.
    before, start = _memory("VmRSS"), time.process_time()
    kept = run()
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "peak": _memory("VmHWM") - before}))
    del kept


def measure(rows: tuple[int, ...] = (100_000, 1_000_000), rounds: int = 3) -> dict:
    """Seconds and peak memory of each step (medians) by number of rows, and the bars."""
    seconds = {step: {} for step in STEPS}
    peaks = {step: {} for step in STEPS}
    frames = {}
    with tempfile.TemporaryDirectory() as folder:
        studies = {n: generate(find(__file__), n, Path(folder) / str(n)) for n in rows}
        for n, study in studies.items():
            raw = [pd.read_csv(study.data / f"{name}.csv", dtype=str) for name in RAW]
            frames[n] = sum(int(frame.memory_usage(deep=True).sum()) for frame in raw)
            found = {step: [] for step in STEPS}
            for _ in range(rounds):
                for step in STEPS:
                    found[step].append(_child(step, study))
            for step, runs in found.items():
                seconds[step][n] = statistics.median(run["seconds"] for run in runs)
                peaks[step][n] = max(run["peak"] for run in runs)
    few, many = min(rows), max(rows)
    clean, copy = seconds["clean"], seconds["copy"]
    bars = [
        _bar("clean / copying the raw tables", clean[many] / copy[many], 3),
        _bar("clean / copying the written table", clean[many] / seconds["copy-written"][many], 3),
        _bar("clean: peak memory / raw tables as text", peaks["clean"][many] / frames[many], 6),
    ]
    if many > few:
        growing = {step: found for step, found in seconds.items() if step[:4] != "copy"}
        bars += [
            _bar(f"{step}: time({many}) / time({few})", found[many] / found[few], 1.1 * many / few)
            for step, found in growing.items()
        ]
    return {
        "rows": list(rows), "rounds": rounds, "seconds": seconds, "peak_bytes": peaks,
        "frame_bytes": frames, "bars": bars,
    }  # fmt: skip


def _bar(what: str, got: float, at_most: float) -> dict:
    return {"what": what, "got": round(got, 2), "at_most": round(at_most, 2), "met": got <= at_most}


def _child(step: str, study: Study) -> dict:
    command = [sys.executable, __file__, "--step", step, str(study.root)]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    if ran.returncode:
        raise RuntimeError(f"{step}: {ran.stderr}")
    return json.loads(ran.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write what was measured here")
    parser.add_argument("--generate", type=Path, help="only make a study of the first --rows here")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        run_step(*chosen.step)
        return
    if chosen.generate:
        generate(find(__file__), chosen.rows[0], chosen.generate)
        return
    measured = measure(tuple(chosen.rows), chosen.rounds)
    for step, found in measured["seconds"].items():
        peaks = measured["peak_bytes"][step]
        said = [f"{n}: {s:.2f} s, {peaks[n] / 1e6:.0f} MB" for n, s in found.items()]
        print(f"{step:<16} {'   '.join(said)}")
    for bar in measured["bars"]:
        print(
            f"{'ok ' if bar['met'] else 'NO '} {bar['got']:>7} (at most {bar['at_most']})  {bar['what']}"
        )
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
