"""How well `diplolib locate` finds places: make bench-places DATA=file.csv (partner, country, latitude, longitude)."""

import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from diplolib.gazetteer import gazetteer, kilometres
from diplolib.locating import NEAR_KM, find

BARS = {
    "placed within 25 km": "≥ 93 %",
    "placed wrongly (over 25 km)": "≤ 0.7 %",
    "unsure, right place among the first 3": "≥ 60 %",
    "of the answers called high, right": "≥ 99.5 %",
    "names a second": "≥ 2,000",
    "opening the gazetteer": "≤ 0.3 s",
    "memory added": "≤ 150 MB",
}
# In a process of its own: what it costs to open the file and to look up all names.
COST = """
import sys, time
import pandas as pd
def memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
rows = pd.read_csv(sys.argv[1]).fillna({"country": ""})
before, start = memory(), time.perf_counter()
from diplolib.gazetteer import gazetteer
from diplolib.locating import find
known = gazetteer()
find("Osaka", "Japan", known)
opened = time.perf_counter() - start
for row in rows.itertuples():
    find(row.partner, row.country, known)
print(opened, memory() - before)
"""


def measure(file: Path) -> dict[str, str]:
    """Each row of the table, as it is printed."""
    rows = pd.read_csv(file).fillna({"country": ""})
    known = gazetteer()
    start = time.perf_counter()
    found = [find(row.partner, row.country, known) for row in rows.itertuples()]
    seconds = time.perf_counter() - start
    off = pd.Series(
        [_km(one.place, row) for one, row in zip(found, rows.itertuples(), strict=True)]
    )
    offered = [
        any(_km(place, row) <= NEAR_KM for place in one.candidates[:3])
        for one, row in zip(found, rows.itertuples(), strict=True)
    ]
    unsure, high = off.isna(), pd.Series([one.confidence == "high" for one in found])
    shares = [
        (off <= NEAR_KM).mean(), (off > NEAR_KM).mean(), pd.Series(offered)[unsure].mean(),
        (off[high] <= NEAR_KM).mean(),
    ]  # fmt: skip
    call = [sys.executable, "-c", COST, str(file)]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    opened, memory = map(float, done.stdout.split())
    said = [f"{100 * share:.2f} %" for share in shares]
    said += [f"{len(rows) / seconds:,.0f}", f"{opened:.2f} s", f"{memory:.0f} MB"]
    return dict(zip(BARS, said, strict=True))


def _km(place, row) -> float | None:
    there = (row.latitude, row.longitude)
    return kilometres((place.latitude, place.longitude), there) if place else None


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit(
            "make bench-places DATA=file.csv: a file with columns partner, country, latitude, longitude."
        )
    for name, said in measure(Path(sys.argv[1])).items():
        print(f"{name:<40} {said:>10}   bar {BARS[name]}")
