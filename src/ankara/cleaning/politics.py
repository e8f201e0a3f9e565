"""Tables 7 to 11 of the article: who was elected, whom the article shows in government; the panel."""

import pandas as pd

from ankara.cleaning import sources
from diplolib import panel
from nbproof import tables
from nbproof.study import Study, StudyError, hint

METROPOLITAN, DISTRICTS = "raw/article/table-08", "raw/article/table-09"
FIRST_PARTIES, COALITIONS = "raw/article/table-07", "raw/article/table-11"
# Table 7 names one party an election. Of these the article says that they held power (Table 10; lines
# 1303 and 1515 of the source text), of the others only that they had most votes: who else sat in
# the government of 1991 to 1995 stands nowhere in it.
HELD_POWER = {1983, 1987, 2002, 2007, 2011, 2015, 2018}
# The prose names the whole coalition that followed this election (lines 1388 to 1391).
IN_PROSE = {1999: "DSP;MHP;ANAP"}
# Table 11 prints the governments that followed this election; its first party led only one of them.
IN_TABLE_11 = 1995
LAST_YEAR = 2021  # of the article's lists
# The curated tables that name parties, and where; several stand in one cell, joined by ";".
PARTIES = {
    "reference/governments": ["parties", "leading_party"],
    "reference/party_successions": ["party", "successor"],
    "reference/party_switches": ["from_party", "to_party"],
}


def clean_elections(study: Study) -> pd.DataFrame:
    """level, municipality, year, party, source: one row a local election as printed.

    party is missing where a dash is printed. The district results start in 1989.
    """
    parts = [
        sources.read(study, METROPOLITAN).assign(level="metropolitan", municipality="Ankara"),
        sources.read(study, DISTRICTS).assign(level="district"),
    ]
    elections = pd.concat(parts, ignore_index=True)
    elections["party"] = elections["party"].mask(elections["party"] == "-")
    return elections[["level", "municipality", "year", "party", "source"]]


def clean_printed_governments(study: Study) -> pd.DataFrame:
    """year_from, year_to, leading_party, parties, whole, source: Tables 7 and 11 as governments, with
    the partners that the prose names.

    One row a printed party or coalition; the first one named leads. Years only: in a year of change
    both the old and the new one stand, since no table gives a day. whole says whether the article
    shows that no other party sat in it.
    """
    first = sources.read(study, FIRST_PARTIES)
    first = first.assign(
        year_from=first["year"],
        year_to=first["year"].shift(-1, fill_value=LAST_YEAR),
        parties=first["year"].map(IN_PROSE).fillna(first["party"]),
        whole=first["year"].isin(HELD_POWER | IN_PROSE.keys()),
    )
    later = sources.read(study, COALITIONS)
    later = later[later["level"] == "national"]
    years = later["period"].str.split("-")
    later = later.assign(
        year_from=years.str[0].astype("int64"),
        year_to=years.str[-1].astype("int64"),
        parties=later["parties"].str.replace("-", ";"),
        whole=True,
    )
    spells = pd.concat([first[first["year"] != IN_TABLE_11], later], ignore_index=True)
    spells["leading_party"] = spells["parties"].str.split(";").str[0]
    spells = spells.sort_values(["year_from", "year_to"], kind="stable", ignore_index=True)
    return spells[["year_from", "year_to", "leading_party", "parties", "whole", "source"]]


def clean_panel(study: Study, elections: pd.DataFrame, agreements: pd.DataFrame) -> pd.DataFrame:
    """The panel of `panel.build` with the default choices.

    An election year belongs to the mayor who comes in, governments are those of
    reference/governments, and a mayor has the party that is documented for the day: that of the
    election, what it became, or the one switched to. Raises StudyError for a year without a government,
    and for a party that reference/parties does not know.
    """
    known = set(tables.read(study, "reference/parties")["party"])
    check_parties(elections, ["party"], known)
    for table, columns in PARTIES.items():
        check_parties(sources.with_source(tables.read(study, table), table), columns, known)
    governments = panel.in_office(tables.read(study, "reference/governments"))
    successions = tables.read(study, "reference/party_successions")
    switches = tables.read(study, "reference/party_switches")
    built = panel.build(elections, agreements, governments, successions, switches)
    lost = sorted(set(built["year"]) - set(governments["year"]))
    if lost:
        raise StudyError(
            f"data/reference/governments.csv: no government on 1 July of {', '.join(map(str, lost))}. "
            "Add the one that was in office."
        )
    return built


def check_parties(named: pd.DataFrame, columns: list[str], known: set[str]) -> None:
    """Raise StudyError for a party in one of `columns` that is not `known`; each row has its source."""
    for column in columns:
        cells = named.set_index("source")[column].dropna().str.split(";").explode()
        for source, party in cells[~cells.isin(known)].head(1).items():
            raise StudyError(
                f"{source}, column {column}: no party {party!r} in data/reference/parties.csv."
                f"{hint(party, known)} Correct the cell, or add the party there."
            )
