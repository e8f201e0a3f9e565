"""The data dictionary: every table and column, as its data package declares it."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

from nbproof.labels import Labels
from nbproof.site.markup import attributes, link, scrolling
from nbproof.study import Study


def packages(study: Study) -> dict[str, dict]:
    """Every data package of the study by its folder: "processed", "reference", "raw/article" …"""
    files = sorted(study.data.rglob("datapackage.json"), key=_order)
    return {
        file.parent.relative_to(study.data).as_posix(): json.loads(file.read_text(encoding="utf-8"))
        for file in files
    }


def page(folder: str, package: dict, words: Labels, say: Callable[[str], str]) -> str:
    """One package as Markdown: a section a table, a line a column.

    say: a description in the page's language, or the English text itself where it is untranslated.
    """
    parts = [f"# {heading(package, words, say)}", _text(package.get("description", ""), words, say)]
    for resource in package["resources"]:
        file = f"../../downloads/data/{folder}/{resource['path']}"
        parts += [
            f"({anchor(folder, resource)})=",
            f"## {title(resource, words)}",
            f'<p class="file">{link(file, resource["path"], "download")}</p>',
            _text(resource.get("description", ""), words, say),
        ]
        if "schema" in resource:
            parts.append(_fields(resource["schema"], words, say, title(resource, words)))
    return "\n\n".join(parts) + "\n"


def heading(package: dict, words: Labels, say: Callable[[str], str]) -> str:
    """A package's title in the page's language."""
    return package.get(f"title_{words.language}") or say(package["title"])


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


def _fields(schema: dict, words: Labels, say, label: str) -> str:
    head = "".join(
        f'<th scope="col">{escape(words[f"site.dictionary.{name}"])}</th>'
        for name in ("column", "title", "meaning", "type", "values")
    )
    lines = [
        f"<tr><td><code>{escape(field['name'])}</code></td><td>{escape(title(field, words))}</td>"
        f"<td>{_text(field.get('description', ''), words, say, 'span')}</td>"
        f"<td>{escape(words['site.type.' + field.get('type', 'string')])}</td>"
        f"<td>{_rules(field.get('constraints', {}), words)}</td></tr>"
        for field in schema["fields"]
    ]
    body = "\n".join(lines)
    return scrolling(
        f'<table class="dictionary"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>',
        label,
    )


def _rules(rules: dict, words: Labels) -> str:
    said = []
    if "enum" in rules:
        said.append(" ".join(f"<code>{escape(str(value))}</code>" for value in rules["enum"]))
    if "minimum" in rules or "maximum" in rules:
        ends = [str(rules.get(end, "")) for end in ("minimum", "maximum")]
        said.append(escape("–".join(ends)))
    if "pattern" in rules:
        said.append(f"<code>{escape(rules['pattern'])}</code>")
    if rules.get("required"):
        said.append(escape(words["site.dictionary.required"]))
    if rules.get("unique"):
        said.append(escape(words["site.dictionary.unique"]))
    return "; ".join(said)


def title(thing: dict, words: Labels) -> str:
    key = "title" if words.language == "en" else f"title_{words.language}"
    return thing.get(key) or thing.get("title") or thing["name"]


def _text(text: str, words: Labels, say, element: str = "p") -> str:
    if not text:
        return ""
    said = say(text)
    foreign = {"lang": "en"} if words.language != "en" and said == text else {}
    return f"<{element}{attributes(foreign)}>{escape(said)}</{element}>"


def _order(file: Path) -> tuple:
    """What is computed first, then what is curated, then the sources."""
    folder = file.parent.name
    return (["processed", "reference"].index(folder) if folder in ("processed", "reference") else 2,
            file.as_posix())  # fmt: skip
