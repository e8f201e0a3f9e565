"""Where the partners lie: regions of the world, and the groups of states that the prose names."""

from collections import Counter

from ankara.claims.agreements import (
    METROPOLITAN,
    PLACES,
    SISTER,
    compare,
    count,
    first_partner,
    first_year,
    year_of,
)
from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found, above, counted, first_of, listed, refs, some, years
from ankara.claims.partners import share_of_places
from ankara.claims.registry import claim, parameterised

UN = {"region_scheme": "un_m49"}

# How many -----------------------------------------------------------------------------------------


@parameterised
def _count_open(evidence: Evidence, choices: Choices, region: str) -> Found:
    """Agreements of a region in a sentence that may mean one level or both."""
    level = choices.level or "metropolitan"
    return counted(evidence.agreements(choices, level=level, region=region))


for _region in ("Asia", "Europe"):
    _count = count(**METROPOLITAN, region=_region, different=PLACES)
    claim(f"metropolitan-{_region.lower()}", UN)(_count)
for _region in ("Africa", "Americas", "Oceania"):
    claim(f"metropolitan-{_region.lower()}", {"level": "all"})(_count_open(_region))
for _region in ("Europe", "Asia", "Africa", "Americas", "Oceania"):
    _count = count(level="district", region=_region)
    claim(f"district-{_region.lower()}", UN, {"distinct": True})(_count)


@claim("metropolitan-asia-europe", UN)
def asia_and_europe(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN)
    found = some(rows, region=("Asia", "Europe"))
    return share_of_places(evidence, found, rows, "large_majority")


@claim("district-majority-europe", UN)
def districts_in_europe(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, level="district")
    return evidence.share(some(rows, region="Europe"), rows, "large_majority")


@claim("district-asia-second", UN)
def rank_of_asia(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, level="district")
    counts = Counter(row.region for row in rows if row.region)
    ahead = [region for region, n in counts.items() if n > counts["Asia"]]
    return Found(1 + len(ahead), refs(some(rows, region=("Asia", *ahead))))


@parameterised
def _densest(evidence: Evidence, choices: Choices, *, countries: bool) -> Found:
    """The region with the most agreements, or with the most different partner countries."""
    rows = [row for row in evidence.agreements(choices) if row.region]
    pairs = [(row.region, row.country_code) for row in rows]
    counts = Counter(region for region, _ in (dict.fromkeys(pairs) if countries else pairs))
    top = first_of(counts)
    leading = ", ".join(f"{region} {n}" for region, n in counts.most_common(2))
    return Found(leading, refs(some(rows, region=tuple(top))), top == ["Asia"])


claim("overall-asia-first", _densest(countries=True), UN)(_densest(countries=False))

# The first ----------------------------------------------------------------------------------------

claim("first-european-year", first_year(**METROPOLITAN, region="Europe"))(
    year_of("Dipkarpaz", **METROPOLITAN)
)
claim("first-european-city", UN)(first_partner(**METROPOLITAN, region="Europe"))
claim("first-african-year")(first_year(region="Africa"))
claim("first-african-city")(first_partner(region="Africa"))


@claim("second-european", UN)
def second_european(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN, region="Europe")
    second = sorted(rows, key=lambda row: row.year)[1:2]
    if [row.name for row in second] == ["Lefkoşa"]:
        return Found(second[0].year, refs(second))
    return Found(", ".join(f"{row.name} {row.year}" for row in second), refs(second))


# Africa -------------------------------------------------------------------------------------------


@parameterised
def _africa(evidence: Evidence, choices: Choices, span: range, level: str = "all") -> Found:
    """More than half of the African agreements fall into these years."""
    rows = evidence.agreements(choices, level=choices.level or level, region="Africa")
    return evidence.share(some(rows, year=span), rows)


LATER = 2100  # after any year of the tables
claim("africa-after-2000", {"level": "metropolitan"})(_africa(years(2000, LATER)))
claim("africa-after-2014", _africa(years(2014, LATER)), {"level": "metropolitan"})(
    _africa(years(2015, LATER))
)


@claim("africa-2014-2019-densest", _africa(years(2014, 2019), "metropolitan"))
def densest_term_in_africa(evidence: Evidence, choices: Choices) -> Found:
    """Of each term from its election year to the year before the next election."""
    terms = evidence.table("processed/terms")
    ties = evidence.agreements(choices, **METROPOLITAN, region="Africa")
    spans = {term: years(term.year_from, (term.year_to or LATER) - 1) for term in terms}
    counts = Counter({term: len(some(ties, year=span)) for term, span in spans.items()})
    top = first_of(counts)
    value = ", ".join(f"{term.year_from}–{term.year_to or ''}" for term in top)
    rows = [row for term in top for row in some(ties, year=spans[term])]
    return Found(value, refs([*rows, *top]), [term.year_from for term in top] == [2014])


@claim("africa-first-time-2010-2018", {"level": "metropolitan"})
def new_countries_in_africa(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, level=choices.level or "all", region="Africa")
    first = {row.country_code: row for row in sorted(rows, key=lambda row: -row.year)}
    new = some(first.values(), year=years(2010, 2018))
    return Found(f"{len(new)}/{len(first)}", refs(new), evidence.degree("many", len(new)))


@claim("africa-table-reference")
def africa_in_table_7(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.article("table-07")
    partners = {row.name for row in evidence.agreements(choices, region="Africa")}
    found = [row for row in rows if partners & {str(cell) for cell in row}]
    return Found(len(found), refs(rows), bool(found))


# Europe and the European Union --------------------------------------------------------------------


def members(evidence: Evidence, year: int) -> set[str]:
    """Country codes of the members of the European Union in a year."""
    return {
        row.country_code
        for row in evidence.table("reference/memberships")
        if row.organisation == "EU"
        and row.status == "member"
        and int(row.since[:4]) <= year <= int((row.until or str(LATER))[:4])
    }


APPEARED = 2022  # the article's year, of which its "EU countries" are taken to speak


def _europe(evidence: Evidence, choices: Choices, *, eu: bool, **wanted) -> list:
    """The agreements in Europe, or (eu=True) in member states of the European Union."""
    where = {"country_code": members(evidence, APPEARED)} if eu else {"region": "Europe"}
    return evidence.agreements(choices, **wanted, **where)


@parameterised
def _no_turn(evidence: Evidence, choices: Choices, *, eu: bool) -> Found:
    """Europe's share among metropolitan agreements of 2003–2009 is not above that of before."""
    before, during = years(1971, 2002), years(2003, 2009)
    new = _europe(evidence, choices, eu=eu, **METROPOLITAN, year=during)
    old = _europe(evidence, choices, eu=eu, **METROPOLITAN, year=before)
    of_new = evidence.agreements(choices, **METROPOLITAN, year=during)
    of_old = evidence.agreements(choices, **METROPOLITAN, year=before)
    found = above((len(new), len(of_new)), (len(old), len(of_old)), [*new, *old])
    return found._replace(holds=not found.holds)


claim("metropolitan-no-europe-turn", _no_turn(eu=True), UN)(_no_turn(eu=False))


@parameterised
def _rise(evidence: Evidence, choices: Choices, first: int, *, eu: bool) -> Found:
    """More agreements a year in Europe in 2010–2020 than from `first` to 2009."""
    before, during = years(first, 2009), years(2010, 2020)
    new = _europe(evidence, choices, eu=eu, form="sister_city", year=during)
    old = _europe(evidence, choices, eu=eu, form="sister_city", year=before)
    return compare(new, during, old, before)


claim("europe-rises-after-2009", _rise(1999, eu=False), _rise(1971, eu=True))(_rise(1971, eu=False))


@parameterised
def _by_districts(evidence: Evidence, choices: Choices, *, eu: bool) -> Found:
    rows = _europe(evidence, choices, eu=eu, form="sister_city", year=years(2010, LATER))
    return evidence.share(some(rows, level="district"), rows)


claim("europe-rise-by-districts", _by_districts(eu=True))(_by_districts(eu=False))

NINETIES = years(1991, 1999)
TABLE_11 = years(1994, 1999)  # the term that Table 11 prints above the paragraph


@parameterised
def _eu_agreements(
    evidence: Evidence, choices: Choices, *, then: bool = False, span: range = NINETIES
) -> Found:
    ties = evidence.agreements(choices, **SISTER, year=span)
    union = {year: members(evidence, year if then else APPEARED) for year in span}
    rows = [row for row in ties if row.country_code in union[row.year]]
    return listed([f"{row.name} {row.year}" for row in rows], rows, ["Bükreş 1998"])


claim(
    "eu-metropolitan-1990s",
    _eu_agreements(then=True), {"sofya": False}, _eu_agreements(span=TABLE_11),
)(_eu_agreements())  # fmt: skip


@parameterised
def _eu_districts(evidence: Evidence, choices: Choices, span: range) -> Found:
    """The districts have more agreements with members than the metropolitan municipality."""
    codes = members(evidence, APPEARED)
    rows = evidence.agreements(choices, country_code=codes, year=span)
    districts = len(some(rows, level="district"))
    rest = len(rows) - districts
    sign = ">" if districts > rest else "≤"
    return Found(f"{districts} {sign} {rest}", refs(rows), districts > rest)


claim("eu-districts-1990s", _eu_districts(years(0, LATER)), _eu_districts(TABLE_11))(
    _eu_districts(NINETIES)
)

BAYS = {"TM", "GE", "AL", "BA", "MK", "BG"}  # the countries that the sentences before name as Bay's


@claim("ankara-parallel-1990s", {"level": "metropolitan"})
def countries_of_bay(evidence: Evidence, choices: Choices) -> Found:
    level = choices.level or "all"
    rows = evidence.agreements(choices, level=level, year=NINETIES, country_code=BAYS)
    found = {row.country_code for row in rows}
    return Found(f"{len(found)}/{len(BAYS)}", refs(rows), found == BAYS)


@parameterised
def _west(evidence: Evidence, choices: Choices, *, planned: bool) -> Found:
    """Europe's and the Americas' share since the election of 2019 is above that of the term before."""
    new = evidence.agreements(choices, **SISTER, year=years(2019, 2021))
    old = evidence.agreements(choices, **SISTER, year=years(2014, 2018))
    west = [some(rows, region=("Europe", "Americas")) for rows in (new, old)]
    n, of = len(west[0]), len(new)
    extra = some(evidence.article("other_ties"), status="planned") if planned else []
    if extra:
        codes = {row.name_tr: row.country_code for row in evidence.table("reference/countries")}
        regions = evidence.regions(choices)
        n += sum(regions[codes[row.country]] in ("Europe", "Americas") for row in extra)
        of += len(extra)
    return above((n, of), (len(west[1]), len(old)), [*new, *old, *extra])


claim("west-again-2019", _west(planned=True))(_west(planned=False))
