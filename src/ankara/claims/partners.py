"""Who the metropolitan partners are: countries, capitals, neighbours, ports, and those shared."""

from collections import Counter

from ankara.claims.agreements import METROPOLITAN, PLACES, SISTER, count, names
from ankara.claims.evidence import Choices, Evidence
from ankara.claims.found import Found, counted, listed, refs, some
from ankara.claims.registry import claim, parameterised
from diplolib.contrasts import distance
from nbproof.study import StudyError

# Countries ----------------------------------------------------------------------------------------


def country(row, *, republics: bool):
    """The country as Table 4 prints it, or as today's states."""
    return row.country_printed if republics else row.country_code


claim("countries-1992", {"sofya": False})(count(**SISTER, year=1992, different="country_printed"))


@claim("one-city-per-country", {"republics": False})
def one_per_country(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **SISTER)
    ties = Counter(country(row, republics=choices.republics is not False) for row in rows)
    single = [name for name, n in ties.items() if n == 1]
    mostly = evidence.degree("mostly", len(single), len(ties))
    return Found(f"{len(single)}/{len(ties)}", refs(rows), mostly)


@claim("kktc-only-multiple", {"republics": False})
def several_per_country(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **SISTER)
    republics = choices.republics is not False
    ties = Counter(country(row, republics=republics) for row in rows)
    several = [row for row in rows if ties[country(row, republics=republics)] > 1]
    return listed([row.country_printed for row in several], several, ["KKTC"])


@claim("both-forms-one-country")
def both_forms(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN)
    sisters = {row.country_printed for row in some(rows, form="sister_city")}
    protocols = {row.country_printed for row in some(rows, form="friendship_cooperation")}
    both = [row for row in rows if row.country_printed in sisters & protocols]
    return Found(listed([row.country_printed for row in both], []).value, refs(both), bool(both))


@claim("kktc-more-than-one")
def several_with_kktc(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **SISTER, country_printed="KKTC")
    return Found(len(rows), refs(rows), len(rows) >= 2)


@claim("kktc-years")
def years_with_kktc(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN, country_printed="KKTC")
    return Found(", ".join(str(row.year) for row in rows), refs(rows))


# Partners of both levels --------------------------------------------------------------------------


def _same_name(kinds: dict, city, row) -> bool:
    """A cell such as "Havana, Playa" is Havana."""
    return row.name.split(",")[0] == city.name


def _same_place(kinds: dict, city, row) -> bool:
    return row.place_id == city.place_id


def _same_place_or_borough(kinds: dict, city, row) -> bool:
    """No table names the city of a borough: it is the metropolitan partner within 50 km."""
    if row.place_id == city.place_id or kinds[row.place_id] != "borough":
        return row.place_id == city.place_id
    return distance(row.latitude, row.longitude, city.latitude, city.longitude) <= 50


def _pairs(evidence: Evidence, choices: Choices, same) -> list[tuple]:
    """The metropolitan and the district agreements of one partner, side by side.

    same: whether two of them have one partner, given the kind of each place.
    """
    kinds = {row.place_id: row.kind for row in evidence.table("reference/places")}
    cities = evidence.agreements(choices, **METROPOLITAN)
    districts = evidence.agreements(choices, level="district")
    return [(city, row) for city in cities for row in districts if same(kinds, city, row)]


@parameterised
def _overlap_municipalities(evidence: Evidence, choices: Choices, same) -> Found:
    found = _pairs(evidence, choices, same)
    districts = sorted((row for _, row in found), key=lambda row: row.ref)
    names = [row.municipality for row in districts]
    rows = [row for pair in found for row in pair]
    return listed(names, rows, ["Çankaya"])


@parameterised
def _overlap_cities(evidence: Evidence, choices: Choices, same) -> Found:
    found = _pairs(evidence, choices, same)
    rows = [row for pair in found for row in pair]
    return listed([city.name for city, _ in found], rows, ["Havana", "Bükreş"])


for _id, _overlap in {
    "overlap-only-cankaya": _overlap_municipalities,
    "overlap-cities": _overlap_cities,
}.items():
    claim(_id, _overlap(_same_place), _overlap(_same_place_or_borough))(_overlap(_same_name))


# Capitals, neighbours, ports ----------------------------------------------------------------------


def _capitals(evidence: Evidence, rows: list, *, republics: bool | None) -> list:
    """The rows whose partner is a capital, of a Russian republic too if asked for."""
    wanted = {"level": "metropolitan", "relation": "subnational_capital"}
    known = some(evidence.table("reference/capitals"), **wanted) if republics else []
    of_republics = {row.place for row in known}
    return [row for row in rows if row.capital or row.partner_printed in of_republics]


REPUBLICS = {"republics": True}


@claim("metropolitan-capitals", REPUBLICS)
def capitals(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN)
    return counted(_capitals(evidence, rows, republics=choices.republics), PLACES)


@claim("metropolitan-nearly-all-capitals", REPUBLICS)
def nearly_all_capitals(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, **METROPOLITAN)
    found = _capitals(evidence, rows, republics=choices.republics)
    return evidence.share(found, rows, "nearly_all")


@claim("mostly-capitals", {"level": "all"})
def mostly_capitals(evidence: Evidence, choices: Choices) -> Found:
    rows = evidence.agreements(choices, level=choices.level or "metropolitan")
    return share_of_places(evidence, _capitals(evidence, rows, republics=choices.republics), rows)


def share_of_places(evidence: Evidence, part: list, whole: list, word: str = "mostly") -> Found:
    """ "40/60" of the different partner places, and whether that is what the word of degree says."""
    n, of = (len({row.place_id for row in rows}) for rows in (part, whole))
    return Found(f"{n}/{of}", refs(part), evidence.degree(word, n, of))


DIPKARPAZ = {"column": "name", "expected": ["Dipkarpaz"], "capital": False}
claim("dipkarpaz-not-capital", names(**DIPKARPAZ, **SISTER))(
    names(**DIPKARPAZ, **METROPOLITAN, name="Dipkarpaz")
)


@claim("metropolitan-neighbours", {"neighbours": "land"}, {"neighbours": "wide"})
def neighbours(evidence: Evidence, choices: Choices) -> Found:
    wanted = {
        "strict": {"definition": "strict"},
        "land": {"definition": "strict", "border": "land"},
        "wide": {"definition": ("strict", "wide")},
    }[choices.neighbours]
    codes = {row.country_code for row in some(evidence.table("reference/neighbours"), **wanted)}
    return counted(evidence.agreements(choices, **METROPOLITAN, country_code=codes))


@claim("metropolitan-ports", {"ports": "agglomeration"}, {"ports": "river"})
def ports(evidence: Evidence, choices: Choices) -> Found:
    wanted = {
        "municipality": {"kind": "sea", "where": "municipality"},
        "agglomeration": {"kind": "sea", "where": ("municipality", "agglomeration")},
        "river": {"kind": ("sea", "river"), "where": "municipality"},
    }[choices.ports]
    known = evidence.table("reference/ports")
    found = {row.place for row in some(known, **wanted)}
    rows = evidence.agreements(choices, **METROPOLITAN)
    lost = {row.partner_printed for row in rows} - {row.place for row in known}
    if lost:
        raise StudyError(
            f"data/reference/ports.csv: no row for {', '.join(sorted(lost))}. Add one for each; a "
            "place without a port has kind none."
        )
    rows = [row for row in rows if row.partner_printed in found]
    return counted(rows, PLACES)
