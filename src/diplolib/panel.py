"""Municipality × year: who governed, whether that party was in the national government, how many
agreements.

The unit is the year, since agreements are listed by year. A year is described by its middle, 1 July:
the government in office and the mayor's party on that day. Unknown stays unknown, and where sources
leave several readings open, alignment is known only if all of them agree.
"""

import itertools
from typing import Any

import pandas as pd
from pandas.api.typing import NAType

from nbproof import references
from nbproof.study import StudyError

ELECTION_YEARS = ("incoming", "outgoing", "half")
ALIGNMENTS = {"leads": "aligned_leads", "sits": "aligned_sits"}
KEY = ["level", "municipality", "year", "term"]
SPELL = ["level", "municipality", "term"]
COLUMNS = [
    *KEY, "exposure", "party", "leading_party", "government_parties", *ALIGNMENTS.values(),
    "agreements", "source",
]  # fmt: skip


def build(
    elections: pd.DataFrame,
    agreements: pd.DataFrame,
    governments: pd.DataFrame,
    successions: pd.DataFrame,
    switches: pd.DataFrame | None = None,
    *,
    election_year: str = "incoming",
) -> pd.DataFrame:
    """Build the panel: one row a municipality and year, or two in an election year that is halved.

    A level's years run from its first election to its last agreement.

    Parameters
    ----------
    elections : pandas.DataFrame
        level, municipality (text), year (integer), party (text; missing where unknown), source (text).
    agreements : pandas.DataFrame
        level, municipality (text), year (integer), perhaps source (text). Those outside a level's years
        are left out, and added ones after the last government.
    governments : pandas.DataFrame
        One row a year and reading, from `in_office` or `printed`.
    successions : pandas.DataFrame
        Parties that another one followed: party, successor (text), date (ISO day).
    switches : pandas.DataFrame, optional
        Mayors who changed party in office: level, municipality, from_party, to_party (text), date,
        not_before, not_after (ISO days; date may be a year or month). None leaves each mayor with the
        party of the election.
    election_year : {"incoming", "outgoing", "half"}
        Whose an election year is. `half` splits it, its agreements too, since nothing tells on which side
        they fall.

    Returns
    -------
    pandas.DataFrame
        COLUMNS: term (the year of the election it began with), exposure (years: 1 or 0.5), party,
        leading_party, government_parties (joined by ";"; missing where not all are known), aligned_leads
        and aligned_sits (boolean: the mayor's party leads the government, or sits in it), agreements (a
        count; may end in .5 if halved) and source (of the election).

    Raises
    ------
    StudyError
        For an unknown rule, an election listed twice, an agreement without an elected municipality, or a
        switch that does not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> elections = pd.DataFrame(
    ...     {
    ...         "level": "district",
    ...         "municipality": "Northtown",
    ...         "year": [2000, 2002],
    ...         "party": ["X", "Y"],
    ...         "source": ["elections.csv:2", "elections.csv:3"],
    ...     }
    ... )
    >>> agreements = pd.DataFrame(
    ...     {"level": "district", "municipality": "Northtown", "year": [2000, 2003, 2003]}
    ... )
    >>> governments = pd.DataFrame(
    ...     {
    ...         "start": ["1999-01-01", "2001-01-01"],
    ...         "end": ["2001-01-01", "2005-01-01"],
    ...         "leading_party": ["X", "Z"],
    ...         "parties": ["X", "Z;Y"],
    ...     }
    ... )
    >>> successions = pd.DataFrame(columns=["party", "successor", "date"])
    >>> years = panel.build(elections, agreements, panel.in_office(governments), successions)
    >>> years[["year", "term", "party", "aligned_leads", "aligned_sits", "agreements"]]
       year  term party  aligned_leads  aligned_sits  agreements
    0  2000  2000     X           True          True           1
    1  2001  2000     X          False         False           0
    2  2002  2002     Y          False          True           0
    3  2003  2002     Y          False          True           2
    """
    if election_year not in ELECTION_YEARS:
        raise StudyError(f"election_year={election_year!r}: one of {', '.join(ELECTION_YEARS)}.")
    if "source" in agreements:
        # What a study adds may be of a year that its governments and elections do not reach.
        added = agreements["source"].str.startswith("data/additions/")
        agreements = agreements[~added | (agreements["year"] <= governments["year"].max())]
    listed = agreements.groupby(KEY[:3]).size().rename("agreements")
    rows = _years(elections, listed, election_year)
    readings = _parties(rows, elections, successions, switches)
    panel = rows.join(_settled(readings.merge(governments, "left", "year")))
    panel = panel.join(listed, on=KEY[:3])
    panel["agreements"] = panel["agreements"].fillna(0) * panel["exposure"]
    if election_year != "half":
        panel = panel.astype({"exposure": "int64", "agreements": "int64"})
    return panel[COLUMNS]


def in_office(governments: pd.DataFrame) -> pd.DataFrame:
    """Find the government on 1 July of each year.

    Parameters
    ----------
    governments : pandas.DataFrame
        Dated spells: start and end (ISO days; the end belongs to the next spell), leading_party, parties
        (text, joined by ";"), perhaps source.

    Returns
    -------
    pandas.DataFrame
        year (integer), leading_party, parties, whole (True: no party is left out) and, if the spells have
        one, source.

    Raises
    ------
    StudyError
        Where two spells overlap or leave days between them.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> spells = pd.DataFrame(
    ...     {
    ...         "start": ["1999-01-01", "2000-11-03"],
    ...         "end": ["2000-11-03", "2002-01-01"],
    ...         "leading_party": ["X", "Y"],
    ...         "parties": ["X;Z", "Y"],
    ...     }
    ... )
    >>> panel.in_office(spells)
       year leading_party parties  whole
    0  1999             X     X;Z   True
    1  2000             X     X;Z   True
    2  2001             Y       Y   True
    """
    spells = governments.sort_values("start", kind="stable")
    rows: list[Any] = list(spells.itertuples())
    for before, after in itertools.pairwise(rows):
        if before.end != after.start:
            fault = "overlaps with" if before.end > after.start else "leaves a gap before"
            raise StudyError(
                f"governments: the spell {before.start} to {before.end} {fault} the one from "
                f"{after.start}. Each must begin on the day on which the one before it ends."
            )
    years = range(int(spells["start"].min()[:4]), int(spells["end"].max()[:4]) + 1)
    july = [
        (year, spell.Index)
        for year in years
        for spell in rows
        if spell.start <= f"{year}-07-01" < spell.end
    ]
    found = pd.DataFrame(july, columns=["year", "spell"])
    return found.join(spells.assign(whole=True), on="spell")[_columns(spells)]


def printed(governments: pd.DataFrame) -> pd.DataFrame:
    """List every government that a source names for a year.

    Parameters
    ----------
    governments : pandas.DataFrame
        Spells of whole years: year_from, year_to (integer, both included), leading_party, parties (text,
        joined by ";"), whole (boolean; False: the source names the first party only), perhaps source.

    Returns
    -------
    pandas.DataFrame
        The columns of `in_office`, with several rows for a year in which the source names several
        governments without a date, and none where it names none.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> spells = pd.DataFrame(
    ...     {
    ...         "year_from": [1999, 2000],
    ...         "year_to": [2000, 2000],
    ...         "leading_party": ["X", "Y"],
    ...         "parties": ["X;Z", "Y"],
    ...         "whole": [True, False],
    ...     }
    ... )
    >>> panel.printed(spells)
       year leading_party parties  whole
    0  1999             X     X;Z   True
    0  2000             X     X;Z   True
    1  2000             Y       Y  False
    """
    years: list[Any] = [
        range(first, last + 1)
        for first, last in zip(governments["year_from"], governments["year_to"], strict=True)
    ]
    spells = governments.assign(year=years).explode("year").astype({"year": "int64"})
    return spells[_columns(spells)].drop_duplicates()


def with_rows(
    panel: pd.DataFrame,
    elections: pd.DataFrame,
    agreements: pd.DataFrame,
    governments: pd.DataFrame,
    successions: pd.DataFrame,
    switches: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add to a panel what stands behind each row.

    Parameters
    ----------
    panel : pandas.DataFrame
        As `build` returns it.
    elections, agreements, governments, successions, switches : pandas.DataFrame
        The tables that it was built from; agreements with agreement_id, governments, successions and
        switches with source.

    Returns
    -------
    pandas.DataFrame
        `panel` with party_rows (the election, and how another party came of it), government_rows (every
        government that the year may have had) and agreement_rows: references joined by ";". A halved
        year's agreements stand behind both halves.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> elections = pd.DataFrame(
    ...     {
    ...         "level": "district", "municipality": "Northtown", "year": [2000], "party": ["X"],
    ...         "source": ["elections.csv:2"],
    ...     }
    ... )
    >>> agreements = pd.DataFrame(
    ...     {
    ...         "agreement_id": ["A1", "A2"], "level": "district", "municipality": "Northtown",
    ...         "year": [2000, 2000],
    ...     }
    ... )
    >>> governments = pd.DataFrame(
    ...     {
    ...         "year": [2000], "leading_party": ["X"], "parties": ["X"], "whole": [True],
    ...         "source": ["governments.csv:2"],
    ...     }
    ... )
    >>> successions = pd.DataFrame(columns=["party", "successor", "date", "source"])
    >>> tables = elections, agreements, governments, successions
    >>> rows = panel.with_rows(panel.build(*tables), *tables)
    >>> rows[["party_rows", "government_rows", "agreement_rows"]].to_dict("list")
    {'party_rows': ['elections.csv:2'], 'government_rows': ['governments.csv:2'], 'agreement_rows': ['A1;A2']}
    """
    listed = references.counted(agreements, KEY[:3], "listed", "agreement_id").set_index(KEY[:3])[
        "rows"
    ]
    in_power = governments.groupby("year")["source"].agg(references.joined)
    return panel.assign(
        party_rows=references.several(
            panel["source"], *_became(panel, elections, successions, switches)
        ),
        government_rows=panel["year"].map(in_power),
        agreement_rows=panel[KEY[:3]].join(listed, on=KEY[:3])["rows"],
    )


def districts(panel: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Take the districts' rows of some years.

    Parameters
    ----------
    panel : pandas.DataFrame
        As `build` returns it, with level (text) and year (integer).
    first, last : int
        The first and the last year, both included.

    Returns
    -------
    pandas.DataFrame
        The rows of districts in these years, in their order.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> rows = pd.DataFrame({"level": ["metropolitan", "district"], "year": [2004, 2004]})
    >>> panel.districts(rows, 2003, 2020)["level"].tolist()
    ['district']
    """
    return panel[(panel["level"] == "district") & panel["year"].between(first, last)]


def rows_behind(panel: pd.DataFrame) -> str | NAType:
    """Join all references of some rows of a panel in one cell.

    Parameters
    ----------
    panel : pandas.DataFrame
        Rows of `with_rows`: agreement_rows, party_rows, government_rows (text).

    Returns
    -------
    str or pandas.NA
        The references joined by ";", each once: agreements, then parties, then governments. Missing
        where there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from diplolib import panel
    >>> rows = pd.DataFrame(
    ...     {
    ...         "party_rows": ["elections.csv:2", "elections.csv:2"],
    ...         "government_rows": ["governments.csv:2", "governments.csv:3"],
    ...         "agreement_rows": ["A1;A2", None],
    ...     }
    ... )
    >>> panel.rows_behind(rows)
    'A1;A2;elections.csv:2;governments.csv:2;governments.csv:3'
    """
    return references.joined(
        pd.concat([panel[name] for name in ("agreement_rows", "party_rows", "government_rows")])
        .reset_index(drop=True)
    )  # fmt: skip


def _became(
    panel: pd.DataFrame,
    elections: pd.DataFrame,
    successions: pd.DataFrame,
    switches: pd.DataFrame | None,
) -> list[pd.Series]:
    """The successions one after another, and the switch, that lead from the party elected to the other."""
    party = panel["source"].map(elections.set_index("source")["party"])
    other = party.notna() & panel["party"].notna() & (party != panel["party"])
    cells = []
    if switches is not None:
        key = [*KEY[:2], "to_party"]
        into = switches.groupby(key)["source"].agg(references.joined).rename("switch")
        of_row = panel[[*KEY[:2], "party"]].join(into, on=[*KEY[:2], "party"])["switch"]
        cells.append(of_row.where(other))
    following = successions.drop_duplicates("party", keep=False).set_index("party")
    for _ in following.index:
        moved = other & (party != panel["party"]) & party.isin(following.index)
        cells.append(party.map(following["source"]).where(moved))
        party = party.map(following["successor"]).where(moved, party)
    return cells


def _columns(spells: pd.DataFrame) -> list[str]:
    columns = ["year", "leading_party", "parties", "whole"]
    return [*columns, "source"] if "source" in spells else columns


def _years(elections: pd.DataFrame, listed: pd.Series, election_year: str) -> pd.DataFrame:
    """Each municipality's years with term and exposure; term is missing before its first election."""
    twice = elections[elections.duplicated(KEY[:3])]
    if len(twice):
        row = twice.iloc[0]
        raise StudyError(f"elections: {row['municipality']} {row['year']} is listed twice.")
    places = elections[KEY[:2]].drop_duplicates(ignore_index=True)
    unknown = pd.MultiIndex.from_frame(listed.reset_index()[KEY[:2]])
    unknown = unknown.difference(pd.MultiIndex.from_frame(places))
    if len(unknown):
        level, municipality = unknown[0]
        raise StudyError(
            f"agreements: {municipality!r} ({level}) has no election. Is its name spelt as in the "
            "list of elections?"
        )
    first = elections.groupby("level")["year"].min()
    last = listed.index.to_frame(index=False).groupby("level")["year"].max()
    reached = [range(first[level], last.get(level, 0) + 1) for level in first.index]
    spans = pd.DataFrame({"level": first.index, "year": reached}).explode("year").dropna()
    years = places.assign(place=places.index).merge(spans.astype({"year": "int64"}), on="level")
    held = elections[[*KEY[:3], "source"]].assign(term=elections["year"])
    years = years.merge(held[KEY], on=KEY[:3], how="left").astype({"term": "Int64"})
    elected = years["term"].notna()
    years["term"] = years.groupby("place")["term"].ffill()
    # What the year of an election gives to the mayor who leaves; the rest is the next one's.
    outgoing = {"incoming": 0.0, "outgoing": 1.0, "half": 0.5}[election_year]
    before = years.assign(term=years.groupby("place")["term"].shift(), exposure=outgoing)
    years["exposure"] = (1 - outgoing * elected).astype("float64")
    rows = pd.concat([before[elected], years])
    rows = rows[rows["exposure"] > 0].sort_values(["place", "year"], kind="stable")
    return rows.merge(held.drop(columns="year"), on=[*KEY[:2], "term"], how="left")


def _parties(
    rows: pd.DataFrame,
    elections: pd.DataFrame,
    successions: pd.DataFrame,
    switches: pd.DataFrame | None,
) -> pd.DataFrame:
    """row, year, party: once with every undated switch as early, once as late as it can have been."""
    moves = _moves(elections, switches)
    single = successions.drop_duplicates("party", keep=False)
    dated = zip(single["date"], single["successor"], strict=True)
    following = dict(zip(single["party"], dated, strict=True))
    held = elections.rename(columns={"year": "term"})[[*SPELL, "party"]]
    rows = rows[KEY].merge(held, on=SPELL, how="left")
    # Alike are all rows of one party, term and year, but for the mayors who switched: each alone.
    spells = pd.DataFrame(list(moves), columns=SPELL).astype(rows[SPELL].dtypes)
    rows = rows.merge(spells.assign(moved=spells.index), on=SPELL, how="left")
    alike = rows.groupby(["party", "term", "year", "moved"], sort=False, dropna=False).ngroup()
    readings = []
    cases = rows[~alike.duplicated()]
    for index, level, municipality, year, term, elected, _ in cases.itertuples():
        spell = (level, municipality, term)
        for early in (True, False):
            party = elected
            if pd.notna(party):
                party = _on_the_day(party, spell, year, moves.get(spell, []), following, early)
            readings.append((alike[index], party))
    parties = pd.DataFrame(readings, columns=["case", "party"]).drop_duplicates()
    found = pd.DataFrame({"row": rows.index, "year": rows["year"], "case": alike})
    return found.merge(parties, on="case")[["row", "year", "party"]]


def _moves(elections: pd.DataFrame, switches: pd.DataFrame | None) -> dict[tuple, list[tuple]]:
    """(level, municipality, term) → (first possible day, last possible day, from, to) in order."""
    moves: dict[tuple, list[tuple]] = {}
    if switches is not None:
        held = elections.groupby(["level", "municipality"])["year"].agg(list)
        row: Any
        for row in switches.sort_values("not_before", kind="stable").itertuples():
            place = (row.level, row.municipality)
            first, last = row.not_before, row.not_after
            terms = [year for year in held.get(place, []) if year <= int(first[:4])]
            if not terms:
                raise StudyError(f"switches: {row.municipality}, {first}: no election before it.")
            # A date that gives a year or month only, such as 2001 or 2011-01, narrows the bounds.
            if pd.notna(row.date):
                ended = row.date + "-12-31"[len(row.date) - 4 :]
                first, last = max(first, row.date), min(last, ended)
            moves.setdefault((*place, max(terms)), []).append(
                (first, last, row.from_party, row.to_party)
            )
    return moves


def _on_the_day(
    party: str, spell: tuple, year: int, moves: list[tuple], following: dict, early: bool
) -> str:
    """The party on 1 July of a mayor elected for `party`.

    Where one party alone followed by merger, renaming or closure, a mayor in office went with it. A
    party with two successors is followed to neither: only a documented switch shows the way.
    """
    day, since = f"{year}-07-01", f"{spell[-1]}-01-01"

    def succeed(party: str, until: str) -> str:
        while party in following and since <= following[party][0] <= until:
            party = following[party][1]
        return party

    for first, last, left, joined in moves:
        moved = first if early else last
        if moved > day:
            break
        party = succeed(party, moved)
        if party not in (left, joined):
            raise StudyError(
                f"switches: {spell[1]} from {left} to {joined} between {first} and {last}; the "
                f"mayor's party then is {party} by the elections and the switches before."
            )
        party, since = joined, moved
    return succeed(party, day)


def _settled(readings: pd.DataFrame) -> pd.DataFrame:
    """Party, government and alignment of each row: what all its readings agree on."""
    known = readings["party"].notna() & readings["leading_party"].notna()
    leads = (readings["party"] == readings["leading_party"]).astype("boolean")
    among = readings[["party", "parties"]].drop_duplicates().dropna()
    among = among.assign(sits=[party in many.split(";") for party, many in among.itertuples(False)])
    sits = (
        readings[["party", "parties"]].merge(among, how="left")["sits"].eq(True).astype("boolean")
    )
    whole = readings["whole"].eq(True)
    settled = readings[["row", "party", "leading_party"]].assign(
        government_parties=readings["parties"].where(whole),
        aligned_leads=leads.where(known),
        # Not among the parties that are named says something only if all are named.
        aligned_sits=sits.where(known & (sits | whole)),
    )
    by_row = settled.groupby("row")
    return by_row.first().where(by_row.nunique(dropna=False).eq(1))
