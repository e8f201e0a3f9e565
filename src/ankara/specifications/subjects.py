"""What is computed under each specification: a claim, a contrast of hypothesis 1, a ratio of hypothesis 2."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from ankara import cleaning
from ankara.claims import CLAIMS, Choices, Evidence, holds
from ankara.ledger.verdicts import number
from ankara.specifications.grid import Noted, NotedChoices, Specification
from diplolib import contrasts, panel, places, regions
from nbproof import tables
from nbproof.study import Study

# Which states of country_groups.csv count as born of the Soviet Union or Yugoslavia
SUCCESSORS = {"all": ("successor", "restored", "continuator"), "strict": ("successor",)}
SUCCESSORS_FROM = 1991
SHIFT = {"as_named": 0, "year_before": -1, "year_after": 1}


def _inference():
    from diplolib import inference  # in a browser there is no statsmodels; claims do without it

    return inference


# As counted, with an effect of each year, and the estimate
RATIOS = {
    "as-counted": lambda rows, aligned: _inference().rate_ratio(rows, aligned)["ratio"],
    "by-year": lambda rows, aligned: _inference().estimate(rows, aligned, municipality=False),
    "by-both": lambda rows, aligned: _inference().estimate(rows, aligned),
}
# The choices that leave agreements out, as none of them does
_DEFINED = Choices()
LEFT_OUT = {
    name: getattr(_DEFINED, name)
    for name in ("sofya", "northern_cyprus", "last_year", "min_confidence")
}
# Deciding tables of a claim that speaks of where partners lie
OF_COUNTRIES = {"regions", "countries", "places", "neighbours", "memberships"}
DIGITS = 4  # a fit is exact to some eight


class Result(NamedTuple):
    """What one specification gives.

    value: the recomputed value of a claim; the counts of both sides of a contrast. estimate: it as a
    number: a contrast's difference of shares, a ratio. holds: a claim is as published, a contrast as
    expected, a ratio above one; None where the article names no direction, and where the choices
    leave out every row that could decide (a claim about Northern Cyprus on a list without it).
    """

    value: str | None
    estimate: float | None
    holds: bool | None


class Desk:
    """The study's tables, read once, and what several specifications share.

    evidence: them, where they are at hand (default: cleaned from the sources).
    """

    def __init__(self, study: Study, evidence: Evidence | None = None):
        if evidence is None:
            # From the sources: what is written in data/processed may be older than they are.
            cleaned = {
                name: tables.as_read(frame, study, f"processed/{name}")
                for name, frame in cleaning.process(study).items()
            }
            evidence = Evidence(study, cleaned)
        self.evidence = evidence
        self.read = self.evidence.frame
        stated = self.read("reference/claims")
        self.claimed = dict(zip(stated["id"], stated["claimed"], strict=True))
        self.deciding = dict(zip(stated["id"], stated["tables"], strict=True))
        # Keyed by what they depend on, hence not by a whole specification
        self._listed = functools.cache(self._listed)
        self._grouped = functools.cache(self._grouped)
        self._panel = functools.cache(self._panel)

    def values(self, scope: str, name: str) -> dict[str, list[str]]:
        """The choices of a scope with their values; a claim has as many readings as it has."""
        rows = self.read("reference/choices")
        rows = rows[rows["scope"] == scope]
        values = dict(
            zip(rows["choice"], rows["values"].str.split(" | ", regex=False), strict=True)
        )
        if scope == "claim":
            claim = CLAIMS[name]
            others = [str(1 + claim.readings.index(reading)) for reading in claim.functions]
            values["reading"] = [values["reading"][0], *others]
            # A count of what is listed does not ask in which country a partner lies.
            if not OF_COUNTRIES & set(str(self.deciding[name]).split(";")):
                values["northern_cyprus"] = values["northern_cyprus"][:1]
        return values

    def names(self, scope: str) -> list[str]:
        """What there is to compute in a scope, in the order of its table."""
        if scope == "claim":
            stated = self.read("reference/claims")
            return stated.loc[stated["checkable"], "id"].tolist()
        if scope == "contrast":
            return self.read("reference/named_contrasts")["name"].tolist()
        return list(RATIOS)

    def evaluate(self, scope: str, name: str, specification: Specification):
        """The result of one specification, and the choices that were looked at on the way."""
        noted = Noted(specification)
        looked = noted.looked
        return getattr(self, f"_{scope}")(name, noted), looked

    # Claims ---------------------------------------------------------------------------------------

    def _claim(self, name: str, noted: Noted) -> Result:
        claim = CLAIMS[name]
        given = {choice: _plain(text) for choice, text in noted.items() if choice != "reading"}
        reading = noted["reading"] if claim.functions else "as_defined"
        compute = claim.compute if reading == "as_defined" else claim.readings[int(reading) - 1]
        found = compute(self.evidence, NotedChoices(given, noted.looked))
        as_number = number(found.text)
        estimate = float(as_number) if isinstance(as_number, int | float) else None
        if not found.rows and compute(self.evidence, Choices(**given | LEFT_OUT)).rows:
            return Result(found.text, estimate, None)
        return Result(found.text, estimate, bool(holds(self.claimed[name], found)))

    # Hypothesis 1 ---------------------------------------------------------------------------------

    def _contrast(self, name: str, noted: Noted) -> Result:
        named = self.read("reference/named_contrasts")
        named = named[named["name"] == name].reset_index(drop=True)
        row = named.iloc[0]
        classified = self._classified(row["column"], noted)
        for column in ("level", "form"):
            if row[column] == row[f"against_{column}"] == "all" and noted[column] != "all":
                classified = classified[classified[column] == noted[column]]
        for earlier, later in (("against_", ""), ("", "against_")):
            if row[f"{earlier}year_to"] + 1 == row[f"{later}year_from"]:
                shift = SHIFT[noted["dividing_year"]]
                named = named.assign(
                    **{
                        f"{earlier}year_to": named[f"{earlier}year_to"] + shift,
                        f"{later}year_from": named[f"{later}year_from"] + shift,
                    }
                )
        found = contrasts.compare(classified, named).iloc[0]
        outcome = {"as_expected": True, "not_as_expected": False}.get(found["outcome"])
        value = "{agreements}/{of}; {against_agreements}/{against_of}".format(**found)
        return Result(value, _rounded(found["difference"]), outcome)

    def _classified(self, column: str, noted: Noted) -> pd.DataFrame:
        """The agreements that count, with one grouping of `contrasts.GROUPS`, as `classify` makes it."""
        filters = ("sofya", "northern_cyprus", "last_year", "min_confidence", "second_readings")
        rule = {"region": "region_scheme", "successor": "successors"}.get(column)
        if column in contrasts.ORGANISATIONS:
            rule = "membership"
        listed = tuple(noted[choice] for choice in filters)
        return self._grouped(column, noted[rule] if rule else None, listed)

    def _grouped(self, column: str, rule: str | None, listed: tuple) -> pd.DataFrame:
        rows = self._listed(*listed)
        if column == "capital_kind":
            groups = contrasts.capital_kind(rows, self.read("reference/capitals"))
        elif column == "region":
            schemes = self.read("reference/regions")
            groups = regions.assign(rows["country_code"], rule, schemes).fillna("unidentified")
        elif column == "successor":
            states = self.read("reference/country_groups")
            groups = contrasts.successor(rows, states, SUCCESSORS[rule], SUCCESSORS_FROM)
        elif column == "distance":
            origin = places.home(self.read("reference/study"))
            here = origin["latitude"], origin["longitude"]
            groups = contrasts.band(contrasts.distance(rows["latitude"], rows["longitude"], *here))
        elif column == "overlap":
            groups = contrasts.overlap(rows)
        else:
            groups = contrasts.member(rows, self.read("reference/memberships"), column, rule)
        # Only what is counted by: what is not carried along need not be copied a thousand times.
        return rows[["agreement_id", "level", "form", "year"]].assign(**{column: groups})

    def _listed(
        self, sofya, northern_cyprus, last_year, min_confidence="none", second_readings="false"
    ) -> pd.DataFrame:
        """The agreements that count under these choices."""
        rows = self.read("processed/agreements")
        if second_readings == "true":
            rows = self._second(rows)
        wanted = rows["year"] <= int(last_year)
        wanted &= places.at_least(rows["confidence"], min_confidence)
        if sofya == "false":
            wanted &= rows["status"] == "listed"
        if northern_cyprus == "false":
            wanted &= rows["country_code"].ne("XN").fillna(True)
        return rows[wanted]

    def _second(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Uncertain partners as the place of their second reading, none of which is a capital."""
        printed = self.evidence.agreements(Choices())
        names = rows["agreement_id"].map({row.agreement_id: row.name for row in printed})
        second = self.read("reference/second_readings").set_index("listed_as")
        uncertain = names.isin(second.index)
        columns = ["country_code", "latitude", "longitude"]
        rows = rows.copy()
        for column in columns:
            rows.loc[uncertain, column] = names[uncertain].map(second[column])
        rows.loc[uncertain, "place_id"] = names[uncertain]
        rows.loc[uncertain, "capital"] = False
        return rows

    # Hypothesis 2 ---------------------------------------------------------------------------------

    def _ratio(self, name: str, noted: Noted) -> Result:
        # A municipality's own list has the ties with Northern Cyprus, whatever one calls it.
        listed = (noted["sofya"], "true", noted["last_year"])
        rules = ("election_year", "government_source", "switches")
        rows = self._panel(listed, *(noted[choice] for choice in rules))
        years = [int(year) for year in noted["window"].split("-")]
        rows = panel.districts(rows, *years)
        ratio = RATIOS[name](rows, panel.ALIGNMENTS[noted["alignment"]])
        return Result(None, _rounded(ratio), None if np.isnan(ratio) else bool(ratio > 1))

    def _panel(self, listed: tuple, election_year, government_source, switches) -> pd.DataFrame:
        given = sources(self.read, self._listed(*listed), government_source, switches == "true")
        return panel.build(*given, election_year=election_year)


def sources(
    read: Callable[[str], pd.DataFrame], agreements: pd.DataFrame, governments: str, switches: bool
) -> tuple:
    """What `panel.build` takes: elections, agreements, governments, party successions and switches.

    read: gives a table by its name. governments: reference or article. switches: whether a mayor has the
    party documented for the day; if not, that of the election.
    """
    if governments == "reference":
        in_office = panel.in_office(read("reference/governments"))
    else:
        in_office = panel.printed(read("processed/governments_printed"))
    moves = read("reference/party_switches") if switches else None
    succeeded = read("reference/party_successions")
    return read("processed/elections"), agreements, in_office, succeeded, moves


def _plain(text: str) -> bool | int | str | None:
    """A value of choices.csv as `claims.Choices` takes it."""
    words = {"true": True, "false": False, "as_defined": None}
    return int(text) if text.isdecimal() else words.get(text, text)


def _rounded(value: float) -> float | None:
    return round(float(value), DIGITS) if np.isfinite(value) else None
