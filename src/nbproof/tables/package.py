"""The data packages of a folder of tables that a program writes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nbproof.files import write_bytes
from nbproof.study import Study, StudyError
from nbproof.tables.csvfile import as_csv, distinct

Titles = Mapping[str, Mapping[str, str]]  # title and title_tr of each folder


def resource(name: str, fields: Mapping[str, tuple[str, Mapping[str, Any]]], **about: Any) -> dict:
    """The declaration of a table: each field with its type and rules."""
    schema = [
        {"name": field, "type": kind, "title": field, "title_tr": field, "constraints": dict(rules)}
        for field, (kind, rules) in fields.items()
    ]
    one = {"name": name, "path": f"{name}.csv", "title": name, "title_tr": name, **about}
    return one | {"schema": {"fields": schema, "missingValues": [""]}}


def declare(study: Study, folder: str, titles: Titles, resources: list[dict]) -> None:
    """Write the data package of a folder."""
    package = {"name": folder.replace("/", "-"), **titles[folder], "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    write_bytes(study.data / folder / "datapackage.json", text.encode())


def keep(
    study: Study, folder: str, titles: Titles, name: str, table: pd.DataFrame, more: Iterable[dict] = ()
) -> None:  # fmt: skip
    """Write a source's table of text with its checksum."""
    data = as_csv(table, distinct(table))
    fields: dict[str, tuple[str, dict]] = {str(name): ("string", {}) for name in table}
    declare(study, folder, titles, [resource(name, fields, **checksum(data)), *more])
    write_bytes(study.data / folder / f"{name}.csv", data)


def checksum(data: bytes) -> dict[str, Any]:
    """What a data package says of a file's bytes."""
    return {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}


def seal(study: Study, write: bool = True) -> list[str]:
    """The tables that are not as their package says; with `write` it says so from then on.

    Raises StudyError for a package that is none, and for a table that is missing or not the study's.
    """
    said = []
    for path in sorted(study.data.rglob("datapackage.json")):
        place, edited = study.name(path), []
        try:
            package = json.loads(path.read_bytes())
            for one in (each for each in package["resources"] if "hash" in each):
                name = study.name(path.parent / one["path"])
                if not study.holds(name):
                    raise StudyError(
                        f"{place}: {one['path']} is no file of this study. Restore it."
                    )
                found = checksum((study.root / name).read_bytes())
                if one["hash"] != found["hash"]:
                    edited.append(f"{name}: {found['bytes']:,} bytes, {one['bytes']:,} before")
                    one.update(found)
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
            why = f"{type(error).__name__}: {error}"
            raise StudyError(f"{place}: not a data package ({why}). Restore the file.") from error
        if edited and write:
            text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
            write_bytes(path, text.encode())
        said += edited
    return said
