"""What claims are recomputed from: the tables as rows, under stated choices."""

import dataclasses
from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ankara.claims.found import Found, refs, some
from ankara.cleaning import districts, metropolitan
from ankara.cleaning.sources import CORRECTIONS, corrected, with_source
from diplolib import places, regions
from nbproof import tables
from nbproof.study import Study, StudyError


@dataclass(frozen=True)
class Choices:
    """What a count may turn on; `Choices()` is every definition as `claims.csv` writes it.

    region_scheme: a column of `reference/regions.csv`.
    sofya: count the listed agreement that the prose reports as cancelled (Sofya 1992).
    northern_cyprus: count partners in Northern Cyprus.
    last_year: no agreement after it counts; None: 2020 where the sentence says so, else no limit.
    level: all, metropolitan or district where the sentence leaves it open; None: as the definition.
    distinct: count partner places instead of agreements.
    republics: Russian republics that Table 4 prints as countries are countries, their capitals
    capitals; None: as the definition.
    neighbours: strict (land and sea), land or wide, as in `reference/neighbours.csv`.
    ports: sea ports in the municipality, in the agglomeration too, or river ports as well.
    election_year: whose an election year is, the incoming or the outgoing party's.
    min_confidence: partners identified less surely count as unidentified.
    second_readings: uncertain partners take the country of their second reading; where they count as
    unidentified, they have none.
    """

    region_scheme: str = "article_inferred"
    sofya: bool = True
    northern_cyprus: bool = True
    last_year: int | None = None
    level: str | None = None
    distinct: bool = False
    republics: bool | None = None
    neighbours: str = "strict"
    ports: str = "municipality"
    election_year: str = "incoming"
    min_confidence: str = "none"
    second_readings: bool = False

    def __post_init__(self):
        for name, allowed in ALLOWED.items():
            value = getattr(self, name)
            if value not in allowed:
                raise StudyError(
                    f"choice {name}={value!r}: expected one of {', '.join(map(str, allowed))}."
                )

    def but(self, **changes) -> "Choices":
        """The same choices with some changed."""
        return dataclasses.replace(self, **changes)


ALLOWED = {
    "level": (None, "all", "metropolitan", "district"),
    "neighbours": ("strict", "land", "wide"),
    "ports": ("municipality", "agglomeration", "river"),
    "election_year": ("incoming", "outgoing"),
    "min_confidence": places.CONFIDENCE,
}


class Evidence:
    """The study's tables, each read once.

    given: processed tables that are not written yet, by their names in `data/processed/`.
    """

    def __init__(self, study: Study, given: Mapping[str, pd.DataFrame] | None = None):
        self.study = study
        self._frames = {f"processed/{name}": frame for name, frame in (given or {}).items()}
        self._rows: dict = {}

    def table(self, name: str) -> list:
        """The rows of `name` (such as "raw/article/table-02") as named tuples; unknown is None.

        Each has `ref`: an agreement's identifier, else the source row, else this table's own row.
        """
        if name not in self._rows:
            self._rows[name] = _tuples(_with_ref(self.frame(name), name))
        return self._rows[name]

    def article(self, name: str) -> list:
        """The rows of one table of the article, as printed."""
        return self.table(f"raw/article/{name}")

    def agreements(self, choices: Choices, **wanted) -> list:
        """The agreements that the choices let count and whose columns are as `wanted`.

        A wanted value may be several (a tuple, set or range); "all" asks for nothing. Beside the
        table's columns each row has `region` (under the chosen scheme) and `name` (the partner's
        printed name without misprints).
        """
        key = choices.but(**UNFILTERED)
        if key not in self._rows:
            self._rows[key] = _tuples(self._chosen(key))
        return some(self._rows[key], **wanted)

    def regions(self, choices: Choices) -> dict[str, str]:
        """The region of each country code under the chosen scheme."""
        codes = self.frame("reference/regions")["country_code"]
        found = regions.assign(codes, choices.region_scheme, self.frame("reference/regions"))
        return dict(zip(codes, found, strict=True))

    def degree(self, word: str, part: float, whole: float = 1) -> bool:
        """Whether a part of a whole reaches the threshold that the codebook sets for a word of degree."""
        (rule,) = some(self.table("reference/claim_codebook"), part="degree", code=word)
        if rule.at_least is None:
            return part > rule.more_than * whole
        return part >= rule.at_least * whole

    def share(self, part: list, whole: list, word: str = "mostly") -> Found:
        """ "53/60", and whether the part is as much of the whole as the word of degree says."""
        holds = self.degree(word, len(part), len(whole))
        return Found(f"{len(part)}/{len(whole)}", refs(part), holds)

    def frame(self, name: str) -> pd.DataFrame:
        """The table `name`; one of the sources as corrected."""
        if name not in self._frames:
            frame = tables.read(self.study, name)
            if name.startswith("raw/"):
                frame = corrected(frame, self.frame(CORRECTIONS), name)
            self._frames[name] = frame
        return self._frames[name]

    def _chosen(self, choices: Choices) -> pd.DataFrame:
        frame = _with_ref(self.frame("processed/agreements"), "processed/agreements")
        # The article's statements are about what it prints, not about what was added since.
        frame = frame[frame["source"].str.startswith("data/raw/")].copy()
        frame["name"] = self._names(frame)
        if choices.second_readings:
            second = self.frame("reference/second_readings")
            codes = frame["name"].map(second.set_index("listed_as")["country_code"])
            frame["country_code"] = codes.fillna(frame["country_code"])
        unsure = ~places.at_least(frame["confidence"], choices.min_confidence)
        frame.loc[unsure, ["country_code", "capital"]] = pd.NA
        frame["region"] = regions.assign(
            frame["country_code"], choices.region_scheme, self.frame("reference/regions")
        )
        if not choices.sofya:
            frame = frame[frame["status"] == "listed"]
        if not choices.northern_cyprus:
            frame = frame[frame["country_code"].ne("XN").fillna(True)]
        if choices.last_year is not None:
            frame = frame[frame["year"] <= choices.last_year]
        return frame

    def _names(self, frame: pd.DataFrame) -> pd.Series:
        corrections = self.frame(CORRECTIONS)
        printed, city = frame["partner_printed"], frame["level"] == "metropolitan"
        lines = frame["source"].str.rpartition(":")[2].astype("int64")
        return places.correct(printed, corrections, metropolitan.TABLE, "city", lines).where(
            city, places.correct(printed, corrections, districts.TABLE, "partner", lines)
        )


AS_DEFINED = Choices()

# Choices that leave no row out: the agreements are the same under each of them.
_OTHERS = ("level", "distinct", "republics", "neighbours", "ports", "election_year")
UNFILTERED = {name: getattr(AS_DEFINED, name) for name in _OTHERS}


def _with_ref(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if name == "processed/agreements":
        return frame.assign(ref=frame["agreement_id"])
    if "source" in frame:
        return frame.assign(ref=frame["source"])
    return with_source(frame, name).rename(columns={"source": "ref"})


def _tuples(frame: pd.DataFrame) -> list:
    # `from` is a word of Python's own and would lose its name in a named tuple.
    frame = frame.rename(columns={"from": "since", "to": "until"})
    columns = [frame[name].to_numpy(dtype=object, na_value=None) for name in frame]
    return list(
        map(namedtuple("Row", frame.columns, rename=True)._make, zip(*columns, strict=True))
    )
