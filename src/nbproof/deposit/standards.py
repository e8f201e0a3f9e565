"""Which standards the study meets: computed from the last verification and from what is there."""

from pathlib import Path

import yaml

from nbproof import citation, labels
from nbproof.deposit import metadata
from nbproof.files import toml, write_bytes
from nbproof.site.dictionary import packages
from nbproof.study import Study
from nbproof.verify import figures, report

FILE = Path(__file__).with_name("standards.toml")


def write(study: Study) -> list[Path]:
    """docs/standards.md and its translations; what they say is computed, never typed."""
    found = {
        study.root / "docs" / f"standards{'' if code == 'en' else f'.{code}'}.md": page(study, code)
        for code in labels.LANGUAGES
    }
    for path, text in found.items():
        write_bytes(path, text.encode())
    return list(found)


def page(study: Study, language: str) -> str:
    """The page in one language, as Markdown."""
    known, passed = toml(FILE, FILE.name), tests(study)
    for standard in known["standard"]:
        for item in standard["items"]:
            test = known["test"].get(item.get("test"))
            item["state"] = (
                "never" if "never" in item else "met" if passed.get(item.get("test")) else "open"
            )
            item["why"] = item[f"why_{language}"] if test is None else test[language]
            item["command"] = test and test["command"].replace("cite", f"{study.face.command} cite")
    values = {**known, "language": language, "record": report.read(study)}
    return metadata.environment().get_template("standards.md").render(values)


def tests(study: Study) -> dict[str, bool]:
    """Each test by its name: does the study pass it?"""
    record, cff = report.read(study), citation.about(study)
    found, manifest = packages(study), _manifest(study)
    resources = [(name, one) for name, package in found.items() for one in package["resources"]]
    raw = [one for name, one in resources if name.startswith("raw")]
    columns = [c for _, one in resources for c in one.get("schema", {}).get("fields", [])]
    return {
        "verified": bool(record and not record.quick and not record.narrowed and not record.failed),
        "doi": "doi" in cff,
        "licensed": all((study.root / name).is_file() for name in ("LICENSE", "LICENSE-DATA")),
        "locked": (study.root / "requirements.lock").is_file(),
        "raw": bool(raw) and all("hash" in one for one in raw),
        "described": bool(columns) and all(column.get("title") for column in columns),
        "explained": (study.root / "README.md").is_file(),
        "listed": bool(manifest.get("manifest")) and not list(figures.manifest(study)),
        "traced": (study.root / "checksums.json").is_file(),
        "cited": bool(cff.get("references")),
        "checked": all(manifest.get(key) for key in ("codechecker", "report", "certificate")),
        "orcids": bool(manifest) and all("ORCID" in one for one in manifest["paper"]["authors"]),
    }  # fmt: skip


def _manifest(study: Study) -> dict:
    file = study.root / "codecheck.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
