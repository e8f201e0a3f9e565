"""The data dictionary: every table and column, as its data package declares it."""

import json
from pathlib import Path

from nbproof.study import Study


def packages(study: Study) -> dict[str, dict]:
    """Every data package of the study by its folder: "processed", "reference", "raw/article" …"""
    files = sorted(study.data.rglob("datapackage.json"), key=_order)
    return {
        file.parent.relative_to(study.data).as_posix(): json.loads(file.read_text(encoding="utf-8"))
        for file in files
    }


def anchor(folder: str, resource: dict) -> str:
    """A table's place on its package's page; Sphinx turns underscores into hyphens."""
    return f"{folder}-{resource['name']}".replace("/", "-").replace("_", "-")


def texts(study: Study) -> list[str]:
    """Every description in English, once, in the packages' order: what a translation has to cover."""
    found = []
    for package in packages(study).values():
        found.append(None if "title_tr" in package else package["title"])
        found.append(package.get("description"))
        for resource in package["resources"]:
            found.append(resource.get("description"))
            fields = resource.get("schema", {}).get("fields", [])
            found += [field.get("description") for field in fields]
    return list(dict.fromkeys(filter(None, found)))


def _order(file: Path) -> tuple:
    """What is computed first, then what is curated, then the sources."""
    folder = file.parent.name
    return (["processed", "reference"].index(folder) if folder in ("processed", "reference") else 2,
            file.as_posix())  # fmt: skip
