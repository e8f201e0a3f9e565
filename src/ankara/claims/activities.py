"""Purposes, strategic aims and policies, and the activities of 2010 to 2020."""

from ankara.claims.agreements import METROPOLITAN, SISTER, count_rows
from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found, counted, listed, refs, some, years
from ankara.claims.registry import claim, parameterised

VISIBILITY = "promotion_visibility"
CULTURE_DAYS = "raw/ankara-2015/culture-days"
# Table 12: the period after the election, and the remark that there were no policies before
AFTER_2019, NONE_GIVEN = "2019 Yerel Seçim Sonrası", "ayrıca yer verilmemiştir"
# A word of each of the four policies that the prose lists (lines 1773 to 1780)
POLICIES_2019 = ("deneyimlerinden", "kardeş belediye", "tanıtılması", "organizasyonların")
TEN_FIELDS = {
    "Infrastructure", "Housing", "Economy", "Tourism", "Environment",
    "Health", "Education", "Science", "Culture", "Art",
}  # fmt: skip

# Purposes and aims --------------------------------------------------------------------------------


claim("purposes-number")(count_rows("processed/purposes", "purpose"))


@claim("purposes-fields")
def fields(evidence: Evidence, choices: Choices) -> Found:
    rows = [row for row in evidence.table("processed/purposes") if row.purpose_en in TEN_FIELDS]
    return Found(f"{len(rows)}/{len(TEN_FIELDS)}", refs(rows), len(rows) == len(TEN_FIELDS))


AIMS = {"period": "2010-2014", "kind": "aim"}
claim("aims-number")(count_rows("raw/article/policies", **AIMS))


@parameterised
def _aims_on_women(evidence: Evidence, choices: Choices, *, all_of_them: bool) -> Found:
    """How many of the aims after the fifth concern women's vocational development."""
    aims = some(evidence.article("policies"), **AIMS)
    rest = [row for row in aims if row.aim_number > 5]
    on_women = [row for row in rest if "women" in row.statement]
    enough = len(on_women) == len(rest) if all_of_them else evidence.degree("plural", len(on_women))
    return Found(f"{len(on_women)}/{len(rest)}", refs(rest), enough)


claim("aims-rest-women", _aims_on_women(all_of_them=False))(_aims_on_women(all_of_them=True))

# Policies -----------------------------------------------------------------------------------------


@claim("policies-2015-2019-none")
def policies_before(evidence: Evidence, choices: Choices) -> Found:
    rows = some(evidence.article("table-12"), period="2015-2019")
    given = [row for row in rows if NONE_GIVEN not in row.policy]
    return Found(len(given), refs(rows), not given)


@claim("policies-2019-again")
def policies_again(evidence: Evidence, choices: Choices) -> Found:
    rows = some(evidence.article("table-12"), period=AFTER_2019)
    return Found(int(AFTER_2019[:4]) if rows else None, refs(rows))


@claim("policies-2019-list")
def policies_after(evidence: Evidence, choices: Choices) -> Found:
    rows = some(evidence.article("table-12"), period=AFTER_2019)
    fitting = [row for row, word in zip(rows, POLICIES_2019, strict=False) if word in row.policy]
    holds = len(rows) == len(fitting) == len(POLICIES_2019)
    return Found(f"{len(fitting)}/{len(rows)}", refs(rows), holds)


# Activities ---------------------------------------------------------------------------------------


def _country(name: str | None) -> str | None:
    """Tables write Kazakistan, the lists of activities Kazakistan Cumhuriyeti as well."""
    return name.removesuffix(" Cumhuriyeti") if name else None


@parameterised
def _with_partners(evidence: Evidence, choices: Choices, period: str) -> Found:
    """Each activity of a period has a metropolitan tie of its city, or with its country, by then."""
    activities = some(evidence.table("processed/activities"), period=period)
    last = activities[0].year_to
    ties = evidence.agreements(choices, **METROPOLITAN, year=years(0, last))
    cities = {row.name for row in ties}
    countries = {row.country_printed for row in ties}
    known = [(row.partner, _country(row.country)) for row in activities]
    tied = [pair for pair in known if pair[0] in cities or pair[1] in countries]
    partners, named = map(set, zip(*known, strict=True))
    used = [row for row in ties if row.name in partners or row.country_printed in named]
    holds = len(tied) == len(activities)
    return Found(f"{len(tied)}/{len(activities)}", refs([*activities, *used]), holds)


claim("activities-2010-2014")(_with_partners("2010-2014"))
claim("activities-2015-2019")(_with_partners("2015-2019"))


@claim("activities-2020-sister-cities")
def sister_cities_2020(evidence: Evidence, choices: Choices) -> Found:
    named = ("Tahran", "Viyana", "Kiev")
    rows = evidence.agreements(choices, **SISTER, name=named, year=years(0, 2020))
    activities = some(evidence.table("processed/activities"), period="2020", partner=named)
    found = [name for name in named if name in {row.name for row in rows}]
    return listed(found, [*rows, *activities], named)


@claim("activities-2020-bilateral")
def countries_2020(evidence: Evidence, choices: Choices) -> Found:
    activities = some(evidence.table("processed/activities"), period="2020")
    activities = [row for row in activities if row.country is not None]
    named = [_country(row.country) for row in activities]
    wanted = {"country_printed": tuple(named), "year": years(0, 2020)}
    rows = evidence.agreements(choices, **METROPOLITAN, **wanted)
    found = [name for name in named if name in {row.country_printed for row in rows}]
    return listed(found, [*rows, *activities], named)


@claim("activities-visibility")
def visible_in_both(evidence: Evidence, choices: Choices) -> Found:
    parts = []
    for period in ("2010-2014", "2015-2019"):
        rows = some(evidence.table("processed/activities"), period=period)
        parts.append(evidence.share(some(rows, code=VISIBILITY), rows))
    value, rows = (
        ", ".join(part.value for part in parts),
        [ref for part in parts for ref in part.rows],
    )
    return Found(value, rows, all(part.holds for part in parts))


@claim("activities-visibility-overall")
@claim("recognition-rather-than-means")
def visible(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.table("processed/activities")
    return evidence.share(some(rows, code=VISIBILITY), rows)


@claim("health-recent-years")
def health(evidence: Evidence, choices: Choices) -> Found:
    activities = evidence.table("processed/activities")
    about = [row for row in activities if "Covid" in row.activity]
    recent = some(activities, period="2020")
    found = evidence.share(some(about, period="2020"), recent)
    earlier = [row for row in about if row.period != "2020"]
    rest = len(activities) - len(recent)
    return Found(f"{found.value}, {len(earlier)}/{rest}", refs(about), found.holds and not earlier)


# Culture Days of the slides -----------------------------------------------------------------------


def _days(evidence: Evidence, event: str, first: int, last: int) -> list:
    return some(evidence.table(CULTURE_DAYS), event=event, year=years(first, last))


@claim("astana-days-mutual")
def days_in_turn(evidence: Evidence, choices: Choices) -> Found:
    there = _days(evidence, "Ankara Days in Astana", 2001, 9999)
    here = _days(evidence, "Astana Days in Ankara", 2001, 9999)
    value = f"{len(there)} + {len(here)}"
    return Found(value, refs([*there, *here]), bool(there and here))


@claim("activity-shanghai-days")
def shanghai_days(evidence: Evidence, choices: Choices) -> Found:
    rows = _days(evidence, "Ankara Days in Shanghai", 0, 9999)
    value = ", ".join(str(row.year) for row in rows)
    holds = any(row.year in years(2010, 2014) for row in rows)
    return Found(int(value) if value.isdecimal() else value or None, refs(rows), holds)


@parameterised
def _astana_days(evidence: Evidence, choices: Choices, *events: str) -> Found:
    return counted([row for event in events for row in _days(evidence, event, 2010, 2014)])


claim("activity-astana-days", _astana_days("Ankara Days in Astana", "Astana Days in Ankara"))(
    _astana_days("Ankara Days in Astana")
)
