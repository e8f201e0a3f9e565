"""Tables 4 to 6: how many ties, of which form, with whom, and in which year."""

from collections import Counter

from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found, above, counted, first_of, listed, refs, single, some, years
from ankara.claims.registry import claim, parameterised

METROPOLITAN = {"level": "metropolitan"}
SISTER = {"level": "metropolitan", "form": "sister_city"}
PROTOCOL = {"level": "metropolitan", "form": "friendship_cooperation"}
PLACES = "place_id"  # by which partner places are different
AS_OF = 2020  # the state of which the sentences on totals speak


@parameterised
def count(evidence: Evidence, choices: Choices, *, different: str = "", **wanted) -> Found:
    """The number of agreements as `wanted`, or of different values of a column in them."""
    rows = evidence.agreements(choices, **wanted)
    return counted(rows, different or (PLACES if choices.distinct else ""))


@parameterised
def count_rows(
    evidence: Evidence, choices: Choices, table: str, different: str = "", **wanted
) -> Found:
    """The number of a table's rows as `wanted`, or of different values of a column in them."""
    return counted(some(evidence.table(table), **wanted), different)


@parameterised
def count_as_of(evidence: Evidence, choices: Choices, different: str = "", **wanted) -> Found:
    """The number of agreements up to the year of which the sentence speaks; see `count`."""
    until = years(0, choices.last_year or AS_OF)
    rows = evidence.agreements(choices, year=until, **wanted)
    # A sentence on one district speaks of its cities, the others of agreements.
    distinct = "municipality" in wanted and choices.distinct
    return counted(rows, different or (PLACES if distinct else ""))


@parameterised
def names(
    evidence: Evidence, choices: Choices, column: str, expected: list | None = None, **wanted
) -> Found:
    """The different values of a column in the agreements as `wanted`."""
    rows = evidence.agreements(choices, **wanted)
    return listed([getattr(row, column) for row in rows], rows, expected)


ALL_ROWS = {"last_year": 2021}
claim("agreements-total", ALL_ROWS)(count_as_of())
claim("agreements-metropolitan-sister", ALL_ROWS)(count_as_of(**SISTER))
claim("agreements-metropolitan-friendship", ALL_ROWS)(count_as_of(**PROTOCOL))
claim("agreements-district")(count_as_of(level="district"))

ASCII = str.maketrans("çğıöşü", "cgiosu")
DISTRICTS = {
    name.lower().translate(ASCII): name
    for name in (
        "Keçiören", "Çankaya", "Sincan", "Beypazarı", "Kızılcahamam", "Yenimahalle", "Altındağ",
        "Etimesgut", "Gölbaşı", "Kazan", "Mamak", "Akyurt", "Çubuk", "Elmadağ", "Haymana",
        "Şereflikoçhisar", "Kalecik", "Pursaklar", "Nallıhan", "Polatlı",
    )
}  # fmt: skip
for _id, _name in DISTRICTS.items():
    claim(f"district-{_id}", {"distinct": True})(count_as_of(level="district", municipality=_name))

for _id, _wanted in {
    "since-2005-sister": {**SISTER, "year": years(2005, 2021)},
    "since-2005-protocols": {**PROTOCOL, "year": years(2005, 2021)},
    "agreements-2010-2014": {**METROPOLITAN, "year": years(2010, 2014)},
    "agreements-2015-2019": {**METROPOLITAN, "year": years(2015, 2019)},
    "agreements-1999-2002": {"form": "sister_city", "year": years(1999, 2002)},
}.items():
    claim(_id)(count(**_wanted))
claim("agreements-1992", {"sofya": False})(count(**SISTER, year=1992))

for _id in ("metropolitan-cities", "metropolitan-partners-60"):
    claim(_id, count(**METROPOLITAN))(count(**METROPOLITAN, different=PLACES))
claim("kktc-cities")(count(**METROPOLITAN, country_printed="KKTC", different=PLACES))


@parameterised
def _sum(evidence: Evidence, choices: Choices, *ids: str) -> Found:
    """The sum of numbers that the text prints one by one."""
    rows = some(evidence.table("reference/claims"), id=ids)
    return Found(sum(int(row.claimed) for row in rows), refs(rows))


CONTINENTS = ("asia", "europe", "africa", "americas", "oceania")
claim("districts-sum")(_sum(*(f"district-{name}" for name in DISTRICTS)))
claim("metropolitan-regions-sum")(_sum(*(f"metropolitan-{name}" for name in CONTINENTS)))


@claim("regions-sum")
def regions_added(evidence: Evidence, choices: Choices) -> Found:
    """The two largest, both levels."""
    asia = _sum("metropolitan-asia", "district-asia")(evidence, choices)
    europe = _sum("metropolitan-europe", "district-europe")(evidence, choices)
    value = f"Asia {asia.value}, Europe {europe.value}"
    return Found(value, [*asia.rows, *europe.rows], asia.value > europe.value)


claim("forms-two")(count(different="form"))


@claim("agreements-as-of")
def latest_year(evidence: Evidence, choices: Choices) -> Found:
    """A choice of the last year would decide what is asked."""
    rows = evidence.agreements(choices.but(last_year=None))
    last = max(row.year for row in rows)
    return Found(last, refs(some(rows, year=last)))


@claim("table-04-source")
def latest_year_of_table_4(evidence: Evidence, choices: Choices) -> Found:
    """The value is the last year listed; earlier than the source's own year would do as well."""
    rows = evidence.article("table-04")
    last = max(row.year for row in rows)
    return Found(last, refs(some(rows, year=last)), last <= AS_OF)


@claim("agreements-table-reference")
def rows_of_table_4(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices)
    there = [row for row in rows if "/table-04.csv" in row.source]
    return Found(f"{len(there)}/{len(rows)}", refs(rows), len(there) == len(rows))


@claim("table-04-title")
def districts_in_table_4(evidence: Evidence, choices: Choices) -> Found:
    """Table 6 writes a district before a hyphen; Kazan alone is the city of Tatarstan."""
    rows = evidence.article("table-04")
    districts = {row.municipality for row in evidence.article("table-03")}
    named = [row for row in rows if "-" in row.city and row.city.split("-")[0] in districts]
    return Found(f"{len(named)}/{len(rows)}", refs(named or rows), not named)


claim("districts-with-agreements")(count_as_of("municipality", level="district"))


def municipalities_by_ties(evidence: Evidence, choices: Choices) -> tuple[list[str], list]:
    """District municipalities, the one with most ties first, and all their agreements."""
    rows = evidence.agreements(choices, level="district")
    counts = Counter(row.municipality for row in rows)
    return [name for name, _ in counts.most_common()], rows


@claim("districts-top-three")
def top_districts(evidence: Evidence, choices: Choices) -> Found:
    top, rows = municipalities_by_ties(evidence, choices)
    return Found(", ".join(top[:3]), refs(some(rows, municipality=tuple(top[:3]))))


# Years of single agreements -----------------------------------------------------------------------


@parameterised
def year_of(evidence: Evidence, choices: Choices, name: str, **wanted) -> Found:
    """The year of the agreement with the partner `name` (misprints corrected)."""
    rows = evidence.agreements(choices, name=name, **wanted)
    return Found(single({row.year for row in rows}), refs(rows))


for _id, _city in {
    "year-havana-metropolitan": "Havana",
    "year-bucharest-metropolitan": "Bükreş",
    "year-bucharest-prose": "Bükreş",
    "year-manama": "Manama",
    "year-astana": "Astana",
    "year-lima": "Lima",
    "year-brussels": "Brüksel",
    "early-seoul": "Seul",
    "early-islamabad": "İslamabad",
    "early-dipkarpaz": "Dipkarpaz",
}.items():
    claim(_id)(year_of(_city, **METROPOLITAN))

claim("year-havana-cankaya")(year_of("Havana, Playa", municipality="Çankaya"))
claim("year-bucharest-cankaya")(year_of("Bükreş", municipality="Çankaya"))
claim("year-tovuz")(year_of("Tovuz", municipality="Keçiören"))
claim("eu-tiergarten")(year_of("Tiergarten", municipality="Çankaya"))


claim("tovuz-kecioren")(names("municipality", name="Tovuz"))


@parameterised
def first_year(evidence: Evidence, choices: Choices, **wanted) -> Found:
    """The earliest year of agreements as `wanted`."""
    rows = _earliest(evidence.agreements(choices, **wanted))
    return Found(rows[0].year if rows else None, refs(rows))


@parameterised
def first_partner(evidence: Evidence, choices: Choices, **wanted) -> Found:
    """The partner of the earliest agreement as `wanted`; all of them if the year has several."""
    rows = _earliest(evidence.agreements(choices, **wanted))
    return listed([row.name for row in rows], rows)


def _earliest(rows: list) -> list:
    return some(rows, year=min((row.year for row in rows), default=None))


claim("first-agreement-year")(first_year())
claim("eu-bialystok")(first_year(municipality="Polatlı", partner_printed="Viavistok"))
claim("first-agreement-city")(first_partner())


@claim("ties-since-1970s")
def first_decade(evidence: Evidence, choices: Choices) -> Found:
    rows = _earliest(evidence.agreements(choices))
    decade = rows[0].year // 10 * 10
    return Found(f"{decade}–{decade + 9}", refs(rows))


@parameterised
def _peak(evidence: Evidence, choices: Choices, level: str, first: int, last: int) -> Found:
    """The year with most sister-city agreements, alone; all of them in a tie."""
    rows = evidence.agreements(choices, level=level, form="sister_city", year=years(first, last))
    top = first_of(Counter(row.year for row in rows))
    return Found(single(top), refs(some(rows, year=tuple(top))))


# SHP's term: from its election to the year before the next
claim("peak-year", _peak("metropolitan", 1971, 2021), _peak("all", 1989, 1993))(
    _peak("metropolitan", 1989, 1993)
)


@parameterised
def _growth(evidence: Evidence, choices: Choices, before: range, during: range) -> Found:
    """Sister-city agreements a year grow fast from the first span to the second."""
    old = evidence.agreements(choices, **SISTER, year=before)
    new = evidence.agreements(choices, **SISTER, year=during)
    found = compare(new, during, old, before)
    fast = evidence.degree("fast", len(new) / len(during), len(old) / len(before))
    return found._replace(holds=fast)


def compare(new: list, during: range, old: list, before: range) -> Found:
    """Agreements and years of two spans, and whether the first has more a year."""
    return above((len(new), len(during)), (len(old), len(before)), [*new, *old])


claim("gokcek-growth", _growth(years(1984, 1993), years(1994, 2003)))(
    _growth(years(1971, 1993), years(1994, 2018))
)
