"""Tables 7 to 11: elections, governments, mayors, and whose term an agreement falls into."""

from itertools import groupby
from pathlib import Path

import pandas as pd

from ankara.claims.agreements import METROPOLITAN, count_rows, year_of
from ankara.claims.evidence import AS_DEFINED, Choices, Evidence
from ankara.claims.found import Found, counted, listed, refs, some
from ankara.claims.registry import claim, parameterised

AKP, SHP, GOKCEK = "AK Parti", "SHP", "Melih Gökçek"
GOVERNMENTS = "reference/governments"

# Table 7 prints years (and two months of 2015); the days are in the evidence of `governments`.
_DAYS = Path(__file__).with_name("election_days.csv")
ELECTION_DAYS = dict(pd.read_csv(_DAYS, dtype="str").to_numpy())

# What the tables print ----------------------------------------------------------------------------


@parameterised
def printed(
    evidence: Evidence, choices: Choices, table: str, column: str, expected: list | None = None, **wanted
) -> Found:  # fmt: skip
    """The different cells of a column in a table's rows as `wanted`."""
    rows = some(evidence.article(table), **wanted)
    return listed([getattr(row, column) for row in rows], rows, expected)


for _year in (1983, 1987, 1991, 1995):
    claim(f"general-election-{_year}")(printed("table-07", "party", year=_year))
for _year in (1984, 1989, 1994, 1999):
    claim(f"metropolitan-election-{_year}")(printed("table-08", "party", year=_year))
claim("metropolitan-election-2019")(printed("table-08", "mayor", year=2019))
claim("table-11-metropolitan")(printed("table-08", "party", year=1994))


@parameterised
def span_of(evidence: Evidence, choices: Choices, table: str) -> Found:
    """First and last election year of a table."""
    rows = evidence.article(table)
    found = sorted({row.year for row in rows})
    ends = some(rows, year=(found[0], found[-1]))
    return Found(f"{found[0]}–{found[-1]}", refs(ends))


claim("table-07-span")(span_of("table-07"))
claim("table-08-span")(span_of("table-08"))
claim("table-09-span")(span_of("table-09"))


@claim("district-results-1984-missing")
def results_of_1984(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.article("table-09")
    found = some(rows, year=1984)
    return Found(len(found), refs(found or some(rows, year=1989)), not found)


RP_1994 = {"year": 1994, "party": "RP"}
claim("rp-districts-1994")(count_rows("raw/article/table-09", **RP_1994))


_NAMED = ["Altındağ", "Çubuk", "Etimesgut", "Sincan"]
claim("rp-districts-1994-list")(printed("table-09", "municipality", _NAMED, **RP_1994))


@claim("local-winner-not-ruling-2019")
def another_party(evidence: Evidence, choices: Choices) -> Found:
    (city,) = some(evidence.article("table-08"), year=2019)
    country = some(evidence.article("table-07"), year=range(2019))[-1]
    value = f"{city.party} {city.year}, {country.party} {country.year}"
    return Found(value, refs([city, country]), city.party != country.party)


@claim("metropolitan-anap-until-1989")
def anap_until_1989(evidence: Evidence, choices: Choices) -> Found:
    first, second = sorted(evidence.article("table-08"), key=lambda row: row.year)[:2]
    value = f"{first.party} {first.year}, {second.party} {second.year}"
    holds = (first.party, first.year, second.year) == ("ANAP", 1984, 1989)
    return Found(value, refs([first, second]), holds and second.party != "ANAP")


# National governments -----------------------------------------------------------------------------


def _parties(government) -> list[str]:
    return government.parties.split(";")


def _years(government) -> range:
    return range(int(government.start[:4]), int(government.end[:4]) + 1)


def _coalitions(evidence: Evidence) -> dict[int, list]:
    """Governments of at least two parties, by the years in which they were in office."""
    found: dict[int, list] = {}
    for government in evidence.table(GOVERNMENTS):
        if len(_parties(government)) > 1:
            for year in _years(government):
                found.setdefault(year, []).append(government)
    return found


def _coalition_years(evidence: Evidence, choices: Choices) -> Found:
    found = _coalitions(evidence)
    inside = [year for year in range(1991, 2000) if year in found]
    rows = [government for year in inside for government in found[year]]
    value = f"{inside[0]}–{inside[-1]}" if len(inside) == 9 else f"{len(inside)}/9"
    return Found(value, refs(rows))


@claim("coalition-era", _coalition_years)
def coalition_era(evidence: Evidence, choices: Choices) -> Found:
    """The unbroken run of years with a coalition to which 1995 belongs."""
    found = _coalitions(evidence)
    first = last = 1995
    while first - 1 in found:
        first -= 1
    while last + 1 in found:
        last += 1
    rows = [government for year in range(first, last + 1) for government in found[year]]
    return Found(f"{first}–{last}", refs(rows))


@parameterised
def _coalition(evidence: Evidence, choices: Choices, parties: str, first: int, last: int) -> Found:
    """A government of exactly these parties begins and ends in these years."""
    governments = evidence.table(GOVERNMENTS)
    rows = [row for row in governments if _years(row) == range(first, last + 1)]
    fitting = [row for row in rows if sorted(_parties(row)) == sorted(parties.split("-"))]
    if fitting:
        return Found(parties, refs(fitting))
    return Found(", ".join("-".join(_parties(row)) for row in rows), refs(rows))


claim("coalition-1995-1996")(_coalition("DYP-CHP", 1995, 1996))
claim("coalition-1996")(_coalition("ANAP-DYP", 1996, 1996))
claim("coalition-1996-1997")(_coalition("RP-DYP", 1996, 1997))
claim("coalition-1997-1999")(_coalition("ANAP-DSP-DTP", 1997, 1999))


@claim("coalition-1999")
def coalition_of_1999(evidence: Evidence, choices: Choices) -> Found:
    governments = evidence.table(GOVERNMENTS)
    rows = [row for row in governments if sorted(_parties(row)) == ["ANAP", "DSP", "MHP"]]
    return Found(rows[0].start, refs(rows))


def _first_of_table_7(evidence: Evidence, choices: Choices) -> Found:
    rows = some(evidence.article("table-07"), party=AKP)
    return Found(min(row.year for row in rows), refs(rows[:1]))


@claim("akp-in-power", _first_of_table_7)
@claim("akp-since-2002", _first_of_table_7)
def akp_in_power(evidence: Evidence, choices: Choices) -> Found:
    rows = [row for row in evidence.table(GOVERNMENTS) if AKP in _parties(row)]
    first = min(rows, key=lambda row: row.start)
    return Found(int(first.start[:4]), [first.ref])


def _elections_as_one(evidence: Evidence, choices: Choices) -> Found:
    rows = some(evidence.article("table-07"), party=AKP)
    return Found(len({row.year for row in rows}), refs(rows))


claim("akp-election-periods", _elections_as_one)(count_rows("raw/article/table-07", party=AKP))


def _after(evidence: Evidence) -> list[tuple]:
    """(election of Table 7, the governments formed after it and before the next election)."""
    elections = evidence.article("table-07")
    days = [ELECTION_DAYS[row.election] for row in elections]
    governments = evidence.table(GOVERNMENTS)
    return [
        (election, [row for row in governments if day < row.start <= following])
        for election, day, following in zip(elections, days, [*days[1:], "9999-12-31"], strict=True)
    ]


def _sits(evidence: Evidence, choices: Choices) -> Found:
    after = _after(evidence)
    formed = [{party for row in own for party in _parties(row)} for _, own in after]
    wrong = [
        one for (one, _), parties in zip(after, formed, strict=True) if one.party not in parties
    ]
    rows = [row for election, governments in after for row in (election, *governments)]
    return Found(f"{len(after) - len(wrong)}/{len(after)}", refs(rows), not wrong)


@claim("table-07-ruling", _sits)
def printed_party_leads(evidence: Evidence, choices: Choices) -> Found:
    after = [(election, governments[0]) for election, governments in _after(evidence)]
    wrong = [(election, row) for election, row in after if election.party != row.leading_party]
    value = f"{len(after) - len(wrong)}/{len(after)}"
    if wrong:
        exceptions = ", ".join(f"{election.year}: {row.leading_party}" for election, row in wrong)
        value += f" ({exceptions})"
    return Found(value, refs(row for pair in wrong or after for row in pair), not wrong)


@claim("table-07-parties")
def leading_parties(evidence: Evidence, choices: Choices) -> Found:
    after = [(election, governments[0]) for election, governments in _after(evidence)]
    leading = [row.leading_party for _, row in after]
    runs = [(party, len(list(same))) for party, same in groupby(leading)]
    # Twice or more in a row: "AK Parti ×6"
    value = ", ".join(party if n == 1 else f"{party} ×{n}" for party, n in runs)
    holds = leading == ["ANAP", "ANAP", "DYP", "RP", "DSP", *[AKP] * 6]
    return Found(value, refs(row for pair in after for row in pair), holds)


# Mayors and terms ---------------------------------------------------------------------------------


def term_of(evidence: Evidence, year: int, choices: Choices):
    """The term of Table 8 to which a year belongs; None before the first election."""
    before = year + (choices.election_year == "incoming")
    elected = [row for row in evidence.table("processed/terms") if row.year_from < before]
    return max(elected, key=lambda row: row.year_from, default=None)


@claim("local-election-periods-since-2010")
def terms_since_2010(evidence: Evidence, choices: Choices) -> Found:
    terms = evidence.table("processed/terms")
    return counted([row for row in terms if (row.year_to or 9999) > 2010])


def _longest_run(evidence: Evidence, name: str) -> list:
    """The longest unbroken run of elections with this name in the mayor's cell, joint names too."""
    best: list = []
    run: list = []
    for row in sorted(evidence.article("table-08"), key=lambda row: row.year):
        run = [*run, row] if name in row.mayor.split("-") else []
        best = max(best, run, key=len)
    return best


@claim("long-mayoralty-2000s")
def longest_mayoralty(evidence: Evidence, choices: Choices) -> Found:
    names = [name for row in evidence.article("table-08") for name in row.mayor.split("-")]
    run = max((_longest_run(evidence, name) for name in names), key=len)
    return Found(run[0].year, refs(run), run[0].year in range(2000, 2010))


@claim("gokcek-elected")
def gokcek_elected(evidence: Evidence, choices: Choices) -> Found:
    rows = [row for row in evidence.article("table-08") if GOKCEK in row.mayor.split("-")]
    first = min(rows, key=lambda row: row.year)
    return Found(first.year, [first.ref])


@claim("gokcek-terms", count_rows("raw/article/table-08", mayor=GOKCEK))
def gokcek_terms(evidence: Evidence, choices: Choices) -> Found:
    return counted(_longest_run(evidence, GOKCEK))


@claim("table-12-mayors")
def mayors_2015_2018(evidence: Evidence, choices: Choices) -> Found:
    rows = list(dict.fromkeys(term_of(evidence, year, AS_DEFINED) for year in range(2015, 2019)))
    return Found("; ".join(f"{row.mayor}, {row.party}" for row in rows), refs(rows))


# Agreements within a term -------------------------------------------------------------------------


@parameterised
def _in_shp_term(evidence: Evidence, choices: Choices, city: str) -> Found:
    """The year of an agreement, if SHP held the municipality in it."""
    found = year_of(city, **METROPOLITAN)(evidence, choices)
    term = term_of(evidence, found.value, choices)
    if term and term.party == SHP:
        return Found(found.value, [*found.rows, term.ref])
    return Found(f"{found.value} ({term.party if term else None})", found.rows)


claim("shp-beijing")(_in_shp_term("Pekin"))
claim("shp-moscow")(_in_shp_term("Moskova"))
claim("shp-havana")(_in_shp_term("Havana"))


@claim("same-party-1980s", {"election_year": "outgoing"})
def same_party(evidence: Evidence, choices: Choices) -> Found:
    """The value gives for each agreement the city's and the country's leading parties."""
    wanted = {"country_printed": "KKTC", "year": range(1980, 1990)}
    ties = evidence.agreements(choices, **METROPOLITAN, **wanted)
    said, rows, same = [], [], []
    for tie in ties:
        term = term_of(evidence, tie.year, choices)
        ruling = [row for row in evidence.table(GOVERNMENTS) if tie.year in _years(row)]
        leading = list(dict.fromkeys(row.leading_party for row in ruling))
        said.append(f"{tie.year}: {term.party}, {'/'.join(leading)}")
        same.append(term.party in leading)
        rows += [tie, term, *ruling]
    return Found("; ".join(said), refs(rows), all(same))
