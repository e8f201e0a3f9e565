"""Figures 1 and 2 and Tables 1 to 3: units, staff, and who deals with foreign relations."""

import re
from datetime import datetime
from itertools import pairwise

from ankara.claims.agreements import count_rows, municipalities_by_ties
from ankara.claims.elections import span_of
from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found, listed, refs, single, some
from ankara.claims.registry import claim, parameterised

DEPARTMENT = "Dış İlişkiler Daire Başkanlığı"
# Table 3's cell for a directorate of foreign relations, and the remark that it was merged
OWN_UNIT, MERGED = "Dış İlişkiler Müdürlüğü", "birleştirilmiştir"
TOTAL, TEMPORARY = "Toplam", "Geçici Görevli"


claim("districts-total")(count_rows("raw/article/table-03", "municipality"))

# What the article announces by number, and the kind of heading that it prints
for _id, _kind in {
    "hypotheses-two": "hypothesis",
    "sections-three": "part",
    "findings-two-headings": "findings",
    "politics-three-dimensions": "city_politics",
}.items():
    claim(_id)(count_rows("raw/article/headings", kind=_kind))


@claim("archive-visit-days")
def visit_days(evidence: Evidence, choices: Choices) -> Found:
    (row,) = some(evidence.table("reference/claims"), id="archive-visit-dates-method")
    printed = re.findall(r"\d\d\.\d\d\.\d{4}", row.wording)
    first, last = (datetime.strptime(day, "%d.%m.%Y") for day in printed)
    return Found((last - first).days + 1, [row.ref])


claim("staff-branch-directors")(
    count_rows("raw/article/figure-01", unit_type="branch", parent_unit=DEPARTMENT)
)


def posts(evidence: Evidence, *left_out: str) -> tuple[int, list]:
    """The posts of Table 1 without its sum and those left out, and their rows."""
    rows = [row for row in evidence.article("table-01") if row.post not in (TOTAL, *left_out)]
    return sum(row.staff for row in rows), rows


@claim("staff-table-total")
def staff_of_table_1(evidence: Evidence, choices: Choices) -> Found:
    staff, rows = posts(evidence)
    return Found(staff, refs(rows))


@parameterised
def staff_of(evidence: Evidence, choices: Choices, year: int) -> Found:
    """The value of Table 2 for one year."""
    (row,) = some(evidence.article("table-02"), year=year)
    return Found(row.staff, [row.ref])


claim("staff-2010")(staff_of(2010))
claim("staff-2021", staff_of_table_1)(staff_of(2021))


claim("staff-period")(count_rows("raw/article/table-02"))
for _id in ("staff-table-caption", "staff-table-source"):
    claim(_id)(span_of("table-02"))


def _rises_each_year(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.article("table-02")
    falls = [later.year for earlier, later in pairwise(rows) if later.staff <= earlier.staff]
    return Found(f"{len(rows) - 1 - len(falls)}/{len(rows) - 1}", refs(rows), not falls)


@claim("staff-rises", _rises_each_year)
def staff_rises(evidence: Evidence, choices: Choices) -> Found:
    first, *later = evidence.article("table-02")
    above = [row for row in later if row.staff > first.staff]
    return Found(f"{len(above)}/{len(later)}", refs([first, *later]), len(above) == len(later))


@claim("staff-peak-year")
def staff_peak(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.article("table-02")
    most = some(rows, staff=max(row.staff for row in rows))
    return Found(single(row.year for row in most), refs(most))


@parameterised
def _graduates(evidence: Evidence, choices: Choices, *education: str) -> Found:
    rows = some(evidence.article("figure-02"), education=education)
    percent = sum(row.share for row in rows)
    return Found(f"{percent:g} %", refs(rows), evidence.degree("nearly_all", percent, 100))


claim("staff-nearly-all-graduates", _graduates("lisans"))(_graduates("lisans", "lisansüstü"))


@parameterised
def _education(evidence: Evidence, choices: Choices, education: str, *left_out: str) -> Found:
    """One share of Figure 2, if some split of the staff gives all three of them."""
    staff, rows = posts(evidence, *left_out)
    figure = evidence.article("figure-02")
    possible = [
        # A value that lies just between two whole per cents may be rounded either way.
        [n for n in range(staff + 1) if abs(100 * n / staff - row.share) <= 0.5]
        for row in figure
    ]
    splits = [(a, b) for a in possible[0] for b in possible[1] if staff - a - b in possible[2]]
    (row,) = some(figure, education=education)
    if splits:
        return Found(row.share, refs([*rows, row]))
    percents = sorted({round(100 * n / staff) for n in range(staff + 1)})
    below = max(percent for percent in percents if percent <= row.share)
    above = min(percent for percent in percents if percent >= row.share)
    nearest = dict.fromkeys([below, above])
    return Found(" | ".join(f"{percent} %" for percent in nearest), refs([*rows, row]), False)


for _id, _level in {
    "education-secondary": "lise",
    "education-bachelor": "lisans",
    "education-postgraduate": "lisansüstü",
}.items():
    claim(_id, _education(_level))(_education(_level, TEMPORARY))


def units(evidence: Evidence, *, merged: bool) -> list:
    """The rows of Table 3 with a directorate of foreign relations, the merged one too or not."""
    return [
        row
        for row in evidence.article("table-03")
        if row.unit == OWN_UNIT or (merged and row.unit.startswith(OWN_UNIT) and MERGED in row.unit)
    ]


NAMED = ["Çankaya", "Keçiören", "Çubuk", "Sincan"]


@parameterised
def _units(evidence: Evidence, choices: Choices, *, merged: bool, named: bool) -> Found:
    """How many districts have a unit of their own, or how many of those that the text names."""
    rows = units(evidence, merged=merged)
    rows = some(rows, municipality=tuple(NAMED)) if named else rows
    return Found(len(rows), refs(rows))


for _id, _merged in {"units-districts-count": True, "units-2022-count": False}.items():
    claim(_id, _units(merged=_merged, named=True))(_units(merged=_merged, named=False))


@claim("units-districts-list")
def unit_districts(evidence: Evidence, choices: Choices) -> Found:
    rows = units(evidence, merged=True)
    return listed([row.municipality for row in rows], rows, NAMED)


@claim("units-other-districts")
def units_elsewhere(evidence: Evidence, choices: Choices) -> Found:
    rows = [row for row in units(evidence, merged=True) if row.municipality not in NAMED]
    return Found(", ".join(row.municipality for row in rows) or 0, refs(rows), not rows)


@claim("units-kecioren-merged")
def unit_of_kecioren(evidence: Evidence, choices: Choices) -> Found:
    (row,) = some(evidence.article("table-03"), municipality="Keçiören")
    own = units(evidence, merged=False)
    return Found(int(row in own), [row.ref], MERGED in row.unit)


@claim("units-reports-year")
def reports_year(evidence: Evidence, choices: Choices) -> Found:
    """The merger has no year in the cell: the note under Table 3 dates it (`events`)."""
    merged = [row for row in evidence.article("table-03") if MERGED in row.unit]
    names = tuple(row.municipality for row in merged)
    dated = some(evidence.article("events"), kind="administration")
    dated = [row for row in dated if names and row.event.startswith(names)]
    latest = max([2020, *(row.year for row in dated)])
    return Found(latest, refs([*merged, *dated]) or refs(evidence.article("table-03")))


@parameterised
def _still(evidence: Evidence, choices: Choices, *municipalities: str) -> Found:
    rows = some(units(evidence, merged=False), municipality=municipalities)
    named = some(evidence.article("table-03"), municipality=municipalities)
    found = ", ".join(row.municipality for row in rows)
    return Found(found, refs(named), len(rows) == len(municipalities))


claim("units-still-kecioren")(_still("Çankaya", "Keçiören"))
claim("units-still-sincan")(_still("Sincan", "Çubuk"))

LARGEST = ["Keçiören", "Çankaya", "Sincan"]


def _largest(evidence: Evidence, choices: Choices) -> Found:
    top, rows = municipalities_by_ties(evidence, choices)
    return listed(top[:3], some(rows, municipality=tuple(top[:3])), LARGEST)


@claim("units-most-sister-cities", _largest)
def largest_with_unit(evidence: Evidence, choices: Choices) -> Found:
    top, rows = municipalities_by_ties(evidence, choices)
    with_unit = some(units(evidence, merged=True), municipality=tuple(top[:3]))
    named = [name for name in top[:3] if name in {row.municipality for row in with_unit}]
    ties = some(rows, municipality=tuple(top[:3]))
    return listed(named, [*ties, *with_unit], LARGEST)
