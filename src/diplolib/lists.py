"""Lists of partners as people keep them: which column is what, and what each cell says.

A cell may say more than one thing: `Osaka, Japan`, `Tokyo, Japan (1960)`, `Madrid (1982), revoked 2018`,
`England: Bodmin, England, United Kingdom`. What cannot be read is told, with a proposal.
"""

import datetime
import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from diplolib.gazetteer import area_codes, fold
from nbproof.sheets import Sheet

_WORDS = tomllib.loads((Path(__file__).parent / "data" / "words.toml").read_text(encoding="utf-8"))
CALLED = {name: [*map(fold, words.split())] for name, words in _WORDS["columns"].items()}
FORMS = {name: "|".join(words) for name, words in _WORDS["forms"].items()}
STATUSES = {name: "|".join(words) for name, words in _WORDS["statuses"].items()}
TOTALS = _WORDS["totals"]["words"]
YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
# Year, month, day; or day, month, year. 03/05/2010 may be either day and month: only its year is read.
DATES = (
    re.compile(
        r"(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d\d?)(?:\s?[-/.月월]\s?(?P<day>\d\d?))?[月월日일]?"
    ),
    re.compile(r"(?:(?P<day>\d\d?)\.\s?)?(?P<month>\d\d?)[-/.]\s?(?P<year>\d{4})"),
)
ENDED = re.compile(
    rf"[\s,;(\[–-]*\b(?:{STATUSES['cancelled']}|{STATUSES['dormant']})\w*[^()\[\],;]*[)\]]?",
    re.IGNORECASE,
)
SINCE = re.compile(
    r"\s*(?:[(\[][^()\[\]]*\d{4}[^()\[\]]*[)\]]"
    rf"|[,;–-]?\s*\b(?:{'|'.join(_WORDS['since']['words'])})\s+\d{{4}}"
    r"|\s[–-]\s*\d{4}$|,\s*\d{4}$|\s\d{4}$)",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """What a row says; empty where it says nothing."""

    partner: str
    country: str = ""
    year: str = ""
    municipality: str = ""
    level: str = ""
    form: str = ""
    purpose: str = ""
    source: str = ""
    status: str = "listed"
    ended: str = ""
    note: str = ""
    date: str = ""  # year-month or year-month-day, where the list says so much


def columns(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Find the header of a list, and which of its columns is what.

    Parameters
    ----------
    sheet : nbproof.sheets.Sheet
        The list as text.

    Returns
    -------
    tuple
        The row of the header, counted from 1 (0: there is none), and the number of each column that it names,
        counted from 0.

    Examples
    --------
    >>> from diplolib import lists
    >>> from nbproof.sheets import Sheet
    >>> lists.columns(Sheet("", [["Partners"], ["City", "Country", "Since"], ["Osaka", "Japan", "1960"]]))
    (2, {'partner': 0, 'country': 1, 'year': 2})
    """
    filled = [[n for n, cell in enumerate(row) if cell] for row in sheet.rows]
    if max(map(len, filled), default=0) <= 1:
        first = fold(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
        return int(_called(first) is not None), {"partner": 0}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(sheet.rows[:20], 1):
        found: dict[str, int] = {}
        for name, words in CALLED.items():
            ranks = {word: rank for rank, word in enumerate(words)}
            fit = [
                (ranks.get(fold(cell), 99 if _within(cell, words) else 999), n)
                for n, cell in enumerate(row)
                if cell and n not in found.values()
            ]
            if fit and min(fit)[0] < 999:
                found[name] = min(fit)[1]
        if "partner" in found and len(found) > len(best[1]):
            best = number, found
    return best


def _called(word: str) -> str | None:
    return next((name for name, words in CALLED.items() if word in words), None)


def _within(cell: str, words: list[str]) -> bool:
    """One of the longer names begins the cell, as in "Year of signature"."""
    return any(len(word) > 3 and fold(cell).startswith(word) for word in words)


def is_total(cells: Mapping[str, str]) -> bool:
    """Say whether a row is a total, not a partner.

    Parameters
    ----------
    cells : mapping of str to str
        A row's cells by field.

    Returns
    -------
    bool
        Whether a cell is a word such as Total.

    Examples
    --------
    >>> from diplolib import lists
    >>> lists.is_total({"partner": "Total:"}), lists.is_total({"partner": "Osaka"})
    (True, False)
    """
    return any(text.rstrip(": ").casefold() in TOTALS for text in cells.values())


def read(cells: Mapping[str, str]) -> tuple[Entry, list[tuple[str, str]]]:
    """Read what a row's cells say.

    Parameters
    ----------
    cells : mapping of str to str
        A row's cells by field, such as partner and country.

    Returns
    -------
    tuple
        The entry, and what is to be said of it: pairs of the field, and the problem with a proposal.

    Examples
    --------
    >>> from diplolib import lists
    >>> entry, said = lists.read({"partner": "Tokyo, Japan (1960), revoked 2018"})
    >>> entry.partner, entry.country, entry.year, entry.status, entry.ended
    ('Tokyo', 'Japan', '1960', 'cancelled', '2018')
    >>> said
    []
    """
    said: list[tuple[str, str]] = []
    given = {name: cells.get(name, "") for name in Entry._fields}
    text = re.sub(r"^\s*(?:[•*·–-]|\d{1,3}[.)])\s+|\[\d+\]|[*†‡]+$", "", given["partner"]).strip()
    status, ended = _status(given["status"]) if given["status"] else ("", "")
    if given["status"] and not status:
        wanted = "expected active, dormant or cancelled"
        said.append(("status", f"{given['status']!r}: {wanted}. Read as active."))
    if (found := ENDED.search(text)) and found.start():
        inside, ended_here = _status(found[0])
        status, ended = status or inside, ended or ended_here
        text = (text[: found.start()] + text[found.end() :]).strip(" ,;")
    year = _year(given["year"], said) if given["year"] else ""
    date = _date(given["year"])
    if found := SINCE.search(text):
        years = YEAR.findall(found[0])
        if years and year and years[0] != year:
            seen = f"says {years[0]}, the column of years {year}. Correct one; {year} is taken."
            said.append(("partner", seen))
        year = year or (years[0] if years else "")
        date = date or _date(found[0].strip(" ,()[]"))
        if len(years) > 1 and not status:
            status, ended = "cancelled", years[1]
        text = (text[: found.start()] + text[found.end() :]).strip(" ,;")
    partner, country = _apart(text, given["country"])
    if not partner:
        said.append(("partner", "no partner. Fill it in, or take the row out."))
    if country and not area_codes(country):
        seen = f"{country!r}: no country known by this name. Correct it, or add its code."
        said.append(("country", seen))
    if partner and not country:
        said.append(("country", f"no country for {partner!r}. Add one, or review its place."))
    kinds = (name for name, words in FORMS.items() if re.search(words, given["form"], re.I))
    form = next(kinds, "other" if given["form"] else "")
    if form == "other":
        wanted = "neither sister city nor friendship or cooperation"
        said.append(("form", f"{given['form']!r}: {wanted}. Read as other."))
    rest = {name: given[name] for name in ("municipality", "level", "purpose", "source", "note")}
    rest["date"] = date if year and date.startswith(year) else ""
    return Entry(
        partner, country, year, form=form, status=status or "listed", ended=ended, **rest
    ), said


def _apart(text: str, country: str) -> tuple[str, str]:
    """The partner and its country, where one cell holds both; a country in a column of its own wins."""
    land, colon, rest = text.partition(":")
    if colon and area_codes(land) and rest.strip():
        text, country = rest.strip(), country or land.strip()
    inner = re.search(r"\s*\(([^()]+)\)$", text)
    if inner and area_codes(inner[1]):
        text, country = text[: inner.start()], country or inner[1]
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and not country and area_codes(parts[-1]):
        country = parts.pop()
    # What says no more than the country itself
    while len(parts) > 1 and _states(parts[-1]) & _states(country):
        parts.pop()
    return ", ".join(part for part in parts if part), country.strip()


def _states(name: str) -> set[str]:
    return {code[:2] for code in area_codes(name)}


@functools.lru_cache(maxsize=1024)
def _status(text: str) -> tuple[str, str]:
    """The status that a text names, and the year with it."""
    named = next(
        (name for name, words in STATUSES.items() if re.search(rf"\b(?:{words})", text, re.I)), ""
    )
    years = YEAR.findall(text)
    return named, years[-1] if years and named != "listed" else ""


def _date(text: str) -> str:
    """The month, and the day if it is there."""
    for pattern in DATES:
        if found := pattern.fullmatch(text):
            numbers = [int(found[part]) for part in ("year", "month", "day") if found[part]]
            try:
                datetime.date(*numbers, *[1] * (3 - len(numbers)))
            except ValueError:
                continue
            return "-".join(f"{number:02}" for number in numbers)
    return ""


def _year(text: str, said: list[tuple[str, str]]) -> str:
    years = sorted(set(YEAR.findall(text)))
    if len(years) == 1:
        return years[0]
    wanted = "expected one year from 1800 to 2099"
    said.append(("year", f"{text!r}: {wanted}. Left open."))
    return ""
